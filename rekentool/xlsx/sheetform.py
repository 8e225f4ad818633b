"""The cells of a sheet in two halves: what they are (`SheetForm`), and the values that stand in them.

The form is the same in every workbook made from one template, so it is worked out once for all of them; the values are
read anew for each.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1, split_a1
from rekentool.xlsx.cellscan import CellText
from rekentool.xlsx.dates import date_serial
from rekentool.xlsx.elements import flag, unescape

#: Cells that the array formulas of a workbook may fill together: a few bytes of a file can claim a whole sheet.
MAX_ARRAY_CELLS = 200_000

#: The addresses of sheets that were read before, in this process: in files made from one workbook they are the same,
#: and a dictionary finds the very same object sooner than an equal one.
_addresses: dict[str, dict[str, Address]] = {}
#: Sheets and addresses that are remembered; with more of them the next sheet starts anew.
_MOST_SHEETS, _MOST_ADDRESSES = 200, 200_000


def _known_addresses(sheet: str) -> dict[str, Address]:
    """The addresses of the sheet with this name, by reference."""
    if len(_addresses) > _MOST_SHEETS or sum(map(len, _addresses.values())) > _MOST_ADDRESSES:
        _addresses.clear()
    return _addresses.setdefault(sheet, {})


@dataclass(frozen=True)
class SheetForm:
    """The cells of one sheet, but for the values that stand in them.

    ``styles``, ``formulas``, ``arrays`` and ``members`` are as in `reader.Workbook`. ``slots`` are the cells that have
    a value or an inline text, in the order of the file, each with its type; ``blanks`` have the text "" without any.
    """

    sheet: str
    styles: dict[Address, int] = field(default_factory=dict)
    formulas: dict[Address, str] = field(default_factory=dict)
    arrays: dict[Address, str] = field(default_factory=dict)
    members: dict[Address, Address] = field(default_factory=dict)
    slots: list[tuple[Address, str]] = field(default_factory=list)
    blanks: dict[Address, CellValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def array_cells(self) -> int:
        """How many cells the array formulas and data tables fill together."""
        return len(self.members) + len(self.arrays)

    @cached_property
    def _numbers(self) -> _Group:
        return _Group.of(self.slots, ("n",))

    @cached_property
    def _texts(self) -> _Group:
        return _Group.of(self.slots, ("str", "inlineStr"))

    @cached_property
    def _others(self) -> list[tuple[int, Address, str]]:
        known = {*self._numbers.addresses, *self._texts.addresses}
        return [(place, address, kind) for place, (address, kind) in enumerate(self.slots) if address not in known]

    def values(
        self, texts: Sequence[str] | Sequence[bytes], strings: Sequence[str], decode: Callable[[Any], str], *,
        date1904: bool,
    ) -> tuple[dict[Address, CellValue], list[Finding]]:
        """The values of all cells, given the text of each slot; RK191 for each that isn't one of its type.

        ``strings`` are the workbook's shared ones; ``decode`` makes of a text what it says, a number aside.
        """
        findings: list[Finding] = []
        values: dict[Address, CellValue] = dict(self.blanks)
        values.update(zip(self._texts.addresses, map(decode, self._texts.take(texts)), strict=True))
        others = self._others
        try:
            numbers = list(map(float, self._numbers.take(texts)))
            if not math.isfinite(sum(numbers)):
                raise ValueError
            values.update(zip(self._numbers.addresses, numbers, strict=True))
        except ValueError:  # one of them isn't a number, or they are very large: one by one
            numeric = [(place, address, kind) for place, (address, kind) in enumerate(self.slots) if kind == "n"]
            others = numeric + others
        for place, address, kind in others:
            text = decode(texts[place])
            if not text:  # <v></v> is no value
                continue
            try:
                values[address] = _value(kind, text, strings, date1904)
            except (ValueError, IndexError, RekentoolError):  # one odd cell doesn't make the file unreadable
                what = f"waarde {text!r} van het type {kind!r}"
                findings.append(finding("RK191", place=str(address), wat=what))
        return values, findings


@dataclass(frozen=True)
class _Group:
    """Some slots: their cells, and what takes their texts out of those of all slots."""

    addresses: list[Address]
    take: Callable[[Sequence[Any]], Sequence[Any]]

    @classmethod
    def of(cls, slots: Sequence[tuple[Address, str]], kinds: tuple[str, ...]) -> _Group:
        places = [place for place, (_, kind) in enumerate(slots) if kind in kinds]
        take = itemgetter(*places) if len(places) > 1 else lambda texts: [texts[place] for place in places]
        return cls([slots[place][0] for place in places], take)


def read_form(sheet: str, cells: Iterable[CellText]) -> tuple[SheetForm, list[str]]:
    """The form of a sheet's cells, and the text of each slot.

    RK190 when array formulas fill more than ``MAX_ARRAY_CELLS``, or cells that don't exist. What isn't understood
    stands in ``findings`` of the form (RK191, RK192).
    """
    form = SheetForm(sheet)
    found: list[str] = []
    masters: dict[str, tuple[str, str]] = {}
    arrays: list[tuple[Address, str]] = []
    followers: list[tuple[Address, str]] = []
    known = _known_addresses(sheet)
    for reference, style, kind, attributes, formula, text, inline in cells:
        address = known.get(reference)
        if address is None:
            address = known[reference] = Address(sheet, reference)
        if address in form.styles:
            form.findings.append(finding("RK191", place=str(address), wat="de cel staat twee keer in het bestand"))
            continue
        form.styles[address] = style
        if attributes is not None:
            _read_formula(form, address, attributes, unescape(formula), masters, arrays, followers)
        if kind == "inlineStr":
            if inline is not None:
                form.slots.append((address, kind))
                found.append(inline)
        elif text is not None:
            form.slots.append((address, kind))
            found.append(text)
        elif kind == "str":
            form.blanks[address] = ""
    if len(known) > _MOST_ADDRESSES:
        _addresses.pop(sheet, None)
    for address, group in followers:
        _expand(form, address, masters.get(group))
    budget = MAX_ARRAY_CELLS
    for anchor, reference in arrays:
        budget = _add_array(form, anchor, reference, budget)
    return form, found


def _value(kind: str, text: str, strings: Sequence[str], date1904: bool) -> CellValue:
    """The value that the text of a slot that isn't text stands for; one of several errors when it is none."""
    if kind == "n":
        if not math.isfinite(float(text)):
            raise ValueError(text)
        return float(text)
    if kind == "s":
        number = int(text)
        if number < 0:
            raise IndexError(text)
        return strings[number]
    if kind == "b":
        return flag(text.strip())
    if kind == "e":
        return ExcelError(text.strip())
    if kind == "d":
        return date_serial(datetime.fromisoformat(text.removesuffix("Z")), date1904)
    raise ValueError(kind)


