"""Write docs/velden.md, the list of every input and kengetal, from the mapping.

    python scripts/make_field_docs.py [--check]

With ``--check`` nothing is written; the exit code is 1 when the committed file isn't what the mapping says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from rekentool.mapping.load import load_mapping  # noqa: E402
from rekentool.mapping.schema import Field, Kengetal, Mapping, Value  # noqa: E402
from rekentool.mapping.values import format_bounds, format_value  # noqa: E402
from rekentool.shipped import MAPPING  # noqa: E402

TARGET = ROOT / "docs" / "velden.md"
NONE = "–"

INTRODUCTION = """\
# Velden en kengetallen

Deze lijst komt uit `mappings/rekentool.yaml` en is gemaakt met `python scripts/make_field_docs.py`; wijzig haar niet
met de hand. Wat u met de velden kunt doen, staat in de [handleiding](handleiding.md).

- **veld** is de kop van een kolom in de regiotabel; de omschrijving mag ook.
- **gevallen**: `alle` of een lijst betekent een waarde per geval, in de tabel `veld.geval`, zoals `{example}`.
  Een streepje betekent één waarde.
- **standaard** is de waarde in het lege werkboek. Verschilt zij per geval, dan staan de waarden in de volgorde
  {cases}.
- **leeg**: wat een lege cel in het werkboek betekent. Bij `verplicht` mag de cel niet leeg zijn; in de regiotabel
  betekent een lege cel altijd de standaardwaarde.
"""

FIGURES = """\
## Kengetallen

Op het blad Kengetallen is voor elk gebruikt kengetal een eigen waarde in te vullen; in de regiotabel is dat de kolom
`eigen_` met de naam van het kengetal. Leeg betekent: {blank}. De waarde hieronder is die op de
standaardpeildatum, {day}. Oudere waarden staan met hun bron op het blad Tarieven en in `mappings/kengetallen.csv`.
"""

FIELD_HEAD = ("veld", "omschrijving", "eenheid", "toegestaan", "gevallen", "standaard", "leeg", "bron van de standaard")
AT_HEAD = ("waarde", "geldig vanaf", "betrouwbaarheid", "bron")
USED_HEAD = ("kolom in de regiotabel", "omschrijving", "eenheid", "toegestaan", *AT_HEAD)
SHOWN_HEAD = ("kengetal", "omschrijving", "eenheid", *AT_HEAD)


def document(mapping: Mapping) -> str:
    """The whole file."""
    example = next(field for field in mapping.inputs if field.cases)
    cases = list(mapping.cases)
    parts = [
        INTRODUCTION.format(example=f"{example.id}.{example.cases[-1]}", cases=", ".join(f"`{case}`" for case in cases))
    ]
    for group, label in mapping.groups.items():
        rows = [field_row(field, cases) for field in mapping.inputs if field.group == group]
        parts += [f"## {label}\n", table(FIELD_HEAD, rows)]
    day = mapping.field("peildatum").default()
    if not isinstance(day, date):
        raise SystemExit("the mapping has no default for peildatum")
    used = [kengetal for kengetal in mapping.kengetallen if kengetal.own is not None]
    shown = [kengetal for kengetal in mapping.kengetallen if kengetal.own is None]
    blank = used[0].own.blank_meaning if used and used[0].own else NONE
    parts.append(FIGURES.format(blank=blank, day=dutch_date(day)))
    parts.append(table(USED_HEAD, [used_row(kengetal, day) for kengetal in used]))
    parts += ["### Ter informatie\n", "Deze kengetallen staan in het werkboek, maar de berekening gebruikt ze niet.\n"]
    parts.append(table(SHOWN_HEAD, [shown_row(kengetal, day) for kengetal in shown]))
    return "\n".join(parts)


def field_row(field: Field, cases: Sequence[str]) -> tuple[str, ...]:
    """One input field, with its cells in the order of ``FIELD_HEAD``."""
    where = "alle" if len(field.cases) == len(cases) else ", ".join(field.cases)
    blank = field.blank_meaning or ("verplicht" if field.required else "niet ingevuld")
    return f"`{field.id}`", field.label, field.unit, allowed(field), where, defaults(field), blank, field.source


def allowed(field: Field) -> str:
    """What may be filled in: the choices, the bounds, or the kind of value."""
    if field.choices:
        return " / ".join(field.choices)
    if isinstance(field.minimum, date) and field.maximum is None:
        return f"vanaf {dutch_date(field.minimum)}"
    words = {"datum": "een datum", "tekst": "tekst"}
    return format_bounds(replace(field, unit="")) or words.get(field.kind, "een getal")


def defaults(field: Field) -> str:
    """The value in the blank template; one for each case where they differ."""
    values = [shown(field, field.default(case)) for case in field.cases or (None,)]
    return values[0] if len(set(values)) == 1 else " · ".join(values)


def shown(field: Field, value: Value | None) -> str:
    """A value as a Dutch reader writes it."""
    if value is None:
        return "leeg"
    return dutch_date(value) if isinstance(value, date) else format_value(field, value)


def used_row(kengetal: Kengetal, day: date) -> tuple[str, ...]:
    """A kengetal that the model computes with."""
    assert kengetal.own is not None
    return (f"`{kengetal.own.id}`", kengetal.label, kengetal.unit, allowed(kengetal.own), *at(kengetal, day))


def shown_row(kengetal: Kengetal, day: date) -> tuple[str, ...]:
    """A kengetal that is shown for information only."""
    return (f"`{kengetal.id}`", kengetal.label, kengetal.unit, *at(kengetal, day))


def at(kengetal: Kengetal, day: date) -> tuple[str, str, str, str]:
    """Value, first day, reliability and source of a kengetal on a day."""
    row = kengetal.at(day)
    if row is None:
        return "onbekend", NONE, NONE, NONE
    field = Field(kengetal.id, "", kengetal.label, kengetal.kind, ())
    value = "onbekend" if row.value is None else format_value(field, row.value)
    source = f"[{row.source}]({row.url})" if row.url.startswith("https://") else row.source
    return value, dutch_date(row.valid_from), row.reliability, source


def dutch_date(day: date) -> str:
    """A date as the workbook's texts write it: 1-8-2026."""
    return f"{day.day}-{day.month}-{day.year}"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|") or NONE for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    wanted = document(load_mapping(MAPPING))
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not what the mapping says; run: python scripts/make_field_docs.py")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
