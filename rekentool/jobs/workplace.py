"""A folder that one run at a time works in, with a place for files that aren't whole yet.

What a run that was cut off left there goes when the next one begins; the lock that keeps two runs apart is the
system's, which lets go of it when a process ends, whatever ends it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from rekentool.jobs.folder import make_folder
from rekentool.messages import refuse

NAME = ".rekentool-werk"
_LOCK = "slot"


@contextlib.contextmanager
def workplace(folder: Path) -> Iterator[Path]:
    """Make ``folder`` where it isn't there, and in it a place for half files that is empty, and gone afterwards.

    RK803 when another run works in the folder; RK644 when it can't be made.
    """
    make_folder(folder)
    place = folder / NAME
    handle = _locked(place, folder)
    try:
        _clean(place)
        yield place
    finally:
        with contextlib.suppress(OSError):  # Windows removes no open file; then below
            (place / _LOCK).unlink()
        os.close(handle)
        with contextlib.suppress(OSError):  # somebody else's file in it: the next run sees to it
            (place / _LOCK).unlink(missing_ok=True)
            place.rmdir()


def _locked(place: Path, folder: Path) -> int:
    """An open handle on the lock's file, locked."""
    while True:
        make_folder(place)
        try:
            handle = os.open(place / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        except FileNotFoundError:  # the run before us has just removed its place
            continue
        except OSError as error:
            raise refuse("RK644", file=str(folder), reden=error.strerror or type(error).__name__) from None
        if not _lock(handle):
            os.close(handle)
            raise refuse("RK803", file=str(folder))
        if _is_still(handle, place / _LOCK):
            return handle
        os.close(handle)


def _lock(handle: int) -> bool:
    """Whether this process has the lock now; where a disk knows no locks, as some network shares, it always has."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file of the handle is the one that has this name: a run that ends takes its own away."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


def _clean(place: Path) -> None:
    for left in place.glob("*.tmp"):
        with contextlib.suppress(OSError):
            left.unlink()
