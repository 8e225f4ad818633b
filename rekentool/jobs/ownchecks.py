"""What a computed workbook says of itself: its own checks, its kengetallen, and what no engine computed."""

from __future__ import annotations

from rekentool.engine.protocol import Outcome
from rekentool.mapping.schema import OWN_PREFIX
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import ExcelError


def check_findings(tool: Tool, outcome: Outcome, region: str) -> list[Finding]:
    """The workbook's own checks that don't have the value they must have, kengetallen without a value at the peildatum,
    and cells that no engine computed."""
    findings = []
    for check in tool.mapping.checks:
        address = tool.binding.checks[check.id]
        if address in outcome.unknown:
            findings.append(
                finding("RK521", place=f"{region}: {address}", controle=check.label, reden=outcome.unknown[address])
            )
        elif outcome.values.get(address) != check.expected:
            findings.append(
                finding(
                    "RK520",
                    place=f"{region}: {address}",
                    controle=check.label,
                    waarde=excerpt(cell_text(outcome.values.get(address))) or "niets",
                    verwacht=cell_text(check.expected),
                )
            )
    unknown = [id_ for id_, address in tool.binding.used.items() if outcome.values.get(address) == ExcelError("#N/A")]
    if unknown:
        labels = ", ".join(tool.mapping.kengetal(id_).label for id_ in unknown)
        own = ", ".join(f"{OWN_PREFIX}{id_}" for id_ in unknown)
        findings.append(finding("RK523", place=region, kengetallen=labels, velden=own))
    if outcome.unknown:
        address, reason = min(outcome.unknown.items())
        findings.append(finding("RK522", place=region, aantal=len(outcome.unknown), cel=address, reden=reason))
    return findings
