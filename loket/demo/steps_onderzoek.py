"""From the melding to the signed verslag, told with the deeds of the screens."""

from datetime import timedelta
from uuid import UUID

from loket.authz import Actor, Role
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    take_over_besluit,
)
from loket.cases.dossier import operations as dossiers
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.document import DocumentSoort
from loket.cases.dossier.dossier import Aanleiding, Afsluitreden, BetrokkeneRol
from loket.cases.dossier.huishouden import SoortHuishouden
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.operations_inwoner import (
    record_huishouden,
    register_inwoner,
)
from loket.cases.dossier.product import Domein
from loket.cases.dossier.queries import get_client, list_documents, product_op
from loket.cases.melding.melding import Huishoudtype, Verwijzer
from loket.cases.melding.operations import register_melding
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek import operations_behoefte as behoeften
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs, Onderzoek
from loket.cases.onderzoek.oplossing import OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.cases.onderzoek.verslag import Reactie
from loket.demo.people import Persoon, subjects
from loket.demo.scene import Scene
from loket.demo.zaak import Vraag, Zaak

HALF_YEAR = timedelta(days=182)
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


def contact(scene: Scene) -> None:
    """Somebody else who has a say in it was asked (Wmo art. 2.3.7 lid 2)."""
    dossiers.record_contactmoment(
        scene.session,
        scene.consulent,
        scene.at,
        kanaal=Kanaal.TELEFOON,
        uitkomst=Uitkomst.OVER_VOORZIENING,
        tekst=scene.zaak.rij["contact"],
        dossier=scene.dossier,
    )


def starten(scene: Scene) -> None:
    """The onderzoek begins."""
    operations.start_onderzoek(
        scene.session, scene.consulent, scene.at, dossier=scene.dossier
    )


def gesprek(scene: Scene) -> None:
    """A talk at home; a couple has one talk together."""
    session, by, at = scene.session, scene.consulent, scene.at
    onderzoek = scene.onderzoek
    operations.see_identiteit(
        session, by, at, onderzoek=onderzoek, bewijs=Identiteitsbewijs.IDENTITEITSKAART
    )
    operations.snapshot_huishouden(
        session, by, at, onderzoek=onderzoek, leden=_leden(scene)
    )
    if scene.zaak.samen_met:
        return
    together = [z for z in scene.zaken.values() if z.samen_met == scene.zaak.code]
    operations.record_gesprek(
        session,
        by,
        at,
        onderzoeken=[
            onderzoek,
            *(_onderzoek_of(scene, z) for z in together),
        ],
        vorm=GesprekVorm.THUIS,
        gevoerd_op=scene.dag,
        aanwezigen=", ".join(_aanwezig(scene)),
        woorden_client=scene.zaak.rij["woorden"],
        aantekening="Wij hebben rustig de tijd genomen. Alles is samen doorgenomen.",
    )


def _onderzoek_of(scene: Scene, zaak: Zaak) -> Onderzoek:
    if zaak.dossier_id is None:
        raise LookupError(zaak.code)
    return queries.get_onderzoek(scene.session, zaak.dossier_id)


def _aanwezig(scene: Scene) -> list[str]:
    names = {
        BetrokkeneRol.MANTELZORGER: "de mantelzorger",
        BetrokkeneRol.VERTEGENWOORDIGER: "de mentor",
        BetrokkeneRol.CONTACTPERSOON: "een familielid",
    }
    return ["de cliënt", *(names[p.rol] for p in scene.personen[1:]), "de consulent"]


def _leden(scene: Scene) -> list[dict[str, str]]:
    if Huishoudtype(scene.zaak.rij["huishoudtype"]) is Huishoudtype.ALLEENSTAAND:
        return []
    if Huishoudtype(scene.zaak.rij["huishoudtype"]) is Huishoudtype.MET_KINDEREN:
        return [{"naam": "Twee kinderen", "leeftijd": "6 en 9", "relatie": "kind"}]
    return [
        {
            "naam": "Partner",
            "leeftijd": "ongeveer even oud",
            "relatie": "partner",
            "hulp": "koken en boodschappen",
        }
    ]


