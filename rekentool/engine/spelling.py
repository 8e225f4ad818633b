"""A formula's tree as text again, as the formula bar of an English Excel shows it."""

from __future__ import annotations

from rekentool.engine.scope import is_whole_column, is_whole_row
from rekentool.engine.tree import (
    ArrayConstant,
    Binary,
    Call,
    Error,
    Logical,
    Missing,
    Name,
    Number,
    Reference,
    Structured,
    Text,
    Tree,
    Unary,
)
from rekentool.xlsx.cell import column_letters, quote_sheet
from rekentool.xlsx.celltext import number_text

# How tight an operator binds (see `parse`); a looser one inside a tighter one needs parentheses.
_TIGHTNESS = {
    ":": 9, " ": 8, ",": 7, "^": 4, "*": 3, "/": 3, "+": 2, "-": 2, "&": 1,
    "=": 0, "<>": 0, "<": 0, "<=": 0, ">": 0, ">=": 0,
}  # fmt: skip
_SPILL, _PREFIX, _PERCENT, _OPERAND = 10, 6, 5, 20


def formula_text(tree: Tree) -> str:
    """The tree without a ``=`` before it; reads back as the same tree, only needless parentheses are gone."""
    return _text(tree)[0]


def _text(tree: Tree) -> tuple[str, int]:
    """The text, and how tight it binds."""
    if isinstance(tree, Binary):
        return _binary(tree), _TIGHTNESS[tree.operator]
    if isinstance(tree, Unary):
        if tree.operator in "%#":
            tightness = _PERCENT if tree.operator == "%" else _SPILL
            return _inside(tree.operand, tightness) + tree.operator, tightness
        return tree.operator + _inside(tree.operand, _PREFIX), _PREFIX
    if isinstance(tree, Call):
        return f"{tree.name}({','.join(_inside(part, 0) for part in tree.arguments)})", _OPERAND
    if isinstance(tree, ArrayConstant):
        return "{" + ";".join(",".join(_text(cell)[0] for cell in row) for row in tree.rows) + "}", _OPERAND
    if isinstance(tree, Reference):
        text = reference_text(tree)
        return text, _TIGHTNESS[":"] if ":" in text.rpartition("!")[2] else _OPERAND
    return _operand(tree), _OPERAND


def _binary(tree: Binary) -> str:
    tightness = _TIGHTNESS[tree.operator]
    left, right = _inside(tree.left, tightness), _inside(tree.right, tightness + 1)
    # "naam (" would be a function, and van:'Blad 1'!tot a range over two sheets.
    function = tree.operator == " " and isinstance(tree.left, Name | Binary) and right.startswith("(")
    if function or (tree.operator == ":" and right.startswith("'")):
        left = f"({left})"
    return left + tree.operator + right


def _inside(tree: Tree, least: int) -> str:
    text, tightness = _text(tree)
    # A comma would part the arguments of a function, so a union always stands in parentheses.
    return text if tightness >= least and tightness != _TIGHTNESS[","] else f"({text})"


def _operand(tree: Tree) -> str:
    if isinstance(tree, Number):
        return number_text(tree.value)
    if isinstance(tree, Text):
        return '"' + tree.value.replace('"', '""') + '"'
    if isinstance(tree, Logical):
        return "TRUE" if tree.value else "FALSE"
    if isinstance(tree, Error):
        return str(tree.value)
    if isinstance(tree, Missing):
        return ""
    if isinstance(tree, Name):
        return tree.name if tree.sheet is None else f"{quote_sheet(tree.sheet)}!{tree.name}"
    if isinstance(tree, Structured):
        return f"{tree.table}[{tree.specifier}]"
    if isinstance(tree, Reference):
        return reference_text(tree)
    raise TypeError(f"{type(tree).__name__} is no operand")


def reference_text(reference: Reference) -> str:
    """``$C$8``, ``D10:H10``, ``A:A`` or ``2:3``, with the sheet before it when the reference names one."""
    left, top, right, bottom = ("$" if fixed else "" for fixed in reference.absolute)
    if is_whole_column(reference):
        text = f"{left}{column_letters(reference.left)}:{right}{column_letters(reference.right)}"
    elif is_whole_row(reference):
        text = f"{top}{reference.top}:{bottom}{reference.bottom}"
    else:
        text = f"{left}{column_letters(reference.left)}{top}{reference.top}"
        # $D$195:D195 is one cell that grows when it is copied.
        if not reference.single or reference.absolute[:2] != reference.absolute[2:]:
            text += f":{right}{column_letters(reference.right)}{bottom}{reference.bottom}"
    return text if reference.sheet is None else f"{quote_sheet(reference.sheet)}!{text}"
