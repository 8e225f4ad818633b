"""The `formulas` engine against Excel's results (formula_cases), and what it must refuse to guess."""

from __future__ import annotations

import math

import pytest
from engine_books import SHEET, at, book, outcome, value
from formula_cases import CASES, Case, case_cell, cases_workbook
from openpyxl.worksheet.formula import ArrayFormula

from rekentool.engine.formulas_engine import FormulasEngine, FormulasModel
from rekentool.engine.protocol import Outcome
from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, CellValue, ExcelError

#: Of a whole range where one cell belongs, each Excel makes something else: the one cell beside it, or a spill.
RANGES_FOR_CELLS = ["AND(F1:F3>0)", "IF(F1:F3>1,1,0)", "SUM(F1:F3*2)", "ABS(F1:F3)", "F1:F3", "INDEX(D1:D4,0)",
                    "SUMPRODUCT(IF(F1:F3>1,1,0))", "-F1:F3", "F1:F3&\"\"", "ISBLANK(F1:F3)"]


def model(data: bytes) -> FormulasModel:
    return FormulasEngine().open(data)


@pytest.fixture(scope="module")
def cases() -> Outcome:
    return outcome(model(cases_workbook([case.formula for case in CASES] + RANGES_FOR_CELLS)))


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case.formula for case in CASES])
def test_result_is_excels(cases: Outcome, number: int, case: Case) -> None:
    cell = case_cell(number)
    assert cell in cases.values, cases.unknown.get(cell)
    found = cases.values[cell]
    assert type(found) is type(case.excel), found
    if isinstance(found, float) and isinstance(case.excel, float):
        assert math.isclose(found, case.excel, rel_tol=1e-14, abs_tol=1e-15)
    else:
        assert found == case.excel


@pytest.mark.parametrize(("number", "formula"), list(enumerate(RANGES_FOR_CELLS, len(CASES))), ids=RANGES_FOR_CELLS)
def test_range_where_one_cell_belongs_is_not_guessed(cases: Outcome, number: int, formula: str) -> None:
    assert "RK423" in cases.unknown[case_cell(number)], formula


@pytest.mark.parametrize(("formula", "reason"), [
    ("=NIETBEKEND(A1)", "functie NIETBEKEND is onbekend in formulas (RK420)"),
    ("=A1+_xlfn.SEQUENCE(3)", "functie SEQUENCE is onbekend in formulas (RK420)"),
    ("=OFFSET(A1,1,0)", "functie OFFSET is onbekend in formulas (RK420)"),
    ("=INDIRECT(\"A1\")", "functie INDIRECT is onbekend in formulas (RK420)"),
    ("=SUM(A:A)", "hele kolommen of rijen (A:A)"),
    ("=SUM(1:1)", "hele kolommen of rijen (1:1)"),
    ("=SUM(A1:CV5000)", "bereik A1:CV5000 is te groot"),
    ("=RAND()", "RAND geeft elke keer een andere uitkomst"),
    ("=naam_die_er_niet_is*2", "naam naam_die_er_niet_is bestaat niet"),
    ("=kolom", "naam kolom is geen bereik"),
    ("=Weg!A1", "blad Weg bestaat niet"),
    ("=Tabel1[Bedrag]", "verwijzing naar een tabel of een ander bestand (Tabel1[Bedrag])"),
    ("=[1]Blad!A1", "verwijzing naar een tabel of een ander bestand ([1]Blad!A1)"),
    ("=SUM((A1,A2))", "samengesteld bereik"),
    ("=SUM(A1:A3 A2:A3)", "doorsnede van bereiken"),
    ("=SUM(A1:INDEX(A1:A3,2))", "begint of eindigt met een functie"),
    ("=ROUND(1,2,3)", "een functie met een verkeerd aantal argumenten"),
    ("=1+", "de formule is niet te ontleden"),
    ("=TEXT(A1,\"0,0\")", "TEXT met de opmaakcode 0,0"),
    ("=MATCH(2,{3,1,2},1)", "MATCH in een reeks die niet op volgorde staat"),
    ("=COUNTIF(A1:A3,A1:A2)", "meer criteria tegelijk"),
])
def test_what_cannot_be_computed_is_unknown_with_its_dependants(formula: str, reason: str) -> None:
    cells = {"A1": 1, "A2": 2, "A3": 3, "B1": formula, "B2": "=B1*2", "B3": "=IFERROR(B2,0)", "B4": "=A1"}
    found = outcome(model(book(cells, {"kolom": f"'{SHEET}'!$A:$A"})))
    assert reason in found.unknown[at("B1")]
    assert found.unknown[at("B2")] == found.unknown[at("B3")] == (
        f"hangt af van '{SHEET}'!B1, die niet gecontroleerd is (RK421)")
    assert found.values == {at("B4"): 1.0}


def test_circle_is_reported_with_its_path() -> None:
    found = outcome(model(book({"A1": "=B1+1", "B1": "=C1", "C1": "=A1*2", "D1": "=C1", "E1": "=1+1"})))
    path = f"kringverwijzing: '{SHEET}'!A1 → '{SHEET}'!C1 → '{SHEET}'!B1 → '{SHEET}'!A1 (RK422)"
    assert found.unknown == dict.fromkeys(map(at, ("A1", "B1", "C1", "D1")), path)
    assert found.values == {at("E1"): 2.0}


def test_array_formula_in_one_cell_is_computed_over_more_cells_not() -> None:
    single, double = ArrayFormula("B1", "=SUM(A1:A2*10)"), ArrayFormula("C1:C2", "=A1:A2*2")
    found = outcome(model(book({"A1": 1, "A2": 2, "B1": single, "C1": double, "D1": "=C2+1"})))
    assert found.values == {at("B1"): 30.0}
    assert "matrixformule" in found.unknown[at("C1")] and "matrixformule" in found.unknown[at("C2")]
    assert at("D1") in found.unknown


