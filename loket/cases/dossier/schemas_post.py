"""Shapes of the forms about incoming post and about people who are there twice."""

from marshmallow import fields

from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.poststuk import Terzijde
from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.schemas import ZoekSchema
from loket.formfields import Choice, Day, FormSchema, Ref, Text, Ticked


class PostSchema(FormSchema):
    """How and when post came in; the files stand beside it."""

    kanaal = Choice(
        Kanaal,
        required=True,
        error_messages={"required": "Kies hoe de post binnenkwam."},
    )
    ontvangen_op = Day(required=True)
    afzender = Text(most=200, load_default=None)
    omschrijving = Text(most=500, load_default=None)
    dossier = Text(most=20, load_default=None)


class OpbergSchema(FormSchema):
    """To which dossier a piece of post goes."""

    dossier = Text(
        most=20,
        required=True,
        error_messages={"required": "Vul het dossiernummer in of kies een dossier."},
    )


class TerzijdeSchema(FormSchema):
    """Why a piece of post goes to no dossier."""

    reden = Choice(
        Terzijde,
        required=True,
        error_messages={"required": "Kies waarom dit niet in een dossier hoort."},
    )


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
