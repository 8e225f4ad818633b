"""`leg-uit` on the rekentool itself, held against the arithmetic of the model's description.

The blank template: 12 students, groups of 12, 15 % drop-out a year, two years at level 2; bbl has 200 supervised hours.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from opdracht import run
from rekentool_werkboek import ROOT, tool

from rekentool.jobs.explain import Explanation, Node, explain
from rekentool.jobs.touch import Touch, touches
from rekentool.shipped import EXAMPLES
from rekentool.xlsx.patch import patch_workbook

TEMPLATE = ROOT / "workbooks" / "rekentool.xlsx"
EAST = EXAMPLES / "voorbeeldregio-oost.xlsx"


@cache
def explained(place: str, depth: int | None = 3) -> Explanation:
    return explain(tool(), TEMPLATE, place, depth)


@cache
def touched(place: str) -> Touch:
    return touches(tool(), TEMPLATE, place)


def passed(node: Node) -> Node:
    """The node whose value this one takes."""
    while node.passes:
        node = node.children[0]
    return node


def test_published_saldo_is_the_sum_of_its_years() -> None:
    """The published case: gemeente, bbl2: 374.808,25 − 257.220,50 = 117.587,75."""
    top = explained("saldo.gemeente.bbl2").top
    assert top.value == pytest.approx(117587.75, abs=0.005)
    assert top.shown == "€ 117.587,75"
    years = passed(top)
    assert (years.place, years.formula) == ("'4 Bbl niveau 2'!I249", "=SUM(D249:H249)")
    assert sum(child.effect or 0 for child in years.children) == pytest.approx(117587.75, abs=0.005)
    assert sum(child.share or 0 for child in years.children) == pytest.approx(1)
    parts = [part for year in years.children for part in year.children]
    income = sum(part.effect or 0 for part in parts if "baten" in part.label)
    costs = sum(part.effect or 0 for part in parts if "kosten" in part.label)
    assert (income, costs) == (pytest.approx(374808.25, abs=0.005), pytest.approx(-257220.50, abs=0.005))


def test_teachers_are_worked_out() -> None:
    """1 group × 200 hours × (1 + 50 %) × € 95 = € 28.500; without the preparation it is 19.000."""
    top = explained("docenten.mbo_school.bbl2.1").top
    assert (top.value, top.formula) == (28500, "=D108*D125*(1+$C$31)*$C$30*D102")
    found = {child.place.rpartition("!")[2]: child for child in top.children}
    assert {cell: child.effect for cell, child in found.items()} == {
        "D108": 28500, "D125": 28500, "C30": 28500, "D102": 28500, "C31": pytest.approx(9500),
    }  # fmt: skip
    assert found["C31"].share == pytest.approx(9500 / (4 * 28500 + 9500))
    assert [child.place.rpartition("!")[2] for child in top.children][-1] == "C31"
    preparation = passed(found["C31"])
    assert (preparation.place, preparation.kind, preparation.shown, preparation.note) == (
        "Invoer!F36", "invoer", "50 %", "standaardwaarde",
    )  # fmt: skip
    # The norm for bbl, since the hours are left blank; the other norms aren't used.
    hours = found["D125"]
    assert [(one.asked, one.answer) for one in hours.decisions] == [('$C$28="norm"', "WAAR"), ('$C$9="bbl"', "WAAR")]
    norm = passed(hours)
    assert (norm.kind, norm.value, norm.label) == ("kengetal", 200, tool().mapping.kengetal("uren_bot_bbl").label)
    assert norm.figure is not None
    assert norm.figure.row is not None
    assert norm.figure.row.value == 200
    unused = {child.place.rpartition("!")[2] for child in hours.children if child.role == "niet gebruikt"}
    assert unused == {"C10", "D6", "D32", "D33", "D42"}  # level, year, and three norms for bol


def test_students_of_a_year() -> None:
    """(12 + 10,2) / 2 = 11,1: without the beginning 5,1 is left, without the end 6."""
    top = explained("'4 Bbl niveau 2'!D107").top
    assert (top.value, top.shown, top.label) == (11.1, "11,1 personen", "Gemiddeld aantal studenten, Jaar 1")
    assert [(child.place.rpartition("!")[2], child.effect) for child in top.children] == [
        ("D104", pytest.approx(6)),
        ("D106", pytest.approx(5.1)),
    ]
    students = passed(top.children[0])
    assert (students.place, students.shown) == ("Invoer!F19", "12 studenten")


def test_subsidy_is_the_smaller_of_two() -> None:
    """With wages worth 40 % the subsidy is 60 % of the base, and the cap of 70 % doesn't bind."""
    top = explained("'4 Bbl niveau 2'!C142").top
    assert [(one.function, one.taken) for one in top.decisions] == [("IF", "MIN($C$140-$C$77*$C$140,kg_lks_max*$C$140)*"
            "(1+kg_lks_werkgeverslasten)"), ("MIN", "$C$140-$C$77*$C$140")]  # fmt: skip
    roles = {child.label: child.role for child in top.children}
    assert roles[tool().mapping.kengetal("lks_max").label] == "voorwaarde"
    assert roles["Loonwaarde tijdens de opleiding"] == "waarde"


