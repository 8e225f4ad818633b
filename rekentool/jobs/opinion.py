"""A second opinion on a workbook's stored values: LibreOffice, the `formulas` library, or a reference sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from rekentool.engine.libreoffice import LibreOffice
from rekentool.jobs.reference import read_reference
from rekentool.messages import refuse
from rekentool.shipped import REFERENCES
from rekentool.xlsx.cell import Address, CellValue

Source = Literal["formulas", "libreoffice", "referentie"]
SOURCES: tuple[Source, ...] = get_args(Source)


@dataclass(frozen=True)
class Opinion:
    """What another program says that the formula cells of one workbook hold, and which program that is."""

    by: str
    values: Mapping[Address, CellValue]
    unknown: Mapping[Address, str]


def second_opinion(source: Source, path: Path, data: bytes, fingerprint: str, references: Path = REFERENCES) -> Opinion:
    """Ask LibreOffice (RK410 where it isn't installed) or the `formulas` library now, or take the reference sheet with
    the file's name.

    RK551 when there is no such reference, RK552 when it was made with other formulas.
    """
    if source == "libreoffice":
        engine = LibreOffice()
        outcome = engine.open(data).compute([{}])[0]
        return Opinion(f"LibreOffice {engine.version}", outcome.values, outcome.unknown)
    if source == "formulas":
        from rekentool.engine.formulas_engine import FormulasEngine  # heavy, and seldom asked for

        library = FormulasEngine()
        outcome = library.open(data).compute([{}])[0]
        return Opinion(f"{library.name} {library.version}", outcome.values, outcome.unknown)
    sheet = references / path.name
    if not sheet.exists():
        known = ", ".join(sorted(one.name for one in references.glob("*.xlsx")))
        raise refuse("RK551", file=str(path), bestanden=known)
    reference = read_reference(sheet)
    if reference.fingerprint != fingerprint:
        raise refuse("RK552", file=str(path), datum=reference.made_on.isoformat())
    return Opinion(f"{reference.program} op {reference.made_on.isoformat()}", reference.values, {})
