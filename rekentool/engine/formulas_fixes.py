"""Functions of the `formulas` library (1.3.4) that differ from Excel, replaced in its registry.

Each has its reason; each reason has rows in tests/test_engine_formulas.py, with the result that Excel documents. What
isn't here is the library's own.
"""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal
from functools import partial, wraps
from typing import Any

import numpy as np
from formulas.functions import get_functions
from formulas.functions.operators import OPERATORS
from formulas.tokens.operand import XlError

from rekentool.engine import formulas_lookup
from rekentool.engine.formulas_arguments import (
    DIV0,
    EMPTY,
    NUM,
    VALUE,
    Fault,
    Function,
    average,
    elementwise,
    finite,
    is_number,
    is_reference,
    number_of,
    numbers_in,
    order_key,
    plain,
    total,
    truth_of,
    whole,
)
from rekentool.engine.formulas_text import display, formatted, number_in


def register() -> None:
    """Put the corrected functions in the library's registry; once or more often, for the whole process."""
    OPERATORS.update(_OPERATORS)
    get_functions().update(_FUNCTIONS)


def accepts(function: Function, arguments: int) -> bool:
    """Whether a corrected function can be called with this many arguments; True for one that isn't corrected."""
    if function not in _FUNCTIONS.values():
        return True
    try:
        inspect.signature(function).bind(*range(arguments))
    except TypeError:
        return False
    return True


# -- operators ---------------------------------------------------------------------------------------------------


def _arithmetic(function: Callable[..., float]) -> Function:
    @wraps(function)
    def computed(*values: Any) -> Any:
        try:
            return finite(function(*(number_of(value) for value in values)))
        except OverflowError:
            return NUM

    return elementwise(computed)


def _divided(left: float, right: float) -> float:
    if right == 0:
        raise Fault(DIV0)
    return left / right


def _power(base: float, exponent: float) -> float:
    """Reason: 0^0 is #NUM! in Excel, and a negative base with a broken exponent too, unless that is an odd root (-2 for
    (-8)^(1/3)); the library says 1 and a complex number."""
    if base < 0 and exponent and not exponent.is_integer():
        root = round(1 / exponent)
        if root % 2 == 0 or abs(1 / exponent - root) > 1e-13 * abs(root):
            raise Fault(NUM)
        return -float((-base) ** exponent)
    if base == 0 and exponent == 0:
        raise Fault(NUM)
    if base == 0 and exponent < 0:
        raise Fault(DIV0)
    return float(base**exponent)


def _compared(test: Callable[[Any, Any], bool]) -> Function:
    """Reason: Excel compares numbers in 15 digits (0.1+0.2=0.3 is TRUE), and a blank cell equals FALSE."""

    def blank_like(other: Any) -> Any:
        if isinstance(other, bool | np.bool_):
            return False
        return "" if isinstance(other, str) and other is not EMPTY else 0.0

    def compared(left: Any, right: Any) -> bool:
        left_value = blank_like(right) if left is EMPTY else left
        right_value = blank_like(left) if right is EMPTY else right
        return test(order_key(left_value), order_key(right_value))

    return elementwise(compared)


def _joined(left: Any, right: Any) -> str:
    """Reason: 1/3&"" has 15 digits in Excel, 16 in the library."""
    return display(left) + display(right)


# -- rounding ----------------------------------------------------------------------------------------------------


def _rounded(mode: str, value: Any, digits: Any = 0.0) -> float:
    """Reason: ROUND(1.005,2) is 1.01, half away from zero on the decimal value; the library rounds the binary one.

    Excel shows and rounds 15 digits, so 11.000000000000002 rounds up to 11, not 12.
    """
    number, places = number_of(value), int(number_of(digits))
    if (abs(number) >= 1e15 and places >= 0) or places > 300:
        return number
    decimal = Decimal(f"{number:.15g}")
    step = Decimal(1).scaleb(-places)
    return float((decimal / step).to_integral_value(mode) * step)


# -- logic -------------------------------------------------------------------------------------------------------


def _if(condition: Any, then: Any = True, otherwise: Any = False) -> Any:
    """Reason: IF("TRUE",…) works in Excel; the branch that isn't chosen, with its errors, has no part in the result."""
    test = plain(condition)
    if isinstance(test, np.ndarray):
        return elementwise(lambda one, *branches: branches[not truth_of(one)], errors_too=True)(test, then, otherwise)
    return then if truth_of(test) else otherwise


def _logicals(arguments: tuple[Any, ...]) -> list[bool]:
    """Reason: text as an argument of AND is #VALUE! in Excel, and ignored by the library."""
    found: list[bool] = []
    for argument in arguments:
        if is_reference(argument):
            for value in argument.ravel():
                if isinstance(value, XlError):
                    raise Fault(value)
                if value is not EMPTY and not isinstance(value, str):
                    found.append(bool(value))
        else:
            found.append(truth_of(plain(argument)))
    if not found:
        raise Fault(VALUE)
    return found


# -- ranges ------------------------------------------------------------------------------------------------------


