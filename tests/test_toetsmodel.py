"""The test model against published totals, statutory check values and one case worked out by hand."""

from __future__ import annotations

import copy
import csv
import math
import random
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from toetsmodel import GEVALLEN, LIJNEN, STANDAARD, Geval, bereken, beste_geval, kengetallen_op
from toetsmodel_invoer import LEEFTIJDEN
from toetsmodel_kengetallen import (
    afronden,
    grootste,
    jeugdloon,
    kleinste,
    lks_forfaitmaand,
    lks_grondslag,
    lks_maand,
    macht,
    omhoog,
)
from toetsmodel_resultaat import terugverdienjaar
from willekeurig import willekeurige_invoer

HIER = Path(__file__).resolve().parent
PARTIJEN = ("mbo_school", "sw_bedrijf", "gemeente", "werkgever", "rijk", "student")
CENT = 0.005
WILLEKEURIGE_REGIOS = 60

# Each transfer with the line id under which both parties book it.
OVERDRACHTEN = (
    "rijksbijdrage cursusgeld lesgeld studiefinanciering bijdrage_sw_school bijdrage_gemeente_school trajectvergoeding "
    "reiskosten_student inleenvergoeding loon premies pensioen norisk lks praktijkleren lkv jobcoachvergoeding "
    "stagevergoeding bespaarde_uitkering rijksvergoeding_lks loon_na premies_na pensioen_na lks_na"
)


def _rijen() -> list[dict[str, str]]:
    with (HIER.parent / "mappings" / "kengetallen.csv").open(encoding="utf-8", newline="") as bestand:
        return list(csv.DictReader(bestand))


RIJEN = _rijen()


def _invoer(geval: str | None = None, /, **waarden: Any) -> dict[str, Any]:
    """STANDAARD with other values; fields per case change in that case only, or in all when no case is given."""
    invoer = copy.deepcopy(STANDAARD)
    for veld, waarde in waarden.items():
        if isinstance(invoer[veld], dict):
            assert geval is None or geval in invoer[veld], f"{veld} bestaat niet in {geval}"
            invoer[veld].update(dict.fromkeys(invoer[veld] if geval is None else (geval,), waarde))
        else:
            invoer[veld] = waarde
    return invoer


def _bereken(geval: str, /, **waarden: Any) -> Geval:
    return bereken(_invoer(geval, **waarden), RIJEN)[geval]


def _totaal(geval: Geval, partij: str, soort: str) -> float:
    waarde = geval.totalen[partij][soort]
    assert isinstance(waarde, float)
    return waarde


# Published totals over the horizon: baten, kosten, saldo, contante waarde per party; diplomas; maatschappelijk saldo.
GEPUBLICEERD: dict[str, tuple[str, dict[str, Any], dict[str, tuple[float, float, float, float]], float, float]] = {
    "bbl2, standaard": (
        "bbl2",
        {},
        {
            "mbo_school": (86541.14, 125909.58, -39368.44, -39034.97),
            "sw_bedrijf": (442234.34, 694828.32, -252593.98, -250298.62),
            "gemeente": (374808.25, 257220.50, 117587.75, 113671.32),
            "werkgever": (170451.54, 170451.54, 0.00, 0.00),
            "rijk": (87321.96, 333090.22, -245768.26, -242564.80),
            "student": (556701.76, 158412.25, 398289.51, 389083.15),
        },
        7.3695,
        -21853.41,
    ),
    "bbl1, detachering": (
        "bbl1",
        {
            "werkgeverschap": "SW-bedrijf met detachering",
            "lks_forfait": "Ja",
            "lkv_toepassen": "Ja",
            "loonwaarde": 0.25,
            "indexatie": 0.02,
            "horizon": 3,
            "norisk_dekking": 0.5,
            "loonopslag": 0.03,
        },
        {
            "mbo_school": (59701.35, 66706.80, -7005.45, -7005.45),
            "sw_bedrijf": (295123.81, 326916.67, -31792.86, -31792.86),
            "gemeente": (241493.52, 150481.13, 91012.39, 89307.29),
            "werkgever": (221236.38, 311194.33, -89957.95, -89957.95),
            "rijk": (58665.01, 222060.55, -163395.54, -163072.36),
            "student": (373196.97, 109610.65, 263586.32, 260465.29),
        },
        8.6700,
        62446.91,
    ),
    "bol2, 2025": (
        "bol2",
        {
            "peildatum": date(2025, 9, 1),
            "aantal_studenten": 20,
            "stagevergoeding": 50,
            "bijdrage_sw_school": 250,
            "kans_werk_nul": 0.2,
        },
        {
            "mbo_school": (329507.48, 530709.30, -201201.82, -199553.38),
            "sw_bedrijf": (252269.70, 488962.45, -236692.75, -234534.82),
            "gemeente": (118324.46, 130172.58, -11848.13, -13755.14),
            "werkgever": (174299.04, 174299.04, 0.00, 0.00),
            "rijk": (67845.88, 373764.23, -305918.34, -302002.59),
            "student": (199434.82, 113681.49, 85753.32, 79092.96),
        },
        12.2825,
        -669907.72,
    ),
}


@pytest.mark.parametrize("naam", GEPUBLICEERD)
def test_gepubliceerde_gevallen(naam: str) -> None:
    geval, waarden, partijen, diplomas, maatschappelijk = GEPUBLICEERD[naam]
    uitkomst = _bereken(geval, **waarden)
    for partij, verwacht in partijen.items():
        for soort, bedrag in zip(("baten", "kosten", "saldo", "contante_waarde"), verwacht, strict=True):
            # A published amount is rounded to the cent, so it may be off by half a cent and a hair.
            assert _totaal(uitkomst, partij, soort) == pytest.approx(bedrag, abs=CENT + 1e-6), (partij, soort)
    assert sum(uitkomst.volumes["diplomas"]) == pytest.approx(diplomas, abs=1e-9)
    assert _totaal(uitkomst, "maatschappelijk", "saldo") == pytest.approx(maatschappelijk, abs=CENT + 1e-6)


