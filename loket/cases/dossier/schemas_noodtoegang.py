"""Shapes of the forms about emergency access."""

from loket.cases.dossier.noodtoegang import Noodgrond, Oordeel
from loket.formfields import Choice, FormSchema, Text


class NoodtoegangSchema(FormSchema):
    """Which dossier, on what ground, and why in one's own words."""

    referentie = Text(
        required=True,
        most=20,
        error_messages={"required": "Vul het kenmerk van het dossier in."},
    )
    noodgrond = Choice(Noodgrond, required=True)
    noodreden = Text(required=True, most=2000)


class OordeelSchema(FormSchema):
    """What the officer thinks of a look, and why."""

    oordeel = Choice(Oordeel, required=True)
    oordeel_toelichting = Text(required=True, most=2000)
