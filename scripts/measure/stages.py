"""What ``rekentool reken`` does, stage by stage, in a fresh process; no import up here that the command lacks."""

from __future__ import annotations

import json
import time
from itertools import pairwise
from pathlib import Path

STAGES = ("interpreter", "imports", "mapping, guard, read, bind", "compiled program", "compute", "write")


def main(regions: str, target: str) -> None:
    """Print the CPU seconds of each stage as JSON."""
    moments = [0.0, time.process_time()]
    import rekentool.cli  # noqa: F401
    from rekentool.jobs.compute import compute
    from rekentool.tables.regions import read_regions
    from rekentool.tables.results import COLUMNS
    from rekentool.tables.table import write_table
    from rekentool.tool import open_tool

    moments.append(time.process_time())
    tool = open_tool()
    table = read_regions(Path(regions), tool.mapping)
    moments.append(time.process_time())
    _ = tool.model
    moments.append(time.process_time())
    rows = list(compute(tool, table, []))
    moments.append(time.process_time())
    write_table(Path(target), COLUMNS, rows, overwrite=True)
    moments.append(time.process_time())
    print(json.dumps([after - before for before, after in pairwise(moments)]))
