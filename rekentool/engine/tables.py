"""The cells that structured references mean: ``Tabel1[Bedrag]``, ``[@Uren]``, ``Tabel1[[#Totals],[a]:[c]]``.

Source: Microsoft, "Using structured references with Excel tables",
https://support.microsoft.com/office/using-structured-references-with-excel-tables-f5ed2452-2337-4f71-bed3-c8ae6d2b276e
and [MS-OE376] 3.2.3.1.1, which allows of two items together only #Headers with #Data and #Data with #Totals.
"""

from __future__ import annotations

from typing import NamedTuple

from rekentool.engine.tablepart import TablePart, table_part
from rekentool.engine.tree import Error, Reference, Structured
from rekentool.engine.vector import ERRORS, REF, VALUE
from rekentool.xlsx.reader import Workbook
from rekentool.xlsx.sheettable import Table, corners_of


class UnknownTable(ValueError):
    """What a structured reference means isn't known; the text is the reason in Dutch."""


class Place(NamedTuple):
    """A table and the corners of its rows with data."""

    table: Table
    left: int
    top: int
    right: int
    bottom: int


class Tables:
    """The tables of one workbook, by their names and by their cells."""

    def __init__(self, workbook: Workbook) -> None:
        self._places: dict[str, Place] = {}
        for table in workbook.tables:
            corners = corners_of(table.ref)
            if corners is not None:
                left, top, right, bottom = corners
                place = Place(table, left, top + table.header_rows, right, bottom - table.totals_rows)
                self._places[table.name.casefold()] = place

    def __contains__(self, name: object) -> bool:
        """Whether there is a table of that name: alone in a formula it means its data."""
        return isinstance(name, str) and name.casefold() in self._places

    def reference(self, structured: Structured, sheet: str, column: int, row: int) -> Reference | Error:
        """The cells, seen from a cell on a sheet; #VALUE! for [#This Row] beside the table, #REF! for a row that the
        table doesn't have. `UnknownTable` where the table or column doesn't exist or the parts don't go together."""
        place = self._place(structured.table, sheet, column, row)
        part = table_part(structured.specifier)
        if part.broken:
            return Error(ERRORS[int(REF)])
        left, right = self._columns(place, part)
        rows = self._rows(place, part, sheet, row)
        if isinstance(rows, Error):
            return rows
        return Reference(place.table.sheet, left, rows[0], right, rows[1], (True, True, True, True))

    def _place(self, name: str, sheet: str, column: int, row: int) -> Place:
        if name:
            found = self._places.get(name.casefold())
            if found is None:
                raise UnknownTable(f"tabel {name} bestaat niet of is niet te lezen")
            return found
        for place in self._places.values():
            top, bottom = place.top - place.table.header_rows, place.bottom + place.table.totals_rows
            if place.table.sheet == sheet and place.left <= column <= place.right and top <= row <= bottom:
                return place
        raise UnknownTable("een verwijzing zonder tabelnaam in een cel die niet in een tabel staat")

    def _columns(self, place: Place, part: TablePart) -> tuple[int, int]:
        if part.first is None or part.last is None:
            return place.left, place.right
        names = [column.casefold() for column in place.table.columns]
        for column in (part.first, part.last):
            if column.casefold() not in names:
                raise UnknownTable(f"tabel {place.table.name} heeft geen kolom {column}")
        first, last = (place.left + names.index(column.casefold()) for column in (part.first, part.last))
        return min(first, last), max(first, last)

    def _rows(self, place: Place, part: TablePart, sheet: str, row: int) -> tuple[int, int] | Error:
        table, top, bottom = place.table, place.top, place.bottom
        items = set(part.items) or {"#Data"}
        if len(items) > 1 and items not in ({"#Headers", "#Data"}, {"#Data", "#Totals"}):
            raise UnknownTable(f"tabel {table.name} met de onderdelen {' en '.join(part.items)} samen")
        if items == {"#This Row"}:
            if sheet != table.sheet:
                raise UnknownTable(f"de rij van de formule in tabel {table.name}, die op een ander blad staat")
            return (row, row) if top <= row <= bottom else Error(ERRORS[int(VALUE)])
        absent = {"#Headers": not table.header_rows, "#Totals": not table.totals_rows}
        if len(items) == 1 and absent.get(next(iter(items))):
            return Error(ERRORS[int(REF)])
        if items & {"#Headers", "#All"}:
            top -= table.header_rows
        if items & {"#Totals", "#All"}:
            bottom += table.totals_rows
        return (top, top) if items == {"#Headers"} else (bottom, bottom) if items == {"#Totals"} else (top, bottom)
