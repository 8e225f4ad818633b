"""Functions about the kind of a value: ISNUMBER, ISBLANK, ISERROR, N, T, TYPE, ERROR.TYPE."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import raw, single
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
    Bools,
    Floats,
    Vector,
    error,
    logical,
    number,
    simplify,
    text,
)


def _test(holds: Callable[[Vector], bool | Bools]) -> Callable[[Sequence[Argument], int], Vector | Area]:
    """A test of every cell of the argument."""

    def of(cell: Vector) -> Vector:
        found = holds(cell)
        if not isinstance(found, np.ndarray):
            return logical(bool(found))
        return simplify(LOGICAL, found.astype(np.float64))

    def call(arguments: Sequence[Argument], size: int) -> Vector | Area:
        return over_cells(arguments[0], of)

    return call


def over_cells(argument: Argument, of: Callable[[Vector], Vector]) -> Vector | Area:
    """A function of one value, over every cell of an area."""
    if isinstance(argument, Area) and len(argument.cells) != 1:
        return Area(argument.rows, argument.columns, [of(cell) for cell in argument.cells])
    return of(single(argument))


def _register(name: str, doc: str, holds: Callable[[Vector], bool | Bools]) -> None:
    call = _test(holds)
    call.__doc__ = doc
    raw(name, "is-functions-0f2d7971-6019-40a0-a171-f2d869135665", 1, 1)(call)


def _is_na(cell: Vector) -> bool | Bools:
    return (cell.kind == ERROR) & (cell.data == NA)


def _is_other_error(cell: Vector) -> bool | Bools:
    return (cell.kind == ERROR) & (cell.data != NA)


for _name, _doc, _holds in (
    ("ISNUMBER", "Whether it is a number.", lambda cell: cell.kind == NUMBER),
    ("ISTEXT", "Whether it is a text.", lambda cell: cell.kind == TEXT),
    ("ISNONTEXT", "Whether it is no text; a blank is none.", lambda cell: cell.kind != TEXT),
    ("ISLOGICAL", "Whether it is TRUE or FALSE.", lambda cell: cell.kind == LOGICAL),
    ("ISBLANK", "Whether it is blank; an empty text isn't.", lambda cell: cell.kind == BLANK),
    ("ISERROR", "Whether it is an error.", lambda cell: cell.kind == ERROR),
    ("ISNA", "Whether it is #N/A.", _is_na),
    ("ISERR", "Whether it is an error other than #N/A.", _is_other_error),
):
    _register(_name, _doc, _holds)


@raw("NA", "na-function-5469c2d1-a90c-4fb5-9bbc-64bd9bb6b47c", 0, 0)
def na(arguments: Sequence[Argument], size: int) -> Vector:
    """The error #N/A."""
    return error(NA)


def _whole_part(cell: Vector) -> Vector:
    """The whole part of a number; a logical is refused here, unlike in arithmetic."""
    numbers = to_numbers(cell)
    if isinstance(cell.kind, int):
        if cell.kind == LOGICAL:
            return error(VALUE)
        if isinstance(numbers.kind, int):
            return Vector(numbers.kind, np.trunc(numbers.data)) if numbers.kind == NUMBER else numbers
    size = cell.size()
    refused = np.asarray(cell.kind) == LOGICAL
    kinds, floats = numbers.kinds(size), numbers.floats(size)
    floats = np.where(refused, VALUE, np.where(kinds == NUMBER, np.trunc(floats), floats))
    return simplify(np.where(refused, ERROR, kinds).astype(np.uint8), floats)


def _parity(remainder: float) -> Callable[[Vector], Vector]:
    def of(cell: Vector) -> Vector:
        kind, data = _whole_part(cell)
        if isinstance(kind, int) and kind == ERROR:
            return Vector(kind, data)
        holds = np.atleast_1d(np.mod(data, 2) == remainder).astype(np.float64)
        if isinstance(kind, int):
            return simplify(LOGICAL, holds)
        return simplify(np.where(kind == ERROR, ERROR, LOGICAL).astype(np.uint8), np.where(kind == ERROR, data, holds))

    return of


@raw("ISEVEN", "iseven-function-aa15929a-d77b-4fbb-92f4-2f479af55356", 1, 1)
def iseven(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """Whether the whole part of a number is even."""
    return over_cells(arguments[0], _parity(0.0))


@raw("ISODD", "isodd-function-1208a56d-4f10-4f44-a5fc-648cafd6c07a", 1, 1)
def isodd(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """Whether the whole part of a number is odd."""
    return over_cells(arguments[0], _parity(1.0))


def _first_cell(argument: Argument) -> Vector:
    """The value, or the cell at the top left of a range."""
    return argument.cells[0] if isinstance(argument, Area) else single(argument)


@raw("N", "n-function-a624cad1-3635-4208-b54a-29733d1278c9", 1, 1)
def n(arguments: Sequence[Argument], size: int) -> Vector:
    """A number as it is, TRUE as 1, an error as it is, all else as 0."""
    kind, data = _first_cell(arguments[0])
    if isinstance(kind, int):
        return Vector(kind, data) if kind in (NUMBER, ERROR) else Vector(NUMBER, data if kind == LOGICAL else 0.0)
    kept = (kind == NUMBER) | (kind == LOGICAL) | (kind == ERROR)
    return simplify(np.where(kind == ERROR, ERROR, NUMBER).astype(np.uint8), np.where(kept, data, 0.0))


@raw("T", "t-function-fb83aeec-45e7-4924-af95-53e073541228", 1, 1)
def t(arguments: Sequence[Argument], size: int) -> Vector:
    """A text as it is, an error as it is, all else as an empty text."""
    kind, data = _first_cell(arguments[0])
    if isinstance(kind, int):
        return Vector(kind, data) if kind in (TEXT, ERROR) else text("")
    kept = (kind == TEXT) | (kind == ERROR)
    return simplify(np.where(kind == ERROR, ERROR, TEXT).astype(np.uint8), np.where(kept, data, STRINGS.index("")))


#: TYPE of every kind: a blank counts as a number.
_TYPES: Floats = np.array([1.0, 2.0, 4.0, 1.0, 16.0])

#: ERROR.TYPE of every error, in the order of `ERRORS`.
_ERROR_TYPES: Floats = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0, 14.0])


@raw("TYPE", "type-function-45b4e688-4bc3-48b3-a105-ffa892995899", 1, 1)
def type_(arguments: Sequence[Argument], size: int) -> Vector:
    """1 for a number, 2 for a text, 4 for a logical, 16 for an error, 64 for an array."""
    argument = arguments[0]
    if isinstance(argument, Area) and len(argument.cells) > 1:
        return number(64)
    return simplify(NUMBER, np.atleast_1d(_TYPES[single(argument).kind]))


@raw("ERROR.TYPE", "error-type-function-10958677-7c8d-44f7-ae77-b9a9ee6eefaa", 1, 1)
def error_type(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The number of an error; #N/A for what isn't one."""
    return over_cells(arguments[0], _error_type)


def _error_type(cell: Vector) -> Vector:
    kind, data = cell
    if isinstance(kind, int) and kind != ERROR:
        return error(NA)
    wrong = np.atleast_1d(np.asarray(kind) == ERROR)
    codes = np.atleast_1d(_ERROR_TYPES[np.where(wrong, data, 0).astype(np.int64)])
    kinds = np.broadcast_to(np.where(wrong, NUMBER, ERROR).astype(np.uint8), codes.shape)
    return simplify(kinds, np.where(wrong, codes, NA))
