"""The regions table: one row per region, a column per field, from CSV, xlsx or a pandas DataFrame.

A column is headed by a field's id or label, or by ``veld.geval`` (``label.geval``) for one case; upper and lower case
and the number of spaces don't matter. ``veld`` alone fills every case of the field; where ``veld.geval`` is filled in
too, that wins. A blank cell means: as in the template.

``records`` says which files it can be, ``frame`` what a DataFrame can hold; ``columns`` reads the cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from rekentool.mapping.schema import NUMERIC, Field, InputKey, Value
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.suggestion import excerpt, hint, nearest
from rekentool.mapping.sums import sum_findings
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tables.columns import Cells, ColumnReader, Floats, Values, blanks, joined, over
from rekentool.tables.records import Record, TableCell, csv_records, is_blank, shown, xlsx_records
from rekentool.xlsx.cell import column_letters

if TYPE_CHECKING:
    import pandas as pd

MAX_ROWS = 100_000

#: Rows whose cells are in memory together.
_BATCH = 2_000
#: What messages call a table that has no file.
_FRAME = "DataFrame"


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its name, what its row fills in (the name too), and the number of that row (the header is row 1)."""

    name: str
    values: Mapping[InputKey, Value]
    row: int


class Column(NamedTuple):
    """One column of a table: the inputs that it fills, and their value in each region (`columns.Values`).

    ``specific`` says that it is about one case, and so wins from a column for all cases; ``whole`` that its numbers
    are whole.
    """

    keys: tuple[InputKey, ...]
    values: Values
    specific: bool
    whole: bool

    def listed(self) -> Sequence[Value | None]:
        """The value in each region; None for a blank."""
        if not isinstance(self.values, np.ndarray):
            return self.values
        numbers = self.values.tolist()
        return [None if number != number else int(number) if self.whole else number for number in numbers]


class Regions(Sequence[Region]):
    """The regions of a table, with what was found in reading it that didn't stand in the way.

    They are kept as columns; each `Region` is made when it is asked for.
    """

    def __init__(self, regions: Iterable[Region] = (), findings: Iterable[Finding] = ()) -> None:
        listed = list(regions)
        keys = dict.fromkeys(key for region in listed for key in region.values)
        columns = [Column((key,), [region.values.get(key) for region in listed], False, False) for key in keys]
        self._fill([region.name for region in listed], [region.row for region in listed], columns, findings)

    @classmethod
    def of_columns(
        cls, names: Sequence[str], rows: Sequence[int], columns: Sequence[Column], findings: Iterable[Finding] = ()
    ) -> Regions:
        """Regions with these names, on these rows of their table."""
        regions = cls.__new__(cls)
        regions._fill(names, rows, columns, findings)
        return regions

    def _fill(
        self, names: Sequence[str], rows: Sequence[int], columns: Sequence[Column], findings: Iterable[Finding]
    ) -> None:
        self.names, self._rows, self._columns = names, rows, sorted(columns, key=lambda column: column.specific)
        self.findings: tuple[Finding, ...] = tuple(findings)
        #: The rows that were left out because of their faults, with these.
        self.faulty: Mapping[int, tuple[Finding, ...]] = {}

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, which: int) -> Region: ...

    @overload
    def __getitem__(self, which: slice) -> Regions: ...

    def __getitem__(self, which: int | slice) -> Region | Regions:
        if isinstance(which, slice):
            columns = [column._replace(values=column.values[which]) for column in self._columns]
            return Regions.of_columns(self.names[which], self._rows[which], columns, self.findings)
        at = range(len(self))[which]  # IndexError where there is none; from the end when it is negative
        return next(iter(self[at : at + 1]))

    def __iter__(self) -> Iterator[Region]:
        columns = [(column.keys, column.listed()) for column in self._columns]
        for place, (name, row) in enumerate(zip(self.names, self._rows, strict=True)):
            values: dict[InputKey, Value] = {}
            for keys, listed in columns:
                value = listed[place]
                if value is not None:
                    for key in keys:
                        values[key] = value
            yield Region(name, values, row)

    def only(self, places: Sequence[int], faulty: Mapping[int, Sequence[Finding]]) -> Regions:
        """The regions at these places; of the others ``faulty`` has the row and what is wrong with it."""
        which = np.array(places, np.intp)
        columns = [column._replace(values=_kept(column.values, which)) for column in self._columns]
        names, rows = [self.names[place] for place in places], [self._rows[place] for place in places]
        regions = Regions.of_columns(names, rows, columns, self.findings)
        regions.faulty = {row: tuple(found) for row, found in faulty.items()}
        return regions

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == yours for mine, yours in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # as a list

    def __repr__(self) -> str:
        return repr(list(self))

    def columns(self) -> dict[InputKey, Values]:
        """The value of each input that the table has a column for, over all regions."""
        found: dict[InputKey, Values] = {}
        for column in self._columns:
            for key in column.keys:
                found[key] = over(found[key], column.values) if key in found else column.values
        return found


