"""The 35 arbeidsmarktregio's and their municipalities, as shipped: names to start a regions table with."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from rekentool.shipped import LABOUR_REGIONS

#: Where the list comes from and how sure it is; shown wherever the list is.
ORIGIN = (
    "Lijst van de 35 arbeidsmarktregio’s en hun 342 gemeenten: de indeling van omstreeks 2020, met de gemeentelijke "
    "herindelingen tot en met 2023, overgenomen op 23 november 2026 en niet vergeleken met een latere indeling. "
    "Onzeker is de indeling van Zuidplas, Hoeksche Waard en Hardinxveld-Giessendam."
)


@dataclass(frozen=True, slots=True)
class LabourRegion:
    """One arbeidsmarktregio: code, name, and its municipalities, each with a remark (or "")."""

    code: str
    name: str
    municipalities: tuple[tuple[str, str], ...]


@cache
def labour_regions() -> tuple[LabourRegion, ...]:
    """All of them, in the order of their codes."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with LABOUR_REGIONS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault((row["regiocode"], row["regio"]), []).append((row["gemeente"], row["opmerking"]))
    return tuple(LabourRegion(code, name, tuple(each)) for (code, name), each in found.items())
