"""Properties of the patch over random sheets and edits, checked by openpyxl and lxml, which know nothing of it."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from kaal import NS, boom, deel, kaal, rauwe_leden, werkblad
from lxml import etree

from rekentool.xlsx.cell import Address, CellValue, a1
from rekentool.xlsx.patch import Template, list_changes, patch_workbook

# What XML can hold, without the escapes that openpyxl doesn't resolve.
TEKENS = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda teken: teken >= " " or teken in "\t\n\r"
)
TEKST = st.one_of(
    st.text(TEKENS, max_size=12).filter(lambda tekst: "_x" not in tekst),
    st.sampled_from(["=1+1", " a", "b\n", "#N/A", "<&>\"'", "]]>", "TRUE", "-5", "😀", "a\r\nb"]),
)
GETAL = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9).map(float))
WAARDE: st.SearchStrategy[CellValue] = st.one_of(GETAL, TEKST, st.booleans(), st.none())
PLAATS = st.tuples(st.integers(1, 7), st.integers(1, 30))


@dataclass(frozen=True)
class Blad:
    """A sheet's XML with what it holds: constants and formulas by (row, column)."""

    xml: str
    waarden: Mapping[tuple[int, int], CellValue]
    formules: frozenset[tuple[int, int]]


@st.composite
def bladen(draw: st.DrawFn) -> Blad:
    """Cells of all kinds, in rows that are dense, sparse or empty, with the optional attributes there or not."""
    inhoud = draw(st.dictionaries(PLAATS, WAARDE, max_size=14))
    formules = frozenset(draw(st.sets(st.sampled_from(sorted(inhoud)), max_size=4))) if inhoud else frozenset()
    lege_rijen = draw(st.sets(st.integers(1, 8), max_size=3))
    witruimte = draw(st.sampled_from(["", "\n  "]))
    voorvoegsel = draw(st.sampled_from(["", "x:"]))
    regels = []
    for rij in sorted({rij for rij, _ in inhoud} | lege_rijen):
        kolommen = sorted(kolom for r, kolom in inhoud if r == rij)
        spans = f' spans="{kolommen[0]}:{kolommen[-1]}"' if kolommen and draw(st.booleans()) else ""
        cellen, vorige = "", 0
        for kolom in kolommen:
            # A position may be left out where it follows from the previous cell.
            r = "" if kolom == vorige + 1 and draw(st.integers(0, 3)) == 0 else f' r="{a1(kolom, rij)}"'
            cellen += witruimte + _cel(r, inhoud[rij, kolom], (rij, kolom) in formules, voorvoegsel)
            vorige = kolom
        row = f'{voorvoegsel}row r="{rij}"{spans}'
        regels.append(f"<{row}>{cellen}{witruimte}</{voorvoegsel}row>" if cellen else f"<{row}/>")
    xml = werkblad(witruimte.join(regels), voor='<dimension ref="C3"/>' if draw(st.booleans()) else "")
    if voorvoegsel:
        xml = xml.replace("xmlns=", "xmlns:x=")
        xml = re.sub(r"<(/?)(worksheet|sheetData|dimension)", r"<\1x:\2", xml)
    return Blad(xml, inhoud, formules)


def _cel(r: str, waarde: CellValue, formule: bool, p: str) -> str:
    f = f"<{p}f>1+1</{p}f>" if formule else ""
    if waarde is None:
        return f"<{p}c{r} s='1'>{f}</{p}c>" if f else f'<{p}c{r} s="1"/>'
    if isinstance(waarde, bool):
        return f'<{p}c{r} t="b">{f}<{p}v>{int(waarde)}</{p}v></{p}c>'
    if isinstance(waarde, str):
        tekst = escape(waarde, {"\r": "&#13;"})
        if formule:
            return f'<{p}c{r} t="str">{f}<{p}v>{tekst}</{p}v></{p}c>'
        return f'<{p}c{r} s="2" t="inlineStr"><{p}is><{p}t>{tekst}</{p}t></{p}is></{p}c>'
    return f"<{p}c{r}>{f}<{p}v>{waarde!r}</{p}v></{p}c>"


@st.composite
def opdrachten(draw: st.DrawFn) -> tuple[Blad, dict[Address, CellValue], dict[Address, CellValue]]:
    """A sheet with values for cells there or not, and results for some of its formulas."""
    blad = draw(bladen())
    plaatsen = st.one_of(PLAATS, st.sampled_from(sorted(blad.waarden))) if blad.waarden else PLAATS
    vrij = draw(st.dictionaries(plaatsen.filter(lambda plaats: plaats not in blad.formules), WAARDE, max_size=8))
    resultaten = draw(st.dictionaries(st.sampled_from(sorted(blad.formules)), WAARDE)) if blad.formules else {}
    return blad, _adressen(vrij), _adressen(resultaten)


def _adressen(cellen: Mapping[tuple[int, int], CellValue]) -> dict[Address, CellValue]:
    return {Address("Blad", a1(kolom, rij)): waarde for (rij, kolom), waarde in cellen.items()}


def _gelezen(data: bytes) -> dict[str, tuple[str, object]]:
    """What openpyxl finds; it doesn't tell an empty text from an empty cell."""
    blad = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["Blad"]
    cellen = (cel for rij in blad.iter_rows() for cel in rij if cel.value not in (None, ""))
    return {cel.coordinate: _getypeerd(cel.value) for cel in cellen}


def _getypeerd(waarde: object) -> tuple[str, object]:
    """The value with its type: in Python True equals 1."""
    return "getal" if type(waarde) in (int, float) else type(waarde).__name__, waarde


