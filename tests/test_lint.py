"""`controleer --opbouw`: a workbook with each fault once, each found alone and at its place, and one that has none."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ingreep import edited
from klein_werkboek import FREE, MAPPING, saved, small_tool, template_book
from opdracht import run
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName
from rekentool_werkboek import tool as real_tool

from rekentool.api import Rekentool
from rekentool.engine.parse import parse
from rekentool.jobs.lint import LintReport, lint
from rekentool.jobs.lintformula import own_numbers
from rekentool.messages import CATALOGUE, RekentoolError
from rekentool.tool import Tool

Edit = Callable[[Book], None]


@dataclass(frozen=True)
class Fault:
    """Cells to write (sheet Model, or another one named before the !), and what is found of them."""

    code: str
    place: str
    cells: dict[str, Any]
    found: str
    remedy: dict[str, Any]
    more: Edit = lambda _: None


def written(book: Book, cells: dict[str, Any]) -> None:
    for reference, value in cells.items():
        sheet, _, cell = reference.rpartition("!")
        book[sheet or "Model"][cell].value = value


def clean_book() -> Book:
    """The small template without its one number in a formula, and with two tables to look things up in."""
    book = template_book()
    for column in "BCDEF":
        written(book, {f"{column}7": f'=IF(in_meerekenen="Ja",N(in_toeslag)*{column}3,0)*(YEAR(in_peildatum)>=$B$11)'})
    written(book, {"A11": "Eerste jaar", "B11": 2000})
    for row, (limit, rate, name) in enumerate([(0, 5, "Aap"), (10, 7, "Mies"), (20, 9, "Noot")], start=21):
        written(book, {f"A{row}": limit, f"B{row}": rate, f"C{row}": name})
    written(book, {
        "E21": "=VLOOKUP(in_aantal,A21:B23,2)", "E22": "=VLOOKUP(\"Noot\",C21:C23,1,FALSE)",
        "E23": "=INDEX(B21:B23,MATCH(in_aantal,A21:A23,1))", "E24": "=LOOKUP(in_aantal,A21:A23,B21:B23)",
        "E25": "=LOOKUP(2,1/(B21:B23=7),A21:A23)",
    })  # fmt: skip
    return book


FAULTS = [
    Fault("RK740", "Model!B4:F4", {f"{column}4": f"={column}3*in_tarief*36*1.5" for column in "BCDEF"},
          "een getal in de formule zelf: 36, 1,5 (cellen: 5; de eerste is =B3*in_tarief*36*1.5)",
          {f"{column}4": f"={column}3*in_tarief*$B$10" for column in "BCDEF"}),
    Fault("RK741", "Model!D4", {"D4": 1000}, "de waarde 1000 tussen formules die gelijk zijn",
          {"D4": "=D3*in_tarief*$B$10"}),
    Fault("RK742", "Model!D4", {"D4": "=D3*in_tarief*$B$11"},
          "een andere formule dan die aan beide kanten: =D3*in_tarief*$B$11", {"D4": "=D3*in_tarief*$B$10"}),
    Fault("RK742", "Model!C5:D5", {"C5": "=SUM($B4:B4)", "D5": "=SUM($B4:C4)", "G5": "=SUM($B4:G4)"},
          "een andere formule dan die aan beide kanten: =SUM($B4:B4)",
          {"C5": "=SUM($B4:C4)", "D5": "=SUM($B4:D4)"}),
    Fault("RK742", "Model!H23", {f"H{row}": f"=B{row}*2" if row != 23 else "=B22*2" for row in range(21, 26)},
          "een andere formule dan die aan beide kanten: =B22*2", {"H23": "=B23*2"},
          lambda book: written(book, {"B24": 1, "B25": 1})),
    Fault("RK743", "Invoer!C10", {f"{column}7": f'=IF(in_meerekenen="Ja",{column}3,0)*(YEAR(in_peildatum)>=$B$11)'
                                  for column in "BCDEF"},
          "geen enkele uitkomst hangt af van het veld toeslag (Toeslag)",
          {f"{column}7": f'=IF(in_meerekenen="Ja",N(in_toeslag)*{column}3,0)*(YEAR(in_peildatum)>=$B$11)'
           for column in "BCDEF"}),
    Fault("RK744", "Model!B13:B14", {"B13": 5, "B14": 6}, "invulcellen met een getal dat geen formule leest: 2",
          {"B13": None, "B14": None}, lambda book: [setattr(book["Model"][cell], "protection", FREE)
                                                    for cell in ("B13", "B14", "B15")] and None),
    Fault("RK745", "Model!I4", {"I4": "=B4+B30"}, "een verwijzing naar Model!B30, waar niets staat en niets",
          {"I4": "=B4"}),
    Fault("RK745", "Model!I4", {"I4": "=SUM(J30:K40)"}, "een verwijzing naar Model!J30:K40, waar niets staat",
          {"I4": "=B4"}),
    Fault("RK746", "Model!E21", {"A22": 0, "A21": 10, "E23": None, "E24": None},
          "VLOOKUP zoekt bij benadering in Model!A21:A23, dat niet gesorteerd is: A22 staat verkeerd",
          {"A22": 10, "A21": 0}),
    Fault("RK746", "Model!E26", {"E26": "=MATCH(in_aantal,B21:B23,-1)"}, "MATCH zoekt bij benadering in Model!B21:B23",
          {"E26": "=MATCH(in_aantal,B21:B23,0)"}),
    Fault("RK746", "Model!E26",
          {"E26": '=XLOOKUP("Mies",F21:F23,B21:B23,,0,2)', "F21": "b", "F22": "a", "F23": "c"},
          "XLOOKUP zoekt bij benadering in Model!F21:F23", {"E26": '=XLOOKUP("Mies",F21:F23,B21:B23)'}),
    Fault("RK747", "Model!B10", {"B10": "36"}, "getallen die als tekst zijn opgeslagen en waarnaar een ",
          {"B10": 36}),
    Fault("RK748", "Model!I4", {"I4": "=YEAR(TODAY())"}, "TODAY verandert of zoekt opnieuw bij elke berekening",
          {"I4": "=YEAR(in_peildatum)"}),
    Fault("RK748", "vandaag", {}, "NOW verandert of zoekt opnieuw", {},
          lambda book: book.defined_names.update(vandaag=DefinedName("vandaag", attr_text="NOW()"))),
    Fault("RK749", "Model!I4", {"I4": "=I5+1", "I5": "=I6", "I6": "=I4"}, "kringverwijzing: Model!I", {"I6": "=B4"}),
]  # fmt: skip


def linted(folder: Path, book: Book, mapping: str = MAPPING) -> LintReport:
    opened = small_tool(folder, mapping, saved(book))
    return lint(opened, opened.path)


def facts(report: LintReport) -> list[tuple[str, str]]:
    return [(found.code, found.place) for found in report.findings]


def test_a_clean_template(tmp_path: Path) -> None:
    report = linted(tmp_path, clean_book())
    assert (facts(report), report.exit_code, report.outcome) == ([], 0, "geen bevindingen")
    assert report.formulas == 37


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.code} {fault.place}")
def test_each_fault_and_its_remedy(tmp_path: Path, fault: Fault) -> None:
    book = clean_book()
    written(book, fault.cells)
    fault.more(book)
    report = linted(tmp_path, book)
    assert facts(report) == [(fault.code, fault.place)], [str(found) for found in report.findings]
    (found,) = report.findings
    assert found.found.startswith(fault.found)
    assert (found.severity, found.file) == (CATALOGUE[fault.code].severity, str(tmp_path / "klein.xlsx"))
    assert found.expected
    assert found.remedy
    assert (report.exit_code, report.outcome) == (1, "bevindingen")
    written(book, fault.remedy)
    if fault.place == "vandaag":
        del book.defined_names["vandaag"]
    assert facts(linted(tmp_path, book)) == []


def test_every_code_is_in_the_table() -> None:
    assert {fault.code for fault in FAULTS} == {code for code in CATALOGUE if code.startswith("RK74")}


@pytest.mark.parametrize(
    ("formula", "numbers"),
    [
        ("=A1*12*100/2-1", []),
        ("=A1*1.21", [1.21]),
        ("=-A1*-0.05+40%", [0.05, 40.0]),
        ("=ROUND(A1,4)+INDEX(B1:B9,3)+VLOOKUP(A1,B1:D9,3,0)+MID(A2,4,5)", []),
        ("=ROUND(A1*0.7,2)", [0.7]),
        ("=ROUND(A1,B1*3)", [3.0]),
        ("=IF(ABS(A1)<0.005,0,15)", [15.0]),
        ("=IF(A1>9E+307,0,1)", []),
        ("=DATE(2019,7,1)", [2019.0]),
        ("=MATCH(A1,{10,20,30},0)", [10.0, 20.0, 30.0]),
        ('=SUMIF(A1:A9,">5")', []),
        ("=A1^0.5", [0.5]),
    ],
)
def test_numbers_of_a_formula(formula: str, numbers: list[float]) -> None:
    assert list(own_numbers(parse(formula))) == numbers


@pytest.mark.parametrize(
    "cells",
    [
        {"B4": "=B3*in_tarief*$B$11"},  # a first year of its own
        {"G4": "=SUM(B4:F4)*2"},  # a total of its own
        {column + "12": f"={column}3*2" if index % 2 else f"={column}4+1" for index, column in enumerate("BCDEF")},
        {"I21": "=A21", "I22": "=A22", "I23": '=IF(in_omvang="Groot",B23,0)', "I24": "=A22", "I25": "=A23"},
        {"I4": '=IF(B4>500,"te hoog","OK")'},  # a check: its bound says the same as the field's
        {"I4": '="versie "&A31', "A31": "1.0"},  # a number that is only shown
        {"I4": "=IF(in_aantal>0,in_toeslag,0)"},  # a cell that may be filled in
        {"I4": "=COUNTA(A1:A40)"},  # blank cells inside a range
        {"I4": "=ROWS(J30:J40)"},  # how many, not what
        {"I4": "=LOOKUP(2,1/(A21:A23<in_aantal),A21:A23)"},  # the last one that fits: made so
        {"I4": '=XLOOKUP(7,B21:B23,A21:A23,,-1)', "B21": 9},  # goes through all of them
    ],
)  # fmt: skip
def test_what_is_no_fault(tmp_path: Path, cells: dict[str, Any]) -> None:
    book = clean_book()
    written(book, cells)
    assert facts(linted(tmp_path, book)) == []


def test_a_value_to_fill_in_between_formulas_is_no_interruption(tmp_path: Path) -> None:
    book = clean_book()
    written(book, {"D4": 1000})
    book["Model"]["D4"].protection = FREE
    assert facts(linted(tmp_path, book)) == []


def test_text_and_optional_dates_need_no_result(tmp_path: Path) -> None:
    """The name of the region only stands beside the results."""
    book = clean_book()
    written(book, {"Resultaat!B1": "=1"})
    assert facts(linted(tmp_path, book)) == []


# What can't be known


def test_what_only_computing_shows(tmp_path: Path) -> None:
    """A reference that depends on a value may read any input."""
    book = clean_book()
    written(book, {"I4": '=INDIRECT("B"&in_aantal)', **{f"{column}7": f"={column}3" for column in "BCDEF"}})
    assert facts(linted(tmp_path, book)) == [("RK570", "Model!I4"), ("RK748", "Model!I4")]


def test_a_formula_that_is_not_understood(tmp_path: Path) -> None:
    book = clean_book()
    written(book, {"I4": "=LET(x,B4,x*2)"})
    report = linted(tmp_path, book)
    assert (facts(report), report.exit_code) == ([("RK569", "Model!I4")], 4)
    assert report.outcome == "niet geheel te onderzoeken"
    assert "(RK434)" in report.findings[0].found or "LET" in report.findings[0].found


def test_a_workbook_without_this_mapping(tmp_path: Path) -> None:
    """Its formulas are looked at all the same."""
    book = Book()
    book.active["A1"], book.active["B1"], book.active["C1"] = 5, "=A1*1.5", "=SUM(B1,C2)"
    book.save(tmp_path / "ander.xlsx")
    report = lint(real_tool(), tmp_path / "ander.xlsx")
    assert facts(report) == [("RK567", ""), ("RK740", "Sheet!B1"), ("RK745", "Sheet!C1")]
    assert report.exit_code == 1


def test_references_to_other_workbooks_are_refused_before(tmp_path: Path) -> None:
    book = saved(clean_book())
    data = edited(book, {"xl/worksheets/sheet2.xml": lambda xml: xml.replace("in_tarief*$B$10", "[1]Blad1!A1", 1)})
    (tmp_path / "extern.xlsx").write_bytes(data)
    with pytest.raises(RekentoolError) as error:
        lint(real_tool(), tmp_path / "extern.xlsx")
    assert [found.code for found in error.value.findings] == ["RK152"]
    assert error.value.exit_code == 5


# Our own template


def test_the_rekentool() -> None:
    """What is known of it: six months and forty weeks by rule, a threshold, a year that only heads columns."""
    report = lint(real_tool(), real_tool().path)
    assert facts(report) == [
        ("RK740", ", ".join(f"'{sheet}'!D144:H144" for sheet in CASES)),
        ("RK740", ", ".join(f"'{sheet}'!C146" for sheet in CASES)),
        ("RK740", "Controle!D39"),
        ("RK740", "Controle!E39"),
        ("RK743", "Invoer!C14"),
    ]


CASES = ("1 Bol niveau 1", "2 Bol niveau 2", "3 Bbl niveau 1", "4 Bbl niveau 2")

# The command and the API


@pytest.fixture
def faulty(tmp_path: Path) -> Tool:
    book = clean_book()
    written(book, {"D4": 1000, "I4": "=B4*1.5"})
    return small_tool(tmp_path, template=saved(book))


def test_the_command(faulty: Tool, tmp_path: Path) -> None:
    arguments = ("controleer", "--opbouw", faulty.path, tmp_path / "er-niet.xlsx", "--mapping", faulty.mapping.path)
    ran = run(*arguments, "--naar", tmp_path / "uit.xlsx")
    assert (ran.code, ran.codes) == (3, ["RK740", "RK741", "RK101"])
    assert ran.out.splitlines() == [
        f"{faulty.path}: bevindingen",
        f"{tmp_path / 'er-niet.xlsx'}: niet te lezen",
        f"{tmp_path / 'uit.xlsx'}: bevindingen 3 · bestanden 2",
    ]
    rows = [[cell.value for cell in row] for row in load_workbook(tmp_path / "uit.xlsx")["Bevindingen"].iter_rows()]
    assert [row[2:5] for row in rows[1:]] == [
        ["RK740", "waarschuwing", "Model!I4"], ["RK741", "waarschuwing", "Model!D4"], ["RK101", "fout", ""],
    ]  # fmt: skip
    found = run(*arguments[:3], *arguments[-2:], "--json").json
    assert [(one["code"], one["plaats"]) for one in found["bevindingen"]] == [
        ("RK740", "Model!I4"),
        ("RK741", "Model!D4"),
    ]
    assert found["bestanden"] == [{"bestand": str(faulty.path), "uitkomst": 1, "formulecellen": 37}]


def test_a_clean_one_and_wrong_use(tmp_path: Path) -> None:
    opened = small_tool(tmp_path, template=saved(clean_book()))
    ran = run("controleer", "--opbouw", opened.path, "--mapping", opened.mapping.path)
    assert (ran.code, ran.out, ran.err) == (0, f"{opened.path}: geen bevindingen\n", "")
    ran = run("controleer", "--opbouw", opened.path, "--met", "libreoffice")
    assert (ran.code, ran.out) == (2, "")
    assert "--met en --opbouw gaan niet samen." in ran.err


def test_the_api(faulty: Tool) -> None:
    report = Rekentool(faulty.mapping.path).lint(faulty.path)
    assert facts(report) == [("RK740", "Model!I4"), ("RK741", "Model!D4")]


def test_it_takes_no_part_of_the_file(faulty: Tool) -> None:
    before = faulty.path.read_bytes()
    lint(faulty, faulty.path)
    assert faulty.path.read_bytes() == before
    assert io.BytesIO(before).read(2) == b"PK"
