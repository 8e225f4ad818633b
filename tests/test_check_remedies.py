"""Every finding that `controleer` has on a file: caused in a filled workbook, found alone and at its place, and gone
once its remedy was followed."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from ingreep import edited
from klein_verschuiving import after
from klein_werkboek import ZUID, filled, recomputed, saved, small_tool, through_openpyxl
from openpyxl import Workbook as Book
from openpyxl import load_workbook
from openpyxl.styles import Font, Protection
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from werkboek_bewerking import deleted, inserted

from rekentool.jobs.check import check
from rekentool.messages import CATALOGUE, Finding, RekentoolError
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address
from rekentool.xlsx.patch import patch_workbook

#: From one file to the next: what somebody does to it.
Act = Callable[[Tool, bytes], bytes]


@dataclass(frozen=True)
class Case:
    """``others`` are the codes that come with it: what follows from the same act."""

    code: str
    place: str
    cause: Act
    remedy: Act
    others: frozenset[str] = field(default=frozenset())
    found: str = ""


# Acts


def editing(*edits: Callable[[Book], None]) -> Act:
    return lambda tool, data: through_openpyxl(tool, data, *edits)


def put(reference: str, value: object) -> Act:
    """A value or formula in one cell; None empties it."""
    sheet, cell = reference.split("!")

    def edit(book: Book) -> None:
        book[sheet][cell].value = value  # type: ignore[index]

    return editing(edit)


def on(sheet: str, edit: Callable[[Worksheet], object]) -> Act:
    return editing(lambda book: (edit(book[sheet]), None)[1])


def setting(target: Callable[[Book], Any], **values: object) -> Act:
    """Attributes of a part of the workbook."""

    def edit(book: Book) -> None:
        for name, value in values.items():
            setattr(target(book), name, value)

    return editing(edit)


def stored(cell: str, value: float) -> Act:
    """A stored result, as a program that doesn't compute leaves it."""
    return lambda _, data: patch_workbook(data, {}, {Address("Resultaat", cell): value})


def refreshed(tool: Tool, data: bytes) -> bytes:
    return recomputed(tool, data)


def anew(tool: Tool, _: bytes) -> bytes:
    """The inputs in a blank workbook."""
    return filled(tool)


def shifting(sheet: str, **lines: Any) -> Act:
    return lambda tool, data: recomputed(tool, after(data, sheet, **lines))


def without_results(_: Tool, data: bytes) -> bytes:
    """Saved by a program that doesn't compute: openpyxl."""
    return saved(load_workbook(io.BytesIO(data)))


def validation(**facts: Any) -> Act:
    """Another rule for Aantal, as its dialog makes it."""

    def edit(sheet: Worksheet) -> None:
        _drop(sheet, "C4")
        rule = DataValidation(showErrorMessage=True, sqref="C4", **{"type": "whole", "operator": "between", **facts})
        sheet.add_data_validation(rule)

    return on("Invoer", edit)


def _drop(sheet: Worksheet, cell: str) -> None:
    rules = sheet.data_validations.dataValidation
    sheet.data_validations.dataValidation = [rule for rule in rules if str(rule.sqref) != cell]


def validation_pasted(tool: Tool, data: bytes) -> bytes:
    """Paste Special > Validation of the cells of a blank workbook."""
    rules = load_workbook(tool.path)["Invoer"].data_validations.dataValidation

    def edit(sheet: Worksheet) -> None:
        sheet.data_validations.dataValidation = [copy(rule) for rule in rules]

    return on("Invoer", edit)(tool, data)


def protected(**boxes: bool) -> Act:
    """Boxes of the dialog of Model; True locks."""
    return setting(lambda book: book["Model"].protection, **boxes)


def locked(sheet: str, cells: str, value: bool) -> Act:
    def edit(page: Worksheet) -> None:
        for cell in cells.split():
            page[cell].protection = Protection(locked=value)

    return on(sheet, edit)


def in_book(change: Callable[[str], str]) -> Act:
    return lambda _, data: edited(data, {"xl/workbook.xml": change})


def in_model(old: str, new: str) -> Act:
    return lambda _, data: edited(data, {"xl/worksheets/sheet2.xml": lambda xml: xml.replace(old, new)})


def renamed(old: str, new: str) -> Act:
    return in_book(lambda xml: re.sub(rf'(<sheet [^>]*name="){old}"', rf'\g<1>{new}"', xml))