def test_loonkostensubsidie_controlewaarden() -> None:
    grondslag = lks_grondslag(14.99, 36, 36, 0.08)
    assert afronden(grondslag, 2) == 2525.52
    assert afronden(lks_maand(grondslag, 0.40, 0.70, 0.235), 2) == 1871.41
    assert afronden(0.70 * grondslag * 1.235, 2) == 2183.31
    # No loonwaarde at all meets the cap.
    assert afronden(lks_maand(grondslag, 0.0, 0.70, 0.235), 2) == 2183.31
    assert afronden(lks_forfaitmaand(grondslag, 0.50, 0.235), 2) == 1559.51
    # 2021: B is the minimum wage per month with holiday pay.
    grondslag_2021 = 1684.80 * 1.08
    assert afronden(lks_maand(grondslag_2021, 0.50, 0.70, 0.0), 2) == 909.79
    assert afronden(lks_maand(grondslag_2021, 0.50, 0.70, 0.235), 2) == 1123.59


def test_grondslag_telt_hoogstens_de_voltijdse_uren() -> None:
    assert lks_grondslag(10, 40, 36, 0.0) == pytest.approx(1560)  # 10 × 36 × 52 / 12
    assert lks_grondslag(10, 30, 36, 0.0) == pytest.approx(1300)  # 10 × 30 × 52 / 12


@pytest.mark.parametrize(
    ("waarde", "decimalen", "verwacht"),
    [(5.385, 2, 5.39), (2.675, 2, 2.68), (-2.675, 2, -2.68), (1.005, 2, 1.01), (0.5, 0, 1.0), (-0.004, 2, 0.0)],
)
def test_afronden_half_van_nul_af_op_de_decimale_waarde(waarde: float, decimalen: int, verwacht: float) -> None:
    assert afronden(waarde, decimalen) == verwacht


def test_jeugdloon_rondt_het_decimale_product_af() -> None:
    assert jeugdloon(10.77, 0.50) == 5.39  # 5.385, half away from zero
    assert jeugdloon(14.99, 0.50) == 7.50  # 7.495
    assert jeugdloon(14.99, 0.345) == 5.17  # 5.17155
    # 8.3 × 0.45 is 3.735, as floats 3.7350000000000003; 1.1 × 0.35 is 0.385, as floats 0.38499999999999995.
    assert jeugdloon(8.3, 0.45) == 3.74
    assert jeugdloon(1.1, 0.35) == 0.39
    assert math.isnan(jeugdloon(math.nan, 0.5))


def test_rekenfuncties_erven_nan() -> None:
    nan = math.nan
    for waarde in (kleinste(1, nan), kleinste(nan, 1), grootste(0, nan), grootste(nan, 0), macht(nan, 0), omhoog(nan)):
        assert math.isnan(waarde)
    assert math.isnan(afronden(nan, 2))
    assert (kleinste(2, 1), grootste(2, 1), macht(0.0, 0), omhoog(1.000000001), omhoog(2.0)) == (1, 2, 1.0, 2.0, 2.0)


# Worked by hand: one student, one study year, nobody leaves, everybody gets a diploma and a job. Ages: 20 % 16–17, 30 %
# 18, 50 % 21–26, so 80 % is 18+. Peildatum 2026-08-01.
KLEIN: dict[str, Any] = {
    "aantal_studenten": 1,
    "uitval_per_jaar": 0.0,
    "slagingspercentage": 1.0,
    "plaatsing_werk": 1.0,
    "leeftijd_16_17": 0.20,
    "leeftijd_18": 0.30,
    "leeftijd_19": 0.0,
    "leeftijd_20": 0.0,
    "leeftijd_21_26": 0.50,
    "leeftijd_27_plus": 0.0,
}


def _vergelijk(geval: Geval, jaar: int, verwacht: dict[tuple[str, str], dict[str, float]]) -> None:
    """Compare every line of the year: those named with their amount, all others with 0."""
    for partij, soort, regel in LIJNEN:
        bedrag = verwacht.get((partij, soort), {}).get(regel, 0.0)
        gevonden = geval.lijnen[partij, soort, regel][jaar - 1]
        assert gevonden == pytest.approx(bedrag, abs=1e-7), (partij, soort, regel)
    genoemd = {(partij, soort, regel) for (partij, soort), regels in verwacht.items() for regel in regels}
    assert genoemd <= set(LIJNEN)


