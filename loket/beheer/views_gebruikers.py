"""Doors to the people of the gemeente: their roles, their access, their tokens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from loket.accounts import operations, operations_user, passwords, queries_user
from loket.accounts.guards import requires
from loket.accounts.operations_user import ROLES, scopes_of
from loket.accounts.queries import staff_names
from loket.accounts.user import User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission, Role
from loket.beheer.page import press
from loket.beheer.schemas import (
    EindeSchema,
    NieuweGebruikerSchema,
    RolSchema,
    TokenSchema,
    ZoekSchema,
)
from loket.geldigheid import tijdlijn
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("gebruikers", __name__, url_prefix="/beheer/gebruikers")
SHOWN_ONCE = "eenmalig"
ROL_NAMES = [(rol.value, rol.value.replace("_", " ").capitalize()) for rol in ROLES]
STANDEN = [("in", "In gebruik"), ("uit", "Buiten gebruik of zonder rol")]


@bp.get("/")
@requires(Permission.BEHEER_READ)
def list_gebruikers() -> ResponseReturnValue:
    """Show who works here and in which roles; filter by role and by service."""
    return _list(Form(ZoekSchema()))


@bp.post("/zoek")
@requires(Permission.BEHEER_READ)
def search() -> ResponseReturnValue:
    """Look for somebody by a part of the name, within the roles that are chosen."""
    form = Form(ZoekSchema())
    answers = form.load()
    if answers is not None and not answers["zoek"]:
        # without a name it is a list with an address, page after page
        kept: dict[str, Any] = {
            name: request.form.get(name) or None for name in ("rol", "stand")
        }
        return redirect(url_for(".list_gebruikers", **kept), 303)
    return _list(form, answers["zoek"] if answers else "")


def _list(form: Form, zoek: str = "") -> ResponseReturnValue:
    args = request.values
    rol = na = None
    with suppress(ValueError):
        rol = Role(args.get("rol", ""))
    with suppress(ValueError):
        na = UUID(args.get("na", ""))
    stand = {"in": True, "uit": False}.get(args.get("stand", ""))
    today = dag_van(now())
    found = queries_user.list_medewerkers(
        g.session, g.actor, today, rol=rol, in_dienst=stand, zoek=zoek, na=na
    )
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="gebruikers")
    page, rest = found[: queries_user.PAGE], found[queries_user.PAGE :]
    kept: dict[str, Any] = {
        "rol": rol.value if rol else None,
        "stand": args.get("stand") or None,
    }
    return form.page(
        "beheer/gebruikers.html",
        gebruikers=[(each, _roles(each)) for each in page],
        filterform=Form(values=kept),
        rollen=ROL_NAMES,
        standen=STANDEN,
        zoek=zoek,
        ouder=url_for(".list_gebruikers", na=page[-1].id, **kept)
        if rest and not zoek
        else None,
        is_meer=bool(rest and zoek),
    )


def _roles(user: User) -> str:
    today = dag_van(now())
    held = {
        post.rol.value.replace("_", " ")
        for post in user.aanstellingen
        if post.gemeente_code in g.actor.gemeenten and post.holds_on(today)
    }
    return ", ".join(sorted(held))


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def create() -> ResponseReturnValue:
    """Make an account with its first roles; the password is shown once."""
    form = Form(NieuweGebruikerSchema(), {"van": dag_van(now()).strftime("%d-%m-%Y")})
    if request.method == "POST":
        answer = form.submit(_create)
        if answer:
            return answer
    return form.page("beheer/gebruiker_nieuw.html", rollen=ROL_NAMES)


def _create(**answers: Any) -> str:
    wachtwoord = passwords.new_password()
    made = operations.create_user(
        g.session,
        g.actor,
        now(),
        login=answers["login"],
        naam=answers["naam"],
        wachtwoord=wachtwoord,
        tijdelijk_tot=now() + passwords.TEMPORARY_LASTS,
    )
    for rol in dict.fromkeys(answers["rollen"]):
        operations_user.appoint_medewerker(
            g.session,
            g.actor,
            now(),
            user=made,
            rol=rol,
            van=answers["van"],
            tot=answers["tot"],
        )
    _show_once(made, "wachtwoord", wachtwoord)
    return url_for(".show", gebruiker_id=made.id)


def _show_once(user: User, kind: str, secret: str) -> None:
    """Keep it in the session, on the server, until the next page of this person."""
    session[SHOWN_ONCE] = [str(user.id), kind, secret]


@bp.get("/<uuid:gebruiker_id>")
@requires(Permission.BEHEER_CHANGE)
def show(gebruiker_id: UUID) -> ResponseReturnValue:
    """Show one person: roles of now, later and before, access and tokens."""
    user = _user(gebruiker_id)
    record(g.session, g.actor, Action.BEHEER_READ, user, at=now())
    secret = None
    if session.get(SHOWN_ONCE, [None])[0] == str(user.id):
        secret = session.pop(SHOWN_ONCE)
    return _page(user, secret=secret)


def _user(gebruiker_id: UUID) -> User:
    return queries_user.get_medewerker(g.session, g.actor, gebruiker_id)


def _page(
    user: User,
    *,
    rol: Form | None = None,
    token: Form | None = None,
    secret: list[str] | None = None,
) -> ResponseReturnValue:
    today = dag_van(now())
    rol = rol or Form(RolSchema(), {"van": today.strftime("%d-%m-%Y")})
    token = token or Form(TokenSchema())
    own = [p for p in user.aanstellingen if p.gemeente_code in g.actor.gemeenten]
    tokens = queries_user.list_tokens(g.session, user)
    stopped = [user.deactivated_by_id] if user.deactivated_by_id else []
    page = render_template(
        "beheer/gebruiker.html",
        user=user,
        lijn=tijdlijn(own, today),
        rollen=ROL_NAMES,
        form=token if token.has_errors else rol,
        rolform=rol,
        tokenform=token,
        knoppen=Form(),
        tokens=tokens,
        scopes=[(each.value, each.value) for each in scopes_of(g.actor, user, today)],
        is_zelf=user.id == g.actor.id,
        is_locked=user.is_locked(now()),
        geheim=secret,
        vandaag=today,
        namen=staff_names(g.session, stopped),
    )
    return page, 422 if rol.has_errors or token.has_errors else 200


@bp.post("/<uuid:gebruiker_id>/rollen")
@requires(Permission.BEHEER_CHANGE)
def appoint(gebruiker_id: UUID) -> ResponseReturnValue:
    """Give somebody a role, in a period."""
    user = _user(gebruiker_id)
    form = Form(RolSchema())

    def deed(**answers: Any) -> str:
        operations_user.appoint_medewerker(
            g.session, g.actor, now(), user=user, **answers
        )
        return url_for(".show", gebruiker_id=user.id)

    return form.submit(deed) or _page(user, rol=form)


@bp.route(
    "/<uuid:gebruiker_id>/rollen/<uuid:aanstelling_id>/einde", methods=["GET", "POST"]
)
@requires(Permission.BEHEER_CHANGE)
def end_rol(gebruiker_id: UUID, aanstelling_id: UUID) -> ResponseReturnValue:
    """Ask for the last day of a role, and note it."""
    user = _user(gebruiker_id)
    post = queries_user.get_aanstelling(g.session, g.actor, aanstelling_id)
    form = Form(EindeSchema(), {"laatste_dag": dag_van(now()).strftime("%d-%m-%Y")})
    if request.method == "POST":

        def deed(laatste_dag: date) -> str:
            operations_user.end_aanstelling(
                g.session, g.actor, now(), aanstelling=post, laatste_dag=laatste_dag
            )
            return url_for(".show", gebruiker_id=user.id)

        answer = form.submit(deed)
        if answer:
            return answer
    return form.page("beheer/rol_einde.html", user=user, post=post)


def _press(gebruiker_id: UUID, deed: Callable[..., Any]) -> ResponseReturnValue:
    user = _user(gebruiker_id)

    def carry_out() -> str:
        deed(g.session, g.actor, now(), user=user)
        return url_for(".show", gebruiker_id=user.id)

    return press(carry_out)


@bp.post("/<uuid:gebruiker_id>/buiten-gebruik")
@requires(Permission.BEHEER_CHANGE)
def deactivate(gebruiker_id: UUID) -> ResponseReturnValue:
    """Let somebody not come in any more."""
    return _press(gebruiker_id, operations_user.put_out_of_service)


@bp.post("/<uuid:gebruiker_id>/in-gebruik")
@requires(Permission.BEHEER_CHANGE)
def reactivate(gebruiker_id: UUID) -> ResponseReturnValue:
    """Let somebody come in again."""
    return _press(gebruiker_id, operations_user.take_back_in_service)


@bp.post("/<uuid:gebruiker_id>/deblokkeren")
@requires(Permission.BEHEER_CHANGE)
def unlock(gebruiker_id: UUID) -> ResponseReturnValue:
    """Open the door again that wrong passwords closed."""
    return _press(gebruiker_id, operations_user.unlock_user)


@bp.post("/<uuid:gebruiker_id>/tweede-stap-weghalen")
@requires(Permission.BEHEER_CHANGE)
def reset_second_factor(gebruiker_id: UUID) -> ResponseReturnValue:
    """Take the second factor away of somebody who lost the telephone."""
    return _press(gebruiker_id, operations_user.reset_second_factor)


@bp.post("/<uuid:gebruiker_id>/sessies-beeindigen")
@requires(Permission.BEHEER_CHANGE)
def revoke_sessions(gebruiker_id: UUID) -> ResponseReturnValue:
    """Log somebody out everywhere."""
    return _press(gebruiker_id, operations.revoke_sessions)


@bp.post("/<uuid:gebruiker_id>/wachtwoord")
@requires(Permission.BEHEER_CHANGE)
def give_password(gebruiker_id: UUID) -> ResponseReturnValue:
    """Give a temporary password, shown once."""

    def deed(db: Any, by: Any, at: Any, *, user: User) -> None:
        secret = operations_user.give_password(db, by, at, user=user)
        _show_once(user, "wachtwoord", secret)

    return _press(gebruiker_id, deed)


@bp.post("/<uuid:gebruiker_id>/tokens")
@requires(Permission.BEHEER_CHANGE)
def create_token(gebruiker_id: UUID) -> ResponseReturnValue:
    """Make a token in the name of this person, shown once."""
    user = _user(gebruiker_id)
    form = Form(TokenSchema())

    def deed(**answers: Any) -> str:
        _, secret = operations_user.give_token(
            g.session, g.actor, now(), user=user, **answers
        )
        _show_once(user, "token", secret)
        return url_for(".show", gebruiker_id=user.id)

    return form.submit(deed) or _page(user, token=form)


@bp.post("/<uuid:gebruiker_id>/tokens/<uuid:token_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def revoke_token(gebruiker_id: UUID, token_id: UUID) -> ResponseReturnValue:
    """Let a token open nothing any more."""
    user = _user(gebruiker_id)
    token = queries_user.get_token(g.session, user, token_id)

    def deed() -> str:
        operations_user.revoke_token(g.session, g.actor, now(), token=token)
        return url_for(".show", gebruiker_id=user.id)

    return press(deed)
