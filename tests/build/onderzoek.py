"""Onderzoeken: begun, or with everything in them that the law asks for."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from build.dossier import dossier
from build.gemeente import NOW, TODAY, actor
from build.melding import melding
from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.melding.behoefte import Behoefte
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import operations, operations_behoefte
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs, Onderzoek
from loket.cases.onderzoek.oplossing import Leveringsvorm, Oplossing, OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.onderzoek.verslag import Reactie, Verslag
from loket.cases.producten.product import Frequentie


def consulent() -> Actor:
    """Somebody who does an onderzoek."""
    return actor(Role.CONSULENT)


def onderzoek(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Dossier | None = None,
    client: Inwoner | None = None,
    **about: Any,
) -> Onderzoek:
    """Start the onderzoek of a dossier, or of a new melding."""
    who = by or consulent()
    if of is None:
        made = melding(session, who, at, client=client, **about)
        of = session.get_one(Dossier, made.dossier_id)
    return operations.start_onderzoek(session, who, at, dossier=of)


def heronderzoek(
    session: Session, by: Actor | None = None, at: datetime = NOW
) -> Onderzoek:
    """Start an onderzoek without a melding."""
    who = by or consulent()
    return onderzoek(session, who, at, of=dossier(session, who, at))


def behoefte(session: Session, of: Onderzoek) -> Behoefte:
    """Return the first need of the cliënt."""
    return list_behoeften(session, of.dossier_id)[0]


def maatwerk(
    session: Session,
    of: Onderzoek,
    by: Actor | None = None,
    at: datetime = NOW,
    **differs: Any,
) -> Oplossing:
    """Propose help at home, two hours a week."""
    answers: dict[str, Any] = {
        "behoefte_id": behoefte(session, of).id,
        "soort": OplossingSoort.MAATWERK,
        "toelichting": "Het zware werk lukt niet meer.",
        "product_code": "01A01",
        "volume": 120,
        "frequentie": Frequentie.WEEK,
        "gewenste_vorm": Leveringsvorm.NATURA,
    }
    return operations_behoefte.propose_oplossing(
        session, by or consulent(), at, onderzoek=of, **answers | differs
    )


def network(session: Session, of: Onderzoek, by: Actor, at: datetime) -> None:
    """Let the network solve every other need."""
    for each in list_behoeften(session, of.dossier_id)[1:]:
        operations_behoefte.propose_oplossing(
            session,
            by,
            at,
            onderzoek=of,
            behoefte_id=each.id,
            soort=OplossingSoort.NETWERK,
            toelichting="De buurvrouw gaat mee.",
        )


def afspraak(
    session: Session,
    of: Onderzoek,
    by: Actor | None = None,
    at: datetime = NOW,
    **differs: Any,
) -> Resultaatafspraak:
    """Agree on a clean house, in half a year."""
    answers: dict[str, Any] = {
        "behoefte_id": behoefte(session, of).id,
        "resultaat": "Het huis is schoon en leefbaar.",
        "meetwijze": "Wij kijken samen rond.",
        "nulmeting": 2,
        "doel": 4,
        "meetdatum": TODAY + timedelta(days=180),
    }
    return operations_behoefte.make_resultaatafspraak(
        session, by or consulent(), at, onderzoek=of, **answers | differs
    )


def gesprek(
    session: Session,
    *of: Onderzoek,
    by: Actor | None = None,
    at: datetime = NOW,
    gevoerd_op: date = TODAY,
) -> None:
    """Record a talk at the kitchen table."""
    operations.record_gesprek(
        session,
        by or consulent(),
        at,
        onderzoeken=of,
        vorm=GesprekVorm.THUIS,
        gevoerd_op=gevoerd_op,
        aanwezigen="De cliënt en haar dochter",
        woorden_client="Ik wil hier blijven wonen.",
        aantekening="De trap is steil.",
    )


def onderwerpen(
    session: Session, of: Onderzoek, by: Actor | None = None, at: datetime = NOW
) -> None:
    """Record all seven subjects."""
    for letter in Letter:
        operations.record_onderwerp(
            session,
            by or consulent(),
            at,
            onderzoek=of,
            letter=letter,
            woorden_client=f"Zo zie ik {letter.titel.lower()}.",
            beoordeling=f"Zo zien wij {letter.titel.lower()}.",
        )


def verslag(
    session: Session, of: Onderzoek, by: Actor | None = None, at: datetime = NOW
) -> Verslag:
    """Draw up the verslag."""
    return operations.make_verslag(
        session,
        by or consulent(),
        at,
        onderzoek=of,
        samenvatting="Mevrouw kan het zware werk niet meer doen.",
        conclusie="Hulp bij het huishouden past.",
    )


def volledig(
    session: Session,
    by: Actor | None = None,
    at: datetime = NOW,
    *,
    of: Onderzoek | None = None,
    **about: Any,
) -> Onderzoek:
    """Make an onderzoek that can be completed: everything in it, verslag too."""
    who = by or consulent()
    made = of or onderzoek(session, who, at, **about)
    operations.see_identiteit(
        session, who, at, onderzoek=made, bewijs=Identiteitsbewijs.PASPOORT
    )
    operations.snapshot_huishouden(session, who, at, onderzoek=made, leden=[])
    gesprek(session, made, by=who, at=at, gevoerd_op=at.date())
    onderwerpen(session, made, who, at)
    if list_behoeften(session, made.dossier_id):
        maatwerk(session, made, who, at)
        network(session, made, who, at)
        afspraak(session, made, who, at)
    operations.give_pgb_informatie(session, who, at, onderzoek=made)
    verslag(session, made, who, at)
    return made


def afgerond(
    session: Session, by: Actor | None = None, at: datetime = NOW, **about: Any
) -> Onderzoek:
    """Make an onderzoek and complete it."""
    who = by or consulent()
    made = volledig(session, who, at, **about)
    operations.complete_onderzoek(session, who, at, onderzoek=made)
    return made


def ondertekend(
    session: Session,
    of: Verslag,
    by: Actor | None = None,
    at: datetime = NOW,
    dag: date = TODAY,
) -> None:
    """Let the cliënt agree and sign."""
    operations.answer_verslag(
        session,
        by or consulent(),
        at,
        verslag=of,
        reactie=Reactie.AKKOORD,
        ondertekend_op=dag,
    )
