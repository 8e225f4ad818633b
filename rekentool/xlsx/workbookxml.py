"""The workbook part and the relationships around it: which part is which sheet, the date system, recalculation."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from rekentool.messages import refuse
from rekentool.xlsx.package import Package
from rekentool.xlsx.partxml import MAIN_NAMESPACES, PartText, elements, tag_at, walk, walker

_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT_ID = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
_TRUE = ("1", "true")
# CT_Workbook's order (ECMA-376 part 1, 18.2.27): what comes after calcPr.
_AFTER_CALC = frozenset(
    ("oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship of a part; ``kind`` is the last word of its type, ``target`` a part name or None when outside."""

    id: str
    kind: str
    target: str | None


def relationships(package: Package, part: str) -> list[Relationship]:
    """The relationships of a part (``""`` for the package), with their targets as members of the zip."""
    folder, name = posixpath.split(part)
    rels = package.find(posixpath.join(folder, "_rels", f"{name}.rels"))
    if rels is None:
        return []
    found: list[Relationship] = []
    for local, attributes in elements(package.read(rels), rels):
        if local != "Relationship":
            continue
        target: str | None = None
        if attributes.get("TargetMode") != "External":
            written = attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", folder, written)).lstrip("/")
            target = package.find(path) or package.find(unquote(path))
        kind = attributes.get("Type", "").rpartition("/")[2]
        found.append(Relationship(attributes.get("Id", ""), kind, target))
    return found


class WorkbookXml:
    """The workbook part: its sheets in order, its date system, its calculation settings."""

    def __init__(self, package: Package) -> None:
        documents = [r.target for r in relationships(package, "") if r.kind == "officeDocument"]
        if len(documents) != 1 or documents[0] is None:
            raise refuse("RK600", reden="het bestand wijst geen werkmap aan")
        self.part = documents[0]
        self._text = PartText.decode(package.read(self.part), self.part)
        self.date1904 = False
        #: Sheet name → the relationship's id, in the order of the tabs.
        self._sheet_ids: dict[str, str] = {}
        self._root = self._calc = self._before_calc = -1
        self._read()
        self._relations = {relation.id: relation for relation in relationships(package, self.part)}

    @property
    def sheet_names(self) -> tuple[str, ...]:
        """The names of the tabs, in order."""
        return tuple(self._sheet_ids)

    @property
    def shared_strings(self) -> str | None:
        """The part with the shared strings."""
        return next((r.target for r in self._relations.values() if r.kind == "sharedStrings"), None)

    def sheet_part(self, name: str) -> str:
        """The worksheet part of a tab, found by its exact name or else without case, as Excel does.

        RK604 when there is no such tab, RK605 when it isn't a worksheet.
        """
        if name not in self._sheet_ids:
            name = next((known for known in self._sheet_ids if known.casefold() == name.casefold()), name)
        if name not in self._sheet_ids:
            raise refuse("RK604", name, blad=name, bladen=", ".join(self._sheet_ids))
        relation = self._relations.get(self._sheet_ids[name])
        if relation is None or relation.target is None or relation.kind != "worksheet":
            raise refuse("RK605", name, blad=name)
        return relation.target

    def with_full_calculation(self) -> bytes | None:
        """The part with ``fullCalcOnLoad`` set, so that Excel recalculates everything; None when it already is."""
        xml = self._text.xml
        if self._calc >= 0:
            tag = tag_at(xml, self._calc)
            if tag.get(b"fullCalcOnLoad") in _TRUE:
                return None
            return self._text.encode(xml[: tag.start] + tag.with_attribute(b"fullCalcOnLoad", "1") + xml[tag.end :])
        new = b'<%scalcPr fullCalcOnLoad="1"/>' % tag_at(xml, self._root).prefix
        return self._text.encode(xml[: self._before_calc] + new + xml[self._before_calc :])

    def _read(self) -> None:
        parser = walker(self.part)
        main = ""
        depth = 0

        def start(name: str, attributes: list[str]) -> None:
            nonlocal depth, main
            depth += 1
            space, _, local = name.rpartition(" ")
            if depth == 1:
                if space not in MAIN_NAMESPACES or local != "workbook":
                    raise refuse("RK600", self.part, reden="het bestand wijst geen werkmap aan")
                main, self._root = space, parser.CurrentByteIndex
            if space != main:
                return
            values = dict(zip(attributes[::2], attributes[1::2], strict=True))
            if depth == 3 and local == "sheet":
                title = values.get("name", "")
                if title.casefold() in map(str.casefold, self._sheet_ids):
                    raise refuse("RK600", title, reden="twee bladen hebben dezelfde naam")
                self._sheet_ids[title] = values.get(_ID) or values.get(_STRICT_ID, "")
            elif depth == 2 and local == "workbookPr":
                self.date1904 = values.get("date1904") in _TRUE
            elif depth == 2 and local == "calcPr":
                self._calc = parser.CurrentByteIndex
            elif depth == 2 and local in _AFTER_CALC and self._before_calc < 0:
                self._before_calc = parser.CurrentByteIndex

        def end(_: str) -> None:
            nonlocal depth
            depth -= 1
            if depth == 0 and self._before_calc < 0:
                self._before_calc = parser.CurrentByteIndex

        parser.StartElementHandler = start
        parser.EndElementHandler = end
        walk(parser, self._text.xml, self.part)
