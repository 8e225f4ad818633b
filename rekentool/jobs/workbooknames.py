"""The file name of each region's workbook, from a pattern such as ``{regio}-{peildatum}``."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rekentool.jobs.receipt import Inputs, Plain, input_name
from rekentool.mapping.suggestion import excerpt, hint
from rekentool.mapping.values import cell_text
from rekentool.messages import Finding, RekentoolError, finding, refuse
from rekentool.tables.regions import Region
from rekentool.tool import Tool
from rekentool.xlsx.filename import safe_name
from rekentool.xlsx.membername import shown

#: The pattern where none is given, and the placeholder in it: the name of the region.
DEFAULT, REGION = "{regio}", "regio"
#: Names that other files of the folder have.
RESERVED = frozenset({"index"})

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class NamePattern:
    """A pattern of literal text and placeholders; RK802 when one isn't the name of a field, or there are none."""

    def __init__(self, tool: Tool, text: str) -> None:
        known = {REGION: input_name((tool.mapping.workbook.region_field, None))}
        known |= {name: name for name in map(input_name, tool.binding.inputs)}
        self._parts = _PLACEHOLDER.split(text)
        names = self._parts[1::2]
        unknown = [name for name in names if name not in known]
        if unknown or not names or any("{" in part or "}" in part for part in self._parts[::2]):
            what = "{" + excerpt(unknown[0]) + "}" if unknown else excerpt(text)
            raise refuse("RK802", "--naam", wat=what, hint=hint(unknown[0], known) if unknown else "")
        self._fields = [known[name] for name in names]
        self._inputs = Inputs(tool)
        self._keys = [key for key in tool.binding.inputs if input_name(key) in self._fields]
        self._tool = tool

    def name(self, region: Region) -> str:
        """The name for a region's workbook, safe in every folder; RK161 when no letter or digit is left."""
        given = {key: region.values[key] for key in self._keys if key in region.values}
        inputs = {**self._inputs.template, **self._inputs.of(self._tool.cells(given))}
        parts = list(self._parts)
        parts[1::2] = [_word(inputs[field]) for field in self._fields]
        name = safe_name("".join(parts))
        return f"naam-{name}" if name in RESERVED else name


def _word(value: Plain) -> str:
    if isinstance(value, dict):
        return value.get("fout", "")
    return value if isinstance(value, str) else cell_text(value if value is None else float(value))


def workbook_names(
    tool: Tool, regions: Sequence[Region], pattern: str = DEFAULT
) -> tuple[list[str | None], dict[int, Finding]]:
    """The name of each region's workbook, without extension, and by place in ``regions`` why one has none.

    RK160 when regions come to the same name: then none of them gets it, as nobody can say which one should. RK161 when
    no name can be made.
    """
    parsed = NamePattern(tool, pattern)
    names: list[str | None] = []
    faults: dict[int, Finding] = {}
    owners: dict[str, list[int]] = {}
    for place, region in enumerate(regions):
        try:
            name = parsed.name(region)
        except RekentoolError:
            faults[place] = finding("RK161", f"rij {region.row}", naam=shown(repr(region.name)))
            names.append(None)
            continue
        names.append(name)
        owners.setdefault(name, []).append(place)
    for name, places in owners.items():
        if len(places) > 1:
            rows = "rij " + ", ".join(str(regions[place].row) for place in places)
            same = " en ".join(dict.fromkeys(shown(repr(regions[place].name)) for place in places))
            for place in places:
                names[place] = None
                faults[place] = finding("RK160", rows, namen=same, bestandsnaam=name)
    return names, faults
