"""Reference sheets: what another program computed for a workbook, with its name, version and date.

A reference is an .xlsx with two sheets: ``Herkomst`` (what was computed, by what, when, and each time that the values
were laid down anew: by whom and why) and ``Waarden`` (one row per formula cell). Its expected values never come from an
engine of this package's own.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rekentool.messages import refuse
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook

PROVENANCE, VALUES = "Herkomst", "Waarden"
_KINDS = {float: "getal", str: "tekst", bool: "ja_nee", ExcelError: "fout"}

#: The facts at the top of Herkomst, and the heading of the history below them; older sheets end with the facts.
_FACTS, _HISTORY = 6, 8
_HEADING = (
    "Vastgelegd door",
    "Waarom",
    "Op",
    "Berekend met",
    "Cellen anders",
    "Grootste verschil (euro)",
    "In cel",
    "Vingerafdruk van de formules",
)
_WIDTHS = (32, 80, 12, 24, 14, 24, 24, 74)


@dataclass(frozen=True, slots=True)
class Recorded:
    """One time that a reference was laid down anew.

    ``changed`` is the number of formula cells with another value than before (or that came or went); ``largest`` the
    largest difference of a result in euros, with its sign, and ``cell`` where that is (0 and "" when there is none).
    """

    by: str
    reason: str
    on: date
    program: str
    changed: int
    largest: float
    cell: str
    fingerprint: str


@dataclass(frozen=True)
class Reference:
    """Expected values of every formula cell of one workbook, and where they come from.

    ``workbook`` is the file's name under ``workbooks/voorbeelden``; ``fingerprint`` the hash of its formulas;
    ``history`` each time that the values were laid down by name, oldest first.
    """

    workbook: str
    fingerprint: str
    program: str
    made_on: date
    values: Mapping[Address, CellValue]
    history: tuple[Recorded, ...] = ()


def reference_bytes(reference: Reference) -> bytes:
    """The reference as a workbook file; the same reference gives the same bytes."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": datetime.combine(reference.made_on, datetime.min.time())})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(PROVENANCE)
    facts = [
        ("Werkboek", reference.workbook),
        ("Vingerafdruk van de formules", reference.fingerprint),
        ("Berekend met", reference.program),
        ("Berekend op", reference.made_on.isoformat()),
        ("Herberekening", "afgedwongen voor elke formulecel"),
        ("Let op", "Verwachte waarden. Nooit overschrijven met uitkomsten van de eigen rekenmotor."),
    ]
    for row, (label, text) in enumerate(facts):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, text)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    if reference.history:
        for column, label in enumerate(_HEADING):
            sheet.write_string(_HISTORY - 1, column, label, bold)
    for row, one in enumerate(reference.history, start=_HISTORY):
        texts = one.by, one.reason, one.on.isoformat(), one.program
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text)
        sheet.write_number(row, 4, one.changed)
        sheet.write_number(row, 5, one.largest)
        sheet.write_string(row, 6, one.cell)
        sheet.write_string(row, 7, one.fingerprint)
    values = book.add_worksheet(VALUES)
    for column, (label, width) in enumerate((("blad", 20), ("cel", 10), ("soort", 10), ("waarde", 40))):
        values.write_string(0, column, label, bold)
        values.set_column(column, column, width)
    values.freeze_panes(1, 0)
    for row, (address, value) in enumerate(sorted(reference.values.items(), key=_place), start=1):
        values.write_string(row, 0, address.sheet)
        values.write_string(row, 1, address.cell)
        values.write_string(row, 2, "leeg" if value is None else _KINDS[type(value)])
        if isinstance(value, bool):
            values.write_boolean(row, 3, value)
        elif isinstance(value, float):
            values.write_number(row, 3, value)
        elif value is not None:
            values.write_string(row, 3, str(value))
    book.close()
    return buffer.getvalue()


def _place(item: tuple[Address, CellValue]) -> tuple[str, int, int]:
    return item[0].sheet, item[0].row, item[0].column


def read_reference(path: Path) -> Reference:
    """Read a reference sheet, also one without a history; RK550 when the file isn't one."""
    workbook = open_incoming(path)[1]
    facts = {
        label: _text(workbook, f"B{row}")
        for row in range(1, _FACTS + 1)
        if isinstance(label := workbook.values.get(Address(PROVENANCE, f"A{row}")), str)
    }
    values: dict[Address, CellValue] = {}
    row = 2
    while isinstance(sheet := workbook.values.get(Address(VALUES, f"A{row}")), str):
        cell, kind, value = (workbook.values.get(Address(VALUES, f"{column}{row}")) for column in "BCD")
        values[Address(sheet, str(cell))] = _value(kind, value)
        row += 1
    try:
        return Reference(
            facts["Werkboek"],
            facts["Vingerafdruk van de formules"],
            facts["Berekend met"],
            date.fromisoformat(facts["Berekend op"]),
            values,
            _history(workbook),
        )
    except (KeyError, ValueError):
        raise refuse("RK550", place=PROVENANCE, file=str(path)) from None


def _history(workbook: Workbook) -> tuple[Recorded, ...]:
    """The rows under the heading of the history; ValueError when one isn't what was written."""
    if _text(workbook, f"A{_HISTORY}") != _HEADING[0]:
        return ()
    found = []
    row = _HISTORY + 1
    while by := _text(workbook, f"A{row}"):
        reason, on, program, changed, largest, cell, fingerprint = (_text(workbook, f"{one}{row}") for one in "BCDEFGH")
        made_on = date.fromisoformat(on)
        found.append(Recorded(by, reason, made_on, program, int(float(changed)), float(largest), cell, fingerprint))
        row += 1
    return tuple(found)


def _text(workbook: Workbook, cell: str) -> str:
    value = workbook.values.get(Address(PROVENANCE, cell))
    return "" if value is None else str(value)


def _value(kind: CellValue, value: CellValue) -> CellValue:
    if kind == "fout":
        return ExcelError(str(value))
    if kind == "tekst":
        return "" if value is None else str(value)
    return None if kind == "leeg" else value
