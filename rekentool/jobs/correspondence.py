"""A template and a candidate for its place: which computed cell of one is which of the other.

Results, checks and kengetallen are found by what the mappings say of them, also where the candidate has a mapping of
its own; every other cell by the rows and columns that the two workbooks share (`alignment`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from rekentool.engine.protocol import Outcome, Scenario
from rekentool.engine.verdict import Tolerance, Verdict, compare
from rekentool.jobs.alignment import Alignment, align
from rekentool.jobs.effect import tolerance_of
from rekentool.mapping.bind import Binding, ResultCell
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue

#: For cells that are no result. Where large amounts cancel out, as in a check of a total, engines that add in another
#: order keep a few billionths of a euro or none; a millionth of anything is nothing that a person would see.
OTHER = Tolerance(absolute=1e-6)
#: What a cell of the base should hold, or (as a text, second) why nobody knows.
Expected = Callable[[Address], tuple[CellValue, str]]


@dataclass(frozen=True)
class Correspondence:
    """The computed cells of two workbooks side by side.

    ``pairs`` maps a cell of the base to the one of the candidate; in either of them it is computed, else it isn't here.
    ``gone`` are formula cells of the base that the candidate has no place for, ``added`` the reverse. ``alignment`` is
    None when the candidate is the base itself.
    """

    base: Tool
    candidate: Tool
    alignment: Alignment | None
    pairs: Mapping[Address, Address]
    gone: tuple[Address, ...]
    added: tuple[Address, ...]

    @cached_property
    def labels(self) -> Mapping[Address, ResultCell]:
        """What a cell of the candidate is a result of, where it is one."""
        return self._labels(
            self.candidate, {self.pairs[one]: cell for one, cell in self.lost.items() if one in self.pairs}
        )

    @cached_property
    def lost(self) -> Mapping[Address, ResultCell]:
        """What a cell of the base is a result of."""
        return self._labels(self.base, {})

    @staticmethod
    def _labels(tool: Tool, others: Mapping[Address, ResultCell]) -> dict[Address, ResultCell]:
        found = dict(others)
        mine: dict[Address, ResultCell] = {}
        for cell in tool.binding.results("alle"):
            mine.setdefault(cell.address, cell)
        return found | mine

    @cached_property
    def tolerances(self) -> Mapping[Address, Tolerance]:
        """The tolerance of every result of the candidate."""
        return {address: tolerance_of(cell) for address, cell in self.labels.items()}

    @cached_property
    def changed(self) -> frozenset[Address]:
        """Cells of the candidate that compute otherwise than in the base: another formula, or one came or went."""
        if self.alignment is None:
            return frozenset()
        before, after = self.base.workbook, self.candidate.workbook
        found = set(self.added)
        for mine, other in self.pairs.items():
            old, new = before.formulas.get(mine), after.formulas.get(other)
            if old is None or new is None:
                same = old == new and (mine in before.array_members) == (other in after.array_members)
            else:
                arrays = mine in before.arrays, other in after.arrays
                same = arrays[0] == arrays[1] and self.alignment.same_formula(old, mine, new, other)
            if not same:
                found.add(other)
        return frozenset(found)

    def judge(self, expected: Expected, outcome: Outcome, given: Scenario, *, loose: bool) -> Iterator[Verdict]:
        """A verdict for every computed cell of either, at the candidate's address; then the cells that are gone.

        ``given`` is the candidate's scenario: what a cell without a formula holds. A cell that isn't in the outcome, or
        of which nobody knows what it should be, is niet gecontroleerd.
        """
        wanted: dict[Address, CellValue] = {}
        found: dict[Address, CellValue] = {}
        unknown: dict[Address, str] = {}
        constants = self.candidate.workbook.values
        for mine, other in self.pairs.items():
            wanted[other], reason = expected(mine)
            if other in outcome.values:
                found[other] = outcome.values[other]
            elif other in outcome.unknown:
                reason = outcome.unknown[other]
            else:
                found[other] = given[other] if other in given else constants.get(other)
            if reason:
                unknown[other] = reason
        for other in self.added:
            if other in outcome.unknown:
                unknown[other] = outcome.unknown[other]
            else:
                found[other] = outcome.values[other]
        yield from compare(wanted, found, unknown, tolerance=OTHER, tolerances=self.tolerances, loose_errors=loose)
        lost: dict[Address, CellValue] = {}
        reasons: dict[Address, str] = {}
        for mine in self.gone:
            lost[mine], reason = expected(mine)
            if reason:
                reasons[mine] = reason
        yield from compare(lost, {}, reasons)


def correspond(base: Tool, candidate: Tool) -> Correspondence:
    """Lay the candidate beside the base."""
    mine, theirs = base.workbook.formula_cells, candidate.workbook.formula_cells
    if candidate is base:
        return Correspondence(base, candidate, None, {cell: cell for cell in mine}, (), ())
    alignment = align(base.workbook, candidate.workbook)
    before, after = _named(base.binding), _named(candidate.binding)
    pairs = {cell: after[name] for name, cell in before.items() if name in after}
    taken = set(pairs.values())
    for cell in sorted(mine - pairs.keys()):
        other = alignment.forward(cell)
        if other is not None and other not in taken:
            pairs[cell] = other
            taken.add(other)
    for other in sorted(theirs - taken):
        cell_before = alignment.back(other)
        if cell_before is not None and cell_before not in pairs:
            pairs[cell_before] = other
            taken.add(other)
    pairs = {cell: other for cell, other in pairs.items() if cell in mine or other in theirs}
    return Correspondence(
        base, candidate, alignment, pairs, tuple(sorted(mine - pairs.keys())), tuple(sorted(theirs - {*pairs.values()}))
    )


def _named(binding: Binding) -> dict[Hashable, Address]:
    """The computed cells that a mapping knows, by what they are; of two for one thing the first."""
    named: dict[Hashable, Address] = {}
    taken: set[Address] = set()
    for cell in binding.results("alle"):
        if cell.address not in taken and (key := cell[:4]) not in named:
            named[key] = cell.address
            taken.add(cell.address)
    for kind, cells in (("controle", binding.checks), ("kengetal", binding.used)):
        for name, address in cells.items():
            if address not in taken:
                named[kind, name] = address
                taken.add(address)
    return named
