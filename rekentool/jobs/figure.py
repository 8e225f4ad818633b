"""Where the value of a kengetal comes from: which dated row of which source, or the user's own value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from rekentool.mapping.schema import Kengetal, KengetalValue
from rekentool.mapping.values import serial_date
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue


@dataclass(frozen=True, slots=True)
class Figure:
    """The origin of a kengetal's value: ``own`` is the user's own value, else ``row`` is the row that holds.

    ``row`` is the newest one that isn't after ``day``, the file's peildatum; None where there is none, or no date. It
    has no value where it is unknown from its date on. ``differs``: the file computes with another value than the row's.
    """

    id: str
    own: bool
    day: date | None
    row: KengetalValue | None
    differs: bool


def figure_of(tool: Tool, kengetal: Kengetal, used: CellValue) -> Figure:
    """The origin of the value ``used`` in this file."""
    day = _day(tool)
    own = kengetal.own
    if own is not None and tool.workbook.values.get(tool.binding.address(own.id)) not in (None, ""):
        return Figure(kengetal.id, True, day, None, False)
    row = None if day is None else kengetal.at(day)
    differs = isinstance(used, float) and row is not None and (row.value is None or not math.isclose(used, row.value))
    return Figure(kengetal.id, False, day, row, differs)


def _day(tool: Tool) -> date | None:
    """The date on which kengetallen count in this file; None where it has none."""
    address = tool.binding.inputs.get((tool.mapping.workbook.date_field, None))
    serial = None if address is None else tool.workbook.values.get(address)
    if not isinstance(serial, float):
        return None
    try:
        return serial_date(serial, tool.workbook.date1904)
    except ValueError:
        return None
