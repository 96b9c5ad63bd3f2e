"""Aanvragen, beschikkingen and voorzieningen, valid by default."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from build.gemeente import NOW, TODAY, actor
from build.melding import melding
from loket.authz import Actor, Role
from loket.cases.besluit import jobs, queries
from loket.cases.besluit.aanvraag import Aanvraag, AanvraagItem, AanvraagVorm
from loket.cases.besluit.beschikking import Beschikking, Besluitregel, BesluitSoort
from loket.cases.besluit.operations_aanvraag import NieuwItem, register_aanvraag
from loket.cases.besluit.operations_beschikking import (
    add_besluitregel,
    decide_beschikking,
    draw_up_beschikking,
    make_known_beschikking,
)
from loket.cases.besluit.regelcontrole import NieuweRegel
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.config import Config
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work

HUISHOUDEN = "01A01"
ROLSTOEL = "11A01"
TRAPLIFT = "13A01"
MELDING_OP = date(2026, 9, 1)
"""Long enough ago for the six weeks of the onderzoek to have passed."""
CONFIG = Config.from_env(
    {
        "LOKET_DATABASE_URL": "postgresql+psycopg://nobody@nowhere/none",
        "LOKET_KEYSTORE_URL": "postgresql+psycopg://nobody@nowhere/keys",
        "LOKET_REDIS_URL": "redis://nowhere:6379/0",
        "LOKET_SECRET_KEY": "only-for-tests-" * 3,
        "LOKET_KEK": b64encode(bytes(range(32))).decode(),
    }
)
"""What a handler gets that opens no connection of its own."""


def dossier(
    session: Session, *, ontvangen_op: date = MELDING_OP, **differs: Any
) -> Dossier:
    """Make a dossier of which the six weeks have passed."""
    made = melding(session, ontvangen_op=ontvangen_op, **differs)
    return session.get_one(Dossier, made.dossier_id)


def aanvraag(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Dossier | None = None,
    ontvangen_op: date = TODAY,
    items: Sequence[NieuwItem] = (NieuwItem(HUISHOUDEN),),
) -> Aanvraag:
    """Register an aanvraag for household help in natura."""
    made = register_aanvraag(
        session,
        by or actor(Role.CONSULENT),
        at,
        dossier=of or dossier(session),
        vorm=AanvraagVorm.FORMULIER,
        ontvangen_op=ontvangen_op,
        items=items,
    )
    session.flush()
    return made


def concept(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    about: Aanvraag | None = None,
    of: Dossier | None = None,
) -> Beschikking:
    """Draw up a beschikking without regels."""
    asked = [about] if about else []
    of = of or session.get_one(Dossier, asked[0].dossier_id)
    return draw_up_beschikking(
        session,
        by or actor(Role.CONSULENT),
        at,
        dossier=of,
        aanvragen=asked,
        motivering="U kunt zelf nog een deel doen. Uw dochter helpt met de was.",
    )


def items_of(session: Session, of: Aanvraag) -> list[AanvraagItem]:
    """Return the items of an aanvraag, in the order in which they were asked."""
    return list(
        session.scalars(
            select(AanvraagItem)
            .where(AanvraagItem.aanvraag_id == of.id)
            .order_by(AanvraagItem.id)
        )
    )


def toekenning(**differs: Any) -> NieuweRegel:
    """Fill in: 120 minutes of household help a week, from 1 December."""
    answers: dict[str, Any] = {
        "soort": BesluitSoort.TOEKENNEN,
        "motivering": "U kunt het zware werk niet zelf.",
        "leveringsvorm": Leveringsvorm.NATURA,
        "volume": 120,
        "frequentie": Frequentie.WEEK,
        "ingangsdatum": date(2026, 12, 1),
        "einddatum": date(2028, 11, 30),
        "bedrag_cent": 390_000,
    }
    known = answers | differs
    if "aanvraag_item" not in known and "voorziening" not in known:
        known.setdefault("product_code", HUISHOUDEN)
    return NieuweRegel(**known)


def regel(
    session: Session,
    to: Beschikking,
    by: Actor | None = None,
    at: datetime = NOW,
    **differs: Any,
) -> Besluitregel:
    """Add a regel to a concept."""
    return add_besluitregel(
        session,
        by or actor(Role.CONSULENT),
        at,
        beschikking=to,
        nieuw=toekenning(**differs),
    )


def besloten(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Dossier | None = None,
    **differs: Any,
) -> Beschikking:
    """Ask, draw up and decide: household help in natura."""
    who = by or actor(Role.CONSULENT)
    asked = aanvraag(session, who, at, of=of)
    made = concept(session, who, at, about=asked)
    regel(
        session,
        made,
        who,
        at,
        **{"aanvraag_item": items_of(session, asked)[0]} | differs,
    )
    return decide_beschikking(session, who, at, beschikking=made)


def bekendgemaakt(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Dossier | None = None,
    op: date = TODAY,
    **differs: Any,
) -> Beschikking:
    """Ask, decide, render the letter and make it known."""
    made = besloten(session, by, at, of=of, **differs)
    keep(session, "letters.beschikking", at)
    return make_known_beschikking(
        session,
        actor(Role.ADMINISTRATIE),
        at,
        beschikking=made,
        bekendgemaakt_op=op,
    )


def voorziening(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Dossier | None = None,
    **differs: Any,
) -> Voorziening:
    """Grant household help in natura and return the right."""
    made = besloten(session, by, at, of=of, **differs)
    return queries.list_voorzieningen(session, made.dossier_id)[-1]


def keep(
    session: Session,
    topic: str,
    at: datetime = NOW,
    handlers: Mapping[str, Handler] = jobs.HANDLERS,
    config: Config | None = None,
) -> int:
    """Keep every promise about this topic within the session; return how many."""
    session.flush()
    waiting = session.scalars(
        select(Promise).where(Promise.topic == topic, Promise.kept_at.is_(None))
    ).all()
    for promise in waiting:
        by = Actor.system(promise.gemeente_code)
        handlers[topic](Work(session, by, at, config or CONFIG), promise)
        promise.keep(at)
    session.flush()
    return len(waiting)
