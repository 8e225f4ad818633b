"""What the guard refuses, with which words, at what cost; and that sound workbooks pass."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import openpyxl
import pytest
from gevaarlijk import FOUTEN
from gevaarlijk_bouw import OLE, blad, boek, formule, inpakken, met_type, naam, onderdelen, relaties, werkboek, xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from rekentool.messages import CATALOGUE, EXIT_INVALID, EXIT_REFUSED, Finding, RekentoolError
from rekentool.xlsx.guard import admit
from rekentool.xlsx.limits import LIMITS, MEGA, Limits

ROOT = Path(__file__).resolve().parents[1]
SAFETY_DOC = (ROOT / "docs" / "veiligheid.md").read_text(encoding="utf-8")
GUARD_CODES = {code for code in CATALOGUE if "RK101" <= code <= "RK152"}


def schrijf(folder: Path, data: bytes, name: str = "werkboek.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def geweigerd(path: Path, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    with pytest.raises(RekentoolError) as caught:
        admit(path, limits)
    return caught.value.findings


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FOUTEN)
def test_one_fault_gives_its_one_code(name: str, tmp_path: Path) -> None:
    fout = FOUTEN[name]
    path = schrijf(tmp_path, fout.maak(), fout.bestand)
    found = geweigerd(path, fout.grenzen)
    assert {finding.code for finding in found} == {fout.code}
    assert any(fout.plaats in finding.place for finding in found)
    for finding in found:
        assert finding.file == str(path)
        assert finding.severity == "fout"
        assert finding.found and finding.expected and finding.remedy
        # What a file says of itself must not steer the terminal that shows it.
        assert all(c.isprintable() or c == "\n" for c in str(finding))


def test_every_code_has_a_fixture() -> None:
    with_own_test = {"RK101", "RK102", "RK103"}
    assert {fout.code for fout in FOUTEN.values()} | with_own_test == GUARD_CODES


def test_exit_code_is_refused_for_safety_and_invalid_for_what_is_only_no_workbook() -> None:
    invalid = {"RK101", "RK102", "RK103", "RK104", "RK106", "RK107", "RK111", "RK119", "RK126",
               "RK128", "RK129", "RK130", "RK131", "RK132"}  # fmt: skip
    assert {code for code in GUARD_CODES if CATALOGUE[code].exit_code == EXIT_INVALID} == invalid
    assert {code for code in GUARD_CODES if CATALOGUE[code].exit_code == EXIT_REFUSED} == GUARD_CODES - invalid


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    parts = {
        "xl/vbaProject.bin": OLE,
        "xl/connections.xml": xml("<connections/>"),
        "xl/worksheets/sheet1.xml": formule("WEBSERVICE(A1)+[1]Blad1!A1"),
        "xl/worksheets/_rels/sheet1.xml.rels": relaties(
            ("rId1", "hyperlink", "file:///a.xlsx", "External"),
            ("rId2", "hyperlink", "b.exe", "External"),
            ("rId3", "image", "http://voorbeeld.nl/a.png", "External"),
        ),
        "xl/theme/theme1.xml": b"<!DOCTYPE a><a/>",
    }
    found = geweigerd(schrijf(tmp_path, werkboek(parts), "werkboek.xlsm"))
    codes = [finding.code for finding in found]
    assert sorted(codes) == ["RK109", "RK125", "RK140", "RK143", "RK144", "RK146", "RK149", "RK152"]
    assert next(f for f in found if f.code == "RK144").place == "xl/worksheets/sheet1.xml, relatie rId1 (en nog 1)"


def test_same_hazard_in_many_cells_is_one_finding_with_the_first_cell_and_a_count(tmp_path: Path) -> None:
    cells = "".join(f'<c r="B{i}"><f>1+WEBSERVICE(A{i})</f></c>' for i in range(1, 41))
    found = geweigerd(schrijf(tmp_path, werkboek({"xl/worksheets/sheet1.xml": blad(cells)})))
    assert [finding.place for finding in found] == ["xl/worksheets/sheet1.xml, 'Blad 1'!B1 (en nog 39)"]


def test_missing_file(tmp_path: Path) -> None:
    assert [f.code for f in geweigerd(tmp_path / "weg.xlsx")] == ["RK101"]
    assert [f.code for f in geweigerd(schrijf(tmp_path, b"x", "bestand") / "weg.xlsx")] == ["RK101"]


def test_folder(tmp_path: Path) -> None:
    assert [(f.code, f.found) for f in geweigerd(tmp_path)] == [("RK102", "dit is geen bestand maar een map")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are a thing of Unix")
def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.xlsx")
    assert [f.code for f in geweigerd(tmp_path / "pijp.xlsx")] == ["RK102"]


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = schrijf(tmp_path, werkboek())

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert [(f.code, f.found) for f in geweigerd(path)] == [
        ("RK103", "het bestand is niet te lezen: geen toestemming (rechten, of geopend in een ander programma)")
    ]


@pytest.mark.parametrize("name", ["nul\0.xlsx", "x" * 400 + ".xlsx"])
def test_impossible_name(name: str, tmp_path: Path) -> None:
    assert [f.code for f in geweigerd(tmp_path / name)] == ["RK103"]


def test_only_macros_can_be_tolerated(tmp_path: Path) -> None:
    parts = {
        **met_type("xl/workbook.xml", ""),
        "[Content_Types].xml": onderdelen()["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "xl/vbaProject.bin": OLE,
    }
    path = schrijf(tmp_path, werkboek(parts), "werkboek.xlsm")
    assert [f.code for f in geweigerd(path)] == ["RK109", "RK140"]
    assert [f.code for f in admit(path, tolerate={"RK109", "RK140"}).findings] == ["RK109", "RK140"]
    with pytest.raises(ValueError, match="RK125"):
        admit(path, tolerate={"RK125"})


# ── cost ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "zipbom",
        "zipbom_in_kleine_stukken",
        "zipbom_die_liegt_over_zijn_grootte",
        "xmlbom_die_liegt_over_zijn_grootte",
        "onderdeel_te_groot",
        "samen_te_groot",
        "miljard_lachers",
        "te_lang_element",
        "te_veel_verschillende_namen",
    ],
)
def test_bomb_takes_little_memory(name: str, tmp_path: Path) -> None:
    """The guard's own bound: the file itself, and a few times the one part that it holds at once."""
    fout = FOUTEN[name]
    path = schrijf(tmp_path, fout.maak(), fout.bestand)
    tracemalloc.start()
    try:
        found = geweigerd(path, fout.grenzen)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found[0].code == fout.code
    assert peak < path.stat().st_size + 8 * LIMITS.quick_part


