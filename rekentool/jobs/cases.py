"""What a regression computes: the reference regions of a folder, the blank template, and random draws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rekentool.engine.libreoffice import LibreOffice
from rekentool.engine.protocol import Scenario
from rekentool.jobs.deviation import deviations
from rekentool.jobs.draws import draw_inputs
from rekentool.jobs.reference import Reference, read_reference
from rekentool.mapping.schema import InputKey
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tool import Tool, fit
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.incoming import open_incoming

#: The folders of a set of references: filled workbooks, and the sheets with their expected values by the same names.
WORKBOOKS, SHEETS = "voorbeelden", "referentie"
#: Days from 1900's day 0 to 1904's.
_DATE1904 = 1462

CaseKind = Literal["referentie", "leeg", "trekking"]
#: What reports call the template with its own default values.
BLANK = "leeg sjabloon"


@dataclass(frozen=True)
class Case:
    """One filling of the template, and what its formula cells should hold.

    ``inputs`` are cell values by input, as the base's workbook has them; an input that isn't in it has the default of
    the workbook that is computed. ``expected`` and ``unknown`` are by the base's
    addresses: a value, or why there is none, for every formula cell. ``expected_by`` names what computed them; ``file``
    is the name of the workbook that the inputs come from, if they come from one.
    """

    name: str
    kind: CaseKind
    inputs: Mapping[InputKey, CellValue]
    expected: Mapping[Address, CellValue]
    unknown: Mapping[Address, str]
    expected_by: str
    file: str = ""

    @property
    def by_libreoffice(self) -> bool:
        """Whether the expected values come from LibreOffice, which can't tell all errors apart."""
        return self.expected_by.startswith(LibreOffice.name)


@dataclass(frozen=True)
class FilledCase:
    """The inputs of one filled workbook of the folder: its file, region, and a value for every input cell."""

    path: Path
    name: str
    inputs: Mapping[InputKey, CellValue]
    findings: tuple[Finding, ...]


def filled_cases(base: Tool, folder: Path) -> tuple[list[FilledCase], list[Finding]]:
    """The inputs of every workbook under ``voorbeelden``, by file name, and what stands in the way of some.

    RK710 when ``folder`` has no such folder. A workbook that is refused or doesn't fit the mapping goes to the
    findings, and so does a reference sheet without a workbook (RK712). Of a workbook with other formulas or fixed
    values than the base only the inputs are taken, which RK714 says.
    """
    workbooks = folder / WORKBOOKS
    if not workbooks.is_dir():
        raise refuse("RK710", file=str(folder))
    found: list[FilledCase] = []
    findings: list[Finding] = []
    for path in _files(workbooks):
        try:
            found.append(_filled_case(base, path))
        except RekentoolError as error:
            findings += error.findings
    present = {path.name for path in _files(workbooks)}
    findings += [finding("RK712", file=str(path)) for path in _files(folder / SHEETS) if path.name not in present]
    return found, findings


def reference_cases(base: Tool, folder: Path) -> tuple[list[Case], list[Finding]]:
    """A case for every workbook under ``voorbeelden`` with its sheet under ``referentie``, by file name.

    The findings have what can't be a case: a workbook without a sheet (RK711), a sheet without a workbook (RK712), a
    sheet of other formulas than the base's (RK713), a file that is refused. RK710 when ``folder`` isn't such a folder.
    """
    filled, findings = filled_cases(base, folder)
    sheets = {path.name: path for path in _files(folder / SHEETS)}
    cases = []
    for one in filled:
        findings += one.findings
        sheet = sheets.get(one.path.name)
        if sheet is None:
            findings.append(finding("RK711", file=str(one.path)))
            continue
        try:
            reference = read_reference(sheet)
            _check(base, reference, one.path.name, sheet)
        except RekentoolError as error:
            findings += error.findings
            continue
        cases.append(_case(base, one, reference))
    names = Counter(case.name for case in cases)
    return [
        replace(case, name=f"{case.name} ({case.file})") if names[case.name] > 1 else case for case in cases
    ], findings


def computed_cases(base: Tool, count: int, seed: int) -> list[Case]:
    """The blank template and random draws; what they should hold is what the base's own program makes of them.

    In the blank template every workbook has its own default values, so that a changed one is seen.
    """
    names, inputs = [BLANK], [dict[InputKey, CellValue]()]
    for draw in draw_inputs(base.mapping, count, seed):
        cells = base.cells(draw.values)
        names.append(draw.name)
        inputs.append({key: cells[address] for key, address in base.binding.inputs.items()})
    outcomes = base.model.compute([scenario(base, base, one) for one in inputs])
    by = f"{base.engine.name} {base.engine.version}"
    return [
        Case(name, "trekking" if one else "leeg", one, outcome.values, outcome.unknown, by)
        for name, one, outcome in zip(names, inputs, outcomes, strict=True)
    ]


def scenario(base: Tool, tool: Tool, inputs: Mapping[InputKey, CellValue]) -> Scenario:
    """The inputs in the cells of ``tool``, which may have them elsewhere, count days otherwise, or lack some."""
    shift = _DATE1904 * (base.workbook.date1904 - tool.workbook.date1904)
    cells: dict[Address, CellValue] = {}
    for key, value in inputs.items():
        address = tool.binding.inputs.get(key)
        if address is None:
            continue
        if shift and isinstance(value, float) and base.mapping.field(key[0]).kind == "datum":
            value += shift
        cells[address] = value
    return cells


def lost_inputs(base: Tool, tool: Tool) -> list[str]:
    """Inputs of the base that ``tool``'s mapping doesn't have, as ``veld`` or ``veld.geval``."""
    return [
        f"{id_}.{case}" if case else id_ for id_, case in base.binding.inputs if (id_, case) not in tool.binding.inputs
    ]


def _files(folder: Path) -> Sequence[Path]:
    """The workbooks of a folder by name; Excel's own lock files aren't any."""
    return sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith("~$"))


def _filled_case(base: Tool, path: Path) -> FilledCase:
    _, workbook = open_incoming(path)
    binding = fit(base.mapping, workbook, str(path))
    other = [
        found
        for found in deviations(base.workbook, workbook, binding.inputs.values(), str(path))
        if found.severity == "fout"
    ]
    findings = [finding("RK714", other[0].place, str(path), aantal=len(other))] if other else []
    inputs = {key: workbook.values.get(address) for key, address in binding.inputs.items()}
    region = inputs.get((base.mapping.workbook.region_field, None))
    name = region.strip() if isinstance(region, str) and region.strip() else path.stem
    return FilledCase(path, name, inputs, tuple(findings))


def _check(base: Tool, reference: Reference, name: str, sheet: Path) -> None:
    if reference.workbook != name:
        raise refuse("RK712", file=str(sheet))
    if reference.fingerprint != base.fingerprint:
        raise refuse("RK713", file=str(sheet), datum=reference.made_on.isoformat())


def _case(base: Tool, filled: FilledCase, reference: Reference) -> Case:
    absent = dict.fromkeys(base.workbook.formula_cells - reference.values.keys(), "staat niet op het referentieblad")
    by = f"{reference.program} op {reference.made_on.isoformat()}"
    return Case(filled.name, "referentie", filled.inputs, reference.values, absent, by, filled.path.name)
