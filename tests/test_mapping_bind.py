"""A mapping against a workbook: found cells, and one misfit per test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from mapping_files import YAML, edited, write_mapping

from rekentool.mapping.bind import Binding, ResultCell, WorkbookLike, bind
from rekentool.mapping.load import load_mapping
from rekentool.messages import Finding, RekentoolError
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.reader import Workbook


@dataclass(frozen=True)
class Sheet:
    name: str


@dataclass
class Book:
    """A stand-in for the reader's workbook: just what binding looks at."""

    sheets: tuple[Sheet, ...]
    names: dict[str, str]
    values: dict[Address, CellValue] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)


LABELS = {
    "Invoer": {"A2": "Naam van de regio", "A3": "Aantal studenten", "A4": "Uitval per jaar", "A5": "Peildatum",
               "A9": "Werkgeverschap", "B10": "LKV  toepassen ", "A11": "Tarief"},
    "Kengetallen": {"A3": "Minimumloon", "A4": "Jeugdstaffel"},
    "Bol": {"A6": "Loonkostensubsidie", "A7": "Premies"},
    "Bbl 1": {"A6": "Loonkostensubsidie", "A7": "Premies"},
}


def good_book() -> Book:
    names = {
        "in_regio_naam": "Invoer!C2",
        "in_aantal_studenten_bol1": "Invoer!C3", "in_aantal_studenten_bbl1": "Invoer!$E$3",
        "in_uitval_bol1": "Invoer!C4", "IN_Uitval_Bbl1": "Invoer!E4",
        "in_peildatum": "invoer!C5",
        "tarief_tarief": "Invoer!C11:C11",
        "in_eigen_wml_uur": "Kengetallen!C3", "in_eigen_jeugdpct": "Kengetallen!C4",
        "kg_wml_uur": "Kengetallen!D3", "kg_jeugdpct": "Kengetallen!D4",
        "uit_gemeente_saldo_bol1": "Resultaat!B2", "uit_gemeente_jaren_bol1": "Resultaat!B3",
        "uit_gemeente_saldo_bbl1": "Resultaat!C2", "uit_gemeente_jaren_bbl1": "Resultaat!C3",
        "uit_maatschappelijk_saldo_bol1": "Resultaat!B5", "uit_maatschappelijk_jaren_bol1": "Resultaat!B6",
        "uit_maatschappelijk_saldo_bbl1": "Resultaat!C5", "uit_maatschappelijk_jaren_bbl1": "Resultaat!C6",
        "uit_gemeente_lks_bol1_per_jaar": "Bol!C6:E6", "uit_rijk_premies_bol1_per_jaar": "Bol!C7:E7",
        "uit_gemeente_lks_bbl1_per_jaar": "'Bbl 1'!C6:E6", "uit_rijk_premies_bbl1_per_jaar": "'Bbl 1'!C7:E7",
        "controle_eindoordeel": "Controle!B3",
    }
    sheets = tuple(Sheet(name) for name in ("Invoer", "Kengetallen", "Bol", "Bbl 1", "Resultaat", "Controle"))
    values: dict[Address, CellValue] = {
        Address(sheet, cell): text for sheet, cells in LABELS.items() for cell, text in cells.items()
    }
    return Book(sheets, names, values)


def bound(tmp_path: Path, book: WorkbookLike, yaml: str = YAML) -> Binding:
    return bind(load_mapping(write_mapping(tmp_path, yaml)), book, "terug.xlsx")


def misfits(tmp_path: Path, book: WorkbookLike, yaml: str = YAML) -> list[Finding]:
    with pytest.raises(RekentoolError) as caught:
        bound(tmp_path, book, yaml)
    return list(caught.value.findings)


def test_every_input_is_found_whatever_the_case_of_its_name(tmp_path: Path) -> None:
    binding = bound(tmp_path, good_book())
    assert {key: str(address) for key, address in binding.inputs.items()} == {
        ("regio_naam", None): "Invoer!C2",
        ("aantal_studenten", "bol1"): "Invoer!C3", ("aantal_studenten", "bbl1"): "Invoer!E3",
        ("uitval", "bol1"): "Invoer!C4", ("uitval", "bbl1"): "Invoer!E4",
        ("peildatum", None): "Invoer!C5",
        ("werkgeverschap", "bbl1"): "Invoer!E9",
        ("lkv", None): "Invoer!C10",
        ("tarief", None): "Invoer!C11",
        ("eigen_wml_uur", None): "Kengetallen!C3", ("eigen_jeugdpct", None): "Kengetallen!C4",
    }
    assert binding.address("uitval", "bbl1") == Address("Invoer", "E4")
    assert binding.address("peildatum") == Address("Invoer", "C5")
    with pytest.raises(KeyError):
        binding.address("uitval")


