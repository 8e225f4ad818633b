"""One pass of expat over a part: is it plain XML, what does it hold, which formulas reach outside, what is hidden.

Expat is given no way to define or fetch anything: a DOCTYPE ends the pass before its first declaration is read. Two
depths: ``scan_quickly`` lets expat run in C and looks at the raw bytes for anything that might matter;
``scan_closely`` looks at every element. Both give the same verdict, the quick one by handing over in doubt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from rekentool.messages import RekentoolError, refuse
from rekentool.xlsx.hazards import hazards, may_hold_hazards
from rekentool.xlsx.limits import Limits
from rekentool.xlsx.membername import shown

#: Per root element which elements and attributes of it are kept as facts, in document order.
_FACTS: dict[str, dict[str, tuple[str, ...]]] = {
    "Types": {"Default": ("Extension", "ContentType"), "Override": ("PartName", "ContentType")},
    "Relationships": {"Relationship": ("Id", "Type", "Target", "TargetMode")},
    "workbook": {
        "sheet": ("name", "state", "id"),
        "definedName": ("name", "function", "vbProcedure", "xlm"),
    },
    "styleSheet": {
        **dict.fromkeys(("numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "dxfs"), ()),
        **dict.fromkeys(("font", "fill"), ()),
        "numFmt": ("numFmtId", "formatCode"),
        "color": ("rgb", "theme", "indexed"),
        "patternFill": ("patternType",),
        "fgColor": ("rgb", "theme", "indexed"),
        "gradientFill": (),
        "xf": ("numFmtId", "fontId", "fillId"),
    },
    "externalLink": {"ddeLink": ("ddeService", "ddeTopic")},
}  # fmt: skip
_FORMULAS = frozenset(
    {"f", "formula", "formula1", "formula2", "definedName", "calculatedColumnFormula", "totalsRowFormula"}
)
#: The encodings of OPC (ECMA-376 part 2); every XML reader behind the guard knows them.
_ENCODINGS = frozenset({"utf-8", "utf8", "utf-16", "utf16"})
_AUTO_MACROS = ("auto_open", "auto_close", "auto_activate", "auto_deactivate")
_TRUE = ("1", "true")
_TRUE_BYTES = (b'"1"', b'"true"', b"'1'", b"'true'")
_CELL, _FORMULA, _ROW, _COLUMN, _STRING, _PLAIN = range(6)
_KINDS = {"c": _CELL, "row": _ROW, "col": _COLUMN, "si": _STRING, **dict.fromkeys(_FORMULAS, _FORMULA)}
_DIGITS = str.maketrans("123456789", "000000000")
_SHOWN_RANGES = 5


@dataclass(slots=True)
class Budget:
    """What all parts together may still hold; RK124 when a limit is passed."""

    limits: Limits
    cells: int = 0
    strings: int = 0
    elements: int = 0

    def check(self, part: str) -> None:
        """Compare the counts so far with the limits."""
        for name, count, limit in (
            ("cellen", self.cells, self.limits.cells),
            ("gedeelde teksten", self.strings, self.limits.strings),
            ("XML-elementen", self.elements, self.limits.elements),
        ):
            if count > limit:
                raise too_much(part, name, limit)


@dataclass(slots=True)
class Spans:
    """Row or column numbers in rising order: the first few ranges of them, and how many there are."""

    ranges: list[list[int]] = field(default_factory=list)
    count: int = 0

    def add(self, first: int, last: int) -> None:
        """Add a range; one that follows the last one is joined to it."""
        self.count += last - first + 1
        if self.ranges and first <= self.ranges[-1][1] + 1:
            self.ranges[-1][1] = max(last, self.ranges[-1][1])
        elif len(self.ranges) <= _SHOWN_RANGES:
            self.ranges.append([first, last])


@dataclass(slots=True)
class PartScan:
    """What one part is and holds. ``hits``: (code, found) → first place and number of times; ``macro_names`` are
    defined names that run something."""

    root: str = ""
    namespace: str = ""
    facts: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    macro_names: list[str] = field(default_factory=list)
    hits: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    hidden_rows: Spans = field(default_factory=Spans)
    hidden_columns: Spans = field(default_factory=Spans)
    invisible_cells: int = 0
    first_invisible: str = ""

    def hit(self, code: str, found: str, place: str) -> None:
        """Count something; only the first place is kept, and at most a hundred kinds."""
        first, count = self.hits.get((code, found), (place, 0))
        if count or len(self.hits) < 100:
            self.hits[code, found] = (first, count + 1)


def too_much(part: str, what: str, limit: int) -> RekentoolError:
    """RK124: a limit on what readers must hold in memory is passed."""
    return refuse("RK124", shown(part), wat=what, grens=limit)


def scan_quickly(xml: bytes, part: str) -> PartScan | None:
    """Check a small part; None when it holds anything that calls for ``scan_closely``. Same errors as that."""
    hidden = b"hidden" in xml and any(b"hidden=" + value in xml for value in _TRUE_BYTES)
    if hidden or may_hold_hazards(xml):
        return None
    scan = PartScan()
    doubts: list[object] = []
    parser = _parser(part)

    def root(name: str, _: dict[str, str]) -> None:
        scan.namespace, scan.root = _split(name)
        parser.StartElementHandler = None

    parser.StartElementHandler = root
    # A name can be cut in two by any of these, out of sight of the search in the bytes.
    parser.CommentHandler = doubts.append
    parser.ProcessingInstructionHandler = lambda *_: doubts.append(_)
    parser.StartCdataSectionHandler = lambda: doubts.append("CDATA")
    _parse(parser, xml, part, final=True)
    return None if doubts or scan.root in _FACTS else scan


def _is_macro_name(values: dict[str, str]) -> bool:
    if values.get("name", "").casefold().removeprefix("_xlnm.").startswith(_AUTO_MACROS):
        return True
    return len(values) > 1 and any(values.get(key) in ("1", "true") for key in ("function", "vbProcedure", "xlm"))


def scan_closely(
    blocks: Iterable[bytes],
    part: str,
    budget: Budget,
    invisible: frozenset[str] = frozenset(),
    *,
    streamed: bool = False,
) -> PartScan:
    """Check a part of any size, element by element, in memory that doesn't grow with it.

    ``invisible`` are the cell styles (``s``) under which text can't be seen; ``streamed`` says that readers walk
    through this part (a sheet, the shared strings) and don't build a tree of it. RekentoolError: RK124 too much of
    something, RK125 a DOCTYPE, RK126 not well-formed, RK127 another encoding than UTF-8 or UTF-16.
    """
    scan = PartScan()
    limits = budget.limits
    parser = _parser(part)
    close = _watch(parser, scan, part, budget, invisible)
    fed, before = 0, budget.elements
    for block in blocks:
        fed += len(block)
        _parse(parser, block, part, final=False)
        if fed - parser.CurrentByteIndex > limits.token:
            raise too_much(part, "tekens in één XML-element", limits.token)
        if len(parser.intern) > limits.names:
            raise too_much(part, "verschillende namen in één onderdeel", limits.names)
        close()
        budget.check(part)
        if not streamed and budget.elements - before > limits.tree:
            raise too_much(part, "XML-elementen in één onderdeel", limits.tree)
    _parse(parser, b"", part, final=True)
    return scan


def _parser(part: str) -> expat.XMLParserType:
    """An expat parser with namespaces that refuses a DOCTYPE and other encodings."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True

    def doctype(*_: object) -> NoReturn:
        raise refuse("RK125", shown(part))

    def declaration(_: str, encoding: str | None, __: int) -> None:
        if encoding is not None and encoding.lower() not in _ENCODINGS:
            raise refuse("RK127", shown(part), codering=shown(encoding))

    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    parser.XmlDeclHandler = declaration
    return parser


