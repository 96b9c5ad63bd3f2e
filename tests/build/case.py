"""A dossier that was really committed, with an aanvraag and who works on it."""

import re
from datetime import date

from sqlalchemy import func, select

from build import besluit as build
from build.gemeente import NOW, actor_of, gemeente, login, user
from loket.accounts.operations import set_instelling
from loket.authz import Actor, Role
from loket.cases.besluit.aanvraag import Aanvraag
from loket.cases.besluit.beschikking import Beschikking
from loket.db import Scope

HERE = Scope.of("0396")


def mark_of(page):
    """Read from a page what it says that it shows."""
    return {"_getoond": re.search(r'name="_getoond" value="([^"]+)"', page)[1]}


def shown(browser, url):
    """Look at a page before approving what is on it."""
    return mark_of(browser.get(url).text)


class Case:
    """A dossier with an aanvraag, and the people who work on it."""

    def __init__(self, app, database, **differs):
        self.app = app
        self.database = database
        with database.transaction(HERE) as session:
            gemeente(session)
            set_instelling(
                session,
                Actor.system("0396"),
                NOW,
                sleutel="eigen_bijdrage_cent",
                waarde=2180,
                van=date(2026, 1, 1),
            )  # the pages use the real clock, whatever year it is
            people = {
                rol: user(session, rol, naam=f"N. {rol.value.capitalize()}")
                for rol in (
                    Role.CONSULENT,
                    Role.TEAMLEIDER,
                    Role.ADMINISTRATIE,
                    Role.FRONTOFFICE,
                    Role.BEHEERDER,
                )
            }
            self.dossier = build.dossier(session)
            asked = build.aanvraag(session, of=self.dossier, **differs)
            self.aanvraag_id = asked.id
            self.item_id = build.items_of(session, asked)[0].id
        self.people = people
        self.ref = self.dossier.referentie

    def browser(self, rol=Role.CONSULENT):
        return login(self.app, self.people[rol])

    def concept(self, *, with_regel=True, **differs):
        with self.database.transaction(HERE) as session:
            by = actor_of(self.people[Role.CONSULENT], Role.CONSULENT)
            asked = session.get_one(Aanvraag, self.aanvraag_id)
            made = build.concept(session, by, about=asked)
            if with_regel:
                item = build.items_of(session, asked)[0]
                build.regel(session, made, by, aanvraag_item=item, **differs)
            return made.referentie

    def decided(self):
        ref = self.concept()
        url, browser = f"/beschikkingen/{ref}/besluiten", self.browser()
        answer = browser.post(url, data=shown(browser, url) | {"_verzending": "x"})
        assert answer.status_code == 303, answer.text
        return ref

    def beschikking(self, ref):
        with self.database.transaction(HERE) as session:
            return session.scalars(
                select(Beschikking).where(Beschikking.referentie == ref)
            ).one()

    def count(self, noun):
        with self.database.transaction(HERE) as session:
            return session.scalar(select(func.count()).select_from(noun))
