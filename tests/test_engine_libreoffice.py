"""LibreOffice as an engine: that it recalculates, and that one bad file costs no other."""

from __future__ import annotations

import io
import math
import re
import sys
import zipfile
from pathlib import Path

import pytest
from engine_books import SHEET, at, book, outcome
from formula_cases import CASES, Case, case_cell, cases_workbook

from rekentool.engine import libreoffice
from rekentool.engine.formulas_engine import FormulasEngine
from rekentool.engine.libreoffice import LibreOffice, convert, find_soffice
from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import compare, count
from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.reader import read_workbook

STALE, FRESH = 125.0, 137.5


def stale_workbook() -> bytes:
    """B1 is A1 × 1.1 with A1 = 125, so 137.5; the file says 125."""
    fresh = book({"A1": 125, "B1": "=A1*1.1"})
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(fresh)) as source, zipfile.ZipFile(target, "w") as changed:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                part, found = re.subn(rb"(<f>A1\*1\.1</f>)<v(?:></v>| ?/>)", rb"\1<v>125</v>", part)
                assert found == 1
            changed.writestr(name, part)
    return target.getvalue()


@pytest.mark.libreoffice
def test_stale_cache_is_recalculated() -> None:
    data = stale_workbook()
    assert read_workbook(data).values[at("B1")] == STALE
    assert outcome(LibreOffice().open(data)).values == {at("B1"): FRESH}


@pytest.mark.libreoffice
def test_without_the_setting_the_stale_value_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """So the test above sees the setting work, and not LibreOffice's own whim."""
    monkeypatch.setattr(libreoffice, "_SETTINGS", ())
    assert outcome(LibreOffice().open(stale_workbook())).values == {at("B1"): STALE}


@pytest.mark.libreoffice
def test_stale_lock_file_does_not_matter(tmp_path: Path) -> None:
    source, target = tmp_path / "regio.xlsx", tmp_path / "uit"
    source.write_bytes(stale_workbook())
    (tmp_path / ".~lock.regio.xlsx#").write_text(",collega,andere-pc,01.01.2026 09:00,file:///oud;", encoding="utf-8")
    assert convert(find_soffice(), [source], target, tmp_path / "profiel", 120.0) == ""
    assert read_workbook((target / "regio.xlsx").read_bytes()).values[at("B1")] == FRESH


@pytest.fixture(scope="module")
def both() -> tuple[Outcome, Outcome]:
    """What LibreOffice and formulas say of every case."""
    data = cases_workbook([case.formula for case in CASES])
    return outcome(LibreOffice().open(data)), outcome(FormulasEngine().open(data))


def same(left: CellValue, right: CellValue) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-12)
    return type(left) is type(right) and left == right


@pytest.mark.libreoffice
@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case.formula for case in CASES])
def test_case(both: tuple[Outcome, Outcome], number: int, case: Case) -> None:
    """LibreOffice gives Excel's result, or the other one that we know of; else the list is out of date."""
    expected = case.excel if case.libreoffice is None else case.libreoffice
    assert same(both[0].values[case_cell(number)], expected), both[0].values[case_cell(number)]


@pytest.mark.libreoffice
def test_formulas_and_libreoffice_differ_only_where_we_know_it(both: tuple[Outcome, Outcome]) -> None:
    known = {case_cell(number) for number, case in enumerate(CASES) if case.libreoffice is not None}
    verdicts = compare(both[0].values, both[1].values, both[0].unknown | both[1].unknown)
    asked = [verdict for verdict in verdicts if verdict.address.cell.startswith("T")]
    assert {verdict.address for verdict in asked if verdict.judgement != "gelijk"} == known
    assert count(asked).equal == len(CASES) - len(known)


@pytest.mark.libreoffice
def test_scenarios_in_one_run_agree_with_formulas() -> None:
    data = book(
        {"A1": "=in_aantal*2", "A2": '=IF(Invoer!C6="","landelijk",Invoer!C6)', "A3": "=ROUND(Invoer!C4*1.005,2)",
         "A4": '=IF(Invoer!C7="Ja",NA(),1)', "A5": "=COUNTA(Invoer!C3:C7)", "A6": "=A1/Invoer!C4",
         "A7": "=NIETBEKEND(A1)", "A8": "=A7+1", "A9": "=B9+1", "B9": "=A9"},
        {"in_aantal": "Invoer!$C$3"}, {"C3": 12, "C4": 1, "C7": "Nee"})

    def invoer(**cells: CellValue) -> dict[Address, CellValue]:
        return {Address("Invoer", cell): given for cell, given in cells.items()}

    scenarios = [{}, invoer(C3=5.0, C6=2.5), invoer(C3=None, C7="ja"), invoer(C4=0.0), invoer(C4=None, C3="x")]
    expected: list[list[CellValue]] = [
        [24.0, "landelijk", 1.01, 1.0, 3.0, 24.0],
        [10.0, 2.5, 1.01, 1.0, 4.0, 10.0],
        [0.0, "landelijk", 1.01, ExcelError("#N/A"), 2.0, 0.0],
        [24.0, "landelijk", 0.0, 1.0, 3.0, ExcelError("#DIV/0!")],
        [ExcelError("#VALUE!"), "landelijk", 0.0, 1.0, 2.0, ExcelError("#VALUE!")],
    ]
    models = (LibreOffice().open(data), FormulasEngine().open(data))
    for model in models:
        outcomes = model.compute(scenarios)
        assert [[found.values[at(f"A{row}")] for row in range(1, 7)] for found in outcomes] == expected
        for found in outcomes:
            assert "functie NIETBEKEND is onbekend" in found.unknown[at("A7")]
            assert found.unknown[at("A8")] == f"hangt af van '{SHEET}'!A7, die niet gecontroleerd is (RK421)"
            assert "kringverwijzing" in found.unknown[at("A9")] and "kringverwijzing" in found.unknown[at("B9")]


