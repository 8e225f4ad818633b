"""What a formula takes from other cells as things stand now: which of them as a value, and which only decide.

A formula says more than it uses: of an IF one branch counts, of a MIN one argument, of a lookup the cell that is found.
Here a formula is read with the values at hand, so that an explanation follows what counts and names what doesn't:

- *waarde*: its value is part of the result;
- *voorwaarde*: it only decides which branch, argument or cell counts (a condition, a key, the MIN that doesn't bind);
- *niet gebruikt*: it stands in a branch that isn't taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rekentool.engine.branches import LAZY
from rekentool.engine.calls import ARRAY_CALLS
from rekentool.engine.comparison import COMPARISONS
from rekentool.engine.piece import Pieces
from rekentool.engine.precedents import ABOUT_PLACE, parts, reference_of
from rekentool.engine.scope import Home, Unfit
from rekentool.engine.spelling import formula_text
from rekentool.engine.tree import Binary, Call, Logical, Missing, Name, Reference, Text, Tree, Unary
from rekentool.mapping.values import cell_text
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1, split_a1

Role = Literal["waarde", "voorwaarde", "niet gebruikt"]
_STRENGTH: dict[Role, int] = {"waarde": 2, "voorwaarde": 1, "niet gebruikt": 0}

#: Functions that look at their arguments without taking their value: TRUE or FALSE, a number of cells, a place.
_ASKS = frozenset({
    "AND", "OR", "NOT", "XOR", "ISBLANK", "ISERR", "ISERROR", "ISLOGICAL", "ISNA", "ISNONTEXT", "ISNUMBER", "ISTEXT",
    "EXACT", "TYPE", "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "MATCH", "XMATCH",
})  # fmt: skip
#: Arguments, from 0, by which a function only finds or chooses the cells that it takes.
_CHOOSES: dict[str, Sequence[int]] = {
    "INDEX": (1, 2, 3), "VLOOKUP": (0, 2, 3), "HLOOKUP": (0, 2, 3), "LOOKUP": (0,), "XLOOKUP": (0, 1, 4, 5),
    "OFFSET": (1, 2, 3, 4), "LARGE": (1,), "SMALL": (1,), "SUMIFS": range(1, 255), "AVERAGEIFS": range(1, 255),
    "MAXIFS": range(1, 255), "MINIFS": range(1, 255),
}  # fmt: skip
#: A rectangle of at most so many cells is taken apart into its cells.
FEW = 12
#: Characters of a piece of a formula in a decision.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Decision:
    """A choice that the formula makes now: which function, what it asks, the answer, and what then counts.

    ``IF`` asks a condition that is WAAR or ONWAAR; ``MIN`` and ``MAX`` ask nothing, ``taken`` is the argument that
    binds.
    """

    function: str
    asked: str
    answer: str
    taken: str


@dataclass(frozen=True, slots=True)
class Use:
    """A formula as it is used now: what it reads, in the order in which it stands there, and what it decides.

    ``single`` tells whether the result is just the value of one other cell (``=D152``, or an IF that comes to that).
    """

    operands: tuple[tuple[Reference, Role], ...]
    decisions: tuple[Decision, ...]
    single: bool


def use_of(pieces: Pieces, address: Address) -> Use:
    """Read the formula of a cell; Unfit when it isn't understood."""
    walker = _Walker(pieces, address)
    tree = pieces.tree(address)
    walker.walk(tree, "waarde")
    return Use(tuple(walker.found.items()), tuple(dict.fromkeys(walker.decisions)), walker.is_reference(tree))


