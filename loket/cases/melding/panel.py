"""The melding on the page of its dossier: the question, and the terms that began."""

from loket.cases.dossier import woorden
from loket.cases.dossier.blad import Blad, Panel
from loket.cases.dossier.tijdlijn import Stap, Termijn
from loket.cases.melding import operations
from loket.cases.melding.melding import Melding
from loket.cases.melding.queries import find_melding_en_behoeften, waarom
from loket.cases.melding.woorden import HUISHOUDTYPE, VERWIJZER


def melding_panel(blad: Blad) -> Panel | None:
    """Show the question in the own words of the cliënt, and how it came in."""
    melding, _ = blad.once(find_melding_en_behoeften, blad.dossier.id)
    if melding is None:
        return None
    return Panel(
        "Melding",
        "melding/paneel.html",
        anker="melding",
        melding=melding,
        kanaal=woorden.KANAAL[melding.kanaal],
        verwijzer=VERWIJZER[melding.verwijzer],
        huishoudtype=HUISHOUDTYPE[melding.huishoudtype],
        tijdlijn=_steps(blad, melding),
        termijnen=_terms(blad, melding),
    )


def _terms(blad: Blad, melding: Melding) -> list[Termijn]:
    why = waarom(melding)
    busy = _is_busy(blad)
    got_plan = melding.plan_ontvangen_op is not None
    return [
        Termijn(
            "Persoonlijk plan inleveren",
            melding.plan_tot,
            why["plan"],
            got_plan or not busy or melding.plan_tot < blad.vandaag,
        ),
        Termijn(
            "Onderzoek afronden", melding.onderzoek_tot, why["onderzoek"], not busy
        ),
    ]


def _steps(blad: Blad, melding: Melding) -> list[Stap]:
    steps = [
        Stap(
            "Melding ontvangen",
            melding.ontvangen_op,
            tekst=woorden.KANAAL[melding.kanaal],
        )
    ]
    if melding.confirmed_at:
        steps.append(Stap("Ontvangst bevestigd in een brief", melding.confirmed_at))
    else:
        steps.append(Stap("Ontvangst bevestigen", None, "current"))
    if melding.plan_ontvangen_op:
        steps.append(Stap("Persoonlijk plan ontvangen", melding.plan_ontvangen_op))
    if _is_busy(blad):
        steps.append(Stap("Onderzoek afronden", melding.onderzoek_tot, "todo"))
    return steps


def _is_busy(blad: Blad) -> bool:
    """Whether the onderzoek is still to be done; the worklist knows."""
    return blad.regel is not None and blad.regel.termijn_soort == operations.TERMIJN
