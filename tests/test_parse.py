"""Formulas and their trees. The trees are written by hand; precedence is also held against LibreOffice."""

from __future__ import annotations

import math
import pickle
import re
import time
from pathlib import Path

import pytest
from engine_books import at, book, outcome
from formula_cases import CASES
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.parse import MAX_DEPTH, SyntaxProblem, parse, references, shape, walk
from rekentool.engine.tree import (
    ArrayConstant,
    Binary,
    Call,
    Error,
    Logical,
    Missing,
    Name,
    Number,
    Reference,
    Structured,
    Text,
    Tree,
    Unary,
)
from rekentool.messages import CATALOGUE
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, CellValue, ExcelError, a1, column_letters, split_a1
from rekentool.xlsx.reader import read_workbook

TEMPLATE = Path(__file__).parents[1] / "workbooks" / "rekentool.xlsx"
ONE, TWO, THREE = Number(1.0), Number(2.0), Number(3.0)
REF = Error(ExcelError("#REF!"))


def cell(reference: str, sheet: str | None = None, fixed: str = "") -> Reference:
    """``cell("A1:B2")`` or ``cell("A1")``; ``fixed`` has a letter of ltrb for every side with a ``$``."""
    first, _, last = reference.partition(":")
    (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
    return Reference(sheet, left, top, right, bottom, _fixed(fixed))


def columns(left: int, right: int, fixed: str = "") -> Reference:
    return Reference(None, left, 1, right, 1_048_576, _fixed(fixed))


def rows(top: int, bottom: int, fixed: str = "") -> Reference:
    return Reference(None, 1, top, 16_384, bottom, _fixed(fixed))


def _fixed(sides: str) -> tuple[bool, bool, bool, bool]:
    return "l" in sides, "t" in sides, "r" in sides, "b" in sides


def call(name: str, *arguments: Tree) -> Call:
    return Call(name, arguments)


A1, B1, C1 = cell("A1"), cell("B1"), cell("C1")

TREES: dict[str, Tree] = {
    # numbers
    "1": ONE, "=1": ONE, " = 1 ": ONE, "007": Number(7.0), ".5": Number(0.5), "1.": ONE, "1.5": Number(1.5),
    "1E+3": Number(1000.0), "1e-2": Number(0.01), "2.E3": Number(2000.0), "1E3": Number(1000.0),
    "5%": Unary("%", Number(5.0)), "1.%": Unary("%", ONE), "5%%": Unary("%", Unary("%", Number(5.0))),
    # texts and logicals
    '"a"': Text("a"), '""': Text(""), '"a""b"': Text('a"b'), '""""': Text('"'), '"=1+(2"': Text("=1+(2"),
    '"regel\nnieuw"': Text("regel\nnieuw"), "TRUE": Logical(True), "false": Logical(False),
    "TRUE()": Logical(True), "FALSE( )": Logical(False), "TRUE(1)": call("TRUE", ONE), "TRUEx": Name("TRUEx"),
    # errors
    "#N/A": Error(ExcelError("#N/A")), "#n/a": Error(ExcelError("#N/A")), "#DIV/0!": Error(ExcelError("#DIV/0!")),
    "#NULL!": Error(ExcelError("#NULL!")), "#VALUE!": Error(ExcelError("#VALUE!")), "#NUM!": Error(ExcelError("#NUM!")),
    "#NAME?": Error(ExcelError("#NAME?")), "#SPILL!": Error(ExcelError("#SPILL!")), "#REF!": REF,
    "#NUM!/2": Binary("/", Error(ExcelError("#NUM!")), TWO), "#N/A/2": Binary("/", Error(ExcelError("#N/A")), TWO),
    "Blad1!#REF!": REF, "'Blad 1'!#REF!": REF, "#REF!A1": REF, "#REF!$A$1:$B$2": REF, "#REF!naam": REF,
    "#REF!#REF!": REF, "#REF!:#REF!": REF, "#REF!:B2": REF, "A1:#REF!": REF, "SUM(#REF!A1,1)": call("SUM", REF, ONE),
    "Tabel1[#REF!]": REF, "#REF![Kolom]": REF, "Tabel1[[#Headers],[#REF!]]": REF,
    # cells
    "A1": A1, "a1": A1, "$A$1": cell("A1", fixed="ltrb"), "$A1": cell("A1", fixed="lr"), "A$1": cell("A1", fixed="tb"),
    "XFD1048576": cell("XFD1048576"), "A01": A1, "RC1": cell("RC1"), "R1": cell("R1"), "C5": cell("C5"),
    "A1:B2": cell("A1:B2"), "B2:A1": cell("A1:B2"), "A2:B1": cell("A1:B2"), "A1 : B2": cell("A1:B2"),
    "$A$1:B2": cell("A1:B2", fixed="lt"), "$B2:A$1": cell("A1:B2", fixed="rt"), "A1:A1": A1,
    "(A1):(B2)": cell("A1:B2"), "A$5:A1": cell("A1:A5", fixed="b"),
    # whole columns and rows
    "A:A": columns(1, 1), "$A:$B": columns(1, 2, "lr"), "B:$A": columns(1, 2, "l"), "XFD:XFD": columns(16384, 16384),
    "C:R": columns(3, 18), "1:3": rows(1, 3), "$1:3": rows(1, 3, "t"), "3:$1": rows(1, 3, "t"), "1:1": rows(1, 1),
    "1048576:1048576": rows(1048576, 1048576), "-1:3": Unary("-", rows(1, 3)),
    # sheets
    "Blad1!A1": cell("A1", "Blad1"), "'Blad 1'!A1:B2": cell("A1:B2", "Blad 1"), "'a''b'!A1": cell("A1", "a'b"),
    "'''a'''!A1": cell("A1", "'a'"), "'A1'!B2": cell("B2", "A1"), "Überblick!A1": cell("A1", "Überblick"),
    "'工作表 1'!A1": cell("A1", "工作表 1"), "工作表!A1": cell("A1", "工作表"), "'1 Bol'!$C$8": cell("C8", "1 Bol", "ltrb"),
    "Blad.1!A1": cell("A1", "Blad.1"), "2024!A1": cell("A1", "2024"), "'=-+*'!A1": cell("A1", "=-+*"),
    "Blad1!A1:Blad1!B2": cell("A1:B2", "Blad1"), "Blad1!A1:BLAD1!B2": cell("A1:B2", "Blad1"),
    "Blad1!A1:Blad2!B2": Binary(":", cell("A1", "Blad1"), cell("B2", "Blad2")),
    "Blad1!A:A": Reference("Blad1", 1, 1, 1, 1_048_576), "Blad1!1:2": Reference("Blad1", 1, 1, 16_384, 2),
    "Blad1!naam": Name("naam", "Blad1"), "'Blad 1'!naam": Name("naam", "Blad 1"),
    "Blad1!A1*Blad2!B1": Binary("*", cell("A1", "Blad1"), cell("B1", "Blad2")),
    "'it''s'!A1&'b'!B1": Binary("&", cell("A1", "it's"), cell("B1", "b")),
    # names
    "naam": Name("naam"), "in_aantal_bol1": Name("in_aantal_bol1"), "_a": Name("_a"), "a.b": Name("a.b"),
    "\\pad": Name("\\pad"), "a\\b": Name("a\\b"), "wat?": Name("wat?"), "één": Name("één"), "e\u0301e\u0301n":
    Name("e\u0301e\u0301n"), "XFE1": Name("XFE1"), "A1048577": Name("A1048577"), "ABCD1": Name("ABCD1"),
    "A1.5": Name("A1.5"), "AB": Name("AB"), "A1_": Name("A1_"), "A1B": Name("A1B"), "A0": Name("A0"), "tax2024":
    Name("tax2024"), "Total.2024?": Name("Total.2024?"), "R1C99999": Name("R1C99999"), "RCx": Name("RCx"),
    "R1C1.": Name("R1C1."), "A1:XFE1": Binary(":", A1, Name("XFE1")), "XFE:XFF": Binary(":", Name("XFE"), Name("XFF")),
    "van:tot": Binary(":", Name("van"), Name("tot")), "A:A1": Binary(":", Name("A"), A1),
    "naam%": Unary("%", Name("naam")), "A1E+3": Binary("+", Name("A1E"), THREE),
    # functions
    "PI()": call("PI"), "pi( )": call("PI"), "SUM(A1)": call("SUM", A1), "sum( A1 , B1 )": call("SUM", A1, B1),
    "LOG10(1)": call("LOG10", ONE), "ATAN2(1,2)": call("ATAN2", ONE, TWO), "A1(1)": call("A1", ONE),
    "NORM.S.DIST(1,TRUE)": call("NORM.S.DIST", ONE, Logical(True)), "ÜBER(1)": call("ÜBER", ONE),
    "_xlfn.XLOOKUP(A1,B1,C1)": call("XLOOKUP", A1, B1, C1), "_xlfn._xlws.SORT(A1)": call("SORT", A1),
    "_XLFN.CONCAT(A1)": call("CONCAT", A1), "_xll.EIGEN(1)": call("EIGEN", ONE), "_xlfn.(1)": call("_XLFN.", ONE),
    "_xlfn.SINGLE(A1)": Unary("@", A1), "_xlfn.ANCHORARRAY(A1)": Unary("#", A1), "ſum(1)": call("ſum", ONE),
    "IF(A1,,2)": call("IF", A1, Missing(), TWO), "IF(A1,)": call("IF", A1, Missing()),
    "F(,)": call("F", Missing(), Missing()), "F( , ,1)": call("F", Missing(), Missing(), ONE),
    "IF(,1)": call("IF", Missing(), ONE),
    "IF(A1>1,SUM(B1,C1),\"x\")": call("IF", Binary(">", A1, ONE), call("SUM", B1, C1), Text("x")),
    "SUM((A1))": call("SUM", A1),
    # signs, powers and per cents
    "--A1": Unary("-", Unary("-", A1)), "+A1": Unary("+", A1), "-+-1": Unary("-", Unary("+", Unary("-", ONE))),
    "-2^2": Binary("^", Unary("-", TWO), TWO), "2^3^2": Binary("^", Binary("^", TWO, THREE), TWO),
    "2^-1": Binary("^", TWO, Unary("-", ONE)), "2^-1^2": Binary("^", Binary("^", TWO, Unary("-", ONE)), TWO),
    "1-2^2": Binary("-", ONE, Binary("^", TWO, TWO)), "-A1%": Unary("%", Unary("-", A1)),
    "-(A1%)": Unary("-", Unary("%", A1)), "2^3%": Binary("^", TWO, Unary("%", THREE)),
    "2*3%": Binary("*", TWO, Unary("%", THREE)), "1%2": None, "2*-3": Binary("*", TWO, Unary("-", THREE)),
    # the other operators
    "1+2*3": Binary("+", ONE, Binary("*", TWO, THREE)), "(1+2)*3": Binary("*", Binary("+", ONE, TWO), THREE),
    "1-2-3": Binary("-", Binary("-", ONE, TWO), THREE), "1-(2-3)": Binary("-", ONE, Binary("-", TWO, THREE)),
    "1/2*3": Binary("*", Binary("/", ONE, TWO), THREE), "1&2+3": Binary("&", ONE, Binary("+", TWO, THREE)),
    "1&2=3": Binary("=", Binary("&", ONE, TWO), THREE), "1=2=3": Binary("=", Binary("=", ONE, TWO), THREE),
    "1<2<>3": Binary("<>", Binary("<", ONE, TWO), THREE), "1<=2": Binary("<=", ONE, TWO), "1>=2": Binary(">=", ONE, TWO),
    "1<-2": Binary("<", ONE, Unary("-", TWO)), "1=-2%": Binary("=", ONE, Unary("%", Unary("-", TWO))),
    "1 +\t2\r\n*\n3": Binary("+", ONE, Binary("*", TWO, THREE)), "((1))": ONE, "-(1+2)": Unary("-", Binary("+", ONE, TWO)),
    "\t A1\n": A1, "A1\n+\nB1": Binary("+", A1, B1), "SUM(\nA1,\n\tB1\n)": call("SUM", A1, B1),
    # reference operators
    "A1:INDEX(B:B,3)": Binary(":", A1, call("INDEX", columns(2, 2), THREE)),
    "INDEX(A:A,1):INDEX(A:A,3)": Binary(":", call("INDEX", columns(1, 1), ONE), call("INDEX", columns(1, 1), THREE)),
    "Blad1!A1:INDEX(B:B,3)": Binary(":", cell("A1", "Blad1"), call("INDEX", columns(2, 2), THREE)),
    "A1:LOG10(1)": Binary(":", A1, call("LOG10", ONE)),
    "A1:OFFSET(A1,1,0):C1": Binary(":", Binary(":", A1, call("OFFSET", A1, ONE, Number(0.0))), C1),
    "A1:B2:C3": Binary(":", cell("A1:B2"), cell("C3")),
    "A1 B1": Binary(" ", A1, B1), "A:A\n1:1": Binary(" ", columns(1, 1), rows(1, 1)),
    "jan omzet": Binary(" ", Name("jan"), Name("omzet")), "A1 (B1)": Binary(" ", A1, B1),
    "(A1) naam": Binary(" ", A1, Name("naam")), "A1 INDEX(B1,1)": Binary(" ", A1, call("INDEX", B1, ONE)),
    "A1 #REF!": Binary(" ", A1, REF), "A1 'b'!B1": Binary(" ", A1, cell("B1", "b")),
    "Blad1!naam (A1)": Binary(" ", Name("naam", "Blad1"), A1),
    "SUM((A1,B1),C1)": call("SUM", Binary(",", A1, B1), C1), "(A1,B1 C1)": Binary(",", A1, Binary(" ", B1, C1)),
    "A1,B1": Binary(",", A1, B1), "SUM(A1:B2 B1:C1)": call("SUM", Binary(" ", cell("A1:B2"), cell("B1:C1"))),
    "-A1:B2": Unary("-", cell("A1:B2")), "A1 -B1": Binary("-", A1, B1), "A1 :B2 C1": Binary(" ", cell("A1:B2"), C1),
    "@A1": Unary("@", A1), "@A1:B2": Unary("@", cell("A1:B2")), "@naam+1": Binary("+", Unary("@", Name("naam")), ONE),
    "-@A1": Unary("-", Unary("@", A1)), "@INDEX(A1,1)": Unary("@", call("INDEX", A1, ONE)),
    "A1#": Unary("#", A1), "naam#": Unary("#", Name("naam")), "SUM(A1#)": call("SUM", Unary("#", A1)),
    "Blad1!A1#": Unary("#", cell("A1", "Blad1")), "A1#*2": Binary("*", Unary("#", A1), TWO),
    "-A1#": Unary("-", Unary("#", A1)), "A1#:B1": Binary(":", Unary("#", A1), B1),
    # tables
    "Tabel1[Kolom]": Structured("Tabel1", "Kolom"), "Tabel1[a b]": Structured("Tabel1", "a b"),
    "Tabel1[@Kolom]": Structured("Tabel1", "@Kolom"), "Tabel1[@[a b]]": Structured("Tabel1", "@[a b]"),
    "Tabel1[[#This Row],[a b]]": Structured("Tabel1", "[#This Row],[a b]"), "Tabel1[]": Structured("Tabel1", ""),
    "Tabel1[#Totals]": Structured("Tabel1", "#Totals"), "Tabel1[[a]:[c]]": Structured("Tabel1", "[a]:[c]"),
    "Tabel1['[a']]": Structured("Tabel1", "'[a']"), "Tabel1[[#All],[x']y]]": Structured("Tabel1", "[#All],[x']y]"),
    "Tabel1[it''s]": Structured("Tabel1", "it''s"), "[@Kolom]": Structured("", "@Kolom"), "[Kolom]": Structured("", "Kolom"),
    "[[#Headers],[a]]": Structured("", "[#Headers],[a]"), "omzet.q1[Kolom]": Structured("omzet.q1", "Kolom"),
    "Tabel1[a]*2": Binary("*", Structured("Tabel1", "a"), TWO),
    "SUM(Tabel1[a],1)": call("SUM", Structured("Tabel1", "a"), ONE),
    "Tabel1[a]:Tabel1[b]": Binary(":", Structured("Tabel1", "a"), Structured("Tabel1", "b")),
    "Tabel1[a],Tabel1[b]": Binary(",", Structured("Tabel1", "a"), Structured("Tabel1", "b")),
    "Tabel1[a,b]": Structured("Tabel1", "a,b"),
    # array constants
    "{1}": ArrayConstant(((ONE,),)), "{1,2;3,-1}": ArrayConstant(((ONE, TWO), (THREE, Number(-1.0)))),
    "{ 1 , +2 }": ArrayConstant(((ONE, TWO),)), "{-1.5E-1}": ArrayConstant(((Number(-0.15),),)),
    '{"a,b";"c""}"}': ArrayConstant(((Text("a,b"),), (Text('c"}'),))),
    "{TRUE,false,#N/A}": ArrayConstant(((Logical(True), Logical(False), Error(ExcelError("#N/A"))),)),
    "SUM({1,2}*3)": call("SUM", Binary("*", ArrayConstant(((ONE, TWO),)), THREE)),
    "{1}+{2}": Binary("+", ArrayConstant(((ONE,),)), ArrayConstant(((TWO,),))),
}
