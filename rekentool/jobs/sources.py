"""Which files are meant: files, folders with everything under them, and patterns that the shell left as they are."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from rekentool.messages import Finding, finding

_SUFFIX = ".xlsx"
#: In the folder of a file that somebody has open, Excel keeps a lock file with this before its name.
_LOCK = "~$"


def find_files(arguments: Sequence[Path]) -> tuple[list[Path], list[Finding]]:
    """The files that the arguments mean, each once, and RK810 for each argument that means none.

    The order is that of the arguments, and by name within a folder or pattern. A name that is no folder and no pattern
    is a file, whether it is there or not; in folders and patterns only visible .xlsx files count.
    """
    found: dict[str, Path] = {}
    findings: list[Finding] = []
    for argument in arguments:
        paths = list(_meant(argument))
        if not paths:
            findings.append(finding("RK810", file=str(argument)))
        for path in paths:
            found.setdefault(os.path.normcase(path.absolute()), path)
    return list(found.values()), findings


def _meant(argument: Path) -> Iterator[Path]:
    try:
        if argument.is_dir() and argument.suffix.lower() != _SUFFIX:
            yield from _under(argument)
            return
        there = argument.exists()
    except (OSError, ValueError):
        there = True  # a name that can't exist; who opens it says what is wrong with it
    if there or not glob.has_magic(str(argument)):
        yield argument
        return
    for name in sorted(glob.iglob(str(argument), recursive=True)):  # noqa: PTH207 - the pattern may be absolute
        path = Path(name)
        if path.is_dir():
            yield from _under(path)
        elif _counts(path.name):
            yield path


def _under(folder: Path) -> Iterator[Path]:
    """The workbooks under a folder, those of the folder itself first; hidden folders are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if _counts(name):
                yield Path(place) / name


def _counts(name: str) -> bool:
    return name.lower().endswith(_SUFFIX) and not name.startswith((".", _LOCK))
