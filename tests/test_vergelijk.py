"""`vergelijk`: the whole comparison, through the command line and the API, on the rekentool and on a small workbook."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from ingreep import edited, example, part_of
from klein_werkboek import ZUID, filled, small_tool, template_book, through_openpyxl
from opdracht import run
from openpyxl import Workbook as Book
from rekentool_werkboek import tool

from rekentool import Rekentool
from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.compare import Comparison, compare
from rekentool.shipped import EXAMPLE_REGIONS, EXAMPLES
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, quote_sheet

SOUTH = EXAMPLES / "voorbeeldregio-zuid.xlsx"
CASE = "2 Bol niveau 2"


def write(folder: Path, data: bytes, name: str = "nieuw.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def cell_edited(cell: str, edit: Callable[[str], str], sheet: str = CASE) -> bytes:
    """The example with the formula of one cell edited in its XML."""
    pattern = re.compile(rf'(<c r="{cell}"[^>]*><f>)([^<]*)(</f>)')
    return edited(
        example("zuid"), {part_of(sheet): lambda text: pattern.sub(lambda m: m[1] + edit(m[2]) + m[3], text, count=1)}
    )


def groups(found: Comparison) -> dict[str, int]:
    return {group: count for group, count in found.counts.items() if count}


# -- no false alarms -------------------------------------------------------------------------------------------------


def test_a_file_against_itself() -> None:
    ran = run("vergelijk", SOUTH, SOUTH)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        f"{SOUTH} → {SOUTH}: geen verschillen",
        "invoer 0 · formules 0 · structuur 0 · resultaten 0 · opmaak-beveiliging 0",
    ]


def test_a_copy_that_was_only_filled_in(tmp_path: Path) -> None:
    for one in Rekentool().fill(EXAMPLE_REGIONS, tmp_path)[:2]:
        found = compare(tool(), tool().path, one.path)
        assert set(groups(found)) == {"invoer", "resultaten"}
        assert found.findings == ()
        changed = {pair.new for difference in found.of("invoer") for pair in difference.cells}
        assert changed == {change.address for change in one.changes}


def test_saved_again_by_openpyxl(tmp_path: Path) -> None:
    saved = tmp_path / "openpyxl.xlsx"
    openpyxl.load_workbook(SOUTH).save(saved)
    assert saved.read_bytes() != SOUTH.read_bytes()
    found = compare(tool(), SOUTH, saved)
    assert (found.differences, found.findings, found.exit_code) == ((), (), 0)


@pytest.mark.libreoffice
def test_saved_again_by_libreoffice(tmp_path: Path) -> None:
    (data,) = LibreOffice().recalculate([SOUTH.read_bytes()])
    assert isinstance(data, bytes), data
    saved = write(tmp_path, data)
    for old, new in ((SOUTH, saved), (saved, SOUTH)):
        found = compare(tool(), old, new)
        assert (found.differences, found.exit_code) == ((), 0)
        assert [(one.code, one.file) for one in found.findings] == [("RK704", str(saved))]


# -- what is found ---------------------------------------------------------------------------------------------------


def test_a_changed_row_of_formulas(tmp_path: Path) -> None:
    """Docenten is 10 % dearer. By hand, from the results: overhead is 20 % of the costs, so 1.2 × 10 % of docenten."""
    data = example("zuid")
    for column in "DEFGH":
        pattern = re.compile(rf'(<c r="{column}185"[^>]*><f>)([^<]*)(</f>)')
        data = edited(data, {part_of(CASE): lambda text, p=pattern: p.sub(r"\1\2*1.1\3", text)})  # type: ignore[misc]
    path = write(tmp_path, data)
    found = compare(tool(), SOUTH, path)
    (formula,) = found.of("formules")
    assert (formula.kind, formula.place, len(formula.cells)) == ("gewijzigd", f"'{CASE}'!D185:H185", 5)
    assert formula.old == "=D108*D125*(1+$C$31)*$C$30*D102"
    assert formula.new == "=D108*D125*(1+$C$31)*$C$30*D102*1.1"
    assert set(groups(found)) == {"formules", "resultaten"}
    values = tool().model.compute([{}])[0]
    assert values.unknown == {}
    before = openpyxl.load_workbook(SOUTH, data_only=True)[CASE]
    dearer = 0.1 * sum(before[f"{column}185"].value for column in "DEFGH") * (1 + before["C37"].value)
    effect = formula.effect
    assert effect is not None
    changes = {change.result[:4]: change.difference for change in effect.changed}
    assert changes["bol2", "mbo_school", "kosten", "totaal"] == pytest.approx(dearer)
    assert changes["bol2", "mbo_school", "saldo", "totaal"] == pytest.approx(-dearer)
    assert changes["bol2", "maatschappelijk", "saldo", "totaal"] == pytest.approx(-dearer)
    # One change: what it does alone is what becomes of the results.
    results = {one.result.result[:4]: one.result.difference for one in found.of("resultaten") if one.result}
    assert results == pytest.approx(changes)
    assert len(effect.reached) > len(effect.changed) > 10

    ran = run("vergelijk", SOUTH, path)
    assert (ran.code, ran.err) == (1, "")
    lines = ran.out.splitlines()
    assert lines[1] == f"invoer 0 · formules 1 · structuur 0 · resultaten {len(results)} · opmaak-beveiliging 0"
    assert lines[3:7] == [
        "FORMULES",
        f"   '{CASE}'!D185:H185 · Mbo-school, Docenten, Bol niveau 2, jaar 1 — gewijzigd, 5 cellen",
        f"      was:   {formula.old}",
        f"      wordt: {formula.new}",
    ]
    assert re.fullmatch(
        r"      raakt \d+ resultaten; met deze invoer veranderen er \d+, het meest Mbo-school, kosten, Bol niveau 2,"
        r" totaal: € [\d.,]+ → € [\d.,]+ \(\+ € [\d.,]+\)",
        lines[7],
    )
    assert len([line for line in lines if line.startswith("   Resultaat!")]) <= 20
    assert lines[-1] == f"   en nog {len(results) - 20}; alle staan er met --json of --naar"


def test_a_dollar_sign_is_a_changed_formula_without_effect(tmp_path: Path) -> None:
    path = write(tmp_path, cell_edited("E185", lambda text: text.replace("E108", "$E108")))
    found = compare(tool(), SOUTH, path)
    (formula,) = found.differences
    assert (formula.group, formula.place) == ("formules", f"'{CASE}'!E185")
    assert formula.detail == "verwijst naar $E108 in plaats van E108"
    assert formula.effect is not None
    assert (formula.effect.changed, formula.effect.unchecked) == ((), "")
    ran = run("vergelijk", SOUTH, path)
    assert ran.code == 1
    assert "met deze invoer verandert er geen" in ran.out


def test_json_has_everything(tmp_path: Path) -> None:
    path = write(tmp_path, cell_edited("D185", lambda text: text + "+1000"))
    said = run("vergelijk", SOUTH, path, "--json").json
    assert (said["opdracht"], said["uitkomst"], said["oud"], said["nieuw"]) == ("vergelijk", 1, str(SOUTH), str(path))
    assert said["aantallen"]["formules"] == 1
    assert sum(said["aantallen"].values()) == len(said["verschillen"]) > 15
    (formula,) = [one for one in said["verschillen"] if one["groep"] == "formules"]
    assert formula["plaats"] == f"'{CASE}'!D185"
    assert formula["cellen"] == [{
        "oud": f"'{CASE}'!D185", "nieuw": f"'{CASE}'!D185", "was": formula["was"], "wordt": formula["wordt"],
    }]  # fmt: skip
    assert formula["effect"]["verandert"] == len(formula["effect"]["resultaten"])
    first = formula["effect"]["resultaten"][0]
    assert (first["eenheid"], abs(first["verschil"])) == ("euro", pytest.approx(1200.0))
    assert first["wordt"] - first["was"] == pytest.approx(first["verschil"])
    (headline,) = [one for one in said["verschillen"] if one.get("resultaat", {}).get("cel") == first["cel"]]
    assert headline["resultaat"]["verschil"] == pytest.approx(first["verschil"])


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_table_of_all_differences(tmp_path: Path, suffix: str) -> None:
    path, target = write(tmp_path, cell_edited("D185", lambda text: text + "+1000")), tmp_path / f"uit.{suffix}"
    said = run("vergelijk", SOUTH, path, "--naar", target, "--json").json
    rows = read_table(target)
    assert [row["plaats"] for row in rows] == [one["plaats"] for one in said["verschillen"]]
    (formula,) = [row for row in rows if row["groep"] == "formules"]
    assert float(formula["verschil"]) == pytest.approx(1200.0)
    assert (formula["eenheid"], formula["geval"]) == ("euro", "bol2")
    again = run("vergelijk", SOUTH, SOUTH, "--naar", target)
    assert (again.code, again.codes) == (3, ["RK630"])
    ran = run("vergelijk", SOUTH, SOUTH, "--naar", target, "--overschrijf")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, f"{target}: 0 rijen")


def read_table(path: Path) -> list[dict[str, Any]]:
    if path.suffix == ".csv":
        return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_swapped_rows_are_rows_that_moved(tmp_path: Path) -> None:
    """Rows 187 and 188 change places as they are; only what reads them by their place reads another line now."""

    def swap(text: str) -> str:
        rows = {row: re.search(rf'<row r="{row}".*?</row>', text, re.DOTALL) for row in (187, 188)}
        one, other = (found[0] for found in rows.values() if found)
        there = one.replace('r="187"', 'r="188"'), other.replace('r="188"', 'r="187"')
        there = (
            re.sub(r'r="([A-Z]+)187"', r'r="\g<1>188"', there[0]),
            re.sub(r'r="([A-Z]+)188"', r'r="\g<1>187"', there[1]),
        )
        return text.replace(one, "@1@").replace(other, there[0]).replace("@1@", there[1])

    found = compare(tool(), SOUTH, write(tmp_path, edited(example("zuid"), {part_of(CASE): swap})))
    moved = [(one.kind, one.place, one.old, one.new) for one in found.of("structuur") if one.kind.startswith("rij")]
    names = [one for one in found.of("structuur") if one.kind == "naam gewijzigd"]
    assert {(one.old, one.detail) for one in names} == {
        (f"'{CASE}'!D188:I188", f"wat daar stond, staat nu in '{CASE}'!D187:I187"),
        (f"'{CASE}'!D187:I187", f"wat daar stond, staat nu in '{CASE}'!D188:I188"),
    }
    assert sorted(moved) == [
        ("rij verplaatst", f"'{CASE}'!187:187", "rij 188", "rij 187"),
        ("rij verplaatst", f"'{CASE}'!188:188", "rij 187", "rij 188"),
    ]


# -- a small workbook ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    return small_tool(tmp_path_factory.mktemp("klein"))


def changed(tool: Tool, folder: Path, *edits: Callable[[Book], None]) -> Comparison:
    """The filled small workbook against itself with these edits."""
    old = write(folder, filled(tool), "oud.xlsx")
    return compare(tool, old, write(folder, through_openpyxl(tool, filled(tool), *edits)))


def test_inputs_by_name_and_other_open_cells(small: Tool, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book["Invoer"]["C4"], book["Invoer"]["C5"], book["Invoer"]["D4"] = 25, 0.2, "telling van mei"

    found = changed(small, tmp_path, edit)
    assert [(one.kind, one.place, one.label, one.old, one.new) for one in found.of("invoer")] == [
        ("ingevuld", "Invoer!C4", "Aantal", "20", "25"),
        ("ingevuld", "Invoer!C5", "Uitval", "10 %", "20 %"),
        ("open cel", "Invoer!D4", "Aantal", "(leeg)", "telling van mei"),
    ]
    assert set(groups(found)) == {"invoer", "resultaten"}


def test_fixed_values_names_and_texts(small: Tool, tmp_path: Path) -> None:
    """36 hours become 40: 20 people, 10 % fewer each year, is 81.902 people × 50.50 × 4 hours."""

    def edit(book: Book) -> None:
        book["Model"]["B10"], book["Model"]["A10"] = 40, "Aantal uren"
        book.defined_names["uit_extra"].attr_text = "Resultaat!$B$2"
        book["Intern"].sheet_state = "visible"
        book.defined_names["extra_naam"] = openpyxl.workbook.defined_name.DefinedName(
            "extra_naam", attr_text="Model!$B$10"
        )

    found = changed(small, tmp_path, edit)
    said = {(one.kind, one.place): one for one in found.of("structuur")}
    assert set(said) == {
        ("blad zichtbaar gemaakt", "Intern"), ("vaste waarde", "Model!B10"), ("vaste tekst", "Model!A10"),
        ("naam gewijzigd", "uit_extra"), ("naam toegevoegd", "extra_naam"),
    }  # fmt: skip
    hours = said["vaste waarde", "Model!B10"]
    assert (hours.old, hours.new) == ("36", "40")
    assert hours.effect is not None
    people = sum(20 * 0.9**year for year in range(5))
    assert [change.difference for change in hours.effect.changed] == [pytest.approx(people * 50.5 * 4)]
    assert said["vaste tekst", "Model!A10"].effect is None


def test_a_new_sheet_and_a_gone_one(small: Tool, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book.create_sheet("Notities")["A1"] = "een notitie"
        del book["Intern"]

    found = changed(small, tmp_path, edit)
    assert [(one.kind, one.place, one.old, one.new) for one in found.of("structuur")] == [
        ("blad verwijderd", "Intern", "2 cellen", ""),
        ("blad toegevoegd", "Notities", "", "1 cel"),
        ("naam gewijzigd", "geheim", "Intern!A2", "Intern!$A$2"),  # it refers to nothing any more
    ]


def test_an_overwritten_formula_and_a_check(small: Tool, tmp_path: Path) -> None:
    found = changed(small, tmp_path, lambda book: book["Model"].__setitem__("G4", 1.0))
    (formula,) = found.of("formules")
    assert (formula.kind, formula.place, formula.old, formula.new) == (
        "overschreven", "Model!G4", "=SUM(B4:F4)", "1",
    )  # fmt: skip
    (check,) = found.of("resultaten")
    assert (check.kind, check.label, check.old, check.new) == ("controle", "Eindoordeel", "OK", "FOUT")


def test_what_cannot_be_computed_is_not_equal(small: Tool, tmp_path: Path) -> None:
    found = changed(small, tmp_path, lambda book: book["Model"].__setitem__("B4", "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x)(B3)"))
    (formula,) = found.of("formules")
    assert formula.effect is not None
    assert "LAMBDA" in formula.effect.unchecked
    assert [one.code for one in found.findings if one.code == "RK703"] == ["RK703"]
    assert found.unchecked == 2  # kosten and the check
    assert found.exit_code == 1


def test_nothing_differs_but_not_everything_can_be_told(small: Tool, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book["Model"]["B4"] = "=_xlfn.LAMBDA(_xlpm.x,_xlpm.x)(B3)"

    path = write(tmp_path, through_openpyxl(small, filled(small), edit))
    ran = run("vergelijk", path, path, "--mapping", small.mapping.path)
    assert (ran.code, ran.codes) == (4, ["RK703"])
    assert ran.out.splitlines()[0].endswith(": geen verschillen gevonden, maar niet alles is vergeleken")


def test_of_very_many_changes_the_last_are_not_computed(
    small: Tool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rekentool.jobs.attribution.MOST", 1)

    def edit(book: Book) -> None:
        book["Model"]["B4"], book["Model"]["D4"] = "=B3*2", "=D3*3"

    effects = {one.place: one.effect for one in changed(small, tmp_path, edit).of("formules")}
    one, other = effects["Model!B4"], effects["Model!D4"]
    assert one is not None and one.changed
    assert other is not None and not other.changed
    assert "RK705" in other.unchecked


def test_the_mapping_fits_neither(tmp_path: Path) -> None:
    book = Book()
    book.active["A1"], book.active["B1"] = "Getal", 3
    old = tmp_path / "oud.xlsx"
    book.save(old)
    assert run("vergelijk", old, old).code == 4
    book.active["B2"] = "=B1*2"
    new = tmp_path / "nieuw.xlsx"
    book.save(new)
    ran = run("vergelijk", old, new)
    assert (ran.code, ran.codes) == (1, ["RK701"])
    assert "Sheet!B2 — toegevoegd" in ran.out
    assert "past op geen van beide" in ran.err


def test_an_older_template_takes_its_places_from_the_newer_one(small: Tool, tmp_path: Path) -> None:
    """The old one lacks a field: its name is gone, so the mapping doesn't fit, but all else is still known."""

    def edit(book: Book) -> None:
        del book.defined_names["in_toeslag"]
        book["Model"]["B10"] = 35
        for column in "BCDEF":
            book["Model"][f"{column}7"] = 0

    old = write(tmp_path, through_openpyxl(small, filled(small), edit), "oud.xlsx")
    found = compare(small, old, write(tmp_path, filled(small, {**ZUID, "aantal": 30})))
    assert [(one.code, one.file) for one in found.findings] == [("RK702", str(old))]
    assert [(one.label, one.old, one.new) for one in found.of("invoer")] == [("Aantal", "20", "30")]
    assert {one.label for one in found.of("resultaten")} == {
        "Gemeente, kosten, Eén, totaal", "Gemeente, extra, Eén, totaal",
    }  # fmt: skip
    assert [one.kind for one in found.of("formules")] == ["in plaats van een waarde"]
    assert found.of("formules")[0].place == "Model!B7:F7"


