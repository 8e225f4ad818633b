"""Protection of workbook and sheets that is gone, new or another one in the new version of a workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rekentool.jobs.alignment import Alignment
from rekentool.jobs.difference import Difference
from rekentool.jobs.lookplaces import GROUP, shared_sheets
from rekentool.xlsx.cell import quote_sheet
from rekentool.xlsx.protection import Protection, has_password, locks, other_password

_LOCKS = {
    "lockStructure": "bladen toevoegen, verwijderen of hernoemen",
    "lockWindows": "vensters verplaatsen",
    "lockRevision": "wijzigingen bijhouden uitzetten",
    "formatCells": "cellen opmaken",
    "formatColumns": "kolommen opmaken",
    "formatRows": "rijen opmaken",
    "insertColumns": "kolommen invoegen",
    "insertRows": "rijen invoegen",
    "insertHyperlinks": "koppelingen invoegen",
    "deleteColumns": "kolommen verwijderen",
    "deleteRows": "rijen verwijderen",
    "sort": "sorteren",
    "autoFilter": "filteren",
    "pivotTables": "draaitabellen gebruiken",
    "objects": "objecten bewerken",
    "scenarios": "scenario's bewerken",
    "selectLockedCells": "vergrendelde cellen selecteren",
    "selectUnlockedCells": "open cellen selecteren",
}


def protection_differences(alignment: Alignment, old: Protection, new: Protection) -> list[Difference]:
    """Protection of the workbook and of its sheets that is gone, new or another one."""
    found = list(_protected("werkmapbeveiliging", "werkmap", old.workbook, new.workbook))
    for sheet in shared_sheets(alignment, old.sheets, new.sheets):
        found += _protected("bladbeveiliging", quote_sheet(sheet.new), old.sheets[sheet.old], new.sheets[sheet.new])
    return found


def _protected(
    kind: str, place: str, was: Mapping[str, str] | None, becomes: Mapping[str, str] | None
) -> Iterator[Difference]:
    if was is None or becomes is None:
        if was is not becomes:
            states = ("geen", "beveiligd") if was is None else ("beveiligd", "geen")
            yield Difference(GROUP, kind, place, *states, weight=1.0)
        return
    mine, theirs = locks(was), locks(becomes)
    if mine != theirs:
        texts = (", ".join(_LOCKS.get(name, name) for name in sorted(one)) for one in (mine - theirs, theirs - mine))
        gone, come = (text or "niets meer of minder" for text in texts)
        yield Difference(GROUP, kind, place, f"verboden: {gone}", f"verboden: {come}", weight=1.0)
    if other_password(was, becomes):
        words = ("met wachtwoord" if has_password(one) else "zonder wachtwoord" for one in (was, becomes))
        one, other = words
        yield Difference(GROUP, kind, place, one, f"{other} (een ander)" if one == other else other, weight=1.0)
