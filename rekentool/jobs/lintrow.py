"""Rows (and columns) in which a formula was copied: a number in between, or one formula that is another.

Only what has the same formula on both sides counts, so that a first year, a total or a heading with a formula of its
own is none. Columns want two on each side and a formula that differs in its references only, since a column of
separate lines often has the same formula here and there.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import groupby

from rekentool.engine.spelling import formula_text
from rekentool.jobs.alignment import skeleton
from rekentool.jobs.blueprint import Blueprint
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import Address, a1
from rekentool.xlsx.ranges import shown

#: One run of neighbours with the same formula: its shape and its cells in order.
_Segment = tuple[Hashable, list[Address]]
#: Formulas on either side that make a column one formula.
_COLUMN_SIDE = 2


def row_findings(book: Blueprint, file: str) -> list[Finding]:
    """RK741 (a value in a row of formulas) and RK742 (a formula that isn't its neighbours')."""
    findings: dict[Address, Finding] = {}
    for across in (True, False):
        for line in _lines(book, across):
            for address in _interruptions(book, line):
                value = excerpt(cell_text(book.workbook.values[address]))
                beside = _text(book, line[line.index(address) - 1])
                findings.setdefault(address, finding("RK741", str(address), file, staat=value, formule=beside))
            for cells, near in _odd(book, line, 1 if across else _COLUMN_SIDE):
                if not across and not _alike(book, cells[0], near):
                    continue
                facts = {"formule": _text(book, cells[0]), "buur": _text(book, near), "buurcel": near.cell}
                findings.setdefault(cells[0], finding("RK742", shown(cells), file, **facts))
    return list(findings.values())


def _text(book: Blueprint, address: Address) -> str:
    return "=" + excerpt(formula_text(book.trees[address]), 120)


def _lines(book: Blueprint, across: bool) -> Iterator[list[Address]]:
    """The cells with a formula or a number that stand next to each other, row by row or column by column."""
    cells = list(book.shapes)
    for address, value in book.workbook.values.items():
        number = isinstance(value, float) and address not in book.formula_cells
        if number and address not in book.free:
            cells.append(address)
    places = {address: (address.column, address.row) for address in cells}

    def along(address: Address) -> int:
        return places[address][0 if across else 1]

    def line(address: Address) -> tuple[str, int]:
        return address.sheet, places[address][1 if across else 0]

    for _, group in groupby(sorted(cells, key=lambda one: (*line(one), along(one))), key=line):
        yield from _neighbours(list(group), along)


def _neighbours(cells: Sequence[Address], along: Callable[[Address], int]) -> Iterator[list[Address]]:
    run: list[Address] = []
    for cell in cells:
        if run and along(cell) != along(run[-1]) + 1:
            yield run
            run = []
        run.append(cell)
    if run:
        yield run


def _interruptions(book: Blueprint, line: Sequence[Address]) -> Iterator[Address]:
    """Numbers with one and the same formula on both sides."""
    for before, cell, after in zip(line, line[1:], line[2:], strict=False):
        if cell not in book.shapes and before in book.shapes and book.shapes[before] == book.shapes.get(after):
            yield cell


def _odd(book: Blueprint, line: Sequence[Address], side: int) -> Iterator[tuple[list[Address], Address]]:
    """Formulas between others that are all the same, with a neighbour; not where the formulas take turns."""
    for computed, group in groupby(line, key=lambda cell: cell in book.shapes):
        if not computed:
            continue
        segments: list[_Segment] = [
            (key, list(cells)) for key, cells in groupby(group, key=lambda one: book.shapes[one])
        ]
        kinds = [key for key, _ in segments]
        for left, middle, right in zip(segments, segments[1:], segments[2:], strict=False):
            alone = kinds.count(middle[0]) == 1
            both = min(len(left[1]), len(right[1])) >= side
            if left[0] == right[0] and alone and both and len(middle[1]) < len(left[1]) + len(right[1]):
                yield middle[1], left[1][-1]


def _alike(book: Blueprint, cell: Address, near: Address) -> bool:
    """Whether a formula is its neighbour's but for the cells that it refers to.

    Down a column that is what a mistake looks like; lines with another formula altogether are lines of their own. And
    where the row goes on with the same formula, the row is what was copied.
    """
    beside = [Address(cell.sheet, a1(cell.column + step, cell.row)) for step in (-1, 1) if cell.column + step > 0]
    in_row = any(book.shapes.get(other) == book.shapes[cell] for other in beside)
    mine, theirs = (skeleton(book.workbook.formulas[one]) for one in (cell, near))
    return mine == theirs and not in_row
