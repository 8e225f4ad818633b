"""The torture workbook, patched: what isn't named in the edit must come through byte for byte."""

from __future__ import annotations

import io
import struct
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest
from kaal import deel, rauwe_leden
from lxml import etree
from martelboek import GEHEIM, GRAFIEK, INVOER, INVOER_DEEL, REKEN, REKEN_DEEL, martelboek
from openxml_audit import FileFormat, OpenXmlValidator

from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, ExcelError
from rekentool.xlsx.patch import Change, Template, list_changes, patch_workbook

WAARDEN = {
    Address(INVOER, "B2"): 17.5,
    Address(INVOER, "B3"): "=Súdwest & <co>",
    Address(INVOER, "B4"): False,
    Address(INVOER, "F2"): 8.0,
    Address(INVOER, "A2"): None,
}
RESULTATEN = {
    Address(REKEN, "A1"): 21.175,
    Address(REKEN, "A2"): "Regio ",
    Address(REKEN, "A3"): False,
    Address(REKEN, "A4"): ExcelError("#DIV/0!"),
    Address(REKEN, "C2"): 4.0,
    Address(REKEN, "E1"): "α",
}


@pytest.fixture(scope="module", params=[False, True], ids=["gewoon", "gestroomd"])
def voor(request: pytest.FixtureRequest) -> bytes:
    return martelboek(gestroomd=request.param)


def test_martelboek_bevat_wat_verloren_kan_gaan(voor: bytes) -> None:
    namen = set(zipfile.ZipFile(io.BytesIO(voor)).namelist())
    assert {"xl/charts/chart1.xml", "xl/media/image1.png", "xl/tables/table1.xml", "xl/comments1.xml",
            "xl/threadedComments/threadedComment1.xml", "xl/ctrlProps/ctrlProp1.xml", "xl/theme/theme2.xml",
            "xl/printerSettings/printerSettings1.bin", "customXml/item1.xml", "xl/metadata.xml", "xl/calcChain.xml",
            "xl/drawings/vmlDrawing1.vml"} <= namen  # fmt: skip
    blad = deel(voor, INVOER_DEEL)
    for stuk in ("x14:sparkline>", "x14:dataBar ", "x14:dataValidation ", "onbekend:ding", "mc:AlternateContent",
                 "<tablePart ", "<mergeCell ", "colorScale", "legacyDrawing "):  # fmt: skip
        assert stuk in blad


def test_alleen_de_genoemde_bladen_veranderen(voor: bytes) -> None:
    na = patch_workbook(voor, WAARDEN, RESULTATEN)
    oud, nieuw = rauwe_leden(voor), rauwe_leden(na)
    assert list(oud) == list(nieuw)
    anders = {naam for naam in oud if oud[naam] != nieuw[naam]}
    assert anders == {INVOER_DEEL, REKEN_DEEL}
    for naam in anders:
        # Date, method, comment, extra, system, versions and attributes stay; only the descriptor flag may go.
        assert oud[naam][2][:5] == nieuw[naam][2][:5]
        assert oud[naam][2][6:10] == nieuw[naam][2][6:10]
        assert oud[naam][2][5] & ~8 == nieuw[naam][2][5]
        assert struct.unpack_from("<H", nieuw[naam][0], 6)[0] == nieuw[naam][2][5]
    with zipfile.ZipFile(io.BytesIO(na)) as archive:
        assert archive.testzip() is None
        assert archive.comment == b"commentaar van het bestand"


