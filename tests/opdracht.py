"""Run a command of the rekentool as a user would, in this process and with the tool opened once."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rekentool_werkboek import tool

from rekentool.cli import main
from rekentool.tool import Tool, open_tool

#: What a Dutch user must never see: Python's and click's own words.
ENGLISH = re.compile(
    r"Traceback|Usage|Error\b|Options|Commands|Arguments|Missing|Invalid|No such|Try '|required|default:|Aborted"
)


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str

    @property
    def codes(self) -> list[str]:
        """The codes of the findings on stderr, in order."""
        return re.findall(r"^(RK\d{3}) (?:fout|waarschuwing|melding) · ", self.err, re.MULTILINE)

    @property
    def json(self) -> dict[str, Any]:
        """What a command with --json says; findings are nowhere else then."""
        assert self.err == ""
        found: dict[str, Any] = json.loads(self.out)
        assert found["uitkomst"] == self.code
        return found

    @property
    def finding(self) -> dict[str, str]:
        """The parts of the only finding on stderr."""
        match = re.fullmatch(
            r"(?P<code>RK\d{3}) (?P<ernst>\w+) · (?P<plaats>.*)\n   gevonden: (?P<gevonden>.*)\n"
            r"(?:   verwacht: (?P<verwacht>.*)\n)?   wat te doen: (?P<remedie>.*)\n",
            self.err,
        )
        assert match, self.err
        return match.groupdict()


def run(*arguments: str | Path) -> Ran:
    """Run ``rekentool`` with these arguments."""

    def opened(mapping: Path | None = None, template: Path | None = None) -> Tool:
        return tool() if mapping is None and template is None else open_tool(mapping, template)

    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), patch("rekentool.tool.open_tool", opened):
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as end:
            assert isinstance(end.code, int)
            code = end.code
    ran = Ran(code, out.getvalue(), err.getvalue())
    assert not ENGLISH.search(ran.out + ran.err), ran
    return ran


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file under a folder, hidden ones too: its bytes and when it was written."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def table(folder: Path, text: str, name: str = "regios.csv") -> Path:
    """A regions table in a file."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
