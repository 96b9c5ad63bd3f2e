"""More that is told in a case: by others, on paper, by message, half typed."""

import re

from build.iwmo import SAMPLE
from loket.datum import kort
from loket.drafts.page import ASK, BASE, KEEP
from stories.canaries import MANY, Canaries
from stories.doors import DAY, Case
from stories.running import Running, wait_for
from stories.town import PLACE
from stories.visitor import Visitor


def want_mail(people: list[Visitor], canaries: Canaries) -> None:
    """Let people choose to be told by e-mail that work waits."""
    for person in people:
        address = canaries.mail()
        person.send("/account/e-mail", mail_wens="meteen", mail_adres=address)


def tell_more(case: Case) -> None:
    """Fill in what the chapters of a case do not ask: five of every type."""
    c = case.canaries
    for phone, born in zip(c.phones[2:4], c.dates[2:4], strict=True):
        case.balie.send(
            f"{case.dossier}/betrokkenen/nieuw",
            achternaam=c.word("Mantel"),
            geboortedatum=kort(born),
            straat=c.word("Laan", "adres"),
            huisnummer="7",
            woonplaats=c.word("Dorp", "adres"),
            telefoon=phone,
            email=c.mail(),
            postadres=c.word("Postbus", "adres"),
            rol="mantelzorger",
            bevoegdheid="geen",
            van=DAY,
        )
    call_back(case)
    write_notes(case)
    hand_in_post(case)
    ask_colleagues(case)


def call_back(case: Case) -> None:
    """Ask that somebody is called back, about somebody else's BSN."""
    c = case.canaries
    begun = case.balie.send("/terugbellen/begin", dossier=case.number)
    to = re.findall(r'<option value="([^"]+)"', case.balie.get(begun).text)
    case.balie.send(
        begun,
        dossier=case.number,
        naam=c.word("Bel"),
        telefoon=c.phones[4],
        notitie=f"{c.text('terugbelverzoek')} BSN {c.bsns[2]}",
        voor=next(each for each in to if each),
        **{BASE: 1},
    )


def write_notes(case: Case) -> None:
    """Write a note, and leave another half typed."""
    c = case.canaries
    new = f"{case.dossier}/notities/nieuw"
    for number, ask in ((3, {}), (4, {ASK: KEEP})):
        answer = case.consulent.post(
            new,
            soort="werknotitie",
            tekst=f"{c.text('notitie')} BSN {c.bsns[number]}, {kort(c.dates[4])}",
            **ask,
        )
        assert answer.status < 400, answer.text


def ask_colleagues(case: Case) -> None:
    """Leave everybody who may a task: who wants that is told by e-mail."""
    c = case.canaries
    new = f"{case.dossier}/taken/nieuw"
    people = re.findall(r'value="([0-9a-f-]{36})"', case.balie.get(new).text)
    assert len(people) > 1
    for person in people:
        case.balie.send(
            new,
            soort="client_bellen",
            voor=person,
            uiterlijk=DAY,
            notitie=f"{c.text('taak')} BSN {c.second_bsn}, {kort(c.dates[1])}",
        )


def hand_in_post(case: Case) -> None:
    """Hand in scans, with names and contents that say something."""
    c = case.canaries
    files = {
        f"{c.word('foto', 'bestandsnaam')}.png": (
            b"\x89PNG\r\n\x1a\n" + c.word("diagnose", "document").encode()
        )
        for _ in range(MANY)
    }
    case.administratie.hand_in(
        "/post/nieuw",
        "bestanden",
        files,
        kanaal="post",
        ontvangen_op=DAY,
        afzender=c.word("Huisarts"),
        omschrijving=c.text("omschrijving"),
        dossier=case.number,
    )


def receive_messages(running: Running, canaries: Canaries) -> None:
    """Let a message come in that is right, and one that is not; ours goes out."""
    if not SAMPLE.is_file():
        return
    folder = running.home / "iwmo"
    wait_for((folder / "in").is_dir, "the folders of the mailbox")
    right = sample(canaries)
    (folder / "in" / "right.xml").write_text(right, encoding="utf-8")
    wrong = right.replace("<wmo315:Geslacht>1<", f"<wmo315:Geslacht>{canaries.core}<")
    (folder / "in" / "wrong.xml").write_text(wrong, encoding="utf-8")
    wait_for(lambda: list((folder / "failed").glob("*reden.txt")), "the refusal")
    wait_for(lambda: list((folder / "verwerkt").iterdir()), "the message")
    sent = folder / "out"
    wait_for(lambda: list(sent.glob("WMO301_*")), "the 301 about this case")


def sample(canaries: Canaries) -> str:
    """Write the official message as if it were about our case."""
    text = SAMPLE.read_text(encoding="utf-8")
    for old, new in (
        ("999900006", canaries.second_bsn),
        ("1972-07-16", canaries.dates[1].isoformat()),
        (">Wit<", f">{canaries.word('W')}<"),
        (">Tim<", f">{canaries.word('T')}<"),
        ("Commentaar client", canaries.text("commentaar")),
        (">42420001</wmo315:Afzender", ">98000101</wmo315:Afzender"),
        (">0384<", f">{PLACE}<"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    return text
