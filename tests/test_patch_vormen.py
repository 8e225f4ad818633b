"""Workbooks and sheets in every form that XML and the package format allow, and the forms that are refused."""

# ruff: noqa: E501 — the XML of a case stands on one line, as it does in the file

from __future__ import annotations

import io
import zipfile

import pytest
from kaal import DEEL, HOOFD, WERKMAP, boom, deel, gegevens, kaal, verwijzingen, werkblad
from lxml import etree

from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import list_changes, patch_workbook, uses_date1904


def A(cel: str) -> Address:
    return Address("Blad", cel)


def codes(fout: pytest.ExceptionInfo[RekentoolError]) -> list[str]:
    return [finding.code for finding in fout.value.findings]


# Which part is which sheet

def test_blad_via_de_verwijzingen_niet_via_de_bestandsnaam() -> None:
    werkmap = WERKMAP.replace("</sheets>", '<sheet name="Één &amp; twee" sheetId="7" r:id="rId9"/></sheets>')
    extra: dict[str, str | bytes] = {
        "_rels/.rels": verwijzingen(("rId1", "officeDocument", "/map/werk.xml")),
        "map/werk.xml": werkmap,
        "map/_rels/werk.xml.rels": verwijzingen(
            ("rId9", "worksheet", "/XL/worksheets/Sheet1.xml"), ("rId1", "worksheet", "b%C3%A9/blad.xml")
        ),
        "map/bé/blad.xml": werkblad('<row r="1"><c r="A1"><v>2</v></c></row>'),
    }
    data = kaal(werkblad('<row r="1"><c r="A1"><v>1</v></c></row>'), extra)
    na = patch_workbook(data, {A("A1"): 22.0, Address("Één & twee", "A1"): 11.0}, {})
    assert gegevens(na, "map/bé/blad.xml") == '<row r="1"><c r="A1"><v>22</v></c></row>'
    assert gegevens(na) == '<row r="1"><c r="A1"><v>11</v></c></row>'
    assert deel(na, "xl/workbook.xml") == WERKMAP


def test_extern_of_ontbrekend_blad() -> None:
    extern = verwijzingen(("rId1", "worksheet", "worksheets/sheet1.xml")).replace("Type=", 'TargetMode="External" Type=')
    for rels in (extern, verwijzingen(("rId1", "worksheet", "weg.xml")), verwijzingen()):
        with pytest.raises(RekentoolError) as fout:
            patch_workbook(kaal(werkblad(""), {"xl/_rels/workbook.xml.rels": rels}), {A("A1"): 1.0})
        assert codes(fout) == ["RK605"]


def test_bestand_zonder_werkmap() -> None:
    dubbel = WERKMAP.replace("</sheets>", '<sheet name="BLAD" sheetId="2" r:id="rId1"/></sheets>')
    for extra in ({"_rels/.rels": verwijzingen()}, {"xl/workbook.xml": "<workbook/>"}, {"xl/workbook.xml": dubbel}):
        with pytest.raises(RekentoolError) as fout:
            patch_workbook(kaal(werkblad(""), extra), {})
        assert codes(fout) == ["RK600"]


@pytest.mark.parametrize(("waarde", "verwacht"), [("", False), ('date1904="0"', False), ('date1904="1"', True),
                                                  ('date1904="true"', True)])  # fmt: skip
def test_datumstelsel(waarde: str, verwacht: bool) -> None:
    werkmap = WERKMAP.replace("<workbookPr/>", f"<workbookPr {waarde}/>")
    assert uses_date1904(kaal(werkblad(""), {"xl/workbook.xml": werkmap})) is verwacht


# Other ways to write the same XML

