"""Going over a formula's tree: its nodes, what it refers to, and its shape as seen from its own cell."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from rekentool.engine.tree import Binary, Call, Name, Reference, Structured, Tree, Unary
from rekentool.xlsx.cell import MAX_COLUMN, MAX_ROW


def walk(tree: Tree) -> Iterator[Tree]:
    """Every node of the tree, parents before children and from left to right, without recursion."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Binary):
            waiting += (node.right, node.left)
        elif isinstance(node, Call):
            waiting += node.arguments[::-1]
        elif isinstance(node, Unary):
            waiting.append(node.operand)


def references(tree: Tree) -> Iterator[Reference | Name | Structured]:
    """What the formula refers to, from left to right; also the ends of a range such as ``A1:INDEX(B:B,3)``."""
    return (node for node in walk(tree) if isinstance(node, Reference | Name | Structured))


def shape(tree: Tree, column: int, row: int) -> Hashable:
    """The tree as seen from the cell it stands in: equal for a formula that was copied down or to the right.

    References without ``$`` count as offsets; whole columns keep their rows and whole rows their columns.
    """
    parts: list[Hashable] = []
    for node in walk(tree):
        if isinstance(node, Reference):
            left, top, right, bottom = node.absolute
            across = 0 if node.left == 1 and node.right == MAX_COLUMN else column
            down = 0 if node.top == 1 and node.bottom == MAX_ROW else row
            parts.append((
                node.sheet, node.absolute,
                node.left if left else node.left - across, node.top if top else node.top - down,
                node.right if right else node.right - across, node.bottom if bottom else node.bottom - down,
            ))
        elif isinstance(node, Binary):
            parts.append(node.operator)
        elif isinstance(node, Call):
            parts.append((node.name, len(node.arguments)))
        elif isinstance(node, Unary):
            parts.append((node.operator,))
        else:
            parts.append(node)
    return tuple(parts)
