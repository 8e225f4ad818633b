"""Write a table to a file: csv or xlsx, text always as text, streamed, whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from rekentool.messages import refuse
from rekentool.xlsx.cell import MAX_ROW
from rekentool.xlsx.save import save_atomic

Cell = float | int | str | None

#: What a spreadsheet may take for a formula when it opens a CSV (OWASP, CSV injection).
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, overwrite: bool = False) -> int:
    """Write ``rows`` under ``columns`` to ``path`` (.csv or .xlsx); returns the number of rows.

    CSV is UTF-8 with a comma and a decimal point. Raises RK641 for another extension, RK642 when the rows don't fit on
    an Excel sheet, RK630/RK631 when the target exists or can't be written.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise refuse("RK641", place=path.name, soort=kind or "geen extensie")
    if not overwrite and path.exists():
        raise refuse("RK630", place=path.name, file=str(path))
    data, count = (_csv if kind == ".csv" else _xlsx)(path, columns, rows)
    save_atomic(path, data, overwrite=overwrite)
    return count


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[str, int]:
    """The table as CSV text and its number of rows; a text that a spreadsheet would take for a formula gets a quote."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_guarded(value) for value in row])
        count += 1
    return buffer.getvalue(), count


def _guarded(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    return repr(value)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    text, count = csv_text(columns, rows)
    return text.encode("utf-8"), count


def _xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Resultaten")
    sheet.freeze_panes = "A2"
    heading = []
    for column in columns:
        cell = WriteOnlyCell(sheet, value=column)
        cell.font = Font(bold=True)
        heading.append(cell)
    sheet.append(heading)
    count = 0
    for row in rows:
        count += 1
        if count >= MAX_ROW:
            raise refuse("RK642", place=path.name, rijen=f"{MAX_ROW - 1:_}".replace("_", "."))
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"  # the column's type decides, never the first character
            cells.append(cell)
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), count
