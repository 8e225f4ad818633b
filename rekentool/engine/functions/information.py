"""Functions about the kind of a value: ISNUMBER, ISBLANK, ISERROR, N, T, TYPE, ERROR.TYPE."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rekentool.engine.functions.registry import raw, single
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NA,
    NUMBER,
    TEXT,
    Area,
    Argument,
    Bools,
    Vector,
    error,
    logical,
    simplify,
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


def _register(name: str, page: str, doc: str, holds: Callable[[Vector], bool | Bools]) -> None:
    call = _test(holds)
    call.__doc__ = doc
    raw(name, page, 1, 1)(call)


_register(
    "ISNUMBER",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is a number.",
    lambda cell: cell.kind == NUMBER,
)
_register(
    "ISTEXT",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is a text.",
    lambda cell: cell.kind == TEXT,
)
_register(
    "ISNONTEXT",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it isn't a text.",
    lambda cell: cell.kind != TEXT,
)
_register(
    "ISLOGICAL",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is TRUE or FALSE.",
    lambda cell: cell.kind == LOGICAL,
)
_register(
    "ISBLANK",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is blank.",
    lambda cell: cell.kind == BLANK,
)
_register(
    "ISERROR",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is an error.",
    lambda cell: cell.kind == ERROR,
)
_register(
    "ISNA",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is #N/A.",
    lambda cell: (cell.kind == ERROR) & (cell.data == NA),
)
_register(
    "ISERR",
    "is-functions-0f2d7971-6019-40a0-a171-f2d869135665",
    "Whether it is an error other than #N/A.",
    lambda cell: (cell.kind == ERROR) & (cell.data != NA),
)


@raw("NA", "na-function-5469c2d1-a90c-4fb5-9bbc-64bd9bb6b47c", 0, 0)
def na(arguments: Sequence[Argument], size: int) -> Vector:
    """The error #N/A."""
    return error(NA)
