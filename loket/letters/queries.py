"""Finding the text that holds on a day."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.authz import Actor
from loket.datum import lang
from loket.errors import NotConfigured
from loket.huisstijl.huisstijl import Huisstijl
from loket.huisstijl.logo import LogoSoort
from loket.huisstijl.queries import huisstijl_op
from loket.letters.brief import Afzender, Briefstijl
from loket.letters.tekst import Brieftekst


def tekst_op(session: Session, gemeente_code: str, sleutel: str, dag: date) -> str:
    """Return the text of this gemeente that holds on this day.

    Raises:
        NotConfigured: the gemeente has no such text on that day.
    """
    tekst = session.scalar(
        select(Brieftekst.tekst).where(
            Brieftekst.gemeente_code == gemeente_code,
            Brieftekst.sleutel == sleutel,
            Brieftekst.van <= dag,
            or_(Brieftekst.tot.is_(None), Brieftekst.tot >= dag),
        )
    )
    if tekst is None:
        raise NotConfigured(f"De brieftekst {sleutel} is er niet op {lang(dag)}.")
    return tekst


def list_brieftekst(session: Session, by: Actor) -> Sequence[Brieftekst]:
    """Return all texts of the gemeente, each sleutel from old to new."""
    return session.scalars(
        select(Brieftekst)
        .where(Brieftekst.gemeente_code.in_(by.gemeenten))
        .order_by(Brieftekst.sleutel, Brieftekst.van)
    ).all()


def afzender_op(session: Session, gemeente: Gemeente, dag: date) -> Afzender:
    """Return the gemeente as it writes on this day, in the house style of that day."""
    return afzender(gemeente, huisstijl_op(session, gemeente.code, dag))


def afzender(gemeente: Gemeente, row: Huisstijl | None) -> Afzender:
    """Return the gemeente as it writes, in this house style or in that of Loket."""
    return Afzender(
        naam=f"Gemeente {gemeente.naam}",
        adres=gemeente.adres,
        postadres=gemeente.postadres,
        telefoon=gemeente.telefoon,
        website=gemeente.website,
        stijl=briefstijl(row) if row else Briefstijl(),
    )


def briefstijl(row: Huisstijl) -> Briefstijl:
    """Return how a house style looks on paper."""
    logo = row.beeld
    is_svg = logo is not None and logo.soort is LogoSoort.SVG
    return Briefstijl(
        kleur=row.accent,
        lijn=row.tweede or "",
        logo_svg=logo.inhoud.decode() if logo and is_svg else "",
        logo_png=logo.inhoud if logo and not is_svg else b"",
    )
