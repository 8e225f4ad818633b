"""The receipt of a results table: what `reken` and `lees` computed it from, region by region."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rekentool.engine.vector import values
from rekentool.jobs.columninput import column_input
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
from rekentool.tables.regions import Region, Regions
from rekentool.tables.results import UNCHECKED, UNKNOWN, ResultRow, is_balance
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue

if TYPE_CHECKING:
    from rekentool.jobs.collect import Collection

#: Regions whose kengetallen are computed together.
CHUNK = 500


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


def computed_facts(tool: Tool, regions: Sequence[Region], tally: Tally, findings: Sequence[Finding]) -> Facts:
    """What the receipt of `reken` has beside `receipt.run_facts`."""
    failed = Counter(_check_of(tool, found) for found in findings if found.code in ("RK520", "RK521"))
    checks = [
        {
            "controle": check.id,
            "label": check.label,
            "klopt": len(regions) - failed[check.id, "RK520"] - failed[check.id, "RK521"],
            "klopt_niet": failed[check.id, "RK520"],
            "niet_bekend": failed[check.id, "RK521"],
        }
        for check in tool.mapping.checks
    ]
    return _facts(tool, _computed(tool, regions), tally, findings, checks)


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
    regions = (
        _Region(one.region, content.inputs, content.used, content.mark) for one, content in collection.contents()
    )
    return _facts(tool, regions, tally, findings, checks)


def _computed(tool: Tool, regions: Sequence[Region]) -> Iterator[_Region]:
    wanted = tuple(dict.fromkeys(tool.binding.used.values()))
    known, hashes = Inputs(tool), InputHashes(tool)
    table = regions if isinstance(regions, Regions) else Regions(regions)
    columns = table.columns()
    for start in range(0, len(table), CHUNK):
        chunk = table[start : start + CHUNK]
        inputs = {
            tool.binding.inputs[key]: column_input(tool, key, column[start : start + CHUNK])
            for key, column in columns.items()
        }
        found = tool.model.run(inputs, wanted, len(chunk))
        scenarios = tool.scenarios(chunk)
        if all(address in found or address in tool.model.unknown for address in wanted):
            lists = {address: values(vector, len(chunk)) for address, vector in found.items()}
            each = [dict(zip(lists, row, strict=True)) for row in zip(*lists.values(), strict=True)]
            each = each or [{} for _ in chunk]
        else:  # with the values of some region a cell can't be computed; which one, that says each region alone
            each = [outcome.values for outcome in tool.model.compute(scenarios, wanted)]
        for region, scenario, computed in zip(chunk, scenarios, each, strict=True):
            given = known.of(scenario)
            inputs_given = {**known.template, **given}
            yield _Region(region.name, inputs_given, _used(tool.binding.used, computed), mark=hashes.of(given))


def _used(cells: Mapping[str, Address], values: Mapping[Address, CellValue]) -> dict[str, CellValue]:
    return {id_: values[address] for id_, address in cells.items() if address in values}


def _check_of(tool: Tool, found: Finding) -> tuple[str, str]:
    """Which check a finding of `fill.check_findings` is about, by the cell that its place ends in."""
    for id_, address in tool.binding.checks.items():
        if found.place.endswith(f": {address}"):
            return id_, found.code
    raise ValueError(f"no check at {found.place}")


def _facts(
    tool: Tool, regions: Iterable[_Region], tally: Tally, findings: Sequence[Finding], checks: list[Facts]
) -> Facts:
    figures, together, entries, count = Figures(tool), hashlib.sha256(), [], 0
    for region in regions:
        day, mark = peildatum(tool, region.inputs), region.mark or inputs_hash(region.inputs)
        figures.add(day, region.inputs, region.used)
        together.update(f"{mark}\n".encode())
        count += 1
        if count <= MOST:
            entries.append(
                {
                    "regio": region.name,
                    "peildatum": day.isoformat() if day else None,
                    "invoer_sha256": mark,
                    **({"bestand": region.file.name, "sha256": region.file.sha256} if region.file else {}),
                }
            )
    return {
        "regios_aantal": count,
        "invoer_sha256": together.hexdigest(),
        "regios": entries,
        "cellen": tally.cells,
        "controles": checks,
        "bevindingen": finding_facts(findings),
        "kengetallen": figures.facts(),
        "uitkomsten": [row_facts(row) for row in tally.headline],
    }
