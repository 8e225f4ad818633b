"""How the corrected functions take their arguments, and how an Excel error is their result.

A reference comes in as a plain two-dimensional array (or the library's ``Ranges``), a computed value as a scalar or as
the library's ``Array``: Excel treats text and booleans differently in the two.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import numpy as np
import schedula
from formulas.errors import BroadcastError
from formulas.functions import Array
from formulas.ranges import Ranges
from formulas.tokens.operand import Error, XlError

from rekentool.engine.formulas_text import number_in

EMPTY = schedula.EMPTY
DIV0, VALUE, REF, NUM, NA = (Error.errors[code] for code in ("#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#N/A"))

Function = Callable[..., Any]


class Fault(Exception):
    """An Excel error as the result of the function at hand."""

    def __init__(self, error: Any) -> None:
        super().__init__(str(error))
        self.error = error


def plain(argument: Any) -> Any:
    """A single value as Python has it; a bigger array stays an array."""
    if isinstance(argument, Ranges):
        argument = argument.value
    if isinstance(argument, np.ndarray) and argument.size == 1:
        return argument.item()
    return argument


def elementwise(function: Function, errors_too: bool = False) -> Function:
    """Lift a function of single values to arrays. An error among its arguments is its result, unless it wants them."""

    def single(*values: Any) -> Any:
        if not errors_too:
            error = next((value for value in values if isinstance(value, XlError)), None)
            if error is not None:
                return error
        try:
            return function(*values)
        except Fault as fault:
            return fault.error

    @wraps(function)
    def lifted(*arguments: Any) -> Any:
        values = [plain(argument) for argument in arguments]
        if not any(isinstance(value, np.ndarray) for value in values):
            return single(*values)
        try:
            return np.vectorize(single, otypes=[object])(*values).view(Array)
        except ValueError as problem:
            raise BroadcastError from problem

    return lifted


def whole(function: Function) -> Function:
    """A function of whole ranges: an error that it raises is its result."""

    @wraps(function)
    def called(*arguments: Any) -> Any:
        try:
            return function(*(argument.value if isinstance(argument, Ranges) else argument for argument in arguments))
        except Fault as fault:
            return fault.error

    return called


def number_of(value: Any) -> float:
    """A value where Excel wants a number: blank is 0, TRUE is 1, text that reads as a number is that number.

    Reason: the library uses Python's float(), which also takes "nan", "inf" and "1_000".
    """
    if isinstance(value, XlError):
        raise Fault(value)
    if value is EMPTY:
        return 0.0
    if isinstance(value, str):
        number = number_in(value)
        if number is None:
            raise Fault(VALUE)
        return number
    return float(value)


def finite(number: float) -> Any:
    """The number, or #NUM! when it is too large for a cell."""
    return number if math.isfinite(number) else NUM


def is_reference(argument: Any) -> bool:
    """Whether Excel would see a range or an array: text and booleans in it don't count as numbers."""
    return type(argument) is np.ndarray or (isinstance(argument, np.ndarray) and argument.size > 1)


def is_number(value: Any) -> bool:
    """Whether it is a number and not a boolean."""
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)


def numbers_in(arguments: tuple[Any, ...]) -> Iterator[float]:
    """The numbers that SUM and its kin see: in a range only true numbers, among the arguments also "5" and TRUE.

    Reason: the library counts text "5" in a range, and text in a range makes its MIN and MAX an error.
    """
    for argument in arguments:
        if is_reference(argument):
            for value in argument.ravel():
                if isinstance(value, XlError):
                    raise Fault(value)
                if is_number(value):
                    yield float(value)
        else:
            yield number_of(plain(argument))


def truth_of(value: Any) -> bool:
    """A value where Excel wants TRUE or FALSE: a blank is FALSE, a number is TRUE unless it is 0."""
    if isinstance(value, XlError):
        raise Fault(value)
    if value is EMPTY:
        return False
    if isinstance(value, str):
        if value.upper() not in ("TRUE", "FALSE"):
            raise Fault(VALUE)
        return value.upper() == "TRUE"
    return bool(value)


def order_key(value: Any) -> tuple[int, Any]:
    """Numbers come before text, text before booleans; text is compared without upper and lower case."""
    if isinstance(value, bool | np.bool_):
        return 2, bool(value)
    if isinstance(value, str):
        return 1, value.casefold()
    return 0, float(f"{float(value):.15g}")


def total(*arguments: Any) -> Any:
    """SUM."""
    try:
        return math.fsum(numbers_in(arguments))
    except OverflowError:
        return NUM


def average(*arguments: Any) -> float:
    """AVERAGE: #DIV/0! where there is no number."""
    numbers = list(numbers_in(arguments))
    if not numbers:
        raise Fault(DIV0)
    return math.fsum(numbers) / len(numbers)
