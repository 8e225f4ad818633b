"""The nearest known word to one that isn't known, for the remedy of a finding."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: Longer words are no typing mistakes; comparing them would only cost time (difflib is quadratic).
_LONGEST = 100


def nearest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that looks most like ``word``, or None when none comes near; upper and lower case are one."""
    if len(word) > _LONGEST:
        return None
    folded = {candidate.casefold(): candidate for candidate in candidates if len(candidate) <= _LONGEST}
    matches = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def hint(word: str, candidates: Iterable[str]) -> str:
    """`` Bedoeld is waarschijnlijk "x".`` to end a remedy with, or "" when nothing comes near."""
    match = nearest(word, candidates)
    return "" if match is None else f' Bedoeld is waarschijnlijk "{match}".'


def excerpt(text: str, limit: int = 60) -> str:
    """``text`` as a message can show it: shortened, and control characters (a terminal obeys them) escaped."""
    short = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in short)
