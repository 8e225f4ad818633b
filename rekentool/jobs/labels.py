"""What a cell is called and how its value reads: by the mapping where it knows the cell, else by its sheet.

On a sheet the label of a cell is the text at the left of its row and the heading above its column; the unit stands in
a column with the heading ``Eenheid``. That is how people lay out a calculation, and no more than a reading aid.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal

from rekentool.mapping.bind import ResultCell
from rekentool.mapping.schema import WHOLE, Field, InputKey, Kengetal, Kind
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text, format_value, parse_cell, serial_date
from rekentool.messages import RekentoolError
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue, ExcelError, a1, column_number, split_a1

#: What the mapping takes a cell for; "" when it doesn't know the cell.
Part = Literal["invoer", "kengetal", "resultaat", "controle", ""]

#: How a file marks functions that came after 2007; the formula bar doesn't show it.
_PREFIXES = re.compile(r"_xlfn\.|_xlws\.|_xlpm\.", re.IGNORECASE)
#: As much of a text as is shown.
_TEXT = 60
_UNIT_HEADING = "eenheid"
#: What stands in a column of units and says of what kind a value is, not what it counts.
_NO_UNITS = frozenset({"factor", "kans", "keuze", "ja/nee", "tekst", "datum", "getal", "aantal"})
#: Numbers from here on get points between their thousands, whatever the format of their cell.
_UNGROUPED = 10_000
_BETWEEN_QUOTES = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_DATE = re.compile(r"[dy]|mmm|^m+[-/]|[-/]m+", re.IGNORECASE)
_PERCENT_DECIMALS = re.compile(r"\.([0#?]+)%")
_DECIMALS = re.compile(r"\.([0#?]+)")


@dataclass(frozen=True, slots=True)
class Label:
    """What a cell is called, its unit ("" when none is known), and what the mapping takes it for."""

    text: str
    unit: str
    part: Part


class Labels:
    """The names of the cells of one workbook, and their values as a Dutch reader writes them."""

    def __init__(self, tool: Tool) -> None:
        self._tool, self._workbook = tool, tool.workbook
        mapping, binding = tool.mapping, tool.binding
        self.inputs: Mapping[Address, InputKey] = {address: key for key, address in binding.inputs.items()}
        self.kengetallen: Mapping[Address, Kengetal] = {
            address: mapping.kengetal(id_) for id_, address in binding.used.items()
        }
        self.checks = {binding.checks[check.id]: check for check in mapping.checks}
        self._lines = {
            (block.shared.get("partij", ""), block.shared.get("regel", "")): block.label
            for result in mapping.results
            for block in result.ranges
            if block.label
        }

    @cached_property
    def results(self) -> Mapping[Address, ResultCell]:
        """The result that stands in a cell."""
        found: dict[Address, ResultCell] = {}
        for cell in self._tool.binding.results("alle"):
            found.setdefault(cell.address, cell)
        return found

    def field(self, address: Address) -> Field | None:
        """The input field of a cell."""
        key = self.inputs.get(address)
        return None if key is None else self._tool.mapping.field(key[0])

    def of(self, address: Address) -> Label:
        """The label of any cell."""
        mapping = self._tool.mapping
        if address in self.inputs:
            field_id, case = self.inputs[address]
            field = mapping.field(field_id)
            own = f"eigen waarde: {field.label}" if field.own_of else field.label
            return Label(own if case is None else f"{own}, {mapping.cases[case]}", field.unit, "invoer")
        if address in self.kengetallen:
            kengetal = self.kengetallen[address]
            return Label(kengetal.label, kengetal.unit, "kengetal")
        if address in self.checks:
            return Label(self.checks[address].label, "", "controle")
        if address in self.results:
            return self.of_result(self.results[address])
        return Label(self._on_sheet(address) or str(address), self._unit(address), "")

    def of_result(self, result: ResultCell) -> Label:
        """``Gemeente, saldo, Bol niveau 2, totaal``."""
        mapping = self._tool.mapping
        party = mapping.parties.get(result.partij, "Maatschappelijk" if result.partij == WHOLE else result.partij)
        year = f"jaar {result.jaar}" if result.jaar.isdigit() else result.jaar
        words = [party, self.line(result), mapping.cases.get(result.geval, result.geval), year]
        return Label(", ".join(word for word in words if word), result.eenheid, "resultaat")

    def line(self, result: ResultCell) -> str:
        """What the line of a result is called."""
        return self._lines.get((result.partij, result.regel)) or result.regel.replace("_", " ")

    def of_area(self, cells: Sequence[Address]) -> str:
        """The label of a rectangle: that of its first and of its last cell."""
        first, last = self.of(cells[0]).text, self.of(cells[-1]).text
        return first if first == last else f"{first} t/m {last}"

    def formula(self, address: Address) -> str:
        """The formula of a cell as Excel shows it; "" where there is none."""
        anchor = self._workbook.array_members.get(address, address)
        formula = _PREFIXES.sub("", self._workbook.formulas.get(anchor, ""))
        return f"{{{formula}}}" if anchor in self._workbook.arrays else formula

    def filled(self, address: Address, template: Tool) -> str:
        """Of an input: whether it is filled in, the template's default, or what its being blank means; else ""."""
        key = self.inputs.get(address)
        if key is None:
            return ""
        value, default = self._workbook.values.get(address), template.workbook.values.get(template.binding.inputs[key])
        if value in (None, ""):
            meaning = self._tool.mapping.field(key[0]).blank_meaning
            return f"leeg: {meaning}" if meaning else "leeg"
        return "standaardwaarde" if value == default else "ingevuld"

    # -- the sheet ---------------------------------------------------------------------------------------------------

    def _on_sheet(self, address: Address) -> str:
        row = self.row(address)
        # Where a row has one value, what stands above the column ("Gegeven", "Bedrag") adds nothing.
        alone = row and len(self._values_in_row.get((address.sheet, address.row), ())) < 2
        heading = "" if alone else self._headings(address).get(address.column, "")
        return ", ".join(dict.fromkeys(part for part in (row, heading) if part))

    def row(self, address: Address) -> str:
        """The label of the cell's row on its sheet: the first of the texts that stand together, nearest to the left;
        in the column of labels where the mapping names one. "" where there is none."""
        column, row = split_a1(address.cell)
        own = self._tool.mapping.workbook.label_column
        if own and column_number(own) < column:
            text = self._text(Address(address.sheet, f"{own}{row}"))
            if text and not self._text_between(address, column_number(own)):
                return text
        found = ""
        for left in range(column - 1, 0, -1):
            text = self._text(Address(address.sheet, a1(left, row)))
            if text:
                found = text
            elif found:
                break
        return found

    def _text_between(self, address: Address, label_column: int) -> bool:
        """Whether another table begins between the column of labels and the cell: a blank column, then a text."""
        column, row = split_a1(address.cell)
        headings, gap = self._headings(address), False
        for at in range(label_column + 1, column):
            cell = Address(address.sheet, a1(at, row))
            if gap and self._text(cell):
                return True
            blank = cell not in self._workbook.values and cell not in self._workbook.formulas
            gap = gap or (blank and at not in headings)
        return False

    def _headings(self, address: Address) -> dict[int, str]:
        """The nearest row of headings above the cell that has one for its column: text by column."""
        column, row = split_a1(address.cell)
        rows = self._heading_rows.get(address.sheet, [])
        return next((found for above, found in reversed(rows) if above < row and column in found), {})

    def _unit(self, address: Address) -> str:
        """The text in the row's column of units; not for a plain number where others in the row have a format."""
        beside = self._values_in_row.get((address.sheet, address.row), ())
        if self._plain(address) and not all(map(self._plain, beside)):
            return ""
        for column, heading in self._headings(address).items():
            if heading.casefold() == _UNIT_HEADING:
                return self._text(Address(address.sheet, a1(column, address.row)))
        return ""

    def _plain(self, address: Address) -> bool:
        return self._workbook.number_format(address) in ("General", "0")

    @cached_property
    def _values_in_row(self) -> dict[tuple[str, int], list[Address]]:
        """The cells of each row that hold a number or a formula."""
        workbook = self._workbook
        found: dict[tuple[str, int], list[Address]] = {}
        for address in workbook.values.keys() | workbook.formulas.keys():
            if address in workbook.formulas or not isinstance(workbook.values[address], str):
                found.setdefault((address.sheet, address.row), []).append(address)
        return found

    @cached_property
    def _heading_rows(self) -> dict[str, list[tuple[int, dict[int, str]]]]:
        """On each sheet the rows that hold nothing but texts, at least two beside the first, with those texts."""
        texts: dict[tuple[str, int], dict[int, str]] = {}
        others: set[tuple[str, int]] = set()
        for address in self._workbook.values.keys() | self._workbook.formulas.keys():
            column, row = split_a1(address.cell)
            text = self._text(address)
            if text:
                texts.setdefault((address.sheet, row), {})[column] = text
            elif address not in self._workbook.unlocked:
                others.add((address.sheet, row))
        found: dict[str, list[tuple[int, dict[int, str]]]] = {}
        for (sheet, row), headings in sorted(texts.items()):
            if len(headings) > 2 and (sheet, row) not in others:
                found.setdefault(sheet, []).append((row, headings))
        return found

    def _text(self, address: Address) -> str:
        """The fixed text of a cell that nobody fills in; "" for anything else."""
        value = self._workbook.values.get(address)
        if not isinstance(value, str) or address in self._workbook.formulas or address in self._workbook.unlocked:
            return ""
        return "" if address in self.inputs else excerpt(" ".join(value.split()), _TEXT)

    # -- values ------------------------------------------------------------------------------------------------------

    def is_date(self, address: Address) -> bool:
        """Whether a number in this cell is a date."""
        field = self.field(address)
        if field is not None:
            return field.kind == "datum"
        return _is_date(self._workbook.number_format(address))

    def is_fraction(self, address: Address) -> bool:
        """Whether a number in this cell is shown as a percentage."""
        if address in self.kengetallen:
            return self.kengetallen[address].kind == "percentage"
        return "%" in _BETWEEN_QUOTES.sub("", self._workbook.number_format(address)) or self.of(
            address
        ).unit.startswith("%")

    def shown(self, address: Address, value: CellValue) -> str:
        """A value of this cell with its unit: ``€ 1.234,56``, ``12,5 %``, ``10,2 personen``, ``01-08-2026``."""
        field = self.field(address)
        if field is not None and value is not None and not isinstance(value, ExcelError | bool):
            try:
                typed = parse_cell(field, value, date1904=self._workbook.date1904)
            except RekentoolError:
                typed = None  # not what the field allows: as the cell has it
            if typed is not None:
                return _with_unit(format_value(field, typed), field.unit, field.kind)
        if isinstance(value, float) and address in self.kengetallen:
            kengetal = self.kengetallen[address]
            return _with_unit(_as_kind(value, kengetal.kind), kengetal.unit, kengetal.kind)
        label_unit = self.of(address).unit
        return shown_value(value, label_unit, self._workbook.number_format(address), date1904=self._workbook.date1904)


