"""The cells of a workbook in the order of calculation, and which of them a question needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from rekentool.engine.branches import corner, shown
from rekentool.engine.evaluate import outline
from rekentool.engine.functions.registry import Unsupported
from rekentool.engine.loose import RAISING, Value, firm, loose
from rekentool.engine.parse import walk
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.scope import ENGINE, Home, Scope, Unfit, cannot, tree_of
from rekentool.engine.source import Cell, Outline, Shapes
from rekentool.engine.tree import Call, Reference
from rekentool.engine.vector import EMPTY, Area, constant
from rekentool.xlsx.cell import Address, a1, split_a1
from rekentool.xlsx.reader import Workbook

#: A formula that reads more cells than this in one range is not computed.
MAX_AREA = 1_000_000

_DATES = frozenset({"DATE", "DATEVALUE", "DAY", "MONTH", "YEAR", "EDATE", "EOMONTH", "WEEKDAY", "WEEKNUM", "ISOWEEKNUM",
                    "NETWORKDAYS", "NETWORKDAYS.INTL", "WORKDAY", "WORKDAY.INTL", "YEARFRAC", "DAYS360", "DATEDIF",
                    "TODAY", "TEXT", "DAYS"})


@dataclass(frozen=True)
class Found:
    """What one pass gave: values of known cells, reasons of the others."""

    values: dict[Address, Value]
    unknown: dict[Address, str]


class Cells:
    """A workbook's cells and rectangles as one list of values; a step computes one of them from those before it."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._scope = Scope(workbook)
        self._index: dict[Address, int] = {}
        self._areas: dict[Reference, int] = {}
        self._addresses: list[Address | None] = []
        self._base: list[Any] = []
        self._steps: dict[int, Cell] = {}
        self._reads: dict[int, tuple[int, ...]] = {}
        self._shapes = Shapes()
        self.unknown: dict[Address, str] = {}
        for address in dict.fromkeys([*workbook.formulas, *workbook.array_members]):
            self._add(address)
        problems: dict[int, str] = {}
        for address, formula in workbook.formulas.items():
            try:
                self._compile(address, formula)
            except Unfit as problem:
                problems[self._index[address]] = str(problem)
        for member, anchor in workbook.array_members.items():
            if self._index[anchor] in problems:
                problems[self._index[member]] = problems[self._index[anchor]]
        self._order = self._sorted(problems)
        self._computed = False
        self._failed: set[int] = set()
        self._read_by: dict[int, list[int]] = {}

    # -- compiling ---------------------------------------------------------------------------------------------------

    def index(self, address: Address) -> int:
        """The place of a cell in the list of values."""
        found = self._index.get(address)
        return self._add(address) if found is None else found

    def _add(self, address: Address) -> int:
        value = self._workbook.values.get(address)
        self._index[address] = place = len(self._base)
        self._base.append(EMPTY if value is None else loose(constant(value)))
        self._addresses.append(address)
        return place

    def _hidden(self) -> int:
        self._base.append(EMPTY)
        self._addresses.append(None)
        return len(self._base) - 1

    def _area(self, reference: Reference) -> int:
        found = self._areas.get(reference)
        if found is not None:
            return found
        rows, columns = reference.bottom - reference.top + 1, reference.right - reference.left + 1
        if rows * columns > MAX_AREA:
            raise cannot("een bereik dat te groot is")
        sheet = reference.sheet or ""
        places = [self.index(Address(sheet, a1(column, row)))
                  for row in range(reference.top, reference.bottom + 1)
                  for column in range(reference.left, reference.right + 1)]
        self._areas[reference] = place = self._hidden()
        self._steps[place] = _area_step(rows, columns, places)
        self._reads[place] = tuple(places)
        return place

    def _compile(self, address: Address, formula: str) -> None:
        book = self._workbook
        if not book.full_precision:
            raise cannot("het werkboek rekent met de getoonde precisie")
        spread = book.arrays.get(address)
        if spread is not None and formula.startswith("=TABLE("):
            raise cannot("een gegevenstabel")
        tree = tree_of(formula)
        if book.date1904 and any(isinstance(part, Call) and part.name in _DATES for part in walk(tree)):
            raise cannot("datumfuncties met het datumsysteem van 1904")
        column, row = split_a1(address.cell)
        home = Home(address.sheet, column, row)
        place = self._index[address]
        if spread is None:
            self._step(place, outline(tree, self._scope, home))
            return
        self._step(result := self._hidden(), outline(tree, self._scope, home, array=True, whole=True))
        first, _, last = spread.partition(":")
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
        for r in range(top, bottom + 1):
            for c in range(left, right + 1):
                member = self._index[Address(address.sheet, a1(c, r))]
                self._steps[member] = _corner_step(result, r - top, c - left)
                self._reads[member] = (result,)

    def _step(self, place: int, outlined: Outline) -> None:
        cells = [self.index(Address(cell.sheet or "", a1(cell.left, cell.top))) for cell in outlined.cells]
        places = [*cells, *(self._area(area) for area in outlined.areas)]
        self._steps[place] = self._shapes.cell(outlined, places)
        self._reads[place] = tuple(places)

    def _sorted(self, problems: dict[int, str]) -> list[int]:
        """The steps with what they read before them; what is in a circle, or depends on one, is unknown."""
        steps = self._steps
        waiting: dict[int, int] = {}
        after: dict[int, list[int]] = {}
        for place, reads in self._reads.items():
            count = 0
            for read in reads:
                if read in steps or read in problems:
                    after.setdefault(read, []).append(place)
                    count += read in steps
            waiting[place] = count
        order = [place for place, count in waiting.items() if count == 0]
        for place in order:  # grows while it is walked
            for dependant in after.get(place, ()):
                waiting[dependant] -= 1
                if waiting[dependant] == 0:
                    order.append(dependant)
        left = {place for place, count in waiting.items() if count > 0}
        reasons = {**problems, **self._circles(left)}
        origin = {place: place for place in reasons}
        for place in order:
            cause = next((origin[read] for read in self._reads[place] if read in origin), None)
            if cause is not None and place not in origin:
                origin[place] = cause
                reasons[place] = unknown_reason("RK421", cel=self._addresses[cause])
        for place, reason in reasons.items():
            address = self._addresses[place]
            if address is not None:
                self.unknown[address] = reason
        return [place for place in order if place not in reasons]

    def _circles(self, left: set[int]) -> dict[int, str]:
        """For every step that can't be ordered the circle that it is in or leads to."""
        reasons: dict[int, str] = {}
        for start in sorted(left):
            if start in reasons:
                continue
            path, seen = [start], {start}
            while True:
                step = next(read for read in self._reads[path[-1]] if read in left)
                if step in reasons or step in seen:
                    break
                path.append(step)
                seen.add(step)
            reason = reasons.get(step)
            if reason is None:
                circle = [*path[path.index(step) :], step]
                cells = [address for address in map(self._addresses.__getitem__, reversed(circle)) if address]
                if self._addresses[step] is None:  # the circle began at a rectangle: close it with a cell
                    cells.append(cells[0])
                reason = unknown_reason("RK422", pad=" → ".join(map(str, cells)))
            reasons.update(dict.fromkeys(path, reason))
        return reasons

    # -- planning ----------------------------------------------------------------------------------------------------

    def plan(self, inputs: Iterable[Address], wanted: Sequence[Address] | None) -> Plan:
        """What to compute when these cells vary; ``wanted`` None is every formula cell."""
        varied = {self.index(address) for address in inputs}
        if wanted is None:
            outputs = {address: place for address, place in self._index.items()
                       if place in self._steps and address not in self.unknown}
        else:
            outputs = {address: self.index(address) for address in wanted if address not in self.unknown}
        changing = set(varied)
        readers = self._readers()
        front = list(varied)
        while front:
            for dependant in readers.get(front.pop(), ()):
                if dependant not in changing:
                    changing.add(dependant)
                    front.append(dependant)
        needed: set[int] = set()
        front = list(outputs.values())
        while front:
            place = front.pop()
            if place not in needed:
                needed.add(place)
                front += self._reads.get(place, ())
        self._compute_base()
        again = [place for place in self._order if place in needed and (place in changing or place in self._failed)]
        return Plan(self._base, [(place, self._steps[place]) for place in again], outputs,
                    {place: self._reads[place] for place in again}, self._addresses)

    def _readers(self) -> dict[int, list[int]]:
        """For each cell or rectangle the steps that read it."""
        if not self._read_by:
            for place, reads in self._reads.items():
                for read in reads:
                    self._read_by.setdefault(read, []).append(place)
        return self._read_by

    def _compute_base(self) -> None:
        """Every step once with the file's own inputs; the ones that failed are tried again with other inputs."""
        if self._computed:
            return
        self._computed = True
        steps = [(place, self._steps[place]) for place in self._order]
        plan = Plan(self._base, steps, {}, self._reads, self._addresses)
        values, failed = plan.computed({}, 1)
        self._base[:] = values
        self._failed = set(failed)


