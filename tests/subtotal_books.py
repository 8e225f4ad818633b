"""A workbook with rows hidden by hand and by filters, and what SUBTOTAL and AGGREGATE give in it."""

from __future__ import annotations

import io

import xlsxwriter
from table_books import changed

from rekentool.xlsx.cell import CellValue, ExcelError

DIV0, VALUE, NUM, NA = (ExcelError(code) for code in ("#DIV/0!", "#VALUE!", "#NUM!", "#N/A"))
#: Rows hidden by hand; a filter on a list; no hidden rows; a filter on a table.
HAND, LIST, PLAIN, TABLE = "Handmatig", "Lijst", "Gewoon", "Tabel"

#: Sheet, cell, formula and Excel's result, by hand. In column A of each sheet stand 1, 2, 4, 8, 16 and 32 in rows 2 to
#: 7; rows 3 and 5 are hidden (2 and 8), but not on the sheet Gewoon.
CASES: tuple[tuple[str, str, str, CellValue], ...] = (
    (HAND, "D1", "=SUBTOTAL(9,A2:A7)", 63.0),
    (HAND, "D8", "=SUBTOTAL(109,A2:A7)", 53.0),
    (HAND, "D9", "=SUBTOTAL(109,A2:B7)", 583.0),
    (HAND, "D10", "=SUBTOTAL(101,A2:A7)", 13.25),
    (HAND, "D11", "=SUBTOTAL(102,A2:A7)", 4.0),
    (HAND, "D12", "=SUBTOTAL(103,A2:A7,B2:B3)", 5.0),
    (HAND, "D13", "=SUBTOTAL(104,A3:A5)", 4.0),
    (HAND, "D14", "=SUBTOTAL(105,A3:A5)", 4.0),
    (HAND, "D15", "=SUBTOTAL(106,A2:A7)", 2048.0),
    (HAND, "D16", "=SUBTOTAL(109,A3)", 0.0),
    (HAND, "D17", "=SUBTOTAL(101,A3,A5)", DIV0),
    (HAND, "D18", "=SUBTOTAL(109,A:A)", 53.0),
    (HAND, "D19", "=AGGREGATE(9,4,A2:A7)", 63.0),
    (HAND, "D20", "=AGGREGATE(9,5,A2:A7)", 53.0),
    (HAND, "D21", "=AGGREGATE(14,5,A2:A7,2)", 16.0),
    (HAND, "D22", "=AGGREGATE(15,5,A2:A7,2)", 4.0),
    (HAND, "D23", "=AGGREGATE(12,1,A2:A7)", 10.0),
    (HAND, "D24", "=SUBTOTAL(109,A2:B2,A5:B5)", 11.0),
    (LIST, "D1", "=SUBTOTAL(9,A2:A7)", 53.0),
    (LIST, "D8", "=SUBTOTAL(109,A2:A7)", 53.0),
    (LIST, "D9", "=SUBTOTAL(3,A1:A7)", 5.0),
    (LIST, "D10", "=SUBTOTAL(9,A2:A12)", 1153.0),
    (LIST, "D11", "=SUBTOTAL(109,A2:A12)", 153.0),
    (LIST, "D12", "=AGGREGATE(9,5,A2:A7)", 53.0),
    (TABLE, "D1", "=SUBTOTAL(9,A2:A7)", 53.0),
    (TABLE, "D8", "=SUBTOTAL(109,A2:A7)", 53.0),
    (PLAIN, "D1", "=SUBTOTAL(9,A2:A10)", 63.0),
    (PLAIN, "D2", "=SUBTOTAL(1,A2:A7)", 10.5),
    (PLAIN, "D3", "=SUBTOTAL(11,A2:A4)", 14.0 / 9.0),
    (PLAIN, "D4", "=SUBTOTAL(10,A2:A4)", 7.0 / 3.0),
    (PLAIN, "D5", "=SUBTOTAL(8,A2:A3)", 0.5),
    (PLAIN, "D6", "=AGGREGATE(9,6,E2:E5)", 5.0),
    (PLAIN, "D7", "=AGGREGATE(9,4,E2:E5)", DIV0),
    (PLAIN, "D8", "=AGGREGATE(3,6,E2:E5)", 2.0),
    (PLAIN, "D9", "=AGGREGATE(9,3,A2:A10)", 63.0),
    (PLAIN, "D10", "=AGGREGATE(9,4,A2:A10)", 69.0),
    (PLAIN, "D11", "=AGGREGATE(4,7,E2:E5)", 4.0),
    (PLAIN, "D12", "=AGGREGATE(16,6,A2:A7,0.5)", 6.0),
    (PLAIN, "D13", "=AGGREGATE(17,6,A2:A6,1)", 2.0),
    (PLAIN, "D14", "=AGGREGATE(18,6,A2:A4,0.5)", 2.0),
    (PLAIN, "D15", "=AGGREGATE(19,6,A2:A4,2)", 2.0),
    (PLAIN, "D16", "=AGGREGATE(14,6,A2:A7/(A2:A7>2),2)", 16.0),
    (PLAIN, "D17", "=AGGREGATE(15,6,A2:A7/(A2:A7>2),1)", 4.0),
    (PLAIN, "D18", "=AGGREGATE(14,6,A2:A7,9)", NUM),
    (PLAIN, "D19", "=SUBTOTAL(9,E2:E5)", DIV0),
    (PLAIN, "D20", "=SUBTOTAL(2,E2:E5)", 2.0),
)
#: What Excel refuses, or LibreOffice 7.4 answers otherwise, with the result by Microsoft's pages.
FURTHER: tuple[tuple[str, str, str, CellValue], ...] = (
    (PLAIN, "F1", "=SUBTOTAL(12,A2:A7)", VALUE),
    (PLAIN, "F2", "=SUBTOTAL(0,A2:A7)", VALUE),
    (PLAIN, "F3", "=AGGREGATE(20,4,A2:A7)", VALUE),
    (PLAIN, "F4", "=AGGREGATE(14,4,A2:A7)", VALUE),
    (PLAIN, "F5", "=AGGREGATE(9,8,A2:A7)", VALUE),
    (PLAIN, "F6", "=SUBTOTAL(F7,A2:A7)", 63.0),
)
#: What Microsoft's pages leave open, with the reason.
UNDECIDED: tuple[tuple[str, str, str, str], ...] = (
    (PLAIN, "G1", "=SUBTOTAL(9,A2:A11)", "SUBTOTAL over een cel waarin een subtotaal deel van een formule is"),
    (PLAIN, "G2", "=AGGREGATE(9,0,A11)", "AGGREGATE over een cel waarin een subtotaal deel van een formule is"),
    (PLAIN, "G3", "=SUBTOTAL(9,D6:D7)", "SUBTOTAL over een cel met AGGREGATE"),
    (PLAIN, "G4", "=AGGREGATE(F7,4,A2:A7)", "functienummer of optie die pas bij het rekenen bekend is"),
    (PLAIN, "G5", "=SUBTOTAL(9,OFFSET(A2,F7,0))", "OFFSET met een plaats die pas bij het rekenen bekend is"),
    (PLAIN, "G6", "=SUBTOTAL(9,A2:A7*2)", "SUBTOTAL van iets anders dan een bereik"),
    (HAND, "G1", "=SUBTOTAL(B2,A2:A7)", "functienummer dat pas bij het rekenen bekend is, over verborgen rijen"),
    (LIST, "G1", "=AGGREGATE(9,4,A2:A7)", "AGGREGATE dat verborgen rijen meetelt, over een gefilterde lijst"),
)


