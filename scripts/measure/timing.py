"""Time, memory and the rows of the report."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: The variable that says where compiled programs are kept.
CACHE = "REKENTOOL_CACHE"


@dataclass(frozen=True)
class Row:
    """One line of the report; ``ratio`` is against what it names, ``aim`` what we want of the figure or ratio."""

    part: str
    what: str
    figure: str
    ratio: str = ""
    aim: str = ""


def best(job: Callable[[], object], repeats: int) -> float:
    """Seconds of CPU, all threads together, of the fastest of n runs."""
    return min(once(job) for _ in range(repeats))


def once(job: Callable[[], object]) -> float:
    """Seconds of CPU of one run."""
    start = time.process_time()
    job()
    return time.process_time() - start


def ms(seconds: float, digits: int = 1) -> str:
    """Seconds as milliseconds."""
    return f"{seconds * 1e3:,.{digits}f} ms"


@contextmanager
def without_cache() -> Iterator[None]:
    """Nothing compiled is kept or found, in this process and its children."""
    kept = os.environ.get(CACHE)
    os.environ[CACHE] = ""
    try:
        yield
    finally:
        os.environ.pop(CACHE) if kept is None else os.environ.update({CACHE: kept})


def child(code: str, *arguments: object) -> str:
    """What Python code prints in a process of its own, where the package and these modules can be imported."""
    path = os.pathsep.join([str(ROOT), str(ROOT / "scripts"), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def peak_memory() -> int | None:
    """The most memory that this process has had resident, in bytes; None where the system doesn't tell.

    Not ``getrusage``: its maximum survives exec, so a child has at least what its parent had when it was started.
    """
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def processor() -> str:
    """The machine, as far as it tells: processor and number of cores."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{name or platform.processor() or platform.machine()}, {os.cpu_count()} cores"
