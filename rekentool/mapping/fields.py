"""The block ``velden`` of a mapping: its inputs, with every bound and default checked."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from rekentool.mapping.document import Faults, Node, Section, Shape, check_id, children, items, text_of, wrong_type
from rekentool.mapping.schema import KINDS, NO, NUMERIC, YES, Field, Kind, Value
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.target import check_pattern, check_target, expand
from rekentool.mapping.values import check_value
from rekentool.messages import RekentoolError

FIELD = Shape(
    required=("groep", "label", "soort"),
    optional=("eenheid", "min", "max", "gevallen", "verplicht", "standaard", "leeg", "keuzes", "toelichting", "bron",
              "cel", "naam", "label_cel"),
)

_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a mapping that its fields may use, and the name patterns for fields without a place of their own."""

    cases: Mapping[str, str]
    groups: Mapping[str, str]
    single_name: str
    case_name: str
    label_column: str


def read_fields(nodes: Mapping[str, Node], words: Words, faults: Faults) -> tuple[Field, ...]:
    """The fields under ``velden``, in order; those with faults are left out or incomplete."""
    found = []
    for field_id, node in nodes.items():
        if not check_id(field_id, node, faults):
            continue
        field = _read_field(field_id, Section(node, FIELD, faults), words, faults)
        if field is not None:
            found.append(field)
    return tuple(found)


def read_kind(section: Section, allowed: Sequence[Kind], faults: Faults) -> Kind | None:
    """The ``soort`` of a block, when it is one of ``allowed``."""
    node = section.get("soort")
    word = section.text("soort")
    for kind in allowed:
        if kind == word:
            return kind
    if node is not None and word:
        unknown_word("de soort", word, allowed, node, faults)
    return None


def read_bounds(section: Section, kind: Kind, faults: Faults) -> tuple[float | date | None, float | date | None]:
    """``min`` and ``max`` of a block, typed; (None, None) when they contradict each other."""
    bounds: list[float | date | None] = []
    nodes = {key: section.get(key) for key in ("min", "max")}
    for key, node in nodes.items():
        if node is None:
            bounds.append(None)
            continue
        if kind not in NUMERIC and kind != "datum":
            faults.add("RK215", node, first=key, second=f"soort: {kind}")
            bounds.append(None)
            continue
        value = typed(kind, node, faults)
        bounds.append(value if not isinstance(value, str) else None)
    low, high = bounds
    if low is not None and high is not None and _above(low, high):
        faults.add("RK212", nodes["max"] or section.node, low=low, high=high)
        return None, None
    return low, high


def typed(kind: Kind, node: Node, faults: Faults) -> Value | None:
    """A value of the document as a value of ``kind``; a fault and None when its type is another."""
    value = node.value
    if kind in NUMERIC and isinstance(value, int | float) and not isinstance(value, bool):
        if kind != "geheel_getal":
            return float(value)
        if isinstance(value, int):
            return value
    if kind == "datum" and isinstance(value, str) and _ISO_DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    if kind not in NUMERIC and kind != "datum" and isinstance(value, str):
        return text_of(node, faults) or None
    wrong_type(node, _EXPECTED[kind], faults)
    return None


_EXPECTED: dict[Kind, str] = {
    "getal": "een getal als 12.5, met een punt en zonder aanhalingstekens",
    "bedrag": "een getal als 12.5, met een punt en zonder aanhalingstekens",
    "geheel_getal": "een geheel getal als 12, zonder punt en zonder aanhalingstekens",
    "percentage": "een percentage als fractie (15 % is 0.15), zonder aanhalingstekens",
    "datum": "een datum als 2026-08-01",
    "tekst": "tekst (een getal of datum als tekst tussen aanhalingstekens)",
    "keuze": "een van de keuzes (een getal tussen aanhalingstekens)",
    "ja_nee": "Ja of Nee",
}


def _above(low: float | date, high: float | date) -> bool:
    if isinstance(low, date) and isinstance(high, date):
        return low > high
    return not isinstance(low, date) and not isinstance(high, date) and low > high


def _read_field(field_id: str, section: Section, words: Words, faults: Faults) -> Field | None:
    group, label = section.text("groep"), section.text("label")
    _check_word("de groep", group, words.groups, section.get("groep"), faults)
    cases = _read_cases(section, words.cases, faults)
    blank_meaning = section.text("leeg")
    required = section.flag("verplicht", otherwise=not blank_meaning)
    if blank_meaning and required:
        faults.add("RK217", section.get("verplicht") or section.node)
    targets = _read_targets(field_id, section, cases, words, faults)
    label_target = section.text("label_cel")
    label_node = section.get("label_cel")
    if label_node is not None and label_target:
        check_target(label_target, label_node, faults, one_cell=True)
    kind = read_kind(section, KINDS, faults)
    if kind is None:
        return None
    low, high = read_bounds(section, kind, faults)
    field = Field(
        id=field_id, group=group, label=label, kind=kind, targets=targets, unit=section.text("eenheid"), minimum=low,
        maximum=high, choices=_read_choices(section, kind, faults), cases=cases, required=required,
        blank_meaning=blank_meaning, help=section.text("toelichting"), source=section.text("bron"),
        label_target=label_target, label_column=words.label_column,
    )
    return replace(field, defaults=_read_defaults(field, section, faults))


