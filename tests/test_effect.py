"""What one change does by itself, held to sums worked out by hand.

The small workbook: 12 people, 15 % fewer each year, so 12, 10.2, 8.67, 7.3695 and 6.264075 in years 1 to 5: 44.503575
together. Costs are people × tarief 95 × 36 hours: 44.503575 × 3 420 = 152 202.2265. No extra.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from klein_werkboek import small_tool

from rekentool.jobs.alignment import align
from rekentool.jobs.effect import CellChange, Change, Effect, change_effects
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, ExcelError

PEOPLE = [12, 10.2, 8.67, 7.3695, 6.264075]
COSTS = 152_202.2265


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    return small_tool(tmp_path_factory.mktemp("klein"))


def at(cell: str) -> Address:
    return Address("Model", cell)


def one(tool: Tool, *cells: CellChange, names: dict[str, str | None] | None = None) -> Effect:
    (effect,) = change_effects(tool, [Change(cells, names or {})])
    return effect


def differences(effect: Effect) -> dict[str, float]:
    """By line, rounded to a millionth."""
    return {change.result.regel: round(change.difference or 0.0, 6) for change in effect.changed}


def test_a_changed_formula(tool: Tool) -> None:
    effect = one(tool, CellChange(at("D4"), "=D3*in_tarief*$B$10*2"))
    assert [cell.regel for cell in effect.reached] == ["kosten"]
    assert differences(effect) == {"kosten": round(8.67 * 3420, 6)}
    (change,) = effect.changed
    assert (change.before, change.scenario) == (pytest.approx(COSTS), 0)
    assert change.after == pytest.approx(COSTS + 8.67 * 3420)


def test_the_formulas_of_a_row_that_read_each_other_change_together(tool: Tool) -> None:
    """Each year the year before less 10 %: 12, 10.8, 9.72, 8.748, 7.8732; alone each would see the old year before."""
    cells = [CellChange(at(f"{column}3"), f"={before}3*0.9") for before, column in zip("BCDE", "CDEF", strict=True)]
    together = 12 + 10.8 + 9.72 + 8.748 + 7.8732
    assert differences(one(tool, *cells)) == {"kosten": round((together - sum(PEOPLE)) * 3420, 6)}


def test_a_chain_through_cells_that_did_not_change(tool: Tool) -> None:
    """D3 reads C5, which reads the new C4: (41 040 + 20 000) × 0.0001 = 6.104 people in year 3."""
    effect = one(tool, CellChange(at("D3"), "=C5*0.0001"), CellChange(at("C4"), "=20000"))
    expected = 41_040 + 20_000 + (6.104 + 7.3695 + 6.264075) * 3420
    assert differences(effect) == {"kosten": round(expected - COSTS, 6)}


def test_a_value_over_a_formula_and_a_changed_constant(tool: Tool) -> None:
    assert differences(one(tool, CellChange(at("B4"), None, 50_000.0))) == {"kosten": 8_960.0}
    assert differences(one(tool, CellChange(at("B10"), None, 40.0))) == {"kosten": round(COSTS * 4 / 36, 6)}
    assert differences(one(tool, CellChange(at("B10")))) == {"kosten": round(-COSTS, 6)}


def test_a_formula_over_an_input(tool: Tool) -> None:
    effect = one(tool, CellChange(Address("Invoer", "C6"), "=Model!B10+59"))
    assert effect.changed == ()
    assert differences(one(tool, CellChange(Address("Invoer", "C6"), "=Model!B10*5"))) == {
        "kosten": round(sum(PEOPLE) * 36 * (180 - 95), 6)
    }


def test_what_is_reached_without_changing_is_counted(tool: Tool) -> None:
    """Extra is 0 as long as meerekenen is Nee; a scenario with Ja and 100 shows the difference."""
    change = Change((CellChange(at("B7"), '=IF(in_meerekenen="Ja",N(in_toeslag)*B3*3,0)'),))
    yes = {tool.binding.address("meerekenen"): "Ja", tool.binding.address("toeslag"): 100.0}
    (effect,) = change_effects(tool, [change])
    assert ([cell.regel for cell in effect.reached], effect.changed) == (["extra"], ())
    (effect,) = change_effects(tool, [change], [{}, yes])
    assert [(found.scenario, found.difference) for found in effect.changed] == [(1, pytest.approx(2 * 1200.0))]


def test_a_result_that_is_no_number_any_more(tool: Tool) -> None:
    (change,) = one(tool, CellChange(at("D4"), "=D3/0")).changed
    assert (change.after, change.difference) == (ExcelError("#DIV/0!"), None)


def test_a_name_that_refers_to_another_cell(tool: Tool) -> None:
    assert differences(one(tool, names={"IN_tarief": "Invoer!C4"})) == {"kosten": round(sum(PEOPLE) * 36 * -83, 6)}
    assert differences(one(tool, names={"in_tarief": "=100"})) == {"kosten": round(sum(PEOPLE) * 36 * 5, 6)}
    gone = one(tool, names={"in_tarief": None})
    assert [cell.regel for cell in gone.reached] == ["kosten"]
    assert "naam in_tarief bestaat niet" in gone.unchecked


@pytest.mark.parametrize(
    ("cell", "formula", "reason"),
    [
        ("B4", "=B5", "kringverwijzing"),
        ("B4", "=B4+1", "kringverwijzing"),
        ("B4", "=WEBSERVICE(A1)", "WEBSERVICE"),
        ("B4", "=LAMBDA(1)", "LAMBDA"),
        ("B4", "=Nergens!B1", "blad Nergens bestaat niet"),
    ],
)
def test_what_cannot_be_computed_says_why(tool: Tool, cell: str, formula: str, reason: str) -> None:
    effect = one(tool, CellChange(at(cell), formula))
    assert reason in effect.unchecked
    assert effect.changed == ()
    assert [found.regel for found in effect.reached] == ["kosten"]


def test_a_change_that_reaches_nothing(tool: Tool) -> None:
    effect = one(tool, CellChange(at("A3"), None, "Personen"))
    assert (effect.reached, effect.changed, effect.unchecked) == ((), (), "")


def test_each_change_stays_apart(tool: Tool) -> None:
    changes = [Change((CellChange(at("B10"), None, 72.0),)), Change((CellChange(at("B4"), "=0"),)), Change()]
    effects = change_effects(tool, changes)
    assert [differences(effect) for effect in effects] == [
        {"kosten": round(COSTS, 6)},
        {"kosten": -41_040.0},
        {},
    ]
    assert change_effects(tool, []) == []


def test_a_formula_written_for_another_workbook(tool: Tool) -> None:
    """The new workbook has a row more, with € 7 a year from a cell of its own; the changed formula stands lower."""
    old = tool.workbook
    place = {cell: Address(cell.sheet, cell.cell[0] + str(cell.row + (cell.sheet == "Model" and cell.row >= 4)))
             for cell in old.values.keys() | old.formulas.keys()}  # fmt: skip
    values = {place[cell]: value for cell, value in old.values.items()}
    values |= {at("A4"): "Toeslag per jaar", at("H4"): 7.0}
    formulas = {place[cell]: text for cell, text in old.formulas.items() if cell.sheet != "Model"}
    for column in "BCDEF":
        formulas[at(f"{column}3")] = f"=in_aantal*(1-in_uitval)^({column}$1-1)"
        formulas[at(f"{column}4")] = "=$H$4"
        formulas[at(f"{column}5")] = f"={column}3*in_tarief*$B$11"
    formulas[at("D5")] = "=D3*in_tarief*$B$11+D4"
    alignment = align(old, replace(old, values=values, formulas=formulas))
    assert alignment.forward(at("D4")) == at("D5")
    assert alignment.back(at("D4")) is None
    change = Change((CellChange(at("D4"), formulas[at("D5")]),))
    (effect,) = change_effects(tool, [change], alignment=alignment)
    assert differences(effect) == {"kosten": 7.0}
