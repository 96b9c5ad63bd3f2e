"""What a working day costs at size, beside a bare Flask page of as many bytes.

Loads a demo (`--dossiers`, default 100000) on its own embedded servers, then asks pages
through the real application with the test client of Flask, in a process of its own as
a worker of gunicorn is. Each page is measured in turn with a bare one: no session, no
database, the same number of bytes; a POST with a bare insert. Prints `name: value`.

Wall-clock times need a quiet machine; `cpu_ms` is what this process itself worked, and
holds on a busy one too. `--home` keeps the demo, to measure again without loading it.

Run of 28 November 2026: 100,000 dossiers, 2 cores of an AMD EPYC, 24 GB, no other work.
Median and 95th percentile in ms; "x bare" is the median beside that of the bare page
(0.3 to 0.5 ms) or, for the POST, of the bare insert (2 ms):

    page                             queries   median   p95   x bare   cpu ms
    vandaag, teamleider                   25       85   102      187       32
    vandaag, consulent                    36      104   131      230       60
    vandaag, aanbieder                    11       31    40       82       17
    werkvoorraad, teamleider, page 1      14       36    46       86       29
    werkvoorraad, teamleider, page 20     14       37    40       78       31
    werkvoorraad, consulent, page 1       13       38    45       85       32
    werkvoorraad, consulent, page 20      13       38    44       79       33
    dossier                               26       54    65      150       43
    verzoeken of an aanbieder              9       72    91      150       55
    search by BSN                         10       19    23       61       13
    search by name and birth date         11       38    56       72       27
    search by a rare name (50 or fewer)   11       48    57      108       39
    refusal: too many with that name       7       16    19       45       13
    registering a melding                 24       43    51       20       31

79 of the surnames of the demo were too common to search by alone. One worker held 181
MB (PSS). Loading took 400 s, 198 s of the processor in this process, and 364 MB at
most.
"""

import argparse
import html
import multiprocessing
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count, cycle
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select, text

from loket import termijnen
from loket.accounts.queries import find_user
from loket.accounts.views import DESK
from loket.app import create_app
from loket.audit.operations import record
from loket.cases.dossier.dossier import (
    Betrokkene,
    BetrokkeneRol,
    Dossier,
    Fase,
    Werkvoorraad,
)
from loket.cases.dossier.inwoner import Inwoner
from loket.config import Config
from loket.datum import kort
from loket.db import NOBODY, Scope, make_engine
from loket.demo.people import rows
from loket.demo.sized import load_town
from loket.frame import office
from loket.outside import is_empty
from loket.start import Start
from loket.surroundings import Surroundings

GEMEENTE = "0396"
TURNS = 40
HTML = {"Accept": "text/html"}
REFUSED = 422
"""Far too many people have this name: the page asks for the birth date too."""
Ask = Callable[[], Any]


def show(name: str, value: float) -> None:
    print(f"{name}: {value:.2f}", flush=True)


def p95(took: list[float]) -> float:
    return sorted(took)[int(len(took) * 0.95) - 1]


@contextmanager
def unrecorded() -> Iterator[None]:
    """Let nothing be recorded: here only, there is no such switch in Loket."""
    places = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("loket.") and getattr(module, "record", None) is record
    ]
    for module in places:
        module.record = lambda *_, **__: None
    try:
        yield
    finally:
        for module in places:
            module.record = record


@dataclass
class Series:
    """What the same question took each time, in milliseconds."""

    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    """Of the processor, in this process: others on the machine do not count."""

    def take(self, ask: Ask) -> None:
        """Ask once more."""
        begun, busy = time.perf_counter(), time.process_time()
        ask().get_data()
        self.took.append((time.perf_counter() - begun) * 1000)
        self.worked.append((time.process_time() - busy) * 1000)

    @property
    def median(self) -> float:
        """Median of the time that passed."""
        return statistics.median(self.took)

    @property
    def busy(self) -> float:
        """Median of the time of the processor."""
        return statistics.median(self.worked)


@dataclass
class Bare:
    """The least that Flask can do: as many bytes, and for a POST one insert."""

    engine: Engine

    def client(self, size: int) -> FlaskClient:
        app, body = Flask("bare"), "x" * size

        @app.get("/")
        def page() -> str:
            return body

        @app.post("/")
        def insert() -> str:
            with self.engine.begin() as connection:
                connection.execute(
                    text("INSERT INTO bench_bare (said) VALUES (:said)"),
                    {"said": "Ik red het huis niet meer."},
                )
            return body

        return app.test_client()


