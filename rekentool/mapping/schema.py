"""The mapping in typed, frozen form: what ``load`` makes of the YAML and every other room reads.

Ids are the snake_case words of the mapping file. A *case* (geval) is a column of the model; a field without cases has
the single case ``None``. A *target* is where something stands in a workbook: an address when it holds a ``!``
(``Invoer!C8``), a defined name otherwise. The dictionaries are read-only by agreement (their type is
``collections.abc.Mapping``) and plain underneath, so that a mapping can be sent to another process.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

#: The types a field can have (``soort``).
Kind = Literal["getal", "geheel_getal", "percentage", "bedrag", "datum", "tekst", "keuze", "ja_nee"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NUMERIC: frozenset[Kind] = frozenset({"getal", "geheel_getal", "percentage", "bedrag"})

#: float for getal, percentage (a fraction: 1 = 100 %) and bedrag; int for geheel_getal; date for datum; str for
#: tekst, keuze and ja_nee ("Ja" or "Nee").
Value = float | int | str | date

#: One input value of a workbook: field id and case (None for a field with one value).
InputKey = tuple[str, str | None]

#: The columns of a results table that a result's axes fill.
AxisName = Literal["geval", "partij", "regel", "jaar"]
AXES: tuple[AxisName, ...] = get_args(AxisName)

#: ``altijd``: in every results table; ``alle``: only when all lines are asked for.
Output = Literal["altijd", "alle"]

#: Where the values of a kengetal come from, as its CSV says.
RELIABILITIES = ("officieel", "secundair", "afgeleid", "aanname", "te controleren")

#: The party of rows about the whole; it needs no entry under ``partijen``.
WHOLE = "maatschappelijk"

#: The group and the id prefix of the fields for a user's own value of a kengetal.
OWN_GROUP = "kengetallen"
OWN_PREFIX = "eigen_"
YES, NO = "Ja", "Nee"


@dataclass(frozen=True, slots=True)
class Workbook:
    """The block ``werkboek``: which workbook the mapping is about."""

    id: str
    title: str
    version: str
    file: Path | None
    fingerprint: str
    label_column: str
    region_field: str
    date_field: str


@dataclass(frozen=True, slots=True)
class Field:
    """One input: what may stand in its cell, or in its cells when it has one per case.

    ``cases`` is empty for a field with one value. ``blank_meaning`` says in Dutch what a blank means; it is "" when a
    blank has no meaning of its own. ``choices`` is filled for keuze and ja_nee. ``minimum`` and ``maximum`` are
    inclusive. ``label_target`` is the cell with the label; without it, the label stands in column ``label_column`` of
    the input's row; without both ("") it isn't checked. ``own_of`` is
    the kengetal of which this field is the user's own value, or "".
    """

    id: str
    group: str
    label: str
    kind: Kind
    targets: tuple[tuple[str | None, str], ...]
    unit: str = ""
    minimum: float | date | None = None
    maximum: float | date | None = None
    choices: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    required: bool = True
    defaults: ReadOnly[str | None, Value] = field(default_factory=dict, hash=False)
    blank_meaning: str = ""
    help: str = ""
    source: str = ""
    label_target: str = ""
    label_column: str = ""
    own_of: str = ""

    @property
    def keys(self) -> tuple[InputKey, ...]:
        """The field's input keys, one for each case in the order of the mapping."""
        return tuple((self.id, case) for case, _ in self.targets)

    def default(self, case: str | None = None) -> Value | None:
        """The value in the blank template; None where the template's cell is blank."""
        return self.defaults.get(case)


@dataclass(frozen=True, slots=True)
class KengetalValue:
    """One dated value of a kengetal. ``value`` is None where it is unknown from this date on; percents as fractions."""

    valid_from: date
    value: float | None
    source: str
    url: str
    reliability: str
    note: str


@dataclass(frozen=True, slots=True)
class Kengetal:
    """A figure from outside with its dated values, oldest first.

    ``target`` is the cell with the value used; ``own`` the field for the user's own value (None for a kengetal that is
    shown for information only). ``description`` is the text of the CSV.
    """

    id: str
    label: str
    kind: Kind
    unit: str
    minimum: float | None
    maximum: float | None
    used: bool
    rarely_changed: bool
    help: str
    description: str
    values: tuple[KengetalValue, ...]
    target: str
    own: Field | None

    def at(self, day: date) -> KengetalValue | None:
        """The newest row that isn't after ``day``; None before the first. Its value may be None: unknown then."""
        found = None
        for row in self.values:
            if row.valid_from <= day:
                found = row
        return found


