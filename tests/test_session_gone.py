"""The session of a form is gone: what was typed comes back, secrets do not."""

PAGE = {"Accept": "text/html"}


class TestSessionGone:
    def test_gives_back_what_was_typed(self, client):
        answer = client.post(
            "/meldingen/nieuw",
            data={"hulpvraag": "Ik red het <b>niet</b> meer.", "_verzending": "t0ken"},
            headers=PAGE,
        )

        assert answer.status_code == 400
        assert "niet opgeslagen" in answer.text
        assert "Ik red het &lt;b&gt;niet&lt;/b&gt; meer." in answer.text
        assert "t0ken" not in answer.text
        assert answer.headers["Cache-Control"] == "no-store"

    def test_never_shows_a_password(self, client):
        answer = client.post(
            "/login", data={"login": "bea", "wachtwoord": "geheim-woord"}, headers=PAGE
        )

        assert answer.status_code == 400
        assert "geheim-woord" not in answer.text
