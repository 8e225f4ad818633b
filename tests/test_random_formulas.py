"""Random formulas: LibreOffice and the program say the same of each. ``--trekkingen 100`` makes 10 000 of them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from function_book import names, prefixed, put
from random_formulas import COLUMNS, GRID, Writer
from random_trees import printed

from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.program import ProgramEngine
from rekentool.engine.verdict import Tolerance, compare
from rekentool.xlsx.cell import Address, CellValue, ExcelError

#: Formulas for each draw that is asked for.
EACH = 100
SEED = 20_261_001
#: LibreOffice saves 15 digits, and a formula of four levels may lose some by subtraction.
TOLERANCE = Tolerance(relative=1e-9, absolute=1e-9)


def formulas(number: int) -> list[str]:
    writer = Writer(SEED)
    return [printed(writer.formula()) for _ in range(number)]


def workbook(texts: list[str]) -> bytes:
    """The grid, and the formulas under one another in column A of the sheet Formules."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = GRID
    for column, cells in COLUMNS.items():
        for row, value in enumerate(cells, 1):
            put(sheet, f"{column}{row}", f"'{value}" if isinstance(value, str) else value)
    target = book.create_sheet("Formules")
    for row, text in enumerate(texts, 1):
        target[f"A{row}"] = f"={prefixed(text)}"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def shown(value: CellValue) -> str:
    return value.code if isinstance(value, ExcelError) else repr(value)


@pytest.mark.libreoffice
def test_same_as_libreoffice(draws: int) -> None:
    texts = formulas(draws * EACH)
    data = workbook(texts)
    (ours,), (theirs,) = (engine.open(data).compute([{}]) for engine in (ProgramEngine(), LibreOffice()))
    assert ours.unknown | theirs.unknown == {}
    verdicts = compare(ours.values, theirs.values, tolerance=TOLERANCE, loose_errors=True)
    assert len(verdicts) == len(texts)
    different = [verdict for verdict in verdicts if verdict.judgement == "anders"]
    # Which of two errors in one formula is its result differs (docs/engines.md): that it is one is all that is asked.
    errors = [v for v in different if isinstance(v.expected, ExcelError) and isinstance(v.actual, ExcelError)]
    assert len(errors) <= len(texts) / 100
    told = [
        f"={texts[verdict.address.row - 1]}: {shown(verdict.expected)}, LibreOffice {shown(verdict.actual)}"
        for verdict in different
        if verdict not in errors
    ]
    assert sorted(told, key=len) == []


def test_formulas_are_of_use() -> None:
    """Most give a value, of every type; many functions are in them; the same ones come back."""
    texts = formulas(1000)
    assert texts == formulas(1000) and formulas(1200)[:1000] == texts
    (found,) = ProgramEngine().open(workbook(texts)).compute([{}])
    values = [found.values[Address("Formules", f"A{row}")] for row in range(1, len(texts) + 1)]
    kinds = {kind: sum(type(value) is kind for value in values) for kind in (float, str, bool, ExcelError)}
    assert kinds[float] > 400 and kinds[str] > 100 and kinds[bool] > 100 and kinds[ExcelError] < 300, kinds
    used = {name for text in texts for name in names(text)}
    assert used <= FUNCTIONS.keys() and len(used) >= 80, len(used)
