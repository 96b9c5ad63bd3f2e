"""What somebody approves on the pages of a beschikking, as it stands now."""

from collections.abc import Mapping

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from loket.cases.besluit.beschikking import Beschikking, Besluitregel
from loket.cases.besluit.overzicht import SOORTEN
from loket.cases.besluit.queries_hold import lock_beschikking
from loket.shown import Part

_SEALED = ("motivering", "pgb_berekening", "pgb_eisen")


def to_decide(
    session: Session, beschikking: Beschikking, names: Mapping[str, str]
) -> list[Part]:
    """Read every regel of a concept afresh; nobody changes it until the commit.

    Args:
        names: code of a product → its name.

    Raises:
        RuleViolation: it was decided meanwhile.
    """
    lock_beschikking(session, beschikking)
    beschikking.require_concept()
    return shown_regels(session, beschikking, names)


def shown_regels(
    session: Session, beschikking: Beschikking, names: Mapping[str, str]
) -> list[Part]:
    """Read every regel afresh, for the page that shows them."""
    regels = session.scalars(
        select(Besluitregel)
        .where(Besluitregel.beschikking_id == beschikking.id)
        .order_by(Besluitregel.id)
        .execution_options(populate_existing=True)
    )
    return [
        Part(
            str(regel.id),
            f"{SOORTEN[regel.soort]}: "
            f"{names.get(regel.product_code, regel.product_code)}",
            _content(regel),
        )
        for regel in regels
    ]


def _content(regel: Besluitregel) -> list[str]:
    """Everything that is decided: a column that is added later counts as well."""
    plain = [
        f"{column.key}={value}"
        for column in inspect(Besluitregel).column_attrs
        if not isinstance(value := getattr(regel, column.key), bytes)
    ]
    return [*plain, *(f"{name}={getattr(regel, name)}" for name in _SEALED)]


def to_make_known(session: Session, beschikking: Beschikking) -> list[Part]:
    """Name the letter that the page led to, or that there was none yet."""
    lock_beschikking(session, beschikking)
    return shown_letter(beschikking)


def shown_letter(beschikking: Beschikking) -> list[Part]:
    """Name the letter that the page leads to, or that there is none yet."""
    return [Part("brief", "de brief is klaar", [str(beschikking.document_id)])]
