"""Numbers from texts and texts from numbers: VALUE, NUMBERVALUE and FIXED (TEXT has its own module, `textformat`)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from rekentool.engine.coercion import number_of_text
from rekentool.engine.functions.moment import moment_of_text
from rekentool.engine.functions.registry import Fault, scalar
from rekentool.engine.vector import VALUE
from rekentool.xlsx.cell import CellValue, ExcelError

_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(E[+-]?\d+)?", re.IGNORECASE)


def rounded(value: float, decimals: int) -> Decimal:
    """A number rounded half away from zero on its 15 significant digits, as Excel shows and rounds it."""
    with localcontext() as context:
        context.prec = 400
        return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@scalar("VALUE", "value-function-257d0108-07dc-437d-ae1c-bc2d3953d8c2")
def value(text: CellValue) -> CellValue:
    """The number, date or time that a text says; a number as it is."""
    if text is None:
        return 0.0
    if isinstance(text, float | ExcelError) and not isinstance(text, bool):
        return text
    if not isinstance(text, str):
        raise Fault(VALUE)
    found = number_of_text(text)
    if found is None:
        found = moment_of_text(text)
    if found is None:
        raise Fault(VALUE)
    return found


@scalar("NUMBERVALUE", "numbervalue-function-1b05c8cf-2bfa-4437-af70-596c7ea7d879")
def numbervalue(text: str, decimal: str = ".", group: str = ",") -> float:
    """The number in a text written with the given decimal and group separators, or with the English ones."""
    if not decimal or not group:
        raise Fault(VALUE)
    body = "".join(text.split())
    if not body:
        return 0.0
    number = body.rstrip("%")
    percents = len(body) - len(number)
    whole, mark, fraction = number.partition(decimal[0])
    if decimal[0] in fraction or group[0] in fraction:
        raise Fault(VALUE)
    plain = whole.replace(group[0], "") + ("." if mark else "") + fraction
    if _PLAIN.fullmatch(plain) is None:
        raise Fault(VALUE)
    return float(plain) / 100.0**percents


@scalar("FIXED", "fixed-function-ffd5723c-324c-45e9-8b96-e41be2a8274a")
def fixed(number: float, decimals: float = 2.0, no_commas: bool = False) -> str:
    """A number as text, rounded, with thousands separators unless they are not wanted."""
    if abs(decimals) > 127:
        raise Fault(VALUE)
    places = int(decimals)
    shown = rounded(number, places)
    return f"{shown:{'' if no_commas else ','}.{max(places, 0)}f}"
