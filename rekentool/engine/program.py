"""Our own engine: a workbook compiled once, then computed for all scenarios together.

Every formula becomes a small function (`evaluate`), the functions stand in the order of calculation, and one pass over
them computes a chunk of scenarios: each cell is one number or one array. What the given inputs don't touch is computed
once, what the wanted cells don't need not at all.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from rekentool import __version__
from rekentool.engine import functions
from rekentool.engine.cells import Cells, Plan
from rekentool.engine.loose import Value, firm, loose
from rekentool.engine.protocol import Outcome, Scenario, check_scenarios
from rekentool.engine.scope import ENGINE
from rekentool.engine.vector import ERROR, NUM, NUMBER, Vector, gather, simplify, value_at, values
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import Workbook, read_workbook

#: Scenarios that are computed together. Fewer cost more per call, more no longer fit the processor's cache.
CHUNK = 10_000

#: What an input cell gets: its values over the scenarios, in one of three forms.
Input = Vector | Sequence[CellValue] | NDArray[np.float64]

for _module in pkgutil.iter_modules(functions.__path__):
    importlib.import_module(f"{functions.__name__}.{_module.name}")


class ProgramEngine:
    """The engine."""

    name = ENGINE

    @property
    def version(self) -> str:
        """The version of this package."""
        return __version__

    def open(self, data: bytes) -> ProgramModel:
        """Read the workbook and compile its formulas; what can't be is unknown in every outcome."""
        return ProgramModel(read_workbook(data))


class ProgramModel:
    """A workbook as a program. One model computes one thing at a time: it isn't for several threads."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._cells = Cells(workbook)
        self._allowed: set[Address] = set()
        self._plans: dict[tuple[frozenset[Address], tuple[Address, ...] | None], Plan] = {}

    @property
    def unknown(self) -> Mapping[Address, str]:
        """The formula cells that the program can't compute, whatever the inputs, each with its reason."""
        return self._cells.unknown

    def compute(self, scenarios: Sequence[Scenario], wanted: tuple[Address, ...] | None = None) -> list[Outcome]:
        """One outcome per scenario, in order; with ``wanted`` only these cells, and only what they need is computed.

        RK401, RK402 when a scenario sets what is no input cell.
        """
        self._check({address for scenario in scenarios for address in scenario})
        outcomes: list[Outcome] = []
        for start in range(0, len(scenarios), CHUNK):
            outcomes += self._outcomes(scenarios[start : start + CHUNK], wanted)
        return outcomes

    def _outcomes(self, scenarios: Sequence[Scenario], wanted: tuple[Address, ...] | None) -> list[Outcome]:
        addresses = dict.fromkeys(address for scenario in scenarios for address in scenario)
        inputs = {
            address: gather([scenario[address] if address in scenario else self.workbook.values.get(address)
                             for scenario in scenarios])
            for address in addresses
        }
        plan = self._plan(inputs, wanted)
        found = plan.run({self._cells.index(address): _uniform(vector) for address, vector in inputs.items()},
                         len(scenarios))
        if found.unknown and len(scenarios) > 1:
            return [outcome for scenario in scenarios for outcome in self._outcomes([scenario], wanted)]
        unknown = {**self._cells.unknown, **found.unknown}
        if len(scenarios) == 1:
            only = {address: value if isinstance(value, float) else value_at(firm(value), 0)
                    for address, value in found.values.items()}
            return [Outcome(only, unknown)]
        cells = list(found.values)
        columns = [values(firm(value), len(scenarios)) for value in found.values.values()]
        rows = zip(*columns, strict=True) if columns else [()] * len(scenarios)
        return [Outcome(dict(zip(cells, row, strict=True)), dict(unknown)) for row in rows]

    def run(
        self,
        inputs: Mapping[Address, Input],
        wanted: Sequence[Address],
        size: int,
        chunk: int = CHUNK,
        *,
        instead: bool = False,
    ) -> dict[Address, Vector]:
        """The wanted cells over ``size`` scenarios, ``chunk`` at a time; only what they need is computed.

        An input is a `Vector`, a sequence of cell values or an array of numbers (not finite is #NUM!), each of that
        length or the same in every scenario. A cell that the program can't compute is absent: `unknown` says why. An
        input cell as wanted gives itself. With ``instead`` a formula cell can be given too: it has that value instead
        of its formula's. RK401, RK402 when an input is no input cell; ValueError for another length.
        """
        if not instead:
            self._check(inputs.keys())
        given = {address: _vector(value) for address, value in inputs.items()}
        for address, vector in given.items():
            if not vector.uniform and vector.size() != size:
                raise ValueError(f"{address} has {vector.size()} values, not {size}")
        plan = self._plan(given, tuple(wanted))
        parts: dict[Address, list[tuple[Vector, int]]] = {address: [] for address in plan.wanted}
        for start in range(0, size, chunk):
            count = min(chunk, size - start)
            found = plan.run({self._cells.index(address): _piece(vector, start, count)
                              for address, vector in given.items()}, count)
            for address in list(parts):
                if address in found.unknown:
                    del parts[address]
                else:
                    parts[address].append((firm(found.values[address]), count))
        return {address: _joined(pieces) for address, pieces in parts.items()}

    def _check(self, inputs: Set[Address]) -> None:
        new = inputs - self._allowed
        if new:
            check_scenarios(self.workbook, [dict.fromkeys(new)])
            self._allowed |= new

    def _plan(self, inputs: Iterable[Address], wanted: tuple[Address, ...] | None) -> Plan:
        key = frozenset(inputs), wanted
        if key not in self._plans:
            if len(self._plans) >= 16:
                self._plans.pop(next(iter(self._plans)))
            self._plans[key] = self._cells.plan(*key)
        return self._plans[key]


def _vector(value: Input) -> Vector:
    if isinstance(value, Vector):
        return value
    if isinstance(value, np.ndarray):
        data = value.astype(np.float64)
        bad = ~np.isfinite(data)
        if bad.any():
            return simplify(np.where(bad, ERROR, NUMBER).astype(np.uint8), np.where(bad, NUM, data))
        return simplify(NUMBER, data)
    return gather(value)


def _piece(vector: Vector, start: int, count: int) -> Value:
    """The vector for one chunk."""
    kind, data = vector
    return _uniform(Vector(
        kind if isinstance(kind, int) else kind[start : start + count],
        data if isinstance(data, float) else data[start : start + count],
    ))


def _uniform(vector: Vector) -> Value:
    """As one value where all scenarios agree: what depends on it alone is then computed once."""
    kind, data = simplify(*vector)
    if isinstance(kind, int) and isinstance(data, np.ndarray) and (data == data[0]).all():
        data = float(data[0])
    return loose(Vector(kind, data))


def _joined(pieces: Sequence[tuple[Vector, int]]) -> Vector:
    """The chunks behind one another."""
    first = pieces[0][0]
    if all(piece.uniform and piece == first for piece, _ in pieces):
        return first
    data = np.concatenate([piece.floats(count) for piece, count in pieces])
    kinds = {piece.kind if isinstance(piece.kind, int) else None for piece, _ in pieces}
    if isinstance(first.kind, int) and len(kinds) == 1:
        return Vector(first.kind, data)
    return Vector(np.concatenate([piece.kinds(count) for piece, count in pieces]), data)
