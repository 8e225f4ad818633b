"""The list of what was carried to a new workbook: a line for each input, each kengetal and each thing left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from rekentool.mapping.schema import Field, Value
from rekentool.mapping.values import format_value

#: What became of something; the order is that of a summary.
What = Literal[
    "overgezet",
    "standaardwaarde",
    "leeg gebleven",
    "aantekening",
    "nieuwe peildatum",
    "andere betekenis",
    "gesplitst",
    "omgerekend",
    "ongeldig geworden",
    "nieuw en leeg",
    "nieuw, met standaardwaarde",
    "vervallen",
    "niet overgezet",
    "hersteld",
    "kengetal",
]
WHATS: tuple[What, ...] = get_args(What)
#: What a person need not look at.
PLAIN: frozenset[What] = frozenset({"overgezet", "standaardwaarde", "leeg gebleven", "aantekening", "kengetal"})

COLUMNS = (
    "veld", "geval", "omschrijving", "oude_cel", "oude_waarde", "nieuwe_cel", "nieuwe_waarde", "wat", "uitleg",
)  # fmt: skip

EMPTY = "leeg"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list, its values as a Dutch reader writes them; what it doesn't have is ""."""

    what: What
    field: str = ""
    case: str = ""
    label: str = ""
    old_cell: str = ""
    old_value: str = ""
    new_cell: str = ""
    new_value: str = ""
    note: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        """The line under ``COLUMNS``."""
        return (
            self.field, self.case, self.label, self.old_cell, self.old_value, self.new_cell, self.new_value, self.what,
            self.note,
        )  # fmt: skip

    def as_dict(self) -> dict[str, str]:
        """The line with the Dutch keys of ``--json``."""
        return dict(zip(COLUMNS, self.row, strict=True))


def counted(lines: Iterable[Line]) -> dict[What, int]:
    """How many lines there are of each kind, in the order of a summary."""
    numbers = Counter(line.what for line in lines)
    return {what: numbers[what] for what in WHATS if numbers[what]}


def shown(field: Field, value: Value | None) -> str:
    """A value of a field as the list has it, a blank one too."""
    return EMPTY if value is None else format_value(field, value)
