"""How long one letter takes: a short one, and a beschikking with an annex."""

import statistics
import time
from datetime import date

from loket.letters.brief import Afzender, Alinea, Bijlage, Brief, Inhoud, Tabel
from loket.letters.compose import render_letter
from loket.letters.tekst import defaults, placeholders, to_blocks

ROUNDS = 30


def blocks_of(*sleutels: str) -> tuple[Inhoud, ...]:
    found: list[Inhoud] = []
    for sleutel in sleutels:
        tekst = defaults()[sleutel]
        waarden = {name: name.replace("_", " ") for name in placeholders(tekst)}
        found.extend(to_blocks(tekst, waarden))
    return tuple(found)


def letter(*blocks: Inhoud | Bijlage) -> Brief:
    return Brief(
        gemeente=Afzender(
            "Gemeente Voorbeeldstad",
            "Raadhuisplein 1, 1234 AA Voorbeeldstad",
            "Postbus 1, 1230 AA Voorbeeldstad",
            "014 0123",
            "www.voorbeeldstad.example",
        ),
        geadresseerde=(
            "Mevrouw A. Duinzand",
            "Dorpsstraat 12",
            "1234 AB Voorbeeldstad",
        ),
        kenmerk="H7K3-9QF2",
        datum=date(2026, 11, 23),
        onderwerp="Besluit over uw aanvraag",
        blocks=blocks,
        ondertekening=("Met vriendelijke groet,", "S. Kustlicht"),
        behandelaar="S. Kustlicht, 014 0123",
    )


def milliseconds(brief: Brief) -> tuple[float, float, int]:
    render_letter(brief)  # reading fonts and template is paid once per process
    spent, size = [], 0
    for _ in range(ROUNDS):
        start = time.perf_counter()
        size = len(render_letter(brief))
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), max(spent), size


def main() -> None:
    start = time.perf_counter()
    short = letter(*blocks_of("ontvangstbevestiging"))
    render_letter(short)
    print(f"first_letter_ms: {(time.perf_counter() - start) * 1000:.0f}")
    besluit = letter(
        *blocks_of(*(each for each in defaults() if each.startswith("beschikking"))),
        Tabel(("Wat", "Hoeveel"), (("Hulp", "2 uur per week"),) * 5, "Wat u krijgt"),
        Bijlage(
            "Verslag", tuple(Alinea("Wij spraken u thuis. " * 40) for _ in "x" * 20)
        ),
    )
    for name, brief in (("ontvangstbevestiging", short), ("beschikking", besluit)):
        median, worst, size = milliseconds(brief)
        print(f"{name}_ms: {median:.1f}")
        print(f"{name}_worst_ms: {worst:.1f}")
        print(f"{name}_kb: {size / 1024:.0f}")


if __name__ == "__main__":
    main()
