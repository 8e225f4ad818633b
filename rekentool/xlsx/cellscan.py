"""The cells of a sheet part: found in its text where that is written as every program does, else through lxml.

A sheet is thousands of cells of one plain form, and finding them in the text takes a third of the time of a tree. The
form is strict and must cover every character between ``<sheetData>`` and ``</sheetData>``: whatever it doesn't know (a
prefix, a comment, rich text, an odd order) makes the whole sheet go through lxml, which also judges what is no XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from rekentool.messages import refuse
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, a1, column_number, split_a1
from rekentool.xlsx.elements import integer, namespace, rich_text, unescape


class CellText(NamedTuple):
    """One cell as the file has it; ``reference`` is an A1 address that exists, the texts are without XML's escapes.

    ``attributes`` are those of the formula's element, None without a formula; ``inline`` is None where there is none.
    """

    reference: str
    style: int
    kind: str
    attributes: dict[str, str] | None
    formula: str
    value: str | None
    inline: str | None


_START, _END = b"<sheetData>", b"</sheetData>"
_ATTRIBUTES = r'((?: [A-Za-z:]+="[^"<&\t\n]*")*)'
_PLACE = r'r="([A-Z]{1,3})([1-9][0-9]{0,6})"' + _ATTRIBUTES
#: A cell without the ``<c `` that it begins with, and one with a formula up to the end of that.
_CELL = re.compile(
    _PLACE
    + r" ?(?:/>|>(?:<f"
    + _ATTRIBUTES
    + r"(?:/>|>([^<]*)</f>))?(?:<v>([^<]*)</v>|<v ?/>)?(?:<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)?</c>)"
)
_LEAD = re.compile(_PLACE + " ?><f" + _ATTRIBUTES + ">([^<]*)()()")
_ROW = re.compile(r'\s*(?:(<row(?: r="[0-9]+")?(?: (?!r=)[A-Za-z0-9:]+="[^"<&]*")* ?(/?)>)|</row>)')
_ATTRIBUTE = re.compile(r' ([A-Za-z:]+)="([^"]*)"')
#: What lxml refuses or changes: control characters, a carriage return, what isn't a character …
_CONTROLS = bytes({*range(32)} - {9, 10})
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf", b"]]>")
#: … and what it doesn't know after an ampersand.
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos|#[1-9][0-9]{1,5}|#x[1-9A-Fa-f][0-9A-Fa-f]{1,4});)")
_ENTITY = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_UTF8 = re.compile(
    rb"(?:<\?xml(?=[^>]*\?>)(?:(?![^>]*encoding)|[^>]*encoding=[\"'](?i:utf-8)[\"'])[^>]*\?>)?\s*<[A-Za-z]"
)
_STYLE = re.compile("[0-9]+")


def scan(data: bytes) -> tuple[bytes, list[CellText]] | None:
    """The part with an empty ``<sheetData>`` and the cells that stood in it; None when it must go through lxml."""
    start, end = data.find(_START), data.rfind(_END)
    if start < 0 or end < start or not _UTF8.match(data):
        return None
    inside = data[start + len(_START) : end]
    if len(inside.translate(None, _CONTROLS)) != len(inside) or any(one in inside for one in _NO_CHARACTERS):
        return None
    try:
        text = inside.decode()
        cells = None if _UNKNOWN.search(text) else _cells(text)
    except (UnicodeDecodeError, _NoCharacter):
        return None
    return None if cells is None else (data[: start + len(_START)] + data[end:], cells)


#: What pieces of text were found to be, in this process. Files made from one workbook differ in their values only, so
#: of the next file nearly every piece is known: a cell with what follows it, and of a formula all before its value.
_pieces: dict[str, tuple[CellText, bool]] = {}
_leads: dict[str, CellText] = {}
#: Pieces that are remembered; of a workbook with more of them the next file starts anew.
_MOST_PIECES = 200_000
#: Longer pieces, such as a manual's text, are rare.
_LONGEST = 2_000
_AFTER_VALUE = "</v></c>"


def _cells(text: str) -> list[CellText] | None:
    """The cells, None when anything in the text isn't plain."""
    first, *pieces = text.split("<c ")
    in_row = _rows(first, 0, False)
    if in_row is None:
        return None
    if len(_pieces) + len(_leads) > _MOST_PIECES:
        _pieces.clear()
        _leads.clear()
    found: list[CellText] = []
    for piece in pieces:
        if not in_row:
            return None
        known = _pieces.get(piece)
        if known is not None:
            cell, in_row = known
            found.append(cell)
            continue
        lead, mark, tail = piece.partition("</f><v>")
        if mark and tail.endswith(_AFTER_VALUE) and tail.count("<") == 2 and tail.count("&") == 0:
            before = _leads.get(lead)
            if before is None:
                match = _LEAD.fullmatch(lead)
                before = None if match is None else _cell(match)
                if before is None:
                    return None
                if len(lead) <= _LONGEST:
                    _leads[lead] = before
            reference, style, kind, attributes, formula, _, _ = before
            found.append(
                CellText(reference, style, kind, attributes, formula, tail[: -len(_AFTER_VALUE)] or None, None)
            )
            continue
        match = _CELL.match(piece)
        own = None if match is None else _cell(match)
        goes_on = None if match is None else _rows(piece, match.end(), True)
        if own is None or goes_on is None:
            return None
        if not mark and len(piece) <= _LONGEST:
            _pieces[piece] = own, goes_on
        found.append(own)
        in_row = goes_on
    return None if in_row else found


