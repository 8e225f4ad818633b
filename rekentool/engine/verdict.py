"""Compare what two sources say of the same cells: gelijk, anders or niet gecontroleerd, for each cell of either."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from rekentool.xlsx.cell import Address, CellValue, ExcelError

Judgement = Literal["gelijk", "anders", "niet gecontroleerd"]
Kind = Literal["waarde", "type", "fout", "ontbreekt", "extra"]

#: LibreOffice saves #NUM! and #REF! as #VALUE!, so its errors can be told apart no further than this.
_LOOSE_ERRORS = frozenset({"#VALUE!", "#NUM!", "#REF!", "#NULL!"})


@dataclass(frozen=True, slots=True)
class Tolerance:
    """Numbers are equal when they differ no more than one of the two.

    ``relative`` is a fraction of the larger number; ``absolute`` has the cell's own unit. The absolute one is never
    quite 0: 0.1 + 0.2 − 0.3 is 0 for one engine and 3e-17 for another.
    """

    relative: float = 1e-9
    absolute: float = 1e-9


DEFAULT = Tolerance()
#: Euros: half a cent.
MONEY = Tolerance(absolute=0.005)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one cell. ``kind`` and the differences are there when it is anders, ``reason`` when it is niet
    gecontroleerd; ``relative`` is a fraction of the larger of the two numbers."""

    address: Address
    judgement: Judgement
    expected: CellValue = None
    actual: CellValue = None
    kind: Kind | None = None
    absolute: float | None = None
    relative: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cells got each judgement, and of the ones that are anders how many of each kind."""

    equal: int
    different: int
    unchecked: int
    kinds: Mapping[Kind, int]

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {number}" for kind, number in self.kinds.items())
        detail = f" ({kinds})" if kinds else ""
        return f"gelijk {self.equal} · anders {self.different}{detail} · niet gecontroleerd {self.unchecked}"


def compare(
    expected: Mapping[Address, CellValue],
    actual: Mapping[Address, CellValue],
    unknown: Mapping[Address, str] | None = None,
    *,
    tolerance: Tolerance = DEFAULT,
    tolerances: Mapping[Address, Tolerance] | None = None,
    loose_errors: bool = False,
    empty_is_blank: bool = True,
) -> list[Verdict]:
    """One verdict for every cell that is in any of the three, by sheet, row and column.

    ``unknown`` gives the cells that one of the two couldn't compute, with the reason: they are niet gecontroleerd,
    whatever the other says. ``tolerances`` holds the cells with a tolerance of their own (`MONEY`). With
    ``empty_is_blank`` the text "" and a blank cell are the same. TRUE and 1 never are, nor "5" and 5. With
    ``loose_errors`` #VALUE!, #NUM!, #REF! and #NULL! are one error: right when LibreOffice is one of the two.
    """
    unknown = unknown or {}
    tolerances = tolerances or {}
    verdicts = []
    for address in sorted(expected.keys() | actual.keys() | unknown.keys(), key=_place):
        left, right = expected.get(address), actual.get(address)
        if address in unknown:
            verdict = Verdict(address, "niet gecontroleerd", left, right, reason=unknown[address])
        else:
            if empty_is_blank:
                left, right = (None if left == "" else left), (None if right == "" else right)
            verdict = _judge(address, left, right, tolerances.get(address, tolerance), loose_errors)
        verdicts.append(verdict)
    return verdicts


def count(verdicts: Iterable[Verdict]) -> Counts:
    """The tally of a comparison."""
    verdicts = list(verdicts)
    judgements = Counter(verdict.judgement for verdict in verdicts)
    kinds = Counter(verdict.kind for verdict in verdicts if verdict.kind is not None)
    return Counts(judgements["gelijk"], judgements["anders"], judgements["niet gecontroleerd"], dict(kinds))


def _place(address: Address) -> tuple[str, int, int]:
    return address.sheet, address.row, address.column


def _judge(address: Address, left: CellValue, right: CellValue, tolerance: Tolerance, loose: bool) -> Verdict:
    kind: Kind | None = None
    absolute = relative = None
    if left is None or right is None:
        if right is not None:
            kind = "extra"
        elif left is not None:
            kind = "ontbreekt"
    elif isinstance(left, ExcelError) or isinstance(right, ExcelError):
        if left != right and not (loose and _same_class(left, right)):
            kind = "fout"
    elif type(left) is not type(right):
        kind = "type"
    elif isinstance(left, float) and isinstance(right, float):
        absolute, size = abs(left - right), max(abs(left), abs(right))
        relative = absolute / size if size else 0.0
        if absolute > max(tolerance.absolute, tolerance.relative * size):
            kind = "waarde"
    elif left != right:
        kind = "waarde"
    return Verdict(address, "anders" if kind else "gelijk", left, right, kind, absolute, relative)


def _same_class(left: CellValue, right: CellValue) -> bool:
    return all(isinstance(value, ExcelError) and value.code in _LOOSE_ERRORS for value in (left, right))
