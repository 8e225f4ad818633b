"""The results table: its rows, what they add up to, how it is written as csv and xlsx, and what it refuses."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest
from opdracht import Ran, run, snapshot, table
from openpyxl import load_workbook
from openxml_audit import FileFormat, OpenXmlValidator
from rekentool_werkboek import tool

import rekentool.tables.table
from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLE_REGIONS
from rekentool.tables.results import COLUMNS, ResultRow, summary, table_value
from rekentool.tables.table import write_table
from rekentool.xlsx.cell import ExcelError
from rekentool.xlsx.guard import admit
from rekentool.xlsx.reader import read_workbook

CASES = ("bol1", "bol2", "bbl1", "bbl2")
PARTIES = ("mbo_school", "sw_bedrijf", "gemeente", "werkgever", "rijk", "student")
#: From the description of the model: the lines of each party that are baten; all its others are kosten.
BATEN = {
    "mbo_school": "rijksbijdrage cursusgeld bijdrage_sw_school bijdrage_gemeente_school overige_baten",
    "sw_bedrijf": "trajectvergoeding inleenvergoeding norisk lks praktijkleren lkv jobcoachvergoeding productie "
    "overige_baten",
    "gemeente": "bespaarde_uitkering rijksvergoeding_lks bespaarde_uitvoering overige_baten",
    "werkgever": "norisk lks praktijkleren lkv jobcoachvergoeding lks_na productie productie_na overige_baten",
    "rijk": "lesgeld premies premies_na zorg_en_overig",
    "student": "studiefinanciering reiskosten_student loon pensioen stagevergoeding loon_na pensioen_na",
}
KOSTEN = {
    "mbo_school": "docenten coordinatie bpv_begeleiding examinering leermiddelen reiskosten overhead eenmalige_kosten "
    "overige_kosten",
    "sw_bedrijf": "bijdrage_sw_school loon premies pensioen stagevergoeding praktijkbegeleiding jobcoach werkplek "
    "leslocatie coordinatie overhead eenmalige_kosten overige_kosten",
    "gemeente": "bijdrage_gemeente_school trajectvergoeding reiskosten_student lks jobcoachvergoeding lks_na "
    "eenmalige_kosten overige_kosten",
    "werkgever": "inleenvergoeding loon premies pensioen loon_na premies_na pensioen_na begeleiding eenmalige_kosten "
    "overige_kosten",
    "rijk": "rijksbijdrage studiefinanciering norisk praktijkleren lkv rijksvergoeding_lks",
    "student": "cursusgeld lesgeld bespaarde_uitkering",
}
#: Overdrachten: one party's kosten are another's baten. Who is the employer differs by case: then two can pay.
TRANSFERS = {
    "rijksbijdrage": "mbo_school rijk",
    "cursusgeld": "mbo_school student",
    "lesgeld": "rijk student",
    "studiefinanciering": "student rijk",
    "bijdrage_sw_school": "mbo_school sw_bedrijf",
    "bijdrage_gemeente_school": "mbo_school gemeente",
    "trajectvergoeding": "sw_bedrijf gemeente",
    "reiskosten_student": "student gemeente",
    "inleenvergoeding": "sw_bedrijf werkgever",
    "loon": "student sw_bedrijf werkgever",
    "premies": "rijk sw_bedrijf werkgever",
    "pensioen": "student sw_bedrijf werkgever",
    "norisk": "sw_bedrijf werkgever rijk",
    "lks": "sw_bedrijf werkgever gemeente",
    "praktijkleren": "sw_bedrijf werkgever rijk",
    "lkv": "sw_bedrijf werkgever rijk",
    "jobcoachvergoeding": "sw_bedrijf werkgever gemeente",
    "stagevergoeding": "student sw_bedrijf",
    "bespaarde_uitkering": "gemeente student",
    "rijksvergoeding_lks": "gemeente rijk",
    "loon_na": "student werkgever",
    "premies_na": "rijk werkgever",
    "pensioen_na": "student werkgever",
    "lks_na": "werkgever gemeente",
}
CENT = 0.005
YEARS = ("1", "2", "3", "4", "5")
#: (regio, geval, partij, regel, jaar) → waarde
Amounts = dict[tuple[str, str, str, str, str], float]


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def every_line(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, str]]:
    path = tmp_path_factory.mktemp("reken") / "alles.csv"
    ran = run("reken", EXAMPLE_REGIONS, "--naar", path, "--regels", "alle")
    assert (ran.code, ran.err) == (0, "")
    rows = read_csv(path)
    assert ran.out == f"{path}: {len(rows)} rijen uit 4 regio’s\n"
    return rows


@pytest.fixture(scope="module")
def amounts(every_line: list[dict[str, str]]) -> Amounts:
    """The numbers of the table; texts (terugverdienjaar) and blanks left out."""
    found: Amounts = {}
    for row in every_line:
        key = (row["regio"], row["geval"], row["partij"], row["regel"], row["jaar"])
        assert key not in found
        if row["waarde"] and row["regel"] != "terugverdienjaar":
            found[key] = float(row["waarde"])
    return found


# Its rows


def test_columns(every_line: list[dict[str, str]]) -> None:
    assert list(every_line[0]) == ["regio", "geval", "partij", "regel", "jaar", "waarde", "eenheid", "cel"]


def test_every_result_cell_is_one_row(every_line: list[dict[str, str]]) -> None:
    """Per case: 87 lines × (5 years and a total), 7 × 4 totals per year, 7 × 7 totals."""
    lines = sum(len(f"{BATEN[party]} {KOSTEN[party]}".split()) for party in PARTIES)
    assert lines == 87
    per_region = 4 * (lines * 6 + 7 * 4 * 5 + 7 * 7)
    assert Counter(row["regio"] for row in every_line) == dict.fromkeys(
        (f"Voorbeeldregio {name}" for name in ("Noord", "Oost", "Zuid", "West")), per_region
    )
    cells = Counter((row["regio"], row["cel"]) for row in every_line)
    assert set(cells.values()) == {1}
    assert Counter(row["eenheid"] for row in every_line)["jaar"] == 4 * 4 * 7
    assert {row["geval"] for row in every_line} == set(CASES)


def test_default_is_the_totals_only(tmp_path: Path, every_line: list[dict[str, str]]) -> None:
    path = tmp_path / "totalen.csv"
    assert run("reken", EXAMPLE_REGIONS, "--naar", path).code == 0
    rows = read_csv(path)
    assert len(rows) == 4 * 4 * 7 * 7
    assert rows == [row for row in every_line if row["cel"].startswith("Resultaat!")]


# What they add up to


def test_totals_are_the_sums_of_their_lines(amounts: Amounts) -> None:
    checked = 0
    regions = {key[0] for key in amounts}
    for region, case, party in itertools.product(regions, CASES, PARTIES):
        for side, lines in (("baten", BATEN[party]), ("kosten", KOSTEN[party])):
            for year in YEARS:
                total = sum(amounts[region, case, party, line, year] for line in lines.split())
                assert abs(total - amounts[region, case, party, side, year]) < CENT
                checked += 1
            for line in lines.split():
                years = sum(amounts[region, case, party, line, year] for year in YEARS)
                assert abs(years - amounts[region, case, party, line, "totaal"]) < CENT
            whole = sum(amounts[region, case, party, line, "totaal"] for line in lines.split())
            assert abs(whole - amounts[region, case, party, side, "totaal"]) < CENT
        for year in (*YEARS, "totaal"):
            baten, kosten, saldo = (amounts[region, case, party, line, year] for line in ("baten", "kosten", "saldo"))
            assert abs(baten - kosten - saldo) < CENT
    assert checked == 4 * 4 * 6 * 2 * 5


def test_transfers_cancel_to_the_cent(amounts: Amounts) -> None:
    paid: dict[tuple[str, ...], float] = defaultdict(float)
    received: dict[tuple[str, ...], float] = defaultdict(float)
    for (region, case, party, line, year), amount in amounts.items():
        if line not in TRANSFERS or party not in TRANSFERS[line].split():
            assert line not in TRANSFERS
            continue
        sides = [name for name, lines in (("baten", BATEN), ("kosten", KOSTEN)) if line in lines[party].split()]
        assert len(sides) == 1
        side = received if sides == ["baten"] else paid
        side[region, case, line, year] += amount
    assert paid.keys() == received.keys()
    assert len(paid) == 4 * 4 * len(TRANSFERS) * 6
    assert [key for key in paid if abs(paid[key] - received[key]) >= CENT] == []
    assert sum(abs(amount) for amount in paid.values()) > 1_000_000


def test_the_whole_is_the_sum_of_the_parties(amounts: Amounts) -> None:
    for region, case in {key[:2] for key in amounts}:
        for line, year in itertools.product(("saldo", "contante_waarde"), (*YEARS, "totaal")):
            parties = sum(amounts[region, case, party, line, year] for party in PARTIES)
            assert abs(parties - amounts[region, case, "maatschappelijk", line, year]) < CENT


def test_present_value_is_the_discounted_saldo(amounts: Amounts) -> None:
    """The regions leave the discontovoet at the template's 2.25 %; year 1 isn't discounted."""
    for (region, case, party, line, year), found in amounts.items():
        if line == "contante_waarde" and year == "totaal":
            saldi = [amounts[region, case, party, "saldo", one] for one in YEARS]
            expected = sum(saldo / 1.0225**index for index, saldo in enumerate(saldi))
            assert abs(found - expected) < CENT


PUBLISHED = """
mbo_school 86541.14 125909.58 -39368.44 -39034.97
sw_bedrijf 442234.34 694828.32 -252593.98 -250298.62
gemeente 374808.25 257220.50 117587.75 113671.32
werkgever 170451.54 170451.54 0.00 0.00
rijk 87321.96 333090.22 -245768.26 -242564.80
student 556701.76 158412.25 398289.51 389083.15
"""


def test_the_published_case(tmp_path: Path) -> None:
    """Template defaults, bbl2: the figures that stand in the description of the model."""
    path = tmp_path / "a.csv"
    assert run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", path).code == 0
    found = {(row["partij"], row["regel"]): row["waarde"] for row in read_csv(path) if row["geval"] == "bbl2"}
    for line in PUBLISHED.strip().splitlines():
        party, *figures = line.split()
        for name, figure in zip(("baten", "kosten", "saldo", "contante_waarde"), figures, strict=True):
            assert abs(float(found[party, name]) - float(figure)) <= CENT
    assert abs(float(found["maatschappelijk", "saldo"]) + 21853.41) <= CENT


# What has no number


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """A region named like a formula, without students in one case; and one at a date without all kengetallen."""
    folder = tmp_path_factory.mktemp("vreemd")
    regions = table(folder, "regio_naam;aantal_studenten.bol1;peildatum\n=1+1;0;\nOud;;2021-01-15\n")
    assert run("reken", regions, "--naar", folder / "uit.csv").code == 0
    return run("reken", regions, "--naar", folder / "uit.xlsx"), folder


def test_not_applicable_is_blank(odd: tuple[Ran, Path]) -> None:
    rows = [row for row in read_csv(odd[1] / "uit.csv") if row["regio"] == "'=1+1" and row["geval"] == "bol1"]
    blank = {(row["partij"], row["regel"]) for row in rows if row["waarde"] == ""}
    parties = (*PARTIES, "maatschappelijk")
    assert blank == {
        (party, line) for party in parties for line in ("per_student", "per_diploma", "terugverdienjaar")
    }
    assert {row["waarde"] for row in rows if row["regel"] == "baten"} == {"0.0"}


def test_an_unknown_kengetal_is_no_number_and_is_named(odd: tuple[Ran, Path]) -> None:
    ran, folder = odd
    values = {
        (row["geval"], row["partij"], row["regel"]): row["waarde"]
        for row in read_csv(folder / "uit.csv")
        if row["regio"] == "Oud"
    }
    assert values["bol1", "mbo_school", "baten"] == "niet te berekenen"  # rijksbijdrage: its price isn't known
    assert values["bol1", "maatschappelijk", "saldo"] == "niet te berekenen"
    assert float(values["bol1", "mbo_school", "kosten"]) > 0
    assert float(values["bol1", "sw_bedrijf", "saldo"]) < 0
    assert ran.code == 0
    assert set(ran.codes) == {"RK520", "RK523"}
    assert "RK523 waarschuwing · Oud\n   gevonden: op de peildatum is niet bekend: Prijs per gewogen student" in ran.err
    assert "(eigen_prijs_per_gewogen_student)" in ran.err


def test_an_own_value_mends_it(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam;peildatum;eigen_prijs_per_gewogen_student\nOud;2021-01-15;9000\n")
    ran = run("reken", regions, "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.err) == (0, "")
    assert "niet te berekenen" not in (tmp_path / "uit.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        ("n.v.t.", None),
        (ExcelError("#N/A"), "niet te berekenen"),
        (ExcelError("#DIV/0!"), "#DIV/0!"),
        ("niet binnen de horizon", "niet binnen de horizon"),
        (True, 1.0),
        (2.5, 2.5),
    ],
)
def test_value_in_the_table(cell: float | str | bool | ExcelError | None, expected: float | str | None) -> None:
    assert table_value(cell) == expected


def test_minus_zero_is_zero() -> None:
    assert str(table_value(-0.0)) == "0.0"


# How it is written


def test_text_is_text_in_csv_and_numbers_stay_numbers(odd: tuple[Ran, Path]) -> None:
    text = (odd[1] / "uit.csv").read_text(encoding="utf-8")
    rows = read_csv(odd[1] / "uit.csv")
    assert {row["regio"] for row in rows} == {"'=1+1", "Oud"}
    assert "\n=1+1" not in text
    negative = [row["waarde"] for row in rows if row["waarde"].startswith("-")]
    assert len(negative) > 20
    assert all(float(value) < 0 for value in negative)


def test_text_is_text_in_xlsx_and_numbers_are_numbers(odd: tuple[Ran, Path]) -> None:
    book = load_workbook(odd[1] / "uit.xlsx")
    sheet = book.active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert all(cell.font.bold for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
    rows = {(row[0].value, row[1].value, row[2].value, row[3].value): row[5] for row in sheet.iter_rows(min_row=2)}
    saldo = rows["=1+1", "bbl2", "gemeente", "saldo"]
    assert saldo.data_type == "n"
    assert abs(saldo.value - 117587.75) <= CENT
    assert rows["=1+1", "bol1", "gemeente", "per_student"].value is None
    assert rows["Oud", "bol1", "mbo_school", "baten"].value == "niet te berekenen"


def test_csv_and_xlsx_have_the_same_rows(odd: tuple[Ran, Path]) -> None:
    sheet = load_workbook(odd[1] / "uit.xlsx", read_only=True).active
    assert sheet is not None
    from_xlsx = [["" if value is None else str(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    with (odd[1] / "uit.csv").open(encoding="utf-8", newline="") as file:
        from_csv = [[value.removeprefix("'") for value in row] for row in csv.reader(file)]
    assert len(from_csv) == 1 + 2 * 196
    for left, right in zip(from_csv, from_xlsx, strict=True):
        assert [number_or_text(value) for value in left] == [number_or_text(value) for value in right]


def number_or_text(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def test_numbers_keep_all_their_digits(tmp_path: Path) -> None:
    """openpyxl would write 0.3 for the first; 5e-324 is the smallest double there is."""
    numbers = [0.1 + 0.2, 228509.58000000002, 5e-324, -1e300, 0.0]
    for suffix in (".csv", ".xlsx"):
        write_table(tmp_path / f"uit{suffix}", ("a",), [(number,) for number in numbers])
    sheet = load_workbook(tmp_path / "uit.xlsx").active
    assert sheet is not None
    assert [float(row["a"]) for row in read_csv(tmp_path / "uit.csv")] == numbers
    assert [float(cell.value) for cell in sheet["A"][1:]] == numbers


def test_the_same_rows_give_the_same_file(tmp_path: Path) -> None:
    for name in ("een.xlsx", "twee.xlsx"):
        write_table(tmp_path / name, ("a", "b"), [("x & <y>", None), (" spatie ", 1)])
    assert (tmp_path / "een.xlsx").read_bytes() == (tmp_path / "twee.xlsx").read_bytes()
    workbook = read_workbook(admit(tmp_path / "een.xlsx").data)
    assert {address.cell: value for address, value in workbook.values.items()} == {
        "A1": "a", "B1": "b", "A2": "x & <y>", "A3": " spatie ", "B3": 1.0,
    }  # fmt: skip
    assert workbook.findings == ()


def test_xlsx_follows_the_standard(odd: tuple[Ran, Path]) -> None:
    """But for two remarks: that Excel moves inline strings at its next save, and that there is no (optional) theme."""
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(str(odd[1] / "uit.xlsx"))
    found = [str(error) for error in result.errors]
    assert [text for text in found if "inline-string" not in text and "relationships/theme" not in text] == []
    assert len(found) <= 2


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_csv_quotes_what_a_spreadsheet_takes_for_a_formula(tmp_path: Path, start: str) -> None:
    assert write_table(tmp_path / "a.csv", ("a", "b"), [(f"{start}1", -1.5)]) == 1
    assert (tmp_path / "a.csv").read_bytes() == f"a,b\n'{start}1,-1.5\n".encode()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_characters_that_no_file_holds_are_written_out(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"uit{suffix}"
    assert write_table(path, ("a",), [("bel\x07 \udcff",), ("\t=1",)]) == 2
    if suffix == ".csv":
        found = [row["a"] for row in read_csv(path)]
    else:
        sheet = load_workbook(path).active
        assert sheet is not None
        found = [str(cell.value) for cell in sheet["A"][1:]]
    assert found == ["bel\\x07 \\udcff", "\\t=1"]


def test_screen_shows_the_saldo_per_party(tmp_path: Path) -> None:
    """Rounded from the published case."""
    ran = run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / "a.csv", "--toon")
    line = next(line for line in ran.out.splitlines() if line.startswith("A      bbl2"))
    assert line.split() == ["A", "bbl2", "-39.368", "-252.594", "117.588", "0", "-245.768", "398.290", "-21.853"]


def test_summary_of_what_has_no_number() -> None:
    rows = [ResultRow("A", "bol1", party, "saldo", "totaal", value, "euro", "x!A1")
            for party, value in (("a", None), ("b", "niet te berekenen"), ("c", -0.4), ("d", 1234567.6))]  # fmt: skip
    assert re.split(" {2,}", summary(rows).splitlines()[1]) == [
        "A", "bol1", "n.v.t.", "niet te berekenen", "0", "1.234.568",
    ]  # fmt: skip


# What it refuses


TARGETS = {
    "uit.txt": (2, "RK641", "de tabel kan niet als .txt worden geschreven"),
    "uit": (2, "RK641", "de tabel kan niet als bestand zonder extensie worden geschreven"),
    "er-al.csv": (3, "RK630", "het bestand bestaat al en is niet overschreven"),
    "geen-map/uit.csv": (3, "RK631", "het bestand kon niet worden bewaard: de map bestaat niet"),
    "map.csv": (3, "RK631", "het bestand kon niet worden bewaard: er staat een map met deze naam"),
    "x" * 300 + ".csv": (3, "RK631", "het bestand kon niet worden bewaard: de bestandsnaam is te lang"),
}


@pytest.mark.parametrize("name", TARGETS, ids=lambda name: name[:20])
@pytest.mark.parametrize("verb", ["reken", "lees"])
def test_target_that_can_not_be(tmp_path: Path, verb: str, name: str) -> None:
    (tmp_path / "map.csv").mkdir()
    (tmp_path / "er-al.csv").write_bytes(b"van gisteren")
    regions = table(tmp_path, "regio_naam\nA\n")
    (tmp_path / "boek.xlsx").write_bytes(tool().data)
    before = snapshot(tmp_path)
    ran = run(verb, regions if verb == "reken" else tmp_path / "boek.xlsx", "--naar", tmp_path / name)
    code, finding, found = TARGETS[name]
    assert (ran.code, ran.out) == (code, "")
    assert (ran.finding["code"], ran.finding["gevonden"]) == (finding, found)
    assert ran.finding["plaats"].startswith(str(tmp_path / name))
    assert snapshot(tmp_path) == before


def test_overwriting_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    path.write_bytes(b"van gisteren")
    ran = run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", path, "--overschrijf")
    assert (ran.code, len(read_csv(path))) == (0, 196)


def test_json_has_the_same_facts(tmp_path: Path) -> None:
    path = tmp_path / "uit.csv"
    found = run("reken", table(tmp_path, "regio_naam\nA\nB\n"), "--naar", path, "--json").json
    assert found == {
        "opdracht": "reken", "uitkomst": 0, "bestand": str(path), "rijen": 392, "regios": 2, "bevindingen": [],
        "bewijs": f"{path}.bewijs.json",
    }  # fmt: skip
    assert len(read_csv(path)) == 392


def many() -> Iterable[tuple[str]]:
    return ((str(number),) for number in range(4))


def test_more_rows_than_a_sheet_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekentool.tables.table, "MAX_ROW", 4)  # as if Excel had four rows, one of them the heading
    assert write_table(tmp_path / "past.xlsx", ("a",), itertools.islice(many(), 3)) == 3
    with pytest.raises(RekentoolError) as refused:
        write_table(tmp_path / "past-niet.xlsx", ("a",), many())
    (finding,) = refused.value.findings
    assert (finding.code, finding.expected) == ("RK642", "ten hoogste 3 rijen")
    assert write_table(tmp_path / "past.csv", ("a",), many()) == 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["past.csv", "past.xlsx"]
