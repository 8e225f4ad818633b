"""Excel's comparisons: numbers by their first 15 digits, texts without case, numbers < texts < logicals.

Source: Microsoft, "Floating-point arithmetic may give inaccurate results in Excel",
https://learn.microsoft.com/office/troubleshoot/excel/floating-point-arithmetic-inaccurate-result
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from rekentool.engine.distinct import combinations, folded, folded_one
from rekentool.engine.loose import Condition, Value, firm, truth
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NUMBER,
    STRINGS,
    TEXT,
    Bools,
    Floats,
    Vector,
    simplify,
)

#: Numbers further apart than this fraction differ in their first 15 digits.
_NEAR = 1e-14
_WIDE = 1.01e-14


def _same_15(left: float, right: float) -> bool:
    return f"{left:.14e}" == f"{right:.14e}"


def _comparison(plain: Callable[[Any, Any], Any], when_equal: bool) -> Callable[[Value, Value], Condition]:
    """A comparison: numbers by their first 15 digits, texts without case, numbers < texts < logicals."""

    def compare(left: Value, right: Value) -> Condition:
        if isinstance(left, Vector) or isinstance(right, Vector):
            return _compared(compare, plain, left, right)
        if isinstance(left, float) and isinstance(right, float):
            if left != right and abs(left - right) <= _NEAR * abs(right) and _same_15(left, right):
                return when_equal
            return bool(plain(left, right))
        result: Bools = plain(left, right)
        if (isinstance(right, float) and right == 0.0) or (isinstance(left, float) and left == 0.0):
            return result
        # Of one number and many the reach is that of the one: a little wide, as `_same_15` has the last word.
        if isinstance(left, float):
            reach: Any = _WIDE * abs(left)
        else:
            reach = _WIDE * abs(right) if isinstance(right, float) else _NEAR * np.abs(right)
        gap: Any
        try:
            gap = left - right
        except FloatingPointError:  # so far apart that the difference overflows
            with np.errstate(all="ignore"):
                gap = left - right
        np.abs(gap, out=gap)
        near = gap <= reach
        if np.count_nonzero(near):
            near &= gap != 0
            if np.count_nonzero(near):
                lanes = np.flatnonzero(near)
                pairs = zip(np.broadcast_to(np.asarray(left), result.shape)[lanes].tolist(),
                            np.broadcast_to(np.asarray(right), result.shape)[lanes].tolist(), strict=True)
                result[lanes[[_same_15(*pair) for pair in pairs]]] = when_equal
        return result

    return compare


def _compared(
    compare: Callable[[Value, Value], Condition], plain: Callable[[Any, Any], Any], left: Value, right: Value
) -> Condition:
    """The comparison where an operand isn't plainly a number."""
    first, second = firm(left), firm(right)
    if first.uniform and second.uniform and first.kind == TEXT == second.kind and plain is operator.eq:
        return _fold(first.data) == _fold(second.data)
    if isinstance(first.kind, int) and isinstance(second.kind, int):
        return _of_one_kind(compare, plain, first, second)
    size = max(first.size(), second.size())
    left_kinds, right_kinds = first.kinds(size), second.kinds(size)
    left_data, right_data = first.floats(size), second.floats(size)
    kinds = np.full(size, LOGICAL, np.uint8)
    data = np.empty(size)
    pairs = left_kinds * np.uint8(8) + right_kinds
    for pair in np.flatnonzero(np.bincount(pairs)).tolist():
        lanes = np.flatnonzero(pairs == pair)
        found = truth(_of_one_kind(
            compare, plain, Vector(pair // 8, left_data[lanes]), Vector(pair % 8, right_data[lanes])
        ))
        kinds[lanes], data[lanes] = found.kind, found.data
    if np.count_nonzero(kinds == LOGICAL) == size:
        told: Bools = data != 0
        return told
    return simplify(kinds, data)


def _of_one_kind(
    compare: Callable[[Value, Value], Condition], plain: Callable[[Any, Any], Any], left: Vector, right: Vector
) -> Condition:
    if left.kind == ERROR:
        return left
    if right.kind == ERROR:
        return right
    if left.kind == BLANK:
        left = _blank_as(right)
    if right.kind == BLANK:
        right = _blank_as(left)
    if left.kind != right.kind:
        return bool(plain(left.kind, right.kind))
    if left.kind == NUMBER:
        return compare(left.data, right.data)
    if left.kind == LOGICAL:
        return _told(plain(left.data, right.data))
    if plain in (operator.eq, operator.ne):
        return _told(plain(_fold(left.data), _fold(right.data)))
    if isinstance(left.data, float) and isinstance(right.data, float):
        return bool(plain(*(STRINGS.text(folded_one(data)) for data in (left.data, right.data))))
    size = max(left.size(), right.size())
    samples, codes = combinations([left, right], size)
    one, other = folded(left.floats(size)[samples]), folded(right.floats(size)[samples])
    found = [plain(STRINGS.text(a), STRINGS.text(b)) for a, b in zip(one.tolist(), other.tolist(), strict=True)]
    return np.array(found, np.bool_)[codes]


def _told(found: Any) -> bool | Bools:
    return found if isinstance(found, np.ndarray) else bool(found)


_folded = cache(folded_one)


def _fold(data: float | Floats) -> float | Floats:
    return _folded(data) if isinstance(data, float) else folded(data)


def _blank_as(other: Vector) -> Vector:
    """What a blank counts for beside the other."""
    if other.kind == TEXT:
        return Vector(TEXT, STRINGS.index(""))
    return Vector(NUMBER if other.kind == BLANK else other.kind, 0.0)


equal = _comparison(operator.eq, True)
unequal = _comparison(operator.ne, False)
less = _comparison(operator.lt, False)
at_most = _comparison(operator.le, True)
greater = _comparison(operator.gt, False)
at_least = _comparison(operator.ge, True)

COMPARISONS: dict[str, Callable[[Value, Value], Condition]] = {
    "=": equal, "<>": unequal, "<": less, "<=": at_most, ">": greater, ">=": at_least,
}