@pytest.mark.libreoffice
def test_file_that_libreoffice_cannot_open_costs_no_other() -> None:
    good = stale_workbook()
    first, broken, last = LibreOffice().recalculate([good, b"PK\3\4 geen werkboek", good])
    assert isinstance(first, bytes) and isinstance(last, bytes)
    assert isinstance(broken, str) or not read_workbook_or_nothing(broken)


def read_workbook_or_nothing(data: bytes) -> dict[Address, str]:
    # LibreOffice may take bytes that are no workbook for a text file; then no formula of ours is in it.
    return read_workbook(data).formulas


@pytest.mark.libreoffice
def test_version() -> None:
    parts = LibreOffice().version.split(".")
    assert len(parts) >= 3 and all(part.isdecimal() for part in parts[:3])


# -- programs that behave badly, in the place of soffice ------------------------------------------------------------

#: Copies its files to --outdir, and stops as told at a file that holds the word.
_STAND_IN = """#!{python}
import os, pathlib, sys, time
arguments = sys.argv[1:]
target = pathlib.Path(arguments[arguments.index("--outdir") + 1])
for name in arguments[arguments.index("--outdir") + 2:]:
    data = pathlib.Path(name).read_bytes()
    if b"{word}" in data:
        {action}
    (target / pathlib.Path(name).name).write_bytes(data)
"""


posix = pytest.mark.skipif(sys.platform == "win32", reason="a script can't stand in for a program on Windows")


def stand_in(folder: Path, action: str, word: str = "kapot") -> Path:
    program = folder / "soffice"
    program.write_text(_STAND_IN.format(python=sys.executable, action=action, word=word), encoding="utf-8")
    program.chmod(0o755)
    return program


@posix
def test_crash_costs_only_the_file_that_crashed(tmp_path: Path) -> None:
    engine = LibreOffice(stand_in(tmp_path, "os._exit(139)"))
    results = engine.recalculate([b"een", b"twee kapot", b"drie", b"vier"])
    assert results == [b"een", "soffice stopte met code 139", b"drie", b"vier"]


@posix
def test_file_that_takes_too_long_costs_only_itself(tmp_path: Path) -> None:
    engine = LibreOffice(stand_in(tmp_path, "time.sleep(60)"), patience=0.7)
    assert engine.recalculate([b"een", b"kapot", b"drie"]) == [
        b"een", "tijdslimiet van 1 seconden overschreden", b"drie"]


@posix
def test_run_that_ends_well_without_a_file_is_not_a_success(tmp_path: Path) -> None:
    engine = LibreOffice(stand_in(tmp_path, "continue"))
    assert engine.recalculate([b"kapot", b"twee"]) == ["er kwam geen bestand uit", b"twee"]


@posix
def test_every_cell_of_a_file_that_fails_is_unknown(tmp_path: Path) -> None:
    model = LibreOffice(stand_in(tmp_path, "os._exit(1)", word="PK")).open(book({"A1": 1, "B1": "=A1", "B2": "=B1"}))
    found = outcome(model)
    reason = "LibreOffice kon het bestand niet doorrekenen: soffice stopte met code 1 (RK425)"
    assert found.unknown == {at("B1"): reason, at("B2"): reason}


@posix
def test_output_that_is_no_workbook_is_unknown_too(tmp_path: Path) -> None:
    model = LibreOffice(stand_in(tmp_path, "data = b'x'", word="PK")).open(book({"A1": 1, "B1": "=A1"}))
    assert "RK425" in outcome(model).unknown[at("B1")]


@posix
def test_more_files_than_a_batch(tmp_path: Path) -> None:
    files = [f"bestand {number}".encode() for number in range(libreoffice.BATCH * 2 + 1)]
    assert LibreOffice(stand_in(tmp_path, "pass")).recalculate(files) == files


@posix
def test_program_that_is_no_program(tmp_path: Path) -> None:
    program = tmp_path / "soffice"
    program.write_text("geen programma", encoding="utf-8")
    (result,) = LibreOffice(program).recalculate([b"een"])
    assert isinstance(result, str) and result.startswith("soffice start niet")
    with pytest.raises(RekentoolError) as refusal:
        _ = LibreOffice(program).version
    assert [finding.code for finding in refusal.value.findings] == ["RK411"]


def test_missing_program_is_a_finding_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REKENTOOL_SOFFICE", str(tmp_path / "weg"))
    with pytest.raises(RekentoolError) as refusal:
        LibreOffice()
    (finding,) = refusal.value.findings
    assert finding.code == "RK410"
    assert "REKENTOOL_SOFFICE" in finding.found and "Installeer LibreOffice" in finding.remedy
    assert refusal.value.exit_code == 4


@posix
def test_the_variable_goes_before_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = stand_in(tmp_path, "pass")
    monkeypatch.setenv("REKENTOOL_SOFFICE", str(program))
    assert find_soffice() == program
    monkeypatch.delenv("REKENTOOL_SOFFICE")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_soffice() == program
