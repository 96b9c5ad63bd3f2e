"""The shapes of the forms about messages."""

from loket.cases.producten.product import Frequentie
from loket.formfields import Choice, Day, FormSchema, Number, Ref, Text
from loket.iwmo.codes import RedenAfwijzingVerzoek


class OvernemenSchema(FormSchema):
    """Taking over what the aanbieder cites, and assigning it."""

    extern_nummer = Text(required=True, most=40)
    besloten_op = Day(required=True)
    contractregel_id = Ref(required=True)
    volume = Number(least=1, required=True)
    frequentie = Choice(Frequentie, required=True)
    van = Day(required=True)
    tot = Day(load_default=None)


class ToewijzenSchema(FormSchema):
    """Assigning from a right that stands."""

    voorziening_id = Ref(required=True)
    contractregel_id = Ref(required=True)
    volume = Number(least=1, load_default=None)
    van = Day(required=True)
    tot = Day(load_default=None)


class AfwijzenSchema(FormSchema):
    """Refusing, for a reason of the list."""

    reden = Choice(RedenAfwijzingVerzoek, required=True)
