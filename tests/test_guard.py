"""What the guard refuses, with which words, and at what cost."""

from __future__ import annotations

import io
import os
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from gevaarlijk import FOUTEN
from gevaarlijk_bouw import OLE, blad, boek, formule, met_type, onderdelen, relaties, schrijf, werkboek, xml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rekentool.messages import CATALOGUE, EXIT_INVALID, EXIT_REFUSED, Finding, RekentoolError
from rekentool.xlsx.guard import admit
from rekentool.xlsx.limits import LIMITS, MEGA, Limits

GUARD_CODES = {code for code in CATALOGUE if "RK101" <= code <= "RK152"}


def geweigerd(path: Path, limits: Limits = LIMITS) -> tuple[Finding, ...]:
    with pytest.raises(RekentoolError) as caught:
        admit(path, limits)
    return caught.value.findings


# ── refusals ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", FOUTEN)
def test_one_fault_gives_its_one_code(name: str, tmp_path: Path) -> None:
    fout = FOUTEN[name]
    path = schrijf(tmp_path, fout.maak(), fout.bestand)
    found = geweigerd(path, fout.grenzen)
    assert {finding.code for finding in found} == {fout.code}
    assert any(fout.plaats in finding.place for finding in found)
    for finding in found:
        assert finding.file == str(path)
        assert finding.severity == "fout"
        assert finding.found and finding.expected and finding.remedy
        # What a file says of itself must not steer the terminal that shows it.
        assert all(c.isprintable() or c == "\n" for c in str(finding))


def test_every_code_has_a_fixture() -> None:
    with_own_test = {"RK101", "RK102", "RK103"}
    assert {fout.code for fout in FOUTEN.values()} | with_own_test == GUARD_CODES


def test_exit_code_is_refused_for_safety_and_invalid_for_what_is_only_no_workbook() -> None:
    invalid = {"RK101", "RK102", "RK103", "RK104", "RK106", "RK107", "RK111", "RK119", "RK126",
               "RK128", "RK129", "RK130", "RK131", "RK132"}  # fmt: skip
    assert {code for code in GUARD_CODES if CATALOGUE[code].exit_code == EXIT_INVALID} == invalid
    assert {code for code in GUARD_CODES if CATALOGUE[code].exit_code == EXIT_REFUSED} == GUARD_CODES - invalid


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    parts = {
        "xl/vbaProject.bin": OLE,
        "xl/connections.xml": xml("<connections/>"),
        "xl/worksheets/sheet1.xml": formule("WEBSERVICE(A1)+[1]Blad1!A1"),
        "xl/worksheets/_rels/sheet1.xml.rels": relaties(
            ("rId1", "hyperlink", "file:///a.xlsx", "External"),
            ("rId2", "hyperlink", "b.exe", "External"),
            ("rId3", "image", "http://voorbeeld.nl/a.png", "External"),
        ),
        "xl/theme/theme1.xml": b"<!DOCTYPE a><a/>",
    }
    found = geweigerd(schrijf(tmp_path, werkboek(parts), "werkboek.xlsm"))
    codes = [finding.code for finding in found]
    assert sorted(codes) == ["RK109", "RK125", "RK140", "RK143", "RK144", "RK146", "RK149", "RK152"]
    assert next(f for f in found if f.code == "RK144").place == "xl/worksheets/sheet1.xml, relatie rId1 (en nog 1)"


def test_same_hazard_in_many_cells_is_one_finding_with_the_first_cell_and_a_count(tmp_path: Path) -> None:
    cells = "".join(f'<c r="B{i}"><f>1+WEBSERVICE(A{i})</f></c>' for i in range(1, 41))
    found = geweigerd(schrijf(tmp_path, werkboek({"xl/worksheets/sheet1.xml": blad(cells)})))
    assert [finding.place for finding in found] == ["xl/worksheets/sheet1.xml, 'Blad 1'!B1 (en nog 39)"]


def test_missing_file(tmp_path: Path) -> None:
    assert [f.code for f in geweigerd(tmp_path / "weg.xlsx")] == ["RK101"]
    assert [f.code for f in geweigerd(schrijf(tmp_path, b"x", "bestand") / "weg.xlsx")] == ["RK101"]


