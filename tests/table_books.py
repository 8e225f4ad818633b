"""A workbook with tables, as Excel would have written it, and what formulas that refer to them give."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

from rekentool.xlsx.cell import CellValue, ExcelError

VALUE, REF = ExcelError("#VALUE!"), ExcelError("#REF!")
HOURS, OTHER = "Uren", "Overig"

#: Formulas beside the tables with Excel's result, worked out by hand from `workbook`: the cell, the formula as it is
#: stored, and its value. Tabel1 is B3:F8 on the sheet Uren, with a row of totals; Los is B2:C3 on Overig, without
#: headings.
CASES: tuple[tuple[str, str, CellValue], ...] = (
    ("H1", "=SUM(Tabel1[Uur])", 60.0),
    ("H2", "=SUM(tabel1[UUR])", 60.0),
    ("H10", "=SUM(Tabel1[[#All],[Uur]])", 125.0),
    ("H11", "=SUM(Tabel1[[#Data],[Uur]])", 60.0),
    ("H12", "=Tabel1[[#Totals],[Uur]]", 65.0),
    ("H13", "=Tabel1[[#Headers],[Uur]]", "Uur"),
    ("H14", "=COUNTA(Tabel1[[#Headers],[Naam]:[Bedrag]])", 5.0),
    ("H15", "=COUNTA(Tabel1[])", 17.0),
    ("H17", "=ROWS(Tabel1[[#All],[Naam]:[Bedrag]])*100+COLUMNS(Tabel1[[#All],[Naam]:[Bedrag]])", 605.0),
    ("H18", "=SUM(Tabel1[[Uur]:[Tarief '[€']]])", 75.0),
    ("H19", "=SUM(Tabel1[[Tarief '[€']]:[Uur]])", 75.0),
    ("H20", "=SUM(Tabel1[Tarief '[€']])", 15.0),
    ("H21", "=SUM(Tabel1[a'#b])", 1.0),
    ("H22", "=SUM(Tabel1[[#Data],[#Totals],[Uur]])", 125.0),
    ("H23", "=COUNTA(Tabel1[[#Headers],[#Data],[Uur]])", 5.0),
    ("H24", "=INDEX(Tabel1[Uur],2)", 20.0),
    ("H25", '=SUMIF(Tabel1[Naam],"an",Tabel1[Uur])', 40.0),
    ("H26", "=SUMPRODUCT(Tabel1[Uur]*Tabel1[Tarief '[€']])", 220.0),
    ("H28", "=SUM(Los[])", 100.0),
    ("H29", "=SUM(Los[Tweede])", 60.0),
    ("H30", "=SUM(Los[[#All],[Eerste]:[Tweede]])", 100.0),
    ("H31", "=Los[[#Headers],[Tweede]]", REF),
    ("H32", "=SUM(Los[[#Totals],[Tweede]])", REF),
    ("H4", "=Tabel1[[#This Row],[Uur]]*2", 20.0),
    ("H5", "=SUM(Tabel1[[#This Row],[Uur]:[Tarief '[€']]])", 24.0),
    ("H7", "=Tabel1[Uur]+1", 11.0),
    ("H9", "=Tabel1[[#This Row],[Uur]]", VALUE),
    ("H40", "=SUM(uren_van_nu)", 60.0),
)
#: Forms that LibreOffice 7.4 doesn't read as Excel does.
FURTHER: tuple[tuple[str, str, CellValue], ...] = (
    ("J1", "=COUNTA(Tabel1[#Headers])", 5.0),
    ("J2", "=COUNTA(Tabel1)", 17.0),
    ("J10", "=ROWS(Tabel1[#All])", 6.0),
    ("J11", "=SUM(Los)", 100.0),
    ("J12", "=Los[#Headers]", REF),
    ("J13", "=SUM(Tabel1[Uur]:Tabel1[Tarief '[€']])", 75.0),
    ("J14", "=Tabel1[#REF!]", REF),
    ("J3", "=Tabel1[[#This Row],[Uur]]", VALUE),
    ("J5", "=SUM(Tabel1[@[Uur]:[Tarief '[€']]])", 24.0),
    ("J6", "=COUNTA(Tabel1[@])", 4.0),
    ("J7", "=Tabel1[@Uur]", 10.0),
)
#: What the sheet's own formulas inside the table give.
INSIDE: dict[str, CellValue] = {"F4": 20.0, "F5": 80.0, "F6": 60.0, "F7": 60.0, "C8": 65.0}


def workbook(formulas: dict[str, str] | None = None) -> bytes:
    """The workbook; ``formulas`` stand on the sheet Uren besides those cases."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    hours, other = book.add_worksheet(HOURS), book.add_worksheet(OTHER)
    rows = [["an", 10, 2, 1], ["bo", 20, 4, None], ["an", 20, 3, None], ["an", 10, 6, None]]
    hours.add_table("B3:F8", {
        "name": "Tabel1",
        "data": rows,
        "total_row": True,
        "columns": [
            {"header": "Naam", "total_string": "Samen"},
            {"header": "Uur"},
            {"header": "Tarief [€]"},
            {"header": "a#b"},
            {"header": "Bedrag"},
        ],
    })  # fmt: skip
    for row in range(4, 8):  # without the table's name, and with it as Excel stores it
        table = "Tabel1" if row % 2 else ""
        hours.write_formula(f"F{row}", f"={table}[[#This Row],[Uur]]*{table}[[#This Row],[Tarief '[€']]]")
    hours.write_formula("C8", "=SUM(Tabel1[Uur])+5")
    other.add_table("B2:C3", {
        "name": "Los",
        "header_row": False,
        "data": [[10, 20], [30, 40]],
        "columns": [{"header": "Eerste"}, {"header": "Tweede"}],
    })  # fmt: skip
    book.define_name("uren_van_nu", "=Tabel1[Uur]")
    for cell, formula, _ in CASES + FURTHER:
        hours.write_formula(cell, formula)
    for cell, formula in (formulas or {}).items():
        hours.write_formula(cell, formula)
    book.close()
    return target.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with another text in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            copy.writestr(name, content)
    return target.getvalue()
