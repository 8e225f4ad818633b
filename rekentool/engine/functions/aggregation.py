"""Functions that make one number of ranges: SUM, MIN, MAX, the counts, SUMPRODUCT.

They are what a calculation workbook calls most, so each first tries a loop without masks, which holds while every cell
has one kind over all scenarios; a cell that differs, an error or an overflow sends it to the general way.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import raw
from rekentool.engine.functions.sample import Faults, added, draw, settle, width
from rekentool.engine.vector import (
    BLANK,
    EMPTY,
    ERROR,
    NUMBER,
    STRINGS,
    TEXT,
    VALUE,
    Area,
    Argument,
    Bools,
    Floats,
    Vector,
    error,
    number,
    simplify,
)


class _Uneven(Exception):
    """The arguments need masks."""


def _plain(arguments: Sequence[Argument]) -> Iterator[float | Floats]:
    """What counts, while every cell has one kind over all scenarios and none is an error; else `_Uneven`."""
    for argument in arguments:
        if isinstance(argument, Area):
            for kind, data in argument.cells:
                if not isinstance(kind, int) or kind == ERROR:
                    raise _Uneven
                if kind == NUMBER:
                    yield data
        elif argument is None:
            yield 0.0
        else:
            if not isinstance(argument.kind, int):  # a blank among them doesn't count as 0
                raise _Uneven
            kind, data = argument if argument.kind == BLANK else to_numbers(argument)
            if not isinstance(kind, int) or kind == ERROR:
                raise _Uneven
            if kind == NUMBER:
                yield data


@raw("SUM", "sum-function-043e1c7d-7726-4e80-8f32-07b23e057f89", 1)
def sum_(arguments: Sequence[Argument], size: int) -> Vector:
    """Adds the numbers, from left to right."""
    try:
        return Vector(NUMBER, _total(arguments))
    except (_Uneven, FloatingPointError):
        drawn = draw(arguments, size)
        with np.errstate(all="ignore"):
            return settle(drawn.total, drawn.faults)


def _total(arguments: Sequence[Argument]) -> float | Floats:
    total: float | Floats = 0.0
    owned = False  # whether the total is an array of our own, to add into
    with np.errstate(over="raise", invalid="raise"):
        for data in _plain(arguments):
            if isinstance(data, float) and data == 0.0:
                continue
            if isinstance(total, float):
                if isinstance(data, float):
                    total += data
                    if not math.isfinite(total):
                        raise _Uneven
                elif total == 0.0:
                    total = data
                else:
                    total, owned = total + data, True
            elif owned:
                total += data
            else:
                total, owned = total + data, True
    return total


def _extreme(choose: np.ufunc, plain: Callable[[float, float], float], nothing: float) -> Callable[..., Vector]:
    def call(arguments: Sequence[Argument], size: int) -> Vector:
        found: float | Floats | None = None
        owned = False
        try:
            for data in _plain(arguments):
                if found is None:
                    found = data
                elif isinstance(found, float) and isinstance(data, float):
                    found = plain(found, data)
                elif owned:
                    choose(found, data, out=found)
                else:
                    found, owned = choose(found, data), True
        except _Uneven:
            drawn = draw(arguments, size)
            best = choose.reduce(drawn.filled(nothing), axis=0, initial=nothing)
            return settle(np.where(best == nothing, 0.0, best), drawn.faults)
        return Vector(NUMBER, 0.0 if found is None else found)

    return call


_minimum = _extreme(np.minimum, min, math.inf)
_maximum = _extreme(np.maximum, max, -math.inf)


@raw("MIN", "min-function-61635d12-920f-4ce2-a70f-96f202dcc152", 1)
def min_(arguments: Sequence[Argument], size: int) -> Vector:
    """The smallest number; 0 where there are none."""
    return _minimum(arguments, size)


@raw("MAX", "max-function-e0012414-9ac8-4b34-9a47-73e662c08098", 1)
def max_(arguments: Sequence[Argument], size: int) -> Vector:
    """The largest number; 0 where there are none."""
    return _maximum(arguments, size)


@raw("PRODUCT", "product-function-8e6b5b24-90ee-4650-aeec-80982a0512ce", 1)
def product(arguments: Sequence[Argument], size: int) -> Vector:
    """Multiplies the numbers; 0 where there are none."""
    try:
        return Vector(NUMBER, _multiplied(arguments))
    except (_Uneven, FloatingPointError):
        drawn = draw(arguments, size)
        with np.errstate(all="ignore"):
            result = np.ones(drawn.values.shape[1])
            for row in drawn.filled(1.0):
                result *= row
            return settle(np.where(drawn.counts == 0, 0.0, result), drawn.faults)


def _multiplied(arguments: Sequence[Argument]) -> float | Floats:
    result: float | Floats | None = None
    with np.errstate(over="raise", invalid="raise"):
        for data in _plain(arguments):
            result = data if result is None else result * data
            if isinstance(result, float) and not math.isfinite(result):
                raise _Uneven
    return 0.0 if result is None else result


def _counted(arguments: Sequence[Argument], size: int, counts: Callable[[Vector, bool], bool | Bools]) -> Vector:
    """How many cells count; an argument left empty does."""
    always = 0
    sometimes: Floats | None = None
    for argument in arguments:
        if argument is None:
            always += 1
            continue
        inside = isinstance(argument, Area)
        for cell in argument.cells if isinstance(argument, Area) else (argument,):
            found = counts(cell, inside)
            if not isinstance(found, np.ndarray):
                always += bool(found)
            elif sometimes is None:
                sometimes = found.astype(np.float64)
            else:
                sometimes += found
    return number(always) if sometimes is None else simplify(NUMBER, sometimes + always)


def _counts_as_number(cell: Vector, inside: bool) -> bool | Bools:
    if inside:
        return cell.kind == NUMBER
    return (to_numbers(cell).kind == NUMBER) & (cell.kind != BLANK)


@raw("COUNT", "count-function-a59cd7fc-b623-4d93-87a4-d23bf411294c", 1)
def count(arguments: Sequence[Argument], size: int) -> Vector:
    """How many numbers; errors aren't, logicals and texts with a number in them are only where typed as an argument."""
    return _counted(arguments, size, _counts_as_number)


