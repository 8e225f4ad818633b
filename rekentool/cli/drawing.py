"""How `leg-uit` looks on screen and as JSON: a tree of lines with box characters, a table of what is touched."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from rekentool.jobs.explain import Explanation, Node, Rest
from rekentool.jobs.figure import Figure
from rekentool.jobs.labels import euro_text, number_text
from rekentool.jobs.operand import Decision
from rekentool.jobs.touch import LATER, Touch, Touched
from rekentool.mapping.schema import Mapping
from rekentool.mapping.suggestion import excerpt
from rekentool.xlsx.cell import CellValue, ExcelError, split_address

#: Characters on a line, and as far as a tree goes to the right.
WIDTH, _DEEPEST = 110, 60
#: Cells with the beginning of an error that are named.
_ORIGINS = 8
#: Groups of a table, and lines in a group, on screen.
_GROUPS, _LINES = 10, 12
#: Between the parts of a label.
_BETWEEN = ", "
#: Characters of a formula, a source or a condition, and of all that is one line to a reader.
_LONG, _MOST = 300, 5_000


# -- the tree --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Line:
    """What a person reads as one: a cell, and the cells that only pass on their value up to it."""

    chain: tuple[Node, ...]

    @property
    def first(self) -> Node:
        return self.chain[0]

    @property
    def last(self) -> Node:
        return self.chain[-1]

    @property
    def sheet(self) -> str:
        return split_address(self.last.place)[0]


def _line(node: Node) -> _Line:
    """The node with those that it takes its value from, one behind the other."""
    chain = [node]
    while _passes(chain[-1]):
        chain.append(chain[-1].children[0])
    return _Line(tuple(chain))


def _passes(node: Node) -> bool:
    values = [child for child in node.children if child.role == "waarde"]
    return node.passes and len(values) == 1 and values[0].cells == 1


def tree_lines(explanation: Explanation, mapping: Mapping) -> Iterator[str]:
    """The whole explanation, line by line."""
    line = _line(explanation.top)
    yield from _wrapped(f"{line.first.label}: {_value(line.first)}", "", "")
    for text in _about(line, ""):
        yield from _wrapped(text, "   ", "   ")
    # The party and the case of the top are the same nearly everywhere below it: naming them once is enough.
    known = {*mapping.parties.values(), *mapping.cases.values()} & {*line.first.label.split(_BETWEEN)}
    yield from _branches(line, "", known)
    if explanation.origins:
        yield ""
        more = len(explanation.origins) - _ORIGINS
        named = "; ".join(explanation.origins[:_ORIGINS]) + (f"; en nog {more} cellen" if more > 0 else "")
        yield from _wrapped(f"De fout begint bij: {named}.", "", "")
    notes = list(_legend(explanation.top))
    if notes:
        yield ""
        yield from _wrapped(" ".join(notes), "", "")


def _branches(line: _Line, prefix: str, known: Set[str]) -> Iterator[str]:
    unused = [child for child in _children(line) if child.role == "niet gebruikt"]
    children = [child for child in _children(line) if child.role != "niet gebruikt"]
    rests = [] if line.last.rest is None else [_rest_text(line.last, line.last.rest)]
    if unused:
        rests.append("niet gebruikt: " + ", ".join(f"{_short(one.place, line.sheet)} ({one.label})" for one in unused))
    for place, child in enumerate(children):
        last = place == len(children) - 1 and not rests
        yield from _branch(_line(child), line.sheet, prefix, known, last=last)
    for place, text in enumerate(rests):
        last = place == len(rests) - 1
        yield from _wrapped(text, prefix + ("└─ " if last else "├─ "), prefix + ("   " if last else "│  "))


def _children(line: _Line) -> list[Node]:
    """What stands below a line: the branches of its last cell, and what decided that the ones before take its value."""
    passed = {node.place for node in line.chain}
    before = [
        child for node in line.chain[:-1] for child in node.children
        if child.place not in passed and child.role == "voorwaarde" and child.kind != "vaste waarde"
    ]  # fmt: skip
    return [*line.last.children, *before]


def _branch(line: _Line, sheet: str, prefix: str, known: Set[str], *, last: bool) -> Iterator[str]:
    node = line.first
    inner = prefix + ("   " if last else "│  ")
    weight = "voorwaarde" if node.role == "voorwaarde" else _percent(node.share, node.measure == "honderdste")
    head = f"{weight}  " if weight else ""
    label = _BETWEEN.join(part for part in node.label.split(_BETWEEN) if part not in known) or node.label
    yield from _wrapped(f"{head}{label}: {_value(node)}", prefix + ("└─ " if last else "├─ "), inner)
    below = bool(_children(line)) or line.last.rest is not None
    if len(prefix) >= _DEEPEST:
        inner = prefix
    bar = inner + ("│  " if below else "   ")
    for text in _about(line, sheet):
        yield from _wrapped(text, bar, bar)
    yield from _branches(line, inner, known)


def _about(line: _Line, sheet: str) -> Iterator[str]:
    """Where it stands, its formula or what it is; the choices that the formula makes; the source of a kengetal."""
    places = []
    for node in line.chain:
        places.append(_short(node.place, sheet))
        sheet = split_address(node.place)[0]
    end, where = line.last, " ← ".join(places)
    if end.kind == "bereik":
        yield f"{where}, {end.cells} cellen"
    elif end.kind in ("invoer", "kengetal"):
        yield f"{where}, {end.kind}{f' ({end.note})' if end.note else ''}"
    elif end.formula:
        yield f"{where} {excerpt(end.formula, _LONG)}"
    else:
        yield f"{where}, {end.kind}"
    decided = {child.place for child in _children(line)}
    for node in line.chain:
        if node is end or any(child.place in decided for child in node.children):
            yield from _decision_lines(node.decisions)
    if end.figure is not None:
        yield from _figure_lines(end.figure)
    if end.reason:
        yield f"niet gecontroleerd: {end.reason}"


def _decision_lines(decisions: Sequence[Decision]) -> Iterator[str]:
    """Each choice; what an IF takes is left out where that is the next IF."""
    for at, decision in enumerate(decisions):
        ahead = decisions[at + 1].asked if at + 1 < len(decisions) else ""
        taken = "" if ahead and ahead in decision.taken else decision.taken
        if decision.asked:
            arrow = f" → {excerpt(taken, _LONG)}" if taken else ""
            yield f"{decision.function}: {excerpt(decision.asked, _LONG)} is {decision.answer}{arrow}"
        else:
            yield f"{decision.function} kiest {excerpt(decision.taken, _LONG)}"


def _figure_lines(figure: Figure) -> Iterator[str]:
    if figure.own:
        yield "eigen waarde van dit werkboek; de meegeleverde geldt dan niet"
        return
    row = figure.row
    if row is None:
        yield (
            "bron onbekend: er is geen peildatum"
            if figure.day is None
            else (f"op of voor {figure.day:%d-%m-%Y} is geen waarde bekend")
        )
        return
    known = "geldig vanaf" if row.value is not None else "onbekend vanaf"
    when = f"{known} {row.valid_from:%d-%m-%Y} (peildatum {figure.day:%d-%m-%Y})"
    yield excerpt(f"{when}, {row.reliability}; bron: {row.source}", _LONG)
    if figure.differs:
        yield "let op: het werkboek rekent met een andere waarde dan die van deze bron"


def _value(node: Node) -> str:
    if node.kind == "bereik":
        return f"{node.cells} cellen"
    shown = f"{node.shown} ({node.unit})" if isinstance(node.value, ExcelError) and node.unit else node.shown
    seen = {"eerder": " (zie boven)", "dieper": " …"}.get(node.state, "")
    return f"{shown}{seen}"


def _rest_text(node: Node, rest: Rest) -> str:
    if rest.share is None:
        return f"en {rest.count} zonder fout"
    what = "kleinere cellen" if node.kind == "bereik" else "kleinere takken"
    return f"en {rest.count} {what} (samen {_percent(rest.share).strip()})"


def _percent(share: float | None, approximate: bool = False) -> str:
    if share is None:
        return ""
    text = "<1 %" if 0 < share < 0.005 else f"{share * 100:.0f} %"
    return f"{'±' if approximate else ''}{text}".rjust(5)


def _short(place: str, sheet: str) -> str:
    """The place without its sheet where that is the one that was named last."""
    own, cell = split_address(place)
    return cell if own == sheet else place


def _legend(top: Node) -> Iterator[str]:
    nodes = list(walk(top))
    if any(node.share is not None for node in nodes[1:]):
        yield (
            "% is het aandeel in de waarde erboven: wat daaraan verandert als alleen deze tak nul wordt, als deel van"
            " die veranderingen van alle takken samen."
        )
    if any(node.measure == "honderdste" for node in nodes[1:]):
        yield "± is gemeten met 1 % meer, waar nul niet kan."
    if any(node.rest is not None and node.rest.share is not None for node in nodes):
        yield "Takken onder 1 % van de bovenste uitkomst staan samen."
    if any(node.state == "dieper" for node in nodes):
        yield "… gaat dieper: kies een grotere --diepte, of vraag uitleg van die cel."


def walk(node: Node) -> Iterator[Node]:
    """A node and all below it."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += node.children[::-1]


