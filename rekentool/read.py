"""`lees`: filled workbooks in, the results table out; every value recomputed and held against what the file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import Verdict, compare
from rekentool.fill import check_findings
from rekentool.mapping.bind import bind
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.results import ResultRow, result_rows
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.guard import admit
from rekentool.xlsx.reader import Workbook, formula_fingerprint, read_workbook


@dataclass(frozen=True)
class FilledWorkbook:
    """One file as it came back: its tool (the mapping bound to this file), its recomputation, and the verdicts."""

    path: Path
    tool: Tool
    region: str
    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...]

    @property
    def workbook(self) -> Workbook:
        """The file as read."""
        return self.tool.workbook

    def rows(self, *, every_line: bool = False) -> list[ResultRow]:
        """The recomputed results of this file."""
        return list(result_rows(self.tool.binding, self.region, self.outcome.values, every_line=every_line))


def open_filled(tool: Tool, path: Path) -> FilledWorkbook:
    """Admit, read, bind and recompute one file. RekentoolError when it is refused (RK1xx) or doesn't fit (RK2xx).

    A file with the template's formulas is recomputed as a scenario of the template, which is compiled once for all
    files; one with other formulas is computed as it stands.
    """
    admitted = admit(path)
    workbook = read_workbook(admitted.data)
    binding = bind(tool.mapping, workbook, str(path))
    mine = Tool(tool.mapping, path, admitted.data, workbook, binding, tool.engine)
    if formula_fingerprint(workbook) == tool.fingerprint and binding.inputs == tool.binding.inputs:
        outcome = tool.model.compute([_differences(tool, workbook)])[0]
    else:
        outcome = mine.model.compute([{}])[0]
    cached = {address: workbook.values.get(address) for address in workbook.formula_cells}
    verdicts = tuple(compare(cached, outcome.values, outcome.unknown))
    name = workbook.values.get(binding.address(tool.mapping.workbook.region_field, None))
    region = name if isinstance(name, str) and name.strip() else path.stem
    findings = [
        _with_file(found, path)
        for found in (*admitted.findings, *workbook.findings, *check_findings(mine, outcome, region))
    ]
    return FilledWorkbook(path, mine, region, outcome, verdicts, tuple(findings))


def _differences(tool: Tool, workbook: Workbook) -> dict[Address, CellValue]:
    """Every constant cell that differs from the template's: inputs, but also a changed figure outside them."""
    theirs, mine, computed = workbook.values, tool.workbook.values, tool.workbook.formula_cells
    return {
        address: theirs.get(address)
        for address in theirs.keys() | mine.keys()
        if address not in computed and theirs.get(address) != mine.get(address)
    }


def stale_finding(filled: FilledWorkbook) -> Finding | None:
    """What the file shows and what its formulas give differ: the file was not recalculated, or by something else."""
    result_cells = {cell.address for cell in filled.tool.binding.results("alle")}
    different = [
        verdict for verdict in filled.verdicts if verdict.judgement == "anders" and verdict.address in result_cells
    ]
    if not different:
        return None
    first = different[0]
    return finding(
        "RK530",
        place=str(first.address),
        file=str(filled.path),
        aantal=len(different),
        staat=first.expected,
        berekend=first.actual,
    )


def read(tool: Tool, paths: Sequence[Path]) -> tuple[list[FilledWorkbook], list[Finding]]:
    """Open every file; one that is refused is reported and doesn't stop the others."""
    filled: list[FilledWorkbook] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            one = open_filled(tool, path)
        except RekentoolError as error:
            findings += error.findings
            continue
        filled.append(one)
        findings += one.findings
        stale = stale_finding(one)
        if stale is not None:
            findings.append(stale)
    return filled, findings


def _with_file(found: Finding, path: Path) -> Finding:
    return (
        found
        if found.file
        else Finding(found.code, found.severity, found.place, found.found, found.expected, found.remedy, str(path))
    )
