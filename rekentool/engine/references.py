"""Which cells a formula reads, which functions it calls, and in what order a workbook's formulas can be computed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token, TokenizerError

from rekentool.engine.parse import SyntaxProblem, parse
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.tables import Tables, UnknownTable
from rekentool.engine.tree import Name, Reference, Structured
from rekentool.xlsx.cell import Address, a1, split_a1, split_address
from rekentool.xlsx.reader import Workbook

#: A formula that reads more cells than this in one range is not computed: it is a whole column or row.
MAX_AREA = 200_000

_REFERENCE = re.compile(
    r"^(?:(?P<sheet>'(?:[^']|'')+'|[^'!\[\]:]+)!)?"
    r"(?P<cells>\$?[A-Za-z]{1,3}\$?\d+(?::\$?[A-Za-z]{1,3}\$?\d+)?)$"
)
_WHOLE = re.compile(r"^(?:.+!)?(?:\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?\d+:\$?\d+)$")
_LITERAL = (Token.NUMBER, Token.TEXT, Token.LOGICAL)

#: Functions that take a range as it is. Any other one, and every operator, would read from a range the one cell in
#: its own row or column (implicit intersection) or give many results: the engines differ there, so we don't compute it.
RANGE_FUNCTIONS = frozenset({
    "AND", "AREAS", "AVERAGE", "AVERAGEA", "AVERAGEIF", "AVERAGEIFS", "COLUMN", "COLUMNS", "CONCAT", "CORREL",
    "COUNT", "COUNTA", "COUNTBLANK", "COUNTIF", "COUNTIFS", "FORECAST", "HLOOKUP", "INDEX", "INTERCEPT", "IRR",
    "LARGE", "LOOKUP", "MATCH", "MAX", "MAXA", "MAXIFS", "MEDIAN", "MIN", "MINA", "MINIFS", "MMULT", "NPV", "OR",
    "PERCENTILE", "PRODUCT", "QUARTILE", "RANK", "RANK.EQ", "ROW", "ROWS", "SLOPE", "SMALL", "STDEV", "STDEV.P",
    "STDEV.S", "SUM", "SUMIF", "SUMIFS", "SUMPRODUCT", "SUMSQ", "TEXTJOIN", "VAR", "VAR.P", "VAR.S", "VLOOKUP",
    "XLOOKUP", "XMATCH", "XOR",
})
_OWN_PLACE: dict[str, Callable[[Address], int]] = {"ROW": lambda home: home.row, "COLUMN": lambda home: home.column}
#: Functions whose arguments are computed as arrays, so that an operator may stand between whole ranges.
_ARRAY_FUNCTIONS = frozenset({"SUMPRODUCT", "MMULT"})


class Area(NamedTuple):
    """A rectangle of cells on one sheet; columns and rows from 1, both ends included."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    @property
    def size(self) -> int:
        """The number of cells."""
        return (self.right - self.left + 1) * (self.bottom - self.top + 1)

    def covers(self, cell: Address) -> bool:
        """Whether the cell lies within it."""
        inside = self.left <= cell.column <= self.right and self.top <= cell.row <= self.bottom
        return inside and cell.sheet == self.sheet

    def rows(self) -> list[list[Address]]:
        """The cells, row by row."""
        columns = range(self.left, self.right + 1)
        return [[Address(self.sheet, a1(c, r)) for c in columns] for r in range(self.top, self.bottom + 1)]


@dataclass(frozen=True, slots=True)
class SplitFormula:
    """A formula taken apart.

    ``shape`` is the formula with its references replaced by the stand-ins ``ref_1``, ``ref_2`` …, so that the same
    formula in the next column has the same shape; ``areas[n - 1]`` is what ``ref_n`` stands for. ``functions`` are
    in upper case, without ``_XLFN.``. ``problem`` says in Dutch why it can't be computed cell by cell, or is empty.
    """

    shape: str
    areas: tuple[Area, ...]
    functions: frozenset[str]
    problem: str


def function_name(text: str) -> str:
    """``"_xlfn.XLOOKUP("`` → ``"XLOOKUP"``."""
    return text.rstrip("(").upper().removeprefix("_XLFN.").removeprefix("_XLWS.")


