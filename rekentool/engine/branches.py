"""What lazy functions do with a condition: both branches only where scenarios differ, then lane by lane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.coercion import to_logicals, to_numbers
from rekentool.engine.comparison import equal
from rekentool.engine.functions.registry import FUNCTIONS, Function, Unsupported, raw, single
from rekentool.engine.loose import RAISING, Condition, Value, firm, loose, truth
from rekentool.engine.operators import element_wise
from rekentool.engine.vector import (
    BLANK,
    EMPTY,
    ERROR,
    LOGICAL,
    NA,
    NUM,
    NUMBER,
    VALUE,
    Area,
    Argument,
    Vector,
    error,
    simplify,
)

# -- conditions ------------------------------------------------------------------------------------------------------


def settled(condition: Condition) -> Condition:
    """The condition as True or False where all scenarios agree."""
    if isinstance(condition, np.ndarray):
        count = np.count_nonzero(condition)
        return False if count == 0 else True if count == len(condition) else condition
    if isinstance(condition, Vector) and isinstance(condition.kind, int) and condition.kind != ERROR:
        return settled(condition.data != 0)
    return condition


def holds(value: Value) -> Condition:
    """A value as a condition, settled: a number is TRUE unless 0, of texts TRUE and FALSE count."""
    if isinstance(value, float):
        return value != 0
    if not isinstance(value, Vector):
        return settled(value != 0)
    return settled(to_logicals(value))


def merged(condition: Condition, chosen: Value, other: Value) -> Value:
    """Lane by lane the chosen value where the condition holds, else the other; a condition's error stays."""
    if isinstance(condition, Vector):
        if condition.uniform:
            return condition
        kinds, data = condition.kinds(condition.size()), condition.data
        result = firm(merged(data != 0, chosen, other))
        wrong = kinds == ERROR
        return _simple(np.where(wrong, np.uint8(ERROR), np.asarray(result.kind, np.uint8)),
                       np.where(wrong, data, result.data))
    if isinstance(chosen, Vector) or isinstance(other, Vector):
        left, right = firm(chosen), firm(other)
        data = np.where(condition, left.data, right.data)
        if isinstance(left.kind, int) and isinstance(right.kind, int):
            if left.kind == right.kind:
                return loose(Vector(left.kind, data))
            return Vector(np.where(condition, np.uint8(left.kind), np.uint8(right.kind)), data)
        return _simple(np.where(condition, np.asarray(left.kind, np.uint8), np.asarray(right.kind, np.uint8)), data)
    return np.where(condition, chosen, other)


def _simple(kinds: Any, data: Any) -> Value:
    return loose(simplify(kinds, data)) if kinds[0] == kinds[-1] else Vector(kinds, data)


def wrong(value: Value) -> Condition:
    """Where a value is an error; what IFERROR asks."""
    if not isinstance(value, Vector):
        return False
    return value.kind == ERROR if isinstance(value.kind, int) else settled(value.kind == ERROR)


def absent(value: Value) -> Condition:
    """Where a value is #N/A; what IFNA asks."""
    if not isinstance(value, Vector) or (isinstance(value.kind, int) and value.kind != ERROR):
        return False
    found: Any = (value.kind == ERROR) & (value.data == NA)
    return settled(found) if isinstance(found, np.ndarray) else bool(found)


def choice(value: Value, count: int) -> Value:
    """Which of so many values CHOOSE takes: cut off to a whole number, #VALUE! outside."""
    vector = to_numbers(firm(value))
    size = vector.size()
    if vector.uniform:
        if vector.kind == ERROR:
            return vector
        index = float(int(vector.data))
        return index if 1 <= index <= count else error(VALUE)
    kinds, data = vector.kinds(size), np.trunc(vector.floats(size))
    outside = (kinds != ERROR) & ((data < 1) | (data > count))
    return loose(simplify(np.where(outside, np.uint8(ERROR), kinds),
                          np.where(outside, VALUE, np.where(kinds == ERROR, vector.data, data))))


def chooses(index: Value, place: float) -> Condition:
    """Where the choice is this one."""
    if isinstance(index, Vector):
        return settled((index.kind == NUMBER) & (index.data == place)) if not index.uniform else False
    return index == place if isinstance(index, float) else settled(index == place)


#: Functions that can give a whole rectangle. Where one value belongs, versions of Excel don't agree on what they mean.
_CELLS = frozenset({
    "INDEX", "XLOOKUP", "MMULT", "MINVERSE", "FREQUENCY", "TREND", "GROWTH", "LINEST", "LOGEST",
})  # fmt: skip

# -- calls -----------------------------------------------------------------------------------------------------------


