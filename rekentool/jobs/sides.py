"""Two workbooks as `compare` takes them: read, bound to the mapping as far as it fits, laid side by side, computed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from rekentool.engine.protocol import Outcome
from rekentool.jobs.alignment import Alignment, align
from rekentool.jobs.changes import CellEdit
from rekentool.jobs.deviation import changed_constants, computes_alike
from rekentool.jobs.labels import Labels
from rekentool.mapping.bind import Binding, ResultCell
from rekentool.mapping.schema import Output
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tool import Tool, fit
from rekentool.xlsx.appearance import Appearance, read_appearance
from rekentool.xlsx.cell import Address
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook

_Key = TypeVar("_Key")


@dataclass(frozen=True)
class Side:
    """One of the two workbooks; ``tool`` is the mapping bound to it, None where that can't be done."""

    path: Path
    data: bytes
    workbook: Workbook
    tool: Tool | None
    findings: tuple[Finding, ...]

    @cached_property
    def labels(self) -> Labels | None:
        """What its cells are called."""
        return None if self.tool is None else Labels(self.tool)

    def label(self, address: Address) -> str:
        """What a cell is called; "" where nothing says."""
        if self.labels is None:
            return ""
        text = self.labels.of(address).text
        return "" if text == str(address) else text


@dataclass(frozen=True)
class Sides:
    """The old and the new workbook; ``findings`` says what the mapping can't tell of them."""

    template: Tool
    old: Side
    new: Side
    alignment: Alignment
    findings: tuple[Finding, ...]

    @cached_property
    def appearances(self) -> tuple[Appearance, Appearance]:
        """How both look."""
        return read_appearance(self.old.data), read_appearance(self.new.data)

    @cached_property
    def results(self) -> list[tuple[ResultCell, ResultCell]]:
        """Every result that both have, in the order of the mapping: where it stands in each."""
        if self.old.tool is None or self.new.tool is None:
            return []
        known = {cell[:4]: cell for cell in self.old.tool.binding.results("alle")}
        return [(known[cell[:4]], cell) for cell in self.new.tool.binding.results("alle") if cell[:4] in known]

    @cached_property
    def headlines(self) -> frozenset[tuple[str, ...]]:
        """The results that every table has, by their place on the axes."""
        tool = self.new.tool
        return frozenset() if tool is None else frozenset(cell[:4] for cell in tool.binding.results("altijd"))

    @cached_property
    def checks(self) -> list[tuple[str, Address, Address]]:
        """Every check that both have: its label, and its cell in each."""
        if self.old.tool is None or self.new.tool is None:
            return []
        here, there = self.old.tool.binding.checks, self.new.tool.binding.checks
        checks = self.new.tool.mapping.checks
        return [(one.label, here[one.id], there[one.id]) for one in checks if one.id in here and one.id in there]

    def is_input(self, edit: CellEdit) -> bool:
        """Whether the mapping fills this cell in either workbook."""
        return edit.old in self._inputs[0] or edit.new in self._inputs[1]

    @cached_property
    def _inputs(self) -> tuple[frozenset[Address], frozenset[Address]]:
        old, new = (
            frozenset[Address]() if side.tool is None else frozenset(side.tool.binding.inputs.values())
            for side in (self.old, self.new)
        )
        return old, new

    def result_label(self, result: ResultCell) -> str:
        """What a result is called; by its key where the new workbook has no labels."""
        if self.new.labels is None:
            return " ".join(word for word in result[:4] if word)
        return self.new.labels.of_result(result).text

    @cached_property
    def outcomes(self) -> tuple[Outcome, Outcome] | None:
        """Results and checks of both, recomputed; None where the mapping doesn't fit."""
        old, new = self.old.tool, self.new.tool
        if old is None or new is None:
            return None
        return self._outcome(old, None), self._outcome(new, old)

    def _outcome(self, tool: Tool, other: Tool | None) -> Outcome:
        """A workbook that has the formulas of one that is compiled already is computed as a scenario of it."""
        wanted = tuple(dict.fromkeys((*(cell.address for cell in tool.binding.results("alle")),
                                      *tool.binding.checks.values())))  # fmt: skip
        for known in (self.template, other):
            if known is not None and computes_alike(known.workbook, tool.workbook):
                changed = changed_constants(known.workbook, tool.workbook)
                return known.model.compute([changed], wanted)[0]
        return tool.model.compute([{}], wanted)[0]


def open_sides(tool: Tool, old: Path, new: Path) -> Sides:
    """Admit, read, align and bind both files; RekentoolError when one is refused (RK1xx).

    Where the mapping fits one of them only, the places of the other one follow from the alignment (RK702); where it
    fits neither, there is no tool on either side (RK701).
    """
    before, after = _opened(old), _opened(new)
    alignment = align(before.workbook, after.workbook)
    bindings: list[Binding | None] = []
    problems: list[str] = []
    for side in (before, after):
        try:
            # A formula in an input cell is a difference here, and no misfit.
            bindings.append(fit(tool.mapping, replace(side.workbook, formulas={}), str(side.path)))
        except RekentoolError as error:
            bindings.append(None)
            problems.append(f"{error.findings[0].code}: {error.findings[0].found}")
    findings: list[Finding] = []
    if bindings == [None, None]:
        findings.append(finding("RK701", file=str(new), titel=tool.mapping.workbook.title, reden=problems[0]))
    elif None in bindings:
        lost = bindings.index(None)
        known = bindings[1 - lost]
        assert known is not None
        bindings[lost] = _followed(known, alignment if lost else alignment.inverse)
        findings.append(finding("RK702", file=str((before, after)[lost].path), reden=problems[0]))
    one, other = (
        replace(side, tool=_tool(tool, side, binding)) for side, binding in zip((before, after), bindings, strict=True)
    )
    return Sides(tool, one, other, alignment, tuple(findings))


def _tool(template: Tool, side: Side, binding: Binding | None) -> Tool | None:
    if binding is not None and side.data == template.data:
        return template  # which may be compiled already
    return None if binding is None else Tool(template.mapping, side.path, side.data, side.workbook, binding)


def _opened(path: Path) -> Side:
    admitted, workbook = open_incoming(path)
    findings = (found if found.file else replace(found, file=str(path))
                for found in (*admitted.findings, *workbook.findings))  # fmt: skip
    return Side(path, admitted.data, workbook, None, tuple(findings))


def _followed(binding: Binding, alignment: Alignment) -> Binding:
    """The binding in the other workbook: what is known of one, at the place where it stands in the other."""

    def results(output: Output) -> tuple[ResultCell, ...]:
        always = {cell[:4] for cell in binding.results("altijd")}
        cells = (cell for cell in binding.results("alle") if (cell[:4] in always) == (output == "altijd"))
        return tuple(
            cell._replace(address=there) for cell in cells if (there := alignment.forward(cell.address)) is not None
        )

    return Binding(
        binding.mapping,
        _moved(binding.inputs.items(), alignment),
        _moved(binding.checks.items(), alignment),
        _moved(binding.used.items(), alignment),
        (("altijd", results("altijd")), ("alle", results("alle"))),
    )


def _moved(items: Iterable[tuple[_Key, Address]], alignment: Alignment) -> dict[_Key, Address]:
    return {key: there for key, address in items if (there := alignment.forward(address)) is not None}
