"""Our own engine against Excel's results, LibreOffice's references, the other engine, and itself one by one."""

from __future__ import annotations

import math
import random
from pathlib import Path

import numpy as np
import pytest
from engine_books import SHEET, at, book, outcome, value
from formula_cases import CASES, Case, case_cell, cases_workbook
from openpyxl.worksheet.formula import ArrayFormula
from rekentool_werkboek import scenario_of, tool
from willekeurig import willekeurige_invoer

from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.program import ProgramEngine, ProgramModel
from rekentool.engine.protocol import Outcome
from rekentool.engine.vector import constant, gather, value_at, values
from rekentool.engine.verdict import DEFAULT, Tolerance, compare
from rekentool.jobs.reference import read_reference
from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLES, REFERENCES
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.guard import admit

NA, DIV0, VALUE, REF = (ExcelError(code) for code in ("#N/A", "#DIV/0!", "#VALUE!", "#REF!"))


def model(data: bytes) -> ProgramModel:
    return ProgramEngine().open(data)


# -- formulas --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cases() -> Outcome:
    return outcome(model(cases_workbook([case.formula for case in CASES])))


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


CELLS: dict[str, object] = {"A1": 1, "A2": 2, "A3": 3, "B1": 10, "B2": 20, "B3": 30, "C1": "x", "C3": "y"}


