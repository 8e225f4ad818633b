"""A sheet that was read before is read again from its values alone: as if it were the first, and never a broken one."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLES
from rekentool.xlsx import guard, sheetpart
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import read_workbook
from rekentool.xlsx.sheetpart import read_sheet
from rekentool.xlsx.skeleton import Part

SPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FORM = (
    '<row r="1"><c r="A1"><f>B1*2</f><v>{}</v></c><c r="B1" s="2"><v>{}</v></c>'
    '<c r="C1" t="str"><f>"a"&amp;B1</f><v>{}</v></c><c r="D1" t="s"><v>{}</v></c>'
    '<c r="E1" t="inlineStr"><is><t>{}</t></is></c><c r="F1" t="b"><v>{}</v></c><c r="G1" t="e"><v>{}</v></c></row>'
)
FIRST = ("2", "1", "a1", "0", "naam", "1", "#N/A")


def sheet(*values: str) -> bytes:
    return f"<worksheet {SPACE}><sheetData>{FORM.format(*values)}</sheetData></worksheet>".encode()


def read(part: bytes) -> object:
    found, values, findings = read_sheet(
        "Blad1", "xl/worksheets/sheet1.xml", Part(part), ["nul", "een"], date1904=False
    )
    form = found.form
    return form.styles, form.formulas, form.arrays, form.members, found.unlocked(frozenset({2})), values, findings


TEXTS = st.one_of(
    st.sampled_from(
        ["", " ", "1", "-2.5E3", "nan", "inf", "1e999", "#DIV/0!", "true", "0", "-1", "99", "_x000D_", "_x005F_x000D_",
         "a&amp;b", "a & b", "&#8217;", "&#1;", "]]>", "<b/>", "<v>", "</v><v>", "<!-- -->", "a\rb", "\x01", "x\ty\nz",
         "\ufffe", "é€😀", "&lt;f&gt;"]
    ),
    st.text(max_size=8),
)  # fmt: skip


@given(st.tuples(*[TEXTS] * 7))
def test_known_sheet_reads_as_an_unknown_one(values: tuple[str, ...]) -> None:
    part = sheet(*values) if all(map(_encodable, values)) else sheet(*FIRST)

    def outcome() -> object:
        try:
            return read(part)
        except RekentoolError as error:
            return [found.code for found in error.findings]

    sheetpart._known.clear()
    fresh = outcome()
    sheetpart._known.clear()
    read(sheet(*FIRST))
    assert len(sheetpart._known) == 1
    assert outcome() == fresh


def _encodable(text: str) -> bool:
    return all(not 0xD800 <= ord(one) <= 0xDFFF for one in text)


@given(st.tuples(*[TEXTS] * 7))
def test_values_that_are_told_apart_leave_sound_xml(values: tuple[str, ...]) -> None:
    part = sheet(*values)
    halves, known = Part(part).halves, Part(sheet(*FIRST)).halves
    assert known is not None
    if halves is not None and halves.skeleton == known.skeleton:
        root = etree.fromstring(part)
        texts = [element.text or "" for element in root.iter(f"{{{root.nsmap[None]}}}v", f"{{{root.nsmap[None]}}}t")]
        assert texts == [sheetpart.unescaped(value.decode()) for value in halves.values]


@pytest.mark.parametrize(
    "part",
    [
        sheet(*FIRST).replace(b"<v>2</v>", b"</v>2<v>"),
        sheet(*FIRST).replace(b"<v>2</v>", b"<t>2</v>"),
        sheet(*FIRST).replace(b"<v>2</v>", b"<v>2</t>"),
        sheet(*FIRST).replace(b"<v>2</v>", b"<>"),
        sheet(*FIRST).replace(b"<v>2</v>", b"<v><v>2</v></v>"),
        sheet(*FIRST).replace(b"<v>2</v><", b"<v>2</v/><"),
        sheet(*FIRST).replace(b"<v>2</v>", b"<v>2</v >"),
        sheet(*FIRST).replace(b"<is><t>naam</t></is>", b"<is><v>naam</v></is>"),
        sheet(*FIRST).replace(b"B1*2", b"B1*3"),
    ],
)
def test_other_markup_is_another_skeleton(part: bytes) -> None:
    halves, known = Part(part).halves, Part(sheet(*FIRST)).halves
    assert known is not None
    assert halves is None or halves.skeleton != known.skeleton


def with_sheet(source: Path, change: tuple[bytes, bytes], target: Path) -> Path:
    """The workbook with something else in its first sheet."""
    old = zipfile.ZipFile(io.BytesIO(source.read_bytes()))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert change[0] in data
                data = data.replace(*change, 1)
            new.writestr(name, data)
    return target


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"</t>", b"&#1;</t>"), "RK126"),
        ((b"</t>", b"</t"), "RK126"),
        ((b"</t>", b"\x01</t>"), "RK126"),
        ((b"</t>", b"\xff</t>"), "RK126"),
        ((b"</t>", b"&x;</t>"), "RK126"),
        ((b"<t>", b"<>"), "RK126"),
    ],
)
def test_the_guard_still_sees_what_is_broken(tmp_path: Path, change: tuple[bytes, bytes], code: str) -> None:
    source = next(iter(sorted(EXAMPLES.glob("*.xlsx"))))
    assert guard.admit(source).path == source  # its parts are known from here on
    with pytest.raises(RekentoolError) as refusal:
        guard.admit(with_sheet(source, change, tmp_path / "kapot.xlsx"))
    assert code in [found.code for found in refusal.value.findings]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.xlsx")), ids=lambda path: path.stem)
def test_the_parts_of_the_guard_and_those_of_the_zip_read_alike(path: Path) -> None:
    admitted, workbook = open_incoming(path)
    sheetpart._known.clear()
    assert workbook == read_workbook(admitted.data)
    assert workbook == read_workbook(admitted.data)  # from what is remembered


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheetpart, "_MOST_BYTES", 3 * len(sheet(*FIRST)))
    sheetpart._known.clear()
    for number in range(10):
        read(sheet(*FIRST).replace(b"B1*2", f"B1*{number}".encode()))
    assert 1 <= len(sheetpart._known) <= 3