def _read_formula(
    form: SheetForm, address: Address, attributes: Mapping[str, str], text: str, masters: dict[str, tuple[str, str]],
    arrays: list[tuple[Address, str]], followers: list[tuple[Address, str]],
) -> None:
    """``text`` is the formula without its escapes (ST_Formula is an ST_Xstring)."""
    kind, group = attributes.get("t", "normal"), attributes.get("si", "")
    if kind == "shared" and not text:
        followers.append((address, group))
    elif kind == "dataTable":
        inputs = ",".join(filter(None, (attributes.get("r1"), attributes.get("r2"))))
        form.formulas[address] = f"=TABLE({inputs})"
        arrays.append((address, attributes.get("ref", address.cell)))
    elif text:
        form.formulas[address] = f"={text}"
        if kind == "shared":
            masters[group] = (f"={text}", address.cell)
        elif kind == "array":
            arrays.append((address, attributes.get("ref", address.cell)))


def _add_array(form: SheetForm, anchor: Address, reference: str, budget: int) -> int:
    """Note which cells are results of this array formula or data table, also those that the sheet leaves out; gives
    what is left of the budget."""
    form.arrays[anchor] = reference
    first, _, last = reference.partition(":")
    try:
        (left, top), (right, bottom) = split_a1(first), split_a1(last or first)
    except ValueError as problem:
        raise refuse("RK190", place=str(anchor), reden=str(problem)) from problem
    budget -= (right - left + 1) * (bottom - top + 1)
    if budget < 0:
        raise too_many_array_cells(str(anchor))
    cells = (Address(anchor.sheet, a1(c, r)) for r in range(top, bottom + 1) for c in range(left, right + 1))
    form.members.update((cell, anchor) for cell in cells if cell != anchor)
    return budget


def too_many_array_cells(place: str) -> RekentoolError:
    """RK190 for array formulas over more cells than we read."""
    return refuse("RK190", place=place, reden=f"matrixformules over meer dan {MAX_ARRAY_CELLS} cellen")


def _expand(form: SheetForm, address: Address, master: tuple[str, str] | None) -> None:
    if master is None:
        form.findings.append(finding("RK192", place=str(address)))
        return
    from openpyxl.formula.translate import Translator, TranslatorError  # slow to import, and seldom needed

    try:
        form.formulas[address] = Translator(master[0], origin=master[1]).translate_formula(address.cell)
    except TranslatorError:
        form.findings.append(finding("RK192", place=str(address)))
