"""A table file, CSV or xlsx, as records of cells; what the cells mean is for others.

A CSV is separated by ``;``, ``,`` or tabs (whichever gives the most known columns), in UTF-8 with or without BOM, or in
Windows-1252, which is reported. An xlsx has the table on its first sheet. Records are numbered as the rows that Excel
shows, from 1.
"""

from __future__ import annotations

import csv
import io
import math
import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from rekentool.mapping.textfile import read_bytes
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, finding, refuse
from rekentool.xlsx.cell import ExcelError
from rekentool.xlsx.guard import admit

MAX_BYTES = 50_000_000

_DELIMITERS = (";", ",", "\t")


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula where a value should stand."""

    text: str


#: A cell of a table: text from a CSV, a typed value from a workbook.
TableCell = str | float | bool | datetime | ExcelError | Formula | None
#: A row number and the cells of that row.
Record = tuple[int, list[TableCell]]


def is_blank(cell: TableCell) -> bool:
    """Whether nothing stands in a cell, or only spaces."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: TableCell) -> str:
    """A cell as a message shows it."""
    if isinstance(cell, datetime):
        return f"{cell:%d-%m-%Y}" if cell.time() == datetime.min.time() else f"{cell:%d-%m-%Y %H:%M}"
    return cell.text if isinstance(cell, Formula) else cell_text(cell)


_SEPARATOR_LINE = re.compile(r'"?sep=([;,\t|])"?\r?\n', re.IGNORECASE)


def csv_records(path: Path, knows: Callable[[str], bool], findings: list[Finding]) -> Iterator[Record]:
    """The records of a CSV; ``knows`` says whether a header is known, ``findings`` gets what doesn't stand in the way.

    Raises RekentoolError: RK330 and RK331 (the file), RK347 (not text in a known encoding), RK348 (not CSV).
    """
    data = read_bytes(path, MAX_BYTES, unreadable="RK330", too_large="RK331")
    text = _decoded(data, str(path), findings)
    # Excel's own hint, a first line that it doesn't show as a row.
    line = _SEPARATOR_LINE.match(text)
    if line:
        text = text[line.end() :]
    delimiter = line[1] if line else _delimiter(text, knows)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, list(cells)
            start = reader.line_num
    except csv.Error as error:
        raise refuse("RK348", f"rij {number + 1} (regel {start + 1})", str(path), reason=error) from None


def _decoded(data: bytes, file: str, findings: list[Finding]) -> str:
    try:
        if b"\0" in data:  # UTF-16, or no text at all
            raise refuse("RK347", file=file)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"regel {data.count(10, 0, error.start) + 1}"
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise refuse("RK347", place, file) from None
    findings.append(finding("RK346", place, file))
    return text


def _delimiter(text: str, knows: Callable[[str], bool]) -> str:
    """The delimiter that gives the most headers this mapping knows; of equals the one that gives the most columns."""

    def score(delimiter: str) -> tuple[int, int]:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
        except csv.Error:
            return (-1, 0)
        return sum(knows(cell.strip()) for cell in header), len(header)

    return max(_DELIMITERS, key=score)


def xlsx_records(path: Path, findings: list[Finding]) -> Iterator[Record]:
    """The rows of the first sheet of a workbook; ``findings`` gets what is hidden in it.

    Raises RekentoolError: what the guard refuses (RK1xx), RK344 (no readable table).
    """
    admitted = admit(path)
    findings += admitted.findings
    rows = _sheet_rows(admitted.data, str(path))
    width = len(rows[0]) if rows else 0
    for number, cells in enumerate(rows, start=1):
        yield number, cells + [None] * (width - len(cells))


def _sheet_rows(data: bytes, file: str) -> list[list[TableCell]]:
    # Heavy, and only needed for tables in a workbook.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it would lose in saving; this workbook isn't saved.
            warnings.simplefilter("ignore")
            sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
            sheet.reset_dimensions()  # a file can say anything about its size
            return [[_cell(cell) for cell in row] for row in sheet.iter_rows()]
    except (
        # What openpyxl 3.1 raises for parts that aren't what they should be; SyntaxError is that of the XML parsers.
        InvalidFileException,
        BadZipFile,
        SyntaxError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
        ArithmeticError,
        EOFError,
    ) as error:
        raise refuse("RK344", file=file, reason=type(error).__name__) from None


def _cell(cell: Any) -> TableCell:
    """A cell of openpyxl as one of the table."""
    value = cell.value
    if cell.data_type == "f":
        return Formula(value if isinstance(value, str) else str(getattr(value, "text", "=…")))
    if cell.data_type == "e":
        return ExcelError(str(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return math.inf
    if value is None or isinstance(value, str | bool | datetime):
        return value
    return str(value)  # a time of day or a duration
