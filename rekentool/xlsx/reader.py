"""Read a workbook: values, formulas, names, validations, what is unlocked. Nothing is computed or converted.

The parts are parsed here, straight from the zip, and not through openpyxl: it needs two loads for values and
formulas, turns serial numbers into dates, and drops what it doesn't know with a warning on the side. Here every
thing that isn't understood becomes a finding. Source for the parts: ECMA-376 part 1, chapter 18. The zip has been
through ``guard`` before it comes here; the limits on size stand there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from rekentool.messages import Finding, finding, refuse
from rekentool.xlsx.bookpart import (
    Listed,
    SheetState,
    read_book,
    read_relations,
    read_strings,
    read_styles,
    relations_of,
)
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, Address, CellValue, quote_sheet
from rekentool.xlsx.elements import parse_part
from rekentool.xlsx.package import Package
from rekentool.xlsx.sheetform import MAX_ARRAY_CELLS, too_many_array_cells
from rekentool.xlsx.sheetpart import SheetPart, Validation, read_sheet
from rekentool.xlsx.sheettable import Corners, Table, below_heading, filtered_area, table_of
from rekentool.xlsx.skeleton import Part

_WORKSHEET = "/worksheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, whether the user sees it, and whether its locked cells are protected."""

    name: str
    state: SheetState
    protected: bool


@dataclass(frozen=True)
class Workbook:
    """A workbook as it stands in the file.

    ``values`` holds constants and cached results (a formula cell without a cache is absent); dates are serial
    floats, to be read against ``date1904``. ``formulas`` have their ``=``; shared formulas are written out.
    ``arrays`` gives for the anchor of an array formula or data table its range (``"B2:B9"``); its other cells
    are in ``array_members`` and have no formula of their own. ``names`` are the workbook's defined names that
    are one cell or one range (``"'1 Bol niveau 1'!C8:D9"``); any other name is in ``name_formulas``. Names that
    hold on one sheet only are in ``local_names``, by sheet and name. ``hidden_rows`` has the rows that aren't shown,
    for each sheet that has any, and ``filtered_rows`` those of them that a filter hides.
    """

    sheets: tuple[Sheet, ...]
    values: dict[Address, CellValue]
    formulas: dict[Address, str]
    arrays: dict[Address, str]
    names: dict[str, str]
    name_formulas: dict[str, str]
    local_names: dict[tuple[str, str], str]
    validations: dict[str, tuple[Validation, ...]]
    unlocked: frozenset[Address]
    date1904: bool
    full_precision: bool
    findings: tuple[Finding, ...]
    array_members: dict[Address, Address] = field(repr=False)
    _styles: Mapping[str, Mapping[Address, int]] = field(repr=False)
    _formats: tuple[str | int, ...] = field(repr=False)
    tables: tuple[Table, ...] = ()
    hidden_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    filtered_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def number_format(self, address: Address) -> str:
        """The number format code of a cell, ``General`` where the file gives none."""
        index = self._styles.get(address.sheet, {}).get(address, 0)
        code = self._formats[index] if index < len(self._formats) else 0
        if isinstance(code, str):
            return code
        from openpyxl.styles.numbers import BUILTIN_FORMATS  # slow to import, and seldom needed

        return BUILTIN_FORMATS.get(code, "General")

    @property
    def formula_cells(self) -> frozenset[Address]:
        """Every cell whose value is computed: formulas, and the members of array formulas and data tables."""
        return frozenset(self.formulas) | frozenset(self.array_members)


def formula_fingerprint(workbook: Workbook) -> str:
    """``"sha256:…"`` over the sorted (address, formula) pairs: no inputs, no caches, no layout."""
    sheets = {sheet: quote_sheet(sheet) for sheet, _ in workbook.formulas}
    lines = [f"{sheets[sheet]}!{cell}\t{formula}\n" for (sheet, cell), formula in sorted(workbook.formulas.items())]
    return f"sha256:{hashlib.sha256(''.join(lines).encode()).hexdigest()}"


def read_workbook(data: bytes, parts: Mapping[str, Part] | None = None) -> Workbook:
    """Read an .xlsx file from memory; ``parts`` are those that the guard has inflated already, by their names.

    Raises RekentoolError when the bytes aren't a readable workbook (RK190; RK600 for a damaged zip); everything
    smaller that isn't understood stands in ``findings`` of the result (RK191–RK195).
    """
    return _Reading(Package(data), parts or {}).workbook()


