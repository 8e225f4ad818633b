"""What a workbook has otherwise than the template: sheets, formulas, fixed values and defined names.

A program may spell a formula in its own way when it saves (Excel writes 1e+07 as 10000000): that is no deviation.
What an unlocked cell holds is the user's, and so are sheets that the template doesn't have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from openpyxl.formula.tokenizer import Token, Tokenizer, TokenizerError

from rekentool.engine.verdict import Tolerance, compare
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, finding
from rekentool.xlsx.cell import Address, CellValue, ExcelError
from rekentool.xlsx.reader import Workbook

#: As many characters of a formula as a message shows.
_FORMULA = 300
#: Programs save 15 to 17 digits: equal fixed values may differ in the last of them.
_SAVED = Tolerance(relative=1e-14, absolute=0.0)

#: What kind of token a formula has and how it reads, in one spelling.
_Spelling = list[tuple[str, str | float]]


def deviations(template: Workbook, workbook: Workbook, inputs: Collection[Address], file: str) -> list[Finding]:
    """Every deviation: RK517 and RK518 (sheets), RK510–RK513 (formulas), RK514 and RK516 (values), RK515 (names).

    ``inputs`` are the cells of ``workbook`` that the mapping fills; they are judged elsewhere.
    """
    return [
        *_sheets(template, workbook, file),
        *_formulas(template, workbook, file),
        *_constants(template, workbook, inputs, file),
        *_names(template, workbook, file),
    ]


def computes_alike(template: Workbook, workbook: Workbook) -> bool:
    """Whether the workbook computes from its own constants what the template would compute from them."""
    return (
        {sheet.name for sheet in template.sheets} <= {sheet.name for sheet in workbook.sheets}
        and template.formulas.keys() == workbook.formulas.keys()
        and all(same_formula(formula, workbook.formulas[address]) for address, formula in template.formulas.items())
        and template.arrays == workbook.arrays
        and not any(_names(template, workbook, ""))
        and template.local_names == workbook.local_names
        and (template.date1904, template.full_precision) == (workbook.date1904, workbook.full_precision)
    )


def changed_constants(template: Workbook, workbook: Workbook) -> dict[Address, CellValue]:
    """Every constant on the template's sheets that isn't the template's, inputs included; None where it is gone."""
    sheets = {sheet.name for sheet in template.sheets}
    computed = template.formula_cells | workbook.formula_cells
    return {
        address: workbook.values.get(address)
        for address in template.values.keys() | workbook.values.keys()
        if address.sheet in sheets
        and address not in computed
        and not _same_value(template.values.get(address), workbook.values.get(address))
    }


def same_formula(left: str, right: str) -> bool:
    """Whether two formulas are one, apart from spaces, capitals and the way in which a number is written."""
    if left == right:
        return True
    try:
        return _spelling(left) == _spelling(right)
    except TokenizerError:
        return False


def _spelling(formula: str) -> _Spelling:
    found: _Spelling = []
    for token in Tokenizer(formula).items:
        if token.type == Token.WSPACE:
            continue
        value: str | float = token.value
        if token.subtype == Token.NUMBER:
            value = float(token.value)
        elif token.subtype != Token.TEXT:
            value = token.value.casefold()
        found.append((token.type, value))
    return found


def _same_value(left: CellValue, right: CellValue) -> bool:
    """Equal in type and value: TRUE isn't 1."""
    return type(left) is type(right) and left == right


def _sheets(template: Workbook, workbook: Workbook, file: str) -> Iterator[Finding]:
    mine, theirs = _sheet_names(template), _sheet_names(workbook)
    for name in mine:
        if name not in theirs:
            yield finding("RK517", excerpt(name), file)
    for name in theirs:
        if name not in mine:
            yield finding("RK518", excerpt(name), file)


def _sheet_names(workbook: Workbook) -> list[str]:
    return [sheet.name for sheet in workbook.sheets]


def _shared_sheets(template: Workbook, workbook: Workbook) -> set[str]:
    """Sheets of both: a missing one is one finding, not one for each of its cells."""
    return {*_sheet_names(template)} & {*_sheet_names(workbook)}


def _formulas(template: Workbook, workbook: Workbook, file: str) -> Iterator[Finding]:
    sheets = _shared_sheets(template, workbook)
    both = template.formulas.keys() | workbook.formulas.keys()
    changed = [
        address
        for address in both
        if address.sheet in sheets and _formula(template, address) != _formula(workbook, address)
    ]
    for address in sorted(changed, key=_place):
        expected, found = _formula(template, address), _formula(workbook, address)
        if expected is not None and found is not None and same_formula(expected, found):
            continue
        place, value = str(address), workbook.values.get(address)
        if expected is None:
            yield finding("RK513", place, file, formule=excerpt(found or "", _FORMULA))
        elif found is not None:
            shown = excerpt(found, _FORMULA)
            yield finding("RK510", place, file, formule=excerpt(expected, _FORMULA), staat=shown)
        elif value is not None:
            yield finding("RK511", place, file, formule=excerpt(expected, _FORMULA), staat=excerpt(cell_text(value)))
        else:
            yield finding("RK512", place, file, formule=excerpt(expected, _FORMULA))


def _formula(workbook: Workbook, address: Address) -> str | None:
    """The formula of a cell; one that was entered as an array formula stands between braces, as Excel shows it."""
    text = workbook.formulas.get(address)
    return f"{{{text}}}" if text is not None and address in workbook.arrays else text


def _constants(template: Workbook, workbook: Workbook, inputs: Collection[Address], file: str) -> Iterator[Finding]:
    sheets = _shared_sheets(template, workbook)
    # A formula cell of either is judged as a formula.
    free = template.unlocked | template.formula_cells | workbook.formula_cells | {*inputs}

    mine, theirs = template.values, workbook.values
    changed = [
        address
        for address in mine.keys() | theirs.keys()
        if not _same_value(mine.get(address), theirs.get(address)) and address.sheet in sheets and address not in free
    ]
    expected_values, found_values = ({cell: source.get(cell) for cell in changed} for source in (mine, theirs))
    for verdict in compare(expected_values, found_values, tolerance=_SAVED):
        if verdict.judgement == "gelijk":
            continue
        place, expected = str(verdict.address), verdict.expected
        if expected is None:
            yield finding("RK516", place, file, staat=_shown(verdict.actual))
        else:
            what = "een vaste tekst" if isinstance(expected, str) else "een vaste waarde"
            yield finding("RK514", place, file, wat=what, staat=_shown(verdict.actual), verwacht=_shown(expected))


def _names(template: Workbook, workbook: Workbook, file: str) -> Iterator[Finding]:
    """Names of the template that are gone or refer to something else: a formula that uses one computes otherwise."""
    theirs = {name.casefold(): text for name, text in {**workbook.name_formulas, **workbook.names}.items()}
    for name, expected in {**template.name_formulas, **template.names}.items():
        found = theirs.get(name.casefold())
        if found != expected:
            shown = "niets: hij is weg" if found is None else excerpt(found)
            yield finding("RK515", name, file, staat=shown, verwacht=expected)


def _shown(value: CellValue) -> str:
    if value is None:
        return "niets"
    return str(value) if isinstance(value, ExcelError) else excerpt(cell_text(value))


def _place(address: Address) -> tuple[str, int, int]:
    return address.sheet, address.row, address.column
