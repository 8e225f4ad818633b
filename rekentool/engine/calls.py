"""What is known of calls beyond their registration: how they take arguments and what kind of result they give."""

from __future__ import annotations

from rekentool.engine import shortcuts
from rekentool.engine.comparison import COMPARISONS
from rekentool.engine.tree import Binary, Call, Error, Logical, Number, Reference, Text, Tree, Unary

#: Another result at every calculation: nothing to compare.
RANDOM = frozenset({"RAND", "RANDBETWEEN", "RANDARRAY", "NOW"})
#: What they give depends on the day that is number 1.
DATES = frozenset({"DATE", "DATEVALUE", "DAY", "MONTH", "YEAR", "EDATE", "EOMONTH", "WEEKDAY", "WEEKNUM", "ISOWEEKNUM",
                   "NETWORKDAYS", "NETWORKDAYS.INTL", "WORKDAY", "WORKDAY.INTL", "YEARFRAC", "DAYS360", "DATEDIF",
                   "TODAY", "TEXT", "DAYS"})
#: Functions whose arguments Excel computes as arrays, in any formula.
ARRAY_CALLS = frozenset({"SUMPRODUCT", "MMULT", "MDETERM", "MINVERSE", "LOOKUP", "FREQUENCY", "TRANSPOSE",
                         "TREND", "GROWTH", "LINEST", "LOGEST"})
#: Functions for which several ranges between parentheses are the same as several arguments.
UNION_CALLS = frozenset({
    "SUM", "COUNT", "COUNTA", "MIN", "MAX", "AVERAGE", "PRODUCT", "SUMSQ", "MEDIAN", "STDEV", "STDEV.S", "STDEV.P",
    "VAR", "VAR.S", "VAR.P", "MINA", "MAXA", "AVERAGEA", "AND", "OR", "XOR", "SUBTOTAL",
})
#: Where functions that take rectangles want one value all the same: argument places, from 0.
ONE_VALUE: dict[str, tuple[int, ...]] = {
    "MATCH": (0, 2), "XMATCH": (0, 2, 3), "VLOOKUP": (0, 2, 3), "HLOOKUP": (0, 2, 3), "XLOOKUP": (0, 4, 5),
    "LOOKUP": (0,), "INDEX": (1, 2, 3), "COUNTIF": (1,), "SUMIF": (1,), "AVERAGEIF": (1,), "NOT": (0,),
    "LARGE": (1,), "SMALL": (1,), "RANK": (0, 2), "RANK.EQ": (0, 2), "RANK.AVG": (0, 2), "PERCENTILE": (1,),
    "PERCENTILE.INC": (1,), "PERCENTILE.EXC": (1,), "QUARTILE": (1,), "ISNUMBER": (0,), "ISTEXT": (0,),
    "ISNONTEXT": (0,), "ISLOGICAL": (0,), "ISBLANK": (0,), "ISERROR": (0,), "ISERR": (0,), "ISNA": (0,),
    "IF": (0, 1, 2), "IFERROR": (0, 1), "IFNA": (0, 1), "NPV": (0,), "N": (), "T": (),
    "COUNTIFS": tuple(range(1, 255, 2)), "SUMIFS": tuple(range(2, 255, 2)), "AVERAGEIFS": tuple(range(2, 255, 2)),
    "TREND": (3,), "GROWTH": (3,), "LINEST": (2, 3), "LOGEST": (2, 3), "HYPERLINK": (0, 1),
    "PERCENTRANK": (1, 2), "PERCENTRANK.INC": (1, 2), "PERCENTRANK.EXC": (1, 2),
    "MAXIFS": tuple(range(2, 255, 2)), "MINIFS": tuple(range(2, 255, 2)),
}
#: Their results can't be blank.
NEVER_BLANK = frozenset({"SUM", "MIN", "MAX", "ROUND", "ROUNDUP", "INT", "ABS", "COUNT", "COUNTA", "COUNTIF", "AND",
                         "OR", "NOT", "MID", "LEFT"})
#: Functions whose result is a rectangle of computed values; a formula that is nothing else shows its first cell.
COMPUTED_CELLS = frozenset({"FREQUENCY", "MMULT", "MINVERSE", "TREND", "GROWTH", "LINEST", "LOGEST"})
#: Functions whose result is cells: a whole row or column may stand where a range may.
GIVES_CELLS = COMPUTED_CELLS | {"INDEX", "XLOOKUP", "TRANSPOSE", "FILTER", "SORT", "UNIQUE"}
#: Up to this many cells a shortcut takes them one by one; more are a rectangle.
FEW = 128
#: With more arguments a lazy function computes all its branches: each would be one level of indentation.
MOST_BRANCHES = 60


def is_number(tree: Tree) -> bool:
    """Whether a piece gives numbers or errors only."""
    if isinstance(tree, Binary):
        return tree.operator in "+-*/^"
    return isinstance(tree, Number) or (isinstance(tree, Unary) and tree.operator in "-%")


def is_condition(tree: Tree) -> bool:
    """Whether a piece is written as a condition."""
    if isinstance(tree, Call):
        return (tree.name in shortcuts.OF_CONDITIONS and all(is_condition(part) for part in tree.arguments)) or (
            tree.name in shortcuts.CONDITIONS and len(tree.arguments) == 1
            and isinstance(tree.arguments[0], Reference) and tree.arguments[0].single)
    return isinstance(tree, Binary) and tree.operator in COMPARISONS


def can_be_blank(tree: Tree) -> bool:
    """Whether a formula's result could be a blank cell."""
    if isinstance(tree, Binary | Number | Text | Logical | Error):
        return isinstance(tree, Binary) and tree.operator in (":", " ")
    if isinstance(tree, Unary):
        return tree.operator not in "-%"
    return not (isinstance(tree, Call) and tree.name in NEVER_BLANK)
