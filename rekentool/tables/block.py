"""The results of many regions at once: the results table by column, as the engine computes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rekentool.engine.vector import LOGICAL, NUMBER, Vector, values
from rekentool.mapping.bind import ResultCell
from rekentool.tables.results import COLUMNS, UNCHECKED, ResultRow, table_value
from rekentool.xlsx.cell import Address

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Block:
    """The result cells of some regions.

    ``numbers`` has a row for each region and a column for each cell. In ``others`` stand, by its column, the values of
    a cell that isn't a number in every region, as the table shows them. ``used`` has the values of the kengetallen that
    were computed with, by their ids, as far as these are known.
    """

    regions: Sequence[str]
    cells: Sequence[ResultCell]
    numbers: NDArray[np.float64]
    others: Mapping[int, Sequence[float | str | None]]
    used: Mapping[str, Vector]

    def rows(self) -> Iterator[ResultRow]:
        """The rows of the table: those of the first region, of the second …"""
        before = [[cell[axis] for cell in self.cells] for axis in range(4)]  # geval, partij, regel, jaar
        after = [cell.eenheid for cell in self.cells], [str(cell.address) for cell in self.cells]
        for place, region in enumerate(self.regions):
            found: list[float | str | None] = self.numbers[place].tolist()
            for column, others in self.others.items():
                found[column] = others[place]
            yield from map(ResultRow._make, zip(repeat(region), *before, found, *after, strict=False))

    def values(self) -> NDArray[np.object_]:
        """What the table shows in ``waarde``, row by row."""
        found = self.numbers.astype(object)
        for column, others in self.others.items():
            found[:, column] = others
        return found.ravel()


def block(
    regions: Sequence[str], cells: Sequence[ResultCell], found: Mapping[Address, Vector], used: Mapping[str, Address]
) -> Block:
    """The block of these cells; one without values from the engine reads ``niet gecontroleerd``, never 0.

    ``used`` are the cells of the kengetallen.
    """
    size = len(regions)
    numbers = np.full((size, len(cells)), np.nan)
    others: dict[int, Sequence[float | str | None]] = {}
    for column, cell in enumerate(cells):
        vector = found.get(cell.address)
        if vector is None:
            others[column] = [UNCHECKED] * size
            continue
        plain = isinstance(vector.kind, int) and vector.kind in (NUMBER, LOGICAL)
        numbers[:, column] = vector.data + 0.0  # so that minus zero is zero
        if not (plain and np.isfinite(numbers[:, column]).all()):
            others[column] = [table_value(value) for value in values(vector, size)]
    figures = {id_: found[address] for id_, address in used.items() if address in found}
    return Block(regions, cells, numbers, others, figures)


def frame(blocks: Sequence[Block], cells: Sequence[ResultCell]) -> pd.DataFrame:
    """Blocks of the same cells as one table."""
    import pandas as pd  # slow to import

    regions = np.array([region for one in blocks for region in one.regions], object)
    columns: dict[str, Any] = {"regio": np.repeat(regions, len(cells))}
    for name in COLUMNS[1:]:
        if name == "waarde":
            columns[name] = np.concatenate([np.empty(0, object), *(one.values() for one in blocks)])
        else:
            member = "address" if name == "cel" else name
            shared = np.array([str(getattr(cell, member)) for cell in cells], object)
            columns[name] = np.tile(shared, len(regions))
    return pd.DataFrame(columns, columns=list(COLUMNS)).astype({"waarde": object})
