"""The style sheet of a gemeente: its colours in place of those of Loket."""

from hashlib import sha256

from loket.huisstijl.kleur import (
    LEAST,
    WHITE,
    balk_of,
    contrast,
    trappen,
    zoekvak_of,
)

_ROLES = ("default", "hover", "active")


def thema_css(accent: str, tweede: str | None) -> str:
    """Write the tokens that differ from `theme.css`; everything else stays as it is.

    Colours that mean something (an error, a warning, the lines of a chart) stay.
    """
    shades = trappen(accent)
    balk = balk_of(accent, tweede)
    soft = shades.t100
    if contrast(soft, zoekvak_of(balk)) < LEAST:
        soft = WHITE
    tokens = {
        f"--voorbeeld-kleuren-violet-{name[1:]}": value
        for name, value in vars(shades).items()
    }
    tokens |= {
        f"--basis-color-action-2-color-{role}": shades.t500
        if role == "default"
        else shades.t600
        for role in _ROLES
    }
    tokens |= {"--lk-brand": balk, "--lk-brand-soft": soft}
    written = ";".join(f"{name}:{value}" for name, value in tokens.items())
    return f".voorbeeld-theme{{{written}}}\n"


def thema_merk(accent: str, tweede: str | None) -> str:
    """Name this very style sheet; other colours, or another way to derive: another."""
    return sha256(thema_css(accent, tweede).encode()).hexdigest()[:24]
