"""Two versions of a workbook laid side by side: which sheet, row, column and name of one is which of the other.

Rows and columns are recognised by what they hold: texts, numbers, and formulas without the places that they refer to,
which shift with every inserted row. A sheet keeps its name, or is recognised by its rows under another one. The result
maps addresses and references from the old workbook to the new one, so that a formula whose text has only shifted counts
as the same formula (`same_formula`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rekentool.engine.parse import SyntaxProblem, parse, walk
from rekentool.engine.tree import Binary, Call, Name, Reference, Structured, Tree, Unary
from rekentool.jobs.linemap import LineMap, line_map
from rekentool.jobs.matching import Line
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, Address, CellValue, a1, quote_sheet, split_a1, split_address
from rekentool.xlsx.reader import Workbook

#: Share of the rows of two sheets with other names that must be the same for them to be one sheet.
SAME_SHEET = 0.5
#: Share of a row or column that stays where it is, from which nobody looks whether it has moved.
_IN_PLACE = 0.5
#: How much a text or a formula says of its row; a number, which may be an input, says less.
_TELLING, _NUMBER = 2.0, 1.0

#: The contents of a sheet: by row, then by column, a kind and the content itself.
_Cells = dict[int, dict[int, tuple[str, Hashable]]]


@dataclass(frozen=True)
class SheetMap:
    """One sheet of the old workbook and the same one in the new workbook."""

    old: str
    new: str
    rows: LineMap
    columns: LineMap

    @property
    def in_place(self) -> bool:
        """Whether every row and column has kept its number."""
        return self.rows.same and self.columns.same


@dataclass(frozen=True)
class Alignment:
    """The old and the new workbook side by side.

    ``sheets`` has the sheets of both, by the old name; ``gone`` and ``added`` the others. ``renamed`` maps names of
    the old workbook to the name of the new one that stands for the same cells, both in small letters.
    """

    old: Workbook
    new: Workbook
    sheets: Mapping[str, SheetMap]
    gone: tuple[str, ...]
    added: tuple[str, ...]
    renamed: Mapping[str, str]

    @cached_property
    def _by_new(self) -> dict[str, SheetMap]:
        return {sheet.new: sheet for sheet in self.sheets.values()}

    @cached_property
    def _folded(self) -> dict[str, SheetMap]:
        return {sheet.old.casefold(): sheet for sheet in self.sheets.values()}

    @cached_property
    def in_place(self) -> bool:
        """Whether every cell, sheet and name of the old workbook has kept its place and name in the new one."""
        return (
            not self.gone
            and not self.renamed
            and all(sheet.in_place and sheet.old == sheet.new for sheet in self.sheets.values())
        )

    @cached_property
    def inverse(self) -> Alignment:
        """The same two workbooks, from the new one to the old one."""
        sheets = {
            sheet.new: SheetMap(sheet.new, sheet.old, sheet.rows.inverse(), sheet.columns.inverse())
            for sheet in self.sheets.values()
        }
        renamed = {new: old for old, new in self.renamed.items()}
        return Alignment(self.new, self.old, sheets, self.added, self.gone, renamed)

    def forward(self, address: Address) -> Address | None:
        """Where a cell of the old workbook stands in the new one; None when its sheet, row or column is gone."""
        sheet = self.sheets.get(address.sheet)
        if sheet is None:
            return None
        if sheet.in_place:
            return address if sheet.old == sheet.new else Address(sheet.new, address.cell)
        return _moved(address, sheet.new, sheet.columns.forward, sheet.rows.forward)

    def back(self, address: Address) -> Address | None:
        """Where a cell of the new workbook stood in the old one; None when its sheet, row or column is new."""
        sheet = self._by_new.get(address.sheet)
        if sheet is None:
            return None
        if sheet.in_place:
            return address if sheet.old == sheet.new else Address(sheet.old, address.cell)
        return _moved(address, sheet.old, sheet.columns.back, sheet.rows.back)

    def same_formula(self, old: str, old_home: Address, new: str, new_home: Address) -> bool:
        """Whether the new formula is the old one: the same functions, constants and ``$``, and the same cells.

        The homes are the cells that the formulas stand in. Spaces, capitals and the way in which a number is written
        make no difference. Formulas that aren't understood are the same only when their texts are.
        """
        if old == new and self.in_place:
            return True
        left, right = tree_of(old), tree_of(new)
        if left is None or right is None:
            return old == new
        if old == new and not _refers(left):
            return True
        return self._same_tree(left, old_home.sheet, right, new_home.sheet)

    def _same_tree(self, old: Tree, old_sheet: str, new: Tree, new_sheet: str) -> bool:
        theirs = walk(new)
        for one in walk(old):
            other = next(theirs, None)
            if other is None or not self.same_node(one, old_sheet, other, new_sheet):
                return False
        return next(theirs, None) is None

    def same_node(self, old: Tree, old_sheet: str, new: Tree, new_sheet: str) -> bool:
        """Whether two nodes of formulas on these sheets are the same, what stands below them left aside."""
        if type(old) is not type(new):
            return False
        if isinstance(old, Reference) and isinstance(new, Reference):
            return self._same_reference(old, old_sheet, new, new_sheet)
        if isinstance(old, Name) and isinstance(new, Name):
            return self._same_name(old, new)
        return _bare(old) == _bare(new)

    def _same_reference(self, old: Reference, old_sheet: str, new: Reference, new_sheet: str) -> bool:
        if old.absolute != new.absolute:
            return False
        sheet = self._folded.get((old.sheet or old_sheet).casefold())
        if sheet is None:  # on a sheet that is gone or never was
            return (old.sheet or old_sheet, *_corners(old)) == (new.sheet or new_sheet, *_corners(new))
        if sheet.new.casefold() != (new.sheet or new_sheet).casefold():
            return False
        if sheet.in_place:
            return _corners(old) == _corners(new)
        if old.single:
            places = sheet.columns.forward(old.left), sheet.rows.forward(old.top)
            return new.single and places == (new.left, new.top)
        return (new.left, new.right) in _spans(sheet.columns, old.left, old.right, MAX_COLUMN) and (
            new.top,
            new.bottom,
        ) in _spans(sheet.rows, old.top, old.bottom, MAX_ROW)

    def _same_name(self, old: Name, new: Name) -> bool:
        if (old.sheet is None) != (new.sheet is None):
            return False
        if old.sheet is not None and new.sheet is not None:
            sheet = self._folded.get(old.sheet.casefold())
            if (sheet.new if sheet else old.sheet).casefold() != new.sheet.casefold():
                return False
        name = old.name.casefold()
        return self.renamed.get(name, name) == new.name.casefold()

    def area(self, text: str) -> str | None:
        """A range of the old workbook (``"Invoer!C8:D9"``) as it is called in the new one; None when it is gone."""
        name, reference = split_address(text)
        sheet = self.sheets.get(name)
        if sheet is None:
            return None
        first, _, last = reference.partition(":")
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
        if first == last or not last:
            moved = self.forward(Address(name, first))
            return str(moved) if moved else None
        across = _spans(sheet.columns, left, right, MAX_COLUMN)
        down = _spans(sheet.rows, top, bottom, MAX_ROW)
        if not across or not down:
            return None
        return f"{quote_sheet(sheet.new)}!{a1(across[0][0], down[0][0])}:{a1(across[0][1], down[0][1])}"


def align(old: Workbook, new: Workbook) -> Alignment:
    """Lay two workbooks side by side."""
    before, after = _contents(old), _contents(new)
    pairs = _paired_sheets(old, new, before, after)
    sheets = {one: _sheet_map(one, other, before.get(one, {}), after.get(other, {})) for one, other in pairs.items()}
    gone = tuple(sheet.name for sheet in old.sheets if sheet.name not in pairs)
    known = set(pairs.values())
    added = tuple(sheet.name for sheet in new.sheets if sheet.name not in known)
    alignment = Alignment(old, new, sheets, gone, added, {})
    return Alignment(old, new, sheets, gone, added, _renamed(alignment))


@lru_cache(32_768)
def tree_of(formula: str) -> Tree | None:
    """The tree of a formula; None when it isn't understood."""
    try:
        return parse(formula)
    except SyntaxProblem:
        return None


