"""What forms share: finding who one is about (never by an address), and its draft."""

from typing import Any
from uuid import UUID

from flask import g, request
from marshmallow import ValidationError

from loket.cases.dossier import queries
from loket.cases.dossier.bekenden import Bekende, find_bekenden
from loket.cases.dossier.dossier import Dossier
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.schemas import ZoekSchema
from loket.drafts.draft import DraftOf
from loket.errors import RuleViolation
from loket.web import known_notes, now

SOUGHT_BY = ("bsn", "achternaam", "geboortedatum")
"""Fields of a form that somebody is sought by."""


def look() -> list[Bekende]:
    """Look up who is typed about, as far as that can be read already."""
    typed = {name: request.form[name] for name in SOUGHT_BY if request.form.get(name)}
    try:
        asked = ZoekSchema().load(typed)
    except ValidationError as error:
        asked = error.valid_data if isinstance(error.valid_data, dict) else {}
    question = {name: asked.get(name) for name in SOUGHT_BY}
    try:
        return find_bekenden(g.session, g.actor, now(), **question)
    except RuleViolation:
        return []  # a name nobody can be found by, or that finds far too many


def offers(known: list[Bekende]) -> dict[str, Any]:
    """Put who was found beside what runs for them."""
    shown = [each for each in known if not each.afgeschermd]
    return {
        "bekenden": shown,
        "afgeschermd": len(shown) < len(known),
        "lopend": known_notes(g.session, g.actor, [each.id for each in shown]),
    }


def chosen_inwoner(inwoner: str) -> Inwoner | None:
    """Return who was chosen, and record the look; None: nobody was.

    Who went into another record since the page was made, is that one now.

    Raises:
        NotFound: unknown, of another gemeente, or only for named people.
    """
    try:
        key = UUID(inwoner)
    except ValueError:
        return None
    chosen = queries.read_inwoner(g.session, g.actor, now(), key)
    while chosen.merged_into_id:
        now_in = chosen.merged_into_id
        chosen = queries.read_inwoner(g.session, g.actor, now(), now_in)
    return chosen


def draft_here(dossier: Dossier, what: str) -> DraftOf:
    """Keep what is typed in the form of this page, about this dossier.

    Its address tells which form it is and about which part of the dossier; so it is
    for a form that is shown and sent at one address.

    Args:
        dossier: the draft is destroyed together with it.
        what: what its author reads in the list of drafts; no personal data.
    """
    label = f"{what} in dossier {dossier.referentie}"
    form, here = str(request.endpoint), request.path
    return DraftOf(form, label, here, here, dossier.id)