def test_protection_and_looks_of_the_small_workbook(small: Tool, tmp_path: Path) -> None:
    def edit(book: Book) -> None:
        book["Model"].protection.sheet = False
        book.security = None
        book["Invoer"]["C6"].number_format = "0"
        book["Invoer"].data_validations.dataValidation.pop(0)

    found = changed(small, tmp_path, edit)
    assert set(groups(found)) == {"opmaak-beveiliging"}
    assert [(one.kind, one.place) for one in found.differences] == [
        ("werkmapbeveiliging", "werkmap"), ("bladbeveiliging", "Model"),
        ("getalnotatie", "Invoer!C6"), ("validatie", "Invoer!C3"),
    ]  # fmt: skip


# -- the edges -------------------------------------------------------------------------------------------------------


def test_wrong_use_and_bad_files(tmp_path: Path) -> None:
    assert run("vergelijk", SOUTH).code == 2
    assert (ran := run("vergelijk", SOUTH, tmp_path / "niets.xlsx")).code == 3, ran
    bad = write(tmp_path, b"geen werkboek", "kapot.xlsx")
    ran = run("vergelijk", bad, SOUTH)
    assert ran.code in (3, 5)
    assert str(bad) in ran.err
    ran = run("vergelijk", SOUTH, SOUTH, "--naar", tmp_path / "uit.txt")
    assert (ran.code, ran.codes) == (2, ["RK641"])


