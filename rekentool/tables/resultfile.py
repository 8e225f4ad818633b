"""A results table back from its file: what `reken` and `lees` wrote, as csv, xlsx or parquet, to rows.

The columns of `results.COLUMNS` may stand in any order; ``cel`` and ``bestand`` may be absent. A blank ``waarde`` is
n.v.t., a text in it is kept as what stands instead of a number. A CSV that Excel saved again, with semicolons and
decimal commas, is the same table; one in which points and commas both occur has more than one meaning and is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.textfile import read_bytes
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tables.records import MAX_BYTES, Formula, Record, TableCell, csv_records, is_blank, shown, xlsx_records
from rekentool.tables.results import COLUMNS, NOT_APPLICABLE, ResultRow, table_value
from rekentool.xlsx.cell import MAX_ROW, ExcelError, column_letters

#: Without these a table isn't one of results.
REQUIRED = tuple(column for column in COLUMNS if column != "cel")
#: What makes a header that of a results table, and not of a regions table.
_TELLING = frozenset({"regio", "regel", "waarde"})
#: The columns that there can be: ``bestand`` is from `lees`, ``waarde_tekst`` from a parquet file (`parquetfile`).
_FILE, _REASON = "bestand", "waarde_tekst"
_KNOWN = (*COLUMNS, _FILE, _REASON)
#: More rows don't fit on a sheet, which a heading shares with them.
MAX_ROWS = MAX_ROW - 1
#: After so many faults the rest of the table is left unread.
_MOST_FAULTS = 100

_NUMBER = re.compile(r"[-+]?[0-9]+(?:([.,])[0-9]+)?(?:[eE][-+]?[0-9]{1,3})?")
#: Texts that somebody meant as a number.
_LIKE_A_NUMBER = re.compile(r"[-+€0-9.,' %\u00a0\u202f]*[0-9][-+€0-9.,' %\u00a0\u202f]*")
#: What `table` put before a text that a spreadsheet would take for a formula.
_GUARDED = re.compile(r"'[=+\-@]")


@dataclass(frozen=True)
class ResultTable:
    """The rows of a results table, each with the file it came from ("" where the table doesn't say), and what was
    found in reading it."""

    rows: tuple[ResultRow, ...]
    files: tuple[str, ...]
    findings: tuple[Finding, ...]


def is_result_header(header: Sequence[TableCell]) -> bool:
    """Whether this is the header of a results table."""
    return set(map(_folded, header)) >= _TELLING


def knows(header: str) -> bool:
    """Whether this could be a column of a results table."""
    return _folded(header) in _KNOWN


def read_result_table(path: Path) -> ResultTable:
    """Read a results table: .csv, .xlsx (its first sheet) or .parquet.

    RekentoolError with every fault at once: RK831 (a column is missing), RK335 (twice), RK833 (an outcome twice),
    RK834 (a cell that can't be understood), RK835 (no rows), RK836 (too many); RK1xx and RK33x for the file itself.
    """
    findings: list[Finding] = []
    match path.suffix.casefold():
        case ".csv":
            records = csv_records(path, knows, findings)
        case ".xlsx":
            records = xlsx_records(path, findings)
        case ".parquet":
            records = parquet_records(path)
        case _:
            soort = (
                f'een bestand dat eindigt op "{excerpt(path.suffix)}"' if path.suffix else "een naam zonder extensie"
            )
            raise refuse("RK834", file=str(path), gevonden=soort, verwacht="een .csv, .xlsx of .parquet")
    return _Reader(str(path), findings).read(records)


def parquet_records(path: Path) -> Iterator[Record]:
    """The rows of a parquet file as those of any table; RK834 when it is none, RK836 when it has too many."""
    # Only needed here, and slow to import.
    import pyarrow as pa
    import pyarrow.parquet as pq

    data = read_bytes(path, MAX_BYTES, unreadable="RK330", too_large="RK331")
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        names = file.schema_arrow.names
        if file.metadata.num_rows > MAX_ROWS:
            raise refuse("RK836", file=str(path), meest=_count(MAX_ROWS))
        yield 1, list(names)
        number = 1
        wanted = [name for name in dict.fromkeys(names) if knows(name)]
        for batch in file.iter_batches(columns=wanted):
            # A column that isn't known can be of any type; it is left out, and so blank.
            columns = {name: column.to_pylist() for name, column in zip(batch.schema.names, batch.columns, strict=True)}
            for place in range(batch.num_rows):
                number += 1
                yield number, [_plain(columns[name][place]) if name in columns else None for name in names]
    except (pa.ArrowException, OSError):
        found = "een bestand dat niet als parquet te lezen is"
        raise refuse("RK834", file=str(path), gevonden=found, verwacht="een .parquet van rekentool") from None


def _plain(value: object) -> TableCell:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value if value is None or isinstance(value, str | float | bool | datetime) else str(value)


class _Reader:
    """Turns the records of one table into rows, and gathers every fault on the way."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self._file, self._findings = file, findings
        self._faults: list[Finding] = []
        self._places: dict[str, int] = {}
        self._first: dict[tuple[str, ...], int] = {}
        #: The decimal mark of the table, and where it was seen first.
        self._mark: tuple[str, int] | None = None

    def read(self, records: Iterator[Record]) -> ResultTable:
        header = next(records, (1, []))[1]
        self._header(header)
        if self._faults:
            raise RekentoolError(self._faults)
        rows: list[ResultRow] = []
        files: list[str] = []
        for number, cells in records:
            if all(map(is_blank, cells)):
                continue
            if len(cells) != len(header):
                facts = {"found": len(cells), "expected": len(header)}
                self._faults.append(finding("RK339", f"rij {number}", self._file, **facts))
            elif len(rows) >= MAX_ROWS:
                raise refuse("RK836", file=self._file, meest=_count(MAX_ROWS))
            else:
                row = self._row(number, cells)
                rows.append(row)
                files.append(self._text(number, _FILE, cells))
                self._once(number, row)
            if len(self._faults) >= _MOST_FAULTS:
                break
        if self._faults:
            raise RekentoolError(self._faults)
        if not rows:
            raise refuse("RK835", file=self._file)
        return ResultTable(tuple(rows), tuple(files), tuple(self._findings))

    def _header(self, header: Sequence[TableCell]) -> None:
        for place, cell in enumerate(header):
            name = _folded(cell)
            where = f"kolom {column_letters(place + 1)}"
            if name in self._places:
                facts = {"column": excerpt(shown(cell)), "first": excerpt(shown(header[self._places[name]]))}
                self._faults.append(finding("RK335", where, self._file, **facts))
            elif name in _KNOWN:
                self._places[name] = place
            elif name:
                facts = {"kolom": excerpt(shown(cell)), "kolommen": ", ".join(REQUIRED), "hint": hint(name, _KNOWN)}
                self._findings.append(finding("RK832", where, self._file, **facts))
        for column in REQUIRED:
            if column not in self._places:
                facts = {"kolom": column, "kolommen": ", ".join(REQUIRED)}
                self._faults.append(finding("RK831", file=self._file, **facts))

    def _row(self, number: int, cells: Sequence[TableCell]) -> ResultRow:
        texts = {name: self._text(number, name, cells) for name in COLUMNS if name != "waarde"}
        if not texts["regio"]:
            self._fault(number, "regio", "een rij zonder regio", "de naam van een regio")
        return ResultRow(waarde=self._value(number, cells), **texts)

    def _text(self, number: int, name: str, cells: Sequence[TableCell]) -> str:
        cell = cells[self._places[name]] if name in self._places else None
        if is_blank(cell):
            return ""
        if isinstance(cell, str):
            return cell[1:] if _GUARDED.match(cell) else cell
        if isinstance(cell, Formula | ExcelError | datetime):
            self._fault(number, name, self._odd(cell), "een tekst")
            return ""
        return cell_text(cell)

    def _value(self, number: int, cells: Sequence[TableCell]) -> float | str | None:
        cell = cells[self._places["waarde"]]
        if is_blank(cell) and _REASON in self._places:
            cell = cells[self._places[_REASON]]
        if is_blank(cell) or cell == NOT_APPLICABLE:
            return None
        if isinstance(cell, str):
            return self._number(number, cell.strip())
        if isinstance(cell, ExcelError):
            return table_value(cell)
        if isinstance(cell, float) and not isinstance(cell, bool):
            return self._finite(number, cell, str(cell))
        self._fault(number, "waarde", self._odd(cell), "een getal, of een tekst die zegt waarom er geen is")
        return None

    def _number(self, number: int, text: str) -> float | str | None:
        """A number as a CSV has it; any other text as it is."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            if _LIKE_A_NUMBER.fullmatch(text):
                self._fault(
                    number, "waarde", f'"{excerpt(text)}"', "een getal als 1234.56 of 1234,56, zonder duizendtallen"
                )
            return text[1:] if _GUARDED.match(text) else text
        if match[1]:
            mark, first = self._mark = self._mark or (match[1], number)
            if mark != match[1]:
                found = f'"{excerpt(text)}", terwijl in rij {first} een {_MARKS[mark]} voor de decimalen staat'
                self._fault(number, "waarde", found, "in de hele tabel hetzelfde teken voor de decimalen")
        return self._finite(number, float(text.replace(",", ".")), text)

    def _finite(self, number: int, value: float, text: str) -> float | None:
        if not math.isfinite(value):
            self._fault(number, "waarde", excerpt(text), "een eindig getal")
            return None
        return value + 0.0  # minus zero is 0 to a reader

    def _once(self, number: int, row: ResultRow) -> None:
        key = (row.regio.casefold(), row.geval, row.partij, row.regel, row.jaar)
        first = self._first.setdefault(key, number)
        if first != number:
            named = ", ".join(excerpt(part) for part in row[:5] if part)
            facts = {"uitkomst": named, "eerste": f"rij {first}"}
            self._faults.append(finding("RK833", f"rij {number}", self._file, **facts))

    def _fault(self, number: int, column: str, found: str, expected: str) -> None:
        place = f"rij {number}, kolom {column}"
        self._faults.append(finding("RK834", place, self._file, gevonden=found, verwacht=expected))

    def _odd(self, cell: TableCell) -> str:
        kind = {Formula: "de formule", ExcelError: "de foutwaarde", datetime: "de datum"}.get(type(cell), "de waarde")
        return f"{kind} {excerpt(shown(cell))}"


_MARKS = {".": "punt", ",": "komma"}


def _folded(cell: TableCell) -> str:
    return shown(cell).strip().casefold()


def _count(number: int) -> str:
    return f"{number:,}".replace(",", ".")
