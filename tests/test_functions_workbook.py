"""Every function in one workbook: the program against LibreOffice, and what is registered."""

from __future__ import annotations

from pathlib import Path

import pytest
from function_book import DATA, Entry, function_book, names, prefixed
from libreoffice_deviations import DEVIATIONS, LIBREOFFICE_LACKS

from rekentool.engine.functions.registry import DOCS, FUNCTIONS
from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.program import ProgramEngine
from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import Tolerance, Verdict, compare
from rekentool.xlsx.reader import read_workbook

ROOT = Path(__file__).resolve().parents[1]
#: LibreOffice saves 15 digits.
TOLERANCE = Tolerance(relative=1e-9, absolute=1e-9)


@pytest.fixture(scope="module")
def made() -> tuple[bytes, list[Entry]]:
    return function_book()


@pytest.fixture(scope="module")
def program(made: tuple[bytes, list[Entry]]) -> Outcome:
    (found,) = ProgramEngine().open(made[0]).compute([{}])
    return found


@pytest.fixture(scope="module")
def verdicts(made: tuple[bytes, list[Entry]], program: Outcome) -> dict[Entry, Verdict]:
    (found,) = LibreOffice().open(made[0]).compute([{}])
    compared = compare(program.values, found.values, program.unknown | found.unknown, tolerance=TOLERANCE,
                       loose_errors=True)
    by_cell = {verdict.address: verdict for verdict in compared}
    return {entry: by_cell[entry.cell] for entry in made[1]}


def lacking(entry: Entry) -> bool:
    return not LIBREOFFICE_LACKS.isdisjoint(names(entry.formula))


@pytest.mark.libreoffice
def test_equal_but_for_what_is_listed(verdicts: dict[Entry, Verdict]) -> None:
    listed = {formula for formulas in DEVIATIONS.values() for formula in formulas}
    different = {
        entry.formula: (verdict.expected, verdict.actual)
        for entry, verdict in verdicts.items()
        if verdict.judgement == "anders"
    }
    assert {formula: found for formula, found in different.items() if formula not in listed} == {}
    assert listed - different.keys() == set()  # else the list is out of date


@pytest.mark.libreoffice
def test_unchecked_is_what_libreoffice_lacks(verdicts: dict[Entry, Verdict]) -> None:
    unchecked = {entry: verdict for entry, verdict in verdicts.items() if verdict.judgement == "niet gecontroleerd"}
    # A few more of their cases are gelijk: an error in the arguments comes before the name that isn't known.
    assert [entry.formula for entry in unchecked if not lacking(entry)] == []
    assert {name for entry in unchecked for name in names(entry.formula)} >= LIBREOFFICE_LACKS
    assert all(verdict.reason.endswith("onbekend in LibreOffice (RK420)") for verdict in unchecked.values())


@pytest.mark.libreoffice
def test_every_function_agrees_somewhere(verdicts: dict[Entry, Verdict]) -> None:
    """Deviations are about odd arguments: each function has a case that is gelijk, with a value and not an error."""
    agreeing = {
        name
        for entry, verdict in verdicts.items()
        if verdict.judgement == "gelijk" and isinstance(verdict.expected, float | str | bool)
        for name in names(entry.formula)
    }
    assert FUNCTIONS.keys() - agreeing - LIBREOFFICE_LACKS == set()


def test_program_computes_them_all(program: Outcome) -> None:
    assert program.unknown == {}


def test_every_registered_function_is_in_the_workbook(made: tuple[bytes, list[Entry]]) -> None:
    used = {name for entry in made[1] for name in names(entry.formula)}
    assert FUNCTIONS.keys() - used == set()
    assert used >= LIBREOFFICE_LACKS


def test_formulas_stand_as_excel_writes_them(made: tuple[bytes, list[Entry]]) -> None:
    workbook = read_workbook(made[0])
    by_label = {entry.formula: workbook.formulas[entry.cell] for entry in made[1]}
    assert by_label["STDEV.S(C1:C7)"] == "=_xlfn.STDEV.S(C1:C7)"
    assert by_label["FALSE()&A4"] == "=FALSE()&A4"
    assert by_label["COVAR(E1:E5,F1:F4)"] == "=COVAR(E1:E5,F1:F4)"
    assert by_label["IRR({100;110})"].startswith(f"=IRR({DATA}!$")
    assert prefixed('IFNA("IFS(",MAX(1))') == '_xlfn.IFNA("IFS(",MAX(1))'


def test_at_least_150_functions_each_described() -> None:
    assert len(FUNCTIONS) >= 150
    for name, function in FUNCTIONS.items():
        assert function.name == name
        assert function.doc.strip(), name
        assert function.url.startswith(DOCS) and "-function" in function.url, name
        assert function.minimum <= function.maximum <= 255, name


def test_every_reason_is_documented() -> None:
    text = (ROOT / "docs" / "engines.md").read_text(encoding="utf-8")
    section = text.split("## Program against LibreOffice\n")[1].split("\n## ")[0]
    assert [reason for reason in DEVIATIONS if f"| {reason} |" not in section] == []
    assert [name for name in sorted(LIBREOFFICE_LACKS) if name not in section] == []
