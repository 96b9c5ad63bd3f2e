"""Shapes of the forms about keeping and destroying."""

from enum import StrEnum

from loket.archief.vernietigingslijst import Tegenhoudreden, Uithaalreden
from loket.archief.vernietigingsverzoek import Omvang
from loket.cases.besluit.beroep import Gerecht
from loket.cases.besluit.vernietigingsstop import Stopgrond
from loket.formfields import Choice, Day, FormSchema, Text, Ticked

LONGEST = 2000


class Besluit(StrEnum):
    """What the gemeente answers to a request."""

    INWILLIGEN = "inwilligen"
    WEIGEREN = "weigeren"


class NakijkSchema(FormSchema):
    """Somebody looked at each line."""

    bekeken = Ticked()


class UithaalSchema(FormSchema):
    """Why a line leaves the list."""

    reden = Choice(Uithaalreden, required=True)


class TegenhoudSchema(FormSchema):
    """Why a list is not carried out."""

    reden = Choice(Tegenhoudreden, required=True)


class StopSchema(FormSchema):
    """Why a dossier stays, and when to look again."""

    grond = Choice(Stopgrond, required=True)
    toelichting = Text(required=True, most=LONGEST)
    tot = Day(load_default=None)


class OphefSchema(FormSchema):
    """When the bezwaar or the beroep was over."""

    afgehandeld_op = Day(load_default=None)


class BeroepSchema(FormSchema):
    """Where somebody went to court, and when."""

    gerecht = Choice(Gerecht, required=True)
    zaaknummer = Text(required=True, most=100)
    ingesteld_op = Day(required=True)


class VerzoekSchema(FormSchema):
    """What somebody wants to have destroyed."""

    omvang = Choice(Omvang, required=True)
    ontvangen_op = Day(required=True)


class BesluitSchema(FormSchema):
    """The answer to a request."""

    besluit = Choice(Besluit, required=True)
    tegengrond = Text(load_default=None, most=100)
    motivering = Text(load_default=None, most=LONGEST)
