"""Functions of two rows of numbers: correlation, the straight line through points, sums over pairs."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from rekentool.engine.coercion import to_numbers
from rekentool.engine.functions.registry import raw, single
from rekentool.engine.functions.sample import Faults, added, settle, width
from rekentool.engine.vector import DIV0, EMPTY, NA, NUMBER, Area, Argument, Bools, Floats, Vector, error

Refused = tuple[Any, ...]


class Pairs(NamedTuple):
    """Points over all scenarios: a row per pair, a column per scenario; 0 in both where a pair isn't ``there``."""

    first: Floats
    second: Floats
    there: Bools

    @property
    def counts(self) -> Floats:
        """How many pairs there are, per scenario."""
        counts: Floats = self.there.sum(axis=0).astype(np.float64)
        return counts

    @property
    def means(self) -> tuple[Floats, Floats]:
        """The mean of both."""
        return added(self.first) / self.counts, added(self.second) / self.counts

    def spreads(self) -> tuple[Floats, Floats, Floats]:
        """The sums of squared deviations of both, and of the products of these."""
        means = self.means
        first = np.where(self.there, self.first - means[0], 0.0)
        second = np.where(self.there, self.second - means[1], 0.0)
        return added(first * first), added(second * second), added(first * second)


def _cells(argument: Argument) -> Sequence[Vector]:
    return argument.cells if isinstance(argument, Area) else [EMPTY if argument is None else argument]


def _paired(first: Argument, second: Argument, columns: int) -> Pairs | None:
    """The pairs in which both are numbers; None where the two aren't as long."""
    left, right = _cells(first), _cells(second)
    if len(left) != len(right):
        return None
    there = np.empty((len(left), columns), np.bool_)
    values = np.empty((2, len(left), columns))
    for position, (one, other) in enumerate(zip(left, right, strict=True)):
        there[position] = (np.asarray(one.kind) == NUMBER) & (np.asarray(other.kind) == NUMBER)
        values[0, position], values[1, position] = one.data, other.data
    values = np.where(there, values, 0.0)
    return Pairs(values[0], values[1], there)


def paired(name: str, page: str) -> Callable[..., Any]:
    """Register a function of the pairs of its last two arguments, after a number where it has two parameters. Ranges of
    unlike length are #N/A."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        extra = len(inspect.signature(function).parameters) - 1

        def call(arguments: Sequence[Argument], size: int) -> Vector:
            columns = width(arguments, size)
            faults = Faults(columns)
            numbers = [to_numbers(single(argument)) for argument in arguments[:extra]]
            for vector in numbers:
                faults.add_errors(vector)
            for argument in arguments[extra:]:
                for cell in _cells(argument):
                    faults.add_errors(cell)
            pairs = _paired(arguments[extra], arguments[extra + 1], columns)
            if pairs is None:
                return error(NA)
            with np.errstate(all="ignore"):
                result = function(*(vector.floats(columns) for vector in numbers), pairs)
                data, *refusals = result if isinstance(result, tuple) else (result,)
                return settle(data, faults, *refusals)

        call.__doc__ = function.__doc__
        raw(name, page, extra + 2, extra + 2)(call)
        return function

    return decorate


def _correlation(pairs: Pairs) -> Refused:
    x, y, xy = pairs.spreads()
    return xy / (np.sqrt(x) * np.sqrt(y)), ((x == 0) | (y == 0), DIV0)


def _line(pairs: Pairs) -> tuple[Floats, Floats, Any]:
    """Slope and intercept of the line through points with y first, and where there is none."""
    _, x, xy = pairs.spreads()
    slope = xy / np.where(x == 0, 1.0, x)
    y_mean, x_mean = pairs.means
    return slope, y_mean - slope * x_mean, (x == 0, DIV0)


@paired("CORREL", "correl-function-995dcef7-0c0a-4bed-a3fb-239d7b68ca92")
def correl(pairs: Pairs) -> Refused:
    """The correlation coefficient; #DIV/0! where either doesn't vary."""
    return _correlation(pairs)


