"""`regressie --leg-vast`: compute the reference sheets anew, with LibreOffice, and write down by whom and why.

The inputs of every filled workbook of the folder go into the template (or a candidate for its place), LibreOffice
computes it, and what it says becomes what is expected from then on. The package's own engines have no part in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.verdict import compare, count
from rekentool.jobs.cases import SHEETS, FilledCase, filled_cases, scenario
from rekentool.jobs.correspondence import OTHER, Correspondence, correspond
from rekentool.jobs.folder import make_folder
from rekentool.jobs.reference import Recorded, Reference, read_reference, reference_bytes
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.save import save_atomic


@dataclass(frozen=True, slots=True)
class LaidDown:
    """One reference sheet that was (or with ``dry`` would be) laid down; ``new``: there was none before."""

    path: Path
    region: str
    new: bool
    recorded: Recorded
    written: bool


def lay_down(
    base: Tool,
    candidate: Tool | None,
    folder: Path,
    *,
    by: str,
    reason: str,
    on: date,
    dry: bool = False,
) -> tuple[list[LaidDown], list[Finding]]:
    """Lay the values of every filled workbook under ``folder`` down; all are computed before the first is written.

    ``candidate`` None means the base itself. RK718 without a name or a reason, RK410 without LibreOffice, RK719 when it
    has no value for some cell, RK710 when ``folder`` isn't such a folder, and what makes one of its workbooks or sheets
    unfit: nothing is written then.
    """
    blank = [what for what, text in (("de naam", by), ("de reden", reason)) if not text.strip()]
    if blank:
        raise RekentoolError([finding("RK718", wat=what) for what in blank])
    filled, findings = filled_cases(base, folder)
    stopping = [found for found in findings if found.severity == "fout"]
    if stopping:
        raise RekentoolError(stopping)
    if not filled:
        raise refuse("RK715", file=str(folder))
    sheets = [folder / SHEETS / one.path.name for one in filled]
    earlier = [read_reference(sheet) if sheet.exists() else None for sheet in sheets]
    target = candidate or base
    engine = LibreOffice()
    outcomes = engine.open(target.data).compute([scenario(base, target, one.inputs) for one in filled])
    wrong = []
    for one, outcome in zip(filled, outcomes, strict=True):
        if outcome.unknown:
            begins = sorted(outcome.unknown.items(), key=lambda item: (item[1].endswith("(RK421)"), item[0]))
            address, why = begins[0]
            place = f"{one.name}: {address}"
            wrong.append(finding("RK719", place, str(target.path), aantal=len(outcome.unknown), reden=why))
    if wrong:
        raise RekentoolError(wrong)
    program = f"{engine.name} {engine.version}"
    correspondence = correspond(base, target)
    laid: list[tuple[LaidDown, Reference]] = []
    for one, sheet, before, outcome in zip(filled, sheets, earlier, outcomes, strict=True):
        changed, largest, cell = _changes(before, outcome.values, correspondence)
        recorded = Recorded(by.strip(), reason.strip(), on, program, changed, largest, cell, target.fingerprint)
        history = (*(before.history if before else ()), recorded)
        reference = Reference(one.path.name, target.fingerprint, program, on, outcome.values, history)
        laid.append((LaidDown(sheet, one.name, before is None, recorded, not dry), reference))
    if not dry:
        make_folder(folder / SHEETS)
        for one_laid, reference in laid:
            save_atomic(one_laid.path, reference_bytes(reference), overwrite=True)
    return [one_laid for one_laid, _ in laid], [*findings, *_told(filled)]


def _told(filled: Sequence[FilledCase]) -> list[Finding]:
    return [found for one in filled for found in one.findings]


def _changes(
    before: Reference | None, after: dict[Address, CellValue], correspondence: Correspondence
) -> tuple[int, float, str]:
    """How many cells have another value than on the earlier sheet, and the largest difference of a result in euros.

    The earlier sheet is by the base's addresses where it was made with the base's formulas, else by those of another
    template: then cells are compared by address alone.
    """
    if before is None:
        return len(after), 0.0, ""
    values, gone = before.values, 0
    if before.fingerprint == correspondence.base.fingerprint:
        pairs = correspondence.pairs
        values, gone = {pairs[one]: value for one, value in values.items() if one in pairs}, len(correspondence.gone)
    verdicts = compare(values, after, tolerance=OTHER, tolerances=correspondence.tolerances, loose_errors=True)
    largest, cell = 0.0, ""
    for verdict in verdicts:
        label = correspondence.labels.get(verdict.address)
        if verdict.judgement != "anders" or label is None or not label.eenheid.startswith("euro"):
            continue
        if isinstance(verdict.expected, float) and isinstance(verdict.actual, float):
            difference = verdict.actual - verdict.expected
            if abs(difference) > abs(largest):
                largest, cell = difference, str(verdict.address)
    return count(verdicts).different + gone, largest, cell
