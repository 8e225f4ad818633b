"""`lees`: what comes back from people, other programs and the mail, and what the table says of it."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from ingreep import edited, example, number, with_cells
from opdracht import run, snapshot, table
from openpyxl import load_workbook
from rekentool_werkboek import example_regions, tool

from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.compute import compute
from rekentool.jobs.deviation import changed_constants, computes_alike, deviations, same_formula
from rekentool.jobs.read import open_filled, told
from rekentool.messages import Finding
from rekentool.shipped import EXAMPLES
from rekentool.tables.results import ResultRow
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import read_workbook

NAMES = ("noord", "oost", "zuid", "west")
FILES = [EXAMPLES / f"voorbeeldregio-{name}.xlsx" for name in NAMES]


def named(name: str) -> Address:
    """The cell, or the first cell, of a defined name."""
    sheet, reference = tool().workbook.names[name].rsplit("!", 1)
    return Address(sheet.strip("'"), reference.partition(":")[0])


def put(folder: Path, data: bytes, name: str = "regio.xlsx") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def rows_of(path: Path) -> list[ResultRow]:
    return open_filled(tool(), path).rows(every_line=True)


@pytest.fixture(scope="module")
def zuid() -> list[ResultRow]:
    return rows_of(FILES[2])


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# What was written comes back


def test_what_lees_reads_is_what_reken_computes(tmp_path: Path) -> None:
    """Value by value, all lines: the same floats, from the regions table and from the filled workbooks."""
    target = tmp_path / "uit.csv"
    ran = run("lees", *FILES, "--naar", target, "--regels", "alle")
    assert (ran.code, ran.err) == (0, "")
    found = read_csv(target)
    assert ran.out == f"{target}: {len(found)} rijen uit 4 van 4 bestanden\n"
    assert list(found[0]) == ["regio", "geval", "partij", "regel", "jaar", "waarde", "eenheid", "cel", "bestand"]
    findings: list[Finding] = []
    computed = list(compute(tool(), example_regions(), findings, every_line=True))
    assert findings == []
    expected = [["" if value is None else str(value) for value in row] for row in computed]
    assert [list(row.values())[:-1] for row in found] == expected
    assert list(dict.fromkeys(row["bestand"] for row in found)) == [str(path) for path in FILES]


def test_json_has_the_same_facts(tmp_path: Path) -> None:
    target = tmp_path / "uit.xlsx"
    found = run("lees", FILES[0], "--naar", target, "--json").json
    (one,) = found.pop("bestanden")
    assert (one["status"], one["regio"], one["waarom"], one["rijen"]) == ("compleet", "Voorbeeldregio Noord", "", 196)
    assert found == {
        "opdracht": "lees", "uitkomst": 0, "bestand": str(target), "rijen": 196, "gelezen": 1, "geweigerd": 0,
        "statussen": {"compleet": 1}, "tabellen": [], "bewijs": f"{target}.bewijs.json", "bevindingen": [],
    }  # fmt: skip


# Other programs


def close(left: ResultRow, right: ResultRow) -> bool:
    if isinstance(left.waarde, float) and isinstance(right.waarde, float):
        return left._replace(waarde=0) == right._replace(waarde=0) and abs(left.waarde - right.waarde) < 1e-6
    return left == right


@pytest.mark.libreoffice
def test_a_file_saved_by_libreoffice_gives_the_same(tmp_path: Path, zuid: list[ResultRow]) -> None:
    (saved,) = LibreOffice().recalculate([example("zuid")])
    assert isinstance(saved, bytes)
    path = put(tmp_path, saved, FILES[2].name)
    filled = open_filled(tool(), path)
    assert [found for found in told(filled) if found.severity == "fout"] == []
    assert filled.deviations == ()
    found = filled.rows(every_line=True)
    assert all(close(left, right) for left, right in zip(zuid, found, strict=True))


@pytest.fixture(scope="module")
def through_openpyxl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Saved by a program that doesn't compute, with a sheet of the sender's own: no stored values at all."""
    book = load_workbook(io.BytesIO(example("zuid")))
    book.create_sheet("Eigen notities")["B2"] = 42
    path = tmp_path_factory.mktemp("openpyxl") / "regio.xlsx"
    book.save(path)
    return path


