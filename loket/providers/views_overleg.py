"""Doors of the overleg, on both sides."""

from typing import Any

from flask import Blueprint, flash, g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.cases.dossier import queries as dossier_queries
from loket.drafts.draft import DraftOf
from loket.errors import NotFound
from loket.providers import operations_overleg, queries
from loket.providers.overleg import Afzender
from loket.providers.page import draft_about, hold_open
from loket.providers.plaatsingsverzoek import Plaatsingsverzoek
from loket.providers.queries_overleg import Onderwerp, list_overleg
from loket.providers.schemas import OverlegSchema
from loket.web import Form, now

bp = Blueprint("overleg", __name__)


def read_lines(onderwerp: Onderwerp) -> list[dict[str, Any]]:
    """Return what was said, for `ui.log`; the other side's words count as read."""
    regels = list_overleg(g.session, onderwerp)
    operations_overleg.read_overleg(
        g.session, g.actor, now(), onderwerp=onderwerp, regels=regels
    )
    names = staff_names(g.session, [regel.sent_by_id for regel in regels])
    ours = Afzender.AANBIEDER if g.actor.aanbieder_id else Afzender.GEMEENTE
    return [
        {
            "when": regel.sent_at,
            "title": _title(regel.afzender, names.get(regel.sent_by_id, "")),
            "text": regel.tekst,
            "by": _seen(regel.read_at is not None) if regel.afzender is ours else "",
        }
        for regel in regels
    ]


def _title(afzender: Afzender, name: str) -> str:
    """Name the side; a person only to the own side, which may know its people."""
    return f"{afzender.value.capitalize()}, {name}" if name else afzender.value.title()


def _seen(is_read: bool) -> str:
    return "Gelezen" if is_read else "Nog niet gelezen"


def their_form(onderwerp: Onderwerp, *, is_open: bool, sent: bool = True) -> Form:
    """Make the form in which an aanbieder writes the next line.

    Args:
        is_open: whether a line may still be written: then what is typed is kept.
        sent: whether it may be the form that was sent; else it stands beside that.
    """
    if not is_open:
        return Form(OverlegSchema(), sent=sent)
    page, door, what = _their_page(onderwerp)
    of = draft_about(onderwerp, "overleg.aanbieder", what, page, door)
    return Form(OverlegSchema(), draft=of, sent=sent)


def _their_page(onderwerp: Onderwerp) -> tuple[str, str, str]:
    """Return where the aanbieder reads and sends it, and what it is to them."""
    ref = onderwerp.referentie
    if isinstance(onderwerp, Plaatsingsverzoek):
        return (
            url_for("aanbieder.show_verzoek", referentie=ref),
            url_for("overleg.ask_about_verzoek", referentie=ref),
            "Vraag aan de gemeente",
        )
    return (
        url_for("aanbieder.show_toewijzing", referentie=ref),
        url_for("overleg.write_about_toewijzing", referentie=ref),
        "Bericht aan de gemeente",
    )


def _our_form(referentie: str, onderwerp: Onderwerp) -> Form:
    """Make it for the gemeente."""
    of = DraftOf(
        "overleg",
        f"Bericht aan de aanbieder in dossier {referentie}",
        request.path,
        dossier_id=onderwerp.dossier_id,
    )
    return Form(OverlegSchema(), draft=of)


def send(form: Form, onderwerp: Onderwerp, back: str) -> ResponseReturnValue | None:
    """Send what was written, once; nothing when it has to be shown again."""

    def deed(tekst: str) -> str:
        operations_overleg.send_overlegregel(
            g.session, g.actor, now(), onderwerp=onderwerp, tekst=tekst
        )
        flash("Uw bericht is verstuurd.", "success")
        return back

    return form.submit(deed)


def find_onderwerp(referentie: str, soort: str, code: str) -> Onderwerp:
    """Return what is discussed, of this dossier only; a look is for `look_at`."""
    dossier = dossier_queries.get_dossier(g.session, g.actor, referentie)
    find = queries.find_verzoek if soort == "verzoek" else queries.find_toewijzing
    onderwerp: Onderwerp = find(g.session, g.actor, code)
    if onderwerp.dossier_id != dossier.id:
        raise NotFound
    return onderwerp


def look_at(onderwerp: Onderwerp) -> None:
    """Record that this reader sees it."""
    is_verzoek = isinstance(onderwerp, Plaatsingsverzoek)
    action = Action.PLAATSINGSVERZOEK_READ if is_verzoek else Action.TOEWIJZING_READ
    record(g.session, g.actor, action, onderwerp, at=now())


