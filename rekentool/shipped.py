"""Where the mappings and workbooks that come with the package stand: in a checkout, or inside the installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_WHEEL = _PACKAGE / "_bestanden"
#: The folder that holds ``mappings`` and ``workbooks``.
SHIPPED = _WHEEL if _WHEEL.is_dir() else _PACKAGE.parent

MAPPING = SHIPPED / "mappings" / "rekentool.yaml"
LABOUR_REGIONS = SHIPPED / "mappings" / "arbeidsmarktregios.csv"
EXAMPLE_REGIONS = SHIPPED / "workbooks" / "voorbeelden" / "regios.csv"
EXAMPLES = SHIPPED / "workbooks" / "voorbeelden"
REFERENCES = SHIPPED / "workbooks" / "referentie"
