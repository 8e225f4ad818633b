"""RK71x: regression over reference regions and draws (`jobs/regression`, `jobs/cases`, `jobs/laydown`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_OK, EXIT_UNCHECKED, EXIT_USAGE, Entry

REGRESSION: dict[str, Entry] = {
    # RK710–RK714: the folder with references (cases)
    "RK710": Entry(
        "fout",
        "dit is geen map met referenties",
        "een map met daarin de mappen voorbeelden (ingevulde werkboeken) en referentie (referentiebladen)",
        "Noem bij --referenties de map waar beide mappen in staan.",
    ),
    "RK711": Entry(
        "waarschuwing",
        "bij dit ingevulde werkboek hoort geen referentieblad; de regio is niet gecontroleerd",
        "een blad met dezelfde bestandsnaam in de map referentie",
        "Maak het blad met: rekentool regressie --leg-vast --door NAAM --waarom REDEN. Of haal het werkboek weg.",
        EXIT_UNCHECKED,
    ),
    "RK712": Entry(
        "waarschuwing",
        "bij dit referentieblad hoort geen ingevuld werkboek; het is niet gebruikt",
        "een werkboek met de naam die op het blad Herkomst staat, in de map voorbeelden",
        "Zet het werkboek terug onder die naam, of haal het referentieblad weg.",
        EXIT_UNCHECKED,
    ),
    "RK713": Entry(
        "fout",
        "het referentieblad van {datum} is met andere formules gemaakt; de regio is niet gecontroleerd",
        "een referentieblad van dit sjabloon",
        "Leg de waarden opnieuw vast (rekentool regressie --leg-vast --door NAAM --waarom REDEN), of gebruik het"
        " sjabloon waar het blad bij hoort.",
        EXIT_UNCHECKED,
    ),
    "RK714": Entry(
        "melding",
        "formules, vaste waarden, namen of bladen die anders zijn dan in het sjabloon: {aantal}; alleen de invoer telt",
        "",
        "Niets. Komt het werkboek van een ouder sjabloon, dan brengt rekentool overzetten het bij.",
        EXIT_OK,
    ),
    # RK715–RK717: what a run can't say (regression)
    "RK715": Entry(
        "waarschuwing",
        "er is geen referentieregio",
        "ten minste één ingevuld werkboek in de map voorbeelden, met zijn blad in de map referentie",
        "Zet ingevulde werkboeken in de map voorbeelden naast het sjabloon, of noem een andere map met --referenties,"
        " en maak de bladen met: rekentool regressie --leg-vast --door NAAM --waarom REDEN",
        EXIT_UNCHECKED,
    ),
    "RK716": Entry(
        "waarschuwing",
        "invoer die de kandidaat niet heeft: {invoer}",
        "een kandidaat met alle invoer van het sjabloon",
        "Kijk of deze invoer terecht vervallen is; de kandidaat is zonder haar doorgerekend.",
        EXIT_OK,
    ),
    "RK717": Entry(
        "waarschuwing",
        "formulecellen die {motor} niet kan uitrekenen of vergelijken: {cellen}, in {gevallen}; hier: {reden}",
        "elke formulecel vergeleken",
        "Schrijf de formule zo dat elke motor haar kan uitrekenen, of kies met --motoren de motoren die dat kunnen.",
        EXIT_UNCHECKED,
    ),
    # RK718–RK719: laying down (laydown)
    "RK718": Entry(
        "fout",
        "{wat} ontbreekt",
        "wie de nieuwe waarden vastlegt, en waarom",
        "Vul beide in: --door NAAM --waarom REDEN. Ze komen op het blad Herkomst van elk referentieblad.",
        EXIT_USAGE,
    ),
    "RK719": Entry(
        "fout",
        "LibreOffice gaf geen waarde voor {aantal} formulecellen; hier: {reden}",
        "een waarde voor elke formulecel",
        "Verbeter de formule, of gebruik een nieuwere LibreOffice. Er is niets vastgelegd.",
        EXIT_UNCHECKED,
    ),
}
