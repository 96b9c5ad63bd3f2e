"""What each room brings: its doors, panels, parts of pages and ways to go."""

from flask import Blueprint

from loket import vandaag
from loket.accounts import views as accounts_views
from loket.accounts import views_collega, views_vervanging
from loket.archief import vandaag as archief_vandaag
from loket.archief import views as archief_views
from loket.archief import views_bewaren, views_verzoek
from loket.authz import Permission
from loket.beheer import vandaag as beheer_vandaag
from loket.beheer.views_all import DOORS as BEHEER_DOORS
from loket.cases.besluit import panel as besluit_panel
from loket.cases.besluit import vandaag as besluit_vandaag
from loket.cases.besluit import views as besluit_views
from loket.cases.besluit import views_beschikking, views_contact, views_regel
from loket.cases.besluit.queries_lopend import lopend_van
from loket.cases.dossier import (
    vandaag_terugbellen,
    views_inwoner,
    views_inzage,
    views_noodtoegang,
    views_notitie,
    views_samenvoegen,
    views_taken,
    views_terugbellen,
    views_toestemming,
)
from loket.cases.dossier import views as dossier_views
from loket.cases.dossier.blad import PanelMaker
from loket.cases.melding import panel as melding_panel
from loket.cases.melding import vandaag as melding_vandaag
from loket.cases.melding import views as melding_views
from loket.cases.melding import views_intake
from loket.cases.onderzoek import panel as onderzoek_panel
from loket.cases.onderzoek import vandaag as onderzoek_vandaag
from loket.cases.onderzoek import views as onderzoek_views
from loket.cases.onderzoek import (
    views_behoefte,
    views_bezoek,
    views_gepland,
    views_verslag,
)
from loket.cases.onderzoek.queries import name_resultaten
from loket.cases.post import views as post_views
from loket.cases.werkvoorraad import vandaag as dossier_vandaag
from loket.cases.werkvoorraad import views as werkvoorraad_views
from loket.cases.werkvoorraad import views_verdelen, views_weergave
from loket.huisstijl import views as huisstijl_views
from loket.iwmo import panel as iwmo_panel
from loket.iwmo import vandaag as iwmo_vandaag
from loket.iwmo import views as iwmo_views
from loket.pgb import panel as pgb_panel
from loket.pgb import views as pgb_views
from loket.providers import panel as providers_panel
from loket.providers import vandaag as providers_vandaag
from loket.providers import views as providers_views
from loket.providers import views_aanbieder, views_levering, views_lijst, views_overleg
from loket.rechten import panel as rechten_panel
from loket.rechten import vandaag as rechten_vandaag
from loket.rechten import views as rechten_views
from loket.rechten import views_besluit as inzagebesluit_views
from loket.rechten import views_correctie
from loket.reports import vandaag as reports_vandaag
from loket.reports import views as reports_views
from loket.toezicht import vandaag as toezicht_vandaag
from loket.toezicht import views as toezicht_views
from loket.vandaag import DeelMaker
from loket.web import KnownNotes, NavItem, TaakNotes

BLUEPRINTS: tuple[Blueprint, ...] = (
    accounts_views.bp,
    huisstijl_views.bp,
    vandaag.bp,
    views_vervanging.bp,
    views_collega.bp,
    werkvoorraad_views.bp,
    views_verdelen.bp,
    views_weergave.bp,
    dossier_views.bp,
    views_inwoner.bp,
    views_taken.bp,
    post_views.bp,
    views_samenvoegen.bp,
    views_notitie.bp,
    views_inzage.bp,
    views_noodtoegang.bp,
    melding_views.bp,
    views_intake.bp,
    onderzoek_views.bp,
    views_behoefte.bp,
    views_verslag.bp,
    views_bezoek.bp,
    views_gepland.bp,
    besluit_views.bp,
    views_beschikking.bp,
    views_regel.bp,
    views_contact.bp,
    views_terugbellen.bp,
    pgb_views.bp,
    providers_views.bp,
    views_aanbieder.bp,
    views_lijst.bp,
    views_overleg.bp,
    views_levering.bp,
    reports_views.bp,
    *BEHEER_DOORS,
    archief_views.bp,
    views_bewaren.bp,
    views_verzoek.bp,
    iwmo_views.bp,
    views_toestemming.bp,
    rechten_views.bp,
    inzagebesluit_views.bp,
    views_correctie.bp,
    toezicht_views.bp,
)

