"""LibreOffice as an engine: soffice converts the workbook, forced to recalculate every formula, and we read the result.

LibreOffice keeps the caches of an xlsx by default, also with ``fullCalcOnLoad`` in the file; only the setting
``OOXMLRecalcMode`` in the user's profile makes it compute. So every run gets a profile of its own, in a temporary
folder, that says so; it also switches off macros, Java, links and file locking (a stale lock file makes a hidden load
return nothing). The workbook is somebody else's file: nothing in it may reach the network or another file.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rekentool.engine.protocol import Outcome, Scenario, check_scenarios, unknown_reason
from rekentool.engine.references import References, calculation_order, spread_unknown
from rekentool.messages import RekentoolError, refuse
from rekentool.xlsx.cell import Address, ExcelError
from rekentool.xlsx.patch import Template
from rekentool.xlsx.reader import Workbook, read_workbook

#: Where soffice is looked for first; it must name the program itself.
VARIABLE = "REKENTOOL_SOFFICE"
#: Files in one soffice run: enough to make its start (0.7 s) small, few enough to lose little when a file breaks it.
BATCH = 25
#: Seconds without a new file after which a run is ended: a start in a fresh profile takes 2, a template of ours 1.
PATIENCE = 120.0

_USUAL_PLACES = {
    "linux": ("/usr/bin/soffice", "/usr/lib/libreoffice/program/soffice", "/usr/lib64/libreoffice/program/soffice",
              "/usr/local/bin/soffice", "/snap/bin/libreoffice"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",
               "~/Applications/LibreOffice.app/Contents/MacOS/soffice"),
    # soffice.com waits for the program and has a console; soffice.exe returns at once.
    "win32": (r"%ProgramFiles%\LibreOffice\program\soffice.com",
              r"%ProgramFiles(x86)%\LibreOffice\program\soffice.com"),
}

_SETTINGS = (
    ("Calc/Formula/Load", "OOXMLRecalcMode", "0"),  # 0 = always
    ("Calc/Formula/Load", "ODFRecalcMode", "0"),
    ("Calc/Content/Update", "Link", "2"),  # 2 = never
    ("Common/Misc", "UseLocking", "false"),
    ("Common/Misc", "UseDocumentSystemFileLocking", "false"),
    ("Common/Misc", "FirstRun", "false"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Java/VirtualMachine", "Enable", "false"),
)


def find_soffice() -> Path:
    """The LibreOffice program: REKENTOOL_SOFFICE, else on the PATH, else where installers put it; RK410 without it."""
    named = os.environ.get(VARIABLE)
    if named:
        candidates = [named]
    else:
        on_path = [shutil.which(name) for name in ("soffice.com", "soffice", "libreoffice")]
        usual = _USUAL_PLACES.get(sys.platform, _USUAL_PLACES["linux"])
        in_opt = sorted(map(str, Path("/opt").glob("libreoffice*/program/soffice")))
        candidates = [*filter(None, on_path), *usual, *in_opt]
    for candidate in candidates:
        path = Path(os.path.expandvars(candidate)).expanduser()
        if path.is_file():
            return path
    searched = f"{VARIABLE}={named}" if named else "niet op het PATH en niet op de gebruikelijke plaatsen"
    raise refuse("RK410", gezocht=searched)


class LibreOffice:
    """The engine. ``program`` is looked up with `find_soffice` when it isn't given."""

    name = "LibreOffice"

    def __init__(self, program: Path | None = None, *, patience: float = PATIENCE) -> None:
        self.program = program if program is not None else find_soffice()
        self.patience = patience

    @cached_property
    def version(self) -> str:
        """What ``soffice --version`` says, e.g. ``"7.4.7.2"``; RK411 when it says nothing of the kind."""
        with tempfile.TemporaryDirectory(prefix="rekentool-") as folder:
            run = _run([str(self.program), _profile_option(Path(folder)), "--headless", "--version"], self.patience)
        words = run.output.split()
        version = next((word for word in words if word[0].isdigit() and "." in word), None)
        if version is None:
            raise refuse("RK411", place=str(self.program), reden=run.problem or repr(run.output[:200]))
        return version

    def open(self, data: bytes) -> LibreOfficeModel:
        """Read the workbook; LibreOffice itself sees it when scenarios are computed."""
        return LibreOfficeModel(self, data, read_workbook(data))

    def recalculate(self, files: Sequence[bytes]) -> list[bytes | str]:
        """Each workbook as LibreOffice saves it after computing every formula, or in Dutch why it gave none.

        Files are converted in batches; what a batch doesn't deliver is tried once more, alone.
        """
        results: dict[int, bytes | str] = {}
        for start in range(0, len(files), BATCH):
            numbers = range(start, min(start + BATCH, len(files)))
            delivered, problem = self._convert({number: files[number] for number in numbers})
            if problem and delivered:
                delivered.popitem()  # Files come out in order: the last one may be half written.
            results.update(delivered)
            for number in numbers:
                if number not in delivered:
                    alone, problem = self._convert({number: files[number]})
                    results[number] = problem or alone.get(number) or "er kwam geen bestand uit"
        return [results[number] for number in range(len(files))]

    def _convert(self, files: dict[int, bytes]) -> tuple[dict[int, bytes], str]:
        """What came out of one soffice run over these files, in order, and what went wrong with the run, or nothing."""
        with tempfile.TemporaryDirectory(prefix="rekentool-", ignore_cleanup_errors=True) as name:
            folder, target = Path(name), Path(name, "uit")
            inputs = {number: folder / f"{number}.xlsx" for number in files}
            for number, path in inputs.items():
                path.write_bytes(files[number])
            problem = convert(self.program, list(inputs.values()), target, folder / "profiel", self.patience)
            outputs = {number: target / path.name for number, path in inputs.items()}
            return {number: path.read_bytes() for number, path in outputs.items() if path.is_file()}, problem


