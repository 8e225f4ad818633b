"""`leg-uit --raakt` on the small budget (see begroting.py): what a cell touches, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from begroting import budget, mapping_file, write_book
from opdracht import run

from rekentool.jobs.touch import Touch, touches
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook


def touched(tmp_path: Path, place: str, **cells: object) -> Touch:
    path = write_book(tmp_path / "boek.xlsx", {name.replace("_", "!"): value for name, value in cells.items()})
    return touches(budget(), path, place)


def differences(touch: Touch) -> dict[str, list[float | None]]:
    return {str(one.address): [d if d is None else round(d, 9) for d in one.differences] for one in touch.results}


def test_amount(tmp_path: Path) -> None:
    """A price of 252,50: 8 × 2,50 × 90 % = 18 more, and 12 people 27; a price of 251: 7,20 and 10,80."""
    touch = touched(tmp_path, "prijs")
    assert [(one.name, one.value, one.shown) for one in touch.trials] == [
        ("+1 %", 252.5, "€ 252,50"),
        ("+1", 251, "€ 251,00"),
    ]
    assert differences(touch) == {
        "Model!D2": [27, 10.8],
        "Model!D6": [27, 10.8],
        "Model!C2": [18, 7.2],
        "Model!C6": [18, 7.2],
    }
    assert (touch.reached, touch.unchecked, touch.findings) == (5, 0, ())  # the check depends on it, and stays OK
    one = touch.results[0]
    assert (one.before, one.after, one.shown_before) == (2700, (2727, 2710.8), "€ 2.700,00")
    assert (one.label, one.unit) == ("School, baten, Hoog, totaal", "euro")


def test_percentage(tmp_path: Path) -> None:
    """A discount of 10,1 %: 2.000 × 0,1 % = 2 less; of 11 %: 20 less."""
    touch = touched(tmp_path, "korting")
    assert [(one.name, one.value) for one in touch.trials] == [("+1 %", 0.101), ("+1 procentpunt", 0.11)]
    assert differences(touch)["Model!C2"] == [-2, -20]


def test_whole_number_at_its_maximum_goes_down(tmp_path: Path) -> None:
    """12,12 people isn't a whole number, 13 is more than the maximum: 11, and 250 × 90 % = 225 less."""
    touch = touched(tmp_path, "deelnemers.hoog")
    assert [(one.name, one.value, one.shown) for one in touch.trials] == [("-1", 11, "11 personen")]
    assert differences(touch) == {"Model!D2": [-225], "Model!D6": [-225]}


def test_yes_and_no(tmp_path: Path) -> None:
    touch = touched(tmp_path, "gratis")
    assert [(one.name, one.value) for one in touch.trials] == [("Ja", "Ja")]
    assert differences(touch) == {"Model!D5": [-500], "Model!D6": [500], "Model!C5": [-300], "Model!C6": [300]}
    assert [one.name for one in touched(tmp_path, "gratis", Invoer_C6="Ja").trials] == ["Nee"]


def test_choices(tmp_path: Path) -> None:
    touch = touched(tmp_path, "soort_zaal", Model_C3='=IF(Invoer!$C$8="klein",300,IF(Invoer!$C$8="groot",400,0))')
    assert [one.name for one in touch.trials] == ["groot", "buiten"]
    assert differences(touch) == {"Model!C5": [100, -300], "Model!C6": [-100, 300]}
    assert [one.code for one in touch.findings] == ["RK728"]


def test_date_a_year_later(tmp_path: Path) -> None:
    """On 1 August 2025 the rate is 55, a year later 60."""
    touch = touched(tmp_path, "peildatum", Invoer_C7=45870)
    assert [(one.name, one.value, one.shown) for one in touch.trials] == [("een jaar later", 46235, "01-08-2026")]
    assert differences(touch)["Model!C6"] == [-50]
    # 29 February has no such day a year later.
    assert touched(tmp_path, "peildatum", Invoer_C7=45351).trials[0].shown == "28-02-2025"


def test_results_that_are_reached_and_do_not_change_are_counted(tmp_path: Path) -> None:
    touch = touched(tmp_path, "peildatum")
    assert (touch.results, touch.reached, len(touch.trials)) == ((), 5, 1)


def test_kengetal_and_own_value(tmp_path: Path) -> None:
    """A rate of 60,60: 10 hours cost 6 more; of 61: 10 more."""
    expected = {"Model!C5": [6, 10], "Model!C6": [-6, -10], "Model!D5": [6, 10], "Model!D6": [-6, -10]}
    assert differences(touched(tmp_path, "uurtarief")) == expected
    # A blank own value stands for the shipped one.
    blank = touched(tmp_path, "eigen_uurtarief")
    assert (blank.shown, [one.value for one in blank.trials]) == ("(leeg)", [60.6, 61])
    assert differences(blank) == expected
    assert differences(touched(tmp_path, "eigen_uurtarief", Cijfers_B2=100))["Model!C5"] == [10, 10]


def test_formula_cell_and_cell_outside_the_mapping(tmp_path: Path) -> None:
    """Docent of the low case 606 or 601 instead of 600; the fixed value behind it likewise for both cases."""
    assert differences(touched(tmp_path, "Model!C4")) == {"Model!C5": [6, 1], "Model!C6": [-6, -1]}
    assert differences(touched(tmp_path, "Cijfers!F4"))["Model!D5"] == [6, 10]