# -- sheets and names ------------------------------------------------------------------------------------------------


def _paired_sheets(
    old: Workbook, new: Workbook, before: Mapping[str, _Cells], after: Mapping[str, _Cells]
) -> dict[str, str]:
    """Old to new names, in the order of the old workbook."""
    by_name = {sheet.name.casefold(): sheet.name for sheet in new.sheets}
    pairs = {sheet.name: by_name.pop(sheet.name.casefold()) for sheet in old.sheets if sheet.name.casefold() in by_name}
    candidates = sorted(
        (
            (_same_rows(before.get(sheet.name, {}), after.get(other, {})), sheet.name, other)
            for sheet in old.sheets
            if sheet.name not in pairs
            for other in by_name.values()
        ),
        key=lambda candidate: -candidate[0],
    )
    taken: set[str] = set()
    for share, name, other in candidates:
        if share >= SAME_SHEET and name not in pairs and other not in taken:
            pairs[name] = other
            taken.add(other)
    return {sheet.name: pairs[sheet.name] for sheet in old.sheets if sheet.name in pairs}


def _same_rows(before: _Cells, after: _Cells) -> float:
    """The share of the rows of two sheets that are the same."""
    mine, theirs = (Counter(line.signs[0] for line in _row_lines(cells)) for cells in (before, after))
    total = sum(mine.values()) + sum(theirs.values())
    return 2 * sum((mine & theirs).values()) / total if total else 0.0


