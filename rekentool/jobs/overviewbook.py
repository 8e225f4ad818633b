"""The workbook of an overview, sheet by sheet. Every number is a fixed value: it can't depend on the program it is
opened in, and what a filter hides doesn't change it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rekentool.jobs.labels import number_text
from rekentool.jobs.overviewcharts import (
    ChartData,
    Scale,
    Series,
    bars,
    boxes,
    curve,
    in_thousands,
    party_colour,
    scale,
    thinned,
)
from rekentool.jobs.overviewfigures import Figures, Value
from rekentool.mapping.suggestion import excerpt
from rekentool.messages import Finding
from rekentool.tables.plainbook import BAND, HEAD, LINE, MUTED, PlainBook
from rekentool.tables.results import NOT_APPLICABLE

#: More regions than this aren't named in a small chart, and of more a ranking shows both ends.
NAMED = 12
_ENDS = 10
#: Small charts that there are at most: rows of parties, columns of cases.
_MOST_PARTIES, _MOST_CASES = 12, 6
#: A4 on its side has room for so many pixels.
_PAGE = 1020
_ROW = 20
_REASONS = 15


@dataclass(frozen=True)
class About:
    """What the workbook says of itself: its tool, what it was made of (names of files, no folders), the day or ""."""

    title: str
    version: str
    kind: str
    files: Sequence[str]
    day: str
    reconstruction: bool
    findings: Sequence[Finding]


def overview_bytes(figures: Figures, about: About, files: Sequence[str]) -> bytes:
    """The whole workbook; ``files`` has the file of each row of the table, or ""."""
    book = PlainBook(f"Overzicht van {_regions(figures)}")
    sheets = {name: book.sheet(name) for name in ("Overzicht", "Tabel", "Rangorde", "Per geval", "Spreiding",
                                                  "Spreiding in beeld")}  # fmt: skip
    data = ChartData(
        book, "Wat de grafieken tonen. De namen zijn hier ingekort; wijzig liever de grafiek dan dit blad."
    )
    _front(book, sheets["Overzicht"], figures, about, data)
    _table(book, sheets["Tabel"], figures, files)
    _ranking(book, sheets["Rangorde"], figures)
    _panels(book, sheets["Per geval"], figures, data)
    _spread(book, sheets["Spreiding"], figures)
    _boxes(book, sheets["Spreiding in beeld"], figures, data)
    for name, sheet in sheets.items():
        sheet.set_paper(9)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer(f"&L&8{name}&R&8blad &P van &N")
    return book.data()


def number_format(unit: str) -> str:
    """How a cell with this unit is shown; in US notation, which every program shows in its reader's own."""
    if unit.startswith("euro"):
        return '"€ "#,##0;-"€ "#,##0;"€ "0'
    if unit.startswith("%"):
        return "0.0%"
    return "0" if unit == "jaar" else "#,##0.00"


def _regions(figures: Figures) -> str:
    count = len(figures.regions)
    return "één regio" if count == 1 else f"{_whole(count)} regio’s"


def _whole(number: int) -> str:
    return number_text(float(number))


def _text(value: Value) -> str:
    return NOT_APPLICABLE if value is None else str(value)


def _cell(book: PlainBook, sheet: Any, row: int, column: int, value: Value, unit: str, **look: Any) -> None:
    """A number in its format, or the text that stands in its place."""
    if isinstance(value, float):
        book.write(sheet, row, column, value, book.look(num_format=number_format(unit), **look))
    else:
        book.write(sheet, row, column, _text(value), book.look(font_color=MUTED, align="right", **look))


def _heading(book: PlainBook, sheet: Any, row: int, labels: Sequence[str], left: int = 1) -> None:
    """A table's heading; numbers, from column ``left`` on, have theirs at the right."""
    heading = {"bold": True, "bg_color": BAND, "text_wrap": True, "bottom": 1, "bottom_color": MUTED}
    for column, label in enumerate(labels):
        align = {"align": "left" if column < left else "right", "valign": "vcenter"}
        book.write(sheet, row, column, label, book.look(**heading, **align))


