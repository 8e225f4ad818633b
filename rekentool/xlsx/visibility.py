"""What a workbook holds but doesn't show: hidden sheets, rows and columns, white text, numbers formatted away.

Allowed, and listed: whoever judges a filled rekentool must know that there is more than the screen shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import MAX_COLUMN, column_letters
from rekentool.xlsx.membername import shown
from rekentool.xlsx.package import Package
from rekentool.xlsx.partscan import PartScan, Spans
from rekentool.xlsx.partxml import elements
from rekentool.xlsx.workbookxml import WorkbookXml

_WHITE_RGB = ("FFFFFFFF", "00FFFFFF", "FFFFFF")
_WHITE_INDEX = ("1", "9")
_CONTAINERS = frozenset({"numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"})


def invisible_styles(facts: Iterable[tuple[str, dict[str, str]]]) -> frozenset[str]:
    """The cell styles (numbers in ``cellXfs``) with white text on no or white fill, or a format that shows nothing.

    ``facts`` are those of the styles part. Conditional formats may still colour such a cell: hence a warning, no more.
    """
    container, font, fill, style = "", -1, -1, -1
    white_fonts: set[int] = set()
    seen_fills: set[int] = set()
    empty_formats: set[str] = set()
    styles: set[str] = set()
    for name, values in facts:
        if name in _CONTAINERS:
            container = name
        elif name == "numFmt" and container == "numFmts":
            code = values.get("formatCode", "")
            if ";" in code and not code.strip('; "'):
                empty_formats.add(values.get("numFmtId", ""))
        elif container == "fonts":
            font += name == "font"
            if name == "color" and _is_white(values):
                white_fonts.add(font)
        elif container == "fills":
            fill += name == "fill"
            solid = name == "patternFill" and values.get("patternType", "none") != "none"
            if solid or name == "gradientFill":
                seen_fills.add(fill)
            elif name == "fgColor" and _is_white(values):
                seen_fills.discard(fill)
        elif name == "xf" and container == "cellXfs":
            style += 1
            white = _number(values.get("fontId")) in white_fonts and _number(values.get("fillId")) not in seen_fills
            if white or values.get("numFmtId") in empty_formats:
                styles.add(str(style))
    return frozenset(styles)


def hidden_sheets(sheets: Iterable[tuple[str, str]]) -> Iterator[Finding]:
    """RK155 and RK156 for (name, state) pairs."""
    for name, state in sheets:
        if state == "hidden":
            yield finding("RK155", shown(name))
        elif state == "veryHidden":
            yield finding("RK156", shown(name))


def hidden_in_sheet(scan: PartScan, place: str) -> Iterator[Finding]:
    """RK157 for hidden rows and columns, RK158 for cells whose text can't be seen."""
    for what, spans in (("rijen", scan.hidden_rows), ("kolommen", scan.hidden_columns)):
        if spans.count:
            yield finding("RK157", place, wat=what, welke=_ranges(spans, letters=what == "kolommen"))
    if scan.invisible_cells:
        yield finding("RK158", f"{place}!{shown(scan.first_invisible)}", aantal=scan.invisible_cells)


def hidden_names(package: Package) -> frozenset[tuple[str, str]]:
    """The defined names that a workbook hides, as (sheet, name); the sheet is "" for a name of the whole workbook.

    Names that begin with ``_xl`` are Excel's own: filters, print areas, functions that a version didn't know.
    """
    book = WorkbookXml(package)
    names = book.sheet_names
    found = set()
    for element, attributes in elements(package.read(book.part), book.part):
        name, index = attributes.get("name", ""), attributes.get("localSheetId", "")
        if element == "definedName" and attributes.get("hidden") in ("1", "true") and not name.startswith("_xl"):
            scope = names[int(index)] if index.isdecimal() and int(index) < len(names) else ""
            found.add((scope, name))
    return frozenset(found)


def _ranges(spans: Spans, *, letters: bool) -> str:
    def name(number: int) -> str:
        return column_letters(number) if letters and 1 <= number <= MAX_COLUMN else str(number)

    shown_ranges, more = spans.ranges[:5], len(spans.ranges) > 5
    texts = [name(first) if first == last else f"{name(first)}–{name(last)}" for first, last in shown_ranges]
    return ", ".join(texts) + (", …" if more else "") + f" ({spans.count} in totaal)"


def _is_white(color: dict[str, str]) -> bool:
    return (
        color.get("rgb", "").upper() in _WHITE_RGB or color.get("indexed") in _WHITE_INDEX or color.get("theme") == "0"
    )


def _number(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 8 else 0
