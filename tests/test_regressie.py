"""`regressie`: what a changed template does, found at the right cell with the right amount, and never more equal than
was checked. Expected amounts are worked out by hand, or stand in reference sheets that LibreOffice made."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cursusboek
import pytest
from cursusboek import NOORD, SHEET, ZUID, book, candidate
from ingreep import formula, with_cells
from opdracht import Ran, run
from rekentool_werkboek import tool

from rekentool import Rekentool
from rekentool.cli.regressietekst import LINES, amount, screen
from rekentool.engine.protocol import Outcome, Scenario
from rekentool.engine.verdict import Counts
from rekentool.jobs.reference import read_reference
from rekentool.jobs.regression import EngineId, Regression, open_candidate, prepare
from rekentool.jobs.regressionreport import TABLE, Line, Report, report_on
from rekentool.messages import RekentoolError
from rekentool.shipped import REFERENCES
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue

BOTH: tuple[EngineId, ...] = ("programma", "formulas")
#: Of the rekentool: the municipality's payment to the SW-bedrijf in year 1 of Bol niveau 2, which is D158 there.
PAYMENT = Address("2 Bol niveau 2", "D241")


@pytest.fixture
def base(tmp_path: Path) -> Tool:
    """The small workbook with its two regions."""
    return cursusboek.opened(tmp_path)


def report(base: Tool, data: bytes | None = None, mapping: Path | None = None, **options: Any) -> Report:
    """A run of the program and the library on the small workbook, or on a candidate for its place."""
    other = None
    if data is not None:
        other = open_candidate(base, candidate(base.path.parent, data), mapping)
    return report_on(prepare(base, other, **{"engines": BOTH, "draws": 2, **options}))


def equal(found: Report) -> list[tuple[int, int, int]]:
    return [(line.counts.equal, line.counts.different, line.counts.unchecked) for line in found.engines]


def changes(found: Report) -> list[tuple[str, str, str, CellValue, CellValue]]:
    """The changed results of the reference regions and the blank template."""
    return [
        (one.region, one.cell.geval, str(one.address), one.before, one.after)
        for one in found.results
        if one.kind != "trekking"
    ]


def codes(found: Report) -> list[str]:
    return [one.code for one in found.findings]


# What is the same


def test_the_rekentool_against_its_references() -> None:
    found = Rekentool().regression(draws=1, engines=BOTH)
    cells = len(tool().workbook.formula_cells)
    assert found.exit_code == 0
    assert found.findings == ()
    assert [(line.references, line.blank, line.draws) for line in found.engines] == [(4, False, 0), (4, True, 1)]
    assert equal(found) == [(4 * cells, 0, 0), (6 * cells, 0, 0)]
    assert [(line.references, line.blank, line.draws, line.counts.equal) for line in found.pairs] == [
        (4, True, 1, 6 * cells)
    ]


def test_an_unchanged_candidate(base: Tool) -> None:
    found = report(base, base.data)
    assert (found.exit_code, found.outcome, found.differs, found.agrees) == (0, "klopt", False, True)
    assert equal(found) == [(25, 0, 0), (25, 0, 0)]  # 5 formulas in 2 regions, the blank template and 2 draws
    assert (found.results, found.alterations, found.findings) == ((), (), ())


def test_a_moved_row_is_no_difference(base: Tool) -> None:
    found = report(base, book(inserted=True))
    assert found.exit_code == 0
    assert equal(found) == [(25, 0, 0), (25, 0, 0)]
    assert found.alterations == ()


def test_another_spelling_is_no_difference(base: Tool) -> None:
    found = report(base, book({"B6": "= b5 * 0.90"}))
    assert (found.exit_code, found.alterations) == (0, ())


# What isn't


def test_a_changed_formula_in_euros(base: Tool) -> None:
    """80 % instead of 90 % of 1 000 in Noord, of 1 500 in Zuid, and of 8 × 250 in the blank template."""
    found = report(base, book({"B6": "=B5*0.8"}))
    assert (found.exit_code, found.outcome) == (1, "verschilt")
    assert changes(found) == [
        ("Zuid", "laag", "Blad1!B6", 1350.0, 1200.0),
        ("Noord", "laag", "Blad1!B6", 900.0, 800.0),
        ("leeg sjabloon", "laag", "Blad1!B6", 1800.0, 1600.0),
    ]
    assert [one.difference for one in found.results[:3]] == [-150.0, -100.0, -200.0]
    assert (found.cells, found.regions) == (1, {"referentie": 2, "leeg": 1, "trekking": 2})
    assert found.agrees
    (altered,) = found.alterations
    assert (altered.kind, altered.place, altered.old, altered.new) == ("gewijzigd", "Blad1!B6", "=B5*0.9", "=B5*0.8")
    assert (altered.reached, altered.changed, altered.region) == (1, 1, "Zuid")
    assert altered.largest is not None
    assert altered.largest.difference == -150.0


def test_two_changes_that_hide_one_another(base: Tool) -> None:
    """Twice as much, then half of that: no result differs, and each by itself is told."""
    found = report(base, book({"C5": "=C3*prijs*2", "C6": "=C5*0.45"}))
    assert {one.address for one in found.results} == set()
    assert found.cells == 1
    by_place = {one.place: one for one in found.alterations}
    largest = {place: one.largest.difference for place, one in by_place.items() if one.largest}
    assert largest == {"Blad1!C5": 1800.0, "Blad1!C6": -900.0}  # Noord, where C5 is 2 000 and C6 1 800


def test_a_changed_formula_in_a_moved_row(base: Tool) -> None:
    found = report(base, book({"B6": "=B5*0.8"}, inserted=True))
    assert [one[:3] for one in changes(found)][:2] == [("Zuid", "laag", "Blad1!B7"), ("Noord", "laag", "Blad1!B7")]
    assert [(one.place, one.old, one.new) for one in found.alterations] == [("Blad1!B7", "=B5*0.9", "=B6*0.8")]


def test_a_value_over_a_formula_is_seen_where_it_matters(base: Tool) -> None:
    found = report(base, book({"B6": 900}))
    assert [one[:3] for one in changes(found)] == [("Zuid", "laag", "Blad1!B6"), ("leeg sjabloon", "laag", "Blad1!B6")]
    assert found.regions["referentie"] == 1
    assert [(one.place, one.new) for one in found.alterations] == [("Blad1!B6", "900")]


def test_a_formula_that_came_or_went(base: Tool) -> None:
    came = report(base, book({"B7": "=B6*2"}))
    assert (came.exit_code, came.cells, came.results) == (1, 1, ())
    assert [line.counts.kinds for line in came.engines] == [{"extra": 5}, {"extra": 5}]
    went = report(base, book({"B8": None}))
    assert (went.exit_code, went.cells) == (1, 1)
    assert [line.counts.kinds for line in went.engines] == [{"ontbreekt": 5}, {"ontbreekt": 5}]
    assert [(one.label, str(one.address), one.cases) for one in went.checks] == [("Eindoordeel", "Blad1!B8", 5)]


def test_another_default_shows_in_the_blank_template_alone(base: Tool) -> None:
    """€ 300 instead of € 250 for 8 and 12 participants: 50 × 8 × 0.9 and 50 × 12 × 0.9 more."""
    found = report(base, book({"B4": 300}))
    assert found.exit_code == 1
    assert changes(found) == [
        ("leeg sjabloon", "hoog", "Blad1!C6", 2700.0, 3240.0),
        ("leeg sjabloon", "laag", "Blad1!B6", 1800.0, 2160.0),
    ]
    assert found.regions == {"referentie": 0, "leeg": 1, "trekking": 0}
    (altered,) = found.alterations
    assert (altered.kind, altered.place, altered.changed) == ("standaardwaarde", "Blad1!B4", 2)
    assert altered.largest is not None
    assert altered.largest.difference == pytest.approx(540.0)


def test_a_payment_of_the_rekentool_in_every_region(tmp_path: Path) -> None:
    """A tenth more in year 1 costs the municipality a tenth of what LibreOffice's reference sheets have there."""
    path = candidate(tmp_path, with_cells(tool().data, {PAYMENT: formula("D158*1.1")}))
    found = report_on(prepare(tool(), open_candidate(tool(), path), engines=["programma"], draws=1))
    tenth = {
        f"Voorbeeldregio {sheet.stem.rpartition('-')[2].title()}": read_reference(sheet).values[PAYMENT]
        for sheet in REFERENCES.glob("*.xlsx")
    }
    saldo = {
        one.region: one.difference
        for one in found.results
        if one.kind == "referentie" and one.cell[:4] == ("bol2", "gemeente", "saldo", "totaal")
    }
    assert len(saldo) == 4
    assert saldo == {region: pytest.approx(-value / 10) for region, value in tenth.items() if isinstance(value, float)}
    assert found.results[0].region == max(tenth, key=lambda region: tenth[region])  # type: ignore[arg-type,return-value]
    assert [one.place for one in found.alterations] == [str(PAYMENT)]
    assert "Overdrachten heffen elkaar op" in [one.label for one in found.checks]
    lines = list(screen(found))
    assert len(lines) <= LINES
    assert lines[-1].endswith("3.052,50")


