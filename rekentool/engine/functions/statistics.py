"""Averages and measures of spread over all numbers of the arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from rekentool.engine.functions.sample import Sample, added, sampled
from rekentool.engine.vector import DIV0, NA, NUM, Bools, Floats

Refused = tuple[Any, ...]


def _mean(drawn: Sample) -> Floats:
    mean: Floats = drawn.total / drawn.counts
    return mean


def _squares(drawn: Sample) -> Floats:
    """The sum of squared deviations from the mean."""
    deviations = drawn.values - _mean(drawn)
    return added(np.where(np.isnan(drawn.values), 0.0, deviations**2))


def _variance(drawn: Sample, spared: int) -> Refused:
    """The variance of a population (spared 0) or a sample (spared 1); #DIV/0! of no more numbers than that."""
    counts = drawn.counts
    return _squares(drawn) / (counts - spared), (counts <= spared, DIV0)


def _deviation(drawn: Sample, spared: int) -> Refused:
    """The standard deviation of a population (spared 0) or a sample (spared 1); #DIV/0! as for the variance."""
    variance, *refusals = _variance(drawn, spared)
    return np.sqrt(variance), *refusals


@sampled("AVERAGE", "average-function-047bac88-d466-426c-a32b-8f33eb960cf6")
def average(drawn: Sample) -> Refused:
    """The mean; #DIV/0! of nothing."""
    return _mean(drawn), (drawn.counts == 0, DIV0)


@sampled("AVERAGEA", "averagea-function-f5f84098-d453-4f4c-bbba-3d2c66356091", everything=True)
def averagea(drawn: Sample) -> Refused:
    """The mean with logicals, and texts as 0, in ranges too."""
    return _mean(drawn), (drawn.counts == 0, DIV0)


@sampled("MINA", "mina-function-245a6f46-7ca5-4dc7-ab49-805341bc31d3", everything=True)
def mina(drawn: Sample) -> Floats:
    """The smallest with logicals, and texts as 0, in ranges too; 0 of nothing."""
    return np.where(drawn.counts == 0, 0.0, np.min(drawn.filled(np.inf), axis=0, initial=np.inf))


@sampled("MAXA", "maxa-function-814bda1e-3840-4bff-9365-2f59ac2ee62d", everything=True)
def maxa(drawn: Sample) -> Floats:
    """The largest with logicals, and texts as 0, in ranges too; 0 of nothing."""
    return np.where(drawn.counts == 0, 0.0, np.max(drawn.filled(-np.inf), axis=0, initial=-np.inf))


def _spread(name: str, page: str, measure: Callable[[Sample, int], Refused], spared: int, everything: bool) -> None:
    def call(drawn: Sample) -> Refused:
        return measure(drawn, spared)

    call.__doc__ = measure.__doc__
    sampled(name, page, everything)(call)


#: Name, page, measure, how many fewer than the numbers it divides by, whether logicals and texts in ranges count.
_SPREADS: tuple[tuple[str, str, Callable[[Sample, int], Refused], int, bool], ...] = (
    ("VAR.S", "var-s-function-913633de-136b-449d-813e-65a00b2b990b", _variance, 1, False),
    ("VAR", "var-function-1f2b7ab2-954d-4e17-ba2c-9e58b15a7da2", _variance, 1, False),
    ("VAR.P", "var-p-function-73d1285c-108c-4843-ba5d-a51f90656f3a", _variance, 0, False),
    ("VARP", "varp-function-26a541c4-ecee-464d-a731-bd4c575b1a6b", _variance, 0, False),
    ("VARA", "vara-function-3de77469-fa3a-47b4-85fd-81758a1e1d07", _variance, 1, True),
    ("VARPA", "varpa-function-59a62635-4e89-4fad-88ac-ce4dc0513b96", _variance, 0, True),
    ("STDEV.S", "stdev-s-function-7d69cf97-0c1f-4acf-be27-f3e83904cc23", _deviation, 1, False),
    ("STDEV", "stdev-function-51fecaaa-231e-4bbb-9230-33650a72c9b0", _deviation, 1, False),
    ("STDEV.P", "stdev-p-function-6e917c05-31a0-496f-ade7-4f4e7462f285", _deviation, 0, False),
    ("STDEVP", "stdevp-function-1f7c1c88-1bec-4422-8242-e9f7dc8bb195", _deviation, 0, False),
    ("STDEVA", "stdeva-function-5ff38888-7ea5-48de-9a6d-11ed73b29e9d", _deviation, 1, True),
    ("STDEVPA", "stdevpa-function-5578d4d6-455a-4308-9991-d405afe2c28c", _deviation, 0, True),
)
for _row in _SPREADS:
    _spread(*_row)


@sampled("DEVSQ", "devsq-function-8b739616-8376-4df5-8bd0-cfe0a6caf444")
def devsq(drawn: Sample) -> Refused:
    """The sum of squared deviations from the mean; #NUM! of nothing."""
    return _squares(drawn), (drawn.counts == 0, NUM)


@sampled("AVEDEV", "avedev-function-58fe8d65-2a84-4dc7-8052-f3f87b5c6639")
def avedev(drawn: Sample) -> Refused:
    """The mean distance to the mean; #NUM! of nothing."""
    counts = drawn.counts
    distances = np.abs(drawn.values - _mean(drawn))
    return added(np.where(np.isnan(distances), 0.0, distances)) / counts, (counts == 0, NUM)


def _not_positive(drawn: Sample) -> Bools:
    refused: Bools = (drawn.filled(1.0) <= 0).any(axis=0) | (drawn.counts == 0)
    return refused


@sampled("GEOMEAN", "geomean-function-db1ac48d-25a5-40a0-ab83-0b38980e40d5")
def geomean(drawn: Sample) -> Refused:
    """The geometric mean; #NUM! of nothing and unless all are above 0."""
    counts, values = drawn.counts, drawn.filled(1.0)
    product = np.multiply.reduce(values, axis=0)
    plain = np.isfinite(product) & (product > 1e-290)
    result = np.where(plain, product ** (1 / counts), np.exp(added(np.log(values)) / counts))
    return result, (_not_positive(drawn), NUM)


@sampled("HARMEAN", "harmean-function-5efd9184-fab5-42f9-b1d3-57883a1d3bc6")
def harmean(drawn: Sample) -> Refused:
    """The harmonic mean; #NUM! of nothing and unless all are above 0."""
    return drawn.counts / added(1 / drawn.filled(np.inf)), (_not_positive(drawn), NUM)


def _mode(drawn: Sample) -> Refused:
    values = drawn.values
    best: Floats = np.zeros(values.shape[1])
    often: Floats = np.ones(values.shape[1])
    for row in values:
        times = (values == row).sum(axis=0).astype(np.float64)
        more = times > often
        best, often = np.where(more, row, best), np.where(more, times, often)
    return best, (often < 2, NA)


@sampled("MODE.SNGL", "mode-sngl-function-f1267c16-66c6-4386-959f-8fba5f8bb7f8")
def mode_sngl(drawn: Sample) -> Refused:
    """The number that occurs most, the first of them; #N/A where none occurs twice."""
    return _mode(drawn)


@sampled("MODE", "mode-function-e45192ce-9122-4980-82ed-4bdc34973120")
def mode(drawn: Sample) -> Refused:
    """The number that occurs most, the first of them; #N/A where none occurs twice."""
    return _mode(drawn)
