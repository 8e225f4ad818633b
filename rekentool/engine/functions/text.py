"""Functions of texts. Positions count from 1; upper and lower case differ only where the docstring says so.

Characters outside the basic plane (emoji) are refused where they would be counted: Excel counted them as two, and as
one since its compatibility version 2.
"""

from __future__ import annotations

from rekentool.engine.coercion import text_of_number
from rekentool.engine.functions.registry import Fault, Range, Unsupported, scalar
from rekentool.engine.functions.wildcard import wildcard
from rekentool.engine.vector import NA, VALUE
from rekentool.xlsx.cell import CellValue, ExcelError

#: The most characters that a cell holds.
LONGEST = 32_767


def counted(text: str) -> str:
    """The text itself, where every Excel counts its characters alike."""
    if not text.isascii() and max(text) > "\uffff":
        raise Unsupported("een teken buiten het basisvlak van Unicode, dat Excel naar zijn versie als een of twee telt")
    return text


def fitting(text: str) -> str:
    """The text, or #VALUE! where it is longer than a cell holds."""
    if len(text) > LONGEST:
        raise Fault(VALUE)
    return text


def _whole(value: float) -> int:
    return int(min(value, LONGEST + 1))


@scalar("LEFT", "left-leftb-functions-9203d2d2-7960-479b-84c6-1ea52b99640c")
def left(text: str, count: float = 1.0) -> str:
    """The first characters of a text."""
    if count < 0:
        raise Fault(VALUE)
    return counted(text)[: _whole(count)]


@scalar("RIGHT", "right-rightb-functions-240267ee-9afa-4639-a02b-f19e1786cf2f")
def right(text: str, count: float = 1.0) -> str:
    """The last characters of a text."""
    if count < 0:
        raise Fault(VALUE)
    return counted(text)[max(len(text) - _whole(count), 0) :]


@scalar("MID", "mid-midb-functions-d5f9e25c-d7d6-472e-b568-4ecb12433028")
def mid(text: str, start: float, count: float) -> str:
    """Characters from the middle of a text."""
    if start < 1 or count < 0:
        raise Fault(VALUE)
    first = _whole(start) - 1
    return counted(text)[first : first + _whole(count)]


@scalar("LEN", "len-lenb-functions-29236f94-cedc-429d-affd-b5e33d2c67cb")
def length(text: str) -> float:
    """The number of characters of a text."""
    return float(len(counted(text)))


@scalar("LOWER", "lower-function-3f21df02-a80c-44b2-afaf-81358f9fdeb4")
def lower(text: str) -> str:
    """A text in lower case."""
    return text.lower()


@scalar("UPPER", "upper-function-c11f29b3-d1a3-4537-8df6-04d0049963d6")
def upper(text: str) -> str:
    """A text in upper case; a letter without one single capital, such as ß, stays."""
    return "".join(_capital(character) for character in text)


def _capital(character: str) -> str:
    capital = character.upper()
    return capital if len(capital) == 1 else character


@scalar("PROPER", "proper-function-52a5a283-e8b2-49be-8506-b2887b889f94")
def proper(text: str) -> str:
    """A text with a capital for every letter that doesn't follow a letter, and the others in lower case."""
    before = " " + text
    return "".join(
        character.lower() if previous.isalpha() else _capital(character)
        for previous, character in zip(before, text, strict=False)
    )


@scalar("TRIM", "trim-function-410388fa-c5df-49c6-b16c-9e5630b479f9")
def trim(text: str) -> str:
    """A text without spaces at its ends and with single ones inside; only the space itself counts."""
    return " ".join(part for part in text.split(" ") if part)


@scalar("CLEAN", "clean-function-26f3d7c5-475f-4a9c-90e5-4b8ba987ba41")
def clean(text: str) -> str:
    """A text without the first 32 characters of ASCII, which don't print."""
    return "".join(character for character in text if character >= " ")


@scalar("SUBSTITUTE", "substitute-function-6434944e-a904-4336-a9b0-1e58df3bc332")
def substitute(text: str, old: str, new: str, instance: float | None = None) -> str:
    """A text with another in the place of one, everywhere or only the n-th time. Upper and lower case differ."""
    if instance is None:
        return fitting(text.replace(old, new)) if old else text
    if instance < 1:
        raise Fault(VALUE)
    if not old:
        return text
    place = -len(old)
    for _ in range(_whole(instance)):
        place = text.find(old, place + len(old))
        if place < 0:
            return text
    return fitting(text[:place] + new + text[place + len(old) :])


