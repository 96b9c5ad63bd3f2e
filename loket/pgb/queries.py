"""Finding rates, tests and budgets."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit.voorziening import VoorzieningRegel
from loket.pgb.pgb import Budgetregel, HelperSoort, Pgb, PgbTarief, PgbToets


def tarief_op(
    session: Session,
    gemeente_code: str,
    product_code: str,
    helper: HelperSoort,
    dag: date,
) -> PgbTarief | None:
    """Return the rate that holds on a day, or nothing."""
    return session.scalar(
        select(PgbTarief).where(
            PgbTarief.gemeente_code == gemeente_code,
            PgbTarief.product_code == product_code,
            PgbTarief.helper == helper,
            PgbTarief.van <= dag,
            PgbTarief.tot.is_(None) | (PgbTarief.tot >= dag),
        )
    )


def latest_tarief(
    session: Session, gemeente_code: str, product_code: str, helper: HelperSoort
) -> PgbTarief | None:
    """Return the rate with the latest beginning, while nobody changes it."""
    return session.scalar(
        select(PgbTarief)
        .where(
            PgbTarief.gemeente_code == gemeente_code,
            PgbTarief.product_code == product_code,
            PgbTarief.helper == helper,
        )
        .order_by(PgbTarief.van.desc())
        .limit(1)
        .with_for_update()
    )


def list_tarieven(session: Session, by: Actor) -> Sequence[PgbTarief]:
    """Return every rate of the gemeente, by product and from old to new."""
    return session.scalars(
        select(PgbTarief)
        .where(PgbTarief.gemeente_code.in_(by.gemeenten))
        .order_by(PgbTarief.product_code, PgbTarief.helper, PgbTarief.van)
    ).all()


def toets_of(session: Session, besluitregel_id: UUID) -> PgbToets | None:
    """Return the three tests of a besluitregel, if they were done."""
    return session.scalar(
        select(PgbToets).where(PgbToets.besluitregel_id == besluitregel_id)
    )


def reread_toets(session: Session, besluitregel_id: UUID) -> PgbToets | None:
    """Return them as they are stored now, also when this session read them before."""
    return session.scalar(
        select(PgbToets)
        .where(PgbToets.besluitregel_id == besluitregel_id)
        .execution_options(populate_existing=True)
    )


def list_budget(session: Session, toets_id: UUID) -> Sequence[Budgetregel]:
    """Return the lines of a budget."""
    return session.scalars(
        select(Budgetregel)
        .where(Budgetregel.toets_id == toets_id)
        .order_by(Budgetregel.id)
    ).all()


def list_pgbs(session: Session, dossier_id: UUID) -> Sequence[Pgb]:
    """Return the budgets of a dossier, one after another."""
    return session.scalars(
        select(Pgb).where(Pgb.dossier_id == dossier_id).order_by(Pgb.van)
    ).all()


def pgb_of(session: Session, besluitregel_id: UUID) -> Pgb | None:
    """Return the budget that a besluitregel granted."""
    return session.scalar(select(Pgb).where(Pgb.besluitregel_id == besluitregel_id))


def list_pgbs_of(session: Session, voorziening_id: UUID) -> Sequence[Pgb]:
    """Return the budgets of a voorziening."""
    return session.scalars(
        select(Pgb).where(Pgb.voorziening_id == voorziening_id).order_by(Pgb.van)
    ).all()


def voorziening_regel_of(
    session: Session, besluitregel_id: UUID
) -> VoorzieningRegel | None:
    """Return what a besluitregel made hold, while it still does."""
    return session.scalar(
        select(VoorzieningRegel).where(
            VoorzieningRegel.besluitregel_id == besluitregel_id
        )
    )
