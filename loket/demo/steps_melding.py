"""How a case begins, told with the deeds of the screens: said, shared out, written."""

from datetime import timedelta

from loket.authz import Actor, Role
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    take_over_besluit,
)
from loket.cases.dossier import operations as dossiers
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Aanleiding
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations_inwoner import record_huishouden, register_inwoner
from loket.cases.dossier.queries import get_client, list_documents
from loket.cases.melding.melding import Huishoudtype, Verwijzer
from loket.cases.melding.operations import register_melding
from loket.cases.producten.product import Domein
from loket.cases.producten.queries import product_op
from loket.demo.people import Persoon
from loket.demo.scene import Scene
from loket.demo.zaak import Vraag

TWO_YEARS = timedelta(days=729)


def melden(scene: Scene) -> None:
    """Somebody says that support is needed; the dossier opens."""
    rij = scene.zaak.rij
    kanaal = Kanaal(rij["kanaal"])
    by = scene.by(Role.FRONTOFFICE)
    if kanaal is Kanaal.PORTAAL:
        by = Actor.system(scene.zaak.gemeente, via="portaal")
    client, *others = [(p, _register(scene, by, p)) for p in scene.personen]
    melder, inwoner = next(((p, i) for p, i in others if p.is_melder), (None, None))
    melding = register_melding(
        scene.session,
        by,
        scene.at,
        client=client[1],
        kanaal=kanaal,
        ontvangen_op=scene.dag,
        hulpvraag=rij["vraag"],
        behoeften=[
            (scene.words(each)["behoefte"], [_domein(scene, each)])
            for each in scene.zaak.vragen
        ],
        verwijzer=Verwijzer(rij["verwijzer"]),
        huishoudtype=Huishoudtype(rij["huishoudtype"]),
        clientondersteuning_verteld=True,
        spoed=scene.zaak.keuze == "spoed",
        spoed_toelichting="Alleen thuis blijven is vandaag niet veilig."
        if scene.zaak.keuze == "spoed"
        else None,
        melder=inwoner,
        melder_rol=melder.rol if melder else None,
        bevoegdheid=melder.bevoegdheid if melder else None,
    )
    scene.zaak.dossier_id = melding.dossier_id
    _join(scene, by, others)
    if scene.zaak.samen_met:
        _couple(scene, by, client[1])


def _register(scene: Scene, by: Actor, persoon: Persoon) -> Inwoner:
    return register_inwoner(scene.session, by, scene.at, **persoon.gegevens)


def _domein(scene: Scene, vraag: Vraag) -> Domein:
    return product_op(
        scene.session, scene.zaak.gemeente, vraag.product, scene.dag
    ).domein


def _join(scene: Scene, by: Actor, others: list[tuple[Persoon, Inwoner]]) -> None:
    for persoon, inwoner in others:
        if not persoon.is_melder:
            dossiers.add_betrokkene(
                scene.session,
                by,
                scene.at,
                dossier=scene.dossier,
                inwoner=inwoner,
                rol=persoon.rol,
                bevoegdheid=persoon.bevoegdheid,
                van=scene.dag,
            )


def _couple(scene: Scene, by: Actor, client: Inwoner) -> None:
    partner_id = scene.zaken[scene.zaak.samen_met].dossier_id
    if partner_id is None:
        raise LookupError(scene.zaak.samen_met)
    record_huishouden(
        scene.session,
        by,
        scene.at,
        soort=SoortHuishouden.LEEFEENHEID,
        leden=[get_client(scene.session, partner_id), client],
        van=scene.dag,
    )


def overnemen(scene: Scene) -> None:
    """Somebody moved here with a right from elsewhere; it is taken over."""
    by = scene.by(Role.ADMINISTRATIE)
    client = _register(scene, by, scene.personen[0])
    (vraag,) = scene.zaak.vragen
    dossier = dossiers.open_dossier(
        scene.session,
        by,
        scene.at,
        client=client,
        aanleiding=Aanleiding.OVERNAME,
        ontvangen_op=scene.dag,
        domeinen=[_domein(scene, vraag)],
    )
    scene.zaak.dossier_id = dossier.id
    ingang = scene.org.van + timedelta(days=14)
    take_over_besluit(
        scene.session,
        by,
        scene.at,
        dossier=dossier,
        extern_nummer="OUD-2026-0417",
        besloten_op=ingang,
        regels=[
            OvergenomenRegel(
                vraag.product,
                vraag.vorm,
                vraag.volume,
                vraag.frequentie,
                ingang,
                scene.dag + TWO_YEARS,
            )
        ],
    )


def verdelen(scene: Scene) -> None:
    """The teamleider gives the dossier to a consulent."""
    by = scene.by(Role.TEAMLEIDER)
    dossiers.assign_dossier(
        scene.session,
        by,
        scene.at,
        dossier=scene.dossier,
        consulent_id=scene.consulent.id,
    )
    if scene.zaak.is_afgeschermd:
        dossiers.shield_dossier(
            scene.session, by, scene.at, dossier=scene.dossier, user_ids=[]
        )


def verzenden(scene: Scene) -> None:
    """Every letter that waits goes out; a beschikking has a step of its own."""
    shielded = scene.zaak.is_afgeschermd
    by = scene.consulent if shielded else scene.by(Role.ADMINISTRATIE)
    for document in list_documents(scene.session, scene.dossier.id):
        if not document.sent_at and document.soort is not DocumentSoort.BESCHIKKING:
            dossiers.send_document(
                scene.session, by, scene.at, document=document, verzonden_op=scene.dag
            )
