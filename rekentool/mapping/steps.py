"""Inputs of an older version, taken step by step to the fields of a newer one.

What is sent is typed values; what arrives is typed values with the newer version's keys, and for each what happened on
the way. Whether a value is allowed where it arrives is for the newest mapping to say, once, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from rekentool.mapping.history import targets_of
from rekentool.mapping.schema import Field, InputKey, Mapping, OlderVersion, Value

#: What a step did to a value, the weightiest first.
Mark = Literal["andere betekenis", "gesplitst", "omgerekend"]
MARKS: tuple[Mark, ...] = ("andere betekenis", "gesplitst", "omgerekend")

#: Products of decimals are rounded to what a double holds for sure: 0.1 × 3 is 0.3.
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Parcel:
    """One input on its way: where it was sent, where it has arrived, its value, and what happened to it.

    ``fault`` says what should have stood there, when the value can't be delivered, and is "" otherwise; ``notes`` are
    for the person who reads the list.
    """

    source: InputKey
    key: InputKey
    value: Value | None
    marks: frozenset[Mark] = frozenset()
    notes: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """An input that goes no further, with the reason."""

    source: InputKey
    value: Value | None
    reason: str


def advance(version: OlderVersion, newer: Mapping, parcels: Iterable[Parcel]) -> tuple[list[Parcel], list[Dropped]]:
    """Take the inputs of one version to the next; ``newer`` is the mapping that they arrive at.

    The steps must have been checked (`history.step_faults`): KeyError for a field that ``newer`` doesn't have.
    """
    fields: dict[str, list[Parcel]] = {}
    for parcel in parcels:
        fields.setdefault(parcel.key[0], []).append(parcel)
    arrived: list[Parcel] = []
    dropped: list[Dropped] = []
    for field_id, sent in fields.items():
        reason = version.dropped.get(field_id)
        if reason is not None:
            dropped += [Dropped(parcel.source, parcel.value, reason) for parcel in sent]
            continue
        for name, factor in targets_of(version, field_id).items():
            changed = [_changed(version, parcel, name, factor) for parcel in sent]
            for one in _placed(version, newer.field(name), changed):
                if isinstance(one, Parcel):
                    arrived.append(one)
                elif not any(one.source == earlier.source for earlier in dropped):
                    dropped.append(one)
    return arrived, dropped


def _changed(version: OlderVersion, parcel: Parcel, name: str, factor: float) -> Parcel:
    """The value as the steps make it, with what to say of that."""
    old = parcel.key[0]
    marks, notes = set(parcel.marks), list(parcel.notes)
    if old in version.split:
        marks.add("gesplitst")
        notes.append(f"van {old}: {version.split[old].how}")
    elif name != old:
        notes.append(f"heette {old}")
    unit = version.factors.get(old, 1.0)
    if unit != 1:
        marks.add("omgerekend")
        notes.append(f"maal {unit:.15g}".replace(".", ","))
    if old in version.meanings:
        marks.add("andere betekenis")
        notes.append(version.meanings[old])
    value = parcel.value
    if isinstance(value, str):
        words = {word.casefold(): new for word, new in version.choices.get(old, {}).items()}
        if value.casefold() in words:
            notes.append(f"was ‘{value}’")
            value = words[value.casefold()]
    elif isinstance(value, int | float) and factor * unit != 1:
        value = float(f"{value * factor * unit:.{_DIGITS}g}")
    return replace(parcel, key=(name, parcel.key[1]), value=value, marks=frozenset(marks), notes=tuple(notes))


def _placed(version: OlderVersion, field: Field, parcels: list[Parcel]) -> Iterator[Parcel | Dropped]:
    """The parcels of one field at the cases that the newer field has."""
    if not field.cases:
        yield from _at_one_value(field, parcels)
        return
    for parcel in parcels:
        case = parcel.key[1]
        if case is None:
            note = "was één waarde, nu een per geval"
            for each in field.cases:
                yield replace(parcel, key=(field.id, each), notes=(*parcel.notes, note))
            continue
        new_case = version.cases.get(case, case)
        if new_case in field.cases:
            yield replace(parcel, key=(field.id, new_case))
        else:
            yield Dropped(parcel.source, parcel.value, f"{field.id} heeft geen waarde voor {new_case}")


def _at_one_value(field: Field, parcels: list[Parcel]) -> Iterator[Parcel | Dropped]:
    """One value where there were several: when they are equal it is clear which."""
    first, *others = parcels
    if first.key[1] is None:
        yield first
        return
    note = "was een waarde per geval, nu één"
    different = any(other.value != first.value or other.fault != first.fault for other in others)
    fault = first.fault or ("dezelfde waarde voor elk geval: het veld heeft er nu één" if different else "")
    yield replace(first, key=(field.id, None), notes=(*first.notes, note), fault=fault)
    for other in others:
        equal = "" if different else f", die gelijk is aan die van {first.key[1]}"
        yield Dropped(other.source, other.value, f"{field.id} heeft nu één waarde voor alle gevallen{equal}")
