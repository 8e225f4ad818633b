"""Finding a mapping's cells in a workbook: what must be there, is there, and is what the mapping says.

A workbook that doesn't fit is refused with every misfit at once: a missing sheet or name, a range where one cell is
meant, a formula in an input cell, a label that no longer stands where it stood, two fields on one cell, a result of
another size than its axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from rekentool.mapping.schema import Field, InputKey, Output
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.target import Rectangle, is_address
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.xlsx.cell import Address, CellValue, a1, column_number

#: With more misfits than this it is another workbook; looking for near names would only take long.
_HINTS = 20


class SheetLike(Protocol):
    """A sheet, as far as binding looks at it."""

    @property
    def name(self) -> str:
        """The name on its tab."""


class WorkbookLike(Protocol):
    """A workbook as ``xlsx.reader`` gives it, as far as binding looks at it.

    ``formulas`` has the text of each formula cell; ``names`` what each workbook-wide defined name refers to, as
    ``Sheet!A1`` or ``Sheet!A1:B2``.
    """

    @property
    def sheets(self) -> Sequence[SheetLike]:
        """The sheets in order."""

    @property
    def values(self) -> Mapping[Address, CellValue]:
        """The value of each cell that has one."""

    @property
    def formulas(self) -> Mapping[Address, str]:
        """The formula of each cell that has one."""

    @property
    def names(self) -> Mapping[str, str]:
        """The defined names."""


class ResultCell(NamedTuple):
    """One row of the results table, without its value: its place on the axes ("" where a result has no such axis)."""

    geval: str
    partij: str
    regel: str
    jaar: str
    eenheid: str
    address: Address


@dataclass(frozen=True)
class Binding:
    """Where everything of a mapping stands in one workbook.

    ``inputs``: the cell of each input, in the order of the mapping. ``checks``: the cell of each check. ``used``: the
    cell with the value used of each kengetal that the model computes with.
    """

    mapping: WorkbookMapping
    inputs: Mapping[InputKey, Address]
    checks: Mapping[str, Address]
    used: Mapping[str, Address]
    _results: tuple[tuple[Output, tuple[ResultCell, ...]], ...]

    def address(self, field_id: str, case: str | None = None) -> Address:
        """The cell of one input; KeyError when the mapping has no such field and case."""
        return self.inputs[field_id, case]

    def results(self, output: Output = "altijd") -> Iterator[ResultCell]:
        """The result cells in the order of the mapping: those of ``altijd``, or with ``alle`` every one."""
        for its_output, cells in self._results:
            if output in ("alle", its_output):
                yield from cells


def bind(mapping: WorkbookMapping, workbook: WorkbookLike, file: str = "") -> Binding:
    """Find every cell of ``mapping`` in ``workbook``; ``file`` names the workbook in findings.

    Raises RekentoolError with every misfit (RK230–RK237); the place of each is the path in the mapping.
    """
    binder = _Binder(workbook, file)
    inputs = binder.inputs(mapping.fields)
    checks = binder.single((check.id, f"$.controles.{check.id}", check.target) for check in mapping.checks)
    for check in mapping.checks:
        binder.label_at(check.label_target, check.label, f"$.controles.{check.id}")
    used = binder.single(
        (kengetal.id, f"$.kengetallen.lijst.{kengetal.id}", kengetal.target)
        for kengetal in mapping.kengetallen if kengetal.used
    )
    results = binder.results(mapping)
    if binder.findings:
        raise RekentoolError(binder.findings)
    return Binding(mapping, inputs, checks, used, results)


class _Binder:
    """Resolves targets in one workbook and gathers what is wrong."""

    def __init__(self, workbook: WorkbookLike, file: str) -> None:
        self.findings: dict[Finding, None] = {}
        self._workbook = workbook
        self._file = file
        # Excel compares sheet names and defined names without regard to case.
        self._sheets = {sheet.name.casefold(): sheet.name for sheet in workbook.sheets}
        self._names = {name.casefold(): text for name, text in workbook.names.items()}

    def inputs(self, fields: Iterable[Field]) -> dict[InputKey, Address]:
        found: dict[InputKey, Address] = {}
        owners: dict[Address, str] = {}
        for field in fields:
            for case, target in field.targets:
                place = _place(field, case)
                address = self._cell(target, place)
                if address is None:
                    continue
                first = owners.setdefault(address, place)
                if first != place:
                    self._add("RK235", place, address=address, first=first, second=place)
                formula = self._workbook.formulas.get(address)
                if formula is not None:
                    self._add("RK233", place, formula=excerpt(formula), address=address)
                if field.label_column and not field.label_target:
                    label = Address(address.sheet, a1(column_number(field.label_column), address.row))
                    self._label(label, field.label, place)
                found[field.id, case] = address
            self.label_at(field.label_target, field.label, _place(field, None))
        return found

    def single(self, targets: Iterable[tuple[str, str, str]]) -> dict[str, Address]:
        """The cell of each (id, place, target)."""
        found = {}
        for key, place, target in targets:
            address = self._cell(target, place)
            if address is not None:
                found[key] = address
        return found

    def results(self, mapping: WorkbookMapping) -> tuple[tuple[Output, tuple[ResultCell, ...]], ...]:
        found: list[tuple[Output, tuple[ResultCell, ...]]] = []
        for result in mapping.results:
            place = f"$.resultaten.{result.id}"
            rows = len(result.rows.members) if result.rows else 1
            columns = len(result.columns.members) if result.columns else 1
            cells: list[ResultCell] = []
            for block in result.ranges:
                rectangle = self._rectangle(block.target, place)
                if rectangle is None:
                    continue
                if (rectangle.height, rectangle.width) != (rows, columns):
                    self._add("RK236", place, target=block.target, width=rectangle.width, height=rectangle.height,
                              columns=columns, rows=rows)
                    continue
                if block.label and mapping.workbook.label_column:
                    column = column_number(mapping.workbook.label_column)
                    self._label(Address(rectangle.sheet, a1(column, rectangle.top)), block.label, place)
                for row, column, key in result.cells(block):
                    line = key.get("regel", "")
                    cells.append(ResultCell(key.get("geval", ""), key.get("partij", ""), line, key.get("jaar", ""),
                                            result.units[line], rectangle.cell(row, column)))
            found.append((result.output, tuple(cells)))
        return tuple(found)

    def label_at(self, target: str, label: str, place: str) -> None:
        """Check the label in a cell of its own, where the mapping names one."""
        address = self._cell(target, place) if target else None
        if address is not None:
            self._label(address, label, place)

    def _add(self, code: str, place: str, **facts: object) -> None:
        self.findings[finding(code, place, self._file, **facts)] = None

    def _label(self, address: Address, label: str, place: str) -> None:
        value = self._workbook.values.get(address)
        text = value if isinstance(value, str) else cell_text(value)
        if " ".join(text.split()) != " ".join(label.split()):
            self._add("RK234", place, found=excerpt(text), address=address, label=label)

    def _cell(self, target: str, place: str) -> Address | None:
        rectangle = self._rectangle(target, place)
        if rectangle is None:
            return None
        if (rectangle.width, rectangle.height) != (1, 1):
            self._add("RK232", place, target=target, width=rectangle.width, height=rectangle.height)
            return None
        return rectangle.cell(0, 0)

    def _rectangle(self, target: str, place: str) -> Rectangle | None:
        text = target
        if not is_address(target):
            if target.casefold() not in self._names:
                hint_ = hint(target, self._workbook.names) if len(self.findings) < _HINTS else ""
                self._add("RK231", place, name=target, hint=hint_)
                return None
            text = self._names[target.casefold()]
        try:
            rectangle = Rectangle.parse(text)
        except ValueError:
            self._add("RK237", place, name=target, reference=excerpt(text))
            return None
        sheet = self._sheets.get(rectangle.sheet.casefold())
        if sheet is None:
            hint_ = hint(rectangle.sheet, self._sheets.values())
            self._add("RK230", place, sheet=excerpt(rectangle.sheet), hint=hint_)
            return None
        return Rectangle(sheet, rectangle.left, rectangle.top, rectangle.right, rectangle.bottom)


def _place(field: Field, case: str | None) -> str:
    path = f"$.kengetallen.lijst.{field.own_of}" if field.own_of else f"$.velden.{field.id}"
    return f"{path}, geval {case}" if case else path
