"""Relations between the parts of a workbook, and the parts and targets that a workbook from others may not have.

A part is known by four things that can each lie: its path, its content type, the relation that points at it and its
root element. Any one of them is enough to refuse it, since readers go by different ones: Excel by the relation,
openpyxl by content type or path. Sources: ECMA-376 parts 1 and 2; MS-OFFMACRO2, MS-CUSTOMUI, MS-OWEXML, MS-XLSX.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from rekentool.messages import Finding, finding
from rekentool.xlsx.membername import shown

Facts = list[tuple[str, dict[str, str]]]

_SCHEME = re.compile(r"^([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"^https?://[^/\\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rule:
    """How to recognise one kind of active content; all words in lower case.

    ``paths`` are beginnings of member names, ``types`` pieces of content types, ``relations`` last words of relation
    types, ``roots`` names of root elements.
    """

    code: str
    paths: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()


#: Documents that can stand inside a workbook as a part of it.
_EMBEDDED_TYPES = tuple(
    f"application/vnd.openxmlformats-officedocument.{kind}"
    for kind in ("spreadsheetml.sheet", "wordprocessingml.document", "presentationml.presentation", "package")
)
RULES = (
    Rule("RK140", ("xl/vbaproject", "xl/vbadata"), ("vbaproject",), ("vbaproject", "vbaprojectsignature")),
    Rule(
        "RK141",
        ("xl/macrosheets/", "xl/dialogsheets/"),
        ("macrosheet", "dialogsheet"),
        ("xlmacrosheet", "xlintlmacrosheet", "dialogsheet"),
        ("macrosheet", "dialogsheet"),
    ),
    Rule("RK142", ("xl/externallinks/",), ("externallink",), ("externallink",), ("externallink",)),
    Rule(
        "RK147",
        ("xl/embeddings/",),
        ("oleobject",),
        ("oleobject", "package"),
    ),
    Rule("RK148", ("xl/activex/",), ("activex",), ("activexcontrolbinary", "control"), ("ocx",)),
    Rule(
        "RK149",
        ("xl/connections.xml", "xl/querytables/", "xl/model/", "xl/customdata/"),
        ("connections+xml", "querytable+xml", "model+data", "powerpivot"),
        ("connections", "querytable", "powerpivotdata", "customdata"),
        ("connections", "querytable", "datamashup"),
    ),
    Rule(
        "RK150",
        ("customui/", "usercustomization/", "xl/attachedtoolbars"),
        ("attachedtoolbars",),
        ("extensibility", "usercustomization", "attachedtoolbars"),
        ("customui",),
    ),
    Rule("RK151", ("xl/webextensions/",), ("webextension",), ("webextension", "webextensiontaskpanes"),
         ("webextension", "taskpanes")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """One line of a ``.rels`` part. ``part`` is the member name it points at, in lower case; empty when external."""

    source: str
    id: str
    type: str
    target: str
    external: bool
    part: str

    @property
    def kind(self) -> str:
        """The last word of the type, which the transitional and the strict form share, in lower case."""
        return self.type.rpartition("/")[2].casefold()


def read_relations(rels_part: str, facts: Facts) -> Iterator[Relation]:
    """The relations in one part: of ``xl/_rels/workbook.xml.rels`` the source is ``xl/workbook.xml``.

    Those of ``_rels/.rels`` have the empty source: they belong to the package as a whole.
    """
    folder, _, name = rels_part.rpartition("_rels/")
    source = folder + name.removesuffix(".rels")
    for element, values in facts:
        if element == "Relationship":
            target = values.get("Target", "")
            external = values.get("TargetMode", "").casefold() == "external"
            part = "" if external else posixpath.normpath("/" + posixpath.join(folder, unquote(target)))
            yield Relation(
                source, values.get("Id", ""), values.get("Type", ""), target, external, part.lstrip("/").casefold()
            )


def codes_of_path(name: str) -> Iterator[str]:
    """The codes of the rules that this member's path falls under."""
    folded = name.casefold()
    return (rule.code for rule in RULES if folded.startswith(rule.paths or "\0"))


def codes_of_type(content_type: str) -> Iterator[str]:
    """The codes of the rules that this content type falls under."""
    folded = content_type.casefold()
    if folded in _EMBEDDED_TYPES:
        yield "RK147"
    yield from (rule.code for rule in RULES if any(piece in folded for piece in rule.types))


def codes_of_relation(relation: Relation) -> Iterator[str]:
    """The codes of the rules that this relation falls under."""
    return (rule.code for rule in RULES if relation.kind in rule.relations)


def codes_of_root(root: str) -> Iterator[str]:
    """The codes of the rules that a part with this root element falls under."""
    return (rule.code for rule in RULES if root.casefold() in rule.roots)


def target_fault(relation: Relation) -> Finding | None:
    """RK143 for something fetched from outside, RK144 for a link that is no web or mail address, RK153 see below."""
    target = relation.target.strip()
    place = f"{shown(relation.source) or 'het pakket'}, relatie {shown(relation.id)}"
    if relation.external and relation.kind == "hyperlink":
        scheme = _SCHEME.match(target)
        plain = not target or target.startswith("#") or _WEB.match(target) or (scheme and scheme[1].lower() == "mailto")
        if plain:
            return None
        return finding("RK153" if _is_neighbour(target) else "RK144", place, doel=shown(target))
    if relation.external or _SCHEME.match(target) or target.startswith(("\\", "//")):
        return finding("RK143", place, doel=shown(target), soort=shown(relation.kind))
    return None


def _is_neighbour(target: str) -> bool:
    """Whether a link leads to a workbook by a relative path.

    LibreOffice 7.4 turns a link ``#'Blad'!A1`` into one to the workbook's own file, which must not make our own tool
    unacceptable once it was saved there. It opens only when clicked, and only from where the file stands.
    """
    relative = not _SCHEME.match(target) and not target.startswith(("/", "\\"))
    return relative and "\\" not in target and target.casefold().endswith((".xlsx", ".ods"))
