"""Shapes of the forms about the worklist."""

from typing import Any

from marshmallow import (
    EXCLUDE,
    fields,
    post_load,
)

from loket.cases.dossier.dossier import Fase
from loket.cases.dossier.toedeling import Toedelingreden
from loket.cases.producten.product import Domein
from loket.cases.werkvoorraad.werkvraag import (
    PER_PAGE,
    Filter,
    Kolom,
    Leeftijd,
    Resterend,
    Sorteer,
    Wiens,
)
from loket.formfields import (
    Choice,
    Choices,
    FormSchema,
    Number,
    Ref,
    Text,
    Ticked,
)


class VerdeelSchema(FormSchema):
    """Dossiers as they were seen, for one consulent or back to be divided."""

    dossiers = fields.List(
        Text(most=60),
        required=True,
        error_messages={"required": "Kies een of meer dossiers."},
    )
    naar = Text(
        required=True,
        error_messages={"required": "Kies aan wie u de zaken geeft."},
    )
    reden = Choice(Toedelingreden, required=True)
    toelichting = Text(most=500, load_default="")


class WeergaveSchema(FormSchema):
    """A name for a view of the worklist."""

    naam = Text(required=True, most=60, error_messages={"required": "Vul een naam in."})
    standaard = Ticked()


class FilterSchema(FormSchema):
    """Which part of the worklist: from the address, so anything odd is left out."""

    class Meta:
        """Other arguments in the address mean nothing here."""

        unknown = EXCLUDE

    fase = Choice(Fase)
    wiens = Choice(Wiens)
    consulent_id = Ref(data_key="consulent")
    team_id = Ref(data_key="team")
    domein = Choice(Domein)
    pc4 = Text(most=10)
    leeftijd = Choice(Leeftijd)
    resterend = Choice(Resterend)
    te_laat = Ticked()
    spoed = Ticked()
    sorteer = Choice(Sorteer)
    kolommen = Choices(Kolom)
    per = Number(PER_PAGE, 2 * PER_PAGE)
    na = fields.String()
    voor = fields.String()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Filter:
        """Make the question of the worklist; columns stand in their own order."""
        chosen = set(data.pop("kolommen", []))
        if chosen:
            data["kolommen"] = tuple(each for each in Kolom if each in chosen)
        # 1971 AB is as good as 1971
        digits = [c for c in data.pop("pc4", "") if c in "0123456789"]
        data["pc4"] = "".join(digits[:4]) or None
        return Filter(**data)
