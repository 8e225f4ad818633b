"""Functions that take a cell out of an area: by its place or by what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rekentool.engine.coercion import to_logicals
from rekentool.engine.functions.match import Mode, find, refuse_unordered
from rekentool.engine.functions.place import as_area, chosen, flat, leading, pick, places, within
from rekentool.engine.functions.registry import Unsupported, raw, single
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NA,
    NUMBER,
    STRINGS,
    TEXT,
    VALUE,
    Area,
    Argument,
    Vector,
    error,
    logical,
    number,
    simplify,
)

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
        return leading(single(arguments[0]), kind, size)
    mode = Mode.WILD if kind.data == 0 else Mode.ASCENDING if kind.data > 0 else Mode.DESCENDING
    place = find(single(arguments[0]), area.cells, size, mode)
    return _counted(place)


def _counted(place: Vector) -> Vector:
    """A place from 0 as one from 1."""
    kind, data = place
    if isinstance(kind, int):
        return place if kind == ERROR else Vector(NUMBER, data + 1)
    return Vector(kind, np.where(kind == ERROR, data, np.add(data, 1.0)))


@raw("VLOOKUP", "vlookup-function-0bbc8083-26fe-4963-8ab8-93a18ad188a1", 3, 4)
def vlookup(arguments: Sequence[Argument], size: int) -> Vector:
    """The cell in a column of a table, in the row that begins with the value or (unless FALSE) the last below."""
    return _table_lookup(arguments, as_area(arguments[1]), size)


@raw("HLOOKUP", "hlookup-function-a3034eec-b719-4ba3-bb65-e1ad662ed95f", 3, 4)
def hlookup(arguments: Sequence[Argument], size: int) -> Vector:
    """VLOOKUP with rows for columns."""
    return _table_lookup(arguments, _transposed(as_area(arguments[1])), size)


def _table_lookup(arguments: Sequence[Argument], table: Area, size: int) -> Vector:
    sought = single(arguments[0])
    near = to_logicals(single(arguments[3])) if len(arguments) > 3 else logical(True)
    column = places(arguments[2])
    keys = _column(table, 0, None).cells
    if near.uniform:
        row = near if near.kind == ERROR else find(sought, keys, size, Mode.ASCENDING if near.data else Mode.WILD)
    else:
        row = chosen(near, find(sought, keys, size, Mode.ASCENDING), find(sought, keys, size, Mode.WILD), size)
    # A column outside the table is an error even where the value isn't found; only the value's own error comes first.
    place = within(column, table.columns)
    return pick(table, leading(sought, leading(place, flat(row, place, table.columns), size), size), size)


@raw("LOOKUP", "lookup-function-446d94af-663b-451d-8251-369d5e3864cb", 2, 3)
def lookup(arguments: Sequence[Argument], size: int) -> Vector:
    """The cell beside the last one not above a value; in a block, the first row or column (the longer) and the last."""
    sought, area = single(arguments[0]), as_area(arguments[1])
    if len(arguments) == 3:
        result = as_area(arguments[2])
        if 1 not in (area.rows, area.columns) or len(result.cells) != len(area.cells):
            raise Unsupported("LOOKUP met een zoekbereik en een uitkomstbereik die niet bij elkaar passen")
        return pick(result, find(sought, area.cells, size, Mode.ASCENDING), size)
    table = _transposed(area) if area.columns > area.rows else area
    place = find(sought, _column(table, 0, None).cells, size, Mode.ASCENDING)
    return pick(_column(table, table.columns - 1, None), place, size)


@raw("XMATCH", "xmatch-function-d966da31-7a6b-4a13-a1c6-5a33ed6a0312", 2, 4)
def xmatch(arguments: Sequence[Argument], size: int) -> Vector:
    """The place of a value in a row or column; see XLOOKUP for the ways to match and to search."""
    area = as_area(arguments[1])
    if area.rows != 1 and area.columns != 1:
        return error(VALUE)
    return _counted(_x_place(single(arguments[0]), area, arguments[2:], size))


@raw("XLOOKUP", "xlookup-function-b7fd680e-6d10-43e6-84f9-88eae8bf5929", 3, 6)
def xlookup(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """What stands beside a value, a cell or a whole row or column, or else the fourth argument.

    Match 0: the same value, -1 or 1: or the nearest below or above, 2: with wildcards. Search 1 from the first, -1 from
    the last, 2 and -2 as if in ascending or descending order.
    """
    sought, area, result = single(arguments[0]), as_area(arguments[1]), as_area(arguments[2])
    upright = area.columns == 1 and (area.rows > 1 or result.rows == 1)
    if not upright:
        area, result = _transposed(area), _transposed(result)
    if area.columns != 1 or area.rows != result.rows:
        return error(VALUE)
    place = _x_place(sought, area, arguments[4:], size)
    absent = arguments[3] if len(arguments) > 3 else None
    found = [pick(_column(result, column, None), place, size) for column in range(result.columns)]
    if absent is not None:
        missing = _absences(sought, place, size)
        if len(found) > 1 and not missing.uniform:
            raise Unsupported("XLOOKUP geeft in sommige scenario's een rij of kolom en in andere één waarde")
        if missing.uniform and missing.data:
            return absent
        found = [chosen(missing, single(absent), cell, size) for cell in found]
    if len(found) == 1:
        return found[0]
    return Area(1, len(found), found) if upright else Area(len(found), 1, found)


_X_MODES = {0: Mode.EXACT, -1: Mode.LOWER, 1: Mode.HIGHER, 2: Mode.WILD}


def _x_place(sought: Vector, area: Area, options: Sequence[Argument], size: int) -> Vector:
    """The place from 0 by a match mode and a search mode."""
    match_mode = places(options[0]) if options else number(0)
    search_mode = places(options[1]) if len(options) > 1 and options[1] is not None else number(1)
    for option in (match_mode, search_mode):
        if not option.uniform:
            raise Unsupported("XLOOKUP of XMATCH met een zoekwijze die per scenario verschilt")
        if option.kind == ERROR:
            return option
    assert isinstance(match_mode.data, float) and isinstance(search_mode.data, float)
    if match_mode.data == 3:
        raise Unsupported("XLOOKUP of XMATCH met een reguliere expressie")
    mode, search = _X_MODES.get(int(match_mode.data)), int(search_mode.data)
    if mode is None or search not in (1, -1, 2, -2) or (mode is Mode.WILD and abs(search) == 2):
        return error(VALUE)
    if abs(search) == 2:
        refuse_unordered(area, descending=search == -2)
    if _has_empty_text(sought) and any(np.any(np.equal(cell.kind, BLANK)) for cell in area.cells):
        raise Unsupported('XLOOKUP of XMATCH van "" in een bereik met lege cellen')
    return find(sought, area.cells, size, mode, last=search == -1, blanks=True)


def _has_empty_text(sought: Vector) -> bool:
    return bool(np.any(np.equal(sought.kind, TEXT) & np.equal(sought.data, STRINGS.index(""))))


def _absences(sought: Vector, place: Vector, size: int) -> Vector:
    """Where the value isn't there, as TRUE; not where it is itself an error."""
    if sought.uniform and place.uniform:
        return logical(place == error(NA) and sought.kind != ERROR)
    absent = (place.kinds(size) == ERROR) & (sought.kinds(size) != ERROR)
    return logical(False) if not absent.any() else simplify(LOGICAL, absent.astype(np.float64))


@raw("TRANSPOSE", "transpose-function-ed039415-ed8a-4a81-93e9-4b6dfac76027", 1, 1)
def transpose(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """An area with its rows as columns."""
    return _transposed(arguments[0]) if isinstance(arguments[0], Area) else single(arguments[0])


def _transposed(area: Area) -> Area:
    cells = [cell for column in range(area.columns) for cell in area.cells[column :: area.columns]]
    return Area(area.columns, area.rows, cells)
