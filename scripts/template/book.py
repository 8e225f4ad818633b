"""The workbook under construction, with what its sheets need to know of one another."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.mapping.schema import Mapping
from rekentool.xlsx.cell import quote_sheet, split_a1
from template.model import CaseModel

START, INPUT, RATES, HISTORY = "Start", "Invoer", "Kengetallen", "Tarieven"
RESULT, STEPS, CHECKS, VERSION = "Resultaat", "Stappenplan", "Controle", "Versie"


@dataclass
class Book:
    """One template being built."""

    workbook: Workbook
    mapping: Mapping
    model: CaseModel
    version: str
    inputs: dict[tuple[str, str | None], str] = field(default_factory=dict)  # → "Invoer!C8"

    def sheet(self, name: str) -> Worksheet:
        """A new sheet at the end."""
        return self.workbook.create_sheet(name)

    def name(self, name: str, sheet: str, reference: str) -> None:
        """Define a workbook-wide name for a cell or range given without dollar signs."""
        if name in self.workbook.defined_names:
            raise ValueError(f"name defined twice: {name}")
        corners = [f"${letters}${row}" for letters, row in (_letters(part) for part in reference.split(":"))]
        self.workbook.defined_names[name] = DefinedName(name, attr_text=f"{quote_sheet(sheet)}!{':'.join(corners)}")

    def case_cell(self, case: str, column: str, key: str) -> str:
        """A reference to a row of a case sheet from another sheet."""
        return f"{quote_sheet(self.model.sheet(case))}!{column}{self.model.numbers[key]}"

    def case_range(self, case: str, key: str) -> str:
        """The five years of a row of a case sheet."""
        number = self.model.numbers[key]
        return f"{quote_sheet(self.model.sheet(case))}!D{number}:H{number}"


def _letters(reference: str) -> tuple[str, int]:
    split_a1(reference)
    letters = reference.rstrip("0123456789")
    return letters, int(reference[len(letters) :])
