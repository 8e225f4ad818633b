"""`Kengetallen` (what holds at the peildatum, or the user's own value) and `Tarieven` (the dated history behind it)."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.mapping.schema import Kengetal
from template import style
from template.book import HISTORY, RATES, Book
from template.input_sheet import EPOCH, plain, validation

HEADER_ROW = 5
LABEL, NATIONAL, OWN, USED, UNIT, STATUS, SINCE, RELIABILITY, SOURCE, NOTE, POSITION = "ABCDEFGHIJK"
UNKNOWN_TEXT = "onbekend"
AGES = [
    ("16 jaar", None, "16"),
    ("17 jaar", None, "17"),
    ("16–17 jaar (gemiddelde)", "leeftijd_16_17", None),
    ("18 jaar", "leeftijd_18", "18"),
    ("19 jaar", "leeftijd_19", "19"),
    ("20 jaar", "leeftijd_20", "20"),
    ("21–26 jaar", "leeftijd_21_26", ""),
    ("27 jaar en ouder", "leeftijd_27_plus", ""),
]


def build(book: Book) -> None:
    """Add both sheets."""
    blocks = _history_rows(book)
    rates = book.sheet(RATES)
    _rates(book, rates, blocks)
    _history(book, blocks)


def _history_rows(book: Book) -> dict[str, tuple[int, int]]:
    """Where each kengetal's rows will stand on `Tarieven`: oldest first, so that MATCH finds the newest not after the peildatum."""
    blocks, row = {}, HEADER_ROW + 1
    for item in book.mapping.kengetallen:
        blocks[item.id] = (row, row + len(item.values) - 1)
        row += len(item.values)
    return blocks


def _rates(book: Book, sheet: Worksheet, blocks: dict[str, tuple[int, int]]) -> None:
    style.title(
        sheet,
        "Kengetallen",
        "Landelijke cijfers op de peildatum. Een eigen waarde in een gele cel gaat voor; leeg betekent landelijk.",
        NOTE,
    )
    style.put(
        sheet,
        "A3",
        '=IF(ISNUMBER(in_peildatum),"Peildatum: "&DAY(in_peildatum)&"-"&MONTH(in_peildatum)&"-"&YEAR(in_peildatum),"Peildatum ontbreekt: vul hem in op Invoer")',
        font=style.BOLD,
    )
    style.header(
        sheet,
        HEADER_ROW,
        [
            "Kengetal",
            "Landelijk",
            "Eigen waarde",
            "Gebruikt",
            "Eenheid",
            "Status",
            "Geldig vanaf",
            "Betrouwbaarheid",
            "Bron",
            "Toelichting",
            "Plaats in Tarieven",
        ],
    )
    for column in (NATIONAL, OWN, USED):
        style.align(sheet, f"{column}{HEADER_ROW}", "right")
    for column in (UNIT, RELIABILITY, SOURCE):
        style.align(sheet, f"{column}{HEADER_ROW}", "left", indent=1)
    style.align(sheet, f"{SINCE}{HEADER_ROW}", "right")
    row = HEADER_ROW
    used = [item for item in book.mapping.kengetallen if item.used]
    shown = [item for item in book.mapping.kengetallen if not item.used]
    row += 1
    style.section(sheet, row, "Gebruikt in de berekening", 11)
    first = row + 1
    for item in used:
        row += 1
        _rate(book, sheet, row, item, blocks[item.id])
    book.name("controle_kengetallen", RATES, f"{STATUS}{first}:{STATUS}{row}")
    row += 2
    row = _derived(book, sheet, row)
    row += 2
    style.section(sheet, row, "Ter informatie (niet gebruikt in de berekening)", 11)
    for item in shown:
        row += 1
        _rate(book, sheet, row, item, blocks[item.id])
    area = f"{STATUS}{first}:{STATUS}{row}"
    sheet.conditional_formatting.add(
        area,
        FormulaRule(
            [f'OR(LEFT({STATUS}{first},4)="FOUT",LEFT({STATUS}{first},8)="onbekend")'], fill=style.fill(style.BAD)
        ),
    )
    sheet.conditional_formatting.add(area, FormulaRule([f'{STATUS}{first}="verouderd"'], fill=style.fill(style.WARN)))
    style.widths(
        sheet, {"A": 46, "B": 11, "C": 12, "D": 11, "E": 22, "F": 22, "G": 11, "H": 15, "I": 48, "J": 70, "K": 11}
    )
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    style.page(sheet, book.version, landscape=True, repeat=f"{HEADER_ROW}:{HEADER_ROW}", area=f"A1:I{row}")
    sheet.sheet_properties.tabColor = "E0B93B"


