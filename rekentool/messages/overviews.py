"""RK83x: one workbook over all regions (`jobs/overview`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

OVERVIEWS: dict[str, Entry] = {}
