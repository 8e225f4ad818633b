"""What `leg-uit` asks of single formulas: their text, their pieces computed apart, and the web of references."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from formula_trees import TREES
from hypothesis import given, settings
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.formula import ArrayFormula
from random_trees import random_trees
from rekentool_werkboek import tool

from rekentool.engine.parse import parse
from rekentool.engine.piece import Pieces
from rekentool.engine.precedents import Precedents
from rekentool.engine.program import ProgramModel
from rekentool.engine.scope import Unfit
from rekentool.engine.spelling import formula_text, reference_text
from rekentool.engine.tree import Tree
from rekentool.xlsx.cell import Address, ExcelError
from rekentool.xlsx.reader import Workbook, read_workbook


def book(tmp_path: Path, **cells: object) -> Workbook:
    """A workbook with one sheet, Blad1; ``naam_`` before a name makes it a defined name."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "Blad1"
    for cell, value in cells.items():
        if cell.startswith("naam_"):
            made.defined_names[cell] = DefinedName(cell, attr_text=str(value))
        else:
            sheet[cell] = value
    made.save(tmp_path / "boek.xlsx")
    return read_workbook((tmp_path / "boek.xlsx").read_bytes())


def at(cell: str) -> Address:
    return Address("Blad1", cell)


def pieces(workbook: Workbook) -> Pieces:
    return Pieces(workbook, ProgramModel(workbook).compute([{}])[0].values)


# -- spelling --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", TREES)
def test_spelling_of_known_trees(text: str) -> None:
    assert parse(formula_text(TREES[text])) == TREES[text]


@settings(max_examples=200, deadline=None)
@given(random_trees())
def test_spelling_reads_back_as_the_same_tree(tree: Tree) -> None:
    assert parse(formula_text(tree)) == tree


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("=(A1+B1)*$C$2", "(A1+B1)*$C$2"),
        ("=((A1))*(2)", "A1*2"),
        ("=-(2^2)", "-(2^2)"),
        ("=(-2)^2", "-2^2"),  # Excel's sign binds tighter than the power
        ("=2-(3-4)", "2-(3-4)"),
        ('="zeg ""ja"""&naam', '"zeg ""ja"""&naam'),
        ("=sum('Blad 2'!a1:b2,(A1,B1),)", "SUM('Blad 2'!A1:B2,(A1,B1),)"),
        ("=SUM($D195:D195)", "SUM($D195:D195)"),
        ("=Tabel1[[#Headers],[Kolom]]", "Tabel1[[#Headers],[Kolom]]"),
    ],
)
def test_spelling(formula: str, text: str) -> None:
    assert formula_text(parse(formula)) == text


def test_spelling_of_the_template_is_its_own() -> None:
    """Every formula reads back; nearly all are letter for letter what they were (needless parentheses go)."""
    formulas = tool().workbook.formulas.values()
    texts = {formula: formula_text(parse(formula)) for formula in formulas}
    assert all(parse(text) == parse(formula) for formula, text in texts.items())
    assert sum(f"={text}" == formula for formula, text in texts.items()) > 0.95 * len(texts)


# -- pieces ----------------------------------------------------------------------------------------------------------


def test_every_formula_of_the_template_computes_apart() -> None:
    """From the values of the others each formula gives what the program gave."""
    opened = tool()
    computed = opened.model.compute([{}])[0].values
    apart = Pieces(opened.workbook, computed)
    assert all(apart.outcomes(address, [{}]) == [computed[address]] for address in opened.workbook.formulas)


def test_changes_are_of_the_cells_that_the_formula_reads(tmp_path: Path) -> None:
    found = pieces(book(tmp_path, A1="=A2*A3+SUM(A4:A6)", A2="=A3+1", A3=4, A4=1, A5=2, A6="x"))
    changes = [{}, {at("A2"): 0.0}, {at("A3"): 0.0}, {at("A5"): 12.0}, {at("A2"): ExcelError("#N/A")}, {at("A2"): "x"}]
    # A2 is 5; changed, A3 doesn't change A2 along with it.
    assert found.outcomes(at("A1"), changes) == [23, 3, 3, 33, ExcelError("#N/A"), ExcelError("#VALUE!")]


