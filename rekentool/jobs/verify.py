"""Does a result still belong to the receipt beside it, and if not, what has changed since?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rekentool.engine.verdict import DEFAULT, MONEY, compare
from rekentool.jobs.read import FilledWorkbook
from rekentool.jobs.receipt import FileMark, Inputs, Receipt, mapping_facts, read_receipt, receipt_path
from rekentool.jobs.receiptpage import shown_input, shown_moment
from rekentool.messages import CATALOGUE, EXIT_FINDINGS, EXIT_OK, Finding, RekentoolError, finding
from rekentool.tables.results import table_value
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue

State = Literal["", "klopt", "gewijzigd", "onbruikbaar"]

#: Changes that a message names; all are in the data.
_NAMED = 10
#: The kinds of result that are checked by their hash alone.
TABLES = (".csv", ".parquet")


@dataclass(frozen=True, slots=True)
class ChangedInput:
    """An input that isn't what the receipt has: ``old`` and ``new`` as a Dutch reader writes them."""

    name: str
    label: str
    address: Address
    old: str
    new: str


@dataclass(frozen=True)
class Verified:
    """What a receipt says of the result beside it. ``state`` is "" when there is no receipt."""

    path: Path
    state: State = ""
    receipt: Receipt | None = None
    changed: tuple[ChangedInput, ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def exit_code(self) -> int:
        """0 klopt, 1 bevindingen; what is only mentioned doesn't count."""
        counts = (
            found.severity == "fout" or CATALOGUE[found.code].exit_code == EXIT_FINDINGS for found in self.findings
        )
        return EXIT_FINDINGS if any(counts) else EXIT_OK

    @property
    def kind(self) -> str:
        """What the receipt says that the result is (`receipt.Kind`); a file without a usable one is a table."""
        return self.receipt.kind if self.receipt else "tabel"

    @property
    def summary(self) -> str:
        """One line for the screen; "" when there is no receipt."""
        made = f"{self.receipt.command}, {shown_moment(self.receipt.made_at)} UTC" if self.receipt else ""
        return {
            "": "",
            "klopt": f"hoort bij dit bestand ({made})",
            "gewijzigd": f"het bestand is sindsdien gewijzigd ({made})",
            "onbruikbaar": "niet te gebruiken",
        }[self.state]

    def facts(self) -> dict[str, Any] | None:
        """As ``--json`` has it; None when there is no receipt."""
        if not self.state:
            return None
        return {
            "staat": self.state,
            "gemaakt_op": self.receipt.made_at if self.receipt else None,
            "opdracht": self.receipt.command if self.receipt else None,
            "gewijzigd": [
                {"veld": one.name, "cel": str(one.address), "was": one.old, "wordt": one.new} for one in self.changed
            ],
        }


def verify_workbook(tool: Tool, filled: FilledWorkbook) -> Verified:
    """Hold an opened workbook against its receipt; ``tool`` is the one that the user checks with."""
    opened = _opened(filled.path)
    receipt = opened.receipt
    if receipt is None:
        return opened
    findings = _versions(tool, receipt, filled.path)
    if receipt.belongs_to(FileMark.of(filled.path, filled.tool.data)):
        return Verified(filled.path, "klopt", receipt, findings=tuple(findings))
    changed = _changed_inputs(filled, receipt)
    findings += _changes(filled, receipt, changed)
    return Verified(filled.path, "gewijzigd", receipt, tuple(changed), tuple(findings))


def verify_table(tool: Tool, path: Path) -> Verified | None:
    """Hold a table, an index or a zip against its receipt; None for a file that is a workbook to be opened.

    RK738 when it is a table without a receipt; RK330 when the file can't be read.
    """
    opened = _opened(path)
    receipt = opened.receipt
    table = path.suffix.casefold() in TABLES
    if receipt is None:
        if not table:
            return None
        if not path.is_file():
            raise RekentoolError([finding("RK330", file=str(path), reason="het is er niet")])
        missing = finding("RK738", file=str(path), bewijs=receipt_path(path).name)
        if not opened.state:
            raise RekentoolError([missing])
        return opened
    if receipt.kind == "werkboek" and not table:
        return None
    try:
        mark = FileMark.read(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RekentoolError([finding("RK330", file=str(path), reason=reason)]) from None
    findings = _versions(tool, receipt, path)
    if receipt.belongs_to(mark):
        return Verified(path, "klopt", receipt, findings=tuple(findings))
    facts = {"datum": shown_moment(receipt.made_at), "opdracht": receipt.command}
    changed = finding("RK737", file=str(path), **facts)
    return Verified(path, "gewijzigd", receipt, findings=(changed, *findings))


def _opened(path: Path) -> Verified:
    try:
        receipt = read_receipt(path)
    except RekentoolError as error:
        return Verified(path, "onbruikbaar", findings=error.findings)
    return Verified(path, "klopt" if receipt else "", receipt)


def _versions(tool: Tool, receipt: Receipt, path: Path) -> list[Finding]:
    """Another template or mapping than those that the user has now."""
    findings = []
    if receipt.fingerprint != tool.fingerprint:
        facts = {"wat": "een sjabloon met andere formules", "verwacht": f"de formules van {tool.path.name}"}
        findings.append(finding("RK735", file=str(path), **facts))
    mapping = mapping_facts(tool.mapping)
    if any(receipt.mapping[key] != mapping[key] for key in ("sha256", "kengetallen_sha256")):
        old, new = (f"{one['id']} {one['versie']}".strip() for one in (receipt.mapping, mapping))
        what = (
            "een andere mapping" if old != new else "een eerdere of latere bewerking van de mapping of de kengetallen"
        )
        facts = {"wat": f"{what} ({old})", "verwacht": f"{mapping['bestand']} ({new}) zoals die nu is"}
        findings.append(finding("RK735", file=str(path), **facts))
    return findings


def _changed_inputs(filled: FilledWorkbook, receipt: Receipt) -> list[ChangedInput]:
    """The inputs of which the file has another value than the receipt; what only one of the two has doesn't count."""
    tool = filled.tool
    inputs = Inputs(tool)
    now = inputs.whole(filled.workbook.values)
    changed = []
    for (field_id, _), address in tool.binding.inputs.items():
        name = inputs.name(address)
        if name in receipt.inputs and receipt.inputs[name] != now[name]:
            about = tool.mapping.field(field_id)
            old, new = (shown_input(about, value) for value in (receipt.inputs[name], now[name]))
            changed.append(ChangedInput(name, about.label, address, old, new))
    return changed


def _changes(filled: FilledWorkbook, receipt: Receipt, changed: Sequence[ChangedInput]) -> list[Finding]:
    file, day = str(filled.path), shown_moment(receipt.made_at)
    findings = []
    if changed:
        named = _listed([f"{one.address} ({one.label}) {one.old} → {one.new}" for one in changed])
        facts = {"datum": day, "aantal": len(changed), "waarden": named}
        findings.append(finding("RK732", str(changed[0].address), file, **facts))
    results = _changed_results(filled, receipt)
    other_formulas = any(found.severity == "fout" for found in filled.deviations)
    if results:
        place = results[0][0]
        named = _listed([f"{cell} {old} → {new}" for cell, old, new in results])
        about = {"aantal": len(results), "alle": len(receipt.content["uitkomsten"]), "waarden": named}
        if changed or other_formulas:
            findings.append(finding("RK736", place, file, **about))
        else:
            findings.append(finding("RK733", place, file, **about, datum=day, bestand=filled.path.name))
    elif not changed and not other_formulas:
        findings.append(finding("RK739", file=file, datum=day))
    return findings


def _changed_results(filled: FilledWorkbook, receipt: Receipt) -> list[tuple[str, str, str]]:
    """The receipt's results of which the file stores another value: cell, old and new."""
    cells = {str(cell.address): cell for cell in filled.tool.binding.results("alle")}
    found = []
    for row in receipt.content["uitkomsten"]:
        cell = cells.get(row["cel"])
        if cell is None:
            continue
        tolerance = MONEY if cell.eenheid.startswith("euro") else DEFAULT
        old, new = row["waarde"], table_value(filled.workbook.values.get(cell.address))
        verdicts = compare({cell.address: _number(old)}, {cell.address: _number(new)}, tolerance=tolerance)
        if verdicts[0].judgement != "gelijk":
            found.append((row["cel"], _shown(filled.tool, cell.address, old), _shown(filled.tool, cell.address, new)))
    return found


def _number(value: CellValue) -> CellValue:
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _shown(tool: Tool, address: Address, value: CellValue) -> str:
    return "n.v.t." if value is None else tool.shown(address, _number(value))


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _NAMED
    return "; ".join(words[:_NAMED]) + (f"; en nog {more}" if more > 0 else "")
