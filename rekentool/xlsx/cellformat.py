"""What the styles part makes of a cell: number format, font, fill, borders, alignment and locks, written out in Dutch.

Programs number their styles each in their own way, spell the same number format differently (``dd\\-mm`` and ``dd-mm``)
and name one colour by a theme, a palette or its value. Here every style is resolved, so that the same look gives the
same texts. Source: ECMA-376 part 1, 18.8 (styles), 20.1.6 (theme colours).
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from rekentool.xlsx.elements import flag, integer, namespace

#: The colours of Excel's own theme in the order of their numbers: lt1, dk1, lt2, dk2, accents, links.
OFFICE_THEME = (
    "FFFFFF", "000000", "E7E6E6", "44546A", "4472C4", "ED7D31", "A5A5A5", "FFC000", "5B9BD5", "70AD47", "0563C1",
    "954F72",
)  # fmt: skip
#: The colours of the palette from number 8; the first eight are the same as these.
_PALETTE = (
    "000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF", "800000", "008000", "000080",
    "808000", "800080", "008080", "C0C0C0", "808080", "9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080",
    "0066CC", "CCCCFF", "000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF", "00CCFF",
    "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99", "3366FF", "33CCCC", "99CC00", "FFCC00",
    "FF9900", "FF6600", "666699", "969696", "003366", "339966", "003300", "333300", "993300", "993366", "333399",
    "333333",
)  # fmt: skip
_BLACK, _WHITE = "#000000", "#FFFFFF"
_SIDES = {"left": "links", "right": "rechts", "top": "boven", "bottom": "onder", "diagonal": "schuin"}
_LINES = {"thin": "dun", "medium": "middel", "thick": "dik", "hair": "haarlijn", "dashed": "streepjes",
          "dotted": "puntjes", "double": "dubbel"}  # fmt: skip
_ACROSS = {"left": "links", "center": "gecentreerd", "right": "rechts", "fill": "vullend", "justify": "uitgevuld",
           "centerContinuous": "gecentreerd over selectie", "distributed": "verdeeld"}  # fmt: skip
_DOWN = {"top": "boven", "center": "midden", "justify": "uitgevuld", "distributed": "verdeeld"}
#: Characters of a number format that mean something by themselves; any other stands for itself.
_MEANING = frozenset("0#?.,%@eymdhsbag")


@dataclass(frozen=True, slots=True)
class CellFormat:
    """How a cell looks and what it allows; every text is written out in full, and equal for equal looks."""

    number_format: str = "General"
    font: str = "Calibri 11"
    fill: str = "geen"
    border: str = "geen"
    alignment: str = "standaard"
    locked: bool = True
    hidden: bool = False


@dataclass(frozen=True)
class Styles:
    """The styles of a workbook: ``cells`` by their number in ``cellXfs``, ``differences`` for conditional formats."""

    cells: tuple[CellFormat, ...] = (CellFormat(),)
    differences: tuple[str, ...] = ()
    _default: CellFormat = field(default_factory=CellFormat)

    def cell(self, index: int) -> CellFormat:
        """The look of a style; the first one's for a number that the file doesn't have, as Excel does."""
        if index < len(self.cells):
            return self.cells[index]
        return self.cells[0] if self.cells else self._default

    def difference(self, index: int | None) -> str:
        """What a conditional format changes."""
        return self.differences[index] if index is not None and index < len(self.differences) else ""


def read_styles(root: etree._Element, theme: Sequence[str] = OFFICE_THEME) -> Styles:
    """The styles part, with the colours of the workbook's theme."""
    reading = _Reading(root, theme)
    space = reading.space
    formats = {
        integer(item, "numFmtId", 0): item.get("formatCode", "General")
        for item in root.iterfind(f"{space}numFmts/{space}numFmt")
    }
    fonts = [reading.font(item) for item in root.iterfind(f"{space}fonts/{space}font")]
    fills = [reading.fill(item) for item in root.iterfind(f"{space}fills/{space}fill")]
    borders = [reading.border(item) for item in root.iterfind(f"{space}borders/{space}border")]
    cells = []
    for style in root.iterfind(f"{space}cellXfs/{space}xf"):
        protection = style.find(f"{space}protection")
        cells.append(CellFormat(
            number_format=canonical(_code(integer(style, "numFmtId", 0), formats)),
            font=_at(fonts, integer(style, "fontId", 0), "Calibri 11"),
            fill=_at(fills, integer(style, "fillId", 0), "geen"),
            border=_at(borders, integer(style, "borderId", 0), "geen"),
            alignment=_alignment(style.find(f"{space}alignment")),
            locked=protection is None or flag(protection.get("locked", "1")),
            hidden=protection is not None and flag(protection.get("hidden")),
        ))  # fmt: skip
    differences = tuple(reading.difference(item) for item in root.iterfind(f"{space}dxfs/{space}dxf"))
    return Styles(tuple(cells) or (CellFormat(),), differences)