@pytest.mark.parametrize(
    ("cell", "formula", "expected"),
    [
        # one value wanted, a range given: the cell in the same row or column
        ("E2", "=A1:A3", 2.0),
        ("E2", "=A1:A3*10", 20.0),
        ("E9", "=A1:A3*10", VALUE),
        ("B9", '=A1:C1&""', "10"),
        ("E2", "=SUM(A1:A3*10)", 20.0),
        ("E2", "=@A1:A3", 2.0),
        ("E3", "=ABS(A1:A3)", 3.0),
        ("E2", "=A:A+1", 3.0),
        ("E2", "=MATCH(A1:A3,A1:A3,0)", 2.0),
        # cell by cell inside SUMPRODUCT, and with array constants
        ("E9", "=SUMPRODUCT((A1:A3>1)*B1:B3)", 50.0),
        ("E9", '=SUMPRODUCT(--(C1:C3="x"),A1:A3)', 1.0),
        ("E9", "=SUMPRODUCT(ABS(-A1:A3))", 6.0),
        ("E9", "=SUM({1,2,3}*2)", 12.0),
        ("E9", "=SUM(ROUND({1.5,2.5},0))", 5.0),
        ("E9", "={4,5}", 4.0),
        ("E9", "=SUMPRODUCT(ROUND(A1:A3/2,0))", 4.0),
        # whole columns and rows
        ("E9", "=SUM(A:A)", 6.0),
        ("E9", "=SUM(1:1)", 11.0),
        ("E9", '=SUMIF(A:A,">1",B:B)', 50.0),
        ("E9", "=ROWS(A:A)", 1048576.0),
        ("E9", "=COUNTA(A:C)", 8.0),
        ("E9", "=MATCH(3,A:A,0)", 3.0),
        # references that are known before computing
        ("E9", "=SUM(A1:INDEX(A1:A3,2))", 3.0),
        ("E9", "=SUM(OFFSET(A1,1,0,2,2))", 55.0),
        ("E9", "=OFFSET(A1,2,1)", 30.0),
        ("E9", "=OFFSET(A1,-1,0)", REF),
        ("E9", '=INDIRECT("B3")', 30.0),
        ("E9", '=INDIRECT("?")', REF),
        ("E9", "=SUM(A1:B2 B1:B3)", 30.0),
        ("E9", "=SUM(A1:A2 B1:B3)", ExcelError("#NULL!")),
        ("E9", "=SUM((A1,B2:B3))", 51.0),
        ("E9", "=SUM(INDEX(A1:B3,0,2))", 60.0),
        ("E9", "=ROW()", 9.0),
        ("E9", "=COLUMN(C1)", 3.0),
        ("E9", "=SUMIF(A1:A3,2,B1)", 20.0),
        # lazy forms
        ("E9", '=IF(A1=1,"ja",1/0)', "ja"),
        ("E9", "=IF(A1=2,1)", False),
        ("E9", "=IF(A1,,5)", 0.0),
        ("E9", "=IF(1/0,1,2)", DIV0),
        ("E9", '=IF("x",1,2)', VALUE),
        ("E9", '=IF("true",1,2)', 1.0),
        ("E9", '=IFERROR(1/0,"fout")', "fout"),
        ("E9", "=IFERROR(A2,1/0)", 2.0),
        ("E9", "=IFNA(1/0,3)", DIV0),
        ("E9", "=IFNA(NA(),3)", 3.0),
        ("E9", "=IF(A1=1,D1,2)", 0.0),
        ("E9", "=_xlfn.IFS(A1=2,1,A2=2,5)", 5.0),
        ("E9", "=_xlfn.IFS(A1=2,1)", NA),
        ("E9", '=_xlfn.SWITCH(A3,1,"a",3,"c")', "c"),
        ("E9", '=_xlfn.SWITCH(A3,1,"a","anders")', "anders"),
        ("E9", '=_xlfn.SWITCH(A3,1,"a")', NA),
        ("E9", '=CHOOSE(A2,1/0,"b")', "b"),
        ("E9", "=CHOOSE(4,1,2)", VALUE),
        ("E9", "=-2^2", 4.0),
        ("E9", "=TREND(B1:B3,A1:A3)", 10.0),
        ("E9", "=TREND(B1:B3,A1:A3,A3+1)*2", 80.0),
        ("E9", "=SUM(FREQUENCY(A1:A3,A1:A2))", 3.0),
        ("E9", "=HYPERLINK(C1,B2)+1", 21.0),
        ("E9", "=AND(A1=1,NOT(A2=1))", True),
    ],
)
def test_formula(cell: str, formula: str, expected: CellValue) -> None:
    assert value(model(book({**CELLS, cell: formula})), cell) == expected


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=NIETBEKEND(A1)", "functie NIETBEKEND is onbekend in programma (RK420)"),
        ("=A1+RAND()", "RAND geeft elke keer een andere uitkomst (RK423)"),
        ("=OFFSET(A1,A2,0)", "OFFSET met een plaats die pas bij het rekenen bekend is (RK423)"),
        ('=INDIRECT("A"&A1)', "INDIRECT met een verwijzing die pas bij het rekenen bekend is (RK423)"),
        ("=SUM(A1:INDEX(A1:A3,A2))", "INDEX met een plaats die pas bij het rekenen bekend is (RK423)"),
        ("=SUM(IF(A1=1,A1:A2,B1:B3))", "IF dat een bereik geeft (RK423)"),
        ("=naam_die_er_niet_is*2", "naam naam_die_er_niet_is bestaat niet (RK423)"),
        ("=Weg!A1", "blad Weg bestaat niet (RK423)"),
        ("=ROUND(1,2,3)", "een functie met een verkeerd aantal argumenten (RK423)"),
        ("=1+", "RK43"),
        ("=[1]Blad!A1", "RK43"),
        ("=Tabel1[Bedrag]", "tabel Tabel1 bestaat niet of is niet te lezen (RK423)"),
        ("=FREQUENCY(A1:A3,A1:A2)*2", "FREQUENCY geeft een hele rij of kolom waar één cel hoort (RK423)"),
        ("=(A1,A2)+1", "samengesteld bereik (RK423)"),
    ],
)
def test_what_cannot_be_computed_is_unknown_with_its_dependants(formula: str, reason: str) -> None:
    cells = {"A1": 1, "A2": 2, "A3": 3, "B1": formula, "B2": "=B1*2", "B3": "=IFERROR(SUM(B1:B2),0)", "B4": "=A1"}
    found = outcome(model(book(cells)))
    assert reason in found.unknown[at("B1")]
    assert (
        found.unknown[at("B2")]
        == found.unknown[at("B3")]
        == (f"hangt af van '{SHEET}'!B1, die niet gecontroleerd is (RK421)")
    )
    assert found.values == {at("B4"): 1.0}