def test_a_file_without_stored_values_gives_the_same_and_says_so(
    through_openpyxl: Path, tmp_path: Path, zuid: list[ResultRow]
) -> None:
    assert rows_of(through_openpyxl) == zuid
    ran = run("lees", through_openpyxl, "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.finding["code"], ran.finding["ernst"]) == (0, "RK531", "waarschuwing")
    assert ran.finding["gevonden"].startswith("formulecellen zonder opgeslagen waarde: 6")
    assert "rekentool ververs" in ran.finding["remedie"]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("=IF(A1>1e+07,1,SUM(B1:B2))", True),  # Excel and LibreOffice write 10000000
        ("=if( A1 > 10000000, 1, sum(b1:b2) )", True),
        ("=IF(A1>10000001,1,SUM(B1:B2))", False),
        ("=IF(A1>10000000,1,SUM(B1:B3))", False),
        ("=IF(A1>10000000,1,SUM(B1:B2)", False),
        ("=IF(A1>=10000000,1,SUM(B1:B2))", False),
    ],
)
def test_formulas_are_compared_by_meaning(other: str, same: bool) -> None:
    assert same_formula("=IF(A1>10000000,1,SUM(B1:B2))", other) is same


def test_text_in_a_formula_is_compared_letter_by_letter() -> None:
    assert not same_formula('="OK"', '="ok"')


# Numbers that aren't what they seem


def test_a_stale_result_is_reported_and_the_table_has_the_right_one(tmp_path: Path, zuid: list[ResultRow]) -> None:
    """And half a cent is no difference."""
    cell, other = named("uit_gemeente_saldo_bbl1"), named("uit_rijk_saldo_bbl1")
    nearly = next(row.waarde for row in zuid if row.cel == str(other))
    assert isinstance(nearly, float)
    path = put(tmp_path, patch_workbook(example("zuid"), {}, {cell: 999_999.25, other: nearly + 0.004}))
    ran = run("lees", path, "--naar", tmp_path / "uit.csv")
    expected = next(row for row in zuid if row.cel == str(cell))
    assert ran.code == 1
    assert (ran.finding["code"], ran.finding["plaats"]) == ("RK530", f"{path}: {cell}")
    assert ran.finding["gevonden"].endswith("anders zijn dan de herberekening: 1; hier staat 999999,25")
    assert isinstance(expected.waarde, float)
    assert float(ran.finding["verwacht"].replace(",", ".")) == expected.waarde
    found = next(row for row in read_csv(tmp_path / "uit.csv") if row["cel"] == str(cell))
    assert float(found["waarde"]) == expected.waarde != 999_999.25