class Day:
    """Pages of one working day, each with its bare counterpart."""

    def __init__(self, config: Config) -> None:
        self.app = create_app(config)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.built = office(self.app)
        owner = make_engine(config.database_owner_url)
        with owner.begin() as connection:
            connection.execute(text("DROP TABLE IF EXISTS bench_bare"))
            connection.execute(
                text("CREATE TABLE bench_bare (id bigserial PRIMARY KEY, said text)")
            )
        self.bare = Bare(owner)
        self.asked = 0
        event.listen(self.built.database.engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        self.asked += 1

    def browser(self, login: str) -> FlaskClient:
        """Log somebody of the demo in."""
        with self.built.database.session(NOBODY) as session:
            person = find_user(session, login)
            if person is None:
                raise LookupError(login)
            first = person.aanstellingen[0]
            desk = str(first.gemeente_code or first.aanbieder_id)
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = person.get_id()
            kept["_fresh"] = True
            kept[DESK] = desk
        return client

    def measure(
        self, name: str, ask: Ask, *, expect: int = 200, post: bool = False
    ) -> None:
        """Ask a page and its bare counterpart in turn."""
        answer = ask()
        if answer.status_code != expect:
            raise RuntimeError(f"{name}: {answer.status_code}")
        before = self.asked
        size = len(ask().get_data())
        show(f"{name}_queries", self.asked - before)
        show(f"{name}_kilobytes", size / 1024)
        bare = self.bare.client(size)
        plain = bare.post if post else bare.get
        series = [Series(), Series()]
        for _ in range(TURNS):
            series[0].take(ask)
            series[1].take(lambda: plain("/"))
        page, least = series
        show(f"{name}_median_ms", page.median)
        show(f"{name}_p95_ms", p95(page.took))
        show(f"{name}_vs_bare", page.median / least.median)
        show(f"{name}_cpu_ms", page.busy)
        show(f"{name}_cpu_vs_bare", page.busy / least.busy)

    def worklist(self, login: str, name: str) -> None:
        """The first page and the twentieth, reached by the links on the pages."""
        client = self.browser(login)
        url = "/werkvoorraad"
        self.measure(
            f"werkvoorraad_{name}_page_1", lambda: client.get(url, headers=HTML)
        )
        last, page = url, 1
        while page < 20:
            shown = client.get(last, headers=HTML).get_data(as_text=True)
            further = re.search(r'href="([^"]*[?;&]na=[^"]*)"', shown)
            if further is None:
                break
            last, page = html.unescape(further[1]), page + 1
        self.measure(
            f"werkvoorraad_{name}_page_{page}", lambda: client.get(last, headers=HTML)
        )

    def dossier(self) -> None:
        """The page of a case that came all the way."""
        client = self.browser("teamleider.heemskerk")
        with self.built.database.session(Scope.of(GEMEENTE)) as session:
            found = session.scalars(
                select(Dossier.referentie)
                .join(Werkvoorraad, Werkvoorraad.dossier_id == Dossier.id)
                .where(
                    Werkvoorraad.fase == Fase.LEVERING,
                    Dossier.afgeschermd.is_(False),
                )
                .order_by(Dossier.id.desc())
                .limit(200)
            ).all()
        turn = cycle(found)
        self.measure(
            "dossier", lambda: client.get(f"/dossiers/{next(turn)}", headers=HTML)
        )

        self.recording(lambda: client.get(f"/dossiers/{found[0]}", headers=HTML))

    def recording(self, ask: Ask) -> None:
        """What it costs that a look is recorded: the same page, with and without."""
        series = [Series(), Series()]
        for _ in range(TURNS * 5):
            series[0].take(ask)
            with unrecorded():
                series[1].take(ask)
        kept, least = series
        share = statistics.median(
            (one - other) / one
            for one, other in zip(kept.took, least.took, strict=True)
        )
        show("dossier_recording_percent_of_page", share * 100)
        show("dossier_recording_ms", kept.median - least.median)

    def search(self) -> None:
        """By BSN and by name, as the frontoffice does, and a name that many have."""
        client = self.browser("balie.heemskerk")
        with self.built.database.session(Scope.of(GEMEENTE)) as session:
            people = session.scalars(
                select(Inwoner)
                .join(Betrokkene, Betrokkene.inwoner_id == Inwoner.id)
                .where(Betrokkene.rol == BetrokkeneRol.CLIENT)
                .order_by(Inwoner.id.desc())
                .limit(400)
            ).all()
            bsns = [str(each.bsn) for each in people if each.bsn]
            known = [(str(p.achternaam), p.geboortedatum) for p in people]

        def asks(**said: str) -> Ask:
            return lambda: client.post("/inwoners/zoek", data=said, headers=HTML)

        turn = cycle(bsns)
        self.measure("zoek_bsn", lambda: asks(bsn=next(turn))())
        couples = cycle([(name, kort(born)) for name, born in known if born])

        def by_name_and_birth() -> Any:
            name, born = next(couples)
            return asks(achternaam=name, geboortedatum=born)()

        self.measure("zoek_naam_en_geboortedatum", by_name_and_birth)
        names = [
            row["naam"]
            for row in sorted(rows("achternamen"), key=lambda row: int(row["gewicht"]))
        ]
        rare = [n for n in names if asks(achternaam=n)().status_code == 200]
        if rare:
            self.measure("zoek_zeldzame_naam", asks(achternaam=rare[-1]))
        show("zoek_namen_te_vaak", len(names) - len(rare))
        often = asks(achternaam=names[-1])
        if often().status_code == REFUSED:
            self.measure("zoek_te_veel_gevonden", often, expect=REFUSED)

    def register(self) -> None:
        """A melding of somebody without BSN, with one need."""
        client = self.browser("balie.heemskerk")
        # no run sends again what an earlier one sent: that would be carried out once
        numbers = count(time.time_ns())

        def ask() -> Any:
            return client.post("/meldingen/nieuw", data=_melding(next(numbers)))

        self.measure("melding_post", ask, expect=303, post=True)

    def vandaag(self) -> None:
        """Where the day begins, for who leads and for who has the smallest part."""
        if "vandaag.show_vandaag" not in self.app.view_functions:
            return
        for login in ("teamleider.heemskerk", "consulent.heemskerk", "kustwind"):
            client = self.browser(login)
            self.measure(
                f"vandaag_{login.partition('.')[0]}",
                lambda client=client: client.get("/vandaag", headers=HTML),
            )

    def inbox(self) -> None:
        """What an aanbieder is asked: the role that sees least."""
        client = self.browser("kustwind")
        with self.app.test_request_context():
            url = self.app.url_for("aanbieder.show_inbox")
        self.measure("aanbieder_verzoeken", lambda: client.get(url, headers=HTML))


def _melding(number: int) -> dict[str, Any]:
    return {
        "_verzending": f"bench-{number}",
        "inwoner": "nieuw",
        "voorletters": "A.",
        "achternaam": "Proefduin",
        "geboortedatum": "17-5-1948",
        "geslacht": "2",
        "straat": "Misthoornstraat",
        "huisnummer": str(number % 900 + 1),
        "postcode": "1964 AB",
        "woonplaats": "Heemskerk",
        "kanaal": "telefoon",
        "ontvangen_op": kort(termijnen.vandaag()),
        "wie": "client",
        "hulpvraag": "Ik red het huis niet meer.",
        "behoefte_1": "Een schoon huis",
        "labels_1": ["huishoudelijke_hulp"],
        "verwijzer": "huisarts",
        "huishoudtype": "alleenstaand",
        "clientondersteuning_verteld": "ja",
    }


def memory() -> None:
    """What one worker holds after all this, in megabytes."""
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    for kind in ("Rss", "Pss"):
        found = re.search(rf"^{kind}:\s+(\d+) kB", rollup, re.MULTILINE)
        if found:
            show(f"worker_{kind.lower()}_megabytes", int(found[1]) / 1024)


def work(config: Config) -> None:
    """Do a day's work in this process, which is as a worker is."""
    day = Day(config)
    for part in (
        day.vandaag,
        lambda: day.worklist("teamleider.heemskerk", "teamleider"),
        lambda: day.worklist("consulent.heemskerk", "consulent"),
        day.dossier,
        day.inbox,
        day.search,
        day.register,
    ):
        part()
    memory()


def load(config: Config, dossiers: int) -> None:
    """Load the demo, unless this home has one from an earlier run."""
    if not is_empty(config.database_url):
        return
    begun, worked = time.perf_counter(), time.process_time()
    load_town(config, dossiers, say=lambda _: None)
    show("demo_seconds", time.perf_counter() - begun)
    show("demo_cpu_seconds", time.process_time() - worked)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    show("demo_peak_megabytes", most / 1024)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--dossiers", type=int, default=100_000)
    asked.add_argument("--port", default="8018")
    asked.add_argument("--home", help="keep the demo here and use it again")
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="loket-bench-") as fresh,
        ExitStack() as stack,
    ):
        home = Path(given.home or fresh)
        home.mkdir(exist_ok=True)
        # the embedded server runs as another user when we are root
        home.chmod(0o755)
        surroundings = Surroundings({"LOKET_HOME": str(home), "LOKET_PORT": given.port})
        config = Start(surroundings, None, say=lambda _: None).prepare(stack)
        load(config, given.dossiers)
        worker = multiprocessing.get_context("spawn").Process(
            target=work, args=(config,)
        )
        worker.start()
        worker.join()
        if worker.exitcode:
            raise SystemExit(worker.exitcode)


if __name__ == "__main__":
    main()
