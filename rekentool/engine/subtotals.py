"""Which cells of a range SUBTOTAL and AGGREGATE leave out: other subtotals, and rows that aren't shown.

Source: Microsoft, "SUBTOTAL function" and "AGGREGATE function" (addresses in `functions.subtotal`). SUBTOTAL leaves out
what a filter hides whatever its function number, and with 101 to 111 every hidden row; AGGREGATE says by its options.
What these pages leave open is `Unfit`: a cell that has a subtotal as part of a larger formula, a SUBTOTAL over the
result of an AGGREGATE, filtered rows in an AGGREGATE that takes hidden ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from rekentool.engine.parse import SyntaxProblem, parse, walk
from rekentool.engine.tree import Call, Missing, Number, Reference, Tree
from rekentool.engine.vector import Area, number
from rekentool.xlsx.cell import split_a1
from rekentool.xlsx.reader import Workbook

#: The functions, and the place of their first range.
FIRST_RANGE: Mapping[str, int] = {"SUBTOTAL": 1, "AGGREGATE": 2}
#: From this function number on AGGREGATE takes an array and a number.
ARRAY_FORM = 14
#: The options with which AGGREGATE leaves out hidden rows, and other subtotals.
_HIDDEN, _NESTED = frozenset({1, 3, 5, 7}), frozenset({0, 1, 2, 3})


class Undecided(ValueError):
    """Whether a cell counts isn't known; the text is the reason in Dutch."""


class Rule(NamedTuple):
    """What one call leaves out; None for rows says that it isn't known."""

    name: str
    hidden: bool | None
    filtered: bool | None
    nested: bool
    #: Whether its third argument is an array, for AGGREGATE's functions 14 to 19.
    array: bool = False


def rule_of(name: str, arguments: Sequence[Tree]) -> Rule:
    """What a call leaves out by its function number and options; `Undecided` where these aren't constants."""
    which = _constant(arguments[0])
    if name == "SUBTOTAL":
        return Rule(name, None if which is None else which > 100, True, True)
    options = _constant(arguments[1])
    if which is None or options is None:
        raise Undecided("AGGREGATE met een functienummer of optie die pas bij het rekenen bekend is")
    hidden = options in _HIDDEN
    return Rule(name, hidden, hidden or None, options in _NESTED, which >= ARRAY_FORM)


def _constant(tree: Tree) -> int | None:
    if isinstance(tree, Missing):
        return 0
    return int(tree.value) if isinstance(tree, Number) else None


class Subtotals:
    """The hidden rows and subtotals of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook

    @cached_property
    def _cells(self) -> dict[str, dict[tuple[int, int], str]]:
        """For each sheet the cells, as (row, column), with the outermost call of a subtotal; "" when it is inside."""
        found: dict[str, dict[tuple[int, int], str]] = {}
        for (sheet, cell), formula in self._workbook.formulas.items():
            text = formula.upper()
            if not any(f"{name}(" in text for name in FIRST_RANGE):
                continue
            try:
                tree = parse(formula)
            except SyntaxProblem:
                continue  # the cell is unknown itself
            if any(isinstance(node, Call) and node.name in FIRST_RANGE for node in walk(tree)):
                outermost = tree.name if isinstance(tree, Call) and tree.name in FIRST_RANGE else ""
                found.setdefault(sheet, {})[split_a1(cell)[::-1]] = outermost
        return found

    def kept(self, reference: Reference, rule: Rule) -> Area | None:
        """What counts of a range, as the first and last place of every stretch of cells (row by row, from 0).

        None where every cell counts; `Undecided` where that isn't known.
        """
        out = self._places(reference, self._rows(reference, rule) | self._subtotals(reference, rule))
        if not out:
            return None
        runs: list[float] = []
        width = reference.right - reference.left + 1
        place = 0
        for left_out in [*out, (reference.bottom - reference.top + 1) * width]:
            if left_out > place:
                runs += (place, left_out - 1)
            place = left_out + 1
        return Area(len(runs) // 2, 2, [number(end) for end in runs])

    def _rows(self, reference: Reference, rule: Rule) -> set[tuple[int, int]]:
        """The cells in rows that are left out."""
        sheet, book = reference.sheet or "", self._workbook
        hidden, filtered = (
            {row for row in rows.get(sheet, ()) if reference.top <= row <= reference.bottom}
            for rows in (book.hidden_rows, book.filtered_rows)
        )
        by_hand = hidden - filtered
        if by_hand and rule.hidden is None:
            raise Undecided("SUBTOTAL met een functienummer dat pas bij het rekenen bekend is, over verborgen rijen")
        if filtered and rule.filtered is None:
            raise Undecided("AGGREGATE dat verborgen rijen meetelt, over een gefilterde lijst")
        out = (by_hand if rule.hidden else set()) | (filtered if rule.filtered else set())
        return {(row, column) for row in out for column in range(reference.left, reference.right + 1)}

    def _subtotals(self, reference: Reference, rule: Rule) -> set[tuple[int, int]]:
        """The cells that are subtotals themselves."""
        found: set[tuple[int, int]] = set()
        if not rule.nested:
            return found
        for (row, column), name in self._cells.get(reference.sheet or "", {}).items():
            if reference.top <= row <= reference.bottom and reference.left <= column <= reference.right:
                if not name:
                    raise Undecided(f"{rule.name} over een cel waarin een subtotaal deel van een formule is")
                if name != rule.name and rule.name == "SUBTOTAL":
                    raise Undecided("SUBTOTAL over een cel met AGGREGATE")
                found.add((row, column))
        return found

    @staticmethod
    def _places(reference: Reference, cells: set[tuple[int, int]]) -> list[int]:
        width = reference.right - reference.left + 1
        return sorted((row - reference.top) * width + column - reference.left for row, column in cells)
