"""Shapes of the API about dossiers and the people in them."""

from marshmallow import Schema, fields

from loket.apifields import (
    ApiSchema,
    JsonBsn,
    JsonChoice,
    JsonDay,
    JsonRef,
    JsonText,
)
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.dossier import (
    Aanleiding,
    Afsluitreden,
    BetrokkeneRol,
    Bevoegdheid,
    Fase,
)
from loket.cases.dossier.inwoner import Geslacht
from loket.cases.producten.product import Eenheid, Frequentie


class PersoonVraagSchema(ApiSchema):
    """Somebody who is not known yet."""

    bsn = JsonBsn()
    achternaam = JsonText(most=100, required=True)
    voorvoegsel = JsonText(most=20)
    voorletters = JsonText(most=20)
    geboortedatum = JsonDay()
    geslacht = JsonChoice(Geslacht)
    straat = JsonText(most=100)
    huisnummer = JsonText(most=10)
    huisletter = JsonText(most=1)
    toevoeging = JsonText(most=10)
    postcode = JsonText(most=7)
    woonplaats = JsonText(most=80)
    telefoon = JsonText(most=30)
    email = JsonText(most=200)
    contactwens = JsonText(most=500)
    taal = JsonText(most=50)


class VerdeelVraagSchema(ApiSchema):
    """To which consulent a dossier goes."""

    consulent_id = JsonRef(required=True)


class ContactmomentVraagSchema(ApiSchema):
    """A contact about a dossier."""

    kanaal = JsonChoice(Kanaal, required=True)
    uitkomst = JsonChoice(Uitkomst, required=True)
    tekst = JsonText(most=4000, required=True)


class OmvangSchema(Schema):
    """How much of a product, and in which rhythm."""

    volume = fields.Integer(required=True)
    eenheid = fields.Enum(Eenheid, by_value=True, required=True)
    frequentie = fields.Enum(Frequentie, by_value=True, required=True)


class InwonerSchema(Schema):
    """Who somebody is, as on the page of a dossier: the BSN is masked."""

    id = fields.UUID(required=True)
    naam = fields.String(required=True)
    bsn_gemaskeerd = fields.String(required=True)
    geboortedatum = fields.Date(allow_none=True)
    overleden_op = fields.Date(allow_none=True)
    adres = fields.List(fields.String(), required=True)
    telefoon = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    contactwens = fields.String(allow_none=True)
    taal = fields.String(allow_none=True)
    geheimhouding = fields.Boolean(required=True)


class BetrokkeneLijnSchema(Schema):
    """Somebody around the cliënt."""

    inwoner_id = fields.UUID(required=True)
    naam = fields.String(required=True)
    rol = fields.Enum(BetrokkeneRol, by_value=True, required=True)
    bevoegdheid = fields.Enum(Bevoegdheid, by_value=True, required=True)
    van = fields.Date(required=True)
    tot = fields.Date(allow_none=True)


class DossierLijnSchema(Schema):
    """One dossier in a list; no names are in it."""

    id = fields.UUID(required=True)
    referentie = fields.String(required=True)
    aanleiding = fields.Enum(Aanleiding, by_value=True, required=True)
    consulent_id = fields.UUID(allow_none=True)
    gesloten = fields.Boolean(required=True)
    fase = fields.Enum(Fase, by_value=True, required=True)
    domeinen = fields.List(fields.String(), required=True)
    spoed = fields.Boolean(required=True)
    ontvangen_op = fields.Date(required=True)
    termijn_soort = fields.String(allow_none=True)
    uiterste_datum = fields.Date(allow_none=True)


class DossierSchema(Schema):
    """Everything about one question of one cliënt."""

    id = fields.UUID(required=True)
    referentie = fields.String(required=True)
    aanleiding = fields.Enum(Aanleiding, by_value=True, required=True)
    geopend_op = fields.DateTime(required=True)
    consulent_id = fields.UUID(allow_none=True)
    afgeschermd = fields.Boolean(required=True)
    gesloten_op = fields.DateTime(allow_none=True)
    afsluitreden = fields.Enum(Afsluitreden, by_value=True, allow_none=True)
    client = fields.Nested(InwonerSchema, required=True)
    betrokkenen = fields.List(fields.Nested(BetrokkeneLijnSchema), required=True)


class ContactmomentLijnSchema(Schema):
    """One contact in a list, without what was said."""

    id = fields.UUID(required=True)
    kanaal = fields.Enum(Kanaal, by_value=True, required=True)
    uitkomst = fields.Enum(Uitkomst, by_value=True, required=True)
    vastgelegd_op = fields.DateTime(required=True)


class ContactmomentSchema(ContactmomentLijnSchema):
    """A contact about a dossier."""

    dossier_id = fields.UUID(allow_none=True)
    tekst = fields.String(allow_none=True)
