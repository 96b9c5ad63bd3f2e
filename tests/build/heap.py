"""A heap of dossiers, made by the database itself: to see what stays fast in it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

CLOSED_OF_TEN = 6
"""Of ten dossiers so many are closed, as in an archive of some years."""
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"


def heap(
    session: Session,
    gemeente: str,
    *,
    many: int,
    clients: Sequence[UUID],
    consulenten: Sequence[UUID],
    today: date,
    first: int = 0,
) -> None:
    """Add so many dossiers and their lines: open and closed, of all and of nobody.

    One of a hundred is shielded, one of fifty is urgent, one of thirty open ones is
    still to be divided. `first` numbers them on from an earlier heap.
    """
    values = {
        "gemeente": gemeente,
        "many": many,
        "first": first,
        "clients": list(clients),
        "staff": list(consulenten),
        "today": today,
        "letters": LETTERS,
        "closed": CLOSED_OF_TEN,
    }
    session.execute(text(_HEAP), values)


_HEAP = """
WITH hoop AS MATERIALIZED (SELECT gen_random_uuid() AS id,
       'Z' || (SELECT string_agg(substr(:letters, 1 + (n / (30 ^ place)::bigint % 30)
           ::int, 1), '' ORDER BY place DESC) FROM generate_series(4, 6) place)
       || '-' || (SELECT string_agg(substr(:letters, 1 + (n / (30 ^ place)::bigint % 30)
           ::int, 1), '' ORDER BY place DESC) FROM generate_series(0, 3) place)
           AS referentie,
       (CAST(:clients AS uuid[]))[1 + n % cardinality(CAST(:clients AS uuid[]))]
           AS client_id,
       CASE WHEN n % 30 = 7 THEN NULL ELSE
           (CAST(:staff AS uuid[]))[1 + n % cardinality(CAST(:staff AS uuid[]))]
           END AS consulent_id,
       CASE WHEN n * 7919 % 10 < :closed THEN 'gesloten' ELSE
           (ARRAY['nieuw', 'onderzoek', 'aanvraag', 'besluit', 'levering', 'levering',
           'levering'])[1 + n * 31 % 7] END AS fase,
       (ARRAY['huisvesting', 'huishoudelijke_hulp', 'zorg', 'dagbesteding', 'vervoer',
           'hulpmiddelen'])[1 + n * 17 % 6] AS domein,
       n % 50 = 3 AS spoed,
       n % 100 = 9 AS afgeschermd,
       (1940 + n * 13 % 60)::text AS pc4,
       CAST(:today AS date) - (n * 37 % 1000)::int AS ontvangen_op
FROM generate_series(CAST(:first AS bigint), CAST(:first AS bigint)
     + CAST(:many AS bigint) - 1) n), bewaard AS (
INSERT INTO dossier (id, referentie, aanleiding, opened_at, opened_by_id, consulent_id,
                     afgeschermd, gemeente_code)
SELECT id, referentie, 'melding', ontvangen_op, id, consulent_id, afgeschermd, :gemeente
FROM hoop)
INSERT INTO werkvoorraad (dossier_id, referentie, client_id, consulent_id, fase,
                          domeinen, spoed, afgeschermd, pc4, ontvangen_op,
                          uiterste_datum, gemeente_code)
SELECT id, referentie, client_id, consulent_id, fase, ARRAY[domein], spoed, afgeschermd,
       pc4, ontvangen_op, CASE WHEN fase <> 'gesloten' THEN ontvangen_op + 56 END,
       :gemeente
FROM hoop
"""
