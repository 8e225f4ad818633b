"""What a file leaves open or hides that its template doesn't: protection, unlocked formulas, locked inputs, names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from rekentool.jobs.read import FilledWorkbook
from rekentool.mapping.suggestion import excerpt
from rekentool.messages import Finding, finding
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, quote_sheet
from rekentool.xlsx.package import Package
from rekentool.xlsx.protection import Protection, has_password, locks, other_password, read_protection
from rekentool.xlsx.ranges import shown
from rekentool.xlsx.visibility import hidden_names

#: The attributes as Excel's own dialogs call them.
_ACTS = {
    "formatCells": "cellen opmaken",
    "formatColumns": "kolommen opmaken",
    "formatRows": "rijen opmaken",
    "insertColumns": "kolommen invoegen",
    "insertRows": "rijen invoegen",
    "insertHyperlinks": "hyperlinks invoegen",
    "deleteColumns": "kolommen verwijderen",
    "deleteRows": "rijen verwijderen",
    "sort": "sorteren",
    "autoFilter": "AutoFilter gebruiken",
    "pivotTables": "draaitabellen gebruiken",
    "objects": "objecten bewerken",
    "scenarios": "scenario's bewerken",
    "selectLockedCells": "vergrendelde cellen selecteren",
    "selectUnlockedCells": "ontgrendelde cellen selecteren",
    "lockStructure": "bladen invoegen, verwijderen, verplaatsen of hernoemen",
    "lockWindows": "vensters verplaatsen",
    "lockRevision": "bijgehouden wijzigingen verwijderen",
}

_of_template = lru_cache(maxsize=4)(read_protection)


@lru_cache(maxsize=4)
def _names_of_template(data: bytes) -> frozenset[tuple[str, str]]:
    return hidden_names(Package(data))


def locking_findings(tool: Tool, filled: FilledWorkbook) -> list[Finding]:
    """RK542-RK546, RK564 and RK565, for the sheets that file and template share."""
    mine, theirs = _of_template(tool.data), read_protection(filled.tool.data)
    return [
        *_protection(mine, theirs, str(filled.path)),
        *_locks(tool, filled, mine),
        *_hidden_names(tool, filled),
    ]


def _protection(template: Protection, file: Protection, name: str) -> Iterator[Finding]:
    yield from _of_workbook(template.workbook, file.workbook, name)
    for sheet, expected in template.sheets.items():
        if expected is None or sheet not in file.sheets:
            continue
        found, place = file.sheets[sheet], excerpt(sheet)
        if found is None:
            yield finding("RK542", place, name)
            continue
        looser = locks(expected) - locks(found)
        if looser:
            yield finding("RK543", place, name, wat=_acts(looser))
        yield from _password(expected, found, place, name)


def _of_workbook(expected: Mapping[str, str] | None, found: Mapping[str, str] | None, name: str) -> Iterator[Finding]:
    if expected is None:
        return
    looser = locks(expected) - locks(found or {})
    if looser:
        yield finding("RK545", "werkmap", name, wat=_acts(looser))
    elif found is not None:
        yield from _password(expected, found, "werkmap", name)


def _password(expected: Mapping[str, str], found: Mapping[str, str], place: str, name: str) -> Iterator[Finding]:
    if not other_password(expected, found):
        return
    wanted = "met het wachtwoord van het sjabloon" if has_password(expected) else "zonder wachtwoord, als het sjabloon"
    state = "een ander wachtwoord" if has_password(expected) else "een wachtwoord"
    yield finding("RK544", place, name, staat=state if has_password(found) else "geen wachtwoord", verwacht=wanted)


def _acts(names: Iterable[str]) -> str:
    return ", ".join(words for attribute, words in _ACTS.items() if attribute in names)


def _locks(tool: Tool, filled: FilledWorkbook, protection: Protection) -> Iterator[Finding]:
    """Cells that are locked on a protected sheet of the template and open in the file, and inputs the other way round.

    What an empty cell of the file looks like isn't judged: programs leave those out.
    """
    template, workbook, file = tool.workbook, filled.workbook, str(filled.path)
    alignment = filled.alignment
    protected = {sheet for sheet, attributes in protection.sheets.items() if attributes is not None}

    def there(address: Address) -> Address | None:
        return address if alignment is None else alignment.forward(address)

    locked = (cell for cell in template.formula_cells if cell.sheet in protected and cell not in template.unlocked)
    opened = {place for cell in locked if (place := there(cell)) in workbook.unlocked}
    yield from _by_sheet("RK546", (cell for cell in opened if cell is not None), file)
    inputs = (cell for cell in tool.binding.inputs.values() if cell.sheet in protected and cell in template.unlocked)
    places = (place for cell in inputs if (place := there(cell)) is not None)
    yield from _by_sheet(
        "RK564", (one for one in places if one in workbook.values and one not in workbook.unlocked), file
    )


def _by_sheet(code: str, cells: Iterable[Address], file: str) -> Iterator[Finding]:
    sheets: dict[str, list[Address]] = {}
    for cell in cells:
        sheets.setdefault(cell.sheet, []).append(cell)
    for name in sorted(sheets):
        yield finding(code, shown(sheets[name]), file, aantal=len(sheets[name]))


def _hidden_names(tool: Tool, filled: FilledWorkbook) -> Iterator[Finding]:
    known = {(sheet, name.casefold()) for sheet, name in _names_of_template(tool.data)}
    for sheet, name in sorted(hidden_names(Package(filled.tool.data))):
        if (sheet, name.casefold()) not in known:
            place = f"{quote_sheet(sheet)}!{name}" if sheet else name
            yield finding("RK565", excerpt(place), str(filled.path), naam=excerpt(name))
