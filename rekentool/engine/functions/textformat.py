"""TEXT: a number, date or text as a number format shows it, with English separators and names.

The format is cut into sections and tokens; a token that isn't known, such as the Dutch ``jjjj``, is refused by name,
for what it gives depends on the language of the user's Excel. Source: Microsoft, "Number format codes".
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rekentool.engine.coercion import number_of_text
from rekentool.engine.functions.dateformat import formatted_date
from rekentool.engine.functions.numberformat import formatted_number
from rekentool.engine.functions.registry import Fault, Unsupported, scalar
from rekentool.engine.functions.text import text_of
from rekentool.engine.vector import VALUE
from rekentool.xlsx.cell import CellValue, ExcelError

#: One token of a format: a group's name tells which kind.
_TOKEN = re.compile(
    r"""(?P<quoted>"[^"]*")|\\(?P<escaped>.)|_(?P<space>.)|(?P<fill>\*.)|\[(?P<bracket>[^\]]*)\]
    |(?P<general>General)|(?P<half>AM/PM|A/P)|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+)|(?P<digit>[0#?])|(?P<point>\.)
    |(?P<comma>,)|(?P<percent>%)|(?P<text>@)|(?P<literal>[-$+/():!^&'~{}<>=\s€£¥])""",
    re.IGNORECASE | re.VERBOSE,
)
_COLOUR = re.compile(r"(black|blue|cyan|green|magenta|red|white|yellow|color\s?\d{1,2})", re.IGNORECASE)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_CURRENCY = re.compile(r"\$([^-]*)(?:-(?:[0-9A-F]{1,8}|[a-z]{2}(?:-[a-z]{2})?))?", re.IGNORECASE)
_ENGLISH = re.compile(r"\$[^-]*(-(0*[48]09|en(-[a-z]{2})?))?", re.IGNORECASE)
_TESTS: dict[str, Callable[[float, float], bool]] = {
    "=": operator.eq, "<>": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a format: what it is (`literal`, `digit`, `date`, …) and its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts between semicolons: its tokens and, if it has one, its condition."""

    tokens: tuple[Token, ...]
    condition: tuple[str, float] | None

    def has(self, kind: str) -> bool:
        """Whether a token of this kind is in it."""
        return any(token.kind == kind for token in self.tokens)


@scalar("TEXT", "text-function-20d5ac4d-7b94-49fd-bb38-93d29371225c")
def text(value: CellValue, form: str) -> CellValue:
    """A value as a number format shows it."""
    if isinstance(value, ExcelError):
        return value
    if isinstance(value, bool):
        return text_of(value)
    if isinstance(value, str):
        number = number_of_text(value)
        if number is None:
            return _shown_text(value, sections(form))
        value = number
    return _shown_number(0.0 if value is None else value, sections(form))


@lru_cache(maxsize=1024)
def sections(form: str) -> tuple[Section, ...]:
    """A format's sections; Unsupported where a piece isn't known, #VALUE! where there are more than four."""
    parts: list[list[Token]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    place = 0
    while place < len(form):
        if form[place] == ";":
            parts.append([])
            conditions.append(None)
            place += 1
            continue
        match = _TOKEN.match(form, place)
        if match is None or match.lastgroup is None or match.lastgroup == "fill":
            raise Unsupported(f"TEXT met de opmaak {form!r}: het teken {form[place]!r} is niet ondersteund")
        place = match.end()
        kind, found = match.lastgroup, match[match.lastgroup]
        if kind == "bracket":
            condition = _CONDITION.fullmatch(found)
            if condition is not None:
                conditions[-1] = condition[1], float(condition[2])
            else:
                parts[-1].extend(_bracket(found, form))
        elif kind in ("quoted", "escaped", "space"):
            literal = {"quoted": found[1:-1], "escaped": found, "space": " "}[kind]
            parts[-1].append(Token("literal", literal))
        else:
            parts[-1].append(Token(kind, found))
    if len(parts) > 4:
        raise Fault(VALUE)
    return tuple(Section(tuple(tokens), condition) for tokens, condition in zip(parts, conditions, strict=True))


def _bracket(found: str, form: str) -> list[Token]:
    if _COLOUR.fullmatch(found):
        return []
    if re.fullmatch(r"h+|m+|s+", found, re.IGNORECASE):
        return [Token("elapsed", found.lower())]
    currency = _CURRENCY.fullmatch(found)
    if currency is not None and (_ENGLISH.fullmatch(found) or currency[1]):
        return [Token("literal", currency[1]), Token("locale", "" if _ENGLISH.fullmatch(found) else found)]
    raise Unsupported(f"TEXT met de opmaak {form!r}: [{found}] is niet ondersteund")


def _shown_text(value: str, parts: tuple[Section, ...]) -> str:
    if len(parts) == 4:
        section = parts[3]
    elif parts[-1].has("text"):
        section = parts[-1]
    else:
        return value
    return "".join(value if token.kind == "text" else token.text for token in section.tokens)


def _shown_number(value: float, parts: tuple[Section, ...]) -> str:
    if len(parts) == 1 and parts[0].condition is None and parts[0].has("text"):
        return "".join(text_of(value) if token.kind == "text" else token.text for token in parts[0].tokens)
    section, signed = _chosen(value, tuple(part for part in parts if not part.has("text")))
    if section.has("date") or section.has("elapsed") or section.has("half"):
        if any(token.kind == "locale" and token.text for token in section.tokens):
            raise Unsupported("TEXT met een datum in een andere taal")
        return formatted_date(value, [(token.kind, token.text) for token in section.tokens])
    shown = formatted_number(abs(value), [(token.kind, token.text) for token in section.tokens])
    return "-" + shown if signed and value < 0 and section.tokens else shown


def _chosen(value: float, parts: tuple[Section, ...]) -> tuple[Section, bool]:
    """The section for a number, and whether a minus sign goes before a negative one."""
    if not parts:
        raise Unsupported("TEXT van een getal met een opmaak voor tekst alleen")
    if any(part.condition is not None for part in parts):
        for place, part in enumerate(parts):
            if part.condition is None:
                if place == len(parts) - 1:
                    return part, True
                raise Unsupported("TEXT met een opmaak waarin niet elk deel een voorwaarde heeft")
            sign, bound = part.condition
            if _TESTS[sign](value, bound):
                return part, not (sign in ("<", "<=") and bound <= 0)
        raise Unsupported("TEXT met een opmaak waarvan geen voorwaarde bij het getal past")
    if len(parts) == 1:
        return parts[0], True
    if value < 0:
        return parts[1], False
    return (parts[2], False) if value == 0 and len(parts) > 2 else (parts[0], False)
