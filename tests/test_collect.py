"""`lees` for many files: the status of each, and the short way giving what the long way gives."""

from __future__ import annotations

import csv
import io
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from ingreep import edited, example, number, with_cells
from opdracht import run
from openpyxl import load_workbook
from rekentool_werkboek import tool

from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.collect import Reader, Settings, collect
from rekentool.jobs.read import FilledWorkbook, open_filled
from rekentool.jobs.sources import find_files
from rekentool.mapping.schema import OlderVersion
from rekentool.tables.results import ResultRow
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address
from rekentool.xlsx.fileproperties import modified
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import formula_fingerprint, read_workbook


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def name_cell() -> Address:
    return tool().binding.address("regio_naam")


def saved_at(data: bytes, moment: str) -> bytes:
    """The file as if it was saved then."""

    def change(xml: str) -> str:
        return re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", xml)

    found = edited(data, {"docProps/core.xml": change})
    assert modified(found) == moment
    return found


def statuses(*arguments: Path, settings: Settings | None = None) -> list[tuple[str, str, int]]:
    paths, _ = find_files(arguments)
    with collect(tool(), paths, settings) as found:
        return [(one.path.name, one.status, one.rows) for one in found.files]


# The short way and the long way


def same_both_ways(path: Path, *, short: bool | None = None) -> None:
    """Everything that the long way finds, the short way finds; ``short``: it really took the short way."""
    slow = open_filled(tool(), path)
    reader = Reader(tool(), every_line=True)
    (fast,) = reader.opened([path])
    assert isinstance(fast, FilledWorkbook)
    took = reader._likeness.changes(slow.workbook) is not None
    assert (fast.tool.binding is tool().binding) is took
    assert short in (None, took)
    assert fast.tool.workbook == slow.tool.workbook
    assert fast.tool.binding.inputs == slow.tool.binding.inputs
    assert list(fast.tool.binding.results("alle")) == list(slow.tool.binding.results("alle"))
    assert fast.outcome == slow.outcome
    assert (fast.region, fast.findings, fast.deviations) == (slow.region, slow.findings, slow.deviations)
    unequal = [verdict for verdict in slow.verdicts if verdict.judgement != "gelijk"]
    assert [verdict for verdict in fast.verdicts if verdict.judgement != "gelijk"] == unequal
    (seen, _), judged = reader.read([path])[0], reader._seen(path, slow)[0]
    assert seen == judged


@pytest.mark.parametrize("name", ["noord", "oost", "zuid", "west"])
def test_the_examples_both_ways(tmp_path: Path, name: str) -> None:
    same_both_ways(put(tmp_path, "regio.xlsx", example(name)), short=True)


def test_random_inputs_both_ways(tmp_path: Path) -> None:
    """Amounts and texts in any unlocked input, with stored results of before: nearly everything differs."""
    chance = random.Random(7)
    cells = [one for one in tool().binding.inputs.values() if one in tool().workbook.unlocked]
    paths = []
    for turn in range(6):
        values = {
            cell: chance.choice([chance.uniform(0, 900), 0.0, None, "x", True]) for cell in chance.sample(cells, 25)
        }
        paths.append(put(tmp_path, f"{turn}.xlsx", patch_workbook(example("noord"), values)))
        same_both_ways(paths[-1], short=True)
    together = Reader(tool(), every_line=True).opened(paths)
    for path, one in zip(paths, together, strict=True):
        assert isinstance(one, FilledWorkbook)
        assert one.outcome == open_filled(tool(), path).outcome


def test_a_file_without_stored_values_both_ways(tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(example("zuid")))
    book.save(tmp_path / "regio.xlsx")
    same_both_ways(tmp_path / "regio.xlsx")


@pytest.mark.libreoffice
def test_a_file_saved_by_libreoffice_both_ways(tmp_path: Path) -> None:
    (saved,) = LibreOffice().recalculate([example("west")])
    assert isinstance(saved, bytes)
    same_both_ways(put(tmp_path, "regio.xlsx", saved))


