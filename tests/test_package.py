"""The zip container: copied bytes, forms that zip tools make, and files that are refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kaal import gezipt, rauwe_leden

from rekentool.messages import RekentoolError
from rekentool.xlsx.package import Package

DELEN = {"a.xml": b"<a/>" * 50, "map/b.bin": bytes(range(256)), "c": b""}


def test_niets_vervangen_is_hetzelfde_bestand() -> None:
    data = gezipt(DELEN)
    assert Package(data).with_parts({}) is data
    assert Package(data).with_parts({"a.xml": b"x"}) == Package(data).with_parts({"a.xml": b"x"})


@settings(deadline=None, max_examples=50)
@given(
    st.dictionaries(st.text("abcdé/", min_size=1, max_size=6), st.binary(max_size=60), min_size=1, max_size=6),
    st.data(),
)
def test_vervangen_delen_zijn_nieuw_de_andere_onveranderd(delen: dict[str, bytes], keuze: st.DataObject) -> None:
    nieuw = keuze.draw(st.dictionaries(st.sampled_from(sorted(delen)), st.binary(max_size=80)))
    voor = gezipt(delen)
    na = Package(voor).with_parts(nieuw)
    oud, leden = rauwe_leden(voor), rauwe_leden(na)
    assert list(leden) == list(oud)
    with zipfile.ZipFile(io.BytesIO(na)) as archive:
        assert archive.testzip() is None
        for naam, inhoud in {**delen, **nieuw}.items():
            assert archive.read(naam) == inhoud
    assert all(leden[naam] == oud[naam] for naam in delen if naam not in nieuw)


def test_volgorde_van_de_inhoudsopgave_mag_een_andere_zijn() -> None:
    data = gezipt(DELEN)
    begin = data.index(b"PK\1\2")
    einde = data.index(b"PK\5\6")
    stukken = [b"PK\1\2" + stuk for stuk in data[begin:einde].split(b"PK\1\2")[1:]]
    omgekeerd = data[:begin] + b"".join(reversed(stukken)) + data[einde:]
    na = Package(omgekeerd).with_parts({"map/b.bin": b"nieuw"})
    with zipfile.ZipFile(io.BytesIO(na)) as archive:
        assert archive.namelist() == ["c", "map/b.bin", "a.xml"]
        assert archive.testzip() is None
        assert archive.read("map/b.bin") == b"nieuw"
        assert archive.read("a.xml") == DELEN["a.xml"]


def test_handtekening_van_het_einde_in_het_commentaar() -> None:
    data = gezipt(DELEN)
    commentaar = b"x PK\x05\x06" + bytes(18) + b" y"
    data = data[:-2] + struct.pack("<H", len(commentaar)) + commentaar
    assert Package(data).read("map/b.bin") == DELEN["map/b.bin"]
    assert Package(data).with_parts({"c": b"c"}).endswith(commentaar)


def _zip64(delen: dict[str, bytes]) -> bytes:
    """Every size and offset in 64-bit fields, with the zip64 end records, as some writers always do."""
    lokaal, centraal = b"", b""
    for naam, inhoud in delen.items():
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        gepakt = packer.compress(inhoud) + packer.flush()
        vast = (45, 0x800, 8, 0, 33, zlib.crc32(inhoud))
        groot = struct.pack("<QQ", len(inhoud), len(gepakt))
        ander = struct.pack("<HHB", 0x9999, 1, 7)
        rest = (2**32 - 1, 2**32 - 1, len(naam), 33, 0, 0, 0, 0, 2**32 - 1)
        centraal += struct.pack("<4sHHHHHHLLLHHHHHLL", b"PK\1\2", 45, *vast, *rest)
        centraal += naam.encode() + ander + struct.pack("<HH", 1, 24) + groot + struct.pack("<Q", len(lokaal))
        lokaal += struct.pack("<4sHHHHHLLLHH", b"PK\3\4", *vast, 2**32 - 1, 2**32 - 1, len(naam), 20)
        lokaal += naam.encode() + struct.pack("<HH", 1, 16) + groot + gepakt
    aantal = len(delen)
    einde64 = struct.pack("<4sQHHLLQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, aantal, aantal, len(centraal), len(lokaal))
    wijzer = struct.pack("<4sLQL", b"PK\6\7", 0, len(lokaal) + len(centraal), 1)
    einde = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 2**32 - 1, 2**32 - 1, 0)
    return lokaal + centraal + einde64 + wijzer + einde


def test_zip64() -> None:
    data = _zip64(DELEN)
    assert zipfile.ZipFile(io.BytesIO(data)).testzip() is None
    pakket = Package(data)
    assert pakket.read("a.xml") == DELEN["a.xml"]
    na = pakket.with_parts({"a.xml": b"nieuw" * 99})
    with zipfile.ZipFile(io.BytesIO(na)) as archive:
        assert archive.testzip() is None
        assert archive.read("a.xml") == b"nieuw" * 99
        assert archive.read("map/b.bin") == DELEN["map/b.bin"]
        assert archive.getinfo("a.xml").extra == struct.pack("<HHB", 0x9999, 1, 7)
    assert Package(na).with_parts({"a.xml": DELEN["a.xml"]}) == Package(
        Package(data).with_parts({"a.xml": b"anders"})
    ).with_parts({"a.xml": DELEN["a.xml"]})


def test_naam_zonder_hoofdletters() -> None:
    pakket = Package(gezipt(DELEN))
    assert pakket.find("A.XML") == "a.xml"
    assert pakket.find("weg") is None


def _dubbel(data: bytes) -> bytes:
    return gezipt({"a.xml": b"1", "A.xml": b"2"})


def _vlag(data: bytes) -> bytes:
    for handtekening, plaats in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        at = data.index(handtekening) + plaats
        data = data[:at] + struct.pack("<H", 1) + data[at + 2 :]
    return data


def _methode(data: bytes) -> bytes:
    at = data.index(b"PK\1\2") + 10
    return data[:at] + struct.pack("<H", 12) + data[at + 2 :]


def _inhoud(plaats: int, nieuw: bytes) -> Callable[[bytes], bytes]:
    def verander(data: bytes) -> bytes:
        at = data.index(b"PK\1\2") + plaats
        return data[:at] + nieuw + data[at + len(nieuw) :]

    return verander


@pytest.mark.parametrize(
    "verander",
    [
        lambda data: b"",
        lambda data: b"geen zip",
        lambda data: b"\xd0\xcf\x11\xe0" + bytes(600),
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"MZ" + data,
        lambda data: data.replace(b"PK\3\4", b"PK\3\5", 1),
        lambda data: data.replace(b"a.xml", b"b.xml", 1),
        lambda data: data.replace(b"PK\1\2", b"PK\1\3", 1),
        lambda data: gezipt({}),
        lambda data: data[:-22] + data[-22:].replace(b"\x03\x00\x03\x00", b"\x03\x00\x04\x00"),
        _dubbel,
        _vlag,
        _methode,
        _inhoud(16, b"\0\0\0\0"),  # checksum
        _inhoud(20, struct.pack("<L", 10**6)),  # compressed size past the next member
        _inhoud(24, struct.pack("<L", 10)),  # smaller than it inflates to: a bomb's header lies
        _inhoud(24, struct.pack("<L", 10**6)),
        _inhoud(24, struct.pack("<L", 2**31)),
        _inhoud(42, struct.pack("<L", 5)),  # offset
        _inhoud(28, struct.pack("<H", 9999)),  # name length
    ],
)
def test_zipbestanden_die_geweigerd_worden(verander: Callable[[bytes], bytes]) -> None:
    data = verander(gezipt(DELEN))
    with pytest.raises(RekentoolError) as fout:
        Package(data).read("a.xml")
    assert [finding.code for finding in fout.value.findings] == ["RK600"]


def test_beschadigde_compressie() -> None:
    data = gezipt(DELEN)
    at = data.index(b"a.xml") + 5
    with pytest.raises(RekentoolError, match=r"a\.xml"):
        Package(data[:at] + b"\xff" + data[at + 1 :]).read("a.xml")


def test_overlappende_onderdelen() -> None:
    data = gezipt({"a": b"x" * 9, "b": b"x" * 9})
    at = data.rindex(b"PK\1\2") + 42
    with pytest.raises(RekentoolError, match="overlappen"):
        Package(data[:at] + bytes(4) + data[at + 4 :])
