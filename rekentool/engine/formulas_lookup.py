"""Corrected functions of `formulas` that look something up or choose cells by a criterion (see formulas_fixes)."""

from __future__ import annotations

import math
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from formulas.tokens.operand import XlError
from schedula import Token

from rekentool.engine.formulas_arguments import (
    EMPTY,
    NA,
    REF,
    VALUE,
    Fault,
    Function,
    average,
    number_of,
    order_key,
    plain,
    total,
    truth_of,
    whole,
)
from rekentool.engine.formulas_criteria import criterion


def _index(array: Any, row: Any, column: Any = None) -> Any:
    """Reason: in the library a blank cell comes out as 0 (Excel: INDEX(…)="" is TRUE), and INDEX(r,0,2) as one cell."""
    cells = np.atleast_2d(np.asarray(array, object)) if not isinstance(array, np.ndarray) else array
    picked = [None if place is None else plain(place) for place in (row, column)]
    if any(isinstance(place, np.ndarray) for place in picked):
        raise NotImplementedError("INDEX met meer rijen of kolommen tegelijk")
    numbers = [None if place is None else math.trunc(number_of(place)) for place in picked]
    if numbers[1] is None:
        if cells.shape[0] == 1:
            numbers = [1, numbers[0]]
        elif cells.shape[1] == 1:
            numbers[1] = 1
        else:
            raise Fault(REF)
    slices = []
    for number, size in zip(numbers, cells.shape, strict=True):
        if number is None or number < 0:
            raise Fault(VALUE)
        if number > size:
            raise Fault(REF)
        slices.append(slice(None) if number == 0 else slice(number - 1, number))
    return np.array(cells[slices[0], slices[1]])


def _match(wanted: Any, array: Any, kind: Any = 1.0) -> int:
    """Reason: in the library MATCH(20,{10,20,20},1) is 2; Excel finds the last of equal values. In an array that isn't
    sorted Excel's result depends on how it searches: left alone."""
    value, order = plain(wanted), number_of(plain(kind))
    if isinstance(value, np.ndarray):
        raise NotImplementedError("meer zoekwaarden tegelijk")
    if isinstance(value, XlError):
        raise Fault(value)
    cells = np.atleast_2d(np.asarray(array, object))
    if 1 not in cells.shape:
        raise Fault(NA)
    if order == 0 and isinstance(value, str) and value is not EMPTY:
        meets = criterion(f"={value}")
        found = [place for place, cell in enumerate(cells.ravel(), 1) if meets(cell)]
        return _first(found)
    key = order_key(0.0 if value is EMPTY else value)
    keyed = [(place, order_key(cell)) for place, cell in enumerate(cells.ravel(), 1) if not isinstance(cell, Token)]
    same = [(place, cell) for place, cell in keyed if cell[0] == key[0]]
    if order == 0:
        return _first([place for place, cell in same if cell == key])
    if order < 0:
        raise NotImplementedError("MATCH met -1")
    if any(after < before for (_, before), (_, after) in pairwise(same)):
        raise NotImplementedError("MATCH in een reeks die niet op volgorde staat")
    return _first([place for place, cell in reversed(same) if cell <= key])


def _first(places: list[int]) -> int:
    if not places:
        raise Fault(NA)
    return places[0]


def _vlookup(wanted: Any, table: Any, column: Any, near: Any = True) -> Any:
    """Reason: as for MATCH."""
    cells = np.atleast_2d(np.asarray(table, object))
    return _index(cells, _match(wanted, cells[:, :1], 1.0 if truth_of(plain(near)) else 0.0), column)


def _hlookup(wanted: Any, table: Any, row: Any, near: Any = True) -> Any:
    """Reason: as for MATCH."""
    return _vlookup(wanted, np.atleast_2d(np.asarray(table, object)).T, row, near)


def _lookup(wanted: Any, sought: Any, result: Any = None) -> Any:
    """Reason: as for MATCH."""
    if 1 not in np.atleast_2d(np.asarray(sought, object)).shape:
        raise NotImplementedError("LOOKUP in een tabel")
    return _index(sought if result is None else result, _match(wanted, sought))


def _chosen(pairs: tuple[Any, ...]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which cells meet every criterion of range, criterion, range, criterion …

    Reason: in the library wildcards mind upper case, and "<>", "=", "<>2", TRUE and #N/A as criteria go wrong.
    """
    chosen: Any = None
    for area, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        value = plain(wanted)
        if isinstance(value, np.ndarray):
            raise NotImplementedError("meer criteria tegelijk")
        meets = np.vectorize(criterion(value), otypes=[bool])(np.atleast_2d(np.asarray(area, object)))
        if chosen is not None and chosen.shape != meets.shape:
            raise Fault(VALUE)
        chosen = meets if chosen is None else chosen & meets
    found: np.ndarray[Any, np.dtype[np.bool_]] = chosen
    return found


def _countif(*pairs: Any) -> float:
    return float(np.count_nonzero(_chosen(pairs)))


def _where(function: Function, area: Any, *pairs: Any) -> Any:
    """SUMIFS, AVERAGEIFS: the function over the cells of ``area`` that are chosen."""
    chosen = _chosen(pairs)
    cells = np.atleast_2d(np.asarray(area, object))
    if cells.shape != chosen.shape:
        raise NotImplementedError("bereiken van verschillende grootte")
    return function(np.array(cells[chosen]))


def _where_one(function: Function, tested: Any, wanted: Any, area: Any = None) -> Any:
    """SUMIF, AVERAGEIF: the range to add up comes last and may be left out."""
    return _where(function, tested if area is None else area, tested, wanted)

FUNCTIONS: dict[str, Function] = {
    "INDEX": whole(_index),
    "MATCH": whole(_match),
    "VLOOKUP": whole(_vlookup),
    "HLOOKUP": whole(_hlookup),
    "LOOKUP": whole(_lookup),
    "COUNTIF": whole(_countif),
    "COUNTIFS": whole(_countif),
    "SUMIF": whole(partial(_where_one, total)),
    "SUMIFS": whole(partial(_where, total)),
    "AVERAGEIF": whole(partial(_where_one, average)),
    "AVERAGEIFS": whole(partial(_where, average)),
}
