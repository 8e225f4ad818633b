"""The block ``kengetallen`` of a mapping and the CSV with their dated values."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from rekentool.mapping.document import Faults, Node, Section, Shape, check_id, text_of
from rekentool.mapping.fields import read_bounds, read_kind
from rekentool.mapping.schema import OWN_GROUP, OWN_PREFIX, RELIABILITIES, Field, Kengetal, KengetalValue, Kind
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.target import check_pattern, check_target, expand
from rekentool.mapping.textfile import read_bytes
from rekentool.mapping.values import format_bounds, format_value
from rekentool.messages import RekentoolError

KENGETALLEN = Shape(required=("bestand", "naam", "lijst"), optional=("eigen_naam", "label_kolom"))
KENGETAL = Shape(
    required=("label", "soort"),
    optional=("eenheid", "min", "max", "gebruikt", "zelden_gewijzigd", "toelichting"),
)

#: The columns of the CSV, in order. A unit that starts with "%" means a number of percent; a blank value "unknown".
COLUMNS = ("id", "omschrijving", "eenheid", "geldig_vanaf", "waarde", "bron", "url", "betrouwbaarheid", "opmerking")

#: What a blank own value means.
BLANK_MEANING = "landelijk kengetal"

MAX_BYTES = 5_000_000

_KINDS: tuple[Kind, ...] = ("getal", "geheel_getal", "percentage", "bedrag")
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


@dataclass(frozen=True, slots=True)
class _Row:
    """One sound row of the CSV with its row number."""

    number: int
    description: str
    unit: str
    value: KengetalValue


def read_kengetallen(section: Section, folder: Path, label_column: str, faults: Faults) -> tuple[Kengetal, ...]:
    """The kengetallen of a mapping with their values from the CSV; faults of both files go to ``faults``.

    ``label_column`` is where the labels stand beside the own values, unless the block says otherwise.
    """
    used_pattern = _pattern(section, "naam", faults)
    own_pattern = _pattern(section, "eigen_naam", faults)
    nodes = section.children("lijst")
    rows = _read_rows(section, folder, nodes, faults)
    label_column = section.text("label_kolom") or label_column
    found = []
    for kengetal_id, node in nodes.items():
        if check_id(kengetal_id, node, faults):
            kengetal = _read_kengetal(kengetal_id, Section(node, KENGETAL, faults), used_pattern, own_pattern,
                                      label_column, rows, faults)
            if kengetal is not None:
                found.append(kengetal)
    return tuple(found)


def _pattern(section: Section, key: str, faults: Faults) -> str:
    node = section.get(key)
    if node is None:
        return ""
    pattern = text_of(node, faults)
    if not pattern or not check_pattern(pattern, ("kengetal",), node, faults):
        return ""
    sample = expand(pattern, {"kengetal": "kengetal"})
    return pattern if check_target(sample, node, faults, one_cell=True) else ""


def _read_kengetal(
    kengetal_id: str, section: Section, used_pattern: str, own_pattern: str, label_column: str,
    rows: Mapping[str, list[_Row]] | None, faults: Faults,
) -> Kengetal | None:
    label = section.text("label")
    used = section.flag("gebruikt", otherwise=True)
    kind = read_kind(section, _KINDS, faults)
    if kind is None:
        return None
    low, high = (None if isinstance(bound, date) else bound for bound in read_bounds(section, kind, faults))
    own_rows = sorted((rows or {}).get(kengetal_id, []), key=lambda row: row.value.valid_from)
    if rows is not None and not own_rows:
        faults.add("RK223", section.node, kengetal=kengetal_id, hint=hint(kengetal_id, rows))
    unit = section.text("eenheid") or (own_rows[-1].unit if own_rows else "")
    ids = {"kengetal": kengetal_id}
    own = None
    if used and own_pattern:
        own = Field(
            id=OWN_PREFIX + kengetal_id, group=OWN_GROUP, label=label, kind=kind,
            targets=((None, expand(own_pattern, ids)),), unit=unit, minimum=low, maximum=high, required=False,
            blank_meaning=BLANK_MEANING, help=section.text("toelichting"), label_column=label_column,
            own_of=kengetal_id,
        )
    if own_rows:
        _check_rows(kind, low, high, label, own_rows, section, faults)
    return Kengetal(
        id=kengetal_id, label=label, kind=kind, unit=unit, minimum=low, maximum=high, used=used,
        rarely_changed=section.flag("zelden_gewijzigd", otherwise=False), help=section.text("toelichting"),
        description=own_rows[-1].description if own_rows else "", values=tuple(row.value for row in own_rows),
        target=expand(used_pattern, ids), own=own,
    )


def _check_rows(
    kind: Kind, low: float | None, high: float | None, label: str, rows: list[_Row], section: Section, faults: Faults
) -> None:
    """The rows against the kengetal's kind and bounds."""
    percent = [row.unit.startswith("%") for row in rows]
    node = section.get("soort")
    if node is not None and any(percent) and not (kind == "percentage" and all(percent)):
        faults.add("RK241", node, kind=kind, unit=excerpt(rows[-1].unit))
    field = Field(id="", group="", label=label, kind=kind, targets=(), minimum=low, maximum=high)
    for row in rows:
        value = row.value.value
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            node = section.get("max") or section.get("min") or section.node
            faults.add("RK242", node, value=format_value(field, value), row=row.number, bounds=format_bounds(field))


