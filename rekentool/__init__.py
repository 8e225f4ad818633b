"""Fill, recompute, read and check Excel workbooks through a declarative mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rekentool.api import Rekentool, RekentoolError

__version__ = "0.1.0"
__all__ = ["Rekentool", "RekentoolError"]


def __getattr__(name: str) -> object:
    """Import the API at its first use: the command line answers ``--help`` without it."""
    if name in __all__:
        from rekentool import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
