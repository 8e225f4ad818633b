"""Workbooks that the engine tests make, and the check that every outcome must pass."""

from __future__ import annotations

import io
from collections.abc import Mapping

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook.defined_name import DefinedName

from rekentool.engine.protocol import Model, Outcome, Scenario
from rekentool.xlsx.cell import Address, CellValue

SHEET = "1 Bol niveau 1"


def at(cell: str) -> Address:
    return Address(SHEET, cell)


def book(cells: Mapping[str, object], names: Mapping[str, str] | None = None, other: Mapping[str, object] | None = None,
         *, date1904: bool = False) -> bytes:
    """A workbook with these cells on "1 Bol niveau 1", and ``other`` on the sheet Invoer."""
    workbook = openpyxl.Workbook()
    if date1904:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet.title = SHEET
    for reference, value in cells.items():
        sheet[reference] = value
    if other:
        second = workbook.create_sheet("Invoer")
        for reference, value in other.items():
            second[reference] = value
    for name, text in (names or {}).items():
        workbook.defined_names[name] = DefinedName(name, attr_text=text)
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def outcome(model: Model, scenario: Scenario | None = None) -> Outcome:
    """The outcome of one scenario; every formula cell is in exactly one of its two halves."""
    (found,) = model.compute([scenario or {}])
    assert found.values.keys() | found.unknown.keys() == model.workbook.formula_cells
    assert not found.values.keys() & found.unknown.keys()
    return found


def value(model: Model, cell: str, scenario: Scenario | None = None) -> CellValue:
    found = outcome(model, scenario)
    assert at(cell) in found.values, found.unknown.get(at(cell))
    return found.values[at(cell)]
