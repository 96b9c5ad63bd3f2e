"""Shapes of the forms about watching over looks."""

from loket.formfields import Bsn, FormSchema, Ref, Text


class KaartSchema(FormSchema):
    """What the officer keeps of a colleague; the BSN only finds the inwoner."""

    user_id = Ref(required=True)
    bsn = Bsn(load_default=None, metadata={"secret": True})
    postcode = Text(load_default=None, most=7, metadata={"secret": True})
