"""Excel's operators over scenarios: hand-worked results, value by value and all kinds at once."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from rekentool.engine.operators import RAISING, binary, unary
from rekentool.engine.vector import Area, Vector, constant, gather, value_at, values
from rekentool.xlsx.cell import CellValue, ExcelError

DIV0, VALUE, NUM, NA, REF = (ExcelError(code) for code in ("#DIV/0!", "#VALUE!", "#NUM!", "#N/A", "#REF!"))

#: Left, sign, right, and what Excel makes of it.
TRUTHS: list[tuple[CellValue, str, CellValue, CellValue]] = [
    (1.0, "+", 2.0, 3.0),
    (None, "+", None, 0.0),
    ("5", "+", True, 6.0),
    ("x", "+", 1.0, VALUE),
    ("", "+", 1.0, VALUE),
    (0.1, "+", -0.1, 0.0),
    (1.1, "-", 1.1000000000000001, 0.0),
    (1.0, "-", 0.9, 0.1),
    (43.1, "-", 43.2, -0.10000000000000142),
    (5.0, "-", None, 5.0),
    (1e308, "+", 1e308, NUM),
    (-1e308, "-", 1e308, NUM),
    (3.0, "*", "4", 12.0),
    (1e200, "*", 1e200, NUM),
    (False, "*", 7.0, 0.0),
    ("10%", "*", 50.0, 5.0),
    (1.0, "/", 0.0, DIV0),
    (0.0, "/", None, DIV0),
    (1.0, "/", False, DIV0),
    (7.0, "/", 2.0, 3.5),
    (1e300, "/", 1e-300, NUM),
    (2.0, "^", 10.0, 1024.0),
    (0.0, "^", 0.0, NUM),
    (0.0, "^", -1.0, DIV0),
    (-8.0, "^", 1 / 3, -2.0),
    (-32.0, "^", -0.2, -0.5),
    (-8.0, "^", 2 / 3, NUM),
    (-2.0, "^", 2.0, 4.0),
    (10.0, "^", 400.0, NUM),
    (4.0, "^", 0.5, 2.0),
    (None, "^", 2.0, 0.0),
    (1.0, "&", 2.0, "12"),
    (None, "&", "a", "a"),
    (True, "&", None, "TRUE"),
    (0.1 + 0.2, "&", "", "0.3"),
    (NA, "&", "x", NA),
    (NA, "+", DIV0, NA),
    (DIV0, "+", NA, DIV0),
    ("x", "+", NA, VALUE),
    (1.0, "/", REF, REF),
    ("x", "&", NUM, NUM),
    (0.1 + 0.2, "=", 0.3, True),
    (0.1 + 0.2, ">", 0.3, False),
    (0.1 + 0.2, "<=", 0.3, True),
    (0.1 + 0.2, "<>", 0.3, False),
    (1e-17, ">", 0.0, True),
    (1e-17, "=", None, False),
    (1.00000000000001, "=", 1.0, False),
    (None, "=", 0.0, True),
    (1e308, ">", -1e308, True),
    (None, "=", "", True),
    (None, "=", False, True),
    (None, "=", None, True),
    (None, "<", "a", True),
    ("a", "=", "A", True),
    ("a", "<", "B", True),
    ("b", ">=", "A", True),
    ("a", "<>", "A", False),
    (9e9, "<", "", True),
    ("zzz", "<", False, True),
    (1.0, "=", True, False),
    (5.0, "=", "5", False),
    (True, ">", False, True),
    (NA, "=", NA, NA),
    (1.0, "<", DIV0, DIV0),
]


def alike(found: CellValue, expected: CellValue) -> bool:
    if isinstance(expected, float) and isinstance(found, float):
        return found == pytest.approx(expected, rel=1e-15, abs=0)
    return type(found) is type(expected) and found == expected


def compute(sign: str, left: Vector, right: Vector) -> Vector:
    with np.errstate(**RAISING):
        result = binary(sign, left, right)
    assert isinstance(result, Vector)
    return result


@pytest.mark.parametrize(("left", "sign", "right", "expected"), TRUTHS)
def test_one_value(left: CellValue, sign: str, right: CellValue, expected: CellValue) -> None:
    result = compute(sign, constant(left), constant(right))
    assert result.uniform
    assert alike(value_at(result, 0), expected), value_at(result, 0)


@pytest.mark.parametrize("sign", sorted({truth[1] for truth in TRUTHS}))
def test_every_kind_at_once(sign: str) -> None:
    """All the truths of one operator as scenarios of one vector, and so with one side the same everywhere."""
    truths = [truth for truth in TRUTHS if truth[1] == sign]
    result = compute(sign, gather([truth[0] for truth in truths]), gather([truth[2] for truth in truths]))
    found = list(values(result, len(truths)))
    wrong = [(truth, one) for truth, one in zip(truths, found, strict=True) if not alike(one, truth[3])]
    assert wrong == []
    for left, _, right, expected in truths:
        one_sided = compute(sign, constant(left), gather([right, 1.0, right]))
        assert alike(value_at(one_sided, 2), expected), (left, right)
        other_side = compute(sign, gather([left, NA, left]), constant(right))
        assert alike(value_at(other_side, 2), expected), (left, right)


def test_scenarios_do_not_touch_one_another() -> None:
    """Each pair of values gives in the midst of others what it gives alone."""
    some: list[CellValue] = [None, 0.0, -1.5, 3.0, 1e-9, 2e307, "3", "tekst", "", True, False, NA, DIV0]
    pairs = list(itertools.product(some, some))
    lefts, rights = gather([left for left, _ in pairs]), gather([right for _, right in pairs])
    for sign in ("+", "-", "*", "/", "^", "&", "=", "<>", "<", "<=", ">", ">="):
        together = list(values(compute(sign, lefts, rights), len(pairs)))
        alone = [value_at(compute(sign, constant(left), constant(right)), 0) for left, right in pairs]
        assert [type(one) for one in together] == [type(one) for one in alone], sign
        assert together == alone, sign


@pytest.mark.parametrize(
    ("sign", "operand", "expected"),
    [
        ("-", 5.0, -5.0),
        ("-", "5", -5.0),
        ("-", True, -1.0),
        ("-", None, 0.0),
        ("-", "x", VALUE),
        ("-", NA, NA),
        ("-", 0.0, 0.0),
        ("+", "x", "x"),
        ("+", None, None),
        ("%", 50.0, 0.5),
        ("%", "50", 0.5),
        ("%", NA, NA),
    ],
)
def test_signs(sign: str, operand: CellValue, expected: CellValue) -> None:
    with np.errstate(**RAISING):
        result = unary(sign, constant(operand))
    assert isinstance(result, Vector)
    assert alike(value_at(result, 0), expected)
    assert str(value_at(result, 0)) != "-0.0"


def area(rows: list[list[CellValue]]) -> Area:
    return Area(len(rows), len(rows[0]), [constant(value) for row in rows for value in row])


def grid(result: Vector | Area) -> list[list[CellValue]]:
    assert isinstance(result, Area)
    return [[value_at(result.at(r, c), 0) for c in range(result.columns)] for r in range(result.rows)]


def test_rectangles() -> None:
    two = area([[1.0, 2.0], [3.0, None]])
    with np.errstate(**RAISING):
        assert grid(binary("*", two, constant(10.0))) == [[10.0, 20.0], [30.0, 0.0]]
        assert grid(binary("+", area([[1.0], [2.0]]), area([[10.0, 20.0]]))) == [[11.0, 21.0], [12.0, 22.0]]
        assert grid(binary("=", area([["a", "B"]]), constant("b"))) == [[False, True]]
        assert grid(binary("-", area([[1.0], [2.0], [3.0]]), area([[1.0], [1.0]]))) == [[0.0], [1.0], [NA]]
        assert grid(unary("-", two)) == [[-1.0, -2.0], [-3.0, 0.0]]


def test_overflow_is_found_in_its_own_scenario() -> None:
    large = Vector(0, np.array([1.0, 1e200, -1e200]))
    assert list(values(compute("*", large, large), 3)) == [1.0, NUM, NUM]
    assert list(values(compute("+", Vector(0, np.array([1.0, 1.7e308])), constant(1.7e308)), 2)) == [1.7e308, NUM]
