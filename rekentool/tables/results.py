"""The tidy results table: one row per region, case, party, line and year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rekentool.mapping.bind import Binding
from rekentool.xlsx.cell import Address, CellValue, ExcelError

COLUMNS = ("regio", "geval", "partij", "regel", "jaar", "waarde", "eenheid", "cel")
NOT_APPLICABLE = "n.v.t."
UNKNOWN = "niet te berekenen"
UNCHECKED = "niet gecontroleerd"


class ResultRow(NamedTuple):
    """One row of the table; ``waarde`` is a number, None for n.v.t., or the text that stands in the cell."""

    regio: str
    geval: str
    partij: str
    regel: str
    jaar: str
    waarde: float | str | None
    eenheid: str
    cel: str


def result_rows(
    binding: Binding, regio: str, values: Mapping[Address, CellValue], *, every_line: bool
) -> Iterator[ResultRow]:
    """The rows of one workbook. A cell without a value from the engine reads ``niet gecontroleerd``, never 0."""
    for cell in binding.results("alle" if every_line else "altijd"):
        value = table_value(values[cell.address]) if cell.address in values else UNCHECKED
        yield ResultRow(regio, cell.geval, cell.partij, cell.regel, cell.jaar, value, cell.eenheid, str(cell.address))


def table_value(value: CellValue) -> float | str | None:
    """A cell's value as the table shows it: #N/A is ``niet te berekenen``, n.v.t. is blank, other errors by name."""
    if value is None or value == NOT_APPLICABLE:
        return None
    if isinstance(value, ExcelError):
        return UNKNOWN if value.code == "#N/A" else value.code
    # Minus zero, which a sum can give, is 0 to a reader.
    return float(value) + 0.0 if isinstance(value, bool | int | float) else value


def is_balance(row: ResultRow, line: str = "saldo") -> bool:
    """Whether a row is what `summary` shows: the line over all years, or that of a table without years."""
    return row.regel == line and row.jaar in ("totaal", "")


def summary(rows: Iterable[ResultRow], line: str = "saldo") -> str:
    """One line of every party as a table for the screen: a row per region and case, whole euros in Dutch notation.

    "" when the rows have no such line.
    """
    cells: dict[tuple[str, str], dict[str, str]] = {}
    parties: dict[str, None] = {}
    for row in rows:
        if is_balance(row, line):
            cells.setdefault((row.regio, row.geval), {})[row.partij] = _shown(row.waarde)
            parties[row.partij] = None
    if not cells:
        return ""
    table = [
        ["regio", "geval", *(party or line for party in parties)],
        *([*key, *(values.get(party, "") for party in parties)] for key, values in cells.items()),
    ]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 2 else text.rjust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in table
    )


def _shown(value: float | str | None) -> str:
    if value is None:
        return NOT_APPLICABLE
    return value if isinstance(value, str) else f"{round(value) or 0:,}".replace(",", ".")
