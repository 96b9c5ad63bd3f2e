"""What this chapter adds to the timeline of a dossier: its hands, letters and end."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from loket.cases.dossier.document import Document
from loket.cases.dossier.dossier import Aanleiding, Dossier
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.dossier.toedeling import Toedeling
from loket.cases.dossier.woorden import (
    AANLEIDING,
    AFSLUITREDEN,
    DOCUMENT,
    TOEDELINGREDEN,
)


def own_steps(
    dossier: Dossier,
    documents: Sequence[Document],
    hands: Sequence[Toedeling],
    names: Mapping[UUID, str],
) -> list[Stap]:
    """Return what happened to the dossier itself, and what it waits for."""
    steps = [
        Stap(
            f"Brief verzonden: {DOCUMENT[each.soort].lower()}",
            each.verzonden_op,
            laat=True,
        )
        for each in documents
        if each.verzonden_op
    ]
    if dossier.aanleiding is not Aanleiding.MELDING:
        title = f"Dossier geopend: {AANLEIDING[dossier.aanleiding].lower()}"
        who = names.get(dossier.opened_by_id, "")
        steps.append(Stap(title, dossier.opened_at, door=who))
    steps += [_hand(each, names) for each in hands]
    if dossier.consulent_id and not hands:
        who = names.get(dossier.consulent_id, "een consulent")
        by_whom = names.get(dossier.assigned_by_id or dossier.id, "")
        steps.append(Stap(f"Verdeeld aan {who}", dossier.assigned_at, door=by_whom))
    if not dossier.consulent_id and not dossier.closed_at:
        steps.append(Stap("Verdelen over een consulent", None, "current"))
    if dossier.closed_at and dossier.afsluitreden:
        reason = AFSLUITREDEN[dossier.afsluitreden]
        closer = names.get(dossier.closed_by_id or dossier.id, "")
        steps.append(
            Stap("Dossier gesloten", dossier.closed_at, door=closer, tekst=reason)
        )
    return steps


def _hand(toedeling: Toedeling, names: Mapping[UUID, str]) -> Stap:
    gets = toedeling.naar_id
    title = (
        f"Verdeeld aan {names.get(gets, 'een consulent')}" if gets else "Teruggegeven"
    )
    return Stap(
        title,
        toedeling.at,
        door=names.get(toedeling.by_id, ""),
        tekst=TOEDELINGREDEN[toedeling.reden],
    )
