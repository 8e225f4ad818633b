"""Taking cells out of an area by their place, where the place may differ by scenario."""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.distinct import distinct
from rekentool.engine.functions.registry import single
from rekentool.engine.vector import (
    BLANK,
    EMPTY,
    ERROR,
    NUMBER,
    REF,
    VALUE,
    Area,
    Argument,
    Vector,
    error,
    simplify,
)


def as_area(argument: Argument) -> Area:
    """An argument as an area: a value is an area of one cell."""
    return argument if isinstance(argument, Area) else Area(1, 1, [EMPTY if argument is None else argument])


def places(argument: Argument) -> Vector:
    """An argument as whole numbers, cut off towards zero, or errors."""
    kind, data = to_numbers(single(argument))
    if isinstance(data, float):
        return Vector(kind, data if kind == ERROR or not np.isfinite(data) else float(int(data)))
    if isinstance(kind, int):
        return Vector(kind, data if kind == ERROR else np.trunc(data))
    return Vector(kind, np.where(kind == ERROR, data, np.trunc(data)))


def within(place: Vector, count: int) -> Vector:
    """A place from 1 to `count` as one from 0; beyond it #REF!, below 1 #VALUE!; errors stay."""
    kind, data = place
    if isinstance(kind, int) and kind == ERROR:
        return place
    if isinstance(kind, int) and isinstance(data, float):
        return Vector(NUMBER, data - 1) if 1 <= data <= count else error(VALUE if data < 1 else REF)
    outside: Any = ~((data >= 1) & (data <= count))
    moved = np.subtract(data, 1.0)
    if isinstance(kind, int) and not outside.any():
        return Vector(NUMBER, moved)
    size = place.size()
    kinds = place.kinds(size)
    wrong = outside & (kinds != ERROR)
    codes = np.where(np.less(data, 1), VALUE, REF)
    floats = np.where(kinds == ERROR, data, np.where(wrong, codes, moved))
    return simplify(np.where(wrong, ERROR, kinds).astype(np.uint8), floats)


def flat(row: Vector, column: Vector, columns: int) -> Vector:
    """Row and column from 0 as one place in the area's cells; the leftmost error where either is one."""
    if isinstance(row.kind, int) and isinstance(column.kind, int) and row.kind == column.kind == NUMBER:
        return Vector(NUMBER, row.data * columns + column.data)
    size = max(row.size(), column.size())
    first, second = row.kinds(size) == ERROR, column.kinds(size) == ERROR
    rows, others = row.floats(size), column.floats(size)
    floats = np.where(first, rows, np.where(second, others, rows * columns + others))
    return simplify(np.where(first | second, ERROR, NUMBER).astype(np.uint8), floats)


def pick(area: Area, place: Vector, size: int) -> Vector:
    """The cell at a place from 0 (see `flat`), in every scenario; errors stay."""
    kind, data = place
    if isinstance(kind, int) and isinstance(data, float):
        return place if kind == ERROR else area.cells[int(data)]
    size = place.size()
    kinds = place.kinds(size)
    good = kinds != ERROR
    all_good = bool(good.all())
    floats = place.floats(size)
    spots = (floats if all_good else np.where(good, floats, 0.0)).astype(np.intp)
    constants = area.constants()
    if constants is not None:
        found_kinds: Any = constants[0] if isinstance(constants[0], int) else constants[0][spots]
        found = constants[1][spots]
    else:
        found_kinds, found = _gathered(area, spots, size)
    if all_good:
        return simplify(found_kinds, found)
    return simplify(np.where(good, found_kinds, ERROR).astype(np.uint8), np.where(good, found, floats))


def _gathered(area: Area, spots: Any, size: int) -> tuple[Any, Any]:
    found_kinds = np.full(size, BLANK, np.uint8)
    found = np.zeros(size)
    values, codes = distinct(spots.astype(np.float64))
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes, minlength=len(values)))
    start = 0
    for value, end in zip(values.tolist(), ends.tolist(), strict=True):
        where = order[start:end]
        kind, data = area.cells[int(value)]
        found_kinds[where] = kind if isinstance(kind, int) else kind[where]
        found[where] = data if isinstance(data, float) else data[where]
        start = end
    return found_kinds, found


def leading(first: Vector, second: Vector, size: int) -> Vector:
    """The second, but where the first is an error, that."""
    if not first.any_error():
        return second
    if first.uniform:
        return first
    wrong = first.kinds(size) == ERROR
    kinds = np.where(wrong, ERROR, second.kinds(size)).astype(np.uint8)
    return simplify(kinds, np.where(wrong, first.floats(size), second.floats(size)))


def chosen(flags: Vector, yes: Vector, no: Vector, size: int) -> Vector:
    """One vector where the flags (logicals or errors) are TRUE, another where they are FALSE; their errors stay."""
    if flags.uniform:
        return flags if flags.kind == ERROR else yes if flags.data else no
    wanted = flags.floats(size) != 0
    kinds = np.where(wanted, yes.kinds(size), no.kinds(size)).astype(np.uint8)
    return leading(flags, simplify(kinds, np.where(wanted, yes.floats(size), no.floats(size))), size)
