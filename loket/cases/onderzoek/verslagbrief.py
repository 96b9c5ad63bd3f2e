"""The verslag on paper: what the cliënt said apart from what the gemeente finds."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy.orm import Session

from loket.cases.dossier.dossier import Dossier
from loket.cases.melding.behoefte import Behoefte
from loket.cases.onderzoek import woorden
from loket.cases.onderzoek.onderwerp import Leefgebied, Letter, Onderwerp
from loket.cases.onderzoek.onderzoek import Onderzoek
from loket.cases.onderzoek.oplossing import Oplossing
from loket.cases.onderzoek.queries import Inhoud
from loket.cases.onderzoek.verslag import Verslag
from loket.cases.producten.product import Product
from loket.cases.producten.queries import list_products
from loket.cases.producten.woorden import EENHEID
from loket.datum import kort, lang
from loket.letters.brief import Alinea, Bijlage, Blok, Kop, Opsomming, Tabel
from loket.letters.brief import Inhoud as Part
from loket.termijnen import dag_van

Products = dict[str, Product]
_LINE = "." * 110


def products_of(session: Session, dossier: Dossier, verslag: Verslag) -> Products:
    """Return the products by code, as they hold on the day of the verslag."""
    day = dag_van(verslag.made_at)
    found = list_products(session, dossier.gemeente_code, day)
    return {each.code: each for each in found}


def verslag_blocks(
    onderzoek: Onderzoek,
    verslag: Verslag,
    inhoud: Inhoud,
    hulpvraag: str,
    products: Products,
) -> Iterator[Blok]:
    """Write out everything between the opening and the closing words."""
    yield from _text("Samenvatting", verslag.samenvatting)
    yield from _text("Uw hulpvraag, in uw eigen woorden", hulpvraag)
    yield from _behoeften(inhoud)
    yield from _gesprekken(inhoud)
    yield from _huishouden(onderzoek)
    for letter in Letter:
        if letter in inhoud.onderwerpen:
            yield from _found(letter.titel, inhoud.onderwerpen[letter])
    for soort, leefgebied in inhoud.leefgebieden.items():
        if leefgebied.woorden_client or leefgebied.beoordeling:
            yield from _found(woorden.LEEFGEBIED[soort], leefgebied)
    yield from _oplossingen(inhoud, products)
    yield from _afspraken(inhoud)
    if onderzoek.pgb_informatie_at:
        yield from _pgb()
    yield from _text("Conclusie", verslag.conclusie)
    yield from _opmerkingen(verslag, inhoud)


def reaction_form(referentie: str, versie: int) -> Bijlage:
    """Leave room to react and to sign; a signed verslag is an aanvraag."""
    return Bijlage(
        "Uw reactie op het verslag",
        (
            Alinea(
                f"Dit hoort bij versie {versie} van het verslag met kenmerk"
                f" {referentie}. Streep door wat niet klopt."
            ),
            Opsomming(
                (
                    "Ik ben het eens met het verslag.",
                    "Ik ben het eens met het verslag, met deze opmerkingen.",
                    "Ik ben het niet eens met het verslag.",
                )
            ),
            Alinea(f"Mijn opmerkingen:\n\n{_LINE}\n\n{_LINE}\n\n{_LINE}"),
            Kop("Handtekening"),
            Alinea(
                "Met mijn handtekening vraag ik de ondersteuning aan die in dit verslag"
                " staat. Wilt u niets aanvragen? Onderteken dan niet."
            ),
            Alinea(f"Naam:\n\n{_LINE}"),
            Alinea(f"Datum:\n\n{_LINE}"),
            Alinea(f"Handtekening:\n\n\n\n{_LINE}"),
        ),
    )


def volume_text(oplossing: Oplossing, products: Products) -> str:
    """Say in words how much of which product."""
    code = oplossing.product_code or ""
    product = products.get(code)
    name = product.naam if product else code
    unit = EENHEID[product.eenheid] if product else ""
    often = woorden.FREQUENTIE[oplossing.frequentie] if oplossing.frequentie else ""
    return " ".join(f"{name}, {oplossing.volume} {unit} {often}".split())


def _text(title: str, text: str | None) -> Iterator[Part]:
    if text:
        yield Kop(title)
        yield from (Alinea(part) for part in str(text).split("\n\n") if part.strip())


def _found(title: str, found: Onderwerp | Leefgebied) -> Iterator[Part]:
    yield Kop(title)
    if found.woorden_client:
        yield Alinea(f"Wat u zegt: {found.woorden_client}")
    if found.beoordeling:
        yield Alinea(f"Wat wij vinden: {found.beoordeling}")


def _behoeften(inhoud: Inhoud) -> Iterator[Part]:
    if inhoud.behoeften:
        yield Kop("Wat u nodig heeft")
        yield Opsomming(
            tuple(str(each.omschrijving) for each in inhoud.behoeften), genummerd=True
        )


def _gesprekken(inhoud: Inhoud) -> Iterator[Part]:
    for gesprek, deel in reversed(inhoud.gesprekken):
        yield Kop(f"Gesprek op {lang(gesprek.gevoerd_op)}")
        yield Alinea(f"{woorden.VORM[gesprek.vorm]}. Aanwezig: {deel.aanwezigen}.")
        yield Alinea(f"Wat u zegt: {deel.woorden_client}")
        if deel.aantekening:
            yield Alinea(f"Wat wij zagen: {deel.aantekening}")


def _huishouden(onderzoek: Onderzoek) -> Iterator[Part]:
    if onderzoek.huishouden is None:
        return
    yield Kop("Uw huishouden")
    leden = onderzoek.huishouden["leden"]
    if not leden:
        yield Alinea("U woont alleen.")
        return
    yield Opsomming(tuple(lid_text(lid) for lid in leden))


def lid_text(lid: dict[str, str]) -> str:
    """Describe one member of the household in a line."""
    parts = [lid["naam"], lid.get("relatie") or "", lid.get("leeftijd") or ""]
    line = ", ".join(part for part in parts if part)
    return f"{line}. Helpt met: {lid['hulp']}" if lid.get("hulp") else line


def _oplossingen(inhoud: Inhoud, products: Products) -> Iterator[Part]:
    if not inhoud.oplossingen:
        return
    yield Kop("Wat u kan helpen")
    for number, behoefte in zip(count(1), inhoud.behoeften, strict=False):
        yield from _per_behoefte(number, behoefte, inhoud, products)


def _per_behoefte(
    number: int, behoefte: Behoefte, inhoud: Inhoud, products: Products
) -> Iterator[Part]:
    yield Alinea(f"Bij {number}: {behoefte.omschrijving}")
    lines = []
    for each in inhoud.oplossingen_voor(behoefte.id):
        line = f"{woorden.OPLOSSING[each.soort]}: {each.toelichting}"
        if each.product_code and each.gewenste_vorm:
            form = woorden.LEVERING[each.gewenste_vorm].split(":", maxsplit=1)[0]
            line += f" ({volume_text(each, products)}; uw wens: {form.lower()})"
        lines.append(line)
    yield Opsomming(tuple(lines)) if lines else Alinea("Hiervoor is niets nodig.")


def _afspraken(inhoud: Inhoud) -> Iterator[Part]:
    if not inhoud.afspraken:
        return
    yield Kop("Wat wij hebben afgesproken")
    yield Tabel(
        ("Resultaat", "Hoe wij meten", "Nu", "Doel", "Meten op"),
        tuple(
            (
                str(each.resultaat),
                str(each.meetwijze),
                str(each.nulmeting),
                str(each.doel),
                kort(each.meetdatum),
            )
            for each in inhoud.afspraken
        ),
        "Afspraken over het resultaat. 1 is: lukt helemaal niet. 5 is: lukt helemaal.",
    )


def _pgb() -> Iterator[Part]:
    yield Kop("Persoonsgebonden budget")
    yield Alinea(
        "Wij hebben u verteld dat u kunt kiezen voor een persoonsgebonden budget (pgb),"
        " wat dat is en wat u dan zelf moet regelen."
    )


def _opmerkingen(verslag: Verslag, inhoud: Inhoud) -> Iterator[Part]:
    for earlier in reversed(inhoud.verslagen):
        if earlier.versie < verslag.versie and earlier.opmerkingen:
            yield from _text(
                f"Uw opmerkingen bij versie {earlier.versie}", earlier.opmerkingen
            )
