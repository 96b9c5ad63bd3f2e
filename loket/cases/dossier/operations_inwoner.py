"""Deeds about people, whoever they are in a dossier."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.bsn import parse_bsn
from loket.cases.dossier import queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.gegevenswijziging import Gegevenswijziging
from loket.cases.dossier.huishouden import Huishouden, HuishoudenLid, SoortHuishouden
from loket.cases.dossier.inwoner import Geslacht, Inwoner, write_voorletters
from loket.cases.dossier.opening import check_past
from loket.cases.dossier.voortgang import follow_address
from loket.errors import RuleViolation
from loket.outbox.operations import promise

DOUBLE_BSN = "Er is al een inwoner met dit BSN. Zoek deze inwoner op."


class Gegevens(TypedDict, total=False):
    """What is known of a person; each may be left open."""

    bsn: str | None
    achternaam: str | None
    voorvoegsel: str | None
    voorletters: str | None
    voornamen: str | None
    partnernaam: str | None
    partnervoorvoegsel: str | None
    naamgebruik: str | None
    geboortedatum: date | None
    geslacht: Geslacht | None
    straat: str | None
    huisnummer: str | None
    huisletter: str | None
    toevoeging: str | None
    postcode: str | None
    woonplaats: str | None
    telefoon: str | None
    email: str | None
    contactwens: str | None
    taal: str | None
    postadres: str | None
    geheimhouding: bool


def register_inwoner(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    gemeente_code: str | None = None,
    **gegevens: Unpack[Gegevens],
) -> Inwoner:
    """Make a person known to the gemeente; one BSN is one person."""
    if not gegevens.get("achternaam"):
        raise RuleViolation("Vul de achternaam in.", "achternaam")
    code = gemeente_code or by.gemeente_code
    inwoner = Inwoner(
        gemeente_code=code,
        geheimhouding=False,
        registered_at=at,
        registered_by_id=by.id,
    )
    _fill(session, inwoner, dict(gegevens))
    session.add(inwoner)
    _flush_person(session)
    record(session, by, Action.INWONER_REGISTERED, inwoner, at=at)
    return inwoner


def correct_inwoner(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    inwoner: Inwoner,
    verzoek_id: UUID | None = None,
    **changes: Unpack[Gegevens],
) -> None:
    """Correct what is known of a person; the trail names the fields, not the values.

    What stood there before stays readable, sealed (AVG art. 16).

    Args:
        verzoek_id: the request of the resident that asked for it.
    """
    if "achternaam" in changes and not changes["achternaam"]:
        raise RuleViolation("Vul de achternaam in.", "achternaam")
    before = {name: getattr(inwoner, name) for name in changes}
    changed = _fill(session, inwoner, dict(changes))
    _keep_history(session, by, at, inwoner, before, changed, verzoek_id)
    inwoner.corrected_at = at
    inwoner.corrected_by_id = by.id
    _flush_person(session)
    if "postcode" in changed:
        follow_address(session, inwoner)
    record(
        session,
        by,
        Action.INWONER_CORRECTED,
        inwoner,
        at=at,
        grond=",".join(sorted(changed)) or "niets",
    )


def _keep_history(
    session: Session,
    by: Actor,
    at: datetime,
    inwoner: Inwoner,
    before: dict[str, Any],
    changed: Sequence[str],
    verzoek_id: UUID | None,
) -> None:
    if not changed:
        return
    session.add(
        Gegevenswijziging(
            gemeente_code=inwoner.gemeente_code,
            scope_id=inwoner.id,
            inwoner_id=inwoner.id,
            waarden={
                name: {
                    "was": _as_text(before[name]),
                    "is": _as_text(getattr(inwoner, name)),
                }
                for name in sorted(changed)
            },
            verzoek_id=verzoek_id,
            changed_at=at,
            changed_by_id=by.id,
        )
    )


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "Ja" if value else "Nee"
    return value.isoformat() if isinstance(value, date) else str(value)


def _fill(session: Session, inwoner: Inwoner, gegevens: dict[str, Any]) -> list[str]:
    """Set what differs, after checking the BSN; return the names of the fields."""
    if gegevens.get("bsn"):
        gegevens["bsn"] = parse_bsn(gegevens["bsn"])
        known = queries.find_inwoner_by_bsn(
            session, inwoner.gemeente_code, gegevens["bsn"]
        )
        if known is not None and known.id != inwoner.id:
            raise RuleViolation(DOUBLE_BSN, "bsn")
    if gegevens.get("voorletters"):
        gegevens["voorletters"] = write_voorletters(gegevens["voorletters"])
    if gegevens.get("postcode"):
        gegevens["postcode"] = gegevens["postcode"].replace(" ", "").upper()
    if gegevens.get("geslacht"):
        gegevens["geslacht"] = Geslacht(gegevens["geslacht"]).value
    changed = []
    for name, value in gegevens.items():
        if getattr(inwoner, name) != value:
            setattr(inwoner, name, value)
            changed.append(name)
    return changed


def _flush_person(session: Session) -> None:
    try:
        session.flush()  # two people registering the same BSN at once meet here
    except IntegrityError as error:
        if "search_unique" in str(error.orig):
            raise RuleViolation(DOUBLE_BSN, "bsn") from None
        raise


def reveal_bsn(session: Session, by: Actor, at: datetime, *, dossier: Dossier) -> str:
    """Show the whole BSN of the cliënt, for a reason: it is recorded."""
    client = queries.get_client(session, dossier.id)
    if not client.bsn:
        raise RuleViolation("Van deze inwoner is geen BSN bekend.")
    record(session, by, Action.BSN_REVEALED, client, at=at, dossier_id=dossier.id)
    return str(client.bsn)


def record_huishouden(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    soort: SoortHuishouden,
    leden: Sequence[Inwoner],
    van: date,
) -> Huishouden:
    """Note who form a household of this kind from a day on; the older one ends."""
    if not leden:
        raise RuleViolation("Een huishouden heeft ten minste één lid.", "leden")
    huishouden = Huishouden(gemeente_code=leden[0].gemeente_code, soort=soort)
    session.add(huishouden)
    ids = [each.id for each in leden]
    running = session.scalars(
        select(HuishoudenLid)
        .join(Huishouden, Huishouden.id == HuishoudenLid.huishouden_id)
        .where(
            Huishouden.soort == soort,
            HuishoudenLid.inwoner_id.in_(ids),
            HuishoudenLid.tot.is_(None),
        )
    )
    for lid in running:
        if lid.van >= van:
            raise RuleViolation("Er is al een huishouden vanaf deze dag.", "van")
        lid.tot = van - timedelta(days=1)
    session.flush()  # the members refer to the household
    for inwoner_id in ids:
        session.add(
            HuishoudenLid(
                gemeente_code=huishouden.gemeente_code,
                huishouden_id=huishouden.id,
                inwoner_id=inwoner_id,
                van=van,
            )
        )
    record(session, by, Action.HUISHOUDEN_RECORDED, huishouden, at=at, subjects=ids)
    return huishouden


def record_death(
    session: Session, by: Actor, at: datetime, *, inwoner: Inwoner, overleden_op: date
) -> None:
    """Note that somebody died; what runs in their name is ended after the commit."""
    check_past(overleden_op, at, "overleden_op")
    inwoner.record_death(overleden_op, at)
    for topic in ("besluit.overleden", "providers.overleden"):
        promise(session, topic, inwoner.id, gemeente_code=inwoner.gemeente_code, at=at)
    record(session, by, Action.DEATH_RECORDED, inwoner, at=at)
