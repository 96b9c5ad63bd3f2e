"""Finding aanbieders, verzoeken and toewijzingen; what is not yours is not there."""

from collections.abc import Container, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.taak import Taak, TaakSoort
from loket.cases.producten.product import Product
from loket.errors import NotFound
from loket.providers.aanbieder import Aanbieder
from loket.providers.contract import Capaciteit, Contract, Contractregel
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.routering import Aanbod, Kandidaat, Vraag, candidates
from loket.providers.toewijzing import Stopreden, Toewijzing
from loket.termijnen import dag_van

NO_VERZOEK = "Dit verzoek bestaat niet."
NO_TOEWIJZING = "Deze toewijzing bestaat niet."


def runs_on(day: date) -> ColumnElement[bool]:
    """Say in SQL which toewijzingen take a place on a day or later."""
    gone = and_(
        Toewijzing.gestopt_op < day, Toewijzing.stopreden != Stopreden.TIJDELIJK
    )
    return and_(
        or_(Toewijzing.tot.is_(None), Toewijzing.tot >= day),
        or_(Toewijzing.geeindigd_op.is_(None), Toewijzing.geeindigd_op >= day),
        or_(Toewijzing.gestopt_op.is_(None), ~gone),
    )


def get_contractregel(
    session: Session, gemeente_code: str, contractregel_id: UUID
) -> Contractregel:
    """Return a contractregel of this gemeente with its contract and aanbieder."""
    regel = session.scalar(
        select(Contractregel)
        .options(joinedload(Contractregel.contract).joinedload(Contract.aanbieder))
        .where(
            Contractregel.id == contractregel_id,
            Contractregel.gemeente_code == gemeente_code,
        )
    )
    if regel is None:
        raise NotFound("Deze contractregel bestaat niet.")
    return regel


def list_kandidaten(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    voorziening: Voorziening,
    start: date,
    taal: str = "",
    spoed: bool = False,
) -> list[Kandidaat]:
    """Judge every aanbieder under contract for this voorziening."""
    dossier_queries.dossier_of(session, by, voorziening.dossier_id)
    client = session.get_one(Inwoner, voorziening.gerechtigde_id)
    vraag = Vraag(
        product_code=voorziening.product_code,
        start=start,
        vandaag=dag_van(at),
        pc4=client.pc4,
        taal=taal,
        spoed=spoed,
        heeft_bsn=bool(client.bsn),
    )
    return candidates(vraag, _list_aanbod(session, voorziening, start))


def _list_aanbod(
    session: Session, voorziening: Voorziening, start: date
) -> list[Aanbod]:
    code, product = voorziening.gemeente_code, voorziening.product_code
    rows = session.execute(
        select(Contract, Contractregel, Capaciteit)
        .join(Contract.aanbieder)
        .outerjoin(
            Contractregel,
            and_(
                Contractregel.contract_id == Contract.id,
                Contractregel.product_code == product,
            ),
        )
        .outerjoin(
            Capaciteit,
            and_(
                Capaciteit.gemeente_code == Contract.gemeente_code,
                Capaciteit.aanbieder_id == Contract.aanbieder_id,
                Capaciteit.product_code == product,
            ),
        )
        .options(contains_eager(Contract.aanbieder))
        .where(Contract.gemeente_code == code)
    ).all()
    counts = _count_clienten(session, voorziening, start)
    busy = _delivers_already(session, voorziening, start)
    return [_aanbod(*row, counts, busy) for row in rows]


def _aanbod(
    contract: Contract,
    regel: Contractregel | None,
    capaciteit: Capaciteit | None,
    counts: Mapping[UUID, int],
    busy: Container[UUID],
) -> Aanbod:
    lopend = counts.get(contract.id, 0)
    levert_al = contract.aanbieder_id in busy
    return Aanbod(contract.aanbieder, contract, regel, capaciteit, lopend, levert_al)


def _count_clienten(
    session: Session, voorziening: Voorziening, start: date
) -> dict[UUID, int]:
    rows = session.execute(
        select(
            Contractregel.contract_id,
            func.count(Toewijzing.dossier_id.distinct()).label("clienten"),
        )
        # the ceiling is of the contract: another tariff does not empty it
        .join(Contractregel, Contractregel.id == Toewijzing.contractregel_id)
        .where(
            Toewijzing.gemeente_code == voorziening.gemeente_code,
            Toewijzing.product_code == voorziening.product_code,
            Toewijzing.dossier_id != voorziening.dossier_id,
            runs_on(start),
        )
        .group_by(Contractregel.contract_id)
    )
    return {row.contract_id: row.clienten for row in rows}


