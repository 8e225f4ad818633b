"""Numbers written to another base: DEC2HEX and its like, BASE and DECIMAL, and Roman numerals.

DEC2HEX and its like write ten digits at most. The first of ten is the sign: a negative number stands as what is left of
the largest number of ten digits, plus one (two's complement). Unlike other functions they take no logicals.
"""

from __future__ import annotations

from rekentool.engine.coercion import number_of_text, text_of_number
from rekentool.engine.functions.registry import Fault, Unsupported, scalar
from rekentool.engine.vector import NUM, VALUE
from rekentool.xlsx.cell import CellValue, ExcelError

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Digits that these functions write, and the largest number that BASE takes, plus one.
_WIDTH, _LARGEST = 10, 2**53


def _number(value: CellValue) -> float:
    """An argument as a number; a logical is #VALUE!."""
    if isinstance(value, ExcelError):
        raise Fault.of(value)
    if isinstance(value, bool):
        raise Fault(VALUE)
    if value is None:
        return 0.0
    found = number_of_text(value) if isinstance(value, str) else value
    if found is None:
        raise Fault(VALUE)
    return found


def _read(value: CellValue, base: int) -> int:
    """The number that a text of at most ten digits of a base says; #NUM! for another text."""
    if isinstance(value, ExcelError):
        raise Fault.of(value)
    if isinstance(value, bool):
        raise Fault(VALUE)
    text = text_of_number(value) if isinstance(value, float) else (value or "0").upper()
    digits = _DIGITS[:base]
    if len(text) > _WIDTH or any(character not in digits for character in text):
        raise Fault(NUM)
    found = int(text, base)
    return found - base**_WIDTH if len(text) == _WIDTH and found >= base**_WIDTH // 2 else found


def written(value: int, base: int) -> str:
    """A number of 0 or more in the digits of a base."""
    text = ""
    while value or not text:
        value, digit = divmod(value, base)
        text = _DIGITS[digit] + text
    return text


def _width(places: CellValue) -> int | None:
    """The digits wanted; None where it isn't said, #NUM! unless it is 1 to 10."""
    if places is None:
        return None
    wanted = int(_number(places))
    if not 0 < wanted <= _WIDTH:
        raise Fault(NUM)
    return wanted


def _write(value: int, base: int, wanted: int | None) -> str:
    """A number in at most ten digits of a base, filled up with zeros as wanted; #NUM! where it doesn't fit."""
    half = base**_WIDTH // 2
    if not -half <= value < half:
        raise Fault(NUM)
    if value < 0:
        return written(value + base**_WIDTH, base)
    text = written(value, base)
    if wanted is not None and len(text) > wanted:
        raise Fault(NUM)
    return text.rjust(wanted or 0, "0")


def _converted(value: CellValue, places: CellValue, base: int) -> str:
    """A whole number in a base; an impossible number of digits comes before a number that isn't one."""
    if isinstance(value, ExcelError):
        raise Fault.of(value)
    wanted = _width(places)
    return _write(int(_number(value)), base, wanted)


@scalar("DEC2BIN", "dec2bin-function-0f63dd0e-5d1a-42d8-b511-5bf5c6d43838")
def dec2bin(value: CellValue, places: CellValue = None) -> str:
    """A whole number in base 2; #NUM! unless it is in -512 to 511."""
    return _converted(value, places, 2)


@scalar("DEC2OCT", "dec2oct-function-c9d835ca-20b7-40c4-8a9e-d3be351ce00f")
def dec2oct(value: CellValue, places: CellValue = None) -> str:
    """A whole number in base 8; #NUM! beyond ten digits."""
    return _converted(value, places, 8)


@scalar("DEC2HEX", "dec2hex-function-6344ee8b-b6b5-4c6a-a672-f64666704619")
def dec2hex(value: CellValue, places: CellValue = None) -> str:
    """A whole number in base 16; #NUM! beyond ten digits."""
    return _converted(value, places, 16)


@scalar("BIN2DEC", "bin2dec-function-63905b57-b3a0-453d-99f4-647bb519cd6c")
def bin2dec(text: CellValue) -> float:
    """The number that a text in base 2 says."""
    return float(_read(text, 2))


@scalar("BIN2OCT", "bin2oct-function-0a4e01ba-ac8d-4158-9b29-16c25c4c23fd")
def bin2oct(text: CellValue, places: CellValue = None) -> str:
    """A text in base 2 in base 8."""
    return _write(_read(text, 2), 8, _width(places))


