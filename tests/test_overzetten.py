"""`overzetten`: every input of a filled older workbook in its cell of the current template, and what can't go there."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import jsonschema
import openpyxl
import pytest
from conftest import ROOT
from ingreep import parts
from opdracht import Ran, run, snapshot
from openpyxl.workbook.defined_name import DefinedName
from oude_versie import INPUT, Key, Oud, make
from rekentool_werkboek import kengetal_rows, tool

from rekentool.jobs.carry import Carried, carry
from rekentool.jobs.carrylist import Line
from rekentool.jobs.receipt import FileMark, page_path, read_receipt
from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLES
from rekentool.tool import Tool, open_tool
from rekentool.xlsx.reader import formula_fingerprint, read_workbook

cached_tool = cache(open_tool)

#: What somebody typed in a workbook of version 0.9 where the steps do something, by hand; percentages as fractions.
TYPED: dict[Key, Any] = {
    ("regio_naam", None): "Voorbeeldregio Kust",
    ("partners", None): "Kustcollege",
    ("peildatum", None): date(2025, 8, 1),
    ("startjaar", None): 2025,
    ("horizon", None): 8,
    ("uitval", "bol1"): 0.11,
    ("uitval", "bbl_2"): 0.14,
    ("leeftijd_18_19", None): 0.3,
    ("leeftijd_16_17", None): 0.2,
    ("drukwerk", "bol1"): 250,
    ("trajectvergoeding", "bol1"): 210.1,
    ("trajectvergoeding", "bbl_2"): 300,
    ("groepsgrootte", "bbl1"): 9,
    ("werkgever_omvang", None): "Grote werkgever",
    ("overhead_school", None): 0.22,
    ("zorg_en_overig", "bol1"): 40, ("zorg_en_overig", "bol2"): 40, ("zorg_en_overig", "bbl1"): 40,
    ("zorg_en_overig", "bbl_2"): 40,
    ("kans_werk_nul", "bol1"): 0.2,
    ("loonopslag", "bbl1"): "veel",
    ("docent_tarief", "bol1"): "=90+5",
    ("eigen_wml_uur", None): 15.5,
    ("bot_uren", "bol2"): 640,
    ("maatschappelijke_effecten", None): "Ja",
}  # fmt: skip

#: What must then stand in the new workbook, by hand.
ARRIVED: dict[Key, Any] = {
    ("regio_naam", None): "Voorbeeldregio Kust",
    ("mbo_school", None): "Kustcollege",
    ("sw_bedrijf", None): "Kustcollege",
    ("peildatum", None): date(2025, 8, 1),
    ("startjaar", None): 2025,
    ("horizon", None): 5,  # 8 is more than the new maximum: as in the blank workbook
    ("uitval_per_jaar", "bol1"): 0.11,
    ("uitval_per_jaar", "bol2"): 0.15,
    ("uitval_per_jaar", "bbl1"): 0.15,
    ("uitval_per_jaar", "bbl2"): 0.14,
    ("leeftijd_18", None): 0.15,
    ("leeftijd_19", None): 0.15,
    ("leeftijd_16_17", None): 0.2,
    ("trajectvergoeding", "bol1"): 2521.2,  # 210,10 a month
    ("trajectvergoeding", "bol2"): 2400,
    ("trajectvergoeding", "bbl1"): 2400,
    ("trajectvergoeding", "bbl2"): 3600,
    ("groepsgrootte", "bbl1"): 9,
    ("werkgever_omvang", None): "Groot",
    ("overhead_school", "bol1"): 0.22, ("overhead_school", "bol2"): 0.22, ("overhead_school", "bbl1"): 0.22,
    ("overhead_school", "bbl2"): 0.22,
    ("zorg_en_overig", None): 40,
    ("kans_werk_nul", None): 0.1,  # 20 % and three times 10 %: as in the blank workbook
    ("loonopslag", "bbl1"): 0,
    ("docent_tarief", "bol1"): 95,
    ("behoud_werk", "bol1"): 0.8, ("behoud_werk", "bol2"): 0.8, ("behoud_werk", "bbl1"): 0.8,
    ("behoud_werk", "bbl2"): 0.8,
    ("indexatie", None): 0,
    ("ingevuld_op", None): None,
    ("eigen_wml_uur", None): 15.5,
    ("bot_uren", "bol2"): 640,
    ("maatschappelijke_effecten", None): "Ja",
}  # fmt: skip


@pytest.fixture(scope="module")
def oud(tmp_path_factory: pytest.TempPathFactory) -> Oud:
    return make(tmp_path_factory.mktemp("oud"))


@pytest.fixture(scope="module")
def nieuw(oud: Oud) -> Tool:
    return cached_tool(oud.mapping, None)


@pytest.fixture(scope="module")
def bron(oud: Oud) -> Path:
    """The filled workbook of version 0.9, with two notes."""
    row = oud.cells["regio_naam", None][1][1:]
    notes = {f"I{row}": "naam volgens besluit 2024", "K3": "losse opmerking"}
    steps = {"Stappenplan!E5": "Klaar", "Stappenplan!G6": "met de wethouder", "Stappenplan!E7": "Bezig"}
    return oud.filled(TYPED, {**notes, **steps})


@pytest.fixture(scope="module")
def over(nieuw: Tool, bron: Path, tmp_path_factory: pytest.TempPathFactory) -> Carried:
    """That workbook, carried."""
    (one,), refused = carry(nieuw, [bron], tmp_path_factory.mktemp("over") / "nieuw")
    assert refused == []
    return one


def new_cells(path: Path) -> dict[str, Any]:
    """Each input of a workbook of the current version by its defined name, read without the package."""
    return inputs_of(openpyxl.load_workbook(path))


def inputs_of(book: Any) -> dict[str, Any]:
    found = {}
    for name, defined in book.defined_names.items():
        if name.startswith("in_"):
            ((sheet, cell),) = defined.destinations
            found[name] = book[sheet][cell.replace("$", "")].value
    return found


def name_of(key: Key) -> str:
    return f"in_{key[0]}_{key[1]}" if key[1] else f"in_{key[0]}"


@cache
def blank() -> dict[str, Any]:
    return new_cells(ROOT / "workbooks" / "rekentool.xlsx")


def plain(value: Any) -> Any:
    return value.date() if hasattr(value, "date") else value


def lines_of(lines: tuple[Line, ...], what: str) -> dict[Key, Line]:
    return {(line.field, line.case or None): line for line in lines if line.what == what}


# -- an older version -------------------------------------------------------------------------------------------------


def test_every_input_of_the_older_version_arrives(over: Carried) -> None:
    assert over.version == "0.9"
    assert over.region == "Voorbeeldregio Kust"
    found = new_cells(over.path)
    expected = {**blank(), **{name_of(key): value for key, value in ARRIVED.items()}}
    assert {name: plain(value) for name, value in found.items()} == pytest.approx(
        {name: plain(value) for name, value in expected.items()}, abs=1e-12
    )


def test_the_list_says_what_became_of_every_field(nieuw: Tool, over: Carried) -> None:
    lines = over.lines
    assert {line.field for line in lines if line.new_cell} >= {field.id for field in nieuw.mapping.fields}
    assert {line.what for line in lines} == {
        "overgezet", "standaardwaarde", "leeg gebleven", "aantekening", "andere betekenis", "gesplitst", "omgerekend",
        "ongeldig geworden", "nieuw en leeg", "nieuw, met standaardwaarde", "vervallen", "niet overgezet", "kengetal",
    }  # fmt: skip
    assert set(lines_of(lines, "nieuw, met standaardwaarde")) == {("indexatie", None)}
    assert set(lines_of(lines, "nieuw en leeg")) == {("ingevuld_op", None)}
    assert set(lines_of(lines, "ongeldig geworden")) == {
        ("horizon", None), ("kans_werk_nul", None), ("loonopslag", "bbl1"), ("docent_tarief", "bol1"),
    }  # fmt: skip
    assert {key[0] for key in lines_of(lines, "andere betekenis")} == {"groepsgrootte"}
    assert set(lines_of(lines, "gesplitst")) == {
        ("mbo_school", None), ("sw_bedrijf", None), ("leeftijd_18", None), ("leeftijd_19", None),
    }  # fmt: skip
    assert {key[0] for key in lines_of(lines, "omgerekend")} == {"trajectvergoeding"}
    dropped = lines_of(lines, "vervallen")
    assert dropped["drukwerk", "bol1"].old_value == "€ 250,00"
    assert dropped["drukwerk", "bol1"].note == "Zit in de leermiddelen."
    assert set(dropped) == {
        ("drukwerk", "bol1"), *((name, case) for name in ("zorg_en_overig", "kans_werk_nul")
                                for case in ("bol2", "bbl1", "bbl_2")),
    }  # fmt: skip


def test_a_line_has_both_cells_both_values_and_the_reason(nieuw: Tool, oud: Oud, over: Carried) -> None:
    line = lines_of(over.lines, "omgerekend")["trajectvergoeding", "bbl2"]
    row = oud.cells["trajectvergoeding", "bbl_2"][1]
    assert line.old_cell == f"{INPUT}!{row}"
    assert (line.old_value, line.new_value) == ("€ 300,00", "€ 3.600,00")
    assert line.new_cell == str(nieuw.binding.inputs["trajectvergoeding", "bbl2"])
    assert line.note == "maal 12"
    renamed = lines_of(over.lines, "overgezet")["uitval_per_jaar", "bol1"]
    assert (renamed.label, renamed.note) == ("Uitval per jaar", "heette uitval")
    meaning = lines_of(over.lines, "andere betekenis")["groepsgrootte", "bbl1"]
    assert meaning.note == "Was het gemiddelde, is nu het maximum."
    choice = lines_of(over.lines, "overgezet")["werkgever_omvang", None]
    assert (choice.old_value, choice.new_value, choice.note) == ("Grote werkgever", "Groot", "was ‘Grote werkgever’")


def test_what_cannot_be_carried_is_a_finding_and_exit_code_1(oud: Oud, over: Carried) -> None:
    assert over.exit_code == 1
    faults = {found.place.split("!")[1]: found for found in over.findings if found.code == "RK826"}
    cells = {name: oud.cells[name, case][1] for name, case in (
        ("horizon", None), ("kans_werk_nul", "bol1"), ("loonopslag", "bbl1"), ("docent_tarief", "bol1"))}  # fmt: skip
    assert set(faults) == set(cells.values())
    horizon = faults[cells["horizon"]]
    assert (horizon.found, horizon.expected) == ("8 voor horizon; dat is niet overgezet", "Horizon: 1 t/m 5 jaar")
    assert horizon.remedy == "Vul in het nieuwe werkboek Invoer!C15 in; daar staat nu 5."
    assert faults[cells["loonopslag"]].found == "veel voor loonopslag.bbl1; dat is niet overgezet"
    assert "=90+5" in faults[cells["docent_tarief"]].found
    assert "dezelfde waarde voor elk geval" in faults[cells["kans_werk_nul"]].expected


def test_the_results_in_the_new_workbook_are_fresh(over: Carried) -> None:
    ran = run("controleer", over.path)
    assert "anders 0 · niet gecontroleerd 0" in ran.out


def test_the_list_stands_beside_the_workbook(over: Carried) -> None:
    assert over.path.name == "noord.xlsx"
    assert over.listing == over.path.parent / "noord.overzetting.csv"
    with over.listing.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(over.lines)
    (row,) = [row for row in rows if row["veld"] == "horizon"]
    assert row["oude_waarde"] == "8"
    assert row["nieuwe_waarde"] == "5"
    assert row["wat"] == "ongeldig geworden"
    assert row["uitleg"] == "verwacht: Horizon: 1 t/m 5 jaar"


def test_the_old_file_keeps_its_bytes(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    before = bron.read_bytes()
    carry(nieuw, [bron], tmp_path / "nieuw")
    assert bron.read_bytes() == before


def test_the_receipt_belongs_to_the_new_workbook_and_names_the_old_one(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    (one,), _ = carry(nieuw, [bron], tmp_path / "nieuw", day=date(2026, 7, 1))
    receipt = read_receipt(one.path)
    assert receipt is not None
    assert receipt.belongs_to(FileMark.read(one.path))
    assert receipt.command == "overzetten"
    content = json.loads(one.receipt.read_text("utf-8"))
    jsonschema.validate(content, json.loads((ROOT / "mappings" / "schema" / "bewijs.schema.json").read_text("utf-8")))
    assert [source["sha256"] for source in content["bronnen"]] == [hashlib.sha256(bron.read_bytes()).hexdigest()]
    assert content["opties"] == {"van": one.version, "peildatum": "2026-07-01"}
    assert page_path(one.path).is_file()


def test_an_older_receipt_is_replaced_with_its_workbook(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    (one,), _ = carry(nieuw, [bron], tmp_path / "nieuw")
    carry(nieuw, [bron], tmp_path / "nieuw", day=date(2026, 7, 1), overwrite=True)
    receipt = read_receipt(one.path)
    assert receipt is not None
    assert receipt.belongs_to(FileMark.read(one.path))


def test_carrying_twice_gives_the_same_bytes(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    first, second = (carry(nieuw, [bron], tmp_path / name)[0][0] for name in ("een", "twee"))
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.listing.read_bytes() == second.listing.read_bytes()


# -- notes and what is left behind ------------------------------------------------------------------------------------


def test_a_note_beside_a_field_goes_along_and_another_is_named(over: Carried) -> None:
    notes = {line.new_cell: line.old_value for line in over.lines if line.what == "aantekening"}
    assert notes == {
        "Invoer!I7": "naam volgens besluit 2024",
        "Stappenplan!E14": "Klaar",
        "Stappenplan!G13": "met de wethouder",
    }
    book = openpyxl.load_workbook(over.path)
    assert book["Invoer"]["I7"].value == "naam volgens besluit 2024"
    assert [book["Stappenplan"][cell].value for cell in ("E12", "E13", "E14", "G13")] == [
        "Niet gestart", "Niet gestart", "Klaar", "met de wethouder",
    ]  # fmt: skip


def test_what_belongs_to_no_field_is_left_behind_and_named(over: Carried) -> None:
    left = [(line.old_cell, line.old_value) for line in over.lines if line.what == "niet overgezet"]
    assert left == [(f"{INPUT}!K3", "losse opmerking"), ("Stappenplan!E7", "Bezig")]
    (warning,) = [found for found in over.findings if found.code == "RK829"]
    assert warning.place == f"{INPUT}!K3"
    assert warning.severity == "waarschuwing"


def test_own_sheets_and_texts_outside_the_free_cells_are_named(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(EXAMPLES / "voorbeeldregio-zuid.xlsx")
    book.create_sheet("Eigen blad")["A1"] = "aantekeningen"
    book["Invoer"]["L3"] = "naast de tabel"
    book.save(tmp_path / "zuid.xlsx")
    (one,), _ = carry(tool(), [tmp_path / "zuid.xlsx"], tmp_path / "nieuw", dry=True)
    left = {line.old_cell for line in one.lines if line.what == "niet overgezet"}
    assert left == {"Eigen blad", "Invoer!L3"}


# -- the current version ----------------------------------------------------------------------------------------------


def test_a_file_of_the_current_version_becomes_the_same_file(tmp_path: Path) -> None:
    source = EXAMPLES / "voorbeeldregio-zuid.xlsx"
    (one,), refused = carry(tool(), [source], tmp_path / "nieuw")
    assert refused == []
    assert one.exit_code == 0
    assert one.version == "1.0"
    assert parts(one.path.read_bytes()) == parts(source.read_bytes())
    assert set(one.counts) == {"overgezet", "standaardwaarde", "leeg gebleven", "kengetal"}


def test_a_damaged_file_is_repaired_and_keeps_its_inputs_and_notes(tmp_path: Path) -> None:
    """A formula overwritten, one removed, a sheet and a name deleted, a text changed; a note and a status filled in."""
    source = EXAMPLES / "voorbeeldregio-zuid.xlsx"
    book = openpyxl.load_workbook(source)
    book["Resultaat"]["C9"] = 1
    book["1 Bol niveau 1"]["C20"] = None
    del book["Versie"]
    del book.defined_names["controle_eindoordeel"]
    book["Invoer"]["A3"] = "andere uitleg"
    book["Invoer"]["I9"] = "zie mail van 3 maart"
    book["Stappenplan"]["E12"] = None
    book["Stappenplan"]["E13"] = "Klaar"
    book.save(tmp_path / "zuid.xlsx")
    (one,), refused = carry(tool(), [tmp_path / "zuid.xlsx"], tmp_path / "nieuw")
    assert refused == []
    assert one.exit_code == 0
    fresh, before = openpyxl.load_workbook(one.path), openpyxl.load_workbook(source)
    assert inputs_of(fresh) == inputs_of(before)
    assert fresh["Invoer"]["I9"].value == "zie mail van 3 maart"
    assert [fresh["Stappenplan"][cell].value for cell in ("E12", "E13", "E14")] == [None, "Klaar", "Niet gestart"]
    repaired = {line.old_cell for line in one.lines if line.what == "hersteld"}
    assert {"Versie", "Resultaat!C9", "'1 Bol niveau 1'!C20", "Invoer!A3", "controle_eindoordeel"} <= repaired
    assert fresh["Resultaat"]["C9"].value == before["Resultaat"]["C9"].value
    assert "anders 0" in run("controleer", one.path).out


# -- which version ----------------------------------------------------------------------------------------------------


def changed_formula(oud: Oud, path: Path) -> Path:
    """A filled older workbook with another formula: its fingerprint says nothing any more."""
    source = oud.filled(TYPED, name=f"bron-{path.name}")
    book = openpyxl.load_workbook(source)
    book[INPUT]["D3"] = "=1+1"
    book.save(path)
    return path


def test_a_version_is_recognised_by_its_cells_when_a_formula_was_changed(nieuw: Tool, oud: Oud, tmp_path: Path) -> None:
    path = changed_formula(oud, tmp_path / "anders.xlsx")
    (one,), refused = carry(nieuw, [path], tmp_path / "nieuw")
    assert refused == []
    assert one.version == "0.9"
    assert new_cells(one.path)["in_regio_naam"] == "Voorbeeldregio Kust"
    assert f"{INPUT}!D3" in {line.old_cell for line in one.lines if line.what == "hersteld"}


def test_another_workbook_is_refused_and_does_not_stop_the_others(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    strange = tmp_path / "vreemd.xlsx"
    book = openpyxl.Workbook()
    book.active["A1"] = "iets anders"
    book.save(strange)
    (one,), refused = carry(nieuw, [strange, bron], tmp_path / "nieuw")
    assert one.source == bron
    assert [(found.code, found.file) for found in refused] == [("RK823", str(strange))]
    assert "1.0 en 0.9" in refused[0].expected
    assert not (tmp_path / "nieuw" / "vreemd.xlsx").exists()


def test_a_label_that_moved_is_named_with_the_refusal(nieuw: Tool, oud: Oud, tmp_path: Path) -> None:
    path = changed_formula(oud, tmp_path / "anders.xlsx")
    book = openpyxl.load_workbook(path)
    row = oud.cells["uitval", "bol1"][1][1:]
    book[INPUT][f"B{row}"] = "Uitval?"
    book.save(path)
    _, refused = carry(nieuw, [path], tmp_path / "nieuw")
    assert {found.code for found in refused} == {"RK823", "RK234"}
    assert "versie 0.9" in refused[0].found


def test_the_mapping_of_the_version_can_be_named(oud: Oud, nieuw: Tool, tmp_path: Path) -> None:
    path = changed_formula(oud, tmp_path / "anders.xlsx")
    (one,), _ = carry(nieuw, [path], tmp_path / "nieuw", older=oud.older)
    assert one.version == "0.9"
    _, refused = carry(nieuw, [path], tmp_path / "fout", older=oud.mapping)
    assert "RK231" in {found.code for found in refused}


def test_a_mapping_outside_the_history_must_have_the_same_fields(oud: Oud, bron: Path, tmp_path: Path) -> None:
    """The shipped mapping doesn't know version 0.9: each field that is gone or has another unit is said."""
    carried, refused = carry(tool(), [bron], tmp_path / "nieuw", older=oud.older)
    assert carried == []
    said = {found.found.split()[2] for found in refused if found.code == "RK821"}
    assert said == {"uitval", "partners", "leeftijd_18_19", "drukwerk", "trajectvergoeding"}
    assert {found.code for found in refused} == {"RK821"}


