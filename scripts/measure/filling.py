"""Filling and reading the template, against openpyxl.

Filling: 50 inputs changed. Our patch also writes a fresh value into every formula cell; openpyxl's save loses all of
them (and whatever it doesn't know), so the comparison favours openpyxl.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import openpyxl

from measure.timing import Row, best, ms
from rekentool.engine.program import ProgramEngine
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.guard import admit
from rekentool.xlsx.patch import Template, patch_workbook
from rekentool.xlsx.reader import read_workbook


def by_openpyxl(data: bytes, values: dict[Address, CellValue]) -> bytes:
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


def reading(tool: Tool, repeats: int) -> Iterator[Row]:
    """One workbook read."""
    buffer = io.BytesIO(tool.data)
    yield from _against_first("lezen", repeats, [
        ("openpyxl: values", lambda: openpyxl.load_workbook(buffer, data_only=True)),
        ("guard: is the file safe", lambda: admit(tool.path)),
        ("reader: values, formulas, names, validations", lambda: read_workbook(tool.data)),
    ])  # fmt: skip


def _against_first(part: str, repeats: int, jobs: list[tuple[str, Callable[[], object]]]) -> Iterator[Row]:
    base = 0.0
    for what, job in jobs:
        seconds = best(job, repeats)
        yield Row(part, what, ms(seconds), f"{base / seconds:,.1f}× openpyxl" if base else "")
        base = base or seconds
