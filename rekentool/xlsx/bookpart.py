"""The parts that say what a workbook is made of: its own, its relations, its styles and its shared texts.

Workbooks made from one template have the same ones, to the byte: of a few the reading is remembered.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, cast

from lxml import etree

from rekentool.messages import Finding, finding, refuse
from rekentool.xlsx.cell import quote_sheet, split_a1, split_address
from rekentool.xlsx.elements import flag, integer, namespace, parse_part, rich_text
from rekentool.xlsx.sheettable import Corners, corners_of

SheetState = Literal["visible", "hidden", "veryHidden"]

_AREA = re.compile(r"(?:'(?:[^']|'')+'|[^'!,]+)![$A-Za-z0-9]+(?::[$A-Za-z0-9]+)?")


@dataclass(frozen=True, slots=True)
class Listed:
    """A sheet in the workbook's list; ``relation`` leads to its part. ``filter`` is the area of the last filter on it,
    which Excel keeps in a name of its own."""

    name: str
    relation: str
    state: SheetState
    filter: Corners | None


@dataclass(frozen=True, slots=True)
class BookPart:
    """The workbook's own part. The names are as in `reader.Workbook`."""

    sheets: tuple[Listed, ...]
    names: dict[str, str]
    name_formulas: dict[str, str]
    local_names: dict[tuple[str, str], str]
    date1904: bool
    full_precision: bool
    findings: tuple[Finding, ...]


@lru_cache(8)
def read_book(path: str, data: bytes) -> BookPart:
    """The workbook's own part; RK190 when it can't be read. Names that aren't one area are findings (RK193, RK194)."""
    root = parse_part(path, data)
    space = namespace(root)
    properties, calculation = root.find(f"{space}workbookPr"), root.find(f"{space}calcPr")
    filters = _filters(root)
    sheets = tuple(
        Listed(
            element.get("name", ""),
            next((str(value) for key, value in element.items() if str(key).endswith("}id")), ""),
            cast(SheetState, element.get("state", "visible")),
            filters.get(str(number)),
        )
        for number, element in enumerate(root.iterfind(f"{space}sheets/{space}sheet"))
    )
    names, name_formulas, local_names, findings = _defined_names(root, [sheet.name for sheet in sheets])
    return BookPart(
        sheets=sheets, names=names, name_formulas=name_formulas, local_names=local_names,
        date1904=properties is not None and flag(properties.get("date1904")),
        full_precision=calculation is None or flag(calculation.get("fullPrecision", "1")),
        findings=findings,
    )  # fmt: skip


@lru_cache(64)
def read_relations(part: str, data: bytes) -> dict[str, tuple[str, str]]:
    """Relation id → (type, path in the zip) of a part, given the part with its relations; not those to outside."""
    found = {}
    for element in parse_part(relations_of(part), data):
        if element.get("TargetMode") == "External":
            continue
        folder = posixpath.dirname(part)
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/")
        found[element.get("Id", "")] = (element.get("Type", ""), target)
    return found


def relations_of(part: str) -> str:
    """The path of the part that has the relations of this one."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


@lru_cache(4)
def read_strings(path: str, data: bytes) -> list[str]:
    """The shared texts."""
    root = parse_part(path, data)
    return [rich_text(item, namespace(root)) for item in root]


@lru_cache(8)
def read_styles(path: str, data: bytes) -> tuple[tuple[str | int, ...], frozenset[int]]:
    """Number format per cell style (the number of one that every file knows), and the styles that unlock a cell."""
    root = parse_part(path, data)
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


def _filters(root: etree._Element) -> dict[str, Corners | None]:
    """By the sheet's number in the list the area of the last filter on it."""
    space = namespace(root)
    found: dict[str, Corners | None] = {}
    for element in root.iterfind(f"{space}definedNames/{space}definedName"):
        if element.get("name") == "_xlnm._FilterDatabase":
            found.setdefault(element.get("localSheetId", ""), corners_of((element.text or "").rpartition("!")[2]))
    return found


def _defined_names(
    root: etree._Element, order: list[str]
) -> tuple[dict[str, str], dict[str, str], dict[tuple[str, str], str], tuple[Finding, ...]]:
    space = namespace(root)
    areas: dict[str, str] = {}
    others: dict[str, str] = {}
    local: dict[tuple[str, str], str] = {}
    findings: list[Finding] = []
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
            findings.append(finding("RK194" if "#REF!" in text else "RK193", place=name, tekst=text))
        elif split_address(area)[0] not in order:
            others[name] = text
            findings.append(finding("RK194", place=name, tekst=text))
        else:
            areas[name] = area
    return areas, others, local, tuple(findings)


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
