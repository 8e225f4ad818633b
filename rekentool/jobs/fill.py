"""`vul`: a regions table in, one filled workbook per region out, with fresh results in its formula cells."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.protocol import Outcome
from rekentool.jobs.folder import make_folder
from rekentool.mapping.schema import OWN_PREFIX
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tables.regions import Region
from rekentool.tool import Tool
from rekentool.xlsx.cell import ExcelError
from rekentool.xlsx.filename import unique_names
from rekentool.xlsx.patch import Change, Template
from rekentool.xlsx.save import save_atomic


@dataclass(frozen=True, slots=True)
class Filled:
    """One region's workbook: where it stands (or would stand), what was filled in, and what there is to say of it."""

    region: str
    path: Path
    changes: tuple[Change, ...]
    outcome: Outcome
    findings: tuple[Finding, ...]


def fill(
    tool: Tool,
    regions: Sequence[Region],
    folder: Path,
    *,
    overwrite: bool = False,
    overwrite_inputs: bool = False,
    dry: bool = False,
) -> list[Filled]:
    """Write one workbook per region into ``folder``; with ``dry`` only say what would be written.

    All regions are computed before the first file is written, and every file is written whole or not at all. Raises
    RekentoolError when a target exists (RK630), or when the workbook that is filled has an input that differs from
    the template's default and from the new value (RK643), unless asked to overwrite; RK644 or RK631 when the folder or
    a file can't be written.
    """
    paths = [folder / f"{name}.xlsx" for name in unique_names([region.name for region in regions])]
    scenarios = tool.scenarios(regions)
    source = Template(tool.data)
    changes = [source.changes(cells) for cells in scenarios]
    faults = [finding("RK630", file=str(path)) for path in paths if not overwrite and os.path.lexists(path)]
    if not overwrite_inputs:
        faults += _filled_in(tool, changes)
    if faults:
        raise RekentoolError(faults)
    outcomes = tool.model.compute(scenarios)
    filled = [
        Filled(region.name, path, tuple(change), outcome, tuple(check_findings(tool, outcome, region.name)))
        for region, path, change, outcome in zip(regions, paths, changes, outcomes, strict=True)
    ]
    if not dry:
        make_folder(folder)
        for one, cells in zip(filled, scenarios, strict=True):
            data = source.patch(cells, one.outcome.values, remove_results=one.outcome.unknown.keys())
            save_atomic(one.path, data, overwrite=overwrite)
    return filled


def _filled_in(tool: Tool, changes: Sequence[Sequence[Change]]) -> list[Finding]:
    """Inputs that somebody filled in before: not the template's default, and not what is written now."""
    defaults = tool.cells({key: field.default(key[1]) for field in tool.mapping.fields for key in field.keys})
    taken = {
        change.address: change
        for one in changes
        for change in one
        if change.old is not None and change.old != defaults[change.address]
    }
    return [
        finding(
            "RK643",
            place=str(address),
            file=str(tool.path),
            staat=tool.shown(address, change.old),
            nieuw=tool.shown(address, change.new),
        )
        for address, change in sorted(taken.items(), key=lambda item: (item[0].sheet, item[0].row, item[0].column))
    ]


def check_findings(tool: Tool, outcome: Outcome, region: str) -> list[Finding]:
    """The workbook's own checks that don't have the value they must have, kengetallen without a value at the peildatum,
    and cells that no engine computed."""
    findings = []
    for check in tool.mapping.checks:
        address = tool.binding.checks[check.id]
        if address in outcome.unknown:
            findings.append(
                finding("RK521", place=f"{region}: {address}", controle=check.label, reden=outcome.unknown[address])
            )
        elif outcome.values.get(address) != check.expected:
            findings.append(
                finding(
                    "RK520",
                    place=f"{region}: {address}",
                    controle=check.label,
                    waarde=excerpt(cell_text(outcome.values.get(address))) or "niets",
                    verwacht=cell_text(check.expected),
                )
            )
    unknown = [id_ for id_, address in tool.binding.used.items() if outcome.values.get(address) == ExcelError("#N/A")]
    if unknown:
        labels = ", ".join(tool.mapping.kengetal(id_).label for id_ in unknown)
        own = ", ".join(f"{OWN_PREFIX}{id_}" for id_ in unknown)
        findings.append(finding("RK523", place=region, kengetallen=labels, velden=own))
    if outcome.unknown:
        address, reason = min(outcome.unknown.items())
        findings.append(finding("RK522", place=region, aantal=len(outcome.unknown), cel=address, reden=reason))
    return findings
