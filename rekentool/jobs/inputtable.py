"""`documenteer --invoertabel`: a blank regions table to fill in, as `vul` and `reken` read it.

As a workbook it helps whoever fills it in: headings are the labels of the workbook (one for each case where a field has
them), a note at each says what may be filled in and what a blank means, cells have the drop-downs, bounds and number
formats of the workbook's own inputs, and the region stays in sight. As a CSV it has the headings only, by field id.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rekentool.jobs.document import add_field_sheets, allowed, check_new, defaults
from rekentool.mapping.schema import Field, Mapping, Value
from rekentool.mapping.values import format_value
from rekentool.messages import refuse
from rekentool.tables.labourregions import ORIGIN, LabourRegion, labour_regions
from rekentool.tables.plainbook import BAND, HEAD, INK, INPUT, LINE, PlainBook, Texts, fits_in_list
from rekentool.tables.regions import MAX_ROWS
from rekentool.tool import Tool
from rekentool.xlsx.save import save_atomic

#: What a regions table can be written as.
SUFFIXES = (".xlsx", ".csv")

SHEET, CHOICES = "Regiotabel", "Keuzes"

#: Number formats where the workbook's own cell has none.
_FORMATS = {"datum": "dd-mm-yyyy", "percentage": "0.0#%", "tekst": "@", "keuze": "@", "ja_nee": "@"}
#: As many characters as a name may have in the workbook.
_LONGEST_TEXT = 250
#: Beyond this an integer isn't exact in a cell; a number at all is within the other.
_INTEGERS, _NUMBERS = 2**53 - 1, 1e300
#: The look of a cell to fill in, and of a note (its width in pixels).
_CELL = {"border": 1, "border_color": LINE, "valign": "vcenter"}
_NOTE = {"author": "Rekentool", "width": 320, "font_name": "Calibri", "font_size": 9}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading for people (a label) and for programs (an id), its field, and the case it is about."""

    heading: str
    name: str
    field: Field
    case: str | None
    must: bool

    @property
    def default(self) -> str:
        """What a blank becomes, in words."""
        if self.must:
            return "verplicht"
        if self.case is None:
            value = defaults(self.field)
        else:
            default = self.field.default(self.case)
            value = "leeg" if default is None else format_value(self.field, default)
        if value != "leeg":
            return f"standaardwaarde {value}"
        return self.field.blank_meaning or "niet ingevuld"


def columns(mapping: Mapping, *, per_field: bool = False) -> list[Column]:
    """The columns of the table, that with the name of the region first; with ``per_field`` one for all cases together.

    A heading is a label, unless that isn't one field's alone.
    """
    labels = [" ".join(field.label.casefold().split()) for field in mapping.fields]
    ids = {field.id for field in mapping.fields}
    found = []
    region = mapping.workbook.region_field
    for field in sorted(mapping.fields, key=lambda field: field.id != region):
        folded = " ".join(field.label.casefold().split())
        alone = labels.count(folded) == 1 and folded not in ids - {field.id}
        word = " ".join(field.label.split()) if alone else field.id
        cases: Sequence[str | None] = (None,) if per_field or not field.cases else field.cases
        for case in cases:
            blank = field.required and any(field.default(one) is None for one in (field.cases or (None,)))
            must = blank and (case is None or field.default(case) is None)
            heading, name = (f"{word}.{case}", f"{field.id}.{case}") if case else (word, field.id)
            found.append(Column(heading, name, field, case, must))
    return found


def write_input_table(
    tool: Tool, path: Path, *, per_field: bool = False, with_labour_regions: bool = False, overwrite: bool = False
) -> None:
    """Write the table to a .xlsx or .csv, blank or with the 35 arbeidsmarktregio's as its rows.

    RK842, RK630 or RK631 when that can't be; RK345 for a mapping without a field for the region's name.
    """
    check_new(path, SUFFIXES, overwrite=overwrite)
    region = tool.mapping.workbook.region_field
    if region not in {field.id for field in tool.mapping.fields}:
        raise refuse("RK345", file=str(tool.mapping.path), column=region)
    found = columns(tool.mapping, per_field=per_field)
    regions = labour_regions() if with_labour_regions else ()
    data = _csv(found, regions) if path.suffix.lower() == ".csv" else _workbook(tool, found, regions)
    save_atomic(path, data, overwrite=overwrite)


