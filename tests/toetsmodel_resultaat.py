"""Results of the test model: the lines of each party and what is added up and derived from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from toetsmodel_invoer import PARTIJEN
from toetsmodel_kengetallen import NAN, afronden, grootste

JAREN = (1, 2, 3, 4, 5)
NVT = "n.v.t."
NIET_BINNEN_HORIZON = "niet binnen de horizon"
MAATSCHAPPELIJK = "maatschappelijk"

Lijn = tuple[str, str, str]
Uitkomst = float | int | str | None

_REGELS: dict[tuple[str, str], str] = {
    ("mbo_school", "baten"): "rijksbijdrage cursusgeld bijdrage_sw_school bijdrage_gemeente_school overige_baten",
    ("mbo_school", "kosten"): (
        "docenten coordinatie bpv_begeleiding examinering leermiddelen reiskosten overhead eenmalige_kosten "
        "overige_kosten"
    ),
    ("sw_bedrijf", "baten"): (
        "productie trajectvergoeding inleenvergoeding norisk lks praktijkleren lkv jobcoachvergoeding overige_baten"
    ),
    ("sw_bedrijf", "kosten"): (
        "loon premies pensioen stagevergoeding bijdrage_sw_school praktijkbegeleiding jobcoach werkplek leslocatie "
        "coordinatie overhead eenmalige_kosten overige_kosten"
    ),
    ("gemeente", "baten"): "bespaarde_uitkering bespaarde_uitvoering rijksvergoeding_lks overige_baten",
    ("gemeente", "kosten"): (
        "bijdrage_gemeente_school trajectvergoeding reiskosten_student lks jobcoachvergoeding lks_na eenmalige_kosten "
        "overige_kosten"
    ),
    ("werkgever", "baten"): (
        "productie norisk lks praktijkleren lkv jobcoachvergoeding productie_na lks_na overige_baten"
    ),
    ("werkgever", "kosten"): (
        "inleenvergoeding loon premies pensioen begeleiding loon_na premies_na pensioen_na eenmalige_kosten "
        "overige_kosten"
    ),
    ("rijk", "baten"): "lesgeld premies premies_na zorg_en_overig",
    ("rijk", "kosten"): "rijksbijdrage studiefinanciering norisk praktijkleren lkv rijksvergoeding_lks",
    ("student", "baten"): "studiefinanciering reiskosten_student loon pensioen stagevergoeding loon_na pensioen_na",
    ("student", "kosten"): "cursusgeld lesgeld bespaarde_uitkering",
}
LIJNEN: tuple[Lijn, ...] = tuple(
    (partij, soort, regel) for (partij, soort), regels in _REGELS.items() for regel in regels.split()
)


@dataclass(frozen=True)
class Geval:
    """One businesscase: every list has five values, for the years 1 to 5.

    `per_jaar` and `totalen` also have the key `maatschappelijk`, the sum of all parties. In `totalen`, None is "n.v.t."
    (a division by no students or no diplomas) and NaN is "niet te berekenen".
    """

    naam: str
    volumes: dict[str, list[float]]
    lijnen: dict[Lijn, list[float]]
    per_jaar: dict[str, dict[str, list[float]]]
    totalen: dict[str, dict[str, Uitkomst]]


def stel_op(
    naam: str,
    volumes: dict[str, list[float]],
    lijnen: dict[Lijn, list[float]],
    telt_mee: list[float],
    disconto: list[float],
) -> Geval:
    """Add the lines of one case up; telt_mee (1 within the horizon, else 0) and disconto are factors per year."""
    per_jaar: dict[str, dict[str, list[float]]] = {}
    totalen: dict[str, dict[str, Uitkomst]] = {}
    aantal = volumes["begin"][0]
    diplomas = sum(keer * factor for keer, factor in zip(volumes["diplomas"], telt_mee, strict=True))
    horizon = sum(telt_mee)
    for partij in (*PARTIJEN, MAATSCHAPPELIJK):
        eigen = [lijn for lijn in LIJNEN if partij in (lijn[0], MAATSCHAPPELIJK)]
        som: dict[str, list[float]] = {}
        for soort in ("baten", "kosten"):
            rijen = [lijnen[lijn] for lijn in eigen if lijn[1] == soort]
            som[soort] = [sum(bedragen) for bedragen in zip(*rijen, strict=True)]
        som["saldo"] = [baat - kost for baat, kost in zip(som["baten"], som["kosten"], strict=True)]
        saldo = sum(som["saldo"])
        per_jaar[partij] = som
        totalen[partij] = {
            "baten": sum(som["baten"]),
            "kosten": sum(som["kosten"]),
            "saldo": saldo,
            "contante_waarde": sum(bedrag * factor for bedrag, factor in zip(som["saldo"], disconto, strict=True)),
            "per_student": None if aantal == 0 else saldo / aantal,
            "per_diploma": None if diplomas == 0 else saldo / diplomas,
            "terugverdienjaar": terugverdienjaar(som["saldo"], [lijnen[lijn] for lijn in eigen], horizon),
        }
    return Geval(naam, volumes, lijnen, per_jaar, totalen)


def terugverdienjaar(saldo: list[float], lijnen: list[list[float]], horizon: float) -> Uitkomst:
    """First year from which the cumulative saldo, in cents, never is below 0 again within the horizon.

    saldo and each of lijnen hold five years; NaN where a year within the horizon is unknown.
    """
    if math.isnan(horizon):
        return NAN
    jaren = int(horizon)
    bedragen = [bedrag for lijn in lijnen for bedrag in lijn[:jaren]]
    if any(math.isnan(bedrag) for bedrag in bedragen):
        return NAN
    if all(bedrag == 0 for bedrag in bedragen):
        return NVT
    cumulatief = [sum(saldo[: t + 1]) for t in range(jaren)]
    eerste: Uitkomst = NIET_BINNEN_HORIZON
    for t in range(jaren, 0, -1):
        if afronden(cumulatief[t - 1], 2) < 0:
            break
        eerste = t
    return eerste


def beste_geval(resultaat: Mapping[str, Geval]) -> dict[str, list[str]]:
    """Per party (and maatschappelijk) the cases with the highest contante waarde per started student.

    Only cases with N > 0 count; equal to the cent is a tie. An empty list means that there is no such case, or that the
    amount of one of them can't be calculated.
    """
    beste: dict[str, list[str]] = {}
    for partij in (*PARTIJEN, MAATSCHAPPELIJK):
        waarden: dict[str, float] = {}
        for naam, geval in resultaat.items():
            aantal = geval.volumes["begin"][0]
            waarde = geval.totalen[partij]["contante_waarde"]
            assert isinstance(waarde, float)
            # An unknown N can't be left out as if it were 0.
            if math.isnan(aantal) or aantal > 0:
                waarden[naam] = afronden(waarde / aantal, 2)
        hoogste = grootste(*waarden.values()) if waarden else NAN
        beste[partij] = [naam for naam, waarde in waarden.items() if waarde == hoogste]
    return beste
