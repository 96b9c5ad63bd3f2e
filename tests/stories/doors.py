"""A whole case through the doors, without a screen: what each form sends."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from loket.datum import kort
from loket.termijnen import vandaag
from stories.canaries import Canaries
from stories.running import Running, wait_for
from stories.visitor import Visitor

DAY = kort(vandaag())
RADIO = r'name="{name}" value="([^"]+)"'


def melding(canaries: Canaries) -> dict[str, object]:
    """Answer every question of the form of a melding."""
    text, word = canaries.text, canaries.word
    return {
        "bsn": canaries.bsn,
        "achternaam": word("Zo"),
        "voorletters": "Q.",
        "geboortedatum": kort(canaries.born),
        "geslacht": "2",
        "straat": word("Straat", "adres"),
        "huisnummer": "12",
        "postcode": "1961 AB",
        "woonplaats": word("Plaats", "adres"),
        "telefoon": canaries.phone,
        "email": canaries.mail(),
        "contactwens": text("wens"),
        "taal": word("Taal"),
        "kanaal": "telefoon",
        "ontvangen_op": DAY,
        "wie": "ander",
        "melder_achternaam": word("Melder"),
        "melder_telefoon": canaries.phones[1],
        "melder_rol": "contactpersoon",
        "bevoegdheid": "familie",
        "hulpvraag": text("hulpvraag"),
        "behoefte_1": text("behoefte"),
        "labels_1": ["huishoudelijke_hulp"],
        "behoefte_2": text("behoefte"),
        "labels_2": ["zorg", "dagbesteding"],
        "spoed": "ja",
        "spoed_toelichting": text("spoed"),
        "verwijzer": "huisarts",
        "huishoudtype": "alleenstaand",
        "clientondersteuning_verteld": "ja",
    }


@dataclass
class Case:
    """One dossier, and who works on it."""

    running: Running
    canaries: Canaries
    balie: Visitor
    consulent: Visitor
    administratie: Visitor
    aanbieder: Visitor
    number: str = ""
    beschikking: str = ""
    inzageverzoek: str = ""

    @property
    def dossier(self) -> str:
        return f"/dossiers/{self.number}"

    def begin(self) -> None:
        """Search, register, be refused once, note a contact."""
        c = self.canaries
        self.balie.post("/inwoners/zoek", bsn=c.bsn)
        born = kort(c.dates[1])
        self.balie.post("/inwoners/zoek", achternaam=c.word("Zo"), geboortedatum=born)
        wrong = melding(c) | {"kanaal": "postduif", "bsn": c.second_bsn[:-1]}
        assert self.balie.post("/meldingen/nieuw", **wrong).status == 422
        where = self.balie.send("/meldingen/nieuw", **melding(c))
        self.number = where.rsplit("/", 1)[1]
        self.balie.send(
            f"{self.dossier}/contactmomenten/nieuw",
            kanaal="telefoon",
            uitkomst="informatie",
            tekst=c.text("contact"),
        )
        assert c.bsn in self.balie.post(f"{self.dossier}/bsn").text

    def look_into(self) -> None:
        """Record the onderzoek, with something of the cliënt in every text."""
        text, send = self.canaries.text, self.consulent.send
        at = f"{self.dossier}/onderzoek"
        send(f"{at}/start")
        send(f"{at}/identiteit", bewijs="paspoort")
        send(
            f"{at}/gesprek",
            vorm="thuis",
            gevoerd_op=DAY,
            aanwezigen=text("aanwezige"),
            woorden_client=text("verhaal"),
            aantekening=text("aantekening"),
        )
        send(f"{at}/huishouden", naam=text("huisgenoot"), hulp=text("hulp"))
        for letter in "abcdefg":
            send(
                f"{at}/onderwerp/{letter}",
                woorden_client=text("woorden"),
                beoordeling=text("oordeel"),
            )
        needs = self._all(f"{at}/leefgebied", "behoefte_id")
        send(
            f"{at}/leefgebied",
            soort="financien",
            behoefte_id=needs[0],
            reden=text("reden"),
        )
        send(f"{at}/leefgebied/financien", woorden_client=text("la"), beoordeling="")
        for need, product, form in zip(
            needs, ("01001", "02001"), ("natura", "pgb"), strict=True
        ):
            self._solve(f"{at}/behoefte/{need}", product, form)
        send(f"{at}/pgb-informatie")

    def _solve(self, at: str, product: str, form: str) -> None:
        text, send = self.canaries.text, self.consulent.send
        send(
            f"{at}/oplossing",
            soort="maatwerk",
            toelichting=text("oplossing"),
            product_code=product,
            volume=120,
            frequentie="2",
            gewenste_vorm=form,
        )
        send(
            f"{at}/afspraak",
            resultaat=text("resultaat"),
            meetwijze=text("meetwijze"),
            nulmeting=2,
            doel=4,
            meetdatum="1-6-2027",
        )

    def sign(self) -> None:
        """Make the verslag, and have it signed: that is the aanvraag."""
        text, send = self.canaries.text, self.consulent.send
        at = f"{self.dossier}/onderzoek"
        words = {"samenvatting": text("samenvatting"), "conclusie": text("conclusie")}
        send(f"{at}/verslag", **words)
        send(
            f"{at}/verslag/1/reactie",
            reactie="akkoord_met_opmerkingen",
            opmerkingen=text("opmerking"),
            ondertekend_op=DAY,
        )
        send(f"{at}/afronden")

    def decide(self) -> None:
        """Grant in natura and as pgb, decide and make known; take in a bezwaar."""
        text, send = self.canaries.text, self.consulent.send
        self._wait(f"{self.dossier}/besluit", lambda page: "Aanvraag van" in page)
        new = f"{self.dossier}/beschikkingen/nieuw"
        asked = self._all(new, "aanvragen")
        self.beschikking = send(new, aanvragen=asked, motivering=text("motivering"))
        for form in ("natura", "pgb"):
            grant = f"{self.beschikking}/toekennen"
            where = send(
                grant,
                aanvraag_item=self._all(grant, "aanvraag_item")[0],
                leveringsvorm=form,
                volume=120,
                frequentie="2",
                ingangsdatum=DAY,
                bedrag_cent="1716" if form == "natura" else "",
                motivering=text("motivering"),
            )
        send(
            where,
            **dict.fromkeys(("vaardig", "gemotiveerd", "kwaliteit"), "ja"),
            vaardig_toelichting=text("vaardig"),
            gemotiveerd_toelichting=text("gemotiveerd"),
            kwaliteit_toelichting=text("kwaliteit"),
            volume_formeel=120,
            eisen=text("eisen"),
        )
        decide = f"{self.beschikking}/besluiten"
        send(decide, _getoond=self._all(decide, "_getoond")[0])
        self._wait(self.beschikking, lambda page: "maakt het besluit bekend" in page)
        tell = f"{self.beschikking}/bekendmaken"
        seen = re.findall(
            RADIO.format(name="_getoond"), self.administratie.get(tell).text
        )
        self.administratie.send(tell, bekendgemaakt_op=DAY, _getoond=seen[0])
        self.administratie.send(
            f"{self.beschikking}/bezwaar", ontvangen_op=DAY, gronden=text("bezwaar")
        )

    def deliver(self) -> None:
        """Place it at an aanbieder, that accepts, starts and stops."""
        text = self.canaries.text
        page = self.consulent.get(self.dossier).text
        place = re.search(rf"{self.dossier}/plaatsen/[0-9a-f-]+", page)
        assert place
        self.consulent.send(
            place[0],
            contractregel_id=self._regel_of("Kustwind", place[0]),
            motief=text("motief"),
            gewenste_start=DAY,
            volume=120,
            taal="Nederlands",
            omschrijving=text("omschrijving"),
        )
        asked = self._find("/aanbieder/", r"/aanbieder/verzoeken/[0-9A-Z-]+")
        self.aanbieder.send(f"{asked}/aanvaarden", startdatum=DAY)
        given = self._find("/aanbieder/", r"/aanbieder/toewijzingen/[0-9A-Z-]+")
        assert self.canaries.core in self.aanbieder.get(given).text
        self.aanbieder.send(f"{given}/start", startdatum=DAY)
        self.aanbieder.send(f"{given}/stop", stopdatum=DAY, reden="21")

    def ask_copy(self, privacy: Visitor) -> None:
        """Let the resident ask what is held, and have the privacy officer give it."""
        form = f"/inzageverzoeken/nieuw?dossier={self.number}"
        asked = self._all(form, "inwoner", self.balie)
        self.inzageverzoek = self.balie.send(
            "/inzageverzoeken/nieuw",
            aanvrager_gevraagd="ja",
            aangeboden=",".join(asked),
            inwoner=asked[0],
            aanvrager="inwoner",
            kanaal="balie",
            identificatie="legitimatie",
            ontvangen_op=DAY,
        )
        privacy.send(f"{self.inzageverzoek}/geven")
        copy = f"{self.inzageverzoek}/afschrift.zip"
        wait_for(lambda: self.balie.get(copy).status == HTTPStatus.OK, copy)

    def _regel_of(self, aanbieder: str, path: str) -> str:
        """Find the choice of one aanbieder."""
        page = self.consulent.get(path).text
        regel = RADIO.format(name="contractregel_id")
        options = re.findall(f"{regel}(.*?)</label>", page, re.DOTALL)
        return next(value for value, label in options if aanbieder in label)

    def _all(self, path: str, name: str, by: Visitor | None = None) -> list[str]:
        """Read which answers the page offers for one question."""
        page = (by or self.consulent).get(path).text
        found = re.findall(RADIO.format(name=name), page)
        assert found, f"no {name} on {path}"
        return found

    def _find(self, path: str, pattern: str) -> str:
        found: list[str] = []

        def is_there() -> bool:
            found[:] = re.findall(pattern, self.aanbieder.get(path).text)
            return bool(found)

        wait_for(is_there, pattern)
        return found[0]

    def _wait(self, path: str, shows: Callable[[str], bool]) -> None:
        wait_for(lambda: shows(self.consulent.get(path).text), path)
