"""Doors: login, second factor, desk, own account."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from loket import termijnen
from loket.accounts import operations, operations_user, queries
from loket.accounts.guards import public, signed_in
from loket.accounts.passwords import totp_uri
from loket.accounts.schemas import (
    CodeSchema,
    EigenWachtwoordSchema,
    LoginSchema,
    MailSchema,
    WachtwoordSchema,
    WerkplekSchema,
)
from loket.accounts.user import MailWens, User
from loket.audit.action import Action
from loket.audit.operations import record
from loket.errors import LoketError, NotAllowed, RuleViolation
from loket.web import Form, now

bp = Blueprint("accounts", __name__)
HALF = "tweede_stap"
FIRST = "eigen_wachtwoord"
"""Who passed the login with a temporary password, and has to choose an own one."""
HALF_LASTS = timedelta(minutes=5)
DESK = "werkplek"
BEGAN = "begonnen"
WENSEN = (
    (MailWens.METEEN.value, "Meteen, hoogstens 1 keer per halve dag"),
    (MailWens.DAGELIJKS.value, "1 keer per dag, aan het begin van een werkdag"),
    (MailWens.NOOIT.value, "Nooit"),
)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Ask for name and password."""
    form = Form(LoginSchema())
    if request.method == "POST" and (answers := form.load()) is not None:
        user = operations.log_in(
            g.session, now(), adres=request.remote_addr or "", **answers
        )
        if user is not None:
            return _next_step(user)
        form.add_error("login", operations.WRONG)
    return form.page("accounts/login.html")


def _next_step(user: User) -> ResponseReturnValue:
    verder = _safe(request.args.get("verder", ""))
    config = current_app.extensions["loket"].config
    if user.totp_confirmed_at or config.require_second_factor:
        session.clear()
        _go_half_way(user)
        return redirect(url_for(".second_step", verder=verder), 303)
    return _enter(user, verder)


def _go_half_way(user: User) -> None:
    """Keep who gave a right password; revoked with all other sessions of theirs."""
    session[HALF] = [user.get_id(), (now() + HALF_LASTS).isoformat()]


def _enter(user: User, verder: str) -> ResponseReturnValue:
    """Start a fresh session for this person: an id from before the login is dead."""
    session.clear()
    if user.password_temporary_until:
        session[FIRST] = [user.get_id(), (now() + HALF_LASTS).isoformat()]
        return redirect(url_for(".choose_password"), 303)
    session.permanent = True
    session[BEGAN] = now().isoformat()
    login_user(user)
    interface: Any = current_app.session_interface
    interface.regenerate(session)  # leaves an empty session as it is: so only now
    desks = queries.werkplekken(user, termijnen.dag_van(now()))
    if len(desks) == 1:
        session[DESK] = desks[0].sleutel
        return redirect(verder or url_for("start"), 303)
    return redirect(url_for(".choose_werkplek", verder=verder), 303)


def _safe(target: str) -> str:
    """Only a page of our own may follow a login."""
    own = target.startswith("/") and not target.startswith(("//", "/\\"))
    return target if own and target.isprintable() else ""


@bp.route("/tweede-stap", methods=["GET", "POST"])
@public
def second_step() -> ResponseReturnValue:
    """Ask for the code of the second factor, or set it up the first time."""
    user = _half_way()
    if user is None:
        return redirect(url_for(".login"), 303)
    if not user.totp_geheim:
        by = operations.acting_as(user, request.remote_addr or "")
        operations.prepare_second_factor(g.session, by, now(), user=user)
    form = Form(CodeSchema())
    if request.method == "POST" and (answers := form.load()) is not None:
        adres = request.remote_addr or ""
        if operations.confirm_code(
            g.session, now(), user=user, code=answers["code"], adres=adres
        ):
            return _enter(user, _safe(request.args.get("verder", "")))
        form.add_error("code", "Deze code klopt niet of is verlopen.")
    return form.page("accounts/tweede_stap.html", qr=_qr(user))


@bp.route("/eigen-wachtwoord", methods=["GET", "POST"])
@public
def choose_password() -> ResponseReturnValue:
    """Ask for an own password, in place of the temporary one."""
    user = _half_way(FIRST)
    if user is None:
        return redirect(url_for(".login"), 303)
    form = Form(EigenWachtwoordSchema())
    if request.method == "POST" and (answers := form.load()) is not None:
        by = operations.acting_as(user, request.remote_addr or "")
        try:
            operations_user.choose_password(
                g.session, by, now(), user=user, wachtwoord=answers["wachtwoord"]
            )
        except LoketError as error:
            form.add_error(error.field, error.message)
        else:
            return _enter(user, "")
    return form.page("accounts/eigen_wachtwoord.html")


