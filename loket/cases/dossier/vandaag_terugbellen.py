"""Whom to call back today: the own requests, and those of who is replaced."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from loket.authz import Actor, Permission
from loket.cases.dossier.queries_terugbel import TerugbelRegel, list_terugbellen
from loket.vandaag import MOST_SHOWN, Deel, Plek, Regel


def show_parts(session: Session, by: Actor, at: datetime) -> Iterator[Deel]:
    """Tell whom to call, the first day first."""
    if not by.may(Permission.WERKVOORRAAD_READ):
        return
    found = list_terugbellen(session, by, at, most=MOST_SHOWN + 1)
    yield Deel(
        "Terugbellen",
        [_regel(each) for each in found.regels],
        "Er is niemand die u moet terugbellen. Een terugbelverzoek komt hier te staan.",
        Plek("terugbellen.list_terugbellen"),
        "Alle terugbelverzoeken",
        kop="Wie",
    )


def _regel(each: TerugbelRegel) -> Regel:
    words = ["spoed"] if each.spoed else []
    words.append(f"voor {each.voor}{', die u vervangt' if each.vervangt else ''}")
    if each.pogingen:
        words.append(f"{each.pogingen} keer niet bereikt")
    wat = ", ".join(words)
    return Regel(
        each.naam,
        Plek(
            "terugbellen.show_terugbelverzoek",
            (("terugbelverzoek_id", str(each.id)), ("van", "vandaag")),
        ),
        wat=f"{wat[:1].upper()}{wat[1:]}",
        uiterlijk=each.uiterlijk,
        dagen=each.dagen,
    )