def test_folder(tmp_path: Path) -> None:
    assert [(f.code, f.found) for f in geweigerd(tmp_path)] == [("RK102", "dit is geen bestand maar een map")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with a name are a thing of Unix")
def test_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pijp.xlsx")
    assert [f.code for f in geweigerd(tmp_path / "pijp.xlsx")] == ["RK102"]


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = schrijf(tmp_path, werkboek())

    def closed(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    assert [(f.code, f.found) for f in geweigerd(path)] == [
        ("RK103", "het bestand is niet te lezen: geen toestemming (rechten, of geopend in een ander programma)")
    ]


@pytest.mark.parametrize("name", ["nul\0.xlsx", "x" * 400 + ".xlsx"])
def test_impossible_name(name: str, tmp_path: Path) -> None:
    assert [f.code for f in geweigerd(tmp_path / name)] == ["RK103"]


def test_only_macros_can_be_tolerated(tmp_path: Path) -> None:
    parts = {
        **met_type("xl/workbook.xml", ""),
        "[Content_Types].xml": onderdelen()["[Content_Types].xml"].replace(
            b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        ),
        "xl/vbaProject.bin": OLE,
    }
    path = schrijf(tmp_path, werkboek(parts), "werkboek.xlsm")
    assert [f.code for f in geweigerd(path)] == ["RK109", "RK140"]
    assert [f.code for f in admit(path, tolerate={"RK109", "RK140"}).findings] == ["RK109", "RK140"]
    with pytest.raises(ValueError, match="RK125"):
        admit(path, tolerate={"RK125"})


def test_findings_of_a_refusal_are_only_those_that_block(tmp_path: Path) -> None:
    data = werkboek({"xl/workbook.xml": boek(staat="hidden"), "xl/vbaProject.bin": OLE})
    assert [f.code for f in geweigerd(schrijf(tmp_path, data))] == ["RK140"]


# ── cost ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "name",
    [
        "zipbom",
        "zipbom_in_kleine_stukken",
        "zipbom_die_liegt_over_zijn_grootte",
        "xmlbom_die_liegt_over_zijn_grootte",
        "onderdeel_te_groot",
        "samen_te_groot",
        "miljard_lachers",
        "te_lang_element",
        "te_veel_verschillende_namen",
    ],
)
def test_bomb_takes_little_memory(name: str, tmp_path: Path) -> None:
    """The guard's own bound: the file itself, and a few times the one part that it holds at once."""
    fout = FOUTEN[name]
    path = schrijf(tmp_path, fout.maak(), fout.bestand)
    tracemalloc.start()
    try:
        found = geweigerd(path, fout.grenzen)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found[0].code == fout.code
    assert peak < path.stat().st_size + 8 * LIMITS.quick_part


def test_large_sound_part_takes_little_memory(tmp_path: Path) -> None:
    """80 MB of XML, most of it comment: read in blocks to the end, and accepted."""
    digits = "".join(str(i * 7919 % 10007) for i in range(1_000))
    rows = "".join(
        f'<row r="{i}"><c r="A{i}"><v>{i}</v></c><!--{digits[i % 97 :]}{digits[: i % 89]}--></row>'
        for i in range(1, 20_001)
    )
    parts = {"xl/worksheets/sheet1.xml": blad(erna="").replace(b"<sheetData>", b"<sheetData>" + rows.encode())}
    data = werkboek(parts)
    assert len(parts["xl/worksheets/sheet1.xml"]) > 75_000_000
    path = schrijf(tmp_path, data)
    del rows, parts
    tracemalloc.start()
    try:
        admitted = admit(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert admitted.findings == ()
    assert peak < len(data) + 8 * LIMITS.quick_part


def test_a_file_is_read_no_further_than_its_limit(tmp_path: Path) -> None:
    path = tmp_path / "werkboek.xlsx"
    with path.open("wb") as file:
        file.write(b"PK\3\4")
        file.truncate(4 * 1024 * MEGA)
    tracemalloc.start()
    try:
        found = geweigerd(path, Limits(file=MEGA))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [f.code for f in found] == ["RK105"]
    assert peak < 4 * MEGA


def test_the_file_is_opened_once_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = schrijf(tmp_path, werkboek())
    opened: list[tuple[Path, str]] = []

    def counted(self: Path, mode: str) -> io.FileIO:
        opened.append((self, mode))
        return io.FileIO(str(self), mode)

    monkeypatch.setattr(Path, "open", counted)
    admit(path)
    assert opened == [(path, "rb")]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("limits", "fits"),
    [
        (Limits(cells=4, quick_part=0), True),
        (Limits(cells=3, quick_part=0), False),
        (Limits(members=6), True),
        (Limits(members=5), False),
        (Limits(quick_part=0), True),
    ],
)
def test_a_limit_itself_is_still_allowed(limits: Limits, fits: bool, tmp_path: Path) -> None:
    path = schrijf(tmp_path, werkboek({"xl/worksheets/sheet1.xml": blad("<c/>" * 4)}))
    if fits:
        assert admit(path, limits).findings == ()
    else:
        assert geweigerd(path, limits)


# ── properties ────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=6), cut=st.booleans()
)
def test_damaged_bytes_are_refused_or_read_the_same_by_zipfile(
    changes: list[tuple[int, int]], cut: bool, tmp_path: Path
) -> None:
    """Never another exception; and what is admitted holds for zipfile exactly the parts of the sound workbook."""
    data = bytearray(werkboek())
    for position, value in changes:
        data[position % len(data)] = value
    if cut:
        del data[changes[0][0] % len(data) :]
    path = schrijf(tmp_path, bytes(data))
    try:
        admit(path)
    except RekentoolError:
        return
    with zipfile.ZipFile(path) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == onderdelen()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.binary(max_size=300), start=st.sampled_from([b"", b"PK\3\4", b"PK\5\6", OLE, b"<", b"\xff\xfe", b"a;b\n"])
)
def test_any_bytes_are_refused_with_a_finding(data: bytes, start: bytes, tmp_path: Path) -> None:
    assert geweigerd(schrijf(tmp_path, start + data))
