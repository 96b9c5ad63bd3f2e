"""What a gemeente agrees about watching over looks: which, and how soon reviewed."""

from dataclasses import dataclass

from loket.accounts.norm import Norm, Soort


@dataclass(frozen=True)
class Grens:
    """One of these norms, by its key."""

    norm: str


_BRON = "NEN 7513 en BIO"
_NORMEN = (
    (
        "noodtoegang_minuten",
        "Duur van noodtoegang",
        "Zo lang kan iemand in een afgeschermd dossier na noodtoegang. Daarna gaat het"
        " weer dicht.",
        "minuten",
        5,
        480,
        60,
    ),
    (
        "noodtoegang_beoordelen_werkdagen",
        "Termijn om noodtoegang te beoordelen",
        "Binnen zo veel werkdagen beoordeelt de privacy officer elke noodtoegang.",
        "werkdagen",
        0,
        20,
        2,
    ),
    (
        "signaal_inzage_werkdagen",
        "Termijn om een signaal van inzage te beoordelen",
        "Binnen zo veel werkdagen beoordeelt de privacy officer een signaal.",
        "werkdagen",
        0,
        20,
        5,
    ),
    (
        "inzage_dossiers_per_uur",
        "Veel dossiers in een uur",
        "Opent iemand in een uur meer dossiers dan dit, dan komt een signaal.",
        "dossiers",
        1,
        1000,
        30,
    ),
    (
        "kantoortijd_van",
        "Kantoortijd begint",
        "Wie op een werkdag voor dit uur een dossier opent, of op een vrije dag, geeft"
        " een signaal.",
        "uur",
        0,
        23,
        7,
    ),
    (
        "kantoortijd_tot",
        "Kantoortijd eindigt",
        "Wie op een werkdag vanaf dit uur een dossier opent, geeft een signaal. Bij 24"
        " is er 's avonds geen signaal.",
        "uur",
        1,
        24,
        20,
    ),
    (
        "inzage_relatie_dagen",
        "Tijd rond het werk aan een dossier",
        "Wie zo veel dagen voor of na de inzage iets in het dossier deed, had er werk"
        " aan. Dan komt er geen signaal.",
        "dagen",
        1,
        365,
        30,
    ),
    (
        "inzage_naam_inwoners",
        "Eigen achternaam: zo veel inwoners",
        "Hebben meer inwoners dezelfde achternaam als de medewerker, dan zegt die naam"
        " te weinig en komt er geen signaal. Bij 0 kijkt Loket niet naar namen.",
        "inwoners",
        0,
        50,
        5,
    ),
)


def toezicht_normen(groep: str) -> tuple[Norm, ...]:
    """Return the norms of watching over looks, in this group of the page."""
    return tuple(
        Norm(
            sleutel,
            label,
            uitleg,
            Soort.GETAL,
            groep,
            bron=_BRON,
            eenheid=eenheid,
            least=least,
            most=most,
            standaard=standaard,
        )
        for sleutel, label, uitleg, eenheid, least, most, standaard in _NORMEN
    )
