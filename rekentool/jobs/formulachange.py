"""What is different in a changed formula, in words, where it is one thing: a reference, constant, function or sign."""

from __future__ import annotations

from collections.abc import Callable

from rekentool.engine.parse import walk
from rekentool.engine.spelling import formula_text
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

_References = Reference | Name | Structured
_Constants = Number | Text | Logical | Error | ArrayConstant

#: Whether two nodes are the same, those below them left aside.
Same = Callable[[Tree, Tree], bool]


def change(expected: Tree, found: Tree, same: Same | None = None) -> str:
    """``"verwijst naar C24 in plaats van C23"``, or "" when more than one thing is different, or another thing.

    ``same`` says whether two references are the same where that isn't plain to see: when rows have shifted.
    """
    different: list[tuple[Tree, Tree]] = []
    theirs = walk(found)
    for mine in walk(expected):
        other = next(theirs, None)
        if other is None or _arity(mine) != _arity(other):
            return ""
        if _own(mine) != _own(other) and not (same is not None and same(mine, other)):
            different.append((mine, other))
            if len(different) > 1:
                return ""
    if next(theirs, None) is not None or not different:
        return ""
    return _words(*different[0])


def _arity(node: Tree) -> int:
    """How many nodes stand directly below it."""
    if isinstance(node, Call):
        return len(node.arguments)
    return 2 if isinstance(node, Binary) else 1 if isinstance(node, Unary) else 0


def _own(node: Tree) -> object:
    """What the node itself says; a name and a sheet read the same in capitals."""
    if isinstance(node, Binary | Unary):
        return type(node), node.operator
    if isinstance(node, Call):
        return Call, node.name
    if isinstance(node, Reference):
        sheet = node.sheet.casefold() if node.sheet is not None else None
        return sheet, node.left, node.top, node.right, node.bottom, node.absolute
    if isinstance(node, Name | Structured):
        return type(node), formula_text(node).casefold()
    return node


def _words(expected: Tree, found: Tree) -> str:
    if isinstance(expected, Missing) or isinstance(found, Missing):
        return ""
    if isinstance(expected, Binary | Unary) and isinstance(found, Binary | Unary):
        return f"rekent met {found.operator} in plaats van {expected.operator}"
    if isinstance(expected, Call) and isinstance(found, Call):
        return f"gebruikt {found.name} in plaats van {expected.name}"
    mine, other = formula_text(expected), formula_text(found)
    if isinstance(found, _References) and isinstance(expected, _References | _Constants):
        before = mine if isinstance(expected, _References) else f"de vaste waarde {mine}"
        return f"verwijst naar {other} in plaats van {before}"
    if isinstance(found, _Constants) and isinstance(expected, _References | _Constants):
        return f"heeft de vaste waarde {other} in plaats van {mine}"
    return ""
