"""RK84x: tables and lists made from the mapping (`jobs/document`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

DOCUMENTS: dict[str, Entry] = {}