def _csv(found: Sequence[Column], regions: Sequence[LabourRegion]) -> bytes:
    """The headings and names; with a semicolon and a byte order mark, so that a Dutch Excel opens it in columns."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.name for column in found])
    writer.writerows([region.name, *[""] * (len(found) - 1)] for region in regions)
    return text.getvalue().encode("utf-8-sig")


def _workbook(tool: Tool, found: Sequence[Column], regions: Sequence[LabourRegion]) -> bytes:
    book = PlainBook(f"Regiotabel voor {tool.mapping.workbook.title}")
    sheet = book.sheet(SHEET)
    _fill_sheet(tool, book, sheet, found, regions)
    book.text_sheet("Uitleg", _explanation(tool.mapping, found, regions))
    add_field_sheets(book, tool.mapping)
    if regions:
        widths = {"regiocode": 12, "arbeidsmarktregio": 36, "gemeente": 32, "opmerking": 22}
        rows = [(one.code, one.name, *each) for one in regions for each in one.municipalities]
        book.table_sheet("Gemeenten", widths, rows)
    long_lists = [column for column in _with_choices(found) if not fits_in_list(column.field.choices)]
    if long_lists:
        choices = book.sheet(CHOICES)
        for number, column in enumerate(long_lists):
            choices.write_string(0, number, column.name, book.heading())
            for row, choice in enumerate(column.field.choices, start=1):
                choices.write_string(row, number, choice, book.look())
    return book.data()


def _with_choices(found: Sequence[Column]) -> list[Column]:
    return [column for column in found if column.field.choices]


def _fill_sheet(
    tool: Tool, book: PlainBook, sheet: Any, found: Sequence[Column], regions: Sequence[LabourRegion]
) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.repeat_rows(0)
    sheet.repeat_columns(0)
    sheet.set_row(0, 66)
    long_lists: list[str] = []
    groups = list(dict.fromkeys(column.field.group for column in found))
    for number, column in enumerate(found):
        field = column.field
        look = book.look(num_format=_number_format(tool, column), **_CELL)
        sheet.set_column(number, number, _width(column, first=number == 0), look)
        heading = _heading(book, column, groups.index(field.group))
        sheet.write_string(0, number, column.heading, heading)
        note = _note(tool.mapping, column)
        sheet.write_comment(0, number, note, {**_NOTE, "height": 18 + 13 * _lines(note)})
        if field.choices and not fits_in_list(field.choices):
            long_lists.append(column.name)
        book.validate(sheet, (1, number, MAX_ROWS, number), _rule(field, len(long_lists)), _texts(column))
    # The same name twice is refused when the table is read; here it shows at once.
    sheet.conditional_format(1, 0, MAX_ROWS, 0, {"type": "duplicate", "format": book.look(bg_color="#F8D7D3")})
    for row, region in enumerate(regions, start=1):
        sheet.write_string(row, 0, region.name, book.look(num_format="@", **_CELL))


def _heading(book: PlainBook, column: Column, group: int) -> Any:
    """Dark for what must be filled in; of the others every second group has a band."""
    if column.must:
        return book.heading(HEAD)
    return book.heading(BAND if group % 2 else INPUT, INK)


def _number_format(tool: Tool, column: Column) -> str:
    """The format of the workbook's own cell."""
    code = tool.workbook.number_format(tool.binding.inputs[column.field.id, column.case or column.field.targets[0][0]])
    return code if code != "General" else _FORMATS.get(column.field.kind, "General")


def _width(column: Column, *, first: bool) -> float:
    if first:
        return 34
    longest = max((len(word) for word in column.heading.replace("-", "- ").split()), default=8)
    return max({"tekst": 24, "keuze": 22, "datum": 13}.get(column.field.kind, 14), min(30, longest * 1.15))


