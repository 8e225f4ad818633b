"""Further copies of a template, which are made in a quicker way, are byte for byte what a first copy is."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaal import deel, gegevens, kaal, werkblad
from martelboek import martelboek
from rekentool_werkboek import example_regions, tool
from test_patch_eigenschappen import WAARDE, Blad, bladen
from test_patch_martelboek import RESULTATEN, WAARDEN

from rekentool.messages import RekentoolError
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1
from rekentool.xlsx.celltext import number_text, number_texts
from rekentool.xlsx.patch import Template, patch_workbook

FOUT = st.sampled_from(["#N/A", "#DIV/0!", "#SPILL!", "#CALC!"]).map(ExcelError)
UITKOMST = st.one_of(WAARDE, FOUT)
GETALLEN = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**18), 10**18).map(float))


def A(cel: str) -> Address:
    return Address("Blad", cel)


def cel(plaats: tuple[int, int]) -> Address:
    return A(a1(plaats[1], plaats[0]))


@settings(max_examples=80, deadline=None)
@given(blad=bladen(), data=st.data())
def test_every_copy_is_a_first_copy(blad: Blad, data: st.DataObject) -> None:
    """Results in the same formula cells each time, and each time other values in other cells, new ones too."""
    bytes_ = kaal(blad.xml)
    sjabloon = Template(bytes_)
    vrij = [(rij, kolom) for rij in range(1, 9) for kolom in range(1, 9) if (rij, kolom) not in blad.formules]
    cellen = tuple(map(cel, sorted(blad.formules, key=lambda plaats: (plaats[1], plaats[0]))))
    for keer in range(4):
        waarden = data.draw(st.dictionaries(st.sampled_from(vrij).map(cel), WAARDE, max_size=5))
        rij = [data.draw(UITKOMST) for _ in cellen]
        verwacht = patch_workbook(bytes_, waarden, dict(zip(cellen, rij, strict=True)))
        if keer % 2:
            assert sjabloon.patch_row(waarden, cellen, rij) == verwacht
        else:
            assert sjabloon.patch(waarden, dict(zip(cellen, rij, strict=True))) == verwacht


@pytest.mark.parametrize("gestroomd", [False, True])
def test_copies_of_the_torture_workbook(gestroomd: bool) -> None:
    voor = martelboek(gestroomd=gestroomd)
    sjabloon = Template(voor)
    anders: dict[Address, CellValue] = dict.fromkeys(RESULTATEN, 1.5)
    weg = dict.fromkeys(RESULTATEN, ExcelError("#SPILL!"))
    for resultaten in (RESULTATEN, anders, RESULTATEN, weg, anders):
        assert sjabloon.patch(WAARDEN, resultaten) == patch_workbook(voor, WAARDEN, resultaten)
        assert sjabloon.patch({}, resultaten) == patch_workbook(voor, {}, resultaten)
    leeg = patch_workbook(voor, WAARDEN, {}, remove_results=RESULTATEN.keys())
    assert [sjabloon.patch(WAARDEN, {}, remove_results=RESULTATEN.keys()) for _ in range(3)] == [leeg] * 3


def test_copies_of_the_rekentool() -> None:
    scenarios = tool().scenarios(example_regions())
    outcomes = tool().model.compute(scenarios)
    template = Template(tool().data)
    first = [
        patch_workbook(tool().data, *pair) for pair in zip(scenarios, [one.values for one in outcomes], strict=True)
    ]
    assert all(one != other for one, other in pairwise(first))
    for _ in range(2):
        again = [template.patch(cells, outcome.values) for cells, outcome in zip(scenarios, outcomes, strict=True)]
        assert again == first


# What changes and what doesn't, written by hand

RIJ = (
    '<row r="1"><c r="A1" s="3"><f>B1*2</f><v>1.50</v></c><c r="B1"><v>4</v></c>'
    '<c r="C1" s="2"><f>B1+1</f><v>5</v></c><c r="D1" t="str"><f>"a"</f><v>a</v></c></row>'
)


def kopie(*rijen: tuple[CellValue, CellValue, CellValue], waarden: dict[Address, CellValue] | None = None) -> str:
    """The sheet data of the last of some copies with these results in A1, C1 and D1."""
    sjabloon = Template(kaal(werkblad(RIJ)))
    laatste = [sjabloon.patch_row(waarden or {}, (A("A1"), A("C1"), A("D1")), rij) for rij in rijen][-1]
    return gegevens(laatste)


@pytest.mark.parametrize(
    ("rij", "nieuw"),
    [
        ((7.0, 5.0, "a"), RIJ.replace("1.50", "7")),
        ((1.5, 5.0, "a"), RIJ.replace("1.50", "1.5")),  # as a first copy spells it
        ((1.5, 1e22, "b"), RIJ.replace("1.50", "1.5").replace("<v>5<", "<v>1E+22<").replace("<v>a<", "<v>b<")),
        ((1.5, -0.0, "a"), RIJ.replace("1.50", "1.5").replace("<v>5<", "<v>0<")),
        ((1.5, "n.v.t.", "a"),
         RIJ.replace("1.50", "1.5").replace('<c r="C1" s="2"><f>B1+1</f><v>5</v>',
                                            '<c r="C1" s="2" t="str"><f>B1+1</f><v>n.v.t.</v>')),
        ((1.5, 5.0, 3.0), RIJ.replace("1.50", "1.5").replace(' t="str"><f>"a"</f><v>a<', '><f>"a"</f><v>3<')),
        ((1.5, True, "a"),
         RIJ.replace("1.50", "1.5").replace('s="2"><f>B1+1</f><v>5<', 's="2" t="b"><f>B1+1</f><v>1<')),
        ((1.5, None, "a"), RIJ.replace("1.50", "1.5").replace("<f>B1+1</f><v>5</v>", "<f>B1+1</f>")),
    ],
)  # fmt: skip
def test_slot_by_slot(rij: tuple[CellValue, CellValue, CellValue], nieuw: str) -> None:
    begin = (2.0, 2.0, "begin")
    assert kopie(begin, begin, rij) == kopie(rij) == nieuw


def test_an_edit_between_slots_and_one_in_a_new_cell() -> None:
    waarden: dict[Address, CellValue] = {A("B1"): 9.0, A("F1"): "nieuw"}
    verwacht = RIJ.replace("1.50", "18").replace("<v>4<", "<v>9<").replace("<v>5<", "<v>10<")
    verwacht = verwacht.replace("</row>", '<c r="F1" t="inlineStr"><is><t>nieuw</t></is></c></row>')
    assert kopie(*[(18.0, 10.0, "a")] * 3, waarden=waarden) == verwacht


@pytest.mark.parametrize("waarde", [math.nan, math.inf, "a\x00", "x" * 40_000])
def test_what_no_cell_can_hold_is_refused_in_a_further_copy_too(waarde: CellValue) -> None:
    sjabloon = Template(kaal(werkblad(RIJ)))
    for _ in range(3):
        sjabloon.patch({}, {A("A1"): 1.0})
    with pytest.raises(RekentoolError) as verder:
        sjabloon.patch({}, {A("A1"): waarde})
    with pytest.raises(RekentoolError) as eerste:
        patch_workbook(kaal(werkblad(RIJ)), {}, {A("A1"): waarde})
    assert verder.value.findings == eerste.value.findings


def test_a_wrong_cell_is_refused_in_a_further_copy_too() -> None:
    sjabloon = Template(kaal(werkblad(RIJ)))
    for _ in range(3):
        with pytest.raises(RekentoolError) as fout:
            sjabloon.patch({}, {A("B1"): 1.0})
        assert [one.code for one in fout.value.findings] == ["RK616"]
        sjabloon.patch({}, {A("A1"): 1.0})
        sjabloon.patch({}, {A("A1"): 1.0})
        with pytest.raises(RekentoolError) as fout:
            sjabloon.patch({A("C1"): 1.0}, {A("A1"): 1.0})
        assert [one.code for one in fout.value.findings] == ["RK612"]


def test_excel_is_told_to_recalculate_when_a_cache_goes() -> None:
    sjabloon = Template(kaal(werkblad(RIJ)))
    for _ in range(3):
        assert "fullCalcOnLoad" not in deel(sjabloon.patch({}, {A("A1"): 1.0}), "xl/workbook.xml")
    for _ in range(3):
        assert "fullCalcOnLoad" in deel(sjabloon.patch({}, {A("A1"): ExcelError("#SPILL!")}), "xl/workbook.xml")
    for _ in range(3):
        assert "fullCalcOnLoad" in deel(sjabloon.patch({A("B1"): 3.0}), "xl/workbook.xml")


@given(st.lists(GETALLEN, max_size=20))
def test_numbers_together_are_written_as_one_by_one(getallen: list[float]) -> None:
    assert number_texts(getallen) == [number_text(getal).encode() for getal in getallen]


def test_numbers_together_refuse_what_is_not_finite() -> None:
    for getal in (math.nan, math.inf, -math.inf):
        with pytest.raises(ValueError, match="JSON"):
            number_texts([1.0, getal])
