"""What a regression came to: tallies by engine, the changed results, and where engines don't agree.

Cases are counted as they come; what is kept of a case is what differs in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from rekentool.engine.verdict import MONEY, Counts, Kind, Verdict
from rekentool.jobs.alteration import Alteration, alterations
from rekentool.jobs.cases import CaseKind
from rekentool.jobs.effect import tolerance_of
from rekentool.jobs.regression import JudgedCase, Pair, Regression
from rekentool.mapping.bind import ResultCell
from rekentool.mapping.values import cell_text
from rekentool.messages import CATALOGUE, EXIT_FINDINGS, EXIT_OK, EXIT_UNCHECKED, Finding, finding
from rekentool.xlsx.cell import Address, CellValue, ExcelError

#: The full table: one row per cell, engine and case, and one for every cell on which two engines don't agree.
TABLE = (
    "vraag", "regio", "motor", "blad", "cel", "geval", "partij", "regel", "jaar", "eenheid",
    "verwacht", "gevonden", "oordeel", "soort", "verschil", "reden", "formule_gewijzigd",
)  # fmt: skip
#: The columns of it that hold numbers, and what a blank in them means.
NUMBERS: dict[str, str | None] = {"verwacht": None, "gevonden": None, "verschil": None}
CANDIDATE, BETWEEN = "kandidaat", "motoren"
#: Disagreements and cells without a verdict that a report keeps of one pair or engine; the table has all.
_KEPT = 20
_KINDS = get_args(CaseKind)
#: Other cases in which effects are computed where there are no reference regions.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Line:
    """The tally of one engine against what is expected, or of one engine against another, over so many reference
    regions and draws, and the blank template or not."""

    name: str
    references: int
    blank: bool
    draws: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class ChangedResult:
    """A result of the candidate that isn't the expected one; ``before`` is expected. ``cell`` says which result it is,
    ``main`` whether every results table has it, or only one with all lines."""

    region: str
    kind: CaseKind
    cell: ResultCell
    main: bool
    address: Address
    before: CellValue
    after: CellValue

    @property
    def difference(self) -> float | None:
        """After less before, in the result's own unit; None where either isn't a number."""
        return _difference(self.before, self.after)

    @property
    def euro(self) -> bool:
        """Whether it is an amount of money."""
        return tolerance_of(self.cell) is MONEY


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A cell of the candidate on which two engines don't agree, with what each of them says."""

    region: str
    address: Address
    engines: Pair
    values: tuple[CellValue, CellValue]


@dataclass(frozen=True, slots=True)
class ChangedCheck:
    """One of the workbook's own checks that doesn't say what is expected, and in how many cases."""

    label: str
    address: Address
    cases: int


@dataclass(frozen=True)
class Report:
    """A whole run.

    ``engines`` and ``pairs`` are the tallies for the two questions. ``results`` are the changed results, as the first
    engine that knows them computes them: reference regions before others, what every results table has before other
    lines, the largest difference in euros first, then what is no number, then other units. ``cells`` counts the cells
    that differ in any case, ``regions`` the cases by kind in which one does. ``checks`` are the workbook's own checks
    that come out otherwise. ``alterations`` is what was changed in the candidate, with what each does by itself.
    ``incomplete``: something stood in the way of a case; the findings say what, and what there is to say of the
    candidate's file.
    """

    base: Path
    candidate: Path | None
    seed: int
    engines: tuple[Line, ...]
    pairs: tuple[Line, ...]
    absent: str
    results: tuple[ChangedResult, ...]
    cells: int
    regions: dict[CaseKind, int]
    cases: dict[CaseKind, int]
    disagreements: tuple[Disagreement, ...]
    checks: tuple[ChangedCheck, ...]
    alterations: tuple[Alteration, ...]
    incomplete: bool
    findings: tuple[Finding, ...]

    @property
    def differs(self) -> bool:
        """Whether the candidate differs from the base in any cell of any case."""
        return any(line.counts.different for line in self.engines)

    @property
    def agrees(self) -> bool | None:
        """Whether the engines agree wherever two could be compared; None where none could."""
        if any(line.counts.different for line in self.pairs):
            return False
        return True if any(line.counts.equal for line in self.pairs) else None

    @property
    def exit_code(self) -> int:
        """0 nothing differs and the engines agree, 1 something does, 4 not everything (or nothing) could be checked."""
        if self.differs or self.agrees is False:
            return EXIT_FINDINGS
        unchecked = any(line.counts.unchecked for line in (*self.engines, *self.pairs))
        checked = any(line.counts.equal for line in self.engines)
        return EXIT_UNCHECKED if unchecked or self.incomplete or not checked else EXIT_OK

    @property
    def outcome(self) -> str:
        """The exit code in words."""
        words = {EXIT_OK: "klopt", EXIT_FINDINGS: "verschilt"}
        return words.get(self.exit_code, "niet geheel te controleren")


