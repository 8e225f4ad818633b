"""Values and results put into raw sheet XML: what each kind of cell looks like before and after, written by hand."""

# ruff: noqa: E501 — the XML of a case stands on one line, as it does in the file

from __future__ import annotations

import io
import math
from typing import cast

import openpyxl
import pytest
from kaal import HOOFD, WERKMAP, deel, gegevens, kaal, verwijzingen, werkblad

from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.patch import Change, list_changes, patch_workbook


def A(cel: str) -> Address:
    return Address("Blad", cel)


def codes(fout: pytest.ExceptionInfo[RekentoolError]) -> list[str]:
    return [finding.code for finding in fout.value.findings]


def schrijf(data: str, cel: str, waarde: CellValue) -> str:
    """The sheet data after one value is written."""
    return gegevens(patch_workbook(kaal(werkblad(data)), {A(cel): waarde}, {}))


def ververs(data: str, cel: str, waarde: CellValue) -> str:
    """The sheet data after one result is written."""
    return gegevens(patch_workbook(kaal(werkblad(data)), {}, {A(cel): waarde}))


# Values in cells that are there

@pytest.mark.parametrize(
    ("cel", "waarde", "verwacht"),
    [
        ('<c r="A1" s="3"><v>1</v></c>', 2.5, '<c r="A1" s="3"><v>2.5</v></c>'),
        ('<c r="A1" s="3"/>', 7.0, '<c r="A1" s="3"><v>7</v></c>'),
        ('<c r="A1" s="3"></c>', 7.0, '<c r="A1" s="3"><v>7</v></c>'),
        ('<c r="A1" s="3" />', 7.0, '<c r="A1" s="3"><v>7</v></c>'),
        ('<c r="A1" t="b"><v>1</v></c>', 1.0, '<c r="A1"><v>1</v></c>'),
        ('<c r="A1" t="s" s="4"><v>0</v></c>', 2.0, '<c r="A1" s="4"><v>2</v></c>'),
        ('<c r="A1" t="n" s="4"><v>0</v></c>', "b", '<c r="A1" t="inlineStr" s="4"><is><t>b</t></is></c>'),
        ('<c r="A1" s="4" t="e"><v>#N/A</v></c>', None, '<c r="A1" s="4"/>'),
        ('<c r="A1"><v>1</v></c>', True, '<c r="A1" t="b"><v>1</v></c>'),
        ('<c r="A1"><v>1</v></c>', False, '<c r="A1" t="b"><v>0</v></c>'),
        ('<c r="A1"><v>1</v></c>', ExcelError("#N/A"), '<c r="A1" t="e"><v>#N/A</v></c>'),
        ('<c r="A1"><v>1</v></c>', "", '<c r="A1" t="inlineStr"><is><t></t></is></c>'),
        ('<c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c>', 3.0, '<c r="A1"><v>3</v></c>'),
        ("<c r='A1' s='3' t='str'><v>x</v></c>", 3.0, "<c r='A1' s='3'><v>3</v></c>"),
        ('<c r="A1"\n\tt="str"\ts="3"><v>x</v></c>', 3.0, '<c r="A1"\ts="3"><v>3</v></c>'),
        # A rich value (vm) described what was there; cell metadata and unknown attributes stay.
        ('<c r="A1" s="2" t="e" cm="1" vm="3" x="&gt;\'"><v>#VALUE!</v></c>', 3.0,
         '<c r="A1" s="2" cm="1" x="&gt;\'"><v>3</v></c>'),
        # White space, comments and extensions around the value.
        ('<c r="A1">\n  <v>1</v>\n</c>', 2.0, '<c r="A1">\n  <v>2</v>\n</c>'),
        ('<c r="A1"><!-- <v>9</v> --><v>1</v><extLst><ext uri="u"><v>5</v></ext></extLst></c>', 2.0,
         '<c r="A1"><!-- <v>9</v> --><v>2</v><extLst><ext uri="u"><v>5</v></ext></extLst></c>'),
        ('<c r="A1"><v><![CDATA[1]]></v></c>', 2.0, '<c r="A1"><v>2</v></c>'),
        ('<c r="A1" t="str"><v><![CDATA[</v></c>]]></v></c>', 2.0, '<c r="A1"><v>2</v></c>'),
        ('<c r="A1"><?pi </c> ?><v>1</v></c>', 2.0, '<c r="A1"><?pi </c> ?><v>2</v></c>'),
        ('<c r="A1" t="inlineStr"><v>1</v><is><t>a</t></is></c>', 2.0, '<c r="A1"><v>2</v></c>'),
        ('<c r="A1"><extLst/></c>', 2.0, '<c r="A1"><v>2</v><extLst/></c>'),
        ('<c r="A1" s="1"><v>1</v></c >', 2.0, '<c r="A1" s="1"><v>2</v></c>'),
    ],
)  # fmt: skip
def test_waarde_in_bestaande_cel(cel: str, waarde: CellValue, verwacht: str) -> None:
    rij = '<row r="1" spans="1:2" ht="15"> {} <c r="B1"><v>1</v></c></row><!-- <row r="2"/> -->'
    assert schrijf(rij.format(cel), "A1", waarde) == rij.format(verwacht)


