"""Receipts: what stands in them, that they are sound, and that nobody's folders or names come along."""

from __future__ import annotations

import csv
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import ROOT
from ingreep import example
from opdracht import run, snapshot, table
from rekentool_werkboek import kengetal_rows, tool

from rekentool.jobs.receipt import Inputs, parse_receipt, plain, read_receipt, receipt_path
from rekentool.jobs.reference import read_reference
from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLE_REGIONS, EXAMPLES, REFERENCES
from rekentool.xlsx.cell import ExcelError
from rekentool.xlsx.patch import patch_workbook

SCHEMA = json.loads((ROOT / "mappings" / "schema" / "bewijs.schema.json").read_text(encoding="utf-8"))
NAMES = ("noord", "oost", "zuid", "west")
BOOKS = [EXAMPLES / f"voorbeeldregio-{name}.xlsx" for name in NAMES]
WHEN = "1767225600"  # 2026-01-01 00:00:00 UTC


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def content(result: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((result.parent / f"{result.name}.bewijs.json").read_text(encoding="utf-8"))
    return found


def checksum(found: dict[str, Any]) -> str:
    """As the schema describes it."""
    rest = {key: value for key, value in found.items() if key != "controlegetal"}
    text = json.dumps(rest, ensure_ascii=False, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of vul, reken, lees and ververs in one folder."""
    folder = tmp_path_factory.mktemp("geheime-map")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", WHEN)
        assert run("vul", EXAMPLE_REGIONS, "--naar", folder / "uit", "--zip", folder / "alles.zip").code == 0
        assert run("reken", EXAMPLE_REGIONS, "--naar", folder / "reken.csv").code == 0
        assert run("lees", *BOOKS, "--naar", folder / "lees.xlsx", "--regels", "alle").code == 0
        horizon = tool().binding.address("horizon")
        (folder / "werk.xlsx").write_bytes(patch_workbook(example("zuid"), {horizon: 4.0}))
        assert run("ververs", folder / "werk.xlsx").code == 0
    return folder


RESULTS = ("uit/voorbeeldregio-west.xlsx", "uit/index.xlsx", "alles.zip", "reken.csv", "lees.xlsx", "werk.xlsx")


@pytest.mark.parametrize("name", RESULTS)
def test_receipt_is_what_the_schema_says(made: Path, name: str) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert list(validator.iter_errors(content(made / name))) == []
    assert content(made / name)["controlegetal"] == checksum(content(made / name))


@pytest.mark.parametrize("name", RESULTS)
def test_receipt_names_result_template_and_mapping_by_their_bytes(made: Path, name: str) -> None:
    found, result = content(made / name), made / name
    assert found["resultaat"] == {"bestand": result.name, "sha256": sha(result), "bytes": result.stat().st_size}
    template, mapping = ROOT / "workbooks" / "rekentool.xlsx", ROOT / "mappings" / "rekentool.yaml"
    assert (found["sjabloon"]["bestand"], found["sjabloon"]["sha256"]) == (template.name, sha(template))
    assert found["sjabloon"]["vingerafdruk"] in mapping.read_text(encoding="utf-8")
    assert (found["mapping"]["bestand"], found["mapping"]["sha256"]) == (mapping.name, sha(mapping))
    assert found["gemaakt_op"] == "2026-01-01T00:00:00Z"


def test_sources_are_the_files_that_were_read(made: Path) -> None:
    regions = {"bestand": "regios.csv", "sha256": sha(EXAMPLE_REGIONS), "bytes": EXAMPLE_REGIONS.stat().st_size}
    for name in ("uit/voorbeeldregio-noord.xlsx", "uit/index.xlsx", "reken.csv"):
        assert content(made / name)["bronnen"] == [regions]
    assert [one["sha256"] for one in content(made / "lees.xlsx")["bronnen"]] == [sha(path) for path in BOOKS]
    (before,) = content(made / "werk.xlsx")["bronnen"]
    assert before["bestand"] == "werk.xlsx"
    assert before["sha256"] != sha(made / "werk.xlsx")


def test_kinds_and_commands(made: Path) -> None:
    found = [(content(made / name)["soort"], content(made / name)["opdracht"]) for name in RESULTS]
    assert found == [("werkboek", "vul"), ("index", "vul"), ("zip", "vul"), ("tabel", "reken"), ("tabel", "lees"),
                     ("werkboek", "ververs")]  # fmt: skip
    assert content(made / "lees.xlsx")["opties"] == {"regels": "alle"}


def test_inputs_are_those_of_the_row_and_the_templates(made: Path) -> None:
    """Typed over from workbooks/voorbeelden/regios.csv and the mapping."""
    (west,) = content(made / "uit" / "voorbeeldregio-west.xlsx")["regios"]
    assert (west["regio"], west["peildatum"]) == ("Voorbeeldregio West", "2025-09-01")
    given = {
        "peildatum": "2025-09-01", "aantal_studenten.bbl2": 16, "horizon": 4, "leeftijd_27_plus": 0.2,
        "werkgeverschap.bbl1": "SW-bedrijf met detachering",
    }  # fmt: skip
    assert {name: west["ingevuld"].get(name) for name in given} == given
    assert west["overig"]["aantal_studenten.bol1"] == 12
    assert west["overig"]["eigen_wml_uur"] is None
    assert not west["ingevuld"].keys() & west["overig"].keys()
    assert len(west["ingevuld"]) + len(west["overig"]) == len(tool().binding.inputs)


def test_one_region_has_one_input_hash_in_every_receipt(made: Path) -> None:
    """A row that is filled, computed and read again is the same input."""
    filled = [content(made / "uit" / path.name)["invoer_sha256"] for path in BOOKS]
    assert len(set(filled)) == 4
    assert [one["invoer_sha256"] for one in content(made / "reken.csv")["regios"]] == filled
    assert [one["invoer_sha256"] for one in content(made / "lees.xlsx")["regios"]] == filled
    together = hashlib.sha256("".join(f"{one}\n" for one in filled).encode()).hexdigest()
    for name in ("reken.csv", "lees.xlsx", "uit/index.xlsx", "alles.zip"):
        assert (content(made / name)["regios_aantal"], content(made / name)["invoer_sha256"]) == (4, together)


def test_headline_results_are_those_of_libreoffice(made: Path) -> None:
    reference = {str(address): value for address, value in
                 read_reference(REFERENCES / "voorbeeldregio-west.xlsx").values.items()}  # fmt: skip
    for name in ("uit/voorbeeldregio-west.xlsx", "reken.csv", "lees.xlsx"):
        rows = [row for row in content(made / name)["uitkomsten"] if row["regio"] == "Voorbeeldregio West"]
        assert len(rows) == 28  # four cases, six parties and the whole
        assert {row["regel"] for row in rows} == {"saldo"}
        assert {row["jaar"] for row in rows} == {"totaal"}
        assert [row["waarde"] for row in rows] == pytest.approx([reference[row["cel"]] for row in rows], abs=0.005)


def test_counts_of_cells(made: Path) -> None:
    cells = len(tool().workbook.formula_cells)
    whole = {"berekend": cells, "waarvan_fout": 0, "niet_berekend": 0}
    assert content(made / "uit" / "voorbeeldregio-noord.xlsx")["cellen"] == whole
    assert content(made / "uit" / "index.xlsx")["cellen"] == {**whole, "berekend": 4 * cells}
    assert content(made / "reken.csv")["cellen"] == {**whole, "berekend": 784}


# Kengetallen


def uses(made: Path, name: str) -> dict[str, dict[str, Any]]:
    return {one["kengetal"]: one for one in content(made / name)["kengetallen"]}


def test_a_kengetal_is_the_row_of_the_csv_on_the_peildatum(made: Path) -> None:
    rows = [row for row in kengetal_rows() if row["id"] == "wml_uur" and row["geldig_vanaf"] <= "2025-09-01"]
    row = max(rows, key=lambda row: row["geldig_vanaf"])
    assert uses(made, "uit/voorbeeldregio-west.xlsx")["wml_uur"] == {
        "kengetal": "wml_uur",
        "label": "Wettelijk minimumloon per uur, 21 jaar en ouder",
        "waarde": float(row["waarde"]),
        "eenheid": "euro per uur",  # as the mapping has it
        "herkomst": "landelijk",
        "peildatum": "2025-09-01",
        "geldig_vanaf": row["geldig_vanaf"],
        "bron": row["bron"],
        "url": row["url"] or None,
        "betrouwbaarheid": row["betrouwbaarheid"],
        "regios": 1,
    }
    assert float(row["waarde"]) == 14.4


def test_a_table_has_each_use_once_with_its_regions(made: Path) -> None:
    for name in ("reken.csv", "lees.xlsx", "uit/index.xlsx"):
        found = [one for one in content(made / name)["kengetallen"] if one["kengetal"] == "wml_uur"]
        counts = {(one["peildatum"], one["waarde"]): one["regios"] for one in found}
        assert counts == {("2025-09-01", 14.4): 1, ("2026-08-01", 14.99): 3}


def test_own_and_unknown_values_say_so(tmp_path: Path) -> None:
    """On 1-9-2022 the cursusgeld isn't known (manual, chapter 4); an own value of the minimum wage is the user's."""
    regions = table(tmp_path, "regio_naam;peildatum;eigen_wml_uur\nA;1-9-2022;15,5\n")
    assert run("vul", regions, "--naar", tmp_path / "uit").code == 0
    found = uses(tmp_path, "uit/a.xlsx")
    own, unknown = found["wml_uur"], [one for one in found.values() if one["herkomst"] == "onbekend op peildatum"]
    assert (own["waarde"], own["herkomst"], own["bron"]) == (15.5, "eigen waarde", "opgave van de gebruiker")
    assert (own["geldig_vanaf"], own["betrouwbaarheid"]) == (None, "eigen opgave")
    assert len(unknown) == 2
    assert all((one["waarde"], one["bron"]) == ("niet te berekenen", None) for one in unknown)
    assert content(tmp_path / "uit" / "a.xlsx")["bevindingen"]["codes"]["RK523"] == 1


def test_a_value_that_is_not_the_mappings_has_no_source(tmp_path: Path) -> None:
    """In a workbook whose own table of tariffs says otherwise nobody here knows where a figure comes from."""
    changed = {cell: 99.0 for cell, value in tool().workbook.values.items()
               if value == 14.99 and cell not in tool().workbook.formula_cells}  # fmt: skip
    assert changed
    path = tmp_path / "eigen-tarief.xlsx"
    path.write_bytes(patch_workbook(example("noord"), changed))
    run("ververs", path)
    found = uses(tmp_path, path.name)["wml_uur"]
    assert (found["waarde"], found["herkomst"], found["bron"]) == (99.0, "niet vastgesteld", None)


# What doesn't belong in it


@pytest.mark.parametrize("name", RESULTS)
def test_no_folder_is_named(made: Path, name: str) -> None:
    text = (made / f"{name}.bewijs.json").read_text(encoding="utf-8")
    assert "geheime-map" not in text
    assert str(ROOT) not in text


def test_same_run_same_bytes(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", WHEN)
    run("vul", EXAMPLE_REGIONS, "--naar", tmp_path / "elders" / "uit")
    first = {name: data for name, (data, _) in snapshot(made / "uit").items()}
    assert {name: data for name, (data, _) in snapshot(tmp_path / "elders" / "uit").items()} == first


def test_without_an_epoch_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / "uit.csv")
    assert content(tmp_path / "uit.csv")["gemaakt_op"] > "2026-11"


@pytest.mark.parametrize("wrong", ["morgen", "", "1e9", "9" * 30])
def test_an_epoch_that_is_no_number_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
    ran = run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / "uit.csv")
    assert (ran.code, ran.finding["code"]) == (2, "RK734")
    assert [path.name for path in tmp_path.iterdir()] == ["regios.csv"]


def test_json_output_names_the_receipts(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam\nA\nB\n")
    filled = run("vul", regions, "--naar", tmp_path / "uit", "--json").json
    receipts = [file["bewijs"] for file in filled["bestanden"]]
    assert receipts == [str(tmp_path / "uit" / f"{name}.xlsx.bewijs.json") for name in "ab"]
    assert (filled["index"], filled["pagina"]) == (str(tmp_path / "uit" / "index.xlsx"),
                                                  str(tmp_path / "uit" / "bewijs.html"))  # fmt: skip
    computed = run("reken", regions, "--naar", tmp_path / "t.csv", "--json").json
    assert computed["bewijs"] == str(tmp_path / "t.csv.bewijs.json")
    read = run("lees", tmp_path / "uit" / "a.xlsx", "--naar", tmp_path / "l.csv", "--json").json
    assert read["bewijs"] == str(tmp_path / "l.csv.bewijs.json")
    assert all(Path(path).is_file() for path in (*receipts, filled["index"], filled["pagina"], computed["bewijs"]))
    fresh = run("ververs", tmp_path / "uit" / "a.xlsx", "--json").json
    assert fresh["bestanden"][0]["bewijs"] is None  # nothing was written


# What is there already


@pytest.mark.parametrize("taken", ["uit.csv.bewijs.json", "uit.csv.bewijs.html"])
def test_what_stands_in_a_receipts_place_is_refused_before_anything_is_made(tmp_path: Path, taken: str) -> None:
    regions = table(tmp_path, "regio_naam\nA\n")
    (tmp_path / taken).write_text("van iemand", encoding="utf-8")
    before = snapshot(tmp_path)
    for command in (("reken", regions), ("lees", BOOKS[0])):
        ran = run(*command, "--naar", tmp_path / "uit.csv")
        assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK630", str(tmp_path / taken))
        assert snapshot(tmp_path) == before
    assert run("reken", regions, "--naar", tmp_path / "uit.csv", "--overschrijf").code == 0
    assert content(tmp_path / "uit.csv")["resultaat"]["sha256"] == sha(tmp_path / "uit.csv")


# Reading one


def receipt(tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    run("reken", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / "uit.csv", "--overschrijf")
    return receipt_path(tmp_path / "uit.csv"), content(tmp_path / "uit.csv")


def code_of(data: bytes) -> str:
    with pytest.raises(RekentoolError) as caught:
        parse_receipt(data, Path("x.csv.bewijs.json"))
    (found,) = caught.value.findings
    return found.code


def test_a_sound_receipt_is_read_whatever_its_spacing(tmp_path: Path) -> None:
    path, found = receipt(tmp_path)
    again = parse_receipt(json.dumps(found, indent=4).encode(), path)
    assert again == read_receipt(tmp_path / "uit.csv")
    assert again.command == "reken"
    assert (again.result.name, again.result.sha256) == ("uit.csv", sha(tmp_path / "uit.csv"))


def test_every_change_of_a_value_is_seen(tmp_path: Path) -> None:
    _, found = receipt(tmp_path)
    for key in found:
        other = {**found, key: "iets anders" if key != "formaat" else 1.0}
        assert code_of(json.dumps(other).encode()) == "RK731", key
        without = {name: value for name, value in found.items() if name != key}
        assert code_of(json.dumps(without).encode()) == ("RK730" if key == "formaat" else "RK731"), key


@pytest.mark.parametrize(
    "data",
    [b"", b"geen json", b"[]", b"null", b"{}", b'{"formaat": 2}', b"\xff\xfe{}", b'{"formaat": NaN}', b"[" * 100_000,
     b'{"formaat": true}'],
)  # fmt: skip
def test_what_is_no_receipt_is_refused(data: bytes) -> None:
    assert code_of(data) in ("RK730", "RK731")


def test_a_receipt_with_a_good_hash_and_wrong_parts_is_refused(tmp_path: Path) -> None:
    """Whoever makes one by hand can compute its hash: what is in it is looked at all the same."""
    _, found = receipt(tmp_path)
    parts = {
        "resultaat": [{}, None, {"bestand": 1, "sha256": "", "bytes": 1}], "regios": [{}, [1], [{}], [{"regio": None}]],
        "kengetallen": [[{}], ["x"]], "uitkomsten": [[{"regio": "A"}], 5], "cellen": [{}, {"berekend": "1"}],
        "mapping": ["x", {}], "sjabloon": [{}], "versies": [[]], "bronnen": [[[]], {}], "gemaakt_op": [5],
        "soort": [None], "controles": [[{"controle": "x"}]], "bevindingen": [{"fout": 0}],
    }  # fmt: skip
    for key, values in parts.items():
        for value in values:
            other = {**found, key: value}
            other["controlegetal"] = checksum(other)
            assert code_of(json.dumps(other).encode()) == "RK730", (key, value)


def test_a_receipt_that_can_not_be_opened(tmp_path: Path) -> None:
    result = tmp_path / "uit.csv"
    receipt_path(result).mkdir()
    with pytest.raises(RekentoolError) as caught:
        read_receipt(result)
    assert [found.code for found in caught.value.findings] == ["RK730"]
    assert read_receipt(tmp_path / "anders.csv") is None


def test_text_that_looks_like_json_stays_text(tmp_path: Path) -> None:
    name = 'a":[{"b"},{"c'
    regions = table(tmp_path, 'regio_naam\n"{}"\n'.format(name.replace('"', '""')))
    assert run("reken", regions, "--naar", tmp_path / "uit.csv").code == 0
    assert content(tmp_path / "uit.csv")["regios"][0]["regio"] == name
    assert read_receipt(tmp_path / "uit.csv") is not None


def test_odd_file_names_are_no_problem(tmp_path: Path) -> None:
    """Linux allows names that aren't text."""
    regions = table(tmp_path, "regio_naam\nA\n", "regio\udce9s.csv")
    assert run("reken", regions, "--naar", tmp_path / "uit.csv").code == 0
    assert content(tmp_path / "uit.csv")["bronnen"][0]["bestand"] == "regio\\udce9s.csv"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("horizon", 5.0, 5), ("horizon", None, None), ("horizon", "", None), ("horizon", True, True),
        ("discontovoet", 0.025, 0.025), ("regio_naam", "5", "5"), ("peildatum", 46235.0, "2026-08-01"),
        ("peildatum", 46235.5, 46235.5), ("peildatum", -3.0, -3), ("peildatum", 9e9, 9_000_000_000),
        ("peildatum", "morgen", "morgen"), ("horizon", ExcelError("#N/A"), {"fout": "#N/A"}), ("horizon", -0.0, 0),
    ],
)  # fmt: skip
def test_values_in_json(name: str, value: Any, expected: Any) -> None:
    found = plain(tool().mapping.field(name), value)
    assert (found, type(found)) == (expected, type(expected))


