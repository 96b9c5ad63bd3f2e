"""The draft of one form on one page: kept while typing, put back, dropped when sent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeTimedSerializer
from marshmallow import Schema
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from loket.accounts.user import User
from loket.authz import Actor
from loket.db import Scope, set_scope
from loket.drafts import operations, queries
from loket.drafts.device import DeviceSeal, device_seal
from loket.drafts.draft import Draft, DraftMoved, DraftOf
from loket.termijnen import ZONE

ASK = "_concept"
KEEP, DROP = "bewaar", "weg"
BASE = "_concept_versie"
OWNER = "_concept_van"
EDITED = "_versie"
"""Version of the text a form rewrites (`loket.editing`): a draft goes on from it."""
NEVER_KEPT = frozenset({"wachtwoord", "code", "csrf_token"})
MOST_WRITER = 64
RESCUE_LASTS = 3 * 24 * 3600
"""Seconds that a page which stayed open may still hand over what was typed."""


def clock(moment: datetime, now: datetime) -> str:
    """Say when a draft was kept: `14:03`, or `24-11 om 14:03` on another day."""
    there, here = moment.astimezone(ZONE), now.astimezone(ZONE)
    is_today = there.date() == here.date()
    return there.strftime("%H:%M" if is_today else "%d-%m om %H:%M")


class FormDraft:
    """What a form knows of its draft; `Form` in `loket.web` makes it."""

    def __init__(
        self,
        of: DraftOf,
        schema: Schema,
        writer: str,
        at: datetime,
        *,
        is_sent: bool,
    ) -> None:
        self.url = of.url or request.path
        self.door = of.door or self.url
        self.of = replace(of, url=self.url, door=self.door)
        self.gemeente = of.gemeente_of(g.actor)
        self.writer = writer
        self.at = at
        self.is_moved = False
        self.theirs: dict[str, str] = {}
        self.note = ""
        self._secrets = _secrets_of(schema)
        self._answers: Mapping[str, Any] = {}
        self._is_sent = is_sent
        self.version = _base() if is_sent else 0
        self.saved_at = ""
        if not is_sent:
            self._restore()

    @property
    def asked(self) -> str:
        """What was asked of the draft instead of the deed: keep, drop, or nothing."""
        return request.form.get(ASK, "") if self._is_sent else ""

    @property
    def is_restored(self) -> bool:
        """Whether this page begins with what was typed before."""
        return bool(self._answers)

    @property
    def owner(self) -> str:
        """Signed name of whose draft this is: for when the session is gone."""
        of, user = self.of, g.user
        told = [of.form, of.label, of.subject, of.url, of.door]
        ids = [str(each or "") for each in (of.dossier_id, g.actor.aanbieder_id)]
        return _signer().dumps([user.get_id(), self.gemeente, *told, *ids])

    @property
    def device(self) -> DeviceSeal:
        """Where and under which key the device keeps it without a connection."""
        of = self.of
        return device_seal(
            str(current_app.config["SECRET_KEY"]),
            str(g.actor.id),
            self.gemeente,
            of.form,
            of.subject,
        )

    def restored(self, name: str) -> list[str] | None:
        """Return what was typed in this field before; None: there is no draft."""
        if not self._answers:
            return None
        return [str(text) for text in self._answers.get(name, ())]

    def hold(self) -> None:
        """Let this form and its autosave wait for each other."""
        queries.hold(g.session, g.actor, self.of)

    def moved(self) -> bool:
        """Tell whether another screen went on with it; then both must be shown."""
        draft = queries.find_draft(g.session, g.actor, self.of)
        try:
            operations.check_base(draft, self.writer, self.version)
        except DraftMoved as moved:
            self._show_both(draft, moved)
            return True
        return False

    def drop(self, grond: str = "verstuurd") -> None:
        """Take it away with the deed that the form carried out."""
        draft = queries.find_draft(g.session, g.actor, self.of)
        if draft is not None:
            operations.drop_draft(g.session, g.actor, self.at, draft=draft, grond=grond)

    def answer(self) -> ResponseReturnValue | None:
        """Keep or drop as was asked; None: the page must show that it moved on."""
        self.hold()
        if self.asked == DROP:
            self.drop("weggegooid")
            flash("Het concept is weggegooid.", "success")
            return redirect(self.url, 303)
        sent = queries.sent_to(g.session, g.actor, self.writer)
        if sent is not None:
            return _told("Dit formulier is al verstuurd.") or redirect(sent, 303)
        try:
            draft = self._save({})
        except DraftMoved as moved:
            return self._refuse(moved)
        note = f"Concept bewaard om {clock(draft.saved_at, self.at)}"
        if answer := _told(note, version=draft.version):
            return answer
        flash(f"{note}. U kunt later verder.", "success")
        return redirect(self.url, 303)

    def amend(self, **changed: str) -> ResponseReturnValue | None:
        """Keep what was typed with these changes, and show the page with them.

        None: the page must show that the draft moved on.
        """
        self.hold()
        sent = queries.sent_to(g.session, g.actor, self.writer)
        if sent is not None:
            return redirect(sent, 303)
        try:
            self._save({name: [text] for name, text in changed.items()})
        except DraftMoved as moved:
            return self._refuse(moved)
        return redirect(self.url, 303)

    def _save(self, changed: dict[str, list[str]]) -> Draft:
        return operations.save_draft(
            g.session,
            g.actor,
            self.at,
            of=self.of,
            answers=kept_answers(request.form, self._secrets) | changed,
            writer=self.writer,
            base=self.version,
        )

    def _restore(self) -> None:
        draft = self._kept_here().get(self.of.form)
        if draft is None:
            return
        opened = operations.read_draft(g.session, g.actor, self.at, draft=draft)
        self._answers = opened
        self.version = draft.version
        self.saved_at = clock(draft.saved_at, self.at)

    def _kept_here(self) -> dict[str, Draft]:
        """Look once for all the forms of a page that are about the same."""
        looked: dict[tuple[str, str], dict[str, Draft]] = g.setdefault("drafts", {})
        place = self.gemeente, self.of.subject
        if place not in looked:
            looked[place] = queries.find_drafts(g.session, g.actor, self.of)
        return looked[place]

    def _refuse(self, moved: DraftMoved) -> ResponseReturnValue | None:
        if answer := _told(moved.message, version=self.version, both=True):
            return answer
        draft = queries.find_draft(g.session, g.actor, self.of)
        self._show_both(draft, moved)
        return None

    def _show_both(self, draft: Draft | None, moved: DraftMoved) -> None:
        """Put the other version beside what stands here; the next save goes on."""
        self.is_moved = True
        self.note = moved.message
        self.version = draft.version if draft else 0
        if draft is None:
            return
        self.saved_at = clock(draft.saved_at, self.at)
        theirs = operations.read_draft(g.session, g.actor, self.at, draft=draft)
        for name, texts in theirs.items():
            if name == EDITED:
                continue
            if [str(text) for text in texts] != request.form.getlist(name):
                self.theirs[name.replace("_", " ")] = ", ".join(map(str, texts))


def start_draft(of: DraftOf, answers: Mapping[str, str], at: datetime) -> None:
    """Begin a draft with what is known already, so that its page opens with it."""
    operations.save_draft(
        g.session,
        g.actor,
        at,
        of=of,
        answers={name: [text] for name, text in answers.items()},
        writer="",
        base=0,
    )


def kept_answers(
    typed: MultiDict[str, str], secrets: frozenset[str]
) -> dict[str, list[str]]:
    """Take what may be kept of a form: no secret, nothing of the form itself."""
    return {
        name: texts
        for name, texts in typed.lists()
        if name == EDITED or (not name.startswith("_") and name not in secrets)
    }


def rescue(session: Session, at: datetime) -> str | None:
    """Keep what was sent after the session ended, as a draft of its author.

    The page itself says, signed, whose it is; only that person reads it, after a
    login. Returns the page that shows it again, or None when it cannot be kept.
    """
    try:
        told = _signer().loads(request.form.get(OWNER, ""), max_age=RESCUE_LASTS)
        login, gemeente, form, label, subject, url, door, dossier, aanbieder = told
    except (BadData, ValueError):
        return None
    user = session.get(User, UUID(login.partition(":")[0]))
    writer = _sent_writer()
    if user is None or not user.is_active or user.get_id() != login or not writer:
        return None
    aanbieder_id = UUID(aanbieder) if aanbieder else None
    by = Actor(user.id, user.naam, frozenset(), (gemeente,), aanbieder_id)
    set_scope(session, Scope((gemeente,), aanbieder_id))
    dossier_id = UUID(dossier) if dossier else None
    of = DraftOf(form, label, subject, url, dossier_id, door, gemeente)
    if queries.sent_to(session, by, writer) is not None:
        return None
    try:
        with session.begin_nested():
            operations.save_draft(
                session,
                by,
                at,
                of=of,
                answers=kept_answers(request.form, NEVER_KEPT),
                writer=writer,
                base=_base(),
            )
    except DraftMoved:
        return None
    return str(url)


def _sent_writer() -> str:
    """Return the submit token as it was sent; one that we did not make is none."""
    sent = request.form.get("_verzending", "")
    return sent if sent.isprintable() and len(sent) <= MOST_WRITER else ""


def is_fragment() -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request") == "true"


def _told(note: str, version: int = 0, *, both: bool = False) -> str | None:
    """Say it beside the button, when htmx asked; else None."""
    if not is_fragment():
        return None
    return render_template("drafts/status.html", note=note, version=version, both=both)


def _secrets_of(schema: Schema) -> frozenset[str]:
    marked = {n for n, f in schema.fields.items() if f.metadata.get("secret")}
    return NEVER_KEPT | marked


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="draft")


def _base() -> int:
    """Read which version the page saw last: each autosave adds what it became."""
    text = request.form.getlist(BASE)[-1:] or ["0"]
    return _whole(text[0])


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
