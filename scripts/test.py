"""Run the whole test suite: python scripts/test.py [pytest arguments]. Makes .venv and installs first."""

from __future__ import annotations

import sys

from environment import ensure, run

if __name__ == "__main__":
    python = ensure("test")
    raise SystemExit(run([str(python), "-m", "pytest", *(sys.argv[1:] or ["-n", "auto"])]))
