"""`vul` for a whole regions table: which workbooks there must be, and several processes that make them.

Nothing is written before everything that can be refused has been looked at. A workbook that is there already, with a
receipt that says that it was made of the same, is done: so a run that was cut off goes on where it was. The workbook
comes first and then its receipt; a workbook whose bytes are the ones that would be written only lacks the latter.

Each process opens the template itself and makes some regions at a time, so memory doesn't grow with the table, and
what comes out doesn't depend on the number of processes.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from rekentool.jobs.batchindex import Index, check_archive
from rekentool.jobs.fill import Filler, Made, Task
from rekentool.jobs.receipt import FileMark, InputHashes, read_receipt, receipt_path, run_facts
from rekentool.jobs.workbooknames import DEFAULT, workbook_names
from rekentool.jobs.workplace import workplace
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tables.regions import Regions
from rekentool.tool import Tool
from rekentool.xlsx.cell import Address, CellValue
from rekentool.xlsx.patch import Change

#: Regions that are computed together and go to a process together.
CHUNK = 100
#: A process takes a second or more before its first workbook; with fewer workbooks for each it doesn't pay.
WORTH_A_PROCESS = 150

State = Literal["geschreven", "al klaar", "droog"]


@dataclass(frozen=True, slots=True)
class Filled:
    """One region's workbook: where it stands (or would stand), what was filled in, and what there is to say of it.

    ``changes`` and ``findings`` are empty for a workbook that was there already; ``receipt`` is None with ``droog``.
    """

    region: str
    row: int
    path: Path
    state: State
    changes: tuple[Change, ...]
    findings: tuple[Finding, ...]
    receipt: Path | None


@dataclass(frozen=True)
class Batch:
    """What a run made; ``refused`` says of which rows no workbook was made and why.

    ``index``, ``page`` and ``archive`` are there unless it was a dry run (or no archive was asked for).
    """

    files: tuple[Filled, ...]
    refused: tuple[Finding, ...] = ()
    index: Path | None = None
    page: Path | None = None
    archive: Path | None = None


@dataclass(frozen=True)
class Settings:
    """How a table is filled.

    ``pattern`` names the files (`workbooknames`); ``archive`` is a zip to put all of them in; ``strict`` writes nothing
    when a row has a fault; ``processes`` None is as many as pay; ``sources`` are the files that the regions come from;
    ``list_changes`` asks for `Filled.changes`.
    """

    overwrite: bool = False
    overwrite_inputs: bool = False
    dry: bool = False
    strict: bool = True
    pattern: str = DEFAULT
    archive: Path | None = None
    processes: int | None = 1
    sources: tuple[FileMark, ...] = ()
    list_changes: bool = True


def fill(
    tool: Tool,
    regions: Regions,
    folder: Path,
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Batch:
    """Write one workbook per region into ``folder``, with its receipt, and an index and a page of all of them.

    ``progress`` is told how many of how many regions are done. Raises RekentoolError before anything is written: when a
    target exists that isn't what would be written (RK630); when the workbook that is filled has an input that differs
    from the template's default and from the new value (RK643); with ``strict`` for every row with a fault, and without
    when no row is left. RK631, RK644 or RK803 when the folder or a file can't be written: what was made stays.
    """
    settings = settings or Settings()
    return _Run(tool, regions, folder, settings, progress or (lambda done, total: None)).filled()


def processes_for(count: int) -> int:
    """How many processes make so many workbooks soonest."""
    return max(1, min(_cores(), count // WORTH_A_PROCESS))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class _Target:
    """A region's workbook to be: its place in the table, and what is to be done; None when it is there already."""

    place: int
    path: Path
    task: Task | None


