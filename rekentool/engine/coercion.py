"""Excel's conversions between kinds: what a text, logical or blank counts for as a number, and the reverse.

Source: Microsoft, "Using calculation operators in Excel formulas", on how Excel converts values in formulas,
https://support.microsoft.com/office/using-calculation-operators-in-excel-formulas-78be92ad-563c-4d62-b081-ae6da5c2ca69
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import numpy as np

from rekentool.engine.vector import (
    BLANK,
    ERROR,
    LOGICAL,
    NUMBER,
    STRINGS,
    TEXT,
    VALUE,
    Floats,
    Kinds,
    Vector,
    simplify,
)

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")


@lru_cache(maxsize=65536)
def number_of_text(text: str) -> float | None:
    """The number that Excel (English settings, as in files) sees in a text; None for #VALUE!.

    Plain, grouped (``1,234.5``), percent and scientific numbers, and ISO dates (``2026-08-01``) as serials.
    """
    body = text.strip()
    factor = 1.0
    if body.startswith("(") and body.endswith(")") and len(body) > 2 and body[1] not in "+-":
        body, factor = body[1:-1], -1.0
    if body.endswith("%"):
        body, factor = body[:-1].strip(), factor / 100
    if _NUMBER.fullmatch(body) or _GROUPED.fullmatch(body):
        value = float(body.replace(",", "")) * factor
        return value if math.isfinite(value) else None
    if factor == 1.0:
        return _date_of_text(body)
    return None


def _date_of_text(text: str) -> float | None:
    from datetime import date

    match = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text)
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    serial = (day - date(1899, 12, 30)).days
    return float(serial) if serial > 60 else float(serial - 1) if serial > 0 else None


@lru_cache(maxsize=65536)
def text_of_number(value: float) -> str:
    """A number as text, as ``&`` and the General format show it: at most 15 significant digits."""
    if value == 0:
        return "0"
    shown = f"{value:.15g}"
    if "e" not in shown:
        return shown
    mantissa, exponent = shown.split("e")
    power = int(exponent)
    if -10 < power < 0:  # Excel writes small numbers out down to 1E-09
        digits = mantissa.replace(".", "").replace("-", "")
        return ("-" if value < 0 else "") + "0." + "0" * (-power - 1) + digits
    if 0 < power < 21:
        return str(int(float(shown))) if abs(value) < 1e15 else _plain(mantissa, power)
    return f"{mantissa}E{'+' if power > 0 else '-'}{abs(power):02d}"


def _plain(mantissa: str, power: int) -> str:
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    return sign + whole + fraction.ljust(power, "0")


def to_numbers(vector: Vector) -> Vector:
    """Where a number is wanted: blank 0, TRUE 1, a text the number in it or #VALUE!; errors stay. NUMBER or ERROR."""
    kind, data = vector
    if isinstance(kind, int):
        if kind in (NUMBER, ERROR):
            return vector
        if kind in (LOGICAL, BLANK):
            return Vector(NUMBER, data)
        if isinstance(data, float):
            found = number_of_text(STRINGS.text(data))
            return Vector(ERROR, VALUE) if found is None else Vector(NUMBER, found)
        kind = np.full(len(data), TEXT, np.uint8)
    size = len(kind)
    kinds = np.where(kind == ERROR, ERROR, NUMBER).astype(np.uint8)
    floats = vector.floats(size)
    texts = kind == TEXT
    if texts.any():
        floats = floats.copy()
        _numbers_of_texts(texts, kinds, floats)
    return simplify(kinds, floats)


def _numbers_of_texts(texts: np.ndarray, kinds: Kinds, floats: Floats) -> None:
    unique, back = np.unique(floats[texts], return_inverse=True)
    found = [number_of_text(STRINGS.text(index)) for index in unique]
    floats[texts] = np.array([VALUE if value is None else value for value in found])[back]
    kinds[texts] = np.array([ERROR if value is None else NUMBER for value in found], np.uint8)[back]


def to_texts(vector: Vector) -> Vector:
    """Where a text is wanted: a number as General shows it, TRUE/FALSE, blank ""; errors stay. TEXT or ERROR."""
    kind, data = vector
    if isinstance(kind, int) and kind in (TEXT, ERROR):
        return vector
    if isinstance(kind, int) and isinstance(data, float):
        return Vector(TEXT, STRINGS.index(_text_of(kind, data)))
    size = vector.size()
    kinds, floats = vector.kinds(size), vector.floats(size)
    result = floats.copy()
    for one in (NUMBER, LOGICAL, BLANK):
        mask = kinds == one
        if mask.any():
            unique, back = np.unique(floats[mask], return_inverse=True)
            result[mask] = np.array([STRINGS.index(_text_of(one, value)) for value in unique.tolist()])[back]
    return simplify(np.where(kinds == ERROR, ERROR, TEXT).astype(np.uint8), result)


def _text_of(kind: int, data: float) -> str:
    if kind == BLANK:
        return ""
    if kind == LOGICAL:
        return "TRUE" if data else "FALSE"
    return STRINGS.text(data) if kind == TEXT else text_of_number(data)


def to_logicals(vector: Vector) -> Vector:
    """Where a condition is wanted: a number is TRUE unless 0, blank FALSE, the texts TRUE and FALSE count, other texts
    are #VALUE!; errors stay. LOGICAL or ERROR, with data 0 or 1."""
    kind, data = vector
    if isinstance(kind, int) and kind in (NUMBER, LOGICAL, BLANK):
        return Vector(LOGICAL, float(data != 0) if isinstance(data, float) else (data != 0).astype(np.float64))
    if isinstance(kind, int) and kind == ERROR:
        return vector
    size = vector.size()
    kinds, floats = vector.kinds(size), vector.floats(size).copy()
    result = np.where(kinds == ERROR, ERROR, LOGICAL).astype(np.uint8)
    texts = kinds == TEXT
    plain = ~texts & (kinds != ERROR)
    floats[plain] = floats[plain] != 0
    if texts.any():
        unique, back = np.unique(floats[texts], return_inverse=True)
        words = [{"TRUE": 1.0, "FALSE": 0.0}.get(STRINGS.text(index).upper()) for index in unique]
        floats[texts] = np.array([VALUE if word is None else word for word in words])[back]
        result[texts] = np.array([ERROR if word is None else LOGICAL for word in words], np.uint8)[back]
    return simplify(result, floats)
