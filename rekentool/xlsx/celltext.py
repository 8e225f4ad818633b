"""Values as the text of a cell's XML and back: numbers, strings with their escapes, errors.

Source: ECMA-376 part 1, 18.3.1.4 (c), 18.18.11 (cell types), 22.9.2.19 (ST_Xstring).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence

from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.partxml import walk, walker

#: What a cell can hold, in UTF-16 units, as Excel counts.
MAX_TEXT = 32_767
#: The errors that have a spelling in the file; newer ones (#SPILL!, #CALC!) need parts of their own.
FILE_ERRORS = frozenset(
    ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"),
)

# Not allowed in XML 1.0 at all, and lone surrogates, which no encoding can hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
#: The standard library's own way to write many numbers at once, with Python's digits.
_NUMBERS = json.JSONEncoder(allow_nan=False, separators=(",", ":"))
_WHOLE = re.compile(r"\.0(?=,|$)")
_MINUS_ZERO = re.compile(r"(?<![0-9.eE])-0(?=,|$)")
_SIMPLE_ELEMENT = re.compile(rb"<[^<>\"']*>([^<&\r]*)</[^<>]*>")
_XML_SPACE = " \t\n\r"


def fault_of(value: CellValue, address: Address) -> Finding | None:
    """Why this value can't stand in a cell: RK620 too long, RK621 character, RK622 not finite, RK623 error code."""
    if isinstance(value, float) and math.isfinite(value):
        return None  # nearly always
    place = str(address)
    if isinstance(value, str):
        forbidden = _FORBIDDEN.search(value)
        if forbidden is not None:
            return finding("RK621", place, teken=f"U+{ord(forbidden[0]):04X}", positie=forbidden.start() + 1)
        length = len(value) + sum(character > "\uffff" for character in value) if len(value) > MAX_TEXT // 2 else 0
        if length > MAX_TEXT:
            return finding("RK620", place, lengte=length, maximum=MAX_TEXT)
    elif isinstance(value, ExcelError):
        if value.code not in FILE_ERRORS:
            return finding("RK623", place, fout=value.code, fouten=", ".join(sorted(FILE_ERRORS)))
    elif isinstance(value, bool) or value is None:
        return None
    elif isinstance(value, int | float):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            return finding("RK622", place, getal="oneindig" if math.isinf(number) else "geen getal (NaN)")
    else:
        raise TypeError(f"{place}: {type(value).__name__} is not a cell value")
    return None


def number_text(value: float) -> str:
    """The shortest text that reads back as the same double, in Excel's spelling (no ``.0``, no minus zero)."""
    text = repr(float(value))  # float, since a numpy number prints as np.float64(…)
    if text.endswith(".0"):
        return "0" if text == "-0.0" else text[:-2]
    return text.upper() if "e" in text else text


def number_texts(values: Sequence[float]) -> list[bytes]:
    """`number_text` of each, in half the time; ValueError when one isn't finite."""
    if not values:
        return []
    text = _NUMBERS.encode(values)[1:-1]
    if ".0" in text:
        text = _WHOLE.sub("", text)
    if "-0" in text:
        text = _MINUS_ZERO.sub("0", text)
    return text.upper().encode().split(b",")


def escaped(text: str) -> bytes:
    """Text as XML content, such that Excel and every XML parser read back the same characters."""
    if "_x" in text:
        # Excel reads _x0041_ as A, so a literal one is written with its first underscore escaped.
        text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A parser turns a literal CR into LF; a reference survives.
    return text.replace("\r", "&#13;").encode()


def _space(text: str) -> bytes:
    # Without this Excel trims what it reads; it writes the same on <v> of a formula's text.
    return b' xml:space="preserve"' if text and (text[0] in _XML_SPACE or text[-1] in _XML_SPACE) else b""


def typed_content(value: CellValue, prefix: bytes, formula: bool) -> tuple[bytes, bytes]:
    """The ``t`` attribute and the element that hold this value; ``prefix`` is the sheet's namespace prefix.

    A constant text is an inline string, a formula's text ``t="str"``; nothing at all for None.
    """
    if value is None:
        return b"", b""
    if isinstance(value, str):
        if not formula:
            text = b"<%st%s>%s</%st>" % (prefix, _space(value), escaped(value), prefix)
            return b"inlineStr", b"<%sis>%s</%sis>" % (prefix, text, prefix)
        return b"str", b"<%sv%s>%s</%sv>" % (prefix, _space(value), escaped(value), prefix)
    if isinstance(value, bool):
        kind, content = b"b", b"1" if value else b"0"
    elif isinstance(value, ExcelError):
        kind, content = b"e", value.code.encode()
    else:
        kind, content = b"", number_text(value).encode()
    return kind, b"<%sv>%s</%sv>" % (prefix, content, prefix)


def plain_text(content: str) -> str:
    """The text that an ST_Xstring stands for: ``_x000D_`` → CR, ``_x005F_`` → underscore."""
    if "_x" not in content:
        return content
    text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), content)
    # An escape is one UTF-16 unit; two of them may make one character.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def element_text(element: bytes) -> str:
    """The characters of one element cut from a well-formed text, references and CDATA resolved."""
    simple = _SIMPLE_ELEMENT.fullmatch(element)
    if simple is not None:
        return simple[1].decode()
    parts: list[str] = []
    parser = walker("", namespaces=False)
    parser.CharacterDataHandler = parts.append
    walk(parser, element, "")
    return "".join(parts)


def string_items(xml: bytes, container: str, part: str = "") -> list[str]:
    """The plain text of each ``si`` or ``is`` (the ``container``): its runs joined, phonetic hints left out."""
    items: list[str] = []
    collecting: list[str] = []
    parser = walker(part, namespaces=False)
    depth_of_hint = 0

    def start(name: str, _: list[str]) -> None:
        nonlocal depth_of_hint
        local = name.rpartition(":")[2]
        if local == container:
            items.append("")
        elif local == "rPh":
            depth_of_hint += 1
        elif local == "t" and not depth_of_hint:
            parser.CharacterDataHandler = collecting.append

    def end(name: str) -> None:
        nonlocal depth_of_hint
        local = name.rpartition(":")[2]
        if local == "rPh":
            depth_of_hint -= 1
        elif local == "t" and items:
            # Escapes are resolved per run: they don't reach over its edge.
            items[-1] += plain_text("".join(collecting))
            collecting.clear()
            parser.CharacterDataHandler = None

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    walk(parser, xml, part)
    return items


def value_of(kind: str | None, element: bytes, shared: Sequence[str] | None) -> CellValue:
    """The value of a cell from its ``t`` and its ``v`` or ``is``; a number that isn't one comes back as its text.

    ``shared`` are the workbook's shared strings, needed for ``t="s"``; IndexError when the cell points outside them.
    """
    if not element:
        return None
    if kind == "inlineStr":
        return "".join(string_items(element, "is"))
    text = element_text(element)
    if kind == "s":
        return (shared or ())[int(text)]
    if kind in ("str", "d"):
        return plain_text(text)
    if kind == "b":
        return text.strip() in ("1", "true")
    if kind == "e":
        return ExcelError(text.strip())
    try:
        return float(text)
    except ValueError:
        return text
