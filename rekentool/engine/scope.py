"""What the names and references in a formula stand for, seen from the cell that holds the formula."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from rekentool.engine.parse import SyntaxProblem, parse
from rekentool.engine.protocol import unknown_reason
from rekentool.engine.subtotals import Subtotals
from rekentool.engine.tablepart import table_part
from rekentool.engine.tables import Tables, UnknownTable
from rekentool.engine.tree import (
    Binary,
    Call,
    Error,
    Missing,
    Name,
    Number,
    Reference,
    Structured,
    Text,
    Tree,
    Unary,
)
from rekentool.engine.vector import ERRORS, NULL, REF
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, ExcelError, column_number
from rekentool.xlsx.reader import Workbook

ENGINE = "programma"
#: Names that refer to names, and so on.
_MAX_DEPTH = 32


class Unfit(Exception):
    """A formula that the program doesn't compute; the text is the reason in Dutch, with its code."""


def cannot(reason: str) -> Unfit:
    """RK423 with the reason."""
    return Unfit(unknown_reason("RK423", motor=ENGINE, reden=reason))


@dataclass(frozen=True, slots=True)
class Home:
    """The cell that a formula stands in."""

    sheet: str
    column: int
    row: int


class Scope:
    """The sheets, names and tables of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._sheets = {sheet.name.casefold(): sheet.name for sheet in workbook.sheets}
        self._names = {name.casefold(): text for name, text in {**workbook.name_formulas, **workbook.names}.items()}
        self._local = {(sheet, name.casefold()): text for (sheet, name), text in workbook.local_names.items()}
        self._trees: dict[tuple[str, str], Tree] = {}
        self._tables = Tables(workbook)
        self.subtotals = Subtotals(workbook)
        self.used_ranges = _used_ranges(workbook)

    def reference(self, reference: Reference, home: Home) -> Reference:
        """The reference with the sheet's own name; whole columns and rows as they are."""
        if reference.sheet is None:
            return _on(home.sheet, reference)
        sheet = self._sheets.get(reference.sheet.casefold())
        if sheet is None:
            raise cannot(f"blad {reference.sheet} bestaat niet")
        return reference if sheet == reference.sheet else _on(sheet, reference)

    def named(self, name: Name, home: Home, depth: int = 0) -> Tree:
        """What a defined name stands for, its own names resolved; the sheet's own names go first."""
        sheet = home.sheet if name.sheet is None else self._sheets.get(name.sheet.casefold())
        if sheet is None:
            raise cannot(f"blad {name.sheet} bestaat niet")
        key = sheet, name.name.casefold()
        if key not in self._trees:
            text = self._local.get(key)
            if text is None:
                text = self._names.get(key[1])
            if text is None and name.name in self._tables:
                return Structured(name.name, "")
            if text is None:
                raise cannot(f"naam {name.name} bestaat niet")
            if depth > _MAX_DEPTH:
                raise cannot(f"naam {name.name} verwijst naar zichzelf")
            self._trees[key] = self._without_names(tree_of(text), Home(sheet, 1, 1), name.name, depth, _is_area(text))
        return self._trees[key]

    def _without_names(self, tree: Tree, home: Home, name: str, depth: int, fixed: bool) -> Tree:
        if isinstance(tree, Name):
            return self.named(tree, home, depth + 1)
        if isinstance(tree, Structured):
            if not tree.table or "#This Row" in table_part(tree.specifier).items:
                raise cannot(f"naam {name} verschuift met de cel mee")
            return tree
        if isinstance(tree, Reference):
            if not fixed and not _is_fixed(tree):
                raise cannot(f"naam {name} verschuift met de cel mee")
            if tree.sheet is None:
                raise cannot(f"naam {name} noemt geen blad")
            return self.reference(tree, home)
        if isinstance(tree, Unary):
            return replace(tree, operand=self._without_names(tree.operand, home, name, depth, fixed))
        if isinstance(tree, Binary):
            left = self._without_names(tree.left, home, name, depth, fixed)
            return replace(tree, left=left, right=self._without_names(tree.right, home, name, depth, fixed))
        if isinstance(tree, Call):
            return replace(tree, arguments=tuple(
                self._without_names(argument, home, name, depth, fixed) for argument in tree.arguments
            ))
        return tree

    def clipped(self, reference: Reference, together: int = 0) -> Reference:
        """Whole columns and rows no further than the sheet is used, or than row or column ``together``."""
        columns, rows = self.used_ranges.get(reference.sheet or "", (1, 1))
        if is_whole_column(reference):
            return replace(reference, bottom=max(rows, together))
        if is_whole_row(reference):
            return replace(reference, right=max(columns, together))
        return reference

    def used(self, reference: Reference) -> int:
        """How many rows of a whole column, or columns of a whole row, hold anything; else 0."""
        columns, rows = self.used_ranges.get(reference.sheet or "", (1, 1))
        return rows if is_whole_column(reference) else columns if is_whole_row(reference) else 0

    def static_reference(self, tree: Tree, home: Home) -> Reference | Error | None:
        """The cells that a tree refers to where that is known before computing; None where it isn't a reference.

        Ranges, parts of tables, intersections, and INDEX, OFFSET and INDIRECT with constants. Unfit where it is a
        reference that is known during computing only.
        """
        if isinstance(tree, Name):
            tree = self.named(tree, home)
        if isinstance(tree, Reference):
            return self.reference(tree, home)
        if isinstance(tree, Structured):
            try:
                return self._tables.reference(tree, home.sheet, home.column, home.row)
            except UnknownTable as problem:
                raise cannot(str(problem)) from problem
        if isinstance(tree, Binary) and tree.operator in (":", " "):
            left, right = (self._end(part, home) for part in (tree.left, tree.right))
            if isinstance(left, Error) or isinstance(right, Error):
                return left if isinstance(left, Error) else right
            if left.sheet != right.sheet:
                if tree.operator == ":":
                    raise cannot("een bereik over meer bladen")
                return Error(ERRORS[int(NULL)])
            return _spanned(left, right) if tree.operator == ":" else _shared(left, right)
        if isinstance(tree, Call) and tree.name == "OFFSET":
            return self._offset(tree, home)
        if isinstance(tree, Call) and tree.name == "INDIRECT":
            return self._indirect(tree, home)
        return None

    def _end(self, tree: Tree, home: Home) -> Reference | Error:
        found = self._index(tree, home) if isinstance(tree, Call) and tree.name == "INDEX" else (
            self.static_reference(tree, home))
        if found is None:
            raise cannot("een bereik waarvan een eind pas bij het rekenen bekend is")
        return found

    def _index(self, tree: Call, home: Home) -> Reference | Error:
        area = self._end(tree.arguments[0], home)
        if isinstance(area, Error):
            return area
        places = [_whole(argument, "INDEX") for argument in tree.arguments[1:3]]
        if len(places) == 1 and area.top == area.bottom:
            places = [1, places[0]]
        row, column = (*places, 1)[:2]
        height, width = area.bottom - area.top + 1, area.right - area.left + 1
        if not (0 <= row <= height and 0 <= column <= width):
            return Error(ERRORS[int(REF)])
        left, right = (area.left, area.right) if column == 0 else (area.left + column - 1,) * 2
        top, bottom = (area.top, area.bottom) if row == 0 else (area.top + row - 1,) * 2
        return Reference(area.sheet, left, top, right, bottom)

    def _offset(self, tree: Call, home: Home) -> Reference | Error:
        if not 3 <= len(tree.arguments) <= 5:
            raise cannot("een functie met een verkeerd aantal argumenten")
        area = self._end(tree.arguments[0], home)
        if isinstance(area, Error):
            return area
        rows, columns = (_whole(argument, "OFFSET") for argument in tree.arguments[1:3])
        sides = [area.bottom - area.top + 1, area.right - area.left + 1]
        for place, argument in enumerate(tree.arguments[3:]):
            if not isinstance(argument, Missing):
                sides[place] = _whole(argument, "OFFSET")
        top, left = area.top + rows, area.left + columns
        vertical = (top, top + sides[0] - 1) if sides[0] > 0 else (top + sides[0] + 1, top)
        horizontal = (left, left + sides[1] - 1) if sides[1] > 0 else (left + sides[1] + 1, left)
        outside = vertical[0] < 1 or horizontal[0] < 1 or vertical[1] > MAX_ROW or horizontal[1] > MAX_COLUMN
        if outside or 0 in sides:
            return Error(ERRORS[int(REF)])
        return Reference(area.sheet, horizontal[0], vertical[0], horizontal[1], vertical[1])

    def _indirect(self, tree: Call, home: Home) -> Reference | Error:
        if len(tree.arguments) != 1 or not isinstance(tree.arguments[0], Text):
            raise cannot("INDIRECT met een verwijzing die pas bij het rekenen bekend is")
        try:
            found = parse(tree.arguments[0].value)
        except SyntaxProblem:
            return Error(ERRORS[int(REF)])
        if not isinstance(found, Reference | Name):
            return Error(ERRORS[int(REF)])
        return self._end(found, home)


