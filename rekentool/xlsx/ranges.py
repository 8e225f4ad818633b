"""Many cells in few words: the rectangles that they fill."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rekentool.xlsx.cell import Address, a1, quote_sheet, split_a1

#: Rectangles that a message names.
MOST = 6


def rectangles(cells: Iterable[Address]) -> list[str]:
    """``["Invoer!C19:F19", "Invoer!C21"]``: in the order of reading, sheets in the order in which they come first."""
    sheets: dict[str, dict[int, set[int]]] = {}
    for sheet, cell in cells:
        column, row = split_a1(cell)
        sheets.setdefault(sheet, {}).setdefault(row, set()).add(column)
    return [
        f"{quote_sheet(sheet)}!{a1(left, top)}" + ("" if (left, top) == (right, bottom) else f":{a1(right, bottom)}")
        for sheet, rows in sheets.items()
        for left, top, right, bottom in _of_sheet(rows)
    ]


def shown(cells: Iterable[Address], most: int = MOST) -> str:
    """The rectangles as a message names them: the first few, and how many there are besides."""
    found = rectangles(cells)
    more = len(found) - most
    return ", ".join(found[:most]) + (f" en nog {more}" if more > 0 else "")


def _of_sheet(rows: dict[int, set[int]]) -> list[tuple[int, int, int, int]]:
    """Runs of neighbours in a row; equal runs in rows that follow each other become one rectangle."""
    boxes: list[tuple[int, int, int, int]] = []
    growing: dict[tuple[int, int], int] = {}  # the runs of the row before, each with the row where its box begins
    before = 0

    def close(runs: Iterable[tuple[int, int]]) -> None:
        boxes.extend((left, growing[left, right], right, before) for left, right in runs)

    for row in sorted(rows):
        runs = _runs(sorted(rows[row]))
        kept = set(runs) & growing.keys() if row == before + 1 else set()
        close(growing.keys() - kept)
        growing, before = {run: growing[run] if run in kept else row for run in runs}, row
    close(growing)
    return sorted(boxes, key=lambda box: (box[1], box[0]))


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Numbers that follow each other, as (first, last)."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs
