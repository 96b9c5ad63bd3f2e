"""Shapes of the API about placing: candidates, verzoeken, toewijzingen, contracts."""

from enum import StrEnum

from marshmallow import Schema, fields, validate

from loket.apifields import (
    ApiSchema,
    JsonChoice,
    JsonDay,
    JsonFlag,
    JsonNumber,
    JsonRef,
    JsonText,
)
from loket.cases.dossier.schemas_api import OmvangSchema
from loket.cases.onderzoek.schemas_api import DoelLijnSchema
from loket.providers.contract import Contractvorm
from loket.providers.plaatsingsverzoek import Weigergrond
from loket.providers.routering import Reden
from loket.providers.toewijzing import Stopreden


class Dag(StrEnum):
    """A day of the week, as it is stored."""

    MAANDAG = "maandag"
    DINSDAG = "dinsdag"
    WOENSDAG = "woensdag"
    DONDERDAG = "donderdag"
    VRIJDAG = "vrijdag"
    ZATERDAG = "zaterdag"
    ZONDAG = "zondag"


class VerzoekVraagSchema(ApiSchema):
    """Which aanbieder is asked, and what it may know to judge the fit."""

    contractregel_id = JsonRef(required=True)
    voorkeur_client = JsonFlag(load_default=False)
    motief = JsonText(most=1000, required=True)
    gewenste_start = JsonDay(required=True)
    einddatum = JsonDay()
    volume = JsonNumber(1, 100_000)
    dagen = fields.List(
        JsonChoice(Dag), load_default=list, validate=validate.Length(0, 7)
    )
    taal = JsonText(most=40, load_default="nederlands")
    spoed = JsonFlag(load_default=False)
    omschrijving = JsonText(most=2000, required=True)


class ToewijzingVraagSchema(ApiSchema):
    """A part of the right for an aanbieder that need not be asked."""

    contractregel_id = JsonRef(required=True)
    van = JsonDay(required=True)
    tot = JsonDay()
    volume = JsonNumber(1, 100_000)


class AccepterenVraagSchema(ApiSchema):
    """From when the aanbieder can help."""

    startdatum = JsonDay(required=True)


class WeigerenVraagSchema(ApiSchema):
    """On which ground of the contract it cannot."""

    grond = JsonChoice(Weigergrond, required=True)


class StartVraagSchema(ApiSchema):
    """On which day the help began."""

    startdatum = JsonDay(required=True)


class ToewijzingEindeVraagSchema(ApiSchema):
    """The last day of a toewijzing."""

    geeindigd_op = JsonDay(required=True)


class StopVraagSchema(ApiSchema):
    """On which day the help stopped, and why."""

    stopdatum = JsonDay(required=True)
    reden = JsonChoice(Stopreden, required=True)


class RedenLijnSchema(Schema):
    """Why an aanbieder does not fit, or fits less well."""

    code = fields.Enum(Reden, by_value=True, required=True)
    tekst = fields.String(required=True)
    sluit_uit = fields.Boolean(required=True)


class KandidaatLijnSchema(Schema):
    """One aanbieder under contract: whether it can be chosen, and why not."""

    aanbieder_id = fields.UUID(required=True)
    naam = fields.String(required=True)
    contractregel_id = fields.UUID(allow_none=True)
    vraagt_verzoek = fields.Boolean(required=True)
    past = fields.Boolean(required=True)
    redenen = fields.List(fields.Nested(RedenLijnSchema), required=True)
    wachttijd_dagen = fields.Integer(allow_none=True)
    talen = fields.List(fields.String(), required=True)


class AanbiedersSchema(Schema):
    """Every aanbieder under contract for a right, who fits first."""

    start = fields.Date(required=True)
    aanbieders = fields.List(fields.Nested(KandidaatLijnSchema), required=True)


class AanbiederVerzoekSchema(OmvangSchema):
    """What an aanbieder is asked, without saying for whom."""

    id = fields.UUID(required=True)
    referentie = fields.String(required=True)
    gemeente_code = fields.String(required=True)
    product_code = fields.String(required=True)
    gewenste_start = fields.Date(required=True)
    einddatum = fields.Date(allow_none=True)
    pc4 = fields.String(allow_none=True)
    dagen = fields.List(fields.String(), required=True)
    taal = fields.String(required=True)
    spoed = fields.Boolean(required=True)
    omschrijving = fields.String(allow_none=True)
    gevraagd_op = fields.DateTime(attribute="requested_at", required=True)
    status = fields.String(required=True)
    startdatum = fields.Date(allow_none=True)
    weigergrond = fields.Enum(Weigergrond, by_value=True, allow_none=True)


class AanbiederVerzoekLijnSchema(AanbiederVerzoekSchema):
    """One verzoek in a list, without the text."""

    class Meta:
        """What is read one at a time."""

        exclude = ("omschrijving",)


class PlaatsingsverzoekLijnSchema(AanbiederVerzoekLijnSchema):
    """One verzoek in the list of a dossier."""

    voorziening_id = fields.UUID(required=True)
    aanbieder_id = fields.UUID(required=True)


class PlaatsingsverzoekSchema(AanbiederVerzoekSchema):
    """What was asked of an aanbieder, with why that one."""

    dossier_id = fields.UUID(required=True)
    voorziening_id = fields.UUID(required=True)
    aanbieder_id = fields.UUID(required=True)
    contractregel_id = fields.UUID(required=True)
    voorkeur_client = fields.Boolean(required=True)
    motief = fields.String(allow_none=True)


class ToewijzingLijnSchema(OmvangSchema):
    """One toewijzing in a list; names are not in it."""

    id = fields.UUID(required=True)
    referentie = fields.String(required=True)
    nummer = fields.Integer(required=True)
    gemeente_code = fields.String(required=True)
    aanbieder_id = fields.UUID(required=True)
    product_code = fields.String(required=True)
    van = fields.Date(required=True)
    tot = fields.Date(allow_none=True)
    gestart_op = fields.Date(allow_none=True)
    gestopt_op = fields.Date(allow_none=True)
    stopreden = fields.Enum(Stopreden, by_value=True, allow_none=True)
    geeindigd_op = fields.Date(allow_none=True)
    status = fields.String(required=True)


class ToewijzingSchema(ToewijzingLijnSchema):
    """This aanbieder delivers this part of the right."""

    dossier_id = fields.UUID(required=True)
    voorziening_id = fields.UUID(required=True)
    plaatsingsverzoek_id = fields.UUID(allow_none=True)


class ClientLijnSchema(Schema):
    """Who gets the help, as far as the aanbieder needs it."""

    naam = fields.String(required=True)
    adres = fields.List(fields.String(), attribute="adresregels", required=True)
    telefoon = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    contactwens = fields.String(allow_none=True)
    overleden_op = fields.Date(allow_none=True)


class GedeeldLijnSchema(Schema):
    """The part of the dossier that is shared while the toewijzing runs."""

    client = fields.Nested(ClientLijnSchema, required=True)
    afspraken = fields.List(fields.Nested(DoelLijnSchema), required=True)


class AanbiederToewijzingSchema(ToewijzingLijnSchema):
    """What an aanbieder delivers, and to whom."""

    gedeeld = fields.Nested(GedeeldLijnSchema, allow_none=True, required=True)


class ContractregelLijnSchema(Schema):
    """One product in a contract."""

    id = fields.UUID(required=True)
    product_code = fields.String(required=True)
    tarief_cent = fields.Integer(required=True)
    pc4_gebied = fields.List(fields.String(), allow_none=True)
    max_clienten = fields.Integer(allow_none=True)
    van = fields.Date(required=True)
    tot = fields.Date(allow_none=True)


class ContractSchema(Schema):
    """What the gemeente agreed with an aanbieder."""

    id = fields.UUID(required=True)
    nummer = fields.String(required=True)
    aanbieder_id = fields.UUID(required=True)
    aanbieder = fields.String(attribute="aanbieder.naam", required=True)
    vorm = fields.Enum(Contractvorm, by_value=True, required=True)
    berichten = fields.Boolean(required=True)
    plaatsingsverzoek = fields.Boolean(required=True)
    van = fields.Date(required=True)
    tot = fields.Date(allow_none=True)
    regels = fields.List(fields.Nested(ContractregelLijnSchema), required=True)