def test_in_de_bladen_veranderen_alleen_de_genoemde_cellen(voor: bytes) -> None:
    na = patch_workbook(voor, WAARDEN, RESULTATEN)
    invoer, reken = deel(voor, INVOER_DEEL), deel(voor, REKEN_DEEL)
    for oud, nieuw in (
        ('<c r="B2" s="2"><v>12</v></c>', '<c r="B2" s="2"><v>17.5</v></c>'),
        ('<c r="B3" s="2" t="s"><v>3</v></c>',
         '<c r="B3" s="2" t="inlineStr"><is><t>=Súdwest &amp; &lt;co&gt;</t></is></c>'),
        ('<c r="B4" s="2" t="b"><v>1</v></c>', '<c r="B4" s="2" t="b"><v>0</v></c>'),
        ('<c r="F2"><v>1</v></c>', '<c r="F2"><v>8</v></c>'),
        ('<c r="A2" t="s"><v>1</v></c>', '<c r="A2"/>'),
    ):  # fmt: skip
        assert invoer.count(oud) == 1
        invoer = invoer.replace(oud, nieuw)
    for oud, nieuw in (
        ("<v>14.52</v>", "<v>21.175</v>"),
        ("<v>Regio Groot-Amsterdam</v>", '<v xml:space="preserve">Regio </v>'),
        ("&gt;10</f><v>1</v>", "&gt;10</f><v>0</v>"),
        ("<v>#N/A</v>", "<v>#DIV/0!</v>"),
        ('<c r="C2"><v>0</v></c>', '<c r="C2"><v>4</v></c>'),
        ('<c r="E1" cm="1"><f t="array" ref="E1:E3">_xlfn._xlws.SORT({3;1;2})</f><v>1</v></c>',
         '<c r="E1" cm="1" t="str"><f t="array" ref="E1:E3">_xlfn._xlws.SORT({3;1;2})</f><v>α</v></c>'),
    ):  # fmt: skip
        assert reken.count(oud) == 1
        reken = reken.replace(oud, nieuw)
    assert deel(na, INVOER_DEEL) == invoer
    assert deel(na, REKEN_DEEL) == reken


def test_nieuwe_cellen_komen_erbij_met_opmaak_van_rij_of_kolom(voor: bytes) -> None:
    nieuw = {Address(INVOER, "K31"): 1.0, Address(INVOER, "B31"): 2.0, Address(INVOER, "C50"): 0.125,
             Address(INVOER, "C7"): "x", Address(INVOER, "D2"): True}  # fmt: skip
    na = patch_workbook(voor, nieuw, {})
    blad = deel(na, INVOER_DEEL)
    assert ('<row r="31" s="5" customFormat="1" ht="20.25" customHeight="1" x14ac:dyDescent="0.25"><c r="B31" s="5">'
            '<v>2</v></c><c r="K31" s="5"><v>1</v></c></row><row r="50"><c r="C50" s="1"><v>0.125</v></c></row>'
            "</sheetData>") in blad  # fmt: skip
    assert '</row><row r="7"><c r="C7" s="1" t="inlineStr"><is><t>x</t></is></c></row><row r="8" ' in blad
    assert '<v>12</v></c><c r="D2" t="b"><v>1</v></c><c r="E2" ' in blad
    assert '<dimension ref="A1:K50"/>' in blad


@pytest.mark.filterwarnings("ignore:.*extension is not supported")
def test_openpyxl_leest_terug_wat_is_geschreven(voor: bytes) -> None:
    na = patch_workbook(voor, WAARDEN, RESULTATEN)
    boek = openpyxl.load_workbook(io.BytesIO(na), data_only=True)
    for adres, waarde in (WAARDEN | RESULTATEN).items():
        gelezen = boek[adres.sheet][adres.cell].value
        assert gelezen == (waarde.code if isinstance(waarde, ExcelError) else waarde), adres
    assert boek[INVOER]["A1"].value == "Vet en gewoon"
    assert boek[GEHEIM].sheet_state == "veryHidden"


def test_ongewijzigde_waarden_geven_het_bestand_byte_voor_byte_terug(voor: bytes) -> None:
    zelfde = {Address(INVOER, "A1"): "Vet en gewoon", Address(INVOER, "B2"): 12.0,
              Address(INVOER, "B3"): "Groot-Amsterdam",
              Address(INVOER, "B4"): True, Address(INVOER, "B5"): None, Address(INVOER, "ZZ99"): None}  # fmt: skip
    assert patch_workbook(voor, zelfde, {Address(REKEN, "A1"): 14.52, Address(REKEN, "A4"): ExcelError("#N/A")}) == voor
    assert list_changes(voor, zelfde) == []


