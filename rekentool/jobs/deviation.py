"""What a workbook has otherwise than the template: sheets, formulas, fixed values and defined names.

A program may spell a formula in its own way when it saves (Excel writes 1e+07 as 10000000): that is no deviation.
What an unlocked cell holds is the user's, and so are sheets that the template doesn't have. Where rows or columns have
shifted (`shift`), every cell is held against the one that it was.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rekentool.engine.spelling import formula_text
from rekentool.engine.tree import Name, Reference, Structured, Tree
from rekentool.engine.verdict import Tolerance, compare
from rekentool.jobs.alignment import Alignment, tree_of
from rekentool.jobs.formulachange import change
from rekentool.jobs.shift import shift_findings
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


@dataclass(frozen=True)
class _Pair:
    """A workbook beside its template; ``alignment`` is given where rows or columns have shifted."""

    template: Workbook
    workbook: Workbook
    alignment: Alignment | None

    def place(self, address: Address) -> Address | None:
        """Where a cell of the template stands in the workbook; None when its row or column is gone."""
        return address if self.alignment is None else self.alignment.forward(address)

    def origin(self, address: Address) -> Address | None:
        """Where a cell of the workbook stood in the template; None when its row or column is new."""
        return address if self.alignment is None else self.alignment.back(address)

    def same_formula(self, address: Address, place: Address) -> bool:
        """Whether a cell has the formula of the template; one that was entered as an array formula is another."""
        expected, found = self.template.formulas[address], self.workbook.formulas[place]
        if (address in self.template.arrays) != (place in self.workbook.arrays):
            return False
        if self.alignment is not None:
            return self.alignment.same_formula(expected, address, found, place)
        return same_formula(expected, found)

    def change(self, address: Address, place: Address) -> str:
        """What is different in the formula, where it is one thing; "" otherwise."""
        expected, found = tree_of(self.template.formulas[address]), tree_of(self.workbook.formulas[place])
        if expected is None or found is None:
            return ""
        alignment = self.alignment
        if alignment is None:
            return change(expected, found)

        def same(mine: Tree, other: Tree) -> bool:
            if not isinstance(mine, Reference | Name | Structured) or type(mine) is not type(other):
                return False
            return alignment.same_formula(f"={formula_text(mine)}", address, f"={formula_text(other)}", place)

        return change(expected, found, same)


def deviations(
    template: Workbook,
    workbook: Workbook,
    inputs: Collection[Address],
    file: str,
    alignment: Alignment | None = None,
) -> list[Finding]:
    """Every deviation: RK517 and RK518 (sheets), RK547-RK549 (shifted rows and columns), RK510-RK513 (formulas), RK514
    and RK516 (values), RK515 (names).

    ``inputs`` are the cells of ``workbook`` that the mapping fills; they are judged elsewhere. ``alignment`` is what
    `shifted` says of the two.
    """
    pair = _Pair(template, workbook, alignment)
    return [
        *_sheets(template, workbook, file),
        *(shift_findings(alignment, file) if alignment is not None else ()),
        *_formulas(pair, inputs, file),
        *_constants(pair, inputs, file),
        *_names(template, workbook, file, alignment),
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
    from openpyxl.formula.tokenizer import TokenizerError  # slow to import, and needed only where texts differ

    try:
        return _spelling(left) == _spelling(right)
    except TokenizerError:
        return False


def _spelling(formula: str) -> _Spelling:
    from openpyxl.formula.tokenizer import Token, Tokenizer

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


def _formulas(pair: _Pair, inputs: Collection[Address], file: str) -> Iterator[Finding]:
    template, workbook = pair.template, pair.workbook
    sheets = _shared_sheets(template, workbook)
    found: dict[Address, Finding] = {}
    for address, formula in template.formulas.items():
        place = pair.place(address)
        if place is None or address.sheet not in sheets:
            continue
        if place not in workbook.formulas:
            expected = excerpt(_formula(template, address), _FORMULA)
            value = workbook.values.get(place)
            if value is not None:
                found[place] = finding("RK511", str(place), file, formule=expected, staat=excerpt(cell_text(value)))
            else:
                found[place] = finding("RK512", str(place), file, formule=expected)
        elif formula != workbook.formulas[place] or pair.alignment is not None or template.arrays or workbook.arrays:
            if pair.same_formula(address, place):
                continue
            changed = pair.change(address, place)
            found[place] = finding(
                "RK510",
                str(place),
                file,
                formule=excerpt(_formula(template, address), _FORMULA),
                staat=excerpt(_formula(workbook, place), _FORMULA),
                verschil=f"; zij {changed}" if changed else "",
            )
    for place in workbook.formulas:
        origin = pair.origin(place)
        if origin is not None and place.sheet in sheets and origin not in template.formulas and place not in inputs:
            found[place] = finding("RK513", str(place), file, formule=excerpt(_formula(workbook, place), _FORMULA))
    yield from (found[place] for place in sorted(found, key=_place))


def _formula(workbook: Workbook, address: Address) -> str:
    """The formula of a cell; one that was entered as an array formula stands between braces, as Excel shows it."""
    text = workbook.formulas[address]
    return f"{{{text}}}" if address in workbook.arrays else text


def _constants(pair: _Pair, inputs: Collection[Address], file: str) -> Iterator[Finding]:
    template, workbook = pair.template, pair.workbook
    sheets = _shared_sheets(template, workbook)
    # A formula cell of either is judged as a formula.
    free = {pair.place(address) for address in template.unlocked | template.formula_cells}
    free |= workbook.formula_cells | {*inputs}
    mine = {place: value for address, value in template.values.items() if (place := pair.place(address)) is not None}
    theirs = workbook.values
    changed = [
        cell
        for cell in mine.keys() | theirs.keys()
        if not _same_value(mine.get(cell), theirs.get(cell))
        and cell.sheet in sheets
        and cell not in free
        and pair.origin(cell) is not None
    ]
    expected_values, found_values = ({cell: source.get(cell) for cell in changed} for source in (mine, theirs))
    for verdict in compare(expected_values, found_values, tolerance=_SAVED):
        if verdict.judgement == "gelijk":
            continue
        where, expected = str(verdict.address), verdict.expected
        if expected is None:
            yield finding("RK516", where, file, staat=_shown(verdict.actual))
        else:
            what = "een vaste tekst" if isinstance(expected, str) else "een vaste waarde"
            yield finding("RK514", where, file, wat=what, staat=_shown(verdict.actual), verwacht=_shown(expected))


def _names(template: Workbook, workbook: Workbook, file: str, alignment: Alignment | None = None) -> Iterator[Finding]:
    """Names of the template that are gone or refer to something else: a formula that uses one computes otherwise."""
    theirs = {name.casefold(): text for name, text in {**workbook.name_formulas, **workbook.names}.items()}
    for name, expected in {**template.name_formulas, **template.names}.items():
        found = theirs.get(name.casefold())
        if alignment is not None and name in template.names:
            expected = alignment.area(expected) or "#REF!"
        if found != expected:
            shown = "niets: hij is weg" if found is None else excerpt(found)
            yield finding("RK515", name, file, staat=shown, verwacht=expected)


def _shown(value: CellValue) -> str:
    if value is None:
        return "niets"
    return str(value) if isinstance(value, ExcelError) else excerpt(cell_text(value))


def _place(address: Address) -> tuple[str, int, int]:
    return address.sheet, address.row, address.column
