"""Rows and columns that were inserted, deleted or moved: named once, instead of every formula behind them.

What stands where is found by `alignment`; here it becomes findings, and the answer to what the mapping can still do
with such a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rekentool.jobs.alignment import Alignment, align
from rekentool.jobs.linemap import LineMap
from rekentool.mapping.schema import Mapping
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.target import is_address
from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import column_letters, split_address
from rekentool.xlsx.reader import Workbook

#: With fewer formulas than this that read otherwise, nothing has shifted: they are named one by one.
_FEW = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """Lines of one sheet (by the template's name) that came, went or moved.

    ``names`` are their numbers or letters: in the file where they came, else in the template. ``target`` is where one
    has moved to.
    """

    sheet: str
    what: str
    names: str
    several: bool
    columns: bool
    target: str = ""


def shifted(template: Workbook, workbook: Workbook) -> Alignment | None:
    """How the workbook's cells lie against the template's, when rows or columns have shifted; None when they haven't.

    That they have is only believed when it explains more formulas, names and fixed values than it costs.
    """
    formulas = template.formulas
    other = sum(workbook.formulas.get(address) != formula for address, formula in formulas.items())
    other += _otherwise(template, workbook, None)
    if other < _FEW:
        return None
    alignment = align(template, workbook)
    if all(sheet.in_place for sheet in alignment.sheets.values()):
        return None
    unexplained = _otherwise(template, workbook, alignment) + len(list(shifts(alignment)))
    for address, formula in formulas.items():
        place = alignment.forward(address)
        found = workbook.formulas.get(place) if place is not None else None
        if place is None or found is None or not alignment.same_formula(formula, address, found, place):
            unexplained += 1
    return alignment if unexplained < other else None


def _otherwise(template: Workbook, workbook: Workbook, alignment: Alignment | None) -> int:
    """How many names and fixed values of the template are otherwise in the workbook."""
    computed, count = template.formula_cells, 0
    for name, area in template.names.items():
        # A name that stayed behind is explained as well: not every program takes names along.
        expected = (area,) if alignment is None else (area, alignment.area(area))
        count += workbook.names.get(name) not in expected
    for address, value in template.values.items():
        if address not in computed and address not in template.unlocked:
            place = address if alignment is None else alignment.forward(address)
            count += place is None or workbook.values.get(place) != value
    return count


def shifts(alignment: Alignment) -> Iterator[Shift]:
    """Every run of lines that came, went or moved, sheet by sheet."""
    for sheet in alignment.sheets.values():
        for lines, columns in ((sheet.rows, False), (sheet.columns, True)):
            for what, first, last, target in _runs(lines):
                name = _name(columns)
                names = name(first) if first == last else f"{name(first)}–{name(last)}"
                yield Shift(sheet.old, what, names, first != last, columns, name(target) if target else "")


def shift_findings(alignment: Alignment, file: str) -> list[Finding]:
    """RK547 (inserted), RK548 (deleted) and RK549 (moved)."""
    return [
        finding(
            {"came": "RK547", "went": "RK548", "moved": "RK549"}[shift.what],
            f"{excerpt(shift.sheet)}, {_noun(shift)} {shift.names}",
            file,
            wat=_noun(shift),
            welke=shift.names,
            naar=shift.target,
            deze=f"de {_noun(shift)}" if shift.several else _noun(shift),
        )
        for shift in shifts(alignment)
    ]


def fixed_address_findings(alignment: Alignment, mapping: Mapping, file: str) -> list[Finding]:
    """RK566: sheets with shifted lines on which the mapping points at cells by their address."""
    lost: dict[str, list[str]] = {}
    for target in targets(mapping):
        if is_address(target):
            sheet, reference = split_address(target)
            moved = alignment.area(f"{sheet}!{reference}")
            if moved is None or split_address(moved) != (sheet, reference):
                lost.setdefault(sheet, []).append(target)
    changes: dict[str, list[str]] = {}
    for shift in shifts(alignment):
        words = {"came": "ingevoegd", "went": "verwijderd", "moved": "verplaatst"}[shift.what]
        changes.setdefault(shift.sheet, []).append(f"{_noun(shift)} {shift.names} {words}")
    return [
        finding(
            "RK566",
            excerpt(sheet),
            file,
            wat="; ".join(changes.get(sheet, ["het blad heeft een andere naam"])),
            aantal=len(cells),
            eerste=cells[0],
        )
        for sheet, cells in lost.items()
    ]


def targets(mapping: Mapping) -> Iterator[str]:
    """Everything that a mapping points at in its workbook: names and addresses."""
    for field in mapping.fields:
        yield from (target for _, target in field.targets)
    for result in mapping.results:
        yield from (block.target for block in result.ranges)
    yield from (check.target for check in mapping.checks)
    yield from (kengetal.target for kengetal in mapping.kengetallen if kengetal.used)


def _noun(shift: Shift) -> str:
    if shift.columns:
        return "kolommen" if shift.several else "kolom"
    return "rijen" if shift.several else "rij"


def _name(columns: bool) -> Callable[[int], str]:
    return column_letters if columns else str


def _runs(lines: LineMap) -> Iterator[tuple[str, int, int, int]]:
    """(came, went or moved; first; last; where it moved to) in the order of the sheet."""
    arrived = set(lines.moves.values())
    came = _joined(line for gap in _gaps(lines, 1) for line in gap if line not in arrived)
    went = _joined(line for gap in _gaps(lines, 0) for line in gap if line not in lines.moves)
    yield from (("came", first, last, 0) for first, last in came)
    yield from (("went", first, last, 0) for first, last in went)
    yield from (("moved", old, old, new) for old, new in sorted(lines.moves.items()))


def _gaps(lines: LineMap, side: int) -> Iterator[range]:
    """The lines before and between the pieces, on one side: 0 the template's, 1 the file's."""
    after = 1
    for piece in lines.pieces:
        start = (piece.old, piece.new)[side]
        yield range(after, start)
        after = start + piece.length


def _joined(numbers: Iterator[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs
