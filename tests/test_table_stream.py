"""Long tables: rows go to disk as they come, and the file is there whole or not at all."""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from opdracht import run, snapshot, table

import rekentool.jobs.compute
import rekentool.tables.parquetfile
import rekentool.tables.table
from rekentool.messages import RekentoolError
from rekentool.tables.table import SUFFIXES, check_length, write_table

Row = tuple[str, str, float | str | None]


def rows(count: int) -> Iterator[Row]:
    for number in range(count):
        yield (
            f"Regio {number}",
            "saldo",
            None if number % 7 == 0 else "niet te berekenen" if number % 5 == 0 else number / 3,
        )


def peak(path: Path, count: int) -> int:
    """The most memory that writing so many rows takes, in bytes: Python's and arrow's."""
    pool = pa.default_memory_pool()
    gc.collect()
    arrow = pool.bytes_allocated()
    tracemalloc.start()
    try:
        assert write_table(path, ("regio", "regel", "waarde"), rows(count)) == count
        return tracemalloc.get_traced_memory()[1] + pool.bytes_allocated() - arrow
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    monkeypatch.setattr(rekentool.tables.parquetfile, "ROW_GROUP", 1_000)
    peak(tmp_path / f"warm{suffix}", 10_000)  # imports, and texts that are remembered
    few, many = peak(tmp_path / f"kort{suffix}", 15_000), peak(tmp_path / f"lang{suffix}", 60_000)
    sizes = [(tmp_path / f"{name}{suffix}").stat().st_size for name in ("kort", "lang")]
    assert sizes[1] - sizes[0] > 400_000
    assert many - few < 100_000


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_rows_that_break_off_leave_nothing(tmp_path: Path, suffix: str, overwrite: bool) -> None:
    path = tmp_path / f"uit{suffix}"
    if overwrite:
        path.write_bytes(b"van gisteren")
    before = snapshot(tmp_path)

    def broken() -> Iterator[Row]:
        yield from rows(10)
        raise KeyError("weg")

    with pytest.raises(KeyError):
        write_table(path, ("regio", "regel", "waarde"), broken(), overwrite=overwrite)
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of a file is POSIX's")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_disk_that_fills_up_halfway_leaves_nothing(tmp_path: Path, suffix: str) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, limits[1]))
    try:
        with pytest.raises(RekentoolError) as refused:
            write_table(tmp_path / f"uit{suffix}", ("regio", "regel", "waarde"), rows(30_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    (finding,) = refused.value.findings
    assert (finding.code, finding.place) == ("RK631", "")
    assert "te groot voor deze schijf" in finding.found
    assert list(tmp_path.iterdir()) == []


def test_nobody_sees_the_file_before_it_is_whole(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def watched() -> Iterator[Row]:
        for row in rows(3):
            seen.append([path.suffix for path in tmp_path.iterdir()])
            yield row

    write_table(tmp_path / "uit.csv", ("regio", "regel", "waarde"), watched())
    assert seen == [[".tmp"]] * 3
    assert [path.name for path in tmp_path.iterdir()] == ["uit.csv"]


# More than a sheet holds


def test_a_table_too_long_for_excel_is_refused_before_computing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """196 rows a region and a heading: one region fits on 197 rows, two don't."""
    monkeypatch.setattr(rekentool.tables.table, "MAX_ROW", 197)
    one, two = table(tmp_path, "regio_naam\nA\n", "een.csv"), table(tmp_path, "regio_naam\nA\nB\n", "twee.csv")
    assert run("reken", one, "--naar", tmp_path / "past.xlsx").code == 0

    def never(*_: object, **__: object) -> None:
        raise AssertionError("it was computed after all")

    monkeypatch.setattr(rekentool.jobs.compute, "compute_blocks", never)
    before = snapshot(tmp_path)
    ran = run("reken", two, "--naar", tmp_path / "uit.xlsx")
    assert (ran.code, ran.out) == (3, "")
    assert ran.finding == {
        "code": "RK642",
        "ernst": "fout",
        "plaats": str(tmp_path / "uit.xlsx"),
        "gevonden": "de tabel heeft meer rijen dan op een Excel-blad passen",
        "verwacht": "ten hoogste 196 rijen",
        "remedie": "Schrijf de tabel als .csv of .parquet; met --regels totalen wordt zij veel korter.",
    }
    assert snapshot(tmp_path) == before


def test_the_remedy_for_a_table_too_long_for_excel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekentool.tables.table, "MAX_ROW", 197)
    two = table(tmp_path, "regio_naam\nA\nB\n")
    for name in ("uit.csv", "uit.parquet"):
        assert run("reken", two, "--naar", tmp_path / name).out == f"{tmp_path / name}: 392 rijen uit 2 regio’s\n"


def test_excel_has_1048575_rows_below_a_heading(tmp_path: Path) -> None:
    check_length(tmp_path / "uit.xlsx", 1_048_575)
    check_length(tmp_path / "uit.csv", 28_440_000)
    with pytest.raises(RekentoolError, match=r"RK642(.|\n)*ten hoogste 1\.048\.575 rijen"):
        check_length(tmp_path / "uit.XLSX", 1_048_576)
