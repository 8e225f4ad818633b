"""COUNTIF, SUMIF and their kin: counting and adding up the cells that meet criteria (see `criteria`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from rekentool.engine.functions.criteria import criterion, meets, meets_varying
from rekentool.engine.functions.place import as_area
from rekentool.engine.functions.registry import Unsupported, raw, single
from rekentool.engine.vector import (
    DIV0,
    ERROR,
    NUM,
    NUMBER,
    VALUE,
    Area,
    Argument,
    Bools,
    Vector,
    error,
    number,
    simplify,
)


class _Shape(Exception):
    """The ranges differ in shape: #VALUE!."""


def _chosen(pairs: Sequence[Argument], size: int) -> tuple[Area, list[bool | Bools]]:
    """The first range and, for each of its places, in which scenarios all criteria are met."""
    first = as_area(pairs[0])
    chosen: list[Any] = [True] * len(first.cells)
    for argument, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        area, value = as_area(argument), _wanted(wanted)
        if (area.rows, area.columns) != (first.rows, first.columns):
            raise _Shape
        if value.uniform:
            assert isinstance(value.kind, int) and isinstance(value.data, float)
            test = criterion(value.kind, value.data)
            for place, cell in enumerate(area.cells):
                if chosen[place] is not False:
                    chosen[place] = meets(cell, test) & chosen[place]
        else:
            for place, cell in enumerate(area.cells):
                if chosen[place] is not False:
                    chosen[place] = meets_varying(cell, value, size) & chosen[place]
    return first, chosen


def _wanted(argument: Argument) -> Vector:
    if isinstance(argument, Area) and len(argument.cells) > 1:
        raise Unsupported("een bereik van criteria, waarvoor Excel meer uitkomsten geeft")
    return single(argument)


def _count(pairs: Sequence[Argument], size: int) -> Vector:
    try:
        chosen = _chosen(pairs, size)[1]
    except _Shape:
        return error(VALUE)
    base = sum(1 for mask in chosen if not isinstance(mask, np.ndarray) and mask)
    masks = [mask for mask in chosen if isinstance(mask, np.ndarray)]
    if not masks:
        return number(base)
    total = np.full(size, float(base))
    for mask in masks:
        total += mask
    return Vector(NUMBER, total)


@raw("COUNTIF", "countif-function-e0de10c6-f885-4e71-abb4-1f464816df34", 2, 2)
def countif(arguments: Sequence[Argument], size: int) -> Vector:
    """The number of cells that meet a criterion."""
    return _count(arguments, size)


@raw("COUNTIFS", "countifs-function-dda3dc6e-f74e-4aee-88bc-aa8c2a866842", 2)
def countifs(arguments: Sequence[Argument], size: int) -> Vector:
    """The number of places where every range meets its criterion."""
    return _count(_pairs(arguments), size)


@raw("SUMIF", "sumif-function-169b8c99-c05c-4483-a712-1697a653039b", 2, 3)
def sumif(arguments: Sequence[Argument], size: int) -> Vector:
    """The sum of the cells that meet a criterion, or of those beside them."""
    return _over(_one_range(arguments), arguments[:2], size).total()


@raw("SUMIFS", "sumifs-function-c9e748f5-7ea7-455d-9406-611cebce642b", 3)
def sumifs(arguments: Sequence[Argument], size: int) -> Vector:
    """The sum of the cells where every range meets its criterion."""
    return _several(arguments, size, "total")


@raw("AVERAGEIF", "averageif-function-faec8e2e-0dec-4308-af69-f5576d8ac642", 2, 3)
def averageif(arguments: Sequence[Argument], size: int) -> Vector:
    """The mean of the cells that meet a criterion, or of those beside them; #DIV/0! where there are none."""
    return _over(_one_range(arguments), arguments[:2], size).mean()


@raw("AVERAGEIFS", "averageifs-function-48910c45-1fc0-4389-a028-f7c5c3001690", 3)
def averageifs(arguments: Sequence[Argument], size: int) -> Vector:
    """The mean of the cells where every range meets its criterion; #DIV/0! where there are none."""
    return _several(arguments, size, "mean")


@raw("MINIFS", "minifs-function-6ca1ddaa-079b-4e74-80cc-72eef32e6599", 3)
def minifs(arguments: Sequence[Argument], size: int) -> Vector:
    """The lowest of the cells where every range meets its criterion; 0 where there are none."""
    return _several(arguments, size, "lowest")


