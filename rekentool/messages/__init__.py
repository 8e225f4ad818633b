"""The Dutch catalogue of findings: every message a user can meet, by its stable code.

A finding is data: code, severity, place, what was found, what was expected, what to do. The wording
stands here and nowhere else; the code that finds something supplies only the facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from rekentool.messages.batches import BATCHES
from rekentool.messages.building import BUILDING
from rekentool.messages.carrying import CARRYING
from rekentool.messages.collecting import COLLECTING
from rekentool.messages.comparing import COMPARING
from rekentool.messages.documents import DOCUMENTS
from rekentool.messages.engines import ENGINES
from rekentool.messages.entry import (
    EXIT_FINDINGS,
    EXIT_INVALID,
    EXIT_OK,
    EXIT_REFUSED,
    EXIT_UNCHECKED,
    EXIT_USAGE,
    Entry,
    Severity,
)
from rekentool.messages.explaining import EXPLAINING
from rekentool.messages.files import FILES
from rekentool.messages.inputs import INPUTS
from rekentool.messages.mappings import MAPPINGS
from rekentool.messages.output import OUTPUT
from rekentool.messages.overviews import OVERVIEWS
from rekentool.messages.receipts import RECEIPTS
from rekentool.messages.regression import REGRESSION
from rekentool.messages.workbooks import WORKBOOKS

__all__ = [
    "CATALOGUE",
    "EXIT_FINDINGS",
    "EXIT_INVALID",
    "EXIT_OK",
    "EXIT_REFUSED",
    "EXIT_UNCHECKED",
    "EXIT_USAGE",
    "Entry",
    "Finding",
    "RekentoolError",
    "Severity",
    "finding",
    "refuse",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, ready to print or to write as data."""

    code: str
    severity: Severity
    place: str
    found: str
    expected: str
    remedy: str
    file: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.file and self.place else self.file or self.place
        lines = [f"{self.code} {self.severity} · {where}", f"   gevonden: {self.found}"]
        if self.expected:
            lines.append(f"   verwacht: {self.expected}")
        if self.remedy:
            lines.append(f"   wat te doen: {self.remedy}")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, Any]:
        """The finding with the Dutch keys of ``--json``."""
        keys = {
            "severity": "ernst",
            "place": "plaats",
            "found": "gevonden",
            "expected": "verwacht",
            "remedy": "remedie",
            "file": "bestand",
            "code": "code",
        }
        return {keys[name]: value for name, value in asdict(self).items()}


class RekentoolError(Exception):
    """What was asked can't be done; ``findings`` says why, all at once, and ``exit_code`` how the command ends."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        if not self.findings:
            raise ValueError("a RekentoolError needs at least one finding")
        super().__init__("\n".join(str(finding) for finding in self.findings))

    def __reduce__(self) -> tuple[type[RekentoolError], tuple[tuple[Finding, ...]]]:
        """As it goes from one process to another: with its findings."""
        return RekentoolError, (self.findings,)

    @property
    def exit_code(self) -> int:
        """The highest exit code among the findings."""
        return max(CATALOGUE[finding.code].exit_code for finding in self.findings)


def finding(code: str, place: str = "", file: str = "", **facts: object) -> Finding:
    """Make the finding ``code`` from the catalogue with the facts that its templates name."""
    entry = CATALOGUE[code]
    return Finding(
        code=code,
        severity=entry.severity,
        place=place,
        found=entry.found.format(**facts),
        expected=entry.expected.format(**facts),
        remedy=entry.remedy.format(**facts),
        file=file,
    )


def refuse(code: str, place: str = "", file: str = "", **facts: object) -> RekentoolError:
    """The exception with this one finding, to be raised by the caller."""
    return RekentoolError([finding(code, place, file, **facts)])


CATALOGUE: dict[str, Entry] = {
    **FILES,
    **MAPPINGS,
    **INPUTS,
    **ENGINES,
    **WORKBOOKS,
    **OUTPUT,
    **COMPARING,
    **REGRESSION,
    **EXPLAINING,
    **RECEIPTS,
    **BUILDING,
    **BATCHES,
    **COLLECTING,
    **CARRYING,
    **OVERVIEWS,
    **DOCUMENTS,
}
