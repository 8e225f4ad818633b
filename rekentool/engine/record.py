"""What compiling a workbook found out, as plain data that can be kept on disk.

Of each formula it has the shape, the constants and the places of what it reads; of each shape only which formula is
an example of it. The source of its function is written again from that formula, so no file on disk becomes code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from rekentool.engine.source import Outline
from rekentool.engine.tree import Reference
from rekentool.engine.vector import Area, Vector, constant, value_at
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, Address, CellValue, ExcelError, a1, split_a1

#: One formula: the numbers of its shape and its constants in the record, its own place, the places of what it reads.
Entry = list[int]


@dataclass
class Record:
    """The formulas in the workbook's order, each an entry or the reason why it isn't computed, and the places."""

    entries: list[Entry | str] = field(default_factory=list)
    #: For each shape the number of the first formula that has it.
    examples: list[int] = field(default_factory=list)
    #: The constants of formulas as plain data, each combination once.
    constants: list[list[Any]] = field(default_factory=list)
    #: What stands behind the formula cells in the list of values: other cells, and None for what is no cell.
    others: list[Address | None] = field(default_factory=list)
    #: The rectangles, each with its place.
    areas: dict[Reference, int] = field(default_factory=dict)
    #: Whether all of it can be kept as plain data.
    whole: bool = True
    _shapes: dict[str, int] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=dict)

    def add(self, outline: Outline, places: list[int]) -> None:
        """Note a formula: its outline, its own place and those that it reads."""
        shape = self._shapes.setdefault(outline.source, len(self.examples))
        if shape == len(self.examples):
            self.examples.append(len(self.entries))
        try:
            constants = plain(outline.constants)
        except ValueError:
            self.whole, constants = False, []
        text = json.dumps(constants)
        known = self._known.setdefault(text, len(self.constants))
        if known == len(self.constants):
            self.constants.append(constants)
        self.entries.append([shape, known, *places])

    def data(self) -> dict[str, Any]:
        """The record as lists, numbers and texts."""
        return {
            "formulas": self.entries,
            "examples": self.examples,
            "constants": self.constants,
            "others": self.others,
            "areas": [[place, area.sheet, area.left, area.top, area.right, area.bottom]
                      for area, place in self.areas.items()],
        }


def sure(fits: bool) -> None:
    """ValueError unless it holds: what is on disk isn't believed."""
    if not fits:
        raise ValueError("not the program of this workbook")


def record_of(data: Any) -> Record:
    """The record in such data; ValueError where they aren't that.

    The numbers of shapes and constants exist, the places are whole numbers: whether they fit is for `Cells` to see.
    """
    try:
        entries, examples, constants, others, areas = (
            _list(data[part]) for part in ("formulas", "examples", "constants", "others", "areas"))
        _whole(examples)
        _whole([number for entry in entries if not isinstance(entry, str) for number in _list(entry)])
        for entry in entries:
            if not isinstance(entry, str):
                sure(len(entry) > 2 and 0 <= entry[0] < len(examples) and 0 <= entry[1] < len(constants))
        sure(all(0 <= example < len(entries) for example in examples))
        return Record(entries, examples, [_list(one) for one in constants], [_address(one) for one in others],
                      dict(_area(one) for one in areas))
    except (KeyError, TypeError) as problem:
        raise ValueError(f"not a program: {problem}") from problem


def _list(data: Any) -> list[Any]:
    sure(isinstance(data, list))
    return cast(list[Any], data)


def _whole(data: Any) -> list[int]:
    sure(isinstance(data, list) and set(map(type, data)) <= {int})
    return cast(list[int], data)


def _address(data: Any) -> Address | None:
    if data is None:
        return None
    sheet, cell = data
    sure(isinstance(sheet, str) and isinstance(cell, str) and a1(*split_a1(cell)) == cell)
    return Address(sheet, cell)


def _area(data: Any) -> tuple[Reference, int]:
    place, sheet, *corners = data
    left, top, right, bottom = _whole(corners)
    sure(isinstance(sheet, str) and type(place) is int)
    sure(1 <= left <= right <= MAX_COLUMN and 1 <= top <= bottom <= MAX_ROW)
    return Reference(sheet, left, top, right, bottom), place


# -- constants -------------------------------------------------------------------------------------------------------


def plain(constants: tuple[Any, ...]) -> list[Any]:
    """A number is itself, a vector its value in a list, a rectangle its rows; ValueError where that loses anything."""
    return [_plain(one) for one in constants]


def unpacked(constants: list[Any]) -> tuple[Any, ...]:
    """The constants that `plain` gave; ValueError where they aren't."""
    return tuple(map(_unpacked, constants))


def _plain(one: Any) -> Any:
    if isinstance(one, Vector):
        value = value_at(one, 0)
        if not one.uniform or constant(value) != one:
            raise ValueError(f"not plain: {one}")
        return [{"fout": value.code} if isinstance(value, ExcelError) else value]
    if isinstance(one, Area):
        return {"kolommen": one.columns, "cellen": [_plain(cell) for cell in one.cells]}
    if type(one) is not float:
        raise ValueError(f"not plain: {one!r}")
    return one


def _unpacked(one: Any) -> Any:
    if type(one) is float:
        return one
    if isinstance(one, list) and len(one) == 1:
        return constant(_value(one[0]))
    if isinstance(one, dict) and one.keys() == {"kolommen", "cellen"}:
        cells, columns = [_unpacked(cell) for cell in _list(one["cellen"])], one["kolommen"]
        whole = type(columns) is int and columns > 0 and cells and len(cells) % columns == 0
        if whole and all(isinstance(cell, Vector) for cell in cells):
            return Area(len(cells) // columns, columns, cells)
    raise ValueError("not a constant")


def _value(data: Any) -> CellValue:
    if isinstance(data, dict) and data.keys() == {"fout"} and isinstance(data["fout"], str):
        return ExcelError(data["fout"])
    if data is None or isinstance(data, str | bool) or type(data) is float:
        return data
    raise ValueError("not a value")
