"""What every step of the demo works with: a transaction, a case, a moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from loket.authz import Actor, Role
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.queries import get_client
from loket.cases.onderzoek import queries as onderzoek_queries
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.demo.organisation import Organisation
from loket.demo.people import Persoon, words
from loket.demo.zaak import Vraag, Zaak
from loket.termijnen import dag_van


@dataclass(frozen=True)
class Scene:
    """One step of one case."""

    session: Session
    org: Organisation
    zaak: Zaak
    at: datetime
    zaken: Mapping[str, Zaak]

    @property
    def dag(self) -> date:
        """Day of this step."""
        return dag_van(self.at)

    @property
    def number(self) -> int:
        """Spreads the cases over the people who work on them."""
        return int(self.zaak.code[1:])

    def by(self, rol: Role) -> Actor:
        """Let somebody in this role do the step."""
        return self.org.actor(rol, self.zaak.gemeente, self.number)

    @property
    def consulent(self) -> Actor:
        """Who handles this case, from first to last."""
        return self.by(Role.CONSULENT)

    @property
    def aanbieder(self) -> Actor:
        """Who answers for the aanbieder of this case."""
        return self.org.aanbieder(self.zaak.rij["aanbieder"], self.zaak.gemeente)

    @property
    def dossier(self) -> Dossier:
        """The dossier, once the melding has opened it."""
        return self.session.get_one(Dossier, self.zaak.dossier_id)

    @property
    def client(self) -> Inwoner:
        """The cliënt of the dossier."""
        return get_client(self.session, self.dossier.id)

    @property
    def onderzoek(self) -> Onderzoek:
        """The onderzoek of the dossier."""
        return onderzoek_queries.get_onderzoek(self.session, self.dossier.id)

    @property
    def personen(self) -> list[Persoon]:
        """Everybody in the case, the cliënt first."""
        return self.zaak.personen

    def words(self, vraag: Vraag | None = None) -> dict[str, str]:
        """Return what is said and found about what is asked (first)."""
        return words()[(vraag or self.zaak.vragen[0]).product]
