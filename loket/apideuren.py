"""Every door for machines, opened under one limit."""

from flask import Flask, g
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

from loket.accounts.guards import public
from loket.api import Api, ApiBlueprint
from loket.cases.besluit import api as besluit_api
from loket.cases.besluit import api_beschikking
from loket.cases.dossier import api as dossier_api
from loket.cases.melding import api as melding_api
from loket.cases.onderzoek import api as onderzoek_api
from loket.providers import api as providers_api
from loket.providers import api_aanbieder

BLUEPRINTS: tuple[ApiBlueprint, ...] = (
    melding_api.bp,
    dossier_api.bp,
    onderzoek_api.bp,
    besluit_api.bp,
    api_beschikking.bp,
    providers_api.bp,
    api_aanbieder.bp,
)


def add_api(app: Flask, csrf: CSRFProtect, limiter: Limiter) -> None:
    """Open the doors for machines: no cookie, so no CSRF; a limit for each token."""
    api = Api(app)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)
        limiter.limit(lambda: app.config["API_RATE"], key_func=_token_or_address)(
            blueprint
        )
        api.register_blueprint(blueprint)
    public(app.view_functions["api-docs.openapi_json"])


def _token_or_address() -> str:
    return str(g.get("token_id") or get_remote_address())
