"""The numbers among a function's arguments, per scenario, and the error that stands leftmost.

What counts follows Microsoft's pages on SUM, AVERAGE and AVERAGEA: a number, logical or text typed as an argument
counts (a text as the number in it, else #VALUE!), an argument left empty counts as 0; in a range or array only numbers
count. The functions on `everything` (AVERAGEA, MINA, MAXA) let logicals and texts in ranges count too, a text as 0.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import raw, single
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
    """``values`` has a row per item and a column per scenario (one column where all agree).

    NaN stands where an item doesn't count; ``whole`` says that there is none.
    """

    values: Floats
    whole: bool
    faults: Faults

    @property
    def counts(self) -> Floats:
        """How many items count, per scenario."""
        if self.whole:
            return np.full(self.values.shape[1], float(self.values.shape[0]))
        counts: Floats = (~np.isnan(self.values)).sum(axis=0).astype(np.float64)
        return counts

    def filled(self, value: float) -> Floats:
        """The values with a number where an item doesn't count."""
        return self.values if self.whole else np.where(np.isnan(self.values), value, self.values)

    @property
    def total(self) -> Floats:
        """The sum of what counts."""
        return added(self.filled(0.0))


def added(rows: Floats) -> Floats:
    """The sum of rows, from first to last as Excel adds: so it is the same for one scenario and for many."""
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


#: What a function of samples gives: numbers, and where it refuses with which error.
Result = Floats | tuple[Any, ...]


def sampled(name: str, page: str, everything: bool = False) -> Callable[..., Any]:
    """Register a function of a `Sample`, in its parameter ``drawn``: of all arguments, or where it has other parameters
    of that one. The others are numbers, as arrays; an array given for one of them (``LARGE(A1:A9,{1,2,3})``) gives an
    array. It returns numbers, or a tuple of numbers and refusals as for `settle`."""

    def decorate(function: Callable[..., Result]) -> Callable[..., Result]:
        parameters = list(inspect.signature(function).parameters.values())
        place = [parameter.name for parameter in parameters].index("drawn")
        alone = len(parameters) == 1
        needed = sum(parameter.default is parameter.empty for parameter in parameters)

        def call(arguments: Sequence[Argument], size: int) -> Vector | Area:
            for position, argument in enumerate(arguments):
                if not alone and position != place and isinstance(argument, Area) and len(argument.cells) > 1:
                    before, after = arguments[:position], arguments[position + 1 :]
                    cells = [_one(call([*before, cell, *after], size)) for cell in argument.cells]
                    return Area(argument.rows, argument.columns, cells)
            with np.errstate(all="ignore"):
                if alone:
                    drawn = draw(arguments, size, everything)
                    return _settled(function(drawn), drawn.faults)
                return _with_numbers(function, place, arguments, size)

        call.__doc__ = function.__doc__
        raw(name, page, needed, 255 if alone else len(parameters))(call)
        return function

    return decorate


def _one(result: Vector | Area) -> Vector:
    return single(result)


def _settled(result: Result, faults: Faults) -> Vector:
    return settle(*((result[0], faults, *result[1:]) if isinstance(result, tuple) else (result, faults)))


def _with_numbers(function: Callable[..., Result], place: int, arguments: Sequence[Argument], size: int) -> Vector:
    drawn = draw([arguments[place]], size)
    columns = width(arguments, size)
    values = np.broadcast_to(drawn.values, (len(drawn.values), columns))
    faults = Faults(columns)
    given: list[Any] = []
    for position, argument in enumerate(arguments):
        if position == place:
            faults.add(drawn.faults.mask, drawn.faults.index)
            given.append(Sample(values, drawn.whole, drawn.faults))
        else:
            numbers = to_numbers(single(argument))
            faults.add_errors(numbers)
            given.append(numbers.floats(columns))
    return _settled(function(*given), faults)
