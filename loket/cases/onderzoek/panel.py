"""The onderzoek on the page of its dossier: what is needed, where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from loket.authz import Permission
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.tijdlijn import Stap
from loket.cases.melding.queries import find_melding_en_behoeften
from loket.cases.onderzoek import queries, woorden
from loket.cases.onderzoek.gesprek import Gesprek, GesprekDeelname
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Oplossing
from loket.cases.onderzoek.page import SHOW
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.onderzoek.volledigheid import list_ontbreekt
from loket.cases.producten.queries import all_product_names
from loket.cases.producten.woorden import DOMEIN

Talks = Sequence[tuple[Gesprek, GesprekDeelname]]


@dataclass(frozen=True)
class BehoefteRegel:
    """One need with what meets it, in words."""

    omschrijving: str
    domeinen: Sequence[str]
    oplossingen: Sequence[tuple[str, str, str]]
    """What kind, which product if any, and the explanation."""


def behoeften_panel(blad: Blad) -> Panel | None:
    """Show each need with what meets it: own strength first, maatwerk for the rest."""
    _, behoeften = blad.once(find_melding_en_behoeften, blad.dossier.id)
    if not behoeften:
        return None
    names = blad.once(all_product_names, blad.dossier.gemeente_code)
    onderzoek, _ = blad.once(queries.find_met_verslagen, blad.dossier.id)
    proposed = blad.once(queries.list_oplossingen, onderzoek.id) if onderzoek else []
    return Panel(
        "Behoeften en oplossingen",
        "onderzoek/behoeften.html",
        anker="behoeften",
        is_begun=onderzoek is not None,
        behoeften=[
            BehoefteRegel(
                each.omschrijving or "",
                [text for domein, text in DOMEIN.items() if domein in each.labels],
                [_in_words(o, names) for o in proposed if o.behoefte_id == each.id],
            )
            for each in behoeften
        ],
    )


def _in_words(oplossing: Oplossing, names: dict[str, str]) -> tuple[str, str, str]:
    code = oplossing.product_code
    product = names.get(code, code) if code else ""
    vorm = oplossing.gewenste_vorm
    if product and vorm:
        product = f"{product}, {vorm.value if vorm.value == 'pgb' else 'in natura'}"
    return woorden.OPLOSSING[oplossing.soort], product, oplossing.toelichting or ""


def show_panel(blad: Blad) -> Panel | None:
    """Show status, last day and next step of the onderzoek."""
    onderzoek, verslagen = blad.once(queries.find_met_verslagen, blad.dossier.id)
    if onderzoek is None and blad.dossier.closed_at:
        return None
    talks: Talks = (
        queries.list_gesprekken(blad.session, onderzoek.id) if onderzoek else []
    )
    return Panel(
        "Onderzoek",
        "onderzoek/panel.html",
        anker="onderzoek",
        onderzoek=onderzoek,
        status=woorden.STATUS[onderzoek.status] if onderzoek else None,
        volgende=_next_step(blad, onderzoek, verslagen, talks),
        url=url_for(SHOW, referentie=blad.dossier.referentie),
        mag=blad.by.may(Permission.ONDERZOEK_DO),
        tijdlijn=list(_steps(onderzoek, verslagen, talks)) if onderzoek else [],
    )


def _steps(
    onderzoek: Onderzoek, verslagen: Sequence[Verslag], talks: Talks
) -> Iterator[Stap]:
    yield Stap("Onderzoek gestart", onderzoek.started_at)
    for gesprek, _ in talks:
        yield Stap("Gesprek", gesprek.gevoerd_op, tekst=woorden.VORM[gesprek.vorm])
    for verslag in verslagen:
        yield Stap(f"Verslag gemaakt, versie {verslag.versie}", verslag.made_at)
        if verslag.reactie:
            answer = woorden.REACTIE[verslag.reactie]
            yield Stap("Reactie op het verslag", verslag.answered_at, tekst=answer)
    if onderzoek.completed_at:
        yield Stap("Onderzoek afgerond", onderzoek.completed_at)
    if onderzoek.closed_at:
        yield Stap("Onderzoek gesloten zonder aanvraag", onderzoek.closed_at)


def _next_step(
    blad: Blad,
    onderzoek: Onderzoek | None,
    verslagen: Sequence[Verslag],
    talks: Talks,
) -> str:
    if onderzoek is None:
        return "Start het onderzoek."
    if onderzoek.closed_at:
        return "Er komt geen aanvraag."
    if onderzoek.completed_at:
        signed = verslagen and verslagen[0].ondertekend_op
        return "Het verslag is ondertekend." if signed else "Wacht op de cliënt."
    missing = list_ontbreekt(onderzoek, _as_far_as_asked(blad, onderzoek, talks))
    if not missing:
        return "Rond het onderzoek af."
    more = f" en nog {len(missing) - 1}" if len(missing) > 1 else ""
    return f"Nog vast te leggen: {missing[0].tekst}{more}."


def _as_far_as_asked(blad: Blad, onderzoek: Onderzoek, talks: Talks) -> queries.Inhoud:
    """Gather what an onderzoek must hold; what nothing asks for stays unread."""
    return queries.Inhoud(
        gesprekken=talks,
        onderwerpen=queries.list_onderwerpen(blad.session, onderzoek.id),
        leefgebieden={},
        behoeften=blad.once(find_melding_en_behoeften, blad.dossier.id)[1],
        oplossingen=blad.once(queries.list_oplossingen, onderzoek.id),
        afspraken=[],
        verslagen=blad.once(queries.find_met_verslagen, blad.dossier.id)[1],
    )
