"""File names from data: safe on every system, and never two alike."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rekentool.messages import RekentoolError
from rekentool.xlsx.filename import MAX_LENGTH, safe_name

SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|conin|conout|clock)")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Arnhem", "arnhem"),
        ("Gooi & Vechtstreek", "gooi-vechtstreek"),
        ("Fryslân", "fryslan"),
        ("Frysla\u0302n", "fryslan"),
        ("IJmond / Noord-Kennemerland", "ijmond-noord-kennemerland"),
        ("Groß Ørsted œuvre Łódź", "gross-orsted-oeuvre-lodz"),
        ("../../etc/passwd", "etc-passwd"),
        ("..\\..\\Windows", "windows"),
        ("/etc/x", "etc-x"),
        ("C:\\x", "c-x"),
        ("regio.xlsx", "regio-xlsx"),
        ("regio. . .", "regio"),
        (".verborgen", "verborgen"),
        ("--rm -rf", "rm-rf"),
        ("CON", "naam-con"),
        ("nul", "naam-nul"),
        ("Com1", "naam-com1"),
        ("COM¹", "naam-com1"),
        ("CON.xlsx", "con-xlsx"),
        ("regio\0\x1b[2J", "regio-2j"),
        ("Zeeland 🌊", "zeeland"),
        ("Ｚｅｅｌａｎｄ", "zeeland"),
        ("a_b", "a_b"),
        ("½ regio", "1-2-regio"),
    ],
)
def test_safe_name(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["", " ", "..", "///", "🌊🌊", "—", "_", "東京", "\ud800"])
def test_nothing_left_is_refused(text: str) -> None:
    with pytest.raises(RekentoolError) as caught:
        safe_name(text)
    assert [f.code for f in caught.value.findings] == ["RK161"]
    assert str(caught.value.findings[0]).encode()


def test_long_names_stay_apart() -> None:
    long = "Regio " + "x" * 300
    names = [safe_name(long + "a"), safe_name(long + "b")]
    assert [len(name) for name in names] == [MAX_LENGTH, MAX_LENGTH]
    assert names[0] != names[1]


@given(st.text(max_size=400))
@example("a" * 79 + " b")
@example("a" * 70 + " " * 9 + "b" * 9)
def test_any_text_gives_a_safe_name_or_a_finding(text: str) -> None:
    try:
        name = safe_name(text)
    except RekentoolError as error:
        assert [f.code for f in error.findings] == ["RK161"]
        return
    assert SAFE.fullmatch(name)
    assert not DEVICES.fullmatch(name)
    assert len(name) <= MAX_LENGTH
    assert not name.endswith(("-", "_"))
    assert safe_name(name) == name
    assert safe_name(unicodedata.normalize("NFD", text)) == safe_name(unicodedata.normalize("NFC", text)) == name
    assert safe_name(f"  {text}  ") == name
