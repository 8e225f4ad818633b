"""The formula cells of one sheet, cut out of its text once: what `Template` makes its further copies with.

The text is kept as gaps and slots by turns. A copy takes the gaps as they are, and of the slots writes only those whose
value isn't the one that the file has already. The slot of a cell with a number is no more than its digits, that of any
other cell is all of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.celltext import FILE_ERRORS, fault_of, number_texts, typed_content
from rekentool.xlsx.cellxml import CellXml
from rekentool.xlsx.sheetxml import Piece, SheetXml


class Unwritable(Exception):
    """A value that no cell can hold: the careful way of writing says which one and why."""


class _Never:
    """Stands for a value that no cell has: its slot is always written."""


_NEVER = _Never()
_ANYWHERE = Address("", "A1")


class Slots:
    """A sheet's text with these of its cells cut out."""

    def __init__(self, sheet: SheetXml, cells: Sequence[CellXml], values: Sequence[CellValue]) -> None:
        """``cells`` are in the order of the text, ``values`` what each of them holds now."""
        self._sheet = sheet
        self._cells = cells
        #: What each cell holds; `_NEVER` where this package would write that otherwise than the file does.
        self._old: list[CellValue | _Never] = []
        #: For a slot of digits the rest of its cell, before and after.
        self._around: list[tuple[bytes, bytes] | None] = []
        self._starts: list[int] = []
        self._edges = [0]
        self._base: list[bytes] = []
        for cell, value in zip(cells, values, strict=True):
            as_written = self._as_written(cell, value)
            around = _around_number(cell, sheet.prefix) if as_written and type(value) is float else None
            before, after = map(len, around or (b"", b""))
            start, end = cell.start + before, cell.end - after
            self._base += (sheet.xml[self._edges[-1] : start], sheet.xml[start:end])
            self._old.append(value if as_written else _NEVER)
            self._around.append(around)
            self._starts.append(start)
            self._edges.append(end)
        self._base.append(sheet.xml[self._edges[-1] :])

    def filled(self, values: Sequence[CellValue], pieces: Sequence[Piece]) -> bytes | None:
        """The part with one value in each slot, and these pieces of its text outside the slots replaced.

        None when no byte differs; `Unwritable` when a value can't stand in a cell.
        """
        changed = [
            number
            for number, (value, old) in enumerate(zip(values, self._old, strict=True))
            if value is not old and (value != old or type(value) is not type(old))
        ]
        if not changed and not pieces:
            return None
        out = self._base.copy()
        self._put(out, pieces)
        digits = [number for number in changed if type(values[number]) is float and self._around[number] is not None]
        try:
            texts = number_texts([values[number] for number in digits])  # type: ignore[misc]  # floats, as was seen
        except ValueError:
            raise Unwritable from None
        for number, text in zip(digits, texts, strict=True):
            out[2 * number + 1] = text
        if len(digits) < len(changed):
            for number in sorted({*changed}.difference(digits)):
                self._put_cell(out, number, values[number])
        if not digits and out == self._base:  # an error without a spelling, where there was no value before
            return None
        return self._sheet.encode(b"".join(out))

    def _put(self, out: list[bytes], pieces: Sequence[Piece]) -> None:
        """Replace pieces, which are in order, within their gaps."""
        gaps: dict[int, list[Piece]] = {}
        for piece in pieces:
            gaps.setdefault(bisect_left(self._starts, piece[0]), []).append(piece)
        for gap, inside in gaps.items():
            edge, text = self._edges[gap], out[2 * gap]
            position = 0
            parts: list[bytes] = []
            for start, end, new in inside:
                parts += (text[position : start - edge], new)
                position = end - edge
            out[2 * gap] = b"".join([*parts, text[position:]])

    def _put_cell(self, out: list[bytes], number: int, value: CellValue) -> None:
        """Write a whole cell; where the slot is its digits, the rest of it goes from the gaps beside it."""
        slot, around = 2 * number + 1, self._around[number]
        out[slot] = self._written(self._cells[number], value)
        if around is not None:
            before, after = around
            out[slot - 1] = out[slot - 1].removesuffix(before)
            out[slot + 1] = out[slot + 1].removeprefix(after)

    def _as_written(self, cell: CellXml, value: CellValue) -> bool:
        """Whether the cell stands in the file as this package would write its value."""
        if isinstance(value, ExcelError) and value.code not in FILE_ERRORS:
            return False
        return self._written(cell, value) == self._sheet.xml[cell.start : cell.end]

    def _written(self, cell: CellXml, value: CellValue) -> bytes:
        if isinstance(value, ExcelError) and value.code not in FILE_ERRORS:
            value = None  # as `Template.patch` has it: no cache
        if fault_of(value, _ANYWHERE) is not None:
            raise Unwritable
        return cell.with_value(*typed_content(value, self._sheet.prefix, formula=True))


def _around_number(cell: CellXml, prefix: bytes) -> tuple[bytes, bytes]:
    """What stands before and after the digits when the cell holds a number."""
    before, _, after = cell.with_value(b"", b"<%sv>\0</%sv>" % (prefix, prefix)).partition(b"\0")
    return before, after
