"""`lees`: filled workbooks in, the results table out; every value recomputed and held against what the file says."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import MONEY, Verdict, compare
from rekentool.jobs.deviation import changed_constants, computes_alike, deviations
from rekentool.jobs.fill import check_findings
from rekentool.mapping.bind import Binding
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tables.results import ResultRow, result_rows
from rekentool.tool import Tool, fit
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.guard import admit
from rekentool.xlsx.reader import Workbook, read_workbook

#: Why a formula cell whose value isn't in the file gets no verdict.
NO_CACHE = "geen opgeslagen waarde"

#: As many characters as the workbook's own validation allows a name.
_REGION_NAME = 250


@dataclass(frozen=True)
class FilledWorkbook:
    """One file as it came back: its tool (the mapping bound to this file), its recomputation, and the verdicts.

    ``verdicts`` has every formula cell, also one without a stored value (niet gecontroleerd). ``deviations`` is what
    the file has otherwise than the template. ``findings`` is what there is to say of the file itself and of the
    workbook's own checks.
    """

    path: Path
    tool: Tool
    region: str
    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    deviations: tuple[Finding, ...]
    findings: tuple[Finding, ...]

    @property
    def workbook(self) -> Workbook:
        """The file as read."""
        return self.tool.workbook

    def rows(self, *, every_line: bool = False) -> list[ResultRow]:
        """The recomputed results of this file."""
        return list(result_rows(self.tool.binding, self.region, self.outcome.values, every_line=every_line))


def open_filled(tool: Tool, path: Path) -> FilledWorkbook:
    """Admit, read, bind and recompute one file.

    RekentoolError when it is refused (RK1xx) or doesn't fit the mapping (RK23x, RK503; RK517 when a sheet is missing).
    A file with the template's formulas is recomputed as a scenario of the template, which is compiled once for all
    files; one with other formulas is computed as it stands.
    """
    admitted = admit(path)
    workbook = read_workbook(admitted.data)
    mine = Tool(tool.mapping, path, admitted.data, workbook, _fit(tool, workbook, path))
    if computes_alike(tool.workbook, workbook):
        outcome = tool.model.compute([changed_constants(tool.workbook, workbook)])[0]
    else:
        outcome = mine.model.compute([{}])[0]
    region = _region_name(mine, path)
    findings = (*admitted.findings, *workbook.findings, *check_findings(mine, outcome, region))
    return FilledWorkbook(
        path,
        mine,
        region,
        outcome,
        verdicts_on(mine, outcome.values, outcome.unknown),
        tuple(deviations(tool.workbook, workbook, mine.binding.inputs.values(), str(path))),
        tuple(found if found.file else replace(found, file=str(path)) for found in findings),
    )


def _fit(tool: Tool, workbook: Workbook, path: Path) -> Binding:
    """Bind; where a sheet of the template is missing that is the message, not each of the names that went with it."""
    try:
        return fit(tool.mapping, workbook, str(path))
    except RekentoolError as error:
        found = deviations(tool.workbook, workbook, (), str(path))
        missing = [one for one in found if one.code == "RK517"]
        if missing and any(one.code != "RK503" for one in error.findings):
            raise RekentoolError(missing) from None
        raise


def verdicts_on(
    tool: Tool, computed: Mapping[Address, CellValue], unknown: Mapping[Address, str], *, loose_errors: bool = False
) -> tuple[Verdict, ...]:
    """A file's stored values against computed ones: equal within half a cent where a result is in euros, and within a
    billionth elsewhere. A cell without a stored value is niet gecontroleerd, with the reason `NO_CACHE`."""
    values = tool.workbook.values
    cached = {address: values[address] for address in tool.workbook.formula_cells if address in values}
    # Without a stored value a cell looks as one with the text "" does: that is no difference.
    missing = {address for address, value in computed.items() if address not in cached and value not in (None, "")}
    money = {cell.address: MONEY for cell in tool.binding.results("alle") if cell.eenheid.startswith("euro")}
    reasons = {**dict.fromkeys(missing, NO_CACHE), **unknown}
    return tuple(compare(cached, computed, reasons, tolerances=money, loose_errors=loose_errors))


def _region_name(mine: Tool, path: Path) -> str:
    """The name in the file as a table or screen can show it; the file's own name where it has none."""
    value = mine.workbook.values.get(mine.binding.address(mine.mapping.workbook.region_field))
    text = "" if value is None or isinstance(value, ExcelError) else cell_text(value).strip()
    return excerpt(text or path.stem, _REGION_NAME)


def cache_findings(tool: Tool, verdicts: Sequence[Verdict], cells: Collection[Address] | None = None) -> list[Finding]:
    """Stored values of a file that are missing (RK531) or not the computed ones (RK530), with the first of each.

    ``cells``: only differences in these count.
    """
    findings, file = [], str(tool.path)
    missing = [verdict for verdict in verdicts if verdict.reason == NO_CACHE]
    if missing:
        findings.append(finding("RK531", str(missing[0].address), file, aantal=len(missing)))
    different = [
        verdict for verdict in verdicts if verdict.judgement == "anders" and (cells is None or verdict.address in cells)
    ]
    if different:
        address, stored, computed = different[0].address, different[0].expected, different[0].actual
        facts = {"staat": tool.shown(address, stored), "berekend": tool.shown(address, computed)}
        findings.append(finding("RK530", str(address), file, aantal=len(different), **facts))
    return findings


def read(tool: Tool, paths: Sequence[Path]) -> tuple[list[FilledWorkbook], list[Finding]]:
    """Open every file; one that is refused is reported and doesn't stop the others.

    The findings say of each file what makes its results doubtful: other formulas or fixed values than the template's
    (RK533, in one line: `check` names each), stored results that aren't the recomputed ones, the workbook's own checks.
    """
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
        serious = [found for found in one.deviations if found.severity == "fout"]
        if serious:
            findings.append(finding("RK533", serious[0].place, str(path), aantal=len(serious)))
        results = {cell.address for cell in one.tool.binding.results("alle")}
        findings += cache_findings(one.tool, one.verdicts, results)
    return filled, findings + _same_region(filled)


def _same_region(filled: Sequence[FilledWorkbook]) -> list[Finding]:
    """Files of one region: whoever adds up the table would count it twice."""
    files: dict[str, list[str]] = {}
    for one in filled:
        files.setdefault(one.region.casefold(), []).append(str(one.path))
    names = {one.region.casefold(): one.region for one in filled}
    return [
        finding("RK532", names[key], aantal=len(paths), bestanden=", ".join(map(excerpt, paths[:5])))
        for key, paths in files.items()
        if len(paths) > 1
    ]