def test_inputs_by_the_name_of_their_column() -> None:
    names = set(Inputs(tool()).template)
    with EXAMPLE_REGIONS.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file, delimiter=";"))
    assert {"regio_naam", "aantal_studenten.bbl2", "eigen_wml_uur"} <= names
    assert {column for column in columns if "." in column} <= names


# The page


class Seen(HTMLParser):
    """The elements, attributes and text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def seen(path: Path) -> Seen:
    parser = Seen()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    assert parser.open == []
    return parser


PAGES = ("uit/bewijs.html", "reken.csv.bewijs.html", "lees.xlsx.bewijs.html", "werk.xlsx.bewijs.html")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_complete_and_needs_nothing_else(made: Path, name: str) -> None:
    page = seen(made / name)
    assert set(page.tags) <= {"html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "table", "thead",
                              "tbody", "tr", "th", "td", "code", "br", "span", "a"}  # fmt: skip
    assert {name for name, _ in page.attributes} <= {"lang", "charset", "name", "content", "class", "href", "rel",
                                                      "http-equiv"}  # fmt: skip
    assert all(value.startswith("https://") for name, value in page.attributes if name == "href" and value)
    for words in ("Bewijs van", "Wettelijk minimumloon per uur", "€ 14,99", "Stcrt. 2026, 16505", "01-08-2026",
                  "landelijk", "rekentool.xlsx", "sha256", "numpy", "01-01-2026 00:00:00"):  # fmt: skip
        assert words in page.text, words


def test_the_page_of_a_folder_covers_every_workbook(made: Path) -> None:
    page = seen(made / "uit" / "bewijs.html").text
    for path in BOOKS:
        assert path.name in page
        assert sha(made / "uit" / path.name) in page
    west = content(made / "uit" / "voorbeeldregio-west.xlsx")["uitkomsten"]
    (amount,) = (row["waarde"] for row in west if (row["geval"], row["partij"]) == ("bol1", "mbo_school"))
    assert f"{round(amount):,}".replace(",", ".") in page


def test_text_of_a_user_is_text_on_the_page(tmp_path: Path) -> None:
    name = """<script>alert("x")</script> & 'b' <img src=x onerror=y>"""
    cell = name.replace('"', '""')
    regions = table(tmp_path, f'regio_naam;mbo_school\n"{cell}";"</td><b>vet"\n')
    assert run("vul", regions, "--naar", tmp_path / "uit").code == 0
    assert run("reken", regions, "--naar", tmp_path / "<b>.csv").code == 0
    page = seen(tmp_path / "uit" / "bewijs.html")
    assert name in page.text
    assert "</td><b>vet" in page.text
    assert not {"script", "img", "b"} & set(page.tags)
    assert not {"script", "img", "b"} & set(seen(tmp_path / "<b>.csv.bewijs.html").tags)
