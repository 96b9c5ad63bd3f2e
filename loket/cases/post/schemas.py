"""Shapes of the forms about incoming post."""

from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.post.poststuk import Terzijde
from loket.formfields import Choice, Day, FormSchema, Text


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
    herkomst = Choice(Herkomst, load_default=Herkomst.INWONER)


class OpbergSchema(FormSchema):
    """To which dossier a piece of post goes."""

    dossier = Text(
        most=20,
        required=True,
        error_messages={"required": "Vul het dossiernummer in of kies een dossier."},
    )
    herkomst = Choice(Herkomst, load_default=Herkomst.INWONER)


class TerzijdeSchema(FormSchema):
    """Why a piece of post goes to no dossier."""

    reden = Choice(
        Terzijde,
        required=True,
        error_messages={"required": "Kies waarom dit niet in een dossier hoort."},
    )
