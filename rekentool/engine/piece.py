"""Formulas and pieces of them, computed from values that are at hand, apart from the rest of the workbook.

What `program` computes for a whole workbook is asked here of one formula: what its condition is, which argument was the
smallest, and what it would give if one of the cells that it reads had another value while the others keep theirs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rekentool.engine.branches import corner, shown
from rekentool.engine.evaluate import outline
from rekentool.engine.functions.registry import Unsupported
from rekentool.engine.loose import RAISING, firm, loose
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.scope import ENGINE, Home, Scope, Unfit, cannot, tree_of
from rekentool.engine.source import Outline, Shapes
from rekentool.engine.tree import Reference, Tree
from rekentool.engine.vector import NUMBER, Area, Vector, constant, gather, simplify, value_at
from rekentool.engine.vector import values as each_value
from rekentool.xlsx.cell import Address, CellValue, a1, split_a1
from rekentool.xlsx.reader import Workbook

#: Values of some cells, otherwise than they are.
Change = Mapping[Address, CellValue]


class Pieces:
    """The formulas of one workbook, with the value of every cell: constants, and formulas as they were computed."""

    def __init__(self, workbook: Workbook, computed: Mapping[Address, CellValue]) -> None:
        self._workbook, self._computed = workbook, computed
        self._shapes = Shapes()
        self._formulas = workbook.formula_cells
        self.scope = Scope(workbook)

    def at(self, address: Address) -> CellValue:
        """What a cell holds; Unfit (RK421) when it has a formula that wasn't computed."""
        if address in self._formulas:
            if address not in self._computed:
                raise Unfit(unknown_reason("RK421", cel=address))
            return self._computed[address]
        return self._workbook.values.get(address)

    def holds(self, address: Address) -> bool:
        """Whether there is anything in the cell."""
        return address in self._workbook.values or address in self._formulas

    def anchor(self, address: Address) -> Address:
        """The cell that has the formula: another one for all but the first cell of an array formula."""
        return self._workbook.array_members.get(address, address)

    def is_array(self, anchor: Address) -> bool:
        """Whether the cell has an array formula or a data table."""
        return anchor in self._workbook.arrays

    def tree(self, address: Address) -> Tree:
        """The tree of a cell's formula; Unfit when it isn't understood."""
        return tree_of(self._workbook.formulas[self.anchor(address)])

    def value(self, tree: Tree, home: Address) -> CellValue:
        """What a piece would give as the formula of ``home`` (a blank is 0); Unfit with the reason when it can't."""
        result = self._result(outline(tree, self.scope, _home(home)), ({},))
        return value_at(firm(loose(result) if isinstance(result, Vector) else result), 0)

    def outcomes(self, address: Address, changes: Sequence[Change]) -> list[CellValue]:
        """What the formula of a cell gives for each change, in order; Unfit with the reason when it can't be computed.

        A change replaces cells that the formula reads itself; nothing else is computed anew.
        """
        anchor = self.anchor(address)
        spread = self._workbook.arrays.get(anchor)
        tree, home = self.tree(address), _home(anchor)
        if spread is None:
            result = self._result(outline(tree, self.scope, home), changes)
        else:
            if self._workbook.formulas[anchor].startswith("=TABLE("):
                raise cannot("een gegevenstabel")
            first, _, last = spread.partition(":")
            (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
            size = bottom - top + 1, right - left + 1
            outlined = outline(tree, self.scope, home, array=True, whole=True, spread=size)
            whole = self._result(outlined, changes)
            if not isinstance(whole, Area):
                whole = firm(whole)
            result = shown(corner(whole, address.row - top, address.column - left))
        return list(each_value(firm(result), len(changes)))

    def _result(self, outlined: Outline, changes: Sequence[Change]) -> Any:
        size = len(changes)
        changed: dict[Address, list[tuple[int, CellValue]]] = {}
        for lane, change in enumerate(changes):
            for address, value in change.items():
                changed.setdefault(address, []).append((lane, value))
        cells = [loose(self._vector(one[0], changed.get(one[0]), size)) for one in map(_cells, outlined.cells)]
        areas = [
            Area(area.bottom - area.top + 1, area.right - area.left + 1,
                 [self._vector(one, changed.get(one), size) for one in _cells(area)])
            for area in outlined.areas
        ]  # fmt: skip
        maker = self._shapes.maker(outlined.source)
        step = maker(*range(len(cells) + len(areas)), *outlined.constants)
        try:
            with np.errstate(**RAISING):
                return step([*cells, *areas], size)
        except Unsupported as problem:
            raise Unfit(unknown_reason("RK423", motor=ENGINE, reden=problem.reason)) from problem

    def _vector(self, address: Address, replaced: list[tuple[int, CellValue]] | None, size: int) -> Vector:
        """The cell's own value, with another one in some of the lanes."""
        own = self.at(address)
        if replaced is None:
            return constant(own)
        if type(own) is float and all(type(value) is float for _, value in replaced):
            numbers = np.full(size, own)
            numbers[[lane for lane, _ in replaced]] = [value for _, value in replaced]
            return simplify(NUMBER, numbers)
        lanes = [own] * size
        for lane, value in replaced:
            lanes[lane] = value
        return gather(lanes)


def _home(address: Address) -> Home:
    return Home(address.sheet, *split_a1(address.cell))


def _cells(area: Reference) -> list[Address]:
    sheet = area.sheet or ""
    return [
        Address(sheet, a1(column, row))
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
