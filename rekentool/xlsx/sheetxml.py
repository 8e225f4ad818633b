"""One worksheet part: where its rows and cells stand, what may be written there, and its text with cells changed.

The part is walked once by expat; an edit replaces the bytes of the cells concerned and nothing else.
Source: ECMA-376 part 1, 18.3.1 (worksheets).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from rekentool.messages import refuse
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, a1, column_letters, column_number, split_a1
from rekentool.xlsx.cellxml import CellXml, cell_at
from rekentool.xlsx.partxml import MAIN_NAMESPACES, MARKUP_COMPATIBILITY, PartText, Tag, tag_at, walk, walker

#: New content of cells, by (row, column): the ``t`` attribute and the value element of `typed_content`.
Edits = Mapping[tuple[int, int], tuple[bytes, bytes]]

#: New text for a stretch of the sheet's text: its start, its end, and what comes in its place.
Piece = tuple[int, int, bytes]

_COLUMN = re.compile(r"[A-Z]{1,3}")
_COLUMN_NUMBERS: dict[str, int] = {}
_TRUE = ("1", "true")


@dataclass(slots=True)
class Row:
    """A ``<row>``: its offset, that of its end tag, and its cells' columns and offsets in order."""

    start: int
    close: int = 0
    columns: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    formulas: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells by its reference: a merged range, an array formula, a data table."""

    reference: str
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parse(cls, reference: str) -> Block:
        """``"B2:C9"`` or ``"B2"``; ValueError for anything else."""
        first, _, last = reference.partition(":")
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
        if right < left or bottom < top:
            raise ValueError(f"range runs backwards: {reference!r}")
        return cls(reference, left, top, right, bottom)

    def __contains__(self, place: tuple[int, int]) -> bool:
        row, column = place
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def rows(self, top: int, bottom: int) -> Block:
        """These rows of the rectangle."""
        reference = f"{a1(self.left, top)}:{a1(self.right, bottom)}"
        return Block(reference, self.left, top, self.right, bottom)

    @property
    def anchor(self) -> tuple[int, int]:
        """Row and column of the first cell."""
        return self.top, self.left


class SheetXml:
    """A worksheet's text with the places of its cells; RK601–RK603 and RK607 when it can't be edited faithfully."""

    def __init__(self, raw: bytes, part: str) -> None:
        self.part = part
        self._text = PartText.decode(raw, part)
        self.xml = self._text.xml
        self._rows: dict[int, Row] = {}
        self._row_numbers: list[int] = []
        self._data_start = self._data_close = -1
        self._dimension = -1
        self._column_styles: list[tuple[int, int, str]] = []
        self._prefixes: set[bytes] = set()
        self._cells: dict[tuple[int, int], CellXml | None] = {}
        self.merged: list[Block] = []
        self.formula_blocks: list[Block] = []
        self._index()
        self.prefix = tag_at(self.xml, self._data_start).prefix

    def cell(self, row: int, column: int) -> CellXml | None:
        """The cell's element, None when the sheet has none there."""
        place = (row, column)
        if place not in self._cells:
            self._cells[place] = self._find_cell(row, column)
        return self._cells[place]

    def is_formula(self, row: int, column: int) -> bool:
        """Whether the cell has a formula of its own (also as a child of a shared one)."""
        found = self._rows.get(row)
        return found is not None and column in found.formulas

    def formula_block(self, row: int, column: int) -> Block | None:
        """The array formula or data table whose range the cell lies in."""
        return next((block for block in self.formula_blocks if (row, column) in block), None)

    def covered(self, row: int, column: int) -> Block | None:
        """The merged range that hides the cell; None for its first cell, whose value is what it shows."""
        return next((m for m in self.merged if (row, column) in m and (row, column) != m.anchor), None)

    def edited(self, edits: Edits) -> bytes | None:
        """The part with these cells changed, in its own encoding; None when no byte differs."""
        pieces = self.pieces(edits)
        if not pieces:
            return None
        out: list[bytes] = []
        position = 0
        for start, end, text in pieces:
            out += (self.xml[position:start], text)
            position = end
        out.append(self.xml[position:])
        return self.encode(b"".join(out))

    def pieces(self, edits: Edits) -> list[Piece]:
        """What these edits change in the text, in its order; pieces don't overlap."""
        pieces: list[Piece] = []
        added: dict[int, dict[int, tuple[bytes, bytes]]] = {}
        for (row, column), content in sorted(edits.items()):
            cell = self.cell(row, column)
            if cell is None:
                if content[1]:
                    added.setdefault(row, {})[column] = content
                continue
            text = cell.with_value(*content)
            if text != self.xml[cell.start : cell.end]:
                pieces.append((cell.start, cell.end, text))
        self._add_cells(pieces, added)
        pieces.sort(key=lambda piece: piece[:2])
        return pieces

    def encode(self, xml: bytes) -> bytes:
        """An edited text in the part's own encoding."""
        return self._text.encode(xml)

    def _refuse(self, reason: str) -> NoReturn:
        raise refuse("RK607", self.part, reden=reason)

    # Reading the structure

    def _index(self) -> None:
        parser = walker(self.part)
        depth = 0
        in_data = in_cell = False
        main = c = f = v = row_name = ""
        alternate = f"{MARKUP_COMPATIBILITY} AlternateContent"
        row_number = column = 0
        row = Row(0)
        suffix, suffix_length = "", 0

        def start(name: str, attributes: list[str]) -> None:
            nonlocal depth, in_data, in_cell, row, row_number, column, suffix, suffix_length
            depth += 1
            if not in_data:
                in_data = start_outside(name, attributes)
                return
            if depth == 5 and in_cell:
                if name == v:
                    return
                if name == f:
                    row.formulas.add(column)
                    if len(attributes) > 2:
                        self._add_formula_block(attributes)
                    return
            elif depth == 4:
                in_cell = name == c
                if in_cell:
                    previous = column
                    first = attributes[:1] == ["r"]  # as Excel writes it
                    reference = attributes[1] if first else _attribute(attributes, "r")
                    if reference:
                        letters = reference[:suffix_length]
                        column = _COLUMN_NUMBERS.get(letters) or _known_column(letters)
                        if reference[suffix_length:] != suffix or column <= previous:
                            self._refuse(f"cel {reference} staat niet op volgorde of niet in zijn eigen rij {suffix}")
                    else:
                        column += 1
                    row.columns.append(column)
                    row.starts.append(parser.CurrentByteIndex)
                    return
            elif depth == 3 and name == row_name:
                row = Row(parser.CurrentByteIndex)
                row_number = self._number_row(row, _attribute(attributes, "r"), row_number)
                column, suffix, suffix_length = 0, str(row_number), -len(str(row_number))
            if depth < 6 and name == alternate:
                self._refuse("de celgegevens hebben alternatieve inhoud (mc:AlternateContent)")

        def start_outside(name: str, attributes: list[str]) -> bool:
            nonlocal main, c, f, v, row_name
            if depth == 1:
                main, _, local = name.rpartition(" ")
                if main not in MAIN_NAMESPACES or local != "worksheet":
                    self._refuse("dit onderdeel is geen werkblad")
                c, f, v, row_name = (f"{main} {tag}" for tag in ("c", "f", "v", "row"))
                return False
            space, _, local = name.rpartition(" ")
            if space != main:
                return False
            if local == "mergeCell":
                self.merged.append(self._block(_attribute(attributes, "ref")))
            elif local == "sheetData" and depth == 2:
                if self._data_start >= 0:
                    self._refuse("er staat twee keer een blok celgegevens in")
                self._data_start = parser.CurrentByteIndex
                return True
            elif local == "dimension" and depth == 2:
                self._dimension = parser.CurrentByteIndex
            elif local == "col" and depth == 3:
                self._add_column_style(attributes)
            return False

        def end(name: str) -> None:
            nonlocal depth, in_data
            depth -= 1
            if depth == 2 and in_data and name == row_name:
                row.close = parser.CurrentByteIndex
            elif depth == 1 and in_data:
                in_data = False
                self._data_close = parser.CurrentByteIndex

        def namespace(prefix: str | None, uri: str | None) -> None:
            written = b"" if prefix is None else prefix.encode() + b":"
            if in_data and (uri == main or written in self._prefixes):
                self._refuse("binnen de celgegevens verandert een naamruimte")
            if uri in MAIN_NAMESPACES:
                self._prefixes.add(written)

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.StartNamespaceDeclHandler = namespace
        walk(parser, self.xml, self.part)
        if self._data_start < 0:
            self._refuse("het blad heeft geen blok celgegevens (sheetData)")

    def _number_row(self, row: Row, written: str | None, previous: int) -> int:
        """Enter a row under its number, which is one more than the previous when it isn't written."""
        number = previous + 1 if written is None else int(written) if written.isascii() and written.isdigit() else 0
        if number <= previous or number > MAX_ROW:
            self._refuse(f"rij {written} staat niet op volgorde na rij {previous}")
        self._rows[number] = row
        self._row_numbers.append(number)
        return number

    def _add_formula_block(self, attributes: list[str]) -> None:
        if _attribute(attributes, "t") in ("array", "dataTable"):
            reference = _attribute(attributes, "ref")
            if reference:
                self.formula_blocks.append(self._block(reference))

    def _add_column_style(self, attributes: list[str]) -> None:
        style = _attribute(attributes, "style")
        if style:
            first, last = _attribute(attributes, "min"), _attribute(attributes, "max")
            if not (first and last and first.isdigit() and last.isdigit() and style.isdigit()):
                self._refuse("de kolomopmaak is niet leesbaar")
            self._column_styles.append((int(first), int(last), style))

    def _block(self, reference: str | None) -> Block:
        try:
            return Block.parse(reference or "")
        except ValueError:
            self._refuse(f"{reference!r} is geen celbereik")

    # Finding cells

    def _find_cell(self, row: int, column: int) -> CellXml | None:
        found = self._rows.get(row)
        if found is None:
            return None
        index = bisect_left(found.columns, column)
        if index == len(found.columns) or found.columns[index] != column:
            return None
        cell = cell_at(self.xml, found.starts[index])
        if len(self._prefixes) > 1:
            element = self.xml[cell.start : cell.end]
            for other in self._prefixes - {cell.prefix}:
                if re.search(rb"<" + re.escape(other) + rb"(?:v|f|is)[\s/>]", element):
                    self._refuse(f"cel {a1(column, row)} gebruikt twee voorvoegsels door elkaar")
        return cell

    def _row_end(self, row: Row) -> int:
        tag = tag_at(self.xml, row.start)
        return tag.end if tag.empty else self.xml.index(b">", row.close) + 1

    def _style_for(self, row: Tag | None, column: int) -> str:
        """The style of a cell that isn't there yet: its row's, else its column's."""
        if row is not None and row.get(b"customFormat") in _TRUE:
            return row.get(b"s") or ""
        return next((style for first, last, style in self._column_styles if first <= column <= last), "")

    # Adding cells and rows

    def _add_cells(
        self, pieces: list[Piece], added: Mapping[int, Mapping[int, tuple[bytes, bytes]]]
    ) -> None:
        """Put the edits that insert cells into rows, new or existing, among the pieces."""
        if not added:
            return
        data_tag = tag_at(self.xml, self._data_start)
        new_rows: list[bytes] = []
        for number, cells in added.items():
            row = self._rows.get(number)
            if row is not None:
                self._extend_row(pieces, row, number, cells)
                continue
            inner = b"".join(self._new_cell(None, number, column, content) for column, content in cells.items())
            text = b'<%srow r="%d">%s</%srow>' % (self.prefix, number, inner, self.prefix)
            if data_tag.empty:
                new_rows.append(text)
                continue
            index = bisect_left(self._row_numbers, number)
            if index < len(self._row_numbers):
                place = self._rows[self._row_numbers[index]].start
            else:
                place = self._row_end(self._rows[self._row_numbers[-1]]) if self._row_numbers else data_tag.end
            pieces.append((place, place, text))
        if new_rows:
            pieces.append((data_tag.start, data_tag.end, _opened(data_tag, b"".join(new_rows))))
        self._extend_dimension(pieces, added)

    def _new_cell(self, row: Tag | None, number: int, column: int, content: tuple[bytes, bytes]) -> bytes:
        style, (kind, body) = self._style_for(row, column), content
        attributes = b' r="%s%d"' % (column_letters(column).encode(), number)
        if style:
            attributes += b' s="%s"' % style.encode()
        if kind:
            attributes += b' t="%s"' % kind
        return b"<%sc%s>%s</%sc>" % (self.prefix, attributes, body, self.prefix)

    def _extend_row(
        self, pieces: list[Piece], row: Row, number: int, cells: Mapping[int, tuple[bytes, bytes]]
    ) -> None:
        tag = tag_at(self.xml, row.start)
        new = {column: self._new_cell(tag, number, column, content) for column, content in cells.items()}
        spans = _wider_spans(tag.get(b"spans"), [*row.columns, *cells])
        widened = tag.with_attribute(b"spans", spans) if spans else self.xml[tag.start : tag.end]
        if tag.empty:
            pieces.append((tag.start, tag.end, _opened(tag_at(widened, 0), b"".join(new.values()))))
            return
        if spans:
            pieces.append((tag.start, tag.end, widened))
        for column, text in new.items():
            index = bisect_left(row.columns, column)
            if index < len(row.starts):
                place = row.starts[index]
            else:
                place = cell_at(self.xml, row.starts[-1]).end if row.starts else tag.end
            pieces.append((place, place, text))

    def _extend_dimension(
        self, pieces: list[Piece], added: Mapping[int, Mapping[int, tuple[bytes, bytes]]]
    ) -> None:
        if self._dimension < 0:
            return
        tag = tag_at(self.xml, self._dimension)
        used = self._block(tag.get(b"ref"))
        columns = [column for cells in added.values() for column in cells]
        left, right = min(used.left, *columns), max(used.right, *columns)
        top, bottom = min(used.top, *added), max(used.bottom, *added)
        if (left, top, right, bottom) != (used.left, used.top, used.right, used.bottom):
            pieces.append((tag.start, tag.end, tag.with_attribute(b"ref", f"{a1(left, top)}:{a1(right, bottom)}")))


def _attribute(attributes: list[str], name: str) -> str | None:
    for index in range(0, len(attributes), 2):
        if attributes[index] == name:
            return attributes[index + 1]
    return None


def _known_column(letters: str) -> int:
    """The number of a column in capitals, 0 when it isn't one."""
    number = column_number(letters) if _COLUMN.fullmatch(letters) else 0
    if number > MAX_COLUMN:
        return 0
    if number:
        _COLUMN_NUMBERS[letters] = number
    return number


def _opened(tag: Tag, content: bytes) -> bytes:
    """A self-closing element with content put into it."""
    return b"<" + tag.name + tag.attributes.rstrip() + b">" + content + b"</" + tag.name + b">"


def _wider_spans(spans: str | None, columns: list[int]) -> str | None:
    """The row's ``spans`` (``"1:5"``) stretched over these columns; None when it needs no change."""
    if not spans:
        return None
    segments = [tuple(map(int, segment.split(":"))) for segment in spans.split() if re.fullmatch(r"\d+:\d+", segment)]
    if all(any(first <= column <= last for first, last in segments) for column in columns):
        return None
    edges = [edge for segment in segments for edge in segment] + columns
    return f"{min(edges)}:{max(edges)}"
