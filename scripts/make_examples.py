"""Make the template's caches, the four worked regions and their reference sheets.

    python scripts/make_examples.py

The examples are filled from workbooks/voorbeelden/regios.csv. The reference values come from LibreOffice with forced
recalculation; the tool, its version and the date stand in each reference. Needs LibreOffice Calc.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from build_template import normalised  # noqa: E402

from rekentool.engine.libreoffice import LibreOffice  # noqa: E402
from rekentool.jobs.fill import fill  # noqa: E402
from rekentool.jobs.reference import Reference, reference_bytes  # noqa: E402
from rekentool.shipped import EXAMPLE_REGIONS, EXAMPLES, REFERENCES  # noqa: E402
from rekentool.tables.regions import read_regions  # noqa: E402
from rekentool.tool import open_tool  # noqa: E402
from rekentool.xlsx.save import save_atomic  # noqa: E402


def main() -> None:
    """Write workbooks/voorbeelden/*.xlsx and workbooks/referentie/*.xlsx."""
    tool = open_tool()
    filled = fill(tool, read_regions(EXAMPLE_REGIONS, tool.mapping), EXAMPLES, overwrite=True)
    libreoffice = LibreOffice()
    made_on = date.today()
    for one in filled:
        outcome = libreoffice.open(one.path.read_bytes()).compute([{}])[0]
        if outcome.unknown:
            raise SystemExit(
                f"{one.path}: LibreOffice has no value for {len(outcome.unknown)} cells: {min(outcome.unknown.items())}"
            )
        reference = Reference(
            one.path.name, tool.fingerprint, f"{libreoffice.name} {libreoffice.version}", made_on, outcome.values
        )
        save_atomic(REFERENCES / one.path.name, normalised(reference_bytes(reference), made_on), overwrite=True)
        print(f"{one.path.name}: {len(outcome.values)} cells by {reference.program}")


if __name__ == "__main__":
    main()
