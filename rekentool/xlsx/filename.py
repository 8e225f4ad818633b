"""File names from data: a region's name becomes a name that is safe in every folder, or is refused."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from rekentool.messages import refuse
from rekentool.xlsx.membername import shown

#: Longest name, in characters; with folder and extension well under the 260 of older Windows programs.
MAX_LENGTH = 80
_HASH_LENGTH = 8
#: Names that Windows keeps for devices, with any extension and in any case (Microsoft, "Naming Files, Paths, and
#: Namespaces"); superscript digits are plain ones by the time that we look.
_DEVICES = frozenset({"con", "prn", "aux", "nul", "conin", "conout", "clock"}) | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)
}
#: Letters that Unicode doesn't take apart into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i", "ŋ": "n", "ħ": "h"}
)
_OTHER = re.compile(r"[^a-z0-9_]+")
_EDGE = "-_"


def safe_name(text: str) -> str:
    """``"Gooi & Vechtstreek"`` → ``"gooi-vechtstreek"``: only a–z, 0–9, ``_`` and single ``-``, without extension.

    Lower case and without accents, so that no two systems disagree on whether names are equal. A device name of
    Windows gets ``naam-`` in front; a name over ``MAX_LENGTH`` is cut and ends in a piece of the hash of the whole.
    The same text gives the same name, and a safe name gives itself. RK161 when no letter or digit is left.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold()).translate(_LETTERS)
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    name = _OTHER.sub("-", bare).strip(_EDGE)
    if not any(c.isalnum() for c in name):
        raise refuse("RK161", naam=shown(repr(text)))
    if name in _DEVICES:
        name = f"naam-{name}"
    if len(name) > MAX_LENGTH:
        mark = hashlib.sha256(name.encode()).hexdigest()[:_HASH_LENGTH]
        name = f"{name[: MAX_LENGTH - _HASH_LENGTH - 1].rstrip(_EDGE)}-{mark}"
    return name