@paired("PEARSON", "pearson-function-0c3e30fc-e5af-49c4-808a-3ef66e034c18")
def pearson(pairs: Pairs) -> Refused:
    """The correlation coefficient; #DIV/0! where either doesn't vary."""
    return _correlation(pairs)


@paired("RSQ", "rsq-function-d7161715-250d-4a01-b80d-a8364f2be08f")
def rsq(pairs: Pairs) -> Refused:
    """The square of the correlation coefficient."""
    result, refusal = _correlation(pairs)
    return result**2, refusal


@paired("COVARIANCE.P", "covariance-p-function-6f0e1e6d-956d-4e4b-9943-cfef0bf9edfc")
def covariance_p(pairs: Pairs) -> Refused:
    """The covariance of a population; #DIV/0! of nothing."""
    return pairs.spreads()[2] / pairs.counts, (pairs.counts == 0, DIV0)


@paired("COVAR", "covar-function-50479552-2c03-4daf-bd71-a5ab88b2db03")
def covar(pairs: Pairs) -> Refused:
    """The covariance of a population; #DIV/0! of nothing."""
    return pairs.spreads()[2] / pairs.counts, (pairs.counts == 0, DIV0)


@paired("COVARIANCE.S", "covariance-s-function-0a539b74-7371-42aa-a18f-1f5320314977")
def covariance_s(pairs: Pairs) -> Refused:
    """The covariance of a sample; #DIV/0! of fewer than two pairs."""
    return pairs.spreads()[2] / (pairs.counts - 1), (pairs.counts < 2, DIV0)


@paired("SLOPE", "slope-function-11fb8f97-3117-4813-98aa-61d7e01276b9")
def slope(pairs: Pairs) -> Refused:
    """The slope of the line of least squares through points, y first; #DIV/0! where x doesn't vary."""
    result, _, refusal = _line(pairs)
    return result, refusal


@paired("INTERCEPT", "intercept-function-2a9b74e2-9d47-4772-b663-3bca70bf63ef")
def intercept(pairs: Pairs) -> Refused:
    """Where the line of least squares crosses the y-axis, y first; #DIV/0! where x doesn't vary."""
    _, result, refusal = _line(pairs)
    return result, refusal


def _forecast(x: Floats, pairs: Pairs) -> Refused:
    steepness, start, refusal = _line(pairs)
    return start + steepness * x, refusal


@paired("FORECAST.LINEAR", "forecast-and-forecast-linear-functions")
def forecast_linear(x: Floats, pairs: Pairs) -> Refused:
    """The y at x on the line of least squares through points, y first."""
    return _forecast(x, pairs)


@paired("FORECAST", "forecast-and-forecast-linear-functions")
def forecast(x: Floats, pairs: Pairs) -> Refused:
    """The y at x on the line of least squares through points, y first."""
    return _forecast(x, pairs)


@paired("STEYX", "steyx-function-6ce74b2c-449d-4a6e-b9ac-f9cef5ba48ab")
def steyx(pairs: Pairs) -> Refused:
    """The standard error of y around the line of least squares, y first; #DIV/0! of fewer than three pairs."""
    y, x, xy = pairs.spreads()
    rest = y - xy**2 / np.where(x == 0, 1.0, x)
    return np.sqrt(np.maximum(rest, 0.0) / (pairs.counts - 2)), ((pairs.counts < 3) | (x == 0), DIV0)


@paired("SUMX2MY2", "sumx2my2-function-9e599cc5-5399-48e9-a5e0-e37812dfa3e9")
def sumx2my2(pairs: Pairs) -> Floats:
    """The sum of the differences of squares."""
    return added(pairs.first**2 - pairs.second**2)


@paired("SUMX2PY2", "sumx2py2-function-826b60b4-0aa2-4e5e-81d2-be704d3d786f")
def sumx2py2(pairs: Pairs) -> Floats:
    """The sum of the sums of squares."""
    return added(pairs.first**2 + pairs.second**2)


@paired("SUMXMY2", "sumxmy2-function-9d144ac1-4d79-43de-b524-e2ecee23b299")
def sumxmy2(pairs: Pairs) -> Floats:
    """The sum of squared differences."""
    return added((pairs.first - pairs.second) ** 2)
