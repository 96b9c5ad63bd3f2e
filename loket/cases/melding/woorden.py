"""The coded words of the melding as they stand on a screen."""

from loket.cases.melding.melding import Huishoudtype, Verwijzer

VERWIJZER = {
    Verwijzer.EIGEN_INITIATIEF: "Eigen initiatief",
    Verwijzer.NAASTE: "Familie of naaste",
    Verwijzer.HUISARTS: "Huisarts",
    Verwijzer.ZIEKENHUIS: "Ziekenhuis",
    Verwijzer.WIJKVERPLEGING: "Wijkverpleging",
    Verwijzer.SOCIAAL_TEAM: "Sociaal team",
    Verwijzer.WONINGCORPORATIE: "Woningcorporatie",
    Verwijzer.AANBIEDER: "Aanbieder van zorg",
}
HUISHOUDTYPE = {
    Huishoudtype.ALLEENSTAAND: "Alleenstaand",
    Huishoudtype.SAMENWONEND: "Samenwonend, zonder kinderen thuis",
    Huishoudtype.MET_KINDEREN: "Met kinderen thuis",
    Huishoudtype.INSTELLING: "Woont in een instelling",
    Huishoudtype.ONBEKEND: "Onbekend",
}