def _rows(text: str, start: int, in_row: bool) -> bool | None:
    """Whether a row is open after the row tags that are all there is from here; None when there is more."""
    at = start
    for match in _ROW.finditer(text, start):
        if match.start() != at or in_row == bool(match[1]):
            return None
        at = match.end()
        in_row = bool(match[1]) and not match[2]
    return in_row if at == len(text) or text[at:].isspace() else None


def _cell(match: re.Match[str]) -> CellText | None:
    """One cell from a match; None when it isn't plain."""
    column, row, attributes, about, formula, value, inline = match.groups()
    known = _about(attributes)
    if known is None or not _is_column(column) or (len(row) == 7 and int(row) > MAX_ROW):
        return None
    pairs = None
    if about is not None:
        pairs = _pairs(about) if about else {}
        if pairs is None:
            return None
    if "&" in match[0]:
        formula, value, inline = map(_unescaped, (formula, value, inline))
    inline = None if inline is None else unescape(inline)
    return CellText(column + row, *known, pairs, formula or "", value or None, inline)


@lru_cache(maxsize=4096)
def _about(attributes: str) -> tuple[int, str] | None:
    """Style and type in a cell's attributes; None when they aren't plain."""
    pairs = _pairs(attributes)
    if pairs is None or not pairs.keys() <= {"s", "t", "cm", "vm", "ph"}:
        return None
    style = pairs.get("s", "0")
    return (int(style), pairs.get("t", "n")) if _STYLE.fullmatch(style) else None


def _pairs(attributes: str) -> dict[str, str] | None:
    found = _ATTRIBUTE.findall(attributes)
    pairs = dict(found)
    return pairs if len(pairs) == len(found) else None


@lru_cache(maxsize=MAX_COLUMN)
def _is_column(letters: str) -> bool:
    return column_number(letters) <= MAX_COLUMN


class _NoCharacter(Exception):
    """A number that XML has no character for."""


def _unescaped(text: str | None) -> str | None:
    return text if text is None or "&" not in text else _ENTITY.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    number = int(match[1], 16) if match[1] else int(match[2])
    if number < 32 or 0xD800 <= number <= 0xDFFF or number in (0xFFFE, 0xFFFF):
        raise _NoCharacter  # or one that is best left to lxml
    return chr(number)


def walk(sheet: str, root: etree._Element) -> Iterator[CellText]:
    """The cells of a sheet through its tree; RK190 for an address that doesn't exist or a style that isn't a number."""
    space = namespace(root)
    formula_tag, value_tag, inline_tag = f"{space}f", f"{space}v", f"{space}is"
    row_number = 0
    for row in root.iterfind(f"{space}sheetData/{space}row"):
        row_number = integer(row, "r", row_number + 1)
        column = 0
        for cell in row.iterfind(f"{space}c"):
            reference = cell.get("r")
            try:
                column = column + 1 if reference is None else split_a1(reference)[0]
                place = a1(column, row_number) if reference is None else reference
            except ValueError as problem:
                raise refuse("RK190", place=sheet, reden=str(problem)) from problem
            formula, value, inline = cell.find(formula_tag), cell.find(value_tag), cell.find(inline_tag)
            yield CellText(
                place,
                integer(cell, "s", 0),
                cell.get("t", "n"),
                None if formula is None else {str(name): str(text) for name, text in formula.items()},
                "" if formula is None else formula.text or "",
                None if value is None else value.text,
                None if inline is None else rich_text(inline, space),
            )
