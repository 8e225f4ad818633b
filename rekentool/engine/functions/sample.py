"""The numbers among a function's arguments, per scenario, and the error that stands leftmost.

What counts follows Microsoft's pages on SUM, AVERAGE and AVERAGEA: a number, logical or text typed as an argument
counts (a text as the number in it, else #VALUE!), an argument left empty counts as 0; in a range or array only numbers
count. The functions on `everything` (AVERAGEA, MINA, MAXA) let logicals and texts in ranges count too, a text as 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NUM,
    NUMBER,
    TEXT,
    Area,
    Argument,
    Bools,
    Floats,
    Kinds,
    Vector,
    simplify,
)


class Faults:
    """The leftmost error of every scenario; ``add`` is called from left to right."""

    __slots__ = ("index", "mask")

    def __init__(self, width: int) -> None:
        self.mask: Bools = np.zeros(width, np.bool_)
        self.index: Floats = np.zeros(width)

    def add(self, mask: Bools | bool, index: Floats | float) -> None:
        """Note an error where there was none yet."""
        new = mask & ~self.mask
        self.index = np.where(new, index, self.index)
        self.mask = self.mask | new

    def add_errors(self, vector: Vector) -> None:
        """Note the errors of a vector."""
        kind, data = vector
        if not isinstance(kind, int):
            self.add(kind == ERROR, data)
        elif kind == ERROR:
            self.add(True, data)


class Sample(NamedTuple):
    """``values`` has a row per item and a column per scenario (one column where all agree), NaN where it doesn't count."""

    values: Floats
    whole: bool  # no NaN at all
    faults: Faults

    @property
    def counts(self) -> Floats:
        """How many items count, per scenario."""
        if self.whole:
            return np.full(self.values.shape[1], float(self.values.shape[0]))
        return (~np.isnan(self.values)).sum(axis=0).astype(np.float64)

    def filled(self, value: float) -> Floats:
        """The values with a number where an item doesn't count."""
        return self.values if self.whole else np.where(np.isnan(self.values), value, self.values)

    @property
    def total(self) -> Floats:
        """The sum of what counts."""
        return added(self.filled(0.0))


def added(rows: Floats) -> Floats:
    """The sum of rows, from the first to the last as Excel adds, so that it is the same for one scenario and for many."""
    total = np.zeros(rows.shape[1])
    for row in rows:
        total += row
    return total


def width(arguments: Sequence[Argument], size: int) -> int:
    """1 where every argument is the same in all scenarios, else the number of scenarios."""
    for argument in arguments:
        cells = argument.cells if isinstance(argument, Area) else () if argument is None else (argument,)
        for kind, data in cells:
            if not isinstance(kind, int) or not isinstance(data, float):
                return size
    return 1


def draw(arguments: Sequence[Argument], size: int, everything: bool = False) -> Sample:
    """The numbers of the arguments, from left to right."""
    columns = width(arguments, size)
    faults = Faults(columns)
    rows: list[float | Floats] = []
    whole = True
    for argument in arguments:
        if argument is None:
            rows.append(0.0)
            continue
        inside = isinstance(argument, Area)
        for cell in argument.cells if isinstance(argument, Area) else (_typed(argument),):
            kind, data = cell
            if isinstance(kind, int):
                if kind == NUMBER or (kind == LOGICAL and everything and inside):
                    rows.append(data)
                elif kind == ERROR:
                    faults.add(True, data)
                elif kind == TEXT and everything and inside:
                    rows.append(0.0)
                continue
            faults.add_errors(cell)
            counts = (kind != ERROR) & (kind != BLANK) if everything else kind == NUMBER
            if everything:
                data = np.where(kind == TEXT, 0.0, data)
            whole = whole and bool(counts.all())
            rows.append(np.where(counts, data, np.nan))
    values = np.empty((len(rows), columns))
    for position, row in enumerate(rows):
        values[position] = row
    return Sample(values, whole, faults)


def _typed(vector: Vector) -> Vector:
    """A value that isn't in an area, as it counts: a number, or a blank as it is (a formula's way to a blank cell)."""
    if isinstance(vector.kind, int):
        return vector if vector.kind in (NUMBER, BLANK) else to_numbers(vector)
    blank = vector.kind == BLANK
    numbers = to_numbers(vector)
    if not blank.any():
        return numbers
    size = len(blank)
    return Vector(np.where(blank, BLANK, numbers.kinds(size)).astype(np.uint8), numbers.floats(size))


def settle(data: Any, faults: Faults | None, *refusals: tuple[Any, float]) -> Vector:
    """A numeric result as a vector: errors of the arguments first, then refusals (mask, error) in order, then #NUM!
    where a number isn't finite."""
    floats: Floats = np.atleast_1d(np.asarray(data, np.float64))
    bad: Bools = ~np.isfinite(floats)
    if bad.any():
        floats = np.where(bad, NUM, floats)
    for mask, index in reversed(refusals):
        if np.any(mask):
            floats = np.where(mask, index, floats)
            bad = bad | mask
    if faults is not None and faults.mask.any():
        floats = np.where(faults.mask, faults.index, floats)
        bad = bad | faults.mask
    if not bad.any():
        return simplify(NUMBER, floats)
    kinds: Kinds = np.broadcast_to(np.where(bad, ERROR, NUMBER).astype(np.uint8), floats.shape)
    return simplify(kinds, floats)
