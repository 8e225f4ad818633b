"""The block ``historie`` of a mapping: its older versions, and what became of their fields.

Each version names its own mapping file and the steps to the version after it; the newest leads to the mapping itself.
So a new version adds one block and changes none. The keys of every step are fields of the *older* version, the own
values of kengetallen (``eigen_…``) among them. What no step names, kept its id.

The steps are read here with the mapping. Whether they agree with the older mapping is checked by `step_faults`, when
that file is opened: ordinary commands don't need it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from rekentool.mapping.document import Faults, Node, Section, Shape, check_id, children, text_of, wrong_type
from rekentool.mapping.fields import check_repeats, unknown_word
from rekentool.mapping.schema import NUMERIC, Field, Kind, OlderVersion, Split
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.messages import Finding, finding

HISTORY = Shape(required=("versie", "vingerafdrukken", "mapping"), optional=("stappen",))
STEPS = Shape(
    required=(),
    optional=(
        "hernoemd", "gevallen", "gesplitst", "vervallen", "andere_betekenis", "andere_eenheid", "andere_keuzes",
    ),
)  # fmt: skip
SPLIT = Shape(required=("naar", "hoe"))

_FINGERPRINT = re.compile(r"sha256:[0-9a-f]{64}")
_T = TypeVar("_T")

#: Kinds between which a value goes without a word: the same number, or the same text.
_ALIKE: tuple[frozenset[Kind], ...] = (
    frozenset({"getal", "geheel_getal", "bedrag"}),
    frozenset({"tekst", "keuze", "ja_nee"}),
)


def check_fingerprint(text: str, node: Node, faults: Faults) -> bool:
    """Whether a text is a fingerprint; RK247 otherwise."""
    if _FINGERPRINT.fullmatch(text):
        return True
    faults.add("RK247", node, found=excerpt(text))
    return False


def read_history(nodes: Mapping[str, Node], mapping: WorkbookMapping, faults: Faults) -> tuple[OlderVersion, ...]:
    """The versions under ``historie``, in the order of the file (newest first); those with faults may be incomplete.

    ``mapping`` is the mapping so far: the steps of the newest version lead to its fields.
    """
    found: list[OlderVersion] = []
    prints = [mapping.workbook.fingerprint] if mapping.workbook.fingerprint else []
    for version_id, node in nodes.items():
        if not check_id(version_id, node, faults):
            continue
        section = Section(node, HISTORY, faults)
        own = [text for item in section.items("vingerafdrukken") if (text := text_of(item, faults))
               and check_fingerprint(text, item, faults)]  # fmt: skip
        prints += own
        place = section.get("vingerafdrukken")
        if place is not None:
            check_repeats([text for text in prints if text in own], place, faults)
        steps = section.get("stappen")
        reader = _StepReader(Section(steps, STEPS, faults) if steps is not None else None, faults)
        version = reader.read(
            version_id, section.text("versie"), tuple(own), _mapping_path(section, mapping.path.parent, faults)
        )
        if not found and steps is not None:
            reader.check_new_words(mapping)
        found.append(version)
    return tuple(found)


def _mapping_path(section: Section, folder: Path, faults: Faults) -> Path:
    node, name = section.get("mapping"), section.text("mapping")
    if node is not None and Path(name).is_absolute():
        faults.add("RK243", node, path=excerpt(name))
    return folder / name


class _StepReader:
    """Reads the block ``stappen`` of one version."""

    def __init__(self, section: Section | None, faults: Faults) -> None:
        self._section = section
        self._faults = faults
        #: Where each new field was named, and each new case.
        self._new_fields: list[tuple[str, Node]] = []
        self._new_cases: list[tuple[str, Node]] = []

    def read(self, version_id: str, version: str, fingerprints: tuple[str, ...], mapping: Path) -> OlderVersion:
        """The version with its steps; steps that contradict each other are faults (RK215, RK820)."""
        renamed = self._each("hernoemd", self._new_id)
        cases = self._each("gevallen", self._new_case)
        split = self._each("gesplitst", self._split)
        dropped = self._each("vervallen", self._words)
        meanings = self._each("andere_betekenis", self._words)
        factors = self._each("andere_eenheid", self._factor)
        choices = self._each("andere_keuzes", self._choices)
        for first, second in (
            ("hernoemd", "gesplitst"), ("hernoemd", "vervallen"), ("gesplitst", "vervallen"),
            ("vervallen", "andere_betekenis"), ("vervallen", "andere_eenheid"), ("vervallen", "andere_keuzes"),
        ):  # fmt: skip
            nodes = self._nodes(second)
            for name in self._nodes(first):
                if name in nodes:
                    self._faults.add("RK215", nodes[name], first=first, second=second)
        self._check_arrivals()
        return OlderVersion(
            version_id, version, fingerprints, mapping, renamed, cases, split, dropped, meanings, factors, choices
        )

    def check_new_words(self, mapping: WorkbookMapping) -> None:
        """The steps of the newest version lead to fields and cases of the mapping itself."""
        fields = [field.id for field in mapping.fields]
        for what, known, named in (
            ("het veld", fields, self._new_fields),
            ("het geval", mapping.cases, self._new_cases),
        ):
            for word, node in named:
                if word not in known:
                    unknown_word(what, word, known, node, self._faults)

    def _nodes(self, key: str) -> dict[str, Node]:
        return self._section.children(key) if self._section is not None else {}

    def _each(self, key: str, read: Callable[[Node], _T | None]) -> dict[str, _T]:
        found = {}
        for name, node in self._nodes(key).items():
            if check_id(name, node, self._faults):
                value = read(node)
                if value is not None:
                    found[name] = value
        return found

    def _words(self, node: Node) -> str | None:
        return " ".join(text_of(node, self._faults).split()) or None

    def _new_id(self, node: Node) -> str | None:
        word = text_of(node, self._faults)
        if not word or not check_id(word, node, self._faults):
            return None
        self._new_fields.append((word, node))
        return word

    def _new_case(self, node: Node) -> str | None:
        word = text_of(node, self._faults)
        if not word or not check_id(word, node, self._faults):
            return None
        self._new_cases.append((word, node))
        return word

    def _factor(self, node: Node) -> float | None:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float) or value == 0:
            wrong_type(node, "een getal dat niet 0 is", self._faults)
            return None
        return float(value)

    def _split(self, node: Node) -> Split | None:
        section = Section(node, SPLIT, self._faults)
        target, how = section.get("naar"), section.text("hoe")
        if target is None:
            return None
        factors: dict[str, float] = {}
        if isinstance(target.value, dict) and target.value:
            for name, child in target.value.items():
                if check_id(name, child, self._faults):
                    self._new_fields.append((name, child))
                    factor = self._factor(child)
                    if factor is not None:
                        factors[name] = factor
        elif isinstance(target.value, list) and target.value:
            named = [word for item in target.value if (word := self._new_id(item)) is not None]
            check_repeats(named, target, self._faults)
            factors = dict.fromkeys(named, 1.0)
        else:
            wrong_type(target, "een lijst als [a, b], of een blok als {a: 0.5, b: 0.5}", self._faults)
        return Split(factors, how)

    def _choices(self, node: Node) -> dict[str, str] | None:
        found = {old: text_of(child, self._faults) for old, child in children(node, self._faults).items()}
        if node.value == {}:
            wrong_type(node, "een blok als {oude keuze: nieuwe keuze}", self._faults)
        return found

    def _check_arrivals(self) -> None:
        """Two old fields (or cases) can't arrive at one new one."""
        for named in (self._new_fields, self._new_cases):
            seen: dict[str, Node] = {}
            for word, node in named:
                first = seen.setdefault(word, node)
                if first is not node:
                    self._faults.add("RK820", node, nieuw=word, eerste=first.place, tweede=node.place)


