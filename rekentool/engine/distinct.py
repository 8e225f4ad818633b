"""The different values among the scenarios, so that what is slow is done once for each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from rekentool.engine.vector import STRINGS, Floats, Vector

Codes = NDArray[np.intp]

_UNKNOWN = -1.0
_folds: list[Floats] = [np.empty(0)]


def distinct(data: Floats) -> tuple[Floats, Codes]:
    """The different values, ascending, and for every scenario which of them it has.

    Small whole numbers, such as the indexes of texts, are counted rather than sorted: ten times as fast.
    """
    low, high = data.min(), data.max()
    if high - low <= 4 * len(data) + 1024:
        places = (data - low).astype(np.intp)
        if (places + low == data).all():
            present = np.zeros(int(high - low) + 1, np.bool_)
            present[places] = True
            found = np.flatnonzero(present)
            rank = np.empty(len(present), np.intp)
            rank[found] = np.arange(len(found))
            return found + low, rank[places]
    values, codes = np.unique(data, return_inverse=True)
    return values, codes.reshape(-1)


def mapped(function: Callable[[str], float], data: Floats) -> Floats:
    """A function of texts for every scenario, given the indexes of the texts."""
    indexes, codes = distinct(data)
    return np.array([function(STRINGS.text(index)) for index in indexes.tolist()])[codes]


def combinations(vectors: Sequence[Vector], size: int) -> tuple[Codes, Codes]:
    """A scenario for each different combination of the vectors' values, and which combination every scenario has."""
    codes: Codes = np.zeros(size, np.intp)
    count = 1
    columns = [part for vector in vectors for part in (vector.data, vector.kind) if isinstance(part, np.ndarray)]
    for column in columns:
        values, own = distinct(column.astype(np.float64))
        if len(values) == 1:
            continue
        found, codes = distinct((codes * len(values) + own).astype(np.float64))
        count = len(found)
        if count == size:
            break
    first = np.empty(count, np.intp)
    first[codes[::-1]] = np.arange(size - 1, -1, -1)
    return first, codes


def fold(text: str) -> str:
    """A text without the difference between upper and lower case, as Excel compares."""
    return text.lower()


def folded(data: Floats) -> Floats:
    """For every scenario the index of its text in lower case: equal where Excel finds the texts equal."""
    places = data.astype(np.intp)
    table = _folds[0]
    top = int(places.max())
    if top >= len(table):
        table = np.concatenate((table, np.full(top + 1 + len(table) // 2 - len(table), _UNKNOWN)))
        _folds[0] = table
    result = table[places]
    if (result == _UNKNOWN).any():
        for index in np.unique(places[result == _UNKNOWN]).tolist():
            table[index] = STRINGS.index(fold(STRINGS.text(index)))
        result = table[places]
    return result


def folded_one(index: float) -> float:
    """The index of one text in lower case."""
    return STRINGS.index(fold(STRINGS.text(index)))


def ranked(parts: Sequence[float | Floats]) -> list[float | Floats]:
    """Indexes of texts as their ranks in Excel's order of all these texts; equal but for upper case is equal rank."""
    indexes: set[float] = set()
    for part in parts:
        indexes.update(distinct(part)[0].tolist() if isinstance(part, np.ndarray) else [part])
    texts = {index: fold(STRINGS.text(index)) for index in indexes}
    order = {text: float(rank) for rank, text in enumerate(sorted(set(texts.values())))}
    result: list[float | Floats] = []
    for part in parts:
        if isinstance(part, np.ndarray):
            values, codes = distinct(part)
            result.append(np.array([order[texts[value]] for value in values.tolist()])[codes])
        else:
            result.append(order[texts[part]])
    return result
