"""RK70x: comparing two workbooks (`jobs/compare`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

COMPARING: dict[str, Entry] = {}
