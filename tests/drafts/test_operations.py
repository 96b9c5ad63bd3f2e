"""Drafts of a dossier go with the dossier."""

import pytest
from sqlalchemy import select

from build.dossier import dossier
from build.gemeente import NOW, actor_of, gemeente, user
from loket.audit.action import Action
from loket.audit.record import AuditRecord
from loket.drafts import operations
from loket.drafts.draft import Draft, DraftMoved, DraftOf
from loket.outbox.promise import Promise


@pytest.fixture
def by(session):
    gemeente(session)
    return actor_of(user(session))


def kept(session, by, of, **how):
    given = {"answers": {"tekst": ["a"]}, "writer": "t", "base": 0} | how
    return operations.save_draft(session, by, NOW, of=of, **given)


class TestDropDraftsOfDossier:
    def test_takes_those_of_every_author_and_no_other(self, session, by):
        case = dossier(session, by)
        colleague = actor_of(user(session))
        gone = [
            kept(session, who, DraftOf("f", "F", case.referentie, "/", case.id)).id
            for who in (by, colleague)
        ]
        stays = kept(session, by, DraftOf("f", "F", "anders"))

        count = operations.drop_drafts_of_dossier(session, by, NOW, dossier_id=case.id)

        assert count == 2
        assert session.scalars(select(Draft.id)).all() == [stays.id]
        shredded = select(Promise.subject_id).where(Promise.topic == operations.SHRED)
        assert set(session.scalars(shredded)) == set(gone)
        lines = session.scalars(
            select(AuditRecord).where(AuditRecord.action == Action.DRAFT_DROPPED.value)
        ).all()
        assert [line.dossier_id for line in lines] == [case.id]


class TestSaveDraft:
    def test_refuses_a_page_that_saw_an_older_version(self, session, by):
        of = DraftOf("f", "F")
        kept(session, by, of, writer="een")

        with pytest.raises(DraftMoved, match="nieuwer"):
            kept(session, by, of, writer="twee")

    def test_refuses_to_bring_back_what_is_gone(self, session, by):
        with pytest.raises(DraftMoved, match="verstuurd of weggegooid"):
            kept(session, by, DraftOf("f", "F"), base=2)