def test_a_number_typed_over_formulas(tmp_path: Path, zuid: list[ResultRow]) -> None:
    """Over a result: it isn't computed any more, and says so. Over a line of year 1: the totals follow it."""
    result, line = named("uit_rijk_saldo_bol1"), named("uit_mbo_school_overige_kosten_bol1_per_jaar")
    path = put(tmp_path, with_cells(example("zuid"), {result: number(0), line: number(1000)}))
    ran = run("lees", path, "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.codes) == (1, ["RK533", "RK530"])  # the stored totals are those of before
    assert ran.err.startswith(f"RK533 fout · {path}: {line}\n   gevonden: formules, vaste waarden, namen of bladen ")
    assert "die anders zijn dan in het sjabloon: 2; de eerste staat hier\n" in ran.err
    assert "wat te doen: Bekijk ze met: rekentool controleer." in ran.err
    found = {row["cel"]: row["waarde"] for row in read_csv(tmp_path / "uit.csv")}
    before = {row.cel: row.waarde for row in zuid}
    assert found[str(result)] == "niet gecontroleerd"
    costs = str(named("uit_mbo_school_kosten_bol1"))
    old = before[costs]
    assert isinstance(old, float)
    assert before[str(line)] == 0.0
    assert float(found[costs]) == pytest.approx(old + 1000, abs=1e-6)


def test_a_changed_figure_outside_the_inputs_is_reported_and_counts(tmp_path: Path) -> None:
    """The minimum wage of 1-7-2026 in the history behind the kengetallen."""
    values = tool().workbook.values
    (cell,) = [
        Address("Tarieven", f"D{address.row}")
        for address, value in values.items()
        if address.sheet == "Tarieven" and address.column == 1 and value == "wml_uur"
        and values[Address("Tarieven", f"D{address.row}")] == 14.99
    ]  # fmt: skip
    path = put(tmp_path, patch_workbook(example("zuid"), {cell: 20.0}))
    ran = run("lees", path, "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.codes) == (1, ["RK533", "RK530"])  # the stored results are those of before the change
    assert f"{path}: {cell}\n" in ran.err


def test_a_name_that_refers_to_another_cell_is_not_computed_as_the_template() -> None:
    """Formulas use names: with the same formulas the workbook computes something else."""
    old, new = (f'name="kg_wml_bbl">Kengetallen!${column}$' for column in "DB")
    workbook = read_workbook(edited(example("zuid"), {"xl/workbook.xml": lambda xml: xml.replace(old, new)}))
    assert computes_alike(tool().workbook, read_workbook(example("zuid")))
    assert not computes_alike(tool().workbook, workbook)
    (found,) = deviations(tool().workbook, workbook, tool().binding.inputs.values(), "regio.xlsx")
    row = tool().workbook.names["kg_wml_bbl"].removeprefix("Kengetallen!D")
    assert (found.code, found.place, found.file) == ("RK515", "kg_wml_bbl", "regio.xlsx")
    assert found.found == f"de naam verwijst naar Kengetallen!B{row}"
    assert found.expected == f"de verwijzing van het sjabloon: Kengetallen!D{row}"


def test_true_is_not_one() -> None:
    """An input with TRUE for 1 is another input: ISNUMBER tells them apart."""
    cell = tool().binding.address("studieduur", "bol1")
    assert tool().workbook.values[cell] == 1.0
    workbook = read_workbook(patch_workbook(tool().data, {cell: True}, {}))
    assert changed_constants(tool().workbook, workbook) == {cell: True}


# Files that don't belong


def missing(folder: Path) -> Path:
    return folder / "er-niet.xlsx"


def a_folder(folder: Path) -> Path:
    (folder / "map.xlsx").mkdir()
    return folder / "map.xlsx"


def truncated(folder: Path) -> Path:
    return put(folder, example("zuid")[:50_000])


def text_named_xlsx(folder: Path) -> Path:
    return table(folder, "regio_naam;horizon\nA;5\n", "regio.xlsx")


def with_macros(folder: Path) -> Path:
    return put(folder, example("zuid"), "regio.xlsm")


def another_workbook(folder: Path) -> Path:
    return put(folder, (EXAMPLES.parent / "referentie" / FILES[0].name).read_bytes(), "referentie.xlsx")


REFUSED = [(missing, "RK101", 3), (a_folder, "RK102", 3), (truncated, "RK111", 3), (text_named_xlsx, "RK106", 3),
           (with_macros, "RK109", 5), (another_workbook, "RK503", 3)]  # fmt: skip


@pytest.mark.parametrize(("make", "code", "ending"), REFUSED, ids=lambda value: getattr(value, "__name__", value))
def test_refused_with_one_message_and_nothing_written(tmp_path: Path, make, code: str, ending: int) -> None:  # type: ignore[no-untyped-def]
    path = make(tmp_path)
    before = snapshot(tmp_path)
    ran = run("lees", path, "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.out, ran.finding["code"]) == (ending, "", code)
    assert ran.finding["plaats"].startswith(str(path))
    assert all(ran.finding.values())
    assert snapshot(tmp_path) == before


def test_a_refusal_as_json(tmp_path: Path) -> None:
    found = run("lees", missing(tmp_path), "--naar", tmp_path / "uit.csv", "--json").json
    assert (found["opdracht"], [one["code"] for one in found["bevindingen"]]) == ("lees", ["RK101"])


def test_a_good_file_next_to_bad_ones_counts(tmp_path: Path) -> None:
    bad, target = truncated(tmp_path), tmp_path / "uit.csv"
    ran = run("lees", bad, FILES[1], missing(tmp_path), "--naar", target)
    assert (ran.code, ran.codes) == (3, ["RK111", "RK101"])
    assert ran.out == f"{target}: 196 rijen uit 1 van 3 bestanden\n   geweigerd 2 · compleet 1\n"
    assert {row["regio"] for row in read_csv(target)} == {"Voorbeeldregio Oost"}


def test_region_name_in_a_file(tmp_path: Path) -> None:
    """Somebody else's text: what a terminal obeys is written out; without one the file's own name stands for it."""
    cell = tool().binding.address("regio_naam")
    as_excel_writes_it = with_cells(example("noord"), {cell: ' t="inlineStr"><is><t>A_x001b_[31m</t></is>'})
    assert read_workbook(as_excel_writes_it).values[cell] == "A\x1b[31m"
    paths = [
        put(tmp_path, as_excel_writes_it, "kleur.xlsx"),
        put(tmp_path, patch_workbook(example("noord"), {cell: None}, {}), "zonder-naam.xlsx"),
    ]
    ran = run("lees", *paths, "--naar", tmp_path / "uit.xlsx", "--toon")
    expected = ["A\\x1b[31m", "zonder-naam"]
    sheet = load_workbook(tmp_path / "uit.xlsx", read_only=True).active
    assert sheet is not None
    names = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
    assert list(dict.fromkeys(names)) == expected
    assert "\x1b" not in ran.out + ran.err
    assert [line.split(" ")[0] for line in ran.out.splitlines() if " bol1 " in line] == expected
