"""A resident with a dossier that has something in every part, and who work on it."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from build import dossier as people
from build.full import full_dossier
from build.gemeente import NOW, TODAY, actor, actor_of, gemeente, user
from loket.authz import Actor, Role
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import get_client
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.rechten import jobs, operations
from loket.rechten.afschrift import STAPPEN, Afschrift
from loket.rechten.inzageverzoek import Aanvrager, Identificatie, Inzageverzoek
from loket.rechten.verzamelen import collect

LOKET = actor(Role.FRONTOFFICE)
OFFICER = actor(Role.PRIVACY_OFFICER)
CONSULENT = actor(Role.CONSULENT)


@dataclass
class Resident:
    """Who asks, with the dossier and the session it is all in."""

    session: Any
    dossier: Dossier
    inwoner: Inwoner
    by: Actor

    def ask(self, by: Actor = LOKET, **differs: Any) -> Inzageverzoek:
        """Ask to see, with a passport on the counter."""
        return operations.register_inzageverzoek(
            self.session,
            by,
            NOW,
            **{
                "inwoner": self.inwoner,
                "kanaal": Kanaal.BALIE,
                "ontvangen_op": TODAY,
                "aanvrager": Aanvrager.INWONER,
                "identificatie": Identificatie.LEGITIMATIE,
            }
            | differs,
        )

    def copy(self, verzoek: Inzageverzoek | None = None) -> dict[str, Any]:
        """Return what a copy would hold; nothing is decided or printed."""
        told: dict[str, Any] = json.loads(
            json.dumps(collect(self.session, verzoek or self.ask(), NOW))
        )
        return told

    def make(self, verzoek: Inzageverzoek) -> Afschrift:
        """Grant a request and make the copy, as the worker does."""
        made = operations.grant(self.session, OFFICER, NOW, verzoek=verzoek)
        make_all(self.session, made)
        return made


def make_all(session: Any, afschrift: Afschrift) -> None:
    """Keep the promises of a copy, step by step, as the worker does."""
    for step in range(len(STAPPEN)):
        make_step(session, afschrift)
        assert afschrift.stap == step + 1


def make_step(session: Any, afschrift: Afschrift, at: Any = NOW) -> None:
    """Do what one promise asks."""
    work = Work(session, Actor.system(afschrift.gemeente_code), at, None)  # type: ignore[arg-type]  # this handler needs none
    jobs.make_afschrift(work, Promise(subject_id=afschrift.id))
    session.flush()


def part(told: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """Return the rows of one part of a copy."""
    return [
        row
        for each in told["onderdelen"]
        if each["code"] == code
        for row in each["rijen"]
    ]


@pytest.fixture
def resident(session) -> Resident:
    """A resident of whom the gemeente knows something of everything."""
    gemeente(session)
    by = actor_of(user(session, Role.CONSULENT), Role.CONSULENT)
    dossier = full_dossier(session, by)
    return Resident(session, dossier, get_client(session, dossier.id), by)


@pytest.fixture
def quiet(session) -> Resident:
    """A resident with a dossier in which little happened."""
    gemeente(session)
    dossier = people.dossier(session, CONSULENT)
    return Resident(session, dossier, get_client(session, dossier.id), CONSULENT)


def child(resident: Resident, geboren: date) -> None:
    """Make the resident somebody of another age."""
    resident.inwoner.geboortedatum = geboren
    resident.session.flush()
