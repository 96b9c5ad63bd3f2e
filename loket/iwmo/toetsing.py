"""Hold a message against the rules and against what is known here."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.inwoner import Inwoner
from loket.iwmo import queries
from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.onderdelen import Product
from loket.iwmo.berichten.verzoek import Bericht315
from loket.iwmo.codes import RedenBeeindiging, StatusAanlevering
from loket.iwmo.geschiedenis import (
    Bekend,
    BekendeToewijzing,
    toets_header,
    toets_starts,
    toets_stops,
    toets_verzoek,
)
from loket.iwmo.regels import Codes, Retourcode, toets_305, toets_307, toets_315
from loket.providers.aanbieder import Aanbieder
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van

Vraag = Bericht305 | Bericht307 | Bericht315
"""The kinds that are answered with a retour."""


@dataclass(frozen=True)
class Uitslag:
    """Which rules a message breaks, and the toewijzingen it is about."""

    codes: Codes
    toewijzingen: dict[int, Toewijzing] = field(default_factory=dict)

    @property
    def dossier_id(self) -> Any:
        """The dossier it is about, when a toewijzing tells."""
        found = next(iter(self.toewijzingen.values()), None)
        return found.dossier_id if found else None


def toets(
    session: Session, by: Actor, at: datetime, inhoud: Vraag, aanbieder: Aanbieder
) -> Uitslag:
    """Check header, content and history; a broken rule rejects the whole message."""
    codes = _toets_header(session, by, at, inhoud)
    if isinstance(inhoud, Bericht315):
        codes += toets_315(inhoud)
        codes += [] if codes else _toets_verzoek(session, by, inhoud, aanbieder)
        return Uitslag(codes)
    codes += toets_305(inhoud) if isinstance(inhoud, Bericht305) else toets_307(inhoud)
    found = _about(session, by, inhoud, aanbieder)
    if not codes:
        codes += _toets_levering(inhoud, list(found.values()))
    own = {nummer: toewijzing for nummer, (toewijzing, _) in found.items()}
    return Uitslag(codes, own)


def _toets_header(session: Session, by: Actor, at: datetime, inhoud: Vraag) -> Codes:
    header = inhoud.header
    repeated = queries.is_repeated(
        session,
        by.gemeente_code,
        inhoud.soort,
        header.afzender,
        header.bericht_identificatie.identificatie,
    )
    return toets_header(header, vandaag=dag_van(at), is_repeated=repeated)


def _toets_verzoek(
    session: Session, by: Actor, inhoud: Bericht315, aanbieder: Aanbieder
) -> Codes:
    client = dossier_queries.find_inwoner_by_bsn(
        session, by.gemeente_code, inhoud.client.bsn
    )
    wanted = [p.referentie_aanbieder for p in inhoud.client.aangevraagde_producten]
    return toets_verzoek(
        inhoud,
        referenties=queries.used_referenties(
            session, by.gemeente_code, aanbieder.id, wanted
        ),
        is_pending=client is not None
        and queries.has_open_verzoek(session, client.id, aanbieder.id),
    )


def _about(
    session: Session, by: Actor, inhoud: Bericht305 | Bericht307, aanbieder: Aanbieder
) -> dict[int, tuple[Toewijzing, Voorziening]]:
    """Find the toewijzingen of this aanbieder for this person and nobody else."""
    numbers = {product.toewijzing_nummer or 0 for product in _producten(inhoud)}
    found = queries.toewijzingen_by_nummer(
        session, by.gemeente_code, aanbieder.id, numbers
    )
    return {
        nummer: pair
        for nummer, pair in found.items()
        if session.get_one(Inwoner, pair[1].gerechtigde_id).bsn == inhoud.client.bsn
    }


def _producten(
    inhoud: Bericht305 | Bericht307,
) -> Sequence[StartProduct] | Sequence[StopProduct]:
    if isinstance(inhoud, Bericht305):
        return inhoud.client.start_producten
    return inhoud.client.stop_producten


def _toets_levering(
    inhoud: Bericht305 | Bericht307, found: list[tuple[Toewijzing, Voorziening]]
) -> Codes:
    bekend = Bekend(
        toewijzingen={
            t.nummer: BekendeToewijzing(_product(t, right), t.van) for t, right in found
        },
        starts=[_start(t, right) for t, right in found if t.gestart_op],
        stops=[_stop(t, right) for t, right in found if t.gestopt_op],
    )
    names = {t.nummer: _product(t, right) for t, right in found}
    if isinstance(inhoud, Bericht305):
        starts = tuple(
            replace(p, product=p.product or names.get(p.toewijzing_nummer or 0))
            for p in inhoud.client.start_producten
        )
        client = replace(inhoud.client, start_producten=starts)
        return toets_starts(replace(inhoud, client=client), bekend)
    stops = tuple(
        replace(p, product=p.product or names.get(p.toewijzing_nummer or 0))
        for p in inhoud.client.stop_producten
    )
    stopped = replace(inhoud.client, stop_producten=stops)
    return toets_stops(replace(inhoud, client=stopped), bekend)


def _product(toewijzing: Toewijzing, right: Voorziening) -> Product:
    return Product(categorie=right.categorie, code=toewijzing.product_code)


def _start(toewijzing: Toewijzing, right: Voorziening) -> StartProduct:
    """Tell the start as a 305 would, however it was reported."""
    return StartProduct(
        toewijzing_nummer=toewijzing.nummer,
        product=_product(toewijzing, right),
        begindatum=toewijzing.gestart_op or toewijzing.van,
        status_aanlevering=StatusAanlevering.EERSTE,
    )


def _stop(toewijzing: Toewijzing, right: Voorziening) -> StopProduct:
    return StopProduct(
        toewijzing_nummer=toewijzing.nummer,
        product=_product(toewijzing, right),
        begindatum=toewijzing.gestart_op or toewijzing.van,
        reden_beeindiging=RedenBeeindiging.of(toewijzing.stopreden or ""),
        einddatum=toewijzing.gestopt_op or toewijzing.van,
        status_aanlevering=StatusAanlevering.EERSTE,
    )


def as_kept(codes: Codes) -> list[dict[str, Any]]:
    """Write codes down beside the message: names and numbers, never values."""
    return [
        {
            "regel": code.regel,
            "element": code.element,
            "volgnummer": code.volgnummer,
            "code": code.code,
        }
        for code in codes
    ]


def from_kept(kept: Sequence[Any]) -> Codes:
    """Read the broken rules back; what is only for us is left out."""
    return [
        Retourcode(one["regel"], one["element"], one["volgnummer"], one["code"])
        for one in kept
        if one["code"]
    ]