def _title(book: PlainBook, sheet: Any, text: str, subtitle: str, width: int) -> None:
    for column in range(width):
        sheet.write_blank(0, column, None, book.look(bg_color=HEAD))
    title = book.look(bold=True, font_size=16, font_color="#FFFFFF", bg_color=HEAD, valign="vcenter")
    book.write(sheet, 0, 0, text, title)
    sheet.set_row(0, 28)
    sheet.set_row(1, 18)
    book.write(sheet, 1, 0, subtitle, book.look(font_color=MUTED, valign="vcenter"))


def _over_cases(figures: Figures) -> str:
    """What a total of a region is."""
    if len(figures.cases) < 2:
        return ""
    how = "som" if figures.adds_up else "gemiddelde"
    return f"{how} over {_whole(len(figures.cases))} gevallen"


# The first sheet


def _front(book: PlainBook, sheet: Any, figures: Figures, about: About, data: ChartData) -> None:
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 8, 14)
    width = 9
    _title(book, sheet, f"Overzicht van {_regions(figures)}", f"{about.title}, versie {about.version}", width)
    named = ", ".join(excerpt(name) for name in about.files[:5])
    more = f" en nog {_whole(len(about.files) - 5)}" if len(about.files) > 5 else ""
    facts = [("Gemaakt van", f"{about.kind}: {named}{more}"), ("Regio’s", _whole(len(figures.regions))),
             ("Uitkomsten in de tabel", _whole(len(figures.rows)))]  # fmt: skip
    if about.day:
        facts.append(("Gemaakt op", about.day))
    row = 3
    for label, text in facts:
        book.write(sheet, row, 0, label, book.look(font_color=MUTED))
        book.write(sheet, row, 1, text, book.look())
        row += 1
    row = _headline(book, sheet, figures, row + 1)
    row = _front_charts(book, sheet, figures, data, row + 1)
    row = _paragraphs(book, sheet, row + 1, "Zo leest u dit werkboek", _reading(figures, about), width)
    row = _reasons(book, sheet, figures, row + 1, width)
    if about.findings:
        texts = [f"{one.code}: {' · '.join(part for part in (one.place, one.found) if part)}" for one in about.findings]
        rest = [f"En nog {_whole(len(texts) - _REASONS)}."] if len(texts) > _REASONS else []
        _paragraphs(book, sheet, row + 1, "Bevindingen bij het lezen", [*texts[:_REASONS], *rest], width)


def _section(book: PlainBook, sheet: Any, row: int, text: str, width: int) -> None:
    line = {"bottom": 2, "bottom_color": HEAD}
    for column in range(width):
        sheet.write_blank(row, column, None, book.look(**line))
    book.write(sheet, row, 0, text, book.look(bold=True, font_size=11, font_color=HEAD, valign="bottom", **line))
    sheet.set_row(row, 22)


def _headline(book: PlainBook, sheet: Any, figures: Figures, row: int) -> int:
    together = _over_cases(figures)
    per_region = f"per regio, {together}" if together else "per regio"
    unit = f", {figures.unit}" if figures.unit else ""
    _section(book, sheet, row, f"{figures.line_label} per partij ({per_region}{unit})", 9)
    _heading(book, sheet, row + 1, ("Partij", "Regio’s met een getal", "Alle regio’s samen", "Gemiddelde", "Laagste",
                                    "Mediaan", "Hoogste", NOT_APPLICABLE, "Niet te berekenen"))  # fmt: skip
    sheet.set_row(row + 1, 30)
    row += 2
    for party in figures.parties:
        spread = figures.spread_of_total(party)
        bold = {"bold": True, "top": 1} if party == figures.whole and len(figures.parties) > 1 else {}
        under = {"bottom": 4, "bottom_color": LINE, **bold}
        total = spread.mean * spread.count if spread.mean is not None and figures.adds_up else None
        numbers = (total, spread.mean, spread.minimum, spread.median, spread.maximum)
        book.write(sheet, row, 0, figures.words.party(party) or figures.line_label, book.look(**under))
        book.write(sheet, row, 1, float(spread.count), book.look(num_format="#,##0", **under))
        for column, number in enumerate(numbers, start=2):
            _cell(book, sheet, row, column, number if number is not None else "–", figures.unit, **under)
        for column, count in ((7, spread.not_applicable), (8, spread.unknown)):
            book.write(sheet, row, column, float(count), book.look(num_format="#,##0", **under))
        row += 1
    return row


