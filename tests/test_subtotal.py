"""SUBTOTAL and AGGREGATE: which cells they leave out, as Excel's pages have it and as LibreOffice does."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from engine_books import outcome
from subtotal_books import CASES, FURTHER, HAND, LIST, PLAIN, TABLE, UNDECIDED, workbook
from table_books import changed

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.program import ProgramEngine, ProgramModel
from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import DEFAULT, compare
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import read_workbook


@pytest.fixture(scope="module")
def data() -> bytes:
    return workbook()


@pytest.fixture(scope="module")
def found(data: bytes) -> Outcome:
    return outcome(ProgramEngine().open(data))


@pytest.mark.parametrize(("sheet", "cell", "formula", "expected"), CASES + FURTHER)
def test_result_is_excels(found: Outcome, sheet: str, cell: str, formula: str, expected: CellValue) -> None:
    address = Address(sheet, cell)
    assert address in found.values, (formula, found.unknown.get(address))
    result = found.values[address]
    if isinstance(expected, float):
        assert isinstance(result, float) and math.isclose(result, expected, rel_tol=1e-14), formula
    else:
        assert result == expected, formula


@pytest.mark.libreoffice
def test_libreoffice_agrees(data: bytes, found: Outcome) -> None:
    other = outcome(LibreOffice().open(data))
    cells = {Address(sheet, cell) for sheet, cell, *_ in CASES}
    verdicts = compare(
        {cell: found.values[cell] for cell in cells},
        {cell: value for cell, value in other.values.items() if cell in cells},
        {cell: reason for cell, reason in other.unknown.items() if cell in cells},
        tolerance=DEFAULT, loose_errors=True,
    )  # fmt: skip
    assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"] == []
    assert len(verdicts) == len(CASES)


@pytest.mark.parametrize(("sheet", "cell", "formula", "reason"), UNDECIDED)
def test_what_is_left_open_is_unknown(found: Outcome, sheet: str, cell: str, formula: str, reason: str) -> None:
    assert reason in found.unknown[Address(sheet, cell)], formula


def test_over_scenarios(data: bytes) -> None:
    model = ProgramEngine().open(data)
    amounts = np.array([1.0, 10.0, 100.0])
    given = {Address(HAND, "A2"): amounts, Address(HAND, "A3"): amounts * 1000}  # row 3 is hidden
    wanted = [Address(HAND, cell) for cell in ("D1", "D8", "D13")]
    results = model.run(given, wanted, 3)
    assert [list(results[cell].floats(3)) for cell in wanted] == [
        [1061.0, 10070.0, 100160.0],
        [53.0, 62.0, 152.0],
        [4.0, 4.0, 4.0],
    ]


def test_errors_that_come_and_go(data: bytes) -> None:
    model = ProgramEngine().open(data)
    cell, without, with_them = (Address(PLAIN, name) for name in ("E2", "D6", "D8"))
    results = model.run({cell: [1.0, "x", None, 7.0]}, [without, with_them], 4)
    assert list(results[without].floats(4)) == [5.0, 4.0, 4.0, 11.0]
    assert list(results[with_them].floats(4)) == [2.0, 2.0, 1.0, 2.0]


def test_a_number_that_varies(data: bytes) -> None:
    model = ProgramEngine().open(data)
    results = model.run({Address(PLAIN, "F7"): [9.0, 4.0, 102.0, 12.0, "x"]}, [Address(PLAIN, "F6")], 5)
    outcomes = model.compute([{Address(PLAIN, "F7"): one} for one in (9.0, 4.0, 102.0, 12.0, "x")])
    alone = [one.values[Address(PLAIN, "F6")] for one in outcomes]
    assert alone[:3] == [63.0, 32.0, 6.0] and str(alone[3]) == str(alone[4]) == "#VALUE!"
    assert list(results[Address(PLAIN, "F6")].floats(5))[:3] == [63.0, 32.0, 6.0]


# -- hidden rows -----------------------------------------------------------------------------------------------------


def test_hidden_and_filtered_rows_are_read(data: bytes) -> None:
    book = read_workbook(data)
    assert book.hidden_rows == {HAND: {3, 5}, LIST: {3, 5, 11}, TABLE: {3, 5}}
    assert book.filtered_rows == {HAND: frozenset(), LIST: {3, 5}, TABLE: {3, 5}}


def test_rows_of_a_sheet_that_is_read_as_a_tree(data: bytes) -> None:
    commented = changed(data, "xl/worksheets/sheet1.xml", "<sheetData>", "<!-- x --><sheetData><!-- y -->")
    assert read_workbook(commented).hidden_rows == read_workbook(data).hidden_rows


def test_a_row_without_a_number_stands_below_the_one_before(data: bytes) -> None:
    unnumbered = changed(data, "xl/worksheets/sheet1.xml", '<row r="3" ', "<row ")
    assert read_workbook(unnumbered).hidden_rows[HAND] == {3, 5}


def test_a_filter_without_criteria_hides_nothing(data: bytes) -> None:
    button = changed(data, "xl/tables/table1.xml", '<filters><filter val="1"/><filter val="4"/></filters>', "")
    book = read_workbook(button)
    assert book.filtered_rows[TABLE] == frozenset()
    assert outcome(ProgramModel(book)).values[Address(TABLE, "D1")] == 63.0


@pytest.mark.parametrize(("name", "rows"), [(f"{HAND}!$A$4:$A$7", {5}), ("", {3, 5})])
def test_an_advanced_filter(data: bytes, name: str, rows: set[int]) -> None:
    """Excel leaves a flag on the sheet, and the filter's area in a hidden name."""
    filtered = changed(data, "xl/worksheets/sheet1.xml", "<dimension", '<sheetPr filterMode="1"/><dimension')
    if name:
        defined = f'<definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">{name}</definedName>'
        filtered = changed(filtered, "xl/workbook.xml", "<definedNames>", f"<definedNames>{defined}")
    assert read_workbook(filtered).filtered_rows[HAND] == rows


def test_hidden_rows_belong_to_the_workbook(data: bytes) -> None:
    book = read_workbook(data)
    shown = dataclasses.replace(book, hidden_rows={}, filtered_rows={})
    assert shown != book
    assert outcome(ProgramModel(shown)).values[Address(HAND, "D8")] == 63.0
