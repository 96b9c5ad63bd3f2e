"""From decided regels to rights: voorzieningen open, change or end."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit import queries
from loket.cases.besluit.beschikking import Besluitregel, BesluitSoort
from loket.cases.besluit.regelcontrole import (
    check_after,
    check_no_double,
    need,
)
from loket.cases.besluit.voorziening import (
    Eindreden,
    Medegerechtigde,
    Voorziening,
    VoorzieningRegel,
    VoorzieningResultaat,
)
from loket.cases.dossier import queries as dossier_queries
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Domein
from loket.cases.producten.queries import product_op
from loket.db import hold
from loket.outbox.operations import promise

ONE_DAY = timedelta(days=1)


def effect(session: Session, by: Actor, at: datetime, regel: Besluitregel) -> None:
    """Let a decided regel have its effect on the right of the cliënt."""
    EFFECTS[regel.soort](session, by, at, regel)
    session.flush()  # an overlap shows here, and not at the next regel
    if regel.grants and regel.leveringsvorm is Leveringsvorm.PGB:
        promise(
            session, "pgb.start", regel.id, gemeente_code=regel.gemeente_code, at=at
        )


def _open(session: Session, by: Actor, at: datetime, regel: Besluitregel) -> None:
    client = dossier_queries.get_client(session, regel.dossier_id)
    product = product_op(
        session,
        regel.gemeente_code,
        regel.product_code,
        need(regel.ingangsdatum, "ingangsdatum"),
    )
    if product.is_dienst:
        # another beschikking may have granted the same since this one was drawn up
        check_no_double(session, regel)
    voorziening = Voorziening(
        gemeente_code=regel.gemeente_code,
        dossier_id=regel.dossier_id,
        gerechtigde_id=client.id,
        product_code=regel.product_code,
        categorie=regel.categorie,
        domein=regel.domein,
        granted_at=at,
        granted_by_id=by.id,
    )
    session.add(voorziening)
    session.flush()
    regel.voorziening_id = voorziening.id
    _add_regel(session, voorziening, regel)
    _add_household(session, voorziening, regel)
    for afspraak in queries.list_afspraken(
        session, regel.dossier_id, regel.behoefte_id
    ):
        session.add(
            VoorzieningResultaat(
                gemeente_code=regel.gemeente_code,
                voorziening_id=voorziening.id,
                resultaatafspraak_id=afspraak.id,
            )
        )


def _add_regel(session: Session, voorziening: Voorziening, regel: Besluitregel) -> None:
    session.add(
        VoorzieningRegel(
            gemeente_code=voorziening.gemeente_code,
            voorziening_id=voorziening.id,
            # what an aanbieder may read hangs on the dossier of the voorziening
            dossier_id=voorziening.dossier_id,
            besluitregel_id=regel.id,
            leveringsvorm=regel.leveringsvorm,
            volume=regel.volume,
            eenheid=regel.eenheid,
            frequentie=regel.frequentie,
            van=regel.ingangsdatum,
            tot=regel.einddatum,
        )
    )


def _add_household(
    session: Session, voorziening: Voorziening, regel: Besluitregel
) -> None:
    """Household help serves the whole leefeenheid, on the name of one."""
    if regel.domein is not Domein.HUISHOUDELIJKE_HULP:
        return
    van = need(regel.ingangsdatum, "ingangsdatum")
    for inwoner_id in queries.huisgenoten(session, voorziening.gerechtigde_id, van):
        session.add(
            Medegerechtigde(
                gemeente_code=regel.gemeente_code,
                voorziening_id=voorziening.id,
                inwoner_id=inwoner_id,
                van=van,
            )
        )


def _change(session: Session, by: Actor, at: datetime, regel: Besluitregel) -> None:
    """Close the regel that runs the day before, and let the new one follow."""
    voorziening = queries.get_voorziening(
        session, by, need(regel.voorziening_id, "voorziening")
    )
    check_after(session, regel)
    ingang = need(regel.ingangsdatum, "ingangsdatum")
    _close_regels(session, voorziening, ingang - ONE_DAY)
    session.flush()  # the older period ends before the newer one begins
    _add_regel(session, voorziening, regel)
    _tell_rooms(session, voorziening, at)


def _withdraw(session: Session, by: Actor, at: datetime, regel: Besluitregel) -> None:
    voorziening = queries.get_voorziening(
        session, by, need(regel.voorziening_id, "voorziening")
    )
    last = need(regel.ingangsdatum, "ingangsdatum") - ONE_DAY
    end_right(session, by, at, voorziening, last, Eindreden.INGETROKKEN)


def _nothing(
    _session: Session, _by: Actor, _at: datetime, _regel: Besluitregel
) -> None:
    """A refusal makes no voorziening."""


Effect = Callable[[Session, Actor, datetime, Besluitregel], None]

EFFECTS: dict[BesluitSoort, Effect] = {
    BesluitSoort.TOEKENNEN: _open,
    BesluitSoort.WEIGEREN: _nothing,
    BesluitSoort.WIJZIGEN: _change,
    BesluitSoort.VERLENGEN: _change,
    BesluitSoort.HERZIEN: _change,
    BesluitSoort.INTREKKEN: _withdraw,
}


def end_right(
    session: Session,
    by: Actor,
    at: datetime,
    voorziening: Voorziening,
    dag: date,
    reden: Eindreden,
) -> None:
    """End a voorziening after this day, with every regel and pgb of it."""
    hold(session, voorziening, "ended_at")
    voorziening.end(dag, reden, by.id, at)
    _close_regels(session, voorziening, dag)
    for mede in queries.list_medegerechtigden(session, voorziening.id):
        if mede.tot is None or mede.tot > dag:
            mede.tot = dag
    session.flush()
    _tell_rooms(session, voorziening, at)


def _close_regels(session: Session, voorziening: Voorziening, dag: date) -> None:
    """Let no regel hold after this day; one that had yet to begin goes away."""
    for known in queries.lock_regels(session, voorziening.id):
        if known.van > dag:
            session.delete(known)
        elif known.tot is None or known.tot > dag:
            known.tot = dag


def _tell_rooms(session: Session, voorziening: Voorziening, at: datetime) -> None:
    """Let pgb and delivery follow the right, each in its own room."""
    for topic in ("pgb.einde", "providers.recht"):
        promise(
            session,
            topic,
            voorziening.id,
            gemeente_code=voorziening.gemeente_code,
            at=at,
            key=at.isoformat(),
        )
