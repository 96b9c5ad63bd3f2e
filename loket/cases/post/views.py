"""Doors of incoming post: upload, what waits, file it, take it back, set it aside."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket import termijnen
from loket.accounts.guards import requires
from loket.authz import Permission
from loket.cases.dossier import queries, woorden
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.document import ending_of
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.overzicht import Treffer, make_treffers
from loket.cases.dossier.schemas import ZoekSchema
from loket.cases.post import operations
from loket.cases.post import queries as post_queries
from loket.cases.post.poststuk import Poststuk
from loket.cases.post.queries import get_poststuk, read_poststuk
from loket.cases.post.schemas import OpbergSchema, PostSchema, TerzijdeSchema
from loket.cases.post.woorden import TERZIJDE
from loket.datum import kort
from loket.errors import LoketError, NotFound, RuleViolation
from loket.web import Form, now

bp = Blueprint("post", __name__)
MOST_FILES = 20
CHANNELS = (Kanaal.POST, Kanaal.EMAIL, Kanaal.BALIE, Kanaal.VERWIJZER)


@bp.get("/post")
@requires(Permission.POST_HANDLE)
def list_post() -> ResponseReturnValue:
    """Show the post that waits for a dossier, oldest first."""
    page = post_queries.list_post(g.session, g.actor, now(), request.args.get("na"))
    today = termijnen.dag_van(now())
    return Form().page(
        "post/lijst.html",
        stukken=[(each, (today - each.ontvangen_op).days) for each in page.stukken],
        ouder=url_for(".list_post", na=page.volgende) if page.volgende else None,
        kanalen=woorden.KANAAL,
    )


@bp.route("/post/nieuw", methods=["GET", "POST"])
@requires(Permission.POST_HANDLE)
def receive_post() -> ResponseReturnValue:
    """Take in scans or files, for a dossier that is known or for later."""
    today = kort(termijnen.dag_van(now()))
    values = {
        "ontvangen_op": today,
        "kanaal": Kanaal.POST.value,
        "herkomst": Herkomst.INWONER.value,
        "dossier": request.args.get("dossier", ""),
    }
    form = Form(PostSchema(), values)
    if request.method == "POST" and (answer := form.submit(_take_in)):
        return answer
    return form.page(
        "post/nieuw.html",
        kanalen=[(each, woorden.KANAAL[each]) for each in CHANNELS],
        herkomsten=list(woorden.HERKOMST.items()),
    )


def _take_in(
    kanaal: Kanaal,
    ontvangen_op: date,
    afzender: str | None,
    omschrijving: str | None,
    dossier: str | None,
    herkomst: Herkomst,
) -> str:
    files = [each for each in request.files.getlist("bestanden") if each.filename]
    if not files:
        raise RuleViolation("Kies een of meer bestanden.", "bestanden")
    if len(files) > MOST_FILES:
        raise RuleViolation(f"Kies niet meer dan {MOST_FILES} bestanden.", "bestanden")
    target = _dossier(dossier) if dossier else None
    for each in files:
        stuk = operations.receive_poststuk(
            g.session,
            g.actor,
            now(),
            inhoud=each.stream.read(operations.MOST_BYTES + 1),
            kanaal=kanaal,
            ontvangen_op=ontvangen_op,
            afzender=afzender,
            omschrijving=omschrijving,
        )
        if target:
            operations.file_poststuk(
                g.session,
                g.actor,
                now(),
                poststuk=stuk,
                dossier=target,
                herkomst=herkomst,
            )
    count = "Het bestand is" if len(files) == 1 else f"{len(files)} bestanden zijn"
    if target:
        flash(f"{count} opgeborgen in dossier {target.referentie}.", "success")
        return url_for("dossier.show_dossier", referentie=target.referentie)
    flash(f"{count} ontvangen. Kies nu bij welk dossier het hoort.", "success")
    return url_for(".list_post")


def _dossier(referentie: str) -> Dossier:
    """Find the dossier somebody typed; not yours and not there are the same."""
    try:
        return queries.get_dossier(g.session, g.actor, referentie.strip().upper())
    except NotFound:
        message = "Dit dossier is niet gevonden. Controleer het nummer."
        raise RuleViolation(message, "dossier") from None


@bp.route("/post/<referentie>", methods=["GET", "POST"])
@requires(Permission.POST_HANDLE)
def file_poststuk(referentie: str) -> ResponseReturnValue:
    """Show one piece of post and put it in a dossier."""
    stuk = _enter(referentie)
    form = Form(OpbergSchema(), {"herkomst": Herkomst.INWONER.value})

    def deed(dossier: str, herkomst: Herkomst) -> str:
        target = _dossier(dossier)
        operations.file_poststuk(
            g.session,
            g.actor,
            now(),
            poststuk=stuk,
            dossier=target,
            herkomst=herkomst,
        )
        flash(f"De post zit nu in dossier {target.referentie}.", "success")
        return url_for(".list_post")

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return _page(stuk, form, Form(ZoekSchema()), None)


@bp.post("/post/<referentie>/zoek")
@requires(Permission.POST_HANDLE)
def search_for_post(referentie: str) -> ResponseReturnValue:
    """Search whose post it is; what was typed never stands in an address."""
    stuk = get_poststuk(g.session, g.actor, referentie)
    zoek = Form(ZoekSchema())
    found: list[Treffer] | None = None
    answers = zoek.load()
    if answers is not None:
        try:
            people = queries.search_inwoners(g.session, g.actor, now(), **answers)
        except LoketError as error:
            zoek.add_error(error.field, error.message)
        else:
            ids = [each.id for each in people]
            found = make_treffers(
                people,
                queries.open_dossiers_of(g.session, g.actor, ids),
                queries.shielded_among(g.session, g.actor, ids),
            )
    form = Form(OpbergSchema(), {"herkomst": Herkomst.INWONER.value}, sent=False)
    return _page(stuk, form, zoek, found)


def _page(
    stuk: Poststuk, form: Form, zoek: Form, treffers: list[Treffer] | None
) -> ResponseReturnValue:
    shown = zoek if zoek.has_errors else form
    choices = [
        (dossier, f"{each.naam}, dossier {dossier}")
        for each in treffers or []
        for dossier in each.dossiers
    ]
    target = stuk.dossier_id and queries.dossier_of(g.session, g.actor, stuk.dossier_id)
    return shown.page(
        "post/stuk.html",
        stuk=stuk,
        opbergen=form,
        zoek=zoek,
        treffers=treffers,
        keuzes=choices,
        dossier=target,
        kanaal=woorden.KANAAL[stuk.kanaal],
        terzijde=TERZIJDE,
        herkomsten=list(woorden.HERKOMST.items()),
    )


def _enter(referentie: str) -> Poststuk:
    """Fetch the post behind this address; a look leaves a record of its own."""
    if request.method == "GET":
        return read_poststuk(g.session, g.actor, now(), referentie)
    return get_poststuk(g.session, g.actor, referentie)


@bp.get("/post/<referentie>/bestand")
@requires(Permission.POST_HANDLE)
def show_poststuk(referentie: str) -> ResponseReturnValue:
    """Open the sealed file for one reader; it is kept nowhere on the way."""
    stuk = read_poststuk(g.session, g.actor, now(), referentie)
    if stuk.inhoud is None:
        raise NotFound("Dit poststuk zit in een dossier. Open het daar.")
    answer = Response(stuk.inhoud, mimetype=stuk.mediatype)
    name = f"post-{stuk.referentie}.{ending_of(stuk.mediatype)}"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


@bp.route("/post/<referentie>/terughalen", methods=["GET", "POST"])
@requires(Permission.POST_HANDLE)
def take_back(referentie: str) -> ResponseReturnValue:
    """Take post out of the wrong dossier."""
    stuk = get_poststuk(g.session, g.actor, referentie)
    if stuk.dossier_id is None:
        return redirect(url_for(".file_poststuk", referentie=referentie), 303)
    dossier = queries.dossier_of(g.session, g.actor, stuk.dossier_id)
    form = Form()

    def deed() -> str:
        operations.take_back_poststuk(g.session, g.actor, now(), poststuk=stuk)
        flash("De post is uit het dossier gehaald en wacht weer.", "success")
        return url_for(".file_poststuk", referentie=referentie)

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page("post/terughalen.html", stuk=stuk, dossier=dossier)


@bp.route("/post/<referentie>/terzijde", methods=["GET", "POST"])
@requires(Permission.POST_HANDLE)
def set_aside(referentie: str) -> ResponseReturnValue:
    """Note that post belongs to no dossier here."""
    stuk = get_poststuk(g.session, g.actor, referentie)
    form = Form(TerzijdeSchema())

    def deed(**answers: Any) -> str:
        operations.set_aside_poststuk(
            g.session, g.actor, now(), poststuk=stuk, **answers
        )
        flash("De post is terzijde gelegd.", "success")
        return url_for(".list_post")

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page("post/terzijde.html", stuk=stuk, redenen=list(TERZIJDE.items()))
