"""Bytes to a file in one step: whole or not at all, and never over an existing file unasked."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path

from rekentool.messages import RekentoolError, refuse


def save_atomic(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write ``data`` to ``path`` through a temporary file in the same folder, so that no half file is ever seen.

    RK630 when the target exists and ``overwrite`` is false, also when it appears while writing; RK631 when the
    system refuses (no folder, no rights, disk full, open in Excel on Windows). On failure no temporary file stays.
    """
    path = Path(path)
    if not overwrite and os.path.lexists(path):
        raise _exists(path)
    # A short name of its own: the target's name may already have the maximal length.
    temporary = path.parent / f".rekentool-{secrets.token_hex(8)}.tmp"
    try:
        _write(temporary, data)
        if overwrite:
            _keep_mode(path, temporary)
            temporary.replace(path)
        else:
            _publish(temporary, path)
        _sync_folder(path.parent)
    except FileExistsError:
        raise _exists(path) from None
    except OSError as error:
        raise _failed(path, error) from error
    finally:
        # Gone already after a rename; where it can't be removed, the finding above matters more.
        with contextlib.suppress(OSError):
            temporary.unlink()


def _write(temporary: Path, data: bytes) -> None:
    # os.open with O_EXCL instead of tempfile: the file gets the ordinary rights of the user's umask, not 0600.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(temporary, flags, 0o666), "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _keep_mode(path: Path, temporary: Path) -> None:
    if os.name != "nt" and path.is_file():
        temporary.chmod(stat.S_IMODE(path.stat().st_mode))


def _publish(temporary: Path, path: Path) -> None:
    """Give the file its name only when nobody has it yet: one atomic step where the system has one."""
    if os.name == "nt":
        temporary.rename(path)  # Windows refuses an existing target
        return
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # FAT and some network shares have no hard links
        _claim_and_replace(temporary, path)


def _claim_and_replace(temporary: Path, path: Path) -> None:
    """Without hard links: claim the name with an empty file of our own, then put the content over it."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    try:
        temporary.replace(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """Make the new name survive a power cut, where a folder can be synced; the content is on disk by now."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # Windows, and folders that may be written but not listed
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)


def _exists(path: Path) -> RekentoolError:
    return refuse("RK630", place=path.name, file=str(path))


def _failed(path: Path, error: OSError) -> RekentoolError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        reason = "de map bestaat niet"
    elif isinstance(error, IsADirectoryError):
        reason = "er staat een map met deze naam"
    elif isinstance(error, PermissionError):
        reason = "geen toestemming om hier te schrijven, of het bestand is open in een ander programma"
    elif error.errno == errno.ENOSPC:
        reason = "de schijf is vol"
    elif error.errno == errno.ENAMETOOLONG:
        reason = "de bestandsnaam is te lang"
    else:
        reason = error.strerror or type(error).__name__
    return refuse("RK631", place=path.name, file=str(path), reden=reason)
