"""How much of a value each thing that its formula reads accounts for.

The *effect* of a branch on the cell above it is what the cell has because of it: its value less what it would be if
the branch were 0 while everything else that the formula reads stays as it is. In ``=A1+A2*A3`` with 10, 2 and 5 that is
10 for A1, and 10 for A2 and for A3: without either there is nothing of that product. A rectangle is put at 0 whole.
Where 0 makes no sense (dividing by it, a text as result) the cell gets 1 % more instead, and the effect is a hundred
times the difference: as much as if the whole of it worked as one more hundredth does.

The *share* of a branch is its effect, without sign, as a part of the effects of all branches of that cell together.
So the shares of one formula are 100 %, also where branches work against one another (a saldo) or only together (a
product).

The *effect on the top* is the same asked of the cell at the top of the tree: the cell directly above the branch gets
the value that it would have without the branch, and all that depends on that cell is computed anew. Its share is a part
of the effects of the top's own branches. It counts the one branch: what the same cell does elsewhere is left as it is.

A number that isn't there has no effect and no share: texts, blanks, dates, what only decides and what isn't used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeGuard

from rekentool.engine.piece import Change, Pieces
from rekentool.engine.precedents import Precedents
from rekentool.engine.program import ProgramModel
from rekentool.engine.scope import Unfit
from rekentool.engine.vector import values as each_value
from rekentool.xlsx.cell import Address, CellValue

#: How an effect was measured: by putting the branch at 0, by one hundredth more, or not at all.
Measure = Literal["nul", "honderdste", ""]

_HUNDREDTH = 0.01


@dataclass(frozen=True, slots=True)
class Effect:
    """What one branch does to the cell above it, in the unit of that cell; None where it can't be measured.

    ``instead`` is what the cell above becomes by the change that was made, ``factor`` what turns its difference into
    the effect.
    """

    amount: float | None
    measure: Measure = ""
    instead: float = 0.0
    factor: float = 1.0


def direct_effects(pieces: Pieces, above: Address, branches: Sequence[Sequence[Address]]) -> list[Effect]:
    """The effect of each branch (the cells that it consists of) on the cell above, in order."""
    try:
        value = pieces.at(above)
        numbers = [_numbers(pieces, cells) for cells in branches]
        if not _is_number(value) or not any(numbers):
            return [Effect(None)] * len(branches)
        changes: list[Change] = []
        for branch in numbers:
            changes.append(dict.fromkeys(branch, 0.0))
            changes.append({address: number * (1 + _HUNDREDTH) for address, number in branch.items()})
        outcomes = pieces.outcomes(above, changes)
    except Unfit:
        return [Effect(None)] * len(branches)
    return [
        _effect(float(value), outcomes[2 * place], outcomes[2 * place + 1]) if branch else Effect(None)
        for place, branch in enumerate(numbers)
    ]


def _numbers(pieces: Pieces, cells: Sequence[Address]) -> dict[Address, float]:
    found = {}
    for address in cells:
        value = pieces.at(address)
        if isinstance(value, bool | float | int):
            found[address] = float(value)
    return found


def _effect(value: float, without: CellValue, more: CellValue) -> Effect:
    if _is_number(without):
        return Effect(value - without, "nul", without)
    if _is_number(more):
        return Effect((more - value) / _HUNDREDTH, "honderdste", more, -1 / _HUNDREDTH)
    return Effect(None)


def _is_number(value: CellValue) -> TypeGuard[float]:
    return isinstance(value, float | int) and not isinstance(value, bool)


def shares(effects: Sequence[float | None]) -> list[float | None]:
    """Each effect without its sign as a part of all of them; None where there is no effect, or none that isn't 0."""
    total = sum(abs(effect) for effect in effects if effect is not None)
    return [None if effect is None or not total else abs(effect) / total for effect in effects]


class Top:
    """The cell at the top of a tree, computed anew for changes below it."""

    def __init__(self, model: ProgramModel, precedents: Precedents, pieces: Pieces, address: Address) -> None:
        self._model, self._precedents, self._pieces, self.address = model, precedents, pieces, address
        try:
            value = pieces.at(address)
        except Unfit:
            value = None
        self._value = float(value) if _is_number(value) else None

    def effects(self, changed: Mapping[Address, Sequence[Effect]]) -> dict[Address, list[float | None]]:
        """For each cell what each of these effects on it does to the top, in the top's unit.

        Cells of one rank don't depend on one another, so they are computed together, a scenario for each effect.
        """
        if self._value is None:
            return {address: [None] * len(effects) for address, effects in changed.items()}
        found: dict[Address, list[float | None]] = {}
        by_rank: dict[int, list[Address]] = {}
        for address, effects in changed.items():
            if all(effect.amount is None for effect in effects):
                found[address] = [None] * len(effects)
            elif address == self.address:
                found[address] = [effect.amount for effect in effects]
            else:
                by_rank.setdefault(self._precedents.rank(address), []).append(address)
        for addresses in by_rank.values():
            found |= self._together({address: changed[address] for address in addresses})
        return found

    def _together(self, changed: Mapping[Address, Sequence[Effect]]) -> dict[Address, list[float | None]]:
        places = [(address, effect) for address, effects in changed.items() for effect in effects]
        given = {}
        for address in changed:
            own = self._pieces.at(address)
            given[address] = [effect.instead if cell == address and effect.amount is not None else own
                              for cell, effect in places]  # fmt: skip
        tops = self._model.run(given, (self.address,), len(places), instead=True)
        if self.address not in tops or self._value is None:
            return {address: [None] * len(effects) for address, effects in changed.items()}
        found: dict[Address, list[float | None]] = {address: [] for address in changed}
        for (address, effect), top in zip(places, each_value(tops[self.address], len(places)), strict=True):
            if effect.amount is None or not _is_number(top):
                found[address].append(None)
            else:
                found[address].append((self._value - top) * effect.factor)
        return found
