"""A call to the API counts once: the Idempotency-Key."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app, g, request
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from werkzeug.exceptions import Conflict

from loket.accounts.aanroep import Aanroep
from loket.accounts.queries import instelling
from loket.problems import Invalid, wrong
from loket.termijnen import dag_van
from loket.web import now

KEY = "Idempotency-Key"
MOST_KEY = 255
BEWAREN = "api_sleutel_dagen"
KEPT_DAYS = 7
"""How long a key is kept where the gemeente says nothing."""


def keyed(text: bytes) -> str:
    """Hash with our own key: a short answer cannot be guessed from its hash."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, b"loket-api:" + text, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Call:
    """A call with an `Idempotency-Key`, or one without."""

    kept: Aanroep | None
    earlier: bool

    @classmethod
    def claim(cls) -> "Call":
        """Take the key; waits for a twin and knows what became of that one.

        Raises:
            Conflict: the key was used for another question.
        """
        key = request.headers.get(KEY)
        if key is None or request.method != "POST":
            return cls(None, False)
        if not 1 <= len(key) <= MOST_KEY or not key.isprintable():
            raise Invalid([wrong("idempotency_key", "ongeldig", "Kies een sleutel.")])
        _forget_old()
        asked = _asked()
        claimed = g.session.scalar(
            insert(Aanroep)
            .values(user_id=g.actor.id, sleutel=key, vraag=asked, status=0, at=now())
            .on_conflict_do_nothing()
            .returning(Aanroep.sleutel)
        )
        kept = g.session.get_one(Aanroep, (g.actor.id, key))
        if kept.vraag != asked:
            raise Conflict
        return cls(kept, claimed is None)

    def keep(self, resultaat_id: UUID, status: int) -> None:
        """Note what became of it, in the transaction of the deed."""
        if self.kept is not None:
            self.kept.resultaat_id, self.kept.status = resultaat_id, status

    def result(self) -> UUID:
        """Return the id of what the earlier call made."""
        if self.kept is None or self.kept.resultaat_id is None:
            raise Conflict
        return self.kept.resultaat_id


def _asked() -> str:
    desk = f"{','.join(g.actor.gemeenten)} {g.actor.aanbieder_id or ''}"
    head = f"{request.method} {request.full_path} {desk}\n".encode()
    return keyed(head + request.get_data())


def _forget_old() -> None:
    """Drop keys of this person that were kept long enough."""
    day = dag_van(now())
    codes = g.actor.gemeenten
    own = instelling(g.session, codes[0], BEWAREN, day) if codes else None
    days = own or KEPT_DAYS
    g.session.execute(
        delete(Aanroep).where(
            Aanroep.user_id == g.actor.id, Aanroep.at < now() - timedelta(days=days)
        )
    )
