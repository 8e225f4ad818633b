"""The tables beside a results table that was read from files: what each file is, and everything that was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rekentool.jobs.collect import Seen
from rekentool.jobs.findingtable import COLUMNS as FINDING_COLUMNS
from rekentool.messages import Finding
from rekentool.tables.table import Beside, Cell
from rekentool.xlsx.celltext import MAX_TEXT

COLUMNS = ("bestand", "regio", "status", "waarom", "gewijzigd", "fouten", "waarschuwingen", "rijen")
_WIDTHS = {"bestand": 40, "regio": 28, "status": 16, "waarom": 60, "gewijzigd": 22, "waarschuwingen": 16}
_FINDING_WIDTHS = {"bestand": 40, "regio": 28, "plaats": 34, "gevonden": 60, "verwacht": 50, "remedie": 60}


def tables_of(files: Sequence[Seen], findings: Sequence[Finding]) -> list[Beside]:
    """The files, a row each, and the findings."""
    return [
        Beside("Bestanden", COLUMNS, _files(files), _WIDTHS),
        Beside("Bevindingen", FINDING_COLUMNS, _findings(files, findings), _FINDING_WIDTHS),
    ]


def _files(files: Sequence[Seen]) -> Iterator[tuple[Cell, ...]]:
    for one in files:
        counts = one.count("fout"), one.count("waarschuwing"), one.rows
        yield (str(one.path), one.region, one.status, one.why[:MAX_TEXT], one.modified, *counts)


def _findings(files: Sequence[Seen], findings: Sequence[Finding]) -> Iterator[tuple[Cell, ...]]:
    regions = {str(one.path): one.region for one in files}
    for one in findings:
        texts = (one.place, one.found, one.expected, one.remedy)
        yield (one.file, regions.get(one.file, ""), one.code, one.severity, *(text[:MAX_TEXT] for text in texts))
