"""To each difference between two workbooks what it does by itself: which results it changes, and by how much."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from rekentool.engine.protocol import Scenario, unknown_reason
from rekentool.engine.verdict import MONEY
from rekentool.jobs.difference import Difference
from rekentool.jobs.effect import Change, Effect, ResultChange, change_effects, tolerance_of
from rekentool.jobs.labels import shown_value
from rekentool.jobs.sides import Sides

#: What a difference in another unit than euros weighs against one of as many euros.
_OTHER_UNIT = 1e-6
#: Changes of which the effect is computed: some seconds of work.
MOST = 500


@dataclass(frozen=True, slots=True)
class Suspect:
    """A difference and the change of cells or names that it comes to, if it comes to any.

    The change is one of the old workbook, written as the new one has it; with ``came`` it is one of the new workbook,
    which takes away what has come there. With ``only_reaching`` an effect is only told when some result can be reached.
    """

    difference: Difference
    change: Change = field(default_factory=Change)
    came: bool = False
    only_reaching: bool = False


def with_effects(sides: Sides, suspects: Iterable[Suspect], scenarios: Sequence[Scenario]) -> list[Difference]:
    """The differences, each with the effect of its change alone, and by that the weight it has.

    Changes are computed on the results of the old workbook with these scenarios. Without a tool there are no effects.
    Of very many changes only the first ones are computed, the others are unchecked (RK705).
    """
    suspects = list(suspects)
    found: dict[int, Effect] = {}
    old, new = sides.old.tool, sides.new.tool
    went = [n for n, one in enumerate(suspects) if not one.came and (one.change.cells or one.change.names)]
    came = [n for n, one in enumerate(suspects) if one.came and one.change.cells]
    if old is not None and went:
        changes = [suspects[n].change for n in went[:MOST]]
        effects = change_effects(old, changes, scenarios, alignment=sides.alignment)
        found.update(zip(went, effects, strict=False))
        too_many = unknown_reason("RK705", aantal=MOST)
        found.update((n, Effect(suspects[n].change, (), (), too_many)) for n in went[MOST:])
    if new is not None and came:
        moved = [_in_new(sides, scenario) for scenario in scenarios]
        effects = change_effects(new, [suspects[n].change for n in came], moved)
        found.update(zip(came, map(_reversed, effects), strict=True))
    return [_weighed(one, found.get(n)) for n, one in enumerate(suspects)]


def difference_text(change: ResultChange) -> str:
    """``+ € 65,44``; "" where either isn't a number."""
    difference = change.difference
    if difference is None:
        return ""
    return f"{'-' if difference < 0 else '+'} {shown_value(abs(difference), change.result.eenheid)}"


def change_text(change: ResultChange) -> str:
    """``€ 100,00 → € 165,44 (+ € 65,44)``."""
    was, becomes = (shown_value(value, change.result.eenheid) for value in (change.before, change.after))
    difference = difference_text(change)
    return f"{was} → {becomes}" + (f" ({difference})" if difference else "")


def result_weight(change: ResultChange) -> float:
    """How much a changed result matters: its euros; most of all when it is no number any more, or has become one."""
    difference = change.difference
    if difference is None:
        return inf
    return abs(difference) * (1.0 if tolerance_of(change.result) is MONEY else _OTHER_UNIT)


def _in_new(sides: Sides, scenario: Scenario) -> Scenario:
    """The scenario in the places of the new workbook."""
    moved = ((sides.alignment.forward(cell), value) for cell, value in scenario.items())
    return {cell: value for cell, value in moved if cell is not None}


def _reversed(effect: Effect) -> Effect:
    """What taking away does, as what coming has done."""
    changed = tuple(ResultChange(one.result, one.scenario, one.after, one.before) for one in effect.changed)
    return replace(effect, changed=changed)


def _weighed(suspect: Suspect, effect: Effect | None) -> Difference:
    difference = suspect.difference
    if effect is None or (suspect.only_reaching and not effect.reached and not effect.unchecked):
        return difference
    weight = inf if effect.unchecked and effect.reached else max(map(result_weight, effect.changed), default=0.0)
    return replace(difference, effect=effect, weight=difference.weight + weight)
