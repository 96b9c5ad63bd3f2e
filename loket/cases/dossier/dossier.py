"""The file: unit of access, of keeping and of destroying."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import Text

from loket.cases.dossier.inwoner import Inwoner
from loket.datum import lang
from loket.db import (
    Gemeentelijk,
    Id,
    Model,
    Moment,
    RowRule,
    new_referentie,
    together,
)
from loket.errors import RuleViolation


class Aanleiding(StrEnum):
    """How a dossier begins (datamodel)."""

    MELDING = "melding"
    HERONDERZOEK = "heronderzoek"
    OVERNAME = "overname"


class Afsluitreden(StrEnum):
    """Why a dossier or an onderzoek closed; never a permanent 'anders'."""

    EIGEN_KRACHT = "eigen_kracht"
    NETWERK = "netwerk"
    ALGEMENE_VOORZIENING = "algemene_voorziening"
    ANDERE_WET = "andere_wet"
    INGETROKKEN = "ingetrokken"
    GEEN_CONTACT = "geen_contact"
    VERHUISD = "verhuisd"
    OVERLEDEN = "overleden"
    BESLUIT_UITGEVOERD = "besluit_uitgevoerd"


class Dossier(Gemeentelijk, Model):
    """Everything about one question of one cliënt; a key scope (Wmo art. 5.3.4)."""

    __tablename__ = "dossier"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        UniqueConstraint("referentie"),
        together("assigned_at", "assigned_by_id"),
        together("closed_at", "closed_by_id", "afsluitreden"),
        together("vernietigd_op", "vernietigingsgrond"),
        Index(None, "gemeente_code", "opened_at"),
        Index(
            "ix_dossier_te_bewaren",
            "gemeente_code",
            "closed_at",
            postgresql_where="closed_at IS NOT NULL AND vernietigd_op IS NULL",
        ),
    )

    id: Mapped[Id]
    referentie: Mapped[str] = mapped_column(default=new_referentie)
    """Random and unambiguous: it stands in URLs and on letters."""
    aanleiding: Mapped[Aanleiding]
    opened_at: Mapped[Moment]
    opened_by_id: Mapped[UUID]
    consulent_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    assigned_at: Mapped[Moment | None]
    assigned_by_id: Mapped[UUID | None]
    afgeschermd: Mapped[bool] = mapped_column(default=False)
    """Only named people see it (DossierToegang)."""
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[UUID | None]
    afsluitreden: Mapped[Afsluitreden | None]
    vernietigd_op: Mapped[date | None]
    """Day on which its key was destroyed; the row stays, for figures and the trail."""
    vernietigingsgrond: Mapped[str | None]

    betrokkenen: Mapped[list["Betrokkene"]] = relationship(
        back_populates="dossier", lazy="raise"
    )

    def __init__(self, **values: object) -> None:
        values.setdefault("referentie", new_referentie())
        super().__init__(**values)

    def assign(self, consulent_id: UUID, by_id: UUID, at: datetime) -> None:
        """Give the dossier to a consulent, or to another one."""
        if self.closed_at:
            raise RuleViolation("Dit dossier is gesloten.")
        self.consulent_id = consulent_id
        self.assigned_at = at
        self.assigned_by_id = by_id

    def release(self) -> None:
        """Give the dossier back: it is to be divided again."""
        if self.closed_at:
            raise RuleViolation("Dit dossier is gesloten.")
        if self.consulent_id is None:
            raise RuleViolation("Dit dossier heeft geen consulent.")
        self.consulent_id = None
        self.assigned_at = None
        self.assigned_by_id = None

    def close(self, reden: Afsluitreden, by_id: UUID, at: datetime) -> None:
        """Close the dossier with a coded reason; this happens once."""
        if self.closed_at:
            raise RuleViolation("Dit dossier is al gesloten.")
        self.closed_at = at
        self.closed_by_id = by_id
        self.afsluitreden = reden

    def destroy(self, day: date, grond: str) -> None:
        """Its content is gone for good: what is left is that it was there."""
        if self.closed_at is None:
            raise RuleViolation("Een open dossier wordt niet vernietigd.")
        self.vernietigd_op = day
        self.vernietigingsgrond = grond

    @property
    def afscheid(self) -> str:
        """Say that and why it was destroyed, to who looks for it."""
        if self.vernietigd_op is None:
            raise ValueError("this dossier is still there")
        return (
            f"Dossier {self.referentie} is vernietigd op {lang(self.vernietigd_op)}."
            f" Grond: {self.vernietigingsgrond}."
        )


class DossierToegang(Gemeentelijk, Model):
    """Somebody named who may see an afgeschermd dossier."""

    __tablename__ = "dossier_toegang"
    __table_args__ = (UniqueConstraint("dossier_id", "user_id"),)

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    granted_at: Mapped[Moment]
    granted_by_id: Mapped[UUID]


class BetrokkeneRol(StrEnum):
    """What somebody is in a dossier."""

    CLIENT = "client"
    MELDER = "melder"
    VERTEGENWOORDIGER = "vertegenwoordiger"
    MANTELZORGER = "mantelzorger"
    HUISGENOOT = "huisgenoot"
    CONTACTPERSOON = "contactpersoon"


class Bevoegdheid(StrEnum):
    """On what authority somebody speaks for the cliënt (Wmo art. 1.1.1 lid 2)."""

    CURATOR = "curator"
    MENTOR = "mentor"
    GEVOLMACHTIGDE = "gevolmachtigde"
    PARTNER = "partner"
    FAMILIE = "familie"
    GEEN = "geen"

    @property
    def gets_letters(self) -> bool:
        """Curator, mentor and gevolmachtigde get the letters."""
        return self in {
            Bevoegdheid.CURATOR,
            Bevoegdheid.MENTOR,
            Bevoegdheid.GEVOLMACHTIGDE,
        }


class Betrokkene(Gemeentelijk, Model):
    """An inwoner in a dossier: in which role, on what authority, from when to when."""

    __tablename__ = "betrokkene"
    __row_rule__ = RowRule.SHARED
    __table_args__ = (
        Index(
            "uq_betrokkene_client",
            "dossier_id",
            unique=True,
            postgresql_where="rol = 'client'",
        ),
        Index(None, "inwoner_id"),
        Index(None, "dossier_id"),
    )

    id: Mapped[Id]
    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id))
    inwoner_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    rol: Mapped[BetrokkeneRol]
    bevoegdheid: Mapped[Bevoegdheid] = mapped_column(default=Bevoegdheid.GEEN)
    van: Mapped[date]
    tot: Mapped[date | None]

    dossier: Mapped[Dossier] = relationship(back_populates="betrokkenen", lazy="raise")
    inwoner: Mapped[Inwoner] = relationship(lazy="raise")


class Fase(StrEnum):
    """Where the work on a dossier stands, for the worklist only: no legal state."""

    NIEUW = "nieuw"
    ONDERZOEK = "onderzoek"
    WACHT_OP_CLIENT = "wacht_op_client"
    AANVRAAG = "aanvraag"
    BESLUIT = "besluit"
    BEKENDMAKEN = "bekendmaken"
    PLAATSEN = "plaatsen"
    LEVERING = "levering"
    BESLOTEN = "besloten"
    """Made known, nothing to deliver: it can be closed."""
    GESLOTEN = "gesloten"


NO_TERM = "9999-12-31"
NOBODY = "00000000-0000-0000-0000-000000000000"
_OPEN = "fase <> 'gesloten'"


class Werkvoorraad(Gemeentelijk, Model):
    """One line of the worklist: a lean read table, kept in the deed's transaction.

    The next term of a dossier with several clocks; names are not in it. Two columns
    follow from the others in the database itself, because an index cannot walk over
    what is empty: `termijn_op` puts lines without a clock last, `behandelaar_id` gives
    what nobody has to nobody. Every index starts with the gemeente and ends in the
    order of a page, so that a page costs the same in a heap of any size.
    """

    __tablename__ = "werkvoorraad"
    __table_args__ = (
        Index("ix_werkvoorraad_client", "client_id"),
        *(
            Index(
                f"ix_werkvoorraad_{name}_{order}",
                "gemeente_code",
                *first,
                order,
                "referentie",
                postgresql_where=where,
            )
            for name, first, where in (
                ("open", (), _OPEN),
                ("fase", ("fase",), None),
                ("behandelaar", ("behandelaar_id",), _OPEN),
                ("pc4", ("pc4",), _OPEN),
                ("spoed", (), f"spoed AND {_OPEN}"),
            )
            for order in ("termijn_op", "ontvangen_op")
        ),
        Index(
            "ix_werkvoorraad_gesloten_van",
            "gemeente_code",
            "behandelaar_id",
            "ontvangen_op",
            "referentie",
            postgresql_where="fase = 'gesloten'",
        ),
        Index(
            "ix_werkvoorraad_caseload",
            "gemeente_code",
            "behandelaar_id",
            "fase",
            "afgeschermd",
            "dossier_id",
            "termijn_op",
            postgresql_where=_OPEN,
        ),
    )

    dossier_id: Mapped[UUID] = mapped_column(ForeignKey(Dossier.id), primary_key=True)
    referentie: Mapped[str]
    client_id: Mapped[UUID] = mapped_column(ForeignKey("inwoner.id"))
    consulent_id: Mapped[UUID | None]
    fase: Mapped[Fase]
    domeinen: Mapped[list[str]] = mapped_column(ARRAY(Text))
    spoed: Mapped[bool] = mapped_column(default=False)
    afgeschermd: Mapped[bool] = mapped_column(default=False)
    pc4: Mapped[str | None]
    ontvangen_op: Mapped[date]
    termijn_soort: Mapped[str | None]
    """Which clock runs: onderzoek, besluit, bezwaar."""
    uiterste_datum: Mapped[date | None]
    termijn_op: Mapped[date] = mapped_column(
        Computed(f"coalesce(uiterste_datum, '{NO_TERM}'::date)", persisted=True)
    )
    behandelaar_id: Mapped[UUID] = mapped_column(
        Computed(f"coalesce(consulent_id, '{NOBODY}'::uuid)", persisted=True)
    )
