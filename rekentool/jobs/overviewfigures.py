"""The figures of an overview over regions: one line of every case and party, rankings, spread, what isn't a number.

Nothing here knows a workbook: all comes from the rows of a results table and the labels of a mapping.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rekentool.mapping.bind import ResultCell
from rekentool.mapping.schema import WHOLE
from rekentool.mapping.suggestion import hint
from rekentool.messages import Finding, finding, refuse
from rekentool.tables.results import NOT_APPLICABLE, UNCHECKED, UNKNOWN, ResultRow

Value = float | str | None

#: The line that an overview is about where the table has it.
BALANCE = "saldo"
#: The years that stand for all of them, the best first.
_WHOLE_YEARS = ("totaal", "")
#: Amounts that are the same in cents share a place in a ranking.
_DECIMALS = 2


@dataclass(frozen=True)
class Words:
    """What the ids of a table are called; an id that isn't known is its own label."""

    cases: Mapping[str, str]
    parties: Mapping[str, str]
    lines: Mapping[tuple[str, str], str]

    def case(self, id_: str) -> str:
        """The label of a case."""
        return self.cases.get(id_) or id_

    def party(self, id_: str) -> str:
        """The label of a party."""
        return self.parties.get(id_) or ("Maatschappelijk" if id_ == WHOLE else id_)

    def line(self, party: str, id_: str) -> str:
        """The label of a line of a party."""
        text = self.lines.get((party, id_)) or id_.replace("_", " ")
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Spread:
    """One result over all regions: how many numbers, and their spread (None without numbers; ``deviation`` is that of
    a sample, None for one number); and how many regions have something else there."""

    case: str
    party: str
    line: str
    year: str
    unit: str
    count: int
    minimum: float | None
    lower: float | None
    median: float | None
    mean: float | None
    upper: float | None
    maximum: float | None
    deviation: float | None
    not_applicable: int
    unknown: int
    other: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A region's place by its whole: None where there is no number; ``shared`` says that others have it too."""

    region: str
    place: int | None
    shared: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that stands in place of a number, how often, and the first rows where."""

    text: str
    count: int
    first: tuple[ResultRow, ...]


class Figures:
    """One line of a results table over all regions.

    ``line`` None: the balance, or else the first line that has numbers over all years, which is a finding (RK839).
    RK838 when the table has no such line over all years.
    """

    def __init__(self, rows: Sequence[ResultRow], words: Words, line: str | None, file: str) -> None:
        self.rows, self.words = rows, words
        self.regions = tuple(dict.fromkeys(row.regio for row in rows))
        self.findings: list[Finding] = []
        self.line = self._line(line, file)
        years = {row.jaar for row in rows if row.regel == self.line}
        self.year = next(year for year in _WHOLE_YEARS if year in years)
        self._values: dict[tuple[str, str, str], Value] = {}
        units: dict[str, None] = {}
        for row in rows:
            if row.regel == self.line and row.jaar == self.year:
                self._values[row.regio, row.geval, row.partij] = row.waarde
                units[row.eenheid] = None
        self.unit = next(iter(units))
        self.cases = _ordered((case for _, case, _ in self._values), words.cases)
        self.parties = _ordered((party for _, _, party in self._values), words.parties)
        #: The party that regions are ranked by: the whole, or the first where there is none.
        self.whole = WHOLE if WHOLE in self.parties else self.parties[0]
        self.adds_up = _adds_up(self.unit)

    def _line(self, asked: str | None, file: str) -> str:
        lines = list(dict.fromkeys(row.regel for row in self.rows if row.jaar in _WHOLE_YEARS))
        shown = ", ".join(lines[:20]) + (" …" if len(lines) > 20 else "") if any(lines) else "(geen)"
        if asked is not None or not lines:
            if asked not in lines:
                facts = {"regel": asked or BALANCE, "regels": shown, "hint": hint(asked or BALANCE, lines)}
                raise refuse("RK838", "--regel", file, **facts)
            return asked
        if BALANCE in lines:
            return BALANCE
        numbers = {row.regel for row in self.rows if row.jaar in _WHOLE_YEARS and isinstance(row.waarde, float)}
        line = next((line for line in lines if line in numbers), lines[0])
        self.findings.append(finding("RK839", file=file, regel=line or "de enige uitkomst", regels=shown))
        return line

    @property
    def line_label(self) -> str:
        """What the line is called."""
        return self.words.line(self.whole, self.line) or "Uitkomst"

    def value(self, region: str, case: str, party: str) -> Value:
        """The line of one region, case and party; None where the table has none, as for n.v.t."""
        return self._values.get((region, case, party))

    def total(self, region: str, party: str) -> Value:
        """The line of one region and party over all cases: their sum, or their mean for what doesn't add up.

        None when it applies to no case; `UNKNOWN` when it isn't a number in any of them: no part of a sum is shown.
        """
        return self._totals[region, party]

    @cached_property
    def _totals(self) -> dict[tuple[str, str], Value]:
        found: dict[tuple[str, str], Value] = {}
        for region in self.regions:
            for party in self.parties:
                cells = [self.value(region, case, party) for case in self.cases]
                found[region, party] = _together(cells, adds_up=self.adds_up)
        return found

    def spread_of_total(self, party: str) -> Spread:
        """The spread of the totals of a party over the regions."""
        return self._of_totals[party]

    @cached_property
    def _of_totals(self) -> dict[str, Spread]:
        return {
            party: _spread(
                ("", party, self.line, self.year, self.unit), [self.total(region, party) for region in self.regions]
            )
            for party in self.parties
        }

    @cached_property
    def ranking(self) -> tuple[Ranked, ...]:
        """The regions by the total of `whole`, highest first, equals by name; those without a number last."""
        numbers: list[tuple[float, str]] = []
        without: list[str] = []
        for region in self.regions:
            value = self.total(region, self.whole)
            if isinstance(value, float):
                numbers.append((round(value, _DECIMALS), region))
            else:
                without.append(region)
        numbers.sort(key=lambda pair: (-pair[0], pair[1].casefold()))
        often = Counter(value for value, _ in numbers)
        found: list[Ranked] = []
        for place, (value, region) in enumerate(numbers, start=1):
            tied = found and numbers[place - 2][0] == value
            found.append(Ranked(region, found[-1].place if tied else place, often[value] > 1))
        return (*found, *(Ranked(region, None, False) for region in sorted(without, key=str.casefold)))

    @cached_property
    def spreads(self) -> tuple[Spread, ...]:
        """The spread of every result of the table, in its order."""
        groups: dict[tuple[str, str, str, str, str], list[Value]] = {}
        for row in self.rows:
            groups.setdefault((row.geval, row.partij, row.regel, row.jaar, row.eenheid), []).append(row.waarde)
        return tuple(_spread(key, values) for key, values in groups.items())

    def spread_of(self, case: str, party: str) -> Spread | None:
        """The spread of the line itself."""
        return self._of_line.get((case, party))

    @cached_property
    def _of_line(self) -> dict[tuple[str, str], Spread]:
        return {(one.case, one.party): one for one in self.spreads if (one.line, one.year) == (self.line, self.year)}

    @cached_property
    def reasons(self) -> tuple[Reason, ...]:
        """What stands in place of numbers anywhere in the table, most often first."""
        counts: Counter[str] = Counter()
        first: dict[str, list[ResultRow]] = {}
        for row in self.rows:
            if not isinstance(row.waarde, float):
                text = NOT_APPLICABLE if row.waarde is None else row.waarde
                counts[text] += 1
                rows = first.setdefault(text, [])
                if len(rows) < 3:
                    rows.append(row)
        return tuple(Reason(text, count, tuple(first[text])) for text, count in counts.most_common())


def words_of(cases: Mapping[str, str], parties: Mapping[str, str], lines: Iterable[tuple[ResultCell, str]]) -> Words:
    """The words of a mapping; ``lines`` are its results with the label of each."""
    return Words(cases, parties, {(cell.partij, cell.regel): label for cell, label in lines})


def cannot_be_computed(text: str) -> bool:
    """Whether a text in place of a number says that it couldn't be computed (and isn't an outcome itself)."""
    return text in (UNKNOWN, UNCHECKED) or text.startswith("#")


def _ordered(ids: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The ids in the order of the mapping, then those it doesn't know in the order of the table, the whole last."""
    present = dict.fromkeys(ids)
    order = [id_ for id_ in known if id_ in present]
    rest = [id_ for id_ in present if id_ not in order]
    return tuple(sorted([*order, *rest], key=lambda id_: id_ == WHOLE))