def _lines(text: str) -> int:
    return sum(1 + len(line) // 58 for line in text.split("\n"))


def _note(mapping: Mapping, column: Column) -> str:
    field = column.field
    group = mapping.groups.get(field.group, field.group.capitalize())
    case = f" · {mapping.cases[column.case]}" if column.case else ""
    parts = [
        f"{column.name}\n{group}{case}",
        f"Eenheid: {field.unit}" if field.unit else "",
        f"Toegestaan: {allowed(field)}",
        f"Leeg: {column.default}" if not column.must else "Verplicht",
        f"\n{field.help}" if field.help else "",
    ]
    return "\n".join(part for part in parts if part)


def _texts(column: Column) -> Texts:
    field = column.field
    unit = f" ({field.unit})" if field.unit and field.unit.casefold() not in ("tekst", "datum", "%") else ""
    blank = "Verplicht." if column.must else f"Leeg: {column.default}."
    what = allowed(field)
    return Texts(column.heading, f"{what[:1].upper()}{what[1:]}{unit}. {blank}", f"{field.label}: {what}{unit}.")


def _rule(field: Field, list_number: int) -> dict[str, Any]:
    """The validation of a field's cells, as XlsxWriter takes it; ``list_number`` is its column on the sheet CHOICES."""
    if field.choices:
        if fits_in_list(field.choices):
            return {"validate": "list", "source": list(field.choices)}
        from xlsxwriter.utility import xl_range_abs

        area = xl_range_abs(1, list_number - 1, len(field.choices), list_number - 1)
        return {"validate": "list", "source": f"={CHOICES}!{area}"}
    if field.kind == "tekst":
        return {"validate": "length", "criteria": "<=", "value": _LONGEST_TEXT}
    low, high = field.minimum, field.maximum
    if field.kind == "datum":
        first, last = (_moment(bound) for bound in (low or date(1900, 1, 1), high or date(9999, 12, 31)))
        return {"validate": "date", "criteria": "between", "minimum": first, "maximum": last}
    edge = _INTEGERS if field.kind == "geheel_getal" else _NUMBERS
    kind = "integer" if field.kind == "geheel_getal" else "decimal"
    least, most = -edge if low is None else low, edge if high is None else high
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most}


def _moment(day: float | date) -> datetime:
    if not isinstance(day, date):
        raise TypeError(f"no date: {day!r}")
    return datetime(day.year, day.month, day.day)


def _explanation(
    mapping: Mapping, found: Sequence[Column], regions: Sequence[LabourRegion]
) -> Iterator[tuple[str, str]]:
    about = mapping.workbook
    version = f", versie {about.version}" if about.version else ""
    yield "titel", "Regiotabel: uitleg"
    yield "tekst", f"Voor: {about.title}{version}."
    yield "kop", "Invullen"
    yield "tekst", f"Vul op het blad {SHEET} één rij per regio in. Elke naam van een regio mag één keer voorkomen."
    yield "tekst", "Bij elke kop hoort een notitie: wat u kunt invullen, in welke eenheid, en wat leeg betekent."
    yield "tekst", "Een lege cel betekent de standaardwaarde van het werkboek. Wilt u nul, typ dan 0."
    if mapping.cases:
        cases = ", ".join(f"{case} ({label})" for case, label in mapping.cases.items())
        yield "tekst", f"Een kop die eindigt op een punt en een geval, gaat over dat geval: {cases}."
    if any(column.field.kind == "percentage" for column in found):
        yield "tekst", "Percentages: 15 % of 0,15."
    yield "tekst", "Kolommen die u niet nodig hebt, mag u verwijderen. Verander de koppen en hun rij niet."
    yield "kop", "Kleuren van de koppen"
    required = [column.heading for column in found if column.must]
    yield "tekst", f"Donker: verplicht ({', '.join(required)}). Geel en blauw: de groepen, om en om."
    if mapping.sums:
        yield "kop", "Wat samen moet kloppen"
        for rule in mapping.sums:
            fields = [mapping.field(name) for name in rule.fields]
            total: Value = rule.total
            labels = " + ".join(field.label for field in fields)
            yield "tekst", f"{rule.label}: {labels} = {format_value(fields[0], total)}. Vul ze alle in, of geen."
    yield "kop", "Daarna"
    yield "tekst", "Werkboeken maken: rekentool vul TABEL.xlsx --naar ingevuld"
    yield "tekst", "Alleen uitkomsten: rekentool reken TABEL.xlsx --naar uitkomsten.xlsx"
    yield "tekst", "Alle fouten in de tabel komen dan in één keer, elk met rij en kolom."
    if regions:
        yield "kop", "De namen van de regio’s"
        yield "tekst", f"{ORIGIN} De gemeenten staan op het blad Gemeenten."
