"""A new .xlsx for people: sheets with a heading, texts, numbers, drop-downs and notes; nothing that computes.

Written with XlsxWriter. Texts stay texts whatever they begin with, dates are fixed, and the same content gives the same
bytes. The colours are those of the rekentool's own workbook.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from rekentool.tables.table import storable
from rekentool.xlsx.celltext import MAX_TEXT

INK, MUTED, HEAD, BAND, INPUT, LINE = "#1F2D3A", "#5B6B7A", "#23485F", "#E6EDF2", "#FFF6CC", "#C9D3DB"

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: What a data validation has room for, in characters (Excel's limits).
_TITLE, _MESSAGE, _LIST = 32, 255, 255
#: A file has a date of making; one that is the same for everybody.
_MADE = datetime(2000, 1, 1)


class PlainBook:
    """A workbook being written; `data` closes it and gives its bytes."""

    def __init__(self, title: str) -> None:
        import xlsxwriter  # slow to import, and needed only here

        self._target = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._target, _OPTIONS)
        self._book.set_properties({"title": title, "author": "Rekentool", "created": _MADE})
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}

    def look(self, **look: Any) -> Any:
        """A cell format by XlsxWriter's property names, on top of the font that every cell has."""
        whole = {"font_name": "Calibri", "font_size": 10, "font_color": INK, "valign": "top", **look}
        key = tuple(sorted(whole.items()))
        if key not in self._looks:
            self._looks[key] = self._book.add_format(whole)
        return self._looks[key]

    def heading(self, colour: str = HEAD, ink: str = "#FFFFFF") -> Any:
        """The format of a table's heading."""
        return self.look(
            bold=True, bg_color=colour, font_color=ink, text_wrap=True, border=1, border_color=LINE, valign="vcenter"
        )

    def sheet(self, name: str) -> Any:
        """A new sheet, XlsxWriter's own object."""
        return self._book.add_worksheet(name)

    def chart(self, kind: str, **options: Any) -> Any:
        """A new native chart, XlsxWriter's own object, to be put on a sheet."""
        return self._book.add_chart({"type": kind, **options})

    def text_sheet(self, name: str, paragraphs: Iterable[tuple[str, str]]) -> None:
        """A sheet to read: a line of text each, under ``kop`` as a heading, ``tekst`` as text."""
        sheet = self.sheet(name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 90)
        sheet.set_portrait()
        sheet.set_paper(9)
        styles = {
            "titel": self.look(bold=True, font_size=16, font_color=HEAD),
            "kop": self.look(bold=True, font_size=11, font_color=HEAD, bottom=1, bottom_color=LINE, valign="bottom"),
            "tekst": self.look(text_wrap=True, valign="vcenter"),
        }
        for row, (style, text) in enumerate(paragraphs):
            sheet.write_string(row, 0, storable(text)[:MAX_TEXT], styles[style])
            # Programs other than Excel don't fit the height of a wrapped line when they open a file.
            lines = sum(1 + len(part) // 95 for part in text.split("\n"))
            sheet.set_row(row, {"titel": 26, "kop": 26}.get(style, 14 * lines + 3))

    def table_sheet(
        self, name: str, columns: Mapping[str, float], rows: Iterable[Sequence[str | float | date | None]]
    ) -> None:
        """A sheet with one table (columns with their widths in characters): frozen heading, filter, wrapped texts."""
        sheet = self.sheet(name)
        sheet.freeze_panes(1, 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        widths = list(columns.values())
        for column, (text, width) in enumerate(columns.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, text, self.heading())
        sheet.set_row(0, 24)
        count = 0
        for count, cells in enumerate(rows, start=1):
            lines = 1
            for column, cell in enumerate(cells):
                self.write(sheet, count, column, cell, self.look(text_wrap=True, bottom=4, bottom_color=LINE))
                if isinstance(cell, str):
                    lines = max(lines, -(-len(cell) // max(1, int(widths[column] * 1.2))))
            sheet.set_row(count, 14 * lines + 2)
        sheet.autofilter(0, 0, max(1, count), len(columns) - 1)

    def write(self, sheet: Any, row: int, column: int, cell: str | float | date | None, look: Any) -> None:
        """One cell, rows and columns from 0; nothing for None."""
        if isinstance(cell, str):
            sheet.write_string(row, column, storable(cell)[:MAX_TEXT], look)
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), look)
        elif cell is not None:
            sheet.write_number(row, column, cell, look)

    def validate(self, sheet: Any, area: tuple[int, int, int, int], rule: dict[str, Any], texts: Texts) -> None:
        """A data validation on an area (first row, first column, last row, last column; from 0)."""
        sheet.data_validation(
            *area,
            {
                **rule,
                "ignore_blank": True,
                "input_title": _cut(texts.title, _TITLE),
                "input_message": _cut(texts.prompt, _MESSAGE),
                "error_title": "Dit kan niet",
                "error_message": _cut(texts.error, _MESSAGE),
            },
        )

    def data(self) -> bytes:
        """The file."""
        self._book.close()
        return self._target.getvalue()


class Texts:
    """What a validation says: the prompt at the cell, with its title, and the refusal."""

    def __init__(self, title: str, prompt: str, error: str) -> None:
        self.title, self.prompt, self.error = title, prompt, error


def fits_in_list(choices: Sequence[str]) -> bool:
    """Whether a drop-down can name its choices itself; else they must stand on a sheet."""
    return len(",".join(choices)) <= _LIST and not any("," in choice for choice in choices)


def _cut(text: str, limit: int) -> str:
    plain = storable(text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
