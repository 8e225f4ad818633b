"""Places of the old workbook in the new one, and how a difference in look names them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rekentool.jobs.alignment import Alignment, SheetMap
from rekentool.jobs.difference import Group
from rekentool.jobs.linemap import LineMap
from rekentool.xlsx.appearance import Box
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, Address, column_letters, quote_sheet
from rekentool.xlsx.ranges import rectangles

GROUP: Group = "opmaak-beveiliging"
#: As much of a formula or text as a difference shows.
LONGEST = 200
#: Rows that a range which runs to the end of the sheet is followed.
FOLLOWED = 5_000
#: Rectangles in the place of one difference.
MOST = 8


def shared_sheets(alignment: Alignment, *both: Mapping[str, object]) -> Iterator[SheetMap]:
    """The sheets that both have, in the order of the new workbook; ``both`` has them by their own names."""
    for sheet in sorted(
        alignment.sheets.values(), key=lambda one: list(both[1]).index(one.new) if one.new in both[1] else 0
    ):
        if sheet.old in both[0] and sheet.new in both[1]:
            yield sheet


def lines_text(sheet: str, what: str, first: int, last: int) -> str:
    """``"Invoer!12:14"`` for rows, ``"Invoer!C:D"`` for columns."""
    name = column_letters if what == "kolom" else str
    return f"{quote_sheet(sheet)}!{name(first)}:{name(last)}"


def few(cells: Iterable[Address]) -> str:
    """The rectangles of cells of one sheet."""
    return joined(rectangles(cells))


def joined(places: Sequence[str]) -> str:
    """``"Invoer!C7:C9, D12 en nog 3"``: ranges of one sheet."""
    more = len(places) - MOST
    shown = ", ".join([places[0], *(text.rpartition("!")[2] for text in places[1:MOST])])
    return shown + (f" en nog {more}" if more > 0 else "")


def forward(sheet: SheetMap, place: tuple[int, int]) -> tuple[int, int] | None:
    """Where a cell of the old sheet stands in the new one; None when its row or column is gone."""
    column, row = sheet.columns.forward(place[0]), sheet.rows.forward(place[1])
    return None if column is None or row is None else (column, row)


def moved_box(sheet: SheetMap, box: Box) -> Box | None:
    """What a rectangle of the old sheet has become; None when nothing is left of it."""
    left, top, right, bottom = box
    across, down = span(sheet.columns, left, right, MAX_COLUMN), span(sheet.rows, top, bottom, MAX_ROW)
    return None if across is None or down is None else (across[0], down[0], across[1], down[1])


def span(lines: LineMap, first: int, last: int, most: int) -> tuple[int, int] | None:
    """The same along one side; what runs to the end of the sheet stays as it is."""
    if last >= most:
        return first, last
    return next(iter(lines.spans(first, last)), None)
