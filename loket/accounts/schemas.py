"""Shapes of the login forms."""

from loket.formfields import FormSchema, Text


class LoginSchema(FormSchema):
    """Name and password."""

    login = Text(required=True)
    wachtwoord = Text(required=True)


class CodeSchema(FormSchema):
    """Six digits of the second factor."""

    code = Text(required=True, most=10)


class WerkplekSchema(FormSchema):
    """The desk somebody takes."""

    werkplek = Text(required=True)


class WachtwoordSchema(FormSchema):
    """The own password, before something that a stolen session must not do."""

    wachtwoord = Text(required=True)
