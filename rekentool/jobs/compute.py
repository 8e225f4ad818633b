"""`reken`: a regions table in, the results table out, without making a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rekentool.jobs.fill import check_findings
from rekentool.messages import Finding
from rekentool.tables.regions import Region
from rekentool.tables.results import ResultRow, result_rows
from rekentool.tool import Tool

#: Regions that are computed together; what is held in memory is bounded by this, not by the table's length.
CHUNK = 500


def compute(
    tool: Tool, regions: Sequence[Region], findings: list[Finding], *, every_line: bool = False
) -> Iterator[ResultRow]:
    """The results table's rows, streamed; what the workbook's own checks say is added to ``findings`` on the way."""
    results = [cell.address for cell in tool.binding.results("alle" if every_line else "altijd")]
    wanted = tuple(dict.fromkeys([*results, *tool.binding.checks.values(), *tool.binding.used.values()]))
    for start in range(0, len(regions), CHUNK):
        chunk = regions[start : start + CHUNK]
        for region, outcome in zip(chunk, tool.model.compute(tool.scenarios(chunk), wanted), strict=True):
            findings += check_findings(tool, outcome, region.name)
            yield from result_rows(tool.binding, region.name, outcome.values, every_line=every_line)
