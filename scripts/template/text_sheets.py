"""`Start`, `Stappenplan` and `Versie`: the sheets that explain."""

from __future__ import annotations

from datetime import date
from typing import Any

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink

from template import style
from template.book import CHECKS, HISTORY, INPUT, RATES, RESULT, START, STEPS, VERSION, Book

PURPOSE = (
    "Deze rekentool maakt zichtbaar wat een diplomatraject (mbo niveau 1 of 2, bol of bbl) op de werkvloer van een sociaal werkbedrijf kost en "
    "oplevert: voor de mbo-school, het SW-bedrijf, de gemeente, de werkgever, het Rijk en de student. Vier businesscases naast elkaar."
)
RECONSTRUCTION = (
    "Dit is een reconstructie. SBCM en Cedris publiceerden een digitale rekentool met vier businesscases; dat bestand is niet openbaar. Indeling, "
    "regels, standaardwaarden en namen zijn van ons en komen niet uit het origineel."
)
HOW_TO = [
    "Vul op Invoer de gele cellen in: eerst Algemeen, dan per geval. Naast elke cel staat uitleg; kies waar een lijst verschijnt.",
    "Kijk op Kengetallen wat er landelijk geldt op de peildatum. Weet u het beter, vul dan een eigen waarde in.",
    "Kijk op Controle of het eindoordeel OK is. Bij FOUT staat erbij waar het aan ligt.",
    "Lees op Resultaat wat elk geval per partij kost en oplevert; de bladen 1 t/m 4 laten elke regel per jaar zien.",
    "Gebruik Stappenplan om het traject met de partijen voor te bereiden.",
]
NOTES = [
    "Bedragen zijn zonder btw. Over de inleenvergoeding is meestal 21 % btw verschuldigd: let op de aftrekbaarheid en het BTW-compensatiefonds (BCF).",
    "Lonen zijn bruto. Bedragen zijn positief genoteerd; saldo is baten min kosten.",
    "De bekostiging van het mbo volgt in werkelijkheid twee jaar later (T−2); hier is zij geboekt in het studiejaar. De prijs per student is een orde van grootte.",
    "Beleid en tarieven gelden zoals op de peildatum, voor alle jaren. Toekomstig beleid is niet voorspeld; alleen de indexatie laat bedragen groeien.",
    "Standaardwaarden met de bron ‘aanname’ zijn niet onderzocht: vervang ze door eigen cijfers voordat u de uitkomst gebruikt.",
    "Aannames in de berekening: leeftijden schuiven niet op; loonkostensubsidie wordt volledig en zonder vertraging vergoed (BUIG); een werkgever speelt na "
    "uitstroom quitte; uitval is gelijkmatig over het jaar.",
]


