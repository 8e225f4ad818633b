"""The rekentool by two engines that don't know each other: every formula cell, in the references and in random regions.

The reference values come from LibreOffice (scripts/make_examples.py), never from an engine of this package.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from rekentool_werkboek import scenario_of, tool
from toetsmodel_invoer import STANDAARD
from willekeurig import willekeurige_invoer

from rekentool.engine.formulas_engine import FormulasEngine
from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.program import ProgramEngine
from rekentool.engine.protocol import Engine
from rekentool.engine.verdict import MONEY, compare, count
from rekentool.jobs.reference import read_reference
from rekentool.shipped import EXAMPLES, REFERENCES
from rekentool.xlsx.cell import Address
from rekentool.xlsx.guard import admit
from rekentool.xlsx.reader import formula_fingerprint, read_workbook

REFERENCE_FILES = sorted(REFERENCES.glob("*.xlsx"))


def test_four_worked_regions_have_a_reference() -> None:
    assert [path.name for path in REFERENCE_FILES] == sorted(path.name for path in EXAMPLES.glob("*.xlsx"))
    assert len(REFERENCE_FILES) == 4


@pytest.mark.parametrize("engine", [ProgramEngine(), FormulasEngine()], ids=lambda engine: engine.name)
@pytest.mark.parametrize("path", REFERENCE_FILES, ids=lambda path: path.stem)
def test_engine_gives_the_reference_in_every_cell(path: Path, engine: Engine) -> None:
    reference = read_reference(path)
    data = admit(EXAMPLES / reference.workbook).data
    assert reference.program.startswith("LibreOffice ")
    assert reference.fingerprint == formula_fingerprint(read_workbook(data)) == tool().fingerprint
    outcome = engine.open(data).compute([{}])[0]
    verdicts = compare(reference.values, outcome.values, outcome.unknown, tolerance=MONEY, loose_errors=True)
    assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"] == []
    assert count(verdicts).equal == len(read_workbook(data).formula_cells) > 6000


@pytest.mark.parametrize("path", REFERENCE_FILES, ids=lambda path: path.stem)
def test_examples_carry_the_right_caches(path: Path) -> None:
    reference = read_reference(path)
    workbook = read_workbook(admit(EXAMPLES / reference.workbook).data)
    cached = {address: workbook.values.get(address) for address in workbook.formula_cells}
    assert count(compare(reference.values, cached, tolerance=MONEY, loose_errors=True)).different == 0


@pytest.mark.libreoffice
def test_random_regions_by_libreoffice(draws: int) -> None:
    regions = [willekeurige_invoer(random.Random(1000 + seed)) for seed in range(draws)]
    for region in regions:
        changed = sum(
            region[key][case] != STANDAARD[key][case]
            for key in region
            if isinstance(region[key], dict)
            for case in region[key]
        )
        changed += sum(region[key] != STANDAARD[key] for key in region if not isinstance(region[key], dict))
        assert changed >= 40
    scenarios = [scenario_of(region) for region in regions]
    expected = LibreOffice().open(tool().data).compute(scenarios)
    for one, other in zip(expected, tool().model.compute(scenarios), strict=True):
        verdicts = compare(
            one.values, other.values, {**one.unknown, **other.unknown}, tolerance=MONEY, loose_errors=True
        )
        assert [verdict for verdict in verdicts if verdict.judgement != "gelijk"][:5] == []


def cell(name: str) -> Address:
    sheet, reference = tool().workbook.names[name].rsplit("!", 1)
    return Address(sheet.strip("'"), reference)


def test_published_lks_amounts_in_the_workbook() -> None:
    """LKS 2026 (1 871,41 and its neighbours) and 2021, from section 5 of the model: literal published figures."""
    values = tool().model.compute([{}])[0].values
    published = [2525.52, 1871.41, 2183.31, 1559.51, 909.79, 1123.59]
    for number, amount in enumerate(published, start=1):
        verdict = cell(f"controle_lks_{number}")
        assert values[verdict] == "OK"
        assert round(float(values[Address("Controle", f"B{verdict.row}")]), 2) == amount  # type: ignore[arg-type]


def test_published_lks_amount_from_the_inputs() -> None:
    """The same 1 871,41 through the inputs of a case: everybody 27+, 36 hours, loonwaarde 40 %, WML 14,99."""
    binding = tool().binding
    ages = {binding.address(field.id): 0.0 for field in tool().mapping.inputs if field.id.startswith("leeftijd_")}
    scenario = {**ages, binding.address("leeftijd_27_plus"): 1.0, binding.address("contracturen", "bbl2"): 36.0}
    values = tool().model.compute([scenario])[0].values
    sheet = "4 Bbl niveau 2"
    row = next(
        address.row
        for address, text in tool().workbook.values.items()
        if address.sheet == sheet and text == "Loonkostensubsidie per maand"
    )
    assert round(float(values[Address(sheet, f"C{row}")]), 2) == 1871.41  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("peildatum", "expected"),
    [
        (
            46235.0,
            {
                "wml_uur": 14.99,
                "uren_bot_bol_entree": 500,
                "cursusgeld_bbl": 295,
                "werkgeverslasten_klein": 0.1713,
                "lesgeld_bol": 1419,
                "praktijkleren_betaald": 2545.83,
                "uitkering_kosten": 19931,
                "prijs_per_gewogen_student": 10757,
                "basisbeurs_thuis": 99.94,
            },
        ),
        (
            44211.0,
            {
                "wml_uur": 10.80,
                "uren_bot_bol_entree": 600,
                "cursusgeld_bbl": 250,
                "werkgeverslasten_klein": 0.1859,
                "lesgeld_bol": 1202,
                "praktijkleren_betaald": 2700,
                "uitkering_kosten": 14400,
                "prijs_per_gewogen_student": None,
                "basisbeurs_thuis": 85.13,
            },
        ),
    ],
    ids=["2026-08-01", "2021-01-15"],
)
def test_peildatum_switches_the_kengetallen(peildatum: float, expected: dict[str, float | None]) -> None:
    """Values typed over from the source table; None is not known at that date: #N/A and named on Kengetallen."""
    values = tool().model.compute([{tool().binding.address("peildatum"): peildatum}])[0].values
    for kengetal, value in expected.items():
        address = tool().binding.used[kengetal]
        if value is None:
            assert str(values[address]) == "#N/A"
            assert str(values[Address("Kengetallen", f"F{address.row}")]).startswith("onbekend op peildatum")
            assert values[Address("Kengetallen", f"B{address.row}")] == "onbekend"
        else:
            assert values[address] == pytest.approx(value, abs=1e-9)
    unknown = values[cell("uit_mbo_school_saldo_bol1")]
    assert (unknown == "niet te berekenen") is (expected["prijs_per_gewogen_student"] is None)
    assert values[cell("controle_eindoordeel")] == "FOUT"  # the blank template has no region name yet


def test_an_own_value_mends_an_unknown_kengetal() -> None:
    binding = tool().binding
    scenario = {
        binding.address("peildatum"): 44211.0,
        binding.address("eigen_prijs_per_gewogen_student"): 9000.0,
        binding.address("regio_naam"): "X",
    }
    values = tool().model.compute([scenario])[0].values
    assert values[binding.used["prijs_per_gewogen_student"]] == 9000.0
    assert isinstance(values[cell("uit_mbo_school_saldo_bol1")], float)
    assert values[cell("controle_eindoordeel")] == "OK"


def test_an_empty_input_is_never_zero() -> None:
    binding = tool().binding
    values = tool().model.compute([{binding.address("docent_tarief", "bol1"): None}])[0].values
    assert values[cell("uit_mbo_school_kosten_bol1")] == "niet te berekenen"
    assert isinstance(values[cell("uit_mbo_school_kosten_bol2")], float)
    assert values[cell("controle_invoerfouten")] == "FOUT"