def shown_value(value: CellValue, unit: str, number_format: str = "General", *, date1904: bool = False) -> str:
    """A value by its unit and the number format of its cell; a text in quotes, an error by its name."""
    if value is None:
        return "(leeg)"
    if isinstance(value, str):
        return f'"{excerpt(value, _TEXT)}"'
    if isinstance(value, bool | ExcelError):
        return cell_text(value)
    if _is_date(number_format):
        try:
            return f"{serial_date(value, date1904):%d-%m-%Y}"
        except ValueError:
            pass  # a time, or no day that there is: as a number
    if unit.startswith("euro") or "€" in number_format:
        return _with_unit(_as_kind(value, "bedrag"), unit, "bedrag")
    bare = _BETWEEN_QUOTES.sub("", number_format)
    if "%" in bare or unit.startswith("%"):
        decimals = _PERCENT_DECIMALS.search(bare)
        return f"{number_text(value * 100, len(decimals[1]) if decimals else 0)} %"
    decimals = _DECIMALS.search(bare)
    # A year has no point in it: thousands are marked where the cell does so.
    grouped = "," in bare or abs(value) >= _UNGROUPED
    return _with_unit(number_text(value, len(decimals[1]) if decimals else 0, grouped=grouped), unit, "getal")


def number_text(value: float, decimals: int = 0, *, grouped: bool = True) -> str:
    """A number in Dutch notation, in six digits or with so many decimals where those are more."""
    if not math.isfinite(value):
        return str(value)
    value += 0.0  # a sum can give minus zero
    if value:
        decimals = max(decimals, min(5 - math.floor(math.log10(abs(value))), 10))
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-max(decimals, 0)), ROUND_HALF_UP)
    text = f"{exact:,f}".replace(",", "'" if grouped else "").replace(".", ",").replace("'", ".")
    return text.rstrip("0").rstrip(",") if "," in text else text