def test_wijzigingen_worden_genoemd_met_oude_en_nieuwe_waarde(voor: bytes) -> None:
    assert list_changes(voor, {**WAARDEN, Address(INVOER, "B5"): 3.0, Address(INVOER, "A1"): "Vet"}) == [
        Change(Address(INVOER, "B2"), 12.0, 17.5),
        Change(Address(INVOER, "B3"), "Groot-Amsterdam", "=Súdwest & <co>"),
        Change(Address(INVOER, "B4"), True, False),
        Change(Address(INVOER, "F2"), 1.0, 8.0),
        Change(Address(INVOER, "A2"), "Aantal studenten", None),
        Change(Address(INVOER, "B5"), None, 3.0),
        Change(Address(INVOER, "A1"), "Vet en gewoon", "Vet"),
    ]


def test_verwijderd_resultaat_vraagt_om_herberekenen(voor: bytes) -> None:
    na = patch_workbook(voor, {}, {Address(REKEN, "A2"): None}, remove_results=[Address(INVOER, "B6")])
    assert '<c r="A2"><f>"Regio "&amp;' in deel(na, REKEN_DEEL)
    assert '<c r="B6" s="2"><f>B2*2</f></c>' in deel(na, INVOER_DEEL)
    werkmap = deel(voor, "xl/workbook.xml").replace('<calcPr calcId="124519"/>',
                                                    '<calcPr calcId="124519" fullCalcOnLoad="1"/>')  # fmt: skip
    assert deel(na, "xl/workbook.xml") == werkmap
    oud, nieuw = rauwe_leden(voor), rauwe_leden(na)
    assert {naam for naam in oud if oud[naam] != nieuw[naam]} == {INVOER_DEEL, REKEN_DEEL, "xl/workbook.xml"}


def test_geweigerde_cellen_komen_samen_terug(voor: bytes) -> None:
    slecht = {
        Address(INVOER, "B6"): 1.0, Address(REKEN, "C1"): 1.0, Address(REKEN, "C3"): 1.0, Address(REKEN, "E2"): 1.0,
        Address(INVOER, "B9"): 1.0, Address(INVOER, "F1"): "Andere kop", Address(INVOER, "E5"): "Som",
        Address("Weg", "A1"): 1.0, Address("Weg", "A2"): 2.0, Address(GRAFIEK, "A1"): 1.0, Address(INVOER, "A0"): 1.0,
    }  # fmt: skip
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(voor, slecht, {Address(INVOER, "B2"): 1.0})
    gevonden = [(f.code, f.place) for f in fout.value.findings]
    assert sorted(gevonden) == sorted([
        ("RK612", "'Invoer & co'!B6"), ("RK612", "Rekenblad!C1"), ("RK613", "Rekenblad!C3"), ("RK613", "Rekenblad!E2"),
        ("RK614", "'Invoer & co'!B9"), ("RK615", "'Invoer & co'!F1"), ("RK615", "'Invoer & co'!E5"),
        ("RK604", "Weg"), ("RK605", GRAFIEK), ("RK606", "'Invoer & co'"), ("RK616", "'Invoer & co'!B2"),
    ])  # fmt: skip
    with pytest.raises(RekentoolError):
        list_changes(voor, slecht)


def test_een_sjabloon_geeft_steeds_hetzelfde_en_onthoudt_niets(voor: bytes) -> None:
    sjabloon = Template(voor)
    eerste = sjabloon.patch(WAARDEN, RESULTATEN)
    sjabloon.patch({Address(INVOER, "C50"): 9.0, Address(INVOER, "B2"): "anders"}, {})
    assert sjabloon.patch(WAARDEN, RESULTATEN) == eerste == patch_workbook(voor, WAARDEN, RESULTATEN)
    assert sjabloon.sheet_names == (INVOER, REKEN, GEHEIM, GRAFIEK)


def test_de_validator_van_open_xml_vindt_niets(voor: bytes, tmp_path: Path) -> None:
    # Its schemas see element order and allowed values, not whether cells stand in order: that is tested elsewhere.
    na = patch_workbook(voor, {**WAARDEN, Address(INVOER, "K40"): " x "}, {**RESULTATEN, Address(INVOER, "B6"): None})
    for naam, inhoud in (("voor.xlsx", voor), ("na.xlsx", na)):
        (tmp_path / naam).write_bytes(inhoud)
        uitkomst = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(tmp_path / naam)
        assert [str(fout) for fout in uitkomst.errors] == []


