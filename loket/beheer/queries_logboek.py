"""Looking at the trail, for the privacy officer: ids and words, no content."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    and_,
    any_,
    func,
    literal,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session

from loket.accounts.user import Aanstelling, User
from loket.audit.action import Action
from loket.audit.gronden import ground_in_words
from loket.audit.operations import record
from loket.audit.record import AuditRecord, AuditSubject, Outcome
from loket.audit.soorten import Handelingsoort, actions_of
from loket.audit.woorden import in_words
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.queries import find_inwoner_by_bsn, visible
from loket.errors import NotFound
from loket.providers.aanbieder import Aanbieder
from loket.termijnen import ZONE

PAGE = 25
MOST_EXPORTED = 10_000
MOST_SUBJECTS = 200


@dataclass(frozen=True)
class LogFilter:
    """What the officer asks of the trail; nothing asked is everything."""

    actie: Action | None = None
    soort: Handelingsoort | None = None
    uitkomst: Outcome | None = None
    rol: Role | None = None
    wie: UUID | None = None
    van: date | None = None
    tot: date | None = None
    dossier: str = ""
    persoon: UUID | None = None
    """An inwoner, found by BSN; only the id stands in the address."""
    hoe: str = ""
    """`geopend` or `lijst`: opened, or only appeared in a result."""
    adres: str = ""

    @property
    def ground(self) -> str | None:
        """Say in codes what was asked, for the record of this very look."""
        asked = [
            name
            for name in ("soort", "uitkomst", "rol", "wie", "van", "tot", "hoe")
            if getattr(self, name)
        ]
        asked += [
            name for name in ("dossier", "persoon", "adres") if getattr(self, name)
        ]
        if self.actie and not asked:
            return self.actie.value
        return ",".join(asked + (["actie"] if self.actie else [])) or None


@dataclass(frozen=True)
class TrailLine:
    """One line of the trail as the officer reads it."""

    id: UUID
    at: datetime
    action: str
    refused: bool
    naam: str
    rollen: str
    dossier: str
    may_look: bool
    """Whether who looked in that dossier may be shown to this reader."""
    subjects: int
    grond: str
    adres: str
    via: str
    in_lijst: bool
    """Whoever it is about only appeared in a result."""


@dataclass(frozen=True)
class RecordDetail:
    """Every field of one record (NEN 7513), and whom a list showed."""

    trail: AuditRecord
    naam: str
    aanbieder: str
    dossier: str
    actie: str
    grond: str
    rollen: str
    getoond: int
    dossiers: Sequence[str] = field(default_factory=tuple)
    """References of dossiers a list showed, as far as they are dossiers."""


def list_trail(
    session: Session,
    by: Actor,
    at: datetime,
    asked: LogFilter | None = None,
    *,
    na: UUID | None = None,
) -> Sequence[TrailLine]:
    """Return the newest records of this gemeente, a page and one more; recorded.

    `na` is the id of the last line of the page before.
    """
    asked = asked or LogFilter()
    found = _lines(session, by, asked, na, PAGE + 1)
    record(session, by, Action.AUDIT_READ, at=at, grond=asked.ground)
    return found


def export_trail(
    session: Session, by: Actor, at: datetime, asked: LogFilter
) -> Sequence[TrailLine]:
    """Return what is asked for a file, at most so many and one more; recorded."""
    found = _lines(session, by, asked, None, MOST_EXPORTED + 1)
    record(session, by, Action.AUDIT_EXPORTED, at=at, grond=asked.ground)
    return found


def find_person(session: Session, by: Actor, at: datetime, bsn: str) -> UUID | None:
    """Find by BSN whose trail is asked for; that this was asked is recorded."""
    found = find_inwoner_by_bsn(session, by.gemeente_code, bsn)
    record(
        session,
        by,
        Action.INWONER_SEARCHED,
        at=at,
        subjects=[found.id] if found else (),
        grond="logboek",
    )
    return found.id if found else None


def list_people(session: Session, by: Actor) -> Sequence[tuple[UUID, str]]:
    """Return who works or worked for the gemeente, by name."""
    own = select(Aanstelling.user_id).where(Aanstelling.gemeente_code.in_(by.gemeenten))
    rows = session.execute(
        select(User.id, User.naam).where(User.id.in_(own)).order_by(User.naam, User.id)
    )
    return [(user_id, naam) for user_id, naam in rows]


def get_record(
    session: Session, by: Actor, at: datetime, audit_record_id: UUID
) -> RecordDetail:
    """Return one record with all its fields; this look is recorded.

    Raises:
        NotFound: it does not exist, or is of another gemeente.
    """
    row = session.execute(
        select(AuditRecord, User.naam, Aanbieder.naam, Dossier.referentie)
        .outerjoin(User, User.id == AuditRecord.user_id)
        .outerjoin(Aanbieder, Aanbieder.id == AuditRecord.aanbieder_id)
        .outerjoin(Dossier, Dossier.id == AuditRecord.dossier_id)
        .where(AuditRecord.id == audit_record_id, or_(_own(by), _installation(by)))
    ).one_or_none()
    if row is None:
        raise NotFound("Deze regel staat niet in het logboek.")
    trail, naam, aanbieder, referentie = row
    shown = select(AuditSubject.subject_id).where(AuditSubject.record_id == trail.id)
    getoond = session.scalar(select(func.count()).select_from(shown.subquery())) or 0
    dossiers = session.scalars(
        select(Dossier.referentie)
        .where(Dossier.id.in_(shown), Dossier.gemeente_code.in_(by.gemeenten))
        .order_by(Dossier.referentie)
        .limit(MOST_SUBJECTS)
    ).all()
    record(session, by, Action.AUDIT_READ, trail, at=at, grond="regel")
    return RecordDetail(
        trail=trail,
        naam=naam or "Onbekend",
        aanbieder=aanbieder or "",
        dossier=referentie or "",
        actie=in_words(trail.action),
        grond=ground_in_words(trail.grond or ""),
        rollen=_roles(trail.rollen),
        getoond=getoond,
        dossiers=dossiers,
    )


def _own(by: Actor) -> ColumnElement[bool]:
    return AuditRecord.gemeente_code.in_(by.gemeenten)


def _installation(by: Actor) -> ColumnElement[bool]:
    """What belongs to no gemeente: keys, and logins of one's people or of nobody."""
    own = select(Aanstelling.user_id).where(Aanstelling.gemeente_code.in_(by.gemeenten))
    keys = [each.value for each in actions_of(Handelingsoort.SLEUTELS)]
    return AuditRecord.gemeente_code.is_(None) & or_(
        AuditRecord.user_id.in_(own),
        AuditRecord.user_id.is_(None),
        AuditRecord.action.in_(keys),
    )