def bevinden(scene: Scene) -> None:
    """Subjects a-g, a leefgebied that was needed, solutions and results."""
    session, by, at = scene.session, scene.consulent, scene.at
    onderzoek = scene.onderzoek
    for letter, (said, found) in subjects(scene.words()["groep"]).items():
        operations.record_onderwerp(
            session,
            by,
            at,
            onderzoek=onderzoek,
            letter=Letter(letter),
            woorden_client=said,
            beoordeling=found,
        )
    operations.give_pgb_informatie(session, by, at, onderzoek=onderzoek)
    needs = {str(b.omschrijving): b for b in list_behoeften(session, scene.dossier.id)}
    for vraag in scene.zaak.vragen:
        behoefte = needs[scene.words(vraag)["behoefte"]]
        _propose(scene, onderzoek, vraag, behoefte.id)
    first = needs[scene.words()["behoefte"]]
    soort = LeefgebiedSoort(scene.words()["leefgebied"])
    behoeften.open_leefgebied(
        session,
        by,
        at,
        onderzoek=onderzoek,
        soort=soort,
        behoefte_id=first.id,
        reden=scene.words()["reden"],
    )
    session.flush()  # it is found again to be filled in
    behoeften.record_leefgebied(
        session,
        by,
        at,
        onderzoek=onderzoek,
        soort=soort,
        woorden_client=scene.zaak.rij["woorden"],
        beoordeling=scene.words()["samenvatting"],
    )


def _propose(
    scene: Scene, onderzoek: Onderzoek, vraag: Vraag, behoefte_id: UUID
) -> None:
    session, by, at = scene.session, scene.consulent, scene.at
    said = scene.words(vraag)
    if scene.zaak.keuze == "afsluiten":
        behoeften.propose_oplossing(
            session,
            by,
            at,
            onderzoek=onderzoek,
            behoefte_id=behoefte_id,
            soort=OplossingSoort(scene.zaak.grond),
            toelichting="Hiermee is de cliënt geholpen.",
        )
        return
    behoeften.propose_oplossing(
        session,
        by,
        at,
        onderzoek=onderzoek,
        behoefte_id=behoefte_id,
        soort=OplossingSoort.MAATWERK,
        toelichting=said["conclusie"],
        product_code=vraag.product,
        volume=vraag.volume,
        frequentie=vraag.frequentie,
        gewenste_vorm=vraag.vorm,
    )
    behoeften.make_resultaatafspraak(
        session,
        by,
        at,
        onderzoek=onderzoek,
        behoefte_id=behoefte_id,
        resultaat=said["resultaat"],
        meetwijze=said["meetwijze"],
        nulmeting=int(said["nulmeting"]),
        doel=int(said["doel"]),
        meetdatum=scene.dag + HALF_YEAR,
    )


def afsluiten(scene: Scene) -> None:
    """No aanvraag follows, for a coded reason."""
    operations.close_onderzoek(
        scene.session,
        scene.consulent,
        scene.at,
        onderzoek=scene.onderzoek,
        reden=Afsluitreden(scene.zaak.grond),
    )


def verslag(scene: Scene) -> None:
    """The outcome in writing."""
    operations.make_verslag(
        scene.session,
        scene.consulent,
        scene.at,
        onderzoek=scene.onderzoek,
        samenvatting=scene.words()["samenvatting"],
        conclusie=scene.words()["conclusie"],
    )


def afronden(scene: Scene) -> None:
    """The onderzoek is complete."""
    operations.complete_onderzoek(
        scene.session, scene.consulent, scene.at, onderzoek=scene.onderzoek
    )


def reageren(scene: Scene) -> None:
    """The cliënt agrees and signs: that is the aanvraag."""
    last = queries.last_verslag(scene.session, scene.onderzoek.id)
    if last is None:
        raise LookupError(scene.zaak.code)
    operations.answer_verslag(
        scene.session,
        scene.consulent,
        scene.at,
        verslag=last,
        reactie=Reactie.AKKOORD,
        ondertekend_op=scene.dag,
    )


def meten(scene: Scene) -> None:
    """Cliënt and consulent measure what was agreed."""
    for afspraak in queries.list_resultaatafspraken(scene.session, scene.onderzoek.id):
        for beoordelaar, score in (
            (Beoordelaar.CLIENT, afspraak.doel),
            (Beoordelaar.CONSULENT, afspraak.doel),
            (Beoordelaar.AANBIEDER, afspraak.doel - 1),
        ):
            behoeften.score_resultaat(
                scene.session,
                scene.consulent,
                scene.at,
                afspraak=afspraak,
                beoordelaar=beoordelaar,
                score=score,
                gemeten_op=scene.dag,
            )
