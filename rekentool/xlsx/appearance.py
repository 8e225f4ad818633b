"""How a workbook looks: cell formats, widths and heights, what is hidden, conditional formats, view and print settings.

Facts are resolved and written in one way, so that a workbook that another program has saved again gives the same ones.
What programs change of themselves is left out or made coarse: Excel, LibreOffice and openpyxl agree on what is here,
but for the view settings, which LibreOffice drops when it converts without a window (see `Appearance.without_view`).
Protection stands in `protection`. Source: ECMA-376 part 1, 18.3 (worksheets).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from rekentool.messages import RekentoolError, refuse
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, a1, split_a1
from rekentool.xlsx.cellformat import OFFICE_THEME, CellFormat, Styles, read_styles, theme_colours
from rekentool.xlsx.elements import flag, integer, namespace
from rekentool.xlsx.package import Package
from rekentool.xlsx.workbookxml import Relationship, WorkbookXml, relationships

#: Left, top, right, bottom; from 1, both ends included.
Box = tuple[int, int, int, int]
#: Margins in inches that are rounded to this many digits; the distance of headers is what LibreOffice makes of it.
_MARGIN_DIGITS = 2
_MARGINS = {"left": "links", "right": "rechts", "top": "boven", "bottom": "onder"}


@dataclass(frozen=True, slots=True)
class ConditionalFormat:
    """One rule: where it holds, its condition (formulas as the file has them, seen from the first cell), its look."""

    boxes: tuple[Box, ...]
    kind: str
    formulas: tuple[str, ...]
    look: str
    stops: bool


@dataclass(frozen=True)
class SheetLook:
    """One sheet. Cells and columns are numbered from 1; ``cells`` has the style of every cell that the file names.

    ``widths`` (characters) and ``heights`` (points) are those that somebody has set. ``frozen`` is the cell under and
    right of the frozen panes, or empty. ``printing`` has facts by their Dutch names, only those that aren't standard.
    """

    cells: Mapping[tuple[int, int], int]
    row_styles: Mapping[int, int]
    column_styles: Mapping[int, int]
    widths: Mapping[int, float]
    heights: Mapping[int, float]
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    merged: tuple[Box, ...]
    conditional: tuple[ConditionalFormat, ...]
    frozen: str
    gridlines: bool
    tab: str
    printing: Mapping[str, str]
    charts: int

    def style(self, column: int, row: int) -> int:
        """The number of a cell's style: its own, else that of its row, else that of its column."""
        own = self.cells.get((column, row))
        if own is not None:
            return own
        return self.row_styles.get(row, self.column_styles.get(column, 0))

    @property
    def plain_view(self) -> bool:
        """Whether nothing is set of what belongs to the window."""
        return not self.frozen and self.gridlines and not self.tab


@dataclass(frozen=True)
class Appearance:
    """A workbook's sheets by name, its styles, and the program that says to have saved it ("" when none does)."""

    sheets: Mapping[str, SheetLook]
    styles: Styles
    program: str

    def format(self, sheet: str, column: int, row: int) -> CellFormat:
        """The look of a cell."""
        return self.styles.cell(self.sheets[sheet].style(column, row))

    @property
    def without_view(self) -> bool:
        """Whether the file is one that LibreOffice has converted without a window: frozen panes, grid lines and the
        colours of tabs are gone from every sheet, and nobody has chosen that."""
        return self.program.startswith("LibreOffice") and all(look.plain_view for look in self.sheets.values())


def read_appearance(data: bytes) -> Appearance:
    """Read it from an .xlsx file in memory; sheets that are no worksheets are left out.

    RekentoolError when the bytes aren't a readable workbook (RK190, RK600–RK603).
    """
    package = Package(data)
    book = WorkbookXml(package)
    related = relationships(package, book.part)
    styles = _styles(package, related)
    printed = _print_names(package, book)
    sheets: dict[str, SheetLook] = {}
    for number, name in enumerate(book.sheet_names):
        try:
            part = book.sheet_part(name)
        except RekentoolError:
            continue  # no worksheet: the reader mentions it (RK195)
        sheets[name] = _sheet(_parse(package, part), styles, printed.get(number, {}), _charts(package, part))
    return Appearance(sheets, styles, _program(package))


# -- parts of the file -----------------------------------------------------------------------------------------------


def _parse(package: Package, part: str) -> etree._Element:
    # No entities, no network, no DTD: the file comes from somebody else.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        return etree.fromstring(package.read(part), parser)
    except etree.XMLSyntaxError as problem:
        raise refuse("RK190", place=part, reden=f"geen geldige XML: {problem.msg}") from problem


