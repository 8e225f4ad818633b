"""From a formula's text to its tree: a tokenizer and an operator-precedence parser, without recursion.

The text is English with commas, as it stands in a file. openpyxl's tokenizer, which `references` uses to prepare
formulas for other engines, isn't strict enough for computing: it reads ``A1:INDEX(`` as one function, takes a tab into
the name behind it, knows no ``A1#``, and ends in an IndexError at ``=)``. Whatever isn't understood here is a
`SyntaxProblem`, never a guess.

Sources: Microsoft's [MS-XLSX] 2.2.2 (formulas in a file) and "Calculation operators and precedence in Excel".
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import NoReturn

from rekentool.engine.lexicon import (
    BRACKETS,
    CONSTANT,
    MISSING,
    OPENING,
    OPERAND,
    OPERATOR,
    R1C1,
    SPACES,
    TARGET,
)
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.shape import references, shape, walk
from rekentool.engine.tablepart import UnknownPart, table_part
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
    Structured,
    Text,
    Tree,
    Unary,
)
from rekentool.engine.vector import ERRORS
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, ExcelError, column_number

__all__ = ["CACHE_SIZE", "MAX_DEPTH", "SyntaxProblem", "parse", "references", "shape", "walk"]

#: Levels in a tree, so that whoever walks it may recurse; a chain of as many operators counts too. Excel nests 64 deep.
MAX_DEPTH = 256
#: Texts of which the tree is kept.
CACHE_SIZE = 65_536

_REF_ERROR = Error(ExcelError("#REF!"))
_ERRORS = {error.code: error for error in ERRORS}
#: How tight an operator binds. All binary ones, ``^`` too, group from the left: 2^3^2 is 64.
_BINARY = {
    ":": 9, " ": 8, ",": 7, "^": 4, "*": 3, "/": 3, "+": 2, "-": 2, "&": 1,
    "=": 0, "<>": 0, "<": 0, "<=": 0, ">": 0, ">=": 0,
}
_PREFIX, _PERCENT, _GROUP = 6, 5, -1
#: Names for intermediate results and functions as values: LET(_xlpm.x,…), BYROW(…,_xleta.SUM).
_LAMBDA_NAMES = ("_XLPM.", "_XLETA.")


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


def parse(formula: str) -> Tree:
    """The tree of a formula, with or without ``=`` before it; SyntaxProblem (RK430–RK438) when there is none.

    Parentheses leave no trace. ``TRUE()`` is TRUE; ``_xlfn.SINGLE(x)`` is ``@x`` and ``_xlfn.ANCHORARRAY(x)`` is
    ``x#``, which a file writes so; a reference that Excel has broken (``Blad1!#REF!``, ``#REF!A1``) is the error #REF!.
    """
    text = formula.lstrip(" \t\r\n")
    return _parse(text[1:] if text.startswith("=") else text)


@lru_cache(CACHE_SIZE)
def _parse(text: str) -> Tree:
    return _Parser(text).tree()


class _Parser:
    """One formula being parsed: operands that wait for their operator, and operators that wait for their operands."""

    __slots__ = ("calls", "depths", "operands", "pending", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.operands: list[Tree] = []
        self.depths: list[int] = []
        #: Precedence, operator ("" for a group), position, and for a group the number of operands before it.
        self.pending: list[tuple[int, str, int, int]] = []
        #: The functions and plain parentheses ("") that are open.
        self.calls: list[str] = []

    def tree(self) -> Tree:
        at = 0
        while at >= 0:
            at = self._operator(self._operand(at))
        return self.operands[0]

    def _operand(self, at: int) -> int:
        """Read signs and opening parentheses up to and including one operand; gives where it ends."""
        text = self.text
        while True:
            match = OPERAND(text, at)
            if match is None:
                self._misunderstood(at, "een getal, tekst, cel, naam, functie of haakje openen")
            kind = match.lastgroup
            start, end = match.start(kind or 0), match.end()
            if kind in ("area", "columns", "rows"):
                return self._cells(match, None)
            if kind == "number":
                self._push(Number(self._number(match["number"], start)))
                return end
            if kind == "text":
                self._push(Text(text[start + 1 : end - 1].replace('""', '"')))
                return end
            if kind == "call":
                self._open(_plain_name(text[start : end - 1]), start)
                missing = MISSING(text, end)
                if missing is not None:
                    if text[missing.end()] == ",":
                        self._push(Missing())
                    return missing.end()
            elif kind == "open":
                self._open("", start)
            elif kind == "sign":
                self.pending.append((_PREFIX, text[start], start, 0))
            elif kind == "prefix":
                return self._behind_sheet(start, end)
            elif kind == "name":
                return self._name(start, end)
            elif kind in ("table", "own"):
                return self._table(start, end - 1)
            elif kind == "error":
                return self._error(start, end)
            elif kind == "brace":
                return self._array(start, end)
            else:
                self._refuse("RK431", start, tekst=text[start:end])
            at = end

    def _operator(self, at: int) -> int:
        """Read what follows an operand up to where the next one begins; gives that place, or -1 at the end."""
        text = self.text
        while True:
            match = OPERATOR(text, at)
            if match is None:
                space = SPACES(text, at)
                end = at if space is None else space.end()
                if end == at:
                    self._misunderstood(at, "een bewerking, een komma of haakje sluiten")
                self._binary(" ", at)
                return end
            operator = match[match.lastindex] if match.lastindex else ""
            place, at = match.end() - len(operator), match.end()
            if operator == ")":
                self._close(place)
            elif operator == "," and self.calls and self.calls[-1]:
                self._reduce(0)
                missing = MISSING(text, at)
                if missing is None:
                    return at
                self._push(Missing())
                at = missing.end()
            elif operator == "%":
                self._reduce(_PERCENT)
                self._apply_unary("%")
            elif operator == "#":
                self._refers(self.operands[-1], place, "een cel of naam voor #")
                self._apply_unary("#")
            elif operator:
                self._binary(operator, place)
                return at
            else:
                self._reduce(0)
                if self.pending:
                    self._misunderstood(len(text), "haakje sluiten")
                return -1

    # -- building the tree ------------------------------------------------------------------------------------------

    def _push(self, node: Tree, depth: int = 1) -> None:
        if depth > MAX_DEPTH:
            raise SyntaxProblem("RK438", 1, unknown_reason("RK438", grens=MAX_DEPTH))
        self.operands.append(node)
        self.depths.append(depth)

    def _binary(self, operator: str, place: int) -> None:
        precedence = _BINARY[operator]
        self._reduce(precedence)
        self.pending.append((precedence, operator, place, 0))

    def _reduce(self, precedence: int) -> None:
        """Apply the operators that wait and bind at least as tight, back to the innermost group."""
        pending = self.pending
        while pending and pending[-1][0] >= precedence:
            bound, operator, place, _ = pending.pop()
            if bound == _PREFIX:
                self._apply_unary(operator)
                continue
            right, left = self.operands.pop(), self.operands.pop()
            depth = 1 + max(self.depths.pop(), self.depths.pop())
            if bound > _PREFIX:
                expected = "een bewerking" if operator == " " else f"aan weerszijden van {operator} een verwijzing"
                self._refers(left, place, expected)
                self._refers(right, place, expected)
                joined = _joined(left, right) if operator == ":" else None
                if joined is not None:
                    self._push(joined)
                    continue
            self._push(Binary(operator, left, right), depth)

    def _apply_unary(self, operator: str) -> None:
        self._push(Unary(operator, self.operands.pop()), 1 + self.depths.pop())

    def _refers(self, node: Tree, place: int, expected: str) -> None:
        """Refuse a reference operator beside something that can't be a reference."""
        fine = isinstance(node, Reference | Name | Structured | Call | Error)
        if not fine and not (isinstance(node, Binary | Unary) and node.operator in (":", " ", ",", "#")):
            self._misunderstood(place, expected)

    def _open(self, name: str, place: int) -> None:
        if name in ("LET", "LAMBDA") or name.startswith(_LAMBDA_NAMES):
            self._refuse("RK434", place, functie=name)
        self.calls.append(name)
        self.pending.append((_GROUP, "", place, len(self.operands)))

    def _close(self, place: int) -> None:
        self._reduce(0)
        if not self.calls:
            self._misunderstood(place, "een bewerking of het einde")
        name, base = self.calls.pop(), self.pending.pop()[3]
        if not name:
            return
        arguments = tuple(self.operands[base:])
        depth = 1 + max(self.depths[base:], default=0)
        del self.operands[base:], self.depths[base:]
        if not arguments and name in ("TRUE", "FALSE"):
            self._push(Logical(name == "TRUE"))
        elif len(arguments) == 1 and name in ("SINGLE", "ANCHORARRAY"):
            self._push(Unary("@" if name == "SINGLE" else "#", arguments[0]), depth)
        else:
            self._push(Call(name, arguments), depth)

    # -- operands ---------------------------------------------------------------------------------------------------

    def _number(self, digits: str, place: int) -> float:
        value = float(digits)
        if not math.isfinite(value):
            self._refuse("RK437", place, tekst=digits)
        return value

    def _cells(self, match: re.Match[str], sheet: str | None) -> int:
        """A cell, range, whole columns or whole rows; gives where it ends."""
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        first = match.re.groupindex[kind] + 1
        if kind == "area":
            dollar, letters, dollar_row, digits, *rest = match.groups()[first - 1 : first + 7]
            left, top = column_number(letters), int(digits)
            if not (left <= MAX_COLUMN and 1 <= top <= MAX_ROW):
                return self._name(start, match.end(first + 3), sheet)
            left_fixed, top_fixed = bool(dollar), bool(dollar_row)
            if rest[1] is None:
                self._push(Reference(sheet, left, top, left, top, (left_fixed, top_fixed, left_fixed, top_fixed)))
                return end
            right, bottom = column_number(rest[1]), int(rest[3])
            if not (right <= MAX_COLUMN and 1 <= bottom <= MAX_ROW):
                self._push(Reference(sheet, left, top, left, top, (left_fixed, top_fixed, left_fixed, top_fixed)))
                return match.end(first + 3)
            right_fixed, bottom_fixed = bool(rest[0]), bool(rest[2])
        else:
            dollar, one, dollar_two, two = match.groups()[first - 1 : first + 3]
            left_fixed, right_fixed, top_fixed, bottom_fixed = bool(dollar), bool(dollar_two), False, False
            left, right, top, bottom = 1, MAX_COLUMN, 1, MAX_ROW
            if kind == "columns":
                left, right = column_number(one), column_number(two)
                if max(left, right) > MAX_COLUMN:
                    return self._name(start, match.end(first + 1), sheet)
            else:
                top, bottom = int(one), int(two)
                if min(top, bottom) < 1 or max(top, bottom) > MAX_ROW:
                    self._misunderstood(start, f"rijen van 1 tot {MAX_ROW}")
                left_fixed, right_fixed, top_fixed, bottom_fixed = False, False, left_fixed, right_fixed
        if left > right:
            left, right, left_fixed, right_fixed = right, left, right_fixed, left_fixed
        if top > bottom:
            top, bottom, top_fixed, bottom_fixed = bottom, top, bottom_fixed, top_fixed
        self._push(Reference(sheet, left, top, right, bottom, (left_fixed, top_fixed, right_fixed, bottom_fixed)))
        return end

    def _name(self, start: int, end: int, sheet: str | None = None) -> int:
        name = self.text[start:end]
        if "$" in name:
            self._misunderstood(start, "een cel tussen A1 en XFD1048576")
        self._check_r1c1(start, end)
        capitals = _capitals(name)
        if capitals.startswith(_LAMBDA_NAMES):
            self._refuse("RK434", start, functie=name)
        if sheet is None and capitals in ("TRUE", "FALSE"):
            self._push(Logical(capitals == "TRUE"))
            return end
        if sheet is None and OPENING(self.text, end):
            self._refuse("RK435", start, naam=name)
        self._push(Name(name, sheet))
        return end

    def _check_r1c1(self, start: int, end: int) -> None:
        """Refuse R1C1 notation, which a name can't look like: R, RC, R1C1, R[-1]C[2]."""
        match = R1C1(self.text, start)
        if match is None or match.end() < end or match.end() == start:
            return
        for digits, most in ((match[1], MAX_ROW), (match[2], MAX_COLUMN)):
            if digits and digits.isdecimal() and (len(digits) > 7 or not 1 <= int(digits) <= most):
                return
        self._refuse("RK433", start, tekst=match[0])

    def _behind_sheet(self, start: int, end: int) -> int:
        prefix = self.text[start : end - 1]
        sheet = prefix[1:-1].replace("''", "'") if prefix.startswith("'") else prefix
        if any(mark in prefix for mark in "[]/\\"):
            self._refuse("RK431", start, tekst=prefix + "!")
        if ":" in prefix:
            self._refuse("RK432", start, tekst=prefix + "!")
        target = TARGET(self.text, end)
        if target is None or not sheet:
            self._check_r1c1(end, end)
            self._misunderstood(end if sheet else start, "na de bladnaam een cel, bereik of naam")
        if target.lastgroup == "name":
            return self._name(end, target.end(), sheet)
        if target.lastgroup == "error":
            self._push(_REF_ERROR)
            return target.end()
        return self._cells(target, sheet)

    def _error(self, start: int, end: int) -> int:
        code = self.text[start:end].upper()
        error = _ERRORS.get(code)
        if error is None:
            self._refuse("RK436", start, tekst=self.text[start:end])
        self._push(Error(error))
        if code != "#REF!":
            return end
        # #REF!A1 and #REF![Kolom]: the sheet or table is gone, and what stood behind it says nothing any more.
        gone = TARGET(self.text, end) or BRACKETS(self.text, end)
        return end if gone is None else gone.end()

    def _table(self, start: int, bracket: int) -> int:
        if start < bracket:
            self._check_r1c1(start, bracket)
        match = BRACKETS(self.text, bracket)
        if match is None:
            self._misunderstood(bracket, "een kolom van een tabel, met evenveel [ als ]")
        structured = Structured(self.text[start:bracket], self.text[bracket + 1 : match.end() - 1])
        try:
            broken = table_part(structured.specifier).broken
        except UnknownPart:
            self._misunderstood(bracket, "een kolom of onderdeel van een tabel")
        self._push(_REF_ERROR if broken else structured)
        return match.end()

    def _array(self, start: int, at: int) -> int:
        rows: list[tuple[Number | Text | Logical | Error, ...]] = []
        row: list[Number | Text | Logical | Error] = []
        mark = ","
        while mark != "}":
            match = CONSTANT(self.text, at)
            if match is None:
                self._misunderstood(at, "een constante met een komma, puntkomma of } erachter")
            kind = match.lastgroup or ""
            found = match[kind]
            if kind == "number":
                row.append(Number(self._number(found, match.start(kind))))
            elif kind == "text":
                row.append(Text(found[1:-1].replace('""', '"')))
            elif kind == "logical":
                row.append(Logical(found.upper() == "TRUE"))
            elif found.upper() in _ERRORS:
                row.append(Error(_ERRORS[found.upper()]))
            else:
                self._refuse("RK436", match.start(kind), tekst=found)
            at, mark = match.end(), self.text[match.end() - 1]
            if mark != ",":
                rows.append(tuple(row))
                row = []
        if len({len(row) for row in rows}) > 1:
            self._misunderstood(start, "rijen die even lang zijn")
        self._push(ArrayConstant(tuple(rows)))
        return at

    # -- refusing ---------------------------------------------------------------------------------------------------

    def _refuse(self, code: str, at: int, **facts: object) -> NoReturn:
        raise SyntaxProblem(code, at + 2, unknown_reason(code, plaats=at + 2, **facts))

    def _misunderstood(self, at: int, expected: str) -> NoReturn:
        space = SPACES(self.text, at)
        at = at if space is None else space.end()
        rest = self.text[at : at + 20]
        self._refuse("RK430", at, rest=f"»{rest}«" if rest else "niets meer", verwacht=expected)


