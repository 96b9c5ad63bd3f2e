"""Making the messages of the gemeente from what was done here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from loket.cases.besluit.voorziening import Eindreden, Voorziening
from loket.cases.dossier.inwoner import Inwoner
from loket.iwmo import queries
from loket.iwmo.bericht import Bericht, Verzoek
from loket.iwmo.berichten.inhoud import make_header, read_bericht
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht306,
    Bericht307,
    Bericht308,
)
from loket.iwmo.berichten.onderdelen import Geboortedatum, Omvang, Product
from loket.iwmo.berichten.toewijzing import Bericht301, Client301, ToegewezenProduct
from loket.iwmo.berichten.verzoek import (
    Antwoord,
    Bericht315,
    Bericht316,
    Bericht319,
)
from loket.iwmo.codes import (
    Eenheid,
    Frequentie,
    RedenAfwijzingVerzoek,
    RedenWijziging,
    VerzoekAntwoord,
)
from loket.iwmo.gegevens import contact_of, geslacht_of, naam_of
from loket.iwmo.regels import require_301
from loket.iwmo.retour import make_306, make_308, make_316
from loket.iwmo.toetsing import from_kept
from loket.iwmo.xml import BerichtFout, Reden, Schemas
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import ZONE, dag_van

ANDERS = {
    Eindreden.OVERLEDEN: RedenWijziging.OVERLEDEN,
    Eindreden.VERHUISD: RedenWijziging.VERHUIZING,
}
"""Ends of a right that have a word of their own; the others shorten."""


@dataclass(frozen=True)
class Brievenhoofd:
    """Who writes to whom, when, under which number, with which schemas."""

    gemeente_code: str
    agb: str
    identificatie: str
    at: datetime
    schemas: Schemas


def make_retour(
    bericht: Bericht, hoofd: Brievenhoofd
) -> Bericht306 | Bericht308 | Bericht316:
    """Answer a message with the rules that it broke."""
    inhoud = read_bericht(bericht.inhoud or b"")
    codes = from_kept(bericht.retourcodes)
    how: dict[str, Any] = {
        "identificatie": hoofd.identificatie,
        "dagtekening": dag_van(hoofd.at),
        "schemas": hoofd.schemas,
    }
    if isinstance(inhoud, Bericht305):
        return make_306(inhoud, codes, **how)
    if isinstance(inhoud, Bericht307):
        return make_308(inhoud, codes, **how)
    if isinstance(inhoud, Bericht315):
        return make_316(inhoud, codes, **how)
    raise BerichtFout(Reden.ONBEKEND_BERICHT)


def make_319(verzoek: Verzoek, hoofd: Brievenhoofd) -> Bericht319:
    """Tell an aanbieder that what it asks is refused, and why."""
    header = make_header(
        "319",
        afzender=hoofd.gemeente_code,
        ontvanger=hoofd.agb,
        identificatie=hoofd.identificatie,
        dagtekening=dag_van(hoofd.at),
        schemas=hoofd.schemas,
    )
    antwoord = Antwoord(
        referentie_aanbieder=verzoek.referentie_aanbieder,
        verzoek_antwoord=VerzoekAntwoord.AFGEWEZEN,
        reden_afwijzing_verzoek=RedenAfwijzingVerzoek.of(verzoek.afwijzing or ""),
    )
    return Bericht319(header=header, antwoord=antwoord)


def make_301(
    session: Session, toewijzing: Toewijzing, hoofd: Brievenhoofd
) -> Bericht301 | None:
    """Tell an aanbieder all that is assigned to it for this cliënt (OP087).

    None when it was told already: a toewijzing before took it along.
    """
    right = session.get_one(Voorziening, toewijzing.voorziening_id)
    client = session.get_one(Inwoner, right.gerechtigde_id)
    rows = queries.list_toegewezen(session, client.id, toewijzing.aanbieder_id)
    told = _told_before(session, toewijzing, rows)
    today = dag_van(hoofd.at)
    lines = [_line(each, part, told.get(each.nummer)) for each, part in rows]
    news = {line.product.toewijzing_nummer for line in lines if line.is_news}
    if toewijzing.nummer not in news:
        return None
    bericht = Bericht301(
        header=make_header(
            "301",
            afzender=hoofd.gemeente_code,
            ontvanger=hoofd.agb,
            identificatie=hoofd.identificatie,
            dagtekening=today,
            schemas=hoofd.schemas,
        ),
        client=_client(client, [line.product for line in lines if line.counts(today)]),
    )
    require_301(bericht)
    return bericht


@dataclass(frozen=True)
class Regel301:
    """One toewijzing as it would stand in the message, and whether that is new."""

    product: ToegewezenProduct
    is_news: bool

    def counts(self, today: date) -> bool:
        """Whether it belongs in the message: it changed, or it still holds (OP087)."""
        last = self.product.einddatum or date.max
        return self.is_news or (not self.product.is_verwijderd and last >= today)


def _client(client: Inwoner, producten: Iterable[ToegewezenProduct]) -> Client301:
    if client.geboortedatum is None or client.bsn is None:
        raise BerichtFout(Reden.WAARDE, "Client")
    return Client301(
        bsn=client.bsn,
        geboortedatum=Geboortedatum(datum=client.geboortedatum),
        geslacht=geslacht_of(client),
        naam=naam_of(client),
        contactgegevens=(contact_of(client),),
        toegewezen_producten=tuple(producten),
    )


def _told_before(
    session: Session,
    toewijzing: Toewijzing,
    rows: Sequence[tuple[Toewijzing, Voorziening]],
) -> dict[int, ToegewezenProduct]:
    """What the last 301 said of each toewijzing."""
    told: dict[int, ToegewezenProduct] = {}
    dossiers = {each.dossier_id for each, _ in rows}
    for sent in queries.list_made_301(session, toewijzing.aanbieder_id, dossiers):
        inhoud = read_bericht(sent.inhoud or b"")
        if isinstance(inhoud, Bericht301):
            for product in inhoud.client.toegewezen_producten:
                told[product.toewijzing_nummer] = product
    return told


def _line(
    toewijzing: Toewijzing, right: Voorziening, before: ToegewezenProduct | None
) -> Regel301:
    now = _as_it_stands(toewijzing, right)
    removed = now.einddatum == now.ingangsdatum and _never_held(toewijzing)
    if before is None:
        # what was taken back before it was told, was never there
        first = replace(now, referentie_aanbieder=toewijzing.referentie_aanbieder)
        return Regel301(first, is_news=not removed)
    if before.einddatum == now.einddatum:
        same = replace(
            now,
            toewijzingsdatum=before.toewijzingsdatum,
            toewijzingstijd=before.toewijzingstijd,
            reden_wijziging=before.reden_wijziging if before.is_verwijderd else None,
        )
        return Regel301(same, is_news=False)
    reden = RedenWijziging.VERWIJDERD if removed else _reden(right)
    return Regel301(replace(now, reden_wijziging=reden), is_news=True)


def _never_held(toewijzing: Toewijzing) -> bool:
    return toewijzing.geeindigd_op is not None and (
        toewijzing.geeindigd_op < toewijzing.van
    )


def _reden(right: Voorziening) -> RedenWijziging:
    if right.eindreden is None:
        return RedenWijziging.VERKORTING
    return ANDERS.get(right.eindreden, RedenWijziging.VERKORTING)


def _as_it_stands(toewijzing: Toewijzing, right: Voorziening) -> ToegewezenProduct:
    decided = (toewijzing.ended_at or toewijzing.made_at).astimezone(ZONE)
    last = toewijzing.laatste_dag
    return ToegewezenProduct(
        toewijzing_nummer=toewijzing.nummer,
        product=Product(categorie=right.categorie, code=toewijzing.product_code),
        toewijzingsdatum=decided.date(),
        toewijzingstijd=decided.time().replace(microsecond=0),
        ingangsdatum=toewijzing.van,
        einddatum=max(last, toewijzing.van) if last else None,
        omvang=Omvang(
            volume=toewijzing.volume,
            eenheid=Eenheid.of(toewijzing.eenheid.value),
            frequentie=Frequentie.of(toewijzing.frequentie.value),
        ),
    )