@pytest.mark.parametrize(
    ("getal", "tekst"),
    [
        (0.1 + 0.2, "0.30000000000000004"), (5.0, "5"), (-0.0, "0"), (1e15, "1000000000000000"), (123456789012345.0, "123456789012345"),
        (1e22, "1E+22"), (1.5e-7, "1.5E-07"), (1 / 3, "0.3333333333333333"), (1.7976931348623157e308, "1.7976931348623157E+308"),
        (-2.5, "-2.5"), (7, "7"), (2**53, "9007199254740992"),
    ],
)  # fmt: skip
def test_getallen_staan_er_zo_kort_als_kan_en_exact(getal: float, tekst: str) -> None:
    geschreven = schrijf('<row r="1"><c r="A1"><v>9</v></c></row>', "A1", getal)
    inhoud = geschreven.removeprefix('<row r="1"><c r="A1"><v>').removesuffix("</v></c></row>")
    assert inhoud == tekst
    assert float(inhoud) == getal


@pytest.mark.parametrize(
    ("tekst", "inhoud"),
    [
        ("=1+1", "<t>=1+1</t>"), ("+31", "<t>+31</t>"), ("#N/A", "<t>#N/A</t>"), ("@a", "<t>@a</t>"), ("1", "<t>1</t>"),
        ("WAAR", "<t>WAAR</t>"), ("{=A1}", "<t>{=A1}</t>"), ("'x", "<t>'x</t>"),
        ("a<b>&c]]>", "<t>a&lt;b&gt;&amp;c]]&gt;</t>"),
        (" voor", '<t xml:space="preserve"> voor</t>'), ("na\n", '<t xml:space="preserve">na\n</t>'),
        ("\ttab", '<t xml:space="preserve">\ttab</t>'), ("a\nb", "<t>a\nb</t>"), ("a\r\nb", "<t>a&#13;\nb</t>"),
        ("_x0041_", "<t>_x005F_x0041_</t>"), ("_x0041_x0042_", "<t>_x005F_x0041_x005F_x0042_</t>"),
        ("__x000d_", "<t>__x005F_x000d_</t>"), ("_x00_ _y0041_", "<t>_x00_ _y0041_</t>"), ("_x005F_", "<t>_x005F_x005F_</t>"),
        ("€ 😀 é", "<t>€ 😀 é</t>"),
    ],
)  # fmt: skip
def test_tekst_is_altijd_een_tekstcel(tekst: str, inhoud: str) -> None:
    geschreven = schrijf('<row r="1"><c r="A1" s="1"/></row>', "A1", tekst)
    assert geschreven == f'<row r="1"><c r="A1" s="1" t="inlineStr"><is>{inhoud}</is></c></row>'
    data = patch_workbook(kaal(werkblad('<row r="1"><c r="A1"/></row>')), {A("A1"): tekst}, {})
    assert list_changes(data, {A("A1"): tekst}) == []
    if "_x" not in tekst:  # openpyxl gives the escapes as they stand
        cel = openpyxl.load_workbook(io.BytesIO(data))["Blad"]["A1"]
        assert (cel.value, cel.data_type) == (tekst, "s")


