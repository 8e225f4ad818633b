"""The cells of a workbook in the order of calculation, and which of them a question needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np

from rekentool.engine import blocks, cache
from rekentool.engine.branches import corner, shown
from rekentool.engine.calls import DATES
from rekentool.engine.evaluate import outline
from rekentool.engine.functions.registry import Unsupported
from rekentool.engine.loose import RAISING, Value, firm, loose
from rekentool.engine.parse import walk
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.record import Record, plain, record_of, sure, unpacked
from rekentool.engine.scope import ENGINE, Home, Scope, Unfit, cannot, tree_of
from rekentool.engine.source import TOO_DEEP, Cell, Outline, Shapes
from rekentool.engine.tree import Call, Reference
from rekentool.engine.vector import EMPTY, Area, constant
from rekentool.xlsx.cell import Address, a1, split_a1
from rekentool.xlsx.reader import Workbook

#: Runs of a plan for one scenario before its formulas are put in blocks, which takes as long as two to five of them.
BLOCKS_AFTER = 10
#: A formula that reads more cells than this in one range is not computed.
MAX_AREA = 1_000_000


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
        self.unknown: dict[Address, str] = {}
        self._order = self._sorted(self._kept_or_compiled())
        #: The steps that were computed with the file's own inputs, and the ones of them that failed.
        self._computed: set[int] = set()
        self._failed: set[int] = set()
        self._read_by: dict[int, list[int]] = {}

    # -- compiling ---------------------------------------------------------------------------------------------------

    def _kept_or_compiled(self) -> dict[int, str]:
        """The steps, from an earlier time or made now; what can't be computed by its place, with the reasons."""
        if len(self._workbook.formulas) < cache.FEWEST or cache.folder() is None:
            return self._compiled(None)
        key = cache.key(self._workbook, self._scope.used_ranges)
        kept = cache.read(key)
        if kept is not None:
            try:
                return self._restored(record_of(kept))
            except (ValueError, Unfit):  # not what this workbook gives: as if there were none
                pass
        problems = self._compiled(record := Record())
        # How many layers are too many depends on who calls, and so is no fact of the workbook.
        if record.whole and not any(TOO_DEEP in reason for reason in problems.values()):
            record.areas = self._areas
            record.others = self._addresses[len(self._workbook.formula_cells) :]
            cache.write(key, record.data())
        return problems

    def _begin(self) -> None:
        self._index: dict[Address, int] = {}
        self._areas: dict[Reference, int] = {}
        self._addresses: list[Address | None] = []
        self._base: list[Any] = []
        self._steps: dict[int, Cell] = {}
        self._reads: dict[int, tuple[int, ...]] = {}
        self._shapes = Shapes()
        #: The form of each formula that can be part of a block.
        self._forms: dict[int, blocks.Form] = {}
        for address in dict.fromkeys([*self._workbook.formulas, *self._workbook.array_members]):
            self._add(address)

    def _compiled(self, record: Record | None) -> dict[int, str]:
        """Every formula compiled, and noted in the record if there is one."""
        self._begin()
        problems: dict[int, str] = {}
        for address, formula in self._workbook.formulas.items():
            try:
                outlined = self._outlined(address, formula)
                result = self._hidden() if address in self._workbook.arrays else self._index[address]
                places = self._places(outlined)
                self._step(address, result, self._shapes.maker(outlined.source), places, outlined.constants)
            except Unfit as problem:
                problems[self._index[address]] = str(problem)
                if record is not None:
                    record.entries.append(str(problem))
            else:
                if record is not None:
                    record.add(outlined, [result, *places])
        return self._with_members(problems)

    def _restored(self, record: Record) -> dict[int, str]:
        """The steps as the record has them; ValueError or Unfit where it doesn't fit this workbook."""
        self._begin()
        formulas = list(self._workbook.formulas.items())
        for other in record.others:
            if other is None:
                self._hidden()
            else:
                sure(other not in self._index)
                self._add(other)
        size, addresses = len(self._base), self._addresses
        self._areas = record.areas
        rectangles = {place: area for area, place in record.areas.items()}
        sure(len(rectangles) == len(record.areas) and len(record.entries) == len(formulas))
        sure(all(0 <= place < size and addresses[place] is None for place in rectangles))
        sure(all(_size(area) <= MAX_AREA for area in record.areas))
        constants = [unpacked(one) for one in record.constants]
        makers: list[tuple[Callable[..., Cell], int, int, int]] = []
        for shape, example in enumerate(record.examples):
            entry = record.entries[example]
            if isinstance(entry, str):
                raise ValueError("an example that isn't computed")
            outlined = self._outlined(*formulas[example])
            sure(entry[0] == shape and self._places(outlined) == entry[3:])
            sure(plain(outlined.constants) == record.constants[entry[1]])
            count = len(outlined.cells), len(outlined.areas), len(outlined.constants)
            makers.append((self._shapes.maker(outlined.source), *count))
        problems: dict[int, str] = {}
        for (address, _), entry in zip(formulas, record.entries, strict=True):
            if isinstance(entry, str):
                problems[self._index[address]] = entry
                continue
            shape, known, result, *places = entry
            maker, cells, areas, fixed = makers[shape]
            given = constants[known]
            sure(len(places) == cells + areas and len(given) == fixed and min(entry) >= 0 and max(entry[2:]) < size)
            if address in self._workbook.arrays:
                sure(addresses[result] is None and result not in rectangles and result not in self._steps)
            else:
                sure(addresses[result] == address)
            sure(None not in map(addresses.__getitem__, places[:cells]))
            for place in places[cells:]:
                sure(place in rectangles)
                if place not in self._steps:
                    self._fill(rectangles[place], place, self._inside(rectangles[place]))
            self._step(address, result, maker, places, given)
        for place, area in rectangles.items():
            if place not in self._steps:
                self._fill(area, place, self._inside(area))
        sure(len(self._base) == size)
        return self._with_members(problems)

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
        if _size(reference) > MAX_AREA:
            raise cannot("een bereik dat te groot is")
        places = self._inside(reference)
        self._areas[reference] = place = self._hidden()
        self._fill(reference, place, places)
        return place

    def _inside(self, reference: Reference) -> list[int]:
        sheet = reference.sheet or ""
        return [self.index(Address(sheet, a1(column, row)))
                for row in range(reference.top, reference.bottom + 1)
                for column in range(reference.left, reference.right + 1)]

    def _fill(self, reference: Reference, place: int, places: list[int]) -> None:
        """The step of a rectangle."""
        rows, columns = reference.bottom - reference.top + 1, reference.right - reference.left + 1
        self._steps[place] = _area_step(rows, columns, places)
        self._reads[place] = tuple(places)

    def _outlined(self, address: Address, formula: str) -> Outline:
        """The source of a formula's function; Unfit with the reason when there is none."""
        book = self._workbook
        if not book.full_precision:
            raise cannot("het werkboek rekent met de getoonde precisie")
        spread = book.arrays.get(address)
        if spread is not None and formula.startswith("=TABLE("):
            raise cannot("een gegevenstabel")
        tree = tree_of(formula)
        if book.date1904 and any(isinstance(part, Call) and part.name in DATES for part in walk(tree)):
            raise cannot("datumfuncties met het datumsysteem van 1904")
        home = Home(address.sheet, *split_a1(address.cell))
        if spread is None:
            return outline(tree, self._scope, home)
        left, top, right, bottom = _corners(spread)
        size = bottom - top + 1, right - left + 1
        return outline(tree, self._scope, home, array=True, whole=True, spread=size)

    def _step(
        self, address: Address, result: int, maker: Callable[..., Cell], places: list[int], constants: tuple[Any, ...]
    ) -> None:
        """The step of a formula; for an array formula also those that hand out its result to its cells."""
        self._steps[result] = maker(*places, *constants)
        self._reads[result] = tuple(places)
        spread = self._workbook.arrays.get(address)
        if spread is None:
            if self._shapes.stacks(maker):
                self._forms[result] = blocks.Form(maker, constants)
            return
        left, top, right, bottom = _corners(spread)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                member = self._index[Address(address.sheet, a1(column, row))]
                self._steps[member] = _corner_step(result, row - top, column - left)
                self._reads[member] = (result,)

    def _places(self, outlined: Outline) -> list[int]:
        cells = [self.index(Address(cell.sheet or "", a1(cell.left, cell.top))) for cell in outlined.cells]
        return [*cells, *(self._area(area) for area in outlined.areas)]

    def _with_members(self, problems: dict[int, str]) -> dict[int, str]:
        for member, anchor in self._workbook.array_members.items():
            if self._index[anchor] in problems:
                problems[self._index[member]] = problems[self._index[anchor]]
        return problems

    def _sorted(self, problems: dict[int, str]) -> list[int]:
        """The steps with what they read before them; what is in a circle, or depends on one, is unknown."""
        steps = self._steps
        waiting: dict[int, int] = {}
        after: list[list[int]] = [[] for _ in self._base]
        for place, reads in self._reads.items():
            computed = [read for read in reads if read in steps]
            waiting[place] = len(computed)
            for read in computed:
                after[read].append(place)
        order = [place for place, count in waiting.items() if not count]
        for place in order:  # grows while it is walked
            for dependant in after[place]:
                waiting[dependant] -= 1
                if not waiting[dependant]:
                    order.append(dependant)
        left = {place for place, count in waiting.items() if count} if len(order) < len(waiting) else set()
        reasons = {**problems, **self._circles(left)}
        origin = {place: place for place in reasons}
        for place in order if origin else ():
            cause = next((origin[read] for read in self._reads[place] if read in origin), None)
            if cause is not None and place not in origin:
                origin[place] = cause
                reasons[place] = unknown_reason("RK421", cel=self._addresses[cause])
        for place, reason in reasons.items():
            address = self._addresses[place]
            if address is not None:
                self.unknown[address] = reason
        return [place for place in order if place not in reasons] if reasons else order

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
        """What to compute when these cells vary; ``wanted`` None is every formula cell.

        A formula cell that varies isn't computed: it has what is given.
        """
        inputs = list(inputs)
        varied = {self.index(address) for address in inputs}
        if wanted is None:
            outputs = {address: place for address, place in self._index.items()
                       if place in self._steps and address not in self.unknown}
        else:
            given = {*inputs}
            outputs = {address: self.index(address) for address in wanted
                       if address not in self.unknown or address in given}
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
                if place not in varied:
                    front += self._reads.get(place, ())
        self._compute_base(needed - changing)
        again = self._near(outputs.values(), {
            place for place in self._order
            if place in needed and place not in varied and (place in changing or place in self._failed)
        })
        return Plan(self._base, [(place, self._steps[place]) for place in again], outputs,
                    {place: self._reads[place] for place in again}, self._addresses, self._forms, varied)

    def _near(self, outputs: Iterable[int], places: set[int]) -> list[int]:
        """The places in an order of calculation in which a value stands close to who reads it.

        So few values are needed at one time, and they stay in the processor's cache.
        """
        order: list[int] = []
        seen: set[int] = set()
        for output in outputs:
            path = [(output, iter(self._reads.get(output, ())))] if output in places and output not in seen else []
            seen.add(output)
            while path:
                place, reads = path[-1]
                read = next((read for read in reads if read in places and read not in seen), None)
                if read is None:
                    order.append(place)
                    path.pop()
                else:
                    seen.add(read)
                    path.append((read, iter(self._reads[read])))
        return order

    def _readers(self) -> dict[int, list[int]]:
        """For each cell or rectangle the steps that read it."""
        if not self._read_by:
            for place, reads in self._reads.items():
                for read in reads:
                    self._read_by.setdefault(read, []).append(place)
        return self._read_by

    def _compute_base(self, places: set[int]) -> None:
        """These steps with the file's own inputs; the ones that failed are tried again with other inputs."""
        new = places & self._steps.keys() - self._computed
        if not new:
            return
        new |= places & self._failed  # again, so that what reads them fails too
        steps = [(place, self._steps[place]) for place in self._order if place in new]
        plan = Plan(self._base, steps, {}, self._reads, self._addresses, {}, set())
        values, failed = plan.computed({}, 1)
        self._base[:] = values
        self._computed |= new
        self._failed |= set(failed)


