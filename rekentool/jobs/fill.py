"""`vul`, one workbook at a time: a region's values and fresh results in a copy of the template, and its receipt.

`batch` decides which workbooks there must be and lets several processes make them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np

from rekentool.engine.protocol import Outcome
from rekentool.engine.vector import NUMBER, Vector, values
from rekentool.jobs.columninput import column_input
from rekentool.jobs.ownchecks import check_findings
from rekentool.jobs.receipt import Facts, FileMark, Inputs, WorkbookFacts, cell_facts, receipt_bytes, receipt_path
from rekentool.messages import Finding, RekentoolError
from rekentool.tables.regions import Region, Regions
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import Change, Template
from rekentool.xlsx.save import save_atomic

#: What is done with a region: write its workbook (in the place of what is there), only say what would be written, hold
#: a file that is there against what would be written, or give such a file its receipt.
Task = Literal["schrijf", "vervang", "droog", "vergelijk", "bewijs"]


@dataclass(frozen=True, slots=True)
class Made:
    """What came of one region: ``same`` is false where the file that is there isn't what would be written.

    ``content`` is its receipt's; None with ``droog`` and ``vergelijk``.
    """

    same: bool
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    content: Facts | None


@dataclass(frozen=True)
class Filler:
    """Makes the workbooks of a run. ``run`` are the facts that their receipts share, ``workplace`` is where files are
    written before they get their name; ``list_changes`` asks for the cells that differ from the template."""

    tool: Tool
    run: Facts
    workplace: Path | None
    list_changes: bool

    @cached_property
    def _template(self) -> Template:
        return Template(self.tool.data)

    @cached_property
    def _inputs(self) -> Inputs:
        return Inputs(self.tool)

    @cached_property
    def _facts(self) -> WorkbookFacts:
        return WorkbookFacts(self.tool)

    @cached_property
    def _wanted(self) -> tuple[Address, ...]:
        """The formula cells that can be computed, in an order that doesn't depend on the process."""
        workbook, unknown = self.tool.workbook, self.tool.model.unknown
        return tuple(cell for cell in (*workbook.formulas, *workbook.array_members) if cell not in unknown)

    @cached_property
    def _looked_at(self) -> dict[Address, int]:
        """The cells that findings and receipts are about, with their place in ``_wanted``."""
        places = {address: place for place, address in enumerate(self._wanted)}
        return {address: places[address] for address in self._facts.cells_needed if address in places}

    def make(self, regions: Regions, tasks: Sequence[tuple[Path, Task] | None]) -> Iterator[Made]:
        """Compute these regions together and do what is asked with each; None asks nothing and gives nothing.

        RekentoolError when a file can't be written: those before it are there, with their receipts.
        """
        for region, computed, task in zip(regions, self._computed(regions), tasks, strict=True):
            if task is not None:
                yield self._one(region, computed, *task)

    def _one(self, region: Region, computed: _Computed, path: Path, task: Task) -> Made:
        cells = self.tool.cells(region.values)
        findings = tuple(check_findings(self.tool, Outcome(computed.looked_at, computed.unknown), region.name))
        changes = tuple(self._template.changes(cells)) if self.list_changes else ()
        if task == "droog":
            return Made(True, changes, findings, None)
        data = self._template.patch_row(cells, computed.cells, computed.results)
        if task in ("vergelijk", "bewijs") and _content_of(path) != data:
            return Made(False, changes, findings, None)
        if task == "vergelijk":
            return Made(True, changes, findings, None)
        given, rest = self._inputs.of(cells), self._inputs.template
        counts = cell_facts(computed.results[: len(computed.results) - len(computed.unknown)], len(computed.unknown))
        facts = self._facts.of(region.name, given, rest, computed.looked_at, counts, findings)
        mark = FileMark.of(path, data)
        content = {**self.run, **facts}
        receipt = receipt_bytes(content, mark)
        if task == "vervang":
            self._replace(path, data, receipt)
        else:
            if task == "schrijf":
                save_atomic(path, data, workplace=self.workplace)
            save_atomic(receipt_path(path), receipt, workplace=self.workplace)
        return Made(True, changes, findings, {**content, "resultaat": mark.facts()})

    def _replace(self, path: Path, data: bytes, receipt: bytes) -> None:
        """Put both in the place of older ones; at no moment does a receipt stand beside a file that isn't its own."""
        old = receipt_path(path)
        kept = _content_of(old)
        if kept is not None:
            old.unlink(missing_ok=True)
        try:
            save_atomic(path, data, overwrite=True, workplace=self.workplace)
        except RekentoolError:
            if kept is not None:
                save_atomic(old, kept, overwrite=True, workplace=self.workplace)
            raise
        save_atomic(old, receipt, overwrite=True, workplace=self.workplace)

    def _computed(self, regions: Regions) -> Iterator[_Computed]:
        """What was computed for each region, from one run over all of them."""
        model, wanted = self.tool.model, self._wanted
        columns = {
            self.tool.binding.inputs[key]: column_input(self.tool, key, column)
            for key, column in regions.columns().items()
        }
        found = model.run(columns, wanted, len(regions))
        if len(found) < len(wanted):
            # With the values of some region a cell can't be computed; which one, that says each region alone.
            for outcome in model.compute(self.tool.scenarios(regions)):
                cells = (*outcome.values, *outcome.unknown)
                results = [*outcome.values.values(), *[None] * len(outcome.unknown)]
                yield _Computed(cells, results, outcome.values, outcome.unknown)
            return
        unknown = dict(model.unknown)
        cells = (*wanted, *unknown)
        for row in _rows([found[address] for address in wanted], len(regions)):
            looked_at = {address: row[place] for address, place in self._looked_at.items()}
            yield _Computed(cells, [*row, *[None] * len(unknown)], looked_at, unknown)


@dataclass(frozen=True, slots=True)
class _Computed:
    """One region's results: the formula cells and the value of each, None for the ``unknown`` ones, which come last.

    ``looked_at`` has the values that findings and receipts are about, or all.
    """

    cells: tuple[Address, ...]
    results: Sequence[CellValue]
    looked_at: dict[Address, CellValue]
    unknown: dict[Address, str]


def _rows(vectors: Sequence[Vector], size: int) -> Iterator[list[CellValue]]:
    """The value of every vector in one scenario after another.

    All numbers go through one matrix: those of a scenario are then made together, and lie together in memory.
    """
    numbers = np.zeros((len(vectors), size))
    others: list[tuple[int, Sequence[CellValue]]] = []
    for place, vector in enumerate(vectors):
        kind, data = vector
        if isinstance(kind, int) and kind == NUMBER and np.isfinite(data).all():
            numbers[place] = data
        else:
            others.append((place, [*values(vector, size)]))
    for number, scenario in enumerate(np.ascontiguousarray(numbers.T)):
        row: list[CellValue] = scenario.tolist()
        for place, column in others:
            row[place] = column[number]
        yield row


def _content_of(path: Path) -> bytes | None:
    """What a file holds; None when it can't be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None