def _delivers_already(
    session: Session, voorziening: Voorziening, start: date
) -> set[UUID]:
    running = list_same_product(session, voorziening)
    return {
        t.aanbieder_id
        for t in running
        if t.van <= start <= (t.laatste_dag or date.max) and not t.gestopt_op
    }


def list_same_product(
    session: Session, voorziening: Voorziening
) -> Sequence[Toewijzing]:
    """Return every toewijzing of this product to this cliënt, whatever the dossier."""
    return session.scalars(
        select(Toewijzing)
        .join(Voorziening, Voorziening.id == Toewijzing.voorziening_id)
        .where(
            Voorziening.gerechtigde_id == voorziening.gerechtigde_id,
            Toewijzing.product_code == voorziening.product_code,
            Toewijzing.gemeente_code == voorziening.gemeente_code,
        )
        .order_by(Toewijzing.van, Toewijzing.nummer)
    ).all()


def list_toewijzingen(session: Session, voorziening_id: UUID) -> Sequence[Toewijzing]:
    """Return the toewijzingen of a voorziening, oldest first."""
    return session.scalars(
        select(Toewijzing)
        .where(Toewijzing.voorziening_id == voorziening_id)
        .order_by(Toewijzing.van, Toewijzing.nummer)
        .execution_options(populate_existing=True)
    ).all()


def list_of_dossier(
    session: Session, dossier_id: UUID
) -> tuple[list[tuple[Plaatsingsverzoek, str]], Sequence[Toewijzing]]:
    """Return what was asked, of whom, and assigned in a dossier, newest first.

    For its page: whoever calls this has found the dossier within their own rows.
    """
    rows = session.execute(
        select(Plaatsingsverzoek, Aanbieder.naam)
        .join(Aanbieder, Aanbieder.id == Plaatsingsverzoek.aanbieder_id)
        .options(defer(Plaatsingsverzoek.kandidaten))
        .where(Plaatsingsverzoek.dossier_id == dossier_id)
        .order_by(Plaatsingsverzoek.requested_at.desc(), Plaatsingsverzoek.id.desc())
    )
    verzoeken = [(row[0], row[1]) for row in rows]
    toewijzingen = session.scalars(
        select(Toewijzing)
        .options(joinedload(Toewijzing.aanbieder))
        .where(Toewijzing.dossier_id == dossier_id)
        .order_by(Toewijzing.van.desc(), Toewijzing.nummer.desc())
    ).all()
    return verzoeken, toewijzingen


