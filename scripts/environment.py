"""The checkout's own virtual environment: made once, refreshed when what is pinned changes. Standard library only."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
MINIMUM = (3, 11)


def ensure(extras: str = "") -> Path:
    """Make or refresh ``.venv`` with the pinned packages; returns its Python. ``extras`` is e.g. ``"test"``."""
    if sys.version_info < MINIMUM:
        raise SystemExit(f"Python {MINIMUM[0]}.{MINIMUM[1]} or newer is needed; this is {sys.version.split()[0]}.")
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        print(f"Making a virtual environment in {VENV} …", flush=True)
        try:
            venv.create(VENV, with_pip=True)
        except subprocess.CalledProcessError:
            raise SystemExit(
                "Python could not make a virtual environment. On Debian and Ubuntu: apt install python3-venv"
            ) from None
    pinned = ROOT / "constraints.txt"
    wanted = hashlib.sha256(pinned.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    # The test extras contain all that the demo needs, so a venv made for the tests serves both.
    stamps = [VENV / f"installed-{name}" for name in {"test", extras or "run"}]
    if not any(stamp.exists() and stamp.read_text() == wanted for stamp in stamps):
        print("Installing the pinned packages (a few minutes the first time) …", flush=True)
        target = f"{ROOT}[{extras}]" if extras else str(ROOT)
        command = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--constraint",
            str(pinned),
            "--editable",
            target,
        ]
        if subprocess.run(command, check=False).returncode != 0:
            raise SystemExit("Installing failed; pip's message stands above. Is a package index reachable?")
        (VENV / f"installed-{extras or 'run'}").write_text(wanted)
    return python


def run(command: list[str]) -> int:
    """Run in the checkout with its output going straight to the screen; returns the exit code."""
    return subprocess.run(command, cwd=ROOT, check=False).returncode
