"""Shapes of the forms of the onderzoek."""

from collections.abc import Iterable
from typing import Any, cast

from marshmallow import ValidationError, fields, validates_schema

from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs
from loket.cases.onderzoek.oplossing import Leveringsvorm, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.cases.onderzoek.verslag import Reactie
from loket.cases.producten.product import Domein, Frequentie
from loket.formfields import (
    Choice,
    Choices,
    Day,
    FormSchema,
    Number,
    Ref,
    Text,
    Ticked,
    TimeOfDay,
)

LONG = 8000
"""Room for what somebody tells in an hour."""


class IdentiteitSchema(FormSchema):
    """Which document was seen."""

    bewijs = Choice(Identiteitsbewijs, required=True)


class GesprekSchema(FormSchema):
    """One talk."""

    vorm = Choice(GesprekVorm, required=True)
    gevoerd_op = Day(required=True)
    aanwezigen = Text(most=300, required=True)
    woorden_client = Text(most=LONG, required=True)
    aantekening = Text(most=LONG, load_default=None)
    samen = fields.List(Ref(), load_default=list)


class PlanSchema(FormSchema):
    """A talk that is to come: when, how and who."""

    dag = Day(required=True)
    tijd = TimeOfDay(required=True)
    vorm = Choice(GesprekVorm, required=True)
    consulent = Ref(required=True)
    notitie = Text(most=1000, load_default=None)


class VerzetSchema(PlanSchema):
    """The same, at another time, and why."""

    reden = Text(most=500, required=True)


class AfzegSchema(FormSchema):
    """Why a talk does not take place."""

    reden = Text(most=500, required=True)


class BezoekSchema(FormSchema):
    """A whole visit on one page; `bezoek_schema` adds the parts of the talk."""

    vorm = Choice(GesprekVorm, load_default=GesprekVorm.THUIS)
    gevoerd_op = Day(required=True)
    aanwezigen = Text(most=300, load_default=None)
    verteld = Text(most=LONG, load_default=None)
    aantekening = Text(most=LONG, load_default=None)
    bewijs = Choice(Identiteitsbewijs, load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def require_talk(self, data: dict[str, object], **_: object) -> None:
        """Ask for the rest of the talk once somebody began on it."""
        told, there = data.get("verteld"), data.get("aanwezigen")
        if told and not there:
            raise ValidationError("Vul in wie erbij waren.", "aanwezigen")
        if not told and (there or data.get("aantekening")):
            raise ValidationError("Vul in wat de cliënt vertelde.", "verteld")


def bezoek_schema(delen: Iterable[str]) -> FormSchema:
    """Make the shape of one visit: two texts for each part."""
    parts: dict[str, fields.Field[Any]] = {}
    for deel in delen:
        parts[f"woorden_{deel}"] = Text(most=LONG, load_default="")
        parts[f"beoordeling_{deel}"] = Text(most=LONG, load_default="")
    made = BezoekSchema.from_dict(parts, name="BezoekMetDelenSchema")
    return cast(FormSchema, made())


class HuisgenootSchema(FormSchema):
    """One person who lives with the cliënt."""

    naam = Text(most=120, required=True)
    leeftijd = Text(most=20, load_default="")
    relatie = Text(most=60, load_default="")
    hulp = Text(most=1000, load_default="")


class BevindingSchema(FormSchema):
    """Words of the cliënt and our assessment; one of the two may come later."""

    woorden_client = Text(most=LONG, load_default="")
    beoordeling = Text(most=LONG, load_default="")

    @validates_schema
    def require_something(self, data: dict[str, str], **_: object) -> None:
        """Refuse to keep an empty section."""
        if not data.get("woorden_client") and not data.get("beoordeling"):
            raise ValidationError("Vul een van de twee in.", "woorden_client")


class OnderwerpSchema(BevindingSchema):
    """One of the subjects a-g, and whether to go on to the next."""

    verder = Ticked()


class LeefgebiedSchema(FormSchema):
    """Why a domain of life is opened."""

    soort = Choice(LeefgebiedSoort, required=True)
    behoefte_id = Ref(required=True)
    reden = Text(most=1000, required=True)


class BehoefteSchema(FormSchema):
    """A need that showed in the talk."""

    omschrijving = Text(most=500, required=True)
    labels = Choices(Domein, required=True)


class OplossingSchema(FormSchema):
    """How a need is met; the last four only for maatwerk."""

    soort = Choice(OplossingSoort, required=True)
    toelichting = Text(most=2000, required=True)
    product_code = Text(most=20, load_default=None)
    volume = Number(1, 100_000, load_default=None)
    frequentie = Choice(Frequentie, load_default=None)
    gewenste_vorm = Choice(Leveringsvorm, load_default=None)


class AfspraakSchema(FormSchema):
    """What must be reached."""

    resultaat = Text(most=1000, required=True)
    meetwijze = Text(most=1000, required=True)
    nulmeting = Number(1, 5, required=True)
    doel = Number(1, 5, required=True)
    meetdatum = Day(required=True)


class MetingSchema(FormSchema):
    """How it turns out."""

    beoordelaar = Choice(Beoordelaar, required=True)
    score = Number(1, 5, required=True)
    gemeten_op = Day(required=True)
    toelichting = Text(most=1000, load_default=None)


class LaterSchema(FormSchema):
    """Until when the cliënt agrees to wait."""

    tot = Day(required=True)


class VerslagSchema(FormSchema):
    """What the consulent writes above and below the rest."""

    samenvatting = Text(most=LONG, required=True)
    conclusie = Text(most=LONG, required=True)


class ReactieSchema(FormSchema):
    """What the cliënt answers."""

    reactie = Choice(Reactie, required=True)
    opmerkingen = Text(most=LONG, load_default=None)
    ondertekend_op = Day(load_default=None)


class SluitenSchema(FormSchema):
    """Why there is no aanvraag."""

    reden = Choice(Afsluitreden, required=True)
