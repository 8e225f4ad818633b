"""The zip container of a workbook: parts are read from it, and new versions put in, without touching the rest.

A member that isn't replaced keeps its local header, compressed bytes, order, date and attributes: they are copied
as they stand, since recompressing would change bytes that nobody asked to change.
Source of the layout: PKWARE APPNOTE.TXT 6.3.10, ECMA-376 part 2 (part names).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

from rekentool.messages import refuse

#: What a single part may hold when inflated; a sheet that passes this is no rekentool. The guard has finer budgets.
MAX_PART_BYTES = 512 * 1024 * 1024
#: zlib's level for the parts that are written anew: nearly three times as fast as 6, the usual one, and a sixth larger.
COMPRESSION_LEVEL = 2

_CENTRAL = struct.Struct("<4sHHHHHHLLLHHHHHLL")
_LOCAL = struct.Struct("<4sHHHHHLLLHH")
_END = struct.Struct("<4sHHHHLLH")
_LOCATOR64 = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQHHLLQQQQ")
_ZIP64_EXTRA = 0x0001
_FULL32 = 0xFFFFFFFF
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x0001, 0x0008, 0x0800
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory: where its bytes stand and what its header says."""

    name: str
    central: bytes
    flags: int
    method: int
    crc: int
    compressed: int
    size: int
    start: int
    content: int
    end: int


def _broken(reason: str, place: str = "") -> NoReturn:
    raise refuse("RK600", place, reden=reason)


class Package:
    """The members of a zip file held in memory; RK600 when it isn't one that can be copied faithfully."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._directory_start, self._directory_size, self._comment = self._find_directory()
        self._members = self._read_members()
        self._by_folded_name: dict[str, str] = {}
        for name in self._members:
            # Part names that differ in case only are the same part (ECMA-376 part 2): readers disagree on which counts.
            if self._by_folded_name.setdefault(name.casefold(), name) != name:
                _broken("twee onderdelen hebben dezelfde naam", name)

    def find(self, name: str) -> str | None:
        """The member's own spelling of this part name, which is compared without case."""
        return name if name in self._members else self._by_folded_name.get(name.casefold())

    def read(self, name: str) -> bytes:
        """The inflated bytes of a member; RK600 when they aren't what the header promises."""
        member = self._members[name]
        raw = self._data[member.content : member.content + member.compressed]
        if member.size > MAX_PART_BYTES:
            _broken(f"het onderdeel is uitgepakt groter dan {MAX_PART_BYTES} bytes", name)
        if member.flags & _ENCRYPTED:
            _broken("het onderdeel is versleuteld", name)
        if member.method == _DEFLATED:
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)
            try:
                raw = inflater.decompress(raw, member.size + 1)
            except zlib.error:
                _broken("de gecomprimeerde inhoud is beschadigd", name)
        elif member.method != _STORED:
            _broken(f"compressiemethode {member.method} is onbekend", name)
        if len(raw) != member.size or zlib.crc32(raw) != member.crc:
            _broken("lengte of controlegetal klopt niet met de inhoud", name)
        return raw

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The zip file with these members' contents replaced; the same input gives the same bytes."""
        if not parts:
            return self._data
        pieces: list[bytes] = []
        moved: dict[str, tuple[int, int, int, int]] = {}
        position = 0
        for member in sorted(self._members.values(), key=lambda member: member.start):
            if member.name in parts:
                content = parts[member.name]
                packed = _deflate(content) if member.method == _DEFLATED else content
                facts = (zlib.crc32(content), len(packed), len(content))
                block = self._local_header(member, *facts) + packed
            else:
                facts = (member.crc, member.compressed, member.size)
                block = self._data[member.start : member.end]
            moved[member.name] = (position, *facts)
            pieces.append(block)
            position += len(block)
        directory = b"".join(
            _rewritten_entry(member, *moved[member.name])
            if member.name in parts
            else _moved_entry(member, moved[member.name][0])
            for member in self._members.values()
        )
        count = len(self._members)
        if position + len(directory) >= _FULL32:
            _broken("het resultaat wordt groter dan 4 GB")
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), position, len(self._comment))
        return b"".join([*pieces, directory, end, self._comment])

    def _find_directory(self) -> tuple[int, int, bytes]:
        """Start and size of the central directory, and the archive's comment."""
        data = self._data
        at = data.rfind(b"PK\5\6", 0, len(data) - _END.size + 4)
        # The signature may also stand in the comment: the end record is the one whose comment runs to the end.
        while at >= 0 and at + _END.size + _END.unpack_from(data, at)[7] != len(data):
            at = data.rfind(b"PK\5\6", 0, at)
        if at < 0:
            _broken("het einde van het zip-bestand ontbreekt")
        comment = data[at + _END.size :]
        _, disk, first_disk, here, count, size, start, _ = _END.unpack_from(data, at)
        locator = at - _LOCATOR64.size
        if locator >= 0 and data[locator : locator + 4] == b"PK\6\7":
            at64 = _LOCATOR64.unpack_from(data, locator)[2]
            if data[at64 : at64 + 4] != b"PK\6\6" or at64 + _END64.size > locator:
                _broken("de zip64-eindregel klopt niet")
            _, _, _, _, disk, first_disk, here, count, size, start = _END64.unpack_from(data, at64)
        if disk or first_disk or here != count or count > 0xFFFF - 1:
            _broken("het zip-bestand bestaat uit meer delen")
        if start + size > at:
            _broken("de inhoudsopgave van het zip-bestand klopt niet")
        return start, size, comment

    def _read_members(self) -> dict[str, Member]:
        entries = list(self._entries())
        starts = sorted(start for *_, start in entries)
        if not starts:
            _broken("het zip-bestand is leeg")
        if starts[0] != 0 or len(set(starts)) != len(starts) or starts[-1] >= self._directory_start:
            _broken("onderdelen van het zip-bestand overlappen of staan niet waar ze horen")
        # A member runs to where the next begins: so a data descriptor goes along, whatever its form.
        following = dict(zip(starts, [*starts[1:], self._directory_start], strict=True))
        members: dict[str, Member] = {}
        for central, raw_name, flags, method, crc, compressed, size, start in entries:
            name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", errors="replace")
            end = following[start]
            if start + _LOCAL.size > end or self._data[start : start + 4] != b"PK\3\4":
                _broken("de kop van het onderdeel ontbreekt", name)
            *_, name_length, extra_length = _LOCAL.unpack_from(self._data, start)
            content = start + _LOCAL.size + name_length + extra_length
            if self._data[start + _LOCAL.size : start + _LOCAL.size + name_length] != raw_name:
                _broken("de naam in de kop is een andere dan in de inhoudsopgave", name)
            if content + compressed > end:
                _broken("het onderdeel loopt door in het volgende", name)
            if name in members:
                _broken("twee onderdelen hebben dezelfde naam", name)
            members[name] = Member(name, central, flags, method, crc, compressed, size, start, content, end)
        return members

    def _entries(self) -> Iterator[tuple[bytes, bytes, int, int, int, int, int, int]]:
        """The central directory: entry, name, flags, method, crc, compressed size, size, start."""
        data, at, stop = self._data, self._directory_start, self._directory_start + self._directory_size
        while at < stop:
            if at + _CENTRAL.size > stop or data[at : at + 4] != b"PK\1\2":
                _broken("de inhoudsopgave van het zip-bestand klopt niet")
            entry = _CENTRAL.unpack_from(data, at)
            (_, _, _, flags, method, _, _, crc, compressed, size, n, e, c, _, _, _, start) = entry
            end = at + _CENTRAL.size + n + e + c
            if end > stop:
                _broken("de inhoudsopgave van het zip-bestand klopt niet")
            name = data[at + _CENTRAL.size : at + _CENTRAL.size + n]
            extra = data[at + _CENTRAL.size + n : at + _CENTRAL.size + n + e]
            size, compressed, start = _widened(extra, size, compressed, start)
            yield data[at:end], name, flags, method, crc, compressed, size, start
            at = end

    def _local_header(self, member: Member, crc: int, compressed: int, size: int) -> bytes:
        signature, version, flags, method, time, date, *_, n, e = _LOCAL.unpack_from(self._data, member.start)
        name_at = member.start + _LOCAL.size
        extra = _without_zip64(self._data[name_at + n : name_at + n + e])
        head = _LOCAL.pack(
            signature, version, flags & ~_DESCRIPTOR, method, time, date, crc, compressed, size, n, len(extra)
        )
        return head + self._data[name_at : name_at + n] + extra


