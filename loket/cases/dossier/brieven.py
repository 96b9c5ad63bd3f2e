"""What every letter of a dossier shares: to whom, from whom, in which words."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.accounts.queries import get_gemeente
from loket.cases.dossier.inwoner import Geslacht, Inwoner
from loket.cases.dossier.queries import get_client, letter_recipient
from loket.letters.brief import Alinea, Blok, Brief, Inhoud
from loket.letters.queries import afzender_op, tekst_op
from loket.letters.tekst import fill, to_blocks

_SALUTATIONS = {Geslacht.MAN: "heer", Geslacht.VROUW: "mevrouw"}
_TITLES = {Geslacht.MAN: "De heer", Geslacht.VROUW: "Mevrouw"}


def brief_for(
    session: Session,
    *,
    dossier_id: UUID,
    gemeente_code: str,
    dag: date,
    onderwerp: str,
    blocks: tuple[Blok, ...],
    kenmerk: str,
    behandelaar: str,
    ondertekenaar: str = "",
    functie: str = "Loket sociaal domein",
) -> Brief:
    """Address and sign a letter of this dossier; no name belongs in `onderwerp`."""
    gemeente = get_gemeente(session, gemeente_code)
    closing = fill(
        tekst_op(session, gemeente_code, "ondertekening", dag),
        _fixed(gemeente, kenmerk)
        | {
            "aanhef": "",
            "ondertekenaar": ondertekenaar or behandelaar,
            "functie": functie,
        },
    )
    return Brief(
        gemeente=afzender_op(session, gemeente, dag),
        geadresseerde=envelop(letter_recipient(session, dossier_id, dag)),
        kenmerk=kenmerk,
        datum=dag,
        onderwerp=onderwerp,
        blocks=blocks,
        ondertekening=tuple(line for line in closing.splitlines() if line.strip()),
        behandelaar=behandelaar,
    )


def letter_blocks(
    session: Session,
    *,
    dossier_id: UUID,
    gemeente_code: str,
    dag: date,
    sleutel: str,
    kenmerk: str,
    waarden: dict[str, str],
) -> tuple[Inhoud, ...]:
    """Fill the text of this day; who gets it for somebody else reads for whom."""
    recipient = letter_recipient(session, dossier_id, dag)
    client = get_client(session, dossier_id)
    fixed = _fixed(get_gemeente(session, gemeente_code), kenmerk)
    values = fixed | {"aanhef": aanhef(recipient)} | waarden
    blocks = to_blocks(tekst_op(session, gemeente_code, sleutel, dag), values)
    if recipient.id == client.id or not values["aanhef"]:
        return blocks
    about = Alinea(
        f"U krijgt deze brief omdat u {client.naam} vertegenwoordigt. Staat er in deze"
        f" brief \u201cu\u201d? Dan bedoelen wij {client.naam}."
    )
    return (*blocks[:1], about, *blocks[1:])


def aanhef(inwoner: Inwoner) -> str:
    """Greet somebody by the surname they use."""
    word = _SALUTATIONS.get(Geslacht(inwoner.geslacht or "0"), "heer of mevrouw")
    prefix = str(inwoner.voorvoegsel or "")
    surname = f"{prefix[:1].upper()}{prefix[1:]} {inwoner.achternaam}".strip()
    return f"Geachte {word} {surname}"


def envelop(inwoner: Inwoner) -> tuple[str, ...]:
    """Write name and address as on an envelope."""
    title = _TITLES.get(Geslacht(inwoner.geslacht or "0"), "")
    name = f"{title} {inwoner.naam}".strip()
    if inwoner.postadres:
        return (name, *str(inwoner.postadres).splitlines())
    return (name, *inwoner.adresregels)


def _fixed(gemeente: Gemeente, kenmerk: str) -> dict[str, str]:
    return {
        "gemeente": gemeente.naam,
        "telefoon": gemeente.telefoon,
        "website": gemeente.website,
        "postadres": gemeente.postadres,
        "referentie": kenmerk,
    }