def test_handberekening_bol1() -> None:
    geval = _bereken("bol1", **KLEIN, horizon=1, stagevergoeding=50)
    _vergelijk(
        geval,
        1,
        {
            # 1 student × factor 1 × prijsfactor 1 × 10 757
            ("mbo_school", "baten"): {"rijksbijdrage": 10757.0},
            ("mbo_school", "kosten"): {
                "docenten": 71250.0,  # 1 group × 500 hours × 1.5 × 95
                "coordinatie": 7600.0,  # 80 × 95
                "bpv_begeleiding": 1140.0,  # 12 × 95
                "examinering": 350.0,
                "leermiddelen": 150.0,
                "reiskosten": 1600.0,  # 2 000 × 80 %
                "overhead": 16418.0,  # 20 % of 71 250 + 7 600 + 1 140 + 350 + 150 + 1 600 = 82 090
            },
            # 16 × 40 = 640 hours × 30 % × 22
            ("sw_bedrijf", "baten"): {"productie": 4224.0, "trajectvergoeding": 2500.0},
            ("sw_bedrijf", "kosten"): {
                "stagevergoeding": 600.0,  # 12 × 50
                "praktijkbegeleiding": 7680.0,  # 4 × 40 × 48
                "jobcoach": 1700.0,  # 20 × 85
                "werkplek": 1500.0,
                "leslocatie": 4000.0,
                "coordinatie": 2880.0,  # 60 × 48
                "overhead": 2664.0,  # 15 % of 7 680 + 1 700 + 1 500 + 4 000 + 2 880 = 17 760
            },
            # Benefits: without 1 × 30 % × 90 % = 0.27, with 1 × 30 % × 50 % = 0.15, saved 0.12
            ("gemeente", "baten"): {"bespaarde_uitkering": 2391.72, "bespaarde_uitvoering": 345.96},  # × 19 931, 2 883
            ("gemeente", "kosten"): {"trajectvergoeding": 2500.0, "reiskosten_student": 300.0},
            ("rijk", "baten"): {"lesgeld": 1135.20},  # 80 % × 1 419
            ("rijk", "kosten"): {"rijksbijdrage": 10757.0, "studiefinanciering": 479.712},  # 80 % × 50 % × 12 × 99.94
            ("student", "baten"): {
                "studiefinanciering": 479.712,
                "reiskosten_student": 300.0,
                "stagevergoeding": 600.0,
            },
            ("student", "kosten"): {"lesgeld": 1135.20, "bespaarde_uitkering": 2391.72},
        },
    )
    saldi = {
        "mbo_school": -87751.0,  # 10 757 − 98 508
        "sw_bedrijf": -14300.0,  # 6 724 − 21 024
        "gemeente": -62.32,  # 2 737.68 − 2 800
        "werkgever": 0.0,
        "rijk": -10101.512,  # 1 135.20 − 11 236.712
        "student": -2147.208,  # 1 379.712 − 3 526.92
        "maatschappelijk": -114362.04,  # real lines only: 4 224 + 345.96 − 98 508 − 20 424
    }
    for partij, saldo in saldi.items():
        totaal = geval.totalen[partij]
        # One student, one diploma, one year without discount: all the same amount.
        for soort in ("saldo", "contante_waarde", "per_student", "per_diploma"):
            assert totaal[soort] == pytest.approx(saldo, abs=1e-7), (partij, soort)
    assert geval.totalen["mbo_school"]["terugverdienjaar"] == "niet binnen de horizon"
    assert geval.totalen["werkgever"]["terugverdienjaar"] == "n.v.t."


