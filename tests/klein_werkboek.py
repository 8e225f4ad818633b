"""A small workbook with a mapping of its own and one of everything that `controleer` looks at; quick to check."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.protection import WorkbookProtection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.tool import Tool, open_tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import patch_workbook

MAPPING = """\
formaat: 1
werkboek:
  id: klein
  titel: Een klein werkboek
  versie: "1.0"
  bestand: klein.xlsx
  label_kolom: A
namen: {veld: "in_{veld}", veld_per_geval: "in_{veld}_{geval}"}
gevallen: {een: Eén}
partijen: {gemeente: Gemeente}
groepen: {algemeen: Algemeen}
velden:
  regio_naam: {groep: algemeen, label: Naam van de regio, soort: tekst}
  aantal: {groep: algemeen, label: Aantal, soort: geheel_getal, min: 0, max: 500, standaard: 12}
  uitval: {groep: algemeen, label: Uitval, soort: percentage, min: 0, max: 1, standaard: 0.15}
  tarief: {groep: algemeen, label: Tarief, soort: bedrag, min: 0, max: 1000000, standaard: 95}
  peildatum: {groep: algemeen, label: Peildatum, soort: datum, min: 2019-07-01, standaard: 2026-08-01}
  omvang: {groep: algemeen, label: Omvang, soort: keuze, keuzes: [Klein, Groot], standaard: Klein}
  meerekenen: {groep: algemeen, label: Meerekenen, soort: ja_nee, standaard: Nee}
  toeslag: {groep: algemeen, label: Toeslag, soort: bedrag, min: 0, leeg: geen toeslag}
  aandeel_jong: {groep: algemeen, label: Aandeel jong, soort: percentage, min: 0, max: 1, standaard: 0.4}
  aandeel_oud: {groep: algemeen, label: Aandeel oud, soort: percentage, min: 0, max: 1, standaard: 0.6}
sommen:
  leeftijden: {label: De leeftijdsopbouw, velden: [aandeel_jong, aandeel_oud], som: 1}
resultaten:
  totalen:
    bereik: uit_{regel}
    kruis: {regel: [kosten, extra]}
    vast: {geval: een, partij: gemeente, jaar: totaal}
    eenheid: euro
controles:
  eindoordeel: {naam: controle, verwacht: OK, label: Eindoordeel}
