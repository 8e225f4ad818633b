"""A table as parquet: for whoever analyses long tables with pandas, R, DuckDB or Power BI.

Every column is text, but for the columns of numbers. A cell of these can be a text too (``niet te berekenen``, an
error's name), and a column of a parquet file has one type. So a column of numbers ``waarde`` becomes two:

- ``waarde``, a float64: the number, null where there is none;
- ``waarde_tekst``: what stands there instead of a number, null where there is one. For a blank it is what a blank
  means in that column (``n.v.t.``), or null when that isn't said.

So where a blank has a meaning exactly one of the two is filled on every row. The version of this package stands in the
schema's metadata under ``rekentool``. The same rows give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from rekentool import __version__
from rekentool.tables.table import storable

#: Rows that are written together, as one row group: what is in memory of a table.
ROW_GROUP = 100_000

_Cells = Sequence[float | int | str | None]
#: A column of the file: the place of its cells in the table's rows, and what it holds of them.
_Column = tuple[int, pa.Field, Callable[[_Cells], Sequence[float | str | None]]]


def write_parquet(
    stream: BinaryIO,
    columns: Sequence[str],
    rows: Iterable[Sequence[float | int | str | None]],
    numbers: Mapping[str, str | None],
) -> None:
    """Write ``rows`` under ``columns`` to ``stream``, a row group at a time.

    ``numbers`` names the columns that hold numbers, each with what a blank in it means (None: nothing). A number in
    any other column is written as text, as in a CSV.
    """
    fields = list(_fields(columns, numbers))
    schema = pa.schema([field for _, field, _ in fields], metadata={"rekentool": __version__})
    taken = iter(rows)
    with pq.ParquetWriter(stream, schema) as writer:
        while group := list(islice(taken, ROW_GROUP)):
            arrays = [pa.array(hold([row[place] for row in group]), field.type) for place, field, hold in fields]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _fields(columns: Sequence[str], numbers: Mapping[str, str | None]) -> Iterator[_Column]:
    for place, name in enumerate(columns):
        if name in numbers:
            yield place, pa.field(name, pa.float64()), _numbers
            yield place, pa.field(f"{name}_tekst", pa.string()), partial(_reasons, blank=numbers[name])
        else:
            yield place, pa.field(name, pa.string()), _texts


def _numbers(cells: _Cells) -> list[float | None]:
    return [None if cell is None or isinstance(cell, str) else float(cell) for cell in cells]


def _reasons(cells: _Cells, blank: str | None) -> list[str | None]:
    return [blank if cell is None else storable(cell) if isinstance(cell, str) else None for cell in cells]


def _texts(cells: _Cells) -> Sequence[str | None]:
    shown = {cell: cell if cell is None else storable(cell) if isinstance(cell, str) else str(cell)
             for cell in set(cells)}  # fmt: skip
    if all(cell is text or cell == text for cell, text in shown.items()):
        return cells  # type: ignore[return-value]  # nearly always: then all are texts as they should be
    return [shown[cell] for cell in cells]
