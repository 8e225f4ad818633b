"""Files that are the template but for what was filled in: known as such at a glance, and computed together.

Most of what comes back is the template with other values in its unlocked cells. Of such a file nothing has to be looked
for: its cells are where the template's are, its formulas are the template's, and nothing deviates. Whatever is
otherwise in any way goes through `read.filled_of`, which looks at everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rekentool.engine.protocol import Outcome, Scenario
from rekentool.engine.verdict import Verdict, compare
from rekentool.jobs.read import NO_CACHE, money_cells
from rekentool.mapping.bind import bind
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import Workbook


class _Watched(dict[Address, CellValue]):
    """Values that remember which were asked for."""

    def __init__(self, values: Mapping[Address, CellValue]) -> None:
        super().__init__(values)
        self.asked: set[Address] = set()

    def get(self, key: Address, default: CellValue = None) -> CellValue:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


@dataclass(frozen=True)
class Likeness:
    """A template, as far as a file must be the same for nothing in it to need a closer look."""

    template: Workbook
    #: Cells whose value is computed.
    computed: frozenset[Address]
    #: Unlocked cells that no binding looks at: whatever stands in them, the file is the template's.
    free: frozenset[Address]
    #: The constants of all other cells.
    fixed: Mapping[Address, CellValue]

    @classmethod
    def of(cls, tool: Tool) -> Likeness:
        """What a file of this tool's template must have."""
        watched = _Watched(tool.workbook.values)
        bind(tool.mapping, replace(tool.workbook, values=watched, formulas={}))
        computed = tool.workbook.formula_cells
        free = tool.workbook.unlocked - computed - watched.asked
        fixed = {
            address: value
            for address, value in tool.workbook.values.items()
            if address not in computed and address not in free
        }
        return cls(tool.workbook, computed, free, fixed)

    def changes(self, workbook: Workbook) -> Scenario | None:
        """The constants that aren't the template's (`deviation.changed_constants`) of a file that is the template but
        for its free cells; None for any other file."""
        mine = self.template
        if not (
            workbook.formulas == mine.formulas
            and workbook.arrays == mine.arrays
            and workbook.array_members == mine.array_members
            and [sheet.name for sheet in workbook.sheets] == [sheet.name for sheet in mine.sheets]
            and workbook.names == mine.names
            and workbook.name_formulas == mine.name_formulas
            and workbook.local_names == mine.local_names
            and workbook.tables == mine.tables
            and (workbook.date1904, workbook.full_precision) == (mine.date1904, mine.full_precision)
        ):
            return None
        changed: dict[Address, CellValue] = {}
        fixed = 0
        computed, free, theirs, own = self.computed, self.free, workbook.values, mine.values
        for address in theirs.keys() - computed:
            value = theirs[address]
            if address in free:
                before = own.get(address)
                if value != before or type(value) is not type(before):
                    changed[address] = value
                continue
            before = self.fixed.get(address)
            if value != before or type(value) is not type(before):
                return None
            fixed += 1
        if fixed != len(self.fixed):
            return None
        for address in free:
            if address in own and address not in theirs:
                changed[address] = None
        return changed


def differing(tool: Tool, workbook: Workbook, outcome: Outcome) -> tuple[Verdict, ...]:
    """The verdicts of `read.verdicts_on` that aren't gelijk."""
    stored, computed, unknown = workbook.values, outcome.values, outcome.unknown
    doubtful = set(unknown)
    theirs, ours = list(map(stored.get, computed)), list(computed.values())
    if theirs != ours or list(map(type, theirs)) != list(map(type, ours)):
        for address, found, value in zip(computed, theirs, ours, strict=True):
            if found != value or type(found) is not type(value):
                doubtful.add(address)
    doubtful.update(_uncomputed(workbook, outcome))
    if not doubtful:
        return ()
    cached = {address: stored[address] for address in doubtful if address in stored}
    values = {address: computed[address] for address in doubtful if address in computed}
    missing = {address for address, value in values.items() if address not in cached and value not in (None, "")}
    reasons = {**dict.fromkeys(missing, NO_CACHE), **unknown}
    found_ = compare(cached, values, reasons, tolerances=money_cells(tool))
    return tuple(verdict for verdict in found_ if verdict.judgement != "gelijk")


def _uncomputed(workbook: Workbook, outcome: Outcome) -> Iterator[Address]:
    """Formula cells with a stored value of which the engine says nothing at all."""
    for cells in (workbook.formulas, workbook.array_members):
        for address in cells:
            if address not in outcome.values and address not in outcome.unknown and address in workbook.values:
                yield address
