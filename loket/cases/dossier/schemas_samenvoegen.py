"""Shapes of the forms about incoming post and about people who are there twice."""

from marshmallow import fields

from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.schemas import ZoekSchema
from loket.formfields import Choice, FormSchema, Ref, Ticked


class VergelijkSchema(FormSchema):
    """The two people who may be one."""

    inwoner = fields.List(Ref(), load_default=list)


class SamenvoegSchema(FormSchema):
    """Which record stays, and how the other one came to be."""

    eerste = Ref(required=True)
    tweede = Ref(required=True)
    blijft = Ref(
        required=True, error_messages={"required": "Kies welke gegevens blijven."}
    )
    reden = Choice(
        SamenvoegReden,
        required=True,
        error_messages={"required": "Kies waarom deze inwoner er twee keer staat."},
    )
    geboortedatum_gecontroleerd = Ticked()


class JuisteClientSchema(ZoekSchema):
    """Who it is about after all: found by a search, or chosen from what was found."""

    inwoner = Ref()