def test_large_sound_part_takes_little_memory(tmp_path: Path) -> None:
    """80 MB of XML, most of it comment: read in blocks to the end, and accepted."""
    digits = "".join(str(i * 7919 % 10007) for i in range(1_000))
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><!--{digits[i % 97 :]}{digits[: i % 89]}--></row>'
        for i in range(1, 20_001)
    )
    parts = {"xl/worksheets/sheet1.xml": blad(erna="").replace(b"<sheetData>", b"<sheetData>" + rows.encode())}
    data = werkboek(parts)
    assert len(parts["xl/worksheets/sheet1.xml"]) > 75_000_000
    path = schrijf(tmp_path, data)
    del rows, parts
    tracemalloc.start()
    try:
        admitted = admit(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert admitted.findings == ()
    assert peak < len(data) + 8 * LIMITS.quick_part


def test_a_file_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "werkboek.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(4 * 1024 * MEGA)
    tracemalloc.start()
    try:
        found = geweigerd(path, Limits(file=MEGA))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [f.code for f in found] == ["RK105"]
    assert peak < 4 * MEGA


def test_the_file_is_opened_once_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = schrijf(tmp_path, werkboek())
    opened: list[tuple[Path, str]] = []

    def counted(self: Path, mode: str) -> io.FileIO:
        opened.append((self, mode))
        return io.FileIO(str(self), mode)

    monkeypatch.setattr(Path, "open", counted)
    admit(path)
    assert opened == [(path, "rb")]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (Limits(cells=4, quick_part=0), True),
        (Limits(cells=3, quick_part=0), False),
        (Limits(members=6), True),
        (Limits(members=5), False),
        (Limits(quick_part=0), True),
    ],
)
def test_a_limit_itself_is_still_allowed(limits: Limits, fits: bool, tmp_path: Path) -> None:
    path = schrijf(tmp_path, werkboek({"xl/worksheets/sheet1.xml": blad("<c/>" * 4)}))
    if fits:
        assert admit(path, limits).findings == ()
    else:
        assert geweigerd(path, limits)


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
        command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
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


def test_findings_of_a_refusal_are_only_those_that_block(tmp_path: Path) -> None:
    data = werkboek({"xl/workbook.xml": boek(staat="hidden"), "xl/vbaProject.bin": OLE})
    assert [f.code for f in geweigerd(schrijf(tmp_path, data))] == ["RK140"]


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6), cut=st.booleans()
)
def test_damaged_bytes_are_refused_or_read_the_same_by_zipfile(
    changes: list[tuple[int, int]], cut: bool, tmp_path: Path
) -> None:
    """Never another exception; and what is admitted holds for zipfile exactly the parts of the sound workbook."""
    data = bytearray(werkboek())
    for position, value in changes:
        data[position % len(data)] = value
    if cut:
        del data[changes[0][0] % len(data) :]
    path = schrijf(tmp_path, bytes(data))
    try:
        admit(path)
    except RekentoolError:
        return
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == onderdelen()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\3\4", b"PK\5\6", OLE, b"<", b"\xff\xfe", b"a;b\n"])
)
def test_any_bytes_are_refused_with_a_finding(data: bytes, start: bytes, tmp_path: Path) -> None:
    assert geweigerd(schrijf(tmp_path, start + data))


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
