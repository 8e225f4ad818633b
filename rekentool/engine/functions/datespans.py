"""Functions of the time between dates and of dates out of texts: day counts, years, working days."""

from __future__ import annotations

from collections.abc import Callable

from rekentool.engine.coercion import number_of_text
from rekentool.engine.functions.calendar import LAST, civil_of, is_leap, month_length, serial_of
from rekentool.engine.functions.moment import moment_of_text
from rekentool.engine.functions.registry import Fault, Range, Unsupported, scalar
from rekentool.engine.vector import NUM, VALUE
from rekentool.xlsx.cell import CellValue, ExcelError

Date = tuple[int, int, int]

#: Days off by the number of a weekend, 0 for Monday.
_WEEKENDS = {
    **{code: {(code + 4) % 7, (code + 5) % 7} for code in range(1, 8)},
    **{code: {(code - 5) % 7} for code in range(11, 18)},
}


def _date(serial: float) -> int:
    if not 0 <= serial < LAST + 1:
        raise Fault(NUM)
    return int(serial)


def _civil(serial: int) -> Date:
    year, month, day = civil_of(serial)
    return int(year), int(month), int(day)


@scalar("DATEVALUE", "datevalue-function-df8b07d4-7761-4a93-bc33-b7471bbff252")
def datevalue(text: CellValue) -> CellValue:
    """The serial of the date in a text; a time in it falls off."""
    moment = _moment(text)
    return moment if isinstance(moment, ExcelError) else float(int(moment))


@scalar("TIMEVALUE", "timevalue-function-0b615c12-33d8-4431-bf3d-f3eb6d186645")
def timevalue(text: CellValue) -> CellValue:
    """The fraction of the day of the time in a text; a date in it falls off."""
    moment = _moment(text)
    return moment if isinstance(moment, ExcelError) else moment % 1


def _moment(text: CellValue) -> float | ExcelError:
    if isinstance(text, ExcelError):
        return text
    moment = moment_of_text(text) if isinstance(text, str) else None
    if moment is None:
        raise Fault(VALUE)
    return moment


@scalar("DAYS360", "days360-function-b9a509fd-49ef-407e-94df-0cbda5718c2a")
def days360(start: float, end: float, european: bool = False) -> float:
    """The days between two dates in a year of twelve months of 30 days, as in the US or in Europe."""
    (year1, month1, day1), (year2, month2, day2) = _civil(_date(start)), _civil(_date(end))
    if european:
        day1, day2 = min(day1, 30), min(day2, 30)
    else:
        if day1 == month_length(year1, month1) and (day1 == 31 or month1 == 2):
            day1 = 30
        if day2 == 31:
            day2 = 31 if day1 < 30 else 30
    return float((year2 - year1) * 360 + (month2 - month1) * 30 + day2 - day1)


@scalar("YEARFRAC", "yearfrac-function-3844141e-c76d-4143-82b6-208454ddc6a8")
def yearfrac(start: float, end: float, basis: float = 0.0) -> float:
    """The part of a year between two dates; basis 0: 30/360 (US), 1: actual, 2: actual/360, 3: actual/365, 4: 30/360.

    The rules of basis 0 and 1 are D. Wheeler's, who derived them from Excel, https://dwheeler.com/yearfrac/.
    """
    first, last = sorted((_date(start), _date(end)))
    kind = int(basis)
    if not 0 <= basis < 5:
        raise Fault(NUM)
    if kind == 2:
        return (last - first) / 360
    if kind == 3:
        return (last - first) / 365
    if kind == 1:
        return (last - first) / _year_length(first, last)
    return _thirties(_civil(first), _civil(last), kind == 4) / 360


def _thirties(first: Date, last: Date, european: bool) -> int:
    (year1, month1, day1), (year2, month2, day2) = first, last
    end1 = month1 == 2 and day1 == month_length(year1, month1)
    end2 = month2 == 2 and day2 == month_length(year2, month2)
    if european:
        day1, day2 = min(day1, 30), min(day2, 30)
    elif day1 >= 30:
        day1, day2 = 30, min(day2, 30)
    elif end1:
        day1, day2 = 30, 30 if end2 else day2
    return (year2 - year1) * 360 + (month2 - month1) * 30 + day2 - day1


def _year_length(first: int, last: int) -> float:
    (year1, month1, day1), (year2, month2, day2) = _civil(first), _civil(last)
    if year1 == year2 or (year1 + 1 == year2 and (month1, day1) >= (month2, day2)):
        if year1 == year2:
            return 366 if is_leap(year1) else 365
        leap_day1 = is_leap(year1) and first < serial_of(year1, 3, 1)
        leap_day2 = is_leap(year2) and (month2, day2) >= (2, 29)
        return 366 if leap_day1 or leap_day2 else 365
    return int(serial_of(year2 + 1, 1, 1) - serial_of(year1, 1, 1)) / (year2 - year1 + 1)


