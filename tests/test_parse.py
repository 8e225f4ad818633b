"""Formulas and their trees. The trees are written by hand; precedence is also held against LibreOffice."""

from __future__ import annotations

import math
import pickle
import re
import time
from collections.abc import Callable
from operator import eq, ge, gt, le, lt, ne
from pathlib import Path
from typing import Any

import pytest
from engine_books import at, book, outcome
from formula_cases import CASES
from formula_trees import A1, ONE, PRECEDENCE, REFUSALS, TREES, cell, columns
from hypothesis import example, given, settings
from hypothesis import strategies as st
from random_trees import printed, random_trees

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.parse import MAX_DEPTH, SyntaxProblem, parse, references, shape, walk
from rekentool.engine.tree import (
    Binary,
    Call,
    Logical,
    Name,
    Number,
    Reference,
    Structured,
    Text,
    Tree,
    Unary,
)
from rekentool.messages import CATALOGUE
from rekentool.xlsx.cell import CellValue
from rekentool.xlsx.reader import read_workbook

TEMPLATE = Path(__file__).parents[1] / "workbooks" / "rekentool.xlsx"


@pytest.mark.parametrize("formula", TREES)
def test_tree(formula: str) -> None:
    assert parse(formula) == TREES[formula]


@pytest.mark.parametrize(("formula", "code", "position", "word"), REFUSALS, ids=[row[0][:40] for row in REFUSALS])
def test_refusal(formula: str, code: str, position: int, word: str) -> None:
    with pytest.raises(SyntaxProblem) as refusal:
        parse(formula)
    problem = refusal.value
    assert (problem.code, problem.position) == (code, position), str(problem)
    assert word in problem.reason and problem.reason.endswith(f"({code})") and str(problem) == problem.reason


def test_every_code_has_a_refusal() -> None:
    codes = {code for code in CATALOGUE if "RK430" <= code <= "RK439"}
    assert codes == {row[1] for row in REFUSALS} | {"RK438"}


def test_a_problem_survives_pickling() -> None:
    with pytest.raises(SyntaxProblem) as refusal:
        parse("1+")
    again = pickle.loads(pickle.dumps(refusal.value))
    assert (again.code, again.position, str(again)) == ("RK430", 4, str(refusal.value))


def test_a_reason_stays_short() -> None:
    with pytest.raises(SyntaxProblem) as refusal:
        parse(f"'[{'x' * 5000}]y'!A1")
    assert len(refusal.value.reason) < 200


# -- depth ------------------------------------------------------------------------------------------------------------

#: A formula of so many levels, by the way in which it is deep.
DEEP = {
    "signs": lambda levels: "-" * (levels - 1) + "1",
    "per cents": lambda levels: "1" + "%" * (levels - 1),
    "chain": lambda levels: "1" + "+1" * (levels - 1),
    "functions": lambda levels: "F(" * (levels - 1) + "1" + ")" * (levels - 1),
    "powers to the right": lambda levels: "1^(" * (levels - 1) + "1" + ")" * (levels - 1),
    "spills": lambda levels: "A1" + "#" * (levels - 1),
}


@pytest.mark.parametrize("kind", DEEP)
def test_depth_has_a_limit(kind: str) -> None:
    tree = parse(DEEP[kind](MAX_DEPTH))
    assert sum(not isinstance(node, Number | Reference) for node in walk(tree)) == MAX_DEPTH - 1
    for levels in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(SyntaxProblem, match=r"meer dan 256 niveaus.*RK438"):
            parse(DEEP[kind](levels))


def test_parentheses_have_no_limit() -> None:
    assert parse("(" * 100_000 + "1" + ")" * 100_000) == ONE


def test_a_long_argument_list_is_not_deep() -> None:
    tree = parse(f"SUM({','.join(['A1'] * 5000)})")
    assert isinstance(tree, Call) and len(tree.arguments) == 5000


@pytest.mark.parametrize(
    "text",
    [
        "'" * 100_001,
        "[" * 100_000,
        '"' * 100_001,
        "A" * 100_000,
        "9" * 100_000,
        "a:" * 50_000,
        " " * 100_000 + "A1",
        "A1" + " " * 100_000,
        "Tabel1[" + "'" * 100_000,
        "Tabel1[" + "[a]" * 30_000,
        "{" + "1," * 50_000,
        "F(" + "," * 100_000,
        "A1 " * 30_000,
        "a\\" * 50_000 + "!",
        "#" * 100_000,
        "#" + "A" * 100_000,
        "$A$1:" * 20_000,
        "R[" * 50_000,
        "1E" * 50_000,
        "(" * 100_000,
        ")" * 100_000,
        "A." * 50_000 + "(",
        "'a'" * 30_000 + "!",
        "x" + "\n" * 100_000 + "!",
    ],
    ids=lambda text: text[:8],
)
def test_no_text_takes_more_than_linear_time(text: str) -> None:
    start = time.process_time()
    try:
        parse(text)
    except SyntaxProblem as problem:
        assert problem.code in CATALOGUE
    assert time.process_time() - start < 1.0


