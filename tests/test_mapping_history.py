"""The block ``historie``: what it becomes, what its steps must agree with, and what they do to values."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mapping_files import CSV, YAML, edited, write_mapping
from test_mapping_load import SCHEMA, plain

from rekentool.mapping.history import step_faults
from rekentool.mapping.load import load_mapping
from rekentool.mapping.schema import InputKey, Mapping, OlderVersion, Split
from rekentool.mapping.steps import Dropped, Parcel, advance

A, B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
STEPS = """\
    stappen:
      hernoemd: {afval: uitval}
      gevallen: {bol_1: bol1}
      gesplitst: {geld: {naar: {tarief: 0.5}, hoe: de helft}, namen: {naar: [regio_naam], hoe: gelijk}}
      vervallen: {kleur: Niet meer nodig.}
      andere_betekenis: {peildatum: "Was de begindatum."}
      andere_eenheid: {geld: 12}
      andere_keuzes: {werkgeverschap: {SW: SW-bedrijf}}
"""
HISTORY = f"""\
historie:
  nieuwste:
    versie: "0.9"
    vingerafdrukken: [{A}, {B}]
    mapping: oud/klein-0.9.yaml
{STEPS}\
  oudste: {{versie: "0.8", vingerafdrukken: [{"sha256:" + "c" * 64}], mapping: klein-0.8.yaml}}
controles:
"""


@pytest.fixture
def newer(tmp_path: Path) -> Mapping:
    return load_mapping(write_mapping(tmp_path))


def older_mapping(folder: Path, *edits: tuple[str, str]) -> Mapping:
    """The small mapping with these edits, as an older version."""
    text = YAML
    for old, new in edits:
        text = edited(old, new, text)
    (folder / "oud").mkdir(exist_ok=True)
    return load_mapping(write_mapping(folder / "oud", text, CSV))


# -- reading ----------------------------------------------------------------------------------------------------------


def test_the_versions_with_their_steps(tmp_path: Path) -> None:
    path = write_mapping(tmp_path, edited("controles:\n", HISTORY))
    newest, oldest = load_mapping(path).history
    assert newest == OlderVersion(
        "nieuwste",
        "0.9",
        (A, B),
        tmp_path / "oud" / "klein-0.9.yaml",
        renamed={"afval": "uitval"},
        cases={"bol_1": "bol1"},
        split={"geld": Split({"tarief": 0.5}, "de helft"), "namen": Split({"regio_naam": 1.0}, "gelijk")},
        dropped={"kleur": "Niet meer nodig."},
        meanings={"peildatum": "Was de begindatum."},
        factors={"geld": 12.0},
        choices={"werkgeverschap": {"SW": "SW-bedrijf"}},
    )
    assert (oldest.version, oldest.renamed, oldest.dropped) == ("0.8", {}, {})
    assert list(Draft202012Validator(SCHEMA).iter_errors(plain(path))) == []


def test_a_mapping_without_history_has_none(newer: Mapping) -> None:
    assert newer.history == ()


def test_only_the_newest_version_leads_to_fields_of_this_mapping(tmp_path: Path) -> None:
    """What an older step arrives at is a field of the version between; that file isn't read here."""
    text = edited("controles:\n", HISTORY).replace(
        'mapping: klein-0.8.yaml}', "mapping: klein-0.8.yaml, stappen: {hernoemd: {heel_oud: afval}}}"
    )  # fmt: skip
    assert load_mapping(write_mapping(tmp_path, text)).history[1].renamed == {"heel_oud": "afval"}


# -- agreeing with the older mapping ----------------------------------------------------------------------------------


def version(**steps: Any) -> OlderVersion:
    return OlderVersion("oud", "0.9", (A,), Path("oud.yaml"), **steps)


def said(older: Mapping, newer: Mapping, **steps: Any) -> list[tuple[str, str]]:
    return [(found.code, found.place) for found in step_faults(version(**steps), older, newer, "klein.yaml")]


