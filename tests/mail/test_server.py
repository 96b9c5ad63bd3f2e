"""Handing in an e-mail: what goes over the line, and what is not trusted."""

import socket
import ssl
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from build.mailserver import mailserver
from loket.config import Config
from loket.db import uuid7
from loket.doctor import check_mail
from loket.mail import server
from loket.mail.bericht import write_bericht
from loket.mail.server import MailRefused, MailServer, ServerAway
from loket.processes import StartProblem

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def mail(aan="s.kustlicht@duinstede.example"):
    return write_bericht(
        van="loket@duinstede.example",
        aan=aan,
        adres="https://loket.duinstede.example/",
        bericht_id=uuid7(),
        at=AT,
    )


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """A certificate of this machine that is trusted in this test only."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(file)
    return secure, file


@pytest.fixture
def settings(tmp_path):
    """Settings with this mail server, or none; nothing else in them is used."""

    def make(smtp_url=""):
        nothing = dict.fromkeys(
            ("database_url", "database_owner_url", "keystore_url", "redis_url"), ""
        )
        return Config(
            **nothing,
            secret_key="",
            keks={},
            home=tmp_path,
            smtp_url=smtp_url,
            mail_from="loket@duinstede.example",
        )

    return make


class TestAddress:
    def test_says_how_to_reach_the_server(self):
        plain = MailServer.from_url("smtp://loket:gehe%40im@mail.example:2525")
        secure = MailServer.from_url("smtps://mail.example")

        assert (plain.host, plain.port, plain.is_tls) == ("mail.example", 2525, False)
        assert (plain.user, plain.password) == ("loket", "gehe@im")
        assert (secure.port, secure.is_tls) == (465, True)
        assert MailServer.from_url("smtp://mail.example").port == 587
        assert "gehe" not in repr(plain)


class TestSend:
    def test_hands_it_in_as_mail_servers_want_it(self):
        with mailserver() as box:
            MailServer("127.0.0.1", box.port, is_tls=False).send(mail())

        (raw,) = box.raw
        assert b"<s.kustlicht@duinstede.example>" in raw
        assert b"Auto-Submitted: auto-generated" in raw
        assert b"Message-ID: <" in raw
        assert b"https://loket.duinstede.example/" in raw

    def test_a_goodbye_that_fails_is_no_failure(self):
        with mailserver() as box:
            box.hangs_up_after_mail = True
            MailServer("127.0.0.1", box.port, is_tls=False).send(mail())

        assert len(box.raw) == 1

    def test_to_a_server_that_is_away_waits(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]

        with pytest.raises(ServerAway):
            MailServer("127.0.0.1", port, is_tls=False).send(mail())

    @pytest.mark.parametrize(
        ("words", "outcome"),
        [("451 kom later terug", ServerAway), ("550 ken ik niet", MailRefused)],
    )
    def test_that_is_refused_says_nothing_of_the_address(self, words, outcome):
        with mailserver() as box:
            box.refuses_with = words
            with pytest.raises(outcome) as caught:
                MailServer("127.0.0.1", box.port, is_tls=False).send(mail())

        assert box.raw == []
        assert "kustlicht" not in str(caught.value)
        assert caught.value.__cause__ is None


class TestDoctor:
    def test_says_that_nobody_is_mailed_without_a_server(self, settings):
        assert "niemand krijgt e-mail" in check_mail(settings())

    def test_says_that_the_server_lets_us_in(self, settings):
        with mailserver() as box:
            found = check_mail(settings(f"smtp://127.0.0.1:{box.port}"))

        assert "loket@duinstede.example" in found

    def test_says_what_to_do_when_it_is_away(self, settings):
        with pytest.raises(StartProblem, match="kijk LOKET_SMTP_URL na"):
            check_mail(settings("smtp://127.0.0.1:1"))


class TestSecrecy:
    def test_elsewhere_nothing_is_said_without_tls(self, monkeypatch):
        monkeypatch.setattr(server, "_LOOPBACK", frozenset())
        with mailserver() as box, pytest.raises(ServerAway):
            MailServer("127.0.0.1", box.port, is_tls=False).send(mail())

        assert box.raw == []

    def test_a_certificate_nobody_vouches_for_is_not_believed(
        self, monkeypatch, certificate
    ):
        secure, _ = certificate
        monkeypatch.setattr(server, "_LOOPBACK", frozenset())
        with mailserver(secure) as box, pytest.raises(ServerAway):
            MailServer("localhost", box.port, is_tls=False).send(mail())

        assert box.raw == []

    def test_with_starttls_it_goes_through(self, monkeypatch, certificate):
        secure, file = certificate
        monkeypatch.setattr(server, "_LOOPBACK", frozenset())
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        with mailserver(secure) as box:
            MailServer("localhost", box.port, is_tls=False).send(mail())

        assert len(box.raw) == 1

    def test_an_address_cannot_smuggle_in_a_header(self):
        with pytest.raises(ValueError, match="may not contain linefeed"):
            mail(aan="a@b.example\r\nBcc: c@d.example")
