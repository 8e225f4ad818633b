"""What Excel's functions do with their arguments beyond what their registration says."""

from __future__ import annotations

#: Another result at every calculation: nothing to compare.
RANDOM = frozenset({"RAND", "RANDBETWEEN", "RANDARRAY", "NOW"})
#: Functions whose arguments Excel computes as arrays, in any formula.
ARRAY_CALLS = frozenset({"SUMPRODUCT", "MMULT", "MDETERM", "MINVERSE", "LOOKUP", "FREQUENCY", "TRANSPOSE"})
#: Functions for which several ranges between parentheses are the same as several arguments.
UNION_CALLS = frozenset({
    "SUM", "COUNT", "COUNTA", "MIN", "MAX", "AVERAGE", "PRODUCT", "SUMSQ", "MEDIAN", "STDEV", "STDEV.S", "STDEV.P",
    "VAR", "VAR.S", "VAR.P", "MINA", "MAXA", "AVERAGEA", "AND", "OR", "XOR",
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
    "MAXIFS": tuple(range(2, 255, 2)), "MINIFS": tuple(range(2, 255, 2)),
}
#: Their results can't be blank.
NEVER_BLANK = frozenset({"SUM", "MIN", "MAX", "ROUND", "ROUNDUP", "INT", "ABS", "COUNT", "COUNTA", "COUNTIF", "AND",
                         "OR", "NOT", "MID", "LEFT"})
#: Functions whose result is cells: a whole row or column may stand where a range may.
GIVES_CELLS = frozenset({"INDEX", "XLOOKUP", "TRANSPOSE", "FREQUENCY", "MMULT", "FILTER", "SORT", "UNIQUE"})
#: Up to this many cells a shortcut takes them one by one; more are a rectangle.
FEW = 64
