"""One message of the catalogue, and how a command ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