@pytest.mark.parametrize(
    ("waarde", "code"),
    [
        ("a\x00", "RK621"), ("a\x1b", "RK621"), ("\ud800", "RK621"), ("\ufffe", "RK621"), ("x" * 32_768, "RK620"),
        ("😀" * 16_384, "RK620"), (math.nan, "RK622"), (math.inf, "RK622"), (10**400, "RK622"),
        (ExcelError("#SPILL!"), "RK623"), (ExcelError("=1"), "RK623"),
    ],
)  # fmt: skip
def test_waarden_die_niet_in_een_cel_kunnen(waarde: CellValue, code: str) -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"/></row>'))
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(data, {A("A1"): waarde})
    assert codes(fout) == [code]
    assert fout.value.findings[0].place == "Blad!A1"


def test_de_langste_tekst_past() -> None:
    assert "x" * 32_767 in schrijf('<row r="1"><c r="A1"/></row>', "A1", "x" * 32_767)


def test_een_waarde_van_een_ander_type_is_een_fout_in_het_programma() -> None:
    with pytest.raises(TypeError, match="Blad!A1: bytes"):
        schrijf('<row r="1"><c r="A1"/></row>', "A1", cast(CellValue, b"x"))


# Cells and rows that aren't there yet

@pytest.mark.parametrize(
    ("voor", "cellen", "na"),
    [
        ("", ["B2"], '<row r="2"><c r="B2"><v>1</v></c></row>'),
        ('<row r="2"/>', ["B2"], '<row r="2"><c r="B2"><v>1</v></c></row>'),
        ('<row r="2" ht="9" />', ["B2"], '<row r="2" ht="9"><c r="B2"><v>1</v></c></row>'),
        ('<row r="2"></row>', ["B2"], '<row r="2"><c r="B2"><v>1</v></c></row>'),
        ('<row r="1"/><row r="3"/>', ["B2"], '<row r="1"/><row r="2"><c r="B2"><v>1</v></c></row><row r="3"/>'),
        ('<row r="1"/>', ["A3", "B2", "A2"],
         '<row r="1"/><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>1</v></c></row><row r="3"><c r="A3"><v>1</v></c></row>'),
        ('<row r="9"><c r="C9"/></row>', ["B9", "A9", "D9", "AA9"],
         '<row r="9"><c r="A9"><v>1</v></c><c r="B9"><v>1</v></c><c r="C9"/><c r="D9"><v>1</v></c><c r="AA9"><v>1</v></c></row>'),
        ('<row r="9"><c r="B9"/></row>', ["A9", "B9", "C9", "A8"],
         '<row r="8"><c r="A8"><v>1</v></c></row><row r="9"><c r="A9"><v>1</v></c><c r="B9"><v>1</v></c><c r="C9"><v>1</v></c></row>'),
        ('<row r="2" spans="2:3" x="y"><c r="B2"/></row>', ["E2"],
         '<row r="2" spans="2:5" x="y"><c r="B2"/><c r="E2"><v>1</v></c></row>'),
        ('<row r="2" spans="2:3 8:9"><c r="B2"/></row>', ["A2"],
         '<row r="2" spans="1:9"><c r="A2"><v>1</v></c><c r="B2"/></row>'),
        ('<row r="2" spans="?"><c r="B2"/></row>', ["C2"], '<row r="2" spans="2:3"><c r="B2"/><c r="C2"><v>1</v></c></row>'),
        ('<row r="2" spans="2:3"/>', ["C2"], '<row r="2" spans="2:3"><c r="C2"><v>1</v></c></row>'),
        ('<row r="2" spans="2:3"/>', ["D2"], '<row r="2" spans="2:4"><c r="D2"><v>1</v></c></row>'),
        # A row's style counts only with customFormat; an explicit one wins over the column's.
        ('<row r="2" s="5" customFormat="1"/>', ["B2"],
         '<row r="2" s="5" customFormat="1"><c r="B2" s="5"><v>1</v></c></row>'),
        ('<row r="2" s="5"/>', ["B2"], '<row r="2" s="5"><c r="B2"><v>1</v></c></row>'),
        # White space of a pretty-printed sheet, comments and an extension at the end of the row.
        ('\n <row r="1">\n  <c r="A1"/><!-- x -->\n  <extLst/>\n </row>\n', ["B1"],
         '\n <row r="1">\n  <c r="A1"/><c r="B1"><v>1</v></c><!-- x -->\n  <extLst/>\n </row>\n'),
        # Positions that aren't written: counted from what came before.
        ('<row><c><v>5</v></c><c/></row><row/><row r="5"><c r="C5"/><c/></row>', ["B1", "C1", "A2", "A4", "D5", "E5"],
         '<row><c><v>5</v></c><c><v>1</v></c><c r="C1"><v>1</v></c></row><row><c r="A2"><v>1</v></c></row>'
         '<row r="4"><c r="A4"><v>1</v></c></row><row r="5"><c r="C5"/><c><v>1</v></c><c r="E5"><v>1</v></c></row>'),
    ],
)  # fmt: skip
def test_nieuwe_cellen_op_hun_plaats(voor: str, cellen: list[str], na: str) -> None:
    data = patch_workbook(kaal(werkblad(voor)), {A(cel): 1.0 for cel in cellen}, {})
    assert gegevens(data) == na
    blad = openpyxl.load_workbook(io.BytesIO(data))["Blad"]
    assert [blad[cel].value for cel in cellen] == [1] * len(cellen)


