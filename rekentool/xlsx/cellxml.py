"""One ``<c>`` element as it stands in a sheet's text, and the same element with another value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rekentool.xlsx.cell import CellValue
from rekentool.xlsx.celltext import value_of
from rekentool.xlsx.partxml import Tag, tag_at

# The pieces of a well-formed text; expat has checked that it is one.
_MARKUP = re.compile(
    rb"""<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<(?P<close>/?)(?P<name>[^\s/>]+)(?P<rest>(?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>""",
    re.DOTALL,
)
# What nearly every cell looks like: no prefix, no comment, nothing but a formula and a value.
_PLAIN = re.compile(
    rb"""<c(?P<attributes>(?:\s+\w+="[^"<>&]*+")*+)(?:/>|>(?P<formula><f(?:\s[^<>'"]*+(?:"[^"<>]*+"[^<>'"]*+)*+)?+/?+(?:(?<=/)>|(?<!/)>[^<]*+</f>))?+"""
    rb"""(?P<value><v(?:/>|>[^<]*+</v>))?+</c>)"""
)
_SIMPLE_ATTRIBUTE = re.compile(rb'\s+(\w+)="([^"]*)"')


# Not frozen: a frozen dataclass takes several times as long to make, and there are thousands of these.
@dataclass(slots=True)
class CellXml:
    """A cell in pieces: ``head`` and ``tail`` are its start tag without ``t`` and ``vm``, and the value stands between
    ``before`` (formula, comments, white space) and ``after`` (extensions)."""

    start: int
    end: int
    name: bytes
    head: bytes
    tail: bytes
    kind: str | None
    before: bytes
    content: bytes
    after: bytes

    @property
    def prefix(self) -> bytes:
        """The sheet's namespace prefix with its colon, or nothing."""
        return self.name[:-1]

    def value(self, shared: Sequence[str] | None = None) -> CellValue:
        """What the cell holds now; see `value_of`."""
        return value_of(self.kind, self.content, shared)

    def with_value(self, kind: bytes, content: bytes) -> bytes:
        """The element with this ``t`` and this ``v`` or ``is`` (see `typed_content`); all else as it was.

        ``vm`` goes, because it describes the value that was there (a rich value, such as a picture in the cell).
        """
        tag = self.head + (b' t="' + kind + b'"' if kind else b"") + self.tail
        body = self.before + content + self.after
        return tag + b">" + body + b"</" + self.name + b">" if body else tag + b"/>"


def cell_at(xml: bytes, start: int) -> CellXml:
    """Take the ``<c>`` element at this offset of a well-formed text apart."""
    plain = _PLAIN.match(xml, start)
    if plain is not None:
        attributes, formula, content = plain["attributes"], plain["formula"] or b"", plain["value"] or b""
        head, tail, kind = _split_plain(attributes)
        return CellXml(start, plain.end(), b"c", b"<c" + head, tail, kind, formula, content, b"")
    tag = tag_at(xml, start)
    head, tail, kind = _split_type(tag)
    if tag.empty:
        return CellXml(start, tag.end, tag.name, head, tail, kind, b"", b"", b"")
    children, close, end = _children(xml, tag.end)
    values = [(name, begin, stop) for name, begin, stop in children if name in (tag.prefix + b"v", tag.prefix + b"is")]
    if values:
        wanted = tag.prefix + (b"is" if kind == "inlineStr" else b"v")
        _, begin, stop = next((value for value in values if value[0] == wanted), values[0])
    else:
        begin = stop = next((stop for name, _, stop in children if name == tag.prefix + b"f"), tag.end)
    # A second value element would contradict the new one.
    spans = [(other, other_stop) for _, other, other_stop in values]
    before, after = _without(xml, tag.end, begin, spans), _without(xml, stop, close, spans)
    return CellXml(start, end, tag.name, head, tail, kind, before, xml[begin:stop], after)


def _without(xml: bytes, start: int, stop: int, spans: list[tuple[int, int]]) -> bytes:
    """The text from ``start`` to ``stop`` without those of the spans that lie in it."""
    kept = b""
    for begin, end in spans:
        if start <= begin and end <= stop:
            kept += xml[start:begin]
            start = end
    return kept + xml[start:stop]


def _split_plain(attributes: bytes) -> tuple[bytes, bytes, str | None]:
    """`_split_type` for a start tag of the plain form."""
    if b't="' not in attributes and b"vm" not in attributes:
        return attributes, b"", None
    kind: str | None = None
    place: int | None = None
    kept = b""
    for match in _SIMPLE_ATTRIBUTE.finditer(attributes):
        if match[1] == b"t":
            kind, place = match[2].decode(), len(kept)
        elif match[1] != b"vm":
            kept += match[0]
    if place is None:
        place = len(kept)
    return kept[:place], kept[place:], kind


def _split_type(tag: Tag) -> tuple[bytes, bytes, str | None]:
    """The start tag around the place of its ``t``, without ``t`` and ``vm``, and what ``t`` said."""
    kind: str | None = None
    place: int | None = None
    kept, done = b"", 0
    for name, value, start, end in tag:
        if name in (b"t", b"vm"):
            kept += tag.attributes[done:start]
            done = end
            if name == b"t":
                kind, place = value, len(kept)
    kept += tag.attributes[done:]
    kept = kept.rstrip()
    place = len(kept) if place is None else min(place, len(kept))
    return b"<" + tag.name + kept[:place], kept[place:], kind


def _children(xml: bytes, start: int) -> tuple[list[tuple[bytes, int, int]], int, int]:
    """The child elements (name, start, end) of the element whose content begins here, and where its end tag stands."""
    children: list[tuple[bytes, int, int]] = []
    depth = 0
    name, begin = b"", start
    for match in _MARKUP.finditer(xml, start):
        if match["name"] is None:
            continue
        if match["close"]:
            depth -= 1
            if depth < 0:
                return children, match.start(), match.end()
            if depth == 0:
                children.append((name, begin, match.end()))
            continue
        if depth == 0:
            name, begin = match["name"], match.start()
        if match["rest"].endswith(b"/"):
            if depth == 0:
                children.append((name, begin, match.end()))
        else:
            depth += 1
    raise ValueError(f"no end tag after offset {start}")
