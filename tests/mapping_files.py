"""Small mapping files for the tests of the mapping room, written to a temporary folder."""

from __future__ import annotations

from pathlib import Path

YAML = """\
formaat: 1
werkboek:
  id: klein
  titel: Een klein werkboek
  versie: "1.0"
  bestand: klein.xlsx
  label_kolom: A
namen:
  veld: in_{veld}
  veld_per_geval: in_{veld}_{geval}
gevallen: {bol1: Bol niveau 1, bbl1: Bbl niveau 1}
partijen: {gemeente: Gemeente, rijk: Rijk}
groepen: {algemeen: Algemeen, groep: Groep}
velden:
  regio_naam:
    groep: algemeen
    label: Naam van de regio
    soort: tekst
    toelichting: De naam.
    bron: eigen opgave
  aantal_studenten:
    groep: groep
    label: Aantal studenten
    soort: geheel_getal
    eenheid: studenten
    min: 0
    max: 500
    gevallen: alle
    standaard: {bol1: 12, bbl1: 8}
  uitval:
    groep: groep
    label: Uitval per jaar
    soort: percentage
    min: 0
    max: 1
    gevallen: alle
    standaard: 0.15
  peildatum:
    groep: algemeen
    label: Peildatum
    soort: datum
    min: 2019-07-01
    standaard: 2026-08-01
  werkgeverschap:
    groep: groep
    label: Werkgeverschap
    soort: keuze
    keuzes: [SW-bedrijf, Reguliere werkgever]
    gevallen: [bbl1]
    standaard: SW-bedrijf
    cel: {bbl1: Invoer!E9}
  lkv:
    groep: groep
    label: LKV toepassen
    soort: ja_nee
    standaard: Nee
    cel: Invoer!C10
    label_cel: Invoer!B10
  tarief:
    groep: groep
    label: Tarief
    soort: bedrag
    leeg: het landelijke tarief
    naam: tarief_{veld}
kengetallen:
  bestand: kengetallen.csv
  naam: kg_{kengetal}
  eigen_naam: in_eigen_{kengetal}
  lijst:
    wml_uur: {label: Minimumloon, soort: bedrag, eenheid: euro per uur, min: 0, max: 500, toelichting: Per uur.}
    jeugdpct: {label: Jeugdstaffel, soort: percentage, min: 0, max: 1, zelden_gewijzigd: true}
    wml_maand: {label: Maandloon, soort: bedrag, gebruikt: false}
resultaten:
  totalen:
    bereik: uit_{partij}_{regel}_{geval}
    kruis: {geval: [bol1, bbl1], partij: [gemeente, maatschappelijk], regel: [saldo, jaren]}
    vast: {jaar: totaal}
    eenheden: {saldo: euro, jaren: jaar}
  regels:
    bereik: uit_{partij}_{regel}_{geval}_per_jaar
    kruis: {geval: [bol1, bbl1]}
    regels: {gemeente: {lks: Loonkostensubsidie}, rijk: {premies: Premies}}
    kolommen: {jaar: [1, 2, totaal]}
    eenheid: euro
    uitvoer: alle
controles:
  eindoordeel: {naam: controle_eindoordeel, verwacht: OK, label: Eindoordeel}
"""

CSV = """\
id,omschrijving,eenheid,geldig_vanaf,waarde,bron,url,betrouwbaarheid,opmerking
wml_uur,Minimumloon per uur,EUR/uur,2026-07-01,14.99,Stcrt. 2026,https://example.org,officieel,
wml_uur,Minimumloon per uur,EUR/uur,2026-01-01,14.71,Stcrt. 2025,,secundair,half jaar
wml_uur,Minimumloon per uur,EUR/uur,2027-01-01,,Stcrt. 2026,,officieel,onbekend
jeugdpct,Jeugdstaffel,% van WML,2019-07-01,61.5,Besluit,,officieel,
wml_maand,Maandloon,EUR/maand,2026-01-01,2294.4,"Stcrt., 2025",,secundair,
"""


def write_mapping(folder: Path, yaml: str = YAML, csv: str = CSV) -> Path:
    """Write the mapping and its CSV; the path of the mapping."""
    folder.joinpath("kengetallen.csv").write_text(csv, encoding="utf-8")
    path = folder / "klein.yaml"
    path.write_text(yaml, encoding="utf-8")
    return path


def edited(old: str, new: str, text: str = YAML) -> str:
    """``text`` with its one occurrence of ``old`` replaced: one fault per fixture."""
    assert text.count(old) == 1, f"{text.count(old)} × {old!r}"
    return text.replace(old, new)
