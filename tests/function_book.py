"""One workbook with every case of the three tables as a formula, as Excel would have written it in a file."""

from __future__ import annotations

import io
import re
from typing import Any, NamedTuple

import formula_cases
import function_cases_further
import function_cases_math
import function_cases_other
import openpyxl
from function_cases_other import REFUSED, Blank
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.xlsx.cell import Address, ExcelError

#: Functions that came after the file format: Excel writes them with ``_xlfn.`` before their name ([MS-XLSX] 2.2.2).
FUTURE = frozenset((
    "AGGREGATE", "ARABIC", "BASE", "CONFIDENCE.NORM", "DECIMAL", "PERCENTRANK.EXC", "PERCENTRANK.INC", "TEXTAFTER",
    "TEXTBEFORE", "CEILING.MATH", "CEILING.PRECISE", "CONCAT", "COVARIANCE.P", "COVARIANCE.S", "DAYS", "FLOOR.MATH",
    "FLOOR.PRECISE", "FORECAST.LINEAR", "IFNA", "IFS", "ISOWEEKNUM", "MAXIFS", "MINIFS", "MODE.SNGL", "NORM.DIST",
    "NORM.INV", "NORM.S.DIST", "NORM.S.INV", "NUMBERVALUE", "PDURATION", "PERCENTILE.EXC", "PERCENTILE.INC",
    "QUARTILE.EXC", "QUARTILE.INC", "RANK.AVG", "RANK.EQ", "RRI", "STDEV.P", "STDEV.S", "SWITCH", "TEXTJOIN",
    "UNICHAR", "UNICODE", "VAR.P", "VAR.S", "XLOOKUP", "XMATCH", "XOR",
))
#: Functions that no table has as a formula, or only with a rectangle as its result.
_FURTHER = (
    'IFS(A2>5,"meer",A2=5,"vijf")', "IFS(A2>5,1)", "IFS(A6,1)", 'SWITCH(A2,4,"vier",5,"vijf")', "SWITCH(A2,4,1)",
    'SWITCH(A2,4,1,"anders")', 'IFNA(A6,"geen")', "IFNA(A12,1)", "IFNA(A2,1)", "SUMPRODUCT(TRANSPOSE(F1:G3)*1)",
    'CONCATENATE(A4,"-",A2)', "INDEX(F1:G3,2,2)", "SUMPRODUCT(TRANSPOSE(F1:F3)*TRANSPOSE(G1:G3))",
)
#: Longest text between quotes in a formula of Excel.
_LONGEST_TEXT = 255
#: Names of functions; texts between quotes are stepped over.
_NAME = re.compile(r'"(?:[^"]|"")*"|([A-Z][A-Z0-9.]*)\(')
#: The sheet with the arguments of `function_cases_other`, and the sheet with its formulas.
DATA, CALLS = "Gegevens", "Aanroepen"


class Entry(NamedTuple):
    """The cell of a formula, and the formula to read: without ``=`` and prefixes, with the data for their ranges."""

    formula: str
    cell: Address


def names(formula: str) -> list[str]:
    """The functions that a formula calls, from left to right."""
    return [match[1] for match in _NAME.finditer(formula) if match[1]]


def prefixed(formula: str) -> str:
    """The formula as it stands in a file."""
    return _NAME.sub(lambda match: f"_xlfn.{match[0]}" if match[1] in FUTURE else match[0], formula)


class Book:
    """The workbook being made, and what stands where."""

    def __init__(self) -> None:
        self._book = openpyxl.Workbook()
        self._book.remove(self._book.worksheets[0])
        self.entries: list[Entry] = []
        self._columns = 0

    def add(self, sheet: str, column: str, row: int, formula: str, label: str = "") -> None:
        self._book[sheet][f"{column}{row}"] = f"={prefixed(formula)}"
        self.entries.append(Entry(label or formula, Address(sheet, f"{column}{row}")))

    def sheet(self, title: str) -> Worksheet:
        made: Worksheet = self._book.create_sheet(title)
        return made

    def argument(self, value: Any) -> tuple[str, str]:
        """An argument as a formula has it, and to read: literals, and what only cells hold on the sheet with data."""
        text = literal(value)
        if not isinstance(value, list | Blank) and (not isinstance(value, str) or len(value) <= _LONGEST_TEXT):
            return text, text
        rows = value if isinstance(value, list) else [[None if isinstance(value, Blank) else value]]
        rows = rows if rows and isinstance(rows[0], list) else [[one] for one in rows]
        left, width = self._columns + 1, len(rows[0])
        self._columns += width
        for number, row in enumerate(rows, 1):
            for place, one in enumerate(row):
                put(self._book[DATA], f"{get_column_letter(left + place)}{number}", one)
        corners = f"${get_column_letter(left)}$1", f"${get_column_letter(left + width - 1)}${len(rows)}"
        cells = corners[0] if corners[0] == corners[1] else ":".join(corners)
        return f"{DATA}!{cells}", text

    def saved(self) -> bytes:
        target = io.BytesIO()
        self._book.save(target)
        return target.getvalue()


def literal(value: Any) -> str:
    """A value of a case, or a list of them, as a formula would have it."""
    if isinstance(value, list):
        rows = [",".join(map(literal, row)) if isinstance(row, list) else literal(row) for row in value]
        return "{" + ";".join(rows) + "}"
    if value is None or isinstance(value, Blank):
        return "" if value is None else "leeg"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, ExcelError):
        return value.code
    if isinstance(value, str):
        text = '"' + value.replace('"', '""') + '"'
        return text if len(value) <= _LONGEST_TEXT else f"{text[:9]}…{len(value)} tekens"
    return repr(value).removesuffix(".0")


def put(sheet: Worksheet, reference: str, value: object) -> None:
    """A value in a cell; a text with ``'`` before it is one whatever it looks like, and "" a formula that gives it."""
    if value is None:
        return
    cell = sheet[reference]
    if isinstance(value, ExcelError):
        cell.value, cell.data_type = value.code, "e"
    elif isinstance(value, str) and not value.startswith("="):
        cell.value, cell.data_type = (value.removeprefix("'"), "s") if value else ('=""', "f")
    else:
        cell.value = value


def function_book() -> tuple[bytes, list[Entry]]:
    """The workbook and its formulas. Cases with a rectangle as their result, or refused, are left out."""
    book = Book()
    sheet = book.sheet(formula_cases.SHEET)
    for reference, value in formula_cases.CELLS.items():
        put(sheet, reference, value)
    for row, formula in enumerate([*(case.formula for case in formula_cases.CASES), *_FURTHER], 1):
        book.add(formula_cases.SHEET, "T", row, formula)
    sheet = book.sheet(function_cases_math.SHEET)
    for column, values in function_cases_math.COLUMNS.items():
        for row, value in enumerate(values, 1):
            put(sheet, f"{column}{row}", value)
    for row, math_case in enumerate(function_cases_math.CASES, 1):
        book.add(function_cases_math.SHEET, "AB", row, math_case.formula)
    book.sheet(DATA)
    book.sheet(CALLS)
    calls = (call for call in (*function_cases_other.CASES, *function_cases_further.CASES) if call.excel is not REFUSED)
    for row, call in enumerate((call for call in calls if not isinstance(call.excel, list)), 1):
        arguments = [book.argument(value) for value in call.arguments]
        formula, label = (f"{call.name}({','.join(texts[form] for texts in arguments)})" for form in (0, 1))
        book.add(CALLS, "A", row, formula, label)
    return book.saved(), book.entries
