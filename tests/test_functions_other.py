"""Functions of lookup, criteria, text, dates and money: Excel's results, one at a time and over scenarios at once."""

from __future__ import annotations

import importlib
import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import function_cases_further
import function_cases_other
import numpy as np
import pytest
from function_cases_other import BLANK, REFUSED, Blank, Case

from rekentool.engine.functions.calendar import LAST, civil_of, serial_of, usual_civil, usual_serial
from rekentool.engine.functions.registry import FUNCTIONS, Unsupported
from rekentool.engine.vector import EMPTY, Area, Argument, Vector, constant, gather, value_at
from rekentool.xlsx.cell import CellValue, ExcelError

for _module in (
    "lookup", "conditional", "text", "numbertext", "textformat", "dates", "datespans", "financial", "returns",
    "subtotal", "bases", "matrix", "trend", "textparts", "links"
):
    importlib.import_module(f"rekentool.engine.functions.{_module}")

CASES = [*function_cases_other.CASES, *function_cases_further.CASES]
NAMES = sorted({case.name for case in CASES})


def cell(value: Any) -> CellValue:
    """A cell's value from a case's value: whole numbers are floats."""
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def rows(value: Any) -> list[list[CellValue]]:
    """An argument that is a rectangle, as rows."""
    listed = value if value and isinstance(value[0], list) else [[one] for one in value]
    return [[cell(one) for one in row] for row in listed]


def shape(value: Any) -> Any:
    """What arguments must have in common to be stacked as scenarios."""
    if isinstance(value, list):
        return len(rows(value)), len(rows(value)[0])
    return type(value) if value is None or isinstance(value, Blank) else "value"


def stacked(values: Sequence[Any]) -> Argument:
    """One argument over scenarios, from its value in each of them."""
    if values[0] is None:
        return None
    if isinstance(values[0], Blank):
        return Area(1, 1, [EMPTY])
    if isinstance(values[0], list):
        tables = [rows(value) for value in values]
        height, width = len(tables[0]), len(tables[0][0])
        cells = [gathered([table[r][c] for table in tables]) for r in range(height) for c in range(width)]
        return Area(height, width, cells)
    return gathered([cell(value) for value in values])


def gathered(values: Sequence[CellValue]) -> Vector:
    """Values over scenarios; where all are the same, as the program has them: one float."""
    return constant(values[0]) if all(same(value, values[0]) for value in values) else gather(values)


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def alike(result: Any, one: Any) -> bool:
    """Equal, or as numbers equal but for the last digit."""
    if isinstance(result, list) and isinstance(one, ExcelError):  # a row or column of that error in other scenarios
        return all(alike(part, one) for part in result)
    if isinstance(one, list):
        return len(result) == len(one) and all(map(alike, result, one))
    if isinstance(one, float) and isinstance(result, float):
        return math.isclose(result, one, rel_tol=1e-13, abs_tol=1e-13)
    return same(result, one)


def called(name: str, arguments: Sequence[Argument], size: int) -> list[Any]:
    """The result in every scenario: a value, or rows of values."""
    function = FUNCTIONS[name]
    assert function.minimum <= len(arguments) <= function.maximum
    result = function.call(arguments, size)
    if isinstance(result, Area):
        return [
            [[value_at(result.at(r, c), s) for c in range(result.columns)] for r in range(result.rows)]
            for s in range(size)
        ]
    return [value_at(result, scenario) for scenario in range(size)]


def expect(result: Any, case: Case) -> None:
    if isinstance(case.excel, float) and isinstance(result, float):
        if case.digits is not None:
            assert round(result, case.digits) == pytest.approx(case.excel, abs=10.0**-case.digits / 100), case
        else:
            assert result == pytest.approx(case.excel, rel=1e-12, abs=1e-12), case
    else:
        assert same(result, case.excel), (case, result)


@pytest.mark.parametrize("name", NAMES)
def test_results_of_excel(name: str) -> None:
    for case in CASES:
        if case.name != name:
            continue
        arguments = [stacked([value]) for value in case.arguments]
        if case.excel is REFUSED:
            with pytest.raises(Unsupported):
                called(name, arguments, 1)
        else:
            expect(called(name, arguments, 1)[0], case)


@pytest.mark.parametrize("name", NAMES)
def test_all_cases_as_scenarios_of_one_call(name: str) -> None:
    groups: dict[Any, list[Case]] = defaultdict(list)
    for case in CASES:
        if case.name == name and case.excel is not REFUSED and not isinstance(case.excel, list):
            groups[tuple(shape(value) for value in case.arguments)].append(case)
    for cases in groups.values():
        if name == "XLOOKUP" and len({str(case.arguments[4:]) for case in cases}) > 1:
            continue  # ways to search that differ by scenario are refused
        if name in ("MATCH", "XMATCH") and len({str(case.arguments[2:]) for case in cases}) > 1:
            continue
        three_times = cases * 3
        columns = zip(*(case.arguments for case in three_times), strict=True)
        results = called(name, [stacked(list(column)) for column in columns], len(three_times))
        for result, case in zip(results, three_times, strict=True):
            expect(result, case)


@pytest.mark.parametrize("name", NAMES)
def test_one_argument_varies(name: str) -> None:
    """Each case with one argument varied over what other cases have there: as scenario by scenario."""
    known = [case for case in CASES if case.name == name and case.excel is not REFUSED]
    varied = 0
    for case in known:
        for place, own in enumerate(case.arguments):
            others = [
                other.arguments[place]
                for other in known
                if len(other.arguments) > place and shape(other.arguments[place]) == shape(own)
            ][:8]
            calls = [[*case.arguments[:place], value, *case.arguments[place + 1 :]] for value in [own, *others, own]]
            try:
                expected = [called(name, [stacked([value]) for value in one], 1)[0] for one in calls]
                columns = [stacked(list(column)) for column in zip(*calls, strict=True)]
                results = called(name, columns, len(calls))
            except Unsupported:
                continue
            varied += 1
            for result, one in zip(results, expected, strict=True):
                assert alike(result, one), (name, calls, results)
    assert varied


@pytest.mark.parametrize("name", NAMES)
def test_two_cases_or_more_and_an_error(name: str) -> None:
    cases = [case for case in CASES if case.name == name]
    assert len(cases) >= 2
    assert FUNCTIONS[name].url.startswith("https://support.microsoft.com/office/")
    given = [value for case in cases for value in (case.excel, *case.arguments)]
    cells = [one for value in given if isinstance(value, list) for row in rows(value) for one in row]
    assert any(isinstance(value, ExcelError) for value in (*given, *cells))


def test_calendar_against_python() -> None:
    serials = np.arange(61, LAST + 1)
    dates = np.datetime64("1899-12-30") + serials
    years = dates.astype("datetime64[Y]").astype(np.int64) + 1970
    months = dates.astype("datetime64[M]").astype(np.int64) % 12 + 1
    days = (dates - dates.astype("datetime64[M]")).astype(np.int64) + 1
    civil = civil_of(serials)
    assert (civil.year == years).all() and (civil.month == months).all() and (civil.day == days).all()
    assert (serial_of(years, months, days) == serials).all()
    usual = slice(0, 109_000)
    table = usual_civil(serials[usual])
    assert (table.year == years[usual]).all() and (table.day == days[usual]).all()
    assert (usual_serial(years[usual], months[usual], days[usual]) == serials[usual]).all()


def test_a_blank_cell_is_kept_blank() -> None:
    assert called("INDEX", [stacked([[1, None]]), gather([1.0, 2.0])], 2) == [1.0, None]
    assert called("INDEX", [stacked([BLANK]), constant(1.0)], 1) == [None]
