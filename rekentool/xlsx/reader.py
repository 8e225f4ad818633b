"""Read a workbook: values, formulas, names, validations, what is unlocked. Nothing is computed or converted.

The parts are parsed here, straight from the zip, and not through openpyxl: it needs two loads for values and
formulas, turns serial numbers into dates, and drops what it doesn't know with a warning on the side. Here every
thing that isn't understood becomes a finding. Source for the parts: ECMA-376 part 1, chapter 18. The zip has been
through ``guard`` before it comes here; the limits on size stand there.
"""

from __future__ import annotations

import hashlib
import math
import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Literal, cast

from lxml import etree

from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.xlsx.cell import (
    MAX_COLUMN,
    MAX_ROW,
    Address,
    CellValue,
    ExcelError,
    a1,
    quote_sheet,
    split_a1,
    split_address,
)
from rekentool.xlsx.cellscan import CellText, scan, walk
from rekentool.xlsx.dates import date_serial
from rekentool.xlsx.elements import flag, integer, namespace, rich_text, unescape
from rekentool.xlsx.package import Package
from rekentool.xlsx.sheetrows import hidden_rows
from rekentool.xlsx.sheettable import Corners, Table, below_heading, corners_of, filtered_area, table_of

SheetState = Literal["visible", "hidden", "veryHidden"]

#: Cells that the array formulas of a workbook may fill together: a few bytes of a file can claim a whole sheet.
MAX_ARRAY_CELLS = 200_000

