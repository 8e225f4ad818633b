"""Seeded random regions: valid inputs for comparing the test model with other calculations.

Fractions are percentages, None is a blank, values have at most four decimals, and every value lies within the range
that the input sheet allows. Names are fictitious.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from toetsmodel_invoer import LEEFTIJDEN, STANDAARD, WERKGEVERSCHAP
from toetsmodel_kengetallen import GEBRUIKTE_KENGETALLEN

MINSTENS = 40
Trekking = Callable[[random.Random], Any]
# A draw: one field (of one case), or all ages at once because they must add to 100 %.
Plek = tuple[str, str | None]
LEEFTIJDSOPBOUW: Plek = ("leeftijdsopbouw", None)

EERSTE_DAG, LAATSTE_DAG = date(2019, 7, 1), date(2026, 12, 31)
# Inputs that steer many lines at once get an extra chance, or most regions would never touch them.
STURENDE_VELDEN = ("peildatum", "horizon", "discontovoet", "indexatie", "kans_werk_nul", "maatschappelijke_effecten")
KANS_STURENDE_VELDEN = 0.5
# Own values would hide the dated history if they were drawn as often as other inputs.
KANS_EIGEN_WAARDE = 0.2


def willekeurige_invoer(rng: random.Random, aantal_wijzigingen: int | None = None) -> dict[str, Any]:
    """Give a valid random region: STANDAARD with a name and with that many inputs drawn anew (default 40 or more).

    Each drawn input differs from its default. The six ages are one draw. The same state of rng gives the same region.
    Raises ValueError when more changes are asked than there are inputs to change.
    """
    plekken = _plekken()
    sturend = [plek for plek in plekken if plek[0] in STURENDE_VELDEN]
    eigen = [plek for plek in plekken if plek[0].startswith("eigen_")]
    gewoon = [plek for plek in plekken if plek not in sturend and plek not in eigen]
    gekozen = [plek for plek in sturend if rng.random() < KANS_STURENDE_VELDEN]
    rest = gewoon + [plek for plek in eigen if rng.random() < KANS_EIGEN_WAARDE]
    if aantal_wijzigingen is None:
        aantal_wijzigingen = rng.randint(MINSTENS, len(gekozen) + len(rest))
    if aantal_wijzigingen > len(plekken):
        raise ValueError(f"{aantal_wijzigingen} wijzigingen gevraagd, er zijn {len(plekken)} invoeren")
    rng.shuffle(rest)
    # What the two chances left out comes last: only a very high number of changes needs it.
    gekozen = (gekozen + rest + [plek for plek in plekken if plek not in gekozen and plek not in rest])[
        :aantal_wijzigingen
    ]

    invoer = copy.deepcopy(STANDAARD)
    invoer["regio_naam"] = f"Voorbeeldregio {rng.randint(1, 9999)}"
    for veld, geval in gekozen:
        if (veld, geval) == LEEFTIJDSOPBOUW:
            invoer.update(_leeftijdsopbouw(rng))
        elif geval is None:
            invoer[veld] = _anders(rng, TREKKINGEN[veld], invoer[veld])
        else:
            invoer[veld][geval] = _anders(rng, TREKKINGEN[veld], invoer[veld][geval])
    return invoer


def _plekken() -> list[Plek]:
    plekken: list[Plek] = [LEEFTIJDSOPBOUW]
    for veld, waarde in STANDAARD.items():
        if veld == "regio_naam" or veld in LEEFTIJDEN:
            continue
        if isinstance(waarde, dict):
            plekken += [(veld, geval) for geval in waarde]
        else:
            plekken.append((veld, None))
    return plekken


def _anders(rng: random.Random, trekking: Trekking, standaard: Any) -> Any:
    while True:
        waarde = trekking(rng)
        if waarde != standaard:
            return waarde


def _leeftijdsopbouw(rng: random.Random) -> dict[str, float]:
    """Shares in whole hundredths of a percent, so that their decimals add to exactly 1; some ages may be absent."""
    gewichten = [0.0 if rng.random() < 0.2 else rng.random() for _ in LEEFTIJDEN]
    gewichten[rng.randrange(len(gewichten))] += 0.1
    delen = [int(10_000 * gewicht / sum(gewichten)) for gewicht in gewichten]
    delen[rng.randrange(len(delen))] += 10_000 - sum(delen)
    return {leeftijd: deel / 10_000 for leeftijd, deel in zip(LEEFTIJDEN, delen, strict=True)}


def _getal(laag: float, hoog: float, *, bijzonder: tuple[float, ...] = (), decimalen: int = 4) -> Trekking:
    """Draw between laag and hoog with up to that many decimals; one in ten is a special value, if there are any."""

    def trekking(rng: random.Random) -> float:
        if bijzonder and rng.random() < 0.1:
            return float(rng.choice(bijzonder))
        return round(rng.uniform(laag, hoog), rng.randint(0, decimalen))

    return trekking


def _aandeel(laag: float = 0.0, hoog: float = 1.0) -> Trekking:
    """Draw a fraction of two to four decimals; one in ten is an end of the range."""

    def trekking(rng: random.Random) -> float:
        if rng.random() < 0.1:
            return rng.choice((laag, hoog))
        return min(hoog, max(laag, round(rng.uniform(laag, hoog), rng.randint(2, 4))))

    return trekking


def _bedrag(hoog: float) -> Trekking:
    return _getal(0, hoog, bijzonder=(0,))


def _geheel(laag: int, hoog: int) -> Trekking:
    return lambda rng: rng.randint(laag, hoog)


def _uit(*keuzes: Any) -> Trekking:
    return lambda rng: rng.choice(keuzes)


def _dag(rng: random.Random) -> date:
    return EERSTE_DAG + timedelta(days=rng.randint(0, (LAATSTE_DAG - EERSTE_DAG).days))


def _aantal_studenten(rng: random.Random) -> int:
    soort = rng.random()
    if soort < 0.08:
        return 0
    return rng.randint(1, 40) if soort < 0.85 else rng.randint(41, 500)


_JA_NEE = _uit("Ja", "Nee")

TREKKINGEN: dict[str, Trekking] = {
    "mbo_school": _uit("Voorbeeldcollege", "Vakschool De Proef"),
    "sw_bedrijf": _uit("Werkbedrijf Voorbeeld", "De Werkplaats"),
    "gemeente": _uit("Voorbeelddam", "Proefstad"),
    "ingevuld_door": _uit("A. Voorbeeld", "B. de Proef"),
    "ingevuld_op": _dag,
    "peildatum": _dag,
    "startjaar": _geheel(2019, 2030),
    "horizon": _geheel(1, 5),
    "discontovoet": _aandeel(0.0, 0.2),
    "indexatie": _aandeel(-0.05, 0.2),
    "aantal_studenten": _aantal_studenten,
    "groepsgrootte": _geheel(1, 30),
    "studieduur": _geheel(1, 3),
    "uitval_per_jaar": _aandeel(),
    "slagingspercentage": _aandeel(),
    "plaatsing_werk": _aandeel(),
    "behoud_werk": _aandeel(),
    "bot_uren": _getal(0, 1500, bijzonder=(0, 5000)),
    "aandeel_werkvloer": _aandeel(),
    "docent_tarief": _getal(0, 200, bijzonder=(0, 500)),
    "voorbereiding": _aandeel(),
    "coordinatie_uren": _getal(0, 400, bijzonder=(0, 5000)),
    "bpv_uren": _getal(0, 60, bijzonder=(0,)),
    "examinering": _bedrag(2_000),
    "leermiddelen_school": _bedrag(1_500),
    "reiskosten": _bedrag(10_000),
    "overhead_school": _aandeel(),
    "prijsfactor": _getal(0, 5, bijzonder=(0, 1, 5)),
    "rijksbijdrage_per_gewogen_student": _bedrag(20_000),
    "bijdrage_sw_school": _bedrag(5_000),
    "bijdrage_gemeente_school": _bedrag(5_000),
    "begeleiding_uren": _getal(0, 40, bijzonder=(0, 40)),
    "begeleiding_weken": _getal(0, 52, bijzonder=(0, 40, 52)),
    "begeleider_tarief": _getal(0, 150, bijzonder=(0, 500)),
    "jobcoach_uren": _getal(0, 200, bijzonder=(0,)),
    "jobcoach_tarief": _getal(0, 200, bijzonder=(0, 500)),
    "werkplek": _bedrag(10_000),
    "leslocatie": _bedrag(50_000),
    "coordinatie_uren_sw": _getal(0, 400, bijzonder=(0, 5000)),
    "overhead_sw": _aandeel(),
    "productieve_uren": _getal(0, 40, bijzonder=(0, 40)),
    "productieve_weken": _getal(0, 52, bijzonder=(0, 52)),
    "productiviteit_jaar1": _aandeel(),
    "productiviteit_groei": _aandeel(),
    "opbrengst_per_uur": _getal(0, 100, bijzonder=(0, 500)),
    "stagevergoeding": _bedrag(800),
    "werkgeverschap": _uit(*WERKGEVERSCHAP),
    "contracturen": _getal(0, 40, bijzonder=(0, 36, 38, 40)),
    "betaalde_schooldag": _JA_NEE,
    "schooluren": _getal(0, 16, bijzonder=(0, 40)),
    "loonopslag": _aandeel(),
    "verzuim": _aandeel(),
    "norisk_dekking": _aandeel(),
    "detachering_aandeel": _aandeel(),
    "inleentarief": _getal(0, 60, bijzonder=(0, 500)),
    "werkgever_opbrengst_per_uur": _getal(0, 100, bijzonder=(0, 500)),
    "werkgever_begeleiding_uren": _getal(0, 40, bijzonder=(0, 40)),
    "werkgever_begeleider_tarief": _getal(0, 150, bijzonder=(0, 500)),
    "sw_aandeel_regulier": _aandeel(),
    "lkv_toepassen": _JA_NEE,
    "lkv_aandeel": _aandeel(),
    "werkgever_omvang": _uit("Klein", "Groot"),
    "werkgeverslasten": _aandeel(0.0, 0.5),
    "pensioenpremie": _aandeel(0.0, 0.4),
    "aandeel_uitkering": _aandeel(),
    "uitkering_tijdens": _aandeel(),
    "uitkering_kosten": _bedrag(40_000),
    "uitvoeringskosten": _bedrag(10_000),
    "lks_aandeel": _aandeel(),
    "loonwaarde": _aandeel(),
    "lks_forfait": _JA_NEE,
    "lks_rijksvergoeding": _aandeel(),
    "trajectvergoeding": _bedrag(15_000),
    "jobcoachvergoeding": _bedrag(8_000),
    "reiskosten_student": _bedrag(3_000),
    "lks_na": _aandeel(),
    "loonwaarde_na": _aandeel(),
    "uren_na": _getal(0, 40, bijzonder=(0, 36, 40)),
    "kans_werk_nul": _aandeel(),
    "studiefinanciering_aandeel": _aandeel(),
    "maatschappelijke_effecten": _JA_NEE,
    "zorg_en_overig": _bedrag(25_000),
    **{
        veld: _bedrag(100_000)
        for veld in STANDAARD
        if veld.startswith(("eenmalige_kosten_", "overige_baten_", "overige_kosten_"))
    },
    # Own values: as wide as the figure allows without losing its meaning.
    "eigen_wml_uur": _getal(5, 30),
    "eigen_vakantietoeslag": _aandeel(0.0, 0.2),
    "eigen_lks_max": _aandeel(),
    "eigen_lks_forfait": _aandeel(),
    "eigen_lks_werkgeverslasten": _aandeel(0.0, 0.5),
    "eigen_lks_uren_voltijd": _getal(30, 40),
    "eigen_lkv_uur": _getal(0, 5),
    "eigen_lkv_max": _bedrag(8_000),
    "eigen_praktijkleren_max": _bedrag(4_000),
    "eigen_praktijkleren_betaald": _bedrag(4_000),
    "eigen_bekostiging_bbl_entree": _aandeel(),
    "eigen_bekostiging_bbl_n2": _aandeel(),
    "eigen_bekostiging_deel_studenten": _aandeel(),
    "eigen_bekostiging_deel_diploma": _aandeel(),
    "eigen_prijs_per_gewogen_student": _bedrag(20_000),
    "eigen_lesgeld_bol": _bedrag(2_500),
    "eigen_cursusgeld_bbl": _bedrag(1_500),
    "eigen_uitkering_kosten": _bedrag(40_000),
    "eigen_uitvoeringskosten": _bedrag(10_000),
    "eigen_werkgeverslasten_klein": _aandeel(0.0, 0.5),
    "eigen_werkgeverslasten_groot": _aandeel(0.0, 0.5),
    "eigen_basisbeurs_thuis": _bedrag(500),
    **{f"eigen_{kengetal}": _aandeel() for kengetal in GEBRUIKTE_KENGETALLEN if kengetal.startswith("jeugdpct_")},
    **{f"eigen_{kengetal}": _getal(0, 1500) for kengetal in GEBRUIKTE_KENGETALLEN if kengetal.startswith("uren_bot_")},
}
