"""Mathematical, statistical, logical and information functions of the program: Excel's results, and vectors against
one scenario at a time."""

from __future__ import annotations

import importlib
import math
import random
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import numpy as np
import pytest
from function_cases_math import CASES, Case, case_cell, cases_workbook

from rekentool.engine.functions.registry import FUNCTIONS, Function, Unsupported
from rekentool.engine.program import ProgramEngine
from rekentool.engine.protocol import Outcome
from rekentool.engine.vector import NUMBER, Area, Argument, Vector, constant, gather, value_at, values
from rekentool.xlsx.cell import CellValue, ExcelError

MODULES = (
    "aggregation",
    "arithmetic",
    "information",
    "logic",
    "normal",
    "ranking",
    "regression",
    "rounding",
    "statistics",
)
SCENARIOS = 16
ERROR = ExcelError("#DIV/0!")


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    return ProgramEngine().open(cases_workbook([case.formula for case in CASES])).compute([{}])[0]


def same(found: CellValue, expected: CellValue, tolerance: float = 0.0) -> bool:
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-13, abs_tol=tolerance)
    return type(found) is type(expected) and found == expected


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case.formula for case in CASES])
def test_excels_result(outcome: Outcome, number: int, case: Case) -> None:
    cell = case_cell(number)
    assert cell not in outcome.unknown, outcome.unknown[cell]
    found = outcome.values[cell]
    assert same(found, case.excel, case.published), found


def names() -> list[str]:
    """The functions that the modules register, as their source has them."""
    found: list[str] = []
    for module in MODULES:
        source = importlib.import_module(f"rekentool.engine.functions.{module}").__file__
        assert source is not None
        with open(source, encoding="utf-8") as file:  # noqa: PTH123
            found += re.findall(r'\(\s*"([A-Z0-9.]+)", ', file.read())
    return sorted({name for name in found if name in FUNCTIONS})


def test_every_function_has_two_cases() -> None:
    used = Counter(name for case in CASES for name in set(re.findall(r"([A-Z][A-Z0-9.]*)\(", case.formula)))
    assert len(names()) > 110
    assert [name for name in names() if used[name] < 2] == []


# -- vectors against one scenario at a time --------------------------------------------------------------------------

#: What cells hold in the mixed vectors: whole numbers and fractions within reach of every function, and every kind.
NUMBERS = (0.0, 1.0, 2.0, 3.0, 0.5, 0.25, 2.5, 7.0, -1.0, -2.5, 1.005, 9.0)
OTHERS: tuple[CellValue, ...] = (
    None,
    True,
    False,
    "tekst",
    "5",
    "",
    "TRUE",
    ExcelError("#N/A"),
    ERROR,
)


def vector(draw: random.Random, shape: str) -> Vector:
    if shape == "constant":
        return constant(draw.choice(NUMBERS))
    if shape == "other":
        return constant(draw.choice(OTHERS))
    if shape == "numbers":
        return Vector(NUMBER, np.array([draw.choice(NUMBERS) for _ in range(SCENARIOS)]))
    pool = NUMBERS * 3 + OTHERS if shape == "mixed" else (True, False)
    return gather([draw.choice(pool) for _ in range(SCENARIOS)])


def area(draw: random.Random, shapes: tuple[str, ...], rows: int = 5) -> Area:
    return Area(rows, 1, [vector(draw, draw.choice(shapes)) for _ in range(rows)])


def calls(function: Function) -> Iterator[list[Argument]]:
    """Arguments of every make: numbers only, mixed kinds, ranges."""
    draw = random.Random(function.name)
    most = min(function.maximum, 4)
    for shapes in (("numbers",), ("numbers", "constant"), ("mixed",), ("mixed", "constant", "logicals", "other")):
        for _ in range(2):
            count = draw.randint(function.minimum, most)
            yield [vector(draw, draw.choice(shapes)) for _ in range(count)]
            yield [
                area(draw, shapes) if function.takes_area(place) and draw.random() < 0.7 else vector(draw, "mixed")
                for place in range(count)
            ]
            yield [None if draw.random() < 0.3 else vector(draw, draw.choice(shapes)) for _ in range(count)]
    if function.name in ("LARGE", "SMALL"):
        for _ in range(6):
            places = gather([draw.choice((0.0, 1.0, 2.0, 5.0, 6.0, None, True, "2", ERROR)) for _ in range(SCENARIOS)])
            yield [area(draw, ("mixed", "constant")), places]
            yield [area(draw, ("constant",)), places]


def alone(argument: Argument, scenario: int) -> Argument:
    """The argument in one scenario."""
    if isinstance(argument, Area):
        cells = [constant(value_at(cell, scenario)) for cell in argument.cells]
        return Area(argument.rows, argument.columns, cells)
    return None if argument is None else constant(value_at(argument, scenario))


def results(function: Function, arguments: list[Argument], size: int) -> list[list[CellValue]] | None:
    """The values of every cell of the result, over the scenarios; None for what the function doesn't compute."""
    try:
        result = function.call(arguments, size)
    except Unsupported:
        return None
    found = result.cells if isinstance(result, Area) else [result]
    return [list(values(cell, size)) for cell in found]


