"""How a formula function is written: one typed Python function, one registration, one link to Microsoft's page.

Three forms, by what is fastest while still right:

- `vectorised`: numbers in, numbers out, over all scenarios in one call (ROUND, PMT);
- `scalar`: Python values in, one value out, called once for every different combination of arguments (LEFT, XIRR);
- `raw`: vectors and areas as they are (SUM, INDEX, ISBLANK), for what needs kinds or whole rectangles.

The signature is the contract: how each argument is converted follows from its annotation.
"""

from __future__ import annotations

import inspect
import math
import typing
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from rekentool.engine.coercion import to_logicals, to_numbers, to_texts
from rekentool.engine.distinct import combinations
from rekentool.engine.vector import (
    EMPTY,
    ERROR,
    ERRORS,
    NUM,
    NUMBER,
    VALUE,
    Area,
    Argument,
    Floats,
    Vector,
    constant,
    error,
    pack,
    simplify,
    to_python,
)
from rekentool.xlsx.cell import CellValue, ExcelError

DOCS = "https://support.microsoft.com/office/"


class Fault(Exception):
    """Raised inside a scalar function to give an Excel error as its result: ``raise Fault(NUM)``."""

    def __init__(self, index: float) -> None:
        super().__init__(ERRORS[int(index)].code)
        self.index = index

    @classmethod
    def of(cls, error: ExcelError) -> Fault:
        """The fault that gives an error value."""
        return cls(constant(error).data)  # type: ignore[arg-type]  # a constant's data is one number


class Unsupported(Exception):
    """Raised by a function for what it can't compute as Excel does: the cell becomes niet gecontroleerd.

    ``reason`` says why, in Dutch, for the person who reads the report.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


#: A rectangle as a scalar function gets it: rows of cell values.
Range = list[list[CellValue]]


@dataclass(frozen=True, slots=True)
class Function:
    """A registered function: its name in a file (without ``_xlfn.``), call, number of arguments, Microsoft's page."""

    name: str
    call: Callable[[Sequence[Argument], int], Vector | Area]
    minimum: int
    maximum: int
    url: str
    doc: str
    #: Whether a rectangle may stand at an argument's place (from 0); elsewhere one value is wanted.
    takes_area: Callable[[int], bool] = lambda place: True


FUNCTIONS: dict[str, Function] = {}


def _register(
    name: str, call: Callable[[Sequence[Argument], int], Vector | Area], low: int, high: int, page: str, doc: str,
    takes_area: Callable[[int], bool] = lambda place: True,
) -> None:
    if name in FUNCTIONS:
        raise ValueError(f"{name} is registered twice")
    if not doc:
        raise ValueError(f"{name} has no docstring")
    FUNCTIONS[name] = Function(name, call, low, high, DOCS + page, doc, takes_area)


def _arity(function: Callable[..., Any]) -> tuple[int, int]:
    # From the code itself: `inspect.signature` is ten times as slow, and each function needs it at the start.
    code = function.__code__
    count = code.co_argcount
    return count - len(function.__defaults__ or ()), 255 if code.co_flags & inspect.CO_VARARGS else count


def single(argument: Argument) -> Vector:
    """An argument as one value: an empty argument is blank, an area of one cell that cell, a larger one #VALUE!."""
    if argument is None:
        return EMPTY
    if isinstance(argument, Area):
        return argument.cells[0] if len(argument.cells) == 1 else error(VALUE)
    return argument


def raw(name: str, page: str, minimum: int, maximum: int = 255) -> Callable[..., Any]:
    """Register a function that gets its arguments as vectors and areas, and the number of scenarios."""

    def decorate(function: Callable[[Sequence[Argument], int], Vector | Area]) -> Callable[..., Any]:
        _register(name, function, minimum, maximum, page, function.__doc__ or "")
        return function

    return decorate


