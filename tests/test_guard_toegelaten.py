"""Sound workbooks pass the guard, however they were written; what is hidden in them is listed."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
from gevaarlijk_bouw import formule, inpakken, met_type, naam, onderdelen, relaties, schrijf, werkboek, xml
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from rekentool.messages import CATALOGUE
from rekentool.xlsx.guard import admit
from rekentool.xlsx.limits import LIMITS, MEGA, Limits

ROOT = Path(__file__).resolve().parents[1]
SAFETY_DOC = (ROOT / "docs" / "veiligheid.md").read_text(encoding="utf-8")


# ── sound workbooks ───────────────────────────────────────────────────────────────────────────────────────────────


def rijk_werkboek(path: Path) -> Path:
    """What our own workbook has: links within it, validations, charts, protection, names, a table, a comment."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Invoer & start"
    sheet.append(["kolom [1]", "a|b", "c"])
    for row in range(2, 12):
        sheet.append([row, f"=SUM(A{row}:A11)*2", "tekst met WEBSERVICE( en cmd|' /C calc'!A0"])
    sheet["E1"] = '="uitleg: WEBSERVICE("&A2&")"'
    sheet["E2"] = '=IFERROR(VLOOKUP(A2,Tabel1[#All],2,FALSE),"[1]Blad1!A1")'
    sheet["E3"] = '=HYPERLINK("#\'Resultaat\'!A1","naar het resultaat")'
    for cell, target in {
        "F1": "#'Resultaat'!A1",
        "F2": "https://www.voorbeeld.nl/?a=1#deel",
        "F3": "mailto:vraag@voorbeeld.nl",
    }.items():
        sheet[cell] = "link"
        sheet[cell].hyperlink = target
    sheet["F4"].comment = Comment("toelichting", "maker")
    sheet.add_table(Table(displayName="Tabel1", ref="A1:C11"))
    choice = DataValidation(type="list", formula1='"ja,nee"')
    choice.add("G1")
    sheet.add_data_validation(choice)
    sheet.protection.sheet = True
    other = book.create_sheet("Resultaat")
    other["A1"] = "='Invoer & start'!B2"
    other["A1"].font = Font(color="FFFFFFFF")
    other["A1"].fill = PatternFill("solid", fgColor="FF003366")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=11), titles_from_data=True)
    other.add_chart(chart, "C3")
    book.defined_names["in_aantal"] = DefinedName("in_aantal", attr_text="'Invoer & start'!$A$2")
    book.save(path)
    return path


def test_rich_workbook_of_openpyxl_is_admitted(tmp_path: Path) -> None:
    path = rijk_werkboek(tmp_path / "rijk.xlsx")
    admitted = admit(path)
    data = path.read_bytes()
    assert (admitted.path, admitted.data, admitted.findings) == (path, data, ())
    assert admitted.sha256 == hashlib.sha256(data).hexdigest()
    assert admit(path, Limits(quick_part=0)).findings == ()


@pytest.mark.libreoffice
@pytest.mark.parametrize("via", ["xlsx", "ods"])
def test_workbook_saved_by_libreoffice_is_admitted(via: str, tmp_path: Path) -> None:
    source = rijk_werkboek(tmp_path / "rijk.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profiel').as_uri()}"
    for kind, folder in ((via, tmp_path / "een"), ("xlsx", tmp_path / "twee")):
        command = [
            os.environ.get("REKENTOOL_SOFFICE", "soffice"),
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(folder),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        source = folder / f"rijk.{kind}"
    assert openpyxl.load_workbook(source).sheetnames == ["Invoer & start", "Resultaat"]
    # In LibreOffice 7.4 the link to #'Resultaat'!A1 comes back as one to the file that it came from.
    assert {(f.code, f.severity) for f in admit(source).findings} <= {("RK153", "waarschuwing")}


@pytest.mark.parametrize("path", sorted((ROOT / "workbooks").rglob("*.xlsx")), ids=lambda path: path.name)
def test_our_own_workbooks_are_admitted(path: Path) -> None:
    assert [f for f in admit(path).findings if f.severity == "fout"] == []


class _Stream(io.RawIOBase):
    """A file that can't be sought in: zipfile then writes data descriptors, as servers do."""

    def __init__(self) -> None:
        self.data = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        self.data += bytes(block)  # type: ignore[call-overload]
        return len(bytes(block))  # type: ignore[call-overload]


def _streamed() -> bytes:
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in onderdelen().items():
            archive.writestr(name, content)
    return bytes(target.data)


def _zip64() -> bytes:
    """As Apache POI writes: every member with 64-bit sizes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in onderdelen().items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return target.getvalue()


def _zip64_streamed() -> bytes:
    target = _Stream()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in onderdelen().items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return bytes(target.data)


def _with_folders_and_comment() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.mkdir("xl")
        for name, content in onderdelen().items():
            archive.writestr(name, content)
        archive.comment = b"gemaakt met een zip-programma"
    return target.getvalue()


def _with_growth_hint() -> bytes:
    """Excel pads the first local header, so that it can grow in place (MS-OPC 3.1.1)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in onderdelen().items():
            info = zipfile.ZipInfo(name)
            info.extra = b"\x20\xa2\x04\x00\x28\xa0\x00\x00" if name.startswith("[") else b""
            archive.writestr(info, content)
    return target.getvalue()


@pytest.mark.parametrize("make", [_streamed, _zip64, _zip64_streamed, _with_folders_and_comment, _with_growth_hint])
def test_every_usual_way_to_write_a_zip_is_admitted(make: object, tmp_path: Path) -> None:
    assert callable(make)
    assert admit(schrijf(tmp_path, make())).findings == ()


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/drawings/v.vml": b"<xml><v:x xmlns:v='v'>regel<br>regel</v:x></xml>"},
        {"xl/theme/theme1.xml": '<?xml version="1.0" encoding="UTF-16"?><a>€</a>'.encode("utf-16")},
        {"xl/theme/theme1.xml": b"\xef\xbb\xbf<a/>"},
        {"xl/media/a.png": bytes(range(256)) * 9},
        {"xl/printerSettings/printerSettings1.bin": bytes(99)},
        {"xl/metadata.xml": xml("<metadata/>")},
        {"docProps/thumbnail.jpeg": b""},
        {"xl/worksheets/sheet1.xml": formule("[0]!naam+Tabel1[[#This Row],[a|b]]+'a|b'!A1+LET(x,1,x)")},
        {"xl/workbook.xml": naam("Tabel1[kolom]", 'name="_xlnm.Print_Area" localSheetId="0"')},
        {"xl/worksheets/_rels/sheet1.xml.rels": relaties(("rId1", "hyperlink", "#Blad!A1", "External"))},
        {"xl/ctrlProps/ctrlProp1.xml": xml("<formControlPr objectType='CheckBox'/>")},
        {"_xmlsignatures/origin.sigs": b""},
    ],
    ids=lambda parts: next(iter(parts)),
)
def test_harmless_parts_are_admitted(parts: dict[str, bytes], tmp_path: Path) -> None:
    types = {} if "xl/metadata.xml" not in parts else met_type(
        "xl/metadata.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
    )  # fmt: skip
    assert admit(schrijf(tmp_path, werkboek({**types, **parts}))).findings == ()


