"""How far a long command is: a bar on a terminal, lines elsewhere, and never in the data."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT
from opdracht import table

from rekentool.cli import progress
from rekentool.cli.progress import progress_on


class Clock:
    """A clock that a test sets."""

    now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(progress, "time", clock)
    return clock


def test_a_line_now_and_then_with_the_time_left(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    with progress_on("werkboeken") as update:
        for second in range(1, 41):
            clock.now = second * 2.0
            update(second * 10, 400)
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert out == ""
    assert lines[0] == "30 van 400 werkboeken, nog ongeveer 1 min 14 s"
    assert lines[-1] == "390 van 400 werkboeken, nog ongeveer 2 s"
    assert len(lines) == 13  # one in six seconds, and none for the last


def test_a_short_run_and_a_quiet_one_say_nothing(clock: Clock, capsys: pytest.CaptureFixture[str]) -> None:
    for quiet in (False, True):
        with progress_on("werkboeken", quiet=quiet) as update:
            for done in range(1, 5):
                clock.now += 100.0 if quiet else 1.0
                update(done, 4)
    assert capsys.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo terminal")
@pytest.mark.parametrize("json", [False, True])
def test_a_bar_on_a_terminal_and_data_on_stdout(tmp_path: Path, json: bool) -> None:
    regions = table(tmp_path, "regio_naam\nNoord\nZuid\n")
    ours, theirs = os.openpty()
    call = [sys.executable, "-m", "rekentool", "vul", str(regions), "--naar", str(tmp_path / "uit")]
    done = subprocess.run(
        [*call, "--json"] if json else call, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    while select.select([ours], [], [], 0.2)[0]:
        try:
            piece = os.read(ours, 65536)
        except OSError:  # everything was read
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    if json:
        assert (shown, done.stdout[:1]) == (b"", b"{")
    else:
        assert b"werkboeken" in shown
        assert b"2/2" in shown
        assert done.stdout.decode().split() == [str(tmp_path / "uit" / f"{name}.xlsx") for name in ("noord", "zuid")]
