"""What every page shares: forms, assets, navigation, panels."""

import json
import re
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.datastructures import MultiDict

from loket.accounts.verzending import Verzending
from loket.authz import Actor
from loket.db import is_clash
from loket.drafts.draft import DraftOf
from loket.drafts.page import FormDraft
from loket.editing import BASE, Edits, FormEdit
from loket.errors import CLASH, LoketError, NotAllowed, NotFound
from loket.formfields import FormSchema
from loket.shown import MARK, Moved, Shown

_MANIFEST = Path(__file__).with_name("static") / "manifest.json"
SUBMIT_FIELD = "_verzending"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def now() -> datetime:
    """Return the moment of this request; the domain never asks a clock."""
    moment: datetime = g.get("at") or datetime.now(UTC)
    return moment


@cache
def _assets() -> Mapping[str, str]:
    names: dict[str, str] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return names


def asset(name: str) -> str:
    """Return the URL of a file of the look, by the name it had before its hash."""
    return url_for("static", filename=_assets()[name])


class Form:
    """One form on one page: what was typed, what is wrong, and doing it once.

    With `draft` the form is kept while somebody types, sealed and only for its author:

        form = Form(GesprekSchema(), values, draft=DraftOf(
            "gesprek", f"Gesprek in {referentie}", referentie, dossier_id=dossier.id))

    That is all: the page shows the form through `ui.form`, GET puts the draft back,
    the autosave and the button "Bewaar als concept" post to the door of the form
    itself (so under its permission), and the deed takes the draft away with it. A view
    that looks at the answers before `submit` asks `form.is_about_draft` first. A
    field with `metadata={"secret": True}` is never kept, nor is an upload. What stands
    on a page whose address is not that of its GET, gives `DraftOf.url`.
    `loket.drafts.queries.list_drafts` finds the drafts of one person.

    With `edits` the form rewrites a text that somebody else may rewrite as well: it
    carries the version it began from, and when that is not the last one it comes back
    with both (409), field by field, to choose or to join:

        form = Form(OnderwerpSchema(), edits=Edits(
            f"onderwerp:{onderzoek.id}:a", standing, LABELS, dossier.id))

    With `shown` the form approves what its page shows: it carries a mark of that, and
    when something is different by the time it is sent, nothing is done and the page
    comes back as it is now (409).

    Where several forms stand on one page, `part` keeps fields of the same name apart:
    a label must lead to its own field. `sent=False` says that this is not the one that
    was sent: it starts as it would on a page that is only looked at.
    """

    def __init__(
        self,
        schema: Schema | None = None,
        values: Mapping[str, Any] | None = None,
        *,
        draft: DraftOf | None = None,
        edits: Edits | None = None,
        shown: Shown | None = None,
        part: str = "",
        sent: bool = True,
    ) -> None:
        self.schema = schema or FormSchema()
        self.part = f"{part}-" if part else ""
        self.typed: MultiDict[str, str] | None = (
            request.form if sent and request.method == "POST" else None
        )
        self.values = dict(values or {})
        self.found: dict[str, list[str]] = {}
        self.shown = shown
        self.is_overtaken = False
        token = self.typed.get(SUBMIT_FIELD, "") if self.typed else ""
        # one that we did not make counts as none
        self.submit_token = (
            token if _TOKEN.fullmatch(token) else secrets.token_urlsafe(16)
        )
        self.draft: FormDraft | None = None
        if draft is not None and g.get("actor") is not None:
            self.draft = FormDraft(
                draft,
                self.schema,
                self.submit_token,
                now(),
                is_sent=self.typed is not None,
            )
        self.edit: FormEdit | None = None
        if edits is not None:
            self.edit = FormEdit(edits, self.schema, self.typed, now())
            self.values |= self.edit.now.values
            began = self.draft.restored(BASE) if self.draft else None
            if began is not None:
                self.edit.resume("".join(began), self.value)

    def value(self, name: str) -> Any:
        """Return what stands in the field: as typed, else the value it starts with."""
        if self.edit is not None and name in self.edit.taken:
            return self.edit.taken[name]
        if self.typed is not None:
            many = self.typed.getlist(name)
            return many if self._is_list(name) else (many[0] if many else "")
        kept = self.draft.restored(name) if self.draft else None
        if kept is not None and (kept or self._is_ticked(name)):
            return kept if self._is_list(name) else (kept[0] if kept else "")
        start = self.values.get(name)
        if start is None:
            return [] if self._is_list(name) else ""
        return start

    def errors(self, name: str) -> list[str]:
        """Return what is wrong with one field."""
        return self.found.get(name, [])

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every error with its field, in the order of the form."""
        order = [*self.schema.fields, *self.found]
        names = sorted(self.found, key=order.index)
        return [(name, text) for name in names for text in self.found[name]]

    @property
    def is_about_draft(self) -> bool:
        """Whether this request keeps or drops the draft, and does no deed."""
        return self.draft is not None and bool(self.draft.asked)

    @property
    def has_errors(self) -> bool:
        """Whether anything is wrong."""
        return bool(self.found)

    def add_error(self, name: str | None, message: str) -> None:
        """Say what is wrong at a field, or with the form as a whole."""
        self.found.setdefault(name or "_", []).append(message)

    def load(self) -> dict[str, Any] | None:
        """Return the checked answers, or None when something is wrong."""
        typed = self.typed if self.typed is not None else MultiDict()
        raw: dict[str, Any] = {
            name: typed.getlist(name) if self._is_list(name) else typed.get(name)
            for name in self.schema.fields
            if name in typed
        }
        try:
            answers: dict[str, Any] = self.schema.load(raw)
        except ValidationError as error:
            self._take_errors(error)
            return None
        return answers

    def submit(self, deed: Callable[..., str]) -> ResponseReturnValue | None:
        """Carry out the deed with the answers and go where it says; None: show again.

        The same form sent twice is carried out once: the second is led to the page
        of the first. A rule that says no shows at its field and undoes the deed.
        """
        if self.draft is not None and self.draft.asked:
            return self.draft.answer()
        if self.edit is not None and self.edit.picks():
            return None
        answers = self.load()
        if answers is None:
            return None
        if self.draft is not None:
            self.draft.hold()
        earlier = self._claim(g.session)
        if earlier is not None:
            return redirect(earlier, 303)
        if self._moved():
            self._release(g.session)
            return None
        return self._carry_out(deed, answers)

    def answer(self, deed: Callable[..., str]) -> ResponseReturnValue | None:
        """Carry out what was sent; a page that is only looked at has nothing sent."""
        return self.submit(deed) if request.method == "POST" else None

    def _moved(self) -> bool:
        """Tell whether another screen or somebody else was first."""
        if self.draft is not None and self.draft.moved():
            return True
        return self.edit is not None and self.edit.moved()

    def _carry_out(
        self, deed: Callable[..., str], answers: dict[str, Any]
    ) -> ResponseReturnValue | None:
        session: Session = g.session
        try:
            with session.begin_nested():
                self._require_shown()
                url = deed(**answers)
                if self.draft is not None:
                    self.draft.drop()
        except (NotAllowed, NotFound):
            raise
        except StaleDataError:
            # saved by somebody who came through another door
            self._release(session)
            if self.edit is None or not self.edit.look_again():
                raise
            return None
        except IntegrityError as error:
            if not is_clash(error):
                raise
            # what was typed stays: somebody else made the same thing just now
            self._release(session)
            self.add_error(None, CLASH)
            return None
        except LoketError as error:
            self.is_overtaken = isinstance(error, Moved)
            self._release(session)
            self.add_error(error.field, error.message)
            return None
        mark = session.get_one(Verzending, (g.actor.id, self.submit_token))
        mark.url = url
        return redirect(url, 303)

    def _require_shown(self) -> None:
        if self.shown is not None:
            self.shown.require(self.typed.get(MARK, "") if self.typed else "")

    def page(self, template: str, **context: Any) -> ResponseReturnValue:
        """Show the page with this form: 422 when something is wrong, nothing lost.

        409 when another screen went on with its draft, or somebody else saved the
        text: both are shown. Also when what it approves is no longer what it showed.
        """
        status = 422 if self.has_errors else 200
        if (
            self.is_overtaken
            or (self.draft is not None and self.draft.is_moved)
            or self._shows_both
        ):
            status = 409
        return render_template(template, form=self, **context), status

    @property
    def _shows_both(self) -> bool:
        """Whether what was sent met the words of somebody else."""
        return self.typed is not None and self.edit is not None and self.edit.is_moved

    def repeat(self) -> ResponseReturnValue | None:
        """Lead a form that was carried out before to where it led; None: it was not.

        For a check that what this form itself made would fail.
        """
        earlier = self._earlier(g.session)
        return redirect(earlier, 303) if earlier else None

    def _claim(self, session: Session) -> str | None:
        """Take the submit token; waits for a twin and returns where that one led."""
        claimed = session.execute(
            insert(Verzending)
            .values(user_id=g.actor.id, token=self.submit_token, url="", at=now())
            .on_conflict_do_nothing()
            .returning(Verzending.token)
        ).scalar()
        return None if claimed else self._earlier(session)

    def _earlier(self, session: Session) -> str | None:
        return session.scalar(
            select(Verzending.url).where(
                Verzending.user_id == g.actor.id,
                Verzending.token == self.submit_token,
            )
        )

    def _release(self, session: Session) -> None:
        mark = session.get(Verzending, (g.actor.id, self.submit_token))
        if mark is not None:
            session.delete(mark)

    def _is_list(self, name: str) -> bool:
        return isinstance(self.schema.fields.get(name), fields.List)

    def _is_ticked(self, name: str) -> bool:
        """Whether a browser sends nothing at all when nothing is chosen here."""
        field = self.schema.fields.get(name)
        return isinstance(field, fields.List | fields.Boolean)

    def _take_errors(self, error: ValidationError) -> None:
        messages: dict[str, Any] = error.normalized_messages()  # type: ignore[no-untyped-call]  # marshmallow left this one bare
        for name, found in messages.items():
            self.found[name if name != "_schema" else "_"] = _flat(found)


def _flat(found: Any) -> list[str]:
    if isinstance(found, dict):
        return [text for part in found.values() for text in _flat(part)]
    if isinstance(found, list):
        return list(dict.fromkeys(str(text) for text in found))
    return [str(found)]


class NavItem:
    """One entry of the navigation: shown to whoever may go there."""

    def __init__(self, label: str, endpoint: str, permission: Any) -> None:
        self.label = label
        self.endpoint = endpoint
        self.permission = permission


TaakNotes = Callable[[Session, Actor, Sequence[UUID]], Mapping[UUID, str]]


def taak_notes(
    session: Session, by: Actor, onderwerpen: Iterable[UUID | None]
) -> dict[UUID, str]:
    """Collect from later chapters what tasks are about, in words, by that thing.

    It is read when it is shown: a task holds no content of a case.
    """
    ids = [each for each in onderwerpen if each]
    if not ids:
        return {}
    makers: tuple[TaakNotes, ...] = current_app.extensions["loket"].over
    found: dict[UUID, str] = {}
    for make in makers:
        found.update(make(session, by, ids))
    return found


KnownNotes = Callable[[Session, Actor, Sequence[UUID]], Mapping[UUID, list[str]]]


def known_notes(
    session: Session, by: Actor, inwoner_ids: Sequence[UUID]
) -> dict[UUID, list[str]]:
    """Collect what later chapters know to run for each of these people, in words."""
    if not inwoner_ids:
        return {}
    makers: tuple[KnownNotes, ...] = current_app.extensions["loket"].known
    found: dict[UUID, list[str]] = {}
    for make in makers:
        for inwoner_id, notes in make(session, by, inwoner_ids).items():
            found.setdefault(inwoner_id, []).extend(notes)
    return found
