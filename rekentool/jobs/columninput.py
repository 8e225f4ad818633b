"""One column of a regions table as the engine takes it."""

from __future__ import annotations

import numpy as np

from rekentool.engine.program import Input
from rekentool.engine.vector import gather
from rekentool.mapping.schema import InputKey, Value
from rekentool.mapping.values import to_cell
from rekentool.tables.columns import Values
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue


def column_input(tool: Tool, key: InputKey, column: Values) -> Input:
    """An input over some regions as the engine takes it; a blank keeps the template's value."""
    template = tool.workbook.values.get(tool.binding.inputs[key])
    if isinstance(column, np.ndarray):
        blank = np.isnan(column)
        if not blank.any():
            return column
        if isinstance(template, float):
            return np.where(blank, template, column)
        return gather(template if number != number else number for number in column.tolist())
    field, date1904 = tool.mapping.field(key[0]), tool.workbook.date1904
    cells: dict[Value | None, CellValue] = {
        value: template if value is None else to_cell(field, value, date1904=date1904) for value in set(column)
    }
    return gather(cells[value] for value in column)
