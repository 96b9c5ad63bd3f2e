"""The coded words of the rights of residents as they stand on a screen."""

from loket.rechten.correctieverzoek import Correctiegrond, Onderwerp, Uitkomst
from loket.rechten.inzageverzoek import (
    Aanvrager,
    Identificatie,
    Uitreiking,
    Weglaatgrond,
    Weigergrond,
)

AANVRAGER = {
    Aanvrager.INWONER: "De inwoner zelf",
    Aanvrager.OUDER: "Een ouder of voogd",
    Aanvrager.CURATOR: "De curator",
    Aanvrager.MENTOR: "De mentor",
    Aanvrager.GEVOLMACHTIGDE: "Een gevolmachtigde",
}
IDENTIFICATIE = {
    Identificatie.LEGITIMATIE: "Paspoort, identiteitskaart of rijbewijs gezien",
    Identificatie.DIGID: "Ingelogd met DigiD",
    Identificatie.VRAGEN: "Vragen gesteld die alleen deze persoon kan beantwoorden",
    Identificatie.BEKEND: "Bekend bij de medewerker",
}
WEIGERGROND = {
    Weigergrond.GEEN_EIGEN_RECHT: "Jonger dan 12 jaar (Wmo artikel 5.3.2 lid 2)",
    Weigergrond.NIET_BEVOEGD: "Wie dit vraagt, mag dit niet voor de inwoner vragen",
    Weigergrond.IDENTITEIT: "Het staat niet vast wie dit vraagt (AVG artikel 12 lid 6)",
    Weigergrond.BUITENSPORIG: "Het verzoek is buitensporig (AVG artikel 12 lid 5)",
    Weigergrond.ANDER_BESCHERMEN: "Om een ander te beschermen (Wmo artikel 5.3.2)",
}
WEGLAATGROND = {
    Weglaatgrond.ANDER_BESCHERMEN: "Dit beschermt iemand anders"
    " (Wmo artikel 5.3.2, AVG artikel 15 lid 4)",
    Weglaatgrond.MELDER_ONBEKEND: "De melder wil onbekend blijven"
    " (AVG artikel 15 lid 4)",
    Weglaatgrond.GEZONDHEID_ANDER: "Dit gaat over de gezondheid van iemand anders"
    " (AVG artikel 15 lid 4)",
}
UITREIKING = {
    Uitreiking.OPGEHAALD: "Opgehaald aan het loket",
    Uitreiking.OP_PAPIER: "Op papier gestuurd",
}
STATUS = {
    "open": "Wacht op een besluit",
    "besloten": "Besloten",
    "uitgereikt": "Uitgereikt",
    "afgehandeld": "Afgehandeld",
}
ONDERWERP = {
    Onderwerp.GEGEVENS: "Naam, adres of andere gegevens",
    Onderwerp.VERSLAG: "Een verslag",
    Onderwerp.NOTITIE: "Een notitie",
}
UITKOMST = {
    Uitkomst.VERBETERD: "Verbeterd",
    Uitkomst.VERKLARING: "Wat de inwoner vindt, is toegevoegd",
    Uitkomst.GEWEIGERD: "Geweigerd",
}
CORRECTIEGROND = {
    Correctiegrond.KLOPT_AL: "Wat er staat, klopt",
    Correctiegrond.OORDEEL: "Het is een oordeel van een deskundige, geen feit",
    Correctiegrond.NIET_AANGETOOND: "Niet aangetoond dat het anders is",
}
