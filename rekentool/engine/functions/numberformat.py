"""A number in one section of a number format: digits, thousands, percent, exponent (see `textformat`)."""

from __future__ import annotations

from decimal import Decimal

from rekentool.engine.coercion import text_of_number
from rekentool.engine.functions.numbertext import rounded
from rekentool.engine.functions.registry import Unsupported

#: A token: what it is and its text.
Tokens = list[tuple[str, str]]

_BLANK = {"0": "0", "#": "", "?": " "}
_MOST_GENERAL = 10


def formatted_number(value: float, tokens: Tokens) -> str:
    """A number that isn't negative, as the tokens show it."""
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds:
        return "".join(_general(value) if kind == "general" else text for kind, text in tokens if kind != "locale")
    if "digit" not in kinds:
        if {"point", "comma", "exponent"} & set(kinds):
            raise Unsupported("TEXT met een opmaak zonder cijfers")
        return "".join(text for kind, text in tokens if kind != "locale")
    if ("literal", "/") in tokens and _is_fraction(tokens):
        raise Unsupported("TEXT met een breuk als opmaak")
    if kinds.count("point") > 1 or kinds.count("exponent") > 1:
        raise Unsupported("TEXT met een opmaak met twee decimaaltekens of exponenten")
    scaled, tokens = _scaled(value, tokens)
    if "exponent" in kinds:
        return _scientific(scaled, tokens)
    whole, fraction = _split(tokens)
    places = sum(kind == "digit" for kind, _ in fraction)
    return _filled(rounded(scaled, places), whole, fraction, any(kind == "comma" for kind, _ in whole))


def _general(value: float) -> str:
    shown = text_of_number(value)
    if len(shown.replace(".", "").lstrip("0")) > _MOST_GENERAL or "E" in shown:
        raise Unsupported("TEXT met General van een getal met meer dan tien cijfers")
    return shown


def _is_fraction(tokens: Tokens) -> bool:
    place = tokens.index(("literal", "/"))
    return any(kind == "digit" for kind, _ in tokens[:place]) and any(kind == "digit" for kind, _ in tokens[place:])


def _scaled(value: float, tokens: Tokens) -> tuple[float, Tokens]:
    """The number times 100 for every percent sign, and divided by 1000 for every comma right behind the last digit."""
    hundreds = sum(kind == "percent" for kind, _ in tokens)
    digits = [place for place, (kind, _) in enumerate(tokens) if kind == "digit"]
    point = next((place for place, (kind, _) in enumerate(tokens) if kind in ("point", "exponent")), len(tokens))
    kept: Tokens = []
    thousands = 0
    before = [place for place in digits if place < point]
    for place, (kind, text) in enumerate(tokens):
        if kind == "comma":
            last_before = bool(before) and place > before[-1] and place < point
            if place > digits[-1] or last_before:
                thousands += 1
                continue
            if place > point or place < digits[0]:
                raise Unsupported("TEXT met een komma op een onbekende plaats")
        kept.append((kind, text))
    exact = Decimal(f"{value:.15g}").scaleb(2 * hundreds - 3 * thousands)
    return float(exact), kept


def _split(tokens: Tokens) -> tuple[Tokens, Tokens]:
    for place, (kind, _) in enumerate(tokens):
        if kind == "point":
            return tokens[:place], tokens[place:]
    return tokens, []


def _filled(number: Decimal, whole: Tokens, fraction: Tokens, grouped: bool) -> str:
    shown = f"{number:f}"
    digits, _, decimals = shown.partition(".")
    return _whole_part("" if digits == "0" else digits, whole, grouped) + _fraction_part(decimals, fraction)


def _whole_part(digits: str, tokens: Tokens, grouped: bool) -> str:
    """The digits in their places from the right; the leftmost place takes all that remain, also where there is none."""
    slots = sum(kind == "digit" for kind, _ in tokens)
    left = list(digits)
    pieces: list[str] = []
    place = 0
    for kind, text in reversed(tokens):
        if kind == "digit":
            slots -= 1
            taken = [left.pop() if left else _BLANK[text]]
            if slots == 0:
                taken.extend(reversed(left))
                left = []
            for digit in filter(None, taken):
                if grouped and place and place % 3 == 0:
                    pieces.append(" " if digit == " " else ",")
                pieces.append(digit)
                place += 1
        elif kind in ("literal", "percent"):
            pieces.append(text[::-1])
    pieces.extend(reversed(left))
    return "".join(pieces)[::-1]


def _fraction_part(decimals: str, tokens: Tokens) -> str:
    shapes = [text for kind, text in tokens if kind == "digit"]
    shown = len(decimals)
    while shown and decimals[shown - 1] == "0" and shapes[shown - 1] != "0":
        shown -= 1
    pieces, place = [], 0
    for kind, text in tokens:
        if kind == "point":
            pieces.append(".")
        elif kind == "digit":
            pieces.append(decimals[place] if place < shown else _BLANK[text])
            place += 1
        elif kind in ("literal", "percent"):
            pieces.append(text)
    return "".join(pieces)


def _scientific(value: float, tokens: Tokens) -> str:
    place = next(index for index, (kind, _) in enumerate(tokens) if kind == "exponent")
    mantissa, power_tokens = tokens[:place], tokens[place + 1 :]
    whole, fraction = _split(mantissa)
    step = max(sum(kind == "digit" for kind, _ in whole), 1)
    places = sum(kind == "digit" for kind, _ in fraction)
    power = 0
    if value:
        power = Decimal(f"{value:.15g}").adjusted()
        power -= power % step if step > 1 else 0
        if rounded(float(Decimal(f"{value:.15g}").scaleb(-power)), places) >= 10**step:
            power += step
    number = rounded(float(Decimal(f"{value:.15g}").scaleb(-power)), places)
    sign = "-" if power < 0 else "+" if tokens[place][1].endswith("+") else ""
    digits = _whole_part(str(abs(power)) if power else "", power_tokens, False)
    return _filled(number, whole, fraction, False) + "E" + sign + digits
