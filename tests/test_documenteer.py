"""`documenteer`: the blank regions table and the list of fields, and that the package reads what it wrote itself."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import ROOT
from mapping_files import write_mapping
from opdracht import run
from openpyxl.worksheet.worksheet import Worksheet
from openxml_audit import FileFormat, OpenXmlValidator
from rekentool_werkboek import kengetal_rows, tool

from rekentool.jobs.document import markdown
from rekentool.jobs.inputtable import columns
from rekentool.mapping.load import load_mapping
from rekentool.tables.labourregions import labour_regions
from rekentool.tables.regions import read_regions


@pytest.fixture(scope="module")
def tabel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The table as xlsx, with the 35 regions."""
    path = tmp_path_factory.mktemp("tabel") / "regios.xlsx"
    assert run("documenteer", "--invoertabel", path, "--arbeidsmarktregios").code == 0
    return path


@pytest.fixture(scope="module")
def blad(tabel: Path) -> Worksheet:
    return openpyxl.load_workbook(tabel).worksheets[0]


def column_of(sheet: Worksheet, heading: str) -> int:
    (number,) = [cell.column for cell in sheet[1] if cell.value == heading]
    assert isinstance(number, int)
    return number


def rule_of(sheet: Worksheet, heading: str) -> Any:
    """The validation of the first cell under a heading."""
    cell = sheet.cell(2, column_of(sheet, heading)).coordinate
    (rule,) = [rule for rule in sheet.data_validations.dataValidation if cell in rule.sqref]
    return rule


# -- the table: what is in it -----------------------------------------------------------------------------------------


def test_every_input_has_a_column_and_the_region_comes_first(blad: Worksheet) -> None:
    headings = [cell.value for cell in blad[1]]
    assert headings[0] == "Naam van de regio"
    assert len(headings) == len(set(headings)) == len(tool().binding.inputs)
    assert headings[11:15] == [f"Aantal studenten bij de start.{case}" for case in ("bol1", "bol2", "bbl1", "bbl2")]
    # What a mapping has for two cases only has two columns, and a kengetal's own value one.
    assert [text for text in headings if str(text).startswith("Stagevergoeding")] == [
        "Stagevergoeding per maand.bol1", "Stagevergoeding per maand.bol2",
    ]  # fmt: skip


def test_heading_and_region_stay_in_sight(blad: Worksheet) -> None:
    assert blad.freeze_panes == "B2"
    assert blad.print_title_rows == "$1:$1"
    assert blad.print_title_cols == "$A:$A"


def test_only_the_required_column_is_dark(blad: Worksheet) -> None:
    dark = {cell.value for cell in blad[1] if cell.fill.start_color.rgb == "FF23485F"}
    assert dark == {"Naam van de regio"}


def test_the_bounds_are_those_of_the_workbook(blad: Worksheet) -> None:
    """By hand from the mapping: kind, bounds, what the prompt says of a blank."""
    students = rule_of(blad, "Aantal studenten bij de start.bol1")
    assert (students.type, students.operator, students.formula1, students.formula2) == ("whole", None, "0", "500")
    assert students.prompt == "0 t/m 500 (studenten). Leeg: standaardwaarde 12."
    assert students.promptTitle == "Aantal studenten bij de start.b…"
    share = rule_of(blad, "Indexatie per jaar")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "-0.05", "0.2")
    assert share.prompt == "-5 % t/m 20 %. Leeg: standaardwaarde 0 %."
    day = rule_of(blad, "Peildatum van de kengetallen")
    assert (day.type, day.formula1) == ("date", str((date(2019, 7, 1) - date(1899, 12, 30)).days))
    choice = rule_of(blad, "Vorm van werkgeverschap.bbl1")
    assert choice.formula1 == '"SW-bedrijf,SW-bedrijf met detachering,Reguliere werkgever"'
    name = rule_of(blad, "Naam van de regio")
    assert (name.type, name.operator, name.formula1) == ("textLength", "lessThanOrEqual", "250")
    assert name.prompt == "Tekst. Verplicht."
    for rule in blad.data_validations.dataValidation:
        assert rule.showErrorMessage
        assert rule.errorStyle in (None, "stop")
        assert len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32


