"""Which kengetallen a run computed with: the value, the peildatum, where it comes from and how sure that is.

The value is the one that the workbook's own cell took. A source is only named when the mapping's file has that value
on that peildatum: a workbook can have its own table of them, and then nobody here knows where a figure is from.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from rekentool.mapping.schema import OWN_PREFIX, Kengetal, KengetalValue
from rekentool.tables.results import table_value
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue, ExcelError

#: Lists of kengetallen that are kept.
_MOST_LISTS = 1_000

Origin = Literal["eigen waarde", "landelijk", "onbekend op peildatum", "niet vastgesteld"]


@dataclass(frozen=True, slots=True)
class Use:
    """One kengetal as it was used; ``value`` is a number, or what stands there instead, None for nothing."""

    kengetal: str
    value: float | str | None
    peildatum: date | None
    origin: Origin
    source: KengetalValue | None


def peildatum(tool: Tool, inputs: Mapping[str, Any]) -> date | None:
    """The date on which kengetallen count, from a region's inputs (`receipt.input_facts`); None where there is none."""
    text = inputs.get(tool.mapping.workbook.date_field)
    try:
        return date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


class Figures:
    """The kengetallen of one or more regions, each use once with the number of regions that it is of."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self._own = tuple(f"{OWN_PREFIX}{kengetal.id}" for kengetal in tool.mapping.kengetallen)
        self._counts: Counter[tuple[date | None, tuple[bool, ...], tuple[tuple[str, CellValue], ...]]] = Counter()

    def add(self, day: date | None, inputs: Mapping[str, Any], used: Mapping[str, CellValue]) -> None:
        """Count one region: its peildatum, its inputs, and the value of the cell with each kengetal that is used.

        A kengetal that isn't in ``used`` wasn't computed.
        """
        self._counts[day, tuple([inputs.get(name) is not None for name in self._own]), tuple(used.items())] += 1

    @property
    def _uses(self) -> dict[Use, int]:
        uses: Counter[Use] = Counter()
        for (day, own, used), count in self._counts.items():
            values = dict(used)
            for kengetal, is_own in zip(self._tool.mapping.kengetallen, own, strict=True):
                if kengetal.id in values:
                    uses[_use(kengetal, day, is_own, values[kengetal.id])] += count
        return uses

    def facts(self) -> list[dict[str, Any]]:
        """The list of a receipt, in the order of the mapping and by peildatum."""
        order = {kengetal.id: number for number, kengetal in enumerate(self._tool.mapping.kengetallen)}
        uses = sorted(
            self._uses.items(),
            key=lambda item: (
                order[item[0].kengetal],
                item[0].peildatum or date.min,
                item[0].origin,
                str(item[0].value),
            ),
        )
        return [self._facts(use, count) for use, count in uses]

    def _facts(self, use: Use, count: int) -> dict[str, Any]:
        kengetal, source = self._tool.mapping.kengetal(use.kengetal), use.source
        own = use.origin == "eigen waarde"
        return {
            "kengetal": kengetal.id,
            "label": kengetal.label,
            "waarde": use.value,
            "eenheid": kengetal.unit,
            "herkomst": use.origin,
            "peildatum": use.peildatum.isoformat() if use.peildatum else None,
            "geldig_vanaf": source.valid_from.isoformat() if source else None,
            "bron": source.source if source else "opgave van de gebruiker" if own else None,
            "url": source.url if source else None,
            "betrouwbaarheid": source.reliability if source else "eigen opgave" if own else None,
            "regios": count,
        }


class FigureFacts:
    """The lists of receipts of one region each; regions that agree in it share one."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        self._own = tuple(f"{OWN_PREFIX}{kengetal.id}" for kengetal in tool.mapping.kengetallen)
        self._lists: dict[object, list[dict[str, Any]]] = {}

    def of(self, day: date | None, inputs: Mapping[str, Any], used: Mapping[str, CellValue]) -> list[dict[str, Any]]:
        """The list for a region; arguments as of `Figures.add`. It is shared: not to be changed."""
        key = day, tuple(inputs.get(name) is not None for name in self._own), tuple(used.items())
        if key not in self._lists:
            figures = Figures(self._tool)
            figures.add(day, inputs, used)
            if len(self._lists) >= _MOST_LISTS:
                self._lists.clear()
            self._lists[key] = figures.facts()
        return self._lists[key]


def _use(kengetal: Kengetal, day: date | None, own: bool, value: CellValue) -> Use:
    shown = table_value(value)
    if own:
        return Use(kengetal.id, shown, day, "eigen waarde", None)
    row = kengetal.at(day) if day else None
    known = row.value if row else None
    if known is None:
        absent = isinstance(value, ExcelError) or value in (None, "")
        return Use(kengetal.id, shown, day, "onbekend op peildatum" if day and absent else "niet vastgesteld", None)
    same = isinstance(shown, float) and math.isclose(shown, known, rel_tol=1e-12, abs_tol=1e-12)
    return Use(kengetal.id, shown, day, "landelijk" if same else "niet vastgesteld", row if same else None)
