"""`Resultaat`: parties × cases for every measure, the best case per party, and the charts with their data."""

from __future__ import annotations

from openpyxl.chart import BarChart, LineChart, Reference, Series
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties
from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.xlsx.cell import a1, column_letters
from template import style
from template.book import RESULT, Book

UNKNOWN = "niet te berekenen"
#: measure → (heading, source row, source column, look, left or right half, first row)
MEASURES = {
    "baten": ("Baten (euro)", "baten", "I", "euro", 1, 6),
    "kosten": ("Kosten (euro)", "kosten", "I", "euro", 7, 6),
    "saldo": ("Saldo: baten − kosten (euro)", "saldo", "I", "euro", 1, 16),
    "contante_waarde": ("Contante waarde van het saldo (euro)", "contante_waarde", "I", "euro", 7, 16),
    "per_student": ("Saldo per gestarte student (euro)", "saldo", "J", "euro", 1, 26),
    "per_diploma": ("Saldo per diploma (euro)", "saldo", "K", "euro", 7, 26),
    "terugverdienjaar": ("Terugverdienjaar", "terugverdienjaar", "I", "geheel", 1, 36),
}
BEST_COLUMN, BEST_ROW = 7, 36
CHART_ROW, DATA_ROW = 48, 142
_SALDO, _STACK, _CUMULATIVE = DATA_ROW + 2, DATA_ROW + 9, DATA_ROW + 20


def build(book: Book) -> None:
    """Add the sheet."""
    sheet = book.sheet(RESULT)
    style.title(sheet, "Resultaat", "", "L")
    style.put(sheet, "A2", '=IF(ISBLANK(in_regio_naam),"Nog geen regio ingevuld",in_regio_naam)', font=style.BOLD)
    style.put(
        sheet,
        "A3",
        '=IF(controle_eindoordeel="OK","Totalen binnen de horizon van "&in_horizon&" jaar. De controles zijn in orde.",'
        '"LET OP: Controle meldt een fout. Gebruik deze cijfers nog niet.")',
        font=style.BOLD,
    )
    sheet.conditional_formatting.add("A3:E3", FormulaRule(['LEFT($A$3,3)="LET"'], fill=style.fill(style.BAD)))
    style.put(sheet, "G3", "Orde van grootte: een reconstructie met aannames, zie Start.", font=style.SMALL)
    parties = {**book.mapping.parties, "maatschappelijk": "Maatschappelijk"}
    for measure, (heading, row_key, source_column, look, column, row) in MEASURES.items():
        _table(book, sheet, heading, column, row)
        for offset, (party, label) in enumerate(parties.items(), start=1):
            _label(sheet, column, row + offset, label, party)
            for index, case in enumerate(book.mapping.cases, start=1):
                cell = a1(column + index, row + offset)
                source = book.case_cell(case, source_column, f"{party}.totaal.{row_key}")
                _value(sheet, cell, f'=IF(ISNA({source}),"{UNKNOWN}",{source})', look, party)
                book.name(f"uit_{party}_{measure}_{case}", RESULT, cell)
    _best(book, sheet, parties)
    _data(book, sheet)
    _charts(book, sheet)
    style.widths(sheet, {"A": 20, **dict.fromkeys("BCDE", 19), "F": 12, "G": 20, **dict.fromkeys("HIJK", 14), "L": 34})
    sheet.freeze_panes = "A5"
    style.page(sheet, book.version, landscape=True, repeat="1:3", area=f"A1:L{_CUMULATIVE + 40}")
    for row in (CHART_ROW - 2, CHART_ROW + 45, DATA_ROW - 1):
        sheet.row_breaks.append(Break(id=row))
    sheet.sheet_properties.tabColor = "23485F"


def _table(book: Book, sheet: Worksheet, heading: str, column: int, row: int) -> None:
    style.header(sheet, row, [heading, *book.mapping.cases.values()], start=column, right_from=column + 1)
    sheet.row_dimensions[row].height = 30