class Plan:
    """The steps that one set of inputs and wanted cells needs, in order, and all values that stay as they are."""

    def __init__(
        self, base: list[Any], steps: list[tuple[int, Cell]], wanted: dict[Address, int],
        reads: Mapping[int, tuple[int, ...]], addresses: list[Address | None], forms: Mapping[int, blocks.Form],
        varied: set[int],
    ) -> None:
        self._base, self.steps, self.wanted, self._reads, self._addresses = base, steps, wanted, reads, addresses
        self._forms, self._varied = forms, varied
        self._alone = 0
        self._blocked: list[tuple[int, Cell] | blocks.Block] = []
        self._origins: dict[int, int] = {}
        self._last = self._last_reads()

    def _last_reads(self) -> list[tuple[int, Cell, tuple[int, ...]]]:
        """Each step with the values that nobody needs after it."""
        kept, found = {*self.wanted.values()}, []
        computed = {place for place, _ in self.steps}
        for place, step in reversed(self.steps):
            last = tuple(read for read in dict.fromkeys(self._reads[place]) if read in computed and read not in kept)
            kept.update(last)
            found.append((place, step, last))
        return found[::-1]

    def run(self, inputs: Mapping[int, Value], size: int) -> Found:
        """The wanted cells for one chunk of scenarios."""
        values, failed = self.computed(inputs, size)
        unknown = {address: failed[place] for address, place in self.wanted.items() if place in failed}
        return Found({a: values[place] for a, place in self.wanted.items() if place not in failed}, unknown)

    def computed(self, inputs: Mapping[int, Value], size: int) -> tuple[list[Any], dict[int, str]]:
        """All values, and the steps that failed with their reasons."""
        if size == 1:
            together = self._together(inputs)
            if together is not None:
                return together, {}
        values = self._base.copy()
        for place, value in inputs.items():
            values[place] = value
        failed: dict[int, str] = {}
        waiting: Any = iter(self._last if size > 1 else self.steps)
        with np.errstate(**RAISING):
            while True:
                try:
                    if failed:
                        for place, step, *_ in waiting:
                            if not self._spread(place, failed):
                                values[place] = step(values, size)
                    if size > 1:
                        for place, step, last in waiting:
                            values[place] = step(values, size)
                            for read in last:
                                values[read] = None
                    for place, step in waiting:
                        values[place] = step(values, size)
                    return values, failed
                except Unsupported as problem:
                    failed[place] = unknown_reason("RK423", motor=ENGINE, reden=problem.reason)

    def _together(self, inputs: Mapping[int, Value]) -> list[Any] | None:
        """All values for one scenario, by blocks; None where there are no blocks, or where a step failed."""
        self._alone += 1
        if self._alone == BLOCKS_AFTER:
            self._blocked = blocks.ordered(self.steps, self._reads, self._forms, self._base, self._varied)
        if not self._blocked:
            return None
        values = self._base.copy()
        for place, value in inputs.items():
            values[place] = value
        try:
            with np.errstate(**RAISING):
                for step in self._blocked:
                    if isinstance(step, blocks.Block):
                        step.compute(values)
                    else:
                        values[step[0]] = step[1](values, 1)
        except Unsupported:  # one by one says which cells, and is the way from now on
            self._blocked = []
            return None
        return values

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


def _corners(spread: str) -> tuple[int, int, int, int]:
    first, _, last = spread.partition(":")
    return (*split_a1(first), *split_a1(last or first))


def _size(area: Reference) -> int:
    return (area.bottom - area.top + 1) * (area.right - area.left + 1)


def _area_step(rows: int, columns: int, places: Sequence[int]) -> Cell:
    if len(places) == 1:
        only = places[0]
        return lambda v, n: Area(1, 1, [firm(v[only])])
    take: Callable[[list[Any]], tuple[Any, ...]] = itemgetter(*places)
    return lambda v, n: Area(rows, columns, [firm(value) for value in take(v)])


def _corner_step(result: int, row: int, column: int) -> Cell:
    return lambda v, n: shown(corner(v[result], row, column))
