"""Loans and depreciation: functions with a closed form, over all scenarios at once.

Money that you pay out is negative, money that you receive positive; ``when`` is 0 for payments at the end of a period
and anything else for the start. The formula behind them stands on Microsoft's page on PV.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from rekentool.engine.functions.registry import Fault, Range, Unsupported, scalar, vectorised
from rekentool.engine.vector import DIV0, NUM, VALUE
from rekentool.xlsx.cell import ExcelError

#: What a vectorised function may give: numbers, the index of an error and where it stands.
Result = tuple[Any, float, Any]


def growth(rate: Any, periods: Any) -> tuple[Any, Any]:
    """What 1 grows to, and what a payment of 1 at the end of each period adds up to."""
    grown = np.power(np.add(1.0, rate), periods)
    flat = np.equal(rate, 0)
    return grown, np.where(flat, periods, (grown - 1) / np.where(flat, 1.0, rate))


def future(rate: Any, periods: Any, payment: Any, present: Any, when: Any) -> Any:
    """The value after the periods of an amount and a payment in each of them."""
    grown, added = growth(rate, periods)
    return -(present * grown + payment * (1 + rate * np.not_equal(when, 0)) * added)


def payment_of(rate: Any, periods: Any, present: Any, later: Any, when: Any) -> Any:
    """The payment in each period that turns one amount into another."""
    grown, added = growth(rate, periods)
    return -(present * grown + later) / ((1 + rate * np.not_equal(when, 0)) * added)


@vectorised("PV", "pv-function-23879d31-0e02-4321-be01-da16e8168cbd")
def pv(rate: Any, nper: Any, pmt: Any, fv: Any = 0.0, when: Any = 0.0) -> Any:
    """The present value of equal payments and an amount at the end."""
    grown, added = growth(rate, nper)
    return -(fv + pmt * (1 + rate * np.not_equal(when, 0)) * added) / grown


@vectorised("FV", "fv-function-2eef9f44-a084-4c61-bdd8-4fe4bb1b71b3")
def fv(rate: Any, nper: Any, pmt: Any, pv: Any = 0.0, when: Any = 0.0) -> Any:
    """The future value of an amount and equal payments."""
    return future(rate, nper, pmt, pv, when)


@vectorised("PMT", "pmt-function-0214da64-9a63-4996-bc20-214433fa6441")
def pmt(rate: Any, nper: Any, pv: Any, fv: Any = 0.0, when: Any = 0.0) -> Any:
    """The equal payments of a loan."""
    return payment_of(rate, nper, pv, fv, when)


@vectorised("IPMT", "ipmt-function-5cce0ad6-8402-4a41-8d29-61a0b054cb6f")
def ipmt(rate: Any, per: Any, nper: Any, pv: Any, fv: Any = 0.0, when: Any = 0.0) -> Result:
    """The interest in the payment of one period of a loan."""
    return interest(rate, per, nper, pv, fv, when), NUM, np.less(per, 1) | np.greater(per, nper)


@vectorised("PPMT", "ppmt-function-c370d9e3-7749-4ca4-beea-b06c6ac95e1b")
def ppmt(rate: Any, per: Any, nper: Any, pv: Any, fv: Any = 0.0, when: Any = 0.0) -> Result:
    """The repayment in the payment of one period of a loan."""
    repaid = payment_of(rate, nper, pv, fv, when) - interest(rate, per, nper, pv, fv, when)
    return repaid, NUM, np.less(per, 1) | np.greater(per, nper)


def interest(rate: Any, per: Any, nper: Any, present: Any, later: Any, when: Any) -> Any:
    """The interest of a period: on what is owed at its start, after the payment where that comes first."""
    payment = payment_of(rate, nper, present, later, when)
    at_end = future(rate, per - 1, payment, present, 0.0)
    at_start = np.where(np.equal(per, 1), 0.0, future(rate, per - 2, payment, present, 1.0) - payment)
    return np.where(np.not_equal(when, 0), at_start, at_end) * rate


@vectorised("ISPMT", "ispmt-function-fa58adb6-9d39-4ce0-8f43-75399cea56cc")
def ispmt(rate: Any, per: Any, nper: Any, pv: Any) -> Result:
    """The interest in a period of a loan with equal repayments; periods count from 0."""
    return np.divide(pv * rate * (per - nper), nper), DIV0, np.equal(nper, 0)


@vectorised("NPER", "nper-function-240535b5-6653-4d2d-bfcf-b6a38151d815")
def nper(rate: Any, pmt: Any, pv: Any, fv: Any = 0.0, when: Any = 0.0) -> Any:
    """The number of periods of a loan with equal payments."""
    flat = np.equal(rate, 0)
    paid = pmt * (1 + rate * np.not_equal(when, 0))
    safe = np.where(flat, 1.0, rate)
    curved = np.log(np.divide(paid - fv * safe, paid + pv * safe)) / np.log1p(safe)
    return np.where(flat, np.divide(-np.add(pv, fv), pmt), curved)


@vectorised("RRI", "rri-function-6f5822d8-7ef1-4233-944c-79e8172930f4")
def rri(nper: Any, pv: Any, fv: Any) -> Result:
    """The rate at which an amount grows to another."""
    return np.power(np.divide(fv, pv), np.divide(1.0, nper)) - 1, NUM, np.less_equal(nper, 0) | np.equal(pv, 0)


@vectorised("PDURATION", "pduration-function-44f33460-5be5-4c90-b857-22308892adaf")
def pduration(rate: Any, pv: Any, fv: Any) -> Result:
    """The number of periods in which an amount grows to another."""
    bad = np.less_equal(rate, 0) | np.less_equal(pv, 0) | np.less_equal(fv, 0)
    return (np.log(fv) - np.log(pv)) / np.log(np.add(1.0, rate)), NUM, bad


@vectorised("EFFECT", "effect-function-910d4e4c-79e2-4009-95e6-507e04f11bc4")
def effect(nominal_rate: Any, npery: Any) -> Result:
    """The effective yearly rate of a nominal one."""
    periods = np.trunc(npery)
    bad = np.less_equal(nominal_rate, 0) | np.less(periods, 1)
    return np.power(1 + np.divide(nominal_rate, periods), periods) - 1, NUM, bad


@vectorised("NOMINAL", "nominal-function-7f1ae29b-6b92-435e-b950-ad8b190ddd2b")
def nominal(effect_rate: Any, npery: Any) -> Result:
    """The nominal yearly rate of an effective one."""
    periods = np.trunc(npery)
    bad = np.less_equal(effect_rate, 0) | np.less(periods, 1)
    return (np.power(np.add(1.0, effect_rate), np.divide(1.0, periods)) - 1) * periods, NUM, bad


@scalar("CUMIPMT", "cumipmt-function-61067bb0-9016-427d-b95b-1a752af0e606")
def cumipmt(rate: float, nper: float, pv: float, start: int, end: int, when: float) -> float:
    """The interest paid from one period to another."""
    _check_cumulative(rate, nper, pv, start, end, when)
    return math.fsum(interest(rate, float(per), nper, pv, 0.0, int(when)) for per in range(start, end + 1))


@scalar("CUMPRINC", "cumprinc-function-94a4516d-bd65-41a1-bc16-053a6af4c04d")
def cumprinc(rate: float, nper: float, pv: float, start: int, end: int, when: float) -> float:
    """The repayments from one period to another."""
    _check_cumulative(rate, nper, pv, start, end, when)
    payment = float(payment_of(rate, nper, pv, 0.0, int(when)))
    return math.fsum(payment - interest(rate, float(per), nper, pv, 0.0, int(when)) for per in range(start, end + 1))


def _check_cumulative(rate: float, nper: float, pv: float, start: int, end: int, when: float) -> None:
    if rate <= 0 or nper <= 0 or pv <= 0 or start < 1 or end < start or end > nper or when not in (0, 1):
        raise Fault(NUM)


@vectorised("SLN", "sln-function-cdb666e5-c1c6-40a7-806a-e695edc2f1c8")
def sln(cost: Any, salvage: Any, life: Any) -> Result:
    """The depreciation in a period, the same in each."""
    return np.divide(np.subtract(cost, salvage), life), DIV0, np.equal(life, 0)


@vectorised("SYD", "syd-function-069f8106-b60b-4ca2-98e0-2a0f206bdb27")
def syd(cost: Any, salvage: Any, life: Any, per: Any) -> Result:
    """The depreciation in a period by the sum of the years' digits."""
    bad = np.less_equal(life, 0) | np.less_equal(per, 0) | np.greater(per, life) | np.less(salvage, 0)
    return np.divide((cost - salvage) * (life - per + 1) * 2, life * (life + 1)), NUM, bad


