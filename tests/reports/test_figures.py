"""Figures of policy staff, counted from the views without a person."""

from datetime import date

import pytest
from sqlalchemy import text

from build import gemeente as town
from build.melding import melding
from loket.cases.producten.product import Domein
from loket.reports import meldingen

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture
def by(session):
    town.gemeente(session)
    return town.actor()


class TestMeldingen:
    def test_counts_a_melding_once_in_each_of_its_domains(self, session, by):
        melding(
            session,
            by=by,
            behoeften=[
                ("Ik kan niet meer stofzuigen.", [Domein.HUISHOUDELIJKE_HULP]),
                ("De ramen ook niet.", [Domein.HUISHOUDELIJKE_HULP, Domein.ZORG]),
            ],
        )
        session.flush()

        counts = {d.domein: d.aantal for d in meldingen.per_domein(session, by, *YEAR)}

        assert counts[Domein.HUISHOUDELIJKE_HULP] == 1
        assert counts[Domein.ZORG] == 1
        assert counts[Domein.VERVOER] == 0

    def test_puts_a_melding_in_the_month_it_was_received(self, session, by):
        melding(session, by=by, ontvangen_op=date(2026, 3, 31))
        session.flush()

        counts = {m.maand: m.aantal for m in meldingen.per_maand(session, by, *YEAR)}

        assert len(counts) == 12
        assert counts[date(2026, 3, 1)] == 1
        assert sum(counts.values()) == 1

    def test_counts_nothing_of_another_gemeente(self, session, by):
        melding(session, by=by)
        session.flush()

        elsewhere = meldingen.per_maand(session, town.actor(gemeente="0375"), *YEAR)

        assert [month.aantal for month in elsewhere] == [0] * 12


class TestViews:
    def test_hold_no_dossier_and_no_inwoner(self, session):
        columns = session.scalars(
            text(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = 'beleid'"
            )
        ).all()

        assert columns
        assert not {"dossier_id", "inwoner_id", "client_id", "gerechtigde_id"} & {
            *columns
        }

    def test_hold_no_sealed_column(self, session):
        found = session.scalar(
            text(
                "SELECT count(*) FROM information_schema.columns"
                " WHERE table_schema = 'beleid' AND data_type = 'bytea'"
            )
        )

        assert found == 0
