"""What was changed in a candidate, and what each change does by itself in the reference regions.

The changes are those that `compare` names; their effect is computed on the base's workbook with everything else as it
is there, so that ten changes at once don't hide one another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rekentool.jobs.cases import BLANK, Case, scenario
from rekentool.jobs.compare import compare
from rekentool.jobs.difference import Difference
from rekentool.jobs.effect import CellChange, Change, Effect, ResultChange, change_effects
from rekentool.tool import Tool

#: What a changed input of the candidate is called here.
_DEFAULT = "standaardwaarde"
#: Settings of a workbook that every formula computes with; what one does by itself isn't computed.
_SETTINGS = ("datumsysteem", "rekenprecisie")
_WHOLE = "een instelling van het hele werkboek"


@dataclass(frozen=True, slots=True)
class Alteration:
    """One change: what kind it is, where and what that place is called, what stood there and what stands there now.

    ``detail`` says in words what is otherwise in the formula, where it is one thing. ``reached`` is the number of
    results that it can reach, ``changed`` of those that it changes in some case, ``uncomputed`` of those that the
    program can't compute; ``largest`` is the largest of the changes, in the case ``region``. ``unchecked`` says in
    Dutch why the effect isn't known at all.
    """

    kind: str
    place: str
    label: str
    old: str
    new: str
    detail: str
    reached: int = 0
    changed: int = 0
    largest: ResultChange | None = None
    region: str = ""
    uncomputed: int = 0
    unchecked: str = ""


def alterations(base: Tool, candidate: Tool, cases: Sequence[Case]) -> list[Alteration]:
    """The changes that can make the candidate compute otherwise, the one with the largest effect first.

    Formulas, and of rows, columns, names and fixed values those that some result depends on; then the inputs with
    another default value, whose effect is that on the blank template. ``cases`` are those to compute other effects in.
    """
    compared = compare(base, base.path, candidate.path, [scenario(base, base, case.inputs) for case in cases])
    telling = [one for one in compared.differences if one.group == "formules" or _counts(one)]
    telling.sort(key=lambda one: -one.weight)
    names = [case.name for case in cases]
    defaults = [one for one in compared.of("invoer") if one.kind == "ingevuld"]
    effects = change_effects(base, [_filled(one, candidate) for one in defaults])
    return [_alteration(one, one.kind, one.effect, names) for one in telling] + [
        _alteration(one, _DEFAULT, effect, [BLANK]) for one, effect in zip(defaults, effects, strict=True)
    ]


def _filled(one: Difference, candidate: Tool) -> Change:
    """The candidate's default value in the base's cell."""
    return Change(
        tuple(
            CellChange(pair.old, value=candidate.workbook.values.get(pair.new))
            for pair in one.cells
            if pair.old is not None and pair.new is not None
        )
    )


def _counts(difference: Difference) -> bool:
    """Whether a difference in structure can change a result: by itself, or as a setting of the whole workbook."""
    effect = difference.effect
    reaches = effect is not None and bool(effect.reached)
    return difference.group == "structuur" and (reaches or difference.kind in _SETTINGS)


def _alteration(one: Difference, kind: str, effect: Effect | None, names: Sequence[str]) -> Alteration:
    if effect is None:
        return Alteration(
            kind, one.place, one.label, one.old, one.new, one.detail,
            unchecked=_WHOLE if one.kind in _SETTINGS else "",
        )  # fmt: skip
    largest = effect.changed[0] if effect.changed else None
    return Alteration(
        kind,
        one.place,
        one.label,
        one.old,
        one.new,
        one.detail,
        len(effect.reached),
        len({change.result.address for change in effect.changed}),
        largest,
        names[largest.scenario] if largest else "",
        len(effect.uncomputed),
        effect.unchecked if effect.reached else "",
    )
