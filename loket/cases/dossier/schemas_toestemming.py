"""The shapes of consent."""

from loket.cases.dossier.herkomst import Herkomst
from loket.cases.dossier.toestemming import GegevenDoor, Wijze
from loket.formfields import Choice, Day, FormSchema, Text


class ToestemmingSchema(FormSchema):
    """What somebody says yes to."""

    herkomst = Choice(
        Herkomst,
        required=True,
        error_messages={"required": "Kies om welke gegevens het gaat."},
    )
    gegevens = Text(
        required=True,
        most=500,
        error_messages={"required": "Vul in welke gegevens het zijn."},
    )
    partij = Text(
        required=True,
        most=200,
        error_messages={"required": "Vul in van wie u de gegevens krijgt."},
    )
    doel = Text(
        required=True,
        most=500,
        error_messages={"required": "Vul in waarvoor u de gegevens nodig hebt."},
    )
    gegeven_door = Choice(
        GegevenDoor,
        required=True,
        error_messages={"required": "Kies wie de toestemming gaf."},
    )
    wijze = Choice(
        Wijze,
        required=True,
        error_messages={"required": "Kies hoe de toestemming is gegeven."},
    )
    gegeven_op = Day(
        required=True,
        error_messages={"required": "Vul in op welke dag de toestemming is gegeven."},
    )


class IntrekkenSchema(FormSchema):
    """From which day it does not hold any more."""

    ingetrokken_op = Day(
        required=True,
        error_messages={"required": "Vul in vanaf welke dag dit niet meer mag."},
    )