def read_regions(path: Path, mapping: WorkbookMapping, *, skip_faulty: bool = False) -> Regions:
    """Read a regions table; with ``skip_faulty`` a row with faults is left out and named in ``faulty``, and only a
    table of which nothing is left, or with a fault that isn't of one row, is refused.

    Raises RekentoolError with every fault of the table at once (RK3xx), each with its row and column.
    """
    suffix = path.suffix.casefold()
    if suffix not in (".csv", ".xlsx"):
        raise refuse("RK332", file=str(path), soort=_kind(path))
    findings: list[Finding] = []
    table = _Table(mapping, str(path), findings, skip_faulty)
    records = csv_records(path, table.headers.knows, findings) if suffix == ".csv" else xlsx_records(path, findings)
    return table.read(records)


def read_frame(frame: pd.DataFrame, mapping: WorkbookMapping, *, skip_faulty: bool = False) -> Regions:
    """Read a regions table from a DataFrame: its columns as in a file, one row per region; the index means nothing.

    Numbers, logicals and dates mean what they do in an xlsx, texts what they do in a CSV; NaN, None and NaT are
    blanks. Faults and ``skip_faulty`` as of `read_regions`, with rows numbered as in a file: the first region is row 2.
    TypeError when it is no DataFrame.
    """
    from rekentool.tables.frame import frame_cells, frame_header  # needs pandas, which is slow to import

    header = frame_header(frame)
    return _Table(mapping, _FRAME, [], skip_faulty).read_columns(header, frame_cells(frame), len(frame))


def _kind(path: Path) -> str:
    if path.is_dir():
        return "een map"
    return f'een bestand dat eindigt op "{excerpt(path.suffix)}"' if path.suffix else "een bestand zonder extensie"


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its header as written, its field, and the case it is about (None: every case, or the one value)."""

    header: str
    field: Field
    case: str | None

    @property
    def keys(self) -> tuple[InputKey, ...]:
        return ((self.field.id, self.case),) if self.case else self.field.keys


class _Headers:
    """What the headers of a table can mean."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields: dict[str, list[Field]] = {}
        self._words: list[str] = []
        for field in fields:
            self._words += [field.id, field.label, *(f"{field.id}.{case}" for case in field.cases)]
            for word in dict.fromkeys((_folded(field.id), _folded(field.label))):
                self._fields.setdefault(word, []).append(field)

    def fields(self, word: str) -> list[Field]:
        """The fields that a header can mean: by id, or else by label."""
        found = self._fields.get(_folded(word), [])
        by_id = [field for field in found if field.id == _folded(word)]
        return by_id or found

    def split(self, header: str) -> tuple[list[Field], str | None]:
        """The fields that a header can mean, and the case after its last point (None without one)."""
        found = self.fields(header)
        if found or "." not in header:
            return found, None
        word, _, case = header.rpartition(".")
        return self.fields(word), case.strip()

    def knows(self, header: str) -> bool:
        """Whether a header could be a column of this mapping."""
        return bool(self.split(header)[0])

    def hint(self, header: str) -> str:
        """The nearest header that there is."""
        return hint(header, self._words)


def _folded(word: str) -> str:
    return " ".join(unicodedata.normalize("NFC", word).casefold().split())


class _Fault(NamedTuple):
    """What is wrong in one row; faults are told by row, and in a row in the order in which they are looked for."""

    row: int
    order: int
    finding: Finding


#: The order of a row's faults that aren't of one column.
_MISSING, _SUM, _TWICE = 1_000_000, 1_000_001, 1_000_002
#: A sum that is so far off is looked at closely.
_DOUBTFUL = 1e-10


class _Batch(NamedTuple):
    """Some rows of a table: their numbers, and the cells of each column."""

    rows: Sequence[int]
    columns: Sequence[Cells]


