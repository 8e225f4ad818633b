"""Source of our own making turned into functions, one for each shape of formula.

It holds names of our own only: cells, rectangles and constants are its parameters, so ``=B7*1.21`` and ``=C7*1.06``
share one function and no text of a file ever becomes code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rekentool.engine import branches, loose, shortcuts
from rekentool.engine.comparison import COMPARISONS
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.engine.functions.subtotal import kept
from rekentool.engine.operators import ARITHMETIC, PREFIX_AND_POSTFIX, binary, unary
from rekentool.engine.scope import cannot
from rekentool.engine.tree import Reference
from rekentool.engine.vector import EMPTY, NA, error, logical

#: Computes one cell from the list of all values and the number of scenarios.
Cell = Callable[[list[Any], int], Any]


@dataclass
class Outline:
    """A formula ready to become a function: its source, what it reads and its constants, by order of parameters."""

    source: str
    cells: tuple[Reference, ...]
    areas: tuple[Reference, ...]
    constants: tuple[Any, ...]


#: Characters of one piece of source before it gets a line of its own.
LONG = 600
TOO_DEEP = "een formule met te veel lagen"


class Body:
    """A function being written: what it reads, its constants, and its lines so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.depth = 2
        self.variables = 0
        self.cells: dict[Reference, str] = {}
        self.areas: dict[Reference, str] = {}
        self.constants: list[Any] = []

    def line(self, text: str) -> None:
        """Add a line at the present depth."""
        self.lines.append("    " * self.depth + text)

    def name(self) -> str:
        """A new variable."""
        self.variables += 1
        return f"t{self.variables}"

    def variable(self, text: str) -> str:
        """A piece's value in a new variable."""
        name = self.name()
        self.line(f"{name} = {text}")
        return name

    def fixed(self, value: Any) -> str:
        """A constant."""
        self.constants.append(value)
        return f"k{len(self.constants) - 1}"

    def cell(self, reference: Reference) -> str:
        """The value of one cell."""
        return "x" + self.cells.setdefault(_bare(reference), f"c{len(self.cells)}")[1:]

    def area(self, reference: Reference) -> str:
        """A rectangle."""
        return "y" + self.areas.setdefault(_bare(reference), f"a{len(self.areas)}")[1:]

    def finished(self, result: str) -> Outline:
        """The function that gives this piece."""
        names = [*self.cells.values(), *self.areas.values(), *(f"k{n}" for n in range(len(self.constants)))]
        loads = [f"        x{name[1:]} = v[{name}]" for name in self.cells.values()]
        loads += [f"        y{name[1:]} = v[{name}]" for name in self.areas.values()]
        lines = [f"def make({', '.join(names)}):", "    def cell(v, n):", *loads, *self.lines,
                 f"        return {result}", "    return cell"]
        return Outline("\n".join(lines), tuple(self.cells), tuple(self.areas), tuple(self.constants))


def _bare(reference: Reference) -> Reference:
    """Without its ``$`` signs: the same cells are the same."""
    if not any(reference.absolute):
        return reference
    return Reference(reference.sheet, reference.left, reference.top, reference.right, reference.bottom)


_ENVIRONMENT: dict[str, Any] = {
    **{name: getattr(branches, name) for name in branches.__all__},
    **{name: getattr(shortcuts, name) for name in shortcuts.__all__},
    "firm": loose.firm, "binary": binary, "unary": unary, "EMPTY": EMPTY, "FALSE": logical(False), "MISSING": error(NA),
    "kept": kept,
}
OPERATOR_NAMES = {sign: f"op_{function.__name__}" for sign, function in ARITHMETIC.items()}
COMPARISON_NAMES = dict(zip(COMPARISONS, ("eq", "ne", "lt", "le", "gt", "ge"), strict=True))
UNARY_NAMES = {sign: f"un_{function.__name__}" for sign, function in PREFIX_AND_POSTFIX.items()}
_ENVIRONMENT |= {OPERATOR_NAMES[sign]: function for sign, function in ARITHMETIC.items()}
_ENVIRONMENT |= {COMPARISON_NAMES[sign]: function for sign, function in COMPARISONS.items()}
_ENVIRONMENT |= {UNARY_NAMES[sign]: function for sign, function in PREFIX_AND_POSTFIX.items()}


#: What a function that computes more cells in one call doesn't have: rectangles, calls that may refuse, powers, texts.
_ONE_BY_ONE = ("v[a", "functions[", OPERATOR_NAMES["^"], OPERATOR_NAMES["&"])


class Shapes:
    """The functions made so far, by their source."""

    def __init__(self) -> None:
        self._makers: dict[str, Callable[..., Cell]] = {}
        self._stacking: set[Callable[..., Cell]] = set()

    def maker(self, source: str) -> Callable[..., Cell]:
        """The function that makes the functions of one shape, from the places and constants of a formula."""
        maker = self._makers.get(source)
        if maker is None:
            environment = dict(_ENVIRONMENT)
            environment["functions"] = FUNCTIONS
            try:
                exec(compile(source, "<formule>", "exec"), environment)  # our own text: see the docstring above
            except (SyntaxError, RecursionError, MemoryError) as problem:  # the limits of Python's own compiler
                raise cannot(TOO_DEEP) from problem
            maker = self._makers[source] = environment["make"]
            if not any(part in source for part in _ONE_BY_ONE):
                self._stacking.add(maker)
        return maker

    def stacks(self, maker: Callable[..., Cell]) -> bool:
        """Whether functions of this shape may compute more cells in one call."""
        return maker in self._stacking
