"""The lock on a door: every view names one permission, or says it is public."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from loket.authz import Actor, Permission

View = Callable[..., Any]
API = "/api/"
"""Where machines come in: with a token, never with a login."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Open this door only to actors with the permission; strangers go to the login."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if g.actor is None:
                return _turn_away()
            actor: Actor = g.actor
            actor.require(permission)
            return view(*args, **kwargs)

        guarded.__dict__["permission"] = permission
        return guarded

    return guard


def public(view: View) -> View:
    """Mark a door that strangers may use: the login, the health checks."""
    view.__dict__["permission"] = None
    return view


def signed_in(view: View) -> View:
    """Open this door to everyone with a login, whatever their role (own account)."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if g.user is None:
            return _turn_away()
        return view(*args, **kwargs)

    guarded.__dict__["permission"] = "signed_in"
    return guarded


def _turn_away() -> ResponseReturnValue:
    """Pages send to the login; everything else answers 401."""
    if request.path.startswith(API):
        raise Unauthorized
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        if g.user is not None:
            return redirect(url_for("accounts.choose_werkplek"), 303)
        return redirect(url_for("accounts.login", verder=request.full_path), 303)
    raise Unauthorized


def names_permission(view: View) -> bool:
    """Whether this door says who may come in; without it the app does not start."""
    return "permission" in view.__dict__


def opens(endpoint: str) -> bool:
    """Whether this door is there and lets in who is asking, by its permission."""
    view = current_app.view_functions.get(endpoint)
    return view is not None and g.actor.may(view.__dict__["permission"])
