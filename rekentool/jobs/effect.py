"""What one change in a workbook does by itself: the results that it reaches, and how much each becomes otherwise.

The change is put into the tool's own workbook while all else stays as it is there: the new formulas are computed in a
small workbook of their own, from the values that the tool's workbook has, and what they give stands in the place of
the old formulas when its program computes the results again. So a change costs milliseconds, and what other changes do
stays out of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from rekentool.engine.program import ProgramModel
from rekentool.engine.protocol import Scenario, unknown_reason
from rekentool.engine.vector import Vector, constant, gather, values
from rekentool.engine.verdict import DEFAULT, MONEY, Tolerance, compare
from rekentool.jobs.alignment import Alignment
from rekentool.jobs.reach import Reach
from rekentool.mapping.bind import ResultCell
from rekentool.mapping.schema import Output
from rekentool.mapping.target import is_address
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import Workbook

#: The unit in which differences are first.
EURO = "euro"


@dataclass(frozen=True, slots=True)
class CellChange:
    """What one cell of the tool's workbook holds instead: a formula, or else a value (None: nothing)."""

    address: Address
    formula: str | None = None
    value: CellValue = None


@dataclass(frozen=True, slots=True)
class Change:
    """Cells that change together, such as a formula copied along a row, and names that refer to something else.

    ``names`` gives what a workbook-wide name refers to instead, as the tool's workbook writes it (``"Invoer!C8"``);
    None for a name that is gone.
    """

    cells: tuple[CellChange, ...] = ()
    names: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultChange:
    """One result that becomes otherwise, in one scenario (by its place in what was asked)."""

    result: ResultCell
    scenario: int
    before: CellValue
    after: CellValue

    @property
    def difference(self) -> float | None:
        """After less before, in the result's own unit; None where either isn't a number."""
        if isinstance(self.before, float) and isinstance(self.after, float):
            return self.after - self.before
        return None


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change does by itself.

    ``reached``: the results that can change through it, whatever the inputs (also through cells it reaches).
    ``changed``: those that do with these scenarios, largest difference first, euros before other units.
    ``unchecked``: why the effect isn't known, in Dutch, or empty; then ``changed`` is empty and says nothing.
    ``uncomputed``: the results among those reached that the program can't compute, before or after.
    """

    change: Change
    reached: tuple[ResultCell, ...]
    changed: tuple[ResultChange, ...]
    unchecked: str = ""
    uncomputed: tuple[ResultCell, ...] = ()


def change_effects(
    tool: Tool,
    changes: Sequence[Change],
    scenarios: Sequence[Scenario] = ({},),
    *,
    alignment: Alignment | None = None,
    output: Output = "alle",
) -> list[Effect]:
    """The effect of each change alone on the results of the tool's binding, in the order of ``changes``.

    A scenario sets input cells of the tool's workbook; ``{}`` is the workbook with its own inputs. The formulas of a
    change are written for the tool's workbook; with ``alignment`` (from the tool's workbook to another one) they are
    written as the other workbook has them, with its places, sheets and names, and what they read there that the tool's
    workbook doesn't have (a new row) is computed along with them. Differences under half a cent in euros, or under a
    billionth in another unit, are none.
    """
    if not changes:
        return []
    effects = _Effects(tool, scenarios, alignment, output)
    return [effects.of(change) for change in changes]


def tolerance_of(result: ResultCell) -> Tolerance:
    """How far two values of a result may be apart and still be the same."""
    return MONEY if result.eenheid.split(" ")[0] == EURO else DEFAULT


class _Unknown(Exception):
    """The effect can't be computed; the text is the reason in Dutch."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A cell of the tool's workbook that waits for its new formula's value, which ``home`` in ``book`` gives."""

    book: _Book
    home: Address


@dataclass(frozen=True, eq=False)
class _Book:
    """The workbook that new formulas are written for; ``back`` says where its cells stand in the tool's own."""

    reach: Reach
    back: Callable[[Address], Address | None]
    formulas: Mapping[Address, str]

    @property
    def workbook(self) -> Workbook:
        """The workbook as it is without the new formulas."""
        return self.reach.workbook

    def needs(self, home: Address) -> tuple[dict[Address, Address], set[Address]]:
        """What the formula of a cell needs: cells of the tool's workbook by their place here, and cells only here."""
        shared: dict[Address, Address] = {}
        own: set[Address] = set()
        front = [home]
        while front:
            here = front.pop()
            formula = self.formulas.get(here) or self.workbook.formulas.get(here, "")
            for address in self.reach.reads(here, formula) if formula else ():
                there = self.back(address)
                if there is not None:
                    shared[address] = there
                elif address not in own:
                    own.add(address)
                    front.append(self.workbook.array_members.get(address, address))
        return shared, own


