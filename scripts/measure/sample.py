"""Random inputs around the template's own, as one matrix: a row per scenario, a column per input."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from rekentool.mapping.schema import Field, InputKey
from rekentool.tool import Tool

NUMERIC = ("bedrag", "percentage", "getal", "geheel_getal")
#: What isn't varied: the ages must add up to 100 %, the first year only names the years, own kengetallen are rare.
FIXED = ("leeftijd_", "startjaar", "eigen_")


def numeric_inputs(tool: Tool, count: int | None = None, case: str | None = None) -> list[InputKey]:
    """The inputs that can vary: ``count`` of them, evenly spread, or with ``case`` its own and the general ones."""
    keys = [
        key for key in tool.binding.inputs
        if tool.mapping.field(key[0]).kind in NUMERIC and not key[0].startswith(FIXED)
        and (case is None or key[1] in (None, case))
    ]  # fmt: skip
    return keys if count is None else [keys[number * len(keys) // count] for number in range(count)]


def draw(tool: Tool, keys: Sequence[InputKey], size: int, seed: int = 1) -> NDArray[np.float64]:
    """A matrix of size × keys: 20 % around the default, small amounts where the default is blank or 0."""
    generator = np.random.default_rng(seed)
    columns = [_column(tool.mapping.field(field), case, generator, size) for field, case in keys]
    return np.asfortranarray(np.column_stack(columns))  # each input contiguous, as a table of columns has it


def _column(field: Field, case: str | None, generator: np.random.Generator, size: int) -> NDArray[np.float64]:
    default = field.default(case)
    low, high = _bound(field.minimum, 0.0), _bound(field.maximum, 1e9)
    if field.kind == "geheel_getal":
        middle = float(default) if isinstance(default, int | float) else 1.0
        first, last = max(low, middle // 2), min(high, middle * 3 // 2)
        return generator.integers(int(first), int(last), size, endpoint=True).astype(np.float64)
    if isinstance(default, int | float) and default:
        column = default * generator.uniform(0.8, 1.2, size)
    else:
        column = generator.uniform(0, 0.1 if field.kind == "percentage" else 1000, size)
    return np.clip(column, low, high)


def _bound(value: float | date | None, otherwise: float) -> float:
    return float(value) if isinstance(value, int | float) else otherwise
