"""The way to ondersteuning: melding, verdelen and onderzoek, screen by screen."""

from datetime import timedelta

from loket.datum import kort
from loket.termijnen import vandaag
from stories.person import Person

TODAY = vandaag()
DAY = kort(TODAY)
LATER = kort(TODAY + timedelta(days=180))
NAME = "Zilverduin"
BORN = "3-4-1944"
BSN = "999990019"


def register_melding(balie: Person) -> str:
    """1. Search first; one form about four domains; a receipt."""
    balie.follow("Inwoner zoeken", within="body")
    balie.sees("Zoek eerst of de inwoner al bekend is")
    balie.fill("Burgerservicenummer (BSN)", BSN)
    balie.press("Zoeken")
    balie.sees("Niemand gevonden")
    balie.fill("Burgerservicenummer (BSN)", "")
    balie.fill("Achternaam", NAME)
    balie.fill("Geboortedatum", BORN)
    balie.press("Zoeken")
    balie.sees("Niemand gevonden")
    balie.press("Melding voor een nieuwe inwoner")
    fill_melding(balie)
    balie.on_a_phone("melding")
    balie.press("Melding vastleggen")
    balie.sees("De melding is vastgelegd", "Zilverduin", "Nog niet verdeeld")
    for domein in ("Huisvesting", "Huishoudelijke hulp", "Zorg en begeleiding"):
        balie.sees(domein)
    number = balie.page.url.rsplit("/", 1)[1].split("#")[0]
    balie.wait_for_link("Ontvangstbevestiging")
    letter = balie.pdf("Ontvangstbevestiging")
    assert number in letter
    assert "Zilverduin" in letter
    assert BSN not in letter
    return number


def fill_melding(balie: Person, name: str = NAME, bsn: str = BSN) -> None:
    client = "Om wie gaat het?"
    balie.fill("Burgerservicenummer (BSN)", bsn, client)
    balie.fill("Voorletters", "A.B.", client)
    assert balie.field("Achternaam", client).input_value() == name
    balie.fill("Geboortedatum", BORN, client)
    balie.tick("Vrouw", within=client)
    balie.fill("Straat", "Helmgrasweg", client)
    balie.fill("Huisnummer", "12", client)
    balie.fill("Postcode", "1961 AB", client)
    balie.fill("Woonplaats", "Duinstede", client)
    balie.fill("Telefoonnummer", "0612345678", "Contact met de inwoner")
    balie.select("Hoe kwam de melding binnen?", "Telefoon")
    balie.select("Wie wees de weg naar het loket?", "Huisarts")
    balie.select("Hoe woont de inwoner?", "Alleenstaand")
    balie.fill(
        "De vraag in eigen woorden",
        "Ik ben gevallen op de trap. Ik durf niet meer naar boven.",
    )
    balie.unfold("Nog meer behoeften")
    needs = (
        ("Het huis schoonhouden", "Huishoudelijke hulp"),
        ("Veilig naar boven kunnen", "Huisvesting"),
        ("Overzicht houden over post en afspraken", "Zorg en begeleiding"),
        ("Naar het dorp kunnen", "Vervoer"),
    )
    for row, (need, label) in enumerate(needs, 1):
        balie.fill("Wat is er nodig?", need, f"Behoefte {row}")
        balie.tick(label, within=f"Behoefte {row}")
    balie.tick("Ik heb verteld dat cliëntondersteuning gratis en onafhankelijk is")


def divide(teamleider: Person, number: str) -> None:
    """2. The teamleider gives the dossier to a consulent."""
    teamleider.sees("Vandaag", number, "Zilverduin", "Nog te verdelen")
    teamleider.follow("Alle dossiers zonder consulent")
    teamleider.sees("Werkvoorraad", number)
    teamleider.on_a_phone("werkvoorraad")
    teamleider.tick(f"Kies dossier {number}")
    teamleider.press("Verdeel de gekozen zaken")
    teamleider.select_starting("Aan wie geeft u de zaken?", "Samira Helm")
    teamleider.select("Waarom?", "Nieuwe zaak verdelen")
    teamleider.press("Verdelen")
    teamleider.sees("verdeeld", "Samira Helm")


def look_into_it(consulent: Person, number: str) -> None:
    """3. The onderzoek, from the first talk to a signed verslag."""
    consulent.sees(number)
    consulent.follow(number)
    consulent.on_a_phone("dossier")
    consulent.follow("Start het onderzoek")
    consulent.press("Start het onderzoek")
    consulent.sees("Wat is nog niet besproken?")
    talk(consulent)
    for letter, (words, finding) in SUBJECTS.items():
        discuss(consulent, letter, words, finding)
    open_a_domain(consulent)
    find_solutions(consulent)
    agree_on_results(consulent)
    consulent.follow("Uitleg over het pgb")
    consulent.press("Deze uitleg is gegeven")
    consulent.on_a_phone("onderzoek")
    write_verslag(consulent)
    have_it_signed(consulent)
    consulent.follow("Onderzoek afronden")
    consulent.sees("Het ondertekende verslag telt als aanvraag.")
    consulent.press("Onderzoek afronden")
    consulent.sees("Het onderzoek kan niet meer wijzigen.")


