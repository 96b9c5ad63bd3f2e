"""Finding dossiers, their people and what belongs to them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import Session, joinedload

from loket.audit.action import Action
from loket.audit.operations import NOOD, record
from loket.authz import SYSTEM_ID, Actor, Permission, Role
from loket.bsn import parse_bsn
from loket.cases.dossier.contactmoment import Contactmoment
from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Bevoegdheid,
    Dossier,
    DossierToegang,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries_noodtoegang import is_client_in_nood
from loket.datum import lang
from loket.errors import LoketError, NotFound, RuleViolation, Vernietigd
from loket.vault.search import search

MOST_FOUND = 50
NO_DOSSIER = "Dit dossier bestaat niet."
_LETTER_ORDER = tuple(each for each in Bevoegdheid if each.gets_letters)


def visible(by: Actor, which: type[Dossier] = Dossier) -> ColumnElement[bool]:
    """Say in SQL which dossiers this actor may see: own gemeente, named if shielded.

    Of a destroyed one there is nothing to see.
    """
    return within_reach(by, which) & which.vernietigd_op.is_(None)


def within_reach(by: Actor, which: type[Dossier] = Dossier) -> ColumnElement[bool]:
    """Say in SQL which dossiers are for this actor, also when they are destroyed."""
    own = which.gemeente_code.in_(by.gemeenten)
    if by.id == SYSTEM_ID:
        return own
    named = exists().where(
        DossierToegang.dossier_id == which.id, DossierToegang.user_id == by.id
    )
    in_nood = [which.id.in_(by.nood)] if by.nood else []
    return own & or_(which.afgeschermd.is_(False), named, *in_nood)


def may_see(session: Session, by: Actor, dossier_id: UUID, user_id: UUID) -> bool:
    """Whether a colleague may see this dossier: it is not shielded, or names them."""
    named = exists().where(
        DossierToegang.dossier_id == Dossier.id, DossierToegang.user_id == user_id
    )
    open_to_all = select(Dossier.id).where(
        Dossier.id == dossier_id,
        visible(by),
        or_(Dossier.afgeschermd.is_(False), named),
    )
    return session.scalar(open_to_all) is not None


def get_dossier(session: Session, by: Actor, referentie: str) -> Dossier:
    """Return the dossier with this reference.

    Raises:
        NotFound: it does not exist, or is not for this actor.
        Vernietigd: it was destroyed.
    """
    if not referentie.isprintable():
        # from a form, and PostgreSQL cannot look up a NUL
        raise NotFound(NO_DOSSIER)
    dossier = session.scalar(
        select(Dossier).where(Dossier.referentie == referentie, visible(by))
    )
    if dossier is None:
        raise missing_dossier(session, by, referentie)
    return dossier


def missing_dossier(session: Session, by: Actor, referentie: str) -> LoketError:
    """Tell whether a dossier that is not to be seen was destroyed."""
    gone = session.scalar(
        select(Dossier).where(
            Dossier.referentie == referentie,
            Dossier.vernietigd_op.is_not(None),
            within_reach(by),
        )
    )
    return Vernietigd(gone.afscheid) if gone else NotFound(NO_DOSSIER)


def read_dossier(session: Session, by: Actor, at: datetime, referentie: str) -> Dossier:
    """Return the dossier to show its page; the look is recorded."""
    dossier = get_dossier(session, by, referentie)
    look_at(session, by, at, dossier)
    return dossier


def look_at(session: Session, by: Actor, at: datetime, dossier: Dossier) -> None:
    """Record that this reader sees about whom the dossier is."""
    record(session, by, Action.DOSSIER_READ, dossier, at=at)


def read_part(
    session: Session, by: Actor, at: datetime, referentie: str, deel: str
) -> Dossier:
    """Return the dossier to show one part of it; the look names the part."""
    dossier = get_dossier(session, by, referentie)
    record(session, by, Action.DOSSIER_READ, dossier, at=at, grond=deel)
    return dossier


def dossier_of(session: Session, by: Actor, dossier_id: UUID) -> Dossier:
    """Return the dossier with this id.

    Raises:
        NotFound: it does not exist, or is not for this actor.
    """
    dossier = session.scalar(
        select(Dossier).where(Dossier.id == dossier_id, visible(by))
    )
    if dossier is None:
        raise NotFound(NO_DOSSIER)
    return dossier


def get_client(session: Session, dossier_id: UUID) -> Inwoner:
    """Return the cliënt of a dossier."""
    client = session.scalar(
        select(Inwoner)
        .join(Betrokkene, Betrokkene.inwoner_id == Inwoner.id)
        .where(
            Betrokkene.dossier_id == dossier_id, Betrokkene.rol == BetrokkeneRol.CLIENT
        )
    )
    if client is None:
        raise NotFound(NO_DOSSIER)
    return client


def get_inwoner(session: Session, by: Actor, inwoner_id: UUID) -> Inwoner:
    """Return one inwoner of the own gemeente, unless somebody shielded a dossier.

    Raises:
        NotFound: unknown, of another gemeente, or only for named people.
    """
    inwoner = session.scalar(
        select(Inwoner).where(
            Inwoner.id == inwoner_id, Inwoner.gemeente_code.in_(by.gemeenten)
        )
    )
    if inwoner is None or shielded_among(session, by, [inwoner_id]):
        raise NotFound("Deze inwoner is niet gevonden.")
    if inwoner.vernietigd_op:
        raise Vernietigd(
            f"De gegevens van deze inwoner zijn vernietigd op"
            f" {lang(inwoner.vernietigd_op)}."
        )
    return inwoner


def read_inwoner(
    session: Session, by: Actor, at: datetime, inwoner_id: UUID
) -> Inwoner:
    """Return an inwoner to show outside a dossier; the look is recorded."""
    inwoner = get_inwoner(session, by, inwoner_id)
    grond = NOOD if is_client_in_nood(session, by, inwoner_id) else None
    record(session, by, Action.INWONER_READ, inwoner, at=at, grond=grond)
    return inwoner


def find_inwoner_by_bsn(
    session: Session, gemeente_code: str, bsn: str
) -> Inwoner | None:
    """Find who has this BSN in the gemeente; no trail, for deeds that check."""
    return session.scalar(
        select(Inwoner).where(
            Inwoner.bsn == bsn, Inwoner.gemeente_code == gemeente_code
        )
    )


def search_inwoners(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    bsn: str | None = None,
    achternaam: str | None = None,
    geboortedatum: date | None = None,
) -> list[Inwoner]:
    """Find inwoners by BSN, or by name and birth date; who was shown is recorded.

    A name ending in `*` finds by its first letters; a partner's name counts too.

    Raises:
        RuleViolation: nothing to search with, or far too many people found.
    """
    found = _find(session, by, bsn, achternaam, geboortedatum)
    if len(found) > MOST_FOUND:
        raise RuleViolation(
            "Er zijn te veel inwoners gevonden. Vul ook de geboortedatum in.",
            "geboortedatum",
        )
    record(
        session,
        by,
        Action.INWONER_SEARCHED,
        at=at,
        subjects=[each.id for each in found],
    )
    return sorted(found, key=lambda each: (each.achternaam or "", each.naam))


def _find(
    session: Session,
    by: Actor,
    bsn: str | None,
    achternaam: str | None,
    geboortedatum: date | None,
) -> list[Inwoner]:
    questions: list[dict[str, object]] = []
    if bsn:
        questions.append({"bsn": parse_bsn(bsn)})
    elif achternaam:
        born = {"geboortedatum": geboortedatum} if geboortedatum else {}
        questions += [{"achternaam": achternaam, **born}]
        questions += [{"partnernaam": achternaam, **born}]
    elif geboortedatum:
        questions.append({"geboortedatum": geboortedatum})
    else:
        raise RuleViolation("Vul een BSN in, of een achternaam.", "bsn")
    found = {
        each.id: each
        for question in questions
        for each in search(
            session,
            Inwoner,
            gemeente_code=by.gemeente_code,
            where=Inwoner.merged_at.is_(None),
            most=MOST_FOUND,
            **question,
        )
    }
    return list(found.values())


def open_dossiers_of(
    session: Session, by: Actor, inwoner_ids: Sequence[UUID]
) -> dict[UUID, list[Dossier]]:
    """Return the open dossiers of each cliënt that this actor may see."""
    rows = session.execute(
        select(Betrokkene.inwoner_id, Dossier)
        .join(Dossier, Dossier.id == Betrokkene.dossier_id)
        .where(
            Betrokkene.inwoner_id.in_(inwoner_ids),
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Dossier.closed_at.is_(None),
            visible(by),
        )
        .order_by(Dossier.opened_at)
    )
    found: dict[UUID, list[Dossier]] = {}
    for inwoner_id, dossier in rows:
        found.setdefault(inwoner_id, []).append(dossier)
    return found


def shielded_among(
    session: Session, by: Actor, inwoner_ids: Iterable[UUID]
) -> set[UUID]:
    """Tell which of these people are cliënt in a dossier this actor may not see.

    A record that went into another one of the same person counts as that one.
    """
    asked = select(Inwoner.id, Inwoner.id.label("nu"), Inwoner.merged_into_id)
    first = asked.where(Inwoner.id.in_(list(inwoner_ids))).cte(recursive=True)
    later = select(first.c.id, Inwoner.id, Inwoner.merged_into_id)
    who = first.union(later.join(first, Inwoner.id == first.c.merged_into_id))
    return set(
        session.scalars(
            select(who.c.id)
            .join(Betrokkene, Betrokkene.inwoner_id == who.c.nu)
            .join(Dossier, Dossier.id == Betrokkene.dossier_id)
            .where(
                Betrokkene.rol == BetrokkeneRol.CLIENT,
                Dossier.afgeschermd.is_(True),
                ~within_reach(by),
            )
        )
    )


def list_betrokkenen(session: Session, dossier_id: UUID) -> Sequence[Betrokkene]:
    """Return the people in a dossier with their data, the cliënt first."""
    found = session.scalars(
        select(Betrokkene)
        .options(joinedload(Betrokkene.inwoner))
        .where(Betrokkene.dossier_id == dossier_id)
        .order_by(Betrokkene.id)
    ).all()
    return sorted(found, key=lambda each: each.rol is not BetrokkeneRol.CLIENT)


def letter_recipient(session: Session, dossier_id: UUID, dag: date) -> Inwoner:
    """Return who gets the letters: curator, mentor, gevolmachtigde, else the cliënt."""
    allowed = [
        each
        for each in list_betrokkenen(session, dossier_id)
        if each.bevoegdheid.gets_letters
        and each.van <= dag
        and (each.tot is None or dag <= each.tot)
        and each.inwoner.overleden_op is None
    ]
    if not allowed:
        return get_client(session, dossier_id)
    first = min(allowed, key=lambda each: _LETTER_ORDER.index(each.bevoegdheid))
    return first.inwoner


def list_documents(session: Session, dossier_id: UUID) -> Sequence[Document]:
    """Return the documents of a dossier without their content, newest first."""
    return session.scalars(
        select(Document)
        .where(Document.dossier_id == dossier_id)
        .order_by(Document.made_at.desc(), Document.id.desc())
    ).all()


def find_document(session: Session, by: Actor, referentie: str) -> Document:
    """Return a document without opening it.

    Raises:
        NotFound: it does not exist, or its dossier is not for this actor.
    """
    document = session.scalar(
        select(Document)
        .join(Dossier, Dossier.id == Document.dossier_id)
        .where(Document.referentie == referentie, visible(by))
    )
    if document is None:
        raise NotFound("Dit document bestaat niet.")
    return document


def get_document(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Document:
    """Return a document to be read; the look is recorded."""
    document = find_document(session, by, referentie)
    record(session, by, Action.DOCUMENT_READ, document, at=at)
    return document


def list_contactmomenten(session: Session, dossier_id: UUID) -> Sequence[Contactmoment]:
    """Return the contacts of a dossier, newest first."""
    return session.scalars(
        select(Contactmoment)
        .where(Contactmoment.dossier_id == dossier_id)
        .order_by(Contactmoment.at.desc(), Contactmoment.id.desc())
    ).all()


def contacten_van(
    session: Session, by: Actor, inwoner_id: UUID, most: int
) -> Sequence[Contactmoment]:
    """Return the last contacts with a person, as far as this actor may see them."""
    return session.scalars(
        select(Contactmoment)
        .outerjoin(Dossier, Dossier.id == Contactmoment.dossier_id)
        .where(
            Contactmoment.gemeente_code.in_(by.gemeenten),
            Contactmoment.inwoner_id == inwoner_id,
            Contactmoment.dossier_id.is_(None) | visible(by),
        )
        .order_by(Contactmoment.at.desc(), Contactmoment.id.desc())
        .limit(most)
    ).all()


_SEES_ALL = {Role.ADMINISTRATIE, Role.KWALITEITSMEDEWERKER, Role.FRONTOFFICE}


def sees_all(by: Actor) -> bool:
    """Whether this actor sees everybody's work, not only the own and what is free."""
    return by.may(Permission.DOSSIER_ASSIGN) or bool(by.rollen & _SEES_ALL)
