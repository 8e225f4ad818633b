"""Typed values of fields, from the text of a CSV and from cells, and back.

Numbers are read as people in the Netherlands and programs write them: ``1.234,56``, ``1234,56``, ``1234.56``,
``1 234,56``, ``€ 1.234,56``, ``€ 12,-`` (amounts), ``12,5%`` (percentages), with a plus, a hyphen or a real minus sign.
Refused, with what to write instead:

- one separator followed by exactly three digits (``1.234``, ``1,234``): thousands or decimals? (``0,125`` is clear);
- a percentage above 1 without a percent sign (``12,5``), whatever its maximum: ``12,5%`` or ``0,125`` is meant;
- scientific notation (``1,2E+05``): a spreadsheet that shows it has dropped digits;
- dates other than ``2026-08-01``, ``1-8-2026`` and ``01-08-2026``: slashes and dots are read differently by country.

A cell is read more strictly than text, because the workbook's formulas read it too: text in a number cell, TRUE in a
Ja/Nee cell or a choice with a stray space is refused, since Excel would compute with something else than was meant.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

from rekentool.mapping.schema import NO, NUMERIC, YES, Field, Kind, Value
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.messages import RekentoolError, refuse
from rekentool.xlsx.cell import CellValue, ExcelError
from rekentool.xlsx.celltext import MAX_TEXT
from rekentool.xlsx.dates import date_serial

#: Room for every float written out in full, with its points.
_MAX_NUMBER_TEXT = 500
#: Above this a double no longer holds every whole number, and reading one could change it.
_MAX_INTEGER = 2**53 - 1

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\t": " "})
_REPEATED = re.compile(" {2,}")
_NUMBER = re.compile(
    r"(?P<sign>[-+−–]?) ?(?P<currency>€|EUR\b|euro\b)? ?(?P<sign2>[-+−–]?) ?"
    r"(?P<body>[0-9.,](?:[0-9., ]*[0-9.,])?(?:,-)?) ?(?P<after>%|€|EUR|euro)?",
    re.IGNORECASE,
)
_GROUPED = {mark: re.compile(rf"[0-9]{{1,3}}(?:[{mark}][0-9]{{3}})+") for mark in "., "}
_SCIENTIFIC = re.compile(r"[-+−–]?[0-9][0-9.,]*[eE][-+]?[0-9]+ ?%?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DUTCH_DATE = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")

_WORDS_YES = frozenset({"ja", "j", "yes", "y", "true", "waar"})
_WORDS_NO = frozenset({"nee", "n", "no", "false", "onwaar"})

#: Excel's day 0 for dates after its 29 February 1900, and that of its other date system.
_EPOCH, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
_FIRST_DATE, _LAST_DATE = date(1900, 1, 1), date(9999, 12, 31)

#: Makes the refusal of the value at hand: ``refuse`` with place and file filled in.
_Refuse = Callable[..., RekentoolError]


def parse_text(field: Field, text: str, place: str = "", file: str = "") -> Value | None:
    """The value that the text of a CSV means for ``field``; None for a blank where a blank is allowed.

    Raises RekentoolError with one finding RK3xx at ``place``.
    """
    no: _Refuse = partial(refuse, place=place, file=file)
    text = text.strip()
    if not text:
        return _blank(field, no)
    if field.kind in NUMERIC:
        return _checked(field, _number_from_text(field, text, no), no)
    if field.kind == "datum":
        return _checked(field, _date_from_text(text, no), no)
    text = _clean(field, text, no)
    if field.kind == "tekst":
        return text
    if field.kind == "ja_nee":
        word = text.casefold()
        if word in _WORDS_YES or word in _WORDS_NO:
            return YES if word in _WORDS_YES else NO
    return _choice(field, " ".join(text.split()), no)


def parse_cell(
    field: Field, cell: CellValue, place: str = "", file: str = "", *, date1904: bool = False
) -> Value | None:
    """The value that a workbook's cell means for ``field``; None for a blank where a blank is allowed.

    ``date1904`` says in which date system the workbook counts. Raises RekentoolError with one finding RK3xx at
    ``place``.
    """
    no: _Refuse = partial(refuse, place=place, file=file)
    if cell is None or cell == "":
        return _blank(field, no)
    if isinstance(cell, ExcelError):
        raise no("RK312", error=cell, expected=_EXPECTED[field.kind])
    if isinstance(cell, bool):
        raise no("RK315", found=cell_text(cell), expected=_EXPECTED[field.kind])
    if isinstance(cell, str):
        return _value_from_text_cell(field, cell, no)
    if not math.isfinite(cell):
        raise no("RK313", found=str(cell))
    if field.kind in NUMERIC:
        if field.kind == "percentage" and field.maximum is not None and _order(field.maximum) <= 1 < abs(cell):
            raise _bare_percentage(Decimal(repr(float(cell))), _plain(cell), no)
        return _checked(field, _as_kind(field, float(cell), no), no)
    if field.kind == "datum":
        return _checked(field, _date_from_serial(float(cell), date1904, no), no)
    if field.kind == "tekst":
        return _plain(cell)
    raise no("RK317", found=_plain(cell), choices=" / ".join(field.choices))


def check_value(field: Field, value: object, place: str = "", file: str = "") -> Value:
    """A Python value as a value of ``field``: its type, bounds and choices.

    Raises RekentoolError with one finding RK3xx at ``place``. Whole floats are fine for a geheel_getal, ints for the
    other numbers; a datetime is no date.
    """
    no: _Refuse = partial(refuse, place=place, file=file)
    if field.kind in NUMERIC and isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise no("RK313", found=excerpt(str(number)))
        return _checked(field, _as_kind(field, number, no), no)
    if field.kind == "datum" and isinstance(value, date) and not isinstance(value, datetime):
        return _checked(field, value, no)
    if field.kind not in NUMERIC and field.kind != "datum" and isinstance(value, str):
        text = _clean(field, value.strip(), no)
        return text if field.kind == "tekst" else _choice(field, text, no)
    raise no("RK318", found=excerpt(repr(value)), expected=_EXPECTED[field.kind])


def to_cell(field: Field, value: Value | None, *, date1904: bool = False) -> CellValue:
    """What to write in the cell of ``field``: dates as serial numbers, text as text whatever its first character.

    ValueError when the value isn't of the field's kind: that is a defect of the caller, not of anybody's input.
    """
    if value is None:
        return None
    if field.kind == "datum" and isinstance(value, date):
        return date_serial(value, date1904)
    if field.kind in NUMERIC and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if field.kind not in NUMERIC and field.kind != "datum" and isinstance(value, str):
        return value
    raise ValueError(f"{value!r} is no value of {field.id} ({field.kind})")


def cell_text(cell: CellValue) -> str:
    """A cell's value as Excel would show it without a number format, for a message."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "WAAR" if cell else "ONWAAR"
    return _plain(cell) if isinstance(cell, float | int) else str(cell)