# What can't be checked is never equal


def test_an_unknown_function_is_counted_apart(base: Tool) -> None:
    """B6 and the check that reads it, in 2 regions, the blank template and 2 draws."""
    found = report(base, book({"B6": "=FRUNNIK(B5)"}))
    assert (found.exit_code, found.outcome) == (4, "niet geheel te controleren")
    assert equal(found) == [(15, 0, 10), (15, 0, 10)]
    assert not found.differs
    assert [(one.code, one.place) for one in found.findings] == [("RK717", "Blad1!B6")] * 2
    assert "programma 0" in found.findings[0].found
    assert "2, in 5 gevallen; hier: functie FRUNNIK is onbekend" in found.findings[0].found
    assert any("Nee, voor zover gecontroleerd." in line for line in screen(found))
    assert "FRUNNIK" in found.alterations[0].unchecked


def test_a_difference_weighs_more_than_what_is_unknown(base: Tool) -> None:
    found = report(base, book({"B6": "=FRUNNIK(B5)", "C6": "=C5"}))
    assert (found.exit_code, found.differs) == (1, True)
    assert [line.counts.unchecked for line in found.engines] == [10, 10]


def test_nothing_checked_is_not_right(base: Tool) -> None:
    found = report(base, base.data)
    none = Line("programma", 2, True, 2, Counts(0, 0, 0, {}))
    assert replace(found, engines=(none,)).exit_code == 4
    assert replace(found, engines=(), pairs=()).exit_code == 4
    unknown = replace(none, counts=Counts(0, 0, 25, {}))
    assert replace(found, engines=(unknown,), pairs=()).exit_code == 4


