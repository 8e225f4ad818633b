"""The inputs of a filled workbook: each against its field, and what else a reader would ask about them."""

from __future__ import annotations

from collections.abc import Iterator

from rekentool.jobs.read import FilledWorkbook
from rekentool.mapping.schema import InputKey, Value
from rekentool.mapping.suggestion import excerpt
from rekentool.mapping.sums import sum_findings
from rekentool.mapping.values import parse_cell
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue

#: Fields that one finding names.
_NAMED = 8


def input_findings(tool: Tool, filled: FilledWorkbook) -> list[Finding]:
    """Every input that isn't what its field allows (RK3xx), stray spaces (RK563), and defaults that nobody changed
    (RK562). A formula's outcome is judged as the input; a formula that can't be computed isn't judged here."""
    findings: list[Finding] = []
    binding, mapping, file = filled.tool.binding, filled.tool.mapping, str(filled.path)
    values: dict[InputKey, Value | None] = {}
    for key, address in binding.inputs.items():
        if address in filled.outcome.unknown:
            continue
        cell = _cell(filled, key)
        field = mapping.field(key[0])
        try:
            values[key] = parse_cell(field, cell, str(address), file, date1904=filled.workbook.date1904)
        except RekentoolError as error:
            findings += error.findings
            continue
        if field.kind == "tekst" and isinstance(cell, str):
            findings += _spaces(cell, str(address), file)
    fields = {field.id: field for field in mapping.inputs}
    for rule in mapping.sums:
        place = ", ".join(str(binding.address(*key)) for name in rule.fields for key in fields[name].keys)
        findings += sum_findings((rule,), fields, values, place, file)
    return [*findings, *_defaults(tool, filled)]


def _cell(filled: FilledWorkbook, key: InputKey) -> CellValue:
    """What stands in an input cell, or what its formula comes to."""
    address = filled.tool.binding.inputs[key]
    source = filled.outcome.values if address in filled.workbook.formulas else filled.workbook.values
    return source.get(address)


def _spaces(text: str, place: str, file: str) -> Iterator[Finding]:
    """RK563: a name with stray spaces looks like another one and isn't found by who looks for it."""
    tidy = " ".join(text.split())
    if text == tidy:
        return
    what = "spaties aan het begin of het eind" if text != text.strip() else "dubbele of vaste spaties"
    yield finding("RK563", place, file, wat=what, tekst=excerpt(text.replace("\u00a0", "␣")), verwacht=excerpt(tidy))


def _defaults(tool: Tool, filled: FilledWorkbook) -> Iterator[Finding]:
    """RK562, once for all: required inputs that still have the template's own value though the file has a region."""
    mapping, binding = filled.tool.mapping, filled.tool.binding
    region = filled.workbook.values.get(binding.address(mapping.workbook.region_field))
    if not isinstance(region, str) or not region.strip():
        return
    left: dict[str, list[str]] = {}
    total = 0
    for (field_id, case), address in binding.inputs.items():
        default = tool.workbook.values.get(tool.binding.inputs[field_id, case])
        field = mapping.field(field_id)
        if not field.required or default is None:
            continue
        total += 1
        value = filled.workbook.values.get(address)
        if address not in filled.workbook.formulas and type(value) is type(default) and value == default:
            left.setdefault(field_id, []).extend([case] if case else [])
    if not left:
        return
    count = sum(len(cases) or 1 for cases in left.values())
    words = [f"{name} ({', '.join(cases)})" if cases else name for name, cases in left.items()]
    named = ", ".join(words[:_NAMED]) + (f" en nog {len(words) - _NAMED} velden" if len(words) > _NAMED else "")
    place = str(binding.inputs[next(key for key in binding.inputs if key[0] == next(iter(left)))])
    yield finding("RK562", place, str(filled.path), aantal=count, totaal=total, velden=named)
