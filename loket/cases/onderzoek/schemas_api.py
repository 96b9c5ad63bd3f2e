"""Shapes of the API about the onderzoek."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from loket.apifields import (
    ApiSchema,
    JsonChoice,
    JsonDay,
    JsonNumber,
    JsonRef,
    JsonText,
    Said,
)
from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.melding.schemas_api import BehoefteLijnSchema
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs
from loket.cases.onderzoek.oplossing import Leveringsvorm, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.cases.onderzoek.schemas import LONG
from loket.cases.onderzoek.verslag import Reactie
from loket.cases.onderzoek.volledigheid import Onderdeel
from loket.cases.producten.product import Frequentie

MOST_LEDEN = 30
"""People in one home."""


class BevindingVraagSchema(ApiSchema):
    """What was said and found; what is not sent stays as it was."""

    woorden_client = JsonText(most=LONG)
    beoordeling = JsonText(most=LONG)

    @validates_schema
    def require_something(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse to keep an empty section."""
        if not {"woorden_client", "beoordeling"} & data.keys():
            words = Said("Vul een van de twee in.", "verplicht")
            raise ValidationError([words], "woorden_client")


class OnderwerpVraagSchema(BevindingVraagSchema):
    """One subject a-g."""

    letter = JsonChoice(Letter, required=True)


class OnderwerpenVraagSchema(ApiSchema):
    """The subjects that were talked about."""

    onderwerpen = fields.List(
        fields.Nested(OnderwerpVraagSchema),
        required=True,
        validate=validate.Length(1, len(Letter)),
    )


class LeefgebiedOpenenVraagSchema(ApiSchema):
    """Which domain of life is opened, and which need asks for it."""

    soort = JsonChoice(LeefgebiedSoort, required=True)
    behoefte_id = JsonRef(required=True)
    reden = JsonText(most=1000, required=True)


class LeefgebiedVraagSchema(BevindingVraagSchema):
    """One domain of life that is open."""

    soort = JsonChoice(LeefgebiedSoort, required=True)


class LeefgebiedenVraagSchema(ApiSchema):
    """The domains of life that were talked about."""

    leefgebieden = fields.List(
        fields.Nested(LeefgebiedVraagSchema),
        required=True,
        validate=validate.Length(1, len(LeefgebiedSoort)),
    )


class IdentiteitVraagSchema(ApiSchema):
    """Which document was seen; its number is not kept."""

    bewijs = JsonChoice(Identiteitsbewijs, required=True)


class LidVraagSchema(ApiSchema):
    """One person who lives with the cliënt."""

    naam = JsonText(most=120, required=True)
    leeftijd = JsonText(most=20, load_default="")
    relatie = JsonText(most=60, load_default="")
    hulp = JsonText(most=1000, load_default="")


class HuishoudenVraagSchema(ApiSchema):
    """Who lives with the cliënt; nobody is an empty list."""

    leden = fields.List(
        fields.Nested(LidVraagSchema),
        required=True,
        validate=validate.Length(0, MOST_LEDEN),
    )


class GesprekVraagSchema(ApiSchema):
    """One talk."""

    vorm = JsonChoice(GesprekVorm, required=True)
    gevoerd_op = JsonDay(required=True)
    aanwezigen = JsonText(most=300, required=True)
    woorden_client = JsonText(most=LONG, required=True)
    aantekening = JsonText(most=LONG)


class OplossingVraagSchema(ApiSchema):
    """How a need is met; the last four only for maatwerk."""

    behoefte_id = JsonRef(required=True)
    soort = JsonChoice(OplossingSoort, required=True)
    toelichting = JsonText(most=2000, required=True)
    product_code = JsonText(most=20)
    volume = JsonNumber(1, 100_000)
    frequentie = JsonChoice(Frequentie)
    gewenste_vorm = JsonChoice(Leveringsvorm)


class VerslagVraagSchema(ApiSchema):
    """What the consulent writes above and below the rest."""

    samenvatting = JsonText(most=LONG, required=True)
    conclusie = JsonText(most=LONG, required=True)


class ReactieVraagSchema(ApiSchema):
    """What the cliënt answers to the last verslag, and when it was signed."""

    reactie = JsonChoice(Reactie, required=True)
    opmerkingen = JsonText(most=LONG)
    ondertekend_op = JsonDay()


class LaterVraagSchema(ApiSchema):
    """Until when the onderzoek may take, as agreed with the cliënt."""

    tot = JsonDay(required=True)


class SluitenVraagSchema(ApiSchema):
    """Why it ends."""

    reden = JsonChoice(Afsluitreden, required=True)


class AfspraakVraagSchema(ApiSchema):
    """What must be reached."""

    behoefte_id = JsonRef(required=True)
    resultaat = JsonText(most=1000, required=True)
    meetwijze = JsonText(most=1000, required=True)
    nulmeting = JsonNumber(1, 5, required=True)
    doel = JsonNumber(1, 5, required=True)
    meetdatum = JsonDay(required=True)


class ScoreVraagSchema(ApiSchema):
    """How it turns out."""

    beoordelaar = JsonChoice(Beoordelaar, required=True)
    score = JsonNumber(1, 5, required=True)
    gemeten_op = JsonDay(required=True)
    toelichting = JsonText(most=1000)


