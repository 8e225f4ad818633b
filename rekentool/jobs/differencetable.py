"""Differences between two workbooks as rows of a table and as plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from rekentool.jobs.difference import CellPair, Difference
from rekentool.jobs.effect import Effect, ResultChange
from rekentool.xlsx.cell import CellValue, ExcelError

COLUMNS = (
    "groep", "soort", "plaats", "omschrijving", "was", "wordt", "toelichting", "cellen", "raakt", "verandert",
    "geval", "partij", "regel", "jaar", "eenheid", "resultaat_was", "resultaat_wordt", "verschil", "niet_gecontroleerd",
)  # fmt: skip
#: The columns that hold numbers; a blank in them means that there is none.
NUMBERS: dict[str, str | None] = dict.fromkeys(
    ("cellen", "raakt", "verandert", "resultaat_was", "resultaat_wordt", "verschil")
)

_Cell = float | int | str | None


def difference_rows(differences: Iterable[Difference]) -> Iterator[tuple[_Cell, ...]]:
    """One row per difference, in `COLUMNS`.

    The last columns have the result itself in the group resultaten, and in the others the largest change that the
    difference makes by itself.
    """
    for one in differences:
        effect, result = one.effect, one.result
        if effect is not None and effect.changed:
            result = effect.changed[0]
        yield (
            one.group, one.kind, one.place, one.label, one.old, one.new, one.detail, len(one.cells) or None,
            len(effect.reached) if effect is not None else None,
            _count(effect) if effect is not None and not effect.unchecked else None,
            *_result(result), effect.unchecked if effect is not None else "",
        )  # fmt: skip


def difference_data(difference: Difference) -> dict[str, Any]:
    """The difference with the Dutch keys of ``--json``."""
    found: dict[str, Any] = {
        "groep": difference.group,
        "soort": difference.kind,
        "plaats": difference.place,
        "omschrijving": difference.label,
        "was": difference.old,
        "wordt": difference.new,
        "toelichting": difference.detail,
        "cellen": [_pair_data(pair) for pair in difference.cells],
    }
    if difference.result is not None:
        found["resultaat"] = _change_data(difference.result)
    if difference.effect is not None:
        effect = difference.effect
        found["effect"] = {
            "raakt": len(effect.reached),
            "verandert": _count(effect),
            "niet_gecontroleerd": effect.unchecked,
            "niet_te_berekenen": [str(one.address) for one in effect.uncomputed],
            "resultaten": [_change_data(one) for one in effect.changed],
        }
    return found


def _count(effect: Effect) -> int:
    """How many results change in some scenario."""
    return len({change.result for change in effect.changed})


def _result(change: ResultChange | None) -> tuple[_Cell, ...]:
    if change is None:
        return ("", "", "", "", "", None, None, None)
    values = (_plain(change.before), _plain(change.after))
    return (*change.result[:5], *values, change.difference)


def _change_data(change: ResultChange) -> dict[str, Any]:
    names = ("geval", "partij", "regel", "jaar", "eenheid", "was", "wordt", "verschil")
    return {"cel": str(change.result.address), **dict(zip(names, _result(change), strict=True))}


def _pair_data(pair: CellPair) -> dict[str, Any]:
    places = (None if cell is None else str(cell) for cell in (pair.old, pair.new))
    return dict(zip(("oud", "nieuw", "was", "wordt"), (*places, pair.before, pair.after), strict=True))


def _plain(value: CellValue) -> _Cell:
    if isinstance(value, bool):
        return "WAAR" if value else "ONWAAR"
    return value.code if isinstance(value, ExcelError) else value
