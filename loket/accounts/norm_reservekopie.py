"""What a gemeente agrees about copies: how much may be lost, how long they are kept."""

from loket.accounts.norm import Norm, Soort

_NORMEN = (
    (
        "reservekopie_minuten",
        "Werk dat hoogstens verloren mag gaan",
        "Zo oud mag de laatste reservekopie zijn. Is zij ouder, dan ziet de"
        " beheerder een waarschuwing.",
        "BIO",
        "minuten",
        5,
        1440,
        60,
    ),
    (
        "reservekopie_dagen",
        "Reservekopieën van de gegevens bewaren",
        "Na zo veel dagen verwijdert Loket een kopie. Van oudere dagen blijft"
        " één kopie per dag, en na een maand één per maand.",
        "BIO",
        "dagen",
        7,
        3650,
        365,
    ),
    (
        "reservekopie_sleutels_dagen",
        "Reservekopieën van de sleutels bewaren",
        "Een vernietigd dossier is pas overal weg als ook de laatste kopie van"
        " zijn sleutel weg is. Daarom zijn dit er nooit meer dan 30.",
        "AVG art. 17",
        "dagen",
        1,
        30,
        30,
    ),
    (
        "terugzetproef_dagen",
        "Terugzetten oefenen",
        "Zo vaak oefent de beheerder of een reservekopie ook echt terug te"
        " zetten is. Is het langer geleden, dan komt er een waarschuwing.",
        "BIO",
        "dagen",
        7,
        366,
        92,
    ),
)
"""Key, label, explanation, source, unit, least, most, usual."""


def kopie_normen(groep: str) -> tuple[Norm, ...]:
    """Return these rules, for the group in which the pages show them."""
    return tuple(
        Norm(
            sleutel,
            label,
            uitleg,
            Soort.GETAL,
            groep,
            bron=bron,
            eenheid=eenheid,
            least=least,
            most=most,
            standaard=standaard,
        )
        for sleutel, label, uitleg, bron, eenheid, least, most, standaard in _NORMEN
    )
