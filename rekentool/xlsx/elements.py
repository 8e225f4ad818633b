"""Small readings of XML elements that the reader needs everywhere."""

from __future__ import annotations

import re

from lxml import etree

from rekentool.messages import refuse

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def parse_part(path: str, data: bytes) -> etree._Element:
    """The tree of a part, without comments; RK190 when it is no XML or has a DOCTYPE."""
    # No entities, no network, no DTD: the file comes from somebody else.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise refuse("RK190", place=path, reden=f"geen geldige XML: {problem.msg}") from problem
    if root.getroottree().docinfo.internalDTD is not None:
        raise refuse("RK190", place=path, reden="het onderdeel bevat een DOCTYPE")
    return root


def rich_text(item: etree._Element, space: str) -> str:
    """The text of a shared or inline string: its own and that of its runs, without the phonetic hints."""
    return unescape(escaped_text(item, space))


def escaped_text(item: etree._Element, space: str) -> str:
    """As `rich_text`, with the format's own escapes still in it."""
    parts = [part.text or "" for part in item.iterfind(f"{space}t")]
    parts += [part.text or "" for part in item.iterfind(f"{space}r/{space}t")]
    return "".join(parts)


def unescape(text: str) -> str:
    """``_x000D_`` is how the format writes a character that XML can't hold; ``_x005F_`` is an underscore."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def flag(text: str | None) -> bool:
    """A boolean attribute."""
    return text in ("1", "true")


def namespace(root: etree._Element) -> str:
    """``"{…}"`` of the root: transitional and strict files use different ones."""
    return f"{{{etree.QName(root).namespace or ''}}}"


def integer(element: etree._Element, attribute: str, default: int) -> int:
    """A number attribute; RK190 when it isn't one."""
    text = element.get(attribute)
    if text is None:
        return default
    if not text.isdecimal():
        raise refuse("RK190", place=attribute, reden=f"geen geheel getal: {text!r}")
    return int(text)