def fixed_figure() -> Address:
    """A locked number of the template that is no input."""
    book = tool().workbook
    return next(
        cell for cell, value in book.values.items()
        if isinstance(value, float) and cell not in book.unlocked and cell not in book.formula_cells
        and cell not in {*tool().binding.inputs.values()}
    )  # fmt: skip


def test_deviating_files_take_the_long_way(tmp_path: Path) -> None:
    formula = next(iter(tool().workbook.formulas))
    over = put(tmp_path, "over.xlsx", with_cells(example("zuid"), {formula: number(5)}))
    fixed = put(tmp_path, "vast.xlsx", patch_workbook(example("zuid"), {fixed_figure(): 7.25}))
    for path in (over, fixed):
        same_both_ways(path, short=False)
        assert [one for _, one, _ in statuses(path)] == ["afwijkend"]


# Statuses


def test_double_older_and_undecided(tmp_path: Path) -> None:
    """The same bytes; the same inputs otherwise saved; and other inputs, saved earlier, later and at one moment."""
    study = tool().binding.address("studieduur", "bol1")
    first = saved_at(example("noord"), "2026-01-02T10:00:00Z")
    other = patch_workbook(example("noord"), {study: 2.0})
    put(tmp_path, "a.xlsx", first)
    put(tmp_path, "b.xlsx", first)
    put(tmp_path, "c.xlsx", saved_at(example("noord"), "2026-01-05T10:00:00Z"))
    assert statuses(tmp_path) == [
        ("a.xlsx", "compleet", 196), ("b.xlsx", "dubbel", 0), ("c.xlsx", "dubbel", 0)
    ]  # fmt: skip
    put(tmp_path, "d.xlsx", saved_at(other, "2026-02-01T10:00:00Z"))
    found = statuses(tmp_path)
    assert [(name, rows) for name, _, rows in found] == [("a.xlsx", 0), ("b.xlsx", 0), ("c.xlsx", 0), ("d.xlsx", 196)]
    assert found[0][1] == "oudere versie"
    assert [rows for *_, rows in statuses(tmp_path, settings=Settings(all_versions=True))] == [196] * 4
    undecided = [
        put(tmp_path, "gelijk/x.xlsx", first),
        put(tmp_path, "gelijk/y.xlsx", saved_at(other, "2026-01-02T10:00:00Z")),
    ]
    ran = run("lees", *undecided, "--naar", tmp_path / "uit.csv")
    assert "RK532" in ran.codes
    assert ran.out.startswith(f"{tmp_path / 'uit.csv'}: 392 rijen")


def test_incomplete_files(tmp_path: Path) -> None:
    nameless = put(tmp_path, "zonder.xlsx", patch_workbook(example("noord"), {name_cell(): None}))
    untouched = put(tmp_path, "leeg.xlsx", patch_workbook(tool().data, {name_cell(): "Regio Leeg"}))
    with collect(tool(), [nameless, untouched]) as found:
        assert [one.status for one in found.files] == ["onvolledig", "onvolledig"]
        assert "het bestand noemt geen regio" in found.files[0].why
        assert "standaardwaarde" in found.files[1].why
        assert all(one.rows == 196 for one in found.files)


def test_an_older_template_says_what_to_do(tmp_path: Path) -> None:
    path = put(tmp_path, "oud.xlsx", with_cells(example("noord"), {next(iter(tool().workbook.formulas)): number(5)}))
    mark = formula_fingerprint(read_workbook(path.read_bytes()))
    version = OlderVersion("oud", "0.9", (mark,), tool().mapping.path)
    older = Tool(replace(tool().mapping, history=(version,)), tool().path, tool().data, tool().workbook, tool().binding)
    with collect(older, [path]) as found:
        (one,) = found.files
    assert (one.status, one.rows, [said.code for said in one.findings]) == ("ouder sjabloon", 0, ["RK813"])
    assert "rekentool overzetten" in one.findings[0].remedy