def vectorised(name: str, page: str) -> Callable[..., Any]:
    """Register a function of numbers, given as floats or arrays of one length; a default is what an absent one is.

    A result that isn't finite is #NUM!; for another error the function returns ``(data, error index, mask)``.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        low, high = _arity(function)

        def call(arguments: Sequence[Argument], size: int) -> Vector:
            numbers = [to_numbers(single(argument)) for argument in arguments]
            data = [vector.data for vector in numbers]
            with np.errstate(all="ignore"):
                if all(vector.kind == NUMBER if isinstance(vector.kind, int) else False for vector in numbers):
                    return _finite(function(*data), None, None)
                kinds, faults = first_errors(numbers, size)
                safe = [np.where(kinds == ERROR, 1.0, vector.floats(size)) for vector in numbers]
                return _finite(function(*safe), kinds, faults)

        _register(name, call, low, high, page, function.__doc__ or "", lambda place: False)
        return function

    return decorate


def _finite(result: Any, kinds: Any, faults: Any) -> Vector:
    data, index, mask = result if isinstance(result, tuple) else (result, NUM, None)
    data = data.astype(np.float64, copy=False) if isinstance(data, np.ndarray) else float(data)
    bad = ~np.isfinite(data)
    out = data
    if np.any(bad):
        out = np.where(bad, NUM, data)
    if mask is not None and np.any(mask):
        out = np.where(mask, index, out)
        bad = bad | mask
    if kinds is not None:
        out = np.where(kinds == ERROR, faults, out)
        bad = bad | (kinds == ERROR)
    if not np.any(bad):
        return Vector(NUMBER, out if isinstance(out, np.ndarray) and out.ndim else float(out))
    if not isinstance(bad, np.ndarray) or bad.ndim == 0:
        return Vector(ERROR, float(out))
    floats = np.broadcast_to(np.asarray(out, np.float64), bad.shape)
    return simplify(np.where(bad, ERROR, NUMBER).astype(np.uint8), np.ascontiguousarray(floats))


def first_errors(vectors: Sequence[Vector], size: int) -> tuple[Any, Floats]:
    """Per scenario ERROR where any argument is one (else NUMBER), and the index of the leftmost such error."""
    kinds = np.full(size, NUMBER, np.uint8)
    faults = np.zeros(size)
    for vector in reversed(vectors):
        mask = vector.kinds(size) == ERROR
        if mask.any():
            kinds[mask] = ERROR
            faults[mask] = vector.floats(size)[mask]
    return kinds, faults


def scalar(name: str, page: str) -> Callable[..., Any]:
    """Register a function of Python values; it runs once for every different combination of its arguments.

    Annotations: float, int (truncated), str, bool are converted as Excel does, with errors passed on; ``CellValue``
    gets the value as it is, errors too; ``Range`` gets rows of values. ``raise Fault(NUM)`` gives an error.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        low, high = _arity(function)

        @cache
        def contract() -> tuple[list[inspect.Parameter], dict[str, Any]]:  # slow to find out, and of few wanted
            return list(inspect.signature(function).parameters.values()), typing.get_type_hints(function)

        def wanted(index: int) -> Any:
            parameters, hints = contract()
            return hints[parameters[min(index, len(parameters) - 1)].name]

        def call(arguments: Sequence[Argument], size: int) -> Vector:
            given: list[Argument] = []
            parameters, _ = contract()
            for index, argument in enumerate(arguments):
                if argument is None and parameters[min(index, len(parameters) - 1)].default is None:
                    given.append(None)
                else:
                    given.append(_converted(argument, wanted(index)))
            return _per_combination(function, given, [wanted(index) for index in range(len(given))], size)

        _register(name, call, low, high, page, function.__doc__ or "", lambda place: _is_range(wanted(place)))
        return function

    return decorate


def _is_range(hint: Any) -> bool:
    return hint == Range or Range in typing.get_args(hint)


def _converted(argument: Argument, hint: Any) -> Argument:
    if _is_range(hint):
        return argument if isinstance(argument, Area) else Area(1, 1, [EMPTY if argument is None else argument])
    vector = single(argument)
    options = typing.get_args(hint) or (hint,)
    if bool in options and float not in options:
        return to_logicals(vector)
    if (float in options or int in options) and str not in options:
        return to_numbers(vector)
    if str in options and float not in options:
        return to_texts(vector)
    return vector


def _per_combination(function: Callable[..., Any], arguments: list[Argument], hints: list[Any], size: int) -> Vector:
    parts = [
        part
        for argument in arguments
        if argument is not None
        for part in (argument.cells if isinstance(argument, Area) else [argument])
    ]
    varying = [part for part in parts if not part.uniform]
    first, codes = combinations(varying, size) if varying else (_ONLY, _ONLY)
    columns = [_values(argument, hint, first) for argument, hint in zip(arguments, hints, strict=True)]
    accepting = [_accepts_errors(hint) for hint in hints]
    answers = [_called(function, values, accepting) for values in zip(*columns, strict=True)]
    if not varying:
        return answers[0]
    results = pack(answers)
    if results.uniform:
        return results
    kind = results.kind if isinstance(results.kind, int) else results.kind[codes]
    return simplify(kind, results.floats(len(first))[codes])


_ONLY = np.zeros(1, np.intp)


def _accepts_errors(hint: Any) -> bool:
    return ExcelError in (typing.get_args(hint) or (hint,))


def _values(argument: Argument, hint: Any, scenarios: Any) -> list[Any]:
    """What a scalar function gets for an argument, in some of the scenarios."""
    if argument is None:
        return [None] * len(scenarios)
    if isinstance(argument, Area):
        columns, cells = argument.columns, [_taken(cell, scenarios) for cell in argument.cells]
        starts = range(0, len(cells), columns)
        return [[list(row[start : start + columns]) for start in starts] for row in zip(*cells, strict=True)]
    found = _taken(argument, scenarios)
    options = typing.get_args(hint) or (hint,)
    if int in options and float not in options:
        return [int(value) if isinstance(value, float) else value for value in found]
    return found


def _taken(vector: Vector, scenarios: Any) -> list[CellValue]:
    kind, data = vector
    if vector.uniform:
        assert isinstance(kind, int) and isinstance(data, float)
        return [to_python(kind, data)] * len(scenarios)
    size = vector.size()
    kinds, floats = vector.kinds(size)[scenarios].tolist(), vector.floats(size)[scenarios].tolist()
    return [to_python(one, value) for one, value in zip(kinds, floats, strict=True)]


def _called(function: Callable[..., Any], values: Sequence[Any], accepting: Sequence[bool]) -> Vector:
    for value, accepts in zip(values, accepting, strict=True):
        if isinstance(value, ExcelError) and not accepts:
            return constant(value)
    try:
        result = function(*values)
    except Fault as fault:
        return error(fault.index)
    except OverflowError:
        return error(NUM)
    if isinstance(result, float):
        return Vector(NUMBER, float(result)) if math.isfinite(result) else error(NUM)
    return constant(float(result) if isinstance(result, int) and not isinstance(result, bool) else result)


def cells_of(arguments: Sequence[Argument]) -> Iterator[tuple[Vector, bool]]:
    """Every value of the arguments in order, and whether it stood in an area (where texts and logicals don't count)."""
    for argument in arguments:
        if isinstance(argument, Area):
            for cell in argument.cells:
                yield cell, True
        else:
            yield (EMPTY if argument is None else argument), False