def _cellen(data: bytes) -> dict[str, etree._Element]:
    """Each cell by its position, counted where it isn't written; checks that all stand in order and within bounds."""
    wortel = boom(data)
    gevonden: dict[str, etree._Element] = {}
    vorige_rij = 0
    for rij in wortel.iterfind("m:sheetData/m:row", NS):
        nummer = int(rij.get("r", vorige_rij + 1))
        assert nummer > vorige_rij
        vorige_rij, vorige_kolom = nummer, 0
        kolommen = []
        for cel in rij.iterfind("m:c", NS):
            plaats = cel.get("r") or a1(vorige_kolom + 1, nummer)
            letters, cijfers = re.fullmatch(r"([A-Z]+)(\d+)", plaats).groups()  # type: ignore[union-attr]
            kolom = openpyxl.utils.column_index_from_string(letters)
            assert int(cijfers) == nummer
            assert kolom > vorige_kolom
            vorige_kolom = kolom
            kolommen.append(kolom)
            gevonden[plaats] = cel
        if rij.get("spans") and kolommen:
            van, tot = map(int, rij.get("spans", "").split(":"))
            assert van <= kolommen[0] <= kolommen[-1] <= tot
    return gevonden


@settings(deadline=None, max_examples=150)
@given(opdrachten())
def test_teruglezen_geeft_het_geschrevene_en_de_rest_onveranderd(
    opdracht: tuple[Blad, dict[Address, CellValue], dict[Address, CellValue]],
) -> None:
    blad, waarden, resultaten = opdracht
    voor = kaal(blad.xml)
    na = patch_workbook(voor, waarden, resultaten)

    # Values, by openpyxl.
    verwacht: dict[str, CellValue] = {a.cell: w for a, w in _adressen(blad.waarden).items()}
    verwacht |= {a.cell: w for a, w in (waarden | resultaten).items()}
    assert _gelezen(na) == {cel: _getypeerd(waarde) for cel, waarde in verwacht.items() if waarde not in (None, "")}

    # Structure, by lxml: order, and every cell that isn't named as it was.
    oud, nieuw = _cellen(voor), _cellen(na)
    genoemd = {adres.cell for adres in waarden | resultaten}
    assert set(oud) <= set(nieuw)
    for cel in (set(oud) | set(nieuw)) - genoemd:
        assert etree.tostring(nieuw[cel], with_tail=False) == etree.tostring(oud[cel], with_tail=False)
    for cel in genoemd & set(oud):
        assert nieuw[cel].get("s") == oud[cel].get("s")
        assert nieuw[cel].findtext("m:f", None, NS) == oud[cel].findtext("m:f", None, NS)
    bereik = boom(na).find("m:dimension", NS)
    if bereik is not None:
        van, _, tot = bereik.get("ref", "").partition(":")
        links, boven, rechts, onder = openpyxl.utils.range_boundaries(f"{van}:{tot or van}")
        for cel in set(nieuw) - set(oud):
            rij, kolom = openpyxl.utils.cell.coordinate_to_tuple(cel)
            assert boven <= rij <= onder
            assert links <= kolom <= rechts

    # Everything outside sheetData, and the parts that aren't touched.
    voor_leden, na_leden = rauwe_leden(voor), rauwe_leden(na)
    anders = {naam for naam in voor_leden if voor_leden[naam] != na_leden[naam]}
    leeg = any(waarde is None for waarde in resultaten.values())
    assert anders <= {"xl/worksheets/sheet1.xml"} | ({"xl/workbook.xml"} if leeg else set())
    assert ("fullCalcOnLoad" in deel(na, "xl/workbook.xml")) == leeg


@settings(deadline=None, max_examples=60)
@given(opdrachten())
def test_nog_een_keer_schrijven_verandert_niets(
    opdracht: tuple[Blad, dict[Address, CellValue], dict[Address, CellValue]],
) -> None:
    blad, waarden, resultaten = opdracht
    voor = kaal(blad.xml)
    na = patch_workbook(voor, waarden, resultaten)
    assert Template(voor).patch(waarden, resultaten) == na
    assert patch_workbook(na, waarden, resultaten) == na
    assert list_changes(na, waarden) == []


@settings(deadline=None, max_examples=300)
@given(st.text(st.one_of(TEKENS, st.sampled_from("_x005FDA")), max_size=40), st.booleans())
def test_elke_tekst_komt_terug(tekst: str, formule: bool) -> None:
    cel = Address("Blad", "A1")
    data = kaal(werkblad(f'<row r="1"><c r="A1">{"<f>1</f>" if formule else ""}</c></row>'))
    na = patch_workbook(data, {}, {cel: tekst}) if formule else patch_workbook(data, {cel: tekst}, {})
    element = boom(na).find(".//m:v" if formule else ".//m:t", NS)
    assert element is not None
    # The reading of ST_Xstring in ECMA-376 part 1, 22.9.2.19.
    gelezen = re.sub("_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), element.text or "")
    assert gelezen == tekst
    randen = bool(tekst) and (tekst[0] in " \t\n\r" or tekst[-1] in " \t\n\r")
    assert (element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve") == randen


@settings(deadline=None, max_examples=300)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_elk_getal_komt_exact_terug(getal: float) -> None:
    data = kaal(werkblad('<row r="1"><c r="A1"><v>0.123</v></c></row>'))
    na = patch_workbook(data, {Address("Blad", "A1"): getal}, {})
    tekst = boom(na).findtext(".//m:v", None, NS)
    assert tekst is not None
    assert float(tekst) == getal
    assert len(tekst) <= len(repr(getal))
