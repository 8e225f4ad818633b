"""The zip around a workbook, read so strictly that only one interpretation is left.

Zip readers disagree: which of two members counts, whether the local header or the directory is right, what bytes
before, after and between the members mean. A file in which that matters is refused. Nothing is written to disk, and
what is inflated is counted while it comes out, since a header may lie. Sources: PKWARE APPNOTE 6.3.10; David Fifield,
"A better zip bomb" (2019) for overlapping members.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from rekentool.messages import Finding, finding, refuse
from rekentool.xlsx.limits import LIMITS, Limits
from rekentool.xlsx.membername import same_name, shown, unsafe_name

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
#: Encrypted, patch data, strong encryption, masked headers: nothing that an office program writes.
_ODD_FLAGS = 0x1 | 0x20 | 0x40 | 0x2000
#: Version 6.3 of the format is the last one; zipfile stops at a higher one.
_NEWEST = 63
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF
_ZIP64_EXTRA, _UNICODE_PATH_EXTRA = 0x0001, 0x7075
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Member:
    """One file in the zip, as its directory entry and its local header both describe it."""

    name: str
    offset: int
    start: int
    compressed: int
    size: int
    method: int
    crc: int

    @property
    def end(self) -> int:
        """Where the compressed bytes stop."""
        return self.start + self.compressed

    @property
    def is_folder(self) -> bool:
        """Whether this is an empty entry that only names a folder."""
        return self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class Archive:
    """The members in the order of the directory; with ``faults`` its contents must not be read.

    ``names`` holds every name, also of members that are too broken to be in ``members``.
    """

    data: bytes
    members: tuple[Member, ...]
    names: tuple[str, ...]
    faults: tuple[Finding, ...]

    @property
    def total(self) -> int:
        """Bytes of all members together when inflated."""
        return sum(member.size for member in self.members)

    def blocks(self, member: Member) -> Iterator[bytes]:
        """The contents in blocks of at most 64 kB, or at once when the whole is at most ``quick_part``.

        RekentoolError: RK114 when more or less comes out than was announced, RK119 when it is damaged.
        """
        crc = produced = 0
        for block in self._inflated(member) if member.method == _DEFLATED else self._stored(member):
            produced += len(block)
            if produced > member.size:
                break
            crc = zlib.crc32(block, crc)
            yield block
        if produced != member.size:
            raise refuse("RK114", shown(member.name), wat="er komt meer of minder uit dan de kop aankondigt")
        if crc != member.crc:
            raise refuse("RK119", shown(member.name), wat="de controlesom (CRC) klopt niet")

    def read(self, member: Member) -> bytes:
        """The contents as a whole; errors as for ``blocks``."""
        return b"".join(self.blocks(member))

    def _stored(self, member: Member) -> Iterator[bytes]:
        for start in range(member.start, member.end, _BLOCK):
            yield self.data[start : min(start + _BLOCK, member.end)]

    def _inflated(self, member: Member) -> Iterator[bytes]:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        # One byte more than announced is enough to know that the header lies.
        small = member.size <= LIMITS.quick_part
        most, step = (member.size + 1, member.compressed) if small else (_BLOCK, _BLOCK)
        position, rest = member.start, b""
        while not inflater.eof:
            chunk = rest or self.data[position : min(position + step, member.end)]
            position += 0 if rest else len(chunk)
            try:
                block = inflater.decompress(chunk, most)
            except zlib.error:
                raise refuse("RK119", shown(member.name), wat="het uitpakken mislukt") from None
            rest = inflater.unconsumed_tail
            if block:
                yield block
            elif not chunk:
                raise refuse("RK119", shown(member.name), wat="het einde ontbreekt")
        if inflater.unused_data or rest or position < member.end:
            raise refuse("RK119", shown(member.name), wat="na het einde volgen nog gegevens")


def read_archive(data: bytes, limits: Limits = LIMITS) -> Archive:
    """Read the directory of a zip and hold it against itself, the local headers and the limits.

    RekentoolError when there is no directory to go by (RK111 cut off or damaged, RK112 bytes that belong to
    no member, RK114 contradictions, RK120 too many members). Every fault of a member goes into ``faults``.
    """
    start, end, count = _directory(data)
    if count > limits.members:
        raise refuse("RK120", aantal=count, grens=limits.members)
    faults: list[Finding] = []
    members: list[Member] = []
    names: list[str] = []
    at = start
    for _ in range(count):
        if at + _ENTRY.size > end or data[at : at + 4] != b"PK\1\2":
            raise refuse("RK111", wat="de inhoudsopgave van het zip-bestand is onvolledig")
        length = _ENTRY.size + sum(_ENTRY.unpack_from(data, at)[10:13])
        if at + length > end:
            raise refuse("RK111", wat="de inhoudsopgave van het zip-bestand is onvolledig")
        name, member, found = _member(data, at, start)
        names.append(name)
        faults += found
        if member is not None:
            members.append(member)
        at += length
    if at != end:
        raise refuse("RK114", wat="de inhoudsopgave telt een ander aantal onderdelen dan het slot van het zip-bestand")
    faults += _double_names(names)
    if len(members) == count:
        faults += _layout(data, members, start)
    faults += _budget(members, limits)
    return Archive(data, tuple(members), tuple(names), tuple(faults))


def _directory(data: bytes) -> tuple[int, int, int]:
    """Start, end and number of entries of the central directory."""
    at = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - _FULL16))
    if at < 0 or at + _END.size > len(data):
        raise refuse("RK111", wat="het slot van het zip-bestand ontbreekt: het bestand is afgekapt")
    _, disk, first_disk, here, count, size, start, comment = _END.unpack_from(data, at)
    if at + _END.size + comment > len(data):
        raise refuse("RK111", wat="het slot van het zip-bestand is afgekapt")
    if at + _END.size + comment < len(data):
        raise refuse("RK112", wat="na het slot van het zip-bestand volgen nog gegevens")
    end, lie = at, refuse("RK114", wat="de zip64-gegevens spreken de gewone gegevens van het zip-bestand tegen")
    locator = at - _END64_LOCATOR.size
    if locator >= 0 and data[locator : locator + 4] == b"PK\6\7":
        _, disk64, end, disks = _END64_LOCATOR.unpack_from(data, locator)
        if disk64 or disks > 1 or end + _END64.size > locator or data[end : end + 4] != b"PK\6\6":
            raise lie
        _, length, _, _, disk, first_disk, *wide = _END64.unpack_from(data, end)
        if end + 12 + length != locator:
            raise lie
        narrow = zip((here, count, size, start), (_FULL16, _FULL16, _FULL32, _FULL32), wide, strict=True)
        if any(value not in (full, real) for value, full, real in narrow):
            raise lie
        here, count, size, start = wide
    elif count == _FULL16 or _FULL32 in (size, start):
        raise lie
    if disk or first_disk or here != count:
        raise refuse("RK114", wat="het zip-bestand zegt deel te zijn van een reeks")
    if start + size > end:
        raise refuse("RK111", wat="de inhoudsopgave van het zip-bestand valt buiten het bestand")
    if start + size < end:
        raise refuse("RK112", wat="vóór het begin of na de inhoudsopgave van het zip-bestand staan vreemde gegevens")
    return start, end, count


def _member(data: bytes, at: int, limit: int) -> tuple[str, Member | None, list[Finding]]:
    """The directory entry at ``at`` held against its local header; ``limit`` is where the directory starts."""
    (_, _, version, flags, method, _, _, crc, compressed, size, name_length, extra_length, _, disk, _, _, offset) = (
        _ENTRY.unpack_from(data, at)
    )
    name_end = at + _ENTRY.size + name_length
    raw = data[at + _ENTRY.size : name_end]
    # As zipfile reads it, so that nobody behind the guard sees another name.
    name = raw.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
    place = shown(name)
    faults = [finding("RK118", place, wat=wrong) for wrong in unsafe_name(name)]
    if flags & _ODD_FLAGS:
        faults.append(finding("RK116", place))
        return name, None, faults
    if method not in (_STORED, _DEFLATED):
        faults.append(finding("RK115", place, methode=method))
        return name, None, faults
    if version & 0xFF > _NEWEST:
        faults.append(finding("RK114", place, wat="het onderdeel vraagt om een versie van zip die er niet is"))
        return name, None, faults
    lie = finding("RK114", place, wat="de gegevens in de inhoudsopgave en in de kop van het onderdeel verschillen")
    extra = _extra_fields(data[name_end : name_end + extra_length])
    widened = _widen(extra or {}, size, compressed, offset)
    if extra is None or widened is None or disk or (flags & _UTF8 and "\ufffd" in name):
        return name, None, [*faults, lie]
    size, compressed, offset = widened
    alias = extra.get(_UNICODE_PATH_EXTRA)
    if alias is not None and alias[5:] != raw:
        return name, None, [*faults, lie]
    if offset + _LOCAL.size > limit or data[offset : offset + 4] != b"PK\3\4":
        return name, None, [*faults, lie]
    (_, _, local_flags, local_method, _, _, local_crc, local_compressed, local_size, name_length, extra_length) = (
        _LOCAL.unpack_from(data, offset)
    )
    local_name = offset + _LOCAL.size
    start = local_name + name_length + extra_length
    local_extra = _extra_fields(data[local_name + name_length : start]) or {}
    local = _widen(local_extra, local_size, local_compressed)
    truth = (size, compressed, crc)
    # With a data descriptor the local header may leave the three at zero: they follow the contents.
    blank = bool(flags & _DESCRIPTOR) and local is not None and (*local, local_crc) == (0, 0, 0)
    blank = blank or (bool(flags & _DESCRIPTOR) and (local_size, local_compressed, local_crc) == (_FULL32, _FULL32, 0))
    if (
        data[local_name : local_name + name_length] != raw
        or (local_flags ^ flags) & (_ODD_FLAGS | _DESCRIPTOR | _UTF8)
        or local_method != method
        or not (blank or (local is not None and (*local, local_crc) == truth))
        or start + compressed > limit
        or (method == _STORED and size != compressed)
        or (name.endswith("/") and size)
    ):
        return name, None, [*faults, lie]
    return name, Member(name, offset, start, compressed, size, method, crc), faults


def _extra_fields(extra: bytes) -> dict[int, bytes] | None:
    """The extra fields by their id; None when a length runs past the end, or one that counts here stands twice."""
    fields: dict[int, bytes] = {}
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if at + 4 + length > len(extra) or (kind in fields and kind in (_ZIP64_EXTRA, _UNICODE_PATH_EXTRA)):
            return None
        fields[kind] = extra[at + 4 : at + 4 + length]
        at += 4 + length
    return fields


def _widen(extra: dict[int, bytes], *values: int) -> list[int] | None:
    """The values, those that are all ones replaced by their 64-bit versions; None when one of these is missing."""
    field = extra.get(_ZIP64_EXTRA, b"")
    result = []
    for value in values:
        if value == _FULL32:
            if len(field) < 8:
                return None
            value, field = int.from_bytes(field[:8], "little"), field[8:]
        result.append(value)
    return result


def _double_names(names: list[str]) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for name in names:
        key = same_name(name)
        if key in first:
            yield finding("RK117", shown(name), ander=shown(first[key]))
        first.setdefault(key, name)


def _layout(data: bytes, members: list[Member], directory: int) -> Iterator[Finding]:
    """Members must lie end to end from the first byte to the directory."""
    position = 0
    previous: Member | None = None
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < position:
            yield finding("RK113", shown(member.name))
        elif not _is_gap(data, previous, position, member.offset):
            yield finding("RK112", shown(member.name), wat="vóór dit onderdeel staan gegevens die nergens bij horen")
        position, previous = max(position, member.end), member
    if not _is_gap(data, previous, position, directory):
        yield finding("RK112", wat="vóór de inhoudsopgave van het zip-bestand staan gegevens die nergens bij horen")


def _is_gap(data: bytes, member: Member | None, start: int, end: int) -> bool:
    """Whether between two members there is nothing, or the data descriptor of the first."""
    if start == end:
        return True
    if member is None:
        return False
    gap = data[start:end] if end - start <= 24 else b""
    sizes = (member.crc, member.compressed, member.size)
    return any(gap == mark + struct.pack(form, *sizes) for mark in (b"", b"PK\7\x08") for form in ("<3L", "<L2Q"))


def _budget(members: list[Member], limits: Limits) -> Iterator[Finding]:
    """The announced sizes against the limits; ``Archive.blocks`` sees to it that they are kept."""
    total = compressed = 0
    for member in members:
        total += member.size
        compressed += member.compressed
        if member.size > limits.member:
            yield finding("RK121", shown(member.name), omvang=member.size, grens=limits.member)
        elif member.size > limits.grace and member.size > limits.ratio * member.compressed:
            ratio = member.size // max(1, member.compressed)
            yield finding("RK123", shown(member.name), factor=ratio, grens=limits.ratio)
    if total > limits.total:
        yield finding("RK122", omvang=total, grens=limits.total)
    elif total > limits.grace and total > limits.ratio * compressed:
        yield finding("RK123", factor=total // max(1, compressed), grens=limits.ratio)