def _styles(package: Package, related: Iterable[Relationship]) -> Styles:
    parts = {relation.kind: relation.target for relation in related if relation.target}
    theme = theme_colours(_parse(package, parts["theme"])) if "theme" in parts else OFFICE_THEME
    return read_styles(_parse(package, parts["styles"]), theme) if "styles" in parts else Styles()


def _program(package: Package) -> str:
    for relation in relationships(package, ""):
        if relation.kind == "extended-properties" and relation.target:
            root = _parse(package, relation.target)
            return str(root.findtext(f"{namespace(root)}Application") or "")
    return ""


def _print_names(package: Package, book: WorkbookXml) -> dict[int, dict[str, str]]:
    """Print areas and titles by the number of their sheet."""
    root = _parse(package, book.part)
    space = namespace(root)
    words = {"_xlnm.Print_Area": "afdrukbereik", "_xlnm.Print_Titles": "titels op elke pagina"}
    found: dict[int, dict[str, str]] = {}
    for element in root.iterfind(f"{space}definedNames/{space}definedName"):
        word = words.get(element.get("name", ""))
        if word is not None and element.get("localSheetId") is not None:
            parts = sorted(part.rpartition("!")[2].replace("$", "") for part in (element.text or "").split(","))
            found.setdefault(integer(element, "localSheetId", 0), {})[word] = ", ".join(parts)
    return found


def _charts(package: Package, part: str) -> int:
    """How many charts stand on the sheet."""
    drawings = [one.target for one in relationships(package, part) if one.kind == "drawing" and one.target]
    return sum(one.kind == "chart" for drawing in drawings for one in relationships(package, drawing))


# -- a sheet ---------------------------------------------------------------------------------------------------------


def _sheet(root: etree._Element, styles: Styles, printed: Mapping[str, str], charts: int) -> SheetLook:
    space = namespace(root)
    cells: dict[tuple[int, int], int] = {}
    row_styles: dict[int, int] = {}
    heights: dict[int, float] = {}
    hidden_rows: set[int] = set()
    number = 0
    for row in root.iterfind(f"{space}sheetData/{space}row"):
        number = integer(row, "r", number + 1)
        if flag(row.get("customFormat")):
            row_styles[number] = integer(row, "s", 0)
        if flag(row.get("customHeight")) and row.get("ht"):
            heights[number] = _float(row.get("ht", "0"))
        if flag(row.get("hidden")):
            hidden_rows.add(number)
        column = 0
        for cell in row.iterfind(f"{space}c"):
            reference = cell.get("r")
            column = column + 1 if reference is None else _corner(reference)[0]
            style = cell.get("s", "0")
            cells[column, number] = int(style) if style.isdecimal() else 0
    column_styles, widths, hidden_columns = _columns(root, space)
    view = root.find(f"{space}sheetViews/{space}sheetView")
    tab = root.find(f"{space}sheetPr/{space}tabColor")
    merged = (_box(item.get("ref", "")) for item in root.iterfind(f"{space}mergeCells/{space}mergeCell"))
    return SheetLook(
        cells=cells,
        row_styles=row_styles,
        column_styles=column_styles,
        widths=widths,
        heights=heights,
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        merged=tuple(sorted(box for box in merged if box)),
        conditional=tuple(_conditional(root, space, styles)),
        frozen=_frozen(view, space),
        gridlines=view is None or flag(view.get("showGridLines", "1")),
        tab="" if tab is None else (tab.get("rgb") or "")[-6:] or f"thema {tab.get('theme', '')}".strip(),
        printing={**printed, **_printing(root, space)},
        charts=charts,
    )


def _columns(root: etree._Element, space: str) -> tuple[dict[int, int], dict[int, float], set[int]]:
    """Styles, widths that somebody has set, and hidden columns; the endless rest of a sheet is left out."""
    column_styles: dict[int, int] = {}
    widths: dict[int, float] = {}
    hidden: set[int] = set()
    for element in root.iterfind(f"{space}cols/{space}col"):
        first, last = integer(element, "min", 1), integer(element, "max", 1)
        if last >= MAX_COLUMN:
            last = first
        for column in range(first, min(last, MAX_COLUMN) + 1):
            if element.get("style", "0") != "0":
                column_styles[column] = integer(element, "style", 0)
            if flag(element.get("customWidth")) and element.get("width"):
                widths[column] = _float(element.get("width", "0"))
            if flag(element.get("hidden")):
                hidden.add(column)
    return column_styles, widths, hidden


