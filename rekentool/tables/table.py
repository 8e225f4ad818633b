"""Write a table to a file: csv or xlsx, text always as text, whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from rekentool.messages import refuse
from rekentool.tables.sheetfile import sheet_bytes
from rekentool.xlsx.cell import MAX_ROW
from rekentool.xlsx.save import save_atomic

Cell = float | int | str | None

#: How wide the columns of a results table are in a workbook, in characters.
_WIDTHS = {"regio": 28, "partij": 16, "regel": 26, "waarde": 18, "eenheid": 18, "cel": 24, "bestand": 40}

#: What a spreadsheet may take for a formula when it opens a CSV (OWASP, CSV injection). The other three that OWASP
#: names, tab, CR and LF, are written out by then.
_FORMULA_STARTS = ("=", "+", "-", "@")
#: What neither XML nor UTF-8 can hold, or a terminal obeys: file names and other people's cells may have them.
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Refuse a target that can't become the table, before minutes of computing.

    RK641 for an extension other than .csv or .xlsx, RK630 when it exists, RK631 when there is no such folder.
    """
    if path.suffix.lower() not in (".csv", ".xlsx"):
        kind = path.suffix or "bestand zonder extensie"
        raise refuse("RK641", file=str(path), soort=kind)
    if _is_folder(path):
        raise refuse("RK631", file=str(path), reden="er staat een map met deze naam")
    if not overwrite and os.path.lexists(path):
        raise refuse("RK630", file=str(path))
    if not _is_folder(path.parent):
        raise refuse("RK631", file=str(path), reden="de map bestaat niet")


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that can't exist; saving says what is wrong with it
        return False


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, overwrite: bool = False) -> int:
    """Write ``rows`` under ``columns`` to ``path`` (.csv or .xlsx); returns the number of rows.

    CSV is UTF-8 with a comma and a decimal point. Rows are taken one by one, but the file is made in memory. Raises
    RK641 for another extension, RK642 when the rows don't fit on an Excel sheet, RK630/RK631 when the target exists or
    can't be written.
    """
    check_target(path, overwrite=overwrite)
    data, count = (_csv if path.suffix.lower() == ".csv" else _xlsx)(path, columns, rows)
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
        text = _storable(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return repr(value)


def _storable(text: str) -> str:
    """The text with what a file can't hold written out: a bell is shown as ``\\x07``."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    text, count = csv_text(columns, rows)
    return text.encode("utf-8"), count


def _xlsx(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> tuple[bytes, int]:
    count = 0

    def counted() -> Iterator[list[Cell]]:
        nonlocal count
        for row in rows:
            count += 1
            if count >= MAX_ROW:
                raise refuse("RK642", file=str(path), rijen=f"{MAX_ROW - 1:_}".replace("_", "."))
            yield [_storable(value) if isinstance(value, str) else value for value in row]

    data = sheet_bytes("Resultaten", columns, counted(), _WIDTHS)
    return data, count
