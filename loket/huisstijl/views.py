"""Doors to the style sheet and the logo of a gemeente, which a browser may keep."""

from uuid import UUID

from flask import Blueprint, Response, g
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.errors import NotFound
from loket.huisstijl.queries import get_huisstijl
from loket.huisstijl.thema import thema_css, thema_merk

bp = Blueprint("huisstijl", __name__, url_prefix="/huisstijl")

KEPT = frozenset({"huisstijl.show_thema", "huisstijl.show_logo"})
"""Doors whose answer never changes: the hash of what is behind them is in the address.

No page of somebody's, so a browser keeps it; not a cache that others share.
"""
DRAWN_ONLY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For who opens the logo itself: it may say how it is drawn, and do nothing."""


@bp.get("/<uuid:huisstijl_id>/<merk>/thema.css")
@requires(Permission.START_READ)
def show_thema(huisstijl_id: UUID, merk: str) -> ResponseReturnValue:
    """Give the colours of the gemeente."""
    row = get_huisstijl(g.session, g.actor, huisstijl_id)
    if merk != thema_merk(row.accent, row.tweede):
        raise NotFound
    return Response(thema_css(row.accent, row.tweede), mimetype="text/css")


@bp.get("/<uuid:huisstijl_id>/<merk>/logo")
@requires(Permission.START_READ)
def show_logo(huisstijl_id: UUID, merk: str) -> ResponseReturnValue:
    """Give the logo of the gemeente, as a picture and nothing else."""
    row = get_huisstijl(g.session, g.actor, huisstijl_id, logo=True)
    logo = row.beeld
    if logo is None or merk != row.logo_merk:
        raise NotFound
    answer = Response(logo.inhoud, mimetype=logo.soort.mimetype)
    answer.headers["Content-Security-Policy"] = DRAWN_ONLY
    answer.headers["Content-Disposition"] = f"inline; filename=logo.{logo.soort.value}"
    return answer
