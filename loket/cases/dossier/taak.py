"""Something somebody must do in a dossier before a day."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from loket.authz import Role
from loket.db import Gemeentelijk, Id, Model, Moment, together
from loket.errors import RuleViolation
from loket.vault.fields import Sealed, sealed


class TaakSoort(StrEnum):
    """Coded, so that a list of tasks holds no content of a case."""

    BRIEF_VERZENDEN = "brief_verzenden"
    OPNIEUW_PLAATSEN = "opnieuw_plaatsen"
    GEGEVENS_OPVRAGEN = "gegevens_opvragen"
    BERICHT_BEOORDELEN = "bericht_beoordelen"
    VERSLAG_REACTIE = "verslag_reactie"
    AANVRAAG_REGISTREREN = "aanvraag_registreren"
    PARTNER_BENADEREN = "partner_benaderen"
    """Who shared the help of somebody who died, still needs it."""
    AANBIEDER_ANTWOORDEN = "aanbieder_antwoorden"
    """An aanbieder asked or told something about a verzoek or a toewijzing."""
    TERMIJN_NADERT = "termijn_nadert"
    MEETMOMENT_NADERT = "meetmoment_nadert"
    VOORZIENING_EINDIGT = "voorziening_eindigt"
    PGB_EINDIGT = "pgb_eindigt"
    CLIENT_BELLEN = "client_bellen"
    OVERLEG_VOEREN = "overleg_voeren"
    STUKKEN_NAKIJKEN = "stukken_nakijken"
    AFSPRAAK_MAKEN = "afspraak_maken"
    DATALEK_BEOORDELEN = "datalek_beoordelen"
    """A letter went to the wrong person (AVG art. 33: 72 hours)."""
    POST_BEKIJKEN = "post_bekijken"
    """Incoming post was filed to the dossier."""
    REPARATIE_REGELEN = "reparatie_regelen"
    HULP_KOMT_NIET = "hulp_komt_niet"
    """Help that was granted does not come: find out why."""
    STARTDATUM_BEANTWOORDEN = "startdatum_beantwoorden"
    CLIENT_ONBEREIKBAAR = "client_onbereikbaar"
    CLIENT_VALT_UIT = "client_valt_uit"
    VERLENGING_BEOORDELEN = "verlenging_beoordelen"
    VERZOEK_STAAT_STIL = "verzoek_staat_stil"
    """An aanbieder did not answer a plaatsingsverzoek in time."""
    INZAGEVERZOEK_BEOORDELEN = "inzageverzoek_beoordelen"
    """A resident asked to see what is held about them (Wmo art. 5.3.2)."""
    AFSCHRIFT_UITREIKEN = "afschrift_uitreiken"
    CORRECTIE_BEOORDELEN = "correctie_beoordelen"
    AANBIEDER_INLICHTEN = "aanbieder_inlichten"
    """Data it received were corrected (AVG art. 19)."""

    @property
    def is_own(self) -> bool:
        """Whether people ask it of each other; the others follow from a deed."""
        return self in _OWN


_OWN = frozenset(
    {
        TaakSoort.CLIENT_BELLEN,
        TaakSoort.OVERLEG_VOEREN,
        TaakSoort.STUKKEN_NAKIJKEN,
        TaakSoort.AFSPRAAK_MAKEN,
        TaakSoort.GEGEVENS_OPVRAGEN,
    }
)


class Taak(Sealed, Gemeentelijk, Model):
    """A task for a person or for a role, made by a deed, a day or a colleague."""

    __tablename__ = "taak"
    __table_args__ = (
        together("done_at", "done_by_id"),
        UniqueConstraint("sleutel"),
        Index(None, "dossier_id"),
        Index(None, "gemeente_code", "done_at", "uiterlijk"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey("dossier.id"))
    soort: Mapped[TaakSoort]
    onderwerp_id: Mapped[UUID | None]
    voor_rol: Mapped[Role | None]
    voor_user_id: Mapped[UUID | None]
    uiterlijk: Mapped[date]
    """The last day; a reminder can wait, this day never moves."""
    herinneren_op: Mapped[date | None]
    """Out of sight until this day."""
    sleutel: Mapped[str | None]
    """What a signal is about and when: so that it is made once."""
    notitie = sealed.text()
    reden = sealed.text()
    """Why it was handed over, the last time."""
    made_at: Mapped[Moment]
    done_at: Mapped[Moment | None]
    done_by_id: Mapped[UUID | None]

    def finish(self, by_id: UUID, at: datetime) -> None:
        """It is done; this happens once."""
        if self.done_at:
            raise RuleViolation("Deze taak is al klaar.")
        self.done_at = at
        self.done_by_id = by_id

    def give(self, user_id: UUID) -> None:
        """Let one person do it from now on."""
        self._require_open()
        self.voor_user_id = user_id
        self.voor_rol = None
        self.herinneren_op = None

    def postpone(self, tot: date, today: date) -> None:
        """Remind later, on the last day at the latest."""
        self._require_open()
        if tot <= today:
            raise RuleViolation("Kies een dag na vandaag.", "tot")
        if tot > self.uiterlijk:
            raise RuleViolation(
                "Kies een dag die niet later is dan de uiterste dag van deze taak.",
                "tot",
            )
        self.herinneren_op = tot

    def _require_open(self) -> None:
        if self.done_at:
            raise RuleViolation("Deze taak is al klaar.")
