"""The template's formulas against the test model, which was written from the model's description alone.

LibreOffice proves the engines; this proves the formulas: every line and year, volume and total of the worked regions
and of 50 random ones.
"""

from __future__ import annotations

import math
import random

import pytest
from rekentool_werkboek import example_regions, invoer_of, kengetal_rows, scenario_of, tool
from toetsmodel import GEVALLEN, STANDAARD, bereken, beste_geval
from willekeurig import willekeurige_invoer

from rekentool.engine.protocol import Outcome
from rekentool.mapping.schema import WHOLE
from rekentool.xlsx.cell import Address, ExcelError

NA = ExcelError("#N/A")
TOLERANCE = 0.005  # half a cent
VOLUMES = {
    "begin": "Studenten aan het begin van het jaar",
    "uitvallers": "Uitvallers",
    "eind": "Studenten aan het eind van het jaar",
    "studenten": "Gemiddeld aantal studenten",
    "groepen": "Groepen",
    "diplomas": "Diploma's",
    "gediplomeerd": "Gediplomeerden na de studie",
    "werk": "Gediplomeerden aan het werk",
    "netto_werk": "Extra aan het werk door het traject",
    "uitkering_nul": "Uitkeringsjaren zonder traject",
    "uitkering_traject": "Uitkeringsjaren met traject",
    "bespaarde_uitkeringsjaren": "Bespaarde uitkeringsjaren",
    "productiviteit": "Productiviteit",
}


def same(expected: object, found: object) -> bool:
    """NaN in the test model is #N/A on a case sheet and ``niet te berekenen`` on Resultaat; None is n.v.t."""
    if isinstance(expected, float) and math.isnan(expected):
        return found in (NA, "niet te berekenen")
    if expected is None:
        return found == "n.v.t."
    if isinstance(expected, int | float) and isinstance(found, float):
        return abs(expected - found) <= max(TOLERANCE, 1e-9 * abs(expected))
    return expected == found


def volume_rows() -> dict[tuple[str, str], int]:
    """(case, volume) → row on the case sheet, by the label in column A."""
    values = tool().workbook.values
    sheets = {
        case: next(
            cell.address.sheet for cell in tool().binding.results("alle") if cell.geval == case and cell.jaar == "1"
        )
        for case in GEVALLEN
    }
    found = {}
    for case, sheet in sheets.items():
        labels = {
            address.row: value for address, value in values.items() if address.sheet == sheet and address.column == 1
        }
        for name, label in VOLUMES.items():
            found[case, name] = min(row for row, text in labels.items() if text == label)
    return found


def deviations(invoer: dict, outcome: Outcome) -> list[str]:  # type: ignore[type-arg]
    """Every place where workbook and test model differ."""
    cases = bereken(invoer, kengetal_rows())
    best = beste_geval(cases)
    wrong: list[str] = []
    compared = 0
    for cell in tool().binding.results("alle"):
        geval = cases[cell.geval]
        found = outcome.values[cell.address]
        if cell.address.sheet == "Resultaat":
            expected = geval.totalen[cell.partij][cell.regel]
        elif cell.regel in ("baten", "kosten", "saldo", "contante_waarde"):
            if cell.regel == "contante_waarde":
                continue  # per year it is saldo × discontofactor; the total is compared above
            expected = geval.per_jaar[cell.partij][cell.regel][int(cell.jaar) - 1]
        else:
            years = next(
                line for (party, _, name), line in geval.lijnen.items() if (party, name) == (cell.partij, cell.regel)
            )
            expected = sum(years) if cell.jaar == "totaal" else years[int(cell.jaar) - 1]
        compared += 1
        if not same(expected, found):
            wrong.append(f"{cell}: workbook {found}, test model {expected}")
    for (case, name), row in volume_rows().items():
        sheet = next(
            cell.address.sheet for cell in tool().binding.results("alle") if cell.geval == case and cell.jaar == "1"
        )
        for column, expected in zip("DEFGH", cases[case].volumes[name], strict=True):
            compared += 1
            found = outcome.values[Address(sheet, f"{column}{row}")]
            if not same(expected, found):
                wrong.append(f"{case} {name} {column}: workbook {found}, test model {expected}")
    for party, winners in best.items():
        name = f"uit_{party}_beste_geval"
        sheet, cell_name = tool().workbook.names[name].rsplit("!", 1)
        found = outcome.values[Address(sheet, cell_name)]
        unknown = any(math.isnan(case.totalen[party]["contante_waarde"]) for case in cases.values())
        expected = " / ".join(tool().mapping.cases[case] for case in winners) or "n.v.t."
        compared += 1
        if not unknown and found != expected:
            wrong.append(f"best case {party}: workbook {found}, test model {expected}")
    assert compared > 2500
    return wrong


def test_every_line_has_its_place_in_both() -> None:
    model = {(party, line) for case in bereken(STANDAARD, kengetal_rows()).values() for party, _, line in case.lijnen}
    book = {
        (cell.partij, cell.regel)
        for cell in tool().binding.results("alle")
        if cell.jaar == "totaal" and cell.address.sheet != "Resultaat"
    }
    assert model == book
    assert {cell.partij for cell in tool().binding.results()} == {party for party, _ in model} | {WHOLE}


def test_blank_template() -> None:
    assert deviations(STANDAARD, tool().model.compute([{}])[0]) == []


@pytest.mark.parametrize("number", range(4))
def test_worked_regions(number: int) -> None:
    region = example_regions()[number]
    outcome = tool().model.compute(tool().scenarios([region]))[0]
    assert deviations(invoer_of(region.values, STANDAARD), outcome) == []


@pytest.mark.parametrize("seed", range(50))
def test_random_regions(seed: int) -> None:
    invoer = willekeurige_invoer(random.Random(seed))
    outcome = tool().model.compute([scenario_of(invoer)])[0]
    assert outcome.unknown == {}
    assert deviations(invoer, outcome) == []