def _plain_name(name: str) -> str:
    """``_xlfn._xlws.sort`` → ``SORT``: the prefixes say only which Excel was the first to have it."""
    name = _capitals(name)
    while name.startswith(("_XLFN.", "_XLWS.", "_XLL.")) and not name.endswith("."):
        name = name[name.index(".") + 1 :]
    return name


def _capitals(name: str) -> str:
    """Upper case as far as that is certain: Python makes SUM of ``ſum``, Excel doesn't."""
    return name.upper() if name.isascii() else name


def _joined(left: Tree, right: Tree) -> Reference | Error | None:
    """The range from one cell to another on the same sheet, as Excel itself would write it; None for other ends."""
    if isinstance(left, Error) or isinstance(right, Error):
        return left if isinstance(left, Error) else right if isinstance(right, Error) else None
    if not (isinstance(left, Reference) and isinstance(right, Reference) and left.single and right.single):
        return None
    if (left.sheet or "").casefold() != (right.sheet or "").casefold():
        return None
    west, east = (left, right) if left.left <= right.left else (right, left)
    north, south = (left, right) if left.top <= right.top else (right, left)
    fixed = (west.absolute[0], north.absolute[1], east.absolute[0], south.absolute[1])
    return Reference(left.sheet, west.left, north.top, east.left, south.top, fixed)
