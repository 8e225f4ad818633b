"""Functions of one or two numbers: powers, logarithms, remainders, angles, combinations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.functions.registry import Fault, raw, scalar, vectorised
from rekentool.engine.functions.rounding import floored
from rekentool.engine.functions.sample import Sample, draw, sampled, settle
from rekentool.engine.operators import odd_root
from rekentool.engine.vector import (
    DIV0,
    ERROR,
    LOGICAL,
    NUM,
    TEXT,
    VALUE,
    Area,
    Argument,
    Bools,
    Floats,
    Vector,
    error,
    simplify,
)

# Functions of numbers get floats or arrays and give one or the other (registry.vectorised).
Number = Any
Refused = tuple[Number, float, Number]

#: The largest factorial that a double holds is that of 170.
_FACTORIALS: Floats = np.array([float(math.factorial(one)) for one in range(171)])

#: Excel's sine, cosine and tangent refuse angles from here on.
_LARGEST_ANGLE = 134217728.0


@vectorised("ABS", "abs-function-3420200f-5628-4e8c-99da-c99d7c87713c")
def abs_(value: Number) -> Number:
    """The number without its sign."""
    return np.abs(value)


@vectorised("SIGN", "sign-function-109c932d-fcdc-4023-91f1-2dd0e916a1d8")
def sign(value: Number) -> Number:
    """1, 0 or -1."""
    return np.sign(value)


@vectorised("MOD", "mod-function-9b6cd169-b6ee-406a-a97b-edf2a9dc24f3")
def mod(value: Number, divisor: Number) -> Refused:
    """The exact remainder, with the sign of the divisor.

    Excel since 2010 gives 5.55112E-17 for MOD(0.9,0.3) and 0.1 for MOD(10,0.1), as the binary numbers have it
    (https://superuser.com/questions/617791).
    """
    zero = np.equal(divisor, 0)
    return np.mod(value, np.where(zero, 1.0, divisor)) + 0.0, DIV0, zero


@vectorised("QUOTIENT", "quotient-function-9f7bf099-2a18-4282-8fa4-65290cc99dee")
def quotient(numerator: Number, denominator: Number) -> Refused:
    """The whole part of a division."""
    zero = np.equal(denominator, 0)
    ratio = np.asarray(np.divide(numerator, np.where(zero, 1.0, denominator)))
    size = floored(np.atleast_1d(np.abs(ratio))).reshape(ratio.shape)
    return np.copysign(size, ratio) + 0.0, DIV0, zero


@vectorised("POWER", "power-function-d3f2908b-56f4-4c3f-895a-07fb519c362a")
def power(value: Number, exponent: Number) -> Refused:
    """A power; #NUM! for 0 to the power 0, #DIV/0! for 0 to a negative power.

    Of a negative number Excel takes whole powers and odd roots (`odd_root`), and no others.
    """
    x, n = np.asarray(value), np.asarray(exponent)
    result = np.power(x, n)
    if np.any(x < 0):
        result = np.where((x < 0) & odd_root(n), -np.power(np.abs(x), n), result)
    return np.where((x == 0) & (n == 0), np.nan, result), DIV0, (x == 0) & (n < 0)


@vectorised("SQRT", "sqrt-function-654975c2-05c4-4831-9a24-2c65e4040fdf")
def sqrt(value: Number) -> Number:
    """The square root; #NUM! of a negative number."""
    return np.sqrt(value)


@vectorised("SQRTPI", "sqrtpi-function-1fb4e63f-9b51-46d6-ad68-b3e7a8b519b4")
def sqrtpi(value: Number) -> Number:
    """The square root of a multiple of pi."""
    return np.sqrt(np.multiply(value, math.pi))


@vectorised("EXP", "exp-function-c578f034-2c45-4c37-bc8c-329660a63abe")
def exp(value: Number) -> Number:
    """A power of e."""
    return np.exp(value)


@vectorised("LN", "ln-function-81fe1ed7-dac9-4acd-ba1d-07a142c6118f")
def ln(value: Number) -> Number:
    """The natural logarithm; #NUM! unless above 0."""
    return np.log(value)


@vectorised("LOG10", "log10-function-c75b881b-49dd-44fb-b6f4-37e3486a0211")
def log10(value: Number) -> Number:
    """The logarithm to base 10; #NUM! unless above 0."""
    return np.log10(value)


@vectorised("LOG", "log-function-4e82f196-1ca9-4747-8fb0-6c4a3abb3280")
def log(value: Number, base: Number = 10.0) -> Refused:
    """The logarithm to a base; #NUM! unless both are above 0, #DIV/0! for base 1."""
    b = np.asarray(base)
    result = np.log(value) / np.where(b == 1, 1.0, np.log(b))
    result = np.where(b == 10, np.log10(value), np.where(b == 2, np.log2(value), result))
    return np.where(b > 0, result, np.nan), DIV0, (b == 1) & np.greater(value, 0)


@vectorised("PI", "pi-function-264199d0-a3ba-46b8-975a-c4a04608989b")
def pi() -> Number:
    """Pi in 15 digits."""
    return math.pi


@vectorised("RADIANS", "radians-function-ac409508-3d48-45f5-ac02-1497c92de5bf")
def radians(degrees: Number) -> Number:
    """Degrees as radians."""
    return np.multiply(degrees, math.pi / 180)


@vectorised("DEGREES", "degrees-function-4d6ec4db-e694-4b94-ace0-1cc3f61f9ba1")
def degrees(radians: Number) -> Number:
    """Radians as degrees."""
    return np.multiply(radians, 180 / math.pi)


def _angle(angle: Number) -> Number:
    return np.where(np.abs(angle) < _LARGEST_ANGLE, angle, np.nan)


@vectorised("SIN", "sin-function-cf0e3432-8b9e-483c-bc55-a76651c95602")
def sin(angle: Number) -> Number:
    """The sine of radians."""
    return np.sin(_angle(angle))


@vectorised("COS", "cos-function-0fb808a5-95d6-4553-8148-22aebdce5f05")
def cos(angle: Number) -> Number:
    """The cosine of radians."""
    return np.cos(_angle(angle))


@vectorised("TAN", "tan-function-08851a40-179f-4052-b789-d7f699447401")
def tan(angle: Number) -> Number:
    """The tangent of radians."""
    return np.tan(_angle(angle))


@vectorised("ASIN", "asin-function-81fb95e5-6d6f-48c4-bc45-58f955c6d347")
def asin(value: Number) -> Number:
    """The angle whose sine it is; #NUM! outside -1 to 1."""
    return np.arcsin(value)


@vectorised("ACOS", "acos-function-cb73173f-d089-4582-afa1-76e5524b5d5b")
def acos(value: Number) -> Number:
    """The angle whose cosine it is; #NUM! outside -1 to 1."""
    return np.arccos(value)


@vectorised("ATAN", "atan-function-50746fa8-630a-406b-81d0-4a2aed395543")
def atan(value: Number) -> Number:
    """The angle whose tangent it is."""
    return np.arctan(value)


@vectorised("ATAN2", "atan2-function-c04592ab-b9e3-4908-b428-c96b3a565033")
def atan2(x: Number, y: Number) -> Refused:
    """The angle of a point, x first; #DIV/0! at the origin."""
    return np.arctan2(y, x), DIV0, np.equal(x, 0) & np.equal(y, 0)


@vectorised("SINH", "sinh-function-1e4e8b9f-2b65-43fc-ab8a-0a37f4081fa7")
def sinh(value: Number) -> Number:
    """The hyperbolic sine."""
    return np.sinh(value)


@vectorised("COSH", "cosh-function-e460d426-c471-43e8-9540-a57ff3b70555")
def cosh(value: Number) -> Number:
    """The hyperbolic cosine."""
    return np.cosh(value)


@vectorised("TANH", "tanh-function-017222f0-a0c3-4f69-9787-b3202295dc6c")
def tanh(value: Number) -> Number:
    """The hyperbolic tangent."""
    return np.tanh(value)


@vectorised("FACT", "fact-function-ca8588c2-15f2-41c0-8e8c-c11bd471a4f3")
def fact(value: Number) -> Number:
    """The factorial of the whole part; #NUM! below 0 and above 170."""
    whole = np.trunc(value)
    known = (whole >= 0) & (whole <= 170) & np.greater_equal(value, 0)
    return np.where(known, _FACTORIALS[np.where(known, whole, 0).astype(np.int64)], np.nan)


@scalar("COMBIN", "combin-function-12a3f276-0a21-423a-8de6-06990aaf638a")
def combin(items: float, chosen: float) -> float:
    """In how many ways a number of items can be chosen, without order."""
    n, k = int(items), int(chosen)
    if items < 0 or chosen < 0 or n < k:
        raise Fault(NUM)
    if min(k, n - k) > 1030:  # at least 2 ** 1030, more than a double holds
        raise Fault(NUM)
    ways = math.comb(n, k)
    if ways.bit_length() > 1024:
        raise Fault(NUM)
    return float(ways)


@scalar("PERMUT", "permut-function-3bd1cb9a-2880-41ab-a197-f246a7a602d3")
def permut(items: float, chosen: float) -> float:
    """In how many ways a number of items can be chosen, in order."""
    n, k = int(items), int(chosen)
    if n < 0 or k < 0 or n < k or k > 1030:
        raise Fault(NUM)
    ways = math.perm(n, k)
    if ways.bit_length() > 1024:
        raise Fault(NUM)
    return float(ways)


def _strict(cell: Vector, *refused: int) -> Vector:
    """A cell with #VALUE! for kinds that GCD and LCM refuse, unlike SUM."""
    kind, data = cell
    wrong: Bools = np.isin(kind, refused)
    if not wrong.any():
        return cell
    if isinstance(kind, int):
        return error(VALUE)
    return simplify(np.where(wrong, ERROR, kind).astype(np.uint8), np.where(wrong, VALUE, data))


def _whole(arguments: Sequence[Argument], size: int, neutral: float) -> Sample:
    """The whole parts of the arguments; the neutral number where one doesn't count."""
    given: list[Argument] = []
    for argument in arguments:
        if isinstance(argument, Area):
            cells = [_strict(cell, TEXT, LOGICAL) for cell in argument.cells]
            given.append(Area(argument.rows, argument.columns, cells))
        else:
            given.append(None if argument is None else _strict(argument, LOGICAL))
    drawn = draw(given, size)
    return Sample(np.trunc(drawn.filled(neutral)), True, drawn.faults)


def _outside(values: Floats) -> Bools:
    """Where a number is below 0 or too large to be exact."""
    outside: Bools = np.logical_or.reduce((values < 0) | (values >= 2.0**53), axis=0)
    return outside


@raw("GCD", "gcd-function-d5107a51-69e3-461f-8e4c-ddfc21b5073a", 1)
def gcd(arguments: Sequence[Argument], size: int) -> Vector:
    """The greatest common divisor of the whole parts."""
    drawn = _whole(arguments, size, 0.0)
    refused = _outside(drawn.values)
    numbers = np.where(refused, 0, drawn.values).astype(np.int64)
    return settle(np.gcd.reduce(numbers, axis=0), drawn.faults, (refused, NUM))


@raw("LCM", "lcm-function-7152b67a-8bb5-4075-ae5c-06ede5563c94", 1)
def lcm(arguments: Sequence[Argument], size: int) -> Vector:
    """The least common multiple of the whole parts."""
    drawn = _whole(arguments, size, 1.0)
    refused: Any = _outside(drawn.values)
    numbers = np.where(refused, 1, drawn.values).astype(np.int64)
    result = np.ones(numbers.shape[1])
    for row in numbers:
        divisor = np.gcd(result.astype(np.int64), row)
        result = result / np.where(divisor == 0, 1, divisor) * row
        refused = refused | (result >= 2.0**53)
        result = np.where(refused, 1.0, result)
    return settle(result, drawn.faults, (refused, NUM))


@sampled("SUMSQ", "sumsq-function-e3313c02-51cc-4963-aae6-31442d9ec307")
def sumsq(drawn: Sample) -> Floats:
    """The sum of the squares."""
    return Sample(drawn.values**2, drawn.whole, drawn.faults).total
