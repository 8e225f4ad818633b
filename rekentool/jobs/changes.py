"""Formulas and fixed contents that are otherwise in the new version of a workbook, laid beside the old one.

A formula whose text has only shifted with its sheet is none of them (`alignment`). Neighbours that have changed in the
same way, such as a formula copied along a row, make one block.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rekentool.engine.parse import shape
from rekentool.engine.verdict import Tolerance, compare
from rekentool.jobs.alignment import Alignment, tree_of
from rekentool.jobs.deviation import same_formula
from rekentool.jobs.formulachange import change
from rekentool.xlsx.cell import Address, CellValue, cells_of, split_a1
from rekentool.xlsx.ranges import rectangles
from rekentool.xlsx.reader import Workbook

#: What has happened to a formula.
FormulaKind = Literal["gewijzigd", "overschreven", "gewist", "toegevoegd", "in plaats van een waarde"]
#: Programs save 15 to 17 digits: equal values may differ in the last of them.
_SAVED = Tolerance(relative=1e-14, absolute=0.0)


@dataclass(frozen=True, slots=True)
class Content:
    """What a cell holds: a formula (an array formula between braces), or else a value (None: nothing)."""

    formula: str | None
    value: CellValue


@dataclass(frozen=True, slots=True)
class CellEdit:
    """One cell with other contents: where it stands in both workbooks, and what it held and holds."""

    old: Address
    new: Address
    before: Content
    after: Content


@dataclass(frozen=True, slots=True)
class FormulaBlock:
    """A rectangle of formulas that have changed in the same way; ``detail`` says what, where that is one thing."""

    kind: FormulaKind
    place: str
    detail: str
    edits: tuple[CellEdit, ...]


def formula_edits(alignment: Alignment) -> list[CellEdit]:
    """Every cell of both workbooks that holds another formula, or a formula on one side only.

    Cells on rows, columns and sheets that only one of them has are left out: these are told as a whole.
    """
    found = []
    for old, formula in alignment.old.formulas.items():
        new = alignment.forward(old)
        if new is None:
            continue
        other = alignment.new.formulas.get(new)
        if other is None or not _same(alignment, old, formula, new, other):
            found.append(CellEdit(old, new, content(alignment.old, old), content(alignment.new, new)))
    known = {edit.new for edit in found}
    for new in alignment.new.formulas:
        old_place = alignment.back(new)
        if old_place is not None and old_place not in alignment.old.formulas and new not in known:
            found.append(CellEdit(old_place, new, content(alignment.old, old_place), content(alignment.new, new)))
    return sorted(found, key=lambda edit: _order(alignment, edit.new))


def value_edits(alignment: Alignment) -> list[CellEdit]:
    """Every cell of both workbooks that holds another value, and a formula in neither."""
    computed_before, computed_after = alignment.old.formula_cells, alignment.new.formula_cells
    pairs: dict[Address, Address] = {}
    for old in alignment.old.values:
        if old not in computed_before and (new := alignment.forward(old)) is not None:
            pairs[old] = new
    for new in alignment.new.values:
        if new not in computed_after and (place := alignment.back(new)) is not None:
            pairs[place] = new
    found = []
    for old, new in pairs.items():
        before, after = plain_value(alignment.old, old), plain_value(alignment.new, new)
        if old not in computed_before and new not in computed_after and not same_value(before, after):
            found.append(CellEdit(old, new, Content(None, before), Content(None, after)))
    return sorted(found, key=lambda edit: _order(alignment, edit.new))


def blocks(alignment: Alignment, edits: Iterable[CellEdit]) -> list[FormulaBlock]:
    """The edits of formulas as blocks, in the order of reading."""
    alike: dict[Hashable, dict[Address, CellEdit]] = {}
    for edit in edits:
        key = (_kind(edit), _seen(edit.before.formula, edit.old), _seen(edit.after.formula, edit.new), edit.old.sheet)
        alike.setdefault(key, {})[edit.new] = edit
    found = []
    for group in alike.values():
        for place in rectangles(group):
            inside = [group[cell] for row in cells_of(place) for cell in row]
            first = inside[0]
            found.append(FormulaBlock(_kind(first), place, detail(alignment, first), tuple(inside)))
    return sorted(found, key=lambda block: _order(alignment, block.edits[0].new))


def detail(alignment: Alignment, edit: CellEdit) -> str:
    """``"verwijst naar C24 in plaats van C23"``, or "" when more than one thing is otherwise."""
    left, right = (None if part.formula is None else tree_of(bare(part.formula)) for part in (edit.before, edit.after))
    if left is None or right is None:
        return ""
    words = change(left, right, lambda one, other: alignment.same_node(one, edit.old.sheet, other, edit.new.sheet))
    # What a formula referred to and no longer can isn't a constant that somebody has typed.
    return words.replace("heeft de vaste waarde #REF!", "verwijst naar niets meer (#REF!)")


def content(workbook: Workbook, address: Address) -> Content:
    """What a cell holds, apart from a cached result."""
    formula = workbook.formulas.get(address)
    if formula is None:
        return Content(None, plain_value(workbook, address))
    spread = workbook.arrays.get(address)
    return Content(formula if spread is None else f"{{{formula}}}", None)


def plain_value(workbook: Workbook, address: Address) -> CellValue:
    """The value of a cell that isn't computed; an empty text is nothing."""
    value = workbook.values.get(address)
    return None if value == "" else value


