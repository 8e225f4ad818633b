"""`controleer`: does a file fit the mapping, are its inputs valid, its formulas the template's, its numbers right?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.verdict import Counts, count
from rekentool.jobs.opinion import Source, second_opinion
from rekentool.jobs.read import FilledWorkbook, cache_findings, open_filled, verdicts_on
from rekentool.mapping.schema import InputKey, Value
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import parse_cell
from rekentool.messages import CATALOGUE, EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError
from rekentool.tool import Tool
from rekentool.xlsx.reader import formula_fingerprint


@dataclass(frozen=True)
class Report:
    """What `controleer` says of one file; ``counts`` are the verdicts on its formula cells, by ``by``."""

    path: Path
    region: str
    findings: tuple[Finding, ...]
    counts: Counts
    by: str

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
    findings = (
        *filled.findings,
        *input_findings(filled),
        *filled.deviations,
        *cache_findings(filled.tool, verdicts),
    )
    return Report(path, filled.region, findings, count(verdicts), by)


def input_findings(filled: FilledWorkbook) -> list[Finding]:
    """Every input that isn't what its field allows, at its cell."""
    findings: list[Finding] = []
    binding, mapping, file = filled.tool.binding, filled.tool.mapping, str(filled.path)
    values: dict[InputKey, Value | None] = {}
    for key, address in binding.inputs.items():
        cell = filled.workbook.values.get(address)
        try:
            values[key] = parse_cell(mapping.field(key[0]), cell, str(address), file, date1904=filled.workbook.date1904)
        except RekentoolError as error:
            findings += error.findings
    fields = {field.id: field for field in mapping.inputs}
    for rule in mapping.sums:
        place = ", ".join(str(binding.address(*key)) for name in rule.fields for key in fields[name].keys)
        findings += sum_findings((rule,), fields, values, place, file)
    return findings
