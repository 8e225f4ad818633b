"""Build workbooks/rekentool.xlsx from workbooks/bron/ and mappings/rekentool.yaml.

    python scripts/build_template.py
    python scripts/build_template.py kandidaat.xlsx    # only this file, to try with: rekentool regressie

A change of the model is a change of the description; the workbook and its fingerprint in the mapping follow from it.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import yaml
from openpyxl import Workbook

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from template import case_sheet, checks_sheet, input_sheet, model, rates_sheets, result_sheet, text_sheets  # noqa: E402
from template.book import START, VERSION, Book  # noqa: E402

from rekentool.engine.program import ProgramEngine  # noqa: E402
from rekentool.mapping.load import load_mapping  # noqa: E402
from rekentool.xlsx.patch import patch_workbook  # noqa: E402
from rekentool.xlsx.reader import formula_fingerprint, read_workbook  # noqa: E402
from rekentool.xlsx.save import save_atomic  # noqa: E402

MAPPING = ROOT / "mappings" / "rekentool.yaml"
SOURCE = ROOT / "workbooks" / "bron"
TEMPLATE = ROOT / "workbooks" / "rekentool.xlsx"


def build() -> bytes:
    """The template without caches, the same bytes' content for the same description."""
    mapping = load_mapping(MAPPING)
    version = yaml.safe_load((SOURCE / "versie.yaml").read_text(encoding="utf-8"))
    workbook = Workbook()
    workbook.active.title = START
    book = Book(workbook, mapping, model.load(SOURCE / "rekenmodel.yaml", mapping), version["versie"])
    input_sheet.build(book)
    rates_sheets.build(book)
    for case in mapping.cases:
        case_sheet.build(book, case)
    result_sheet.build(book)
    text_sheets.build_steps(book, yaml.safe_load((SOURCE / "stappenplan.yaml").read_text(encoding="utf-8")))
    checks_sheet.build(book)
    text_sheets.build_version(book, version)
    text_sheets.build_start(book, version["datum"])
    properties = workbook.properties
    properties.title, properties.creator, properties.language = (
        mapping.workbook.title,
        "Rekentool (reconstructie)",
        "nl-NL",
    )
    workbook.calculation.fullCalcOnLoad = False
    draft = normalised(_saved(workbook), version["datum"])
    workbook[VERSION]["B6"] = formula_fingerprint(read_workbook(draft))
    return normalised(_saved(workbook), version["datum"])


def _saved(workbook: Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def normalised(data: bytes, day: date) -> bytes:
    """The same file with fixed dates, so that building twice gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _fixed_dates(content, f"{day}T00:00:00Z")
            fresh = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fresh.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(fresh, content)
    return buffer.getvalue()


def _fixed_dates(core: bytes, moment: str) -> bytes:
    tree = ElementTree.fromstring(core)
    for element in tree.iter():
        if element.tag.startswith("{http://purl.org/dc/terms/}"):
            element.text = moment
    for prefix, uri in (
        ("cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("dc", "http://purl.org/dc/elements/1.1/"),
        ("dcterms", "http://purl.org/dc/terms/"),
        ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ):
        ElementTree.register_namespace(prefix, uri)
    return ElementTree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def with_caches(data: bytes) -> bytes:
    """The template with a freshly computed value in every formula cell."""
    outcome = ProgramEngine().open(data).compute([{}])[0]
    if outcome.unknown:
        raise SystemExit(
            f"{len(outcome.unknown)} cells of the template can't be computed: {next(iter(outcome.unknown.items()))}"
        )
    return patch_workbook(data, {}, outcome.values)


def mapping_with(fingerprint: str) -> str:
    """The mapping's text with this fingerprint of the template's formulas."""
    text = MAPPING.read_text(encoding="utf-8")
    return re.sub(r'(?m)^  vingerafdruk: ".*"$', f'  vingerafdruk: "{fingerprint}"', text, count=1)


if __name__ == "__main__":
    template = with_caches(build())
    if len(sys.argv) > 1:
        save_atomic(Path(sys.argv[1]), template, overwrite=True)
        raise SystemExit
    save_atomic(TEMPLATE, template, overwrite=True)
    text = mapping_with(formula_fingerprint(read_workbook(template)))
    save_atomic(MAPPING, text.encode("utf-8"), overwrite=True)