def _deflate(content: bytes) -> bytes:
    packer = zlib.compressobj(COMPRESSION_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(content) + packer.flush()


def _fields(extra: bytes) -> Iterator[tuple[int, int, int]]:
    """The extra fields as (id, start of its data, end); a malformed tail ends the walk, as zip tools do."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if at + 4 + length > len(extra):
            return
        yield kind, at + 4, at + 4 + length
        at += 4 + length


def _widened(extra: bytes, *values: int) -> list[int]:
    """Sizes and offset, taken from the zip64 field where the 32-bit field says so."""
    result = list(values)
    for kind, start, end in _fields(extra):
        if kind == _ZIP64_EXTRA:
            for index, value in enumerate(values):
                if value == _FULL32 and start + 8 <= end:
                    result[index] = int.from_bytes(extra[start : start + 8], "little")
                    start += 8
    return result


def _without_zip64(extra: bytes) -> bytes:
    for kind, start, end in _fields(extra):
        if kind == _ZIP64_EXTRA:
            return extra[: start - 4] + extra[end:]
    return extra


def _moved_entry(member: Member, start: int) -> bytes:
    """The directory entry of a copied member: only its offset is new."""
    *_, n, e, _, _, _, _, offset = _CENTRAL.unpack_from(member.central)
    if offset != _FULL32:
        return member.central[:42] + start.to_bytes(4, "little") + member.central[46:]
    # The offset stands last of the 64-bit fields that are in use.
    sizes = _CENTRAL.unpack_from(member.central)[8:10]
    before = 8 * sum(value == _FULL32 for value in sizes)
    base = _CENTRAL.size + n
    for kind, field, _ in _fields(member.central[base : base + e]):
        if kind == _ZIP64_EXTRA:
            at = base + field + before
            return member.central[:at] + start.to_bytes(8, "little") + member.central[at + 8 :]
    _broken("de inhoudsopgave van het zip-bestand klopt niet", member.name)


def _rewritten_entry(member: Member, start: int, crc: int, compressed: int, size: int) -> bytes:
    """The directory entry of a replaced member: sizes, checksum and offset are new, date and attributes stay."""
    entry = member.central
    fields = _CENTRAL.unpack_from(entry)
    (signature, made, need, flags, method, time, date, _, _, _, n, e, c, disk, internal, external, _) = fields
    name_end = _CENTRAL.size + n
    extra = _without_zip64(entry[name_end : name_end + e])
    head = _CENTRAL.pack(
        signature, made, need, flags & ~_DESCRIPTOR, method, time, date, crc, compressed, size,
        n, len(extra), c, disk, internal, external, start,
    )  # fmt: skip
    return head + entry[_CENTRAL.size : name_end] + extra + entry[name_end + e :]
