"""The fields of a form: loose input, checked, with Dutch words for what is wrong."""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, fields, pre_load

from loket.bsn import parse_bsn
from loket.datum import lees_datum
from loket.errors import LoketError
from loket.geld import lees_bedrag

_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.u]?([0-9]{2}))?(?: ?u(?:ur)?)?")
_GENERAL = ("Vul dit in.", "Maak een keuze.")
_MISSING = {
    "accent": "Vul de hoofdkleur in.",
    "aangevuld_op": "Vul in op welke dag de aanvulling kwam.",
    "aanwezigen": "Vul in wie erbij waren.",
    "achternaam": "Vul de achternaam in.",
    "behoefte_id": "Kies bij welke behoefte dit hoort.",
    "afgehandeld_op": "Vul in op welke dag hierop is beslist.",
    "bekendgemaakt_op": "Vul in op welke dag het besluit bekend is gemaakt.",
    "beoordelaar": "Kies wie de score geeft.",
    "besloten_op": "Vul in op welke dag is besloten.",
    "besluit": "Kies of de gemeente de gegevens vernietigt.",
    "bevoegdheid": "Kies welke bevoegdheid iemand heeft.",
    "bewijs": "Kies welk document u zag.",
    "categorie": "Vul de categorie in.",
    "code": "Vul de code in.",
    "conclusie": "Vul de conclusie in.",
    "consulent": "Kies een consulent.",
    "consulent_id": "Kies een consulent.",
    "contract": "Vul het contract in.",
    "contractregel_id": "Kies een aanbieder.",
    "dag": "Vul de dag in.",
    "dienst": "Vul in of dit een dienst is.",
    "doel": "Vul de score in die het doel is.",
    "domein": "Vul het domein in.",
    "eenheid": "Vul de eenheid in.",
    "eerste": "Kies de eerste inwoner.",
    "eigen_bijdrage": "Vul in of hiervoor een eigen bijdrage geldt.",
    "extern_nummer": "Vul het nummer van het besluit in.",
    "frequentie": "Kies per welke periode.",
    "geeindigd_op": "Vul de laatste dag in.",
    "gerecht": "Kies bij welk gerecht het beroep loopt.",
    "gemeten_op": "Vul in op welke dag is gemeten.",
    "gemotiveerd": "Kies of de cliënt goed uitlegt waarom een pgb past.",
    "gemotiveerd_toelichting": "Leg uit wat u vindt van de uitleg van de cliënt.",
    "gevoerd_op": "Vul in op welke dag het gesprek was.",
    "gevraagd_op": "Vul in op welke dag dit is gevraagd.",
    "gewenste_start": "Vul in vanaf welke dag de hulp nodig is.",
    "gewenste_vorm": "Kies in welke vorm de cliënt de hulp wil.",
    "grond": "Kies de grond.",
    "gronden": "Vul de gronden van het bezwaar in.",
    "helper": "Kies wie de hulp geeft.",
    "ingesteld_op": "Vul in op welke dag het beroep is ingesteld.",
    "ingangsdatum": "Vul de eerste dag in.",
    "kanaal": "Kies hoe het contact was.",
    "kwaliteit": "Kies of de hulp van goede kwaliteit is.",
    "kwaliteit_toelichting": "Leg uit wat u vindt van de kwaliteit.",
    "labels": "Kies een of meer domeinen.",
    "leveringsvorm": "Kies in natura of pgb.",
    "login": "Vul uw gebruikersnaam in.",
    "mail_wens": "Kies wanneer u e-mail wilt.",
    "meetdatum": "Vul in op welke dag u meet.",
    "meetwijze": "Vul in hoe u meet.",
    "motief": "Vul in waarom u deze aanbieder kiest.",
    "motivering": "Vul in waarom u dit besluit.",
    "naam": "Vul de naam in.",
    "noodgrond": "Kies waarom het niet kan wachten.",
    "noodreden": "Schrijf op wat er aan de hand is.",
    "nulmeting": "Vul de score van nu in.",
    "omschrijving": "Vul in wat er nodig is.",
    "omvang": "Kies wat er vernietigd moet worden.",
    "ontvangen_op": "Vul in op welke dag dit is ontvangen.",
    "oordeel": "Kies wat u van deze inzage vindt.",
    "oordeel_toelichting": "Leg uit hoe u tot dit oordeel komt.",
    "overleden_op": "Vul de dag van overlijden in.",
    "product": "Vul de productcode in.",
    "reactie": "Kies wat de cliënt vindt van het verslag.",
    "reden": "Geef de reden.",
    "resultaat": "Vul het resultaat in.",
    "rol": "Kies wie deze persoon is voor de cliënt.",
    "samenvatting": "Vul de samenvatting in.",
    "score": "Vul de score in.",
    "soort": "Kies de soort.",
    "startdatum": "Vul de dag van de start in.",
    "stopdatum": "Vul de laatste dag van de hulp in.",
    "tarief": "Vul het tarief in.",
    "tarief_cent": "Vul het tarief in.",
    "tekst": "Vul in waar het contact over ging.",
    "tijd": "Vul de tijd in, zoals 9:30.",
    "toelichting": "Vul de toelichting in.",
    "tot": "Vul de nieuwe datum in.",
    "tweede": "Kies de tweede inwoner.",
    "uiterlijk": "Vul de uiterste dag in.",
    "uitkomst": "Kies de uitkomst van het contact.",
    "user_id": "Kies een collega.",
    "vaardig": "Kies of de cliënt het pgb aankan.",
    "vaardig_toelichting": "Leg uit of de cliënt het pgb aankan.",
    "van": "Vul de eerste dag in.",
    "vanaf": "Vul de eerste dag in.",
    "verzonden_op": "Vul in op welke dag de brief is verzonden.",
    "volume": "Vul in hoeveel.",
    "voor": "Kies voor wie dit is.",
    "voorziening": "Kies om welke voorziening het gaat.",
    "voorziening_id": "Kies om welke voorziening het gaat.",
    "vorm": "Kies de vorm.",
    "wachttijd_dagen": "Vul de wachttijd in.",
    "wachtwoord": "Vul uw wachtwoord in.",
    "werkplek": "Kies waar u nu werkt.",
    "zaaknummer": "Vul het zaaknummer van het gerecht in.",
    "woorden_client": "Vul in wat de cliënt zei.",
}
"""What is asked for when a question was left open, by the name of the question."""


