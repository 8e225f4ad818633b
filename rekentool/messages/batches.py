"""RK80x: filling many workbooks (`jobs/fill`, `jobs/batch`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

BATCHES: dict[str, Entry] = {}
