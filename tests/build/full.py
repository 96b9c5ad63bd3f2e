"""A dossier with something in every part of its page, and more of it on request."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from build import besluit, providers
from build import dossier as people
from build import onderzoek as talks
from build.gemeente import NOW, TODAY
from loket.authz import Actor, Role
from loket.cases.besluit.beschikking import BesluitSoort
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.voorziening import Voorziening, VoorzieningRegel
from loket.cases.dossier import operations, operations_taak
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import BetrokkeneRol, Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_contact import (
    make_terugbelverzoek,
    record_contactmoment,
)
from loket.cases.dossier.operations_notitie import write_notitie
from loket.cases.dossier.taak import TaakSoort
from loket.cases.dossier.terugbelverzoek import Geadresseerde
from loket.cases.dossier.toedeling import Toedeling, Toedelingreden
from loket.cases.melding.operations import add_behoefte
from loket.cases.onderzoek import operations_behoefte
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Leveringsvorm, OplossingSoort
from loket.cases.producten.product import Domein, Frequentie
from loket.pgb.pgb import Pgb
from loket.providers import operations as placing
from loket.providers import operations_overleg

REFUSED: dict[str, Any] = {
    "soort": BesluitSoort.WEIGEREN,
    "leveringsvorm": None,
    "volume": None,
    "frequentie": None,
    "ingangsdatum": None,
    "einddatum": None,
    "bedrag_cent": None,
    "weigeringsgrond_code": "algemeen",
}
WHEELCHAIR = "11A01"
LONG_AGO = TODAY - timedelta(days=100)


def full_dossier(session: Session, by: Actor) -> Dossier:
    """Make a dossier with one of everything, from melding to delivery."""
    onderzoek = talks.volledig(session, by, ontvangen_op=LONG_AGO)
    file = session.get_one(Dossier, onderzoek.dossier_id)
    operations.assign_dossier(session, by, NOW, dossier=file, consulent_id=by.id)
    add_more(session, by, file)
    return file


def add_more(session: Session, by: Actor, file: Dossier) -> None:
    """Add a row to every part of the page."""
    _talk(session, by, file)
    _work(session, by, file)
    _decide(session, by, file)
    _deliver(session, by, file)
    session.flush()


def _talk(session: Session, by: Actor, file: Dossier) -> None:
    partner = people.betrokkene(session, file, by, rol=BetrokkeneRol.HUISGENOOT)
    known = session.get_one(Inwoner, partner.inwoner_id)
    people.dossier(session, by, client=known)
    onderzoek = session.scalars(
        select(Onderzoek).where(Onderzoek.dossier_id == file.id)
    ).one()
    need = add_behoefte(
        session,
        by,
        NOW,
        dossier=file,
        omschrijving="Zelf naar de winkel kunnen",
        labels=[Domein.VERVOER],
    )
    operations_behoefte.propose_oplossing(
        session,
        by,
        NOW,
        onderzoek=onderzoek,
        behoefte_id=need.id,
        soort=OplossingSoort.NETWERK,
        toelichting="De buurvrouw rijdt mee.",
    )
    talks.maatwerk(session, onderzoek, by, behoefte_id=need.id)
    talks.afspraak(session, onderzoek, by, behoefte_id=need.id)
    talks.gesprek(session, onderzoek, by=by)


def _work(session: Session, by: Actor, file: Dossier) -> None:
    about = {"dossier": file}
    operations_taak.ask_taak(
        session,
        by,
        NOW,
        **about,
        soort=TaakSoort.CLIENT_BELLEN,
        uiterlijk=TODAY,
        voor_rol=Role.CONSULENT,
    )
    letter = operations.store_document(
        session,
        by,
        NOW,
        dossier_id=file.id,
        soort=DocumentSoort.INGEKOMEN,
        inhoud=b"%PDF-1.7",
    )
    operations.send_document(session, by, NOW, document=letter, verzonden_op=TODAY)
    record_contactmoment(
        session,
        by,
        NOW,
        **about,
        kanaal=Kanaal.TELEFOON,
        uitkomst=Uitkomst.INFORMATIE,
        tekst="Verteld hoe het verder gaat.",
    )
    write_notitie(
        session,
        by,
        NOW,
        **about,
        soort=NotitieSoort.AANDACHTSPUNT,
        tekst="De sleutel ligt bij de buren.",
        vast=True,
    )
    make_terugbelverzoek(
        session,
        by,
        NOW,
        **about,
        voor=Geadresseerde(user_id=by.id),
        telefoon="0612345678",
        notitie="Vraagt naar de hulp.",
    )
    session.add(
        Toedeling(
            gemeente_code=file.gemeente_code,
            dossier_id=file.id,
            van_id=None,
            naar_id=by.id,
            reden=Toedelingreden.WERKDRUK,
            at=NOW,
            by_id=by.id,
        )
    )


def _decide(session: Session, by: Actor, file: Dossier) -> None:
    known = besluit.bekendgemaakt(session, by, of=file, **REFUSED)
    receive_bezwaar(
        session,
        by,
        NOW,
        beschikking=known,
        ontvangen_op=TODAY,
        gronden="Het is te weinig.",
    )
    besluit.concept(session, by, about=besluit.aanvraag(session, by, of=file))


def _deliver(session: Session, by: Actor, file: Dossier) -> None:
    asked = providers.plaatsingsverzoek(
        session,
        recht=right_of(session, file),
        regel=providers.contractregel(session, product_code=WHEELCHAIR),
        by=by,
    )
    operations_overleg.send_overlegregel(
        session, by, NOW, onderwerp=asked, tekst="Kan het ook op dinsdag?"
    )
    given = providers.toewijzing(
        session,
        recht=right_of(session, file),
        regel=providers.contractregel(
            session, product_code=WHEELCHAIR, plaatsingsverzoek=False
        ),
        by=by,
    )
    placing.start_zorg(session, by, NOW, toewijzing=given, startdatum=TODAY)
    budget = right_of(
        session, file, leveringsvorm=Leveringsvorm.PGB, bedrag_cent=390_000
    )
    holds = session.scalars(
        select(VoorzieningRegel).where(VoorzieningRegel.voorziening_id == budget.id)
    ).one()
    session.add(
        Pgb(
            gemeente_code=file.gemeente_code,
            dossier_id=file.id,
            voorziening_id=budget.id,
            besluitregel_id=holds.besluitregel_id,
            jaarbedrag_cent=390_000,
            van=TODAY,
            granted_at=NOW,
        )
    )


def right_of(session: Session, file: Dossier, **differs: Any) -> Voorziening:
    values = {"product_code": WHEELCHAIR, "volume": 1, "frequentie": Frequentie.TOTAAL}
    return providers.voorziening(session, dossier=file, **values | differs)
