"""RK73x: receipts beside results (`jobs/receipt`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

RECEIPTS: dict[str, Entry] = {}
