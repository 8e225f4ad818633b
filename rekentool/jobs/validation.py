"""Data validation compared by meaning: what may be typed into a cell, however the program that saved it wrote it down.

LibreOffice writes a second bound that nothing uses, Excel and openpyxl split and join the ranges of a rule, and a bound
may be ``0.2``, ``20%`` or ``=0.2``. What counts is what each cell accepts.
Source: ECMA-376 part 1, 18.3.1.32 and 18.18.18-22 (types, operators, styles).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rekentool.engine.parse import SyntaxProblem, parse, shape
from rekentool.engine.tree import Name, Number, Text, Tree, Unary
from rekentool.mapping.schema import NUMERIC, Field
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text, expected_value, format_bounds, serial_date
from rekentool.messages import Finding, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, cells_of, split_a1
from rekentool.xlsx.dates import date_serial
from rekentool.xlsx.ranges import shown
from rekentool.xlsx.reader import Workbook
from rekentool.xlsx.sheetpart import Validation

_KINDS = {
    "whole": "een geheel getal",
    "decimal": "een getal",
    "date": "een datum",
    "time": "een tijd",
    "textLength": "een tekst met een aantal tekens",
    "list": "een keuze uit",
    "custom": "wat voldoet aan",
}
#: In words; with two bounds, or with one.
_OPERATORS = {
    "between": "van {0} t/m {1}",
    "notBetween": "niet van {0} t/m {1}",
    "equal": "gelijk aan {0}",
    "notEqual": "ongelijk aan {0}",
    "greaterThan": "groter dan {0}",
    "lessThan": "kleiner dan {0}",
    "greaterThanOrEqual": "vanaf {0}",
    "lessThanOrEqual": "t/m {0}",
}
_TWO_BOUNDS = ("between", "notBetween")
_WITHOUT_OPERATOR = ("list", "custom")
#: As much of a list or formula as a message shows.
_LONGEST = 120


@dataclass(frozen=True)
class Rule:
    """What one validation lets through.

    ``text`` says it in Dutch. ``bounds`` are its literal bounds in order, None where one is a formula; ``choices`` the
    items of a list that is written out, None for another one. ``blocks`` is False when a wrong entry only gets a
    warning. Two rules are the same when they share a key.
    """

    text: str
    kind: str
    operator: str
    bounds: tuple[float | None, ...]
    choices: tuple[str, ...] | None
    source: str
    blocks: bool
    keys: frozenset[Hashable]

    def same(self, other: Rule) -> bool:
        """Whether both let the same through."""
        return not self.keys.isdisjoint(other.keys)


def rules(workbook: Workbook, cells: Collection[Address], *, moved: bool = False) -> dict[Address, Rule]:
    """The rule of each of these cells that has one; the first in the file where several hold.

    With ``moved`` formulas are compared without the cells that they refer to: for sheets whose rows have shifted.
    """
    by_sheet: dict[str, dict[tuple[int, int], Address]] = {}
    for address in cells:
        by_sheet.setdefault(address.sheet, {})[split_a1(address.cell)] = address
    found: dict[Address, Rule] = {}
    for sheet, wanted in by_sheet.items():
        for validation in workbook.validations.get(sheet, ()):
            if validation.type == "none":
                continue
            inside = [address for box in _boxes(validation.ranges) for address in _inside(box, wanted)]
            if inside:
                rule = _rule(validation, sheet, workbook.date1904, moved)
                for address in inside:
                    found.setdefault(address, rule)
    return found


def validation_findings(
    template: Workbook,
    workbook: Workbook,
    cells: Collection[Address],
    file: str,
    place: Callable[[Address], Address | None] = lambda address: address,
    *,
    moved: bool = False,
) -> list[Finding]:
    """RK540 and RK541: cells of the template whose validation is gone or another one in ``workbook``.

    ``cells`` are the template's; ``place`` says where each stands in the other workbook, None where it is gone.
    """
    mine = rules(template, cells, moved=moved)
    places = {address: there for address in mine if (there := place(address)) is not None}
    theirs = rules(workbook, places.values(), moved=moved)
    gone: dict[str, dict[Address, Rule]] = {}
    changed: dict[tuple[str, str, str], list[Address]] = {}
    for address, there in places.items():
        expected, found = mine[address], theirs.get(there)
        if found is None:
            gone.setdefault(there.sheet, {})[there] = expected
        elif not expected.same(found):
            changed.setdefault((there.sheet, expected.text, found.text), []).append(there)
    findings = []
    for lost in gone.values():
        texts = list(dict.fromkeys(rule.text for rule in lost.values()))
        wanted = texts[0] if len(texts) == 1 else f"{texts[0]}, en voor andere cellen {len(texts) - 1} andere regels"
        findings.append(finding("RK540", shown(lost), file, aantal=len(lost), regel=wanted))
    for (_, expected_text, found_text), where in changed.items():
        findings.append(finding("RK541", shown(where), file, staat=found_text, regel=expected_text))
    return findings


def mapping_findings(tool: Tool) -> list[Finding]:
    """RK560: fields of the mapping that allow what the validation of their cell in the template refuses.

    A validation that lets through more than the field is none of ours: the mapping is the stricter one then.
    """
    found = rules(tool.workbook, tool.binding.inputs.values())
    groups: dict[tuple[Field, str, str], list[Address]] = {}
    for (field_id, _), address in tool.binding.inputs.items():
        if address in found and found[address].blocks:
            field = tool.mapping.field(field_id)
            problem = _misfit(tool.workbook, field, found[address])
            if problem:
                groups.setdefault((field, found[address].text, problem), []).append(address)
    return [
        finding("RK560", shown(cells), str(tool.path), veld=field.id, regel=text, soort=problem)
        for (field, text, problem), cells in groups.items()
    ]


# -- what a validation says ------------------------------------------------------------------------------------------


def _rule(validation: Validation, sheet: str, date1904: bool, moved: bool) -> Rule:
    kind = validation.type
    blocks = validation.shows_error and validation.error_style == "stop"
    operator = "" if kind in _WITHOUT_OPERATOR else validation.operator
    formulas = [validation.formula1]
    if operator in _TWO_BOUNDS:
        formulas.append(validation.formula2)
    trees = [_tree(formula) for formula in formulas]
    bounds = tuple(_number(tree) for tree in trees)
    choices = _choices(trees[0]) if kind == "list" else None
    keys = set()
    for column, row in _anchors(validation.ranges):
        facts: list[Hashable] = [kind, operator, blocks]
        for formula, tree, bound in zip(formulas, trees, bounds, strict=True):
            if choices is not None:
                facts.append(choices)
            elif bound is not None:
                facts.append(bound)
            elif tree is None:
                facts.append(formula.replace(" ", "").casefold())
            else:
                facts.append(_seen(tree, sheet, column, row, moved))
        keys.add(tuple(facts))
    text = _words(kind, operator, formulas, bounds, choices, date1904)
    if not blocks:
        text += " (alleen een waarschuwing: andere invoer kan toch)"
    return Rule(text, kind, operator, bounds, choices, validation.formula1, blocks, frozenset(keys))


def _words(
    kind: str,
    operator: str,
    formulas: Iterable[str],
    bounds: Iterable[float | None],
    choices: tuple[str, ...] | None,
    date1904: bool,
) -> str:
    def bound(formula: str, number: float | None) -> str:
        if number is None:
            return excerpt(formula, _LONGEST)
        return _day(number, date1904) if kind == "date" else cell_text(number)

    what = _KINDS.get(kind, kind)
    parts = [bound(formula, number) for formula, number in zip(formulas, bounds, strict=True)]
    if kind == "list":
        return f"{what}: {excerpt(' / '.join(choices), _LONGEST) if choices is not None else parts[0]}"
    if kind == "custom":
        return f"{what}: {parts[0]}"
    return f"{what} " + _OPERATORS.get(operator, operator + " {0}").format(*parts)


def _day(serial: float, date1904: bool) -> str:
    try:
        day = serial_date(serial, date1904)
    except ValueError:
        return cell_text(serial)
    return f"{day.day}-{day.month}-{day.year}"


def _tree(formula: str) -> Tree | None:
    try:
        return parse(formula)
    except SyntaxProblem:
        return None


def _number(tree: Tree | None) -> float | None:
    """The number that a bound is, in whatever way it is written; None when it depends on a cell."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Unary) and tree.operator in "+-%":
        inner = _number(tree.operand)
        if inner is None:
            return None
        return {"+": inner, "-": -inner, "%": inner / 100}[tree.operator]
    return None


