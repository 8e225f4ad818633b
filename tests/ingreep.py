"""What people do to a workbook between sending and returning it, done to its bytes: one intervention each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from functools import cache
from xml.sax.saxutils import escape

from rekentool_werkboek import tool

from rekentool.shipped import EXAMPLES
from rekentool.xlsx.cell import Address


@cache
def example(name: str) -> bytes:
    """One of the four filled workbooks, by the region's last word."""
    return (EXAMPLES / f"voorbeeldregio-{name}.xlsx").read_bytes()


def parts(data: bytes) -> dict[str, bytes]:
    """The content of each member."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def raw_members(data: bytes) -> dict[str, bytes]:
    """Each member as it stands in the zip: its compressed bytes."""
    found = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name_length, extra_length = data[info.header_offset + 26], data[info.header_offset + 28]
            start = info.header_offset + 30 + name_length + extra_length
            found[info.filename] = data[start : start + info.compress_size]
    return found


def part_of(sheet: str) -> str:
    """The part of one of the template's sheets: they stand in the order of the tabs."""
    names = [one.name for one in tool().workbook.sheets]
    return f"xl/worksheets/sheet{names.index(sheet) + 1}.xml"


def edited(data: bytes, changes: Mapping[str, Callable[[str], str]]) -> bytes:
    """The workbook with some parts rewritten; each change must change something."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            content = source.read(info)
            if info.filename in changes:
                text = changes[info.filename](content.decode("utf-8"))
                assert text.encode("utf-8") != content, info.filename
                content = text.encode("utf-8")
            archive.writestr(info.filename, content)
    return target.getvalue()


def with_cells(data: bytes, cells: Mapping[Address, str]) -> bytes:
    """Other content in cells that the file has: what stands between ``<c …>`` and ``</c>``."""

    def change(sheet: str) -> Callable[[str], str]:
        def rewritten(xml: str) -> str:
            for address, content in cells.items():
                if address.sheet == sheet:
                    xml, count = re.subn(
                        rf'<c r="{address.cell}"( s="\d+")?[^>]*?(?:/>|>.*?</c>)',
                        lambda match, inner=content: f'<c r="{address.cell}"{match[1] or ""}{inner}</c>',  # noqa: B023
                        xml,
                        count=1,
                        flags=re.DOTALL,
                    )
                    assert count == 1, address
            return xml

        return rewritten

    return edited(data, {part_of(sheet): change(sheet) for sheet in {address.sheet for address in cells}})


def number(value: float) -> str:
    """A constant number, for `with_cells`."""
    return f"><v>{value!r}</v>"


def formula(text: str, value: float | None = None) -> str:
    """A formula with or without a stored value, for `with_cells`."""
    cached = "" if value is None else f"<v>{value!r}</v>"
    return f"><f>{escape(text)}</f>{cached}"


def text(value: str) -> str:
    """A constant text, for `with_cells`."""
    return f' t="inlineStr"><is><t>{escape(value)}</t></is>'


EMPTY = ">"
