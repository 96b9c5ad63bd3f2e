"""What residents ask about their data, and who is asked to answer for a look."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import select

from loket.archief.operations_lijst import propose_lijst
from loket.archief.operations_verzoek import receive_verzoek
from loket.archief.vernietigingsverzoek import Omvang
from loket.authz import Actor, Role
from loket.cases.dossier import operations as dossiers
from loket.cases.dossier import operations_toestemming as toestemmingen
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.dossier import Aanleiding, Afsluitreden
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.noodtoegang import Noodgrond
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_inwoner import register_inwoner
from loket.cases.dossier.operations_noodtoegang import open_noodtoegang
from loket.cases.dossier.operations_notitie import write_notitie
from loket.cases.dossier.queries import read_dossier, read_part
from loket.cases.dossier.toestemming import GegevenDoor, Toestemming, Wijze
from loket.cases.producten.product import Domein
from loket.demo.people import rows
from loket.demo.scene import Scene
from loket.demo.zaak import Stap
from loket.rechten import operations as rechten
from loket.rechten.inzageverzoek import (
    Aanvrager,
    Identificatie,
    Inzageverzoek,
    Uitreiking,
)
from loket.toezicht.operations import signal_inzage
from loket.toezicht.operations_kaart import save_kaart

WORKED_ON = timedelta(days=90)
"""From the beginning to the end of a dossier of long ago."""
MINUTE = timedelta(minutes=1)


class Verhaal(NamedTuple):
    """Who does a step and in which words, as `verantwoording.csv` tells it."""

    login: str
    kanaal: str
    keuze: str
    woorden: str
    partij: str
    doel: str


@cache
def _told() -> dict[tuple[str, str], Verhaal]:
    return {
        (row["zaak"], row["stap"]): Verhaal(*(row[name] for name in Verhaal._fields))
        for row in rows("verantwoording")
    }


def _verhaal(scene: Scene, stap: Stap) -> Verhaal:
    return _told()[scene.zaak.code, stap]


def _who(scene: Scene, told: Verhaal) -> Actor:
    return scene.org.person(told.login, scene.zaak.gemeente)


def archief(scene: Scene) -> None:
    """A dossier of long ago came along from the old system, closed and all."""
    by, then = scene.consulent, scene.at + WORKED_ON
    client = register_inwoner(scene.session, by, scene.at, **scene.personen[0].gegevens)
    dossier = dossiers.open_dossier(
        scene.session,
        by,
        scene.at,
        client=client,
        aanleiding=Aanleiding.OVERNAME,
        ontvangen_op=scene.dag,
        domeinen=[Domein.HUISHOUDELIJKE_HULP],
    )
    scene.zaak.dossier_id = dossier.id
    write_notitie(
        scene.session,
        by,
        scene.at,
        dossier=dossier,
        soort=NotitieSoort.WERKNOTITIE,
        tekst=scene.zaak.rij["vraag"],
    )
    dossiers.close_dossier(
        scene.session, by, then, dossier=dossier, reden=Afsluitreden.EIGEN_KRACHT
    )


def toestemming(scene: Scene) -> None:
    """The cliënt lets the gemeente ask somebody else, where the Act asks consent."""
    told = _verhaal(scene, Stap.TOESTEMMING)
    toestemmingen.record_toestemming(
        scene.session,
        scene.consulent,
        scene.at,
        dossier=scene.dossier,
        herkomst=Herkomst(told.keuze),
        gegeven_door=GegevenDoor.INWONER,
        wijze=Wijze(told.kanaal),
        gegeven_op=scene.dag,
        gegevens=told.woorden,
        partij=told.partij,
        doel=told.doel,
    )


def intrekken(scene: Scene) -> None:
    """The cliënt takes the consent back."""
    given = scene.session.scalars(
        select(Toestemming).where(Toestemming.dossier_id == scene.zaak.dossier_id)
    ).one()
    toestemmingen.withdraw_toestemming(
        scene.session,
        scene.consulent,
        scene.at,
        toestemming=given,
        ingetrokken_op=scene.dag,
    )


def inzage(scene: Scene) -> None:
    """The cliënt, or who speaks for them, asks what is held."""
    told = _verhaal(scene, Stap.INZAGE)
    kanaal = Kanaal(told.kanaal)
    rechten.register_inzageverzoek(
        scene.session,
        _who(scene, told),
        scene.at,
        inwoner=scene.client,
        kanaal=kanaal,
        ontvangen_op=scene.dag,
        aanvrager=Aanvrager(told.keuze),
        naam_aanvrager=told.woorden or None,
        # by letter nobody saw yet who asks
        identificatie=Identificatie.LEGITIMATIE if kanaal is Kanaal.BALIE else None,
    )


def _inzageverzoek(scene: Scene) -> Inzageverzoek:
    return scene.session.scalars(
        select(Inzageverzoek).where(Inzageverzoek.inwoner_id == scene.client.id)
    ).one()


def afschrift(scene: Scene) -> None:
    """The privacy officer lets a copy be made."""
    rechten.grant(
        scene.session,
        scene.by(Role.PRIVACY_OFFICER),
        scene.at,
        verzoek=_inzageverzoek(scene),
    )


def uitreiken(scene: Scene) -> None:
    """The copy is fetched at the loket."""
    rechten.deliver(
        scene.session,
        scene.by(Role.FRONTOFFICE),
        scene.at,
        verzoek=_inzageverzoek(scene),
        uitreiking=Uitreiking.OPGEHAALD,
    )


def vernietigen(scene: Scene) -> None:
    """The cliënt asks in writing to destroy the dossier."""
    told = _verhaal(scene, Stap.VERNIETIGEN)
    receive_verzoek(
        scene.session,
        _who(scene, told),
        scene.at,
        dossier=scene.dossier,
        omvang=Omvang(told.keuze),
        ontvangen_op=scene.dag,
    )


def lijst(scene: Scene) -> None:
    """What is old enough is put on a list, for a colleague to check."""
    propose_lijst(scene.session, scene.by(Role.ADMINISTRATIE), scene.at)


def inkijken(scene: Scene) -> None:
    """Somebody reads about a neighbour, without any work in the dossier."""
    by = _who(scene, _verhaal(scene, Stap.INKIJKEN))
    save_kaart(
        scene.session,
        scene.by(Role.PRIVACY_OFFICER),
        scene.at,
        user_id=by.id,
        postcode=scene.personen[0].gegevens["postcode"],
    )
    referentie = scene.dossier.referentie
    read_dossier(scene.session, by, scene.at + MINUTE, referentie)
    for number, part in enumerate(("notities", "tijdlijn"), 2):
        read_part(scene.session, by, scene.at + number * MINUTE, referentie, part)


def speuren(scene: Scene) -> None:
    """Loket looks for unusual looks, as it does every quarter of an hour."""
    signal_inzage(scene.session, Actor.system(scene.zaak.gemeente), scene.at)


def afschermen(scene: Scene) -> None:
    """From now on only the own consulent sees it, and the teamleider who did this."""
    by = scene.by(Role.TEAMLEIDER)
    dossiers.shield_dossier(
        scene.session, by, scene.at, dossier=scene.dossier, user_ids=[]
    )


def nood(scene: Scene) -> None:
    """Somebody who may not see the dossier has to; the officer looks at it later."""
    told = _verhaal(scene, Stap.NOOD)
    by, dossier = _who(scene, told), scene.dossier
    open_noodtoegang(
        scene.session,
        by,
        scene.at,
        referentie=dossier.referentie,
        grond=Noodgrond(told.keuze),
        reden=told.woorden,
    )
    inside = replace(by, nood=frozenset({dossier.id}))
    read_dossier(scene.session, inside, scene.at + MINUTE, dossier.referentie)