def test_value_of_a_piece(tmp_path: Path) -> None:
    found = pieces(book(tmp_path, A1="=IF(A2>3,A2,naam_x)", A2=4, naam_x="0.21"))
    assert found.value(parse("A2>3"), at("A1")) is True
    assert found.value(parse("A2/0"), at("A1")) == ExcelError("#DIV/0!")
    assert found.value(parse("naam_x*100"), at("A1")) == 21
    assert found.value(parse("Z9"), at("A1")) == 0  # as a formula gives a blank
    assert found.value(parse('"a"&A2'), at("A1")) == "a4"


def test_piece_that_cannot_be_computed(tmp_path: Path) -> None:
    found = pieces(book(tmp_path, A1="=A2+1", A2="=_xlfn.GROUPBY(A3,A3,A3)", A4="=RANDBETWEEN(1,2)", A5="=1+"))
    for cell in ("A1", "A2", "A4", "A5"):
        with pytest.raises(Unfit, match=r"RK4\d\d"):
            found.outcomes(at(cell), [{}])
    with pytest.raises(Unfit, match="Blad1!A2"):
        found.value(parse("A2*2"), at("A1"))


def test_array_formula_apart(tmp_path: Path) -> None:
    made = book(tmp_path, A1=1, A2=2, C1=ArrayFormula("C1:C2", "=A1:A2*10"))
    found = pieces(made)
    changes = [{}, {at("A1"): 5.0}, {at("A2"): 7.0}]
    assert found.outcomes(at("C1"), changes) == [10, 50, 10]
    assert found.outcomes(at("C2"), changes) == [20, 20, 70]


# -- precedents ------------------------------------------------------------------------------------------------------


def test_rectangles_that_a_formula_reads(tmp_path: Path) -> None:
    made = book(
        tmp_path, A1="=SUM(B:B)+naam_y*naam_z+$B$2+B2+ROW(C9)+OFFSET(B1,1,0)+INDEX(C1:C2,1)", B1=1, B5=2, B6="=A9",
        naam_y="Blad1!$D$1", naam_z="Blad1!$D$2*2",
    )  # fmt: skip
    found = [reference_text(area) for area in Precedents(made).of(at("A1"))]
    # A whole column ends where the sheet does (row 6); $B$2 and B2 are one; ROW looks at no value.
    assert found == ["Blad1!B1:B6", "Blad1!D1", "Blad1!D2", "Blad1!B2", "Blad1!C1:C2"]
    (column, *_) = Precedents(made).of(at("A1"))
    assert Precedents(made).inside(column) == [at("B1"), at("B5"), at("B6")]


def test_dependants(tmp_path: Path) -> None:
    made = book(
        tmp_path, A1=1, A2="=A1*2", A3="=SUM(A1:A2)", A4="=A3+B1", B1="=C1", C1=2, D1=ArrayFormula("D1:D2", "=A1")
    )
    found = Precedents(made)
    assert found.dependants([at("A1")]) == {at("A2"), at("A3"), at("A4"), at("D1"), at("D2")}
    assert found.dependants([at("C1")]) == {at("B1"), at("A4")}
    assert found.dependants([at("A4")]) == set()
    assert Precedents(book(tmp_path, A1="=A2", A2="=A1")).dependants([at("A1")]) == {at("A1"), at("A2")}


def test_ranks(tmp_path: Path) -> None:
    made = book(tmp_path, A1=1, A2="=A1*2", A3="=SUM(A1:A2)", A4="=A3+A1", B1="=B2", B2="=B1")
    found = Precedents(made)
    assert [found.rank(at(f"A{row}")) for row in (1, 2, 3, 4)] == [0, 1, 2, 3]
    assert found.rank(at("B1")) >= 1  # a circle: any number, but an end


def test_ranks_agree_with_the_references_of_the_template() -> None:
    """No cell reads one of its own rank or a higher one."""
    workbook = tool().workbook
    found = Precedents(workbook)
    for address in workbook.formulas:
        rank = found.rank(address)
        assert all(found.rank(cell) < rank for area in found.of(address) for cell in found.inside(area))
