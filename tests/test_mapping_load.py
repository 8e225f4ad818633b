"""The mapping file: what a good one becomes, and one fixture per fault."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from mapping_faults import FAULTS
from mapping_files import CSV, YAML, edited, write_mapping

from rekentool.mapping.document import Faults, read_document
from rekentool.mapping.load import SHAPES, load_mapping
from rekentool.mapping.schema import KINDS, Mapping
from rekentool.messages import Finding, RekentoolError

SCHEMA = json.loads((ROOT / "mappings/schema/mapping.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    return load_mapping(write_mapping(tmp_path))


def faults(path: Path) -> list[Finding]:
    with pytest.raises(RekentoolError) as caught:
        load_mapping(path)
    return list(caught.value.findings)


# -- a good mapping ---------------------------------------------------------------------------------------------------


def test_the_workbook_and_its_words(mapping: Mapping, tmp_path: Path) -> None:
    assert mapping.workbook.id == "klein"
    assert mapping.workbook.version == "1.0"
    assert mapping.workbook.file == tmp_path / "klein.xlsx"
    assert (mapping.workbook.region_field, mapping.workbook.date_field) == ("regio_naam", "peildatum")
    assert mapping.cases == {"bol1": "Bol niveau 1", "bbl1": "Bbl niveau 1"}
    assert list(mapping.parties) == ["gemeente", "rijk"]


def test_fields_get_their_names_from_the_patterns(mapping: Mapping) -> None:
    assert {field.id: field.targets for field in mapping.fields} == {
        "regio_naam": ((None, "in_regio_naam"),),
        "aantal_studenten": (("bol1", "in_aantal_studenten_bol1"), ("bbl1", "in_aantal_studenten_bbl1")),
        "uitval": (("bol1", "in_uitval_bol1"), ("bbl1", "in_uitval_bbl1")),
        "peildatum": ((None, "in_peildatum"),),
        "werkgeverschap": (("bbl1", "Invoer!E9"),),
        "lkv": ((None, "Invoer!C10"),),
        "tarief": ((None, "tarief_tarief"),),
        "eigen_wml_uur": ((None, "in_eigen_wml_uur"),),
        "eigen_jeugdpct": ((None, "in_eigen_jeugdpct"),),
    }


def test_defaults_and_bounds_are_typed(mapping: Mapping) -> None:
    students = mapping.field("aantal_studenten")
    assert [students.default(case) for case in students.cases] == [12, 8]
    assert (students.minimum, students.maximum) == (0, 500)
    assert mapping.field("uitval").defaults == {"bol1": 0.15, "bbl1": 0.15}
    assert mapping.field("peildatum").default() == date(2026, 8, 1)
    assert mapping.field("peildatum").minimum == date(2019, 7, 1)
    assert mapping.field("lkv").default() == "Nee"
    assert mapping.field("lkv").choices == ("Ja", "Nee")
    assert mapping.field("regio_naam").default() is None


def test_a_field_is_required_unless_a_blank_has_a_meaning(mapping: Mapping) -> None:
    assert mapping.field("uitval").required
    assert not mapping.field("tarief").required
    assert mapping.field("tarief").blank_meaning == "het landelijke tarief"


def test_an_unknown_field_is_a_key_error(mapping: Mapping) -> None:
    for look_up in (mapping.field, mapping.kengetal):
        with pytest.raises(KeyError):
            look_up("bestaat_niet")


def test_kengetallen_have_dated_values_with_percents_as_fractions(mapping: Mapping) -> None:
    wml = mapping.kengetal("wml_uur")
    assert [(row.valid_from, row.value) for row in wml.values] == [
        (date(2026, 1, 1), 14.71), (date(2026, 7, 1), 14.99), (date(2027, 1, 1), None),
    ]
    assert mapping.kengetal("jeugdpct").values[0].value == 0.615
    assert mapping.kengetal("jeugdpct").rarely_changed
    assert mapping.kengetal("wml_maand").unit == "EUR/maand"  # the CSV's, where the mapping names none
    assert mapping.kengetal("wml_maand").values[0].source == "Stcrt., 2025"


@pytest.mark.parametrize(("day", "value"), [
    (date(2026, 6, 30), 14.71), (date(2026, 7, 1), 14.99), (date(2026, 12, 31), 14.99), (date(2027, 6, 1), None),
])
def test_the_newest_row_counts_and_an_unknown_one_ends_the_older(
    mapping: Mapping, day: date, value: float | None
) -> None:
    row = mapping.kengetal("wml_uur").at(day)
    assert row is not None
    assert row.value == value
    assert mapping.kengetal("wml_uur").at(date(2025, 12, 31)) is None


def test_only_a_used_kengetal_has_a_field_for_an_own_value(mapping: Mapping) -> None:
    own = mapping.field("eigen_wml_uur")
    assert (own.label, own.kind, own.maximum, own.own_of) == ("Minimumloon", "bedrag", 500, "wml_uur")
    assert not own.required
    assert mapping.kengetal("wml_maand").own is None


def test_results_are_the_product_of_their_axes(mapping: Mapping) -> None:
    totals, lines = mapping.results
    assert [block.target for block in totals.ranges] == [
        "uit_gemeente_saldo_bol1", "uit_gemeente_jaren_bol1",
        "uit_maatschappelijk_saldo_bol1", "uit_maatschappelijk_jaren_bol1",
        "uit_gemeente_saldo_bbl1", "uit_gemeente_jaren_bbl1",
        "uit_maatschappelijk_saldo_bbl1", "uit_maatschappelijk_jaren_bbl1",
    ]
    assert totals.ranges[1].shared == {"geval": "bol1", "partij": "gemeente", "regel": "jaren", "jaar": "totaal"}
    assert totals.units == {"saldo": "euro", "jaren": "jaar"}
    assert (totals.output, lines.output) == ("altijd", "alle")
    assert [(block.target, block.label) for block in lines.ranges][1] == ("uit_rijk_premies_bol1_per_jaar", "Premies")
    assert lines.columns is not None
    assert lines.columns.members == ("1", "2", "totaal")


def test_checks(mapping: Mapping) -> None:
    (check,) = mapping.checks
    assert (check.id, check.target, check.expected) == ("eindoordeel", "controle_eindoordeel", "OK")


def test_a_mapping_can_go_to_another_process(mapping: Mapping) -> None:
    assert pickle.loads(pickle.dumps(mapping)) == mapping


def test_words_that_yaml_1_1_takes_for_something_else_stay_text(tmp_path: Path) -> None:
    choices = "[Ja, Nee, yes, no, on, 1_0, 010, 1:30, 1e3, 2026-01-01]"
    text = edited("keuzes: [SW-bedrijf, Reguliere werkgever]", f"keuzes: {choices}")
    text = edited("    standaard: SW-bedrijf\n", "    standaard: no\n", text)
    field = load_mapping(write_mapping(tmp_path, text)).field("werkgeverschap")
    assert field.choices == ("Ja", "Nee", "yes", "no", "on", "1_0", "010", "1:30", "1e3", "2026-01-01")
    assert field.default("bbl1") == "no"


def test_the_smallest_mapping(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(
        "formaat: 1\nwerkboek: {id: w, titel: W}\ngroepen: {g: G}\n"
        "velden: {x: {groep: g, label: X, soort: getal, cel: Blad1!A1}}\n", encoding="utf-8-sig")
    mapping = load_mapping(path)
    assert mapping.field("x").targets == ((None, "Blad1!A1"),)
    assert (mapping.workbook.file, mapping.results, mapping.kengetallen) == (None, (), ())


def test_the_rekentools_own_mapping_loads_and_fits_the_schema() -> None:
    path = ROOT / "mappings/rekentool.yaml"
    assert list(load_mapping(path).cases) == ["bol1", "bol2", "bbl1", "bbl2"]
    assert list(VALIDATOR.iter_errors(plain(path))) == []


# -- one fault per fixture --------------------------------------------------------------------------------------------

NAMED = {fault.name: fault for fault in FAULTS}


def fixture_text(name: str) -> str:
    return edited(NAMED[name].old, NAMED[name].new)


@pytest.mark.parametrize("name", NAMED)
def test_a_fault_is_refused_with_its_code_and_path(name: str, tmp_path: Path) -> None:
    code, place = NAMED[name].code, NAMED[name].place
    path = write_mapping(tmp_path, fixture_text(name))
    found = [finding for finding in faults(path) if finding.code == code and finding.place.startswith(place)]
    assert found, [(finding.code, finding.place) for finding in faults(path)]
    assert found[0].file == str(path if code != "RK201" else tmp_path / "kengetal.csv")
    assert found[0].remedy.endswith(".")


@pytest.mark.parametrize("name", NAMED)
def test_the_schema_and_the_loader_agree(name: str, tmp_path: Path) -> None:
    """What the JSON Schema refuses, the loader refuses (above); and the table says which faults the schema can see."""
    errors = list(VALIDATOR.iter_errors(plain(write_mapping(tmp_path, fixture_text(name)))))
    assert bool(errors) == NAMED[name].in_schema, [error.message for error in errors]


def test_a_good_mapping_fits_the_schema(tmp_path: Path) -> None:
    assert list(VALIDATOR.iter_errors(plain(write_mapping(tmp_path)))) == []


def test_all_faults_come_at_once_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = YAML
    for name in ("another format", "min above max", "unknown kind", "unknown party in lines"):
        text = edited(NAMED[name].old, NAMED[name].new, text)
    assert [(found.code, found.place) for found in faults(write_mapping(tmp_path, text, CSV + "onzin\n"))] == [
        ("RK246", "$.formaat (regel 1)"),
        ("RK212", "$.velden.aantal_studenten.max (regel 27)"),
        ("RK211", "$.velden.peildatum.soort (regel 41)"),
        ("RK211", "$.resultaten.regels.regels.rik (regel 82)"),
        ("RK245", "rij 7"),
        ("RK224", "rij 7, kolom id"),
    ]


@pytest.mark.parametrize(("name", "hint"), [
    ("unknown field key", "eenheid"), ("unknown group", "algemeen"), ("unknown placeholder in names", "veld"),
    ("unknown party in cross", "gemeente"), ("unknown region field", "regio_naam"),
    ("kengetal without rows", "wml_maand"),
])
def test_a_mistyped_word_gets_the_nearest_one(name: str, hint: str, tmp_path: Path) -> None:
    found = faults(write_mapping(tmp_path, fixture_text(name)))
    assert found[0].remedy.endswith(f'Bedoeld is waarschijnlijk "{hint}".')


def test_a_result_with_absurd_axes_is_refused_before_it_is_built(tmp_path: Path) -> None:
    many = ", ".join(f"r{number}" for number in range(1_001))
    years = ", ".join(str(number) for number in range(1, 201))
    text = edited("kolommen: {jaar: [1, 2, totaal]}", f"kolommen: {{jaar: [{years}]}}")
    text = edited("rijk: {premies: Premies}", f"rijk: {{{many.replace(',', ': R,')}: R}}", text)
    (found,) = faults(write_mapping(tmp_path, text))
    assert found.code == "RK238"
    assert found.found == "een resultaat van 400800 cellen"  # 2 cases × 1 002 lines × 200 years


# -- the document -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code", "place"), [
    ("a: &x 1\n", "RK206", "regel 1"),
    ("a: 1\nb: *x\n", "RK206", "regel 2"),
    ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "RK206", "regel 1"),  # the billion laughs
    ("a: !!python/object/apply:os.system ['true']\n", "RK206", "regel 1"),
    ("a: !!binary aGk=\n", "RK206", "regel 1"),
    ("a: {<<: {b: 1}}\n", "RK206", "regel 1"),
    ("? [a, b]\n: 1\n", "RK206", "regel 1"),
    ("a: 1\n---\nb: 2\n", "RK206", "regel 3"),
    ("a: " + "[" * 5_000 + "\n", "RK206", "regel 1"),
    ("a: [1, 2\nb: 3\n", "RK204", "regel 2, kolom "),
    ("a:\n\t- b\n", "RK204", "regel 2, kolom "),
    ("a: b: c\n", "RK204", "regel 1, kolom "),
    ("", "RK204", ""),
    ("# alleen een opmerking\n", "RK204", ""),
])
def test_a_file_that_leaves_no_tree_is_refused(text: str, code: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    (found,) = faults(path)
    assert (found.code, found.file) == (code, str(path))
    assert found.place.rstrip("0123456789") == place.rstrip("0123456789")  # the column is the parser's business


def test_a_lone_surrogate_is_refused_by_the_parser_or_by_us(tmp_path: Path) -> None:
    text = edited("    label: Peildatum\n", '    label: "Peil\\ud800"\n')
    assert {found.code for found in faults(write_mapping(tmp_path, text))} <= {"RK204", "RK227"}


@pytest.mark.parametrize(("data", "code"), [
    (b"titel: caf\xe9\n", "RK203"),
    (b"\xff\xfea\0:\0", "RK203"),
    (b"a: \x00\n", "RK204"),
    (b"a" * 2_000_001, "RK202"),
])
def test_bytes_that_are_no_mapping_are_refused(data: bytes, code: str, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_bytes(data)
    assert [found.code for found in faults(path)] == [code]


@pytest.mark.parametrize("text", ["[1, 2]\n", "tekst\n", "12\n"])
def test_a_document_that_is_no_block_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    assert [found.code for found in faults(path)] == ["RK209"]


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert [found.code for found in faults(tmp_path / "geen.yaml")] == ["RK201"]
    assert [found.code for found in faults(tmp_path)] == ["RK201"]


@pytest.mark.parametrize(("text", "value"), [
    ("12", 12), ("-3", -3), ("+5", 5), ("0", 0), ("0.15", 0.15), (".5", 0.5), ("-.5", -0.5),
    ("true", True), ("False", False), ("~", None), ("null", None), ("", None),
    ("ja", "ja"), ("Nee", "Nee"), ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("y", "y"),
    ("010", "010"), ("0o10", "0o10"), ("0x1F", "0x1F"), ("1_000", "1_000"), ("1:30", "1:30"), ("1e3", "1e3"),
    (".inf", ".inf"), (".nan", ".nan"), ("5.", "5."), ("2026-08-01", "2026-08-01"), ("9" * 30, "9" * 30),
    ("'12'", "12"), ('"true"', "true"), ("=", "="),
])
def test_what_a_word_in_the_file_means(text: str, value: object, tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(f"a: {text}\n", encoding="utf-8")
    found = plain(path)["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("path", ["klein.yaml", ROOT / "mappings/rekentool.yaml"])
def test_pyyamls_own_parser_gives_the_same_as_libyaml(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not every PyYAML is built with libyaml."""
    write_mapping(tmp_path)
    fast = load_mapping(tmp_path / path)
    monkeypatch.setattr("rekentool.mapping.document._LOADER", yaml.SafeLoader)
    assert load_mapping(tmp_path / path) == fast


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.data())
def test_a_damaged_mapping_is_a_finding_or_a_mapping(tmp_path: Path, data: st.DataObject) -> None:
    lines = YAML.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from([
            "", lines[at] * 2, lines[at].replace(":", ": [", 1), lines[at].split(":")[0] + ": 7\n",
            lines[at].split(":")[0] + ":\n", lines[at].split(":")[0] + ": {a: {b: c}}\n", "    " + lines[at],
        ]))
    try:
        load_mapping(write_mapping(tmp_path, "".join(lines)))
    except RekentoolError as error:
        assert all(found.code.startswith("RK2") for found in error.findings)


