"""From the YAML file to a ``Mapping``: every fault at once, each with its path and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping as ReadOnly
from dataclasses import replace
from pathlib import Path

from rekentool.mapping.document import Faults, Node, Section, Shape, check_id, read_document, words
from rekentool.mapping.fields import FIELD, Words, read_fields, unknown_word
from rekentool.mapping.history import HISTORY, SPLIT, STEPS, check_fingerprint, read_history
from rekentool.mapping.kengetal import KENGETAL, KENGETALLEN, read_kengetallen
from rekentool.mapping.results import CHECK, RESULT, read_checks, read_results
from rekentool.mapping.schema import Kengetal, Mapping, Workbook
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.sums import SUM, read_sums
from rekentool.mapping.target import check_pattern, folded

#: The version of the format that this code reads (``formaat``).
FORMAT = 1

#: The field that names the region, where ``werkboek.regio_veld`` doesn't say otherwise.
REGION_FIELD = "regio_naam"
#: The field with the date on which kengetallen count, where ``werkboek.peildatum_veld`` doesn't say otherwise.
DATE_FIELD = "peildatum"

TOP = Shape(
    required=("formaat", "werkboek", "groepen", "velden"),
    optional=("namen", "gevallen", "partijen", "kengetallen", "sommen", "resultaten", "controles", "historie"),
)
WORKBOOK = Shape(
    required=("id", "titel"),
    optional=("versie", "bestand", "vingerafdruk", "label_kolom", "regio_veld", "peildatum_veld"),
)
NAMES = Shape(required=(), optional=("veld", "veld_per_geval"))

#: The keys of every kind of block, by its place in the document (``*`` is any id): the JSON Schema has the same.
SHAPES: dict[str, Shape] = {
    "$": TOP,
    "$.werkboek": WORKBOOK,
    "$.namen": NAMES,
    "$.velden.*": FIELD,
    "$.kengetallen": KENGETALLEN,
    "$.kengetallen.lijst.*": KENGETAL,
    "$.resultaten.*": RESULT,
    "$.sommen.*": SUM,
    "$.controles.*": CHECK,
    "$.historie.*": HISTORY,
    "$.historie.*.stappen": STEPS,
    "$.historie.*.stappen.gesplitst.*": SPLIT,
}

_COLUMN = re.compile(r"[A-Z]{1,3}")


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file, and the CSV of kengetallen that it names.

    Raises RekentoolError with every fault (RK201–RK229, RK238–RK253, RK820): place is the path in the document with its
    line, or the row and column of the CSV.
    """
    faults = Faults(str(path))
    root = Section(read_document(path, faults), TOP, faults)
    _check_format(root, faults)
    about = _block(root, "werkboek", WORKBOOK, faults)
    workbook = _read_workbook(about, path.parent, faults)
    cases, parties, groups = (words(root.children(key), faults) for key in ("gevallen", "partijen", "groepen"))
    single_name, case_name = _read_names(_block(root, "namen", NAMES, faults), faults)
    known = Words(cases, groups, single_name, case_name, workbook.label_column)
    field_nodes = root.children("velden")
    figures = _block(root, "kengetallen", KENGETALLEN, faults)
    inputs = read_fields(field_nodes, known, faults)
    mapping = Mapping(
        path=path, workbook=workbook, cases=cases, parties=parties, groups=groups, inputs=inputs,
        kengetallen=_read_kengetallen(figures, path.parent, workbook.label_column, faults),
        results=read_results(root.children("resultaten"), cases, parties, faults),
        checks=read_checks(root.children("controles"), faults),
        sums=read_sums(root.children("sommen"), {field.id: field for field in inputs}, faults),
    )
    mapping = replace(mapping, history=read_history(root.children("historie"), mapping, faults))
    _check_region_field(mapping, about, field_nodes, faults)
    _check_date_field(mapping, about, field_nodes, faults)
    _check_ids(mapping, field_nodes, faults)
    _check_shared_cells(mapping, field_nodes, figures.children("lijst") if figures else {}, faults)
    faults.raise_if_any()
    return mapping


def _block(root: Section, key: str, shape: Shape, faults: Faults) -> Section | None:
    node = root.get(key)
    return Section(node, shape, faults) if node is not None else None


def _check_format(root: Section, faults: Faults) -> None:
    node = root.get("formaat")
    if node is not None and (isinstance(node.value, bool) or node.value != FORMAT):
        faults.add("RK246", node, found=node.described(), expected=FORMAT)