@scalar("DATEDIF", "datedif-function-25dba1a4-2812-480b-84dd-8b32a451b35c")
def datedif(start: float, end: float, unit: str) -> float:
    """The whole years (Y), months (M) or days (D) between dates, or what is left after years (YM, YD) or months."""
    first, last = _date(start), _date(end)
    kind = unit.upper()
    if first > last or kind not in ("Y", "M", "D", "YM", "YD", "MD"):
        raise Fault(NUM)
    (year1, month1, day1), (year2, month2, day2) = _civil(first), _civil(last)
    months = (year2 - year1) * 12 + month2 - month1 - (day2 < day1)
    if kind == "D":
        return float(last - first)
    if kind in ("Y", "M", "YM"):
        return float({"Y": months // 12, "M": months, "YM": months % 12}[kind])
    if kind == "MD":
        before = (year2, month2 - 1) if month2 > 1 else (year2 - 1, 12)
        return float(day2 - day1 + (int(month_length(*before)) if day2 < day1 else 0))
    later = (month2, day2) < (month1, day1)
    by_start = int(serial_of(year1 + later, month2, day2)) - first
    by_end = last - int(serial_of(year2 - later, month1, day1))
    if by_start != by_end:
        raise Unsupported("DATEDIF met YD over een 29 februari; Excels uitkomst is daar niet vastgelegd")
    return float(by_start)


@scalar("NETWORKDAYS", "networkdays-function-48e717bf-a7a3-495f-969e-5005e3eb18e7")
def networkdays(start: float, end: float, holidays: Range | None = None) -> float:
    """The working days from one date to another, both counted, without weekends and holidays."""
    return _network(start, end, _WEEKENDS[1], holidays)


@scalar("NETWORKDAYS.INTL", "networkdays-intl-function-a9b26239-4f20-46a1-9ab8-4e925bfd5e28")
def networkdays_intl(start: float, end: float, weekend: CellValue = None, holidays: Range | None = None) -> float:
    """NETWORKDAYS with a weekend of choice: a number, or seven times 0 (work) or 1 from Monday on."""
    return _network(start, end, _weekend(weekend), holidays)


@scalar("WORKDAY", "workday-function-f764a5b7-05fc-4494-9486-60d494efbf33")
def workday(start: float, count: float, holidays: Range | None = None) -> float:
    """The date a number of working days after or before another."""
    return _workday(start, count, _WEEKENDS[1], holidays)


@scalar("WORKDAY.INTL", "workday-intl-function-a378391c-9ba7-4678-8a39-39611a9bf81d")
def workday_intl(start: float, count: float, weekend: CellValue = None, holidays: Range | None = None) -> float:
    """WORKDAY with a weekend of choice, as for NETWORKDAYS.INTL."""
    chosen = _weekend(weekend)
    if len(chosen) == 7:
        raise Fault(VALUE)
    return _workday(start, count, chosen, holidays)


def _weekend(value: CellValue) -> set[int]:
    """The days off, 0 for Monday."""
    if isinstance(value, ExcelError):
        raise Fault.of(value)
    if value is None:
        return _WEEKENDS[1]
    if isinstance(value, str):
        if len(value) != 7 or set(value) - {"0", "1"}:
            raise Fault(VALUE)
        return {day for day, mark in enumerate(value) if mark == "1"}
    if int(value) not in _WEEKENDS:
        raise Fault(NUM)
    return _WEEKENDS[int(value)]


def _days_off(holidays: Range | None) -> set[int]:
    days = set()
    for row in holidays or []:
        for value in row:
            if isinstance(value, ExcelError):
                raise Fault.of(value)
            if value is None:
                continue
            number = number_of_text(value) if isinstance(value, str) else float(value)
            if number is None or isinstance(value, bool):
                raise Fault(VALUE)
            days.add(_date(number))
    return days


def _working(weekend: set[int], holidays: Range | None) -> Callable[[int], bool]:
    off = _days_off(holidays)
    return lambda day: (day + 5) % 7 not in weekend and day not in off


def _network(start: float, end: float, weekend: set[int], holidays: Range | None) -> float:
    first, last = _date(start), _date(end)
    low, high = min(first, last), max(first, last)
    weeks, rest = divmod(high - low + 1, 7)
    count = weeks * (7 - len(weekend)) + sum((day + 5) % 7 not in weekend for day in range(high - rest + 1, high + 1))
    count -= sum(low <= day <= high and (day + 5) % 7 not in weekend for day in _days_off(holidays))
    return float(count if first <= last else -count)


def _workday(start: float, count: float, weekend: set[int], holidays: Range | None) -> float:
    day, steps = _date(start), int(count)
    working = _working(weekend, holidays)
    step = 1 if steps > 0 else -1
    while steps:
        day += step
        if not 0 <= day <= LAST:
            raise Fault(NUM)
        steps -= step * working(day)
    return float(day)
