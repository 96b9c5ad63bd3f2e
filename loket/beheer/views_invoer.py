"""Doors to take in a table: choose it, see what it would do, and then do it."""

import csv
import io
import json
import zlib
from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.authz import Permission
from loket.beheer.invoer import Plan
from loket.beheer.operations_invoer import PLANNERS, import_rows
from loket.beheer.schemas_invoer import INVOER, BevestigSchema, Invoer, read_rows
from loket.beheer.tabel import FileError, Rij, lees_tabel
from loket.errors import NotFound
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("invoer", __name__, url_prefix="/beheer/invoer")
KEPT_SECONDS = 30 * 60
MOST_SHOWN = 200


def _known(soort: str) -> Invoer:
    found = INVOER.get(soort)
    if found is None:
        raise NotFound
    return found


@bp.get("/<soort>/voorbeeld.csv")
@requires(Permission.BEHEER_CHANGE)
def download_example(soort: str) -> ResponseReturnValue:
    """Give a table to fill in; a spreadsheet opens it as it is."""
    invoer = _known(soort)
    made = io.StringIO()
    writer = csv.writer(made, delimiter=";")
    writer.writerow(invoer.kolommen)
    writer.writerow(invoer.voorbeeld)
    answer = Response(made.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{soort}.csv"'
    return answer


@bp.route("/<soort>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def choose_file(soort: str) -> ResponseReturnValue:
    """Choose a table; nothing is done with it before it was shown."""
    invoer = _known(soort)
    form = Form()
    if request.method == "POST":
        sent = request.files.get("bestand")
        try:
            rijen = lees_tabel(sent.read() if sent else b"", invoer.kolommen)
        except FileError as error:
            form.add_error(error.field, error.message)
        else:
            merk = _keep(soort, rijen)
            return redirect(url_for(".confirm", soort=soort, merk=merk), 303)
    return form.page("beheer/invoer.html", invoer=invoer)


@bp.route("/<soort>/<merk>", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def confirm(soort: str, merk: str) -> ResponseReturnValue:
    """Show what the table would do, and do all of it or nothing."""
    invoer = _known(soort)
    form = Form(BevestigSchema())
    again = form.repeat() if request.method == "POST" else None
    if again:
        return again
    rows = read_rows(invoer, _kept(soort, merk))
    if request.method == "POST":

        def deed(**answers: Any) -> str:
            done = import_rows(
                g.session, g.actor, now(), soort=soort, rows=rows, merk=merk, **answers
            )
            flash(f"Ingelezen: {done.changes} wijzigingen.", "success")
            return url_for(
                "contracten.list_contracts"
                if soort == "tarieven"
                else "producten.list_products"
            )

        answer = form.submit(deed)
        if answer:
            return answer
    with g.session.no_autoflush:
        plan = PLANNERS[soort](g.session, g.actor, dag_van(now()), rows)
    return _show(form, invoer, merk, plan)


def _show(form: Form, invoer: Invoer, merk: str, plan: Plan) -> ResponseReturnValue:
    order = invoer.kolommen.index
    found = sorted(plan.fouten, key=lambda each: (each.nummer, order(each.kolom)))
    return form.page(
        "beheer/invoer_controle.html",
        invoer=invoer,
        merk=merk,
        plan=plan,
        fouten=found[:MOST_SHOWN],
        aantal_fouten=len(found),
        foute_rijen=len({each.nummer for each in found}),
        uitkomsten=[u for u in plan.uitkomsten if u.gevolg != "gelijk"][:MOST_SHOWN],
        most=MOST_SHOWN,
    )


def _keep(soort: str, rijen: list[Rij]) -> str:
    """Keep the table for a short time, sealed; its address is its hash."""
    plain = json.dumps([[r.nummer, r.cellen, r.formules] for r in rijen]).encode()
    merk = sha256(b"|".join([_owner(soort), plain])).hexdigest()
    sealed = _seal().encrypt(zlib.compress(plain))
    redis = current_app.extensions["loket"].redis
    redis.set(f"loket-invoer:{merk}", sealed, ex=KEPT_SECONDS)
    return merk


def _kept(soort: str, merk: str) -> list[Rij]:
    """Return exactly the table that was shown.

    Raises:
        NotFound: it is gone, or it is of somebody else.
    """
    redis = current_app.extensions["loket"].redis
    sealed = redis.get(f"loket-invoer:{merk}")
    if sealed is None:
        raise NotFound("De controle is verlopen. Kies het bestand opnieuw.")
    try:
        plain = zlib.decompress(_seal().decrypt(sealed))
    except InvalidToken:
        raise NotFound from None
    if sha256(b"|".join([_owner(soort), plain])).hexdigest() != merk:
        raise NotFound
    return [Rij(n, cellen, tuple(f)) for n, cellen, f in json.loads(plain)]


def _owner(soort: str) -> bytes:
    return f"{g.actor.gemeente_code}|{g.actor.id}|{soort}".encode()


def _seal() -> Fernet:
    """The seal of this installation for tables under way."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(urlsafe_b64encode(sha256(b"loket invoer|" + secret).digest()))