def test_two_versions_with_the_same_cells_are_told_apart_by_their_formulas_or_not_at_all(tmp_path: Path) -> None:
    """Version 1.0 again as version 0.9, without and with its blank workbook."""
    oud = make(tmp_path / "map", steps={})
    text = oud.mapping.read_text(encoding="utf-8")
    plain_mapping = (ROOT / "mappings" / "rekentool.yaml").read_text(encoding="utf-8")
    twin = plain_mapping.replace('versie: "1.0"', 'versie: "0.9"').replace("../workbooks/rekentool", "oud")
    oud.older.write_text(twin, encoding="utf-8")
    oud.mapping.write_text(text, encoding="utf-8")
    book = openpyxl.load_workbook(EXAMPLES / "voorbeeldregio-zuid.xlsx")
    book["Resultaat"]["C9"] = "=1+1"
    book.save(tmp_path / "zuid.xlsx")
    twice = open_tool(oud.mapping)
    _, refused = carry(twice, [tmp_path / "zuid.xlsx"], tmp_path / "nieuw")
    assert [found.code for found in refused] == ["RK824"]
    assert "--van" in refused[0].remedy
    blank_book = openpyxl.load_workbook(ROOT / "workbooks" / "rekentool.xlsx")
    for cell in ("C9", "C10", "C11", "D9", "D10"):
        blank_book["Resultaat"][cell] = "=1+1"
    blank_book.save(oud.mapping.parent / "oud.xlsx")
    (one,), refused = carry(open_tool(oud.mapping), [tmp_path / "zuid.xlsx"], tmp_path / "nieuw")
    assert refused == []
    assert one.version == "1.0"


