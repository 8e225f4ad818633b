"""What is built otherwise in the new version of a workbook: sheets, rows and columns, names, settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rekentool.jobs.alignment import Alignment, SheetMap
from rekentool.jobs.changes import content, sheet_number
from rekentool.jobs.difference import CellPair, Difference, Group
from rekentool.jobs.lookplaces import lines_text
from rekentool.jobs.matching import increasing
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.xlsx.cell import Address, column_letters, quote_sheet, split_a1
from rekentool.xlsx.reader import Workbook

GROUP: Group = "structuur"
_STATES = {"visible": "zichtbaar", "hidden": "verborgen", "veryHidden": "diep verborgen"}
#: As much of a formula or text as a difference shows.
_LONGEST = 300
#: With more groups of moved lines than this a sheet has been sorted.
_SORTED = 50


def sheet_differences(alignment: Alignment) -> Iterator[Difference]:
    """Sheets that are added, gone, renamed, moved, hidden or shown."""
    old, new = alignment.old, alignment.new
    for name in alignment.gone:
        yield Difference(GROUP, "blad verwijderd", quote_sheet(name), _cells_in(old, name), "", weight=3.0)
    for name in alignment.added:
        yield Difference(GROUP, "blad toegevoegd", quote_sheet(name), "", _cells_in(new, name), weight=3.0)
    places = [(sheet_number(old, sheet.old), sheet_number(new, sheet.new)) for sheet in alignment.sheets.values()]
    staying = set(increasing(sorted(places)))
    states = {sheet.name: sheet.state for sheet in old.sheets}, {sheet.name: sheet.state for sheet in new.sheets}
    for sheet, place in zip(alignment.sheets.values(), places, strict=True):
        name = quote_sheet(sheet.new)
        if sheet.old != sheet.new:
            yield Difference(GROUP, "blad hernoemd", name, sheet.old, sheet.new, weight=3.0)
        if place not in staying:
            was, becomes = (f"blad {number + 1}" for number in place)
            yield Difference(GROUP, "blad verplaatst", name, was, becomes, weight=2.0)
        before, after = states[0][sheet.old], states[1][sheet.new]
        if before != after:
            kind = "blad zichtbaar gemaakt" if after == "visible" else "blad verborgen"
            yield Difference(GROUP, kind, name, _STATES[before], _STATES[after], weight=2.0)


def line_differences(alignment: Alignment) -> Iterator[Difference]:
    """Rows and columns that are inserted, deleted or moved; each run of neighbours once, a sorted sheet once."""
    for sheet in alignment.sheets.values():
        for what, lines in (("rij", sheet.rows), ("kolom", sheet.columns)):
            if lines.same:
                continue
            old, new = _Held(alignment.old, sheet.old, what), _Held(alignment.new, sheet.new, what)
            for first, last in lines.gone():
                cells = old.inside(first, last)
                pairs = tuple(CellPair(cell, None, text, "") for cell, text in cells.items())
                yield Difference(
                    GROUP, f"{what} verwijderd", lines_text(sheet.old, what, first, last),
                    _size(what, last - first + 1), "", _heading(alignment.old, cells), cells=pairs, weight=2.0,
                )  # fmt: skip
            for first, last in lines.inverse().gone():
                cells = new.inside(first, last)
                pairs = tuple(CellPair(None, cell, "", text) for cell, text in cells.items())
                yield Difference(
                    GROUP, f"{what} ingevoegd", lines_text(sheet.new, what, first, last),
                    "", _size(what, last - first + 1), _heading(alignment.new, cells), cells=pairs, weight=2.0,
                )  # fmt: skip
            yield from _moves(alignment, sheet, what, lines.moves, new)


def _moves(
    alignment: Alignment, sheet: SheetMap, what: str, moves: Mapping[int, int], new: _Held
) -> Iterator[Difference]:
    """Lines that have moved together, as one difference; very many are one: the sheet has been sorted."""
    groups: list[list[tuple[int, int]]] = []
    for pair in sorted(moves.items()):
        if groups and (groups[-1][-1][0] + 1, groups[-1][-1][1] + 1) == pair:
            groups[-1].append(pair)
        else:
            groups.append([pair])
    if len(groups) > _SORTED:
        place = lines_text(sheet.new, what, min(moves.values()), max(moves.values()))
        cells = {cell: text for line in sorted(moves.values()) for cell, text in new.inside(line, line).items()}
        pairs = tuple(CellPair(alignment.back(cell), cell, text, text) for cell, text in cells.items())
        order = f"{_size(what, len(moves))} in een andere volgorde"
        yield Difference(GROUP, f"{what} verplaatst", place, "", order, cells=pairs, weight=2.0)
        return
    for group in groups:
        (first, new_first), (last, new_last) = group[0], group[-1]
        cells = new.inside(new_first, new_last)
        pairs = tuple(CellPair(alignment.back(cell), cell, text, text) for cell, text in cells.items())
        yield Difference(
            GROUP, f"{what} verplaatst", lines_text(sheet.new, what, new_first, new_last),
            _named(what, first, last), _named(what, new_first, new_last), _heading(alignment.new, cells),
            cells=pairs, weight=2.0,
        )  # fmt: skip


def name_differences(alignment: Alignment) -> Iterator[Difference]:
    """Defined names that are added, gone, renamed, or refer to something else."""
    mine, theirs = (_names(workbook) for workbook in (alignment.old, alignment.new))
    known = set()
    for key, (name, text) in mine.items():
        sheet = alignment.sheets.get(key[0])
        there = (sheet.new if sheet else key[0], alignment.renamed.get(key[1], key[1]) if not key[0] else key[1])
        found = theirs.get(there)
        known.add(there)
        if found is None:
            yield Difference(GROUP, "naam verwijderd", name, text, "", weight=1.0)
            continue
        if key[1] != there[1]:
            yield Difference(GROUP, "naam hernoemd", found[0], name, found[0], weight=1.0)
        expected = _followed(alignment, text)
        if expected is None or _plain(expected) != _plain(found[1]):
            moved = expected is not None and _plain(text) == _plain(found[1])
            detail = f"wat daar stond, staat nu in {expected}" if moved else ""
            if expected is None:
                detail = "waar de naam naar verwees, is er niet meer"
            yield Difference(GROUP, "naam gewijzigd", found[0], text, found[1], detail=detail, weight=1.0)
    for key, (name, text) in theirs.items():
        if key not in known:
            yield Difference(GROUP, "naam toegevoegd", name, "", text, weight=1.0)


def setting_differences(alignment: Alignment) -> Iterator[Difference]:
    """How the workbook counts days and digits."""
    old, new = alignment.old, alignment.new
    if old.date1904 != new.date1904:
        was, becomes = ("1904" if book.date1904 else "1900" for book in (old, new))
        yield Difference(GROUP, "datumsysteem", "werkmap", was, becomes, weight=3.0)
    if old.full_precision != new.full_precision:
        was, becomes = ("alle cijfers" if book.full_precision else "de getoonde cijfers" for book in (old, new))
        yield Difference(GROUP, "rekenprecisie", "werkmap", was, becomes, weight=3.0)


def _names(workbook: Workbook) -> dict[tuple[str, str], tuple[str, str]]:
    """By sheet ("" for the whole workbook) and name in small letters: the name as written and what it refers to."""
    found = {("", name.casefold()): (name, text) for name, text in workbook.name_formulas.items()}
    found |= {("", name.casefold()): (name, text) for name, text in workbook.names.items()}
    for (sheet, name), text in workbook.local_names.items():
        found[sheet, name.casefold()] = (f"{quote_sheet(sheet)}!{name}", text)
    return found


def _followed(alignment: Alignment, text: str) -> str | None:
    """What a name refers to, in the new workbook's places; None when that is gone."""
    try:
        return alignment.area(text)
    except ValueError:
        return text  # a constant or a formula


