"""`ververs`: put the freshly computed value into every formula cell of a file, and change nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.messages import Finding
from rekentool.read import open_filled
from rekentool.tool import Tool
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.save import save_atomic


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was done to one file: how many stored values were right already, renewed, or taken away as unknown."""

    path: Path
    right: int
    renewed: int
    removed: int
    findings: tuple[Finding, ...]


def refresh(tool: Tool, path: Path, *, dry: bool = False) -> Refreshed:
    """Renew the stored results of one file in place; inputs, layout and everything else keep their bytes.

    A cell that the engine can't compute loses its stored value (and Excel is told to recalculate on opening), and the
    findings name it. RekentoolError when the file is refused, doesn't fit the mapping or can't be written.
    """
    filled = open_filled(tool, path)
    outcome = filled.outcome
    different = sum(verdict.judgement == "anders" for verdict in filled.verdicts)
    if not dry and (different or outcome.unknown):
        data = patch_workbook(filled.tool.data, {}, outcome.values, remove_results=outcome.unknown.keys())
        save_atomic(path, data, overwrite=True)
    return Refreshed(path, len(outcome.values) - different, different, len(outcome.unknown), filled.findings)