def _count(*arguments: Any) -> float:
    """Reason: the library counts text "5" in a range."""
    count = 0
    for argument in arguments:
        if is_reference(argument):
            count += sum(1 for value in argument.ravel() if is_number(value))
        else:
            value = plain(argument)
            is_text = isinstance(value, str) and value is not EMPTY and not isinstance(value, XlError)
            count += number_in(value) is not None if is_text else is_number(value) or isinstance(value, bool)
    return float(count)


def _counta(*arguments: Any) -> float:
    """Reason: the library gives #VALUE! when one of the arguments is text."""
    count = 0
    for argument in arguments:
        values = argument.ravel() if isinstance(argument, np.ndarray) else [argument]
        count += sum(1 for value in values if value is not EMPTY)
    return float(count)


def _sumproduct(*arguments: Any) -> float:
    """Reason: the library counts text "5", makes 0 of SUMPRODUCT(--(A1:A3>1)), and no error of unequal ranges."""
    arrays = [np.atleast_2d(np.asarray(argument, object)) for argument in arguments]
    if len({array.shape for array in arrays}) > 1:
        raise Fault(VALUE)
    products = []
    for values in zip(*(array.ravel() for array in arrays), strict=True):
        error = next((value for value in values if isinstance(value, XlError)), None)
        if error is not None:
            raise Fault(error)
        products.append(math.prod(float(value) if is_number(value) else 0.0 for value in values))
    return math.fsum(products)


# -- text --------------------------------------------------------------------------------------------------------


def _mid(text: Any, start: Any, count: Any) -> str:
    first, length = math.trunc(number_of(start)), math.trunc(number_of(count))
    if first < 1 or length < 0:
        raise Fault(VALUE)
    return display(text)[first - 1 : first - 1 + length]


def _left(text: Any, count: Any = 1.0) -> str:
    return _mid(text, 1.0, count)


def _right(text: Any, count: Any = 1.0) -> str:
    length = math.trunc(number_of(count))
    if length < 0:
        raise Fault(VALUE)
    return display(text)[-length:] if length else ""


def _trim(text: Any) -> str:
    """Reason: the library leaves two spaces between words."""
    return re.sub(" +", " ", display(text)).strip(" ")


def _text(value: Any, code: Any) -> str:
    """Reason: the library makes "0," of TEXT(0,"#,##0") and "2" of TEXT(2.5,"0"). Other codes than the simplest are
    left alone: they mean something else in a Dutch Excel."""
    if isinstance(value, str) and value is not EMPTY:
        number = number_in(value)
        if number is None:
            return str(value)
        value = number
    text = formatted(number_of(value), display(code))
    if text is None:
        raise NotImplementedError(f"TEXT met de opmaakcode {display(code)}")
    return text


def _n(value: Any) -> float:
    """Reason: N(TRUE) is 1."""
    return 0.0 if isinstance(value, str) else float(value)


_OPERATORS: dict[str, Function] = {
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(_divided),
    "^": _arithmetic(_power),
    "%": _arithmetic(lambda value: value / 100.0),
    "U-": _arithmetic(lambda value: -value),
    "&": elementwise(_joined),
    "=": _compared(lambda left, right: bool(left == right)),
    "<>": _compared(lambda left, right: bool(left != right)),
    "<": _compared(lambda left, right: bool(left < right)),
    "<=": _compared(lambda left, right: bool(left <= right)),
    ">": _compared(lambda left, right: bool(left > right)),
    ">=": _compared(lambda left, right: bool(left >= right)),
}

_FUNCTIONS: dict[str, Function] = {
    **formulas_lookup.FUNCTIONS,
    "ABS": _arithmetic(lambda value: abs(value)),
    "INT": _arithmetic(lambda value: float(math.floor(value))),
    "ROUND": elementwise(partial(_rounded, ROUND_HALF_UP)),
    "ROUNDUP": elementwise(partial(_rounded, ROUND_UP)),
    "ROUNDDOWN": elementwise(partial(_rounded, ROUND_DOWN)),
    "IF": whole(_if),
    "AND": whole(lambda *arguments: all(_logicals(arguments))),
    "OR": whole(lambda *arguments: any(_logicals(arguments))),
    "SUM": whole(total),
    "MIN": whole(lambda *arguments: min(numbers_in(arguments), default=0.0)),
    "MAX": whole(lambda *arguments: max(numbers_in(arguments), default=0.0)),
    "AVERAGE": whole(average),
    "COUNT": whole(_count),
    "COUNTA": whole(_counta),
    "SUMPRODUCT": whole(_sumproduct),
    # Reason: the library takes text that reads as a number for a number.
    "ISNUMBER": elementwise(is_number, errors_too=True),
    "LEN": elementwise(lambda text: float(len(display(text)))),
    "MID": elementwise(_mid),
    "LEFT": elementwise(_left),
    "RIGHT": elementwise(_right),
    "TRIM": elementwise(_trim),
    "TEXT": elementwise(_text),
    "N": elementwise(_n),
}
