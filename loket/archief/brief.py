"""What the gemeente writes about destroying: the decision on a request, the proof."""

from datetime import date

from sqlalchemy.orm import Session

from loket.accounts.gemeente import Gemeente
from loket.accounts.queries import instelling, staff_names
from loket.accounts.register import norm_of
from loket.archief.verklaring import Verklaring
from loket.archief.vernietigingsverzoek import Vernietigingsverzoek, tegengronden
from loket.cases.dossier.brieven import brief_for, letter_blocks
from loket.cases.dossier.dossier import Dossier
from loket.datum import lang
from loket.letters.brief import Afzender, Alinea, Blok, Brief, Kop, Opsomming, Tabel
from loket.termijnen import dag_van

CAK_SVB = "bewaren_cak_svb_jaren"


def besluit_brief(session: Session, verzoek: Vernietigingsverzoek) -> Brief:
    """Write the decision on a request to destroy, in the texts of that day."""
    if verzoek.decided_at is None or verzoek.decided_by_id is None:
        raise ValueError("only what was decided becomes a letter")
    dossier = session.get_one(Dossier, verzoek.dossier_id)
    dag = dag_van(verzoek.decided_at)
    jaren = instelling(session, dossier.gemeente_code, CAK_SVB, dag)
    grond = tegengronden(dag).get(verzoek.tegengrond or "")
    waarden = {
        "ontvangen_op": lang(verzoek.ontvangen_op),
        "jaren": str(jaren or norm_of(CAK_SVB).standaard),
    }
    if grond:
        waarden |= {
            "grond": f"{grond.label}.",
            "artikel": grond.artikel,
            "motivering": str(verzoek.motivering or ""),
        }
    blocks: list[Blok] = []
    for sleutel in (
        "vernietiging_weigering" if grond else "vernietiging_toewijzing",
        "beschikking_rechtsmiddelen",
    ):
        own = waarden if sleutel.startswith("vernietiging") else {}
        greets = {} if not blocks else {"aanhef": ""}
        blocks += letter_blocks(
            session,
            dossier_id=dossier.id,
            gemeente_code=dossier.gemeente_code,
            dag=dag,
            sleutel=sleutel,
            kenmerk=dossier.referentie,
            waarden=greets | own,
        )
    names = staff_names(session, [verzoek.decided_by_id])
    naam = names.get(verzoek.decided_by_id, "Loket")
    return brief_for(
        session,
        dossier_id=dossier.id,
        gemeente_code=dossier.gemeente_code,
        dag=dag,
        onderwerp="Besluit over het vernietigen van uw gegevens",
        blocks=tuple(blocks),
        kenmerk=dossier.referentie,
        behandelaar=naam,
    )


def verklaring_brief(
    verklaring: Verklaring, gemeente: Gemeente, afzender: Afzender, dag: date
) -> Brief:
    """Lay out the certificate of destruction; nobody's data stand in it."""
    return Brief(
        gemeente=afzender,
        geadresseerde=(f"Archief van de gemeente {gemeente.naam}",),
        kenmerk=verklaring.referentie,
        datum=dag,
        onderwerp="Verklaring van vernietiging",
        blocks=_blocks(verklaring, gemeente),
        ondertekening=(f"Gemeente {gemeente.naam}",),
        behandelaar=verklaring.archivaris,
        vertrouwelijk=False,
    )


def _blocks(verklaring: Verklaring, gemeente: Gemeente) -> tuple[Blok, ...]:
    blocks: list[Blok] = [
        Alinea(
            f"De gemeente {gemeente.naam} verklaart dat de gegevens hieronder zijn"
            f" vernietigd. Dit gebeurde {verklaring.periode}. De sleutels waarmee de"
            " gegevens te lezen waren, bestaan niet meer."
        ),
        Kop("Hoeveel"),
        Opsomming(tuple(verklaring.aantallen)),
        Kop("Wie"),
        Opsomming(tuple(f"{deed}: {who}" for deed, who in verklaring.wie)),
        Kop("Wat"),
        Tabel(
            ("Wat", "Vernietigd op", "Grond"),
            tuple(verklaring.rijen),
            "Vernietigde gegevens",
        ),
    ]
    return tuple(blocks)