def _label(sheet: Worksheet, column: int, row: int, label: str, party: str) -> None:
    whole = party == "maatschappelijk"
    style.put(
        sheet,
        a1(column, row),
        label,
        font=style.BOLD if whole else style.NORMAL,
        colour=style.TOTAL if whole else None,
        border=style.TOPLINE if whole else None,
    )


def _value(sheet: Worksheet, cell: str, formula: str, look: str, party: str) -> None:
    whole = party == "maatschappelijk"
    style.put(
        sheet,
        cell,
        formula,
        font=style.BOLD if whole else style.NORMAL,
        number=style.FORMATS[look],
        align="right",
        colour=style.TOTAL if whole else None,
        border=style.TOPLINE if whole else None,
    )


def _best(book: Book, sheet: Worksheet, parties: dict[str, str]) -> None:
    """Contante waarde per started student, and the case (or the tied cases) where it is highest."""
    _table(book, sheet, "Contante waarde per gestarte student (euro)", BEST_COLUMN, BEST_ROW)
    last = BEST_COLUMN + 1 + len(book.mapping.cases)
    style.header(sheet, BEST_ROW, ["Beste geval"], start=last)
    style.align(sheet, a1(last, BEST_ROW), "left", indent=1)
    for offset, (party, label) in enumerate(parties.items(), start=1):
        row = BEST_ROW + offset
        _label(sheet, BEST_COLUMN, row, label, party)
        cells = []
        for index, case in enumerate(book.mapping.cases, start=1):
            cell = a1(BEST_COLUMN + index, row)
            source = book.case_cell(case, "J", f"{party}.totaal.contante_waarde")
            _value(sheet, cell, f'=IF(ISNA({source}),"{UNKNOWN}",{source})', "euro", party)
            cells.append(f"{column_letters(BEST_COLUMN + index)}{row}")
        area = f"{cells[0]}:{cells[-1]}"
        # Rounded to the cent, so that a tie in what a reader sees is a tie; a text (n.v.t.) never equals a number.
        names = "&".join(
            f'IF(ISNUMBER({cell}),IF(ROUND({cell},2)=ROUND(MAX({area}),2)," / {label}",""),"")'
            for cell, label in zip(cells, book.mapping.cases.values(), strict=True)
        )
        formula = f'=IF(COUNTIF({area},"{UNKNOWN}")>0,"{UNKNOWN}",IF(COUNT({area})=0,"n.v.t.",MID({names},4,200)))'
        _value(sheet, a1(last, row), formula, "tekst", party)
        style.align(sheet, a1(last, row), "left", indent=1, wrap=True)
        sheet.row_dimensions[row].height = 26  # room for four tied cases
        book.name(f"uit_{party}_beste_geval", RESULT, a1(last, row))


def _data(book: Book, sheet: Worksheet) -> None:
    """What the charts draw, straight from the case sheets: an unknown stays #N/A here, and a chart leaves it out."""
    style.section(sheet, DATA_ROW, "Gegevens bij de grafieken", 12)
    cases, parties = book.mapping.cases, book.mapping.parties
    style.header(sheet, _SALDO, ["Saldo (euro)", *parties.values()], right_from=2)
    for offset, (case, label) in enumerate(cases.items(), start=1):
        style.put(sheet, f"A{_SALDO + offset}", label)
        for index, party in enumerate(parties, start=2):
            style.put(
                sheet,
                a1(index, _SALDO + offset),
                f"={book.case_cell(case, 'I', f'{party}.totaal.saldo')}",
                number=style.FORMATS["euro"],
            )
    style.header(sheet, _STACK, ["Kosten en baten (euro)", *parties.values()], right_from=2)
    row = _STACK
    for case, label in cases.items():
        for side in ("kosten", "baten"):
            row += 1
            style.put(sheet, f"A{row}", f"{label}: {side}")
            for index, party in enumerate(parties, start=2):
                style.put(
                    sheet,
                    a1(index, row),
                    f"={book.case_cell(case, 'I', f'{party}.totaal.{side}')}",
                    number=style.FORMATS["euro"],
                )
    for number, (case, label) in enumerate(cases.items()):
        top = _CUMULATIVE + number * 8
        style.header(
            sheet, top, [f"Cumulatief saldo (euro), {label}", *(f"Jaar {year}" for year in range(1, 6))], right_from=2
        )
        for offset, (party, name) in enumerate(parties.items(), start=1):
            style.put(sheet, f"A{top + offset}", name)
            source_row = book.model.numbers[f"{party}.totaal.cumulatief_saldo"]
            for year, column in enumerate("DEFGH", start=2):
                style.put(
                    sheet,
                    a1(year, top + offset),
                    f"='{book.model.sheet(case)}'!{column}{source_row}",
                    number=style.FORMATS["euro"],
                )


