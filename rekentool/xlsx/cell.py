"""Cell addresses and cell values, as every room of the package uses them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_A1 = re.compile(r"^\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})$")
_PLAIN_SHEET = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


@dataclass(frozen=True, slots=True)
class ExcelError:
    """An error as a cell value, e.g. ``ExcelError("#N/A")``: data, never a Python exception."""

    code: str

    def __str__(self) -> str:
        return self.code


#: What a cell holds. Dates are serial numbers (floats): what they mean is the mapping's business.
CellValue = float | str | bool | ExcelError | None


class Address(NamedTuple):
    """One cell of a workbook: a sheet's name and an A1 reference without ``$``."""

    sheet: str
    cell: str

    def __str__(self) -> str:
        return f"{quote_sheet(self.sheet)}!{self.cell}"

    @property
    def column(self) -> int:
        """Column number, 1 for A."""
        return split_a1(self.cell)[0]

    @property
    def row(self) -> int:
        """Row number, from 1."""
        return split_a1(self.cell)[1]


def quote_sheet(name: str) -> str:
    """The sheet name as a formula writes it: quoted where Excel needs quotes."""
    if _PLAIN_SHEET.match(name) and not _A1.match(name):
        return name
    return "'" + name.replace("'", "''") + "'"


@lru_cache(maxsize=MAX_COLUMN)
def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    if not 1 <= number <= MAX_COLUMN:
        raise ValueError(f"column {number} is outside 1..{MAX_COLUMN}")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A → 1, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


@lru_cache(maxsize=1 << 16)  # a workbook names each of its cells many times
def split_a1(reference: str) -> tuple[int, int]:
    """``"$C$8"`` → ``(3, 8)``; ValueError when it isn't the address of one cell on a sheet."""
    match = _A1.match(reference)
    if match is None:
        raise ValueError(f"not a cell address: {reference!r}")
    column, row = column_number(match[1]), int(match[2])
    if column > MAX_COLUMN or row > MAX_ROW:
        raise ValueError(f"outside the sheet: {reference!r}")
    return column, row


def a1(column: int, row: int) -> str:
    """``(3, 8)`` → ``"C8"``."""
    return f"{column_letters(column)}{row}"


def split_address(text: str) -> tuple[str, str]:
    """``"'1 Bol niveau 1'!$C$8:$D$9"`` → ``("1 Bol niveau 1", "C8:D9")``; ValueError without a sheet."""
    sheet, mark, reference = text.rpartition("!")
    if not mark:
        raise ValueError(f"no sheet in {text!r}")
    if len(sheet) >= 2 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, reference.replace("$", "")


def cells_of(text: str) -> list[list[Address]]:
    """The cells of ``Sheet!A1`` or ``Sheet!A1:B2`` as rows of addresses; ValueError for anything else."""
    sheet, reference = split_address(text)
    first, _, last = reference.partition(":")
    left, top = split_a1(first)
    right, bottom = split_a1(last or first)
    if right < left or bottom < top:
        raise ValueError(f"range runs backwards: {text!r}")
    return [[Address(sheet, a1(c, r)) for c in range(left, right + 1)] for r in range(top, bottom + 1)]