# -- the CSV of kengetallen -------------------------------------------------------------------------------------------

ROW = "wml_maand,Maandloon,EUR/maand,2026-01-01,2294.4,"


@pytest.mark.parametrize(("old", "new", "code", "place"), [
    ("id,omschrijving", "id;omschrijving", "RK220", "rij 1"),
    ("opmerking\n", "opmerking,extra\n", "RK220", "rij 1"),
    ("2026-07-01,14.99", "1-7-2026,14.99", "RK221", "rij 2, kolom geldig_vanaf"),
    ("2026-07-01,14.99", "2026-06-31,14.99", "RK221", "rij 2, kolom geldig_vanaf"),
    ("2026-07-01,14.99", "20260701,14.99", "RK221", "rij 2, kolom geldig_vanaf"),
    ("2026-07-01,14.99", ",14.99", "RK221", "rij 2, kolom geldig_vanaf"),
    ("2026-07-01,14.99", '2026-07-01,"14,99"', "RK221", "rij 2, kolom waarde"),
    ("2026-07-01,14.99", "2026-07-01,1e3", "RK221", "rij 2, kolom waarde"),
    ("2026-07-01,14.99", "2026-07-01,nan", "RK221", "rij 2, kolom waarde"),
    ("2025,,secundair,half", "2025,,zeker,half", "RK221", "rij 3, kolom betrouwbaarheid"),
    ("wml_maand,Maandloon", ",Maandloon", "RK221", "rij 6, kolom id"),
    ("2026-01-01,14.71", "2026-07-01,14.71", "RK222", "rij 3, kolom geldig_vanaf"),
    ("jeugdpct,Jeugdstaffel", "jeugdpt,Jeugdstaffel", "RK224", "rij 5, kolom id"),
    ("half jaar", '"half jaar', "RK244", "regel 6"),
    (",half jaar", ",half, jaar", "RK245", "rij 3"),
])
def test_a_fault_in_the_csv_is_refused_at_its_row(old: str, new: str, code: str, place: str, tmp_path: Path) -> None:
    path = write_mapping(tmp_path, csv=edited(old, new, CSV))
    found = [found for found in faults(path) if found.code == code]
    assert [(one.place, one.file) for one in found] == [(place, str(tmp_path / "kengetallen.csv"))]


