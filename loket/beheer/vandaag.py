"""Where beheerder and privacy officer start: what stands still, who was refused."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from loket.accounts.gemeente import Instelling
from loket.accounts.queries import staff_names
from loket.accounts.register import REGISTER
from loket.accounts.user import Aanstelling, ApiToken, User
from loket.audit.action import Action
from loket.audit.gronden import ground_in_words
from loket.audit.operations import record
from loket.audit.record import AuditRecord, Outcome
from loket.authz import Actor, Permission
from loket.outbox.queries import list_unkept
from loket.pgb.pgb import PgbTarief
from loket.termijnen import ZONE, dag_van, known_years
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel

AHEAD = timedelta(days=92)
"""A setting that stops holding within a quarter is shown: time to take a decision."""
YEARLY = {"eigen_bijdrage_cent": "De eigen bijdrage per maand"}
"""What the law sets anew each year: without it the letters of January are wrong."""
_BEHEER = Plek("beheer.show_beheer")
_TARIEVEN = Plek("pgb.tarieven")


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell the beheerder what stands still or ends, the privacy officer who erred."""
    if by.may(Permission.BEHEER_READ):
        yield _stuck(session, by, at)
        yield _ending(session, by, dag_van(at))
    if by.may(Permission.AUDIT_READ):
        yield _refusals(session, by, at)
        yield _rights(session, by, at)


def _stuck(session: Session, by: Actor, at: datetime) -> Deel:
    """Tell once what stands still for the same reason, the oldest first."""
    alike: dict[tuple[str, str], list[datetime]] = {}
    for each in list_unkept(session, by):
        why = (
            f"Staat stil: {each.last_error}"
            if each.dead_at
            else f"Wacht: {each.waits_for}"
        )
        alike.setdefault((each.opdracht, why), []).append(each.made_at)
    record(session, by, Action.BEHEER_READ, at=at, grond="vandaag")
    return Deel(
        "Opdrachten die stilstaan of wachten",
        [
            Regel(
                f"{opdracht} ({len(made)} keer)" if len(made) > 1 else opdracht,
                _BEHEER,
                wat=why,
                sinds=min(made),
            )
            for (opdracht, why), made in alike.items()
        ],
        "Brieven en berichten gaan vanzelf.",
        _BEHEER,
        "Naar beheer",
        kop="Opdracht",
    )


def _ending(session: Session, by: Actor, today: date) -> Deel:
    """List settings and rates that stop holding, and what next year still misses."""
    soon = today + AHEAD
    lines = [*_settings(session, by, today, soon), *_rates(session, by, today, soon)]
    return Deel(
        "Instellingen die aflopen of ontbreken",
        sorted(lines, key=lambda each: each.uiterlijk or today)[: MOST_SHOWN + 1],
        "Elke instelling geldt de komende drie maanden.",
        kop="Instelling",
    )


def _settings(session: Session, by: Actor, today: date, soon: date) -> Iterator[Regel]:
    """A setting ends without one that follows it; what is yearly misses a new year."""
    last = {
        sleutel: None if is_open else tot
        for sleutel, is_open, tot in session.execute(
            select(
                Instelling.sleutel,
                func.bool_or(Instelling.tot.is_(None)),
                func.max(Instelling.tot),
            )
            .where(Instelling.gemeente_code.in_(by.gemeenten))
            .group_by(Instelling.sleutel)
        )
    }
    for sleutel, tot in last.items():
        if tot is not None and today <= tot <= soon:
            yield _end(_label(sleutel), _setting(by, sleutel), tot, today)
    for sleutel, naam in YEARLY.items():
        if sleutel not in last:
            yield Regel(naam, _setting(by, sleutel), wat="Is nog niet ingevuld")
    if soon.year not in known_years():
        yield Regel(f"Vrije dagen van {soon.year}", None, wat="Zijn nog niet bekend")


def _rates(session: Session, by: Actor, today: date, soon: date) -> Iterator[Regel]:
    rows = session.execute(
        select(PgbTarief.product_code, func.max(PgbTarief.tot))
        .where(PgbTarief.gemeente_code.in_(by.gemeenten))
        .group_by(PgbTarief.product_code, PgbTarief.helper)
        .having(
            func.bool_and(PgbTarief.tot.is_not(None)),
            func.max(PgbTarief.tot).between(today, soon),
        )
        .order_by(func.max(PgbTarief.tot), PgbTarief.product_code)
        .limit(MOST_SHOWN + 1)
    )
    for code, tot in rows:
        if tot is not None:
            yield _end(f"Pgb-tarief van product {code}", _TARIEVEN, tot, today)