_AREA = re.compile(r"(?:'(?:[^']|'')+'|[^'!,]+)![$A-Za-z0-9]+(?::[$A-Za-z0-9]+)?")
_WORKSHEET = "/worksheet"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet: its name, whether the user sees it, and whether its locked cells are protected."""

    name: str
    state: SheetState
    protected: bool


@dataclass(frozen=True, slots=True)
class Validation:
    """One data validation; ``ranges`` are A1 references on the sheet, the formulas are as the file has them.

    It stops a wrong entry only when it ``shows_error`` in the ``error_style`` "stop"; other styles are "warning" and
    "information".
    """

    ranges: tuple[str, ...]
    type: str
    operator: str
    formula1: str
    formula2: str
    allow_blank: bool
    shows_error: bool
    error_style: str = "stop"


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
    _styles: dict[Address, int] = field(repr=False)
    _formats: tuple[str | int, ...] = field(repr=False)
    tables: tuple[Table, ...] = ()
    hidden_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)
    filtered_rows: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def number_format(self, address: Address) -> str:
        """The number format code of a cell, ``General`` where the file gives none."""
        index = self._styles.get(address, 0)
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
    digest = hashlib.sha256()
    for address, formula in sorted(workbook.formulas.items()):
        digest.update(f"{address}\t{formula}\n".encode())
    return f"sha256:{digest.hexdigest()}"


def read_workbook(data: bytes) -> Workbook:
    """Read an .xlsx file from memory.

    Raises RekentoolError when the bytes aren't a readable workbook (RK190; RK600 for a damaged zip); everything
    smaller that isn't understood stands in ``findings`` of the result (RK191–RK195).
    """
    return _Reading(Package(data)).workbook()


#: The addresses of sheets that were read before, in this process: in files made from one workbook they are the same,
#: and a dictionary finds the very same object sooner than an equal one.
_addresses: dict[str, dict[str, Address]] = {}
#: Sheets and addresses that are remembered; with more of them the next sheet starts anew.
_MOST_SHEETS, _MOST_ADDRESSES = 200, 200_000


def _known_addresses(sheet: str) -> dict[str, Address]:
    """The addresses of the sheet with this name, by reference."""
    if len(_addresses) > _MOST_SHEETS or sum(map(len, _addresses.values())) > _MOST_ADDRESSES:
        _addresses.clear()
    return _addresses.setdefault(sheet, {})


class _Reading:
    """The state of one reading: the zip and what has been collected so far."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.values: dict[Address, CellValue] = {}
        self.formulas: dict[Address, str] = {}
        self.arrays: dict[Address, str] = {}
        self.members: dict[Address, Address] = {}
        self.styles: dict[Address, int] = {}
        self.unlocked: set[Address] = set()
        self.validations: dict[str, tuple[Validation, ...]] = {}
        self.findings: list[Finding] = []
        self.date1904 = False
        self.array_budget = MAX_ARRAY_CELLS
        self.tables: list[Table] = []
        self.hidden_rows: dict[str, frozenset[int]] = {}
        self.filtered_rows: dict[str, frozenset[int]] = {}

    def workbook(self) -> Workbook:
        path = next((target for kind, target in self._relations("").values() if kind.endswith("/officeDocument")), None)
        if path is None:
            raise refuse("RK190", reden="geen werkboek in het bestand")
        root = self._parse(path)
        space = namespace(root)
        related = self._relations(path)
        properties = root.find(f"{space}workbookPr")
        self.date1904 = properties is not None and flag(properties.get("date1904"))
        calculation = root.find(f"{space}calcPr")
        texts = self._shared_strings(related)
        formats, open_styles = self._cell_formats(related)

        sheets: list[Sheet] = []
        order: list[str] = []
        for element in root.iterfind(f"{space}sheets/{space}sheet"):
            name = element.get("name", "")
            order.append(name)
            identity = next((value for key, value in element.items() if str(key).endswith("}id")), "")
            if identity not in related:
                raise refuse("RK190", place=name, reden="het werkblad ontbreekt in het bestand")
            kind, target = related[identity]
            if not kind.endswith(_WORKSHEET):
                self.findings.append(finding("RK195", place=name, soort=kind.rpartition("/")[2]))
                continue
            sheet, cells, hidden = self._sheet(name, target)
            self._read_cells(name, cells, texts, open_styles)
            self._read_validations(name, sheet)
            filters = self._read_tables(name, target)
            if hidden:
                self.hidden_rows[name] = hidden
                filters += _sheet_filters(sheet, _last_filter(root, len(order) - 1))
                self.filtered_rows[name] = frozenset(
                    row for row in hidden if any(top <= row <= bottom for _, top, _, bottom in filters))
            protection = sheet.find(f"{namespace(sheet)}sheetProtection")
            protected = protection is not None and flag(protection.get("sheet"))
            sheets.append(Sheet(name, cast(SheetState, element.get("state", "visible")), protected))

        names, name_formulas, local_names = self._defined_names(root, order)
        return Workbook(
            sheets=tuple(sheets), values=self.values, formulas=self.formulas, arrays=self.arrays,
            names=names, name_formulas=name_formulas, local_names=local_names, validations=self.validations,
            unlocked=frozenset(self.unlocked), date1904=self.date1904,
            full_precision=calculation is None or flag(calculation.get("fullPrecision", "1")),
            findings=tuple(self.findings), array_members=self.members, _styles=self.styles, _formats=formats,
            tables=tuple(self.tables), hidden_rows=self.hidden_rows, filtered_rows=self.filtered_rows,
        )

    # -- parts ---------------------------------------------------------------------------------------------------

    def _sheet(self, name: str, path: str) -> tuple[etree._Element, Iterable[CellText], frozenset[int]]:
        """A sheet part's tree, perhaps without its cells, the cells, and the rows that aren't shown."""
        member = self.package.find(path)
        data = b"" if member is None else self.package.read(member)
        scanned = None if member is None else scan(data)
        if scanned is not None:
            root = self._tree(path, scanned[0])
            if root.find(f"{namespace(root)}sheetData") is not None:
                return root, scanned[1], hidden_rows(data)
        root = self._parse(path)
        return root, walk(name, root), hidden_rows(root)

    def _read_tables(self, sheet: str, path: str) -> list[Corners]:
        """Note the sheet's tables; gives the areas of their filters that are in use."""
        filters = []
        for kind, target in self._relations(path).values():
            if not kind.endswith("/table") or self.package.find(target) is None:
                continue
            root = self._parse(target)
            table, area = table_of(root, sheet), filtered_area(root)
            if table is not None:
                self.tables.append(table)
            if area is not None:
                filters.append(area)
        return filters

    def _parse(self, path: str) -> etree._Element:
        member = self.package.find(path)
        if member is None:
            raise refuse("RK190", place=path, reden="het onderdeel ontbreekt")
        return self._tree(path, self.package.read(member))

    def _tree(self, path: str, data: bytes) -> etree._Element:
        # No entities, no network, no DTD: the file comes from somebody else.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                                 remove_pis=True)
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as problem:
            raise refuse("RK190", place=path, reden=f"geen geldige XML: {problem.msg}") from problem
        if root.getroottree().docinfo.internalDTD is not None:
            raise refuse("RK190", place=path, reden="het onderdeel bevat een DOCTYPE")
        return root

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (type, path in the zip) of one part; empty when the part has no relations."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.package.find(path) is None:
            return {}
        found = {}
        for element in self._parse(path):
            if element.get("TargetMode") == "External":
                continue
            target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
            found[element.get("Id", "")] = (element.get("Type", ""), target)
        return found

    def _related_part(self, related: dict[str, tuple[str, str]], kind: str) -> etree._Element | None:
        path = next((target for name, target in related.values() if name.endswith(kind)), None)
        return None if path is None else self._parse(path)

    def _shared_strings(self, related: dict[str, tuple[str, str]]) -> list[str]:
        root = self._related_part(related, "/sharedStrings")
        return [] if root is None else [rich_text(item, namespace(root)) for item in root]

    def _cell_formats(self, related: dict[str, tuple[str, str]]) -> tuple[tuple[str | int, ...], frozenset[int]]:
        """Number format per cell style (the number of one that every file knows), and the styles that unlock a cell."""
        root = self._related_part(related, "/styles")
        if root is None:
            return (), frozenset()
        space = namespace(root)
        codes = {integer(item, "numFmtId", 0): item.get("formatCode", "General")
                 for item in root.iterfind(f"{space}numFmts/{space}numFmt")}
        formats: list[str | int] = []
        unlocked: set[int] = set()
        for index, style in enumerate(root.iterfind(f"{space}cellXfs/{space}xf")):
            number = integer(style, "numFmtId", 0)
            formats.append(codes.get(number) or number)
            protection = style.find(f"{space}protection")
            if protection is not None and not flag(protection.get("locked", "1")):
                unlocked.add(index)
        return tuple(formats), frozenset(unlocked)

    # -- cells ---------------------------------------------------------------------------------------------------

    def _read_cells(
        self, sheet: str, cells: Iterable[CellText], texts: list[str], open_styles: frozenset[int]
    ) -> None:
        masters: dict[str, tuple[str, str]] = {}
        arrays: list[tuple[Address, str]] = []
        followers: list[tuple[Address, str]] = []
        values, styles = self.values, self.styles
        known = _known_addresses(sheet)
        for reference, style, kind, attributes, formula, text, inline in cells:
            address = known.get(reference)
            if address is None:
                address = known[reference] = Address(sheet, reference)
            if address in styles:
                self.findings.append(finding("RK191", place=str(address), wat="de cel staat twee keer in het bestand"))
                continue
            styles[address] = style
            if style in open_styles:
                self.unlocked.add(address)
            if attributes is not None:
                self._read_formula(address, attributes, unescape(formula), masters, arrays, followers)
            if text is None and kind != "inlineStr" and kind != "str":
                continue
            value = self._value(address, kind, text, texts, inline)
            if value is not None:
                values[address] = value
        if len(known) > _MOST_ADDRESSES:
            _addresses.pop(sheet, None)
        for address, group in followers:
            self._expand(address, masters.get(group))
        for anchor, reference in arrays:
            self._add_array(anchor, reference)

    def _read_formula(
        self, address: Address, attributes: dict[str, str], text: str, masters: dict[str, tuple[str, str]],
        arrays: list[tuple[Address, str]], followers: list[tuple[Address, str]],
    ) -> None:
        """``text`` is the formula without its escapes (ST_Formula is an ST_Xstring)."""
        kind, group = attributes.get("t", "normal"), attributes.get("si", "")
        if kind == "shared" and not text:
            followers.append((address, group))
        elif kind == "dataTable":
            inputs = ",".join(filter(None, (attributes.get("r1"), attributes.get("r2"))))
            self.formulas[address] = f"=TABLE({inputs})"
            arrays.append((address, attributes.get("ref", address.cell)))
        elif text:
            self.formulas[address] = f"={text}"
            if kind == "shared":
                masters[group] = (f"={text}", address.cell)
            elif kind == "array":
                arrays.append((address, attributes.get("ref", address.cell)))

    def _value(self, address: Address, kind: str, text: str | None, texts: list[str], inline: str | None) -> CellValue:
        if kind == "inlineStr":
            return inline
        if kind == "str":
            return unescape(text or "")
        if not text:
            return None
        try:
            if kind == "n":
                number = float(text)
                if not math.isfinite(number):
                    raise ValueError(text)
                return number
            if kind == "s":
                return texts[int(text)]
            if kind == "b":
                return flag(text.strip())
            if kind == "e":
                return ExcelError(text.strip())
            if kind == "d":
                return date_serial(datetime.fromisoformat(text.removesuffix("Z")), self.date1904)
        except (ValueError, IndexError, RekentoolError):
            pass  # Falls through to the finding: one odd cell doesn't make the file unreadable.
        self.findings.append(finding("RK191", place=str(address), wat=f"waarde {text!r} van het type {kind!r}"))
        return None

    def _add_array(self, anchor: Address, reference: str) -> None:
        """Note which cells are results of this array formula or data table, also those that the sheet leaves out."""
        self.arrays[anchor] = reference
        first, _, last = reference.partition(":")
        try:
            (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
        except ValueError as problem:
            raise refuse("RK190", place=str(anchor), reden=str(problem)) from problem
        self.array_budget -= (right - left + 1) * (bottom - top + 1)
        if self.array_budget < 0:
            raise refuse("RK190", place=str(anchor), reden=f"matrixformules over meer dan {MAX_ARRAY_CELLS} cellen")
        cells = (Address(anchor.sheet, a1(c, r)) for r in range(top, bottom + 1) for c in range(left, right + 1))
        self.members.update((cell, anchor) for cell in cells if cell != anchor)

    def _expand(self, address: Address, master: tuple[str, str] | None) -> None:
        if master is None:
            self.findings.append(finding("RK192", place=str(address)))
            return
        from openpyxl.formula.translate import Translator, TranslatorError  # slow to import, and seldom needed

        try:
            self.formulas[address] = Translator(master[0], origin=master[1]).translate_formula(address.cell)
        except TranslatorError:
            self.findings.append(finding("RK192", place=str(address)))

    # -- validations and names -----------------------------------------------------------------------------------

    def _read_validations(self, sheet: str, root: etree._Element) -> None:
        """Both kinds: the sheet's own, and those that Excel puts in its extension when they look at another sheet."""
        found = []
        for element in root.iter("{*}dataValidation"):
            parts = {etree.QName(part).localname: "".join(str(text) for text in part.itertext()) for part in element}
            ranges = element.get("sqref") or parts.get("sqref", "")
            found.append(Validation(
                ranges=tuple(ranges.split()),
                type=element.get("type", "none"),
                operator=element.get("operator", "between"),
                formula1=parts.get("formula1", ""),
                formula2=parts.get("formula2", ""),
                allow_blank=flag(element.get("allowBlank")),
                shows_error=flag(element.get("showErrorMessage")),
                error_style=element.get("errorStyle", "stop"),
            ))
        self.validations[sheet] = tuple(found)

    def _defined_names(
        self, root: etree._Element, order: list[str]
    ) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str]]:
        space = namespace(root)
        areas: dict[str, str] = {}
        others: dict[str, str] = {}
        local: dict[tuple[str, str], str] = {}
        for element in root.iterfind(f"{space}definedNames/{space}definedName"):
            name, text = element.get("name", ""), (element.text or "").strip()
            if name.startswith("_xlnm."):
                continue  # Print areas, filters: layout, not names that a formula can use.
            area = _area(text)
            scope = element.get("localSheetId")
            if scope is not None:
                index = integer(element, "localSheetId", 0)
                if index >= len(order):
                    raise refuse("RK190", place=name, reden=f"naam van werkblad {index}, dat er niet is")
                local[order[index], name] = area or text
            elif area is None:
                others[name] = text
                self.findings.append(finding("RK194" if "#REF!" in text else "RK193", place=name, tekst=text))
            elif split_address(area)[0] not in order:
                others[name] = text
                self.findings.append(finding("RK194", place=name, tekst=text))
            else:
                areas[name] = area
        return areas, others, local