def test_the_rules_are_those_of_the_workbooks_own_validations(blad: Worksheet) -> None:
    """Every rule of the template's sheet Invoer, read from the template, is that of its column."""
    template = openpyxl.load_workbook(ROOT / "workbooks" / "rekentool.xlsx")["Invoer"]
    theirs = {}
    for rule in template.data_validations.dataValidation:
        for area in rule.sqref.ranges:
            theirs.update({template.cell(row, column).coordinate: rule for row, column in area.cells})
    compared = 0
    for column in columns(tool().mapping):
        address = tool().binding.inputs[column.field.id, column.case]
        rule = theirs.get(address.cell) if address.sheet == "Invoer" else None
        if rule is None or (rule.type == "date" and column.field.minimum is None):
            continue  # the template wants a date from 2000 on there; the table any date
        mine = rule_of(blad, column.heading)
        expected, found = (
            (each.type, each.formula1, each.formula2 if each.operator in (None, "between") else None)
            for each in (rule, mine)
        )
        if rule.operator == "greaterThanOrEqual":
            assert (mine.type, mine.formula1) == (rule.type, rule.formula1), column.name
        else:
            assert [_number(part) for part in found] == [_number(part) for part in expected], column.name
        compared += 1
    assert compared > 250


def _number(text: str | None) -> Any:
    try:
        return float(text or "")
    except ValueError:
        return text


def test_the_number_formats_are_those_of_the_workbook(blad: Worksheet) -> None:
    template = openpyxl.load_workbook(ROOT / "workbooks" / "rekentool.xlsx")
    for column in columns(tool().mapping):
        address = tool().binding.inputs[column.field.id, column.case]
        theirs = template[address.sheet][address.cell].number_format
        mine = blad.cell(2, 1).parent.column_dimensions
        number = column_of(blad, column.heading)
        group = next(one for one in mine.values() if one.min <= number <= one.max)
        found = group.number_format
        assert found == (theirs if theirs != "General" else "@"), column.name


def test_a_note_says_what_a_column_is(blad: Worksheet) -> None:
    note = blad.cell(1, column_of(blad, "Aantal studenten bij de start.bbl2")).comment
    assert note is not None
    assert note.text == (
        "aantal_studenten.bbl2\nGroep en doorstroom · Bbl niveau 2\nEenheid: studenten\nToegestaan: 0 t/m 500\n"
        "Leeg: standaardwaarde 12\n\nStudenten die in jaar 1 beginnen; latere instroom telt het model niet."
        " Vul 0 in als u deze businesscase niet gebruikt."
    )
    assert all(cell.comment for cell in blad[1])


def test_a_default_that_differs_per_case(blad: Worksheet) -> None:
    for case, years in (("bol1", "1"), ("bol2", "2")):
        note = blad.cell(1, column_of(blad, f"Studieduur.{case}")).comment
        assert note is not None
        assert f"Leeg: standaardwaarde {years}\n" in note.text
    (study,) = [column for column in columns(tool().mapping, per_field=True) if column.field.id == "studieduur"]
    assert (study.heading, study.name) == ("Studieduur", "studieduur")
    assert study.default == "standaardwaarde 1 · 2 · 1 · 2"


