"""From the first talk to the signed verslag, told with the deeds of the screens."""

from datetime import timedelta
from uuid import UUID

from loket.cases.dossier.dossier import Afsluitreden, BetrokkeneRol
from loket.cases.melding.melding import Huishoudtype
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek import operations, queries
from loket.cases.onderzoek import operations_behoefte as behoeften
from loket.cases.onderzoek.gesprek import GesprekVorm
from loket.cases.onderzoek.onderwerp import LeefgebiedSoort, Letter
from loket.cases.onderzoek.onderzoek import Identiteitsbewijs, Onderzoek
from loket.cases.onderzoek.oplossing import OplossingSoort
from loket.cases.onderzoek.resultaatafspraak import Beoordelaar
from loket.cases.onderzoek.verslag import Reactie
from loket.demo.people import subjects
from loket.demo.scene import Scene
from loket.demo.zaak import Vraag, Zaak

HALF_YEAR = timedelta(days=182)


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