def _plain(text: str) -> str:
    return text.replace("$", "").replace("'", "").casefold()


class _Held:
    """What stands on the rows, or in the columns, of one sheet."""

    def __init__(self, workbook: Workbook, sheet: str, what: str) -> None:
        self._workbook = workbook
        self._lines: dict[int, list[tuple[int, Address]]] = {}
        for address in workbook.values.keys() | workbook.formulas.keys():
            if address.sheet == sheet:
                column, row = split_a1(address.cell)
                line, place = (row, column) if what == "rij" else (column, row)
                self._lines.setdefault(line, []).append((place, address))

    def inside(self, first: int, last: int) -> dict[Address, str]:
        """The cells of these lines with their contents as text, line by line."""
        found = {}
        for line in range(first, last + 1):
            for _, address in sorted(self._lines.get(line, [])):
                held = content(self._workbook, address)
                found[address] = held.formula or cell_text(held.value)
        return found


def _heading(workbook: Workbook, cells: Mapping[Address, str]) -> str:
    """The first text among the cells."""
    texts = (workbook.values.get(cell) for cell in cells if cell not in workbook.formulas)
    return next((excerpt(text, _LONGEST) for text in texts if isinstance(text, str) and text.strip()), "")


def _size(what: str, count: int) -> str:
    return f"{count} {what if count == 1 else {'rij': 'rijen', 'kolom': 'kolommen'}[what]}"


def _named(what: str, first: int, last: int) -> str:
    name = column_letters if what == "kolom" else str
    return f"{what} {name(first)}" if first == last else f"{what} {name(first)} t/m {name(last)}"


def _cells_in(workbook: Workbook, sheet: str) -> str:
    count = sum(cell.sheet == sheet for cell in workbook.values.keys() | workbook.formulas.keys())
    return f"{count} {'cel' if count == 1 else 'cellen'}"
