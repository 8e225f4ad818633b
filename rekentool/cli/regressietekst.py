"""What `regressie` shows on the screen: at most 25 lines, the two questions apart, amounts in Dutch notation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rekentool.jobs.alteration import Alteration
from rekentool.jobs.regressionreport import ChangedResult, Disagreement, Line, Report
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.xlsx.cell import CellValue

LINES = 25
#: The changed results that are shown.
TOP = 10
#: As many characters of a formula, and of a region's name.
_FORMULA, _NAME = 90, 28


def screen(report: Report) -> Iterator[str]:
    """The lines."""
    head = [_title(report), *_engines(report), _differs(report), *_checks(report), _agrees(report)]
    top = _top(report)
    yield from head
    yield from _alterations(report.alterations, LINES - len(head) - len(top))
    yield from top


def number(value: int) -> str:
    """``12.345``."""
    return f"{value:,}".replace(",", ".")


def amount(value: float, *, signed: bool = False) -> str:
    """``1.234,50``; with ``signed`` a plus before what is more than nothing."""
    text = f"{round(value, 2) + 0.0:{'+' if signed and round(value, 2) else ''},.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def _title(report: Report) -> str:
    what = report.base.name if report.candidate is None else f"{report.candidate} tegen {report.base.name}"
    return f"{what}: {report.outcome} (zaad {report.seed})"


def _engines(report: Report) -> Iterator[str]:
    width = max((len(line.name) for line in report.engines), default=0)
    for line in report.engines:
        yield f"   {line.name:<{width}}  {_extent(line)}: {_counts(line)}"
    if report.absent:
        yield f"   {report.absent}; die motor doet niet mee"


def _extent(line: Line) -> str:
    blank = ", leeg sjabloon" if line.blank else ""
    return f"{_regions(line.references)}{blank}, {_draws(line.draws)}"


def _regions(count: int) -> str:
    return "1 regio" if count == 1 else f"{number(count)} regio’s"


def _draws(count: int) -> str:
    return "1 trekking" if count == 1 else f"{number(count)} trekkingen"


def _counts(line: Line) -> str:
    counts = line.counts
    return (
        f"gelijk {number(counts.equal)} · anders {number(counts.different)}"
        f" · niet gecontroleerd {number(counts.unchecked)}"
    )


def _differs(report: Report) -> str:
    question = "Klopt het sjabloon met zijn referenties?" if report.candidate is None else "Verschilt de kandidaat?"
    yes, no = ("Ja", "Nee") if report.candidate is not None else ("Nee", "Ja")
    if not report.engines:
        return f"{question} Niet gecontroleerd."
    if not report.differs:
        unchecked = any(line.counts.unchecked for line in report.engines)
        return f"{question} {no}{', voor zover gecontroleerd' if unchecked else ''}."
    count = len({one.address for one in report.results})
    cells = "1 cel" if report.cells == 1 else f"{number(report.cells)} cellen"
    results = "1 uitkomst" if count == 1 else f"{number(count)} uitkomsten"
    where = []
    if "referentie" in report.cases:
        where.append(f"{number(report.regions['referentie'])} van {_regions(report.cases['referentie'])}")
    if report.regions.get("leeg"):
        where.append("leeg sjabloon")
    if "trekking" in report.cases:
        where.append(f"{number(report.regions['trekking'])} van {_draws(report.cases['trekking'])}")
    return f"{question} {yes}: {cells} ({results}); {', '.join(where)}."


def _checks(report: Report) -> list[str]:
    """The workbook's own checks that come out otherwise, on one line."""
    if not report.checks:
        return []
    cases = sum(report.cases.values())
    shown = [f"‘{excerpt(one.label, 30)}’ ({number(one.cases)} van {number(cases)})" for one in report.checks[:2]]
    rest = len(report.checks) - len(shown)
    more = f" en nog {rest}" if rest > 0 else ""
    return [f"   Eigen controles die iets anders zeggen: {', '.join(shown)}{more}"]


