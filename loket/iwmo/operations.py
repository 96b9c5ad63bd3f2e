"""Taking in a message, and answering what an aanbieder asks."""

import hashlib
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import Outcome
from loket.authz import Actor, Role
from loket.cases.besluit.operations_voorziening import (
    OvergenomenRegel,
    extend_overname,
    take_over_besluit,
)
from loket.cases.besluit.queries import find_taken_over
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.operations import set_taak
from loket.cases.dossier.taak import TaakSoort
from loket.cases.onderzoek.oplossing import Leveringsvorm
from loket.cases.producten.product import Frequentie
from loket.errors import NotFound, RuleViolation
from loket.iwmo import queries, verwerking
from loket.iwmo.bericht import Bericht, Richting, Verzoek
from loket.iwmo.berichten.levering import Bericht305, Bericht307
from loket.iwmo.berichten.onderdelen import RetourHeader
from loket.iwmo.berichten.toewijzing import Bericht302
from loket.iwmo.berichten.verzoek import Bericht315, Bericht320
from loket.iwmo.codes import GOED, RETOUR_VAN, RedenAfwijzingVerzoek
from loket.iwmo.gegevens import ontbrekend
from loket.iwmo.toetsing import as_kept, toets
from loket.outbox.operations import promise
from loket.providers.aanbieder import Aanbieder
from loket.providers.operations import make_toewijzing
from loket.providers.queries import get_contractregel
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van, werkdagen_later

Retour = Bericht302 | Bericht320
"""Answers of an aanbieder: nothing is sent back."""
Ontvangen = Bericht305 | Bericht307 | Bericht315 | Retour
"""The kinds that a gemeente takes in."""
NO_CLIENT = "Dit recht is van een andere cliënt."


