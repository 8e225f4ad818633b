"""`lees` for whatever comes back: any number of files, each with a status, and the rows of those that count.

Files are read some at a time and forgotten; of each stays a small record, and what the table needs of it waits in a
temporary file until it is known which files count: of two files of one region that can be the second one.
"""

from __future__ import annotations

import gc
import multiprocessing
import pickle
import signal
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Literal

from rekentool.jobs.batch import end_with_parent, processes_for
from rekentool.jobs.filling import input_findings
from rekentool.jobs.likeness import Likeness, differing
from rekentool.jobs.read import FilledWorkbook, file_findings, filled_of, own_name, region_name, same_region, told
from rekentool.jobs.receipt import FileMark, Inputs, Plain, inputs_hash, result_kind
from rekentool.mapping.bind import ResultCell
from rekentool.mapping.suggestion import excerpt
from rekentool.messages import Finding, RekentoolError, finding
from rekentool.tables.results import UNCHECKED, ResultRow, table_value
from rekentool.tool import Tool
from rekentool.xlsx.cell import CellValue
from rekentool.xlsx.fileproperties import modified
from rekentool.xlsx.guard import Admitted
from rekentool.xlsx.incoming import open_incoming
from rekentool.xlsx.reader import Workbook, formula_fingerprint

#: Files that are read and computed together; a process gets so many at a time.
CHUNK = 20

Status = Literal["compleet", "onvolledig", "afwijkend", "geweigerd", "dubbel", "oudere versie", "ouder sjabloon"]
#: What keeps a file's rows out of the table unless all versions are asked for.
LEFT_OUT: tuple[Status, ...] = ("dubbel", "oudere versie")

#: Findings of an input that is blank or wrong, or of a check that doesn't hold: the file isn't done.
_UNDONE = frozenset({"RK520", "RK521", "RK523"})
#: Stored results that aren't the computed ones, and formulas or fixed values that aren't the template's.
_OTHERWISE = frozenset({"RK530", "RK533", "RK561"})


@dataclass(frozen=True)
class Seen:
    """What is remembered of one file. ``why`` says in words why the status isn't compleet; ``modified`` is the moment
    of saving that the file itself gives (``2026-11-23T21:00:00Z``), "" without one; ``rows`` counts those in the table.
    """

    path: Path
    region: str
    status: Status
    why: str
    modified: str
    rows: int
    findings: tuple[Finding, ...]
    sha256: str = ""
    inputs: str = ""

    def count(self, severity: str) -> int:
        """How many findings of this severity there are."""
        return sum(found.severity == severity for found in self.findings)


@dataclass(frozen=True)
class Content:
    """What the table and its receipt need of one file. ``cells`` is None where they are the template's own."""

    values: list[float | str | None]
    cells: list[ResultCell] | None
    inputs: dict[str, Plain]
    used: dict[str, CellValue]
    checks: dict[str, CellValue]
    mark: FileMark


@dataclass(frozen=True)
class Settings:
    """How files are read: ``every_line`` also gives the lines by year, ``all_versions`` also keeps the rows of files
    that are double or older than another; ``processes`` None is as many as pay."""

    every_line: bool = False
    all_versions: bool = False
    processes: int | None = 1


class Collection:
    """What was read. To be closed: it holds a temporary file."""

    def __init__(self, tool: Tool, files: list[Seen], places: list[int | None], spool: IO[bytes], every: bool) -> None:
        self._tool = tool
        self._places = places
        self._spool = spool
        self._cells = list(tool.binding.results("alle" if every else "altijd"))
        self.files = files

    def __enter__(self) -> Collection:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    @property
    def counted(self) -> list[Seen]:
        """The files whose rows are in the table, in order."""
        return [one for one in self.files if one.rows]

    @property
    def findings(self) -> list[Finding]:
        """All findings, file by file."""
        return [found for one in self.files for found in one.findings] + same_region(
            (one.region, str(one.path)) for one in self.counted
        )

    @property
    def statuses(self) -> dict[str, int]:
        """How many files have each status."""
        return dict(Counter(one.status for one in self.files))

    def contents(self) -> Iterator[tuple[Seen, Content]]:
        """The files whose rows are in the table, each with what it holds."""
        for one, place in zip(self.files, self._places, strict=True):
            if one.rows and place is not None:
                self._spool.seek(place)
                # Our own file, without a name: nobody else can have written into it.
                yield one, pickle.load(self._spool)

    def rows(self, one: Seen, content: Content) -> Iterator[ResultRow]:
        """The rows of one file."""
        cells = self._cells if content.cells is None else content.cells
        for cell, value in zip(cells, content.values, strict=True):
            yield ResultRow(
                one.region, cell.geval, cell.partij, cell.regel, cell.jaar, value, cell.eenheid, str(cell.address)
            )