class References:
    """Resolves the references of one workbook's formulas."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheets = {sheet.name.casefold(): sheet.name for sheet in workbook.sheets}
        self._names = {name.casefold(): target for name, target in workbook.names.items()}
        self._constants = {name.casefold(): text for name, text in workbook.name_formulas.items()}
        self._tables = Tables(workbook)
        self._local = {(sheet, name.casefold()): target for (sheet, name), target in workbook.local_names.items()}

    @cached_property
    def splits(self) -> dict[Address, SplitFormula]:
        """Every formula of the workbook, taken apart."""
        return {address: self.split(address, formula) for address, formula in self._workbook.formulas.items()}

    @cached_property
    def precedents(self) -> dict[Address, tuple[Address, ...]]:
        """For each formula cell the formula cells that it reads; members of an array formula read their anchor."""
        computed = self._workbook.formula_cells
        found: dict[Address, tuple[Address, ...]] = {
            member: (anchor,) for member, anchor in self._workbook.array_members.items()
        }
        for address, split in self.splits.items():
            cells: dict[Address, None] = {}
            for area in split.areas:
                cells.update(dict.fromkeys(cell for cell in _cells_in(area, computed) if cell in computed))
            found[address] = tuple(cells)
        return found

    def split(self, home: Address, formula: str) -> SplitFormula:
        """Take one formula apart; ``home`` is the cell that it stands in."""
        try:
            tokens = Tokenizer(formula).items
        except TokenizerError:
            return SplitFormula(formula, (), frozenset(), "de formule is niet te ontleden")
        problems: list[str] = []
        areas: dict[Area, str] = {}
        shape: list[str] = []
        functions: set[str] = set()
        closing: Counter[int] = Counter()
        for index, token in enumerate(tokens):
            text = token.value
            if token.type == Token.FUNC and token.subtype == Token.OPEN:
                functions.add(function_name(text))
                beside = _neighbour(tokens, index, 1)
                if beside is not None and beside.subtype == Token.CLOSE and function_name(text) in _OWN_PLACE:
                    text = f"({_OWN_PLACE[function_name(text)](home)}.0"  # ROW() is the row of the formula itself.
                if ":" in text:
                    problems.append(f"het bereik {text} begint of eindigt met een functie")
            elif token.type == Token.OP_IN and text == ",":
                problems.append("samengesteld bereik")
            elif token.type == Token.WSPACE:
                if _is_intersection(tokens, index):
                    problems.append("doorsnede van bereiken")
            elif token.type == Token.OPERAND and token.subtype == Token.RANGE:
                target = self._resolve(home, text)
                if isinstance(target, Area):
                    if target.size > MAX_AREA:
                        problems.append(f"bereik {text} is te groot")
                    elif target.size > 1 and home not in self._workbook.arrays and not _takes_range(tokens, index):
                        problems.append(f"bereik {text} op een plaats waar één cel hoort")
                    text = areas.setdefault(target, f"ref_{len(areas) + 1}")
                elif target.startswith("="):
                    text = target[1:]
                else:
                    problems.append(target)
            elif token.type == Token.OPERAND and token.subtype == Token.NUMBER:
                text = repr(float(text))  # 1E5 and 007 are numbers to Excel, not to the library's parser.
            elif _is_minus(token) and _is_minus(_neighbour(tokens, index, -1)):
                text = "(-"  # -(-x): the library's parser drops both signs of --x, and with them the conversion.
                closing[_primary_end(tokens, index)] += 1
            shape.append(text + ")" * closing[index])
        small = tuple(area for area in areas if area.size <= MAX_AREA)
        return SplitFormula("=" + "".join(shape), small, frozenset(functions), "; ".join(dict.fromkeys(problems)))

    def _resolve(self, home: Address, text: str) -> Area | str:
        """The area of a reference or name, ``"=…"`` for what can be put in its place, or else the problem."""
        match = _REFERENCE.match(text)
        if match is not None:
            sheet = self._sheet(match["sheet"], home)
            if sheet is None:
                return f"blad {match['sheet']} bestaat niet"
            try:
                return _area(sheet, match["cells"])
            except ValueError:
                pass  # ZZZ1 is outside the sheet, so it can be a name.
        if text.endswith("#REF!"):
            return "=#REF!"
        if _WHOLE.match(text):
            return f"hele kolommen of rijen ({text})"
        if "[" in text:
            table = self._table(home, text)
            if table is not None:
                return table
            return f"verwijzing naar een tabel of een ander bestand ({text})"
        prefix, _, name = text.rpartition("!")
        scope = self._sheet(prefix, home)
        target = self._local.get((scope or home.sheet, name.casefold())) or self._names.get(name.casefold())
        if target is None and "!" not in text and text in self._tables:
            return self._table(home, text) or f"naam {text} bestaat niet"
        if target is None:
            constant = self._constants.get(name.casefold(), "")
            return _literal(constant) or (f"naam {name} is geen bereik" if constant else f"naam {text} bestaat niet")
        try:
            return _area(*split_address(target))
        except ValueError:
            return f"naam {name} is geen bereik"

    def _table(self, home: Address, text: str) -> Area | None:
        """The cells of a table that a structured reference means; None for what isn't one or isn't known."""
        try:
            tree = parse(text)
            if isinstance(tree, Name) and tree.name in self._tables:
                tree = Structured(tree.name, "")
            if isinstance(tree, Structured):
                found = self._tables.reference(tree, home.sheet, home.column, home.row)
                if isinstance(found, Reference):
                    return Area(found.sheet or "", found.left, found.top, found.right, found.bottom)
        except (SyntaxProblem, UnknownTable):
            pass
        return None

    def _sheet(self, prefix: str | None, home: Address) -> str | None:
        if not prefix:
            return home.sheet
        return self._sheets.get(prefix.strip("'").replace("''", "'").casefold())


def calculation_order(precedents: Mapping[Address, Sequence[Address]]) -> tuple[list[Address], dict[Address, str]]:
    """Formula cells with every precedent before them, and for each that is left the reason: it is in, or reads
    from, a circle of references. The reason names the circle's path."""
    waiting = {address: len(before) for address, before in precedents.items()}
    after: dict[Address, list[Address]] = {}
    for address, before in precedents.items():
        for cell in before:
            after.setdefault(cell, []).append(address)
    order = [address for address, count in waiting.items() if count == 0]
    for address in order:  # grows while it is walked
        for dependant in after.get(address, ()):
            waiting[dependant] -= 1
            if waiting[dependant] == 0:
                order.append(dependant)
    left = dict.fromkeys(address for address, count in waiting.items() if count > 0)
    reasons: dict[Address, str] = {}
    for start in left:
        if start in reasons:
            continue
        path = [start]
        while True:
            step = next(cell for cell in precedents[path[-1]] if cell in left)
            if step in reasons or step in path:
                break
            path.append(step)
        if step in reasons:
            reason = reasons[step]
        else:
            circle = [*path[path.index(step):], step]
            reason = unknown_reason("RK422", pad=" → ".join(str(cell) for cell in reversed(circle)))
        reasons.update(dict.fromkeys(path, reason))
    return order, reasons


