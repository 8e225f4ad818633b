"""Dates as the serial numbers of Excel, in both date systems."""

from __future__ import annotations

from datetime import date, datetime

from rekentool.messages import refuse

_FIRST_AFTER_LEAP_BUG = date(1900, 3, 1)
_SECONDS_A_DAY = 86_400


def date_serial(value: date, date1904: bool = False) -> float:
    """The serial number of a date, or of a datetime with its time as the fraction of the day.

    In the 1900 system 1 is 1 January 1900 and 60 is 29 February 1900, a day that never was; in the 1904 system 0 is
    1 January 1904. RK624 for a day before the system begins and for a time with a time zone, which a cell can't hold.
    """
    day = value.date() if isinstance(value, datetime) else value
    if date1904:
        serial, first = (day - date(1904, 1, 1)).days, 0
    else:
        serial, first = (day - date(1899, 12, 30)).days - (day < _FIRST_AFTER_LEAP_BUG), 1
    if serial < first:
        raise refuse("RK624", waarde=value.isoformat(), begin="1904-01-01" if date1904 else "1900-01-01")
    if not isinstance(value, datetime):
        return float(serial)
    if value.tzinfo is not None:
        raise refuse("RK624", waarde=value.isoformat(), begin="1904-01-01" if date1904 else "1900-01-01")
    seconds = value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1_000_000
    return serial + seconds / _SECONDS_A_DAY
