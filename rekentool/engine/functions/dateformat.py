"""A date or time in one section of a number format, with English names (see `textformat`)."""

from __future__ import annotations

from rekentool.engine.functions.calendar import LAST, civil_of
from rekentool.engine.functions.moment import DAYS, MONTHS
from rekentool.engine.functions.registry import Fault, Unsupported
from rekentool.engine.vector import VALUE

Tokens = list[tuple[str, str]]

_DAY = 86_400


def formatted_date(serial: float, tokens: Tokens) -> str:
    """A serial as the tokens show it; #VALUE! for what is no date. Fractions of a second as far as milliseconds."""
    tokens, places = _fractions(_minutes(tokens))
    scale = 10**places
    ticks = int(serial * _DAY * scale + 0.5)
    day, rest = divmod(ticks, _DAY * scale)
    if serial < 0 or day > LAST:
        raise Fault(VALUE)
    seconds, fraction = divmod(rest, scale)
    halves = any(kind == "half" for kind, _ in tokens)
    return "".join(_piece(kind, text, day, seconds, f"{fraction:0{places}d}", halves) for kind, text in tokens)


def _minutes(tokens: Tokens) -> Tokens:
    """``m`` and ``mm`` are minutes right after hours or right before seconds; they get the kind ``minute``."""
    result = list(tokens)
    clock = [place for place, (kind, _) in enumerate(tokens) if kind in ("date", "elapsed")]
    for index, place in enumerate(clock):
        kind, text = tokens[place]
        if kind != "date" or text.lower() not in ("m", "mm"):
            continue
        before = tokens[clock[index - 1]][1].lower() if index else ""
        after = tokens[clock[index + 1]][1].lower() if index + 1 < len(clock) else ""
        if before.startswith("h") or after.startswith("s"):
            result[place] = ("minute", text)
    return result


def _fractions(tokens: Tokens) -> tuple[Tokens, int]:
    """``ss.000``: the point and zeros behind seconds as one token, and how many zeros; other points are text."""
    result: Tokens = []
    places = 0
    for place, (kind, text) in enumerate(tokens):
        if kind == "point":
            digits = place + 1 < len(tokens) and tokens[place + 1][0] == "digit"
            result.append(("fraction", "") if digits else ("literal", "."))
        elif (kind, text) == ("digit", "0") and result and result[-1][0] == "fraction":
            places += 1
        elif kind in ("digit", "percent", "exponent", "general", "text", "comma"):
            raise Unsupported("TEXT met een datum en cijfers door elkaar")
        else:
            result.append((kind, text))
    if places > 3 or sum(kind == "fraction" for kind, _ in result) > 1:
        raise Unsupported("TEXT met delen van een seconde in een onbekende vorm")
    return result, places


def _piece(kind: str, text: str, day: int, seconds: int, fraction: str, halves: bool) -> str:
    if kind == "date":
        return _unit(text.lower(), day, seconds, halves)
    if kind == "minute":
        return f"{seconds // 60 % 60:0{len(text)}d}"
    if kind == "elapsed":
        total = day * _DAY + seconds
        return f"{total // {'h': 3600, 'm': 60, 's': 1}[text[0]]:0{len(text)}d}"
    if kind == "half":
        afternoon = seconds >= _DAY // 2
        return ("PM" if afternoon else "AM") if len(text) > 3 else (text[2] if afternoon else text[0])
    if kind == "fraction":
        return "." + fraction
    return "" if kind == "locale" else text


def _unit(text: str, day: int, seconds: int, halves: bool) -> str:
    year, month, day_of_month = (int(part) for part in civil_of(day))
    if text[0] == "y":
        return f"{year % 100:02d}" if len(text) <= 2 else f"{year:04d}"
    if text[0] == "m":
        name = MONTHS[month - 1]
        if len(text) <= 2:
            return f"{month:0{len(text)}d}"
        return name[:3] if len(text) == 3 else name[0] if len(text) == 5 else name
    if text[0] == "d":
        if len(text) <= 2:
            return f"{day_of_month:0{len(text)}d}"
        name = DAYS[(day - 1) % 7]
        return name[:3] if len(text) == 3 else name
    if len(text) > 2:
        raise Unsupported(f"TEXT met {text!r} in de opmaak")
    if text[0] == "h":
        hour = seconds // 3600
        return f"{(hour - 1) % 12 + 1 if halves else hour:0{len(text)}d}"
    return f"{seconds % 60:0{len(text)}d}"
