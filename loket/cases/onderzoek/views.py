"""Doors of the onderzoek: the record of the talk, each part a form of its own."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, g, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.cases.dossier.page import draft_here
from loket.cases.dossier.queries import get_dossier, read_dossier
from loket.cases.melding.queries import waarom
from loket.cases.onderzoek import operations, operations_behoefte, queries, woorden
from loket.cases.onderzoek.edits import leefgebied_edits, onderwerp_edits
from loket.cases.onderzoek.huisgenoten import huisgenoten_uit_dossier, leden_van
from loket.cases.onderzoek.onderwerp import Letter
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.page import about, back, enter, list_stappen
from loket.cases.onderzoek.queries_gepland import list_gepland
from loket.cases.onderzoek.schemas import (
    BevindingSchema,
    GesprekSchema,
    HuisgenootSchema,
    IdentiteitSchema,
    LaterSchema,
    LeefgebiedSchema,
    OnderwerpSchema,
)
from loket.cases.onderzoek.verslagbrief import lid_text, volume_text
from loket.cases.producten.queries import list_products
from loket.datum import kort
from loket.errors import NotFound
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("onderzoek", __name__, url_prefix="/dossiers/<referentie>/onderzoek")


@bp.get("")
@requires(Permission.DOSSIER_READ)
def show_onderzoek(referentie: str) -> ResponseReturnValue:
    """Show all that was said and found, and what is still to discuss."""
    dossier = get_dossier(g.session, g.actor, referentie)
    if queries.find_onderzoek(g.session, dossier.id) is None:
        read_dossier(g.session, g.actor, now(), referentie)
        return Form().page("onderzoek/start.html", **about(dossier, None))
    onderzoek = queries.read_onderzoek(g.session, g.actor, now(), dossier.id)
    inhoud = queries.gather(g.session, onderzoek)
    gepland = list_gepland(g.session, onderzoek.id)
    today = dag_van(now())
    known = list_products(g.session, dossier.gemeente_code, today)
    products = {each.code: each for each in known}
    page = about(dossier, onderzoek)
    melding, term = page["melding"], onderzoek.uiterste_datum
    return Form().page(
        "onderzoek/onderzoek.html",
        inhoud=inhoud,
        gepland=gepland,
        namen=staff_names(g.session, [each.consulent_id for each in gepland]),
        stappen=list(list_stappen(referentie, onderzoek, inhoud)),
        dagen=(term - today).days if term else None,
        uitleg=waarom(melding)["onderzoek"] if melding else None,
        hoeveel=lambda each: volume_text(each, products),
        lid_text=lid_text,
        **page,
    )


@bp.post("/start")
@requires(Permission.ONDERZOEK_DO)
def start_onderzoek(referentie: str) -> ResponseReturnValue:
    """Begin the onderzoek."""
    dossier = get_dossier(g.session, g.actor, referentie)
    form = Form()

    def deed() -> str:
        operations.start_onderzoek(g.session, g.actor, now(), dossier=dossier)
        return back(dossier)

    return form.submit(deed) or form.page(
        "onderzoek/start.html",
        **about(dossier, queries.find_onderzoek(g.session, dossier.id)),
    )


@bp.route("/identiteit", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def see_identiteit(referentie: str) -> ResponseReturnValue:
    """Note which document was seen."""
    dossier, onderzoek = enter(referentie)
    form = Form(IdentiteitSchema(), {"bewijs": onderzoek.identiteitsbewijs})

    def deed(**answers: Any) -> str:
        operations.see_identiteit(
            g.session, g.actor, now(), onderzoek=onderzoek, **answers
        )
        return back(dossier, "identiteit")

    return form.answer(deed) or form.page(
        "onderzoek/identiteit.html", **about(dossier, onderzoek)
    )


@bp.route("/gesprek", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def record_gesprek(referentie: str) -> ResponseReturnValue:
    """Record a talk, for a partner too when it was one talk."""
    dossier, onderzoek = enter(referentie)
    found = queries.list_samen(g.session, g.actor, onderzoek)
    partners = {each.id: each for each, _ in found}
    form = Form(
        GesprekSchema(),
        {"gevoerd_op": kort(dag_van(now()))},
        draft=draft_here(dossier, "Gesprek"),
    )

    def deed(samen: list[UUID], **answers: Any) -> str:
        operations.record_gesprek(
            g.session,
            g.actor,
            now(),
            onderzoeken=[onderzoek, *_chosen(samen, partners)],
            **answers,
        )
        return back(dossier, "gesprekken")

    return form.answer(deed) or form.page(
        "onderzoek/gesprek.html",
        samen=[(each.id, client.naam) for each, client in found],
        **about(dossier, onderzoek),
    )


def _chosen(ids: list[UUID], partners: Mapping[UUID, Onderzoek]) -> list[Onderzoek]:
    """Take only who the page offered: anybody else does not exist here."""
    if not set(ids) <= partners.keys():
        raise NotFound
    return [partners[each] for each in ids]


@bp.route("/huishouden", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def show_huishouden(referentie: str) -> ResponseReturnValue:
    """Note who lives there now, one person at a time."""
    dossier, onderzoek = enter(referentie)
    form = Form(HuisgenootSchema())

    def deed(**lid: str) -> str:
        leden = [*leden_van(onderzoek), lid]
        operations.snapshot_huishouden(
            g.session, g.actor, now(), onderzoek=onderzoek, leden=leden
        )
        return url_for(".show_huishouden", referentie=referentie)

    return form.answer(deed) or form.page(
        "onderzoek/huishouden.html",
        leden=leden_van(onderzoek),
        bekend=huisgenoten_uit_dossier(g.session, onderzoek, dag_van(now())),
        **about(dossier, onderzoek),
    )


@bp.post("/huishouden/<wat>")
@requires(Permission.ONDERZOEK_DO)
def set_huishouden(referentie: str, wat: str) -> ResponseReturnValue:
    """Take over what the dossier knows, note nobody, or take one person away."""
    dossier, onderzoek = enter(referentie)
    if wat == "overnemen":
        leden = huisgenoten_uit_dossier(g.session, onderzoek, dag_van(now()))
    elif wat == "alleen":
        leden = []
    else:
        leden = leden_van(onderzoek)
        if not wat.isdecimal() or int(wat) >= len(leden):
            raise NotFound
        del leden[int(wat)]
    form = Form()

    def deed() -> str:
        operations.snapshot_huishouden(
            g.session, g.actor, now(), onderzoek=onderzoek, leden=leden
        )
        return back(dossier, "huishouden")

    return form.submit(deed) or form.page(
        "onderzoek/huishouden.html", leden=leden, bekend=[], **about(dossier, onderzoek)
    )


@bp.route("/onderwerp/<letter>", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def record_onderwerp(referentie: str, letter: str) -> ResponseReturnValue:
    """Record one of the subjects a-g."""
    dossier, onderzoek = enter(referentie)
    if letter not in {each.value for each in Letter}:
        raise NotFound
    subject = Letter(letter)
    form = Form(
        OnderwerpSchema(),
        draft=draft_here(dossier, f"Onderwerp {letter.upper()}"),
        edits=onderwerp_edits(g.session, onderzoek, subject),
    )

    def deed(verder: bool, **answers: Any) -> str:
        operations.record_onderwerp(
            g.session, g.actor, now(), onderzoek=onderzoek, letter=subject, **answers
        )
        if verder and (volgende := subject.volgende):
            return url_for(
                ".record_onderwerp", referentie=referentie, letter=volgende.value
            )
        return back(dossier, f"onderwerp-{letter}")

    return form.answer(deed) or form.page(
        "onderzoek/onderwerp.html",
        letter=subject,
        gesprekken=queries.list_gesprekken(g.session, onderzoek.id),
        **about(dossier, onderzoek),
    )


@bp.route("/leefgebied", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def open_leefgebied(referentie: str) -> ResponseReturnValue:
    """Open a domain of life with a reason that comes from a need."""
    dossier, onderzoek = enter(referentie)
    opened = queries.list_leefgebieden(g.session, onderzoek.id)
    form = Form(LeefgebiedSchema())

    def deed(**answers: Any) -> str:
        made = operations_behoefte.open_leefgebied(
            g.session, g.actor, now(), onderzoek=onderzoek, **answers
        )
        return url_for(
            ".record_leefgebied", referentie=referentie, soort=made.soort.value
        )

    return form.answer(deed) or form.page(
        "onderzoek/leefgebied_openen.html",
        gesloten=[
            (soort.value, text)
            for soort, text in woorden.LEEFGEBIED.items()
            if soort not in opened
        ],
        **about(dossier, onderzoek),
    )


@bp.route("/leefgebied/<soort>", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def record_leefgebied(referentie: str, soort: str) -> ResponseReturnValue:
    """Record what was said and found in a domain that is open."""
    dossier, onderzoek = enter(referentie)
    opened = queries.list_leefgebieden(g.session, onderzoek.id)
    found = next((each for each in opened.values() if each.soort == soort), None)
    if found is None:
        raise NotFound
    form = Form(
        BevindingSchema(),
        draft=draft_here(dossier, "Leefgebied"),
        edits=leefgebied_edits(g.session, onderzoek, found),
    )

    def deed(**answers: Any) -> str:
        operations_behoefte.record_leefgebied(
            g.session,
            g.actor,
            now(),
            onderzoek=onderzoek,
            soort=found.soort,
            **answers,
        )
        return back(dossier, "leefgebieden")

    return form.answer(deed) or form.page(
        "onderzoek/leefgebied.html", leefgebied=found, **about(dossier, onderzoek)
    )


@bp.route("/pgb-informatie", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def give_pgb_informatie(referentie: str) -> ResponseReturnValue:
    """Note that the cliënt was told what a pgb is."""
    dossier, onderzoek = enter(referentie)
    form = Form()

    def deed() -> str:
        operations.give_pgb_informatie(g.session, g.actor, now(), onderzoek=onderzoek)
        return back(dossier, "pgb")

    return form.answer(deed) or form.page(
        "onderzoek/pgb_informatie.html", **about(dossier, onderzoek)
    )


@bp.route("/later", methods=["GET", "POST"])
@requires(Permission.ONDERZOEK_DO)
def agree_later(referentie: str) -> ResponseReturnValue:
    """Note a later day that the cliënt agrees with."""
    dossier, onderzoek = enter(referentie)
    form = Form(
        LaterSchema(), {"tot": kort(tot) if (tot := onderzoek.afgesproken_tot) else ""}
    )

    def deed(**answers: Any) -> str:
        operations.agree_later(
            g.session, g.actor, now(), onderzoek=onderzoek, **answers
        )
        return back(dossier, "termijn")

    return form.answer(deed) or form.page(
        "onderzoek/later.html", **about(dossier, onderzoek)
    )