def called(function: Function, arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The result of a registered function; overflow inside it, or a number that isn't finite, is #NUM!."""
    try:
        result = function.call(arguments, size)
    except FloatingPointError:
        with np.errstate(all="ignore"):
            result = function.call(arguments, size)
            return element_wise(_finite, result)
    return result


def _finite(vector: Vector) -> Vector:
    bad = ~np.isfinite(vector.data)
    if not np.any(bad):
        return vector
    if isinstance(vector.data, float):
        return error(NUM)
    return simplify(np.where(bad, np.uint8(ERROR), np.asarray(vector.kind, np.uint8)), np.where(bad, NUM, vector.data))


def result_of(function: Function, arguments: Sequence[Argument], size: int) -> Value:
    """`called`, as one value: of a computed rectangle the first cell, but of cells none can be chosen."""
    result = called(function, arguments, size)
    if isinstance(result, Vector):
        return loose(result)
    if len(result.cells) > 1 and function.name in _CELLS:
        raise Unsupported(f"{function.name} geeft een hele rij of kolom waar één cel hoort")
    return loose(result.cells[0])


def lifted(function: Function, singles: frozenset[int], arguments: Sequence[Argument], size: int) -> Vector | Area:
    """`called` for every cell of the rectangles that stand where the function takes one value."""
    rectangles = [(place, arguments[place]) for place in sorted(singles)]
    spread = [(place, area) for place, area in rectangles if isinstance(area, Area)]
    if not spread:
        return called(function, arguments, size)

    def one(*cells: Vector) -> Vector:
        given = list(arguments)
        for (place, _), cell in zip(spread, cells, strict=True):
            given[place] = cell
        return single(called(function, given, size))

    return element_wise(one, *[area for _, area in spread])


def shown(value: Value) -> Value:
    """A formula's result as its cell shows it: a blank is 0."""
    if not isinstance(value, Vector):
        return value
    kind = value.kind
    if isinstance(kind, int):
        return value.data if kind == BLANK else value
    if np.count_nonzero(kind == BLANK):
        return loose(simplify(np.where(kind == BLANK, np.uint8(NUMBER), kind), value.data))
    return value


def box(value: Value) -> Area:
    """One cell as a rectangle."""
    return Area(1, 1, [firm(value)])


def corner(result: Vector | Area, row: int, column: int) -> Value:
    """What an array formula puts in one of its cells: a single row or column is repeated, beyond the result is #N/A."""
    if not isinstance(result, Area):
        return loose(result)
    row, column = (0 if result.rows == 1 else row), (0 if result.columns == 1 else column)
    return loose(result.at(row, column)) if row < result.rows and column < result.columns else error(NA)


# -- the same functions over rectangles ------------------------------------------------------------------------------
# In array formulas their conditions are rectangles, and every branch is computed anyway.


def _values(arguments: Sequence[Argument]) -> list[Vector | Area]:
    return [EMPTY if argument is None else argument for argument in arguments]


@raw("IF", "if-function-69aed7c9-4e8a-4755-a9bc-aa8bbff73be2", 2, 3)
def if_(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The second argument where the first is TRUE, else the third (FALSE without one)."""
    given = _values(arguments)
    other: Vector | Area = given[2] if len(given) == 3 else Vector(LOGICAL, 0.0)
    return element_wise(lambda c, x, y: firm(_if(holds(loose(c)), loose(x), loose(y))), given[0], given[1], other)


def _if(condition: Condition, chosen: Value, other: Value) -> Value:
    return chosen if condition is True else other if condition is False else merged(condition, chosen, other)


@raw("IFERROR", "iferror-function-c526fd07-caeb-47b8-8bb6-63f3e417f611", 2, 2)
def iferror(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The first argument, or the second where the first is an error."""
    return element_wise(lambda x, y: firm(_if(wrong(loose(x)), loose(y), loose(x))), *_values(arguments))


@raw("IFNA", "ifna-function-6626c961-a569-42fc-a49d-79b4951fd461", 2, 2)
def ifna(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The first argument, or the second where the first is #N/A."""
    return element_wise(lambda x, y: firm(_if(absent(loose(x)), loose(y), loose(x))), *_values(arguments))


@raw("IFS", "ifs-function-36329a26-37b2-467c-972b-4a39bd951d45", 2, 254)
def ifs(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The value behind the first condition that is TRUE; #N/A where none is."""
    if len(arguments) % 2:
        raise Unsupported("IFS met een voorwaarde zonder waarde")

    def one(*given: Vector) -> Vector:
        result: Value = error(NA)
        for place in range(len(given) - 2, -1, -2):
            result = _if(holds(loose(given[place])), loose(given[place + 1]), result)
        return firm(result)

    return element_wise(one, *_values(arguments))


@raw("SWITCH", "switch-function-47ab33c0-28ce-4530-8a45-d532ec4aa25e", 3, 254)
def switch(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The result behind the first value that equals the first argument; else the last, odd one, or #N/A."""

    def one(*given: Vector) -> Vector:
        subject = loose(given[0])
        result: Value = error(NA) if len(given) % 2 else loose(given[-1])
        for place in range((len(given) - 1) // 2 * 2 - 1, 0, -2):
            matches = settled(equal(subject, loose(given[place])))
            result = _if(matches, loose(given[place + 1]), result)
        return firm(result)

    return element_wise(one, *_values(arguments))


@raw("CHOOSE", "choose-function-fc5c184f-cb62-4ec7-a46e-38653b98f5bc", 2, 255)
def choose(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The argument with the number that the first one gives."""

    def one(*given: Vector) -> Vector:
        index = choice(loose(given[0]), len(given) - 1)
        result = index
        for place in range(1, len(given)):
            picked = chooses(index, float(place))
            result = result if picked is False else _if(picked, loose(given[place]), result)
        return firm(result)

    return element_wise(one, *_values(arguments))


#: What generated code calls by these names.
LAZY = frozenset({"IF", "IFERROR", "IFNA", "IFS", "SWITCH", "CHOOSE"})
__all__ = [
    "FUNCTIONS", "LAZY", "RAISING", "absent", "box", "called", "choice", "chooses", "corner", "holds", "lifted",
    "merged", "result_of", "settled", "shown", "truth", "wrong",
]
