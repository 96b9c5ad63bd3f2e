"""What every page shares: forms, fields, assets, the actor at the door."""

import json
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import Schema, ValidationError, fields, pre_load
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from loket.accounts.verzending import Verzending
from loket.authz import Actor
from loket.bsn import parse_bsn
from loket.datum import lees_datum
from loket.errors import LoketError, NotAllowed, NotFound
from loket.geld import lees_bedrag

_MANIFEST = Path(__file__).with_name("static") / "manifest.json"
SUBMIT_FIELD = "_verzending"


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


class FormSchema(Schema):
    """The shape of a form: empty answers count as not given, words are Dutch."""

    @pre_load
    def drop_empty(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Take away what was left open and spaces around what was typed."""
        kept: dict[str, Any] = {}
        for name, value in data.items():
            clean = value.strip() if isinstance(value, str) else value
            if clean not in ("", [], None):
                kept[name] = clean
        return kept


_REQUIRED = {"required": "Vul dit in.", "null": "Vul dit in."}
_CHOICE = {
    "required": "Maak een keuze.",
    "unknown": "Kies een van de antwoorden.",
    "invalid": "Kies een van de antwoorden.",
}


class Text(fields.String):
    """Text as typed; control characters are refused, length is bounded."""

    default_error_messages = {
        **_REQUIRED,
        "invalid": "Vul dit in met gewone tekst.",
        "too_long": "Maak dit korter: maximaal {most} tekens.",
        "odd": "Haal de tekens weg die geen gewone tekst zijn.",
    }

    def __init__(self, *, most: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs).replace("\r\n", "\n")
        if len(typed) > self.most:
            raise self.make_error("too_long", most=self.most)
        if not all(c.isprintable() or c in "\n\t\u00ad" for c in typed):
            raise self.make_error("odd")
        return typed


def _lenient(read: Callable[[str], Any], value: Any) -> Any:
    try:
        return read(str(value))
    except LoketError as error:
        raise ValidationError(error.message) from None


class Day(fields.Field[date]):
    """A calendar day, typed in any usual way: 1-1-48, 01.01.1948, 1 januari 1948."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        day: date = _lenient(lees_datum, value)
        return day


class Bsn(fields.Field[str]):
    """A BSN that passes the 11-proef; spaces and dots are fine."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        bsn: str = _lenient(parse_bsn, value)
        return bsn


class Cents(fields.Field[int]):
    """An amount in cents, typed as 1.204,50 or € 1204.50."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        cents: int = _lenient(lees_bedrag, value)
        return cents


class Number(fields.Integer):
    """A whole number within bounds."""

    default_error_messages = {
        **_REQUIRED,
        "invalid": "Vul een heel getal in.",
        "too_large": "Dit getal is te groot.",
        "bounds": "Vul een getal in van {least} tot en met {most}.",
    }

    def __init__(self, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        number = super()._deserialize(value, attr, data, **kwargs)
        if number is None or not self.least <= number <= self.most:
            raise self.make_error("bounds", least=self.least, most=self.most)
        return number


class Choice(fields.Enum[Any]):
    """One of the values of an enum."""

    default_error_messages = _CHOICE

    def __init__(self, enum: Any, **kwargs: Any) -> None:
        super().__init__(enum, by_value=True, **kwargs)


class Choices(fields.List[Any]):
    """Several values of an enum, each once."""

    default_error_messages = _CHOICE

    def __init__(self, enum: Any, **kwargs: Any) -> None:
        super().__init__(Choice(enum), **kwargs)


class OneOf(fields.String):
    """One of the given strings: ids of rows that the page itself offered."""

    default_error_messages = _CHOICE

    def __init__(self, allowed: Callable[[], set[str]] | set[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.allowed = allowed

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        chosen = super()._deserialize(value, attr, data, **kwargs)
        allowed = self.allowed() if callable(self.allowed) else self.allowed
        if chosen not in allowed:
            raise self.make_error("invalid")
        return chosen


class Ref(fields.UUID):
    """The id of a row that the page offered; anything else is not a choice."""

    default_error_messages = {**_CHOICE, "invalid_uuid": "Maak een keuze."}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        chosen = super()._deserialize(value, attr, data, **kwargs)
        if chosen is None:
            raise self.make_error("required")
        return chosen


class Ticked(fields.Boolean):
    """A box that is ticked or not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_default=False, truthy={"ja"}, falsy={"nee"}, **kwargs)
        self.error_messages["invalid"] = "Kies een van de antwoorden."


class Form:
    """One form on one page: what was typed, what is wrong, and doing it once."""

    def __init__(
        self,
        schema: Schema | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        self.schema = schema or FormSchema()
        self.typed: MultiDict[str, str] | None = (
            request.form if request.method == "POST" else None
        )
        self.values = dict(values or {})
        self.found: dict[str, list[str]] = {}
        self.submit_token = (
            self.typed.get(SUBMIT_FIELD, "") if self.typed else ""
        ) or secrets.token_urlsafe(16)

    def value(self, name: str) -> Any:
        """Return what stands in the field: as typed, else the value it starts with."""
        if self.typed is not None:
            many = self.typed.getlist(name)
            return many if self._is_list(name) else (many[0] if many else "")
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
        answers = self.load()
        if answers is None:
            return None
        session: Session = g.session
        earlier = self._claim(session)
        if earlier is not None:
            return redirect(earlier, 303)
        try:
            with session.begin_nested():
                url = deed(**answers)
        except (NotAllowed, NotFound):
            raise
        except LoketError as error:
            self._release(session)
            self.add_error(error.field, error.message)
            return None
        mark = session.get_one(Verzending, (g.actor.id, self.submit_token))
        mark.url = url
        return redirect(url, 303)

    def page(self, template: str, **context: Any) -> ResponseReturnValue:
        """Show the page with this form: 422 when something is wrong, nothing lost."""
        status = 422 if self.has_errors else 200
        return render_template(template, form=self, **context), status

    def _claim(self, session: Session) -> str | None:
        """Take the submit token; waits for a twin and returns where that one led."""
        claimed = session.execute(
            insert(Verzending)
            .values(user_id=g.actor.id, token=self.submit_token, url="", at=now())
            .on_conflict_do_nothing()
            .returning(Verzending.token)
        ).scalar()
        if claimed:
            return None
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

    def _take_errors(self, error: ValidationError) -> None:
        messages = error.normalized_messages()
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


class Panel:
    """A part of a dossier page that another room adds: a template and its context."""

    def __init__(self, titel: str, template: str, **context: Any) -> None:
        self.titel = titel
        self.template = template
        self.context = context


PanelMaker = Callable[[Session, Actor, UUID], "Panel | None"]


def dossier_panels(session: Session, by: Actor, dossier_id: UUID) -> list[Panel]:
    """Collect what the other rooms have to show on the page of this dossier."""
    makers: tuple[PanelMaker, ...] = current_app.extensions["loket"].panels
    made = [make(session, by, dossier_id) for make in makers]
    return [panel for panel in made if panel is not None]
