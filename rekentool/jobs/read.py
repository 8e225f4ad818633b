"""`lees`: filled workbooks in, the results table out; every value recomputed and held against what the file says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rekentool.engine.protocol import Outcome
from rekentool.engine.verdict import MONEY, Tolerance, Verdict, compare
from rekentool.jobs.alignment import Alignment
from rekentool.jobs.deviation import changed_constants, computes_alike, deviations
from rekentool.jobs.ownchecks import check_findings
from rekentool.jobs.shift import fixed_address_findings, shift_findings, shifted
from rekentool.mapping.bind import Binding
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tables.results import ResultRow, result_rows
from rekentool.tool import Tool, fit
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.guard import Admitted
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook

#: Why a formula cell whose value isn't in the file gets no verdict.
NO_CACHE = "geen opgeslagen waarde"

#: As many characters as the workbook's own validation allows a name.
_REGION_NAME = 250


@dataclass(frozen=True)
class FilledWorkbook:
    """One file as it came back: its tool (the mapping bound to this file), its recomputation, and the verdicts.

    ``verdicts`` has every formula cell, also one without a stored value (niet gecontroleerd). ``deviations`` is what
    the file has otherwise than the template. ``findings`` is what there is to say of the file itself and of the
    workbook's own checks. ``alignment`` is given when rows or columns have shifted.
    """

    path: Path
    tool: Tool
    region: str
    outcome: Outcome
    verdicts: tuple[Verdict, ...]
    deviations: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    alignment: Alignment | None = None

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
    return filled_of(tool, *open_incoming(path))


def filled_of(tool: Tool, admitted: Admitted, workbook: Workbook) -> FilledWorkbook:
    """As `open_filled`, of a file that was read already."""
    path = admitted.path
    alike = computes_alike(tool.workbook, workbook)
    alignment = shifted(tool.workbook, workbook)
    mine = Tool(tool.mapping, path, admitted.data, workbook, _fit(tool, workbook, path, alignment))
    if alike:
        outcome = tool.model.compute([changed_constants(tool.workbook, workbook)])[0]
    else:
        outcome = mine.model.compute([{}])[0]
    region = region_name(mine)
    return FilledWorkbook(
        path,
        mine,
        region,
        outcome,
        verdicts_on(mine, outcome.values, outcome.unknown),
        tuple(deviations(tool.workbook, workbook, mine.binding.inputs.values(), str(path), alignment)),
        file_findings(tool, mine, admitted, outcome, region),
        alignment,
    )


def file_findings(tool: Tool, mine: Tool, admitted: Admitted, outcome: Outcome, region: str) -> tuple[Finding, ...]:
    """What there is to say of a file itself and of its own checks; ``mine`` is the tool bound to it."""
    own = {(found.code, found.place, found.found) for found in tool.findings}
    of_file = [
        found
        for found in (*admitted.findings, *mine.workbook.findings)
        if (found.code, found.place, found.found) not in own  # hidden rows and odd names of the template itself
    ]
    findings = (*of_file, *check_findings(mine, outcome, region), *_computed_inputs(mine, outcome))
    return tuple(found if found.file else replace(found, file=str(mine.path)) for found in findings)


def _fit(tool: Tool, workbook: Workbook, path: Path, alignment: Alignment | None) -> Binding:
    """Bind; where a sheet of the template is missing, or rows have shifted, that is the message, and not each of the
    cells that went with it. A formula in an input cell is no misfit here: it is reported (RK561) and computed."""
    file = str(path)
    if alignment is not None:
        lost = fixed_address_findings(alignment, tool.mapping, file)
        if lost:
            raise RekentoolError(lost)
    try:
        return fit(tool.mapping, replace(workbook, formulas={}), file)
    except RekentoolError as error:
        if any(one.code == "RK503" for one in error.findings):
            raise
        missing = [one for one in deviations(tool.workbook, workbook, (), file) if one.code == "RK517"]
        if missing:
            raise RekentoolError(missing) from None
        if alignment is not None:
            first = error.findings[0]
            shown = f"{first.place}: {first.found}"
            lost = [finding("RK568", file=file, aantal=len(error.findings), eerste=shown)]
            raise RekentoolError([*shift_findings(alignment, file), *lost]) from None
        raise


def _computed_inputs(mine: Tool, outcome: Outcome) -> list[Finding]:
    """RK561: formulas in input cells. What they come to is taken as the input."""
    return [
        finding(
            "RK561",
            str(address),
            str(mine.path),
            formule=excerpt(mine.workbook.formulas[address]),
            uitkomst=mine.shown(address, outcome.values.get(address)),
        )
        for address in mine.binding.inputs.values()
        if address in mine.workbook.formulas and address not in outcome.unknown
    ]


def verdicts_on(
    tool: Tool, computed: Mapping[Address, CellValue], unknown: Mapping[Address, str], *, loose_errors: bool = False
) -> tuple[Verdict, ...]:
    """A file's stored values against computed ones: equal within half a cent where a result is in euros, and within a
    billionth elsewhere. A cell without a stored value is niet gecontroleerd, with the reason `NO_CACHE`."""
    values = tool.workbook.values
    cached = {address: values[address] for address in tool.workbook.formula_cells if address in values}
    # Without a stored value a cell looks as one with the text "" does: that is no difference.
    missing = {address for address, value in computed.items() if address not in cached and value not in (None, "")}
    reasons = {**dict.fromkeys(missing, NO_CACHE), **unknown}
    return tuple(compare(cached, computed, reasons, tolerances=money_cells(tool), loose_errors=loose_errors))


def money_cells(tool: Tool) -> dict[Address, Tolerance]:
    """The results in euros, with their tolerance."""
    return {cell.address: MONEY for cell in tool.binding.results("alle") if cell.eenheid.startswith("euro")}


def region_name(mine: Tool) -> str:
    """The name in the file as a table or screen can show it; the file's own name where it has none."""
    return excerpt(own_name(mine) or mine.path.stem, _REGION_NAME)


def own_name(mine: Tool) -> str:
    """The region's name as it stands in the file; "" where there is none."""
    value = mine.workbook.values.get(mine.binding.address(mine.mapping.workbook.region_field))
    return "" if value is None or isinstance(value, ExcelError) else cell_text(value).strip()


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


def told(one: FilledWorkbook) -> list[Finding]:
    """What makes the results of one file doubtful."""
    findings = list(one.findings)
    serious = [found for found in one.deviations if found.severity == "fout"]
    if serious:
        findings.append(finding("RK533", serious[0].place, str(one.path), aantal=len(serious)))
    results = {cell.address for cell in one.tool.binding.results("alle")}
    return findings + cache_findings(one.tool, one.verdicts, results)


def same_region(files: Iterable[tuple[str, str]]) -> list[Finding]:
    """RK532 for (region, file) of one region: whoever adds up the table would count it twice."""
    paths: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for region, file in files:
        paths.setdefault(region.casefold(), []).append(file)
        names[region.casefold()] = region
    return [
        finding("RK532", names[key], aantal=len(found), bestanden=", ".join(map(excerpt, found[:5])))
        for key, found in paths.items()
        if len(found) > 1
    ]
