"""Filling and reading the template, against openpyxl and wolfxl.

Filling one: 50 inputs changed. Our patch also writes a fresh value into every formula cell; openpyxl's save loses all
of them (and whatever it doesn't know), so the comparison favours openpyxl.
"""

from __future__ import annotations

import importlib.util
import io
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import openpyxl

from measure.sample import draw, numeric_inputs
from measure.timing import Row, best, child, ms, once, peak_memory
from rekentool.engine.program import ProgramEngine
from rekentool.jobs.batch import Settings, fill
from rekentool.jobs.collect import Settings as CollectSettings
from rekentool.jobs.collect import collect
from rekentool.tables.regions import Region, Regions
from rekentool.tables.results import COLUMNS
from rekentool.tables.table import write_table
from rekentool.tool import Tool, open_tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.guard import admit
from rekentool.xlsx.patch import Template, patch_workbook
from rekentool.xlsx.reader import read_workbook


def by_openpyxl(data: bytes, values: Mapping[Address, CellValue]) -> bytes:
    """Load, fill and save, as a script with openpyxl does it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for address, value in values.items():
        book[address.sheet][address.cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def filling(tool: Tool, repeats: int) -> Iterator[Row]:
    """One workbook filled."""
    inputs = [
        address for (field, case), address in tool.binding.inputs.items() if tool.mapping.field(field).kind == "bedrag"
    ][:50]
    values: dict[Address, CellValue] = {address: 100.0 + number for number, address in enumerate(inputs)}
    results = ProgramEngine().open(tool.data).compute([values])[0].values
    prepared = Template(tool.data)
    prepared.patch(values, results)  # the first copy indexes the sheets
    yield from _against_first("vullen", repeats, [
        ("openpyxl: load, fill, save without values", lambda: by_openpyxl(tool.data, values)),
        ("patch of one file, every value fresh", lambda: patch_workbook(tool.data, values, results)),
        ("patch of each further copy, every value fresh", lambda: prepared.patch(values, results)),
    ])  # fmt: skip


def batch(tool: Tool, repeats: int, count: int) -> Iterator[Row]:
    """``count`` regions with 60 inputs each: what `vul` makes, with results, receipts and index, and what others do.

    Per workbook. The others write inputs only: openpyxl's files have no results at all, wolfxl's have the template's.
    """
    part = "vullen"
    regions = _regions(tool, count)
    few = [tool.cells(region.values) for region in regions[:5]]
    base = best(lambda: [by_openpyxl(tool.data, cells) for cells in few], repeats) / len(few)
    yield Row(part, "60 inputs: openpyxl, load, fill, save without values", ms(base))
    if importlib.util.find_spec("wolfxl") is None:
        yield Row(part, "wolfxl: not installed (pip install -e .[bench])", "–")
    else:
        seconds = best(lambda: by_wolfxl(tool, few), repeats) / len(few)
        yield Row(part, "60 inputs: wolfxl, load, fill, save; old values", ms(seconds), _times(base, seconds))
    seconds = min(_cpu_of_fill(tool, regions) for _ in range(min(repeats, 3))) / count
    yield Row(part, f"vul, {count:,} regions in one process: fresh values, receipts, index; all CPU", ms(seconds),
              _times(base, seconds), "≥ 15×, 30×")  # fmt: skip
    for processes in dict.fromkeys((1, os.cpu_count() or 1)):
        code = "import sys; from measure.filling import print_fill; print_fill(*map(int, sys.argv[1:]))"
        wall, peak = json.loads(child(code, count, processes))
        what = f"the same, {processes} process{'es' * (processes > 1)}: seconds of clock; peak memory of the first"
        yield Row(part, what, f"{wall:.1f} s", f"{peak / 1e6:.0f} MB" if peak else "")


def _regions(tool: Tool, count: int) -> Regions:
    """Regions with 60 random inputs."""
    keys = numeric_inputs(tool, 60)
    return Regions(
        Region(f"Regio {row}", {("regio_naam", None): f"Regio {row}", **dict(zip(keys, one, strict=True))}, row)
        for row, one in enumerate(draw(tool, keys, count).tolist(), start=2)
    )


def by_wolfxl(tool: Tool, filled: Iterable[Mapping[Address, CellValue]]) -> None:
    """In its mode for changing a file, which keeps what it doesn't know: the fastest way that it has."""
    import wolfxl

    for values in filled:
        book = wolfxl.load_workbook(str(tool.path), modify=True)
        for address, value in values.items():
            book[address.sheet][address.cell] = value
        with TemporaryDirectory() as folder:
            book.save(str(Path(folder) / "uit.xlsx"))


def _cpu_of_fill(tool: Tool, regions: Regions) -> float:
    with TemporaryDirectory() as folder:
        return once(lambda: fill(tool, regions, Path(folder), Settings(list_changes=False)))


def print_fill(count: int, processes: int) -> None:
    """In a process of its own: the clock and the peak memory of a run."""
    tool = open_tool()
    regions = _regions(tool, count)
    with TemporaryDirectory() as folder:
        start = time.monotonic()
        fill(tool, regions, Path(folder), Settings(list_changes=False, processes=processes))
        print(json.dumps([time.monotonic() - start, peak_memory()]))