@scalar("REPLACE", "replace-replaceb-functions-8d799074-2425-4a8a-84bc-82472868878a")
def replace(text: str, start: float, count: float, new: str) -> str:
    """A text with some of its characters, from a place on, replaced."""
    if start < 1 or count < 0:
        raise Fault(VALUE)
    first = _whole(start) - 1
    return fitting(counted(text)[:first] + new + text[first + _whole(count) :])


@scalar("FIND", "find-findb-functions-c7912941-af2a-4bdf-a553-d0d89b0a0628")
def find(sought: str, text: str, start: float = 1.0) -> float:
    """Where a text first stands in another; upper and lower case differ."""
    first = _start(text, start)
    place = counted(text).find(sought, first)
    if place < 0:
        raise Fault(VALUE)
    return place + 1.0


@scalar("SEARCH", "search-searchb-functions-9ab04538-0e55-4719-a72e-b6f54513b495")
def search(sought: str, text: str, start: float = 1.0) -> float:
    """Where a text, with wildcards, first stands in another."""
    first = _start(text, start)
    match = wildcard(sought).search(counted(text), first)
    if match is None:
        raise Fault(VALUE)
    return match.start() + 1.0


def _start(text: str, start: float) -> int:
    if start < 1 or int(start) > max(len(text), 1):
        raise Fault(VALUE)
    return int(start) - 1


@scalar("CONCATENATE", "concatenate-function-8f8ae884-2ca8-4f7a-b093-75d702bea31d")
def concatenate(first: str, *others: str) -> str:
    """Texts one after another."""
    return fitting(first + "".join(others))


@scalar("CONCAT", "concat-function-9b1a9a3f-94ff-41af-9736-694cbd6b4ca2")
def concat(first: Range, *others: Range) -> str:
    """The texts of values and areas one after another."""
    return fitting("".join(_texts([first, *others])))


@scalar("TEXTJOIN", "textjoin-function-357b449a-ec91-49d0-80c3-0e8fc845691c")
def textjoin(delimiter: Range, ignore_empty: bool, first: Range, *others: Range) -> str:
    """The texts of values and areas with a delimiter between them; more delimiters take turns."""
    between = _texts([delimiter])
    parts = [part for part in _texts([first, *others]) if part or not ignore_empty]
    pieces = [piece for turn, part in enumerate(parts) for piece in (part, between[turn % len(between)])]
    return fitting("".join(pieces[:-1]))


def _texts(areas: list[Range]) -> list[str]:
    texts = []
    for area in areas:
        for row in area:
            for value in row:
                if isinstance(value, ExcelError):
                    raise Fault.of(value)
                texts.append(text_of(value))
    return texts


def text_of(value: CellValue) -> str:
    """A value as text, as ``&`` makes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return text_of_number(value) if isinstance(value, float) else str(value)


@scalar("REPT", "rept-function-04c4d778-e712-43b4-9c15-d656582bb061")
def rept(text: str, times: float) -> str:
    """A text a number of times."""
    if times < 0 or len(text) * _whole(times) > LONGEST:
        raise Fault(VALUE)
    return text * _whole(times)


@scalar("EXACT", "exact-function-d3087698-fc15-4a15-9631-12575cf29926")
def exact(first: str, second: str) -> bool:
    """Whether two texts are the same; upper and lower case differ."""
    return first == second


@scalar("CHAR", "char-function-bbd249c8-b36e-4a91-8017-1c133f9b837a")
def char(code: float) -> str:
    """The character with a code of 1 to 255 in Windows' character set (1252)."""
    if not 1 <= code < 256:
        raise Fault(VALUE)
    try:
        return bytes([int(code)]).decode("cp1252")
    except UnicodeDecodeError:  # the five codes that Windows leaves to the control characters
        return chr(int(code))


@scalar("CODE", "code-function-c32b692b-2ed0-4a04-bdd9-75640144b928")
def code(text: str) -> float:
    """The code of the first character in Windows' character set (1252); 63, a question mark, where it has none."""
    if not text:
        raise Fault(VALUE)
    if 0x80 <= ord(text[0]) < 0xA0:
        return float(ord(text[0]))
    return float(text[0].encode("cp1252", "replace")[0])


@scalar("UNICHAR", "unichar-function-ffeb64f5-f131-44c6-b332-5cd72f0659b8")
def unichar(code: float) -> str:
    """The character with a number in Unicode; #N/A for half a pair."""
    if not 1 <= code < 0x110000:
        raise Fault(VALUE)
    if 0xD800 <= int(code) <= 0xDFFF:
        raise Fault(NA)
    return chr(int(code))


@scalar("UNICODE", "unicode-function-adb74aaa-a2a5-4dde-aff6-966e4e81f16f")
def unicode(text: str) -> float:
    """The number in Unicode of the first character."""
    if not text:
        raise Fault(VALUE)
    return float(ord(text[0]))
