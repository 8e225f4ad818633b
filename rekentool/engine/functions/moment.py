"""The date or time that a text says, as far as every Excel with English settings agrees on it.

``1/8/2026`` is 8 January on one machine and 1 August on another: such a text is refused by name rather than guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rekentool.engine.functions.calendar import LAST, month_length, serial_of
from rekentool.engine.functions.registry import Unsupported

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)
DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")

_NAME = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS)
_TIME = re.compile(
    r"(?P<hour>\d{1,4}):(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}(?:\.\d{1,9})?))?(?:\s*(?P<half>[AP])M?)?", re.I
)
_DATES = (
    re.compile(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"),
    re.compile(rf"(?P<day>\d{{1,2}})[- /](?P<name>{_NAME})[- /,]\s*(?P<year>\d{{4}})", re.I),
    re.compile(rf"(?P<name>{_NAME})\s+(?P<day>\d{{1,2}})\s*,\s*(?P<year>\d{{4}})", re.I),
)
#: Texts that some Excel takes for a date, a time, a fraction or an amount, and another for something else.
_UNCERTAIN = re.compile(
    r"""\d{1,4}\s*[-/.]\s*\d{1,2}(\s*[-/.]\s*\d{1,4})?(\s+\d{1,2}:.*)? | \d+\s+\d+/\d+
    | (\d{1,4}[-\s/.]*)?(jan|feb|maa|mar|mrt|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*\.?
      ([-\s/.,]*\d{1,4}){0,2}
    | [-+(]?\s*[$€£]\s*[-+]?[\d.,]+\)? | [-+]?[\d.,]+\s*[$€£]""",
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=65536)
def moment_of_text(text: str) -> float | None:
    """The serial of a date, a time or both; None where the text is none. Unsupported where Excel's settings decide."""
    body = text.strip()
    if not any(character.isdigit() for character in body):
        return None
    for form in _DATES:
        match = form.match(body)
        if match is not None:
            rest = body[match.end() :].strip()
            day = _day(match)
            time = _time(rest) if rest else 0.0
            if day is not None and time is not None:
                return day + time
    alone = _time(body)
    if alone is None and _UNCERTAIN.fullmatch(body):
        raise Unsupported(f"de tekst {text!r} is in Excel naar de landinstelling een datum, tijd, breuk of bedrag")
    return alone


def _day(match: re.Match[str]) -> float | None:
    parts = match.groupdict()
    year, day = int(parts["year"]), int(parts["day"])
    month = int(parts["month"]) if "month" in parts else _month(parts["name"])
    if not 1900 <= year <= 9999 or not 1 <= month <= 12 or not 1 <= day <= int(month_length(year, month)):
        return None
    serial = int(serial_of(year, month, day))
    return float(serial) if serial <= LAST else None


def _month(name: str) -> int:
    return next(number for number, full in enumerate(MONTHS, 1) if full[:3].lower() == name[:3].lower())


def _time(text: str) -> float | None:
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), float(match["second"] or 0)
    if minute > 59 or second >= 60 or hour > 9999:
        return None
    if match["half"]:
        if not 0 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match["half"].upper() == "P" else 0)
    return (hour * 3600 + minute * 60 + second) / 86_400
