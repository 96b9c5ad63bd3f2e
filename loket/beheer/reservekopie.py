"""How the copies stand: what the trail tells of them, held against the norms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.accounts.register import norm_of
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.termijnen import dag_van

MADE, FAILED = Action.RESERVEKOPIE_MADE, Action.RESERVEKOPIE_FAILED
DRILLED, RESTORED = Action.RESERVEKOPIE_DRILLED, Action.RESERVEKOPIE_RESTORED


@dataclass(frozen=True)
class Normen:
    """What was agreed about copies; of several gemeenten the strictest counts."""

    verlies: timedelta
    """What was typed in this time may be lost, and no more."""
    gegevens_dagen: int
    sleutels_dagen: int
    """Within so many days after a destruction the last copy of the key is gone."""
    oefening_dagen: int


@dataclass(frozen=True)
class Stand:
    """When each thing was done last."""

    gemaakt: datetime | None
    mislukt: datetime | None
    geoefend: datetime | None
    teruggezet: datetime | None
    normen: Normen

    def is_kopie_te_oud(self, at: datetime) -> bool:
        """Whether more could be lost than was agreed."""
        return self.gemaakt is None or at - self.gemaakt > self.normen.verlies

    def is_oefening_te_oud(self, at: datetime) -> bool:
        """Whether nobody tried for too long if the copies work."""
        most = timedelta(days=self.normen.oefening_dagen)
        return self.geoefend is None or at - self.geoefend > most

    @property
    def is_laatste_mislukt(self) -> bool:
        """Whether the last try went wrong."""
        if self.mislukt is None:
            return False
        return self.gemaakt is None or self.mislukt > self.gemaakt


def normen_op(session: Session, gemeenten: Sequence[str], at: datetime) -> Normen:
    """Return the norms of a day."""
    day = dag_van(at)

    def strictest(sleutel: str, found: list[int | None]) -> int:
        usual = int(norm_of(sleutel).standaard)
        return min([usual if each is None else int(each) for each in found] or [usual])

    minuten = [instelling(session, c, "reservekopie_minuten", day) for c in gemeenten]
    gegevens = [instelling(session, c, "reservekopie_dagen", day) for c in gemeenten]
    sleutels = [
        instelling(session, c, "reservekopie_sleutels_dagen", day) for c in gemeenten
    ]
    oefening = [instelling(session, c, "terugzetproef_dagen", day) for c in gemeenten]
    return Normen(
        timedelta(minutes=strictest("reservekopie_minuten", minuten)),
        strictest("reservekopie_dagen", gegevens),
        strictest("reservekopie_sleutels_dagen", sleutels),
        strictest("terugzetproef_dagen", oefening),
    )


def stand_op(session: Session, gemeenten: Sequence[str], at: datetime) -> Stand:
    """Read from the trail how the copies stand."""
    last: dict[str, datetime | None] = {
        each.action: each.moment
        for each in session.execute(
            select(
                AuditRecord.action, func.max(AuditRecord.occurred_at).label("moment")
            )
            .where(
                AuditRecord.gemeente_code.in_(gemeenten),
                AuditRecord.action.in_(
                    [each.value for each in (MADE, FAILED, DRILLED, RESTORED)]
                ),
            )
            .group_by(AuditRecord.action)
        )
    }
    return Stand(
        last.get(MADE.value),
        last.get(FAILED.value),
        last.get(DRILLED.value),
        last.get(RESTORED.value),
        normen_op(session, gemeenten, at),
    )
