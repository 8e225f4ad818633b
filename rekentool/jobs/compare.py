"""`vergelijk`: what is otherwise in one workbook than in another, in five groups, and what each change does to results.

- *invoer*: cells that the mapping fills, and other cells that are open to the user;
- *formules*: formulas that compute otherwise, each with its own effect on the results of the old workbook;
- *structuur*: sheets, rows, columns, names, fixed texts and values;
- *resultaten*: the results and checks of the mapping, recomputed from both files;
- *opmaak-beveiliging*: looks, validations, print settings, protection.

Neither workbook need be the template of the mapping. What the mapping doesn't fit can't be told apart as inputs and
results: the findings say so, and all else is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path

from rekentool.engine.protocol import Scenario
from rekentool.jobs.alignment import Alignment
from rekentool.jobs.attribution import Suspect, difference_text, result_weight, with_effects
from rekentool.jobs.changes import (
    CellEdit,
    Content,
    bare,
    blocks,
    formula_edits,
    plain_value,
    same_value,
    value_edits,
)
from rekentool.jobs.difference import GROUPS, CellPair, Difference, Group
from rekentool.jobs.effect import CellChange, Change, ResultChange, different
from rekentool.jobs.labels import shown_value
from rekentool.jobs.lookprotection import protection_differences
from rekentool.jobs.looks import hidden_differences, look_differences
from rekentool.jobs.sides import Side, Sides, open_sides
from rekentool.jobs.structure import line_differences, name_differences, setting_differences, sheet_differences
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue
from rekentool.xlsx.protection import read_protection

#: As much of a formula or text as a difference shows; ``cells`` has all of it.
_LONGEST = 400
#: What the results that tables always have (totals per party and case) weigh more than the lines that they are made of.
_HEADLINE = 1e15


@dataclass(frozen=True)
class Comparison:
    """What is otherwise in ``new``; the differences by group, the most important of each group first.

    ``unchecked`` counts the results of which it isn't known whether they differ; ``findings`` is what there is to say
    of the files and of the comparison itself.
    """

    old: Path
    new: Path
    differences: tuple[Difference, ...]
    findings: tuple[Finding, ...]
    unchecked: int
    sides: Sides

    @property
    def alignment(self) -> Alignment:
        """Which cell of the old workbook is which of the new one."""
        return self.sides.alignment

    def of(self, group: Group) -> list[Difference]:
        """The differences of one group."""
        return [one for one in self.differences if one.group == group]

    @property
    def counts(self) -> dict[Group, int]:
        """How many differences each group has."""
        found = Counter(one.group for one in self.differences)
        return {group: found[group] for group in GROUPS}

    @property
    def exit_code(self) -> int:
        """0 gelijk, 1 verschillen, 4 no difference was found but not everything could be told."""
        if self.differences:
            return EXIT_FINDINGS
        return EXIT_UNCHECKED if self.unchecked or any(one.code == "RK701" for one in self.findings) else EXIT_OK


def compare(tool: Tool, old: Path, new: Path, scenarios: Sequence[Scenario] = ({},)) -> Comparison:
    """Compare two workbooks. Effects of changes are computed with the inputs of the old one, or with these scenarios,
    which set cells of the old one.

    RekentoolError when a file is refused (RK1xx) or can't be read.
    """
    sides = open_sides(tool, old, new)
    differences = [
        *_inputs(sides),
        *with_effects(sides, [*_formulas(sides), *_structure(sides)], scenarios),
        *_results(sides),
        *_looks(sides),
    ]
    order = {group: number for number, group in enumerate(GROUPS)}
    differences.sort(key=lambda one: (order[one.group], -one.weight))
    unknown = list(_unknown_results(sides))
    findings = [*_own_findings(sides.old, sides.new), *_own_findings(sides.new, sides.old), *sides.findings]
    findings += _view_findings(sides)
    if unknown:
        label, reason = unknown[0]
        findings.append(finding("RK703", file=str(new), aantal=len(unknown), resultaat=label, reden=reason))
    return Comparison(old, new, tuple(differences), tuple(dict.fromkeys(findings)), len(unknown), sides)


# -- invoer ----------------------------------------------------------------------------------------------------------


def _inputs(sides: Sides) -> Iterator[Difference]:
    """Inputs of the mapping by their name, wherever they stand; then the other cells that are open to the user."""
    old, new = sides.old.tool, sides.new.tool
    if old is not None and new is not None:
        for key, there in new.binding.inputs.items():
            here = old.binding.inputs.get(key)
            if here is None or there in new.workbook.formulas or here in old.workbook.formulas:
                continue  # a formula in an input is told with the formulas
            before, after = plain_value(old.workbook, here), plain_value(new.workbook, there)
            if not same_value(before, after):
                was, becomes = old.shown(here, before), new.shown(there, after)
                pair = CellPair(here, there, was, becomes)
                yield Difference("invoer", "ingevuld", str(there), was, becomes, sides.new.label(there), cells=(pair,))
    for edit in value_edits(sides.alignment):
        if not sides.is_input(edit) and edit.old in sides.old.workbook.unlocked:
            yield _value_difference(sides, "invoer", "open cel", edit)


# -- formules and structuur ------------------------------------------------------------------------------------------


def _formulas(sides: Sides) -> Iterator[Suspect]:
    for block in blocks(sides.alignment, formula_edits(sides.alignment)):
        first = block.edits[0]
        pairs = tuple(CellPair(edit.old, edit.new, _content(edit.before), _content(edit.after)) for edit in block.edits)
        difference = Difference(
            "formules", block.kind, block.place, excerpt(pairs[0].before, _LONGEST), excerpt(pairs[0].after, _LONGEST),
            sides.new.label(first.new), block.detail, pairs,
        )  # fmt: skip
        yield Suspect(difference, Change(tuple(_cell_change(edit) for edit in block.edits)))


def _structure(sides: Sides) -> Iterator[Suspect]:
    alignment = sides.alignment
    for difference in (*sheet_differences(alignment), *setting_differences(alignment)):
        yield Suspect(difference)
    for difference in line_differences(alignment):
        yield Suspect(difference, *_without_lines(difference))
    for difference in name_differences(alignment):
        yield Suspect(difference, _name_change(alignment, difference))
    for difference in hidden_differences(alignment, *sides.appearances):
        yield Suspect(difference)
    for edit in value_edits(alignment):
        if not sides.is_input(edit) and edit.old not in sides.old.workbook.unlocked:
            texts = all(isinstance(value, str | None) for value in (edit.before.value, edit.after.value))
            kind = "vaste tekst" if texts else "vaste waarde"
            difference = _value_difference(sides, "structuur", kind, edit)
            yield Suspect(difference, Change((_cell_change(edit),)), only_reaching=True)


def _value_difference(sides: Sides, group: Group, kind: str, edit: CellEdit) -> Difference:
    was, becomes = _content(edit.before), _content(edit.after)
    label = sides.new.label(edit.new)
    pair = CellPair(edit.old, edit.new, was, becomes)
    return Difference(
        group, kind, str(edit.new), excerpt(was, _LONGEST), excerpt(becomes, _LONGEST), label, "", (pair,)
    )


def _cell_change(edit: CellEdit) -> CellChange:
    formula = edit.after.formula
    return CellChange(edit.old, None if formula is None else bare(formula), edit.after.value)


def _without_lines(difference: Difference) -> tuple[Change, bool]:
    """Rows or columns that came (in the new workbook) or went (in the old one), as if they held nothing."""
    came = difference.kind.endswith("ingevoegd")
    cells = (pair.new if came else pair.old for pair in difference.cells)
    emptied = () if difference.kind.endswith("verplaatst") else tuple(CellChange(cell) for cell in cells if cell)
    return Change(emptied), came


def _name_change(alignment: Alignment, difference: Difference) -> Change:
    """A name that refers to something else, or is gone."""
    if difference.kind not in ("naam gewijzigd", "naam verwijderd") or "!" in difference.place:
        return Change()
    name = difference.place
    if difference.kind == "naam verwijderd":
        return Change(names={name: None})
    renamed = {new: old for old, new in alignment.renamed.items()}
    try:
        target = alignment.inverse.area(difference.new)
    except ValueError:
        target = difference.new  # a constant or a formula
    return Change(names={renamed.get(name.casefold(), name): target})


# -- resultaten ------------------------------------------------------------------------------------------------------


def _results(sides: Sides) -> Iterator[Difference]:
    """Results and checks that come out otherwise."""
    if sides.outcomes is None:
        return
    before, after = sides.outcomes
    for one, other in sides.results:
        if one.address in before.unknown or other.address in after.unknown:
            continue
        was, becomes = before.values.get(one.address), after.values.get(other.address)
        if different(other, was, becomes):
            texts = shown_value(was, one.eenheid), shown_value(becomes, other.eenheid)
            pair = CellPair(one.address, other.address, *texts)
            moved = ResultChange(other, 0, was, becomes)
            yield Difference(
                "resultaten", "resultaat", str(other.address), *texts, sides.result_label(other),
                difference_text(moved), (pair,), result=moved,
                weight=result_weight(moved) + (_HEADLINE if other[:4] in sides.headlines else 0.0),
            )  # fmt: skip
    for label, here, there in sides.checks:
        was, becomes = before.values.get(here), after.values.get(there)
        known = here not in before.unknown and there not in after.unknown
        if known and not same_value(was, becomes):
            texts = _text(was), _text(becomes)
            pair = CellPair(here, there, *texts)
            yield Difference("resultaten", "controle", str(there), *texts, label, "", (pair,), weight=inf)


def _unknown_results(sides: Sides) -> Iterator[tuple[str, str]]:
    """Results and checks that can't be computed in both workbooks, each with the reason."""
    if sides.outcomes is None:
        return
    before, after = sides.outcomes
    named = [(sides.result_label(other), one.address, other.address) for one, other in sides.results]
    for label, here, there in (*named, *sides.checks):
        reason = before.unknown.get(here) or after.unknown.get(there)
        if reason:
            yield f"{label} ({there})", reason


# -- opmaak-beveiliging ----------------------------------------------------------------------------------------------


def _looks(sides: Sides) -> list[Difference]:
    protections = read_protection(sides.old.data), read_protection(sides.new.data)
    return [
        *protection_differences(sides.alignment, *protections),
        *look_differences(sides.alignment, *sides.appearances),
    ]


def _view_findings(sides: Sides) -> Iterator[Finding]:
    """RK704 where one of the two has lost its view settings to a conversion."""
    for side, look, other in zip((sides.old, sides.new), sides.appearances, sides.appearances[::-1], strict=True):
        if look.without_view and not all(sheet.plain_view for sheet in other.sheets.values()):
            yield finding("RK704", file=str(side.path))


def _own_findings(side: Side, other: Side) -> Iterator[Finding]:
    """What there is to say of one file and not of the other: what both have is no news to who compares them."""
    known = {replace(found, file="") for found in other.findings}
    yield from (found for found in side.findings if replace(found, file="") not in known)


def _content(held: Content) -> str:
    return held.formula if held.formula is not None else _text(held.value)


def _text(value: CellValue) -> str:
    return "(leeg)" if value is None else cell_text(value)