class _Reading:
    """The state of one reading: the zip and what has been collected so far."""

    def __init__(self, package: Package, parts: Mapping[str, Part]) -> None:
        self.package = package
        self.parts = parts
        self.values: dict[Address, CellValue] = {}
        self.formulas: dict[Address, str] = {}
        self.arrays: dict[Address, str] = {}
        self.members: dict[Address, Address] = {}
        self.styles: dict[str, Mapping[Address, int]] = {}
        self.unlocked: list[frozenset[Address]] = []
        self.findings: list[Finding] = []
        self.tables: list[Table] = []
        self.hidden_rows: dict[str, frozenset[int]] = {}
        self.filtered_rows: dict[str, frozenset[int]] = {}
        self.array_cells = 0

    def workbook(self) -> Workbook:
        path = next((target for kind, target in self._relations("").values() if kind.endswith("/officeDocument")), None)
        if path is None:
            raise refuse("RK190", reden="geen werkboek in het bestand")
        book = read_book(path, self._part(path).data)
        related = self._relations(path)
        texts = self._related(related, "/sharedStrings")
        strings = [] if texts is None else read_strings(*texts)
        about = self._related(related, "/styles")
        formats, open_styles = ((), frozenset[int]()) if about is None else read_styles(*about)

        sheets: list[Sheet] = []
        validations: dict[str, tuple[Validation, ...]] = {}
        for listed in book.sheets:
            if listed.relation not in related:
                raise refuse("RK190", place=listed.name, reden="het werkblad ontbreekt in het bestand")
            kind, target = related[listed.relation]
            if not kind.endswith(_WORKSHEET):
                self.findings.append(finding("RK195", place=listed.name, soort=kind.rpartition("/")[2]))
                continue
            sheet, values, findings = read_sheet(
                listed.name, target, self._part(target), strings, date1904=book.date1904)
            self._take(sheet, values, findings)
            self.unlocked.append(sheet.unlocked(open_styles))
            self._note_rows(listed, sheet, self._read_tables(listed.name, target))
            validations[listed.name] = sheet.validations
            sheets.append(Sheet(listed.name, listed.state, sheet.protected))

        return Workbook(
            sheets=tuple(sheets), values=self.values, formulas=self.formulas, arrays=self.arrays,
            names=dict(book.names), name_formulas=dict(book.name_formulas), local_names=dict(book.local_names),
            validations=validations, unlocked=frozenset().union(*self.unlocked), date1904=book.date1904,
            full_precision=book.full_precision, findings=(*self.findings, *book.findings),
            array_members=self.members, _styles=self.styles, _formats=formats, tables=tuple(self.tables),
            hidden_rows=self.hidden_rows, filtered_rows=self.filtered_rows,
        )

    def _take(self, sheet: SheetPart, values: Mapping[Address, CellValue], findings: list[Finding]) -> None:
        """Add a sheet to the workbook."""
        form = sheet.form
        self.array_cells += form.array_cells
        if self.array_cells > MAX_ARRAY_CELLS:
            raise too_many_array_cells(form.sheet)
        self.styles[form.sheet] = form.styles
        self.formulas.update(form.formulas)
        self.arrays.update(form.arrays)
        self.members.update(form.members)
        self.values.update(values)
        self.findings += findings

    def _note_rows(self, listed: Listed, sheet: SheetPart, filters: list[Corners]) -> None:
        """Note the rows that aren't shown, and which of them one of the filters hides: those of the tables, which are
        given, and the sheet's own."""
        if not sheet.hidden_rows:
            return
        if sheet.filter is not None:
            filters.append(sheet.filter)
        elif sheet.filtered:
            # An advanced filter leaves this flag and a name; without the name nothing says that its area ends anywhere.
            last = listed.filter
            filters.append((1, 1, MAX_COLUMN, MAX_ROW) if last is None else below_heading(last))
        self.hidden_rows[listed.name] = sheet.hidden_rows
        self.filtered_rows[listed.name] = frozenset(
            row for row in sheet.hidden_rows if any(top <= row <= bottom for _, top, _, bottom in filters))

    # -- parts ---------------------------------------------------------------------------------------------------

    def _read_tables(self, sheet: str, path: str) -> list[Corners]:
        """Note the sheet's tables; gives the areas of their filters that are in use."""
        filters = []
        for kind, target in self._relations(path).values():
            if not kind.endswith("/table") or self.package.find(target) is None:
                continue
            root = parse_part(target, self._part(target).data)
            table, area = table_of(root, sheet), filtered_area(root)
            if table is not None:
                self.tables.append(table)
            if area is not None:
                filters.append(area)
        return filters

    def _part(self, path: str) -> Part:
        member = self.package.find(path)
        if member is None:
            raise refuse("RK190", place=path, reden="het onderdeel ontbreekt")
        return self.parts.get(member) or Part(self.package.read(member))

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (type, path in the zip) of one part; empty when the part has no relations."""
        path = relations_of(part)
        return {} if self.package.find(path) is None else read_relations(part, self._part(path).data)

    def _related(self, related: dict[str, tuple[str, str]], kind: str) -> tuple[str, bytes] | None:
        """The path and the bytes of the first part of this kind; None without one."""
        path = next((target for name, target in related.values() if name.endswith(kind)), None)
        return None if path is None else (path, self._part(path).data)
