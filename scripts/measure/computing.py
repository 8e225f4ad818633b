"""Computing the template: our program against the library `formulas`, two engines in Rust, and numpy by hand."""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from measure import case_by_hand
from measure.peers import PEERS, missing
from measure.sample import draw, numeric_inputs
from measure.timing import Row, best, child, ms, once, without_cache
from rekentool.engine.formulas_engine import FormulasEngine
from rekentool.engine.program import CHUNK, ProgramEngine, ProgramModel
from rekentool.engine.references import References, calculation_order
from rekentool.engine.vector import NUMBER, to_python
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue

PART = "rekenen"
SIZE, INPUTS, RESULTS, CASE = 10_000, 150, 150, "bbl2"


def computing(tool: Tool, repeats: int) -> Iterator[Row]:
    """Everything about computing."""
    yield from _opening(tool)
    model = ProgramEngine().open(tool.data)
    inputs, wanted = cells(tool)
    matrix = draw(tool, numeric_inputs(tool, INPUTS), SIZE)
    first = once(lambda: answer(model, inputs, wanted, matrix))
    seconds = best(lambda: answer(model, inputs, wanted, matrix), repeats)
    formulas, steps = len(tool.workbook.formula_cells), _computed(tool, inputs, wanted)
    what = f"{SIZE:,} scenarios, {INPUTS} inputs, {RESULTS} results"
    yield Row(PART, f"program: {what}", ms(seconds))
    yield Row(PART, "program: the first time (base values, plan) adds", ms(max(0.0, first - seconds)))
    yield Row(PART, "program: per scenario", f"{seconds / SIZE * 1e6:,.1f} µs")
    yield Row(PART, f"program: per formula cell of the workbook ({formulas:,}) per scenario",
              f"{seconds / SIZE / formulas * 1e9:.2f} ns")  # fmt: skip
    yield Row(PART, f"program: per formula cell that these results need ({steps:,})",
              f"{seconds / SIZE / steps * 1e9:.2f} ns", aim="≤ 15 ns")  # fmt: skip
    every = list(tool.workbook.formulas)
    full = best(lambda: answer(model, inputs, every, matrix[:CHUNK]), repeats)
    yield Row(PART, f"program: all formula cells as results, {CHUNK:,} scenarios, per cell per scenario",
              f"{full / CHUNK / formulas * 1e9:.2f} ns", aim="≤ 15 ns")  # fmt: skip
    one = matrix[:1]
    alone = best(lambda: answer(model, inputs, wanted, one), 5 * repeats)
    yield Row(PART, f"program: one scenario alone, {RESULTS} results", ms(alone, 2))
    expected = readable(model, inputs, wanted, matrix[:3])
    yield from _library(tool, repeats, seconds / SIZE, matrix[:3], expected)
    yield from _peers(tool, repeats, seconds / SIZE, alone, matrix[:3], expected)
    yield from _hand(tool, model, repeats)


def cells(tool: Tool) -> tuple[list[Address], list[Address]]:
    """The inputs that vary and the results that are wanted."""
    inputs = [tool.binding.inputs[key] for key in numeric_inputs(tool, INPUTS)]
    return inputs, [cell.address for cell in tool.binding.results()][:RESULTS]


