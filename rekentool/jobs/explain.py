"""`leg-uit`: why a number is what it is, as a tree of the cells that it comes from, the ones that matter most first.

A node is a cell, or a rectangle that a formula reads as a whole. A branch is followed as far as the depth goes; a cell
whose value is just that of another one (``=D152``) costs no depth, and an error is always followed to where it starts.
What accounts for less than 1 % of the top is summarised (`account`); how effects are measured stands in `share`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rekentool.engine.piece import Pieces
from rekentool.engine.precedents import Precedents
from rekentool.engine.spelling import reference_text
from rekentool.engine.tree import Reference
from rekentool.jobs.account import Account, Accounts, Branch, measure_top
from rekentool.jobs.figure import Figure, figure_of
from rekentool.jobs.labels import Labels
from rekentool.jobs.operand import Decision, Role
from rekentool.jobs.place import find_place
from rekentool.jobs.read import FilledWorkbook, open_filled
from rekentool.jobs.share import Measure, Top
from rekentool.messages import Finding, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue, ExcelError, split_a1

Kind = Literal["invoer", "kengetal", "formule", "vaste waarde", "leeg", "bereik"]
#: Why a node has no children: it is opened (it has), explained elsewhere in the tree, deeper than asked, or an end.
State = Literal["open", "eerder", "dieper", "eind"]

#: Levels of a tree by default, and as many as there are ever.
DEPTH, DEEPEST = 3, 25
#: Nodes above one another, those that cost no depth too.
_MOST_NESTED = 150


@dataclass(frozen=True, slots=True)
class Rest:
    """Branches that are not shown one by one: how many, and their shares together.

    They are small; where there are no shares, they are the branches without an error beside one that has it.
    """

    count: int
    share: float | None
    top_share: float | None


@dataclass(frozen=True, slots=True)
class Node:
    """A cell (or a rectangle: ``cells`` is then more than 1) and why it has its value.

    ``shown`` is the value as a Dutch reader writes it, with its unit. ``formula`` is "" where there is none. ``share``
    and ``effect`` (in the unit of the node above) are about that node, ``top_share`` and ``top_effect`` about the top;
    None where they can't be measured. ``note`` says of an input whether it is the template's default; ``figure`` is the
    source of a kengetal. ``passes``: the value is just that of its first branch. ``reason`` says why a value isn't
    known (niet gecontroleerd), or is "".
    """

    place: str
    cells: int
    label: str
    kind: Kind
    value: CellValue
    shown: str
    unit: str
    formula: str
    role: Role
    share: float | None
    effect: float | None
    top_share: float | None
    top_effect: float | None
    measure: Measure
    decisions: tuple[Decision, ...]
    figure: Figure | None
    note: str
    reason: str
    state: State
    passes: bool = False
    children: tuple[Node, ...] = ()
    rest: Rest | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """A tree, with what there is to say of the file; ``origins`` are the cells where errors in the top start."""

    path: Path
    region: str
    top: Node
    origins: tuple[str, ...]
    findings: tuple[Finding, ...]


def explain(tool: Tool, path: Path, place: str, depth: int | None = DEPTH) -> Explanation:
    """Explain one cell of a file, recomputed; ``place`` as in `place.find_place`, depth None is as deep as it goes.

    RekentoolError when the file is refused or doesn't fit the mapping (see `read.open_filled`), or the place isn't
    known (RK72x).
    """
    filled = open_filled(tool, path)
    labels = Labels(filled.tool)
    address = find_place(filled.tool, labels, place, str(path))
    explainer = _Explainer(filled, tool, labels, address)
    explainer.discover(DEEPEST if depth is None else min(depth, DEEPEST))
    top = explainer.top()
    return Explanation(path, filled.region, top, explainer.origins(), tuple(_findings(filled, top, explainer.seen)))


def _findings(filled: FilledWorkbook, top: Node, cells: set[Address]) -> list[Finding]:
    """What makes the explanation doubtful: the file's own findings, changed formulas, stored values that differ."""
    file = str(filled.path)
    findings = [*filled.findings, *changed_findings(filled)]
    if top.reason:
        findings.append(finding("RK725", top.place, file, reden=top.reason))
    return findings + stored_findings(filled, cells)


def stored_findings(filled: FilledWorkbook, cells: Collection[Address]) -> list[Finding]:
    """RK724 when the file holds other values in some of these cells than the recomputed ones."""
    different = [one for one in filled.verdicts if one.judgement == "anders" and one.address in cells]
    if not different:
        return []
    address, stored, computed = different[0].address, different[0].expected, different[0].actual
    facts = {"staat": filled.tool.shown(address, stored), "berekend": filled.tool.shown(address, computed)}
    return [finding("RK724", str(address), str(filled.path), aantal=len(different), **facts)]


