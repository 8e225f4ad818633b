"""A pandas DataFrame as the columns of a table: numbers stay together, everything else is a cell as a file has it."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd

from rekentool.tables.columns import Cells
from rekentool.tables.records import TableCell


def frame_header(frame: pd.DataFrame) -> list[TableCell]:
    """The names of its columns, as cells of a header. TypeError when it is no DataFrame."""
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"a regions table is a path or a DataFrame, not a {type(frame).__name__}")
    return [_cell(label) for label in frame.columns]


def frame_cells(frame: pd.DataFrame) -> list[Cells]:
    """Its columns; a column of numbers as an array with NaN where there is none."""
    return [_cells(frame.iloc[:, place]) for place in range(frame.shape[1])]


def _cells(column: pd.Series[Any]) -> Cells:
    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        categories: list[TableCell] = [*map(_cell, column.cat.categories), None]  # a missing value has code -1
        return [categories[code] for code in column.cat.codes]
    api = pd.api.types
    if api.is_numeric_dtype(dtype) and not api.is_bool_dtype(dtype) and not api.is_complex_dtype(dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan)
    return [_cell(value) for value in column.astype(object)]


def _cell(value: Any) -> TableCell:
    """Anything that can stand in a DataFrame, as a cell of a table; what is none of those is read as its text."""
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, str):
        return str(value)  # no numpy text
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, Real | Decimal):
        return _number(value)
    if isinstance(value, np.datetime64):
        return _cell(pd.Timestamp(value))
    if isinstance(value, datetime):
        # The day that stands there, wherever that is; a nanosecond is a time too, of which a datetime knows nothing.
        whole = value.floor("us") if isinstance(value, pd.Timestamp) else value
        return str(value) if whole != value else datetime.combine(value.date(), value.time())
    if isinstance(value, date):
        return datetime.combine(value, datetime.min.time())
    return str(value)


def _number(value: Real | Decimal) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return math.inf
    return None if math.isnan(number) else number
