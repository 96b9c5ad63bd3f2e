"""What there is to do in beheer, in groups by what a beheerder comes to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Deur:
    """One place to go: what it is called, and what one does there."""

    label: str
    endpoint: str
    hint: str
    soort: str | None = None
    """Which table, for a door that takes in several."""
    anker: str | None = None
    """The part of the page that it leads to."""


WEGWIJZER: dict[str, tuple[Deur, ...]] = {
    "Mensen en rechten": (
        Deur(
            "Gebruikers en rollen",
            "gebruikers.list_gebruikers",
            "Wie er werkt, wat iemand mag en vanaf welke dag.",
        ),
        Deur("Teams", "teams.list_teams", "Wie met wie werkt."),
        Deur(
            "Mandaat",
            "mandaten.list_mandaten",
            "Wie namens het college mag besluiten, en tot welk bedrag.",
        ),
    ),
    "Wat de gemeente biedt": (
        Deur(
            "Producten",
            "producten.list_products",
            "Wat de gemeente kan toekennen.",
        ),
        Deur(
            "Contracten en tarieven",
            "contracten.list_contracts",
            "Wat met aanbieders is afgesproken.",
        ),
        Deur("Pgb-tarieven", "pgb.tarieven", "Waarmee een pgb wordt berekend."),
    ),
    "Teksten en uiterlijk": (
        Deur(
            "Gegevens van de gemeente",
            "gemeente.change",
            "Naam, adres en telefoon, zoals ze in brieven staan.",
        ),
        Deur(
            "Huisstijl",
            "stijl.change",
            "Logo en kleuren, op schermen en op brieven.",
        ),
        Deur(
            "Teksten van brieven",
            "brieven.list_texts",
            "De vaste zinnen in brieven en besluiten.",
        ),
    ),
    "Termijnen en normen": (
        Deur(
            "Normen en termijnen",
            "instellingen.list_normen",
            "De regels van de gemeente, en wat de wet vastlegt.",
        ),
        Deur(
            "Weigeringsgronden",
            "weigeringsgronden.list_gronden",
            "Waarom een voorziening geweigerd kan worden.",
        ),
    ),
    "Gegevens in en uit": (
        Deur(
            "Tarieven inlezen",
            "invoer.choose_file",
            "Veel tarieven tegelijk, uit Excel of CSV.",
            soort="tarieven",
        ),
        Deur(
            "Producten inlezen",
            "invoer.choose_file",
            "Veel producten tegelijk, uit Excel of CSV.",
            soort="producten",
        ),
        Deur(
            "Berichten",
            "iwmo.list_berichten",
            "Wat met aanbieders wordt uitgewisseld.",
        ),
        Deur(
            "Brieven en berichten die niet weg konden",
            "beheer.show_beheer",
            "Wat stilstaat of wacht. Dat staat onderaan deze pagina.",
            anker="opdrachten",
        ),
    ),
    "Verantwoording": (
        Deur(
            "Wie mag dit besluit nemen?",
            "mandaten.try_case",
            "Kijk na wie in een zaak mag besluiten, en waarom.",
        ),
        Deur(
            "Logboek",
            "logboek.show_logboek",
            "Wie wat heeft gezien en gedaan.",
        ),
        Deur(
            "Sleutel gelekt?",
            "sleutels.show_lek",
            "Wat u dan doet, en hoe sleutels en kopieën ervoor staan.",
        ),
        Deur(
            "Beleid in cijfers",
            "reports.show_beleid",
            "Hoeveel, hoe snel en voor welk bedrag.",
        ),
    ),
}
