"""Change named cells of a workbook and keep every other byte: the way in which this package writes to users' files.

Values go into input cells, results (caches) into formula cells. Formulas themselves are never written, added or
removed, so the calculation chain, names, charts, formats and everything else in the file stay valid as they are.

Text is written as an inline string. Appending to the shared strings would keep it closer to what Excel writes, but
touches a part that all sheets share and, where it is missing, content types and relationships too; an inline string
touches only the cell. Excel reads it, and moves it to the shared strings at its next save.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1, quote_sheet, split_a1
from rekentool.xlsx.celltext import FILE_ERRORS, fault_of, string_items, typed_content
from rekentool.xlsx.cellxml import CellXml
from rekentool.xlsx.package import Package
from rekentool.xlsx.partxml import PartText, elements
from rekentool.xlsx.sheetxml import Block, SheetXml
from rekentool.xlsx.slots import Slots, Unwritable
from rekentool.xlsx.workbookxml import WorkbookXml, relationships


@dataclass(frozen=True, slots=True)
class Change:
    """A cell whose value differs from what is to be written."""

    address: Address
    old: CellValue
    new: CellValue


class _Place(NamedTuple):
    """Where an address points."""

    part: str
    row: int
    column: int


def patch_workbook(
    data: bytes,
    values: Mapping[Address, CellValue],
    results: Mapping[Address, CellValue] | None = None,
    *,
    remove_results: Collection[Address] = (),
) -> bytes:
    """A copy of the workbook with these values and results in its cells; see `Template.patch`."""
    return Template(data).patch(values, results, remove_results=remove_results)


def list_changes(data: bytes, values: Mapping[Address, CellValue]) -> list[Change]:
    """The cells that `patch_workbook` would change, without writing; see `Template.changes`."""
    return Template(data).changes(values)


def uses_date1904(data: bytes) -> bool:
    """Whether the workbook counts its dates from 1904 (see `rekentool.xlsx.dates.date_serial`)."""
    return Template(data).date1904


class Template:
    """A workbook that is read once and of which any number of changed copies is made.

    Raises RekentoolError: RK600 for a zip that can't be copied faithfully, RK601–RK603 and RK607 for a part that can't
    be edited faithfully. The object holds no edits: every copy starts from the original bytes.
    """

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._workbook = WorkbookXml(self._package)
        self._sheets: dict[str, SheetXml] = {}
        self._table_edges: dict[str, list[tuple[Block, str]]] = {}
        self._parts: dict[str, str | Finding] = {}
        self._places: dict[Address, _Place] = {}
        self._forbidden: dict[Address, Finding | None] = {}
        self._strings: list[str] | None = None
        self._held: dict[_Place, CellValue] = {}
        self._last: tuple[Address, ...] | None = None
        self._copier: _Copier | None = None

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904."""
        return self._workbook.date1904

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of the tabs, in order."""
        return self._workbook.sheet_names

    def patch(
        self,
        values: Mapping[Address, CellValue],
        results: Mapping[Address, CellValue] | None = None,
        *,
        remove_results: Collection[Address] = (),
    ) -> bytes:
        """The workbook's bytes with constants (``values``) and formula results in place.

        ``results``: a number, text, bool or error becomes the cell's cache; None, or an error that the file format has
        no spelling for (#SPILL!), takes the cache away, as ``remove_results`` does. Then ``fullCalcOnLoad`` is set, and
        also when values change while ``results`` is None: nobody vouches for the caches then, so Excel has to
        recalculate. Give an empty mapping to say that no formula depends on the values.

        A value that the cell already has leaves the cell as it is, also when it is rich text. Raises RekentoolError
        with all findings at once: RK604–RK606 for the address, RK610–RK616 for the cell, RK620–RK623 for the value.
        """
        all_results = [*(results or {}).values(), *[None] * len(remove_results)]
        copy = self._further_copy(values, (*(results or ()), *remove_results), all_results, results is None)
        if copy is not None:
            return copy
        findings: dict[Finding, None] = {}
        wanted = {address: _storable(value) for address, value in (results or {}).items()}
        places = self._located([*values, *wanted, *remove_results], findings)
        wanted |= dict.fromkeys(remove_results)
        self._check_values(values, places, findings)
        self._check_results(wanted, places, findings)
        if findings:
            raise RekentoolError(findings)

        edits: dict[str, dict[tuple[int, int], tuple[bytes, bytes]]] = {}
        changed = {address: value for address, value in values.items() if self._differs(places[address], value)}
        for cells, formula in ((changed, False), (wanted, True)):
            for address, value in cells.items():
                part, row, column = places[address]
                edits.setdefault(part, {})[row, column] = typed_content(value, self._sheets[part].prefix, formula)
        parts: dict[str, bytes] = {}
        for part, contents in edits.items():
            edited = self._sheets[part].edited(contents)
            if edited is not None:
                parts[part] = edited
        if None in wanted.values() or (changed and results is None):
            workbook = self._workbook.with_full_calculation()
            if workbook is not None:
                parts[self._workbook.part] = workbook
        return self._package.with_parts(parts)

    def patch_row(
        self, values: Mapping[Address, CellValue], cells: tuple[Address, ...], results: Sequence[CellValue]
    ) -> bytes:
        """As `patch`, with the results as two rows: formula cells, and the result of each (None takes a cache away).

        Made for many copies with the same ``cells``: each but the first takes a tenth of the time of a file alone.
        """
        if cells is not self._last and cells != self._last:
            self._last, self._copier = cells, None
        copy = self._further_copy(values, cells, results, False)
        return self.patch(values, dict(zip(cells, results, strict=True))) if copy is None else copy

    def _further_copy(
        self,
        values: Mapping[Address, CellValue],
        cells: tuple[Address, ...],
        results: Sequence[CellValue],
        recalculate: bool,
    ) -> bytes | None:
        """The same copy as `patch` makes, much faster, when the last one had results in the same cells.

        None when it had not, and for whatever isn't plain: `patch` then says what is wrong, or does it cell by cell.
        """
        if cells is not self._last and cells != self._last:
            self._last, self._copier = cells, None
            return None
        findings: dict[Finding, None] = {}
        places = self._located(list(values), findings)
        self._check_values(values, places, findings)
        if findings:
            return None
        changed = {place: values[address] for address, place in places.items() if self._differs(place, values[address])}
        try:
            self._copier = self._copier or self._copier_of(cells)
            parts = self._copier.parts(results, changed)
        except (Unwritable, RekentoolError):
            return None
        if (changed and recalculate) or _leaves_blank(results):
            workbook = self._workbook.with_full_calculation()
            if workbook is not None:
                parts[self._workbook.part] = workbook
        return self._package.with_parts(parts)

    def _copier_of(self, cells: Sequence[Address]) -> _Copier:
        """What fills these formula cells; RekentoolError or `Unwritable` when one of them can't be filled."""
        findings: dict[Finding, None] = {}
        places = self._located(list(cells), findings)
        self._check_results(dict.fromkeys(cells), places, findings)
        if findings:
            raise RekentoolError(findings)
        return _Copier(self._sheets, [(places[address], self._current(places[address])) for address in cells])

    def changes(self, values: Mapping[Address, CellValue]) -> list[Change]:
        """The cells that have another value (or another type of value) than the given one, in the order given.

        Raises what `patch` raises for the same values.
        """
        findings: dict[Finding, None] = {}
        places = self._located(list(values), findings)
        self._check_values(values, places, findings)
        if findings:
            raise RekentoolError(findings)
        return [
            Change(address, self._current(places[address]), value)
            for address, value in values.items()
            if self._differs(places[address], value)
        ]

    # Addresses to places

    def _located(self, addresses: list[Address], findings: dict[Finding, None]) -> dict[Address, _Place]:
        """The place of each address; an address without one, and a cell that is named twice, goes to the findings."""
        places: dict[Address, _Place] = {}
        seen: set[_Place] = set()
        for address in addresses:
            place = self._places.get(address)
            if place is None:
                found = self._find(address)
                if isinstance(found, Finding):
                    findings[found] = None
                    continue
                place = self._places[address] = found
            if place in seen:
                findings[finding("RK611", str(address))] = None
            seen.add(place)
            places[address] = place
        return places

    def _find(self, address: Address) -> _Place | Finding:
        part = self._sheet_part(address.sheet)
        if isinstance(part, Finding):
            return part
        try:
            column, row = split_a1(address.cell)
        except ValueError:
            return finding("RK606", quote_sheet(address.sheet), adres=address.cell)
        self._sheet(part)
        return _Place(part, row, column)

    def _check_values(
        self, values: Mapping[Address, CellValue], places: Mapping[Address, _Place], findings: dict[Finding, None]
    ) -> None:
        """Enter the cells that can't be an input and the values that can't stand in a cell."""
        for address, value in values.items():
            if address in places:
                if address not in self._forbidden:
                    self._forbidden[address] = self._no_input(address, places[address])
                against = self._forbidden[address]
                if against is not None:
                    findings[against] = None
            _check_value(address, value, findings)

    def _check_results(
        self, results: Mapping[Address, CellValue], places: Mapping[Address, _Place], findings: dict[Finding, None]
    ) -> None:
        """Enter the cells that have no formula and the values that can't stand in a cell."""
        for address, value in results.items():
            if address in places:
                part, row, column = places[address]
                sheet = self._sheets[part]
                if not sheet.is_formula(row, column) and sheet.formula_block(row, column) is None:
                    findings[finding("RK616", str(address))] = None
            _check_value(address, value, findings)

    def _no_input(self, address: Address, place: _Place) -> Finding | None:
        """Why no value may be written to this cell."""
        part, row, column = place
        sheet = self._sheets[part]
        if sheet.is_formula(row, column):
            return finding("RK612", str(address))
        block = sheet.formula_block(row, column)
        if block is not None:
            return finding("RK613", str(address), bereik=block.reference)
        merged = sheet.covered(row, column)
        if merged is not None:
            first = merged.reference.partition(":")[0]
            return finding("RK614", str(address), bereik=merged.reference, eerste=first)
        for edge, table in self._table_edges[part]:
            if (row, column) in edge:
                return finding("RK615", str(address), tabel=table, bereik=edge.reference)
        return None

    def _sheet_part(self, name: str) -> str | Finding:
        """The part of a tab, or the finding that says why there is none: one for all addresses on it."""
        if name not in self._parts:
            try:
                self._parts[name] = self._workbook.sheet_part(name)
            except RekentoolError as error:
                self._parts[name] = error.findings[0]
        return self._parts[name]

    def _sheet(self, part: str) -> SheetXml:
        if part not in self._sheets:
            self._sheets[part] = SheetXml(self._package.read(part), part)
            self._table_edges[part] = self._edges_of_tables(part)
        return self._sheets[part]

    def _edges_of_tables(self, part: str) -> list[tuple[Block, str]]:
        """The header and totals rows of the sheet's tables: their text is bound to the table's definition."""
        edges: list[tuple[Block, str]] = []
        for relation in relationships(self._package, part):
            if relation.kind != "table" or relation.target is None:
                continue
            _, attributes = elements(self._package.read(relation.target), relation.target)[0]
            title = attributes.get("displayName", "")
            try:
                block = Block.parse(attributes.get("ref", ""))
                header, totals = int(attributes.get("headerRowCount", "1")), int(attributes.get("totalsRowCount", "0"))
            except ValueError:
                raise refuse("RK607", relation.target, reden="het bereik van de tabel is niet leesbaar") from None
            if header:
                edges.append((block.rows(block.top, block.top + header - 1), title))
            if totals:
                edges.append((block.rows(block.bottom - totals + 1, block.bottom), title))
        return edges

    # Values that are there

    def _current(self, place: _Place) -> CellValue:
        """What the cell holds."""
        if place not in self._held:
            self._held[place] = self._read(place)
        return self._held[place]

    def _read(self, place: _Place) -> CellValue:
        cell = self._sheets[place.part].cell(place.row, place.column)
        if cell is None:
            return None
        try:
            return cell.value(self._shared_strings() if cell.kind == "s" else None)
        except (IndexError, ValueError):
            reason = f"cel {a1(place.column, place.row)} verwijst naar een tekst die er niet is"
            raise refuse("RK607", place.part, reden=reason) from None

    def _differs(self, place: _Place, value: CellValue) -> bool:
        """Whether the cell holds another value or another type: TRUE isn't 1, and "5" isn't 5."""
        cell = self._sheets[place.part].cell(place.row, place.column)
        if cell is not None and cell.kind == "s" and not isinstance(value, str):
            return True  # no need to read the shared strings
        current = self._current(place)
        if isinstance(current, float) and isinstance(value, int | float) and not isinstance(value, bool):
            return current != float(value)
        return type(current) is not type(value) or current != value

    def _shared_strings(self) -> list[str]:
        if self._strings is None:
            part = self._workbook.shared_strings
            xml = PartText.decode(self._package.read(part), part).xml if part else b""
            self._strings = string_items(xml, "si", part or "") if part else []
        return self._strings


class _Copier:
    """Fills the same formula cells of a workbook's sheets time after time."""

    def __init__(self, sheets: Mapping[str, SheetXml], cells: Sequence[tuple[_Place, CellValue]]) -> None:
        """``cells`` are the places and what each of them holds in the file; `Unwritable` when there is no cell."""
        self._sheets = sheets
        found: dict[str, list[tuple[CellXml, CellValue, int]]] = {}
        for number, ((part, row, column), value) in enumerate(cells):
            cell = sheets[part].cell(row, column)
            if cell is None:
                raise Unwritable
            found.setdefault(part, []).append((cell, value, number))
        self._slots: dict[str, Slots] = {}
        self._order: dict[str, list[int]] = {}
        for part, entries in found.items():
            entries.sort(key=lambda entry: entry[0].start)
            self._slots[part] = Slots(sheets[part], [cell for cell, _, _ in entries], [held for _, held, _ in entries])
            self._order[part] = [number for _, _, number in entries]

    def parts(self, results: Sequence[CellValue], values: Mapping[_Place, CellValue]) -> dict[str, bytes]:
        """The parts that change: ``results`` in the order of the cells, ``values`` in cells beside them."""
        edits: dict[str, dict[tuple[int, int], tuple[bytes, bytes]]] = {}
        for (part, row, column), value in values.items():
            edits.setdefault(part, {})[row, column] = typed_content(value, self._sheets[part].prefix, formula=False)
        parts: dict[str, bytes | None] = {}
        for part, slots in self._slots.items():
            pieces = self._sheets[part].pieces(edits.pop(part)) if part in edits else []
            parts[part] = slots.filled([results[number] for number in self._order[part]], pieces)
        for part, contents in edits.items():
            parts[part] = self._sheets[part].edited(contents)
        return {part: text for part, text in parts.items() if text is not None}


def _leaves_blank(results: Iterable[CellValue]) -> bool:
    """Whether one of these takes a cache away."""
    kinds = {*map(type, results)}  # quick, and nearly always enough
    return type(None) in kinds or (ExcelError in kinds and any(_storable(result) is None for result in results))


def _storable(result: CellValue) -> CellValue:
    """The result as a cache can hold it: an error without a spelling in the file leaves no cache."""
    return None if isinstance(result, ExcelError) and result.code not in FILE_ERRORS else result


def _check_value(address: Address, value: CellValue, findings: dict[Finding, None]) -> None:
    fault = fault_of(value, address)
    if fault is not None:
        findings[fault] = None
