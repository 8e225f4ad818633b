"""RK74x: how the formulas of a template are built (`jobs/lint`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

BUILDING: dict[str, Entry] = {}