def test_leeg_blok_celgegevens_wordt_geopend() -> None:
    blad = werkblad("").replace("<sheetData></sheetData>", '<sheetData foo:x="1" xmlns:foo="urn:foo" />')
    na = patch_workbook(kaal(blad), {A("B3"): "x", A("A1"): 1.0}, {})
    assert deel(na).endswith('<sheetData foo:x="1" xmlns:foo="urn:foo"><row r="1"><c r="A1"><v>1</v></c></row><row r="3">'
                             '<c r="B3" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>')  # fmt: skip


def test_kolomstijl_en_afmeting() -> None:
    kop = '<dimension ref="B2:C3"/><cols><col min="1" max="2" style="4"/><col min="3" max="9" width="5"/></cols>'
    na = patch_workbook(kaal(werkblad("", voor=kop)), {A("A5"): 1.0, A("D1"): 1.0}, {})
    assert '<dimension ref="A1:D5"/>' in deel(na)
    assert gegevens(na) == '<row r="1"><c r="D1"><v>1</v></c></row><row r="5"><c r="A5" s="4"><v>1</v></c></row>'
    binnen = patch_workbook(kaal(werkblad("", voor='<dimension ref="A1:D9"/>')), {A("B2"): 1.0}, {})
    assert '<dimension ref="A1:D9"/>' in deel(binnen)


def test_leeg_schrijven_maakt_geen_cel() -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"/></row>'))
    assert patch_workbook(data, {A("A1"): None, A("B7"): None}, {}) == data


# Results

