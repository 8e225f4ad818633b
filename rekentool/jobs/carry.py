"""`overzetten`: the inputs of filled workbooks, also of an older version, in fresh workbooks of the current one.

An input goes by the id of its field, along the steps of the mapping's ``historie``; where its cell stands in either
workbook doesn't matter. Values that stood on the template's default are carried too, since a user may have meant them;
the list says where the default is another one now. A value that the new field doesn't allow is never written and never
forgotten: its cell keeps what the blank workbook has, and the list, the findings and the exit code say so.

The list of each file stands beside it as ``NAAM.overzetting.csv`` and not on a sheet of its own: the new workbook is
exactly the template with values, which `controleer` can vouch for.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rekentool.engine.protocol import Outcome
from rekentool.jobs.carrylist import COLUMNS, EMPTY, Line, What, counted, shown
from rekentool.jobs.folder import make_folder
from rekentool.jobs.leftover import Leftovers, leftovers
from rekentool.jobs.ownchecks import check_findings
from rekentool.jobs.receipt import (
    Facts,
    FileMark,
    Inputs,
    Plain,
    WorkbookFacts,
    cell_facts,
    page_path,
    receipt_path,
    run_facts,
)
from rekentool.jobs.receiptpage import leave_receipt
from rekentool.jobs.version import Origin, Versions
from rekentool.mapping.schema import Field, InputKey, Kengetal, Value
from rekentool.mapping.steps import MARKS, Dropped, Parcel, advance
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import cell_text, check_value, format_value, parse_cell
from rekentool.messages import EXIT_FINDINGS, EXIT_OK, Finding, RekentoolError, finding, refuse
from rekentool.tables.table import write_table
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue, ExcelError
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.patch import Template
from rekentool.xlsx.reader import Workbook
from rekentool.xlsx.save import save_atomic

#: Fields that one message names; the list has them all.
_NAMED = 10


@dataclass(frozen=True)
class Carried:
    """One file that was carried (or, when it wasn't ``written``, would be).

    ``version`` is the one that it was made with; ``lines`` is its list, written to ``listing``.
    """

    source: Path
    path: Path
    listing: Path
    version: str
    region: str
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]
    written: bool

    @property
    def receipt(self) -> Path:
        """Where its receipt stands when it was written."""
        return receipt_path(self.path)

    @property
    def counts(self) -> dict[What, int]:
        """How many lines there are of each kind."""
        return counted(self.lines)

    @property
    def exit_code(self) -> int:
        """1 when a value couldn't be carried, or the values together aren't right."""
        return EXIT_FINDINGS if any(found.severity == "fout" for found in self.findings) else EXIT_OK


def carry(
    tool: Tool,
    paths: Sequence[Path],
    folder: Path,
    *,
    day: date | None = None,
    older: Path | None = None,
    new_defaults: bool = False,
    overwrite: bool = False,
    dry: bool = False,
) -> tuple[list[Carried], list[Finding]]:
    """Carry every file to a workbook of the same name in ``folder``; a refused one doesn't stop the others.

    ``day`` becomes the peildatum, which otherwise stays as it was. ``older`` is the mapping of the files' version,
    where it can't be recognised. With ``new_defaults`` a value on the old default becomes the new default. Returns what
    was carried and the findings of the files that were refused. Before anything is written RekentoolError is raised:
    RK822 and RK3xx for the day, RK825 for targets that aren't free to use, RK630 for targets that exist.
    """
    _check_day(tool, day)
    targets = _targets(paths, folder, overwrite=overwrite)
    carrier = _Carrier(tool, day, older, new_defaults)
    carried: list[Carried] = []
    refused: list[Finding] = []
    if not dry:
        make_folder(folder)
    for source, target in zip(paths, targets, strict=True):
        try:
            one, data, facts = carrier.carry(source, target, written=not dry)
        except RekentoolError as error:
            refused += error.findings
            continue
        if not dry:
            save_atomic(target, data, overwrite=overwrite)
            leave_receipt(tool, target, facts, FileMark.of(target, data), overwrite=overwrite)
            write_table(one.listing, COLUMNS, [line.row for line in one.lines], overwrite=overwrite)
        carried.append(one)
    return carried, refused


def listing_path(target: Path) -> Path:
    """Where the list of a carried workbook stands: ``noord.xlsx`` → ``noord.overzetting.csv``."""
    return target.with_suffix(".overzetting.csv")


def _check_day(tool: Tool, day: date | None) -> None:
    if day is None:
        return
    name = tool.mapping.workbook.date_field
    if not any(field.id == name and field.kind == "datum" and not field.cases for field in tool.mapping.inputs):
        raise refuse("RK822", veld=name)
    check_value(tool.mapping.field(name), day, "--peildatum")


def _targets(paths: Sequence[Path], folder: Path, *, overwrite: bool) -> list[Path]:
    """The new path of each file; all that stands in the way of one is reported at once."""
    faults: list[Finding] = []
    targets = [folder / f"{path.stem}.xlsx" for path in paths]
    sources = {_real(path) for path in paths}
    owners: dict[str, Path] = {}
    for source, target in zip(paths, targets, strict=True):
        # Windows and macOS don't tell capitals apart.
        first = owners.setdefault(target.name.casefold(), source)
        if first is not source:
            reason = f"zo zou ook {first} gaan heten"
            faults.append(finding("RK825", file=str(source), doel=target, reden=reason))
        elif _real(target) in sources:
            reason = "dat is een van de bestanden die worden overgezet, en die blijven zoals zij zijn"
            faults.append(finding("RK825", file=str(source), doel=target, reden=reason))
        elif not overwrite:
            ours = (target, listing_path(target), receipt_path(target), page_path(target))
            taken = [path for path in ours if os.path.lexists(path)]
            faults += [finding("RK630", file=str(path)) for path in taken]
    if faults:
        raise RekentoolError(faults)
    return targets


def _real(path: Path) -> str:
    return os.path.normcase(os.path.realpath(path))


class _Carrier:
    """Carries one file after another: the template and the older mappings are opened once."""

    def __init__(self, tool: Tool, day: date | None, older: Path | None, new_defaults: bool) -> None:
        self._tool = tool
        self._day = day
        self._older = older
        self._new_defaults = new_defaults
        self._versions = Versions(tool)
        self._template = Template(tool.data)
        self._inputs = Inputs(tool)
        self._facts = WorkbookFacts(tool)

    def carry(self, source: Path, target: Path, *, written: bool) -> tuple[Carried, bytes, Facts]:
        """What becomes of one file, the bytes of its new workbook, and what its receipt says."""
        admitted, workbook = open_incoming(source)
        origin = self._versions.of(workbook, str(source), self._older)
        tool, file = self._tool, str(source)
        one = _File(tool, origin, workbook, file, self._day, self._new_defaults)
        rest = leftovers(tool, self._template, origin, workbook, one.parcels, file)
        cells = {**tool.cells(one.values), **rest.notes}
        outcome = tool.model.compute([cells])[0]
        data = self._template.patch(cells, outcome.values, remove_results=outcome.unknown.keys())
        region = one.region or source.stem
        findings = [
            *admitted.findings,
            *workbook.findings,
            *one.findings,
            *one.sum_findings(str(target)),
            *check_findings(tool, outcome, region),
            *_left_behind(rest, file),
        ]
        lines = (*one.lines, *kengetal_lines(tool, origin, workbook, outcome), *rest.lines)
        carried = Carried(
            source, target, listing_path(target), origin.version.name, region, lines, tuple(findings), written
        )
        mark = FileMark.of(source, admitted.data)
        return carried, data, self._receipt(mark, carried, self._inputs.of(tool.cells(one.values)), outcome)

    def _receipt(self, source: FileMark, one: Carried, given: dict[str, Plain], outcome: Outcome) -> Facts:
        values = outcome.values
        counts = cell_facts(values.values(), len(outcome.unknown))
        options: dict[str, Plain] = {
            "van": one.version,
            **({"peildatum": self._day.isoformat()} if self._day else {}),
            **({"nieuwe_standaard": True} if self._new_defaults else {}),
        }
        return {
            **run_facts(self._tool, "werkboek", "overzetten", options, [source]),
            **self._facts.of(one.region, given, self._inputs.template, values, counts, one.findings),
        }


class _File:
    """The inputs of one file: what they become (``values``, by the new keys), with a line for each."""

    def __init__(
        self, tool: Tool, origin: Origin, workbook: Workbook, file: str, day: date | None, new_defaults: bool
    ) -> None:
        self._tool = tool
        self._origin = origin
        self._workbook = workbook
        self._file = file
        self._day = day
        self._new_defaults = new_defaults
        self.values: dict[InputKey, Value | None] = {}
        self.findings: list[Finding] = []
        self._old_defaults: dict[str, None] = {}
        sent = [self._sent(key) for key in origin.inputs]
        dropped: list[Dropped] = []
        for older, newer in origin.version.steps:
            sent, gone = advance(older, newer, sent)
            dropped += gone
        self.parcels = sent
        arrived = {parcel.key: parcel for parcel in sent}
        self.lines = [
            self._delivered(arrived[key]) if key in arrived else self._new(key) for key in tool.binding.inputs
        ]
        self.lines += [self._dropped(one) for one in dropped]
        self.findings += self._about_defaults()
        self.findings += self._about_day()

    @property
    def region(self) -> str:
        """The name in the file, or ""."""
        name = self.values.get((self._tool.mapping.workbook.region_field, None))
        return excerpt(name, 250) if isinstance(name, str) else ""

    def sum_findings(self, file: str) -> Iterator[Finding]:
        """Fields of the new workbook that don't add up."""
        mapping = self._tool.mapping
        filled = {key: mapping.field(key[0]).default(key[1]) for key in self._tool.binding.inputs}
        fields = {field.id: field for field in mapping.inputs}
        return sum_findings(mapping.sums, fields, {**filled, **self.values}, self.region, file)

    def _sent(self, key: InputKey) -> Parcel:
        """One input as the file has it; what isn't a value of its field there has a fault."""
        field, address = self._origin.version.mapping.field(key[0]), self._origin.inputs[key]
        if address in self._workbook.formula_cells:
            return Parcel(key, key, None, fault="een vaste waarde in plaats van een formule")
        cell = self._workbook.values.get(address)
        try:
            return Parcel(key, key, parse_cell(field, cell, date1904=self._workbook.date1904))
        except RekentoolError as error:
            return Parcel(key, key, None, fault=error.findings[0].expected)

    def _delivered(self, parcel: Parcel) -> Line:
        """Write a value to its new cell, unless it can't stand there."""
        tool, key = self._tool, parcel.key
        field = tool.mapping.field(key[0])
        notes, value, fault, what = list(parcel.notes), parcel.value, parcel.fault, self._what(parcel)
        if self._day is not None and key == (tool.mapping.workbook.date_field, None):
            what, value, fault = "nieuwe peildatum", self._day, ""
        elif not fault:
            value, what = self._defaulted(parcel, field, what, notes)
        if not fault:
            value, fault = _allowed(field, value)
        if fault:
            return self._invalid(parcel, field, fault, notes)
        self.values[key] = value
        if value is None and what in ("overgezet", "standaardwaarde"):
            what = "leeg gebleven"
        return self._line(parcel, field, what, shown(field, value), notes)

    def _what(self, parcel: Parcel) -> What:
        return next((mark for mark in MARKS if mark in parcel.marks), "overgezet")

    def _defaulted(self, parcel: Parcel, field: Field, what: What, notes: list[str]) -> tuple[Value | None, What]:
        """A value that was the old template's default: said so, with the new default where that is another one."""
        old_field = self._origin.version.mapping.field(parcel.source[0])
        new_default, value = field.default(parcel.key[1]), parcel.value
        sent = _value_of(self._origin, self._workbook, parcel.source, old_field)
        if sent is None or sent != old_field.default(parcel.source[1]):
            return value, what
        if what == "overgezet":
            what = "standaardwaarde"
        if new_default is not None and new_default != value:
            notes.append(f"was de standaardwaarde; die is nu {shown(field, new_default)}")
            if self._new_defaults:
                return new_default, what
            self._old_defaults[field.id] = None
        return value, what

    def _invalid(self, parcel: Parcel, field: Field, fault: str, notes: list[str]) -> Line:
        address = self._tool.binding.inputs[parcel.key]
        stands = self._tool.shown(address, self._tool.workbook.values.get(address))
        name = f"{field.id}.{parcel.key[1]}" if parcel.key[1] else field.id
        line = self._line(parcel, field, "ongeldig geworden", stands, [f"verwacht: {fault}", *notes])
        place = str(self._origin.inputs[parcel.source])
        facts = {"veld": name, "waarde": line.old_value, "verwacht": fault, "cel": line.new_cell, "staat": stands}
        self.findings.append(finding("RK826", place, self._file, **facts))
        return line

    def _line(self, parcel: Parcel, field: Field, what: What, new_value: str, notes: Sequence[str]) -> Line:
        return Line(
            what, field.id, parcel.key[1] or "", field.label, str(self._origin.inputs[parcel.source]),
            self._old_value(parcel.source), str(self._tool.binding.inputs[parcel.key]), new_value, "; ".join(notes),
        )  # fmt: skip

    def _new(self, key: InputKey) -> Line:
        """A field that the older version doesn't have."""
        field, default = self._tool.mapping.field(key[0]), self._tool.mapping.field(key[0]).default(key[1])
        what: What = "nieuw, met standaardwaarde"
        if key == (self._tool.mapping.workbook.date_field, None) and self._day is not None:
            self.values[key], default, what = self._day, self._day, "nieuwe peildatum"
        elif default is None:
            what = "nieuw en leeg"
        notes = [f"leeg betekent: {field.blank_meaning}"] if default is None and field.blank_meaning else []
        return Line(
            what, field.id, key[1] or "", field.label, new_cell=str(self._tool.binding.inputs[key]),
            new_value=shown(field, default), note="; ".join(notes),
        )  # fmt: skip

    def _dropped(self, one: Dropped) -> Line:
        field_id, case = one.source
        label = self._origin.version.mapping.field(field_id).label
        old_cell = str(self._origin.inputs[one.source])
        return Line("vervallen", field_id, case or "", label, old_cell, self._old_value(one.source), note=one.reason)

    def _old_value(self, key: InputKey) -> str:
        field, address = self._origin.version.mapping.field(key[0]), self._origin.inputs[key]
        formula = self._workbook.formulas.get(address)
        if formula is not None:
            return excerpt(formula)
        value = _value_of(self._origin, self._workbook, key, field)
        if value is not None:
            return format_value(field, value)
        return excerpt(cell_text(self._workbook.values.get(address))) or EMPTY

    def _about_defaults(self) -> Iterator[Finding]:
        if self._old_defaults:
            names = list(self._old_defaults)
            more = f" en {len(names) - _NAMED} andere" if len(names) > _NAMED else ""
            facts = {"versie": self._origin.version.name, "velden": ", ".join(names[:_NAMED]) + more}
            yield finding("RK828", file=self._file, **facts)

    def _about_day(self) -> Iterator[Finding]:
        """The peildatum stays, and kengetallen that the workbook takes from its table have changed since."""
        name = self._tool.mapping.workbook.date_field
        day = self.values.get((name, None))
        if self._day is not None or not isinstance(day, date):
            return
        newer = {}
        for kengetal in self._tool.mapping.kengetallen:
            own = kengetal.own is not None and self.values.get((kengetal.own.id, None)) is not None
            later = [row.valid_from for row in kengetal.values if row.valid_from > day and row.value is not None]
            if kengetal.used and later and not own:
                newer[kengetal.id] = max(later)
        if newer:
            field = self._tool.mapping.field(name)
            facts = {"datum": format_value(field, day), "aantal": len(newer)}
            yield finding("RK827", field.label, self._file, **facts, nieuwste=format_value(field, max(newer.values())))


def _allowed(field: Field, value: Value | None) -> tuple[Value | None, str]:
    """The value as its new field holds it, or what was expected there."""
    if value is None:
        return None, f"een waarde voor {field.label}" if field.required else ""
    try:
        return check_value(field, value), ""
    except RekentoolError as error:
        return None, error.findings[0].expected


def _value_of(origin: Origin, workbook: Workbook, key: InputKey, field: Field) -> Value | None:
    """The typed value of an input; None for a blank and for what isn't one."""
    try:
        return parse_cell(field, workbook.values.get(origin.inputs[key]), date1904=workbook.date1904)
    except RekentoolError:
        return None


def kengetal_lines(tool: Tool, origin: Origin, workbook: Workbook, outcome: Outcome) -> Iterator[Line]:
    """The value of each kengetal that the model computes with, as stored in the file and as computed in the new one."""
    for kengetal in tool.mapping.kengetallen:
        if not kengetal.used or kengetal.id not in tool.binding.used:
            continue
        new_cell, old_cell = tool.binding.used[kengetal.id], origin.used.get(kengetal.id)
        old = "" if old_cell is None else _figure(kengetal, workbook.values.get(old_cell))
        new = _figure(kengetal, outcome.values.get(new_cell))
        note = "" if old_cell is None or old == new else "andere waarde"
        yield Line(
            "kengetal", kengetal.id, "", kengetal.label, "" if old_cell is None else str(old_cell), old, str(new_cell),
            new, note,
        )  # fmt: skip


def _figure(kengetal: Kengetal, value: CellValue) -> str:
    if isinstance(value, bool | str) or value is None:
        return cell_text(value) or EMPTY
    if isinstance(value, ExcelError):
        return "onbekend" if value.code == "#N/A" else value.code
    return format_value(Field(kengetal.id, "", kengetal.label, kengetal.kind, ()), value)


def _left_behind(rest: Leftovers, file: str) -> Iterator[Finding]:
    left = [line for line in rest.lines if line.what == "niet overgezet"]
    if left:
        yield finding("RK829", left[0].old_cell, file, aantal=len(left), eerste=left[0].old_cell)
