"""A small workbook of another kind, its mapping, and two regions whose values are worked out by hand.

Opbrengst = deelnemers × prijs × 90 %. Noord has 10 and 20 participants at € 100, Zuid 5 and 0 at € 300.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import openpyxl
from openpyxl.workbook.defined_name import DefinedName

from rekentool.jobs.reference import Reference, reference_bytes
from rekentool.tool import Tool, open_tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import formula_fingerprint, read_workbook

SHEET = "Blad1"
MAPPING = """\
formaat: 1
werkboek:
  {id: begroting, titel: Begroting van een cursus, bestand: begroting.xlsx, label_kolom: A, regio_veld: naam_cursus}
namen: {veld: "in_{veld}", veld_per_geval: "in_{veld}_{geval}"}
gevallen: {laag: Lage raming, hoog: Hoge raming}
partijen: {school: School}
groepen: {invoer: Invoer}
velden:
  naam_cursus: {groep: invoer, label: Naam van de cursus, soort: tekst}
  deelnemers:
    groep: invoer
    label: Deelnemers
    soort: geheel_getal
    gevallen: alle
    min: 0
    max: 100
    standaard: {laag: 8, hoog: 12}
  prijs: {groep: invoer, label: Prijs per deelnemer, soort: bedrag, min: 0, standaard: 250, naam: prijs}
resultaten:
  opbrengst:
    bereik: uit_opbrengst
    vast: {partij: school, regel: baten, jaar: totaal}
    kolommen: {geval: [laag, hoog]}
    eenheid: euro
controles:
  oordeel: {naam: controle, verwacht: OK, label: Eindoordeel}
"""
#: Formulas by name of their place; the places shift when a row is inserted.
FORMULAS = {
    "B5": "=B3*prijs", "C5": "=C3*prijs", "B6": "=B5*0.9", "C6": "=C5*0.9",
    "B8": '=IF(SUM(B6:C6)>=0,"OK","FOUT")',
}  # fmt: skip
NOORD = {"B2": "Noord", "B3": 10, "C3": 20, "B4": 100}
ZUID = {"B2": "Zuid", "B3": 5, "C3": 0, "B4": 300}
BY_HAND: Mapping[str, Mapping[str, CellValue]] = {
    "noord.xlsx": {"B5": 1000.0, "C5": 2000.0, "B6": 900.0, "C6": 1800.0, "B8": "OK"},
    "zuid.xlsx": {"B5": 1500.0, "C5": 0.0, "B6": 1350.0, "C6": 0.0, "B8": "OK"},
}


def book(
    cells: Mapping[str, object] | None = None, *, names: Mapping[str, str] | None = None, inserted: bool = False
) -> bytes:
    """The template, with other contents in some cells; ``inserted``: with a blank row 5 that pushes the rest down."""
    made = openpyxl.Workbook()
    sheet = made.create_sheet(SHEET, 0)
    del made["Sheet"]
    labels = (
        "Begroting",
        "Naam van de cursus",
        "Deelnemers",
        "Prijs per deelnemer",
        "Omzet",
        "Opbrengst",
        "",
        "Oordeel",
    )
    contents: dict[str, object] = {f"A{row}": text for row, text in enumerate(labels, start=1) if text}
    contents |= {"B3": 8, "C3": 12, "B4": 250, **FORMULAS, **(cells or {})}
    places = {
        "in_naam_cursus": "B2", "in_deelnemers_laag": "B3", "in_deelnemers_hoog": "C3", "prijs": "B4",
        "uit_opbrengst": "B6:C6", "controle": "B8", **(names or {}),
    }  # fmt: skip
    if inserted:
        contents = {moved(cell): moved_formula(content) for cell, content in contents.items()}
        places = {name: ":".join(moved(one) for one in place.split(":")) for name, place in places.items()}
    for cell, content in contents.items():
        sheet[cell] = content
    for name, place in places.items():
        absolute = ":".join(f"${one[0]}${one[1:]}" for one in place.split(":"))
        made.defined_names[name] = DefinedName(name, attr_text=f"{SHEET}!{absolute}")
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def moved(cell: str) -> str:
    """A cell after a row was inserted before row 5."""
    return cell if int(cell[1:]) < 5 else f"{cell[0]}{int(cell[1:]) + 1}"


def moved_formula(content: object) -> object:
    """A formula after that, as Excel would have it."""
    if not isinstance(content, str) or not content.startswith("="):
        return content
    for old, new in (("B6:C6", "B7:C7"), ("B5*", "B6*"), ("C5*", "C6*")):
        content = content.replace(old, new)
    return content


def begroting(folder: Path) -> Path:
    """Mapping, template and references in a folder; the path of the mapping."""
    folder.joinpath("begroting.xlsx").write_bytes(book())
    mapping = folder / "begroting.yaml"
    mapping.write_text(MAPPING, encoding="utf-8")
    for name, inputs in (("noord.xlsx", NOORD), ("zuid.xlsx", ZUID)):
        add_region(folder, name, inputs, BY_HAND[name])
    return mapping


def add_region(folder: Path, name: str, inputs: Mapping[str, object], values: Mapping[str, CellValue]) -> None:
    """One filled workbook and its reference sheet."""
    for sub in ("voorbeelden", "referentie"):
        (folder / sub).mkdir(exist_ok=True)
    (folder / "voorbeelden" / name).write_bytes(book(inputs))
    reference = Reference(
        name, formula_fingerprint(read_workbook(book())), "met de hand", date(2026, 11, 1),
        {Address(SHEET, cell): value for cell, value in values.items()},
    )  # fmt: skip
    (folder / "referentie" / name).write_bytes(reference_bytes(reference))


def opened(folder: Path) -> Tool:
    """All of it, opened."""
    return open_tool(begroting(folder))


def candidate(folder: Path, data: bytes, name: str = "kandidaat.xlsx") -> Path:
    """A candidate in a file."""
    path = folder / name
    path.write_bytes(data)
    return path
