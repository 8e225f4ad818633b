"""What single formulas hold that a maintainer wants to know: numbers of their own, volatile functions, references to
nothing, lookups that need sorted values, texts that look like numbers."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from itertools import pairwise

from rekentool.engine.parse import SyntaxProblem, parse, walk
from rekentool.engine.spelling import formula_text, reference_text
from rekentool.engine.tree import ArrayConstant, Binary, Call, Logical, Number, Reference, Text, Tree, Unary
from rekentool.jobs.blueprint import Blueprint
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import Address, CellValue, a1
from rekentool.xlsx.ranges import shown

#: Numbers that say nothing about the subject: nothing, one and its sign, two sides or a mean of two; parts of a year,
#: day and hour; per cent, per thousand and per million.
STRUCTURAL = frozenset({0.0, 1.0, 2.0, 7.0, 12.0, 24.0, 52.0, 60.0, 100.0, 365.0, 366.0, 1000.0, 1_000_000.0})
#: Arguments (from 0) that are a place, a number of decimals, a kind: part of how a function is called.
_PLACES: dict[str, tuple[int, ...]] = {
    "ROUND": (1,), "ROUNDUP": (1,), "ROUNDDOWN": (1,), "TRUNC": (1,), "FIXED": (1,), "INDEX": (1, 2, 3), "MATCH": (2,),
    "XMATCH": (2, 3), "VLOOKUP": (2, 3), "HLOOKUP": (2, 3), "XLOOKUP": (4, 5), "OFFSET": (1, 2, 3, 4), "CHOOSE": (0,),
    "LEFT": (1,), "RIGHT": (1,), "MID": (1, 2), "FIND": (2,), "SEARCH": (2,), "SUBSTITUTE": (3,), "REPLACE": (1, 2),
    "REPT": (1,), "LARGE": (1,), "SMALL": (1,), "RANK": (2,), "RANK.EQ": (2,), "RANK.AVG": (2,), "WEEKDAY": (1,),
    "WEEKNUM": (1,), "YEARFRAC": (2,), "EDATE": (1,), "EOMONTH": (1,), "SUBTOTAL": (0,), "AGGREGATE": (0, 1),
    "QUARTILE": (1,), "LOG": (1,), "CHAR": (0,), "UNICHAR": (0,), "ADDRESS": (0, 1, 2, 3), "BASE": (1,),
}  # fmt: skip
_COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
#: A number this small beside a comparison is its tolerance, and one this large stands for "no limit".
_TOLERANCE, _NO_LIMIT = 0.01, 1e15
#: Functions whose result changes, or is looked for anew, at every calculation.
VOLATILE = frozenset(
    {"NOW", "TODAY", "RAND", "RANDBETWEEN", "RANDARRAY", "OFFSET", "INDIRECT", "CELL", "INFO"}
)  # fmt: skip
#: Functions that give texts.
_TEXTS = frozenset({"TEXT", "CONCATENATE", "CONCAT", "TEXTJOIN", "LEFT", "RIGHT", "MID", "UPPER", "LOWER", "TRIM"})
_TEXT_NUMBER = re.compile(r"[-+−]?[€ ]*\d{1,3}(?:[. ]?\d{3})*(?:[.,]\d+)?[ ]?%?|[-+−]?\d+[.,]\d+[ ]?%?")


def formula_findings(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK740, RK745, RK746, RK747 and RK748, in that order."""
    yield from _numbers(book, file)
    yield from _blanks(book, file)
    yield from _lookups(book, file)
    yield from _text_numbers(book, file)
    yield from _volatile(book, file)


# -- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK740, one for a formula and all its copies."""
    groups: dict[tuple[Hashable, tuple[float, ...]], list[Address]] = {}
    for address, tree in book.trees.items():
        found = tuple(dict.fromkeys(own_numbers(tree)))
        if found and not gives_text(tree):
            groups.setdefault((book.shapes.get(address, address), found), []).append(address)
    for (_, numbers), cells in groups.items():
        shown_numbers = ", ".join(cell_text(number) for number in numbers)
        facts = {"getallen": shown_numbers, "aantal": len(cells), "formule": _text(book, cells[0])}
        yield finding("RK740", shown(cells), file, **facts)


