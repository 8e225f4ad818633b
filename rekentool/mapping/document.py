"""A mapping file as a tree of nodes with paths and lines, and the collecting of every fault in it.

The YAML is read from PyYAML's event stream, never through a constructor, so that what a plain word means is decided
here and not by YAML 1.1:

- ``true`` and ``false`` are booleans; ``ja``, ``nee``, ``yes``, ``no``, ``on``, ``off`` are text;
- ``12``, ``-3``, ``0.15``, ``.5`` are numbers (decimal, with a point); ``010``, ``1_000``, ``1:30``, ``0x1F``, ``1e3``
  and ``.inf`` are text, and so refused where a number is meant;
- ``2026-08-01`` is text, read as a date only where a date is meant;
- ``~``, ``null`` and nothing at all are empty; a key is always text.

Anchors, aliases, tags, merge keys and a second document are refused; depth and size have a limit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.textfile import read_bytes
from rekentool.messages import Finding, RekentoolError, finding, refuse

#: The rekentool's own mapping is some 60 kB.
MAX_BYTES = 2_000_000
MAX_DEPTH = 12

Scalar = str | int | float | bool | None

#: libyaml is some ten times as fast; PyYAML falls back on its own parser where it was built without.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: Sorts the findings about other files behind those of every line.
_LAST = MAX_BYTES + 1

_EMPTY = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})?\.[0-9]{1,40}")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the document with its path (``$.velden.regio_naam.label``) and the line it stands on."""

    path: str
    line: int
    value: Scalar | list[Node] | dict[str, Node]

    @property
    def place(self) -> str:
        """Where a finding about this node is."""
        return f"{self.path} (regel {self.line})"

    def plain(self) -> Any:
        """The node as plain Python values, e.g. for a JSON Schema validator."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def described(self) -> str:
        """What this node holds, in words for a message."""
        match self.value:
            case dict():
                return "een blok met sleutels" if self.value else "een leeg blok"
            case list():
                return "een lijst" if self.value else "een lege lijst"
            case None:
                return "niets"
            case bool():
                return str(self.value).lower()
            case int() | float():
                return f"het getal {self.value}"
            case _:
                return f'de tekst "{excerpt(self.value)}"'


class Faults:
    """Everything wrong with one mapping, gathered so that it can be reported at once, in the order of the file.

    The same finding twice counts as one: a value may be looked at from two sides.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[Finding, int] = {}

    def __len__(self) -> int:
        return len(self._found)

    def add(self, code: str, node: Node, **facts: object) -> None:
        """Note the finding ``code`` at ``node``."""
        self._found.setdefault(finding(code, node.place, self.file, **facts), node.line)

    def add_elsewhere(self, code: str, place: str, file: str, **facts: object) -> None:
        """Note a finding in another file that the mapping names; these come last."""
        self._found.setdefault(finding(code, place, file, **facts), _LAST)

    def include(self, error: RekentoolError) -> None:
        """Take over the findings of a refusal about another file."""
        self._found.update(dict.fromkeys(error.findings, _LAST))

    def raise_if_any(self) -> None:
        """Raise RekentoolError with all findings, when there are any."""
        if self._found:
            raise RekentoolError(sorted(self._found, key=self._found.__getitem__))


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys that one kind of block may have."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys, the required ones first."""
        return self.required + self.optional


class Section:
    """One block of the document, read key by key. A value of the wrong type becomes a fault and reads as absent."""

    def __init__(self, node: Node, shape: Shape, faults: Faults) -> None:
        self.node = node
        self._faults = faults
        self._children = children(node, faults)
        for key, child in self._children.items():
            if key not in shape.keys:
                faults.add("RK207", child, key=excerpt(key), keys=", ".join(shape.keys), hint=hint(key, shape.keys))
        if isinstance(node.value, dict):
            for key in shape.required:
                if key not in self._children:
                    faults.add("RK208", node, key=key)

    def __contains__(self, key: str) -> bool:
        return key in self._children

    def get(self, key: str) -> Node | None:
        """The node of a key, or None where the key is absent."""
        return self._children.get(key)

    def text(self, key: str) -> str:
        """The text of a key on one line, or "" where it is absent or no text."""
        node = self.get(key)
        return " ".join(text_of(node, self._faults).split()) if node is not None else ""

    def flag(self, key: str, otherwise: bool) -> bool:
        """The boolean of a key, or ``otherwise``."""
        node = self.get(key)
        if node is None:
            return otherwise
        if not isinstance(node.value, bool):
            wrong_type(node, "true of false, zonder aanhalingstekens", self._faults)
            return otherwise
        return node.value

    def children(self, key: str) -> dict[str, Node]:
        """The block under a key, or nothing."""
        node = self.get(key)
        return children(node, self._faults) if node is not None else {}

    def items(self, key: str) -> list[Node]:
        """The list under a key, or nothing."""
        node = self.get(key)
        return items(node, self._faults) if node is not None else []