def workbook() -> bytes:
    """The workbook with all of these formulas."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheets = {name: book.add_worksheet(name) for name in (HAND, LIST, PLAIN, TABLE)}
    for name, sheet in sheets.items():
        if name != TABLE:
            sheet.write_column("A1", ["Bedrag", 1, 2, 4, 8, 16, 32])
        if name != PLAIN:
            sheet.set_row(2, None, None, {"hidden": True})
            sheet.set_row(4, None, None, {"hidden": True})
    sheets[HAND].write_column("B2", [10, 20, 40, 80, 160, 320])
    listed = sheets[LIST]
    listed.autofilter("A1:A7")
    listed.filter_column_list("A", [1, 4, 16, 32])
    listed.write_column("A11", [1000, 100])  # below the filter, the first one hidden by hand
    listed.set_row(10, None, None, {"hidden": True})
    plain = sheets[PLAIN]
    plain.write_formula("A8", "=SUBTOTAL(9,A2:A3)")
    plain.write_formula("A9", "=SUBTOTAL(109,A2)")
    plain.write_formula("A10", "=SUBTOTAL(4,A2:A3)")
    plain.write_formula("A11", "=SUBTOTAL(9,A2:A3)+1")
    plain.write_column("E2", [1, None, 4])
    plain.write_formula("E3", "=1/0")
    plain.write_number("F7", 9)
    table = sheets[TABLE]
    table.add_table("A1:A7", {"data": [[one] for one in (1, 2, 4, 8, 16, 32)], "columns": [{"header": "Bedrag"}]})
    for name, cell, formula, _ in CASES + FURTHER + UNDECIDED:
        sheets[name].write_formula(cell, formula.replace("AGGREGATE", "_xlfn.AGGREGATE"))
    book.close()
    column = '<filterColumn colId="0"><filters><filter val="1"/><filter val="4"/></filters></filterColumn>'
    old = '<autoFilter ref="A1:A7"/>'
    return changed(target.getvalue(), "xl/tables/table1.xml", old, old.replace("/>", f">{column}</autoFilter>"))
