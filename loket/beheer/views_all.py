"""Every door of the beheerder, for the roof to hang in their place."""

from flask import Blueprint

from loket.beheer import (
    views,
    views_brieven,
    views_contracten,
    views_gebruikers,
    views_gemeente,
    views_gronden,
    views_huisstijl,
    views_instellingen,
    views_invoer,
    views_logboek,
    views_mandaat,
    views_producten,
    views_sleutels,
    views_teams,
)

DOORS: tuple[Blueprint, ...] = (
    views.bp,
    views_brieven.bp,
    views_contracten.bp,
    views_gebruikers.bp,
    views_gemeente.bp,
    views_gronden.bp,
    views_huisstijl.bp,
    views_instellingen.bp,
    views_invoer.bp,
    views_logboek.bp,
    views_mandaat.bp,
    views_producten.bp,
    views_sleutels.bp,
    views_teams.bp,
)
