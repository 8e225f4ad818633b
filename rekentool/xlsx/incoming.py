"""A workbook from somebody else: through the guard, then read; each part is inflated once."""

from __future__ import annotations

from pathlib import Path

from rekentool.xlsx.guard import Admitted, admit_parts
from rekentool.xlsx.reader import Workbook, read_workbook


def open_incoming(path: Path) -> tuple[Admitted, Workbook]:
    """The workbook, judged and read; RekentoolError when it is refused (RK1xx)."""
    admitted, parts = admit_parts(path)
    return admitted, read_workbook(admitted.data, parts)
