"""Excel's operators over all scenarios: ``+ - * / ^ & %`` and the comparisons, on single values and on rectangles.

A number stands here without its wrapper: a float where all scenarios agree, an array where they differ. Anything else
is a `Vector`. So the plain case of ``a * b`` is Python's or numpy's own multiplication behind two checks. The functions
expect numpy to raise on overflow and division by zero (`RAISING`): that costs nothing until it happens, and then the
slow way finds which scenarios get #NUM! or #DIV/0!.

Source: Microsoft, "Calculation operators and precedence in Excel",
https://support.microsoft.com/office/calculation-operators-and-precedence-in-excel-48be406d-4975-4d31-b2b8-7af9e0e2878a
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from rekentool.engine.coercion import to_numbers, to_texts
from rekentool.engine.distinct import combinations, folded, folded_one
from rekentool.engine.vector import (
    BLANK,
    DIV0,
    ERROR,
    LOGICAL,
    NA,
    NUM,
    NUMBER,
    STRINGS,
    TEXT,
    Area,
    Bools,
    Floats,
    Kinds,
    Vector,
    error,
    simplify,
)

#: A number in every scenario, or any other vector.
Value = float | Floats | Vector
#: Whether something holds: in all scenarios alike, per scenario, or a vector of logicals and errors.
Condition = bool | Bools | Vector

#: How numpy must be set around these functions: ``with np.errstate(**RAISING)``.
RAISING: dict[str, Any] = {"over": "raise", "invalid": "raise", "divide": "raise", "under": "ignore"}

_LARGEST = 1.7976931348623157e308
#: A sum or difference is 0 when it is less than 8 to 16 units in the last place of an operand, as Excel has it.
_SNAP = 0.0625
#: Numbers further apart than this fraction differ in their first 15 digits.
_NEAR = 1e-14


def firm(value: Value) -> Vector:
    """With its wrapper: what functions get."""
    return value if type(value) is Vector else Vector(NUMBER, value)  # type: ignore[arg-type]


def loose(vector: Vector) -> Value:
    """Without its wrapper where it is a number in every scenario."""
    kind = vector.kind
    return vector.data if kind is NUMBER or (isinstance(kind, int) and kind == NUMBER) else vector


def truth(condition: Condition) -> Vector:
    """A condition as a value."""
    if type(condition) is Vector:
        return condition
    if isinstance(condition, np.ndarray):
        return Vector(LOGICAL, condition.astype(np.float64))
    return Vector(LOGICAL, 1.0 if condition else 0.0)


# -- arithmetic ------------------------------------------------------------------------------------------------------


def add(left: Value, right: Value) -> Value:
    """``left + right``; 0 where they cancel to their last digits."""
    if type(left) is Vector or type(right) is Vector:
        return _mixed(add, left, right)
    try:
        result = left + right  # type: ignore[operator]
        if type(result) is float:
            if left + result * _SNAP == left:
                return 0.0
            return result if -_LARGEST <= result <= _LARGEST else error(NUM)
        return _snapped(left, result)  # type: ignore[arg-type]
    except FloatingPointError:
        return _overflow(np.add, left, right)


def subtract(left: Value, right: Value) -> Value:
    """``left - right``; 0 where they cancel to their last digits."""
    if type(left) is Vector or type(right) is Vector:
        return _mixed(subtract, left, right)
    try:
        result = left - right  # type: ignore[operator]
        if type(result) is float:
            if left + result * _SNAP == left:
                return 0.0
            return result if -_LARGEST <= result <= _LARGEST else error(NUM)
        return _snapped(left, result)  # type: ignore[arg-type]
    except FloatingPointError:
        return _overflow(np.subtract, left, right)


def _snapped(left: float | Floats, result: Floats) -> Floats:
    step = result * _SNAP
    step += left
    tiny = step == left
    if np.count_nonzero(tiny):
        result[tiny] = 0.0
    return result


def multiply(left: Value, right: Value) -> Value:
    """``left * right``."""
    if type(left) is Vector or type(right) is Vector:
        return _mixed(multiply, left, right)
    try:
        result = left * right  # type: ignore[operator]
    except FloatingPointError:
        return _overflow(np.multiply, left, right)
    if type(result) is float and not -_LARGEST <= result <= _LARGEST:
        return error(NUM)
    return result  # type: ignore[no-any-return]


def divide(left: Value, right: Value) -> Value:
    """``left / right``; by 0 it is #DIV/0!."""
    if type(left) is Vector or type(right) is Vector:
        return _mixed(divide, left, right)
    try:
        result = left / right  # type: ignore[operator]
    except ZeroDivisionError:
        return error(DIV0)
    except FloatingPointError:
        return _divided(left, right)  # type: ignore[arg-type]
    if type(result) is float and not -_LARGEST <= result <= _LARGEST:
        return error(NUM)
    return result  # type: ignore[no-any-return]


