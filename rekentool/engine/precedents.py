"""Which cells every formula of a workbook reads, and which cells depend on one: constants as well as formulas.

`references` prepares formulas for other engines and knows formula cells only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from rekentool.engine.scope import Home, Scope, Unfit, tree_of
from rekentool.engine.tree import Binary, Call, Name, Reference, Tree, Unary
from rekentool.xlsx.cell import Address, a1, column_number, split_a1
from rekentool.xlsx.reader import Workbook

#: Functions that look at where their argument stands and not at what it holds.
ABOUT_PLACE = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "ISREF"})


def reference_of(tree: Tree, scope: Scope, home: Home) -> Reference | None:
    """The cells that a piece refers to where that is known without computing, no further than its sheet is used."""
    try:
        found = scope.static_reference(tree, home)
    except Unfit:
        return None
    return scope.clipped(found) if isinstance(found, Reference) else None


def parts(tree: Tree) -> tuple[Tree, ...]:
    """The pieces directly below one, from left to right."""
    if isinstance(tree, Call):
        return tree.arguments
    if isinstance(tree, Binary):
        return tree.left, tree.right
    return (tree.operand,) if isinstance(tree, Unary) else ()


def rectangles(tree: Tree, scope: Scope, home: Home) -> Iterator[Reference]:
    """Every rectangle that a formula reads, from left to right; names are followed."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Call) and node.name in ABOUT_PLACE:
            continue
        found = reference_of(node, scope, home)
        if found is not None:
            yield found
        elif isinstance(node, Name):
            try:
                waiting.append(scope.named(node, home))
            except Unfit:
                continue  # a name that doesn't exist: the cell is unknown, with this as its reason
        else:
            waiting += parts(node)[::-1]


#: The formula cells that read each cell by itself, and on each sheet those that read a rectangle.
_Readers = tuple[dict[Address, list[Address]], dict[str, list[tuple[Reference, list[Address]]]]]


class Precedents:
    """The web of references of one workbook; made when it is first asked for."""

    def __init__(self, workbook: Workbook, scope: Scope | None = None) -> None:
        self._workbook = workbook
        self._scope = scope or Scope(workbook)
        self._formulas = workbook.formula_cells
        self._of: dict[Address, tuple[Reference, ...]] = {}
        self._columns: dict[tuple[str, int], list[int]] = {}
        self._readers: _Readers | None = None
        self._ranks: dict[Address, int] = {}

    def of(self, address: Address) -> tuple[Reference, ...]:
        """The rectangles that a cell's formula reads, each once; those of its anchor for an array formula's cell."""
        anchor = self._workbook.array_members.get(address, address)
        formula = self._workbook.formulas.get(anchor)
        if formula is None:
            return ()
        if anchor not in self._of:
            home = Home(anchor.sheet, *split_a1(anchor.cell))
            try:
                found = rectangles(tree_of(formula), self._scope, home)
                self._of[anchor] = tuple(dict.fromkeys(map(_bare, found)))
            except Unfit:
                self._of[anchor] = ()
        return self._of[anchor]

    def inside(self, area: Reference) -> list[Address]:
        """The cells of a rectangle that hold anything, row by row."""
        if area.single:
            return [Address(area.sheet or "", a1(area.left, area.top))]
        if not self._columns:
            self._columns = defaultdict(list)
            for sheet, cell in self._workbook.values.keys() | self._formulas:
                letters = cell.rstrip("0123456789")
                self._columns[sheet, column_number(letters)].append(int(cell[len(letters) :]))
        sheet = area.sheet or ""
        found = [
            (row, column)
            for column in range(area.left, area.right + 1)
            for row in self._columns.get((sheet, column), ())
            if area.top <= row <= area.bottom
        ]
        return [Address(sheet, a1(column, row)) for row, column in sorted(found)]

    def dependants(self, start: Iterable[Address]) -> set[Address]:
        """Every formula cell that reads one of these cells, itself or through others."""
        cells, areas = self._who_reads()
        found: set[Address] = set()
        front = list(start)
        while front:
            cell = front.pop()
            column, row = split_a1(cell.cell)
            readers = list(cells.get(cell, ()))
            for area, its_readers in areas.get(cell.sheet, ()):
                if area.left <= column <= area.right and area.top <= row <= area.bottom:
                    readers += its_readers
            for reader in readers:
                if reader not in found:
                    found.add(reader)
                    front.append(reader)
        return found

    def _who_reads(self) -> _Readers:
        if self._readers is None:
            cells: dict[Address, list[Address]] = defaultdict(list)
            areas: dict[Reference, list[Address]] = defaultdict(list)
            for address in self._formulas:
                for area in self.of(address):
                    if area.single:
                        cells[Address(area.sheet or "", a1(area.left, area.top))].append(address)
                    else:
                        areas[area].append(address)
            by_sheet: dict[str, list[tuple[Reference, list[Address]]]] = defaultdict(list)
            for area, readers in areas.items():
                by_sheet[area.sheet or ""].append((area, readers))
            self._readers = cells, by_sheet
        return self._readers

    def rank(self, address: Address) -> int:
        """How many formulas stand one behind the other before this cell: cells of one rank don't depend on another.

        0 for a constant. In a circle of references ranks say nothing.
        """
        waiting = [address]
        inside: set[Address] = set()
        while waiting:
            cell = waiting[-1]
            if cell in self._ranks:
                waiting.pop()
                continue
            before = [one for area in self.of(cell) for one in self.inside(area) if one in self._formulas]
            missing = [one for one in before if one not in self._ranks and one not in inside and one != cell]
            if cell in inside or not missing:
                deepest = max((self._ranks.get(one, 0) for one in before), default=0)
                self._ranks[cell] = deepest + (cell in self._formulas)
                waiting.pop()
            else:
                inside.add(cell)
                waiting += missing
        return self._ranks[address]


def _bare(reference: Reference) -> Reference:
    """Without its ``$`` signs: the same cells are the same."""
    return Reference(reference.sheet, reference.left, reference.top, reference.right, reference.bottom)