class _Table:
    """Turns the cells of a table into regions, a batch of rows at a time, and gathers every fault on the way."""

    def __init__(self, mapping: WorkbookMapping, file: str, findings: list[Finding], skip_faulty: bool = False) -> None:
        self._fields = {field.id: field for field in mapping.fields}
        name_field = self._fields.get(mapping.workbook.region_field)
        if name_field is None or name_field.cases or name_field.kind in NUMERIC or name_field.kind == "datum":
            raise refuse("RK345", file=str(mapping.path), column=mapping.workbook.region_field)
        self.headers = _Headers(mapping.fields)
        self._mapping = mapping
        self._name = name_field
        self._file = file
        self._findings = findings
        self._skip_faulty = skip_faulty
        self._faults: list[_Fault] = []
        self._broken: tuple[Finding, ...] = ()
        self._folded_names: dict[str, int] = {}
        self._nameless: set[int] = set()
        self._needed: list[tuple[InputKey, Field]] = []
        self._count = 0
        self._columns: list[_Column | None] = []
        self._readers: list[ColumnReader | None] = []
        self._pieces: list[list[Values]] = []
        self._names: list[str] = []
        self._rows: list[int] = []

    def read(self, records: Iterator[Record]) -> Regions:
        """The regions of a file's records."""
        try:
            _, header = next(records, (1, []))
            texts = [_header_text(cell) for cell in header]
            while texts and not texts[-1]:
                texts.pop()
            self._head(texts)
        except RekentoolError as error:
            self._broken = error.findings
        else:
            for batch in self._batches(records):
                self._batch(batch)
            self._check_any()
        return self._regions()

    def read_columns(self, header: Sequence[TableCell], columns: Sequence[Cells], size: int) -> Regions:
        """The regions of a table that comes as columns of ``size`` cells, below a header that is row 1."""
        self._head([_header_text(cell) for cell in header])
        empty = np.ones(size, np.bool_)
        for cells in columns:
            empty &= np.isnan(cells) if isinstance(cells, np.ndarray) else np.fromiter(map(is_blank, cells), np.bool_)
        kept = np.flatnonzero(~empty)
        rows = (kept + 2).tolist()
        if len(rows) > MAX_ROWS:
            self._fault(rows[MAX_ROWS], 0, "RK341", f"rij {rows[MAX_ROWS]}", limit=MAX_ROWS)
        self._count = len(rows)
        self._check_any()
        if self._count:
            self._batch(_Batch(rows, [_taken(cells, kept) if empty.any() else cells for cells in columns]))
        return self._regions()

    def _batches(self, records: Iterator[Record]) -> Iterator[_Batch]:
        """The rows as columns, some rows at a time; a row of another length than the header is a fault."""
        width = len(self._columns)
        rows: list[int] = []
        listed: list[list[TableCell]] = []
        try:
            for number, cells in records:
                if all(map(is_blank, cells)):
                    continue
                if self._count == MAX_ROWS:
                    self._fault(number, 0, "RK341", f"rij {number}", limit=MAX_ROWS)
                    break
                self._count += 1
                if len(cells) < width or not all(map(is_blank, cells[width:])):
                    self._fault(number, 0, "RK339", f"rij {number}", found=len(cells), expected=width)
                    continue
                rows.append(number)
                listed.append(cells[:width])
                if len(rows) == _BATCH:
                    yield _Batch(rows, list(zip(*listed, strict=True)))
                    rows, listed = [], []
        except RekentoolError as error:  # the file can't be read further; what was found so far counts too
            self._broken = error.findings
        if rows:
            yield _Batch(rows, list(zip(*listed, strict=True)))

    def _check_any(self) -> None:
        if not self._count and not self._broken:
            self._fault(0, 0, "RK333", "")

    def _fault(self, row: int, order: int, code: str, place: str, **facts: object) -> None:
        self._faults.append(_Fault(row, order, finding(code, place, self._file, **facts)))

    def _regions(self) -> Regions:
        """What was read; RekentoolError with every fault, and why the file can't be read further, if there are any."""
        faults = sorted(self._faults, key=lambda fault: fault[:2])
        bad = {fault.row for fault in faults}
        good = [place for place, row in enumerate(self._rows) if row not in bad]
        of_rows = self._skip_faulty and good and not any(_of_table(fault) for fault in faults)
        if self._broken or (faults and not of_rows):
            raise RekentoolError([*self._findings, *(fault.finding for fault in faults), *self._broken])
        columns = [
            Column(column.keys, joined(pieces), column.case is not None, column.field.kind == "geheel_getal")
            for column, pieces in zip(self._columns, self._pieces, strict=True)
            if column is not None
        ]
        regions = Regions.of_columns(self._names, self._rows, columns, self._findings)
        if not faults:
            return regions
        found: dict[int, list[Finding]] = {}
        for fault in faults:
            found.setdefault(fault.row, []).append(fault.finding)
        return regions.only(good, found)

    # -- the header --------------------------------------------------------------------------------------------------

    def _head(self, header: list[str]) -> None:
        """The meaning of each header; None for a blank one and, with a fault, for one that has no meaning."""
        if not header:
            raise refuse("RK333", file=self._file)
        seen: dict[InputKey, str] = {}
        for index, text in enumerate(header):
            column = self._column(text) if text else None
            if not text:
                self._nameless.add(index)
            if column is not None:
                key = (column.field.id, column.case)
                if key in seen:
                    self._fault(0, 0, "RK335", _place(1, text), column=excerpt(text), first=excerpt(seen[key]))
                seen.setdefault(key, text)
            self._columns.append(column)
            self._readers.append(None if column is None else ColumnReader(column.field))
            self._pieces.append([])
        self._check_absent({key for column in self._columns if column is not None for key in column.keys})

    def _check_absent(self, present: set[InputKey]) -> None:
        """A required field that neither the table nor the template fills is a fault, once for the whole table."""
        for field in self._mapping.fields:
            for key in field.keys:
                if not (field is self._name or _must_be_filled(field, key)):
                    continue
                if key in present:
                    self._needed.append((key, field))
                elif field is self._name:
                    self._fault(0, 0, "RK338", "rij 1", column=field.id)
                else:
                    self._fault(0, 0, "RK350", "rij 1", column=_header(key), label=field.label)

    def _column(self, text: str) -> _Column | None:
        place = _place(1, text)
        fields, case = self.headers.split(text)
        if not fields:
            self._fault(0, 0, "RK334", place, column=excerpt(text), hint=self.headers.hint(text))
            return None
        if len(fields) > 1:
            self._fault(0, 0, "RK337", place, column=excerpt(text), fields=", ".join(field.id for field in fields))
            return None
        field = fields[0]
        if case is None:
            return _Column(text, field, None)
        known = {known.casefold(): known for known in field.cases}
        if case.casefold() not in known:
            self._fault(0, 0, "RK336", place, **self._no_such_case(field, case))
            return None
        return _Column(text, field, known[case.casefold()])

    def _no_such_case(self, field: Field, case: str) -> dict[str, str]:
        """What a message says of a field that hasn't this case."""
        facts = {"case": excerpt(case), "field": field.id}
        if not field.cases:
            expected = "een kolom zonder geval: dit veld heeft één waarde"
            return {**facts, "expected": expected, "columns": field.id}
        elsewhere = case.casefold() in {one.casefold() for other in self._mapping.fields for one in other.cases}
        expected = ", ".join(field.cases) + (f": bij {case} bestaat dit veld niet" if elsewhere else "")
        example = nearest(case, field.cases) or field.cases[0]
        columns = f"bijvoorbeeld {field.id}.{example} (of {field.id}, voor al deze gevallen)"
        return {**facts, "expected": expected, "columns": columns}

    # -- the rows ----------------------------------------------------------------------------------------------------

    def _batch(self, batch: _Batch) -> None:
        """Read the cells of some rows."""
        read: list[Values] = []
        wrong: dict[InputKey, set[int]] = {}
        for index, (cells, column, reader) in enumerate(zip(batch.columns, self._columns, self._readers, strict=True)):
            if column is None or reader is None:
                if index in self._nameless:
                    self._check_nameless(index, batch.rows, cells)
                read.append([])
                continue
            values, faults = reader.read(cells)
            for place, fault in faults:
                row = batch.rows[place]
                found = replace(fault, place=_place(row, column.header), file=self._file)
                self._faults.append(_Fault(row, index, found))
                for key in column.keys:
                    wrong.setdefault(key, set()).add(place)
            read.append(values)
            self._pieces[index].append(values)
        self._check_needed(batch.rows, read, wrong)
        self._check_sums(batch.rows, read)
        self._check_names(batch.rows, self._merged((self._name.id, None), read))

    def _merged(self, key: InputKey, read: Sequence[Values]) -> Values | None:
        """One input in these rows, from its column and, where it is blank, that for all cases; None without columns."""
        merged: Values | None = None
        order = sorted(enumerate(self._columns), key=lambda item: item[1] is not None and item[1].case is not None)
        for index, column in order:
            if column is not None and key in column.keys:
                merged = read[index] if merged is None else over(merged, read[index])
        return merged

    def _check_nameless(self, index: int, rows: Sequence[int], cells: Cells) -> None:
        """Something under a blank header: one message for the column is enough."""
        for row, cell in zip(rows, cells, strict=True):
            if cell == cell and not is_blank(cell):  # a NaN, which isn't itself, is a blank
                self._nameless.discard(index)
                text = excerpt(shown(cell))
                self._fault(row, index, "RK343", f"rij {row}, kolom {column_letters(index + 1)}", found=text)
                return

    def _check_needed(self, rows: Sequence[int], read: Sequence[Values], wrong: Mapping[InputKey, set[int]]) -> None:
        for key, field in self._needed:
            merged = self._merged(key, read)
            for place in [] if merged is None else np.flatnonzero(blanks(merged)).tolist():
                if place not in wrong.get(key, ()):
                    row = rows[place]
                    self._fault(row, _MISSING, "RK311", _place(row, _header(key)), label=field.label)

    def _check_sums(self, rows: Sequence[int], read: Sequence[Values]) -> None:
        """Where shares may not add up, `sum_findings` says whether, with the template's defaults for blanks."""
        suspect: set[int] = set()
        filled: dict[InputKey, Floats] = {}
        for rule in self._mapping.sums:
            for _, case in self._fields[rule.fields[0]].keys:
                for name in rule.fields:
                    filled[name, case] = self._filled((name, case), read, len(rows))
                total = sum((filled[name, case] for name in rule.fields), np.zeros(len(rows)))
                suspect.update(np.flatnonzero(np.abs(total - rule.total) > _DOUBTFUL).tolist())
        for place in suspect:
            values = {key: float(column[place]) for key, column in filled.items() if not np.isnan(column[place])}
            for found in sum_findings(self._mapping.sums, self._fields, values, f"rij {rows[place]}", self._file):
                self._faults.append(_Fault(rows[place], _SUM, found))

    def _filled(self, key: InputKey, read: Sequence[Values], size: int) -> Floats:
        """The numbers of one input with the default for blanks; NaN where there is neither."""
        default = self._fields[key[0]].default(key[1])
        defaults = np.full(size, default if isinstance(default, int | float) else np.nan)
        merged = self._merged(key, read)
        return np.where(np.isnan(merged), defaults, merged) if isinstance(merged, np.ndarray) else defaults

    def _check_names(self, rows: Sequence[int], names: Values | None) -> None:
        """Enter the rows with their names; one without has a fault already, and a place in the columns all the same."""
        for row, name in zip(rows, [None] * len(rows) if names is None else names, strict=True):
            text = name if isinstance(name, str) else ""
            first = self._folded_names.setdefault(_folded(text), row) if text else row
            if first != row:
                self._fault(row, _TWICE, "RK340", _place(row, self._name.id), name=excerpt(text), first=first)
            self._names.append(text)
            self._rows.append(row)


def _of_table(fault: _Fault) -> bool:
    """Whether a fault is of the whole table, or there may be more like it than the one that is told."""
    return fault.row < 2 or fault.finding.code in ("RK341", "RK343")


def _kept(values: Values, places: NDArray[np.intp]) -> Values:
    if isinstance(values, np.ndarray):
        return values[places]
    return [values[place] for place in places.tolist()]


def _taken(cells: Cells, places: NDArray[np.intp]) -> Cells:
    if isinstance(cells, np.ndarray):
        return cells[places]
    return [cells[place] for place in places.tolist()]


def _must_be_filled(field: Field, key: InputKey) -> bool:
    return field.required and field.default(key[1]) is None


def _header(key: InputKey) -> str:
    return f"{key[0]}.{key[1]}" if key[1] else key[0]


def _place(number: int, column: str) -> str:
    return f"rij {number}, kolom {excerpt(column)}"


def _header_text(cell: TableCell) -> str:
    return " ".join(shown(cell).split())
