"""What every engine offers: open a workbook once, then compute it for many scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rekentool.messages import CATALOGUE, Finding, RekentoolError, finding
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.reader import Workbook

#: Values for input cells; None blanks the cell. Cells that aren't named keep what the file has.
Scenario = Mapping[Address, CellValue]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an engine says of one scenario: every formula cell of the workbook is in exactly one of the two.

    ``values`` has what it computed (numbers are floats, dates serials; an Excel error is a value), ``unknown`` the
    reason in Dutch, with the code of its entry in the catalogue, why a cell has no value from this engine.
    """

    values: dict[Address, CellValue]
    unknown: dict[Address, str]


class Model(Protocol):
    """A workbook that an engine has opened."""

    @property
    def workbook(self) -> Workbook:
        """The workbook as read, with the findings of that reading."""

    def compute(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        """One outcome per scenario, in order. RK401, RK402 when a scenario sets what is no input cell."""


class Engine(Protocol):
    """A way to compute a workbook."""

    @property
    def name(self) -> str:
        """The engine's name, as reports give it."""

    @property
    def version(self) -> str:
        """The version of the program or library behind it."""

    def open(self, data: bytes) -> Model:
        """Read and prepare the workbook; RekentoolError when it isn't one."""


def unknown_reason(code: str, **facts: object) -> str:
    """Why a cell is niet gecontroleerd: the catalogue's text and its code."""
    return f"{CATALOGUE[code].found.format(**facts)} ({code})"


def check_scenarios(workbook: Workbook, scenarios: Sequence[Scenario]) -> None:
    """Refuse, all at once, cells that a scenario can't set: formulas (RK401) and cells of other sheets (RK402)."""
    sheets = {sheet.name for sheet in workbook.sheets}
    formulas = workbook.formula_cells
    findings: dict[Address, Finding] = {}
    for address in {address for scenario in scenarios for address in scenario}:
        if address.sheet not in sheets:
            names = ", ".join(sheet.name for sheet in workbook.sheets)
            findings[address] = finding("RK402", place=str(address), blad=address.sheet, bladen=names)
        elif address in formulas:
            findings[address] = finding("RK401", place=str(address))
    if findings:
        raise RekentoolError(findings[address] for address in sorted(findings))
