"""What to do when a key may have leaked: per kind of key, in order, and its limits.

Words for people under stress: short, and each command as it is typed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stap:
    """One thing to do, and the command for it when there is one."""

    tekst: str
    opdracht: str = ""


@dataclass(frozen=True)
class Lek:
    """One kind of key that may have leaked."""

    anker: str
    naam: str
    betekent: str
    """What somebody can do who has it."""
    stappen: tuple[Stap, ...]
    blijft: str
    """What turning the key does not undo."""


EERST = (
    Stap("Neem niets weg: logboeken en schijven zijn nodig voor het onderzoek."),
    Stap("Dicht het gat: haal de toegang weg waarlangs de sleutel is gelekt."),
    Stap("Bel de privacy officer. De 72 uur voor een melding lopen vanaf nu."),
    Stap("Maak een reservekopie van hoe het nu is.", "loket backup make"),
    Stap("Kijk hoe de sleutels ervoor staan.", "loket vault status"),
)
OFFICER = (
    Stap("Schrijf op wanneer u het hoorde, wat er is gelekt en wat u besluit."),
    Stap(
        "Bepaal wat de vinder er echt mee kan. Dat staat hieronder per sleutel. Een"
        " sleutel zonder de gegevens erbij opent niets."
    ),
    Stap(
        "Kijk in het logboek of iemand in die tijd vreemd heeft gekeken of gegevens"
        " heeft weggehaald."
    ),
    Stap(
        "Is er een risico voor inwoners? Meld het dan binnen 72 uur na de ontdekking"
        " bij de Autoriteit Persoonsgegevens (AVG artikel 33). Weet u nog niet alles?"
        " Meld toch, en vul later aan."
    ),
    Stap("Is het risico hoog? Vertel het ook aan de inwoners zelf (AVG artikel 34)."),
    Stap("Leg elk lek vast in het register van datalekken, ook als u niet meldt."),
)

LEKKEN: tuple[Lek, ...] = (
    Lek(
        "hoofdsleutel",
        "De hoofdsleutel (KEK)",
        "De hoofdsleutel opent de sleutelkluis. Wie alleen de hoofdsleutel heeft, kan"
        " niets lezen. Wie ook de sleutelkluis en de database heeft, of een kopie van"
        " allebei, kan alles lezen.",
        (
            Stap("Maak een nieuwe versie van de hoofdsleutel.", "loket vault new-kek"),
            Stap("Zet die versie op elke computer waar Loket draait."),
            Stap("Pak alle gemeentesleutels opnieuw in.", "loket vault rotate-kek"),
            Stap(
                "Draai daarna de sleutels van alle gemeenten.",
                "loket vault rotate-gemeente --all",
            ),
            Stap(
                "Kijk of het logboek en de besluiten nu kloppen, en bewaar de uitkomst:"
                " de sleutels van de handtekening en de zegels lagen in dezelfde"
                " kluis.",
                "loket audit verify",
            ),
            Stap("Kijk ook naar de besluiten.", "loket vault verify"),
            Stap(
                "Vervang de sleutel waarmee het logboek wordt ondertekend.",
                "loket audit new-signing-key --all",
            ),
            Stap(
                "Vervang de sleutel van de zegels op besluiten.",
                "loket vault new-seal-key --all",
            ),
            Stap(
                "Kan iemand ook een kopie van de sleutelkluis hebben? Versleutel dan"
                " alles opnieuw.",
                "loket vault reseal --all",
            ),
            Stap(
                "Geef in dat geval ook het zoeken een nieuwe sleutel: de oude lag in"
                " dezelfde kluis.",
                "loket vault rebuild-index",
            ),
            Stap(
                "Maak meteen daarna een nieuwe reservekopie. Oudere kopieën van de"
                " gegevens gaan alleen nog open met de kopie van de sleutelkluis uit"
                " dezelfde tijd.",
                "loket backup make",
            ),
            Stap(
                "Maak nieuwe delen voor de kluizen. Gooi de oude delen nog niet weg:"
                " zonder die gaan oude kopieën niet open.",
                "loket vault escrow --out MAP",
            ),
            Stap(
                "Geef de databases nieuwe wachtwoorden en start Loket opnieuw. Kijk"
                " daarna of alles klopt.",
                "loket doctor",
            ),
            Stap(
                "Kunt u de oude kopieën van de sleutelkluis missen? Let op: dan zijn"
                " ook alle oude kopieën van de gegevens niet meer te lezen. Verwijder"
                " eerst die kopieën, dan de oude versie van de hoofdsleutel, en de oude"
                " delen van de kluizen als laatste."
            ),
        ),
        "Had iemand ook al een kopie van de sleutelkluis? Dan opent de oude"
        " hoofdsleutel die kopie nog steeds, en daarmee elke kopie van de gegevens uit"
        " die tijd. Draaien helpt daar niet tegen. Ga uit van een datalek.",
    ),
    Lek(
        "gemeentesleutel",
        "De sleutel van een gemeente",
        "Deze sleutel pakt de sleutels van alle inwoners en dossiers van één gemeente"
        " in. Hij ligt ingepakt in de sleutelkluis en verlaat die alleen in het"
        " geheugen van Loket. Is hij gelekt, dan is de server zelf niet veilig meer.",
        (
            Stap("Zet de server stil en richt een schone in."),
            Stap(
                "Draai de sleutel van deze gemeente.",
                "loket vault rotate-gemeente 0000",
            ),
            Stap(
                "Behandel de sleutels van de dossiers ook als gelekt: versleutel alles"
                " van deze gemeente opnieuw.",
                "loket vault reseal --gemeente 0000",
            ),
            Stap(
                "Geef ook het zoeken van deze gemeente een nieuwe sleutel.",
                "loket vault rebuild-index --gemeente 0000",
            ),
            Stap("Maak meteen een nieuwe reservekopie.", "loket backup make"),
        ),
        "Wie met deze sleutel de sleutels van dossiers al heeft geopend, houdt die.",
    ),
    Lek(
        "dossiersleutel",
        "De sleutel van een inwoner of dossier",
        "Deze sleutel opent wat over één inwoner of in één dossier staat, en niets"
        " anders. Wie er geen kopie van de database bij heeft, kan er niets mee.",
        (
            Stap(
                "Ga na of ook een kopie van de database weg kan zijn. Zonder die kopie"
                " is er niets te lezen."
            ),
            Stap(
                "Geef het dossier een nieuwe sleutel. Alles wordt opnieuw versleuteld"
                " terwijl u doorwerkt.",
                "loket vault reseal DOSSIER",
            ),
            Stap("Maak meteen een nieuwe reservekopie.", "loket backup make"),
            Stap("Kijk of alles opengaat en klopt.", "loket vault verify"),
            Stap(
                "Zijn er meer sleutels gelekt dan een paar? Doe dan alles wat hierboven"
                " bij de hoofdsleutel staat."
            ),
        ),
        "Wat al is gekopieerd, blijft met de oude sleutel te lezen.",
    ),
    Lek(
        "indexsleutel",
        "De sleutel van het zoeken",
        "Met deze sleutel en een kopie van de zoektekens is in minuten na te gaan of"
        " een BSN bij u bekend is. De gegevens zelf gaan er niet mee open. Zoektekens"
        " staan niet in reservekopieën.",
        (
            Stap(
                "Ga na of ook een kopie van de database weg kan zijn. Alleen dan is er"
                " iets mee te doen."
            ),
            Stap(
                "Bouw de zoekindex opnieuw. De oude sleutel en de oude zoektekens"
                " verdwijnen. Zoeken blijft werken.",
                "loket vault rebuild-index --gemeente 0000",
            ),
        ),
        "Wie de oude zoektekens heeft, weet van die tijd wie bij u bekend was.",
    ),
    Lek(
        "handtekening",
        "De sleutel waarmee het logboek wordt ondertekend",
        "Hiermee gaat geen gegeven open. Wie ook in de database kan schrijven, kan er"
        " een vals logboek mee ondertekenen. Een kopie van elke handtekening staat in"
        " de sleutelkluis: wie daar niet bij kan, valt op.",
        (
            Stap(
                "Kijk of het logboek klopt, en bewaar de uitkomst. Doe dit eerst: zo"
                " weet u hoe het was voor u iets verandert.",
                "loket audit verify",
            ),
            Stap(
                "Ga na hoe de sleutel kon lekken: hij ligt ingepakt in de"
                " sleutelkluis. Doe eerst alles wat hierboven bij de hoofdsleutel"
                " staat."
            ),
            Stap(
                "Vervang de sleutel. Wat daarna nog met de oude wordt ondertekend, is"
                " een fout die Loket noemt.",
                "loket audit new-signing-key --gemeente 0000",
            ),
            Stap(
                "Geef de nieuwe openbare sleutel aan uw auditor, met het nummer"
                " waarvanaf zij geldt.",
                "loket audit public-key --gemeente 0000",
            ),
            Stap(
                "Vraag uitvoer van het logboek van voor de vervanging opnieuw op. Een"
                " oud bestand kan met de oude sleutel zijn gemaakt."
            ),
        ),
        "Wat tussen het lek en de vervanging is ondertekend, bewijst minder: dat kan"
        " ook de vinder hebben gedaan. Vervang de sleutel dus meteen.",
    ),
    Lek(
        "zegelsleutel",
        "De sleutel van de zegels op besluiten",
        "Hiermee gaat geen gegeven open. Wie ook in de database kan schrijven, kan een"
        " besluit wijzigen en er een zegel bij maken dat past.",
        (
            Stap(
                "Kijk of de besluiten bij hun zegel passen, en bewaar de uitkomst.",
                "loket vault verify",
            ),
            Stap(
                "Vervang de sleutel. Elk besluit dat past krijgt een nieuw zegel. De"
                " andere worden genoemd en krijgen er geen.",
                "loket vault new-seal-key --gemeente 0000",
            ),
            Stap(
                "Past een besluit niet? De oude sleutel blijft dan staan, en is nog te"
                " gebruiken. Zet het besluit terug uit een reservekopie en voer de"
                " opdracht nog eens uit. Lukt dat niet, haal de oude sleutel dan weg:"
                " het besluit blijft dan als fout genoemd.",
                "loket vault new-seal-key --gemeente 0000 --drop-always",
            ),
            Stap("Maak meteen een nieuwe reservekopie.", "loket backup make"),
        ),
        "Een besluit dat voor de vervanging is vervalst en met de oude sleutel"
        " verzegeld, is hiermee niet te vinden. Vergelijk verdachte besluiten met de"
        " brief die is verstuurd, en met een oudere reservekopie.",
    ),
    Lek(
        "reservesleutel",
        "De geheime helft van de reservesleutel",
        "Hiermee gaan de reservekopieën open. Wie ook een kopie heeft, ziet datums,"
        " aantallen en gegevens van medewerkers. Namen, BSN en teksten zijn daarin nog"
        " eens versleuteld: daarvoor is ook de hoofdsleutel nodig.",
        (
            Stap(
                "Maak een nieuwe reservesleutel op een andere computer.",
                "loket backup sleutel BESTAND",
            ),
            Stap(
                "Zet de publieke helft in LOKET_BACKUP_RECIPIENTS, in plaats van de"
                " oude, en start Loket opnieuw."
            ),
            Stap("Maak meteen een kopie met de nieuwe sleutel.", "loket backup make"),
            Stap(
                "Oefen of die kopie terug te zetten is.",
                "loket restore --drill --identity BESTAND",
            ),
            Stap("Verwijder de oude kopieën zodra u ze kunt missen."),
        ),
        "Oude kopieën gaan met de oude sleutel open. Bewaar die sleutel dus zolang u"
        " oude kopieën bewaart, op een plaats waar niemand anders bij kan.",
    ),
    Lek(
        "token",
        "Een token van een koppeling",
        "Wie het token heeft, kan wat die koppeling mag: lezen en soms vastleggen."
        " Alles wat via een token gebeurt, staat in het logboek.",
        (
            Stap(
                "Trek het token in: Beheer, Gebruikers en rollen, de persoon, Token"
                " intrekken. Dat geldt meteen."
            ),
            Stap("Kijk in het logboek wat er met het token is gedaan."),
            Stap(
                "Maak een nieuw token, zo kort geldig als kan.",
                "loket token create LOGIN --naam NAAM --scope SCOPE"
                " --geldig-tot 31-12-2026",
            ),
        ),
        "Wat via het token al is gelezen, is bekend bij wie het had.",
    ),
    Lek(
        "wachtwoord",
        "Een wachtwoord, of een scherm dat open bleef",
        "Wie kan inloggen, kan wat die medewerker mag. In productie is er ook een code"
        " van een telefoon nodig.",
        (
            Stap("Zet de persoon buiten gebruik.", "loket user deactivate LOGIN"),
            Stap(
                "Of geef bij Gebruikers en rollen een tijdelijk wachtwoord. Lopende"
                " sessies stoppen dan ook."
            ),
            Stap("Laat de tweede stap opnieuw instellen als de telefoon weg is."),
            Stap("Kijk in het logboek wat er met dit account is gedaan."),
        ),
        "Wat in die tijd is bekeken, is gezien. Het logboek zegt wat dat was.",
    ),
)
