"""Measure what we claim, against peers in the same run:

    python scripts/bench.py [vullen] [lezen] [rekenen] [--herhaal 5] [--regios 200] [--schrijf]

Without names every part; ``--schrijf`` puts the figures in docs/prestaties.md. Times are CPU time, the best of the
repeats. Two engines that ``rekenen`` compares with are extras (pip install -e .[bench]); it says what is missing.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import sys
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from measure.computing import computing  # noqa: E402
from measure.filling import batch, collecting, filling, reading  # noqa: E402
from measure.process import command, memory  # noqa: E402
from measure.timing import CACHE, Row, processor  # noqa: E402

from rekentool.tool import Tool, open_tool  # noqa: E402

TARGET = ROOT / "docs" / "prestaties.md"
VERSIONS = ("numpy", "formulas", "openpyxl", "wolfxl", "ironcalc", "formualizer")
PARTS: dict[str, Callable[[Tool, int, int], Iterator[Row]]] = {
    "vullen": lambda tool, repeats, regions: chain(filling(tool, repeats), batch(tool, repeats, regions)),
    "lezen": lambda tool, repeats, _: reading(tool, repeats),
    "verzamelen": lambda tool, repeats, regions: collecting(tool, repeats, regions),
    "rekenen": lambda tool, repeats, _: chain(computing(tool, repeats), command(repeats), memory()),
}
PAGE = """# Performance: what was measured

Made by `{command}`; it is overwritten by the next run, never edited. {day}, {machine},
Python {python}, {versions}.

The template: {sheets} sheets, {cells:,} formula cells. Times are CPU time (all threads), the best of {repeats} runs;
compare figures of one run with each other, not with those of another machine. In `rekenen` a scenario has 150 varied
inputs drawn around the template's own and 150 results; setting inputs and reading results is part of every time, and
the results of the others are held against the program's. The program computes all scenarios together, and only what
the results need; the other engines take one scenario at a time, and the two in Rust compute the whole workbook: so the
ratio for one scenario alone is there too. By hand means one businesscase written out in numpy
(`scripts/measure/case_by_hand.py`). "Aim" is what we want, not what is promised.

| part | what | measured | ratio | aim |
|---|---|---:|---:|---:|
{rows}
"""


def main(parts: list[str], repeats: int, write: bool, regions: int) -> None:
    """Print each row when it is known; the page at the end."""
    tool = open_tool()
    rows = []
    with TemporaryDirectory() as folder:
        os.environ[CACHE] = folder  # the user's own is left alone
        # Warm is with compiled modules, as an installed package has them, also where this shell doesn't write any.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        for row in chain.from_iterable(PARTS[part](tool, repeats, regions) for part in parts or PARTS):
            rows.append(row)
            print(f"{row.part:<8} {row.what:<88} {row.figure:>12}  {row.ratio:<32} {row.aim}", flush=True)
    if write:
        text = PAGE.format(
            command=" ".join(["python scripts/bench.py", *sys.argv[1:]]), day=date.today().isoformat(),
            machine=processor(), python=platform.python_version(),
            versions=", ".join(f"{name} {_version(name)}" for name in VERSIONS), sheets=len(tool.workbook.sheets),
            cells=len(tool.workbook.formula_cells), repeats=repeats,
            rows="\n".join(f"| {row.part} | {row.what} | {row.figure} | {row.ratio} | {row.aim} |" for row in rows),
        )  # fmt: skip
        TARGET.write_text(text, encoding="utf-8")


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], metavar="part", help=" ".join(PARTS))
    parser.add_argument("--herhaal", type=int, default=5, metavar="N", help="runs of which the best counts")
    parser.add_argument("--regios", type=int, default=200, metavar="N", help="regions in vullen, files in verzamelen")
    parser.add_argument("--schrijf", action="store_true", help=f"write {TARGET.name}")
    given = parser.parse_args()
    main(given.parts, given.herhaal, given.schrijf, given.regios)