def answer(
    model: ProgramModel, inputs: Sequence[Address], wanted: Sequence[Address], matrix: NDArray[np.float64]
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """From a matrix of inputs to matrices of results: what kind each is, and its number."""
    size = len(matrix)
    found = model.run({address: matrix[:, column] for column, address in enumerate(inputs)}, wanted, size)
    kinds, data = np.empty((len(wanted), size), np.uint8), np.empty((len(wanted), size))
    for row, address in enumerate(wanted):
        kinds[row], data[row] = found[address]
    return kinds, data


def readable(
    model: ProgramModel, inputs: Sequence[Address], wanted: Sequence[Address], matrix: NDArray[np.float64]
) -> list[list[CellValue]]:
    """The results as Python values, a list per scenario."""
    kinds, data = answer(model, inputs, wanted, matrix)
    return [[to_python(int(kind), float(number)) for kind, number in zip(*column, strict=True)]
            for column in zip(kinds.T, data.T, strict=True)]  # fmt: skip


def _computed(tool: Tool, inputs: Sequence[Address], wanted: Sequence[Address]) -> int:
    """How many formula cells depend on an input and lead to a wanted cell."""
    references = References(tool.workbook)
    reads = {
        address: {cell for area in split.areas for row in area.rows() for cell in row}
        for address, split in references.splits.items()
    }
    changed = set(inputs)
    for address in calculation_order(references.precedents)[0]:
        if not changed.isdisjoint(reads[address]):
            changed.add(address)
    needed, front = set[Address](), list(wanted)
    while front:
        address = front.pop()
        if address not in needed:
            needed.add(address)
            front += reads.get(address, ())
    return len(needed & changed & reads.keys())


def _opening(tool: Tool) -> Iterator[Row]:
    def job() -> ProgramModel:
        return ProgramEngine().open(tool.data)

    with without_cache():
        yield Row(PART, "open: read the workbook and compile it, first in the process", ms(once(job), 0))
        yield Row(PART, "open: the same again in that process", ms(best(job, 3), 0))
    job()  # keeps the compiled program
    yield Row(PART, "open: read the workbook, compiled before (cache on disk)", ms(best(job, 3), 0))


def _library(
    tool: Tool, repeats: int, ours: float, matrix: NDArray[np.float64], expected: list[list[CellValue]]
) -> Iterator[Row]:
    inputs, wanted = cells(tool)
    model = FormulasEngine().open(tool.data)
    scenarios = [dict(zip(inputs, row.tolist(), strict=True)) for row in matrix]
    outcomes = model.compute(scenarios)
    found = [[outcome.values[address] for address in wanted] for outcome in outcomes]
    seconds = best(lambda: model.compute(scenarios), repeats) / len(scenarios)
    name = f"formulas {_version('formulas')}"
    yield Row(PART, f"{name}, its functions in our loop: per scenario; {_differences(found, expected)}", ms(seconds),
              f"{seconds / ours:,.0f}× the program", "≥ 10,000×")  # fmt: skip
    code = "import sys; from measure.library import print_formulas; print_formulas(*sys.argv[1:])"
    seconds, own = json.loads(child(code, INPUTS, RESULTS, SIZE, len(matrix)))
    yield Row(PART, f"{name}, its own compiled function: per scenario; {_differences(own, expected)}", ms(seconds),
              f"{seconds / ours:,.0f}× the program", "≥ 10,000×")  # fmt: skip


def _peers(
    tool: Tool, repeats: int, ours: float, alone: float, matrix: NDArray[np.float64], expected: list[list[CellValue]]
) -> Iterator[Row]:
    inputs, wanted = cells(tool)
    for name, prepare in PEERS.items():
        if name in missing():
            yield Row(PART, f"{name}: not installed (pip install -e .[bench])", "–")
            continue
        evaluate = prepare(tool, inputs, wanted)
        rows = matrix.tolist()
        found = [evaluate(row) for row in rows]
        seconds = best(lambda run=evaluate, rows=rows: [run(row) for row in rows], repeats) / len(rows)
        yield Row(PART, f"{name} {_version(name)}: per scenario; {_differences(found, expected)}", ms(seconds),
                  f"{seconds / ours:,.0f}× the program ({seconds / alone:.1f}× one alone)", "≥ 30×")  # fmt: skip


def _differences(found: list[list[CellValue]], expected: list[list[CellValue]]) -> str:
    pairs = [pair for one, other in zip(found, expected, strict=True) for pair in zip(one, other, strict=True)]
    count = sum(not _equal(*pair) for pair in pairs)
    return f"{count} of {len(pairs)} results differ" if count else "same results"


def _equal(one: CellValue, other: CellValue) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(other))
    return one == other


def _hand(tool: Tool, model: ProgramModel, repeats: int) -> Iterator[Row]:
    keys = numeric_inputs(tool, case=CASE)
    matrix = draw(tool, keys, SIZE)
    fields = [field for field, _ in keys]
    kengetallen = _kengetallen(tool)
    choices = {
        address: case_by_hand.CHOICES[field]
        for (field, case), address in tool.binding.inputs.items()
        if field in case_by_hand.CHOICES and case in (None, CASE)
    }
    inputs = [tool.binding.inputs[key] for key in keys]
    wanted = {(cell.partij, cell.regel): cell.address for cell in tool.binding.results()
              if cell.geval == CASE and cell.partij in case_by_hand.PARTIES
              and cell.regel in case_by_hand.TOTALS}  # fmt: skip

    def program() -> NDArray[np.float64]:
        given = {address: matrix[:, column] for column, address in enumerate(inputs)}
        fixed = {address: [choice] for address, choice in choices.items()}
        found = model.run({**given, **fixed}, list(wanted.values()), SIZE)
        assert all(vector.kind == NUMBER for vector in found.values())
        return np.stack([found[address].floats(SIZE) for address in wanted.values()])

    def hand(chunk: int) -> NDArray[np.float64]:
        result = np.empty((len(wanted), SIZE))
        for start in range(0, SIZE, chunk):
            piece = slice(start, start + chunk)
            given = {field: matrix[piece, column] for column, field in enumerate(fields)}
            found = case_by_hand.totals(given, kengetallen)
            for row, key in enumerate(wanted):
                result[row, piece] = found[key]
        return result

    difference = float(np.abs(program() - hand(SIZE)).max())
    times = {chunk: best(lambda chunk=chunk: hand(chunk), repeats) for chunk in (500, 1000, 2000, SIZE)}
    chunk = min(times, key=times.__getitem__)
    ours = best(program, repeats)
    yield Row(PART, f"numpy by hand: case {CASE}, {len(keys)} inputs, {len(wanted)} totals, chunks of {chunk:,}",
              ms(times[chunk]))  # fmt: skip
    yield Row(PART, f"program: the same; largest difference € {difference:.1e}", ms(ours),
              f"{ours / times[chunk]:.2f}× by hand", "≤ 3×")  # fmt: skip


def _kengetallen(tool: Tool) -> dict[str, float]:
    """The kengetallen used, from the values that stand in the template."""
    found = {}
    for name, target in tool.workbook.names.items():
        if name.startswith("kg_"):
            sheet, _, cell = target.replace("$", "").rpartition("!")
            value = tool.workbook.values.get(Address(sheet.strip("'"), cell))
            if isinstance(value, float):
                found[name.removeprefix("kg_")] = value
    return found


def _version(package: str) -> str:
    return importlib.metadata.version(package)
