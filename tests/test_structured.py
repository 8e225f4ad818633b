"""References to tables: read from the file, resolved as Excel does, the same in LibreOffice, unknown by name."""

from __future__ import annotations

import dataclasses

import pytest
from engine_books import outcome
from table_books import CASES, FURTHER, HOURS, INSIDE, OTHER, changed, workbook

from rekentool.engine import cache
from rekentool.engine.formulas_engine import FormulasEngine
from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.precedents import Precedents
from rekentool.engine.program import ProgramEngine, ProgramModel
from rekentool.engine.protocol import Outcome
from rekentool.engine.references import Area, References
from rekentool.engine.tree import Reference
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import Workbook, read_workbook
from rekentool.xlsx.sheettable import Table

EVERYTHING = {**{cell: value for cell, _, value in CASES + FURTHER}, **INSIDE}


def at(cell: str, sheet: str = HOURS) -> Address:
    return Address(sheet, cell)


@pytest.fixture(scope="module")
def data() -> bytes:
    return workbook()


@pytest.fixture(scope="module")
def found(data: bytes) -> Outcome:
    return outcome(ProgramEngine().open(data))


@pytest.fixture(scope="module")
def libreoffice(data: bytes) -> Outcome:
    return outcome(LibreOffice().open(data))


# -- reading ---------------------------------------------------------------------------------------------------------


def test_tables_are_read(data: bytes) -> None:
    columns = ("Naam", "Uur", "Tarief [€]", "a#b", "Bedrag")
    assert read_workbook(data).tables == (
        Table("Tabel1", HOURS, "B3:F8", columns, 1, 1),
        Table("Los", OTHER, "B2:C3", ("Eerste", "Tweede"), 0, 0),
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('ref="B3:F8"', 'ref="B3:E8"'),
        ('ref="B3:F8"', 'ref="Blad"'),
        ('name="Uur"', 'name="naam"'),
        ('totalsRowCount="1"', 'totalsRowCount="9"'),
        ('ref="B3:F8"', 'ref="B3:F4"'),
    ],
)
def test_a_table_that_contradicts_itself_is_unknown_by_name(data: bytes, old: str, new: str) -> None:
    model = ProgramEngine().open(changed(data, "xl/tables/table1.xml", old, new))
    assert [table.name for table in model.workbook.tables] == ["Los"]
    result = outcome(model)
    assert "tabel Tabel1 bestaat niet of is niet te lezen (RK423)" in result.unknown[at("H1")]
    assert result.values[at("H29")] == 60.0


def test_escaped_characters_in_a_columns_name(data: bytes) -> None:
    broken = changed(data, "xl/tables/table1.xml", 'name="Uur"', 'name="Uur_x000a_dag"')
    assert read_workbook(broken).tables[0].columns[1] == "Uur\ndag"


# -- computing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", EVERYTHING)
def test_result_is_excels(found: Outcome, cell: str) -> None:
    assert at(cell) in found.values, found.unknown.get(at(cell))
    assert found.values[at(cell)] == EVERYTHING[cell]


@pytest.mark.libreoffice
def test_libreoffice_agrees(libreoffice: Outcome) -> None:
    expected: dict[str, CellValue] = {cell: value for cell, _, value in CASES}
    results = {cell: libreoffice.values.get(at(cell)) for cell in expected}
    assert {cell: result for cell, result in results.items() if result != expected[cell]} == {}


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("=SUM(Weg[Uur])", "tabel Weg bestaat niet of is niet te lezen (RK423)"),
        ("=SUM(Tabel1[Weg])", "tabel Tabel1 heeft geen kolom Weg (RK423)"),
        ("=SUM(Tabel1[[Uur]:[Weg]])", "tabel Tabel1 heeft geen kolom Weg (RK423)"),
        ("=SUM([Uur])", "een verwijzing zonder tabelnaam in een cel die niet in een tabel staat (RK423)"),
        ("=Los[@Eerste]", "de rij van de formule in tabel Los, die op een ander blad staat (RK423)"),
        ("=SUM(Tabel1[[#Headers],[#Totals],[Uur]])", "tabel Tabel1 met de onderdelen #Headers en #Totals samen"),
        ("=SUM(deze_rij)", "naam deze_rij verschuift met de cel mee (RK423)"),
    ],
)
def test_what_is_not_known_is_named(formula: str, reason: str) -> None:
    data = workbook({"L4": formula})
    data = changed(
        data,
        "xl/workbook.xml",
        "</definedNames>",
        '<definedName name="deze_rij">Tabel1[[#This Row],[Uur]]</definedName></definedNames>',
    )
    assert reason in outcome(ProgramEngine().open(data)).unknown[at("L4")]


def test_cells_of_a_table_vary_over_scenarios(data: bytes) -> None:
    model = ProgramEngine().open(data)
    many = model.run({at("C4"): [10.0, 100.0, 0.0]}, [at("H1"), at("F4"), at("H4")], 3)
    assert [list(many[at(cell)].floats(3)) for cell in ("H1", "F4", "H4")] == [
        [60.0, 150.0, 50.0],
        [20.0, 200.0, 0.0],
        [20.0, 200.0, 0.0],
    ]


def test_other_tables_are_another_program(data: bytes) -> None:
    book = read_workbook(data)
    first = book.tables[0]
    moved = dataclasses.replace(book, tables=(dataclasses.replace(first, columns=first.columns[::-1]),))
    assert moved != book
    assert cache.key(moved, {}) != cache.key(book, {})
    hidden = dataclasses.replace(book, hidden_rows={HOURS: frozenset({4})})
    assert cache.key(hidden, {}) != cache.key(book, {})


def test_a_kept_program_knows_the_tables(
    data: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("programma")))
    monkeypatch.setattr(cache, "FEWEST", 1)
    first, second = (outcome(ProgramModel(read_workbook(data))) for _ in range(2))
    assert first == second
    assert second.values[at("H26")] == 220.0


# -- who else reads them ---------------------------------------------------------------------------------------------


def test_precedents(data: bytes) -> None:
    book: Workbook = read_workbook(data)
    assert Precedents(book).of(at("H1")) == (Reference(HOURS, 3, 4, 3, 7),)
    assert Precedents(book).of(at("F4")) == (Reference(HOURS, 3, 4, 3, 4), Reference(HOURS, 4, 4, 4, 4))


def test_references_for_the_other_engines(data: bytes) -> None:
    references = References(read_workbook(data))
    assert references.split(at("H20"), "=SUM(Tabel1[Tarief '[€']])").areas == (Area(HOURS, 4, 4, 4, 7),)
    assert references.split(at("H20"), "=SUM(Los)").areas == (Area(OTHER, 2, 2, 3, 3),)
    assert "[Weg]" in references.split(at("H20"), "=SUM(Tabel1[Weg])").problem


def test_the_second_opinion_agrees_or_says_unknown(data: bytes) -> None:
    second = outcome(FormulasEngine().open(data))
    known = {cell: second.values[at(cell)] for cell in EVERYTHING if at(cell) in second.values}
    assert known == {cell: EVERYTHING[cell] for cell in known}
    assert {"H1", "H18", "H22", "H26", "F4"} <= known.keys()
