"""Which rows of a sheet part aren't shown: hidden by hand, by a filter, or folded away in an outline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from rekentool.xlsx.elements import flag, namespace

_START, _END = b"<sheetData>", b"</sheetData>"
_ROW = re.compile(rb"<row((?: [A-Za-z0-9:]+=\"[^\"]*\")*) ?/?>")
_NUMBER = re.compile(rb' r="([0-9]+)"')
_HIDDEN = re.compile(rb' hidden="([^"]*)"')


def hidden_rows(sheet: bytes | etree._Element) -> frozenset[int]:
    """The rows with ``hidden``, in a part's tree or in the text of one that `cellscan.scan` understood.

    A row without a number stands below the one before it.
    """
    found = set()
    number = 0
    for given, hidden in _in_text(sheet) if isinstance(sheet, bytes) else _in_tree(sheet):
        number = number + 1 if given is None else given
        if hidden:
            found.add(number)
    return frozenset(found)


def _in_text(part: bytes) -> Iterable[tuple[int | None, bool]]:
    start, end = part.find(_START), part.rfind(_END)
    if part.find(b" hidden=", start, end) < 0:  # most sheets
        return
    for match in _ROW.finditer(part, start, end):
        number, hidden = _NUMBER.search(match[1]), _HIDDEN.search(match[1])
        yield None if number is None else int(number[1]), hidden is not None and flag(hidden[1].decode())


def _in_tree(root: etree._Element) -> Iterator[tuple[int | None, bool]]:
    space = namespace(root)
    for row in root.iterfind(f"{space}sheetData/{space}row"):
        number = row.get("r", "")
        yield int(number) if number.isdecimal() else None, flag(row.get("hidden"))
