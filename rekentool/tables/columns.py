"""One column of a regions table: what its cells mean for its field, all of them together.

What each cell means is what `mapping.values` says; here stands only what makes long tables bearable. A number that is
plainly good (no thousands, no sign but a hyphen, within its field's bounds) is recognised with all others of its
column; everything else is read one by one, and once for all the cells that are the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from rekentool.mapping.schema import NUMERIC, Field, Value
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text, expected_value, parse_cell, parse_text
from rekentool.messages import Finding, RekentoolError, refuse
from rekentool.tables.records import Formula, TableCell, is_blank, shown
from rekentool.xlsx.dates import date_serial

Floats = NDArray[np.float64]
#: The cells of a column: as a table has them, or an array when all are numbers, with NaN for a blank.
Cells = Sequence[TableCell] | Floats
#: What they mean: an array for a field of numbers, with NaN for a blank, else a list with None.
Values = Floats | list[Value | None]
#: The place of a cell in the column, and what is wrong with it (without place and file).
Fault = tuple[int, Finding]

#: Texts that can't mean but one number: at most one separator, and not one before three digits (but for 0,125).
_PLAIN = re.compile(r"-?(?:[0-9]{1,12}(?:[.,](?:[0-9]{1,2}|[0-9]{4,12}))?|0[.,][0-9]{3})")
#: As Excel writes them in the Netherlands: 1.234,56 and, for an amount, € 1.234,56.
_GROUPED = re.compile(r"(-?)([0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2})")
_AMOUNT = re.compile(r"(-?)(?:€ ?)?([0-9]{1,3}(?:\.[0-9]{3})*,[0-9]{1,2})")
_PERCENT = re.compile(rf"({_PLAIN.pattern}) ?%")
#: Above this a double no longer holds every whole number (`mapping.values`).
_LARGEST = 2.0**53 - 1
#: As many different cells are remembered.
_MOST = 20_000


class ColumnReader:
    """Reads the cells of one column, batch after batch."""

    def __init__(self, field: Field) -> None:
        self._field = field
        self._percentage = field.kind == "percentage"
        self._grouped = _AMOUNT if field.kind == "bedrag" else _GROUPED
        self._low, self._high = _order(field.minimum, -np.inf), _order(field.maximum, np.inf)
        self._known: dict[tuple[type, TableCell], Value | Finding | None] = {}

    def read(self, cells: Cells) -> tuple[Values, list[Fault]]:
        """What the cells mean, blank where they are blank or wrong; and what is wrong with which."""
        if self._field.kind in NUMERIC:
            return self._numbers(cells)
        faults: list[Fault] = []
        values: list[Value | None] = []
        for place, cell in enumerate(_listed(cells)):
            value = None if is_blank(cell) else self._one(cell)
            if isinstance(value, Finding):
                faults.append((place, value))
                value = None
            values.append(value)
        return values, faults

    def _numbers(self, cells: Cells) -> tuple[Floats, list[Fault]]:
        if isinstance(cells, np.ndarray):
            numbers = cells + 0.0  # a copy, in which minus zero is zero
            doubtful = self._doubtful(numbers) & ~np.isnan(numbers)
        else:
            numbers = np.array(list(map(self._plain, cells)), np.float64) + 0.0
            doubtful = self._doubtful(numbers)
        faults: list[Fault] = []
        for place in np.flatnonzero(doubtful).tolist():
            cell: TableCell = float(cells[place]) if isinstance(cells, np.ndarray) else cells[place]
            value = None if is_blank(cell) else self._one(cell)
            if isinstance(value, Finding):
                faults.append((place, value))
            numbers[place] = value if isinstance(value, int | float) else np.nan
        return numbers, faults

    def _doubtful(self, numbers: Floats) -> NDArray[np.bool_]:
        """Which numbers aren't plainly good; a NaN isn't."""
        good = (numbers >= self._low) & (numbers <= self._high) & np.isfinite(numbers)
        if self._percentage:
            good &= np.abs(numbers) <= 1  # above that it matters how it was written
        if self._field.kind == "geheel_getal":
            good &= (np.abs(numbers) <= _LARGEST) & (numbers == np.trunc(numbers))
        return ~good

    def _plain(self, cell: TableCell) -> float:
        """The number of a plain cell; NaN for any other, which is then read with care."""
        if isinstance(cell, float):
            return cell
        if not isinstance(cell, str):
            return np.nan
        if _PLAIN.fullmatch(cell):
            return float(cell.replace(",", "."))
        if self._percentage:
            percent = _PERCENT.fullmatch(cell)
            # Not divided by 100: 12.5e-2 is rounded once.
            return np.nan if percent is None else float(percent[1].replace(",", ".") + "e-2")
        grouped = self._grouped.fullmatch(cell)
        return np.nan if grouped is None else float(grouped[1] + grouped[2].replace(".", "").replace(",", "."))

    def _one(self, cell: TableCell) -> Value | Finding | None:
        key = type(cell), cell
        if key not in self._known:
            if len(self._known) >= _MOST:
                self._known.clear()
            try:
                self._known[key] = _value(cell, self._field)
            except RekentoolError as error:
                (self._known[key],) = error.findings
        return self._known[key]


def blanks(values: Values) -> NDArray[np.bool_]:
    """Which of the values are blank."""
    if isinstance(values, np.ndarray):
        return np.isnan(values)
    return np.fromiter((value is None for value in values), np.bool_, len(values))


def joined(pieces: Sequence[Values]) -> Values:
    """The pieces of a column, at least one, behind one another."""
    if len(pieces) == 1:
        return pieces[0]
    arrays = [piece for piece in pieces if isinstance(piece, np.ndarray)]
    if len(arrays) == len(pieces):
        return np.concatenate(arrays)
    return [value for piece in pieces for value in piece]


def over(lower: Values, upper: Values) -> Values:
    """The upper column, and where it is blank the lower one; both are of one field."""
    if isinstance(lower, np.ndarray) and isinstance(upper, np.ndarray):
        return np.where(np.isnan(upper), lower, upper)
    return [under if value is None else value for under, value in zip(lower, upper, strict=True)]


def _listed(cells: Cells) -> Sequence[TableCell]:
    if isinstance(cells, np.ndarray):
        return [None if number != number else number for number in cells.tolist()]
    return cells


def _order(bound: float | date | None, without: float) -> float:
    return float(bound) if isinstance(bound, int | float) else without


def _value(cell: TableCell, field: Field) -> Value | None:
    """What a cell of a regions table means. Text is read as in a CSV; other than in a filled workbook no formula looks
    at it."""
    if isinstance(cell, str):
        return parse_text(field, cell)
    if isinstance(cell, Formula):
        raise refuse("RK342", formula=excerpt(cell.text))
    if isinstance(cell, datetime):
        if field.kind != "datum":
            raise refuse("RK349", found=shown(cell), expected=expected_value(field))
        if cell.year < 1900 or cell.time() != datetime.min.time():
            raise refuse("RK305", found=shown(cell))
        return parse_cell(field, date_serial(cell))
    if isinstance(cell, bool) and field.kind == "ja_nee":
        return parse_text(field, cell_text(cell))
    return parse_cell(field, cell)
