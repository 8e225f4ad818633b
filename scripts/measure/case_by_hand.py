"""One businesscase (bbl, level 2) written by hand in numpy, the way a specialist would for a fixed model.

The comparison for the program: the same inputs, every line of every year, the same 24 party totals. Years are rows and
scenarios columns, so a line is one expression over both; rates are multiplied per scenario before they meet the years,
powers are products, and what the choices switch off isn't computed at all.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PARTIES = ("mbo_school", "sw_bedrijf", "gemeente", "werkgever", "rijk", "student")
TOTALS = ("baten", "kosten", "saldo", "contante_waarde")
#: The choices that the code below is written for: every line of the case is alive, but those of the other employer.
CHOICES = {
    "werkgeverschap": "SW-bedrijf met detachering", "betaalde_schooldag": "Nee", "lks_forfait": "Ja",
    "lkv_toepassen": "Ja", "werkgever_omvang": "Klein", "maatschappelijke_effecten": "Ja",
}  # fmt: skip
YEARS = 5


def totals(i: Mapping[str, Floats], k: Mapping[str, float]) -> dict[tuple[str, str], Floats]:
    """(party, total) → one value per scenario, from inputs by field id (all given) and kengetallen by id."""
    size = len(i["aantal_studenten"])
    year = np.arange(1.0, YEARS + 1)[:, None]
    shape = YEARS, size
    d, n = i["studieduur"], i["aantal_studenten"]
    index, disconto = _powers(1 + i["indexatie"]), _powers(1 / (1 + i["discontovoet"]))
    factor = index * (year <= i["horizon"])

    # Volumes
    begin, eind, werk = np.empty(shape), np.empty(shape), np.empty(shape)
    stay, diplomas_all, at_work, last = 1 - i["uitval_per_jaar"], np.zeros(size), np.zeros(size), n
    diplomas = np.zeros(shape)
    for t in range(YEARS):
        begin[t] = np.where(t + 1 <= d, last, 0.0)
        last = eind[t] = begin[t] * stay
        diplomas[t] = np.where(t + 1 == d, last * i["slagingspercentage"], 0.0)
        diplomas_all = diplomas_all + diplomas[t]
        at_work = werk[t] = np.where(
            t == d, diplomas_all * i["plaatsing_werk"], np.where(t > d, at_work * i["behoud_werk"], 0.0)
        )
    studenten = (begin + eind) / 2
    groepen = np.ceil(np.round(begin / i["groepsgrootte"], 9))
    not_alone = _powers(1 - i["kans_werk_nul"]) * (1 - i["kans_werk_nul"])
    netto_werk = werk * not_alone
    saved = i["aandeel_uitkering"] * (
        n * not_alone - studenten * i["uitkering_tijdens"] - (n - studenten - werk) * not_alone
    )
    productiviteit = np.minimum(1.0, i["productiviteit_jaar1"] + (year - 1) * i["productiviteit_groei"])
    studying = studenten * factor  # what most lines are a rate of
    groups = groepen * factor
    hours = studying * (i["productieve_uren"] * i["productieve_weken"])

    # Amounts per student and year
    det = i["detachering_aandeel"]
    hours_paid = np.maximum(0.0, i["contracturen"] - i["schooluren"])
    holiday = 1 + k["vakantietoeslag"]
    loon = k["wml_bbl"] * (1 + i["loonopslag"]) * hours_paid * (52 * holiday)
    norisk = i["verzuim"] * i["norisk_dekking"]
    month = (k["wml_bbl"] * 52 / 12 * holiday * (1 + k["lks_werkgeverslasten"])) * np.minimum(
        hours_paid, k["lks_uren_voltijd"]
    )
    lks_month = np.minimum(month - i["loonwaarde"] * month, k["lks_max"] * month)
    lks_year = np.empty(shape)
    lks_year[1:] = 12 * lks_month * (1 - norisk)
    lks_year[0] = (6 * k["lks_forfait"] * month + 6 * lks_month) * (1 - norisk)
    lkv = np.minimum(k["lkv_uur"] * 52 * hours_paid, k["lkv_max"])
    praktijkleren = (
        min(k["praktijkleren_betaald"], k["praktijkleren_max"]) / 40 * np.minimum(i["begeleiding_weken"], 40.0)
    )
    after = (
        (k["wml_regulier"] * 52 / 12 * holiday)
        * (1 + k["lks_werkgeverslasten"])
        * np.minimum(i["uren_na"], k["lks_uren_voltijd"])
    )
    lks_after = np.minimum(after - i["loonwaarde_na"] * after, k["lks_max"] * after)

    # Transfers
    price = i["rijksbijdrage_per_gewogen_student"]
    cursusgeld = studying * (k["aandeel_18plus"] * k["cursusgeld_bbl"])
    rijksbijdrage = (
        studying * (k["bekostiging_bbl_n2"] * k["bekostiging_deel_studenten"] * i["prijsfactor"] * price)
        + diplomas * factor * (k["bekostiging_deel_diploma"] * price)
        - cursusgeld
    )
    by_sw, by_gemeente = studying * i["bijdrage_sw_school"], studying * i["bijdrage_gemeente_school"]
    traject, travel = studying * i["trajectvergoeding"], studying * i["reiskosten_student"]
    hire = hours * (det * i["inleentarief"])
    wages = studying * loon
    premies, pensioen = wages * i["werkgeverslasten"], wages * i["pensioenpremie"]
    sick = wages * norisk
    lks = studying * i["lks_aandeel"] * lks_year
    practice, lkv_all = studying * praktijkleren, studying * (i["lkv_aandeel"] * lkv)
    coach_fee = studying * i["jobcoachvergoeding"]
    benefit = saved * factor * i["uitkering_kosten"]
    net_work = netto_werk * factor
    lks_na = net_work * (i["lks_na"] * 12 * lks_after)
    lks_rijk = (lks + lks_na) * i["lks_rijksvergoeding"]
    loon_na = net_work * (k["wml_regulier"] * i["uren_na"] * (52 * holiday))
    premies_na, pensioen_na = loon_na * i["werkgeverslasten"], loon_na * i["pensioenpremie"]

    # Real costs and yields
    rate, guide = i["docent_tarief"], i["begeleider_tarief"]
    school = [
        groups * (i["bot_uren"] * (1 + i["voorbereiding"]) * rate),
        groups * (i["coordinatie_uren"] * rate),
        studying * (i["bpv_uren"] * rate),
        np.where(year == d, eind * factor * i["examinering"], 0.0),
        studying * i["leermiddelen_school"],
        groups * (i["reiskosten"] * i["aandeel_werkvloer"]),
    ]
    school.append(i["overhead_school"] * _sum(school))
    sw = [
        studying * (i["begeleiding_uren"] * i["begeleiding_weken"] * guide * (1 - det)),
        studying * (i["jobcoach_uren"] * i["jobcoach_tarief"]),
        studying * (i["werkplek"] * (1 - det)),
        groups * i["leslocatie"],
        groups * (i["coordinatie_uren_sw"] * guide),
    ]
    sw.append(i["overhead_sw"] * _sum(sw))
    produce = hours * productiviteit
    employer = np.where(
        det > 0, i["werkgever_begeleiding_uren"] * i["begeleiding_weken"] * i["werkgever_begeleider_tarief"], 0.0
    )
    baten = {
        "mbo_school": [rijksbijdrage, cursusgeld, by_sw, by_gemeente],
        "sw_bedrijf": [
            produce * (i["opbrengst_per_uur"] * (1 - det)), traject, hire, sick, lks, practice, lkv_all, coach_fee,
        ],
        "gemeente": [benefit, saved * factor * i["uitvoeringskosten"], lks_rijk],
        "werkgever": [
            produce * (i["werkgever_opbrengst_per_uur"] * det), loon_na + premies_na + pensioen_na - lks_na, lks_na,
        ],
        "rijk": [premies, premies_na, net_work * i["zorg_en_overig"]],
        "student": [travel, wages, pensioen, loon_na, pensioen_na],
    }  # fmt: skip
    kosten = {
        "mbo_school": school,
        "sw_bedrijf": [wages, premies, pensioen, by_sw, *sw],
        "gemeente": [by_gemeente, traject, travel, lks, coach_fee, lks_na],
        "werkgever": [hire, studying * employer, loon_na, premies_na, pensioen_na],
        "rijk": [rijksbijdrage, sick, practice, lkv_all, lks_rijk],
        "student": [cursusgeld, benefit],
    }
    during = (year <= d) * factor
    for party in PARTIES[:4]:
        baten[party].append(during * i[f"overige_baten_{party}"])
        other = during * i[f"overige_kosten_{party}"]
        other[0] += i[f"eenmalige_kosten_{party}"] * factor[0]
        kosten[party].append(other)

    found = {}
    for party in PARTIES:
        yields, costs = _sum(baten[party]), _sum(kosten[party])
        found[party, "baten"], found[party, "kosten"] = yields.sum(axis=0), costs.sum(axis=0)
        found[party, "saldo"] = found[party, "baten"] - found[party, "kosten"]
        found[party, "contante_waarde"] = ((yields - costs) * disconto).sum(axis=0)
    return found


def _sum(lines: list[Floats]) -> Floats:
    """The lines added up, in one array."""
    total = lines[0] + lines[1]
    for line in lines[2:]:
        total += line
    return total


def _powers(base: Floats) -> Floats:
    """base⁰ … base⁴, a row per year."""
    rows = np.ones((YEARS, len(base)))
    for t in range(1, YEARS):
        np.multiply(rows[t - 1], base, out=rows[t])
    return rows
