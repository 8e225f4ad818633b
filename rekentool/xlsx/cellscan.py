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
from rekentool.xlsx.elements import escaped_text, integer, namespace
from rekentool.xlsx.skeleton import is_utf8, plain_text


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
_CELL = re.compile(
    "<c "
    + _PLACE
    + r" ?(?:/>|>(?:<f"
    + _ATTRIBUTES
    + r"(?:/>|>([^<]*)</f>))?(?:<v>([^<]*)</v>|<v ?/>)?(?:<is><t(?: xml:space=\"preserve\")?>([^<]*)</t></is>)?</c>)"
)
_ROW = re.compile(r'\s*(?:(<row(?: r="[0-9]+")?(?: (?!r=)[A-Za-z0-9:]+="[^"<&]*")* ?(/?)>)|</row>)')
_ATTRIBUTE = re.compile(r' ([A-Za-z:]+)="([^"]*)"')
#: What lxml doesn't know after an ampersand.
_UNKNOWN = re.compile("&(?!(?:amp|lt|gt|quot|apos|#[1-9][0-9]{1,5}|#x[1-9A-Fa-f][0-9A-Fa-f]{1,4});)")
_ENTITY = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_STYLE = re.compile("[0-9]+")


def scan(data: bytes) -> tuple[bytes, list[CellText]] | None:
    """The part with an empty ``<sheetData>`` and the cells that stood in it; None when it must go through lxml."""
    start, end = data.find(_START), data.rfind(_END)
    if start < 0 or end < start or not is_utf8(data):
        return None
    text = plain_text(data[start + len(_START) : end])
    if text is None or _UNKNOWN.search(text):
        return None
    try:
        cells = _cells(text)
    except _NoCharacter:
        return None
    return None if cells is None else (data[: start + len(_START)] + data[end:], cells)


def _cells(text: str) -> list[CellText] | None:
    """The cells, None when anything in the text isn't plain."""
    step = _CELL.groups + 1
    between, *columns = (pieces[number::step] for pieces in [_CELL.split(text)] for number in range(step))
    in_row = False
    for number, piece in enumerate(between, 1):
        goes_on = _rows(piece, in_row) if piece else in_row
        if goes_on is None or goes_on == (number == len(between)):
            return None
        in_row = goes_on
    found = []
    for column, row, attributes, about, formula, value, inline in zip(*columns, strict=True):
        known = _about(attributes)
        if known is None or not _is_column(column) or (len(row) == 7 and int(row) > MAX_ROW):
            return None
        pairs = None
        if about is not None:
            pairs = _pairs(about) if about else {}
            if pairs is None:
                return None
        inline = None if inline is None else unescaped(inline)
        formula, value = unescaped(formula or ""), unescaped(value or "") or None
        found.append(CellText(column + row, *known, pairs, formula, value, inline))
    return found


def _rows(text: str, in_row: bool) -> bool | None:
    """Whether a row is open after the row tags that are all there is in the text; None when there is more."""
    at = 0
    for match in _ROW.finditer(text):
        if match.start() != at or in_row == bool(match[1]):
            return None
        at = match.end()
        in_row = bool(match[1]) and not match[2]
    return in_row if at == len(text) or text[at:].isspace() else None


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


def unescaped(text: str) -> str:
    """The text without XML's escapes, those that `scan` lets through."""
    return _ENTITY.sub(_character, text) if "&" in text else text


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
                None if inline is None else escaped_text(inline, space),
            )