def test_what_becomes_text_comes_first_in_its_unit(tmp_path: Path) -> None:
    """At a price of 126 a rate of 61 leaves 907,20 − 910: the check becomes FOUT."""
    touch = touched(tmp_path, "uurtarief", Invoer_C4=126)
    check = next(one for one in touch.results if one.check is not None)
    assert (check.label, check.before, check.after, check.differences) == (
        "Eindoordeel", "OK", ("OK", "FOUT"), (None, None),
    )  # fmt: skip


def test_result_that_becomes_an_error(tmp_path: Path) -> None:
    touch = touched(tmp_path, "deelnemers.laag", Invoer_C3=1, Model_C6="=C2-C5+0/(Invoer!C3-2)")
    saldo = touch.results[0]
    assert (str(saldo.address), saldo.shown_after, saldo.differences) == ("Model!C6", ("#DIV/0!",), (None,))


@pytest.mark.parametrize(
    ("place", "cells", "code", "why"),
    [
        ("naam_cursus", {}, "RK727", ""),
        ("soort_zaal", {}, "RK727", ""),
        ("naam_cursus", {"Model_C8": '=IF(Invoer!C2="x","OK","FOUT")'}, "RK726", "in een tekst valt niets te rekenen"),
        ("reserve", {"Model_C8": '=IF(Invoer!C9>1,"OK","FOUT")'}, "RK726", "de cel is leeg (geen reserve)"),
        ("Los!A1", {"Los_A1": "=NA()", "Model_C4": "=Los!A1"}, "RK726", "de cel is #N/A"),
        ("Los!A1", {"Los_A1": "=A1", "Model_C4": "=Los!A1"}, "RK726", "de waarde van de cel zelf is niet bekend"),
        ("prijs", {"Invoer_C4": -5}, "RK726", "de cel heeft een waarde die niet mag"),
        ("Los!A1", {"Los_A1": "woord", "Model_C4": "=LEN(Los!A1)"}, "RK726", "in een tekst valt niets te rekenen"),
    ],
)
def test_nothing_to_vary(tmp_path: Path, place: str, cells: dict[str, object], code: str, why: str) -> None:
    touch = touched(tmp_path, place, **cells)
    assert (touch.trials, touch.results) == ((), ())
    assert touch.findings[-1].code == code
    assert why in touch.findings[-1].found


def test_logical_and_unchecked(tmp_path: Path) -> None:
    touch = touched(
        tmp_path, "Los!A1", Los_A1=True, Model_C3="=IF(Los!A1,300,0)", Model_D6="=_xlfn.GROUPBY(Los!A1,1,1)"
    )
    assert [(one.name, one.value) for one in touch.trials] == [("het omgekeerde", False)]
    assert differences(touch) == {"Model!C5": [-300], "Model!C6": [300]}
    assert (touch.reached, touch.unchecked) == (4, 2)  # the high saldo, and the check that reads it


def test_stored_value_that_differs_is_said(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {})
    path.write_bytes(patch_workbook(path.read_bytes(), {}, {Address("Model", "D6"): 1}))
    assert [one.code for one in touches(budget(), path, "prijs").findings] == ["RK724"]
    assert touches(budget(), path, "deelnemers.laag").findings == ()


def test_a_result_touches_others_but_not_itself(tmp_path: Path) -> None:
    assert differences(touched(tmp_path, "baten.laag")) == {"Model!C6": [18, 1]}


# -- the command -----------------------------------------------------------------------------------------------------

SCREEN = """\
{path} (Cursus A)

Gratis zaal: "Nee"
   Invoer!C6

School, Hoog          nu         Ja
  saldo       € 1.600,00  +€ 500,00

School, Laag        nu         Ja
  saldo       € 900,00  +€ 300,00

Er hangen 5 uitkomsten en controles van deze cel af; hiervan veranderen er 4; 1 nu niet. De andere 2 (per
regel en jaar) staan er met --json.
"""


def test_screen(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {})
    ran = run("leg-uit", path, "gratis", "--raakt", "--mapping", mapping_file())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SCREEN.format(path=path)


def test_screen_of_a_number_and_a_check(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {"Invoer!C4": 126})
    out = run("leg-uit", path, "uurtarief", "--raakt", "--mapping", mapping_file()).out
    assert "   +1 %: € 60,60 per uur\n   +1: € 61,00 per uur\n" in out
    # 12 × 126 × 90 % = 1.360,80; less 1.100 leaves 260,80.
    assert "School, Hoog         nu  bij +1 %    bij +1\n  saldo        € 260,80   -€ 6,00  -€ 10,00\n" in out
    assert 'Controles        nu  bij +1 %        bij +1\n  Eindoordeel  "OK"    gelijk  wordt "FOUT"\n' in out


def test_json(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {})
    found = run("leg-uit", path, "prijs", "--raakt", "--json", "--mapping", mapping_file()).json
    assert (found["plaats"], found["bereikt"], found["veranderd"]) == ("Invoer!C4", 5, 4)
    assert found["veranderingen"][1] == {"naam": "+1", "waarde": 251, "getoond": "€ 251,00"}
    first = found["uitkomsten"][0]
    assert (first["geval"], first["partij"], first["regel"], first["jaar"]) == ("hoog", "school", "baten", "totaal")
    assert (first["waarde"], first["wordt"], first["verschil"]) == (
        2700, [2727, pytest.approx(2710.8)], [27, pytest.approx(10.8)],
    )  # fmt: skip


def test_depth_does_not_go_with_it(tmp_path: Path) -> None:
    ran = run("leg-uit", tmp_path / "boek.xlsx", "prijs", "--raakt", "--diepte", "2")
    assert (ran.code, ran.out) == (2, "")
    assert "--raakt heeft geen diepte" in ran.err
