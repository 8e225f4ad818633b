"""`ververs`: put the freshly computed value into every formula cell of a file, and change nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.jobs.read import NO_CACHE, open_filled
from rekentool.messages import Finding
from rekentool.tool import Tool
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.save import save_atomic


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was done to one file: how many stored values were right already, renewed, or not to be computed.

    ``written`` is false where nothing had to change, and with ``dry``.
    """

    path: Path
    right: int
    renewed: int
    unknown: int
    written: bool
    findings: tuple[Finding, ...]


def refresh(tool: Tool, path: Path, *, dry: bool = False) -> Refreshed:
    """Renew the stored results of one file in place; inputs, layout and everything else keep their bytes.

    A cell that the engine can't compute loses its stored value (and Excel is told to recalculate on opening), and the
    findings name it. A value that is right keeps its spelling; a file in which every one is right isn't touched.
    RekentoolError when the file is refused, doesn't fit the mapping or can't be written.
    """
    filled = open_filled(tool, path)
    outcome = filled.outcome
    stale = {one.address for one in filled.verdicts if one.judgement == "anders" or one.reason == NO_CACHE}
    results = {address: value for address, value in outcome.values.items() if address in stale}
    written = False
    if not dry and (results or outcome.unknown):
        data = patch_workbook(filled.tool.data, {}, results, remove_results=outcome.unknown.keys())
        written = data != filled.tool.data
        if written:
            save_atomic(path, data, overwrite=True)
    right = len(outcome.values) - len(results)
    return Refreshed(path, right, len(results), len(outcome.unknown), written, filled.findings)