def _front_charts(book: PlainBook, sheet: Any, figures: Figures, data: ChartData, row: int) -> int:
    parties = [party for party in figures.parties if figures.spread_of_total(party).median is not None]
    ranked = [one.region for one in figures.ranking if one.place is not None]
    if not ranked:
        book.write(sheet, row, 0, "Geen grafieken: er is geen getal om te tonen.", book.look(font_color=MUTED))
        return row + 1
    medians = [figures.spread_of_total(party).median for party in parties]
    axis = scale(medians, figures.unit)
    names = [figures.words.party(party) or figures.line_label for party in parties]
    placed = data.add(Series("mediaan per partij", names, medians))
    colours = [party_colour(figures.parties, party, figures.whole) for party in parties]
    title = f"{figures.line_label} per partij: mediaan van de regio’s{_thousands(medians, figures)}"
    charts = [bars(book, title, placed, axis, colours)]
    ends = ranked if len(ranked) <= 2 * _ENDS else [*ranked[:_ENDS], *ranked[-_ENDS:]]
    totals = [_number(figures.total(region, figures.whole)) for region in ends]
    placed = data.add(Series("regio’s naar hoogte", ends, totals))
    which = f": de {_ENDS} hoogste en {_ENDS} laagste" if len(ends) < len(ranked) else " per regio"
    party = figures.words.party(figures.whole)
    title = f"{figures.line_label}{f' {party.lower()}' if party else ''}{which}{_thousands(totals, figures)}"
    charts.append(bars(book, title, placed, scale(totals, figures.unit), HEAD))
    height = max(240, 12 * len(ends) + 60)  # so that table and charts share a page
    for column, chart in zip((0, 4), charts, strict=True):
        chart.set_size({"width": 500, "height": height})
        sheet.insert_chart(row, column, chart, {"x_offset": 0 if column == 0 else 8, "object_position": 2})
    return row + -(-height // _ROW) + 1


def _number(value: Value) -> float | None:
    return value if isinstance(value, float) else None


def _thousands(numbers: Sequence[float | None], figures: Figures) -> str:
    return " (× € 1.000)" if in_thousands(numbers, figures.unit) else ""


def _paragraphs(book: PlainBook, sheet: Any, row: int, title: str, texts: Sequence[str], width: int) -> int:
    _section(book, sheet, row, title, width)
    for number, text in enumerate(texts, start=row + 1):
        look = book.look(text_wrap=True)
        sheet.merge_range(number, 0, number, width - 1, "", look)
        book.write(sheet, number, 0, text, look)
        sheet.set_row(number, 13.5 * -(-len(text) // 135) + 4)
    return row + 1 + len(texts)


def _reading(figures: Figures, about: About) -> list[str]:
    together = _over_cases(figures)
    texts = [
        "Tabel heeft elke uitkomst op een eigen rij, met één kopregel: te sorteren, te filteren en te gebruiken voor "
        "een draaitabel. Rangorde zet de regio’s op volgorde. Per geval toont kleine grafieken naast elkaar; binnen "
        "een rij is de schaal gelijk. Spreiding geeft van elke uitkomst het laagste en hoogste getal, de kwartielen, "
        "de mediaan, het gemiddelde en de standaarddeviatie (van een steekproef); Spreiding in beeld tekent dat.",
        "Alle getallen zijn vaste waarden: er staan geen formules in dit werkboek. De grafieken zijn gewone "
        "Excel-grafieken en mogen worden aangepast of gekopieerd.",
    ]
    if together:
        texts.append(
            f"Het getal van een regio en partij is de {together}." if figures.adds_up else
            f"Het getal van een regio en partij is het {together}, want {figures.unit} kan niet worden opgeteld."
        )  # fmt: skip
    texts.append(
        f"{NOT_APPLICABLE} is iets anders dan 0, en telt niet mee. Is een uitkomst in één geval niet te berekenen, dan "
        "is het totaal van die regio dat ook: een deel van een som wordt niet getoond."
    )
    if about.reconstruction:
        texts.append(
            "De rekentool is een reconstructie: het oorspronkelijke bestand van SBCM en Cedris is niet openbaar. De "
            "uitkomsten zijn zo goed als wat er per regio is ingevuld."
        )
    return texts


def _reasons(book: PlainBook, sheet: Any, figures: Figures, row: int, width: int) -> int:
    texts = [
        f"{excerpt(reason.text)}: {_whole(reason.count)} keer, bijvoorbeeld "
        + "; ".join(
            ", ".join(
                part
                for part in (
                    excerpt(one.regio, 40), figures.words.case(one.geval), figures.words.party(one.partij),
                    figures.words.line(one.partij, one.regel),
                )
                if part
            )
            for one in reason.first
        )
        + "."
        for reason in figures.reasons
    ]  # fmt: skip
    if len(texts) > _REASONS:
        texts[_REASONS:] = [f"En nog {_whole(len(texts) - _REASONS)} andere teksten; zie het blad Tabel."]
    none = ["Elke uitkomst is een getal."]
    return _paragraphs(book, sheet, row, "Wat geen getal is", texts or none, width)


# The tables


def _table(book: PlainBook, sheet: Any, figures: Figures, files: Sequence[str]) -> None:
    words = figures.words
    columns = {"Regio": 30.0, "Geval": 16.0, "Partij": 18.0, "Regel": 26.0, "Jaar": 9.0, "Waarde": 16.0,
               "In plaats van een getal": 24.0, "Eenheid": 18.0, "Cel": 20.0}  # fmt: skip
    from_files = any(files)
    if from_files:
        columns["Bestand"] = 34.0
    for column, width in enumerate(columns.values()):
        sheet.set_column(column, column, width)
    plain, muted = book.look(), book.look(font_color=MUTED)
    formats = {unit: book.look(num_format=number_format(unit)) for unit in {row.eenheid for row in figures.rows}}
    for number, (row, file) in enumerate(zip(figures.rows, files, strict=True), start=1):
        texts = (row.regio, words.case(row.geval), words.party(row.partij), words.line(row.partij, row.regel), row.jaar)
        for column, text in enumerate(texts):
            book.write(sheet, number, column, text, plain)
        if isinstance(row.waarde, float):
            book.write(sheet, number, 5, row.waarde, formats[row.eenheid])
        else:
            book.write(sheet, number, 6, _text(row.waarde), muted)
        for column, text in enumerate((row.eenheid, row.cel, *((file,) if from_files else ())), start=7):
            book.write(sheet, number, column, text, muted)
    last = len(figures.rows)
    headings = [{"header": name, "header_format": book.heading()} for name in columns]
    sheet.add_table(0, 0, last, len(columns) - 1,
                    {"name": "Uitkomsten", "columns": headings, "style": "Table Style Light 1"})  # fmt: skip
    sheet.ignore_errors({"number_stored_as_text": f"A1:J{last + 1}"})
    sheet.freeze_panes(1, 1)
    _printed(sheet, repeat=(0, 0))


def _printed(sheet: Any, repeat: tuple[int, int]) -> None:
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(*repeat)


def _ranking(book: PlainBook, sheet: Any, figures: Figures) -> None:
    words, whole = figures.words, figures.whole
    others = [party for party in figures.parties if party != whole]
    cases = list(figures.cases) if len(figures.cases) > 1 else []
    name = words.party(whole) or figures.line_label
    labels = ["Rang", "Regio", name]
    labels += [f"{name}: {words.case(case)}" for case in cases] + [words.party(party) for party in others]
    title = f"Rangorde: {figures.line_label[:1].lower()}{figures.line_label[1:]}"
    together = _over_cases(figures)
    parts = [f"Van hoog naar laag op {name.lower()}", together, figures.unit, "= achter de rang: gedeelde plaats"]
    _title(book, sheet, title, "; ".join(part for part in parts if part) + ".", len(labels))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 7)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, len(labels) - 1, 15)
    _heading(book, sheet, 3, labels, left=2)
    sheet.set_row(3, 32)
    under = {"bottom": 4, "bottom_color": LINE}
    for row, ranked in enumerate(figures.ranking, start=4):
        shared = '0" ="' if ranked.shared else "0"
        place = "–" if ranked.place is None else float(ranked.place)
        book.write(sheet, row, 0, place, book.look(num_format=shared, align="left", **under))
        book.write(sheet, row, 1, ranked.region, book.look(**under))
        values = [figures.total(ranked.region, whole)]
        values += [figures.value(ranked.region, case, whole) for case in cases]
        values += [figures.total(ranked.region, party) for party in others]
        for column, value in enumerate(values, start=2):
            _cell(book, sheet, row, column, value, figures.unit, **under, **({"bold": True} if column == 2 else {}))
    last = 3 + len(figures.ranking)
    for column in range(2, len(labels)):
        colour = "#8FB3C9" if column == 2 else "#C9D9E3"
        bar = {"type": "data_bar", "data_bar_2010": True, "bar_solid": True, "bar_color": colour,
               "bar_negative_color": "#E3B7AE", "bar_axis_color": MUTED}  # fmt: skip
        sheet.conditional_format(4, column, last, column, bar)
    sheet.autofilter(3, 0, last, len(labels) - 1)
    sheet.freeze_panes(4, 2)
    _printed(sheet, repeat=(3, 3))


def _spread(book: PlainBook, sheet: Any, figures: Figures) -> None:
    words = figures.words
    labels = ("Geval", "Partij", "Regel", "Jaar", "Eenheid", "Getallen", "Laagste", "1e kwartiel", "Mediaan",
              "Gemiddelde", "3e kwartiel", "Hoogste", "Standaard-\ndeviatie", NOT_APPLICABLE,
              "Niet te berekenen", "Andere tekst")  # fmt: skip
    _heading(book, sheet, 0, labels, left=5)
    sheet.set_row(0, 32)
    for column, width in enumerate((16, 18, 24, 8, 16, 9, *[14] * 7, 8, 11, 9)):
        sheet.set_column(column, column, width)
    count = book.look(num_format="#,##0")
    for row, one in enumerate(figures.spreads, start=1):
        texts = (words.case(one.case), words.party(one.party), words.line(one.party, one.line), one.year, one.unit)
        for column, text in enumerate(texts):
            book.write(sheet, row, column, text, book.look())
        book.write(sheet, row, 5, float(one.count), count)
        # A mean of years or a spread of whole numbers isn't whole itself.
        unit = "" if one.unit == "jaar" else one.unit
        numbers = (one.minimum, one.lower, one.median, one.mean, one.upper, one.maximum, one.deviation)
        for column, number in enumerate(numbers, start=6):
            book.write(sheet, row, column, number, book.look(num_format=number_format(unit)))
        for column, number in enumerate((one.not_applicable, one.unknown, one.other), start=13):
            book.write(sheet, row, column, float(number), count)
    last = len(figures.spreads)
    sheet.autofilter(0, 0, last, len(labels) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"D1:D{last + 1}"})
    sheet.freeze_panes(1, 3)
    _printed(sheet, repeat=(0, 0))