def is_whole_column(reference: Reference) -> bool:
    """Whether it has every row."""
    return reference.top == 1 and reference.bottom == MAX_ROW


def is_whole_row(reference: Reference) -> bool:
    """Whether it has every column."""
    return reference.left == 1 and reference.right == MAX_COLUMN


def beside(reference: Reference, home: Home) -> Reference | None:
    """The one cell of a range that a formula takes where one value belongs: in its own row or column; else None."""
    if reference.single:
        return reference
    if reference.left == reference.right and reference.top <= home.row <= reference.bottom:
        return Reference(reference.sheet, reference.left, home.row, reference.left, home.row)
    if reference.top == reference.bottom and reference.left <= home.column <= reference.right:
        return Reference(reference.sheet, home.column, reference.top, home.column, reference.top)
    return None


def tree_of(text: str) -> Tree:
    """The tree of a formula; Unfit where it isn't understood."""
    try:
        return parse(text)
    except SyntaxProblem as problem:
        raise Unfit(problem.reason) from problem


def _on(sheet: str, reference: Reference) -> Reference:
    """`dataclasses.replace`, which takes five times as long and is called for each reference."""
    return Reference(sheet, reference.left, reference.top, reference.right, reference.bottom, reference.absolute)


def _used_ranges(workbook: Workbook) -> dict[str, tuple[int, int]]:
    """How many columns and rows of each sheet hold anything."""
    letters: dict[str, set[str]] = {}
    rows: dict[str, int] = {}
    for sheet, cell in workbook.values.keys() | workbook.formulas.keys() | workbook.array_members.keys():
        column = cell.rstrip("0123456789")
        row = int(cell[len(column) :])
        if sheet not in rows:
            letters[sheet], rows[sheet] = {column}, row
            continue
        letters[sheet].add(column)
        if row > rows[sheet]:
            rows[sheet] = row
    return {sheet: (max(column_number(column.replace("$", "")) for column in letters[sheet]), row)
            for sheet, row in rows.items()}


