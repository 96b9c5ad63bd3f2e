"""The logo of a gemeente, as uploaded and checked."""

from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from loket.huisstijl.png import MAGIC, clean_png
from loket.huisstijl.svg import LogoError, clean_svg, sides_of

MOST_BYTES = 150 * 1024
WIDEST = 8
"""How many times as wide as it is high, or the reverse, a logo may be."""


class LogoSoort(StrEnum):
    """In which way a logo is drawn."""

    SVG = "svg"
    PNG = "png"

    @property
    def mimetype(self) -> str:
        """What the browser is told that it gets."""
        return "image/svg+xml" if self is LogoSoort.SVG else "image/png"


@dataclass(frozen=True)
class Logo:
    """A picture with nothing harmful in it."""

    soort: LogoSoort
    inhoud: bytes

    @property
    def merk(self) -> str:
        """Name of this very picture: another picture has another name."""
        return sha256(self.inhoud).hexdigest()[:24]


def read_logo(raw: bytes) -> Logo:
    """Check a picture that somebody uploads, by what is in it and not by its name.

    Raises:
        LogoError: it is too large, no picture, or holds what a logo may not hold.
    """
    if not raw.strip():
        raise LogoError("Dit bestand is leeg. Kies een ander bestand.")
    if len(raw) > MOST_BYTES:
        raise LogoError(
            f"Het bestand is te groot: maximaal {MOST_BYTES // 1024} kB. Sla het logo"
            " kleiner op."
        )
    if raw.startswith(MAGIC):
        picture, width, height = clean_png(raw)
        logo, sides = Logo(LogoSoort.PNG, picture), (float(width), float(height))
    elif b"<svg" in raw or b":svg" in raw:
        logo = Logo(LogoSoort.SVG, clean_svg(raw))
        sides = sides_of(logo.inhoud)
    else:
        raise LogoError("Kies een SVG- of een PNG-bestand.")
    if max(sides) > WIDEST * min(sides):
        raise LogoError(
            f"Het logo is te lang: maximaal {WIDEST} keer zo breed als het hoog is."
        )
    return logo
