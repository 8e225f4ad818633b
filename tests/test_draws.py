"""Random draws: valid, the same everywhere, and wide enough to touch every input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from datetime import date
from pathlib import Path

from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from rekentool_werkboek import tool

from rekentool.jobs.draws import Draw, draw_inputs
from rekentool.mapping.schema import Field, Kind, Mapping, SumRule, Value
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import check_value

BLOCK = replace(tool().mapping.workbook, region_field="naam")


def field(name: str, kind: Kind, default: Value | None = None, **facts: object) -> Field:
    defaults: ReadOnly[str | None, Value] = {} if default is None else {None: default}
    made = Field(name, "groep", name, kind, ((None, f"in_{name}"),), defaults=defaults)
    return replace(made, **facts)  # type: ignore[arg-type]


def mapping(*fields: Field, sums: tuple[SumRule, ...] = ()) -> Mapping:
    name = field("naam", "tekst")
    return Mapping(Path("klein.yaml"), BLOCK, {}, {}, {}, (name, *fields), (), (), (), sums)


def drawn(one: Field, count: int = 300) -> list[Value | None]:
    return [draw.values[one.id, None] for draw in draw_inputs(mapping(one), count, 7)]


def faults(whole: Mapping, draw: Draw) -> list[str]:
    """What `check_value`, the required fields and the sums say against a draw."""
    for (name, case), value in draw.values.items():
        of = whole.field(name)
        if value is None:
            assert not of.required, (name, case)
        else:
            assert check_value(of, value) == value, (name, case, value)
    return [str(found) for found in sum_findings(whole.sums, {one.id: one for one in whole.fields}, draw.values)]


def test_draws_of_the_rekentool_are_valid() -> None:
    whole = tool().mapping
    for draw in draw_inputs(whole, 60, 3):
        assert list(draw.values) == [key for one in whole.fields for key in one.keys]
        assert faults(whole, draw) == []
        assert draw.values["regio_naam", None] == draw.name == f"trekking {draw.number}"


def test_every_input_of_the_rekentool_is_drawn_and_every_choice_made() -> None:
    whole = tool().mapping
    draws = draw_inputs(whole, 60, 1)
    for one in whole.fields:
        for key in one.keys:
            values = {draw.values[key] for draw in draws}
            assert len(values) > 1, key
            assert set(one.choices) <= values, key


def test_the_same_on_every_machine() -> None:
    """In processes with other hash seeds, and as it was when this test was written."""
    code = (
        "import json;from rekentool.mapping.load import load_mapping;from rekentool.shipped import MAPPING\n"
        "from rekentool.jobs.draws import draw_inputs\n"
        "print(json.dumps([[str(v) for v in d.values.values()] for d in draw_inputs(load_mapping(MAPPING), 2, 5)]))"
    )
    found = [
        json.loads(
            subprocess.run(
                [sys.executable, "-c", code], check=True, capture_output=True, cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": seed},
            ).stdout
        )
        for seed in ("0", "4242")
    ]  # fmt: skip
    here = [[str(value) for value in draw.values.values()] for draw in draw_inputs(tool().mapping, 2, 5)]
    assert found == [here, here]
    assert drawn(field("getal", "getal", 10.0, maximum=20.0, minimum=0.0), 4) == [0.0, 4.31, 6.16, 18.19]


def test_a_longer_series_begins_with_the_shorter_one() -> None:
    whole = tool().mapping
    assert draw_inputs(whole, 5, 9)[:2] == draw_inputs(whole, 2, 9)
    assert draw_inputs(whole, 2, 9) != draw_inputs(whole, 2, 10)
    assert draw_inputs(whole, 0, 9) == []


def test_a_new_field_leaves_the_others_as_they_were() -> None:
    old, new = field("oud", "bedrag", 50.0), field("nieuw", "bedrag", 70.0)
    for before, after in zip(draw_inputs(mapping(old), 20, 1), draw_inputs(mapping(new, old), 20, 1), strict=True):
        assert after.values["oud", None] == before.values["oud", None]


def test_numbers_lie_around_what_is_usual() -> None:
    wide = drawn(field("wijd", "bedrag", 350.0, minimum=0.0, maximum=10_000_000.0))
    assert {350.0, 0.0} < set(wide)
    assert all(value == 0 or 175 <= value <= 700 for value in wide if isinstance(value, float))
    share = drawn(field("aandeel", "percentage", 0.15, minimum=0.0, maximum=1.0))
    assert {0.0, 1.0} < set(share)
    assert max(value for value in share if isinstance(value, float) and value < 1) > 0.9
    negative = drawn(field("min", "getal", -40.0))
    assert all(-80 <= value <= -20 or value == 0 for value in negative if isinstance(value, float))
    unknown = drawn(field("onbekend", "bedrag", 0.0, minimum=0.0, maximum=10_000_000.0))
    sizes = [value for value in unknown if isinstance(value, float) and value > 0]
    assert max(sizes) <= 10_000 < 100 * max(sizes)
    assert min(sizes) < 10


def test_whole_numbers_are_whole_within_odd_bounds() -> None:
    values = drawn(field("heel", "geheel_getal", 2, minimum=0.5, maximum=3.5))
    assert set(values) == {1, 2, 3}
    assert all(isinstance(value, int) for value in values)


def test_days_lie_within_the_bounds() -> None:
    low, high = date(2026, 1, 10), date(2026, 1, 12)
    days = set(drawn(field("dag", "datum", low, minimum=low, maximum=high)))
    assert days == {low, date(2026, 1, 11), high}
    assert len(set(drawn(field("dag", "datum", low)))) > 50
    late = set(drawn(field("dag", "datum", minimum=date(2090, 1, 1))))
    assert late == {date(2090, 1, 1)}


def test_optional_fields_are_mostly_blank_and_required_ones_never() -> None:
    blank = drawn(field("optioneel", "tekst", required=False))
    assert 150 < blank.count(None) < 300
    assert None not in drawn(field("verplicht", "tekst"))
    assert None not in drawn(field("verplicht", "bedrag"))


def shares(
    *bounds: tuple[float | None, float | None], total: float, kind: Kind = "percentage"
) -> list[list[Value | None]]:
    fields = [field(f"deel{n}", kind, minimum=low, maximum=high) for n, (low, high) in enumerate(bounds)]
    rule = SumRule("som", "som", tuple(one.id for one in fields), total)
    whole = mapping(*fields, sums=(rule,))
    draws = draw_inputs(whole, 100, 1)
    assert [fault for draw in draws for fault in faults(whole, draw)] == []
    return [[draw.values[one.id, None] for one in fields] for draw in draws]


def test_fields_of_a_sum_add_up_within_their_bounds() -> None:
    found = shares((0.0, 1.0), (0.2, 0.3), (0.0, 0.6), total=1.0)
    assert len({tuple(one) for one in found}) > 90
    whole = shares((0, 10), (None, None), total=12, kind="geheel_getal")
    assert all(sum(one) == 12 and all(isinstance(part, int) for part in one) for one in whole)  # type: ignore[arg-type]
    assert shares((0.5, 0.5), (0.0, 1.0), total=1.0) == [[0.5, 0.5]] * 100


def test_sums_that_leave_no_room_keep_the_template() -> None:
    one, other = (field(f"deel{n}", "percentage", 0.5, minimum=0.5, maximum=0.50001) for n in (1, 2))
    rules = SumRule("een", "een", ("deel1", "deel2"), 1.0), SumRule("twee", "twee", ("deel2", "deel1"), 1.0)
    for draw in draw_inputs(mapping(one, other, sums=rules), 20, 1):
        assert (draw.values["deel1", None], draw.values["deel2", None]) == (0.5, 0.5)


BOUND = st.none() | st.floats(-1e7, 1e7).map(lambda number: round(number, 2))


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from(["getal", "bedrag", "percentage", "geheel_getal"]), bounds=st.tuples(BOUND, BOUND),
       at=st.none() | st.floats(0, 1), required=st.booleans())  # fmt: skip
def test_any_field_gets_values_that_it_allows(
    kind: Kind, bounds: tuple[float | None, float | None], at: float | None, required: bool
) -> None:
    low, high = bounds
    if low is not None and high is not None:
        low, high = sorted((low, high))
        if kind == "geheel_getal":
            high += 1  # room for a whole number
    start, end = (low if low is not None else -1e6), (high if high is not None else 1e8)
    default: float | int | None = None
    if at is not None and start <= end:
        default = min(max(round(start + at * (end - start), 2), start), end)
        if kind == "geheel_getal":
            default = int(default) if start <= int(default) <= end else None
    one = field("veld", kind, default, minimum=low, maximum=high, required=required)
    whole = mapping(one)
    for draw in draw_inputs(whole, 5, 1):
        assert faults(whole, draw) == []


def test_no_negative_zero() -> None:
    values = drawn(field("nul", "getal", 0.0, minimum=-0.001, maximum=0.001))
    assert all(str(value) != "-0.0" for value in values)
