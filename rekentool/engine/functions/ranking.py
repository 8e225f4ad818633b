"""Functions of the order of numbers: median, percentiles, the k-th largest, ranks."""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.functions.registry import Unsupported
from rekentool.engine.functions.rounding import down
from rekentool.engine.functions.sample import Sample, added, sampled
from rekentool.engine.vector import NA, NUM, Floats

Refused = tuple[Any, ...]


def _in_order(drawn: Sample) -> Floats:
    """Every scenario's numbers from small to large, NaN last; one row at least."""
    if not len(drawn.values):
        return np.full((1, drawn.values.shape[1]), np.nan)
    return np.sort(drawn.values, axis=0)


def _at(ordered: Floats, index: Floats) -> Floats:
    """The number at an index from 0 in every scenario; any number where there is none."""
    inside = np.clip(np.nan_to_num(index), 0, len(ordered) - 1).astype(np.int64)
    found: Floats = np.take_along_axis(ordered, inside[np.newaxis, :], axis=0)[0]
    return found


def _between(drawn: Sample, position: Floats) -> Floats:
    """The number at a position from 0, in proportion between its neighbours."""
    ordered = _in_order(drawn)
    low = np.floor(position)
    first = _at(ordered, low)
    share = position - low
    second = np.where(share > 0, _at(ordered, np.minimum(low + 1, drawn.counts - 1)), first)
    return first + share * (second - first)


