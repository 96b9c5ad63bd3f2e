"""API: onderzoeken and the results that were agreed in them."""

from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.api import find_dossier
from loket.cases.dossier.dossier import Dossier
from loket.cases.onderzoek import (
    operations,
    operations_behoefte,
    queries,
    queries_lijst,
)
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.onderzoek.schemas_api import (
    AfspraakVraagSchema,
    GesprekVraagSchema,
    HuishoudenVraagSchema,
    IdentiteitVraagSchema,
    OnderwerpenVraagSchema,
    OnderzoekLijnSchema,
    OnderzoekSchema,
    OplossingVraagSchema,
    ResultaatafspraakSchema,
    ScoreVraagSchema,
    VerslagVraagSchema,
)
from loket.cases.onderzoek.volledigheid import list_ontbreekt
from loket.web import now

bp = ApiBlueprint(
    "api_onderzoek", __name__, url_prefix=PREFIX, description="Onderzoeken."
)
RULE = "/onderzoeken/<uuid:onderzoek_id>"
AFSPRAAK_RULE = "/resultaatafspraken/<uuid:afspraak_id>"
DO = Permission.ONDERZOEK_DO
SHOWN = (
    "id",
    "onderzoek_id",
    "behoefte_id",
    "resultaat",
    "meetwijze",
    "nulmeting",
    "doel",
    "meetdatum",
)


def _find(onderzoek_id: UUID) -> Onderzoek:
    return queries_lijst.find_onderzoek(g.session, g.actor, now(), onderzoek_id)


def _line(onderzoek: Onderzoek, referentie: str) -> dict[str, Any]:
    return {
        "id": onderzoek.id,
        "dossier": referentie,
        "gestart_op": onderzoek.started_at,
        "uiterste_datum": onderzoek.uiterste_datum,
        "afgesproken_tot": onderzoek.afgesproken_tot,
        "status": onderzoek.status,
    }


def _shape(onderzoek: Onderzoek) -> dict[str, Any]:
    dossier = dossier_queries.dossier_of(g.session, g.actor, onderzoek.dossier_id)
    inhoud = queries.gather(g.session, onderzoek)
    household = onderzoek.huishouden
    return {
        **_line(onderzoek, dossier.referentie),
        "melding_id": onderzoek.melding_id,
        "identiteitsbewijs": onderzoek.identiteitsbewijs,
        "pgb_informatie_op": onderzoek.pgb_informatie_at,
        "huishouden": household["leden"] if household else None,
        "afgerond_op": onderzoek.completed_at,
        "gesloten_op": onderzoek.closed_at,
        "afsluitreden": onderzoek.afsluitreden,
        "ontbreekt": list_ontbreekt(onderzoek, inhoud),
        **_shape_inhoud(inhoud),
    }


def _shape_inhoud(inhoud: queries.Inhoud) -> dict[str, Any]:
    return {
        "gesprekken": [
            {
                "vorm": talk.vorm,
                "gevoerd_op": talk.gevoerd_op,
                "aanwezigen": part.aanwezigen,
                "woorden_client": part.woorden_client,
                "aantekening": part.aantekening,
            }
            for talk, part in inhoud.gesprekken
        ],
        "onderwerpen": [
            {
                "letter": each.letter,
                "titel": each.letter.titel,
                "woorden_client": each.woorden_client,
                "beoordeling": each.beoordeling,
                "vastgelegd_op": each.recorded_at,
            }
            for each in inhoud.onderwerpen.values()
        ],
        "behoeften": [
            {"id": each.id, "omschrijving": each.omschrijving, "domeinen": each.labels}
            for each in inhoud.behoeften
        ],
        "oplossingen": inhoud.oplossingen,
        "resultaatafspraken": inhoud.afspraken,
        "verslagen": [
            {
                "versie": each.versie,
                "samenvatting": each.samenvatting,
                "conclusie": each.conclusie,
                "gemaakt_op": each.made_at,
                "reactie": each.reactie,
                "ondertekend_op": each.ondertekend_op,
            }
            for each in inhoud.verslagen
        ],
    }


ONDERZOEK = Resource(
    OnderzoekSchema,
    _find,
    _find,
    _shape,
    lambda row: url_for("api_onderzoek.get_onderzoek", onderzoek_id=row.id),
)
bp.one(RULE, Permission.DOSSIER_READ, ONDERZOEK)


@bp.listing("/onderzoeken", Permission.WERKVOORRAAD_READ, OnderzoekLijnSchema)
def list_onderzoeken(na: UUID | None, limit: int) -> list[dict[str, Any]]:
    """Toon onderzoeken, het nieuwste eerst: voor een consulent het eigen werk."""
    rows = queries_lijst.list_onderzoeken(g.session, g.actor, now(), na=na, limit=limit)
    return [_line(*row) for row in rows]


@bp.create("/dossiers/<referentie>/onderzoek", DO, None, ONDERZOEK, find_dossier)
def start_onderzoek(dossier: Dossier) -> Onderzoek:
    """Start het onderzoek van een dossier; dit kan één keer."""
    made = operations.start_onderzoek(g.session, g.actor, now(), dossier=dossier)
    g.session.flush()
    return made


