"""The four businesscase sheets: the rows of the model, written out once per case."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from template import style
from template.book import Book
from template.model import (
    DIPLOMA_COLUMN,
    FIRST_ROW,
    NOTE_COLUMN,
    STUDENT_COLUMN,
    TOTAL_COLUMN,
    YEAR_COLUMNS,
    YEAR_ROW,
    Row,
)


def build(book: Book, case: str) -> None:
    """Add the sheet of one case."""
    facts = book.model.cases[case]
    sheet = book.sheet(facts["blad"])
    label = book.mapping.cases[case]
    style.title(sheet, f"Businesscase {facts['blad'][0]} · {label}", "", NOTE_COLUMN)
    style.put(sheet, "A2", '=IF(ISBLANK(in_regio_naam),"Nog geen regio ingevuld",in_regio_naam)', font=style.BOLD)
    style.put(
        sheet,
        "A3",
        "Bedragen in euro's per studiejaar, zonder btw; positief genoteerd. Saldo = baten − kosten.",
        font=style.SMALL,
    )
    style.header(
        sheet,
        5,
        [
            "Regel",
            "Eenheid",
            "Gegeven",
            *(f"Jaar {year}" for year in range(1, 6)),
            "Totaal",
            "Per student",
            "Per diploma",
            "Toelichting",
        ],
        right_from=3,
    )
    style.align(sheet, "L5", "left")
    style.put(sheet, f"A{YEAR_ROW}", "Jaar van het traject", font=style.SMALL)
    style.put(sheet, f"A{YEAR_ROW + 1}", "Studiejaar", font=style.SMALL)
    for year, column in enumerate(YEAR_COLUMNS, start=1):
        style.put(sheet, f"{column}{YEAR_ROW}", year, font=style.SMALL, align="right")
        style.put(
            sheet,
            f"{column}{YEAR_ROW + 1}",
            book.model.resolve('{startjaar}+{jaar}-1&"/"&{startjaar}+{jaar}', column),
            font=style.SMALL,
            align="right",
        )
    for row in book.model.rows:
        _row(book, sheet, case, row)
    _names(book, case)
    style.widths(
        sheet, {"A": 42, "B": 15, "C": 12, **dict.fromkeys(YEAR_COLUMNS, 10.5), "I": 12, "J": 10.5, "K": 10.5, "L": 90}
    )
    sheet.freeze_panes = f"B{FIRST_ROW}"
    style.page(
        sheet,
        book.version,
        landscape=False,
        repeat=f"5:{YEAR_ROW + 1}",
        area=f"A1:K{FIRST_ROW + len(book.model.rows) - 1}",
    )  # the notes are for the screen
    sheet.sheet_properties.tabColor = "4F9D69" if facts["leerweg"] == "bbl" else "2F6690"


def _row(book: Book, sheet: Worksheet, case: str, row: Row) -> None:
    number = book.model.numbers[row.key]
    if row.heading == 1:
        style.section(sheet, number, row.label, 12)
        return
    if row.heading == 2:
        style.put(sheet, f"A{number}", row.label, font=style.BOLD)
        return
    font = style.BOLD if row.emphasis else style.NORMAL
    colour = style.TOTAL if row.emphasis else None
    border = style.TOPLINE if row.emphasis else None
    look = style.FORMATS[row.look]

    def put(column: str, value: object, number_format: str | None = None, align: str | None = None) -> None:
        style.put(
            sheet,
            f"{column}{number}",
            value,
            font=font,
            number=number_format,
            colour=colour,
            border=border,
            align=align,
        )

    put("A", row.label)
    put("B", row.unit)
    sheet[f"B{number}"].font = style.SMALL
    for column in (
        ("C", *YEAR_COLUMNS, TOTAL_COLUMN, STUDENT_COLUMN, DIPLOMA_COLUMN, NOTE_COLUMN) if row.emphasis else ()
    ):
        put(column, None)
    if row.fixed is not None:
        put("C", _fixed(book, case, row), look, "right")
    if row.begin is not None:
        put("C", book.model.resolve(row.begin), look)
    if row.yearly is not None:
        for column in YEAR_COLUMNS:
            put(column, book.model.resolve(row.yearly, column), look)
    if row.total == "som":
        put(TOTAL_COLUMN, f"=SUM(D{number}:H{number})", look)
    elif row.total:
        put(TOTAL_COLUMN, book.model.resolve(row.total, TOTAL_COLUMN), look, "right")
    if row.ratios:
        for column, divisor in ((STUDENT_COLUMN, "{aantal_studenten}"), (DIPLOMA_COLUMN, "{diplomas_horizon:totaal}")):
            put(
                column,
                book.model.resolve(f'IF({divisor}=0,"n.v.t.",{TOTAL_COLUMN}{number}/{divisor})', column),
                look,
                "right",
            )
    if row.note:
        style.put(sheet, f"{NOTE_COLUMN}{number}", row.note, font=style.SMALL, colour=colour, border=border)


def _fixed(book: Book, case: str, row: Row) -> object:
    if row.key in ("leerweg", "niveau"):
        return book.model.cases[case][row.key]
    assert row.fixed is not None
    formula = book.model.resolve(row.fixed)
    cell = book.inputs.get((row.key, case)) or book.inputs.get((row.key, None))
    if cell is None and "[[invoer]]" in formula:
        # The input doesn't exist for this leerweg: the sheet shows the note that stands in its place on Invoer.
        cell = book.inputs[(f"n.v.t.:{row.key}", case)]
    return formula.replace("[[invoer]]", cell or "")


def _names(book: Book, case: str) -> None:
    """``uit_<partij>_<regel>_<geval>_per_jaar`` for every line (jaar 1 … 5 and the total) and every total per year."""
    sheet = book.model.sheet(case)
    for row in book.model.rows:
        party, _, rest = row.key.partition(".")
        side, _, line = rest.partition(".")
        if party not in (*book.mapping.parties, "maatschappelijk") or row.heading:
            continue
        number = book.model.numbers[row.key]
        if side in ("baten", "kosten"):
            book.name(f"uit_{party}_{line}_{case}_per_jaar", sheet, f"D{number}:I{number}")
        elif line in ("baten", "kosten", "saldo", "contante_waarde"):
            book.name(f"uit_{party}_{line}_{case}_per_jaar", sheet, f"D{number}:H{number}")
