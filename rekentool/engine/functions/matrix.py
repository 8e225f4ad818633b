"""Functions of whole matrices (MMULT, MDETERM, MINVERSE) and FREQUENCY, over all scenarios at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rekentool.engine.functions.place import as_area
from rekentool.engine.functions.registry import Unsupported, raw
from rekentool.engine.functions.sample import Faults, draw, settle, width
from rekentool.engine.vector import NUM, NUMBER, VALUE, Area, Argument, Bools, Floats, Vector, error

#: Beyond this a matrix is so close to one without an inverse that the digits of the result say nothing.
_ILL_CONDITIONED = 1e13


class _Matrix:
    """A rectangle of numbers: ``values[scenario, row, column]``, and where anything in it isn't a number."""

    def __init__(self, argument: Argument, columns: int, faults: Faults) -> None:
        area = as_area(argument)
        self.values: Floats = np.empty((columns, area.rows, area.columns))
        self.wrong: Bools = np.zeros(columns, np.bool_)
        for place, cell in enumerate(area.cells):
            faults.add_errors(cell)
            number = np.asarray(cell.kind) == NUMBER
            self.wrong |= ~number
            self.values[:, place // area.columns, place % area.columns] = np.where(number, cell.data, 0.0)


def _spread(values: Floats, faults: Faults, *refusals: tuple[Bools, float]) -> Area:
    """``values[scenario, row, column]`` as a rectangle."""
    _, rows, columns = values.shape
    cells = [settle(values[:, row, column], faults, *refusals) for row in range(rows) for column in range(columns)]
    return Area(rows, columns, cells)


@raw("MMULT", "mmult-function-40593ed7-a3cd-4b6b-b9a3-e4ad3c7245eb", 2, 2)
def mmult(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The product of two matrices; #VALUE! where they don't fit or hold anything but numbers."""
    columns = width(arguments, size)
    faults = Faults(columns)
    left, right = (_Matrix(argument, columns, faults) for argument in arguments)
    if left.values.shape[2] != right.values.shape[1]:
        return error(VALUE)
    product = np.zeros((columns, left.values.shape[1], right.values.shape[2]))
    with np.errstate(all="ignore"):
        for place in range(left.values.shape[2]):  # from first to last, as a sum is added
            product += left.values[:, :, place, np.newaxis] * right.values[:, place, np.newaxis, :]
    return _spread(product, faults, (left.wrong | right.wrong, VALUE))


@raw("MDETERM", "mdeterm-function-e7bfa857-3834-422b-b871-0ffd03717020", 1, 1)
def mdeterm(arguments: Sequence[Argument], size: int) -> Vector:
    """The determinant of a square matrix; #VALUE! of any other, or with anything but numbers."""
    columns = width(arguments, size)
    faults = Faults(columns)
    matrix = _Matrix(arguments[0], columns, faults)
    if matrix.values.shape[1] != matrix.values.shape[2]:
        return error(VALUE)
    return settle(np.linalg.det(matrix.values), faults, (matrix.wrong, VALUE))


@raw("MINVERSE", "minverse-function-11f55086-adde-4c9f-8eb9-59da2d72efc6", 1, 1)
def minverse(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The inverse of a square matrix; #NUM! where there is none, #VALUE! with anything but numbers."""
    columns = width(arguments, size)
    faults = Faults(columns)
    matrix = _Matrix(arguments[0], columns, faults)
    if matrix.values.shape[1] != matrix.values.shape[2]:
        return error(VALUE)
    singular = np.linalg.det(matrix.values) == 0
    refused = (singular | matrix.wrong)[:, np.newaxis, np.newaxis]
    usable = np.where(refused, np.eye(matrix.values.shape[1]), matrix.values)
    if (np.linalg.cond(usable) > _ILL_CONDITIONED).any():
        raise Unsupported("MINVERSE van een matrix die bijna geen inverse heeft")
    return _spread(np.linalg.inv(usable), faults, (matrix.wrong, VALUE), (singular, NUM))


@raw("FREQUENCY", "frequency-function-44e3be2b-eca0-42cd-a3f7-fd9ea898fdb9", 2, 2)
def frequency(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """How many numbers lie up to each bound, beyond the bound before it; one more cell counts those above them all."""
    columns = width(arguments, size)
    drawn = draw([arguments[0]], size)
    faults = Faults(columns)
    faults.add(drawn.faults.mask, drawn.faults.index)
    bounds = _Matrix(arguments[1], columns, faults)
    if bounds.wrong.any() and not faults.mask.all():
        raise Unsupported("FREQUENCY met een grens die geen getal is")
    limits = bounds.values.reshape(columns, -1).T
    found = []
    with np.errstate(invalid="ignore"):
        for place, limit in enumerate(limits):
            below = np.where(limits < limit, limits, -np.inf).max(axis=0)
            repeated = (limits[:place] == limit).any(axis=0)
            inside = ((drawn.values > below) & (drawn.values <= limit)).sum(axis=0)
            found.append(np.where(repeated, 0.0, inside))
        found.append((drawn.values > limits.max(axis=0)).sum(axis=0).astype(np.float64))
    counts = [np.broadcast_to(row, (columns,)) for row in found]
    return Area(len(counts), 1, [settle(row, faults) for row in counts])
