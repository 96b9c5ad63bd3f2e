"""The code lists of iWmo 3.2 that Loket reads or writes, each with its Dutch text."""

import csv
from enum import StrEnum
from importlib.resources import files
from typing import Self


class Code(StrEnum):
    """One code of a code list; the value goes on the wire, `tekst` on the screen."""

    tekst: str

    def __new__(cls, code: str, tekst: str) -> Self:
        """Keep the code as the value and the text beside it."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.tekst = tekst
        return member

    @classmethod
    def of(cls, code: str) -> Self:
        """Return the member with this code."""
        return {each.value: each for each in cls}[code]


class Geslacht(Code):
    """COD046."""

    ONBEKEND = "0", "Onbekend"
    MANNELIJK = "1", "Mannelijk"
    VROUWELIJK = "2", "Vrouwelijk"


class DatumGebruik(Code):
    """COD170: which part of a birth date is not known."""

    DAG_ONBEKEND = "1", "Dag onbekend"
    DAG_EN_MAAND_ONBEKEND = "2", "Dag en maand onbekend"
    ONBEKEND = "3", "Datum onbekend"


class JaNee(Code):
    """COD260."""

    JA = "1", "Ja"
    NEE = "2", "Nee"


class TypeVerwijzer(Code):
    """COD327."""

    GEMEENTE = "01", "Gemeente"
    HUISARTS = "02", "Huisarts"
    JEUGDARTS = "03", "Jeugdarts"
    GECERTIFICEERDE_INSTELLING = "04", "Gecertificeerde instelling"
    MEDISCH_SPECIALIST = "05", "Medisch specialist"
    GEEN = "06", "Zelfverwijzer of geen verwijzer"
    RECHTER = "08", "Rechter of officier van justitie"


class StatusAanlevering(Code):
    """COD467; a 305 or 307 uses only 1 and 3 (CS058)."""

    EERSTE = "1", "Eerste aanlevering"
    GEWIJZIGD = "2", "Gewijzigde aanlevering"
    VERWIJDEREN = "3", "Aanlevering verwijderen"
    ONGEWIJZIGD = "9", "Niet van toepassing (ongewijzigd)"


class NaamGebruik(Code):
    """COD700: how somebody wants to be addressed."""

    EIGEN = "1", "Eigen naam"
    PARTNER = "2", "Naam van de partner"
    PARTNER_EIGEN = "3", "Naam van de partner, daarna eigen naam"
    EIGEN_PARTNER = "4", "Eigen naam, daarna naam van de partner"
    PSEUDONIEM = "5", "Pseudoniem"
    GEEN_PERSOON = "6", "Niet-natuurlijk persoon"


class Communicatievorm(Code):
    """COD747."""

    TOLK_TAAL = "1", "Tolk voor een taal"
    DOVENTOLK = "2", "Doventolk"
    DOOFBLINDENTOLK = "3", "Doofblindentolk"


class AdresSoort(Code):
    """COD757."""

    BRP = "01", "BRP-adres"
    CORRESPONDENTIE = "02", "Correspondentieadres"
    VERBLIJF = "03", "Verblijfadres"
    TIJDELIJK = "04", "Tijdelijk verblijfadres"


class Eenheid(Code):
    """WJ756."""

    MINUUT = "01", "Minuut"
    UUR = "04", "Uur"
    ETMAAL = "14", "Etmaal"
    DAGDEEL = "16", "Dagdeel (4 uur)"
    STUKS_OUTPUT = "82", "Stuks (output)"
    EURO = "83", "Euro's"
    STUKS_INSPANNING = "84", "Stuks (inspanning)"


class Frequentie(Code):
    """WMO757."""

    DAG = "1", "Per dag"
    WEEK = "2", "Per week"
    MAAND = "4", "Per maand"
    TOTAAL = "6", "Totaal binnen de geldigheidsduur van de toewijzing"


class RedenVerzoek(Code):
    """WJ758."""

    CLIENTSITUATIE = "1", "Verandering in de situatie van de cliënt"
    ZORGPLAN = "2", "Wijziging van het zorgplan"


class RedenAfwijzingVerzoek(Code):
    """WJ759; 8 belongs to the Jeugdwet: for the Wmo another gemeente is 5."""

    NIEUWE_AANVRAAG = "1", "Geen wijziging, maar een nieuwe aanvraag"
    BUDGET = "2", "Past niet binnen het budget"
    GEEN_CONTRACT = "3", "Geen contract"
    CONTRACT = "4", "Past niet binnen het contract"
    ANDERE_GEMEENTE = "5", "Andere gemeente"
    STAPELING = "6", "Stapeling"
    INHOUDELIJK = "7", "Zorginhoudelijk afgekeurd"
    WOONPLAATSBEGINSEL = "8", "Woonplaatsbeginsel"
    LEEFTIJDSGRENS = "9", "Leeftijdsgrens is bereikt"


class VerzoekAntwoord(Code):
    """WJ760."""

    AFGEWEZEN = "1", "Verzoek afgewezen"
    IN_ONDERZOEK = "2", "Aanvraag in onderzoek"


class RedenWijziging(Code):
    """WMO002; 01 is no longer allowed (CS336)."""

    ADMINISTRATIEF_VERVALLEN = "01", "Administratieve correctie (vervallen)"
    OVERLEDEN = "02", "Cliënt overleden"
    CONTRACTWIJZIGING = "03", "Contractwijziging"
    VERLENGING = "04", "Herbeoordeling: toewijzing verlengd"
    VERKORTING = "05", "Herbeoordeling: toewijzing verkort"
    ANDER_DOMEIN = "06", "Uitstroom naar een ander domein"
    VERHUIZING = "07", "Verhuizing naar een andere gemeente"
    LEVERINGSVORM = "08", "Andere leveringsvorm"
    ANDERE_AANBIEDER = "09", "Overstap naar een andere aanbieder"
    BEKOSTIGING = "10", "Overgang naar nieuwe bekostiging"
    HERINDELING = "11", "Gemeentelijke herindeling"
    DOOR_AANBIEDER = "12", "Op initiatief van de aanbieder"
    VERWIJDERD = "13", "Verwijderd"
    ADMINISTRATIEF = "14", "Administratieve correctie"


class RedenBeeindiging(Code):
    """WMO588."""

    OVERLEDEN = "02", "Overlijden"
    VOLGENS_PLAN = "19", "Levering volgens plan beëindigd"
    TIJDELIJK = "20", "Levering tijdelijk beëindigd"
    DOOR_CLIENT = "21", "Levering eenzijdig door de cliënt beëindigd"
    DOOR_AANBIEDER = "22", "Levering eenzijdig door de aanbieder beëindigd"
    IN_OVEREENSTEMMING = "23", "Levering in overeenstemming eerder beëindigd"
    VERHUIZING = "31", "Verhuizing naar een andere gemeente"
    DOOR_GEMEENTE = "36", "Op initiatief van de gemeente"
    WIJZIGINGSVERZOEK = "37", "In verband met een verzoek om wijziging"
    ANDERE_AANBIEDER = "38", "Overstap naar een andere aanbieder"
    ANDER_DOMEIN = "39", "Uitstroom naar een ander domein"


def read_list(name: str) -> dict[str, str]:
    """Read one of our own `code,tekst` lists."""
    lijst = files("loket").joinpath("data", "iwmo", f"{name}.csv")
    with lijst.open(encoding="utf-8") as lines:
        return {row["code"]: row["tekst"] for row in csv.DictReader(lines)}


RETOURCODES = read_list("retourcodes")
"""WJ001, as far as the messages of Loket use it."""

PRODUCTCATEGORIEEN = read_list("productcategorieen")
"""WMO020."""

HULPMIDDELEN = frozenset({"11", "12", "13", "14"})
"""Categories that may be allocated twice in the same period (OP259)."""

TECHNISCH = "0001"
GOED = "0200"
NIET_BEOORDEELD = "0233"

BERICHTCODES = {
    "301": "414",
    "302": "415",
    "305": "418",
    "306": "419",
    "307": "420",
    "308": "421",
    "315": "444",
    "316": "445",
    "317": "480",
    "318": "481",
    "319": "482",
    "320": "483",
}
"""COD002: the number that each message, as 315, carries in its header."""

RETOUR_VAN = {
    "301": "302",
    "305": "306",
    "307": "308",
    "315": "316",
    "317": "318",
    "319": "320",
}
"""Each message is answered by exactly one retour (IV028)."""

STOPREDEN_NA_WIJZIGING = {
    RedenWijziging.OVERLEDEN: RedenBeeindiging.OVERLEDEN,
    RedenWijziging.CONTRACTWIJZIGING: RedenBeeindiging.DOOR_GEMEENTE,
    RedenWijziging.VERKORTING: RedenBeeindiging.DOOR_GEMEENTE,
    RedenWijziging.ANDER_DOMEIN: RedenBeeindiging.ANDER_DOMEIN,
    RedenWijziging.VERHUIZING: RedenBeeindiging.VERHUIZING,
    RedenWijziging.LEVERINGSVORM: RedenBeeindiging.DOOR_GEMEENTE,
    RedenWijziging.ANDERE_AANBIEDER: RedenBeeindiging.ANDERE_AANBIEDER,
    RedenWijziging.BEKOSTIGING: RedenBeeindiging.DOOR_GEMEENTE,
    RedenWijziging.HERINDELING: RedenBeeindiging.DOOR_GEMEENTE,
    RedenWijziging.DOOR_AANBIEDER: RedenBeeindiging.WIJZIGINGSVERZOEK,
}
"""Which reason a 307 gives when the gemeente ended the toewijzing for this one."""
