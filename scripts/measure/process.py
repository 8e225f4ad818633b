"""The command as a user starts it, and the memory of a large run: each in a process of its own."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from measure.computing import PART, answer, cells
from measure.sample import draw, numeric_inputs
from measure.stages import STAGES
from measure.timing import ROOT, Row, child, ms, peak_memory, without_cache
from rekentool.shipped import EXAMPLE_REGIONS
from rekentool.tool import open_tool

SIZES = (10_000, 20_000, 40_000)


def memory() -> Iterator[Row]:
    """Peak memory at each size."""
    peaks = []
    for size in SIZES:
        found = json.loads(child("import sys; from measure.process import print_peak; print_peak(sys.argv[1])", size))
        if found is None:
            yield Row(PART, "memory: this system doesn't tell", "–")
            return
        peaks.append(found / 1e6)
        more = (peaks[-1] - peaks[0]) * 1000 / max(1, size - SIZES[0])
        grown = f"{more:.1f} kB per scenario more" if len(peaks) > 1 else ""
        yield Row(PART, f"program: peak memory of a process with {size:,} scenarios", f"{peaks[-1]:.0f} MB", grown,
                  "< 400 MB" if size == SIZES[0] else "linear")  # fmt: skip


def print_peak(size: str) -> None:
    """In the child: compute, then print the peak in bytes."""
    tool = open_tool()
    inputs, wanted = cells(tool)
    matrix = draw(tool, numeric_inputs(tool, len(inputs)), int(size))
    answer(tool.model, inputs, wanted, matrix)
    print(json.dumps(peak_memory()))


def command(repeats: int) -> Iterator[Row]:
    """A warm ``rekentool reken`` of one region: CPU seconds in all, and where they go."""
    with tempfile.TemporaryDirectory() as folder:
        regions, target = Path(folder) / "regio.csv", Path(folder) / "uit.csv"
        with EXAMPLE_REGIONS.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter=";"))[:2]
        with regions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        call = [sys.executable, "-m", "rekentool", "reken", str(regions), "--naar", str(target), "--overschrijf"]
        with without_cache():
            seconds = min(_cpu_of(call) for _ in range(repeats))
        yield Row(PART, "rekentool reken, one region, without cache: CPU of the process", f"{seconds:.2f} s")
        seconds = min(_cpu_of(call) for _ in range(repeats + 1))
        yield Row(PART, "rekentool reken, one region, warm: CPU of the process", f"{seconds:.2f} s", aim="< 0.6 s")
        code = "import sys; from measure.stages import main; main(*sys.argv[1:])"
        runs = [json.loads(child(code, regions, target)) for _ in range(repeats)]
        for stage, part in zip(STAGES, min(runs, key=sum), strict=True):
            yield Row(PART, f"the same, warm, from inside: {stage}", ms(part, 0))


def _cpu_of(call: list[str]) -> float:
    before = os.times()
    subprocess.run(call, check=True, capture_output=True, cwd=ROOT)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system