@pytest.mark.libreoffice
def test_libreoffice_opent_het_resultaat(tmp_path: Path) -> None:
    meer = {Address(INVOER, "B5"): " a\n_x0041_\r\n\"b\" ", Address(INVOER, "D12"): 1 / 3}
    (tmp_path / "na.xlsx").write_bytes(patch_workbook(martelboek(), WAARDEN | meer, RESULTATEN))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(tmp_path / 'profiel').as_uri()}", "--convert-to", "ods",
         "--outdir", str(tmp_path), str(tmp_path / "na.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    invoer, reken = (_ods_cellen(tmp_path / "na.ods", blad) for blad in (INVOER, REKEN))
    assert invoer["B2"] == ("float", "17.5")
    assert invoer["B3"] == ("string", "=Súdwest & <co>")
    assert invoer["B4"] == ("float", "0")  # in LibreOffice a boolean is a number, and this cell has a number format
    assert invoer["B5"] == ("string", ' a\n_x0041_\n"b" ')  # LibreOffice makes one line end of CR LF
    assert invoer["D12"] == ("float", "0.333333333333333")
    assert invoer["A1"] == ("string", "Vet en gewoon")
    # The caches as given: on load LibreOffice recalculates only booleans and errors (A3, A4).
    assert reken["A1"] == ("float", "21.175")
    assert reken["A2"] == ("string", "Regio ")
    assert reken["C2"] == ("float", "4")


def _ods_cellen(pad: Path, blad: str) -> dict[str, tuple[str, str]]:
    """The filled cells of a sheet in an ODS file: type and value, or the paragraphs of a text."""
    with zipfile.ZipFile(pad) as archive:
        wortel = etree.fromstring(archive.read("content.xml"))
    ns = {naam: f"urn:oasis:names:tc:opendocument:xmlns:{naam}:1.0" for naam in ("table", "office", "text")}
    tabel, kantoor = f"{{{ns['table']}}}", f"{{{ns['office']}}}"
    cellen: dict[str, tuple[str, str]] = {}
    rij = 0
    for rij_element in wortel.xpath("//table:table[@table:name=$naam]/table:table-row", naam=blad, namespaces=ns):
        kolom = 0
        for cel in rij_element:
            soort = cel.get(f"{kantoor}value-type")
            if soort is not None:
                tekst = "\n".join(_alinea(p, ns["text"]) for p in cel.findall("text:p", ns))
                waarde = cel.get(f"{kantoor}value") or cel.get(f"{kantoor}boolean-value") or tekst
                cellen[f"{'ABCDEFGHIJKLM'[kolom]}{rij + 1}"] = (soort, waarde)
            kolom += int(cel.get(f"{tabel}number-columns-repeated", "1"))
        rij += int(rij_element.get(f"{tabel}number-rows-repeated", "1"))
    return cellen


def _alinea(alinea: etree._Element, ns: str) -> str:
    tekst = alinea.text or ""
    for kind in alinea:
        tekst += " " * int(kind.get(f"{{{ns}}}c", "1")) if kind.tag == f"{{{ns}}}s" else "".join(kind.itertext())
        tekst += kind.tail or ""
    return tekst


def test_lxml_ziet_verder_hetzelfde_blad(voor: bytes) -> None:
    na = patch_workbook(voor, WAARDEN, RESULTATEN)
    for naam, adressen in ((INVOER_DEEL, WAARDEN), (REKEN_DEEL, RESULTATEN)):
        vormen = []
        for data in (voor, na):
            wortel = etree.fromstring(deel(data, naam).encode())
            for adres in adressen:
                (cel,) = wortel.xpath(f'//*[local-name()="c"][@r="{adres.cell}"]')
                cel.attrib.pop("t", None)
                for waarde in cel.xpath('*[local-name()="v" or local-name()="is"]'):
                    cel.remove(waarde)
            vormen.append(etree.tostring(wortel, method="c14n", with_comments=True))
        assert vormen[0] == vormen[1]