def test_unknown_kengetal_is_where_the_error_starts(tmp_path: Path) -> None:
    peildatum = tool().binding.address("peildatum")
    path = tmp_path / "oud.xlsx"
    path.write_bytes(patch_workbook(TEMPLATE.read_bytes(), {peildatum: 44805.0}))  # 1 September 2022
    found = explain(tool(), path, "saldo.rijk.bol2", None)
    assert found.top.value == "niet te berekenen"
    assert len(found.origins) == 1
    assert tool().mapping.kengetal("prijs_per_gewogen_student").label in found.origins[0]
    node = found.top
    while node.children:
        node = node.children[0]
    assert (node.kind, node.shown) == ("kengetal", "#N/A")


def test_whole_tree_opens_every_cell_once_and_ends_in_inputs() -> None:
    top = explained("saldo.student.bol1", None).top
    opened: list[str] = []
    ends: set[str] = set()
    waiting = [top]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.state == "open" and node.kind == "formule" and not node.passes:
            opened.append(node.place)
        elif node.state == "eind" and node.role != "niet gebruikt":
            ends.add(node.kind)
        assert node.state != "dieper" or node.role == "voorwaarde", node.place
        assert node.role != "niet gebruikt" or not node.children
    assert len(opened) == len(set(opened)) > 40
    assert ends <= {"invoer", "kengetal", "vaste waarde", "leeg"}


def test_all_examples_explain_every_total() -> None:
    """Each total of a filled region: its value is the recomputed one, its shares are 100 % together."""
    from rekentool.jobs.read import open_filled

    values = open_filled(tool(), EAST).outcome.values
    for result in [cell for cell in tool().binding.results() if cell.regel in ("baten", "kosten")][::15]:
        top = explain(tool(), EAST, str(result.address), 1).top
        assert top.value == values[result.address]
        measured = [child.share for child in passed(top).children if child.share is not None]
        rest = passed(top).rest
        total = sum(measured) + (rest.share or 0 if rest else 0)
        assert total == pytest.approx(1) or not any(measured)


# -- what is touched -------------------------------------------------------------------------------------------------


def test_fee_moves_from_one_party_to_the_other() -> None:
    """Students on average 11,1 and 9,435: at € 2.501 the gemeente pays 20,535 more, at 1 % (€ 25) 513,375."""
    touch = touched("trajectvergoeding.bbl2")
    assert [one.name for one in touch.trials] == ["+1 %", "+1"]
    totals = [one for one in touch.results if one.result and one.result.jaar == "totaal"]
    found = {(one.result.partij, one.result.regel): one.differences for one in totals if one.result}
    assert found["gemeente", "kosten"] == pytest.approx((513.375, 20.535))
    assert found["sw_bedrijf", "baten"] == pytest.approx((513.375, 20.535))
    assert found["gemeente", "saldo"] == pytest.approx((-513.375, -20.535))
    assert ("maatschappelijk", "saldo") not in found  # what one pays the other gets
    assert ("mbo_school", "kosten") not in found


def test_touched_results_agree_with_a_filled_region(tmp_path: Path) -> None:
    """The other choice of lkv_toepassen, against computing a table with it."""
    touch = touched("lkv_toepassen.bbl2")
    table = tmp_path / "r.csv"
    table.write_text("regio_naam;lkv_toepassen.bbl2\nX;Ja\n", encoding="utf-8")
    from rekentool.tables.regions import read_regions

    (scenario,) = tool().scenarios(read_regions(table, tool().mapping))
    values = tool().model.compute([scenario])[0].values
    assert touch.results
    for one in touch.results:
        assert one.after == (values[one.address],)


def test_horizon_goes_down_at_its_maximum() -> None:
    assert [(one.name, one.value) for one in touched("horizon").trials] == [("-1", 4)]


def test_screen_of_a_region() -> None:
    ran = run("leg-uit", EAST, "saldo.gemeente.bol2")
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[2] == "Gemeente, saldo, Bol niveau 2, totaal: € 91.764,69"
    assert lines[3] == "   Resultaat!C19 ← '2 Bol niveau 2'!I249 =SUM(D249:H249)"
    assert lines[4] == "├─  34 %  saldo, jaar 3: € 44.691,60"
    assert max(map(len, lines)) <= 110
    whole = run("leg-uit", EAST, "saldo.gemeente.bol2", "--diepte", "alles").out.splitlines()
    assert max(map(len, whole)) <= 110
    assert len(whole) > len(lines)


def test_screen_of_what_is_touched() -> None:
    out = run("leg-uit", EAST, "aantal_studenten.bol2", "--raakt").out
    assert "   +1: 25 studenten" in out
    assert "Gemeente, Bol niveau 2" in out
    assert max(map(len, out.splitlines())) <= 110
