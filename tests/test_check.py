"""`controleer`: a clean file is clean, and each thing that people do to a workbook has its own finding."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from ingreep import EMPTY, edited, example, formula, number, with_cells
from opdracht import Ran, snapshot
from opdracht import run as run_command
from openpyxl import load_workbook
from rekentool_werkboek import tool

from rekentool.jobs.check import Report
from rekentool.jobs.check import check as check_all
from rekentool.jobs.refresh import refresh
from rekentool.shipped import EXAMPLES
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import read_workbook

FILES = [EXAMPLES / f"voorbeeldregio-{name}.xlsx" for name in ("noord", "oost", "zuid", "west")]
CASE = "1 Bol niveau 1"
#: What is said of each of these files: many inputs are still the template's.
DEFAULTS = re.compile(r"RK562 melding .*\n(?: {3}.*\n)+")


def check(opened: Tool, path: Path) -> Report:
    """The report without the mention of inputs that are still the template's."""
    report = check_all(opened, path)
    return replace(report, findings=tuple(found for found in report.findings if found.code != "RK562"))


def run(*arguments: str | Path) -> Ran:
    """The command, likewise."""
    ran = run_command(*arguments)
    return replace(ran, err=DEFAULTS.sub("", ran.err))


def named(name: str) -> Address:
    """The cell, or the first cell, of a defined name."""
    sheet, reference = tool().workbook.names[name].rsplit("!", 1)
    return Address(sheet.strip("'"), reference.partition(":")[0])


def field(name: str, case: str | None = None) -> Address:
    return tool().binding.address(name, case)


def put(folder: Path, data: bytes) -> Path:
    path = folder / "regio.xlsx"
    path.write_bytes(data)
    return path


def saved(folder: Path, values: dict[Address, CellValue]) -> Path:
    """An example with other constants, computed and saved as Excel would."""
    path = put(folder, patch_workbook(example("zuid"), values))
    refresh(tool(), path)
    return path


def codes(report: Report) -> list[str]:
    return [found.code for found in report.findings]


# Clean files


def test_the_worked_regions_are_clean() -> None:
    cells = len(tool().workbook.formula_cells)
    assert cells > 6000
    ran = run("controleer", *FILES)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    names = ("Noord", "Oost", "Zuid", "West")
    expected = [f"{path} (Voorbeeldregio {name}): klopt" for path, name in zip(FILES, names, strict=True)]
    assert lines[::2] == expected
    assert all(
        line.startswith(f"   formulecellen: gelijk {cells} · anders 0 · niet gecontroleerd 0, volgens ")
        for line in lines[1::2]
    )


def test_inputs_that_are_still_the_templates_are_mentioned_once() -> None:
    """Counted here by another route: the mapping as plain YAML, and both files through openpyxl."""
    fields = yaml.safe_load(tool().mapping.path.read_text(encoding="utf-8"))["velden"]
    optional = {name for name, facts in fields.items() if facts.get("verplicht") is False or "leeg" in facts}
    before, after = load_workbook(tool().path), load_workbook(FILES[2])
    with_default = same = 0
    for name, target in before.defined_names.items():
        id_ = name.removeprefix("in_")
        known = next((field for field in (id_, id_.rpartition("_")[0]) if field in fields), None)
        if name.startswith("in_") and known is not None and known not in optional:
            ((sheet, cell),) = target.destinations
            default = before[sheet][cell].value
            with_default += default is not None
            same += default is not None and after[sheet][cell].value == default
    ran = run_command("controleer", FILES[2])
    assert (ran.code, ran.finding["code"], ran.finding["ernst"]) == (0, "RK562", "melding")
    assert f" van het sjabloon: {same} van {with_default} (peildatum, startjaar, horizon, " in ran.finding["gevonden"]
    assert ran.finding["gevonden"].endswith(" velden)")


def test_the_blank_template_says_what_is_missing(tmp_path: Path) -> None:
    report = check(tool(), put(tmp_path, tool().data))
    found = {one.code: one for one in report.findings}
    assert report.exit_code == 1
    assert found["RK311"].place == str(field("regio_naam"))
    assert found["RK520"].found == "de controle ‘Invoer met een fout (aantal rijen)’ geeft FOUT"
    assert found.keys() == {"RK311", "RK520"}
    assert report.counts.different == report.counts.unchecked == 0


# Formulas, names and fixed values: one file with one of each


WML = 20.0


def wml_row() -> int:
    """The row of `Tarieven` with the minimum wage of 1-7-2026."""
    values = tool().workbook.values
    rows = [address.row for address, value in values.items()
            if address.sheet == "Tarieven" and address.column == 1 and value == "wml_uur"]  # fmt: skip
    (row,) = [row for row in rows if values[Address("Tarieven", f"D{row}")] == 14.99]
    return row


