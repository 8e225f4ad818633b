"""The part of a table that a structured reference names: Microsoft's own examples, and what isn't one."""

from __future__ import annotations

import pytest

from rekentool.engine.tablepart import TablePart, UnknownPart, table_part

PARTS = {
    "": TablePart(),
    " ": TablePart(),
    "Kolom": TablePart((), "Kolom", "Kolom"),
    "Sales Amount": TablePart((), "Sales Amount", "Sales Amount"),
    "a,b": TablePart((), "a,b", "a,b"),
    "#All": TablePart(("#All",)),
    "#totals": TablePart(("#Totals",)),
    "@": TablePart(("#This Row",)),
    "@Kolom": TablePart(("#This Row",), "Kolom", "Kolom"),
    "@[% Commission]": TablePart(("#This Row",), "% Commission", "% Commission"),
    "@[a]:[c d]": TablePart(("#This Row",), "a", "c d"),
    "[Kolom]": TablePart((), "Kolom", "Kolom"),
    "[a]:[c]": TablePart((), "a", "c"),
    "[#This Row],[a b]": TablePart(("#This Row",), "a b", "a b"),
    "[#Headers],[a]:[c]": TablePart(("#Headers",), "a", "c"),
    "[#Headers],[#Data]": TablePart(("#Headers", "#Data")),
    " [#Headers] , [#Data],\n[a] : [c] ": TablePart(("#Headers", "#Data"), "a", "c"),
    "'#Of": TablePart((), "#Of", "#Of"),
    "[a '[b']]": TablePart((), "a [b]", "a [b]"),
    "it''s": TablePart((), "it's", "it's"),
    "#REF!": TablePart(broken=True),
    "[#This Row],[#REF!]": TablePart(broken=True),
}
UNKNOWN = [
    "#Foo",
    "[#Foo],[a]",
    "[a],[b]",
    "[a]:[b]:[c]",
    "[a],[#All]",
    "[#All]:[a]",
    "[#All],[a],[b]",
    "[a]:[#All]",
    "[]",
    "[a],",
    "[a]x",
    "x[a]",
    "@#All",
    "@[#All]",
    "[a",
    "a'",
    "[a][b]",
    "[[a]]",
]


@pytest.mark.parametrize("specifier", PARTS)
def test_part(specifier: str) -> None:
    assert table_part(specifier) == PARTS[specifier]


@pytest.mark.parametrize("specifier", UNKNOWN)
def test_unknown_part(specifier: str) -> None:
    with pytest.raises(UnknownPart):
        table_part(specifier)
