"""Doors of the beheerder of an aanbieder: the accounts of the own colleagues."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, request, session, url_for
from flask.typing import ResponseReturnValue

from loket.accounts import operations_collega as deeds
from loket.accounts import passwords
from loket.accounts.guards import requires
from loket.accounts.queries_collega import get_collega, list_collegas, own_posts
from loket.accounts.schemas import CollegaRolSchema, CollegaSchema
from loket.accounts.user import Aanstelling, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission, Role
from loket.errors import NotFound
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("collegas", __name__, url_prefix="/aanbieder/collegas")
SHOWN_ONCE = "eenmalig_collega"
ROL_NAMES = {
    Role.AANBIEDER: "Behandelt verzoeken en cliënten",
    Role.AANBIEDER_BEHEERDER: "Beheert de accounts van collega's",
}
ROLLEN = [(rol.value, words) for rol, words in ROL_NAMES.items()]


@bp.get("/")
@requires(Permission.COLLEGA_MANAGE)
def show_collegas() -> ResponseReturnValue:
    """Show who works for the own aanbieder, in which roles."""
    found = list_collegas(g.session, g.actor)
    record(g.session, g.actor, Action.BEHEER_READ, at=now(), grond="collegas")
    return Form().page(
        "accounts/collegas.html",
        collegas=[(user, [ROL_NAMES[p.rol] for p in _held(user)]) for user in found],
    )


def _held(user: User) -> list[Aanstelling]:
    """Return what this person does here now, in one order on every page."""
    today = dag_van(now())
    held = [post for post in own_posts(g.actor, user) if post.holds_on(today)]
    return sorted(held, key=lambda post: post.rol.value)


@bp.route("/nieuw", methods=["GET", "POST"])
@requires(Permission.COLLEGA_MANAGE)
def create() -> ResponseReturnValue:
    """Make an account with its roles; the password is shown once."""
    form = Form(CollegaSchema())
    if request.method == "POST" and (answer := form.submit(_create)):
        return answer
    return form.page("accounts/collega_nieuw.html", rollen=ROLLEN)


def _create(login: str, naam: str, rollen: list[Role]) -> str:
    secret = passwords.new_password()
    user = deeds.create_collega(
        g.session, g.actor, now(), login=login, naam=naam, wachtwoord=secret
    )
    for rol in dict.fromkeys(rollen):
        deeds.appoint_collega(g.session, g.actor, now(), user=user, rol=rol)
    _show_once(user, secret)
    return url_for(".show", gebruiker_id=user.id)


def _show_once(user: User, secret: str) -> None:
    """Keep it in the session, on the server, until the next page of this person."""
    session[SHOWN_ONCE] = [str(user.id), secret]


@bp.get("/<uuid:gebruiker_id>")
@requires(Permission.COLLEGA_MANAGE)
def show(gebruiker_id: UUID) -> ResponseReturnValue:
    """Show one colleague: roles and access."""
    user = get_collega(g.session, g.actor, gebruiker_id)
    record(g.session, g.actor, Action.BEHEER_READ, user, at=now())
    kept = session.get(SHOWN_ONCE, [None])
    secret = session.pop(SHOWN_ONCE)[1] if kept[0] == str(user.id) else None
    return _page(user, Form(CollegaRolSchema()), secret=secret)


def _page(user: User, form: Form, secret: str | None = None) -> ResponseReturnValue:
    held = _held(user)
    return form.page(
        "accounts/collega.html",
        collega=user,
        posten=[(post, ROL_NAMES[post.rol]) for post in held],
        meer=[each for each in ROLLEN if each[0] not in {p.rol.value for p in held}],
        rolform=form if isinstance(form.schema, CollegaRolSchema) else Form(),
        knoppen=Form(),
        is_zelf=user.id == g.actor.id,
        is_locked=user.is_locked(now()),
        geheim=secret,
    )


@bp.post("/<uuid:gebruiker_id>/rollen")
@requires(Permission.COLLEGA_MANAGE)
def appoint(gebruiker_id: UUID) -> ResponseReturnValue:
    """Give a colleague a role."""
    return _do(
        gebruiker_id, deeds.appoint_collega, "De rol is gegeven.", CollegaRolSchema()
    )


@bp.post("/<uuid:gebruiker_id>/rollen/<uuid:aanstelling_id>/wegnemen")
@requires(Permission.COLLEGA_MANAGE)
def take_rol(gebruiker_id: UUID, aanstelling_id: UUID) -> ResponseReturnValue:
    """Take a role away at once."""

    def deed(db: Any, by: Any, at: Any, *, user: User) -> None:
        held = {post.id: post for post in own_posts(by, user)}
        if aanstelling_id not in held:
            raise NotFound
        deeds.take_rol(db, by, at, user=user, aanstelling=held[aanstelling_id])

    return _do(gebruiker_id, deed, "De rol is weggenomen.")


def _do(
    gebruiker_id: UUID,
    deed: Callable[..., Any],
    done: str,
    schema: CollegaRolSchema | None = None,
) -> ResponseReturnValue:
    """Carry out a deed about a colleague; what it says no to shows on the page."""
    user = get_collega(g.session, g.actor, gebruiker_id)
    form = Form(schema)

    def carry_out(**answers: Any) -> str:
        deed(g.session, g.actor, now(), user=user, **answers)
        flash(done, "success")
        return url_for(".show", gebruiker_id=user.id)

    answer = form.submit(carry_out)
    if answer:
        return answer
    return _page(get_collega(g.session, g.actor, gebruiker_id), form)


@bp.post("/<uuid:gebruiker_id>/buiten-gebruik")
@requires(Permission.COLLEGA_MANAGE)
def deactivate(gebruiker_id: UUID) -> ResponseReturnValue:
    """Let a colleague not come in any more."""
    return _do(gebruiker_id, deeds.put_out_of_service, "Het account is buiten gebruik.")


@bp.post("/<uuid:gebruiker_id>/in-gebruik")
@requires(Permission.COLLEGA_MANAGE)
def reactivate(gebruiker_id: UUID) -> ResponseReturnValue:
    """Let a colleague come in again."""
    return _do(gebruiker_id, deeds.take_back_in_service, "Het account is in gebruik.")


@bp.post("/<uuid:gebruiker_id>/deblokkeren")
@requires(Permission.COLLEGA_MANAGE)
def unlock(gebruiker_id: UUID) -> ResponseReturnValue:
    """Open the door again that wrong passwords closed."""
    return _do(gebruiker_id, deeds.unlock, "De blokkade is opgeheven.")


@bp.post("/<uuid:gebruiker_id>/tweede-stap-weghalen")
@requires(Permission.COLLEGA_MANAGE)
def reset_second_factor(gebruiker_id: UUID) -> ResponseReturnValue:
    """Take the second factor away of somebody who lost the telephone."""
    return _do(gebruiker_id, deeds.reset_second_factor, "De tweede stap is weg.")


@bp.post("/<uuid:gebruiker_id>/sessies-beeindigen")
@requires(Permission.COLLEGA_MANAGE)
def revoke_sessions(gebruiker_id: UUID) -> ResponseReturnValue:
    """Log a colleague out everywhere."""
    return _do(gebruiker_id, deeds.revoke_sessions, "Alle sessies zijn beëindigd.")


@bp.post("/<uuid:gebruiker_id>/wachtwoord")
@requires(Permission.COLLEGA_MANAGE)
def give_password(gebruiker_id: UUID) -> ResponseReturnValue:
    """Give a temporary password, shown once."""

    def deed(db: Any, by: Any, at: Any, *, user: User) -> None:
        _show_once(user, deeds.give_password(db, by, at, user=user))

    return _do(gebruiker_id, deed, "Het account heeft een tijdelijk wachtwoord.")
