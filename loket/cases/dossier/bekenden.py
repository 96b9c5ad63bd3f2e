"""Who this may be already: known people, who lives with them, what runs for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from loket.authz import Actor
from loket.cases.dossier import queries
from loket.cases.dossier.huishouden import HuishoudenLid
from loket.cases.dossier.inwoner import Inwoner
from loket.datum import kort


@dataclass(frozen=True)
class Bekende:
    """Somebody who was found; of a shielded person no more than that they are known."""

    id: UUID
    naam: str
    uitleg: str
    dossiers: Sequence[str] = ()
    huisgenoten: Sequence[tuple[UUID, str]] = ()
    afgeschermd: bool = False


def find_bekenden(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    bsn: str | None,
    achternaam: str | None,
    geboortedatum: date | None,
) -> list[Bekende]:
    """Find somebody by BSN, or by name and birth date; who was shown is recorded.

    A name alone finds nobody: too many people would be shown who were not meant.
    """
    found: list[Inwoner] = []
    if bsn:
        found = queries.search_inwoners(session, by, at, bsn=bsn)
    if not found and achternaam and geboortedatum:
        found = queries.search_inwoners(
            session, by, at, achternaam=achternaam, geboortedatum=geboortedatum
        )
    return make_bekenden(session, by, [each for each in found if not each.overleden_op])


def make_bekenden(
    session: Session, by: Actor, found: Sequence[Inwoner]
) -> list[Bekende]:
    """Show these people in a fixed number of questions."""
    if not found:
        return []
    ids = [each.id for each in found]
    mates = huisgenoten_of(session, ids)
    others = {mate.id for several in mates.values() for mate in several}
    shielded = queries.shielded_among(session, by, {*ids, *others})
    dossiers = queries.open_dossiers_of(session, by, ids)
    return [
        Bekende(each.id, "", "", afgeschermd=True)
        if each.id in shielded
        else Bekende(
            each.id,
            each.naam,
            _uitleg(each),
            [dossier.referentie for dossier in dossiers.get(each.id, [])],
            [(m.id, m.naam) for m in mates.get(each.id, []) if m.id not in shielded],
        )
        for each in found
    ]


def huisgenoten_of(
    session: Session, inwoner_ids: Sequence[UUID]
) -> dict[UUID, list[Inwoner]]:
    """Return who now shares a household, of whatever kind, with each of these."""
    own, other = aliased(HuishoudenLid), aliased(HuishoudenLid)
    rows = session.execute(
        select(own.inwoner_id, Inwoner)
        .join(other, other.huishouden_id == own.huishouden_id)
        .join(Inwoner, Inwoner.id == other.inwoner_id)
        .where(
            own.inwoner_id.in_(inwoner_ids),
            own.tot.is_(None),
            other.tot.is_(None),
            other.inwoner_id != own.inwoner_id,
        )
        .order_by(Inwoner.id)
    )
    found: dict[UUID, list[Inwoner]] = {}
    for inwoner_id, mate in rows:
        mates = found.setdefault(inwoner_id, [])
        if mate not in mates and mate.overleden_op is None:
            mates.append(mate)
    return found


def has_household(session: Session, inwoner_ids: Sequence[UUID]) -> bool:
    """Tell whether a household of one of these people is known and runs."""
    running = select(HuishoudenLid.id).where(
        HuishoudenLid.inwoner_id.in_(inwoner_ids), HuishoudenLid.tot.is_(None)
    )
    return session.scalar(running.limit(1)) is not None


def _uitleg(each: Inwoner) -> str:
    born = kort(each.geboortedatum) if each.geboortedatum else "onbekend"
    where = "" if each.geheimhouding else ", ".join(each.adresregels)
    return f"Geboren {born}. {where}".strip()
