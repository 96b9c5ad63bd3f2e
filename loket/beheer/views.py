"""Doors of the beheerder and the privacy officer: no case content behind them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask import Blueprint, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import opens, requires
from loket.audit.action import Action
from loket.audit.operations import record
from loket.authz import Permission
from loket.beheer.wegwijzer import WEGWIJZER
from loket.outbox.operations import revive_promise
from loket.outbox.promise import Promise
from loket.outbox.queries import list_unkept
from loket.web import now

bp = Blueprint("beheer", __name__)


@bp.get("/beheer")
@requires(Permission.BEHEER_READ)
def show_beheer() -> ResponseReturnValue:
    """Show the work that stands still, and what it waits for."""
    promises = list_unkept(g.session, g.actor)
    record(g.session, g.actor, Action.BEHEER_READ, at=now())
    return render_template(
        "beheer/beheer.html",
        groepen=_open_doors(),
        dood=[p for p in promises if p.dead_at],
        wacht=_waiting([p for p in promises if not p.dead_at]),
    )


def _open_doors() -> dict[str, list[dict[str, str]]]:
    """Return, in each group, the doors that open for this actor."""
    found = {
        groep: [
            {
                "label": deur.label,
                "hint": deur.hint,
                "url": url_for(deur.endpoint, soort=deur.soort, _anchor=deur.anker),
            }
            for deur in deuren
            if opens(deur.endpoint)
        ]
        for groep, deuren in WEGWIJZER.items()
    }
    return {groep: doors for groep, doors in found.items() if doors}


def _waiting(promises: Iterable[Promise]) -> list[tuple[str, str, int, datetime]]:
    """Tell once what waits for the same thing: what, for what, how many, since when."""
    since: dict[tuple[str, str], list[datetime]] = {}
    for each in promises:
        since.setdefault((each.opdracht, each.waits_for or ""), []).append(each.made_at)
    return [(*what, len(made), min(made)) for what, made in since.items()]


@bp.post("/beheer/opdrachten/<uuid:promise_id>/opnieuw")
@requires(Permission.BEHEER_CHANGE)
def retry_promise(promise_id: UUID) -> ResponseReturnValue:
    """Try a dead letter again."""
    revive_promise(g.session, g.actor, now(), promise_id=promise_id)
    return redirect(url_for(".show_beheer"), 303)


@bp.get("/beheer/bouwstenen")
@requires(Permission.BEHEER_READ)
def show_bouwstenen() -> ResponseReturnValue:
    """Show every building block of the pages in every state."""
    return render_template("beheer/bouwstenen.html")