def _divided(left: float | Floats, right: float | Floats) -> Vector:
    if isinstance(right, float):
        return error(DIV0) if right == 0 else _firm_overflow(np.divide, left, right)
    zero = right == 0
    try:
        data = left / np.where(zero, 1.0, right)
    except FloatingPointError:
        return _mixed_firm(divide, left, simplify(*_marked(zero, DIV0, right)))
    return simplify(*_marked(zero, DIV0, data))


def power(left: Value, right: Value) -> Value:
    """``left ^ right``; 0^0 and a root of a negative number are #NUM!, 0 to a negative power is #DIV/0!."""
    if type(left) is Vector or type(right) is Vector:
        return _mixed(power, left, right)
    if type(left) is float and type(right) is float:
        if left == 0 and right <= 0:
            return error(DIV0 if right else NUM)
        try:
            result = left**right
        except OverflowError:
            return error(NUM)
        return error(NUM) if isinstance(result, complex) or not math.isfinite(result) else result
    size = len(left) if isinstance(left, np.ndarray) else len(right)  # type: ignore[arg-type]
    try:
        if np.count_nonzero(left) == (size if isinstance(left, np.ndarray) else 1):
            return np.power(left, right)  # type: ignore[no-any-return, arg-type]
    except FloatingPointError:
        pass
    base, exponent = np.broadcast_to(np.asarray(left), size), np.broadcast_to(np.asarray(right), size)
    with np.errstate(all="ignore"):
        data = np.power(base, exponent)
    data = np.where((base == 0) & (exponent == 0), np.nan, data)
    kinds, data = _marked(~np.isfinite(data), NUM, data)
    return loose(simplify(kinds, np.where((base == 0) & (exponent < 0), DIV0, data)))


def negative(value: Value) -> Value:
    """``-value``; never a negative zero."""
    return 0.0 - value if type(value) is not Vector else _mixed(subtract, 0.0, value)  # type: ignore[operator]


def percent(value: Value) -> Value:
    """``value%``."""
    return divide(value, 100.0)


def positive(value: Value) -> Value:
    """``+value``: nothing, not even a conversion."""
    return value


def _marked(mask: Bools, index: float, data: float | Floats) -> tuple[Kinds, Floats]:
    """Kinds and data that are the error where the mask holds and else a number."""
    return np.where(mask, ERROR, NUMBER).astype(np.uint8), np.where(mask, index, data)


def _overflow(function: np.ufunc, left: Value, right: Value) -> Value:
    return loose(_firm_overflow(function, left, right))


def _firm_overflow(function: np.ufunc, left: Value, right: Value) -> Vector:
    with np.errstate(all="ignore"):
        data = function(left, right)
    return simplify(*_marked(~np.isfinite(data), NUM, data))


def _clean(vector: Vector) -> Vector:
    """`to_numbers`, without work where there are numbers and errors only (kinds 0 and 4)."""
    kind = vector.kind
    if isinstance(kind, np.ndarray) and not np.count_nonzero(kind & 3):
        return vector
    return to_numbers(vector)


