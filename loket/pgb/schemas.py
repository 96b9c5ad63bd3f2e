"""The shapes of the forms about a pgb."""

from loket.formfields import Cents, Choice, Day, FormSchema, Number, OneOf, Text
from loket.pgb.pgb import HelperSoort

YES_NO = {"ja", "nee"}


class ToetsSchema(FormSchema):
    """The three tests, the budget, or the ground to refuse."""

    vaardig = OneOf(YES_NO, required=True)
    vaardig_toelichting = Text(required=True, most=4000)
    gemotiveerd = OneOf(YES_NO, required=True)
    gemotiveerd_toelichting = Text(required=True, most=4000)
    kwaliteit = OneOf(YES_NO, required=True)
    kwaliteit_toelichting = Text(required=True, most=4000)
    volume_formeel = Number(load_default=0)
    volume_informeel = Number(load_default=0)
    eisen = Text(most=4000, load_default="")
    weigeringsgrond_code = Text(most=40, load_default=None)
    natura_cent = Cents(load_default=None)


class TariefSchema(FormSchema):
    """A rate from a day on."""

    product_code = Text(
        most=5, required=True, error_messages={"required": "Kies een product."}
    )
    helper = Choice(HelperSoort, required=True)
    tarief_cent = Cents(required=True)
    van = Day(required=True)
