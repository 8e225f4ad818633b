"""Criteria of COUNTIF, SUMIF and their kin, as Excel reads them (for the corrections on `formulas`).

Source: Microsoft, "COUNTIF function" (operators, wildcards, no difference between upper and lower case).
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import schedula
from formulas.tokens.operand import Error, XlError

from rekentool.engine.formulas_text import number_in

Test = Callable[[Any], bool]

_PREFIX = re.compile(r"(>=|<=|<>|>|<|=)?(.*)", re.DOTALL)
_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}


def criterion(wanted: Any) -> Test:
    """The test that a cell's value must pass; ``wanted`` is a number, boolean, error, blank or text like ``">=5"``."""
    if wanted is schedula.EMPTY:
        return _equal_number("=", 0.0)
    if isinstance(wanted, XlError):
        return lambda value: value is wanted
    if isinstance(wanted, bool):
        return lambda value: value is wanted
    if not isinstance(wanted, str):
        return _equal_number("=", float(wanted))
    match = _PREFIX.fullmatch(wanted)
    sign, rest = (match[1], match[2]) if match is not None else (None, wanted)
    if rest == "":
        return _blank(sign)
    sign = sign or "="
    number = number_in(rest)
    if number is not None:
        return _equal_number(sign, number)
    if rest.upper() in ("TRUE", "FALSE"):
        truth = rest.upper() == "TRUE"
        return lambda value: _TESTS[sign](value, truth) if isinstance(value, bool) else sign == "<>"
    if rest.upper() in Error.errors:
        error = Error.errors[rest.upper()]
        return lambda value: (value is error) is (sign == "=")
    return _text(sign, rest)


def _blank(sign: str | None) -> Test:
    """``""`` finds blank cells and empty text, ``"="`` blank cells only, ``"<>"`` the others; ``">"`` finds nothing."""
    if sign is None:
        return lambda value: value is schedula.EMPTY or (_is_text(value) and value == "")
    if sign == "=":
        return lambda value: value is schedula.EMPTY
    if sign == "<>":
        return lambda value: value is not schedula.EMPTY
    return lambda value: False


def _equal_number(sign: str, number: float) -> Test:
    """For equality text that reads as the number counts too; for greater and smaller only true numbers."""

    def test(value: Any) -> bool:
        if isinstance(value, bool):
            return sign == "<>"
        if isinstance(value, int | float):
            return _TESTS[sign](float(value), number)
        if sign in ("=", "<>"):
            same = _is_text(value) and number_in(value) == number
            return same is (sign == "=")
        return False

    return test


def _text(sign: str, wanted: str) -> Test:
    if sign in ("=", "<>"):
        pattern = re.compile(_wildcards(wanted), re.IGNORECASE | re.DOTALL)
        return lambda value: (_is_text(value) and pattern.fullmatch(value) is not None) is (sign == "=")
    folded = wanted.casefold()
    return lambda value: _is_text(value) and _TESTS[sign](value.casefold(), folded)


def _wildcards(text: str) -> str:
    """``*`` is any text, ``?`` one character, ``~`` before them takes their meaning away."""
    parts = re.findall(r"~[*?~]|.", text, re.DOTALL)
    return "".join({"*": ".*", "?": "."}.get(part, re.escape(part[-1])) for part in parts)


def _is_text(value: Any) -> bool:
    # The library's blank and its errors are strings too.
    return isinstance(value, str) and not isinstance(value, schedula.Token)
