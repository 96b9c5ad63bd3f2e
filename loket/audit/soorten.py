"""The kinds of records: what the privacy officer filters by (NEN 7513: event type)."""

from collections.abc import Sequence
from enum import StrEnum

from loket.audit.action import Action


class Handelingsoort(StrEnum):
    """What kind of deed or look a record is about."""

    INZAGE = "inzage"
    ZOEKEN = "zoeken"
    AFDRUK = "afdruk"
    EXPORT = "export"
    WEIGERING = "weigering"
    INLOGGEN = "inloggen"
    SLEUTELS = "sleutels"
    NOODTOEGANG = "noodtoegang"
    RECHTEN = "rechten"
    VASTLEGGEN = "vastleggen"
    """Everything else: something was made, changed or ended."""


_VERBS = {
    "read": Handelingsoort.INZAGE,
    "revealed": Handelingsoort.INZAGE,
    "searched": Handelingsoort.ZOEKEN,
    "listed": Handelingsoort.ZOEKEN,
    "printed": Handelingsoort.AFDRUK,
    "exported": Handelingsoort.EXPORT,
}
_NOUNS = {
    "access": Handelingsoort.WEIGERING,
    "login": Handelingsoort.INLOGGEN,
    "kek": Handelingsoort.SLEUTELS,
    "gemeente_key": Handelingsoort.SLEUTELS,
    "noodtoegang": Handelingsoort.NOODTOEGANG,
    "aanstelling": Handelingsoort.RECHTEN,
    "mandaat": Handelingsoort.RECHTEN,
    "token": Handelingsoort.RECHTEN,
    "user": Handelingsoort.RECHTEN,
    "teamlid": Handelingsoort.RECHTEN,
}
_OTHERS = {
    # called a look, but people only appear in a list
    Action.WERKVOORRAAD_READ: Handelingsoort.ZOEKEN,
    # who guards looks at it every day: it would hide who really let themselves in
    Action.NOODTOEGANG_READ: Handelingsoort.INZAGE,
}


def soort_of(action: Action) -> Handelingsoort:
    """Return the one kind of an action; the noun goes before the verb."""
    if action in _OTHERS:
        return _OTHERS[action]
    noun, _, verb = action.value.partition(".")
    return _NOUNS.get(noun) or _VERBS.get(verb, Handelingsoort.VASTLEGGEN)


def actions_of(soort: Handelingsoort) -> Sequence[Action]:
    """Return the actions of a kind."""
    return [action for action in Action if soort_of(action) is soort]