@pytest.mark.parametrize("name", names())
def test_vectors_and_single_scenarios_agree(name: str) -> None:
    function = FUNCTIONS[name]
    for arguments in calls(function):
        together = results(function, arguments, SCENARIOS)
        one_by_one = [
            results(function, [alone(argument, scenario) for argument in arguments], 1) for scenario in range(SCENARIOS)
        ]
        assert (together is None) == any(single is None for single in one_by_one)
        for scenario, single in enumerate(one_by_one):
            if together is None or single is None:
                continue
            found, expected = [column[scenario] for column in together], [column[0] for column in single]
            assert all(map(same, found, expected, [1e-12] * len(found))), (arguments, scenario, found, expected)


def test_place_that_is_not_whole_is_not_computed() -> None:
    for name in ("LARGE", "SMALL"):
        with pytest.raises(Unsupported, match=f"{name} met een plaats die geen geheel getal is"):
            FUNCTIONS[name].call([Area(1, 2, [constant(1.0), constant(2.0)]), constant(1.5)], 1)


# -- the ways through SUM, MIN and MAX that need no masks ------------------------------------------------------------


def test_arguments_stay_as_they_were() -> None:
    first, second = np.array([1.0, 2.0]), np.array([10.0, 20.0])
    block = Area(3, 1, [Vector(NUMBER, first), Vector(NUMBER, second), Vector(NUMBER, second)])
    for name, expected in (
        ("SUM", [21.0, 42.0]),
        ("MIN", [1.0, 2.0]),
        ("MAX", [10.0, 20.0]),
        ("PRODUCT", [100.0, 800.0]),
    ):
        assert list(values(FUNCTIONS[name].call([block], 2), 2)) == expected
    assert (first.tolist(), second.tolist()) == ([1.0, 2.0], [10.0, 20.0])


def test_overflow_in_one_scenario_only() -> None:
    large = Vector(NUMBER, np.array([1e308, 1.0]))
    num = ExcelError("#NUM!")
    for name, expected in (
        ("SUM", [num, 2.0]),
        ("PRODUCT", [num, 1.0]),
        ("SUMPRODUCT", [num, 1.0]),
        ("SUMSQ", [num, 2.0]),
    ):
        assert list(values(FUNCTIONS[name].call([large, large], 2), 2)) == expected


def test_sum_adds_from_left_to_right() -> None:
    # 1e16 + 1 is 1e16 again, so the order shows: constants may not be added first.
    block = Area(3, 1, [Vector(NUMBER, np.array([1e16, 1.0])), constant(1.0), constant(1.0)])
    assert list(values(FUNCTIONS["SUM"].call([block], 2), 2)) == [1e16, 3.0]


def test_no_negative_zero() -> None:
    small = Vector(NUMBER, np.array([-0.2, 0.2]))
    result = FUNCTIONS["ROUND"].call([small, constant(0.0)], 2)
    assert isinstance(result, Vector)
    assert np.signbit(result.floats(2)).tolist() == [False, False]


def test_blank_in_some_scenarios_counts_in_none_of_those() -> None:
    # What a formula gives for a blank cell is no number, so MIN doesn't see 0.
    given = gather([None, 5.0, -1.0])
    assert list(values(FUNCTIONS["MIN"].call([given, constant(3.0)], 3), 3)) == [3.0, 3.0, -1.0]
    assert list(values(FUNCTIONS["AVERAGE"].call([given, constant(3.0)], 3), 3)) == [3.0, 4.0, 1.0]
    assert list(values(FUNCTIONS["LCM"].call([given, constant(3.0)], 3), 3)) == [3.0, 15.0, ExcelError("#NUM!")]


MODES = (("ROUND", ROUND_HALF_UP), ("ROUNDUP", ROUND_UP), ("ROUNDDOWN", ROUND_DOWN), ("TRUNC", ROUND_DOWN))


@pytest.mark.parametrize(("name", "mode"), MODES)
def test_rounding_is_that_of_the_decimal_with_15_digits(name: str, mode: str) -> None:
    # Numbers in and around the ties and whole numbers, some a few binary steps off, as calculations leave them.
    draw = random.Random(name)
    for digits in (-3, 0, 1, 2, 4):
        numbers = []
        for _ in range(400):
            near = draw.randrange(-(10 ** draw.randint(1, 9)), 10 ** draw.randint(1, 9)) / 2 / 10.0**digits
            for _ in range(draw.randint(0, 6)):
                near = math.nextafter(near, draw.choice((-math.inf, math.inf)))
            numbers.append(near)
        result = FUNCTIONS[name].call([Vector(NUMBER, np.array(numbers)), constant(float(digits))], len(numbers))
        assert isinstance(result, Vector)
        for one, found in zip(numbers, values(result, len(numbers)), strict=True):
            exact = Decimal(f"{one:.15g}").quantize(Decimal(1).scaleb(-digits), mode)
            assert found == float(exact), (one, digits)
