"""Random formulas that Excel, LibreOffice and the program should agree on, over a small grid of mixed cells.

A formula is made for the type that is wanted of it: what LibreOffice is known to do otherwise (docs/engines.md) isn't
made at all, and each place that steers round it says so.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from rekentool.engine.tree import Binary, Call, Error, Number, Reference, Text, Tree, Unary
from rekentool.xlsx.cell import ExcelError

GRID = "Raster"
NA = ExcelError("#N/A")
ROWS = 8
#: Column by column. No booleans: in a cell LibreOffice takes them for numbers.
COLUMNS: dict[str, tuple[object, ...]] = {
    "A": (1, 2, 3, 4, 5, 6, 7, 8),
    "B": (12.5, 0.1, -3, 1000, 2.675, 0, 17.25, -0.5),
    "C": ("appel", "Peer", "banaan", "kers", "Appel", "twee woorden", "x", "vijg"),
    "D": ("5", "-2.5", "12", "5", "0", "3", "100", "8"),
    "E": (4, None, "tekst", 7.5, None, "6", -1, None),
    "F": (3, 9, NA, 27, None, 81, 2, 5),
    "G": (46000, 46235, 45351, 44196, 40237, 43647, 46387, 45292),
    "H": (10, 20, 20, 30, 40, 55, 70, 90),
}
#: For a text among numbers, and for numbers as texts.
WORDS = ("appel", "peer", "APPEL", "b", "", "kers", "twee woorden")


def cell(column: str, row: int) -> Reference:
    number = ord(column) - ord("A") + 1
    return Reference(GRID, number, row, number, row)


def block(first: str, last: str, top: int = 1, bottom: int = ROWS) -> Reference:
    return Reference(GRID, ord(first) - ord("A") + 1, top, ord(last) - ord("A") + 1, bottom)


def call(name: str, *arguments: Tree) -> Call:
    return Call(name, arguments)


def add(left: Tree, right: Tree) -> Binary:
    return Binary("+", left, right)


class Writer:
    """Makes formulas; the same seed makes the same ones, and more of them begin with those."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)

    def formula(self) -> Tree:
        """A formula of any type, of up to four levels."""
        kinds: tuple[Callable[[int], Tree], ...] = (self.number, self.number, self.number, self.text, self.condition)
        return self._draw.choice(kinds)(self._draw.randint(1, 4))

    def _one(self, *makers: Callable[[], Tree]) -> Tree:
        return self._draw.choice(makers)()

    # -- numbers -----------------------------------------------------------------------------------------------------

    def number(self, levels: int) -> Tree:
        """A number, or an error."""
        if levels <= 0:
            return self._one(self._constant, self._number_cell, self._number_cell)
        return self._one(
            lambda: self._arithmetic(levels - 1), lambda: self._arithmetic(levels - 1),
            lambda: self._aggregate(levels - 1), lambda: self._aggregate(levels - 1),
            lambda: self._rounded(levels - 1), lambda: self._choice(levels - 1), lambda: self._of_text(levels - 1),
            lambda: self._mathematical(levels - 1), self._counted, self._found, self._of_dates, self._money,
            self._statistical,
        )

    def _constant(self) -> Tree:
        return Number(float(self._draw.choice((0, 1, 2, 3, 5, 10, 100, 0.5, 0.21, 1.1, 7.25, 1000))))

    def _number_cell(self) -> Tree:
        return cell(self._draw.choice("AABBDEFGH"), self._draw.randint(1, ROWS))

    def _whole(self, low: int, high: int) -> Tree:
        return Number(float(self._draw.randint(low, high)))

    def _arithmetic(self, levels: int) -> Tree:
        sign = self._draw.choice(("+", "+", "-", "-", "*", "*", "/", "^", "minus", "%", "(?)"))
        left = self.number(levels)
        if sign == "^":  # 0^0 and roots of negative numbers exist in LibreOffice
            exponent = self._draw.choice((Number(2.0), Number(3.0), Number(1.0), Unary("-", Number(1.0))))
            # A power of 0 below 0 is another error.
            return Binary("^", left if isinstance(exponent, Number) else add(call("ABS", left), Number(1.0)), exponent)
        if sign == "minus":
            return Unary("-", left)
        if sign == "%":
            return Unary("%", left)
        if sign == "(?)":  # a condition as a number: only multiplied, as --(a>b) stays TRUE in LibreOffice
            return Binary("*", self.condition(levels), self.number(levels))
        return Binary(sign, left, self.number(levels))

    def _rounded(self, levels: int) -> Tree:
        name = self._draw.choice(
            ("ROUND", "ROUND", "ROUNDUP", "ROUNDDOWN", "INT", "TRUNC", "ABS", "SIGN", "CEILING")
        )
        inside = self.number(levels)
        if name in ("INT", "TRUNC", "ROUNDUP", "ROUNDDOWN", "CEILING"):
            # Of a computed number the last digit decides, and that is rounded otherwise.
            inside = call("ROUND", inside, Number(6.0))
        if name in ("ROUND", "ROUNDUP", "ROUNDDOWN"):
            return call(name, inside, self._whole(-1, 3))
        return call("CEILING", call("ABS", inside), self._whole(1, 5)) if name == "CEILING" else call(name, inside)

    def _range(self) -> Reference:
        columns = sorted(self._draw.choices("ABCDEFGH", k=2))
        top, bottom = sorted(self._draw.choices(range(1, ROWS + 1), k=2))
        return block(columns[0], columns[1] if self._draw.random() < 0.4 else columns[0], top, bottom)

    def _aggregate(self, levels: int) -> Tree:
        name = self._draw.choice(
            ("SUM", "SUM", "AVERAGE", "MIN", "MAX", "COUNT", "COUNTA", "PRODUCT", "SUMSQ", "MEDIAN")
        )
        arguments: list[Tree] = [self._range()]
        if name != "COUNTA" and self._draw.random() < 0.5:
            # A number and no text: SUM("5") is an error in LibreOffice. 0 + makes a number of a text in a cell.
            arguments.append(add(Number(0.0), self.number(levels)))
        return call(name, *arguments)

    def _statistical(self) -> Tree:
        numbers = self._draw.choice("ABH")
        span = block(numbers, numbers)
        name = self._draw.choice(("STDEV", "VARP", "LARGE", "SMALL", "RANK", "PERCENTILE", "QUARTILE", "SUMPRODUCT",
                                  "CORREL", "SLOPE", "FORECAST", "GEOMEAN"))
        if name in ("LARGE", "SMALL"):
            return call(name, span, self._whole(1, ROWS))
        if name == "RANK":
            return call(name, cell(numbers, self._draw.randint(1, ROWS)), span, self._whole(0, 1))
        if name == "PERCENTILE":
            return call(name, span, Number(self._draw.choice((0.1, 0.25, 0.5, 0.9))))
        if name == "QUARTILE":
            return call(name, span, self._whole(0, 4))
        if name in ("SUMPRODUCT", "CORREL", "SLOPE"):
            return call(name, span, block("A", "A"))
        if name == "FORECAST":
            return call(name, self._whole(1, 20), span, block("A", "A"))
        return call(name, block("H", "H") if name == "GEOMEAN" else span)

    def _mathematical(self, levels: int) -> Tree:
        inside = call("ABS", self.number(levels))
        name = self._draw.choice(("SQRT", "LN", "LOG10", "EXP", "MOD", "QUOTIENT", "SIN", "GCD", "EVEN", "N"))
        if name == "EXP":
            return call(name, call("MIN", inside, Number(20.0)))
        if name in ("MOD", "GCD", "QUOTIENT"):  # whole numbers: the last digit decides
            small = call("MIN", call("ROUND", inside, Number(0.0)), Number(1e6))
            return call(name, small, self._whole(1, 12))
        if name == "EVEN":
            return call(name, call("ROUND", inside, Number(3.0)))
        return call(name, call("MIN", inside, Number(1e6)) if name == "SIN" else add(inside, Number(1.0)))

    def _choice(self, levels: int) -> Tree:
        return self._one(
            lambda: call("IF", self.condition(levels), self.number(levels), self.number(levels)),
            lambda: call("IF", self.condition(levels), self.number(levels), self.number(levels)),
            lambda: call("IFERROR", self.number(levels), self.number(levels)),
            lambda: call("CHOOSE", self._whole(1, 3), *(self.number(levels) for _ in range(3))),
            lambda: call("IFS", self.condition(levels), self.number(levels), self.condition(levels), self._constant()),
        )

    def _counted(self) -> Tree:
        """Criteria over columns of one kind: texts and numbers together are counted otherwise."""
        sign = self._draw.choice(("", ">", ">=", "<", "<=", "<>"))
        limit = Text(f"{sign}{self._draw.randint(0, 60)}")
        word = Text(self._draw.choice(("appel", "kers", "b*", "?eer", "niets", "<>appel")))
        numbers = block("H", "H")
        return self._one(
            lambda: call("COUNTIF", numbers, limit), lambda: call("COUNTIF", block("C", "C"), word),
            lambda: call("SUMIF", numbers, limit, block("B", "B")),
            lambda: call("SUMIF", block("C", "C"), word, numbers),
            lambda: call("AVERAGEIF", numbers, limit, block("A", "A")),
            lambda: call("COUNTIFS", numbers, limit, block("C", "C"), word),
            lambda: call("SUMIFS", block("A", "A"), numbers, limit, block("C", "C"), word),
            lambda: call("COUNTBLANK", block("E", "F")), lambda: call("MAXIFS", block("B", "B"), numbers, limit),
        )

    def _found(self) -> Tree:
        key = self._draw.choice((cell("A", self._draw.randint(1, ROWS)), self._whole(0, 9)))
        word = self._draw.choice((cell("C", self._draw.randint(1, ROWS)), Text(self._draw.choice(WORDS[:4]))))
        return self._one(
            lambda: call("INDEX", block("B", "B"), self._whole(1, ROWS)),
            lambda: call("INDEX", block("A", "B"), self._whole(1, ROWS), self._whole(1, 2)),
            lambda: call("MATCH", word, block("C", "C"), Number(0.0)),
            lambda: call("MATCH", self._whole(10, 99), block("H", "H"), Number(1.0)),
            lambda: call("VLOOKUP", key, block("A", "B"), Number(2.0), Number(0.0)),
            lambda: call("VLOOKUP", self._whole(0, 12), block("A", "H"), Number(8.0)),
            lambda: call("LOOKUP", self._whole(10, 99), block("H", "H"), block("A", "A")),
            lambda: call("INDEX", block("B", "B"), call("MATCH", key, block("A", "A"), Number(0.0))),
        )

    def _of_text(self, levels: int) -> Tree:
        return self._one(
            lambda: call("LEN", self.text(levels)), lambda: call("VALUE", cell("D", self._draw.randint(1, ROWS))),
            # An empty text is found nowhere in LibreOffice.
            lambda: call("FIND", Text(self._draw.choice("aeX ")), self.text(levels)),
            lambda: call("SEARCH", Text(self._draw.choice("aeX ")), self.text(levels)),
            lambda: call("CODE", cell("C", self._draw.randint(1, ROWS))),
        )

    def _of_dates(self) -> Tree:
        """Days after 1 March 1900: before it LibreOffice is off by one."""
        day = self._draw.choice((cell("G", self._draw.randint(1, ROWS)), self._whole(30000, 50000)))
        other = cell("G", self._draw.randint(1, ROWS))
        return self._one(
            lambda: call(self._draw.choice(("YEAR", "MONTH", "DAY", "WEEKDAY", "ISOWEEKNUM")), day),
            lambda: call("EDATE", day, self._whole(0, 40)), lambda: call("EOMONTH", day, self._whole(0, 40)),
            lambda: call("DATE", self._whole(1950, 2050), self._whole(1, 14), self._whole(1, 31)),
            lambda: call("NETWORKDAYS", day, other), lambda: call("DAYS", day, other),
            lambda: call("YEARFRAC", call("MIN", day, other), call("MAX", day, other), self._whole(0, 4)),
        )

    def _money(self) -> Tree:
        rate = Number(self._draw.choice((0.01, 0.035, 0.2)))
        return self._one(
            lambda: call("PMT", rate, self._whole(1, 60), self._whole(100, 9000)),
            lambda: call("FV", rate, self._whole(1, 60), self._whole(-99, 99)),
            lambda: call("PV", rate, self._whole(1, 60), self._whole(-99, 99)),
            lambda: call("NPV", rate, block("B", "B")),
            lambda: call("NPER", rate, self._whole(100, 200), self._whole(-900, 0)),
            lambda: call("SLN", self._whole(100, 9000), self._whole(0, 99), self._whole(1, 9)),
            lambda: call("IPMT", rate, self._whole(1, 5), self._whole(6, 9), self._whole(100, 9000)),
        )

    # -- texts -------------------------------------------------------------------------------------------------------

    def text(self, levels: int) -> Tree:
        """A text, or an error."""
        if levels <= 0:
            return self._one(lambda: Text(self._draw.choice(WORDS)), self._text_cell, self._text_cell)
        smaller = levels - 1
        return self._one(
            lambda: Binary("&", self.text(smaller), self.text(smaller)),
            lambda: Binary("&", self.text(smaller), self._short(smaller)),
            lambda: call("LEFT", self.text(smaller), self._whole(0, 6)),
            lambda: call("RIGHT", self.text(smaller), self._whole(0, 6)),
            lambda: call("MID", self.text(smaller), self._whole(1, 5), self._whole(0, 6)),
            lambda: call(self._draw.choice(("UPPER", "LOWER", "TRIM", "PROPER", "T")), self.text(smaller)),
            lambda: call("SUBSTITUTE", self.text(smaller), Text(self._draw.choice("ape")), self.text(smaller)),
            lambda: call("REPLACE", self.text(smaller), self._whole(1, 4), self._whole(0, 3), self.text(smaller)),
            lambda: call("REPT", self.text(0), self._whole(0, 4)),
            lambda: call("CONCATENATE", self.text(smaller), Text("-"), self.text(smaller)),
            lambda: call("IF", self.condition(smaller), self.text(smaller), self.text(smaller)),
            lambda: call("TEXT", cell("G", self._draw.randint(1, ROWS)), Text("yyyy-mm-dd")),
            lambda: call("TEXTJOIN", Text(";"), self._condition_of_two(), block("C", "C")),
        )

    def _short(self, levels: int) -> Tree:
        """A number to be a text: whole, as fractions get the marks of a country; too small for an exponent."""
        whole = call("ROUND", self.number(levels), Number(0.0))
        return call("MAX", call("MIN", whole, Number(1e9)), Unary("-", Number(1e9)))

    def _text_cell(self) -> Tree:
        return cell(self._draw.choice("CCD"), self._draw.randint(1, ROWS))

    # -- conditions --------------------------------------------------------------------------------------------------

    def _condition_of_two(self) -> Tree:
        return Binary(">", self._whole(0, 9), self._whole(0, 9))

    def condition(self, levels: int) -> Tree:
        """TRUE, FALSE or an error; what is compared is never a boolean, which is a number in LibreOffice."""
        if levels <= 0:
            return self._condition_of_two()
        smaller, sign = levels - 1, self._draw.choice(("=", "<>", "<", "<=", ">", ">="))
        return self._one(
            # Rounded: two computed numbers that are nearly the same are compared in another way.
            lambda: Binary(sign, call("ROUND", self.number(smaller), Number(4.0)), self._constant()),
            lambda: Binary(sign, self._number_cell(), self._number_cell()),
            lambda: Binary(self._draw.choice(("=", "<>")), self.text(smaller), self.text(smaller)),
            lambda: Binary(sign, self._text_cell(), Text(self._draw.choice(WORDS))),
            lambda: Binary("=", cell("E", self._draw.randint(1, ROWS)), Text("")),
            lambda: call(self._draw.choice(("AND", "OR", "XOR")), self.condition(smaller), self.condition(smaller)),
            lambda: call("NOT", self.condition(smaller)),
            lambda: call(self._draw.choice(("ISERROR", "ISNUMBER")), self.number(smaller)),
            lambda: call(self._draw.choice(("ISTEXT", "ISBLANK", "ISNUMBER", "ISNA")), self._number_cell()),
            lambda: call("EXACT", self.text(smaller), self.text(smaller)),
            lambda: call("ISERROR", Error(NA)),
        )