def test_the_same_fields_need_no_steps(newer: Mapping) -> None:
    assert step_faults(version(), newer, newer, "klein.yaml") == []


def test_a_field_that_is_gone_must_be_named(tmp_path: Path, newer: Mapping) -> None:
    older = older_mapping(tmp_path, ("  tarief:\n", "  prijs:\n"))
    (found,) = step_faults(version(), older, newer, "klein.yaml")
    assert (found.code, found.file) == ("RK821", "klein.yaml")
    assert found.found == "het veld prijs van versie 0.9 bestaat niet meer, zonder een stap die dat zegt"
    assert found.remedy == "Zet het veld in de mapping onder hernoemd, gesplitst of vervallen."
    # Each of the three is enough.
    assert said(older, newer, renamed={"prijs": "tarief"}) == []
    assert said(older, newer, split={"prijs": Split({"tarief": 1.0}, "gelijk")}) == []
    assert said(older, newer, dropped={"prijs": "weg"}) == []


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("    eenheid: studenten\n", "    eenheid: groepen\n", "de eenheid ‘studenten’ in plaats van ‘groepen’"),
        ("soort: bedrag\n    leeg", "soort: percentage\n    leeg", "de soort bedrag in plaats van percentage"),
        ("    soort: ja_nee\n    standaard: Nee\n", "    soort: getal\n", "de soort ja_nee in plaats van getal"),
    ],
)  # fmt: skip
def test_another_unit_or_kind_must_be_said(tmp_path: Path, newer: Mapping, old: str, new: str, what: str) -> None:
    older = older_mapping(tmp_path, (old, new))
    (found,) = step_faults(version(), older, newer, "klein.yaml")
    assert found.code == "RK821"
    assert what in found.found
    field = found.found.split()[2]
    assert said(older, newer, factors={field: 1.0}) in (
        [],
        [("RK209", f"$.historie.oud.stappen.andere_eenheid.{field}")],
    )
    assert said(older, newer, meanings={field: "anders"}) == []


def test_a_number_may_become_a_whole_number_and_a_text_a_choice(tmp_path: Path, newer: Mapping) -> None:
    older = older_mapping(
        tmp_path,
        ("    soort: geheel_getal\n", "    soort: getal\n"),
        ("    soort: keuze\n    keuzes: [SW-bedrijf, Reguliere werkgever]\n", "    soort: tekst\n"),
    )
    assert said(older, newer) == []


def test_words_that_neither_mapping_has(newer: Mapping) -> None:
    place = "$.historie.oud.stappen"
    assert said(newer, newer, dropped={"tarif": "weg"}) == [("RK211", f"{place}.vervallen.tarif")]
    assert said(newer, newer, cases={"bol9": "bol1"}) == [("RK211", f"{place}.gevallen.bol9")]
    assert said(newer, newer, cases={"bol1": "bol9"}) == [("RK211", f"{place}.gevallen")]
    assert said(newer, newer, renamed={"tarief": "tarif"}) == [("RK211", f"{place}.hernoemd.tarief")]
    split = {"tarief": Split({"tarif": 1.0}, "gelijk")}
    assert said(newer, newer, split=split) == [("RK211", f"{place}.gesplitst.tarief")]


def test_a_field_cannot_arrive_where_another_one_stayed(newer: Mapping) -> None:
    found = step_faults(version(renamed={"aantal_studenten": "uitval"}), newer, newer, "klein.yaml")
    assert "RK820" in {one.code for one in found}


def test_only_numbers_can_be_multiplied(newer: Mapping) -> None:
    assert said(newer, newer, factors={"lkv": 12.0}) == [("RK209", "$.historie.oud.stappen.andere_eenheid.lkv")]


# -- what the steps do ------------------------------------------------------------------------------------------------


def sent(values: dict[InputKey, Any]) -> list[Parcel]:
    return [Parcel(key, key, value) for key, value in values.items()]


