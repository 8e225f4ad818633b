"""`controleer` on what people and programs do to a workbook as a whole, and its findings as a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from ingreep import example
from klein_verschuiving import after
from klein_werkboek import MAPPING, filled, recomputed, saved, small_tool, template_book, through_openpyxl
from opdracht import run
from openpyxl import load_workbook
from rekentool_werkboek import tool as real_tool
from werkboek_bewerking import deleted, inserted

from rekentool.api import Rekentool
from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.parse import parse
from rekentool.jobs.check import Report, check
from rekentool.jobs.formulachange import change
from rekentool.messages import RekentoolError
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    return small_tool(tmp_path_factory.mktemp("klein"))


def checked(tool: Tool, folder: Path, data: bytes) -> Report:
    path = folder / "regio.xlsx"
    path.write_bytes(data)
    return check(tool, path)


def facts(report: Report) -> list[tuple[str, str]]:
    return [(found.code, found.place) for found in report.findings]


def refusal(tool: Tool, folder: Path, data: bytes) -> list[tuple[str, str]]:
    with pytest.raises(RekentoolError) as error:
        checked(tool, folder, data)
    return [(found.code, found.place) for found in error.value.findings]


# No false alarms


@pytest.mark.libreoffice
def test_saved_again_by_libreoffice(tool: Tool, tmp_path: Path) -> None:
    """It drops one thing, and that is said: the protection of the workbook's structure."""
    small, large = LibreOffice().recalculate([filled(tool), example("zuid")])
    assert isinstance(small, bytes)
    assert isinstance(large, bytes)
    report = checked(tool, tmp_path, small)
    assert (facts(report), report.exit_code) == ([("RK545", "werkmap")], 0)
    report = checked(real_tool(), tmp_path, large)
    assert ([code for code, _ in facts(report)], report.exit_code) == (["RK562"], 0)


def test_saved_again_by_openpyxl(tool: Tool, tmp_path: Path) -> None:
    """It stores no results; with these put back nothing is left to say."""
    report = checked(tool, tmp_path, saved(load_workbook(io.BytesIO(filled(tool)))))
    assert (facts(report), report.exit_code) == ([("RK531", "Model!B3")], 4)
    assert facts(checked(tool, tmp_path, through_openpyxl(tool, filled(tool)))) == []
    report = checked(real_tool(), tmp_path, through_openpyxl(real_tool(), example("zuid")))
    assert ([code for code, _ in facts(report)], report.exit_code) == (["RK562"], 0)


def test_what_the_template_hides_is_not_said_of_each_file(tool: Tool, tmp_path: Path) -> None:
    """A hidden sheet, row, column and name of its own."""
    assert {found.code for found in tool.findings} == {"RK155", "RK157"}
    assert facts(checked(tool, tmp_path, filled(tool))) == []


def test_defaults_are_not_mentioned_without_a_region(tool: Tool, tmp_path: Path) -> None:
    report = checked(tool, tmp_path, recomputed(tool, tool.data))
    assert facts(report) == [("RK311", "Invoer!C3")]


# Passwords


def test_a_template_with_a_password(tmp_path: Path) -> None:
    book = template_book()
    book["Model"].protection.set_password("geheim")
    opened = small_tool(tmp_path, template=saved(book))
    assert facts(checked(opened, tmp_path, filled(opened))) == []
    other = load_workbook(io.BytesIO(filled(opened)))
    other["Model"].protection.set_password("", already_hashed=True)
    report = checked(opened, tmp_path, recomputed(opened, saved(other)))
    assert facts(report) == [("RK544", "Model")]
    (found,) = report.findings
    assert found.found == "de beveiliging heeft geen wachtwoord"
    assert found.expected == "met het wachtwoord van het sjabloon"


# Rows and columns


WITH_ADDRESSES = MAPPING.replace("tarief: {", "tarief: {cel: Invoer!C6, ")


def test_a_mapping_with_addresses_says_that_they_have_shifted(tmp_path: Path) -> None:
    opened = small_tool(tmp_path, WITH_ADDRESSES)
    data = recomputed(opened, after(filled(opened), "Invoer", rows=inserted(5)))
    with pytest.raises(RekentoolError) as error:
        checked(opened, tmp_path, data)
    (found,) = error.value.findings
    assert (found.code, found.place, error.value.exit_code) == ("RK566", "Invoer", 3)
    assert found.found.startswith("op dit blad is de indeling verschoven (rij 5 ingevoegd), en de mapping ")
    assert found.found.endswith(" plaatsen met een vast adres aan: 1, waarvan de eerste Invoer!C6")
    mended = recomputed(opened, after(data, "Invoer", rows=deleted(5)))
    assert facts(checked(opened, tmp_path, mended)) == []
    # Below the address, or on another sheet, nothing of the mapping has moved.
    lower = recomputed(opened, after(filled(opened), "Invoer", rows=inserted(9)))
    assert facts(checked(opened, tmp_path, lower)) == [("RK547", "Invoer, rij 9")]


