"""Functions that round: on the decimal value with 15 significant digits, as Excel has it, not on the binary one.

Excel's ROUND(1.005,2) is 1.01 though the binary number lies below the tie, and its INT(123456789-0.0000004) is
123456789 though the number lies below that (measured by joeu2004, in the thread at
https://office-forums.com/threads/int-defect-please-try-this-on-2007-for-me.1184458). So a number counts as a tie, or as
whole, where it is one when written with 15 significant digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rekentool.engine.functions.registry import vectorised
from rekentool.engine.vector import DIV0, NUM, Bools, Floats

#: Powers of ten, each the double nearest to it.
_POWERS: Floats = np.array([float(f"1e{power}") for power in range(309)])

#: A little more than half a unit of the 15th digit, relative to the number: beyond it there is no doubt.
_DOUBT = 5.1e-15

# Functions of numbers get floats or arrays and give one or the other (registry.vectorised).
Number = Any
Refused = tuple[Number, float, Number]


def _half_unit(value: Floats) -> Floats:
    """Half a unit of the 15th significant digit of positive numbers, and a little for the error of a scaling."""
    exponent = np.floor(np.log10(value))
    exponent -= 10.0**exponent > value
    return (0.5 + 1e-9) * 10.0 ** (exponent - 14)


def half_up(value: Floats) -> Floats:
    """Numbers of 0 and above to the nearest whole number, a tie in 15 digits upwards."""
    result = value + 0.5
    np.floor(result, out=result)
    other = value * (1 + _DOUBT)
    other += 0.5
    np.floor(other, out=other)
    doubt = result != other
    if doubt.any():
        where = np.flatnonzero(doubt & (value < 1e14))  # from 1e14 on 15 digits have no tie
        result[where] += result[where] + 0.5 - value[where] <= _half_unit(value[where])
    return result


def _settled(result: Floats, other: Floats, value: Floats) -> Floats:
    """The rounding in ``result``, but the whole number near ``value`` where 15 digits give that; ``other`` is the
    rounding of the value moved a little towards it."""
    doubt = result != other
    if doubt.any():
        where = np.flatnonzero(doubt)
        doubtful = value[where]
        near = np.floor(doubtful + 0.5)
        size = np.abs(doubtful)
        result[where] = np.where(np.abs(doubtful - near) <= _half_unit(size), near, result[where])
    return result


def up(value: Floats) -> Floats:
    """Numbers of 0 and above up to a whole number, unless they are whole in 15 digits."""
    other = value * (1 - _DOUBT)
    np.ceil(other, out=other)
    return _settled(np.ceil(value), other, value)


def down(value: Floats) -> Floats:
    """Numbers down to a whole number, or to the one just above them where they are that in 15 digits."""
    other = np.abs(value)
    other *= _DOUBT
    other += value
    np.floor(other, out=other)
    return _settled(np.floor(value), other, value)


def _on_arrays(rounded: Callable[..., Floats], *numbers: Number) -> Number:
    """Call a function of arrays; floats in, float out."""
    if all(isinstance(one, float) for one in numbers):
        return float(rounded(*(np.array([one]) for one in numbers))[0])
    return rounded(*np.broadcast_arrays(*numbers))


def _at_digits(value: Number, digits: Number, whole: Callable[[Floats], Floats]) -> Number:
    """A rounding of magnitudes to whole numbers, done at a number of decimals (negative: tens, hundreds, …)."""
    if isinstance(digits, np.ndarray):
        result = np.empty(len(digits))
        for one in np.unique(digits).tolist():
            where = digits == one
            result[where] = _at_digits(value[where] if isinstance(value, np.ndarray) else value, one, whole)
        return result
    if isinstance(value, float):
        return float(_at_digits(np.array([value]), digits, whole)[0])
    places = int(min(max(digits, -308.0), 308.0))
    power = _POWERS[abs(places)]
    size = value if value.min() >= 0 else np.abs(value)
    scaled = size * power if places >= 0 else size / power
    result = whole(scaled)
    if places >= 0:
        result /= power
        large = scaled.max() >= 1e15
        if large:  # all 15 digits stand before the point, or the scaling overflowed
            result = np.where(scaled >= 1e15, size, result)
    elif digits <= -309:  # beyond what a double holds: 0, or #NUM!
        result = np.where(result > 0, np.inf, 0.0)
    else:
        result *= power
    if size is not value:
        result = np.copysign(result, value)
    result += 0.0  # no -0
    return result


def floored(value: Number) -> Number:
    """INT: the whole number at or below, in 15 digits."""
    return _on_arrays(down, value)


@vectorised("ROUND", "round-function-c018c5d8-40fb-4053-90b1-b3e7f61a213c")
def round_(value: Number, digits: Number) -> Number:
    """Rounds to a number of decimals, half away from zero."""
    return _at_digits(value, digits, half_up)


@vectorised("ROUNDUP", "roundup-function-f8bc9b23-e795-47db-8703-db171d0c42a7")
def roundup(value: Number, digits: Number) -> Number:
    """Rounds to a number of decimals, away from zero."""
    return _at_digits(value, digits, up)


@vectorised("ROUNDDOWN", "rounddown-function-2ec94c73-241f-4b01-8c6f-17e6d7968f53")
def rounddown(value: Number, digits: Number) -> Number:
    """Rounds to a number of decimals, towards zero."""
    return _at_digits(value, digits, down)


@vectorised("TRUNC", "trunc-function-8b86a64c-3127-43db-ba14-aa5ceb292721")
def trunc(value: Number, digits: Number = 0.0) -> Number:
    """Cuts off at a number of decimals."""
    return _at_digits(value, digits, down)


@vectorised("INT", "int-function-a6c4af9e-356d-4369-ab6a-cb1fd9d343ef")
def int_(value: Number) -> Number:
    """Rounds down to a whole number."""
    return floored(value)


def _multiple(value: Floats, step: Floats, away: Bools) -> Floats:
    """A multiple of a positive step: away from zero where `away` holds, else towards it."""
    steps = np.abs(value) / np.where(step == 0, 1.0, step)
    return np.copysign(np.where(away, up(steps), down(steps)) * step, value) + 0.0


@vectorised("CEILING", "ceiling-function-0a5cd7c8-0720-4f0a-bd2c-c943e510899f")
def ceiling(value: Number, significance: Number) -> Refused:
    """Up to a multiple of the significance; away from zero where both are negative. #NUM! for a negative significance
    of a positive number."""
    result = _on_arrays(lambda x, step: _multiple(x, np.abs(step), (x > 0) | (step < 0)), value, significance)
    return result, NUM, (np.asarray(value) > 0) & (np.asarray(significance) < 0)


@vectorised("FLOOR", "floor-function-14bb497c-24f2-4e04-b327-b0b4de5a8886")
def floor(value: Number, significance: Number) -> Number:
    """Down to a multiple of the significance; towards zero where both are negative. #NUM! for a negative significance
    of a positive number, #DIV/0! for 0."""
    result = _on_arrays(lambda x, step: _multiple(x, np.abs(step), (x < 0) & (step > 0)), value, significance)
    x, step = np.asarray(value), np.asarray(significance)
    result = np.where((x > 0) & (step < 0), np.nan, result)  # #NUM!
    return result, DIV0, (step == 0) & (x != 0)


