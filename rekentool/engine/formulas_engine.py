"""The `formulas` library as an engine: its parser and its functions, in an order of calculation of our own.

The library's ``ExcelModel`` compiles and dispatches cell by cell: 29 s to load a workbook of 6 000 formulas and 3.7 s
per scenario, and one table reference stops the whole file. But a workbook repeats a few hundred formulas over its rows
and columns. So each *shape* (a formula with its references taken out) is parsed by the library once, its functions
are called directly, and a scenario recomputes only what depends on its inputs. Where the library differs from Excel,
``formulas_fixes`` puts the right function in its registry.
"""

from __future__ import annotations

import importlib.metadata
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import schedula
from formulas.errors import BaseError
from formulas.functions import get_functions
from formulas.parser import Parser
from formulas.ranges import Ranges
from formulas.tokens.operand import Error, XlError

from rekentool.engine import formulas_fixes
from rekentool.engine.protocol import Outcome, Scenario, check_scenarios, unknown_reason
from rekentool.engine.references import Area, References, SplitFormula, calculation_order, spread_unknown
from rekentool.xlsx.cell import Address, CellValue, ExcelError, column_letters
from rekentool.xlsx.reader import Workbook, read_workbook

NAME = "formulas"
EMPTY = schedula.EMPTY

#: A range up to this size is noted under each of its cells, a bigger one is looked through.
_SMALL = 1000

#: A new result at every calculation: nothing to compare.
_RANDOM = frozenset({"RAND", "RANDBETWEEN", "RANDARRAY", "NOW"})
#: They look at where their argument stands and not at what it holds.
_NEED_PLACE = frozenset({"ROW", "COLUMN", "ROWS", "COLUMNS", "AREAS", "ISREF"})
#: They look beyond their arguments, or choose a reference while calculating: their order isn't known before.
_UNFIT = frozenset({"INDIRECT", "OFFSET", "ISFORMULA", "FORMULATEXT", "CELL", "INFO", "SHEET", "SHEETS", "ANCHORARRAY",
                    "SINGLE", "LAMBDA", "LET"})
#: The library knows the date system of 1900 only.
_DATES = frozenset({"DATE", "DATEVALUE", "DAY", "MONTH", "YEAR", "EDATE", "EOMONTH", "WEEKDAY", "WEEKNUM", "ISOWEEKNUM",
                    "NETWORKDAYS", "NETWORKDAYS.INTL", "WORKDAY", "WORKDAY.INTL", "YEARFRAC", "DAYS360", "DATEDIF",
                    "TODAY", "TEXT"})


class FormulasEngine:
    """The engine."""

    name = NAME

    def __init__(self) -> None:
        formulas_fixes.register()

    @property
    def version(self) -> str:
        """The library's version; the mark says that some of its functions are replaced."""
        return f"{importlib.metadata.version('formulas')} + correcties"

    def open(self, data: bytes) -> FormulasModel:
        """Read the workbook and have its formulas parsed; what can't be is unknown in every outcome."""
        return FormulasModel(read_workbook(data))


