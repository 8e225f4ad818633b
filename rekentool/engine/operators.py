"""Excel's operators over all scenarios: ``+ - * / ^ & %``, and with the comparisons on rectangles too.

The functions on single values expect numpy to raise on overflow and division by zero (`RAISING`).

Source: Microsoft, "Calculation operators and precedence in Excel",
https://support.microsoft.com/office/calculation-operators-and-precedence-in-excel-48be406d-4975-4d31-b2b8-7af9e0e2878a
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from rekentool.engine.coercion import to_numbers, to_texts
from rekentool.engine.comparison import COMPARISONS
from rekentool.engine.distinct import combinations
from rekentool.engine.loose import RAISING, Value, firm, loose, truth
from rekentool.engine.vector import (
    DIV0,
    ERROR,
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
    text,
    value_at,
)

__all__ = ["ARITHMETIC", "COMPARISONS", "PREFIX_AND_POSTFIX", "RAISING", "binary", "element_wise", "unary"]

_LARGEST = 1.7976931348623157e308
#: A sum or difference is 0 when it is less than 8 to 16 units in the last place of an operand, as Excel has it.
_SNAP = 0.0625


def add(left: Value, right: Value) -> Value:
    """``left + right``; 0 where they cancel to their last digits."""
    if isinstance(left, Vector) or isinstance(right, Vector):
        return _mixed(add, left, right)
    try:
        result = left + right
        if isinstance(result, float):
            if left + result * _SNAP == left:
                return 0.0
            return result if -_LARGEST <= result <= _LARGEST else error(NUM)
        return _snapped(left, result)
    except FloatingPointError:
        return _overflow(np.add, left, right)


def subtract(left: Value, right: Value) -> Value:
    """``left - right``; 0 where they cancel to their last digits."""
    if isinstance(left, Vector) or isinstance(right, Vector):
        return _mixed(subtract, left, right)
    try:
        result = left - right
        if isinstance(result, float):
            if left + result * _SNAP == left:
                return 0.0
            return result if -_LARGEST <= result <= _LARGEST else error(NUM)
        return _snapped(left, result)
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
    if isinstance(left, Vector) or isinstance(right, Vector):
        return _mixed(multiply, left, right)
    try:
        result = left * right
    except FloatingPointError:
        return _overflow(np.multiply, left, right)
    if isinstance(result, float) and not -_LARGEST <= result <= _LARGEST:
        return error(NUM)
    return result


def divide(left: Value, right: Value) -> Value:
    """``left / right``; by 0 it is #DIV/0!."""
    if isinstance(left, Vector) or isinstance(right, Vector):
        return _mixed(divide, left, right)
    try:
        result = left / right
    except ZeroDivisionError:
        return error(DIV0)
    except FloatingPointError:
        return _divided(left, right)
    if isinstance(result, float) and not -_LARGEST <= result <= _LARGEST:
        return error(NUM)
    return result


def _divided(left: float | Floats, right: float | Floats) -> Vector:
    """Where numpy found a division by 0 or an overflow."""
    if isinstance(right, float):
        return error(DIV0) if right == 0 else _firm_overflow(np.divide, left, right)
    zero = right == 0
    with np.errstate(all="ignore"):
        data = left / np.where(zero, 1.0, right)
    large = ~np.isfinite(data)
    return simplify(np.where(zero | large, ERROR, NUMBER).astype(np.uint8),
                    np.where(zero, DIV0, np.where(large, NUM, data)))


def odd_root(exponent: float | Floats) -> Bools:
    """Whether an exponent is 1/3, -1/5 and so on: with these Excel takes roots of negative numbers, (-8)^(1/3) = -2.

    With ``^`` as with POWER (https://stackoverflow.com/questions/6911356); others, 2/3 too, give #NUM!.
    """
    nonzero = np.not_equal(exponent, 0)
    root = 1.0 / np.where(nonzero, exponent, 1.0)
    whole = np.rint(root)
    odd: Bools = nonzero & (np.abs(root - whole) <= 1e-13 * np.abs(whole)) & (np.mod(whole, 2) == 1)
    return odd


def power(left: Value, right: Value) -> Value:
    """``left ^ right``; 0^0 and any but an odd root of a negative number: #NUM!; 0 to a negative power: #DIV/0!."""
    if isinstance(left, Vector) or isinstance(right, Vector):
        return _mixed(power, left, right)
    if isinstance(left, float) and isinstance(right, float):
        if left == 0 and right <= 0:
            return error(DIV0 if right else NUM)
        try:
            return float(np.power(left, right))  # not Python's own: that differs from numpy's arrays in the last digit
        except FloatingPointError:
            with np.errstate(all="ignore"):
                return -float(np.power(-left, right)) if left < 0 and odd_root(right) else error(NUM)
    try:
        if np.count_nonzero(left) == np.size(left):
            return np.power(left, right)
    except FloatingPointError:
        pass
    size = max(np.size(left), np.size(right))
    base, exponent = np.broadcast_to(np.asarray(left), size), np.broadcast_to(np.asarray(right), size)
    with np.errstate(all="ignore"):
        data = np.power(base, exponent)
        data = np.where((base < 0) & odd_root(exponent), -np.power(-base, exponent), data)
    data = np.where((base == 0) & (exponent == 0), np.nan, data)
    kinds, data = _marked(~np.isfinite(data), NUM, data)
    return loose(simplify(kinds, np.where((base == 0) & (exponent < 0), DIV0, data)))


def negative(value: Value) -> Value:
    """``-value``; never a negative zero."""
    if isinstance(value, Vector):
        return _mixed(subtract, 0.0, value)
    return 0.0 - value


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
    if first.uniform and first.kind == ERROR:
        return first
    if second.uniform and second.kind == ERROR and isinstance(first.kind, int) and first.kind == TEXT:
        return second
    size = max(first.size(), second.size())
    if first.uniform and second.uniform:
        texts = [str(value_at(vector, 0)) for vector in (first, second)]
        return text("".join(texts))
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


ARITHMETIC: dict[str, Callable[[Value, Value], Value]] = {
    "+": add, "-": subtract, "*": multiply, "/": divide, "^": power, "&": concatenate,
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