def test_voorvoegsel_en_strikte_naamruimte() -> None:
    for naamruimte in (HOOFD, "http://purl.oclc.org/ooxml/spreadsheetml/main"):
        blad = (
            f'<x:worksheet xmlns:x="{naamruimte}" xmlns="urn:anders"><x:dimension ref="A1"/><x:sheetData><x:row r="1">'
            '<x:c r="A1"><x:v>1</x:v></x:c><x:c r="B1"><x:f>A1</x:f><x:v>1</x:v></x:c></x:row></x:sheetData><sheetData/>'
            "</x:worksheet>"
        )
        na = patch_workbook(kaal(blad), {A("A1"): "x", A("C2"): 3.0}, {A("B1"): " y"})
        assert deel(na) == blad.replace(
            '<x:c r="A1"><x:v>1</x:v></x:c>', '<x:c r="A1" t="inlineStr"><x:is><x:t>x</x:t></x:is></x:c>'
        ).replace(
            '<x:c r="B1"><x:f>A1</x:f><x:v>1</x:v></x:c>',
            '<x:c r="B1" t="str"><x:f>A1</x:f><x:v xml:space="preserve"> y</x:v></x:c>',
        ).replace("</x:row>", '</x:row><x:row r="2"><x:c r="C2"><x:v>3</x:v></x:c></x:row>').replace(
            '<x:dimension ref="A1"/>', '<x:dimension ref="A1:C2"/>')  # fmt: skip


def test_voorvoegsel_in_de_werkmap() -> None:
    werkmap = WERKMAP.replace("<workbook xmlns=", "<x:workbook xmlns:x=").replace("</workbook>", "</x:workbook>")
    for tag in ("workbookPr", "sheets", "sheet "):
        werkmap = werkmap.replace(f"<{tag}", f"<x:{tag}").replace(f"</{tag}", f"</x:{tag}")
    data = kaal(werkblad('<row r="1"><c r="A1"/></row>'), {"xl/workbook.xml": werkmap})
    assert '<x:calcPr fullCalcOnLoad="1"/></x:workbook>' in deel(patch_workbook(data, {A("A1"): 1.0}), "xl/workbook.xml")


def test_twee_voorvoegsels_voor_dezelfde_naamruimte() -> None:
    blad = werkblad('<row r="1"><c r="A1"><v>1</v></c><c r="B1"><x:v>1</x:v></c></row>').replace(
        "<worksheet ", f'<worksheet xmlns:x="{HOOFD}" '
    )
    assert '<c r="A1"><v>2</v></c>' in deel(patch_workbook(kaal(blad), {A("A1"): 2.0}, {}))
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(kaal(blad), {A("B1"): 2.0})
    assert codes(fout) == ["RK607"]


@pytest.mark.parametrize("codering", ["utf-8-sig", "utf-16", "utf-16-le-met-bom", "utf-16-be-met-bom", "utf-16-be"])
def test_coderingen(codering: str) -> None:
    tekst = werkblad('<row r="1"><c r="A1" t="str"><v>é€😀</v></c></row>')
    tekst = tekst.replace("UTF-8", "UTF-16") if "16" in codering else tekst
    kaart = {"utf-16-le-met-bom": ("utf-16-le", b"\xff\xfe"), "utf-16-be-met-bom": ("utf-16-be", b"\xfe\xff")}
    naam, teken = kaart.get(codering, (codering, b""))
    voor = teken + tekst.encode(naam)
    nieuw = tekst.replace('t="str"><v>é€😀</v>', 't="inlineStr"><is><t>ü😀</t></is>')
    na = patch_workbook(kaal(voor), {A("A1"): "ü😀"}, {})
    assert boom(na).find(".//{*}t").text == "ü😀"  # type: ignore[union-attr]
    assert list_changes(kaal(voor), {A("A1"): "é€😀"}) == []
    ruw = etree.tostring(boom(kaal(teken + nieuw.encode(naam))), method="c14n")
    assert etree.tostring(boom(na), method="c14n") == ruw


def test_bytes_van_utf16_blijven_gelijk_buiten_de_cel() -> None:
    tekst = werkblad('<row r="1"><c r="A1"/></row>').replace("UTF-8", "UTF-16")
    na = patch_workbook(kaal(b"\xfe\xff" + tekst.encode("utf-16-be")), {A("A1"): 5.0}, {})
    verwacht = tekst.replace('<c r="A1"/>', '<c r="A1"><v>5</v></c>')
    assert b"\xfe\xff" + verwacht.encode("utf-16-be") == _ruw(na)


