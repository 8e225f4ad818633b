"""`controleer`: does a file fit the mapping, are its inputs valid, its formulas the template's, its numbers right?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.verdict import Counts, count
from rekentool.mapping.schema import InputKey, Value
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import parse_cell
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError, finding
from rekentool.read import FilledWorkbook, open_filled
from rekentool.tool import Tool


@dataclass(frozen=True)
class Report:
    """What `controleer` says of one file; ``counts`` has the verdicts on its formula cells."""

    path: Path
    region: str
    findings: tuple[Finding, ...]
    counts: Counts

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


def check(tool: Tool, path: Path) -> Report:
    """Check one file. RekentoolError when it is refused or doesn't fit the mapping at all."""
    filled = open_filled(tool, path)
    findings = [*filled.findings, *input_findings(filled), *formula_findings(tool, filled), *cache_findings(filled)]
    return Report(path, filled.region, tuple(findings), count(filled.verdicts))


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


def cache_findings(filled: FilledWorkbook) -> list[Finding]:
    """The values in the file against the recomputation: counted, with the first few named."""
    findings = []
    different = [verdict for verdict in filled.verdicts if verdict.judgement == "anders"]
    missing = [verdict for verdict in different if verdict.kind == "extra"]
    stale = [verdict for verdict in different if verdict.kind != "extra"]
    if missing:
        findings.append(finding("RK531", str(missing[0].address), str(filled.path), aantal=len(missing)))
    if stale:
        findings.append(
            finding(
                "RK530",
                str(stale[0].address),
                str(filled.path),
                aantal=len(stale),
                staat=stale[0].expected,
                berekend=stale[0].actual,
            )
        )
    return findings
