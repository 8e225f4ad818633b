"""`ververs`: stored results become right again, and nothing else changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ingreep import edited, example, formula, parts, raw_members, with_cells
from opdracht import Ran, run, snapshot
from rekentool_werkboek import tool

from rekentool.engine.verdict import MONEY, compare
from rekentool.jobs.reference import read_reference
from rekentool.shipped import REFERENCES
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import read_workbook

CELLS = len(tool().workbook.formula_cells)


def named(name: str) -> Address:
    sheet, reference = tool().workbook.names[name].rsplit("!", 1)
    return Address(sheet.strip("'"), reference.partition(":")[0])


STALE = {"uit_rijk_saldo_bol1": 1.0, "uit_gemeente_baten_bbl2": "tekst"}
GONE = "uit_mbo_school_docenten_bbl1_per_jaar"


def outdated() -> bytes:
    """The worked region West with two results that are wrong and one that isn't there."""
    wrong = {named(name): value for name, value in STALE.items()}
    return patch_workbook(example("west"), {}, wrong, remove_results=[named(GONE)])


@pytest.fixture(scope="module")
def refreshed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    path = tmp_path_factory.mktemp("ververs") / "regio.xlsx"
    path.write_bytes(outdated())
    return run("ververs", path), path


def test_says_what_it_did(refreshed: tuple[Ran, Path]) -> None:
    ran, path = refreshed
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{path}: {CELLS - 3} waarden waren goed, 3 vernieuwd, 0 niet te berekenen\n"
    names = [path.name, f"{path.name}.bewijs.html", f"{path.name}.bewijs.json"]
    assert sorted(one.name for one in path.parent.iterdir()) == names


def test_results_are_those_of_the_reference_sheet(refreshed: tuple[Ran, Path]) -> None:
    """The values that LibreOffice gave: the three of them, and all others."""
    workbook = read_workbook(refreshed[1].read_bytes())
    reference = read_reference(REFERENCES / "voorbeeldregio-west.xlsx")
    cached = {address: workbook.values.get(address) for address in workbook.formula_cells}
    verdicts = compare(reference.values, cached, tolerance=MONEY, loose_errors=True)
    assert len(verdicts) == CELLS
    assert [one for one in verdicts if one.judgement != "gelijk"] == []


def test_nothing_but_those_results_changed(refreshed: tuple[Ran, Path]) -> None:
    """Part by part, and in the three parts cell by cell."""
    before, after = raw_members(outdated()), raw_members(refreshed[1].read_bytes())
    assert list(before) == list(after)
    touched = {name for name in before if before[name] != after[name]}
    assert {name.rpartition("/")[0] for name in touched} <= {"xl/worksheets", "xl"}
    sheets = {named(name).sheet for name in (*STALE, GONE)}
    assert len([name for name in touched if "worksheets" in name]) == len(sheets) == 2
    old, new = read_workbook(outdated()), read_workbook(refreshed[1].read_bytes())
    assert (new.formulas, new.names, new.validations) == (old.formulas, old.names, old.validations)
    changed = {address for address in new.values if old.values.get(address) != new.values[address]}
    assert changed == {named(name) for name in (*STALE, GONE)}
    original, now = parts(example("west")), parts(refreshed[1].read_bytes())
    assert {name for name in original if original[name] != now[name]} <= {"xl/workbook.xml"}  # fullCalcOnLoad may stay


def test_a_second_time_there_is_nothing_to_do(refreshed: tuple[Ran, Path]) -> None:
    _, path = refreshed
    os.utime(path, (1_000_000_000, 1_000_000_000))
    before = snapshot(path.parent)
    found = run("ververs", path, "--json").json
    assert snapshot(path.parent) == before
    assert found == {
        "opdracht": "ververs", "uitkomst": 0, "bevindingen": [],
        "bestanden": [{"bestand": str(path), "gelijk": CELLS, "vernieuwd": 0, "niet_te_berekenen": 0,
                       "geschreven": False, "bewijs": None}],
    }  # fmt: skip


def test_a_dry_run_counts_only(tmp_path: Path) -> None:
    path = tmp_path / "regio.xlsx"
    path.write_bytes(outdated())
    before = snapshot(tmp_path)
    ran = run("ververs", path, "--droog")
    assert ran.out == f"{path}: {CELLS - 3} waarden waren goed, 3 zou vernieuwen, 0 niet te berekenen\n"
    assert (ran.code, ran.err, snapshot(tmp_path)) == (0, "", before)


def test_what_can_not_be_computed_loses_its_value_once(tmp_path: Path) -> None:
    """A function that nobody knows, in a cell for own notes: named, and for Excel to compute when it opens the file."""
    note = Address("Invoer", "I35")
    assert note in tool().workbook.unlocked
    path = tmp_path / "regio.xlsx"
    path.write_bytes(with_cells(example("west"), {note: formula("ONBEKEND(1)", 7.0)}))
    ran = run("ververs", path)
    assert (ran.code, ran.codes) == (4, ["RK522"])
    assert ran.out == f"{path}: {CELLS} waarden waren goed, 0 vernieuwd, 1 niet te berekenen\n"
    assert str(note) in ran.err
    assert "ONBEKEND" in ran.err
    assert note not in read_workbook(path.read_bytes()).values
    assert b'fullCalcOnLoad="1"' in parts(path.read_bytes())["xl/workbook.xml"]
    before = snapshot(tmp_path)
    assert run("ververs", path, "--json").json["bestanden"][0]["geschreven"] is False
    assert snapshot(tmp_path) == before


def test_a_file_that_does_not_fit_stays_as_it_is_and_stops_no_other(tmp_path: Path) -> None:
    bad, good = tmp_path / "stuk.xlsx", tmp_path / "goed.xlsx"
    bad.write_bytes(edited(example("west"), {"xl/workbook.xml": lambda xml: xml.replace('"in_horizon"', '"in_h"')}))
    good.write_bytes(outdated())
    before = bad.read_bytes()
    ran = run("ververs", bad, tmp_path / "er-niet.xlsx", good)
    assert (ran.code, ran.codes) == (3, ["RK231", "RK101"])
    assert ran.out.startswith(f"{good}: {CELLS - 3} waarden waren goed, 3 vernieuwd")
    assert bad.read_bytes() == before
    assert sorted(path.name for path in tmp_path.glob("*.xlsx")) == ["goed.xlsx", "stuk.xlsx"]
    assert not list(tmp_path.glob("stuk.xlsx.*"))
