"""`vul` for many regions: going on after a kill, several processes, names, bad rows, the index and the zip."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ingreep import parts
from opdracht import run, snapshot, table
from openpyxl import load_workbook
from rekentool_werkboek import tool

from rekentool.jobs.batch import CHUNK, Settings, fill, processes_for
from rekentool.jobs.reference import read_reference
from rekentool.jobs.workbooknames import NamePattern, workbook_names
from rekentool.jobs.workplace import NAME as WORK
from rekentool.jobs.workplace import workplace
from rekentool.messages import RekentoolError
from rekentool.shipped import EXAMPLE_REGIONS, REFERENCES
from rekentool.tables.regions import Region, Regions, read_regions
from rekentool.xlsx.patch import patch_workbook

WHEN = "1767225600"  # 2026-01-01 00:00:00 UTC
COLUMNS = "regio_naam;aantal_studenten.bbl1;uitval_per_jaar;trajectvergoeding;horizon"


def rows(count: int) -> str:
    lines = [f"Regio {n};{5 + n % 40};{n % 30}%;{2000 + 7 * n};{1 + n % 5}" for n in range(1, count + 1)]
    return "\n".join([COLUMNS, *lines, ""])


def contents(folder: Path) -> dict[str, bytes]:
    return {name: data for name, (data, _) in snapshot(folder).items()}


@pytest.fixture(autouse=True)
def same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", WHEN)


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A table of six regions, and what an undisturbed run makes of it."""
    folder = tmp_path_factory.mktemp("zes")
    regions = table(folder, rows(6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", WHEN)
        assert run("vul", regions, "--naar", folder / "uit").code == 0
    return regions, contents(folder / "uit")


def test_what_a_run_leaves(six: tuple[Path, dict[str, bytes]]) -> None:
    books = [f"regio-{n}.xlsx" for n in range(1, 7)]
    assert sorted(six[1]) == sorted([*books, *(f"{book}.bewijs.json" for book in books), "bewijs.html", "index.xlsx",
                                     "index.xlsx.bewijs.json"])  # fmt: skip


def test_a_workbook_does_not_depend_on_the_others(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    """Computed with all others, alone, or by patching the template once: the same bytes."""
    lines = rows(6).splitlines()
    run("vul", table(tmp_path, "\n".join([lines[0], lines[4], ""])), "--naar", tmp_path / "alleen")
    assert (tmp_path / "alleen" / "regio-4.xlsx").read_bytes() == six[1]["regio-4.xlsx"]
    region = read_regions(six[0], tool().mapping)[3]
    cells = tool().cells(region.values)
    by_hand = patch_workbook(tool().data, cells, tool().model.compute([cells])[0].values)
    assert by_hand == six[1]["regio-4.xlsx"]


# Going on


def test_a_second_run_has_nothing_to_do(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    regions, _ = six
    run("vul", regions, "--naar", tmp_path / "uit")
    before = snapshot(tmp_path)
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "".join(
        f"{tmp_path / 'uit' / f'regio-{n}.xlsx'}  (overgeslagen: al klaar)\n" for n in range(1, 7)
    )
    assert snapshot(tmp_path) == before
    found = run("vul", regions, "--naar", tmp_path / "uit", "--json").json
    assert {(file["staat"], file["geschreven"]) for file in found["bestanden"]} == {("al klaar", False)}
    dry = run("vul", regions, "--naar", tmp_path / "uit", "--droog")
    assert (dry.code, dry.out.count("al klaar")) == (0, 6)
    assert snapshot(tmp_path) == before


def interrupted(folder: Path, whole: dict[str, bytes], *, gone: list[str]) -> None:
    """What an undisturbed run makes, but for these files."""
    folder.mkdir(parents=True)
    for name, data in whole.items():
        if name not in gone:
            (folder / name).write_bytes(data)


RUN_FILES = ["index.xlsx", "index.xlsx.bewijs.json", "bewijs.html"]


@pytest.mark.parametrize(
    "gone",
    [
        ["regio-3.xlsx", "regio-3.xlsx.bewijs.json", *RUN_FILES],
        ["regio-3.xlsx.bewijs.json", *RUN_FILES],  # between a workbook and its receipt
        ["regio-6.xlsx.bewijs.json", "regio-1.xlsx", "regio-1.xlsx.bewijs.json", *RUN_FILES],
        RUN_FILES,
        ["index.xlsx", "index.xlsx.bewijs.json"],
        ["index.xlsx.bewijs.json"],
        ["bewijs.html"],
        ["regio-2.xlsx", "regio-2.xlsx.bewijs.json"],
    ],
    ids=" ".join,
)
def test_going_on_ends_as_an_undisturbed_run(
    six: tuple[Path, dict[str, bytes]], tmp_path: Path, gone: list[str]
) -> None:
    regions, whole = six
    interrupted(tmp_path / "uit", whole, gone=gone)
    done = {name: (tmp_path / "uit" / name).stat().st_mtime_ns for name in whole if name not in gone}
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.err) == (0, "")
    assert contents(tmp_path / "uit") == whole
    assert {name: (tmp_path / "uit" / name).stat().st_mtime_ns for name in done} == done
    written = [name for name in gone if re.fullmatch(r"regio-\d\.xlsx", name)]
    assert ran.out.count("al klaar") == 6 - len(written)


def test_a_longer_table_makes_what_is_new_and_renews_the_index(
    six: tuple[Path, dict[str, bytes]], tmp_path: Path
) -> None:
    _, whole = six
    interrupted(tmp_path / "uit", whole, gone=[])
    ran = run("vul", table(tmp_path, rows(7)), "--naar", tmp_path / "uit")
    assert (ran.code, ran.out.count("al klaar")) == (0, 6)
    assert (tmp_path / "uit" / "index.xlsx").read_bytes() != whole["index.xlsx"]
    assert "regio-7.xlsx" in (tmp_path / "uit" / "bewijs.html").read_text(encoding="utf-8")
    assert run("controleer", tmp_path / "uit" / "index.xlsx").code == 0


OTHERS = {
    "the user filled it in": (
        "regio-2.xlsx",
        lambda data: patch_workbook(data, {tool().binding.address("horizon"): 1.0}),
    ),
    "another file": ("regio-2.xlsx", lambda data: b"van iemand anders"),
    "another receipt": ("regio-2.xlsx.bewijs.json", lambda data: data.replace(b'"vul"', b'"lees"')),
    "an empty receipt": ("regio-2.xlsx.bewijs.json", lambda data: b""),
}


@pytest.mark.parametrize(
    ("why", "receipt"),
    [(why, True) for why in OTHERS] + [(why, False) for why, (name, _) in OTHERS.items() if name.endswith(".xlsx")],
)
def test_a_file_that_is_not_this_runs_stops_it_before_anything_is_written(
    six: tuple[Path, dict[str, bytes]], tmp_path: Path, why: str, receipt: bool
) -> None:
    name, change = OTHERS[why]
    regions, whole = six
    gone = ["regio-5.xlsx", "regio-5.xlsx.bewijs.json"] + ([] if receipt else ["regio-2.xlsx.bewijs.json"])
    interrupted(tmp_path / "uit", whole, gone=gone)
    (tmp_path / "uit" / name).write_bytes(change(whole[name]))
    before = snapshot(tmp_path)
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.out, ran.finding["code"]) == (3, "", "RK630")
    assert ran.finding["plaats"] == str(tmp_path / "uit" / "regio-2.xlsx")
    assert snapshot(tmp_path) == before
    assert run("vul", regions, "--naar", tmp_path / "uit", "--droog").code == 3
    assert run("vul", regions, "--naar", tmp_path / "uit", "--overschrijf").code == 0
    assert contents(tmp_path / "uit") == whole


def test_another_value_in_the_table_is_another_workbook(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    interrupted(tmp_path / "uit", six[1], gone=[])
    regions = table(tmp_path, rows(6).replace("Regio 2;7;", "Regio 2;8;"))
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.codes) == (3, ["RK630"])
    assert run("vul", regions, "--naar", tmp_path / "uit", "--overschrijf").code == 0


def test_a_receipt_without_its_workbook_is_not_replaced(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    interrupted(tmp_path / "uit", six[1], gone=["regio-2.xlsx"])
    ran = run("vul", six[0], "--naar", tmp_path / "uit")
    assert (ran.code, ran.finding["code"]) == (3, "RK630")
    assert ran.finding["plaats"] == str(tmp_path / "uit" / "regio-2.xlsx.bewijs.json")


def test_an_index_of_the_user_is_not_replaced(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    """The workbooks are made; the index is named as refused."""
    (tmp_path / "uit").mkdir()
    (tmp_path / "uit" / "index.xlsx").write_bytes(b"van mij")
    ran = run("vul", six[0], "--naar", tmp_path / "uit")
    assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK630", str(tmp_path / "uit" / "index.xlsx"))
    assert (tmp_path / "uit" / "index.xlsx").read_bytes() == b"van mij"
    assert run("vul", six[0], "--naar", tmp_path / "uit", "--overschrijf").code == 0
    assert contents(tmp_path / "uit") == six[1]


def test_a_workbook_that_can_not_be_replaced_keeps_its_receipt(
    six: tuple[Path, dict[str, bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Open in Excel on Windows."""
    regions, whole = six
    interrupted(tmp_path / "uit", whole, gone=[])
    replace = Path.replace

    def refused(self: Path, target: Path) -> Path:
        if target.name == "regio-2.xlsx":
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refused)
    ran = run("vul", regions, "--naar", tmp_path / "uit", "--overschrijf")
    assert (ran.code, ran.codes) == (3, ["RK631"])
    assert contents(tmp_path / "uit") == whole


KILLED = """
import os, random, signal, sys, time
from pathlib import Path
from rekentool.jobs.batch import Settings, fill
from rekentool.tables.regions import read_regions
from rekentool.tool import open_tool

regions_path, folder, times = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
tool = open_tool()
regions = read_regions(regions_path, tool.mapping)
tool.model.compute(tool.scenarios(regions[:1]))
settings = Settings(list_changes=False, archive=folder / "alles.zip")
chance = random.Random(20261123)

def run(target, seconds):
    child = os.fork()
    if child == 0:
        fill(tool, regions, target, Settings(list_changes=False, archive=target / "alles.zip"))
        os._exit(0)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]

start = time.monotonic()
assert run(folder / "ongestoord", None) == 0
length = time.monotonic() - start
for number in range(times):
    status = run(folder / f"gedood-{number}", chance.uniform(0.2, 0.95) * length)
    print(number, status)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_ten_moments_and_run_again(tmp_path: Path) -> None:
    """kill -9 leaves only whole files, each with its own receipt or none; a run again ends as an undisturbed one."""
    regions = table(tmp_path, rows(12))
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": WHEN}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(regions), str(tmp_path), "10"],
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    statuses = [int(line.split()[1]) for line in done.stdout.splitlines()]
    assert len(statuses) == 10
    assert statuses.count(9) >= 4  # the others were just done
    whole = contents(tmp_path / "ongestoord")
    assert len(whole) == 2 * 12 + 5
    partly = 0
    for number in range(10):
        folder = tmp_path / f"gedood-{number}"
        left = (
            {name: data for name, data in contents(folder).items() if not name.startswith(WORK)}
            if folder.exists()
            else {}
        )
        assert {name: data == whole[name] for name, data in left.items()} == dict.fromkeys(left, True)
        for name in left:
            if name.endswith(".bewijs.json"):
                assert name.removesuffix(".bewijs.json") in left
        partly += 0 < len(left) < len(whole)
        again = fill(tool(), read_regions(regions, tool().mapping), folder, Settings(archive=folder / "alles.zip"))
        assert len(again.files) == 12
        assert contents(folder) == whole
    assert partly >= 2


def test_half_files_of_a_killed_run_go(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    folder = tmp_path / "uit"
    (folder / WORK).mkdir(parents=True)
    (folder / WORK / ".rekentool-0123.tmp").write_bytes(b"half")
    (folder / WORK / "archief.tmp").write_bytes(b"half")
    assert run("vul", six[0], "--naar", folder).code == 0
    assert contents(folder) == six[1]
    assert not (folder / WORK).exists()


def test_one_run_at_a_time_in_a_folder(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    with workplace(tmp_path / "uit") as place:
        assert place.is_dir()
        ran = run("vul", six[0], "--naar", tmp_path / "uit")
        assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK803", str(tmp_path / "uit"))
        assert run("vul", six[0], "--naar", tmp_path / "anders").code == 0
        assert run("vul", six[0], "--naar", tmp_path / "uit", "--droog").code == 0  # that writes nothing
    assert not place.exists()
    assert run("vul", six[0], "--naar", tmp_path / "uit").code == 0


# Several processes


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A table of more regions than are computed together, filled by this process."""
    folder = tmp_path_factory.mktemp("veel")
    regions = table(folder, rows(CHUNK + 20))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", WHEN)
        assert run("vul", regions, "--naar", folder / "uit", "--processen", "1").code == 0
    return regions, folder / "uit"


def test_two_processes_make_the_same(many: tuple[Path, Path], tmp_path: Path) -> None:
    """The receipts and the page too; findings and files in the order of the table."""
    regions, one = many
    ran = run("vul", regions, "--naar", tmp_path / "uit", "--processen", "2")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [str(tmp_path / "uit" / f"regio-{n}.xlsx") for n in range(1, CHUNK + 21)]
    assert contents(tmp_path / "uit") == contents(one)


def test_a_fault_in_another_process_is_told_as_in_this_one(many: tuple[Path, Path], tmp_path: Path) -> None:
    """A folder stands where the last workbook must come."""
    (tmp_path / "uit" / f"regio-{CHUNK + 20}.xlsx").mkdir(parents=True)
    ran = run("vul", many[0], "--naar", tmp_path / "uit", "--overschrijf", "--processen", "2")
    assert (ran.code, ran.codes) == (3, ["RK631"])


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_processes_end_with_the_one_that_started_them(many: tuple[Path, Path], tmp_path: Path) -> None:
    call = [sys.executable, "-m", "rekentool", "vul", str(many[0]), "--naar", str(tmp_path / "uit"), "--processen", "2"]
    parent = subprocess.Popen(
        call,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    children: list[int] = []
    deadline = time.monotonic() + 60
    while not list((tmp_path / "uit").glob("*.xlsx")) and time.monotonic() < deadline:
        time.sleep(0.02)
        listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        children = [int(one) for one in listed.read_text().split()] if listed.exists() else children
    parent.kill()
    parent.wait()
    assert children
    while any(_lives(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_lives(child) for child in children)
    assert run("vul", many[0], "--naar", tmp_path / "uit").code == 0
    assert contents(tmp_path / "uit") == contents(many[1])


def _lives(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    try:
        return "State:\tZ" not in status.read_text()
    except OSError:
        return False


def test_few_workbooks_are_made_by_one_process() -> None:
    assert processes_for(0) == processes_for(1) == processes_for(200) == 1
    assert processes_for(10**6) >= 1


@pytest.mark.parametrize("number", ["0", "-1", "twee", "1000"])
def test_a_number_of_processes_that_can_not_be(tmp_path: Path, number: str) -> None:
    ran = run("vul", table(tmp_path, rows(1)), "--naar", tmp_path / "uit", "--processen", number)
    assert (ran.code, (tmp_path / "uit").exists()) == (2, False)


# Bad rows

BAD = "regio_naam;horizon;uitval_per_jaar\nA;5;10%\nB;9;12,5\nC;4;\n;3;\nD;3;5%\n"


def test_a_bad_row_does_not_stop_the_others(tmp_path: Path) -> None:
    regions = table(tmp_path, BAD)
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert ran.code == 3
    assert ran.codes == ["RK310", "RK303", "RK311"]
    assert ran.out.splitlines() == [str(tmp_path / "uit" / f"{name}.xlsx") for name in "acd"]
    assert {path.name for path in (tmp_path / "uit").glob("*.xlsx")} == {"a.xlsx", "c.xlsx", "d.xlsx", "index.xlsx"}
    found = run("vul", regions, "--naar", tmp_path / "uit", "--json").json
    assert found["uitkomst"] == 3
    assert [(one["code"], one["plaats"]) for one in found["bevindingen"]] == [
        ("RK310", "rij 3, kolom horizon"),
        ("RK303", "rij 3, kolom uitval_per_jaar"),
        ("RK311", "rij 5, kolom regio_naam"),
    ]


def test_strikt_writes_nothing_when_a_row_is_bad(tmp_path: Path) -> None:
    ran = run("vul", table(tmp_path, BAD), "--naar", tmp_path / "uit", "--strikt")
    assert (ran.code, ran.out) == (3, "")
    assert ran.codes == ["RK310", "RK303", "RK311"]
    assert not (tmp_path / "uit").exists()


def test_a_fault_of_the_whole_table_stops_all(tmp_path: Path) -> None:
    ran = run("vul", table(tmp_path, "regio_naam;horizn\nA;5\nB;9\n"), "--naar", tmp_path / "uit")
    assert (ran.code, ran.codes) == (3, ["RK334"])
    assert not (tmp_path / "uit").exists()


def test_rows_with_a_fault_of_every_kind_are_left_out(tmp_path: Path) -> None:
    """A second row with the same name, one that is too short, ages that aren't 100 %: each alone."""
    text = "regio_naam;leeftijd_16_17;horizon\nA;10%;5\nA;10%;4\nB;90%;5\nC\nD;10%;3\n"
    ran = run("vul", table(tmp_path, text), "--naar", tmp_path / "uit")
    assert (ran.code, ran.codes) == (3, ["RK340", "RK319", "RK339"])
    assert {path.stem for path in (tmp_path / "uit").glob("*.xlsx")} == {"a", "d", "index"}


def test_skipping_rows_gives_the_regions_that_are_good(tmp_path: Path) -> None:
    regions = read_regions(table(tmp_path, BAD), tool().mapping, skip_faulty=True)
    assert [(region.name, region.row) for region in regions] == [("A", 2), ("C", 4), ("D", 6)]
    assert {row: [found.code for found in faults] for row, faults in regions.faulty.items()} == {
        3: ["RK310", "RK303"],
        5: ["RK311"],
    }
    assert [region.values["horizon", None] for region in regions] == [5, 4, 3]
    with pytest.raises(RekentoolError):
        read_regions(table(tmp_path, BAD), tool().mapping)
    with pytest.raises(RekentoolError):
        read_regions(table(tmp_path, "regio_naam;horizon\nA;9\n"), tool().mapping, skip_faulty=True)


# Names

WORD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["../../etc/passwd", "..\\..\\x", "/etc/x", "C:\\x", "con", "NUL", "aux.xlsx", "index", "INDEX", "Index ",
         "bewijs.html", "😀", "😀 Noord", "x" * 300, "é" * 300, "noord", "NOORD", "Nóórd", "a/b", "~", ".", "-", "\x00",
         "..%2f..%2fx", "index.xlsx.bewijs.json", WORK, "naam-index"]
    ),
)  # fmt: skip
SAFE = re.compile(r"[a-z0-9][a-z0-9_-]{0,84}")


def regions_of(names: list[str]) -> Regions:
    return Regions([Region(name, {("regio_naam", None): name}, row) for row, name in enumerate(names, start=2)])


@settings(max_examples=200, deadline=None)
@given(st.lists(WORD, max_size=8), st.sampled_from(["{regio}", "../{regio}", "{regio}/..", "{peildatum}", "a{regio}"]))
@example(["index", "naam-index"], "{regio}")
@example(["Noord-Oost", "noord oost", "West"], "{regio}")
def test_every_name_is_safe_and_of_one_region(names: list[str], pattern: str) -> None:
    """Or there is none, and a finding says why: never outside the folder, never over another file of the run."""
    found, faults = workbook_names(tool(), regions_of(names), pattern)
    given = [name for name in found if name is not None]
    assert len({name.casefold() for name in given}) == len(given)
    assert all(SAFE.fullmatch(name) and name != "index" for name in given)
    assert {place for place, name in enumerate(found) if name is None} == faults.keys()
    assert all(fault.code in ("RK160", "RK161") for fault in faults.values())


def test_names_that_clash_are_both_refused_and_no_other(tmp_path: Path) -> None:
    regions = table(tmp_path, "regio_naam\nNoord-Oost\nWest\nnoord oost\nindex\n😀\n")
    ran = run("vul", regions, "--naar", tmp_path / "uit")
    assert (ran.code, ran.codes) == (3, ["RK160", "RK161"])
    assert "rij 2, 4" in ran.err
    assert "rij 6" in ran.err
    assert {path.name for path in (tmp_path / "uit").glob("*.xlsx")} == {"west.xlsx", "naam-index.xlsx", "index.xlsx"}


def test_names_from_a_pattern(tmp_path: Path) -> None:
    regions = table(
        tmp_path, "regio_naam;peildatum;aantal_studenten.bbl1;uitval_per_jaar\nNoord;1-9-2025;14;12,5%\nZuid;;;\n"
    )
    pattern = "{regio}-{peildatum}_{aantal_studenten.bbl1} {uitval_per_jaar.bol2}"
    assert run("vul", regions, "--naar", tmp_path / "uit", "--naam", pattern).code == 0
    assert {path.name for path in (tmp_path / "uit").glob("*.xlsx")} == {
        "noord-2025-09-01_14-0-125.xlsx",
        "zuid-2026-08-01_12-0-15.xlsx",
        "index.xlsx",
    }  # fmt: skip; what the row leaves blank is the template's


@pytest.mark.parametrize(
    ("pattern", "what"),
    [("{regoi}", "{regoi}"), ("{aantal_studenten}", "{aantal_studenten}"), ("vast", "vast"), ("{}", "{}"),
     ("{regio", "{regio"), ("{regio}}", "{regio}}"), ("", ""), ("{regio!r}", "{regio!r}")],
)  # fmt: skip
def test_a_pattern_that_can_not_be_is_refused(tmp_path: Path, pattern: str, what: str) -> None:
    ran = run("vul", table(tmp_path, "regio_naam\nA\n"), "--naar", tmp_path / "uit", "--naam", pattern)
    assert (ran.code, ran.finding["code"]) == (2, "RK802")
    assert f'"{what}"' in ran.finding["gevonden"]
    assert not (tmp_path / "uit").exists()


def test_a_mistyped_placeholder_gets_a_hint() -> None:
    with pytest.raises(RekentoolError) as caught:
        NamePattern(tool(), "{peildatm}")
    assert "peildatum" in caught.value.findings[0].remedy


# The index and the zip


def index_rows(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path)["Index"]
    heads = [cell.value for cell in sheet[1]]
    return [
        {head: (cell.hyperlink.target if cell.hyperlink else cell.value) for head, cell in zip(heads, row, strict=True)}
        for row in sheet.iter_rows(min_row=2)
    ]


def test_the_index_lists_every_row_with_link_status_and_results(tmp_path: Path) -> None:
    lines = EXAMPLE_REGIONS.read_text(encoding="utf-8").splitlines()
    heads = lines[0].split(";")
    wrong = {"regio_naam": "Fout", "peildatum": "morgen"}
    line = ";".join(wrong.get(head, "") for head in heads)
    regions = table(tmp_path, "\n".join([*lines[:3], line, *lines[3:], ""]))
    assert run("vul", regions, "--naar", tmp_path / "uit").code == 3
    found = index_rows(tmp_path / "uit" / "index.xlsx")
    names = ["noord", "oost", None, "zuid", "west"]
    assert [row["rij"] for row in found] == [2, 3, 4, 5, 6]
    assert [row["bestand"] for row in found] == [name and f"voorbeeldregio-{name}.xlsx" for name in names]
    assert [row["status"] == "klaar" for row in found] == [bool(name) for name in names]
    assert found[2]["status"].startswith("niet gemaakt: fout in deze rij (RK")
    assert [row["controles"] for row in found] == ["OK", "OK", None, "OK", "OK"]
    reference = {str(cell): value for cell, value in
                 read_reference(REFERENCES / "voorbeeldregio-west.xlsx").values.items()}  # fmt: skip
    cells = {(cell.geval, cell.partij): str(cell.address) for cell in tool().binding.results()
             if (cell.regel, cell.jaar) == ("saldo", "totaal")}  # fmt: skip
    headings = {"Bbl niveau 2 · Gemeente · saldo (euro)": ("bbl2", "gemeente"),
                "Bol niveau 1 · maatschappelijk · saldo (euro)": ("bol1", "maatschappelijk")}  # fmt: skip
    for heading, key in headings.items():
        assert found[4][heading] == pytest.approx(reference[cells[key]], abs=0.005)
        assert found[2][heading] is None
    assert len(found[0]) == 6 + 28


def test_checks_that_fail_are_in_the_index(tmp_path: Path) -> None:
    run("vul", table(tmp_path, "regio_naam;peildatum\nA;1-9-2022\n"), "--naar", tmp_path / "uit")
    (row,) = index_rows(tmp_path / "uit" / "index.xlsx")
    assert row["bevindingen"] >= 1
    assert "Kengetallen zonder waarde op de peildatum" in row["controles"]
    assert "niet te berekenen" in row.values()


def test_text_in_the_index_is_text(tmp_path: Path) -> None:
    run("vul", table(tmp_path, 'regio_naam\n"=HYPERLINK(""http://x"")"\nhttp://y.nl\n'), "--naar", tmp_path / "uit")
    book = load_workbook(tmp_path / "uit" / "index.xlsx")
    names = [book["Index"].cell(row, 2) for row in (2, 3)]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in names] == [
        ('=HYPERLINK("http://x")', "s", None),
        ("http://y.nl", "s", None),
    ]


def test_the_zip_has_the_workbooks_and_the_index(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    target = tmp_path / "mail" / "alles.zip"
    target.parent.mkdir()
    regions, whole = six
    assert run("vul", regions, "--naar", tmp_path / "uit", "--zip", target).code == 0
    assert parts(target.read_bytes()) == {name: data for name, data in whole.items() if name.endswith(".xlsx")}
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == [*(f"regio-{n}.xlsx" for n in range(1, 7)), "index.xlsx"]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    receipt = json.loads((target.parent / "alles.zip.bewijs.json").read_text(encoding="utf-8"))
    assert receipt["resultaat"]["sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()
    assert sorted(path.name for path in target.parent.iterdir()) == ["alles.zip", "alles.zip.bewijs.json"]
    before = snapshot(tmp_path)
    assert run("vul", regions, "--naar", tmp_path / "uit", "--zip", target).code == 0
    assert snapshot(tmp_path) == before
    again = run("vul", regions, "--naar", tmp_path / "nog", "--zip", tmp_path / "nog.zip")
    assert again.code == 0
    assert (tmp_path / "nog.zip").read_bytes() == target.read_bytes()


def test_a_zip_of_the_user_is_not_replaced(six: tuple[Path, dict[str, bytes]], tmp_path: Path) -> None:
    target = tmp_path / "alles.zip"
    target.write_bytes(b"van mij")
    ran = run("vul", six[0], "--naar", tmp_path / "uit", "--zip", target)
    assert (ran.code, ran.finding["code"], ran.finding["plaats"]) == (3, "RK630", str(target))
    assert target.read_bytes() == b"van mij"
    assert run("vul", six[0], "--naar", tmp_path / "uit", "--zip", target, "--overschrijf").code == 0
    assert zipfile.is_zipfile(io.BytesIO(target.read_bytes()))


@pytest.mark.parametrize(("name", "code"), [("alles.rar", ("RK804", 2)), ("weg/alles.zip", ("RK631", 3))])
def test_a_zip_that_can_not_be_is_refused_first(
    six: tuple[Path, dict[str, bytes]], tmp_path: Path, name: str, code: tuple[str, int]
) -> None:
    ran = run("vul", six[0], "--naar", tmp_path / "uit", "--zip", tmp_path / name)
    assert (ran.finding["code"], ran.code) == code
    assert not (tmp_path / "uit").exists()


# From Python


def test_from_python_with_progress(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    regions = regions_of(["A", "B", "C"])
    batch = fill(tool(), regions, tmp_path / "uit", Settings(), lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert [(one.region, one.row, one.state) for one in batch.files] == [("A", 2, "geschreven"), ("B", 3, "geschreven"),
                                                                         ("C", 4, "geschreven")]  # fmt: skip
    assert (batch.index, batch.page) == (tmp_path / "uit" / "index.xlsx", tmp_path / "uit" / "bewijs.html")
    with pytest.raises(RekentoolError) as caught:
        fill(tool(), regions_of(["D", "d"]), tmp_path / "anders")
    assert [found.code for found in caught.value.findings] == ["RK160"]
    assert not (tmp_path / "anders").exists()