@vectorised("DDB", "ddb-function-519a7a37-8772-4c96-85c0-ed2c209717a5")
def ddb(cost: Any, salvage: Any, life: Any, period: Any, factor: Any = 2.0) -> Result:
    """The depreciation in a period by the (double) declining balance, never below the salvage value."""
    bad = np.less(cost, 0) | np.less(salvage, 0) | np.less_equal(life, 0) | np.less_equal(period, 0)
    bad = bad | np.greater(period, life) | np.less_equal(factor, 0)
    kept = 1 - np.minimum(np.divide(factor, life), 1.0)
    before = np.multiply(cost, np.power(kept, period - 1))
    after = np.multiply(cost, np.power(kept, period))
    return np.maximum(before - np.maximum(after, salvage), 0.0), NUM, bad


@scalar("DB", "db-function-354e7d28-5f93-4ff1-8a52-eb4ee549d9d7")
def db(cost: float, salvage: float, life: float, period: float, month: float = 12.0) -> float:
    """The depreciation in a period by the fixed declining balance, with the months of the first year."""
    years, at, months = int(life), int(period), int(month)
    if cost < 0 or salvage < 0 or years < 1 or at < 1 or not 1 <= months <= 12 or at > years + (months < 12):
        raise Fault(NUM)
    if cost == 0:
        return 0.0
    rate: float = round(1 - (salvage / cost) ** (1 / life), 3)
    value = cost - cost * rate * months / 12
    if at == 1:
        return cost * rate * months / 12
    value *= (1 - rate) ** (at - 2)
    return float(value * rate * ((12 - months) / 12 if at == years + 1 else 1))