# The sheets with charts


def _panels(book: PlainBook, sheet: Any, figures: Figures, data: ChartData) -> None:
    """A small chart for every party (rows) and case (columns)."""
    cases, parties = figures.cases[:_MOST_CASES], figures.parties[:_MOST_PARTIES]
    width = max(200, min(480, _PAGE // len(cases)))
    named = len(figures.regions) <= NAMED
    height = 90 + 17 * len(figures.regions) if named else 170
    # The first party is on the first page with the title, so a row of charts takes whole rows of cells.
    rows = -(-height // _ROW) + 1
    how = "dezelfde volgorde als de rangorde" if named else "elk van hoog naar laag, zonder namen (zie Rangorde)"
    left_out = len(figures.cases) - len(cases), len(figures.parties) - len(parties)
    rest = f" Niet getoond: {left_out[0]} gevallen en {left_out[1]} partijen." if any(left_out) else ""
    said = f"Een staaf is een regio; {how}. Binnen een rij is de schaal gelijk.{rest}"
    _title(book, sheet, f"{figures.line_label} per geval en partij", said, -(-width * len(cases) // 64))
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_print_scale(min(100, 100 * _PAGE // (width * len(cases))))
    breaks, on_page, top = [], 3 * _ROW, 3
    for party in parties:
        if on_page + rows * _ROW > 680:
            breaks.append(top)
            on_page = 0
        on_page += rows * _ROW
        series = [_panel(figures, case, party, named=named) for case in cases]
        numbers = [number for one in series for number in one.numbers]
        axis = scale(numbers, figures.unit)
        for place, (case, one) in enumerate(zip(cases, series, strict=True)):
            label = " · ".join(part for part in (figures.words.party(party), figures.words.case(case)) if part)
            title = f"{label or figures.line_label}{_thousands(numbers, figures)}"
            left = {"x_offset": place * width, "object_position": 3}
            if not any(number is not None for number in one.numbers):
                empty = {"width": width - 8, "height": height - 4, "line": {"color": LINE}, "font": {"color": MUTED}}
                sheet.insert_textbox(top, 0, f"{label.removeprefix('=')}: geen getallen", {**left, **empty})
                continue
            placed = data.add(one)
            colour = party_colour(figures.parties, party, figures.whole)
            chart = bars(book, title, placed, axis, colour, 7) if named else curve(
                book, title, placed, axis, colour, len(one.numbers))  # fmt: skip
            chart.set_size({"width": width - 8, "height": height - 4})
            sheet.insert_chart(top, 0, chart, left)
        top += rows
    sheet.set_h_pagebreaks(breaks)


def _panel(figures: Figures, case: str, party: str, *, named: bool) -> Series:
    heading = " · ".join(part for part in (figures.words.party(party), figures.words.case(case)) if part)
    regions = [one.region for one in figures.ranking]
    cells = [_number(figures.value(region, case, party)) for region in regions]
    if named:
        return Series(heading or figures.line_label, regions, cells)
    pairs = [(number, region) for region, number in zip(regions, cells, strict=True) if number is not None]
    pairs.sort(key=lambda pair: -pair[0])
    names, numbers = thinned([region for _, region in pairs], [number for number, _ in pairs])
    return Series(heading or figures.line_label, names, numbers)


def _boxes(book: PlainBook, sheet: Any, figures: Figures, data: ChartData) -> None:
    """A chart for every party, with a bar for every case."""
    _title(book, sheet, f"Spreiding van {figures.line_label[:1].lower()}{figures.line_label[1:]} over de regio’s",
           "Elke balk loopt van het laagste naar het hoogste getal. In elk vak ligt een kwart van de regio’s; de grens "
           "tussen de twee donkere vakken is de mediaan.", 16)  # fmt: skip
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    width, height = _PAGE // 2, 110 + 34 * len(figures.cases)
    rows = -(-height // _ROW) + 1
    breaks, on_page, top = [], 3 * _ROW, 3
    for number, party in enumerate(figures.parties):
        if number % 2 == 0:
            if on_page + rows * _ROW > 680:
                breaks.append(top)
                on_page = 0
            on_page += rows * _ROW
        spreads = [figures.spread_of(case, party) for case in figures.cases]
        numbers = [end for one in spreads if one is not None for end in (one.minimum, one.maximum)]
        axis: Scale = scale(numbers, figures.unit)
        title = f"{figures.words.party(party) or figures.line_label}{_thousands(numbers, figures)}"
        names = [figures.words.case(case) or figures.line_label for case in figures.cases]
        chart = boxes(book, title, names, spreads, data, axis)
        chart.set_size({"width": width - 8, "height": height - 4})
        sheet.insert_chart(top, 0, chart, {"x_offset": (number % 2) * width, "object_position": 3})
        if number % 2:
            top += rows
    sheet.set_h_pagebreaks(breaks)