def _charts(book: Book, sheet: Worksheet) -> None:
    style.section(sheet, CHART_ROW - 1, "Grafieken", 12)
    parties, cases = list(book.mapping.parties), list(book.mapping.cases)
    bars = _bar(sheet, "Saldo per partij en geval (euro)", _SALDO, len(cases), parties)
    sheet.add_chart(bars, f"A{CHART_ROW}")
    stack = _bar(sheet, "Kosten en baten per geval, gestapeld naar partij (euro)", _STACK, 2 * len(cases), parties)
    stack.grouping, stack.overlap, stack.gapWidth = "stacked", 100, 60
    sheet.add_chart(stack, f"A{CHART_ROW + 22}")
    for number, label in enumerate(book.mapping.cases.values()):
        top = _CUMULATIVE + number * 8
        chart = LineChart()
        _finish(chart, f"Cumulatief saldo per partij: {label} (euro)", 17, 11)
        for offset, party in enumerate(parties, start=1):
            series = Series(
                Reference(sheet, min_col=2, max_col=6, min_row=top + offset),
                title_from_data=False,
                title=book.mapping.parties[party],
            )
            series.graphicalProperties = GraphicalProperties(
                ln=LineProperties(solidFill=style.PARTY_COLOURS[party], w=24000)
            )
            series.smooth = False
            chart.series.append(series)
        chart.set_categories(Reference(sheet, min_col=2, max_col=6, min_row=top))
        sheet.add_chart(chart, f"{'A' if number % 2 == 0 else 'G'}{CHART_ROW + 47 + 22 * (number // 2)}")


def _bar(sheet: Worksheet, title: str, top: int, count: int, parties: list[str]) -> BarChart:
    chart = BarChart()
    chart.type = "col"
    _finish(chart, title, 34.5, 11)
    chart.gapWidth = 80
    for index, party in enumerate(parties, start=2):
        series = Series(
            Reference(sheet, min_col=index, min_row=top + 1, max_row=top + count), title=sheet.cell(top, index).value
        )
        series.graphicalProperties = GraphicalProperties(solidFill=style.PARTY_COLOURS[party])
        series.invertIfNegative = False
        chart.series.append(series)
    chart.set_categories(Reference(sheet, min_col=1, min_row=top + 1, max_row=top + count))
    return chart


def _finish(chart: BarChart | LineChart, title: str, width: float, height: float) -> None:
    """Size, a small title, light grid lines, labels below the plot even where bars are negative."""
    chart.title = title
    text = CharacterProperties(sz=1100, b=True, solidFill=style.INK)
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=text)
    for run in chart.title.tx.rich.p[0].r:
        run.rPr = text
    chart.title.overlay = False
    chart.width, chart.height = width, height
    chart.legend.position = "b"
    chart.layout = Layout(
        manualLayout=ManualLayout(layoutTarget="inner", xMode="edge", yMode="edge", x=0.09, y=0.13, w=0.88, h=0.64)
    )
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    chart.y_axis.number_format = "#,##0"
    chart.y_axis.majorGridlines.spPr = GraphicalProperties(ln=LineProperties(solidFill="DDE3E8", w=6000))
    small = RichText(
        p=[
            Paragraph(
                pPr=ParagraphProperties(defRPr=CharacterProperties(sz=900, solidFill=style.MUTED)),
                endParaRPr=CharacterProperties(sz=900),
            )
        ]
    )
    chart.x_axis.txPr = chart.y_axis.txPr = chart.legend.txPr = small