def _times(base: float, seconds: float) -> str:
    return f"{base / seconds:,.1f}× openpyxl"


def reading(tool: Tool, repeats: int) -> Iterator[Row]:
    """One workbook read."""
    buffer = io.BytesIO(tool.data)
    yield from _against_first("lezen", repeats, [
        ("openpyxl: values", lambda: openpyxl.load_workbook(buffer, data_only=True)),
        ("guard: is the file safe", lambda: admit(tool.path)),
        ("reader: values, formulas, names, validations", lambda: read_workbook(tool.data)),
    ])  # fmt: skip


def collecting(tool: Tool, repeats: int, files: int = 200) -> Iterator[Row]:
    """Many filled workbooks into one table, in one process; the others only take the values out of the cells.

    ``repeats`` is not used: each file is another one, so one run is as good as many.
    """
    del repeats
    with TemporaryDirectory() as folder:
        paths = _workbooks(tool, Path(folder), max(files, 400))
        rest = paths[:files]
        some = rest[:10]  # of these all files cost the same
        base = once(lambda: [_cells_of(path, values=True) for path in some]) / len(some)
        yield Row("verzamelen", "openpyxl read_only: values, per file", ms(base))
        both = once(lambda: [_cells_of(path, values=one) for path in some for one in (True, False)]) / len(some)
        yield Row("verzamelen", "openpyxl read_only: values and formulas, per file", ms(both))
        try:
            from python_calamine import CalamineWorkbook
        except ImportError:  # the extra "bench" isn't installed
            pass
        else:
            seconds = once(
                lambda: [
                    CalamineWorkbook.from_path(path).get_sheet_by_index(number).to_python()
                    for path in rest
                    for number in range(len(tool.workbook.sheets))
                ]
            ) / len(rest)
            yield Row("verzamelen", "calamine: values, per file", ms(seconds), f"{base / seconds:,.1f}× openpyxl")
        tool.model.compute([{}])  # compiled before the clock starts
        seconds = once(lambda: _collected(tool, rest, Path(folder) / "uit.csv")) / len(rest)
        what = f"guard, values, formulas, recomputed, findings, table: {files} files, per file"
        yield Row("verzamelen", what, ms(seconds), f"{base / seconds:,.1f}× openpyxl", "≥ 5×")
        for processes in dict.fromkeys((1, os.cpu_count() or 1)):
            wall = float(child(_CLOCK, folder, files, processes))
            named = f"the same, {processes} process{'es' * (processes > 1)}: seconds of clock"
            yield Row("verzamelen", named, f"{wall:.1f} s")
        for number in (100, max(files, 400)):
            peak = child(_PEAK, folder, number).strip()
            yield Row("verzamelen", f"most memory with {number} files", f"{float(peak) / 1e6:,.0f} MB")


_CLOCK = """
import sys, time
from pathlib import Path
from measure.filling import _collected
from rekentool.tool import open_tool
if __name__ == "__main__":
    folder, tool = Path(sys.argv[1]), open_tool()
    paths = sorted(folder.glob("*.xlsx"))[: int(sys.argv[2])]
    tool.model
    start = time.monotonic()
    _collected(tool, paths, folder / "klok.csv", int(sys.argv[3]))
    print(time.monotonic() - start)
"""
_PEAK = """
import sys
from pathlib import Path
from measure.filling import _collected
from measure.timing import peak_memory
from rekentool.tool import open_tool
folder = Path(sys.argv[1])
paths = sorted(folder.glob("*.xlsx"))[: int(sys.argv[2])]
_collected(open_tool(), paths, folder / "piek.csv")
print(peak_memory() or 0)
"""


def _workbooks(tool: Tool, folder: Path, count: int) -> list[Path]:
    """Filled workbooks with other inputs and a name of their own."""
    name = tool.binding.address(tool.mapping.workbook.region_field)
    inputs = [
        address for (field, case), address in tool.binding.inputs.items() if tool.mapping.field(field).kind == "bedrag"
    ][:50]
    prepared, paths = Template(tool.data), []
    for number in range(count):
        amounts = {address: 100.0 + number + place for place, address in enumerate(inputs)}
        values: dict[Address, CellValue] = {name: f"Regio {number}", **amounts}
        path = folder / f"{number:05}.xlsx"
        path.write_bytes(prepared.patch(values, tool.model.compute([values])[0].values))
        paths.append(path)
    return paths


def _cells_of(path: Path, *, values: bool) -> int:
    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    return sum(1 for sheet in book for row in sheet.iter_rows(values_only=True) for _ in row)


def _collected(tool: Tool, paths: list[Path], target: Path, processes: int = 1) -> None:
    with collect(tool, paths, CollectSettings(processes=processes)) as found:
        rows = (row for one, content in found.contents() for row in found.rows(one, content))
        write_table(target, COLUMNS, rows, overwrite=True)


def _against_first(part: str, repeats: int, jobs: list[tuple[str, Callable[[], object]]]) -> Iterator[Row]:
    base = 0.0
    for what, job in jobs:
        seconds = best(job, repeats)
        yield Row(part, what, ms(seconds), f"{base / seconds:,.1f}× openpyxl" if base else "")
        base = base or seconds
