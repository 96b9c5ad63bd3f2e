"""Doors to how the gemeente looks: through time, tried first, from a day on."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, g, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from loket.accounts.guards import requires
from loket.accounts.perioden import Vanaf
from loket.accounts.queries import get_gemeente
from loket.authz import Permission
from loket.beheer.page import end_page, history, known, line_of, newest, press
from loket.beheer.schemas_aanbod import HuisstijlSchema
from loket.errors import LoketError, NotFound, RuleViolation
from loket.huisstijl.huisstijl import Huisstijl
from loket.huisstijl.kleur import (
    STANDAARD,
    balk_of,
    check_accent,
    check_tweede,
    read_kleur,
)
from loket.huisstijl.logo import MOST_BYTES, Logo, read_logo
from loket.huisstijl.operations import (
    end_huisstijl,
    set_huisstijl,
    withdraw_huisstijl,
)
from loket.huisstijl.queries import list_huisstijl
from loket.huisstijl.thema import thema_css
from loket.letters.compose import LetterError, render_letter
from loket.letters.queries import afzender
from loket.letters.tekst import defaults
from loket.letters.voorbeeld import example
from loket.termijnen import dag_van
from loket.web import Form, now

bp = Blueprint("stijl", __name__, url_prefix="/beheer/huisstijl")

KLEUREN = ("accent", "tweede")
NO_COLOUR = "#000000"
"""What a colour picker shows for what is no colour: it is never empty."""
TRIED_WITH = "ontvangstbevestiging"
SHOWN = {"Content-Disposition": 'inline; filename="voorbeeld-huisstijl.pdf"'}


@dataclass(frozen=True)
class Keuze:
    """What somebody chose, checked."""

    accent: str
    tweede: str | None
    logo: Logo | None

    @property
    def colours(self) -> dict[str, str]:
        """The colours as an address holds them."""
        return {"accent": self.accent[1:], "tweede": (self.tweede or "")[1:]}

    def row(self) -> Huisstijl:
        """Return it as a house style that nobody keeps."""
        row = Huisstijl(accent=self.accent, tweede=self.tweede)
        row.wear(self.logo)
        return row


@bp.route("", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def change() -> ResponseReturnValue:
    """Show the house style through time, try another one, and let it hold."""
    form = Form(HuisstijlSchema(), _start(_standing()))
    if request.method == "GET":
        return _page(form)
    _take_picked(form)
    wanted = request.form.get("voorbeeld")
    keuze = _read(form)
    if not wanted:
        form.load()  # all that is wrong, at once
    if keuze is None or form.has_errors:
        return _page(form)
    pdf = _letter(form, keuze)
    if pdf is None or wanted == "scherm":
        return _page(form, keuze if pdf else None)
    if wanted:
        return Response(pdf, mimetype="application/pdf", headers=SHOWN)

    def deed(van: Any, terugwerkend: bool, reden: str, stand: str, **_: Any) -> str:
        set_huisstijl(
            g.session,
            g.actor,
            now(),
            accent=keuze.accent,
            tweede=keuze.tweede,
            logo=keuze.logo,
            vanaf=Vanaf(van, terugwerkend, reden, stand),
        )
        return url_for(".change")

    return form.submit(deed) or _page(form)


def _standing() -> Huisstijl | None:
    rows = list_huisstijl(g.session, g.actor)
    return newest(line_of(rows)) if rows else None


def _start(row: Huisstijl | None) -> dict[str, Any]:
    return {"accent": row.accent if row else STANDAARD, "tweede": row and row.tweede}


def _take_picked(form: Form) -> None:
    """Let a colour that was picked stand in its text, where nobody typed another.

    With a script the two are equal; without one only the text is what counts, and
    this lets the picker count as well.
    """
    typed: MultiDict[str, str] = MultiDict(form.typed or {})
    began = [typed.get(f"{name}_begin", "") for name in KLEUREN]
    shown = _pickers(*began)
    for name, text in zip(KLEUREN, began, strict=True):
        picked = typed.get(f"{name}_kiezer") or shown[name]
        if typed.get(name, "") == text and picked != shown[name]:
            typed[name] = picked
    form.typed = typed


def _pickers(accent: str, tweede: str) -> dict[str, str]:
    """Return what the pickers show; without a second colour that of the bar then."""
    main = _shown(accent)
    return {
        "accent": main,
        "tweede": _shown(tweede) if tweede.strip() else balk_of(main, None),
    }


def _shown(text: str) -> str:
    try:
        return read_kleur(text, "")
    except RuleViolation:
        return NO_COLOUR


def _read(form: Form) -> Keuze | None:
    """Read colours and logo, each with what is wrong at its own field."""
    found: dict[str, Any] = {}
    for name, read in (
        ("accent", _read_accent),
        ("tweede", _read_tweede),
        ("logo", _read_logo),
    ):
        try:
            found[name] = read(form)
        except LoketError as error:
            form.add_error(error.field or name, error.message)
    if form.has_errors:
        return None
    return Keuze(**found)


def _read_accent(form: Form) -> str:
    typed = str(form.value("accent")).strip()
    if not typed:
        raise RuleViolation("Vul de hoofdkleur in.", "accent")
    kleur = read_kleur(typed, "accent")
    check_accent(kleur)
    return kleur


def _read_tweede(form: Form) -> str | None:
    typed = str(form.value("tweede")).strip()
    if not typed:
        return None
    kleur = read_kleur(typed, "tweede")
    check_tweede(kleur)
    return kleur


def _read_logo(form: Form) -> Logo | None:
    """Return the logo: sent now, sent with the try before, or the one of before.

    The form carries a logo that was tried along; it is checked again, as anything
    that comes from a browser.
    """
    sent = request.files.get("logo")
    raw = sent.stream.read(MOST_BYTES + 1) if sent and sent.filename else None
    if form.value("zonder_logo"):
        if raw is not None:
            raise RuleViolation(
                "U koos een bestand en ook “Geen logo”. Kies een van de twee.", "logo"
            )
        return None
    if raw is None and form.value("logo_bewaard"):
        raw = _unpack(str(form.value("logo_bewaard")))
    if raw is None:
        row = _standing()
        return row.beeld if row else None
    logo = read_logo(raw)
    if isinstance(form.typed, MultiDict):
        form.typed["logo_bewaard"] = _packed(logo)
    return logo


def _packed(logo: Logo) -> str:
    return base64.b64encode(logo.inhoud).decode()


def _unpack(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise RuleViolation("Kies het logo opnieuw.", "logo") from None


def _letter(form: Form, keuze: Keuze) -> bytes | None:
    """Make a letter about nobody in this style; None: the logo does not let itself.

    Made before anything is kept: a logo that no letter can hold would stop them all.
    """
    gemeente = get_gemeente(g.session, g.actor.gemeente_code)
    day = dag_van(now())
    writer = afzender(gemeente, keuze.row())
    tekst = defaults()[TRIED_WITH]
    try:
        return render_letter(example(TRIED_WITH, tekst, gemeente, writer, day))
    except LetterError as error:
        form.add_error("logo", error.message)
        return None


def _page(form: Form, proef: Keuze | None = None) -> ResponseReturnValue:
    rows = list_huisstijl(g.session, g.actor)
    logo = proef.logo if proef else None
    return form.page(
        "beheer/huisstijl.html",
        proef=proef,
        proef_logo=f"data:{logo.soort.mimetype};base64,{_packed(logo)}" if logo else "",
        kiezers=_pickers(*(str(form.value(name)) for name in KLEUREN)),
        staand=newest(line_of(rows)) if rows else None,
        most_kb=MOST_BYTES // 1024,
        **history(rows, g.actor.gemeente_code, Huisstijl.__tablename__),
    )


@bp.get("/proef.css")
@requires(Permission.BEHEER_CHANGE)
def show_proef() -> ResponseReturnValue:
    """Give the colours of a style that nobody keeps yet."""
    accent, tweede = (request.args.get(name, "") for name in KLEUREN)
    try:
        css = thema_css(
            read_kleur(accent, "accent"),
            read_kleur(tweede, "tweede") if tweede else None,
        )
    except RuleViolation:
        raise NotFound from None
    return Response(css, mimetype="text/css")


@bp.route("/einde", methods=["GET", "POST"])
@requires(Permission.BEHEER_CHANGE)
def end() -> ResponseReturnValue:
    """Look as Loket does after a day."""
    rows = known(list_huisstijl(g.session, g.actor))

    def deed(vanaf: Vanaf) -> str:
        end_huisstijl(g.session, g.actor, now(), vanaf=vanaf)
        return url_for(".change")

    return end_page(
        "Huisstijl beëindigen",
        [("Huisstijl", url_for(".change"))],
        [
            "Na deze dag hebben schermen en brieven de kleuren van Loket.",
            "Brieven die al zijn gemaakt, veranderen niet.",
        ],
        rows,
        deed,
    )


@bp.post("/<uuid:row_id>/intrekken")
@requires(Permission.BEHEER_CHANGE)
def withdraw(row_id: UUID) -> ResponseReturnValue:
    """Take back a style that does not hold yet."""

    def deed() -> str:
        withdraw_huisstijl(g.session, g.actor, now(), row_id=row_id)
        return url_for(".change")

    return press(deed)
