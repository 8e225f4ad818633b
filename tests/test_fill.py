"""`vul`: what is written, what isn't touched, and what is refused before anything is written."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest
from ingreep import edited, parts, raw_members
from opdracht import Ran, run, snapshot, table
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from rekentool_werkboek import tool

from rekentool.engine.verdict import MONEY, compare, count
from rekentool.jobs.reference import read_reference
from rekentool.shipped import EXAMPLE_REGIONS, REFERENCES
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook
from rekentool.xlsx.reader import Workbook, read_workbook

NAMES = ("noord", "oost", "zuid", "west")
FILES = [f"voorbeeldregio-{name}.xlsx" for name in NAMES]


@cache
def read(path: Path) -> Workbook:
    return read_workbook(path.read_bytes())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The four worked regions, filled."""
    target = tmp_path_factory.mktemp("vul") / "diep" / "ingevuld"
    ran = run("vul", EXAMPLE_REGIONS, "--naar", target)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [str(target / name) for name in FILES]
    return target


# What is written


def test_one_file_per_region_and_nothing_else(folder: Path) -> None:
    receipts = [f"{name}.bewijs.json" for name in (*FILES, "index.xlsx")]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*FILES, *receipts, "index.xlsx", "bewijs.html"])


def test_stored_results_are_those_of_the_reference_sheet(folder: Path) -> None:
    """Of one region; test_sjabloon_bouw has it that all four are the shipped ones, whose results are checked too."""
    name = "voorbeeldregio-west.xlsx"
    reference = read_reference(REFERENCES / name)
    workbook = read(folder / name)
    cached = {address: workbook.values[address] for address in workbook.formula_cells}
    verdicts = compare(reference.values, cached, tolerance=MONEY, loose_errors=True)
    assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"] == []
    assert count(verdicts).equal == len(tool().workbook.formula_cells) > 6000


def test_inputs_are_those_of_the_table(folder: Path) -> None:
    """Typed over from workbooks/voorbeelden/regios.csv; 46235 is 1-8-2026, 45901 is 1-9-2025."""
    expected = {
        ("noord", "regio_naam", None): "Voorbeeldregio Noord",
        ("noord", "peildatum", None): 46235.0,
        ("noord", "aantal_studenten", "bol1"): 18.0,
        ("noord", "aantal_studenten", "bbl2"): 12.0,  # blank in the table: the template's
        ("noord", "uitval_per_jaar", "bol1"): 0.18,
        ("noord", "docent_tarief", "bbl1"): 96.5,  # one column for all cases
        ("noord", "begeleider_tarief", "bol2"): 46.0,
        ("west", "peildatum", None): 45901.0,
        ("west", "aantal_studenten", "bbl2"): 16.0,
        ("west", "horizon", None): 4.0,
        ("west", "werkgeverschap", "bbl1"): "SW-bedrijf met detachering",
        ("west", "werkgeverschap", "bbl2"): "Reguliere werkgever",
        ("west", "leeftijd_27_plus", None): 0.2,
    }
    books = {name: read(folder / f"voorbeeldregio-{name}.xlsx") for name in ("noord", "west")}
    found = {key: books[key[0]].values[tool().binding.address(*key[1:])] for key in expected}
    assert found == expected


def test_untouched_members_keep_their_compressed_bytes(folder: Path) -> None:
    template = raw_members(tool().data)
    for name in FILES:
        filled = raw_members((folder / name).read_bytes())
        assert list(filled) == list(template)
        touched = {member for member in template if filled[member] != template[member]}
        sheets = {member for member in touched if member.startswith("xl/worksheets/sheet")}
        assert touched == sheets
        untouched = template.keys() - touched
        assert {"xl/styles.xml", "xl/workbook.xml", "xl/charts/chart1.xml", "xl/drawings/drawing1.xml",
                "[Content_Types].xml", "docProps/core.xml"} <= untouched  # fmt: skip