def test_without_the_older_blank_workbook_the_inputs_still_go(tmp_path: Path) -> None:
    oud = make(tmp_path / "map", keep_blank=False)
    bron = oud.filled(TYPED)
    (one,), refused = carry(open_tool(oud.mapping), [bron], tmp_path / "nieuw")
    assert refused == []
    found = new_cells(one.path)
    assert {key: plain(found[name_of(key)]) for key in ARRIVED} == pytest.approx(ARRIVED, abs=1e-12)


# -- defaults and the peildatum ---------------------------------------------------------------------------------------


def test_a_value_on_an_old_default_stays_and_is_mentioned(over: Carried) -> None:
    line = lines_of(over.lines, "standaardwaarde")["behoud_werk", "bol1"]
    assert (line.old_value, line.new_value) == ("80 %", "80 %")
    assert line.note == "was de standaardwaarde; die is nu 90 %"
    (found,) = [found for found in over.findings if found.code == "RK828"]
    # leeftijd_18_19 was typed; trajectvergoeding stood on 200 a month for two cases, which is 2400 and not 2500.
    assert found.found.endswith("die nu anders is: behoud_werk, trajectvergoeding")


def test_new_defaults_when_asked(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    (one,), _ = carry(nieuw, [bron], tmp_path / "nieuw", new_defaults=True)
    found = new_cells(one.path)
    assert [found[f"in_behoud_werk_{case}"] for case in ("bol1", "bol2", "bbl1", "bbl2")] == [0.9] * 4
    assert [found[f"in_trajectvergoeding_{case}"] for case in ("bol1", "bol2", "bbl1", "bbl2")] == pytest.approx(
        [2521.2, 2500, 2500, 3600]
    )
    assert "RK828" not in {found.code for found in one.findings}


def test_the_peildatum_stays_and_newer_kengetallen_are_mentioned(nieuw: Tool, over: Carried) -> None:
    (found,) = [found for found in over.findings if found.code == "RK827"]
    # By hand from mappings/kengetallen.csv: used figures with a value from after 1-8-2025, the own wml_uur left out.
    later = {
        row["id"]
        for row in kengetal_rows()
        if row["geldig_vanaf"] > "2025-08-01" and row["waarde"] and nieuw.mapping.kengetal(row["id"]).used
    } - {"wml_uur"}
    newest = max(row["geldig_vanaf"] for row in kengetal_rows() if row["id"] in later and row["waarde"])
    assert f"daarna veranderde: {len(later)}, het laatst" in found.found
    assert newest == "2026-08-01"
    assert found.found.endswith("het laatst per 01-08-2026")
    assert found.severity == "melding"


def test_kengetallen_move_to_the_new_peildatum_and_own_values_stay(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    (one,), _ = carry(nieuw, [bron], tmp_path / "nieuw", day=date(2026, 9, 1))
    found = new_cells(one.path)
    assert plain(found["in_peildatum"]) == date(2026, 9, 1)
    assert found["in_eigen_wml_uur"] == 15.5
    line = lines_of(one.lines, "nieuwe peildatum")["peildatum", None]
    assert (line.old_value, line.new_value) == ("01-08-2025", "01-09-2026")
    figures = {line.field: line for line in one.lines if line.what == "kengetal"}
    assert figures["wml_uur"].new_value == "€ 15,50"
    # kengetallen.csv: lks_forfait and lkv_uur on 1 September 2026
    assert figures["lkv_uur"].new_value == shown_figure("lkv_uur", "2026-09-01")
    assert figures["lkv_uur"].old_value == "€ 0,25"  # what the older workbook has in its cell
    assert figures["lkv_uur"].note == "andere waarde"
    assert "RK827" not in {found.code for found in one.findings}


def shown_figure(name: str, day: str) -> str:
    rows = [row for row in kengetal_rows() if row["id"] == name and row["geldig_vanaf"] <= day]
    value = max(rows, key=lambda row: row["geldig_vanaf"])["waarde"]
    return f"€ {float(value):.2f}".replace(".", ",")


# -- targets ----------------------------------------------------------------------------------------------------------


def test_nothing_is_replaced_unasked(nieuw: Tool, bron: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764000000")
    carry(nieuw, [bron], tmp_path)
    before = snapshot(tmp_path)
    with pytest.raises(RekentoolError) as caught:
        carry(nieuw, [bron], tmp_path)
    assert [found.code for found in caught.value.findings] == ["RK630"] * 4
    assert snapshot(tmp_path) == before
    carry(nieuw, [bron], tmp_path, overwrite=True)
    assert {name: content for name, (content, _) in snapshot(tmp_path).items()} == {
        name: content for name, (content, _) in before.items()
    }


def test_an_old_file_is_never_the_target_and_two_files_need_two_names(nieuw: Tool, oud: Oud, tmp_path: Path) -> None:
    here = oud.filled(TYPED, name="hier.xlsx")
    (tmp_path / "ander").mkdir()
    other = tmp_path / "ander" / "HIER.xlsx"
    other.write_bytes(here.read_bytes())
    with pytest.raises(RekentoolError) as caught:
        carry(nieuw, [here], oud.folder, overwrite=True)
    assert [found.code for found in caught.value.findings] == ["RK825"]
    with pytest.raises(RekentoolError) as caught:
        carry(nieuw, [here, other], tmp_path / "nieuw", overwrite=True)
    assert [(found.code, found.file) for found in caught.value.findings] == [("RK825", str(other))]
    assert not (tmp_path / "nieuw").exists()


def test_dry_writes_nothing(nieuw: Tool, bron: Path, tmp_path: Path) -> None:
    (one,), _ = carry(nieuw, [bron], tmp_path / "nieuw", dry=True)
    assert not one.written
    assert not (tmp_path / "nieuw").exists()


# -- the command line -------------------------------------------------------------------------------------------------


def overzetten(oud: Oud, *arguments: str | Path) -> Ran:
    with patch("opdracht.open_tool", cached_tool):
        return run("overzetten", *arguments, "--mapping", oud.mapping)


def test_the_screen_shows_what_asks_for_a_look(oud: Oud, bron: Path, tmp_path: Path) -> None:
    ran = overzetten(oud, bron, "--naar", tmp_path / "nieuw")
    assert ran.code == 1
    first, counts, *lines = ran.out.splitlines()
    assert first == f"{bron} (versie 0.9) → {tmp_path / 'nieuw' / 'noord.xlsx'}"
    assert "4 ongeldig geworden" in counts
    assert "36 kengetal" in counts
    assert "   omgerekend: trajectvergoeding (bbl2): € 300,00 → € 3.600,00 (maal 12)" in lines
    assert "   nieuw, met standaardwaarde: indexatie: 0 %" in lines
    assert (
        "   ongeldig geworden: horizon: 8 kan niet; in het nieuwe werkboek staat 5 (verwacht: Horizon: 1 t/m 5 jaar)"
        in lines
    )
    assert "   vervallen: drukwerk (bol1): € 250,00 (Zit in de leermiddelen.)" in lines
    assert lines[-1] == f"   lijst: {tmp_path / 'nieuw' / 'noord.overzetting.csv'}"
    assert ran.codes.count("RK826") == 4


def test_json_has_every_line(oud: Oud, bron: Path, tmp_path: Path) -> None:
    ran = overzetten(oud, bron, "--naar", tmp_path / "nieuw", "--json", "--droog")
    (one,) = ran.json["bestanden"]
    assert ran.code == 1
    assert one["versie"] == "0.9"
    assert one["geschreven"] is False
    assert sum(one["aantallen"].values()) == len(one["regels"])
    (horizon,) = [line for line in one["regels"] if line["veld"] == "horizon"]
    assert horizon["wat"] == "ongeldig geworden"
    assert not (tmp_path / "nieuw").exists()


@pytest.mark.parametrize(
    ("day", "code", "exit_code"),
    [("1-9-2026", None, 1), ("2026-09-01", None, 1), ("1 september", "RK305", 3), ("1-1-2001", "RK310", 3)],
)
def test_the_peildatum_on_the_command_line(
    oud: Oud, bron: Path, tmp_path: Path, day: str, code: str | None, exit_code: int
) -> None:
    ran = overzetten(oud, bron, "--naar", tmp_path / "nieuw", "--peildatum", day)
    assert ran.code == exit_code
    if code:
        assert ran.finding["code"] == code
        assert ran.finding["plaats"] == "--peildatum"
        assert not (tmp_path / "nieuw").exists()
    else:
        assert plain(new_cells(tmp_path / "nieuw" / "noord.xlsx")["in_peildatum"]) == date(2026, 9, 1)


def test_a_current_file_ends_with_0_and_a_refused_one_with_its_code(tmp_path: Path) -> None:
    assert run("overzetten", EXAMPLES / "voorbeeldregio-zuid.xlsx", "--naar", tmp_path / "a").code == 0
    ran = run("overzetten", tmp_path / "weg.xlsx", EXAMPLES / "voorbeeldregio-zuid.xlsx", "--naar", tmp_path / "b")
    assert ran.code == 3
    assert (tmp_path / "b" / "voorbeeldregio-zuid.xlsx").is_file()


def test_a_mapping_without_a_peildatum_says_so(tmp_path: Path) -> None:
    oud = make(tmp_path / "map")
    text = oud.mapping.read_text(encoding="utf-8").replace("  peildatum:\n    groep", "  meetdatum:\n    groep")
    oud.mapping.write_text(text + "\n", encoding="utf-8")
    book = openpyxl.load_workbook(tmp_path / "map" / "workbooks" / "rekentool.xlsx")
    name = book.defined_names.pop("in_peildatum")
    book.defined_names["in_meetdatum"] = DefinedName("in_meetdatum", attr_text=name.attr_text)
    book.save(tmp_path / "map" / "workbooks" / "rekentool.xlsx")
    oud.mapping.write_text(re.sub(r"(?m)^  vingerafdruk:.*$", "", text), encoding="utf-8")
    ran = overzetten(oud, EXAMPLES / "voorbeeldregio-zuid.xlsx", "--naar", tmp_path / "n", "--peildatum", "1-1-2027")
    assert (ran.code, ran.finding["code"]) == (2, "RK822")


def test_an_exact_fingerprint_decides_also_where_two_versions_fit(tmp_path: Path) -> None:
    """Version 1.0 again as version 0.9, with one other formula; its blank workbook isn't kept."""
    oud = make(tmp_path / "map", steps={"andere_betekenis": {"horizon": "Telt nu vanaf het diploma."}})
    book = openpyxl.load_workbook(EXAMPLES / "voorbeeldregio-zuid.xlsx")
    book["Resultaat"]["C9"] = "=1+1"
    book.save(tmp_path / "zuid.xlsx")
    twin = (ROOT / "mappings" / "rekentool.yaml").read_text(encoding="utf-8")
    twin = twin.replace('versie: "1.0"', 'versie: "0.9"').replace("../workbooks/rekentool", "oud")
    oud.older.write_text(twin, encoding="utf-8")
    fingerprint = formula_fingerprint(read_workbook((tmp_path / "zuid.xlsx").read_bytes()))
    text = oud.mapping.read_text(encoding="utf-8")
    head, tail = text.split("\nhistorie:")
    oud.mapping.write_text(head + "\nhistorie:" + re.sub(r"sha256:\w{64}", fingerprint, tail), encoding="utf-8")
    (one,), refused = carry(open_tool(oud.mapping), [tmp_path / "zuid.xlsx"], tmp_path / "nieuw", dry=True)
    assert refused == []
    assert one.version == "0.9"
    assert set(lines_of(one.lines, "andere betekenis")) == {("horizon", None)}


def test_an_input_goes_through_every_version_in_between(tmp_path: Path) -> None:
    """Version 0.8 is 0.9 with ``uitval`` under another name: two steps to the current one."""
    oud = make(tmp_path / "map")
    oldest = oud.older.with_name("rekentool-0.8.yaml")
    text = oud.older.read_text(encoding="utf-8")
    text = text.replace("\n  uitval:\n", "\n  afval:\n").replace("versie: '0.9'", "versie: '0.8'")
    oldest.write_text(text, encoding="utf-8")
    oud.mapping.write_text(
        oud.mapping.read_text(encoding="utf-8")
        + f"  versie_0_8: {{versie: '0.8', vingerafdrukken: ['sha256:{'8' * 64}'], mapping: {oldest.name},"
        " stappen: {hernoemd: {afval: uitval}}}\n",
        encoding="utf-8",
    )
    (one,), refused = carry(open_tool(oud.mapping), [oud.filled(TYPED)], tmp_path / "nieuw", older=oldest, dry=True)
    assert refused == []
    assert one.version == "0.8"
    line = lines_of(one.lines, "overgezet")["uitval_per_jaar", "bbl2"]
    assert (line.old_value, line.new_value, line.note) == ("14 %", "14 %", "heette afval; heette uitval")
    assert lines_of(one.lines, "omgerekend")["trajectvergoeding", "bbl2"].new_value == "€ 3.600,00"


def test_values_that_no_longer_add_up_are_a_finding(nieuw: Tool, oud: Oud, tmp_path: Path) -> None:
    """16-17 years 10 %, 18 and 19 together 50 %, and the defaults 15, 25 and 10 %: 110 % in all."""
    path = oud.filled({("regio_naam", None): "Kust", ("leeftijd_18_19", None): 0.5}, name="som.xlsx")
    (one,), _ = carry(nieuw, [path], tmp_path / "nieuw", dry=True)
    (found,) = [found for found in one.findings if found.code == "RK319"]
    assert "110 %" in found.found
    assert one.exit_code == 1


def test_an_empty_required_cell_is_not_filled_in_silently(nieuw: Tool, oud: Oud, tmp_path: Path) -> None:
    path = oud.filled({("regio_naam", None): "Kust", ("startjaar", None): None}, name="leeg.xlsx")
    (one,), _ = carry(nieuw, [path], tmp_path / "nieuw", dry=True)
    line = lines_of(one.lines, "ongeldig geworden")["startjaar", None]
    assert (line.old_value, line.new_value, line.note) == ("leeg", "2026", "verwacht: een waarde voor Startjaar")


def test_numbers_beside_the_fields_of_a_1904_workbook_stay_behind(tmp_path: Path) -> None:
    """A date of the user would become another day; inputs are known to be dates and do go along."""
    book = openpyxl.load_workbook(EXAMPLES / "voorbeeldregio-zuid.xlsx")
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book["Invoer"]["C12"] = book["Invoer"]["C12"].value
    book["Invoer"]["I9"], book["Invoer"]["I10"] = 45000, "tekst"
    book.save(tmp_path / "zuid.xlsx")
    (one,), _ = carry(tool(), [tmp_path / "zuid.xlsx"], tmp_path / "nieuw")
    left = {line.old_cell for line in one.lines if line.what == "niet overgezet"}
    assert "Invoer!I9" in left
    found = openpyxl.load_workbook(one.path)["Invoer"]
    assert (found["I9"].value, found["I10"].value) == (None, "tekst")
    assert plain(found["C12"].value) == date(2026, 9, 17)
    assert plain(found["C13"].value) == date(2026, 8, 1)