class FormulasModel:
    """A workbook whose formulas the library has parsed."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        references = References(workbook)
        self._precedents = references.precedents
        shapes = _Shapes(workbook)
        order, self._unknown = calculation_order(self._precedents)
        for member, anchor in workbook.array_members.items():
            reason = _cannot("matrixformule of gegevenstabel over meer cellen")
            self._unknown |= {member: reason, anchor: reason}
        self._formulas: dict[Address, _Formula] = {}
        for address in order:
            if address not in self._unknown:
                try:
                    self._formulas[address] = shapes.formula(references.splits[address])
                except _Unfit as problem:
                    self._unknown[address] = str(problem)
        spread_unknown(order, self._precedents, self._unknown)
        self._order = [address for address in order if address not in self._unknown]
        self._readers = _Readers({address: references.splits[address].areas for address in self._order})
        self._base: dict[Address, Any] = {}
        self._base_failed: dict[Address, str] = {}

    def compute(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        """One outcome per scenario; the file's own inputs are computed once, after that only what changes."""
        check_scenarios(self.workbook, scenarios)
        if not self._base:
            self._base = {address: _to_library(value) for address, value in self.workbook.values.items()
                          if address not in self._precedents}
            self._base_failed = self._calculate(self._base, self._order)
        return [self._outcome(scenario) for scenario in scenarios]

    def _outcome(self, scenario: Scenario) -> Outcome:
        cells = dict(self._base)
        inputs = {address: _to_library(value) for address, value in scenario.items()}
        cells.update(inputs)
        changed = [address for address, value in inputs.items() if not _same(value, self._base.get(address, EMPTY))]
        dirty = self._readers.of(changed) | self._base_failed.keys()
        again: list[Address] = []
        for address in self._order:
            if address in dirty or not dirty.isdisjoint(self._precedents[address]):
                dirty.add(address)
                again.append(address)
        unknown = self._unknown | self._calculate(cells, again)
        values = {address: _from_library(cells[address]) for address in self._order if address not in unknown}
        return Outcome(values, unknown)

    def _calculate(self, cells: dict[Address, Any], order: Iterable[Address]) -> dict[Address, str]:
        """Put the results in ``cells``; the cells that failed, and those that depend on them, with the reason."""
        failed: dict[Address, str] = {}
        origin: dict[Address, Address] = {}
        for address in order:
            if failed:
                cause = next((origin[cell] for cell in self._precedents[address] if cell in origin), None)
                if cause is not None:
                    origin[address] = cause
                    failed[address] = unknown_reason("RK421", cel=cause)
                    continue
            try:
                with np.errstate(all="ignore"):
                    cells[address] = self._formulas[address].value(cells)
            except _Unfit as problem:
                origin[address] = address
                failed[address] = str(problem)
            except Exception as problem:
                problem.add_note(f"bij het uitrekenen van {address}")
                raise
        return failed


class _Unfit(Exception):
    """A formula that the library can't compute; the text is the reason in Dutch."""


def _cannot(reason: str) -> str:
    return unknown_reason("RK423", motor=NAME, reden=reason)


@dataclass(frozen=True, slots=True)
class _Call:
    """One step of a shape: a function of the library, the slots of its arguments, and the slot of its result."""

    function: Callable[..., Any]
    arguments: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class _Shape:
    """A formula as the library parsed it. The slots are the references, then the constants and results."""

    slots: tuple[Any, ...]
    calls: tuple[_Call, ...]
    result: int


@dataclass(frozen=True, slots=True)
class _Formula:
    """A shape with the cells that this one formula reads."""

    shape: _Shape
    areas: tuple[tuple[tuple[Address, ...], ...], ...]
    places: tuple[dict[str, Any], ...]

    def value(self, cells: Mapping[Address, Any]) -> Any:
        """The formula's result in the library's terms; _Unfit when it isn't one value."""
        slots = list(self.shape.slots)
        for index, rows in enumerate(self.areas):
            array = np.empty((len(rows), len(rows[0])), object)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    array[r, c] = cells.get(cell, EMPTY)
            slots[index] = Ranges().set_value(self.places[index], array) if self.places else array
        try:
            for call in self.shape.calls:
                slots[call.result] = call.function(*[slots[slot] for slot in call.arguments])
        except (BaseError, NotImplementedError) as problem:
            raise _Unfit(_cannot(str(problem) or type(problem).__name__)) from problem
        return _single(slots[self.shape.result])


