"""Opening a mapping with its workbook."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import ROOT

from rekentool.messages import RekentoolError
from rekentool.tool import open_tool


def copy_with(tmp_path: Path, old: str, new: str) -> Path:
    """The rekentool's mapping and template in a folder of their own, with one edit of the mapping."""
    for folder in ("mappings", "workbooks"):
        (tmp_path / folder).mkdir()
    for name in ("rekentool.yaml", "kengetallen.csv"):
        shutil.copyfile(ROOT / "mappings" / name, tmp_path / "mappings" / name)
    shutil.copyfile(ROOT / "workbooks" / "rekentool.xlsx", tmp_path / "workbooks" / "rekentool.xlsx")
    mapping = tmp_path / "mappings" / "rekentool.yaml"
    text = mapping.read_text(encoding="utf-8")
    assert old in text
    mapping.write_text(text.replace(old, new, 1), encoding="utf-8")
    return mapping


def test_another_fingerprint_is_refused_until_somebody_looked(tmp_path: Path) -> None:
    mapping = copy_with(tmp_path, 'vingerafdruk: "sha256:', 'vingerafdruk: "sha256:' + "0" * 64 + '" # ')
    with pytest.raises(RekentoolError) as caught:
        open_tool(mapping)
    assert [found.code for found in caught.value.findings] == ["RK504"]


def test_a_label_that_moved_is_refused(tmp_path: Path) -> None:
    mapping = copy_with(tmp_path, 'label: "Naam van de gemeente"', 'label: "Naam van de stad"')
    with pytest.raises(RekentoolError) as caught:
        open_tool(mapping)
    assert {found.code for found in caught.value.findings} == {"RK234"}