def convert(program: Path, inputs: Sequence[Path], target: Path, profile: Path, patience: float) -> str:
    """One soffice run: recalculate ``inputs`` and write them as xlsx in ``target``.

    ``profile`` is a folder for this run alone. Gives what went wrong, in Dutch, or an empty text; which files came
    out is for the caller to see in ``target``.
    """
    _write_profile(profile)
    target.mkdir()
    command = [str(program), _profile_option(profile), "--headless", "--norestore", "--nologo", "--nodefault",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), *map(str, inputs)]
    return _run(command, patience, lambda: sum(1 for _ in target.iterdir())).problem


@dataclass
class LibreOfficeModel:
    """A workbook for LibreOffice to compute."""

    engine: LibreOffice
    data: bytes
    workbook: Workbook
    _references: References = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._references = References(self.workbook)

    def compute(self, scenarios: Sequence[Scenario]) -> list[Outcome]:
        """One outcome per scenario; a file that LibreOffice can't convert has all its cells unknown (RK425)."""
        check_scenarios(self.workbook, scenarios)
        template = Template(self.data)
        files = [template.patch(scenario) for scenario in scenarios]
        return [self._outcome(result) for result in self.engine.recalculate(files)]

    def _outcome(self, result: bytes | str) -> Outcome:
        cells = self.workbook.formula_cells
        if isinstance(result, bytes):
            try:
                computed = read_workbook(result)
            except RekentoolError as problem:
                result = problem.findings[0].found
        if isinstance(result, str):
            return Outcome({}, dict.fromkeys(cells, unknown_reason("RK425", reden=result)))
        unknown = {address: unknown_reason("RK424", motor=LibreOffice.name)
                   for address in cells if computed.values.get(address) is None}
        unnamed = {address for address in cells if computed.values.get(address) == ExcelError("#NAME?")}
        for address in unnamed:
            if unnamed.isdisjoint(self._references.precedents[address]):
                unknown[address] = self._not_named(address)
        order, circular = self._order
        for address, reason in circular.items():
            if isinstance(computed.values.get(address), ExcelError):
                unknown[address] = reason
        spread_unknown(order, self._references.precedents, unknown)
        values = {address: computed.values[address] for address in cells if address not in unknown}
        return Outcome(values, unknown)

    @cached_property
    def _order(self) -> tuple[list[Address], dict[Address, str]]:
        return calculation_order(self._references.precedents)

    def _not_named(self, address: Address) -> str:
        """#NAME? is what LibreOffice shows for a function that it doesn't have; Excel may well know it."""
        split = self._references.splits.get(address)
        functions = ", ".join(sorted(split.functions)) if split else ""
        if functions:
            return unknown_reason("RK420", functie=functions, motor=LibreOffice.name)
        return unknown_reason("RK423", motor=LibreOffice.name, reden="een naam die het niet kent")


@dataclass(frozen=True, slots=True)
class _Run:
    output: str
    problem: str


def _run(command: Sequence[str], patience: float, progress: Callable[[], int] = lambda: 0) -> _Run:
    """Run soffice and everything that it starts; when ``progress`` stands still too long the whole group is ended."""
    settings = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    with tempfile.TemporaryFile() as log:
        try:
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                       env=settings, start_new_session=True)
        except OSError as problem:
            return _Run("", f"soffice start niet: {problem.strerror}")
        seen, deadline, problem_text = 0, time.monotonic() + patience, ""
        while process.poll() is None:
            now = progress()
            if now > seen:
                seen, deadline = now, time.monotonic() + patience
            elif time.monotonic() > deadline:
                problem_text = f"tijdslimiet van {patience:.0f} seconden overschreden"
                _end(process)
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        log.seek(0)
        output = log.read().decode("utf-8", errors="replace")
    if process.returncode != 0 and not problem_text:
        problem_text = f"soffice stopte met code {process.returncode}"
    return _Run(output, problem_text)


def _end(process: subprocess.Popen[bytes]) -> None:
    # soffice is a script that starts soffice.bin: ending only the script would leave the program behind.
    if sys.platform == "win32":
        subprocess.run(["taskkill", "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _profile_option(profile: Path) -> str:
    return f"-env:UserInstallation={profile.resolve().as_uri()}"


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}">'
        f'<prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    user = profile / "user"
    user.mkdir(parents=True)
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>\n",
        encoding="utf-8",
    )
