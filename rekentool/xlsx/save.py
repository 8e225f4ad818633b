"""Bytes to a file in one step: whole or not at all, and never over an existing file unasked."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from rekentool.messages import RekentoolError, refuse

#: What is written to a stream goes to disk in pieces of this many bytes.
_BUFFER = 1 << 18


def save_atomic(path: Path, data: bytes, *, overwrite: bool = False, workplace: Path | None = None) -> None:
    """Write ``data`` to ``path``, as `saving` does."""
    with saving(path, overwrite=overwrite, workplace=workplace) as stream:
        stream.write(data)


@contextlib.contextmanager
def saving(path: Path, *, overwrite: bool = False, workplace: Path | None = None) -> Iterator[BinaryIO]:
    """A stream whose content becomes ``path`` when the block ends; when the block raises nothing is left behind.

    It is written to a temporary file in the same folder, or in ``workplace`` on the same disk, so that no half file is
    ever seen, and can be sought in.
    RK630 when the target exists and ``overwrite`` is false, also when it appears while writing; RK631 when the
    system refuses (no folder, no rights, disk full, open in Excel on Windows). On failure no temporary file stays.
    """
    path = Path(path)
    if not overwrite and os.path.lexists(path):
        raise _exists(path)
    # A short name of its own: the target's name may already have the maximal length.
    temporary = (workplace or path.parent) / f".rekentool-{secrets.token_hex(8)}.tmp"
    try:
        raw = _opened(temporary, path)
        stream = io.BufferedWriter(raw, _BUFFER)
        try:
            yield cast(BinaryIO, stream)
            stream.flush()
            _to_disk(raw, path)
        except BaseException:
            raw.forget()
            raise
        finally:
            _close(stream, path)
        _name(temporary, path, overwrite=overwrite)
    finally:
        # Gone already after a rename; where it can't be removed, the finding above matters more.
        with contextlib.suppress(OSError):
            temporary.unlink()


class _Raw(io.FileIO):
    """The temporary file. That it can't be written is RK631; an OSError of whoever writes to it stays what it is."""

    def __init__(self, handle: int, target: Path) -> None:
        super().__init__(handle, "wb")
        self._target = target
        self._forgotten = False

    def write(self, data: Any) -> int:
        """As a file's."""
        if self._forgotten:
            return len(data)
        try:
            return super().write(data)
        except OSError as error:
            raise _failed(self._target, error) from error

    def forget(self) -> None:
        """Write no more: the file will not be kept, so what is still in a buffer needs no disk."""
        self._forgotten = True


def _opened(temporary: Path, target: Path) -> _Raw:
    # os.open with O_EXCL instead of tempfile: the file gets the ordinary rights of the user's umask, not 0600.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    try:
        return _Raw(os.open(temporary, flags, 0o666), target)
    except OSError as error:
        raise _failed(target, error) from error


def _to_disk(raw: _Raw, target: Path) -> None:
    try:
        os.fsync(raw.fileno())
    except OSError as error:
        raise _failed(target, error) from error


def _close(stream: io.BufferedIOBase, target: Path) -> None:
    try:
        stream.close()
    except OSError as error:  # some network shares say only now that the disk is full
        raise _failed(target, error) from error


def _name(temporary: Path, path: Path, *, overwrite: bool) -> None:
    """Give the file its name, as one step."""
    try:
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
    return refuse("RK630", file=str(path))


def _failed(path: Path, error: OSError) -> RekentoolError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        reason = "de map bestaat niet"
    elif isinstance(error, IsADirectoryError):
        reason = "er staat een map met deze naam"
    elif isinstance(error, PermissionError):
        reason = "geen toestemming om hier te schrijven, of het bestand is open in een ander programma"
    elif error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        reason = "de schijf is vol"
    elif error.errno == errno.EFBIG:
        reason = "het bestand wordt te groot voor deze schijf"
    elif error.errno == errno.EROFS:
        reason = "op deze schijf kan niet worden geschreven"
    elif error.errno == errno.ENAMETOOLONG:
        reason = "de bestandsnaam is te lang"
    else:
        reason = error.strerror or type(error).__name__
    return refuse("RK631", file=str(path), reden=reason)
