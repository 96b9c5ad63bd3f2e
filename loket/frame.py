"""The frame around every request: one session, one actor, one commit."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import perf_counter
from uuid import UUID

import structlog
from flask import (
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    render_template,
    request,
    session,
)
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from loket import termijnen
from loket.accounts import queries
from loket.accounts.guards import API
from loket.accounts.user import ApiToken, User
from loket.accounts.views import BEGAN, DESK
from loket.audit.action import Action
from loket.audit.operations import record
from loket.audit.record import Outcome
from loket.authz import GRANTS, Actor, Permission
from loket.cases.dossier.blad import PanelMaker
from loket.cases.dossier.queries_noodtoegang import dossiers_in_nood
from loket.cases.dossier.views_noodtoegang import NOOD_TOT
from loket.config import Config
from loket.db import NOBODY, Database, Scope, is_clash, set_scope
from loket.drafts.page import is_fragment, rescue
from loket.errors import CLASH, LoketError, NotFound
from loket.huisstijl.queries import aanzien_op
from loket.huisstijl.views import KEPT
from loket.problems import of_http, problem, wrong
from loket.providers.aanbieder import Aanbieder
from loket.vandaag import DeelMaker
from loket.vault.layout import SHOWS_GONE
from loket.vault.vault import Vault
from loket.web import SUBMIT_FIELD, KnownNotes, TaakNotes

log = structlog.get_logger(__name__)

LASTS_MOST = timedelta(hours=12)
"""A session that is used all the time ends after a long working day all the same."""
WERKPLEK = "Loket-Werkplek"
"""Header of the API: gemeente code or aanbieder id, for who works at several."""
NEVER_SHOWN = {"wachtwoord", "code", "csrf_token", SUBMIT_FIELD}
MOST_GIVEN_BACK = 60
STALE = (
    "Iemand anders heeft dit net gewijzigd. Uw wijziging is niet opgeslagen. Ga terug,"
    " kijk wat er nu staat en probeer het opnieuw."
)
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


@dataclass
class Office:
    """What the application was built with; views reach it through the frame only."""

    config: Config
    database: Database
    vault: Vault
    redis: Redis
    panels: tuple[PanelMaker, ...]
    delen: tuple[DeelMaker, ...]
    known: tuple[KnownNotes, ...]
    over: tuple[TaakNotes, ...]

    def close(self) -> None:
        """Hang up on every server, when the application is put away."""
        self.database.engine.dispose()
        self.vault.engine.dispose()
        self.redis.close()


class Frame(Flask):
    """Flask that commits once per request, after the view and before the answer."""

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; a page that cannot be committed was never shown."""
        answer = self.make_response(super().dispatch_request())
        if "session" in g:
            g.session.commit()
        return answer


def office(app: Flask) -> Office:
    """Return what this application was built with."""
    built: Office = app.extensions["loket"]
    return built


def frame_requests(app: Flask, built: Office) -> None:
    """Put the frame around the requests of this application."""
    app.extensions["loket"] = built
    logins = LoginManager(app)
    logins.session_protection = "basic"
    logins.user_loader(_load_user)
    app.before_request(_open)
    app.after_request(_close)
    app.teardown_request(_put_away)
    app.register_error_handler(LoketError, _refuse)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def _load_user(key: str) -> User | None:
    """Find the person of a session; out of service or revoked means a stranger."""
    if "session" not in g:
        return None  # a file of the look that is not there: its page knows nobody
    user_id, _, epoch = key.partition(":")
    try:
        user = queries.get_user(g.session, UUID(user_id))
    except (NotFound, ValueError):
        return None
    if not user.is_active or str(user.session_epoch) != epoch:
        return None
    began = session.get(BEGAN)
    if began and g.at - datetime.fromisoformat(began) > LASTS_MOST:
        return None
    g.loaded = user
    return user


def _open() -> None:
    g.at = datetime.now(UTC)
    g.started = perf_counter()
    g.user = None
    g.actor = None
    g.naam_werkplek = ""
    g.aanzien = None
    if request.endpoint == "static":
        return
    g.session = office(current_app).database.session(NOBODY)
    g.session.info[SHOWS_GONE] = True
    _refuse_nul()
    if request.path.startswith(API):
        _open_with_token()
    elif current_user.is_authenticated:
        # the loader kept the person itself: current_user is only a proxy
        g.user = g.loaded
        g.actor = _take_desk(g.loaded)


def _refuse_nul() -> None:
    """No page has such an address, and PostgreSQL cannot look it up."""
    asked = (text for pair in request.args.items(multi=True) for text in pair)
    if any("\0" in text for text in (request.path, *asked)):
        raise NotFound


def _open_with_token() -> None:
    """Let a machine in: its token, the person behind it, and where they work.

    A token that opens nothing makes a stranger; the door itself says no.
    """
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return
    day = termijnen.dag_van(g.at)
    token = queries.find_token(g.session, secret.strip())
    if token is None or not token.holds_on(day):
        return
    user = queries.get_user(g.session, token.user_id)
    if not user.is_active:
        return
    g.token_id = token.id
    desks = queries.werkplekken(user, day)
    wanted = request.headers.get(WERKPLEK)
    fitting = [d for d in desks if wanted in (None, d.sleutel)]
    if len(fitting) != 1:
        return
    g.user = user
    g.actor = _sit(user, fitting[0], token)


def _take_desk(user: User) -> Actor | None:
    day = termijnen.dag_van(g.at)
    wanted = session.get(DESK)
    for desk in queries.werkplekken(user, day):
        if desk.sleutel == wanted:
            return _sit(user, desk)
    return None