def step_faults(version: OlderVersion, older: WorkbookMapping, newer: WorkbookMapping, file: str) -> list[Finding]:
    """What the steps of a version say that isn't so, or leave out: every fault, at its path in ``file``.

    RK211 for a field or case that the older or the newer mapping doesn't have; RK820 for a field that another one
    arrives at; RK821 for a field that is gone, has another unit or is of another kind while no step says so.
    """
    return list(_step_faults(version, older, newer, file))


def _step_faults(version: OlderVersion, older: WorkbookMapping, newer: WorkbookMapping, file: str) -> Iterator[Finding]:
    place = f"$.historie.{version.id}.stappen"
    old = {field.id: field for field in older.fields}
    new = {field.id: field for field in newer.fields}
    named = {
        "hernoemd": version.renamed, "gesplitst": version.split, "vervallen": version.dropped,
        "andere_betekenis": version.meanings, "andere_eenheid": version.factors, "andere_keuzes": version.choices,
    }  # fmt: skip
    for step, fields in named.items():
        for name in fields:
            if name not in old:
                yield _unknown(f"{place}.{step}.{name}", file, "het veld", name, old)
    for name in version.cases:
        if name not in older.cases:
            yield _unknown(f"{place}.gevallen.{name}", file, "het geval", name, older.cases)
    for name in version.cases.values():
        if name not in newer.cases:
            yield _unknown(f"{place}.gevallen", file, "het geval", name, newer.cases)
    arrived: dict[str, str] = {}
    for field in older.fields:
        if field.id in version.dropped:
            continue
        targets = targets_of(version, field.id)
        multiplied = version.factors.get(field.id, 1.0) != 1 or any(factor != 1 for factor in targets.values())
        if multiplied and field.kind not in NUMERIC:
            step = "gesplitst" if field.id in version.split else "andere_eenheid"
            facts = {"found": f"een factor bij {field.id} (soort {field.kind})", "expected": "een veld met een getal"}
            yield finding("RK209", f"{place}.{step}.{field.id}", file, **facts)
        for name in targets:
            if name in new:
                first = arrived.setdefault(name, field.id)
                if first != field.id:
                    yield finding("RK820", place, file, nieuw=name, eerste=first, tweede=field.id)
            elif name == field.id:
                yield _unsaid(place, file, version, field.id, "bestaat niet meer", "hernoemd, gesplitst of vervallen")
            else:
                yield _unknown(f"{place}.{_step_of(version, field.id)}.{field.id}", file, "het veld", name, new)
        if len(targets) == 1 and (name := next(iter(targets))) in new:
            yield from _changes(place, file, version, field, new[name])


