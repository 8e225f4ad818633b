"""`controleer`: does a file fit the mapping, are its inputs valid, its formulas the template's, its numbers right?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.verdict import Counts, count
from rekentool.jobs.filling import input_findings
from rekentool.jobs.locking import locking_findings
from rekentool.jobs.opinion import Source, second_opinion
from rekentool.jobs.read import FilledWorkbook, cache_findings, open_filled, verdicts_on
from rekentool.jobs.validation import validation_findings
from rekentool.jobs.verify import Verified, verify_workbook
from rekentool.messages import CATALOGUE, EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding
from rekentool.tool import Tool
from rekentool.xlsx.reader import formula_fingerprint


@dataclass(frozen=True)
class Report:
    """What `controleer` says of one file; ``counts`` are the verdicts on its formula cells, by ``by``; ``verified``
    is what the receipt beside it says."""

    path: Path
    region: str
    findings: tuple[Finding, ...]
    counts: Counts
    by: str
    verified: Verified | None = None

    @property
    def outcome(self) -> str:
        """The exit code in words."""
        return {EXIT_OK: "klopt", EXIT_FINDINGS: "klopt niet"}.get(self.exit_code, "niet geheel te controleren")

    @property
    def exit_code(self) -> int:
        """0 klopt, 1 bevindingen of verschillen, 4 niet alles te controleren; what is only mentioned doesn't count."""
        if self.counts.different or any(_counts(found) for found in self.findings):
            return EXIT_FINDINGS
        return EXIT_UNCHECKED if self.counts.unchecked else EXIT_OK


def _counts(found: Finding) -> bool:
    return found.severity == "fout" or CATALOGUE[found.code].exit_code == EXIT_FINDINGS


def check(tool: Tool, path: Path, source: Source | None = None) -> Report:
    """Check one file, its stored values by the tool's own engine or by a second opinion.

    RekentoolError when it is refused, doesn't fit the mapping at all, or the second opinion can't be had.
    """
    filled = open_filled(tool, path)
    by, verdicts = f"{tool.engine.name} {tool.engine.version}", filled.verdicts
    if source is not None:
        opinion = second_opinion(source, path, filled.tool.data, formula_fingerprint(filled.workbook))
        by = opinion.by
        verdicts = verdicts_on(filled.tool, opinion.values, opinion.unknown, loose_errors=True)
    verified = verify_workbook(tool, filled)
    findings = (
        *verified.findings,
        *filled.findings,
        *input_findings(tool, filled),
        *filled.deviations,
        *_validations(tool, filled),
        *locking_findings(tool, filled),
        *cache_findings(filled.tool, verdicts),
    )
    return Report(path, filled.region, findings, count(verdicts), by, verified)


def _validations(tool: Tool, filled: FilledWorkbook) -> list[Finding]:
    """Input cells, and other cells that a user may fill, with another validation than in the template."""
    cells = tool.workbook.unlocked | {*tool.binding.inputs.values()}
    file, alignment = str(filled.path), filled.alignment
    if alignment is None:
        return validation_findings(tool.workbook, filled.workbook, cells, file)
    return validation_findings(tool.workbook, filled.workbook, cells, file, alignment.forward, moved=True)
