"""Consent: asked only where the Act asks it, and needed there."""

from datetime import date, timedelta

import pytest

from build.dossier import dossier
from build.gemeente import NOW, TODAY, actor, gemeente
from loket.authz import Role
from loket.cases.dossier import operations_toestemming as operations
from loket.cases.dossier import queries_toestemming as queries
from loket.cases.dossier.contactmoment import Kanaal
from loket.cases.dossier.herkomst import Herkomst, eisen_op
from loket.cases.dossier.notitie import NotitieSoort
from loket.cases.dossier.operations_notitie import write_notitie
from loket.cases.dossier.toestemming import GegevenDoor, Wijze
from loket.cases.post.operations import file_poststuk, receive_poststuk
from loket.errors import NotFound, RuleViolation

BY = actor(Role.CONSULENT)
KEPT_APART = [
    Herkomst.JEUGD,
    Herkomst.PARTICIPATIE,
    Herkomst.SCHULDHULP,
    Herkomst.ZORGVERZEKERAAR,
    Herkomst.ZORGAANBIEDER,
]


@pytest.fixture
def file(session):
    gemeente(session)
    return dossier(session, BY)


def give(session, file, **differs):
    return operations.record_toestemming(
        session,
        BY,
        NOW,
        **{
            "dossier": file,
            "herkomst": Herkomst.ZORGAANBIEDER,
            "gegeven_door": GegevenDoor.INWONER,
            "wijze": Wijze.GESPREK,
            "gegeven_op": TODAY,
            "gegevens": "Wat de wijkverpleging doet",
            "partij": "Wijkverpleging Duinstede",
            "doel": "Weten welke hulp er al is",
        }
        | differs,
    )


def write(session, file, herkomst=Herkomst.ZORGAANBIEDER, at=NOW):
    return write_notitie(
        session,
        BY,
        at,
        dossier=file,
        soort=NotitieSoort.OVERLEG,
        tekst="De wijkverpleging komt twee keer per dag.",
        herkomst=herkomst,
    )


def take_back(session, given, day=TODAY):
    operations.withdraw_toestemming(
        session, BY, NOW, toestemming=given, ingetrokken_op=day
    )


class TestClosedList:
    def test_is_what_the_act_names(self):
        assert list(eisen_op(TODAY)) == KEPT_APART
        assert all("5.1.1" in each.artikel for each in eisen_op(TODAY).values())

    def test_holds_from_the_day_of_the_act(self):
        assert not eisen_op(date(2014, 12, 31))

    def test_is_not_asked_elsewhere(self, session, file):
        with pytest.raises(RuleViolation, match="geen toestemming"):
            give(session, file, herkomst=Herkomst.CIZ)


class TestNeeded:
    @pytest.mark.parametrize("herkomst", KEPT_APART)
    def test_for_a_note_with_data_that_are_kept_apart(self, session, file, herkomst):
        with pytest.raises(RuleViolation, match="toestemming van de cliënt"):
            write(session, file, herkomst)
        give(session, file, herkomst=herkomst)

        assert write(session, file, herkomst).herkomst is herkomst

    def test_for_each_source_apart(self, session, file):
        give(session, file, herkomst=Herkomst.JEUGD)

        with pytest.raises(RuleViolation):
            write(session, file, Herkomst.PARTICIPATIE)

    def test_in_each_dossier_apart(self, session, file):
        give(session, dossier(session, BY))

        with pytest.raises(RuleViolation):
            write(session, file)

    @pytest.mark.parametrize("herkomst", [Herkomst.CIZ, Herkomst.INWONER])
    def test_for_nothing_else(self, session, file, herkomst):
        assert write(session, file, herkomst)

    def test_to_file_a_letter_of_a_doctor(self, session, file):
        stuk = receive_poststuk(
            session, BY, NOW, inhoud=b"%PDF-1.7", kanaal=Kanaal.POST, ontvangen_op=TODAY
        )

        def put():
            return file_poststuk(
                session,
                BY,
                NOW,
                poststuk=stuk,
                dossier=file,
                herkomst=Herkomst.ZORGAANBIEDER,
            )

        with pytest.raises(RuleViolation, match="toestemming") as refused:
            put()
        assert refused.value.field == "herkomst"
        give(session, file)
        assert put().herkomst is Herkomst.ZORGAANBIEDER


class TestWithdraw:
    def test_works_forward_only(self, session, file):
        given = give(session, file, gegeven_op=TODAY - timedelta(days=9))
        before = write(session, file)
        take_back(session, given)

        assert before.withdrawn_at is None
        assert given.holds(TODAY - timedelta(days=1))
        with pytest.raises(RuleViolation, match="toestemming"):
            write(session, file)

    def test_happens_once(self, session, file):
        given = give(session, file)
        take_back(session, given)

        with pytest.raises(RuleViolation, match="al ingetrokken"):
            take_back(session, given)

    def test_before_it_was_given_is_refused(self, session, file):
        given = give(session, file)

        with pytest.raises(RuleViolation, match="ligt voor"):
            take_back(session, given, TODAY - timedelta(days=1))

    def test_lets_a_new_one_be_given(self, session, file):
        take_back(session, give(session, file))
        give(session, file)

        assert write(session, file)
        assert len(queries.list_toestemmingen(session, file.id)) == 2


class TestScope:
    def test_of_a_shielded_dossier_is_not_there(self, session, file):
        given = give(session, file)
        file.afgeschermd = True
        session.flush()

        with pytest.raises(NotFound):
            queries.get_toestemming(session, BY, given.id)

    def test_of_another_gemeente_is_not_there(self, session, file):
        given = give(session, file)

        elsewhere = actor(Role.CONSULENT, gemeente="0375")
        with pytest.raises(NotFound):
            queries.get_toestemming(session, elsewhere, given.id)
