"""From a formula's text to its tree: a tokenizer and an operator-precedence parser, without recursion.

The text is English with commas, as it stands in a file. openpyxl's tokenizer, which `references` uses to prepare
formulas for other engines, isn't strict enough for computing: it reads ``A1:INDEX(`` as one function, takes a tab into
the name behind it, knows no ``A1#``, and ends in an IndexError at ``=)``. Whatever isn't understood here is a
`SyntaxProblem`, never a guess.

Sources: Microsoft's [MS-XLSX] 2.2.2 (formulas in a file) and "Calculation operators and precedence in Excel".
"""

from __future__ import annotations

from functools import lru_cache

from rekentool.engine.lexicon import MISSING, OPERAND, OPERATOR, SPACES
from rekentool.engine.operands import LAMBDA_NAMES, MAX_DEPTH, Operands, SyntaxProblem, capitals, span
from rekentool.engine.shape import references, shape, walk
from rekentool.engine.tree import (
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

__all__ = ["CACHE_SIZE", "MAX_DEPTH", "SyntaxProblem", "parse", "references", "shape", "walk"]

#: Texts of which the tree is kept.
CACHE_SIZE = 16_384

#: How tight an operator binds. All binary ones, ``^`` too, group from the left: 2^3^2 is 64.
_BINARY = {
    ":": 9, " ": 8, ",": 7, "^": 4, "*": 3, "/": 3, "+": 2, "-": 2, "&": 1,
    "=": 0, "<>": 0, "<": 0, "<=": 0, ">": 0, ">=": 0,
}
_PREFIX, _PERCENT, _GROUP = 6, 5, -1


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


class _Parser(Operands):
    """One formula being parsed: operands that wait for their operator, and operators that wait for their operands."""

    __slots__ = ("calls", "pending")

    def __init__(self, text: str) -> None:
        super().__init__(text)
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
                self.misunderstood(at, "een getal, tekst, cel, naam, functie of haakje openen")
            kind = match.lastgroup
            start, end = match.start(kind or 0), match.end()
            if kind in ("area", "columns", "rows"):
                return self.cells(match, None)
            if kind == "number":
                self.push(Number(self.number(match["number"], start)))
                return end
            if kind == "text":
                self.push(Text(text[start + 1 : end - 1].replace('""', '"')))
                return end
            if kind == "call":
                self._open(_plain_name(text[start : end - 1]), start)
                missing = MISSING(text, end)
                if missing is not None:
                    if text[missing.end()] == ",":
                        self.push(Missing())
                    return missing.end()
            elif kind == "open":
                self._open("", start)
            elif kind == "sign":
                self.pending.append((_PREFIX, text[start], start, 0))
            elif kind == "prefix":
                return self.behind_sheet(start, end)
            elif kind == "name":
                return self.name(start, end)
            elif kind in ("table", "own"):
                return self.table(start, end - 1)
            elif kind == "error":
                return self.error(start, end)
            elif kind == "brace":
                return self.array(start, end)
            else:
                self.refuse("RK431", start, tekst=text[start:end])
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
                    self.misunderstood(at, "een bewerking, een komma of haakje sluiten")
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
                self.push(Missing())
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
                    self.misunderstood(len(text), "haakje sluiten")
                return -1

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
                    self.push(joined)
                    continue
            self.push(Binary(operator, left, right), depth)

    def _apply_unary(self, operator: str) -> None:
        self.push(Unary(operator, self.operands.pop()), 1 + self.depths.pop())

    def _refers(self, node: Tree, place: int, expected: str) -> None:
        """Refuse a reference operator beside something that can't be a reference."""
        fine = isinstance(node, Reference | Name | Structured | Call | Error)
        if not fine and not (isinstance(node, Binary | Unary) and node.operator in (":", " ", ",", "#")):
            self.misunderstood(place, expected)

    def _open(self, name: str, place: int) -> None:
        if name in ("LET", "LAMBDA") or name.startswith(LAMBDA_NAMES):
            self.refuse("RK434", place, functie=name)
        self.calls.append(name)
        self.pending.append((_GROUP, "", place, len(self.operands)))

    def _close(self, place: int) -> None:
        self._reduce(0)
        if not self.calls:
            self.misunderstood(place, "een bewerking of het einde")
        name, base = self.calls.pop(), self.pending.pop()[3]
        if not name:
            return
        arguments = tuple(self.operands[base:])
        depth = 1 + max(self.depths[base:], default=0)
        del self.operands[base:], self.depths[base:]
        if not arguments and name in ("TRUE", "FALSE"):
            self.push(Logical(name == "TRUE"))
        elif len(arguments) == 1 and name in ("SINGLE", "ANCHORARRAY"):
            self.push(Unary("@" if name == "SINGLE" else "#", arguments[0]), depth)
        else:
            self.push(Call(name, arguments), depth)


def _plain_name(name: str) -> str:
    """``_xlfn._xlws.sort`` → ``SORT``: the prefixes say only which Excel was the first to have it."""
    name = capitals(name)
    while name.startswith(("_XLFN.", "_XLWS.", "_XLL.")) and not name.endswith("."):
        name = name[name.index(".") + 1 :]
    return name


def _joined(left: Tree, right: Tree) -> Reference | Error | None:
    """The range from one cell to another on the same sheet, as Excel itself would write it; None for other ends."""
    if isinstance(left, Error) or isinstance(right, Error):
        return left if isinstance(left, Error) else right if isinstance(right, Error) else None
    if not (isinstance(left, Reference) and isinstance(right, Reference) and left.single and right.single):
        return None
    if (left.sheet or "").casefold() != (right.sheet or "").casefold():
        return None
    one, two = ((end.left, end.top, end.absolute[0], end.absolute[1]) for end in (left, right))
    return span(left.sheet, one, two)