def name(target: str, **facts: object) -> Act:
    def edit(book: Book) -> None:
        book.defined_names[target] = DefinedName(target, **facts)

    return editing(edit)


def invalid(code: str, cell: str, value: object, found: str, better: object, others: Iterable[str] = ()) -> Case:
    """An input that isn't allowed, and what its remedy makes of it."""
    reference = f"Invoer!{cell}"
    return Case(code, reference, put(reference, value), put(reference, better), frozenset(others), found)


B4 = "=Model!F4"
CASES = [
    # hidden
    Case("RK155", "Model", setting(lambda book: book["Model"], sheet_state="hidden"),
         setting(lambda book: book["Model"], sheet_state="visible")),
    Case("RK156", "Model", setting(lambda book: book["Model"], sheet_state="veryHidden"),
         setting(lambda book: book["Model"], sheet_state="visible")),
    Case("RK157", "Model", setting(lambda book: book["Model"].row_dimensions[4], hidden=True),
         setting(lambda book: book["Model"].row_dimensions[4], hidden=False), found="verborgen rijen: 4 (1 in totaal)"),
    Case("RK157", "Invoer", setting(lambda book: book["Invoer"].column_dimensions["C"], hidden=True),
         setting(lambda book: book["Invoer"].column_dimensions["C"], hidden=False),
         found="verborgen kolommen: C (1 in totaal)"),
    Case("RK158", "Model!A10", setting(lambda book: book["Model"]["A10"], font=Font(color="FFFFFFFF")),
         setting(lambda book: book["Model"]["A10"], font=Font(color="FF000000"))),
    Case("RK565", "verborgen_naam", name("verborgen_naam", attr_text="Model!$B$10", hidden=True),
         name("verborgen_naam", attr_text="Model!$B$10")),
    # names and cells that can't be read as they should
    Case("RK193", "formule_naam", name("formule_naam", attr_text="Model!$B$10*2"),
         name("formule_naam", attr_text="Model!$B$10")),
    Case("RK194", "kapot", name("kapot", attr_text="#REF!$B$10"), name("kapot", attr_text="Model!$B$10")),
    Case("RK191", "Model!B10",
         in_model("<v>36</v>", "<v>zesendertig</v>"), in_model("<v>zesendertig</v>", "<v>36</v>"),
         frozenset({"RK514", "RK530"})),
    # inputs
    invalid("RK303", "C5", 10, "10 bij een percentage", 0.1),
    invalid("RK304", "C4", 12.5, "12,5", 13),
    invalid("RK305", "C7", datetime(2027, 1, 1, 9, 30), '"46388,3958333333', datetime(2027, 1, 1)),
    invalid("RK306", "C9", "Misschien", '"Misschien"', "Ja"),
    invalid("RK307", "C8", "Groott", '"Groott"', "Groot"),
    invalid("RK308", "C3", "Regio\tZuid", '"Regio\\tZuid", met het teken U+0009', "Regio Zuid"),
    invalid("RK310", "C4", 501, "501", 500),
    invalid("RK311", "C3", None, "niets", "Regio Zuid"),
    invalid("RK312", "C10", "#N/A", "de foutwaarde #N/A", None),
    invalid("RK313", "C4", 1e17, "100000000000000000", 20),
    invalid("RK315", "C9", True, "de logische waarde WAAR", "Ja"),
    invalid("RK316", "C6", "1.250,50", 'de tekst "1.250,50"', 1250.5, {"RK520"}),
    invalid("RK317", "C8", 3, "het getal 3", "Groot"),
    Case("RK319", "Invoer!C11, Invoer!C12", put("Invoer!C11", 0.5), put("Invoer!C12", 0.5),
         found="De leeftijdsopbouw telt op tot 120 %"),
    Case("RK561", "Invoer!C4", put("Invoer!C4", "=4*5"), put("Invoer!C4", 20),
         found="de formule =4*5 in een invulcel; gerekend is met haar uitkomst: 20"),
    Case("RK562", "Invoer!C4", put("Invoer!C4", 12), put("Invoer!C4", 13),
         found="verplichte invulcellen met nog de standaardwaarde van het sjabloon: 1 van 8 (aantal)"),
    invalid("RK563", "C3", " Zuid", "een tekst met spaties aan het begin of het eind: “ Zuid”", "Zuid"),
    invalid("RK563", "C3", "Regio\u00a0Zuid", "een tekst met dubbele of vaste spaties: “Regio␣Zuid”", "Zuid"),
    # formulas, values, names, sheets
    Case("RK510", "Model!D4", put("Model!D4", "=D3*in_tarief*$B$9"), put("Model!D4", "=D3*in_tarief*$B$10"),
         found="de formule is =D3*in_tarief*$B$9; zij verwijst naar $B$9 in plaats van $B$10"),
    Case("RK511", "Model!D4", put("Model!D4", 1000), put("Model!D4", "=D3*in_tarief*$B$10")),
    Case("RK512", "Model!D4", put("Model!D4", None), put("Model!D4", "=D3*in_tarief*$B$10")),
    Case("RK513", "Model!J4", put("Model!J4", "=B4*2"), put("Model!J4", None)),
    Case("RK514", "Model!B10", put("Model!B10", 40), put("Model!B10", 36)),
    Case("RK515", "geheim", in_book(lambda xml: xml.replace("Intern!$A$2", "Intern!$A$1")),
         in_book(lambda xml: xml.replace("Intern!$A$1", "Intern!$A$2"))),
    Case("RK516", "Model!J4", put("Model!J4", "let op"), put("Model!J4", None)),
    Case("RK517", "Lijsten", renamed("Lijsten", "Keuzes"), renamed("Keuzes", "Lijsten"),
         frozenset({"RK518"})),
    Case("RK518", "Eigen", editing(lambda book: (book.create_sheet("Eigen"), None)[1]),
         editing(lambda book: book.remove(book["Eigen"]))),
    # checks and stored values
    Case("RK520", "Regio Zuid: Resultaat!B4", put("Model!F5", "=SUM($B4:E4)"), put("Model!F5", "=SUM($B4:F4)"),
         frozenset({"RK510"})),
    Case("RK521", "Regio Zuid: Resultaat!B4", put("Model!F5", "=ONBEKEND(F4)"), put("Model!F5", "=SUM($B4:F4)"),
         frozenset({"RK510", "RK522"})),
    Case("RK522", "Regio Zuid", put("Model!F5", "=ONBEKEND(F4)"), put("Model!F5", "=SUM($B4:F4)"),
         frozenset({"RK510", "RK521"})),
    Case("RK530", "Resultaat!B2", stored("B2", 1.0), refreshed),
    Case("RK531", "Model!B3", without_results, refreshed),
    # validations
    Case("RK540", "Invoer!C4", on("Invoer", lambda sheet: _drop(sheet, "C4")), validation_pasted,
         found="invulcellen zonder gegevensvalidatie: 1"),
    Case("RK540", "Invoer!C3:C12", on("Invoer", lambda sheet: setattr(sheet.data_validations, "dataValidation", [])),
         validation_pasted, found="invulcellen zonder gegevensvalidatie: 10"),
    Case("RK541", "Invoer!C4", validation(formula1="0", formula2="50"), validation_pasted,
         found="de gegevensvalidatie is veranderd in: een geheel getal van 0 t/m 50"),
    Case("RK541", "Invoer!C4", validation(type="decimal", formula1="0", formula2="500"), validation_pasted,
         found="de gegevensvalidatie is veranderd in: een getal van 0 t/m 500"),
    Case("RK541", "Invoer!C4", validation(type="list", formula1='"10,20"'), validation_pasted,
         found="de gegevensvalidatie is veranderd in: een keuze uit: 10 / 20"),
    Case("RK541", "Invoer!C4", validation(formula1="0", formula2="500", errorStyle="warning"), validation_pasted,
         found="de gegevensvalidatie is veranderd in: een geheel getal van 0 t/m 500 (alleen een waarschuwing: andere "
         "invoer kan toch)"),
    # protection
    Case("RK542", "Model", protected(sheet=False), protected(sheet=True)),
    Case("RK543", "Model", protected(formatCells=False, sort=False),
         protected(formatCells=True, sort=True),
         found="de beveiliging van het blad staat meer toe dan in het sjabloon: cellen opmaken, sorteren"),
    Case("RK544", "Model", on("Model", lambda sheet: sheet.protection.set_password("geheim")),
         on("Model", lambda sheet: sheet.protection.set_password("", already_hashed=True)),
         found="de beveiliging heeft een wachtwoord"),
    Case("RK545", "werkmap", setting(lambda book: book.security, lockStructure=False),
         setting(lambda book: book.security, lockStructure=True)),
    Case("RK546", "Model!B4:D4, Model!C6", locked("Model", "B4 C4 D4 C6", False), locked("Model", "B4 C4 D4 C6", True),
         found="formulecellen die niet vergrendeld zijn: 4"),
    Case("RK564", "Invoer!C4:C5", locked("Invoer", "C4 C5", True), locked("Invoer", "C4 C5", False),
         found="invulcellen die vergrendeld zijn: 2"),
    # rows and columns
    Case("RK547", "Model, rij 4", shifting("Model", rows=inserted(4)), shifting("Model", rows=deleted(4)),
         found="ingevoegde rijen of kolommen: rij 4"),
    Case("RK547", "Model, rijen 4–6", shifting("Model", rows=inserted(4, 3)), shifting("Model", rows=deleted(4, 3)),
         found="ingevoegde rijen of kolommen: rijen 4–6"),
    Case("RK547", "Invoer, rij 6", shifting("Invoer", rows=inserted(6)), shifting("Invoer", rows=deleted(6)),
         found="ingevoegde rijen of kolommen: rij 6"),
    Case("RK547", "Model, kolom B", shifting("Model", columns=inserted(2)), shifting("Model", columns=deleted(2)),
         found="ingevoegde rijen of kolommen: kolom B"),
    Case("RK548", "Model, rij 2", shifting("Model", rows=deleted(2)), anew,
         found="verwijderde rijen of kolommen van het sjabloon: rij 2"),
    Case("RK549", "Model, rij 6", shifting("Model", rows=lambda row: {6: 3, 3: 4, 4: 5, 5: 6}.get(row, row)),
         shifting("Model", rows=lambda row: {3: 6, 4: 3, 5: 4, 6: 5}.get(row, row)),
         found="verplaatste rijen of kolommen van het sjabloon: rij 6, nu 3"),
    Case("RK568", "", shifting("Invoer", rows=deleted(6)), anew, frozenset({"RK548"})),
]  # fmt: skip


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Tool:
    return small_tool(tmp_path_factory.mktemp("klein"))