class _Run:
    """One run, from the table to the index."""

    def __init__(
        self, tool: Tool, regions: Regions, folder: Path, settings: Settings, progress: Callable[[int, int], None]
    ) -> None:
        self._tool = tool
        self._regions = regions
        self._folder = folder
        self._settings = settings
        self._progress = progress
        options = {"overschrijf_invoer": settings.overwrite_inputs}
        self._facts = run_facts(tool, "werkboek", "vul", options, settings.sources)

    def filled(self) -> Batch:
        if self._settings.archive is not None:
            check_archive(self._settings.archive, self._folder)
        names, faults = workbook_names(self._tool, self._regions, self._settings.pattern)
        refused = {row: list(found) for row, found in self._regions.faulty.items()}
        for number, fault in faults.items():
            refused.setdefault(self._regions[number].row, []).append(fault)
        told = tuple(dict.fromkeys(found for row in sorted(refused) for found in refused[row]))
        if told and (self._settings.strict or not any(names)):
            raise RekentoolError(told)
        targets = self._targets(names)
        if not self._settings.overwrite_inputs:
            self._check_filled_in()
        index = Index(self._tool, self._folder, self._facts, refused)
        with ExitStack() as stack:
            place = None if self._settings.dry else stack.enter_context(workplace(self._folder))
            make = stack.enter_context(self._makers(place, sum(target.task is not None for target in targets)))
            targets = self._compared(targets, make)
            files = tuple(self._made(targets, make, index))
            if self._settings.dry:
                return Batch(files, told)
            index.write(overwrite=self._settings.overwrite, archive=self._settings.archive, workplace=place)
        return Batch(files, told, index.path, index.page_path, self._settings.archive)

    # What there is to do

    def _targets(self, names: Sequence[str | None]) -> list[_Target]:
        """What to do for each region; RK630 for every file that is there and isn't this run's."""
        hashes = InputHashes(self._tool)
        targets: list[_Target] = []
        taken: list[Finding] = []
        for place, name in enumerate(names):
            if name is None:
                continue
            path = self._folder / f"{name}.xlsx"
            target = self._target(place, path, hashes)
            if target is None:
                taken.append(finding("RK630", file=str(path if os.path.lexists(path) else receipt_path(path))))
            else:
                targets.append(target)
        if taken:
            raise RekentoolError(taken)
        return targets

    def _target(self, place: int, path: Path, hashes: InputHashes) -> _Target | None:
        """What to do for one region; None when its file's place is taken."""
        there, receipt_there = os.path.lexists(path), os.path.lexists(receipt_path(path))
        task: Task = "droog" if self._settings.dry else "schrijf"
        if self._settings.overwrite:
            return _Target(place, path, "vervang" if task == "schrijf" and (there or receipt_there) else task)
        if receipt_there:
            inputs = hashes.of_cells(self._tool.cells(self._regions[place].values))
            return _Target(place, path, None) if there and self._is_done(path, inputs) else None
        return _Target(place, path, "vergelijk" if there else task)

    def _is_done(self, path: Path, inputs: str) -> bool:
        """Whether the workbook and its receipt are what this run would leave there."""
        try:
            receipt = read_receipt(path)
            return (
                receipt is not None
                and receipt.same_making({**self._facts, "invoer_sha256": inputs})
                and receipt.belongs_to(FileMark.read(path))
            )
        except (RekentoolError, OSError):
            return False

    def _check_filled_in(self) -> None:
        """RK643 for inputs that somebody filled in before: not the default, and not what is written now."""
        tool = self._tool
        filled: dict[Address, CellValue] = {}
        defaults = tool.cells({key: field.default(key[1]) for field in tool.mapping.fields for key in field.keys})
        for address, default in defaults.items():
            held = tool.workbook.values.get(address)
            if held is not None and held != default:
                filled[address] = held
        if not filled:
            return
        new: dict[Address, CellValue] = {}
        for region in self._regions:
            for address, value in tool.cells(region.values).items():
                if address in filled and filled[address] != value:
                    new[address] = value
        faults = [
            finding("RK643", place=str(address), file=str(tool.path), staat=tool.shown(address, filled[address]),
                    nieuw=tool.shown(address, new[address]))
            for address in sorted(new, key=lambda address: (address.sheet, address.row, address.column))
        ]  # fmt: skip
        if faults:
            raise RekentoolError(faults)

    # Doing it

    def _makers(self, place: Path | None, count: int) -> _Makers:
        filler = Filler(self._tool, self._facts, place, self._settings.list_changes)
        processes = self._settings.processes
        if processes is None:
            processes = processes_for(count)
        return _Makers(filler, min(processes, -(-count // CHUNK)))

    def _compared(self, targets: Sequence[_Target], make: _Makers) -> list[_Target]:
        """The files without a receipt held against what would be written: RK630, or their receipt is to be made."""
        unsure = [target for target in targets if target.task == "vergelijk"]
        others = [
            finding("RK630", file=str(target.path))
            for target, made in zip(unsure, make.each(self._regions, unsure), strict=True)
            if not made.same
        ]
        if others:
            raise RekentoolError(others)
        task: Task = "droog" if self._settings.dry else "bewijs"
        return [replace(target, task=task) if target.task == "vergelijk" else target for target in targets]

    def _made(self, targets: Sequence[_Target], make: _Makers, index: Index) -> Iterator[Filled]:
        results = make.each(self._regions, [target for target in targets if target.task is not None])
        for count, target in enumerate(targets, start=1):
            region = self._regions[target.place]
            made = self._found(target.path) if target.task is None else next(results)
            if not made.same:  # it was when it was compared
                raise RekentoolError([finding("RK630", file=str(target.path))])
            if made.content is not None:
                index.add(region.row, target.path, made.content)
            state: State = "al klaar" if target.task in (None, "bewijs") else "geschreven"
            yield Filled(
                region.name, region.row, target.path, "droog" if target.task == "droog" else state,
                made.changes, made.findings, None if target.task == "droog" else receipt_path(target.path),
            )  # fmt: skip
            self._progress(count, len(targets))

    def _found(self, path: Path) -> Made:
        receipt = read_receipt(path)
        return Made(receipt is not None, (), (), receipt.content if receipt else None)


class _Makers:
    """Makes workbooks in this process, or in others when there are ``processes`` of them."""

    def __init__(self, filler: Filler, processes: int) -> None:
        self._filler = filler
        self._pool: ProcessPoolExecutor | None = None
        if processes > 1:
            fresh = replace(filler, tool=replace(filler.tool))  # without what was compiled: that can't be sent
            self._pool = ProcessPoolExecutor(
                processes, multiprocessing.get_context("spawn"), initializer=_begin, initargs=(fresh,)
            )

    def __enter__(self) -> _Makers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def each(self, regions: Regions, targets: Sequence[_Target]) -> Iterator[Made]:
        """What came of each target, in order; ``targets`` are in the order of the regions.

        Regions are computed together by their place in the table, also those of which nothing is asked: so the numbers
        don't depend on what an earlier run made, nor on the number of processes.
        """
        wanted = {target.place: target for target in targets}
        jobs = []
        for start in range(0, len(regions), CHUNK):
            places = range(start, min(start + CHUNK, len(regions)))
            tasks = [_task(wanted.get(place)) for place in places]
            if any(tasks):
                jobs.append((regions[places.start : places.stop], tasks))
        if self._pool is None:
            for job in jobs:
                yield from self._filler.make(*job)
        else:
            for made in self._pool.map(_make, jobs):
                yield from made


def _task(target: _Target | None) -> tuple[Path, Task] | None:
    return None if target is None or target.task is None else (target.path, target.task)


#: In a process of a run: what makes its workbooks.
_fillers: list[Filler] = []


def _begin(filler: Filler) -> None:
    """The start of a process: it leaves Ctrl-C to the one that started it, and ends when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    _fillers[:] = [filler]


def end_with_parent() -> None:
    """Wait for the process that started this one, and end with it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _make(job: tuple[Regions, list[tuple[Path, Task] | None]]) -> list[Made]:
    return [*_fillers[0].make(*job)]
