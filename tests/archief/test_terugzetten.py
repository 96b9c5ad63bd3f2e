"""Old backups give nothing back: data and key store of before and after, combined.

Each is a real copy of the databases. What still reads, needs a key store of before:
it ends when the backups of the key store do.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from build.archief import GO, LETTER, SECRET, approved, old_dossier
from build.gemeente import gemeente
from conftest import config_of, open_vault
from loket.archief import jobs
from loket.archief.vernietigingslijst import Vernietigingslijst
from loket.authz import Actor
from loket.cases.dossier.document import Document
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.notitie import NotitieVersie
from loket.db import Database, Scope, make_engine
from loket.outbox.promise import Promise
from loket.outbox.work import Work
from loket.schedule import keep_all
from loket.vault.errors import KeyDestroyed
from loket.vault.searchtoken import SearchToken, SearchUnique
from servers import Stock, new_name

HERE = "0396"
LATER = GO + timedelta(days=8)


def name_of(url: str) -> str:
    return make_url(url).database or ""


@contextmanager
def opened(urls) -> Iterator[Session]:
    keys, vault = open_vault(urls)
    engine = make_engine(urls.database_url)
    try:
        with Database(engine, vault=vault).transaction(Scope.of(HERE)) as session:
            yield session
    finally:
        engine.dispose()
        keys.dispose()


class Copies:
    """The databases before and after a list was carried out."""

    def __init__(self, stack: ExitStack, stock: Stock, servers, home) -> None:
        urls = stack.enter_context(stock.copies())
        with opened(urls) as session:
            gemeente(session)
            old_dossier(session)
            approved(session)
        now = Stock(servers, name_of(urls.database_url), name_of(urls.keystore_url))
        self.data, self.keys = {"na": now.database}, {"na": now.keystore}
        self.data["voor"], self.keys["voor"] = new_name(), new_name()
        stack.enter_context(now.copy_of_database(self.data["voor"]))
        stack.enter_context(now.copy_of_keystore(self.keys["voor"]))
        keys, vault = open_vault(urls)
        engine = make_engine(urls.database_url)
        config = config_of(urls, servers, home)
        keep_all(Database(engine, vault=vault), config, LATER)
        engine.dispose()
        keys.dispose()
        self.now = now

    @contextmanager
    def restored(self, data: str, keys: str) -> Iterator[Session]:
        """Put one of the data beside one of the key stores."""
        urls = self.now.urls(self.data[data], self.keys[keys])
        with opened(urls) as session:
            yield session


@pytest.fixture(scope="module")
def copies(stock, servers, tmp_path_factory):
    with ExitStack() as stack:
        yield Copies(stack, stock, servers, tmp_path_factory.mktemp("home"))


def first(session: Session, model):
    return session.scalars(select(model).order_by(model.id).limit(1)).one()


def test_before_with_before_reads_until_the_key_backups_end(copies):
    with copies.restored("voor", "voor") as session:
        assert first(session, NotitieVersie).tekst == SECRET
        assert first(session, Document).inhoud == LETTER


def test_old_data_with_the_keys_of_now_is_unreadable(copies):
    with copies.restored("voor", "na") as session:
        for model, name in (
            (NotitieVersie, "tekst"),
            (Document, "inhoud"),
            (Inwoner, "achternaam"),
        ):
            with pytest.raises(KeyDestroyed):
                getattr(first(session, model), name)


def test_data_of_now_with_old_keys_has_no_files_and_no_way_to_search(copies):
    """What is left of it: short texts, for as long as the key store is kept."""
    with copies.restored("na", "voor") as session:
        assert first(session, NotitieVersie).tekst == SECRET
        assert first(session, Document).inhoud is None
        for table in (SearchToken, SearchUnique):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_now_with_now_is_unreadable(copies):
    with copies.restored("na", "na") as session, pytest.raises(KeyDestroyed):
        _ = first(session, NotitieVersie).tekst


def test_old_data_alone_has_no_key_in_it(copies):
    # without a key store of its own there is nothing to open it with
    with copies.restored("voor", "na") as session:
        cell = first(session, NotitieVersie)._tekst_ct
        assert SECRET.encode() not in bytes(cell)


def test_destroying_again_after_old_data_came_back_finishes_what_is_left(copies):
    """After a restore the list is carried out once more: rows follow the keys."""
    with copies.restored("voor", "na") as session:
        lijst = first(session, Vernietigingslijst)
        promise = session.scalars(
            select(Promise).where(Promise.subject_id == lijst.id)
        ).one()
        for _ in range(6):
            jobs.carry_out(Work(session, Actor.system(HERE), LATER, None), promise)

        assert lijst.finished_at == LATER
        assert session.scalar(select(func.count()).select_from(SearchToken)) == 0
