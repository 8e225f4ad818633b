"""Formulas that reach outside the workbook: DDE, functions that fetch or run something, other workbooks.

``hazards`` reads one formula exactly, with its texts and sheet names set apart. ``may_hold_hazards`` is the coarse
sieve over the raw bytes of a part: it may say yes for nothing, never no for something, so that a sheet of ten thousand
harmless formulas isn't read one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rekentool.xlsx.membername import shown

#: Code and what was found; the code is one of RK145, RK146, RK152.
Hazard = tuple[str, str]

#: What each of these does that no workbook from others may do. ``DDE`` is LibreOffice's and has its own code.
FUNCTIONS = {
    "haalt gegevens van internet": ("WEBSERVICE", "IMAGE", "STOCKHISTORY", "TRANSLATE", "DETECTLANGUAGE", "COPILOT"),
    "leest XML van buiten": ("FILTERXML",),
    "leest een bestand": ("IMPORTTEXT", "IMPORTCSV", "FOPEN", "FREAD", "FREADLN", "DIRECTORY", "FILES"),
    "schrijft of wist een bestand": ("FWRITE", "FWRITELN", "FILE.DELETE", "FCLOSE", "SAVE.AS"),
    "haalt gegevens uit een ander programma": ("RTD", "REQUEST", "SQL.REQUEST", "SQL.OPEN", "SQL.EXEC.QUERY", "DDE"),
    "roept programmacode aan": ("CALL", "REGISTER", "REGISTER.ID", "UNREGISTER", "PY", "EVALUATE", "RUN"),
    "start of bestuurt een ander programma": (
        "EXEC", "EXECUTE", "INITIATE", "POKE", "TERMINATE", "SEND.KEYS", "SEND.MAIL", "APP.ACTIVATE", "ON.TIME",
        "CREATE.OBJECT", "OPEN.MAIL", "SHOW.DIALOG",
    ),
    "leest de omgeving van het werkboek": ("GET.WORKSPACE", "GET.DOCUMENT", "GET.WORKBOOK", "GET.CELL", "GET.FORMULA"),
}  # fmt: skip
_EFFECT = {name: effect for effect, names in FUNCTIONS.items() for name in names}

_OPENING = re.compile(r"[\"'\[]")
# Within brackets a tick takes away the meaning of the character after it.
_IN_BRACKET = re.compile(r"'.|[\[\]]", re.DOTALL)
_AFTER_BOOK = re.compile(r"[\w.:]*+!")
_LOOSE_BOOK = re.compile(r"\[[^\[\]]{1,255}\][\w.:]*+!")
# ASCII only, as the names are: the upper case of ``ſ`` is S, but no office program takes it for one.
_CALL = re.compile(r"(?<![\w.])([^\W\d][\w.]*+)\s*+\(", re.ASCII)
_VALUE = re.compile(r"_xleta\.([\w.]+)", re.ASCII | re.IGNORECASE)
#: Without any of these there is nothing to look for, but for a function handed on as a value.
_MARKS = ("(", "|", "[", "\\")
_PREFIX = re.compile(r"^(?:_XL[A-Z]*\.)+")

# The sieve drops what a name can't hold, so that white space or digits between its letters don't matter.
_LOWER = bytes(range(256)).lower()
_DROPPED = b'0123456789"$=<>/., \t\r\n:;-+*'
#: A letter written as ``&#87;``. Beyond ASCII they are accents and bullets, which some writers all escape.
_ASCII_REFERENCE = re.compile(rb"&#(?:x0*+[0-7]?[0-9a-fA-F];|0*+(?:[0-9]?[0-9]|1[01][0-9]|12[0-7]);)")
_NAME_ENDS = tuple(name.lower().replace(".", "").encode() for name in _EFFECT)


def hazards(formula: str) -> Iterator[Hazard]:
    """What the formula (file form: English names, with or without ``=``) reaches for, each kind of thing once."""
    if not any(mark in formula for mark in _MARKS) and _VALUE.search(formula) is None:
        return
    spans = list(_spans(formula))
    code = _without(formula, spans)
    if "|" in code:
        yield "RK145", shown(formula)
    names = dict.fromkeys(name.upper() for pattern in (_CALL, _VALUE) for name in pattern.findall(code))
    for name in dict.fromkeys(_PREFIX.sub("", name) for name in names):
        if name == "DDE":
            yield "RK145", shown(formula)
        elif name in _EFFECT:
            yield "RK146", f"{name} ({_EFFECT[name]})"
    # What is left of brackets in the code was never closed: no good formula, so the plain form of a book is enough.
    if any(_is_other_book(formula, *span) for span in spans) or _LOOSE_BOOK.search(code.replace("[]", "")):
        yield "RK152", shown(formula)


def may_hold_hazards(xml: bytes) -> bool:
    """False only when no formula in these bytes (UTF-8) can hold a hazard, however its XML was written."""
    if b"|" in xml or b"[" in xml or b"\\" in xml or b"\0" in xml or (b"#" in xml and _ASCII_REFERENCE.search(xml)):
        return True
    letters = xml.translate(_LOWER, _DROPPED)
    if b"(" not in letters:
        return b"_xleta" in letters
    # Without its digits a column of formulas comes down to a few pieces, each looked at once.
    return any(piece.endswith(_NAME_ENDS) for piece in set(letters.split(b"("))) or b"_xleta" in letters


def _spans(formula: str) -> Iterator[tuple[int, int]]:
    """Start and end of each text, quoted sheet name and pair of brackets, the outermost ones, from left to right.

    By hand and not by one regular expression: formulas from strangers must not make it try every way twice.
    """
    at, unclosed = 0, set()
    while (mark := _OPENING.search(formula, at)) is not None:
        end = -1 if mark[0] in unclosed else _closing(formula, mark.start())
        if end < 0:
            # Nor will a later one of its kind: looking again would make the whole quadratic.
            unclosed.add(mark[0])
            at = mark.end()
        else:
            yield mark.start(), end
            at = end


def _closing(formula: str, start: int) -> int:
    """Where what opens at ``start`` ends; -1 when it doesn't."""
    if formula[start] == "[":
        depth = 0
        for mark in _IN_BRACKET.finditer(formula, start):
            depth += {"[": 1, "]": -1}.get(mark[0], 0)
            if depth == 0:
                return mark.end()
        return -1
    end = formula.find(formula[start], start + 1)
    while formula[start] == "'" and end >= 0 and formula.startswith("'", end + 1):
        end = formula.find("'", end + 2)
    return end + 1 if end >= 0 else -1


def _without(formula: str, spans: list[tuple[int, int]]) -> str:
    """The formula with its spans emptied, so that what stands around them keeps its meaning."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [formula[at : start + 1], formula[end - 1]]
        at = end
    return "".join([*pieces, formula[at:]])


def _is_other_book(formula: str, start: int, end: int) -> bool:
    """``'C:\\map\\[boek.xlsx]Blad'!A1``, ``[1]Blad!A1``, ``[1]!naam``; not ``Tabel[kolom]`` or this book's ``[0]!``."""
    span = formula[start:end]
    if span[0] == "'":
        # A sheet name can't hold these characters in Excel.
        return formula.startswith("!", end) and ("[" in span or "\\" in span)
    if span[0] != "[" or span == "[0]":
        return False
    before = formula[start - 1 : start]
    return not (before.isalnum() or before == "_") and _AFTER_BOOK.match(formula, end) is not None
