"""One formula cell explained: what it reads, in which role, and how much of its value each of these accounts for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rekentool.engine.piece import Pieces
from rekentool.engine.precedents import Precedents
from rekentool.engine.scope import Unfit
from rekentool.engine.tree import Reference
from rekentool.jobs.labels import Labels
from rekentool.jobs.operand import Decision, Role, use_of
from rekentool.jobs.share import Effect, Top, direct_effects, shares
from rekentool.xlsx.cell import Address, CellValue, ExcelError

#: Of a rectangle with more cells than this only the whole is measured.
MOST_MEMBERS = 1_000
#: A branch that accounts for less of the top than this is a small one.
SMALL = 0.01
#: Where every branch is small, so many are shown all the same.
_AT_LEAST = 3


@dataclass(eq=False)
class Branch:
    """A cell, or a rectangle with its cells as ``members``, that a formula reads.

    ``effect`` is in the unit of the formula's cell, ``top`` in that of the tree's top; the shares are fractions.
    """

    area: Reference
    cells: tuple[Address, ...]
    role: Role
    effect: Effect = field(default_factory=lambda: Effect(None))
    share: float | None = None
    top: float | None = None
    top_share: float | None = None
    members: list[Branch] = field(default_factory=list)

    @property
    def cell(self) -> Address | None:
        """The one cell that it is; None for a rectangle."""
        return self.cells[0] if self.area.single else None


@dataclass
class Account:
    """What a formula reads now, the largest effect first: values, then what only decides, then what isn't used.

    ``single``: the value is just that of the first branch. ``reason`` says why it can't be told, or is empty.
    """

    branches: list[Branch]
    decisions: tuple[Decision, ...] = ()
    single: bool = False
    reason: str = ""

    def followed(self) -> list[Branch]:
        """The branches that say where the value comes from: its values, or where it has none what decides."""
        values = [branch for branch in self.branches if branch.role == "waarde"]
        return values or [branch for branch in self.branches if branch.role == "voorwaarde"]

    def large(self, branches: Sequence[Branch]) -> list[Branch]:
        """Those of the branches that matter to the top; all where only one would be left out."""
        small = [branch for branch in branches if branch.top_share is not None and branch.top_share < SMALL]
        if len(small) == len(branches):
            small = [one for at, one in enumerate(branches) if at >= _AT_LEAST or not one.share]
        return [one for one in branches if one not in small] if len(small) > 1 else list(branches)


class Accounts:
    """Makes the accounts of one workbook's cells."""

    def __init__(self, pieces: Pieces, precedents: Precedents, labels: Labels) -> None:
        self._pieces, self._precedents, self._labels = pieces, precedents, labels

    def value(self, address: Address) -> CellValue:
        """The value of a cell; None also where it wasn't computed."""
        try:
            return self._pieces.at(address)
        except Unfit:
            return None

    def of(self, address: Address) -> Account:
        """The account of a formula cell, without its effects on the top."""
        try:
            use = use_of(self._pieces, address)
        except Unfit as problem:
            return Account([], reason=str(problem))
        branches = []
        for area, role in use.operands:
            cells = tuple(self._precedents.inside(area))
            if not cells:
                continue
            dated = role == "waarde" and area.single and not use.single and self._labels.is_date(cells[0])
            branches.append(Branch(area, cells, "voorwaarde" if dated else role))
        self._measure(address, branches)
        for branch in branches:
            branch.members.sort(key=self._order)
        branches.sort(key=self._order)
        return Account(branches, use.decisions, use.single)

    def _measure(self, address: Address, branches: Sequence[Branch]) -> None:
        """Direct effects and shares of all values, and of the cells within each rectangle."""
        values = [branch for branch in branches if branch.role == "waarde"]
        for branch in values:
            if not branch.area.single and len(branch.cells) <= MOST_MEMBERS:
                sheet = branch.area.sheet
                branch.members = [
                    Branch(Reference(sheet, cell.column, cell.row, cell.column, cell.row), (cell,), "waarde")
                    for cell in branch.cells
                ]
        groups = [values, *(branch.members for branch in values if branch.members)]
        everything = [branch for group in groups for branch in group]
        effects = direct_effects(self._pieces, address, [branch.cells for branch in everything])
        for branch, effect in zip(everything, effects, strict=True):
            branch.effect = effect
        for group in groups:
            for branch, share in zip(group, shares([one.effect.amount for one in group]), strict=True):
                branch.share = share

    def _order(self, branch: Branch) -> tuple[int, bool, float]:
        roles: dict[Role, int] = {"waarde": 0, "voorwaarde": 1, "niet gebruikt": 2}
        wrong = any(isinstance(self.value(cell), ExcelError) for cell in branch.cells[:MOST_MEMBERS])
        return roles[branch.role], not wrong, -(branch.share or 0.0)


def measure_top(top: Top, accounts: Iterable[tuple[Address, Account]], whole: float | None) -> float:
    """Fill in the effects of all branches on the top; gives the sum of those without sign over the first account.

    ``whole`` is what the shares are a part of; None when the first account is the one at the top itself.
    """
    accounts = list(accounts)
    everything = {
        address: [one for branch in account.branches for one in (branch, *branch.members)]
        for address, account in accounts
    }
    found = top.effects({address: [one.effect for one in ones] for address, ones in everything.items()})
    for address, ones in everything.items():
        for branch, effect in zip(ones, found[address], strict=True):
            branch.top = effect
    if whole is None:
        whole = sum(abs(branch.top or 0.0) for branch in accounts[0][1].branches)
    for ones in everything.values():
        for branch in ones:
            branch.top_share = None if branch.top is None or not whole else abs(branch.top) / whole
    return whole