def _mixed(function: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    return loose(_mixed_firm(function, left, right))


def _mixed_firm(function: Callable[[Value, Value], Value], left: Value, right: Value) -> Vector:
    """The operator where an operand isn't plainly a number: converts, and lets the leftmost error win."""
    left_kind, left_data = _clean(firm(left))
    right_kind, right_data = _clean(firm(right))
    if isinstance(left_kind, int):
        if left_kind == ERROR and isinstance(left_data, float):
            return Vector(ERROR, left_data)
        if isinstance(right_kind, int):
            if left_kind == ERROR:
                return Vector(ERROR, left_data)
            if right_kind == ERROR:
                return Vector(ERROR, right_data)
            return firm(function(left_data, right_data))
    # The data under an error are its index: 1 instead can't divide by zero or overflow by itself.
    left_bad = left_kind == ERROR
    right_bad = right_kind == ERROR
    result = firm(
        function(
            left_data if left_bad is False else np.where(left_bad, 1.0, left_data),
            right_data if right_bad is False else np.where(right_bad, 1.0, right_data),
        )
    )
    data = np.where(right_bad, right_data, result.data) if right_bad is not False else result.data
    data = np.where(left_bad, left_data, data) if left_bad is not False else data
    kind = np.maximum(np.maximum(np.uint8(left_kind), np.uint8(right_kind)), np.uint8(result.kind))
    if kind.ndim == 0:
        return Vector(int(kind), data)
    return Vector(NUMBER, data) if not np.count_nonzero(kind) else Vector(kind, data)


# -- text ------------------------------------------------------------------------------------------------------------


def concatenate(left: Value, right: Value) -> Value:
    """``left & right``."""
    first, second = to_texts(firm(left)), to_texts(firm(right))
    for vector in (first, second):
        if isinstance(vector.kind, int) and vector.kind == ERROR and isinstance(vector.data, float):
            if vector is first or isinstance(first.kind, int) and first.kind == TEXT:
                return vector
    if first.uniform and second.uniform:
        return Vector(TEXT, STRINGS.index(STRINGS.text(first.data) + STRINGS.text(second.data)))  # type: ignore[arg-type]
    size = max(first.size(), second.size())
    samples, codes = combinations([first, second], size)
    kinds, data = np.empty(len(samples), np.uint8), np.empty(len(samples))
    columns = [(vector.kinds(size)[samples].tolist(), vector.floats(size)[samples].tolist())
               for vector in (first, second)]
    for place, (k1, d1, k2, d2) in enumerate(zip(*columns[0], *columns[1], strict=True)):
        if ERROR in (k1, k2):
            kinds[place], data[place] = ERROR, d1 if k1 == ERROR else d2
        else:
            kinds[place], data[place] = TEXT, STRINGS.index(STRINGS.text(d1) + STRINGS.text(d2))
    return simplify(kinds[codes], data[codes])


# -- comparison ------------------------------------------------------------------------------------------------------


def _same_15(left: float, right: float) -> bool:
    return f"{left:.14e}" == f"{right:.14e}"


def _comparison(plain: Callable[[Any, Any], Any], when_equal: bool) -> Callable[[Value, Value], Condition]:
    """A comparison: numbers by their first 15 digits, texts without case, numbers < texts < logicals."""

    def compare(left: Value, right: Value) -> Condition:
        if type(left) is Vector or type(right) is Vector:
            return _compared(compare, plain, left, right)
        if type(left) is float and type(right) is float:
            if left != right and abs(left - right) <= _NEAR * abs(right) and _same_15(left, right):
                return when_equal
            return plain(left, right)  # type: ignore[no-any-return]
        result: Bools = plain(left, right)
        if (type(right) is float and right == 0.0) or (type(left) is float and left == 0.0):
            return result
        try:
            gap = np.abs(left - right)  # type: ignore[operator]
            near = gap <= _NEAR * np.abs(right)  # type: ignore[operator, arg-type]
        except FloatingPointError:  # so far apart that the difference overflows
            with np.errstate(all="ignore"):
                gap = np.abs(left - right)  # type: ignore[operator]
                near = gap <= _NEAR * np.abs(right)  # type: ignore[operator, arg-type]
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
        return data != 0
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
    elif right.kind == BLANK:
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
    one, other = _fold(left.floats(size)[samples]), _fold(right.floats(size)[samples])
    found = [plain(STRINGS.text(a), STRINGS.text(b)) for a, b in zip(one.tolist(), other.tolist(), strict=True)]  # type: ignore[union-attr]
    return np.array(found, np.bool_)[codes]


def _told(found: Any) -> bool | Bools:
    return found if isinstance(found, np.ndarray) else bool(found)


def _fold(data: float | Floats) -> float | Floats:
    return folded_one(data) if isinstance(data, float) else folded(data)


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

ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "^": power, "&": concatenate,
}
COMPARISONS: dict[str, Callable[[Value, Value], Condition]] = {
    "=": equal, "<>": unequal, "<": less, "<=": at_most, ">": greater, ">=": at_least,
}
PREFIX_AND_POSTFIX: dict[str, Callable[[Value], Value]] = {"-": negative, "+": positive, "%": percent}


# -- rectangles ------------------------------------------------------------------------------------------------------


def binary(sign: str, left: Vector | Area, right: Vector | Area) -> Vector | Area:
    """Any operator between two values or rectangles; numpy must be set to `RAISING`.

    A single row or column is repeated beside a rectangle; where one of the two has no cell the result is #N/A.
    """
    if sign in COMPARISONS:
        compare = COMPARISONS[sign]
        return element_wise(lambda a, b: truth(compare(loose(a), loose(b))), left, right)
    compute = ARITHMETIC[sign]
    return element_wise(lambda a, b: firm(compute(loose(a), loose(b))), left, right)


def unary(sign: str, operand: Vector | Area) -> Vector | Area:
    """``-``, ``+`` or ``%`` of a value or rectangle."""
    compute = PREFIX_AND_POSTFIX[sign]
    return element_wise(lambda a: firm(compute(loose(a))), operand)


def element_wise(function: Callable[..., Vector], *operands: Vector | Area) -> Vector | Area:
    """A function of single values for each cell of rectangles; of single values alone, its value."""
    areas = [operand for operand in operands if isinstance(operand, Area)]
    if not areas:
        return function(*operands)
    rows, columns = max(area.rows for area in areas), max(area.columns for area in areas)
    missing = error(NA)

    def at(operand: Vector | Area, row: int, column: int) -> Vector | None:
        if not isinstance(operand, Area):
            return operand
        row, column = (0 if operand.rows == 1 else row), (0 if operand.columns == 1 else column)
        return operand.at(row, column) if row < operand.rows and column < operand.columns else None

    cells = []
    for row in range(rows):
        for column in range(columns):
            parts = [at(operand, row, column) for operand in operands]
            cells.append(missing if None in parts else function(*parts))
    return Area(rows, columns, cells)