def test_checks_and_used_kengetallen_are_found(tmp_path: Path) -> None:
    binding = bound(tmp_path, good_book())
    assert binding.checks == {"eindoordeel": Address("Controle", "B3")}
    # wml_maand is for information only: no name has to exist for it.
    assert binding.used == {"wml_uur": Address("Kengetallen", "D3"), "jeugdpct": Address("Kengetallen", "D4")}


def test_results_come_as_rows_of_the_tidy_table(tmp_path: Path) -> None:
    binding = bound(tmp_path, good_book())
    always = list(binding.results())
    assert always[:2] == [
        ResultCell("bol1", "gemeente", "saldo", "totaal", "euro", Address("Resultaat", "B2")),
        ResultCell("bol1", "gemeente", "jaren", "totaal", "jaar", Address("Resultaat", "B3")),
    ]
    assert len(always) == 8
    every = list(binding.results("alle"))
    assert every[:8] == always
    assert every[8:11] == [
        ResultCell("bol1", "gemeente", "lks", "1", "euro", Address("Bol", "C6")),
        ResultCell("bol1", "gemeente", "lks", "2", "euro", Address("Bol", "D6")),
        ResultCell("bol1", "gemeente", "lks", "totaal", "euro", Address("Bol", "E6")),
    ]
    assert len(every) == 8 + 4 * 3


def test_a_rectangle_with_rows_and_columns(tmp_path: Path) -> None:
    yaml = edited("    kolommen: {jaar: [1, 2, totaal]}\n    eenheid: euro\n",
                  "    kolommen: {jaar: [1, 2, totaal]}\n    eenheid: euro\n"
                  "  blok: {bereik: Resultaat!E2:F4, vast: {partij: rijk}, rijen: {regel: [lkv, norisk, bpv]}, "
                  "kolommen: {geval: [bol1, bbl1]}, eenheid: euro, uitvoer: altijd}\n"
                  "  los: {bereik: Resultaat!H9, vast: {regel: diplomas}, eenheid: diploma's}\n"
                  "  nog:\n    bereik: Resultaat!H10\n    vast: {regel: x}\n    eenheid: y\n")
    cells = [cell for cell in bound(tmp_path, good_book(), yaml).results("alle") if cell.jaar == ""]
    assert [(cell.geval, cell.regel, cell.address.cell) for cell in cells] == [
        ("bol1", "lkv", "E2"), ("bbl1", "lkv", "F2"),
        ("bol1", "norisk", "E3"), ("bbl1", "norisk", "F3"),
        ("bol1", "bpv", "E4"), ("bbl1", "bpv", "F4"),
        ("", "diplomas", "H9"), ("", "x", "H10"),
    ]


