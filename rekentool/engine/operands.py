"""The operands of a formula: reading a number, text, reference, name, table part or array constant where it stands."""

from __future__ import annotations

import math
import re
from typing import NoReturn

from rekentool.engine.lexicon import BRACKETS, CONSTANT, OPENING, R1C1, SPACES, TARGET
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.tablepart import UnknownPart, table_part
from rekentool.engine.tree import ArrayConstant, Error, Logical, Name, Number, Reference, Structured, Text, Tree
from rekentool.engine.vector import ERRORS
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, ExcelError, column_number

#: Levels in a tree, so that whoever walks it may recurse; a chain of as many operators counts too. Excel nests 64 deep.
MAX_DEPTH = 256

_REF_ERROR = Error(ExcelError("#REF!"))
_ERRORS = {error.code: error for error in ERRORS}
#: Characters of a formula that a reason quotes.
MAX_QUOTED = 60
#: Names for intermediate results and functions as values: LET(_xlpm.x,…), BYROW(…,_xleta.SUM).
LAMBDA_NAMES = ("_XLPM.", "_XLETA.")


class SyntaxProblem(ValueError):
    """A formula that isn't understood or not supported: ``reason`` says in Dutch what and where, with its ``code``.

    ``position`` counts as the formula bar shows it: the ``=`` is 1.
    """

    def __init__(self, code: str, position: int, reason: str) -> None:
        super().__init__(code, position, reason)
        self.code = code
        self.position = position
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def capitals(name: str) -> str:
    """Upper case as far as that is certain: Python makes SUM of ``ſum``, Excel doesn't."""
    return name.upper() if name.isascii() else name


#: Column, row, and whether a $ stood before each.
Corner = tuple[int, int, bool, bool]


def _corner(dollar: str, letters: str, dollar_row: str, digits: str) -> Corner | None:
    column, row = column_number(letters), int(digits)
    return (column, row, bool(dollar), bool(dollar_row)) if column <= MAX_COLUMN and 1 <= row <= MAX_ROW else None


def span(sheet: str | None, one: Corner, two: Corner) -> Reference:
    """The rectangle with these two opposite corners, in whatever order."""
    left, top, left_fixed, top_fixed = one
    right, bottom, right_fixed, bottom_fixed = two
    if left > right:
        left, right, left_fixed, right_fixed = right, left, right_fixed, left_fixed
    if top > bottom:
        top, bottom, top_fixed, bottom_fixed = bottom, top, bottom_fixed, top_fixed
    return Reference(sheet, left, top, right, bottom, (left_fixed, top_fixed, right_fixed, bottom_fixed))


