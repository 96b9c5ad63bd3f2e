"""Work that stands still is told in words, never by the name of its topic."""

from loket.outbox.promise import Promise
from loket.outbox.woorden import OPDRACHT
from loket.schedule import HANDLERS


class TestOpdracht:
    def test_every_handler_says_what_it_is_for(self):
        assert set(OPDRACHT) == set(HANDLERS)

    def test_a_promise_is_called_by_its_words(self):
        assert Promise(topic="iwmo.301").opdracht == "Toewijzing sturen (Wmo301)"