# -- shape and references ---------------------------------------------------------------------------------------------


def test_shape_of_a_copied_formula_is_the_same() -> None:
    """What Excel makes of C5 when it is copied to F9: three columns and four rows further."""
    pairs = {
        "A1+$A1+A$1+$A$1": "D5+$A5+D$1+$A$1",
        "SUM(A1:B2)": "SUM(D5:E6)",
        "SUM($A$1:C5)": "SUM($A$1:F9)",
        "SUM(A:B)": "SUM(D:E)",
        "SUM($A:B)": "SUM($A:E)",
        "SUM(1:2)": "SUM(5:6)",
        "SUM($1:2)": "SUM($1:6)",
        "'b 1'!A1&naam": "'b 1'!D5&naam",
        "IF(A1,,{1,2})": "IF(D5,,{1,2})",
        "-A1%": "-D5%",
        "Tabel1[a]*A1": "Tabel1[a]*D5",
    }
    for original, copied in pairs.items():
        assert shape(parse(original), 3, 5) == shape(parse(copied), 6, 9), original
        assert hash(shape(parse(original), 3, 5)) == hash(shape(parse(copied), 6, 9))


def test_shapes_that_differ() -> None:
    formulas = [
        "A1",
        "$A1",
        "A$1",
        "$A$1",
        "A2",
        "B1",
        "A1:A1048575",
        "A1:B1",
        "Blad1!A1",
        "-A1",
        "+A1",
        "A1%",
        "@A1",
        "A1#",
        "1",
        "2",
        '"1"',
        "TRUE",
        "FALSE",
        "naam",
        "Blad1!naam",
        "Tabel1[a]",
        "Tabel1[b]",
        "F()",
        "F(A1)",
        "G(A1)",
        "F(A1,B1)",
        "F(A1,,B1)",
        "F((A1,B1))",
        "F(A1:B1)",
        "F(A1 B1)",
        "F(A1)+B1",
        "F(A1+B1)",
        "A1+B1",
        "A1-B1",
        "(A1+B1)*C1",
        "A1+B1*C1",
        "A1-(B1-C1)",
        "A1-B1-C1",
        "F(G(A1),B1)",
        "F(G(A1,B1))",
        "{1,2}",
        "{1;2}",
        "{TRUE,2}",
        "#N/A",
        "F(#N/A)",
        "1:1",
        "A:A",
        "$1:$1",
        "$A:$A",
        '"naam"',
        "{1}",
        "F(,)",
        '"F"',
    ]
    assert len({shape(parse(formula), 3, 5) for formula in formulas}) == len(formulas)
    assert parse("A1:A1048576") == parse("A:A")  # Excel makes no difference either.
    assert shape(parse("A1"), 3, 5) != shape(parse("A1"), 3, 6)
    assert shape(parse("$A$1"), 3, 5) == shape(parse("$A$1"), 9, 9)
    assert shape(parse("A$1"), 3, 5) == shape(parse("A$1"), 3, 6)


def test_references_from_left_to_right() -> None:
    tree = parse('IF(naam>A1,SUM(B1:C2,Tabel1[a]),-Blad1!x%)&A1:INDEX(A:A,{1})&"D4"&(D1,E1 F1)')
    assert list(references(tree)) == [
        Name("naam"),
        A1,
        cell("B1:C2"),
        Structured("Tabel1", "a"),
        Name("x", "Blad1"),
        A1,
        columns(1, 1),
        cell("D1"),
        cell("E1"),
        cell("F1"),
    ]
    assert list(references(parse("1+2"))) == []


# -- the template, and the cases of the engines -----------------------------------------------------------------------


def test_the_whole_template_in_a_second() -> None:
    formulas = read_workbook(TEMPLATE.read_bytes()).formulas
    start = time.process_time()
    shapes = {shape(parse(formula), address.column, address.row) for address, formula in formulas.items()}
    assert time.process_time() - start < 1.0
    assert len(formulas) > 5000 and len(shapes) < len(formulas) / 5


def test_every_case_of_the_engines_has_a_tree() -> None:
    for case in CASES:
        assert list(walk(parse(case.formula)))


