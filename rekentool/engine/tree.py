"""What a formula says, as a typed tree; `parse` makes it, `program` computes with it."""

from __future__ import annotations

from dataclasses import dataclass

from rekentool.xlsx.cell import ExcelError


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes, without them."""

    value: str


@dataclass(frozen=True, slots=True)
class Logical:
    """TRUE or FALSE."""

    value: bool


@dataclass(frozen=True, slots=True)
class Error:
    """An error value as written, such as #N/A."""

    value: ExcelError


@dataclass(frozen=True, slots=True)
class Missing:
    """An argument left empty: ``IF(A1,,2)``."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Cells on a sheet, both corners included, counted from 1; sheet None is the formula's own.

    ``absolute`` tells for left, top, right and bottom whether a ``$`` stood there. A whole column has top 1 and bottom
    1 048 576, a whole row left 1 and right 16 384.
    """

    sheet: str | None
    left: int
    top: int
    right: int
    bottom: int
    absolute: tuple[bool, bool, bool, bool] = (False, False, False, False)

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.left == self.right and self.top == self.bottom


@dataclass(frozen=True, slots=True)
class Name:
    """A defined name, with the sheet that stood before it or None."""

    name: str
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Structured:
    """A reference into a table: ``Tabel1[[#Headers],[Kolom]]``; ``table`` is empty inside the table itself."""

    table: str
    specifier: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``-``, ``+`` before, ``%`` or ``#`` (spill) behind, ``@`` before an operand."""

    operator: str
    operand: Tree


@dataclass(frozen=True, slots=True)
class Binary:
    """``+ - * / ^ & = <> < <= > >=``, and on references ``:`` (range), ``,`` (union), ``" "`` (intersection)."""

    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its upper-case name without ``_xlfn.``, ``_xlws.`` or ``_xll.``, with its arguments."""

    name: str
    arguments: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class ArrayConstant:
    """``{1,2;3,4}``: rows of constants."""

    rows: tuple[tuple[Number | Text | Logical | Error, ...], ...]


Tree = (
    Number | Text | Logical | Error | Missing | Reference | Name | Structured | Unary | Binary | Call | ArrayConstant
)
