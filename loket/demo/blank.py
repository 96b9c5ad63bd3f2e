"""The leaf that stands for a letter of a twin: one page, under a kilobyte.

A hundred thousand real letters would be twelve gigabytes that nobody reads.
"""

LINES = (
    "Verzonnen zaak uit de grote demo.",
    "Van deze brief is geen afschrift gemaakt.",
)


def make_leaf(lines: tuple[str, ...]) -> bytes:
    """Write the smallest PDF that shows these lines (ASCII)."""
    shown = " T* ".join(f"({line}) Tj" for line in lines)
    text = f"BT /F1 12 Tf 16 TL 72 720 Td {shown} ET"
    parts = (
        "<</Type/Catalog/Pages 2 0 R/Lang(nl)>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        "/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(text)}>>stream\n{text}\nendstream",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    made = "%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    made += (
        f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}"
        f"trailer<</Size {len(parts) + 1}/Root 1 0 R>>\nstartxref\n{len(made)}\n%%EOF\n"
    )
    return made.encode("ascii")


BLANK = make_leaf(LINES)
