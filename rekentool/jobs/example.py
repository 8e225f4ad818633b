"""`voorbeeld` and `nieuw`: copies of what is shipped, to start from."""

from __future__ import annotations

import os
from pathlib import Path

from rekentool.jobs.folder import make_folder
from rekentool.mapping.load import load_mapping
from rekentool.messages import RekentoolError, finding, refuse
from rekentool.shipped import EXAMPLES, MAPPING
from rekentool.xlsx.save import save_atomic


def copy_examples(folder: Path, *, overwrite: bool = False) -> list[Path]:
    """The shipped regions table and the four filled workbooks, copied into ``folder``.

    RK630 when one is there already; RK644 or RK631 when the folder or a file can't be written.
    """
    sources = sorted(path for path in EXAMPLES.iterdir() if path.suffix in (".csv", ".xlsx"))
    targets = [folder / source.name for source in sources]
    taken = [finding("RK630", file=str(target)) for target in targets if not overwrite and os.path.lexists(target)]
    if taken:
        raise RekentoolError(taken)
    make_folder(folder)
    for source, target in zip(sources, targets, strict=True):
        save_atomic(target, source.read_bytes(), overwrite=overwrite)
    return targets


def copy_template(target: Path, *, overwrite: bool = False) -> None:
    """The blank template as a new file; RK640 when the name isn't that of an .xlsx file."""
    if target.suffix.lower() != ".xlsx":
        raise refuse("RK640", file=str(target))
    template = load_mapping(MAPPING).workbook.file
    if template is None:
        raise refuse("RK501", place=str(MAPPING))
    save_atomic(target, template.read_bytes(), overwrite=overwrite)
