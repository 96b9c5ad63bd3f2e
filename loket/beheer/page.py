"""What the pages of the beheerder share: a button, a list in time, an end."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from loket.accounts.history import list_wijzigingen
from loket.accounts.perioden import Vanaf, stand_of_rows
from loket.errors import NotFound, RuleViolation
from loket.formfields import VanafSchema
from loket.geldigheid import Tijdlijn, tijdlijn
from loket.termijnen import dag_van
from loket.web import Form, now

STANDEN = (("nu", "Geldt nu"), ("later", "Geldt later"), ("eerder", "Gold eerder"))


def press(deed: Callable[[], str]) -> ResponseReturnValue:
    """Carry out the deed of a button and go where it says; pressed twice, once.

    Raises:
        RuleViolation: what the deed says no to; a button has no field to say it at.
    """
    form = Form()
    answer = form.submit(deed)
    if answer is None:
        raise RuleViolation("; ".join(text for _, text in form.summary))
    return answer


def chosen(
    lijn: Tijdlijn[Any], door: str
) -> tuple[Sequence[Any], list[dict[str, Any]]]:
    """Return the rows of the chosen stand, and the choices above the list."""
    wanted = request.args.get("stand", "nu")
    stand = wanted if wanted in dict(STANDEN) else "nu"
    chips = [
        {
            "label": label,
            "count": len(getattr(lijn, name)),
            "url": url_for(door, stand=name),
            "active": name == stand,
        }
        for name, label in STANDEN
    ]
    return getattr(lijn, stand), chips


def line_of(rows: Iterable[Any]) -> Tijdlijn[Any]:
    """Divide rows in now, later and before, as seen from today."""
    return tijdlijn(rows, dag_van(now()))


def known(rows: Sequence[Any]) -> Sequence[Any]:
    """Refuse what the gemeente does not have.

    Raises:
        NotFound: there is not one row.
    """
    if not rows:
        raise NotFound
    return rows


def newest(lijn: Tijdlijn[Any]) -> Any:
    """Return the row that holds, else the one that will, else the last that did."""
    return next(iter([*lijn.nu, *reversed(lijn.later), *lijn.eerder]))


def history(rows: Sequence[Any], sleutel: str, soort: str = "") -> dict[str, Any]:
    """Return what the page of one value shows besides its form.

    Args:
        soort: name of the table, for a value of which there may be no row.
    """
    return {
        "lijn": line_of(rows),
        "stand": stand_of_rows(rows),
        "knoppen": Form(),
        "wijzigingen": list_wijzigingen(
            g.session, g.actor, soort or rows[0].__tablename__, sleutel
        ),
    }


def end_page(
    titel: str,
    kruimels: list[tuple[str, str]],
    gevolgen: list[str],
    rows: Sequence[Any],
    deed: Callable[[Vanaf], str],
) -> ResponseReturnValue:
    """Ask for the last day of something, and carry it out."""
    form = Form(VanafSchema())
    done = form.answer(lambda **answers: deed(Vanaf.take(answers)))
    return done or form.page(
        "beheer/einde.html",
        titel=titel,
        kruimels=kruimels,
        gevolgen=gevolgen,
        stand=stand_of_rows(rows),
    )
