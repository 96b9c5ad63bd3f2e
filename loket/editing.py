"""Two people, one text: a form says what it began from, so nobody's words get lost."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import current_app, g
from itsdangerous import BadData, URLSafeSerializer
from marshmallow import Schema, fields
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from loket.accounts.queries import staff_names
from loket.audit.action import Action
from loket.audit.operations import record
from loket.formfields import Text

BASE = "_versie"
PICK = "_kies"
MINE = "_mijn."
LONG = 300
"""A text field that takes more characters than this holds prose: two can be joined."""


@dataclass(frozen=True)
class Standing:
    """What is stored now, as it stands in the fields of a form.

    `version` counts the saves (0: nothing is stored yet); `by_id` and `at` say who
    saved it last. `row` is held until the save, so that the flush refuses when somebody
    slipped in between (`version_id_col`); read again it would be of a later version.
    """

    version: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    by_id: UUID | None = None
    at: datetime | None = None
    row: object = None


@dataclass(frozen=True)
class Edits:
    """What a form rewrites.

    Args of the class:
        key: names the text, the same for every form that rewrites it.
        standing: reads what is stored, afresh from the database at every call
            (`populate_existing`, or a refresh).
        labels: the fields that are compared, by name, with their label.
        dossier_id: whose case it is; showing the other version is a recorded look.
        words: what the codes in a field mean, by the name of the field.
        place: forms with the same place wait for each other; else those with one key.
    """

    key: str
    standing: Callable[[], Standing]
    labels: Mapping[str, str]
    dossier_id: UUID
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True)
class Difference:
    """One field in which two people wrote something else."""

    name: str
    label: str
    yours: str
    theirs: str
    is_untouched: bool
    """You changed nothing here: the field shows what the other saved."""
    may_join: bool
    words: Mapping[str, str]

    @property
    def your_text(self) -> str:
        """What you wrote, as people read it."""
        return self._say(self.yours)

    @property
    def their_text(self) -> str:
        """What the other wrote, as people read it."""
        return self._say(self.theirs)

    def _say(self, text: str) -> str:
        if not self.words:
            return text
        return ", ".join(self.words.get(part, part) for part in text.split(","))


class FormEdit:
    """What a form knows of the text it rewrites; `Form` in `loket.web` makes it."""

    def __init__(
        self,
        edits: Edits,
        schema: Schema,
        typed: MultiDict[str, str] | None,
        at: datetime,
    ) -> None:
        self.edits = edits
        self.at = at
        self.typed = typed
        self.now = edits.standing()
        self.basis = typed.get(BASE, "") if typed is not None else self._seal()
        self.is_moved = False
        self.differences: list[Difference] = []
        self.taken: dict[str, str | list[str]] = {}
        """What a field must show instead of what was typed in it."""
        self._schema = schema

    @property
    def by(self) -> str:
        """Who saved the other version."""
        names = staff_names(g.session, [self.now.by_id]) if self.now.by_id else {}
        return names.get(self.now.by_id or self.edits.dossier_id, "een collega")

    def resume(self, basis: str, value: Callable[[str], Any]) -> None:
        """Go on with a draft that was begun from an older version."""
        self.basis = basis
        if self._moved():
            self._show_both(value)

    def moved(self) -> bool:
        """Tell whether somebody saved since this page was opened; both must be shown.

        Whoever saves the same text at the same moment waits here for the commit.
        """
        place = f"edit:{self.edits.place or self.edits.key}"
        lock = func.pg_advisory_xact_lock(func.hashtextextended(place, 0))
        g.session.execute(select(lock))
        return self.look_again()

    def look_again(self) -> bool:
        """Compare with what is stored now, and show both when it moved on."""
        self.now = self.edits.standing()
        if not self._moved():
            return False
        self._show_both(self._typed)
        return True

    def picks(self) -> bool:
        """Put the chosen text in its field; False: nothing was chosen, save it."""
        asked = self._typed(PICK)
        if not asked:
            return False
        name, _, which = asked.partition(":")
        self.now = self.edits.standing()
        self._show_both(self._mine)
        for each in self.differences:
            text = _plain(self._typed(each.name))
            if each.name == name:
                both = f"{each.yours}\n\n{each.theirs}".strip()
                text = {"hun": each.theirs, "beide": both}.get(which, each.yours)
            self._take(each.name, text)
        return True

    def _take(self, name: str, text: str) -> None:
        many = isinstance(self._schema.fields.get(name), fields.List)
        self.taken[name] = [part for part in text.split(",") if part] if many else text

    def _mine(self, name: str) -> Any:
        kept = self.typed.get(MINE + name) if self.typed is not None else None
        return self._typed(name) if kept is None else kept

    def _typed(self, name: str) -> Any:
        typed = self.typed if self.typed is not None else MultiDict[str, str]()
        many = isinstance(self._schema.fields.get(name), fields.List)
        return typed.getlist(name) if many else typed.get(name, "")

    def _moved(self) -> bool:
        """Tell whether a save would hide words that this page never showed."""
        words = any(_plain(self.now.values.get(name)) for name in self.edits.labels)
        return words and self._opened()[0] != self.now.version

    def _show_both(self, value: Callable[[str], Any]) -> None:
        _, began = self._opened()
        self.is_moved = True
        self.differences = []
        for name, label in self.edits.labels.items():
            yours, theirs = _plain(value(name)), _plain(self.now.values.get(name))
            if yours == theirs:
                continue
            untouched = began.get(name) == self._digest(name, yours)
            if untouched:
                self._take(name, theirs)
            joins, words = self._is_prose(name), self.edits.words.get(name, {})
            self.differences.append(
                Difference(name, label, yours, theirs, untouched, joins, words)
            )
        self.basis = self._seal()
        record(
            g.session,
            g.actor,
            Action.DOSSIER_READ,
            at=self.at,
            dossier_id=self.edits.dossier_id,
            grond="twee versies",
        )

    def _is_prose(self, name: str) -> bool:
        asked = self._schema.fields.get(name)
        return isinstance(asked, Text) and asked.most > LONG

    def _seal(self) -> str:
        began = {
            name: self._digest(name, _plain(self.now.values.get(name)))
            for name in self.edits.labels
        }
        return _signer().dumps([self.edits.key, self.now.version, began])

    def _opened(self) -> tuple[int, dict[str, str]]:
        """Read what the page began from; -1 when it does not say so."""
        try:
            key, version, began = _signer().loads(self.basis)
        except (BadData, ValueError):
            return -1, {}
        return (int(version), began) if key == self.edits.key else (-1, {})

    def _digest(self, name: str, text: str) -> str:
        """Recognise a text without holding it: it may wait in a draft."""
        key = str(current_app.config["SECRET_KEY"]).encode()
        told = f"{self.edits.key}\0{name}\0{text}".encode()
        return hmac.new(key, told, hashlib.sha256).hexdigest()[:24]


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(sorted(map(str, value)))
    return str(value or "").replace("\r\n", "\n").strip()


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="versie")
