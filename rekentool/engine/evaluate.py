"""From a formula's tree to a Python function, one for each shape of formula.

What Excel does with rectangles is decided here: where one value belongs a formula takes the one cell beside it, in an
array formula and inside SUMPRODUCT and its like it computes cell by cell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from rekentool.engine import branches, shortcuts
from rekentool.engine.calls import (
    ARRAY_CALLS,
    COMPUTED_CELLS,
    FEW,
    GIVES_CELLS,
    MOST_BRANCHES,
    ONE_VALUE,
    RANDOM,
    UNION_CALLS,
    can_be_blank,
    is_condition,
    is_number,
)
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.operators import PREFIX_AND_POSTFIX
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.scope import ENGINE, Home, Scope, Unfit, beside, cannot, is_whole_column, is_whole_row
from rekentool.engine.source import COMPARISON_NAMES, LONG, OPERATOR_NAMES, TOO_DEEP, UNARY_NAMES, Body, Outline
from rekentool.engine.subtotals import FIRST_RANGE, Rule, Undecided, rule_of
from rekentool.engine.tree import (
    ArrayConstant,
    Binary,
    Call,
    Error,
    Logical,
    Missing,
    Name,
    Number,
    Reference,
    Text,
    Tree,
    Unary,
)
from rekentool.engine.vector import EMPTY, VALUE, Area, constant, error, number
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW


class Code(NamedTuple):
    """A piece of source and what it gives: a ``value``, a ``condition``, or an ``area`` (a rectangle or a vector)."""

    text: str
    kind: str


def outline(
    tree: Tree, scope: Scope, home: Home, array: bool = False, whole: bool = False, spread: tuple[int, int] = (0, 0)
) -> Outline:
    """The source of a formula's function; Unfit with the reason when the program doesn't compute it.

    ``array`` says that it is an array formula, ``whole`` that its result is wanted as a rectangle, of ``spread`` rows
    and columns: so far whole columns and rows count, also where they are empty.
    """
    try:
        return _Writer(scope, home, spread).outline(tree, array, whole)
    except RecursionError as problem:
        raise cannot(TOO_DEEP) from problem


class _Writer(Body):
    def __init__(self, scope: Scope, home: Home, spread: tuple[int, int]) -> None:
        super().__init__()
        self.scope, self.home, self.spread = scope, home, spread

    def outline(self, tree: Tree, array: bool, whole: bool) -> Outline:
        if whole:
            result = self.vector(self.argument(tree, array))
        elif isinstance(tree, Call) and tree.name in COMPUTED_CELLS and not array:
            result = f"shown(corner({self.call(tree, array, whole=True).text}, 0, 0))"  # as the cell shows it
        else:
            code = self.value(tree, array)
            result = f"shown({code})" if can_be_blank(tree) else code
        return self.finished(result)

    # -- what is wanted ----------------------------------------------------------------------------------------------

    def value(self, tree: Tree, array: bool = False) -> str:
        """Source of one value."""
        code = self.expression(tree, array)
        if code.kind == "condition":
            return f"truth({code.text})"
        return f"corner({code.text}, 0, 0)" if code.kind == "area" else code.text

    def vector(self, code: Code) -> str:
        """Source of a vector or rectangle."""
        if code.kind == "condition":
            return f"truth({code.text})"
        return code.text if code.kind == "area" else f"firm({code.text})"

    def condition(self, tree: Tree, array: bool) -> str:
        """Source of a settled condition."""
        code = self.expression(tree, array)
        if code.kind == "condition":
            return f"settled({code.text})"
        return f"holds({code.text})" if code.kind == "value" else f"holds(corner({code.text}, 0, 0))"

    def argument(self, tree: Tree, array: bool, boxed: bool = False) -> Code:
        """An argument where a rectangle may stand; ``boxed``: one cell is one too, as a text in it doesn't count."""
        reference = self.scope.static_reference(tree, self.home)
        if isinstance(reference, Reference):
            if not reference.single:
                return Code(self.clipped(reference), "area")
            if boxed:
                return Code(f"box({self.cell(reference)})", "area")
        if isinstance(tree, Call) and tree.name in branches.LAZY and not array:
            for part in tree.arguments[1:]:
                found = self.scope.static_reference(part, self.home)
                if isinstance(found, Reference) and not found.single:
                    raise cannot(f"{tree.name} dat een bereik geeft")
        if boxed and isinstance(tree, Call) and tree.name in GIVES_CELLS:
            return self.call(tree, array, whole=True)
        return self.expression(tree, array)

    def clipped(self, reference: Reference) -> str:
        """A rectangle; whole columns and rows no further than they are used or wanted."""
        return self.area(self.scope.clipped(reference, self.spread[is_whole_row(reference)]))

    def expression(self, tree: Tree, array: bool) -> Code:
        """Any piece; a rectangle only where ``array`` allows it, else the one cell beside the formula."""
        code = self.piece(tree, array)
        # A long piece gets a line of its own: Python's parser has a limit on parentheses within parentheses.
        return Code(self.variable(code.text), code.kind) if len(code.text) > LONG else code

    def piece(self, tree: Tree, array: bool) -> Code:
        """`expression`, however long."""
        if isinstance(tree, Number):
            return Code(self.fixed(tree.value), "value")
        if isinstance(tree, Text | Logical | Error):
            return Code(self.fixed(constant(tree.value)), "value")
        if isinstance(tree, Missing):
            return Code(self.fixed(EMPTY), "value")
        if isinstance(tree, ArrayConstant):
            return self.array_constant(tree)
        if isinstance(tree, Name):
            named = self.scope.named(tree, self.home)
            if not isinstance(named, Reference):
                return self.expression(named, array)
        reference = self.scope.static_reference(tree, self.home)
        if isinstance(reference, Error):
            return Code(self.fixed(constant(reference.value)), "value")
        if isinstance(reference, Reference):
            return self.reference(reference, array)
        if isinstance(tree, Unary):
            return self.unary(tree, array)
        if isinstance(tree, Binary):
            return self.binary(tree, array)
        if isinstance(tree, Call):
            return self.call(tree, array)
        raise cannot(f"een onderdeel van het type {type(tree).__name__}")

    def array_constant(self, tree: ArrayConstant) -> Code:
        cells = [constant(item.value) for row in tree.rows for item in row]
        return Code(self.fixed(Area(len(tree.rows), len(tree.rows[0]), cells)), "area")

    def reference(self, reference: Reference, array: bool) -> Code:
        if not reference.single and array:
            return Code(self.clipped(reference), "area")
        found = beside(reference, self.home)
        return Code(self.fixed(error(VALUE)) if found is None else self.cell(found), "value")

    def unary(self, tree: Unary, array: bool) -> Code:
        if tree.operator == "@":
            return self.expression(tree.operand, False)
        if tree.operator not in PREFIX_AND_POSTFIX:
            raise cannot("een verwijzing naar een overloopbereik")
        operand = self.expression(tree.operand, array)
        if operand.kind == "area":
            return Code(f"unary({tree.operator!r}, {operand.text})", "area")
        text = f"truth({operand.text})" if operand.kind == "condition" else operand.text
        return Code(f"{UNARY_NAMES[tree.operator]}({text})", "value")

    def binary(self, tree: Binary, array: bool) -> Code:
        if tree.operator == ",":
            raise cannot("samengesteld bereik")
        left, right = self.expression(tree.left, array), self.expression(tree.right, array)
        if "area" in (left.kind, right.kind):
            return Code(f"binary({tree.operator!r}, {self.vector(left)}, {self.vector(right)})", "area")
        one, other = (f"truth({code.text})" if code.kind == "condition" else code.text for code in (left, right))
        if tree.operator in COMPARISON_NAMES:
            return Code(f"{COMPARISON_NAMES[tree.operator]}({one}, {other})", "condition")
        return Code(f"{OPERATOR_NAMES[tree.operator]}({one}, {other})", "value")

    # -- calls -------------------------------------------------------------------------------------------------------

    def call(self, tree: Call, array: bool, whole: bool = False) -> Code:
        name = tree.name
        if name in RANDOM:
            raise cannot(f"{name} geeft elke keer een andere uitkomst")
        about = self.about_place(tree, array)
        if about is not None:
            return about
        function = FUNCTIONS.get(name)
        if function is None:
            raise Unfit(unknown_reason("RK420", functie=name, motor=ENGINE))
        if not function.minimum <= len(tree.arguments) <= function.maximum:
            raise cannot("een functie met een verkeerd aantal argumenten")
        if name in branches.LAZY and not array and len(tree.arguments) <= MOST_BRANCHES:
            if name in ("IFERROR", "IFNA"):
                return self.iferror(tree.arguments, "wrong" if name == "IFERROR" else "absent")
            forms = {"IF": self.if_, "IFS": self.ifs, "SWITCH": self.switch, "CHOOSE": self.choose}
            return forms[name](tree.arguments)
        arguments = self.arguments(tree)
        if name in FIRST_RANGE:
            return self.subtotal(name, arguments)
        if name in shortcuts.OF_CONDITIONS and not array and all(is_condition(part) for part in arguments):
            parts = [self.expression(part, False).text for part in arguments]
            return Code(f"{shortcuts.OF_CONDITIONS[name]}(({', '.join(parts)},))", "condition")
        if name in shortcuts.OF_PLAIN and not array and len(arguments) == shortcuts.OF_PLAIN[name][1]:
            codes = [self.expression(part, False) for part in arguments]
            if all(code.kind == "value" for code in codes):
                given = ", ".join(code.text for code in codes)
                return Code(f"{shortcuts.OF_PLAIN[name][0]}({given}, n)", "value")
        if name in shortcuts.OF_CELLS and not array:
            short = self.shortcut(name, arguments)
            if short is not None:
                return short
        return self.registered(name, arguments, array, whole)

    def arguments(self, tree: Call) -> list[Tree]:
        """The arguments: unions spread out where that is the same, ranges made of one size where Excel does."""
        found: list[Tree] = []
        for argument in tree.arguments:
            waiting = [argument]
            while waiting:
                part = waiting.pop()
                if isinstance(part, Binary) and part.operator == "," and tree.name in UNION_CALLS:
                    waiting += (part.right, part.left)
                else:
                    found.append(part)
        if tree.name in ("SUMIF", "AVERAGEIF") and len(found) == 3:
            first, last = (self.scope.static_reference(part, self.home) for part in found[::2])
            if isinstance(first, Reference) and isinstance(last, Reference):
                right, bottom = last.left + first.right - first.left, last.top + first.bottom - first.top
                if right > MAX_COLUMN or bottom > MAX_ROW:
                    raise cannot(f"{tree.name} met een bereik dat buiten het blad valt")
                found[2] = Reference(last.sheet, last.left, last.top, right, bottom)
        references = [self.scope.static_reference(part, self.home) for part in found]
        together = max((self.scope.used(part) for part in references if isinstance(part, Reference)), default=0)
        if together:
            if tree.name == "COUNTBLANK":
                raise cannot("COUNTBLANK over hele kolommen of rijen")
            together += tree.name == "INDEX"  # an empty one at the end
            for place, reference in enumerate(references):
                if isinstance(reference, Reference) and (is_whole_column(reference) or is_whole_row(reference)):
                    found[place] = self.scope.clipped(reference, together)
        return found

    def registered(self, name: str, arguments: list[Tree], array: bool, whole: bool) -> Code:
        inside = array or name in ARRAY_CALLS
        takes = FUNCTIONS[name].takes_area
        single = {place for place in range(len(arguments)) if not takes(place) or place in ONE_VALUE.get(name, ())}
        texts, areas = [], False
        for place, argument in enumerate(arguments):
            if isinstance(argument, Missing):
                texts.append("None")
                continue
            if isinstance(argument, Number):
                texts.append(self.fixed(number(argument.value)))
                continue
            code = self.expression(argument, inside) if place in single else self.argument(argument, inside, True)
            areas = areas or (place in single and code.kind == "area")
            texts.append(self.vector(code))
        given = f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
        if areas:
            return Code(f"lifted(functions[{name!r}], {frozenset(single)!r}, {given}, n)", "area")
        if array or whole:
            return Code(f"called(functions[{name!r}], {given}, n)", "area")
        return Code(f"result_of(functions[{name!r}], {given}, n)", "value")

    def subtotal(self, name: str, arguments: list[Tree]) -> Code:
        """A call that leaves out cells by where they stand."""
        try:
            rule = rule_of(name, arguments)
            first = FIRST_RANGE[name]
            ranges = range(first, first + 1 if rule.array else len(arguments))
            texts = [
                self.subtotalled(part, rule) if place in ranges else self.vector(self.argument(part, False, True))
                for place, part in enumerate(arguments)
            ]
        except Undecided as problem:
            raise cannot(str(problem)) from problem
        return Code(f"result_of(functions[{name!r}], ({', '.join(texts)},), n)", "value")

    def subtotalled(self, tree: Tree, rule: Rule) -> str:
        """A range of such a call."""
        reference = self.scope.static_reference(tree, self.home)
        if not isinstance(reference, Reference):
            if rule.array or isinstance(reference, Error):
                return self.vector(self.argument(tree, True, True))
            raise cannot(f"{rule.name} van iets anders dan een bereik")
        reference = self.scope.clipped(reference)
        area, runs = self.area(reference), self.scope.subtotals.kept(reference, rule)
        return area if runs is None else f"kept({area}, {self.fixed(runs)})"

    def shortcut(self, name: str, arguments: list[Tree]) -> Code | None:
        """A call of a few cells without making a rectangle of them."""
        parts: list[str] = []
        if name in shortcuts.OF_ONE and len(arguments) != 1:
            return None
        for argument in arguments:
            reference = self.scope.static_reference(argument, self.home)
            if isinstance(reference, Reference):
                cells = (reference.right - reference.left + 1) * (reference.bottom - reference.top + 1)
                if len(parts) + cells > FEW or (cells > 1 and name in shortcuts.OF_ONE):
                    return None
                parts += [self.cell(Reference(reference.sheet, column, row, column, row))
                          for row in range(reference.top, reference.bottom + 1)
                          for column in range(reference.left, reference.right + 1)]
            elif name in shortcuts.OF_NUMBERS and is_number(argument):
                code = self.expression(argument, False)
                if code.kind != "value":
                    return None
                parts.append(code.text)
            else:
                return None
        kind = "condition" if name in shortcuts.CONDITIONS else "value"
        return Code(f"{shortcuts.OF_CELLS[name]}(({', '.join(parts)},), n)", kind)

    def about_place(self, tree: Call, array: bool) -> Code | None:
        """Functions that look at where their argument stands and not at what it holds."""
        name, arguments = tree.name, tree.arguments
        if name in ("ROW", "COLUMN") and len(arguments) <= 1:
            if not arguments:
                return Code(self.fixed(float(self.home.row if name == "ROW" else self.home.column)), "value")
            reference = self.scope.static_reference(arguments[0], self.home)
            if not isinstance(reference, Reference):
                raise cannot(f"{name} van iets anders dan een verwijzing")
            rows = name == "ROW"
            if not array:
                return Code(self.fixed(float(reference.top if rows else reference.left)), "value")
            places = range(reference.top, reference.bottom + 1) if rows else range(reference.left, reference.right + 1)
            cells = [number(place) for place in places]
            return Code(self.fixed(Area(len(cells) if rows else 1, 1 if rows else len(cells), cells)), "area")
        if name in ("ROWS", "COLUMNS") and len(arguments) == 1:
            reference = self.scope.static_reference(arguments[0], self.home)
            if isinstance(reference, Reference):
                count = (reference.bottom - reference.top if name == "ROWS" else reference.right - reference.left) + 1
                return Code(self.fixed(float(count)), "value")
        if name == "ISREF" and len(arguments) == 1:
            found = self.scope.static_reference(arguments[0], self.home)
            return Code(self.fixed(constant(isinstance(found, Reference))), "value")
        return None

    # -- lazy forms --------------------------------------------------------------------------------------------------

    def branch(self, condition: str, unless: str, tree: Tree | None, otherwise: str) -> str:
        """A branch in a variable, computed unless the condition is so in every scenario."""
        name = self.name()
        self.line(f"{name} = None")
        self.line(f"if {condition} is not {unless}:")
        self.depth += 1
        self.line(f"{name} = {otherwise if tree is None else self.value(tree)}")
        self.depth -= 1
        return name

    def if_(self, arguments: tuple[Tree, ...]) -> Code:
        condition = self.variable(self.condition(arguments[0], False))
        one = self.branch(condition, "False", arguments[1], "")
        other = self.branch(condition, "True", arguments[2] if len(arguments) == 3 else None, "FALSE")
        return Code(self.picked(condition, one, other), "value")

    def picked(self, condition: str, one: str, other: str) -> str:
        mixed = f"merged({condition}, {one}, {other})"
        return self.variable(f"{one} if {condition} is True else {other} if {condition} is False else {mixed}")

    def iferror(self, arguments: tuple[Tree, ...], test: str) -> Code:
        value = self.variable(self.value(arguments[0]))
        condition = self.variable(f"{test}({value})")
        return Code(self.picked(condition, self.branch(condition, "False", arguments[1], ""), value), "value")

    def ifs(self, arguments: tuple[Tree, ...]) -> Code:
        if len(arguments) % 2:
            raise cannot("IFS met een voorwaarde zonder waarde")
        return self.chain([(self.condition_of(test), value) for test, value in
                           zip(arguments[::2], arguments[1::2], strict=True)], None)

    def switch(self, arguments: tuple[Tree, ...]) -> Code:
        subject = self.variable(self.value(arguments[0]))
        pairs = list(zip(arguments[1::2], arguments[2::2], strict=False))
        default = arguments[-1] if len(arguments) % 2 == 0 else None

        def test(tree: Tree) -> Callable[[], str]:
            return lambda: f"settled(eq({subject}, {self.value(tree)}))"

        return self.chain([(test(tree), value) for tree, value in pairs], default)

    def condition_of(self, tree: Tree) -> Callable[[], str]:
        return lambda: self.condition(tree, False)

    def chain(self, pairs: list[tuple[Callable[[], str], Tree]], default: Tree | None) -> Code:
        """The value behind the first condition that holds, one inside the other; #N/A without a default."""
        if not pairs:
            return Code("MISSING" if default is None else self.value(default), "value")
        condition = self.variable(pairs[0][0]())
        one = self.branch(condition, "False", pairs[0][1], "")
        other = self.name()
        self.line(f"{other} = None")
        self.line(f"if {condition} is not True:")
        self.depth += 1
        self.line(f"{other} = {self.chain(pairs[1:], default).text}")
        self.depth -= 1
        return Code(self.picked(condition, one, other), "value")

    def choose(self, arguments: tuple[Tree, ...]) -> Code:
        index = self.variable(f"choice({self.value(arguments[0])}, {len(arguments) - 1})")
        result = self.variable(index)
        for place, tree in enumerate(arguments[1:], 1):
            condition = self.variable(f"chooses({index}, {float(place)!r})")
            self.line(f"if {condition} is not False:")
            self.depth += 1
            value = self.value(tree)
            self.line(f"{result} = {value} if {condition} is True else merged({condition}, {value}, {result})")
            self.depth -= 1
        return Code(result, "value")