def spread_unknown(
    order: Iterable[Address], precedents: Mapping[Address, Sequence[Address]], unknown: dict[Address, str]
) -> None:
    """Add to ``unknown`` every cell that depends on an unknown one, with the cell where it began."""
    origin = {address: address for address in unknown}
    for address in order:
        if address in unknown:
            continue
        cause = next((origin[cell] for cell in precedents[address] if cell in origin), None)
        if cause is not None:
            origin[address] = cause
            unknown[address] = unknown_reason("RK421", cel=cause)


def _area(sheet: str, reference: str) -> Area:
    first, _, last = reference.partition(":")
    (c1, r1), (c2, r2) = split_a1(first), split_a1(last or first)
    return Area(sheet, min(c1, c2), min(r1, r2), max(c1, c2), max(r1, r2))


def _cells_in(area: Area, computed: frozenset[Address]) -> Iterable[Address]:
    if area.size <= len(computed):
        return (cell for row in area.rows() for cell in row)
    return (cell for cell in computed if area.covers(cell))


def _literal(text: str) -> str:
    """``"=0.21"`` for a name that stands for one constant; empty for anything else."""
    try:
        tokens = Tokenizer(f"={text}").items
    except TokenizerError:
        return ""
    if len(tokens) == 1 and tokens[0].type == Token.OPERAND and tokens[0].subtype in _LITERAL:
        return f"={text}"
    return ""


def _neighbour(tokens: Sequence[Token], index: int, step: int) -> Token | None:
    index += step
    while 0 <= index < len(tokens) and tokens[index].type == Token.WSPACE:
        index += step
    return tokens[index] if 0 <= index < len(tokens) else None


def _is_intersection(tokens: Sequence[Token], index: int) -> bool:
    before, after = _neighbour(tokens, index, -1), _neighbour(tokens, index, 1)
    return (
        before is not None and after is not None
        and (before.type == Token.OPERAND or before.subtype == Token.CLOSE)
        and (after.type == Token.OPERAND or after.subtype == Token.OPEN)
    )


def _is_minus(token: Token | None) -> bool:
    return token is not None and token.type == Token.OP_PRE and token.value == "-"


def _primary_end(tokens: Sequence[Token], index: int) -> int:
    """Where the operand, call or parenthesis after the sign at ``index`` ends."""
    depth = 0
    for end in range(index + 1, len(tokens)):
        token = tokens[end]
        depth += (token.subtype == Token.OPEN) - (token.subtype == Token.CLOSE)
        if depth == 0 and (token.type == Token.OPERAND or token.subtype == Token.CLOSE):
            return end
    return len(tokens) - 1


def _takes_range(tokens: Sequence[Token], index: int) -> bool:
    """Whether the operand at ``index`` stands where a range of more cells has one meaning."""
    enclosing: list[str] = []
    for token in tokens[:index]:
        if token.subtype == Token.OPEN:
            enclosing.append(function_name(token.value) if token.type == Token.FUNC else "")
        elif token.subtype == Token.CLOSE:
            enclosing.pop()
    called = [name for name in enclosing if name]
    if _ARRAY_FUNCTIONS.intersection(called):
        return "IF" not in called
    operators = {Token.OP_IN, Token.OP_PRE, Token.OP_POST}
    for step in (-1, 1):
        beside = _neighbour(tokens, index, step)
        if beside is not None and (beside.type in operators or beside.type == Token.PAREN):
            return False
    return bool(called) and called[-1] in RANGE_FUNCTIONS