class FormSchema(Schema):
    """The shape of a form: empty answers count as not given, words are Dutch."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Let each question ask for its own answer: a summary says which is which."""
        general = field_obj.error_messages["required"]
        if general in _GENERAL and field_name in _MISSING:
            own = {"required": _MISSING[field_name]}
            field_obj.error_messages = field_obj.error_messages | own

    @pre_load
    def drop_empty(self, data: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """Take away what was left open and spaces around what was typed."""
        kept: dict[str, Any] = {}
        for name, value in data.items():
            clean = value.strip() if isinstance(value, str) else value
            if clean not in ("", [], None):
                kept[name] = clean
        return kept


_Words = dict[str, str | list[Any] | dict[Any, Any]]
_REQUIRED: _Words = {"required": "Vul dit in.", "null": "Vul dit in."}
_CHOICE: _Words = {
    "required": "Maak een keuze.",
    "unknown": "Kies een van de antwoorden.",
    "invalid": "Kies een van de antwoorden.",
}


class Text(fields.String):
    """Text as typed; control characters are refused, length is bounded."""

    default_error_messages: _Words = {
        **_REQUIRED,
        "invalid": "Vul dit in met gewone tekst.",
        "too_long": "Maak dit korter: maximaal {most} tekens.",
        "odd": "Haal de tekens weg die geen gewone tekst zijn.",
    }

    def __init__(self, *, most: int = 200, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs).replace("\r\n", "\n")
        if len(typed) > self.most:
            raise self.make_error("too_long", most=self.most)
        if not all(c.isprintable() or c in "\n\t\u00ad" for c in typed):
            raise self.make_error("odd")
        return typed


class EmailAdres(Text):
    """An address that a mail server can reach: no spaces, no accents, no list."""

    default_error_messages: _Words = {
        "no_address": "Vul een e-mailadres in, zoals naam@gemeente.nl.",
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        typed = super()._deserialize(value, attr, data, **kwargs)
        if not _EMAIL.fullmatch(typed):
            raise self.make_error("no_address")
        return typed


def _lenient(read: Callable[[str], Any], value: Any) -> Any:
    try:
        return read(str(value))
    except LoketError as error:
        raise ValidationError(error.message) from None


class Day(fields.Field[date]):
    """A calendar day, typed in any usual way: 1-1-48, 01.01.1948, 1 januari 1948."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        day: date = _lenient(lees_datum, value)
        return day


class TimeOfDay(fields.Field[time]):
    """A time of the day, typed in any usual way: 9:30, 09.30, 930, 9u30."""

    default_error_messages: _Words = {
        **_REQUIRED,
        "invalid": "Vul een tijd in, zoals 9:30.",
    }

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> time:
        found = _TIME.fullmatch(str(value).strip().lower())
        if not found:
            raise self.make_error("invalid")
        try:
            return time(int(found[1]), int(found[2] or 0))
        except ValueError:
            raise self.make_error("invalid") from None


class Bsn(fields.Field[str]):
    """A BSN that passes the 11-proef; spaces and dots are fine."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        bsn: str = _lenient(parse_bsn, value)
        return bsn


class Cents(fields.Field[int]):
    """An amount in cents, typed as 1.204,50 or € 1204.50."""

    default_error_messages = _REQUIRED

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        cents: int = _lenient(lees_bedrag, value)
        return cents


class Number(fields.Integer):
    """A whole number within bounds."""

    default_error_messages: _Words = {
        **_REQUIRED,
        "invalid": "Vul een heel getal in.",
        "too_large": "Dit getal is te groot.",
        "bounds": "Vul een getal in van {least} tot en met {most}.",
    }

    def __init__(self, least: int = 0, most: int = 1_000_000, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.least = least
        self.most = most

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        number = super()._deserialize(value, attr, data, **kwargs)
        if not self.least <= number <= self.most:
            raise self.make_error("bounds", least=self.least, most=self.most)
        return number


class Choice(fields.Enum[Any]):
    """One of the values of an enum."""

    default_error_messages = _CHOICE

    def __init__(self, enum: Any, **kwargs: Any) -> None:
        super().__init__(enum, by_value=True, **kwargs)


class Choices(fields.List[Any]):
    """Several values of an enum, each once."""

    default_error_messages = _CHOICE

    def __init__(self, enum: Any, **kwargs: Any) -> None:
        super().__init__(Choice(enum), **kwargs)


class OneOf(fields.String):
    """One of the given strings: ids of rows that the page itself offered."""

    default_error_messages = _CHOICE

    def __init__(
        self, allowed: Callable[[], set[str]] | set[str], **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.allowed = allowed

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        chosen = super()._deserialize(value, attr, data, **kwargs)
        allowed = self.allowed() if callable(self.allowed) else self.allowed
        if chosen not in allowed:
            raise self.make_error("invalid")
        return chosen


class Ref(fields.UUID):
    """The id of a row that the page offered; anything else is not a choice."""

    default_error_messages = {**_CHOICE, "invalid_uuid": "Maak een keuze."}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        chosen = super()._deserialize(value, attr, data, **kwargs)
        if chosen is None:
            raise self.make_error("required")
        return chosen


class Ticked(fields.Boolean):
    """A box that is ticked or not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(load_default=False, truthy={"ja"}, falsy={"nee"}, **kwargs)
        self.error_messages["invalid"] = "Kies een van de antwoorden."


class VanafSchema(FormSchema):
    """A new value from a day on: see `loket.geldigheid` and the macro `vanaf`."""

    van = Day(required=True)
    terugwerkend = Ticked()
    reden = Text(load_default="", most=500)
    stand = Text(load_default="", most=100)
    """What the page showed: who was later than somebody else is told so."""
