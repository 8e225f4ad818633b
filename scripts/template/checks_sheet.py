"""`Controle`: every check with its values and OK or FOUT, warnings that never block, one overall verdict."""

from __future__ import annotations

from openpyxl.formatting.rule import FormulaRule
from openpyxl.worksheet.worksheet import Worksheet

from template import style
from template.book import CHECKS, Book

HEADER_ROW = 7
TOLERANCE = "$B$5"
#: Section 5 of the model: the LKS rule on published constants, apart from the inputs.
#: (label, grondslag formula, loonwaarde or None for the cap, forfait?, published value)
PUBLISHED = [
    ("LKS 2026: grondslag per maand (36 uur, WML 14,99)", "={wml}*{uren}*52/12*(1+{vakantie})", 2525.52),
    ("LKS 2026: loonwaarde 40 %", "=MIN({b}-{loonwaarde26}*{b},{max}*{b})*(1+{lasten})", 1871.41),
    ("LKS 2026: maximum", "={max}*{b}*(1+{lasten})", 2183.31),
    ("LKS 2026: forfait", "={forfait}*{b}*(1+{lasten})", 1559.51),
    ("LKS 2021: loonwaarde 50 %, zonder opslag", "={maand}*(1+{vakantie})*(1-{loonwaarde21})", 909.79),
    ("LKS 2021: loonwaarde 50 %, met opslag", "={maand}*(1+{vakantie})*(1-{loonwaarde21})*(1+{lasten})", 1123.59),
]
CONSTANTS = [
    ("wml", "WML per uur 1-7-2026", 14.99),
    ("uren", "Uren voltijd", 36),
    ("vakantie", "Vakantiebijslag", 0.08),
    ("max", "LKS-maximum", 0.7),
    ("forfait", "LKS-forfait", 0.5),
    ("lasten", "Opslag werkgeverslasten", 0.235),
    ("loonwaarde26", "Loonwaarde in het voorbeeld van 2026", 0.4),
    ("maand", "WML per maand 1-1-2021", 1684.80),
    ("loonwaarde21", "Loonwaarde in het voorbeeld van 2021", 0.5),
]

#: Checks that count what a status column says: (name, label, named column, start of the status, note)
COUNTED = [
    ("invoerfouten", "Invoer met een fout (aantal rijen)", "controle_invoer", "FOUT", "Verplicht, soort en bereik: zie de kolom Controle op Invoer."),
    ("kengetal_ontbreekt", "Kengetallen zonder waarde op de peildatum", "controle_kengetallen", "onbekend", "Vul op Kengetallen een eigen waarde in, of kies een andere peildatum."),
    ("eigen_waarden", "Eigen waarden met een fout", "controle_kengetallen", "FOUT", "Geen getal of buiten bereik: zie de kolom Status op Kengetallen."),
]


def build(book: Book) -> None:
    """Add the sheet; defines ``controle_eindoordeel`` and a name per check."""
    sheet = book.sheet(CHECKS)
    cases = list(book.mapping.cases)
    style.title(
        sheet, "Controle", "Elke controle hoort OK te zijn. Bij FOUT zijn de cijfers op Resultaat niet bruikbaar.", "G"
    )
    style.put(sheet, "A4", "Eindoordeel", font=style.BOLD)
    style.put(sheet, "A5", "Toegestaan verschil (euro)")
    style.put(sheet, "B5", 0.01, number="0.00", align="right")
    style.header(
        sheet,
        HEADER_ROW,
        ["Controle", *book.mapping.cases.values(), "Oordeel", "Wat er gecontroleerd wordt"],
        right_from=2,
    )
    for cell in ("F7", "G7"):
        style.align(sheet, cell, "left", indent=1 if cell == "F7" else 0)
    verdicts: list[str] = []

    def verdict(row: int, name: str, formula: str, note: str) -> None:
        style.put(sheet, f"F{row}", formula, font=style.BOLD, indent=1)
        style.put(sheet, f"G{row}", note, font=style.SMALL)
        book.name(f"controle_{name}", CHECKS, f"F{row}")
        verdicts.append(f"F{row}")

    row = HEADER_ROW + 1
    style.section(sheet, row, "Berekening", 7)
    for key, note in (
        ("overdrachten", "Wat de een betaalt, ontvangt de ander: per geval en jaar."),
        ("personen", "Nog in opleiding, uitgevallen, gezakt en gediplomeerd zijn samen de starters."),
        ("totaal", "De saldi van de partijen zijn samen de echte kosten en baten."),
        ("leerweg", "Bbl-regels zijn nul bij bol en andersom."),
        ("plafond", "Loonkostensubsidie per maand is ten hoogste het wettelijke maximum."),
    ):
        row += 1
        label = next(item.label for item in book.model.rows if item.key == f"controle.{key}")
        style.put(sheet, f"A{row}", label)
        for column, case in zip("BCDE", cases, strict=True):
            if key == "plafond":
                formula = f"={book.case_cell(case, 'C', 'controle.plafond')}"
            else:
                area = book.case_range(case, f"controle.{key}")
                formula = f"=MAX(MAX({area}),-MIN({area}))"
            style.put(sheet, f"{column}{row}", formula, number="0.00", align="right")
        verdict(
            row, key, f'=IF(ISNUMBER(MAX(B{row}:E{row})),IF(MAX(B{row}:E{row})<={TOLERANCE},"OK","FOUT"),"FOUT")', note
        )
    row += 1
    style.section(sheet, row, "Invoer en kengetallen", 7)
    row += 1
    ages = "+".join(book.inputs[(field.id, None)] for field in book.mapping.inputs if field.id.startswith("leeftijd_"))
    style.put(sheet, f"A{row}", "Leeftijden samen 100 %")
    style.put(sheet, f"B{row}", f"={ages}", number="0.0%", align="right")
    verdict(
        row,
        "leeftijden",
        f'=IF(ISNUMBER(B{row}),IF(ROUND(ABS(B{row}-1),9)=0,"OK","FOUT"),"FOUT")',
        "De aandelen van de leeftijdsgroepen op Invoer.",
    )
    for name, label, column, text, note in COUNTED:
        row += 1
        style.put(sheet, f"A{row}", label)
        style.put(sheet, f"B{row}", f'=COUNTIF({column},"{text}*")', number="0", align="right")
        verdict(row, name, f'=IF(B{row}=0,"OK","FOUT")', note)
    row = _published(sheet, row + 1, verdict)
    row = _warnings(book, sheet, row + 1)
    style.put(
        sheet,
        "B4",
        f'=IF(COUNTIF(F{HEADER_ROW}:F{row},"OK")={len(verdicts)},"OK","FOUT")',
        font=style.BOLD,
        align="right",
    )
    book.name("controle_eindoordeel", CHECKS, "B4")
    for area, first in ((f"F{HEADER_ROW + 1}:F{row}", f"F{HEADER_ROW + 1}"), ("B4", "B4")):
        sheet.conditional_formatting.add(area, FormulaRule([f'{first}="FOUT"'], fill=style.fill(style.BAD)))
        sheet.conditional_formatting.add(area, FormulaRule([f'{first}="OK"'], fill=style.fill(style.GOOD)))
        sheet.conditional_formatting.add(area, FormulaRule([f'{first}="LET OP"'], fill=style.fill(style.WARN)))
    style.widths(sheet, {"A": 52, **dict.fromkeys("BCDE", 13), "F": 11, "G": 74})
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    style.page(sheet, book.version, landscape=True, repeat=f"{HEADER_ROW}:{HEADER_ROW}")