def _check_word(what: str, word: str, known: Mapping[str, str], node: Node | None, faults: Faults) -> bool:
    if word in known:
        return True
    if word and node is not None:
        unknown_word(what, word, known, node, faults)
    return False


def unknown_word(what: str, word: str, known: Collection[str], node: Node, faults: Faults) -> None:
    """Note a word that isn't one of ``known``, with the nearest."""
    listed = ", ".join(known) or "een woord uit een blok dat hier ontbreekt"
    faults.add("RK211", node, what=what, word=excerpt(word), known=listed, hint=hint(word, known))


def _read_cases(section: Section, known: Mapping[str, str], faults: Faults) -> tuple[str, ...]:
    node = section.get("gevallen")
    if node is None:
        return ()
    if node.value == "alle":
        if not known:
            unknown_word("het geval", "alle", known, node, faults)
        return tuple(known)
    if not isinstance(node.value, list):
        wrong_type(node, "`alle`, of een lijst als [bbl1, bbl2]", faults)
        return ()
    named = [text_of(item, faults) for item in items(node, faults)
             if _check_word("het geval", str(item.value), known, item, faults)]
    check_repeats(named, node, faults)
    return tuple(case for case in known if case in named)


def check_repeats(words: Sequence[str], node: Node, faults: Faults) -> None:
    """Note every word that a list holds more than once."""
    for word in dict.fromkeys(word for word in words if words.count(word) > 1):
        faults.add("RK210", node, word=excerpt(word))


def _read_choices(section: Section, kind: Kind, faults: Faults) -> tuple[str, ...]:
    node = section.get("keuzes")
    if kind == "ja_nee" and node is None:
        return (YES, NO)
    if kind != "keuze":
        if node is not None:
            faults.add("RK215", node, first="keuzes", second=f"soort: {kind}")
        return ()
    if node is None:
        faults.add("RK208", section.node, key="keuzes")
        return ()
    choices = tuple(text for item in items(node, faults) if (text := text_of(item, faults)))
    check_repeats([choice.casefold() for choice in choices], node, faults)
    return choices


def _read_targets(
    field_id: str, section: Section, cases: tuple[str, ...], words: Words, faults: Faults
) -> tuple[tuple[str | None, str], ...]:
    cell, name = section.get("cel"), section.get("naam")
    if cell is not None and name is not None:
        faults.add("RK215", name, first="cel", second="naam")
        return ()
    if cell is not None and isinstance(cell.value, dict):
        return _targets_per_case(children(cell, faults), cases, cell, faults)
    node = cell or name or section.node
    if cell is not None or name is not None:
        pattern = text_of(node, faults)
    else:
        pattern = words.case_name if cases else words.single_name
        if not pattern:
            faults.add("RK208", node, key="cel` of `naam")
    known = ("veld", "geval") if cases else ("veld",)
    if not pattern or not check_pattern(pattern, known, node, faults):
        return ()
    expanded = [(case, expand(pattern, {"veld": field_id, "geval": case or ""})) for case in cases or (None,)]
    sound = [check_target(target, node, faults, one_cell=True) for _, target in expanded]
    return tuple(expanded) if all(sound) else ()


def _targets_per_case(
    nodes: Mapping[str, Node], cases: tuple[str, ...], node: Node, faults: Faults
) -> tuple[tuple[str | None, str], ...]:
    found: dict[str, str] = {}
    for case, child in nodes.items():
        if _check_word("het geval", case, dict.fromkeys(cases, ""), child, faults):
            target = text_of(child, faults)
            if target and check_target(target, child, faults, one_cell=True):
                found[case] = target
    for case in cases:
        if case not in nodes:
            faults.add("RK208", node, key=case)
    return tuple((case, found[case]) for case in cases if case in found)


def _read_defaults(field: Field, section: Section, faults: Faults) -> dict[str | None, Value]:
    node = section.get("standaard")
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        value = _default(field, node, faults)
        return {} if value is None else dict.fromkeys(field.cases or (None,), value)
    defaults: dict[str | None, Value] = {}
    for case, child in children(node, faults).items():
        if _check_word("het geval", case, dict.fromkeys(field.cases, ""), child, faults):
            value = _default(field, child, faults)
            if value is not None:
                defaults[case] = value
    return defaults


def _default(field: Field, node: Node, faults: Faults) -> Value | None:
    value = typed(field.kind, node, faults)
    if value is None or (field.kind == "keuze" and not field.choices):
        return None
    try:
        return check_value(field, value)
    except RekentoolError as error:
        for found in error.findings:
            faults.add("RK213", node, found=found.found, expected=found.expected)
        return None