class Tally:
    """Counts the cases of one run as they come."""

    def __init__(self, regression: Regression) -> None:
        self._regression = regression
        self._engines: dict[str, _Count] = {}
        self._pairs: dict[Pair, _Count] = {}
        self._results: list[ChangedResult] = []
        self._cells: set[tuple[bool, Address]] = set()
        self._regions: Counter[CaseKind] = Counter()
        self._cases: Counter[CaseKind] = Counter()
        self._disagreements: list[Disagreement] = []
        self._checks: Counter[Address] = Counter()

    def add(self, judged: JudgedCase) -> None:
        """Count one case."""
        kind = judged.case.kind
        self._cases[kind] += 1
        different: set[tuple[bool, Address]] = set()
        for name, judgement in judged.by_engine.items():
            self._engines.setdefault(name, _Count()).add(kind, judgement.verdicts)
            different.update(_places(judged, judgement.verdicts))
        self._cells |= different
        self._regions[kind] += bool(different)
        checks = self._regression.candidate.binding.checks.values()
        self._checks.update(address for address in checks if (False, address) in different)
        self._results += changed_results(self._regression, judged)
        for pair, judgement in judged.between.items():
            count = self._pairs.setdefault(pair, _Count())
            room = _KEPT - count.kinds.total()
            count.add(kind, judgement.verdicts)
            wrong = [verdict for verdict in judgement.verdicts if verdict.judgement == "anders"]
            self._disagreements += [
                Disagreement(judged.case.name, verdict.address, pair, (verdict.expected, verdict.actual))
                for verdict in wrong[: max(room, 0)]
            ]

    def report(self) -> Report:
        """What it all came to, with what each change of the candidate does by itself."""
        run = self._regression
        unchecked = [_unchecked(name, count, run) for name, count in self._engines.items() if count.unchecked]
        return Report(
            run.base.path.resolve(),
            None if run.itself else run.candidate.path,
            run.seed,
            tuple(count.line(name) for name, count in self._engines.items()),
            tuple(count.line(f"{first} tegen {second}") for (first, second), count in self._pairs.items()),
            run.absent,
            tuple(sorted(self._results, key=_order)),
            len(self._cells),
            {kind: self._regions[kind] for kind in self._cases},
            dict(self._cases),
            tuple(self._disagreements),
            tuple(
                ChangedCheck(check.label, address, self._checks[address])
                for check in run.candidate.mapping.checks
                if self._checks[address := run.candidate.binding.checks[check.id]]
            ),
            tuple(_alterations(run)),
            any(CATALOGUE[found.code].exit_code != EXIT_OK for found in run.findings),
            (*run.findings, *(() if run.itself else run.candidate.findings), *unchecked),
        )


def report_on(regression: Regression) -> Report:
    """Compute every case and report."""
    tally = Tally(regression)
    for judged in regression.run():
        tally.add(judged)
    return tally.report()


def changed_results(regression: Regression, judged: JudgedCase) -> Iterator[ChangedResult]:
    """The results of one case that aren't the expected ones, by the first engine that has a verdict on the cell."""
    labels, lost = regression.correspondence.labels, regression.correspondence.lost
    main_cells, main_lost = (
        {cell.address for cell in tool.binding.results()} for tool in (regression.candidate, regression.base)
    )
    seen: set[tuple[bool, Address]] = set()
    for judgement in judged.by_engine.values():
        for index, verdict in enumerate(judgement.verdicts):
            gone = index >= len(judgement.verdicts) - judged.gone
            label = (lost if gone else labels).get(verdict.address)
            if label is None or verdict.judgement == "niet gecontroleerd" or (gone, verdict.address) in seen:
                continue
            seen.add((gone, verdict.address))
            if verdict.judgement == "anders":
                case = judged.case
                main = label.address in (main_lost if gone else main_cells)
                yield ChangedResult(
                    case.name, case.kind, label, main, verdict.address, verdict.expected, verdict.actual
                )