@raw("COUNTA", "counta-function-7dc98875-d5c1-46f1-9a82-53f3219e2509", 1)
def counta(arguments: Sequence[Argument], size: int) -> Vector:
    """How many values that aren't blank; an error and an empty text count."""
    return _counted(arguments, size, lambda cell, inside: cell.kind != BLANK)


def _counts_as_blank(cell: Vector, inside: bool) -> bool | Bools:
    return (cell.kind == BLANK) | ((cell.kind == TEXT) & (cell.data == STRINGS.index("")))


@raw("COUNTBLANK", "countblank-function-6a92d772-675c-4bee-b346-24af6bd3ac22", 1, 1)
def countblank(arguments: Sequence[Argument], size: int) -> Vector:
    """How many cells of a range are blank or hold an empty text."""
    return _counted(arguments, size, _counts_as_blank)


def areas(arguments: Sequence[Argument]) -> list[Area] | None:
    """The arguments as rectangles of one size; None where they aren't of one size."""
    found = [
        argument if isinstance(argument, Area) else Area(1, 1, [EMPTY if argument is None else argument])
        for argument in arguments
    ]
    first = found[0]
    same = all(area.rows == first.rows and area.columns == first.columns for area in found)
    return found if same else None


@raw("SUMPRODUCT", "sumproduct-function-16753e75-9f68-4874-94ac-4d2145a2fd2e", 1)
def sumproduct(arguments: Sequence[Argument], size: int) -> Vector:
    """Adds the products of corresponding cells; what isn't a number counts as 0, ranges of unlike size are #VALUE!."""
    factors = areas(arguments)
    if factors is None:
        return error(VALUE)
    try:
        return Vector(NUMBER, _products(factors))
    except (_Uneven, FloatingPointError):
        columns = width(arguments, size)
        faults = Faults(columns)
        for area in factors:
            for cell in area.cells:
                faults.add_errors(cell)
        rows = np.ones((len(factors[0].cells), columns))
        with np.errstate(all="ignore"):
            for position, row in enumerate(rows):
                for area in factors:
                    kind, data = area.cells[position]
                    row *= np.where(np.asarray(kind) == NUMBER, data, 0.0)
            return settle(added(rows), faults)


def _products(factors: list[Area]) -> float | Floats:
    total: float | Floats = 0.0
    owned = False
    with np.errstate(over="raise", invalid="raise"):
        for cells in zip(*(area.cells for area in factors), strict=True):
            product: float | Floats = 1.0
            for kind, data in cells:
                if not isinstance(kind, int) or kind == ERROR:
                    raise _Uneven
                if kind != NUMBER:
                    product = 0.0
                elif isinstance(product, float) and product in (0.0, 1.0):
                    product = product and data
                else:
                    product = product * data
            if isinstance(product, float):
                if not math.isfinite(product):
                    raise _Uneven
                if product == 0.0:
                    continue
            if owned:
                total += product
            else:
                owned = isinstance(total, np.ndarray)
                total = product if isinstance(total, float) and total == 0.0 else total + product
                owned = owned or (isinstance(total, np.ndarray) and total is not product)
            if isinstance(total, float) and not math.isfinite(total):
                raise _Uneven
    return total


@raw("ROWS", "rows-function-b592593e-3fc2-47f2-bec1-bda493811597", 1, 1)
def rows(arguments: Sequence[Argument], size: int) -> Vector:
    """The number of rows of a range."""
    return _extent(arguments[0], "rows")


@raw("COLUMNS", "columns-function-4e8e7b4e-e603-43e8-b177-956088fa48ca", 1, 1)
def columns(arguments: Sequence[Argument], size: int) -> Vector:
    """The number of columns of a range."""
    return _extent(arguments[0], "columns")


def _extent(argument: Argument, side: str) -> Vector:
    if isinstance(argument, Area):
        return number(getattr(argument, side))
    if argument is None:
        return error(VALUE)
    if isinstance(argument.kind, int):
        return argument if argument.kind == ERROR else number(1)
    kinds = argument.kind
    return simplify(
        np.where(kinds == ERROR, ERROR, NUMBER).astype(np.uint8), np.where(kinds == ERROR, argument.data, 1.0)
    )
