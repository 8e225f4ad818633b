"""SUBTOTAL and AGGREGATE: other functions, chosen by number.

Two things they do in Excel are beyond a function of values: leaving out cells that are subtotals themselves, which the
program has to do before it calls, and leaving out hidden rows. No row counts as hidden here, so 101 to 111 give what 1
to 11 give, and of AGGREGATE's options only that on errors matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions import aggregation, ranking, statistics  # noqa: F401 - what the numbers stand for
from rekentool.engine.functions.registry import FUNCTIONS, raw, single
from rekentool.engine.vector import BLANK, ERROR, NUMBER, VALUE, Area, Argument, Floats, Vector, error, simplify

_SUBTOTALS = ("AVERAGE", "COUNT", "COUNTA", "MAX", "MIN", "PRODUCT", "STDEV.S", "STDEV.P", "SUM", "VAR.S", "VAR.P")
_OF_RANGES = dict(enumerate((*_SUBTOTALS, "MEDIAN", "MODE.SNGL"), 1))
_OF_ARRAY = {
    14: "LARGE",
    15: "SMALL",
    16: "PERCENTILE.INC",
    17: "QUARTILE.INC",
    18: "PERCENTILE.EXC",
    19: "QUARTILE.EXC",
}

#: The options of AGGREGATE that leave out errors.
_WITHOUT_ERRORS = (2, 3, 6, 7)


def _chosen(choice: Vector, size: int, compute: Callable[[int], Vector]) -> Vector:
    """The result for a number; where scenarios differ in it, for every number that occurs."""
    kind, data = choice
    if isinstance(kind, int) and isinstance(data, float):
        return choice if kind == ERROR else compute(int(data))
    kinds, floats = choice.kinds(size), choice.floats(size)
    out_kinds, out_floats = kinds.copy(), floats.copy()
    whole = np.trunc(floats)
    for one in np.unique(whole[kinds == NUMBER]).tolist():
        where = (kinds == NUMBER) & (whole == one)
        result = compute(int(one))
        out_kinds[where] = result.kinds(size)[where]
        out_floats[where] = result.floats(size)[where]
    return simplify(out_kinds, out_floats)


def _called(name: str | None, arguments: Sequence[Argument], size: int) -> Vector:
    return error(VALUE) if name is None else single(FUNCTIONS[name].call(arguments, size))


@raw("SUBTOTAL", "subtotal-function-7b027003-f060-4ade-9040-e478765b9939", 2)
def subtotal(arguments: Sequence[Argument], size: int) -> Vector:
    """The function with a number from 1 to 11, or 101 to 111, of the other arguments."""

    def compute(code: int) -> Vector:
        number = code - 100 if code > 100 else code
        return _called(_OF_RANGES.get(number) if number <= 11 else None, arguments[1:], size)

    return _chosen(to_numbers(single(arguments[0])), size, compute)


def _without_errors(argument: Argument) -> Argument:
    """The argument with blanks for errors."""
    if argument is None:
        return None
    cells = argument.cells if isinstance(argument, Area) else [argument]
    kept = [_blanked(cell) for cell in cells]
    return Area(argument.rows, argument.columns, kept) if isinstance(argument, Area) else kept[0]


def _blanked(cell: Vector) -> Vector:
    kind, data = cell
    if isinstance(kind, int):
        return Vector(BLANK, 0.0) if kind == ERROR else cell
    wrong = kind == ERROR
    floats: Floats = np.where(wrong, 0.0, data)
    return simplify(np.where(wrong, BLANK, kind).astype(np.uint8), floats) if wrong.any() else cell


@raw("AGGREGATE", "aggregate-function-43b9278e-6aa7-4f17-92b6-e19993fa26df", 3)
def aggregate(arguments: Sequence[Argument], size: int) -> Vector:
    """The function with a number from 1 to 19 of what comes third and on; options 2, 3, 6, 7 leave out errors."""

    def compute(code: int) -> Vector:
        def with_option(option: int) -> Vector:
            if not 0 <= option <= 7 or (code in _OF_ARRAY and len(arguments) != 4):
                return error(VALUE)
            given = [_without_errors(one) for one in arguments[2:]] if option in _WITHOUT_ERRORS else arguments[2:]
            if code in _OF_ARRAY:
                given = [given[0], arguments[3]]
            return _called(_OF_RANGES.get(code) or _OF_ARRAY.get(code), given, size)

        return _chosen(to_numbers(single(arguments[1])), size, with_option)

    return _chosen(to_numbers(single(arguments[0])), size, compute)
