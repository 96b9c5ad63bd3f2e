"""Doors: two records of one person made one, that undone, a wrong match put right."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.guards import requires
from loket.accounts.queries import staff_names
from loket.authz import Permission
from loket.bsn import mask_bsn
from loket.cases.dossier import (
    operations_samenvoegen,
    queries,
    queries_samenvoegen,
    woorden,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.overzicht import Treffer, make_treffers
from loket.cases.dossier.samenvoeging import SamenvoegReden
from loket.cases.dossier.schemas_samenvoegen import (
    JuisteClientSchema,
    SamenvoegSchema,
    VergelijkSchema,
)
from loket.datum import kort
from loket.errors import LoketError, NotFound
from loket.web import Form, now

bp = Blueprint("samenvoegen", __name__)
BEGIN = "dossier.search_inwoners"


@bp.post("/inwoners/vergelijken")
@requires(Permission.INWONER_MERGE)
def compare() -> ResponseReturnValue:
    """Put two people that were found beside each other."""
    chosen = (Form(VergelijkSchema()).load() or {}).get("inwoner", [])
    if len(set(chosen)) != 2:
        flash("Kies precies twee inwoners om samen te voegen. Zoek opnieuw.", "warning")
        return redirect(url_for(BEGIN), 303)
    first, second = (_read(each) for each in chosen)
    values = {"eerste": first.id, "tweede": second.id}
    form = Form(SamenvoegSchema(), values, sent=False)
    return _page(form, first, second)


@bp.get("/inwoners/vergelijken")
@requires(Permission.INWONER_MERGE)
def begin_again() -> ResponseReturnValue:
    """Send somebody who came back to this address to the search it begins with."""
    return redirect(url_for(BEGIN), 303)


@bp.post("/inwoners/samenvoegen")
@requires(Permission.INWONER_MERGE)
def merge() -> ResponseReturnValue:
    """Make two records one."""
    form = Form(SamenvoegSchema())
    first = _read_typed(request.form.get("eerste", ""))
    second = _read_typed(request.form.get("tweede", ""))

    def deed(
        eerste: UUID,
        tweede: UUID,
        blijft: UUID,
        reden: SamenvoegReden,
        geboortedatum_gecontroleerd: bool,
    ) -> str:
        if blijft not in (eerste, tweede):
            raise NotFound("Deze inwoner is niet gevonden.")
        stays, goes = (first, second) if blijft == first.id else (second, first)
        operations_samenvoegen.merge_inwoners(
            g.session,
            g.actor,
            now(),
            weg=goes,
            blijft=stays,
            reden=reden,
            geboortedatum_gecontroleerd=geboortedatum_gecontroleerd,
        )
        flash("De twee inwoners zijn samengevoegd.", "success")
        return url_for(".list_merges")

    return form.submit(deed) or _page(form, first, second)


def _read(inwoner_id: UUID) -> Inwoner:
    return queries.read_inwoner(g.session, g.actor, now(), inwoner_id)


def _read_typed(typed: str) -> Inwoner:
    try:
        return _read(UUID(typed))
    except ValueError:
        raise NotFound("Deze inwoner is niet gevonden.") from None


def _page(form: Form, *people: Inwoner) -> ResponseReturnValue:
    dossiers = queries.open_dossiers_of(
        g.session, g.actor, [each.id for each in people]
    )
    return form.page(
        "inwoner/vergelijken.html",
        mensen=people,
        rijen=[
            (label, *(_shown(each, name) for each in people))
            for name, label in woorden.VERGELEKEN.items()
        ],
        dossiers=[[d.referentie for d in dossiers.get(each.id, [])] for each in people],
        verschilt=len({each.geboortedatum for each in people if each.geboortedatum})
        > 1,
        redenen=list(woorden.SAMENVOEGREDEN.items()),
    )


def _shown(person: Inwoner, name: str) -> str:
    if name == "adres":
        return ", ".join(person.adresregels)
    value = getattr(person, name)
    if name == "bsn":
        return mask_bsn(str(value)) if value else ""
    if name == "geboortedatum":
        return kort(value) if value else ""
    return str(value or "")


@bp.get("/inwoners/samengevoegd")
@requires(Permission.INWONER_MERGE)
def list_merges() -> ResponseReturnValue:
    """Show the merges that stand, so that a wrong one can be undone."""
    found = queries_samenvoegen.list_samenvoegingen(g.session, g.actor, now())
    names = staff_names(g.session, [each.samenvoeging.made_by_id for each in found])
    return Form().page(
        "inwoner/samengevoegd.html",
        gevonden=found,
        namen=names,
        redenen=woorden.SAMENVOEGREDEN,
    )


@bp.route("/inwoners/samengevoegd/<uuid:merge_id>/terug", methods=["GET", "POST"])
@requires(Permission.INWONER_MERGE)
def undo(merge_id: UUID) -> ResponseReturnValue:
    """Part two people again."""
    samenvoeging = queries_samenvoegen.get_samenvoeging(g.session, g.actor, merge_id)
    form = Form()

    def deed() -> str:
        operations_samenvoegen.undo_merge(
            g.session, g.actor, now(), samenvoeging=samenvoeging
        )
        flash("De samenvoeging is teruggedraaid.", "success")
        return url_for(".list_merges")

    if request.method == "POST" and (answer := form.submit(deed)):
        return answer
    return form.page(
        "inwoner/terugdraaien.html",
        samenvoeging=samenvoeging,
        naam=_read(samenvoeging.blijft_id).naam,
        dossiers=queries.open_dossiers_of(
            g.session, g.actor, [samenvoeging.blijft_id]
        ).get(samenvoeging.blijft_id, []),
    )


@bp.route("/dossiers/<referentie>/juiste-client", methods=["GET", "POST"])
@requires(Permission.INWONER_MERGE)
def rematch(referentie: str) -> ResponseReturnValue:
    """Put a dossier on the name of the right person."""
    dossier = queries.get_dossier(g.session, g.actor, referentie)
    form = Form(JuisteClientSchema())
    treffers: list[Treffer] | None = None
    if request.method == "POST":
        if request.form.get("inwoner"):

            def deed(inwoner: UUID, **_: Any) -> str:
                client = queries.get_inwoner(g.session, g.actor, inwoner)
                operations_samenvoegen.rematch_dossier(
                    g.session, g.actor, now(), dossier=dossier, client=client
                )
                flash("Het dossier staat nu op de juiste naam.", "success")
                return url_for("dossier.show_dossier", referentie=referentie)

            if answer := form.submit(deed):
                return answer
        else:
            treffers = _search(form)
    return form.page(
        "inwoner/juiste_client.html",
        dossier=dossier,
        client=queries.get_client(g.session, dossier.id),
        treffers=treffers,
        keuzes=[
            (each.id, each.naam, f"Geboren {kort(each.geboortedatum)}. {each.adres}")
            for each in treffers or []
            if not each.afgeschermd and each.geboortedatum
        ],
    )


def _search(form: Form) -> list[Treffer] | None:
    answers = form.load()
    if answers is None:
        return None
    try:
        people = queries.search_inwoners(g.session, g.actor, now(), **answers)
    except LoketError as error:
        form.add_error(error.field, error.message)
        return None
    ids = [each.id for each in people]
    return make_treffers(people, {}, queries.shielded_among(g.session, g.actor, ids))
