"""Seeded changes of single formulas of the template, made in the file's XML without the package.

Formulas are taken apart by openpyxl's tokenizer, and which cells there are is read from the file by openpyxl too.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from html import escape

import openpyxl
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils import get_column_letter

from rekentool.shipped import SHIPPED
from rekentool.xlsx.cell import Address

TEMPLATE = SHIPPED / "workbooks" / "rekentool.xlsx"
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)([0-9]+)")
_FUNCTIONS = {
    "SUM(": "MAX(", "MAX(": "MIN(", "MIN(": "MAX(", "ROUNDUP(": "ROUNDDOWN(", "ROUND(": "ROUNDUP(", "AND(": "OR(",
    "ISNUMBER(": "ISTEXT(", "ISNA(": "ISNUMBER(", "COUNTIF(": "SUMIF(",
}  # fmt: skip
_SIGNS = {"+": "-", "-": "+", "*": "/", "/": "*", "<=": "<", "<": "<=", ">": ">=", ">=": ">", "=": "<>"}


@dataclass(frozen=True)
class Mutation:
    """One change: what kind, and which cells of one sheet have another content (XML)."""

    kind: str
    cells: tuple[Address, ...]
    old: str
    new: str
    contents: tuple[tuple[str, str], ...]

    @property
    def data(self) -> bytes:
        """The template with this change."""
        return _with_cells(self.cells[0].sheet, dict(self.contents))

    def __str__(self) -> str:
        return f"{self.kind} {self.cells[0]}: {self.old} → {self.new}"


@cache
def formulas() -> dict[Address, str]:
    """Every formula of the template, by openpyxl."""
    book = openpyxl.load_workbook(TEMPLATE)
    return {
        Address(sheet.title, cell.coordinate): cell.value
        for sheet in book for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f" and isinstance(cell.value, str)
    }  # fmt: skip


@cache
def caches() -> dict[Address, object]:
    """Every stored value of a formula of the template, by openpyxl."""
    book = openpyxl.load_workbook(TEMPLATE, data_only=True)
    return {address: book[address.sheet][address.cell].value for address in formulas()}


def mutations(count: int, seed: int) -> Iterator[Mutation]:
    """So many changes, all kinds in turn, each in another formula."""
    chance = random.Random(seed)
    made: set[Address] = set()
    kinds = [*_KINDS, "verwisselde rij"]
    number = 0
    while number < count:
        kind = kinds[number % len(kinds)]
        found = _swapped_rows(chance, made) if kind == "verwisselde rij" else _changed(kind, chance, made)
        if found is not None:
            made.update(found.cells)
            number += 1
            yield found


def _changed(kind: str, chance: random.Random, made: set[Address]) -> Mutation | None:
    sheet = chance.choice(sorted({address.sheet for address in formulas()}))
    address = chance.choice(sorted(cell for cell in formulas() if cell.sheet == sheet))
    old = formulas()[address]
    if address in made:
        return None
    if kind == "waarde over formule":
        value = caches()[address]
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        new = chance.choice([repr(value), repr(value + 1)])
        return Mutation(kind, (address,), old, new, ((address.cell, f"<v>{new}</v>"),))
    tokens = Tokenizer(old).items
    choices = [(place, text) for place, token in enumerate(tokens) for text in _KINDS[kind](token)]
    if not choices:
        return None
    place, text = chance.choice(choices)
    new = "=" + "".join(text if number == place else token.value for number, token in enumerate(tokens))
    content = f"<f>{escape(new[1:], quote=False)}</f>"
    return Mutation(kind, (address,), old, new, ((address.cell, content),))


def _swapped_rows(chance: random.Random, made: set[Address]) -> Mutation | None:
    """Two rows of a businesscase that compute otherwise have each other's formulas, as if typed there."""
    sheet = chance.choice([name for name in sorted({cell.sheet for cell in formulas()}) if name[0].isdigit()])
    rows = sorted({cell.row for cell in formulas() if cell.sheet == sheet})
    row = chance.choice(rows)
    columns = [4, 5, 6, 7, 8]
    here, there = ([Address(sheet, f"{get_column_letter(c)}{r}") for c in columns] for r in (row, row + 1))
    if not all(cell in formulas() and cell not in made for cell in (*here, *there)):
        return None
    new = {one: formulas()[other] for one, other in (*zip(here, there, strict=True), *zip(there, here, strict=True))}
    # A formula that would read its own cell is no row that was swapped but a circle.
    if any(re.search(rf"(?<![A-Z$!]){cell.cell}(?![0-9])", text) for cell, text in new.items()):
        return None
    if any(formulas()[cell] == text for cell, text in new.items()):
        return None
    contents = tuple((cell.cell, f"<f>{escape(text[1:], quote=False)}</f>") for cell, text in new.items())
    return Mutation("verwisselde rij", (*here, *there), formulas()[here[0]], new[here[0]], contents)