@pytest.fixture(scope="module")
def meddled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, dict[str, str]]:
    """What `controleer` says of it, and the place where each code should be."""
    costs, line = named("uit_mbo_school_kosten_bol1_per_jaar"), named("uit_mbo_school_overige_kosten_bol1_per_jaar")
    gone = Address(CASE, f"E{line.row}")
    note = Address("Invoer", f"I{field('docent_tarief', 'bol1').row}")
    history, blank = Address("Tarieven", f"D{wml_row()}"), Address("Start", "F3")
    data = with_cells(example("zuid"), {
        costs: formula(f"SUM(D{costs.row - 9}:D{costs.row - 2})"),
        line: number(1000),
        gone: EMPTY,
        note: formula("Resultaat!B17*2"),
    })  # fmt: skip
    data = patch_workbook(data, {history: WML, blank: "Let op: gewijzigd"}, {})
    old = 'name="kg_wml_regulier">Kengetallen!$D$'
    data = edited(data, {
        "xl/workbook.xml": lambda xml: xml.replace(old, old.replace("$D$", "$B$")).replace(
            'name="Versie" sheetId="12" state="visible"', 'name="Versie" sheetId="12" state="hidden"')
    })  # fmt: skip
    path = put(tmp_path_factory.mktemp("ingreep"), data)
    places = {"RK510": costs, "RK511": line, "RK512": gone, "RK513": note, "RK514": history, "RK515": "kg_wml_regulier",
              "RK516": blank, "RK155": "Versie"}  # fmt: skip
    return run("controleer", path), {code: f"{path}: {place}" for code, place in places.items()}


@pytest.mark.parametrize(
    ("code", "severity", "found", "expected"),
    [
        ("RK510", "fout", "de formule is =SUM(D185:D192)", "de formule van het sjabloon: ="),
        ("RK511", "fout", "op de plaats van een formule staat de waarde 1000", "de formule van het sjabloon: ="),
        ("RK512", "fout", "de formule is weg", "de formule van het sjabloon: ="),
        ("RK513", "waarschuwing", "een formule die niet in het sjabloon staat: =Resultaat!B17*2", ""),
        ("RK514", "fout", "op de plaats van een vaste waarde staat 20", "de waarde van het sjabloon: 14,99"),
        ("RK515", "fout", "de naam verwijst naar Kengetallen!B", "de verwijzing van het sjabloon: Kengetallen!D"),
        ("RK516", "waarschuwing", "in een cel die in het sjabloon leeg is, staat Let op: gewijzigd", "een lege cel"),
        ("RK155", "melding", "dit blad is verborgen", ""),
    ],
)
def test_each_intervention_has_its_finding(
    meddled: tuple[Ran, dict[str, str]], code: str, severity: str, found: str, expected: str
) -> None:
    ran, places = meddled
    assert ran.codes.count(code) == 1
    text = ran.err[ran.err.index(f"{code} {severity} · ") :]
    first, second, *rest = text.splitlines()[:4]
    assert first == f"{code} {severity} · {places[code]}"
    assert second.startswith(f"   gevonden: {found}")
    assert rest[0].startswith(f"   verwacht: {expected}" if expected else "   wat te doen: ")
    assert any(line.startswith("   wat te doen: ") for line in rest)


def test_nothing_else_is_found_there(meddled: tuple[Ran, dict[str, str]]) -> None:
    """Besides: stored values are those of before or weren't given, and the workbook's own sums no longer meet."""
    ran, places = meddled
    assert ran.code == 1
    assert set(ran.codes) - places.keys() == {"RK520", "RK530", "RK531"}
    assert "klopt niet" in ran.out


# Inputs


#: One file with each of these; its results were computed and saved with them.
INVALID: list[tuple[str, str | None, CellValue, str, str]] = [
    ("docent_tarief", "bbl1", "95", "RK316", 'de tekst "95"'),
    ("uitval_per_jaar", "bol2", 1.5, "RK303", "1,5 bij een percentage"),
    ("horizon", None, 9.0, "RK310", "9"),
    ("aantal_studenten", "bol1", 12.5, "RK304", "12,5"),
    ("werkgeverschap", "bbl2", "Uitzendbureau", "RK307", '"Uitzendbureau"'),
    ("lkv_toepassen", "bbl1", True, "RK315", "de logische waarde WAAR"),
    ("contracturen", "bbl2", None, "RK311", "niets"),
    ("leeftijd_19", None, 0.02, "RK319", "De leeftijdsopbouw telt op tot 90 %"),
]


@pytest.fixture(scope="module")
def invalid(tmp_path_factory: pytest.TempPathFactory) -> Report:
    values = {field(name, case): value for name, case, value, _, _ in INVALID}
    return check(tool(), saved(tmp_path_factory.mktemp("invoer"), values))