def _published(sheet: Worksheet, row: int, verdict) -> int:  # type: ignore[no-untyped-def]
    """The constants stand in cells of their own, so that no formula hides a statutory figure."""
    style.section(sheet, row, "Rekenregel loonkostensubsidie op gepubliceerde bedragen", 7)
    where: dict[str, str] = {}
    for key, label, value in CONSTANTS:
        row += 1
        style.put(sheet, f"A{row}", label, font=style.SMALL)
        style.put(sheet, f"B{row}", value, font=style.SMALL, number="#,##0.00##", align="right")
        where[key] = f"$B${row}"
    row += 1
    style.header(sheet, row, ["Rekenvoorbeeld", "Berekend", "Gepubliceerd", "Verschil"], right_from=2)
    for number, (label, formula, published) in enumerate(PUBLISHED):
        row += 1
        if number == 0:
            where["b"] = f"$B${row}"
        style.put(sheet, f"A{row}", label)
        style.put(sheet, f"B{row}", formula.format(**where), number="#,##0.00", align="right")
        style.put(sheet, f"C{row}", published, number="#,##0.00", align="right")
        style.put(sheet, f"D{row}", f"=ROUND(B{row}-C{row},2)", number="0.00", align="right")
        verdict(
            row,
            f"lks_{number + 1}",
            f'=IF(ABS(D{row})<{TOLERANCE},"OK","FOUT")',
            "Participatiewet art. 10d op vaste bedragen, los van de invoer.",
        )
    return row


def _warnings(book: Book, sheet: Worksheet, row: int) -> int:
    """Implausible combinations: they warn and never count in the verdict."""
    style.section(sheet, row, "Waarschuwingen (blokkeren niets)", 7)
    bol = [case for case, facts in book.model.cases.items() if facts["niveau"] == 1]
    bbl = [case for case, facts in book.model.cases.items() if facts["leerweg"] == "bbl"]
    columns = dict(zip(book.mapping.cases, "BCDE", strict=True))

    def cell(case: str, key: str) -> str:
        return book.case_cell(case, "C", key)

    rules = [
        (
            "Productieve uren boven de contracturen",
            bbl,
            lambda case: f"{cell(case, 'productieve_uren')}>{cell(case, 'contracturen')}",
            "Meer productieve uren per week dan er uren in het contract staan.",
        ),
        (
            "Studieduur van 3 jaar bij niveau 1",
            bol,
            lambda case: f"{cell(case, 'studieduur')}>2",
            "De entreeopleiding duurt in de regel een jaar.",
        ),
        (
            "Loonwaarde en productiviteit ver uit elkaar",
            bbl,
            lambda case: f"ROUND(ABS({cell(case, 'loonwaarde')}-{cell(case, 'productiviteit_jaar1')}),9)>0.15",
            "Meer dan 15 procentpunt verschil: wordt één prestatie dubbel geteld?",
        ),
    ]
    for label, cases, test, note in rules:
        row += 1
        style.put(sheet, f"A{row}", label)
        for case in cases:
            style.put(
                sheet,
                f"{columns[case]}{row}",
                f"=IF(ISERROR({test(case)}),0,IF({test(case)},1,0))",
                number="0",
                align="right",
            )
        style.put(sheet, f"F{row}", f'=IF(SUM(B{row}:E{row})>0,"LET OP","in orde")', font=style.BOLD, indent=1)
        style.put(sheet, f"G{row}", note, font=style.SMALL)
    return row