def test_processes_change_nothing(tmp_path: Path) -> None:
    paths = [
        put(tmp_path, f"{turn:02}.xlsx", patch_workbook(example("oost"), {name_cell(): f"Regio {turn}"}))
        for turn in range(22)
    ]
    paths.insert(3, put(tmp_path, "kapot.xlsx", b"PK\3\4 en verder niets"))

    def all_of(processes: int) -> tuple[object, list[ResultRow]]:
        with collect(tool(), paths, Settings(processes=processes)) as found:
            return found.files, [row for one, content in found.contents() for row in found.rows(one, content)]

    alone = all_of(1)
    assert alone == all_of(2)
    assert len(alone[1]) == 22 * 196


# Arguments


def test_folders_patterns_and_what_does_not_count(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a.XLSX", "~$a.xlsx", ".weg.xlsx", "c.csv", "onder/d.xlsx", ".verborgen/e.xlsx"):
        put(tmp_path, name, b"x")
    folder, nothing = find_files([tmp_path])
    assert ([path.relative_to(tmp_path).as_posix() for path in folder], nothing) == (
        ["a.XLSX", "b.xlsx", "onder/d.xlsx"],
        [],
    )
    pattern, nothing = find_files([tmp_path / "**" / "*.xlsx", tmp_path / "b.xlsx"])
    assert ([path.name for path in pattern], nothing) == (["b.xlsx", "d.xlsx"], [])
    none, nothing = find_files([tmp_path / "*.ods", tmp_path / "b.xlsx"])
    assert ([path.name for path in none], [one.code for one in nothing]) == (["b.xlsx"], ["RK810"])


def test_nothing_found_is_said(tmp_path: Path) -> None:
    (tmp_path / "leeg").mkdir()
    ran = run("lees", tmp_path / "leeg", "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.out, ran.finding["code"]) == (3, "", "RK810")
    assert not (tmp_path / "uit.csv").exists()


# Tables


def test_the_tables_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "terug"
    put(folder, "goed.xlsx", example("noord"))
    put(folder, "kapot.xlsx", b"PK\3\4")
    put(folder, "kopie.xlsx", example("noord"))
    ran = run("lees", folder, "--naar", tmp_path / "uit.csv")
    assert ran.code == 3
    assert "compleet 1 · geweigerd 1 · dubbel 1" in ran.out
    with (tmp_path / "uit.bestanden.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(Path(row["bestand"]).name, row["status"], row["rijen"]) for row in rows] == [
        ("goed.xlsx", "compleet", "196"), ("kapot.xlsx", "geweigerd", "0"), ("kopie.xlsx", "dubbel", "0"),
    ]  # fmt: skip
    assert rows[1]["waarom"].startswith("RK1")
    with (tmp_path / "uit.bevindingen.csv").open(encoding="utf-8", newline="") as file:
        assert [row["code"] for row in csv.DictReader(file)] == ran.codes
    assert run("lees", folder, "--naar", tmp_path / "uit.csv").codes == ["RK630"]
    run("lees", folder, "--naar", tmp_path / "uit.xlsx")
    book = load_workbook(tmp_path / "uit.xlsx", read_only=True)
    assert book.sheetnames == ["Resultaten", "Bestanden", "Bevindingen"]
    assert [row[2] for row in book["Bestanden"].iter_rows(values_only=True)] == [
        "status", "compleet", "geweigerd", "dubbel",
    ]  # fmt: skip


def test_a_moment_that_is_none_is_blank() -> None:
    data = edited(
        example("noord"),
        {"docProps/core.xml": lambda xml: re.sub("(<dcterms:modified[^>]*>)[^<]*", r"\1gisteren", xml)},
    )
    assert modified(data) == ""
    assert modified(saved_at(example("noord"), "2026-01-02T10:00:00Z")) == "2026-01-02T10:00:00Z"