def format_value(field: Field, value: Value) -> str:
    """A value as a Dutch reader writes it, so that ``parse_text`` reads the same value back.

    ``€ 1.234,56`` · ``12,5 %`` · ``1234,5`` · ``01-08-2026``. Where three decimals could be taken for thousands, a zero
    is added (``1,2340``).
    """
    if isinstance(value, date):
        return f"{value.day:02}-{value.month:02}-{value.year:04}"
    if isinstance(value, str):
        return value
    match field.kind:
        case "percentage":
            return _dutch(Decimal(repr(float(value))).scaleb(2)) + " %"
        case "bedrag":
            sign = "-" if value < 0 else ""
            return f"{sign}€ {_dutch(abs(Decimal(repr(float(value)))), decimals=2, grouped=True)}"
        case _:
            return _dutch(Decimal(repr(value)))


def expected_value(field: Field) -> str:
    """What may stand in the field, in words with an example."""
    return _EXPECTED[field.kind]


def format_bounds(field: Field) -> str:
    """The bounds of a field in words, ``0 % t/m 100 %``, or "" when it has none."""
    low = None if field.minimum is None else format_value(field, field.minimum)
    high = None if field.maximum is None else format_value(field, field.maximum)
    unit = f" {field.unit}" if field.unit and field.kind in ("getal", "geheel_getal") else ""
    if low is not None and high is not None:
        return f"{low} t/m {high}{unit}"
    least, most = ("vanaf", "t/m") if field.kind == "datum" else ("minstens", "hoogstens")
    if low is not None:
        return f"{least} {low}{unit}"
    return f"{most} {high}{unit}" if high is not None else ""


