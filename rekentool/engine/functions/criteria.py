"""Criteria of COUNTIF, SUMIF and their kin, as Excel reads them.

A criterion is a sign and an operand. The operand is compared with cells of its own kind; for = and <> a text that reads
as the number counts too, and ``<>`` is met by everything else. Source: Microsoft, "COUNTIF function" (operators,
wildcards, no difference between upper and lower case).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from rekentool.engine.coercion import number_of_text
from rekentool.engine.distinct import distinct, fold, folded, folded_one
from rekentool.engine.functions.moment import moment_of_text
from rekentool.engine.functions.wildcard import has_wildcards, wildcard
from rekentool.engine.vector import (
    BLANK,
    ERROR,
    ERRORS,
    LOGICAL,
    NUMBER,
    STRINGS,
    TEXT,
    Bools,
    Floats,
    Vector,
    logical,
    number,
    text,
)

_PREFIX = re.compile(r"(>=|<=|<>|>|<|=)?(.*)", re.DOTALL)
_TESTS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq, "<>": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}
_ERROR_CODES = {error.code: float(index) for index, error in enumerate(ERRORS)}
#: What no cell has: the operand of a sign without an operand.
_NOTHING = Vector(BLANK, 0.0)
_EMPTY_TEXT = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """A sign (empty for none, which is = but for blanks) and a uniform operand."""

    sign: str
    operand: Vector

    @property
    def negative(self) -> bool:
        """Whether it asks for what differs."""
        return self.sign == "<>"


@lru_cache(maxsize=65536)
def criterion(kind: int, data: float) -> Criterion:
    """The criterion that a value is: a number, logical, blank (for 0), error, or a text such as ``">=5"``."""
    if kind == BLANK:
        return Criterion("=", number(0))
    if kind != TEXT:
        return Criterion("=", Vector(kind, data))
    match = _PREFIX.fullmatch(STRINGS.text(data))
    sign, rest = (match[1] or "", match[2]) if match is not None else ("", STRINGS.text(data))
    if rest == _EMPTY_TEXT:
        return Criterion(sign, _NOTHING)
    value = number_of_text(rest)
    if value is None:
        value = moment_of_text(rest)
    if value is not None:
        return Criterion(sign or "=", number(value))
    if rest.upper() in ("TRUE", "FALSE"):
        return Criterion(sign or "=", logical(rest.upper() == "TRUE"))
    if rest.upper() in _ERROR_CODES:
        return Criterion(sign or "=", Vector(ERROR, _ERROR_CODES[rest.upper()]))
    return Criterion(sign or "=", text(rest))


def meets(cell: Vector, wanted: Criterion) -> bool | Bools:
    """Whether a cell meets the criterion: one answer, or one per scenario."""
    kind, data = cell
    if isinstance(kind, int):
        answer: bool | Bools = _meets_kind(kind, data, wanted)
        return answer
    result = np.zeros(len(kind), np.bool_)
    for one in np.unique(kind).tolist():
        where = kind == one
        result[where] = _meets_kind(one, data if isinstance(data, float) else data[where], wanted)
    return result


def _meets_kind(kind: int, data: float | Floats, wanted: Criterion) -> Any:
    own, operand = wanted.operand
    sign = wanted.sign
    if own == BLANK:
        return _meets_blank(kind, data, sign)
    if kind == own and kind in (NUMBER, LOGICAL, ERROR):
        return _TESTS[sign](data, operand)
    assert isinstance(operand, float)
    if kind == TEXT and own == TEXT:
        return _meets_text(data, operand, sign)
    if kind == TEXT and own == NUMBER and sign in ("=", "<>"):
        return _of_texts(data, lambda one: number_of_text(one) == operand) ^ wanted.negative
    return wanted.negative


def _meets_blank(kind: int, data: float | Floats, sign: str) -> Any:
    """``""`` finds blank cells and empty text, ``"="`` blank cells only, ``"<>"`` the others; ``">"`` finds nothing."""
    if sign == "" and kind == TEXT:
        return data == STRINGS.index(_EMPTY_TEXT)
    return kind == BLANK if sign in ("", "=") else kind != BLANK if sign == "<>" else False


def _meets_text(data: float | Floats, operand: float, sign: str) -> Any:
    wanted = STRINGS.text(operand)
    if sign in ("=", "<>"):
        if has_wildcards(wanted):
            pattern = wildcard(wanted)
            return _of_texts(data, lambda one: pattern.fullmatch(one) is not None) ^ (sign == "<>")
        cells = folded_one(data) if isinstance(data, float) else folded(data)
        return _TESTS[sign](cells, folded_one(operand))
    low = fold(wanted)
    return _of_texts(data, lambda one: bool(_TESTS[sign](fold(one), low)))


def _of_texts(data: float | Floats, test: Callable[[str], bool]) -> Any:
    if isinstance(data, float):
        return test(STRINGS.text(data))
    values, codes = distinct(data)
    return np.array([test(STRINGS.text(value)) for value in values.tolist()])[codes]


def meets_varying(cell: Vector, wanted: Vector, size: int) -> Bools:
    """`meets` for a criterion that differs by scenario."""
    kinds, data = wanted.kinds(size), wanted.floats(size)
    result = np.zeros(size, np.bool_)
    for group, sign, operands in _groups(kinds, data):
        part = _at(cell, group)
        if sign is None:
            result[group] = meets(part, operands)
        else:
            result[group] = _meets_numbers(part, sign, operands)
    return result


def _at(cell: Vector, where: Any) -> Vector:
    return Vector(
        cell.kind if isinstance(cell.kind, int) else cell.kind[where],
        cell.data if isinstance(cell.data, float) else cell.data[where],
    )


def _meets_numbers(cell: Vector, sign: str, operands: Floats) -> Any:
    """A cell against a number per scenario."""
    kinds: Any = cell.kind
    numbers = kinds == NUMBER
    result = np.where(numbers, _TESTS[sign](cell.data, operands), sign == "<>")
    texts = kinds == TEXT
    if sign in ("=", "<>") and np.any(texts):
        values, codes = distinct(np.broadcast_to(np.where(texts, cell.data, 0.0), operands.shape).astype(np.float64))
        found = [number_of_text(STRINGS.text(value)) for value in values.tolist()]
        same = np.array([np.nan if one is None else one for one in found])[codes] == operands
        result = np.where(texts, same ^ (sign == "<>"), result)
    return result


def _groups(kinds: Any, data: Floats) -> list[tuple[Any, str | None, Any]]:
    """The scenarios by criterion: those of numbers together by sign, with their operands; the others one by one."""
    groups: list[tuple[Any, str | None, Any]] = []
    numeric = np.flatnonzero((kinds == NUMBER) | (kinds == BLANK))
    if len(numeric):
        groups.append((numeric, "=", data[numeric]))
    by_sign: dict[str, tuple[list[Any], list[float]]] = {}
    for kind in (TEXT, LOGICAL, ERROR):
        where = np.flatnonzero(kinds == kind)
        if not len(where):
            continue
        values, codes = distinct(data[where])
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(values)))
        for value, own in zip(values.tolist(), np.split(order, ends[:-1]), strict=True):
            wanted = criterion(kind, value)
            if wanted.operand.kind == NUMBER and isinstance(wanted.operand.data, float):
                places, operands = by_sign.setdefault(wanted.sign, ([], []))
                places.append(where[own])
                operands.extend([wanted.operand.data] * len(own))
            else:
                groups.append((where[own], None, wanted))
    groups.extend((np.concatenate(places), sign, np.array(operands)) for sign, (places, operands) in by_sign.items())
    return groups
