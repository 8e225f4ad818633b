"""Compiled programs on disk, so that a second command on the same workbook starts at once.

A file holds plain data (`record`), never values of cells and never code. Its name is a hash over everything that
compiling depends on, this engine's own source included; what can't be read, or isn't whole, is compiled anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import sys
import zlib
from collections.abc import Mapping
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

from rekentool import __version__
from rekentool.engine.functions.registry import FUNCTIONS
from rekentool.messages import RekentoolError
from rekentool.xlsx import cell
from rekentool.xlsx.reader import Workbook
from rekentool.xlsx.save import save_atomic

#: Another folder than the system's; empty is no cache at all.
VARIABLE = "REKENTOOL_CACHE"
#: The first line of a file. Another layout of the data gets another number.
HEADING = b"rekentool-programma 1\n"
#: A workbook with fewer formulas is compiled sooner than it is looked up.
FEWEST = 100
#: What stays in the folder: so many files, together so many bytes; the ones that weren't used longest go first.
MOST_FILES, MOST_BYTES = 20, 50_000_000
#: A program takes no more room than this in memory.
MOST_DATA = 256_000_000

_NAME = re.compile(r"programma-[0-9a-f]{64}\.z")


def folder() -> Path | None:
    """Where the programs stand; None where there is no such place or the user wants none."""
    chosen = os.environ.get(VARIABLE)
    if chosen is not None:
        return Path(chosen) if chosen else None
    if sys.platform == "win32":
        base, name = os.environ.get("LOCALAPPDATA", ""), Path("rekentool", "Cache")
    elif sys.platform == "darwin":
        base, name = os.path.expanduser("~/Library/Caches"), Path("rekentool")  # noqa: PTH111  Path raises without home
    else:
        base, name = os.environ.get("XDG_CACHE_HOME", ""), Path("rekentool")
        if not os.path.isabs(base):  # noqa: PTH117  the standard says to ignore one that isn't
            base = os.path.expanduser("~/.cache")  # noqa: PTH111
    return Path(base) / name if os.path.isabs(base) else None  # noqa: PTH117


def key(workbook: Workbook, used: Mapping[str, tuple[int, int]]) -> str:
    """A hash over all that compiling depends on: not the values of cells, but how far each sheet is used.

    ``used`` has each sheet's columns and rows: whole columns and rows in formulas end there.
    """
    content = [
        __version__, engine_hash(), sys.version, sorted(FUNCTIONS),
        [(*address, formula) for address, formula in workbook.formulas.items()],
        [(*address, area) for address, area in workbook.arrays.items()],
        [(*member, *anchor) for member, anchor in workbook.array_members.items()],
        [sheet.name for sheet in workbook.sheets],
        list(workbook.names.items()), list(workbook.name_formulas.items()),
        [(*name, text) for name, text in workbook.local_names.items()],
        [astuple(table) for table in workbook.tables],
        [sorted((sheet, sorted(rows)) for sheet, rows in hidden.items())
         for hidden in (workbook.hidden_rows, workbook.filtered_rows)],
        sorted(used.items()), workbook.date1904, workbook.full_precision,
    ]  # fmt: skip
    return hashlib.sha256(HEADING + json.dumps(content).encode()).hexdigest()


@cache
def engine_hash() -> str:
    """A hash over the engine's source: a program that another engine compiled is another program."""
    digest = hashlib.sha256()
    for path in [*sorted(Path(__file__).parent.rglob("*.py")), Path(cell.__file__)]:
        # Without source (compiled modules only) the version of the package has to do.
        with contextlib.suppress(OSError):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def read(name: str) -> Any:
    """The plain data under this key; None where there are none or the file isn't whole."""
    place = folder()
    if place is None:
        return None
    path = place / f"programma-{name}.z"
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        content = path.read_bytes()
        payload = content[len(_start(name, b"")) :]
        if content != _start(name, payload) + payload:
            return None
        inflate = zlib.decompressobj()
        text = inflate.decompress(payload, MOST_DATA)
        if not inflate.eof or inflate.unused_data:
            return None
        data = json.loads(text)
    except (OSError, ValueError, RecursionError, zlib.error):
        return None
    with contextlib.suppress(OSError):  # used now: the last to go
        os.utime(path)
    return data


def write(name: str, data: Any) -> None:
    """Keep plain data under this key; where that doesn't work the next command compiles again, and that is all."""
    place = folder()
    if place is None:
        return
    try:
        payload = zlib.compress(json.dumps(data, allow_nan=False, separators=(",", ":")).encode(), 3)
        if len(payload) > MOST_BYTES // 4:
            return
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        save_atomic(place / f"programma-{name}.z", _start(name, payload) + payload, overwrite=True)
        _prune(place)
    except (OSError, ValueError, RecursionError, RekentoolError):
        return


def _start(name: str, payload: bytes) -> bytes:
    """What stands before the data: what it is, of which workbook, and a hash that says that it is whole."""
    return HEADING + f"{name}\n{hashlib.sha256(payload).hexdigest()}\n".encode()


def _prune(place: Path) -> None:
    files = [(path.stat(), path) for path in place.iterdir() if _NAME.fullmatch(path.name)]
    files.sort(key=lambda file: file[0].st_mtime_ns, reverse=True)
    total = 0
    for number, (about, path) in enumerate(files, 1):
        total += about.st_size
        if number > MOST_FILES or total > MOST_BYTES:
            path.unlink(missing_ok=True)
