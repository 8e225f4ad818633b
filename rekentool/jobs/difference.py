"""One difference between two workbooks, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rekentool.jobs.effect import Effect, ResultChange
from rekentool.xlsx.cell import Address

Group = Literal["invoer", "formules", "structuur", "resultaten", "opmaak-beveiliging"]
GROUPS: tuple[Group, ...] = ("invoer", "formules", "structuur", "resultaten", "opmaak-beveiliging")


@dataclass(frozen=True, slots=True)
class CellPair:
    """One cell of a difference: where it stands in both workbooks (None: nowhere), and its contents as text."""

    old: Address | None
    new: Address | None
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What is otherwise, in words for a Dutch reader.

    ``kind`` says what has happened; ``place`` where, in the new workbook, or in the old one when it is gone there.
    ``label`` is what the place is called, ``detail`` what precisely is otherwise where one thing is. ``cells`` has each
    cell of the place. ``effect`` is what the change does by itself to the results; None for what isn't a change of
    cells or names, or where the mapping doesn't fit. ``result`` is the changed result, with its values before and
    after. ``weight`` orders the differences of a group, largest first.
    """

    group: Group
    kind: str
    place: str
    old: str
    new: str
    label: str = ""
    detail: str = ""
    cells: tuple[CellPair, ...] = ()
    effect: Effect | None = None
    result: ResultChange | None = None
    weight: float = 0.0