NAMES = {"in_aantal": "Invoer!$C$3", "in_reeks": "Invoer!$C$3:$C$5", "btw": "0.21"}


@pytest.fixture(scope="module")
def named() -> FormulasModel:
    return model(book(
        {"A1": "=in_aantal*2", "A2": "=SUM(IN_Reeks)", "A3": "=Invoer!C4+'1 Bol niveau 1'!A1", "A4": "=btw*100",
         "A5": "=ISBLANK(Invoer!C6)", "A6": '=IF(Invoer!C6="","landelijk",Invoer!C6)', "A7": "=COUNTA(Invoer!C3:C6)",
         "A8": "=INDEX(in_reeks,2)", "A9": "=Invoer!C6+1", "A10": '=Invoer!C7="Ja"'},
        NAMES, {"C3": 12, "C4": 3, "C5": 4, "C7": "ja"}))


@pytest.mark.parametrize(("cell", "expected"), [
    ("A1", 24.0), ("A2", 19.0), ("A3", 27.0), ("A4", 21.0), ("A5", True), ("A6", "landelijk"), ("A7", 3.0), ("A8", 3.0),
    ("A9", 1.0), ("A10", True),
])
def test_names_and_other_sheets(named: FormulasModel, cell: str, expected: CellValue) -> None:
    assert value(named, cell) == expected


@pytest.mark.parametrize(("scenario", "expected"), [
    # a blank in the file that the scenario fills
    ({"C6": 7.0}, {"A5": False, "A6": 7.0, "A7": 4.0, "A9": 8.0, "A1": 24.0}),
    # a value in the file that the scenario blanks
    ({"C3": None}, {"A1": 0.0, "A2": 7.0, "A3": 3.0, "A7": 2.0, "A5": True}),
    ({"C3": "12"}, {"A1": 24.0, "A2": 7.0, "A7": 3.0}),
    ({"C3": ExcelError("#N/A")}, {"A1": ExcelError("#N/A"), "A2": ExcelError("#N/A"), "A7": 3.0, "A8": 3.0}),
    ({"C7": None}, {"A10": False}),
    ({"C7": "Nee", "C4": -1.0}, {"A10": False, "A2": 15.0, "A3": 23.0, "A8": -1.0}),
    ({"C3": 12.0}, {"A1": 24.0, "A2": 19.0}),  # nothing changes
    ({"C3": True}, {"A1": 2.0, "A2": 7.0}),
])
def test_scenario(named: FormulasModel, scenario: dict[str, CellValue], expected: dict[str, CellValue]) -> None:
    found = outcome(named, {Address("Invoer", cell): given for cell, given in scenario.items()})
    assert {cell: found.values[at(cell)] for cell in expected} == expected


def test_scenarios_do_not_leak_into_one_another(named: FormulasModel) -> None:
    first = Address("Invoer", "C3")
    outcomes = named.compute([{first: 1.0}, {}, {first: 2.0}, {first: None}])
    assert [found.values[at("A1")] for found in outcomes] == [2.0, 24.0, 4.0, 0.0]


def test_unknown_in_one_scenario_can_be_known_in_the_next() -> None:
    tested = model(book({"A1": 1, "A2": 5, "A3": 9, "B1": "=MATCH(6,A1:A3,1)", "B2": "=B1*10"}))
    sorted_, unsorted, again = tested.compute([{}, {at("A2"): 20.0}, {at("A2"): 6.0}])
    assert sorted_.values == again.values == {at("B1"): 2.0, at("B2"): 20.0}
    assert unsorted.values == {} and at("B2") in unsorted.unknown


def test_scenario_for_a_formula_or_a_missing_sheet_is_refused(named: FormulasModel) -> None:
    with pytest.raises(RekentoolError) as refusal:
        named.compute([{Address("Invoer", "C3"): 1.0, at("A1"): 5.0}, {Address("Input", "C3"): 1.0}])
    assert [(finding.code, finding.place) for finding in refusal.value.findings] == [
        ("RK401", f"'{SHEET}'!A1"), ("RK402", "Input!C3")]


def test_date_functions_in_the_1904_system_are_not_guessed() -> None:
    found = outcome(model(book({"A1": 44773, "B1": "=YEAR(A1)", "B2": "=A1+1"}, date1904=True)))
    assert "1904" in found.unknown[at("B1")]
    assert found.values == {at("B2"): 44774.0}


def test_says_what_it_is() -> None:
    assert FormulasEngine().name == "formulas"
    assert FormulasEngine().version.startswith("1.3.")
    assert "correcties" in FormulasEngine().version


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    outcome(model(book({"A1": "=1E+308*10", "A2": "=SQRT(-1)", "A3": "=NIETBEKEND()", "A4": "=LN(0)"})))
    assert capfd.readouterr() == ("", "")


def test_own_place() -> None:
    formulas = ("=ROW()", "=COLUMN()", "=ROW(B3)*10+COLUMN()")
    assert [value(model(book({"C7": formula})), "C7") for formula in formulas] == [7.0, 3.0, 33.0]


def test_double_minus_turns_a_test_into_a_number() -> None:
    formulas = ["=--(A1>1)", "=2*--A1", '=--"5"', "=1--A1", "=---A1", "=--SUM(A1,1)%"]
    found = outcome(model(book({"A1": 4} | {f"B{row}": formula for row, formula in enumerate(formulas, 1)})))
    assert [found.values[at(f"B{row}")] for row in range(1, 7)] == [1.0, 8.0, 5.0, 5.0, -4.0, 0.05]
