"""What ``rekentool reken`` does, stage by stage, in a fresh process; no import up here that the command doesn't have."""

from __future__ import annotations

import json
import time
from pathlib import Path

STAGES = ("interpreter", "imports", "mapping, guard, read, bind", "read again and compile", "compute", "write")


def main(regions: str, target: str) -> None:
    """Print the CPU seconds of each stage as JSON."""
    moments = [0.0, time.process_time()]
    import rekentool.cli  # noqa: F401
    from rekentool.compute import compute
    from rekentool.engine.program import ProgramEngine
    from rekentool.regions import read_regions
    from rekentool.results import COLUMNS
    from rekentool.table import write_table
    from rekentool.tool import open_tool

    moments.append(time.process_time())
    tool = open_tool(engine=ProgramEngine())
    table = read_regions(Path(regions), tool.mapping)
    moments.append(time.process_time())
    _ = tool.model
    moments.append(time.process_time())
    rows = list(compute(tool, table)[0])
    moments.append(time.process_time())
    write_table(Path(target), COLUMNS, rows, overwrite=True)
    moments.append(time.process_time())
    print(json.dumps([after - before for before, after in zip(moments, moments[1:], strict=False)]))
