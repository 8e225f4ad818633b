"""Straight and exponential lines through points, as rectangles: TREND, GROWTH, LINEST and LOGEST.

One row or column of x is what they take; several, and points that aren't numbers, are left to Excel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.coercion import to_logicals
from rekentool.engine.functions.place import as_area
from rekentool.engine.functions.registry import Unsupported, raw, single
from rekentool.engine.functions.sample import Faults, added, settle, width
from rekentool.engine.vector import NA, NUM, NUMBER, REF, VALUE, Area, Argument, Bools, Floats, Vector, error


class _Line:
    """The line ``y = slope * x + start`` of least squares, per scenario; through 0 where ``free`` is False."""

    def __init__(self, y: Any, x: Floats, free: bool) -> None:
        count = float(len(y))
        self.x_mean: Any = added(x) / count if free else 0.0
        self.y_mean: Any = added(y) / count if free else 0.0
        dx, dy = x - self.x_mean, y - self.y_mean
        self.sxx, self.syy, sxy = added(dx * dx), added(dy * dy), added(dx * dy)
        self.flat: Bools = self.sxx == 0
        self.slope: Floats = sxy / np.where(self.flat, 1.0, self.sxx)
        self.start: Any = self.y_mean - self.slope * self.x_mean
        self.rest: Floats = added((dy - self.slope * dx) ** 2)
        self.freedom = count - (2.0 if free else 1.0)


class _Points:
    """The first arguments of these functions as rows of numbers, with a column per scenario."""

    def __init__(self, arguments: Sequence[Argument], size: int) -> None:
        self.columns = width(arguments, size)
        self.faults = Faults(self.columns)
        self.wrong: Bools = np.zeros(self.columns, np.bool_)
        self.y = self.numbers(arguments[0])
        shape = as_area(arguments[0])
        self.fits = True
        if len(arguments) < 2 or arguments[1] is None:
            self.x = np.repeat(np.arange(1.0, len(self.y) + 1)[:, np.newaxis], self.columns, axis=1)
            return
        given = as_area(arguments[1])
        self.x = self.numbers(arguments[1])
        if (given.rows, given.columns) != (shape.rows, shape.columns):
            one_way = (shape.columns == 1 and given.rows == shape.rows) or (
                shape.rows == 1 and given.columns == shape.columns)  # fmt: skip
            if one_way:
                raise Unsupported("een regressie met meer dan één reeks x-waarden")
            self.fits = False

    def numbers(self, argument: Argument) -> Floats:
        """An argument's cells; what isn't a number is noted."""
        cells = as_area(argument).cells
        rows = np.empty((len(cells), self.columns))
        for row, cell in zip(rows, cells, strict=True):
            self.faults.add_errors(cell)
            number = np.asarray(cell.kind) == NUMBER
            self.wrong |= ~number
            row[:] = np.where(number, cell.data, 1.0)
        return rows


def _flag(arguments: Sequence[Argument], place: int, absent: bool) -> bool:
    """A logical argument that must be the same in every scenario; one that is left empty is as if it weren't there."""
    if len(arguments) <= place or arguments[place] is None:
        return absent
    flag = to_logicals(single(arguments[place]))
    if not flag.uniform or not isinstance(flag.data, float) or flag.any_error():
        raise Unsupported("een regressie met een keuze die per scenario verschilt of een fout is")
    return flag.data != 0


def _predicted(arguments: Sequence[Argument], size: int, exponential: bool) -> Vector | Area:
    points = _Points(arguments, size)
    new = arguments[2] if len(arguments) > 2 and arguments[2] is not None else None
    if new is None:
        shape, at = as_area(arguments[0]), points.x
    else:
        shape, at = as_area(new), points.numbers(new)
    if not points.fits:
        return error(REF)
    with np.errstate(all="ignore"):
        low = _not_positive(points) if exponential else np.zeros(points.columns, np.bool_)
        line = _Line(np.log(points.y) if exponential else points.y, points.x, _flag(arguments, 3, True))
        _refuse_flat(line, points, low)
        found: Any = line.start + line.slope * at
        found = np.exp(found) if exponential else found
    refusals = (points.wrong, VALUE), (low, NUM)
    return Area(shape.rows, shape.columns, [settle(row, points.faults, *refusals) for row in found])


def _not_positive(points: _Points) -> Bools:
    refused: Bools = np.any(points.y <= 0, axis=0)
    return refused


def _refuse_flat(line: _Line, points: _Points, low: Bools) -> None:
    if (line.flat & ~(points.wrong | points.faults.mask | low)).any():
        raise Unsupported("een regressie met x-waarden die alle gelijk zijn")


def _described(arguments: Sequence[Argument], size: int, exponential: bool) -> Vector | Area:
    points = _Points(arguments, size)
    if not points.fits:
        return error(REF)
    free, statistics = _flag(arguments, 2, True), _flag(arguments, 3, False)
    with np.errstate(all="ignore"):
        low = _not_positive(points) if exponential else np.zeros(points.columns, np.bool_)
        line = _Line(np.log(points.y) if exponential else points.y, points.x, free)
        _refuse_flat(line, points, low)
        start = line.start if free else np.zeros(points.columns)
        ends = (np.exp(line.slope), np.exp(start)) if exponential else (line.slope, start)
        refusals = (points.wrong, VALUE), (low, NUM)
        cells = [settle(end, points.faults, *refusals) for end in ends]
        if not statistics:
            return Area(1, 2, cells)
        if line.freedom <= 0 or (line.rest == 0).any():
            raise Unsupported("de statistieken van een lijn die door alle punten gaat")
        explained = line.syy - line.rest
        error_y = np.sqrt(line.rest / line.freedom)
        error_start = error_y * np.sqrt(1 / len(points.y) + line.x_mean**2 / line.sxx)
        rows = [error_y / np.sqrt(line.sxx), error_start, explained / line.syy, error_y]
        rows += [explained / (line.rest / line.freedom), np.full(points.columns, line.freedom), explained, line.rest]
        cells += [settle(row, points.faults, *refusals) for row in rows]
    if not free:
        cells[3] = error(NA)
    return Area(5, 2, cells)


@raw("TREND", "trend-function-e2f135f0-8827-4096-9873-9a7cf7b51ef1", 1, 4)
def trend(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The y at each new x (or each known one) on the line of least squares through points, y first."""
    return _predicted(arguments, size, False)


@raw("GROWTH", "growth-function-541a91dc-3d5e-437d-b156-21324e68b80d", 1, 4)
def growth(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """The y at each new x (or each known one) on an exponential line through points; #NUM! unless y is above 0."""
    return _predicted(arguments, size, True)


@raw("LINEST", "linest-function-84d7d0d9-6e50-4101-977a-fa7abf772b6d", 1, 4)
def linest(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """Slope and start of the line of least squares through points, y first, and where asked its statistics below."""
    return _described(arguments, size, False)


@raw("LOGEST", "logest-function-f27462d8-3657-4030-866b-a272c1d18b4b", 1, 4)
def logest(arguments: Sequence[Argument], size: int) -> Vector | Area:
    """Factor and start of the exponential line through points, y first; #NUM! unless y is above 0."""
    return _described(arguments, size, True)