def euro_text(value: float) -> str:
    """``€ 1.234,56``."""
    rounded = Decimal(repr(value + 0.0)).quantize(Decimal("0.01"), ROUND_HALF_UP) + 0
    text = f"{abs(rounded):,.2f}".replace(",", "'").replace(".", ",").replace("'", ".")
    return f"{'-' if rounded < 0 else ''}€ {text}"


def _as_kind(value: float, kind: Kind) -> str:
    if kind == "bedrag":
        return euro_text(value)
    return f"{number_text(value * 100)} %" if kind == "percentage" else number_text(value)


def _with_unit(text: str, unit: str, kind: Kind) -> str:
    """The text with its unit behind it where that adds something."""
    if kind == "bedrag":
        return f"{text}{unit.removeprefix('euro')}" if unit.startswith("euro ") else text
    if kind in ("datum", "tekst", "keuze", "ja_nee"):
        return text if kind == "datum" else f'"{excerpt(text, _TEXT)}"'
    no_unit = not unit or unit.startswith(("%", "euro")) or unit.casefold() in _NO_UNITS or " of " in unit
    return text if no_unit else f"{text} {unit}"


def _is_date(number_format: str) -> bool:
    return bool(_DATE.search(_BETWEEN_QUOTES.sub("", number_format.split(";")[0])))
