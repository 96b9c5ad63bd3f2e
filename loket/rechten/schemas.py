"""The shapes of what residents ask."""

from marshmallow import fields

from loket.cases.dossier.contactmoment import Kanaal
from loket.formfields import Choice, Day, FormSchema, Ref, Text, Ticked
from loket.rechten.correctieverzoek import Correctiegrond
from loket.rechten.inzageverzoek import (
    Aanvrager,
    Identificatie,
    Uitreiking,
    Weglaatgrond,
    Weigergrond,
)


class InzageverzoekSchema(FormSchema):
    """Who asks to see, about whom, and how it came in."""

    inwoner = Ref(
        required=True, error_messages={"required": "Kies over wie het verzoek gaat."}
    )
    aanvrager = Choice(
        Aanvrager,
        required=True,
        error_messages={"required": "Kies wie dit vraagt."},
    )
    naam_aanvrager = Text(most=200, load_default=None)
    kanaal = Choice(
        Kanaal,
        required=True,
        error_messages={"required": "Kies hoe het verzoek binnenkwam."},
    )
    ontvangen_op = Day(required=True)
    identificatie = Choice(Identificatie, load_default=None)


class IdentificatieSchema(FormSchema):
    """How it was made sure who asks."""

    identificatie = Choice(
        Identificatie,
        required=True,
        error_messages={"required": "Kies hoe u hebt gecontroleerd wie dit vraagt."},
    )


class VerlengingSchema(FormSchema):
    """Why it takes longer."""

    reden = Text(
        required=True,
        most=1000,
        error_messages={"required": "Leg uit waarom het langer duurt."},
    )


class WeigeringSchema(FormSchema):
    """Why nothing is given."""

    grond = Choice(
        Weigergrond,
        required=True,
        error_messages={"required": "Kies waarom u weigert."},
    )
    motivering = Text(
        required=True,
        most=2000,
        error_messages={"required": "Leg aan de inwoner uit waarom u weigert."},
    )


class WeglatenSchema(FormSchema):
    """What of one part is not given."""

    alles = Ticked()
    rijen = fields.List(Ref(), load_default=list)
    grond = Choice(Weglaatgrond, load_default=None)
    uitleg = Text(most=500, load_default=None)


class UitreikingSchema(FormSchema):
    """How the copy was given."""

    uitreiking = Choice(
        Uitreiking,
        required=True,
        error_messages={"required": "Kies hoe u het afschrift hebt gegeven."},
    )


class CorrectieSchema(FormSchema):
    """What the resident wants corrected."""

    tekst = Text(
        required=True,
        most=100,
        error_messages={"required": "Kies wat er volgens de inwoner niet klopt."},
    )
    """`gegevens`, or which verslag or notitie: `notitie:<id>`."""
    gevraagd = Text(
        required=True,
        most=4000,
        error_messages={
            "required": "Vul in wat er niet klopt en wat het volgens de inwoner is."
        },
    )
    ontvangen_op = Day(required=True)


class VerklaringSchema(FormSchema):
    """What the resident says of a text."""

    verklaring = Text(
        required=True,
        most=4000,
        error_messages={"required": "Vul in wat de inwoner van de tekst vindt."},
    )


class CorrectieweigeringSchema(FormSchema):
    """Why nothing is changed."""

    grond = Choice(
        Correctiegrond,
        required=True,
        error_messages={"required": "Kies waarom u niets verandert."},
    )
    motivering = Text(
        required=True,
        most=2000,
        error_messages={"required": "Leg aan de inwoner uit waarom u niets verandert."},
    )