class Plan:
    """The steps that one set of inputs and wanted cells needs, in order, and all values that stay as they are."""

    def __init__(
        self, base: list[Any], steps: list[tuple[int, Cell]], wanted: dict[Address, int],
        reads: Mapping[int, tuple[int, ...]], addresses: list[Address | None],
    ) -> None:
        self._base, self.steps, self.wanted, self._reads, self._addresses = base, steps, wanted, reads, addresses
        self._origins: dict[int, int] = {}

    def run(self, inputs: Mapping[int, Value], size: int) -> Found:
        """The wanted cells for one chunk of scenarios."""
        values, failed = self.computed(inputs, size)
        unknown = {address: failed[place] for address, place in self.wanted.items() if place in failed}
        return Found({a: values[place] for a, place in self.wanted.items() if place not in failed}, unknown)

    def computed(self, inputs: Mapping[int, Value], size: int) -> tuple[list[Any], dict[int, str]]:
        """All values, and the steps that failed with their reasons."""
        values = self._base.copy()
        for place, value in inputs.items():
            values[place] = value
        failed: dict[int, str] = {}
        waiting = iter(self.steps)
        with np.errstate(**RAISING):
            while True:
                try:
                    if failed:
                        for place, step in waiting:
                            if not self._spread(place, failed):
                                values[place] = step(values, size)
                    for place, step in waiting:
                        values[place] = step(values, size)
                    return values, failed
                except Unsupported as problem:
                    failed[place] = unknown_reason("RK423", motor=ENGINE, reden=problem.reason)

    def _spread(self, place: int, failed: dict[int, str]) -> bool:
        """Note the step as failed if it reads what failed; a rectangle passes on what it holds."""
        cause = next((read for read in self._reads[place] if read in failed), None)
        if cause is None:
            return False
        origin = self._origins.get(cause, cause)
        if self._addresses[origin] is None:  # an array formula: its cells have its reason
            failed[place] = failed[cause]
            return True
        self._origins[place] = origin
        failed[place] = unknown_reason("RK421", cel=self._addresses[origin])
        return True


def _area_step(rows: int, columns: int, places: Sequence[int]) -> Cell:
    if len(places) == 1:
        only = places[0]
        return lambda v, n: Area(1, 1, [firm(v[only])])
    take: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(*places)
    return lambda v, n: Area(rows, columns, [firm(value) for value in take(v)])


def _corner_step(result: int, row: int, column: int) -> Cell:
    return lambda v, n: shown(corner(v[result], row, column))