def test_the_35_regions_are_rows_and_their_municipalities_a_sheet(tabel: Path) -> None:
    book = openpyxl.load_workbook(tabel)
    assert book.sheetnames == ["Regiotabel", "Uitleg", "Velden", "Kengetallen", "Gemeenten"]
    names = [row[0] for row in book["Regiotabel"].iter_rows(min_row=2, max_col=1, values_only=True)]
    with (ROOT / "mappings" / "arbeidsmarktregios.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert names == list(dict.fromkeys(row["regio"] for row in rows))
    assert len(names) == 35
    places = list(book["Gemeenten"].iter_rows(min_row=2, values_only=True))
    assert len(places) == 342
    assert ("AM22", "Rijnmond", "Zuidplas", "indeling onzeker") in places
    assert {place[2] for place in places if place[3]} == {"Zuidplas", "Hoeksche Waard", "Hardinxveld-Giessendam"}
    explained = "\n".join(str(row[0]) for row in book["Uitleg"].iter_rows(values_only=True))
    assert "herindelingen tot en met 2023" in explained
    assert "Onzeker is de indeling van Zuidplas, Hoeksche Waard en Hardinxveld-Giessendam." in explained


def test_the_shipped_municipalities_are_each_in_one_region() -> None:
    names = [name for region in labour_regions() for name, _ in region.municipalities]
    assert len(names) == len(set(names)) == 342


def test_the_same_command_gives_the_same_bytes(tabel: Path, tmp_path: Path) -> None:
    run("documenteer", "--invoertabel", tmp_path / "r.xlsx", "--arbeidsmarktregios", "--velden", tmp_path / "v.xlsx")
    run("documenteer", "--invoertabel", tmp_path / "r2.xlsx", "--arbeidsmarktregios", "--velden", tmp_path / "v2.xlsx")
    assert (tmp_path / "r.xlsx").read_bytes() == (tmp_path / "r2.xlsx").read_bytes() == tabel.read_bytes()
    assert (tmp_path / "v.xlsx").read_bytes() == (tmp_path / "v2.xlsx").read_bytes()


# -- the table: it is read back ---------------------------------------------------------------------------------------

#: Two regions as somebody fills them in, by heading of the workbook: what Excel stores, and what must be read.
ROWS = [
    {"Naam van de regio": "Noord", "Aantal studenten bij de start.bol1": 9, "Indexatie per jaar": 0.015,
     "Peildatum van de kengetallen": datetime(2026, 9, 1),
     "Vorm van werkgeverschap.bbl2": "Reguliere werkgever"},
    {"Naam van de regio": "Zuid", "Aantal studenten bij de start.bol1": 21,
     "Trajectvergoeding aan SW-bedrijf.bbl1": 2750.5},
]  # fmt: skip


def filled(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet.delete_rows(2, 40)
    for number, row in enumerate(ROWS, start=2):
        for heading, value in row.items():
            sheet.cell(number, column_of(sheet, heading), value)
    target = path.with_name("gevuld.xlsx")
    book.save(target)
    return target


def test_what_is_filled_in_is_what_reken_computes(tabel: Path, tmp_path: Path) -> None:
    """The table against the same two regions written by hand as a CSV."""
    by_hand = tmp_path / "hand.csv"
    by_hand.write_text(
        "regio_naam;aantal_studenten.bol1;indexatie;peildatum;werkgeverschap.bbl2;trajectvergoeding.bbl1\n"
        "Noord;9;1,5%;1-9-2026;Reguliere werkgever;\nZuid;21;;;;2750,50\n",
        encoding="utf-8",
    )
    table = filled(tabel)
    read = read_regions(table, tool().mapping)
    assert [(one.name, one.values) for one in read] == [
        (one.name, one.values) for one in read_regions(by_hand, tool().mapping)
    ]
    for source, name in ((table, "tabel"), (by_hand, "hand")):
        assert run("reken", source, "--naar", tmp_path / f"{name}.uit.csv").code == 0
    results = [(tmp_path / f"{name}.uit.csv").read_text("utf-8") for name in ("tabel", "hand")]
    assert results[0] == results[1]
    assert results[0].count("\n") == 2 * 196 + 1


def test_every_heading_is_read_as_its_own_column(tabel: Path, tmp_path: Path) -> None:
    """The 35 regions as they stand, and every other cell of one row on the default that its note names."""
    assert [region.name for region in read_regions(tabel, tool().mapping)] == [one.name for one in labour_regions()]
    book = openpyxl.load_workbook(tabel)
    sheet = book.worksheets[0]
    expected: dict[tuple[str, str | None], Any] = {}
    for number, column in enumerate(columns(tool().mapping), start=1):
        default = column.field.default(column.case)
        if default is not None:
            sheet.cell(2, number, default)
            expected[column.field.id, column.case] = default
    book.save(tmp_path / "alles.xlsx")
    first = read_regions(tmp_path / "alles.xlsx", tool().mapping)[0]
    assert first.values == {**expected, ("regio_naam", None): "Groningen"}


def test_the_csv_has_the_ids_and_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "regios.csv"
    assert run("documenteer", "--invoertabel", path, "--arbeidsmarktregios", "--per-veld").code == 0
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbfregio_naam;mbo_school;")
    header, *rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert header == ["regio_naam", *(field.id for field in tool().mapping.fields if field.id != "regio_naam")]
    assert len(rows) == 35
    assert all(len(row) == len(header) for row in rows)
    regions = read_regions(path, tool().mapping)
    assert [region.name for region in regions] == [row[0] for row in rows]
    assert regions.findings == ()


def test_a_blank_csv_has_only_the_heading(tmp_path: Path) -> None:
    path = tmp_path / "leeg.csv"
    assert run("documenteer", "--invoertabel", path).code == 0
    assert path.read_text("utf-8-sig").count("\n") == 1
    assert "aantal_studenten.bbl2" in path.read_text("utf-8-sig")


def test_another_mapping(tmp_path: Path) -> None:
    """A label that is two fields', a choice with a comma, and a required field without a default."""
    yaml = """\
formaat: 1
werkboek: {id: b, titel: Begroting, bestand: b.xlsx, regio_veld: naam}
gevallen: {laag: Lage raming}
groepen: {invoer: Invoer}
velden:
  bedrag: {groep: invoer, label: Bedrag, soort: bedrag, cel: Blad1!B2}
  naam: {groep: invoer, label: Naam, soort: tekst, cel: Blad1!B1}
  eerste: {groep: invoer, label: Prijs, soort: getal, standaard: 2.5, cel: Blad1!B3}
  tweede: {groep: invoer, label: prijs, soort: getal, leeg: geen prijs, cel: {laag: Blad1!B4}, gevallen: alle}
  soort: {groep: invoer, label: Soort, soort: keuze, keuzes: ["a, b", c], standaard: c, cel: Blad1!B5}
"""
    book = openpyxl.Workbook()
    book.active.title = "Blad1"
    for cell, value in {"B3": 2.5, "B5": "c", "D1": "=B2*2"}.items():
        book.active[cell] = value
    book.save(tmp_path / "b.xlsx")
    mapping = tmp_path / "b.yaml"
    mapping.write_text(yaml, encoding="utf-8")
    path = tmp_path / "tabel.xlsx"
    assert run("documenteer", "--invoertabel", path, "--mapping", mapping).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["Naam", "Bedrag", "eerste", "tweede.laag", "Soort"]
    dark = {cell.value for cell in sheet[1] if cell.fill.start_color.rgb == "FF23485F"}
    assert dark == {"Naam", "Bedrag"}
    assert rule_of(sheet, "Soort").formula1 == "Keuzes!$A$2:$A$3"
    assert [row[0] for row in book["Keuzes"].iter_rows(values_only=True)] == ["soort", "a, b", "c"]
    assert rule_of(sheet, "tweede.laag").prompt == "Een getal. Leeg: geen prijs."
    for number, value in enumerate(["Kust", 12.5, None, 7, "a, b"], start=1):
        sheet.cell(2, number, value)
    book.save(path)
    (region,) = read_regions(path, load_mapping(mapping))
    assert region.values == {
        ("naam", None): "Kust", ("bedrag", None): 12.5, ("tweede", "laag"): 7.0, ("soort", None): "a, b",
    }  # fmt: skip


# -- the list of fields -----------------------------------------------------------------------------------------------


def test_the_list_as_csv_and_as_workbook_is_the_same(tmp_path: Path) -> None:
    for name in ("velden.csv", "velden.xlsx"):
        assert run("documenteer", "--velden", tmp_path / name).code == 0
    with (tmp_path / "velden.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["veld"] for row in rows] == [field.id for field in tool().mapping.fields]
    by_name = {row["veld"]: row for row in rows}
    students = by_name["aantal_studenten"]
    assert (students["soort"], students["toegestaan"], students["standaard"]) == ("geheel_getal", "0 t/m 500", "12")
    assert students["plaats"].startswith("in_aantal_studenten_bol1, ")
    assert by_name["eigen_wml_uur"]["leeg"] == "landelijk kengetal"
    book = openpyxl.load_workbook(tmp_path / "velden.xlsx")
    assert book.sheetnames == ["Velden", "Kengetallen"]
    sheet = [[str(cell or "") for cell in row] for row in book["Velden"].iter_rows(values_only=True)]
    guarded = [[cell.removeprefix("'") for cell in row.values()] for row in rows]
    assert sheet[1:] == guarded


def test_kengetallen_have_the_value_of_the_standard_peildatum(tmp_path: Path) -> None:
    run("documenteer", "--velden", tmp_path / "velden.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "velden.xlsx")["Kengetallen"]
    header, *rows = list(sheet.iter_rows(values_only=True))
    found = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    known = [row for row in kengetal_rows() if row["id"] == "wml_uur" and row["geldig_vanaf"] <= "2026-08-01"]
    newest = max(known, key=lambda row: row["geldig_vanaf"])
    assert found["wml_uur"]["waarde"] == "€ " + newest["waarde"].replace(".", ",")
    assert found["wml_uur"]["bron"] == newest["bron"]
    assert found["wml_maand"]["gebruikt"] == "nee"
    assert len(found) == len(tool().mapping.kengetallen)


def test_the_list_as_markdown(tmp_path: Path) -> None:
    assert run("documenteer", "--velden", tmp_path / "velden.md").code == 0
    text = (tmp_path / "velden.md").read_text("utf-8")
    assert text.startswith("# Velden en kengetallen\n\nRekentool diplomatrajecten")
    assert "mapping `rekentool.yaml`" in text
    row = "| `aantal_studenten` | Aantal studenten bij de start | studenten | 0 t/m 500 | alle | 12 | verplicht |"
    assert row in text
    # The shipped list differs in its first lines only.
    shipped = (ROOT / "docs" / "velden.md").read_text("utf-8")
    assert row in shipped
    assert (
        text.split("## Algemeen")[1].split("## Kengetallen")[0]
        == shipped.split("## Algemeen")[1].split("## Kengetallen")[0]
    )


def test_a_mapping_without_peildatum_or_cases_has_a_list_too(tmp_path: Path) -> None:
    text = markdown(load_mapping(write_mapping(tmp_path)))
    assert "die op de standaardpeildatum, 1-8-2026" in text
    path = tmp_path / "klein.yaml"
    yaml = path.read_text("utf-8").replace("  peildatum:\n", "  begindatum:\n")
    path.write_text(yaml, encoding="utf-8")
    text = markdown(load_mapping(path))
    assert "De waarde hieronder is de nieuwste." in text
    assert "| `eigen_wml_uur` | Minimumloon | euro per uur | € 0,00 t/m € 500,00 | onbekend | 1-1-2027 |" in text


# -- the command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], "RK840"),
        (["--per-veld", "--velden", "v.md"], "RK841"),
        (["--arbeidsmarktregios"], "RK841"),
        (["--invoertabel", "regios.txt"], "RK842"),
        (["--invoertabel", "regios"], "RK842"),
        (["--velden", "velden.pdf"], "RK842"),
        (["--velden", "x.csv", "--invoertabel", "x.csv"], "RK843"),
    ],
)
def test_wrong_use(arguments: list[str], code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = run("documenteer", *arguments)
    assert (ran.code, ran.finding["code"]) == (2, code)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_replaced_unasked_and_both_are_checked_first(tmp_path: Path) -> None:
    old = tmp_path / "velden.md"
    old.write_text("van mij", encoding="utf-8")
    arguments = ["--invoertabel", tmp_path / "regios.xlsx", "--velden", old]
    ran = run("documenteer", *arguments)
    assert ran.codes == ["RK630"]
    assert old.read_text("utf-8") == "van mij"
    assert not (tmp_path / "regios.xlsx").exists()
    ran = run("documenteer", *arguments, "--overschrijf", "--json")
    assert ran.json["bestanden"] == [str(tmp_path / "regios.xlsx"), str(old)]
    assert old.read_text("utf-8").startswith("# Velden")
    ran = run("documenteer", "--velden", tmp_path / "weg" / "velden.md")
    assert ran.codes == ["RK631"]


def test_the_workbooks_are_valid_office_files(tabel: Path, tmp_path: Path) -> None:
    run("documenteer", "--velden", tmp_path / "velden.xlsx")
    for path in (tabel, tmp_path / "velden.xlsx"):
        result = OpenXmlValidator(FileFormat.OFFICE_2019).validate(path)
        assert [str(error) for error in result.errors] == []


def test_a_mapping_without_a_name_for_regions_has_no_regions_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Blad1"
    book.active["D1"] = "=B2*2"
    book.save(tmp_path / "b.xlsx")
    mapping = tmp_path / "b.yaml"
    mapping.write_text(
        "formaat: 1\nwerkboek: {id: b, titel: B, bestand: b.xlsx}\ngroepen: {g: G}\n"
        "velden: {bedrag: {groep: g, label: Bedrag, soort: bedrag, standaard: 2, cel: Blad1!B2}}\n",
        encoding="utf-8",
    )
    ran = run("documenteer", "--invoertabel", tmp_path / "t.xlsx", "--mapping", mapping)
    assert ran.codes == ["RK345"]
    assert not (tmp_path / "t.xlsx").exists()
    assert run("documenteer", "--velden", tmp_path / "v.md", "--mapping", mapping).code == 0
