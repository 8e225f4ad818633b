"""What a workbook protects, whoever saved it."""

from __future__ import annotations

import io
import re
import time

import pytest
from ingreep import edited, example, part_of
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.protection import WorkbookProtection
from rekentool_werkboek import tool

from rekentool.engine.libreoffice import LibreOffice
from rekentool.messages import RekentoolError
from rekentool.xlsx.protection import has_password, locks, other_password, read_protection

EVERYTHING = {
    "formatCells", "formatColumns", "formatRows", "insertColumns", "insertRows", "insertHyperlinks", "deleteColumns",
    "deleteRows", "sort", "autoFilter", "pivotTables",
}  # fmt: skip


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def respelled(attributes: str) -> bytes:
    """An example whose sheet with inputs is protected in other words."""
    element = re.compile(r"<sheetProtection [^>]*/>")
    change = {part_of("Invoer"): lambda xml: element.sub(f"<sheetProtection {attributes}/>", xml)}
    return edited(example("zuid"), change)


def test_the_template() -> None:
    """Every sheet is protected, and widths and heights may be changed: so the template's description says."""
    found = read_protection(tool().data)
    assert list(found.sheets) == [sheet.name for sheet in tool().workbook.sheets]
    assert {name for name, attributes in found.sheets.items() if attributes} == {
        sheet.name for sheet in tool().workbook.sheets if sheet.protected
    }
    attributes = found.sheets["Invoer"]
    assert attributes is not None
    assert attributes["sheet"] == "1"
    assert locks(attributes) == EVERYTHING - {"formatColumns", "formatRows"}
    assert not has_password(attributes)
    assert found.workbook is None  # it says <workbookProtection/>, which locks nothing


def test_it_takes_no_time() -> None:
    start = time.process_time()
    read_protection(tool().data)
    assert time.process_time() - start < 1


def test_two_sheets_and_a_book() -> None:
    book = Workbook()
    book.active.title = "Vrij"
    shut = book.create_sheet("Dicht & 'wel'")
    shut.protection.sheet = True
    shut.protection.password = "geheim"
    off = book.create_sheet("Uit")
    off.protection.formatCells = False
    book.create_chartsheet("Grafiek")
    book.security = WorkbookProtection(lockStructure=True)
    found = read_protection(saved(book))
    assert list(found.sheets) == ["Vrij", "Dicht & 'wel'", "Uit"]
    assert found.sheets["Vrij"] is None
    assert found.sheets["Uit"] is None
    attributes = found.sheets["Dicht & 'wel'"]
    assert attributes is not None
    assert locks(attributes) == EVERYTHING
    assert has_password(attributes)
    assert found.workbook is not None
    assert locks(found.workbook) == {"lockStructure"}


@pytest.mark.parametrize(
    ("spelling", "locked"),
    [
        ('sheet="1"', EVERYTHING),  # Excel leaves defaults out
        ('sheet="true" objects="true" scenarios="true"', EVERYTHING | {"objects", "scenarios"}),  # LibreOffice
        ('sheet="1" formatCells="0" sort="false" selectLockedCells="1"',
         EVERYTHING - {"formatCells", "sort"} | {"selectLockedCells"}),
    ],
)  # fmt: skip
def test_spellings(spelling: str, locked: set[str]) -> None:
    attributes = read_protection(respelled(spelling)).sheets["Invoer"]
    assert attributes is not None
    assert locks(attributes) == locked


@pytest.mark.parametrize("spelling", ['sheet="0" objects="1"', 'objects="1"', 'sheet="false"'])
def test_a_sheet_that_is_not_protected(spelling: str) -> None:
    assert read_protection(respelled(spelling)).sheets["Invoer"] is None


def test_an_element_of_that_name_elsewhere_is_no_protection() -> None:
    """Custom views have a sheetProtection-like child in extensions; only a child of the root counts."""
    strange = '<extLst><ext uri="x"><sheetProtection sheet="1"/></ext></extLst></worksheet>'
    book = Workbook()
    data = edited(saved(book), {"xl/worksheets/sheet1.xml": lambda xml: xml.replace("</worksheet>", strange)})
    assert read_protection(data).sheets == {"Sheet": None}


HASHED = {"sheet": "1", "algorithmName": "SHA-512", "hashValue": "aaa", "saltValue": "zout", "spinCount": "100000"}


@pytest.mark.parametrize(
    ("other", "differs"),
    [
        (HASHED, False),
        (HASHED | {"hashValue": "bbb"}, True),
        (HASHED | {"hashValue": "bbb", "saltValue": "peper"}, False),
        ({"sheet": "1"}, True),
        ({"sheet": "1", "password": "CC1A"}, False),  # hashed in another way: can't be compared
    ],
)
def test_passwords(other: dict[str, str], differs: bool) -> None:
    assert other_password(HASHED, other) is differs
    assert other_password(other, HASHED) is differs


def test_short_passwords_are_only_there_or_not() -> None:
    """LibreOffice 7.4 saves a password that Excel wrote as CEBA with another hash."""
    assert not other_password({"password": "CEBA"}, {"password": "dc67"})
    assert other_password({"workbookPassword": "CC1A"}, {"lockStructure": "1"})
    assert not other_password({}, {"lockStructure": "1"})


@pytest.mark.libreoffice
def test_libreoffice_saves_the_same() -> None:
    """Each act allowed or not, with and without passwords; it drops the protection of the workbook's structure."""
    book = Workbook()
    for index, number in enumerate((0, 1, 2)):
        sheet = book.create_sheet(f"Blad {index}")
        sheet.protection.sheet = True
        for place, act in enumerate(sorted(EVERYTHING | {"objects", "scenarios", "selectLockedCells"})):
            setattr(sheet.protection, act, number == 1 or (number == 2 and place % 2 == 0))
    for name in ("kort", "lang"):
        book.create_sheet(name).protection.sheet = True
    book["kort"].protection.password = "geheim"
    for attribute, value in list(HASHED.items())[1:]:
        setattr(book["lang"].protection, attribute, "YWFh" if attribute in ("hashValue", "saltValue") else value)
    data = saved(book)
    (again,) = LibreOffice().recalculate([data])
    assert isinstance(again, bytes)
    before, after = read_protection(data).sheets, read_protection(again).sheets
    assert before.keys() == after.keys()
    for name, attributes in before.items():
        other = after[name]
        assert (attributes is None) == (other is None), name
        if attributes is not None and other is not None:
            assert locks(attributes) == locks(other), name
            assert has_password(attributes) == has_password(other)
            assert not other_password(attributes, other)


def test_openpyxl_saves_the_same() -> None:
    book = load_workbook(io.BytesIO(example("zuid")))
    before, after = read_protection(example("zuid")), read_protection(saved(book))
    assert before.sheets.keys() == after.sheets.keys()
    for name, attributes in before.sheets.items():
        again = after.sheets[name]
        assert (attributes is None) == (again is None)
        assert attributes is None or again is None or locks(attributes) == locks(again)


def test_no_workbook() -> None:
    with pytest.raises(RekentoolError):
        read_protection(b"PK niets")