def arrived(newer: Mapping, values: dict[InputKey, Any], **steps: Any) -> dict[InputKey, Any]:
    parcels, dropped = advance(version(**steps), newer, sent(values))
    assert dropped == []
    return {parcel.key: parcel.value for parcel in parcels}


def test_a_value_keeps_its_field_without_a_step(newer: Mapping) -> None:
    values: dict[InputKey, Any] = {("tarief", None): 12.5, ("peildatum", None): date(2026, 1, 1), ("lkv", None): None}
    assert arrived(newer, values) == values


def test_a_share_times_a_unit_is_rounded_to_what_a_double_holds(newer: Mapping) -> None:
    found = arrived(
        newer,
        {("prijs", None): 0.1},
        split={"prijs": Split({"tarief": 0.5}, "de helft")},
        factors={"prijs": 6.0},
    )
    assert found == {("tarief", None): 0.3}  # 0.1 × 3 is 0.30000000000000004 in doubles


def test_a_choice_gets_its_new_word_in_any_spelling(newer: Mapping) -> None:
    steps: dict[str, Any] = {"choices": {"werkgeverschap": {"SW": "SW-bedrijf"}}}
    assert arrived(newer, {("werkgeverschap", "bbl1"): "sw"}, **steps) == {("werkgeverschap", "bbl1"): "SW-bedrijf"}


def test_one_value_goes_to_every_case_and_a_renamed_case_to_its_own(newer: Mapping) -> None:
    assert arrived(newer, {("uitval", None): 0.2}) == {("uitval", "bol1"): 0.2, ("uitval", "bbl1"): 0.2}
    found = arrived(newer, {("uitval", "bol_1"): 0.2, ("uitval", "bbl1"): 0.3}, cases={"bol_1": "bol1"})
    assert found == {("uitval", "bol1"): 0.2, ("uitval", "bbl1"): 0.3}


def test_equal_values_of_cases_become_one_and_different_ones_a_fault(newer: Mapping) -> None:
    for second, fault in ((10.0, ""), (11.0, "dezelfde waarde voor elk geval: het veld heeft er nu één")):
        parcels, dropped = advance(version(), newer, sent({("tarief", "bol1"): 10.0, ("tarief", "bbl1"): second}))
        (parcel,) = parcels
        assert (parcel.key, parcel.value, parcel.fault) == (("tarief", None), 10.0, fault)
        assert [one.source for one in dropped] == [("tarief", "bbl1")]


def test_what_is_dropped_keeps_its_value_and_gets_the_reason(newer: Mapping) -> None:
    parcels, dropped = advance(
        version(dropped={"kleur": "Niet meer nodig."}), newer, sent({("kleur", None): "geel", ("uitval", "bol9"): 0.1})
    )
    assert parcels == []
    assert dropped == [
        Dropped(("kleur", None), "geel", "Niet meer nodig."),
        Dropped(("uitval", "bol9"), 0.1, "uitval heeft geen waarde voor bol9"),
    ]


def test_two_versions_one_after_the_other(newer: Mapping, tmp_path: Path) -> None:
    """prijs (per month) → bedrag (per quarter) → tarief (per year), with what each step says."""
    between = older_mapping(tmp_path, ("  tarief:\n", "  bedrag:\n"))
    first = version(renamed={"prijs": "bedrag"}, factors={"prijs": 3.0}, meanings={"prijs": "Zonder korting."})
    second = version(renamed={"bedrag": "tarief"}, factors={"bedrag": 4.0})
    parcels, _ = advance(first, between, sent({("prijs", None): 10.0}))
    (parcel,), dropped = advance(second, newer, parcels)
    assert dropped == []
    assert (parcel.source, parcel.key, parcel.value) == (("prijs", None), ("tarief", None), 120.0)
    assert parcel.marks == {"omgerekend", "andere betekenis"}
    assert parcel.notes == ("heette prijs", "maal 3", "Zonder korting.", "heette bedrag", "maal 4")
