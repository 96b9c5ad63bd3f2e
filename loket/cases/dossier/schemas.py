"""Shapes of the forms about people and dossiers."""

from typing import Any
from uuid import UUID

from marshmallow import (
    EXCLUDE,
    ValidationError,
    fields,
    post_load,
    validates,
    validates_schema,
)

from loket.authz import Role
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.dossier import BetrokkeneRol, Bevoegdheid
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.inwoner import Geslacht
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.queries_taken import VoorWie
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.terugbelverzoek import Wie
from loket.cases.dossier.woorden import AFDRUK
from loket.formfields import (
    Bsn,
    Choice,
    Day,
    FormSchema,
    OneOf,
    Ref,
    Text,
    Ticked,
)

IDENTITEIT = (
    "bsn",
    "achternaam",
    "voorvoegsel",
    "voorletters",
    "geboortedatum",
    "geslacht",
    "straat",
    "huisnummer",
    "huisletter",
    "toevoeging",
    "postcode",
    "woonplaats",
)
NOTITIE = "Vul de notitie in."
CONTACT = ("telefoon", "email", "contactwens", "taal", "postadres")


class ZoekSchema(FormSchema):
    """Search by BSN, or by name and birth date."""

    bsn = Bsn()
    achternaam = Text(most=100)
    geboortedatum = Day()

    @validates_schema
    def ask_something(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse an empty search."""
        if not data:
            raise ValidationError("Vul een BSN in, of een achternaam.", "bsn")


class NaamSchema(FormSchema):
    """Who somebody is and where they live; every answer may be left open."""

    achternaam = Text(most=100)
    voorvoegsel = Text(most=20)
    voorletters = Text(most=20)
    geboortedatum = Day()
    geslacht = Choice(Geslacht)
    straat = Text(most=100)
    huisnummer = Text(most=10)
    huisletter = Text(most=1)
    toevoeging = Text(most=10)
    postcode = Text(most=7)
    woonplaats = Text(most=80)


class ContactSchema(FormSchema):
    """How to reach somebody."""

    telefoon = Text(most=30)
    email = Text(most=200)
    contactwens = Text(most=500)
    taal = Text(most=50)
    postadres = Text(most=300)


class InwonerSchema(NaamSchema, ContactSchema):
    """Everything known of an inwoner: what is left empty is emptied."""

    bsn = Bsn()
    achternaam = Text(required=True, most=100)
    geheimhouding = Ticked()

    @post_load
    def empty_rest(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Answer for every field, so that something can also be taken away."""
        return {name: data.get(name) for name in (*IDENTITEIT, *CONTACT)} | {
            "geheimhouding": data["geheimhouding"]
        }


class BetrokkeneSchema(NaamSchema, ContactSchema):
    """Somebody around the cliënt."""

    achternaam = Text(required=True, most=100)
    rol = Choice(BetrokkeneRol, required=True)
    bevoegdheid = Choice(Bevoegdheid, required=True)
    van = Day(required=True)


class OverlijdenSchema(FormSchema):
    """The day somebody died."""

    overleden_op = Day(required=True)


class ContactmomentSchema(FormSchema):
    """A contact: what it was, and what it belongs to if that is known."""

    uitkomst = Choice(Uitkomst, required=True)
    kanaal = Choice(Kanaal, required=True)
    tekst = Text(required=True, most=4000)
    bij = Text(most=40, load_default="")
    """Reference of a dossier, or id of a voorziening that runs."""


class TerugbelSchema(FormSchema):
    """Who is to call whom back, and about what."""

    naam = Text(most=100)
    telefoon = Text(
        required=True,
        most=30,
        error_messages={"required": "Vul het telefoonnummer in."},
    )
    notitie = Text(
        required=True,
        most=2000,
        error_messages={"required": "Vul in waar het over gaat."},
    )
    voor = Text(
        required=True,
        most=60,
        error_messages={"required": "Kies wie moet terugbellen."},
    )
    spoed = Ticked()

    @validates("telefoon")
    def check_phone(self, value: str, **_: Any) -> None:
        """Refuse what nobody can dial."""
        digits = sum(each in "0123456789" for each in value)
        if digits < 7 or set(value) - set("0123456789+-() "):
            raise ValidationError("Vul een telefoonnummer in, met alleen cijfers.")


class OverdraagSchema(FormSchema):
    """Who calls back instead, and why."""

    voor = Text(
        required=True,
        most=60,
        error_messages={"required": "Kies wie moet terugbellen."},
    )
    reden = Text(required=True, most=500)


class TerugbelFilterSchema(FormSchema):
    """Whose requests, and after which line."""

    class Meta:
        """Other arguments in the address mean nothing here."""

        unknown = EXCLUDE

    wie = Choice(Wie, load_default=Wie.ALLE)
    na = fields.String()


class NotitieTekstSchema(FormSchema):
    """The next version of a note."""

    tekst = Text(required=True, most=8000, error_messages={"required": NOTITIE})


class NotitieSchema(NotitieTekstSchema):
    """A new note."""

    soort = Choice(NotitieSoort, required=True)
    vast = Ticked()
    herkomst = Choice(Herkomst, load_default=Herkomst.LOKET)


class NotitieZoekSchema(FormSchema):
    """Words that a note must hold."""

    woorden = Text(
        required=True, most=100, error_messages={"required": "Vul een zoekwoord in."}
    )


class RedenSchema(FormSchema):
    """Why something is taken back."""

    reden = Text(required=True, most=500)


class AfdrukSchema(FormSchema):
    """Which parts of a dossier go on paper."""

    delen = fields.List(
        OneOf(set(AFDRUK)),
        required=True,
        error_messages={"required": "Kies een of meer onderdelen."},
    )


class VerzondenSchema(FormSchema):
    """The day a letter went out."""

    verzonden_op = Day(required=True)


class AfschermenSchema(FormSchema):
    """Who else may see a shielded dossier."""

    personen = fields.List(Ref())


class TaakSchema(FormSchema):
    """A task of your own: what, for whom, before when, and what to know."""

    soort = Choice(TaakSoort, required=True)
    voor = Text(required=True, most=40)
    """The id of a colleague, or a role."""
    uiterlijk = Day(required=True)
    notitie = Text(most=2000)

    @validates("voor")
    def is_somebody(self, value: str, **_: Any) -> None:
        """Refuse what is neither a role nor the id of a person."""
        if value in set(Role):
            return
        try:
            UUID(value)
        except ValueError:
            raise ValidationError("Kies een van de antwoorden.") from None


class OverdragenSchema(FormSchema):
    """Who does it from now on, and why."""

    user_id = Ref(required=True)
    reden = Text(required=True, most=500)


class UitstellenSchema(FormSchema):
    """The day to be reminded."""

    tot = Day(required=True)


class TaakFilterSchema(FormSchema):
    """Which tasks: from the address, so anything odd is left out."""

    class Meta:
        """Other arguments in the address mean nothing here."""

        unknown = EXCLUDE

    soort = Choice(TaakSoort)
    voor = Choice(VoorWie)
    te_laat = Ticked()
    uitgesteld = Ticked()