def test_handberekening_bbl1_met_detachering_en_een_jaar_werk() -> None:
    geval = _bereken(
        "bbl1",
        **KLEIN,
        horizon=2,
        werkgeverschap="SW-bedrijf met detachering",
        betaalde_schooldag="Nee",
        norisk_dekking=0.50,
        lks_forfait="Ja",
        lkv_toepassen="Ja",
        jobcoachvergoeding=400,
        maatschappelijke_effecten="Ja",
        zorg_en_overig=1000,
    )
    # wml_bbl: ages 16–17 mean of 5.17 (14.99 × 34.5 %) and 5.92 (39.5 %) = 5.545; 18: 6.82 (45.5 %); 21+: 14.99
    #   20 % × 5.545 + 30 % × 6.82 + 50 % × 14.99 = 1.109 + 2.046 + 7.495 = 10.65
    # paid hours 32 − 7 = 25; loon 10.65 × 25 × 52 × 1.08 = 14 952.60
    # LKS: B = 14 952.60 / 12 = 1 246.05; ordinary month 60 % × 1 246.05 × 1.235 = 923.32305 (the cap is 70 %)
    #   forfait month 50 % × 1 246.05 × 1.235 = 769.435875
    #   6 × 923.32305 + 6 × 769.435875 = 10 156.55355; × (1 − 8 % × 50 %) = 9 750.291408; × 60 % = 5 850.1748448
    # production hours 24 × 46 = 1 104, at 30 % 331.2
    _vergelijk(
        geval,
        1,
        {
            # 0.5 × 10 757 = 5 378.50, less cursusgeld 80 % × 295 = 236
            ("mbo_school", "baten"): {"rijksbijdrage": 5142.50, "cursusgeld": 236.0},
            ("mbo_school", "kosten"): {
                "docenten": 28500.0,  # 200 × 1.5 × 95
                "coordinatie": 7600.0,
                "bpv_begeleiding": 1140.0,
                "examinering": 350.0,
                "leermiddelen": 150.0,
                "reiskosten": 1600.0,
                "overhead": 7868.0,  # 20 % of 39 340
            },
            ("sw_bedrijf", "baten"): {
                "productie": 2914.56,  # 331.2 × 22 × 40 %
                "trajectvergoeding": 2500.0,
                "inleenvergoeding": 9273.60,  # 1 104 × 60 % × 14
                "norisk": 598.104,  # 14 952.60 × 8 % × 50 %
                "lks": 5850.1748448,
                "praktijkleren": 2545.83,
                "lkv": 656.50,  # 1.01 × 25 × 52 = 1 313; × 50 %
                "jobcoachvergoeding": 400.0,
            },
            ("sw_bedrijf", "kosten"): {
                "loon": 14952.60,
                "premies": 2561.38038,  # 17.13 %
                "pensioen": 1196.208,  # 8 %
                "praktijkbegeleiding": 2304.0,  # 3 × 40 × 48 × 40 %
                "jobcoach": 1700.0,
                "werkplek": 600.0,  # 1 500 × 40 %
                "leslocatie": 4000.0,
                "coordinatie": 2880.0,
                "overhead": 1722.60,  # 15 % of 11 484
            },
            # Benefits: without 0.27, with 0 (none kept, nobody beside the programme)
            ("gemeente", "baten"): {
                "bespaarde_uitkering": 5381.37,  # 0.27 × 19 931
                "bespaarde_uitvoering": 778.41,  # 0.27 × 2 883
                "rijksvergoeding_lks": 5850.1748448,
            },
            ("gemeente", "kosten"): {
                "trajectvergoeding": 2500.0,
                "reiskosten_student": 300.0,
                "lks": 5850.1748448,
                "jobcoachvergoeding": 400.0,
            },
            ("werkgever", "baten"): {"productie": 4769.28},  # 331.2 × 24 × 60 %
            ("werkgever", "kosten"): {"inleenvergoeding": 9273.60, "begeleiding": 3600.0},  # 2 × 40 × 45
            ("rijk", "baten"): {"premies": 2561.38038},
            ("rijk", "kosten"): {
                "rijksbijdrage": 5142.50,
                "norisk": 598.104,
                "praktijkleren": 2545.83,
                "lkv": 656.50,
                "rijksvergoeding_lks": 5850.1748448,
            },
            ("student", "baten"): {"reiskosten_student": 300.0, "loon": 14952.60, "pensioen": 1196.208},
            ("student", "kosten"): {"cursusgeld": 236.0, "bespaarde_uitkering": 5381.37},
        },
    )
    # Year 2: one graduate at work; without the programme also at work 1 − 0.9² so netto_werk = 0.81.
    # wml_regulier: 1.109 + 30 % × 7.50 (14.99 × 50 % = 7.495) + 7.495 = 10.854
    # loon_na 0.81 × 10.854 × 28 × 52 × 1.08 = 0.81 × 17 067.69792 = 13 824.8353152
    # LKS: B = 17 067.69792 / 12 = 1 422.30816; month 40 % × B × 1.235 = 702.62023104
    #   0.81 × 50 % × 12 × 702.62023104 = 3 414.7343228544
    # productie_na 13 824.8353152 + 2 368.19428949376 + 1 105.986825216 − 3 414.7343228544 = 13 884.28210705536
    _vergelijk(
        geval,
        2,
        {
            # Benefits: without 30 % × 0.81 = 0.243, with 0
            ("gemeente", "baten"): {
                "bespaarde_uitkering": 4843.233,  # 0.243 × 19 931
                "bespaarde_uitvoering": 700.569,  # 0.243 × 2 883
                "rijksvergoeding_lks": 3414.7343228544,
            },
            ("gemeente", "kosten"): {"lks_na": 3414.7343228544},
            ("werkgever", "baten"): {"productie_na": 13884.28210705536, "lks_na": 3414.7343228544},
            ("werkgever", "kosten"): {
                "loon_na": 13824.8353152,
                "premies_na": 2368.19428949376,  # 17.13 %
                "pensioen_na": 1105.986825216,  # 8 %
            },
            ("rijk", "baten"): {"premies_na": 2368.19428949376, "zorg_en_overig": 810.0},  # 0.81 × 1 000
            ("rijk", "kosten"): {"rijksvergoeding_lks": 3414.7343228544},
            ("student", "baten"): {"loon_na": 13824.8353152, "pensioen_na": 1105.986825216},
            ("student", "kosten"): {"bespaarde_uitkering": 4843.233},
        },
    )
    gemeente = geval.totalen["gemeente"]
    # Year 1: 12 009.9548448 − 9 050.1748448 = 2 959.78; year 2: 8 958.5363228544 − 3 414.7343228544 = 5 543.802
    assert gemeente["saldo"] == pytest.approx(8503.582, abs=1e-7)
    assert gemeente["contante_waarde"] == pytest.approx(2959.78 + 5543.802 / 1.0225, abs=1e-7)
    assert gemeente["terugverdienjaar"] == 1


def test_kengetallen_volgen_de_peildatum() -> None:
    toen, nu = kengetallen_op(date(2021, 1, 15), RIJEN), kengetallen_op(date(2026, 8, 1), RIJEN)
    verwacht = {
        "wml_uur": (10.80, 14.99),
        "wml_maand": (1684.80, 2337.00),
        "werkgeverslasten_klein": (0.1859, 0.1713),
        "werkgeverslasten_groot": (0.1859, 0.1849),
        "praktijkleren_betaald": (2700.00, 2545.83),
        "uren_bot_bol_entree": (600, 500),
        "uren_bot_bol_n2": (700, 500),
        "uren_bot_bol_n2_jaar2": (550, 500),
        "lesgeld_bol": (1202, 1419),
        "cursusgeld_bbl": (250, 295),
        "uitkering_kosten": (14400, 19931),
        "basisbeurs_thuis": (85.13, 99.94),
        "vakantietoeslag": (0.08, 0.08),
        "jeugdpct_bbl_18": (0.455, 0.455),
        "bekostiging_bbl_n2": (0.4, 0.4),
    }
    assert {kengetal: (toen[kengetal], nu[kengetal]) for kengetal in verwacht} == verwacht
    assert math.isnan(toen["prijs_per_gewogen_student"])
    assert nu["prijs_per_gewogen_student"] == 10757


def test_kengetal_geldt_vanaf_de_dag_zelf_en_een_lege_waarde_beeindigt_het() -> None:
    assert kengetallen_op(date(2026, 6, 30), RIJEN)["wml_uur"] == 14.71
    assert kengetallen_op(date(2026, 7, 1), RIJEN)["wml_uur"] == 14.99
    assert kengetallen_op(date(2021, 7, 31), RIJEN)["cursusgeld_bbl"] == 250
    assert math.isnan(kengetallen_op(date(2021, 8, 1), RIJEN)["cursusgeld_bbl"])
    assert math.isnan(kengetallen_op(date(2024, 7, 31), RIJEN)["cursusgeld_bbl"])
    assert kengetallen_op(date(2024, 8, 1), RIJEN)["cursusgeld_bbl"] == 295
    # Before its first row a kengetal is named and unknown.
    assert math.isnan(kengetallen_op(date(2019, 12, 31), RIJEN)["basisbeurs_thuis"])


