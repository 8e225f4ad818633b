"""A workbook after rows or columns were inserted, deleted or moved as a spreadsheet program does it: formulas, names,
validations and styles go along. Cells and formulas come from `werkboek_bewerking`, written apart from the package."""

from __future__ import annotations

import io
from copy import copy

from klein_werkboek import saved
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.worksheet import Worksheet
from werkboek_bewerking import Shift, shifted, stays

from rekentool.xlsx.reader import read_workbook


def after(data: bytes, sheet: str, rows: Shift = stays, columns: Shift = stays) -> bytes:
    """The file after the edit of one sheet, its results not computed."""
    book: Book = load_workbook(io.BytesIO(data))
    page: Worksheet = book[sheet]
    merged = [str(area) for area in page.merged_cells.ranges]
    for area in merged:
        page.unmerge_cells(area)
    plain = copy(Book().active["A1"]._style)
    styles = {(cell.column, cell.row): copy(cell._style) for line in page.iter_rows() for cell in line}
    for one in book.worksheets:
        for line in one.iter_rows():
            for cell in line:
                if not isinstance(cell, MergedCell):
                    cell.value = None
                if one is page:
                    cell._style = copy(plain)
    for (column, row), style in styles.items():
        new_column, new_row = columns(column), rows(row)
        if new_column and new_row:
            page.cell(new_row, new_column)._style = style
    moved = shifted(read_workbook(data), sheet, rows, columns)
    for address, value in {**moved.values, **moved.formulas}.items():
        book[address.sheet][address.cell].value = value  # type: ignore[index]
    for name, target in moved.names.items():
        book.defined_names[name].attr_text = target
    for area in merged:
        page.merge_cells(_area(area, rows, columns))
    for rule in page.data_validations.dataValidation:
        rule.sqref = MultiCellRange(" ".join(_area(str(area), rows, columns) for area in rule.sqref.ranges))
    return saved(book)


def _area(text: str, rows: Shift, columns: Shift) -> str:
    left, top, right, bottom = range_boundaries(text)
    corners = (columns(left) or left, rows(top) or top), (columns(right) or right, rows(bottom) or bottom)
    return ":".join(f"{get_column_letter(column)}{row}" for column, row in corners)
