"""Deeds of the beheerder about how the gemeente looks: from a day on."""

from collections.abc import Mapping
from datetime import datetime
from secrets import token_hex
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.perioden import Perioden, Vanaf
from loket.accounts.queries import get_gemeente
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.errors import RuleViolation
from loket.geldigheid import holds_on
from loket.huisstijl.huisstijl import Huisstijl
from loket.huisstijl.kleur import check_accent, check_tweede
from loket.huisstijl.logo import Logo


def _stijlen(session: Session, by: Actor, at: datetime) -> Perioden[Huisstijl]:
    return Perioden.hold(
        session, by, at, Huisstijl, sleutel=by.gemeente_code, words=_words
    )


def _words(row: Huisstijl) -> Mapping[str, str]:
    logo = "Geen"
    if row.logo_soort and row.logo_merk:
        logo = f"{row.logo_soort.upper()}-bestand, kenmerk {row.logo_merk[:8]}"
    return {
        "Hoofdkleur": row.accent,
        "Tweede kleur": row.tweede or "",
        "Logo": logo,
    }


def _tell_processes(session: Session, by: Actor) -> None:
    """Let every process look again: they know what they saw by this stand."""
    get_gemeente(session, by.gemeente_code).huisstijl_stand = token_hex(8)


def set_huisstijl(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    accent: str,
    tweede: str | None,
    logo: Logo | None,
    vanaf: Vanaf,
) -> Huisstijl:
    """Let the gemeente look otherwise from a day on; letters of before keep theirs.

    Args:
        accent: main colour, as `#0d5490`.
        tweede: colour of the bar; None: a dark shade of the main colour.
        logo: as `read_logo` let it through; None: the mark of Loket.

    Raises:
        RuleViolation: a colour cannot be read, nothing is different, another style
            begins that day, or the day was not meant.
    """
    check_accent(accent)
    if tweede is not None:
        check_tweede(tweede)
    rows = _stijlen(session, by, at)
    rows.check(vanaf)
    new = Huisstijl(
        gemeente_code=by.gemeente_code,
        accent=accent,
        tweede=tweede,
        tot=None,
        set_at=at,
        set_by_id=by.id,
    )
    new.wear(logo)
    held = next((row for row in rows.rows if holds_on(row, vanaf.van)), None)
    if held is not None and held.look == new.look:
        raise RuleViolation("Zo ziet het er dan al uit. U heeft niets gewijzigd.")
    rows.begin(new, vanaf)
    _tell_processes(session, by)
    record(session, by, Action.HUISSTIJL_SET, new, at=at, grond=accent)
    return new


def end_huisstijl(
    session: Session, by: Actor, at: datetime, *, vanaf: Vanaf
) -> Huisstijl:
    """Let the own look stop after a day; then the gemeente looks as Loket does.

    Raises:
        NotFound: the gemeente never had a look of its own.
        RuleViolation: nothing holds on that day, or something begins after it.
    """
    rows = _stijlen(session, by, at).known()
    rows.check(vanaf)
    ended = rows.end(vanaf)
    _tell_processes(session, by)
    record(session, by, Action.HUISSTIJL_ENDED, ended, at=at)
    return ended


def withdraw_huisstijl(
    session: Session, by: Actor, at: datetime, *, row_id: UUID
) -> None:
    """Take back a look that does not hold yet; the one before it holds on.

    Raises:
        NotFound: there is no such one.
        RuleViolation: it holds already.
    """
    gone = _stijlen(session, by, at).known().withdraw(row_id)
    _tell_processes(session, by)
    record(session, by, Action.HUISSTIJL_WITHDRAWN, gone, at=at)
