"""The library `formulas` as its manual has it, in a process without our adapter: that changes some of its functions."""

from __future__ import annotations

import json
import time

from formulas import ExcelModel

from measure.sample import draw, numeric_inputs
from rekentool.tool import open_tool
from rekentool.xlsx.cell import Address


def print_formulas(inputs: str, results: str, drawn: str, size: str) -> None:
    """Print the CPU seconds per scenario of a function compiled of inputs and results, and what it gave, as JSON.

    That is the faster of its two ways: `calculate` on the whole model takes longer.
    """
    tool = open_tool()
    keys = numeric_inputs(tool, int(inputs))
    wanted = [cell.address for cell in tool.binding.results()][: int(results)]

    def name(address: Address) -> str:
        return f"'[{tool.path.name}]{address.sheet.upper()}'!{address.cell}"

    model = ExcelModel().loads(str(tool.path)).finish()
    function = model.compile([name(tool.binding.inputs[key]) for key in keys], list(map(name, wanted)))
    seconds, found = [], []
    for row in draw(tool, keys, int(drawn))[: int(size)].tolist():
        start = time.process_time()
        given = function(*row)
        seconds.append(time.process_time() - start)
        values = [one.value[0, 0] for one in given]
        found.append([float(value) if isinstance(value, int | float) else str(value) for value in values])
    print(json.dumps([min(seconds), found]))