def _sit(user: User, desk: queries.Werkplek, token: ApiToken | None = None) -> Actor:
    if desk.gemeente_code:
        gemeenten: tuple[str, ...] = (desk.gemeente_code,)
        gemeente = queries.get_gemeente(g.session, desk.gemeente_code)
        g.naam_werkplek = gemeente.naam
    else:
        gemeenten = queries.gemeente_codes(g.session)
    manages = any(Permission.COLLEGA_MANAGE in GRANTS[rol] for rol in desk.rollen)
    set_scope(g.session, Scope(gemeenten, desk.aanbieder_id, beheert=manages))
    if desk.gemeente_code and token is None:
        # under row security: not before the scope is set
        g.aanzien = aanzien_op(g.session, gemeente, termijnen.dag_van(g.at))
    if desk.aanbieder_id:
        g.naam_werkplek = g.session.get_one(Aanbieder, desk.aanbieder_id).naam
    return Actor(
        id=user.id,
        naam=user.naam,
        rollen=desk.rollen,
        gemeenten=gemeenten,
        aanbieder_id=desk.aanbieder_id,
        via="api" if token else "web",
        authenticatie=_authenticatie(user, token),
        adres=request.remote_addr or "",
        scopes=token.permissions if token else None,
        nood=frozenset() if token else _nood(user),
    )


def _nood(user: User) -> frozenset[UUID]:
    """Look for emergency access only in a session in which somebody took it."""
    until = session.get(NOOD_TOT)
    if until is None or g.at >= datetime.fromisoformat(until):
        return frozenset()
    return dossiers_in_nood(g.session, user.id, g.at)


def _authenticatie(user: User, token: ApiToken | None) -> str:
    if token:
        return "token"
    return "wachtwoord+code" if user.totp_confirmed_at else "wachtwoord"


def _close(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if office(current_app).config.secure_cookies:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    if request.endpoint == "static" and response.status_code < 400:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
    kept = request.endpoint in KEPT and response.status_code == 200
    response.headers["Cache-Control"] = (
        "private, max-age=31536000, immutable" if kept else "no-store"
    )
    log.info(
        "request",
        method=request.method,
        door=request.endpoint,
        status=response.status_code,
        ms=round((perf_counter() - g.started) * 1000, 1) if "started" in g else None,
        user=str(g.user.id) if g.get("user") else None,
    )
    return response


def _put_away(_error: BaseException | None) -> None:
    if "session" in g:
        g.session.close()


def _refuse(error: LoketError) -> ResponseReturnValue:
    """Answer a refusal, and keep a record of it in a transaction of its own."""
    if "session" in g:
        g.session.rollback()
    actor: Actor | None = g.get("actor")
    if actor is not None:
        scope = Scope(actor.gemeenten, actor.aanbieder_id)
        with office(current_app).database.transaction(scope) as trail:
            record(
                trail,
                actor,
                Action.ACCESS_REFUSED,
                at=g.at,
                outcome=Outcome.REFUSED,
                grond=f"{request.endpoint}:{error.status}",
            )
    if request.path.startswith(API):
        field = [wrong(error.field, "regel", error.message)] if error.field else None
        return problem(error.status, error.message, field)
    return _answer(error.status, error.message)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.get_response()
    if isinstance(error, CSRFError):
        return _give_back()
    if request.path.startswith(API):
        return of_http(error)
    return _answer(error.code or 500, None)


def _give_back() -> ResponseReturnValue:
    """The session of this form is gone: keep what was typed, and show it as well."""
    kept_at = _rescue()
    if is_fragment():
        note = "U bent uitgelogd. " if g.user is None else ""
        kept = "Wat u typte, is bewaard." if kept_at else "Wat u typt, is niet bewaard."
        return f"{note}{kept} Log opnieuw in en open deze pagina weer.", 400
    typed = [
        (name.replace("_", " "), text)
        for name, text in request.form.items(multi=True)
        if text.strip() and name not in NEVER_SHOWN and not name.startswith("_")
    ]
    page = render_template(
        "errors/verlopen.html",
        typed=typed[:MOST_GIVEN_BACK],
        is_in=g.user is not None,
        kept_at=kept_at,
    )
    return page, 400


def _rescue() -> str | None:
    """Keep the form as a draft in a transaction of its own: this request failed."""
    with office(current_app).database.transaction(NOBODY) as own:
        return rescue(own, g.at)


def _crash(error: Exception) -> ResponseReturnValue:
    """A bug, or a server that is away: say so without saying what was in it."""
    if isinstance(error, StaleDataError):
        # nothing was overwritten: what was read is no longer what is stored
        return _too_late(STALE)
    if isinstance(error, IntegrityError) and is_clash(error):
        return _too_late(CLASH)
    log.error("crash", door=request.endpoint, exc_info=error)
    away = isinstance(error, (RedisError, OperationalError))
    return _answer(503 if away else 500, None)


def _too_late(message: str) -> ResponseReturnValue:
    """Somebody else was first, at this very moment: nothing of this request is kept."""
    g.session.rollback()
    log.warning("too_late", door=request.endpoint)
    return _answer(409, message)


def _answer(status: int, message: str | None) -> ResponseReturnValue:
    """Answer as the visitor reads: a part of a page, a page, or a problem in JSON."""
    if request.path.startswith(API):
        return problem(status, message)
    if is_fragment():
        return escape(message or "Dit lukt nu niet. Probeer het zo nog eens."), status
    if "text/html" not in request.headers.get("Accept", "text/html"):
        return jsonify(status=status, title=message or "Fout"), status
    return render_template("errors/error.html", status=status, message=message), status
