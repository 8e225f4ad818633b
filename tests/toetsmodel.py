"""Test model: the businesscase calculation in plain Python, to compare workbooks with.

Written from the description of the calculation alone. It imports nothing from the package and knows no workbook. NaN
stands for #N/A: an unknown kengetal or an empty required input makes every amount that needs it NaN. Only a line
that the leerweg, the werkgeverschap or a Ja/Nee choice takes away is a true 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping

from toetsmodel_invoer import (
    BBL,
    GEVALLEN,
    LEEFTIJDEN,
    PARTIJEN_OVERIG,
    STANDAARD,
    WERKGEVERSCHAP,
    WERKGEVERSCHAP_DETACHERING,
    WERKGEVERSCHAP_REGULIER,
    WERKGEVERSCHAP_SW,
    Gevalinvoer,
    Invoer,
    controleer_velden,
    gebruikte_kengetallen,
    keuze_uit,
)
from toetsmodel_kengetallen import (
    NAN,
    afronden,
    gemiddeld_wml,
    grootste,
    kengetallen_op,
    kleinste,
    lks_forfaitmaand,
    lks_grondslag,
    lks_maand,
    macht,
    omhoog,
)
from toetsmodel_resultaat import JAREN, LIJNEN, Geval, Lijn, beste_geval, stel_op

__all__ = ["GEVALLEN", "LIJNEN", "STANDAARD", "Geval", "bereken", "beste_geval", "kengetallen_op"]

# Fixed by the model, not kengetallen.
WEKEN_PER_JAAR = 52
WEKEN_PRAKTIJKLEREN = 40


def bereken(invoer: Invoer, kengetallen_rijen: Iterable[Mapping[str, str]]) -> dict[str, Geval]:
    """Calculate all four cases.

    invoer has every field of STANDAARD (own kengetal values may be left out). Raises ValueError for fields that are
    unknown or missing and for a choice that is not in its list: such a fault must not look like a difference in sums.
    """
    controleer_velden(invoer)
    kengetallen = gebruikte_kengetallen(invoer, kengetallen_rijen)
    return {geval: _Berekening(invoer, kengetallen, geval).resultaat() for geval in GEVALLEN}


class _Berekening(Gevalinvoer):
    """The calculation of one case; attributes keep the words of the description."""

    def __init__(self, invoer: Invoer, kengetallen: Mapping[str, float], geval: str) -> None:
        super().__init__(invoer, kengetallen, geval)
        self.bbl = geval in BBL
        self.niveau = int(geval[-1])
        self.aantal = self.getal("aantal_studenten")
        self.studieduur = self.getal("studieduur")
        self.horizon = self.getal("horizon")
        self.volumes = self._volumes()

    # Volumes

    def _volumes(self) -> dict[str, list[float]]:
        volumes: dict[str, list[float]] = {}
        n, d = self.aantal, self.studieduur
        aandeel = self.getal("aandeel_uitkering")
        begin, diplomas_totaal = n, 0.0
        for t in JAREN:
            if t > 1:
                begin = NAN if math.isnan(d) else volumes["eind"][-1] if t <= d else 0.0
            uitvallers = begin * self.getal("uitval_per_jaar")
            eind = begin - uitvallers
            studenten = (begin + eind) / 2
            groepen = omhoog(afronden(begin / self.getal("groepsgrootte"), 9))
            diplomas = NAN if math.isnan(d) else eind * self.getal("slagingspercentage") if t == d else 0.0
            gediplomeerd = NAN if math.isnan(d) else diplomas_totaal if t > d else 0.0
            diplomas_totaal += diplomas
            werk = gediplomeerd
            if t > d:
                werk = gediplomeerd * self.getal("plaatsing_werk") * macht(self.getal("behoud_werk"), t - int(d) - 1)
            zonder_werk_nul = macht(1 - self.getal("kans_werk_nul"), t)
            nul = n * aandeel * zonder_werk_nul
            traject = (
                studenten * aandeel * self.getal("uitkering_tijdens")
                + (n - studenten - werk) * aandeel * zonder_werk_nul
            )
            jaar = {
                "begin": begin,
                "uitvallers": uitvallers,
                "eind": eind,
                "studenten": studenten,
                "groepen": groepen,
                "diplomas": diplomas,
                "gediplomeerd": gediplomeerd,
                "werk": werk,
                "netto_werk": werk * zonder_werk_nul,
                "uitkering_nul": nul,
                "uitkering_traject": traject,
                "bespaarde_uitkeringsjaren": nul - traject,
                "productiviteit": kleinste(
                    1.0, self.getal("productiviteit_jaar1") + (t - 1) * self.getal("productiviteit_groei")
                ),
            }
            for naam, waarde in jaar.items():
                volumes.setdefault(naam, []).append(waarde)
        return volumes

    # Unit amounts

    def telt_mee(self, t: int) -> float:
        return NAN if math.isnan(self.horizon) else 1.0 if t <= self.horizon else 0.0

    def index(self, t: int) -> float:
        return macht(1 + self.getal("indexatie"), t - 1)

    def disconto(self, t: int) -> float:
        return 1 / macht(1 + self.getal("discontovoet"), t - 1)

    def wml(self, staffel: str) -> float:
        leeftijden = {leeftijd: self.getal(leeftijd) for leeftijd in LEEFTIJDEN}
        return gemiddeld_wml(leeftijden, self.kengetal, staffel)

    def premiepercentage(self) -> float:
        omvang = keuze_uit(self.veld("werkgever_omvang"), ("Klein", "Groot"))
        if self.veld("werkgeverslasten") is not None:
            return self.getal("werkgeverslasten")
        return NAN if omvang is None else self.kengetal[f"werkgeverslasten_{omvang.lower()}"]

    def betaalde_uren(self) -> float:
        return grootste(
            0.0, self.getal("contracturen") - self.als_ja("betaalde_schooldag", 0.0, self.getal("schooluren"))
        )

    def loon_per_jaar(self, uurloon: float, uren: float) -> float:
        return uurloon * uren * WEKEN_PER_JAAR * (1 + self.kengetal["vakantietoeslag"])

    def lks_ordinair(self, grondslag: float, loonwaarde: float) -> float:
        return lks_maand(grondslag, loonwaarde, self.kengetal["lks_max"], self.kengetal["lks_werkgeverslasten"])

    def grondslag(self, wml: float, uren: float) -> float:
        return lks_grondslag(wml, uren, self.kengetal["lks_uren_voltijd"], self.kengetal["vakantietoeslag"])

    def lks_per_jaar(self, t: int) -> float:
        """Wage-cost subsidy per student-year, less what the no-riskpolis suspends during sickness."""
        grondslag = self.grondslag(self.wml("jeugdpct_bbl"), self.betaalde_uren())
        maand = self.lks_ordinair(grondslag, self.getal("loonwaarde"))
        jaar = 12 * maand
        if t == 1:
            forfait = lks_forfaitmaand(grondslag, self.kengetal["lks_forfait"], self.kengetal["lks_werkgeverslasten"])
            jaar = self.als_ja("lks_forfait", 6 * forfait + 6 * maand, 12 * maand)
        return jaar * (1 - self.getal("verzuim") * self.getal("norisk_dekking"))

    def bot_uren(self, t: int) -> float:
        if self.bbl:
            norm = "uren_bot_bbl"
        elif self.niveau == 1:
            norm = "uren_bot_bol_entree"
        else:
            norm = "uren_bot_bol_n2" if t == 1 else "uren_bot_bol_n2_jaar2"
        return self.getal_of_kengetal("bot_uren", norm)

    def rijksbijdrage(self, studenten: float, diplomas: float) -> float:
        """Funding of the school, before the deduction of cursusgeld."""
        prijs = self.getal_of_kengetal("rijksbijdrage_per_gewogen_student", "prijs_per_gewogen_student")
        bbl_factor = "bekostiging_bbl_entree" if self.niveau == 1 else "bekostiging_bbl_n2"
        factor = self.kengetal[bbl_factor] if self.bbl else 1.0
        bedrag = studenten * factor * self.getal("prijsfactor") * prijs
        if self.niveau == 1:
            return bedrag
        return (
            bedrag * self.kengetal["bekostiging_deel_studenten"]
            + diplomas * self.kengetal["bekostiging_deel_diploma"] * prijs
        )

    # Lines of one year, before index and horizon

    def jaar(self, t: int) -> dict[Lijn, float]:
        """Every line of year t. A line that nothing sets here is a true 0."""
        lijnen: dict[Lijn, float] = dict.fromkeys(LIJNEN, 0.0)

        def boek(partij: str, soort: str, regel: str, bedrag: float) -> None:
            if (partij, soort, regel) not in lijnen:
                raise KeyError((partij, soort, regel))
            lijnen[partij, soort, regel] = bedrag

        def overdracht(van: str, naar: str, regel: str, bedrag: float) -> None:
            boek(van, "kosten", regel, bedrag)
            boek(naar, "baten", regel, bedrag)

        volume = {naam: waarden[t - 1] for naam, waarden in self.volumes.items()}
        studenten, groepen = volume["studenten"], volume["groepen"]
        meerderjarig = 1 - self.getal("leeftijd_16_17")
        werkvloer_sw, werkvloer_wg, det, deel_productie_sw = self._werkvloer()
        productie_uren = studenten * self.getal("productieve_uren") * self.getal("productieve_weken")
        begeleiding_weken = self.getal("begeleiding_weken")
        begeleider_tarief = self.getal("begeleider_tarief")

        # Transfers in all cases
        rijksbijdrage = self.rijksbijdrage(studenten, volume["diplomas"])
        if self.bbl:
            cursusgeld = studenten * meerderjarig * self.kengetal["cursusgeld_bbl"]
            overdracht("student", "mbo_school", "cursusgeld", cursusgeld)
            rijksbijdrage -= cursusgeld
        overdracht("rijk", "mbo_school", "rijksbijdrage", rijksbijdrage)
        overdracht("sw_bedrijf", "mbo_school", "bijdrage_sw_school", self.getal("bijdrage_sw_school") * studenten)
        overdracht(
            "gemeente", "mbo_school", "bijdrage_gemeente_school", self.getal("bijdrage_gemeente_school") * studenten
        )
        overdracht("gemeente", "sw_bedrijf", "trajectvergoeding", self.getal("trajectvergoeding") * studenten)
        overdracht("gemeente", "student", "reiskosten_student", self.getal("reiskosten_student") * studenten)
        bespaard = volume["bespaarde_uitkeringsjaren"]
        overdracht(
            "student",
            "gemeente",
            "bespaarde_uitkering",
            bespaard * self.getal_of_kengetal("uitkering_kosten", "uitkering_kosten"),
        )

        # Transfers of one leerweg
        lks = 0.0
        if self.bbl:
            overdracht("werkgever", "sw_bedrijf", "inleenvergoeding", productie_uren * det * self.getal("inleentarief"))
            lks = self._boek_werkgeverschap(t, studenten, overdracht)
        else:
            overdracht("student", "rijk", "lesgeld", studenten * meerderjarig * self.kengetal["lesgeld_bol"])
            overdracht(
                "rijk",
                "student",
                "studiefinanciering",
                studenten
                * meerderjarig
                * self.getal("studiefinanciering_aandeel")
                * 12
                * self.kengetal["basisbeurs_thuis"],
            )
            overdracht("sw_bedrijf", "student", "stagevergoeding", studenten * 12 * self.getal("stagevergoeding"))

        # After the programme
        netto_werk, uren_na = volume["netto_werk"], self.getal("uren_na")
        wml_regulier = self.wml("jeugdpct")
        loon_na = self.loon_per_jaar(netto_werk * wml_regulier, uren_na)
        premies_na = loon_na * self.premiepercentage()
        pensioen_na = loon_na * self.getal("pensioenpremie")
        maand_na = self.lks_ordinair(self.grondslag(wml_regulier, uren_na), self.getal("loonwaarde_na"))
        lks_na = netto_werk * self.getal("lks_na") * 12 * maand_na
        overdracht("werkgever", "student", "loon_na", loon_na)
        overdracht("werkgever", "rijk", "premies_na", premies_na)
        overdracht("werkgever", "student", "pensioen_na", pensioen_na)
        overdracht("gemeente", "werkgever", "lks_na", lks_na)
        overdracht("rijk", "gemeente", "rijksvergoeding_lks", (lks + lks_na) * self.getal("lks_rijksvergoeding"))
        boek("werkgever", "baten", "productie_na", loon_na + premies_na + pensioen_na - lks_na)

        # Real costs and yields
        docent_tarief = self.getal("docent_tarief")
        docenturen = groepen * self.bot_uren(t) * (1 + self.getal("voorbereiding"))
        examen_eind = NAN if math.isnan(self.studieduur) else 1.0 if t == self.studieduur else 0.0
        school = {
            "docenten": docenturen * docent_tarief,
            "coordinatie": groepen * self.getal("coordinatie_uren") * docent_tarief,
            "bpv_begeleiding": studenten * self.getal("bpv_uren") * docent_tarief,
            "examinering": volume["eind"] * examen_eind * self.getal("examinering"),
            "leermiddelen": studenten * self.getal("leermiddelen_school"),
            "reiskosten": groepen * self.getal("reiskosten") * self.getal("aandeel_werkvloer"),
        }
        school["overhead"] = self.getal("overhead_school") * sum(school.values())
        for regel, bedrag in school.items():
            boek("mbo_school", "kosten", regel, bedrag)

        sw = {
            "praktijkbegeleiding": (
                studenten * self.getal("begeleiding_uren") * begeleiding_weken * begeleider_tarief * werkvloer_sw
            ),
            "jobcoach": studenten * self.getal("jobcoach_uren") * self.getal("jobcoach_tarief"),
            "werkplek": studenten * self.getal("werkplek") * werkvloer_sw,
            "leslocatie": groepen * self.getal("leslocatie"),
            "coordinatie": groepen * self.getal("coordinatie_uren_sw") * begeleider_tarief,
        }
        sw["overhead"] = self.getal("overhead_sw") * sum(sw.values())
        for regel, bedrag in sw.items():
            boek("sw_bedrijf", "kosten", regel, bedrag)
        productie = productie_uren * volume["productiviteit"]
        boek("sw_bedrijf", "baten", "productie", productie * self.getal("opbrengst_per_uur") * deel_productie_sw)

        uitvoering = self.getal_of_kengetal("uitvoeringskosten", "uitvoeringskosten")
        boek("gemeente", "baten", "bespaarde_uitvoering", bespaard * uitvoering)

        if self.bbl:
            opbrengst = self.getal("werkgever_opbrengst_per_uur")
            boek("werkgever", "baten", "productie", productie * opbrengst * werkvloer_wg)
            # A condition and not a factor: guidance by the employer is the same whatever share is detached.
            begeleiding = (
                studenten
                * self.getal("werkgever_begeleiding_uren")
                * begeleiding_weken
                * self.getal("werkgever_begeleider_tarief")
            )
            boek(
                "werkgever",
                "kosten",
                "begeleiding",
                NAN if math.isnan(werkvloer_wg) else begeleiding if werkvloer_wg > 0 else 0.0,
            )

        zorg = self.als_ja("maatschappelijke_effecten", netto_werk * self.getal("zorg_en_overig"))
        boek("rijk", "baten", "zorg_en_overig", zorg)

        tijdens = math.isnan(self.studieduur) or t <= self.studieduur
        for partij in PARTIJEN_OVERIG:
            if t == 1:
                boek(partij, "kosten", "eenmalige_kosten", self.getal(f"eenmalige_kosten_{partij}"))
            if tijdens:
                onbekend = NAN if math.isnan(self.studieduur) else 0.0
                boek(partij, "baten", "overige_baten", self.getal(f"overige_baten_{partij}") + onbekend)
                boek(partij, "kosten", "overige_kosten", self.getal(f"overige_kosten_{partij}") + onbekend)
        return lijnen

    def _werkvloer(self) -> tuple[float, float, float, float]:
        """werkvloer_sw, werkvloer_wg, det and the share of the production that the SW-bedrijf sells."""
        if not self.bbl:
            return 1.0, 0.0, 0.0, 1.0
        keuze = keuze_uit(self.veld("werkgeverschap"), WERKGEVERSCHAP)
        if keuze == WERKGEVERSCHAP_SW:
            return 1.0, 0.0, 0.0, 1.0
        if keuze == WERKGEVERSCHAP_DETACHERING:
            det = self.getal("detachering_aandeel")
            return 1 - det, det, det, 1 - det
        if keuze == WERKGEVERSCHAP_REGULIER:
            return self.getal("sw_aandeel_regulier"), 1.0, 0.0, 0.0
        return NAN, NAN, NAN, NAN

    def _boek_werkgeverschap(
        self, t: int, studenten: float, overdracht: Callable[[str, str, str, float], None]
    ) -> float:
        """Book what the employer of the bbl students pays and gets; give the lks for the Rijk's compensation.

        The other one has no such line: a true 0. With werkgeverschap blank both are unknown.
        """
        uren = self.betaalde_uren()
        loon = self.loon_per_jaar(self.wml("jeugdpct_bbl") * (1 + self.getal("loonopslag")), uren)
        vergoed = kleinste(self.kengetal["praktijkleren_betaald"], self.kengetal["praktijkleren_max"])
        weken = kleinste(self.getal("begeleiding_weken"), WEKEN_PRAKTIJKLEREN) / WEKEN_PRAKTIJKLEREN
        lkv = kleinste(self.kengetal["lkv_uur"] * uren * WEKEN_PER_JAAR, self.kengetal["lkv_max"])
        lks = studenten * self.getal("lks_aandeel") * self.lks_per_jaar(t)
        betaalt = {
            ("student", "loon"): loon * studenten,
            ("rijk", "premies"): loon * self.premiepercentage() * studenten,
            ("student", "pensioen"): loon * self.getal("pensioenpremie") * studenten,
        }
        krijgt = {
            ("rijk", "norisk"): loon * self.getal("verzuim") * self.getal("norisk_dekking") * studenten,
            ("gemeente", "lks"): lks,
            ("rijk", "praktijkleren"): vergoed * weken * studenten,
            ("rijk", "lkv"): self.als_ja("lkv_toepassen", studenten * self.getal("lkv_aandeel") * lkv),
            ("gemeente", "jobcoachvergoeding"): self.getal("jobcoachvergoeding") * studenten,
        }
        keuze = keuze_uit(self.veld("werkgeverschap"), WERKGEVERSCHAP)
        werkgevers = ["werkgever"] if keuze == WERKGEVERSCHAP_REGULIER else ["sw_bedrijf"]
        if keuze is None:
            werkgevers = ["sw_bedrijf", "werkgever"]
        for werkgever in werkgevers:
            for (naar, regel), bedrag in betaalt.items():
                overdracht(werkgever, naar, regel, NAN if keuze is None else bedrag)
            for (van, regel), bedrag in krijgt.items():
                overdracht(van, werkgever, regel, NAN if keuze is None else bedrag)
        return lks

    # Results

    def resultaat(self) -> Geval:
        lijnen: dict[Lijn, list[float]] = {lijn: [] for lijn in LIJNEN}
        for t in JAREN:
            for lijn, bedrag in self.jaar(t).items():
                lijnen[lijn].append(bedrag * self.index(t) * self.telt_mee(t))
        telt_mee = [self.telt_mee(t) for t in JAREN]
        disconto = [self.disconto(t) for t in JAREN]
        return stel_op(self.geval, self.volumes, lijnen, telt_mee, disconto)