def test_kengetallen_hangen_niet_af_van_de_volgorde_van_de_rijen() -> None:
    dag = date(2022, 3, 1)
    vooruit, achteruit = kengetallen_op(dag, RIJEN), kengetallen_op(dag, reversed(RIJEN))
    assert vooruit.keys() == achteruit.keys()
    for kengetal, waarde in vooruit.items():
        assert waarde == achteruit[kengetal] or (math.isnan(waarde) and math.isnan(achteruit[kengetal])), kengetal


def test_onbekend_cursusgeld_maakt_alleen_wat_ervan_afhangt_onberekenbaar() -> None:
    dag = date(2022, 9, 1)
    zonder = bereken(_invoer(peildatum=dag, eigen_prijs_per_gewogen_student=9000), RIJEN)
    for geval in ("bbl1", "bbl2"):
        for partij in ("mbo_school", "rijk", "student", "maatschappelijk"):
            assert math.isnan(_totaal(zonder[geval], partij, "saldo")), (geval, partij)
            assert math.isnan(_totaal(zonder[geval], partij, "contante_waarde")), (geval, partij)
            terugverdien = zonder[geval].totalen[partij]["terugverdienjaar"]
            assert isinstance(terugverdien, float) and math.isnan(terugverdien), (geval, partij)
        for partij in ("sw_bedrijf", "gemeente", "werkgever"):
            assert math.isfinite(_totaal(zonder[geval], partij, "saldo")), (geval, partij)
    # Leerweg bol has no cursusgeld: a true 0, so nothing is unknown there.
    for geval in ("bol1", "bol2"):
        assert zonder[geval].lijnen["student", "kosten", "cursusgeld"] == [0.0] * 5
        assert all(math.isfinite(_totaal(zonder[geval], partij, "saldo")) for partij in PARTIJEN)
    # A share of 0 % of 18+ students is a factor, not a choice: the amount stays unknown.
    jong = dict.fromkeys(LEEFTIJDEN, 0.0) | {"leeftijd_16_17": 1.0}
    assert math.isnan(_bereken("bbl1", peildatum=dag, **jong).lijnen["student", "kosten", "cursusgeld"][0])
    # An own value mends it: studenten(1) = (12 + 10.2) / 2 = 11.1; × 90 % × 300.
    met = _bereken("bbl1", peildatum=dag, eigen_prijs_per_gewogen_student=9000, eigen_cursusgeld_bbl=300)
    assert met.lijnen["student", "kosten", "cursusgeld"][0] == pytest.approx(2997.0)
    # rijksbijdrage 11.1 × 0.5 × 9 000 less that cursusgeld
    assert met.lijnen["rijk", "kosten", "rijksbijdrage"][0] == pytest.approx(49950.0 - 2997.0)
    assert math.isfinite(_totaal(met, "maatschappelijk", "saldo"))


def test_onbekende_prijs_voor_2024() -> None:
    dag = date(2023, 12, 31)
    uitkomst = _bereken("bol1", peildatum=dag)
    assert all(math.isnan(bedrag) for bedrag in uitkomst.lijnen["mbo_school", "baten", "rijksbijdrage"])
    assert math.isfinite(_totaal(uitkomst, "mbo_school", "kosten"))
    # No students does not make the price known.
    assert math.isnan(_totaal(_bereken("bol1", peildatum=dag, aantal_studenten=0), "mbo_school", "baten"))
    # The own kengetal, or the amount of this case, mends it; a typed 0 is 0.
    for bedrag, mits in (
        (111000.0, {"eigen_prijs_per_gewogen_student": 10000}),  # 11.1 × 10 000
        (88800.0, {"rijksbijdrage_per_gewogen_student": 8000}),
        (0.0, {"rijksbijdrage_per_gewogen_student": 0}),
    ):
        gemend = _bereken("bol1", peildatum=dag, **mits)
        assert gemend.lijnen["mbo_school", "baten", "rijksbijdrage"][0] == pytest.approx(bedrag)


def test_lege_verplichte_invoer_is_nooit_nul() -> None:
    zonder_tarief = _bereken("bbl1", inleentarief=None)
    # Without detachering det is 0: a factor, so the line is unknown all the same.
    assert math.isnan(zonder_tarief.lijnen["werkgever", "kosten", "inleenvergoeding"][0])
    assert math.isnan(_totaal(zonder_tarief, "sw_bedrijf", "saldo"))
    assert math.isfinite(_totaal(zonder_tarief, "mbo_school", "saldo"))
    # A Nee makes the line a true 0 whatever it would have needed.
    assert _bereken("bbl1", lkv_aandeel=None).lijnen["rijk", "kosten", "lkv"] == [0.0] * 5
    assert math.isnan(_bereken("bbl1", lkv_aandeel=None, lkv_toepassen="Ja").lijnen["rijk", "kosten", "lkv"][0])
    assert math.isnan(_bereken("bbl1", lkv_toepassen=None).lijnen["rijk", "kosten", "lkv"][0])
    assert math.isfinite(_totaal(_bereken("bbl1", schooluren=None), "sw_bedrijf", "kosten"))
    assert math.isnan(_totaal(_bereken("bbl1", schooluren=None, betaalde_schooldag="Nee"), "sw_bedrijf", "kosten"))
    # Blank werkgeverschap: nobody knows who pays.
    onbekend = _bereken("bbl2", werkgeverschap=None)
    assert math.isnan(onbekend.lijnen["sw_bedrijf", "kosten", "loon"][0])
    assert math.isnan(onbekend.lijnen["werkgever", "kosten", "loon"][0])
    for veld in ("aantal_studenten", "studieduur", "horizon", "discontovoet", "indexatie"):
        leeg = _bereken("bol2", **{veld: None})
        assert math.isnan(_totaal(leeg, "mbo_school", "contante_waarde")), veld


