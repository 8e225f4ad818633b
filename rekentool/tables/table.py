"""Write a table to a file: csv, xlsx or parquet, text always as text, whole or not at all.

Rows are taken one by one and go to disk as they come, so a table may be longer than memory.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from rekentool.messages import refuse
from rekentool.tables.results import NOT_APPLICABLE
from rekentool.tables.sheetfile import SheetRows, write_sheets
from rekentool.xlsx.cell import MAX_ROW
from rekentool.xlsx.save import saving

Cell = float | int | str | None

#: What a table can be written as.
SUFFIXES = (".csv", ".xlsx", ".parquet")

#: The columns of a results table that hold numbers, each with what a blank in it means.
NUMBERS: Mapping[str, str | None] = MappingProxyType({"waarde": NOT_APPLICABLE})

#: How wide the columns of a results table are in a workbook, in characters.
_WIDTHS = {"regio": 28, "partij": 16, "regel": 26, "waarde": 18, "eenheid": 18, "cel": 24, "bestand": 40}

#: What a spreadsheet may take for a formula when it opens a CSV (OWASP, CSV injection). The other three that OWASP
#: names, tab, CR and LF, are written out by then.
_FORMULA_STARTS = ("=", "+", "-", "@")
#: What neither XML nor UTF-8 can hold, or a terminal obeys: file names and other people's cells may have them.
_CONTROL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Beside:
    """A table that belongs to another one; its rows are asked for when all of that one's are written."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    widths: Mapping[str, float]


def check_target(path: Path, *, overwrite: bool = False) -> None:
    """Refuse a target that can't become the table, before minutes of computing.

    RK641 for an extension that isn't in `SUFFIXES`, RK630 when it exists, RK631 when there is no such folder.
    """
    if path.suffix.lower() not in SUFFIXES:
        kind = path.suffix or "bestand zonder extensie"
        raise refuse("RK641", file=str(path), soort=kind)
    if _is_folder(path):
        raise refuse("RK631", file=str(path), reden="er staat een map met deze naam")
    if not overwrite and os.path.lexists(path):
        raise refuse("RK630", file=str(path))
    if not _is_folder(path.parent):
        raise refuse("RK631", file=str(path), reden="de map bestaat niet")


def check_length(path: Path, rows: int) -> None:
    """RK642 when so many rows don't fit: on the sheet of an .xlsx, which a heading shares with them."""
    if path.suffix.lower() == ".xlsx" and rows >= MAX_ROW:
        raise refuse("RK642", file=str(path), rijen=f"{MAX_ROW - 1:_}".replace("_", "."))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that can't exist; saving says what is wrong with it
        return False


def write_table(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    overwrite: bool = False,
    numbers: Mapping[str, str | None] = NUMBERS,
    beside: Sequence[Beside] = (),
) -> int:
    """Write ``rows`` under ``columns`` to ``path`` (.csv, .xlsx or .parquet); returns the number of rows.

    CSV is UTF-8 with a comma and a decimal point. A column of a parquet file has one type, so each column that is
    named in ``numbers`` becomes two there, ``NAAM`` and ``NAAM_tekst`` (`parquetfile`), and all others are text; to
    csv and xlsx ``numbers`` means nothing. What is ``beside`` it becomes further sheets of an .xlsx, and otherwise csv
    files of their own (`beside_paths`). Raises RK641 for another extension, RK642 when the rows don't fit on an
    Excel sheet, RK630/RK631 when the target exists or can't be written; no file is left then.
    """
    check_target(path, overwrite=overwrite)
    count = 0

    def counted() -> Iterator[Sequence[Cell]]:
        nonlocal count
        for row in rows:
            count += 1
            yield row

    with saving(path, overwrite=overwrite) as stream:
        match path.suffix.lower():
            case ".csv":
                _csv(stream, columns, counted())
            case ".xlsx":
                sheets = [SheetRows("Resultaten", columns, _fitting(path, counted()), _WIDTHS)]
                sheets += [SheetRows(one.name, one.columns, _fitting(path, one.rows), one.widths) for one in beside]
                write_sheets(stream, sheets)
            case _:
                # Only needed here, and slow to import.
                from rekentool.tables.parquetfile import write_parquet

                write_parquet(stream, columns, counted(), numbers)
    for target, one in zip(beside_paths(path, beside), beside, strict=False):
        with saving(target, overwrite=overwrite) as stream:
            _csv(stream, one.columns, one.rows)
    return count


def beside_paths(path: Path, beside: Sequence[Beside]) -> list[Path]:
    """The files that come beside a table: ``uit.bestanden.csv`` beside ``uit.csv``; none for an .xlsx, which has
    sheets."""
    if path.suffix.lower() == ".xlsx":
        return []
    return [path.with_name(f"{path.stem}.{one.name.lower()}.csv") for one in beside]


def _csv(stream: BinaryIO, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    text.detach()  # and leave the stream open


@lru_cache(4096)
def _guarded(text: str) -> str:
    """A text such that a spreadsheet shows it; the same few come back on every row."""
    text = storable(text)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@lru_cache(4096)
def storable(text: str) -> str:
    """The text with what a file can't hold written out: a bell is shown as ``\\x07``."""
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), text)


def _stored(row: Sequence[Cell]) -> list[Cell]:
    return [storable(cell) if isinstance(cell, str) else cell for cell in row]


def _fitting(path: Path, rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """The rows as a sheet can hold them; RK642 at the first for which it has no place."""
    for number, row in enumerate(rows, start=1):
        if number >= MAX_ROW:
            check_length(path, number)
        yield _stored(row)
