"""Inputs of the test model: the defaults of the blank template, the cases and the parties.

A blank is None. Percentages are fractions. Fields per case are dictionaries over the cases in which they exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from toetsmodel_kengetallen import GEBRUIKTE_KENGETALLEN, NAN, kengetallen_op

BOL: tuple[str, ...] = ("bol1", "bol2")
BBL: tuple[str, ...] = ("bbl1", "bbl2")
GEVALLEN: tuple[str, ...] = BOL + BBL
PARTIJEN: tuple[str, ...] = ("mbo_school", "sw_bedrijf", "gemeente", "werkgever", "rijk", "student")
# The parties with their own lines for eenmalig and overig.
PARTIJEN_OVERIG: tuple[str, ...] = PARTIJEN[:4]

WERKGEVERSCHAP_SW = "SW-bedrijf"
WERKGEVERSCHAP_DETACHERING = "SW-bedrijf met detachering"
WERKGEVERSCHAP_REGULIER = "Reguliere werkgever"
WERKGEVERSCHAP: tuple[str, ...] = (WERKGEVERSCHAP_SW, WERKGEVERSCHAP_DETACHERING, WERKGEVERSCHAP_REGULIER)

LEEFTIJDEN: tuple[str, ...] = (
    "leeftijd_16_17",
    "leeftijd_18",
    "leeftijd_19",
    "leeftijd_20",
    "leeftijd_21_26",
    "leeftijd_27_plus",
)

Invoer = Mapping[str, Any]


def _alle(waarde: Any) -> dict[str, Any]:
    return dict.fromkeys(GEVALLEN, waarde)


def _vier(bol1: Any, bol2: Any, bbl1: Any, bbl2: Any) -> dict[str, Any]:
    return {"bol1": bol1, "bol2": bol2, "bbl1": bbl1, "bbl2": bbl2}


def _bol(waarde: Any) -> dict[str, Any]:
    return dict.fromkeys(BOL, waarde)


def _bbl(waarde: Any) -> dict[str, Any]:
    return dict.fromkeys(BBL, waarde)


STANDAARD: dict[str, Any] = {
    # Algemeen
    "regio_naam": None,
    "mbo_school": None,
    "sw_bedrijf": None,
    "gemeente": None,
    "ingevuld_door": None,
    "ingevuld_op": None,
    "peildatum": date(2026, 8, 1),
    "startjaar": 2026,
    "horizon": 5,
    "discontovoet": 0.0225,
    "indexatie": 0.0,
    # Groep
    "aantal_studenten": _alle(12),
    "groepsgrootte": _alle(12),
    "studieduur": _vier(1, 2, 1, 2),
    "uitval_per_jaar": _alle(0.15),
    "slagingspercentage": _alle(0.85),
    "plaatsing_werk": _alle(0.60),
    "behoud_werk": _alle(0.90),
    "leeftijd_16_17": 0.10,
    "leeftijd_18": 0.20,
    "leeftijd_19": 0.20,
    "leeftijd_20": 0.15,
    "leeftijd_21_26": 0.25,
    "leeftijd_27_plus": 0.10,
    # Mbo-school
    "bot_uren": _alle(None),
    "aandeel_werkvloer": _alle(0.80),
    "docent_tarief": _alle(95),
    "voorbereiding": _alle(0.50),
    "coordinatie_uren": _alle(80),
    "bpv_uren": _alle(12),
    "examinering": _alle(350),
    "leermiddelen_school": _alle(150),
    "reiskosten": _alle(2000),
    "overhead_school": _alle(0.20),
    "prijsfactor": _alle(1.0),
    "rijksbijdrage_per_gewogen_student": _alle(None),
    "bijdrage_sw_school": _alle(0),
    "bijdrage_gemeente_school": _alle(0),
    # SW-bedrijf
    "begeleiding_uren": _vier(4, 4, 3, 3),
    "begeleiding_weken": _alle(40),
    "begeleider_tarief": _alle(48),
    "jobcoach_uren": _alle(20),
    "jobcoach_tarief": _alle(85),
    "werkplek": _alle(1500),
    "leslocatie": _alle(4000),
    "coordinatie_uren_sw": _alle(60),
    "overhead_sw": _alle(0.15),
    "productieve_uren": _vier(16, 16, 24, 24),
    "productieve_weken": _vier(40, 40, 46, 46),
    "productiviteit_jaar1": _alle(0.30),
    "productiviteit_groei": _alle(0.10),
    "opbrengst_per_uur": _alle(22),
    "stagevergoeding": _bol(0),
    # Werkgeverschap
    "werkgeverschap": _bbl(WERKGEVERSCHAP_SW),
    "contracturen": _bbl(32),
    "betaalde_schooldag": _bbl("Ja"),
    "schooluren": _bbl(7),
    "loonopslag": _bbl(0.0),
    "verzuim": _bbl(0.08),
    "norisk_dekking": _bbl(0.0),
    "detachering_aandeel": _bbl(0.60),
    "inleentarief": _bbl(14),
    "werkgever_opbrengst_per_uur": _bbl(24),
    "werkgever_begeleiding_uren": _bbl(2),
    "werkgever_begeleider_tarief": _bbl(45),
    "sw_aandeel_regulier": _bbl(0.25),
    "lkv_toepassen": _bbl("Nee"),
    "lkv_aandeel": _bbl(0.50),
    # Loonkosten
    "werkgever_omvang": "Klein",
    "werkgeverslasten": None,
    "pensioenpremie": 0.08,
    # Gemeente
    "aandeel_uitkering": _alle(0.30),
    "uitkering_tijdens": _vier(0.50, 0.50, 0.0, 0.0),
    "uitkering_kosten": _alle(None),
    "uitvoeringskosten": _alle(None),
    "lks_aandeel": _bbl(0.60),
    "loonwaarde": _bbl(0.40),
    "lks_forfait": _bbl("Nee"),
    "lks_rijksvergoeding": _alle(1.0),
    "trajectvergoeding": _alle(2500),
    "jobcoachvergoeding": _bbl(0),
    "reiskosten_student": _alle(300),
    # Na uitstroom
    "lks_na": _alle(0.50),
    "loonwaarde_na": _alle(0.60),
    "uren_na": _alle(28),
    # Nulalternatief
    "kans_werk_nul": 0.10,
    # Student
    "studiefinanciering_aandeel": _bol(0.50),
    # Eenmalig en overig
    **{
        f"{regel}_{partij}": _alle(0)
        for regel in ("eenmalige_kosten", "overige_baten", "overige_kosten")
        for partij in PARTIJEN_OVERIG
    },
    # Maatschappelijke effecten
    "maatschappelijke_effecten": "Nee",
    "zorg_en_overig": 0,
    # Own values of kengetallen
    **{f"eigen_{kengetal}": None for kengetal in GEBRUIKTE_KENGETALLEN},
}


def controleer_velden(invoer: Invoer) -> None:
    """Raise ValueError for fields that are unknown or missing; own kengetal values may be left out."""
    optioneel = {f"eigen_{kengetal}" for kengetal in GEBRUIKTE_KENGETALLEN}
    onbekend = sorted(set(invoer) - set(STANDAARD))
    ontbreekt = sorted(set(STANDAARD) - optioneel - set(invoer))
    if onbekend or ontbreekt:
        raise ValueError(f"onbekende velden {onbekend}, ontbrekende velden {ontbreekt}")


def gebruikte_kengetallen(invoer: Invoer, rijen: Iterable[Mapping[str, str]]) -> dict[str, float]:
    """National values at the peildatum, each replaced by the own value where that is filled in."""
    landelijk = kengetallen_op(invoer["peildatum"], rijen) if invoer["peildatum"] is not None else {}
    gebruikt = {}
    for kengetal in GEBRUIKTE_KENGETALLEN:
        eigen = invoer.get(f"eigen_{kengetal}")
        gebruikt[kengetal] = landelijk.get(kengetal, NAN) if eigen is None else float(eigen)
    return gebruikt


def keuze_uit(waarde: str | None, keuzes: tuple[str, ...]) -> str | None:
    """Give a choice back, None when blank; raises ValueError for one that is not in the list."""
    if waarde is not None and waarde not in keuzes:
        raise ValueError(f"{waarde!r} is geen keuze uit {keuzes}")
    return waarde


class Gevalinvoer:
    """What one case reads: its inputs, NaN where a required one is blank, and the kengetallen used."""

    def __init__(self, invoer: Invoer, kengetallen: Mapping[str, float], geval: str) -> None:
        self.invoer = invoer
        self.kengetal = kengetallen
        self.geval = geval

    def veld(self, naam: str) -> Any:
        waarde = self.invoer[naam]
        return waarde[self.geval] if isinstance(waarde, Mapping) else waarde

    def getal(self, naam: str) -> float:
        waarde = self.veld(naam)
        return NAN if waarde is None else float(waarde)

    def getal_of_kengetal(self, naam: str, kengetal: str) -> float:
        return self.kengetal[kengetal] if self.veld(naam) is None else self.getal(naam)

    def als_ja(self, naam: str, ja: float, nee: float = 0.0) -> float:
        """The amount that a Ja/Nee field chooses; the other one is not looked at, a blank choice is unknown."""
        keuze = keuze_uit(self.veld(naam), ("Ja", "Nee"))
        return NAN if keuze is None else ja if keuze == "Ja" else nee
