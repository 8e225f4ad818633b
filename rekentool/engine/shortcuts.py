"""The calls that calculation workbooks are full of, over a few cells, without wrappers.

Each does the plain case by itself and leaves anything else to the registered function of the same name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.branches import result_of
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.loose import Condition, Value, firm
from rekentool.engine.vector import BLANK, ERROR, LOGICAL, NA, NUMBER, TEXT, Area, Vector

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
    numbers = _numbers(cells)
    if not numbers:
        return 0.0 if numbers is not None else _general("MIN", cells, size)
    result = numbers[0]
    for one in numbers[1:]:
        if isinstance(one, float) and isinstance(result, float):
            result = one if one < result else result
        else:
            result = np.minimum(result, one)
    return result  # type: ignore[no-any-return]


def largest(cells: Sequence[Value], size: int) -> Value:
    """MAX of cells."""
    numbers = _numbers(cells)
    if not numbers:
        return 0.0 if numbers is not None else _general("MAX", cells, size)
    result = numbers[0]
    for one in numbers[1:]:
        if isinstance(one, float) and isinstance(result, float):
            result = one if one > result else result
        else:
            result = np.maximum(result, one)
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
    return result_of(FUNCTIONS["ABS"], (cell,), size) if isinstance(cell, Vector) else abs(cell)


#: Worksheet function → the shortcut's name here.
OF_CELLS = {
    "SUM": "total", "MIN": "smallest", "MAX": "largest", "COUNT": "counted", "COUNTA": "filled", "ISNUMBER": "is_number",
    "ISTEXT": "is_text", "ISLOGICAL": "is_logical", "ISBLANK": "is_blank", "ISERROR": "is_error", "ISNA": "is_absent",
    "ABS": "magnitude",
}
#: The ones that also take results of arithmetic between their cells.
OF_NUMBERS = frozenset({"SUM", "MIN", "MAX", "ABS", "ISNUMBER", "ISERROR", "ISNA"})
#: The ones that give a condition.
CONDITIONS = frozenset({"ISNUMBER", "ISTEXT", "ISLOGICAL", "ISBLANK", "ISERROR", "ISNA"})
__all__ = [
    "counted", "filled", "is_absent", "is_blank", "is_error", "is_logical", "is_number", "is_text", "largest",
    "magnitude", "smallest", "total",
]
