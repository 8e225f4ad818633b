"""Where something stands in a workbook: an address or a defined name, written as a pattern over ids."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from rekentool.mapping.document import Faults, Node
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.xlsx.cell import Address, a1, split_a1, split_address

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# Excel's rule for a defined name, without the exotic letters.
_NAME = re.compile(r"[^\W\d][\w.]{0,254}")
_LOOKS_LIKE_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]+|[Rr][0-9]*[Cc][0-9]*")


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Cells of one sheet, both corners included. A whole column costs nothing until its cells are asked for."""

    sheet: str
    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def parse(cls, text: str) -> Rectangle:
        """``Sheet!A1`` or ``Sheet!$A$1:$B$2``; ValueError for anything else."""
        sheet, reference = split_address(text)
        if not sheet:
            raise ValueError(f"no sheet in {text!r}")
        first, _, last = reference.partition(":")
        left, top = split_a1(first)
        right, bottom = split_a1(last or first)
        if right < left or bottom < top:
            raise ValueError(f"range runs backwards: {text!r}")
        return cls(sheet, left, top, right, bottom)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.right - self.left + 1

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.bottom - self.top + 1

    def cell(self, row: int, column: int) -> Address:
        """The cell at this offset from the upper left corner, both from 0."""
        return Address(self.sheet, a1(self.left + column, self.top + row))


def is_address(target: str) -> bool:
    """Whether a target is an address rather than a defined name."""
    return "!" in target


def folded(target: str) -> str:
    """A target in the one spelling in which Excel compares it: without ``$``, upper and lower case the same."""
    if is_address(target):
        sheet, reference = split_address(target)
        return f"{sheet}!{reference}".casefold()
    return target.casefold()


def expand(pattern: str, ids: Mapping[str, str]) -> str:
    """``in_{veld}`` with ``{"veld": "x"}`` → ``in_x``; an unknown placeholder stays as it is."""
    return _PLACEHOLDER.sub(lambda match: ids.get(match[1], match[0]), pattern)


def check_pattern(pattern: str, known: Collection[str], node: Node, faults: Faults) -> bool:
    """Whether every placeholder of the pattern is one of ``known``; faults otherwise."""
    before = len(faults)
    for name in dict.fromkeys(_PLACEHOLDER.findall(pattern)):
        if name not in known:
            expected = ", ".join(f"{{{word}}}" for word in known) or "een vaste naam of cel, zonder accolades"
            faults.add("RK214", node, name=f"{{{excerpt(name)}}}", expected=expected, hint=hint(name, known))
    rest = _PLACEHOLDER.sub("", pattern)
    if "{" in rest or "}" in rest:
        faults.add("RK228", node, pattern=excerpt(pattern))
    return len(faults) == before


def check_target(target: str, node: Node, faults: Faults, *, one_cell: bool) -> bool:
    """Whether a target (after ``expand``) can be an address or a defined name; a fault otherwise."""
    example = "Invoer!C8" if one_cell else "Resultaat!C8:H8"
    if is_address(target):
        try:
            rectangle = Rectangle.parse(target)
        except ValueError:
            faults.add("RK225", node, target=excerpt(target), example=example)
            return False
        if one_cell and (rectangle.width, rectangle.height) != (1, 1):
            faults.add("RK229", node, target=excerpt(target))
            return False
        return True
    if _NAME.fullmatch(target) and not _LOOKS_LIKE_CELL.fullmatch(target):
        return True
    faults.add("RK225", node, target=excerpt(target), example=example)
    return False