def _label(sleutel: str) -> str:
    norm = REGISTER.get(sleutel)
    return YEARLY.get(sleutel) or (norm.label if norm else sleutel.replace("_", " "))


def _setting(by: Actor, sleutel: str) -> Plek | None:
    """Return where the rule is set, for whoever may change it."""
    if sleutel not in REGISTER or not by.may(Permission.BEHEER_CHANGE):
        return None
    return Plek("instellingen.change", (("sleutel", sleutel),))


def _end(naam: str, plek: Plek | None, tot: date, today: date) -> Regel:
    return Regel(
        naam, plek, wat="Geldt niet meer na", uiterlijk=tot, dagen=(tot - today).days
    )


def _refusals(session: Session, by: Actor, at: datetime) -> Deel:
    """List who was refused today, the newest first; this look is recorded."""
    morning = datetime.combine(dag_van(at), datetime.min.time(), ZONE)
    found = session.scalars(
        select(AuditRecord)
        .where(
            AuditRecord.gemeente_code.in_(by.gemeenten),
            AuditRecord.outcome == Outcome.REFUSED,
            AuditRecord.recorded_at >= morning,
        )
        .order_by(AuditRecord.recorded_at.desc(), AuditRecord.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    names = staff_names(session, [each.user_id for each in found if each.user_id])
    record(session, by, Action.AUDIT_READ, at=at, grond="vandaag")
    refused = (("actie", Action.ACCESS_REFUSED.value),)
    return Deel(
        "Weigeringen van vandaag",
        [
            Regel(
                names.get(each.user_id, "Onbekend") if each.user_id else "Onbekend",
                Plek("logboek.show_logboek", (("actie", each.action),)),
                wat=ground_in_words(each.grond or each.action),
                moment=each.occurred_at,
            )
            for each in found
        ],
        "Vandaag is niemand geweigerd.",
        Plek("logboek.show_logboek", refused),
        "Alle weigeringen in het logboek",
        kop="Wie",
    )


RIGHTS = {
    Action.USER_APPOINTED: "kreeg de rol",
    Action.PASSWORD_SET: "kreeg een tijdelijk wachtwoord",
    Action.SECOND_FACTOR_RESET: "moet de tweede stap opnieuw instellen",
    Action.TOKEN_CREATED: "kreeg een token voor een koppeling",
}
"""What a beheerder can give that may open a case: the officer sees each of them."""
SEEN_FOR = timedelta(days=30)


def _rights(session: Session, by: Actor, at: datetime) -> Deel:
    """List who gave whom access lately, the newest first; this look is recorded.

    A beheerder cannot give oneself a role, but could give one to a made-up colleague:
    whoever guards the trail sees it here without looking for it.
    """
    given = aliased(User)
    found = session.execute(
        select(AuditRecord, given.naam)
        .outerjoin(Aanstelling, Aanstelling.id == AuditRecord.subject_id)
        .outerjoin(ApiToken, ApiToken.id == AuditRecord.subject_id)
        .outerjoin(
            given,
            given.id
            == func.coalesce(
                Aanstelling.user_id, ApiToken.user_id, AuditRecord.subject_id
            ),
        )
        .where(
            AuditRecord.gemeente_code.in_(by.gemeenten),
            AuditRecord.action.in_([action.value for action in RIGHTS]),
            AuditRecord.occurred_at >= at - SEEN_FOR,
        )
        .order_by(AuditRecord.occurred_at.desc(), AuditRecord.id.desc())
        .limit(MOST_SHOWN + 1)
    ).all()
    names = staff_names(session, [each.user_id for each, _ in found if each.user_id])
    record(session, by, Action.AUDIT_READ, at=at, grond="rechten")
    return Deel(
        "Rollen en toegang die zijn gegeven",
        [
            Regel(
                naam or "Onbekend",
                Plek("logboek.show_logboek", (("actie", each.action),)),
                wat=_given(each, names),
                moment=each.occurred_at,
            )
            for each, naam in found
        ],
        "De afgelopen 30 dagen is niemand een rol of toegang gegeven.",
        Plek("logboek.show_logboek", (("actie", Action.USER_APPOINTED.value),)),
        "Alle rollen in het logboek",
        kop="Wie",
    )


def _given(trail: AuditRecord, names: Mapping[UUID, str]) -> str:
    rol = (trail.grond or "").replace("_", " ")
    what = f"{RIGHTS[Action(trail.action)]} {rol}".strip()
    giver = names.get(trail.user_id, "Loket") if trail.user_id else "Loket"
    return f"{what}, van {giver}"