def _agrees(report: Report) -> str:
    question = "Zijn de motoren het eens?"
    if report.agrees is None:
        return f"{question} Niet gecontroleerd: er zijn er geen twee vergeleken."
    if report.agrees:
        unchecked = any(line.counts.unchecked for line in report.pairs)
        return f"{question} Ja{', voor zover gecontroleerd' if unchecked else ''}."
    wrong = sum(line.counts.different for line in report.pairs)
    first = report.disagreements[0]
    return f"{question} Nee, {number(wrong)} keer niet. De eerste: {_disagreement(first)}."


def _disagreement(one: Disagreement) -> str:
    said = ", ".join(f"{name} {_value(value)}" for name, value in zip(one.engines, one.values, strict=True))
    return f"{excerpt(one.region, _NAME)}, {one.address}: {said}"


def _alterations(found: Sequence[Alteration], room: int) -> Iterator[str]:
    if not found:
        return
    many = "1 wijziging" if len(found) == 1 else f"{number(len(found))} wijzigingen, elk op zichzelf doorgerekend"
    yield f"{many}:"
    fits = (room - 1) // 2
    shown = found if len(found) <= fits else found[: max(1, (room - 2) // 2)]
    for one in shown:
        what = "" if one.kind == "gewijzigd" else f" ({one.kind})"
        old, new = (excerpt(text or "(leeg)", _FORMULA) for text in (one.old, one.new))
        yield f"   {one.place}{what}: {old} → {new}"
        yield f"      {_effect(one)}"
    if len(shown) < len(found):
        yield f"   en nog {number(len(found) - len(shown))}; alle staan er met --json"


def _effect(one: Alteration) -> str:
    if one.unchecked:
        return f"niet gecontroleerd: {one.unchecked}"
    if not one.reached:
        return "raakt geen uitkomst"
    results = "1 uitkomst" if one.reached == 1 else f"{number(one.reached)} uitkomsten"
    unknown = f", {number(one.uncomputed)} niet gecontroleerd" if one.uncomputed else ""
    if one.largest is None:
        return f"raakt {results}; er verandert er geen{unknown}"
    text = f"raakt {results}, verandert er {number(one.changed)}{unknown}"
    cell, change = one.largest.result, one.largest
    where = " · ".join(
        part for part in (excerpt(one.region, _NAME), cell.geval, cell.partij, cell.regel, cell.jaar) if part
    )
    if change.difference is None:
        return f"{text}; {where}: {_value(change.before)} → {_value(change.after)}"
    return f"{text}; het meest {where}: {amount(change.difference, signed=True)} {cell.eenheid}"


def _top(report: Report) -> list[str]:
    """The largest changes; those of reference regions come before those of draws."""
    shown = [one for one in report.results if one.euro and one.difference is not None][:TOP]
    if not shown:
        shown = list(report.results[:TOP])
    if not shown:
        return []
    years = len({one.cell.jaar for one in shown}) > 1
    head = ["regio", "geval", "partij", "regel", *(["jaar"] if years else []), "oud", "nieuw", "verschil"]
    rows = [head, *(_cells(one, years) for one in shown)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    rest = len(report.results) - len(shown)
    title = (
        f"De grootste verschillen in uitkomsten ({number(len(shown))} van {number(len(report.results))})"
        if rest
        else ("De verschillen in uitkomsten")
    )
    return [
        f"{title}:",
        *(
            "   "
            + "  ".join(
                text.ljust(width) if column < len(head) - 3 else text.rjust(width)
                for column, (text, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ),
    ]


def _cells(one: ChangedResult, years: bool) -> list[str]:
    cell = one.cell
    difference = "" if one.difference is None else amount(one.difference, signed=True)
    place = [excerpt(one.region, _NAME), cell.geval, cell.partij, cell.regel, *([cell.jaar] if years else [])]
    return [*place, _value(one.before), _value(one.after), difference]


def _value(value: CellValue) -> str:
    if value is None:
        return "leeg"
    return amount(value) if isinstance(value, float) else excerpt(cell_text(value), 24)
