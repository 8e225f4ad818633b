"""RK82x: inputs carried to another template version (`jobs/carry`)."""

from __future__ import annotations

from rekentool.messages.entry import Entry

CARRYING: dict[str, Entry] = {}
