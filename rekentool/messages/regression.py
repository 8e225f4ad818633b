"""RK71x: regression over reference regions and draws (`jobs/regression`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

REGRESSION: dict[str, Entry] = {}