def test_formulas_names_and_validations_are_the_templates(folder: Path) -> None:
    workbook, template = read(folder / "voorbeeldregio-west.xlsx"), tool().workbook
    assert workbook.formulas == template.formulas
    assert workbook.names == template.names
    assert workbook.validations == template.validations
    assert workbook.unlocked == template.unlocked


def test_overwriting_gives_the_same_bytes(folder: Path) -> None:
    before = {name: data for name, (data, _) in snapshot(folder).items() if name.endswith(".xlsx")}
    again = run("vul", EXAMPLE_REGIONS, "--naar", folder, "--overschrijf")
    assert (again.code, again.err) == (0, "")
    assert {name: data for name, (data, _) in snapshot(folder).items() if name.endswith(".xlsx")} == before


def test_one_existing_file_stops_all(tmp_path: Path, folder: Path) -> None:
    (tmp_path / FILES[2]).write_bytes(b"van iemand anders")
    ran = run("vul", EXAMPLE_REGIONS, "--naar", tmp_path)
    assert ran.finding == {
        "code": "RK630",
        "ernst": "fout",
        "plaats": str(tmp_path / FILES[2]),
        "gevonden": "het bestand bestaat al en is niet overschreven",
        "verwacht": "een nieuwe bestandsnaam",
        "remedie": "Kies een andere naam of map, of geef aan dat het bestand overschreven mag worden.",
    }
    assert [path.name for path in tmp_path.iterdir()] == [FILES[2]]


# A dry run


WEST = (
    "regio_naam;peildatum;uitval_per_jaar.bbl1;werkgeverschap.bbl2;docent_tarief.bol2;horizon\n"
    "West;1-9-2025;12,5%;Reguliere werkgever;101,25;5\n"
)


def test_dry_run_lists_changes_in_dutch_and_writes_nothing(tmp_path: Path) -> None:
    regions = table(tmp_path, WEST)
    before = snapshot(tmp_path)
    ran = run("vul", regions, "--naar", tmp_path / "uit", "--droog")
    cells = tool().binding.inputs
    assert (ran.code, ran.err) == (0, "")
    first, *changes = ran.out.splitlines()
    assert first == f"{tmp_path / 'uit' / 'west.xlsx'}  (5 cellen, niet geschreven)"
    assert sorted(changes) == sorted([
        f"   {cells['regio_naam', None]}: (leeg) → West",
        f"   {cells['peildatum', None]}: 01-08-2026 → 01-09-2025",
        f"   {cells['uitval_per_jaar', 'bbl1']}: 15 % → 12,5 %",
        f"   {cells['werkgeverschap', 'bbl2']}: SW-bedrijf → Reguliere werkgever",
        f"   {cells['docent_tarief', 'bol2']}: € 95,00 → € 101,25",
    ])  # fmt: skip; horizon 5 is what the template has
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "uit").exists()


def test_dry_run_as_json_has_the_same_facts(tmp_path: Path) -> None:
    regions = table(tmp_path, WEST)
    found = run("vul", regions, "--naar", tmp_path / "uit", "--droog", "--json").json
    assert (found["opdracht"], found["uitkomst"], found["bevindingen"]) == ("vul", 0, [])
    (file,) = found["bestanden"]
    assert (file["regio"], file["bestand"], file["geschreven"]) == ("West", str(tmp_path / "uit" / "west.xlsx"), False)
    cells = tool().binding.inputs
    assert {change["cel"]: (change["was"], change["wordt"]) for change in file["wijzigingen"]} == {
        str(cells["regio_naam", None]): (None, "West"),
        str(cells["peildatum", None]): (46235.0, 45901.0),
        str(cells["uitval_per_jaar", "bbl1"]): (0.15, 0.125),
        str(cells["werkgeverschap", "bbl2"]): ("SW-bedrijf", "Reguliere werkgever"),
        str(cells["docent_tarief", "bol2"]): (95.0, 101.25),
    }
    assert not (tmp_path / "uit").exists()