SUBJECTS = {
    "a": ("Ik red het huis niet meer.", "Zwaar werk lukt niet door de knie."),
    "b": ("Koken en wassen doe ik zelf.", "De cliënt kan licht werk zelf doen."),
    "c": ("Mijn buurvrouw doet de boodschappen.", "Het netwerk helpt al genoeg."),
    "d": ("Ik heb geen mantelzorger.", "Er is niemand om te ontlasten."),
    "e": ("De buurtbus ken ik niet.", "De buurtbus rijdt naar het dorp."),
    "f": ("De wijkverpleging komt twee keer.", "De verpleging stemt af met ons."),
    "g": ("Wat kost het mij?", "De bijdrage is uitgelegd."),
}


def talk(consulent: Person) -> None:
    consulent.follow("Identiteitsbewijs gezien")
    consulent.tick("Paspoort")
    consulent.press("Bewaar")
    consulent.follow("Gesprek", within="#stappen")
    consulent.tick("Bij de cliënt thuis")
    consulent.fill("Wie waren erbij?", "Mevrouw Zilverduin en de wijkverpleegkundige")
    consulent.fill("Wat vertelde de cliënt?", "Ik durf de trap niet meer op.")
    consulent.fill("Onze aantekening", "De trap is steil en heeft een smalle bocht.")
    consulent.press("Bewaar het gesprek")
    consulent.follow("Huishouden", within="#stappen")
    consulent.press("De cliënt woont alleen")
    consulent.sees("Paspoort gezien op", "De cliënt woont alleen.")


def discuss(consulent: Person, letter: str, words: str, finding: str) -> None:
    if letter == "a":
        consulent.follow("Bespreek onderwerp a")
    consulent.fill("Woorden van de cliënt", words)
    consulent.fill("Onze beoordeling", finding)
    following = chr(ord(letter) + 1).upper()
    consulent.press("Bewaar" if letter == "g" else f"Bewaar en ga naar {following}")


def open_a_domain(consulent: Person) -> None:
    consulent.sees("Alle leefgebieden zijn dicht.")
    consulent.follow("Open een leefgebied")
    consulent.tick("Overzicht houden over post en afspraken")
    consulent.select("Welk leefgebied?", "Geldzaken")
    consulent.fill("Waarom is dit nodig?", "Er liggen rekeningen die open staan.")
    consulent.press("Open het leefgebied")
    consulent.fill("Woorden van de cliënt", "De brieven leg ik in de la.")
    consulent.fill("Onze beoordeling", "De cliënt verliest overzicht over de post.")
    consulent.press("Bewaar")
    consulent.sees("Open omdat: Er liggen rekeningen die open staan.")


def find_solutions(consulent: Person) -> None:
    maatwerk = "Maatwerkvoorziening"
    natura, pgb = "In natura: de gemeente regelt het", "Pgb: de cliënt regelt het zelf"
    solve(consulent, 1, maatwerk, "Hulp bij het huishouden (minuten)", 120, natura)
    solve(consulent, 2, maatwerk, "Traplift (stuks)", 1, natura)
    solve(consulent, 3, maatwerk, "Begeleiding individueel (minuten)", 180, pgb)
    solve(consulent, 4, "Algemene voorziening")
    consulent.sees("Algemene voorziening")


def solve(consulent: Person, number, kind, product="", volume=0, form="") -> None:
    consulent.follow(f"Voeg een oplossing toe bij behoefte {number}")
    consulent.tick(kind)
    consulent.fill("Toelichting", "Dit past bij wat de cliënt zelf vertelt.")
    if product:
        consulent.select("Product", product)
        consulent.fill("Hoeveel?", str(volume))
        consulent.select("Hoe vaak?", "in totaal" if volume == 1 else "per week")
        consulent.tick(form)
    consulent.press("Voeg toe")


def agree_on_results(consulent: Person) -> None:
    for number, result in ((1, "Het huis is schoon."), (3, "De post is geordend.")):
        consulent.follow(f"Maak een afspraak over het resultaat bij behoefte {number}")
        consulent.fill("Wat willen wij bereiken?", result)
        consulent.fill("Hoe meten wij dat?", "De cliënt vertelt het in een gesprek.")
        consulent.select("Hoe gaat het nu?", "2: lukt een beetje")
        consulent.select("Wat is het doel?", "4: lukt bijna")
        consulent.fill("Wanneer meten wij?", LATER)
        consulent.press("Leg de afspraak vast")
        consulent.sees(result)


def write_verslag(consulent: Person) -> None:
    consulent.follow("Verslag", within="#stappen")
    consulent.fill("Samenvatting", "U vertelde dat de trap en het huis u zwaar vallen.")
    consulent.fill("Conclusie", "Hulp bij het huishouden en begeleiding passen bij u.")
    consulent.press("Maak het verslag")
    consulent.wait_for_link("Open de pdf")
    letter = consulent.pdf("Open de pdf")
    for words in ("Ik durf de trap niet meer op.", "Algemene voorziening", "Geldzaken"):
        assert words in letter
    assert BSN not in letter


def have_it_signed(consulent: Person) -> None:
    consulent.follow("Leg de reactie vast")
    consulent.tick("Akkoord, met opmerkingen")
    consulent.fill("Opmerkingen van de cliënt", "Ik wil de begeleiding zelf kiezen.")
    consulent.fill("Ondertekend op", DAY)
    consulent.press("Leg de reactie vast")
    consulent.sees("Dit telt als aanvraag.")
