"""The coded words of the worklist as they stand on a screen."""

from loket.cases.werkvoorraad.werkvraag import Kolom, Leeftijd, Resterend, Wiens

KOLOM = {
    Kolom.CLIENT: "Cliënt",
    Kolom.FASE: "Fase",
    Kolom.STATUS: "Status voor de inwoner",
    Kolom.TERM: "Term in de wet",
    Kolom.OVER: "Over",
    Kolom.CONSULENT: "Consulent",
    Kolom.TEAM: "Team",
    Kolom.PC4: "Postcodegebied",
    Kolom.ONTVANGEN: "Ontvangen",
    Kolom.LEEFTIJD: "Dagen sinds ontvangst",
    Kolom.UITERLIJK: "Uiterlijk",
    Kolom.RESTEREND: "Resterend",
}
LEEFTIJD = {
    Leeftijd.WEEK: "Hoogstens 1 week",
    Leeftijd.ZES_WEKEN: "1 tot 6 weken",
    Leeftijd.ACHT_WEKEN: "6 tot 8 weken",
    Leeftijd.OUDER: "Meer dan 8 weken",
}
RESTEREND = {
    Resterend.TE_LAAT: "Te laat",
    Resterend.DRIE_DAGEN: "Hoogstens 3 dagen",
    Resterend.WEEK: "4 tot en met 7 dagen",
    Resterend.TWEE_WEKEN: "8 tot en met 14 dagen",
    Resterend.RUIM: "Meer dan 14 dagen",
    Resterend.GEEN: "Geen termijn",
}
WIENS = {
    Wiens.ALLE: "Alles wat ik mag zien",
    Wiens.MIJ: "Mijn zaken",
    Wiens.VERVANGING: "Van wie ik vervang",
    Wiens.NIEMAND: "Nog te verdelen",
}
