"""Opening the agreed part of a dossier to an aanbieder, and closing it again."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.cases.dossier.inwoner import Inwoner
from loket.errors import RuleViolation
from loket.providers.toewijzing import Deling, Toewijzing
from loket.termijnen import dag_van

NA_EINDE_DAGEN = 30
"""How long the aanbieder still reads the shared data after the last day."""


def share(
    session: Session, at: datetime, toewijzing: Toewijzing, client: Inwoner
) -> None:
    """Let the aanbieder read the agreed part, from now on until after the end."""
    last = toewijzing.laatste_dag
    session.add(
        Deling(
            gemeente_code=toewijzing.gemeente_code,
            toewijzing_id=toewijzing.id,
            dossier_id=toewijzing.dossier_id,
            inwoner_id=client.id,
            aanbieder_id=toewijzing.aanbieder_id,
            van=min(toewijzing.van, dag_van(at)),
            tot=last + _grace(session, toewijzing, last) if last else None,
        )
    )


def share_until(session: Session, at: datetime, toewijzing: Toewijzing) -> None:
    """Close the agreed part some days after the last day of help; never later."""
    deling = session.scalars(
        select(Deling).where(Deling.toewijzing_id == toewijzing.id)
    ).one()
    days = [day for day in (toewijzing.geeindigd_op, toewijzing.gestopt_op) if day]
    last = min(days, default=dag_van(at))
    until = max(deling.van, last + _grace(session, toewijzing, last))
    deling.tot = min(deling.tot or until, until)


def require_shared(
    session: Session, at: datetime, toewijzing: Toewijzing, field: str | None = None
) -> None:
    """Refuse words about somebody whose data are not shared (any more)."""
    today = dag_van(at)
    shared = session.scalar(
        select(Deling.id).where(
            Deling.toewijzing_id == toewijzing.id,
            Deling.van <= today,
            Deling.tot.is_(None) | (Deling.tot >= today),
        )
    )
    if shared is None:
        raise RuleViolation(
            "De gegevens van deze cliënt worden niet meer gedeeld. Bel elkaar als er"
            " nog iets is.",
            field,
        )


def _grace(session: Session, toewijzing: Toewijzing, day: date) -> timedelta:
    days = instelling(session, toewijzing.gemeente_code, "deling_dagen_na_einde", day)
    return timedelta(days=NA_EINDE_DAGEN if days is None else days)