def _ceiling_math(value: Number, significance: Number, mode: Number) -> Number:
    return _on_arrays(
        lambda x, step, mode: _multiple(x, np.abs(step), (x > 0) | (mode != 0)), value, significance, mode
    )


def _floor_math(value: Number, significance: Number, mode: Number) -> Number:
    return _on_arrays(
        lambda x, step, mode: _multiple(x, np.abs(step), (x < 0) & (mode == 0)), value, significance, mode
    )


@vectorised("CEILING.MATH", "ceiling-math-function-80f95d2f-b499-4eee-9f16-f795a8e306c8")
def ceiling_math(value: Number, significance: Number = 1.0, mode: Number = 0.0) -> Number:
    """Up to a multiple of the significance; a negative number away from zero where mode isn't 0."""
    return _ceiling_math(value, significance, mode)


@vectorised("FLOOR.MATH", "floor-math-function-c302b599-fbdb-4177-ba19-2c2b1249a2f5")
def floor_math(value: Number, significance: Number = 1.0, mode: Number = 0.0) -> Number:
    """Down to a multiple of the significance; a negative number towards zero where mode isn't 0."""
    return _floor_math(value, significance, mode)


@vectorised("CEILING.PRECISE", "ceiling-precise-function-f366a774-527a-4c92-ba49-af0a196e66cb")
def ceiling_precise(value: Number, significance: Number = 1.0) -> Number:
    """Up to a multiple of the significance, whatever the signs."""
    return _ceiling_math(value, significance, 0.0)


@vectorised("ISO.CEILING", "iso-ceiling-function-e587bb73-6cc2-4113-b664-ff5b09859a83")
def iso_ceiling(value: Number, significance: Number = 1.0) -> Number:
    """Up to a multiple of the significance, whatever the signs."""
    return _ceiling_math(value, significance, 0.0)


@vectorised("FLOOR.PRECISE", "floor-precise-function-f769b468-1452-4617-8dc3-02f842a0702e")
def floor_precise(value: Number, significance: Number = 1.0) -> Number:
    """Down to a multiple of the significance, whatever the signs."""
    return _floor_math(value, significance, 0.0)


@vectorised("MROUND", "mround-function-c299c3b0-15a5-426d-aa4b-d2d5b3baf427")
def mround(value: Number, multiple: Number) -> Refused:
    """To the nearest multiple, on the binary quotient: Microsoft's page has MROUND(6.05,0.1) = 6.0 and
    MROUND(7.05,0.1) = 7.1. #NUM! where the signs differ."""
    x, step = np.asarray(value), np.asarray(multiple)
    steps = np.floor(np.abs(x) / np.where(step == 0, 1.0, np.abs(step)) + 0.5)
    return np.copysign(steps * np.abs(step), x) + 0.0, NUM, x * step < 0


@vectorised("EVEN", "even-function-197b5f06-c795-4c1e-8696-3c3b8a646cf9")
def even(value: Number) -> Number:
    """Away from zero to an even number."""
    return _on_arrays(lambda x: np.copysign(2 * up(np.abs(x) / 2), x) + 0.0, value)


@vectorised("ODD", "odd-function-deae64eb-e08a-4c88-8b40-6d0b42575c98")
def odd(value: Number) -> Number:
    """Away from zero to an odd number; 1 for 0."""
    return _on_arrays(lambda x: np.copysign(2 * up(np.maximum(np.abs(x) - 1, 0.0) / 2) + 1, x), value)
