"""Who may do what: one table that can be read aloud."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from loket.errors import NotAllowed, RuleViolation

SYSTEM_ID = UUID("00000000-0000-7000-8000-000000000001")
"""The user that stands for Loket itself: jobs, messages from outside, the demo."""


class Role(StrEnum):
    """What somebody does at the loket; a person may have several, dated."""

    FRONTOFFICE = "frontoffice"
    CONSULENT = "consulent"
    KWALITEITSMEDEWERKER = "kwaliteitsmedewerker"
    TEAMLEIDER = "teamleider"
    ADMINISTRATIE = "administratie"
    AANBIEDER = "aanbieder"
    AANBIEDER_BEHEERDER = "aanbieder_beheerder"
    """Of one aanbieder: its people, never its cliënten."""
    BELEIDSMEDEWERKER = "beleidsmedewerker"
    BEHEERDER = "beheerder"
    PRIVACY_OFFICER = "privacy_officer"
    ARCHIVARIS = "archivaris"
    """Watches over keeping and destroying (Archiefwet); reads no dossier."""


class Permission(StrEnum):
    """`noun:verb`; each door names exactly one."""

    START_READ = "start:read"
    MELDING_REGISTER = "melding:register"
    INWONER_SEARCH = "inwoner:search"
    BSN_REVEAL = "bsn:reveal"
    WERKVOORRAAD_READ = "werkvoorraad:read"
    DOSSIER_READ = "dossier:read"
    DOSSIER_ASSIGN = "dossier:assign"
    TAAK_CHANGE = "taak:change"
    DOSSIER_UPDATE = "dossier:update"
    NOTITIE_READ = "notitie:read"
    NOTITIE_WRITE = "notitie:write"
    DOSSIER_PRINT = "dossier:print"
    INZAGE_READ = "inzage:read"
    INWONER_CORRECT = "inwoner:correct"
    INWONER_MERGE = "inwoner:merge"
    POST_HANDLE = "post:handle"
    ONDERZOEK_DO = "onderzoek:do"
    AANVRAAG_REGISTER = "aanvraag:register"
    BESCHIKKING_DRAW_UP = "beschikking:draw_up"
    BESCHIKKING_DECIDE = "beschikking:decide"
    BESCHIKKING_MAKE_KNOWN = "beschikking:make_known"
    BESLUIT_TAKE_OVER = "besluit:take_over"
    PGB_ASSESS = "pgb:assess"
    DOCUMENT_READ = "document:read"
    PLAATSING_REQUEST = "plaatsing:request"
    PLAATSING_READ = "plaatsing:read"
    PLAATSING_ANSWER = "plaatsing:answer"
    TOEWIJZING_READ = "toewijzing:read"
    TOEWIJZING_REPORT = "toewijzing:report"
    BERICHT_READ = "bericht:read"
    BERICHT_HANDLE = "bericht:handle"
    BELEID_READ = "beleid:read"
    BEHEER_READ = "beheer:read"
    BEHEER_CHANGE = "beheer:change"
    AUDIT_READ = "audit:read"
    SLEUTEL_READ = "sleutel:read"
    COLLEGA_MANAGE = "collega:manage"
    BEWAREN_READ = "bewaren:read"
    STOP_PLACE = "stop:place"
    STOP_LIFT = "stop:lift"
    VERNIETIGING_READ = "vernietiging:read"
    VERNIETIGING_PROPOSE = "vernietiging:propose"
    VERNIETIGING_REVIEW = "vernietiging:review"
    VERNIETIGING_APPROVE = "vernietiging:approve"
    VERNIETIGING_STOP = "vernietiging:stop"
    VERNIETIGING_REQUEST = "vernietiging:request"
    VERNIETIGING_DECIDE = "vernietiging:decide"
    RECHTEN_READ = "rechten:read"
    RECHTEN_REGISTER = "rechten:register"
    RECHTEN_DECIDE = "rechten:decide"
    AFSCHRIFT_DELIVER = "afschrift:deliver"
    CORRECTIE_HANDLE = "correctie:handle"
    GESCHIEDENIS_READ = "geschiedenis:read"
    TOESTEMMING_READ = "toestemming:read"
    TOESTEMMING_RECORD = "toestemming:record"
    NOODTOEGANG_TAKE = "noodtoegang:take"
    TOEZICHT_READ = "toezicht:read"
    TOEZICHT_REVIEW = "toezicht:review"


AANBIEDER_ROLLEN = frozenset({Role.AANBIEDER, Role.AANBIEDER_BEHEERDER})
"""Roles for an aanbieder; the others are for a gemeente."""

P = Permission
_CASE = {
    P.START_READ,
    P.WERKVOORRAAD_READ,
    P.DOSSIER_READ,
    P.DOCUMENT_READ,
    P.INWONER_SEARCH,
    P.TAAK_CHANGE,
    P.NOTITIE_READ,
    P.NOTITIE_WRITE,
    P.DOSSIER_PRINT,
    P.BEWAREN_READ,
    P.STOP_PLACE,
    P.RECHTEN_READ,
    P.TOESTEMMING_READ,
    P.NOODTOEGANG_TAKE,
}
_LIJST = {P.VERNIETIGING_READ, P.VERNIETIGING_STOP}
"""Of the three people of a vernietigingslijst; who does which step, differs."""
_NAKIJKEN = _LIJST | {P.VERNIETIGING_REVIEW, P.VERNIETIGING_DECIDE, P.STOP_LIFT}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.FRONTOFFICE: frozenset(
        _CASE
        | {
            P.VERNIETIGING_REQUEST,
            P.MELDING_REGISTER,
            P.RECHTEN_REGISTER,
            P.TOESTEMMING_RECORD,
            P.AFSCHRIFT_DELIVER,
            P.BSN_REVEAL,
            P.INWONER_CORRECT,
            P.INWONER_MERGE,
            P.POST_HANDLE,
            P.DOSSIER_UPDATE,
            P.AANVRAAG_REGISTER,
        }
    ),
    Role.CONSULENT: frozenset(
        _CASE
        | {
            P.VERNIETIGING_REQUEST,
            P.MELDING_REGISTER,
            P.RECHTEN_REGISTER,
            P.TOESTEMMING_RECORD,
            P.CORRECTIE_HANDLE,
            P.GESCHIEDENIS_READ,
            P.BSN_REVEAL,
            P.INWONER_CORRECT,
            P.INWONER_MERGE,
            P.POST_HANDLE,
            P.DOSSIER_UPDATE,
            P.ONDERZOEK_DO,
            P.AANVRAAG_REGISTER,
            P.BESCHIKKING_DRAW_UP,
            P.BESCHIKKING_DECIDE,
            P.PGB_ASSESS,
            P.PLAATSING_REQUEST,
            P.PLAATSING_READ,
            P.BERICHT_READ,
        }
    ),
    Role.KWALITEITSMEDEWERKER: frozenset(
        _CASE
        | _NAKIJKEN
        | {
            P.CORRECTIE_HANDLE,
            P.GESCHIEDENIS_READ,
            P.BSN_REVEAL,
            P.BESCHIKKING_DECIDE,
            P.PLAATSING_READ,
            P.BERICHT_READ,
            P.INZAGE_READ,
        }
    ),
    Role.TEAMLEIDER: frozenset(
        _CASE
        | _NAKIJKEN
        | {
            P.CORRECTIE_HANDLE,
            P.GESCHIEDENIS_READ,
            P.BSN_REVEAL,
            P.DOSSIER_ASSIGN,
            P.BESCHIKKING_DECIDE,
            P.PLAATSING_READ,
            P.INZAGE_READ,
        }
    ),
    Role.ADMINISTRATIE: frozenset(
        _CASE
        | _LIJST
        | {
            P.VERNIETIGING_REQUEST,
            P.VERNIETIGING_PROPOSE,
            P.RECHTEN_REGISTER,
            P.TOESTEMMING_RECORD,
            P.AFSCHRIFT_DELIVER,
            P.BSN_REVEAL,
            P.INWONER_CORRECT,
            P.INWONER_MERGE,
            P.POST_HANDLE,
            P.DOSSIER_UPDATE,
            P.AANVRAAG_REGISTER,
            P.BESCHIKKING_MAKE_KNOWN,
            P.BESLUIT_TAKE_OVER,
            P.PLAATSING_READ,
            P.BERICHT_READ,
            P.BERICHT_HANDLE,
        }
    ),
    Role.AANBIEDER: frozenset(
        {P.START_READ, P.PLAATSING_ANSWER, P.TOEWIJZING_READ, P.TOEWIJZING_REPORT}
    ),
    Role.AANBIEDER_BEHEERDER: frozenset({P.START_READ, P.COLLEGA_MANAGE}),
    Role.BELEIDSMEDEWERKER: frozenset({P.START_READ, P.BELEID_READ}),
    Role.BEHEERDER: frozenset(
        {P.START_READ, P.BEHEER_READ, P.BEHEER_CHANGE, P.SLEUTEL_READ}
    ),
    Role.PRIVACY_OFFICER: frozenset(
        {
            P.START_READ,
            P.AUDIT_READ,
            P.SLEUTEL_READ,
            P.INZAGE_READ,
            P.VERNIETIGING_READ,
            P.RECHTEN_READ,
            P.RECHTEN_DECIDE,
            P.GESCHIEDENIS_READ,
            P.TOEZICHT_READ,
            P.TOEZICHT_REVIEW,
        }
    ),
    Role.ARCHIVARIS: frozenset(
        _LIJST
        | {
            P.START_READ,
            P.VERNIETIGING_PROPOSE,
            P.VERNIETIGING_APPROVE,
        }
    ),
}


@dataclass(frozen=True)
class Actor:
    """Who does the deed: a user in the roles of one gemeente, or of one aanbieder.

    Staff act for exactly one gemeente at a time; an aanbieder for all gemeenten
    that contract it. `via` says which door was used: web, api, job, bericht, cli.
    """

    id: UUID
    naam: str
    rollen: frozenset[Role]
    gemeenten: tuple[str, ...]
    aanbieder_id: UUID | None = None
    via: str = "web"
    authenticatie: str = "wachtwoord"
    adres: str = ""
    """Network address of the workstation (NEN 7513)."""
    scopes: frozenset[Permission] | None = None
    """What the token of this request is for; None: no token, so no such limit."""
    nood: frozenset[UUID] = frozenset()
    """Shielded dossiers this person opened in an emergency; for minutes, never more."""
    permissions: frozenset[Permission] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Gather what the roles grant together, within the scopes of a token."""
        granted: set[Permission] = set()
        for rol in self.rollen:
            granted |= GRANTS[rol]
        if self.scopes is not None:
            granted &= self.scopes
        object.__setattr__(self, "permissions", frozenset(granted))

    @classmethod
    def system(cls, gemeente_code: str, via: str = "job") -> "Actor":
        """Loket itself, acting for one gemeente; it has no role and so no door."""
        return cls(SYSTEM_ID, "Loket", frozenset(), (gemeente_code,), via=via)

    @property
    def gemeente_code(self) -> str:
        """The one gemeente staff act for."""
        if len(self.gemeenten) != 1:
            raise RuleViolation("Kies eerst voor welke gemeente u werkt.")
        return self.gemeenten[0]

    def employs(self, gemeente_code: str | None, aanbieder_id: UUID | None) -> bool:
        """Whether this appointment is at the own organisation."""
        if self.aanbieder_id:
            return aanbieder_id == self.aanbieder_id
        return gemeente_code in self.gemeenten

    def may(self, permission: Permission) -> bool:
        """Whether one of the roles grants this."""
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Refuse who was not granted this.

        Raises:
            NotAllowed: no role of this actor grants the permission.
        """
        if not self.may(permission):
            raise NotAllowed