@pytest.mark.parametrize("fault", INVALID, ids=lambda fault: fault[3])
def test_an_input_that_is_not_allowed(invalid: Report, fault: tuple[str, str | None, CellValue, str, str]) -> None:
    name, case, _, code, found = fault
    (finding,) = [one for one in invalid.findings if one.code == code]
    places = finding.place.split(", ")
    assert str(field(name, case)) in places
    assert len(places) == (6 if code == "RK319" else 1)
    assert (finding.found, finding.severity, finding.file) == (found, "fout", str(invalid.path))
    assert finding.remedy


def test_inputs_are_the_only_thing_wrong_there(invalid: Report) -> None:
    """Besides: the workbook's own checks say so too. The stored values are those of these inputs."""
    assert {one.code for one in invalid.findings} == {code for *_, code, _ in INVALID} | {"RK520"}
    own = [one.found for one in invalid.findings if one.code == "RK520"]
    assert any("Leeftijden samen 100 %" in text for text in own)
    assert any("Invoer met een fout" in text for text in own)
    assert (invalid.exit_code, invalid.counts.different, invalid.counts.unchecked) == (1, 0, 0)


def test_checks_of_the_workbook_count_without_any_other_fault(tmp_path: Path) -> None:
    """A peildatum at which a kengetal isn't known: allowed, computed and saved, but of no use."""
    report = check(tool(), saved(tmp_path, {field("peildatum"): 44211.0}))
    assert {one.code for one in report.findings} == {"RK520", "RK523"}
    assert {one.severity for one in report.findings} == {"waarschuwing"}
    assert (report.exit_code, report.counts.different, report.counts.unchecked) == (1, 0, 0)
    (found,) = [one for one in report.findings if one.code == "RK523"]
    assert found.remedy.endswith(", of kies een andere peildatum.")
    (tmp_path / "opnieuw").mkdir()
    assert check(tool(), saved(tmp_path / "opnieuw", {field("peildatum"): 46235.0})).findings == ()


# Stored values


def test_a_stale_value(tmp_path: Path) -> None:
    """And one of another type: the text 1000 where a number should be."""
    first, second = named("uit_mbo_school_saldo_bbl1"), named("uit_gemeente_saldo_bbl1")
    ran = run("controleer", put(tmp_path, patch_workbook(example("zuid"), {}, {first: 999_999.25, second: "1000"})))
    assert (ran.code, ran.finding["code"]) == (1, "RK530")
    assert ran.finding["plaats"].endswith(f"regio.xlsx: {first}")
    assert ran.finding["gevonden"].endswith("anders zijn dan de herberekening: 2; hier staat 999999,25")
    assert "anders 2 (waarde 1, type 1) · niet gecontroleerd 0" in ran.out


def test_a_missing_value_is_not_checked_and_not_different(tmp_path: Path) -> None:
    cell = named("uit_gemeente_saldo_bbl1")
    data = patch_workbook(example("zuid"), {}, {}, remove_results=[cell])
    ran = run("controleer", put(tmp_path, data))
    assert (ran.code, ran.finding["code"], ran.finding["ernst"]) == (4, "RK531", "waarschuwing")
    assert ran.finding["plaats"].endswith(f"regio.xlsx: {cell}")
    assert ran.out.splitlines()[0].endswith("(Voorbeeldregio Zuid): niet geheel te controleren")
    assert f"gelijk {len(tool().workbook.formula_cells) - 1} · anders 0 · niet gecontroleerd 1" in ran.out


# What a user may do


def test_own_notes_and_the_checklist_are_the_users(tmp_path: Path) -> None:
    """Unlocked cells that no field of the mapping is about."""
    note = Address("Invoer", f"I{field('docent_tarief', 'bol1').row}")
    status, day, remark = (Address("Stappenplan", f"{column}12") for column in "EFG")
    assert {note, status, day, remark} <= tool().workbook.unlocked
    report = check(tool(), saved(tmp_path, {note: "cao 2026", status: "Klaar", day: 46300.0, remark: "akkoord"}))
    assert (report.findings, report.exit_code, report.counts.different) == ((), 0, 0)


def test_own_sheets_are_mentioned(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(example("zuid")))
    book.create_sheet("Eigen notities")["B2"] = 42
    book.save(tmp_path / "regio.xlsx")
    refresh(tool(), tmp_path / "regio.xlsx")
    report = check(tool(), tmp_path / "regio.xlsx")
    assert [(found.code, found.severity, found.place) for found in report.findings] == [
        ("RK518", "melding", "Eigen notities")
    ]
    assert (report.exit_code, report.counts.equal) == (0, len(tool().workbook.formula_cells))


# Files that don't fit