def _frozen(view: etree._Element | None, space: str) -> str:
    pane = None if view is None else view.find(f"{space}pane")
    if pane is None or not pane.get("state", "").startswith("frozen"):
        return ""
    across, down = (int(_float(pane.get(side, "0"))) for side in ("xSplit", "ySplit"))
    return a1(across + 1, down + 1) if (across or down) and across < MAX_COLUMN and down < MAX_ROW else ""


def _conditional(root: etree._Element, space: str, styles: Styles) -> Iterable[ConditionalFormat]:
    """The rules in their order of priority."""
    found: list[tuple[int, ConditionalFormat]] = []
    for element in root.iterfind(f"{space}conditionalFormatting"):
        boxes = tuple(box for text in element.get("sqref", "").split() if (box := _box(text)))
        for rule in element.iterfind(f"{space}cfRule"):
            kind = rule.get("type", "")
            words = [kind, *(rule.get(name, "") for name in _RULE_WORDS.get(kind, ()))]
            formulas = tuple(formula.text or "" for formula in rule.iterfind(f"{space}formula"))
            scale = [part for part in rule if etree.QName(part).localname in ("colorScale", "dataBar", "iconSet")]
            points = [
                f"{one.get('type', '')} {one.get('val', '')}" for part in scale for one in part.iter(f"{space}cfvo")
            ]
            dxf = rule.get("dxfId")
            look = styles.difference(int(dxf)) if dxf is not None and dxf.isdecimal() else ""
            kind_words = " ".join([word for word in words if word] + points)
            stops = flag(rule.get("stopIfTrue"))
            found.append((integer(rule, "priority", 0), ConditionalFormat(boxes, kind_words, formulas, look, stops)))
    return [rule for _, rule in sorted(found, key=lambda one: one[0])]


#: The attributes in which rules of one kind differ.
_RULE_WORDS = {
    "cellIs": ("operator",),
    "containsText": ("operator", "text"),
    "notContainsText": ("operator", "text"),
    "beginsWith": ("operator", "text"),
    "endsWith": ("operator", "text"),
    "timePeriod": ("timePeriod",),
    "top10": ("rank", "percent", "bottom"),
    "aboveAverage": ("aboveAverage", "equalAverage", "stdDev"),
}


def _printing(root: etree._Element, space: str) -> dict[str, str]:
    """The print settings that aren't standard, by their Dutch names."""
    facts: dict[str, str] = {}
    setup = root.find(f"{space}pageSetup")
    fits = root.find(f"{space}sheetPr/{space}pageSetUpPr")
    if setup is not None:
        facts["stand"] = "liggend" if setup.get("orientation") == "landscape" else "staand"
        facts["papier"] = {"9": "A4", "8": "A3", "1": "Letter"}.get(
            setup.get("paperSize", ""), setup.get("paperSize", "")
        )
        if fits is not None and flag(fits.get("fitToPage")):
            wide, high = (setup.get(name, "1") for name in ("fitToWidth", "fitToHeight"))
            facts["passend op"] = f"{wide} pagina's breed" + ("" if high == "0" else f", {high} hoog")
        elif setup.get("scale", "100") != "100":
            facts["schaal"] = f"{setup.get('scale')} %"
    margins = root.find(f"{space}pageMargins")
    if margins is not None:
        inches = (
            f"{word} {round(_float(margins.get(side, '0')), _MARGIN_DIGITS):g}" for side, word in _MARGINS.items()
        )
        facts["marges (inch)"] = ", ".join(inches)
    options = root.find(f"{space}printOptions")
    for name, word in (
        ("gridLines", "rasterlijnen afdrukken"),
        ("headings", "koppen afdrukken"),
        ("horizontalCentered", "horizontaal gecentreerd"),
        ("verticalCentered", "verticaal gecentreerd"),
    ):
        if options is not None and flag(options.get(name)):
            facts[word] = "ja"
    texts = root.find(f"{space}headerFooter")
    for name, word in (("oddHeader", "koptekst"), ("oddFooter", "voettekst")):
        text = "" if texts is None else texts.findtext(f"{space}{name}") or ""
        if text.strip():
            facts[word] = " ".join(text.split())
    return {word: fact for word, fact in facts.items() if fact}


def _corner(reference: str) -> tuple[int, int]:
    try:
        return split_a1(reference)
    except ValueError as problem:
        raise refuse("RK190", place=reference, reden=str(problem)) from problem


def _box(text: str) -> Box | None:
    """``"B2:D9"``; None for what is no range, which no program can apply."""
    first, _, last = text.partition(":")
    try:
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
    except ValueError:
        return None
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
