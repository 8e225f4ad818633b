"""The torture workbook: everything that a library which rewrites files would lose, made by code.

XlsxWriter writes the parts it knows (charts, pictures, text box, sparklines, data bars, comments, table, formats); what
it can't write is put in as XML: threaded comments, a form control, printer settings, custom XML, an x14 validation, a
second theme, an unknown extension, stored (uncompressed) members, and, when asked, data descriptors after each member.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import datetime

import xlsxwriter

INVOER, REKEN, GEHEIM, GRAFIEK = "Invoer & co", "Rekenblad", "Zeer verborgen", "Grafiekblad"
INVOER_DEEL, REKEN_DEEL = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"

_X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STAMP = (2024, 2, 29, 12, 34, 56)


def martelboek(*, gestroomd: bool = False) -> bytes:
    """The workbook's bytes, the same at each call; ``gestroomd`` zips as to a pipe, with descriptors after parts."""
    parts = _parts(_written())
    _insert(parts)
    stream = _Pipe() if gestroomd else io.BytesIO()
    _zip_into(stream, parts)
    return stream.getvalue()


class _Pipe(io.BytesIO):
    """A stream that zipfile can't go back in, so that sizes follow the data."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise OSError("a pipe")

    def tell(self) -> int:
        raise OSError("a pipe")


def _picture() -> bytes:
    """A PNG of one red pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def _written() -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"title": "Martelboek", "created": datetime(2024, 2, 29)})
    yellow = book.add_format({"bg_color": "#FFFF99", "num_format": "#,##0.00", "locked": False})
    bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0.0%"})
    whole_row = book.add_format({"italic": True, "font_color": "#0070C0"})

    sheet = book.add_worksheet(INVOER)
    sheet.set_column("C:C", 12, percent)
    sheet.set_row(30, 20, whole_row)
    sheet.write_rich_string("A1", bold, "Vet", " en gewoon")
    sheet.write("A2", "Aantal studenten")
    sheet.write("B2", 12, yellow)
    sheet.write("A3", "Naam van de regio")
    sheet.write("B3", "Groot-Amsterdam", yellow)
    sheet.write("A4", "Doet mee")
    sheet.write_boolean("B4", True, yellow)
    sheet.write("A5", "Nog leeg")
    sheet.write_blank("B5", None, yellow)
    sheet.write_formula("B6", "=B2*2", yellow, 24)
    sheet.merge_range("A8:C9", "Samengevoegd", bold)
    sheet.add_table("E1:G5", {"name": "Tabel1", "total_row": True, "data": [["a", 1], ["b", 2], ["c", 3]],
                              "columns": [{"header": "Naam", "total_string": "Totaal"},
                                          {"header": "Waarde", "total_function": "sum"}, {"header": "Dubbel"}]})
    sheet.write_comment("B2", "Oude opmerking", {"author": "Jan"})
    sheet.data_validation("B3", {"validate": "length", "criteria": "<", "value": 100, "input_message": "Naam"})
    sheet.conditional_format("B2:B6", {"type": "data_bar", "data_bar_2010": True, "bar_solid": True})
    sheet.conditional_format("B2:B6", {"type": "3_color_scale"})
    sheet.conditional_format("B2:B6", {"type": "cell", "criteria": "<", "value": 0, "format": bold})
    sheet.add_sparkline("D2", {"range": f"'{INVOER}'!B2:B6"})
    sheet.insert_textbox("I2", "Tekstvak met uitleg")
    sheet.insert_image("I10", "rood.png", {"image_data": io.BytesIO(_picture())})
    sheet.insert_button("I20", {"caption": "Knop"})
    sheet.write_url("A12", "https://www.rijksoverheid.nl/", string="Bron")
    sheet.protect("geheim", {"format_cells": True})
    sheet.set_header("&C&G", {"image_center": "rood.png", "image_data_center": io.BytesIO(_picture())})
    sheet.autofilter("A20:B25")
    sheet.freeze_panes(1, 1)

    other = book.add_worksheet(REKEN)
    other.write_formula("A1", f"='{INVOER}'!B2*1.21", None, 14.52)
    other.write_formula("A2", f"=\"Regio \"&'{INVOER}'!B3", None, "Regio Groot-Amsterdam")
    other.write_formula("A3", f"='{INVOER}'!B2>10", None, True)
    other.write_formula("A4", f"=VLOOKUP(\"x\",'{INVOER}'!A1:B3,2,FALSE)", None, "#N/A")
    other.write_array_formula("C1:C3", "{=ROW(1:3)*2}", None, 2)
    other.write_dynamic_array_formula("E1:E3", "=SORT({3;1;2})", None, 1)
    other.write("A10", "Grafiek hieronder")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": f"={REKEN}!$C$1:$C$3", "name": f"={REKEN}!$A$10"})
    other.insert_chart("G2", chart)

    hidden = book.add_worksheet(GEHEIM)
    hidden.write("A1", "kengetallen")
    hidden.very_hidden()
    sheet_chart = book.add_chart({"type": "line"})
    sheet_chart.add_series({"values": f"={REKEN}!$C$1:$C$3"})
    book.add_chartsheet(GRAFIEK).set_chart(sheet_chart)

    book.define_name("in_aantal", f"='{INVOER}'!$B$2")
    book.define_name(f"{REKEN}!lokaal", f"={REKEN}!$A$1")
    book.close()
    return stream.getvalue()


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _replace(parts: dict[str, bytes], name: str, old: str, new: str) -> None:
    """Put text into a part; a marker that isn't there exactly once would make the workbook tamer than it claims."""
    assert parts[name].count(old.encode()) == 1, (name, old)
    parts[name] = parts[name].replace(old.encode(), new.encode())