def targets_of(version: OlderVersion, field_id: str) -> Mapping[str, float]:
    """The newer fields of one older field, each with the factor on its value; those of a dropped field don't count."""
    if field_id in version.split:
        return version.split[field_id].factors
    return {version.renamed.get(field_id, field_id): 1.0}


def _changes(place: str, file: str, version: OlderVersion, old: Field, new: Field) -> Iterator[Finding]:
    """Another unit or kind, which needs a step: a number in another unit would pass for the same number."""
    if old.id in version.factors or old.id in version.meanings:
        return
    steps = "andere_eenheid of andere_betekenis"
    if old.unit != new.unit:
        words = f"heeft de eenheid ‘{new.unit}’ in plaats van ‘{old.unit}’"
        yield _unsaid(place, file, version, old.id, words, steps)
    if old.kind != new.kind and not any(old.kind in alike and new.kind in alike for alike in _ALIKE):
        words = f"is van de soort {new.kind} in plaats van {old.kind}"
        yield _unsaid(place, file, version, old.id, words, steps)


def _step_of(version: OlderVersion, field_id: str) -> str:
    return "gesplitst" if field_id in version.split else "hernoemd"


def _unsaid(place: str, file: str, version: OlderVersion, field_id: str, what: str, steps: str) -> Finding:
    return finding("RK821", place, file, veld=field_id, versie=version.version, wat=what, stappen=steps)


def _unknown(place: str, file: str, what: str, word: str, known: Collection[str]) -> Finding:
    return finding(
        "RK211", place, file, what=what, word=excerpt(word), known=", ".join(known) or "niets", hint=hint(word, known)
    )
