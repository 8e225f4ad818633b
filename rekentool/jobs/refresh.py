"""`ververs`: put the freshly computed value into every formula cell of a file, and change nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rekentool.jobs.read import NO_CACHE, FilledWorkbook, open_filled
from rekentool.jobs.receipt import Facts, FileMark, Inputs, WorkbookFacts, cell_facts, run_facts
from rekentool.jobs.receiptpage import leave_receipt
from rekentool.messages import Finding
from rekentool.tool import Tool
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.save import save_atomic


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What was done to one file: how many stored values were right already, renewed, or not to be computed.

    ``written`` is false where nothing had to change, and with ``dry``; ``receipt`` is there when it was written.
    """

    path: Path
    right: int
    renewed: int
    unknown: int
    written: bool
    findings: tuple[Finding, ...]
    receipt: Path | None = None


def refresh(tool: Tool, path: Path, *, dry: bool = False) -> Refreshed:
    """Renew the stored results of one file in place; inputs, layout and everything else keep their bytes.

    A cell that the engine can't compute loses its stored value (and Excel is told to recalculate on opening), and the
    findings name it. A value that is right keeps its spelling; a file in which every one is right isn't touched.
    What was written gets a receipt and its page, in the place of older ones.
    RekentoolError when the file is refused, doesn't fit the mapping or can't be written.
    """
    filled = open_filled(tool, path)
    outcome = filled.outcome
    stale = {one.address for one in filled.verdicts if one.judgement == "anders" or one.reason == NO_CACHE}
    results = {address: value for address, value in outcome.values.items() if address in stale}
    written, receipt = False, None
    if not dry and (results or outcome.unknown):
        data = patch_workbook(filled.tool.data, {}, results, remove_results=outcome.unknown.keys())
        written = data != filled.tool.data
        if written:
            save_atomic(path, data, overwrite=True)
            mark = FileMark.of(path, data)
            receipt, _ = leave_receipt(tool, path, _facts(tool, filled), mark, overwrite=True)
    right = len(outcome.values) - len(results)
    return Refreshed(path, right, len(results), len(outcome.unknown), written, filled.findings, receipt)


def _facts(tool: Tool, filled: FilledWorkbook) -> Facts:
    """What the receipt says: the file as it was is the source, and what isn't the template's counts as filled in."""
    source = FileMark.of(filled.path, filled.tool.data)
    inputs = Inputs(filled.tool).whole(filled.workbook.values)
    template = Inputs(tool).template
    values, unknown = filled.outcome.values, filled.outcome.unknown
    given = {name: value for name, value in inputs.items() if value != template.get(name)}
    return {
        **run_facts(tool, "werkboek", "ververs", {}, [source]),
        **WorkbookFacts(filled.tool).of(
            filled.region, given, inputs, values, cell_facts(values.values(), len(unknown)), filled.findings
        ),
    }
