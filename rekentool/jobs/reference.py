"""Reference sheets: what another program computed for a workbook, with its name, version and date.

A reference is an .xlsx with two sheets: ``Herkomst`` (what was computed, by what, when) and ``Waarden`` (one row per
formula cell). Its expected values never come from an engine of this package's own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rekentool.messages import refuse
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.guard import admit
from rekentool.xlsx.reader import read_workbook

PROVENANCE, VALUES = "Herkomst", "Waarden"
_KINDS = {float: "getal", str: "tekst", bool: "ja_nee", ExcelError: "fout"}


@dataclass(frozen=True)
class Reference:
    """Expected values of every formula cell of one workbook, and where they come from.

    ``workbook`` is the file's name under ``workbooks/voorbeelden``; ``fingerprint`` the hash of its formulas.
    """

    workbook: str
    fingerprint: str
    program: str
    made_on: date
    values: Mapping[Address, CellValue]


def reference_bytes(reference: Reference) -> bytes:
    """The reference as a workbook file."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    del book[book.sheetnames[0]]
    sheet = book.create_sheet(PROVENANCE)
    facts = [
        ("Werkboek", reference.workbook),
        ("Vingerafdruk van de formules", reference.fingerprint),
        ("Berekend met", reference.program),
        ("Berekend op", reference.made_on.isoformat()),
        ("Herberekening", "afgedwongen voor elke formulecel"),
        ("Let op", "Verwachte waarden. Nooit overschrijven met uitkomsten van de eigen rekenmotor."),
    ]
    for row, (label, text) in enumerate(facts, start=1):
        sheet.cell(row, 1, label).font = Font(bold=True)
        sheet.cell(row, 2, text)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 32, 80
    values = book.create_sheet(VALUES)
    for column, (label, width) in enumerate((("blad", 20), ("cel", 10), ("soort", 10), ("waarde", 40)), start=1):
        values.cell(1, column, label).font = Font(bold=True)
        values.column_dimensions["ABCD"[column - 1]].width = width
    values.freeze_panes = "A2"
    for row, (address, value) in enumerate(
        sorted(reference.values.items(), key=lambda item: (item[0].sheet, item[0].row, item[0].column)), start=2
    ):
        values.cell(row, 1, address.sheet)
        values.cell(row, 2, address.cell)
        values.cell(row, 3, "leeg" if value is None else _KINDS[type(value)])
        cell = values.cell(row, 4)
        cell.value = str(value) if isinstance(value, ExcelError) else value
        if isinstance(value, str | ExcelError):
            cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read_reference(path: Path) -> Reference:
    """Read a reference sheet; RK550 when the file isn't one."""
    workbook = read_workbook(admit(path).data)
    facts = {
        label: workbook.values.get(Address(PROVENANCE, f"B{row}"))
        for row in range(1, 7)
        if isinstance(label := workbook.values.get(Address(PROVENANCE, f"A{row}")), str)
    }
    values: dict[Address, CellValue] = {}
    row = 2
    while isinstance(sheet := workbook.values.get(Address(VALUES, f"A{row}")), str):
        cell, kind, value = (workbook.values.get(Address(VALUES, f"{column}{row}")) for column in "BCD")
        values[Address(sheet, str(cell))] = _value(kind, value)
        row += 1
    try:
        made_on = date.fromisoformat(str(facts["Berekend op"]))
        return Reference(
            str(facts["Werkboek"]),
            str(facts["Vingerafdruk van de formules"]),
            str(facts["Berekend met"]),
            made_on,
            values,
        )
    except (KeyError, ValueError):
        raise refuse("RK550", place=PROVENANCE, file=str(path)) from None


def _value(kind: CellValue, value: CellValue) -> CellValue:
    if kind == "fout":
        return ExcelError(str(value))
    if kind == "tekst":
        return "" if value is None else str(value)
    return None if kind == "leeg" else value
