"""Shapes of the API about meldingen."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from loket.apifields import (
    ApiSchema,
    JsonChoice,
    JsonDay,
    JsonFlag,
    JsonRef,
    JsonText,
    Said,
)
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid
from loket.cases.dossier.schemas_api import PersoonVraagSchema
from loket.cases.melding.melding import Huishoudtype, Verwijzer
from loket.cases.melding.schemas import ADRES, ROWS, WITHOUT_BSN
from loket.cases.producten.product import Domein


class BehoefteVraagSchema(ApiSchema):
    """One need and the domains it is about."""

    omschrijving = JsonText(most=1000, required=True)
    domeinen = fields.List(
        JsonChoice(Domein), required=True, validate=validate.Length(1, len(Domein))
    )


class MelderVraagSchema(ApiSchema):
    """Who tells it for the cliënt, and on what authority."""

    persoon = fields.Nested(PersoonVraagSchema, required=True)
    rol = JsonChoice(BetrokkeneRol, required=True)
    bevoegdheid = JsonChoice(Bevoegdheid, required=True)

    @validates_schema
    def check_address(self, data: dict[str, Any], **_: Any) -> None:
        """Ask the address of whoever gets the letters."""
        if data["bevoegdheid"].gets_letters:
            _ask(data["persoon"], ADRES, "persoon")


class MeldingVraagSchema(ApiSchema):
    """Who it is about, who tells it, what is asked, what is needed."""

    inwoner_id = JsonRef()
    persoon = fields.Nested(PersoonVraagSchema)
    ook_als_bekend = JsonFlag(
        load_default=False,
    )
    melder = fields.Nested(MelderVraagSchema)
    kanaal = JsonChoice(Kanaal, required=True)
    ontvangen_op = JsonDay(required=True)
    verwijzer = JsonChoice(Verwijzer, required=True)
    huishoudtype = JsonChoice(Huishoudtype, required=True)
    hulpvraag = JsonText(most=4000, required=True)
    behoeften = fields.List(
        fields.Nested(BehoefteVraagSchema),
        required=True,
        validate=validate.Length(1, ROWS),
    )
    spoed = JsonFlag(load_default=False)
    spoed_toelichting = JsonText(most=2000)
    clientondersteuning_verteld = JsonFlag(required=True)

    @validates_schema
    def check_person(self, data: dict[str, Any], **_: Any) -> None:
        """Ask who it is about: somebody known, or enough to find them again."""
        if ("inwoner_id" in data) == ("persoon" in data):
            words = Said("Stuur inwoner_id of persoon.", "verplicht")
            raise ValidationError([words], "persoon")
        if "persoon" in data and not data["persoon"].get("bsn"):
            _ask(data["persoon"], WITHOUT_BSN, "persoon")
        if data["spoed"] and not data.get("spoed_toelichting"):
            words = Said("Vul in waarom er spoed is.", "verplicht")
            raise ValidationError([words], "spoed_toelichting")


class PlanVraagSchema(ApiSchema):
    """The day the persoonlijk plan came in."""

    ontvangen_op = JsonDay(required=True)


class MeldingLijnSchema(Schema):
    """One melding in a list, without what was told."""

    id = fields.UUID(required=True)
    dossier = fields.String(required=True)
    kanaal = fields.Enum(Kanaal, by_value=True, required=True)
    ontvangen_op = fields.Date(required=True)
    onderzoek_tot = fields.Date(required=True)
    spoed = fields.Boolean(required=True)


class BehoefteLijnSchema(Schema):
    """One need of a dossier."""

    id = fields.UUID(required=True)
    omschrijving = fields.String(required=True)
    domeinen = fields.List(fields.String(), required=True)


class MeldingSchema(MeldingLijnSchema):
    """A resident tells the gemeente that support is needed."""

    hulpvraag = fields.String(required=True)
    spoed_toelichting = fields.String(allow_none=True)
    plan_tot = fields.Date(required=True)
    plan_ontvangen_op = fields.Date(allow_none=True)
    bevestigd_op = fields.DateTime(allow_none=True)
    clientondersteuning_verteld = fields.Boolean(required=True)
    huishoudtype = fields.Enum(Huishoudtype, by_value=True, required=True)
    verwijzer = fields.Enum(Verwijzer, by_value=True, required=True)
    behoeften = fields.List(fields.Nested(BehoefteLijnSchema), required=True)


def _ask(persoon: dict[str, Any], names: dict[str, str], under: str) -> None:
    missing = {
        name: [Said(f"Vul {words} in.", "verplicht")]
        for name, words in names.items()
        if not persoon.get(name)
    }
    if missing:
        raise ValidationError({under: missing})
