"""What every test shares: where things stand, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, None, None]:
    """In CI a skipped test is a failed test: what isn't run there is run nowhere."""
    outcome = yield
    report = outcome.get_result()  # type: ignore[attr-defined]
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI: {item.nodeid}: {report.longrepr}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests marked ``libreoffice`` skip with their reason where there is none (never in CI, see above)."""
    if shutil.which("soffice") or os.environ.get("REKENTOOL_SOFFICE"):
        return
    for item in items:
        if "libreoffice" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="LibreOffice (soffice) is not on this machine"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--trekkingen 50``: as many random regions through LibreOffice as the model asks for; a few by default.

    Random formulas likewise: a hundred for each.
    """
    parser.addoption(
        "--trekkingen", type=int, default=3, help="number of random regions that are also computed by LibreOffice"
    )


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Generator[Path, None, None]:
    """Compiled programs of the tests stand in a folder of their own, never in the user's."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("REKENTOOL_CACHE", str(folder))
        yield folder


@pytest.fixture
def draws(request: pytest.FixtureRequest) -> int:
    """How many random regions to compute with LibreOffice."""
    return int(request.config.getoption("--trekkingen"))