def _half_way(step: str = HALF) -> User | None:
    half = session.get(step)
    if not half or datetime.fromisoformat(half[1]) < now():
        return None
    user_id, _, _epoch = half[0].partition(":")
    user = queries.get_user(g.session, UUID(user_id))
    return user if user.is_active and user.get_id() == half[0] else None


def _qr(user: User) -> str | None:
    """Show the secret as a picture, only until the first code was right."""
    if user.totp_confirmed_at:
        return None
    code = segno.make(totp_uri(str(user.totp_geheim), user.login))
    return code.svg_data_uri(scale=5)


@bp.route("/werkplek", methods=["GET", "POST"])
@signed_in
def choose_werkplek() -> ResponseReturnValue:
    """Choose for which gemeente or aanbieder to work now."""
    desks = queries.werkplekken(g.user, termijnen.dag_van(now()))
    form = Form(WerkplekSchema(), {"werkplek": session.get(DESK)})
    if request.method == "POST" and (answers := form.load()) is not None:
        if answers["werkplek"] in {desk.sleutel for desk in desks}:
            session[DESK] = answers["werkplek"]
            by = operations.acting_as(g.user, request.remote_addr or "")
            record(g.session, by, Action.AANSTELLING_CHOSEN, g.user, at=now())
            verder = _safe(request.args.get("verder", ""))
            return redirect(verder or url_for("start"), 303)
        raise NotAllowed
    names = {g_.code: g_.naam for g_ in queries.list_gemeenten(g.session)}
    options = [
        (
            desk.sleutel,
            names.get(desk.gemeente_code or "", "Aanbieder"),
            ", ".join(sorted(r.value.replace("_", " ") for r in desk.rollen)),
        )
        for desk in desks
    ]
    return form.page("accounts/werkplek.html", options=options)


@bp.get("/account")
@signed_in
def show_account() -> ResponseReturnValue:
    """Show the own account."""
    return _account(Form())


def _account(tried: Form, *, mail: Form | None = None) -> ResponseReturnValue:
    """Show the account with the form that was tried; the other is as it was."""
    user = g.user
    kept = {"mail_wens": user.mail_wens.value, "mail_adres": user.mail_adres}
    other = Form(MailSchema(), kept)
    if mail is None:
        other.typed = None  # what was sent, was sent to another form
    return tried.page(
        "accounts/account.html",
        user=user,
        mail=mail or other,
        wensen=WENSEN,
        can_mail=bool(current_app.extensions["loket"].config.smtp_url),
    )


@bp.post("/account/e-mail")
@signed_in
def choose_mail() -> ResponseReturnValue:
    """Choose whether e-mail tells that work waits; it never says what."""
    form = Form(MailSchema())
    answers = form.load()
    if answers is not None:
        by = operations.acting_as(g.user, request.remote_addr or "")
        try:
            operations.choose_mail(
                g.session,
                by,
                now(),
                user=g.user,
                wens=answers["mail_wens"],
                adres=answers.get("mail_adres"),
            )
        except RuleViolation as refused:
            form.add_error(refused.field, refused.message)
    if form.has_errors:
        return _account(form, mail=form)
    flash("Uw keuze voor e-mail is bewaard.", "success")
    return redirect(url_for(".show_account"), 303)


@bp.post("/account/sessies-beeindigen")
@signed_in
def revoke_sessions() -> ResponseReturnValue:
    """End every session of this person, this one too."""
    by = operations.acting_as(g.user, request.remote_addr or "")
    operations.revoke_sessions(g.session, by, now(), user=g.user)
    logout_user()
    session.clear()
    return redirect(url_for(".login"), 303)


@bp.post("/account/tweede-stap")
@signed_in
def renew_second_factor() -> ResponseReturnValue:
    """Set up the second factor anew, after the password: a cookie alone cannot.

    It is confirmed with a code at once.
    """
    form = Form(WachtwoordSchema())
    answers = form.load()
    adres = request.remote_addr or ""
    if answers is not None and not operations.confirm_password(
        g.session, now(), user=g.user, adres=adres, **answers
    ):
        form.add_error("wachtwoord", operations.WRONG_AGAIN)
    if form.has_errors:
        return _account(form)
    by = operations.acting_as(g.user, adres)
    operations.prepare_second_factor(g.session, by, now(), user=g.user)
    logout_user()
    session.clear()
    _go_half_way(g.user)
    return redirect(url_for(".second_step"), 303)


@bp.post("/uitloggen")
@signed_in
def log_out() -> ResponseReturnValue:
    """End this session."""
    by = g.actor or operations.acting_as(g.user, request.remote_addr or "")
    operations.log_out(g.session, by, now())
    logout_user()
    session.clear()
    return redirect(url_for(".login"), 303)


@bp.post("/verleng")
@signed_in
def prolong() -> ResponseReturnValue:
    """Keep the session alive when the page warned that it ends."""
    session.modified = True
    return "", 204