def _rate(book: Book, sheet: Worksheet, row: int, item: Kengetal, block: tuple[int, int]) -> None:
    first, last = block

    def history(column: str) -> str:
        return f"{HISTORY}!${column}${first}:${column}${last}"

    look = "0.00%" if item.kind == "percentage" else {"geheel_getal": "#,##0"}.get(item.kind, "#,##0.00##")
    at = f"MAX(${POSITION}{row},1)"  # never 0: INDEX(…,0) is the whole column
    style.put(sheet, f"{LABEL}{row}", item.label)
    style.put(
        sheet,
        f"{NATIONAL}{row}",
        f'=IF(${POSITION}{row}=0,"{UNKNOWN_TEXT}",INDEX({history("D")},{at}))',
        number=look,
        align="right",
    )
    own = f"{OWN}{row}"
    if item.own is not None:
        style.put_input(sheet, own, None, number=look, align="right")
        target = item.own.targets[0][1]
        book.name(target, RATES, own)
        book.inputs[(item.own.id, None)] = f"{RATES}!{own}"
        sheet.add_data_validation(validation(item.own, own, EPOCH))
        style.put(
            sheet,
            f"{USED}{row}",
            f"=IF(ISNUMBER({own}),{own},IF(ISBLANK({own}),IF(ISNUMBER({NATIONAL}{row}),{NATIONAL}{row},NA()),NA()))",
            font=style.BOLD,
            number=look,
            align="right",
        )
        book.name(item.target, RATES, f"{USED}{row}")
    else:
        style.put(sheet, f"{USED}{row}", f"={NATIONAL}{row}", number=look, align="right")
        book.name(item.target, RATES, f"{USED}{row}")
    style.put(sheet, f"{UNIT}{row}", item.unit, font=style.SMALL, indent=1)
    style.put(sheet, f"{STATUS}{row}", _status(item, row), font=style.SMALL, wrap=True)
    style.put(
        sheet,
        f"{SINCE}{row}",
        f'=IF(${POSITION}{row}=0,"",INDEX({history("C")},{at}))',
        font=style.SMALL,
        number=style.FORMATS["datum"],
        align="right",
    )
    style.put(sheet, f"{NOTE}{row}", item.help, font=style.SMALL, wrap=True)
    style.fit_height(sheet, row, (max((value.source for value in item.values), key=len), 66), (item.help, 96))
    for column, source in ((RELIABILITY, "G"), (SOURCE, "F")):
        style.put(
            sheet,
            f"{column}{row}",
            f'=IF(${POSITION}{row}=0,"",INDEX({history(source)},{at})&"")',
            font=style.SMALL,
            wrap=True,
            indent=1,
        )
    style.put(
        sheet,
        f"{POSITION}{row}",
        f"=IF(ISNUMBER(in_peildatum),IF(in_peildatum<{HISTORY}!$C${first},0,MATCH(in_peildatum,{history('C')},1)),0)",
        font=style.SMALL,
        align="right",
    )


def _status(item: Kengetal, row: int) -> str:
    own, national, since = f"{OWN}{row}", f"{NATIONAL}{row}", f"{SINCE}{row}"
    stale = '"actueel"'
    if not item.used:
        stale = '"ter informatie"'
    elif not item.rarely_changed:
        stale = f'IF(DATE(YEAR({since}),MONTH({since})+18,DAY({since}))<in_peildatum,"verouderd","actueel")'
    value = f'IF(ISNUMBER({national}),{stale},"{unknown_text(item)}")'
    if item.own is None:
        return f"={value}"
    tests = [f"{own}<{plain(item.minimum)}"] if item.minimum is not None else []
    tests += [f"{own}>{plain(item.maximum)}"] if item.maximum is not None else []
    inside = f'IF(OR({",".join(tests)}),"FOUT: buiten bereik","eigen waarde")' if tests else '"eigen waarde"'
    return f'=IF(ISNUMBER({own}),{inside},IF(NOT(ISBLANK({own})),"FOUT: geen getal",{value}))'


def unknown_text(item: Kengetal) -> str:
    """What the status says where the history has no value at the peildatum."""
    return "onbekend op peildatum" + (": vul eigen waarde in" if item.own else "")


