"""The rekentool as the tests use it: opened once, with inputs as the test model names them."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import Any

from rekentool.engine.protocol import Scenario
from rekentool.mapping.values import to_cell
from rekentool.shipped import EXAMPLE_REGIONS
from rekentool.tables.regions import read_regions
from rekentool.tool import Tool, open_tool

ROOT = Path(__file__).resolve().parents[1]


@cache
def tool() -> Tool:
    return open_tool()


@cache
def kengetal_rows() -> list[dict[str, str]]:
    with (ROOT / "mappings" / "kengetallen.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def scenario_of(invoer: dict[str, Any]) -> Scenario:
    """Every input of a test model region as the workbook's cells, blanks included."""
    opened = tool()
    cells = {}
    for (field_id, case), address in opened.binding.inputs.items():
        value = invoer[field_id]
        cells[address] = to_cell(opened.mapping.field(field_id), value[case] if case else value)
    return cells


def invoer_of(region_values: dict[tuple[str, str | None], Any], standaard: dict[str, Any]) -> dict[str, Any]:
    """A region of a regions table as the test model wants it: defaults where the table is blank."""
    invoer = {key: dict(value) if isinstance(value, dict) else value for key, value in standaard.items()}
    for (field_id, case), value in region_values.items():
        if case:
            invoer[field_id][case] = value
        else:
            invoer[field_id] = value
    return invoer


@cache
def example_regions():  # type: ignore[no-untyped-def]
    return read_regions(EXAMPLE_REGIONS, tool().mapping)