def test_onbekende_velden_en_keuzes_worden_geweigerd() -> None:
    with pytest.raises(ValueError, match="verzonnen_veld"):
        bereken(STANDAARD | {"verzonnen_veld": 1}, RIJEN)
    with pytest.raises(ValueError, match="horizon"):
        bereken({veld: waarde for veld, waarde in STANDAARD.items() if veld != "horizon"}, RIJEN)
    with pytest.raises(ValueError, match="misschien"):
        bereken(_invoer(lkv_toepassen="misschien"), RIJEN)


@pytest.mark.parametrize(
    ("saldo", "horizon", "verwacht"),
    [
        ([1.0, 1.0, 1.0, 1.0, 1.0], 5, 1),
        ([-10.0, 4.0, 6.0, 0.0, 0.0], 5, 3),  # cumulative −10 −6 0
        ([-10.0, 4.0, 6.0, 0.0, 0.0], 2, "niet binnen de horizon"),
        ([5.0, -10.0, 4.0, 4.0, 0.0], 5, 4),  # cumulative 5 −5 −1 3: year 1 does not last
        ([5.0, 0.0, 0.0, 0.0, -6.0], 5, "niet binnen de horizon"),
        ([-0.004, 0.0, 0.0, 0.0, 0.0], 5, 1),  # rounds to 0.00
        ([-0.006, 0.0, 0.0, 0.0, 0.01], 5, 5),
        ([0.0, 0.0, 0.0, 0.0, 7.0], 4, "n.v.t."),
    ],
)
def test_terugverdienjaar(saldo: list[float], horizon: int, verwacht: int | str) -> None:
    assert terugverdienjaar(saldo, [saldo], horizon) == verwacht


def test_terugverdienjaar_nvt_kijkt_naar_de_lijnen_en_niet_naar_het_saldo() -> None:
    nul, tien = [0.0] * 5, [10.0] * 5
    assert terugverdienjaar(nul, [nul, nul], 5) == "n.v.t."
    assert terugverdienjaar(nul, [tien, tien], 5) == 1
    onbekend = terugverdienjaar([math.nan] * 5, [[math.nan] * 5], 5)
    assert isinstance(onbekend, float) and math.isnan(onbekend)


def test_niets_te_delen_is_nvt() -> None:
    leeg = _bereken("bol2", aantal_studenten=0)
    assert leeg.totalen["mbo_school"]["per_student"] is None
    assert leeg.totalen["mbo_school"]["per_diploma"] is None
    assert leeg.totalen["mbo_school"]["terugverdienjaar"] == "n.v.t."
    # Diplomas come in year 2, after a horizon of 1: nothing to divide by, but there are students.
    kort = _bereken("bol2", horizon=1)
    assert kort.volumes["diplomas"][1] == pytest.approx(7.3695)
    assert kort.totalen["mbo_school"]["per_diploma"] is None
    assert kort.totalen["mbo_school"]["per_student"] == pytest.approx(_totaal(kort, "mbo_school", "saldo") / 12)


def test_horizon_snijdt_het_geld_af_en_niet_de_aantallen() -> None:
    lang, kort = _bereken("bbl2"), _bereken("bbl2", horizon=3)
    assert kort.volumes == lang.volumes
    for lijn in LIJNEN:
        assert kort.lijnen[lijn] == [*lang.lijnen[lijn][:3], 0.0, 0.0], lijn


def test_volumes_van_twee_studiejaren() -> None:
    v = _bereken("bol2", aantal_studenten=13, groepsgrootte=6, behoud_werk=0.5).volumes
    assert v["begin"] == pytest.approx([13, 11.05, 0, 0, 0])
    assert v["uitvallers"] == pytest.approx([1.95, 1.6575, 0, 0, 0])
    assert v["eind"] == pytest.approx([11.05, 9.3925, 0, 0, 0])
    assert v["studenten"] == pytest.approx([12.025, 10.22125, 0, 0, 0])
    assert v["groepen"] == [3, 2, 0, 0, 0]
    assert v["diplomas"] == pytest.approx([0, 7.983625, 0, 0, 0])  # 9.3925 × 85 %
    assert v["gediplomeerd"] == pytest.approx([0, 0, 7.983625, 7.983625, 7.983625])
    assert v["werk"] == pytest.approx([0, 0, 4.790175, 2.3950875, 1.19754375])  # 60 %, then half each year
    assert v["netto_werk"][3] == pytest.approx(2.3950875 * 0.6561)  # 0.9⁴
    assert v["uitkering_nul"][0] == pytest.approx(3.51)  # 13 × 30 % × 90 %
    # 12.025 × 30 % × 50 % + 0.975 × 30 % × 90 %
    assert v["uitkering_traject"][0] == pytest.approx(1.80375 + 0.26325)
    assert v["bespaarde_uitkeringsjaren"][0] == pytest.approx(1.443)
    assert v["productiviteit"] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7])
    assert _bereken("bol2", productiviteit_groei=0.4).volumes["productiviteit"] == pytest.approx([0.3, 0.7, 1, 1, 1])


def test_groepen_struikelen_niet_over_de_laatste_bit() -> None:
    # 50 students, 58 % leave: 21 start year 2, in floats 21.000000000000004; three groups of seven, not four.
    v = _bereken("bol2", aantal_studenten=50, groepsgrootte=7, uitval_per_jaar=0.58).volumes
    assert v["begin"][1] > 21
    assert v["groepen"][:2] == [8, 3]


