"""Excel's 1900 calendar over arrays: serial 1 is 1 January 1900 and 60 is 29 February 1900, a day that never was.

The arithmetic of days from and to a civil date is Howard Hinnant's, http://howardhinnant.github.io/date_algorithms.html.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

#: 31 December 9999, the last day that Excel has.
LAST = 2_958_465
#: Days from 1 March of year 0, where the arithmetic starts, to 30 December 1899, where serials after 60 count from.
_ERA_OFFSET = 693_899

_FAR = 1e9
#: The serial of 1 January 2200.
_USUAL = 109_575
_MONTH_LENGTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


class Civil(NamedTuple):
    """Year, month and day, each an integer or an integer array."""

    year: Any
    month: Any
    day: Any


def serial_of(year: Any, month: Any, day: Any) -> Any:
    """The serial of a date; month and day may run over either way, as in DATE. Whole numbers or arrays of them."""
    months = year * 12 + (month - 1)
    year, month = months // 12, months % 12
    shifted = (month + 10) % 12  # months counted from March
    years = year - (month < 2)
    era = years // 400
    of_era = years - era * 400
    first = era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + (153 * shifted + 2) // 5
    before = first - _ERA_OFFSET - 1
    # Day 1 of January and February 1900 count one less than the true calendar; days that run over, run over day 60.
    return before - (before < 60) + day


def civil_of(serial: Any) -> Civil:
    """The date of a whole serial from 0 to `LAST`; 0 is 0 January 1900 and 60 is 29 February 1900, as in Excel."""
    true = serial + (serial < 60)
    days = true + _ERA_OFFSET
    era = days // 146_097
    of_era = days - era * 146_097
    years = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = days - era * 146_097 - (365 * years + years // 4 - years // 100)
    shifted = (5 * of_year + 2) // 153
    day = of_year - (153 * shifted + 2) // 5 + 1
    month = (shifted + 2) % 12 + 1
    year = years + era * 400 + (month <= 2)
    odd = (serial == 60) | (serial == 0)
    if np.any(odd):
        never = serial == 60
        year = np.where(odd, 1900, year)
        month = np.where(odd, np.where(never, 2, 1), month)
        day = np.where(odd, np.where(never, 29, 0), day)
    return Civil(year, month, day)


def is_leap(year: Any) -> Any:
    """Whether a year has 29 February, 1900 included as in Excel."""
    return ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))) | (year == 1900)


def month_length(year: Any, month: Any) -> Any:
    """The number of days in a month."""
    return _MONTH_LENGTH[month - 1] + ((month == 2) & is_leap(year))


def whole(value: Any) -> Any:
    """Numbers cut off towards zero: an int64 array, or a Python int for a float; 1e9 for what is beyond that."""
    if isinstance(value, np.ndarray):
        return np.where(np.abs(value) <= _FAR, value, _FAR).astype(np.int64)
    return int(value) if abs(value) <= _FAR else int(_FAR)


def days_of(serial: Any) -> tuple[Any, Any]:
    """The whole days of serials, and a mask of those outside the calendar, whose day is given as 1."""
    bad: Any
    if isinstance(serial, np.ndarray):
        bad = ~((serial >= 0) & (serial < LAST + 1))
        return (np.where(bad, 1.0, serial) if bad.any() else serial).astype(np.int64), bad
    bad = not 0 <= serial < LAST + 1
    return 1 if bad else int(serial), bad


@lru_cache(maxsize=1)
def _tables() -> tuple[Civil, Any]:
    return civil_of(np.arange(_USUAL)), serial_of(1900, np.arange(1, 3600), 0)


def usual_civil(days: Any) -> Civil:
    """`civil_of`, from a table where all days are before 2200: several times as fast."""
    if isinstance(days, np.ndarray) and days.max() < _USUAL:
        table = _tables()[0]
        return Civil(table.year[days], table.month[days], table.day[days])
    return civil_of(days)


def usual_serial(year: Any, month: Any, day: Any) -> Any:
    """`serial_of`, from a table where all months are from 1900 to 2199."""
    months = (year - 1900) * 12 + month - 1
    if isinstance(months, np.ndarray) and months.min() >= 0 and months.max() < 3599:
        return _tables()[1][months] + day
    return serial_of(year, month, day)
