"""What a message does here, once it has passed every check."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor, Role
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.inwoner import Geslacht, Inwoner
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.operations_inwoner import register_inwoner
from loket.cases.dossier.taak import TaakSoort
from loket.cases.melding.melding import Huishoudtype, Verwijzer
from loket.cases.melding.operations import register_melding
from loket.cases.producten.product import Domein
from loket.cases.producten.queries import list_products
from loket.errors import LoketError, RuleViolation
from loket.iwmo import queries, woorden
from loket.iwmo.bericht import Bericht, Verzoek
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.verzoek import AangevraagdProduct, Bericht315, Client315
from loket.iwmo.codes import StatusAanlevering
from loket.iwmo.gegevens import ontbrekend
from loket.providers.aanbieder import Aanbieder
from loket.providers.operations import start_zorg, stop_zorg
from loket.providers.toewijzing import Stopreden, Toewijzing
from loket.termijnen import dag_van, werkdagen_later

ANTWOORD_BINNEN = 5
"""Working days in which a verzoek is answered (iWmo)."""
NIET_VERWERKT = "niet_verwerkt"
"""Marks, among the codes of a bericht, what somebody has to look at."""
REMOVED = "De aanbieder trekt een eerdere melding in. Bespreek dit met de aanbieder."


def take_verzoeken(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    bericht: Bericht,
    inhoud: Bericht315,
    aanbieder: Aanbieder,
) -> None:
    """Let each product asked for become work, in the dossier it belongs to.

    What cites no beschikking of this cliënt is a new question: a melding.
    """
    inwoner = _find_or_register(session, by, at, inhoud.client)
    producten = list(enumerate(inhoud.client.aangevraagde_producten, 1))
    homes: dict[int, UUID] = {}
    for nummer, product in producten:
        cited = queries.find_cited(session, inwoner, _cites(product))
        if cited is not None:
            homes[nummer] = cited.dossier_id
    if new := [product for nummer, product in producten if nummer not in homes]:
        opened = _open_melding(session, by, at, inwoner, aanbieder, inhoud, new)
        homes = {nummer: homes.get(nummer, opened) for nummer, _ in producten}
    bericht.dossier_id = homes[1]
    for nummer, product in producten:
        verzoek = _make_verzoek(bericht, aanbieder, nummer, product, at)
        verzoek.dossier_id = homes[nummer]
        session.add(verzoek)
        session.flush()  # its task and its line in the trail name it
        _ask_answer(session, by, at, verzoek, inwoner)
        record(session, by, Action.VERZOEK_LINKED, verzoek, at=at)


def _cites(product: AangevraagdProduct) -> str | None:
    nummer = product.beschikking_nummer
    return None if nummer is None else str(nummer)


def _find_or_register(
    session: Session, by: Actor, at: datetime, client: Client315
) -> Inwoner:
    known = dossier_queries.find_inwoner_by_bsn(session, by.gemeente_code, client.bsn)
    if known is not None:
        return known
    naam, geboren = client.naam, client.geboortedatum
    return register_inwoner(
        session,
        by,
        at,
        bsn=client.bsn,
        achternaam=naam.geslachtsnaam.achternaam,
        voorvoegsel=naam.geslachtsnaam.voorvoegsel,
        voornamen=naam.voornamen,
        voorletters=naam.voorletters,
        # a date of which a part is not known would stand here as if it were exact
        geboortedatum=None if geboren.datum_gebruik else geboren.datum,
        geslacht=Geslacht(client.geslacht.value),
    )


def _open_melding(
    session: Session,
    by: Actor,
    at: datetime,
    inwoner: Inwoner,
    aanbieder: Aanbieder,
    inhoud: Bericht315,
    producten: Sequence[AangevraagdProduct],
) -> UUID:
    today = dag_van(at)
    asked = [_in_words(product) for product in producten]
    lines = [f"{aanbieder.naam} vraagt om een toewijzing (iWmo 315).", *asked]
    melding = register_melding(
        session,
        by,
        at,
        client=inwoner,
        kanaal=Kanaal.AANBIEDER,
        ontvangen_op=today,
        hulpvraag="\n".join([*lines, inhoud.client.commentaar or ""]).strip(),
        behoeften=[
            (text, [_domein(session, by, product, today)])
            for text, product in zip(asked, producten, strict=True)
        ],
        verwijzer=Verwijzer.AANBIEDER,
        huishoudtype=Huishoudtype.ONBEKEND,
        clientondersteuning_verteld=False,
    )
    return melding.dossier_id


def _in_words(product: AangevraagdProduct) -> str:
    kind, much = product.product, product.omvang
    name = woorden.product(kind.categorie, kind.code) if kind else woorden.GEEN
    if much is None:
        return name
    size = woorden.omvang(much.volume, much.eenheid.value, much.frequentie.value)
    return f"{name}, {size}"


def _domein(
    session: Session, by: Actor, product: AangevraagdProduct, dag: date
) -> Domein:
    """Take the domain of what this gemeente grants in the same category."""
    wanted = product.product.categorie if product.product else ""
    for known in list_products(session, by.gemeente_code, dag):
        if known.categorie == wanted:
            return known.domein
    return Domein.ZORG


def _make_verzoek(
    bericht: Bericht,
    aanbieder: Aanbieder,
    nummer: int,
    asked: AangevraagdProduct,
    at: datetime,
) -> Verzoek:
    product, much = asked.product, asked.omvang
    return Verzoek(
        gemeente_code=bericht.gemeente_code,
        bericht_id=bericht.id,
        aanbieder_id=aanbieder.id,
        volgnummer=nummer,
        referentie_aanbieder=asked.referentie_aanbieder,
        beschikking_nummer=_cites(asked),
        categorie=product.categorie if product else None,
        product_code=product.code if product else None,
        volume=much.volume if much else None,
        eenheid=much.eenheid.value if much else None,
        frequentie=much.frequentie.value if much else None,
        gewenste_start=asked.toewijzing_ingangsdatum,
        gewenst_einde=asked.toewijzing_einddatum,
        received_at=at,
    )


def _ask_answer(
    session: Session, by: Actor, at: datetime, verzoek: Verzoek, inwoner: Inwoner
) -> None:
    before = werkdagen_later(dag_van(at), ANTWOORD_BINNEN)
    set_taak(
        session,
        by,
        at,
        dossier_id=verzoek.dossier_id,
        soort=TaakSoort.BERICHT_BEOORDELEN,
        uiterlijk=before,
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=verzoek.id,
    )
    ask_missing(session, by, at, verzoek.dossier_id, inwoner)


def ask_missing(
    session: Session, by: Actor, at: datetime, dossier_id: UUID, inwoner: Inwoner
) -> bool:
    """Ask once for what a toewijzing cannot do without; tell whether it lacks."""
    if not ontbrekend(inwoner):
        return False
    soort = TaakSoort.GEGEVENS_OPVRAGEN
    if not queries.open_taken(session, dossier_id, soort, inwoner.id):
        set_taak(
            session,
            by,
            at,
            dossier_id=dossier_id,
            soort=soort,
            uiterlijk=werkdagen_later(dag_van(at), ANTWOORD_BINNEN),
            voor_rol=Role.ADMINISTRATIE,
            onderwerp_id=inwoner.id,
        )
    return True


def from_aanbieder(by: Actor, aanbieder: Aanbieder) -> Actor:
    """Report as the aanbieder that sent the message: it reaches its own only."""
    return replace(by, aanbieder_id=aanbieder.id)


def take_levering(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    inhoud: Bericht305 | Bericht307,
    toewijzingen: dict[int, Toewijzing],
) -> list[dict[str, Any]]:
    """Report starts and stops by the verb of the screens; tell what did not work."""
    producten = (
        inhoud.client.start_producten
        if isinstance(inhoud, Bericht305)
        else inhoud.client.stop_producten
    )
    reported: list[StartProduct | StopProduct] = list(producten)
    left = []
    for nummer, product in enumerate(reported, 1):
        try:
            _report(session, by, at, product, toewijzingen)
        except LoketError as refusal:
            left.append(
                {
                    "regel": NIET_VERWERKT,
                    "element": type(product).__name__,
                    "volgnummer": nummer,
                    "code": "",
                    "tekst": refusal.message,
                }
            )
    return left


def _report(
    session: Session,
    by: Actor,
    at: datetime,
    product: StartProduct | StopProduct,
    toewijzingen: dict[int, Toewijzing],
) -> None:
    toewijzing = toewijzingen[product.toewijzing_nummer or 0]
    if product.status_aanlevering is StatusAanlevering.VERWIJDEREN:
        raise RuleViolation(REMOVED)
    if isinstance(product, StartProduct):
        day = product.begindatum
        start_zorg(session, by, at, toewijzing=toewijzing, startdatum=day)
        return
    stop_zorg(
        session,
        by,
        at,
        toewijzing=toewijzing,
        stopdatum=product.einddatum,
        reden=Stopreden(product.reden_beeindiging.value),
    )
