"""The coded words of watching over looks, as they stand on a screen."""

from loket.toezicht.inzagesignaal import Inzageregel

REGEL = {
    Inzageregel.VEEL_DOSSIERS: "Veel dossiers in een uur",
    Inzageregel.BUITEN_KANTOORTIJD: "Inzage buiten kantoortijd",
    Inzageregel.GEEN_RELATIE: "Inzage zonder werk aan het dossier",
    Inzageregel.EIGEN_NAAM: "Inwoner met dezelfde achternaam",
    Inzageregel.COLLEGA: "Inzage in het dossier van een medewerker",
    Inzageregel.BUURT: "Inwoner met dezelfde postcode",
}
UITLEG = {
    Inzageregel.VEEL_DOSSIERS: "Deze medewerker opende in een uur meer dossiers dan"
    " de gemeente gewoon vindt.",
    Inzageregel.BUITEN_KANTOORTIJD: "Deze medewerker opende dossiers voor of na"
    " kantoortijd, of op een vrije dag.",
    Inzageregel.GEEN_RELATIE: "In Loket is geen werk te vinden waarvoor deze"
    " medewerker het dossier nodig had: geen taak, geen contact, geen"
    " terugbelverzoek, geen team. Misschien was het een telefoontje dat niet is"
    " vastgelegd.",
    Inzageregel.EIGEN_NAAM: "De cliënt heeft dezelfde achternaam als deze medewerker."
    " Dat kan toeval zijn.",
    Inzageregel.COLLEGA: "De cliënt is een medewerker van wie u dat hebt vastgelegd.",
    Inzageregel.BUURT: "De cliënt heeft dezelfde postcode als deze medewerker.",
}
"""What the rule saw, and what it cannot know."""
