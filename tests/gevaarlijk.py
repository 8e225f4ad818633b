"""Dangerous and broken workbooks, made by code: one fault in each, and its name is the fault.

``FOUTEN`` holds every fixture with the one code that the guard must give and a piece of the place that it must name.
"""

from __future__ import annotations

import gevaarlijk_inhoud
import gevaarlijk_soort
import gevaarlijk_zip
from gevaarlijk_bouw import Fout, Parts, inpakken, onderdelen, werkboek

__all__ = ["FOUTEN", "Fout", "Parts", "inpakken", "onderdelen", "werkboek"]

FOUTEN: dict[str, Fout] = {**gevaarlijk_soort.FOUTEN, **gevaarlijk_zip.FOUTEN, **gevaarlijk_inhoud.FOUTEN}
