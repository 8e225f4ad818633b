"""The XML of one part: decoded, walked by expat with byte offsets, its start tags taken apart and edited as text.

Nothing is ever serialised again: a real parser says where an element stands, and only the bytes that must change are
replaced. Expat offsets are exact, so comments, CDATA, quotes and prefixes can't mislead the edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import NoReturn
from xml.parsers import expat

from rekentool.messages import refuse

#: SpreadsheetML's namespace in the transitional and in the strict form (ISO/IEC 29500).
MAIN_NAMESPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
MARKUP_COMPATIBILITY = "http://schemas.openxmlformats.org/markup-compatibility/2006"

_DECLARED = re.compile(rb"""^<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_BOMS = ((b"\xff\xfe\x00\x00", ""), (b"\x00\x00\xfe\xff", ""), (b"\xef\xbb\xbf", "utf-8"),
         (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # fmt: skip
_TAG = re.compile(rb"""<([^\s/>]+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*+"|'[^']*+')""")


@dataclass(frozen=True, slots=True)
class PartText:
    """A part as UTF-8 (``xml``), and how it was encoded in the file."""

    xml: bytes
    encoding: str
    mark: bytes

    @classmethod
    def decode(cls, raw: bytes, part: str) -> PartText:
        """Read UTF-8 or UTF-16, the encodings that OPC allows; RK602 for another one or for broken text."""
        mark, encoding = next(((mark, name) for mark, name in _BOMS if raw.startswith(mark)), (b"", ""))
        if not mark:
            encoding = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(raw[:2], "utf-8")
        if not encoding:
            raise refuse("RK602", part, codering="UTF-32")
        if encoding != "utf-8":
            try:
                return cls(raw[len(mark) :].decode(encoding).encode(), encoding, mark)
            except UnicodeError:
                raise refuse("RK602", part, codering=encoding) from None
        declared = _DECLARED.match(raw[len(mark) :])
        if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8"):
            raise refuse("RK602", part, codering=declared[1].decode())
        return cls(raw, encoding, b"")

    def encode(self, xml: bytes) -> bytes:
        """The edited UTF-8 text in the part's own encoding."""
        return xml if self.encoding == "utf-8" else self.mark + xml.decode().encode(self.encoding)


def walker(part: str, namespaces: bool = True) -> expat.XMLParserType:
    """An expat parser that gives attributes as a flat list and names as ``namespace name``; a DOCTYPE is refused.

    With ``namespaces`` off the names come as written, ``prefix:name``, which also suits text cut from its document.
    """
    parser = expat.ParserCreate("utf-8", " " if namespaces else None)
    parser.ordered_attributes = True

    def refuse_doctype(*_: object) -> NoReturn:
        raise refuse("RK603", part)

    parser.StartDoctypeDeclHandler = refuse_doctype
    return parser


def walk(parser: expat.XMLParserType, xml: bytes, part: str) -> None:
    """Run the parser over the whole text; RK601 when it isn't well-formed XML."""
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        reason = f"{expat.ErrorString(error.code)}, regel {error.lineno}"
        raise refuse("RK601", part, reden=reason) from None


def elements(raw: bytes, part: str) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part in document order: local name and attributes (namespaced ones as ``ns name``)."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = walker(part)

    def start(name: str, attributes: list[str]) -> None:
        found.append((name.rpartition(" ")[2], dict(zip(attributes[::2], attributes[1::2], strict=True))))

    parser.StartElementHandler = start
    walk(parser, PartText.decode(raw, part).xml, part)
    return found


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag as it stands in the text; ``end`` is the offset after its ``>``."""

    start: int
    end: int
    name: bytes
    attributes: bytes
    empty: bool

    @property
    def prefix(self) -> bytes:
        """The namespace prefix with its colon, or nothing."""
        before, colon, _ = self.name.rpartition(b":")
        return before + colon

    def __iter__(self) -> Iterator[tuple[bytes, str, int, int]]:
        """Each attribute: name, value, and where the whole of it starts and ends within ``attributes``."""
        for match in _ATTRIBUTE.finditer(self.attributes):
            yield match[1], unescape(match[2][1:-1].decode()), match.start(), match.end()

    def get(self, name: bytes) -> str | None:
        """The value of an attribute."""
        return next((value for key, value, _, _ in self if key == name), None)

    def with_attribute(self, name: bytes, value: str) -> bytes:
        """The tag's bytes with one attribute changed in its place or added last; the value needs no escape."""
        text = b" " + name + b'="' + value.encode() + b'"'
        for key, _, start, end in self:
            if key == name:
                attributes = self.attributes[:start] + text + self.attributes[end:]
                break
        else:
            attributes = self.attributes.rstrip() + text
        return b"<" + self.name + attributes + (b"/>" if self.empty else b">")


def tag_at(xml: bytes, start: int) -> Tag:
    """The start tag at this offset of a well-formed text."""
    match = _TAG.match(xml, start)
    if match is None:
        raise ValueError(f"no start tag at offset {start}")
    empty = match[2].endswith(b"/")
    return Tag(start, match.end(), match[1], match[2][:-1] if empty else match[2], empty)