def _lines(
    session: Session, by: Actor, asked: LogFilter, na: UUID | None, most: int
) -> list[TrailLine]:
    where = _where(by, asked)
    if na is not None:
        last = select(AuditRecord.occurred_at).where(AuditRecord.id == na)
        where.append(
            tuple_(AuditRecord.occurred_at, AuditRecord.id)
            < tuple_(last.scalar_subquery(), na)
        )
    # two walks along one index each: an OR over both would sort the whole trail
    pages = union_all(
        *(
            _newest(select(AuditRecord.id), most).where(part, *where)
            for part in (_own(by), _installation(by))
        )
    ).subquery()
    counted = (
        select(func.count())
        .select_from(AuditSubject)
        .where(AuditSubject.record_id == AuditRecord.id)
        .scalar_subquery()
    )
    lines = (
        select(AuditRecord, User.naam, Dossier.referentie, visible(by), counted)
        .outerjoin(User, User.id == AuditRecord.user_id)
        .outerjoin(Dossier, Dossier.id == AuditRecord.dossier_id)
        .where(AuditRecord.id.in_(select(pages.c.id)))
    )
    return [_line(*row) for row in session.execute(_newest(lines, most))]


def _newest(asked: Select[Any], most: int) -> Select[Any]:
    return asked.order_by(AuditRecord.occurred_at.desc(), AuditRecord.id.desc()).limit(
        most
    )