def _choices(tree: Tree | None) -> tuple[str, ...] | None:
    """The items of a list that is written out: ``"Ja, Nee"``."""
    return tuple(item.strip() for item in tree.value.split(",")) if isinstance(tree, Text) else None


def _seen(tree: Tree, sheet: str, column: int, row: int, moved: bool) -> Hashable:
    """A formula as seen from the first cell of its validation; with ``moved`` without the places it refers to."""
    parts: list[Hashable] = []
    seen = shape(tree, column, row)
    assert isinstance(seen, tuple)
    for part in seen:
        if isinstance(part, tuple) and len(part) == 6:  # a reference: its sheet, and where
            named = part[0].casefold() if isinstance(part[0], str) else sheet.casefold()
            parts.append((named,) if moved else (named, *part[1:]))
        else:
            parts.append(Name(part.name.casefold()) if isinstance(part, Name) else part)
    return tuple(parts)


# -- where it holds --------------------------------------------------------------------------------------------------

#: Left, top, right, bottom.
_Box = tuple[int, int, int, int]


def _boxes(ranges: Iterable[str]) -> list[_Box]:
    found = []
    for text in ranges:
        first, _, last = text.partition(":")
        try:
            (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
        except ValueError:
            continue  # no range: no program can apply this validation anywhere
        found.append((min(left, right), min(top, bottom), max(left, right), max(top, bottom)))
    return found


def _inside(box: _Box, cells: Mapping[tuple[int, int], Address]) -> list[Address]:
    left, top, right, bottom = box
    if (right - left + 1) * (bottom - top + 1) < len(cells):
        places = ((column, row) for row in range(top, bottom + 1) for column in range(left, right + 1))
        return [cells[place] for place in places if place in cells]
    return [address for (column, row), address in cells.items() if left <= column <= right and top <= row <= bottom]


def _anchors(ranges: Iterable[str]) -> set[tuple[int, int]]:
    """The cells from which a relative reference may count: the first of the first range, or of all together.

    The standard doesn't say which; programs differ once the ranges are in another order.
    """
    boxes = _boxes(ranges)
    if not boxes:
        return {(1, 1)}
    return {boxes[0][:2], (min(box[0] for box in boxes), min(box[1] for box in boxes))}


# -- the mapping -----------------------------------------------------------------------------------------------------


def _misfit(workbook: Workbook, field: Field, rule: Rule) -> str:
    """What the field allows and the rule refuses, or ""."""
    allowed = expected_value(field)
    if rule.kind == "list":
        return _outside_list(workbook, field, rule)
    if rule.kind == "custom" or (rule.kind == "textLength" and field.kind not in NUMERIC and field.kind != "datum"):
        return ""
    numbers = ("whole", "decimal") if field.kind == "geheel_getal" else ("decimal",)
    fitting = numbers if field.kind in NUMERIC else ("date", "decimal", "whole") if field.kind == "datum" else ()
    if rule.kind not in fitting:
        return allowed
    low, high = (_order(bound, workbook.date1904) for bound in (field.minimum, field.maximum))
    least, most = _span(rule)
    below = least is not None and low is not None and low < least
    above = most is not None and high is not None and high > most
    return format_bounds(field) if below or above else ""


def _outside_list(workbook: Workbook, field: Field, rule: Rule) -> str:
    if not field.choices:
        return expected_value(field)
    items = rule.choices
    if items is None:
        area = workbook.names.get(rule.source.lstrip("=")) or rule.source.lstrip("=")
        try:
            cells = [cell for row in cells_of(area) for cell in row]
        except ValueError:
            return ""  # computed by a formula: not known here
        items = tuple(cell_text(workbook.values.get(cell)) for cell in cells)
    outside = [choice for choice in field.choices if choice not in items]
    return " / ".join(outside)


def _order(bound: float | date | None, date1904: bool) -> float | None:
    return date_serial(bound, date1904) if isinstance(bound, date) else bound


def _span(rule: Rule) -> tuple[float | None, float | None]:
    """The lowest and highest number that the rule lets through, as far as it has such."""
    first = rule.bounds[0]
    if rule.operator == "between":
        return first, rule.bounds[1]
    if rule.operator in ("greaterThan", "greaterThanOrEqual"):
        return first, None
    return (None, first) if rule.operator in ("lessThan", "lessThanOrEqual") else (None, None)
