"""The roof: configuration in, application out; it alone knows every room."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import (
    Flask,
    Request,
    current_app,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.sessions import SessionMixin
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_session.base import ServerSideSession
from flask_session.redis import RedisSessionInterface
from flask_wtf.csrf import CSRFProtect
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from loket import nouns
from loket.accounts.guards import API, names_permission, public, requires
from loket.api import PREFIX
from loket.apideuren import add_api
from loket.authz import Permission
from loket.config import Config
from loket.db import Database, make_engine
from loket.errors import LoketError, NotConfigured
from loket.frame import Frame, Office, frame_requests, office
from loket.logs import configure_logs
from loket.migrating import is_current
from loket.rooms import BLUEPRINTS, DELEN, KNOWN, NAV, OVER, PANELS
from loket.termijnen import ZONE
from loket.vault.broadcast import Broadcast
from loket.vault.kek.choice import open_kek
from loket.vault.vault import Vault
from loket.web import asset

SESSION_LASTS = timedelta(hours=1)
API_RATE = "600/minute"
MAX_UPLOAD = 12 * 1024 * 1024

TABLES = nouns.MODULES
"""Kept here, so that whoever knows the application knows every table."""


class PageSessions(RedisSessionInterface):  # type: ignore[misc]  # it has no types
    """Sessions of people at a screen, of whom several requests run side by side.

    A request that changes nothing writes nothing: while somebody types, a draft is
    kept, and that answer may come last. It may not undo what was told meanwhile, nor
    bring back a session that was ended.
    """

    def open_session(self, app: Flask, request: Request) -> SessionMixin | None:
        """A machine has no session: no cookie is read or set at the API."""
        if request.path.startswith(API):
            return None
        opened: SessionMixin = super().open_session(app, request)
        return opened

    def _upsert_session(
        self, session_lifetime: timedelta, session: ServerSideSession, store_id: str
    ) -> None:
        """Keep what was changed; else only let it last from now."""
        if session.modified:
            super()._upsert_session(session_lifetime, session, store_id)
        else:
            self.client.expire(store_id, session_lifetime)


def create_app(config: Config) -> Flask:
    """Build the application; it refuses to start when a door names no permission."""
    configure_logs(config.log_level)
    here = Path(__file__).parent
    templates = here / "templates"
    app = Frame(
        "loket",
        template_folder=str(
            templates if templates.is_dir() else here.parent / "templates"
        ),
        static_folder=str(here / "static"),
    )
    if config.trusted_proxies:
        # else everybody behind the proxy would share one address: limits and trail
        trusted = config.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask documents
            app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
        )
    redis = Redis.from_url(config.redis_url)
    _configure(app, config)
    vault = open_vault(config)
    refuse_foreign_keys(vault)
    database = open_database(config, vault)
    built = Office(config, database, vault, redis, PANELS, DELEN, KNOWN, OVER)
    frame_requests(app, built)
    csrf = CSRFProtect(app)
    app.session_interface = PageSessions(app, redis, "loket-session:")
    limiter = Limiter(
        get_remote_address,
        app=app,
        # flask-limiter names a socket otherwise than redis does
        storage_uri=config.redis_url.replace("unix://", "redis+unix://"),
        strategy="fixed-window",
        in_memory_fallback_enabled=True,
        key_prefix="loket-limit",
    )
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    add_api(app, csrf, limiter)
    _add_own_doors(app)
    _limit_doors(app, limiter)
    app.context_processor(_shell)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["ZONE"] = ZONE
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    _check_doors(app)
    # every tie between nouns is known and checked before the first request
    configure_mappers()
    return app


def _limit_doors(app: Flask, limiter: Limiter) -> None:
    """Let nobody guess at the login, nor fish by name at the search while typing."""
    views = app.view_functions
    for door in ("accounts.login", "accounts.second_step", "accounts.choose_password"):
        limited: Any = limiter.limit("30/minute", methods=["POST"])
        views[door] = limited(views[door])
    # one office is one address: here every person counts alone
    for door in ("intake.show_known", "contact.show_known"):
        known: Any = limiter.limit("40/minute", key_func=_who)
        views[door] = known(views[door])


def _who() -> str:
    return str(g.user.id) if g.user else get_remote_address()


def open_vault(config: Config) -> Vault:
    """Connect to the key store."""
    return Vault(
        make_engine(config.keystore_url, pool_size=4),
        open_kek(config),
        herald=Broadcast(config.redis_url),
    )


def refuse_foreign_keys(vault: Vault) -> None:
    """Do not begin with a KEK that does not open what is stored.

    Raises:
        WrongKek, KekMissing, KekAway: it says which version, and what to do.
    """
    try:
        vault.check()
    except SQLAlchemyError:
        return  # a key store that is away may come back: /readyz tells
    finally:
        # who forks after this shares no connection
        vault.engine.dispose()


def open_database(config: Config, vault: Vault) -> Database:
    """Connect to the database in the runtime role, with the vault at hand."""
    return Database(make_engine(config.database_url, pool_size=8), vault=vault)


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        PERMANENT_SESSION_LIFETIME=SESSION_LASTS,
        SESSION_COOKIE_NAME="__Host-loket" if config.secure_cookies else "loket",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=config.secure_cookies,
        API_RATE=API_RATE,
        API_TITLE="Loket",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=PREFIX,
        API_SPEC_OPTIONS={
            "info": {"description": "De Wmo-zaken van een gemeente."},
            "components": {
                "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
            },
            "security": [{"token": []}],
        },
    )


def _add_own_doors(app: Flask) -> None:
    app.add_url_rule("/", "start", requires(Permission.START_READ)(_start))
    app.add_url_rule("/hulp/toetsen", "hulp_toetsen", public(_show_keys))
    app.add_url_rule("/healthz", "healthz", public(_healthz))
    app.add_url_rule("/readyz", "readyz", public(_readyz))
    public(app.view_functions["static"])


def _start() -> ResponseReturnValue:
    """Bring everybody to where their work starts."""
    return redirect(url_for("vandaag.show_vandaag"), 303)


def _show_keys() -> ResponseReturnValue:
    """Tell how Loket works with the keyboard; for whoever logs in as well."""
    return render_template("hulp/toetsen.html")


def _healthz() -> ResponseReturnValue:
    """Say that the process lives."""
    return jsonify(status="ok")


def _readyz() -> ResponseReturnValue:
    """Say whether database, queue, migrations and keys are there."""
    built = office(current_app)
    checks: dict[str, Callable[[], object]] = {
        "database": lambda: g.session.execute(text("SELECT 1")),
        "queue": built.redis.ping,
        "migrations": _check_migrations,
        "keys": built.vault.check,
    }
    found = {name: _outcome(check) for name, check in checks.items()}
    ready = all(state == "ok" for state in found.values())
    return jsonify(found), 200 if ready else 503


def _outcome(check: Callable[[], object]) -> str:
    try:
        check()
    except (SQLAlchemyError, RedisError, LoketError) as error:
        return type(error).__name__
    return "ok"


def _check_migrations() -> None:
    if not is_current(g.session.connection()):
        raise NotConfigured("De database is niet bijgewerkt.")


def _check_doors(app: Flask) -> None:
    nameless = [
        n for n, view in app.view_functions.items() if not names_permission(view)
    ]
    if nameless:
        raise RuntimeError(f"these doors name no permission: {', '.join(nameless)}")


def _shell() -> dict[str, Any]:
    """Give every page its frame: navigation, who is there, when the session ends."""
    actor = g.get("actor")
    user = g.get("user")
    if user is None:
        return {"nav": []}
    return {
        "nav": list(_nav_for(actor)) if actor else [],
        "gebruiker": {
            "naam": user.naam,
            "rol": ", ".join(sorted(r.value.replace("_", " ") for r in actor.rollen))
            if actor
            else "",
        },
        "gemeente_naam": g.naam_werkplek,
        "aanzien": g.aanzien,
        "home_url": url_for("start"),
        "uitloggen_url": url_for("accounts.log_out"),
        "account_url": url_for("accounts.show_account"),
        "sessie_seconden": int(SESSION_LASTS.total_seconds()),
        "verleng_url": url_for("accounts.prolong"),
        "actor": actor,
    }


def _nav_for(actor: Any) -> Iterable[dict[str, Any]]:
    shown = [
        (item.label, url_for(item.endpoint))
        for item in NAV
        if actor.may(item.permission)
    ]
    here = [url for _, url in shown if f"{request.path}/".startswith(f"{url}/")]
    for label, url in shown:
        # of /aanbieder and /aanbieder/capaciteit only the longest is where we are
        yield {
            "label": label,
            "url": url,
            "active": url == max(here, key=len, default=""),
        }
