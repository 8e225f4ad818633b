"""What a file is that isn't an .xlsx: so that the refusal can say it, and what to do."""

from __future__ import annotations

import codecs
import re

from rekentool.messages import Finding, finding

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD = 4096
_REMEDY_OPEN = "Open het bestand in Excel of LibreOffice en bewaar het als Excel-werkmap (.xlsx)."
_REMEDY_ASK = "Vraag de afzender om het Excel-bestand (.xlsx) zelf."

#: First bytes → what it is, and what to do about it.
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "een pdf", _REMEDY_ASK),
    (b"{\\rtf", "een rtf-document", _REMEDY_ASK),
    (b"\x89PNG", "een afbeelding (png)", _REMEDY_ASK),
    (b"\xff\xd8\xff", "een afbeelding (jpg)", _REMEDY_ASK),
    (b"Rar!", "een rar-archief", "Pak het archief uit en geef het Excel-bestand dat erin zit."),
    (b"7z\xbc\xaf", "een 7z-archief", "Pak het archief uit en geef het Excel-bestand dat erin zit."),
    (b"\x1f\x8b", "een gz-archief", "Pak het archief uit en geef het Excel-bestand dat erin zit."),
    (b"MZ", "een Windows-programma", "Open het niet. Vraag de afzender wat dit is."),
)
_CSV_SEPARATORS = (";", "\t", ",")
_HTML = re.compile(r"^(?:<!doctype html|<html|<table|<head|<meta)", re.IGNORECASE)


def other_kind(data: bytes, name: str) -> Finding | None:
    """RK106, RK107 or RK108 for a file that is no zip at all; None when the zip reader may have a look."""
    if name.startswith(("~$", ".~lock.")):
        remedy = "Sluit het werkboek in Excel of LibreOffice, en geef het werkboek zelf: zonder ~$ of .~lock. ervoor."
        return finding("RK106", soort="het slotbestand van een geopend werkboek", remedie=remedy)
    if data.startswith(b"PK"):
        return None
    if data.startswith(_OLE):
        return _compound_file(data)
    # BIFF2 to BIFF4: Excel versions up to 4, which had no container.
    if data[:1] == b"\x09" and data[1:2] in (b"\x00", b"\x02", b"\x04") and data[3:4] == b"\x00":
        return finding("RK107")
    for magic, kind, remedy in _MAGIC:
        if data.startswith(magic):
            return finding("RK106", soort=kind, remedie=remedy)
    text = _text_kind(data[:_HEAD])
    if text is not None:
        return finding("RK106", soort=text, remedie=_REMEDY_OPEN)
    if b"PK\5\6" in data[-65_557:]:
        return None
    return finding("RK106", soort="een bestand van een onbekende soort", remedie=_REMEDY_ASK)


def other_package(names: tuple[str, ...], mimetype: bytes) -> Finding | None:
    """RK106 for a zip that is some other kind of document, by its member names and its ``mimetype`` member."""
    folded = {name.casefold() for name in names}
    kind, remedy = None, _REMEDY_OPEN
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        kind = "een OpenDocument-bestand (ods, odt)"
    elif "word/document.xml" in folded:
        kind, remedy = "een Word-document", _REMEDY_ASK
    elif "ppt/presentation.xml" in folded:
        kind, remedy = "een PowerPoint-presentatie", _REMEDY_ASK
    elif "index/document.iwa" in folded:
        kind, remedy = "een Numbers-bestand van Apple", "Kies in Numbers: Exporteer naar > Excel."
    elif "[content_types].xml" not in folded:
        if any(name.endswith((".xlsx", ".xlsm", ".xls", ".ods")) for name in folded):
            kind, remedy = "een zip-archief met een werkboek erin", "Pak het archief uit en geef het werkboek zelf."
        elif not any(name.startswith("xl/") for name in folded):
            kind, remedy = "een gewoon zip-archief", _REMEDY_ASK
    return finding("RK106", soort=kind, remedie=remedy) if kind else None


def _compound_file(data: bytes) -> Finding:
    """An OLE compound file: what it holds stands in its stream names, in UTF-16."""

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in data

    if holds("EncryptedPackage"):
        return finding("RK108")
    if holds("Workbook") or holds("Book"):
        return finding("RK107")
    kind = "een oud Word-document (.doc)" if holds("WordDocument") else "een oud Office-bestand of een bewaarde e-mail"
    return finding("RK106", soort=kind, remedie=_REMEDY_ASK)


def _text_kind(head: bytes) -> str | None:
    """What a text file is, by its beginning; None when it isn't text."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head.decode("utf-16", "replace")
    elif b"\0" in head:
        return None
    else:
        text = head.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")
    start = text.lstrip()
    if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text):
        return None
    if _HTML.match(start):
        return "een webpagina (html), ook al eindigt de naam anders"
    if start.startswith("<"):
        old = "urn:schemas-microsoft-com:office:spreadsheet" in text
        return "een XML-spreadsheet van Excel 2003" if old else "een XML-bestand"
    if start.startswith("ID;P"):
        return "een SYLK-bestand (slk)"
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    if any(all(separator in line for line in lines) for separator in _CSV_SEPARATORS if lines):
        return "een csv-bestand (tekst met scheidingstekens)"
    return "een tekstbestand"
