"""Names inside a zip: which are unsafe, which mean the same file, and how to show one to a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import unquote

_DRIVE = re.compile(r"^[A-Za-z]:")
_SHOWN_LENGTH = 160


def shown(text: str) -> str:
    """Text from an untrusted file for a message: without control and direction characters, and not endless."""
    kept = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: _SHOWN_LENGTH + 1])
    return kept if len(text) <= _SHOWN_LENGTH else kept[:_SHOWN_LENGTH] + "…"


def same_name(name: str) -> str:
    """What two names share when some reader takes them for one: case, Unicode form, %-escapes, a final slash."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", unquote(name)).casefold()).rstrip("/")


def unsafe_name(name: str) -> Iterator[str]:
    """What is wrong with the name, in Dutch; nothing for a good one.

    Tried as it stands and with %-escapes undone, as readers of part names may do (ECMA-376 part 2).
    """
    seen: set[str] = set()
    for version in dict.fromkeys((name, unquote(name))):
        for wrong in _wrong(version):
            if wrong not in seen:
                seen.add(wrong)
                yield wrong


def _wrong(name: str) -> Iterator[str]:
    if not name:
        yield "de naam is leeg"
        return
    if any(not c.isprintable() for c in name):
        yield "de naam bevat onzichtbare tekens"
    if "\\" in name:
        yield "de naam bevat een backslash"
    if _DRIVE.match(name):
        yield "de naam begint met een schijfletter"
    elif ":" in name:
        yield "de naam bevat een dubbele punt"
    parts = name.replace("\\", "/").removesuffix("/").split("/")
    if name[0] in "/\\":
        yield "de naam is een absoluut pad"
        parts = [part for part in parts if part]
    if ".." in parts:
        yield "de naam wijst met .. naar een map erboven"
    elif any(not part or part.endswith((".", " ")) for part in parts):
        yield "een deel van de naam is leeg of eindigt op een punt of spatie"
    elif name.endswith(".piece"):
        yield "het onderdeel is in stukken geknipt"
