"""Which version of a mapping's workbook a file was made with, and the way from that version to the current one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rekentool.mapping.bind import bind
from rekentool.mapping.history import step_faults
from rekentool.mapping.load import load_mapping
from rekentool.mapping.schema import InputKey, OlderVersion
from rekentool.mapping.schema import Mapping as WorkbookMapping
from rekentool.messages import Finding, RekentoolError, refuse
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook, formula_fingerprint

#: Misfits of an unknown version that are shown with the refusal.
_SHOWN = 5


@dataclass(frozen=True)
class Version:
    """One version: its mapping, the steps to the current version (none for that one itself) with the mapping that each
    arrives at, and its blank workbook where that is kept.
    """

    name: str
    mapping: WorkbookMapping
    steps: tuple[tuple[OlderVersion, WorkbookMapping], ...]
    template: Workbook | None


@dataclass(frozen=True)
class Origin:
    """What a file was made with: its version, the cell of each input and of each kengetal's used value in the file.

    ``used`` is empty where those cells aren't what they were; nothing is computed with them.
    """

    version: Version
    inputs: Mapping[InputKey, Address]
    used: Mapping[str, Address]


class Versions:
    """The versions of a tool's workbook; an older mapping is read when a file needs it, once for all files."""

    def __init__(self, tool: Tool) -> None:
        self._tool = tool
        current = Version(tool.mapping.workbook.version or "nu", tool.mapping, (), tool.workbook)
        self._opened: list[Version] = [current]

    def of(self, workbook: Workbook, file: str, mapping: Path | None = None) -> Origin:
        """The version that a workbook was made with: ``mapping``'s, that of its formulas, or the only one it fits.

        RekentoolError: RK823 when it fits none, RK824 when it fits several and the formulas don't tell, RK23x when
        cells of the version aren't where they should be; every fault of the older mapping and its steps.
        """
        if mapping is not None:
            return _bound(self._named(mapping), workbook, file)
        fingerprint = formula_fingerprint(workbook)
        history = self._tool.mapping.history
        if fingerprint == self._tool.fingerprint:
            return _bound(self._opened[0], workbook, file)
        for number, older in enumerate(history, start=1):
            if fingerprint in older.fingerprints:
                return _bound(self._open(number), workbook, file)
        return self._fitting(workbook, file)

    def _fitting(self, workbook: Workbook, file: str) -> Origin:
        """The version whose cells are all where they should be; of more than one, the one whose formulas it has."""
        fitting: list[Origin] = []
        misfits: dict[str, tuple[Finding, ...]] = {}
        for version in self._all():
            try:
                fitting.append(_bound(version, workbook, file))
            except RekentoolError as error:
                misfits[version.name] = error.findings
        if len(fitting) > 1:
            fitting = _most_alike(fitting, workbook)
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise refuse("RK824", file=file, versies=_listed([one.version.name for one in fitting]))
        name = min(misfits, key=lambda name: len(misfits[name]))
        count = len(misfits[name])
        reason = f"{count} {'cel of label staat' if count == 1 else 'cellen en labels staan'} daar niet"
        refusal = refuse("RK823", file=file, versie=name, reden=reason, versies=_listed(list(misfits)))
        shown = misfits[name] if count <= _SHOWN else ()
        raise RekentoolError([*refusal.findings, *shown])

    def _named(self, mapping: Path) -> Version:
        """The version with this mapping: one of the history, the current one, or one that the history doesn't have."""
        wanted = mapping.resolve()
        if wanted == self._tool.mapping.path.resolve():
            return self._opened[0]
        for number, older in enumerate(self._tool.mapping.history, start=1):
            if wanted == older.mapping.resolve():
                return self._open(number)
        loaded = load_mapping(mapping)
        version = OlderVersion("van", loaded.workbook.version or mapping.name, (), mapping)
        return self._checked(version, loaded, self._opened[0])

    def _all(self) -> Iterator[Version]:
        for number in range(len(self._tool.mapping.history) + 1):
            yield self._open(number)

    def _open(self, number: int) -> Version:
        """The version at this place: 0 is the current one, 1 the newest of the history."""
        while len(self._opened) <= number:
            older = self._tool.mapping.history[len(self._opened) - 1]
            self._opened.append(self._checked(older, load_mapping(older.mapping), self._opened[-1]))
        return self._opened[number]

    def _checked(self, older: OlderVersion, mapping: WorkbookMapping, newer: Version) -> Version:
        faults = step_faults(older, mapping, newer.mapping, str(self._tool.mapping.path))
        if faults:
            raise RekentoolError(faults)
        return Version(older.version, mapping, ((older, newer.mapping), *newer.steps), _template(mapping))


def _template(mapping: WorkbookMapping) -> Workbook | None:
    """The blank workbook of an older version, where it is kept."""
    path = mapping.workbook.file
    return open_incoming(path)[1] if path is not None and path.is_file() else None


def _bound(version: Version, workbook: Workbook, file: str) -> Origin:
    """Where the inputs stand; RK23x when they don't. Results and checks don't matter here, nor does what is typed in
    an input cell: a formula there is judged as a value."""
    bare = replace(workbook, formulas={})
    kengetallen = tuple(replace(one, used=False) for one in version.mapping.kengetallen)
    inputs = replace(version.mapping, results=(), checks=(), kengetallen=kengetallen)
    used = replace(
        version.mapping, inputs=(), results=(), checks=(),
        kengetallen=tuple(replace(one, own=None) for one in version.mapping.kengetallen),
    )  # fmt: skip
    bound = bind(inputs, bare, file).inputs
    try:
        cells: Mapping[str, Address] = bind(used, bare, file).used
    except RekentoolError:
        cells = {}
    return Origin(version, bound, cells)


def _most_alike(origins: Sequence[Origin], workbook: Workbook) -> list[Origin]:
    """The origin of whose blank workbook this one has the most formulas; all of them when that can't be said."""
    scores: list[float] = []
    for origin in origins:
        template = origin.version.template
        if template is None or not template.formulas:
            return list(origins)
        same = sum(workbook.formulas.get(address) == text for address, text in template.formulas.items())
        scores.append(same / len(template.formulas))
    best = max(scores)
    return [origin for origin, score in zip(origins, scores, strict=True) if score == best]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" en " if len(names) > 1 else "") + names[-1]
