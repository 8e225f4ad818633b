"""The regions table: one row per region, a column per field, from CSV or xlsx.

A column is headed by a field's id or label, or by ``veld.geval`` (``label.geval``) for one case; upper and lower case
and the number of spaces don't matter. ``veld`` alone fills every case of the field; where ``veld.geval`` is filled in
too, that wins. A blank cell means: as in the template.

``records`` says which files it can be.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rekentool.mapping.schema import Field, InputKey, Value
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import cell_text, expected_value, parse_cell, parse_text
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tables.records import Formula, Record, TableCell, csv_records, is_blank, shown, xlsx_records
from rekentool.xlsx.cell import column_letters
from rekentool.xlsx.dates import date_serial

MAX_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Region:
    """One region: its name, what its row fills in (the name too), and the number of that row (the header is row 1)."""

    name: str
    values: Mapping[InputKey, Value]
    row: int


class Regions(list[Region]):
    """The regions of a table, with what was found in reading it that didn't stand in the way."""

    def __init__(self, regions: Iterable[Region] = (), findings: Iterable[Finding] = ()) -> None:
        super().__init__(regions)
        self.findings: tuple[Finding, ...] = tuple(findings)


def read_regions(path: Path, mapping: WorkbookMapping) -> Regions:
    """Read a regions table.

    Raises RekentoolError with every fault of the table at once (RK3xx), each with its row and column.
    """
    suffix = path.suffix.casefold()
    if suffix not in (".csv", ".xlsx"):
        raise refuse("RK332", file=str(path), suffix=excerpt(path.suffix))
    fields = {field.id: field for field in mapping.fields}
    name_field = fields.get(mapping.workbook.region_field)
    if name_field is None:
        raise refuse("RK345", file=str(mapping.path), column=mapping.workbook.region_field)
    findings: list[Finding] = []
    headers = _Headers(mapping.fields)
    records = csv_records(path, headers.knows, findings) if suffix == ".csv" else xlsx_records(path, findings)
    return _Table(mapping, name_field, headers, str(path), findings).read(records)


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