def theme_colours(root: etree._Element) -> tuple[str, ...]:
    """The twelve colours of a theme part, in the order in which styles number them."""
    scheme = next(iter(root.iter("{*}clrScheme")), None)
    found = []
    for child in [] if scheme is None else scheme:
        colour = next((part for part in child if part.get("val") or part.get("lastClr")), None)
        found.append("" if colour is None else (colour.get("lastClr") or colour.get("val") or ""))
    if len(found) < len(OFFICE_THEME) or not all(len(colour) == 6 for colour in found[: len(OFFICE_THEME)]):
        return OFFICE_THEME
    return (found[1], found[0], found[3], found[2], *found[4 : len(OFFICE_THEME)])


def canonical(code: str) -> str:
    """A number format in one spelling: fixed characters with a backslash, no languages, meaning in small letters."""
    if code.casefold() == "general":
        return "General"
    parts: list[str] = []
    at = 0
    while at < len(code):
        sign = code[at]
        at += 1
        if sign == '"':
            end = code.find('"', at)
            end = len(code) if end < 0 else end
            parts += [f"\\{letter}" for letter in code[at:end]]
            at = end + 1
        elif sign == "\\" or sign in "_*":
            parts.append(sign + code[at : at + 1])
            at += 1
        elif sign == "[":
            end = code.find("]", at)
            end = len(code) if end < 0 else end
            parts.append(_bracket(code[at:end]))
            at = end + 1
        elif sign == ";" or sign.casefold() in _MEANING:
            parts.append(sign.casefold())
        elif code[at - 1 : at + 6].casefold() == "general":
            parts.append("General")
            at += 6
        else:
            parts.append(f"\\{sign}")
    return "".join(parts)


def _bracket(text: str) -> str:
    """``[$€-413]`` is a fixed sign and a language, ``[Red]`` a colour, ``[>=0.5]`` a condition, ``[h]`` hours."""
    if text.startswith("$"):
        return "".join(f"\\{letter}" for letter in text[1:].rpartition("-")[0] or ("" if "-" in text else text[1:]))
    return f"[{text.casefold().replace(' ', '')}]"


def _code(number: int, formats: Mapping[int, str]) -> str:
    if number in formats:
        return formats[number]
    from openpyxl.styles.numbers import BUILTIN_FORMATS  # slow to import

    return BUILTIN_FORMATS.get(number, "General")


def _at(items: Sequence[str], index: int, default: str) -> str:
    return items[index] if index < len(items) else default


def _alignment(element: etree._Element | None) -> str:
    if element is None:
        return "standaard"
    words = [_ACROSS.get(element.get("horizontal", ""), ""), _DOWN.get(element.get("vertical", ""), "")]
    for attribute, word in (("wrapText", "terugloop"), ("shrinkToFit", "passend")):
        words.append(word if flag(element.get(attribute)) else "")
    for attribute, word in (("indent", "inspringing"), ("textRotation", "gedraaid")):
        number = element.get(attribute, "0")
        words.append("" if number == "0" else f"{word} {number}")
    return ", ".join(word for word in words if word) or "standaard"


