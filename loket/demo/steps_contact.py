"""What comes in by telephone and at the desk between the steps of a case."""

from datetime import timedelta

from loket.authz import Role
from loket.cases.dossier import operations_contact
from loket.cases.dossier.contactmoment import Kanaal, Uitkomst
from loket.cases.dossier.terugbelverzoek import Geadresseerde, Terugbelverzoek
from loket.demo.people import YES, rows
from loket.demo.scene import Scene

LATER = timedelta(minutes=20)
TRIED, DONE = "geprobeerd", "gedaan"


def contact(scene: Scene) -> None:
    """Somebody else who has a say in it was asked (Wmo art. 2.3.7 lid 2)."""
    operations_contact.record_contactmoment(
        scene.session,
        scene.consulent,
        scene.at,
        kanaal=Kanaal.TELEFOON,
        uitkomst=Uitkomst.OVER_VOORZIENING,
        tekst=scene.zaak.rij["contact"],
        dossier=scene.dossier,
    )


def bellen(scene: Scene) -> None:
    """Somebody contacts the loket about a case; where asked they are called back."""
    told = next(
        row for row in rows("contacten") if row["naam"] == scene.zaak.rij["bellen"]
    )
    by = scene.by(Role.FRONTOFFICE)
    operations_contact.record_contactmoment(
        scene.session,
        by,
        scene.at,
        kanaal=Kanaal(told["kanaal"]),
        uitkomst=Uitkomst(told["uitkomst"]),
        tekst=told["tekst"],
        dossier=scene.dossier,
    )
    if told["voor"]:
        verzoek = operations_contact.make_terugbelverzoek(
            scene.session,
            by,
            scene.at,
            voor=_voor(scene, told["voor"]),
            telefoon=told["telefoon"],
            notitie=told["notitie"],
            spoed=told["spoed"] == YES,
            dossier=scene.dossier,
            inwoner=scene.client,
        )
        _call_back(scene, verzoek, told["stand"])


def _voor(scene: Scene, voor: str) -> Geadresseerde:
    if voor == Role.CONSULENT:
        return Geadresseerde(user_id=scene.consulent.id)
    return Geadresseerde(rol=Role(voor))


def _call_back(scene: Scene, verzoek: Terugbelverzoek, stand: str) -> None:
    by, at = scene.consulent, scene.at + LATER
    if stand in {TRIED, DONE}:
        operations_contact.try_terugbellen(scene.session, by, at, verzoek=verzoek)
    if stand == DONE:
        operations_contact.finish_terugbelverzoek(
            scene.session, by, at + LATER, verzoek=verzoek
        )