def test_circle_is_reported_with_its_path() -> None:
    found = outcome(model(book({"A1": "=B1+1", "B1": "=C1", "C1": "=A1*2", "D1": "=C1", "E1": "=1+1"})))
    path = f"kringverwijzing: '{SHEET}'!A1 → '{SHEET}'!C1 → '{SHEET}'!B1 → '{SHEET}'!A1 (RK422)"
    assert found.unknown.keys() == set(map(at, ("A1", "B1", "C1", "D1")))
    assert found.unknown[at("A1")] == found.unknown[at("C1")] == path
    assert found.values == {at("E1"): 2.0}


def test_circle_through_a_range() -> None:
    found = outcome(model(book({"A1": "=AVERAGE(A1:A3)", "A2": 2, "B1": "=A1"})))
    assert found.unknown[at("A1")] == f"kringverwijzing: '{SHEET}'!A1 → '{SHEET}'!A1 (RK422)"
    assert at("B1") in found.unknown


def test_array_formulas() -> None:
    single, double = ArrayFormula("B1", "=SUM(A1:A2*10)"), ArrayFormula("C1:C3", "=A1:A2*2")
    lazy = ArrayFormula("E1", "=SUM(IF(A1:A2>1,A1:A2,0))")
    found = outcome(model(book({"A1": 1, "A2": 2, "B1": single, "C1": double, "D1": "=C2+1", "E1": lazy})))
    assert {address.cell: one for address, one in found.values.items()} == {
        "B1": 30.0,
        "C1": 2.0,
        "C2": 4.0,
        "C3": NA,
        "D1": 5.0,
        "E1": 2.0,
    }


def test_array_formula_over_more_than_a_whole_column_is_used() -> None:
    # The sheet is used down to row 5: what the column doesn't have is blank, so 0, and not #N/A.
    column, row = ArrayFormula("C2:C5", "=A:A"), ArrayFormula("E1:H1", "=Invoer!1:1*2")
    found = outcome(model(book({"A1": 1, "A2": 2, "C2": column, "E1": row}, other={"A1": 7})))
    assert [found.values[at(cell)] for cell in ("C2", "C3", "C4", "C5")] == [1.0, 2.0, 0.0, 0.0]
    assert [found.values[at(cell)] for cell in ("E1", "F1", "G1", "H1")] == [14.0, 0.0, 0.0, 0.0]


def test_long_and_deep_formulas() -> None:
    """Excel nests 64 levels deep and takes 8 192 characters; what is deeper is unknown, never a crash."""
    nested = "A1"
    for level in range(64):
        nested = f"IF(A2>{level},{nested},{level})"
    pairs = ",".join(f"A2={number},{number * 10}" for number in range(100, 0, -1))
    cells = {
        "B1": "=" + "+".join(["A1"] * 250), "B2": f"={nested}", "B3": "=" + "ABS(" * 60 + "-A1" + ")" * 60,
        "B4": f"=_xlfn.IFS({pairs})", "B5": "=" + "IF(A1," * 200 + "1" + ",0)" * 200,
        "B6": "=" + "&".join(["A1"] * 200),
    }  # fmt: skip
    found = outcome(model(book({"A1": 1, "A2": 70, **cells})))
    assert [found.values[at(f"B{row}")] for row in (1, 2, 3, 4, 6)] == [250.0, 1.0, 1.0, 700.0, "1" * 200]
    assert "te veel lagen" in found.unknown[at("B5")]


