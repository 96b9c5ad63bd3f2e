"""What the forms of the onderzoek rewrite, read afresh to compare with the answers."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek import queries
from loket.cases.onderzoek.bezoek import Deel
from loket.cases.onderzoek.onderwerp import Leefgebied, Letter, Onderwerp
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.producten.woorden import DOMEIN
from loket.editing import Edits, Standing

BEVINDING: Mapping[str, str] = {
    "woorden_client": "Woorden van de cliënt",
    "beoordeling": "Onze beoordeling",
}
BEOORDELING = ("beoordeling", "onze beoordeling")
VERSLAG: Mapping[str, str] = {
    "samenvatting": "Samenvatting",
    "conclusie": "Conclusie",
}
BEHOEFTE: Mapping[str, str] = {
    "omschrijving": "Wat heeft de cliënt nodig?",
    "labels": "Waar gaat het over?",
}


def onderwerp_edits(session: Session, onderzoek: Onderzoek, letter: Letter) -> Edits:
    """Rewrite a subject a-g."""
    return _bevinding(
        onderzoek,
        f"onderwerp:{onderzoek.id}:{letter.value}",
        lambda: queries.reread_onderwerp(session, onderzoek.id, letter),
    )


def leefgebied_edits(
    session: Session, onderzoek: Onderzoek, leefgebied: Leefgebied
) -> Edits:
    """Rewrite what was said and found in a domain of life."""

    def find() -> Leefgebied:
        session.refresh(leefgebied)
        return leefgebied

    return _bevinding(onderzoek, f"leefgebied:{leefgebied.id}", find)


def _bevinding(
    onderzoek: Onderzoek, key: str, find: Callable[[], Onderwerp | Leefgebied | None]
) -> Edits:
    def standing() -> Standing:
        found = find()
        if found is None:
            return Standing()
        values = {name: getattr(found, name) or "" for name in BEVINDING}
        return Standing(
            found.version, values, found.recorded_by_id, found.recorded_at, found
        )

    return Edits(
        key, standing, BEVINDING, onderzoek.dossier_id, place=_place(onderzoek)
    )


def _place(onderzoek: Onderzoek) -> str:
    """Name what the page of a visit and the forms of its parts have in common."""
    return f"bevindingen:{onderzoek.id}"


def bezoek_edits(
    session: Session, onderzoek: Onderzoek, delen: Sequence[Deel]
) -> Edits:
    """Rewrite every part of the talk at once, on the page of a visit."""
    labels = {
        f"{part}_{each.naam}": f"{each.titel}: {label.lower()}"
        for each in delen
        for part, label in (("woorden", "woorden van de cliënt"), BEOORDELING)
    }

    def standing() -> Standing:
        rows = queries.reread_bevindingen(session, onderzoek.id)
        values = {}
        for row in rows:
            name = row.letter if isinstance(row, Onderwerp) else row.soort
            values[f"woorden_{name.value}"] = row.woorden_client or ""
            values[f"beoordeling_{name.value}"] = row.beoordeling or ""
        told = [
            (each.recorded_at, each.recorded_by_id) for each in rows if each.recorded_at
        ]
        at, by_id = max(told, key=lambda each: each[0], default=(None, None))
        # each save counts one of them up, and none is ever taken away
        version = sum(each.version for each in rows)
        return Standing(version, values, by_id, at, rows)

    key = f"bezoek:{onderzoek.id}"
    return Edits(key, standing, labels, onderzoek.dossier_id, place=_place(onderzoek))


def behoefte_edits(session: Session, behoefte: Behoefte) -> Edits:
    """Rewrite a need."""

    def standing() -> Standing:
        session.refresh(behoefte)
        return Standing(
            behoefte.version,
            {"omschrijving": behoefte.omschrijving, "labels": list(behoefte.labels)},
            behoefte.corrected_by_id or behoefte.added_by_id,
            behoefte.corrected_at or behoefte.added_at,
            behoefte,
        )

    words = {"labels": {each.value: text for each, text in DOMEIN.items()}}
    key = f"behoefte:{behoefte.id}"
    return Edits(key, standing, BEHOEFTE, behoefte.dossier_id, words)


def verslag_edits(session: Session, onderzoek: Onderzoek) -> Edits:
    """Draw up a next version of the verslag: it begins with the words of the last."""

    def standing() -> Standing:
        last = queries.last_verslag(session, onderzoek.id)
        if last is None:
            return Standing()
        values = {name: getattr(last, name) for name in VERSLAG}
        return Standing(last.versie, values, last.made_by_id, last.made_at)

    key = f"verslag:{onderzoek.id}"
    return Edits(key, standing, VERSLAG, onderzoek.dossier_id)
