"""Write docs/velden.md, the list of every input and kengetal, from the mapping.

    python scripts/make_field_docs.py [--check]

With ``--check`` nothing is written; the exit code is 1 when the committed file isn't what the mapping says.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from rekentool.jobs.document import markdown  # noqa: E402
from rekentool.mapping.load import load_mapping  # noqa: E402
from rekentool.mapping.schema import Mapping  # noqa: E402
from rekentool.shipped import MAPPING  # noqa: E402

TARGET = ROOT / "docs" / "velden.md"

HEAD = """\
# Velden en kengetallen

Deze lijst komt uit `mappings/rekentool.yaml` en is gemaakt met `python scripts/make_field_docs.py`; wijzig haar niet
met de hand. Wat u met de velden kunt doen, staat in de [handleiding](handleiding.md).
"""

OLDER = "Oudere waarden staan met hun bron op het blad Tarieven en in `mappings/kengetallen.csv`."


def document(mapping: Mapping) -> str:
    """The whole file."""
    return markdown(mapping, HEAD, OLDER)


def main() -> int:
    """Write the file, or with ``--check`` compare it."""
    wanted = document(load_mapping(MAPPING))
    if "--check" not in sys.argv[1:]:
        TARGET.write_text(wanted, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == wanted:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not what the mapping says; run: python scripts/make_field_docs.py")
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
