"""The coded words of products as they stand on a screen."""

from loket.cases.producten.product import Domein, Eenheid, Product, Weigeringsgrond

DOMEIN = {
    Domein.HUISVESTING: "Huisvesting",
    Domein.HUISHOUDELIJKE_HULP: "Huishoudelijke hulp",
    Domein.ZORG: "Zorg en begeleiding",
    Domein.DAGBESTEDING: "Dagbesteding",
    Domein.VERVOER: "Vervoer",
    Domein.HULPMIDDELEN: "Hulpmiddelen",
}
EENHEID = {
    Eenheid.MINUUT: "minuten",
    Eenheid.UUR: "uur",
    Eenheid.ETMAAL: "etmalen",
    Eenheid.DAGDEEL: "dagdelen",
    Eenheid.STUKS_OUTPUT: "stuks",
    Eenheid.EURO: "euro",
    Eenheid.STUKS: "stuks",
}
PER_EENHEID = {
    Eenheid.MINUUT: "per minuut",
    Eenheid.UUR: "per uur",
    Eenheid.ETMAAL: "per etmaal",
    Eenheid.DAGDEEL: "per dagdeel",
    Eenheid.STUKS_OUTPUT: "per stuk",
    Eenheid.EURO: "per euro",
    Eenheid.STUKS: "per stuk",
}


def product_in_words(product: Product) -> dict[str, str]:
    """Say what a product is, field by field, for whoever reads what was changed."""
    return {
        "Naam": product.naam,
        "Categorie": product.categorie,
        "Domein": DOMEIN[product.domein],
        "Eenheid": EENHEID[product.eenheid],
        "Dienst": "Ja" if product.is_dienst else "Nee",
        "Eigen bijdrage": "Ja" if product.eigen_bijdrage else "Nee",
    }


def grond_in_words(grond: Weigeringsgrond) -> dict[str, str]:
    """Say what a ground to refuse is, field by field."""
    return {
        "Tekst": grond.tekst,
        "Artikel": grond.artikel,
        "Alleen bij pgb": "Ja" if grond.alleen_pgb else "Nee",
    }
