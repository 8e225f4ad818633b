"""The folder that a job writes its files in."""

from __future__ import annotations

import errno
from pathlib import Path

from rekentool.messages import refuse


def make_folder(folder: Path) -> None:
    """Make the folder, and the ones above it, where it isn't there yet; RK644 when that can't be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        reason = "er staat een bestand met die naam"
    except PermissionError:
        reason = "geen toestemming om hier te schrijven"
    except OSError as error:
        reasons = {errno.ENAMETOOLONG: "de naam is te lang", errno.ENOSPC: "de schijf is vol"}
        reason = reasons.get(error.errno or 0, f"het systeem meldt fout {error.errno} ({error.strerror})")
    else:
        return
    raise refuse("RK644", file=str(folder), reden=reason)
