"""Dates as serial numbers; expected values as Excel shows them (Microsoft's documentation of both date systems)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from rekentool.messages import RekentoolError
from rekentool.xlsx.dates import date_serial


@pytest.mark.parametrize(
    ("dag", "serie_1900", "serie_1904"),
    [
        (date(1998, 7, 5), 35981, 34519),  # Microsoft: "Date systems in Excel"
        (date(2008, 1, 1), 39448, 37986),  # Microsoft: DATE, DATEVALUE
        (date(2024, 2, 29), 45351, 43889),
        (date(1904, 1, 1), 1462, 0),
        (date(9999, 12, 31), 2958465, 2957003),
    ],
)
def test_datum_in_beide_stelsels(dag: date, serie_1900: float, serie_1904: float) -> None:
    assert date_serial(dag) == serie_1900
    assert date_serial(dag, date1904=True) == serie_1904


def test_de_schrikkeldag_die_er_niet_was() -> None:
    assert [date_serial(date(1900, 1, 1)), date_serial(date(1900, 2, 28)), date_serial(date(1900, 3, 1))] == [1, 59, 61]


def test_tijd_is_het_deel_van_de_dag() -> None:
    assert date_serial(datetime(2008, 1, 1, 18, 0)) == 39448.75
    assert date_serial(datetime(1904, 1, 1, 0, 0, 43, 200_000), date1904=True) == pytest.approx(0.0005)


@pytest.mark.parametrize(
    ("dag", "date1904"),
    [(date(1899, 12, 31), False), (date(1903, 12, 31), True), (datetime(2024, 1, 1, tzinfo=UTC), False)],
)
def test_wat_geen_datum_in_een_cel_kan_zijn(dag: date, date1904: bool) -> None:
    with pytest.raises(RekentoolError) as fout:
        date_serial(dag, date1904)
    assert fout.value.findings[0].code == "RK624"
    assert dag.isoformat() in fout.value.findings[0].found