def test_names_that_stay_behind_when_rows_go(tool: Tool, tmp_path: Path) -> None:
    """openpyxl inserts a row and leaves names, formulas and validations where they were."""
    book = load_workbook(io.BytesIO(filled(tool)))
    book["Invoer"].insert_rows(5)
    found = refusal(tool, tmp_path, saved(book))
    assert found == [("RK547", "Invoer, rij 5"), ("RK568", "")]


def test_a_real_row_inserted_in_the_rekentool(tmp_path: Path) -> None:
    """Some 400 formulas and 329 names refer to what is below it: one finding, and one row."""
    data = after_real(rows=inserted(40))
    report = checked(real_tool(), tmp_path, data)
    assert facts(report) == [("RK562", "Invoer!C13"), ("RK547", "Invoer, rij 40")]
    assert (report.exit_code, report.counts.different) == (1, 0)


def after_real(**lines: object) -> bytes:
    return recomputed(real_tool(), after(example("zuid"), "Invoer", **lines))  # type: ignore[arg-type]


def test_a_changed_formula_is_found_where_rows_have_shifted(tool: Tool, tmp_path: Path) -> None:
    """And what it refers to is told from what has only shifted."""
    book = load_workbook(io.BytesIO(after(filled(tool), "Model", rows=inserted(4))))
    assert book["Model"]["D5"].value == "=D3*in_tarief*$B$11"
    book["Model"]["D5"].value = "=D3*in_tarief*$B$12"
    report = checked(tool, tmp_path, recomputed(tool, saved(book)))
    assert facts(report) == [("RK547", "Model, rij 4"), ("RK510", "Model!D5")]
    assert report.findings[1].found == (
        "de formule is =D3*in_tarief*$B$12; zij verwijst naar $B$12 in plaats van $B$10"
    )


# What has changed in a formula


@pytest.mark.parametrize(
    ("expected", "found", "words"),
    [
        ("=A1+B1", "=A1+B2", "verwijst naar B2 in plaats van B1"),
        ("=SUM(A1:A9)", "=SUM(A1:A8)", "verwijst naar A1:A8 in plaats van A1:A9"),
        ("=A1*$B$1", "=A1*B1", "verwijst naar B1 in plaats van $B$1"),
        ("=Blad1!A1", "='Blad 2'!A1", "verwijst naar 'Blad 2'!A1 in plaats van Blad1!A1"),
        ("=A1*tarief", "=A1*B1", "verwijst naar B1 in plaats van tarief"),
        ("=A1*0.2", "=A1*0.25", "heeft de vaste waarde 0.25 in plaats van 0.2"),
        ("=A1*B1", "=A1*5", "heeft de vaste waarde 5 in plaats van B1"),
        ("=A1*5", "=A1*B1", "verwijst naar B1 in plaats van de vaste waarde 5"),
        ('=IF(A1="Ja",1,0)', '=IF(A1="Nee",1,0)', 'heeft de vaste waarde "Nee" in plaats van "Ja"'),
        ("=MAX(A1,B1)", "=MIN(A1,B1)", "gebruikt MIN in plaats van MAX"),
        ("=A1+B1", "=A1-B1", "rekent met - in plaats van +"),
        ("=IF(A1>B1,1,0)", "=IF(A1>=B1,1,0)", "rekent met >= in plaats van >"),
        # two things, or another formula altogether: both formulas are shown, no more
        ("=A1+B1", "=A2+B2", ""),
        ("=A1+B1", "=SUM(A1:B1)", ""),
        ("=ROUND(A1,2)", "=ROUND(A1,2)+1", ""),
        ("=MAX(A1,B1)", "=MAX(A1,B1,C1)", ""),
        ("=A1+B1", "=a1 + B1", ""),
        ("=blad1!A1+TARIEF", "=Blad1!A1+tarief", ""),
    ],
)
def test_what_changed(expected: str, found: str, words: str) -> None:
    assert change(parse(expected), parse(found)) == words


# Inputs