@pytest.fixture(scope="module")
def good(tool: Tool) -> bytes:
    return filled(tool)


def findings(tool: Tool, folder: Path, data: bytes) -> tuple[Finding, ...]:
    """What `controleer` says, also when it refuses the file."""
    path = folder / "regio.xlsx"
    path.write_bytes(data)
    try:
        return check(tool, path).findings
    except RekentoolError as error:
        return error.findings


def test_the_filled_workbook_is_clean(tool: Tool, good: bytes, tmp_path: Path) -> None:
    assert findings(tool, tmp_path, good) == ()
    assert findings(tool, tmp_path, through_openpyxl(tool, good)) == ()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.place}")
def test_found_at_its_place_and_gone_after_the_remedy(tool: Tool, good: bytes, tmp_path: Path, case: Case) -> None:
    bad = case.cause(tool, good)
    found = findings(tool, tmp_path, bad)
    mine = [one for one in found if one.code == case.code]
    assert {one.code for one in found} - case.others == {case.code} - case.others, [str(one) for one in found]
    (one,) = mine
    assert one.place == case.place
    assert one.found.startswith(case.found)
    assert (one.severity, one.file) == (CATALOGUE[case.code].severity, str(tmp_path / "regio.xlsx"))
    assert one.remedy
    assert findings(tool, tmp_path, case.remedy(tool, bad)) == ()


def test_every_code_about_a_filled_file_is_caused_here() -> None:
    """RK5xx that another command gives, or another kind of file, aside."""
    elsewhere = {"RK523", "RK532", "RK533", "RK560", "RK566", "RK567", "RK569", "RK570"}
    about_files = {code for code in CATALOGUE if code.startswith(("RK51", "RK52", "RK53", "RK54", "RK56", "RK57"))}
    assert about_files - elsewhere == {case.code for case in CASES if case.code.startswith("RK5")}


def test_all_inputs_of_the_region_differ_from_the_defaults() -> None:
    from klein_werkboek import INPUTS

    assert all(value != INPUTS[name][1] for name, value in ZUID.items())
