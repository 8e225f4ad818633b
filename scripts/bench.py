"""Measure what we claim, against peers in the same run: python scripts/bench.py [repeats]. Figures are ratios.

Filling: 50 inputs of the template changed. Our patch also writes a fresh value into every formula cell; openpyxl's save
loses all of them (and whatever it doesn't know), so the comparison favours openpyxl.
"""

from __future__ import annotations

import io
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rekentool.engine.formulas_engine import FormulasEngine  # noqa: E402
from rekentool.tool import open_tool  # noqa: E402
from rekentool.xlsx.cell import Address, CellValue  # noqa: E402
from rekentool.xlsx.guard import admit  # noqa: E402
from rekentool.xlsx.patch import Template, patch_workbook  # noqa: E402
from rekentool.xlsx.reader import read_workbook  # noqa: E402


def best(job: Callable[[], object], repeats: int) -> float:
    """Seconds of CPU of the fastest of n runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        job()
        times.append(time.process_time() - start)
    return min(times)


def by_openpyxl(data: bytes, values: dict[Address, CellValue]) -> bytes:
    """Load, fill and save, as a script with openpyxl does it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for address, value in values.items():
        book[address.sheet][address.cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def main(repeats: int) -> None:
    """Print one line per job: milliseconds, and how many times faster than openpyxl."""
    tool = open_tool()
    inputs = [
        address for (field, case), address in tool.binding.inputs.items() if tool.mapping.field(field).kind == "bedrag"
    ][:50]
    values: dict[Address, CellValue] = {address: 100.0 + number for number, address in enumerate(inputs)}
    model = FormulasEngine().open(tool.data)
    results = model.compute([values])[0].values
    prepared = Template(tool.data)
    prepared.patch(values, results)  # the first copy indexes the sheets
    buffer = io.BytesIO(tool.data)
    jobs: list[tuple[str, Callable[[], object], str]] = [
        ("vullen: openpyxl, zonder waarden", lambda: by_openpyxl(tool.data, values), "vullen"),
        (
            "vullen: patch van één bestand, alle waarden vers",
            lambda: patch_workbook(tool.data, values, results),
            "vullen",
        ),
        ("vullen: elke volgende kopie, alle waarden vers", lambda: prepared.patch(values, results), "vullen"),
        ("lezen: openpyxl, waarden", lambda: openpyxl.load_workbook(buffer, data_only=True), "lezen"),
        ("lezen: keuring (guard)", lambda: admit(tool.path), "lezen"),
        ("lezen: waarden, formules, namen, validaties", lambda: read_workbook(tool.data), "lezen"),
        ("rekenen: formulas, één regio", lambda: model.compute([values]), "rekenen"),
    ]
    cells = len(tool.workbook.formula_cells)
    print(f"Python {platform.python_version()}, {platform.machine()}; {cells} formulecellen; beste van {repeats}")
    base: dict[str, float] = {}
    for label, job, group in jobs:
        seconds = best(job, repeats)
        ratio = f"{base[group] / seconds:7.1f}×" if group in base else "      1×"
        base.setdefault(group, seconds)
        print(f"{label:<52}{seconds * 1000:10.1f} ms{ratio}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