def test_names() -> None:
    names = {
        "bereik": "Invoer!$C$3:$C$5",
        "btw": "0.21",
        "dubbel": "2*Invoer!$C$3",
        "dynamisch": "OFFSET(Invoer!$C$3,1,0)",
    }
    cells = {"A1": "=SUM(Bereik)", "A2": "=btw*100", "A3": "=dubbel+1", "A4": "=dynamisch", "A5": "=invoer!C3"}
    found = outcome(model(book(cells, names, {"C3": 1, "C4": 2, "C5": 3})))
    assert [found.values[at(f"A{row}")] for row in range(1, 6)] == [6.0, 21.0, 3.0, 2.0, 1.0]


# -- scenarios -------------------------------------------------------------------------------------------------------


def test_lazy_forms_with_other_conditions_in_each_scenario() -> None:
    formulas = {
        "B1": '=IF(A1>1,A1*10,"klein")',
        "B2": "=IFERROR(6/A1,-1)",
        "B3": '=CHOOSE(A1,"een","twee")',
        "B4": '=_xlfn.IFS(A1<2,"laag",A1<3,2)',
        "B5": '=_xlfn.SWITCH(A1,1,"a",2,"b","c")',
        "B6": "=IF(A1,A2,1)",
        "B7": "=IF(ISNUMBER(A1),A1,0)+1",
        "B8": "=_xlfn.IFNA(A1,9)",
    }
    tested = model(book({"A1": 1, **formulas}))
    given: list[CellValue] = [1.0, 2.0, 0.0, NA, None]
    expected: list[list[CellValue]] = [
        ["klein", 6.0, "een", "laag", "a", 0.0, 2.0, 1.0],
        [20.0, 3.0, "twee", 2.0, "b", 0.0, 3.0, 2.0],
        ["klein", -1.0, VALUE, "laag", "c", 1.0, 1.0, 0.0],
        [NA, -1.0, NA, NA, NA, NA, 1.0, 9.0],
        ["klein", -1.0, VALUE, "laag", "c", 1.0, 1.0, 0.0],
    ]
    outcomes = tested.compute([{at("A1"): one} for one in given])
    assert [[one.values[at(cell)] for cell in formulas] for one in outcomes] == expected
    alone = [tested.compute([{at("A1"): one}])[0] for one in given]
    assert [one.values for one in alone] == [one.values for one in outcomes]


def test_unknown_in_one_scenario_is_known_in_the_next() -> None:
    tested = model(
        book({"A1": 1, "A2": 5, "A3": 9, "D1": 1, "B1": "=INDEX(A1:A3,D1,1)", "B2": "=SUM(B1:B1)", "B3": "=A1"})
    )
    good, bad, again = tested.compute([{}, {at("D1"): 0.0}, {at("D1"): 3.0}])
    assert good.values == {at("B1"): 1.0, at("B2"): 1.0, at("B3"): 1.0}
    assert again.values == {at("B1"): 9.0, at("B2"): 9.0, at("B3"): 1.0}
    assert bad.values == {at("B3"): 1.0}
    assert "INDEX geeft" in bad.unknown[at("B1")] and "RK421" in bad.unknown[at("B2")]


def test_scenarios_set_input_cells_only() -> None:
    tested = model(book({"A1": 1, "B1": "=A1"}))
    with pytest.raises(RekentoolError) as refused:
        tested.compute([{at("B1"): 1.0, Address("Weg", "A1"): 2.0}])
    assert sorted(one.code for one in refused.value.findings) == ["RK401", "RK402"]


# -- bulk ------------------------------------------------------------------------------------------------------------


def bulk_model() -> ProgramModel:
    return model(
        book({"A1": 2, "A2": 3, "B1": "=A1*A2", "B2": "=B1+C1", "B3": "=SUM(B1:B2)", "B4": "=NIETS(A1)", "B5": "=B4"})
    )


