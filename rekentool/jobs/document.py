"""`documenteer --velden`: every field and kengetal of a mapping, as Markdown, CSV or a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from rekentool.mapping.schema import Field, Kengetal, KengetalValue, Mapping, Value
from rekentool.mapping.values import format_bounds, format_value
from rekentool.messages import refuse
from rekentool.tables.plainbook import PlainBook
from rekentool.tables.table import write_table
from rekentool.xlsx.save import save_atomic

#: What a list of fields can be written as.
SUFFIXES = (".md", ".csv", ".xlsx")
NONE = "–"

HEAD = """\
# Velden en kengetallen

{title}{version}.
Deze lijst is gemaakt uit de mapping `{file}`.
"""

GUIDE = """\
- **veld** is de kop van een kolom in de regiotabel; de omschrijving mag ook.
- **gevallen**: `alle` of een lijst betekent een waarde per geval, in de tabel `veld.geval`{example}.
  Een streepje betekent één waarde.
- **standaard** is de waarde in het lege werkboek. Verschilt zij per geval, dan staan de waarden in de volgorde
  {cases}.
- **leeg**: wat een lege cel in het werkboek betekent. Bij `verplicht` mag de cel niet leeg zijn; in de regiotabel
  betekent een lege cel altijd de standaardwaarde.
"""

FIGURES = """\
## Kengetallen

Voor elk gebruikt kengetal is een eigen waarde in te vullen; in de regiotabel is dat de kolom `eigen_` met de naam van
het kengetal. Leeg betekent: {blank}. De waarde hieronder is {when}.{note}
"""

FIELD_HEAD = ("veld", "omschrijving", "eenheid", "toegestaan", "gevallen", "standaard", "leeg", "bron van de standaard")
AT_HEAD = ("waarde", "geldig vanaf", "betrouwbaarheid", "bron")
USED_HEAD = ("kolom in de regiotabel", "omschrijving", "eenheid", "toegestaan", *AT_HEAD)
SHOWN_HEAD = ("kengetal", "omschrijving", "eenheid", *AT_HEAD)

#: The columns of the list as a table, and of the kengetallen beside it, with how wide they are in characters.
COLUMNS = {
    "veld": 30, "groep": 18, "omschrijving": 34, "soort": 13, "eenheid": 20, "toegestaan": 24, "gevallen": 18,
    "standaard": 24, "leeg": 18, "toelichting": 56, "bron": 20, "plaats": 36,
}  # fmt: skip
FIGURE_COLUMNS = {
    "kengetal": 28, "omschrijving": 40, "gebruikt": 10, "eenheid": 20, "waarde": 14, "geldig vanaf": 13,
    "betrouwbaarheid": 15, "bron": 46, "url": 46,
}  # fmt: skip


def check_new(path: Path, suffixes: Sequence[str], *, overwrite: bool = False) -> None:
    """Refuse a path that can't become a new document: RK842 for its extension, RK630 or RK631 for its place."""
    if path.suffix.lower() not in suffixes:
        kinds = f"{', '.join(suffixes[:-1])} of {suffixes[-1]}"
        raise refuse("RK842", file=str(path), suffix=path.suffix, soorten=kinds)
    if not overwrite and os.path.lexists(path):
        raise refuse("RK630", file=str(path))
    if not path.parent.is_dir():
        raise refuse("RK631", file=str(path), reden="de map bestaat niet")


def write_field_list(mapping: Mapping, path: Path, *, overwrite: bool = False) -> None:
    """Write the list of fields to a .md, .csv or .xlsx (an .xlsx has the kengetallen on a second sheet).

    RK842, RK630 or RK631 when that can't be.
    """
    check_new(path, SUFFIXES, overwrite=overwrite)
    match path.suffix.lower():
        case ".md":
            save_atomic(path, markdown(mapping).encode("utf-8"), overwrite=overwrite)
        case ".csv":
            write_table(path, list(COLUMNS), field_rows(mapping), overwrite=overwrite, numbers={})
        case _:
            book = PlainBook(f"Velden van {mapping.workbook.title}")
            add_field_sheets(book, mapping)
            save_atomic(path, book.data(), overwrite=overwrite)


def add_field_sheets(book: PlainBook, mapping: Mapping) -> None:
    """The sheets ``Velden`` and, where the mapping has them, ``Kengetallen``."""
    book.table_sheet("Velden", COLUMNS, field_rows(mapping))
    if mapping.kengetallen:
        book.table_sheet("Kengetallen", FIGURE_COLUMNS, figure_rows(mapping))