class Operands:
    """The operands read so far from one formula's text, each with the depth of its tree."""

    __slots__ = ("depths", "operands", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.operands: list[Tree] = []
        self.depths: list[int] = []

    def push(self, node: Tree, depth: int = 1) -> None:
        """Add an operand; RK438 when its tree is too deep."""
        if depth > MAX_DEPTH:
            raise SyntaxProblem("RK438", 1, unknown_reason("RK438", grens=MAX_DEPTH))
        self.operands.append(node)
        self.depths.append(depth)

    def number(self, digits: str, place: int) -> float:
        """The number as Excel has it; RK437 beyond the largest float."""
        value = float(digits)
        if not math.isfinite(value):
            self.refuse("RK437", place, tekst=digits)
        return value

    def cells(self, match: re.Match[str], sheet: str | None) -> int:
        """A cell, range, whole columns or whole rows; gives where it ends."""
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        first = match.re.groupindex[kind] + 1
        fields = match.groups()[first - 1 : first + 7]
        if kind == "area":
            one = two = _corner(*fields[:4])
            if one is None:
                return self.name(start, match.end(first + 3), sheet)
            if fields[5] is not None:
                two = _corner(*fields[4:])
            if two is None:  # A1:XFE1 ends in a name
                two, end = one, match.end(first + 3)
        elif kind == "columns":
            left, right = column_number(fields[1]), column_number(fields[3])
            if max(left, right) > MAX_COLUMN:
                return self.name(start, match.end(first + 1), sheet)
            one, two = (left, 1, bool(fields[0]), False), (right, MAX_ROW, bool(fields[2]), False)
        else:
            top, bottom = int(fields[1]), int(fields[3])
            if min(top, bottom) < 1 or max(top, bottom) > MAX_ROW:
                self.misunderstood(start, f"een rij van 1 tot {MAX_ROW}")
            one, two = (1, top, False, bool(fields[0])), (MAX_COLUMN, bottom, False, bool(fields[2]))
        self.push(span(sheet, one, two))
        return end

    def name(self, start: int, end: int, sheet: str | None = None) -> int:
        """A defined name, TRUE or FALSE; gives where it ends."""
        name = self.text[start:end]
        if "$" in name:
            self.misunderstood(start, "een cel tussen A1 en XFD1048576")
        self._check_r1c1(start, end)
        upper = capitals(name)
        if upper.startswith(LAMBDA_NAMES):
            self.refuse("RK434", start, functie=name)
        if sheet is None and upper in ("TRUE", "FALSE"):
            self.push(Logical(upper == "TRUE"))
            return end
        if sheet is None and OPENING(self.text, end):
            self.refuse("RK435", start, naam=name)
        self.push(Name(name, sheet))
        return end

    def _check_r1c1(self, start: int, end: int) -> None:
        """Refuse R1C1 notation, which a name can't look like: R, RC, R1C1, R[-1]C[2]."""
        match = R1C1(self.text, start)
        if match is None or match.end() < end or match.end() == start:
            return
        for digits, most in ((match[1], MAX_ROW), (match[2], MAX_COLUMN)):
            if digits and digits.isdecimal() and (len(digits) > 7 or not 1 <= int(digits) <= most):
                return
        self.refuse("RK433", start, tekst=match[0])

    def behind_sheet(self, start: int, end: int) -> int:
        """What stands behind ``Blad1!``, which runs from ``start`` to ``end``; gives where it ends."""
        prefix = self.text[start : end - 1]
        sheet = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        if any(mark in prefix for mark in "[]/\\"):
            self.refuse("RK431", start, tekst=prefix + "!")
        if ":" in prefix:
            self.refuse("RK432", start, tekst=prefix + "!")
        target = TARGET(self.text, end)
        if target is None or not sheet:
            self._check_r1c1(end, end)
            self.misunderstood(end if sheet else start, "na de bladnaam een cel, bereik of naam")
        if target.lastgroup == "name":
            return self.name(end, target.end(), sheet)
        if target.lastgroup == "error":
            self.push(_REF_ERROR)
            return target.end()
        return self.cells(target, sheet)

    def error(self, start: int, end: int) -> int:
        """An error value, with what stands behind ``#REF!``; gives where it ends."""
        code = self.text[start:end].upper()
        error = _ERRORS.get(code)
        if error is None:
            self.refuse("RK436", start, tekst=self.text[start:end])
        self.push(Error(error))
        if code != "#REF!":
            return end
        # #REF!A1 and #REF![Kolom]: the sheet or table is gone, and what stood behind it says nothing any more.
        gone = TARGET(self.text, end) or BRACKETS(self.text, end)
        return end if gone is None else gone.end()

    def table(self, start: int, bracket: int) -> int:
        """A structured reference of which the brackets begin at ``bracket``; gives where it ends."""
        if start < bracket:
            self._check_r1c1(start, bracket)
        match = BRACKETS(self.text, bracket)
        if match is None:
            self.misunderstood(bracket, "een kolom van een tabel, met evenveel [ als ]")
        structured = Structured(self.text[start:bracket], self.text[bracket + 1 : match.end() - 1])
        try:
            broken = table_part(structured.specifier).broken
        except UnknownPart:
            self.misunderstood(bracket, "een kolom of onderdeel van een tabel")
        self.push(_REF_ERROR if broken else structured)
        return match.end()

    def array(self, start: int, at: int) -> int:
        """An array constant, from behind its brace; gives where it ends."""
        rows: list[tuple[Number | Text | Logical | Error, ...]] = []
        row: list[Number | Text | Logical | Error] = []
        mark = ","
        while mark != "}":
            match = CONSTANT(self.text, at)
            if match is None:
                self.misunderstood(at, "een constante met een komma, puntkomma of } erachter")
            kind = match.lastgroup or ""
            found = match[kind]
            if kind == "number":
                row.append(Number(self.number(found, match.start(kind))))
            elif kind == "text":
                row.append(Text(found[1:-1].replace('""', '"')))
            elif kind == "logical":
                row.append(Logical(found.upper() == "TRUE"))
            elif found.upper() in _ERRORS:
                row.append(Error(_ERRORS[found.upper()]))
            else:
                self.refuse("RK436", match.start(kind), tekst=found)
            at, mark = match.end(), self.text[match.end() - 1]
            if mark != ",":
                rows.append(tuple(row))
                row = []
        if len({len(row) for row in rows}) > 1:
            self.misunderstood(start, "rijen die even lang zijn")
        self.push(ArrayConstant(tuple(rows)))
        return at

    def refuse(self, code: str, at: int, **facts: str) -> NoReturn:
        """Raise the finding ``code`` for what stands at ``at``, counted in the text without its ``=``."""
        short = {key: fact if len(fact) <= MAX_QUOTED else fact[:MAX_QUOTED] + "…" for key, fact in facts.items()}
        raise SyntaxProblem(code, at + 2, unknown_reason(code, plaats=at + 2, **short))

    def misunderstood(self, at: int, expected: str) -> NoReturn:
        """Raise RK430: something else than ``expected`` stands at ``at``, or behind the white space there."""
        space = SPACES(self.text, at)
        at = at if space is None else space.end()
        rest = self.text[at : at + 20]
        self.refuse("RK430", at, rest=f"»{rest}«" if rest else "niets meer", verwacht=expected)