def _where(by: Actor, asked: LogFilter) -> list[ColumnElement[bool]]:
    simple: tuple[tuple[object, Any], ...] = (
        (asked.actie, AuditRecord.action == asked.actie),
        (asked.wie, AuditRecord.user_id == asked.wie),
        (asked.uitkomst, AuditRecord.outcome == asked.uitkomst),
        (asked.adres, AuditRecord.adres == asked.adres),
    )
    where = [condition for value, condition in simple if value]
    if asked.soort:
        kinds = [each.value for each in actions_of(asked.soort)]
        where.append(AuditRecord.action.in_(kinds))
    if asked.rol:
        rollen = func.string_to_array(AuditRecord.rollen, ",", type_=ARRAY(Text))
        where.append(literal(asked.rol.value) == any_(rollen))
    if asked.van:
        where.append(AuditRecord.occurred_at >= _start(asked.van))
    if asked.tot:
        where.append(AuditRecord.occurred_at < _start(asked.tot + timedelta(days=1)))
    if asked.dossier or asked.persoon:
        where.append(_about(by, asked))
    elif asked.hoe:
        shown = select(AuditSubject.record_id)
        only = AuditRecord.dossier_id.is_(None) & AuditRecord.subject_id.is_(None)
        listed = only & AuditRecord.id.in_(shown)
        where.append(listed if asked.hoe == "lijst" else ~only)
    return where


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _about(by: Actor, asked: LogFilter) -> ColumnElement[bool]:
    """Say which records are about this dossier or person: opened, or in a list."""
    cases = select(Dossier.id).where(Dossier.gemeente_code.in_(by.gemeenten))
    if asked.dossier:
        cases = cases.where(Dossier.referentie == asked.dossier)
    if asked.persoon:
        of_person = select(Betrokkene.dossier_id).where(
            Betrokkene.inwoner_id == asked.persoon,
            Betrokkene.rol == BetrokkeneRol.CLIENT,
        )
        cases = cases.where(Dossier.id.in_(of_person))
    subject: ColumnElement[bool] = AuditSubject.subject_id.in_(cases)
    opened: ColumnElement[bool] = AuditRecord.dossier_id.in_(cases)
    if asked.persoon and not asked.dossier:
        subject = or_(subject, AuditSubject.subject_id == asked.persoon)
        opened = or_(opened, AuditRecord.subject_id == asked.persoon)
    listed = AuditRecord.id.in_(select(AuditSubject.record_id).where(subject))
    if asked.hoe == "geopend":
        return opened
    if asked.hoe == "lijst":
        return and_(listed, AuditRecord.dossier_id.is_(None))
    return or_(opened, listed)


def _roles(rollen: str) -> str:
    return rollen.replace("_", " ").replace(",", ", ")


def _line(
    trail: AuditRecord,
    naam: str | None,
    referentie: str | None,
    may_look: bool | None,
    subjects: int,
) -> TrailLine:
    return TrailLine(
        id=trail.id,
        at=trail.occurred_at,
        action=in_words(trail.action),
        refused=trail.outcome is Outcome.REFUSED,
        naam=naam or "onbekend",
        rollen=_roles(trail.rollen),
        dossier=referentie or "",
        may_look=bool(may_look),
        subjects=subjects,
        grond=ground_in_words(trail.grond or ""),
        adres=trail.adres,
        via=trail.via,
        in_lijst=bool(subjects) and trail.dossier_id is None,
    )
