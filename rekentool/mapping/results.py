"""The blocks ``resultaten`` and ``controles`` of a mapping: where results stand and what they are."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Collection, Mapping
from typing import cast

from rekentool.mapping.document import (
    Faults,
    Node,
    Section,
    Shape,
    check_id,
    children,
    items,
    text_of,
    words,
    wrong_type,
)
from rekentool.mapping.fields import check_repeats, unknown_word
from rekentool.mapping.schema import AXES, WHOLE, Axis, AxisName, Check, Output, Result, ResultRange
from rekentool.mapping.target import check_pattern, check_target, expand, folded

RESULT = Shape(
    required=("bereik",),
    optional=("kruis", "regels", "vast", "kolommen", "rijen", "eenheid", "eenheden", "uitvoer"),
)
CHECK = Shape(required=("verwacht",), optional=("naam", "cel", "label", "label_cel"))

#: A mapping with more results than this is a mistake in its axes.
MAX_CELLS = 200_000

_YEAR = re.compile(r"[1-9][0-9]{0,3}|totaal")


def read_results(
    nodes: Mapping[str, Node], cases: Collection[str], parties: Collection[str], faults: Faults
) -> tuple[Result, ...]:
    """The results under ``resultaten``, in order; those with faults are left out."""
    found: list[Result] = []
    seen: dict[tuple[str, ...], str] = {}
    for result_id, node in nodes.items():
        if check_id(result_id, node, faults):
            result = _ResultReader(result_id, Section(node, RESULT, faults), cases, parties, faults).read()
            if result is not None:
                _check_double(result, seen, node, faults)
                found.append(result)
    return tuple(found)


def read_checks(nodes: Mapping[str, Node], faults: Faults) -> tuple[Check, ...]:
    """The checks under ``controles``, in order; those with faults are left out."""
    found = []
    for check_id_, node in nodes.items():
        if not check_id(check_id_, node, faults):
            continue
        section = Section(node, CHECK, faults)
        place = section.get("cel") or section.get("naam")
        expected = section.get("verwacht")
        if "cel" in section and "naam" in section:
            faults.add("RK215", node, first="cel", second="naam")
        if place is None:
            faults.add("RK208", node, key="cel` of `naam")
        if expected is not None and (expected.value is None or isinstance(expected.value, list | dict)):
            wrong_type(expected, "de tekst of het getal dat de cel moet hebben", faults)
        target = text_of(place, faults) if place is not None else ""
        label_target = section.text("label_cel")
        for text, at in ((target, place), (label_target, section.get("label_cel"))):
            if text and at is not None and check_pattern(text, (), at, faults):
                check_target(text, at, faults, one_cell=True)
        if target and expected is not None and isinstance(expected.value, str | float | int):
            found.append(Check(check_id_, section.text("label") or check_id_, target, expected.value, label_target))
    return tuple(found)


def _check_double(result: Result, seen: dict[tuple[str, ...], str], node: Node, faults: Faults) -> None:
    """A row of the results table that two results would fill is a fault, named once for each pair of results."""
    for rectangle in result.ranges:
        for _, _, key in result.cells(rectangle):
            other = seen.setdefault(tuple(key.get(name, "") for name in AXES), result.id)
            if other != result.id:
                faults.add("RK219", node, row=_in_words(key), other=other)
                return


def _in_words(key: Mapping[AxisName, str]) -> str:
    return ", ".join(f"{name} {key[name]}" for name in AXES if name in key)


class _ResultReader:
    """Reads one block of ``resultaten``."""

    def __init__(
        self, result_id: str, section: Section, cases: Collection[str], parties: Collection[str], faults: Faults
    ) -> None:
        self._id = result_id
        self._section = section
        self._known: dict[AxisName, Collection[str]] = {"geval": cases, "partij": (*parties, WHOLE)}
        self._faults = faults

    def read(self) -> Result | None:
        """The result, or None when it has faults."""
        before = len(self._faults)
        section, faults = self._section, self._faults
        cross = [self._axis(name, node) for name, node in section.children("kruis").items()]
        lines = self._lines()
        fixed = {name: axis.members[0] for name, node in section.children("vast").items()
                 if (axis := self._axis(name, node, single=True)) is not None}
        rows, columns = self._along("rijen"), self._along("kolommen")
        axes = [axis for axis in cross if axis is not None]
        if len(faults) > before:
            return None
        given = [axis.name for axis in axes] + list(fixed) + [axis.name for axis in (rows, columns) if axis]
        given += ["partij", "regel"] if "regels" in section else []
        self._check_axes(given)
        size = math.prod(len(axis.members) for axis in (*axes, rows, columns) if axis) * max(1, len(lines))
        if size > MAX_CELLS:
            faults.add("RK238", section.node, size=size, limit=MAX_CELLS)
        units = self._units(self._line_ids(axes, lines, fixed, rows, columns))
        if len(faults) > before:
            return None
        ranges = self._ranges(axes, lines, cast("dict[AxisName, str]", fixed))
        if len(faults) > before:
            return None
        return Result(self._id, ranges, rows, columns, units, self._output())

    def _axis(self, name: str, node: Node, *, single: bool = False) -> Axis | None:
        faults = self._faults
        if name not in AXES:
            unknown_word("de as", name, AXES, node, faults)
            return None
        nodes = [node] if single else items(node, faults)
        members = [member for item in nodes if (member := self._member(name, item)) is not None]
        check_repeats(members, node, faults)
        return Axis(name, tuple(members)) if members else None

    def _member(self, name: AxisName, node: Node) -> str | None:
        if name == "jaar":
            text = str(node.value) if isinstance(node.value, int | str) and not isinstance(node.value, bool) else ""
            if not _YEAR.fullmatch(text):
                wrong_type(node, "een jaar (1, 2, …) of totaal", self._faults)
                return None
            return text
        text = text_of(node, self._faults)
        if not text:
            return None
        if name == "regel":
            return text if check_id(text, node, self._faults) else None
        return text if self._is_known(name, text, node) else None

    def _is_known(self, name: AxisName, text: str, node: Node) -> bool:
        known = self._known[name]
        if text in known:
            return True
        unknown_word("het geval" if name == "geval" else "de partij", text, known, node, self._faults)
        return False

    def _lines(self) -> list[tuple[str, str, str]]:
        """``regels`` as (party, line, label)."""
        found = []
        parties = self._section.children("regels")
        for party, node in parties.items():
            if self._is_known("partij", party, node):
                labels = words(children(node, self._faults), self._faults)
                found += [(party, line, label) for line, label in labels.items()]
            if node.value == {}:
                wrong_type(node, "de regels van deze partij met hun label", self._faults)
        return found

    def _along(self, key: str) -> Axis | None:
        nodes = self._section.children(key)
        if key in self._section and len(nodes) != 1:
            self._faults.add("RK240", self._section.node, key=key, count=len(nodes))
            return None
        for name, node in nodes.items():
            return self._axis(name, node)
        return None

    def _check_axes(self, given: list[str]) -> None:
        for name in dict.fromkeys(name for name in given if given.count(name) > 1):
            self._faults.add("RK218", self._section.node, axis=name)
        if "regel" not in given:
            self._faults.add("RK239", self._section.node)

    def _line_ids(
        self, axes: list[Axis], lines: list[tuple[str, str, str]], fixed: Mapping[str, str], *along: Axis | None
    ) -> list[str]:
        ids = [line for _, line, _ in lines] + ([fixed["regel"]] if "regel" in fixed else [])
        for axis in (*axes, *along):
            if axis is not None and axis.name == "regel":
                ids += axis.members
        return list(dict.fromkeys(ids))

    def _units(self, lines: list[str]) -> dict[str, str]:
        section, faults = self._section, self._faults
        if "eenheid" in section and "eenheden" in section:
            faults.add("RK215", section.node, first="eenheid", second="eenheden")
        if "eenheden" not in section:
            if "eenheid" not in section:
                faults.add("RK208", section.node, key="eenheid` of `eenheden")
            return dict.fromkeys(lines, section.text("eenheid"))
        units = {}
        nodes = section.children("eenheden")
        for line, node in nodes.items():
            if line in lines:
                units[line] = text_of(node, faults)
            else:
                unknown_word("de regel", line, lines, node, faults)
        for line in lines:
            if line not in nodes:
                faults.add("RK208", section.get("eenheden") or section.node, key=line)
        return units

    def _output(self) -> Output:
        node, word = self._section.get("uitvoer"), self._section.text("uitvoer")
        if node is not None and word and word not in ("altijd", "alle"):
            unknown_word("de uitvoer", word, ("altijd", "alle"), node, self._faults)
        return "alle" if word == "alle" else "altijd"

    def _ranges(
        self, axes: list[Axis], lines: list[tuple[str, str, str]], fixed: Mapping[AxisName, str]
    ) -> tuple[ResultRange, ...]:
        node = self._section.get("bereik")
        pattern = self._section.text("bereik")
        known = [axis.name for axis in axes] + (["partij", "regel"] if lines else []) + list(fixed)
        if node is None or not pattern or not check_pattern(pattern, known, node, self._faults):
            return ()
        found: list[ResultRange] = []
        targets: dict[str, str] = {}
        for members in itertools.product(*(axis.members for axis in axes)):
            crossed: dict[AxisName, str] = dict(fixed)
            crossed.update(zip((axis.name for axis in axes), members, strict=True))
            for party, line, label in lines or [("", "", "")]:
                shared: dict[AxisName, str] = {**crossed, "partij": party, "regel": line} if lines else crossed
                target = expand(pattern, cast("dict[str, str]", shared))
                if not check_target(target, node, self._faults, one_cell=False):
                    return ()
                if (first := targets.setdefault(folded(target), _in_words(shared))) != _in_words(shared):
                    self._faults.add("RK216", node, target=target, first=first, second=_in_words(shared))
                    return ()
                found.append(ResultRange(target, shared, label))
        return tuple(found)