def children(node: Node, faults: Faults) -> dict[str, Node]:
    """The keys of a block; a fault and nothing when it is something else."""
    if isinstance(node.value, dict):
        return node.value
    wrong_type(node, "een ingesprongen blok van regels als `sleutel: waarde`", faults)
    return {}


def items(node: Node, faults: Faults) -> list[Node]:
    """The entries of a list; a fault and nothing when it is something else or empty."""
    if isinstance(node.value, list) and node.value:
        return node.value
    wrong_type(node, "een lijst als [a, b]", faults)
    return []


def text_of(node: Node, faults: Faults) -> str:
    """The text of a node; a fault and "" when it is something else, empty, or holds control characters."""
    if not isinstance(node.value, str):
        wrong_type(node, "tekst (een getal of datum als tekst tussen aanhalingstekens)", faults)
        return ""
    text = node.value.strip()
    if not text:
        wrong_type(node, "een tekst met inhoud", faults)
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in text):
        faults.add("RK227", node, text=excerpt(text))
        return ""
    return text


def wrong_type(node: Node, expected: str, faults: Faults) -> None:
    """Note that a node holds something else than it should."""
    faults.add("RK209", node, found=node.described(), expected=expected)


def read_document(path: Path, faults: Faults) -> Node:
    """The file as a tree; doubled keys go to ``faults`` (the first one counts).

    Raises RekentoolError for what leaves no tree to look at: RK201 (can't be read), RK202 (too large), RK203 (no
    UTF-8), RK204 (no YAML), RK206 (a construction that isn't accepted).
    """
    data = read_bytes(path, MAX_BYTES, unreadable="RK201", too_large="RK202")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse("RK203", f"regel {line}", str(path)) from None
    composer = _Composer(yaml.parse(text, Loader=_LOADER), faults)
    try:
        return composer.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f"regel {mark.line + 1}, kolom {mark.column + 1}" if mark else ""
        raise refuse("RK204", place, str(path), reason=error.problem or error.context or "onbekend") from None
    except yaml.YAMLError as error:
        raise refuse("RK204", "", str(path), reason=excerpt(str(error), 120)) from None


class _Composer:
    """Builds the tree from PyYAML's events."""

    def __init__(self, events: Iterator[Any], faults: Faults) -> None:
        self._events = events
        self._faults = faults

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent | yaml.StreamStartEvent | yaml.StreamEndEvent):
                continue
            if isinstance(event, yaml.DocumentEndEvent):
                continue
            if root is not None:
                self._refuse(event, "een tweede document (`---`)")
            root = self._node(event, "$", 1)
        if root is None:
            raise refuse("RK204", "", self._faults.file, reason="het bestand is leeg")
        return root

    def _node(self, event: Any, path: str, depth: int) -> Node:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, f"een verwijzing (`*{excerpt(event.anchor or '')}`)")
        if event.anchor is not None:
            self._refuse(event, f"een anker (`&{excerpt(event.anchor)}`)")
        if event.tag is not None:
            self._refuse(event, f"een typeaanduiding (`{excerpt(event.tag)}`)")
        if depth > MAX_DEPTH:
            self._refuse(event, f"meer dan {MAX_DEPTH} niveaus diep")
        if isinstance(event, yaml.ScalarEvent):
            return Node(path, line, _scalar(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(path, line, self._list(path, depth))
        return Node(path, line, self._block(path, depth))

    def _list(self, path: str, depth: int) -> list[Node]:
        nodes: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            nodes.append(self._node(event, f"{path}[{len(nodes)}]", depth + 1))
        return nodes

    def _block(self, path: str, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
                self._refuse(event, "een sleutel die geen gewone tekst is")
            key = event.value
            if key == "<<":
                self._refuse(event, "een samenvoeging (`<<`)")
            step = f".{key}" if _PLAIN_KEY.fullmatch(key) else f"['{excerpt(key)}']"
            child = self._node(next(self._events), path + step, depth + 1)
            # The key's own line: a value may start on the next one.
            child = Node(child.path, _line(event), child.value)
            if key in nodes:
                self._faults.add("RK205", child, key=excerpt(key), first=nodes[key].line)
            else:
                nodes[key] = child
        return nodes

    def _refuse(self, event: Any, construct: str) -> NoReturn:
        raise refuse("RK206", f"regel {_line(event)}", self._faults.file, construct=construct)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: yaml.ScalarEvent) -> Scalar:
    """What a scalar means: quoted and block scalars are text, a plain one is read as the module's docstring says."""
    text: str = event.value
    if not event.implicit[0]:
        return text
    if text in _EMPTY:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text


def words(nodes: Mapping[str, Node], faults: Faults) -> dict[str, str]:
    """A block of ``id: label``, each id a snake_case word."""
    found = {}
    for key, node in nodes.items():
        if check_id(key, node, faults):
            found[key] = " ".join(text_of(node, faults).split())
    return found


_ID = re.compile(r"[a-z][a-z0-9_]*")


def check_id(key: str, node: Node, faults: Faults) -> bool:
    """Whether ``key`` is a word that can be an id; a fault otherwise."""
    if _ID.fullmatch(key):
        return True
    faults.add("RK226", node, word=excerpt(key))
    return False