"""
#: Label, default, unlocked, number format.
INPUTS: dict[str, tuple[str, object, str]] = {
    "regio_naam": ("Naam van de regio", None, "General"),
    "aantal": ("Aantal", 12, "0"),
    "uitval": ("Uitval", 0.15, "0%"),
    "tarief": ("Tarief", 95, "#,##0.00"),
    "peildatum": ("Peildatum", date(2026, 8, 1), "d-m-yyyy"),
    "omvang": ("Omvang", "Klein", "General"),
    "meerekenen": ("Meerekenen", "Nee", "General"),
    "toeslag": ("Toeslag", None, "#,##0.00"),
    "aandeel_jong": ("Aandeel jong", 0.4, "0%"),
    "aandeel_oud": ("Aandeel oud", 0.6, "0%"),
}
#: A region with no default in it.
ZUID: dict[str, object] = {
    "regio_naam": "Regio Zuid", "aantal": 20, "uitval": 0.1, "tarief": 50.5, "peildatum": date(2027, 1, 1),
    "omvang": "Groot", "meerekenen": "Ja", "toeslag": 250.0, "aandeel_jong": 0.3, "aandeel_oud": 0.7,
}  # fmt: skip
FREE = Protection(locked=False)


def template_book() -> Book:
    """The template, not computed."""
    book = Book()
    sheet = book.active
    sheet.title = "Invoer"
    sheet["A1"] = "Invoer"
    for row, (name, (label, default, style)) in enumerate(INPUTS.items(), start=3):
        sheet[f"A{row}"], cell = label, sheet[f"C{row}"]
        cell.value, cell.number_format, cell.protection = default, style, FREE
        sheet[f"D{row}"].protection = FREE
        _name(book, f"in_{name}", f"Invoer!$C${row}")
    for rule in _rules():
        sheet.add_data_validation(rule)
    _model(book)
    _results(book)
    choices = book.create_sheet("Lijsten")
    choices["A1"], choices["A2"] = "Klein", "Groot"
    intern = book.create_sheet("Intern")
    intern["A1"], intern["A2"] = "Rekenhulp", 3
    intern.sheet_state = "hidden"
    intern.row_dimensions[2].hidden = True
    intern.column_dimensions["C"].hidden = True
    book.defined_names["geheim"] = DefinedName("geheim", attr_text="Intern!$A$2", hidden=True)
    for one in book.worksheets:
        one.protection.sheet = True
        one.protection.formatColumns = False
    book.security = WorkbookProtection(lockStructure=True)
    return book


def _name(book: Book, name: str, target: str) -> None:
    book.defined_names[name] = DefinedName(name, attr_text=target)


def _rules() -> list[DataValidation]:
    stop = {"showErrorMessage": True, "errorStyle": "stop"}
    rules = [
        DataValidation(type="textLength", operator="lessThanOrEqual", formula1="250", sqref="C3", **stop),
        DataValidation(type="whole", operator="between", formula1="0", formula2="500", sqref="C4", **stop),
        DataValidation(type="decimal", operator="between", formula1="0", formula2="1", sqref="C5 C11:C12", **stop),
        DataValidation(type="decimal", operator="between", formula1="0", formula2="1000000", sqref="C6", **stop),
        DataValidation(type="date", operator="greaterThanOrEqual", formula1="43647", sqref="C7", **stop),
        DataValidation(type="list", formula1="Lijsten!$A$1:$A$2", sqref="C8", **stop),
        DataValidation(type="list", formula1='"Ja,Nee"', sqref="C9", **stop),
        DataValidation(type="decimal", operator="greaterThanOrEqual", formula1="0", sqref="C10", **stop),
    ]
    for rule in rules:
        rule.showErrorMessage = True
    return rules


def _model(book: Book) -> None:
    sheet: Worksheet = book.create_sheet("Model")
    for row, label in {1: "Jaar", 3: "Aantal", 4: "Kosten", 5: "Opgeteld", 6: "Betaald", 7: "Extra"}.items():
        sheet[f"A{row}"] = label
    sheet["A10"], sheet["B10"] = "Uren", 36
    for number, column in enumerate("BCDEF", start=1):
        sheet[f"{column}1"] = number
        sheet[f"{column}3"] = f"=in_aantal*(1-in_uitval)^({column}$1-1)"
        sheet[f"{column}4"] = f"={column}3*in_tarief*$B$10"
        sheet[f"{column}5"] = f"=SUM($B4:{column}4)"
        sheet[f"{column}6"] = f'=IF(in_omvang="Groot",{column}4,{column}4*in_aandeel_jong+{column}4*in_aandeel_oud)'
        sheet[f"{column}7"] = f'=IF(in_meerekenen="Ja",N(in_toeslag)*{column}3,0)*(YEAR(in_peildatum)>=2000)'
    for row in (4, 6, 7):
        sheet[f"G{row}"] = f"=SUM(B{row}:F{row})"


def _results(book: Book) -> None:
    sheet: Worksheet = book.create_sheet("Resultaat")
    sheet["A1"], sheet["B1"] = "Regio", "=in_regio_naam"
    sheet["A2"], sheet["B2"] = "Kosten", "=Model!G6"
    sheet["A3"], sheet["B3"] = "Extra", "=Model!G7"
    sheet["A4"], sheet["B4"] = "Controle", '=IF(ABS(Model!G4-Model!F5)<0.005,"OK","FOUT")'
    for name, row in {"uit_kosten": 2, "uit_extra": 3, "controle": 4}.items():
        _name(book, name, f"Resultaat!$B${row}")


def saved(book: Book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def small_tool(folder: Path, mapping: str = MAPPING, template: bytes | None = None) -> Tool:
    """The template and its mapping in a folder, opened."""
    (folder / "klein.xlsx").write_bytes(template or saved(template_book()))
    (folder / "klein.yaml").write_text(mapping, encoding="utf-8")
    return open_tool(folder / "klein.yaml")


def filled(tool: Tool, values: Mapping[str, object] = ZUID) -> bytes:
    """The template filled in, with fresh results in its cells, as `vul` does it."""
    cells = tool.cells({(name, None): value for name, value in values.items()})  # type: ignore[misc]
    outcome = tool.model.compute([cells])[0]
    assert not outcome.unknown
    return patch_workbook(tool.data, cells, outcome.values)


def recomputed(tool: Tool, data: bytes, results: Mapping[Address, CellValue] | None = None) -> bytes:
    """A workbook with the results that its own formulas give."""
    from rekentool.engine.program import ProgramModel
    from rekentool.xlsx.reader import read_workbook

    outcome = ProgramModel(read_workbook(data)).compute([{}])[0]
    return patch_workbook(data, {}, {**outcome.values, **(results or {})})


def through_openpyxl(tool: Tool, data: bytes, *edits: Callable[[Book], None]) -> bytes:
    """The workbook changed and saved by openpyxl, its results computed anew."""
    book = load_workbook(io.BytesIO(data))
    for edit in edits:
        edit(book)
    return recomputed(tool, saved(book))
