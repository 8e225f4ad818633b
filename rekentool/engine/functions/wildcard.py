"""Excel's wildcards: ``*`` any text, ``?`` one character, ``~`` before them takes their meaning away."""

from __future__ import annotations

import re
from functools import lru_cache

_PART = re.compile(r"~[*?~]|.", re.DOTALL)
_SPECIAL = re.compile(r"[*?~]")


def has_wildcards(text: str) -> bool:
    """Whether a text says something else than itself."""
    return _SPECIAL.search(text) is not None


@lru_cache(maxsize=4096)
def wildcard(text: str) -> re.Pattern[str]:
    """The pattern, without the difference between upper and lower case."""
    parts = ({"*": ".*", "?": "."}.get(part, re.escape(part[-1])) for part in _PART.findall(text))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
