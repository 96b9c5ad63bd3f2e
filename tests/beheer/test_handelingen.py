"""The logboek speaks Dutch."""

import pytest

from loket.audit.action import Action
from loket.audit.woorden import VERBS, in_words


class TestInWords:
    @pytest.mark.parametrize("action", Action)
    def test_knows_the_verb_of_every_action(self, action):
        assert action.value.partition(".")[2] in VERBS

    def test_reads_as_a_sentence(self):
        assert in_words("dossier.read") == "Dossier bekeken"
        assert in_words("bsn.revealed") == "BSN getoond"