def _is_area(text: str) -> bool:
    """The reader gives a name that is one range without its ``$``."""
    return "$" not in text and "!" in text


def _is_fixed(reference: Reference) -> bool:
    left, top, right, bottom = reference.absolute
    return (is_whole_column(reference) or (top and bottom)) and (is_whole_row(reference) or (left and right))


def _spanned(one: Reference, other: Reference) -> Reference:
    return Reference(one.sheet, min(one.left, other.left), min(one.top, other.top), max(one.right, other.right),
                     max(one.bottom, other.bottom))


def _shared(one: Reference, other: Reference) -> Reference | Error:
    left, top = max(one.left, other.left), max(one.top, other.top)
    right, bottom = min(one.right, other.right), min(one.bottom, other.bottom)
    if left > right or top > bottom:
        return Error(ExcelError("#NULL!"))
    return Reference(one.sheet, left, top, right, bottom)


def _whole(tree: Tree, function: str) -> int:
    """A constant whole number."""
    sign = 1
    while isinstance(tree, Unary) and tree.operator in "-+":
        sign, tree = sign * (-1 if tree.operator == "-" else 1), tree.operand
    if isinstance(tree, Missing):
        return 0
    if not isinstance(tree, Number) or not math.isfinite(tree.value):
        raise cannot(f"{function} met een plaats die pas bij het rekenen bekend is")
    return sign * int(tree.value)
