"""Formulas computed together give what they give one by one, to the last bit, whatever stands in their cells."""

from __future__ import annotations

import random

import numpy as np
import pytest
from engine_books import at, book
from rekentool_werkboek import scenario_of, tool
from willekeurig import willekeurige_invoer

from rekentool.engine import blocks, cells
from rekentool.engine.program import ProgramEngine, ProgramModel
from rekentool.engine.protocol import Outcome, Scenario
from rekentool.xlsx.cell import CellValue, ExcelError

ROWS = 80
FORMULAS = {
    "E": "=A{r}*B{r}*$G$1+IF(C{r}>0,1,0)",
    "F": "=ROUND(E{r}/B{r},2)-MAX(A{r},C{r})",
    "H": '=IF(ISNUMBER(A{r}),IFERROR(A{r}/C{r},-1),"geen")',
    "I": "=SUM(A{r}:C{r})+E{r}%",
    "J": "=AND(A{r}>$G$2,B{r}<>C{r})",
    "K": "=IF(J{r},E{r},F{r})",
    "L": "=E{r}+N({before})",
    "M": "=A{r}&B{r}",
    "N": "=A{r}^2",
}


def sheet(odd: bool) -> dict[str, object]:
    """Rows of numbers, with ``odd`` ones among them: blanks, texts, logicals, zeros and errors."""
    drawn = random.Random(5)
    found: dict[str, object] = {"G1": 1.5, "G2": 2}
    for row in range(1, ROWS + 1):
        for column in "ABC":
            value: object = drawn.choice([drawn.uniform(-9, 9), float(drawn.randint(-3, 9)), 0.1 * drawn.randint(1, 9)])
            if odd and drawn.random() < 0.2:
                value = drawn.choice([None, "x", "5", True, 0, "=1/0", "=NA()"])
            found[f"{column}{row}"] = value or (0 if value == 0 else None)
        for column, formula in FORMULAS.items():
            found[f"{column}{row}"] = formula.format(r=row, before=f"L{row - 1}" if row > 1 else "G1")
    return found


def one_by_one(model: ProgramModel, scenarios: list[Scenario], monkeypatch: pytest.MonkeyPatch) -> list[Outcome]:
    with monkeypatch.context() as patched:
        patched.setattr(cells, "BLOCKS_AFTER", -1)
        return [model.compute([scenario])[0] for scenario in scenarios]


def together(
    model: ProgramModel, scenarios: list[Scenario], monkeypatch: pytest.MonkeyPatch, made: list[int]
) -> list[Outcome]:
    """The same by blocks; ``made`` gets the size of each block that was computed."""
    compute = blocks.Block.compute

    def noted(self: blocks.Block, values: list[object]) -> None:
        made.append(len(self.places))
        compute(self, values)

    with monkeypatch.context() as patched:
        patched.setattr(cells, "BLOCKS_AFTER", 1)
        patched.setattr(blocks, "FEWEST", 2)
        patched.setattr(blocks.Block, "compute", noted)
        return [model.compute([scenario])[0] for scenario in scenarios]


def bits(outcome: Outcome) -> list[tuple[str, object]]:
    """The values so that even -0 and 0 differ."""
    return [(str(cell), (value.hex() if isinstance(value, float) else value)) for cell, value in outcome.values.items()]


@pytest.mark.parametrize("odd", [False, True])
def test_blocks_give_what_cells_give(odd: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    data = book(sheet(odd))
    given: list[CellValue] = [3.25, 0.0, -1e308, "x", None, True, ExcelError("#N/A"), 0.1, 7.0]
    scenarios: list[Scenario] = [{at("G1"): value, at("A3"): 4.0} for value in given]
    scenarios += [{at("G1"): 2.0, at("A3"): value} for value in given]
    made: list[int] = []
    expected = one_by_one(ProgramEngine().open(data), scenarios, monkeypatch)
    found = together(ProgramEngine().open(data), scenarios, monkeypatch, made)
    assert [one.unknown for one in found] == [one.unknown for one in expected]
    assert [bits(one) for one in found] == [bits(one) for one in expected]
    assert max(made) == ROWS


def test_on_the_template(monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = [scenario_of(willekeurige_invoer(random.Random(9000 + seed))) for seed in range(6)]
    made: list[int] = []
    expected = one_by_one(ProgramModel(tool().workbook), scenarios, monkeypatch)
    found = together(ProgramModel(tool().workbook), scenarios, monkeypatch, made)
    assert [bits(one) for one in found] == [bits(one) for one in expected]
    assert len(made) > 100


def test_what_cannot_be_computed_is_named_and_ends_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows: dict[str, object] = {f"B{row}": f"=A{row}*$G$1" for row in range(1, ROWS + 1)}
    rows |= {f"A{row}": float(row) for row in range(1, ROWS + 1)}
    data = book({**rows, "G1": 1, "D1": "=INDEX(A1:A3,$G$1,1)", "D2": "=D1+B1"})
    scenarios: list[Scenario] = [{at("G1"): value} for value in (1.0, 0.0, 2.0)]
    made: list[int] = []
    model = ProgramEngine().open(data)
    first, refused, last = together(model, scenarios, monkeypatch, made)
    assert first.values[at("D2")] == 2.0 and last.values[at("D2")] == 4.0
    assert "INDEX geeft" in refused.unknown[at("D1")] and "RK421" in refused.unknown[at("D2")]
    assert refused.values[at(f"B{ROWS}")] == 0.0
    assert made  # the first scenario was computed by blocks


def test_small_groups_and_first_runs_stay_as_they_are() -> None:
    few = {f"B{row}": f"=A{row}*$G$1" for row in range(1, blocks.FEWEST)}
    model = ProgramEngine().open(book({**few, "G1": 2, **{f"A{row}": row for row in range(1, blocks.FEWEST)}}))
    for value in map(float, range(cells.BLOCKS_AFTER + 2)):
        found = model.run({at("G1"): np.array([value])}, [at("B2")], 1)
        assert found[at("B2")].data == 2 * value
    (plan,) = model._plans.values()
    assert plan._blocked == []
