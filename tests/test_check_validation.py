"""Data validation is compared by what a cell accepts: no false alarm on what programs make of it, none missed."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from klein_werkboek import MAPPING, saved, small_tool, template_book
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from rekentool_werkboek import tool

from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.validation import Rule, mapping_findings, rules, validation_findings
from rekentool.xlsx.cell import Address
from rekentool.xlsx.ranges import rectangles, shown
from rekentool.xlsx.reader import Workbook, read_workbook

CELLS = [Address("Blad", f"{column}{row}") for row in range(1, 30) for column in "ABCDEF"]

#: Every kind, with bounds as numbers, percentages, formulas, relative references and names.
KINDS: list[dict[str, Any]] = [
    {"type": "whole", "operator": "between", "formula1": "0", "formula2": "500", "sqref": "A1:F1"},
    {"type": "decimal", "operator": "between", "formula1": "-0.05", "formula2": "0.2", "sqref": "A2 C2 E2"},
    {"type": "decimal", "operator": "notBetween", "formula1": "1E+7", "formula2": "2E+7", "sqref": "A3"},
    {"type": "decimal", "operator": "greaterThan", "formula1": "20%", "sqref": "A4"},
    {"type": "date", "operator": "greaterThanOrEqual", "formula1": "43647", "sqref": "A5"},
    {"type": "date", "operator": "lessThan", "formula1": "DATE(2030,1,1)", "sqref": "B5"},
    {"type": "time", "operator": "lessThanOrEqual", "formula1": "0.5", "sqref": "A6"},
    {"type": "textLength", "operator": "lessThanOrEqual", "formula1": "250", "sqref": "A7"},
    {"type": "list", "formula1": '"Ja,Nee, Misschien"', "sqref": "A8:C8"},
    {"type": "list", "formula1": "Lijst!$A$1:$A$3", "sqref": "A9"},
    {"type": "list", "formula1": "keuzes", "sqref": "B9"},
    {"type": "list", "formula1": "$F$20:$F$22", "sqref": "C9"},
    {"type": "custom", "formula1": "AND(A10>$A$1,B10<>\"x\")", "sqref": "A10:A14"},
    {"type": "whole", "operator": "lessThan", "formula1": "A15", "sqref": "B15:D16"},
    {"type": "decimal", "operator": "equal", "formula1": "SUM($A$1:A1)", "sqref": "C20 A18:B19"},
    {"type": "decimal", "operator": "notEqual", "formula1": "0", "sqref": "A22", "errorStyle": "warning"},
    {"type": "decimal", "operator": "notEqual", "formula1": "0", "sqref": "B22", "errorStyle": "information"},
    {"type": "decimal", "operator": "notEqual", "formula1": "0", "sqref": "C22", "showErrorMessage": False},
]  # fmt: skip


def book_with(*facts: dict[str, Any]) -> bytes:
    from openpyxl.workbook.defined_name import DefinedName

    book = Book()
    book.active.title = "Blad"
    book.create_sheet("Lijst")["A1"] = "een"
    book.defined_names["keuzes"] = DefinedName("keuzes", attr_text="Lijst!$A$1:$A$3")
    for one in facts:
        book.active.add_data_validation(DataValidation(**{"showErrorMessage": True, **one}))
    return saved(book)


def changes(before: bytes | Workbook, after: bytes | Workbook) -> list[tuple[str, str]]:
    """(code, place) of what is found between two files."""
    mine, theirs = (read_workbook(one) if isinstance(one, bytes) else one for one in (before, after))
    return [(found.code, found.place) for found in validation_findings(mine, theirs, CELLS, "")]


def rule(**facts: Any) -> Rule:
    return rules(read_workbook(book_with({"sqref": "A1", **facts})), CELLS)[Address("Blad", "A1")]


def test_openpyxl_makes_no_difference() -> None:
    before = book_with(*KINDS)
    assert changes(before, saved(load_workbook(io.BytesIO(before)))) == []


@pytest.mark.libreoffice
def test_libreoffice_makes_no_difference() -> None:
    before = book_with(*KINDS)
    (after,) = LibreOffice().recalculate([before])
    assert isinstance(after, bytes)
    assert len(rules(read_workbook(after), CELLS)) == len(rules(read_workbook(before), CELLS)) == 40
    assert changes(before, after) == []


@pytest.mark.libreoffice
def test_libreoffice_and_openpyxl_keep_those_of_the_template() -> None:
    (after,) = LibreOffice().recalculate([tool().data])
    assert isinstance(after, bytes)
    other = saved(load_workbook(io.BytesIO(tool().data)))
    cells = tool().workbook.unlocked
    assert len(rules(tool().workbook, cells)) > 350
    for data in (after, other):
        assert validation_findings(tool().workbook, read_workbook(data), cells, "") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([KINDS[0]], [{**KINDS[0], "sqref": part} for part in ("A1:B1", "C1", "D1:F1")]),  # split
        ([{**KINDS[7], "sqref": cell} for cell in ("A7", "B7")], [{**KINDS[7], "sqref": "A7:B7"}]),  # joined
        ([KINDS[3]], [{**KINDS[3], "formula1": "0.2"}]),
        ([KINDS[1]], [{**KINDS[1], "formula1": "=-5%", "formula2": "0.20"}]),
        ([KINDS[8]], [{**KINDS[8], "formula1": '"Ja, Nee,Misschien"'}]),
        ([KINDS[9]], [{**KINDS[9], "formula1": "lijst!$A$1:$A$3"}]),
        ([KINDS[10]], [{**KINDS[10], "formula1": "KEUZES"}]),
        ([KINDS[11]], [{**KINDS[11], "formula1": "Blad!$F$20:$F$22"}]),
        ([KINDS[12]], [{**KINDS[12], "formula1": 'AND(A12>$A$1,B12<>"x")', "sqref": "A12:A14"},
                       {**KINDS[12], "sqref": "A10:A11"}]),
        ([KINDS[4]], [{**KINDS[4], "formula2": "0"}]),  # a second bound that nothing uses
        ([KINDS[0]], [{**KINDS[0], "allow_blank": True, "promptTitle": "Kort", "prompt": "Iets"}]),
    ],
)  # fmt: skip
def test_the_same_in_other_words(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    assert changes(book_with(*before), book_with(*after)) == []


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (KINDS[0], {**KINDS[0], "formula2": "501"}, "Blad!A1:F1"),
        (KINDS[0], {**KINDS[0], "type": "decimal"}, "Blad!A1:F1"),
        (KINDS[0], {**KINDS[0], "operator": "notBetween"}, "Blad!A1:F1"),
        (KINDS[4], {**KINDS[4], "formula1": "43648"}, "Blad!A5"),
        (KINDS[8], {**KINDS[8], "formula1": '"Ja,Nee"'}, "Blad!A8:C8"),
        (KINDS[9], {**KINDS[9], "formula1": "Lijst!$A$1:$A$2"}, "Blad!A9"),
        (KINDS[12], {**KINDS[12], "formula1": 'AND(A11>$A$1,B11<>"x")'}, "Blad!A10:A14"),
        (KINDS[12], {**KINDS[12], "formula1": 'AND(A10>A1,B10<>"x")'}, "Blad!A10:A14"),
        (KINDS[0], {**KINDS[0], "showErrorMessage": False}, "Blad!A1:F1"),
        (KINDS[15], {**KINDS[15], "errorStyle": "stop"}, "Blad!A22"),
    ],
)
def test_another_one(before: dict[str, Any], after: dict[str, Any], place: str) -> None:
    assert changes(book_with(before), book_with(after)) == [("RK541", place)]


def test_gone_from_some_cells() -> None:
    after = [{**KINDS[0], "sqref": "A1:B1 F1"}, {**KINDS[0], "type": "none", "sqref": "D1"}]
    assert changes(book_with(KINDS[0], KINDS[7]), book_with(*after)) == [("RK540", "Blad!C1:E1, Blad!A7")]


def test_a_rule_for_a_whole_column_costs_nothing() -> None:
    before, after = ({**KINDS[0], "sqref": f"A1:XFD{last}"} for last in (1_048_576, 1_048_575))
    assert changes(book_with(before), book_with(after)) == []


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (KINDS[1], "een getal van -0,05 t/m 0,2"),
        (KINDS[4], "een datum vanaf 1-7-2019"),
        (KINDS[7], "een tekst met een aantal tekens t/m 250"),
        (KINDS[8], "een keuze uit: Ja / Nee / Misschien"),
        (KINDS[9], "een keuze uit: Lijst!$A$1:$A$3"),
        (KINDS[12], 'wat voldoet aan: AND(A10>$A$1,B10<>"x")'),
        (KINDS[15], "een getal ongelijk aan 0 (alleen een waarschuwing: andere invoer kan toch)"),
    ],
)
def test_in_words(facts: dict[str, Any], text: str) -> None:
    assert rule(**{**facts, "sqref": "A1"}).text == text


# The mapping against the template


def misfits(tmp_path: Path, cell: str, mapping: str = MAPPING, **facts: Any) -> list[tuple[str, str, str]]:
    """(place, what the cell allows, what the field allows) with another rule in one cell of the small template."""
    book = template_book()
    rules_ = book["Invoer"].data_validations
    rules_.dataValidation = [one for one in rules_.dataValidation if str(one.sqref) != cell]
    if facts:
        book["Invoer"].add_data_validation(DataValidation(sqref=cell, showErrorMessage=True, **facts))
    opened = small_tool(tmp_path, mapping, saved(book))
    return [(one.place, one.found.partition(": ")[2], one.expected) for one in mapping_findings(opened)]


def test_the_templates_fit_their_mappings(tmp_path: Path) -> None:
    assert mapping_findings(tool()) == []
    assert mapping_findings(small_tool(tmp_path)) == []


@pytest.mark.parametrize(
    ("cell", "facts", "allowed", "field"),
    [
        ("C6", {"type": "whole", "operator": "between", "formula1": "0", "formula2": "1000000"},
         "een geheel getal van 0 t/m 1000000", "tarief van de mapping toelaat: een bedrag als 1234,56"),
        ("C6", {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "100"},
         "een getal van 0 t/m 100", "tarief van de mapping toelaat: € 0,00 t/m € 1.000.000,00"),
        ("C7", {"type": "textLength", "operator": "lessThan", "formula1": "9"},
         "een tekst met een aantal tekens kleiner dan 9", "peildatum van de mapping toelaat: een datum als "),
        ("C9", {"type": "list", "formula1": '"Ja,Neen"'}, "een keuze uit: Ja / Neen",
         "meerekenen van de mapping toelaat: Nee"),
        ("C8", {"type": "list", "formula1": "Lijsten!$A$1:$A$1"}, "een keuze uit: Lijsten!$A$1:$A$1",
         "omvang van de mapping toelaat: Groot"),
        ("C3", {"type": "decimal", "operator": "greaterThan", "formula1": "0"}, "een getal groter dan 0",
         "regio_naam van de mapping toelaat: tekst"),
    ],
)  # fmt: skip
def test_a_field_that_the_template_refuses(
    tmp_path: Path, cell: str, facts: dict[str, Any], allowed: str, field: str
) -> None:
    ((place, found, expected),) = misfits(tmp_path, cell, **facts)
    assert (place, found) == (f"Invoer!{cell}", allowed)
    assert expected.startswith(f"wat het veld {field}")


@pytest.mark.parametrize(
    ("cell", "facts"),
    [
        ("C4", {"type": "decimal", "operator": "between", "formula1": "-5", "formula2": "1000"}),  # the looser one
        ("C4", {}),  # nothing at all
        ("C8", {"type": "list", "formula1": "INDIRECT(\"Lijsten!A1:A2\")"}),  # not known before computing
        ("C6", {"type": "whole", "operator": "between", "formula1": "0", "formula2": "9", "errorStyle": "warning"}),
    ],
)  # fmt: skip
def test_a_template_that_allows_as_much(tmp_path: Path, cell: str, facts: dict[str, Any]) -> None:
    assert misfits(tmp_path, cell, **facts) == []


def test_the_remedy_of_a_misfit(tmp_path: Path) -> None:
    """Field and cell made equal, on either side."""
    facts = {"type": "decimal", "operator": "between", "formula1": "0", "formula2": "100"}
    assert misfits(tmp_path, "C6", MAPPING.replace("max: 1000000", "max: 100"), **facts) == []


# Ranges


def test_cells_in_few_words() -> None:
    def cells(*names: str) -> list[Address]:
        return [Address("Een blad", name) for name in names]

    assert rectangles(cells("B2", "C2", "B3", "C3", "E3", "B5")) == [
        "'Een blad'!B2:C3", "'Een blad'!E3", "'Een blad'!B5",
    ]  # fmt: skip
    assert rectangles([*cells("A1"), Address("Z", "A1"), *cells("A2", "B2")]) == [
        "'Een blad'!A1", "'Een blad'!A2:B2", "Z!A1",
    ]  # fmt: skip
    assert rectangles([]) == []
    assert shown(cells("A1", "C1", "E1", "G1"), most=2) == "'Een blad'!A1, 'Een blad'!C1 en nog 2"
