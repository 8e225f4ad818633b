"""What stands before or behind a delimiter in a text: TEXTBEFORE and TEXTAFTER."""

from __future__ import annotations

import re

from rekentool.engine.functions.registry import Fault, Range, scalar
from rekentool.engine.functions.text import counted, text_of
from rekentool.engine.vector import VALUE
from rekentool.xlsx.cell import CellValue, ExcelError


@scalar("TEXTBEFORE", "textbefore-function-d099c28a-dba8-448e-ac6c-f086d0fa1b29")
def textbefore(
    text: str, delimiter: Range, instance: int = 1, mode: int = 0, end: int = 0, otherwise: CellValue = None
) -> CellValue:
    """The text before a delimiter, or one of several; a negative instance counts from the end."""
    if not text:
        return ""
    place = _place(text, delimiter, instance, mode, end)
    return _missing(otherwise) if place is None else text[: place[0]]


@scalar("TEXTAFTER", "textafter-function-c8db2546-5b51-416a-9690-c7e6722e90b4")
def textafter(
    text: str, delimiter: Range, instance: int = 1, mode: int = 0, end: int = 0, otherwise: CellValue = None
) -> CellValue:
    """The text behind a delimiter, or one of several; a negative instance counts from the end."""
    if not text:
        return ""
    place = _place(text, delimiter, instance, mode, end)
    return _missing(otherwise) if place is None else text[place[1] :]


def _missing(otherwise: CellValue) -> CellValue:
    return ExcelError("#N/A") if otherwise is None else otherwise


def _place(text: str, delimiter: Range, instance: int, mode: int, end: int) -> tuple[int, int] | None:
    """Where the delimiter begins and ends; None where there aren't so many."""
    if mode not in (0, 1) or end not in (0, 1) or instance == 0 or abs(instance) > len(counted(text)):
        raise Fault(VALUE)
    backwards = instance < 0
    delimiters = []
    for row in delimiter:
        for value in row:
            if isinstance(value, ExcelError):
                raise Fault.of(value)
            delimiters.append(text_of(value))
    if "" in delimiters:
        return (len(text), len(text)) if backwards else (0, 0)
    step = slice(None, None, -1 if backwards else 1)
    pattern = "|".join(re.escape(one[step]) for one in sorted(delimiters, key=len, reverse=True))
    found = [match.span() for match in re.finditer(pattern, text[step], re.IGNORECASE if mode else 0)]
    if end:
        found.append((len(text), len(text)))
    if len(found) < abs(instance):
        return None
    first, last = found[abs(instance) - 1]
    return (len(text) - last, len(text) - first) if backwards else (first, last)
