"""Random formula trees, and the text of a tree, written independently of the parser."""

from __future__ import annotations

from hypothesis import strategies as st

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
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW, ExcelError, column_letters

SHEETS = st.sampled_from([None, "Blad1", "1 Bol niveau 1", "it's", "A1", "工作表", "'"])
NAMES = st.sampled_from(["naam", "in_x", "a.b", "\\pad", "wat?", "XFE1", "één", "_", "TRUEx"])
_COLUMNS, _ROWS = st.integers(1, MAX_COLUMN), st.integers(1, MAX_ROW)
_DOLLARS = st.tuples(*[st.booleans()] * 4)


@st.composite
def reference_trees(draw: st.DrawFn) -> Reference:
    sheet, fixed = draw(SHEETS), draw(_DOLLARS)
    across, down = sorted(draw(st.tuples(_COLUMNS, _COLUMNS))), sorted(draw(st.tuples(_ROWS, _ROWS)))
    kind = draw(st.sampled_from(["cell", "range", "columns", "rows"]))
    if kind == "cell":
        return Reference(sheet, across[0], down[0], across[0], down[0], (fixed[0], fixed[1], fixed[0], fixed[1]))
    if kind == "columns":
        return Reference(sheet, across[0], 1, across[1], MAX_ROW, (fixed[0], False, fixed[2], False))
    if kind == "rows":
        return Reference(sheet, 1, down[0], MAX_COLUMN, down[1], (False, fixed[1], False, fixed[3]))
    across = [across[0], max(across[1], across[0] + 1)] if across[0] < MAX_COLUMN else [1, MAX_COLUMN - 1]
    down = [down[0], max(down[1], down[0] + 1)] if down[0] < MAX_ROW else [2, MAX_ROW]
    # All of a sheet's columns or rows are written as whole rows or columns.
    right = across[1] - (across == [1, MAX_COLUMN])
    bottom = down[1] - (down == [1, MAX_ROW])
    return Reference(sheet, across[0], down[0], right, bottom, fixed)


ERRORS = st.sampled_from(["#N/A", "#REF!", "#DIV/0!", "#NAME?", "#SPILL!"]).map(lambda code: Error(ExcelError(code)))
NUMBERS = st.floats(0, allow_infinity=False, allow_nan=False).map(abs).map(Number)
CONSTANTS = st.one_of(
    st.floats(allow_infinity=False, allow_nan=False).map(lambda value: Number(value + 0.0)),
    st.text(max_size=5).map(Text),
    st.booleans().map(Logical),
    ERRORS,
)
ARRAYS = (
    st.integers(1, 3)
    .flatmap(lambda width: st.lists(st.tuples(*[CONSTANTS] * width), min_size=1, max_size=3))
    .map(lambda found: ArrayConstant(tuple(found)))
)
SPECIFIERS = st.sampled_from(["Kolom", "@Kolom", "[#This Row],[a b]", "[a]:[b]", "#Totals", "", "it''s", "a']b"])
REFERRING = st.one_of(
    reference_trees(),
    st.builds(Name, NAMES, SHEETS),
    st.builds(Structured, st.sampled_from(["Tabel1", "omzet.q1"]), SPECIFIERS),
)


SIMPLE = st.one_of(NUMBERS, st.text(max_size=5).map(Text), st.booleans().map(Logical), ERRORS, REFERRING, ARRAYS)
INFIX = ["+", "-", "*", "/", "^", "&", "=", "<>", "<", "<=", ">", ">="]
FUNCTIONS = ["SUM", "IF", "INDEX", "LOG10", "NORM.DIST", "SQL.ÉÉN"]


@st.composite
def random_trees(draw: st.DrawFn, levels: int = 4) -> Tree:
    """Any tree that a formula can have, with at most so many levels of operators and functions."""
    smaller = random_trees(levels - 1)
    kind = draw(st.sampled_from(["simple", "infix", "sign", "call", "joined", "spill"])) if levels else "simple"
    if kind == "infix":
        return Binary(draw(st.sampled_from(INFIX)), draw(smaller), draw(smaller))
    if kind == "sign":
        return Unary(draw(st.sampled_from("-+%@")), draw(smaller))
    if kind == "call":
        return draw(_calls(levels))
    if kind == "joined":
        return draw(_joined(levels))
    if kind == "spill":
        return Unary("#", draw(_referring(levels)))
    simple: Tree = draw(SIMPLE)
    return simple


