"""The two routes to a sheet's cells: what is found in the text is what the tree has, or the text isn't used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rekentool.shipped import EXAMPLES
from rekentool.xlsx.cellscan import scan, walk
from rekentool.xlsx.package import Package

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def sheet(inside: str, head: str = "") -> bytes:
    return f"{head}<worksheet {SPACE}><sheetData>{inside}</sheetData><pageMargins/></worksheet>".encode()


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_our_own_sheets_are_found_in_their_text(path: Path) -> None:
    package = Package(path.read_bytes())
    for number in range(1, 13):
        member = package.find(f"xl/worksheets/sheet{number}.xml")
        assert member is not None
        data = package.read(member)
        found = scan(data)
        assert found is not None
        assert found[1] == list(walk("", etree.fromstring(data)))
        assert re.sub(rb"<sheetData>.*</sheetData>", b"", data, flags=re.DOTALL) == found[0].replace(
            b"<sheetData></sheetData>", b""
        )


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<row/>",
        '<row r="1"></row>\n<row r="3" spans="1:3" customHeight="1"/>',
        '<row r="1"><c r="A1"/><c r="B1" s="3"/><c r="XFD1" t="n"></c></row>',
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="b"><v>1</v></c><c r="C1" t="e"><v>#N/A</v></c></row>',
        '<row r="1"><c r="A1"><f>B1*2</f><v>4</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1</f><v/></c></row>',
        '<row r="1"><c r="A1"><f t="shared" si="0"/><v>1.5E-3</v></c><c r="B1"><f/><v></v></c></row>',
        '<row r="1"><c r="A1" t="str"><f>"a"&amp;"&lt;"</f><v>a&lt;&#233;&#xe9;&quot;</v></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><t xml:space="preserve"> a_x000D_b </t></is></c></row>',
    ],
)
def test_plain_forms_are_read_alike(inside: str) -> None:
    data = sheet(inside, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n')
    found = scan(data)
    assert found is not None
    assert found[1] == list(walk("", etree.fromstring(data)))


@pytest.mark.parametrize(
    "inside",
    [
        '<row r="1"><c t="n" r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="x"><c r="A1"/></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="A1048577"/></row>',
        '<row r="1"><c r="A1" s="x"/></row>',
        '<row r="1"><c r="A1" s="1" s="2"/></row>',
        '<row r="1"><c r="A1" r="B1"/></row>',
        '<row r="1"><c r="A1"><v>1</v><f>B1</f></c></row>',
        '<row r="1"><c r="A1"><v><![CDATA[1]]></v></c></row>',
        '<row r="1"><c r="A1"><v>1</v><!-- x --></c></row>',
        '<row r="1"><c r="A1" t="inlineStr"><is><r><t>a</t></r></is></c></row>',
        '<row r="1"><c r="A1"><v>&#1;</v></c></row>',
        '<row r="1"><c r="A1"><v>&#xD800;</v></c></row>',
        '<row r="1"><c r="A1"><v>&onbekend;</v></c></row>',
        '<row r="1"><c r="A1"><v>a & b</v></c></row>',
        '<row r="1"><c r="A1"><v>a\rb</v></c></row>',
        '<row r="1"><c r="A1"><v>a\x01b</v></c></row>',
        '<row r="1"><c r="A1"><v>a]]>b</v></c></row>',
        '<row r="1"><row r="2"></row></row>',
        '<c r="A1"/>',
        '<row r="1"><c r="A1"/>',
        '</row><row r="1"></row>',
        '<row r="1"></row><sheetData></sheetData>',
        '<x:row xmlns:x="y"/>',
    ],
)
def test_anything_else_is_left_to_the_tree(inside: str) -> None:
    assert scan(sheet(inside)) is None


def test_another_encoding_is_left_to_the_tree() -> None:
    inside = '<row r="1"><c r="A1" t="str"><v>é</v></c></row>'
    assert scan(sheet(inside, '<?xml version="1.0" encoding="utf-8"?>')) is not None
    assert scan(sheet(inside, '<?xml version="1.0" encoding="iso-8859-1"?>')) is None
    assert scan(sheet(inside).decode().encode("utf-16")) is None
    assert scan(sheet(inside).replace("é".encode(), b"\xe9")) is None
    assert scan(f"<x:worksheet xmlns:x='y'><x:sheetData>{inside}</x:sheetData></x:worksheet>".encode()) is None


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
PIECES = st.sampled_from(
    [
        "<row>",
        "</row>",
        '<c r="A1"/>',
        '<c r="B2" t="str">',
        "<v>",
        "</v>",
        "</c>",
        "<f>",
        "</f>",
        "&amp;",
        "&#65;",
        " ",
    ]
)


@given(st.lists(st.one_of(PIECES, TEXT), max_size=10))
def test_random_text_is_read_as_the_tree_reads_it_or_not_at_all(pieces: list[str]) -> None:
    data = sheet("".join(pieces))
    found = scan(data)
    if found is not None:
        assert found[1] == list(walk("", etree.fromstring(data)))


@given(TEXT, TEXT)
def test_values_and_formulas_come_out_as_they_went_in(formula: str, value: str) -> None:
    cell = etree.Element("c", r="C4", s="2", t="str")
    try:
        etree.SubElement(cell, "f").text = formula
        etree.SubElement(cell, "v").text = value
    except ValueError:  # a character that XML can't hold
        return
    data = sheet(f'<row r="4">{etree.tostring(cell, encoding="unicode")}</row>')
    found = scan(data)
    assert found is None or found[1] == list(walk("", etree.fromstring(data)))
    assert (
        found is not None
        or any(ord(one) < 32 or one in "\ufffe\uffff" for one in formula + value)
        or "]]" in data.decode()
    )