def build_start(book: Book, released: date) -> None:
    """Fill the first sheet, which the new workbook already has."""
    sheet = book.workbook[START]
    style.title(sheet, "Rekentool diplomatrajecten in het sociaal werkbedrijf", "Reconstructie; zie onder.", "D")
    row = 4

    def paragraph(text: str, **look: Any) -> None:
        nonlocal row
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=4)
        style.put(sheet, f"A{row}", text, wrap=True, **look)
        style.fit_height(sheet, row, (text, 138))
        row += 1

    def fact(label: str, value: str, number: str = "General") -> None:
        nonlocal row
        style.put(sheet, f"A{row}", label, font=style.BOLD)
        style.put(sheet, f"B{row}", value, number=number, align="left")
        row += 1

    paragraph(PURPOSE)
    paragraph(RECONSTRUCTION, colour=style.WARN)
    row += 1
    style.section(sheet, row, "Stand van deze rekentool", 4)
    row += 1
    fact("Regio", '=IF(ISBLANK(in_regio_naam),"nog niet ingevuld",in_regio_naam)')
    fact("Peildatum", "=in_peildatum", style.FORMATS["datum"])
    fact(
        "Controles",
        '=IF(controle_eindoordeel="OK","OK: alle controles zijn in orde","FOUT: kijk op het blad Controle")',
    )
    light = row - 1
    fact(
        "Kengetallen",
        '=IF(COUNTIF(controle_kengetallen,"onbekend*")>0,COUNTIF(controle_kengetallen,"onbekend*")&" onbekend op de peildatum; ","")'
        '&COUNTIF(controle_kengetallen,"verouderd")&" verouderd; "&COUNTIF(controle_kengetallen,"eigen waarde")&" eigen waarden"',
    )
    fact("Versie", f"{book.version} van {released.day}-{released.month}-{released.year}")
    sheet.conditional_formatting.add(f"B{light}", FormulaRule([f'LEFT(B{light},2)="OK"'], fill=style.fill(style.GOOD)))
    sheet.conditional_formatting.add(f"B{light}", FormulaRule([f'LEFT(B{light},4)="FOUT"'], fill=style.fill(style.BAD)))
    sheet.conditional_formatting.add(
        f"B{light + 1}", FormulaRule([f'LEFT(B{light + 1},12)<>"0 verouderd;"'], fill=style.fill(style.WARN))
    )
    row += 1
    style.section(sheet, row, "Zo vult u hem in", 4)
    row += 1
    for number, step in enumerate(HOW_TO, start=1):
        paragraph(f"{number}.  {step}")
    row += 1
    style.section(sheet, row, "Kleuren", 4)
    row += 1
    style.put(sheet, f"A{row}", None, colour=style.INPUT, border=style.BOX)
    style.put(sheet, f"B{row}", "invoer: alleen deze cellen zijn te wijzigen")
    for colour, text in ((style.TOTAL, "totaal"), (style.GOOD, "in orde"), (style.WARN, "let op"), (style.BAD, "fout")):
        row += 1
        style.put(sheet, f"A{row}", None, colour=colour, border=style.BOX)
        style.put(sheet, f"B{row}", text)
    row += 2
    style.section(sheet, row, "Bladen", 4)
    contents = [
        (INPUT, "alle invoer, met uitleg en bron"),
        (RATES, "landelijke cijfers op de peildatum en eigen waarden"),
        (HISTORY, "de gedateerde geschiedenis daarachter, met bron"),
        *(
            (book.model.sheet(case), f"businesscase {label}: aantallen, bedragen, alle regels per jaar")
            for case, label in book.mapping.cases.items()
        ),
        (RESULT, "kosten, baten en saldo per partij en geval, met grafieken"),
        (STEPS, "van eerste initiatief tot implementatie"),
        (CHECKS, "alle controles met hun oordeel"),
        (VERSION, "wat er per versie is veranderd"),
    ]
    for name, text in contents:
        row += 1
        style.put(sheet, f"A{row}", name, font=style.LINK)
        sheet[f"A{row}"].hyperlink = Hyperlink(ref=f"A{row}", location=f"'{name}'!A1")
        sheet[f"A{row}"].font = style.LINK
        style.put(sheet, f"B{row}", text)
    row += 2
    style.section(sheet, row, "Wat u moet weten", 4)
    row += 1
    for note in NOTES:
        paragraph(f"•  {note}", font=style.SMALL)
    style.widths(sheet, {"A": 24, "B": 62, "C": 14, "D": 14})
    style.page(sheet, book.version, landscape=False)


