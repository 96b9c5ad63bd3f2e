"""Messages in and out: the folders of the mailbox, read and filled by the worker.

A message that goes out is first made and kept in the database, and then put in the
folder under a name of its own: whatever step the worker dies at, it leaves once.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import structlog

from loket.accounts.queries import gemeente_codes
from loket.authz import Actor
from loket.cases.besluit.voorziening import Voorziening
from loket.cases.dossier.inwoner import Inwoner
from loket.cases.dossier.teller import TellerSoort, next_number
from loket.config import Config
from loket.db import NOBODY, Database, Scope
from loket.errors import LoketError, NotConfigured, RuleViolation
from loket.iwmo import operations, queries
from loket.iwmo.bericht import Bericht, Richting, Verzoek
from loket.iwmo.berichten.inhoud import BerichtInhoud, read_bericht, write_bericht
from loket.iwmo.berichten.levering import Bericht305, Bericht307
from loket.iwmo.berichten.onderdelen import RetourHeader
from loket.iwmo.berichten.toewijzing import Bericht302
from loket.iwmo.berichten.verzoek import Bericht315, Bericht320
from loket.iwmo.codes import RETOUR_VAN
from loket.iwmo.mappen import Bestand, Mappen
from loket.iwmo.uitgaand import Brievenhoofd, make_301, make_319, make_retour
from loket.iwmo.verwerking import ask_missing
from loket.iwmo.xml import BerichtFout, Reden, Schemas
from loket.outbox.operations import promise as make_promise
from loket.outbox.promise import Promise
from loket.outbox.work import Handler, Work
from loket.providers.aanbieder import Aanbieder
from loket.providers.toewijzing import Toewijzing
from loket.termijnen import dag_van

log = structlog.get_logger(__name__)

MOST = 100
"""Files in one run; the next run takes the rest."""
WACHT_OP_GEGEVENS = timedelta(minutes=15)
NO_FOLDER = "De map voor iWmo-berichten is niet te gebruiken."
ONTVANGEN = (Bericht302, Bericht305, Bericht307, Bericht315, Bericht320)
"""The kinds that a gemeente takes in."""


@cache
def _schemas(folder: Path | None) -> Schemas:
    """Keep compiled schemas: compiling them costs more than reading a message."""
    return Schemas(folder)


def _open_folders(folder: Path | None) -> Mappen:
    """Make the folders ready; a disk that is away is waited for."""
    if folder is None:
        raise NotConfigured(NO_FOLDER)
    mappen = Mappen(folder)
    try:
        mappen.prepare()
    except OSError as error:
        raise NotConfigured(NO_FOLDER) from error
    return mappen


def take_in(database: Database, config: Config, now: datetime) -> int:
    """Take in what the mailbox delivered; return how many files are dealt with.

    Without folder or schemas the files wait where they are. What goes wrong for a
    reason of our own waits too, and does not stand in the way of the others.
    """
    if config.iwmo_xsd_dir is None or not config.iwmo_xsd_dir.is_dir():
        return 0
    try:
        mappen = _open_folders(config.iwmo_dir)
    except NotConfigured:
        return 0
    schemas = _schemas(config.iwmo_xsd_dir)
    handled = 0
    with ExitStack() as held:
        for _ in range(MOST):
            bestand = mappen.take_next(now)
            if bestand is None:
                break
            held.enter_context(bestand)  # held until the end: not taken up twice
            handled += _take_one(database, mappen, schemas, bestand, now)
    return handled


def _take_one(
    database: Database,
    mappen: Mappen,
    schemas: Schemas,
    bestand: Bestand,
    now: datetime,
) -> bool:
    """Take in one file, or put it aside with the reason; tell whether it is done."""
    try:
        _deliver(database, schemas, bestand, now)
    except NotConfigured:
        return False
    except LoketError as refusal:
        _refuse(database, refusal, now)
        mappen.fail(bestand, str(refusal))
        return True
    except Exception:
        # a fault of ours, or a server that is away: the file is not to blame
        log.exception("file not taken in", bestand=bestand.sleutel[:8])
        return False
    mappen.done(bestand)
    return True


def _deliver(
    database: Database, schemas: Schemas, bestand: Bestand, now: datetime
) -> None:
    data = bestand.read()
    inhoud = read_bericht(data, schemas)
    if not isinstance(inhoud, ONTVANGEN):
        raise RuleViolation(f"Een {inhoud.soort} neemt Loket niet aan.")
    gemeente, agb = _parties(inhoud)
    with database.transaction(NOBODY) as session:
        if gemeente not in gemeente_codes(session):
            raise RuleViolation("Deze gemeente werkt hier niet met Loket.")
    by = Actor.system(gemeente, via="bericht")
    with database.transaction(Scope.of(gemeente)) as session:
        aanbieder = queries.find_aanbieder(session, agb)
        if aanbieder is None:
            raise RuleViolation("Er is geen aanbieder met deze AGB-code.")
        operations.receive_bericht(
            session, by, now, data=data, inhoud=inhoud, aanbieder=aanbieder
        )


def _parties(inhoud: BerichtInhoud) -> tuple[str, str]:
    """Tell gemeente and aanbieder: the header of a retour is the one it answers."""
    header = inhoud.header
    if isinstance(header, RetourHeader):
        return header.afzender, header.ontvanger
    return header.ontvanger, header.afzender


def _refuse(database: Database, refusal: LoketError, now: datetime) -> None:
    reden = refusal.reden.value if isinstance(refusal, BerichtFout) else "regel"
    by = replace(Actor.system("", via="bericht"), gemeenten=())
    with database.transaction(NOBODY) as session:
        operations.refuse_bestand(session, by, now, reden=reden)


Maker = Callable[[Brievenhoofd], BerichtInhoud | None]


@dataclass(frozen=True)
class Zending:
    """One message to be made: of which kind, to whom, and what it tells of."""

    soort: str
    aanbieder_id: UUID
    dossier_id: UUID | None
    bron_id: UUID


def _send(work: Work, zending: Zending, make: Maker) -> None:
    """Make a message, keep it, and promise to put it in the folder; once."""
    session, code = work.session, work.by.gemeente_code
    if queries.is_made(session, code, zending.soort, zending.bron_id):
        return
    schemas = _schemas(work.config.iwmo_xsd_dir)
    agb = session.get_one(Aanbieder, zending.aanbieder_id).agb
    number = next_number(session, code, TellerSoort.BERICHT)
    hoofd = Brievenhoofd(code, agb, f"L{number:011d}", work.at, schemas)
    inhoud = make(hoofd)
    if inhoud is None:
        return
    data = write_bericht(inhoud, schemas)
    bericht = Bericht(
        gemeente_code=code,
        richting=Richting.UIT,
        soort=zending.soort,
        versie=f"{inhoud.header.bericht_versie}.{inhoud.header.bericht_subversie}",
        identificatie=hoofd.identificatie,
        dagtekening=dag_van(work.at),
        afzender=code,
        ontvanger=agb,
        aanbieder_id=zending.aanbieder_id,
        dossier_id=zending.dossier_id,
        bron_id=zending.bron_id,
        sha256=sha256(data).hexdigest(),
        retourcodes=[],
        recorded_at=work.at,
    )
    bericht.scope_id = bericht.id
    bericht.inhoud = data
    session.add(bericht)
    session.flush()
    make_promise(session, "iwmo.plaatsen", bericht.id, gemeente_code=code, at=work.at)


def send_toewijzing(work: Work, promise: Promise) -> None:
    """Tell an aanbieder what is assigned to it (301)."""
    session = work.session
    toewijzing = session.get_one(Toewijzing, promise.subject_id)
    right = session.get_one(Voorziening, toewijzing.voorziening_id)
    client = session.get_one(Inwoner, right.gerechtigde_id)
    if ask_missing(session, work.by, work.at, toewijzing.dossier_id, client):
        _try_later(work, promise)
        return
    told = queries.is_made(session, work.by.gemeente_code, "301", toewijzing.id)
    zending = Zending(
        "301",
        toewijzing.aanbieder_id,
        toewijzing.dossier_id,
        promise.id if told else toewijzing.id,
    )
    _send(work, zending, lambda hoofd: make_301(session, toewijzing, hoofd))


def _try_later(work: Work, promise: Promise) -> None:
    """Look again when somebody has had the time to fill in what is missing."""
    later = work.at + WACHT_OP_GEGEVENS
    make_promise(
        work.session,
        promise.topic,
        promise.subject_id,
        gemeente_code=promise.gemeente_code,
        at=later,
        key=f"later:{later.isoformat()}",
    )


def send_retour(work: Work, promise: Promise) -> None:
    """Answer a message with what the checks found (306, 308, 316)."""
    bericht = work.session.get_one(Bericht, promise.subject_id)
    if bericht.aanbieder_id is None:
        raise BerichtFout(Reden.ONBEKEND_BERICHT)
    soort = RETOUR_VAN[bericht.soort]
    zending = Zending(soort, bericht.aanbieder_id, bericht.dossier_id, bericht.id)
    _send(work, zending, lambda hoofd: make_retour(bericht, hoofd))


def send_afwijzing(work: Work, promise: Promise) -> None:
    """Tell an aanbieder that its verzoek was refused (319)."""
    verzoek = work.session.get_one(Verzoek, promise.subject_id)
    zending = Zending("319", verzoek.aanbieder_id, verzoek.dossier_id, verzoek.id)
    _send(work, zending, lambda hoofd: make_319(verzoek, hoofd))


def place(work: Work, promise: Promise) -> None:
    """Put a message in the folder for the mailbox, under a name of its own."""
    bericht = work.session.get_one(Bericht, promise.subject_id)
    if bericht.placed_at:
        return
    mappen = _open_folders(work.config.iwmo_dir)
    mappen.put_out(bestandsnaam(bericht), bericht.inhoud or b"")
    operations.mark_placed(work.session, work.by, work.at, bericht=bericht)


def bestandsnaam(bericht: Bericht) -> str:
    """Name the file: kind, gemeente, aanbieder and number, nothing of a person."""
    parts = (bericht.afzender, bericht.ontvanger, bericht.identificatie)
    return "_".join([f"WMO{bericht.soort}", *parts]) + ".xml"


HANDLERS: dict[str, Handler] = {
    "iwmo.301": send_toewijzing,
    "iwmo.306": send_retour,
    "iwmo.308": send_retour,
    "iwmo.316": send_retour,
    "iwmo.319": send_afwijzing,
    "iwmo.plaatsen": place,
}
