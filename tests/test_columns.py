"""Columns of a regions table read at once: nothing else than what each cell means when it is read alone."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rekentool.mapping.schema import KINDS, NUMERIC, Field, Kind, Value
from rekentool.mapping.values import parse_cell, parse_text
from rekentool.messages import RekentoolError
from rekentool.tables.columns import ColumnReader, joined, over
from rekentool.tables.records import Formula, TableCell, is_blank
from rekentool.xlsx.cell import ExcelError
from rekentool.xlsx.dates import date_serial

BOUNDS: list[tuple[float | None, float | None]] = [(None, None), (0, 1), (0, None), (None, 500), (-2, 2), (0.125, 1000)]


def field(kind: Kind, low: float | None = None, high: float | None = None) -> Field:
    choices = {"keuze": ("SW-bedrijf", "Reguliere werkgever"), "ja_nee": ("Ja", "Nee")}.get(kind, ())
    bounds = (low, high) if kind in NUMERIC else (None, None)
    return Field("veld", "groep", "Veld", kind, ((None, "Blad!A1"),), "", *bounds, choices, required=False)


def alone(kind: Field, cell: TableCell) -> Value | str | None:
    """The value of one cell by `mapping.values`, or the code and texts of its refusal."""
    try:
        if is_blank(cell):
            return None
        if isinstance(cell, str):
            return parse_text(kind, cell)
        if isinstance(cell, bool) and kind.kind == "ja_nee":
            return "Ja" if cell else "Nee"
        if isinstance(cell, datetime):
            return parse_cell(kind, date_serial(cell)) if kind.kind == "datum" else "RK349"
        assert not isinstance(cell, Formula)
        return parse_cell(kind, cell)
    except RekentoolError as error:
        (found,) = error.findings
        return str(found) if found.code != "RK349" else found.code


def together(kind: Field, cells: list[TableCell]) -> list[Value | str | None]:
    values, faults = ColumnReader(kind).read(cells)
    wrong = dict(faults)
    found: list[Value | str | None] = []
    for place, value in enumerate(values.tolist() if isinstance(values, np.ndarray) else values):
        if place in wrong:
            assert value is None or math.isnan(float(str(value)))
            found.append("RK349" if wrong[place].code == "RK349" else str(wrong[place]))
        else:
            found.append(None if isinstance(value, float) and math.isnan(value) else value)
    return found


NUMBERS = st.from_regex(r"\A-?(€ ?)?[0-9]{0,5}([., ]?[0-9]{1,4}){0,3}(,-)?( ?%)?\Z")
CELLS = st.one_of(
    NUMBERS,
    st.floats(allow_nan=False, width=32),
    st.integers(-3, 600).map(float),
    st.sampled_from([
        None, "", " ", "Ja", "nee", "waar", "sw-bedrijf", "SW", "1-8-2026", "2026-08-01", "31-2-2026", "1e5", "x" * 70,
        "1 234,5", "−5", "+5", "a\x07", True, False, -0.0, 1e300, math.inf, 2.0**53, ExcelError("#N/A"),
        datetime(2026, 8, 1), datetime(2026, 8, 1),
    ]),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(kind=st.sampled_from(KINDS), bounds=st.sampled_from(BOUNDS), cells=st.lists(CELLS, max_size=12))
@example("percentage", (0, 1), ["12,5%", "0,125", "12,5", "150%", "0.1", "-0", 1.0, 1.01])
@example("percentage", (-2, 2), ["150 %", "1,5", "-1,5", 1.5, -1.5])
@example(
    "bedrag", (None, None), ["€ 1.234,56", "1.234", "0,125", "1.234,5", "-€ 12,50", "€ 12,-", "1234,567", "00,125"]
)
@example("getal", (None, None), ["€ 12,50", "1.234,56", "12.345,678", "0.123,45", "-1.234,00"])
@example("geheel_getal", (0, 500), ["12", "12,0", "1,5", "501", 2.5, -0.0, "12.000"])
@example("geheel_getal", (None, None), ["999999999999", "9007199254740993", 2.0**53])
def test_a_column_is_its_cells(kind: Kind, bounds: tuple[float | None, float | None], cells: list[TableCell]) -> None:
    about = field(kind, *bounds)
    expected = [alone(about, cell) for cell in cells]
    assert together(about, cells) == expected
    # And again with what is remembered.
    reader = ColumnReader(about)
    reader.read(cells)
    assert [fault for _, fault in reader.read(cells)[1]] == [fault for _, fault in ColumnReader(about).read(cells)[1]]


@settings(max_examples=200, deadline=None)
@given(kind=st.sampled_from(KINDS), bounds=st.sampled_from(BOUNDS), numbers=st.lists(st.floats(width=32), max_size=12))
def test_an_array_is_its_numbers(kind: Kind, bounds: tuple[float | None, float | None], numbers: list[float]) -> None:
    """An array of a DataFrame and a list of a workbook mean the same; a NaN is a blank."""
    about = field(kind, *bounds)
    cells: list[TableCell] = [None if math.isnan(number) else number for number in numbers]
    values, faults = ColumnReader(about).read(np.array(numbers, float))
    other_values, other_faults = ColumnReader(about).read(cells)
    assert str(values) == str(other_values)
    assert faults == other_faults


def test_decimals_are_rounded_once() -> None:
    """As the nearest double to 0.029, not as 2.9 / 100."""
    values, _ = ColumnReader(field("percentage")).read(
        [f"{number / 10:.1f}".replace(".", ",") + "%" for number in range(1000)]
    )
    assert list(values) == [float(f"{number}e-3") for number in range(1000)]


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rekentool.tables.columns._MOST", 3)
    values, faults = ColumnReader(field("tekst")).read([str(number % 7) for number in range(50)])
    assert (values, faults) == ([str(number % 7) for number in range(50)], [])


def test_the_upper_column_wins_where_it_is_filled() -> None:
    lower, upper = np.array([1.0, 2.0, np.nan]), np.array([np.nan, 5.0, np.nan])
    assert str(over(lower, upper)) == str(np.array([1.0, 5.0, np.nan]))
    assert over(["a", "b", None], [None, "c", None]) == ["a", "c", None]


def test_pieces_are_joined() -> None:
    assert str(joined([np.array([1.0]), np.array([np.nan, 2.0])])) == str(np.array([1.0, np.nan, 2.0]))
    assert joined([["a"], [None, date(2026, 8, 1)]]) == ["a", None, date(2026, 8, 1)]


def test_a_fault_has_no_place_of_its_own() -> None:
    """The same text in two rows is one fault, told twice by who knows the rows."""
    _, faults = ColumnReader(field("getal")).read(["x", "1", "x"])
    assert [place for place, _ in faults] == [0, 2]
    assert {replace(found, place="", file="") for _, found in faults} == {faults[0][1]}
