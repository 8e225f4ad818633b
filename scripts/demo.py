"""Show what the rekentool does: python scripts/demo.py [folder]. Makes .venv, installs, fills the example regions.

Writes into ``demo-uitvoer`` (or the folder that is named) and says where everything is.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from environment import ROOT, ensure, run

REGIONS = ROOT / "workbooks" / "voorbeelden" / "regios.csv"


def main() -> int:
    """Fill, check and read the four example regions with the command line, as a user would."""
    python = str(ensure())
    folder = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else Path("demo-uitvoer")  # beside this checkout's files
    filled, table = folder / "ingevuld", folder / "uitkomsten.xlsx"
    (ROOT / folder).mkdir(parents=True, exist_ok=True)
    shutil.copyfile(REGIONS, ROOT / folder / REGIONS.name)
    rekentool = [python, "-m", "rekentool"]
    books = [str(filled / f"voorbeeldregio-{name}.xlsx") for name in ("noord", "oost", "zuid", "west")]
    steps = [
        (
            "Vul: één werkboek per regio",
            [*rekentool, "vul", str(folder / REGIONS.name), "--naar", str(filled), "--overschrijf"],
        ),
        (
            "Controleer: elke formulecel tegen wat LibreOffice, een andere rekenmotor, eerder berekende",
            [*rekentool, "controleer", "--met", "referentie", *books],
        ),
        (
            "Lees: alle uitkomsten in één tabel",
            [*rekentool, "lees", *books, "--naar", str(table), "--toon", "--overschrijf"],
        ),
    ]
    for title, command in steps:
        print(f"\n== {title}\n   rekentool {' '.join(command[3:])}\n", flush=True)
        code = run(command)
        if code != 0:
            print(f"\nDeze stap eindigde met code {code}; zie de melding hierboven.")
            return code
    print(f"\nDe resultaten staan in {ROOT / folder}:")
    print(f"  {filled}: vier ingevulde werkboeken\n  {table}: de uitkomsten als tabel")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
