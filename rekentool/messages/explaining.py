"""RK72x: why a number is what it is (`jobs/explain`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

EXPLAINING: dict[str, Entry] = {}
