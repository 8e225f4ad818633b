"""The receipt of a results table: what `reken` and `lees` computed it from, region by region."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekentool.engine.vector import Vector, values
from rekentool.jobs.receipt import (
    MOST,
    Facts,
    FileMark,
    InputHashes,
    Inputs,
    check_facts,
    finding_facts,
    inputs_hash,
    row_facts,
)
from rekentool.jobs.usedfigures import Figures, peildatum
from rekentool.messages import Finding
from rekentool.tables.block import Block
from rekentool.tables.regions import Region
from rekentool.tables.results import UNCHECKED, UNKNOWN, ResultRow, is_balance
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue

if TYPE_CHECKING:
    from rekentool.jobs.collect import Collection


class Tally:
    """What a receipt says of the rows of a table, gathered while they stream by."""

    def __init__(self) -> None:
        self._kinds: Counter[str] = Counter()
        self._first: list[ResultRow] = []
        self._balances: list[ResultRow] = []

    def watch(self, rows: Iterable[ResultRow]) -> Iterator[ResultRow]:
        """The same rows, each looked at."""
        for row in rows:
            self._kinds[_kind(row.waarde)] += 1
            if len(self._first) < MOST:
                self._first.append(row)
            if len(self._balances) < MOST and is_balance(row):
                self._balances.append(row)
            yield row

    @property
    def cells(self) -> dict[str, int]:
        """The counts of `receipt.cell_facts`, over the rows of the table."""
        wrong, absent = self._kinds["wrong"], self._kinds["absent"]
        return {"berekend": self._kinds["sound"] + wrong, "waarvan_fout": wrong, "niet_berekend": absent}

    @property
    def headline(self) -> list[ResultRow]:
        """The balances over all years of the first regions, or the first rows of a table without these."""
        return self._balances or self._first


def _kind(value: float | str | None) -> str:
    if value == UNCHECKED:
        return "absent"
    return "wrong" if isinstance(value, str) and (value == UNKNOWN or value.startswith("#")) else "sound"


@dataclass(frozen=True, slots=True)
class _Region:
    """A region of the table: its inputs, the values used of the kengetallen, and where it is known already its hash."""

    name: str
    inputs: Mapping[str, Any]
    used: Mapping[str, CellValue]
    file: FileMark | None = None
    mark: str = ""


class ComputedRegions:
    """What the receipt of `reken` has beside `receipt.run_facts`, gathered while the blocks stream by."""

    def __init__(self, tool: Tool, regions: Sequence[Region]) -> None:
        self._tool = tool
        self._regions = regions
        self._gathered = _Gathered(tool)
        self._inputs, self._hashes = Inputs(tool), InputHashes(tool)

    def watch(self, blocks: Iterable[Block]) -> Iterator[Block]:
        """The same blocks, of these regions in their order, each looked at."""
        start = 0
        for one in blocks:
            chunk = self._regions[start : start + len(one.regions)]
            start += len(chunk)
            self._add(chunk, one.used)
            yield one

    def facts(self, tally: Tally, findings: Sequence[Finding]) -> Facts:
        """What was gathered; after the last block."""
        failed = Counter(_check_of(self._tool, found) for found in findings if found.code in ("RK520", "RK521"))
        checks = [
            {
                "controle": check.id,
                "label": check.label,
                "klopt": len(self._regions) - failed[check.id, "RK520"] - failed[check.id, "RK521"],
                "klopt_niet": failed[check.id, "RK520"],
                "niet_bekend": failed[check.id, "RK521"],
            }
            for check in self._tool.mapping.checks
        ]
        return self._gathered.facts(tally, findings, checks)

    def _add(self, regions: Sequence[Region], used: Mapping[str, Vector]) -> None:
        columns = [values(vector, len(regions)) for vector in used.values()]
        rows = zip(*columns, strict=True) if columns else [()] * len(regions)
        for region, scenario, row in zip(regions, self._tool.scenarios(regions), rows, strict=True):
            given = self._inputs.of(scenario)
            inputs = {**self._inputs.template, **given}
            mark = self._hashes.of(given)
            self._gathered.add(_Region(region.name, inputs, dict(zip(used, row, strict=True)), mark=mark))


def collected_facts(tool: Tool, collection: Collection, tally: Tally, findings: Sequence[Finding]) -> Facts:
    """What the receipt of a `Collection` has beside `receipt.run_facts`."""
    cells = tool.binding.checks
    checks = check_facts(
        tool,
        (
            ({cells[id_]: value for id_, value in content.checks.items()}, tool.binding)
            for _, content in collection.contents()
        ),
    )
    gathered = _Gathered(tool)
    for one, content in collection.contents():
        gathered.add(_Region(one.region, content.inputs, content.used, content.mark))
    return gathered.facts(tally, findings, checks)


def _check_of(tool: Tool, found: Finding) -> tuple[str, str]:
    """Which check a finding of `ownchecks.check_findings` is about, by the cell that its place ends in."""
    for id_, address in tool.binding.checks.items():
        if found.place.endswith(f": {address}"):
            return id_, found.code
    raise ValueError(f"no check at {found.place}")


class _Gathered:
    """What receipts say of regions, one after another."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self._figures, self._together = Figures(tool), hashlib.sha256()
        self._entries: list[Facts] = []
        self._count = 0

    def add(self, region: _Region) -> None:
        """Note a region of the table."""
        day, mark = peildatum(self._tool, region.inputs), region.mark or inputs_hash(region.inputs)
        self._figures.add(day, region.inputs, region.used)
        self._together.update(f"{mark}\n".encode())
        self._count += 1
        if self._count <= MOST:
            self._entries.append(
                {
                    "regio": region.name,
                    "peildatum": day.isoformat() if day else None,
                    "invoer_sha256": mark,
                    **({"bestand": region.file.name, "sha256": region.file.sha256} if region.file else {}),
                }
            )

    def facts(self, tally: Tally, findings: Sequence[Finding], checks: list[Facts]) -> Facts:
        """All of it."""
        return {
            "regios_aantal": self._count,
            "invoer_sha256": self._together.hexdigest(),
            "regios": self._entries,
            "cellen": tally.cells,
            "controles": checks,
            "bevindingen": finding_facts(findings),
            "kengetallen": self._figures.facts(),
            "uitkomsten": [row_facts(row) for row in tally.headline],
        }