def receive_bericht(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    data: bytes,
    inhoud: Ontvangen,
    aanbieder: Aanbieder,
) -> Bericht:
    """Keep a message as it came, check it, let it do its work, promise the retour.

    The same file a second time changes nothing.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    known = queries.find_received(session, by.gemeente_code, sha256)
    if known is not None:
        record(session, by, Action.BERICHT_RECEIVED, known, at=at, grond="al bekend")
        return known
    bericht = _keep(by, at, data, sha256, inhoud, aanbieder)
    if isinstance(inhoud, Bericht302 | Bericht320):
        _take_retour(session, by, at, bericht, inhoud)
    else:
        _take(session, by, at, bericht, inhoud, aanbieder)
    record(session, by, Action.BERICHT_RECEIVED, bericht, at=at, grond=inhoud.soort)
    return bericht


def _keep(
    by: Actor,
    at: datetime,
    data: bytes,
    sha256: str,
    inhoud: Ontvangen,
    aanbieder: Aanbieder,
) -> Bericht:
    header = inhoud.header
    identificatie = header.bericht_identificatie.identificatie
    dagtekening = header.bericht_identificatie.dagtekening
    if isinstance(header, RetourHeader):
        identificatie = header.identificatie_retour
        dagtekening = header.dagtekening_retour
    bericht = Bericht(
        gemeente_code=by.gemeente_code,
        richting=Richting.IN,
        soort=inhoud.soort,
        versie=f"{header.bericht_versie}.{header.bericht_subversie}",
        identificatie=identificatie,
        dagtekening=dagtekening,
        # not from the header: in that of a retour both stand the other way round
        afzender=aanbieder.agb,
        ontvanger=by.gemeente_code,
        aanbieder_id=aanbieder.id,
        sha256=sha256,
        retourcodes=[],
        recorded_at=at,
    )
    bericht.scope_id = bericht.id
    bericht.inhoud = data
    return bericht


def _take(
    session: Session,
    by: Actor,
    at: datetime,
    bericht: Bericht,
    inhoud: Bericht305 | Bericht307 | Bericht315,
    aanbieder: Aanbieder,
) -> None:
    """Check before it is kept: kept, it would be its own repetition."""
    uitslag = toets(session, by, at, inhoud, aanbieder)
    bericht.retourcodes = as_kept(uitslag.codes)
    bericht.dossier_id = uitslag.dossier_id
    session.add(bericht)
    session.flush()  # verzoeken, the retour and the trail refer to it
    promise(
        session,
        f"iwmo.{RETOUR_VAN[inhoud.soort]}",
        bericht.id,
        gemeente_code=by.gemeente_code,
        at=at,
    )
    if uitslag.codes:
        return
    if isinstance(inhoud, Bericht315):
        verwerking.take_verzoeken(
            session, by, at, bericht=bericht, inhoud=inhoud, aanbieder=aanbieder
        )
        return
    bericht.retourcodes = verwerking.take_levering(
        session,
        verwerking.from_aanbieder(by, aanbieder),
        at,
        inhoud=inhoud,
        toewijzingen=uitslag.toewijzingen,
    )
    if bericht.retourcodes:
        _ask_look(session, by, at, bericht)


def _take_retour(
    session: Session, by: Actor, at: datetime, bericht: Bericht, inhoud: Retour
) -> None:
    """Note what the aanbieder thinks of a message of ours; a refusal is work."""
    header = inhoud.header
    ours = queries.find_sent(
        session,
        by.gemeente_code,
        {retour: soort for soort, retour in RETOUR_VAN.items()}[inhoud.soort],
        header.bericht_identificatie.identificatie,
    )
    if ours is None or ours.aanbieder_id != bericht.aanbieder_id:
        raise RuleViolation("Dit is een antwoord op een bericht dat Loket niet kent.")
    bericht.dossier_id = ours.dossier_id
    wrong = [code for code in header.retour_codes if code != GOED]
    bericht.retourcodes = [
        {"regel": "", "element": "Header", "volgnummer": 0, "code": code}
        for code in wrong
    ]
    session.add(bericht)
    session.flush()  # the task and the trail refer to it
    if wrong or inhoud.header.retour_codes:
        _ask_look(session, by, at, bericht)


def _ask_look(session: Session, by: Actor, at: datetime, bericht: Bericht) -> None:
    if bericht.dossier_id is None:
        return
    set_taak(
        session,
        by,
        at,
        dossier_id=bericht.dossier_id,
        soort=TaakSoort.BERICHT_BEOORDELEN,
        uiterlijk=werkdagen_later(dag_van(at), verwerking.ANTWOORD_BINNEN),
        voor_rol=Role.ADMINISTRATIE,
        onderwerp_id=bericht.id,
    )


def refuse_bestand(session: Session, by: Actor, at: datetime, *, reden: str) -> None:
    """Note that a file was put aside; the reason is a code, and nothing of the file."""
    record(
        session,
        by,
        Action.BERICHT_FAILED,
        at=at,
        grond=reden,
        outcome=Outcome.REFUSED,
    )


def mark_placed(session: Session, by: Actor, at: datetime, *, bericht: Bericht) -> None:
    """Note that a message lies ready for the mailbox."""
    bericht.placed_at = at
    record(session, by, Action.BERICHT_SENT, bericht, at=at, grond=bericht.soort)


def honour_verzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Verzoek,
    voorziening: Voorziening,
    contractregel_id: UUID,
    van: date,
    tot: date | None = None,
    volume: int | None = None,
) -> Toewijzing:
    """Give the aanbieder what it asked for, from a right that stands."""
    verzoek = _require_answerable(session, by, verzoek)
    client = dossier_queries.get_client(session, verzoek.dossier_id)
    if voorziening.gerechtigde_id != client.id:
        raise NotFound(NO_CLIENT)
    return _assign(
        session, by, at, verzoek, voorziening, contractregel_id, van, tot, volume
    )


def take_over_verzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Verzoek,
    extern_nummer: str,
    besloten_op: date,
    contractregel_id: UUID,
    volume: int,
    frequentie: Frequentie,
    van: date,
    tot: date | None = None,
) -> Toewijzing:
    """Enter the decision the aanbieder cites, and give it what it asked for.

    Two verzoeken may cite the same decision: the second adds a right to it.
    """
    verzoek = _require_answerable(session, by, verzoek)
    contractregel = get_contractregel(session, verzoek.gemeente_code, contractregel_id)
    regel = OvergenomenRegel(
        product_code=contractregel.product_code,
        leveringsvorm=Leveringsvorm.NATURA,
        volume=volume,
        frequentie=frequentie,
        ingangsdatum=van,
        einddatum=tot,
    )
    known = find_taken_over(session, verzoek.dossier_id, extern_nummer)
    if known is None:
        known = take_over_besluit(
            session,
            by,
            at,
            dossier=dossier_queries.dossier_of(session, by, verzoek.dossier_id),
            extern_nummer=extern_nummer,
            besloten_op=besloten_op,
            regels=[regel],
        )
    else:
        extend_overname(session, by, at, beschikking=known, regels=[regel])
    right = queries.right_of_last_regel(session, known)
    return _assign(session, by, at, verzoek, right, contractregel_id, van, tot, volume)


def _require_answerable(session: Session, by: Actor, verzoek: Verzoek) -> Verzoek:
    """Take the verzoek for this answer; a 301 needs everything about the cliënt."""
    verzoek = queries.lock_verzoek(session, by, verzoek.id)
    verzoek.require_open()
    client = dossier_queries.get_client(session, verzoek.dossier_id)
    if missing := ontbrekend(client):
        raise RuleViolation(f"Vul eerst aan bij de cliënt: {', '.join(missing)}.")
    return verzoek


def _assign(
    session: Session,
    by: Actor,
    at: datetime,
    verzoek: Verzoek,
    voorziening: Voorziening,
    contractregel_id: UUID,
    van: date,
    tot: date | None,
    volume: int | None,
) -> Toewijzing:
    contractregel = get_contractregel(session, verzoek.gemeente_code, contractregel_id)
    if contractregel.aanbieder_id != verzoek.aanbieder_id:
        raise RuleViolation("Dit contract is van een andere aanbieder.")
    toewijzing = make_toewijzing(
        session,
        by,
        at,
        voorziening=voorziening,
        contractregel_id=contractregel_id,
        van=van,
        tot=tot,
        volume=volume,
        referentie_aanbieder=verzoek.referentie_aanbieder,
    )
    verzoek.honour(toewijzing.id, by.id, at)
    _finish_taken(session, by, at, verzoek)
    record(session, by, Action.VERZOEK_HONOURED, verzoek, at=at)
    return toewijzing


def reject_verzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Verzoek,
    reden: RedenAfwijzingVerzoek,
) -> Verzoek:
    """Refuse what an aanbieder asks; it hears so with a 319."""
    verzoek = queries.lock_verzoek(session, by, verzoek.id)
    verzoek.reject(reden.value, by.id, at)
    _finish_taken(session, by, at, verzoek)
    promise(session, "iwmo.319", verzoek.id, gemeente_code=verzoek.gemeente_code, at=at)
    record(session, by, Action.VERZOEK_REJECTED, verzoek, at=at, grond=reden.value)
    return verzoek


def _finish_taken(session: Session, by: Actor, at: datetime, verzoek: Verzoek) -> None:
    """Cross off what was asked of us about this verzoek: it just happened."""
    client = dossier_queries.get_client(session, verzoek.dossier_id)
    asked = queries.open_taken(
        session, verzoek.dossier_id, TaakSoort.BERICHT_BEOORDELEN, verzoek.id
    )
    filled = queries.open_taken(
        session, verzoek.dossier_id, TaakSoort.GEGEVENS_OPVRAGEN, client.id
    )
    for taak in [*asked, *([] if ontbrekend(client) else filled)]:
        taak.finish(by.id, at)