def _page(referentie: str, onderwerp: Onderwerp, form: Form) -> ResponseReturnValue:
    look_at(onderwerp)
    is_verzoek = isinstance(onderwerp, Plaatsingsverzoek)
    names = queries.aanbieder_names(g.session, [onderwerp.aanbieder_id])
    return form.page(
        "providers/overleg.html",
        referentie=referentie,
        client=dossier_queries.get_client(g.session, onderwerp.dossier_id),
        is_verzoek=is_verzoek,
        may_write=g.actor.may(Permission.PLAATSING_REQUEST)
        and (not is_verzoek or onderwerp.status == "open"),
        aanbieder=names[onderwerp.aanbieder_id],
        product=queries.product_name(
            g.session, onderwerp.gemeente_code, onderwerp.product_code
        ),
        regels=read_lines(onderwerp),
    )


@bp.get("/dossiers/<referentie>/verzoeken/<verzoek>/overleg")
@requires(Permission.PLAATSING_READ)
def show_of_verzoek(referentie: str, verzoek: str) -> ResponseReturnValue:
    """Show what was asked and answered before the aanbieder said yes or no."""
    found = find_onderwerp(referentie, "verzoek", verzoek)
    return _page(referentie, found, _our_form(referentie, found))


@bp.post("/dossiers/<referentie>/verzoeken/<verzoek>/overleg")
@requires(Permission.PLAATSING_REQUEST)
def send_about_verzoek(referentie: str, verzoek: str) -> ResponseReturnValue:
    """Answer the aanbieder, without saying who the cliënt is."""
    found = find_onderwerp(referentie, "verzoek", verzoek)
    form = _our_form(referentie, found)
    back = url_for(".show_of_verzoek", referentie=referentie, verzoek=verzoek)
    return send(form, found, back) or _page(referentie, found, form)


@bp.get("/dossiers/<referentie>/toewijzingen/<toewijzing>/overleg")
@requires(Permission.PLAATSING_READ)
def show_of_toewijzing(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """Show what gemeente and aanbieder wrote during the help."""
    found = find_onderwerp(referentie, "toewijzing", toewijzing)
    return _page(referentie, found, _our_form(referentie, found))


@bp.post("/dossiers/<referentie>/toewijzingen/<toewijzing>/overleg")
@requires(Permission.PLAATSING_REQUEST)
def send_about_toewijzing(referentie: str, toewijzing: str) -> ResponseReturnValue:
    """Write to the aanbieder that delivers."""
    found = find_onderwerp(referentie, "toewijzing", toewijzing)
    form = _our_form(referentie, found)
    back = url_for(".show_of_toewijzing", referentie=referentie, toewijzing=toewijzing)
    return send(form, found, back) or _page(referentie, found, form)


@bp.post("/aanbieder/verzoeken/<referentie>/vraag")
@requires(Permission.PLAATSING_ANSWER)
def ask_about_verzoek(referentie: str) -> ResponseReturnValue:
    """Ask the consulent something before answering; the term runs on."""
    verzoek = queries.find_verzoek(g.session, g.actor, referentie)
    return _write(verzoek, is_open=verzoek.status == "open")


@bp.post("/aanbieder/toewijzingen/<referentie>/overleg")
@requires(Permission.TOEWIJZING_REPORT)
def write_about_toewijzing(referentie: str) -> ResponseReturnValue:
    """Write to the consulent about somebody who is helped."""
    return _write(queries.find_toewijzing(g.session, g.actor, referentie), is_open=True)


def _write(onderwerp: Onderwerp, *, is_open: bool) -> ResponseReturnValue:
    form = their_form(onderwerp, is_open=is_open)
    hold_open(onderwerp)
    back, _, _ = _their_page(onderwerp)
    return send(form, onderwerp, back) or _own_page(onderwerp, form, back)


def _own_page(onderwerp: Onderwerp, form: Form, back: str) -> ResponseReturnValue:
    """Give a text back that could not be sent, with what was said before it."""
    look_at(onderwerp)
    return form.page(
        "providers/overleg_aanbieder.html",
        is_verzoek=isinstance(onderwerp, Plaatsingsverzoek),
        referentie=onderwerp.referentie,
        terug=back,
        regels=read_lines(onderwerp),
    )