def test_one_engine_agrees_with_nobody(base: Tool) -> None:
    found = report(base, base.data, engines=["programma"])
    assert (found.exit_code, found.agrees, found.pairs) == (0, None, ())
    assert "Zijn de motoren het eens? Niet gecontroleerd: er zijn er geen twee vergeleken." in list(screen(found))


class Contrary:
    """An engine that has one cell otherwise, or doesn't know it."""

    name, version = "dwarsligger", "1"

    def __init__(self, base: Tool, values: dict[str, CellValue], unknown: dict[str, str]) -> None:
        self._model = base.model
        self._values = {Address(SHEET, cell): value for cell, value in values.items()}
        self._unknown = {Address(SHEET, cell): reason for cell, reason in unknown.items()}

    def open(self, data: bytes) -> Contrary:
        return self

    @property
    def workbook(self) -> Any:
        return self._model.workbook

    def compute(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        outcomes = []
        for one in self._model.compute(scenarios):
            values = {cell: value for cell, value in one.values.items() if cell not in self._unknown}
            outcomes.append(Outcome(values | self._values, one.unknown | self._unknown))
        return outcomes


def with_contrary(
    base: Tool, values: dict[str, CellValue] | None = None, unknown: dict[str, str] | None = None
) -> Report:
    prepared = prepare(base, engines=["programma"], draws=2)
    engines = {**prepared.engines, "formulas": Contrary(base, values or {}, unknown or {})}
    return report_on(Regression(prepared.correspondence, prepared.cases, engines, "", ()))  # type: ignore[arg-type]


def test_engines_that_do_not_agree(base: Tool) -> None:
    found = with_contrary(base, {"C5": -1.0})
    assert (found.exit_code, found.agrees) == (1, False)
    (pair,) = found.pairs
    assert (pair.counts.equal, pair.counts.different) == (20, 5)
    first = found.disagreements[0]
    assert (first.region, str(first.address), first.values) == ("Noord", "Blad1!C5", (2000.0, -1.0))
    assert first.engines[1] == "dwarsligger 1"
    (line,) = [line for line in screen(found) if line.startswith("Zijn de motoren")]
    assert "Nee, 5 keer niet. De eerste: Noord, Blad1!C5: programma" in line
    assert line.endswith("2.000,00, dwarsligger 1 -1,00.")


def test_an_engine_that_does_not_know(base: Tool) -> None:
    found = with_contrary(base, unknown={"C5": "geen idee", "C6": "hangt af van Blad1!C5 (RK421)"})
    assert (found.exit_code, found.agrees) == (4, True)
    assert found.pairs[0].counts.unchecked == 10
    assert [(one.code, one.place) for one in found.findings] == [("RK717", "Blad1!C5")]


def test_half_a_cent_is_no_difference_in_a_result(base: Tool) -> None:
    """C6 is a result in euros and C5 is not; in Zuid both are 0, in Noord 1 800 and 2 000."""
    assert with_contrary(base, {"C6": 0.004}).regions["referentie"] == 1
    assert with_contrary(base, {"C6": 0.006}).regions["referentie"] == 2
    assert with_contrary(base, {"C5": 0.004}).regions["referentie"] == 2
    assert with_contrary(base, {"C5": 7e-9}).regions["referentie"] == 1  # what is left where amounts cancel out


# The folder with references


def test_adding_a_region_adds_a_case(base: Tool, tmp_path: Path) -> None:
    values: dict[str, CellValue] = {"B5": 7.0, "C5": 14.0, "B6": 6.3, "C6": 12.6, "B8": "OK"}
    cursusboek.add_region(tmp_path, "west.xlsx", {"B2": "West", "B3": 1, "C3": 2, "B4": 7}, values)
    assert report(base).exit_code == 0
    assert [line.references for line in report(base).engines] == [3, 3]
    cursusboek.add_region(tmp_path, "west.xlsx", {"B2": "West", "B3": 1, "C3": 2, "B4": 7}, {**values, "B6": 6.4})
    found = report(base)
    assert (found.exit_code, changes(found)) == (1, [("West", "laag", "Blad1!B6", 6.4, pytest.approx(6.3))])


def test_what_is_not_a_case_is_said(base: Tool, tmp_path: Path) -> None:
    filled, sheets = tmp_path / "voorbeelden", tmp_path / "referentie"
    (sheets / "zuid.xlsx").rename(sheets / "verdwaald.xlsx")
    (filled / "~$noord.xlsx").write_bytes(b"lock")
    found = report(base)
    assert [(one.code, Path(one.file).name) for one in found.findings] == [
        ("RK712", "verdwaald.xlsx"),
        ("RK711", "zuid.xlsx"),
    ]
    assert found.exit_code == 4
    (filled / "zuid.xlsx").write_bytes(b"geen werkboek")
    (sheets / "noord.xlsx").write_bytes(base.data)
    assert codes(report(base))[1:] == ["RK712", "RK550"]
    assert codes(report(base))[0].startswith("RK1")


def test_a_sheet_of_other_formulas_is_said(base: Tool, tmp_path: Path) -> None:
    cursusboek.add_region(tmp_path, "noord.xlsx", NOORD, cursusboek.BY_HAND["noord.xlsx"])
    changed = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    other = Tool(base.mapping, changed, changed.read_bytes(), *_read(base, changed))
    found = report_on(prepare(other, engines=["programma"], draws=0, references=tmp_path))
    assert codes(found) == ["RK714", "RK713", "RK714", "RK713"]
    assert found.exit_code == 4


def _read(base: Tool, path: Path) -> tuple[Any, Any]:
    opened = open_candidate(base, path)
    return opened.workbook, opened.binding


def test_a_cell_that_the_sheet_lacks_is_not_checked(base: Tool, tmp_path: Path) -> None:
    cursusboek.add_region(tmp_path, "zuid.xlsx", ZUID, {"B5": 1500.0, "C5": 0.0, "B6": 1350.0, "C6": 0.0})
    found = report(base, engines=["programma"])
    assert (found.exit_code, equal(found)) == (4, [(9, 0, 1)])
    assert "staat niet op het referentieblad" in found.findings[0].found


def test_without_references_that_is_said(base: Tool, tmp_path: Path) -> None:
    lonely = tmp_path / "los"
    lonely.mkdir()
    lonely.joinpath("begroting.xlsx").write_bytes(base.data)
    alone = replace(base, path=lonely / "begroting.xlsx")
    found = report_on(prepare(alone, engines=BOTH, draws=3))
    assert (codes(found), found.exit_code) == (["RK715"], 4)
    assert [line.draws for line in found.engines] == [3]
    with pytest.raises(RekentoolError) as caught:
        prepare(base, engines=BOTH, references=lonely)
    assert [one.code for one in caught.value.findings] == ["RK710"]


def test_regions_of_one_name_are_told_apart(base: Tool, tmp_path: Path) -> None:
    cursusboek.add_region(tmp_path, "noord-2.xlsx", NOORD, cursusboek.BY_HAND["noord.xlsx"])
    cases = prepare(base, engines=["programma"], draws=0).cases
    assert [case.name for case in cases] == ["Noord (noord-2.xlsx)", "Noord (noord.xlsx)", "Zuid", "leeg sjabloon"]


# A candidate with a mapping of its own


def test_a_candidate_with_its_own_mapping(base: Tool, tmp_path: Path) -> None:
    """Its results have another name and stand elsewhere, and one input is gone."""
    text = cursusboek.MAPPING.replace("uit_opbrengst", "uit_netto").replace("hoog: Hoge", "hoog: Dure")
    own = tmp_path / "nieuw.yaml"
    own.write_text(text, encoding="utf-8")
    found = report(base, book(names={"uit_netto": "B6:C6"}, inserted=True), own)
    assert (found.exit_code, equal(found)) == (0, [(25, 0, 0), (25, 0, 0)])
    without = text[: text.index("  prijs:")] + text[text.index("resultaten:") :]
    own.write_text(without, encoding="utf-8")
    found = report(base, book(names={"uit_netto": "B6:C6"}, inserted=True), own)
    assert codes(found) == ["RK716"]
    assert "prijs" in found.findings[0].found
    assert found.exit_code == 1  # € 250 everywhere


# JUnit and the table


def junit(path: Path) -> ElementTree.Element:
    """The file, with every count checked against what stands in it."""
    root = ElementTree.parse(path).getroot()
    assert root.tag == "testsuites"
    suites = root.findall("testsuite")
    assert [suite.get("name") for suite in suites] == [
        "Verschilt de kandidaat van de basis?", "Zijn de motoren het eens?",
    ]  # fmt: skip
    for level in (root, *suites):
        cases = list(level.iter("testcase"))
        assert level.get("tests") == str(len(cases))
        assert level.get("failures") == str(len(list(level.iter("failure"))))
        assert level.get("errors") == str(len(list(level.iter("error"))))
        assert float(level.get("time", "")) == pytest.approx(
            sum(float(case.get("time", "")) for case in cases), abs=0.01
        )
    for case in root.iter("testcase"):
        assert set(case.keys()) == {"classname", "name", "time"}
        assert len(case) <= 1
    return root


def test_junit_and_table(base: Tool, tmp_path: Path) -> None:
    path = candidate(tmp_path, book({"B6": "=B5*0.8", "C6": "=FRUNNIK(C5)"}))
    table, tests = tmp_path / "alles.csv", tmp_path / "uit.xml"
    ran = command(base, path, "--trekkingen", "1", "--naar", table, "--junit", tests)
    assert ran.code == 1
    root = junit(tests)
    assert len(root.findall("testsuite[1]/testcase")) == 2 * 4  # 2 engines in 2 regions, the blank one and a draw
    first = root.findall("testsuite[1]/testcase")[0]
    assert first.get("name", "").startswith("Noord · programma 0")
    failure = first.find("failure")
    assert failure is not None
    assert failure.get("message") == "formulecellen: gelijk 2 · anders 1 (waarde 1) · niet gecontroleerd 2"
    assert failure.text == "Blad1!B6: verwacht 900, gevonden 800"
    pair = root.find("testsuite[2]/testcase")
    assert pair is not None
    error = pair.find("error")  # the cells that neither of the two knows
    assert error is not None
    assert error.get("type") == "niet gecontroleerd"

    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == TABLE
    assert len(rows) == 2 * 4 * 5
    row = next(row for row in rows if row["regio"] == "Zuid" and row["cel"] == "B6")
    assert {key: row[key] for key in TABLE[3:]} == {
        "blad": "Blad1", "cel": "B6", "geval": "laag", "partij": "school", "regel": "baten", "jaar": "totaal",
        "eenheid": "euro", "verwacht": "1350.0", "gevonden": "1200.0", "oordeel": "anders", "soort": "waarde",
        "verschil": "'-150.0" if row["verschil"].startswith("'") else "-150.0", "reden": "", "formule_gewijzigd": "ja",
    }  # fmt: skip
    unknown = next(row for row in rows if row["cel"] == "C6")
    assert (unknown["oordeel"], unknown["gevonden"], unknown["formule_gewijzigd"]) == ("niet gecontroleerd", "", "ja")
    assert "FRUNNIK" in unknown["reden"]
    other = next(row for row in rows if row["cel"] == "B5")
    assert (other["oordeel"], other["formule_gewijzigd"]) == ("gelijk", "")


def test_junit_of_what_could_not_be_a_case(base: Tool, tmp_path: Path) -> None:
    (tmp_path / "referentie" / "zuid.xlsx").unlink()
    tests = tmp_path / "uit.xml"
    assert command(base, "--motoren", "programma", "--trekkingen", "0", "--junit", tests).code == 4
    cases = junit(tests).findall("testsuite[1]/testcase")
    assert len(cases) == 2
    assert cases[1].get("name", "").startswith("RK711 ")
    assert cases[1].find("error") is not None


def test_the_table_as_parquet(base: Tool, tmp_path: Path) -> None:
    import pandas as pd

    path = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    table = tmp_path / "alles.parquet"
    assert command(base, path, "--trekkingen", "0", "--motoren", "programma", "--naar", table).code == 1
    frame = pd.read_parquet(table)
    changed = frame[frame["oordeel"] == "anders"]
    assert changed["verschil"].tolist() == [-100.0, -150.0, -200.0]
    assert frame[frame["cel"] == "B8"]["gevonden_tekst"].tolist() == ["OK"] * 3


# The command


def command(base: Tool, *arguments: str | Path) -> Ran:
    """`rekentool regressie` with the small workbook, without LibreOffice unless asked for."""
    engines = [] if "--motoren" in arguments else ["--motoren", "programma,formulas"]
    return run("regressie", *arguments, *engines, "--mapping", base.path.with_suffix(".yaml"))


def test_the_screen(base: Tool, tmp_path: Path) -> None:
    path = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    ran = command(base, path, "--trekkingen", "0")
    assert ran.code == 1
    lines = ran.out.splitlines()
    assert len(lines) <= LINES
    assert lines[0] == f"{path} tegen begroting.xlsx: verschilt (zaad 1)"
    assert (
        lines[1].split("  ")[-1]
        == "2 regio’s, leeg sjabloon, 0 trekkingen: gelijk 12 · anders 3 · niet gecontroleerd 0"
    )
    assert lines[3:] == [
        "Verschilt de kandidaat? Ja: 1 cel (1 uitkomst); 2 van 2 regio’s, leeg sjabloon.",
        "Zijn de motoren het eens? Ja.",
        "1 wijziging:",
        "   Blad1!B6: =B5*0.9 → =B5*0.8",
        "      raakt 1 uitkomst, verandert er 1; het meest Zuid · laag · school · baten · totaal: -150,00 euro",
        "De verschillen in uitkomsten:",
        "   regio          geval  partij  regel       oud     nieuw  verschil",
        "   Zuid           laag   school  baten  1.350,00  1.200,00   -150,00",
        "   Noord          laag   school  baten    900,00    800,00   -100,00",
        "   leeg sjabloon  laag   school  baten  1.800,00  1.600,00   -200,00",
    ]
    assert ran.err.splitlines()[0].startswith("programma ")
    assert ran.err.splitlines()[0].endswith(": 3 gevallen")


def test_many_changes_fit_on_a_screen(base: Tool, tmp_path: Path) -> None:
    cells: dict[str, object] = {f"{column}6": f"={column}5*0.{n}" for n, column in enumerate("BC", start=1)}
    cells |= {f"{column}{row}": f"=B6+{row}" for column in "DEFGH" for row in range(3, 13)}
    lines = list(screen(report(base, book(cells), draws=20)))
    assert len(lines) <= LINES
    assert any("alle staan er met --json" in line for line in lines)
    assert sum(line.startswith("   trekking") or line.startswith(("   Zuid", "   Noord")) for line in lines) >= 5


def test_json(base: Tool, tmp_path: Path) -> None:
    path = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    found = command(base, path, "--trekkingen", "1", "--zaad", "9", "--json").json
    assert found["kandidaat"] == str(path)
    assert (found["uitslag"], found["zaad"], found["trekkingen"]) == ("verschilt", 9, 1)
    assert found["verschilt"]["antwoord"] is True
    assert [line["anders"] for line in found["verschilt"]["motoren"]] == [4, 4]
    assert found["verschilt"]["uitkomsten"][0] == {
        "regio": "Zuid", "soort": "referentie", "geval": "laag", "partij": "school", "regel": "baten",
        "jaar": "totaal", "eenheid": "euro", "cel": "Blad1!B6", "oud": 1350.0, "nieuw": 1200.0, "verschil": -150.0,
    }  # fmt: skip
    assert found["motoren_eens"] == {
        "antwoord": True,
        "paren": [{"naam": found["motoren_eens"]["paren"][0]["naam"], "referentieregios": 2, "leeg_sjabloon": True,
                   "trekkingen": 1, "gelijk": 20, "anders": 0, "niet_gecontroleerd": 0, "soorten": {}}],
        "eerste": [],
    }  # fmt: skip
    assert found["wijzigingen"][0]["grootste"]["verschil"] == -150.0
    assert found["bevindingen"] == []


def test_the_same_seed_gives_the_same_report(base: Tool, tmp_path: Path) -> None:
    path = candidate(tmp_path, book({"B6": "=B5*0.8"}))
    first, again, other = (
        json.loads(command(base, path, "--trekkingen", "3", "--zaad", seed, "--json").out)["verschilt"]["uitkomsten"]
        for seed in ("1", "1", "2")
    )
    assert first == again != other


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--motoren", "excel"], "'excel' is geen motor; kies uit programma, formulas, libreoffice"),
        (["--trekkingen", "-1"], "--trekkingen"),
        (["--door", "A."], "--door, --waarom en --droog horen bij --leg-vast."),
        (["--droog"], "--door, --waarom en --droog horen bij --leg-vast."),
        (["--leg-vast", "--volledig"], "gaan niet samen met --leg-vast."),
        (["--mapping-kandidaat", "x.yaml"], "--mapping-kandidaat hoort bij een KANDIDAAT."),
    ],
)
def test_wrong_use(arguments: list[str], words: str) -> None:
    ran = run("regressie", *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert words in ran.err


def test_targets_are_refused_before_anything_is_computed(base: Tool, tmp_path: Path) -> None:
    taken = tmp_path / "uit.xml"
    taken.write_text("van een ander")
    for option, name in (("--junit", "uit.xml"), ("--naar", "uit.txt"), ("--naar", "weg/uit.csv")):
        ran = command(base, "--trekkingen", "0", option, tmp_path / name)
        assert (ran.out, "programma" in ran.err) == ("", False)
        assert ran.codes[0] in ("RK630", "RK641", "RK631")
    assert taken.read_text() == "van een ander"
    assert command(base, "--trekkingen", "0", "--junit", taken, "--overschrijf").code == 0
    assert junit(taken)


def test_a_candidate_that_is_no_workbook_or_another_one(base: Tool, tmp_path: Path) -> None:
    ran = command(base, tmp_path / "weg.xlsx")
    assert ran.codes[0].startswith("RK1")
    assert ran.code == 3
    ran = command(base, candidate(tmp_path, tool().data))
    assert (ran.codes, ran.code) == (["RK503"], 3)


def test_libreoffice_that_is_not_there(base: Tool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REKENTOOL_SOFFICE", "/nergens/soffice")
    assert command(base, "--motoren", "libreoffice").codes == ["RK410"]
    found = report(base, engines=None)
    assert found.exit_code == 0
    assert "LibreOffice is niet gevonden" in found.absent
    assert any(found.absent in line for line in screen(found))


def test_amounts_in_dutch() -> None:
    assert amount(1234567.891) == "1.234.567,89"
    assert amount(-0.001) == amount(-0.001, signed=True) == "0,00"
    assert amount(12.5, signed=True) == "+12,50"
    assert amount(-12.5, signed=True) == "-12,50"