@pytest.mark.parametrize(
    ("cell", "text", "hint"),
    [
        ("C6", "1250,5", "Bedoeld is waarschijnlijk € 1.250,50."),
        ("C6", "1.250", "Schrijf 1250, of 1,2500."),
        ("C6", "\u00a095 ", "Bedoeld is waarschijnlijk € 95,00."),
        ("C5", "12,5%", "Bedoeld is waarschijnlijk 12,5 %."),
        ("C5", "12,5", "Schrijf 12,5% of 0,125 als u 12,5 procent bedoelt."),
        ("C7", "1-8-2026", "Bedoeld is waarschijnlijk 01-08-2026."),
        ("C10", "  ", "De cel bevat alleen spaties."),
        ("C6", "n.v.t.", "tekst telt in Excel niet mee."),
    ],
)
def test_a_text_for_a_number_says_what_it_would_be(tool: Tool, tmp_path: Path, cell: str, text: str, hint: str) -> None:
    data = patch_workbook(filled(tool), {Address("Invoer", cell): text})
    (found,) = [one for one in checked(tool, tmp_path, data).findings if one.code == "RK316"]
    assert found.place == f"Invoer!{cell}"
    assert found.remedy.endswith(hint)


@pytest.mark.parametrize(("cell", "value", "choice"), [("C8", "Grot", "Groot"), ("C9", "Ja ", "Ja")])
def test_a_wrong_choice_comes_with_the_right_one(
    tool: Tool, tmp_path: Path, cell: str, value: str, choice: str
) -> None:
    data = patch_workbook(filled(tool), {Address("Invoer", cell): value})
    (found,) = [one for one in checked(tool, tmp_path, data).findings if one.code in ("RK306", "RK307")]
    assert found.remedy.endswith(f'Bedoeld is waarschijnlijk "{choice}".')


def test_a_formula_as_input_is_judged_by_its_outcome(tool: Tool, tmp_path: Path) -> None:
    """600 is too much; a function that nobody knows is niet gecontroleerd and no input fault."""

    def with_formula(text: str) -> Report:
        book = load_workbook(io.BytesIO(filled(tool)))
        book["Invoer"]["C4"].value = text
        return checked(tool, tmp_path, recomputed(tool, saved(book)))

    assert facts(with_formula("=30*20")) == [("RK561", "Invoer!C4"), ("RK310", "Invoer!C4")]
    report = with_formula("=ONBEKEND(4)")
    assert {code for code, _ in facts(report)} == {"RK521", "RK522"}
    assert report.exit_code == 4


def test_lees_says_so_too(tool: Tool, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(filled(tool)))
    book["Invoer"]["C4"].value = "=4*5"
    (tmp_path / "regio.xlsx").write_bytes(recomputed(tool, saved(book)))
    ran = run("lees", tmp_path / "regio.xlsx", "--naar", tmp_path / "uit.csv", "--mapping", tool.mapping.path)
    assert (ran.code, ran.codes) == (0, ["RK561"])


# The findings as a table