@dataclass(frozen=True, slots=True)
class Axis:
    """A column of the results table and the members it takes, in order (years as text: "1", "totaal")."""

    name: AxisName
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ResultRange:
    """One rectangle of results: where it stands, what all its cells share, the label that stands in its row (or "")."""

    target: str
    shared: ReadOnly[AxisName, str] = field(hash=False)
    label: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A block of results: its rectangles, and the axes along their rows and columns (None: one row, one column).

    ``units`` has the unit of each line (``regel``).
    """

    id: str
    ranges: tuple[ResultRange, ...]
    rows: Axis | None
    columns: Axis | None
    units: ReadOnly[str, str] = field(hash=False)
    output: Output = "altijd"

    def cells(self, rectangle: ResultRange) -> Iterator[tuple[int, int, dict[AxisName, str]]]:
        """Each cell of one of the ranges: its row and column from 0, and its place on every axis."""
        for row, row_member in enumerate(self.rows.members if self.rows else ("",)):
            for column, column_member in enumerate(self.columns.members if self.columns else ("",)):
                key = dict(rectangle.shared)
                if self.rows:
                    key[self.rows.name] = row_member
                if self.columns:
                    key[self.columns.name] = column_member
                yield row, column, key


@dataclass(frozen=True, slots=True)
class Check:
    """A cell of the workbook and the value it must have."""

    id: str
    label: str
    target: str
    expected: str | float | bool
    label_target: str = ""


@dataclass(frozen=True, slots=True)
class SumRule:
    """Fields (of the same cases) whose values together must be ``total``."""

    id: str
    label: str
    fields: tuple[str, ...]
    total: float


@dataclass(frozen=True, slots=True)
class Split:
    """A field that became several: the factor on its old value for each new field (1: the same value), and in words."""

    factors: ReadOnly[str, float] = field(hash=False)
    how: str


@dataclass(frozen=True, slots=True)
class OlderVersion:
    """An older version of the workbook and the steps from it to the next newer one (that of the mapping itself for the
    newest): ``fingerprints`` of its formulas, its own mapping file, and per field of the older version what became of
    it. ``choices`` gives new words for old choices, ``cases`` new ids for old cases. What no step names, kept its id.
    """

    id: str
    version: str
    fingerprints: tuple[str, ...]
    mapping: Path
    renamed: ReadOnly[str, str] = field(default_factory=dict, hash=False)
    cases: ReadOnly[str, str] = field(default_factory=dict, hash=False)
    split: ReadOnly[str, Split] = field(default_factory=dict, hash=False)
    dropped: ReadOnly[str, str] = field(default_factory=dict, hash=False)
    meanings: ReadOnly[str, str] = field(default_factory=dict, hash=False)
    factors: ReadOnly[str, float] = field(default_factory=dict, hash=False)
    choices: ReadOnly[str, ReadOnly[str, str]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file. ``cases``, ``parties`` and ``groups`` map ids to labels, in the order of the file;
    ``history`` has the older versions, newest first.
    """

    path: Path
    workbook: Workbook
    cases: ReadOnly[str, str] = field(hash=False)
    parties: ReadOnly[str, str] = field(hash=False)
    groups: ReadOnly[str, str] = field(hash=False)
    inputs: tuple[Field, ...]
    kengetallen: tuple[Kengetal, ...]
    results: tuple[Result, ...]
    checks: tuple[Check, ...]
    sums: tuple[SumRule, ...] = ()
    history: tuple[OlderVersion, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every input field: those of ``velden``, then the own values (``eigen_…``) of the kengetallen."""
        return self.inputs + tuple(kengetal.own for kengetal in self.kengetallen if kengetal.own is not None)

    @cached_property
    def _fields_by_id(self) -> ReadOnly[str, Field]:
        return {candidate.id: candidate for candidate in self.fields}

    def field(self, field_id: str) -> Field:
        """The field with this id (also ``eigen_…``); KeyError when the mapping has none."""
        return self._fields_by_id[field_id]

    def kengetal(self, kengetal_id: str) -> Kengetal:
        """The kengetal with this id; KeyError when the mapping has none."""
        for candidate in self.kengetallen:
            if candidate.id == kengetal_id:
                return candidate
        raise KeyError(kengetal_id)
