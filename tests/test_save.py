"""Saving in one step: whole or not at all, never over a file unasked, no temporary file left."""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from rekentool.messages import RekentoolError
from rekentool.xlsx import save
from rekentool.xlsx.save import save_atomic, saving


def _code(fout: pytest.ExceptionInfo[RekentoolError]) -> str:
    return fout.value.findings[0].code


def test_nieuw_bestand_met_gewone_rechten(tmp_path: Path) -> None:
    doel, gewoon = tmp_path / ("n" * 250 + ".xlsx"), tmp_path / "gewoon"
    save_atomic(doel, b"inhoud")
    gewoon.write_bytes(b"")
    assert doel.read_bytes() == b"inhoud"
    assert stat.S_IMODE(doel.stat().st_mode) == stat.S_IMODE(gewoon.stat().st_mode)
    assert {pad.name for pad in tmp_path.iterdir()} == {doel.name, "gewoon"}


def test_bestaand_bestand_blijft_tenzij_gevraagd(tmp_path: Path) -> None:
    doel = tmp_path / "uit.xlsx"
    doel.write_bytes(b"oud")
    if os.name != "nt":
        doel.chmod(0o640)
    with pytest.raises(RekentoolError) as fout:
        save_atomic(doel, b"nieuw")
    assert _code(fout) == "RK630"
    assert str(fout.value).startswith(f"RK630 fout · {doel}\n")
    assert doel.read_bytes() == b"oud"
    save_atomic(doel, b"nieuw", overwrite=True)
    assert doel.read_bytes() == b"nieuw"
    if os.name != "nt":
        assert stat.S_IMODE(doel.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [doel]


def test_overschrijven_mag_ook_als_er_niets_staat(tmp_path: Path) -> None:
    save_atomic(tmp_path / "uit.xlsx", b"nieuw", overwrite=True)
    assert (tmp_path / "uit.xlsx").read_bytes() == b"nieuw"


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need rights on Windows")
def test_een_losse_verwijzing_telt_als_bestaand(tmp_path: Path) -> None:
    (tmp_path / "uit.xlsx").symlink_to(tmp_path / "elders")
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / "uit.xlsx", b"nieuw")
    assert _code(fout) == "RK630"
    assert not (tmp_path / "elders").exists()


def test_bestand_dat_tijdens_het_schrijven_verschijnt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doel = tmp_path / "uit.xlsx"

    def sync(_: int) -> None:
        doel.write_bytes(b"van een ander")

    monkeypatch.setattr(save.os, "fsync", sync)
    with pytest.raises(RekentoolError) as fout:
        save_atomic(doel, b"nieuw")
    assert _code(fout) == "RK630"
    assert doel.read_bytes() == b"van een ander"
    assert list(tmp_path.iterdir()) == [doel]


@pytest.mark.parametrize("harde_links", [True, False])
def test_van_twee_schrijvers_wint_er_een(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, harde_links: bool) -> None:
    if not harde_links:
        _zonder_links(monkeypatch)
    doel, uitkomst = tmp_path / "uit.xlsx", []
    start = threading.Barrier(8)

    def schrijf(nummer: int) -> None:
        start.wait()
        try:
            save_atomic(doel, bytes([nummer]) * 10_000)
        except RekentoolError as fout:
            uitkomst.append(fout.findings[0].code)
        else:
            uitkomst.append(str(nummer))

    draden = [threading.Thread(target=schrijf, args=(nummer,)) for nummer in range(8)]
    for draad in draden:
        draad.start()
    for draad in draden:
        draad.join()
    (winnaar,) = [tekst for tekst in uitkomst if tekst != "RK630"]
    assert len(uitkomst) == 8
    assert doel.read_bytes() == bytes([int(winnaar)]) * 10_000
    assert list(tmp_path.iterdir()) == [doel]


def _zonder_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(save.os, "link", link)


def test_zonder_harde_links_geen_leeg_bestand_na_een_fout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _zonder_links(monkeypatch)

    def replace(*_: object) -> None:
        raise OSError(errno.ENOSPC, "vol")

    monkeypatch.setattr(save.Path, "replace", replace)
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / "uit.xlsx", b"nieuw")
    assert _code(fout) == "RK631"
    assert "schijf is vol" in fout.value.findings[0].found
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("overschrijven", [False, True])
def test_fout_tijdens_het_schrijven_laat_niets_achter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overschrijven: bool
) -> None:
    if overschrijven:
        (tmp_path / "uit.xlsx").write_bytes(b"oud")

    def fsync(_: int) -> None:
        raise OSError(errno.EIO, "kapotte schijf")

    monkeypatch.setattr(save.os, "fsync", fsync)
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / "uit.xlsx", b"nieuw", overwrite=overschrijven)
    assert _code(fout) == "RK631"
    assert "kapotte schijf" in fout.value.findings[0].found
    assert [pad.read_bytes() for pad in tmp_path.iterdir()] == ([b"oud"] if overschrijven else [])


