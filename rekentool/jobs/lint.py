"""`controleer --opbouw`: how a template is built, for whoever maintains it.

A template computes the same with a number hidden in a formula, a row that is interrupted, an input that nothing reads
or a lookup in unsorted values; until somebody changes it. Each of these is named once, with the cells that have it.

What is no fault: the numbers of `lintformula.STRUCTURAL` (1, 12, 100 …) and those that say how a function works
(decimals, places, kinds), a tolerance beside a comparison, numbers between formulas in a cell that people fill in, a
formula at the beginning or the end of a row, inputs of text and optional dates that no result depends on, a lookup
with XLOOKUP that goes through all values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.parse import walk
from rekentool.engine.references import calculation_order
from rekentool.engine.tree import Call, Structured
from rekentool.jobs.blueprint import Blueprint, Coverage
from rekentool.jobs.lintformula import formula_findings
from rekentool.jobs.lintrow import row_findings
from rekentool.jobs.validation import mapping_findings
from rekentool.mapping.bind import Binding
from rekentool.mapping.schema import Field
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import CATALOGUE, EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, RekentoolError, finding
from rekentool.tool import Tool, fit
from rekentool.xlsx.cell import Address
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.ranges import shown

#: Functions that read cells which only the computing shows.
_DYNAMIC = frozenset({"OFFSET", "INDIRECT"})


@dataclass(frozen=True)
class LintReport:
    """What there is to say of one template; ``formulas`` is the number of its formula cells."""

    path: Path
    findings: tuple[Finding, ...]
    formulas: int

    @property
    def exit_code(self) -> int:
        """0 nothing found, 1 findings, 4 not everything could be looked at."""
        codes = {CATALOGUE[found.code].exit_code for found in self.findings}
        return next((code for code in (EXIT_FINDINGS, EXIT_UNCHECKED) if code in codes), EXIT_OK)

    @property
    def outcome(self) -> str:
        """The exit code in words."""
        words = {EXIT_OK: "geen bevindingen", EXIT_FINDINGS: "bevindingen"}
        return words.get(self.exit_code, "niet geheel te onderzoeken")


def lint(tool: Tool, path: Path) -> LintReport:
    """Look at one workbook; its inputs are those of the tool's mapping.

    RekentoolError when it is refused or unreadable (RK1xx; also RK142 and RK152: references to other workbooks). A
    workbook that the mapping doesn't fit (RK567) is looked at without its inputs.
    """
    admitted, workbook = open_incoming(path)
    file = str(path)
    findings: list[Finding] = []
    binding: Binding | None = None
    try:
        binding = fit(tool.mapping, workbook, file)
    except RekentoolError as error:
        findings.append(finding("RK567", file=file, reden=excerpt(error.findings[0].found, 160)))
    book = Blueprint(workbook, binding.inputs.values() if binding else ())
    findings += _not_understood(book, file)
    findings += formula_findings(book, file)
    findings += row_findings(book, file)
    findings += _unused(book, binding, file)
    findings += _circles(book, file)
    if binding is not None:
        findings += mapping_findings(Tool(tool.mapping, path, admitted.data, workbook, binding))
    return LintReport(path, tuple(sorted(findings, key=lambda one: one.code)), len(workbook.formulas))


def _not_understood(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK569: formulas that nothing can be said of."""
    reasons: dict[str, list[Address]] = {}
    for address, reason in book.problems.items():
        reasons.setdefault(reason, []).append(address)
    for reason, cells in reasons.items():
        yield finding("RK569", shown(cells), file, aantal=len(cells), reden=reason)


# -- inputs that nothing uses ----------------------------------------------------------------------------------------


def _unused(book: Blueprint, binding: Binding | None, file: str) -> Iterator[Finding]:
    """RK743: fields that no result depends on; RK744: other cells with a number to fill in that no formula reads."""
    dynamic = [address for address in book.trees if _is_dynamic(book, address)]
    if dynamic:
        yield finding("RK570", shown(dynamic), file, aantal=len(dynamic))
        return
    if binding is not None:
        reached = _reached(book, [cell.address for cell in binding.results("alle")])
        fields: dict[str, list[Address]] = {}
        for (field_id, _), address in binding.inputs.items():
            if not _informs(binding.mapping.field(field_id)) and not reached.covers(address):
                fields.setdefault(field_id, []).append(address)
        for field_id, cells in fields.items():
            yield finding("RK743", shown(cells), file, veld=field_id, label=binding.mapping.field(field_id).label)
    loose: dict[str, list[Address]] = {}
    for address in sorted(book.workbook.unlocked - book.inputs, key=lambda one: (one.sheet, one.row, one.column)):
        value = book.workbook.values.get(address)
        if isinstance(value, float) and address not in book.formula_cells and not book.read.covers(address):
            loose.setdefault(address.sheet, []).append(address)
    for cells in loose.values():
        first = cell_text(book.workbook.values[cells[0]])
        yield finding("RK744", shown(cells), file, aantal=len(cells), waarde=first)


def _informs(field: Field) -> bool:
    """Whether a field is there for the reader: a name, a note, the day on which it was filled in."""
    return field.kind == "tekst" or (field.kind == "datum" and not field.required)


def _is_dynamic(book: Blueprint, address: Address) -> bool:
    """Whether only the computing shows what a formula reads."""
    return any(
        (isinstance(node, Structured) or (isinstance(node, Call) and node.name in _DYNAMIC))
        and book.area(node, address) is None
        for node in walk(book.trees[address])
    )


def _reached(book: Blueprint, results: list[Address]) -> Coverage:
    """Every cell on which the results depend, themselves included."""
    seen: set[Address] = set()
    areas = []
    waiting = list(results)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        for area in book.precedents.of(address):
            areas.append(area)
            waiting += [cell for cell in book.precedents.inside(area) if cell not in seen]
    return Coverage(areas)


# -- circles ---------------------------------------------------------------------------------------------------------


def _circles(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK749, one for each circle."""
    computed = book.formula_cells
    precedents = {
        address: [cell for area in areas for cell in book.precedents.inside(area) if cell in computed]
        for address, areas in book.rectangles.items()
    }
    for member, anchor in book.workbook.array_members.items():
        precedents[member] = [anchor]
    known = {cell: [one for one in cells if one in precedents] for cell, cells in precedents.items()}
    _, reasons = calculation_order(known)
    for reason, cells in _grouped(reasons).items():
        yield finding("RK749", str(cells[0]), file, kring=reason)


def _grouped(reasons: dict[Address, str]) -> dict[str, list[Address]]:
    groups: dict[str, list[Address]] = {}
    for address, reason in reasons.items():
        groups.setdefault(reason, []).append(address)
    return groups
