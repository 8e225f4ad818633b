"""The template: what the script builds is what is committed, and it keeps the conventions of a workbook for others."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from conftest import ROOT
from openpyxl.utils import get_column_letter, range_boundaries
from rekentool_werkboek import example_regions, tool

from rekentool.engine.verdict import Tolerance, compare, count
from rekentool.shipped import EXAMPLES
from rekentool.xlsx.cell import Address, CellValue, cells_of
from rekentool.xlsx.filename import safe_name
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import formula_fingerprint, read_workbook

sys.path.insert(0, str(ROOT / "scripts"))

import build_template

TEMPLATE = ROOT / "workbooks" / "rekentool.xlsx"
CASE_SHEETS = ["1 Bol niveau 1", "2 Bol niveau 2", "3 Bbl niveau 1", "4 Bbl niveau 2"]
SHEETS = ["Start", "Invoer", "Kengetallen", "Tarieven", *CASE_SHEETS, "Resultaat", "Stappenplan", "Controle", "Versie"]
#: Functions that Excel 2016 and LibreOffice both have, and nothing volatile.
FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTA", "COUNTIF", "DATE", "DAY", "IF", "INDEX", "INT", "ISBLANK", "ISERROR", "ISNA",
    "ISNUMBER", "LEFT", "MATCH", "MAX", "MID", "MIN", "MONTH", "NA", "NOT", "OR", "ROUND", "ROUNDUP", "ROWS", "SUM",
    "SUMPRODUCT", "YEAR",
}  # fmt: skip


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def built() -> bytes:
    return build_template.build()


@pytest.fixture(scope="module")
def book() -> openpyxl.Workbook:
    return openpyxl.load_workbook(TEMPLATE)


def with_caches_of(data: bytes, inputs: dict[Address, CellValue], committed: Path) -> bytes:
    """The workbook with these inputs and the results that stand in the committed file.

    The last digit of a power differs between systems, so the results are compared by value and not by bytes.
    """
    workbook = read_workbook(committed.read_bytes())
    stored = {address: workbook.values.get(address) for address in workbook.formula_cells}
    computed = tool().engine.open(data).compute([inputs])[0]
    counts = count(compare(stored, computed.values, computed.unknown, tolerance=Tolerance(1e-12, 1e-6)))
    assert (counts.different, counts.unchecked) == (0, 0)
    return patch_workbook(data, inputs, stored)


def test_committed_template_is_what_the_script_builds(built: bytes) -> None:
    assert members(with_caches_of(built, {}, TEMPLATE)) == members(TEMPLATE.read_bytes())


def test_building_twice_gives_the_same_bytes(built: bytes) -> None:
    assert build_template.build() == built


def test_the_mapping_has_the_fingerprint_of_the_template(built: bytes) -> None:
    fingerprint = formula_fingerprint(read_workbook(built))
    assert tool().mapping.workbook.fingerprint == fingerprint
    assert read_workbook(built).values[Address("Versie", "B6")] == fingerprint
    assert build_template.MAPPING.read_text(encoding="utf-8") == build_template.mapping_with(fingerprint)


def test_committed_examples_are_what_filling_makes() -> None:
    for region in example_regions():
        committed = EXAMPLES / f"{safe_name(region.name)}.xlsx"
        filled = with_caches_of(TEMPLATE.read_bytes(), tool().cells(region.values), committed)
        assert members(filled) == members(committed.read_bytes()), committed.name


def test_sheets(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS


def test_only_inputs_are_unlocked() -> None:
    workbook = tool().workbook
    inputs = set(tool().binding.inputs.values())
    assert inputs <= workbook.unlocked
    others = workbook.unlocked - inputs
    assert {address.sheet for address in others} == {"Invoer", "Stappenplan"}
    assert {address.cell[0] for address in others if address.sheet == "Invoer"} == {"I"}  # own notes
    assert {address.cell[0] for address in others if address.sheet == "Stappenplan"} == {"E", "F", "G"}


def test_every_sheet_is_protected_without_a_password(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
        assert sheet.protection.password is None and sheet.protection.hashValue is None, sheet.title


def test_every_input_has_a_validation_with_a_message() -> None:
    covered: set[Address] = set()
    for sheet, validations in tool().workbook.validations.items():
        for one in validations:
            if one.shows_error:
                covered |= {address for part in one.ranges for row in cells_of(f"'{sheet}'!{part}") for address in row}
    assert set(tool().binding.inputs.values()) <= covered


def test_every_input_kengetal_and_result_has_a_name() -> None:
    names = set(tool().workbook.names)
    assert {target for field in tool().mapping.fields for _, target in field.targets} <= names
    assert {f"kg_{kengetal.id}" for kengetal in tool().mapping.kengetallen} <= names
    assert {part.target for result in tool().mapping.results for part in result.ranges} <= names
    assert tool().workbook.name_formulas == {} or set(tool().workbook.name_formulas) <= {"_xlnm.Print_Titles"}


def test_formulas_are_plain(book: openpyxl.Workbook) -> None:
    workbook = tool().workbook
    assert workbook.arrays == {}
    used = {name for formula in workbook.formulas.values() for name in re.findall(r"([A-Z][A-Z0-9.]*)\(", formula)}
    assert used <= FUNCTIONS
    assert not any("[" in formula for formula in workbook.formulas.values())
    assert {sheet.title for sheet in book if sheet.merged_cells.ranges} <= {"Start"}


def relative(formula: str, column: int) -> str:
    """The formula with columns without $ as a distance from its own column."""

    def distance(match: re.Match[str]) -> str:
        letters, row = match[1], match[2]
        number = openpyxl.utils.column_index_from_string(letters)
        return f"C[{number - column}]{row}"

    return re.sub(r"(?<![A-Za-z$_'!.])([A-Z]{1,2})(\$?[0-9]+)(?![0-9A-Za-z_(])", distance, formula)


def test_one_formula_per_row_in_the_year_columns() -> None:
    formulas = tool().workbook.formulas
    checked = 0
    for sheet in CASE_SHEETS:
        for row in range(8, 400):
            cells = {column: formulas.get(Address(sheet, f"{column}{row}")) for column in "DEFGH"}
            if all(formula is None for formula in cells.values()):
                continue
            shapes = {relative(formula or "", "ABCDEFGH".index(column) + 1) for column, formula in cells.items()}
            assert len(shapes) == 1, (sheet, row, shapes)
            checked += 1
    assert checked > 500


def test_the_four_case_sheets_have_the_same_formulas() -> None:
    formulas = tool().workbook.formulas
    first = {address.cell: formula for address, formula in formulas.items() if address.sheet == CASE_SHEETS[0]}
    assert len(first) > 1000
    for sheet, letter in zip(CASE_SHEETS[1:], "DEF", strict=True):
        other = {address.cell: formula for address, formula in formulas.items() if address.sheet == sheet}
        assert other.keys() == first.keys()
        for cell, formula in first.items():
            # Only the column of the case on Invoer differs; inputs with one value stand in column C for all.
            assert other[cell] in (formula, re.sub(r"Invoer!C(\d+)", rf"Invoer!{letter}\1", formula)), (sheet, cell)


def test_print_set_up(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth == 1
        assert "&A" in sheet.oddFooter.left.text and "&D" in sheet.oddFooter.right.text
        assert "versie" in sheet.oddFooter.center.text
        if sheet.title not in ("Start", "Versie"):
            assert sheet.freeze_panes and sheet.print_title_rows, sheet.title


def test_charts_draw_the_chart_data(book: openpyxl.Workbook) -> None:
    charts = book["Resultaat"]._charts
    assert len(charts) == 6
    for chart in charts:
        assert len(chart.series) == 6
        for series in chart.series:
            sheet, _, area = series.val.numRef.f.rpartition("!")
            assert sheet.strip("'") == "Resultaat"
            left, top, right, bottom = range_boundaries(area.replace("$", ""))
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    address = Address("Resultaat", f"{get_column_letter(column)}{row}")
                    assert isinstance(tool().workbook.values[address], float), address
