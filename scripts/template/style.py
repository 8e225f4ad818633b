"""The look of the template: one palette, a few cell styles, page set-up. Quiet on screen, readable on A4."""

from __future__ import annotations

from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

INK = "1F2D3A"
MUTED = "5B6B7A"
HEAD = "23485F"
BAND = "E6EDF2"
TOTAL = "F3F6F8"
INPUT = "FFF6CC"
LINE = "C9D3DB"
GOOD, WARN, BAD = "DDEFE0", "FDEBD0", "F8D7D3"

#: One colour per party, the same in every chart.
PARTY_COLOURS = {
    "mbo_school": "2F6690",
    "sw_bedrijf": "E08E45",
    "gemeente": "4F9D69",
    "werkgever": "8E6C8A",
    "rijk": "B5A642",
    "student": "C8553D",
    "maatschappelijk": "23485F",
}

#: Number formats are stored as US codes; Excel shows them in the language of the reader.
FORMATS = {
    "euro": '[>=0.5]#,##0;[<=-0.5]-#,##0;"–"',  # a residue of 1e-11 is no -0
    "tarief": "#,##0.00",
    "personen": '#,##0.00;-#,##0.00;"–"',
    "geheel": "0",
    "factor": "0.0000",
    "procent": "0.0#%",
    "datum": "dd-mm-yyyy",
    "tekst": "General",
}

#: How a field or kengetal of a kind is shown.
KIND_FORMATS = {
    "percentage": "0.0#%",
    "bedrag": "#,##0.00",
    "getal": "#,##0.####",
    "geheel_getal": "0",
    "datum": "dd-mm-yyyy",
    "tekst": "@",
    "keuze": "General",
    "ja_nee": "General",
}

_thin = Side(style="thin", color=LINE)
UNDERLINE = Border(bottom=_thin)
BOX = Border(left=_thin, right=_thin, top=_thin, bottom=_thin)
TOPLINE = Border(top=Side(style="thin", color=MUTED))

NORMAL = Font(name="Calibri", size=10, color=INK)
BOLD = Font(name="Calibri", size=10, color=INK, bold=True)
SMALL = Font(name="Calibri", size=9, color=MUTED)
LINK = Font(name="Calibri", size=10, color="1B6CA8", underline="single")


def fill(colour: str) -> PatternFill:
    """A solid fill."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def put(
    sheet: Worksheet,
    cell: str,
    value: Any,
    *,
    font: Font = NORMAL,
    number: str | None = None,
    colour: str | None = None,
    border: Border | None = None,
    wrap: bool = False,
    align: str | None = None,
    indent: int = 0,
) -> None:
    """Write one locked cell with its look."""
    target = sheet[cell]
    target.value = value
    target.font = font
    target.alignment = Alignment(horizontal=align, vertical="center", wrap_text=wrap, indent=indent)
    if number:
        target.number_format = number
    if colour:
        target.fill = fill(colour)
    if border:
        target.border = border


def put_input(
    sheet: Worksheet, cell: str, value: Any, *, number: str = "General", align: str | None = None, wrap: bool = False
) -> None:
    """Write one input cell: the input colour, boxed, and the only kind of cell that is not locked."""
    put(sheet, cell, value, number=number, colour=INPUT, border=BOX, align=align, wrap=wrap)
    sheet[cell].protection = Protection(locked=False)


def title(sheet: Worksheet, text: str, subtitle: str, last_column: str) -> None:
    """The sheet's heading in rows 1 and 2."""
    sheet.row_dimensions[1].height = 26
    sheet.row_dimensions[2].height = 16
    for column in range(1, sheet[f"{last_column}1"].column + 1):
        sheet.cell(1, column).fill = fill(HEAD)
    put(sheet, "A1", text, font=Font(name="Calibri", size=16, color="FFFFFF", bold=True), colour=HEAD)
    put(sheet, "A2", subtitle, font=SMALL)


def header(sheet: Worksheet, row: int, labels: list[str], *, start: int = 1, right_from: int | None = None) -> None:
    """A table heading; columns from ``right_from`` on are right-aligned, as their numbers are."""
    for offset, label in enumerate(labels):
        cell = sheet.cell(row, start + offset)
        right = right_from is not None and start + offset >= right_from
        put(
            sheet,
            cell.coordinate,
            label,
            font=BOLD,
            colour=BAND,
            border=UNDERLINE,
            wrap=True,
            align="right" if right else "left",
        )


def align(sheet: Worksheet, cell: str, horizontal: str, *, indent: int = 0, wrap: bool = False) -> None:
    """Change the alignment of a cell that has its look."""
    old = sheet[cell].alignment
    sheet[cell].alignment = Alignment(
        horizontal=horizontal,
        vertical=old.vertical,
        wrap_text=wrap or old.wrap_text,
        indent=indent,
    )


def section(sheet: Worksheet, row: int, text: str, last_column: int) -> None:
    """A section heading across the table."""
    for column in range(1, last_column + 1):
        sheet.cell(row, column).border = Border(bottom=Side(style="medium", color=HEAD))
    put(
        sheet,
        f"A{row}",
        text,
        font=Font(name="Calibri", size=11, color=HEAD, bold=True),
        border=Border(bottom=Side(style="medium", color=HEAD)),
    )
    sheet.row_dimensions[row].height = 20


def fit_height(sheet: Worksheet, row: int, *texts: tuple[str, int]) -> None:
    """Room for wrapped texts: each with the number of characters that fit on a line of its column."""
    lines = max(-(-len(text) // room) if text else 1 for text, room in texts)
    sheet.row_dimensions[row].height = 12.2 * lines + 3.5


def widths(sheet: Worksheet, sizes: dict[str, float]) -> None:
    """Set column widths in characters."""
    for letters, size in sizes.items():
        sheet.column_dimensions[letters].width = size


def page(
    sheet: Worksheet, version: str, *, landscape: bool, repeat: str | None = None, area: str | None = None
) -> None:
    """A4, one page wide, repeated heading rows, a footer with sheet, version and print date; protect the sheet."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.6
    if repeat:
        sheet.print_title_rows = repeat
    if area:
        sheet.print_area = area
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.center.text = f"Rekentool (reconstructie), versie {version}"
    sheet.oddFooter.right.text = "&D · blad &P van &N"
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        part.size = 8
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    # Without a password: it guards against slips, and anyone may lift it. Column widths may always be changed.
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
