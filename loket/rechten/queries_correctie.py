"""Finding what can be corrected, what was added to it, and what stood there before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.gegevenswijziging import Gegevenswijziging
from loket.cases.dossier.notitie import Notitie
from loket.cases.dossier.queries import get_client
from loket.cases.dossier.verklaring import Verklaring
from loket.cases.dossier.woorden import GEGEVENS, NOTITIE
from loket.cases.onderzoek.verslag import Verslag
from loket.rechten.correctieverzoek import Correctieverzoek, Onderwerp
from loket.rechten.leesbaar import label, zeg

MOST_SHOWN = 100
_WHERE: dict[Onderwerp, type[Verslag | Notitie]] = {
    Onderwerp.VERSLAG: Verslag,
    Onderwerp.NOTITIE: Notitie,
}


def is_text_of(
    session: Session, dossier_id: UUID, onderwerp: Onderwerp, tekst_id: UUID
) -> bool:
    """Whether this verslag or notitie is in the dossier."""
    table = _WHERE[onderwerp]
    found = select(table.id).where(table.id == tekst_id, table.dossier_id == dossier_id)
    return session.scalar(found) is not None


def list_texts(
    session: Session, dossier_id: UUID
) -> list[tuple[Onderwerp, UUID, str, datetime]]:
    """Return every verslag and notitie of a dossier: what it is, its id and when."""
    reports = session.scalars(
        select(Verslag)
        .where(Verslag.dossier_id == dossier_id)
        .order_by(Verslag.made_at.desc())
        .limit(MOST_SHOWN)
    )
    found = [
        (Onderwerp.VERSLAG, each.id, f"Verslag, versie {each.versie}", each.made_at)
        for each in reports
    ]
    notes = session.scalars(
        select(Notitie)
        .where(Notitie.dossier_id == dossier_id)
        .order_by(Notitie.written_at.desc())
        .limit(MOST_SHOWN)
    )
    return found + [
        (Onderwerp.NOTITIE, each.id, NOTITIE[each.soort], each.written_at)
        for each in notes
    ]


def list_verklaringen(session: Session, dossier_id: UUID) -> Sequence[Verklaring]:
    """Return what the resident added to texts in a dossier, oldest first."""
    return session.scalars(
        select(Verklaring)
        .where(Verklaring.dossier_id == dossier_id)
        .order_by(Verklaring.id)
        .limit(MOST_SHOWN)
    ).all()


def verklaring_of(session: Session, verzoek: Correctieverzoek) -> Verklaring | None:
    """Return what was added because of this request."""
    return session.scalar(select(Verklaring).where(Verklaring.verzoek_id == verzoek.id))


@dataclass(frozen=True)
class Wijziging:
    """One change as it is read: when, by whom, why, and each field."""

    at: datetime
    door: str
    op_verzoek: bool
    velden: tuple[tuple[str, str, str], ...]
    """Label, what it was, what it became."""


def read_history(
    session: Session, by: Actor, at: datetime, dossier: Dossier
) -> list[Wijziging]:
    """Return how the data of the cliënt changed, newest first; the look is recorded."""
    client = get_client(session, dossier.id)
    rows = session.scalars(
        select(Gegevenswijziging)
        .where(Gegevenswijziging.inwoner_id == client.id)
        .order_by(Gegevenswijziging.id.desc())
        .limit(MOST_SHOWN)
    ).all()
    names = staff_names(session, [each.changed_by_id for each in rows])
    record(session, by, Action.GESCHIEDENIS_READ, dossier, at=at)
    return [
        Wijziging(
            each.changed_at,
            names.get(each.changed_by_id, "Loket"),
            each.verzoek_id is not None,
            tuple(_fields(each)),
        )
        for each in rows
    ]


def _fields(wijziging: Gegevenswijziging) -> list[tuple[str, str, str]]:
    held = wijziging.waarden or {}
    return [
        (GEGEVENS.get(name, label(name)), _side(pair, "was"), _side(pair, "is"))
        for name, pair in held.items()
    ]


def _side(pair: object, side: str) -> str:
    value = pair.get(side) if hasattr(pair, "get") else None
    return zeg("", value) or "niets"
