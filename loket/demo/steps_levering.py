"""From the right to help that runs, stops, or ends with a life."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.operations_voorziening import end_voorziening
from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.dossier import Afsluitreden
from loket.cases.dossier.operations import close_dossier
from loket.cases.dossier.operations_inwoner import record_death
from loket.demo.scene import Scene
from loket.demo.zaak import Stap, Vraag
from loket.providers import operations
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek, Weigergrond
from loket.providers.toewijzing import Stopreden, Toewijzing


def vragen(scene: Scene) -> None:
    """Ask the aanbieder, or assign at once where the contract says so."""
    for voorziening in queries.list_voorzieningen(scene.session, scene.dossier.id):
        key = (
            scene.zaak.gemeente,
            scene.zaak.rij["aanbieder"],
            voorziening.product_code,
        )
        regel_id, _, is_asked = scene.org.regels[key]
        if is_asked:
            _ask(scene, voorziening, regel_id)
        else:
            operations.make_toewijzing(
                scene.session,
                scene.consulent,
                scene.at,
                voorziening=voorziening,
                contractregel_id=regel_id,
                van=scene.zaak.dag(Stap.STARTEN_ZORG),
            )


def _ask(scene: Scene, voorziening: Voorziening, regel_id: UUID) -> None:
    vraag = _vraag(scene, voorziening)
    operations.send_plaatsingsverzoek(
        scene.session,
        scene.consulent,
        scene.at,
        voorziening=voorziening,
        contractregel_id=regel_id,
        gewenste_start=scene.zaak.dag(Stap.STARTEN_ZORG),
        omschrijving=scene.words(vraag)["omschrijving"],
        voorkeur_client=True,
        motief="De cliënt kiest deze aanbieder na uitleg over wie er kan helpen.",
        dagen=["maandag", "donderdag"],
        taal=scene.personen[0].gegevens.get("taal") or "nederlands",
        spoed=scene.zaak.keuze == "spoed",
    )


def _vraag(scene: Scene, voorziening: Voorziening) -> Vraag:
    return next(v for v in scene.zaak.vragen if v.product == voorziening.product_code)


def antwoorden(scene: Scene) -> None:
    """The aanbieder says yes or no, in its own session."""
    asked = scene.session.scalars(
        select(Plaatsingsverzoek)
        .where(
            Plaatsingsverzoek.dossier_id == scene.zaak.dossier_id,
            Plaatsingsverzoek.status == "open",
        )
        .order_by(Plaatsingsverzoek.id)
    ).all()
    for verzoek in asked:
        if scene.zaak.rij["antwoord"] == "ja":
            operations.accept_plaatsingsverzoek(
                scene.session,
                scene.aanbieder,
                scene.at,
                verzoek=verzoek,
                startdatum=scene.zaak.dag(Stap.STARTEN_ZORG),
            )
        else:
            operations.decline_plaatsingsverzoek(
                scene.session,
                scene.aanbieder,
                scene.at,
                verzoek=verzoek,
                grond=Weigergrond(scene.zaak.rij["antwoord"]),
            )


def _toewijzingen(scene: Scene) -> Sequence[Toewijzing]:
    return scene.session.scalars(
        select(Toewijzing)
        .where(Toewijzing.dossier_id == scene.zaak.dossier_id)
        .order_by(Toewijzing.id)
    ).all()


def starten_zorg(scene: Scene) -> None:
    """The aanbieder reports that the help has started."""
    for toewijzing in _toewijzingen(scene):
        operations.start_zorg(
            scene.session,
            scene.aanbieder,
            scene.at,
            toewijzing=toewijzing,
            startdatum=scene.dag,
        )


def stoppen(scene: Scene) -> None:
    """The aanbieder reports the end: as planned, or the cliënt wants somebody else."""
    planned = any(stap is Stap.SLUITEN for _, stap in scene.zaak.plan)
    for toewijzing in _toewijzingen(scene):
        operations.stop_zorg(
            scene.session,
            scene.aanbieder,
            scene.at,
            toewijzing=toewijzing,
            stopdatum=scene.dag,
            reden=Stopreden.VOLGENS_PLAN if planned else Stopreden.DOOR_CLIENT,
        )


def sluiten(scene: Scene) -> None:
    """The goal is reached or the cliënt died: what still runs ends, and it closes."""
    for voorziening in queries.list_lopend(scene.session, scene.client.id):
        end_voorziening(
            scene.session,
            scene.consulent,
            scene.at,
            voorziening=voorziening,
            geeindigd_op=scene.dag - timedelta(days=1),
            reden=Eindreden.DOEL_BEREIKT,
        )
    died = scene.client.overleden_op is not None
    close_dossier(
        scene.session,
        scene.consulent,
        scene.at,
        dossier=scene.dossier,
        reden=Afsluitreden.OVERLEDEN if died else Afsluitreden.BESLUIT_UITGEVOERD,
    )


def overlijden(scene: Scene) -> None:
    """The cliënt died: what runs in this name ends."""
    record_death(
        scene.session,
        scene.by(Role.ADMINISTRATIE),
        scene.at,
        inwoner=scene.client,
        overleden_op=scene.dag - timedelta(days=2),
    )
