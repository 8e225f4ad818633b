"""Functions of dates: serial numbers of the 1900 calendar with its day that never was (see `calendar`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.functions.calendar import (
    LAST,
    days_of,
    month_length,
    usual_civil,
    usual_serial,
    whole,
)
from rekentool.engine.functions.registry import vectorised
from rekentool.engine.vector import NUM

#: What a vectorised function may give: numbers, the index of an error and where it stands.
Result = tuple[Any, float, Any]

_DAY = 86_400
_MOST_TIME = 32_767


@vectorised("DATE", "date-function-e36c0c8c-4104-49da-ab83-82328b832349")
def date(year: Any, month: Any, day: Any) -> Result:
    """The serial of a date; years below 1900 count from 1900, months and days run over."""
    years, months, days = whole(year), whole(month), whole(day)
    years = years + 1900 * (years < 1900)
    outside = (years < 1900) | (years > 9999)
    serial = usual_serial(years, months, days)
    return serial, NUM, outside | (serial < 0) | (serial > LAST)


@vectorised("YEAR", "year-function-c64f017a-1354-490d-981f-578e8ec8d3b9")
def year(serial: Any) -> Result:
    """The year of a date."""
    days, bad = days_of(serial)
    return usual_civil(days).year, NUM, bad


@vectorised("MONTH", "month-function-579a2881-199b-48b2-ab90-ddba0eba86e8")
def month(serial: Any) -> Result:
    """The month of a date, 1 to 12."""
    days, bad = days_of(serial)
    return usual_civil(days).month, NUM, bad


@vectorised("DAY", "day-function-8a7d1cbb-6c7d-4ba1-8aea-25c134d03101")
def day(serial: Any) -> Result:
    """The day of a date in its month."""
    days, bad = days_of(serial)
    return usual_civil(days).day, NUM, bad


@vectorised("EDATE", "edate-function-3c920eb2-6e66-44e7-a1f5-753ae47ee4f5")
def edate(start: Any, months: Any) -> Result:
    """The same day some months later or earlier, or the last day of that month where it is shorter."""
    days, bad = days_of(start)
    years, month_of, day_of = usual_civil(days)
    serial, outside = _months_on(years, month_of + whole(months), day_of)
    return serial, NUM, bad | outside


@vectorised("EOMONTH", "eomonth-function-7314ffa1-2bc9-4005-9d66-f49db127d628")
def eomonth(start: Any, months: Any) -> Result:
    """The last day of the month some months later or earlier."""
    days, bad = days_of(start)
    years, month_of, _ = usual_civil(days)
    serial, outside = _months_on(years, month_of + whole(months), 31)
    return serial, NUM, bad | outside


def _months_on(years: Any, months: Any, day_of: Any) -> tuple[Any, Any]:
    """The serial of a day in a month that may run over, and whether that is beyond the calendar."""
    count = years * 12 + months - 1
    years, months = count // 12, count % 12 + 1
    outside = (years < 1900) | (years > 9999)
    if np.any(outside):
        years = np.where(outside, 1900, years)
    return usual_serial(years, months, np.minimum(day_of, month_length(years, months))), outside


@vectorised("DAYS", "days-function-57740535-d549-4395-8728-0f07bff0b9df")
def days(end: Any, start: Any) -> Result:
    """The number of days between two dates."""
    last, bad = days_of(end)
    first, worse = days_of(start)
    return last - first, NUM, bad | worse


@vectorised("WEEKDAY", "weekday-function-60e44483-2ed1-439f-8bd0-e404c190949a")
def weekday(serial: Any, kind: Any = 1.0) -> Result:
    """The day of the week as a number; 1 and 17 count from Sunday, 2 and 11 from Monday, 3 likewise but from 0, …"""
    whole_days, bad = days_of(serial)
    kinds = whole(kind)
    first = _first_weekday(kinds)
    known = (first >= 0) | (kinds == 3)
    result = np.where(kinds == 3, (whole_days + 5) % 7, (whole_days + 6 - first) % 7 + 1)
    return result, NUM, bad | ~known


def _first_weekday(kinds: Any) -> Any:
    """The day that a week begins on, 0 for Sunday, by the numbers of WEEKDAY and WEEKNUM; -1 for another number."""
    listed = np.where((kinds >= 11) & (kinds <= 17), (kinds - 10) % 7, -1)
    return np.where(kinds == 1, 0, np.where(kinds == 2, 1, listed))


@vectorised("WEEKNUM", "weeknum-function-e5c43a03-b4ab-426c-b411-b18c13c75340")
def weeknum(serial: Any, kind: Any = 1.0) -> Result:
    """The week of the year: week 1 has 1 January, or with kind 21 the first Thursday (ISO 8601)."""
    whole_days, bad = days_of(serial)
    kinds = whole(kind)
    first = _first_weekday(kinds)
    january = _january(whole_days)
    offset = (january + 6 - first) % 7
    plain = (whole_days - january + offset) // 7 + 1
    return np.where(kinds == 21, _iso_week(whole_days), plain), NUM, bad | ~((first >= 0) | (kinds == 21))


def _january(day_number: Any) -> Any:
    return usual_serial(usual_civil(day_number).year, 1, 1)


def _iso_week(day_number: Any) -> Any:
    thursday = day_number + 3 - (day_number + 5) % 7
    return (thursday - _january(thursday)) // 7 + 1


@vectorised("ISOWEEKNUM", "isoweeknum-function-1c2d0afe-d25b-4ab1-8894-8d0520e90e0e")
def isoweeknum(serial: Any) -> Result:
    """The week of the year by ISO 8601."""
    whole_days, bad = days_of(serial)
    return _iso_week(whole_days), NUM, bad


@vectorised("TIME", "time-function-9a5aff99-8f7d-4611-845e-747d0b8d5457")
def time(hour: Any, minute: Any, second: Any) -> Result:
    """A time of day as a fraction of the day; minutes and seconds run over, whole days fall off."""
    hours, minutes, seconds = whole(hour), whole(minute), whole(second)
    total = hours * 3600 + minutes * 60 + seconds
    most = np.maximum(np.maximum(hours, minutes), seconds)
    return total % _DAY / _DAY, NUM, (total < 0) | (most > _MOST_TIME)


@vectorised("HOUR", "hour-function-a3afa879-86cb-4339-b1b5-2dd2d7310ac7")
def hour(serial: Any) -> Result:
    """The hour of a time, 0 to 23."""
    seconds, bad = _seconds(serial)
    return seconds // 3600, NUM, bad


@vectorised("MINUTE", "minute-function-af728df0-05c4-4b07-9eed-a84801a60589")
def minute(serial: Any) -> Result:
    """The minute of a time, 0 to 59."""
    seconds, bad = _seconds(serial)
    return seconds // 60 % 60, NUM, bad


@vectorised("SECOND", "second-function-740d1cfc-553c-4099-b668-80eaa24e8af1")
def second(serial: Any) -> Result:
    """The second of a time, 0 to 59, rounded."""
    seconds, bad = _seconds(serial)
    return seconds % 60, NUM, bad


def _seconds(serial: Any) -> tuple[Any, Any]:
    """The seconds of the day, rounded."""
    whole_days, bad = days_of(serial)
    rest = np.where(bad, 0.0, serial - whole_days)
    return np.floor(rest * _DAY + 0.5) % _DAY, bad
