"""The logboek speaks Dutch."""

import re

import pytest

from loket.audit.action import Action
from loket.audit.gronden import DEUREN, ground_in_words
from loket.audit.woorden import VERBS, in_words
from loket.cases.dossier.taak import TaakSoort


class TestInWords:
    @pytest.mark.parametrize("action", Action)
    def test_knows_the_verb_of_every_action(self, action):
        assert action.value.partition(".")[2] in VERBS

    def test_reads_as_a_sentence(self):
        assert in_words("dossier.read") == "Dossier bekeken"
        assert in_words("bsn.revealed") == "BSN getoond"


class TestGround:
    @pytest.mark.parametrize(
        ("ground", "says"),
        [
            (
                "iwmo.list_verzoeken:403",
                "Geen toegang: Berichten met aanbieders (iWmo)",
            ),
            (
                "taken.finish_taak:409",
                "Kon niet volgens de regels: Taken, iets vastleggen of wijzigen",
            ),
            (
                "api_dossier.show_dossier:404",
                "Niet gevonden of geen toegang: Dossier via een koppeling",
            ),
            ("None:404", "Niet gevonden of geen toegang: een pagina die niet bestaat"),
            ("elders.show_iets:418", "Geweigerd"),
            ("meetmoment_nadert", "Meetmoment nadert"),
            ("contact,verloop", "Contact, verloop"),
            ("jaar:2026", "Jaar 2026"),
            ("dossier.read", "Dossier bekeken"),
            ("01A01", "01A01"),
            ("12 regels", "12 regels"),
            ("De dochter belde: haast.", "De dochter belde: haast."),
            ("", ""),
        ],
    )
    def test_reads_as_dutch(self, ground, says):
        assert ground_in_words(ground) == says

    def test_of_every_task_and_every_door_has_no_code_in_it(self, app):
        doors = {rule.endpoint for rule in app.url_map.iter_rules()}
        rooms = {door.partition(".")[0] for door in doors if "." in door}

        assert {room.removeprefix("api_") for room in rooms} == set(DEUREN)
        for ground in [*TaakSoort, *(f"{door}:403" for door in doors)]:
            assert not re.search(r"[_:]\w|\w\.\w", ground_in_words(ground)), ground
