"""Compile the Dutch texts of click's messages (rekentool/locale) from .po to .mo, the form that gettext reads."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).resolve().parents[1] / "rekentool" / "locale" / "nl" / "LC_MESSAGES"


def compiled() -> bytes:
    """The .mo file's content."""
    buffer = io.BytesIO()
    with (FOLDER / "rekentool.po").open("rb") as source:
        write_mo(buffer, read_po(source, locale="nl"))
    return buffer.getvalue()


if __name__ == "__main__":
    (FOLDER / "rekentool.mo").write_bytes(compiled())
