"""Numbers as text and text as numbers, as Excel has them in calculations (for the corrections on `formulas`)."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import schedula

_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(%?)\s*")
_NUMBER_CODE = re.compile(r"(?P<group>#,##)?(?P<whole>0+)(?:\.(?P<decimals>0+))?(?P<percent>%?)")
_DATE_CODE = re.compile(r"(?:yyyy|mm|dd|m|d)(?:[-/ .](?:yyyy|mm|dd|m|d))*", re.IGNORECASE)


def number_in(text: str) -> float | None:
    """The number that a text reads as, with a decimal point, an exponent or a percent sign; else None.

    Dates and thousands marks in text depend on the user's country, so they aren't numbers here.
    """
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return float(match[1]) / 100 if match[2] else float(match[1])


def display(value: Any) -> str:
    """A value as text in a formula, as ``&`` makes it: numbers in 15 digits, TRUE and FALSE in capitals."""
    if value is schedula.EMPTY:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    number = float(value)
    decimal = Decimal(f"{number:.15g}")
    if number == 0:
        return "0"
    if 1e-9 <= abs(number) < 1e21:
        text = f"{decimal:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa, _, exponent = f"{number:.14E}".partition("E")
    return f"{mantissa.rstrip('0').rstrip('.')}E{int(exponent):+03d}"


def formatted(number: float, code: str) -> str | None:
    """TEXT with a code of digits (``0``, ``000``, ``0.00``, ``#,##0``, ``0%``) or of a date; None for another code."""
    match = _NUMBER_CODE.fullmatch(code)
    if match is not None:
        places = len(match["decimals"] or "")
        value = Decimal(f"{number:.15g}") * (100 if match["percent"] else 1)
        rounded = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        whole, _, decimals = f"{abs(rounded):f}".partition(".")
        whole = whole.zfill(len(match["whole"]))
        if match["group"]:
            whole = f"{int(whole):,}"
        sign = "-" if rounded < 0 else ""
        return f"{sign}{whole}{'.' if decimals else ''}{decimals}{match['percent']}"
    if _DATE_CODE.fullmatch(code) and 61 <= number < 2958466:
        day = date(1899, 12, 30) + timedelta(days=int(number))
        parts = {"yyyy": f"{day.year:04d}", "mm": f"{day.month:02d}", "m": str(day.month), "dd": f"{day.day:02d}",
                 "d": str(day.day)}
        return re.sub(r"[a-z]+", lambda part: parts[part[0]], code.lower())
    return None
