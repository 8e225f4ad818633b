"""A new .xlsx with sheets of plain values: a heading, rows, nothing that computes.

Written here and not through openpyxl, which writes numbers in 16 digits (0.30000000000000004 becomes 0.3) and the
moment of writing into the file. Source for the parts: ECMA-376 part 1, 18.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import IO, BinaryIO

from rekentool.xlsx.cell import CellValue, column_letters
from rekentool.xlsx.celltext import escaped, typed_content

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: The parts that don't depend on the sheets; style 1 is the heading's bold.
_STYLES = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


#: Rows that go to the compressor together; one by one would take twice as long.
_TOGETHER = 250


@dataclass(frozen=True)
class SheetRows:
    """One sheet: its name, the heading, the rows (taken one by one, not kept) and widths of columns in characters."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[CellValue]]
    widths: Mapping[str, float]


def write_sheet(
    stream: BinaryIO,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[CellValue]],
    widths: Mapping[str, float],
) -> None:
    """Write a file with one sheet (`write_sheets`)."""
    write_sheets(stream, [SheetRows(name, columns, rows, widths)])


def write_sheets(stream: BinaryIO, sheets: Sequence[SheetRows]) -> None:
    """Write the file to ``stream``, which must be seekable; the same rows give the same bytes.

    The rows of a sheet are asked for after those of the sheet before it. Texts must be ones that a cell can hold.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, xml in _parts(sheets):
            archive.writestr(_member(part), _HEAD + xml)
        for number, sheet in enumerate(sheets, start=1):
            with archive.open(_member(_part(number)), "w", force_zip64=True) as target:
                _write(target, sheet)


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _parts(sheets: Sequence[SheetRows]) -> Iterator[tuple[str, str]]:
    """Every part but the sheets."""
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(f'<Override PartName="/{_part(one)}" ContentType="{_TYPE}.worksheet+xml"/>' for one in numbers)
    yield (
        "[Content_Types].xml",
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>{overrides}'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    )
    yield (
        "_rels/.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    related = "".join(
        f'<Relationship Id="rId{one}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{one}.xml"/>'
        for one in numbers
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
    tabs = "".join(
        f'<sheet name="{escaped(sheet.name).decode()}" sheetId="{one}" r:id="rId{one}"/>'
        for one, sheet in enumerate(sheets, start=1)
    )
    yield "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{tabs}</sheets></workbook>'


def _write(target: IO[bytes], sheet: SheetRows) -> None:
    letters = [column_letters(number).encode() for number in range(1, len(sheet.columns) + 1)]
    shown = "".join(
        f'<col min="{number}" max="{number}" width="{sheet.widths.get(column, 12)}" customWidth="1"/>'
        for number, column in enumerate(sheet.columns, start=1)
    )
    target.write(
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{shown}</cols><sheetData>".encode()
    )
    target.write(_row(1, letters, sheet.columns, b' s="1"'))
    for together in _pieces(_row(number, letters, row) for number, row in enumerate(sheet.rows, start=2)):
        target.write(together)
    target.write(b"</sheetData></worksheet>")


def _pieces(rows: Iterator[bytes]) -> Iterator[bytes]:
    while together := b"".join(islice(rows, _TOGETHER)):
        yield together


def _member(name: str) -> zipfile.ZipInfo:
    """A member with a fixed date, so that the file doesn't depend on the moment."""
    member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _row(number: int, letters: Sequence[bytes], values: Sequence[CellValue], style: bytes = b"") -> bytes:
    at = b"%d" % number
    cells = []
    for column, value in zip(letters, values, strict=True):
        if value is not None:
            kind, content = _text(value) if isinstance(value, str) else _content(value)
            cells.append(b'<c r="%s%s"%s%s>%s</c>' % (column, at, style, kind, content))
    return b'<row r="%s">%s</row>' % (at, b"".join(cells))


def _content(value: CellValue) -> tuple[bytes, bytes]:
    kind, content = typed_content(value, b"", formula=False)
    return b' t="%s"' % kind if kind else b"", content


@lru_cache(4096)
def _text(value: str) -> tuple[bytes, bytes]:
    """The same few texts come back on every row."""
    return _content(value)
