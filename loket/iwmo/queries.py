"""Finding what was said before: messages, verzoeken and what they are about."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.queries import find_beschikking_by_number
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.dossier import Betrokkene, BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.errors import NotFound
from loket.iwmo.bericht import Bericht, Richting, Verzoek
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Contract, Contractregel
from loket.providers.toewijzing import Toewijzing

NO_VERZOEK = "Dit verzoek bestaat niet."


def find_aanbieder(session: Session, agb: str) -> Aanbieder | None:
    """Find who has this AGB code."""
    return session.scalar(select(Aanbieder).where(Aanbieder.agb == agb))


def find_received(session: Session, gemeente_code: str, sha256: str) -> Bericht | None:
    """Find a file that was taken in before."""
    return session.scalar(
        select(Bericht).where(
            Bericht.gemeente_code == gemeente_code, Bericht.sha256 == sha256
        )
    )


def is_repeated(
    session: Session, gemeente_code: str, soort: str, afzender: str, identificatie: str
) -> bool:
    """Whether this sender used this identificatie before for this kind (TR056)."""
    found = session.scalar(
        select(Bericht.id)
        .where(
            Bericht.gemeente_code == gemeente_code,
            Bericht.richting == Richting.IN,
            Bericht.soort == soort,
            Bericht.afzender == afzender,
            Bericht.identificatie == identificatie,
        )
        .limit(1)
    )
    return found is not None


def find_sent(
    session: Session, gemeente_code: str, soort: str, identificatie: str
) -> Bericht | None:
    """Find the message of ours that a retour answers."""
    return session.scalar(
        select(Bericht).where(
            Bericht.gemeente_code == gemeente_code,
            Bericht.richting == Richting.UIT,
            Bericht.soort == soort,
            Bericht.identificatie == identificatie,
        )
    )


def is_made(session: Session, gemeente_code: str, soort: str, bron_id: UUID) -> bool:
    """Whether the message that tells of this was made already."""
    found = session.scalar(
        select(Bericht.id).where(
            Bericht.gemeente_code == gemeente_code,
            Bericht.richting == Richting.UIT,
            Bericht.soort == soort,
            Bericht.bron_id == bron_id,
        )
    )
    return found is not None


def used_referenties(
    session: Session, gemeente_code: str, aanbieder_id: UUID, wanted: Iterable[str]
) -> set[str]:
    """Return which references of an aanbieder were used before (TR347)."""
    return set(
        session.scalars(
            select(Verzoek.referentie_aanbieder).where(
                Verzoek.gemeente_code == gemeente_code,
                Verzoek.aanbieder_id == aanbieder_id,
                Verzoek.referentie_aanbieder.in_(list(wanted)),
            )
        )
    )


def has_open_verzoek(session: Session, inwoner_id: UUID, aanbieder_id: UUID) -> bool:
    """Whether this aanbieder waits for an answer about this cliënt (OP350)."""
    found = session.scalar(
        select(Verzoek.id)
        .join(Betrokkene, Betrokkene.dossier_id == Verzoek.dossier_id)
        .where(
            Betrokkene.inwoner_id == inwoner_id,
            Betrokkene.rol == BetrokkeneRol.CLIENT,
            Verzoek.aanbieder_id == aanbieder_id,
            Verzoek.status == "open",
        )
        .limit(1)
    )
    return found is not None


def find_cited(
    session: Session, inwoner: Inwoner, beschikking_nummer: str | None
) -> Beschikking | None:
    """Find the cited beschikking, if it is one about this cliënt."""
    if beschikking_nummer is None:
        return None
    found = find_beschikking_by_number(
        session, inwoner.gemeente_code, beschikking_nummer
    )
    if found is None or not found.decided_at:
        return None
    client = dossier_queries.get_client(session, found.dossier_id)
    return found if client.id == inwoner.id else None


def right_of_last_regel(session: Session, beschikking: Beschikking) -> Voorziening:
    """Return the right that the newest regel of a beschikking opened."""
    return session.scalars(
        select(Voorziening)
        .join(Besluitregel, Besluitregel.voorziening_id == Voorziening.id)
        .where(Besluitregel.beschikking_id == beschikking.id)
        .order_by(Besluitregel.id.desc())
        .limit(1)
    ).one()


def toewijzingen_by_nummer(
    session: Session, gemeente_code: str, aanbieder_id: UUID, nummers: Iterable[int]
) -> dict[int, tuple[Toewijzing, Voorziening]]:
    """Return toewijzingen of this aanbieder with the right they are part of."""
    rows = session.execute(
        select(Toewijzing, Voorziening)
        .join(Voorziening, Voorziening.id == Toewijzing.voorziening_id)
        .where(
            Toewijzing.gemeente_code == gemeente_code,
            Toewijzing.aanbieder_id == aanbieder_id,
            Toewijzing.nummer.in_(list(nummers)),
        )
    )
    return {toewijzing.nummer: (toewijzing, right) for toewijzing, right in rows}


def list_toegewezen(
    session: Session, gerechtigde_id: UUID, aanbieder_id: UUID
) -> Sequence[tuple[Toewijzing, Voorziening]]:
    """Return all that was assigned for one cliënt to one aanbieder with messages."""
    rows = session.execute(
        select(Toewijzing, Voorziening)
        .join(Voorziening, Voorziening.id == Toewijzing.voorziening_id)
        .join(Contractregel, Contractregel.id == Toewijzing.contractregel_id)
        .join(Contract, Contract.id == Contractregel.contract_id)
        .where(
            Voorziening.gerechtigde_id == gerechtigde_id,
            Toewijzing.aanbieder_id == aanbieder_id,
            Contract.berichten.is_(True),
        )
        .order_by(Toewijzing.nummer)
    )
    return [(toewijzing, right) for toewijzing, right in rows]


def list_made_301(
    session: Session, aanbieder_id: UUID, dossier_ids: Iterable[UUID]
) -> Sequence[Bericht]:
    """Return every 301 to an aanbieder about these dossiers, oldest first."""
    return session.scalars(
        select(Bericht)
        .where(
            Bericht.richting == Richting.UIT,
            Bericht.soort == "301",
            Bericht.aanbieder_id == aanbieder_id,
            Bericht.dossier_id.in_(set(dossier_ids)),
        )
        .order_by(Bericht.recorded_at, Bericht.id)
    ).all()


def open_taken(
    session: Session, dossier_id: UUID, soort: TaakSoort, onderwerp_id: UUID
) -> Sequence[Taak]:
    """Return open tasks of this kind about one thing."""
    return session.scalars(
        select(Taak).where(
            Taak.dossier_id == dossier_id,
            Taak.soort == soort,
            Taak.onderwerp_id == onderwerp_id,
            Taak.done_at.is_(None),
        )
    ).all()


def lock_verzoek(session: Session, by: Actor, verzoek_id: UUID) -> Verzoek:
    """Return a verzoek as it stands now, while nobody else can answer it."""
    verzoek = session.scalar(
        select(Verzoek)
        .join(Dossier, Dossier.id == Verzoek.dossier_id)
        .where(Verzoek.id == verzoek_id, dossier_queries.visible(by))
        .with_for_update(of=Verzoek)
        .execution_options(populate_existing=True)
    )
    if verzoek is None:
        raise NotFound(NO_VERZOEK)
    return verzoek
