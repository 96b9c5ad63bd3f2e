"""The shapes of the forms of this chapter."""

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from loket.cases.besluit.aanvraag import AanvraagVorm, Opschortgrond
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.voorziening import Eindreden
from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.formfields import (
    Cents,
    Choice,
    Day,
    FormSchema,
    Number,
    Ref,
    Text,
    Ticked,
)


class AanvraagSchema(FormSchema):
    """An aanvraag on paper or through a form."""

    vorm = Choice(AanvraagVorm, required=True)
    ontvangen_op = Day(required=True)
    producten = fields.List(
        Text(most=5),
        required=True,
        validate=validate.Length(min=1, error="Kies minstens één product."),
        error_messages={"required": "Kies minstens één product."},
    )
    gewenste_vorm = Choice(Leveringsvorm, required=True)


class OpschortenSchema(FormSchema):
    """Letting the clock stand still."""

    grond = Choice(Opschortgrond, required=True)
    gevraagd_op = Day(required=True)
    uiterlijk = Day(required=True)


class AangevuldSchema(FormSchema):
    """Letting the clock run again."""

    aangevuld_op = Day(required=True)


class ConceptSchema(FormSchema):
    """A new beschikking: about which aanvragen, and why as a whole."""

    aanvragen = fields.List(Ref(), load_default=list)
    motivering = Text(required=True, most=8000)


class _OverSchema(FormSchema):
    """About what is decided: a part of the aanvraag, or else a product."""

    aanvraag_item = Ref(load_default=None)
    product_code = Text(most=5, load_default=None)

    @validates_schema(skip_on_field_errors=False)
    def check_about(self, data: dict[str, Any], **_: Any) -> None:
        """Say that it is missing together with everything else that is."""
        if not data.get("aanvraag_item") and not data.get("product_code"):
            raise ValidationError("Kies een product.", "product_code")


class ToekennenSchema(_OverSchema):
    """Granting."""

    leveringsvorm = Choice(Leveringsvorm, required=True)
    afgezien_van_pgb = Ticked()
    volume = Number(least=1, required=True)
    frequentie = Choice(Frequentie, required=True)
    ingangsdatum = Day(required=True)
    einddatum = Day(load_default=None)
    bedrag_cent = Cents(load_default=None)
    motivering = Text(required=True, most=8000)


class WeigerenSchema(_OverSchema):
    """Refusing, on a codified ground."""

    weigeringsgrond_code = Text(
        most=40,
        required=True,
        error_messages={"required": "Kies de grond waarop u weigert."},
    )
    motivering = Text(required=True, most=8000)


CHANGES = (BesluitSoort.WIJZIGEN, BesluitSoort.VERLENGEN, BesluitSoort.HERZIEN)


class WijzigenSchema(FormSchema):
    """Changing, extending or reviewing a right that runs."""

    soort = Choice(
        BesluitSoort,
        required=True,
        validate=validate.OneOf(CHANGES, error="Kies een van de antwoorden."),
    )
    voorziening = Ref(required=True)
    herzieningsgrond = Text(most=1, load_default=None)
    leveringsvorm = Choice(Leveringsvorm, required=True)
    volume = Number(least=1, required=True)
    frequentie = Choice(Frequentie, required=True)
    ingangsdatum = Day(required=True)
    einddatum = Day(load_default=None)
    bedrag_cent = Cents(load_default=None)
    motivering = Text(required=True, most=8000)

    @validates_schema(skip_on_field_errors=False)
    def check_ground(self, data: dict[str, Any], **_: Any) -> None:
        """Ask the ground where the law wants one, together with what else is open."""
        if data.get("soort") is BesluitSoort.HERZIEN and not data.get(
            "herzieningsgrond"
        ):
            raise ValidationError("Kies de grond.", "herzieningsgrond")


class IntrekkenSchema(FormSchema):
    """Taking a right back."""

    voorziening = Ref(required=True)
    herzieningsgrond = Text(
        most=1, required=True, error_messages={"required": "Kies de grond."}
    )
    ingangsdatum = Day(required=True)
    motivering = Text(required=True, most=8000)


class BekendmakenSchema(FormSchema):
    """The day it was sent or handed over."""

    bekendgemaakt_op = Day(required=True)


class BezwaarSchema(FormSchema):
    """A bezwaar that came in."""

    besluitregel = Ref(load_default=None)
    ontvangen_op = Day(required=True)
    gepost_op = Day(load_default=None)
    gronden = Text(required=True, most=8000)


class OvernemenSchema(FormSchema):
    """A decision that was taken elsewhere."""

    extern_nummer = Text(required=True, most=40)
    besloten_op = Day(required=True)
    product_code = Text(
        most=5, required=True, error_messages={"required": "Kies een product."}
    )
    leveringsvorm = Choice(Leveringsvorm, required=True)
    volume = Number(least=1, required=True)
    frequentie = Choice(Frequentie, required=True)
    ingangsdatum = Day(required=True)
    einddatum = Day(load_default=None)
    bedrag_cent = Cents(load_default=None)


class EindeSchema(FormSchema):
    """The end of a right by a fact."""

    reden = Choice(
        Eindreden,
        required=True,
        validate=validate.NoneOf(
            [Eindreden.INGETROKKEN], error="Intrekken kan alleen met een beschikking."
        ),
    )
    geeindigd_op = Day(required=True)


class SluitenSchema(FormSchema):
    """Why a dossier closes."""

    reden = Choice(Afsluitreden, required=True)
