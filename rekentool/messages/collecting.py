"""RK81x: reading what comes back (`jobs/collect`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

COLLECTING: dict[str, Entry] = {}