def changed_findings(filled: FilledWorkbook) -> list[Finding]:
    """RK728 when the file computes otherwise than the template: in one line, `controleer` names each cell."""
    serious = [found for found in filled.deviations if found.severity == "fout"]
    return [finding("RK728", serious[0].place, str(filled.path), aantal=len(serious))] if serious else []


class _Explainer:
    def __init__(self, filled: FilledWorkbook, template: Tool, labels: Labels, address: Address) -> None:
        self._tool, self._template, self._labels = filled.tool, template, labels
        self._unknown = filled.outcome.unknown
        self._workbook, self._formulas = filled.workbook, filled.workbook.formula_cells
        pieces = Pieces(self._workbook, filled.outcome.values)
        precedents = Precedents(self._workbook, pieces.scope)
        self._accounts = Accounts(pieces, precedents, labels)
        self._top_address = address
        self._top = Top(self._tool.model, precedents, pieces, address)
        self._found: dict[Address, Account] = {}
        #: The cells that are opened, and of those the ones that the tree has already shown.
        self._open: set[Address] = set()
        self._explained: set[Address] = set()
        #: The cells above the one at hand: in a circle of references one of them comes again.
        self._above: set[Address] = set()
        #: Every cell of the tree.
        self.seen: set[Address] = set()

    # -- which cells are opened --------------------------------------------------------------------------------------

    def _account(self, address: Address) -> Account | None:
        """The account of a cell that can be opened: a formula, but of a kengetal only the one that was asked for."""
        if address not in self._formulas:
            return None
        if address in self._labels.kengetallen and address != self._top_address:
            return None
        if address not in self._found:
            self._found[address] = self._accounts.of(address)
        return self._found[address]

    def _wrong(self, address: Address) -> bool:
        return isinstance(self._accounts.value(address), ExcelError)

    def discover(self, depth: int) -> None:
        """Find level by level which cells are opened, and measure them.

        What only decides is opened where it is just the value of another cell, so that one sees where it comes from.
        """
        whole: float | None = None
        done: dict[Address, bool] = {}
        level = [(self._top_address, True)]
        for left in range(depth, -1, -1):
            counted: dict[Address, Account] = {}
            for address, counts in level:  # grows while it is walked
                if done.get(address, counts - 1) >= counts:
                    continue  # seen before, for its own sake or likewise only for where it comes from
                done[address] = counts
                account = self._account(address)
                if account is None:
                    continue
                ahead = self._ahead(address, account)
                if ahead is not None:
                    self._open.add(address)
                    level.append((ahead, counts))
                    level += _deciding(account)
                elif (counts and left) or self._wrong(address):
                    self._open.add(address)
                    counted[address] = account
            if not counted:
                return
            whole = measure_top(self._top, counted.items(), whole)
            level = [step for account in counted.values() for step in _next(account)]

    def _ahead(self, address: Address, account: Account) -> Address | None:
        """The cell that is opened with this one: where its error comes from, or whose value it takes."""
        if self._wrong(address):
            return next(self._wrong_below(account), None)
        return account.followed()[0].cells[0] if account.single and account.branches else None

    def _wrong_below(self, account: Account) -> Iterator[Address]:
        """The cells with an error that the formula uses."""
        for branch in account.branches:
            if branch.role != "niet gebruikt":
                yield from filter(self._wrong, branch.cells)

    def origins(self) -> tuple[str, ...]:
        """Where errors in the top come from: the cells on the way of an error that use no other error."""
        found, seen = [], {self._top_address}
        waiting = [self._top_address]
        for address in waiting:  # grows while it is walked
            account = self._account(address)
            below = [] if account is None else list(self._wrong_below(account))
            if not below and self._wrong(address) and address != self._top_address:
                found.append(address)
            new = [cell for cell in below if cell not in seen]
            seen.update(new)
            waiting += new
        return tuple(f"{address} ({self._labels.of(address).text})" for address in found)

    # -- the tree ----------------------------------------------------------------------------------------------------

    def top(self) -> Node:
        """The whole tree."""
        column, row = split_a1(self._top_address.cell)
        area = Reference(self._top_address.sheet, column, row, column, row)
        return self._node(Branch(area, (self._top_address,), "waarde"), 0)

    def _node(self, branch: Branch, nested: int, *, own: bool = True) -> Node:
        """A branch with what is below it; ``own``: it may be opened for its own sake, and not only in passing."""
        self.seen.update(branch.cells)
        if not branch.area.single:
            return self._rectangle(branch, nested)
        address = branch.cells[0]
        node, account = self._leaf(address, branch), self._account(address)
        if account is None or branch.role == "niet gebruikt":
            return node
        if not (account.branches or account.decisions):
            return replace(node, reason=node.reason or account.reason)
        if address in self._above or (address in self._explained and not account.single):
            return replace(node, state="eerder")
        passing = account.single or self._wrong(address)
        if address not in self._open or not (own or passing) or nested >= _MOST_NESTED:
            return replace(node, state="dieper")
        children, rest = self._below(address, account, branch)
        self._explained.add(address)
        self._above.add(address)
        below = tuple(self._node(child, nested + 1, own=own and counts) for child, counts in children)
        self._above.remove(address)
        return replace(
            node, state="open", passes=account.single, decisions=account.decisions, children=below, rest=rest
        )

    def _below(
        self, address: Address, account: Account, branch: Branch
    ) -> tuple[list[tuple[Branch, bool]], Rest | None]:
        """The branches to show below a cell, whether each is opened for its own sake, and the ones left out."""
        if self._wrong(address):
            wrong = set(self._wrong_below(account))
            shown = [one for one in account.branches if one.role != "niet gebruikt" and wrong & {*one.cells}]
            if shown:  # what has no error says nothing about one
                right = len(account.branches) - len(shown)
                return [(one, True) for one in shown], Rest(right, None, None) if right else None
        followed = account.followed()
        if account.single:  # what is true of this cell is true of the one that it takes its value from
            first, *others = account.branches
            return [(replace(first, top=branch.top, top_share=branch.top_share), True),
                    *((one, False) for one in others)], None  # fmt: skip
        large = account.large(followed)
        others = [one for one in account.branches if one not in followed]
        return [(one, True) for one in large] + [(one, False) for one in others], _rest(followed, large)

    def _rectangle(self, branch: Branch, nested: int) -> Node:
        large = Account(branch.members).large(branch.members)
        children = tuple(self._node(member, nested + 1) for member in large)
        rest = _rest(branch.members, large)
        return Node(
            reference_text(branch.area), len(branch.cells), self._labels.of_area(branch.cells), "bereik", None, "", "",
            "", branch.role, branch.share, branch.effect.amount, branch.top_share, branch.top, branch.effect.measure,
            (), None, "", "", "open" if children else "eind", False, children, rest,
        )  # fmt: skip

    def _leaf(self, address: Address, branch: Branch) -> Node:
        """The node without what is below it."""
        label, value = self._labels.of(address), self._accounts.value(address)
        reason = self._unknown.get(address, "")
        figure = None
        if address in self._labels.kengetallen:
            figure = figure_of(self._tool, self._labels.kengetallen[address], value)
        shown = "niet gecontroleerd" if reason else self._labels.shown(address, value)
        return Node(
            str(address), 1, label.text, self._kind(address, value), value, shown, label.unit,
            self._labels.formula(address), branch.role, branch.share, branch.effect.amount, branch.top_share,
            branch.top, branch.effect.measure, (), figure, self._labels.filled(address, self._template), reason, "eind",
        )  # fmt: skip

    def _kind(self, address: Address, value: CellValue) -> Kind:
        if address in self._labels.inputs:
            return "invoer"
        if address in self._labels.kengetallen:
            return "kengetal"
        if address in self._formulas:
            return "formule"
        return "leeg" if value is None else "vaste waarde"


def _next(account: Account) -> Iterator[tuple[Address, bool]]:
    """The cells one level below an account, and whether they are opened for their own sake."""
    followed = account.followed()
    for branch in account.large(followed):
        members = Account(branch.members).large(branch.members) if branch.members else [branch]
        for one in members:
            if one.area.single:
                yield one.cells[0], True
    yield from _deciding(account)


def _deciding(account: Account) -> Iterator[tuple[Address, bool]]:
    """The cells that only decide: opened as far as they are just the value of another cell, or an error."""
    for branch in account.branches:
        if branch.role == "voorwaarde" and branch.area.single:
            yield branch.cells[0], False


def _rest(branches: Sequence[Branch], shown: Sequence[Branch]) -> Rest | None:
    left = [branch for branch in branches if branch not in shown]
    if not left:
        return None
    return Rest(len(left), sum(one.share or 0.0 for one in left), sum(one.top_share or 0.0 for one in left))
