"""What `controleer` found, as a table that can be sorted, filtered and mailed: one row per finding."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path

from rekentool.engine.verdict import Counts
from rekentool.messages import Finding
from rekentool.tables.table import check_length, check_target, storable, write_table
from rekentool.xlsx.celltext import MAX_TEXT
from rekentool.xlsx.save import save_atomic

COLUMNS = ("bestand", "regio", "code", "ernst", "plaats", "gevonden", "verwacht", "remedie")
_SUMMARY = (
    "bestand", "regio", "uitkomst", "fouten", "waarschuwingen", "meldingen", "formulecellen gelijk", "anders",
    "niet gecontroleerd",
)  # fmt: skip
_SEVERITIES = ("fout", "waarschuwing", "melding")
#: In characters; other columns have the last width. A row is as high as its longest text needs, in points a line.
_WIDTHS = {"bestand": 30, "regio": 20, "plaats": 24, "gevonden": 48, "verwacht": 34, "remedie": 48, "uitkomst": 24}
_WIDTH, _LINE, _HIGHEST = 16, 15, 400


@dataclass(frozen=True, slots=True)
class Judged:
    """One file and what there is to say of it; ``counts`` are the verdicts on its formula cells, None without any."""

    path: Path
    region: str
    outcome: str
    findings: Sequence[Finding]
    counts: Counts | None = None


def write_findings(path: Path, files: Sequence[Judged], *, overwrite: bool = False) -> int:
    """Write them to a .csv, .xlsx or .parquet and return the number of rows; the .xlsx also has a sheet with the files.

    RK641, RK642, RK630 or RK631 when that can't be.
    """
    rows = list(_rows(files))
    if path.suffix.lower() != ".xlsx":
        return write_table(path, COLUMNS, rows, overwrite=overwrite, numbers={})
    check_target(path, overwrite=overwrite)
    check_length(path, len(rows))
    save_atomic(path, _workbook(files, rows), overwrite=overwrite)
    return len(rows)


def _rows(files: Sequence[Judged]) -> Iterator[tuple[str, ...]]:
    for one in files:
        for found in one.findings:
            place = found.place, found.found, found.expected, found.remedy
            yield (found.file or str(one.path), one.region, found.code, found.severity, *place)


def _summary(files: Sequence[Judged]) -> Iterator[tuple[str | int | None, ...]]:
    for one in files:
        severities: Mapping[str, int] = Counter(found.severity for found in one.findings)
        numbers = [severities.get(severity, 0) for severity in _SEVERITIES]
        counts = one.counts
        verdicts = (counts.equal, counts.different, counts.unchecked) if counts else (None, None, None)
        yield (str(one.path), one.region, one.outcome, *numbers, *verdicts)


def _workbook(files: Sequence[Judged], rows: Sequence[Sequence[str]]) -> bytes:
    import xlsxwriter

    target = BytesIO()
    # Texts of others stay texts, whatever they begin with; the same findings give the same bytes.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": datetime(2000, 1, 1), "title": "Bevindingen van de controle"})
        for name, columns, lines in (("Overzicht", _SUMMARY, list(_summary(files))), ("Bevindingen", COLUMNS, rows)):
            sheet = book.add_worksheet(name)
            heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
            body = book.add_format({"text_wrap": True, "valign": "top"})
            sheet.freeze_panes(1, 0)
            sheet.set_landscape()
            sheet.set_paper(9)  # A4
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
            sheet.set_row(0, _height(columns, columns))
            for number, column in enumerate(columns):
                sheet.set_column(number, number, _WIDTHS.get(column, _WIDTH))
                sheet.write_string(0, number, column, heading)
            for row, line in enumerate(lines, start=1):
                sheet.set_row(row, _height(columns, line))
                for number, cell in enumerate(line):
                    if isinstance(cell, str):
                        sheet.write_string(row, number, storable(cell)[:MAX_TEXT], body)
                    elif cell is not None:
                        sheet.write_number(row, number, cell, body)
            if lines:
                sheet.autofilter(0, 0, len(lines), len(columns) - 1)
    return target.getvalue()


def _height(columns: Sequence[str], line: Sequence[str | int | None]) -> int:
    """How high a row must be for its texts; not every program finds out by itself."""
    lines = [
        -(-len(cell) // _WIDTHS.get(column, _WIDTH))
        for column, cell in zip(columns, line, strict=True)
        if isinstance(cell, str)
    ]
    return min(_HIGHEST, _LINE * max([1, *lines]))