def test_a_csv_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = write_mapping(tmp_path)
    tmp_path.joinpath("kengetallen.csv").write_bytes(CSV.replace("half jaar", "half é").encode("cp1252"))
    assert [(found.code, found.place) for found in faults(path)] == [("RK203", "regel 3")]


def test_a_csv_may_have_a_bom_and_blank_rows(tmp_path: Path) -> None:
    path = write_mapping(tmp_path)
    tmp_path.joinpath("kengetallen.csv").write_text(CSV + "\n,,,,,,,,\n", encoding="utf-8-sig")
    assert len(load_mapping(path).kengetal("wml_uur").values) == 3


# -- the JSON Schema against the loader -------------------------------------------------------------------------------


def plain(path: Path) -> Any:
    return read_document(path, Faults(str(path))).plain()


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """A schema node with its ``$ref`` looked up."""
    if "$ref" not in node:
        return node
    target: dict[str, Any] = SCHEMA
    for step in node["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return resolved(target)


def blocks(node: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every block of the schema with named properties, by its place in the document (``*`` for any id)."""
    node = resolved(node)
    if "properties" in node:
        yield path, node
        for key, child in node["properties"].items():
            yield from blocks(child, f"{path}.{key}")
    child = node.get("additionalProperties")
    if isinstance(child, dict):
        yield from blocks(child, f"{path}.*")


def test_the_schema_has_the_keys_of_the_loader() -> None:
    in_schema = {path: (set(node["properties"]), set(node.get("required", []))) for path, node in blocks(SCHEMA, "$")}
    in_loader = {path: (set(shape.keys), set(shape.required)) for path, shape in SHAPES.items()}
    assert in_schema == in_loader


def test_the_schema_refuses_unknown_keys_everywhere() -> None:
    assert [path for path, node in blocks(SCHEMA, "$") if node["additionalProperties"] is not False] == []


def test_every_key_of_the_schema_is_described() -> None:
    bare = [f"{path}.{key}" for path, node in blocks(SCHEMA, "$") for key, child in node["properties"].items()
            if "description" not in child and "description" not in resolved(child)]
    assert bare == []


def test_the_schema_has_the_kinds_of_the_loader() -> None:
    assert SCHEMA["$defs"]["veld"]["properties"]["soort"]["enum"] == list(KINDS)
    VALIDATOR.check_schema(SCHEMA)
