"""Fields that must add up: shares of one whole, such as the ages of a group."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rekentool.mapping.document import Faults, Node, Section, Shape, check_id, text_of, wrong_type
from rekentool.mapping.schema import NUMERIC, Field, InputKey, SumRule, Value
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.values import format_value
from rekentool.messages import Finding, finding

SUM = Shape(required=("velden", "som"), optional=("label",))

#: What doubles need: the shares of a whole typed with a few decimals add up to it within this.
_PRECISION = 1e-9


def read_sums(nodes: Mapping[str, Node], fields: Mapping[str, Field], faults: Faults) -> tuple[SumRule, ...]:
    """The rules under ``sommen``, in order; those with faults are left out."""
    found = []
    for rule_id, node in nodes.items():
        if not check_id(rule_id, node, faults):
            continue
        section = Section(node, SUM, faults)
        known: list[Field] = []
        for item in section.items("velden"):
            name = text_of(item, faults)
            field = fields.get(name)
            if field is None:
                faults.add("RK251", item, field=excerpt(name), hint=hint(name, fields))
            elif field.kind not in NUMERIC or (known and field.cases != known[0].cases):
                faults.add("RK252", item, field=name)
            else:
                known.append(field)
        total = section.get("som")
        if total is None:
            continue
        if isinstance(total.value, bool) or not isinstance(total.value, int | float):
            wrong_type(total, "een getal", faults)
        elif known:
            found.append(
                SumRule(
                    rule_id, section.text("label") or rule_id, tuple(field.id for field in known), float(total.value)
                )
            )
    return tuple(found)


def sum_findings(
    rules: tuple[SumRule, ...],
    fields: Mapping[str, Field],
    values: Mapping[InputKey, Value | None],
    place: str = "",
    file: str = "",
) -> Iterator[Finding]:
    """One finding RK319 for every rule (and case) whose fields are all filled and don't add up."""
    for rule in rules:
        first = fields[rule.fields[0]]
        for _, case in first.keys:
            parts = [values.get((name, case)) for name in rule.fields]
            numbers = [part for part in parts if isinstance(part, int | float)]
            if len(numbers) == len(parts) and abs(sum(numbers) - rule.total) > _PRECISION:
                yield finding(
                    "RK319",
                    place,
                    file,
                    label=rule.label,
                    velden=", ".join(rule.fields),
                    geval=f" ({case})" if case else "",
                    som=format_value(first, round(sum(numbers), 9)),
                    verwacht=format_value(first, rule.total),
                )
