"""``python -m rekentool``."""

from rekentool.cli import main

main()
