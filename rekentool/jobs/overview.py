"""`overzicht`: one workbook over all regions, from a results table, a regions table, or filled workbooks.

What is given is told from its content: a header with regio, regel and waarde is that of a results table, any other
table one of regions (which is computed first), a workbook without such a header is read as a filled one.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rekentool.jobs.collect import collect
from rekentool.jobs.compute import compute
from rekentool.jobs.labels import Labels
from rekentool.jobs.overviewbook import About, overview_bytes
from rekentool.jobs.overviewfigures import Figures, words_of
from rekentool.jobs.receipt import (
    EPOCH,
    MOST,
    Facts,
    FileMark,
    check_receipt_target,
    finding_facts,
    moment,
    row_facts,
    run_facts,
)
from rekentool.jobs.receiptpage import leave_receipt
from rekentool.jobs.sources import find_files
from rekentool.jobs.tablereceipt import ComputedRegions, Tally, collected_facts
from rekentool.mapping.suggestion import excerpt
from rekentool.messages import CATALOGUE, EXIT_OK, Finding, RekentoolError, finding, refuse
from rekentool.shipped import MAPPING
from rekentool.tables.records import csv_records, shown, xlsx_records
from rekentool.tables.regions import read_regions
from rekentool.tables.resultfile import REQUIRED, is_result_header, knows, read_result_table
from rekentool.tables.results import ResultRow
from rekentool.tables.table import check_target
from rekentool.tool import Tool
from rekentool.xlsx.save import save_atomic

Kind = Literal["uitkomstentabel", "regiotabel", "werkboeken"]
_KINDS: dict[Kind, str] = {
    "uitkomstentabel": "een uitkomstentabel",
    "regiotabel": "een regiotabel, die eerst is doorgerekend",
    "werkboeken": "ingevulde werkboeken",
}


@dataclass(frozen=True)
class Overview:
    """The workbook that was written: what of (``kind``), how many regions and rows, about which line, its receipt."""

    path: Path
    kind: Kind
    regions: int
    rows: int
    line: str
    receipt: Path
    findings: tuple[Finding, ...]

    @property
    def exit_code(self) -> int:
        """0, or that of the worst fault: a workbook that was refused isn't in the overview."""
        serious = (CATALOGUE[found.code].exit_code for found in self.findings if found.severity == "fout")
        return max(serious, default=EXIT_OK)


@dataclass(frozen=True)
class _Source:
    """The rows to show, from what, and what a receipt says of that."""

    kind: Kind
    rows: Sequence[ResultRow]
    files: Sequence[str]
    marks: Sequence[FileMark]
    findings: list[Finding]
    facts: Facts


def overview(
    tool: Tool, paths: Sequence[Path], target: Path, *, line: str | None = None, overwrite: bool = False
) -> Overview:
    """Write the overview of what stands in ``paths`` to ``target``, with its receipt.

    ``line`` is the result line that it is about (None: the balance). RekentoolError for what can't be read, a table
    without outcomes (RK835), an unknown line (RK838), a target that exists (RK630) or isn't an .xlsx (RK640).
    """
    if target.suffix.casefold() != ".xlsx":
        raise refuse("RK640", file=str(target))
    check_target(target, overwrite=overwrite)
    check_receipt_target(target, overwrite=overwrite)
    source = _source(tool, paths)
    labels = Labels(tool)
    lines = ((cell, labels.line(cell)) for cell in tool.binding.results("alle"))
    words = words_of(tool.mapping.cases, tool.mapping.parties, lines)
    figures = Figures(source.rows, words, line, str(paths[0]) if len(paths) == 1 else "")
    findings = [*source.findings, *figures.findings]
    about = About(
        title=tool.mapping.workbook.title,
        version=tool.mapping.workbook.version,
        kind=_KINDS[source.kind],
        files=tuple(mark.name for mark in source.marks),
        day=moment()[:10] if EPOCH in os.environ else "",
        reconstruction=tool.mapping.path == MAPPING,
        findings=tuple(one for one in findings if one.severity != "melding"),
    )
    save_atomic(target, overview_bytes(figures, about, source.files), overwrite=overwrite)
    facts = {**run_facts(tool, "tabel", "overzicht", {"regel": line}, source.marks), **source.facts}
    receipt, _ = leave_receipt(tool, target, facts, FileMark.read(target), overwrite=overwrite)
    return Overview(target, source.kind, len(figures.regions), len(source.rows), figures.line, receipt, tuple(findings))