def test_onderwijsuren_per_jaar_en_typen() -> None:
    dag = date(2025, 9, 1)
    # One group × hours × 1.5 × 95
    per_uur = 142.5
    uren = {"bol1": (600, 0), "bol2": (700, 550), "bbl1": (200, 0), "bbl2": (200, 200)}
    for geval, (jaar1, jaar2) in uren.items():
        docenten = _bereken(geval, peildatum=dag).lijnen["mbo_school", "kosten", "docenten"]
        assert docenten[:3] == pytest.approx([jaar1 * per_uur, jaar2 * per_uur, 0]), geval
    getypt = _bereken("bol2", peildatum=dag, bot_uren=100).lijnen["mbo_school", "kosten", "docenten"]
    assert getypt[:3] == pytest.approx([14250.0, 14250.0, 0])


def test_reguliere_werkgever_draagt_loon_en_werkvloer() -> None:
    lijnen = _bereken("bbl1", werkgeverschap="Reguliere werkgever").lijnen
    for regel in ("loon", "premies", "pensioen"):
        assert lijnen["sw_bedrijf", "kosten", regel] == [0.0] * 5
        assert lijnen["werkgever", "kosten", regel][0] > 0
    for regel in ("lks", "praktijkleren"):
        assert lijnen["sw_bedrijf", "baten", regel] == [0.0] * 5
        assert lijnen["werkgever", "baten", regel][0] > 0
    assert lijnen["sw_bedrijf", "baten", "productie"] == [0.0] * 5
    assert lijnen["werkgever", "kosten", "inleenvergoeding"] == [0.0] * 5
    # studenten 11.1: 11.1 × 1 104 × 30 % × 24; × 3 × 40 × 48 × 25 %; × 1 500 × 25 %; × 2 × 40 × 45
    assert lijnen["werkgever", "baten", "productie"][0] == pytest.approx(88231.68)
    assert lijnen["sw_bedrijf", "kosten", "praktijkbegeleiding"][0] == pytest.approx(15984.0)
    assert lijnen["sw_bedrijf", "kosten", "werkplek"][0] == pytest.approx(4162.5)
    assert lijnen["werkgever", "kosten", "begeleiding"][0] == pytest.approx(39960.0)


# studenten(1) is 11.1 in all of these; wml_bbl of the default ages by hand: 10 % × 5.545 + 20 % × 6.82 + 20 % × 7.87
# (14.99 × 52.5 % = 7.86975) + 15 % × 9.22 (61.5 %: 9.21885) + 35 % × 14.99 = 10.122;
# × 32 × 52 × 1.08 = 18 190.44864 a year
@pytest.mark.parametrize(
    ("partij", "soort", "regel", "bedrag", "waarden"),
    [
        (
            "rijk",
            "kosten",
            "lkv",
            11100.0,
            {"lkv_toepassen": "Ja", "contracturen": 40},
        ),  # 2 100.80 meets the cap of 2 000
        ("rijk", "kosten", "lkv", 9327.552, {"lkv_toepassen": "Ja"}),  # 11.1 × 50 % × 1.01 × 32 × 52
        ("rijk", "kosten", "praktijkleren", 14129.3565, {"begeleiding_weken": 20}),  # 11.1 × 2 545.83 × 20 / 40
        ("rijk", "kosten", "praktijkleren", 28258.713, {"begeleiding_weken": 52}),  # 52 weeks count as 40
        ("rijk", "kosten", "praktijkleren", 11100.0, {"eigen_praktijkleren_max": 1000}),
        ("student", "baten", "loon", 201913.979904, {}),  # 11.1 × 18 190.44864
        ("student", "baten", "loon", 252392.47488, {"loonopslag": 0.25}),
        ("student", "baten", "loon", 0.0, {"betaalde_schooldag": "Nee", "schooluren": 40}),  # never below no hours
        ("rijk", "baten", "premies", 37333.89488425, {"werkgever_omvang": "Groot"}),  # 18.49 %
        ("rijk", "baten", "premies", 0.0, {"werkgeverslasten": 0}),  # a typed 0 is 0
        ("rijk", "kosten", "norisk", 8076.55919616, {"norisk_dekking": 0.5}),  # 8 % × 50 %
        # B × 12 is the wage up to 36 hours; 60 % of the students; × 1.235; 70 % at most, 60 % by loonwaarde 40 %
        ("gemeente", "kosten", "lks", 104732.78137620, {"loonwaarde": 0}),
        ("gemeente", "kosten", "lks", 89770.95546532, {}),
        ("gemeente", "kosten", "lks", 0.0, {"loonwaarde": 1}),
        ("gemeente", "kosten", "lks", 100992.32489848, {"contracturen": 40}),  # × 36 / 32
    ],
)
def test_eenheidsbedragen(partij: str, soort: str, regel: str, bedrag: float, waarden: dict[str, Any]) -> None:
    assert _bereken("bbl1", **waarden).lijnen[partij, soort, regel][0] == pytest.approx(bedrag, abs=1e-6)


def test_eenmalig_en_overig_buiten_overhead() -> None:
    kaal = _bereken("bol2")
    extra = _bereken(
        "bol2",
        eenmalige_kosten_mbo_school=1000,
        overige_kosten_mbo_school=200,
        overige_baten_mbo_school=50,
        indexatie=0.1,
    )
    assert extra.lijnen["mbo_school", "kosten", "eenmalige_kosten"] == [1000, 0, 0, 0, 0]
    assert extra.lijnen["mbo_school", "kosten", "overige_kosten"] == pytest.approx([200, 220, 0, 0, 0])
    assert extra.lijnen["mbo_school", "baten", "overige_baten"] == pytest.approx([50, 55, 0, 0, 0])
    overhead = kaal.lijnen["mbo_school", "kosten", "overhead"]
    assert extra.lijnen["mbo_school", "kosten", "overhead"][:2] == pytest.approx([overhead[0], overhead[1] * 1.1])