def _renamed(alignment: Alignment) -> dict[str, str]:
    """Names of the old workbook only, with the one name of the new workbook only for the same cells."""
    mine = {name.casefold(): text for name, text in alignment.old.names.items()}
    theirs = {name.casefold(): text for name, text in alignment.new.names.items()}
    free: dict[str, list[str]] = {}
    for name, text in theirs.items():
        if name not in mine:
            free.setdefault(_plain(text), []).append(name)
    found = {}
    for name, text in mine.items():
        if name not in theirs and (moved := alignment.area(text)) is not None:
            candidates = free.get(_plain(moved), [])
            if len(candidates) == 1:
                found[name] = candidates.pop()
    return found


def _plain(area: str) -> str:
    return area.replace("$", "").casefold()


# -- rows and columns ------------------------------------------------------------------------------------------------


def _contents(workbook: Workbook) -> dict[str, _Cells]:
    """What every sheet holds, formulas as their text; cached results aside."""
    sheets: dict[str, _Cells] = {}
    computed = workbook.formula_cells
    places: dict[str, tuple[int, int]] = {}

    def put(address: Address, kind: str, content: Hashable) -> None:
        place = places.get(address.cell)
        if place is None:
            place = places[address.cell] = split_a1(address.cell)
        sheets.setdefault(address.sheet, {}).setdefault(place[1], {})[place[0]] = (kind, content)

    for address, formula in workbook.formulas.items():
        put(address, "formula", formula)
    for address in workbook.array_members:
        put(address, "formula", "")
    for address, value in workbook.values.items():
        if address not in computed and value is not None and value != "":
            put(address, "text" if isinstance(value, str) else "number", _typed(value))
    for cells in sheets.values():
        for row, contents in cells.items():
            cells[row] = dict(sorted(contents.items()))
    return {sheet: dict(sorted(cells.items())) for sheet, cells in sheets.items()}


def _typed(value: CellValue) -> Hashable:
    """TRUE isn't 1."""
    return (value,) if isinstance(value, bool) else value


def _sheet_map(old: str, new: str, before: _Cells, after: _Cells) -> SheetMap:
    if _in_place(before, after) and _in_place(_turned(before), _turned(after)):
        return SheetMap(old, new, LineMap(()), LineMap(()))
    rows = line_map(_row_lines(before), _row_lines(after))
    columns = line_map(_column_lines(before, rows), _column_lines(after, None))
    return SheetMap(old, new, rows, columns)