def collect(
    tool: Tool,
    paths: Sequence[Path],
    settings: Settings | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Collection:
    """Read these files; a file that is refused is reported and doesn't stop the others.

    ``progress`` is told how many of how many files are done. The result doesn't depend on the number of processes.
    """
    settings = settings or Settings()
    processes = processes_for(len(paths)) if settings.processes is None else settings.processes
    chunks = [list(paths[start : start + CHUNK]) for start in range(0, len(paths), CHUNK)]
    files: list[Seen] = []
    places: list[int | None] = []
    with ExitStack() as kept, ExitStack() as stack:
        spool = kept.enter_context(tempfile.TemporaryFile())
        reading: Iterator[list[_Read]]
        if processes > 1 and len(chunks) > 1:
            start = (replace(tool), settings.every_line)  # without what was compiled: that can't be sent
            context = multiprocessing.get_context("spawn")
            pool = ProcessPoolExecutor(min(processes, len(chunks)), context, initializer=_begin, initargs=start)
            stack.callback(pool.shutdown, cancel_futures=True)
            reading = iter(pool.map(_in_process, chunks))
        else:
            reading = map(Reader(tool, settings.every_line).read, chunks)
        for chunk in reading:
            for seen, content in chunk:
                files.append(seen)
                places.append(None if content is None else spool.tell())
                if content is not None:
                    spool.write(content)
            if progress is not None:
                progress(len(files), len(paths))
        files = _without_rows(_older(_doubles(files)), settings.all_versions)
        kept.pop_all()  # from here the collection closes it
    return Collection(tool, files, places, spool, settings.every_line)


#: A file with its content, pickled once.
_Read = tuple[Seen, bytes | None]


class Reader:
    """Reads files of one tool; every file that is the template but for its inputs takes the short way."""

    def __init__(self, tool: Tool, every_line: bool) -> None:
        self._tool = tool
        self._every = every_line
        self._likeness = Likeness.of(tool)
        self._cells = list(tool.binding.results("alle" if every_line else "altijd"))
        self._older = {mark: one.version for one in tool.mapping.history for mark in one.fingerprints}

    def read(self, paths: Sequence[Path]) -> list[_Read]:
        """What there is to say of each file, and what it holds; None for a file that isn't read."""
        return [self._seen(path, found) for path, found in zip(paths, self.opened(paths), strict=True)]

    def opened(self, paths: Sequence[Path]) -> list[FilledWorkbook | Finding | RekentoolError | Seen]:
        """Each file as `read.open_filled` gives it, or why not; of files that took the short way ``verdicts`` has only
        those that aren't gelijk."""
        with _no_cycles():
            return self._opened(paths)

    def _opened(self, paths: Sequence[Path]) -> list[FilledWorkbook | Finding | RekentoolError | Seen]:
        found: list[FilledWorkbook | Finding | RekentoolError | Seen | None] = []
        alike: list[tuple[int, Admitted, Workbook, Any]] = []
        for number, path in enumerate(paths):
            found.append(None)
            try:
                kind = result_kind(path)
                if kind not in ("", "werkboek"):  # the index of a folder, which *.xlsx names too
                    found[number] = finding("RK801", file=str(path), soort=kind)
                    continue
                admitted, workbook = open_incoming(path)
                changed = self._likeness.changes(workbook)
                if changed is None:
                    found[number] = self._closely(admitted, workbook)
                else:
                    alike.append((number, admitted, workbook, changed))
            except RekentoolError as error:
                found[number] = error
        outcomes = self._tool.model.compute([changed for *_, changed in alike]) if alike else []
        for (number, admitted, workbook, _), outcome in zip(alike, outcomes, strict=True):
            mine = Tool(self._tool.mapping, admitted.path, admitted.data, workbook, self._tool.binding)
            region = region_name(mine)
            said = file_findings(self._tool, mine, admitted, outcome, region)
            verdicts = differing(mine, workbook, outcome)
            found[number] = FilledWorkbook(admitted.path, mine, region, outcome, verdicts, (), said)
        return [one for one in found if one is not None]

    def _closely(self, admitted: Admitted, workbook: Workbook) -> FilledWorkbook | Seen:
        if self._older and (version := self._older.get(formula_fingerprint(workbook))):
            said = finding("RK813", file=str(admitted.path), versie=version)
            return Seen(
                admitted.path, "", "ouder sjabloon", _reason(said), modified(admitted.data), 0, (said,), admitted.sha256
            )
        return filled_of(self._tool, admitted, workbook)

    def _seen(self, path: Path, found: FilledWorkbook | Finding | RekentoolError | Seen) -> _Read:
        if isinstance(found, Seen):
            return found, None
        if isinstance(found, Finding | RekentoolError):
            refusals = found.findings if isinstance(found, RekentoolError) else (found,)
            why = _reason(refusals[0]) + (f" (en nog {len(refusals) - 1})" if len(refusals) > 1 else "")
            return Seen(path, "", "geweigerd", why, "", 0, refusals), None
        status, why, findings = self._judged(found)
        content = self._content(found)
        seen = Seen(
            path, found.region, status, why, modified(found.tool.data), len(content.values), tuple(findings),
            content.mark.sha256, inputs_hash(content.inputs),
        )  # fmt: skip
        return seen, pickle.dumps(content, pickle.HIGHEST_PROTOCOL)

    def _judged(self, one: FilledWorkbook) -> tuple[Status, str, list[Finding]]:
        findings = told(one)
        inputs = input_findings(self._tool, one)
        wrong = [found for found in inputs if found.severity == "fout"]
        lacks = [f"{found.place}: {found.found}" for found in wrong]
        if not own_name(one.tool):
            lacks.insert(0, "het bestand noemt geen regio")
        untouched = _untouched(self._tool, one)
        if untouched:
            lacks.append("alle verplichte invulcellen hebben nog de standaardwaarde van het sjabloon")
        if lacks:
            more = f" (en nog {len(lacks) - 1})" if len(lacks) > 1 else ""
            findings.append(finding("RK814", file=str(one.path), wat=lacks[0] + more))
        reasons = [_reason(found) for found in findings if found.code in _OTHERWISE]
        if reasons:
            return "afwijkend", "; ".join(reasons), findings
        reasons = [_reason(found) for found in findings if found.code in _UNDONE | {"RK814"}]
        return ("onvolledig" if reasons else "compleet"), "; ".join(reasons), findings

    def _content(self, one: FilledWorkbook) -> Content:
        values, binding = one.outcome.values, one.tool.binding
        own = binding is not self._tool.binding
        cells = list(binding.results("alle" if self._every else "altijd")) if own else self._cells
        return Content(
            [table_value(values[cell.address]) if cell.address in values else UNCHECKED for cell in cells],
            cells if own and cells != self._cells else None,
            Inputs(one.tool).whole(one.workbook.values),
            {id_: values[address] for id_, address in binding.used.items() if address in values},
            {id_: values[address] for id_, address in binding.checks.items() if address in values},
            FileMark.of(one.path, one.tool.data),
        )


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Nothing looks for cycles meanwhile: there are none among hundreds of thousands of new cells, and looking takes a
    third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _untouched(tool: Tool, one: FilledWorkbook) -> bool:
    """Whether not one input is otherwise than in the blank template, but for the region's name and the date."""
    words = {tool.mapping.workbook.region_field, tool.mapping.workbook.date_field}
    pairs = [
        (address, one.tool.binding.inputs[key]) for key, address in tool.binding.inputs.items() if key[0] not in words
    ]
    theirs, mine = one.workbook, tool.workbook.values
    return all(mine.get(old) == theirs.values.get(new) and new not in theirs.formulas for old, new in pairs)


def _reason(found: Finding) -> str:
    return f"{found.code}: {excerpt(found.found, 300)}"


def _doubles(files: Sequence[Seen]) -> list[Seen]:
    """Files with the bytes, or the region and inputs, of one before them: dubbel."""
    first: dict[object, Path] = {}
    found: list[Seen] = []
    for one in files:
        if one.inputs:
            same, alike = first.get(one.sha256), first.get((one.region.casefold(), one.inputs))
            if same is not None or alike is not None:
                what = "dezelfde bytes" if same is not None else "dezelfde regio en dezelfde invoer"
                said = finding("RK811", file=str(one.path), wat=what, ander=excerpt(str(same or alike)))
                found.append(replace(one, status="dubbel", why=_reason(said), findings=(*one.findings, said)))
                continue
            first[one.sha256] = first[one.region.casefold(), one.inputs] = one.path
        found.append(one)
    return found


def _older(files: Sequence[Seen]) -> list[Seen]:
    """Files of a region of which another one was saved later, by what both say themselves: oudere versie."""
    newest: dict[str, Seen] = {}
    for one in files:
        if one.inputs and one.status != "dubbel" and one.modified:
            known = newest.get(one.region.casefold())
            if known is None or one.modified > known.modified:
                newest[one.region.casefold()] = one
    found: list[Seen] = []
    for one in files:
        later = newest.get(one.region.casefold()) if one.inputs and one.status != "dubbel" and one.modified else None
        if later is not None and later.modified > one.modified:
            said = finding(
                "RK812", file=str(one.path), wanneer=one.modified, ander=excerpt(str(later.path)), later=later.modified
            )
            one = replace(one, status="oudere versie", why=_reason(said), findings=(*one.findings, said))
        found.append(one)
    return found


def _without_rows(files: Sequence[Seen], all_versions: bool) -> list[Seen]:
    return [replace(one, rows=0) if one.status in LEFT_OUT and not all_versions else one for one in files]


#: In a process of a run: what reads its files.
_readers: list[Reader] = []


def _begin(tool: Tool, every_line: bool) -> None:
    """The start of a process: it leaves Ctrl-C to the one that started it, and ends when that one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    _readers[:] = [Reader(tool, every_line)]


def _in_process(paths: list[Path]) -> list[_Read]:
    return _readers[0].read(paths)
