"""An older version of the rekentool's workbook, made here with its own mapping: other sheets, columns, rows and labels,
and fields that were renamed, split, dropped or counted otherwise since. No formula of it is that of the template.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import yaml
from conftest import ROOT
from openpyxl.styles import Protection
from openpyxl.workbook.defined_name import DefinedName

from rekentool.xlsx.reader import formula_fingerprint, read_workbook

Key = tuple[str, str | None]

#: What became of the fields of the older version, as the new mapping says it.
STAPPEN: dict[str, Any] = {
    "hernoemd": {"uitval": "uitval_per_jaar"},
    "gevallen": {"bbl_2": "bbl2"},
    "gesplitst": {
        "partners": {"naar": ["mbo_school", "sw_bedrijf"], "hoe": "dezelfde naam bij beide"},
        "leeftijd_18_19": {"naar": {"leeftijd_18": 0.5, "leeftijd_19": 0.5}, "hoe": "elk de helft"},
    },
    "vervallen": {"drukwerk": "Zit in de leermiddelen."},
    "andere_betekenis": {"groepsgrootte": "Was het gemiddelde, is nu het maximum."},
    "andere_eenheid": {"trajectvergoeding": 12},
    "andere_keuzes": {"werkgever_omvang": {"Kleine werkgever": "Klein", "Grote werkgever": "Groot"}},
}
#: Two steps of its plan, on other rows than now (14 and 13), and one that there is no more.
STEPS = [
    (
        "Kijk naar mensen in de bijstand, voortijdig schoolverlaters, leerlingen uit praktijkonderwijs en voortgezet"
        " speciaal onderwijs en medewerkers van het SW-bedrijf. Leeftijd telt mee voor loon, uitkering en lesgeld.",
        "Niet gestart",
    ),
    (
        "De doelen mogen verschillen: diploma's voor de school, minder uitkeringen voor de gemeente, ontwikkeling en"
        " doorstroom voor het SW-bedrijf. Zolang ze niet zijn uitgesproken, botsen ze later alsnog.",
        "Niet gestart",
    ),
    ("Een stap die er niet meer is.", "Niet gestart"),
]
CASES = {"bol1": "Bol niveau 1", "bol2": "Bol niveau 2", "bbl1": "Bbl niveau 1", "bbl_2": "Bbl niveau 2"}
COLUMNS = dict(zip(CASES, "DEFG", strict=True))
INPUT, FIGURES = "Gegevens", "Cijfers"


@dataclass
class Oud:
    """A folder with the current mapping (that knows the older version), the older mapping and its blank workbook."""

    folder: Path
    mapping: Path
    older: Path
    blank: Path
    cells: dict[Key, tuple[str, str]] = field(default_factory=dict)

    def filled(self, values: dict[Key, Any], notes: dict[str, str] | None = None, name: str = "noord.xlsx") -> Path:
        """A workbook of the older version in which somebody typed these values (and notes, by cell)."""
        book = openpyxl.load_workbook(self.blank)
        for key, value in values.items():
            sheet, cell = self.cells[key]
            book[sheet][cell] = value
        for place, text in (notes or {}).items():
            sheet, _, cell = place.rpartition("!")
            book[sheet or INPUT][cell] = text
        path = self.folder / name
        book.save(path)
        return path


def make(folder: Path, *, keep_blank: bool = True, steps: dict[str, Any] | None = None) -> Oud:
    """Everything in one folder, laid out as the package has it; ``steps`` replaces STAPPEN."""
    shutil.copytree(ROOT / "mappings", folder / "mappings")
    (folder / "workbooks").mkdir()
    shutil.copyfile(ROOT / "workbooks" / "rekentool.xlsx", folder / "workbooks" / "rekentool.xlsx")
    mapping, older = folder / "mappings" / "rekentool.yaml", folder / "mappings" / "rekentool-0.9.yaml"
    text = mapping.read_text(encoding="utf-8")
    content = old_mapping(yaml.safe_load(text))
    oud = Oud(folder, mapping, older, folder / "workbooks" / "rekentool-0.9.xlsx")
    _build(content, oud)
    older.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    history = {
        "versie_0_9": {
            "versie": "0.9",
            "vingerafdrukken": [formula_fingerprint(read_workbook(oud.blank.read_bytes()))],
            "mapping": older.name,
            "stappen": STAPPEN if steps is None else steps,
        }
    }
    mapping.write_text(text + "\n" + yaml.safe_dump({"historie": history}, allow_unicode=True), encoding="utf-8")
    if not keep_blank:
        (folder / "weg").mkdir()
        shutil.move(oud.blank, folder / "weg" / "leeg.xlsx")
        oud.blank = folder / "weg" / "leeg.xlsx"
    return oud


def old_mapping(content: dict[str, Any]) -> dict[str, Any]:
    """The mapping of version 0.9: the current one, taken back."""
    fields: dict[str, Any] = content["velden"]
    content["werkboek"] |= {"versie": "0.9", "bestand": "../workbooks/rekentool-0.9.xlsx", "label_kolom": "B"}
    del content["werkboek"]["vingerafdruk"], content["namen"], content["sommen"], content["resultaten"]
    del content["controles"]
    content["gevallen"] = CASES
    for one in fields.values():
        if isinstance(one.get("gevallen"), list):
            one["gevallen"] = ["bbl_2" if case == "bbl2" else case for case in one["gevallen"]]
        if isinstance(one.get("standaard"), dict) and "bbl2" in one["standaard"]:
            one["standaard"]["bbl_2"] = one["standaard"].pop("bbl2")
    fields["uitval"] = fields.pop("uitval_per_jaar") | {"label": "Jaarlijkse uitval"}
    fields["partners"] = fields.pop("mbo_school") | {"label": "Namen van school en bedrijf"}
    fields["leeftijd_18_19"] = fields.pop("leeftijd_18") | {"label": "Leeftijd 18 en 19 jaar", "standaard": 0.4}
    fields["drukwerk"] = fields["docent_tarief"] | {"label": "Drukwerk", "eenheid": "euro", "gevallen": ["bol1"]}
    fields["trajectvergoeding"] |= {"eenheid": "euro per student per maand", "standaard": 200}
    fields["werkgever_omvang"] |= {"keuzes": ["Kleine werkgever", "Grote werkgever"], "standaard": "Kleine werkgever"}
    fields["horizon"] |= {"max": 10}
    fields["behoud_werk"] |= {"standaard": 0.8}
    fields["overhead_school"].pop("gevallen")
    for one in ("zorg_en_overig", "kans_werk_nul"):
        fields[one]["gevallen"] = "alle"
    for gone in ("sw_bedrijf", "leeftijd_19", "indexatie", "ingevuld_op"):
        del fields[gone]
    content["velden"] = dict(reversed(fields.items()))
    content["kengetallen"] |= {"label_kolom": "B", "naam": "cijfer_{kengetal}", "eigen_naam": "zelf_{kengetal}"}
    return content


def _build(content: dict[str, Any], oud: Oud) -> None:
    """The blank workbook of a mapping, and where each input stands in it; the mapping gets the cells of its fields."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = INPUT
    sheet["B1"] = "Gegevens"
    sheet["D3"] = "=COUNTA(D4:G200)"
    row = 4
    for name, one in content["velden"].items():
        sheet[f"B{row}"] = one["label"]
        sheet[f"I{row}"].protection = Protection(locked=False)
        cases = list(CASES) if one.get("gevallen") == "alle" else one.get("gevallen") or [None]
        one["cel"] = {case: f"{INPUT}!{COLUMNS[case]}{row}" for case in cases} if cases != [None] else f"{INPUT}!D{row}"
        for case in cases:
            default = one.get("standaard")
            default = default.get(case) if isinstance(default, dict) else default
            _put(oud, sheet, (name, case), f"{COLUMNS[case] if case else 'D'}{row}", default, one["soort"])
        row += 1
    sheet["K3"].protection = Protection(locked=False)
    steps = book.create_sheet("Stappenplan")
    for number, (text, status) in enumerate(STEPS, start=5):
        steps[f"D{number}"], steps[f"E{number}"] = text, status
        for column in "EG":
            steps[f"{column}{number}"].protection = Protection(locked=False)
    figures = book.create_sheet(FIGURES)
    for number, (name, one) in enumerate(content["kengetallen"]["lijst"].items(), start=2):
        figures[f"B{number}"] = one["label"]
        figures[f"C{number}"] = 0.25
        book.defined_names[f"cijfer_{name}"] = DefinedName(f"cijfer_{name}", attr_text=f"{FIGURES}!$C${number}")
        if one.get("gebruikt", True):
            _put(oud, figures, (f"eigen_{name}", None), f"D{number}", None, one["soort"])
            book.defined_names[f"zelf_{name}"] = DefinedName(f"zelf_{name}", attr_text=f"{FIGURES}!$D${number}")
    figures["C1"] = "=SUM(C2:C100)"
    book.save(oud.blank)


def _put(oud: Oud, sheet: Any, key: Key, cell: str, value: Any, kind: str) -> None:
    sheet[cell] = date.fromisoformat(value) if kind == "datum" and value else value
    sheet[cell].protection = Protection(locked=False)
    oud.cells[key] = (sheet.title, cell)
