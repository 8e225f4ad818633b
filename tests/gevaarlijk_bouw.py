"""The sound workbook that the dangerous ones start from, and the pieces to build them with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from rekentool.xlsx.limits import LIMITS, Limits

Parts = dict[str, bytes]

REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "application/vnd.openxmlformats-officedocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE = (2026, 8, 1, 12, 0, 0)


def xml(body: str) -> bytes:
    return (HEADER + body).encode()


def relaties(*lines: tuple[str, str, str, str]) -> bytes:
    """A .rels part of (id, type, target, mode); a type without slash is one of officeDocument's own."""
    body = "".join(
        f'<Relationship Id="{i}" Type="{t if "/" in t else f"{REL}/{t}"}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
        for i, t, target, mode in lines
    )
    return xml(
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{body}</Relationships>'
    )


def blad(cellen: str = '<c r="A1"><v>1</v></c>', erna: str = "") -> bytes:
    body = f'<sheetData><row r="1">{cellen}</row></sheetData>{erna}'
    return xml(f'<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{body}</worksheet>')


def formule(tekst: str, cel: str = "C4") -> bytes:
    return blad(f'<c r="{cel}"><f>{tekst}</f><v>0</v></c>')


def onderdelen() -> Parts:
    """The parts of a sound workbook with one sheet."""
    return {
        "[Content_Types].xml": xml(
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Default Extension="vml" ContentType="{OFFICE}.vmlDrawing"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{OFFICE}.spreadsheetml.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{OFFICE}.spreadsheetml.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{OFFICE}.spreadsheetml.styles+xml"/>'
            "</Types>"
        ),
        "_rels/.rels": relaties(("rId1", "officeDocument", "xl/workbook.xml", "")),
        "xl/workbook.xml": boek(),
        "xl/_rels/workbook.xml.rels": relaties(
            ("rId1", "worksheet", "worksheets/sheet1.xml", ""), ("rId2", "styles", "/xl/styles.xml", "")
        ),
        "xl/worksheets/sheet1.xml": blad(),
        "xl/styles.xml": xml(f'<styleSheet xmlns="{MAIN}"><fonts><font/></fonts><cellXfs><xf/></cellXfs></styleSheet>'),
    }


def boek(erna: str = "", staat: str = "visible") -> bytes:
    sheets = f'<sheets><sheet name="Blad 1" sheetId="1" state="{staat}" r:id="rId1"/></sheets>'
    return xml(f'<workbook xmlns="{MAIN}" xmlns:r="{REL}">{sheets}{erna}</workbook>')


def naam(tekst: str, attributen: str = 'name="Hulp"') -> bytes:
    return boek(f"<definedNames><definedName {attributen}>{tekst}</definedName></definedNames>")


def inpakken(parts: Parts | Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items() if isinstance(parts, dict) else parts:
            info = zipfile.ZipInfo("x", _DATE)
            info.filename = name  # past ZipInfo's own tidying of names
            info.compress_type = method
            archive.writestr(info, content)
    return target.getvalue()


def werkboek(extra: Parts | None = None) -> bytes:
    """The sound workbook, with parts added or replaced."""
    return inpakken({**onderdelen(), **(extra or {})})


def schrijf(folder: Path, data: bytes, name: str = "werkboek.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def met_type(name: str, content_type: str) -> Parts:
    """The content types with one override more."""
    types = onderdelen()["[Content_Types].xml"].decode()
    return {
        "[Content_Types].xml": types.replace(
            "</Types>", f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
        ).encode()
    }


@dataclass(frozen=True)
class Fout:
    """A fixture: how to make the bytes, and what the guard must say."""

    maak: Callable[[], bytes]
    code: str
    plaats: str = ""
    bestand: str = "werkboek.xlsx"
    grenzen: Limits = LIMITS
