"""Every noun, imported: so that no table is forgotten and every tie is known."""

import loket.accounts.aanroep
import loket.accounts.gemeente
import loket.accounts.team
import loket.accounts.user
import loket.accounts.vervanging
import loket.accounts.verzending
import loket.accounts.wijziging
import loket.archief.vernietigingslijst
import loket.archief.vernietigingsverzoek
import loket.audit.batch
import loket.audit.record
import loket.cases.besluit.aanvraag
import loket.cases.besluit.beroep
import loket.cases.besluit.beschikking
import loket.cases.besluit.bezwaar
import loket.cases.besluit.vernietigingsstop
import loket.cases.besluit.voorziening
import loket.cases.dossier.contactmoment
import loket.cases.dossier.document
import loket.cases.dossier.dossier
import loket.cases.dossier.gegevenswijziging
import loket.cases.dossier.huishouden
import loket.cases.dossier.inwoner
import loket.cases.dossier.noodtoegang
import loket.cases.dossier.notitie
import loket.cases.dossier.samenvoeging
import loket.cases.dossier.taak
import loket.cases.dossier.teller
import loket.cases.dossier.terugbelverzoek
import loket.cases.dossier.toedeling
import loket.cases.dossier.toestemming
import loket.cases.dossier.verklaring
import loket.cases.melding.behoefte
import loket.cases.melding.melding
import loket.cases.onderzoek.gepland_gesprek
import loket.cases.onderzoek.gesprek
import loket.cases.onderzoek.onderwerp
import loket.cases.onderzoek.onderzoek
import loket.cases.onderzoek.oplossing
import loket.cases.onderzoek.resultaatafspraak
import loket.cases.onderzoek.verslag
import loket.cases.post.poststuk
import loket.cases.producten.product
import loket.cases.werkvoorraad.weergave
import loket.drafts.draft
import loket.huisstijl.huisstijl
import loket.iwmo.bericht
import loket.letters.tekst
import loket.outbox.promise
import loket.pgb.pgb
import loket.providers.aanbieder
import loket.providers.contract
import loket.providers.levering
import loket.providers.overleg
import loket.providers.plaatsingsverzoek
import loket.providers.toewijzing
import loket.rechten.afschrift
import loket.rechten.correctieverzoek
import loket.rechten.inzageverzoek
import loket.toezicht.inzagesignaal
import loket.toezicht.medewerkerkaart
import loket.vault.epoch
import loket.vault.rowseal
import loket.vault.searchtoken

MODULES = (
    loket.accounts.aanroep,
    loket.accounts.gemeente,
    loket.accounts.team,
    loket.accounts.user,
    loket.accounts.vervanging,
    loket.accounts.verzending,
    loket.accounts.wijziging,
    loket.archief.vernietigingslijst,
    loket.archief.vernietigingsverzoek,
    loket.audit.batch,
    loket.audit.record,
    loket.cases.besluit.aanvraag,
    loket.cases.besluit.beroep,
    loket.cases.besluit.beschikking,
    loket.cases.besluit.bezwaar,
    loket.cases.besluit.vernietigingsstop,
    loket.cases.besluit.voorziening,
    loket.cases.dossier.contactmoment,
    loket.cases.dossier.document,
    loket.cases.dossier.dossier,
    loket.cases.dossier.huishouden,
    loket.cases.dossier.inwoner,
    loket.cases.post.poststuk,
    loket.cases.dossier.noodtoegang,
    loket.cases.dossier.notitie,
    loket.cases.producten.product,
    loket.cases.dossier.samenvoeging,
    loket.cases.dossier.taak,
    loket.cases.dossier.teller,
    loket.cases.dossier.terugbelverzoek,
    loket.cases.dossier.toedeling,
    loket.cases.werkvoorraad.weergave,
    loket.cases.melding.behoefte,
    loket.cases.melding.melding,
    loket.cases.onderzoek.gepland_gesprek,
    loket.cases.onderzoek.gesprek,
    loket.cases.onderzoek.onderwerp,
    loket.cases.onderzoek.onderzoek,
    loket.cases.onderzoek.oplossing,
    loket.cases.onderzoek.resultaatafspraak,
    loket.cases.onderzoek.verslag,
    loket.drafts.draft,
    loket.huisstijl.huisstijl,
    loket.iwmo.bericht,
    loket.letters.tekst,
    loket.outbox.promise,
    loket.pgb.pgb,
    loket.providers.aanbieder,
    loket.providers.contract,
    loket.providers.levering,
    loket.providers.overleg,
    loket.providers.plaatsingsverzoek,
    loket.providers.toewijzing,
    loket.toezicht.inzagesignaal,
    loket.toezicht.medewerkerkaart,
    loket.vault.epoch,
    loket.cases.dossier.gegevenswijziging,
    loket.cases.dossier.toestemming,
    loket.cases.dossier.verklaring,
    loket.rechten.afschrift,
    loket.rechten.correctieverzoek,
    loket.rechten.inzageverzoek,
    loket.vault.rowseal,
    loket.vault.searchtoken,
)
"""Modules that declare a table."""
