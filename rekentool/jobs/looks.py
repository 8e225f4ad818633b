"""What looks otherwise in the new version of a workbook, and what it protects: one difference per kind and range.

Places of the old workbook are followed to where they stand in the new one (`alignment`), so an inserted row gives no
differences below it. What programs change of themselves when they save is left out (`xlsx/appearance`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from functools import lru_cache

from rekentool.jobs.alignment import Alignment, SheetMap
from rekentool.jobs.changes import runs
from rekentool.jobs.difference import CellPair, Difference
from rekentool.jobs.lookplaces import (
    FOLLOWED,
    GROUP,
    LONGEST,
    few,
    forward,
    joined,
    lines_text,
    moved_box,
    shared_sheets,
    span,
)
from rekentool.jobs.lookrules import conditional_differences, validation_differences
from rekentool.mapping.suggestion import excerpt
from rekentool.xlsx.appearance import Appearance, Box, SheetLook
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, Address, a1, column_letters, quote_sheet, split_a1
from rekentool.xlsx.cellformat import CellFormat

#: What the attributes of a cell's format are called.
_ASPECTS = {
    "number_format": "getalnotatie",
    "font": "lettertype",
    "fill": "vulling",
    "border": "rand",
    "alignment": "uitlijning",
    "locked": "vergrendeling",
    "hidden": "formule verbergen",
}
_YES = {"locked": ("open", "vergrendeld"), "hidden": ("zichtbaar", "verborgen")}
#: Widths (characters) and heights (points) that differ less were rounded by a program that saved them.
_WIDTH, _HEIGHT = 0.2, 0.8


def look_differences(alignment: Alignment, old: Appearance, new: Appearance) -> list[Difference]:
    """Every difference in look, sheet by sheet in the order of the new workbook."""
    views = not old.without_view and not new.without_view
    found: list[Difference] = []
    for sheet in shared_sheets(alignment, old.sheets, new.sheets):
        before, after = old.sheets[sheet.old], new.sheets[sheet.new]
        found += _formats(sheet, old, new)
        found += validation_differences(alignment, sheet)
        found += conditional_differences(sheet, before, after)
        found += _sizes(sheet, before, after)
        found += _pairs(sheet, _facts(sheet, before, after, views))
    return found


def hidden_differences(alignment: Alignment, old: Appearance, new: Appearance) -> list[Difference]:
    """Rows and columns that one workbook hides and the other shows."""
    found = []
    for sheet in shared_sheets(alignment, old.sheets, new.sheets):
        before, after = old.sheets[sheet.old], new.sheets[sheet.new]
        for what, lines, was, becomes in (
            ("rij", sheet.rows, before.hidden_rows, after.hidden_rows),
            ("kolom", sheet.columns, before.hidden_columns, after.hidden_columns),
        ):
            known = {there for line in was if (there := lines.forward(line)) is not None}
            fresh = {line for line in becomes if lines.back(line) is not None}
            for kind, numbers in (("verborgen", fresh - known), ("zichtbaar gemaakt", known - becomes)):
                for first, last in runs(numbers):
                    place = lines_text(sheet.new, what, first, last)
                    states = ("zichtbaar", "verborgen") if kind == "verborgen" else ("verborgen", "zichtbaar")
                    found.append(Difference("structuur", f"{what} {kind}", place, *states))
    return found


# -- cells -----------------------------------------------------------------------------------------------------------


def _formats(sheet: SheetMap, old: Appearance, new: Appearance) -> list[Difference]:
    before, after = old.sheets[sheet.old], new.sheets[sheet.new]
    places = _places(sheet, before, after)
    inside = _inside_merged(after.merged) | {
        place for cell in _inside_merged(before.merged) if (place := forward(sheet, cell)) is not None
    }
    otherwise: dict[tuple[str, str, str], list[Address]] = {}
    changes: dict[tuple[int, int], list[tuple[str, str, str]]] = {}
    for (column, row), there in places.items():
        if there in inside:
            continue
        styles = before.style(column, row), after.style(*there)
        if styles not in changes:
            changes[styles] = list(_aspects(old.styles.cell(styles[0]), new.styles.cell(styles[1])))
        for change in changes[styles]:
            otherwise.setdefault(change, []).append(Address(sheet.new, a1(*there)))
    return [
        Difference(
            GROUP, kind, few(cells), was, becomes, cells=tuple(CellPair(None, cell, was, becomes) for cell in cells)
        )
        for (kind, was, becomes), cells in otherwise.items()
    ]


def _places(sheet: SheetMap, before: SheetLook, after: SheetLook) -> dict[tuple[int, int], tuple[int, int]]:
    """The cells of both sheets that either file names: where they stand in each."""
    if sheet.in_place:
        return {place: place for place in (*before.cells, *after.cells)}
    places = {}
    for place in before.cells:
        there = forward(sheet, place)
        if there is not None:
            places[place] = there
    for column, row in after.cells:
        back = sheet.columns.back(column), sheet.rows.back(row)
        if back[0] is not None and back[1] is not None:
            places[back[0], back[1]] = column, row
    return places


def _inside_merged(boxes: Iterable[Box]) -> set[tuple[int, int]]:
    """Cells that a merged one covers: programs write there what they like."""
    return {
        (column, row)
        for left, top, right, bottom in boxes
        for row in range(top, min(bottom, top + FOLLOWED) + 1)
        for column in range(left, right + 1)
        if (column, row) != (left, top)
    }


def _aspects(was: CellFormat, becomes: CellFormat) -> Iterator[tuple[str, str, str]]:
    for part in fields(CellFormat):
        one, other = getattr(was, part.name), getattr(becomes, part.name)
        if one != other:
            words = _YES.get(part.name)
            yield _ASPECTS[part.name], words[one] if words else one, words[other] if words else other


# -- the sheet as a whole --------------------------------------------------------------------------------------------


def _sizes(sheet: SheetMap, before: SheetLook, after: SheetLook) -> Iterator[Difference]:
    """Widths and heights; of what is hidden the size says nothing."""
    for what, kind, unit, lines, was, becomes, near, unseen in (
        ("kolom", "kolombreedte", "tekens", sheet.columns, before.widths, after.widths, _WIDTH,
         (before.hidden_columns, after.hidden_columns)),
        ("rij", "rijhoogte", "punten", sheet.rows, before.heights, after.heights, _HEIGHT,
         (before.hidden_rows, after.hidden_rows)),
    ):  # fmt: skip
        otherwise: dict[tuple[str, str], list[int]] = {}
        back = {there: line for line in was if (there := lines.forward(line)) is not None}
        back |= {there: line for there in becomes if (line := lines.back(there)) is not None}
        for there, line in back.items():
            one, other = was.get(line), becomes.get(there)
            if line in unseen[0] or there in unseen[1]:
                continue
            if one is None or other is None or abs(one - other) > near:
                otherwise.setdefault((_size(one, unit), _size(other, unit)), []).append(there)
        for (one_text, other_text), numbers in otherwise.items():
            texts = [lines_text(sheet.new, what, first, last) for first, last in runs(numbers)]
            yield Difference(GROUP, kind, joined(texts), one_text, other_text)


def _size(size: float | None, unit: str) -> str:
    return "standaard" if size is None else f"{round(size, 2):g} {unit}".replace(".", ",")


def _facts(sheet: SheetMap, before: SheetLook, after: SheetLook, views: bool) -> Iterator[tuple[str, str, str]]:
    """Facts of the whole sheet: kind, what it was and what it is."""
    merged = sorted(box for one in before.merged if (box := moved_box(sheet, one)) is not None)
    yield "samengevoegde cellen", _box_texts(merged), _box_texts(after.merged)
    if views:
        yield "titelblokkering", _frozen(sheet, before.frozen, after.frozen), after.frozen or "geen"
        yield "rasterlijnen", _lines_shown(before), _lines_shown(after)
        yield "tabkleur", before.tab or "geen", after.tab or "geen"
    yield "grafieken", str(before.charts), str(after.charts)
    for fact in dict.fromkeys((*before.printing, *after.printing)):
        was = before.printing.get(fact, "")
        if fact in ("afdrukbereik", "titels op elke pagina"):
            was = ", ".join(_moved_text(sheet, part) for part in was.split(", ")) if was else ""
        yield f"afdrukken: {fact}", was or "standaard", after.printing.get(fact, "") or "standaard"


def _pairs(sheet: SheetMap, facts: Iterable[tuple[str, str, str]]) -> Iterator[Difference]:
    for kind, was, becomes in facts:
        if was != becomes:
            yield Difference(GROUP, kind, quote_sheet(sheet.new), excerpt(was, LONGEST), excerpt(becomes, LONGEST))


def _lines_shown(look: SheetLook) -> str:
    return "zichtbaar" if look.gridlines else "verborgen"


def _frozen(sheet: SheetMap, frozen: str, after: str) -> str:
    """Where the panes of the old sheet would be: behind the last frozen line, or as many lines as before."""
    if not frozen or frozen == after:
        return frozen or "geen"
    column, row = split_a1(frozen)
    across, down = (
        (lines.forward(line - 1) or line - 1) + 1 if line > 1 else 1
        for lines, line in ((sheet.columns, column), (sheet.rows, row))
    )
    return a1(across, down)


def _box_texts(boxes: Iterable[Box]) -> str:
    return ", ".join(f"{a1(left, top)}:{a1(right, bottom)}" for left, top, right, bottom in boxes) or "geen"


@lru_cache(256)
def _corner(text: str) -> tuple[int, int]:
    """``C8``, ``C`` (row 1) or ``8`` (column A)."""
    return split_a1(f"A{text}" if text.isdecimal() else text if text[-1:].isdecimal() else f"{text}1")


def _moved_text(sheet: SheetMap, text: str) -> str:
    """A print area or the rows of a title as they are called in the new sheet."""
    first, _, last = text.partition(":")
    try:
        (left, top), (right, bottom) = _corner(first), _corner(last or first)
    except ValueError:
        return text  # #REF! and the like: as the file has it
    across, down = span(sheet.columns, left, right, MAX_COLUMN), span(sheet.rows, top, bottom, MAX_ROW)
    if across is None or down is None:
        return text
    if first.isdecimal():
        return f"{down[0]}:{down[1]}"
    if not first[-1:].isdecimal():
        return f"{column_letters(across[0])}:{column_letters(across[1])}"
    return f"{a1(across[0], down[0])}:{a1(across[1], down[1])}"