@scalar("BIN2HEX", "bin2hex-function-0375e507-f5e5-4077-9af8-28d84f9f41cc")
def bin2hex(text: CellValue, places: CellValue = None) -> str:
    """A text in base 2 in base 16."""
    return _write(_read(text, 2), 16, _width(places))


@scalar("OCT2DEC", "oct2dec-function-87606014-cb98-44b2-8dbb-e48f8ced1554")
def oct2dec(text: CellValue) -> float:
    """The number that a text in base 8 says."""
    return float(_read(text, 8))


@scalar("OCT2BIN", "oct2bin-function-55383471-3c56-4d27-9522-1a8ec646c589")
def oct2bin(text: CellValue, places: CellValue = None) -> str:
    """A text in base 8 in base 2; #NUM! unless the number is in -512 to 511."""
    return _write(_read(text, 8), 2, _width(places))


@scalar("OCT2HEX", "oct2hex-function-912175b4-d497-41b4-a029-221f051b858f")
def oct2hex(text: CellValue, places: CellValue = None) -> str:
    """A text in base 8 in base 16."""
    return _write(_read(text, 8), 16, _width(places))


@scalar("HEX2DEC", "hex2dec-function-8c8c3155-9f37-45a5-a3ee-ee5379ef106e")
def hex2dec(text: CellValue) -> float:
    """The number that a text in base 16 says."""
    return float(_read(text, 16))


@scalar("HEX2BIN", "hex2bin-function-a13aafaa-5737-4920-8424-643e581828c1")
def hex2bin(text: CellValue, places: CellValue = None) -> str:
    """A text in base 16 in base 2; #NUM! unless the number is in -512 to 511."""
    return _write(_read(text, 16), 2, _width(places))


@scalar("HEX2OCT", "hex2oct-function-54d52808-5d19-4bd0-8a63-1096a5d11912")
def hex2oct(text: CellValue, places: CellValue = None) -> str:
    """A text in base 16 in base 8; #NUM! where that takes more than ten digits."""
    return _write(_read(text, 16), 8, _width(places))


@scalar("BASE", "base-function-2ef61411-aee9-4f29-a811-1c42456c6342")
def base(value: float, radix: float, length: float = 0.0) -> str:
    """A whole number of 0 or more in a base of 2 to 36, filled up with zeros to a length."""
    if not 0 <= value < _LARGEST or not 2 <= int(radix) <= 36 or not 0 <= int(length) <= 255:
        raise Fault(NUM)
    return written(int(value), int(radix)).rjust(int(length), "0")


@scalar("DECIMAL", "decimal-function-ee554665-6176-46ef-82de-0a283658da2e")
def decimal(text: str, radix: float) -> float:
    """The number that a text in a base of 2 to 36 says; upper and lower case are the same."""
    if not 2 <= int(radix) <= 36 or len(text) > 255:
        raise Fault(NUM)
    digits = _DIGITS[: int(radix)]
    if any(character not in digits for character in text.upper()):
        raise Fault(NUM)
    return float(int(text or "0", int(radix)))


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


@scalar("ROMAN", "roman-function-d6b0b99e-de46-4704-a518-b45a0f8b56f5")
def roman(value: float, form: CellValue = 0.0) -> str:
    """A whole number of 0 to 3999 in Roman numerals, in the classic form."""
    if not (form in (None, 0.0) or form is True):
        raise Unsupported("ROMAN in een verkorte vorm")
    rest = int(value)
    if not 0 <= rest <= 3999:
        raise Fault(VALUE)
    text = ""
    for size, letters in _ROMAN:
        times, rest = divmod(rest, size)
        text += letters * times
    return text


@scalar("ARABIC", "arabic-function-9a8da418-c17b-4ef9-a657-9370a30a674f")
def arabic(text: str) -> float:
    """The number that Roman numerals say: a letter before a larger one is taken off."""
    letters = text.strip().upper()
    sign = -1.0 if letters.startswith("-") else 1.0
    letters = letters.removeprefix("-")
    if len(letters) > 255 or any(letter not in _VALUES for letter in letters):
        raise Fault(VALUE)
    sizes = [_VALUES[letter] for letter in letters]
    return sign * sum(-one if one < after else one for one, after in zip(sizes, [*sizes[1:], 0], strict=False))
