"""Edits of a workbook as Excel makes them: rows and columns inserted, deleted or moved, with every reference along.

Written apart from the package, on the tokens of openpyxl, so that what `jobs/alignment` recognises isn't its own work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from openpyxl.formula import Tokenizer
from openpyxl.utils import column_index_from_string, get_column_letter

from rekentool.xlsx.cell import Address
from rekentool.xlsx.reader import Workbook

_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")
#: From an old row or column to where it stands now; None when it is deleted.
Shift = Callable[[int], int | None]


def stays(line: int) -> int:
    return line


def inserted(at: int, count: int = 1) -> Shift:
    return lambda line: line + count if line >= at else line


def deleted(at: int, count: int = 1) -> Shift:
    return lambda line: line if line < at else None if line < at + count else line - count


def swapped(one: int, other: int) -> Shift:
    return lambda line: {one: other, other: one}.get(line, line)


def shifted(workbook: Workbook, sheet: str, rows: Shift = stays, columns: Shift = stays) -> Workbook:
    """The workbook after the edit of one sheet."""

    def address(cell: Address) -> Address | None:
        if cell.sheet != sheet:
            return cell
        column, row = columns(cell.column), rows(cell.row)
        return Address(sheet, f"{get_column_letter(column)}{row}") if column and row else None

    def corner(text: str, grow: int) -> str | None:
        match = _CELL.fullmatch(text)
        assert match, text
        column, row = column_index_from_string(match[2]), int(match[4])
        new_column, new_row = columns(column), rows(row)
        while grow and new_column is None:
            column += grow
            new_column = columns(column)
        while grow and new_row is None:
            row += grow
            new_row = rows(row)
        if not new_column or not new_row:
            return None
        return f"{match[1]}{get_column_letter(new_column)}{match[3]}{new_row}"

    def reference(text: str, home: str) -> str:
        prefix, mark, cells = text.rpartition("!")
        name = prefix.strip("'") if mark else home
        first, colon, last = cells.partition(":")
        if name != sheet or not _CELL.fullmatch(first):
            return text
        ends = [corner(first, 1 if colon else 0), *([corner(last, -1)] if colon else [])]
        return f"{prefix}{mark}#REF!" if None in ends else prefix + mark + colon.join(end for end in ends if end)

    def formula(text: str, home: str) -> str:
        tokens = Tokenizer(text).items
        return "=" + "".join(
            reference(token.value, home) if token.subtype == "RANGE" else token.value for token in tokens
        )

    def placed(cells: dict) -> dict:  # type: ignore[type-arg]
        return {new: value for old, value in cells.items() if (new := address(old)) is not None}

    return replace(
        workbook,
        values=placed(workbook.values),
        formulas=placed({cell: formula(text, cell.sheet) for cell, text in workbook.formulas.items()}),
        names={name: reference(text, "") for name, text in workbook.names.items()},
        unlocked=frozenset(cell for old in workbook.unlocked if (cell := address(old)) is not None),
    )
