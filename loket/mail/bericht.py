"""What stands in the e-mail: always the same words, whatever it is about.

No name, no reference and not even the kind of work: a mailbox is read on telephones,
forwarded and kept by others, outside the locks of Loket.
"""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

ONDERWERP = "Er staat werk voor u klaar in Loket"
TEKST = """\
Er staat werk voor u klaar in Loket.

Log in om te zien wat het is: {adres}

In deze e-mail staat niets over het werk zelf. Zo blijft het veilig.
Wilt u deze e-mail minder vaak of niet meer? Kies dat in Loket bij Mijn account.
"""


def write_bericht(
    *, van: str, aan: str, adres: str, bericht_id: UUID, at: datetime
) -> EmailMessage:
    """Write the e-mail.

    Args:
        van: address of the sender.
        aan: address of the person.
        adres: where Loket opens; only that it is the start page.
        bericht_id: names this e-mail: sent again after a broken connection it is
            the same one, and a mailbox shows it once.
        at: when it is sent.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = van
    mail["To"] = aan
    mail["Subject"] = ONDERWERP
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{bericht_id}@{van.rpartition('@')[2]}>"
    # RFC 3834: no absence message comes back to a program
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(TEKST.format(adres=adres), cte="quoted-printable")
    return mail
