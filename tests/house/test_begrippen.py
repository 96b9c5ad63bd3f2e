"""Every noun of the law is in the glossary, and the glossary names what exists."""

import re
from importlib import import_module

import pytest

from build.rows import mappers
from house.source import CHECKOUT

PAGE = CHECKOUT / "docs" / "begrippen.md"
ROW = re.compile(
    r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \| (?:`([\w.]+)`|—) \|$", re.MULTILINE
)
ARTICLE = re.compile(r"(Wmo art\. \d|UR Wmo art\. \d|Awb \d)")
TECHNICAL = {
    "loket.accounts.aanroep.Aanroep",
    "loket.accounts.user.ApiToken",
    "loket.accounts.user.User",
    "loket.accounts.verzending.Verzending",
    "loket.audit.record.AuditRecord",
    "loket.audit.record.AuditSubject",
    "loket.audit.record.Outcome",
    "loket.cases.dossier.teller.Teller",
    "loket.cases.dossier.teller.TellerSoort",
    "loket.drafts.draft.Draft",
    "loket.outbox.promise.Promise",
    "loket.vault.epoch.SealingEpoch",
    "loket.vault.searchtoken.SearchToken",
    "loket.vault.searchtoken.SearchUnique",
}
"""How the program works, not what the law speaks of."""

ROWS = [match.groups() for match in ROW.finditer(PAGE.read_text(encoding="utf-8"))]
TERMS = [term for term, _, _, _ in ROWS]
CLASSES = [named for _, _, _, named in ROWS if named]


def dotted(cls: type) -> str:
    return f"{cls.__module__}.{cls.__name__}"


def nouns() -> set[str]:
    """Every class with a table, and every list of words a column is chosen from."""
    tables = {dotted(mapper.class_) for mapper in mappers()}
    kinds = {
        dotted(column.type.enum_class)
        for mapper in mappers()
        for column in mapper.local_table.columns
        if getattr(column.type, "enum_class", None)
    }
    return (tables | kinds) - TECHNICAL


def test_every_line_of_the_table_is_read():
    lines = PAGE.read_text(encoding="utf-8").splitlines()

    assert len(ROWS) == sum(line.startswith("| ") for line in lines) - 1


def test_every_noun_is_in_the_glossary_once():
    assert nouns() - set(CLASSES) == set()
    assert sorted(CLASSES) == sorted(set(CLASSES))


@pytest.mark.parametrize("named", CLASSES)
def test_every_class_of_the_glossary_exists(named):
    module, _, name = named.rpartition(".")

    assert dotted(getattr(import_module(module), name)) == named


def test_terms_stand_in_order_and_once():
    assert sorted(set(TERMS)) == TERMS


@pytest.mark.parametrize("term", ["melding", "aanvraag", "mandaat", "leveringsvorm"])
def test_terms_of_the_procedure_name_their_article(term):
    (article,) = [article for name, article, _, _ in ROWS if name == term]

    assert ARTICLE.match(article)


def test_no_exception_is_left_over():
    assert {named for named in TECHNICAL if not _exists(named)} == set()


def _exists(named: str) -> bool:
    module, _, name = named.rpartition(".")
    return hasattr(import_module(module), name)
