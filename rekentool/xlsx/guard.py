"""Every workbook from others passes here before any parser sees it: ``admit`` reads the file once and judges it.

Order: what kind of file is it, is its zip unambiguous and within the limits, is each part plain XML, does it hold
anything that acts by itself. All that is wrong is reported at once; a zip with faults isn't inflated. What is hidden
is no reason to refuse, and comes along as findings. docs/veiligheid.md explains each code.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.xlsx.archive import Archive, Member, read_archive
from rekentool.xlsx.cell import quote_sheet
from rekentool.xlsx.filetype import other_kind, other_package
from rekentool.xlsx.limits import LIMITS, Limits
from rekentool.xlsx.membername import shown
from rekentool.xlsx.partscan import Budget, PartScan, scan_closely, scan_quickly
from rekentool.xlsx.relations import (
    Relation,
    codes_of_path,
    codes_of_relation,
    codes_of_root,
    codes_of_type,
    read_relations,
    target_fault,
)
from rekentool.xlsx.skeleton import Part
from rekentool.xlsx.visibility import hidden_in_sheet, hidden_sheets, invisible_styles

#: What ``tolerate`` may name: macros, which nothing behind the guard runs. All other codes always refuse.
TOLERABLE = frozenset({"RK109", "RK140"})

_CONTENT_TYPES = "[Content_Types].xml"
#: In the type of every workbook part: of a workbook, a template, with macros or without, binary or not.
_MAIN = ".main"
_STREAMED = ("worksheet+xml", "sharedstrings+xml")
_STRICT = "http://purl.oclc.org/ooxml/"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# An XML part as any reader would recognise it, in UTF-8, UTF-16 or UTF-32; EBCDIC's ``<?`` is taken for XML too.
_NOT_MARKUP = b"\0\xef\xbb\xbf\xff\xfe \t\r\n"
_EBCDIC_XML = b"\x4c\x6f\xa7\x94"


#: What parts without a fault were found to be, in this process, by name, type, the hash of all that the look goes by
#: (`_mark`), and what else it depends on. Nobody changes a scan once it is made.
_known_scans: dict[tuple[str, str, bytes, frozenset[str], Limits], PartScan] = {}
#: Parts that are remembered, and the facts that one of them may have.
_MOST_SCANS, _MOST_FACTS = 256, 20_000
#: Bytes of parts that are handed on to who reads the workbook; halved they can take ten times as much.
_MOST_KEPT = 8_000_000


@dataclass(frozen=True, slots=True)
class Admitted:
    """A workbook that may be parsed: its bytes, where they came from, their SHA-256, and what is hidden in it."""

    path: Path
    data: bytes
    sha256: str
    findings: tuple[Finding, ...] = ()


def admit(path: Path, limits: Limits = LIMITS, tolerate: Collection[str] = ()) -> Admitted:
    """As `admit_parts`, without the parts."""
    return admit_parts(path, limits, tolerate)[0]


def admit_parts(
    path: Path, limits: Limits = LIMITS, tolerate: Collection[str] = ()
) -> tuple[Admitted, dict[str, Part]]:
    """Read and judge one workbook; gives also those of its parts that were inflated as a whole, by their names.

    ``tolerate`` names codes (of ``TOLERABLE``) that the caller takes in on request; they come back as findings.
    RekentoolError with every reason to refuse (RK101–RK152); ValueError for a code that can't be tolerated.
    """
    if not TOLERABLE.issuperset(tolerate):
        raise ValueError(f"can't be tolerated: {sorted(set(tolerate) - TOLERABLE)}")
    path = Path(path)
    parts: dict[str, Part] = {}
    try:
        data = _read(path, limits)
        kind = other_kind(data, path.name)
        findings = [kind] if kind else _Inspection(read_archive(data, limits), path, limits, parts).findings()
    except RekentoolError as error:
        findings = list(error.findings)
    findings = [replace(found, file=str(path)) for found in findings]
    blocking = [found for found in findings if found.severity == "fout" and found.code not in tolerate]
    if blocking:
        raise RekentoolError(blocking)
    return Admitted(path, data, hashlib.sha256(data).hexdigest(), tuple(findings)), parts


def _read(path: Path, limits: Limits) -> bytes:
    """The bytes of the file, never more than the limit and one."""
    try:
        status = path.stat()
        # A pipe or a device would keep us waiting, or never end.
        if not stat.S_ISREG(status.st_mode):
            raise refuse("RK102", soort="map" if stat.S_ISDIR(status.st_mode) else "apparaat of pijp")
        with path.open("rb") as file:
            # Not the limit itself: Python would set that much memory apart. One more, for a file that is growing.
            data = file.read(min(status.st_size, limits.file) + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise refuse("RK101") from None
    except PermissionError:
        reason = "geen toestemming (rechten, of geopend in een ander programma)"
        raise refuse("RK103", reden=reason) from None
    except ValueError:
        raise refuse("RK103", reden="de naam bevat een onmogelijk teken") from None
    except OSError as error:
        raise refuse("RK103", reden=f"het systeem meldt fout {error.errno} ({error.strerror})") from None
    if not data:
        raise refuse("RK104")
    if len(data) > limits.file:
        raise refuse("RK105", grens=limits.file)
    return data


@dataclass(slots=True)
class _Inspection:
    """The contents of one zip, judged part by part."""

    archive: Archive
    path: Path
    limits: Limits
    #: Filled here: the parts that were inflated as a whole.
    parts: dict[str, Part]
    faults: list[Finding] = field(default_factory=list)
    types: dict[str, str] = field(default_factory=dict)
    default_types: dict[str, str] = field(default_factory=dict)
    relations: list[Relation] = field(default_factory=list)
    scans: dict[str, PartScan] = field(default_factory=dict)
    #: (code, member in lower case) → the member's own spelling.
    active: dict[tuple[str, str], str] = field(default_factory=dict)
    budget: Budget = field(init=False)
    kept: int = 0
    invisible: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.budget = Budget(self.limits)

    def findings(self) -> list[Finding]:
        """Everything there is to say about this zip, in the order: file, zip, parts, active content, hidden things."""
        kind = other_package(self.archive.names, self._mimetype())
        if kind is not None:
            return [kind]
        for name in self.archive.names:
            self._note(codes_of_path(name), name)
        if self.archive.faults:
            return [*self._by_name(), *self.archive.faults, *self._active()]
        members = {member.name: member for member in self.archive.members if not member.is_folder}
        if _CONTENT_TYPES not in members:
            return [*self._by_name(), finding("RK128", _CONTENT_TYPES, wat="ontbreekt"), *self._active()]
        indexed = self._index(members)
        self._scan_rest([member for name, member in members.items() if name not in self.scans and name not in indexed])
        return [
            *self._by_name(),
            *self.faults,
            *(self._workbook(members) if indexed <= self.scans.keys() else ()),
            *self._active(),
            *self._targets(),
            *self._inside(),
        ]

    def _mimetype(self) -> bytes:
        """The start of OpenDocument's first member, which is stored as it stands."""
        first = self.archive.members[0] if self.archive.members else None
        return self.archive.data[first.start : first.end][:100] if first and first.name == "mimetype" else b""

    def _by_name(self) -> Iterator[Finding]:
        suffix = self.path.suffix.casefold()
        if suffix == ".xlsb" or any("sheet.binary" in kind for kind in self._all_types()):
            yield finding("RK110")
        elif suffix in (".xlsm", ".xltm", ".xlam") or any("macroenabled.main" in kind for kind in self._all_types()):
            yield finding("RK109")
        elif suffix not in (".xlsx", ".xltx"):
            yield finding("RK159", extensie=shown(suffix) or "geen")

    def _all_types(self) -> Iterator[str]:
        return (self._type(name) for name in self.archive.names)

    def _type(self, name: str) -> str:
        """The content type of a member in lower case, '' when it has none."""
        folded = name.casefold()
        return self.types.get(folded) or self.default_types.get(folded.rpartition(".")[2], "")

    def _index(self, members: dict[str, Member]) -> set[str]:
        """Read content types, relations and styles first: they say what the other parts are. Gives their names."""
        indexed = [_CONTENT_TYPES, *(name for name in members if name.casefold().endswith(".rels"))]
        for name in indexed:
            scan = self._scan(members[name])
            if scan is None:
                continue
            if name == _CONTENT_TYPES:
                self._read_types(scan)
            else:
                relations = list(read_relations(name, scan.facts))
                self.relations += relations
                if len({relation.id for relation in relations}) < len(relations):
                    self.faults.append(finding("RK132", shown(name)))
        for member in members.values():
            if member.name not in self.scans and self._type(member.name).endswith("styles+xml"):
                styles = self._scan(member)
                self.invisible = invisible_styles(styles.facts) if styles else frozenset()
                indexed.append(member.name)
        return set(indexed)

    def _read_types(self, scan: PartScan) -> None:
        for element, values in scan.facts:
            known = self.default_types if element == "Default" else self.types
            key = values.get("Extension", "") if element == "Default" else values.get("PartName", "").lstrip("/")
            kind = values.get("ContentType", "").casefold()
            if known.setdefault(key.casefold(), kind) != kind:
                self.faults.append(finding("RK128", _CONTENT_TYPES, wat=f"geeft {shown(key)} twee verschillende typen"))

    def _scan_rest(self, members: list[Member]) -> None:
        for member in members:
            self._scan(member)

    def _scan(self, member: Member) -> PartScan | None:
        """Look through one member; a fault is noted. None when it is no XML, or too faulty to go by."""
        name = member.name
        kind = self._type(name)
        quick = member.size <= self.limits.quick_part and self.archive.total <= self.limits.quick_total
        # Only the close look sees which style a cell has.
        quick = quick and not (self.invisible and kind.endswith("worksheet+xml"))
        blocks = self.archive.blocks(member)
        try:
            first = next(blocks, b"")
            if first.startswith(_OLE):
                self._note(["RK147"], name)
            if not _is_xml(name, kind, first):
                for _ in blocks:  # to the end, for the checksum
                    pass
                return None
            part = Part(b"".join([first, *blocks])) if quick else None
            if part is not None:
                first = part.data
                self._keep(name, part)
            # Files made from one workbook share most parts to the byte; of these all that can be said is known. Only
            # where no count of the whole can pass its limit: a known part isn't counted again.
            key = None if part is None else (name, kind, _mark(part, kind), self.invisible, self.limits)
            scan = None if key is None else _known_scans.get(key)
            if scan is None:
                scan = scan_quickly(first, name) if quick else None
                if scan is None:
                    streamed = kind.endswith(_STREAMED) and name.casefold() != "xl/styles.xml"
                    scan = scan_closely(_joined(first, blocks), name, self.budget, self.invisible, streamed=streamed)
                if key is not None and len(scan.facts) <= _MOST_FACTS:
                    if len(_known_scans) >= _MOST_SCANS:
                        _known_scans.clear()
                    _known_scans[key] = scan
        except RekentoolError as error:
            self._fault(member, kind, error)
            return None
        self.scans[name] = scan
        self._note(codes_of_root(scan.root), name)
        return scan

    def _keep(self, name: str, part: Part) -> None:
        """Keep the part for who reads the workbook, as long as all together stay small."""
        self.kept += len(part.data)
        if self.kept <= _MOST_KEPT:
            self.parts[name] = part

    def _fault(self, member: Member, kind: str, error: RekentoolError) -> None:
        codes = {found.code for found in error.findings}
        if codes == {"RK126"} and kind.endswith("vmldrawing") and member.size <= self.limits.quick_part:
            # Excel itself writes <br> without an end in these, and no reader behind the guard parses them. A DOCTYPE
            # after the slip would still be one.
            xml = self.archive.read(member).replace(b"\0", b"").lower()
            if b"<!" not in xml.replace(b"<!--", b"").replace(b"<![cdata[", b"").replace(b"<![if", b""):
                return
            if b"<!doctype" in xml or b"<!entity" in xml:
                error = refuse("RK125", shown(member.name))
        self.faults += error.findings
        if "RK124" in codes:
            raise RekentoolError([*self._by_name(), *self.faults, *self._active()])

    def _note(self, codes: Collection[str] | Iterator[str], name: str) -> None:
        for code in codes:
            self.active.setdefault((code, name.casefold()), name)

    def _workbook(self, members: dict[str, Member]) -> Iterator[Finding]:
        """RK129–RK131: one workbook part, found by its relation and by its content type alike, with all its sheets."""
        targets = {r.part for r in self.relations if not r.source and r.kind == "officedocument" and not r.external}
        typed = {name.casefold() for name in members if _MAIN in self._type(name)}
        folded = {name.casefold(): name for name in members}
        if not targets:
            yield finding("RK129", "_rels/.rels", wat="geen verwijzing naar een werkboek")
        elif len(targets) > 1 or len(typed) > 1:
            yield finding("RK129", wat="meer dan één werkboek in hetzelfde bestand")
        elif not targets <= folded.keys():
            yield finding("RK129", shown(next(iter(targets))), wat="het onderdeel met het werkboek ontbreekt")
        elif targets != typed:
            yield finding("RK129", shown(next(iter(targets))), wat="het onderdeel heeft niet het type van een werkboek")
        elif "xl/workbook.xml" in folded.keys() - targets:
            yield finding("RK129", "xl/workbook.xml", wat="een tweede werkboek, waar niets naar verwijst")
        else:
            yield from self._sheets_exist(folded[targets.pop()], folded)

    def _sheets_exist(self, workbook: str, folded: dict[str, str]) -> Iterator[Finding]:
        scan = self.scans.get(workbook)
        if scan is None:
            return
        if scan.namespace.startswith(_STRICT):
            yield finding("RK130", workbook)
        elif scan.root != "workbook":
            yield finding("RK129", workbook, wat=f"het onderdeel is geen werkboek maar {shown(scan.root)}")
        sheets = self._sheets(workbook)
        for name, _, part in sheets:
            if part not in folded:
                yield finding("RK131", workbook, blad=shown(name))
        if not sheets and not scan.namespace.startswith(_STRICT) and scan.root == "workbook":
            yield finding("RK129", workbook, wat="het werkboek heeft geen bladen")

    def _sheets(self, workbook: str) -> list[tuple[str, str, str]]:
        """Name, state and member (lower case, '' when there is none) of each sheet."""
        parts = {r.id: r.part for r in self.relations if r.source.casefold() == workbook.casefold()}
        return [
            (values.get("name", ""), values.get("state", ""), parts.get(values.get("id", ""), ""))
            for element, values in self.scans[workbook].facts
            if element == "sheet"
        ]

    def _active(self) -> Iterator[Finding]:
        """RK140–RK151, one per code and part, from path, content type, relation and root together."""
        for name in self.archive.names:
            if not name.endswith("/"):
                self._note(codes_of_type(self._type(name)), name)
        folded = {name.casefold(): name for name in self.archive.names}
        for relation in self.relations:
            place = folded.get(relation.part) or relation.target or relation.source
            self._note(codes_of_relation(relation), place)
        dde = {
            name.casefold(): values
            for name, scan in self.scans.items()
            for element, values in scan.facts
            if element == "ddeLink"
        }
        codes: dict[str, set[str]] = {}
        for code, part in self.active:
            codes.setdefault(part, set()).add(code)
        for (code, part), name in sorted(self.active.items()):
            # A macro or control is kept in an OLE file; a DDE link is a kind of external link: one name is enough.
            if name.endswith("/") or (code == "RK147" and codes[part] & {"RK140", "RK148"}):
                continue
            if code == "RK142" and part in dde:
                link = f"{dde[part].get('ddeService', '')}|{dde[part].get('ddeTopic', '')}"
                yield finding("RK145", shown(name), formule=shown(link))
            else:
                yield finding(code, shown(name))

    def _targets(self) -> Iterator[Finding]:
        """RK143 and RK144, the first of each kind per part."""
        linked = {part for code, part in self.active if code == "RK142"}
        firsts: dict[tuple[str, str], list[Finding]] = {}
        for relation in self.relations:
            fault = target_fault(relation)
            if fault is not None and relation.source.casefold() not in linked and not any(codes_of_relation(relation)):
                firsts.setdefault((fault.code, relation.source), []).append(fault)
        for faults in firsts.values():
            yield replace(faults[0], place=faults[0].place + _and_more(len(faults)))

    def _inside(self) -> Iterator[Finding]:
        """What stands in the parts: formulas that reach out, macro names, and what is hidden."""
        workbook = next((name for name, scan in self.scans.items() if scan.root == "workbook"), "")
        sheets = self._sheets(workbook) if workbook else []
        names = {part: name for name, _, part in sheets}
        for part, scan in self.scans.items():
            sheet = names.get(part.casefold())
            place = shown(part) + (f", {quote_sheet(shown(sheet))}" if sheet else "")
            for (code, found), (first, count) in scan.hits.items():
                where = f"{place}!{shown(first)}" if sheet and first else f"{place}, {shown(first)}" if first else place
                yield finding(code, where + _and_more(count), formule=found)
            for name in scan.macro_names:
                yield finding("RK141", f"{shown(part)}, naam {shown(name)}")
            if sheet:
                yield from hidden_in_sheet(scan, quote_sheet(shown(sheet)))
        yield from hidden_sheets((name, state) for name, state, _ in sheets)


def _mark(part: Part, kind: str) -> bytes:
    """A hash over all of a part that can matter here: of a sheet not the values of its cells, if these are plain."""
    halves = part.halves if kind.endswith("worksheet+xml") else None
    if halves is None:
        return hashlib.sha256(part.data).digest()
    # Marked, since a broken part may be what is the skeleton of another.
    return b"skelet" + hashlib.sha256(halves.skeleton).digest()


def _and_more(count: int) -> str:
    return f" (en nog {count - 1})" if count > 1 else ""


def _is_xml(name: str, kind: str, first: bytes) -> bool:
    """Whether some reader would take this member for XML: by its type, its extension or its first characters."""
    by_name = name.casefold().endswith((".xml", ".rels", ".vml"))
    if by_name or kind.endswith(("xml", "vmldrawing")) or first.startswith(_EBCDIC_XML):
        return True
    start = first.lstrip(_NOT_MARKUP)
    # Nothing but white space so far: markup may follow. Nothing but zeros is some printer's business.
    return start.startswith(b"<") or (not start and bool(first.strip(b"\0")))


def _joined(first: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from blocks
