"""A gemeente is set up from data, whole."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from build.gemeente import actor
from loket.accounts.queries import instelling
from loket.accounts.user import Mandaat
from loket.beheer.inrichting import set_up_gemeente
from loket.cases.producten.product import Product, Weigeringsgrond
from loket.letters.tekst import Brieftekst, defaults
from loket.pgb.pgb import PgbTarief

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


class TestSetUpGemeente:
    def test_gives_everything_the_first_melding_needs(self, session):
        by = actor()

        set_up_gemeente(
            session, by, AT, code="0396", naam="Duinstede", van=date(2026, 1, 1)
        )

        for noun in (Product, Weigeringsgrond, Mandaat, PgbTarief):
            assert session.scalar(select(func.count()).select_from(noun)), noun
        assert session.scalar(select(func.count()).select_from(Brieftekst)) == len(
            defaults()
        )
        assert instelling(session, "0396", "vier_ogen", date(2026, 2, 1)) is False

    def test_rates_and_grounds_name_products_that_exist(self, session):
        set_up_gemeente(
            session, actor(), AT, code="0396", naam="Duinstede", van=date(2026, 1, 1)
        )

        products = set(session.scalars(select(Product.code)))

        assert set(session.scalars(select(PgbTarief.product_code))) <= products
