"""The value of a cell over all scenarios: one kind and one number each, masks only where scenarios differ.

A `Vector` has a *kind* and *data*. The kind is one small int where every scenario agrees (nearly always), else an array
of them. The data are float64: the number itself, 0 or 1 for a logical, the index in the table of strings for a text,
the index in `ERRORS` for an error, 0 for a blank. Data that are the same in every scenario are one Python float. So the
arithmetic of a numeric cell is one numpy call, and text is compared and looked up as numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rekentool.xlsx.cell import CellValue, ExcelError

#: The kinds, in Excel's order of comparison for the first three: numbers < texts < logicals.
NUMBER, TEXT, LOGICAL, BLANK, ERROR = range(5)

#: Error values by their index in a vector's data.
ERRORS = tuple(
    ExcelError(code)
    for code in ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!")
)
_ERROR_INDEX = {error: index for index, error in enumerate(ERRORS)}
NULL, DIV0, VALUE, REF, NAME, NUM, NA = (float(index) for index in range(7))

Floats = NDArray[np.float64]
Kinds = NDArray[np.uint8]
Bools = NDArray[np.bool_]


class Strings:
    """Every text that occurs, once: its index stands for it. Indexes never change, so vectors can be kept."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._index: dict[str, int] = {}

    def index(self, text: str) -> float:
        """The index of a text, new or known."""
        found = self._index.get(text)
        if found is None:
            found = self._index[text] = len(self._texts)
            self._texts.append(text)
        return float(found)

    def text(self, index: float) -> str:
        """The text of an index."""
        return self._texts[int(index)]


STRINGS = Strings()


class Vector(NamedTuple):
    """One value per scenario; ``kind`` and ``data`` are scalars where all scenarios agree, else arrays."""

    kind: int | Kinds
    data: float | Floats

    @property
    def uniform(self) -> bool:
        """Whether it is the same value in every scenario."""
        return isinstance(self.kind, int) and isinstance(self.data, float)

    def __len__(self) -> int:  # a vector isn't a pair: no unpacking by accident in generic code
        raise TypeError("a Vector has no length of its own; see size()")

    def size(self) -> int:
        """The number of scenarios; 1 where all agree."""
        for part in (self.data, self.kind):
            if isinstance(part, np.ndarray):
                return len(part)
        return 1

    def kinds(self, size: int) -> Kinds:
        """The kind of every scenario."""
        return np.full(size, self.kind, np.uint8) if isinstance(self.kind, int) else self.kind

    def floats(self, size: int) -> Floats:
        """The data of every scenario."""
        return np.full(size, self.data) if isinstance(self.data, float) else self.data

    def any_error(self) -> bool:
        """Whether any scenario is an error."""
        return self.kind == ERROR if isinstance(self.kind, int) else bool((self.kind == ERROR).any())


class Area:
    """A rectangle of vectors, row by row: what a range or an array constant gives to a function."""

    __slots__ = ("_constants", "cells", "columns", "rows")

    def __init__(self, rows: int, columns: int, cells: Sequence[Vector]) -> None:
        self.rows, self.columns, self.cells = rows, columns, cells
        self._constants: tuple[int | Kinds, Floats] | bool | None = False

    def at(self, row: int, column: int) -> Vector:
        """The vector at a row and column, both from 0."""
        return self.cells[row * self.columns + column]

    def constants(self) -> tuple[int | Kinds, Floats] | None:
        """Where every cell is the same in all scenarios: the kind they share or the kind of each, and their data."""
        if isinstance(self._constants, bool):
            self._constants = None
            if all(cell.uniform for cell in self.cells):
                kinds = np.array([cell.kind for cell in self.cells], np.uint8)
                shared = int(kinds[0]) if (kinds == kinds[0]).all() else kinds
                self._constants = shared, np.array([cell.data for cell in self.cells], np.float64)
        return self._constants


#: What a function gets for an argument: a value, a rectangle of values, or None where the argument is left empty.
Argument = Vector | Area | None


def number(value: float) -> Vector:
    """The same number in every scenario."""
    return Vector(NUMBER, float(value))


def text(value: str) -> Vector:
    """The same text in every scenario."""
    return Vector(TEXT, STRINGS.index(value))


def logical(value: bool) -> Vector:
    """TRUE or FALSE in every scenario."""
    return Vector(LOGICAL, 1.0 if value else 0.0)


def error(index: float) -> Vector:
    """The same error (`DIV0`, `NA`, …) in every scenario."""
    return Vector(ERROR, index)


EMPTY = Vector(BLANK, 0.0)


def constant(value: CellValue) -> Vector:
    """A cell's value as the same in every scenario."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return logical(value)
    if isinstance(value, str):
        return text(value)
    if isinstance(value, ExcelError):
        return error(float(_ERROR_INDEX.get(value, int(VALUE))))
    return number(value)


def gather(values: Iterable[CellValue]) -> Vector:
    """One value per scenario, packed: one kind and one float where they are all alike."""
    return pack([constant(value) for value in values])


def pack(parts: Sequence[Vector]) -> Vector:
    """Uniform vectors, one per scenario, as one vector."""
    kinds = np.fromiter((part.kind for part in parts), np.uint8, len(parts))
    data = np.fromiter((part.data for part in parts), np.float64, len(parts))
    return simplify(kinds, data)


def simplify(kind: int | Kinds, data: float | Floats) -> Vector:
    """A vector whose kind is a scalar where all scenarios agree, and so its data."""
    if isinstance(kind, np.ndarray) and len(kind) and (kind == kind[0]).all():
        kind = int(kind[0])
    if isinstance(kind, int) and isinstance(data, np.ndarray) and len(data) == 1:
        data = float(data[0])
    return Vector(kind, data)


def value_at(vector: Vector, scenario: int) -> CellValue:
    """The cell's value in one scenario, as Python has it."""
    kind = vector.kind if isinstance(vector.kind, int) else int(vector.kind[scenario])
    data = vector.data if isinstance(vector.data, float) else float(vector.data[scenario])
    return to_python(kind, data)


def to_python(kind: int, data: float) -> CellValue:
    """One kind and its data as a cell value. A number that isn't finite reads as #NUM!, as Excel has no such number."""
    if kind == NUMBER:
        return data if math.isfinite(data) else ERRORS[int(NUM)]
    if kind == TEXT:
        return STRINGS.text(data)
    if kind == LOGICAL:
        return data != 0
    return None if kind == BLANK else ERRORS[int(data)]


def values(vector: Vector, size: int) -> Iterator[CellValue]:
    """The value of every scenario."""
    if vector.uniform:
        one = value_at(vector, 0)
        for _ in range(size):
            yield one
        return
    for kind, data in zip(vector.kinds(size).tolist(), vector.floats(size).tolist(), strict=True):
        yield to_python(kind, data)
