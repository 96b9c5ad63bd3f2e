"""From the aanvraag to the beschikking that is known, and a bezwaar against it."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from loket.authz import Role
from loket.cases.besluit import queries
from loket.cases.besluit.aanvraag import (
    Aanvraag,
    AanvraagItem,
    AanvraagVorm,
    Opschortgrond,
)
from loket.cases.besluit.beschikking import Beschikking, BesluitSoort
from loket.cases.besluit.operations_aanvraag import (
    NieuwItem,
    register_aanvraag,
    resume_aanvraag,
    suspend_aanvraag,
)
from loket.cases.besluit.operations_beschikking import (
    add_besluitregel,
    decide_beschikking,
    draw_up_beschikking,
    make_known_beschikking,
)
from loket.cases.besluit.operations_bezwaar import receive_bezwaar
from loket.cases.besluit.regelcontrole import NieuweRegel
from loket.cases.melding.queries import list_behoeften
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.demo.scene import Scene
from loket.demo.zaak import Stap, Vraag
from loket.pgb.operations import PER_YEAR, NieuweBudgetregel, Oordeel, assess_pgb
from loket.pgb.pgb import HelperSoort

MANDATES = ((15_000_00, Role.CONSULENT), (40_000_00, Role.KWALITEITSMEDEWERKER))
TWO_YEARS = timedelta(days=729)
SIX_WEEKS = timedelta(days=41)


def aanvragen(scene: Scene) -> None:
    """The cliënt applies: the six weeks have passed (Wmo art. 2.3.2 lid 9)."""
    needs = {
        str(each.omschrijving): each.id
        for each in list_behoeften(scene.session, scene.dossier.id)
    }
    register_aanvraag(
        scene.session,
        scene.by(Role.ADMINISTRATIE),
        scene.at,
        dossier=scene.dossier,
        vorm=AanvraagVorm.FORMULIER,
        ontvangen_op=scene.dag,
        items=[
            NieuwItem(each.product, each.vorm, needs[scene.words(each)["behoefte"]])
            for each in scene.zaak.vragen
        ],
    )


def _aanvraag(scene: Scene) -> Aanvraag:
    (found,) = queries.list_aanvragen(scene.session, scene.dossier.id)
    return found


def opschorten(scene: Scene) -> None:
    """The clock stands still, on a ground of the law (Awb art. 4:15)."""
    asked, last = scene.zaak.period(0), scene.zaak.period(1)
    if asked is None or last is None:
        raise LookupError(scene.zaak.code)
    suspend_aanvraag(
        scene.session,
        scene.consulent,
        scene.at,
        aanvraag=_aanvraag(scene),
        grond=Opschortgrond(scene.zaak.rij["opschorting"].split()[0]),
        gevraagd_op=asked,
        uiterlijk=last,
    )


def hervatten(scene: Scene) -> None:
    """What was missing came in."""
    aanvraag = queries.get_aanvraag(scene.session, scene.consulent, _aanvraag(scene).id)
    resume_aanvraag(
        scene.session,
        scene.consulent,
        scene.at,
        opschorting=aanvraag.opschortingen[0],
        aangevuld_op=scene.zaak.period(2) or scene.dag,
    )


def opstellen(scene: Scene) -> None:
    """A concept with a regel for what is asked; a pgb is tested."""
    aanvragen_ = list(queries.list_aanvragen(scene.session, scene.dossier.id))
    beschikking = draw_up_beschikking(
        scene.session,
        scene.consulent,
        scene.at,
        dossier=scene.dossier,
        aanvragen=aanvragen_,
        motivering=scene.words()["samenvatting"],
    )
    items = [
        item
        for aanvraag in aanvragen_
        for item in queries.undecided_items(scene.session, aanvraag.id)
    ]
    asked = {item.product_code: item for item in items}
    vragen = scene.zaak.vragen[:1] if scene.zaak.keuze == "deel" else scene.zaak.vragen
    for vraag in vragen:
        _decide_on(scene, beschikking, vraag, asked.get(vraag.product))


def _decide_on(
    scene: Scene, beschikking: Beschikking, vraag: Vraag, item: AanvraagItem | None
) -> None:
    regel = add_besluitregel(
        scene.session,
        scene.consulent,
        scene.at,
        beschikking=beschikking,
        nieuw=_regel(scene, vraag, item),
    )
    if vraag.vorm is not Leveringsvorm.PGB:
        return
    refused = scene.zaak.keuze == "pgb_weigeren"
    natura = jaarbedrag(scene, vraag)
    assess_pgb(
        scene.session,
        scene.consulent,
        scene.at,
        beschikking=beschikking,
        besluitregel=regel,
        vaardig=Oordeel(
            not refused,
            "De administratie lukt nu niet, ook niet met hulp van anderen."
            if refused
            else "De cliënt kan het pgb zelf beheren, met hulp van familie.",
        ),
        gemotiveerd=Oordeel(True, "De cliënt legt uit waarom eigen keuze nodig is."),
        kwaliteit=Oordeel(True, "De helper is bekend met de situatie en geschikt."),
        budgetregels=()
        if refused
        else [NieuweBudgetregel(HelperSoort(scene.zaak.grond), vraag.volume)],
        eisen="De hulp werkt volgens de afspraken in het verslag.",
        weigeringsgrond_code=scene.zaak.grond if refused else None,
        natura_cent=natura if refused else None,
    )


def _regel(scene: Scene, vraag: Vraag, item: AanvraagItem | None) -> NieuweRegel:
    words = scene.words(vraag)
    if scene.zaak.keuze == "weigeren":
        return NieuweRegel(
            BesluitSoort.WEIGEREN,
            "Met een elektrische fiets kunt u zelf naar winkel en vrienden.",
            aanvraag_item=item,
            weigeringsgrond_code=scene.zaak.grond,
        )
    ingang = scene.zaak.dag(Stap.STARTEN_ZORG)
    grant = NieuweRegel(
        BesluitSoort.TOEKENNEN,
        words["conclusie"],
        aanvraag_item=item,
        product_code=None if item else vraag.product,
        leveringsvorm=vraag.vorm,
        volume=vraag.volume,
        frequentie=vraag.frequentie,
        ingangsdatum=ingang,
        bedrag_cent=jaarbedrag(scene, vraag),
    )
    if scene.zaak.keuze == "spoed":
        return replace(grant, einddatum=ingang + SIX_WEEKS)
    if vraag.frequentie is Frequentie.TOTAAL:
        return grant
    return replace(grant, einddatum=ingang + TWO_YEARS)


def jaarbedrag(scene: Scene, vraag: Vraag) -> int:
    """Return what this costs a year in natura, in cents: the measure of mandaat."""
    tarief = scene.org.tarief(scene.zaak.gemeente, vraag.product)
    return vraag.volume * tarief * PER_YEAR.get(vraag.frequentie, 1)


def _beschikking(scene: Scene) -> Beschikking:
    return scene.session.scalars(
        select(Beschikking).where(Beschikking.dossier_id == scene.zaak.dossier_id)
    ).one()


def besluiten(scene: Scene) -> None:
    """Whoever has the mandaat for this amount decides."""
    beschikking = _beschikking(scene)
    regels = queries.list_regels(scene.session, beschikking.id)
    costs = max(regel.bedrag_cent or 0 for regel in regels)
    rol = next((rol for limit, rol in MANDATES if costs <= limit), Role.TEAMLEIDER)
    decide_beschikking(scene.session, scene.by(rol), scene.at, beschikking=beschikking)


def bekendmaken(scene: Scene) -> None:
    """The letter goes out: the term for bezwaar runs."""
    make_known_beschikking(
        scene.session,
        scene.by(Role.ADMINISTRATIE),
        scene.at,
        beschikking=_beschikking(scene),
        bekendgemaakt_op=scene.dag,
    )


def bezwaar(scene: Scene) -> None:
    """The cliënt does not agree."""
    receive_bezwaar(
        scene.session,
        scene.by(Role.ADMINISTRATIE),
        scene.at,
        beschikking=_beschikking(scene),
        ontvangen_op=scene.dag,
        gronden=scene.zaak.rij["woorden"],
    )