def test_beste_geval() -> None:
    alles = beste_geval(bereken(_invoer(), RIJEN))
    # Under SW-bedrijf the employer breaks even in every case: all four tie.
    assert alles["werkgever"] == list(GEVALLEN)
    # School, bol1: baten 11.1 × 10 757 = 119 402.70; kosten 1.2 × (71 250 + 7 600 + 11.1 × 1 140 + 10.2 × 350
    # + 11.1 × 150 + 1 600 = 98 339) = 118 006.80: the only case with a yield. bbl1 loses 7 005.45, as published.
    assert alles["mbo_school"] == ["bol1"]
    # A case without students is no candidate, even if its saldo of 0 is the highest.
    zonder = beste_geval(bereken(_invoer("bol1", aantal_studenten=0), RIJEN))
    assert zonder["mbo_school"] == ["bbl1"]
    assert zonder["werkgever"] == ["bol2", "bbl1", "bbl2"]
    # Nobody anywhere, or a candidate that can't be calculated: no best case.
    assert beste_geval(bereken(_invoer(aantal_studenten=0), RIJEN))["student"] == []
    assert beste_geval(bereken(_invoer("bbl1", verzuim=None), RIJEN))["sw_bedrijf"] == []


def _willekeurig(zaad: int) -> dict[str, Any]:
    return willekeurige_invoer(random.Random(zaad))


@pytest.mark.parametrize("zaad", range(WILLEKEURIGE_REGIOS))
def test_willekeurige_regio_sluit(zaad: int) -> None:
    invoer = _willekeurig(zaad)
    duur = invoer["studieduur"]
    for naam, geval in bereken(invoer, RIJEN).items():
        schaal = 1 + max((abs(b) for rij in geval.lijnen.values() for b in rij if math.isfinite(b)), default=0)
        for regel in OVERDRACHTEN.split():
            for t in range(5):
                baten, kosten = (
                    sum(geval.lijnen[lijn][t] for lijn in LIJNEN if lijn[1:] == (soort, regel))
                    for soort in ("baten", "kosten")
                )
                assert baten == pytest.approx(kosten, abs=1e-9 * schaal, nan_ok=True), (naam, regel, t)
        for soort in ("baten", "kosten", "saldo", "contante_waarde"):
            som = sum(_totaal(geval, partij, soort) for partij in PARTIJEN)
            verschil = pytest.approx(_totaal(geval, "maatschappelijk", soort), abs=1e-8 * schaal, nan_ok=True)
            assert som == verschil, (naam, soort)
        v = geval.volumes
        n, d = invoer["aantal_studenten"][naam], duur[naam]
        gezakt = v["eind"][d - 1] * (1 - invoer["slagingspercentage"][naam])
        for t in range(1, 6):
            onderweg = v["eind"][t - 1] if t < d else gezakt + sum(v["diplomas"])
            assert onderweg + sum(v["uitvallers"][:t]) == pytest.approx(n, abs=1e-9), (naam, t)


def test_elke_overdracht_heeft_twee_kanten_en_alleen_die() -> None:
    namen = OVERDRACHTEN.split()
    for regel in namen:
        assert {soort for _, soort, naam in LIJNEN if naam == regel} == {"baten", "kosten"}, regel
    # What a real line has in common with others is its name only: no line outside the list is booked on both sides.
    overig = {regel for _, _, regel in LIJNEN} - set(namen)
    for regel in overig:
        assert len({soort for _, soort, naam in LIJNEN if naam == regel}) == 1, regel


def test_willekeurige_regio_is_geldig_en_herhaalbaar() -> None:
    gezien: set[str] = set()
    for zaad in range(WILLEKEURIGE_REGIOS):
        invoer = _willekeurig(zaad)
        assert invoer == _willekeurig(zaad)
        assert invoer.keys() == STANDAARD.keys()
        gewijzigd = 0
        for veld, standaard in STANDAARD.items():
            waarden = invoer[veld] if isinstance(standaard, dict) else {"": invoer[veld]}
            oud = standaard if isinstance(standaard, dict) else {"": standaard}
            assert waarden.keys() == oud.keys()
            anders = [geval for geval in oud if waarden[geval] != oud[geval]]
            gewijzigd += len(anders)
            gezien.update([veld] * bool(anders))
            for waarde in waarden.values():
                if isinstance(waarde, float):
                    assert Decimal(repr(waarde)) == round(Decimal(repr(waarde)), 4), (veld, waarde)
        assert gewijzigd >= 40
        assert invoer["regio_naam"]
        assert sum(Decimal(repr(invoer[leeftijd])) for leeftijd in LEEFTIJDEN) == 1
        assert date(2019, 7, 1) <= invoer["peildatum"] <= date(2026, 12, 31)
        assert invoer["horizon"] in range(1, 6)
        assert set(invoer["studieduur"].values()) <= {1, 2, 3}
        assert all(0 <= aantal <= 500 for aantal in invoer["aantal_studenten"].values())
    # Every input is drawn somewhere, or some line would never be compared.
    assert gezien == set(STANDAARD)


def test_willekeurige_regio_met_gevraagd_aantal_wijzigingen() -> None:
    invoer = willekeurige_invoer(random.Random(3), 1)
    anders = [veld for veld in STANDAARD if invoer[veld] != STANDAARD[veld] and veld not in LEEFTIJDEN]
    assert len(anders) <= 2  # the name and one more, or the ages
    with pytest.raises(ValueError, match="wijzigingen gevraagd"):
        willekeurige_invoer(random.Random(3), 10_000)


def test_toetsmodel_kent_het_pakket_niet() -> None:
    programma = (
        "import sys; sys.path.insert(0, sys.argv[1]); import toetsmodel, willekeurig; "
        "sys.exit(any(naam.split('.')[0] in {'rekentool', 'openpyxl', 'formulas'} for naam in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", programma, str(HIER)], check=False).returncode == 0
