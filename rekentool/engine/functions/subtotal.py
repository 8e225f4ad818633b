"""SUBTOTAL and AGGREGATE: one of nineteen other functions, by its number.

Which cells they leave out for where these stand (`engine.subtotals`) is settled before they are called; what is left
out for what it holds, the errors, is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import FUNCTIONS, raw, single
from rekentool.engine.vector import BLANK, EMPTY, ERROR, NUMBER, VALUE, Area, Argument, Bools, Vector, error, simplify

#: The functions of both, by number from 1.
_SUBTOTALS = ("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV.S", "STDEV.P", "SUM", "VAR.S", "VAR.P")
_AGGREGATES = (*_SUBTOTALS, "MEDIAN", "MODE.SNGL", "LARGE", "SMALL", "PERCENTILE.INC", "QUARTILE.INC",
               "PERCENTILE.EXC", "QUARTILE.EXC")  # fmt: skip
#: How many of these take ranges; the others take one array and a number.
_OF_RANGES = 13
#: The options with which AGGREGATE leaves out errors, and the largest option.
_WITHOUT_ERRORS, _MOST = (2, 3, 6, 7), 7


def kept(area: Area, runs: Area) -> Area:
    """The cells of the stretches (first and last place, from 0) in one row; a blank where there are none."""
    ends = [int(cell.data) for cell in runs.cells if isinstance(cell.data, float)]
    cells = [cell for first, last in zip(ends[::2], ends[1::2], strict=True) for cell in area.cells[first : last + 1]]
    return Area(1, len(cells), cells) if cells else Area(1, 1, [EMPTY])


@raw("SUBTOTAL", "subtotal-function-7b027003-f060-4ade-9040-e478765b9939", 2)
def subtotal(arguments: Sequence[Argument], size: int) -> Vector:
    """A total, mean, count and so on of ranges, by number (1 to 11, or 101 to 111 without hidden rows)."""

    def one(given: Sequence[Argument], count: int, which: int) -> Vector:
        return _named(_SUBTOTALS, which - 100 if which > 100 else which, given, count)

    return _chosen(arguments, 1, size, one)


@raw("AGGREGATE", "aggregate-function-43b9278e-6aa7-4f17-92b6-e19993fa26df", 3)
def aggregate(arguments: Sequence[Argument], size: int) -> Vector:
    """As SUBTOTAL, with more functions (1 to 19) and options (0 to 7) that say what it leaves out: errors, for one."""

    def one(given: Sequence[Argument], count: int, which: int, option: int) -> Vector:
        if not 0 <= option <= _MOST or (which > _OF_RANGES and len(given) != 2):
            return error(VALUE)
        if option in _WITHOUT_ERRORS:
            ranges = len(given) if which <= _OF_RANGES else 1
            given = [*map(_without_errors, given[:ranges]), *given[ranges:]]
        return _named(_AGGREGATES, which, given, count)

    return _chosen(arguments, 2, size, one)


def _named(names: Sequence[str], place: int, arguments: Sequence[Argument], size: int) -> Vector:
    if not 1 <= place <= len(names):
        return error(VALUE)
    return single(FUNCTIONS[names[place - 1]].call(arguments, size))


def _without_errors(argument: Argument) -> Argument:
    """Blanks, which none of these functions count, in the place of errors."""
    if isinstance(argument, Area):
        return Area(argument.rows, argument.columns, [_without_error(cell) for cell in argument.cells])
    # One value typed as an argument counts otherwise than one in a range: as a range it is left out like the others.
    if argument is not None and argument.any_error():
        return Area(1, 1, [_without_error(argument)])
    return argument


def _without_error(cell: Vector) -> Vector:
    if not cell.any_error():
        return cell
    if isinstance(cell.kind, int):
        return EMPTY
    wrong = cell.kind == ERROR
    return simplify(np.where(wrong, np.uint8(BLANK), cell.kind), np.where(wrong, 0.0, cell.data))


def _chosen(arguments: Sequence[Argument], numbers: int, size: int, one: Callable[..., Vector]) -> Vector:
    """The result for the first arguments, each scenario by its own; the leftmost error where one of them is that."""
    whole = [to_numbers(single(argument)) for argument in arguments[:numbers]]
    given = arguments[numbers:]
    for vector in whole:
        if vector.uniform and vector.kind == ERROR:
            return vector
    if all(vector.uniform for vector in whole):
        return one(given, size, *(int(vector.data) for vector in whole if isinstance(vector.data, float)))
    kinds, data = np.full(size, NUMBER, np.uint8), np.zeros(size)
    wrong = np.logical_or.reduce([vector.kinds(size) == ERROR for vector in whole])
    columns = [np.where(wrong, 0.0, np.trunc(vector.floats(size))) for vector in whole]
    for combination in set(zip(*(column[~wrong].tolist() for column in columns), strict=True)):
        here = ~wrong & np.logical_and.reduce([column == n for column, n in zip(columns, combination, strict=True)])
        count = int(np.count_nonzero(here))
        result = one([_where(argument, here) for argument in given], count, *map(int, combination))
        kinds[here], data[here] = result.kinds(count), result.floats(count)
    for vector in reversed(whole):
        wrong = vector.kinds(size) == ERROR
        kinds[wrong], data[wrong] = ERROR, vector.floats(size)[wrong]
    return simplify(kinds, data)


def _where(argument: Argument, here: Bools) -> Argument:
    """An argument in some of the scenarios."""
    if argument is None:
        return None
    if isinstance(argument, Area):
        return Area(argument.rows, argument.columns, [_lanes(cell, here) for cell in argument.cells])
    return _lanes(argument, here)


def _lanes(cell: Vector, here: Bools) -> Vector:
    kind, data = cell
    return simplify(kind if isinstance(kind, int) else kind[here], data if isinstance(data, float) else data[here])