def table_rows(regression: Regression, judged: JudgedCase) -> Iterator[tuple[str | float | None, ...]]:
    """The rows of the full table for one case."""
    correspondence = regression.correspondence
    region = judged.case.name
    for name, judgement in judged.by_engine.items():
        for index, verdict in enumerate(judgement.verdicts):
            gone = index >= len(judgement.verdicts) - judged.gone
            label = (correspondence.lost if gone else correspondence.labels).get(verdict.address)
            changed = gone or verdict.address in correspondence.changed
            yield _row(CANDIDATE, region, name, verdict, label, changed)
    for (first, second), judgement in judged.between.items():
        for verdict in judgement.verdicts:
            if verdict.judgement == "anders":
                label = correspondence.labels.get(verdict.address)
                changed = verdict.address in correspondence.changed
                yield _row(BETWEEN, region, f"{first} tegen {second}", verdict, label, changed)


def shown(value: CellValue) -> str | float | None:
    """A cell's value as a table has it: a number, a text, the name of an error, WAAR or ONWAAR."""
    if isinstance(value, bool | ExcelError):
        return cell_text(value)
    return value + 0.0 if isinstance(value, float) else value


class _Count:
    """The verdicts of one engine, or of two on one another."""

    def __init__(self) -> None:
        self.cases: Counter[CaseKind] = Counter()
        self.equal = self.unchecked = 0
        self.kinds: Counter[Kind] = Counter()
        self.unknown: dict[Address, str] = {}
        self.unknown_cases = 0

    def add(self, kind: CaseKind, verdicts: Sequence[Verdict]) -> None:
        self.cases[kind] += 1
        unknown = {}
        for verdict in verdicts:
            if verdict.judgement == "gelijk":
                self.equal += 1
            elif verdict.kind is not None:
                self.kinds[verdict.kind] += 1
            else:
                unknown[verdict.address] = verdict.reason
        self.unchecked += len(unknown)
        self.unknown_cases += bool(unknown)
        self.unknown = {**unknown, **self.unknown}

    def line(self, name: str) -> Line:
        counts = Counts(self.equal, self.kinds.total(), self.unchecked, dict(self.kinds))
        return Line(name, self.cases["referentie"], bool(self.cases["leeg"]), self.cases["trekking"], counts)


def _unchecked(name: str, count: _Count, run: Regression) -> Finding:
    """RK717 at the cell where it begins: one that isn't unknown because of another, if there is one."""
    begins = sorted(count.unknown.items(), key=lambda item: (item[1].endswith("(RK421)"), item[0]))
    address, reason = begins[0]
    number = count.unknown_cases
    cases = "één geval" if number == 1 else f"{number} gevallen"
    return finding(
        "RK717",
        str(address),
        str(run.candidate.path),
        motor=name,
        cellen=len(count.unknown),
        gevallen=cases,
        reden=reason,
    )


def _alterations(run: Regression) -> list[Alteration]:
    """Effects are told in the reference regions; without any, in the blank template and a few draws."""
    if run.itself:
        return []
    references = [case for case in run.cases if case.kind == "referentie"]
    return alterations(run.base, run.candidate, references or run.cases[:_FEW])


def _places(judged: JudgedCase, verdicts: Sequence[Verdict]) -> Iterator[tuple[bool, Address]]:
    """The cells that differ; one that is gone isn't the candidate's cell of that address."""
    for index, verdict in enumerate(verdicts):
        if verdict.judgement == "anders":
            yield index >= len(verdicts) - judged.gone, verdict.address


def _order(change: ChangedResult) -> tuple[int, bool, bool, bool, float]:
    difference = change.difference
    return _KINDS.index(change.kind), not change.main, not change.euro, difference is None, -abs(difference or 0.0)


def _difference(before: CellValue, after: CellValue) -> float | None:
    numbers = [value for value in (before, after) if isinstance(value, float)]
    return numbers[1] - numbers[0] if len(numbers) == 2 else None


def _row(
    question: str, region: str, engine: str, verdict: Verdict, label: ResultCell | None, changed: bool
) -> tuple[str | float | None, ...]:
    axes = label[:5] if label is not None else ("", "", "", "", "")
    return (
        question, region, engine, verdict.address.sheet, verdict.address.cell, *axes,
        shown(verdict.expected), shown(verdict.actual), verdict.judgement, verdict.kind or "",
        _difference(verdict.expected, verdict.actual), verdict.reason, "ja" if changed else "",
    )  # fmt: skip