def _ruw(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(DEEL)


@pytest.mark.parametrize(
    ("blad", "code"),
    [
        (werkblad("").replace("UTF-8", "ISO-8859-1"), "RK602"),
        ("<a/>".encode("utf-32"), "RK602"),
        (b"\xff\xfe<\x00\x00\xd8", "RK602"),
        (b"\xff\xfe<\x00\x00", "RK602"),
        (werkblad("<row>"), "RK601"),
        (werkblad('<row r="1"><c r="A1"><v>\x01</v></c></row>'), "RK601"),
        (werkblad("&nbsp;"), "RK601"),
        ("", "RK601"),
        (werkblad("é").encode("latin-1"), "RK601"),
        (werkblad("").replace("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet'), "RK603"),
        (werkblad("").replace("<worksheet", '<!DOCTYPE x SYSTEM "http://localhost/x"><worksheet'), "RK603"),
        (werkblad("").replace("worksheet", "chartsheet"), "RK607"),
        (f'<worksheet xmlns="{HOOFD}"/>', "RK607"),
        (f'<worksheet xmlns="{HOOFD}"><sheetData/><sheetData/></worksheet>', "RK607"),
        (werkblad('<row r="2"/><row r="1"/>'), "RK607"),
        (werkblad('<row r="1"/><row r="1"/>'), "RK607"),
        (werkblad('<row r="x"/>'), "RK607"),
        (werkblad('<row r="1048576"/><row/>'), "RK607"),
        (werkblad('<row r="1"><c r="B1"/><c r="A1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="A1"/><c r="A1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="A2"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="a1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="$A$1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="XFE1"/></row>'), "RK607"),
        (werkblad('<row r="11"><c r="1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c r="A1"><f t="array" ref="A1:?">1</f></c></row>'), "RK607"),
        (werkblad("", na='<mergeCells><mergeCell ref="B2:A1"/></mergeCells>'), "RK607"),
        (werkblad("", na="<mergeCells><mergeCell/></mergeCells>"), "RK607"),
        (werkblad("", voor='<cols><col min="a" max="2" style="1"/></cols>'), "RK607"),
        (werkblad("", voor='<dimension ref="?"/>'), "RK607"),
        (werkblad(f'<row r="1"><x:c xmlns:x="{HOOFD}" r="A1"/></row>'), "RK607"),
        (werkblad('<row r="1"><c xmlns="urn:x" r="A1"/></row>'), "RK607"),
        (werkblad('<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                  "<mc:Choice Requires=\"x\"><row/></mc:Choice></mc:AlternateContent>"), "RK607"),
    ],
)  # fmt: skip
def test_bladen_die_niet_zonder_schade_te_wijzigen_zijn(blad: str | bytes, code: str) -> None:
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(kaal(blad), {A("A1"): 1.0})
    assert codes(fout) == [code]
    assert fout.value.findings[0].place == DEEL


@pytest.mark.parametrize("onderdeel", ["xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"])
def test_doctype_in_een_ander_onderdeel(onderdeel: str) -> None:
    bom = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><a>&b;</a>'
    data = kaal(werkblad('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), {onderdeel: bom})
    with pytest.raises(RekentoolError) as fout:
        patch_workbook(data, {A("A1"): "x"})
    assert codes(fout) == ["RK603"]
    assert fout.value.exit_code == 5


def test_ongerepte_delen_worden_niet_gelezen() -> None:
    # A broken drawing or style sheet is none of our business, and stays broken.
    data = kaal(werkblad('<row r="1"><c r="A1"/></row>'), {"xl/styles.xml": b"\xff\x00<", "xl/media/x.bin": b"\x00" * 99})
    assert '<v>1</v>' in deel(patch_workbook(data, {A("A1"): 1.0}, {}))