def build_steps(book: Book, source: dict[str, Any]) -> None:
    """The checklist: who, what, status, date, note; progress per phase."""
    sheet = book.sheet(STEPS)
    style.title(
        sheet,
        "Stappenplan",
        "Vier fasen met onze eigen, neutrale namen (reconstructie). Kies per stap een status.",
        "G",
    )
    style.header(sheet, 10, ["Stap", "Wie", "Wat", "Toelichting", "Status", "Datum", "Notitie"])
    status = DataValidation(
        type="list",
        formula1='"Niet gestart,Bezig,Klaar,N.v.t."',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Dit kan niet",
        error="Kies Niet gestart, Bezig, Klaar of N.v.t.",
    )
    day = DataValidation(
        type="date",
        operator="greaterThanOrEqual",
        formula1="36526",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle="Dit kan niet",
        error="Vul een datum in, bijvoorbeeld 1-9-2026.",
    )
    sheet.add_data_validation(status)
    sheet.add_data_validation(day)
    style.put(sheet, "A4", "Voortgang per fase", font=style.BOLD)
    row = 10
    for number, phase in enumerate(source["fasen"], start=1):
        row += 1
        style.section(sheet, row, f"Fase {number}: {phase['naam']}", 7)
        first = row + 1
        for index, step in enumerate(phase["stappen"], start=1):
            row += 1
            who = step["wie"]
            parties = ", ".join(
                book.mapping.parties.get(party, party) for party in (who if isinstance(who, list) else [who])
            )
            style.put(sheet, f"A{row}", f"{number}.{index}", align="left", wrap=True)
            style.put(sheet, f"B{row}", parties, font=style.SMALL, wrap=True)
            style.put(sheet, f"C{row}", step["wat"], wrap=True)
            style.put(sheet, f"D{row}", step["toelichting"], font=style.SMALL, wrap=True)
            style.put_input(sheet, f"E{row}", "Niet gestart")
            style.put_input(sheet, f"F{row}", None, number=style.FORMATS["datum"], align="center")
            style.put_input(sheet, f"G{row}", None, wrap=True)
            style.fit_height(sheet, row, (step["wat"], 50), (step["toelichting"], 78), (parties, 26))
        status.add(f"E{first}:E{row}")
        day.add(f"F{first}:F{row}")
        top = 4 + number
        area = f"E{first}:E{row}"
        style.put(sheet, f"A{top}", f"Fase {number}")
        style.put(sheet, f"C{top}", phase["naam"])
        style.put(
            sheet,
            f"D{top}",
            f'=COUNTIF({area},"Klaar")&" van "&(ROWS({area})-COUNTIF({area},"N.v.t."))&" stappen klaar"',
            font=style.SMALL,
        )
        style.put(
            sheet,
            f"E{top}",
            f'=IF(ROWS({area})=COUNTIF({area},"N.v.t."),1,COUNTIF({area},"Klaar")/(ROWS({area})-COUNTIF({area},"N.v.t.")))',
            font=style.BOLD,
            number="0%",
            align="left",
        )
    done = f"E11:E{row}"
    sheet.conditional_formatting.add(done, FormulaRule(['E11="Klaar"'], fill=style.fill(style.GOOD)))
    sheet.conditional_formatting.add(done, FormulaRule(['E11="Bezig"'], fill=style.fill(style.WARN)))
    style.widths(sheet, {"A": 9, "B": 20, "C": 42, "D": 56, "E": 14, "F": 13, "G": 34})
    sheet.freeze_panes = "A11"
    style.page(sheet, book.version, landscape=True, repeat="10:10")


def build_version(book: Book, source: dict[str, Any]) -> None:
    """Version and changelog; the fingerprint is filled in when all formulas stand."""
    sheet = book.sheet(VERSION)
    style.title(sheet, "Versie", "Wat er in het model is veranderd, nieuwste eerst.", "D")
    style.put(sheet, "A4", "Versie van het model", font=style.BOLD)
    style.put(sheet, "B4", source["versie"])
    style.put(sheet, "A5", "Datum", font=style.BOLD)
    style.put(sheet, "B5", source["datum"], number=style.FORMATS["datum"], align="left")
    style.put(sheet, "A6", "Vingerafdruk van de formules", font=style.BOLD)
    style.put(sheet, "A7", "Licentie", font=style.BOLD)
    style.put(sheet, "B7", "EUPL-1.2")
    style.header(sheet, 9, ["Versie", "Datum", "Blad of formule", "Wat er veranderde"])
    for row, change in enumerate(source["wijzigingen"], start=10):
        style.put(sheet, f"A{row}", change["versie"], wrap=True, align="left")
        style.put(sheet, f"B{row}", change["datum"], number=style.FORMATS["datum"], align="left", wrap=True)
        style.put(sheet, f"C{row}", change["blad"], wrap=True)
        style.put(sheet, f"D{row}", change["wat"], wrap=True)
    book.name("versie_model", VERSION, "B4")
    book.name("versie_vingerafdruk", VERSION, "B6")
    style.widths(sheet, {"A": 30, "B": 24, "C": 26, "D": 70})
    style.page(sheet, book.version, landscape=True)
