"""Shapes of the forms about tasks."""

from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, ValidationError, validates

from loket.authz import Role
from loket.cases.dossier.queries_taken import VoorWie
from loket.cases.dossier.taak import TaakSoort
from loket.formfields import Choice, Day, FormSchema, Ref, Text, Ticked


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