def test_json_of_a_real_run_says_that_it_was_written(tmp_path: Path) -> None:
    found = run("vul", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path, "--json").json
    assert [(file["bestand"], file["geschreven"]) for file in found["bestanden"]] == [(str(tmp_path / "a.xlsx"), True)]
    assert (tmp_path / "a.xlsx").is_file()


# Text is data


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    """As another reader sees it: openpyxl takes a text with = for a formula where a file lets it."""
    fields = ("regio_naam", "mbo_school", "sw_bedrijf", "gemeente", "ingevuld_door")
    texts = ["=1+1", "+31 6", "-x", "@SUM(A1)", '=HYPERLINK("http://x";"y")']
    rows = [texts, ["'aanhaling", "#N/A", "1e5", "WAAR", "{=A1}"]]
    lines = [";".join('"{}"'.format(text.replace('"', '""')) for text in row) for row in rows]
    regions = table(tmp_path, "\n".join([";".join(fields), *lines, ""]))
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.err) == (0, "")
    cells = [tool().binding.address(field) for field in fields]
    for name, row in zip(("1-1.xlsx", "aanhaling.xlsx"), rows, strict=True):
        book = load_workbook(tmp_path / "uit" / name, read_only=True)
        shown = [book[cell.sheet][cell.cell] for cell in cells]
        assert [(cell.value, cell.data_type) for cell in shown] == [(text, "s") for text in row]
        book.close()


# Wrong inputs: one clear message, and nothing written