@pytest.mark.parametrize(
    ("cel", "resultaat", "verwacht"),
    [
        ('<c r="A1" s="1"><f>B1</f><v>1</v></c>', 2.0, '<c r="A1" s="1"><f>B1</f><v>2</v></c>'),
        ('<c r="A1"><f>B1</f></c>', 2.0, '<c r="A1"><f>B1</f><v>2</v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', 2.0, '<c r="A1"><f>B1</f><v>2</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', " x", '<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> x</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', "", '<c r="A1" t="str"><f>B1</f><v></v></c>'),
        ('<c r="A1" t="str"><f>B1</f><v/></c>', True, '<c r="A1" t="b"><f>B1</f><v>1</v></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', ExcelError("#DIV/0!"), '<c r="A1" t="e"><f>B1</f><v>#DIV/0!</v></c>'),
        ('<c r="A1" s="2" t="e"><f>B1</f><v>#N/A</v></c>', None, '<c r="A1" s="2"><f>B1</f></c>'),
        ('<c r="A1"><f>B1</f><v>1</v></c>', ExcelError("#SPILL!"), '<c r="A1"><f>B1</f></c>'),
        ('<c r="A1" cm="1" t="e" vm="2"><f t="array" ref="A1">B1</f><v>#VALUE!</v></c>', 4.0,
         '<c r="A1" cm="1"><f t="array" ref="A1">B1</f><v>4</v></c>'),
        ('<c r="A1"><f t="shared" si="0"/><v>1</v></c>', 2.0, '<c r="A1"><f t="shared" si="0"/><v>2</v></c>'),
        ('<c r="A1"><f t="shared" ref="A1:A9" si="0">B1&gt;"/&gt;"</f><v>1</v></c>', 2.0,
         '<c r="A1"><f t="shared" ref="A1:A9" si="0">B1&gt;"/&gt;"</f><v>2</v></c>'),
        ("<c r='A1'><f>B1</f><!-- geen waarde --></c>", 2.0, "<c r='A1'><f>B1</f><v>2</v><!-- geen waarde --></c>"),
        ("<c r='A1'><f ca='1' x='>'>B1</f>\n<v>1</v></c>", 2.0, "<c r='A1'><f ca='1' x='>'>B1</f>\n<v>2</v></c>"),
        ('<c r="A1"><f><![CDATA["</f><v>"]]></f><v>1</v></c>', 2.0, '<c r="A1"><f><![CDATA["</f><v>"]]></f><v>2</v></c>'),
        ('<c r="A1"><f/></c>', 2.0, '<c r="A1"><f/><v>2</v></c>'),
    ],
)  # fmt: skip
def test_resultaat_in_formulecel(cel: str, resultaat: CellValue, verwacht: str) -> None:
    assert ververs(f'<row r="1">{cel}</row>', "A1", resultaat) == f'<row r="1">{verwacht}</row>'


def test_resultaten_van_een_matrix_en_een_gegevenstabel() -> None:
    data = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X</f><v>1</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c></row><row r="5"><c r="A5"><f t="dataTable" ref="A5:A6" r1="C1"/><v>1</v></c></row>'
        '<row r="6"><c r="A6"><v>2</v></c></row>'
    )
    na = patch_workbook(kaal(werkblad(data)), {}, {A("B1"): 7.0, A("B2"): "x", A("A6"): 8.0, A("A2"): None})
    assert gegevens(na) == (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B2">X</f><v>1</v></c><c r="B1"><v>7</v></c></row>'
        '<row r="2"><c r="A2"/><c r="B2" t="str"><v>x</v></c></row><row r="5"><c r="A5"><f t="dataTable" ref="A5:A6" r1="C1"/>'
        '<v>1</v></c></row><row r="6"><c r="A6"><v>8</v></c></row>'
    )
    assert deel(na, "xl/workbook.xml") == WERKMAP.replace("</sheets>", '</sheets><calcPr fullCalcOnLoad="1"/>')


@pytest.mark.parametrize("cel", ["A1", "B1"])
def test_resultaat_zonder_formule_wordt_geweigerd(cel: str) -> None:
    with pytest.raises(RekentoolError) as fout:
        ververs('<row r="1"><c r="A1"><v>1</v></c></row>', cel, 1.0)
    assert codes(fout) == ["RK616"]


# Recalculation

