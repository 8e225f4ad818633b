"""Seeded random inputs for a mapping: valid ones, around the template's own values, the same on every machine.

Every input of a draw comes from the seed, the draw's number and the input's own id alone: a longer series begins with
the shorter one, and a field that is added to the mapping leaves the draws of the others as they were.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from rekentool.mapping.schema import NUMERIC, Field, InputKey, SumRule, Value
from rekentool.mapping.schema import Mapping as WorkbookMapping

#: The chance that an input that the template fills gets another value, and that a blank one gets a value.
_CHANGED, _FILLED = 0.6, 0.2
#: The chance that a number is one of its bounds, or 0: there formulas take another branch.
_EDGE = 0.1
#: A number lies between these parts of its usual value, within its bounds; bounds as near as this are used whole.
_LEAST, _MOST, _NEAR = 0.5, 2.0, 10.0
#: Where neither bounds nor a usual value say how large a number is: up to this, small ones as likely as large ones.
_WIDEST = 10_000.0
#: Decimals of a drawn number.
_DECIMALS = {"percentage": 4, "bedrag": 2, "getal": 2, "geheel_getal": 0}
#: Days before and after the usual day, and the days without one.
_EARLIER, _LATER = 4 * 365, 365
_FIRST_DAY, _LAST_DAY = date(2015, 1, 1), date(2034, 12, 31)


@dataclass(frozen=True, slots=True)
class Draw:
    """One random filling: a value for every input of the mapping, None for a blank."""

    number: int
    name: str
    values: Mapping[InputKey, Value | None]


def draw_inputs(mapping: WorkbookMapping, count: int, seed: int) -> list[Draw]:
    """``count`` draws, numbered from 1.

    Each value is within its field's bounds and choices, a required field is never blank, and fields under ``sommen``
    add up. The region's name is that of the draw.
    """
    return [_draw(mapping, number, seed) for number in range(1, count + 1)]


def _draw(mapping: WorkbookMapping, number: int, seed: int) -> Draw:
    name = f"trekking {number}"
    usual = _usual_values(mapping)
    values: dict[InputKey, Value | None] = {}
    for field in mapping.fields:
        for key in field.keys:
            luck = Random(f"{seed}/{number}/{field.id}/{key[1] or ''}")
            values[key] = _value(field, usual.get(key), field.default(key[1]), name, luck)
    if mapping.workbook.region_field and (mapping.workbook.region_field, None) in values:
        values[mapping.workbook.region_field, None] = name
    fields = {field.id: field for field in mapping.fields}
    for rule in mapping.sums:
        for _, case in fields[rule.fields[0]].keys:
            members = [fields[one] for one in rule.fields]
            defaults = {(one.id, case): one.default(case) for one in members}
            shared = any(set(rule.fields) & set(other.fields) for other in mapping.sums if other is not rule)
            luck = Random(f"{seed}/{number}/{rule.id}/{case or ''}")
            shares = None if shared else _shares(rule, members, case, defaults, luck)
            values |= defaults if shares is None else shares
    return Draw(number, name, values)


def _usual_values(mapping: WorkbookMapping) -> dict[InputKey, Value]:
    """What each input is around: the template's value, or that of the kengetal of which it is the own value."""
    usual: dict[InputKey, Value] = {}
    for field in mapping.fields:
        known = [row.value for row in mapping.kengetal(field.own_of).values if row.value] if field.own_of else []
        for key in field.keys:
            value = field.default(key[1])
            if value is not None:
                usual[key] = value
            elif known:
                usual[key] = known[-1]
    return usual


def _value(field: Field, usual: Value | None, default: Value | None, name: str, luck: Random) -> Value | None:
    if not (field.required and default is None) and luck.random() >= (_FILLED if default is None else _CHANGED):
        return default
    if field.choices:
        others = [choice for choice in field.choices if choice != default] or list(field.choices)
        return others[_below(len(others), luck)]
    if field.kind == "datum":
        return _day(field, usual, luck)
    if field.kind in NUMERIC:
        return _number(field, usual, luck)
    return name


