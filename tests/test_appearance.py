"""How a workbook looks, read so that the same look gives the same facts whoever saved it."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
from ingreep import edited, parts
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.colors import Color
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rekentool.jobs.alignment import align
from rekentool.jobs.difference import Difference
from rekentool.jobs.lookprotection import protection_differences
from rekentool.jobs.looks import hidden_differences, look_differences
from rekentool.xlsx.appearance import Appearance, read_appearance
from rekentool.xlsx.cellformat import canonical
from rekentool.xlsx.protection import read_protection
from rekentool.xlsx.reader import read_workbook

Edit = Callable[[Worksheet], object]


def made(*edits: Edit) -> bytes:
    """A sheet with some of everything, and then these edits."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Blad"
    for row in range(1, 9):
        for column in "ABC":
            sheet[f"{column}{row}"] = f"{column}{row}"
    sheet["B2"].number_format = '#,##0.00;-#,##0.00;"–"'
    sheet["B3"].font = Font(name="Calibri", size=10, bold=True, color="001F2D3A")
    sheet["B4"].fill = PatternFill("solid", fgColor="FFF6CC")
    sheet["B5"].border = Border(bottom=Side("thin", color="C9D3DB"))
    sheet["B6"].alignment = Alignment(horizontal="center", wrap_text=True)
    sheet["B7"].protection = Protection(locked=False)
    sheet.column_dimensions["A"].width = 30
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    sheet.print_area = "A1:C8"
    sheet.page_setup.orientation = "landscape"
    sheet.merge_cells("A8:B8")
    sheet.conditional_formatting.add("C2:C8", FormulaRule(["$A2=1"], fill=PatternFill(bgColor="F8D7D3")))
    validation = DataValidation(type="whole", operator="between", formula1="0", formula2="9", sqref="C2:C4")
    validation.showErrorMessage = True
    sheet.add_data_validation(validation)
    sheet.protection.sheet = True
    for edit in edits:
        edit(sheet)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def seen(old: bytes, new: bytes) -> list[Difference]:
    """The differences in look, protection and what is hidden."""
    alignment = align(read_workbook(old), read_workbook(new))
    looks = read_appearance(old), read_appearance(new)
    return [
        *protection_differences(alignment, read_protection(old), read_protection(new)),
        *look_differences(alignment, *looks),
        *hidden_differences(alignment, *looks),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dd-mm-yyyy", r"dd\-mm\-yyyy"),
        ("DD-MM-YYYY", "dd-mm-yyyy"),
        ('#,##0.00;-#,##0.00;"–"', r"#,##0.00;\-#,##0.00;\–"),
        ("[$-413]d mmmm yyyy", "d mmmm yyyy"),
        ("[$€-413] #,##0", '"€" #,##0'),
        ("[$€] #,##0", "€ #,##0"),
        ("[>=0.5]#,##0", "[>= 0.5]#,##0"),
        ("GENERAL", "General"),
        ("[Red]-0", r"[RED]\-0"),
    ],
)
def test_one_number_format_in_two_spellings(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("0.0", "0.00"), ("0%", "0"), ("dd-mm-yyyy", "mm-dd-yyyy"), ('"m"', "m"), ("0;-0", "0"), ("[h]:mm", "h:mm")],
)
def test_two_number_formats(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_what_is_read() -> None:
    found = read_appearance(made())
    look = found.sheets["Blad"]

    def part(cell: tuple[int, int], name: str) -> object:
        return getattr(found.format("Blad", *cell), name)

    assert part((2, 2), "number_format") == r"#,##0.00;\-#,##0.00;\–"
    assert part((2, 3), "font") == "Calibri 10, vet, #1F2D3A"
    assert part((2, 4), "fill") == "#FFF6CC"
    assert part((2, 5), "border") == "onder dun #C9D3DB"
    assert part((2, 6), "alignment") == "gecentreerd, terugloop"
    assert (part((2, 7), "locked"), part((1, 1), "locked"), part((99, 99), "locked")) == (False, True, True)
    assert (look.widths[1], look.heights[1], look.frozen, look.merged) == (30.0, 26.0, "B2", ((1, 8, 2, 8),))
    assert (look.gridlines, look.tab, look.charts) == (True, "", 0)
    assert {key: look.printing[key] for key in ("afdrukbereik", "titels op elke pagina", "stand")} == {
        "afdrukbereik": "A1:C8", "titels op elke pagina": "1:1", "stand": "liggend",
    }  # fmt: skip
    (rule,) = look.conditional
    assert (rule.boxes, rule.formulas, rule.look) == (((3, 2, 3, 8),), ("$A2=1",), "vulling #F8D7D3")
    assert found.program.startswith("Microsoft Excel")
    assert not found.without_view


@pytest.mark.parametrize(
    ("edit", "kind", "place", "old", "new"),
    [
        (lambda s: setattr(s["B2"], "number_format", "0%"), "getalnotatie", "Blad!B2",
         r"#,##0.00;\-#,##0.00;\–", "0%"),
        (lambda s: setattr(s["B3"], "font", Font(name="Arial", size=10)), "lettertype", "Blad!B3",
         "Calibri 10, vet, #1F2D3A", "Arial 10"),
        (lambda s: setattr(s["B4"], "fill", PatternFill()), "vulling", "Blad!B4", "#FFF6CC", "geen"),
        (lambda s: [setattr(s[f"{c}1"], "fill", PatternFill("solid", fgColor="00FF00")) for c in "ABC"], "vulling",
         "Blad!A1:C1", "geen", "#00FF00"),
        (lambda s: setattr(s["B5"], "border", Border(*[Side("thin")] * 4)), "rand", "Blad!B5",
         "onder dun #C9D3DB", "rondom dun #000000"),
        (lambda s: setattr(s["B6"], "alignment", Alignment(indent=2)), "uitlijning", "Blad!B6",
         "gecentreerd, terugloop", "inspringing 2"),
        (lambda s: setattr(s["B7"], "protection", Protection()), "vergrendeling", "Blad!B7", "open", "vergrendeld"),
        (lambda s: setattr(s["A1"], "protection", Protection(hidden=True)), "formule verbergen", "Blad!A1",
         "zichtbaar", "verborgen"),
        (lambda s: setattr(s.column_dimensions["A"], "width", 12), "kolombreedte", "Blad!A:A",
         "30 tekens", "12 tekens"),
        (lambda s: setattr(s.row_dimensions[1], "height", 40.5), "rijhoogte", "Blad!1:1", "26 punten", "40,5 punten"),
        (lambda s: setattr(s, "freeze_panes", None), "titelblokkering", "Blad", "B2", "geen"),
        (lambda s: setattr(s.sheet_view, "showGridLines", False), "rasterlijnen", "Blad", "zichtbaar", "verborgen"),
        (lambda s: setattr(s.sheet_properties, "tabColor", "E0B93B"), "tabkleur", "Blad", "geen", "E0B93B"),
        (lambda s: setattr(s, "print_title_rows", "1:2"), "afdrukken: titels op elke pagina", "Blad", "1:1", "1:2"),
        (lambda s: setattr(s, "print_area", "A1:B8"), "afdrukken: afdrukbereik", "Blad", "A1:C8", "A1:B8"),
        (lambda s: setattr(s.page_setup, "orientation", "portrait"), "afdrukken: stand", "Blad",
         "liggend", "staand"),
        (lambda s: setattr(s.oddFooter.center, "text", "blad &P"), "afdrukken: voettekst", "Blad",
         "standaard", "&Cblad &P"),
        (lambda s: s.unmerge_cells("A8:B8"), "samengevoegde cellen", "Blad", "A8:B8", "geen"),
        (lambda s: setattr(s.data_validations.dataValidation[0], "formula2", "8"), "validatie", "Blad!C2:C4",
         "een geheel getal van 0 t/m 9", "een geheel getal van 0 t/m 8"),
        (lambda s: s.data_validations.dataValidation.clear(), "validatie", "Blad!C2:C4",
         "een geheel getal van 0 t/m 9", "geen"),
        (lambda s: s.conditional_formatting.add("A2:A3", CellIsRule("greaterThan", ["5"], font=Font(bold=True))),
         "voorwaardelijke opmaak", "Blad!A2:A3", "geen", "cellIs greaterThan 5 → vet"),
        (lambda s: s.conditional_formatting.__init__(), "voorwaardelijke opmaak", "Blad!C2:C8",
         "$A2=1 → vulling #F8D7D3", "geen"),
        (lambda s: setattr(s.protection, "sheet", False), "bladbeveiliging", "Blad", "beveiligd", "geen"),
        (lambda s: setattr(s.protection, "sort", False), "bladbeveiliging", "Blad", "verboden: sorteren",
         "verboden: niets meer of minder"),
        (lambda s: s.protection.set_password("geheim"), "bladbeveiliging", "Blad", "zonder wachtwoord",
         "met wachtwoord"),
        (lambda s: setattr(s.row_dimensions[5], "hidden", True), "rij verborgen", "Blad!5:5",
         "zichtbaar", "verborgen"),
        (lambda s: setattr(s.column_dimensions["C"], "hidden", True), "kolom verborgen", "Blad!C:C",
         "zichtbaar", "verborgen"),
    ],
)  # fmt: skip
def test_each_difference_is_named_once(edit: Edit, kind: str, place: str, old: str, new: str) -> None:
    (found,) = seen(made(), made(edit))
    assert (found.kind, found.place, found.old, found.new) == (kind, place, old, new)
    (back,) = seen(made(edit), made())
    assert (back.old, back.new) in ((new, old), ("verboden: niets meer of minder", "verboden: sorteren"))


def test_the_same_look_written_in_another_way_is_no_difference() -> None:
    """Colours by theme, validations and conditional formats cut up, style numbers turned round."""

    def theme(sheet: Worksheet) -> None:
        sheet["A1"].font = Font(name="Calibri", size=11, color=Color(theme=1))
        sheet["A2"].font = Font(name="Calibri", size=11, color="000000")

    def plain(sheet: Worksheet) -> None:
        sheet["A2"].font = Font(name="Calibri", size=11, color=Color(theme=1))
        sheet["A1"].font = Font(name="Calibri", size=11, color="000000")

    def cut(sheet: Worksheet) -> None:
        plain(sheet)
        sheet.data_validations.dataValidation.clear()
        for cells in ("C3:C4", "C2"):
            rule = DataValidation(type="whole", formula1="0", formula2="9", sqref=cells)
            rule.showErrorMessage = True
            sheet.add_data_validation(rule)
        sheet.conditional_formatting.__init__()
        for cells, condition in (("C2:C5", "$A2=1"), ("C6:C8", "$A6=1")):
            sheet.conditional_formatting.add(cells, FormulaRule([condition], fill=PatternFill(bgColor="F8D7D3")))

    assert seen(made(theme), made(cut)) == []


def test_small_roundings_are_no_difference() -> None:
    def rounded(sheet: Worksheet) -> None:
        sheet.column_dimensions["A"].width = 30.14
        sheet.row_dimensions[1].height = 25.5

    assert seen(made(), made(rounded)) == []


def test_a_tint_makes_a_theme_colour_lighter_or_darker() -> None:
    """Excel's own list: accent 1 (4472C4), 40 % lighter and 25 % darker."""
    for tint, expected in ((0.3999755851924192, "#8FAADC"), (-0.249977111117893, "#2F5597")):
        colour = Color(theme=4, tint=tint)
        data = made(lambda s, c=colour: setattr(s["A1"], "fill", PatternFill("solid", fgColor=c)))  # type: ignore[misc]
        theme = parts(data)["xl/theme/theme1.xml"].decode()
        if "4472C4" not in theme:  # openpyxl writes the theme of Office 2007
            data = edited(data, {"xl/theme/theme1.xml": lambda text: text.replace("4F81BD", "4472C4")})
        fill = read_appearance(data).format("Blad", 1, 1).fill
        near = [abs(int(fill[n : n + 2], 16) - int(expected[n : n + 2], 16)) for n in (1, 3, 5)]
        assert max(near) <= 2, fill


def test_an_inserted_row_takes_its_looks_along() -> None:
    """Excel moves everything below; here written out by hand for the row that comes in at 2."""

    def lower(sheet: Worksheet) -> None:
        sheet.unmerge_cells("A8:B8")
        for row in range(8, 1, -1):
            for column in "ABC":
                old, new = sheet[f"{column}{row}"], sheet[f"{column}{row + 1}"]
                new.value, new._style = old.value, old._style
                old.value, old.style = f"nieuw {column}", "Normal"
        sheet.merge_cells("A9:B9")
        sheet.print_area = "A1:C9"
        sheet.data_validations.dataValidation[0].sqref = MultiCellRange("C3:C5")
        sheet.conditional_formatting.__init__()
        sheet.conditional_formatting.add("C3:C9", FormulaRule(["$A3=1"], fill=PatternFill(bgColor="F8D7D3")))

    assert [(one.kind, one.place) for one in seen(made(), made(lower))] == []


def test_a_file_that_libreoffice_converted_without_a_window() -> None:
    def converted(data: bytes) -> Appearance:
        app = parts(data)["docProps/app.xml"].decode()
        return read_appearance(
            edited(data, {"docProps/app.xml": lambda _: app.replace("Microsoft Excel", "LibreOffice/7.4$Linux")})
        )

    bare = made(lambda s: setattr(s, "freeze_panes", None))
    assert converted(bare).without_view
    assert not converted(made()).without_view
    assert not read_appearance(bare).without_view
    alignment = align(read_workbook(made()), read_workbook(bare))
    assert look_differences(alignment, read_appearance(made()), converted(bare)) == []