@pytest.mark.parametrize(
    ("werkmap", "verwacht"),
    [
        ("{}", '<calcPr fullCalcOnLoad="1"/>'),
        ('{}<definedNames/><calcPr calcId="9" fullCalcOnLoad="0"/>', '<definedNames/><calcPr calcId="9" fullCalcOnLoad="1"/>'),
        ("{}<definedNames/><calcPr calcId='9'/>", "<definedNames/><calcPr calcId='9' fullCalcOnLoad=\"1\"/>"),
        ('{}<calcPr fullCalcOnLoad="true"/>', '<calcPr fullCalcOnLoad="true"/>'),
        ("{}<definedNames/><oleSize ref=\"A1\"/>", '<definedNames/><calcPr fullCalcOnLoad="1"/><oleSize ref="A1"/>'),
        ("{}\n<extLst/>", '\n<calcPr fullCalcOnLoad="1"/><extLst/>'),
        ("{}<!-- <calcPr/> --><calcPr></calcPr>", '<!-- <calcPr/> --><calcPr fullCalcOnLoad="1"></calcPr>'),
    ],
)  # fmt: skip
def test_herberekenen_op_de_goede_plaats(werkmap: str, verwacht: str) -> None:
    oud = WERKMAP.replace("</sheets>", werkmap.format("</sheets>"))
    data = kaal(werkblad('<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>'), {"xl/workbook.xml": oud})
    na = patch_workbook(data, {}, remove_results=[A("A1")])
    assert deel(na, "xl/workbook.xml") == WERKMAP.replace("</sheets>", f"</sheets>{verwacht}")
    assert gegevens(na) == '<row r="1"><c r="A1"><f>1</f></c></row>'


def test_zonder_resultaten_moet_excel_herberekenen_met_resultaten_niet() -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1</f><v>1</v></c></row>'))
    assert "fullCalcOnLoad" in deel(patch_workbook(data, {A("A1"): 2.0}), "xl/workbook.xml")
    assert patch_workbook(data, {A("A1"): 1.0}) == data
    assert deel(patch_workbook(data, {A("A1"): 2.0}, {A("B1"): 2.0}), "xl/workbook.xml") == WERKMAP


# Refused cells and addresses

FORMULES = (
    '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f><v>1</v></c><c r="C1"><f t="array" ref="C1:D2">X</f><v>1</v></c>'
    '<c r="D1"><v>1</v></c><c r="F1"><f t="dataTable" ref="F1:F3" r1="H1"/><v>1</v></c></row>'
    '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
)


@pytest.mark.parametrize(
    ("cel", "code"),
    [("A1", "RK612"), ("A2", "RK612"), ("C1", "RK612"), ("D1", "RK613"), ("D2", "RK613"), ("F1", "RK612"), ("F3", "RK613"),
     ("H2", "RK614"), ("G3", "RK614"), ("A", "RK606"), ("XFE1", "RK606"), ("A1048577", "RK606"), ("A1:B2", "RK606")],
)  # fmt: skip
@pytest.mark.parametrize("waarde", [1.0, None, "x"])
def test_cellen_die_geen_invoer_kunnen_zijn(cel: str, code: str, waarde: CellValue) -> None:
    blad = werkblad(FORMULES, na='<mergeCells count="1"><mergeCell ref="G2:H3"/></mergeCells>')
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(kaal(blad), {A(cel): waarde})
    assert codes(fout) == [code]
    assert patch_workbook(kaal(blad), {A("G2"): 1.0}, {})


def test_tabelkop_en_totaalrij_worden_geweigerd_gegevens_niet() -> None:
    tabel = (f'<table xmlns="{HOOFD}" id="1" name="T" displayName="Tabel9" ref="B2:C9" totalsRowCount="1">'
             "<tableColumns count=\"2\"/></table>")  # fmt: skip
    extra = {"xl/worksheets/_rels/sheet1.xml.rels": verwijzingen(("rId1", "table", "../tables/t.xml")),
             "xl/tables/t.xml": tabel}  # fmt: skip
    data = kaal(werkblad("", na='<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'), extra)
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(data, {A("B2"): "kop", A("C9"): 1.0, A("B3"): 1.0, A("D2"): 1.0})
    assert [(f.code, f.place) for f in fout.value.findings] == [("RK615", "Blad!B2"), ("RK615", "Blad!C9")]
    assert "Tabel9" in fout.value.findings[0].found
    assert patch_workbook(data, {A("B3"): 1.0, A("C8"): "x", A("D2"): 1.0}, {})
    zonder_kop = {**extra, "xl/tables/t.xml": tabel.replace("totalsRowCount", 'headerRowCount="0" x')}
    assert patch_workbook(kaal(werkblad(""), zonder_kop), {A("B2"): "gegeven", A("C9"): 1.0}, {})
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(kaal(werkblad(""), {**extra, "xl/tables/t.xml": tabel.replace("B2:C9", "?")}), {A("A1"): 1.0})
    assert codes(fout) == ["RK607"]


