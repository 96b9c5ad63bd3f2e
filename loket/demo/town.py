"""A town of any size: fictional people and courses of cases, the same for one seed."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from loket.bsn import is_bsn
from loket.cases.dossier.inwoner import Geslacht
from loket.demo.people import FIRST_TEST_BSN, PLACES, Persoon, people, rows
from loket.demo.zaak import Zaak, plan_of, vragen_of

SEED = 1
LAST_TEST_BSN = 999_999_990
TOLD_BSNS = 100
"""The first numbers are of the told cases."""
SHARES = {"0396": 6, "0375": 4}
"""How the work is spread over the two gemeenten."""
AREAS = {"0396": ("1961", "1969"), "0375": ("1940", "1949")}
"""First and last area of postcodes where people of the town live."""
LETTERS = "AABCDEEFGHIJJKLMMNOPRSTVWYZ"
NO_ANSWER = ("niet_passend", "plafond_bereikt")
POSTCODE_LETTERS = "ABDEGHJKLMNPRTVWXZ"


@cache
def test_bsns() -> tuple[str, ...]:
    """Every BSN for tests that no told case uses: about nine thousand."""
    numbers = range(FIRST_TEST_BSN, LAST_TEST_BSN + 1)
    return tuple(str(n) for n in numbers if is_bsn(str(n)))[TOLD_BSNS:]


def free_bsns(models: int) -> tuple[str, ...]:
    """Return the BSNs that neither a told case nor a model uses."""
    return test_bsns()[models:]


def share_bsns(free: Sequence[str], people: int) -> Iterator[str | None]:
    """Give out the BSNs that are left, or None: there are too few for a big town.

    As long as they last everybody has one; else they are spread evenly.
    """
    if people <= len(free):
        yield from free
        return
    given = 0
    for number in range(people):
        if (number + 1) * len(free) // people > given:
            yield free[given]
            given += 1
        else:
            yield None


@cache
def _surnames() -> tuple[list[tuple[str, str | None]], list[int]]:
    named = list(rows("achternamen"))
    return (
        [(row["naam"], row["voorvoegsel"] or None) for row in named],
        [int(row["gewicht"]) for row in named],
    )


@cache
def _streets() -> list[str]:
    return [row["naam"] for row in rows("straten")]


def draw_name(chance: Random) -> tuple[str, str | None, str]:
    """Draw surname, tussenvoegsel and initials as often as they occur."""
    names, weights = _surnames()
    ((achternaam, voorvoegsel),) = chance.choices(names, weights)
    count = chance.choices((1, 2, 3), (5, 4, 1))[0]
    initials = "".join(f"{chance.choice(LETTERS)}." for _ in range(count))
    return achternaam, voorvoegsel, initials


def draw_address(chance: Random, pc4: str) -> tuple[str, str, str]:
    """Draw a street that does not exist, a number and a postcode in this area."""
    letters = "".join(chance.choices(POSTCODE_LETTERS, k=2))
    number = str(chance.randint(1, 899))
    return chance.choice(_streets()), number, f"{pc4}{letters}"


def draw_birthday(chance: Random, like: str, months: Collection[int]) -> str:
    """Draw another day in the same month: what was derived from age stays true.

    In a month in which something was derived from it, the day itself stays.
    """
    day = date.fromisoformat(like)
    if day.month in months:
        return like
    return day.replace(day=chance.randint(1, 28)).isoformat()


def draw_persoon(chance: Random, like: Persoon, pc4: str, bsn: str | None) -> Persoon:
    """Draw somebody in the role of a told person."""
    achternaam, voorvoegsel, voorletters = draw_name(chance)
    straat, huisnummer, postcode = draw_address(chance, pc4)
    gegevens = like.gegevens.copy()
    gegevens["bsn"] = bsn if like.gegevens.get("bsn") else None
    gegevens["achternaam"] = achternaam
    gegevens["voorvoegsel"] = voorvoegsel
    gegevens["voorletters"] = voorletters
    gegevens["geslacht"] = chance.choice((Geslacht.MAN, Geslacht.VROUW))
    gegevens["geboortedatum"] = date(_year_like(chance, like), 1, 1) + timedelta(
        days=chance.randint(0, 364)
    )
    gegevens["straat"] = straat
    gegevens["huisnummer"] = huisnummer
    gegevens["postcode"] = postcode
    gegevens["woonplaats"] = PLACES[pc4]
    gegevens["telefoon"] = f"06 0{chance.randint(1_000_000, 9_999_999)}"
    gegevens["taal"] = None
    return replace(like, gegevens=gegevens)


def _year_like(chance: Random, like: Persoon) -> int:
    year = like.gegevens["geboortedatum"]
    return (year.year if year else 1950) + chance.randint(-7, 7)


@dataclass(frozen=True)
class Verloop:
    """How a kind of case goes, after a told one, and how often it occurs."""

    rij: dict[str, str]
    gewicht: int
    jongst: int
    oudst: int

    def fits(self, age: int) -> bool:
        """Whether a melding of so many days ago can be this far."""
        return self.jongst <= age <= self.oudst


@cache
def _told() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows("zaken")}


@cache
def verlopen() -> list[Verloop]:
    """Return every course a case of the town can take."""
    found = []
    for row in rows("verlopen"):
        rij = dict(_told()[row["zaak"]])
        rij["tot"] = row["stap"]
        rij["items"] = row["items"] or rij["items"]
        rij["agenda"] = row["agenda"]
        for name in ("vraag", "woorden"):
            rij[name] = row[name] or rij[name]
        if row["items"] and not rij["keuze"]:
            rij["keuze"] = "toekennen"
        found.append(
            Verloop(rij, int(row["gewicht"]), int(row["jongst"]), int(row["oudst"]))
        )
    return found


@cache
def _offers() -> dict[tuple[str, str], dict[str, frozenset[str]]]:
    """Who delivers a product in a gemeente, and where (empty: everywhere)."""
    contracts = {row["nummer"]: row for row in rows("contracten")}
    offers: dict[tuple[str, str], dict[str, frozenset[str]]] = {}
    for row in rows("contractregels"):
        contract = contracts[row["contract"]]
        if row["stop"] or row["max_clienten"]:
            # full houses are for the told cases: a town would run into them
            continue
        key = contract["gemeente"], row["product"]
        area = frozenset(row["pc4_gebied"].split())
        offers.setdefault(key, {})[contract["aanbieder"]] = area
    return offers


def _choose_aanbieder(
    chance: Random, gemeente: str, products: list[str], pc4: str
) -> str:
    offers = [_offers().get((gemeente, product), {}) for product in products]
    able = [
        who
        for who, area in sorted(offers[0].items())
        if (not area or pc4 in area) and all(who in other for other in offers)
    ]
    return chance.choice(able) if able else ""


def modellen(count: int, today: date, seed: int = 0) -> list[Zaak]:
    """Return so many cases, spread over two years up to today."""
    chance = Random(seed)  # noqa: S311 -- the same town every time
    made: list[Zaak] = []
    while len(made) < count:
        made += _draw_cases(chance, len(made), count, today)
    return made[:count]


def _draw_cases(chance: Random, number: int, count: int, today: date) -> Iterator[Zaak]:
    # recent cases are more, as work in hand is what people look at
    age = round(chance.triangular(1, 720, 1) if chance.random() < 0.55 else 0)
    age = age or chance.randint(1, 60)
    able = [each for each in verlopen() if each.fits(age)]
    if not able:
        return
    (verloop,) = chance.choices(able, [each.gewicht for each in able])
    (gemeente,) = chance.choices(list(SHARES), list(SHARES.values()))
    first = draw_case(chance, number, verloop.rij, gemeente, age, today)
    yield first
    if verloop.rij["code"] == "H22" and number + 1 < count:
        partner = _told()["H23"] | {"tot": verloop.rij["tot"]}
        second = draw_case(chance, number + 1, partner, gemeente, age, today)
        second.rij["vlaggen"] = f"samen:{first.code}"
        yield second


def draw_case(
    chance: Random,
    number: int,
    told: dict[str, str],
    gemeente: str,
    age: int,
    today: date,
) -> Zaak:
    """Draw one case that goes like a told one, with a melding `age` days ago."""
    rij = dict(told)
    pc4 = chance.choice([p for p in PLACES if _is_in(p, gemeente)])
    rij["code"] = f"M{number:05d}"
    rij["gemeente"] = gemeente
    rij["melding"] = f"-{age}"
    items = vragen_of(rij["items"])
    products = [each.product for each in items]
    rij["aanbieder"] = _choose_aanbieder(chance, gemeente, products, pc4)
    rij["antwoord"] = (
        chance.choice(NO_ANSWER) if told["antwoord"] not in {"", "ja"} else "ja"
    )
    likes = people()[told["code"]]
    number_of_bsns = len(test_bsns())
    personen = [
        draw_persoon(chance, like, pc4, test_bsns()[number % number_of_bsns])
        for like in likes
    ]
    return Zaak(rij, plan_of(rij, today), items, personen=personen)


def _is_in(pc4: str, gemeente: str) -> bool:
    first, last = AREAS[gemeente]
    return first <= pc4 <= last
