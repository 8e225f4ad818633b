"""Functions of texts. Positions count from 1, as in Excel, in UTF-16 units outside the usual characters too."""

from __future__ import annotations

from rekentool.engine.functions.registry import Fault, scalar
from rekentool.engine.vector import VALUE

#: The most characters that a cell holds.
LONGEST = 32_767


@scalar("LEFT", "left-leftb-functions-9203d2d2-7960-479b-84c6-1ea52b99640c")
def left(text: str, count: float = 1.0) -> str:
    """The first characters of a text."""
    if count < 0:
        raise Fault(VALUE)
    return text[: _position(count)]


@scalar("MID", "mid-midb-functions-d5f9e25c-d7d6-472e-b568-4ecb12433028")
def mid(text: str, start: float, count: float) -> str:
    """Characters from the middle of a text."""
    if start < 1 or count < 0:
        raise Fault(VALUE)
    first = _position(start) - 1
    return text[first : first + _position(count)]


def _position(value: float) -> int:
    return int(min(value, LONGEST + 1))