def _wrapped(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        excerpt(text, _MOST), WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False,
        break_long_words=True, drop_whitespace=True, replace_whitespace=True,
    ) or [first.rstrip()]  # fmt: skip


# -- what is touched -------------------------------------------------------------------------------------------------


def touch_lines(touch: Touch, mapping: Mapping, headline: set[str]) -> Iterator[str]:
    """What one cell touches: a small table per party and case, the largest change first.

    ``headline`` are the places of the results that stand in every results table; the others are only counted.
    """
    yield from _wrapped(f"{touch.label}: {touch.shown}", "", "")
    yield f"   {touch.address}"
    for trial in touch.trials:
        if trial.name[0] in "+-" or trial.name == LATER:
            yield f"   {trial.name}: {trial.shown}"
    shown = [one for one in touch.results if str(one.address) in headline or one.check is not None] or touch.results
    groups: dict[str, list[Touched]] = {}
    for one in shown:
        groups.setdefault(_group(one, mapping), []).append(one)
    wide = max((len(text) for text in [*groups, *(f"  {_name(one)}" for one in shown)]), default=0)
    names = ["nu", *(f"bij {trial.name}" if trial.name[0] in "+-" else trial.name for trial in touch.trials)]
    for group, ones in list(groups.items())[:_GROUPS]:
        yield ""
        rows = [[_name(one), _amount(one.before, one.unit, one.shown_before), *_changes(one)] for one in ones[:_LINES]]
        widths = [max(len(row[column]) for row in [[group, *names], *rows]) for column in range(len(names) + 1)]
        widths[0] = wide
        for number, row in enumerate([[group, *names], *rows]):
            indent = "" if number == 0 else "  "
            cells = [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
            yield f"{(indent + row[0]).ljust(widths[0])}  {'  '.join(cells)}".rstrip()
        if len(ones) > _LINES:
            yield f"  en nog {len(ones) - _LINES}"
    yield ""
    yield from _wrapped(_totals(touch, len(shown), len(groups)), "", "")


def _totals(touch: Touch, shown: int, groups: int) -> str:
    changed = len(touch.results)
    texts = [f"Er hangen {touch.reached} uitkomsten en controles van deze cel af"]
    if touch.trials:
        texts.append(f"hiervan veranderen er {changed}")
        same = touch.reached - changed - touch.unchecked
        if same:
            texts.append(f"{same} nu niet")
    if touch.unchecked:
        texts.append(f"{touch.unchecked} zijn niet gecontroleerd")
    text = "; ".join(texts) + "."
    if groups > _GROUPS:
        text += f" Getoond zijn de {_GROUPS} groepen met de grootste verandering van {groups}."
    if changed > shown:
        text += f" De andere {changed - shown} (per regel en jaar) staan er met --json."
    return text


def _group(one: Touched, mapping: Mapping) -> str:
    if one.result is None:
        return "Controles"
    party = mapping.parties.get(one.result.partij, one.result.partij.capitalize())
    case = mapping.cases.get(one.result.geval, one.result.geval)
    return ", ".join(part for part in (party, case) if part) or "Uitkomsten"


def _name(one: Touched) -> str:
    if one.result is None:
        return one.label
    line = one.result.regel.replace("_", " ")
    year = f"jaar {one.result.jaar}" if one.result.jaar.isdigit() else ""
    return f"{line} {year}".rstrip()


def _changes(one: Touched) -> list[str]:
    """What each trial does to it: the difference, or where there is none in numbers what it becomes."""
    found = []
    for difference, after, shown in zip(one.differences, one.after, one.shown_after, strict=True):
        if difference is None:
            found.append("gelijk" if after == one.before else f"wordt {shown}")
        else:
            found.append(_signed(difference, one.unit))
    return found


def _signed(difference: float, unit: str) -> str:
    if not difference:
        return "gelijk"
    text = euro_text(difference) if unit.startswith("euro") else number_text(difference)
    return text if difference < 0 else f"+{text}"


def _amount(value: CellValue, unit: str, shown: str) -> str:
    return euro_text(value) if isinstance(value, float) and unit.startswith("euro") else shown


# -- JSON ------------------------------------------------------------------------------------------------------------


def tree_data(node: Node) -> dict[str, Any]:
    """A node and all below it, with Dutch keys."""
    return {
        "plaats": node.place, "cellen": node.cells, "label": node.label, "soort": node.kind,
        "waarde": plain(node.value), "getoond": node.shown, "eenheid": node.unit, "formule": node.formula,
        "rol": node.role, "aandeel": node.share, "effect": node.effect, "aandeel_uitkomst": node.top_share,
        "effect_uitkomst": node.top_effect, "gemeten": node.measure, "toelichting": node.note,
        "keuzes": [
            {"functie": one.function, "vraag": one.asked, "antwoord": one.answer, "neemt": one.taken}
            for one in node.decisions
        ],
        "kengetal": None if node.figure is None else _figure_data(node.figure),
        "niet_gecontroleerd": node.reason, "stand": node.state,
        "takken": [tree_data(child) for child in node.children],
        "overig": None if node.rest is None else _rest_data(node.rest),
    }  # fmt: skip


def _rest_data(rest: Rest) -> dict[str, Any]:
    return {"aantal": rest.count, "aandeel": rest.share, "aandeel_uitkomst": rest.top_share}


def _figure_data(figure: Figure) -> dict[str, Any]:
    row = figure.row
    data: dict[str, Any] = {"id": figure.id, "eigen_waarde": figure.own, "peildatum": figure.day}
    if row is not None:
        data |= {
            "geldig_vanaf": row.valid_from, "waarde": row.value, "bron": row.source, "url": row.url,
            "betrouwbaarheid": row.reliability, "opmerking": row.note, "wijkt_af": figure.differs,
        }  # fmt: skip
    return data


def touch_data(touch: Touch) -> dict[str, Any]:
    """What one cell touches, with Dutch keys."""
    return {
        "plaats": str(touch.address), "label": touch.label, "getoond": touch.shown,
        "veranderingen": [{"naam": one.name, "waarde": plain(one.value), "getoond": one.shown} for one in touch.trials],
        "bereikt": touch.reached, "veranderd": len(touch.results), "niet_gecontroleerd": touch.unchecked,
        "uitkomsten": [_touched_data(one) for one in touch.results],
    }  # fmt: skip


def _touched_data(one: Touched) -> dict[str, Any]:
    axes = {"geval": "", "partij": "", "regel": "", "jaar": ""}
    if one.result is not None:
        axes = {name: getattr(one.result, name) for name in axes}
    return {
        **axes, "controle": one.check.id if one.check else "", "cel": str(one.address), "label": one.label,
        "eenheid": one.unit, "waarde": plain(one.before), "wordt": [plain(after) for after in one.after],
        "verschil": list(one.differences),
    }  # fmt: skip


def plain(value: CellValue) -> float | str | bool | None:
    """A cell's value as JSON has it: an error by its name."""
    return str(value) if isinstance(value, ExcelError) else value
