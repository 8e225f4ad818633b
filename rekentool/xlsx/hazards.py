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

# In this order: a quote inside a text is no quote, and a column name between brackets may hold both kinds. Possessive
# repeats keep it linear: these formulas come from strangers.
_SPAN = re.compile(
    r"""(?P<text>"[^"]*+")|(?P<sheet>'[^']*+'(?:'[^']*+')*+)|(?P<bracket>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*+\])*+\])""",
    re.DOTALL,
)
_AFTER_BOOK = re.compile(r"[\w.:]*+!")
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
    code = _SPAN.sub(_blank, formula)
    if "|" in code:
        yield "RK145", shown(formula)
    names = dict.fromkeys(name.upper() for pattern in (_CALL, _VALUE) for name in pattern.findall(code))
    for name in dict.fromkeys(_PREFIX.sub("", name) for name in names):
        if name == "DDE":
            yield "RK145", shown(formula)
        elif name in _EFFECT:
            yield "RK146", f"{name} ({_EFFECT[name]})"
    if any(_is_other_book(formula, span) for span in _SPAN.finditer(formula)):
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


def _blank(span: re.Match[str]) -> str:
    """An empty span of the same kind: what stands around it keeps its meaning."""
    return {"text": '""', "sheet": "''", "bracket": "[]"}[str(span.lastgroup)]


def _is_other_book(formula: str, span: re.Match[str]) -> bool:
    """``'C:\\map\\[boek.xlsx]Blad'!A1``, ``[1]Blad!A1``, ``[1]!naam``; not ``Tabel[kolom]`` or this book's ``[0]!``."""
    if span.lastgroup == "sheet":
        # A sheet name can't hold these characters (ECMA-376 part 1, 18.2.19, and Excel).
        return formula[span.end() : span.end() + 1] == "!" and ("[" in span[0] or "\\" in span[0])
    if span.lastgroup != "bracket" or span[0] == "[0]":
        return False
    before = formula[span.start() - 1 : span.start()]
    return not (before.isalnum() or before == "_") and _AFTER_BOOK.match(formula, span.end()) is not None
