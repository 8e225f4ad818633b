"""`leg-uit` on a small budget of which every number is worked out by hand (see begroting.py)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from begroting import budget, mapping_file, write_book
from opdracht import run

from rekentool.jobs.explain import Explanation, Node, explain
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook


def explained(tmp_path: Path, place: str, depth: int | None = 3, **cells: object) -> Explanation:
    """The explanation of a place; a cell is given as ``Los_A1=…``."""
    path = write_book(tmp_path / "boek.xlsx", {name.replace("_", "!"): value for name, value in cells.items()})
    return explain(budget(), path, place, depth)


def top(tmp_path: Path, place: str, depth: int | None = 3, **cells: object) -> Node:
    return explained(tmp_path, place, depth, **cells).top


def below(node: Node) -> dict[str, Node]:
    return {child.place: child for child in node.children}


def test_shares_of_a_saldo_and_of_a_sum(tmp_path: Path) -> None:
    saldo = top(tmp_path, "Model!C6")
    assert (saldo.value, saldo.shown, saldo.label) == (900.0, "€ 900,00", "School, saldo, Laag, totaal")
    assert [child.place for child in saldo.children] == ["Model!C2", "Model!C5"]
    yields, costs = saldo.children
    # Without the yield the saldo is 1.800 less, without the costs 900 more.
    assert (yields.effect, costs.effect) == (1800, -900)
    assert yields.share == pytest.approx(1800 / 2700)
    assert costs.share == pytest.approx(900 / 2700)
    assert (yields.top_share, yields.top_effect) == (yields.share, yields.effect)
    docent, room = costs.children
    assert (docent.place, docent.effect, room.place, room.effect) == ("Model!C4", 600, "Model!C3", 300)
    assert docent.share == pytest.approx(2 / 3)
    # On the saldo: 600 of the 2.700 that its own branches come to, and costs count against it.
    assert docent.top_effect == pytest.approx(-600)
    assert docent.top_share == pytest.approx(600 / 2700)


def test_shares_of_a_product(tmp_path: Path) -> None:
    """8 × 250 × (1 − 10 %): without people or price 1.800 less, without the discount 200 more."""
    node = below(top(tmp_path, "Model!C6"))["Model!C2"]
    found = {child.place: (child.effect, child.measure) for child in node.children}
    assert found == {
        "Invoer!C3": (1800, "nul"),
        "Invoer!C4": (1800, "nul"),
        "Invoer!C5": (pytest.approx(-200), "nul"),
    }
    assert [child.share for child in node.children] == pytest.approx([18 / 38, 18 / 38, 2 / 38])
    assert sum(child.share or 0 for child in node.children) == pytest.approx(1)


def test_a_divisor_is_measured_by_one_hundredth(tmp_path: Path) -> None:
    """900 / 8 = 112,50; with 8,08 people it is 111,386…, a hundred times that difference is 111,386…"""
    node = top(tmp_path, "Model!C7")
    assert node.shown == "€ 112,50 per persoon"
    saldo, people = node.children
    assert (saldo.place, saldo.effect, saldo.measure) == ("Model!C6", 112.5, "nul")
    assert (people.place, people.measure) == ("Invoer!C3", "honderdste")
    assert people.effect == pytest.approx((900 / 8.08 - 900 / 8) * 100)
    # On the top the branch is only this one: the people in the yield stay as they are.
    assert people.top_effect == pytest.approx(people.effect)


def test_effect_on_the_top_is_of_the_one_branch(tmp_path: Path) -> None:
    """A1 = A2 + A3, A2 = A4 × 2, A3 = A4 × 3, A4 = 10: by way of A2 it is 20 of 50, by way of A3 30."""
    cells = {"Los_A1": "=A2+A3", "Los_A2": "=A4*2", "Los_A3": "=A4*3", "Los_A4": 10}
    node = top(tmp_path, "Los!A1", **cells)
    assert [(child.place, child.share) for child in node.children] == [
        ("Los!A3", pytest.approx(0.6)),
        ("Los!A2", pytest.approx(0.4)),
    ]
    assert [child.children[0].top_effect for child in node.children] == [30, 20]


def test_nonlinear_effects_on_the_top(tmp_path: Path) -> None:
    """A1 = A2², A2 = 3 + 4: without the 3 the top is 16 of 49, without the 4 it is 9."""
    cells = {"Los_A1": "=A2*A2", "Los_A2": "=A3+A4", "Los_A3": 3, "Los_A4": 4}
    (node,) = top(tmp_path, "Los!A1", **cells).children
    assert [(child.place, child.top_effect) for child in node.children] == [("Los!A4", 40), ("Los!A3", 33)]
    assert [child.share for child in node.children] == pytest.approx([4 / 7, 3 / 7])
    assert [child.top_share for child in node.children] == pytest.approx([40 / 49, 33 / 49])


def test_kinds_labels_and_values(tmp_path: Path) -> None:
    node = below(top(tmp_path, "Model!C6"))["Model!C2"]
    people, price, discount = (below(node)[f"Invoer!C{row}"] for row in (3, 4, 5))
    assert (people.kind, people.label, people.shown) == ("invoer", "Deelnemers, Laag", "8 personen")
    assert (price.label, price.shown, price.unit) == ("Prijs", "€ 250,00", "euro")
    assert (discount.shown, discount.note, discount.formula) == ("10 %", "standaardwaarde", "")
    assert (node.kind, node.formula) == ("formule", "=Invoer!C3*Invoer!$C$4*(1-Invoer!$C$5)")
    fixed = top(tmp_path, "Los!A1", Los_A1=7)
    assert (fixed.kind, fixed.state, fixed.children) == ("vaste waarde", "eind", ())
    assert top(tmp_path, "Invoer!C9").note == "leeg: geen reserve"
    assert (top(tmp_path, "Los!Z9").kind, top(tmp_path, "Los!Z9").shown) == ("leeg", "(leeg)")
    # A cell outside the mapping: the label of its row, the heading of its column, the unit in its row.
    room = top(tmp_path, "Model!D3")
    assert (room.label, room.shown) == ("Zaal, Hoog", "€ 500,00")
    assert top(tmp_path, "Invoer!C4", Invoer_C4=300).note == "ingevuld"
    assert top(tmp_path, "peildatum").shown == "01-08-2026"
    assert top(tmp_path, "Model!C8").label == "Eindoordeel"


def test_branch_that_is_not_taken_is_not_opened(tmp_path: Path) -> None:
    cells = {"Los_A1": "=IF(A2>5,A3*2,A4*3)", "Los_A2": 9, "Los_A3": 21, "Los_A4": "=A5", "Los_A5": 1}
    node = top(tmp_path, "Los!A1", depth=None, **cells)
    assert node.value == 42
    assert [(one.function, one.asked, one.answer, one.taken) for one in node.decisions] == [
        ("IF", "A2>5", "WAAR", "A3*2")
    ]
    assert {child.place: child.role for child in node.children} == {
        "Los!A3": "waarde",
        "Los!A2": "voorwaarde",
        "Los!A4": "niet gebruikt",
    }
    assert below(node)["Los!A4"].children == ()
    assert below(node)["Los!A3"].share == 1
    assert (below(node)["Los!A2"].share, below(node)["Los!A4"].share) == (None, None)


@pytest.mark.parametrize(
    ("formula", "used", "decides", "unused"),
    [
        ("=IFERROR(A2/A3,A4)", {"A2", "A3"}, set(), {"A4"}),
        ("=IFERROR(A2/A6,A4)", {"A4"}, {"A2", "A6"}, set()),
        ("=IFNA(A2,A4)", {"A2"}, set(), {"A4"}),
        ("=CHOOSE(A5,A2,A3,A4)", {"A3"}, {"A5"}, {"A2", "A4"}),
        ("=SWITCH(A5,1,A2,2,A3,A4)", {"A3"}, {"A5"}, {"A2", "A4"}),
        ("=IFS(A5=1,A2,A5=2,A3)", {"A3"}, {"A5"}, {"A2"}),
        ("=MIN(A2,A3)", {"A3"}, {"A2"}, set()),
        ("=MAX(A2:A4)", {"A2"}, {"A3", "A4"}, set()),
        ("=INDEX(A2:A4,A5)", {"A2", "A3", "A4"}, {"A5"}, set()),
        ("=SUMIF(A2:A4,A3,B2:B4)", {"B2", "B3", "B4"}, {"A2", "A3", "A4"}, set()),
        ("=A2*(A3>A4)", {"A2"}, {"A3", "A4"}, set()),
        ("=COUNT(A2:A4)", set(), {"A2", "A3", "A4"}, set()),
        ("=ROW(A2)+A3", {"A3"}, set(), set()),
        ("=A5+IF(A5>1,A5,A2)", {"A5"}, set(), {"A2"}),
        ("=SUMPRODUCT(IF(A2:A4>4,A2:A4,0))", {"A2", "A3", "A4"}, set(), set()),
    ],
)
def test_roles(tmp_path: Path, formula: str, used: set[str], decides: set[str], unused: set[str]) -> None:
    """A2 to A6 hold 10, 4, 6, 2 and 0."""
    cells = {"Los_A1": formula} | dict(zip([f"Los_A{row}" for row in range(2, 7)], (10, 4, 6, 2, 0), strict=True))
    cells |= {"Los_B2": 1, "Los_B3": 2, "Los_B4": 3}
    node = top(tmp_path, "Los!A1", depth=1, **cells)
    roles = {role: {c.place.removeprefix("Los!") for c in node.children if c.role == role} for role in
             ("waarde", "voorwaarde", "niet gebruikt")}  # fmt: skip
    left = node.rest.count if node.rest else 0
    assert len(roles["waarde"]) + left == len(used)
    assert roles["waarde"] <= used
    assert (roles["voorwaarde"], roles["niet gebruikt"]) == (decides, unused)


def test_lookup_leads_to_the_one_cell_that_is_found(tmp_path: Path) -> None:
    cells = {f"Los_A{row}": row * 10 for row in range(2, 20)}
    node = top(tmp_path, "Los!C1", Los_C1="=INDEX(A2:A19,C2)", Los_C2=4, **cells)
    area, key = node.children
    assert (area.place, area.kind, area.cells, area.share) == ("Los!A2:A19", "bereik", 18, 1)
    assert [(one.place, one.value, one.share) for one in area.children] == [("Los!A5", 50, 1)]
    assert area.rest is not None
    assert (area.rest.count, area.rest.share) == (17, 0)
    assert (key.place, key.role) == ("Los!C2", "voorwaarde")


def test_small_branches_are_summarised(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"Los_A{row}": 1 for row in range(2, 8)}
    node = top(tmp_path, "Los!C1", Los_C1="=SUM(A2:A8)", Los_A8=994, **cells)
    assert [child.place for child in node.children] == ["Los!A8"]
    assert node.rest is not None
    assert (node.rest.count, node.rest.share) == (6, pytest.approx(0.006))
    # Below a branch of 2 % what is small for the top stays out, however large it is for its own formula.
    cells = {"Los_A1": "=A2+A3", "Los_A2": 98, "Los_A3": "=A4+A5+A6", "Los_A4": 1.1, "Los_A5": 0.45, "Los_A6": 0.45}
    node = below(top(tmp_path, "Los!A1", **cells))["Los!A3"]
    assert [(child.place, child.share) for child in node.children] == [("Los!A4", pytest.approx(0.55))]
    assert node.rest is not None
    assert (node.rest.count, node.rest.top_share) == (2, pytest.approx(0.009))


def test_only_small_branches_still_shows_the_largest(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"Los_A{row}": 1 for row in range(1, 301)}
    area = top(
        tmp_path, "Los!C1", Los_C1="=SUM(A1:A300)", Los_A7=2, **{k: v for k, v in cells.items() if k != "Los_A7"}
    )
    (whole,) = area.children
    assert [child.place for child in whole.children] == ["Los!A7", "Los!A1", "Los!A2"]
    assert whole.rest is not None
    assert whole.rest.count == 297


def test_a_very_large_rectangle_is_measured_as_a_whole(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"Los_A{row}": 2 for row in range(1, 1101)}
    (whole,) = top(tmp_path, "Los!C1", Los_C1="=SUM(A1:A1100)/2", **cells).children
    assert (whole.cells, whole.effect, whole.share, whole.children, whole.state) == (1100, 1100, 1, (), "eind")


def test_a_cell_is_opened_once(tmp_path: Path) -> None:
    cells = {"Los_A1": "=A2+A3", "Los_A2": "=A4*5", "Los_A3": "=A4*2", "Los_A4": "=A5+A6", "Los_A5": 1, "Los_A6": 2}
    first, second = top(tmp_path, "Los!A1", depth=None, **cells).children
    assert (first.children[0].place, first.children[0].state, len(first.children[0].children)) == ("Los!A4", "open", 2)
    assert (second.children[0].place, second.children[0].state, second.children[0].children) == ("Los!A4", "eerder", ())


def test_depth(tmp_path: Path) -> None:
    cells = {f"Los_A{row}": f"=A{row + 1}+1" for row in range(1, 8)} | {"Los_A8": 5}
    node = top(tmp_path, "Los!A1", depth=2, **cells)
    assert node.children[0].children[0].state == "dieper"
    node = top(tmp_path, "Los!A1", depth=None, **cells)
    steps = 0
    while node.children:
        node, steps = node.children[0], steps + 1
    assert (steps, node.place, node.state) == (7, "Los!A8", "eind")


def test_a_passed_on_value_costs_no_depth(tmp_path: Path) -> None:
    cells = {"Los_A1": "=A2", "Los_A2": "=IF(ISNUMBER(A3),A3,NA())", "Los_A3": "=Invoer!C3", "Los_B1": "=A1*2"}
    node = top(tmp_path, "Los!B1", depth=1, **cells)
    for place in ("Los!A1", "Los!A2", "Los!A3", "Invoer!C3"):
        node = node.children[0]
        assert node.place == place
    assert (node.kind, node.share, node.top_share) == ("invoer", 1, 1)


def test_a_long_chain_ends(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"Los_A{row}": f"=A{row + 1}" for row in range(1, 400)}
    node = top(tmp_path, "Los!A1", depth=None, Los_A400=1, **cells)
    assert node.value == 1
    cells = {f"Los_A{row}": f"=A{row + 1}+B{row}" for row in range(1, 400)}
    assert top(tmp_path, "Los!A1", depth=None, Los_A400=1, **cells).state == "open"


# -- kengetallen -----------------------------------------------------------------------------------------------------


def test_kengetal_has_the_row_of_the_peildatum(tmp_path: Path) -> None:
    node = below(top(tmp_path, "Model!C4"))["Cijfers!C2"]
    assert (node.kind, node.label, node.shown, node.children) == ("kengetal", "Uurtarief docent", "€ 60,00 per uur", ())
    figure = node.figure
    assert figure is not None
    assert figure.row is not None
    assert (figure.own, figure.day, figure.differs) == (False, date(2026, 8, 1), False)
    assert (figure.row.valid_from, figure.row.source, figure.row.reliability) == (
        date(2026, 1, 1), "Cao 2026", "officieel",
    )  # fmt: skip


def test_kengetal_at_another_date(tmp_path: Path) -> None:
    node = below(top(tmp_path, "Model!C4", Invoer_C7=45700))["Cijfers!C2"]  # 12 February 2025
    assert node.value == 55
    assert node.figure is not None
    assert node.figure.row is not None
    assert (node.figure.row.source, node.figure.differs) == ("Cao 2025", False)


def test_own_value_of_a_kengetal(tmp_path: Path) -> None:
    node = below(top(tmp_path, "Model!C4", Cijfers_B2=72))["Cijfers!C2"]
    assert (node.shown, node.figure and node.figure.own) == ("€ 72,00 per uur", True)
    opened = top(tmp_path, "uurtarief", Cijfers_B2=72)
    assert opened.children[0].place == "Cijfers!B2"
    assert opened.children[0].label == "eigen waarde: Uurtarief docent"


def test_kengetal_that_differs_from_its_source(tmp_path: Path) -> None:
    node = below(top(tmp_path, "Model!C4", Cijfers_F4=61))["Cijfers!C2"]
    assert node.value == 61
    assert node.figure is not None
    assert node.figure.differs


# -- errors, unknown cells, odd formulas -----------------------------------------------------------------------------


def test_error_leads_to_where_it_starts(tmp_path: Path) -> None:
    """On 1 June 2024 the hourly rate is unknown (#N/A in the table)."""
    found = explained(tmp_path, "saldo.laag", depth=1, Invoer_C7=45444)
    assert found.origins == ("Cijfers!C2 (Uurtarief docent)",)
    node, path = found.top, []
    while node.children:
        node = node.children[0]
        path.append((node.place, node.shown))
    assert path == [("Model!C5", "#N/A"), ("Model!C4", "#N/A"), ("Cijfers!C2", "#N/A")]
    assert node.figure is not None
    assert node.figure.row is not None
    assert (node.figure.row.value, node.figure.row.valid_from) == (None, date(2024, 1, 1))
    assert found.top.rest is not None
    assert (found.top.rest.count, found.top.rest.share) == (1, None)


def test_every_beginning_of_an_error_is_named(tmp_path: Path) -> None:
    cells = {"Los_A1": "=A2+A3+A6", "Los_A2": "=1/A4", "Los_A3": "=A5", "Los_A4": 0, "Los_A5": "=NA()", "Los_A6": 3}
    found = explained(tmp_path, "Los!A1", **cells)
    assert found.top.shown == "#DIV/0!"
    assert found.origins == ("Los!A2 (Los!A2)", "Los!A5 (Los!A5)")
    assert found.top.children[0].children[0].place == "Los!A4"


def test_text_that_stands_for_an_error(tmp_path: Path) -> None:
    cells = {"Los_A1": '=IF(ISNA(A2),"niet te berekenen",A2)', "Los_A2": "=A3*2", "Los_A3": "=NA()"}
    found = explained(tmp_path, "Los!A1", **cells)
    assert found.origins == ("Los!A3 (Los!A3)",)
    (node,) = found.top.children
    assert (node.place, node.role, node.children[0].place) == ("Los!A2", "voorwaarde", "Los!A3")


def test_a_check_hangs_on_what_decides(tmp_path: Path) -> None:
    node = top(tmp_path, "oordeel", Invoer_C4=10)
    assert node.shown == '"FOUT"'
    assert {child.place: child.role for child in node.children} == {"Model!C6": "voorwaarde", "Model!D6": "voorwaarde"}
    assert [child.place for child in node.children[0].children] == ["Model!C5", "Model!C2"]


def test_cell_that_cannot_be_computed(tmp_path: Path) -> None:
    found = explained(tmp_path, "Los!A1", Los_A1="=A2+1", Los_A2="=_xlfn.GROUPBY(A3,A3,A3)", Los_A3=1)
    assert found.top.shown == "niet gecontroleerd"
    assert "Los!A2" in found.top.reason
    assert [child.place for child in found.top.children] == ["Los!A2"]
    assert [one.code for one in found.findings][-1] == "RK725"


def test_circle_of_references(tmp_path: Path) -> None:
    for cells in ({"Los_A1": "=A2", "Los_A2": "=A1"}, {"Los_A1": "=A2+1", "Los_A2": "=A1*2"}, {"Los_A1": "=A1+1"}):
        found = explained(tmp_path, "Los!A1", depth=None, **cells)
        assert found.top.shown == "niet gecontroleerd"
        assert "Los!A1" in found.top.reason
        assert len(list(_all(found.top))) < 10


def test_formula_that_is_not_understood(tmp_path: Path) -> None:
    node = top(tmp_path, "Los!A1", Los_A1="=SUM(A2:A3))")
    assert (node.shown, node.children) == ("niet gecontroleerd", ())
    assert node.reason


def test_texts_dates_and_blanks_have_no_share(tmp_path: Path) -> None:
    node = top(tmp_path, "Los!A1", Los_A1='=A2&" "&A3', Los_A2="Jan", Los_A3=5)
    assert [(child.shown, child.share) for child in node.children] == [('"Jan"', None), ("5", None)]
    node = top(tmp_path, "Los!A1", Los_A1="=YEAR(Invoer!C7)+A2+A3", Los_A2=4)
    assert {child.place: (child.role, child.share) for child in node.children} == {
        "Los!A2": ("waarde", 1),
        "Los!A3": ("waarde", None),
        "Invoer!C7": ("voorwaarde", None),
    }


def test_array_formula(tmp_path: Path) -> None:
    import openpyxl
    from openpyxl.worksheet.formula import ArrayFormula

    path = write_book(tmp_path / "boek.xlsx", {"Los!A1": 2, "Los!A2": 3})
    book = openpyxl.load_workbook(path)
    book["Los"]["C1"] = ArrayFormula("C1:C2", "=A1:A2*10")
    book.save(path)
    node = explain(budget(), path, "Los!C2").top
    assert (node.value, node.formula) == (30, "{=A1:A2*10}")
    assert {child.place: child.effect for child in node.children} == {"Los!A2": 30, "Los!A1": 0}


def test_whole_columns_and_names(tmp_path: Path) -> None:
    node = top(tmp_path, "Los!C1", Los_C1="=SUM(A:A)+SUM(zaal_en_docent)", Los_A1=40, Los_A9=60)
    assert node.value == 1000
    assert [(child.place, child.effect) for child in node.children] == [
        ("Model!C4", 600),
        ("Model!C3", 300),
        ("Los!A9", 60),
        ("Los!A1", 40),
    ]


def _all(node: Node) -> list[Node]:
    return [node, *(one for child in node.children for one in _all(child))]


# -- findings --------------------------------------------------------------------------------------------------------


def test_stored_value_that_differs_is_said(tmp_path: Path) -> None:
    """The file's cache says 950, the formula gives 900."""
    path = write_book(tmp_path / "boek.xlsx", {})
    _with_cache(path, "Model!C6", 950)
    found = explain(budget(), path, "saldo.laag")
    assert found.top.value == 900
    assert [(one.code, one.place) for one in found.findings] == [("RK724", "Model!C6")]
    assert "950" in found.findings[0].found
    # Elsewhere in the tree isn't asked for: nothing is said of it.
    assert explain(budget(), path, "baten.laag").findings == ()


def _with_cache(path: Path, place: str, value: float) -> None:
    sheet, _, cell = place.rpartition("!")
    path.write_bytes(patch_workbook(path.read_bytes(), {}, {Address(sheet, cell): value}))


def test_changed_formula_is_said(tmp_path: Path) -> None:
    found = explained(tmp_path, "saldo.laag", Model_C4="=kg_uurtarief*12")
    assert found.top.value == 780
    assert [one.code for one in found.findings] == ["RK728"]


# -- the command -----------------------------------------------------------------------------------------------------

SCREEN = """\
{path} (Cursus A)

School, saldo, Laag, totaal: € 900,00
   Model!C6 =C2-C5
├─  67 %  baten, totaal: € 1.800,00
│  │  C2 =Invoer!C3*Invoer!$C$4*(1-Invoer!$C$5)
│  ├─  47 %  Deelnemers: 8 personen
│  │     Invoer!C3, invoer (standaardwaarde)
│  ├─  47 %  Prijs: € 250,00
│  │     Invoer!C4, invoer (standaardwaarde)
│  └─   5 %  Korting: 10 %
│        Invoer!C5, invoer (standaardwaarde)
└─  33 %  kosten, jaar 1: € 900,00
   │  C5 =SUM(C3:C4)
   ├─  67 %  Docent: € 600,00
   │  │  C4 =kg_uurtarief*10
   │  └─ 100 %  Uurtarief docent: € 60,00 per uur
   │        Cijfers!C2, kengetal
   │        geldig vanaf 01-01-2026 (peildatum 01-08-2026), officieel; bron: Cao 2026
   └─  33 %  Zaal: € 300,00
      │  C3 =IF(Invoer!$C$6="Ja",0,300)
      │  IF: Invoer!$C$6="Ja" is ONWAAR → 300
      └─ voorwaarde  Gratis zaal: "Nee"
            Invoer!C6, invoer (standaardwaarde)

% is het aandeel in de waarde erboven: wat daaraan verandert als alleen deze tak nul wordt, als deel van die
veranderingen van alle takken samen.
"""


def test_screen(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {})
    ran = run("leg-uit", path, "saldo.laag", "--mapping", mapping_file())
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == SCREEN.format(path=path)


def test_screen_is_never_wide(tmp_path: Path) -> None:
    cells: dict[str, object] = {f"Los!A{row}": f"=A{row + 1}+B{row}*1000" for row in range(1, 60)}
    path = write_book(tmp_path / "boek.xlsx", {**cells, "Los!A60": '=IF(1>2,"' + "lange tekst " * 20 + '",77)'})
    ran = run("leg-uit", path, "Los!A1", "--diepte", "alles", "--mapping", mapping_file())
    assert max(len(line) for line in ran.out.splitlines()[2:]) <= 110


def test_what_a_terminal_would_obey_is_shown_escaped(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {"Los!A1": '="a\u009b31m\u202e"&A2', "Los!A2": "rood\u009b31m"})
    out = run("leg-uit", path, "Los!A1", "--mapping", mapping_file()).out
    assert "\\x9b31m\\u202e" in out
    assert all(character.isprintable() or character == "\n" for character in out)


def test_json(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {})
    found = run("leg-uit", path, "saldo.laag", "--json", "--mapping", mapping_file()).json
    assert (found["opdracht"], found["regio"], found["bevindingen"]) == ("leg-uit", "Cursus A", [])
    tree = found["boom"]
    assert (tree["plaats"], tree["waarde"], tree["soort"], tree["formule"]) == ("Model!C6", 900, "formule", "=C2-C5")
    costs = tree["takken"][1]
    assert (costs["aandeel"], costs["effect"], costs["rol"]) == (pytest.approx(1 / 3), -900, "waarde")
    docent, room = costs["takken"]
    assert docent["takken"][0]["kengetal"] == {
        "id": "uurtarief", "eigen_waarde": False, "peildatum": "2026-08-01", "geldig_vanaf": "2026-01-01",
        "waarde": 60, "bron": "Cao 2026", "url": "https://example.org", "betrouwbaarheid": "officieel",
        "opmerking": "", "wijkt_af": False,
    }  # fmt: skip
    assert room["keuzes"] == [
        {"functie": "IF", "vraag": 'Invoer!$C$6="Ja"', "antwoord": "ONWAAR", "neemt": "300"},
    ]
    assert room["takken"][0]["rol"] == "voorwaarde"
    assert json.dumps(found)  # plain data


def test_screen_of_an_error_and_exit_codes(tmp_path: Path) -> None:
    path = write_book(tmp_path / "boek.xlsx", {"Invoer!C7": 45444, "Los!A1": "=_xlfn.GROUPBY(A2,A2,A2)"})
    ran = run("leg-uit", path, "saldo.laag", "--mapping", mapping_file())
    assert ran.code == 0  # warnings of the file's own checks don't count
    assert "De fout begint bij: Cijfers!C2 (Uurtarief docent)." in ran.out
    assert "onbekend vanaf 01-01-2024 (peildatum 01-06-2024), officieel; bron: Cao 2024" in ran.out
    assert "en 1 zonder fout" in ran.out
    ran = run("leg-uit", path, "Los!A1", "--mapping", mapping_file())
    assert (ran.code, ran.codes[-1]) == (4, "RK725")
    assert "niet gecontroleerd" in ran.out


@pytest.mark.parametrize("depth", ["0", "-1", "x", "1.5", "²", "99999"])
def test_wrong_depth(tmp_path: Path, depth: str) -> None:
    ran = run("leg-uit", tmp_path / "boek.xlsx", "Los!A1", f"--diepte={depth}")
    assert ran.code == 2
    assert f'"{depth}" is geen heel getal vanaf 1' in ran.err


def test_refusals(tmp_path: Path) -> None:
    ran = run("leg-uit", tmp_path / "weg.xlsx", "Los!A1", "--mapping", mapping_file())
    assert ran.code == 3
    path = write_book(tmp_path / "boek.xlsx", {})
    assert run("leg-uit", path, "Los!A1").finding["code"] == "RK503"
    ran = run("leg-uit", path, "prijzen", "--mapping", mapping_file())
    assert (ran.code, ran.finding["code"]) == (2, "RK720")
    assert 'Bedoeld is waarschijnlijk "Prijs"' in ran.finding["remedie"]
    assert run("leg-uit", path, "prijzen", "--json", "--mapping", mapping_file()).json["uitkomst"] == 2
