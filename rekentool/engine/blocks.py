"""Formulas that were copied down or to the right, computed together where there is one scenario.

A compiled function computes many scenarios in one call, each to the last bit as it would be alone. To such a function
the cells of a block are scenarios: what they read is stacked, the function called once, and its result handed out.
What a block can't do, a value that isn't a number where it varies or a cell that can't be computed, is done one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from rekentool.engine.loose import Value, firm, loose
from rekentool.engine.source import Cell
from rekentool.engine.vector import NUMBER, Vector, pack

#: Fewer formulas alike are computed sooner one by one.
FEWEST = 64


class Form(NamedTuple):
    """How the function of a formula is made: from the places that it reads, and these constants."""

    maker: Callable[..., Cell]
    constants: tuple[Any, ...]


class Block:
    """Formulas of one form that don't depend on one another."""

    __slots__ = ("_columns", "_step", "_steps", "places")

    def __init__(self, places: Sequence[int], steps: Mapping[int, Cell], form: Form, columns: list[Any]) -> None:
        self.places = places
        self._steps = [steps[place] for place in places]
        self._step = form.maker(*range(len(columns)), *form.constants)
        self._columns = columns

    def compute(self, values: list[Any]) -> None:
        """Put the values of its cells in the list of all values."""
        stacked = [column(values) if callable(column) else column for column in self._columns]
        if any(column is None for column in stacked):
            for place, step in zip(self.places, self._steps, strict=True):
                values[place] = step(values, 1)
            return
        results = _apart(self._step(stacked, len(self.places)), len(self.places))
        for place, value in zip(self.places, results, strict=True):
            values[place] = value


def _apart(result: Value, count: int) -> Iterable[Value]:
    """The values of a block's cells, as they are when computed one by one."""
    if isinstance(result, float):
        return [result] * count
    if isinstance(result, np.ndarray):
        numbers: list[Value] = result.tolist()
        return numbers
    if result.uniform:
        return [result] * count
    kinds, data = result.kinds(count).tolist(), result.floats(count).tolist()
    return [value if kind == NUMBER else Vector(kind, value) for kind, value in zip(kinds, data, strict=True)]


def _varying(places: tuple[int, ...]) -> Callable[[list[Any]], Any]:
    take: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(*places)

    def column(values: list[Any]) -> Any:
        found = take(values)
        return np.array(found) if set(map(type, found)) == {float} else None

    return column


def _columns(reads: Sequence[tuple[int, ...]], base: list[Any], changing: Set[int]) -> list[Any]:
    """What the cells of a block read, one column for each parameter: stacked now where that stays as it is."""
    columns: list[Any] = []
    for places in zip(*reads, strict=True):
        if all(place == places[0] for place in places):
            columns.append(itemgetter(places[0]))
        elif changing.isdisjoint(places):
            columns.append(loose(pack([firm(base[place]) for place in places])))
        else:
            columns.append(_varying(places))
    return columns


def ordered(
    steps: Sequence[tuple[int, Cell]],
    reads: Mapping[int, tuple[int, ...]],
    forms: Mapping[int, Form],
    base: list[Any],
    varied: Set[int],
) -> list[tuple[int, Cell] | Block]:
    """The steps in an order of calculation, with blocks in the place of those that are alike; empty without blocks.

    ``varied`` are the places of the inputs. Steps of one level don't depend on one another: each step stands a level
    above the highest that it reads.
    """
    levels: dict[int, int] = {}
    alike: dict[tuple[int, Form], list[int]] = defaultdict(list)
    for place, _ in steps:
        level = levels[place] = 1 + max((levels.get(read, 0) for read in reads[place]), default=0)
        if place in forms:
            alike[level, forms[place]].append(place)
    changing = levels.keys() | varied
    functions = dict(steps)
    blocks: list[tuple[int, Block]] = []
    taken: set[int] = set()
    for (level, form), places in alike.items():
        if len(places) >= FEWEST and reads[places[0]]:
            columns = _columns([reads[place] for place in places], base, changing)
            blocks.append((level, Block(places, functions, form, columns)))
            taken.update(places)
    if not blocks:
        return []
    single = [(levels[place], (place, step)) for place, step in steps if place not in taken]
    found: list[tuple[int, tuple[int, Cell] | Block]] = [*single, *blocks]
    return [step for _, step in sorted(found, key=itemgetter(0))]
