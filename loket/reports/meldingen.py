"""How many meldingen come in, per domain and per month?

Reader: policy staff of one gemeente. A flow figure over a period: meldingen by
`ontvangen_op`. A melding with needs in two domains counts once in each.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import column, distinct, func, select, table
from sqlalchemy.orm import Session

from loket.authz import Actor
from loket.cases.producten.product import Domein

_melding = table(
    "melding", column("gemeente_code"), column("ontvangen_op"), schema="beleid"
)
_behoefte = table(
    "behoefte",
    column("gemeente_code"),
    column("melding_id"),
    column("labels"),
    column("ontvangen_op"),
    schema="beleid",
)


@dataclass(frozen=True)
class DomeinAantal:
    """Meldingen with a need in one domain."""

    domein: Domein
    aantal: int


@dataclass(frozen=True)
class MaandAantal:
    """Meldingen received in one month, named by its first day."""

    maand: date
    aantal: int


def per_domein(session: Session, by: Actor, van: date, tot: date) -> list[DomeinAantal]:
    """Count meldingen per domain, in the order of the domains."""
    label = func.unnest(_behoefte.c.labels).label("label")
    labels = (
        select(label, _behoefte.c.melding_id)
        .where(
            _behoefte.c.gemeente_code.in_(by.gemeenten),
            _behoefte.c.ontvangen_op.between(van, tot),
        )
        .subquery()
    )
    found = session.execute(
        select(labels.c.label, func.count(distinct(labels.c.melding_id))).group_by(
            labels.c.label
        )
    )
    counts = {row[0]: row[1] for row in found}
    return [DomeinAantal(domein, counts.get(domein.value, 0)) for domein in Domein]


def per_maand(session: Session, by: Actor, van: date, tot: date) -> list[MaandAantal]:
    """Count meldingen per month; a month without any counts zero."""
    month = func.date_trunc("month", _melding.c.ontvangen_op)
    found = session.execute(
        select(month, func.count())
        .where(
            _melding.c.gemeente_code.in_(by.gemeenten),
            _melding.c.ontvangen_op.between(van, tot),
        )
        .group_by(month)
    )
    counts = {row[0].date(): row[1] for row in found}
    return [MaandAantal(month, counts.get(month, 0)) for month in _months(van, tot)]


def _months(van: date, tot: date) -> list[date]:
    months = range(van.year * 12 + van.month - 1, tot.year * 12 + tot.month)
    return [date(n // 12, n % 12 + 1, 1) for n in months]
