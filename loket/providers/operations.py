"""Asking an aanbieder, giving it a part of the right, and hearing how it goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.queries import instelling
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Actor
from loket.cases.besluit import queries as besluit_queries
from loket.cases.besluit.klokken import keep_clock
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.dossier import Fase
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.cases.producten.product import Frequentie
from loket.datum import kort
from loket.errors import NotFound, RuleViolation
from loket.outbox.operations import promise
from loket.providers import queries, ruimte
from loket.providers.contract import Contract
from loket.providers.deling import share, share_until
from loket.providers.drafts import drop_drafts, drop_drafts_of_help
from loket.providers.herleidbaar import refuse_herleidbaar
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek, Weigergrond
from loket.providers.queries_contract import regel_on_day
from loket.providers.routering import Reden, find_candidate
from loket.providers.ruimte import Deel, Recht
from loket.providers.toewijzing import Stopreden, Toewijzing
from loket.termijnen import dag_van

MAX_WEKEN = 104
"""How long a weekly toewijzing runs when the right has no end (iWmo CD076)."""


def send_plaatsingsverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    voorziening: Voorziening,
    contractregel_id: UUID,
    gewenste_start: date,
    omschrijving: str,
    voorkeur_client: bool,
    motief: str,
    dagen: Sequence[str] = (),
    taal: str = "nederlands",
    spoed: bool = False,
    volume: int | None = None,
    einddatum: date | None = None,
) -> Plaatsingsverzoek:
    """Ask one aanbieder whether it can help, without saying whom."""
    recht = _recht(session, voorziening)
    if queries.open_verzoek(session, voorziening.id):
        raise RuleViolation(
            "Er staat al een verzoek open. Trek dat eerst in, of wacht op antwoord."
        )
    kandidaten = queries.list_kandidaten(
        session,
        by,
        at,
        voorziening=voorziening,
        start=gewenste_start,
        taal=taal,
        spoed=spoed,
    )
    gekozen = find_candidate(kandidaten, contractregel_id)
    if not gekozen.contract.plaatsingsverzoek:
        raise RuleViolation("Bij dit contract wijst u direct toe, zonder verzoek.")
    deel = recht.take(gewenste_start, einddatum, volume)
    regel = recht.require(deel)
    client = session.get_one(Inwoner, voorziening.gerechtigde_id)
    refuse_herleidbaar(omschrijving, client, dag_van(at))
    verzoek = Plaatsingsverzoek(
        gemeente_code=voorziening.gemeente_code,
        dossier_id=voorziening.dossier_id,
        voorziening_id=voorziening.id,
        aanbieder_id=gekozen.aanbieder.id,
        contractregel_id=contractregel_id,
        product_code=voorziening.product_code,
        volume=deel.volume,
        eenheid=regel.eenheid,
        frequentie=regel.frequentie,
        gewenste_start=gewenste_start,
        einddatum=deel.tot,
        pc4=client.pc4,
        dagen=list(dagen),
        taal=taal.strip().lower(),
        spoed=spoed,
        omschrijving=omschrijving,
        voorkeur_client=voorkeur_client,
        motief=motief,
        kandidaten=[one.snapshot() for one in kandidaten],
        requested_at=at,
        requested_by_id=by.id,
    )
    session.add(verzoek)
    session.flush()  # its number is in the trail
    _finish_taken(session, by, at, voorziening)
    keep_clock(session, voorziening.dossier_id, daarna=Fase.PLAATSEN)
    record(session, by, Action.PLAATSINGSVERZOEK_SENT, verzoek, at=at)
    return verzoek


def withdraw_plaatsingsverzoek(
    session: Session, by: Actor, at: datetime, *, verzoek: Plaatsingsverzoek
) -> Plaatsingsverzoek:
    """Take the question back, as long as nobody answered it."""
    if by.aanbieder_id:
        raise NotFound(queries.NO_VERZOEK)
    verzoek = queries.lock_verzoek(session, by, verzoek.id)
    verzoek.withdraw(by.id, at)
    drop_drafts(session, by, at, verzoek)
    record(session, by, Action.PLAATSINGSVERZOEK_WITHDRAWN, verzoek, at=at)
    return verzoek


def accept_plaatsingsverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Plaatsingsverzoek,
    startdatum: date,
) -> Plaatsingsverzoek:
    """The aanbieder can help from this day; the toewijzing follows by itself."""
    verzoek = queries.lock_verzoek(session, by, verzoek.id)
    verzoek.require_open()
    first, last = verzoek.gewenste_start, verzoek.einddatum
    if startdatum < first:
        raise RuleViolation(
            f"De hulp kan niet starten vóór {kort(first)}.", "startdatum"
        )
    if last and startdatum > last:
        raise RuleViolation(f"De hulp is nodig tot en met {kort(last)}.", "startdatum")
    verzoek.accept(startdatum, by.id, at)
    drop_drafts(session, by, at, verzoek)
    _promise(session, "providers.toewijzen", verzoek, at)
    record(session, by, Action.PLAATSINGSVERZOEK_ACCEPTED, verzoek, at=at)
    return verzoek


def decline_plaatsingsverzoek(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    verzoek: Plaatsingsverzoek,
    grond: Weigergrond,
) -> Plaatsingsverzoek:
    """The aanbieder cannot help, on a ground of the contract."""
    verzoek = queries.lock_verzoek(session, by, verzoek.id)
    verzoek.decline(grond, by.id, at)
    drop_drafts(session, by, at, verzoek)
    _promise(session, "providers.geweigerd", verzoek, at)
    record(
        session,
        by,
        Action.PLAATSINGSVERZOEK_DECLINED,
        verzoek,
        at=at,
        grond=grond.value,
    )
    return verzoek


def make_toewijzing(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    voorziening: Voorziening,
    contractregel_id: UUID,
    van: date,
    tot: date | None = None,
    volume: int | None = None,
    plaatsingsverzoek: Plaatsingsverzoek | None = None,
    referentie_aanbieder: str | None = None,
) -> Toewijzing:
    """Give an aanbieder a part of the right, and open the shared data to it.

    A `referentie_aanbieder` comes from a verzoek om toewijzing (iWmo 315): the
    aanbieder asked for it, so it need not be asked.
    """
    recht = _recht(session, voorziening)
    contractregel = queries.get_contractregel(
        session, voorziening.gemeente_code, contractregel_id
    )
    contract = contractregel.contract
    _require_consent(contract, plaatsingsverzoek, referentie_aanbieder)
    _require_asked_for(voorziening, contractregel_id, plaatsingsverzoek)
    deel = recht.take(van, tot, volume)
    # a tariff that changes does not break off the help, nor what was agreed before
    contractregel, until = regel_on_day(session, contractregel, deel.van)
    deel = _period(session, voorziening, deel, (until, contract.tot))
    regel = recht.require(deel)
    ruimte.require_contract(
        contract, contractregel, deel, voorziening.product_code, until
    )
    _require_no_stacking(session, voorziening, contract.aanbieder_id, deel)
    client = session.get_one(Inwoner, voorziening.gerechtigde_id)
    if contract.berichten and not client.bsn:
        raise RuleViolation(Reden.BSN_ONTBREEKT.tekst)
    toewijzing = Toewijzing(
        gemeente_code=voorziening.gemeente_code,
        nummer=next_number(session, voorziening.gemeente_code, TellerSoort.TOEWIJZING),
        dossier_id=voorziening.dossier_id,
        voorziening_id=voorziening.id,
        aanbieder_id=contract.aanbieder_id,
        contractregel_id=contractregel.id,
        plaatsingsverzoek_id=plaatsingsverzoek.id if plaatsingsverzoek else None,
        referentie_aanbieder=referentie_aanbieder,
        contractvorm=contract.vorm,
        product_code=voorziening.product_code,
        volume=deel.volume,
        eenheid=regel.eenheid,
        frequentie=regel.frequentie,
        van=deel.van,
        tot=deel.tot,
        made_at=at,
        made_by_id=by.id,
    )
    session.add(toewijzing)
    session.flush()  # the Deling and the trail refer to it
    share(session, at, toewijzing, client)
    _finish_taken(session, by, at, voorziening)
    keep_clock(session, voorziening.dossier_id, daarna=Fase.LEVERING)
    if contract.berichten:
        _promise(session, "iwmo.301", toewijzing, at)
    record(session, by, Action.TOEWIJZING_MADE, toewijzing, at=at)
    return toewijzing


def end_toewijzing(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    geeindigd_op: date,
) -> Toewijzing:
    """End a toewijzing after this day: nothing later is delivered or paid."""
    if by.aanbieder_id:
        raise NotFound(queries.NO_TOEWIJZING)
    toewijzing = queries.lock_toewijzing(session, by, toewijzing.id)
    last = toewijzing.laatste_dag
    if last and geeindigd_op > last:
        raise RuleViolation(
            f"Deze toewijzing eindigt al op {kort(last)}.", "geeindigd_op"
        )
    toewijzing.end(geeindigd_op, by.id, at)
    share_until(session, at, toewijzing)
    drop_drafts_of_help(session, by, at, toewijzing)
    contractregel = queries.get_contractregel(
        session, toewijzing.gemeente_code, toewijzing.contractregel_id
    )
    if contractregel.contract.berichten:
        _promise(session, "iwmo.301", toewijzing, at, key="einde")
    record(session, by, Action.TOEWIJZING_ENDED, toewijzing, at=at)
    return toewijzing


def start_zorg(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    startdatum: date,
) -> Toewijzing:
    """The aanbieder reports that the help has started (a click, or iWmo 305)."""
    toewijzing = queries.lock_toewijzing(session, by, toewijzing.id)
    last = toewijzing.laatste_dag
    if last and startdatum > last:
        raise RuleViolation(f"De toewijzing eindigt op {kort(last)}.", "startdatum")
    _refuse_future(startdatum, at, "startdatum", "Meld de start als de hulp begint.")
    toewijzing.start(startdatum, by.id, at)
    _promise(session, "providers.voortgang", toewijzing, at, key="start")
    record(session, by, Action.ZORG_STARTED, toewijzing, at=at)
    return toewijzing


def stop_zorg(
    session: Session,
    by: Actor,
    at: datetime,
    *,
    toewijzing: Toewijzing,
    stopdatum: date,
    reden: Stopreden,
) -> Toewijzing:
    """The aanbieder reports that the help has stopped (a click, or iWmo 307)."""
    toewijzing = queries.lock_toewijzing(session, by, toewijzing.id)
    last = toewijzing.laatste_dag
    if last and stopdatum > last:
        raise RuleViolation(f"De toewijzing eindigt op {kort(last)}.", "stopdatum")
    _refuse_future(stopdatum, at, "stopdatum", "Meld het einde als de hulp is gestopt.")
    toewijzing.stop(stopdatum, reden, by.id, at)
    drop_drafts_of_help(session, by, at, toewijzing)
    _promise(session, "providers.voortgang", toewijzing, at, key="stop")
    record(session, by, Action.ZORG_STOPPED, toewijzing, at=at, grond=reden.value)
    return toewijzing


def _promise(
    session: Session,
    topic: str,
    subject: Plaatsingsverzoek | Toewijzing,
    at: datetime,
    key: str = "",
) -> None:
    promise(
        session,
        topic,
        subject.id,
        gemeente_code=subject.gemeente_code,
        at=at,
        key=key,
    )


def _refuse_future(day: date, at: datetime, field: str, advice: str) -> None:
    if day > dag_van(at):
        raise RuleViolation(f"Deze dag ligt in de toekomst. {advice}", field)


def _recht(session: Session, voorziening: Voorziening) -> Recht:
    """Take the right, so that two at once cannot give it away twice."""
    regels = besluit_queries.lock_regels(session, voorziening.id)
    given = queries.list_toewijzingen(session, voorziening.id)
    return Recht(voorziening, regels, given)


def _period(
    session: Session,
    voorziening: Voorziening,
    deel: Deel,
    contract_ends: tuple[date | None, ...],
) -> Deel:
    """Give a period without end the last day that law and contract ask for."""
    if deel.tot:
        return deel
    ends = [day for day in contract_ends if day]
    if deel.frequentie is Frequentie.WEEK:
        weken = instelling(
            session, voorziening.gemeente_code, "toewijzing_max_weken", deel.van
        )
        ends.append(deel.van + timedelta(weeks=weken or MAX_WEKEN, days=-1))
    return replace(deel, tot=min(ends)) if ends else deel


def _require_consent(
    contract: Contract,
    verzoek: Plaatsingsverzoek | None,
    referentie_aanbieder: str | None,
) -> None:
    asked = verzoek is not None or referentie_aanbieder is not None
    if contract.plaatsingsverzoek and not asked:
        raise RuleViolation("Vraag eerst of de aanbieder deze cliënt kan helpen.")
    if verzoek and not verzoek.accepted_at:
        raise RuleViolation("De aanbieder heeft dit verzoek niet aanvaard.")


def _require_asked_for(
    voorziening: Voorziening, contractregel_id: UUID, verzoek: Plaatsingsverzoek | None
) -> None:
    asked = (voorziening.id, contractregel_id)
    if verzoek and (verzoek.voorziening_id, verzoek.contractregel_id) != asked:
        raise RuleViolation("De aanbieder heeft iets anders aanvaard.")


def _require_no_stacking(
    session: Session, voorziening: Voorziening, aanbieder_id: UUID, deel: Deel
) -> None:
    """One aanbieder has a product once per cliënt and day (iWmo OP259)."""
    if voorziening.categorie in ruimte.STAPELBAAR:
        return
    for known in queries.list_same_product(session, voorziening):
        stacked = known.aanbieder_id == aanbieder_id
        if stacked and ruimte.overlaps(known, deel.van, deel.last):
            raise RuleViolation(
                "Deze aanbieder levert dit product dan al aan deze cliënt. Beëindig"
                f" eerst toewijzing {known.nummer}.",
                "van",
            )


def _finish_taken(
    session: Session, by: Actor, at: datetime, voorziening: Voorziening
) -> None:
    """Cross off the tasks to place this voorziening anew: it just happened."""
    for taak in queries.open_taken(session, voorziening):
        taak.finish(by.id, at)