def _read_workbook(section: Section | None, folder: Path, faults: Faults) -> Workbook:
    if section is None:
        return Workbook("", "", "", None, "", "", REGION_FIELD, DATE_FIELD)
    node, word = section.get("id"), section.text("id")
    if node is not None and word:
        check_id(word, node, faults)
    _check_column(section, faults)
    node, fingerprint = section.get("vingerafdruk"), section.text("vingerafdruk")
    if node is not None and fingerprint:
        check_fingerprint(fingerprint, node, faults)
    file = section.text("bestand")
    return Workbook(
        id=word, title=section.text("titel"), version=section.text("versie"),
        file=folder / file if file else None, fingerprint=fingerprint,
        label_column=section.text("label_kolom"), region_field=section.text("regio_veld") or REGION_FIELD,
        date_field=section.text("peildatum_veld") or DATE_FIELD,
    )


def _read_names(section: Section | None, faults: Faults) -> tuple[str, str]:
    if section is None:
        return "", ""
    patterns = []
    for key, placeholders in (("veld", ("veld",)), ("veld_per_geval", ("veld", "geval"))):
        node, pattern = section.get(key), section.text(key)
        sound = node is None or check_pattern(pattern, placeholders, node, faults)
        patterns.append(pattern if sound else "")
    return patterns[0], patterns[1]


def _read_kengetallen(
    section: Section | None, folder: Path, label_column: str, faults: Faults
) -> tuple[Kengetal, ...]:
    if section is None:
        return ()
    _check_column(section, faults)
    return read_kengetallen(section, folder, label_column, faults)


def _check_column(section: Section, faults: Faults) -> None:
    node, column = section.get("label_kolom"), section.text("label_kolom")
    if node is not None and column and not _COLUMN.fullmatch(column):
        faults.add("RK248", node, found=excerpt(column))


def _check_region_field(
    mapping: Mapping, about: Section | None, field_nodes: ReadOnly[str, Node], faults: Faults
) -> None:
    """The field that names the region must be a required text with one value, and exist where the mapping names it."""
    name = mapping.workbook.region_field
    named = about.get("regio_veld") if about is not None else None
    node = named or field_nodes.get(name)
    field = next((field for field in mapping.inputs if field.id == name), None)
    if node is not None and field is not None and (field.kind != "tekst" or field.cases or not field.required):
        faults.add("RK249", node, field=field.id)
    if named is not None and name not in field_nodes:
        unknown_word("het veld", name, field_nodes, named, faults)


def _check_date_field(
    mapping: Mapping, about: Section | None, field_nodes: ReadOnly[str, Node], faults: Faults
) -> None:
    """The field with the peildatum must be a date with one value, and exist where the mapping names it."""
    name = mapping.workbook.date_field
    named = about.get("peildatum_veld") if about is not None else None
    node = named or field_nodes.get(name)
    field = next((field for field in mapping.inputs if field.id == name), None)
    if node is not None and field is not None and (field.kind != "datum" or field.cases):
        faults.add("RK253", node, field=field.id)
    if named is not None and name not in field_nodes:
        unknown_word("het veld", name, field_nodes, named, faults)


def _check_ids(mapping: Mapping, field_nodes: ReadOnly[str, Node], faults: Faults) -> None:
    """A field may not have the id that the own value of a kengetal gets."""
    own = {kengetal.own.id for kengetal in mapping.kengetallen if kengetal.own is not None}
    for field in mapping.inputs:
        if field.id in own:
            faults.add("RK250", field_nodes[field.id], field=field.id)


def _check_shared_cells(
    mapping: Mapping, field_nodes: ReadOnly[str, Node], figure_nodes: ReadOnly[str, Node], faults: Faults
) -> None:
    """Two inputs, or an input and a kengetal's used value, on one cell or name."""
    places = [(field.targets, field.id, field_nodes[field.id]) for field in mapping.inputs]
    for kengetal in mapping.kengetallen:
        node = figure_nodes[kengetal.id]
        if kengetal.own is not None:
            places.append((kengetal.own.targets, kengetal.own.id, node))
        if kengetal.target:
            places.append((((None, kengetal.target),), f"kengetal {kengetal.id}", node))
    seen: dict[str, str] = {}
    for targets, owner, node in places:
        for case, target in targets:
            described = f"{owner}.{case}" if case else owner
            first = seen.setdefault(folded(target), described)
            if first != described:
                faults.add("RK216", node, target=target, first=first, second=described)
