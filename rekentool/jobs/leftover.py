"""What stands in a filled workbook beside the inputs of the mapping: notes in free cells, own sheets, what was changed.

A *free* cell is unlocked and no input: people write their notes there. In a file of the current version a note goes to
the same cell. From an older version it goes to the same column of the row where its field went, or of the only row on
the sheet of that name that has the same text to the left of it. What doesn't fit there, and everything outside the
free cells, is named and left behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rekentool.jobs.carrylist import EMPTY, Line
from rekentool.jobs.deviation import deviations
from rekentool.jobs.version import Origin
from rekentool.mapping.steps import Parcel
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import RekentoolError
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1
from rekentool.xlsx.patch import Template
from rekentool.xlsx.reader import Workbook

#: As many characters of a note as the list shows.
_LONGEST = 250
#: Deviations from a file's own template that are content of the user; the other ones are undone by a fresh template.
_CONTENT = frozenset({"RK513", "RK516", "RK518"})


@dataclass(frozen=True)
class Leftovers:
    """The notes that go along, by their new cell, and a line for everything beside the inputs."""

    notes: Mapping[Address, CellValue]
    lines: tuple[Line, ...]


def leftovers(
    tool: Tool, target: Template, origin: Origin, workbook: Workbook, parcels: Sequence[Parcel], file: str
) -> Leftovers:
    """What else stands in a file, given where its inputs went (``parcels``); ``target`` is the tool's workbook.

    Without the blank workbook of its version nobody knows which free cells were filled by the template: all of them
    are named then, and changes outside them can't be told.
    """
    notes: dict[Address, CellValue] = {}
    lines: list[Line] = []
    places = _Places(tool, origin, workbook, parcels)
    for address in _free(origin, workbook):
        value = workbook.values.get(address)
        text = _text(workbook, address)
        new = None if address in workbook.formulas else places.of(address)
        if isinstance(value, float) and workbook.date1904 != tool.workbook.date1904:
            new = None  # it may be a date, which would become another day
        if new is not None and new not in notes and _fits(target, new, value):
            notes[new] = value
            lines.append(Line("aantekening", old_cell=str(address), old_value=text, new_cell=str(new), new_value=text))
        else:
            lines.append(Line("niet overgezet", old_cell=str(address), old_value=text, note="geen cel van een veld"))
    if origin.version.template is not None:
        for found in deviations(origin.version.template, workbook, list(origin.inputs.values()), file):
            what = "niet overgezet" if found.code in _CONTENT else "hersteld"
            note = "" if what == "niet overgezet" else f"in het nieuwe werkboek als in het sjabloon: {found.expected}"
            lines.append(Line(what, old_cell=found.place, old_value=found.found, note=note))  # type: ignore[arg-type]
    return Leftovers(notes, tuple(lines))


def _free(origin: Origin, workbook: Workbook) -> Iterator[Address]:
    """The free cells in which a user wrote something, in the order of the sheets."""
    template = origin.version.template
    inputs = {*origin.inputs.values()}
    order = {sheet.name: number for number, sheet in enumerate(workbook.sheets)}
    known = None if template is None else {sheet.name for sheet in template.sheets}
    for address in sorted(workbook.unlocked, key=lambda one: (order.get(one.sheet, 0), one.row, one.column)):
        if address in inputs or address in workbook.array_members or (known is not None and address.sheet not in known):
            continue  # an own sheet is one thing, named by its tab
        if address in workbook.formulas:
            if template is None or address not in template.formulas:
                yield address
            continue
        value = workbook.values.get(address)
        if value in (None, ""):
            # Somebody emptied what the template has there; of an older one that says nothing about the current one.
            if template is not None and not origin.version.steps and template.values.get(address) not in (None, ""):
                yield address
        elif template is None or template.values.get(address) != value:
            yield address


class _Places:
    """Where the notes of one file belong in the new workbook."""

    def __init__(self, tool: Tool, origin: Origin, workbook: Workbook, parcels: Sequence[Parcel]) -> None:
        self._tool = tool
        self._origin = origin
        self._workbook = workbook
        self._inputs = {*tool.binding.inputs.values()}
        #: The new row of each old row with an input.
        self._rows: dict[tuple[str, int], tuple[str, int]] = {}
        for parcel in parcels:
            old, new = origin.inputs[parcel.source], tool.binding.inputs[parcel.key]
            self._rows.setdefault((old.sheet, old.row), (new.sheet, new.row))

    def of(self, address: Address) -> Address | None:
        """The free cell where a note belongs; None when there is none."""
        new = self._by_row(address) if self._origin.version.steps else address
        if new not in self._tool.workbook.unlocked or new in self._tool.workbook.formula_cells:
            return None
        return None if new in self._inputs else new

    def _by_row(self, address: Address) -> Address | None:
        """The cell in the row where the field of this row went, or else in the row with the same text."""
        row = self._rows.get((address.sheet, address.row))
        there = self._tool.workbook.values
        if row is not None:
            beside = Address(row[0], a1(address.column, row[1]))
            return None if beside in there else beside
        found = self._row_with_text(address)
        if found is None:
            return None
        same = Address(address.sheet, a1(address.column, found))
        # What the new template has there gives way only to what somebody is known to have changed in the old one.
        return None if self._origin.version.template is None and same in there else same

    def _row_with_text(self, address: Address) -> int | None:
        """The only row on the new sheet with the nearest fixed text to the left of a cell, in the same column."""
        for column in range(address.column - 1, 0, -1):
            cell = Address(address.sheet, a1(column, address.row))
            text = self._workbook.values.get(cell)
            if isinstance(text, str) and text and cell not in self._workbook.unlocked:
                rows = self._texts.get((address.sheet, column, text), [])
                return rows[0] if len(rows) == 1 else None
        return None

    @cached_property
    def _texts(self) -> dict[tuple[str, int, str], list[int]]:
        """The rows of each fixed text of the new workbook, by sheet and column."""
        found: dict[tuple[str, int, str], list[int]] = {}
        for cell, text in self._tool.workbook.values.items():
            if isinstance(text, str) and cell not in self._tool.workbook.unlocked:
                found.setdefault((cell.sheet, cell.column, text), []).append(cell.row)
        return found


def _fits(target: Template, address: Address, value: CellValue) -> bool:
    """Whether this value can be written there (no cell inside a merged one, no error)."""
    if isinstance(value, ExcelError):
        return False
    try:
        target.changes({address: value})
    except RekentoolError:
        return False
    return True


def _text(workbook: Workbook, address: Address) -> str:
    formula = workbook.formulas.get(address)
    return excerpt(formula or cell_text(workbook.values.get(address)), _LONGEST) or EMPTY
