"""Work that follows a deed, as people call it."""

OPDRACHT = {
    "besluit.aanvraag": "Aanvraag maken na het verslag",
    "besluit.overleden": "Recht beëindigen na overlijden",
    "drafts.shred": "Concept wissen",
    "iwmo.301": "Toewijzing sturen (Wmo301)",
    "iwmo.306": "Antwoord op start sturen (Wmo306)",
    "iwmo.308": "Antwoord op stop sturen (Wmo308)",
    "iwmo.316": "Antwoord op verzoek sturen (Wmo316)",
    "iwmo.319": "Verzoek afwijzen (Wmo319)",
    "iwmo.plaatsen": "Ontvangen bericht verwerken",
    "letters.afsluiting": "Afsluitbrief maken",
    "letters.beschikking": "Beschikking als brief maken",
    "letters.ontvangst": "Ontvangstbevestiging maken",
    "letters.verslag": "Onderzoeksverslag als brief maken",
    "mail.werk": "E-mail sturen dat er werk klaarstaat",
    "pgb.einde": "Pgb beëindigen",
    "pgb.start": "Pgb starten",
    "providers.geweigerd": "Consulent melden dat een aanbieder weigert",
    "providers.levering": "Vraag over de hulp bezorgen",
    "providers.overleden": "Aanbieder melden dat de cliënt is overleden",
    "providers.overleg": "Bericht aan of van een aanbieder bezorgen",
    "providers.recht": "Toewijzing aanpassen aan het recht",
    "providers.toewijzen": "Hulp toewijzen aan de aanbieder",
    "providers.voortgang": "Voortgang van de hulp bijwerken",
}
"""By topic; whoever adds a handler says here what it is for."""