def _last_filter(book: etree._Element, index: int) -> Corners | None:
    """The area of the last filter on the sheet with this number, which Excel keeps in a name of its own."""
    space = namespace(book)
    for element in book.iterfind(f"{space}definedNames/{space}definedName"):
        if element.get("name") == "_xlnm._FilterDatabase" and element.get("localSheetId") == str(index):
            return corners_of((element.text or "").rpartition("!")[2])
    return None


def _sheet_filters(sheet: etree._Element, last: Corners | None) -> list[Corners]:
    """The areas that the sheet's own filter hides rows in: its drop-down filter, or else an advanced one."""
    area = filtered_area(sheet)
    if area is not None:
        return [area]
    space = namespace(sheet)
    properties = sheet.find(f"{space}sheetPr")
    if properties is None or not flag(properties.get("filterMode")):
        return []
    # An advanced filter leaves this flag and that name; without the name nothing says that its area ends anywhere.
    return [(1, 1, MAX_COLUMN, MAX_ROW) if last is None else below_heading(last)]


@lru_cache(8192)  # files made from one workbook have the same names
def _area(text: str) -> str | None:
    """``"Invoer!$C$8:$D$9"`` → ``"Invoer!C8:D9"``; None when the text isn't one cell or one range."""
    if _AREA.fullmatch(text) is None:
        return None
    sheet, reference = split_address(text)
    try:
        corners = [split_a1(corner) for corner in reference.split(":")]
    except ValueError:
        return None
    (left, top), (right, bottom) = corners[0], corners[-1]
    if right < left or bottom < top:
        return None
    return f"{quote_sheet(sheet)}!{reference}"
