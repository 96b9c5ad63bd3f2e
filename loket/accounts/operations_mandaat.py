"""Deeds of the beheerder about mandaat: who may decide what (Awb afd. 10.1.1)."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.accounts.history import note, one_at_a_time
from loket.accounts.operations import grant_mandaat
from loket.accounts.queries import staff_names
from loket.accounts.queries_team import roles_of
from loket.accounts.user import Deed, Mandaat
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import GRANTS, Actor, Permission, Role
from loket.datum import kort
from loket.errors import RuleViolation
from loket.geld import bedrag
from loket.geldigheid import check_same, check_van
from loket.termijnen import dag_van

DECIDERS = tuple(r for r in Role if Permission.BESCHIKKING_DECIDE in GRANTS[r])
"""Roles that may decide at all: mandaat for another one would open nothing."""


def give_mandaat(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    deed: Deed,
    van: date,
    rol: Role | None = None,
    user_id: UUID | None = None,
    productcategorie: str | None = None,
    max_bedrag_cent: int | None = None,
    tot: date | None = None,
    terugwerkend: bool = False,
    reden: str = "",
) -> Mandaat:
    """Write down from which day a role or a person may decide something.

    Raises:
        RuleViolation: to nobody or to both, to who cannot decide, a day in the past
            that was not meant, or the same mandaat twice in one period.
    """
    if (rol is None) == (user_id is None):
        raise RuleViolation("Kies een rol of een persoon, niet allebei.", "rol")
    if rol is not None and rol not in DECIDERS:
        raise RuleViolation("Met deze rol kan niemand besluiten.", "rol")
    if user_id is not None and not roles_of(session, by, user_id, van) & set(DECIDERS):
        raise RuleViolation("Deze persoon kan op die dag niet besluiten.", "user_id")
    if tot is not None and tot < van:
        raise RuleViolation("De laatste dag ligt voor de eerste dag.", "tot")
    check_van(van, dag_van(at), terugwerkend=terugwerkend, reden=reden)
    one_at_a_time(session, by, Mandaat.__tablename__)
    twin = session.scalar(
        select(Mandaat.id).where(
            Mandaat.gemeente_code == by.gemeente_code,
            Mandaat.deed == deed,
            Mandaat.rol.is_not_distinct_from(rol),
            Mandaat.user_id.is_not_distinct_from(user_id),
            Mandaat.productcategorie.is_not_distinct_from(productcategorie),
            Mandaat.van <= (tot or date.max),
            Mandaat.tot.is_(None) | (Mandaat.tot >= van),
        )
    )
    if twin:
        raise RuleViolation(
            "Dit mandaat is er in die periode al. Beëindig het eerst.", "van"
        )
    made = grant_mandaat(
        session,
        by,
        at,
        deed=deed,
        van=van,
        rol=rol,
        user_id=user_id,
        productcategorie=productcategorie,
        max_bedrag_cent=max_bedrag_cent,
        tot=tot,
    )
    _note(session, by, at, made, "", in_words(made), reden)
    return made


def end_mandaat(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    mandaat: Mandaat,
    laatste_dag: date,
    stand: str | None = None,
) -> None:
    """Note the last day of a mandaat; what was decided under it stays.

    Raises:
        RuleViolation: over already, longer ago, or somebody was first.
    """
    one_at_a_time(session, by, Mandaat.__tablename__)
    session.refresh(mandaat)
    if stand is not None:
        check_same(stand, stand_of(mandaat))
    if laatste_dag < dag_van(at) - timedelta(days=1):
        raise RuleViolation("Deze dag is al langer voorbij.", "laatste_dag")
    if mandaat.tot is not None and mandaat.tot <= laatste_dag:
        raise RuleViolation("Dit mandaat is dan al voorbij.", "laatste_dag")
    record(session, by, Action.MANDAAT_ENDED, mandaat, at=at, grond=mandaat.deed.value)
    before = in_words(mandaat)
    if laatste_dag < mandaat.van:
        session.delete(mandaat)  # it never held
        after = "Ingetrokken"
    else:
        mandaat.tot = laatste_dag
        after = in_words(mandaat)
    session.flush()
    _note(session, by, at, mandaat, before, after, "")


def stand_of(mandaat: Mandaat) -> str:
    """Name how a mandaat stands; another name means somebody changed it."""
    return str(mandaat.tot or "open")


def in_words(mandaat: Mandaat) -> str:
    """Say what a mandaat is for and in which period."""
    what = f"categorie {mandaat.productcategorie}" if mandaat.productcategorie else ""
    limit = mandaat.max_bedrag_cent
    parts = [
        mandaat.deed.value,
        what or "alle producten",
        "zonder grens" if limit is None else f"tot {bedrag(limit)} per jaar",
        f"vanaf {kort(mandaat.van)}",
        f"tot en met {kort(mandaat.tot)}" if mandaat.tot else "",
    ]
    return ", ".join(part for part in parts if part)


def who_of(session: Session, mandaat: Mandaat) -> str:
    """Say who has a mandaat: a role, or somebody by name."""
    if mandaat.rol is not None:
        return mandaat.rol.value.replace("_", " ").capitalize()
    ids = [mandaat.user_id] if mandaat.user_id else []
    return "".join(staff_names(session, ids).values())


def _note(
    session: Session,
    by: Actor,
    at: datetime,
    mandaat: Mandaat,
    before: str,
    after: str,
    reden: str,
) -> None:
    note(
        session,
        by,
        at=at,
        soort=Mandaat.__tablename__,
        sleutel=str(mandaat.id),
        velden={who_of(session, mandaat): (before, after)},
        reden=reden,
    )