def aanbieder_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return names of aanbieders by id."""
    rows = session.execute(
        select(Aanbieder.id, Aanbieder.naam).where(Aanbieder.id.in_(ids))
    )
    return {row.id: row.naam for row in rows}


def open_verzoek(session: Session, voorziening_id: UUID) -> Plaatsingsverzoek | None:
    """Return the verzoek of a voorziening that nobody answered yet."""
    return session.scalar(
        select(Plaatsingsverzoek).where(
            Plaatsingsverzoek.voorziening_id == voorziening_id,
            Plaatsingsverzoek.status == "open",
        )
    )


def _verzoeken_of(by: Actor) -> Select[Plaatsingsverzoek]:
    """Staff see those of their gemeente, an aanbieder only its own."""
    mine = select(Plaatsingsverzoek).where(
        Plaatsingsverzoek.gemeente_code.in_(by.gemeenten)
    )
    if by.aanbieder_id:
        mine = mine.where(Plaatsingsverzoek.aanbieder_id == by.aanbieder_id)
    return mine


def get_verzoek(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Plaatsingsverzoek:
    """Return a plaatsingsverzoek to show; the look is recorded."""
    verzoek = find_verzoek(session, by, referentie)
    record(session, by, Action.PLAATSINGSVERZOEK_READ, verzoek, at=at)
    return verzoek


def find_verzoek(session: Session, by: Actor, referentie: str) -> Plaatsingsverzoek:
    """Return a plaatsingsverzoek, for a request that does not show it."""
    verzoek = session.scalar(
        _verzoeken_of(by).where(Plaatsingsverzoek.referentie == referentie)
    )
    if verzoek is None:
        raise NotFound(NO_VERZOEK)
    if not by.aanbieder_id:
        dossier_queries.dossier_of(session, by, verzoek.dossier_id)
    return verzoek


def lock_verzoek(session: Session, by: Actor, verzoek_id: UUID) -> Plaatsingsverzoek:
    """Return a verzoek as it stands now, while nobody else can answer it."""
    verzoek = session.scalar(
        _verzoeken_of(by)
        .where(Plaatsingsverzoek.id == verzoek_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if verzoek is None:
        raise NotFound(NO_VERZOEK)
    return verzoek


def _toewijzingen_of(by: Actor) -> Select[Toewijzing]:
    mine = select(Toewijzing).where(Toewijzing.gemeente_code.in_(by.gemeenten))
    if by.aanbieder_id:
        mine = mine.where(Toewijzing.aanbieder_id == by.aanbieder_id)
    return mine


def lock_toewijzing(session: Session, by: Actor, toewijzing_id: UUID) -> Toewijzing:
    """Return a toewijzing as it stands now, while nobody else can change it."""
    toewijzing = session.scalar(
        _toewijzingen_of(by)
        .where(Toewijzing.id == toewijzing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if toewijzing is None:
        raise NotFound(NO_TOEWIJZING)
    return toewijzing


def get_toewijzing(
    session: Session, by: Actor, at: datetime, referentie: str
) -> Toewijzing:
    """Return a toewijzing to show; the look is recorded."""
    toewijzing = find_toewijzing(session, by, referentie)
    record(session, by, Action.TOEWIJZING_READ, toewijzing, at=at)
    return toewijzing


def find_toewijzing(session: Session, by: Actor, referentie: str) -> Toewijzing:
    """Return a toewijzing, for a request that does not show it."""
    toewijzing = session.scalar(
        _toewijzingen_of(by).where(Toewijzing.referentie == referentie)
    )
    if toewijzing is None:
        raise NotFound(NO_TOEWIJZING)
    if not by.aanbieder_id:
        dossier_queries.dossier_of(session, by, toewijzing.dossier_id)
    return toewijzing


def find_capaciteit(
    session: Session, gemeente_code: str, aanbieder_id: UUID, product_code: str
) -> Capaciteit | None:
    """Return what an aanbieder reported for a product, if it did."""
    return session.scalar(
        select(Capaciteit).where(
            Capaciteit.gemeente_code == gemeente_code,
            Capaciteit.aanbieder_id == aanbieder_id,
            Capaciteit.product_code == product_code,
        )
    )


def open_taken(session: Session, voorziening: Voorziening) -> Sequence[Taak]:
    """Return the tasks to find another aanbieder for this voorziening."""
    return session.scalars(
        select(Taak).where(
            Taak.dossier_id == voorziening.dossier_id,
            Taak.soort == TaakSoort.OPNIEUW_PLAATSEN,
            Taak.onderwerp_id == voorziening.id,
            Taak.done_at.is_(None),
        )
    ).all()


def toewijzing_of(session: Session, verzoek_id: UUID) -> Toewijzing | None:
    """Return the toewijzing that an accepted verzoek became."""
    return session.scalar(
        select(Toewijzing).where(Toewijzing.plaatsingsverzoek_id == verzoek_id)
    )


def open_verzoeken_of(
    session: Session, inwoner_id: UUID
) -> Sequence[Plaatsingsverzoek]:
    """Return the unanswered verzoeken for somebody, for a job."""
    return session.scalars(
        select(Plaatsingsverzoek)
        .join(Voorziening, Voorziening.id == Plaatsingsverzoek.voorziening_id)
        .where(
            Voorziening.gerechtigde_id == inwoner_id,
            Plaatsingsverzoek.status == "open",
        )
    ).all()


def toewijzingen_after(
    session: Session, inwoner_id: UUID, day: date
) -> Sequence[Toewijzing]:
    """Return what would still be delivered to somebody after a day, for a job."""
    return session.scalars(
        select(Toewijzing)
        .join(Voorziening, Voorziening.id == Toewijzing.voorziening_id)
        .where(
            Voorziening.gerechtigde_id == inwoner_id,
            Toewijzing.ended_at.is_(None),
            or_(Toewijzing.tot.is_(None), Toewijzing.tot > day),
        )
    ).all()


def product_name(session: Session, gemeente_code: str, code: str) -> str:
    """Return the latest name of a product."""
    found = session.scalar(
        select(Product.naam)
        .where(Product.gemeente_code == gemeente_code, Product.code == code)
        .order_by(Product.van.desc())
        .limit(1)
    )
    return found or code