WRONG = {
    "tekst in een getal": (
        "regio_naam;aantal_studenten.bbl1\nA;twaalf\n",
        ("RK301", "rij 2, kolom aantal_studenten.bbl1", '"twaalf"', "een geheel getal als 12", "zonder andere tekens"),
    ),
    "150 procent": (
        "regio_naam;uitval_per_jaar\nA;150%\n",
        ("RK310", "rij 2, kolom uitval_per_jaar", "150 %", "Uitval per jaar: 0 % t/m 100 %", "binnen deze grenzen"),
    ),
    "bare percentage": (
        "regio_naam;uitval_per_jaar\nA;12,5\n",
        ("RK303", "rij 2, kolom uitval_per_jaar", "12,5", "een percentage met %", "12,5% of 0,125"),
    ),
    "choice that isn't there": (
        "regio_naam;werkgeverschap.bbl1\nA;SW bedrijf\n",
        ("RK307", "rij 2, kolom werkgeverschap.bbl1", '"SW bedrijf"', "Reguliere werkgever", '"SW-bedrijf"'),
    ),
    "not yes or no": (
        "regio_naam;lkv_toepassen\nA;misschien\n",
        ("RK306", "rij 2, kolom lkv_toepassen", '"misschien"', "Ja / Nee", "Vul Ja / Nee in"),
    ),
    "ages adding up to 90 %": (
        "regio_naam;leeftijd_16_17\nA;0%\n",
        ("RK319", "rij 2", "De leeftijdsopbouw telt op tot 90 %", "samen 100 %", "leeftijd_16_17, leeftijd_18"),
    ),
    "peildatum before 2019-07-01": (
        "regio_naam;peildatum\nA;2010-01-01\n",
        ("RK310", "rij 2, kolom peildatum", "01-01-2010", "vanaf 01-07-2019", "binnen deze grenzen"),
    ),
    "horizon 9": (
        "regio_naam;horizon\nA;9\n",
        ("RK310", "rij 2, kolom horizon", "9", "Horizon: 1 t/m 5 jaar", "binnen deze grenzen"),
    ),
    "unknown column": (
        "regio_naam;aantal_studentn\nA;1\n",
        ("RK334", "rij 1, kolom aantal_studentn", '"aantal_studentn"', "een veld", '"aantal_studenten"'),
    ),
    "unknown case": (
        "regio_naam;aantal_studenten.bbl9\nA;1\n",
        ("RK336", "rij 1, kolom aantal_studenten.bbl9", '"bbl9"', "bol1, bol2, bbl1, bbl2", "aantal_studenten.bbl2"),
    ),
    "no name column": (
        "horizon\n5\n",
        ("RK338", "rij 1", "geen kolom regio_naam", "een kolom met de naam van elke regio", "Voeg de kolom"),
    ),
    "two regions with one name": (
        "regio_naam\nNoord\nnoord\n",
        ("RK340", "rij 3, kolom regio_naam", "noord staat ook in rij 2", "elke regio één keer", "verwijder een rij"),
    ),
    "two names with one file name": (
        "regio_naam\nNoord-Oost\nnoord oost\n",
        ("RK160", "rij 2, 3", "dezelfde bestandsnaam: noord-oost", "ook zonder hoofdletters", "andere naam"),
    ),
    "ambiguous number": (
        "regio_naam;trajectvergoeding\nA;1.234\n",
        ("RK302", "rij 2, kolom trajectvergoeding", '"1.234"', "getal dat maar één uitleg heeft", "1234, of 1,2340"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_table_gives_one_message_and_writes_nothing(tmp_path: Path, fault: str) -> None:
    text, (code, place, found, expected, remedy) = WRONG[fault]
    regions = table(tmp_path, text)
    before = snapshot(tmp_path)
    ran = run("vul", regions, "--naar", tmp_path / "uit", "--strikt")
    assert (ran.code, ran.out) == (3, "")
    message = ran.finding
    assert (message["code"], message["ernst"]) == (code, "fout")
    assert message["plaats"].endswith(place)
    for part, words in (("gevonden", found), ("verwacht", expected), ("remedie", remedy)):
        assert words in message[part]
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "uit").exists()


def test_all_faults_of_a_table_come_at_once_as_json_too(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam;horizon;kollom\nA;9;\nB;x;\n")
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert ran.codes == ["RK334", "RK310", "RK301"]
    found = run("vul", regions, "--naar", tmp_path / "uit", "--json").json
    assert (found["opdracht"], found["uitkomst"]) == ("vul", 3)
    assert [one["code"] for one in found["bevindingen"]] == ran.codes
    assert all(one["bestand"] == str(regions) and one["remedie"] for one in found["bevindingen"])
    assert not (tmp_path / "uit").exists()


def test_many_faults_of_one_kind_are_counted(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam;horizon\n" + "".join(f"R{number};9\n" for number in range(25)))
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert ran.codes == ["RK310"] * 20
    assert ran.err.endswith(f"RK310: nog 5 keer in {regions}; alle staan er met --json\n")
    assert len(run("vul", regions, "--naar", tmp_path / "uit", "--json").json["bevindingen"]) == 25


def no_such_file(folder: Path) -> Path:
    return folder / "er-niet.csv"


def a_folder(folder: Path) -> Path:
    return folder


def a_folder_with_a_table_name(folder: Path) -> Path:
    (folder / "map.csv").mkdir()
    return folder / "map.csv"


def another_extension(folder: Path) -> Path:
    return table(folder, "regio_naam\nA\n", "regios.ods")


def text_named_xlsx(folder: Path) -> Path:
    return table(folder, "regio_naam;horizon\nA;5\n", "regios.xlsx")


def a_truncated_workbook(folder: Path) -> Path:
    (folder / "regios.xlsx").write_bytes(tool().data[:20_000])
    return folder / "regios.xlsx"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (no_such_file, "RK330"),
        (a_folder, "RK332"),
        (a_folder_with_a_table_name, "RK330"),
        (another_extension, "RK332"),
        (text_named_xlsx, "RK106"),
        (a_truncated_workbook, "RK111"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, make, code: str) -> None:  # type: ignore[no-untyped-def]
    regions = make(tmp_path)
    before = snapshot(tmp_path)
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.out, ran.finding["code"]) == (3, "", code)
    assert ran.finding["plaats"] == str(regions)
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("inside", [False, True])
def test_a_file_where_the_folder_should_be(tmp_path: Path, inside: bool) -> None:
    (tmp_path / "uit").write_bytes(b"een bestand")
    target = tmp_path / "uit" / "sub" if inside else tmp_path / "uit"
    regions = table(tmp_path, "regio_naam\nA\n")
    before = snapshot(tmp_path)
    for arguments in (("vul", regions, "--naar", target), ("voorbeeld", "--naar", target)):
        ran = run(*arguments)
        assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK644", str(target))
        assert ran.finding["gevonden"] == "de map kan niet worden gemaakt: er staat een bestand met die naam"
    assert snapshot(tmp_path) == before


def test_a_folder_name_that_is_too_long(tmp_path: Path) -> None:
    ran = run("vul", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / ("x" * 300))
    assert (ran.code, ran.finding["code"]) == (3, "RK644")
    assert ran.finding["gevonden"] == "de map kan niet worden gemaakt: de naam is te lang"


# A workbook in which somebody worked before, as template

FILLED_BEFORE = {("docent_tarief", "bol1"): 123.0, ("peildatum", None): 45901.0, ("loonwaarde", "bbl2"): 0.5}
COLUMNS = "regio_naam;docent_tarief;peildatum;horizon\n"
UNKNOWN = "ONBEKEND(B2)"


def hide_notes(xml: str) -> str:
    return xml.replace('name="Notities" sheetId="13" state="visible"', 'name="Notities" sheetId="13" state="hidden"')


def store_seven(xml: str) -> str:
    """A stored value in the cell that no engine here can compute."""
    return re.sub(rf"(<f>{re.escape(UNKNOWN)}</f>)<v ?/>", r"\1<v>7</v>", xml.replace("<v></v>", "<v/>"))


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with three inputs filled in, and a hidden sheet of its owner's: notes, a formula, a chart."""
    book = load_workbook(io.BytesIO(tool().data))
    notes = book.create_sheet("Notities")
    for row in (("Gesprek", "Punten"), ("maart", 3), ("april", 5)):
        notes.append(row)
    notes["A9"] = f"={UNKNOWN}"
    chart = BarChart()
    chart.add_data(Reference(notes, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    notes.add_chart(chart, "D2")
    buffer = io.BytesIO()
    book.save(buffer)
    cells = {tool().binding.address(*key): value for key, value in FILLED_BEFORE.items()}
    changes = {"xl/workbook.xml": hide_notes, "xl/worksheets/sheet13.xml": store_seven}
    data = patch_workbook(edited(buffer.getvalue(), changes), cells, {})
    path = tmp_path_factory.mktemp("sjabloon") / "mijn-rekentool.xlsx"
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def overwritten(worked: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, Path]:
    """That workbook filled for a region, its own inputs overwritten where the table has others."""
    folder = tmp_path_factory.mktemp("overschreven")
    regions = table(folder, COLUMNS + "Oost;99;1-8-2026;4\n")
    ran = run("vul", regions, "--naar", folder, "--sjabloon", worked, "--overschrijf-invoer")
    return ran, folder / "oost.xlsx"


def test_filled_inputs_are_not_overwritten(worked: Path, tmp_path: Path) -> None:
    """99 isn't 123, and 1-8-2026 is the default but not what somebody chose; loonwaarde isn't in the table."""
    regions = table(tmp_path, COLUMNS + "Oost;99;1-8-2026;4\n")
    ran = run("vul", regions, "--naar", tmp_path / "uit", "--sjabloon", worked)
    assert (ran.code, ran.codes) == (3, ["RK643", "RK643"])
    tariff, day = tool().binding.address("docent_tarief", "bol1"), tool().binding.address("peildatum")
    for cell, old, new in ((tariff, "€ 123,00", "€ 99,00"), (day, "01-09-2025", "01-08-2026")):
        assert f"{worked}: {cell}\n   gevonden: in deze cel is al {old} ingevuld; nieuw zou zijn: {new}\n" in ran.err
    assert "--overschrijf-invoer" in ran.err
    assert not (tmp_path / "uit").exists()


def test_asked_for_they_are(overwritten: tuple[Ran, Path]) -> None:
    ran, path = overwritten
    assert (ran.code, ran.out) == (0, f"{path}\n")
    workbook = read(path)
    found = {key: workbook.values[tool().binding.address(*key)] for key in FILLED_BEFORE}
    assert found == {("docent_tarief", "bol1"): 99.0, ("peildatum", None): 46235.0, ("loonwaarde", "bbl2"): 0.5}


def test_what_is_hidden_in_that_workbook_is_mentioned(overwritten: tuple[Ran, Path]) -> None:
    ran, _ = overwritten
    assert ran.codes == ["RK155", "RK522"]
    assert ran.err.splitlines()[0].endswith("mijn-rekentool.xlsx: Notities")


def test_what_can_not_be_computed_loses_its_value(overwritten: tuple[Ran, Path], worked: Path) -> None:
    """So Excel computes it when it opens the file, and nobody sees an old 7."""
    cell = Address("Notities", "A9")
    assert read(worked).values[cell] == 7.0
    ran, path = overwritten
    assert read(path).formulas[cell] == f"={UNKNOWN}"
    assert cell not in read(path).values
    assert b'fullCalcOnLoad="1"' in parts(path.read_bytes())["xl/workbook.xml"]
    assert "de eerste is Notities!A9: functie ONBEKEND" in ran.err


def test_notes_and_charts_of_that_workbook_survive(overwritten: tuple[Ran, Path], worked: Path) -> None:
    before, after = parts(worked.read_bytes()), parts(overwritten[1].read_bytes())
    assert list(before) == list(after)
    changed = {name for name in before if before[name] != after[name]}
    assert all(name.startswith("xl/worksheets/sheet") for name in changed - {"xl/workbook.xml"})
    assert len([name for name in before if name.startswith("xl/charts/")]) == 7
    notes = "xl/worksheets/sheet13.xml"
    assert b"<v>7</v>" in before[notes]
    assert after[notes].replace(b"</f></c>", b"</f><v>7</v></c>") == before[notes]


def test_results_in_that_workbook_are_those_of_the_same_inputs(overwritten: tuple[Ran, Path]) -> None:
    """The same inputs as a scenario of the shipped template: the owner's sheet makes no difference."""
    opened: Tool = tool()
    inputs = {("regio_naam", None): "Oost", ("horizon", None): 4.0, ("loonwaarde", "bbl2"): 0.5}
    scenario = {opened.binding.address(*key): value for key, value in inputs.items()}
    scenario |= {opened.binding.address("docent_tarief", case): 99.0 for case in opened.mapping.cases}
    expected = opened.model.compute([scenario])[0].values
    workbook = read(overwritten[1])
    assert {address: workbook.values[address] for address in expected} == expected


def test_another_workbook_as_template_is_refused_in_one_message(tmp_path: Path) -> None:
    other = tmp_path / "ander.xlsx"
    run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", other)
    ran = run("vul", tmp_path / "regios.csv", "--naar", tmp_path / "uit", "--sjabloon", other)
    assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK503", str(other))
    assert not (tmp_path / "uit").exists()


def test_filled_workbook_is_a_sound_zip(folder: Path) -> None:
    for name in FILES:
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None


def test_the_date_in_the_file_is_the_one_of_the_table(folder: Path) -> None:
    """As another reader sees it: a date, not a number."""
    cell = tool().binding.address("peildatum")
    book = load_workbook(folder / "voorbeeldregio-west.xlsx", read_only=True)
    assert f"{book[cell.sheet][cell.cell].value:%d-%m-%Y}" == "01-09-2025"
    book.close()
    assert Address("Invoer", cell.cell) == cell
