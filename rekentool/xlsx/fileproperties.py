"""When a workbook was last saved, as the file itself says it (ECMA-376 part 2, 11: core properties)."""

from __future__ import annotations

from datetime import UTC, datetime

from lxml import etree

from rekentool.messages import RekentoolError
from rekentool.xlsx.package import Package

_PART = "docProps/core.xml"
_MODIFIED = "{http://purl.org/dc/terms/}modified"


def modified(data: bytes) -> str:
    """The moment in UTC as ``2026-11-23T21:00:00Z``; "" where the file of these bytes doesn't say it properly.

    The bytes have been through ``guard``.
    """
    # No entities, no network, no DTD: the file comes from somebody else.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        package = Package(data)
        name = package.find(_PART)
        text = "" if name is None else etree.fromstring(package.read(name), parser).findtext(_MODIFIED)
        moment = datetime.fromisoformat((text or "").strip())
    except (RekentoolError, etree.XMLSyntaxError, ValueError):
        return ""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except OverflowError:
        return ""