@pytest.mark.parametrize("chunk", [1, 3, 7, 1000])
def test_run_in_chunks(chunk: int) -> None:
    amounts = np.arange(10.0)
    found = bulk_model().run({at("A1"): amounts, at("C1"): [None, "x"] * 5}, [at("B1"), at("B3"), at("A2")], 10, chunk)
    assert list(values(found[at("B1")], 10)) == [3.0 * n for n in range(10)]
    assert list(values(found[at("B3")], 10)) == [6.0 * n if n % 2 == 0 else VALUE for n in range(10)]
    assert found[at("A2")] == constant(3.0)


def test_run_leaves_out_what_is_unknown_and_says_why() -> None:
    tested = bulk_model()
    assert tested.run({}, [at("B4"), at("B5"), at("B1")], 4) == {at("B1"): constant(6.0)}
    assert tested.unknown.keys() == {at("B4"), at("B5")}


def test_run_takes_arrays_sequences_and_vectors() -> None:
    tested = bulk_model()
    for given in (np.array([1.0, 4.0]), [1.0, 4.0], gather([1.0, 4.0])):
        assert list(values(tested.run({at("A1"): given}, [at("B1")], 2)[at("B1")], 2)) == [3.0, 12.0]
    assert value_at(tested.run({at("A1"): constant(5.0)}, [at("B1")], 1000)[at("B1")], 0) == 15.0
    infinite = tested.run({at("A1"): np.array([1.0, np.inf])}, [at("B1")], 2)[at("B1")]
    assert list(values(infinite, 2)) == [3.0, ExcelError("#NUM!")]


def test_run_refuses_formula_cells_and_other_lengths() -> None:
    tested = bulk_model()
    with pytest.raises(RekentoolError):
        tested.run({at("B1"): [1.0]}, [at("B2")], 1)
    with pytest.raises(ValueError, match="has 3 values, not 2"):
        tested.run({at("A1"): [1.0, 2.0, 3.0]}, [at("B2")], 2)


# -- the rekentool ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def program() -> ProgramModel:
    return ProgramModel(tool().workbook)


def test_every_function_of_the_template_is_known(program: ProgramModel) -> None:
    assert program.unknown == {}
    assert {"SUM", "INDEX", "MATCH", "COUNTIF", "IF"} <= FUNCTIONS.keys()


@pytest.mark.parametrize("path", sorted(REFERENCES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_every_cell_of_the_examples_is_libreoffices(path: Path) -> None:
    reference = read_reference(path)
    found = outcome(model(admit(EXAMPLES / reference.workbook).data))
    verdicts = compare(reference.values, found.values, found.unknown, tolerance=DEFAULT, loose_errors=True)
    assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"] == []
    assert len(verdicts) > 6000


def test_random_regions_together_are_those_one_by_one_and_those_of_the_other_engine(program: ProgramModel) -> None:
    """Mixed kinds: blanks, and kengetallen that some regions' date doesn't know. Together or alone: to the last bit."""
    scenarios = [scenario_of(willekeurige_invoer(random.Random(2000 + seed))) for seed in range(25)]
    together = program.compute(scenarios)
    for scenario, found in zip(scenarios, together, strict=True):
        (alone,) = program.compute([scenario])
        assert alone.unknown == found.unknown == {}
        assert alone.values == found.values
    other = tool().model.compute(scenarios[:6])
    for expected, found in zip(other, together, strict=False):
        # Sums of millions that come to nothing: 1e-8 for the library, 0 for Excel and here.
        verdicts = compare(expected.values, found.values, expected.unknown, tolerance=Tolerance(1e-10, 1e-7))
        assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"] == []


def test_run_is_compute(program: ProgramModel) -> None:
    scenarios = [scenario_of(willekeurige_invoer(random.Random(3000 + seed))) for seed in range(12)]
    wanted = sorted(tool().workbook.formulas)[::37]
    inputs = {address: [scenario[address] for scenario in scenarios] for address in scenarios[0]}
    found = program.run(inputs, wanted, len(scenarios), 5)
    outcomes = program.compute(scenarios)
    assert all(list(values(found[cell], 12)) == [one.values[cell] for one in outcomes] for cell in wanted)
