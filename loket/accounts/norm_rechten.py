"""What a gemeente sets about the rights of residents: terms, how long a copy stays."""

from loket.accounts.norm import Norm, Soort

_NORMEN = (
    (
        "inzage_maanden",
        "Antwoord op een verzoek om inzage of correctie",
        "Binnen deze tijd antwoordt de gemeente. De wet staat niet meer toe.",
        "AVG art. 12 lid 3",
        "maanden",
        1,
        1,
    ),
    (
        "inzage_verlenging_maanden",
        "Meer tijd voor een verzoek om inzage",
        "Met zo veel maanden kan de termijn worden verlengd, met een reden.",
        "AVG art. 12 lid 3",
        "maanden",
        2,
        2,
    ),
    (
        "afschrift_bewaren_dagen",
        "Afschrift voor een inwoner",
        "Zo lang blijft een afschrift staan om op te halen. Daarna wordt het gewist.",
        "AVG art. 5 lid 1 onder e",
        "dagen",
        90,
        30,
    ),
)
"""Key, label, what it does, its source, unit, the most, and what holds when unset."""


def rechten_normen(groep: str) -> tuple[Norm, ...]:
    """Return these rules, for one group of the page."""
    return tuple(
        Norm(
            sleutel,
            label,
            uitleg,
            Soort.GETAL,
            groep,
            bron=bron,
            eenheid=eenheid,
            least=1,
            most=most,
            standaard=standaard,
        )
        for sleutel, label, uitleg, bron, eenheid, most, standaard in _NORMEN
    )