def _in_place(before: _Cells, after: _Cells) -> bool:
    """Whether every row stands where it stood, so that there is no need to look for it elsewhere."""
    changed = [row for row in before.keys() | after.keys() if before.get(row) != after.get(row)]
    for row in changed:
        mine, theirs = before.get(row, {}), after.get(row, {})
        common = sum(theirs.get(place) == content for place, content in mine.items())
        if 2 * common < _IN_PLACE * (len(mine) + len(theirs)) or _label(mine) != _label(theirs):
            return False
    was = {tuple(before[row].items()) for row in changed if row in before}
    return not any(tuple(after[row].items()) in was for row in changed if row in after)


def _label(contents: Mapping[int, tuple[str, Hashable]]) -> Hashable:
    """The first text of a row or column."""
    return next((content for kind, content in contents.values() if kind == "text"), None)


def _turned(cells: _Cells) -> _Cells:
    """By column instead of by row."""
    turned: _Cells = {}
    for row, contents in cells.items():
        for column, content in contents.items():
            turned.setdefault(column, {})[row] = content
    return turned


def _row_lines(cells: _Cells) -> list[Line]:
    return [_line(row, [_token(*content) for content in contents.values()]) for row, contents in cells.items()]


def _column_lines(cells: _Cells, rows: LineMap | None) -> list[Line]:
    """The columns, their contents placed by the row of the new sheet; ``rows`` is given for the old one."""
    lines = []
    for column, contents in sorted(_turned(cells).items()):
        placed = {row if rows is None else rows.forward(row): content for row, content in contents.items()}
        tokens: list[tuple[str, Hashable]] = []
        for row in sorted(row for row in placed if row is not None):
            kind, content = _token(*placed[row])
            tokens.append((kind, (row, content)))
        lines.append(_line(column, tokens))
    return lines


def _token(kind: str, content: Hashable) -> tuple[str, Hashable]:
    return (kind, skeleton(content)) if kind == "formula" and isinstance(content, str) else (kind, content)


def _line(number: int, tokens: list[tuple[str, Hashable]]) -> Line:
    words = [token for token in tokens if token[0] != "number"]
    texts = [token for token in words if token[0] == "text"]
    formulas = [token for token in words if token[0] == "formula"]
    weights: dict[Hashable, float] = {}
    for token in tokens:
        weights[token] = weights.get(token, 0.0) + (_NUMBER if token[0] == "number" else _TELLING)
    signs = tuple(tuple(part) or None for part in (tokens, words, texts, formulas))
    return Line(number, signs, weights)


@lru_cache(32_768)
def skeleton(formula: str) -> Hashable:
    """A formula without the places that it refers to: these shift when a row is inserted."""
    tree = tree_of(formula)
    if tree is None:
        return "".join(sign for sign in formula if not sign.isdigit())
    return tuple(_bare(node) if not isinstance(node, Reference) else node.single for node in walk(tree))


def _bare(node: Tree | None) -> Hashable:
    """A node without the ones below it."""
    if isinstance(node, Binary | Unary):
        return type(node).__name__, node.operator
    if isinstance(node, Call):
        return node.name, len(node.arguments)
    if isinstance(node, Name):
        return "name", node.name.casefold()
    if isinstance(node, Structured):
        return "table", node.table.casefold(), node.specifier.casefold()
    return node


# -- references ------------------------------------------------------------------------------------------------------


def _moved(
    address: Address, sheet: str, columns: Callable[[int], int | None], rows: Callable[[int], int | None]
) -> Address | None:
    column, row = split_a1(address.cell)
    to_column, to_row = columns(column), rows(row)
    if not to_column or not to_row or to_column > MAX_COLUMN or to_row > MAX_ROW:
        return None
    return Address(sheet, a1(to_column, to_row))


def _spans(lines: LineMap, first: int, last: int, most: int) -> tuple[tuple[int, int], ...]:
    """What a range along one side can have become; all lines of a sheet stay all lines."""
    return ((first, last),) if (first, last) == (1, most) else lines.spans(first, last)


def _corners(reference: Reference) -> tuple[int, int, int, int]:
    return reference.left, reference.top, reference.right, reference.bottom


def _refers(tree: Tree) -> bool:
    return any(isinstance(node, Reference | Name | Structured) for node in walk(tree))
