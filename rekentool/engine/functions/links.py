"""Texts that say where something stands: HYPERLINK and ADDRESS."""

from __future__ import annotations

from collections.abc import Sequence

from rekentool.engine.functions.place import leading
from rekentool.engine.functions.registry import Fault, Unsupported, raw, scalar, single
from rekentool.engine.vector import VALUE, Argument, Vector
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, CellValue, column_letters, quote_sheet


@raw("HYPERLINK", "hyperlink-function-333c7ce6-c5ae-4164-9c47-7de9b76f577f", 1, 2)
def hyperlink(arguments: Sequence[Argument], size: int) -> Vector:
    """What a cell with a link shows: the second argument, or without one the link itself."""
    link, shown = single(arguments[0]), single(arguments[-1])
    return leading(link, shown, size)


@scalar("ADDRESS", "address-function-d0c26c0d-3991-446b-8de4-ab46431d4f89")
def address(row: float, column: float, form: float = 1.0, a1: bool = True, sheet: CellValue = None) -> str:
    """The address of a cell as text: 1 is $A$1, 2 is A$1, 3 is $A1 and 4 is A1."""
    if not a1:
        raise Unsupported("ADDRESS in de schrijfwijze R1C1")
    kind = int(form)
    if not (1 <= int(row) <= MAX_ROW and 1 <= int(column) <= MAX_COLUMN and 1 <= kind <= 4):
        raise Fault(VALUE)
    text = f"{'$' * (kind in (1, 3))}{column_letters(int(column))}{'$' * (kind in (1, 2))}{int(row)}"
    if sheet is None:
        return text
    if not isinstance(sheet, str):
        raise Unsupported("ADDRESS met een bladnaam die geen tekst is")
    return f"{quote_sheet(sheet) if sheet else ''}!{text}"
