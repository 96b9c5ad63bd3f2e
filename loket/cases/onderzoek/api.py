"""API: onderzoeken and the results that were agreed in them."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import g, url_for

from loket.api import PREFIX, ApiBlueprint, Resource
from loket.authz import Permission
from loket.cases.dossier import queries as dossier_queries
from loket.cases.dossier.api import find_dossier
from loket.cases.dossier.dossier import Afsluitreden, Dossier
from loket.cases.dossier.queries_lijst import page_own_work
from loket.cases.melding import operations as melding_operations
from loket.cases.melding.schemas_api import BehoefteVraagSchema
from loket.cases.onderzoek import (
    operations,
    operations_behoefte,
    queries,
    queries_lijst,
)
from loket.cases.onderzoek.onderwerp import Leefgebied, Onderwerp
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.resultaatafspraak import Resultaatafspraak
from loket.cases.onderzoek.schemas_api import (
    AfspraakLijnSchema,
    AfspraakVraagSchema,
    GesprekVraagSchema,
    HuishoudenVraagSchema,
    IdentiteitVraagSchema,
    LaterVraagSchema,
    LeefgebiedenVraagSchema,
    LeefgebiedOpenenVraagSchema,
    OnderwerpenVraagSchema,
    OnderzoekLijnSchema,
    OnderzoekSchema,
    OplossingVraagSchema,
    ReactieVraagSchema,
    ResultaatafspraakSchema,
    ScoreVraagSchema,
    SluitenVraagSchema,
    VerslagVraagSchema,
)
from loket.cases.onderzoek.volledigheid import list_ontbreekt
from loket.cases.producten.product import Domein
from loket.errors import RuleViolation
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
        "onderwerpen": inhoud.onderwerpen.values(),
        "leefgebieden": inhoud.leefgebieden.values(),
        "behoeften": [
            {"id": each.id, "omschrijving": each.omschrijving, "domeinen": each.labels}
            for each in inhoud.behoeften
        ],
        "oplossingen": inhoud.oplossingen,
        "resultaatafspraken": inhoud.afspraken,
        "verslagen": inhoud.verslagen,
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
    rows = page_own_work(g.session, g.actor, now(), Onderzoek, na=na, limit=limit)
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
        told = _kept(standing.get(told["letter"])) | told
        operations.record_onderwerp(
            g.session, g.actor, now(), onderzoek=onderzoek, **told
        )


def _kept(before: Onderwerp | Leefgebied | None) -> dict[str, Any]:
    """Return what stands there, for what is not sent."""
    names = ("woorden_client", "beoordeling")
    return {name: getattr(before, name, None) or "" for name in names}


@bp.change("POST", f"{RULE}/leefgebieden", DO, LeefgebiedOpenenVraagSchema, ONDERZOEK)
def open_leefgebied(onderzoek: Onderzoek, **answers: Any) -> None:
    """Open een leefgebied, omdat een behoefte erom vraagt."""
    operations_behoefte.open_leefgebied(
        g.session, g.actor, now(), onderzoek=onderzoek, **answers
    )


@bp.change("PATCH", f"{RULE}/leefgebieden", DO, LeefgebiedenVraagSchema, ONDERZOEK)
def record_leefgebieden(
    onderzoek: Onderzoek, leefgebieden: list[dict[str, Any]]
) -> None:
    """Leg open leefgebieden vast; wat u niet stuurt, blijft staan."""
    standing = queries.list_leefgebieden(g.session, onderzoek.id)
    for told in leefgebieden:
        told = _kept(standing.get(told["soort"])) | told
        operations_behoefte.record_leefgebied(
            g.session, g.actor, now(), onderzoek=onderzoek, **told
        )


@bp.change("POST", f"{RULE}/behoeften", DO, BehoefteVraagSchema, ONDERZOEK)
def add_behoefte(
    onderzoek: Onderzoek, omschrijving: str, domeinen: list[Domein]
) -> None:
    """Leg een behoefte vast die later bleek."""
    onderzoek.require_open()
    melding_operations.add_behoefte(
        g.session,
        g.actor,
        now(),
        dossier=dossier_queries.dossier_of(g.session, g.actor, onderzoek.dossier_id),
        omschrijving=omschrijving,
        labels=domeinen,
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


@bp.change("POST", f"{RULE}/reactie", DO, ReactieVraagSchema, ONDERZOEK)
def answer_verslag(onderzoek: Onderzoek, **answers: Any) -> None:
    """Leg vast wat de cliënt van het laatste verslag vindt, en de handtekening."""
    verslag = queries.last_verslag(g.session, onderzoek.id)
    if verslag is None:
        raise RuleViolation("Er is nog geen verslag.")
    operations.answer_verslag(g.session, g.actor, now(), verslag=verslag, **answers)


@bp.change("POST", f"{RULE}/later", DO, LaterVraagSchema, ONDERZOEK)
def agree_later(onderzoek: Onderzoek, tot: date) -> None:
    """Leg een latere dag vast waarmee de cliënt het eens is."""
    operations.agree_later(g.session, g.actor, now(), onderzoek=onderzoek, tot=tot)


@bp.change("POST", f"{RULE}/sluiten", DO, SluitenVraagSchema, ONDERZOEK)
def close_onderzoek(onderzoek: Onderzoek, reden: Afsluitreden) -> None:
    """Sluit het onderzoek zonder aanvraag; het dossier sluit mee."""
    operations.close_onderzoek(
        g.session, g.actor, now(), onderzoek=onderzoek, reden=reden
    )


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


@bp.listing(
    f"{RULE}/resultaatafspraken", Permission.DOSSIER_READ, AfspraakLijnSchema, _find
)
def list_resultaatafspraken(
    onderzoek: Onderzoek, na: UUID | None, limit: int
) -> Sequence[Resultaatafspraak]:
    """Toon wat in een onderzoek is afgesproken, het nieuwste eerst."""
    return queries_lijst.page_resultaatafspraken(
        g.session, onderzoek, na=na, limit=limit
    )


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
