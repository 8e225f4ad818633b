"""A new .xlsx with one sheet of plain values: a heading, rows, nothing that computes.

Written here and not through openpyxl, which writes numbers in 16 digits (0.30000000000000004 becomes 0.3) and the
moment of writing into the file. Source for the parts: ECMA-376 part 1, 18.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import BinaryIO

from rekentool.xlsx.cell import CellValue, column_letters
from rekentool.xlsx.celltext import escaped, typed_content

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SHEET = "xl/worksheets/sheet1.xml"
#: Every part but the sheet and the workbook; style 1 is the heading's bold.
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
    '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}


#: Rows that go to the compressor together; one by one would take twice as long.
_TOGETHER = 250


def write_sheet(
    stream: BinaryIO,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[CellValue]],
    widths: Mapping[str, float],
) -> None:
    """Write the file to ``stream``, which must be seekable; the same rows give the same bytes.

    ``name`` is the sheet's, ``widths`` those of columns, in characters. The rows are taken one by one and not kept.
    Texts must be ones that a cell can hold.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, xml in _PARTS.items():
            archive.writestr(_member(part), _HEAD + xml)
        archive.writestr(
            _member("xl/workbook.xml"),
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets><sheet name="{escaped(name).decode()}" '
            'sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open(_member(_SHEET), "w", force_zip64=True) as sheet:
            letters = [column_letters(number).encode() for number in range(1, len(columns) + 1)]
            shown = "".join(
                f'<col min="{number}" max="{number}" width="{widths.get(column, 12)}" customWidth="1"/>'
                for number, column in enumerate(columns, start=1)
            )
            sheet.write(
                f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
                'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
                f"<cols>{shown}</cols><sheetData>".encode()
            )
            sheet.write(_row(1, letters, columns, b' s="1"'))
            for together in _pieces(_row(number, letters, row) for number, row in enumerate(rows, start=2)):
                sheet.write(together)
            sheet.write(b"</sheetData></worksheet>")


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