@st.composite
def _calls(draw: st.DrawFn, levels: int) -> Call:
    arguments = draw(st.lists(st.one_of(random_trees(levels - 1), st.just(Missing())), max_size=4))
    # F() has no arguments, so one empty argument can't be written.
    return Call(draw(st.sampled_from(FUNCTIONS)), () if arguments == [Missing()] else tuple(arguments))


def _referring(levels: int) -> st.SearchStrategy[Tree]:
    return st.one_of(REFERRING, _calls(levels))


@st.composite
def _joined(draw: st.DrawFn, levels: int) -> Tree:
    """References with reference operators between them, one or two levels."""
    operator = draw(st.sampled_from([" ", ",", ":"]))
    ends = _referring(levels) if operator == ":" or draw(st.booleans()) else _joined(levels)
    left, right = draw(ends), draw(ends)
    if operator == ":" and all(isinstance(end, Reference) and end.single for end in (left, right)):
        operator = ","  # two cells with a colon between them are one range
    return Binary(operator, left, right)


_TIGHTNESS = {":": 9, " ": 8, ",": 7, "^": 4, "*": 3, "/": 3, "+": 2, "-": 2, "&": 1}


def printed(tree: Tree, space: str = "") -> str:
    """The formula of a tree, with no more parentheses than it needs, and ``space`` wherever it may stand."""
    return _printed(tree, space)[0]


def _printed(tree: Tree, space: str) -> tuple[str, int]:
    """The text and how tight it holds together."""
    match tree:
        case Number(value):
            return repr(value), 20
        case Text(text):
            return '"' + text.replace('"', '""') + '"', 20
        case Logical(value):
            return str(value).upper(), 20
        case Error(value):
            return value.code, 20
        case Missing():
            return "", 20
        case Reference():
            return _reference(tree), 20 if tree.single else 9
        case Name(name, sheet):
            return _sheet(sheet) + name, 20
        case Structured(table, specifier):
            return f"{table}[{specifier}]", 20
        case ArrayConstant(found):
            lines = [f"{space},{space}".join(_printed(value, "")[0] for value in row) for row in found]
            return "{" + space + f"{space};{space}".join(lines) + space + "}", 20
        case Call(name, arguments):
            inside = f"{space},{space}".join(_inside(argument, 0, space) for argument in arguments)
            return f"{name}({space}{inside}{space})", 20
        case Unary("#", operand):
            return _inside(operand, 10, space) + "#", 10
        case Unary("%", operand):
            return _inside(operand, 5, space) + space + "%", 5
        case Unary(sign, operand):
            return sign + space + _inside(operand, 6, space), 6
        case Binary(operator, left, right):
            tight = _TIGHTNESS.get(operator, 0)
            between = operator if operator == " " else space + operator + space
            # "naam (" could be a function; "(naam) (" can't.
            one, two = _inside(left, tight, space), _inside(right, tight + 1, space)
            if operator == " " and isinstance(left, Name | Binary) and two.startswith("("):
                one = f"({one})"
            if operator == ":" and two.startswith("'"):  # van:'Blad1'!tot would be two sheets
                one = f"({one})"
            return one + between + two, tight


def _inside(tree: Tree, tight: int, space: str) -> str:
    text, own = _printed(tree, space)
    # A comma between the arguments of a function would part them, so a union always stands in parentheses.
    return text if own >= tight and own != 7 else f"({space}{text}{space})"


def _sheet(sheet: str | None) -> str:
    return "" if sheet is None else "'" + sheet.replace("'", "''") + "'!"


def _reference(tree: Reference) -> str:
    left, top, right, bottom = ("$" if fixed else "" for fixed in tree.absolute)
    if (tree.top, tree.bottom) == (1, MAX_ROW):
        cells = f"{left}{column_letters(tree.left)}:{right}{column_letters(tree.right)}"
    elif (tree.left, tree.right) == (1, MAX_COLUMN):
        cells = f"{top}{tree.top}:{bottom}{tree.bottom}"
    else:
        cells = f"{left}{column_letters(tree.left)}{top}{tree.top}"
        if not tree.single:
            cells += f":{right}{column_letters(tree.right)}{bottom}{tree.bottom}"
    return _sheet(tree.sheet) + cells