def same_value(left: CellValue, right: CellValue) -> bool:
    """Whether two fixed values are one, apart from the last digit and the way in which lines end."""
    if isinstance(left, str) and isinstance(right, str):
        return _lines(left) == _lines(right)
    address = Address("", "A1")
    return compare({address: left}, {address: right}, tolerance=_SAVED)[0].judgement == "gelijk"


def runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Numbers that follow each other, as (first, last)."""
    first = last = None
    for number in sorted(numbers):
        if first is None or last is None:
            first = last = number
        elif number == last + 1:
            last = number
        else:
            yield first, last
            first = last = number
    if first is not None and last is not None:
        yield first, last


def bare(formula: str) -> str:
    """Without the braces of an array formula."""
    return formula[1:-1] if formula.startswith("{=") else formula


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _same(alignment: Alignment, old: Address, formula: str, new: Address, other: str) -> bool:
    spread, other_spread = alignment.old.arrays.get(old), alignment.new.arrays.get(new)
    if (spread is None) != (other_spread is None):
        return False
    if spread is not None and other_spread is not None and not _same_spread(alignment, old, spread, new, other_spread):
        return False
    if alignment.same_formula(formula, old, other, new):
        return True
    # What the parser doesn't understand is the same formula when its words are, as long as nothing has moved.
    return alignment.in_place and tree_of(formula) is None and same_formula(formula, other)


def _same_spread(alignment: Alignment, old: Address, spread: str, new: Address, other: str) -> bool:
    corners = [alignment.forward(Address(old.sheet, corner)) for corner in spread.split(":")]
    return corners == [Address(new.sheet, corner) for corner in other.split(":")]


def _kind(edit: CellEdit) -> FormulaKind:
    before, after = edit.before, edit.after
    if before.formula is not None and after.formula is not None:
        return "gewijzigd"
    if before.formula is not None:
        return "gewist" if after.value is None else "overschreven"
    return "toegevoegd" if before.value is None else "in plaats van een waarde"


def _seen(formula: str | None, home: Address) -> Hashable:
    """A formula as seen from its own cell."""
    if formula is None:
        return None
    tree = tree_of(bare(formula))
    return formula if tree is None else shape(tree, *split_a1(home.cell))


def _order(alignment: Alignment, new: Address) -> tuple[int, int, int]:
    return sheet_number(alignment.new, new.sheet), new.row, new.column


def sheet_number(workbook: Workbook, name: str) -> int:
    """The place of a sheet among the tabs."""
    return next((number for number, sheet in enumerate(workbook.sheets) if sheet.name == name), len(workbook.sheets))