def test_onderbreking_laat_niets_achter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(save.os, "fsync", fsync)
    with pytest.raises(KeyboardInterrupt):
        save_atomic(tmp_path / "uit.xlsx", b"nieuw")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("pad", "reden"),
    [("weg/uit.xlsx", "map bestaat niet"), ("bestand/uit.xlsx", "map bestaat niet"), ("n" * 300, "naam is te lang")],
)
def test_plaatsen_waar_niet_te_schrijven_is(tmp_path: Path, pad: str, reden: str) -> None:
    (tmp_path / "bestand").write_bytes(b"")
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / pad, b"x")
    assert _code(fout) == "RK631"
    assert reden in fout.value.findings[0].found
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(("overschrijven", "code"), [(False, "RK630"), (True, "RK631")])
def test_een_map_als_doel(tmp_path: Path, overschrijven: bool, code: str) -> None:
    (tmp_path / "uit.xlsx").mkdir()
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / "uit.xlsx", b"x", overwrite=overschrijven)
    assert _code(fout) == code
    assert [pad.name for pad in tmp_path.iterdir()] == ["uit.xlsx"]


# -- as a stream ------------------------------------------------------------------------------------------------------


def test_een_stroom_wordt_pas_een_bestand_als_zij_klaar_is(tmp_path: Path) -> None:
    doel = tmp_path / "uit.bin"
    with saving(doel) as stroom:
        stroom.write(b"0123456789" * 100_000)
        stroom.seek(5)
        stroom.write(b"X")
        assert [pad.suffix for pad in tmp_path.iterdir()] == [".tmp"]
    inhoud = doel.read_bytes()
    assert (len(inhoud), inhoud[:8]) == (1_000_000, b"01234X67")
    assert list(tmp_path.iterdir()) == [doel]


@pytest.mark.parametrize("overschrijven", [False, True])
@pytest.mark.parametrize("fout", [ValueError, OSError, KeyboardInterrupt])
def test_wie_de_stroom_vult_en_faalt_laat_niets_achter(
    tmp_path: Path, fout: type[BaseException], overschrijven: bool
) -> None:
    """And its own OSError isn't taken for one of the disk."""
    if overschrijven:
        (tmp_path / "uit.bin").write_bytes(b"oud")
    with pytest.raises(fout) as gezien, saving(tmp_path / "uit.bin", overwrite=overschrijven) as stroom:
        stroom.write(b"x" * 1_000_000)
        raise fout("van de schrijver")
    assert gezien.type is fout
    assert [pad.read_bytes() for pad in tmp_path.iterdir()] == ([b"oud"] if overschrijven else [])


@pytest.mark.parametrize(
    ("nummer", "reden"),
    [
        (errno.ENOSPC, "de schijf is vol"),
        (errno.EFBIG, "het bestand wordt te groot voor deze schijf"),
        (errno.EROFS, "op deze schijf kan niet worden geschreven"),
        (errno.EACCES, "geen toestemming om hier te schrijven, of het bestand is open in een ander programma"),
    ],
)
@pytest.mark.parametrize("omvang", [10, 1_000_000])
def test_een_schijf_die_niet_meewerkt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nummer: int, reden: str, omvang: int
) -> None:
    """With a small content the system says so in the end, with a large one while it is written."""

    class VolleSchijf(io.FileIO):
        def write(self, _: object) -> int:
            raise OSError(nummer, os.strerror(nummer))

    raw = save._Raw
    monkeypatch.setattr(save, "_Raw", type("_Raw", (raw, VolleSchijf), {}))
    with pytest.raises(RekentoolError) as fout:
        save_atomic(tmp_path / "uit.bin", b"x" * omvang)
    (bevinding,) = fout.value.findings
    assert (bevinding.code, bevinding.place, bevinding.file) == ("RK631", "", str(tmp_path / "uit.bin"))
    assert bevinding.found == f"het bestand kon niet worden bewaard: {reden}"
    assert list(tmp_path.iterdir()) == []


def test_een_stroom_naar_een_bestaand_bestand_begint_niet(tmp_path: Path) -> None:
    (tmp_path / "uit.bin").write_bytes(b"oud")
    with pytest.raises(RekentoolError) as fout, saving(tmp_path / "uit.bin"):
        pytest.fail("the block must not begin")
    assert _code(fout) == "RK630"
    assert (tmp_path / "uit.bin").read_bytes() == b"oud"


def test_een_bestand_dat_verschijnt_terwijl_de_stroom_loopt(tmp_path: Path) -> None:
    with pytest.raises(RekentoolError) as fout, saving(tmp_path / "uit.bin") as stroom:
        stroom.write(b"nieuw")
        (tmp_path / "uit.bin").write_bytes(b"van een ander")
    assert _code(fout) == "RK630"
    assert [pad.read_bytes() for pad in tmp_path.iterdir()] == [b"van een ander"]