def serial_date(serial: float, date1904: bool = False) -> date:
    """The date of a serial number, in either date system.

    ValueError for a time of day, for the 29 February 1900 that never was (60), and outside what Excel can show.
    """
    if not math.isfinite(serial) or serial != int(serial):
        raise ValueError(f"no whole day: {serial}")
    number = int(serial)
    if not (0 if date1904 else 1) <= number <= date_serial(_LAST_DATE, date1904) or (number == 60 and not date1904):
        raise ValueError(f"no date: {serial}")
    if date1904:
        return _EPOCH_1904 + timedelta(days=number)
    return _EPOCH + timedelta(days=number + (number < 60))


def _blank(field: Field, no: _Refuse) -> Value | None:
    if field.required:
        raise no("RK311", label=field.label)
    return None


def _order(value: float | date) -> float:
    """A number that orders values of one kind."""
    return float(value.toordinal()) if isinstance(value, date) else value


def _checked(field: Field, value: float | date, no: _Refuse) -> float | date:
    """The value, when it is within its field's bounds and a workbook can hold it."""
    if isinstance(value, date) and value < _FIRST_DATE:
        raise no("RK305", found=format_value(field, value))
    low, high = field.minimum, field.maximum
    if (low is not None and _order(value) < _order(low)) or (high is not None and _order(value) > _order(high)):
        raise no("RK310", found=format_value(field, value), label=field.label, bounds=format_bounds(field))
    return value


def _as_kind(field: Field, number: float, no: _Refuse) -> float:
    """The number as its field holds it: an int for a geheel_getal, else a float that is never minus zero."""
    if field.kind != "geheel_getal":
        return number + 0.0
    if abs(number) > _MAX_INTEGER:
        raise no("RK313", found=excerpt(_plain(number)))
    if number != int(number):
        raise no("RK304", found=_plain(number), label=field.label)
    return int(number)


def _number_from_text(field: Field, text: str, no: _Refuse) -> float:
    spaced = _REPEATED.sub(" ", text.translate(_SPACES))
    match = _NUMBER.fullmatch(spaced) if len(spaced) <= _MAX_NUMBER_TEXT else None
    if match is None:
        if len(spaced) <= _MAX_NUMBER_TEXT and _SCIENTIFIC.fullmatch(spaced):
            raise no("RK314", found=excerpt(text))
        raise no("RK301", found=excerpt(text), expected=_EXPECTED[field.kind])
    after = (match["after"] or "").casefold()
    currency = bool(match["currency"]) or after not in ("", "%")
    body = match["body"]
    wrong = (
        (match["sign"] and match["sign2"])
        or (match["currency"] and after)
        or ((currency or body.endswith(",-")) and field.kind != "bedrag")
        or (after == "%" and field.kind != "percentage")
    )
    digits = None if wrong else _decimal_text(body, text, no)
    if digits is None:
        raise no("RK301", found=excerpt(text), expected=_EXPECTED[field.kind])
    number = Decimal(digits)
    if (match["sign"] or match["sign2"]) not in ("", "+"):
        number = -number
    if field.kind == "percentage":
        if after == "%":
            number = number.scaleb(-2)
        elif abs(number) > 1:
            raise _bare_percentage(number, excerpt(text), no)
    value = float(number)
    if not math.isfinite(value):
        raise no("RK313", found=excerpt(text))
    return _as_kind(field, value, no)


def _decimal_text(body: str, text: str, no: _Refuse) -> str | None:
    """The digits of a number with a decimal point and nothing else; None when the separators make no sense."""
    if body.endswith(",-"):
        whole = body[:-2]
        return whole.replace(".", "") if whole.isdigit() or _GROUPED["."].fullmatch(whole) else None
    if " " in body:
        whole, mark, fraction = _split_last(body, body.count(".") + body.count(","))
        return _joined(whole.replace(" ", ""), mark, fraction) if _GROUPED[" "].fullmatch(whole) else None
    dots, commas = body.count("."), body.count(",")
    if dots and commas:
        whole, mark, fraction = _split_last(body, 1)
        other = "." if mark == "," else ","
        return _joined(whole.replace(other, ""), mark, fraction) if _GROUPED[other].fullmatch(whole) else None
    if dots + commas > 1:
        mark = "." if dots else ","
        return body.replace(mark, "") if _GROUPED[mark].fullmatch(body) else None
    whole, mark, fraction = _split_last(body, dots + commas)
    if mark and len(fraction) == 3 and len(whole) <= 3 and whole.strip("0"):
        raise no("RK302", found=excerpt(text), thousands=f"{whole}{fraction}", decimals=f"{whole},{fraction}0")
    return _joined(whole, mark, fraction)


