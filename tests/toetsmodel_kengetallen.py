"""Statutory figures at a peildatum and the arithmetic that `#N/A` and ROUND ask for.

Part of the test model: written from the description of the calculation alone. It imports nothing from the package and
knows no workbook, so that agreement between the two means something.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, ROUND_UP, Decimal

NAN = math.nan

# Every kengetal that a formula uses, so every one that may get an own value (field `eigen_<id>`).
GEBRUIKTE_KENGETALLEN: tuple[str, ...] = (
    "wml_uur",
    *(f"jeugdpct_{leeftijd}" for leeftijd in (16, 17, 18, 19, 20)),
    *(f"jeugdpct_bbl_{leeftijd}" for leeftijd in (16, 17, 18, 19, 20)),
    "vakantietoeslag",
    "lks_max",
    "lks_forfait",
    "lks_werkgeverslasten",
    "lks_uren_voltijd",
    "lkv_uur",
    "lkv_max",
    "praktijkleren_max",
    "praktijkleren_betaald",
    "bekostiging_bbl_entree",
    "bekostiging_bbl_n2",
    "bekostiging_deel_studenten",
    "bekostiging_deel_diploma",
    "prijs_per_gewogen_student",
    "uren_bot_bol_entree",
    "uren_bot_bol_n2",
    "uren_bot_bol_n2_jaar2",
    "uren_bot_bbl",
    "lesgeld_bol",
    "cursusgeld_bbl",
    "uitkering_kosten",
    "uitvoeringskosten",
    "werkgeverslasten_klein",
    "werkgeverslasten_groot",
    "basisbeurs_thuis",
)


def kengetallen_op(peildatum: date, rijen: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """Give each kengetal its newest value not after the peildatum; NaN where there is none.

    Rows have the columns id, eenheid, geldig_vanaf (ISO) and waarde at least. An empty waarde ends the older value. A
    row whose unit starts with "%" counts percents and becomes a fraction.
    """
    nieuwste: dict[str, tuple[date, float]] = {}
    for rij in rijen:
        vanaf = date.fromisoformat(rij["geldig_vanaf"])
        oudste = (date.min, NAN)
        if vanaf <= peildatum and vanaf > nieuwste.get(rij["id"], oudste)[0]:
            nieuwste[rij["id"]] = (vanaf, _waarde(rij))
        else:
            nieuwste.setdefault(rij["id"], oudste)
    return {kengetal: waarde for kengetal, (_, waarde) in nieuwste.items()}


def _waarde(rij: Mapping[str, str]) -> float:
    tekst = rij["waarde"].strip()
    if not tekst:
        return NAN
    # Decimal, so that 61.5 % is the fraction that prints as 0.615 and not a neighbour of it.
    getal = Decimal(tekst)
    return float(getal / 100 if rij["eenheid"].startswith("%") else getal)


def afronden(waarde: float | Decimal, decimalen: int) -> float:
    """ROUND: half away from zero on the decimal value as it is written, NaN stays NaN."""
    if math.isnan(waarde):
        return NAN
    return float(_decimaal(waarde).quantize(Decimal(1).scaleb(-decimalen), ROUND_HALF_UP))


def omhoog(waarde: float) -> float:
    """ROUNDUP to a whole number: away from zero, NaN stays NaN."""
    return NAN if math.isnan(waarde) else float(_decimaal(waarde).quantize(Decimal(1), ROUND_UP))


def _decimaal(waarde: float | Decimal) -> Decimal:
    return waarde if isinstance(waarde, Decimal) else Decimal(repr(float(waarde)))


def kleinste(*waarden: float) -> float:
    """MIN that inherits NaN (Python's own min drops it or not by the order of its arguments)."""
    return NAN if any(math.isnan(waarde) for waarde in waarden) else min(waarden)


def grootste(*waarden: float) -> float:
    """MAX that inherits NaN."""
    return NAN if any(math.isnan(waarde) for waarde in waarden) else max(waarden)


def macht(grondtal: float, exponent: int) -> float:
    """Power that inherits NaN: in Python nan ** 0 is 1, in a sheet #N/A ^ 0 is #N/A. 0 ^ 0 is 1 here."""
    return NAN if math.isnan(grondtal) else float(grondtal**exponent)


def jeugdloon(wml_uur: float, aandeel_van_wml: float) -> float:
    """Hourly minimum wage of an age: ROUND(wml_uur × percentage, 2) on the exact decimal product."""
    if math.isnan(wml_uur) or math.isnan(aandeel_van_wml):
        return NAN
    return afronden(_decimaal(wml_uur) * _decimaal(aandeel_van_wml), 2)


def gemiddeld_wml(leeftijden: Mapping[str, float], kengetallen: Mapping[str, float], staffel: str) -> float:
    """Average hourly minimum wage over the ages; staffel is `jeugdpct` or `jeugdpct_bbl`.

    leeftijden holds the share per age field. Ages 16 and 17 share one field: each is rounded, their mean is not.
    """
    wml = kengetallen["wml_uur"]

    def loon(leeftijd: int) -> float:
        return jeugdloon(wml, kengetallen[f"{staffel}_{leeftijd}"])

    volwassen = jeugdloon(wml, 1.0)
    return (
        leeftijden["leeftijd_16_17"] * (loon(16) + loon(17)) / 2
        + leeftijden["leeftijd_18"] * loon(18)
        + leeftijden["leeftijd_19"] * loon(19)
        + leeftijden["leeftijd_20"] * loon(20)
        + leeftijden["leeftijd_21_26"] * volwassen
        + leeftijden["leeftijd_27_plus"] * volwassen
    )


def lks_grondslag(wml: float, uren: float, uren_voltijd: float, vakantietoeslag: float) -> float:
    """B: minimum wage per month including holiday pay, over at most the full-time hours."""
    return wml * kleinste(uren, uren_voltijd) * 52 / 12 * (1 + vakantietoeslag)


def lks_maand(grondslag: float, loonwaarde: float, maximum: float, opslag: float) -> float:
    """Ordinary wage-cost subsidy per month: what loonwaarde leaves, at most `maximum` of B, with the opslag."""
    return kleinste(grondslag - loonwaarde * grondslag, maximum * grondslag) * (1 + opslag)


def lks_forfaitmaand(grondslag: float, forfait: float, opslag: float) -> float:
    """Fixed wage-cost subsidy per month of the first half year."""
    return forfait * grondslag * (1 + opslag)