class _Table:
    """Turns records into regions and gathers every fault on the way."""

    def __init__(
        self, mapping: WorkbookMapping, name_field: Field, headers: _Headers, file: str, findings: list[Finding]
    ) -> None:
        self._mapping = mapping
        self._name = name_field
        self._headers = headers
        self._file = file
        self._findings = findings
        self._faults: list[Finding] = []
        self._names: dict[str, int] = {}
        self._nameless: set[int] = set()
        self._absent: set[InputKey] = set()
        self._needed = [
            (key, field)
            for field in mapping.fields
            for key in field.keys
            if field is name_field or _must_be_filled(field, key)
        ]
        self._fields = {field.id: field for field in mapping.fields}
        self._defaults = {key: field.default(key[1]) for field in mapping.fields for key in field.keys}
        # The same text comes back in many rows; reading it once makes a table of 10 000 regions bearable.
        self._read: dict[tuple[int, str], Value | None] = {}

    def read(self, records: Iterator[Record]) -> Regions:
        regions: list[Region] = []
        try:
            _, header = next(records, (1, []))
            columns = self._columns([_header_text(cell) for cell in header])
            rows = 0
            for number, cells in records:
                if all(is_blank(cell) for cell in cells):
                    continue
                rows += 1
                if rows > MAX_ROWS:
                    self._fault("RK341", f"rij {number}", limit=MAX_ROWS)
                    break
                region = self._region(number, cells, columns)
                if region is not None:
                    regions.append(region)
            if not rows:
                self._fault("RK333", "")
        except RekentoolError as error:  # the file can't be read further; what was found so far counts too
            self._faults += error.findings
        if self._faults:
            raise RekentoolError([*self._findings, *self._faults])
        return Regions(regions, self._findings)

    def _fault(self, code: str, place: str, **facts: object) -> None:
        self._faults.append(finding(code, place, self._file, **facts))

    def _columns(self, header: list[str]) -> list[_Column | None]:
        """The meaning of each header; None for a blank one and, with a fault, for one that has no meaning."""
        while header and not header[-1]:
            header.pop()
        if not header:
            raise refuse("RK333", file=self._file)
        columns: list[_Column | None] = []
        seen: dict[InputKey, str] = {}
        for index, text in enumerate(header):
            column = self._column(text) if text else None
            if not text:
                self._nameless.add(index)
            if column is not None:
                key = (column.field.id, column.case)
                if key in seen:
                    self._fault("RK335", _place(1, text), column=excerpt(text), first=excerpt(seen[key]))
                seen.setdefault(key, text)
            columns.append(column)
        self._check_absent({key for column in columns if column is not None for key in column.keys})
        return columns

    def _check_absent(self, present: set[InputKey]) -> None:
        """A required field that neither the table nor the template fills is a fault, once for the whole table."""
        for field in self._mapping.fields:
            for key in field.keys:
                if key in present:
                    continue
                if field is self._name:
                    self._fault("RK338", "rij 1", column=field.id)
                elif _must_be_filled(field, key):
                    self._fault("RK350", "rij 1", column=_header(key), label=field.label)
                else:
                    continue
                self._absent.add(key)

    def _column(self, text: str) -> _Column | None:
        place = _place(1, text)
        fields, case = self._headers.split(text)
        if not fields:
            self._fault("RK334", place, column=excerpt(text), hint=self._headers.hint(text))
            return None
        if len(fields) > 1:
            self._fault("RK337", place, column=excerpt(text), fields=", ".join(field.id for field in fields))
            return None
        field = fields[0]
        if case is None:
            return _Column(text, field, None)
        known = {known.casefold(): known for known in field.cases}
        if case.casefold() not in known:
            expected = ", ".join(field.cases) or "een kolom zonder geval: dit veld heeft één waarde"
            self._fault("RK336", place, case=excerpt(case), field=field.id, expected=expected, hint=hint(case, known))
            return None
        return _Column(text, field, known[case.casefold()])

    def _region(self, number: int, cells: list[TableCell], columns: list[_Column | None]) -> Region | None:
        if len(cells) < len(columns) or not all(is_blank(cell) for cell in cells[len(columns) :]):
            self._fault("RK339", f"rij {number}", found=len(cells), expected=len(columns))
            return None
        general: dict[InputKey, Value] = {}
        specific: dict[InputKey, Value] = {}
        wrong: set[InputKey] = set()
        for index, (cell, column) in enumerate(zip(cells, columns, strict=False)):
            if is_blank(cell):
                continue
            if column is None:
                if index in self._nameless:
                    self._nameless.discard(index)  # one message for the column is enough
                    text = excerpt(shown(cell))
                    self._fault("RK343", f"rij {number}, kolom {column_letters(index + 1)}", found=text)
                continue
            try:
                value = self._value(index, cell, column, number)
            except RekentoolError as error:
                self._faults += error.findings
                wrong.update(column.keys)
                continue
            if value is not None:
                (specific if column.case else general).update(dict.fromkeys(column.keys, value))
        values = {**general, **specific}
        for key, field in self._needed:
            if key not in values and key not in wrong and key not in self._absent:
                self._fault("RK311", _place(number, _header(key)), label=field.label)
        filled = {**self._defaults, **values}
        self._faults += sum_findings(self._mapping.sums, self._fields, filled, f"rij {number}", self._file)
        name = values.get((self._name.id, None))
        if not isinstance(name, str):
            return None
        first = self._names.setdefault(_folded(name), number)
        if first != number:
            self._fault("RK340", _place(number, self._name.id), name=excerpt(name), first=first)
        return Region(name, values, number)

    def _value(self, index: int, cell: TableCell, column: _Column, number: int) -> Value | None:
        place = _place(number, column.header)
        if not isinstance(cell, str):
            return _typed_value(cell, column.field, place, self._file)
        if (index, cell) not in self._read:
            self._read[index, cell] = parse_text(column.field, cell, place, self._file)
        return self._read[index, cell]


def _must_be_filled(field: Field, key: InputKey) -> bool:
    return field.required and field.default(key[1]) is None


def _header(key: InputKey) -> str:
    return f"{key[0]}.{key[1]}" if key[1] else key[0]


def _place(number: int, column: str) -> str:
    return f"rij {number}, kolom {excerpt(column)}"


def _header_text(cell: TableCell) -> str:
    return " ".join(shown(cell).split())


def _typed_value(cell: TableCell, field: Field, place: str, file: str) -> Value | None:
    """The value of a workbook's cell in a regions table. Unlike in a filled workbook no formula looks at it."""
    if isinstance(cell, Formula):
        raise refuse("RK342", place, file, formula=excerpt(cell.text))
    if isinstance(cell, datetime):
        if field.kind != "datum":
            raise refuse("RK349", place, file, found=shown(cell), expected=expected_value(field))
        if cell.year < 1900 or cell.time() != datetime.min.time():
            raise refuse("RK305", place, file, found=shown(cell))
        return parse_cell(field, date_serial(cell), place, file)
    if isinstance(cell, bool) and field.kind == "ja_nee":
        return parse_text(field, cell_text(cell), place, file)
    return parse_cell(field, cell, place, file)
