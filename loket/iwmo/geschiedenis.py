"""The rules of iWmo 3.2 that compare a message with earlier ones (level 3 and 4).

Pure: the caller hands over what is known; one broken rule rejects the message.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from loket.iwmo.berichten.levering import (
    Bericht305,
    Bericht307,
    StartProduct,
    StopProduct,
)
from loket.iwmo.berichten.onderdelen import Header, Omvang, Product
from loket.iwmo.berichten.toewijzing import ToegewezenProduct
from loket.iwmo.berichten.verzoek import Bericht315
from loket.iwmo.codes import Frequentie, StatusAanlevering
from loket.iwmo.regels import Codes, Retourcode


@dataclass(frozen=True)
class BekendeToewijzing:
    """What was allocated under a number, as the last 301 said."""

    product: Product | None
    ingangsdatum: date


@dataclass(frozen=True, kw_only=True)
class Bekend:
    """What approved messages about one client and one aanbieder said before.

    Removed starts and stops are left out. A taakgericht contract has no toewijzingen:
    a start then stands on product and date alone (IV096).
    """

    toewijzingen: Mapping[int, BekendeToewijzing] = field(default_factory=dict)
    starts: Collection[StartProduct] = ()
    stops: Collection[StopProduct] = ()
    taakgericht: bool = False


def toets_header(header: Header, *, vandaag: date, is_repeated: bool) -> Codes:
    """Check that the message is new (TR056) and not from the future (TR135)."""
    codes = []
    if is_repeated:
        codes.append(Retourcode("TR056", "Header", code="9056"))
    if header.bericht_identificatie.dagtekening > vandaag:
        codes.append(Retourcode("TR135", "Header", code="8848"))
    return codes


def toets_starts(bericht: Bericht305, bekend: Bekend) -> Codes:
    """Check starts against toewijzingen and earlier starts and stops.

    Removals count first: a correction may carry the old and the new one (IV008).
    """
    known = {start.sleutel for start in bekend.starts}
    stopped = {stop.start_sleutel for stop in bekend.stops}
    numbered = list(enumerate(bericht.client.start_producten, 1))
    codes: Codes = []
    for nummer, start in numbered:
        if start.status_aanlevering is StatusAanlevering.VERWIJDEREN:
            codes += _toets_removed_start(start, nummer, known, stopped)
            known.discard(start.sleutel)
    running = {_delivery(key) for key in known - stopped}
    for nummer, start in numbered:
        if start.status_aanlevering is not StatusAanlevering.VERWIJDEREN:
            codes += _toets_koppeling("StartProduct", start, nummer, bekend)
            codes += _toets_new_start(start, nummer, known, running)
            known.add(start.sleutel)
            running.add(_delivery(start.sleutel))
    return codes


def _toets_removed_start(
    start: StartProduct,
    nummer: int,
    known: set[tuple[object, ...]],
    stopped: set[tuple[object, ...]],
) -> Codes:
    if start.sleutel not in known:
        return [Retourcode("TR063", "StartProduct", nummer, "9063")]
    if start.sleutel in stopped:
        return [Retourcode("TR071", "StartProduct", nummer, "9071")]
    return []


def _toets_new_start(
    start: StartProduct,
    nummer: int,
    known: set[tuple[object, ...]],
    running: set[tuple[object, ...]],
) -> Codes:
    if start.sleutel in known:
        return [Retourcode("TR074", "StartProduct", nummer, "9074")]
    if _delivery(start.sleutel) in running:
        return [Retourcode("TR326", "StartProduct", nummer, "9326")]
    return []


def _delivery(sleutel: tuple[object, ...]) -> tuple[object, ...]:
    """What can run only once at a time: number and product, whatever the date."""
    return sleutel[:2]


def toets_stops(bericht: Bericht307, bekend: Bekend) -> Codes:
    """Check stops against toewijzingen, starts and earlier stops."""
    stops = {stop.sleutel: stop for stop in bekend.stops}
    starts = {start.sleutel for start in bekend.starts}
    codes = _remove_stops(bericht, stops)
    deliveries: dict[tuple[object, ...], list[StopProduct]] = {}
    for earlier in stops.values():
        deliveries.setdefault(_stopped_delivery(earlier), []).append(earlier)
    for nummer, stop in enumerate(bericht.client.stop_producten, 1):
        if stop.status_aanlevering is StatusAanlevering.VERWIJDEREN:
            continue
        codes += _toets_koppeling("StopProduct", stop, nummer, bekend)
        if stop.start_sleutel not in starts:
            codes.append(Retourcode("TR382", "StopProduct", nummer, "9069"))
        same = deliveries.setdefault(_stopped_delivery(stop), [])
        if found := _toets_new_stop(stop, nummer, same):
            codes += found
        else:
            same.append(stop)
    return codes


def _remove_stops(
    bericht: Bericht307, stops: dict[tuple[object, ...], StopProduct]
) -> Codes:
    return [
        Retourcode("TR063", "StopProduct", nummer, "9063")
        for nummer, stop in enumerate(bericht.client.stop_producten, 1)
        if stop.status_aanlevering is StatusAanlevering.VERWIJDEREN
        and stops.pop(stop.sleutel, None) is None
    ]


def _stopped_delivery(stop: StopProduct) -> tuple[object, ...]:
    return (stop.toewijzing_nummer, stop.begindatum)


def _toets_new_stop(
    stop: StopProduct, nummer: int, earlier: list[StopProduct]
) -> Codes:
    """Compare with stops of the same delivery (TR074, TR413, TR414, TR415)."""
    if any(s.sleutel == stop.sleutel for s in earlier):
        return [Retourcode("TR074", "StopProduct", nummer, "9074")]
    if any(not s.is_tijdelijk for s in earlier):
        return [Retourcode("TR415", "StopProduct", nummer, "9415")]
    if earlier and stop.is_tijdelijk:
        return [Retourcode("TR413", "StopProduct", nummer, "9413")]
    if any(stop.einddatum < s.einddatum for s in earlier):
        return [Retourcode("TR414", "StopProduct", nummer, "9414")]
    return []


def _toets_koppeling(
    element: str, levering: StartProduct | StopProduct, nummer: int, bekend: Bekend
) -> Codes:
    """Tie the delivery to a toewijzing by number, product and first day (TR019)."""
    if levering.toewijzing_nummer is None and bekend.taakgericht:
        return []
    found = bekend.toewijzingen.get(levering.toewijzing_nummer or 0)
    wrong = Retourcode("TR019", element, nummer, "9019")
    if found is None or (levering.product or found.product) != found.product:
        return [wrong]
    first_day = levering.toewijzing_ingangsdatum
    return [] if first_day in {None, found.ingangsdatum} else [wrong]


def toets_verzoek(
    bericht: Bericht315, *, referenties: Collection[str], is_pending: bool
) -> Codes:
    """Check a request against earlier ones.

    `referenties` are those this aanbieder used before (TR347); `is_pending` tells of
    an open request for the same client by the same aanbieder (TR374, OP350).
    """
    codes = [Retourcode("TR374", "Client", code="9374")] if is_pending else []
    for nummer, product in enumerate(bericht.client.aangevraagde_producten, 1):
        if product.referentie_aanbieder in referenties:
            codes.append(Retourcode("TR347", "AangevraagdProduct", nummer, "9347"))
    return codes


def toets_wijziging(
    vorige: ToegewezenProduct | None, nieuw: ToegewezenProduct
) -> Codes:
    """Check what changed since this number was last sent; None means never.

    Only the einddatum, the budget, and the volume of a total (frequentie 6) may change
    under the same number (OP033x1, OP257, IV066); RedenWijziging tells of a change and
    of nothing else (IV099), and a change has a later moment of decision.
    """
    if vorige is None:
        return _own("IV066", wrong=nieuw.reden_wijziging is not None)
    changed = _changeable(vorige) != _changeable(nieuw)
    later = _decided(nieuw) > _decided(vorige)
    same_moment = _decided(nieuw) == _decided(vorige)
    return [
        *_own("OP257", wrong=needs_new_number(vorige, nieuw)),
        *_own("IV099", wrong=changed != (nieuw.reden_wijziging is not None)),
        *_own("OP033x1", wrong=not (later if changed else same_moment)),
    ]


def _own(regel: str, *, wrong: bool) -> Codes:
    return [Retourcode(regel, "ToegewezenProduct", code="")] if wrong else []


def _changeable(product: ToegewezenProduct) -> tuple[object, ...]:
    return (product.einddatum, product.omvang, product.budget, product.product)


def _decided(product: ToegewezenProduct) -> tuple[object, object]:
    return (product.toewijzingsdatum, product.toewijzingstijd)


def needs_new_number(vorige: ToegewezenProduct, nieuw: ToegewezenProduct) -> bool:
    """Whether the old toewijzing must end and a new number begin (OP257, IV066)."""
    return (
        vorige.product != nieuw.product
        or vorige.ingangsdatum != nieuw.ingangsdatum
        or (vorige.budget is None) != (nieuw.budget is None)
        or not _omvang_may_become(vorige.omvang, nieuw.omvang)
    )


def _omvang_may_become(vorige: Omvang | None, nieuw: Omvang | None) -> bool:
    if vorige == nieuw:
        return True
    if vorige is None or nieuw is None or vorige.eenheid != nieuw.eenheid:
        return False
    return vorige.frequentie is nieuw.frequentie is Frequentie.TOTAAL


def must_stretch(
    vorige: ToegewezenProduct, omvang: Omvang | None, vandaag: date
) -> bool:
    """Whether longer support must be the same number with a later end (OP380)."""
    is_total = omvang is not None and omvang.frequentie is Frequentie.TOTAAL
    has_passed = vorige.einddatum is not None and vorige.einddatum < vandaag
    return vorige.omvang == omvang and not is_total and not has_passed
