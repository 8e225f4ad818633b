"""Two versions of a workbook side by side: rows, columns, sheets and names are recognised where they now stand.

The edits come from `werkboek_bewerking`, which rewrites references on openpyxl's tokens, apart from the package.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from rekentool_werkboek import tool
from werkboek_bewerking import Shift, deleted, inserted, shifted, stays, swapped

from rekentool.jobs.alignment import Alignment, align
from rekentool.jobs.changes import blocks, formula_edits, value_edits
from rekentool.jobs.linemap import LineMap, Piece, line_map
from rekentool.jobs.matching import Line, match
from rekentool.jobs.structure import line_differences, name_differences, sheet_differences
from rekentool.xlsx.cell import Address
from rekentool.xlsx.reader import Workbook

CASE = "2 Bol niveau 2"


def lines(text: str) -> list[Line]:
    """One line per letter; a dot is an empty row."""
    return [
        Line(number, ((letter,), (letter,)), {letter: 1.0})
        for number, letter in enumerate(text, start=1)
        if letter != "."
    ]


@pytest.mark.parametrize(
    ("old", "new", "kept", "moved"),
    [
        ("abcd", "abcd", [(0, 0), (1, 1), (2, 2), (3, 3)], []),
        ("abcd", "abxcd", [(0, 0), (1, 1), (2, 3), (3, 4)], []),
        ("abcd", "acd", [(0, 0), (2, 1), (3, 2)], []),
        ("abcdef", "aecdbf", [(0, 0), (2, 2), (3, 3), (5, 5)], [(1, 4), (4, 1)]),
        ("abcdef", "bcdefa", [(1, 0), (2, 1), (3, 2), (4, 3), (5, 4)], [(0, 5)]),
        ("aab", "aaab", [(0, 0), (1, 1), (2, 3)], []),
        ("", "ab", [], []),
    ],
)
def test_match(old: str, new: str, kept: list[tuple[int, int]], moved: list[tuple[int, int]]) -> None:
    found = match(lines(old), lines(new))
    assert (list(found.kept), list(found.moved)) == (kept, moved)


@pytest.mark.parametrize(
    ("old", "new", "forward"),
    [
        ("abc", "abc", [1, 2, 3, 4, 5]),
        ("abc", "axbc", [1, 3, 4, 5, 6]),
        ("abcd", "acd", [1, None, 2, 3, 4]),
        ("a.c", "a..c", [1, 2, 4, 5, 6]),  # an empty row inserted
        ("a.cd", "axcd", [1, 2, 3, 4, 5]),  # an empty row written in: nothing shifts
        ("abcd", "axcd", [1, 2, 3, 4, 5]),  # a row with other contents is the same row
        ("abcde", "acbde", [1, 3, 2, 4, 5]),
        ("abc", "abcxy", [1, 2, 3, 4, 5]),
        ("abc", "xyz", [1, 2, 3, 4, 5]),
    ],
)
def test_line_map(old: str, new: str, forward: list[int | None]) -> None:
    found = line_map(lines(old), lines(new))
    assert [found.forward(line) for line in range(1, 6)] == forward
    for line, there in enumerate(forward, start=1):
        if there is not None:
            assert found.back(there) == line
            assert found.inverse().forward(there) == line


def test_two_rows_that_changed_places_have_both_moved() -> None:
    assert line_map(lines("abcdef"), lines("acbdef")).moves == {2: 3, 3: 2}
    assert line_map(lines("abcdef"), lines("adcbef")).moves == {2: 4, 4: 2}
    assert line_map(lines("abcdef"), lines("aecdbf")).moves == {2: 5, 5: 2}
    assert line_map(lines("abcdef"), lines("abcdef")).same


def test_gone_and_inserted_lines_are_runs() -> None:
    found = line_map(lines("abcdef"), lines("abef"))
    assert list(found.gone()) == [(3, 4)]
    assert list(found.inverse().gone()) == []
    assert list(line_map(lines("abef"), lines("abcdef")).inverse().gone()) == [(3, 4)]


def test_a_range_follows_its_ends() -> None:
    rows = LineMap((Piece(1, 1, 4), Piece(7, 5, 100)))  # rows 5 and 6 are gone
    assert rows.spans(2, 10) == ((2, 8),)
    assert rows.spans(2, 5) == ((2, 4),)
    assert rows.spans(6, 8) == ((5, 6),)
    assert rows.spans(5, 6) == ()
    assert LineMap(()).spans(3, 9) == ((3, 9),)
    moved = LineMap((Piece(1, 1, 2), Piece(4, 3, 2), Piece(6, 6, 50)), {3: 5})
    assert moved.spans(1, 3) == ((1, 5), (1, 2))


# -- the rekentool ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "rows", "columns", "kinds"),
    [
        (CASE, inserted(30), stays, ["rij ingevoegd"]),
        (CASE, inserted(1, 3), stays, ["rij ingevoegd"]),
        ("Invoer", inserted(20), stays, ["rij ingevoegd"]),
        ("Kengetallen", inserted(9, 2), stays, ["rij ingevoegd"]),
        (CASE, swapped(30, 31), stays, ["rij verplaatst"] * 2),
        (CASE, swapped(30, 50), stays, ["rij verplaatst"] * 2),
        ("Tarieven", swapped(10, 30), stays, ["rij verplaatst"] * 2),
        (CASE, stays, inserted(4), ["kolom ingevoegd"]),
        (CASE, stays, swapped(3, 4), ["kolom verplaatst"] * 2),
    ],
)
def test_a_shift_is_one_difference(sheet: str, rows: Shift, columns: Shift, kinds: list[str]) -> None:
    new = shifted(tool().workbook, sheet, rows, columns)
    assert (new.formulas, new.values) != (tool().workbook.formulas, tool().workbook.values)
    alignment = align(tool().workbook, new)
    assert formula_edits(alignment) == []
    assert value_edits(alignment) == []
    assert list(name_differences(alignment)) == []
    assert [found.kind for found in line_differences(alignment)] == kinds
    for old in tool().workbook.formulas:
        if old.sheet == sheet:
            there = alignment.forward(old)
            assert there is not None
            assert (there.row, there.column) == (rows(old.row), columns(old.column))
            assert alignment.back(there) == old


def test_a_deleted_row_and_the_formulas_that_read_it() -> None:
    alignment = align(tool().workbook, shifted(tool().workbook, "Invoer", deleted(20)))
    (gone,) = line_differences(alignment)
    assert (gone.kind, gone.place, gone.label) == ("rij verwijderd", "Invoer!20:20", "Grootte van een groep (maximum)")
    edits = formula_edits(alignment)
    cases = ("1 Bol niveau 1", CASE, "3 Bbl niveau 1", "4 Bbl niveau 2")
    assert {str(edit.new) for edit in edits} == {f"'{name}'!C22" for name in cases}
    assert all("#REF!" in (edit.after.formula or "") for edit in edits)


def test_two_shifts_and_a_changed_formula_at_once() -> None:
    new = shifted(shifted(tool().workbook, CASE, inserted(40)), "Invoer", deleted(116))
    place = Address(CASE, "D186")
    old = new.formulas[place]
    new = replace(new, formulas={**new.formulas, place: old.replace("(1+", "(2+")})
    alignment = align(tool().workbook, new)
    (edit,) = [edit for edit in formula_edits(alignment) if "#REF!" not in (edit.after.formula or "")]
    assert (edit.old, edit.new) == (Address(CASE, "D185"), place)
    (block,) = blocks(alignment, [edit])
    assert block.detail == "heeft de vaste waarde 2 in plaats van 1"


def test_a_renamed_sheet_and_a_renamed_name() -> None:
    old = tool().workbook
    names = dict(old.names)
    names["in_datum"] = names.pop("in_peildatum")

    def text(formula: str) -> str:
        return formula.replace(f"'{CASE}'!", "'Bol twee'!").replace("in_peildatum", "in_datum")

    def place(address: Address) -> Address:
        return Address("Bol twee", address.cell) if address.sheet == CASE else address

    new = replace(
        old,
        sheets=tuple(replace(sheet, name="Bol twee") if sheet.name == CASE else sheet for sheet in old.sheets),
        values={place(cell): value for cell, value in old.values.items()},
        formulas={place(cell): text(formula) for cell, formula in old.formulas.items()},
        names={name: target.replace(f"'{CASE}'", "'Bol twee'") for name, target in names.items()},
    )
    alignment = align(old, new)
    assert formula_edits(alignment) == []
    assert [(found.kind, found.old, found.new) for found in sheet_differences(alignment)] == [
        ("blad hernoemd", CASE, "Bol twee")
    ]
    assert [(found.kind, found.old, found.new) for found in name_differences(alignment)] == [
        ("naam hernoemd", "in_peildatum", "in_datum")
    ]


def test_sheets_that_are_gone_added_and_moved() -> None:
    old = tool().workbook
    sheets = list(old.sheets)
    versie = sheets.pop()
    extra = replace(versie, name="Extra")
    new = replace(
        old,
        sheets=(sheets[-1], *sheets[:-1], extra),
        values={cell: value for cell, value in old.values.items() if cell.sheet != "Versie"}
        | {Address("Extra", "B2"): 4.0},
    )
    found = {(one.kind, one.place) for one in sheet_differences(align(old, new))}
    assert found == {("blad verwijderd", "Versie"), ("blad toegevoegd", "Extra"), ("blad verplaatst", "Controle")}


# -- single changes --------------------------------------------------------------------------------------------------

_CELL = re.compile(r"(?<![A-Za-z'!:$])(\$?)([A-Z]{1,2})(\$?)([0-9]+)(?![0-9(:])")
_RANGE = re.compile(r"(\$?[A-Z]{1,2}\$?)([0-9]+):(\$?[A-Z]{1,2}\$?)([0-9]+)")
Edit = Callable[[str, random.Random], str]


def sign(formula: str, draw: random.Random) -> str:
    return re.sub(
        r"(?<=[\w)])([+*/-])(?=[\w$(])", lambda m: {"+": "-", "-": "+", "*": "/", "/": "*"}[m[1]], formula, count=1
    )


def reference(formula: str, draw: random.Random) -> str:
    return _CELL.sub(lambda m: f"{m[1]}{m[2]}{m[3]}{int(m[4]) + draw.choice([1, 2])}", formula, count=1)


def constant(formula: str, draw: random.Random) -> str:
    return re.sub(r"(?<![\w$.])([0-9]+)(?![\w(:.])", lambda m: str(int(m[1]) + 1), formula, count=1)


def range_end(formula: str, draw: random.Random) -> str:
    return _RANGE.sub(lambda m: f"{m[1]}{m[2]}:{m[3]}{int(m[4]) + 1}", formula, count=1)


def function(formula: str, draw: random.Random) -> str:
    for one, other in (("SUM(", "MAX("), ("MIN(", "MAX("), ("ROUNDUP(", "ROUNDDOWN("), ("ISNUMBER(", "ISTEXT(")):
        if one in formula:
            return formula.replace(one, other, 1)
    return formula


def dollar(formula: str, draw: random.Random) -> str:
    return _CELL.sub(lambda m: f"{'' if m[1] else '$'}{m[2]}{m[3]}{m[4]}", formula, count=1)


@pytest.mark.parametrize("edit", [sign, reference, constant, range_end, function, dollar])
def test_a_changed_formula_is_found_at_its_own_cell(edit: Edit) -> None:
    old, draw = tool().workbook, random.Random(edit.__name__)
    cells = list(old.formulas)
    draw.shuffle(cells)
    tried = 0
    for cell in cells:
        formula = edit(old.formulas[cell], draw)
        if formula == old.formulas[cell]:
            continue
        alignment = align(old, replace(old, formulas={**old.formulas, cell: formula}))
        assert [found.new for found in formula_edits(alignment)] == [cell], formula
        assert list(line_differences(alignment)) == []
        tried += 1
        if tried == 8:
            break
    assert tried == 8


def test_a_value_over_a_formula_is_found_at_its_own_cell() -> None:
    old, draw = tool().workbook, random.Random(3)
    for cell in draw.sample(list(old.formulas), 8):
        formulas = dict(old.formulas)
        del formulas[cell]
        new = replace(old, formulas=formulas, values={**old.values, cell: 12.5})
        alignment = align(old, new)
        (block,) = blocks(alignment, formula_edits(alignment))
        assert (block.kind, block.edits[0].new, block.edits[0].after.value) == ("overschreven", cell, 12.5)
        assert value_edits(alignment) == []


def test_the_same_change_along_a_row_is_one_block() -> None:
    old = tool().workbook
    cells = [Address(CASE, f"{column}185") for column in "DEFGH"]
    new = replace(old, formulas={**old.formulas, **{cell: old.formulas[cell] + "*2" for cell in cells}})
    alignment = align(old, new)
    (block,) = blocks(alignment, formula_edits(alignment))
    assert (block.kind, block.place) == ("gewijzigd", f"'{CASE}'!D185:H185")
    assert [edit.new for edit in block.edits] == cells


def book(formulas: dict[str, str], values: dict[str, float | str]) -> Workbook:
    """A workbook of one sheet that otherwise is like the rekentool."""
    base = tool().workbook
    return replace(
        base,
        sheets=(replace(base.sheets[0], name="Blad"),),
        values={Address("Blad", cell): value for cell, value in values.items()},
        formulas={Address("Blad", cell): text for cell, text in formulas.items()},
        names={}, name_formulas={}, local_names={}, arrays={}, array_members={}, unlocked=frozenset(),
    )  # fmt: skip


def formulas_of(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """The cells whose formulas differ, with the same labels and numbers around them."""
    values: dict[str, float | str] = {f"A{row}": f"regel {row}" for row in range(1, 12)}
    values |= {f"B{row}": float(row) for row in range(1, 6)}
    alignment: Alignment = align(book(old, values), book(new, values))
    return [edit.new.cell for edit in formula_edits(alignment)]


def test_the_spelling_of_a_formula_makes_no_difference() -> None:
    assert formulas_of({"C1": "=SUM(B1:B5)*1e3"}, {"C1": "= sum( b1:B5 ) * 1000"}) == []
    assert formulas_of({"C1": "=IF(B1,TRUE,1)"}, {"C1": "=IF(Blad!B1,TRUE(),1)"}) == []
    assert formulas_of({"C1": "=(B1+B2)"}, {"C1": "=B1+B2"}) == []


def test_what_does_make_a_difference() -> None:
    assert formulas_of({"C1": "=SUM(B1:B5)"}, {"C1": "=SUM(B1:B4)"}) == ["C1"]
    assert formulas_of({"C1": "=B1"}, {"C1": "=$B1"}) == ["C1"]
    assert formulas_of({"C1": '=B1&"a"'}, {"C1": '=B1&"A"'}) == ["C1"]
    assert formulas_of({"C1": "=(B1+B2)*2"}, {"C1": "=B1+B2*2"}) == ["C1"]


def test_a_formula_that_is_not_understood_is_compared_by_its_words() -> None:
    lambda_ = "=LAMBDA(_xlpm.x,_xlpm.x+1)(B1)"
    assert formulas_of({"C1": lambda_}, {"C1": lambda_.replace(",", ", ")}) == []
    assert formulas_of({"C1": lambda_}, {"C1": lambda_.replace("1)", "2)")}) == ["C1"]