def _adds_up(unit: str) -> bool:
    """Whether values of this unit can be added: euros can, euros per student, years and percentages can't."""
    return " per " not in unit and not unit.startswith("%") and unit not in ("jaar", "factor", "kans")


def _together(cells: Sequence[Value], *, adds_up: bool) -> Value:
    if any(isinstance(cell, str) for cell in cells):
        return UNKNOWN
    numbers = [cell for cell in cells if isinstance(cell, float)]
    if not numbers:
        return None
    total = math.fsum(numbers)
    return total if adds_up else total / len(numbers)


def _spread(key: tuple[str, str, str, str, str], values: Sequence[Value]) -> Spread:
    numbers = np.array([value for value in values if isinstance(value, float)], np.float64)
    texts = [value for value in values if isinstance(value, str)]
    unknown = sum(map(cannot_be_computed, texts))
    rest = (sum(value is None for value in values), unknown, len(texts) - unknown)
    if not numbers.size:
        return Spread(*key, 0, None, None, None, None, None, None, None, *rest)
    low, lower, median, upper, high = (float(one) for one in np.percentile(numbers, (0, 25, 50, 75, 100)))
    mean = math.fsum(numbers.tolist()) / numbers.size
    deviation = float(np.std(numbers, ddof=1)) if numbers.size > 1 else None
    return Spread(*key, int(numbers.size), low, lower, median, mean, upper, high, deviation, *rest)