@scalar("VDB", "vdb-function-dde4e207-f3fa-488d-91d2-66d55e861d73")
def vdb(
    cost: float, salvage: float, life: float, start: float, end: float, factor: float = 2.0, no_switch: bool = False
) -> float:
    """The depreciation from one moment to another by the declining balance, switching to equal amounts where these
    are larger, unless that isn't wanted."""
    if cost < 0 or salvage < 0 or life <= 0 or start < 0 or end < start or end > life or factor < 0:
        raise Fault(NUM)
    if salvage > cost or factor == 0:
        raise Unsupported("VDB met een restwaarde boven de kosten of een factor van 0")
    rate = min(factor / life, 1.0)
    value, equal, total = cost, -1.0, 0.0
    # A start within a period makes the first period that part of one: the others then begin where it ends.
    moment, step = 0.0, start % 1 or 1.0
    while moment < end:
        left = value - salvage
        amount = min(value * rate, left)
        if not no_switch and equal < 0 and left / (life - moment) > amount:
            equal = left / (life - moment)
        part = min(end - moment, step)
        amount = min(equal * part, left) if equal >= 0 else amount * part
        total += amount if moment >= start else 0.0
        value, moment, step = value - amount, moment + step, 1.0
    return total


@scalar("FVSCHEDULE", "fvschedule-function-bec29522-bd87-4082-bab9-a241f3fb251d")
def fvschedule(principal: float, schedule: Range) -> float:
    """What an amount grows to at a rate for each period; a blank is 0."""
    for row in schedule:
        for rate in row:
            if isinstance(rate, ExcelError):
                raise Fault.of(rate)
            if rate is not None and not (isinstance(rate, float) and not isinstance(rate, bool)):
                raise Fault(VALUE)
            principal *= 1 + (rate or 0.0)
    return principal
