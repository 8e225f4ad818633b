"""`reken`: a regions table in, the results table out, without making a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rekentool.engine.protocol import Outcome
from rekentool.fill import check_findings
from rekentool.messages import Finding
from rekentool.regions import Region
from rekentool.results import ResultRow, result_rows
from rekentool.tool import Tool


def compute(
    tool: Tool, regions: Sequence[Region], *, every_line: bool = False
) -> tuple[Iterator[ResultRow], list[Finding]]:
    """The results table's rows (streamed, region by region) and what the workbook's own checks say."""
    outcomes = tool.compute(regions)
    findings = [
        found
        for region, outcome in zip(regions, outcomes, strict=True)
        for found in check_findings(tool, outcome, region.name)
    ]
    return _rows(tool, regions, outcomes, every_line), findings


def _rows(tool: Tool, regions: Sequence[Region], outcomes: Sequence[Outcome], every_line: bool) -> Iterator[ResultRow]:
    for region, outcome in zip(regions, outcomes, strict=True):
        yield from result_rows(tool.binding, region.name, outcome.values, every_line=every_line)
