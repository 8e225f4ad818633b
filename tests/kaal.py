"""The smallest workbook around one sheet's XML, and readers of parts that don't use the package."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from lxml import etree

HOOFD = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
NS = {"m": HOOFD}
DEEL = "xl/worksheets/sheet1.xml"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KOP = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SOORTEN = "application/vnd.openxmlformats-officedocument.spreadsheetml"

WERKMAP = (
    f'{_KOP}<workbook xmlns="{HOOFD}" xmlns:r="{_REL}"><workbookPr/><sheets>'
    '<sheet name="Blad" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STIJLEN = (
    f'{_KOP}<styleSheet xmlns="{HOOFD}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    f'<cellXfs count="9">{"<xf/>" * 9}</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
    "</cellStyles></styleSheet>"
)


def werkblad(gegevens: str, *, voor: str = "", na: str = "") -> str:
    """A worksheet part around the content of its sheetData, with what stands before and after it."""
    return f'{_KOP}<worksheet xmlns="{HOOFD}" xmlns:r="{_REL}">{voor}<sheetData>{gegevens}</sheetData>{na}</worksheet>'


def kaal(blad: str | bytes, extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook with one sheet "Blad"; ``extra`` adds or replaces parts."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{_KOP}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SOORTEN}.sheet.main+xml"/>'
        f'<Override PartName="/{DEEL}" ContentType="{_SOORTEN}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SOORTEN}.styles+xml"/></Types>',
        "_rels/.rels": verwijzingen(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": WERKMAP,
        "xl/_rels/workbook.xml.rels": verwijzingen(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml"),
            ("rId3", "sharedStrings", "sharedStrings.xml"),
        ),
        "xl/styles.xml": _STIJLEN,
        DEEL: blad,
        **(extra or {}),
    }
    return gezipt(parts)


def verwijzingen(*relaties: tuple[str, str, str]) -> str:
    """A relationships part from (id, kind, target)."""
    regels = "".join(f'<Relationship Id="{i}" Type="{_REL}/{k}" Target="{t}"/>' for i, k, t in relaties)
    return f'{_KOP}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{regels}</Relationships>'


def gezipt(parts: Mapping[str, str | bytes]) -> bytes:
    """The parts as a zip file with a fixed date."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 2, 3, 4, 6)), content, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def deel(data: bytes, naam: str = DEEL) -> str:
    """A part as text."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(naam).decode()


def gegevens(data: bytes, naam: str = DEEL) -> str:
    """What stands between the sheetData tags of a part."""
    tekst = deel(data, naam)
    return tekst[tekst.index("<sheetData>") + 11 : tekst.index("</sheetData>")]


def boom(data: bytes, naam: str = DEEL) -> etree._Element:
    """A part parsed by lxml."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return etree.fromstring(archive.read(naam))


def rauwe_leden(data: bytes) -> dict[str, tuple[bytes, bytes, tuple[object, ...]]]:
    """Per member of the zip: local header with name and extra, compressed bytes, and its facts in the directory."""
    leden = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            naam, extra = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + naam + extra
            feiten = (info.date_time, info.compress_type, info.comment, info.extra, info.create_system, info.flag_bits,
                      info.create_version, info.extract_version, info.internal_attr, info.external_attr, info.CRC,
                      info.file_size)  # fmt: skip
            leden[info.filename] = (
                data[info.header_offset : start], data[start : start + info.compress_size], feiten,
            )  # fmt: skip
    return leden
