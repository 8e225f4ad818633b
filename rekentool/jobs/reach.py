"""Which cells a formula reads, and which formulas a cell reaches, also through others: asked for many cells.

`precedents` answers the same for one cell at a time. Here every range is spread out over its cells once, so that what a
cell reaches costs no more than the cells on its way: `effect` asks it for each change in a workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

from rekentool.engine.cells import MAX_AREA
from rekentool.engine.parse import SyntaxProblem, parse
from rekentool.engine.precedents import rectangles
from rekentool.engine.scope import Home, Scope, Unfit, tree_of
from rekentool.engine.shape import walk
from rekentool.engine.tree import Name, Reference
from rekentool.xlsx.cell import Address, a1, split_a1
from rekentool.xlsx.reader import Workbook


class Reach:
    """The formulas of one workbook as a graph."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._scope = Scope(workbook)

    def reads(self, home: Address, formula: str) -> frozenset[Address]:
        """The cells that a formula in this cell reads; whole columns and rows as far as the sheet is used."""
        return frozenset(address for area in self._areas(home, formula) for address in _inside(area))

    def reached(self, cells: Iterable[Address]) -> set[Address]:
        """Every formula cell that reads one of these, also through other formulas; themselves only in a circle."""
        found: set[Address] = set()
        front = list(cells)
        while front:
            for reader in self._readers_of(front.pop()):
                if reader not in found:
                    found.add(reader)
                    front.append(reader)
        return found

    def users(self, names: Iterable[str]) -> list[Address]:
        """The formula cells that use one of these names, also through another name."""
        wanted = {name.casefold() for name in names}
        if not wanted:
            return []
        local = {name: text for (_, name), text in self.workbook.local_names.items()}
        others = {**self.workbook.name_formulas, **local}
        grown = True
        while grown:
            more = {name.casefold() for name, text in others.items() if wanted & _names_in(text)} - wanted
            wanted |= more
            grown = bool(more)
        return [address for address, formula in self.workbook.formulas.items() if wanted & _names_in(formula)]

    def _readers_of(self, address: Address) -> Iterator[Address]:
        cells, areas = self._readers
        yield from cells.get(address, ())
        for area in self._areas_with.get(address, ()):
            yield from areas[area]

    @cached_property
    def _readers(self) -> tuple[dict[Address, list[Address]], dict[Reference, list[Address]]]:
        """Who reads each cell and each larger range."""
        cells: dict[Address, list[Address]] = {}
        areas: dict[Reference, list[Address]] = {}
        for home, formula in self.workbook.formulas.items():
            for area in self._areas(home, formula):
                if area.single:
                    cells.setdefault(Address(area.sheet or "", a1(area.left, area.top)), []).append(home)
                else:
                    areas.setdefault(area, []).append(home)
        for member, anchor in self.workbook.array_members.items():
            cells.setdefault(anchor, []).append(member)
        return cells, areas

    @cached_property
    def _areas_with(self) -> dict[Address, list[Reference]]:
        found: dict[Address, list[Reference]] = {}
        for area in self._readers[1]:
            for address in _inside(area):
                found.setdefault(address, []).append(area)
        return found

    def _areas(self, home: Address, formula: str) -> set[Reference]:
        """The ranges that a formula reads, on their sheets and without ``$``; what can't be known is left out."""
        try:
            tree = tree_of(formula)
        except Unfit:
            return set()  # the program doesn't compute it, and says so itself
        found = rectangles(tree, self._scope, Home(home.sheet, *split_a1(home.cell)))
        return {
            Reference(area.sheet, area.left, area.top, area.right, area.bottom)
            for area in found
            if (area.right - area.left + 1) * (area.bottom - area.top + 1) <= MAX_AREA
        }


def _inside(area: Reference) -> Iterator[Address]:
    sheet = area.sheet or ""
    for row in range(area.top, area.bottom + 1):
        for column in range(area.left, area.right + 1):
            yield Address(sheet, a1(column, row))


def _names_in(formula: str) -> set[str]:
    try:
        return {node.name.casefold() for node in walk(parse(formula)) if isinstance(node, Name)}
    except SyntaxProblem:
        return set()
