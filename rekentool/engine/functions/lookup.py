"""Functions that take a cell out of an area: by its place or by what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rekentool.engine.functions.match import Mode, find
from rekentool.engine.functions.place import as_area, flat, pick, places, within
from rekentool.engine.functions.registry import Unsupported, raw, single
from rekentool.engine.vector import ERROR, NA, NUMBER, Area, Argument, Vector, error, number

_ALL = number(0)
_SOMETIMES_ALL = "INDEX geeft in sommige scenario's een hele rij of kolom en in andere één cel"
_ONE_OF_TWO = "INDEX in een blok van meer rijen en kolommen met maar één plaats"


@raw("INDEX", "index-function-a5dcf0dd-996d-40a4-a822-b56b061328bd", 2, 4)
def index(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The cell at a row and column of an area; row or column 0 gives that whole column or row."""
    area = as_area(arguments[0])
    row = places(arguments[1])
    if len(arguments) < 3:
        if area.rows == 1:
            row, column = number(1), row
        elif area.columns == 1:
            column = number(1)
        else:
            raise Unsupported(_ONE_OF_TWO)
    else:
        column = places(arguments[2])
    if len(arguments) == 4 and places(arguments[3]) != number(1):
        raise Unsupported("INDEX met een keuze uit meer bereiken")
    whole_rows, whole_columns = _is_all(row), _is_all(column)
    if not whole_rows and not whole_columns:
        return pick(area, flat(within(row, area.rows), within(column, area.columns), area.columns), size)
    if (whole_rows or area.rows == 1) and (whole_columns or area.columns == 1) and len(area.cells) == 1:
        return area.cells[0]
    if whole_rows and whole_columns:
        return area
    if whole_rows:
        place = within(column, area.columns)
        steps = [pick(_column(area, None, row_at), place, size) for row_at in range(area.rows)]
        return place if _is_error(place) else Area(area.rows, 1, steps)
    place = within(row, area.rows)
    steps = [pick(_column(area, column_at, None), place, size) for column_at in range(area.columns)]
    return place if _is_error(place) else Area(1, area.columns, steps)


def _is_all(place: Vector) -> bool:
    if place.uniform:
        return place == _ALL
    if np.any((place.kinds(place.size()) == NUMBER) & (np.asarray(place.data) == 0)):
        raise Unsupported(_SOMETIMES_ALL)
    return False


def _is_error(place: Vector) -> bool:
    return isinstance(place.kind, int) and place.kind == ERROR and isinstance(place.data, float)


def _column(area: Area, column: int | None, row: int | None) -> Area:
    """One column or one row of an area, as an area."""
    if column is not None:
        return Area(area.rows, 1, area.cells[column :: area.columns])
    assert row is not None
    return Area(1, area.columns, area.cells[row * area.columns : (row + 1) * area.columns])


@raw("MATCH", "match-function-e8dffd45-c762-47d6-bf89-533f4a37673a", 2, 3)
def match(arguments: Sequence[Argument], size: int) -> Vector:
    """The place of a value in a row or column: the same value (0), the last not above it (1) or not below it (-1)."""
    area = as_area(arguments[1])
    kind = number(1) if len(arguments) < 3 else places(arguments[2])
    if area.rows != 1 and area.columns != 1:
        return error(NA)
    if not kind.uniform:
        raise Unsupported("MATCH met een zoekwijze die per scenario verschilt")
    if kind.kind == ERROR:
        sought = single(arguments[0])
        return kind if not sought.any_error() else _leftmost(sought, kind)
    mode = Mode.WILD if kind.data == 0 else Mode.ASCENDING if kind.data > 0 else Mode.DESCENDING
    place = find(single(arguments[0]), area.cells, size, mode)
    return _counted(place)


def _leftmost(first: Vector, second: Vector) -> Vector:
    if first.uniform:
        return first
    size = first.size()
    return Vector(ERROR, np.where(first.kinds(size) == ERROR, first.floats(size), second.data))


def _counted(place: Vector) -> Vector:
    """A place from 0 as one from 1."""
    kind, data = place
    if isinstance(kind, int):
        return place if kind == ERROR else Vector(NUMBER, data + 1)
    return Vector(kind, np.where(kind == ERROR, data, np.add(data, 1.0)))
