"""The roof: configuration in, application out; it alone knows every room."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Flask,
    Request,
    current_app,
    g,
    jsonify,
    redirect,
    request,
    url_for,
)
from flask.sessions import SessionMixin
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_session import Session as ServerSession
from flask_wtf.csrf import CSRFProtect
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import configure_mappers
from werkzeug.middleware.proxy_fix import ProxyFix

from loket import nouns, vandaag
from loket.accounts import views as accounts_views
from loket.accounts import views_collega, views_vervanging
from loket.accounts.guards import API, names_permission, public, requires
from loket.api import PREFIX
from loket.apideuren import add_api
from loket.authz import Permission
from loket.beheer import vandaag as beheer_vandaag
from loket.beheer.views_all import DOORS as BEHEER_DOORS
from loket.cases.besluit import vandaag as besluit_vandaag
from loket.cases.besluit import views as besluit_views
from loket.cases.besluit import views_beschikking, views_contact, views_regel
from loket.cases.besluit.queries_lopend import lopend_van
from loket.cases.dossier import vandaag as dossier_vandaag
from loket.cases.dossier import (
    vandaag_terugbellen,
    views_inwoner,
    views_inzage,
    views_notitie,
    views_post,
    views_samenvoegen,
    views_taken,
    views_terugbellen,
    views_verdelen,
    views_weergave,
    views_werkvoorraad,
)
from loket.cases.dossier import views as dossier_views
from loket.cases.melding import vandaag as melding_vandaag
from loket.cases.melding import views as melding_views
from loket.cases.melding import views_intake
from loket.cases.onderzoek import panel as onderzoek_panel
from loket.cases.onderzoek import vandaag as onderzoek_vandaag
from loket.cases.onderzoek import views as onderzoek_views
from loket.cases.onderzoek import (
    views_behoefte,
    views_bezoek,
    views_gepland,
    views_verslag,
)
from loket.config import Config
from loket.db import Database, make_engine
from loket.errors import LoketError, NotConfigured
from loket.frame import Frame, Office, frame_requests, office
from loket.iwmo import vandaag as iwmo_vandaag
from loket.iwmo import views as iwmo_views
from loket.logs import configure_logs
from loket.migrating import is_current
from loket.pgb import views as pgb_views
from loket.providers import vandaag as providers_vandaag
from loket.providers import views as providers_views
from loket.providers import views_aanbieder, views_levering, views_lijst, views_overleg
from loket.reports import vandaag as reports_vandaag
from loket.reports import views as reports_views
from loket.termijnen import ZONE
from loket.vandaag import DeelMaker
from loket.vault.vault import Vault
from loket.web import KnownNotes, NavItem, PanelMaker, asset

SESSION_LASTS = timedelta(hours=1)
API_RATE = "600/minute"
MAX_UPLOAD = 12 * 1024 * 1024

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_views.bp,
    vandaag.bp,
    views_vervanging.bp,
    views_collega.bp,
    views_werkvoorraad.bp,
    views_verdelen.bp,
    views_weergave.bp,
    dossier_views.bp,
    views_inwoner.bp,
    views_taken.bp,
    views_post.bp,
    views_samenvoegen.bp,
    views_notitie.bp,
    views_inzage.bp,
    melding_views.bp,
    views_intake.bp,
    onderzoek_views.bp,
    views_behoefte.bp,
    views_verslag.bp,
    views_bezoek.bp,
    views_gepland.bp,
    besluit_views.bp,
    views_beschikking.bp,
    views_regel.bp,
    views_contact.bp,
    views_terugbellen.bp,
    pgb_views.bp,
    providers_views.bp,
    views_aanbieder.bp,
    views_lijst.bp,
    views_overleg.bp,
    views_levering.bp,
    reports_views.bp,
    *BEHEER_DOORS,
    iwmo_views.bp,
)

NAV: tuple[NavItem, ...] = (
    NavItem("Vandaag", "vandaag.show_vandaag", Permission.START_READ),
    NavItem(
        "Werkvoorraad",
        "werkvoorraad.show_werkvoorraad",
        Permission.WERKVOORRAAD_READ,
    ),
    NavItem("Caseload", "verdelen.show_caseload", Permission.DOSSIER_ASSIGN),
    NavItem("Taken", "taken.show_taken", Permission.WERKVOORRAAD_READ),
    NavItem(
        "Terugbellen", "terugbellen.list_terugbellen", Permission.WERKVOORRAAD_READ
    ),
    NavItem("Inwoner zoeken", "dossier.search_inwoners", Permission.INWONER_SEARCH),
    NavItem("Post", "post.list_post", Permission.POST_HANDLE),
    NavItem("Berichten", "iwmo.list_berichten", Permission.BERICHT_READ),
    NavItem("Pgb-tarieven", "pgb.tarieven", Permission.BEHEER_CHANGE),
    NavItem("Verzoeken", "aanbieder.show_inbox", Permission.PLAATSING_ANSWER),
    NavItem(
        "Toewijzingen",
        "aanbiederlijst.show_toewijzingen",
        Permission.TOEWIJZING_REPORT,
    ),
    NavItem("Capaciteit", "aanbieder.show_capaciteit", Permission.PLAATSING_ANSWER),
    NavItem("Collega's", "collegas.show_collegas", Permission.COLLEGA_MANAGE),
    NavItem("Beheer", "beheer.show_beheer", Permission.BEHEER_READ),
    NavItem("Logboek", "beheer.show_logboek", Permission.AUDIT_READ),
    NavItem("Beleid in cijfers", "reports.show_beleid", Permission.BELEID_READ),
)

PANELS: tuple[PanelMaker, ...] = (
    melding_views.melding_panel,
    views_terugbellen.terugbel_panel,
    onderzoek_panel.show_panel,
    besluit_views.besluit_panel,
    pgb_views.pgb_panel,
    providers_views.placing_panel,
    views_overleg.overleg_panel,
    iwmo_views.berichten_panel,
)

KNOWN: tuple[KnownNotes, ...] = (lopend_van,)

TABLES = nouns.MODULES
"""Kept here, so that whoever knows the application knows every table."""

DELEN: tuple[DeelMaker, ...] = (
    dossier_vandaag.show_parts,
    vandaag_terugbellen.show_parts,
    melding_vandaag.show_parts,
    onderzoek_vandaag.show_parts,
    besluit_vandaag.show_parts,
    providers_vandaag.show_parts,
    iwmo_vandaag.show_parts,
    reports_vandaag.show_parts,
    beheer_vandaag.show_parts,
)
"""What each room tells on the page where everybody starts."""


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
    _configure(app, config, redis)
    vault = open_vault(config)
    database = open_database(config, vault)
    built = Office(config, database, vault, redis, PANELS, DELEN, KNOWN)
    frame_requests(app, built)
    csrf = CSRFProtect(app)
    ServerSession(app)
    _keep_sessions_for_pages(app)
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


def _keep_sessions_for_pages(app: Flask) -> None:
    """A machine has no session: no cookie is read or set at the API."""
    opened = app.session_interface.open_session

    def open_session(app: Flask, asked: Request) -> SessionMixin | None:
        return None if asked.path.startswith(API) else opened(app, asked)

    app.session_interface.open_session = open_session  # type: ignore[assignment,method-assign]  # bound already


def open_vault(config: Config) -> Vault:
    """Connect to the key store."""
    return Vault(make_engine(config.keystore_url, pool_size=4), config.kek)


def open_database(config: Config, vault: Vault) -> Database:
    """Connect to the database in the runtime role, with the vault at hand."""
    return Database(make_engine(config.database_url, pool_size=8), vault=vault)


def _configure(app: Flask, config: Config, redis: Redis) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_TYPE="redis",
        SESSION_REDIS=redis,
        SESSION_KEY_PREFIX="loket-session:",
        SESSION_PERMANENT=True,
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
    app.add_url_rule("/healthz", "healthz", public(_healthz))
    app.add_url_rule("/readyz", "readyz", public(_readyz))
    public(app.view_functions["static"])


def _start() -> ResponseReturnValue:
    """Bring everybody to where their work starts."""
    return redirect(url_for("vandaag.show_vandaag"), 303)


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