def field_rows(mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Each field under ``COLUMNS``, own values of kengetallen included."""
    cases = list(mapping.cases)
    for field in mapping.fields:
        group = mapping.groups.get(field.group, field.group.capitalize())
        places = ", ".join(target for _, target in field.targets)
        where, blank = _where(field, cases), _blank(field)
        yield (
            field.id, group, field.label, field.kind, field.unit, allowed(field), where, defaults(field), blank,
            field.help, field.source, places,
        )  # fmt: skip


def figure_rows(mapping: Mapping) -> Iterator[tuple[str, ...]]:
    """Each kengetal under ``FIGURE_COLUMNS``, with its value on the mapping's own peildatum."""
    day = default_day(mapping)
    for kengetal in mapping.kengetallen:
        row = _row(kengetal, day)
        used = "ja" if kengetal.used else "nee"
        at = _at(kengetal, day, row.source if row else NONE)
        yield kengetal.id, kengetal.label, used, kengetal.unit, *at, row.url if row else NONE


def default_day(mapping: Mapping) -> date | None:
    """The peildatum in the blank workbook; None where the mapping has none: the newest values count then."""
    name = mapping.workbook.date_field
    field = next((field for field in mapping.inputs if field.id == name), None)
    day = field.default() if field is not None else None
    return day if isinstance(day, date) else None


def markdown(mapping: Mapping, head: str = "", note: str = "") -> str:
    """The list as Markdown, under ``head`` (by default: what it was made of); ``note`` is said of the kengetallen."""
    example = next((field for field in mapping.inputs if field.cases), None)
    cases = list(mapping.cases)
    about = mapping.workbook
    version = f", versie {about.version}" if about.version else ""
    parts = [
        head or HEAD.format(title=about.title, version=version, file=mapping.path.name),
        GUIDE.format(
            example=f", zoals `{example.id}.{example.cases[-1]}`" if example else "",
            cases=", ".join(f"`{case}`" for case in cases) or "van de gevallen",
        ),
    ]
    for group, label in mapping.groups.items():
        rows = [_field_row(field, cases) for field in mapping.inputs if field.group == group]
        if rows:
            parts += [f"## {label}\n", _table(FIELD_HEAD, rows)]
    day = default_day(mapping)
    used = [kengetal for kengetal in mapping.kengetallen if kengetal.own is not None]
    shown_only = [kengetal for kengetal in mapping.kengetallen if kengetal.own is None]
    if used and used[0].own is not None:
        when = f"die op de standaardpeildatum, {_dutch_date(day)}" if day else "de nieuwste"
        parts.append(FIGURES.format(blank=used[0].own.blank_meaning, when=when, note=f"\n{note}" if note else ""))
        parts.append(_table(USED_HEAD, [_used_row(kengetal, day) for kengetal in used]))
    if shown_only:
        parts += [
            "### Ter informatie\n",
            "Deze kengetallen staan in het werkboek, maar de berekening gebruikt ze niet.\n",
            _table(SHOWN_HEAD, [_shown_row(kengetal, day) for kengetal in shown_only]),
        ]
    return "\n".join(parts)


def allowed(field: Field) -> str:
    """What may be filled in: the choices, the bounds, or the kind of value."""
    if field.choices:
        return " / ".join(field.choices)
    if isinstance(field.minimum, date) and field.maximum is None:
        return f"vanaf {_dutch_date(field.minimum)}"
    words = {"datum": "een datum", "tekst": "tekst"}
    return format_bounds(replace(field, unit="")) or words.get(field.kind, "een getal")


def defaults(field: Field) -> str:
    """The value in the blank workbook; one for each case where they differ."""
    values = [_shown(field, field.default(case)) for case in field.cases or (None,)]
    return values[0] if len(set(values)) == 1 else " · ".join(values)


def _where(field: Field, cases: Sequence[str]) -> str:
    return "alle" if field.cases and len(field.cases) == len(cases) else ", ".join(field.cases)


def _blank(field: Field) -> str:
    return field.blank_meaning or ("verplicht" if field.required else "niet ingevuld")


def _field_row(field: Field, cases: Sequence[str]) -> tuple[str, ...]:
    return (
        f"`{field.id}`", field.label, field.unit, allowed(field), _where(field, cases), defaults(field), _blank(field),
        field.source,
    )  # fmt: skip


def _shown(field: Field, value: Value | None) -> str:
    if value is None:
        return "leeg"
    return _dutch_date(value) if isinstance(value, date) else format_value(field, value)


def _used_row(kengetal: Kengetal, day: date | None) -> tuple[str, ...]:
    own = kengetal.own
    name, bounds = (f"`{own.id}`", allowed(own)) if own is not None else (NONE, NONE)
    return name, kengetal.label, kengetal.unit, bounds, *_at(kengetal, day, _link(kengetal, day))


def _shown_row(kengetal: Kengetal, day: date | None) -> tuple[str, ...]:
    return f"`{kengetal.id}`", kengetal.label, kengetal.unit, *_at(kengetal, day, _link(kengetal, day))


def _row(kengetal: Kengetal, day: date | None) -> KengetalValue | None:
    """The row of a kengetal on a day; the newest without a day."""
    if day is not None:
        return kengetal.at(day)
    return kengetal.values[-1] if kengetal.values else None


def _at(kengetal: Kengetal, day: date | None, source: str) -> tuple[str, str, str, str]:
    """Value, first day, reliability and source of a kengetal on a day."""
    row = _row(kengetal, day)
    if row is None:
        return "onbekend", NONE, NONE, NONE
    field = Field(kengetal.id, "", kengetal.label, kengetal.kind, ())
    value = "onbekend" if row.value is None else format_value(field, row.value)
    return value, _dutch_date(row.valid_from), row.reliability, source


def _link(kengetal: Kengetal, day: date | None) -> str:
    row = _row(kengetal, day)
    if row is None:
        return NONE
    return f"[{row.source}]({row.url})" if row.url.startswith("https://") else row.source


def _dutch_date(day: date) -> str:
    """A date as the workbook's texts write it: 1-8-2026."""
    return f"{day.day}-{day.month}-{day.year}"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table."""
    lines = [list(head)]
    lines.append(["---"] * len(lines[0]))
    lines += [[cell.replace("|", "\\|").replace("\n", " ") or NONE for cell in row] for row in rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