class OnderzoekLijnSchema(Schema):
    """One onderzoek in a list, without what was told."""

    id = fields.UUID(required=True)
    dossier = fields.String(required=True)
    gestart_op = fields.DateTime(required=True)
    uiterste_datum = fields.Date(allow_none=True, required=True)
    afgesproken_tot = fields.Date(allow_none=True, required=True)
    status = fields.String(required=True)


class BevindingLijnSchema(Schema):
    """What was said and found."""

    woorden_client = fields.String(allow_none=True)
    beoordeling = fields.String(allow_none=True)
    vastgelegd_op = fields.DateTime(attribute="recorded_at", allow_none=True)


class OnderwerpLijnSchema(BevindingLijnSchema):
    """One subject a-g."""

    letter = fields.Enum(Letter, by_value=True, required=True)
    titel = fields.String(attribute="letter.titel", required=True)


class LeefgebiedLijnSchema(BevindingLijnSchema):
    """One domain of life that a need made it necessary to open."""

    soort = fields.Enum(LeefgebiedSoort, by_value=True, required=True)
    behoefte_id = fields.UUID(required=True)
    reden = fields.String(allow_none=True)
    geopend_op = fields.DateTime(attribute="opened_at", required=True)


class LidLijnSchema(Schema):
    """Who lived with the cliënt at the time."""

    naam = fields.String(required=True)
    leeftijd = fields.String()
    relatie = fields.String()
    hulp = fields.String()


class GesprekLijnSchema(Schema):
    """One talk, as this onderzoek has it."""

    vorm = fields.Enum(GesprekVorm, by_value=True, required=True)
    gevoerd_op = fields.Date(required=True)
    aanwezigen = fields.String(allow_none=True)
    woorden_client = fields.String(allow_none=True)
    aantekening = fields.String(allow_none=True)


class OplossingLijnSchema(Schema):
    """How one need is met."""

    id = fields.UUID(required=True)
    behoefte_id = fields.UUID(required=True)
    soort = fields.Enum(OplossingSoort, by_value=True, required=True)
    toelichting = fields.String(allow_none=True)
    product_code = fields.String(allow_none=True)
    volume = fields.Integer(allow_none=True)
    frequentie = fields.Enum(Frequentie, by_value=True, allow_none=True)
    gewenste_vorm = fields.Enum(Leveringsvorm, by_value=True, allow_none=True)


class DoelLijnSchema(Schema):
    """An agreed result, as an aanbieder works on it."""

    id = fields.UUID(required=True)
    resultaat = fields.String(allow_none=True)
    meetwijze = fields.String(allow_none=True)
    nulmeting = fields.Integer(required=True)
    doel = fields.Integer(required=True)
    meetdatum = fields.Date(required=True)


class AfspraakLijnSchema(DoelLijnSchema):
    """An agreed result, without how it turned out."""

    behoefte_id = fields.UUID(required=True)


class ScoreLijnSchema(Schema):
    """One measurement."""

    beoordelaar = fields.Enum(Beoordelaar, by_value=True, required=True)
    score = fields.Integer(required=True)
    gemeten_op = fields.Date(required=True)
    toelichting = fields.String(allow_none=True)


class ResultaatafspraakSchema(AfspraakLijnSchema):
    """What must be reached for a need, and how it turns out."""

    onderzoek_id = fields.UUID(required=True)
    scores = fields.List(fields.Nested(ScoreLijnSchema), required=True)


class VerslagLijnSchema(Schema):
    """One version of the verslag."""

    versie = fields.Integer(required=True)
    samenvatting = fields.String(allow_none=True)
    conclusie = fields.String(allow_none=True)
    gemaakt_op = fields.DateTime(attribute="made_at", required=True)
    reactie = fields.Enum(Reactie, by_value=True, allow_none=True)
    ondertekend_op = fields.Date(allow_none=True)


class OntbreektLijnSchema(Schema):
    """Something the law asks for that is not there yet."""

    onderdeel = fields.Enum(Onderdeel, by_value=True, required=True)
    letter = fields.Enum(Letter, by_value=True, allow_none=True)
    tekst = fields.String(required=True)


class OnderzoekSchema(OnderzoekLijnSchema):
    """What is needed, found together with the cliënt."""

    melding_id = fields.UUID(allow_none=True)
    identiteitsbewijs = fields.Enum(Identiteitsbewijs, by_value=True, allow_none=True)
    pgb_informatie_op = fields.DateTime(allow_none=True)
    huishouden = fields.List(fields.Nested(LidLijnSchema), allow_none=True)
    gesprekken = fields.List(fields.Nested(GesprekLijnSchema), required=True)
    onderwerpen = fields.List(fields.Nested(OnderwerpLijnSchema), required=True)
    leefgebieden = fields.List(fields.Nested(LeefgebiedLijnSchema), required=True)
    behoeften = fields.List(fields.Nested(BehoefteLijnSchema), required=True)
    oplossingen = fields.List(fields.Nested(OplossingLijnSchema), required=True)
    resultaatafspraken = fields.List(fields.Nested(AfspraakLijnSchema), required=True)
    verslagen = fields.List(fields.Nested(VerslagLijnSchema), required=True)
    ontbreekt = fields.List(fields.Nested(OntbreektLijnSchema), required=True)
    afgerond_op = fields.DateTime(allow_none=True)
    gesloten_op = fields.DateTime(allow_none=True)
    afsluitreden = fields.Enum(Afsluitreden, by_value=True, allow_none=True)
