"""Functions that round: on the decimal value with 15 significant digits, as Excel has it, not on the binary one.

Excel's ROUND(1.005,2) is 1.01 though the binary number lies below the tie, and its INT(123456789-0.0000004) is
123456789 though the number lies below that (https://office-forums.com/threads/int-defect-please-try-this-on-2007-for-me.1184458).
So a number counts as a tie, or as whole, where it is one when written with 15 significant digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.functions.registry import vectorised
from rekentool.engine.vector import DIV0, NUM, Bools, Floats

#: Powers of ten, each the double nearest to it.
_POWERS: Floats = np.array([float(f"1e{power}") for power in range(309)])

#: More than half a unit of the 15th digit of any number, relative to that number: only within it there's a doubt.
_DOUBT = 5.1e-15

# Numbers come as floats or arrays and go out so: numpy's functions take both.
Number = Any


def _half_unit(value: Number) -> Number:
    """Half a unit of the 15th significant digit of positive numbers."""
    exponent = np.floor(np.log10(np.maximum(value, 1e-290)))
    exponent = exponent - (10.0**exponent > value)
    return 0.5 * 10.0 ** (exponent - 14)


def _settled(value: Number) -> Number:
    """Numbers of 0 and above, made whole where they are whole in 15 digits."""
    whole = np.floor(value + 0.5)
    gap = np.abs(value - whole)
    doubt = (gap <= value * _DOUBT) & (gap > 0)
    if not np.any(doubt):
        return value
    return np.where(doubt & (gap <= _half_unit(value) * (1 + 1e-9)), whole, value)


def _half_up(value: Number) -> Number:
    """Numbers of 0 and above to the nearest whole number, a tie in 15 digits upwards."""
    low = np.floor(value + 0.5)
    high = np.floor(value * (1 + _DOUBT) + 0.5)
    doubt = (low != high) & (value < 1e14)  # from 1e14 on there's no tie in 15 digits
    if not np.any(doubt):
        return low
    return np.where(doubt & (low + 0.5 - value <= _half_unit(value) * (1 + 1e-9)), low + 1, low)


def _at_digits(value: Number, digits: Number, rounded: Any) -> Number:
    """A rounding of magnitudes to whole numbers, done at a number of decimals (negative: tens, hundreds …)."""
    places = (
        np.trunc(np.clip(digits, -308.0, 308.0)).astype(np.int64)
        if isinstance(digits, np.ndarray)
        else int(min(max(digits, -308.0), 308.0))
    )
    power = _POWERS[np.abs(places)]
    size = np.abs(value)
    if isinstance(places, int):
        scaled = size * power if places >= 0 else size / power
        whole = rounded(scaled)
        result = whole / power if places >= 0 else whole * power
    else:
        scaled = np.where(places >= 0, size * power, size / power)
        whole = rounded(scaled)
        result = np.where(places >= 0, whole / power, whole * power)
    large = scaled >= 1e15  # all 15 digits stand before the point
    if np.any(large):
        result = np.where(large, size, result)
    return np.copysign(result, value) + 0.0  # no -0


@vectorised("ROUND", "round-function-c018c5d8-40fb-4053-90b1-b3e7f61a213c")
def round_(value: Number, digits: Number) -> Number:
    """Rounds to a number of decimals, half away from zero."""
    return _at_digits(value, digits, _half_up)


@vectorised("ROUNDUP", "roundup-function")
def roundup(value: Number, digits: Number) -> Number:
    """Rounds away from zero."""
    return _at_digits(value, digits, lambda size: np.ceil(_settled(size)))


@vectorised("ROUNDDOWN", "rounddown-function")
def rounddown(value: Number, digits: Number) -> Number:
    """Rounds towards zero."""
    return _at_digits(value, digits, lambda size: np.floor(_settled(size)))


@vectorised("INT", "int-function")
def int_(value: Number) -> Number:
    """Rounds down to a whole number."""
    return floored(value)


def floored(value: Number) -> Number:
    """The whole number below, or the number itself where it is whole in 15 digits."""
    whole = np.floor(value + 0.5)
    gap = np.abs(value - whole)
    doubt = (gap <= np.abs(value) * _DOUBT) & (gap > 0)
    low = np.floor(value)
    if not np.any(doubt):
        return low
    return np.where(doubt & (gap <= _half_unit(np.abs(value)) * (1 + 1e-9)), whole, low)


@vectorised("ABS", "abs-function")
def abs_(value: Number) -> Number:
    """The number without its sign."""
    return np.abs(value)