NAV: tuple[NavItem, ...] = (
    NavItem("Vandaag", "vandaag.show_vandaag", Permission.START_READ),
    NavItem(
        "Werkvoorraad",
        "werkvoorraad.show_werkvoorraad",
        Permission.WERKVOORRAAD_READ,
    ),
    NavItem("Caseload", "verdelen.show_caseload", Permission.DOSSIER_ASSIGN),
    NavItem("Taken", "taken.show_taken", Permission.WERKVOORRAAD_READ),
    NavItem(
        "Terugbellen", "terugbellen.list_terugbellen", Permission.WERKVOORRAAD_READ
    ),
    NavItem("Inwoner zoeken", "dossier.search_inwoners", Permission.INWONER_SEARCH),
    NavItem("Post", "post.list_post", Permission.POST_HANDLE),
    NavItem(
        "Verzoeken van inwoners",
        "inzageverzoek.list_verzoeken",
        Permission.RECHTEN_READ,
    ),
    NavItem("Berichten", "iwmo.list_berichten", Permission.BERICHT_READ),
    NavItem("Pgb-tarieven", "pgb.tarieven", Permission.BEHEER_CHANGE),
    NavItem("Verzoeken", "aanbieder.show_inbox", Permission.PLAATSING_ANSWER),
    NavItem(
        "Toewijzingen",
        "aanbiederlijst.show_toewijzingen",
        Permission.TOEWIJZING_REPORT,
    ),
    NavItem("Capaciteit", "aanbieder.show_capaciteit", Permission.PLAATSING_ANSWER),
    NavItem("Collega's", "collegas.show_collegas", Permission.COLLEGA_MANAGE),
    NavItem("Beheer", "beheer.show_beheer", Permission.BEHEER_READ),
    NavItem("Logboek", "logboek.show_logboek", Permission.AUDIT_READ),
    NavItem("Toezicht op inzage", "toezicht.show_toezicht", Permission.TOEZICHT_READ),
    NavItem(
        "Bewaren en vernietigen",
        "archief.show_vernietiging",
        Permission.VERNIETIGING_READ,
    ),
    NavItem("Beleid in cijfers", "reports.show_beleid", Permission.BELEID_READ),
)

PANELS: tuple[PanelMaker, ...] = (
    melding_panel.melding_panel,
    onderzoek_panel.behoeften_panel,
    besluit_panel.voorzieningen_panel,
    onderzoek_panel.show_panel,
    besluit_panel.besluit_panel,
    pgb_panel.pgb_panel,
    providers_panel.placing_panel,
    providers_panel.overleg_panel,
    views_terugbellen.terugbel_panel,
    iwmo_panel.berichten_panel,
    rechten_panel.rechten_panel,
)
"""The parts that rooms add to the page of a dossier, in the order of that page."""

KNOWN: tuple[KnownNotes, ...] = (lopend_van,)

OVER: tuple[TaakNotes, ...] = (name_resultaten,)
"""What tasks are about, where more than one of them can wait in a dossier."""

DELEN: tuple[DeelMaker, ...] = (
    dossier_vandaag.show_parts,
    vandaag_terugbellen.show_parts,
    melding_vandaag.show_parts,
    onderzoek_vandaag.show_parts,
    besluit_vandaag.show_parts,
    providers_vandaag.show_parts,
    iwmo_vandaag.show_parts,
    # days to answer, then a month, then three: the officer has all of these
    toezicht_vandaag.show_parts,
    rechten_vandaag.show_parts,
    archief_vandaag.show_parts,
    reports_vandaag.show_parts,
    beheer_vandaag.show_parts,
)
"""What each room tells on the page where everybody starts."""