# -- the kinds: other texts for one token -----------------------------------------------------------------------------


def _sign(token: Token) -> list[str]:
    infix = token.type == Token.OP_IN
    return [_SIGNS[token.value]] if infix and token.value in _SIGNS else []


def _reference(token: Token) -> list[str]:
    match = _CELL.fullmatch(_cells_of(token))
    if match is None:
        return []
    return [_prefix(token) + f"{match[1]}{match[2]}{match[3]}{int(match[4]) + step}" for step in (1, -1)]


def _constant(token: Token) -> list[str]:
    number = token.type == Token.OPERAND and token.subtype == Token.NUMBER
    return [str(int(token.value) + 1)] if number and token.value.isdigit() else []


def _range_end(token: Token) -> list[str]:
    first, colon, last = _cells_of(token).partition(":")
    match = _CELL.fullmatch(last)
    if not colon or match is None or first.replace("$", "").lstrip("ABCDEFGHIJ") == match[4]:
        return []
    return [_prefix(token) + f"{first}:{match[1]}{match[2]}{match[3]}{int(match[4]) - 1}"]


def _function(token: Token) -> list[str]:
    opens = token.type == Token.FUNC and token.subtype == Token.OPEN
    return [_FUNCTIONS[token.value]] if opens and token.value in _FUNCTIONS else []


def _absolute(token: Token) -> list[str]:
    match = _CELL.fullmatch(_cells_of(token))
    if match is None:
        return []
    marks = [("", "") if match[1] else ("$", "$"), (match[1], "" if match[3] else "$")]
    return [_prefix(token) + f"{one}{match[2]}{other}{match[4]}" for one, other in marks]


def _cells_of(token: Token) -> str:
    return token.value.rpartition("!")[2] if token.subtype == Token.RANGE else ""


def _prefix(token: Token) -> str:
    sheet, mark, _ = token.value.rpartition("!")
    return str(sheet + mark)


_KINDS: dict[str, Callable[[Token], list[str]]] = {
    "ander teken": _sign,
    "andere verwijzing": _reference,
    "andere constante": _constant,
    "ander bereikeinde": _range_end,
    "andere functie": _function,
    "ander dollarteken": _absolute,
    "waarde over formule": lambda token: [],
}


# -- the file ---------------------------------------------------------------------------------------------------------


@cache
def _members() -> tuple[dict[str, bytes], dict[str, str]]:
    """The members of the template's zip, and the part of each sheet."""
    with zipfile.ZipFile(TEMPLATE) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    book, relations = (members[name].decode() for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    targets = {
        re.search(r'\bId="([^"]+)"', one)[1]: re.search(r'Target="/?(?:xl/)?([^"]+)"', one)[1]  # type: ignore[index]
        for one in re.findall(r"<Relationship [^>]+>", relations)
    }
    parts = {
        re.search(r'\bname="([^"]+)"', one)[1]: "xl/" + targets[re.search(r'\br:id="([^"]+)"', one)[1]]  # type: ignore[index]
        for one in re.findall(r"<sheet [^>]+>", book)
    }
    return members, parts


def _with_cells(sheet: str, contents: dict[str, str]) -> bytes:
    """The template with other contents in these cells of one sheet."""
    members, parts = _members()
    text = members[parts[sheet]].decode()
    for cell, content in contents.items():
        text, count = re.subn(
            rf'<c r="{cell}"((?: s="[0-9]+")?)(?: t="[a-z]+")?>.*?</c>',
            lambda match, cell=cell, content=content: f'<c r="{cell}"{match[1]}>{content}</c>',  # type: ignore[misc]
            text, count=1,
        )  # fmt: skip
        assert count == 1, cell
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, text if name == parts[sheet] else data)
    return buffer.getvalue()
