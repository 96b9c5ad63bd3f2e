"""Finding aanvragen, beschikkingen and voorzieningen, and the clocks that run."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.aanvraag import Aanvraag, AanvraagItem, Opschorting
from loket.cases.besluit.beschikking import (
    Beschikking,
    BeschikkingAanvraag,
    Besluitregel,
)
from loket.cases.besluit.bezwaar import Bezwaar
from loket.cases.besluit.voorziening import (
    Medegerechtigde,
    Voorziening,
    VoorzieningRegel,
)
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.huishouden import Huishouden, HuishoudenLid, SoortHuishouden
from loket.cases.melding.melding import Melding
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Oplossing, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.producten.product import Weigeringsgrond
from loket.cases.producten.queries import list_weigeringsgronden
from loket.errors import NotFound


def get_beschikking(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Beschikking:
    """Return a beschikking with its regels; the look is recorded."""
    found = find_beschikking(session, by, referentie)
    record(session, by, Action.DOSSIER_READ, found, at=at)
    return found


def find_beschikking(session: Session, by: Actor, referentie: str) -> Beschikking:
    """Return a beschikking with its regels, for a request that does not show it."""
    found: Beschikking | None = session.scalar(
        select(Beschikking)
        .options(selectinload(Beschikking.regels))
        .where(
            Beschikking.referentie == referentie,
            Beschikking.gemeente_code.in_(by.gemeenten),
        )
    )
    if found is None:
        raise NotFound
    dossier_queries.dossier_of(session, by, found.dossier_id)
    return found


def list_beschikkingen(
    session: Session, by: Actor, at: datetime, dossier: Dossier
) -> Sequence[Beschikking]:
    """Return the beschikkingen of a dossier, newest first; the look is recorded."""
    record(session, by, Action.DOSSIER_READ, dossier, at=at)
    return session.scalars(
        select(Beschikking)
        .options(selectinload(Beschikking.regels))
        .where(
            Beschikking.dossier_id == dossier.id,
            Beschikking.gemeente_code.in_(by.gemeenten),
        )
        .order_by(Beschikking.drawn_up_at.desc())
    ).all()


def find_beschikking_by_number(
    session: Session, gemeente_code: str, nummer_or_extern: str
) -> Beschikking | None:
    """Find a beschikking by its own number, or by the number it was taken over with.

    Only one answer counts: two old systems may have used the same number.
    """
    wanted = nummer_or_extern.strip()
    match = Beschikking.extern_nummer == wanted
    if wanted.isdecimal() and len(wanted) < 10:
        match = match | (Beschikking.nummer == int(wanted))
    found = session.scalars(
        select(Beschikking)
        .where(Beschikking.gemeente_code == gemeente_code, match)
        .limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def find_taken_over(
    session: Session, dossier_id: UUID, extern_nummer: str
) -> Beschikking | None:
    """Find an old decision in the dossier by the number it was known under."""
    return session.scalar(
        select(Beschikking).where(
            Beschikking.dossier_id == dossier_id,
            Beschikking.extern_nummer == extern_nummer.strip(),
        )
    )


def list_regels(session: Session, beschikking_id: UUID) -> Sequence[Besluitregel]:
    """Return the regels of a beschikking, in the order in which they were added."""
    return session.scalars(
        select(Besluitregel)
        .where(Besluitregel.beschikking_id == beschikking_id)
        .order_by(Besluitregel.id)
    ).all()


def get_regel(
    session: Session, beschikking: Beschikking, regel_id: UUID
) -> Besluitregel:
    """Return one regel of this beschikking."""
    regel = session.scalar(
        select(Besluitregel).where(
            Besluitregel.id == regel_id,
            Besluitregel.beschikking_id == beschikking.id,
        )
    )
    if regel is None:
        raise NotFound
    return regel


def regel_of_item(session: Session, item_id: UUID) -> Besluitregel | None:
    """Return the regel that decides an item of an aanvraag, drawn up or decided."""
    return session.scalar(
        select(Besluitregel).where(Besluitregel.aanvraag_item_id == item_id)
    )


def get_aanvraag(session: Session, by: Actor, aanvraag_id: UUID) -> Aanvraag:
    """Return an aanvraag with its items and opschortingen."""
    found = session.scalar(
        select(Aanvraag)
        .options(selectinload(Aanvraag.items), selectinload(Aanvraag.opschortingen))
        .where(Aanvraag.id == aanvraag_id, Aanvraag.gemeente_code.in_(by.gemeenten))
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    dossier_queries.dossier_of(session, by, found.dossier_id)
    return found


def list_aanvragen(session: Session, dossier_id: UUID) -> Sequence[Aanvraag]:
    """Return the aanvragen of a dossier with their items and opschortingen."""
    return (
        session.scalars(
            # both are few: one statement costs less than three
            select(Aanvraag)
            .options(joinedload(Aanvraag.items), joinedload(Aanvraag.opschortingen))
            .where(Aanvraag.dossier_id == dossier_id)
            .order_by(Aanvraag.ontvangen_op, Aanvraag.id)
        )
        .unique()
        .all()
    )


def aanvraag_of_verslag(session: Session, verslag_id: UUID) -> Aanvraag | None:
    """Return the aanvraag that a signed verslag became."""
    return session.scalar(select(Aanvraag).where(Aanvraag.verslag_id == verslag_id))


def aanvragen_of(session: Session, beschikking_id: UUID) -> Sequence[Aanvraag]:
    """Return the aanvragen that a beschikking decides, wholly or in part."""
    return session.scalars(
        select(Aanvraag)
        .join(BeschikkingAanvraag, BeschikkingAanvraag.aanvraag_id == Aanvraag.id)
        .options(selectinload(Aanvraag.items), selectinload(Aanvraag.opschortingen))
        .where(BeschikkingAanvraag.beschikking_id == beschikking_id)
        .order_by(Aanvraag.ontvangen_op, Aanvraag.id)
    ).all()


def undecided_items(session: Session, aanvraag_id: UUID) -> Sequence[AanvraagItem]:
    """Return what an aanvraag asks and no beschikking has decided yet."""
    decided = (
        select(Besluitregel.aanvraag_item_id)
        .join(Beschikking, Beschikking.id == Besluitregel.beschikking_id)
        .where(
            Beschikking.decided_at.is_not(None),
            Besluitregel.aanvraag_item_id.is_not(None),
        )
    )
    return session.scalars(
        select(AanvraagItem).where(
            AanvraagItem.aanvraag_id == aanvraag_id, AanvraagItem.id.not_in(decided)
        )
    ).all()


def get_melding(session: Session, dossier_id: UUID) -> Melding | None:
    """Return the melding with which a dossier began, if it did."""
    return session.scalar(select(Melding).where(Melding.dossier_id == dossier_id))


def get_onderzoek(session: Session, dossier_id: UUID) -> Onderzoek | None:
    """Return the onderzoek of a dossier, if it was started."""
    return session.scalar(select(Onderzoek).where(Onderzoek.dossier_id == dossier_id))


def get_verslag(session: Session, verslag_id: UUID) -> Verslag:
    """Return a verslag."""
    return session.get_one(Verslag, verslag_id)


def list_maatwerk(session: Session, onderzoek_id: UUID) -> Sequence[Oplossing]:
    """Return the oplossingen of an onderzoek that only maatwerk can be."""
    return session.scalars(
        select(Oplossing)
        .where(
            Oplossing.onderzoek_id == onderzoek_id,
            Oplossing.soort == OplossingSoort.MAATWERK,
        )
        .order_by(Oplossing.id)
    ).all()


def list_afspraken(
    session: Session, dossier_id: UUID, behoefte_id: UUID | None
) -> Sequence[Resultaatafspraak]:
    """Return what must be reached for a behoefte; without one, nothing."""
    if behoefte_id is None:
        return []
    return session.scalars(
        select(Resultaatafspraak)
        .where(
            Resultaatafspraak.dossier_id == dossier_id,
            Resultaatafspraak.behoefte_id == behoefte_id,
        )
        .order_by(Resultaatafspraak.id)
    ).all()


def list_voorzieningen(session: Session, dossier_id: UUID) -> Sequence[Voorziening]:
    """Return the voorzieningen that were granted in a dossier, with their regels."""
    return (
        session.scalars(
            select(Voorziening)
            .options(joinedload(Voorziening.regels))
            .where(Voorziening.dossier_id == dossier_id)
            .order_by(Voorziening.granted_at, Voorziening.id)
            .execution_options(populate_existing=True)
        )
        .unique()
        .all()
    )


def count_unknown(session: Session, dossier_id: UUID) -> int:
    """Count own beschikkingen that the cliënt was not told yet, drafts included."""
    return (
        session.scalar(
            select(func.count()).where(
                Beschikking.dossier_id == dossier_id,
                Beschikking.made_known_at.is_(None),
                Beschikking.extern_nummer.is_(None),
            )
        )
        or 0
    )


def list_lopend(session: Session, gerechtigde_id: UUID) -> Sequence[Voorziening]:
    """Return what somebody is entitled to now, whatever the dossier it came from."""
    return session.scalars(
        select(Voorziening)
        .options(selectinload(Voorziening.regels))
        .where(
            Voorziening.gerechtigde_id == gerechtigde_id,
            Voorziening.ended_at.is_(None),
        )
        .order_by(Voorziening.granted_at, Voorziening.id)
    ).all()


def get_voorziening(session: Session, by: Actor, voorziening_id: UUID) -> Voorziening:
    """Return a voorziening with its regels."""
    found = session.scalar(
        select(Voorziening)
        .options(selectinload(Voorziening.regels))
        .where(
            Voorziening.id == voorziening_id,
            Voorziening.gemeente_code.in_(by.gemeenten),
        )
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    dossier_queries.dossier_of(session, by, found.dossier_id)
    return found


def lock_regels(session: Session, voorziening_id: UUID) -> Sequence[VoorzieningRegel]:
    """Return the regels of a voorziening, oldest first, while nobody changes them."""
    session.execute(
        select(Voorziening.id).where(Voorziening.id == voorziening_id).with_for_update()
    )
    return session.scalars(
        select(VoorzieningRegel)
        .where(VoorzieningRegel.voorziening_id == voorziening_id)
        .order_by(VoorzieningRegel.van)
        .execution_options(populate_existing=True)
    ).all()


def regel_op(
    session: Session, voorziening_id: UUID, dag: date
) -> VoorzieningRegel | None:
    """Return what holds for a voorziening on a day, or nothing."""
    return session.scalar(
        select(VoorzieningRegel).where(
            VoorzieningRegel.voorziening_id == voorziening_id,
            VoorzieningRegel.van <= dag,
            VoorzieningRegel.tot.is_(None) | (VoorzieningRegel.tot >= dag),
        )
    )


def list_medegerechtigden(
    session: Session, voorziening_id: UUID
) -> Sequence[Medegerechtigde]:
    """Return who else benefits from a voorziening."""
    return session.scalars(
        select(Medegerechtigde).where(Medegerechtigde.voorziening_id == voorziening_id)
    ).all()


def huisgenoten(session: Session, inwoner_id: UUID, dag: date) -> Sequence[UUID]:
    """Return the ids of who is in one leefeenheid with this person on a day."""
    own = select(HuishoudenLid.huishouden_id).where(
        HuishoudenLid.inwoner_id == inwoner_id,
        HuishoudenLid.van <= dag,
        HuishoudenLid.tot.is_(None) | (HuishoudenLid.tot >= dag),
    )
    return session.scalars(
        select(HuishoudenLid.inwoner_id)
        .join(Huishouden, Huishouden.id == HuishoudenLid.huishouden_id)
        .where(
            Huishouden.soort == SoortHuishouden.LEEFEENHEID,
            Huishouden.id.in_(own),
            HuishoudenLid.inwoner_id != inwoner_id,
            HuishoudenLid.van <= dag,
            HuishoudenLid.tot.is_(None) | (HuishoudenLid.tot >= dag),
        )
        .distinct()
    ).all()


def list_bezwaren(session: Session, dossier_id: UUID) -> Sequence[Bezwaar]:
    """Return the bezwaren in a dossier."""
    return session.scalars(
        select(Bezwaar).where(Bezwaar.dossier_id == dossier_id).order_by(Bezwaar.id)
    ).all()


def find_grond(
    session: Session, gemeente_code: str, code: str, dag: date, *, alleen_pgb: bool
) -> Weigeringsgrond | None:
    """Return the ground with this code that holds on a day, of the wanted kind."""
    gronden = list_weigeringsgronden(session, gemeente_code, dag)
    fitting = [g for g in gronden if g.code == code and g.alleen_pgb == alleen_pgb]
    return fitting[0] if fitting else None


def opschorting_of(aanvraag: Aanvraag, opschorting_id: UUID) -> Opschorting:
    """Return one opschorting of this aanvraag."""
    for opschorting in aanvraag.opschortingen:
        if opschorting.id == opschorting_id:
            return opschorting
    raise NotFound
