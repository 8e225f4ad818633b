"""The reader on parts that are written out here, so that nothing but the format itself says what is right."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, ExcelError
from rekentool.xlsx.reader import Sheet, Workbook, formula_fingerprint, read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook_bytes(
    sheet: str = "", *, book: str = "", sheets: str = '<sheet name="Blad1" sheetId="1" r:id="rId1"/>', before: str = "",
    strings: str = "", styles: str = "", main: str = MAIN, kind: str = "worksheet",
) -> bytes:
    """A workbook of one sheet; ``before`` goes before its sheet list, ``book`` after it, ``sheet`` in the sheet."""
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r" Type="{R}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{R}">{before}<sheets>{sheets}</sheets>{book}</workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{R}/{kind}" Target="worksheets/s.xml"/>'
            f'<Relationship Id="rId2" Type="{R}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
            f'<Relationship Id="rId3" Type="{R}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
        "xl/worksheets/s.xml": sheet if sheet.startswith("<?xml") or sheet.startswith("<!") else
                               f'<worksheet xmlns="{main}" xmlns:r="{R}">{sheet}</worksheet>',
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return target.getvalue()


def read(cells: str, **parts: str) -> Workbook:
    return read_workbook(workbook_bytes(f"<sheetData>{cells}</sheetData>", **parts))


def codes(workbook: Workbook) -> list[tuple[str, str]]:
    return [(finding.code, finding.place) for finding in workbook.findings]


def at(cell: str) -> Address:
    return Address("Blad1", cell)


def test_escapes_in_a_formula_are_what_they_stand_for() -> None:
    # As Excel 2007 wrote it in reveng1.xlsx of xlrd 1.2.0: the formula is ="_x000F_", and so is its result.
    workbook = read('<row r="1"><c r="A1" t="str"><f>"_x005F_x000F_"</f><v>_x005F_x000F_</v></c>'
                    '<c r="B1"><f>_xlfn.DAYS(1,2)</f></c></row>')
    assert workbook.formulas == {at("A1"): '="_x000F_"', at("B1"): "=_xlfn.DAYS(1,2)"}
    assert workbook.values[at("A1")] == "_x000F_"


@pytest.mark.parametrize(("cell", "value"), [
    ('<c r="A1"><v>46235</v></c>', 46235.0),
    ('<c r="A1" s="1"><v>46235</v></c>', 46235.0),  # styled as a date
    ('<c r="A1"><v>0.30000000000000004</v></c>', 0.1 + 0.2),
    ('<c r="A1" t="s"><v>1</v></c>', "twee delen"),
    ('<c r="A1" t="s"><v>2</v></c>', "a\rb_x000D_"),
    ('<c r="A1" t="inlineStr"><is><t>=A1+1</t></is></c>', "=A1+1"),
    ('<c r="A1" t="b"><v>1</v></c>', True),
    ('<c r="A1" t="b"><v>0</v></c>', False),
    ('<c r="A1" t="e"><v>#N/A</v></c>', ExcelError("#N/A")),
    ('<c r="A1" t="str"><f>""</f><v></v></c>', ""),
    ('<c r="A1" t="d"><v>2026-08-01</v></c>', 46235.0),
    ('<c r="A1" t="d"><v>2026-08-01T12:00:00Z</v></c>', 46235.5),
    ('<c r="A1" s="1"/>', None),
    ("<c><v>7</v></c>", 7.0),  # cells and rows may leave out where they are
])
def test_value(cell: str, value: object) -> None:
    strings = ("<si><t>een</t></si><si><r><t>twee </t></r><r><t>delen</t></r><rPh sb='0' eb='1'><t>niet</t></rPh></si>"
               "<si><t>a_x000D_b_x005F_x000D_</t></si>")
    styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
    workbook = read(f"<row>{cell}</row>", strings=strings, styles=styles)
    assert workbook.values.get(at("A1")) == value
    assert type(workbook.values.get(at("A1"))) is type(value)
    assert workbook.findings == ()


def test_date_in_the_1904_system_counts_from_1904() -> None:
    cell = '<row r="1"><c r="A1" t="d"><v>2026-08-01</v></c><c r="B1"><v>44773</v></c></row>'
    workbook = read(cell, before='<workbookPr date1904="1"/>')
    assert workbook.date1904
    assert workbook.values == {at("A1"): 44773.0, at("B1"): 44773.0}


def test_formula_without_cache_has_no_value() -> None:
    workbook = read('<row r="3"><c r="B3"><f>A1+1</f><v/></c><c r="C3"><f>B3*2</f><v>4</v></c></row>')
    assert workbook.formulas == {at("B3"): "=A1+1", at("C3"): "=B3*2"}
    assert workbook.values == {at("C3"): 4.0}


def test_shared_formula_is_written_out_also_before_its_master() -> None:
    workbook = read(
        '<row r="1"><c r="A1"><f t="shared" si="0"/></c>'
        '<c r="B1"><f t="shared" si="0" ref="A1:C2">D1*$E$1+in_x</f></c></row>'
        '<row r="2"><c r="C2"><f t="shared" si="0"/></c></row>'
    )
    assert workbook.formulas == {at("A1"): "=C1*$E$1+in_x", at("B1"): "=D1*$E$1+in_x", at("C2"): "=E2*$E$1+in_x"}


def test_shared_formula_without_master_is_a_finding() -> None:
    workbook = read('<row r="1"><c r="A1"><f t="shared" si="7"/><v>3</v></c></row>')
    assert workbook.formulas == {}
    assert codes(workbook) == [("RK192", "Blad1!A1")]


def test_array_formula_and_data_table_claim_their_cells_also_absent_ones() -> None:
    workbook = read('<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3*2</f><v>2</v></c>'
                    '<c r="D1"><f t="dataTable" ref="D1:E1" r1="B1" r2="C1"/><v>1</v></c></row>')
    assert workbook.formulas == {at("A1"): "=B1:B3*2", at("D1"): "=TABLE(B1,C1)"}
    assert workbook.arrays == {at("A1"): "A1:A3", at("D1"): "D1:E1"}
    assert workbook.formula_cells == {at("A1"), at("A2"), at("A3"), at("D1"), at("E1")}


def test_array_formula_over_a_whole_sheet_is_refused() -> None:
    with pytest.raises(RekentoolError) as refusal:
        read('<row r="1"><c r="A1"><f t="array" ref="A1:XFD1048576">1</f></c></row>')
    assert [finding.code for finding in refusal.value.findings] == ["RK190"]


@pytest.mark.parametrize("cell", [
    '<c r="A1"><v>vijf</v></c>', '<c r="A1"><v>NaN</v></c>', '<c r="A1"><v>1e999</v></c>',
    '<c r="A1" t="s"><v>9</v></c>', '<c r="A1" t="d"><v>gisteren</v></c>', '<c r="A1" t="q"><v>1</v></c>',
])
def test_value_that_cannot_be_read_is_a_finding(cell: str) -> None:
    workbook = read(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>')
    assert workbook.values == {at("B1"): 1.0}
    assert codes(workbook) == [("RK191", "Blad1!A1")]


def test_cell_that_is_there_twice_is_a_finding() -> None:
    workbook = read('<row r="1"><c r="A1"><v>1</v></c></row><row r="1"><c r="A1"><v>2</v></c></row>')
    assert workbook.values == {at("A1"): 1.0}
    assert codes(workbook) == [("RK191", "Blad1!A1")]


def test_sheets_in_order_with_state_and_protection() -> None:
    states = [("1 Bol niveau 1", ""), ("Weg", 'state="hidden"'), ("Diep", 'state="veryHidden"')]
    sheets = "".join(f'<sheet name="{name}" sheetId="{number}" {state} r:id="rId1"/>'
                     for number, (name, state) in enumerate(states, 1))
    workbook = read_workbook(workbook_bytes('<sheetData/><sheetProtection sheet="1"/>', sheets=sheets))
    assert workbook.sheets == (
        Sheet("1 Bol niveau 1", "visible", True), Sheet("Weg", "hidden", True), Sheet("Diep", "veryHidden", True))


def test_sheet_with_protection_options_that_are_off_is_not_protected() -> None:
    workbook = read_workbook(workbook_bytes('<sheetData/><sheetProtection sheet="0" objects="1"/>'))
    assert workbook.sheets == (Sheet("Blad1", "visible", False),)


def test_chart_sheet_is_skipped_with_a_finding() -> None:
    workbook = read_workbook(workbook_bytes("<sheetData/>", kind="chartsheet"))
    assert workbook.sheets == ()
    assert codes(workbook) == [("RK195", "Blad1")]


def test_names() -> None:
    names = {
        "in_x": "'1 Bol'!$C$8", "uit_y": "'1 Bol'!$C$8:$D$9", "btw": "0.21", "weg": "#REF!", "elders": "Oud!$A$1",
        "kolom": "'1 Bol'!$A:$A", "twee": "'1 Bol'!$A$1,'1 Bol'!$A$3", "_xlnm.Print_Area": "'1 Bol'!$A$1:$B$2",
    }
    book = "".join(f'<definedName name="{name}">{text}</definedName>' for name, text in names.items())
    book += "<definedName name=\"hier\" localSheetId=\"0\">'1 Bol'!$B$2</definedName>"
    sheets = '<sheet name="1 Bol" sheetId="1" r:id="rId1"/>'
    workbook = read_workbook(workbook_bytes(book=f"<definedNames>{book}</definedNames>", sheets=sheets))
    assert workbook.names == {"in_x": "'1 Bol'!C8", "uit_y": "'1 Bol'!C8:D9"}
    assert set(workbook.name_formulas) == {"btw", "weg", "elders", "kolom", "twee"}
    assert workbook.local_names == {("1 Bol", "hier"): "'1 Bol'!B2"}
    assert codes(workbook) == [
        ("RK193", "btw"), ("RK194", "weg"), ("RK194", "elders"), ("RK193", "kolom"), ("RK193", "twee")]


def test_validations_of_both_kinds() -> None:
    sheet = (
        '<sheetData/><dataValidations count="1"><dataValidation type="decimal" operator="between" allowBlank="1" '
        'showErrorMessage="1" sqref="C8:F8 C10"><formula1>0</formula1><formula2>1</formula2></dataValidation>'
        '</dataValidations>'
        '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"><x14:dataValidations '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidation type="list">'
        "<x14:formula1><xm:f>Lijsten!$A$1:$A$3</xm:f></x14:formula1><xm:sqref>C9</xm:sqref></x14:dataValidation>"
        "</x14:dataValidations></ext></extLst>"
    )
    first, second = read_workbook(workbook_bytes(sheet)).validations["Blad1"]
    assert (first.ranges, first.type, first.operator) == (("C8:F8", "C10"), "decimal", "between")
    assert (first.formula1, first.formula2, first.allow_blank, first.shows_error) == ("0", "1", True, True)
    assert (second.ranges, second.type, second.formula1) == (("C9",), "list", "Lijsten!$A$1:$A$3")
    assert (second.allow_blank, second.shows_error) == (False, False)


def test_unlocked_cells_and_number_formats() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0.0%"/></numFmts><cellXfs><xf numFmtId="0"/>'
        '<xf numFmtId="164" applyProtection="1"><protection locked="0"/></xf>'
        '<xf numFmtId="4"><protection locked="1"/></xf></cellXfs>'
    )
    workbook = read('<row r="1"><c r="A1" s="1"/><c r="B1" s="2"><v>1</v></c><c r="C1"/></row>', styles=styles)
    assert workbook.unlocked == {at("A1")}
    formats = [workbook.number_format(at(cell)) for cell in ("A1", "B1", "C1", "Z9")]
    assert formats == ["0.0%", "#,##0.00", "General", "General"]


def test_precision_as_displayed_is_told() -> None:
    assert read("").full_precision
    assert not read("", book='<calcPr fullPrecision="0"/>').full_precision


def test_strict_file_reads_the_same() -> None:
    cells = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>A1</f><v>2</v></c></row>'
    strict = read(cells, strings="<si><t>x</t></si>", main=STRICT)
    plain = read(cells, strings="<si><t>x</t></si>")
    assert strict.values == plain.values == {at("A1"): "x", at("B1"): 2.0}
    assert strict.formulas == plain.formulas


@pytest.mark.parametrize(("fault", "data"), [
    ("geen zip", b"geen zip"),
    ("geen XML", workbook_bytes("<?xml version='1.0'?><worksheet>")),
    ("DOCTYPE", workbook_bytes('<!DOCTYPE a [<!ENTITY x "y">]><worksheet/>')),
    ("blad zonder onderdeel", workbook_bytes("", sheets='<sheet name="Blad1" sheetId="1" r:id="rId9"/>')),
    ("rij zonder getal", workbook_bytes('<sheetData><row r="een"/></sheetData>')),
    ("cel buiten het blad", workbook_bytes('<sheetData><row r="1"><c r="ZZZ1"/></row></sheetData>')),
    ("naam van een blad dat er niet is",
     workbook_bytes("", book='<definedNames><definedName name="x" localSheetId="5">1</definedName></definedNames>')),
])
def test_file_that_is_no_workbook_is_refused(fault: str, data: bytes) -> None:
    with pytest.raises(RekentoolError) as refusal:
        read_workbook(data)
    assert [finding.code for finding in refusal.value.findings] == ["RK600" if fault == "geen zip" else "RK190"]
    assert refusal.value.exit_code == 3


def test_zip_without_a_workbook_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("brief.txt", "beste collega")
    with pytest.raises(RekentoolError, match="geen werkboek"):
        read_workbook(target.getvalue())


def test_fingerprint_is_of_the_formulas_only() -> None:
    def mark(formula: str, value: str, extra: str = "") -> str:
        return formula_fingerprint(read(f'<row r="1"><c r="A1"><f>{formula}</f><v>{value}</v></c>{extra}</row>'))

    # sha256 of "Blad1!A1<tab>=B1+1<newline>", by sha256sum
    assert mark("B1+1", "2") == "sha256:fa07d7b9de46bad6b9f15ea08e254812f5f512fa8791400b59aeda0e920a8590"
    assert mark("B1+1", "9", '<c r="B1"><v>8</v></c>') == mark("B1+1", "2")
    assert mark("B1+2", "2") != mark("B1+1", "2")


def test_reads_what_openpyxl_wrote() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "3 Bbl niveau 1"
    for row in range(1, 40):
        sheet.cell(row, 1, row * 1.5)
        sheet.cell(row, 2, f"=A{row}*2+SUM($A$1:A{row})")
        sheet.cell(row, 3, f"tekst {row}")
    target = io.BytesIO()
    book.save(target)
    workbook = read_workbook(target.getvalue())
    name = "3 Bbl niveau 1"
    assert workbook.formulas == {Address(name, f"B{row}"): f"=A{row}*2+SUM($A$1:A{row})" for row in range(1, 40)}
    assert workbook.values[Address(name, "A39")] == 58.5
    assert workbook.values[Address(name, "C7")] == "tekst 7"
    assert workbook.findings == ()