def _split_last(body: str, marks: int) -> tuple[str, str, str]:
    """Whole part, separator and fraction at the last separator; ("12", "", "") when there is none."""
    if not marks:
        return body, "", ""
    at = max(body.rfind("."), body.rfind(","))
    return body[:at], body[at], body[at + 1 :]


def _joined(whole: str, mark: str, fraction: str) -> str | None:
    """Whole part and fraction with a decimal point; None when a part isn't all digits or the fraction is missing."""
    if (whole and not whole.isdigit()) or (mark and not fraction.isdigit()):
        return None
    return f"{whole or '0'}.{fraction}" if mark else whole


def _bare_percentage(number: Decimal, found: str, no: _Refuse) -> RekentoolError:
    return no("RK303", found=found, percent=_dutch(number), fraction=_dutch(number.scaleb(-2)))


def _date_from_text(text: str, no: _Refuse) -> date:
    iso, dutch = _ISO_DATE.fullmatch(text), _DUTCH_DATE.fullmatch(text)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if dutch:
            return date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
    except ValueError:
        raise no("RK305", found=excerpt(text)) from None
    raise no("RK305", found=excerpt(text))


def _date_from_serial(serial: float, date1904: bool, no: _Refuse) -> date:
    try:
        return serial_date(serial, date1904)
    except ValueError:
        raise no("RK305", found=_plain(serial)) from None


def _value_from_text_cell(field: Field, cell: str, no: _Refuse) -> Value | None:
    if field.kind in NUMERIC or field.kind == "datum":
        raise no("RK316", found=excerpt(cell), expected=_EXPECTED[field.kind], hint=_meant(field, cell))
    text = _clean(field, cell, no)
    if field.kind == "tekst":
        return text.strip() or _blank(field, no)
    folded = {choice.casefold(): choice for choice in field.choices}
    # Excel's = ignores case, but not a stray space: what a formula wouldn't recognise isn't recognised here either.
    return folded.get(text.casefold()) or _no_choice(field, text, no)


def _meant(field: Field, text: str) -> str:
    """What a text in a number cell would be as a number or date, to end a remedy with; "" when that isn't known."""
    if not text.strip():
        return " De cel bevat alleen spaties."
    try:
        value = parse_text(field, text)
    except RekentoolError as error:
        doubt = error.findings[0]
        return f" {doubt.remedy}" if doubt.code in ("RK302", "RK303") else ""
    return "" if value is None else f" Bedoeld is waarschijnlijk {format_value(field, value)}."


def _clean(field: Field, text: str, no: _Refuse) -> str:
    """The text, when a workbook can hold it."""
    if len(text.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise no("RK309", length=len(text), limit=MAX_TEXT)
    if not text.isprintable():
        for character in text:
            if unicodedata.category(character) in ("Cc", "Cs") or character in "\ufffe\uffff":
                raise no("RK308", found=excerpt(text), character=f"U+{ord(character):04X}", label=field.label)
    return text


def _choice(field: Field, text: str, no: _Refuse) -> str:
    folded = {choice.casefold(): choice for choice in field.choices}
    return folded.get(text.casefold()) or _no_choice(field, text, no)


def _no_choice(field: Field, text: str, no: _Refuse) -> str:
    raise no("RK306" if field.kind == "ja_nee" else "RK307", found=excerpt(text), choices=" / ".join(field.choices),
             hint=hint(" ".join(text.split()), field.choices))


_EXPECTED: dict[Kind, str] = {
    "getal": "een getal als 1234,5",
    "geheel_getal": "een geheel getal als 12",
    "percentage": "een percentage als 12,5%, of 0,125",
    "bedrag": "een bedrag als 1234,56",
    "datum": "een datum als 1-8-2026 of 2026-08-01",
    "tekst": "tekst",
    "keuze": "een keuze uit de lijst",
    "ja_nee": "Ja of Nee",
}


def _plain(number: float) -> str:
    """A number written out with a decimal comma, without thousands."""
    return _dutch(Decimal(repr(float(number)))) if math.isfinite(number) else str(number)


def _dutch(number: Decimal, decimals: int = 0, grouped: bool = False) -> str:
    """The number in full with a decimal comma: at least ``decimals`` of them, and never to be taken for thousands."""
    sign, text = ("-" if number < 0 else ""), format(abs(number), "f")
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(decimals, "0")
    if len(fraction) == 3 and len(whole) <= 3 and whole.strip("0"):
        fraction += "0"
    if grouped:
        whole = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{whole},{fraction}" if fraction else f"{sign}{whole}"
