"""The coded words of incoming post as they stand on a screen."""

from loket.cases.post.poststuk import Terzijde

TERZIJDE = {
    Terzijde.DOORGEZONDEN: "Doorgestuurd naar wie erover gaat",
    Terzijde.TERUGGESTUURD: "Teruggestuurd naar de afzender",
    Terzijde.DUBBEL: "Deze post hadden wij al",
    Terzijde.GEEN_POST_VOOR_WMO: "Dit gaat niet over een inwoner, zoals reclame",
}
