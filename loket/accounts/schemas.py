"""Shapes of the login forms."""

from typing import Any

from marshmallow import ValidationError, validates_schema

from loket.accounts.user import MailWens
from loket.authz import Role
from loket.formfields import (
    Choice,
    Choices,
    Day,
    EmailAdres,
    FormSchema,
    Ref,
    Text,
)


class LoginSchema(FormSchema):
    """Name and password."""

    login = Text(required=True)
    wachtwoord = Text(required=True)


class CodeSchema(FormSchema):
    """Six digits of the second factor."""

    code = Text(required=True, most=10)


class WerkplekSchema(FormSchema):
    """The desk somebody takes."""

    werkplek = Text(required=True)


class WachtwoordSchema(FormSchema):
    """The own password, before something that a stolen session must not do."""

    wachtwoord = Text(required=True)


class VervangingSchema(FormSchema):
    """Who is absent, who does the work, and from when to when."""

    user_id = Ref()
    vervanger_id = Ref(
        required=True, error_messages={"required": "Kies wie het werk doet."}
    )
    van = Day(required=True)
    tot = Day()


class VervangingEindeSchema(FormSchema):
    """The last day of a replacement."""

    laatste_dag = Day(
        required=True, error_messages={"required": "Vul de laatste dag in."}
    )


class EigenWachtwoordSchema(FormSchema):
    """The own password, twice: nobody sees what is typed."""

    wachtwoord = Text(required=True)
    nogmaals = Text(
        required=True,
        error_messages={"required": "Vul het wachtwoord nog een keer in."},
    )

    @validates_schema
    def check_same(self, data: dict[str, str], **_: Any) -> None:
        """Refuse two that differ."""
        if data.get("wachtwoord") != data.get("nogmaals"):
            raise ValidationError("Vul twee keer hetzelfde wachtwoord in.", "nogmaals")


class CollegaRolSchema(FormSchema):
    """One role at an aanbieder."""

    rol = Choice(Role, required=True, error_messages={"required": "Kies een rol."})


class CollegaSchema(FormSchema):
    """A new colleague at an aanbieder, with the first roles."""

    naam = Text(required=True, most=100)
    login = Text(
        required=True,
        most=100,
        error_messages={"required": "Vul een gebruikersnaam in."},
    )
    rollen = Choices(
        Role, required=True, error_messages={"required": "Kies een of meer rollen."}
    )


class MailSchema(FormSchema):
    """Whether e-mail tells that work waits, and at which address."""

    mail_wens = Choice(MailWens, required=True)
    mail_adres = EmailAdres(most=200)
