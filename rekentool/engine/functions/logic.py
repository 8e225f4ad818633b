"""Logical functions of values: AND, OR, XOR, NOT, TRUE, FALSE. IF and its kin are special forms of the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rekentool.engine.coercion import to_logicals
from rekentool.engine.functions.registry import raw, single
from rekentool.engine.functions.sample import Faults, width
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NUMBER,
    TEXT,
    VALUE,
    Area,
    Argument,
    Bools,
    Floats,
    Vector,
    error,
    logical,
    simplify,
)


class _Uneven(Exception):
    """The arguments need masks."""


def _plain(arguments: Sequence[Argument]) -> list[bool | Bools]:
    """The truths that count, while every cell has one kind over all scenarios and none is an error; else `_Uneven`."""
    found: list[bool | Bools] = []
    for argument in arguments:
        if argument is None:
            found.append(False)
            continue
        inside = isinstance(argument, Area)
        for cell in argument.cells if isinstance(argument, Area) else (argument,):
            kind, data = cell
            if not isinstance(kind, int) or kind == ERROR or (kind == TEXT and not inside):
                raise _Uneven
            if kind in (NUMBER, LOGICAL):
                found.append(data != 0)
    return found


def _masked(arguments: Sequence[Argument], size: int, combine: Callable[[Bools, Bools], Bools], start: bool) -> Vector:
    columns = width(arguments, size)
    faults = Faults(columns)
    result: Bools = np.full(columns, start)
    counted: Bools = np.zeros(columns, np.bool_)
    for argument in arguments:
        inside = isinstance(argument, Area)
        for cell in argument.cells if isinstance(argument, Area) else (single(argument),):
            kinds, floats = cell.kinds(columns), cell.floats(columns)
            counts = (kinds == NUMBER) | (kinds == LOGICAL)
            if argument is None:
                counts = ~counts
            elif not inside:
                truths = to_logicals(cell)
                counts = (kinds != BLANK) & (truths.kinds(columns) == LOGICAL)
                floats = truths.floats(columns)
                faults.add_errors(truths)
            else:
                faults.add_errors(cell)
            result = np.where(counts, combine(result, floats != 0), result)
            counted = counted | counts
    faults.add(~counted, VALUE)
    kinds = np.where(faults.mask, ERROR, LOGICAL).astype(np.uint8)
    return simplify(kinds, np.where(faults.mask, faults.index, result))


def _combined(
    arguments: Sequence[Argument], size: int, combine: Callable[[Bools, Bools], Bools], start: bool
) -> Vector:
    try:
        found = _plain(arguments)
    except _Uneven:
        return _masked(arguments, size, combine, start)
    if not found:
        return error(VALUE)
    constant = start
    varied: Bools | None = None
    for truth in found:
        if not isinstance(truth, np.ndarray):
            constant = bool(combine(np.bool_(constant), np.bool_(truth)))  # type: ignore[arg-type]
        elif varied is None:
            varied = truth
        else:
            varied = combine(varied, truth)
    if varied is None:
        return logical(constant)
    result: Floats = (varied if constant == start else combine(varied, np.bool_(constant))).astype(np.float64)  # type: ignore[arg-type]
    return Vector(LOGICAL, result)


@raw("AND", "and-function-5f19b2e8-e1df-4408-897a-ce285a19e9d9", 1)
def and_(arguments: Sequence[Argument], size: int) -> Vector:
    """TRUE where all arguments are; texts and blanks in ranges don't count, and #VALUE! where nothing counts."""
    return _combined(arguments, size, np.logical_and, True)


@raw("OR", "or-function-7d17ad14-8700-4281-b308-00b131e22af0", 1)
def or_(arguments: Sequence[Argument], size: int) -> Vector:
    """TRUE where any argument is; texts and blanks in ranges don't count, and #VALUE! where nothing counts."""
    return _combined(arguments, size, np.logical_or, False)


@raw("XOR", "xor-function-1548d4c2-5e47-4f77-9a92-0533bba14f37", 1)
def xor(arguments: Sequence[Argument], size: int) -> Vector:
    """TRUE where an odd number of arguments is; texts and blanks in ranges don't count."""
    return _combined(arguments, size, np.logical_xor, False)


@raw("NOT", "not-function-9cfc6011-a054-40c7-a140-cd4ba2d87d77", 1, 1)
def not_(arguments: Sequence[Argument], size: int) -> Vector:
    """TRUE for FALSE and the reverse."""
    kind, data = to_logicals(single(arguments[0]))
    if isinstance(kind, int):
        return Vector(kind, 1.0 - data) if kind == LOGICAL else Vector(kind, data)
    return simplify(kind, np.where(kind == LOGICAL, 1.0 - data, data))


@raw("TRUE", "true-function-7652c6e3-8987-48d0-97cd-ef223246b3fb", 0, 0)
def true(arguments: Sequence[Argument], size: int) -> Vector:
    """The logical value TRUE."""
    return logical(True)


@raw("FALSE", "false-function-2d58dfa5-9c03-4259-bf8f-f0ae14346904", 0, 0)
def false(arguments: Sequence[Argument], size: int) -> Vector:
    """The logical value FALSE."""
    return logical(False)