class _Walker:
    def __init__(self, pieces: Pieces, address: Address) -> None:
        self._pieces, self._scope = pieces, pieces.scope
        anchor = pieces.anchor(address)
        self._address, self._home = anchor, Home(anchor.sheet, *split_a1(anchor.cell))
        #: In an array formula every branch may count, for another cell.
        self._array = pieces.is_array(anchor)
        self.found: dict[Reference, Role] = {}
        self.decisions: list[Decision] = []
        self._taken: dict[Tree, Tree] = {}

    def walk(self, tree: Tree, role: Role, array: bool = False) -> None:
        """Note what a piece reads; recursion is as deep as a formula nests, which the parser bounds."""
        array = array or self._array
        if isinstance(tree, Call) and tree.name in ABOUT_PLACE:
            return
        reference = reference_of(tree, self._scope, self._home)
        if reference is not None:
            self._add(reference, role)
        elif isinstance(tree, Name):
            try:
                self.walk(self._scope.named(tree, self._home), role, array)
            except Unfit:
                return  # a name that doesn't exist: the cell is unknown, and that is its reason
        elif isinstance(tree, Call):
            self._call(tree, role, array)
        else:
            inner: Role = role
            if isinstance(tree, Binary) and tree.operator in COMPARISONS:
                inner = _weakest(role, "voorwaarde")
            for part in parts(tree):
                self.walk(part, inner, array)

    def _add(self, reference: Reference, role: Role) -> None:
        bare = Reference(reference.sheet, reference.left, reference.top, reference.right, reference.bottom)
        cells = [bare]
        if not bare.single and (bare.right - bare.left + 1) * (bare.bottom - bare.top + 1) <= FEW:
            cells = [
                Reference(bare.sheet, column, row, column, row)
                for row in range(bare.top, bare.bottom + 1)
                for column in range(bare.left, bare.right + 1)
                if self._pieces.holds(Address(bare.sheet or "", a1(column, row)))
            ]
        for cell in cells:
            known = self.found.setdefault(cell, role)
            if _STRENGTH[role] > _STRENGTH[known]:
                self.found[cell] = role

    # -- calls -------------------------------------------------------------------------------------------------------

    def _call(self, tree: Call, role: Role, array: bool) -> None:
        name, arguments = tree.name, tree.arguments
        if name in LAZY and not array and role != "niet gebruikt" and self._lazy(tree, role):
            return
        if name in ("MIN", "MAX") and not array and role == "waarde" and self._extreme(tree):
            return
        inside = array or name in ARRAY_CALLS
        places: Sequence[int] = _CHOOSES.get(name, ())
        if name in ("SUMIF", "AVERAGEIF"):
            places = (0, 1) if len(arguments) == 3 else (1,)
        elif name == "LOOKUP" and len(arguments) == 3:
            places = (0, 1)
        for place, argument in enumerate(arguments):
            only_decides = name in _ASKS or place in places
            self.walk(argument, _weakest(role, "voorwaarde") if only_decides else role, inside)

    def _lazy(self, tree: Call, role: Role) -> bool:
        """Follow the branch that is taken; False when that can't be told, so that every branch may count."""
        try:
            asked, taken, skipped, decision = self._choice(tree)
        except Unfit:
            return False
        if decision is not None:
            self.decisions.append(decision)
        for part in asked:
            self.walk(part, "voorwaarde")
        if taken is not None:
            self._taken[tree] = taken
            self.walk(taken, role)
        for part in skipped:
            self.walk(part, "niet gebruikt")
        return True

    def _choice(self, tree: Call) -> tuple[list[Tree], Tree | None, list[Tree], Decision | None]:
        """What a lazy function looks at, the piece that it takes (None: an error is the result), and what it skips."""
        name, given = tree.name, list(tree.arguments)
        if name in ("IFERROR", "IFNA"):
            value = self._value(given[0])
            wrong = isinstance(value, ExcelError) and (name == "IFERROR" or value.code == "#N/A")
            decision = Decision(name, _short(given[0]), str(value), _short(given[1])) if wrong else None
            return ([given[0]], given[1], [], decision) if wrong else ([], given[0], [given[1]], None)
        if name == "CHOOSE":
            index = self._value(given[0])
            place = int(index) if isinstance(index, float) and 1 <= index < len(given) else 0
            taken = given[place] if place else None
            decision = Decision(name, _short(given[0]), cell_text(index), _short(taken))
            return [given[0]], taken, [part for at, part in enumerate(given[1:], 1) if at != place], decision
        if name == "SWITCH":
            tests = [Binary("=", given[0], value) for value in given[1:-1:2]]
            values = given[2::2]
            default = given[-1] if len(given) % 2 == 0 else None
            return self._first(name, tests[: len(values)], values, default)
        if name == "IFS":
            return self._first(name, given[::2], given[1::2], None)
        return self._first(name, given[:1], given[1:2], given[2] if len(given) == 3 else Logical(False))

    def _first(
        self, name: str, tests: Sequence[Tree], values: Sequence[Tree], default: Tree | None
    ) -> tuple[list[Tree], Tree | None, list[Tree], Decision]:
        """The value behind the first test that holds."""
        asked: list[Tree] = []
        for place, (test, value) in enumerate(zip(tests, values, strict=True)):
            asked.append(test)
            answer = self._value(test)
            if isinstance(answer, ExcelError):
                left = [*values, *([default] if default is not None else [])]
                return asked, None, left, Decision(name, _short(test), str(answer), "")
            if _holds(answer):
                skipped = [*values[:place], *tests[place + 1 :], *values[place + 1 :]]
                skipped += [default] if default is not None else []
                return asked, value, skipped, Decision(name, _short(test), "WAAR", _short(value))
        return asked, default, list(values), Decision(name, _short(tests[-1]), "ONWAAR", _short(default))

    def _extreme(self, tree: Call) -> bool:
        """Of MIN and MAX only what equals the result counts as a value; False when that can't be told."""
        try:
            result = self._value(tree)
            given = [(part, reference_of(part, self._scope, self._home)) for part in tree.arguments]
            values = [self._value(part) for part, area in given if area is None or area.single]
        except Unfit:
            return False
        if not isinstance(result, float):
            return False
        binding = []
        for part, area in given:
            if area is not None and not area.single:
                self._members(area, result)
                continue
            binds = values.pop(0) == result
            self.walk(part, "waarde" if binds else "voorwaarde")
            binding += [part] if binds else []
        if len(given) > 1 and binding:
            self.decisions.append(Decision(tree.name, "", cell_text(result), _short(binding[0])))
        return True

    def _members(self, area: Reference, result: float) -> None:
        """The cells of a rectangle inside MIN or MAX, each in its own role; of a large one that is left open."""
        if (area.right - area.left + 1) * (area.bottom - area.top + 1) > FEW:
            self._add(area, "waarde")
            return
        for row in range(area.top, area.bottom + 1):
            for column in range(area.left, area.right + 1):
                address = Address(area.sheet or "", a1(column, row))
                if self._pieces.holds(address):
                    binds = self._pieces.at(address) == result
                    self._add(Reference(area.sheet, column, row, column, row), "waarde" if binds else "voorwaarde")

    def _value(self, tree: Tree) -> CellValue:
        return self._pieces.value(tree, self._address)

    def is_reference(self, tree: Tree) -> bool:
        """Whether a piece comes to the value of one cell, by the branches that are taken now."""
        while tree in self._taken or (isinstance(tree, Unary) and tree.operator in "+@"):
            tree = tree.operand if isinstance(tree, Unary) else self._taken[tree]
        found = reference_of(tree, self._scope, self._home)
        return found is not None and found.single and not self._array


def _weakest(one: Role, other: Role) -> Role:
    return one if _STRENGTH[one] < _STRENGTH[other] else other


def _holds(value: CellValue) -> bool:
    if isinstance(value, str):
        return value.upper() == "TRUE"
    return bool(value) and not isinstance(value, ExcelError)


def _short(tree: Tree | None) -> str:
    """A piece as a decision quotes it; "" for nothing."""
    if tree is None or isinstance(tree, Missing):
        return ""
    if isinstance(tree, Logical):
        return cell_text(tree.value)
    text = f'"{tree.value}"' if isinstance(tree, Text) else formula_text(tree)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