@raw("MAXIFS", "maxifs-function-dfd611e6-da2c-488a-919b-9b6376b28883", 3)
def maxifs(arguments: Sequence[Argument], size: int) -> Vector:
    """The highest of the cells where every range meets its criterion; 0 where there are none."""
    return _several(arguments, size, "highest")


def _pairs(arguments: Sequence[Argument]) -> Sequence[Argument]:
    if len(arguments) % 2:
        raise Unsupported("een bereik zonder criterium")
    return arguments


def _one_range(arguments: Sequence[Argument]) -> Area:
    """The cells to add up: the third argument cut to the shape of the first, as Excel takes them from its top left."""
    tested = as_area(arguments[0])
    if len(arguments) < 3 or arguments[2] is None:
        return tested
    area = as_area(arguments[2])
    if (area.rows, area.columns) == (tested.rows, tested.columns):
        return area
    if area.rows < tested.rows or area.columns < tested.columns:
        raise Unsupported("een optelbereik dat kleiner is dan het bereik met het criterium")
    rows = (area.cells[row * area.columns : row * area.columns + tested.columns] for row in range(tested.rows))
    return Area(tested.rows, tested.columns, [cell for row in rows for cell in row])


def _several(arguments: Sequence[Argument], size: int, what: str) -> Vector:
    try:
        met = _over(as_area(arguments[0]), _pairs(arguments[1:]), size)
    except _Shape:
        return error(VALUE)
    result: Vector = getattr(met, what)()
    return result


@dataclass(frozen=True, slots=True)
class _Met:
    """The numbers of the cells that are chosen, each with the scenarios where it counts; and the first error there."""

    numbers: list[tuple[Any, Any]]
    wrong: Any
    faults: Any

    def total(self) -> Vector:
        return self._shown(self._sum())

    def mean(self) -> Vector:
        count: Any = 0.0
        for _, mask in self.numbers:
            count = count + mask
        with np.errstate(all="ignore"):
            return self._shown(np.divide(self._sum(), count), np.equal(count, 0), DIV0)

    def lowest(self) -> Vector:
        return self._shown(self._extreme(np.minimum, np.inf))

    def highest(self) -> Vector:
        return self._shown(self._extreme(np.maximum, -np.inf))

    def _sum(self) -> Any:
        result: Any = 0.0
        for data, mask in self.numbers:
            result = result + (data if mask is True else np.where(mask, data, 0.0))
        return result

    def _extreme(self, function: Callable[[Any, Any], Any], start: float) -> Any:
        result: Any = start
        for data, mask in self.numbers:
            result = function(result, data if mask is True else np.where(mask, data, start))
        return np.where(np.isinf(result), 0.0, result)

    def _shown(self, data: Any, bad: Any = False, fault: float = NUM) -> Vector:
        """The result with its errors: those of chosen cells before ``fault`` where ``bad``."""
        bad = bad | ~np.isfinite(data)
        if not np.any(bad) and not np.any(self.wrong):
            return Vector(NUMBER, data if isinstance(data, np.ndarray) and data.ndim else float(data))
        errors = np.where(self.wrong, self.faults, fault)
        wrong = np.asarray(bad | self.wrong)
        if wrong.ndim == 0:
            return error(float(errors))
        return simplify(np.where(wrong, ERROR, NUMBER).astype(np.uint8), np.where(wrong, errors, data))


def _over(summed: Area, pairs: Sequence[Argument], size: int) -> _Met:
    tested, masks = _chosen(pairs, size)
    if (summed.rows, summed.columns) != (tested.rows, tested.columns):
        raise _Shape
    numbers: list[tuple[Any, Any]] = []
    wrong: Any = False
    faults: Any = 0.0
    for (kind, data), mask in zip(summed.cells, masks, strict=True):
        if not np.any(mask):
            continue
        counts = np.equal(kind, NUMBER) & mask
        if np.any(counts):
            numbers.append((data, True if np.all(counts) else counts))
        fails = np.equal(kind, ERROR) & mask & ~np.asarray(wrong)
        if np.any(fails):
            faults = np.where(fails, data, faults)
            wrong = wrong | fails
    return _Met(numbers, wrong, faults)
