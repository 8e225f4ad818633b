"""`Invoer`: every input of the mapping with its unit, help, source, drop-down or bounds, and its own check."""

from __future__ import annotations

import datetime

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.mapping.schema import Field
from template import style
from template.book import INPUT, Book

HEADER_ROW = 5
CASE_COLUMNS = "CDEF"
HELP, SOURCE, NOTE, STATUS = "G", "H", "I", "J"
EPOCH = datetime.date(1899, 12, 30)


def build(book: Book) -> None:
    """Add the sheet; remembers every input's address in ``book.inputs``."""
    mapping = book.mapping
    sheet = book.sheet(INPUT)
    style.title(
        sheet, "Invoer", "Vul de gele cellen in. Leeg mag alleen waar de uitleg zegt wat leeg betekent.", STATUS
    )
    style.put(
        sheet,
        "A3",
        "Percentages als 15 % of 0,15. Bedragen in euro zonder btw. Standaardwaarden zonder bron zijn een aanname: vervang ze "
        "door eigen cijfers.",
        font=style.SMALL,
    )
    sheet.row_dimensions[HEADER_ROW].height = 28
    style.header(
        sheet,
        HEADER_ROW,
        [
            "Gegeven",
            "Eenheid",
            *mapping.cases.values(),
            "Uitleg",
            "Bron van de standaardwaarde",
            "Eigen toelichting",
            "Controle",
        ],
    )
    for column in CASE_COLUMNS:
        style.put(
            sheet,
            f"{column}{HEADER_ROW}",
            sheet[f"{column}{HEADER_ROW}"].value,
            font=style.BOLD,
            colour=style.BAND,
            border=style.UNDERLINE,
            wrap=True,
            align="center",
        )
    row = HEADER_ROW
    for group, label in mapping.groups.items():
        row += 1
        style.section(sheet, row, label, 10)
        for item in (item for item in mapping.inputs if item.group == group):
            row += 1
            _field(book, sheet, row, item)
    book.name("controle_invoer", INPUT, f"{STATUS}{HEADER_ROW + 1}:{STATUS}{row}")
    status = f"{STATUS}{HEADER_ROW + 1}:{STATUS}{row}"
    sheet.conditional_formatting.add(
        status, FormulaRule([f'LEFT({STATUS}{HEADER_ROW + 1},4)="FOUT"'], fill=style.fill(style.BAD))
    )
    style.widths(
        sheet, {"A": 38, "B": 16, **dict.fromkeys(CASE_COLUMNS, 12), HELP: 64, SOURCE: 17, NOTE: 22, STATUS: 16}
    )
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    style.page(sheet, book.version, landscape=True, repeat=f"{HEADER_ROW}:{HEADER_ROW}")
    sheet.sheet_properties.tabColor = "E0B93B"


def _field(book: Book, sheet: Worksheet, row: int, item: Field) -> None:
    columns = dict(zip(book.mapping.cases, CASE_COLUMNS, strict=True))
    style.put(sheet, f"A{row}", item.label, wrap=True)
    style.put(sheet, f"B{row}", item.unit, font=style.SMALL, wrap=True)
    style.put(sheet, f"{HELP}{row}", item.help, font=style.SMALL, wrap=True)
    style.put(sheet, f"{SOURCE}{row}", item.source, font=style.SMALL, wrap=True)
    style.put_input(sheet, f"{NOTE}{row}", None, wrap=True)
    style.fit_height(sheet, row, (item.help, 88), (item.source, 22), (item.label, 44), (item.unit, 20))
    cells: list[str] = []
    for case, target in item.targets:
        column = columns[case] if case else CASE_COLUMNS[0]
        value = item.default(case)
        look = style.KIND_FORMATS[item.kind]
        text = item.kind == "tekst"  # a long text runs on over the empty columns beside it
        style.put_input(sheet, f"{column}{row}", value, number=look, align="left" if text else "center", wrap=not text)
        book.inputs[(item.id, case)] = f"{INPUT}!{column}{row}"
        book.name(target, INPUT, f"{column}{row}")
        cells.append(f"{column}{row}")
    for case, column in columns.items():
        if item.cases and case not in item.cases:
            style.put(sheet, f"{column}{row}", "n.v.t.", font=style.SMALL, align="center")
            book.inputs[(f"n.v.t.:{item.id}", case)] = f"{INPUT}!{column}{row}"
    area = cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
    sheet.add_data_validation(validation(item, area, EPOCH))
    style.put(sheet, f"{STATUS}{row}", status_formula(item, cells), font=style.SMALL)


