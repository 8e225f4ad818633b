"""COUNTIF, SUMIF and their kin: counting and adding up the cells that meet criteria (see `criteria`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rekentool.engine.functions.criteria import criterion, meets, meets_varying
from rekentool.engine.functions.place import as_area
from rekentool.engine.functions.registry import Unsupported, raw, single
from rekentool.engine.vector import VALUE, Area, Argument, Bools, Vector, error, number, NUMBER

_PAIRS = "een bereik zonder criterium"


class _Shape(Exception):
    """The ranges differ in shape: #VALUE!."""


def _chosen(pairs: Sequence[Argument], size: int) -> tuple[Area, list[bool | Bools]]:
    """The first range and, for each of its places, in which scenarios all criteria are met."""
    first = as_area(pairs[0])
    chosen: list[Any] = [True] * len(first.cells)
    for argument, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        area, value = as_area(argument), single(wanted)
        if (area.rows, area.columns) != (first.rows, first.columns):
            raise _Shape
        if value.uniform:
            assert isinstance(value.kind, int) and isinstance(value.data, float)
            test = criterion(value.kind, value.data)
            for place, cell in enumerate(area.cells):
                if chosen[place] is not False:
                    chosen[place] = meets(cell, test) & chosen[place]
        else:
            for place, cell in enumerate(area.cells):
                if chosen[place] is not False:
                    chosen[place] = meets_varying(cell, value, size) & chosen[place]
    return first, chosen


def _count(pairs: Sequence[Argument], size: int) -> Vector:
    try:
        chosen = _chosen(pairs, size)[1]
    except _Shape:
        return error(VALUE)
    base = sum(1 for mask in chosen if not isinstance(mask, np.ndarray) and mask)
    masks = [mask for mask in chosen if isinstance(mask, np.ndarray)]
    if not masks:
        return number(base)
    total = np.full(size, float(base))
    for mask in masks:
        total += mask
    return Vector(NUMBER, total)


@raw("COUNTIF", "countif-function-e0de10c6-f885-4e71-abb4-1f464816df34", 2, 2)
def countif(arguments: Sequence[Argument], size: int) -> Vector:
    """The number of cells that meet a criterion."""
    return _count(arguments, size)
