"""The Dutch catalogue of findings: every message a user can meet, by its stable code.

A finding is data: code, severity, place, what was found, what was expected, what to do. The wording
stands here and nowhere else; the code that finds something supplies only the facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["fout", "waarschuwing", "melding"]

#: Exit codes of the command line (see docs/): 2 wrong use, 3 invalid input or mapping, 4 can't be checked, 5 refused.
EXIT_OK, EXIT_FINDINGS, EXIT_USAGE, EXIT_INVALID, EXIT_UNCHECKED, EXIT_REFUSED = range(6)


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the catalogue; the texts are ``str.format`` templates over the finding's facts."""

    severity: Severity
    found: str
    expected: str
    remedy: str
    exit_code: int = EXIT_INVALID


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
        keys = {"severity": "ernst", "place": "plaats", "found": "gevonden", "expected": "verwacht",
                "remedy": "remedie", "file": "bestand", "code": "code"}
        return {keys[name]: value for name, value in asdict(self).items()}


class RekentoolError(Exception):
    """What was asked can't be done; ``findings`` says why, all at once, and ``exit_code`` how the command ends."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings: tuple[Finding, ...] = tuple(findings)
        if not self.findings:
            raise ValueError("a RekentoolError needs at least one finding")
        super().__init__("\n".join(str(finding) for finding in self.findings))

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
    # RK1xx: a file that is refused before it is parsed (xlsx/guard)
    # RK2xx: the mapping file, and a mapping that doesn't fit a workbook (mapping/)
    # RK3xx: values and regions tables (mapping/values, regions)
    # RK4xx: engines (engine/)
    # RK5xx: checking a filled workbook (check)
    # RK6xx: writing (xlsx/patch, fill, output)
}