class _Reading:
    """Fonts, fills and borders, with their colours resolved."""

    def __init__(self, root: etree._Element, theme: Sequence[str]) -> None:
        self.space, self.theme = namespace(root), theme
        space = self.space
        own = [
            item.get("rgb", "")[-6:] for item in root.iterfind(f"{space}colors/{space}indexedColors/{space}rgbColor")
        ]
        self.palette = own if len(own) >= len(_PALETTE) else [*_PALETTE[:8], *_PALETTE]

    def font(self, element: etree._Element) -> str:
        """``Calibri 10, vet, #1F2D3A``."""
        return ", ".join(self._font_words(element, default=_BLACK))

    def _font_words(self, element: etree._Element, default: str) -> list[str]:
        space = self.space
        name, size = element.find(f"{space}name"), element.find(f"{space}sz")
        facts = [
            "" if name is None else name.get("val", ""),
            "" if size is None else _number(size.get("val", "")),
        ]
        words = [" ".join(fact for fact in facts if fact)]
        for tag, word in (("b", "vet"), ("i", "cursief"), ("strike", "doorgehaald")):
            mark = element.find(f"{space}{tag}")
            words.append(word if mark is not None and flag(mark.get("val", "1")) else "")
        underline = element.find(f"{space}u")
        words.append("onderstreept" if underline is not None and underline.get("val", "single") != "none" else "")
        place = element.find(f"{space}vertAlign")
        words.append({"superscript": "superscript", "subscript": "subscript"}.get(_val(place), ""))
        colour = self.colour(element.find(f"{space}color"), default)
        words.append("" if colour == _BLACK else colour)
        return [word for word in words if word]

    def fill(self, element: etree._Element) -> str:
        """``#FFF6CC`` for an even fill."""
        space = self.space
        pattern = element.find(f"{space}patternFill")
        if pattern is None:
            gradient = element.find(f"{space}gradientFill")
            return (
                "geen"
                if gradient is None
                else "verloop " + " ".join(self.colour(colour, _BLACK) for colour in gradient.iter(f"{space}color"))
            )
        kind = pattern.get("patternType", "none")
        if kind == "none":
            return "geen"
        colour = self.colour(pattern.find(f"{space}fgColor"), _BLACK)
        if kind == "solid":
            return colour
        return f"{kind} {colour} op {self.colour(pattern.find(f'{space}bgColor'), _WHITE)}"

    def border(self, element: etree._Element) -> str:
        """``onder dun #C9D3DB``."""
        words = []
        for tag, side in _SIDES.items():
            line = element.find(f"{self.space}{tag}")
            kind = "none" if line is None else line.get("style", "none")
            if line is not None and kind != "none":
                colour = self.colour(line.find(f"{self.space}color"), _BLACK)
                words.append(f"{side} {_LINES.get(kind, kind)} {colour}")
        if len(words) == 4 and len({word.split(" ", 1)[1] for word in words}) == 1 and "schuin" not in words[-1]:
            return f"rondom {words[0].split(' ', 1)[1]}"
        return ", ".join(words) or "geen"

    def difference(self, element: etree._Element) -> str:
        """What a conditional format changes; in its fill the background is the colour."""
        space, words = self.space, []
        font = element.find(f"{space}font")
        if font is not None:
            words += self._font_words(font, default="")
        pattern = element.find(f"{space}fill/{space}patternFill")
        if pattern is not None:
            colour = self.colour(pattern.find(f"{space}bgColor"), "")
            words.append(f"vulling {colour or self.colour(pattern.find(f'{space}fgColor'), '')}")
        border = element.find(f"{space}border")
        if border is not None and (text := self.border(border)) != "geen":
            words.append(f"rand {text}")
        number = element.find(f"{space}numFmt")
        if number is not None:
            words.append(canonical(number.get("formatCode", "General")))
        return ", ".join(words)

    def colour(self, element: etree._Element | None, default: str) -> str:
        """``#RRGGBB``; the default where the program chooses."""
        if element is None:
            return default
        tint = _float(element.get("tint", "0"))
        if (rgb := element.get("rgb")) is not None:
            return _tinted(rgb[-6:].upper(), tint)
        if (theme := element.get("theme")) is not None:
            number = int(theme) if theme.isdecimal() else len(self.theme)
            return _tinted(self.theme[number].upper(), tint) if number < len(self.theme) else default
        if (indexed := element.get("indexed")) is not None and indexed.isdecimal():
            number = int(indexed)
            return _tinted(self.palette[number].upper(), tint) if number < len(self.palette) else default
        return default


def _tinted(rgb: str, tint: float) -> str:
    """A theme's colour made lighter (up to 1) or darker (down to -1)."""
    if not tint or len(rgb) != 6:
        return f"#{rgb}"
    red, green, blue = (int(rgb[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "#" + "".join(f"{round(part * 255):02X}" for part in colorsys.hls_to_rgb(hue, light, saturation))


def _val(element: etree._Element | None) -> str:
    return "" if element is None else element.get("val", "")


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _number(text: str) -> str:
    return f"{_float(text):g}"
