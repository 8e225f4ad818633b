"""`leg-uit --raakt`: which results one cell touches, and how strongly.

The cell gets another value while all else stays as it is, and what depends on it is computed anew: a number 1 % more
and 1 more (of a percentage: one point), a choice each other choice, Ja/Nee the other, a date the same day a year later.
Where that isn't allowed (more than the maximum) it goes down instead. A kengetal or a formula cell gets the value
instead of its formula's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rekentool.engine.precedents import Precedents
from rekentool.engine.vector import values as each_value
from rekentool.engine.verdict import DEFAULT, MONEY, Judgement, compare
from rekentool.jobs.explain import changed_findings, stored_findings
from rekentool.jobs.labels import Labels
from rekentool.jobs.place import find_place
from rekentool.jobs.read import FilledWorkbook, open_filled
from rekentool.mapping.bind import ResultCell
from rekentool.mapping.schema import NUMERIC, Check, Field
from rekentool.mapping.values import parse_cell, serial_date
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.dates import date_serial

#: The trial of a date.
LATER = "een jaar later"


@dataclass(frozen=True, slots=True)
class Trial:
    """Another value for the cell: ``name`` is the change in Dutch (``+1 %``, of a choice the other one), ``shown`` the
    value that it becomes."""

    name: str
    value: CellValue
    shown: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A result (or else a check) that at least one trial changes.

    ``after`` and ``differences`` are in the order of the trials; a difference is in the result's own unit, None where
    either value isn't a number.
    """

    result: ResultCell | None
    check: Check | None
    address: Address
    label: str
    unit: str
    before: CellValue
    after: tuple[CellValue, ...]
    differences: tuple[float | None, ...]
    shown_before: str
    shown_after: tuple[str, ...]

    @property
    def size(self) -> float:
        """The largest difference without its sign; endless for what becomes, or was, no number."""
        changed = [
            abs(difference) if difference is not None else float("inf")
            for difference, after in zip(self.differences, self.after, strict=True)
            if difference is not None or after != self.before
        ]
        return max(changed, default=0.0)


@dataclass(frozen=True, slots=True)
class Touch:
    """What one cell touches: ``results`` that change, the largest first (euros before other units).

    ``reached`` counts the results and checks that depend on the cell, ``unchecked`` those of them that can't be
    computed; the others of them don't change with these trials.
    """

    path: Path
    region: str
    address: Address
    label: str
    shown: str
    trials: tuple[Trial, ...]
    results: tuple[Touched, ...]
    reached: int
    unchecked: int
    findings: tuple[Finding, ...]


def touches(tool: Tool, path: Path, place: str) -> Touch:
    """What the cell ``place`` (see `place.find_place`) touches in this file.

    RekentoolError as `explain.explain`.
    """
    filled = open_filled(tool, path)
    labels = Labels(filled.tool)
    address = find_place(filled.tool, labels, place, str(path))
    value = filled.outcome.values.get(address, filled.workbook.values.get(address))
    if address in filled.outcome.unknown:
        value = None
    reached = _reached(filled, address)
    start, trials, obstacle = _trials(filled, labels, address, value) if reached else (value, [], "")
    findings = [*filled.findings, *changed_findings(filled), *stored_findings(filled, {address, *reached})]
    if not reached:
        findings.append(finding("RK727", str(address), str(path)))
    elif obstacle:
        findings.append(finding("RK726", str(address), str(path), reden=obstacle))
    results, unchecked = _computed(filled, labels, address, start, trials, reached)
    return Touch(
        path, filled.region, address, labels.of(address).text, labels.shown(address, value), tuple(trials),
        tuple(sorted(results, key=lambda one: (not one.unit.startswith("euro"), -one.size))), len(reached), unchecked,
        tuple(findings),
    )  # fmt: skip


def _reached(filled: FilledWorkbook, address: Address) -> dict[Address, ResultCell | Check]:
    """The results and checks that depend on the cell, also where it is one itself."""
    binding = filled.tool.binding
    after = {address} | Precedents(filled.workbook).dependants([address])
    found: dict[Address, ResultCell | Check] = {}
    for cell in binding.results("alle"):
        if cell.address in after:
            found.setdefault(cell.address, cell)
    for check in filled.tool.mapping.checks:
        if binding.checks[check.id] in after:
            found.setdefault(binding.checks[check.id], check)
    found.pop(address, None)
    return found