class _Shapes:
    """Parses each shape of a workbook's formulas once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._parsed: dict[str, _Shape | _Unfit] = {}

    def formula(self, split: SplitFormula) -> _Formula:
        """The formula ready to compute, or _Unfit."""
        if not self._workbook.full_precision:
            raise _Unfit(_cannot("het werkboek rekent met de getoonde precisie"))
        if split.problem:
            raise _Unfit(_cannot(split.problem))
        if self._workbook.date1904 and split.functions & _DATES:
            raise _Unfit(_cannot("datumfuncties met het datumsysteem van 1904"))
        if split.shape not in self._parsed:
            try:
                self._parsed[split.shape] = _parse(split)
            except _Unfit as problem:
                self._parsed[split.shape] = problem
        shape = self._parsed[split.shape]
        if isinstance(shape, _Unfit):
            raise shape
        areas = tuple(tuple(tuple(row) for row in area.rows()) for area in split.areas)
        places = tuple(_place(area) for area in split.areas) if split.functions & _NEED_PLACE else ()
        return _Formula(shape, areas, places)


def _parse(split: SplitFormula) -> _Shape:
    known = get_functions()
    for function in sorted(split.functions):
        if function in _RANDOM:
            raise _Unfit(_cannot(f"{function} geeft elke keer een andere uitkomst"))
        if function in _UNFIT or (function not in known and f"_XLFN.{function}" not in known):
            raise _Unfit(unknown_reason("RK420", functie=function, motor=NAME))
    try:
        builder = Parser().ast(split.shape)[1]
    except BaseError as problem:
        raise _Unfit(_cannot("de formule is niet te ontleden")) from problem
    graph = builder.dsp
    slot: dict[Any, int] = {f"REF_{number}": number - 1 for number in range(1, len(split.areas) + 1)}
    slots: list[Any] = [None] * len(slot)
    for node, default in graph.default_values.items():
        slot[node] = len(slots)
        slots.append(default["value"])
    calls: list[_Call] = []
    for function in graph.function_nodes.values():
        arguments = []
        for node in function["inputs"]:
            if node is schedula.START:
                continue  # A function without arguments.
            if node not in slot:
                raise _Unfit(_cannot(f"{node} heeft geen waarde"))
            arguments.append(slot[node])
        if not formulas_fixes.accepts(function["function"], len(arguments)):
            raise _Unfit(_cannot("een functie met een verkeerd aantal argumenten"))
        result = function["outputs"][0]
        slot[result] = len(slots)
        slots.append(None)
        calls.append(_Call(function["function"], tuple(arguments), slot[result]))
    return _Shape(tuple(slots), tuple(calls), slot[builder.get_node_id(builder[-1])])


class _Readers:
    """Which formulas read a given input cell."""

    def __init__(self, areas: Mapping[Address, Sequence[Area]]) -> None:
        self._cells: dict[Address, list[Address]] = {}
        self._areas: dict[Area, list[Address]] = {}
        for formula, read in areas.items():
            for area in read:
                if area.size <= _SMALL:
                    for row in area.rows():
                        for cell in row:
                            self._cells.setdefault(cell, []).append(formula)
                else:
                    self._areas.setdefault(area, []).append(formula)

    def of(self, cells: Iterable[Address]) -> set[Address]:
        """The formulas that read at least one of the cells."""
        found: set[Address] = set()
        for cell in cells:
            found.update(self._cells.get(cell, ()))
            for area, formulas in self._areas.items():
                if area.covers(cell):
                    found.update(formulas)
        return found


def _place(area: Area) -> dict[str, Any]:
    """The library's description of a range."""
    first, last = column_letters(area.left), column_letters(area.right)
    text = f"{first}{area.top}:{last}{area.bottom}"
    return {"name": text, "ref": text, "sheet_id": "", "c1": first, "c2": last, "n1": area.left, "n2": area.right,
            "r1": str(area.top), "r2": str(area.bottom)}


def _single(result: Any) -> Any:
    """The one value of a result, in Python's own types; a blank is 0, as it is in a cell."""
    value = result.value if isinstance(result, Ranges) else result
    if isinstance(value, np.ndarray):
        if value.size != 1:
            raise _Unfit(_cannot("de uitkomst is een matrix"))
        value = value.item()
    if isinstance(value, np.generic):
        value = value.item()
    if value is EMPTY:
        return 0.0
    if isinstance(value, XlError | bool):
        return value
    if isinstance(value, schedula.Token):
        raise _Unfit(_cannot("de bibliotheek gaf geen waarde"))
    if isinstance(value, int | float):
        return value + 0.0 if math.isfinite(value) else Error.errors["#NUM!"]
    if isinstance(value, str):
        return str(value)
    raise _Unfit(_cannot(f"uitkomst van het type {type(value).__name__}"))


def _to_library(value: CellValue) -> Any:
    if value is None:
        return EMPTY
    if isinstance(value, ExcelError):
        return Error.errors.get(value.code) or XlError(value.code)
    return value


def _from_library(value: Any) -> CellValue:
    if isinstance(value, XlError):
        return ExcelError(str(value))
    found: CellValue = value
    return found


def _same(left: Any, right: Any) -> bool:
    """Whether an input is unchanged: TRUE isn't 1."""
    return type(left) is type(right) and bool(left == right)
