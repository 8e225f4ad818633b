"""The calls that calculation workbooks are full of, over a few cells, without wrappers.

Each does the plain case by itself and leaves anything else to the registered function of the same name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.branches import result_of
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.loose import Condition, Value, firm, truth
from rekentool.engine.vector import BLANK, ERROR, LOGICAL, NA, NUMBER, TEXT, Area, Bools, Vector

#: 1 and a little more than half a unit of the 15th digit: rounding functions call what lies nearer a doubt.
_DOUBT = 1 + 5.1e-15
_POWERS = tuple(float(f"1e{power}") for power in range(16))
_LARGEST = 1.7976931348623157e308


def _numbers(cells: Sequence[Value]) -> list[Any] | None:
    """The numbers among cells that each are of one kind, blanks and texts left out; None where masks are needed."""
    found = []
    for cell in cells:
        if isinstance(cell, Vector):
            if not isinstance(cell.kind, int) or cell.kind == ERROR:
                return None
        else:
            found.append(cell)
    return found


def _general(name: str, cells: Sequence[Value], size: int) -> Value:
    return result_of(FUNCTIONS[name], (Area(1, len(cells), [firm(cell) for cell in cells]),), size)


def total(cells: Sequence[Value], size: int) -> Value:
    """SUM of cells."""
    numbers = _numbers(cells)
    if numbers is None:
        return _general("SUM", cells, size)
    result: Any = 0.0
    try:
        for one in numbers:
            result = result + one
    except FloatingPointError:
        return _general("SUM", cells, size)
    if isinstance(result, float) and not -_LARGEST <= result <= _LARGEST:
        return _general("SUM", cells, size)
    return result  # type: ignore[no-any-return]


def smallest(cells: Sequence[Value], size: int) -> Value:
    """MIN of cells."""
    return _extreme("MIN", min, np.minimum, cells, size)


def largest(cells: Sequence[Value], size: int) -> Value:
    """MAX of cells."""
    return _extreme("MAX", max, np.maximum, cells, size)


def _extreme(name: str, of_floats: Any, of_arrays: np.ufunc, cells: Sequence[Value], size: int) -> Value:
    numbers = _numbers(cells)
    if not numbers:
        return 0.0 if numbers is not None else _general(name, cells, size)
    floats = [one for one in numbers if isinstance(one, float)]
    if len(floats) == len(numbers):
        return float(of_floats(floats))
    first, *others = [one for one in numbers if not isinstance(one, float)]
    if floats:
        result = of_arrays(first, of_floats(floats))
    elif others:
        result = of_arrays(first, others.pop())
    else:
        return first  # type: ignore[no-any-return]
    for one in others:
        of_arrays(result, one, out=result)
    return result  # type: ignore[no-any-return]


def counted(cells: Sequence[Value], size: int) -> Value:
    """COUNT of cells."""
    if any(isinstance(cell, Vector) and not isinstance(cell.kind, int) for cell in cells):
        return _general("COUNT", cells, size)
    return float(sum(not isinstance(cell, Vector) for cell in cells))


def filled(cells: Sequence[Value], size: int) -> Value:
    """COUNTA of cells."""
    if any(isinstance(cell, Vector) and not isinstance(cell.kind, int) for cell in cells):
        return _general("COUNTA", cells, size)
    return float(sum(not isinstance(cell, Vector) or cell.kind != BLANK for cell in cells))


def _is_kind(*kinds: int) -> Any:
    def test(cells: Sequence[Value], size: int) -> Condition:
        cell = cells[0]
        if not isinstance(cell, Vector):
            return NUMBER in kinds
        if isinstance(cell.kind, int):
            return cell.kind in kinds
        found = cell.kind == kinds[0]
        for kind in kinds[1:]:
            found = found | (cell.kind == kind)
        return found  # type: ignore[no-any-return]

    return test


is_number = _is_kind(NUMBER)
is_text = _is_kind(TEXT)
is_logical = _is_kind(LOGICAL)
is_blank = _is_kind(BLANK)
is_error = _is_kind(ERROR)


def is_absent(cells: Sequence[Value], size: int) -> Condition:
    """ISNA of a cell."""
    cell = cells[0]
    if not isinstance(cell, Vector):
        return False
    found = (cell.kind == ERROR) & (cell.data == NA)
    return found if isinstance(found, np.ndarray) else bool(found)


def magnitude(cells: Sequence[Value], size: int) -> Value:
    """ABS of a cell."""
    cell = cells[0]
    if isinstance(cell, Vector):
        return result_of(FUNCTIONS["ABS"], (cell,), size)
    return np.abs(cell) if isinstance(cell, np.ndarray) else abs(cell)


def every(conditions: Sequence[Condition]) -> Condition:
    """AND of conditions."""
    return _together(conditions, np.logical_and, False)


def some(conditions: Sequence[Condition]) -> Condition:
    """OR of conditions."""
    return _together(conditions, np.logical_or, True)


def opposite(conditions: Sequence[Condition]) -> Condition:
    """NOT of a condition."""
    condition = conditions[0]
    if isinstance(condition, Vector):
        return firm(result_of(FUNCTIONS["NOT"], [condition], condition.size()))
    return ~condition if isinstance(condition, np.ndarray) else not condition


def _together(conditions: Sequence[Condition], combine: np.ufunc, decides: bool) -> Condition:
    result: bool | Bools = not decides
    for condition in conditions:
        if isinstance(condition, Vector):
            size = max(truth(one).size() for one in conditions)
            name = "OR" if decides else "AND"
            return firm(result_of(FUNCTIONS[name], [truth(one) for one in conditions], size))
        if condition is decides or result is decides:
            result = decides
        elif isinstance(condition, np.ndarray):
            result = combine(result, condition) if isinstance(result, np.ndarray) else condition
    return result


def rounded(value: Value, digits: Value, size: int) -> Value:
    """ROUND, where 15 digits leave no doubt."""
    if isinstance(value, float) and isinstance(digits, float) and 0 <= digits < 16:
        power = _POWERS[int(digits)]
        scaled = abs(value) * power
        if scaled < 1e14:
            result = math.floor(scaled + 0.5)
            if result == math.floor(scaled * _DOUBT + 0.5):
                return math.copysign(result / power, value) + 0.0
    return result_of(FUNCTIONS["ROUND"], (firm(value), firm(digits)), size)


def whole(value: Value, size: int) -> Value:
    """INT, where 15 digits leave no doubt."""
    if isinstance(value, float) and abs(value) < 1e14:
        result = math.floor(value)
        if result == value or result == math.floor(value + abs(value) * (_DOUBT - 1)):
            return float(result)
    return result_of(FUNCTIONS["INT"], (firm(value),), size)


def up(value: Value, digits: Value, size: int) -> Value:
    """ROUNDUP, where 15 digits leave no doubt."""
    if isinstance(value, float) and isinstance(digits, float) and 0 <= digits < 16:
        power = _POWERS[int(digits)]
        scaled = abs(value) * power
        if scaled < 1e14:
            result = math.ceil(scaled)
            if result == math.ceil(scaled * (2 - _DOUBT)):
                return math.copysign(result / power, value) + 0.0
    return result_of(FUNCTIONS["ROUNDUP"], (firm(value), firm(digits)), size)


#: Worksheet function → the shortcut's name here.
OF_CELLS = {
    "SUM": "total", "MIN": "smallest", "MAX": "largest", "COUNT": "counted", "COUNTA": "filled",
    "ISNUMBER": "is_number", "ISTEXT": "is_text", "ISLOGICAL": "is_logical", "ISBLANK": "is_blank",
    "ISERROR": "is_error", "ISNA": "is_absent", "ABS": "magnitude",
}
#: The ones that also take results of arithmetic between their cells.
OF_NUMBERS = frozenset({"SUM", "MIN", "MAX", "ABS", "ISNUMBER", "ISERROR", "ISNA"})
#: The ones that take one cell only.
OF_ONE = OF_CELLS.keys() - {"SUM", "MIN", "MAX", "COUNT", "COUNTA"}
#: The ones that give a condition.
CONDITIONS = frozenset({"ISNUMBER", "ISTEXT", "ISLOGICAL", "ISBLANK", "ISERROR", "ISNA"})
#: Worksheet function → the shortcut for conditions only.
OF_CONDITIONS = {"AND": "every", "OR": "some", "NOT": "opposite"}
#: Worksheet function → the shortcut for single values, and how many it takes.
OF_PLAIN = {"ROUND": ("rounded", 2), "ROUNDUP": ("up", 2), "INT": ("whole", 1)}
__all__ = [
    "counted",
    "every",
    "filled",
    "is_absent",
    "is_blank",
    "is_error",
    "is_logical",
    "is_number",
    "is_text",
    "largest",
    "magnitude",
    "opposite",
    "rounded",
    "smallest",
    "some",
    "total",
    "up",
    "whole",
]
