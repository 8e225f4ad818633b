"""Text files from outside (mapping, kengetallen, regions table): read within a size budget."""

from __future__ import annotations

from pathlib import Path

from rekentool.messages import refuse


def read_bytes(path: Path, limit: int, unreadable: str, too_large: str) -> bytes:
    """The bytes of ``path``, at most ``limit`` of them.

    Raises RekentoolError with the code ``unreadable`` (facts: ``reason``) or ``too_large`` (facts: ``limit``).
    """
    try:
        if path.exists() and not path.is_file():
            # Opening a pipe or a device could wait for ever.
            raise refuse(unreadable, file=str(path), reason="dit is geen gewoon bestand")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise refuse(unreadable, file=str(path), reason="het bestand bestaat niet") from None
    except PermissionError:
        raise refuse(unreadable, file=str(path), reason="geen leesrechten") from None
    except OSError as error:
        raise refuse(unreadable, file=str(path), reason=f"het systeem meldt: {error.strerror}") from None
    if len(data) > limit:
        raise refuse(too_large, file=str(path), limit=f"{limit // 1_000_000} MB")
    return data
