"""The zip reader beside Python's own: what it accepts, both read the same."""

from __future__ import annotations

import io
import zipfile

import pytest
from gevaarlijk_bouw import inpakken, onderdelen
from gevaarlijk_zip import Lid, deflate, zip_van
from hypothesis import given, settings
from hypothesis import strategies as st

from rekentool.messages import RekentoolError
from rekentool.xlsx.archive import read_archive
from rekentool.xlsx.limits import Limits
from rekentool.xlsx.membername import same_name, shown, unsafe_name

NAMES = st.text(alphabet="abcdefgXYZé_-0123456789", min_size=1, max_size=12)
CONTENTS = st.one_of(
    st.binary(max_size=400), st.builds(lambda b, n: b * n, st.binary(max_size=20), st.integers(0, 20_000))
)


@settings(max_examples=80, deadline=None)
@given(
    parts=st.dictionaries(NAMES, CONTENTS, max_size=6),
    method=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_reads_what_zipfile_wrote(parts: dict[str, bytes], method: int) -> None:
    if len({same_name(name) for name in parts}) < len(parts):
        return
    archive = read_archive(inpakken(parts, method))
    assert archive.faults == ()
    assert {member.name: archive.read(member) for member in archive.members} == parts
    assert archive.total == sum(map(len, parts.values()))


def test_large_member_comes_in_blocks() -> None:
    content = bytes(range(256)) * 20_000
    archive = read_archive(inpakken({"a": content}))
    blocks = list(archive.blocks(archive.members[0]))
    assert max(map(len, blocks)) == 65_536
    assert b"".join(blocks) == content


def test_every_broken_member_is_reported() -> None:
    archive = read_archive(
        zip_van(
            [
                Lid(b"../a", b"x"),
                Lid(b"b", b"x", methode=99),
                Lid(b"c", b"x", vlag=1),
                Lid(b"d", b"x"),
                Lid(b"D", b"x"),
                Lid(b"e", b"x" * 3_000, methode=8, gepakt=deflate(b"x" * 3_000)),
            ]
        ),
        Limits(member=2_000),
    )
    assert [(f.code, f.place) for f in archive.faults] == [
        ("RK118", "../a"),
        ("RK115", "b"),
        ("RK116", "c"),
        ("RK117", "D"),
        ("RK121", "e"),
    ]
    assert archive.names == ("../a", "b", "c", "d", "D", "e")


@settings(max_examples=200, deadline=None)
@given(at=st.integers(0, 100_000), value=st.integers(0, 255))
def test_a_changed_byte_never_changes_what_is_read_unseen(at: int, value: int) -> None:
    data = bytearray(inpakken(onderdelen()))
    data[at % len(data)] = value
    try:
        archive = read_archive(bytes(data))
        mine = {member.name: archive.read(member) for member in archive.members} if not archive.faults else None
    except RekentoolError:
        return
    if mine is not None:
        with zipfile.ZipFile(io.BytesIO(data)) as other:
            assert mine == {name: other.read(name) for name in other.namelist()}


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "xl/", "[Content_Types].xml", "xl/media/café €.png", "a..b/c.d", "%41"]
)
def test_good_names(name: str) -> None:
    assert list(unsafe_name(name)) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("gewoon é", "gewoon é"), ("\x1b[2J", "\\u001b[2J"), ("a\u202eb", "a\\u202eb"), ("x" * 200, "x" * 160 + "…")],
)
def test_shown_names_hold_no_control_characters(text: str, expected: str) -> None:
    assert shown(text) == expected