# ── what is hidden ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("limits", [LIMITS, Limits(quick_part=0)], ids=["snel", "nauwkeurig"])
def test_hidden_things_are_listed_and_don_t_block(limits: Limits, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Open"
    sheet["B2"] = "wit op wit"
    sheet["B2"].font = Font(color="FFFFFFFF")
    sheet["B3"] = 12
    sheet["B3"].number_format = ";;;"
    sheet["B4"] = "wit op blauw"
    sheet["B4"].font = Font(color="FFFFFFFF")
    sheet["B4"].fill = PatternFill("solid", fgColor="FF003366")
    for row in (5, 6, 7, 20):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["D"].hidden = True
    for name, state in (("Weg", "hidden"), ("Diep weg", "veryHidden")):
        book.create_sheet(name).sheet_state = state
    path = tmp_path / "verborgen.xlsx"
    book.save(path)
    found = {(f.code, f.severity, f.place, f.found.split(":")[-1].strip()) for f in admit(path, limits).findings}
    assert found == {
        ("RK155", "melding", "Weg", "dit blad is verborgen"),
        ("RK156", "waarschuwing", "Diep weg", "Excel toont het niet in de lijst van verborgen bladen"),
        ("RK157", "melding", "Open", "5–7, 20 (4 in totaal)"),
        ("RK157", "melding", "Open", "D (1 in totaal)"),
        ("RK158", "waarschuwing", "Open!B2", "witte letters zonder achtergrond, of een getalnotatie die niets toont"),
    }


def test_another_extension_is_only_a_warning(tmp_path: Path) -> None:
    found = admit(schrijf(tmp_path, werkboek(), "werkboek.xls")).findings
    assert [(f.code, f.severity) for f in found] == [("RK159", "waarschuwing")]
    assert admit(schrijf(tmp_path, werkboek(), "WERKBOEK.XLSX")).findings == ()


# ── the manual ────────────────────────────────────────────────────────────────────────────────────────────────────


def _rows(heading: str) -> Iterator[list[str]]:
    """The cells of the table rows under a heading of docs/veiligheid.md."""
    section = SAFETY_DOC.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            yield [cell.strip().strip("`") for cell in line.strip("|").split("|")]


def test_every_code_stands_in_the_manual() -> None:
    documented = re.findall(r"^\| `(RK1\d\d)` ", SAFETY_DOC, re.MULTILINE)
    assert documented == sorted(documented)
    assert set(documented) == {code for code in CATALOGUE if "RK101" <= code <= "RK161"}


def test_every_limit_stands_in_the_manual_with_its_value() -> None:
    sizes = {"file", "member", "total", "grace", "quick_part", "token"}
    expected = {}
    for limit in fields(Limits):
        value = getattr(LIMITS, limit.name)
        text = f"{value // MEGA} MB" if limit.name in sizes else f"{value:,}".replace(",", ".")
        expected[limit.name] = text
    assert {name: value for name, value, *_ in _rows("Grenzen")} == expected


def test_sound_workbook_of_the_fixtures_is_sound(tmp_path: Path) -> None:
    """Otherwise a fixture could be refused for something else than its fault."""
    assert admit(schrijf(tmp_path, werkboek())).findings == ()
    assert admit(schrijf(tmp_path, inpakken(onderdelen(), zipfile.ZIP_STORED))).findings == ()