def _read_rows(
    section: Section, folder: Path, known: Mapping[str, Node], faults: Faults
) -> dict[str, list[_Row]] | None:
    """The CSV's rows by id; None (and faults) when there is nothing to read."""
    node, name = section.get("bestand"), section.text("bestand")
    if node is None or not name:
        return None
    path = folder / name
    if Path(name).is_absolute():
        faults.add("RK243", node, path=excerpt(name))
        return None
    try:
        data = read_bytes(path, MAX_BYTES, unreadable="RK201", too_large="RK202")
        text = data.decode("utf-8-sig")
    except RekentoolError as error:
        faults.include(error)
        return None
    except UnicodeDecodeError as error:
        faults.add_elsewhere("RK203", f"regel {data.count(10, 0, error.start) + 1}", str(path))
        return None
    return _parse_rows(text, str(path), known, faults)


def _parse_rows(text: str, file: str, known: Mapping[str, Node], faults: Faults) -> dict[str, list[_Row]] | None:
    rows: dict[str, list[_Row]] = {}
    strangers: set[str] = set()
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        if tuple(cell.strip() for cell in header) != COLUMNS:
            found = excerpt(",".join(header), 120)
            faults.add_elsewhere("RK220", "rij 1", file, found=found, expected=",".join(COLUMNS))
            return None
        for number, cells in enumerate(reader, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            row = _parse_row(number, [cell.strip() for cell in cells], file, faults)
            kengetal_id = cells[0].strip()
            if known and kengetal_id not in known and kengetal_id not in strangers:
                strangers.add(kengetal_id)
                place = f"rij {number}, kolom id"
                faults.add_elsewhere("RK224", place, file, kengetal=excerpt(kengetal_id), hint=hint(kengetal_id, known))
            if row is None:
                continue
            for earlier in rows.get(kengetal_id, []):
                if earlier.value.valid_from == row.value.valid_from:
                    place = f"rij {number}, kolom geldig_vanaf"
                    faults.add_elsewhere("RK222", place, file, kengetal=excerpt(kengetal_id),
                                         day=row.value.valid_from, first=earlier.number)
            rows.setdefault(kengetal_id, []).append(row)
    except csv.Error as error:
        faults.add_elsewhere("RK244", f"regel {reader.line_num}", file, reason=error)
        return None
    return rows


def _parse_row(number: int, cells: list[str], file: str, faults: Faults) -> _Row | None:
    """One row of the CSV, or None and a fault for each cell that is wrong."""
    if len(cells) != len(COLUMNS):
        faults.add_elsewhere("RK245", f"rij {number}", file, found=len(cells), expected=len(COLUMNS))
        return None
    row = dict(zip(COLUMNS, cells, strict=True))
    wrong = []
    day = None
    if _ISO_DATE.fullmatch(row["geldig_vanaf"]):
        try:
            day = date.fromisoformat(row["geldig_vanaf"])
        except ValueError:
            day = None
    if day is None:
        wrong.append(("geldig_vanaf", "een datum als 2026-08-01"))
    if row["waarde"] and not _NUMBER.fullmatch(row["waarde"]):
        wrong.append(("waarde", "een getal met een decimale punt, of leeg voor onbekend"))
    if row["betrouwbaarheid"] not in RELIABILITIES:
        wrong.append(("betrouwbaarheid", " / ".join(RELIABILITIES)))
    if not row["id"]:
        wrong.append(("id", "de naam van een kengetal"))
    for column, expected in wrong:
        found = f'"{excerpt(row[column])}"' if row[column] else "niets"
        faults.add_elsewhere("RK221", f"rij {number}, kolom {column}", file, found=found, expected=expected)
    if wrong or day is None:
        return None
    value = None
    if row["waarde"]:
        exact = Decimal(row["waarde"])
        value = float(exact.scaleb(-2) if row["eenheid"].startswith("%") else exact)
    return _Row(number, row["omschrijving"], row["eenheid"],
                KengetalValue(day, value, row["bron"], row["url"], row["betrouwbaarheid"], row["opmerking"]))
