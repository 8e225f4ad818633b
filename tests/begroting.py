"""A small budget with a mapping of its own: every number in it can be worked out by hand.

Low case: 8 people × € 250 × 90 % = € 1.800 yield; € 300 room + 10 hours × € 60 = € 900 costs; € 900 left.
High case: 12 people × € 250 × 90 % = € 2.700 yield; € 500 room + 10 hours × € 60 = € 1.100 costs; € 1.600 left.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from rekentool.tool import Tool, open_tool

MAPPING = """\
formaat: 1
werkboek:
  id: begroting
  titel: Begroting van een cursus
  bestand: begroting.xlsx
  label_kolom: A
  regio_veld: naam_cursus
gevallen: {laag: Laag, hoog: Hoog}
partijen: {school: School}
groepen: {invoer: Invoer}
velden:
  naam_cursus: {groep: invoer, label: Naam van de cursus, soort: tekst, cel: Invoer!C2}
  deelnemers:
    groep: invoer
    label: Deelnemers
    soort: geheel_getal
    eenheid: personen
    gevallen: alle
    min: 0
    max: 12
    standaard: {laag: 8, hoog: 12}
    cel: {laag: Invoer!C3, hoog: Invoer!D3}
  prijs: {groep: invoer, label: Prijs, soort: bedrag, eenheid: euro, min: 0, standaard: 250, cel: Invoer!C4}
  korting: {groep: invoer, label: Korting, soort: percentage, min: 0, max: 1, standaard: 0.1, cel: Invoer!C5}
  gratis: {groep: invoer, label: Gratis zaal, soort: ja_nee, standaard: Nee, cel: Invoer!C6}
  peildatum: {groep: invoer, label: Peildatum, soort: datum, standaard: 2026-08-01, cel: Invoer!C7}
  soort_zaal:
    groep: invoer
    label: Soort zaal
    soort: keuze
    keuzes: [klein, groot, buiten]
    standaard: klein
    cel: Invoer!C8
  reserve: {groep: invoer, label: Reserve, soort: bedrag, leeg: geen reserve, cel: Invoer!C9}
kengetallen:
  bestand: cijfers.csv
  naam: kg_{kengetal}
  eigen_naam: in_eigen_{kengetal}
  lijst:
    uurtarief: {label: Uurtarief docent, soort: bedrag, eenheid: euro per uur, min: 0, max: 500}
resultaten:
  totalen:
    bereik: Model!C2:D2
    vast: {partij: school, regel: baten, jaar: totaal}
    kolommen: {geval: [laag, hoog]}
    eenheid: euro
  saldo:
    bereik: Model!C6:D6
    vast: {partij: school, regel: saldo, jaar: totaal}
    kolommen: {geval: [laag, hoog]}
    eenheid: euro
  kosten:
    bereik: Model!C5:D5
    vast: {partij: school, regel: kosten, jaar: "1"}
    kolommen: {geval: [laag, hoog]}
    eenheid: euro
    uitvoer: alle
controles:
  oordeel: {cel: Model!C8, verwacht: OK, label: Eindoordeel}
"""

CSV = """\
id,omschrijving,eenheid,geldig_vanaf,waarde,bron,url,betrouwbaarheid,opmerking
uurtarief,Uurtarief,euro/uur,2026-01-01,60,Cao 2026,https://example.org,officieel,
uurtarief,Uurtarief,euro/uur,2025-01-01,55,Cao 2025,,secundair,
uurtarief,Uurtarief,euro/uur,2024-01-01,,Cao 2024,,officieel,nog niet bekend
"""

SHEETS: dict[str, list[tuple[object, ...]]] = {
    "Invoer": [
        ("Gegeven", "Eenheid", "Laag", "Hoog"),
        ("Naam van de cursus", "tekst", "Cursus A"),
        ("Deelnemers", "personen", 8, 12),
        ("Prijs", "euro", 250),
        ("Korting", "%", 0.1),
        ("Gratis zaal", "Ja/Nee", "Nee"),
        ("Peildatum", "datum", 46235),  # 1 August 2026
        ("Soort zaal", "keuze", "klein"),
        ("Reserve", "euro", None),
    ],
    "Model": [
        ("Regel", "Eenheid", "Laag", "Hoog"),
        ("Opbrengst", "euro", "=Invoer!C3*Invoer!$C$4*(1-Invoer!$C$5)", "=Invoer!D3*Invoer!$C$4*(1-Invoer!$C$5)"),
        ("Zaal", "euro", '=IF(Invoer!$C$6="Ja",0,300)', '=IF(Invoer!$C$6="Ja",0,500)'),
        ("Docent", "euro", "=kg_uurtarief*10", "=kg_uurtarief*10"),
        ("Kosten", "euro", "=SUM(C3:C4)", "=SUM(D3:D4)"),
        ("Saldo", "euro", "=C2-C5", "=D2-D5"),
        ("Saldo per persoon", "euro per persoon", "=C6/Invoer!C3", "=D6/Invoer!D3"),
        ("Oordeel", None, '=IF(AND(C6>=0,D6>=0),"OK","FOUT")'),
    ],
    "Cijfers": [
        ("Kengetal", "Eigen waarde", "Gebruikt", "Landelijk"),
        ("Uurtarief docent", None, "=IF(ISBLANK(B2),D2,B2)", "=INDEX(F2:F4,MATCH(Invoer!C7,E2:E4,1))", 45292, "=NA()"),
        (None, None, None, None, 45658, 55),
        (None, None, None, None, 46023, 60),
    ],
    "Los": [],
}


#: Where the mapping and its template stand while the tests run.
_FOLDER = TemporaryDirectory(prefix="begroting")


def write_book(path: Path, cells: Mapping[str, object]) -> Path:
    """The budget with other or more cells, by address (``Los!A1``)."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["Invoer"]["C7"].number_format = "dd-mm-yyyy"
    book["Invoer"]["C5"].number_format = "0.0%"
    for address, value in cells.items():
        name, _, cell = address.rpartition("!")
        book[name][cell] = value
    for name, target in (("kg_uurtarief", "Cijfers!$C$2"), ("in_eigen_uurtarief", "Cijfers!$B$2")):
        book.defined_names[name] = DefinedName(name, attr_text=target)
    book.defined_names["zaal_en_docent"] = DefinedName("zaal_en_docent", attr_text="Model!$C$3:$C$4")
    book.save(path)
    return path


@cache
def budget() -> Tool:
    """The mapping with its template."""
    folder = Path(_FOLDER.name)
    folder.joinpath("cijfers.csv").write_text(CSV, encoding="utf-8")
    folder.joinpath("begroting.yaml").write_text(MAPPING, encoding="utf-8")
    write_book(folder / "begroting.xlsx", {})
    return open_tool(folder / "begroting.yaml")


def mapping_file() -> Path:
    """The mapping's file."""
    return budget().mapping.path
