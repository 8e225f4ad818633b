"""Where a value stands in an area: what MATCH, XMATCH and the lookups have in common.

A value is compared with cells of its own kind only. Numbers match bit by bit (as in Excel: VLOOKUP of 0.1+0.2 doesn't
find 0.3), texts without the difference between upper and lower case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any

import numpy as np

from rekentool.engine.distinct import distinct, folded, folded_one, ranked
from rekentool.engine.functions.registry import Unsupported
from rekentool.engine.functions.wildcard import has_wildcards, wildcard
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    NA,
    NUMBER,
    STRINGS,
    TEXT,
    Area,
    Bools,
    Floats,
    Vector,
    simplify,
)

_UNSORTED = "het bereik waarin gezocht wordt staat niet op volgorde; Excels uitkomst hangt dan af van hoe het zoekt"
_DOUBLED = "de gevonden waarde staat meer dan eens in het bereik; welke Excel dan neemt is niet vastgelegd"


class Mode(Enum):
    """How a value is found."""

    EXACT = "the same value"
    WILD = "the same value, with wildcards in a text"
    ASCENDING = "the last value not above it, in cells that ascend"
    DESCENDING = "the last value not below it, in cells that descend"
    LOWER = "the same value or the nearest below it, in any order"
    HIGHER = "the same value or the nearest above it, in any order"


class _Cells:
    """The cells of one kind among which is sought, in some scenarios: a mask (True for all) and data for each."""

    def __init__(self, cells: Sequence[Vector], kind: int, where: Any) -> None:
        self.places: list[int] = []
        self.masks: list[bool | Bools] = []
        self.data: list[float | Floats] = []
        for place, cell in enumerate(cells):
            kinds = cell.kind if isinstance(cell.kind, int) else cell.kind[where]
            mask = kinds == kind
            if not np.any(mask):
                continue
            self.places.append(place)
            self.masks.append(True if np.all(mask) else mask)
            self.data.append(cell.data if isinstance(cell.data, float) else cell.data[where])

    @property
    def constant(self) -> bool:
        return all(mask is True for mask in self.masks) and all(isinstance(data, float) for data in self.data)


def find(
    sought: Vector, cells: Sequence[Vector], size: int, mode: Mode, last: bool = False, blanks: bool = False
) -> Vector:
    """The place from 0 of a value among cells: #N/A where it isn't there, the sought value's error where it is one.

    ``last`` seeks from the end. A blank is sought as 0, or with ``blanks`` among blank cells. Unsupported where the
    cells aren't in the order that the mode needs and the outcome depends on it.
    """
    kind, data = sought
    if isinstance(kind, int):
        if kind == ERROR:
            return sought
        found = _found(kind, data, cells, slice(None), mode, last, blanks)
        return _vector(found, NUMBER, NA)
    result = np.full(size, -1.0)
    floats = sought.floats(size)
    for one in np.unique(kind).tolist():
        if one != ERROR:
            where = np.flatnonzero(kind == one)
            result[where] = _found(one, floats[where], cells, where, mode, last, blanks)
    return _vector(result, np.where(kind == ERROR, ERROR, NUMBER), np.where(kind == ERROR, floats, NA))


def _vector(found: float | Floats, kinds: Any, faults: Any) -> Vector:
    if isinstance(found, float):
        return Vector(ERROR, NA) if found < 0 else Vector(NUMBER, found)
    missing = found < 0
    if not missing.any() and isinstance(kinds, int):
        return Vector(NUMBER, found)
    return simplify(np.where(missing, ERROR, kinds).astype(np.uint8), np.where(missing, faults, found))


def _found(
    kind: int, data: float | Floats, cells: Sequence[Vector], where: Any, mode: Mode, last: bool, blanks: bool
) -> float | Floats:
    if kind == BLANK and not blanks:
        kind = NUMBER
    among = _Cells(cells, kind, where)
    if not among.places:
        return -1.0 if isinstance(data, float) else np.full(len(data), -1.0)
    if kind == TEXT:
        if mode is Mode.WILD:
            return _wild(data, among, last)
        if mode is Mode.EXACT:
            data = _folds(data)
            among.data = [_folds(cell) for cell in among.data]
        else:
            data, *among.data = ranked([data, *among.data])
    if mode in (Mode.EXACT, Mode.WILD):
        return _exact(data, among, last)
    if mode is Mode.ASCENDING:
        return _sorted_constants(data, among) if among.constant else _sorted(data, among)
    if mode is Mode.DESCENDING:
        among.data = [-cell for cell in among.data]
        result = _sorted(-data, among)
        _refuse_doubled(result, among)
        return result
    return _nearest(data, among, last, 1.0 if mode is Mode.LOWER else -1.0)


def _folds(data: float | Floats) -> float | Floats:
    return folded_one(data) if isinstance(data, float) else folded(data)


def _exact(data: float | Floats, among: _Cells, last: bool) -> float | Floats:
    if among.constant:
        values, places = np.array(among.data), np.array(among.places, np.float64)
        if isinstance(data, float):
            hits = places[values == data]
            return float(hits[-1 if last else 0]) if len(hits) else -1.0
        order = np.argsort(values, kind="stable")
        ordered = values[order]
        spot = np.searchsorted(ordered, data, side="right" if last else "left") - (1 if last else 0)
        spot = np.clip(spot, 0, len(ordered) - 1)
        return np.where(ordered[spot] == data, places[order[spot]], -1.0)
    return _scan(data, among, lambda cell, mask: (cell == data) & mask, last)


def _scan(data: float | Floats, among: _Cells, test: Callable[[Any, Any], Any], last: bool) -> float | Floats:
    result: Any = -1.0
    steps = list(zip(among.places, among.data, among.masks, strict=True))
    for place, cell, mask in steps if last else reversed(steps):
        result = np.where(test(cell, mask), float(place), result)
    return _shaped(result, data, among)


def _shaped(result: Any, data: float | Floats, among: _Cells) -> float | Floats:
    """A float where nothing varies, else an array."""
    array = np.asarray(result, np.float64)
    if array.ndim:
        return array
    return float(array) if isinstance(data, float) else np.full(len(data), float(array))


def _wild(data: float | Floats, among: _Cells, last: bool) -> float | Floats:
    if isinstance(data, float):
        return _wild_one(data, among, last, None)
    values, codes = distinct(data)
    result = np.empty(len(data))
    for code, value in enumerate(values.tolist()):
        where = np.flatnonzero(codes == code)
        result[where] = _wild_one(value, among, last, where)
    return result


def _wild_one(index: float, among: _Cells, last: bool, where: Any) -> float | Floats:
    text = STRINGS.text(index)
    narrowed = _Cells([], TEXT, None)
    narrowed.places = among.places
    narrowed.masks = [mask if where is None or isinstance(mask, bool) else mask[where] for mask in among.masks]
    narrowed.data = [cell if where is None or isinstance(cell, float) else cell[where] for cell in among.data]
    if not has_wildcards(text):
        narrowed.data = [_folds(cell) for cell in narrowed.data]
        return _exact(folded_one(index), narrowed, last)
    pattern = wildcard(text)

    def test(cell: Any, mask: Any) -> Any:
        if isinstance(cell, float):
            return (pattern.fullmatch(STRINGS.text(cell)) is not None) & mask
        values, codes = distinct(cell)
        hits = np.array([pattern.fullmatch(STRINGS.text(value)) is not None for value in values.tolist()])
        return hits[codes] & mask

    return _scan(index, narrowed, test, last)


def _sorted_constants(data: float | Floats, among: _Cells) -> float | Floats:
    values, places = np.array(among.data), np.array(among.places, np.float64)
    if (values[1:] < values[:-1]).any():
        return _sorted(data, among)
    spot = np.searchsorted(values, data, side="right")
    if isinstance(data, float):
        return float(places[spot - 1]) if spot else -1.0
    return np.where(spot > 0, places[spot - 1], -1.0)


def _sorted(data: float | Floats, among: _Cells) -> float | Floats:
    """The last cell not above the value. Out of order, that is what any search finds if all cells or none are below."""
    result: Any = -1.0
    highest: Any = -np.inf
    unsorted: Any = False
    above: Any = False
    for place, cell, mask in zip(among.places, among.data, among.masks, strict=True):
        below = (cell <= data) & mask
        result = np.where(below, float(place), result)
        above = above | ((cell > data) & mask)
        unsorted = unsorted | ((cell < highest) & mask)
        highest = np.where(mask, np.maximum(cell, highest), highest)
    if np.any(unsorted & above & (result >= 0)):
        raise Unsupported(_UNSORTED)
    return _shaped(result, data, among)


def _refuse_doubled(result: float | Floats, among: _Cells) -> None:
    chosen: Any = np.nan
    count: Any = 0
    for place, cell in zip(among.places, among.data, strict=True):
        chosen = np.where(result == place, cell, chosen)
    for cell, mask in zip(among.data, among.masks, strict=True):
        count = count + ((cell == chosen) & mask)
    if np.any(count > 1):
        raise Unsupported(_DOUBLED)


def _nearest(data: float | Floats, among: _Cells, last: bool, sign: float) -> float | Floats:
    """The nearest at or below the value (``sign`` 1) or at or above it (-1); of equal ones the first, or the last."""
    result: Any = -1.0
    best: Any = -np.inf
    steps = list(zip(among.places, among.data, among.masks, strict=True))
    for place, cell, mask in reversed(steps) if last else steps:
        signed = np.multiply(cell, sign)
        better = (signed <= np.multiply(data, sign)) & (signed > best) & mask
        result, best = np.where(better, float(place), result), np.where(better, signed, best)
    return _shaped(result, data, among)


def refuse_unordered(area: Area, descending: bool) -> None:
    """Unsupported unless the cells are constants of one kind, strictly ordered, as a binary search needs them."""
    constants = area.constants()
    if constants is None or not isinstance(constants[0], int) or constants[0] not in (NUMBER, TEXT):
        raise Unsupported(_UNSORTED)
    values = constants[1]
    if constants[0] == TEXT:
        values = np.array(ranked(values.tolist()))
    steps = np.diff(values)
    if not ((steps < 0) if descending else (steps > 0)).all():
        raise Unsupported(_UNSORTED)
