"""Numbers without their wrapper: how the program keeps values while it computes.

A number in every scenario is a float where all scenarios agree, an array where they differ; anything else is a
`Vector`. So the plain case of ``a * b`` is Python's or numpy's own multiplication behind two checks.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.vector import LOGICAL, NUMBER, Bools, Floats, Vector

#: A number in every scenario, or any other vector.
Value = float | Floats | Vector
#: Whether something holds: in all scenarios alike, per scenario, or a vector of logicals and errors.
Condition = bool | Bools | Vector

#: How numpy must be set while the program computes, ``np.errstate(**RAISING)``: overflow and division by zero then
#: cost nothing until they happen, and the slow way finds which scenarios get #NUM! or #DIV/0!.
RAISING: dict[str, Any] = {"over": "raise", "invalid": "raise", "divide": "raise", "under": "ignore"}


def firm(value: Value) -> Vector:
    """With its wrapper: what functions get."""
    return value if isinstance(value, Vector) else Vector(NUMBER, value)


def loose(vector: Vector) -> Value:
    """Without its wrapper where it is a number in every scenario."""
    kind = vector.kind
    return vector.data if isinstance(kind, int) and kind == NUMBER else vector


def truth(condition: Condition) -> Vector:
    """A condition as a value."""
    if isinstance(condition, Vector):
        return condition
    if isinstance(condition, np.ndarray):
        return Vector(LOGICAL, condition.astype(np.float64))
    return Vector(LOGICAL, 1.0 if condition else 0.0)
