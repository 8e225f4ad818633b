"""A mapping together with the workbook that it is about: what every job starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rekentool.engine.program import ProgramEngine, ProgramModel
from rekentool.engine.protocol import Scenario
from rekentool.mapping.bind import Binding, bind
from rekentool.mapping.load import load_mapping
from rekentool.mapping.schema import Field, InputKey, Value
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text, format_value, parse_cell, to_cell
from rekentool.messages import Finding, RekentoolError, refuse
from rekentool.shipped import MAPPING
from rekentool.tables.regions import Region
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook, formula_fingerprint


@dataclass(frozen=True)
class Tool:
    """A mapping bound to its template; ``findings`` is what there is to say of that workbook (hidden sheets …)."""

    mapping: WorkbookMapping
    path: Path
    data: bytes
    workbook: Workbook
    binding: Binding
    findings: tuple[Finding, ...] = ()

    #: Our own engine computes; the others give second opinions (`opinion`).
    engine = ProgramEngine()

    @cached_property
    def model(self) -> ProgramModel:
        """The template compiled; at the first use."""
        return ProgramModel(self.workbook)

    @cached_property
    def fingerprint(self) -> str:
        """The hash over the template's formulas."""
        return formula_fingerprint(self.workbook)

    def cells(self, values: Mapping[InputKey, Value | None]) -> dict[Address, CellValue]:
        """Typed input values as what stands in the workbook's cells."""
        return {
            self.binding.inputs[key]: to_cell(self.mapping.field(key[0]), value, date1904=self.workbook.date1904)
            for key, value in values.items()
        }

    @cached_property
    def _fields(self) -> dict[Address, Field]:
        return {address: self.mapping.field(key[0]) for key, address in self.binding.inputs.items()}

    def shown(self, address: Address, value: CellValue) -> str:
        """A cell's value as a Dutch reader writes it: in an input cell a date is a date and 0.15 is 15 %."""
        if value is None:
            return "(leeg)"
        field = self._fields.get(address)
        if field is not None and not isinstance(value, str | bool | ExcelError):
            try:
                typed = parse_cell(field, value, date1904=self.workbook.date1904)
            except RekentoolError:
                typed = None  # not what the field allows: as the cell has it
            if typed is not None:
                return format_value(field, typed)
        return excerpt(cell_text(value))

    def scenarios(self, regions: Iterable[Region]) -> list[Scenario]:
        """The cells that each region sets; what a region leaves blank keeps the template's value."""
        return [self.cells(region.values) for region in regions]


def open_tool(mapping: Path | None = None, template: Path | None = None) -> Tool:
    """Load the mapping (default: the rekentool's), its workbook or another one, and bind them.

    Raises RekentoolError when the mapping is invalid (RK2xx), the workbook is refused (RK1xx), they don't fit, or the
    mapping's own workbook has other formulas than those of its fingerprint (RK504).
    """
    loaded = load_mapping(mapping or MAPPING)
    path = template or loaded.workbook.file
    if path is None:
        raise refuse("RK501", place=str(loaded.path))
    admitted, workbook = open_incoming(path)
    binding = fit(loaded, workbook, str(path))
    tool = Tool(loaded, path, admitted.data, workbook, binding, (*admitted.findings, *workbook.findings))
    expected = loaded.workbook.fingerprint
    if template is None and expected and tool.fingerprint != expected:
        raise refuse("RK504", file=str(path), vingerafdruk=tool.fingerprint, verwacht=expected)
    return tool


def fit(mapping: WorkbookMapping, workbook: Workbook, file: str) -> Binding:
    """Bind the workbook; RK503 when it is another workbook altogether, each misfit (RK23x) when it nearly fits."""
    try:
        return bind(mapping, workbook, file)
    except RekentoolError as error:
        lost = sum(found.code in ("RK230", "RK231") for found in error.findings)
        wanted = sum(len(field.targets) for field in mapping.fields) + sum(
            len(result.ranges) for result in mapping.results
        )
        if 2 * lost > wanted:
            raise refuse("RK503", file=file, aantal=lost, titel=mapping.workbook.title) from None
        raise