@bp.change("PATCH", f"{RULE}/onderwerpen", DO, OnderwerpenVraagSchema, ONDERZOEK)
def record_onderwerpen(onderzoek: Onderzoek, onderwerpen: list[dict[str, Any]]) -> None:
    """Leg onderwerpen a tot en met g vast; wat u niet stuurt, blijft staan."""
    standing = queries.list_onderwerpen(g.session, onderzoek.id)
    for told in onderwerpen:
        before = standing.get(told["letter"])
        kept: dict[str, Any] = {
            name: (getattr(before, name) or "") if before else ""
            for name in ("woorden_client", "beoordeling")
        }
        operations.record_onderwerp(
            g.session, g.actor, now(), onderzoek=onderzoek, **(kept | told)
        )


@bp.change("POST", f"{RULE}/identiteit", DO, IdentiteitVraagSchema, ONDERZOEK)
def see_identiteit(onderzoek: Onderzoek, **answers: Any) -> None:
    """Leg vast welk identiteitsbewijs u zag; het nummer wordt niet bewaard."""
    operations.see_identiteit(g.session, g.actor, now(), onderzoek=onderzoek, **answers)


@bp.change("POST", f"{RULE}/huishouden", DO, HuishoudenVraagSchema, ONDERZOEK)
def snapshot_huishouden(onderzoek: Onderzoek, leden: list[dict[str, str]]) -> None:
    """Leg vast wie er nu bij de cliënt wonen; dit vervangt wat er stond."""
    operations.snapshot_huishouden(
        g.session, g.actor, now(), onderzoek=onderzoek, leden=leden
    )


@bp.change("POST", f"{RULE}/gesprekken", DO, GesprekVraagSchema, ONDERZOEK)
def record_gesprek(onderzoek: Onderzoek, **answers: Any) -> None:
    """Leg een gesprek vast."""
    operations.record_gesprek(
        g.session, g.actor, now(), onderzoeken=[onderzoek], **answers
    )


@bp.change("POST", f"{RULE}/oplossingen", DO, OplossingVraagSchema, ONDERZOEK)
def propose_oplossing(onderzoek: Onderzoek, **answers: Any) -> None:
    """Stel voor hoe een behoefte wordt ingevuld."""
    operations_behoefte.propose_oplossing(
        g.session, g.actor, now(), onderzoek=onderzoek, **answers
    )


@bp.change("POST", f"{RULE}/pgb-informatie", DO, None, ONDERZOEK)
def give_pgb_informatie(onderzoek: Onderzoek) -> None:
    """Leg vast dat u vertelde wat een pgb is."""
    operations.give_pgb_informatie(g.session, g.actor, now(), onderzoek=onderzoek)


@bp.change("POST", f"{RULE}/verslag", DO, VerslagVraagSchema, ONDERZOEK)
def make_verslag(onderzoek: Onderzoek, **answers: Any) -> None:
    """Maak het verslag, of een volgende versie ervan."""
    operations.make_verslag(g.session, g.actor, now(), onderzoek=onderzoek, **answers)


@bp.change("POST", f"{RULE}/afronden", DO, None, ONDERZOEK)
def complete_onderzoek(onderzoek: Onderzoek) -> None:
    """Rond het onderzoek af; wat nog ontbreekt, staat in de weigering."""
    operations.complete_onderzoek(g.session, g.actor, now(), onderzoek=onderzoek)


def _find_afspraak(afspraak_id: UUID) -> Resultaatafspraak:
    return queries_lijst.find_resultaatafspraak(g.session, g.actor, now(), afspraak_id)


def _shape_afspraak(afspraak: Resultaatafspraak) -> dict[str, Any]:
    scores = queries_lijst.list_scores(g.session, afspraak.id)
    return {name: getattr(afspraak, name) for name in SHOWN} | {"scores": scores}


AFSPRAAK = Resource(
    ResultaatafspraakSchema,
    _find_afspraak,
    _find_afspraak,
    _shape_afspraak,
    lambda row: url_for("api_onderzoek.get_resultaatafspraak", afspraak_id=row.id),
)
bp.one(AFSPRAAK_RULE, Permission.DOSSIER_READ, AFSPRAAK)


@bp.create(f"{RULE}/resultaatafspraken", DO, AfspraakVraagSchema, AFSPRAAK, _find)
def make_resultaatafspraak(onderzoek: Onderzoek, **answers: Any) -> Resultaatafspraak:
    """Spreek af welk resultaat er voor een behoefte moet zijn."""
    return operations_behoefte.make_resultaatafspraak(
        g.session, g.actor, now(), onderzoek=onderzoek, **answers
    )


@bp.change("POST", f"{AFSPRAAK_RULE}/scores", DO, ScoreVraagSchema, AFSPRAAK)
def score_resultaat(afspraak: Resultaatafspraak, **answers: Any) -> None:
    """Leg vast hoe het met een afgesproken resultaat staat."""
    operations_behoefte.score_resultaat(
        g.session, g.actor, now(), afspraak=afspraak, **answers
    )