def _split(name: str) -> tuple[str, str]:
    """Namespace and local name."""
    namespace, _, local = name.rpartition(" ")
    return namespace, local


def _parse(parser: expat.XMLParserType, xml: bytes, part: str, *, final: bool) -> None:
    try:
        parser.Parse(xml, final)
    except expat.ExpatError as error:
        raise refuse("RK126", shown(part), regel=error.lineno, kolom=error.offset + 1) from None


def _watch(
    parser: expat.XMLParserType, scan: PartScan, part: str, budget: Budget, invisible: frozenset[str]
) -> Callable[[], None]:
    """Hang the handlers of the close look on the parser; what comes back brings the budget up to date.

    Closures and not methods, and counters outside the budget: this runs for each of millions of elements.
    """
    limits = budget.limits
    kinds: dict[str, int] = {}
    facts: dict[str, tuple[str, ...]] = {}
    harmless: set[str] = set()
    pieces: list[str] = []
    cell = place = ""
    depth = row = elements = cells = strings = fact_text = length = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements, cells, strings, cell, row, place
        depth += 1
        elements += 1
        kind = kinds.get(name)
        if kind is None:
            local = name.rpartition(" ")[2]
            kind = kinds[name] = _KINDS.get(local, _PLAIN)
            if not scan.root:
                scan.namespace, scan.root = _split(name)
                facts.update(_FACTS.get(local, {}))
        if kind == _CELL:
            cells += 1
            cell = attributes.get("r", "")
            if invisible and attributes.get("s") in invisible:
                scan.invisible_cells += 1
                scan.first_invisible = scan.first_invisible or cell
        elif kind == _FORMULA:
            if pieces:
                judge()
            parser.CharacterDataHandler = collect
            place = cell
        elif kind == _ROW:
            number = attributes.get("r", "")
            row = int(number) if number.isdecimal() and len(number) <= 7 else row + 1
            if attributes.get("hidden") in _TRUE:
                scan.hidden_rows.add(row, row)
        elif kind == _STRING:
            strings += 1
        elif kind == _COLUMN and attributes.get("hidden") in _TRUE:
            low, high = attributes.get("min", ""), attributes.get("max", "")
            if low.isdecimal() and high.isdecimal() and len(low + high) <= 10 and int(low) <= int(high):
                scan.hidden_columns.add(int(low), int(high))
        if depth > limits.depth:
            raise too_much(part, "XML-elementen binnen elkaar", limits.depth)
        if facts:
            remember(name.rpartition(" ")[2], attributes)

    def remember(local: str, attributes: dict[str, str]) -> None:
        nonlocal fact_text, place
        if (wanted := facts.get(local)) is None:
            return
        kept = {}
        for key, value in attributes.items():
            key = key.rpartition(" ")[2]
            if key in wanted:
                kept[key] = value
                fact_text += len(value)
        scan.facts.append((local, kept))
        if len(scan.facts) > limits.facts or fact_text > limits.fact_text:
            raise too_much(part, "relaties, namen of stijlen in één onderdeel", limits.facts)
        if local == "definedName":
            place = kept.get("name", "")
            if _is_macro_name(kept):
                scan.macro_names.append(place)

    def collect(text: str) -> None:
        nonlocal length
        length += len(text)
        if length > limits.formula:
            raise too_much(f"{part} {place}", "tekens in één formule", limits.formula)
        pieces.append(text)

    def end(name: str) -> None:
        nonlocal depth, cell
        depth -= 1
        kind = kinds[name]
        if kind == _FORMULA:
            if pieces:
                judge()
            parser.CharacterDataHandler = None
        elif kind == _CELL:
            cell = ""

    def judge() -> None:
        """Look at the formula collected so far; ones that differ only in digits are looked at once."""
        nonlocal length
        text = "".join(pieces)
        pieces.clear()
        length = 0
        shape = text.translate(_DIGITS)
        if shape in harmless:
            return
        found = list(hazards(text))
        for code, what in found:
            scan.hit(code, what, place)
        # A digit tells [0], this workbook, from [1], another.
        if not found and "[" not in text and len(harmless) < 1_000 and len(text) < 1_000:
            harmless.add(shape)

    def close() -> None:
        nonlocal elements, cells, strings
        budget.elements += elements
        budget.cells += cells
        budget.strings += strings
        elements = cells = strings = 0

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    return close