@pytest.fixture(scope="module")
def folder(tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean file, one with two faults (one of them begins with a =), and one that isn't a workbook."""
    place = tmp_path_factory.mktemp("terug")
    place.joinpath("goed.xlsx").write_bytes(filled(tool))
    book = load_workbook(io.BytesIO(filled(tool)))
    book["Invoer"]["C4"].value, book["Invoer"]["C3"].value = 501, "=1+1"
    place.joinpath("fout.xlsx").write_bytes(recomputed(tool, saved(book)))
    place.joinpath("stuk.xlsx").write_bytes(b"niets")
    return place


HEADING = ["bestand", "regio", "code", "ernst", "plaats", "gevonden", "verwacht", "remedie"]


def reported(tool: Tool, folder: Path, target: Path, *more: str) -> tuple[int, list[str]]:
    files = [folder / f"{name}.xlsx" for name in ("goed", "fout", "stuk")]
    ran = run("controleer", *files, "--naar", target, "--mapping", tool.mapping.path, *more)
    return ran.code, ran.out.splitlines()


def test_a_csv(tool: Tool, folder: Path, tmp_path: Path) -> None:
    code, lines = reported(tool, folder, tmp_path / "uit.csv")
    assert (code, lines[-1]) == (3, f"{tmp_path / 'uit.csv'}: bevindingen 3 · bestanden 3")
    rows = list(csv.reader(io.StringIO((tmp_path / "uit.csv").read_text(encoding="utf-8"))))
    assert rows[0] == HEADING
    assert [(Path(row[0]).name, *row[1:5]) for row in rows[1:]] == [
        ("fout.xlsx", "2", "RK561", "waarschuwing", "Invoer!C3"),
        ("fout.xlsx", "2", "RK310", "fout", "Invoer!C4"),
        ("stuk.xlsx", "", "RK106", "fout", ""),
    ]
    assert rows[2][5:] == ["501", "Aantal: 0 t/m 500", "Vul een waarde binnen deze grenzen in."]


def test_a_workbook_with_a_sheet_of_files(tool: Tool, folder: Path, tmp_path: Path) -> None:
    reported(tool, folder, tmp_path / "uit.xlsx")
    reported(tool, folder, tmp_path / "tweede.xlsx")
    assert (tmp_path / "uit.xlsx").read_bytes() == (tmp_path / "tweede.xlsx").read_bytes()
    book = load_workbook(tmp_path / "uit.xlsx")
    assert book.sheetnames == ["Overzicht", "Bevindingen"]
    files = [[cell.value for cell in row] for row in book["Overzicht"].iter_rows()]
    assert files[0][:6] == ["bestand", "regio", "uitkomst", "fouten", "waarschuwingen", "meldingen"]
    cells = len(tool.workbook.formula_cells)
    assert files[1][1:] == ["Regio Zuid", "klopt", 0, 0, 0, cells, 0, 0]
    assert files[2][2:6] == ["klopt niet", 1, 1, 0]
    assert files[3][2:] == ["niet te lezen", 1, 0, 0, None, None, None]
    rows = [[cell.value for cell in row] for row in book["Bevindingen"].iter_rows()]
    assert rows[0] == HEADING
    assert len(rows) == 4
    assert rows[1][5] == "de formule =1+1 in een invulcel; gerekend is met haar uitkomst: 2"
    assert all(cell.data_type == "s" for row in book["Bevindingen"].iter_rows() for cell in row if cell.value)


def test_the_target_is_looked_at_first(tool: Tool, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "uit.csv"
    target.write_text("van mij", encoding="utf-8")
    ran = run("controleer", folder / "goed.xlsx", "--naar", target, "--mapping", tool.mapping.path)
    assert (ran.code, ran.finding["code"], target.read_text(encoding="utf-8")) == (3, "RK630", "van mij")
    assert reported(tool, folder, target, "--overschrijf")[0] == 3
    assert target.read_text(encoding="utf-8").startswith("bestand,regio,code")
    ran = run("controleer", folder / "goed.xlsx", "--naar", tmp_path / "uit.doc", "--mapping", tool.mapping.path)
    assert (ran.code, ran.finding["code"]) == (2, "RK641")


def test_the_same_list_in_json(tool: Tool, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "uit.csv"
    files = [folder / f"{name}.xlsx" for name in ("goed", "fout", "stuk")]
    found = run("controleer", *files, "--naar", target, "--mapping", tool.mapping.path, "--json").json
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert found["tabel"] == str(target)
    keys = ("code", "ernst", "plaats", "gevonden", "verwacht", "remedie")
    assert sorted(tuple(one[key] for key in keys) for one in found["bevindingen"]) == sorted(
        tuple(row[key] for key in keys) for row in rows
    )


def test_the_api_writes_it_too(tool: Tool, folder: Path, tmp_path: Path) -> None:
    reports = Rekentool(tool.mapping.path).check([folder / "goed.xlsx", folder / "fout.xlsx"], to=tmp_path / "uit.csv")
    assert [report.outcome for report in reports] == ["klopt", "klopt niet"]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "uit.csv").read_text(encoding="utf-8"))))
    assert [row["code"] for row in rows] == [found.code for found in reports[1].findings] == ["RK561", "RK310"]


def test_a_mapping_that_does_not_fit_its_template_is_said_once(tmp_path: Path) -> None:
    opened = small_tool(tmp_path, MAPPING.replace("max: 1000000", "max: 2000000"))
    for name in ("een", "twee"):
        (tmp_path / f"{name}.xlsx").write_bytes(filled(opened))
    files = [tmp_path / "een.xlsx", tmp_path / "twee.xlsx"]
    ran = run("controleer", *files, "--mapping", opened.mapping.path)
    assert (ran.code, ran.finding["code"]) == (1, "RK560")
    assert ran.finding["plaats"] == f"{tmp_path / 'klein.xlsx'}: Invoer!C6"
    assert [line.endswith("klopt") for line in ran.out.splitlines()[::2]] == [True, True]