@sampled("MEDIAN", "median-function-d0916313-4753-414c-8537-ce85bdd967d2")
def median(drawn: Sample) -> Refused:
    """The middle number, or the mean of the middle two; #NUM! of nothing."""
    counts, ordered = drawn.counts, _in_order(drawn)
    return (_at(ordered, (counts - 1) // 2) + _at(ordered, counts // 2)) / 2, (counts == 0, NUM)


def _place(k: Floats, name: str) -> Floats:
    """A place that is whole in 15 digits; Microsoft's pages don't say what another one means, so it is Unsupported."""
    place: Floats = np.floor(k + 0.5)
    if (np.abs(k - place) > 5e-15 * np.abs(place)).any():
        raise Unsupported(f"{name} met een plaats die geen geheel getal is")
    return place


@sampled("LARGE", "large-function-3af0af19-1190-42bb-bb8b-01672ec00a64")
def large(drawn: Sample, k: Floats) -> Refused:
    """The k-th largest; #NUM! where there are fewer."""
    place = _place(k, "LARGE")
    return _at(_in_order(drawn), drawn.counts - place), ((place < 1) | (place > drawn.counts), NUM)


@sampled("SMALL", "small-function-17da8222-7c82-42b2-961b-14c45384df07")
def small(drawn: Sample, k: Floats) -> Refused:
    """The k-th smallest; #NUM! where there are fewer."""
    place = _place(k, "SMALL")
    return _at(_in_order(drawn), place - 1), ((place < 1) | (place > drawn.counts), NUM)


def _inclusive(drawn: Sample, share: Floats) -> Refused:
    refused = (drawn.counts == 0) | (share < 0) | (share > 1)
    return _between(drawn, share * (drawn.counts - 1)), (refused, NUM)


def _exclusive(drawn: Sample, share: Floats) -> Refused:
    position = share * (drawn.counts + 1) - 1
    refused = (drawn.counts == 0) | (share <= 0) | (share >= 1) | (position < 0) | (position > drawn.counts - 1)
    return _between(drawn, np.clip(position, 0, None)), (refused, NUM)


def _quarter(share: Any, drawn: Sample, quart: Floats) -> Refused:
    result: Refused = share(drawn, np.trunc(quart) / 4)
    return result


@sampled("PERCENTILE.INC", "percentile-inc-function-680f9539-45eb-410b-9a5e-c1355e5fe2ed")
def percentile_inc(drawn: Sample, k: Floats) -> Refused:
    """The number below which a share k lies, both ends included; #NUM! unless k is in 0 to 1."""
    return _inclusive(drawn, k)


@sampled("PERCENTILE", "percentile-function-91b43a53-543c-4708-93de-d626debdddca")
def percentile(drawn: Sample, k: Floats) -> Refused:
    """The number below which a share k lies, both ends included; #NUM! unless k is in 0 to 1."""
    return _inclusive(drawn, k)


@sampled("PERCENTILE.EXC", "percentile-exc-function-bbaa7204-e9e1-4010-85bf-c31dc5dce4ba")
def percentile_exc(drawn: Sample, k: Floats) -> Refused:
    """The number below which a share k lies, ends excluded; #NUM! unless k is in 1/(n+1) to n/(n+1)."""
    return _exclusive(drawn, k)


@sampled("QUARTILE.INC", "quartile-inc-function-1bbacc80-5075-42f1-aed6-47d735c4819d")
def quartile_inc(drawn: Sample, quart: Floats) -> Refused:
    """The quartile 0 to 4, both ends included."""
    return _quarter(_inclusive, drawn, quart)


@sampled("QUARTILE", "quartile-function-93cf8f62-60cd-4fdb-8a92-8451041e1a2a")
def quartile(drawn: Sample, quart: Floats) -> Refused:
    """The quartile 0 to 4, both ends included."""
    return _quarter(_inclusive, drawn, quart)


@sampled("QUARTILE.EXC", "quartile-exc-function-5a355b7a-840b-4a01-b0f1-f538c2864cad")
def quartile_exc(drawn: Sample, quart: Floats) -> Refused:
    """The quartile 1 to 3, ends excluded."""
    return _quarter(_exclusive, drawn, quart)


def _rank(value: Floats, drawn: Sample, order: Floats) -> tuple[Floats, Floats]:
    """One more than how many come before it, and how many are equal to it."""
    before = np.where(order == 0, (drawn.values > value).sum(axis=0), (drawn.values < value).sum(axis=0))
    return before + 1.0, (drawn.values == value).sum(axis=0).astype(np.float64)


@sampled("RANK.EQ", "rank-eq-function-284858ce-8ef6-450e-b662-26245be04a40")
def rank_eq(number: Floats, drawn: Sample, order: Floats | float = 0.0) -> Refused:
    """The place of a number, from large to small, or the reverse where order isn't 0; #N/A where absent."""
    place, equal = _rank(np.asarray(number), drawn, np.asarray(order))
    return place, (equal == 0, NA)


@sampled("RANK", "rank-function-6a2fc49d-1831-4a03-9d8c-c279cf99f723")
def rank(number: Floats, drawn: Sample, order: Floats | float = 0.0) -> Refused:
    """The place of a number, from large to small, or the reverse where order isn't 0; #N/A where absent."""
    place, equal = _rank(np.asarray(number), drawn, np.asarray(order))
    return place, (equal == 0, NA)


@sampled("RANK.AVG", "rank-avg-function-bd406a6f-eb38-4d73-aa8e-6d1c3c72e83a")
def rank_avg(number: Floats, drawn: Sample, order: Floats | float = 0.0) -> Refused:
    """The place of a number, the mean place for equal ones; #N/A where it isn't there."""
    place, equal = _rank(np.asarray(number), drawn, np.asarray(order))
    return place + (equal - 1) / 2, (equal == 0, NA)


@sampled("TRIMMEAN", "trimmean-function-d90c9878-a119-4746-88fa-63d988f511d3")
def trimmean(drawn: Sample, percent: Floats) -> Refused:
    """The mean without a share of the numbers, half at each end; #NUM! unless the share is in 0 to 1, 1 excluded."""
    refused = (percent < 0) | (percent >= 1) | (drawn.counts == 0)
    cut = down(np.where(refused, 0.0, percent * drawn.counts / 2))
    ordered = _in_order(drawn)
    row = np.arange(len(ordered))[:, np.newaxis]
    kept = (row >= cut) & (row < drawn.counts - cut)
    return added(np.where(kept, ordered, 0.0)) / (drawn.counts - 2 * cut), (refused, NUM)


def _percent_rank(drawn: Sample, x: Floats, significance: Floats | float, spare: int) -> Refused:
    """The share of the numbers below x: between two of them in proportion, and cut off to so many digits.

    ``spare`` is 0 where the ends count as 0 and 1, 1 where they don't.
    """
    ordered, counts, value = _in_order(drawn), drawn.counts, np.asarray(x, np.float64)
    below = (drawn.values < value).sum(axis=0).astype(np.float64)
    equal = (drawn.values == value).any(axis=0)
    first, second = _at(ordered, below - 1), _at(ordered, below)
    place = np.where(equal, below, below - 1 + (value - first) / np.where(equal, 1.0, second - first))
    largest = _at(ordered, counts - 1)
    absent = (counts == 0) | (value < ordered[0]) | (value > largest)
    steps = counts - 1 + 2 * spare
    share = np.where(steps == 0, 1.0, (place + spare) / np.where(steps == 0, 1.0, steps))
    digits = np.trunc(significance)
    factor = np.power(10.0, digits)
    return down(np.where(absent, 0.0, share * factor)) / factor, (digits < 1, NUM), (counts == 0, NUM), (absent, NA)


@sampled("PERCENTRANK.INC", "percentrank-inc-function-149592c9-00c0-49ba-86c1-c1f45b80463a")
def percentrank_inc(drawn: Sample, x: Floats, significance: Floats | float = 3.0) -> Refused:
    """The share of the numbers below x, both ends included, cut off to three digits; #N/A outside them."""
    return _percent_rank(drawn, x, significance, 0)


@sampled("PERCENTRANK", "percentrank-function-f1b5836c-9619-4847-9fc9-080ec9024442")
def percentrank(drawn: Sample, x: Floats, significance: Floats | float = 3.0) -> Refused:
    """The share of the numbers below x, both ends included, cut off to three digits; #N/A outside them."""
    return _percent_rank(drawn, x, significance, 0)


@sampled("PERCENTRANK.EXC", "percentrank-exc-function-d8afee96-b7e2-4a2f-8c01-8fcdedaa6314")
def percentrank_exc(drawn: Sample, x: Floats, significance: Floats | float = 3.0) -> Refused:
    """The share of the numbers below x, ends excluded, cut off to three digits; #N/A outside them."""
    return _percent_rank(drawn, x, significance, 1)
