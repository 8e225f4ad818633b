"""Make the template's caches, the four worked regions and their reference sheets.

    python scripts/make_examples.py

The examples are filled from workbooks/voorbeelden/regios.csv. The reference values come from LibreOffice with forced
recalculation; the tool, its version and the date stand in each reference. Needs LibreOffice Calc.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rekentool.engine.libreoffice import LibreOffice  # noqa: E402
from rekentool.jobs.batch import fill  # noqa: E402
from rekentool.jobs.reference import Reference, read_reference, reference_bytes  # noqa: E402
from rekentool.shipped import EXAMPLE_REGIONS, EXAMPLES, REFERENCES  # noqa: E402
from rekentool.tables.regions import read_regions  # noqa: E402
from rekentool.tool import Tool, open_tool  # noqa: E402
from rekentool.xlsx.save import save_atomic  # noqa: E402


def main() -> None:
    """Write workbooks/voorbeelden/*.xlsx and workbooks/referentie/*.xlsx."""
    tool = open_tool()
    filled = examples(tool)
    libreoffice = LibreOffice()
    made_on = date.today()
    for path in filled:
        outcome = libreoffice.open(path.read_bytes()).compute([{}])[0]
        if outcome.unknown:
            raise SystemExit(
                f"{path}: LibreOffice has no value for {len(outcome.unknown)} cells: {min(outcome.unknown.items())}"
            )
        target = REFERENCES / path.name
        # Who laid values down before, and why (rekentool regressie --leg-vast), stays on record.
        history = read_reference(target).history if target.exists() else ()
        program = f"{libreoffice.name} {libreoffice.version}"
        reference = Reference(path.name, tool.fingerprint, program, made_on, outcome.values, history)
        save_atomic(target, reference_bytes(reference), overwrite=True)
        print(f"{path.name}: {len(outcome.values)} cells by {reference.program}")


def examples(tool: Tool) -> list[Path]:
    """The filled workbooks, without what `vul` puts beside them."""
    with TemporaryDirectory() as folder:
        made = fill(tool, read_regions(EXAMPLE_REGIONS, tool.mapping), Path(folder)).files
        for one in made:
            save_atomic(EXAMPLES / one.path.name, one.path.read_bytes(), overwrite=True)
    return [EXAMPLES / one.path.name for one in made]


if __name__ == "__main__":
    main()