def own_numbers(tree: Tree) -> Iterator[float]:
    """The numbers in a formula that belong in a cell: not structural ones, places, tolerances, or "no limit"."""
    if isinstance(tree, Number):
        if tree.value not in STRUCTURAL and abs(tree.value) < _NO_LIMIT:
            yield tree.value
    elif isinstance(tree, Unary):
        yield from own_numbers(tree.operand)
    elif isinstance(tree, Binary):
        for side in (tree.left, tree.right):
            small = isinstance(side, Number) and abs(side.value) < _TOLERANCE
            if not (small and tree.operator in _COMPARISONS):
                yield from own_numbers(side)
    elif isinstance(tree, Call):
        places = _PLACES.get(tree.name, ())
        for place, argument in enumerate(tree.arguments):
            if place not in places or not isinstance(argument, Number | Unary):
                yield from own_numbers(argument)
    elif isinstance(tree, ArrayConstant):
        for row in tree.rows:
            for cell in row:
                yield from own_numbers(cell)


def gives_text(tree: Tree) -> bool:
    """Whether a formula only ever gives a text: a check says OK within the bounds of an input, and computes nothing."""
    if isinstance(tree, Text):
        return True
    if isinstance(tree, Binary):
        return tree.operator == "&"
    if isinstance(tree, Call) and tree.name == "IF":
        return len(tree.arguments) == 3 and all(gives_text(branch) for branch in tree.arguments[1:])
    if isinstance(tree, Call) and tree.name in ("IFERROR", "IFNA"):
        return all(gives_text(branch) for branch in tree.arguments)
    return isinstance(tree, Call) and tree.name in _TEXTS


def _text(book: Blueprint, address: Address) -> str:
    return "=" + excerpt(formula_text(book.trees[address]), 120)


# -- references to nothing -------------------------------------------------------------------------------------------


