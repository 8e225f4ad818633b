"""`reken`: a regions table in, the results table out, without making a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from rekentool.engine.protocol import Outcome
from rekentool.engine.vector import ERROR, NA, Vector, constant, value_at
from rekentool.jobs.columninput import column_input
from rekentool.jobs.ownchecks import check_findings
from rekentool.messages import Finding
from rekentool.tables.block import Block, block
from rekentool.tables.regions import Region, Regions
from rekentool.tables.results import ResultRow
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address

#: Regions that are computed together; what is held in memory is bounded by this, not by the table's length.
CHUNK = 500

Watch = Callable[[Iterator[Block]], Iterator[Block]]


def compute(
    tool: Tool, regions: Sequence[Region], findings: list[Finding], *, every_line: bool = False, watch: Watch = iter
) -> Iterator[ResultRow]:
    """The results table's rows, streamed; what the workbook's own checks say is added to ``findings`` on the way.

    ``watch`` passes the blocks on that the rows come from, and may look at them.
    """
    for one in watch(compute_blocks(tool, regions, findings, every_line=every_line)):
        yield from one.rows()


def row_count(tool: Tool, regions: Sequence[Region], *, every_line: bool = False) -> int:
    """How many rows `compute` will give."""
    return len(regions) * sum(1 for _ in tool.binding.results("alle" if every_line else "altijd"))


def compute_blocks(
    tool: Tool, regions: Sequence[Region], findings: list[Finding], *, every_line: bool = False
) -> Iterator[Block]:
    """As `compute`, with the rows of some regions together."""
    table = regions if isinstance(regions, Regions) else Regions(regions)
    cells = tuple(tool.binding.results("alle" if every_line else "altijd"))
    looked_at = [*tool.binding.checks.values(), *tool.binding.used.values()]
    wanted = tuple(dict.fromkeys([*(cell.address for cell in cells), *looked_at]))
    columns = table.columns()
    for start in range(0, len(table), CHUNK):
        names = table.names[start : start + CHUNK]
        inputs = {
            tool.binding.inputs[key]: column_input(tool, key, column[start : start + CHUNK])
            for key, column in columns.items()
        }
        found = tool.model.run(inputs, wanted, len(names))
        if any(address not in found and address not in tool.model.unknown for address in wanted):
            # With the values of some region a cell can't be computed; which one, that says each region alone.
            outcomes = tool.model.compute(tool.scenarios(table[start : start + CHUNK]), wanted)
            for name, outcome in zip(names, outcomes, strict=True):
                findings += check_findings(tool, outcome, name)
                alone = {address: constant(value) for address, value in outcome.values.items()}
                yield block([name], cells, alone, tool.binding.used)
            continue
        for place in _suspect(tool, found, len(names)):
            values = {address: value_at(found[address], place) for address in looked_at if address in found}
            findings += check_findings(tool, Outcome(values, dict(tool.model.unknown)), names[place])
        yield block(names, cells, found, tool.binding.used)


def _suspect(tool: Tool, found: Mapping[Address, Vector], size: int) -> Iterable[int]:
    """The regions of which the workbook's checks, its kengetallen or the engine have something to say."""
    if tool.model.unknown:
        return range(size)
    suspect = np.zeros(size, np.bool_)
    for check in tool.mapping.checks:
        suspect |= ~_same(found[tool.binding.checks[check.id]], constant(check.expected), size)
    for address in tool.binding.used.values():
        suspect |= _same(found[address], Vector(ERROR, NA), size)
    return np.flatnonzero(suspect).tolist()


def _same(vector: Vector, value: Vector, size: int) -> NDArray[np.bool_]:
    same: NDArray[np.bool_] = (vector.kinds(size) == value.kind) & (vector.floats(size) == value.data)
    return same