def validation(item: Field, area: str, epoch: datetime.date) -> DataValidation:
    """The drop-down or bounds of an input, with a Dutch prompt and a message that says what is right."""
    if item.choices:
        rule = DataValidation(type="list", formula1='"' + ",".join(item.choices) + '"')
        expected = "Kies uit de lijst: " + ", ".join(item.choices) + "."
    elif item.kind == "tekst":
        rule = DataValidation(type="textLength", operator="lessThanOrEqual", formula1="250")
        expected = "Ten hoogste 250 tekens."
    else:
        low, high = item.minimum, item.maximum
        kind = {"datum": "date", "geheel_getal": "whole"}.get(item.kind, "decimal")
        if isinstance(low, datetime.date) or item.kind == "datum":
            low_text, high_text = (
                str((value - epoch).days) if isinstance(value, datetime.date) else "" for value in (low, high)
            )
        else:
            low_text, high_text = (plain(value) if value is not None else "" for value in (low, high))
        if not low_text and not high_text:
            low_text = str((datetime.date(2000, 1, 1) - epoch).days)
        operator = "between" if low_text and high_text else "greaterThanOrEqual" if low_text else "lessThanOrEqual"
        rule = DataValidation(
            type=kind,
            operator=operator,
            formula1=low_text or high_text,
            formula2=high_text if operator == "between" else None,
        )
        expected = f"Toegestaan: {bounds_text(item)}."
    rule.allow_blank = not item.required
    rule.showInputMessage = rule.showErrorMessage = True
    rule.promptTitle, rule.errorTitle = item.label[:32], "Dit kan niet"
    blank = f" Leeg: {item.blank_meaning}." if item.blank_meaning else ""
    rule.prompt = f"{expected}{blank}"[:255]
    rule.error = f"{item.label}: {expected[0].lower()}{expected[1:]}"[:255]
    rule.add(area)
    return rule


def plain(value: float) -> str:
    """A bound as a formula writes it: never 1e+07, which other programs rewrite when they save."""
    return str(int(value)) if value == int(value) else repr(float(value))


def bounds_text(item: Field) -> str:
    """The bounds in Dutch, e.g. ``0 % t/m 100 %``."""

    def text(value: object) -> str:
        if isinstance(value, datetime.date):
            return f"{value.day}-{value.month}-{value.year}"
        assert isinstance(value, int | float)
        if item.kind == "percentage":
            return f"{value * 100:g} %".replace(".", ",")
        return f"{value:,.10g}".replace(",", "\0").replace(".", ",").replace("\0", ".")

    low, high = item.minimum, item.maximum
    if low is not None and high is not None:
        return f"{text(low)} t/m {text(high)}"
    if low is not None:
        return f"vanaf {text(low)}"
    return "een datum" if item.kind == "datum" else f"ten hoogste {text(high)}"


def status_formula(item: Field, cells: list[str]) -> str:
    """OK, or what is wrong with this row; `Controle` counts the rows that start with FOUT."""
    area = cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
    count = len(cells)
    if item.kind == "tekst":
        return f'=IF(COUNTA({area})<{count},"FOUT: nog leeg","OK")' if item.required else '="OK"'
    if item.choices:
        known = "+".join(f'COUNTIF({area},"{choice}")' for choice in item.choices)
        return f'=IF(COUNTA({area})<{count},"FOUT: nog leeg",IF({known}<{count},"FOUT: niet uit de lijst","OK"))'
    whole = "OR(" + ",".join(f"{cell}<>INT({cell})" for cell in cells) + ")" if item.kind == "geheel_getal" else ""
    tests = []
    low, high = item.minimum, item.maximum
    if isinstance(low, datetime.date):
        low = (low - EPOCH).days
    if isinstance(high, datetime.date):
        high = (high - EPOCH).days
    if low is not None:
        tests.append(f"MIN({area})<{plain(low)}")
    if high is not None:
        tests.append(f"MAX({area})>{plain(high)}")
    inner = '"OK"'
    if whole:
        inner = f'IF({whole},"FOUT: geen geheel getal",{inner})'
    if tests:
        inner = f'IF(OR({",".join(tests)}),"FOUT: buiten bereik",{inner})'
    if item.required:
        return f'=IF(COUNTA({area})<{count},"FOUT: nog leeg",IF(COUNT({area})<{count},"FOUT: geen getal",{inner}))'
    # A blank is fine here; bounds count only for what is filled in (MIN and MAX of nothing are 0).
    return f'=IF(COUNT({area})<COUNTA({area}),"FOUT: geen getal",IF(COUNT({area})=0,"OK",{inner}))'