#: name → (what to change in the book, code, place, words in the message)
MISFITS: dict[str, tuple[Callable[[Book], object], str, str, str]] = {
    "missing name": (lambda book: book.names.pop("in_peildatum"), "RK231", "$.velden.peildatum", "in_peildatum"),
    "missing result name": (lambda book: book.names.pop("uit_gemeente_saldo_bol1"), "RK231", "$.resultaten.totalen",
                            "uit_gemeente_saldo_bol1"),
    "missing check": (lambda book: book.names.pop("controle_eindoordeel"), "RK231", "$.controles.eindoordeel",
                      "controle_eindoordeel"),
    "missing kengetal": (lambda book: book.names.pop("kg_wml_uur"), "RK231", "$.kengetallen.lijst.wml_uur",
                         "kg_wml_uur"),
    "missing sheet": (lambda book: book.names.update(in_peildatum="Invoor!C5"), "RK230", "$.velden.peildatum",
                      'Bedoeld is waarschijnlijk "Invoer"'),
    "range for an input": (lambda book: book.names.update(in_uitval_bol1="Invoer!C4:D4"), "RK232",
                           "$.velden.uitval, geval bol1", "2 kolommen en 1 rijen"),
    "whole sheet for an input": (lambda book: book.names.update(in_peildatum="Invoer!A1:XFD1048576"), "RK232",
                                 "$.velden.peildatum", "16384 kolommen en 1048576 rijen"),
    "broken name": (lambda book: book.names.update(in_peildatum="Invoer!#REF!"), "RK237", "$.velden.peildatum",
                    "#REF!"),
    "constant as name": (lambda book: book.names.update(in_peildatum="0.5"), "RK237", "$.velden.peildatum", "0.5"),
    "formula in an input": (lambda book: book.formulas.update({Address("Invoer", "C5"): "=VANDAAG()"}), "RK233",
                            "$.velden.peildatum", "=VANDAAG() in Invoer!C5"),
    "formula in an own value": (lambda book: book.formulas.update({Address("Kengetallen", "C3"): "=1"}), "RK233",
                                "$.kengetallen.lijst.wml_uur", "=1 in Kengetallen!C3"),
    "moved label": (lambda book: book.values.update({Address("Invoer", "A5"): "Horizon"}), "RK234",
                    "$.velden.peildatum", '"Horizon" in Invoer!A5'),
    "blank label": (lambda book: book.values.pop(Address("Invoer", "A5")), "RK234", "$.velden.peildatum",
                    '"" in Invoer!A5'),
    "error as label": (lambda book: book.values.update({Address("Invoer", "A5"): ExcelError("#REF!")}), "RK234",
                       "$.velden.peildatum", "#REF!"),
    "label cell of its own": (lambda book: book.values.update({Address("Invoer", "B10"): "LKV"}), "RK234",
                              "$.velden.lkv", '"LKV" in Invoer!B10'),
    "label of a line": (lambda book: book.values.update({Address("Bbl 1", "A7"): "Lkv"}), "RK234",
                        "$.resultaten.regels", "\"Lkv\" in 'Bbl 1'!A7"),
    "two fields on one cell": (lambda book: book.names.update(IN_Uitval_Bbl1="Invoer!C4"), "RK235",
                               "$.velden.uitval, geval bbl1", "$.velden.uitval, geval bol1"),
    "result too narrow": (lambda book: book.names.update(uit_rijk_premies_bol1_per_jaar="Bol!C7:D7"), "RK236",
                          "$.resultaten.regels", "2 kolommen en 1 rijen"),
    "result turned": (lambda book: book.names.update(uit_rijk_premies_bol1_per_jaar="Bol!C7:C9"), "RK236",
                      "$.resultaten.regels", "3 kolommen en 1 rijen, zoals de assen"),
}


@pytest.mark.parametrize("name", MISFITS)
def test_a_misfit_is_refused_at_its_path(name: str, tmp_path: Path) -> None:
    change, code, place, words = MISFITS[name]
    book = good_book()
    change(book)
    (found,) = misfits(tmp_path, book)
    assert (found.code, found.place, found.file) == (code, place, "terug.xlsx")
    assert words in str(found)


def test_all_misfits_come_at_once(tmp_path: Path) -> None:
    book = good_book()
    for name in ("missing name", "moved label", "formula in an own value", "result turned"):
        MISFITS[name][0](book)
    # The label stands in the row of the missing name: there is no row to look at.
    assert [found.code for found in misfits(tmp_path, book)] == ["RK231", "RK233", "RK236"]


def test_another_workbook_misses_everything_quickly(tmp_path: Path) -> None:
    found = misfits(tmp_path, Book((Sheet("Blad1"),), {}))
    codes = [one.code for one in found]
    assert codes.count("RK230") == 2  # the two fields with an address; the label on the same sheet is no second message
    assert codes.count("RK231") == 9 + 2 + 1 + 8 + 4


def test_labels_are_compared_only_where_the_mapping_says_where_they_stand(tmp_path: Path) -> None:
    book = good_book()
    yaml = edited("  label_kolom: A\n", "")
    book.values = {Address("Invoer", "B10"): "LKV toepassen"}
    assert bound(tmp_path, book, yaml).address("peildatum") == Address("Invoer", "C5")


def test_labels_beside_own_values_can_have_a_column_of_their_own(tmp_path: Path) -> None:
    book = good_book()
    yaml = edited("  eigen_naam: in_eigen_{kengetal}\n", "  eigen_naam: in_eigen_{kengetal}\n  label_kolom: B\n")
    assert [found.place for found in misfits(tmp_path, book, yaml)] == [
        "$.kengetallen.lijst.wml_uur", "$.kengetallen.lijst.jeugdpct",
    ]
    book.values.update({Address("Kengetallen", "B3"): "Minimumloon", Address("Kengetallen", "B4"): "Jeugdstaffel"})
    assert bound(tmp_path, book, yaml).address("eigen_wml_uur") == Address("Kengetallen", "C3")


def test_the_readers_workbook_is_a_workbook_to_bind() -> None:
    """The stand-in above has no more than the real one."""
    assert set(Book.__dataclass_fields__) <= set(Workbook.__dataclass_fields__)
