"""`controleer`: does a file fit the mapping, are its inputs valid, its formulas the template's, its numbers right?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.verdict import Verdict
from rekentool.mapping.values import parse_cell
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError, finding
from rekentool.read import FilledWorkbook, open_filled
from rekentool.tool import Tool


@dataclass(frozen=True)
class Report:
    """What `controleer` says of one file; ``counts`` has the verdicts gelijk, anders and niet gecontroleerd."""

    path: Path
    region: str
    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def exit_code(self) -> int:
        """0 klopt, 1 bevindingen of verschillen, 4 niet alles te controleren."""
        if self.counts.get("anders") or any(found.severity == "fout" for found in self.findings):
            return EXIT_FINDINGS
        return EXIT_UNCHECKED if self.counts.get("niet gecontroleerd") else EXIT_OK


def check(tool: Tool, path: Path) -> Report:
    """Check one file. RekentoolError when it is refused or doesn't fit the mapping at all."""
    filled = open_filled(tool, path)
    findings = [*filled.findings, *input_findings(filled), *formula_findings(tool, filled), *cache_findings(filled)]
    counts = Counter(verdict.verdict for verdict in filled.verdicts)
    return Report(path, filled.region, tuple(findings), dict(counts))


def input_findings(filled: FilledWorkbook) -> list[Finding]:
    """Every input that isn't what its field allows, at its cell."""
    findings: list[Finding] = []
    binding, mapping = filled.tool.binding, filled.tool.mapping
    for key, address in binding.inputs.items():
        try:
            parse_cell(mapping.field(key[0]), filled.workbook.values.get(address), place=str(address), file=str(filled.path))
        except RekentoolError as error:
            findings += error.findings
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
    different = [verdict for verdict in filled.verdicts if verdict.verdict == "anders"]
    missing = [verdict for verdict in different if verdict.kind == "extra"]
    stale = [verdict for verdict in different if verdict.kind != "extra"]
    if missing:
        findings.append(finding("RK531", str(missing[0].address), str(filled.path), aantal=len(missing)))
    if stale:
        findings.append(finding("RK530", str(stale[0].address), str(filled.path), aantal=len(stale), staat=stale[0].expected, berekend=stale[0].actual))
    return findings


def verdict_line(counts: dict[str, int]) -> str:
    """The three counts in one line, each always shown."""
    return " · ".join(f"{counts.get(kind, 0)} {kind}" for kind in ("gelijk", "anders", "niet gecontroleerd"))


def summarise(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many cells have each verdict."""
    return dict(Counter(verdict.verdict for verdict in verdicts))
