"""The forms of this room."""

from marshmallow import EXCLUDE, fields

from loket.formfields import Choice, Day, FormSchema, Number, OneOf, Ref, Text, Ticked
from loket.providers.levering import Contactwijze, Vraagsoort
from loket.providers.plaatsingsverzoek import Weigergrond
from loket.providers.queries_lijst import Loop, Stand
from loket.providers.toewijzing import Stopreden
from loket.providers.woorden import DAGEN


class PlaatsenSchema(FormSchema):
    """Choosing an aanbieder, and what it may know to judge the fit."""

    contractregel_id = Ref(required=True)
    voorkeur_client = Ticked()
    motief = Text(required=True, most=1000)
    gewenste_start = Day(required=True)
    einddatum = Day(load_default=None)
    volume = Number(least=1, most=100_000, load_default=None)
    dagen = fields.List(OneOf({name for name, _ in DAGEN}), load_default=list)
    taal = Text(most=40, load_default="nederlands")
    spoed = Ticked()
    omschrijving = Text(most=2000, load_default="")


class ZoekSchema(FormSchema):
    """For when and in which language help is sought."""

    start = Day(load_default=None)
    taal = Text(most=40, load_default="nederlands")
    spoed = Ticked()


class AanvaardenSchema(FormSchema):
    """From when the aanbieder can help."""

    startdatum = Day(required=True)


class WeigerenSchema(FormSchema):
    """On which ground of the contract it cannot."""

    grond = Choice(Weigergrond, required=True)


class StartSchema(FormSchema):
    """On which day the help began."""

    startdatum = Day(required=True)


class StopSchema(FormSchema):
    """On which day the help stopped, and why."""

    stopdatum = Day(required=True)
    reden = Choice(Stopreden, required=True)


class EindeSchema(FormSchema):
    """After which day nothing is delivered any more."""

    geeindigd_op = Day(required=True)


class OverlegSchema(FormSchema):
    """What is written to the other side."""

    tekst = Text(
        required=True,
        most=2000,
        error_messages={"required": "Schrijf eerst uw bericht."},
    )


class ZoekvraagSchema(FormSchema):
    """Which part of a list: from the address, so anything odd is left out."""

    class Meta:
        """Other arguments in the address mean nothing here."""

        unknown = EXCLUDE

    gemeente = Text(most=4)
    product = Text(most=20)
    stand = Choice(Stand)
    loop = Choice(Loop)
    na = Text(most=20)


class CapaciteitSchema(FormSchema):
    """How long somebody waits, and which languages are spoken."""

    wachttijd_dagen = Number(least=0, most=730, required=True)
    talen = Text(most=200, load_default="")


class StartvoorstelSchema(FormSchema):
    """A day to begin, and what the other side should know about it."""

    startdatum = Day(required=True)
    toelichting = Text(most=500, load_default="")


class AkkoordSchema(FormSchema):
    """The day that was on the page, so that nobody agrees to another one."""

    startdatum = Day(required=True)


class ContactpogingSchema(FormSchema):
    """When and how it was tried."""

    dag = Day(required=True)
    wijze = Choice(
        Contactwijze, required=True, error_messages={"required": "Kies hoe."}
    )


class LeveringsvraagSchema(FormSchema):
    """What the consulent has to settle, and why."""

    soort = Choice(
        Vraagsoort,
        required=True,
        error_messages={"required": "Kies wat er aan de hand is."},
    )
    toelichting = Text(
        required=True,
        most=1000,
        error_messages={"required": "Leg uit wat er aan de hand is."},
    )


class AntwoordSchema(FormSchema):
    """What happens now."""

    antwoord = Text(
        required=True,
        most=1000,
        error_messages={"required": "Schrijf wat er nu gebeurt."},
    )
