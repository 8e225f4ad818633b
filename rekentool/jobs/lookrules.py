"""Validations and conditional formats that are otherwise in the new version of a workbook, compared by what they do."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import pairwise

from rekentool.engine.parse import shape
from rekentool.jobs.alignment import Alignment, SheetMap, skeleton, tree_of
from rekentool.jobs.difference import CellPair, Difference
from rekentool.jobs.lookplaces import FOLLOWED, GROUP, LONGEST, MOST, few, moved_box
from rekentool.jobs.validation import rules
from rekentool.mapping.suggestion import excerpt
from rekentool.xlsx.appearance import Box, ConditionalFormat, SheetLook
from rekentool.xlsx.cell import Address, a1, quote_sheet, split_a1
from rekentool.xlsx.reader import Workbook


def validation_differences(alignment: Alignment, sheet: SheetMap) -> list[Difference]:
    """Cells of one sheet that let something else through."""
    cells = set(_validated(alignment.old, sheet.old))
    for there in _validated(alignment.new, sheet.new):
        back = alignment.back(there)
        if back is not None:
            cells.add(back)
    places = {cell: place for cell in cells if (place := alignment.forward(cell)) is not None}
    moved = not sheet.in_place
    mine = rules(alignment.old, places, moved=moved)
    theirs = rules(alignment.new, list(places.values()), moved=moved)
    otherwise: dict[tuple[str, str], list[Address]] = {}
    for cell in sorted(mine.keys() | {one for one, there in places.items() if there in theirs}, key=_reading):
        was, becomes = mine.get(cell), theirs.get(places[cell])
        if was is not None and becomes is not None and was.same(becomes):
            continue
        texts = was.text if was is not None else "geen", becomes.text if becomes is not None else "geen"
        otherwise.setdefault(texts, []).append(places[cell])
    return [
        Difference(
            GROUP, "validatie", few(where), was, becomes,
            cells=tuple(CellPair(alignment.back(cell), cell, was, becomes) for cell in where),
        )
        for (was, becomes), where in otherwise.items()
    ]  # fmt: skip


def _reading(address: Address) -> tuple[int, int]:
    column, row = split_a1(address.cell)
    return row, column


def _validated(workbook: Workbook, sheet: str) -> Iterator[Address]:
    for validation in workbook.validations.get(sheet, ()):
        for text in validation.ranges:
            first, _, last = text.partition(":")
            try:
                (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
            except ValueError:
                continue  # no range: no program can apply this validation anywhere
            for row in range(top, min(bottom, top + FOLLOWED) + 1):
                for column in range(left, right + 1):
                    yield Address(sheet, a1(column, row))


def conditional_differences(sheet: SheetMap, before: SheetLook, after: SheetLook) -> Iterator[Difference]:
    """Rules that came, went, or hold in other cells."""
    was = _by_rule(before.conditional, sheet, old=True)
    becomes = _by_rule(after.conditional, sheet, old=False)
    for key in dict.fromkeys((*was, *becomes)):
        one, other = was.get(key), becomes.get(key)
        if one is None or other is None:
            rule = (one or other or ((), ""))[1]
            place = _area_text(sheet.new, (one or other or ((), ""))[0])
            yield Difference(GROUP, "voorwaardelijke opmaak", place, rule if one else "geen", rule if other else "geen")
        elif one[0] != other[0]:
            texts = _area_text(sheet.new, one[0]), _area_text(sheet.new, other[0])
            yield Difference(GROUP, "bereik van voorwaardelijke opmaak", texts[1], *texts, detail=other[1])


#: Rows from and to, and the columns from and to that are covered in them.
_Area = tuple[tuple[int, int, tuple[tuple[int, int], ...]], ...]


def _by_rule(found: Iterable[ConditionalFormat], sheet: SheetMap, *, old: bool) -> dict[Hashable, tuple[_Area, str]]:
    """The rules by what they say, each with the cells where it holds, in the new sheet's places."""
    boxes: dict[Hashable, list[Box]] = {}
    texts: dict[Hashable, str] = {}
    for rule in found:
        if not rule.boxes:
            continue
        left, top = rule.boxes[0][:2]
        formulas = tuple(_condition(formula, left, top, sheet) for formula in rule.formulas)
        key = rule.kind, formulas, rule.look, rule.stops
        moved = [box for one in rule.boxes if (box := moved_box(sheet, one) if old else one) is not None]
        boxes.setdefault(key, []).extend(moved)
        kind = "" if rule.kind == "expression" else f"{rule.kind} "
        texts[key] = excerpt(f"{kind}{' en '.join(rule.formulas)} → {rule.look or 'geen opmaak'}".strip(), LONGEST)
    return {key: (_area(parts), texts[key]) for key, parts in boxes.items()}


def _condition(formula: str, left: int, top: int, sheet: SheetMap) -> Hashable:
    """A condition as seen from the first cell; without its places where the sheet has shifted."""
    if not sheet.in_place:
        return skeleton(formula)
    tree = tree_of(formula)
    return formula if tree is None else shape(tree, left, top)


def _area(boxes: Iterable[Box]) -> _Area:
    """The cells of rectangles together, in one way however they were cut."""
    boxes = list(boxes)
    edges = sorted({edge for _, top, _, bottom in boxes for edge in (top, bottom + 1)})
    bands: list[tuple[int, int, tuple[tuple[int, int], ...]]] = []
    for top, below in pairwise(edges):
        columns: list[tuple[int, int]] = []
        for left, right in sorted((box[0], box[2]) for box in boxes if box[1] <= top and box[3] >= below - 1):
            if columns and left <= columns[-1][1] + 1:
                columns[-1] = columns[-1][0], max(columns[-1][1], right)
            else:
                columns.append((left, right))
        if bands and columns and bands[-1][1] == top - 1 and bands[-1][2] == tuple(columns):
            bands[-1] = bands[-1][0], below - 1, bands[-1][2]
        elif columns:
            bands.append((top, below - 1, tuple(columns)))
    return tuple(bands)


def _area_text(sheet: str, area: _Area) -> str:
    texts = [
        a1(left, top) + ("" if (left, top) == (right, bottom) else f":{a1(right, bottom)}")
        for top, bottom, columns in area
        for left, right in columns
    ]
    more = len(texts) - MOST
    return f"{quote_sheet(sheet)}!" + ", ".join(texts[:MOST]) + (f" en nog {more}" if more > 0 else "")
