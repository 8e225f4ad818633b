"""Which part of a table a structured reference means: the text between its brackets, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEMS = {item.casefold(): item for item in ("#All", "#Data", "#Headers", "#Totals", "#This Row")}
_SPACE = " \t\r\n"
_PART = re.compile(r"[ \t\r\n]*+\[((?:[^\[\]']|'[\s\S])*+)\][ \t\r\n]*+([,:]|\Z)")
_PLAIN = re.compile(r"(?:[^\[\]']|'[\s\S])++")
_ESCAPE = re.compile(r"'([\s\S])")


class UnknownPart(ValueError):
    """A specifier that Excel doesn't know."""


@dataclass(frozen=True, slots=True)
class TablePart:
    """Rows by ``items`` (#All, #Data, #Headers, #Totals, #This Row; none means #Data), columns ``first`` to ``last``.

    Without ``first`` all columns are meant. ``broken`` when the column has been deleted: ``Tabel1[#REF!]``.
    """

    items: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    broken: bool = False


def table_part(specifier: str) -> TablePart:
    """Take apart what stands between the outer brackets of a structured reference; UnknownPart when it can't be.

    ``Kolom``, ``#Totals``, ``@Kolom``, ``[#This Row],[a b]``, ``[a]:[c]`` or nothing. An apostrophe makes the character
    behind it an ordinary one.

    >>> table_part("[#This Row],[a '[b']]")
    TablePart(items=('#This Row',), first='a [b]', last='a [b]', broken=False)
    """
    if specifier.startswith("@"):
        row = _columns(specifier[1:])
        if row.items:
            raise UnknownPart(specifier)
        return TablePart(("#This Row",), row.first, row.last, row.broken)
    return _columns(specifier)


def _columns(text: str) -> TablePart:
    if not text.strip(_SPACE):
        return TablePart()
    if text.lstrip(_SPACE).startswith("["):
        return _listed(text)
    if not _PLAIN.fullmatch(text):
        raise UnknownPart(text)
    return _gathered([text], "")


def _listed(text: str) -> TablePart:
    parts: list[str] = []
    marks = ""
    at, mark = 0, ","
    while mark:
        match = _PART.match(text, at)
        if match is None:
            raise UnknownPart(text)
        parts.append(match[1])
        at, mark = match.end(), match[2]
        marks += mark
    return _gathered(parts, marks)


def _gathered(parts: list[str], marks: str) -> TablePart:
    """Items first, then one column or two with a colon; ``marks`` is what stands between the parts."""
    broken = any(part.upper() == "#REF!" for part in parts)
    if broken:
        return TablePart(broken=True)
    items: list[str] = []
    while parts[len(items):] and parts[len(items)].startswith("#"):
        item = _ITEMS.get(parts[len(items)].casefold())
        if item is None:
            raise UnknownPart(parts[len(items)])
        items.append(item)
    named = parts[len(items):]
    columns = [_ESCAPE.sub(r"\1", part) for part in named]
    expected = "," * (len(items) - (not columns)) + (":" if len(columns) == 2 else "")
    if len(columns) > 2 or marks != expected or any(part.startswith("#") or not part for part in named):
        raise UnknownPart(",".join(parts))
    return TablePart(tuple(items), columns[0] if columns else None, columns[-1] if columns else None)