def _blanks(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK745: cells that nobody fills in and that hold nothing, one for each of them with the formulas that read it."""
    readers: dict[Reference, list[Address]] = {}
    for address, areas in book.rectangles.items():
        for area in areas:
            if area.single or not book.precedents.inside(area):
                readers.setdefault(area, []).append(address)
    for area, cells in readers.items():
        if not _fillable(book, area):
            yield finding("RK745", shown(cells), file, leeg=reference_text(area), formule=_text(book, cells[0]))


def _fillable(book: Blueprint, area: Reference) -> bool:
    """Whether a rectangle holds anything or may be filled in."""
    if area.single:
        address = Address(area.sheet or "", a1(area.left, area.top))
        return address in book.free or book.holds(address)
    return any(
        cell.sheet == area.sheet and area.left <= cell.column <= area.right and area.top <= cell.row <= area.bottom
        for cell in book.free
    )


# -- lookups ---------------------------------------------------------------------------------------------------------


def _lookups(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK746: lookups that find the nearest value by halving, on values that aren't in that order."""
    groups: dict[tuple[str, str, str], list[Address]] = {}
    for address, tree in book.trees.items():
        for call in (node for node in walk(tree) if isinstance(node, Call)):
            searched = _searched(call)
            if searched is None:
                continue
            where, step, vertical = searched
            area = book.area(where, address)
            if area is None:
                continue  # a computed row of values, such as 1/(A1:A9=B1): made for this
            area = _line(area, vertical)
            fault = _disorder(book.values, area, step)
            if fault:
                groups.setdefault((call.name, reference_text(area), fault), []).append(address)
    for (name, area_text, fault), cells in groups.items():
        facts = {"functie": name, "bereik": area_text, "cel": fault, "formule": _text(book, cells[0])}
        yield finding("RK746", shown(cells), file, **facts)


def _searched(call: Call) -> tuple[Tree, int, bool | None] | None:
    """What a call looks in, in which order that must be (1 rising, -1 falling), and whether in the first column
    (True) or row (False) only; None for a call that needs no order."""
    given = call.arguments
    if call.name in ("VLOOKUP", "HLOOKUP") and len(given) >= 3:
        kind = _constant(given[3]) if len(given) > 3 else 1.0
        return (given[1], 1, call.name == "VLOOKUP") if kind else None
    if call.name == "MATCH" and len(given) >= 2:
        kind = _constant(given[2]) if len(given) > 2 else 1.0
        return (given[1], 1 if kind > 0 else -1, None) if kind else None
    if call.name == "LOOKUP" and len(given) >= 2:
        return given[1], 1, None
    search = {"XLOOKUP": 5, "XMATCH": 3}.get(call.name)
    if search is not None and len(given) > search:
        # An XLOOKUP for the nearest value goes through all of them, unless it is told to halve.
        kind = _constant(given[search])
        return (given[1], int(kind) // 2, None) if kind in (2.0, -2.0) else None
    return None


def _constant(tree: Tree) -> float:
    """A kind of matching as it is written; 0, which needs no order, where it is left empty or computed."""
    if isinstance(tree, Unary) and tree.operator == "-":
        return -_constant(tree.operand)
    if isinstance(tree, Logical):
        return float(tree.value)
    return tree.value if isinstance(tree, Number) else 0.0


def _line(area: Reference, vertical: bool | None) -> Reference:
    """The row or column that is searched."""
    if vertical is None:
        vertical = area.bottom - area.top >= area.right - area.left
    if vertical:
        return Reference(area.sheet, area.left, area.top, area.left, area.bottom, area.absolute)
    return Reference(area.sheet, area.left, area.top, area.right, area.top, area.absolute)


def _disorder(values: Mapping[Address, CellValue], area: Reference, step: int) -> str:
    """The first cell that comes before the one above it (or after, for a falling row), or ""."""
    cells = [
        Address(area.sheet or "", a1(column, row))
        for row in range(area.top, area.bottom + 1)
        for column in range(area.left, area.right + 1)
    ]
    known = [(cell, _order(value)) for cell in cells if (value := values.get(cell)) is not None]
    for (_, before), (cell, after) in pairwise(known):
        if (after < before) if step > 0 else (after > before):
            return cell.cell
    return ""


def _order(value: CellValue) -> tuple[int, float | str]:
    """Excel's order: numbers, texts, logical values, errors."""
    if isinstance(value, bool):
        return 2, float(value)
    if isinstance(value, float | int):
        return 0, float(value)
    return (1, value.casefold()) if isinstance(value, str) else (3, "")


# -- texts and volatile functions ------------------------------------------------------------------------------------


def _text_numbers(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK747: a constant text that reads as a number, where a formula reads it as something else than a text."""
    computing = _computed_with(book)
    cells: dict[str, list[Address]] = {}
    for address, value in book.workbook.values.items():
        if not isinstance(value, str) or address in book.formula_cells:
            continue
        text = value.replace("\u00a0", " ").strip()
        if _TEXT_NUMBER.fullmatch(text) and address in computing:
            cells.setdefault(address.sheet, []).append(address)
    for found in cells.values():
        yield finding(
            "RK747", shown(found), file, aantal=len(found), tekst=excerpt(str(book.workbook.values[found[0]]))
        )


def _computed_with(book: Blueprint) -> set[Address]:
    """Cells with text that some formula reads, apart from formulas that only put them in a text."""
    found: set[Address] = set()
    for address, areas in book.rectangles.items():
        tree = book.trees[address]
        if isinstance(tree, Binary) and tree.operator == "&":
            continue
        for area in areas:
            found.update(book.precedents.inside(area))
    return found


def _volatile(book: Blueprint, file: str) -> Iterator[Finding]:
    """RK748, one for each function on each sheet; and for defined names."""
    groups: dict[tuple[str, str], list[Address]] = {}
    for address, tree in book.trees.items():
        for name in sorted({node.name for node in walk(tree) if isinstance(node, Call)} & VOLATILE):
            groups.setdefault((address.sheet, name), []).append(address)
    for (_, name), cells in groups.items():
        yield finding("RK748", shown(cells), file, functie=name, aantal=len(cells), formule=_text(book, cells[0]))
    for name, text in book.workbook.name_formulas.items():
        try:
            tree = parse(text)
        except SyntaxProblem:
            continue  # the reader names it (RK193, RK194)
        for function in sorted({node.name for node in walk(tree) if isinstance(node, Call)} & VOLATILE):
            yield finding("RK748", name, file, functie=function, aantal=1, formule=excerpt(f"={text}", 120))
