"""Functions of dates: serial numbers of the 1900 calendar with its day that never was (see `calendar`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from rekentool.engine.functions.calendar import LAST, days_of, serial_of, usual_civil, usual_serial, whole
from rekentool.engine.functions.registry import vectorised
from rekentool.engine.vector import NUM

#: What a vectorised function may give: numbers, the index of an error and where it stands.
Result = tuple[Any, float, Any]


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