class _Effects:
    """Effects on one tool with one set of scenarios."""

    def __init__(self, tool: Tool, scenarios: Sequence[Scenario], alignment: Alignment | None, output: Output) -> None:
        self.tool, self.alignment, self.size = tool, alignment, len(scenarios)
        self.model = tool.model
        self.results = list(tool.binding.results(output))
        given = dict.fromkeys(address for scenario in scenarios for address in scenario)
        book = tool.workbook
        self.inputs: dict[Address, Vector] = {
            address: gather([one.get(address, book.values.get(address)) for one in scenarios]) for address in given
        }
        self._before: dict[Address, Vector] | None = None

    @cached_property
    def reach(self) -> Reach:
        """The graph of the tool's own workbook."""
        return Reach(self.tool.workbook)

    @cached_property
    def other(self) -> Reach:
        """The graph of the workbook that formulas are written for."""
        return self.reach if self.alignment is None else Reach(self.alignment.new)

    def of(self, change: Change) -> Effect:
        """The effect of one change."""
        touched = {cell.address for cell in change.cells} | set(self.reach.users(change.names))
        cone = self.reach.reached(touched) | touched
        reached = tuple(result for result in self.results if result.address in cone)
        try:
            instead = self._instead(change, touched)
        except _Unknown as problem:
            return Effect(change, reached, (), str(problem))
        wanted = tuple(dict.fromkeys(result.address for result in reached))
        after = self._run(instead, wanted) if wanted else {}
        uncomputed = tuple(one for one in reached if one.address not in after or one.address not in self.before)
        known = [result for result in reached if result not in uncomputed] if uncomputed else reached
        changed = [found for result in known for found in self._changes(result, after[result.address])]
        return Effect(change, reached, tuple(sorted(changed, key=_size)), uncomputed=uncomputed)

    @property
    def before(self) -> dict[Address, Vector]:
        """The results without any change."""
        if self._before is None:
            self._before = self._run({}, tuple(dict.fromkeys(result.address for result in self.results)))
        return self._before

    def _run(self, instead: Mapping[Address, Vector], wanted: tuple[Address, ...]) -> dict[Address, Vector]:
        return self.model.run({**self.inputs, **instead}, wanted, self.size, instead=True)

    def _changes(self, result: ResultCell, after: Vector) -> list[ResultChange]:
        before = self.before[result.address]
        if before.uniform and after.uniform and before == after:
            return []
        found = []
        for scenario, (was, becomes) in enumerate(
            zip(values(before, self.size), values(after, self.size), strict=True)
        ):
            if different(result, was, becomes):
                found.append(ResultChange(result, scenario, was, becomes))
        return found

    # -- the values that come in the place of the old ones -----------------------------------------------------------

    def _instead(self, change: Change, touched: set[Address]) -> dict[Address, Vector]:
        """What the cells of the change have instead, in every scenario."""
        instead: dict[Address, Vector] = {}
        pending = self._by_name(change)
        formulas = {cell.address: cell.formula for cell in change.cells if cell.formula is not None}
        book = self._book(formulas)
        for cell in change.cells:
            if cell.formula is None:
                instead[cell.address] = constant(cell.value)
                pending.pop(cell.address, None)
                continue
            home = self._home(cell.address)
            pending[cell.address] = _Pending(book, home)
            for member in _members(book.workbook, home):
                there = book.back(member)
                if there is not None:
                    pending[there] = _Pending(book, member)
        while pending:
            ready = self._ready(pending)
            if not ready:
                path = ", ".join(sorted(map(str, pending))[:5])
                raise _Unknown(unknown_reason("RK422", pad=path))
            for book in dict.fromkeys(one.book for one in ready.values()):
                mine = {address: one.home for address, one in ready.items() if one.book is book}
                instead.update(self._computed(book, mine, instead))
            for address in ready:
                del pending[address]
        return instead

    def _home(self, address: Address) -> Address:
        home = address if self.alignment is None else self.alignment.forward(address)
        if home is None:
            raise ValueError(f"{address} isn't in the workbook that its new formula is written for")
        return home

    def _book(self, formulas: Mapping[Address, str]) -> _Book:
        if self.alignment is None:
            return _Book(self.reach, lambda address: address, formulas)
        return _Book(self.other, self.alignment.back, {self._home(cell): text for cell, text in formulas.items()})

    def _by_name(self, change: Change) -> dict[Address, _Pending]:
        """The cells whose own formula gives something else because a name does."""
        if not change.names:
            return {}
        book = self.tool.workbook
        names, others = dict(book.names), dict(book.name_formulas)
        known = {name.casefold(): name for name in (*names, *others)}
        for name, text in change.names.items():
            for kept in (names, others):
                kept.pop(known.get(name.casefold(), name), None)
            if text is not None:
                (names if is_address(text) else others)[name] = text
        users = self.reach.users(change.names)
        renamed = _Book(
            Reach(replace(book, names=names, name_formulas=others)),
            lambda address: address,
            {address: book.formulas[address] for address in users},
        )
        found = {address: _Pending(renamed, address) for address in users}
        for address in users:
            found.update((member, _Pending(renamed, member)) for member in _members(book, address))
        return found

    def _ready(self, pending: Mapping[Address, _Pending]) -> dict[Address, _Pending]:
        """The cells that need none of the others that wait."""
        waiting = self.reach.reached(pending) | set(pending)
        ready = {}
        for address, one in pending.items():
            anchor = one.book.workbook.array_members.get(one.home, one.home)
            shared, _ = one.book.needs(anchor)
            if not waiting.intersection(shared.values()):
                ready[address] = one
        return ready

    def _computed(
        self, book: _Book, homes: Mapping[Address, Address], instead: Mapping[Address, Vector]
    ) -> dict[Address, Vector]:
        """What the new formulas give; ``homes`` has their cells in the book by those in the tool's workbook."""
        anchors = {book.workbook.array_members.get(home, home) for home in homes.values()}
        shared: dict[Address, Address] = {}
        own: set[Address] = set()
        for anchor in anchors:
            more, new = book.needs(anchor)
            shared.update(more)
            own |= new
        known = self._run(instead, tuple(dict.fromkeys(shared.values())))
        given: dict[Address, Vector] = {}
        for here, there in shared.items():
            if there not in known:
                raise _Unknown(unknown_reason("RK421", cel=there))
            given[here] = known[there]
        model = ProgramModel(_only(book, anchors, own, given))
        found = model.run(given, tuple(homes.values()), self.size, instead=True)
        for home in homes.values():
            if home not in found:
                outcome = model.compute([{}], (home,))[0]
                raise _Unknown(outcome.unknown.get(home, unknown_reason("RK421", cel=home)))
        return {address: found[home] for address, home in homes.items()}