def test_dezelfde_cel_twee_keer() -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"><f>1</f></c><c r="B1"/></row>'))
    for waarden, resultaten, weg in (
        ({A("B1"): 1.0, A("$B$1"): 2.0}, {}, []),
        ({A("B1"): 1.0, Address("BLAD", "b1"): 1.0}, {}, []),
        ({}, {A("A1"): 1.0}, [A("A1")]),
    ):
        with pytest.raises(RekentoolError) as fout:
            patch_workbook(data, waarden, resultaten, remove_results=weg)
        assert codes(fout) == ["RK611"]


def test_bladnaam_zonder_hoofdletters_en_onbekend_blad() -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"/></row>'))
    assert gegevens(patch_workbook(data, {Address("bLAD", "$a$1"): 1.0}, {})) == '<row r="1"><c r="A1"><v>1</v></c></row>'
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(data, {Address("Blad 2", "A1"): 1.0, Address("Blad 2", "A2"): 1.0})
    assert codes(fout) == ["RK604"]
    assert "Blad" in fout.value.findings[0].expected


# What is there now

def test_oude_waarden_van_elke_soort() -> None:
    sst = (
        f'<sst xmlns="{HOOFD}"><si><t>een</t></si><si><r><rPr><b/></rPr><t>twee</t></r><r><t xml:space="preserve"> drie</t></r>'
        '<rPh sb="0" eb="1"><t>NIET</t></rPh></si><si><t>_x005F_x0041_&amp;_x000D_</t></si></sst>'
    )
    cellen = {
        "A1": ('t="s"><v>0</v>', "een"), "B1": ('t="s"><v>1</v>', "twee drie"), "C1": ('t="s"><v>2</v>', "_x0041_&\r"),
        "D1": ("><v>1.50</v>", 1.5), "E1": ('t="n"><v> 2 </v>', 2.0), "F1": ('t="b"><v>true</v>', True),
        "G1": ('t="e"><v>#REF!</v>', ExcelError("#REF!")), "H1": ('t="str"><v>a&lt;<![CDATA[&]]></v>', "a<&"),
        "I1": ('t="inlineStr"><is><t>in</t><r><t>line</t></r></is>', "inline"), "J1": (">", None), "K1": ("><v></v>", ""),
        "L1": ('t="d"><v>20240229</v>', "20240229"), "M1": ('t="str"><v>_xD83D__xDE00_</v>', "😀"),
    }  # fmt: skip
    rij = "".join(f'<c r="{cel}" {inhoud}</c>' for cel, (inhoud, _) in cellen.items())
    data = kaal(werkblad(f'<row r="1">{rij}</row>'), {"xl/sharedStrings.xml": sst})
    gelijk = {A(cel): waarde for cel, (_, waarde) in cellen.items()}
    assert list_changes(data, gelijk) == []
    assert patch_workbook(data, gelijk) == data
    assert list_changes(data, {A(cel): 99.0 for cel in cellen}) == [
        Change(A(cel), waarde, 99.0) for cel, (_, waarde) in cellen.items()
    ]


def test_type_telt_mee_bij_gelijkheid() -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"><v>1</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="str"><v>1</v></c></row>'))
    nieuw: dict[Address, CellValue] = {A("A1"): True, A("B1"): 1.0, A("C1"): 1.0}
    assert [change.old for change in list_changes(data, nieuw)] == [1.0, True, "1"]
    assert list_changes(data, {A("A1"): 1}) == []


def test_verwijzing_naar_een_gedeelde_tekst_die_er_niet_is() -> None:
    for sst in ({}, {"xl/sharedStrings.xml": f'<sst xmlns="{HOOFD}"/>'}):
        data = kaal(werkblad('<row r="1"><c r="A1" t="s"><v>3</v></c></row>'), sst)
        with pytest.raises(RekentoolError) as fout:
            list_changes(data, {A("A1"): 1.0})
        assert codes(fout) == ["RK607"]
