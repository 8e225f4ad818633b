"""Which formulas reach outside the workbook, and that the sieve over raw bytes misses none."""

from __future__ import annotations

from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rekentool.xlsx.hazards import FUNCTIONS, hazards, may_hold_hazards

HARMLESS = [
    "SUM(B2:C9)*Invoer!$C$8+ROUND(D1,2)",
    '"WEBSERVICE("&A1&")"',
    '"een ""citaat"" met CALL("',
    '"a|b"&A1',
    "'a|b'!A1+'CALL(x)'!B2",
    "'d''s blad'!A1",
    "Tabel1[[#This Row],[a|b]]",
    "Tabel1[kolom '[1'] x]*2",
    "Tabel1[kolom]*Blad1!A1",
    "SUM([0]!naam)",
    "RECALL(A1)+EXECUTIES(1)+RTDX(2)",
    "CALL*2",
    "_xlfn.IFNA(A1,0)+_xlfn._xlws.FILTER(A1:A9,B1:B9)",
    "_xleta.SUM",
    "{1,2;3,4}",
    "MAX(A1:A3)%",
    "",
]
HARMFUL = [
    ('WEBSERVICE("http://x")', ["RK146"]),
    ('=1+_xlfn.WEBSERVICE("http://x")', ["RK146"]),
    ('_XLFN._XLWS.webService ("x")', ["RK146"]),
    ('IF(A1,REGISTER.ID("a","b"),CALL("a","b"))', ["RK146", "RK146"]),
    ("MAP(A1:A3,_xleta.WEBSERVICE)", ["RK146"]),
    ('"x"&EXEC("calc")&"y"', ["RK146"]),
    ('DDE("soffice","a","b")', ["RK145"]),
    ("cmd|' /C calc'!A0", ["RK145"]),
    ("'cmd'|'/C calc'!A0", ["RK145"]),
    ("+MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!''", ["RK145", "RK152"]),
    ("[1]Blad1!A1", ["RK152"]),
    ("SUM([12]!naam)", ["RK152"]),
    ("SUM([1]Jan:Mrt!A1)", ["RK152"]),
    ("'[1]Blad 1'!A1", ["RK152"]),
    ("'C:\\map\\[a.xlsx]Blad 1'!A1", ["RK152"]),
    ("'\\\\server\\deel\\a.xlsx'!naam", ["RK152"]),
    ('"[0]"&[2]Blad1!A1', ["RK152"]),
]


@pytest.mark.parametrize("formula", HARMLESS)
def test_harmless(formula: str) -> None:
    assert list(hazards(formula)) == []


@pytest.mark.parametrize(("formula", "codes"), HARMFUL)
def test_harmful(formula: str, codes: list[str]) -> None:
    assert [code for code, _ in hazards(formula)] == codes


@pytest.mark.parametrize("name", [name for names in FUNCTIONS.values() for name in names])
def test_every_function_is_found_by_the_look_and_by_the_sieve(name: str) -> None:
    formula = f"1+{name}(A1)"
    assert [code for code, _ in hazards(formula)] == ["RK145" if name == "DDE" else "RK146"]
    assert may_hold_hazards(f"<c><f>{formula}</f></c>".encode())


def test_an_ordinary_sheet_passes_the_sieve() -> None:
    """Escaped accents, as some writers make them, are no reason for a close look; escaped letters are."""
    assert not may_hold_hazards(b"<c><f>SUM(A1:A9)</f></c><t>&#233;&#xE9;&#8226; (CALL me)</t>")
    assert may_hold_hazards(b"<f>&#87;EBSERVICE(A1)</f>")
    assert may_hold_hazards(b"<f>&#x57;EBSERVICE(A1)</f>")
    assert may_hold_hazards(b"<f>&#0000087;EBSERVICE(A1)</f>")
    assert may_hold_hazards(b"<f>WEBSERVICE&#10;(A1)</f>")


PIECES = st.sampled_from(
    [
        *(
            "WEBSERVICE",
            "call",
            "Register.Id",
            "_xlfn.",
            "_xleta.",
            "DDE",
            "RTD",
            "x.y",
            "Blad1",
            "A1",
            "$B$2",
            "é",
            "ſ",
        ),
        *("(", ")", '"', "'", "[", "]", "[1]", "[0]", "!", "|", "+", "1", ",", "&", "<", "\\", " ", "\n"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_sieve_never_misses_what_the_look_finds(formula: str) -> None:
    if list(hazards(formula)):
        assert may_hold_hazards(f"<f>{escape(formula)}</f>".encode())


@pytest.mark.parametrize("piece", ['"', "'", "[", "['", "[[", "a(", "a ", "a.", "[1]a", "'[", "|'", "_xleta.a"])
def test_long_formulas_take_linear_time(piece: str) -> None:
    """Ten times the longest formula that the guard lets through: quadratic work would take an hour, not a second."""
    assert len(list(hazards(piece * (655_360 // len(piece))))) <= 3


@pytest.mark.parametrize(
    ("formula", "codes"),
    [
        ('"geen einde WEBSERVICE(1)', ["RK146"]),
        ("'geen einde WEBSERVICE(1)", ["RK146"]),
        ("[geen einde WEBSERVICE(1)", ["RK146"]),
        ("[geen einde +[1]Blad1!A1", ["RK152"]),
        ("[geen einde 'a|b", ["RK145"]),
    ],
)
def test_nothing_hides_behind_a_mark_that_is_never_closed(formula: str, codes: list[str]) -> None:
    assert [code for code, _ in hazards(formula)] == codes