def different(result: ResultCell, before: CellValue, after: CellValue) -> bool:
    """Whether two values of a result are more than its tolerance apart."""
    address = result.address
    verdict = compare({address: before}, {address: after}, tolerance=tolerance_of(result))[0]
    return verdict.judgement == "anders"


def _size(change: ResultChange) -> tuple[bool, bool, float]:
    """Largest first; euros before other units, numbers after what is no number any more."""
    difference = change.difference
    euro = tolerance_of(change.result) is MONEY
    return not euro, difference is not None, -abs(difference or 0.0)


def _members(workbook: Workbook, anchor: Address) -> list[Address]:
    """The other cells of an array formula."""
    if anchor not in workbook.arrays:
        return []
    return [member for member, its_anchor in workbook.array_members.items() if its_anchor == anchor]


def _only(book: _Book, anchors: set[Address], own: set[Address], given: Mapping[Address, Vector]) -> Workbook:
    """The book with these formulas and what only it has; all else that they read is given."""
    whole = book.workbook
    kept = {whole.array_members.get(cell, cell) for cell in own} | anchors
    formulas = {cell: text for cell in kept if (text := book.formulas.get(cell) or whole.formulas.get(cell))}
    values_ = {cell: whole.values[cell] for cell in own if cell in whole.values}
    values_.update((cell, 0.0) for cell in given if cell not in formulas)
    return replace(
        whole,
        values=values_,
        formulas=formulas,
        arrays={cell: text for cell, text in whole.arrays.items() if cell in formulas},
        array_members={cell: anchor for cell, anchor in whole.array_members.items() if anchor in formulas},
    )