def test_a_deleted_sheet_is_one_message(tmp_path: Path) -> None:
    entry = rf'<sheet [^>]*name="{CASE}"[^>]*/>'
    path = put(tmp_path, edited(example("zuid"), {"xl/workbook.xml": lambda xml: re.sub(entry, "", xml)}))
    before = snapshot(tmp_path)
    ran = run("controleer", path)
    assert (ran.code, ran.finding["code"]) == (3, "RK517")
    assert ran.finding["plaats"] == f"{path}: {CASE}"
    assert ran.finding["gevonden"] == "dit blad van het sjabloon ontbreekt, of het heeft een andere naam gekregen"
    assert ran.out == f"{path}: niet te lezen\n"
    assert snapshot(tmp_path) == before


def test_a_renamed_name_is_refused_with_its_place_in_the_mapping(tmp_path: Path) -> None:
    data = edited(example("zuid"), {"xl/workbook.xml": lambda xml: xml.replace('"in_horizon"', '"in_horizonn"')})
    ran = run("controleer", put(tmp_path, data))
    assert (ran.code, ran.finding["code"]) == (3, "RK231")
    assert ran.finding["plaats"].endswith("regio.xlsx: $.velden.horizon")
    assert ran.finding["gevonden"].startswith("de naam in_horizon ontbreekt")
    assert '"in_horizonn"' in ran.finding["remedie"]


def test_the_worst_outcome_is_the_exit_code(tmp_path: Path) -> None:
    stale = put(tmp_path, patch_workbook(example("noord"), {}, {named("uit_rijk_saldo_bol1"): 1.0}))
    ran = run("controleer", stale, tmp_path / "er-niet.xlsx")
    assert (ran.code, ran.codes) == (3, ["RK530", "RK101"])
    assert [line for line in ran.out.splitlines() if not line.startswith(" ")] == [
        f"{stale} (Voorbeeldregio Noord): klopt niet",
        f"{tmp_path / 'er-niet.xlsx'}: niet te lezen",
    ]
    macros = tmp_path / "regio.xlsm"
    macros.write_bytes(example("noord"))
    assert run("controleer", macros).code == 5


def test_json_has_the_same_facts(tmp_path: Path) -> None:
    stale = put(tmp_path, patch_workbook(example("noord"), {}, {named("uit_rijk_saldo_bol1"): 1.0}))
    found = run("controleer", stale, "--json").json
    assert (found["opdracht"], found["uitkomst"]) == ("controleer", 1)
    cells = len(tool().workbook.formula_cells)
    assert [(one["bestand"], one["regio"], one["uitkomst"], one["formulecellen"]) for one in found["bestanden"]] == [
        (str(stale), "Voorbeeldregio Noord", 1, {"gelijk": cells - 1, "anders": 1, "niet_gecontroleerd": 0}),
    ]
    (one,) = [one for one in found["bevindingen"] if one["code"] != "RK562"]
    assert (one["code"], one["bestand"], one["plaats"]) == ("RK530", str(stale), str(named("uit_rijk_saldo_bol1")))
    assert one.keys() == {"code", "ernst", "plaats", "gevonden", "verwacht", "remedie", "bestand"}


def test_json_of_a_refusal(tmp_path: Path) -> None:
    ran = run("controleer", tmp_path / "er-niet.xlsx", "--json")
    assert (ran.code, ran.err) == (3, "")
    assert [one["code"] for one in json.loads(ran.out)["bevindingen"]] == ["RK101"]


# A second opinion


def test_the_reference_sheet_sees_a_stale_value(tmp_path: Path) -> None:
    path = tmp_path / FILES[3].name
    cell = named("uit_rijk_saldo_bol1")
    path.write_bytes(patch_workbook(example("west"), {}, {cell: 1.0}))
    ran = run("controleer", path, "--met", "referentie")
    assert (ran.code, ran.finding["code"]) == (1, "RK530")
    assert f"gelijk {len(tool().workbook.formula_cells) - 1} · anders 1 (waarde 1) · niet gecontroleerd 0" in ran.out
    assert ", volgens LibreOffice " in ran.out


def test_there_is_no_reference_for_another_file(tmp_path: Path) -> None:
    ran = run("controleer", put(tmp_path, example("west")), "--met", "referentie")
    assert (ran.code, ran.finding["code"]) == (4, "RK551")


def test_the_interventions_did_what_they_say() -> None:
    """The tool of these tests: a cell's content changes, and its style and neighbours don't."""
    cell = named("uit_mbo_school_overige_kosten_bol1_per_jaar")
    before, after = read_workbook(example("zuid")), read_workbook(with_cells(example("zuid"), {cell: number(1000)}))
    assert after.values[cell] == 1000
    assert before.formulas.keys() - after.formulas.keys() == {cell}
    assert after.number_format(cell) == before.number_format(cell)
    assert {address for address in before.values if before.values[address] != after.values[address]} == {cell}
