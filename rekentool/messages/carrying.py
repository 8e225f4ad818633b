"""RK82x: inputs carried to another template version (`mapping/history`, `jobs/version`, `jobs/carry`)."""

from __future__ import annotations

from rekentool.messages.entry import EXIT_FINDINGS, EXIT_INVALID, EXIT_OK, EXIT_USAGE, Entry

CARRYING: dict[str, Entry] = {
    "RK820": Entry(
        "fout",
        "{nieuw} krijgt een waarde van {eerste} én van {tweede}",
        "één veld of geval van de oudere versie voor elk nieuw",
        "Laat een van de twee vervallen (met de reden), of verbeter de naam.",
    ),
    "RK821": Entry(
        "fout",
        "het veld {veld} van versie {versie} {wat}, zonder een stap die dat zegt",
        "het veld onder {stappen}",
        "Zet het veld in de mapping onder {stappen}.",
    ),
    "RK822": Entry(
        "fout",
        "--peildatum, terwijl de mapping geen datumveld {veld} heeft",
        "een mapping met een peildatum",
        "Laat --peildatum weg, of noem in de mapping het veld met `werkboek.peildatum_veld`.",
        EXIT_USAGE,
    ),
    "RK823": Entry(
        "fout",
        "een werkboek van een onbekende versie; het lijkt het meest op versie {versie}, maar {reden}",
        "een van de versies {versies}",
        "Noem met --van de mapping van de versie waarmee het bestand is gemaakt, of voeg die versie toe onder "
        "`historie` in de mapping.",
        EXIT_INVALID,
    ),
    "RK824": Entry(
        "fout",
        "de formules zijn van geen bekende versie, en de cellen passen bij de versies {versies}",
        "een bestand dat bij één versie past",
        "Noem met --van de mapping van de versie waarmee het bestand is gemaakt.",
        EXIT_INVALID,
    ),
    "RK825": Entry(
        "fout",
        "het nieuwe bestand zou {doel} zijn: {reden}",
        "een eigen plaats voor elk nieuw bestand",
        "Kies met --naar een andere map, of zet bestanden met dezelfde naam een voor een over.",
        EXIT_USAGE,
    ),
    "RK826": Entry(
        "fout",
        "{waarde} voor {veld}; dat is niet overgezet",
        "{verwacht}",
        "Vul in het nieuwe werkboek {cel} in; daar staat nu {staat}.",
        EXIT_FINDINGS,
    ),
    "RK827": Entry(
        "melding",
        "de peildatum blijft {datum}; kengetallen waarvan de waarde daarna veranderde: {aantal}, het laatst per "
        "{nieuwste}",
        "de peildatum waarvoor u wilt rekenen",
        "Geef met --peildatum een latere datum als u met de nieuwe waarden wilt rekenen.",
        EXIT_OK,
    ),
    "RK828": Entry(
        "melding",
        "velden die nog op de standaardwaarde van versie {versie} stonden, terwijl die nu anders is: {velden}",
        "een eigen waarde, of de nieuwe standaardwaarde",
        "Kijk deze velden na; met --nieuwe-standaard krijgen zij de nieuwe standaardwaarde.",
        EXIT_OK,
    ),
    "RK829": Entry(
        "waarschuwing",
        "inhoud die niet is overgezet, omdat zij niet bij een veld hoort: {aantal} keer, te beginnen met {eerste}",
        "",
        "Neem over wat u wilt bewaren; de lijst bij het nieuwe werkboek noemt elke plaats.",
        EXIT_OK,
    ),
}
