"""`controleer`: does a file fit the mapping, are its inputs valid, its formulas the template's, its numbers right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.verdict import MONEY, Counts, Verdict, compare, count
from rekentool.mapping.schema import InputKey, Value
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import parse_cell
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError, finding
from rekentool.opinion import Source, second_opinion
from rekentool.read import FilledWorkbook, open_filled
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
        """0 klopt, 1 bevindingen of verschillen, 4 niet alles te controleren."""
        if self.counts.different or any(found.severity == "fout" for found in self.findings):
            return EXIT_FINDINGS
        return EXIT_UNCHECKED if self.counts.unchecked else EXIT_OK


def check(tool: Tool, path: Path, source: Source | None = None) -> Report:
    """Check one file, its stored values by the tool's own engine or by a second opinion.

    RekentoolError when it is refused, doesn't fit the mapping at all, or the second opinion can't be had.
    """
    filled = open_filled(tool, path)
    by, verdicts = f"{tool.engine.name} {tool.engine.version}", filled.verdicts
    if source is not None:
        fingerprint = formula_fingerprint(filled.workbook)
        opinion = second_opinion(source, path, filled.tool.data, fingerprint)
        by = opinion.by
        cached = {address: filled.workbook.values.get(address) for address in filled.workbook.formula_cells}
        compared = compare(cached, opinion.values, opinion.unknown, tolerance=MONEY, loose_errors=True)
        verdicts = tuple(compared)
    findings = [
        *filled.findings,
        *input_findings(filled),
        *formula_findings(tool, filled),
        *cache_findings(verdicts, str(path)),
    ]
    return Report(path, filled.region, tuple(findings), count(verdicts), by)


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


def formula_findings(tool: Tool, filled: FilledWorkbook) -> list[Finding]:
    """Every formula that differs from the template's: changed, gone, replaced by a value, or added."""
    mine, theirs = tool.workbook, filled.workbook
    findings = []
    for address in sorted(mine.formulas.keys() | theirs.formulas.keys()):
        expected, found = mine.formulas.get(address), theirs.formulas.get(address)
        if expected == found:
            continue
        place, file = str(address), str(filled.path)
        if found is None and theirs.values.get(address) is not None:
            findings.append(finding("RK511", place, file, staat=theirs.values[address], formule=expected))
        elif found is None:
            findings.append(finding("RK512", place, file, formule=expected))
        elif expected is None:
            findings.append(finding("RK513", place, file, formule=found))
        else:
            findings.append(finding("RK510", place, file, formule=expected, staat=found))
    return findings


def cache_findings(verdicts: Sequence[Verdict], file: str) -> list[Finding]:
    """The values in the file against the recomputation: counted, with the first few named."""
    findings = []
    different = [verdict for verdict in verdicts if verdict.judgement == "anders"]
    missing = [verdict for verdict in different if verdict.kind == "extra"]
    stale = [verdict for verdict in different if verdict.kind != "extra"]
    if missing:
        findings.append(finding("RK531", str(missing[0].address), file, aantal=len(missing)))
    if stale:
        findings.append(
            finding(
                "RK530",
                str(stale[0].address),
                file,
                aantal=len(stale),
                staat=stale[0].expected,
                berekend=stale[0].actual,
            )
        )
    return findings