def _source(tool: Tool, paths: Sequence[Path]) -> _Source:
    single = paths[0] if len(paths) == 1 else None
    if single is None or single.is_dir():
        return _workbooks(tool, _files(paths))
    kind = _kind(tool, single)
    said = finding("RK830", file=str(single), soort=_KINDS[kind], kolommen=", ".join(REQUIRED))
    source = {"uitkomstentabel": _results, "regiotabel": _regions}.get(kind, _one_workbook)(tool, single)
    source.findings.insert(0, said)
    return source


def _files(paths: Sequence[Path]) -> list[Path]:
    """The workbooks that are meant (`sources`); RK837 for a folder without one."""
    found, nothing = find_files(paths)
    if nothing:
        raise RekentoolError([finding("RK837", file=one.file) for one in nothing])
    return found


def _kind(tool: Tool, path: Path) -> Kind:
    """What a file is, by its first row."""
    suffix = path.suffix.casefold()
    if suffix not in (".csv", ".xlsx"):
        return "uitkomstentabel"
    records = csv_records(path, knows, []) if suffix == ".csv" else xlsx_records(path, [])
    try:
        _, header = next(records, (1, []))
    except RekentoolError as error:
        # What openpyxl can't read as a table can still be a filled workbook, which has a reader of its own.
        if suffix == ".xlsx" and {found.code for found in error.findings} == {"RK344"}:
            return "werkboeken"
        raise
    if is_result_header(header):
        return "uitkomstentabel"
    name = tool.mapping.workbook.region_field
    names = {name.casefold(), *(one.label.casefold() for one in tool.mapping.fields if one.id == name)}
    if suffix == ".csv" or not names.isdisjoint(" ".join(shown(cell).split()).casefold() for cell in header):
        return "regiotabel"
    return "werkboeken"


def _results(_: Tool, path: Path) -> _Source:
    table = read_result_table(path)
    mark = FileMark.read(path)
    tally = Tally()
    for _row in tally.watch(table.rows):
        pass
    regions = tuple(dict.fromkeys(row.regio for row in table.rows))
    facts: Facts = {
        "regios_aantal": len(regions),
        # The inputs aren't in a results table; what it was made of, its own receipt says.
        "invoer_sha256": hashlib.sha256(f"{mark.sha256}\n".encode()).hexdigest(),
        "regios": [{"regio": region, "peildatum": None} for region in regions[:MOST]],
        "cellen": tally.cells,
        "controles": [],
        "bevindingen": finding_facts(table.findings),
        "kengetallen": [],
        "uitkomsten": [row_facts(row) for row in tally.headline],
    }
    names = [Path(name.replace("\\", "/")).name for name in table.files]
    return _Source("uitkomstentabel", table.rows, names, [mark], list(table.findings), facts)


def _regions(tool: Tool, path: Path) -> _Source:
    regions = read_regions(path, tool.mapping)
    findings = list(regions.findings)
    tally = Tally()
    computed = ComputedRegions(tool, regions)
    rows = list(tally.watch(compute(tool, regions, findings, watch=computed.watch)))
    facts = computed.facts(tally, findings)
    return _Source("regiotabel", rows, [""] * len(rows), [FileMark.read(path)], findings, facts)


def _one_workbook(tool: Tool, path: Path) -> _Source:
    return _workbooks(tool, [path])


def _workbooks(tool: Tool, paths: Sequence[Path]) -> _Source:
    """Every workbook that counts (`collect`); where two of one region do, neither known to be the later, the second is
    refused (RK833)."""
    with collect(tool, paths) as collection:
        findings, counted = collection.findings, collection.counted
        if not counted:
            raise RekentoolError(findings)
        first: dict[str, Path] = {}
        twice = [
            finding("RK833", file=str(one.path), uitkomst=f"regio {one.region}", eerste=excerpt(str(known)))
            for one in counted
            if (known := first.setdefault(one.region.casefold(), one.path)) != one.path
        ]
        if twice:
            raise RekentoolError(twice)
        tally = Tally()
        rows = [
            (row, one.path.name)
            for one, content in collection.contents()
            for row in tally.watch(collection.rows(one, content))
        ]
        facts = collected_facts(tool, collection, tally, findings)
        marks = [content.mark for _, content in collection.contents()]
    return _Source("werkboeken", [row for row, _ in rows], [name for _, name in rows], marks, findings, facts)