def _day(field: Field, usual: Value | None, luck: Random) -> date:
    first, last = _FIRST_DAY, _LAST_DAY
    if isinstance(usual, date):
        first, last = usual - timedelta(_EARLIER), usual + timedelta(_LATER)
    if isinstance(field.minimum, date):
        first, last = max(first, field.minimum), max(last, field.minimum)
    if isinstance(field.maximum, date):
        first, last = min(first, field.maximum), min(last, field.maximum)
    return first + timedelta(_below((last - first).days + 1, luck))


def _number(field: Field, usual: Value | None, luck: Random) -> float | int:
    """A number of the field; where the bounds are far from the usual value, they say nothing of what is likely."""
    low, high = _bounds(field)
    centre = float(usual) if isinstance(usual, int | float) else 0.0
    if luck.random() < _EDGE:
        edges = [edge for edge in (low, 0.0, high) if low <= edge <= high and _likely(edge, centre, low)]
        if edges:
            return _rounded(field, edges[_below(len(edges), luck)])
    if centre and not _likely(high, centre, low):
        around = sorted((_LEAST * centre, _MOST * centre))
        drawn = around[0] + luck.random() * (around[1] - around[0])
    elif math.isfinite(low) and _likely(high, centre, low):
        drawn = low + luck.random() * (high - low)
    else:
        start = min(max(low, 0.0), high)
        room = min(high - start, _WIDEST) if high > start else -_WIDEST
        drawn = start + math.copysign(math.expm1(luck.random() * math.log1p(abs(room))), room)
    return _rounded(field, min(max(drawn, low), high))


def _bounds(field: Field) -> tuple[float, float]:
    low, high = field.minimum, field.maximum
    return (
        float(low) if isinstance(low, int | float) else -math.inf,
        float(high) if isinstance(high, int | float) else math.inf,
    )


def _likely(edge: float, centre: float, low: float) -> bool:
    """Whether a bound is near enough to be drawn; the lower one always, as far as there is one."""
    return math.isfinite(edge) and (edge == low or abs(edge) <= max(1.0, _NEAR * abs(centre)))


def _rounded(field: Field, number: float) -> float | int:
    """The number with the field's decimals; a bound with more decimals than that stays what it is."""
    low, high = _bounds(field)
    if field.kind == "geheel_getal":
        whole = round(number)
        return whole + 1 if whole < low else whole - 1 if whole > high else whole
    return min(max(round(number, _DECIMALS[field.kind]), low), high) + 0.0


def _shares(
    rule: SumRule, members: Sequence[Field], case: str | None, defaults: Mapping[InputKey, Value | None], luck: Random
) -> dict[InputKey, Value | None] | None:
    """Values that add up to the rule's total, in whole units so that they do exactly; None to keep the template's."""
    blank = any(value is None for value in defaults.values())
    needed = blank and any(field.required for field in members)
    if not needed and luck.random() >= (_FILLED if blank else _CHANGED):
        return None
    decimals = min(_DECIMALS[field.kind] for field in members)
    unit = 10**decimals
    left = round(rule.total * unit)
    order = sorted(members, key=lambda field: luck.random())
    lows, highs = zip(*(_units(field, unit, abs(left)) for field in order), strict=True)
    shares: dict[InputKey, Value | None] = {}
    for index, field in enumerate(order):
        least = max(lows[index], left - sum(highs[index + 1 :]))
        most = min(highs[index], left - sum(lows[index + 1 :]))
        if least > most:
            return None  # The bounds leave no room for whole units.
        # The first ones don't get it all: what is drawn is a part of twice an equal share.
        fair = min(most, max(least, least + 2 * (left - least) // (len(order) - index)))
        drawn = least + _below(fair - least + 1, luck) if index + 1 < len(order) else most
        left -= drawn
        shares[field.id, case] = drawn // unit if field.kind == "geheel_getal" else round(drawn / unit, decimals)
    return shares


def _units(field: Field, unit: int, total: int) -> tuple[int, int]:
    """The bounds of a field in whole units; without them a share lies between nothing and the whole."""
    low, high = _bounds(field)
    return (
        math.ceil(low * unit - 1e-9) if math.isfinite(low) else 0,
        math.floor(high * unit + 1e-9) if math.isfinite(high) else total,
    )


def _below(size: int, luck: Random) -> int:
    """A whole number under ``size``; only `Random.random` gives the same in every version of Python."""
    return int(luck.random() * size)