def _insert(parts: dict[str, bytes]) -> None:
    sheet, rels = INVOER_DEEL, "xl/worksheets/_rels/sheet1.xml.rels"
    ids = [("rId90", "printerSettings", "../printerSettings/printerSettings1.bin"),
           ("rId91", "ctrlProp", "../ctrlProps/ctrlProp1.xml"),
           ("rId92", "", "../threadedComments/threadedComment1.xml")]
    threaded = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
    links = "".join(
        f'<Relationship Id="{key}" Type="{f"{_REL}/{kind}" if kind else threaded}" Target="{target}"/>'
        for key, kind, target in ids
    )
    _replace(parts, rels, "</Relationships>", f"{links}</Relationships>")
    parts["xl/printerSettings/printerSettings1.bin"] = bytes(range(256)) * 3
    parts["xl/ctrlProps/ctrlProp1.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<formControlPr xmlns="http://schemas.microsoft.com/'
        b'office/spreadsheetml/2009/9/main" objectType="CheckBox" checked="Checked" fmlaLink="$B$4" noThreeD="1"/>'
    )
    parts["xl/threadedComments/threadedComment1.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<ThreadedComments xmlns="http://schemas.microsoft.com/'
        b'office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B2" dT="2024-02-29T12:00:00.00" personId="'
        b'{5B3B0A70-0000-4000-8000-000000000001}" id="{5B3B0A70-0000-4000-8000-000000000002}"><text>Klopt dit?</text>'
        b"</threadedComment></ThreadedComments>"
    )
    parts["xl/persons/person.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<personList xmlns="http://schemas.microsoft.com/office/'
        b'spreadsheetml/2018/threadedcomments"><person displayName="Jan" id="{5B3B0A70-0000-4000-8000-000000000001}" '
        b'userId="jan" providerId="None"/></personList>'
    )
    parts["xl/theme/theme2.xml"] = parts["xl/theme/theme1.xml"].replace(b'name="Office Theme"', b'name="Gemeente"')
    parts["customXml/item1.xml"] = b'<?xml version="1.0"?><regio xmlns="urn:voorbeeld"><naam>Midden</naam></regio>'
    parts["customXml/itemProps1.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="no"?><ds:datastoreItem ds:itemID="{11111111-2222-4333-8444-'
        b'555555555555}" xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"/>'
    )
    parts["customXml/_rels/item1.xml.rels"] = (
        f'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/customXmlProps" Target="itemProps1.xml"/></Relationships>'
    ).encode()
    _replace(parts, "xl/_rels/workbook.xml.rels", "</Relationships>",
             f'<Relationship Id="rId90" Type="{_REL}/customXml" Target="../customXml/item1.xml"/>'
             '<Relationship Id="rId91" Type="http://schemas.microsoft.com/office/2017/10/relationships/person" '
             f'Target="persons/person.xml"/><Relationship Id="rId92" Type="{_REL}/calcChain" Target="calcChain.xml"/>'
             "</Relationships>")
    kinds = {
        "/xl/ctrlProps/ctrlProp1.xml": "application/vnd.ms-excel.controlproperties+xml",
        "/xl/threadedComments/threadedComment1.xml": "application/vnd.ms-excel.threadedcomments+xml",
        "/xl/persons/person.xml": "application/vnd.ms-excel.person+xml",
        "/xl/calcChain.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
        "/xl/theme/theme2.xml": "application/vnd.openxmlformats-officedocument.theme+xml",
        "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
    }
    overrides = "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in kinds.items())
    _replace(parts, "[Content_Types].xml", "<Default Extension=\"xml\"",
             '<Default Extension="bin" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
             'printerSettings"/><Default Extension="xml"')
    _replace(parts, "[Content_Types].xml", "</Types>", f"{overrides}</Types>")

    # Excel's own state of calculation: XlsxWriter asks for a full one, which would hide whether the patch does.
    _replace(parts, "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    parts["xl/calcChain.xml"] = (
        b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<calcChain xmlns="http://schemas.openxmlformats.org/'
        b'spreadsheetml/2006/main"><c r="B6" i="1"/><c r="A1" i="2"/><c r="A2"/><c r="A3"/><c r="A4"/></calcChain>'
    )
    # An x14 validation and an extension that nobody knows, beside the data bars and sparklines that are there.
    extra = (
        f'<ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" {_X14}><x14:dataValidations {_XM} count="1">'
        '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>Rekenblad!$A$1:$A$3</xm:f></x14:formula1>'
        "<xm:sqref>B5</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
        '<ext uri="{00000000-1111-4222-8333-444444444444}" xmlns:onbekend="urn:voorbeeld:onbekend">'
        '<onbekend:ding xml:space="preserve">  <!-- blijft --> </onbekend:ding></ext>'
    )
    _replace(parts, sheet, "</extLst></worksheet>", f"{extra}</extLst></worksheet>")
    control = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice '
        f'{_X14} Requires="x14"><controls><mc:AlternateContent><mc:Choice Requires="x14"><control shapeId="1999" '
        'r:id="rId91" name="Vinkje"/></mc:Choice></mc:AlternateContent></controls></mc:Choice></mc:AlternateContent>'
    )
    _replace(parts, sheet, "<tableParts", f"{control}<tableParts")
    _replace(parts, sheet, "<pageMargins", '<!-- opmerking ]]> "\'--><pageMargins')


def _zip_into(stream: io.BytesIO, parts: dict[str, bytes]) -> None:
    """Deflated members with a date, a comment and attributes of their own; pictures are stored."""
    with zipfile.ZipFile(stream, "w") as archive:
        for number, (name, content) in enumerate(parts.items()):
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            info.external_attr = 0o640 << 16
            info.create_system = number % 2 * 3
            info.comment = b"eigen commentaar" if name == REKEN_DEEL else b""
            info.extra = struct.pack("<HHI", 0xCAFE, 4, number)
            archive.writestr(info, content, compresslevel=1 + number % 9)
        archive.comment = b"commentaar van het bestand"