def test_the_api(tmp_path: Path) -> None:
    found = Rekentool().compare(str(SOUTH), EXAMPLES / "voorbeeldregio-west.xlsx")
    assert found.exit_code == 1
    assert found.counts["formules"] == found.counts["opmaak-beveiliging"] == 0
    assert found.of("invoer")[0].new == "Voorbeeldregio West"


def test_an_inserted_row_of_the_small_workbook(tmp_path: Path, small: Tool) -> None:
    """A row with € 10 a year between Kosten and Opgeteld, counted along in nothing: one difference, no other."""

    def lower(book: Book) -> None:
        sheet = book["Model"]
        sheet.insert_rows(5)
        sheet["A5"], sheet["B5"] = "Nieuw", 10
        for column in "BCDEF":
            sheet[f"{column}4"] = f"={column}3*in_tarief*$B$11"
            sheet[f"{column}6"] = f"=SUM($B4:{column}4)"
            sheet[f"{column}7"] = f'=IF(in_omvang="Groot",{column}4,{column}4*in_aandeel_jong+{column}4*in_aandeel_oud)'
            sheet[f"{column}8"] = f'=IF(in_meerekenen="Ja",N(in_toeslag)*{column}3,0)*(YEAR(in_peildatum)>=2000)'
        for row in (4, 7, 8):
            sheet[f"G{row}"] = f"=SUM(B{row}:F{row})"
        results = book["Resultaat"]
        results["B2"], results["B3"] = "=Model!G7", "=Model!G8"
        results["B4"] = '=IF(ABS(Model!G4-Model!F6)<0.005,"OK","FOUT")'

    found = changed(small, tmp_path, lower)
    (row,) = found.differences
    assert (row.kind, row.place, row.label) == ("rij ingevoegd", "Model!5:5", "Nieuw")
    assert [(pair.old, pair.new, pair.after) for pair in row.cells] == [
        (None, Address("Model", "A5"), "Nieuw"), (None, Address("Model", "B5"), "10"),
    ]  # fmt: skip
    assert row.effect is not None
    assert (row.effect.reached, row.effect.unchecked) == ((), "")
    assert quote_sheet("Model") in row.place


def test_the_template_of_the_small_workbook_is_protected() -> None:
    """What the tests above take away is there to begin with."""
    book = template_book()
    assert book["Model"].protection.sheet
    assert book.security is not None