def _computed(
    filled: FilledWorkbook, labels: Labels, address: Address, start: CellValue, trials: list[Trial],
    reached: dict[Address, ResultCell | Check],
) -> tuple[list[Touched], int]:  # fmt: skip
    """What changes, and how many results can't be computed: all trials in one run."""
    if not trials or not reached:
        return [], sum(cell in filled.outcome.unknown for cell in reached)
    size = len(trials) + 1
    given = {address: [start, *(trial.value for trial in trials)]}
    computed = filled.tool.model.run(given, tuple(reached), size, instead=True)
    found = []
    for cell, vector in computed.items():
        what = reached[cell]
        before, *after = each_value(vector, size)
        unit = what.eenheid if isinstance(what, ResultCell) else ""
        tolerance = MONEY if unit.startswith("euro") else DEFAULT
        verdicts = [compare({cell: before}, {cell: one}, tolerance=tolerance)[0].judgement for one in after]
        if "anders" not in verdicts:
            continue
        differences = tuple(_difference(before, one, verdict) for one, verdict in zip(after, verdicts, strict=True))
        found.append(Touched(
            what if isinstance(what, ResultCell) else None, what if isinstance(what, Check) else None, cell,
            labels.of(cell).text, unit, before, tuple(after), differences, labels.shown(cell, before),
            tuple(labels.shown(cell, one) for one in after),
        ))  # fmt: skip
    return found, len(reached) - len(computed)


def _difference(before: CellValue, after: CellValue, verdict: Judgement) -> float | None:
    if not isinstance(before, float) or not isinstance(after, float):
        return None
    return after - before if verdict == "anders" else 0.0


# -- the trials ------------------------------------------------------------------------------------------------------


def _trials(
    filled: FilledWorkbook, labels: Labels, address: Address, value: CellValue
) -> tuple[CellValue, list[Trial], str]:
    """The value to start from, the other values to try, and else why there are none."""
    field = labels.field(address)
    if field is not None and value in (None, "") and field.own_of:
        # A blank means the shipped value: typing that one in changes nothing, so that is where to start.
        used = filled.tool.binding.used.get(field.own_of)
        value = None if used is None else filled.outcome.values.get(used)
    if address in filled.outcome.unknown:
        return value, [], f"de waarde van de cel zelf is niet bekend: {filled.outcome.unknown[address]}"
    if value in (None, ""):
        meaning = f" ({field.blank_meaning})" if field is not None and field.blank_meaning else ""
        return value, [], f"de cel is leeg{meaning}"
    if isinstance(value, ExcelError):
        return value, [], f"de cel is {value}"
    if field is not None:
        found = list(_of_field(filled, labels, address, field, value))
        why = "in een tekst valt niets te rekenen" if field.kind == "tekst" else "de cel heeft een waarde die niet mag"
        return value, found, "" if found else why
    if isinstance(value, bool):
        return value, [Trial("het omgekeerde", not value, labels.shown(address, not value))], ""
    if isinstance(value, str):
        return value, [], "in een tekst valt niets te rekenen"
    steps = _later(value, filled) if labels.is_date(address) else _steps(value, labels.is_fraction(address))
    return value, [Trial(name, new, labels.shown(address, new)) for name, new in steps if new is not None], ""


def _of_field(
    filled: FilledWorkbook, labels: Labels, address: Address, field: Field, value: CellValue
) -> Iterator[Trial]:
    date1904 = filled.workbook.date1904
    if field.choices:
        for choice in field.choices:
            if choice != value:
                yield Trial(choice, choice, labels.shown(address, choice))
        return
    if not isinstance(value, float):
        return
    if field.kind == "datum":
        for name, new in _later(value, filled):
            if new is not None and _allowed(field, new, date1904):
                yield Trial(name, new, labels.shown(address, new))
        return
    if field.kind not in NUMERIC:
        return
    for steps in zip(*(_steps(value, field.kind == "percentage", sign) for sign in (1, -1)), strict=True):
        for name, new in steps:
            if new is not None and _allowed(field, new, date1904):
                yield Trial(name, new, labels.shown(address, new))
                break


def _steps(value: float, fraction: bool, sign: int = 1) -> list[tuple[str, float | None]]:
    """1 % and 1 more (with sign −1: less); 1 % of nothing is no change."""
    mark = "+" if sign > 0 else "-"
    point = 0.01 if fraction else 1.0
    # To fifteen digits: 0.15 + 0.01 is 0.16, and a cell that is 12.12 holds that.
    return [
        (f"{mark}1 %", None if value == 0 else float(f"{value * (1 + sign * 0.01):.15g}")),
        (f"{mark}1 procentpunt" if fraction else f"{mark}1", float(f"{value + sign * point:.15g}")),
    ]


def _later(value: float, filled: FilledWorkbook) -> list[tuple[str, float | None]]:
    try:
        day = serial_date(value, filled.workbook.date1904)
        leap = day.month == 2 and day.day == 29
        later = day.replace(year=day.year + 1, day=28 if leap else day.day)
        return [(LATER, date_serial(later, filled.workbook.date1904))]
    except ValueError:
        return [(LATER, None)]


def _allowed(field: Field, value: float, date1904: bool) -> bool:
    """Whether the field may hold it."""
    try:
        return parse_cell(field, value, date1904=date1904) is not None
    except RekentoolError:
        return False
