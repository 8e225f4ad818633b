"""The value and the yield of cash flows: NPV, IRR, RATE and their kin.

A yield is the root of an equation that may have more than one. Excel tries at most twenty steps from a guess. Here a
root that is the only one is always found; where there are more, the one that Newton's method reaches in twenty steps
counts if none lies nearer to the guess, and otherwise the function is refused by name: which one Excel gives isn't laid
down.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import Fault, Range, Unsupported, cells_of, raw, scalar, single
from rekentool.engine.vector import (
    DIV0,
    ERROR,
    NUM,
    NUMBER,
    VALUE,
    Argument,
    Vector,
    error,
    simplify,
)
from rekentool.xlsx.cell import ExcelError

#: A function's value and slope at a rate.
Curve = Callable[[float], tuple[float, float]]

_TRIES = 20
_CLOSE = 1e-7
_ANY = "een rendement met meer dan één oplossing; welke Excel vindt hangt af van hoe het zoekt"


@raw("NPV", "npv-function-8672cb67-2576-4d07-b67b-ac28acf2a568", 2)
def npv(arguments: Sequence[Argument], size: int) -> Vector:
    """The value now of amounts at the end of each period; in areas only numbers count, and take a period."""
    rate = to_numbers(single(arguments[0]))
    wrong: Any = np.equal(rate.kind, ERROR)
    faults: Any = np.where(wrong, rate.data, 0.0)
    growth = 1.0 + np.where(wrong, 0.0, rate.data) if np.any(wrong) else np.add(1.0, rate.data)
    factor: Any = 1.0
    total: Any = 0.0
    with np.errstate(all="ignore"):
        for cell, in_area in cells_of(arguments[1:]):
            kind, data = cell if in_area else to_numbers(cell)
            if isinstance(kind, int) and kind == NUMBER:
                factor = factor * growth
                total = total + np.divide(data, factor)
                continue
            counts, fails = np.equal(kind, NUMBER), np.equal(kind, ERROR) & ~np.asarray(wrong)
            factor = np.where(counts, factor * growth, factor)
            total = total + np.where(counts, np.divide(data, factor), 0.0)
            faults, wrong = np.where(fails, data, faults), wrong | fails
    flat = np.equal(growth, 0)
    bad = np.asarray(wrong | flat | ~np.isfinite(total))
    if not bad.any():
        return Vector(NUMBER, total if isinstance(total, np.ndarray) and total.ndim else float(total))
    errors = np.where(wrong, faults, np.where(flat, DIV0, NUM))
    if bad.ndim == 0:
        return error(float(errors))
    return simplify(np.where(bad, ERROR, NUMBER).astype(np.uint8), np.where(bad, errors, total))


@scalar("IRR", "irr-function-64925eaa-9988-495b-b290-3ad0c163c1bc")
def irr(values: Range, guess: float = 0.1) -> float:
    """The rate at which amounts at equal distances are worth nothing together; only numbers count."""
    flows = _numbers(values)
    return _yield(flows, list(range(len(flows))), guess)


@scalar("XIRR", "xirr-function-de1242ec-6477-445b-b11b-a303ad9adc9d")
def xirr(values: Range, dates: Range, guess: float = 0.1) -> float:
    """The yearly rate at which amounts on dates are worth nothing together."""
    flows, times = _dated(values, dates)
    return _yield(flows, times, guess)


@scalar("XNPV", "xnpv-function-1b42bbf6-370f-4532-a0eb-d67c16b664b7")
def xnpv(rate: float, values: Range, dates: Range) -> float:
    """The value on the first date of amounts on dates, at a yearly rate."""
    flows, times = _dated(values, dates)
    if rate <= -1:
        raise Fault(NUM)
    if rate < 0:
        raise Unsupported("XNPV met een negatieve rente, wat niet elke Excel toelaat")
    return math.fsum(flow / (1 + rate) ** time for flow, time in zip(flows, times, strict=True))


@scalar("MIRR", "mirr-function-b020f038-7492-4fb4-93c1-35c345b53524")
def mirr(values: Range, finance: float, reinvest: float) -> float:
    """The yield of amounts at equal distances, with one rate for what is paid and one for what comes in."""
    flows = _numbers(values)
    if min(flows, default=0.0) >= 0 or max(flows, default=0.0) <= 0 or len(flows) < 2 or -1 in (finance, reinvest):
        raise Fault(DIV0)
    last = len(flows) - 1
    earned = sum(flow * (1 + reinvest) ** (last - time) for time, flow in enumerate(flows) if flow > 0)
    paid = -sum(flow / (1 + finance) ** time for time, flow in enumerate(flows) if flow < 0)
    return float((earned / paid) ** (1 / last) - 1)


@scalar("RATE", "rate-function-9f665657-4a7e-4bb7-a030-83fc59e748ce")
def rate(nper: float, pmt: float, pv: float, fv: float = 0.0, when: float = 0.0, guess: float = 0.1) -> float:
    """The rate in each period of a loan with equal payments."""
    if nper <= 0:
        raise Fault(NUM)
    early = float(when != 0)
    flows = [pv + pmt, pmt, fv] if early else [pv, pmt, pmt + fv]

    def curve(rate: float) -> tuple[float, float]:
        grown, slope = (1 + rate) ** nper, nper * (1 + rate) ** (nper - 1)
        added = (grown - 1) / rate if abs(rate) > 1e-6 else nper + nper * (nper - 1) / 2 * rate
        added_slope = (slope - added) / rate if abs(rate) > 1e-6 else nper * (nper - 1) / 2
        factor = 1 + rate * early
        return pv * grown + pmt * factor * added + fv, pv * slope + pmt * (early * added + factor * added_slope)

    return _root(curve, guess, _sign_changes(flows))


def _numbers(values: Range) -> list[float]:
    flat = [value for row in values for value in row]
    for value in flat:
        if isinstance(value, ExcelError):
            raise Fault.of(value)
    return [value for value in flat if isinstance(value, float) and not isinstance(value, bool)]


def _dated(values: Range, dates: Range) -> tuple[list[float], list[float]]:
    """The amounts, and their times in years of 365 days from the first one."""
    flat = [[value for row in area for value in row] for area in (values, dates)]
    for value in (*flat[0], *flat[1]):
        if isinstance(value, ExcelError):
            raise Fault.of(value)
        if isinstance(value, bool) or not isinstance(value, float):
            raise Fault(VALUE)
    flows, days = _numbers(values), [float(int(day)) for day in _numbers(dates)]
    if len(flows) != len(days) or not flows or min(days) < max(days[0], 0):
        raise Fault(NUM)
    return flows, [(day - days[0]) / 365 for day in days]


def _yield(flows: Sequence[float], times: Sequence[float], guess: float) -> float:
    amounts, powers = np.array(flows), np.array(times, np.float64)

    def curve(rate: float) -> tuple[float, float]:
        worth = amounts * np.power(1 + rate, -powers)
        return float(worth.sum()), float(-(powers * worth).sum() / (1 + rate))

    ordered = [flow for _, flow in sorted(zip(times, flows, strict=True), key=lambda pair: pair[0])]
    return _root(curve, guess, _sign_changes(ordered))


def _sign_changes(flows: Sequence[float]) -> int:
    signs = [flow > 0 for flow in flows if flow]
    return sum(one != other for one, other in pairwise(signs))


def _root(curve: Curve, guess: float, changes: int) -> float:
    """The root above -1 (see the module's docstring); by Descartes' rule there is one if the signs change once."""
    if changes == 0 or guess <= -1:
        raise Fault(NUM)
    with np.errstate(all="ignore"):
        found = _newton(curve, guess)
        if changes == 1:
            return found if found is not None else _bisected(curve)
        if found is None:
            if _crossings(curve, -0.99, 100.0):
                raise Unsupported(_ANY)
            raise Fault(NUM)
        distance = abs(found - guess) * 0.999
        if _crossings(curve, max(guess - distance, -0.999), guess + distance):
            raise Unsupported(_ANY)
        return found


def _newton(curve: Curve, guess: float) -> float | None:
    rate, more, last_step = guess, _TRIES, math.inf
    polishing = False
    while more:
        more -= 1
        value, slope = _at(curve, rate)
        if value == 0:
            return rate
        if not (math.isfinite(value) and math.isfinite(slope)) or slope == 0:
            return None
        step = value / slope
        following = rate - step if rate - step > -1 else (rate - 1) / 2
        if polishing and abs(step) >= last_step:
            return rate
        if abs(following - rate) < _CLOSE and not polishing:
            polishing, more = True, 4
        rate, last_step = following, abs(step)
    return rate if polishing else None


def _at(curve: Curve, rate: float) -> tuple[float, float]:
    try:
        return curve(rate)
    except (OverflowError, ZeroDivisionError):
        return math.inf, math.inf


def _crossings(curve: Curve, low: float, high: float) -> bool:
    """Whether the curve changes sign between two rates."""
    if low >= high:
        return False
    signs = {_at(curve, float(rate))[0] > 0 for rate in np.expm1(np.linspace(math.log1p(low), math.log1p(high), 400))}
    return len(signs) > 1


def _bisected(curve: Curve) -> float:
    """The only root, sought over ever wider rates."""
    low, high = -0.5, 1.0
    for _ in range(60):
        at_low, at_high = _at(curve, low)[0], _at(curve, high)[0]
        if not (math.isfinite(at_low) and math.isfinite(at_high)):
            raise Fault(NUM)
        if (at_low > 0) != (at_high > 0):
            break
        low, high = (low - 1) / 2, high * 2
    else:
        raise Fault(NUM)
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if (_at(curve, middle)[0] > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return middle