def _derived(book: Book, sheet: Worksheet, row: int) -> int:
    """The minimum wage by age, weighted by the ages on `Invoer`: the only place where money is rounded."""
    style.section(sheet, row, "Afgeleid: minimumuurloon naar leeftijd", 11)
    row += 1
    style.header(sheet, row, ["Leeftijd", "Aandeel", "% bbl", "Uurloon bbl", "", "", "% regulier", "Uurloon regulier"])
    first = row + 1
    shares: dict[str, int] = {}
    for label, field, pct in AGES:
        row += 1
        style.put(sheet, f"A{row}", label)
        if field:
            shares[field] = row
            cell = book.inputs[(field, None)]
            style.put(
                sheet, f"B{row}", f"=IF(ISNUMBER({cell}),{cell},NA())", number=style.FORMATS["procent"], align="right"
            )
        if pct is None:  # 16 and 17 are each rounded; then their mean, unrounded
            for column in "DH":
                style.put(
                    sheet,
                    f"{column}{row}",
                    f"=({column}{row - 2}+{column}{row - 1})/2",
                    number="#,##0.000",
                    align="right",
                )
            continue
        for share, wage, name in (("C", "D", "kg_jeugdpct_bbl_"), ("G", "H", "kg_jeugdpct_")):
            style.put(sheet, f"{share}{row}", f"={name}{pct}" if pct else 1, number="0.0%", align="right")
            style.put(sheet, f"{wage}{row}", f"=ROUND(kg_wml_uur*{share}{row},2)", number="#,##0.00", align="right")
    mean = first + 2
    for label, column, name in (
        ("Gewogen minimumuurloon bbl", "D", "kg_wml_bbl"),
        ("Gewogen minimumuurloon regulier", "H", "kg_wml_regulier"),
    ):
        row += 1
        style.put(sheet, f"A{row}", label, font=style.BOLD)
        style.put(
            sheet,
            f"D{row}",
            f"=SUMPRODUCT($B{mean}:$B{first + 7},{column}{mean}:{column}{first + 7})",
            font=style.BOLD,
            number="#,##0.0000",
            align="right",
        )
        style.put(sheet, f"E{row}", "euro per uur", font=style.SMALL)
        book.name(name, RATES, f"D{row}")
    row += 1
    style.put(sheet, f"A{row}", "Aandeel studenten van 18 jaar en ouder", font=style.BOLD)
    style.put(
        sheet,
        f"D{row}",
        f"=1-B{shares['leeftijd_16_17']}",
        font=style.BOLD,
        number=style.FORMATS["procent"],
        align="right",
    )
    book.name("kg_aandeel_18plus", RATES, f"D{row}")
    return row


def _history(book: Book, blocks: dict[str, tuple[int, int]]) -> None:
    sheet = book.sheet(HISTORY)
    style.title(
        sheet,
        "Tarieven",
        "De geschiedenis achter Kengetallen: gebruikt wordt de nieuwste regel die niet na de peildatum ligt.",
        "I",
    )
    style.put(
        sheet,
        "A3",
        "‘onbekend’ beëindigt een oudere waarde zonder dat er een nieuwe bekend is. Percentages staan als percentage.",
        font=style.SMALL,
    )
    style.header(
        sheet,
        HEADER_ROW,
        [
            "Kengetal",
            "Omschrijving",
            "Geldig vanaf",
            "Waarde",
            "Eenheid",
            "Bron",
            "Betrouwbaarheid",
            "Opmerking",
            "Vindplaats",
        ],
    )
    for item in book.mapping.kengetallen:
        first, last = blocks[item.id]
        for row, value in zip(range(first, last + 1), item.values, strict=True):
            border = style.UNDERLINE if row == last else None
            look = "0.00%" if item.unit.startswith("%") else "#,##0.00##"
            style.put(sheet, f"A{row}", item.id, font=style.SMALL, border=border)
            style.put(sheet, f"B{row}", item.description, border=border, wrap=True)
            style.put(sheet, f"C{row}", value.valid_from, number=style.FORMATS["datum"], border=border)
            style.put(
                sheet,
                f"D{row}",
                UNKNOWN_TEXT if value.value is None else value.value,
                number=look,
                border=border,
                align="right",
            )
            style.put(sheet, f"E{row}", item.unit, font=style.SMALL, border=border, indent=1)
            for column, text in (("F", value.source), ("G", value.reliability), ("H", value.note), ("I", value.url)):
                style.put(
                    sheet,
                    f"{column}{row}",
                    text or None,
                    font=style.SMALL,
                    border=border,
                    wrap=column in "FH",
                    indent=1 if column == "G" else 0,
                )
            style.fit_height(sheet, row, (value.source, 68), (value.note, 68), (item.description, 54))
    style.align(sheet, f"D{HEADER_ROW}", "right")
    for column in "EG":
        style.align(sheet, f"{column}{HEADER_ROW}", "left", indent=1)
    style.widths(sheet, {"A": 25, "B": 46, "C": 11, "D": 11, "E": 21, "F": 50, "G": 14, "H": 50, "I": 70})
    sheet.freeze_panes = f"C{HEADER_ROW + 1}"
    last_row = max(last for _, last in blocks.values())
    style.page(sheet, book.version, landscape=True, repeat=f"{HEADER_ROW}:{HEADER_ROW}", area=f"A1:H{last_row}")
