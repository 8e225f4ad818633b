"""A workbook's formulas, taken apart once for everything that `lint` asks about how they are built."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from functools import cached_property

from rekentool.engine.parse import SyntaxProblem, parse, shape
from rekentool.engine.precedents import Precedents, reference_of
from rekentool.engine.program import ProgramModel
from rekentool.engine.scope import Home, Scope
from rekentool.engine.tree import Reference, Tree
from rekentool.xlsx.cell import Address, CellValue, split_a1
from rekentool.xlsx.reader import Workbook


class Blueprint:
    """One workbook; ``inputs`` are the cells that its mapping fills.

    ``trees`` has the formula of every cell that can be understood, ``problems`` says of the others why not. ``free``
    are the cells that people fill in: inputs, and what isn't locked. ``formula_cells`` are those that are computed.
    """

    def __init__(self, workbook: Workbook, inputs: Iterable[Address] = ()) -> None:
        self.workbook = workbook
        self.inputs = frozenset(inputs)
        self.free = self.inputs | workbook.unlocked
        self.formula_cells = workbook.formula_cells
        self.trees: dict[Address, Tree] = {}
        self.problems: dict[Address, str] = {}
        for address, formula in workbook.formulas.items():
            try:
                self.trees[address] = parse(formula)
            except SyntaxProblem as problem:
                self.problems[address] = str(problem)
        self.scope = Scope(workbook)
        self.precedents = Precedents(workbook, self.scope)

    @cached_property
    def shapes(self) -> Mapping[Address, Hashable]:
        """Each formula as seen from its own cell: equal where it was copied. Members of array formulas are left out."""
        return {
            address: shape(tree, *split_a1(address.cell))
            for address, tree in self.trees.items()
            if address not in self.workbook.arrays
        }

    @cached_property
    def rectangles(self) -> Mapping[Address, tuple[Reference, ...]]:
        """What each formula reads."""
        return {address: self.precedents.of(address) for address in self.trees}

    @cached_property
    def read(self) -> Coverage:
        """Everything that any formula reads."""
        return Coverage(area for areas in self.rectangles.values() for area in areas)

    @cached_property
    def values(self) -> Mapping[Address, CellValue]:
        """The value of every cell, formulas computed anew; what can't be computed has no value here."""
        computed = ProgramModel(self.workbook).compute([{}])[0]
        constants = {cell: value for cell, value in self.workbook.values.items() if cell not in self.workbook.formulas}
        return {**constants, **{cell: value for cell, value in computed.values.items() if cell not in computed.unknown}}

    def holds(self, address: Address) -> bool:
        """Whether a cell has a formula or a value."""
        return address in self.workbook.values or address in self.formula_cells

    def area(self, tree: Tree, home: Address) -> Reference | None:
        """The cells that a piece of a formula refers to; None where that is only known while computing."""
        return reference_of(tree, self.scope, Home(home.sheet, *split_a1(home.cell)))


class Coverage:
    """Which cells lie in one of many rectangles."""

    def __init__(self, areas: Iterable[Reference]) -> None:
        self._cells: set[tuple[str, int, int]] = set()
        self._areas: dict[str, set[Reference]] = {}
        for area in areas:
            if area.single:
                self._cells.add((area.sheet or "", area.left, area.top))
            else:
                self._areas.setdefault(area.sheet or "", set()).add(area)

    def covers(self, address: Address) -> bool:
        """Whether the cell lies in one of them."""
        column, row = split_a1(address.cell)
        return (address.sheet, column, row) in self._cells or any(
            area.left <= column <= area.right and area.top <= row <= area.bottom
            for area in self._areas.get(address.sheet, ())
        )
