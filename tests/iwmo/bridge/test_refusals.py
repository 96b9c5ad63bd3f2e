"""What is not right harms nothing: files put aside, messages answered with a code."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import create_engine, func, select, text

from build.iwmo import (
    CODE,
    NOW,
    SAMPLE,
    berichten,
    clerk,
    contract,
    drop,
    drop_bericht,
    files,
    fill_address,
    honour,
    regel,
    standing_right,
    verzoeken,
)
from loket.audit.action import Action
from loket.authz import Actor
from loket.cases.besluit.beschikking import Beschikking, Herkomst
from loket.cases.besluit.operations_voorziening import (
    extend_overname,
)
from loket.cases.dossier.dossier import Aanleiding
from loket.cases.dossier.operations import open_dossier
from loket.cases.dossier.operations_inwoner import record_death, register_inwoner
from loket.cases.melding.melding import Melding
from loket.cases.producten.product import Frequentie
from loket.db import Scope
from loket.errors import NotFound, RuleViolation
from loket.iwmo import operations
from loket.iwmo.berichten.inhoud import read_315, read_bericht
from loket.iwmo.berichten.onderdelen import BerichtIdentificatie
from loket.iwmo.codes import RedenAfwijzingVerzoek
from loket.iwmo.jobs import take_in
from loket.iwmo.xml import MAX_BYTES
from loket.providers import operations_contract as contracts
from loket.providers.contract import Contractregel
from loket.schedule import keep_all

pytestmark = pytest.mark.usefixtures("town_0384")

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    b"]><l>&b;</l>"
)


def sample(identificatie="123456789012", **client):
    """The sample with something else in it; a product per reference."""
    known = read_315(SAMPLE.read_bytes())
    own = BerichtIdentificatie(
        identificatie=identificatie, dagtekening=date(2023, 7, 15)
    )
    header = replace(known.header, bericht_identificatie=own)
    return replace(known, header=header, client=replace(known.client, **client))


def other_references(prefix):
    """The same products under other references."""
    known = read_315(SAMPLE.read_bytes()).client.aangevraagde_producten
    return tuple(
        replace(product, referentie_aanbieder=f"{prefix}-{number}")
        for number, product in enumerate(known)
    )


def retour(config, schemas):
    """The one 316 with complaints, held against the official schema."""
    sent = [p for p in files(config, "out") if p.name.startswith("WMO316")]
    read = [read_bericht(path.read_bytes(), schemas) for path in sent]
    (wrong,) = [one for one in read if one.header.retour_codes or one.client]
    return wrong


class TestFile:
    @pytest.mark.parametrize(
        ("data", "reden"),
        [
            (b"<not-closed>", "geen_xml"),
            (b"\xff\xfe\x00", "codering"),
            (b"", "geen_xml"),
            (LAUGHS, "dtd_of_entiteit"),
            (b"<a/>", "onbekend_bericht"),
            (b"x" * (MAX_BYTES + 1), "te_groot"),
        ],
        ids=["malformed", "binary", "empty", "laughs", "unknown", "oversized"],
    )
    def test_that_is_no_message_is_put_aside_with_its_reason(
        self, database, config, data, reden
    ):
        drop(config, data, "slecht.xml")
        drop(config, SAMPLE.read_bytes(), "goed.xml")

        assert take_in(database, config, NOW) == 2

        kept, note = files(config, "failed")
        assert kept.read_bytes() == data
        assert note.read_text(encoding="utf-8").startswith(reden)
        assert len(files(config, "verwerkt")) == 1
        with database.transaction(Scope.of(CODE)) as session:
            assert len(berichten(session)) == 1

    @pytest.mark.parametrize(
        ("old", "new", "reden"),
        [
            (">0384<", ">0999<", "Deze gemeente werkt hier niet"),
            (">42420001</wmo315:Afzender>", ">42429999</wmo315:Afzender>", "aanbieder"),
            ("3_2/wmo315", "3_1/wmo315", "onbekende_versie"),
            ("<wmo315:Geslacht>1<", "<wmo315:Geslacht>7<", "xsd"),
        ],
        ids=["gemeente", "aanbieder", "version", "schema"],
    )
    def test_from_or_for_somebody_unknown_is_put_aside(
        self, database, config, old, new, reden
    ):
        drop(config, SAMPLE.read_text("utf-8").replace(old, new).encode())

        assert take_in(database, config, NOW) == 1

        note = files(config, "failed")[1].read_text(encoding="utf-8")
        assert reden in note
        assert "999900006" not in note
        with database.transaction(Scope.of(CODE)) as session:
            assert berichten(session) == []

    def test_leaves_a_line_in_the_trail(self, database, config, database_urls):
        drop(config, b"<a/>")
        take_in(database, config, NOW)

        owner = create_engine(database_urls.database_owner_url)
        with owner.connect() as connection:
            found = connection.execute(
                text("SELECT grond, outcome FROM audit_record WHERE action = :action"),
                {"action": Action.BERICHT_FAILED.value},
            ).all()
        owner.dispose()
        assert [tuple(row) for row in found] == [("onbekend_bericht", "refused")]

    def test_for_an_inwoner_who_died_is_put_aside(self, database, config):
        by = Actor.system(CODE)
        with database.transaction(Scope.of(CODE)) as session:
            person = register_inwoner(
                session, by, NOW, bsn="999900006", achternaam="Wit"
            )
            record_death(
                session, by, NOW, inwoner=person, overleden_op=date(2026, 1, 1)
            )
        drop(config, SAMPLE.read_bytes())

        take_in(database, config, NOW)

        assert "overleden" in files(config, "failed")[1].read_text("utf-8")


class TestMessage:
    def test_with_a_wrong_bsn_gets_0001_and_becomes_no_work(
        self, database, config, schemas
    ):
        drop_bericht(config, sample(bsn="999900007"))

        take_in(database, config, NOW)
        keep_all(database, config, NOW)

        assert retour(config, schemas).header.retour_codes == ("0001",)
        with database.transaction(Scope.of(CODE)) as session:
            assert session.scalar(select(func.count()).select_from(Melding)) == 0
            assert berichten(session, "315")[0].retourcodes[0]["regel"] == "CS002"

    def test_sent_twice_is_taken_in_once(self, database, config):
        for name in ("een.xml", "twee.xml"):
            drop(config, SAMPLE.read_bytes(), name)

        assert take_in(database, config, NOW) == 2
        keep_all(database, config, NOW)

        assert len(files(config, "verwerkt")) == 2
        assert len(files(config, "out")) == 1
        with database.transaction(Scope.of(CODE)) as session:
            assert len(berichten(session, "315")) == 1
            assert len(verzoeken(session)) == 2

    def test_with_a_number_that_was_used_is_refused(self, database, config, schemas):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        drop_bericht(config, sample(commentaar="anders"))
        take_in(database, config, NOW)
        keep_all(database, config, NOW)

        assert retour(config, schemas).header.retour_codes == ("9056",)

    def test_about_the_same_client_waits_its_turn(self, database, config, schemas):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        again = sample("B2", aangevraagde_producten=other_references("N"))
        drop_bericht(config, again)
        take_in(database, config, NOW)
        keep_all(database, config, NOW)

        answer = retour(config, schemas)
        assert answer.client.retour_codes == ("9374",)
        with database.transaction(Scope.of(CODE)) as session:
            assert len(verzoeken(session)) == 2

    def test_that_cites_a_beschikking_of_the_client_joins_its_dossier(
        self, database, config
    ):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        with database.transaction(Scope.of(CODE)) as session:
            first, second = verzoeken(session)
            fill_address(session, first)
            honour(session, first)
            reject(session, second)
        drop_bericht(config, sample("B2", aangevraagde_producten=other_references("N")))
        take_in(database, config, NOW)

        with database.transaction(Scope.of(CODE)) as session:
            assert len({v.dossier_id for v in verzoeken(session)}) == 1
            assert session.scalar(select(func.count()).select_from(Melding)) == 1

    def test_that_cites_a_beschikking_of_somebody_else_is_a_new_melding(
        self, database, config
    ):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        with database.transaction(Scope.of(CODE)) as session:
            first, second = verzoeken(session)
            fill_address(session, first)
            honour(session, first)
            reject(session, second)
        other = sample(
            "B2", bsn="999900018", aangevraagde_producten=other_references("N")
        )
        drop_bericht(config, other)
        take_in(database, config, NOW)

        with database.transaction(Scope.of(CODE)) as session:
            assert len({v.dossier_id for v in verzoeken(session)}) == 2

    def test_is_sealed_at_rest(self, database, config):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)

        with database.transaction(Scope.of(CODE)) as session:
            for table in ("bericht", "verzoek", "inwoner", "melding", "behoefte"):
                rows = session.execute(text(f"SELECT * FROM {table}")).all()
                assert rows
                stored = b"|".join(
                    bytes(v) if isinstance(v, bytes) else str(v).encode()
                    for row in rows
                    for v in row
                )
                assert b"999900006" not in stored
                assert b"Commentaar" not in stored


def reject(session, verzoek):
    """Refuse for want of a contract."""
    return operations.reject_verzoek(
        session,
        clerk(),
        NOW,
        verzoek=verzoek,
        reden=RedenAfwijzingVerzoek.GEEN_CONTRACT,
    )


@pytest.fixture
def work(database, config):
    """A session in which the sample was taken in and the address filled in."""
    drop(config, SAMPLE.read_bytes())
    take_in(database, config, NOW)
    with database.transaction(Scope.of(CODE)) as session:
        fill_address(session, verzoeken(session)[0])
        yield session


class TestAnswer:
    def test_needs_the_address_first(self, database, config):
        drop(config, SAMPLE.read_bytes())
        take_in(database, config, NOW)
        with (
            database.transaction(Scope.of(CODE)) as session,
            pytest.raises(RuleViolation, match="postcode, huisnummer"),
        ):
            honour(session, verzoeken(session)[0])

    def test_is_given_once(self, work):
        first = verzoeken(work)[0]
        honour(work, first)

        with pytest.raises(RuleViolation, match="al beantwoord"):
            honour(work, first)
        with pytest.raises(RuleViolation, match="al beantwoord"):
            reject(work, first)

    def test_is_not_changed_after_a_refusal(self, work):
        first = verzoeken(work)[0]
        reject(work, first)

        with pytest.raises(RuleViolation, match="al beantwoord"):
            honour(work, first)

    def test_may_come_from_a_right_that_stands(self, work):
        first = verzoeken(work)[0]
        right = standing_right(work, first.dossier_id)

        made = operations.honour_verzoek(
            work,
            clerk(),
            NOW,
            verzoek=first,
            voorziening=right,
            contractregel_id=regel(work).id,
            van=first.gewenste_start,
            tot=first.gewenst_einde,
            volume=4,
        )

        assert (made.voorziening_id, made.volume) == (right.id, 4)
        assert first.toewijzing_id == made.id

    def test_does_not_come_from_a_right_of_somebody_else(self, work):
        by = Actor.system(CODE)
        neighbour = register_inwoner(work, by, NOW, bsn="999900018", achternaam="Buur")
        dossier = open_dossier(
            work,
            by,
            NOW,
            client=neighbour,
            aanleiding=Aanleiding.OVERNAME,
            ontvangen_op=NOW.date(),
            domeinen=[],
        )

        with pytest.raises(NotFound, match="andere cliënt"):
            operations.honour_verzoek(
                work,
                clerk(),
                NOW,
                verzoek=verzoeken(work)[0],
                voorziening=standing_right(work, dossier.id),
                contractregel_id=regel(work).id,
                van=date(2023, 6, 1),
            )

    def test_is_not_given_by_another_gemeente(self, work):
        with pytest.raises(NotFound):
            operations.reject_verzoek(
                work,
                clerk("0396"),
                NOW,
                verzoek=verzoeken(work)[0],
                reden=RedenAfwijzingVerzoek.BUDGET,
            )

    def test_uses_a_contract_of_the_aanbieder_that_asks(self, work):
        by = Actor.system(CODE)
        other = contracts.create_aanbieder(
            work, by, NOW, naam="Ander", agb="42420009", telefoon=""
        )
        theirs = contract(work, by, other)
        wrong = work.scalars(
            select(Contractregel).where(Contractregel.contract_id == theirs.id)
        ).first()

        with pytest.raises(RuleViolation, match="andere aanbieder"):
            operations.take_over_verzoek(
                work,
                clerk(),
                NOW,
                verzoek=verzoeken(work)[0],
                extern_nummer="1234",
                besloten_op=date(2023, 5, 15),
                contractregel_id=wrong.id,
                volume=4,
                frequentie=Frequentie.MAAND,
                van=date(2023, 6, 1),
            )


class TestOvername:
    def test_of_our_own_decisions_is_not_extended(self, work):
        own = Beschikking(gemeente_code=CODE, herkomst=Herkomst.EIGEN)

        with pytest.raises(RuleViolation, match="niet overgenomen"):
            extend_overname(work, clerk(), NOW, beschikking=own, regels=[])