# -- precedence, against LibreOffice ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def by_libreoffice() -> dict[str, CellValue]:
    """What LibreOffice makes of the formulas, all in one run, by formula."""
    found = outcome(LibreOffice().open(book({f"A{row}": f"={text}" for row, text in enumerate(PRECEDENCE, 1)})))
    return {text: found.values[at(f"A{row}")] for row, text in enumerate(PRECEDENCE, 1)}


@pytest.mark.libreoffice
@pytest.mark.parametrize("formula", PRECEDENCE)
def test_precedence_as_in_libreoffice(by_libreoffice: dict[str, CellValue], formula: str) -> None:
    assert _alike(by_libreoffice[formula], PRECEDENCE[formula]), by_libreoffice[formula]


@pytest.mark.parametrize("formula", PRECEDENCE)
def test_precedence(formula: str) -> None:
    assert _alike(_value(parse(formula)), PRECEDENCE[formula])


def _alike(found: CellValue, expected: CellValue) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-12)
    return type(found) is type(expected) and found == expected


COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": eq,
    "<>": ne,
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


def _value(tree: Tree) -> float | str | bool:
    """What a tree of constants comes to; only as much as the cases above need."""
    match tree:
        case Number(value) | Text(value) | Logical(value):
            return value
        case Unary("%", operand):
            return _number(operand) / 100
        case Unary(sign, operand):
            return _number(operand) * {"-": -1, "+": 1}[sign]
        case Binary("&", left, right):
            texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in map(_value, (left, right))]
            return "".join(texts)
        case Binary("=" | "<>" | "<" | "<=" | ">" | ">=" as operator, left, right):
            one, two = _value(left), _value(right)
            if type(one) is not type(two):
                return operator == "<>"  # in these cases only = and <> stand between different kinds
            return bool(COMPARE[operator](one, two))
        case Binary(operator, left, right):
            a, b = _number(left), _number(right)
            return {"+": a + b, "-": a - b, "*": a * b}.get(operator) or (a / b if operator == "/" else a**b)
    raise AssertionError(tree)


def _number(tree: Tree) -> float:
    value = _value(tree)
    assert isinstance(value, float)
    return value


# -- any text, and any tree -------------------------------------------------------------------------------------------

FRAGMENTS = st.sampled_from(
    [
        "A1",
        "$A$1",
        "XFE1",
        "A:B",
        "1:3",
        "$",
        "Blad1!",
        "'a''b'!",
        "'",
        "!",
        "#REF!",
        "#N/A",
        "#",
        "@",
        "[",
        "]",
        "[@a]",
        "Tabel1[",
        "[#This Row]",
        "naam",
        "SUM(",
        "IF(",
        "_xlfn.",
        "_xlfn.SINGLE(",
        "LET(",
        "R1C1",
        "R[",
        "TRUE",
        "(",
        ")",
        ",",
        ",,",
        ";",
        ":",
        " ",
        "\n",
        "\t",
        "{",
        "}",
        "{1,2}",
        "1",
        ".5",
        "1.",
        "E+3",
        "1E3",
        "%",
        "^",
        "-",
        "+",
        "*",
        "/",
        "&",
        "=",
        "<",
        ">",
        "<>",
        "<=",
        '"',
        '"a"',
        '""',
        "\\",
        "?",
        ".",
        "_",
        "é",
        "工",
        "²",
        "\x00",
        "\ud800",
        "ſ",
        "\xa0",
        "0",
        "99999999",
        "A0",
    ]
)


def _parses_or_refuses(text: str) -> None:
    try:
        tree = parse(text)
    except SyntaxProblem as problem:
        assert re.fullmatch(r"RK43[0-8]", problem.code) and problem.reason
        assert 1 <= problem.position <= len(text) + 2
        return
    assert list(references(tree)) == [node for node in walk(tree) if isinstance(node, Reference | Name | Structured)]
    assert hash(shape(tree, 3, 5)) == hash(shape(tree, 3, 5))


@settings(max_examples=400, deadline=None)
@given(st.text())
def test_any_text_parses_or_is_refused(text: str) -> None:
    _parses_or_refuses(text)


@settings(max_examples=1500, deadline=None)
@given(st.lists(FRAGMENTS, max_size=14).map("".join))
@example("SUM(,Tabel1[#REF!]:#REF!)")
def test_any_row_of_fragments_parses_or_is_refused(text: str) -> None:
    _parses_or_refuses(text)


@settings(max_examples=300, deadline=None)
@given(random_trees(), st.sampled_from(["", " ", "\n\t"]))
def test_a_printed_tree_parses_to_itself(tree: Tree, space: str) -> None:
    text = printed(tree, space)
    assert parse(text) == tree, text
    assert parse(f"={text}") == tree
