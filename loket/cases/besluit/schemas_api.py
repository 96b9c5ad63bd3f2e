"""Shapes of the API about aanvragen, beschikkingen and rights."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from loket.apifields import (
    ApiSchema,
    JsonChoice,
    JsonDay,
    JsonFlag,
    JsonNumber,
    JsonRef,
    JsonText,
    Said,
)
from loket.cases.besluit.aanvraag import AanvraagVorm, Opschortgrond
from loket.cases.besluit.beschikking import BesluitSoort, Herkomst
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.schemas_api import OmvangSchema
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Domein, Eenheid, Frequentie

MOST_ITEMS = 20
"""Things in one aanvraag, and decisions in one beschikking."""
EXTENT = {"leveringsvorm", "volume", "frequentie", "ingangsdatum"}
MAY = {"einddatum", "bedrag_cent"}
ABOUT = {"aanvraag_item_id", "product_code"}
ASKED: dict[BesluitSoort, tuple[set[str], set[str]]] = {
    BesluitSoort.TOEKENNEN: (EXTENT, MAY | ABOUT | {"afgezien_van_pgb"}),
    BesluitSoort.WEIGEREN: ({"weigeringsgrond_code"}, ABOUT),
    BesluitSoort.WIJZIGEN: (EXTENT | {"voorziening_id"}, MAY),
    BesluitSoort.VERLENGEN: (EXTENT | {"voorziening_id"}, MAY),
    BesluitSoort.HERZIEN: (EXTENT | {"voorziening_id", "herzieningsgrond"}, MAY),
    BesluitSoort.INTREKKEN: (
        {"voorziening_id", "herzieningsgrond", "ingangsdatum"},
        set(),
    ),
}
"""What each kind of decision must say, and what it may say besides."""


class ItemVraagSchema(ApiSchema):
    """One thing that is asked for."""

    product_code = JsonText(most=5, required=True)
    gewenste_vorm = JsonChoice(Leveringsvorm, required=True)


class AanvraagVraagSchema(ApiSchema):
    """An aanvraag on paper or through a form."""

    vorm = JsonChoice(AanvraagVorm, required=True)
    ontvangen_op = JsonDay(required=True)
    items = fields.List(
        fields.Nested(ItemVraagSchema),
        required=True,
        validate=validate.Length(1, MOST_ITEMS),
    )


class OpschortenVraagSchema(ApiSchema):
    """On which ground the clock stands still, and until when at most."""

    grond = JsonChoice(Opschortgrond, required=True)
    gevraagd_op = JsonDay(required=True)
    uiterlijk = JsonDay(required=True)


class HervattenVraagSchema(ApiSchema):
    """Which opschorting ends, and on which day the clock runs again."""

    opschorting_id = JsonRef(required=True)
    aangevuld_op = JsonDay(required=True)


class VoorzieningEindeVraagSchema(ApiSchema):
    """The fact that ends a right, and its last day."""

    geeindigd_op = JsonDay(required=True)
    reden = JsonChoice(Eindreden, required=True)


class BezwaarVraagSchema(ApiSchema):
    """A bezwaar against a beschikking, or against one decision in it."""

    ontvangen_op = JsonDay(required=True)
    gepost_op = JsonDay()
    gronden = JsonText(most=8000, required=True)
    besluitregel_id = JsonRef()


class RegelVraagSchema(ApiSchema):
    """One decision; its kind says what else is asked."""

    soort = JsonChoice(BesluitSoort, required=True)
    motivering = JsonText(most=8000, required=True)
    aanvraag_item_id = JsonRef()
    product_code = JsonText(most=5)
    voorziening_id = JsonRef()
    weigeringsgrond_code = JsonText(most=40)
    herzieningsgrond = JsonText(most=1)
    leveringsvorm = JsonChoice(Leveringsvorm)
    afgezien_van_pgb = JsonFlag()
    volume = JsonNumber(1)
    frequentie = JsonChoice(Frequentie)
    ingangsdatum = JsonDay()
    einddatum = JsonDay()
    bedrag_cent = JsonNumber(0, 100_000_000)

    @validates_schema
    def check_kind(self, data: dict[str, Any], **_: Any) -> None:
        """Ask what belongs to this kind of decision, and nothing else."""
        must, may = ASKED[data["soort"]]
        given = data.keys() - {"soort", "motivering"}
        wrong = {name: [_missing()] for name in must - given}
        for name in given - must - may:
            wrong[name] = [Said("Dit hoort niet bij dit soort besluit.", "ongeldig")]
        if may >= ABOUT and len(given & ABOUT) != 1:
            words = "Stuur aanvraag_item_id of product_code."
            wrong["aanvraag_item_id"] = [Said(words, "verplicht")]
        if wrong:
            raise ValidationError(wrong)


def _missing() -> Said:
    return Said("Dit veld is verplicht bij dit soort besluit.", "verplicht")


class BeschikkingVraagSchema(ApiSchema):
    """A concept: about which aanvragen, why as a whole, and what is decided."""

    aanvragen = fields.List(
        JsonRef(), load_default=list, validate=validate.Length(0, MOST_ITEMS)
    )
    motivering = JsonText(most=8000, required=True)
    regels = fields.List(
        fields.Nested(RegelVraagSchema),
        load_default=list,
        validate=validate.Length(0, MOST_ITEMS),
    )


class BekendmakingVraagSchema(ApiSchema):
    """The day it was sent or handed over."""

    bekendgemaakt_op = JsonDay(required=True)


class ItemLijnSchema(Schema):
    """One thing that was asked for."""

    id = fields.UUID(required=True)
    product_code = fields.String(required=True)
    gewenste_vorm = fields.Enum(Leveringsvorm, by_value=True, required=True)


class OpschortingLijnSchema(Schema):
    """Days on which the clock stands still; without `laatste_dag` it does so now."""

    id = fields.UUID(required=True)
    grond = fields.Enum(Opschortgrond, by_value=True, required=True)
    gevraagd_op = fields.Date(required=True)
    uiterlijk = fields.Date(required=True)
    laatste_dag = fields.Date(allow_none=True)


class AanvraagSchema(Schema):
    """The cliënt asks for a decision."""

    id = fields.UUID(required=True)
    dossier_id = fields.UUID(required=True)
    vorm = fields.Enum(AanvraagVorm, by_value=True, required=True)
    ontvangen_op = fields.Date(required=True)
    besluit_tot = fields.Date(required=True)
    status = fields.String(required=True)
    items = fields.List(fields.Nested(ItemLijnSchema), required=True)
    opschortingen = fields.List(fields.Nested(OpschortingLijnSchema), required=True)


class BezwaarLijnSchema(Schema):
    """A bezwaar and its own clock, without its grounds."""

    id = fields.UUID(required=True)
    besluitregel_id = fields.UUID(allow_none=True)
    ontvangen_op = fields.Date(required=True)
    op_tijd = fields.Boolean(required=True)
    beslissen_tot = fields.Date(required=True)
    status = fields.String(required=True)


class RegelLijnSchema(Schema):
    """One decision within a beschikking."""

    id = fields.UUID(required=True)
    soort = fields.Enum(BesluitSoort, by_value=True, required=True)
    product_code = fields.String(required=True)
    aanvraag_item_id = fields.UUID(allow_none=True)
    voorziening_id = fields.UUID(allow_none=True)
    weigeringsgrond_code = fields.String(allow_none=True)
    herzieningsgrond = fields.String(allow_none=True)
    leveringsvorm = fields.Enum(Leveringsvorm, by_value=True, allow_none=True)
    volume = fields.Integer(allow_none=True)
    eenheid = fields.Enum(Eenheid, by_value=True, allow_none=True)
    frequentie = fields.Enum(Frequentie, by_value=True, allow_none=True)
    ingangsdatum = fields.Date(allow_none=True)
    einddatum = fields.Date(allow_none=True)
    bedrag_cent = fields.Integer(allow_none=True)
    motivering = fields.String(allow_none=True)


class BeschikkingLijnSchema(Schema):
    """One beschikking in a list, without what was decided."""

    id = fields.UUID(required=True)
    referentie = fields.String(required=True)
    nummer = fields.Integer(required=True)
    herkomst = fields.Enum(Herkomst, by_value=True, required=True)
    status = fields.String(required=True)
    besloten_op = fields.Date(allow_none=True)
    bekendgemaakt_op = fields.Date(allow_none=True)
    bezwaar_tot = fields.Date(allow_none=True)


class BeschikkingSchema(BeschikkingLijnSchema):
    """A decision in writing."""

    dossier_id = fields.UUID(required=True)
    motivering = fields.String(allow_none=True)
    opgesteld_op = fields.DateTime(required=True)
    nagekeken_op = fields.DateTime(allow_none=True)
    aanvragen = fields.List(fields.UUID(), required=True)
    regels = fields.List(fields.Nested(RegelLijnSchema), required=True)
    bezwaren = fields.List(fields.Nested(BezwaarLijnSchema), required=True)
    brief = fields.Boolean(required=True)


class RechtLijnSchema(OmvangSchema):
    """What holds in a period."""

    leveringsvorm = fields.Enum(Leveringsvorm, by_value=True, required=True)
    van = fields.Date(required=True)
    tot = fields.Date(allow_none=True)


class VoorzieningSchema(Schema):
    """The right of a cliënt, with what holds in each period."""

    id = fields.UUID(required=True)
    dossier_id = fields.UUID(required=True)
    product_code = fields.String(required=True)
    domein = fields.Enum(Domein, by_value=True, required=True)
    toegekend_op = fields.DateTime(required=True)
    geeindigd_op = fields.Date(allow_none=True)
    eindreden = fields.Enum(Eindreden, by_value=True, allow_none=True)
    status = fields.String(required=True)
    regels = fields.List(fields.Nested(RechtLijnSchema), required=True)
